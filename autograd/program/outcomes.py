"""What batches give: numbers for each point or summed, what is no number, and where the function raises."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from numbers import Integral
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ..derivatives.trees import Structure, plain
from ..derivatives.wrapped import Function
from ..support.messages import name_of, shown
from ..support.refusals import NoDerivativeError
from .arguments import Arguments
from .derivation import Cell
from .paths import RecordedPath
from .returned import is_whole
from .straight_line.program import Program
from .whole_numbers import NeedsNumbers

if TYPE_CHECKING:
    from .kernels import Kernel, Numbers


class Found(NamedTuple):
    """What a function gives at a point at which no path can be recorded: a result, or an error."""

    result: Any = None
    error: Exception | None = None


def found_at(point: int, error: Exception, call: Callable[[], Any], is_value: bool) -> Found:
    """Return what a function gives at a point at which recording it raised an error, as log does at -1.

    Args:
        point: which point it is.
        error: the error of the recording. Where whole numbers are inputs, it may say that they must not be.
        call: calls the function at that point, with floats, which may have a value where there is no
            derivative, and where Values raise an error. It may fail, for a function of Values alone.
        is_value: whether the value is wanted, not a derivative.

    Raises:
        Exception: that error, where it is of a mistake in the function, or says that there is no derivative.
    """
    try:
        found = _found_at(error, call, is_value)
        if found is None:
            raise error
    except Exception as raised:
        raised.add_note(f"at point {point} of the batch, counted from 0")
        raise
    return found


def _found_at(error: Exception, call: Callable[[], Any], is_value: bool) -> Found | None:
    cause = error.__cause__ if isinstance(error, NeedsNumbers) else error
    if not isinstance(cause, (ArithmeticError, ValueError)) or "truth value" in str(cause):
        return None
    is_refused = isinstance(cause, NoDerivativeError)
    if not is_value and (is_refused or cause is error):
        return None if is_refused else Found(error=cause)
    try:
        found = found_by(call)
    except NoDerivativeError:
        raise
    except Exception:  # it is a function of Values alone, perhaps, or gives complex numbers there
        return Found(error=cause) if cause is error and not is_refused else None
    return found if found.error is not None or is_refused or cause is error else None


def found_by(call: Callable[[], Any]) -> Found:
    """Return what a function gives at a point.

    Raises:
        NoDerivativeError: it is a derivative, which is not there.
    """
    try:
        with np.errstate(all="ignore"):
            return Found(call())
    except NoDerivativeError:
        raise
    except (ArithmeticError, ValueError) as error:
        return Found(error=error)


def path_of_constants(name: str, arguments: Arguments, result: Any, single: bool = True) -> RecordedPath:
    """Return a path on which a function gives a result whatever its arguments are.

    Args:
        name: the name of the function.
        arguments: its arguments.
        result: the result.
        single: whether one argument is differentiated, and no tuple of derivatives is wanted.
    """
    result, program = plain(result), Program(arguments.names)
    program.outputs = tuple([program.number(float(x)) for x in Structure(result).numbers])
    return RecordedPath(name, arguments, program, [], result, single)


def path_of_value(f: Function, arguments: Arguments, numbers: Sequence[float]) -> RecordedPath:
    """Call a function with floats, and return a path on which it gives what it returned."""
    args, kwargs = arguments.put_together(numbers)
    return path_of_constants(name_of(f), arguments, f(*args, **kwargs))


class Ready(NamedTuple):
    """What running a path needs to know.

    Attributes:
        cells: those of the mode.
        summed: for each of them, whether it is the sum over the batch.
        sizes: for each of them how many numbers it has, and whether it is such a sum.
        work: how many nodes of the program are gone through at a point.
        kernel: the program, ready to be run; None where it is not run, for its numbers are known.
        guarded: whether there are guards in it.
        may_raise: whether something in it may raise.
    """

    cells: list[Cell]
    summed: list[bool]
    sizes: list[tuple[int, bool]]
    work: int
    kernel: Kernel | None
    guarded: bool = False
    may_raise: bool = False


class Outcome:
    """What a batch gave.

    Attributes:
        mode: which of the functions it is of.
        points: how many points it has.
        path: one that was taken, whose results have the form of all others; None before there is one.
        ready: what is known of it.
        cells: for each cell an array of shape (points, size), or (1, size) for a sum.
        taken: the paths that were taken, each with its points; None for all.
        raised: the points at which the function raises, each with the error.
    """

    __slots__ = ("cells", "mode", "path", "points", "raised", "ready", "taken")

    def __init__(self, mode: str, points: int, raised: dict[int, Exception]) -> None:
        self.mode = mode
        self.points = points
        self.path: RecordedPath | None = None
        self.ready: Ready | None = None
        self.cells: list[Numbers] = []
        self.taken: list[tuple[RecordedPath, Any]] = []
        self.raised = raised

    def put(self, path: RecordedPath, ready: Ready, numbers: list[Numbers], at: Any) -> None:
        """Put in what the points `at` gave, None for all; a number that is a sum is added.

        Raises:
            TypeError: it has another form than what there is.
        """
        if self.path is None:
            self.path, self.ready = path, ready
            if at is None:
                self.cells = numbers
                return
            self.cells = [
                np.zeros((1, size)) if is_sum else np.empty((self.points, size))
                for size, is_sum in ready.sizes
            ]
        elif path is not self.path and _form(path, self.mode) != _form(self.path, self.mode):
            raise TypeError(
                f"{path.name} returns results of different structure, such as {shown(path.result)}, as its "
                "arguments are; a batch needs one structure for all points"
            )
        for cell, new, is_sum in zip(self.cells, numbers, ready.summed, strict=True):
            if is_sum:
                cell += new
            else:
                cell[at] = new

    def put_constant(self, path: RecordedPath, point: int) -> None:
        """Put in the value that a path of constants gives at a point."""
        cells, at = path.derived("value").cells, np.array([point])
        sizes = [(cell.size, False) for cell in cells]
        numbers = [np.array([leaf.numbers], dtype=np.float64) for leaf in path.structure.leaves]
        self.put(path, Ready(cells, [False] * len(cells), sizes, 0, None), numbers, at)
        self.taken.append((path, at))


def _form(path: RecordedPath, mode: str) -> Any:
    return path.returned.form if mode in ("value", "jacobian") else path.derived(mode).cells


def joined(parts: Sequence[tuple[Outcome, Any]]) -> Outcome:
    """Return what the parts of a batch gave as that of the whole; each comes with its points."""
    whole = Outcome(parts[0][0].mode, sum(part.points for part, _ in parts), {})
    for part, at in parts:
        assert part.path is not None
        assert part.ready is not None
        whole.put(part.path, part.ready, part.cells, at)
        whole.taken += [(path, at if there is None else at[there]) for path, there in part.taken]
        whole.raised.update({int(at[point]): error for point, error in part.raised.items()})
    return whole


def with_constants(outcome: Outcome, path: RecordedPath, numbers: Sequence[Any]) -> list[Any]:
    """Return what stands in the results of a batch, batch by batch: numbers, and what is none or is whole."""
    its = iter(numbers)
    batches = []
    taken = outcome.taken or [(path, None)]
    for i, is_number in enumerate(path.returned.numbered):
        things = [(path.returned.things[i], at) for path, at in taken]
        part = next(its) if is_number else None
        if is_number and (outcome.raised or not all(is_whole(thing) for thing, _ in things)):
            batches.append(part)
        else:
            batches.append(_batch_of(things, outcome))
    return batches


def _batch_of(things: Sequence[tuple[Any, Any]], outcome: Outcome) -> Any:
    """Return the thing of each point, given with the points that have it."""
    each: list[Any] = [None] * outcome.points
    for thing, at in things:
        if at is None:
            each = [thing] * outcome.points
        else:
            for point in at.tolist():
                each[point] = thing
    for point in outcome.raised:
        each[point] = None
    return as_batch(each, [thing for thing, _ in things])


def as_batch(each: list[Any], examples: Sequence[Any] = ()) -> Any:
    """Return things as an array if they are all flags, whole numbers, or arrays; else as the list they are.

    Args:
        each: the thing of each point.
        examples: things that tell their kind where there is no point.
    """
    things = each or examples
    if all(isinstance(x, (bool, np.bool_)) for x in things):
        return np.array(each, dtype=np.bool_)
    if all(isinstance(x, np.ndarray) for x in things):
        return np.stack(each) if each else np.empty((0, *things[0].shape), things[0].dtype)
    if all(isinstance(x, Integral) for x in things):
        try:
            return np.array(each, dtype=np.int64)
        except OverflowError:
            return np.array(each, dtype=object)
    return each
