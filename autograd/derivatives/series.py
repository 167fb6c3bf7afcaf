"""Numbers with all their derivatives along a line: truncated Taylor series, in the arithmetic of the table.

Along a line t, a number x is known by x, x', x'', ... at t = 0. Of a primitive the table has the derivative
as an expression g of operands and result; so out' = g x', and Leibniz' rule gives each order of `out` from
lower ones of g. Here g is a series too: the expression of the table, read with series instead of numbers,
and computed order by order as it is asked for, since it may depend on `out` itself. Whatever is computed
once is known by what it is computed from, so that sin, whose derivative is cos, whose derivative is sin, is a
closed circle of two series. Order n takes a time that grows as its square, for such an operation, where
derivatives of derivatives grow exponentially (Griewank and Walther, Evaluating Derivatives, chapter 13).

The terms are derivatives, not divided by factorials: so those of polynomials are exact.
"""

from __future__ import annotations

from functools import cache, reduce
from math import copysign, inf, isfinite
from operator import add, mul
from typing import TYPE_CHECKING, Any

from ..engine import Value, data_of, record
from ..ops import CONSTANT, Primitive, divide, named, pow, power
from ..ops.reader import Comparisons, Operators
from .local_derivatives import COMPARE, ieee
from .sweeps import product

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .local_derivatives import Number


class Series(Operators, Comparisons):
    """A number along a line: its derivatives of order 0, 1, 2, ..., each computed when it is asked for.

    This one is known in full; others say in `_next` how an order follows from those before it.

    Attributes:
        line: what it belongs to.
        terms: those that are known.
        ended: whether all others are 0, whatever the numbers are.
    """

    __slots__ = ("ended", "line", "terms")

    def __init__(self, line: Line, terms: list[Number], ended: bool = True) -> None:
        self.line = line
        self.terms = terms
        self.ended = ended

    def upto(self, order: int) -> list[Number]:
        """Return its terms, up to that order at least, or to its end."""
        terms = self.terms
        if self.ended:  # as most are that this is asked of
            return terms
        while len(terms) <= order and not self.ended:
            term = self._next(len(terms))
            if term is None:
                self.ended = True
            else:
                terms.append(term)
        return terms

    def _next(self, order: int) -> Number | None:
        """Return the term of an order, where those before it are known; None at its end."""
        raise NotImplementedError

    @property
    def is_constant(self) -> bool:
        """Whether it is known to be the same all along the line."""
        return self.ended and len(self.terms) == 1

    def is_number(self, number: float) -> bool:
        """Say whether it is that number, written so in the user's function or in the table of rules."""
        return self.is_constant and type(self.terms[0]) is float and self.terms[0] == number

    def _operation(self, name: str, *operands: Any) -> Series:
        return self.line.apply(named(name), operands)

    def _apply(self, primitive: Primitive, operands: Sequence[Any]) -> Series:
        return self.line.apply(primitive, operands)

    def _comparison(self, relation: str, other: Any) -> bool:
        return bool(COMPARE[relation](self.terms[0], self.line.series(other).terms[0]))

    def __bool__(self) -> bool:
        return bool(self.terms[0])


class _Computed(Series):
    """A series that is computed from others.

    Args:
        line: what it belongs to.
        first: its number.
        x, y: what it is computed from.
    """

    __slots__ = ("x", "y")

    def __init__(self, line: Line, first: Number, x: Series, y: Series) -> None:
        super().__init__(line, [first], ended=False)
        self.x = x
        self.y = y


class _Sum(_Computed):
    """The sum of two series."""

    __slots__ = ()

    def _next(self, order: int) -> Number | None:
        p, q = self.x.upto(order), self.y.upto(order)
        if order >= len(q):
            return p[order] if order < len(p) else None
        return p[order] + q[order] if order < len(p) else q[order]


class _Difference(_Computed):
    """The difference of two series."""

    __slots__ = ()

    def _next(self, order: int) -> Number | None:
        p, q = self.x.upto(order), self.y.upto(order)
        if order >= len(q):
            return p[order] if order < len(p) else None
        return p[order] - q[order] if order < len(p) else -q[order]


class _Product(_Computed):
    """The product of two series."""

    __slots__ = ()

    def _next(self, order: int) -> Number | None:
        return self.line.product(self.x.upto(order), self.y.upto(order), order)


class _Scaled(_Computed):
    """The product of a series, y, and one that is constant, x."""

    __slots__ = ()

    def _next(self, order: int) -> Number | None:
        q = self.y.upto(order)
        if order >= len(q) or (order == 2 and self.x.is_number(0.0) and _settles(q)):
            return None
        return self.line.multiplied(self.x.terms[0], q[order])


class _Power(_Computed):
    """A power with a constant exponent, y, of what grows evenly along the line: x has two terms."""

    __slots__ = ("_factors",)

    def __init__(self, line: Line, first: Number, x: Series, y: Series) -> None:
        super().__init__(line, first, x, y)
        self._factors: list[Number] = [1.0]

    def _next(self, order: int) -> Number | None:
        base, along = self.x.terms
        exponent = data_of(self.y.terms[0])
        factor = exponent - (order - 1)  # exact for the first order, of an exponent as small as may be
        if factor == 0.0:  # as for x**2, of which the third derivative is 0
            return None
        multiplied = self.line.multiplied
        self._factors.append(multiplied(factor, multiplied(along, self._factors[-1])))
        return multiplied(self._factors[-1], ieee(power, (base, exponent - order)))


class _Quotient(_Computed):
    """The quotient of two series."""

    __slots__ = ()

    def _next(self, order: int) -> Number | None:
        p, q = self.x.upto(order), self.y.upto(order)
        above = p[order] if order < len(p) else None
        less = self.line.product(q, self.terms, order)  # without the term that is looked for
        if less is not None:
            above = -less if above is None else above - less
        return None if above is None else ieee(divide, (above, q[0]))


class _Applied(Series):
    """What a primitive gives, by its derivatives in the table.

    Args:
        line: what it belongs to.
        first: its number.
        primitive: the primitive.
        operands: its operands.
    """

    __slots__ = ("_slopes", "operands", "primitive")

    def __init__(self, line: Line, first: Number, primitive: Primitive, operands: Sequence[Series]) -> None:
        super().__init__(line, [first], ended=False)
        self.primitive = primitive
        self.operands = operands
        self._slopes: list[tuple[Series, Series]] | None = None

    def _next(self, order: int) -> Number | None:
        if self._slopes is None:
            operands = enumerate(self.operands)
            self._slopes = [(x, self._slope(i)) for i, x in operands if len(x.upto(1)) > 1]
        total = None
        for x, slope in self._slopes:
            p = x.upto(order)
            if order == 2 and slope.is_number(0.0) and _settles(p):
                continue
            part = self.line.product(p[1:], slope.upto(order - 1), order - 1)
            if part is not None:
                total = part if total is None else total + part
        return total

    def _slope(self, index: int) -> Series:
        """Return the local derivative with respect to an operand; see `LocalDerivatives`."""
        primitive, line = self.primitive, self.line
        expression = primitive.derivatives[index]
        if expression is None:
            raise primitive.lacks(index)
        if primitive in POWERS and index == 0:
            base, exponent = self.operands
            if exponent < 0.0 and base != 0.0 and -inf < base.terms[0] < inf:
                return exponent * self / base  # type: ignore[no-any-return]  # no circle else: x**-2, x**-3
        slope = primitive.slopes[index]
        if slope is None or slope is CONSTANT:
            found = line.series(expression(*self.operands, self))
            return found if slope is None else Series(line, [_detached(found.terms[0])])
        numbers = tuple([data_of(x.terms[0]) for x in self.operands])
        number = primitive.local(index, numbers, data_of(self.terms[0]))
        of = [self.operands[i] for i in slope.places]
        return -line.made(slope.name, of, -number) if slope.negative else line.made(slope.name, of, number)


class Line:
    """The line along which there are series, each of them once.

    Args:
        recorded: whether terms are Values, which can be differentiated in turn, or numbers.
    """

    def __init__(self, recorded: bool) -> None:
        self.recorded = recorded
        self._constants: dict[tuple[float, float], Series] = {}
        self._values: dict[Value, Series] = {}
        self._known: dict[tuple[Any, ...], tuple[Series, Sequence[Series]]] = {}

    def series(self, x: Any) -> Series:
        """Return x, which is a series or a real number, as a series."""
        if isinstance(x, Series):
            return x
        number = float(x)
        key = number, copysign(1.0, number)  # for 0.0 and -0.0 are equal
        found = self._constants.get(key)
        if found is None:
            found = self._constants[key] = Series(self, [number])
        return found

    def constant(self, x: Value) -> Series:
        """Return a Value that does not vary along the line as a series."""
        found = self._values.get(x)
        if found is None:
            found = self._values[x] = Series(self, [x])
        return found

    def apply(self, primitive: Primitive, operands: Sequence[Any], first: Number | None = None) -> Series:
        """Return what a primitive gives for operands, series and real numbers.

        Args:
            primitive: the primitive.
            operands: its operands.
            first: the number that it gives, where that is known.
        """
        items = [self.series(x) for x in operands]
        key = (primitive.name, *map(id, items))
        found = self._known.get(key)
        if found is None:
            found = self._made(primitive, items, first), items
            if first is None or not primitive.last_step:
                self._known[key] = found  # with what it was made of, which keeps the ids taken
        return found[0]

    def made(self, name: str, items: Sequence[Series], number: float) -> Series:
        """Return what the primitive of that name gives for series, where its number is known."""
        key = (name, *map(id, items))
        found = self._known.get(key)
        if found is None:
            numbers = tuple([x.terms[0] for x in items])
            first: Number = number
            if any(isinstance(x, Value) for x in numbers):
                first = record(named(name), numbers, number)
            found = self._known[key] = self._made(named(name), items, first), items
        return found[0]

    def _made(self, primitive: Primitive, items: Sequence[Series], first: Number | None) -> Series:
        if first is None:
            first = ieee(primitive, [x.terms[0] for x in items])
        if all(x.is_constant for x in items):
            return Series(self, [first])
        name = primitive.name
        if name == "neg":
            return _Scaled(self, first, self.series(-1.0), items[0])
        if primitive in POWERS and items[1].is_constant and type(items[1].terms[0]) is float:
            return self._power(primitive, items, first)
        if name == "*" and (items[0].is_constant or items[1].is_constant):
            return _Scaled(self, first, *(items if items[0].is_constant else items[::-1]))
        kind = _ARITHMETIC.get(name)
        return _Applied(self, first, primitive, items) if kind is None else kind(self, first, *items)

    def _power(self, primitive: Primitive, items: Sequence[Series], first: Number) -> Series:
        """Return a power whose exponent is a number.

        Small whole powers are products, for of those nothing cancels near 0.
        """
        x, exponent = items
        number: Any = exponent.terms[0]
        if number == 0.0:
            return Series(self, [first])
        if x.ended and len(x.terms) == 2:
            return _Power(self, first, x, exponent)
        if number == 1.0:
            return _Scaled(self, first, self.series(1.0), x)
        if number not in PRODUCTS:
            return _Applied(self, first, primitive, items)
        half, rest = divmod(int(number), 2)
        if rest:
            return _Product(self, first, x, self.apply(power, (x, number - 1.0)))
        root = self.apply(power, (x, float(half)))
        return _Product(self, first, root, root)

    def product(self, p: Sequence[Number], q: Sequence[Number], order: int) -> Number | None:
        """Return a term of a product, by Leibniz' rule; None where there is nothing to multiply."""
        factors: Sequence[float] = binomials(order)
        if len(p) > order < len(q):  # as mostly
            q = q[order::-1]
        else:
            low, stop = max(0, order - len(q) + 1), min(order + 1, len(p))
            if low >= stop:
                return None
            factors, p, q = factors[low:stop], p[low:stop], q[order - stop + 1 : order - low + 1][::-1]
        if not self.recorded:
            return sum(map(mul, factors, map(mul, p, q)))  # type: ignore[no-any-return]
        return reduce(add, map(product, factors, map(product, p, q)))

    def multiplied(self, x: Number, y: Number) -> Number:
        """Return the product of two numbers."""
        return product(x, y) if self.recorded else x * y


POWERS = (power, pow)
"""The primitives whose first operand is raised to the power of the second."""

PRODUCTS = {float(i) for i in range(2, 65)}
"""The exponents of powers that are products."""

_ARITHMETIC: dict[str, type[_Computed]] = {
    "+": _Sum, "fsum": _Sum, "-": _Difference, "*": _Product, "/": _Quotient,
}  # fmt: skip


@cache
def binomials(order: int) -> list[float]:
    """Return the numbers of a row of Pascal's triangle.

    >>> binomials(4)
    [1.0, 4.0, 6.0, 4.0, 1.0]
    """
    row = [1]
    for i in range(order):
        row.append(row[-1] * (order - i) // (i + 1))
    return [float(x) if x < 2**1023 else inf for x in row]


def _settles(terms: Sequence[Number]) -> bool:
    """Say whether 0 times a number, of which these are the terms, is 0, and no NaN."""
    return all(isfinite(data_of(x)) for x in terms[1:2])


def _detached(x: Number) -> Number:
    return x.detach() if isinstance(x, Value) else x
