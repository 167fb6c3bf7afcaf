"""The numbers by which a transformation differentiates, and how long they are that.

A `Variable` is made for each when a call begins, and finished when the function has returned.
"""

from __future__ import annotations

from contextvars import ContextVar
from itertools import count
from math import inf
from typing import TYPE_CHECKING

from ..engine import Value, data_of
from ..engine.recording import blocks
from ..engine.value import observed
from ..ops import identity
from ..support.messages import name_of
from ..support.mypyc import mypyc_attr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from .local_derivatives import Number
    from .wrapped import Function


@mypyc_attr(allow_interpreted_subclasses=True)
class Variable(Value):
    """A number of an argument by which a transformation differentiates.

    When the transformation is done it is a Value like any other for those around it; one that begins later
    must not meet it, should the function have kept it.

    Attributes:
        serial: counts Variables, so that a call can tell those that are older than itself; -n where n others
            had begun when its transformation was done.
        released: set where that has returned Values, which are numbers as any other to what comes after it in
            the calls around it.
    """

    __slots__ = ("released", "serial")

    serial: int
    released: bool

    def _is_under_way(self) -> bool:
        return getattr(self, "serial", -1) >= 0


Variable.__hash__ = object.__hash__  # type: ignore[method-assign]  # which compiled code does not inherit

serial = count()

oldest: dict[int, Variable] = {}
"""For an age that nodes were given (see `ages.py`) a Variable on which they depend, until it is finished."""

ages: dict[int, list[int]] = {}
"""The keys of that, by the serial of the Variable."""


since: ContextVar[float] = ContextVar("since when Variables count", default=inf)
"""In a call that is repeated, the serial when it was called first: what was a Variable then is one now."""


def is_under_way(x: Variable, began: int) -> bool:
    """Say whether a Variable is that of a transformation which had begun before a call, and is not done."""
    number = getattr(x, "serial", None)
    return number is not None and (0 <= number < began or -number > since.get())


def variable(x: Number) -> Value:
    """Return a Variable with the number of x, computed from it if it is a Value."""
    new = Variable(data_of(x))
    new.serial = next(serial)
    if isinstance(x, Value):
        new.op, new._a, new._da = identity.name, x, 1.0
        if blocks:
            observed(new)
    return new


def variables(numbers: Sequence[Number]) -> list[Value]:
    """Return Variables with these numbers, as `variable` does, but with one serial for all."""
    made: list[Value] = []
    shared = next(serial)
    for x in numbers:
        if isinstance(x, Value):
            made.append(variable(x))
        else:
            new = Variable(x)
            new.serial = shared
            made.append(new)
    return made


def any_computed(variables: Sequence[Value]) -> bool:
    """Say whether one of them was computed from a Value around the transformation."""
    for x in variables:  # noqa: SIM110 (quicker than a generator)
        if x._a is not None:
            return True
    return False


def finish(variables: Iterable[Value]) -> None:
    """Note that the transformation is done that made these Variables."""
    now = -next(serial)
    for x in variables:
        if ages:
            for age in ages.pop(x.serial, ()):  # type: ignore[attr-defined]
                del oldest[age]
        x.serial = now  # type: ignore[attr-defined]


def check_left_behind(f: Function, order: Iterable[Value], began: int, outermost: Callable[[], int]) -> None:
    """Check that no node is a number of an earlier call.

    Args:
        f: the function.
        order: what it used.
        began: the serial of this call.
        outermost: gives that of the outermost of the calls that are under way.

    Raises:
        RuntimeError: one is; its derivative is known no more.
    """
    finished = [x for x in order if isinstance(x, Variable) and x._a is None and getattr(x, "serial", 0) < 0]
    released = any(getattr(x, "released", False) for x in finished)
    first = outermost() if released else began
    for x in finished:
        if -(first if getattr(x, "released", False) else began) < x.serial:
            raise RuntimeError(
                f"{name_of(f)} uses a number, {x._number!r}, that an earlier call of a transformation or of "
                "a compiled function left behind, in an attribute or a global perhaps; derivatives by it "
                "ended with that call. Compute it anew in each call, or keep it without its graph: x.detach()"
            )
