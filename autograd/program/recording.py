"""Recording a path: a function is called on Values, and its program is checked by a second call close by."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..derivatives.calls import variable
from ..derivatives.trees import plain
from ..derivatives.wrapped import Function
from ..engine import Value
from ..support.messages import name_of
from .arguments import Arguments
from .errors import CompileError
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
    first = _traced(f, arguments, numbers)
    if not check:
        captured = list(first.others)
        program = first.program(arguments.names, captured)
    else:
        captured, program = _checked(f, arguments, numbers, first)
    result = plain(first.result.put_together(first.result.numbers, others=True))
    return RecordedPath(name_of(f), arguments, program, captured, result, single)


def _traced(f: Function, arguments: Arguments, numbers: Sequence[float]) -> Trace:
    variables: list[Any] = [variable(x) for x in numbers]
    args, kwargs = arguments.put_together(variables)
    return Trace(f, variables, lambda: f(*args, **kwargs))


def _checked(
    f: Function, arguments: Arguments, numbers: Sequence[float], first: Trace
) -> tuple[list[Value], Program]:
    """Return the Values from outside and the program, after a second call.

    The second call tells what comes from outside from what the function makes, for only the former is the
    same object both times; and it tells whether the program gives what the function does.
    """
    for size in PERTURBATIONS:
        moved = [_moved(x, size, i) for i, x in enumerate(numbers)]
        try:
            second = _traced(f, arguments, moved)
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
