"""Formulas: expressions in symbols and numbers, as trees that can be printed, put into each other, evaluated.

A derivative in the table of rules is an expression that anything with arithmetic can read. A `Formula` reads
it by building a small tree instead of computing, so what is shown is the very rule that is computed with.

>>> x, y = Symbol("x"), Symbol("y")
>>> print(x * y**2.0, "and", (x + 1.0) / y)
x · y² and (x + 1)/y
>>> (x * y**2.0).evaluate({"x": 2.0, "y": 5.0})
50.0
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Self

from ..ops import TABLE, Primitive
from ..ops.reader import Comparisons, Operators
from ..support.real_numbers import real

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


__all__ = [
    "NOTATIONS", "Applied", "Cases", "Derivative", "Formula", "Number", "Related", "Symbol", "lifted",
    "product_of", "sum_of",
]  # fmt: skip

_SIGNS = {"==": "=", "!=": "≠", "<=": "≤", ">=": "≥"}

NOTATIONS: dict[str, Callable[[Formula], str]] = {}
"""What writes a formula, by the name of the notation: the files that know how to write put it here."""


class Formula(Operators, Comparisons):
    """An expression in symbols and numbers; arithmetic on it makes larger ones.

    Comparing two makes the formula that says so; what is the same tree is told by `same`.
    """

    __slots__ = ()

    def parts(self) -> tuple[Formula, ...]:
        """The formulas directly below this one."""
        return ()

    def rebuilt(self, parts: Sequence[Formula]) -> Formula:
        """Return this formula with others in the place of its parts."""
        return self

    def put(self, meanings: Mapping[str, Formula | float]) -> Formula:
        """Return the formula with numbers or formulas put in for symbols.

        Where that decides a condition, the case that holds is all that remains.

        >>> print((Symbol("x") ** 2.0).put({"x": 3.0}))
        3²
        """
        return self.rebuilt([part.put(meanings) for part in self.parts()])

    def decided(self, numbers: Mapping[str, Any]) -> Formula:
        """Return the formula with each choice between cases made as it falls for these numbers."""
        return self.rebuilt([part.decided(numbers) for part in self.parts()])

    def evaluate(self, numbers: Mapping[str, Any]) -> Any:
        """Return the value of the formula; the numbers may be floats, `Ieee` floats or Values."""
        raise NotImplementedError

    def same(self, other: Formula) -> bool:
        """Say whether the other formula is written alike."""
        mine, others = self.parts(), other.parts()
        return (
            type(self) is type(other)
            and self._own() == other._own()
            and len(mine) == len(others)
            and all(a.same(b) for a, b in zip(mine, others, strict=True))
        )

    def _own(self) -> Any:
        """What tells this formula from another with the same parts."""
        return None

    # How it is shown

    @property
    def text(self) -> str:
        """The formula in one line of Unicode."""
        return NOTATIONS["text"](self)

    @property
    def latex(self) -> str:
        """The formula in LaTeX, without dollar signs."""
        return NOTATIONS["latex"](self)

    @property
    def mathml(self) -> str:
        """The formula as a `<math>` element, which browsers show by themselves."""
        return NOTATIONS["mathml"](self)

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"<formula {self.text}>"

    # What expressions do with it

    def _apply(self, primitive: Primitive, operands: tuple[Any, ...]) -> Formula:
        return self._operation(primitive.name, *operands)

    def _operation(self, name: str, *operands: Any) -> Formula:
        return Applied(name, tuple(map(lifted, operands)))

    def _comparison(self, relation: str, other: Any) -> Formula:
        return Related((self, lifted(other)), _SIGNS.get(relation, relation))

    def __bool__(self) -> bool:
        raise TypeError("a formula is neither true nor false; choose between cases with where(), not with if")


class Number(Formula):
    """A number; one such as π may have a name."""

    __slots__ = ("name", "value")

    def __init__(self, value: float, name: str = "") -> None:
        self.value = float(value)
        self.name = name

    def evaluate(self, numbers: Mapping[str, Any]) -> Any:
        return self.value

    def _own(self) -> Any:
        return repr(self.value), self.name


class Symbol(Formula):
    """A name that stands for a number."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def put(self, meanings: Mapping[str, Formula | float]) -> Formula:
        meaning = meanings.get(self.name, self)
        return meaning if isinstance(meaning, Formula) else Number(meaning)

    def evaluate(self, numbers: Mapping[str, Any]) -> Any:
        return numbers[self.name]

    def _own(self) -> Any:
        return self.name


class Derivative(Formula):
    """The derivative of one quantity with respect to another, ∂y/∂x, as a symbol."""

    __slots__ = ("by", "of")

    def __init__(self, of: str, by: str) -> None:
        self.of = of
        self.by = by

    def _own(self) -> Any:
        return self.of, self.by


class Applied(Formula):
    """A primitive of the table, or an operation of that name, applied to formulas.

    Sums and products may have more operands than two.
    """

    __slots__ = ("op", "operands")

    def __init__(self, op: str, operands: tuple[Formula, ...]) -> None:
        self.op = op
        self.operands = operands

    def parts(self) -> tuple[Formula, ...]:
        return self.operands

    def rebuilt(self, parts: Sequence[Formula]) -> Formula:
        return Applied(self.op, tuple(parts))

    def evaluate(self, numbers: Mapping[str, Any]) -> Any:
        first, *others = [operand.evaluate(numbers) for operand in self.operands]
        if len(others) < 2:
            return TABLE[self.op](first, *others)
        for other in others:
            first = TABLE[self.op](first, other)
        return first

    def _own(self) -> Any:
        return self.op


class Call(Applied):
    """A call of a function that the table does not know, even if it has an entry of that name."""

    __slots__ = ()

    def rebuilt(self, parts: Sequence[Formula]) -> Formula:
        return Call(self.op, tuple(parts))

    def evaluate(self, numbers: Mapping[str, Any]) -> Any:
        raise TypeError(f"{self.op} is a function of Python, which a formula does not call")


class Related(Formula):
    """Formulas in a row with a relation between neighbours: a = b, or x > 0; conditions joined by ∧."""

    __slots__ = ("members", "sign")

    def __init__(self, members: tuple[Formula, ...], sign: str) -> None:
        self.members = members
        self.sign = sign

    def parts(self) -> tuple[Formula, ...]:
        return self.members

    def rebuilt(self, parts: Sequence[Formula]) -> Self:
        return type(self)(tuple(parts), self.sign)

    def evaluate(self, numbers: Mapping[str, Any]) -> Any:
        values = [member.evaluate(numbers) for member in self.members]
        return all(_HOLDS[self.sign](a, b) for a, b in pairwise(values))

    def _where(self, x: Any, y: Any) -> Cases:
        return Cases(self, lifted(x), lifted(y))

    def _own(self) -> Any:
        return self.sign


_HOLDS: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: a == b,
    "≠": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "≤": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    "≥": lambda a, b: a >= b,
    "∧": lambda a, b: bool(a and b),
}


class Cases(Formula):
    """One formula where a condition holds, and another elsewhere."""

    __slots__ = ("condition", "otherwise", "then")

    def __init__(self, condition: Related, then: Formula, otherwise: Formula) -> None:
        self.condition = condition
        self.then = then
        self.otherwise = otherwise

    def parts(self) -> tuple[Formula, ...]:
        return self.condition, self.then, self.otherwise

    def rebuilt(self, parts: Sequence[Formula]) -> Formula:
        condition, then, otherwise = parts
        assert isinstance(condition, Related)
        if _is_known(condition):
            return then if condition.evaluate({}) else otherwise
        return Cases(condition, then, otherwise)

    def decided(self, numbers: Mapping[str, Any]) -> Formula:
        return (self.then if self.condition.evaluate(numbers) else self.otherwise).decided(numbers)

    def evaluate(self, numbers: Mapping[str, Any]) -> Any:
        return (self.then if self.condition.evaluate(numbers) else self.otherwise).evaluate(numbers)


def _is_known(formula: Formula) -> bool:
    """Say whether no symbol stands in the formula."""
    parts = formula.parts()
    return all(map(_is_known, parts)) if parts else isinstance(formula, Number)


def sum_of(terms: Sequence[Formula]) -> Formula:
    """Return the sum of terms, of one too; 0 where there are none."""
    return Applied("+", tuple(terms)) if len(terms) > 1 else terms[0] if terms else Number(0.0)


def product_of(factors: Sequence[Formula]) -> Formula:
    """Return the product of factors, of one too; 1 where there are none."""
    return Applied("*", tuple(factors)) if len(factors) > 1 else factors[0] if factors else Number(1.0)


# Numbers that stand in rules

PI = Number(math.pi, "π")


def _known_constants() -> dict[float, Formula]:
    """Return how the numbers that rules compute beforehand are written."""
    half, two, ten = Number(0.5), Number(2.0), Number(10.0)
    forms = [
        TABLE["log"](two), TABLE["log"](ten), 180.0 / PI, PI / 180.0, two / TABLE["sqrt"](PI),
        TABLE["sqrt"](half), TABLE["sqrt"](two * PI),
    ]  # fmt: skip
    positive = {form.evaluate({}): form for form in forms}
    return positive | {-value: -form for value, form in positive.items()}


def lifted(x: Any) -> Formula:
    """Return a number that stands in a rule as a formula; a formula is returned as it is."""
    if isinstance(x, Formula):
        return x
    number = real(x)
    known = _KNOWN.get(number)
    return Number(number) if known is None else known


_KNOWN: dict[float, Formula] = {}
_KNOWN.update(_known_constants())
