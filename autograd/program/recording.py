"""Recording a path: a function is called on Values, and its program is checked by a second call close by."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .. import math
from ..derivatives.calls import variable
from ..derivatives.trees import plain
from ..derivatives.wrapped import Function
from ..engine import Value
from ..support.messages import name_of
from .arguments import Arguments
from .errors import CompileError
from .followed_float import NeedsNumber, followed_float
from .paths import RecordedPath
from .straight_line.program import Program
from .tracing import Trace

PERTURBATIONS = (2.0**-10, 2.0**-30, 2.0**-46, 0.0)
"""How far, relative to itself, each number is moved to check a new program; the first that can be used is."""


def record(
    f: Function, arguments: Arguments, numbers: Sequence[float], single: bool, check: bool
) -> RecordedPath:
    """Call a function and return the path that it took.

    Args:
        f: the function.
        arguments: its arguments.
        numbers: the numbers in them, of all leaves.
        single: whether one argument is differentiated, and no tuple of derivatives is wanted.
        check: whether the program is checked by calling the function again, close by.

    Raises:
        CompileError: the program does not give what the function gives.
    """
    held: set[int] = set()
    first = _followed(f, arguments, numbers, held)
    if not check:
        captured = list(first.others)
        program = first.program(arguments.names, captured)
    else:
        captured, program = _checked(f, arguments, numbers, first, held)
    result = plain(first.result.put_together(first.result.numbers, others=True))
    path = RecordedPath(name_of(f), arguments, program, captured, result, single)
    path.held = bool(held)
    return path


def _followed(f: Function, arguments: Arguments, numbers: Sequence[float], held: set[int]) -> Trace:
    """Call the function while it is followed, with floats as plain numbers where it needs these.

    Args:
        f: the function.
        arguments: its arguments.
        numbers: the numbers in them.
        held: the places of the floats that are given as plain numbers; it is added to.
    """
    by = {i for leaf in arguments.differentiated for i in arguments.places(leaf)}
    while True:
        needed: set[int] = set()
        try:
            trace = _traced(f, arguments, numbers, held, needed)
            if not needed:
                return trace
        except NeedsNumber:
            pass
        except Exception:
            floats = set(range(len(numbers))) - by - held
            if not floats:
                raise
            needed = floats  # one of them, perhaps, where only a plain float will do
        held |= needed


def _traced(
    f: Function, arguments: Arguments, numbers: Sequence[float], held: set[int], needed: set[int]
) -> Trace:
    by = {i for leaf in arguments.differentiated for i in arguments.places(leaf)}
    variables: list[Any] = [
        variable(x) if i in by else followed_float(x, i, needed) for i, x in enumerate(numbers)
    ]
    given = [x if i in held else variables[i] for i, x in enumerate(numbers)]

    def call() -> Any:
        for i in sorted(held):
            _hold(variables[i])
        args, kwargs = arguments.put_together(given)
        return f(*args, **kwargs)

    return Trace(f, variables, call)


def _hold(x: Value) -> None:
    """Compare an input, which is followed, with the number it is: so the program is for that number alone."""
    number = x._data
    if number != number:
        _ = x != x
    elif x == number and number == 0.0:
        _ = math.copysign(1.0, x) > 0.0


def _checked(
    f: Function, arguments: Arguments, numbers: Sequence[float], first: Trace, held: set[int]
) -> tuple[list[Value], Program]:
    """Return the Values from outside and the program, after a second call.

    The second call tells what comes from outside from what the function makes, for only the former is the
    same object both times; and it tells whether the program gives what the function does.
    """
    for size in PERTURBATIONS:
        moved = [x if i in held else _moved(x, size, i) for i, x in enumerate(numbers)]
        needed: set[int] = set()
        try:
            second = _traced(f, arguments, moved, held, needed)
        except NeedsNumber:
            if size:
                continue
            raise _not_followed(f, "it needed a float as it is once, and not again") from None
        except Exception:
            if size:
                continue  # out of the domain of the function, perhaps
            raise
        others = set(second.others)
        captured = [x for x in first.others if x in others]
        program = first.program(arguments.names, captured)
        try:
            outputs = program.run([*moved, *[x._data for x in captured]])
        except (ArithmeticError, ValueError) as error:
            if size:
                continue
            raise _not_followed(f, f"its program raises {error!r}") from error
        if outputs is None:
            if size:
                continue  # another path
            raise _not_followed(f, "it took two ways for the same arguments")
        wanted = [x._data if isinstance(x, Value) else x for x in second.result.numbers]
        if len(wanted) != len(outputs):
            raise _not_followed(f, f"it returned {len(outputs)} numbers, and then {len(wanted)}")
        for mine, its in zip(outputs, wanted, strict=True):
            if not (mine == its or (mine != mine and its != its)):
                raise _not_followed(f, f"it returned {its!r} where its program gives {mine!r}")
        return captured, program
    raise AssertionError("the last perturbation leads to a result or to an error")


def _moved(x: float, size: float, place: int) -> float:
    """Return a number close to x, by an irregular amount that depends on its place."""
    amount = size * (0.5 + (place * 0.6180339887498949) % 1.0) * (-1.0 if place % 3 == 1 else 1.0)
    return x * (1.0 + amount) if x else amount


def _not_followed(f: Function, what: str) -> CompileError:
    return CompileError(
        f"{name_of(f)} cannot be compiled: called twice, close by, {what}. Probably it depends on something "
        "besides its arguments: a random number, the time, a global or an attribute that it changes. Give "
        "such numbers as arguments"
    )
