"""How a formula is written: what all notations share, and text in Unicode.

What needs parentheses and what is a fraction, a root or a power is decided once, in `Writer`; its kinds, of
which `markup` has LaTeX and MathML, only know how each of these looks.
"""

from __future__ import annotations

import math
import re

from ..support.languages import said
from ..support.phrases import ATOM, NEGATIVE, POWER, PRODUCT, RELATION, SUM
from ..support.text import shortened
from .mathematics import written
from .tree import NOTATIONS, Applied, Call, Cases, Derivative, Formula, Number, Related, Symbol

__all__ = ["INDEXED", "NAME_LENGTH", "Text", "Writer"]

DIGITS = 6
"""How many significant digits of a number are shown."""

NAME_LENGTH = 40

_FUNCTIONS = {
    "acos": "arccos", "acosh": "arcosh", "asin": "arcsin", "asinh": "arsinh", "atan": "arctan",
    "atanh": "artanh", "digamma": "ψ", "erfinv": "erf", "gamma": "Γ", "iv": "I", "jv": "J", "log": "ln",
    "ndtr": "Φ", "ndtr′": "φ", "ndtri": "Φ", "polygamma": "ψ", "sigmoid": "σ", "sign": "sgn", "stirling": "Δ",
    "yn": "Y",
}  # fmt: skip

_WORDS = ("otherwise", "is NaN")

INDEXED = re.compile(r"([^\W\d_]+)_?(\d+)")  # x1, w_12
_COMPOUND = re.compile(r"[^\w.\[\]′'…]")  # what makes a name look like a formula: a+b


class Writer:
    """What the three notations share.

    Args:
        lang: the language of the few words in formulas, "en" or "zh".
    """

    fraction_level = ATOM
    exponential_level = POWER

    def __init__(self, lang: str = "en") -> None:
        self.lang = lang
        self.words = {word: said(word, lang) for word in _WORDS}

    def write(self, formula: Formula) -> str:
        """Return the formula as it is written on a line of its own."""
        return self._written(formula)[0]

    # Each of these returns the formula and how tightly it holds together.

    def _written(self, formula: Formula) -> tuple[str, int]:
        if isinstance(formula, Number):
            return self._number(formula)
        if isinstance(formula, Symbol):
            return self.symbol(formula.name), RELATION if _COMPOUND.search(formula.name) else ATOM
        if isinstance(formula, Derivative):
            of, by = (self.joined_up("∂", self.inside(Symbol(x), ATOM)) for x in (formula.of, formula.by))
            return self.over(of, by), self.fraction_level
        if isinstance(formula, Related):
            return self._relation(formula), RELATION
        if isinstance(formula, Cases):
            return self._cases(formula), ATOM
        if isinstance(formula, Call):
            return self.applied(self.function(formula.op), [self.write(x) for x in formula.operands]), ATOM
        assert isinstance(formula, Applied)
        return self._applied(formula)

    def _number(self, number: Number) -> tuple[str, int]:
        if number.name:
            return self.symbol(number.name), ATOM
        if not math.isfinite(number.value):
            size = self.digits("∞" if number.value == number.value else "NaN")
            return (self.negated(size), NEGATIVE) if number.value == -math.inf else (size, ATOM)
        digits, _, exponent = f"{abs(number.value):.{DIGITS}g}".partition("e")
        size, level = self.digits(digits), ATOM
        if exponent:
            scale = self.raised(self.digits("10"), Number(float(exponent)))
            one = digits == "1"
            size, level = (scale, POWER) if one else (self.joined("×", [size, scale]), PRODUCT)
        return (self.negated(size), NEGATIVE) if number.value < 0.0 else (size, level)

    def _relation(self, formula: Related) -> str:
        first, second = formula.members[:2]
        if formula.sign == "≠" and first.same(second):
            return self.said(self.write(first), self.words["is NaN"])  # nothing else differs from itself
        return self.joined(formula.sign, [self.write(member) for member in formula.members])

    def _cases(self, formula: Formula) -> str:
        rows = []
        while isinstance(formula, Cases):
            rows.append((self.write(formula.then), self.write(formula.condition)))
            formula = formula.otherwise
        return self.cases(rows, self.write(formula))

    def _applied(self, formula: Applied) -> tuple[str, int]:
        plain = written(formula)
        if not isinstance(plain, Applied):
            return self._written(plain)
        op, operands = plain.op, plain.operands
        if op in ("+", "-"):
            first, *others = operands
            parts = [self.inside(first, SUM), *[self.inside(other, PRODUCT) for other in others]]
            return self.joined("−" if op == "-" else "+", parts), SUM
        if op == "*":
            return self.joined("·", [self.inside(factor, PRODUCT) for factor in operands]), PRODUCT
        if op == "neg":
            return self.negated(self.inside(operands[0], PRODUCT)), NEGATIVE
        if op == "/":
            return self.fraction(*operands), self.fraction_level
        if op == "%":
            x, y = operands
            return self.joined("mod", [self.inside(x, PRODUCT), self.inside(y, POWER)]), PRODUCT
        if op == "**":
            return self._power(*operands), POWER
        if op == "exp":
            return self.exponential(operands[0]), self.exponential_level
        if op in ("sqrt", "cbrt"):
            return self.root(operands[0], "3" if op == "cbrt" else ""), ATOM
        fences = {"abs": "||", "floor": "⌊⌋", "ceil": "⌈⌉", "//": "⌊⌋"}.get(op)
        if fences is not None:
            inner = self.fraction(*operands) if op == "//" else self.write(operands[0])
            return self.fenced(fences[0], inner, fences[1]), ATOM
        return self._call(op, operands), ATOM

    def inside(self, formula: Formula, level: int) -> str:
        """Return the formula as part of another, in parentheses where it holds together less than that."""
        text, its_level = self._written(formula)
        return text if its_level >= level else self.fenced("(", text, ")")

    def _power(self, x: Formula, y: Formula) -> str:
        base = written(x) if isinstance(x, Applied) else x
        whole = isinstance(y, Number) and y.value in range(2, 100)
        if whole and isinstance(base, Applied) and base.op.isalpha() and base.op not in _NO_FUNCTIONS:
            return self._call(base.op, base.operands, y)  # sech²(x)
        text, level = self._written(x)
        tight = level == ATOM and not isinstance(base, (Cases, Derivative))
        tight = tight and not (isinstance(base, Applied) and base.op == "/")
        return self.raised(text if tight else self.fenced("(", text, ")"), y)

    def _call(self, op: str, operands: tuple[Formula, ...], power: Formula | None = None) -> str:
        arguments = list(operands)
        known = op.removesuffix("⁽ⁿ⁾")
        name = self.function("log" if op in ("log2", "log10") else _FUNCTIONS.get(known, known))
        if known != op or op == "polygamma":  # a derivative of an order that is the first operand
            name = self.superscript(name, self.fenced("(", self.write(arguments.pop(0)), ")"))
        elif op in ("log2", "log10"):
            name = self.subscript(name, self.digits(op[3:]))
        elif op in ("iv", "jv", "yn"):
            name = self.subscript(name, self.write(arguments.pop(0)))
        elif op in _INVERSES:
            name = self.superscript(name, self.negated(self.digits("1")))
        if power is not None:
            name = self.raised(name, power)
        return self.applied(name, [self.write(argument) for argument in arguments])

    # What a notation has to say how it looks: numbers and names

    def digits(self, text: str) -> str:
        raise NotImplementedError

    def symbol(self, name: str) -> str:
        raise NotImplementedError

    def function(self, name: str) -> str:
        raise NotImplementedError

    # Combinations of what is written already

    def joined(self, sign: str, parts: list[str]) -> str:
        raise NotImplementedError

    def joined_up(self, sign: str, text: str) -> str:
        raise NotImplementedError

    def negated(self, text: str) -> str:
        return self.joined_up("−", text)

    def fenced(self, left: str, text: str, right: str) -> str:
        raise NotImplementedError

    def over(self, above: str, below: str) -> str:
        raise NotImplementedError

    def superscript(self, text: str, above: str) -> str:
        raise NotImplementedError

    def subscript(self, text: str, below: str) -> str:
        raise NotImplementedError

    def applied(self, name: str, arguments: list[str]) -> str:
        raise NotImplementedError

    def said(self, text: str, words: str) -> str:
        raise NotImplementedError

    def cases(self, rows: list[tuple[str, str]], otherwise: str) -> str:
        raise NotImplementedError

    # Combinations that depend on what is combined

    def fraction(self, x: Formula, y: Formula) -> str:
        return self.over(self.write(x), self.write(y))

    def raised(self, text: str, exponent: Formula) -> str:
        return self.superscript(text, self.write(exponent))

    def exponential(self, x: Formula) -> str:
        return self.raised(self.symbol("e"), x)

    def root(self, x: Formula, degree: str) -> str:
        raise NotImplementedError


_INVERSES = {"erfinv", "ndtri"}
_NO_FUNCTIONS = {
    "sqrt", "cbrt", "abs", "floor", "ceil", "neg", "exp", "log2", "log10", "max", "min", *_INVERSES,
}  # fmt: skip
_SUPERSCRIPTS = dict(zip("0123456789−()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁽⁾", strict=True))
_SUBSCRIPTS = dict(zip("0123456789−", "₀₁₂₃₄₅₆₇₈₉₋", strict=True))


class Text(Writer):
    """A formula in one line of Unicode."""

    fraction_level = PRODUCT
    exponential_level = ATOM

    def digits(self, text: str) -> str:
        return text

    def symbol(self, name: str) -> str:
        return shortened(name, NAME_LENGTH)

    def function(self, name: str) -> str:
        return name

    def joined(self, sign: str, parts: list[str]) -> str:
        return sign.join(parts) if sign == "×" else f" {sign} ".join(parts)

    def joined_up(self, sign: str, text: str) -> str:
        return sign + text

    def fenced(self, left: str, text: str, right: str) -> str:
        return left + text + right

    def over(self, above: str, below: str) -> str:
        return f"{above}/{below}"

    def fraction(self, x: Formula, y: Formula) -> str:
        return f"{self.inside(x, PRODUCT)}/{self.inside(y, POWER)}"

    def superscript(self, text: str, above: str) -> str:
        raised = "".join(_SUPERSCRIPTS.get(x, x) for x in above)
        return text + raised if set(raised) <= set(_SUPERSCRIPTS.values()) else f"{text}^{above}"

    def raised(self, text: str, exponent: Formula) -> str:
        above = self.write(exponent)
        if re.fullmatch(r"−?\d+", above):
            return text + "".join(_SUPERSCRIPTS.get(x, x) for x in above)
        return f"{text}^{self.inside(exponent, ATOM)}"

    def exponential(self, x: Formula) -> str:
        return self.applied("exp", [self.write(x)])

    def subscript(self, text: str, below: str) -> str:
        lowered = "".join(_SUBSCRIPTS.get(x, x) for x in below)
        if set(lowered) <= set(_SUBSCRIPTS.values()):
            return text + lowered
        return f"{text}_{below}" if below.isalnum() else f"{text}_({below})"

    def root(self, x: Formula, degree: str) -> str:
        return ("∛" if degree else "√") + self.inside(x, ATOM)

    def applied(self, name: str, arguments: list[str]) -> str:
        return f"{name}({', '.join(arguments)})"

    def said(self, text: str, words: str) -> str:
        return f"{text} {words}"

    def cases(self, rows: list[tuple[str, str]], otherwise: str) -> str:
        told = [f"{then} [{condition}]" for then, condition in rows]
        return f"{{{'; '.join(told)}; {otherwise} [{self.words['otherwise']}]}}"


NOTATIONS["text"] = Text().write
