"""A primitive operation: its value on floats and its local derivatives, written once.

A derivative is an expression in the operands and the result, in ordinary arithmetic, other primitives
and `where`. Whoever reads it brings numbers of their own: plain floats when a graph is recorded, `Ieee`
floats where plain ones would raise, and any class that has arithmetic operators and an `_apply` method
(`Value` is one), to which a primitive hands itself.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, TypedDict, TypeVar, Unpack

from ..support import extensions, installation  # noqa: F401 (raises if other files lie among ours)
from ..support.real_numbers import inf, nan, real
from .reader import Operators

if TYPE_CHECKING:
    from collections.abc import Callable

    T = TypeVar("T")
    Expression = Callable[..., Any]


def where(condition: Any, x: T, y: T) -> T:
    """Return `x` where the condition holds and `y` elsewhere.

    The condition is a bool (or a Value, true when it is not 0), or an object with a `_where` method,
    which then decides for itself. Both `x` and `y` have been computed already: unlike `if`, `where`
    does not keep an error in the branch that is not chosen from being raised.

    >>> where(2.0 > 1.0, 10.0, 20.0)
    10.0
    """
    choose = getattr(condition, "_where", None)
    if choose is not None:
        return choose(x, y)  # type: ignore[no-any-return]
    return x if condition else y


TABLE: dict[str, Primitive] = {}
"""Every primitive by its name, which is the `op` of the nodes it records."""


def enter(primitive: Primitive) -> Primitive:
    """Put a primitive into the table and return it.

    A module may enter a primitive again, which then replaces the one it entered before: so a notebook
    cell can be run twice. Those of this package stay as they are.

    Raises:
        ValueError: its name is taken by another module.
    """
    earlier = TABLE.get(primitive.name)
    if earlier is not None and (earlier.home != primitive.home or is_ours(primitive)):
        raise ValueError(
            f"there is a primitive named {primitive.name!r} already, of the module {earlier.home!r}; "
            "choose another name"
        )
    TABLE[primitive.name] = primitive
    return primitive


_OURS = (f"{__package__}.table", f"{__package__}.special")


def is_ours(primitive: Primitive) -> bool:
    """Say whether a primitive is one of this package, and none of the user's."""
    return primitive.home in _OURS


def named(name: str) -> Primitive:
    """Return the primitive of that name.

    Raises:
        ValueError: there is none, for instance because the module that enters it was not imported.
    """
    primitive = TABLE.get(name)
    if primitive is None:
        raise ValueError(
            f"there is no primitive named {name!r}; if a module of yours enters it, import that module first"
        )
    return primitive


class Slope:
    """What a derivative is, written once more: a primitive of the operands, or minus that.

    Attributes:
        name: the primitive.
        places: the operands of it, by their places among those of the primitive whose derivative it is.
        negative: whether the derivative is minus the primitive; then the last step of its expression is `-`.
    """

    def __init__(self, name: str, *places: int, negative: bool = False) -> None:
        self.name = name
        self.places = places
        self.negative = negative


CONSTANT = Slope("detached")
"""A derivative that is the same number between its jumps, so that its own derivatives are 0."""


class Facts(TypedDict, total=False):
    """What else is known of a primitive; whoever makes an entry may leave all of it out.

    binds: for an operator, how tightly it binds where it stands between its operands, or before the only one:
        1 as a sum, 2 as a product, 3 as a power.
    never_raises: the value is a number for any numbers, infinite ones and NaN too; else a compiled function
        keeps it where its result is not needed, for the error that it may raise.
    error: gives, for operands, the kind of error that the value raises, or None where it raises none or it is
        not known. It is written with comparisons, which a compiled function repeats where it catches that
        error; where None is given for an error, the compiled function knows these very numbers alone.
    never_negative_zero: the value is never -0.0.
    last_step: the primitive also ends a longer operation, whose value, rounded once, its result then has; so
        that value need not be the one of its operands.
    slopes: for each derivative that loses digits if it is differentiated as it is written, what it is too;
        None for the others. Whoever differentiates a derivative takes the derivatives of that; the number is
        the same, to the last bit.
    c: the value as an expression in C99, such as `"log1p({0})"`, with its operands by number in braces; it
        may call what <math.h> has. Without it, a function that uses the primitive cannot be written in C.
    """

    binds: int
    never_raises: bool
    error: Callable[..., type[Exception] | None]
    never_negative_zero: bool
    last_step: bool
    slopes: tuple[Slope | None, ...]
    c: str


class Primitive:
    """One operation of the table: what it computes, and how it changes with each operand.

    Attributes:
        name: the key in `ops.TABLE` and the `op` of the nodes it records, such as `"sin"` or `"*"`.
        symbol: what a picture shows for it.
        value: the function on floats; it raises what Python raises.
        derivatives: one expression for each operand, called with the operands and the result;
            None where no derivative with respect to that operand exists.
        domain: for each operand an open interval in which value and derivatives are smooth.
        home: the name of the module that has the entry.
        ieee: the function on floats in IEEE 754 arithmetic, which gives inf or NaN and never raises.

    And what `Facts` says of it.
    """

    def __init__(
        self,
        name: str,
        value: Callable[..., float],
        derivatives: tuple[Expression | None, ...],
        domain: tuple[tuple[float, float], ...],
        doc: str,
        symbol: str | None = None,
        where_raises: Callable[..., float] | None = None,
        **facts: Unpack[Facts],
    ) -> None:
        self.name = name
        self.symbol = symbol or name
        self.value = value
        self.derivatives = derivatives
        self.domain = domain
        self.__doc__ = doc
        self.binds = facts.get("binds")
        self.never_raises = facts.get("never_raises", False)
        self.error = facts.get("error")
        self.never_negative_zero = facts.get("never_negative_zero", False)
        self.last_step = facts.get("last_step", False)
        self.slopes = facts.get("slopes") or (None,) * len(derivatives)
        self.c = facts.get("c")
        self._from_c = isinstance(value, type(len))
        # Values may be functions written in C, derivatives are written where the entry is.
        self.home: str = next((d.__module__ for d in derivatives if d is not None), value.__module__)

        def ieee(*operands: float) -> float:
            try:
                return value(*operands)
            except OverflowError:
                return where_raises(*operands) if where_raises else inf
            except (ValueError, ZeroDivisionError):
                return where_raises(*operands) if where_raises else nan

        self.ieee = ieee

    @property
    def __name__(self) -> str:
        return self.name

    def __repr__(self) -> str:
        return f"<primitive {self.name!r}>"

    def __reduce__(self) -> tuple[Any, ...]:
        return named, (self.name,)  # derivatives are functions without names, so it travels by its own

    def __call__(self, *operands: Any) -> Any:
        """Apply the primitive: floats give a float, a Value anywhere gives a Value."""
        floats = len(operands) == len(self.derivatives)
        for operand in operands:
            if type(operand) is not float:
                apply = getattr(type(operand), "_apply", None)
                if apply is not None:
                    return apply(operand, self, operands)
                floats = False
        if floats or self._from_c:
            return self.value(*operands)
        if len(operands) != len(self.derivatives):
            raise TypeError(f"{self.name} takes {len(self.derivatives)} numbers, {len(operands)} given")
        if any(hasattr(x, "__array_ufunc__") and getattr(x, "shape", ()) != () for x in operands):
            return extensions.elementwise(self, operands)
        return self.value(*[x if type(x) is float else real(x) for x in operands])

    def result(self, out: object) -> float:
        """Return what `value` gave, as a float.

        Raises:
            TypeError: it is no real number.
        """
        try:
            return real(out)
        except TypeError as error:
            raise TypeError(f"the value of {self.name} is {out!r}: {error}") from None

    def local(self, index: int, operands: tuple[float, ...], out: float) -> float:
        """Return the local derivative with respect to operand `index`, as a float.

        Where float arithmetic raises (1/0, overflow) or leaves the real numbers, the expression is read once
        more with IEEE arithmetic, so that a derivative is inf or NaN but never an exception.

        Raises:
            TypeError: the primitive has no derivative with respect to that operand.
        """
        expression = self.derivatives[index]
        if expression is None:
            raise self.lacks(index)
        try:
            local = expression(*operands, out)
            if type(local) is not complex:
                return float(local)
        except (ArithmeticError, ValueError):
            pass
        return float(expression(*map(Ieee, operands), Ieee(out)))

    def lacks(self, index: int) -> LacksDerivativeError:
        """Return the error that there is no derivative with respect to operand `index`."""
        return LacksDerivativeError(
            f"{self.name} has no derivative with respect to its argument {index + 1}; "
            "pass a plain number there"
        )


class LacksDerivativeError(TypeError):
    """A primitive has no derivative with respect to an operand."""


class Ieee(Operators, float):  # type: ignore[misc]  # whose ** has overloads for whole numbers
    """A float whose arithmetic gives inf and NaN, as IEEE 754 says, where Python's raises."""

    __slots__ = ()

    def _operation(self, name: str, *operands: float) -> Ieee:
        return self._apply(TABLE[name], operands)

    def _apply(self, primitive: Primitive, operands: tuple[float, ...]) -> Ieee:
        return Ieee(primitive.ieee(*map(float, operands)))


def ieee_divide(x: float, y: float) -> float:
    """Return x / y, with x / 0 = ±inf and 0 / 0 = NaN.

    >>> ieee_divide(1.0, -0.0)
    -inf
    """
    if y:
        return x / y
    return x * math.copysign(inf, y)


def ieee_power(x: float, y: float) -> float:
    """Return x ** y, with overflow to ±inf, 0 to a negative power inf, and NaN instead of a complex number.

    >>> ieee_power(-0.0, -3.0), ieee_power(10.0, 400.0), ieee_power(-8.0, 0.5)
    (-inf, inf, nan)
    """
    # fmod is exact, while % would round for the exponent -1 + 2**-53.
    odd = abs(math.fmod(y, 2.0)) == 1.0 if math.isfinite(y) else False
    try:
        result = x**y
    except (OverflowError, ZeroDivisionError):
        if x < 0.0 and y % 1.0:  # too large a complex number
            return nan
        return math.copysign(inf, x) if odd else inf
    return nan if isinstance(result, complex) else result
