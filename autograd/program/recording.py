"""Recording a path: a function is called on Values, and its program is checked by a second call close by."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from .. import math
from ..derivatives.refused_values import advise
from ..derivatives.trees import plain
from ..derivatives.variables import variable
from ..derivatives.wrapped import Function
from ..engine import Value
from ..support.messages import listed, name_of
from ..support.real_numbers import same_number
from ..support.refusals import NoDerivativeError
from .arguments import Arguments
from .errors import CompileError
from .followed_float import NeedsNumber, followed_float
from .loops.program import LoopProgram
from .outside import Watch
from .paths import RecordedPath
from .python.pieces import function_of
from .scanning import Scans
from .straight_line.program import Program
from .tracer import NeedsTurns
from .tracing import Trace
from .whole_numbers import Needed, NeedsNumbers

PERTURBATIONS = (2.0**-10, 2.0**-30, 2.0**-46, 0.0)
"""How far, relative to itself, each number is moved to check a new program; the first that can be used is."""


def record(
    f: Function, arguments: Arguments, numbers: Sequence[float], single: bool, check: bool, watch: Watch
) -> tuple[RecordedPath, Trace]:
    """Call a function and return the path that it took, and the call that was followed.

    Args:
        f: the function.
        arguments: its arguments.
        numbers: the numbers in them, of all leaves.
        single: whether one argument is differentiated, and no tuple of derivatives is wanted.
        check: whether the program is checked by calling the function again, close by.
        watch: is told of every call.

    Raises:
        CompileError: the program does not give what the function gives.
        NeedsNumbers: whole numbers that are inputs must be part of the program.
    """
    needed = Needed()
    try:
        recorded = _recorded(f, arguments, numbers, single, check, _Calls(set(), needed, watch, Scans()))
    except Exception as error:
        if arguments.whole and not needed:
            raise NeedsNumbers from error
        if not needed:
            raise
    finally:
        needed.known = True
    if needed:
        raise NeedsNumbers(needed)
    return recorded


class _Calls(NamedTuple):
    """What a function is given in the place of numbers that are not differentiated by, and who watches it.

    Attributes:
        held: the places of the floats that are given as plain numbers.
        whole: to which the whole numbers are added that are needed as such.
        watch: is told of every call.
        scans: goes through scans.
    """

    held: set[int]
    whole: Needed
    watch: Watch
    scans: Scans


def _recorded(
    f: Function, arguments: Arguments, numbers: Sequence[float], single: bool, check: bool, calls: _Calls
) -> tuple[RecordedPath, Trace]:
    made = NoDerivativeError.made
    first = _followed(f, arguments, numbers, calls)
    if NoDerivativeError.made > made:
        raise NoDerivativeError(
            f"{name_of(f)} catches the error that something has no derivative, which floats do not raise, so "
            "that its value is not the one that Values have; decide by a comparison instead"
        )
    if not check:
        captured = list(first.others)
        program = first.program(arguments.names, captured)
    else:
        captured, program = _checked(f, arguments, numbers, first, calls)
        if calls.watch.draws():
            raise _drawn(f)
        read = calls.watch.own_and_read()
        if read is not None:
            raise CompileError(
                f"{name_of(f)} cannot be compiled: every call changes {read}, which it also reads, so "
                "that the next call may give something else. Give it as an argument, and return the new one"
            )
    result = plain(first.returned)
    path = RecordedPath(name_of(f), arguments, program, captured, result, single, first.tracer.caught)
    path.held = bool(calls.held)
    return path, first


def _followed(f: Function, arguments: Arguments, numbers: Sequence[float], calls: _Calls) -> Trace:
    """Call the function while it is followed, with floats as plain numbers where it needs these."""
    while True:
        needed: set[int] = set()
        try:
            trace = _traced(f, arguments, numbers, calls, needed)
            if not needed:
                return trace
        except NeedsNumber:
            pass
        except NeedsTurns as error:
            calls.scans.apart.add(error.which)
            calls.watch.start()
            continue
        except Exception as error:
            needed = {*arguments.plain} - calls.held  # one of them, perhaps, where only a float will do
            if not needed:
                advise(error)
                raise
        calls.held.update(needed)
        calls.watch.start()


def _traced(
    f: Function,
    arguments: Arguments,
    numbers: Sequence[float],
    calls: _Calls,
    needed: set[int],
    brief: bool = False,
) -> Trace:
    plain_ = {*arguments.plain}
    variables: list[Any] = [
        followed_float(x, i, needed) if i in plain_ else variable(x) for i, x in enumerate(numbers)
    ]
    given = [x if i in calls.held else variables[i] for i, x in enumerate(numbers)]

    def call() -> Any:
        for i in sorted(calls.held):
            _hold(variables[i])
        args, kwargs = arguments.put_together(given, calls.whole)
        return f(*args, **kwargs)

    try:
        return Trace(f, variables, call, brief, calls.scans.through)
    finally:
        by_function = {*calls.whole}
        calls.watch.called()
        calls.whole.intersection_update(by_function)  # looking at one that the function has kept is no need


def _hold(x: Value) -> None:
    """Compare an input, which is followed, with the number it is: so the program is for that number alone."""
    number = x._number
    if number != number:
        _ = x != x
    elif x == number and number == 0.0:
        _ = math.copysign(1.0, x) > 0.0


def _checked(
    f: Function,
    arguments: Arguments,
    numbers: Sequence[float],
    first: Trace,
    calls: _Calls,
    brief: bool = True,
) -> tuple[list[Value], Program]:
    """Return the Values from outside and the program, after a second call.

    The second call tells what comes from outside from what the function makes, for only the former is the
    same object both times; and it tells whether the program gives what the function does. Where nothing came
    from outside its results alone are looked at; should they be others, `brief` is False in one more call.
    """
    outside = [*first.others]  # of the trace, before a program has some of them as inputs
    brief = brief and not outside
    for size in PERTURBATIONS:
        moved = [x if i in calls.held else _moved(x, size, i) for i, x in enumerate(numbers)]
        for i in arguments.whole:
            moved[i] = numbers[i] + (size == PERTURBATIONS[0])
        try:
            second = _traced(f, arguments, moved, calls, set(), brief=brief and bool(size))
        except NeedsTurns as error:
            if size:
                continue
            calls.scans.apart.add(error.which)
            return _checked(f, arguments, numbers, _followed(f, arguments, numbers, calls), calls)
        except NeedsNumber:
            if size:
                continue
            raise _not_followed(f, calls.watch, "it needed a float as it is once, and not again") from None
        except Exception:
            if size:
                continue  # out of the domain of the function, perhaps
            raise
        others = set(second.others)
        captured = [x for x in outside if x in others]
        program = first.program(arguments.names, captured)
        try:
            outputs = _run(program, [*moved, *[x._number for x in captured]])
        except (ArithmeticError, ValueError) as error:
            if size:
                continue
            raise _not_followed(f, calls.watch, f"its program raises {error!r}") from error
        if outputs is None:
            if size:
                continue  # another path
            raise _not_followed(f, calls.watch, "it took two ways for the same arguments")
        wanted = [x._number if isinstance(x, Value) else x for x in second.result.numbers]
        if brief and not _alike(outputs, wanted):
            return _checked(f, arguments, numbers, first, calls, brief=False)
        _compare(f, calls.watch, outputs, wanted)
        return captured, program
    raise AssertionError("the last perturbation leads to a result or to an error")


def _compare(f: Function, watch: Watch, outputs: Sequence[float], wanted: Sequence[float]) -> None:
    """Raise CompileError where the outputs of a program are not those of the function."""
    if len(wanted) != len(outputs):
        raise _not_followed(f, watch, f"it returned {len(outputs)} numbers, and then {len(wanted)}")
    for mine, its in zip(outputs, wanted, strict=True):
        if not same_number(mine, its):
            raise _not_followed(f, watch, f"it returned {its!r} where its program gives {mine!r}")


def _run(program: Program, inputs: Sequence[float]) -> Sequence[float] | None:
    if isinstance(program, LoopProgram):  # which takes long node by node
        outputs: Sequence[float] | None = function_of(program)(*inputs)
        return outputs
    return program.run(inputs)


def _alike(xs: Sequence[float], ys: Sequence[float]) -> bool:
    return len(xs) == len(ys) and all(map(same_number, xs, ys))


def _moved(x: float, size: float, place: int) -> float:
    """Return a number close to x, by an irregular amount that depends on its place."""
    amount = size * (0.5 + (place * 0.6180339887498949) % 1.0) * (-1.0 if place % 3 == 1 else 1.0)
    return x * (1.0 + amount) if x else amount or x


def _not_followed(f: Function, watch: Watch, what: str) -> CompileError:
    if watch.draws():
        return _drawn(f)
    own = listed(map(str, watch.own), 3)
    unknown = "a random number, the time, a global or an attribute that it changes"
    cause = f"what it changes itself: {own}" if own else f"something besides its arguments: {unknown}"
    return CompileError(
        f"{name_of(f)} cannot be compiled: called twice, close by, {what}. Probably it depends on {cause}. "
        "Give such numbers as arguments"
    )


def _drawn(f: Function) -> CompileError:
    return CompileError(
        f"{name_of(f)} cannot be compiled: it draws random numbers, and a program would have those of one "
        "call. Draw them outside, and give them as arguments"
    )
