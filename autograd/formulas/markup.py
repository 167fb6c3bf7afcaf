"""Formulas in LaTeX, and in MathML for browsers. Names are shown as typed, never read as markup."""

from __future__ import annotations

import html

from ..support.text import shortened
from .notation import INDEXED, NAME_LENGTH, Writer
from .tree import NOTATIONS, Formula, Related

__all__ = ["Latex", "MathML"]

_COMMANDS = {
    "−": "-", "+": "+ ", "·": r"\cdot ", "×": r"\times ", "=": "= ", "≠": r"\neq ", "<": r"\lt ",
    "≤": r"\leq ", ">": r"\gt ", "≥": r"\geq ", "mod": r"\bmod ", "∂": r"\partial ", "∧": r"\wedge ",
    "←": r"\leftarrow ", "∞": r"\infty ",
    "⌊": r"\lfloor ", "⌋": r"\rfloor ", "⌈": r"\lceil ", "⌉": r"\rceil ",
}  # fmt: skip
_KNOWN_FUNCTIONS = {
    "arccos", "arcsin", "arctan", "cos", "cosh", "log", "ln", "max", "min", "sin", "sinh", "tan", "tanh",
}  # fmt: skip
_GREEK = {
    "π": r"\pi ", "σ": r"\sigma ", "φ": r"\varphi ", "ψ": r"\psi ", "Γ": r"\Gamma ", "Δ": r"\Delta ",
    "Φ": r"\Phi ",
}  # fmt: skip
# In a name these would be markup; where LaTeX has no sign of its own, one that looks alike stands for it.
_ESCAPED = str.maketrans({
    "\\": "⧵", "{": r"\{", "}": r"\}", "$": r"\$", "%": r"\%", "#": r"\#", "&": r"\&", "_": r"\_",
    "^": "ˆ", "~": "∼", " ": r"\ ", "<": r"\lt ", ">": r"\gt ", "'": "′", '"': "″", "`": "‘",
    "-": r"\text{-}",
})  # fmt: skip


class Latex(Writer):
    """A formula in LaTeX, for MathJax, KaTeX and papers."""

    def aligned(self, formula: Related) -> str:
        """Return an equation as a line of an `aligned` environment."""
        first, *others = map(self.write, formula.members)
        sign = _COMMANDS[formula.sign].strip()
        return f"{first} &{sign} " + f" {sign} ".join(others)

    def digits(self, text: str) -> str:
        return _COMMANDS.get(text, text if text[0].isdigit() else rf"\mathrm{{{text}}}")

    def symbol(self, name: str) -> str:
        if name in _GREEK:
            return _GREEK[name]
        indexed = INDEXED.fullmatch(name)
        if indexed:
            return self.subscript(self.symbol(indexed[1]), self.digits(indexed[2]))
        text = shortened(name, NAME_LENGTH).translate(_ESCAPED)
        return text if len(name) == 1 and name.isalpha() else rf"\mathrm{{{text}}}"

    def function(self, name: str) -> str:
        if name in _KNOWN_FUNCTIONS:
            return rf"\{name}"
        return _GREEK.get(name) or rf"\operatorname{{{name.translate(_ESCAPED)}}}"

    def joined(self, sign: str, parts: list[str]) -> str:
        return f" {_COMMANDS[sign].strip()} ".join(parts)

    def joined_up(self, sign: str, text: str) -> str:
        return _COMMANDS[sign] + text

    def fenced(self, left: str, text: str, right: str) -> str:
        return rf"\left{_COMMANDS.get(left, left)}{text}\right{_COMMANDS.get(right, right)}"

    def over(self, above: str, below: str) -> str:
        return rf"\frac{{{above}}}{{{below}}}"

    def superscript(self, text: str, above: str) -> str:
        return f"{text}^{{{above}}}"

    def subscript(self, text: str, below: str) -> str:
        return f"{text}_{{{below}}}"

    def root(self, x: Formula, degree: str) -> str:
        return rf"\sqrt[{degree}]{{{self.write(x)}}}" if degree else rf"\sqrt{{{self.write(x)}}}"

    def applied(self, name: str, arguments: list[str]) -> str:
        return name + self.fenced("(", ", ".join(arguments), ")")

    def said(self, text: str, words: str) -> str:
        return rf"{text}\ \text{{{words}}}"

    def cases(self, rows: list[tuple[str, str]], otherwise: str) -> str:
        told = [f"{then} & {condition}" for then, condition in rows]
        last = rf"{otherwise} & \text{{{self.words['otherwise']}}}"
        return r"\begin{cases}" + " \\\\ ".join([*told, last]) + r"\end{cases}"


# Much the same methods as above: each says of the same part of a formula how it looks, in a line or two.
class MathML(Writer):
    """A formula in presentation MathML Core, which browsers show without any library."""

    def element(self, formula: Formula, display: bool = False) -> str:
        """Return the formula as a whole `<math>` element."""
        block = ' display="block"' if display else ""
        # A Chinese page would take digits and the dot of a product from its own, wider font.
        return (
            f'<math xmlns="http://www.w3.org/1998/Math/MathML" lang="en"{block}>{self.write(formula)}</math>'
        )

    def digits(self, text: str) -> str:
        return f"<mn>{text}</mn>"

    def symbol(self, name: str) -> str:
        indexed = INDEXED.fullmatch(name)
        if indexed:
            return self.subscript(self.symbol(indexed[1]), self.digits(indexed[2]))
        return f"<mi>{html.escape(shortened(name, NAME_LENGTH)) or '?'}</mi>"

    def function(self, name: str) -> str:
        return f"<mi>{html.escape(name)}</mi>"

    def joined(self, sign: str, parts: list[str]) -> str:
        return f"<mrow>{self._sign(sign).join(parts)}</mrow>"

    def joined_up(self, sign: str, text: str) -> str:
        if sign == "−":
            return f'<mrow><mo form="prefix">−</mo>{text}</mrow>'
        return f"<mrow>{self._sign(sign)}{text}</mrow>"

    def _sign(self, sign: str) -> str:
        return "<mi>∂</mi>" if sign == "∂" else f"<mo>{html.escape(sign)}</mo>"

    def fenced(self, left: str, text: str, right: str) -> str:
        fences = (
            f'<mo form="prefix" fence="true">{left}</mo>',
            f'<mo form="postfix" fence="true">{right}</mo>',
        )
        return f"<mrow>{fences[0]}{text}{fences[1]}</mrow>"

    def over(self, above: str, below: str) -> str:
        return f"<mfrac>{above}{below}</mfrac>"

    def superscript(self, text: str, above: str) -> str:
        return f"<msup>{text}{above}</msup>"

    def subscript(self, text: str, below: str) -> str:
        return f"<msub>{text}{below}</msub>"

    def root(self, x: Formula, degree: str) -> str:
        inner = self.write(x)
        return f"<mroot>{inner}<mn>{degree}</mn></mroot>" if degree else f"<msqrt>{inner}</msqrt>"

    def applied(self, name: str, arguments: list[str]) -> str:
        listed = self.fenced("(", "<mo>,</mo>".join(arguments), ")")
        return f"<mrow>{name}<mo>\N{FUNCTION APPLICATION}</mo>{listed}</mrow>"

    def said(self, text: str, words: str) -> str:
        return f"<mrow>{text}<mtext>\N{NO-BREAK SPACE}{words}</mtext></mrow>"

    def cases(self, rows: list[tuple[str, str]], otherwise: str) -> str:
        rows = [*rows, (otherwise, f"<mtext>{self.words['otherwise']}</mtext>")]
        cells = "".join(f"<mtr><mtd>{then}</mtd><mtd>{condition}</mtd></mtr>" for then, condition in rows)
        return f'<mrow><mo form="prefix" fence="true">{{</mo><mtable>{cells}</mtable></mrow>'


NOTATIONS["latex"] = Latex().write
NOTATIONS["mathml"] = MathML().element
