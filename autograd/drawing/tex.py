r"""Labels in TeX, as far as names of variables need it: `$w_1$`, `\beta`, `$\hat{y}^{(2)}$`.

What is not understood is no TeX, and the label is shown as it was typed.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

_GREEK = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma tau "
    "upsilon phi chi psi omega"
).split()
_SYMBOLS = {
    "varepsilon": "ε", "epsilon": "ϵ", "varphi": "φ", "phi": "ϕ", "vartheta": "ϑ", "varrho": "ϱ",
    "varsigma": "ς", "ell": "ℓ", "hbar": "ℏ", "partial": "∂", "nabla": "∇", "infty": "∞", "cdot": "·",
    "times": "×", "div": "÷", "pm": "±", "mp": "∓", "le": "≤", "leq": "≤", "ge": "≥", "geq": "≥", "ne": "≠",
    "neq": "≠", "approx": "≈", "sum": "∑", "prod": "∏", "int": "∫", "to": "→", "rightarrow": "→",
    "leftarrow": "←", "in": "∈", "odot": "⊙", "circ": "∘", "star": "⋆", "ast": "∗", "prime": "′",
    "top": "⊤", "dots": "…", "ldots": "…", "cdots": "⋯", "sim": "∼", "propto": "∝", "mid": "|", "|": "‖",
    "quad": " ", ",": " ", ";": " ", " ": " ", "!": "", "{": "{", "}": "}", "%": "%", "$": "$", "_": "_",
    "#": "#", "&": "&", "left": "", "right": "",
}  # fmt: skip
for _name in _GREEK:
    _SYMBOLS.setdefault(_name, unicodedata.lookup(f"GREEK SMALL LETTER {_name.replace('lambda', 'lamda')}"))
    _SYMBOLS[_name.capitalize()] = unicodedata.lookup(
        f"GREEK CAPITAL LETTER {_name.replace('lambda', 'lamda')}"
    )
_FUNCTIONS = "sin cos tan exp log ln max min tanh sinh cosh det dim lim arg sup inf Pr".split()
_ACCENTS = {
    "hat": "\u0302", "widehat": "\u0302", "bar": "\u0304", "overline": "\u0304", "tilde": "\u0303",
    "widetilde": "\u0303", "dot": "\u0307", "ddot": "\u0308", "vec": "\u20d7",
}  # fmt: skip
_UPRIGHT = {
    "mathrm",
    "text",
    "operatorname",
    "textrm",
    "mathsf",
    "mathbf",
    "boldsymbol",
    "bm",
    "mathbb",
    "mathcal",
}
_TOKEN = re.compile(r"\\[A-Za-z]+|\\[^A-Za-z]|.", re.DOTALL)
_BARE = re.compile(r"\\[A-Za-z]+(?:[_^](?:\w|\\[A-Za-z]+|\{[^{}$]*\}))*")


class Run(NamedTuple):
    """A piece of a formula in one type.

    Attributes:
        text: its characters.
        italic: whether it is a variable.
        level: 1 where it stands raised, -1 where it is lowered, else 0.
    """

    text: str
    italic: bool = False
    level: int = 0


def runs_of(label: str) -> list[Run] | None:
    r"""Return the pieces of a label in TeX; None where it is none, and stands as it was typed.

    TeX is what stands between dollar signs, `$w_1$`, or begins with the name of a symbol, `\beta_1`.

    >>> runs_of("$w_1$")
    [Run(text='w', italic=True, level=0), Run(text='1', italic=False, level=-1)]
    >>> runs_of("C:\\new"), runs_of("w_1")
    (None, None)
    """
    if len(label) > 2 and label[0] == label[-1] == "$" and "$" not in re.sub(r"\\.", "", label[1:-1]):
        source = label[1:-1]
    elif _BARE.fullmatch(label):
        source = label
    else:
        return None
    reader = _Reader(source)
    try:
        runs = reader.sequence(0)
    except (KeyError, IndexError):
        return None
    if reader.at < len(reader.tokens) or not "".join(run.text for run in runs).strip():
        return None
    return _joined(runs)


def plain(label: str) -> str:
    r"""Return a label without its TeX, for where there is one type only.

    >>> plain(r"$\hat{y}_i^2$"), plain(r"\beta"), plain("w_1")
    ('ŷ_i^2', 'β', 'w_1')
    """
    runs = runs_of(label)
    if runs is None:
        return label
    text, level = "", 0
    for run in runs:
        if run.level != level and run.level:
            text += "^" if run.level > 0 else "_"
        text, level = text + run.text, run.level
    return unicodedata.normalize("NFC", text)


class _Reader:
    def __init__(self, source: str) -> None:
        self.tokens: list[str] = _TOKEN.findall(source)
        self.at = 0

    def sequence(self, level: int) -> list[Run]:
        """Read to the end, or to the brace that closes; IndexError and KeyError say that this is no TeX."""
        runs: list[Run] = []
        while self.at < len(self.tokens) and self.tokens[self.at] != "}":
            runs += self.item(level)
        return runs

    def item(self, level: int) -> list[Run]:
        token = self.tokens[self.at]
        self.at += 1
        if token == "{":
            runs = self.sequence(level)
            if self.tokens[self.at] != "}":
                raise KeyError(token)
            self.at += 1
            return runs
        if token in ("^", "_"):
            if level:
                raise KeyError(token)  # one level of scripts is all that pictures have
            return self.item(1 if token == "^" else -1)
        if token.startswith("\\"):
            return self.command(token[1:], level)
        if token == "'":
            return [Run("′", False, level)]
        if token == " ":
            return []
        if token in "$%&#~":
            raise KeyError(token)
        if token in "+-=<>" and not level and self.at > 1:
            return [Run(f" {token.replace('-', '−')} ")]
        return [Run(token.replace("-", "−"), token.isalpha() and token.isascii(), level)]

    def command(self, name: str, level: int) -> list[Run]:
        if name in _ACCENTS:
            runs = self.item(level)
            return [*runs[:-1], runs[-1]._replace(text=runs[-1].text + _ACCENTS[name])]
        if name in _UPRIGHT:
            return [run._replace(italic=False) for run in self.item(level)]
        if name == "sqrt":
            inner = self.item(level)
            long = sum(len(run.text) for run in inner) > 1
            return [Run("√(" if long else "√", False, level), *inner, *[Run(")", False, level)] * long]
        if name in ("frac", "tfrac", "dfrac"):
            return [*self.item(level), Run("/", False, level), *self.item(level)]
        if name in _FUNCTIONS:
            return [Run(name, False, level)]
        symbol = _SYMBOLS[name]
        return [Run(symbol, name[0].islower() and symbol.isalpha(), level)] if symbol else []


def _joined(runs: list[Run]) -> list[Run]:
    joined: list[Run] = []
    for run in runs:
        if joined and joined[-1][1:] == run[1:]:
            joined[-1] = run._replace(text=joined[-1].text + run.text)
        else:
            joined.append(run)
    return joined
