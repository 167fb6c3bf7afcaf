"""What batches give: numbers for each point or summed, what is no number, and where the function raises."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from numbers import Integral
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ..support.messages import shown
from .derivation import Cell
from .paths import RecordedPath, is_whole
from .whole_numbers import NeedsNumbers

if TYPE_CHECKING:
    from .kernels import Kernel, Numbers


def outcome_of(error: Exception, call: Callable[[], Any]) -> Exception | None:
    """Return the error that a function gives at a point, as log does at -1; None for a mistake in it.

    Args:
        error: the error of a recording. Where whole numbers are inputs, it may say that they must not be.
        call: calls the function at that point.
    """
    if isinstance(error, NeedsNumbers):
        return error_of(call) if _is_outcome(error.__cause__) else None
    return error if _is_outcome(error) else None


def _is_outcome(error: BaseException | None) -> bool:
    return isinstance(error, (ArithmeticError, ValueError)) and "truth value" not in str(error)


def error_of(call: Callable[[], Any]) -> Exception | None:
    """Return the error that a function gives at a point, if any."""
    try:
        with np.errstate(all="ignore"):
            call()
    except (ArithmeticError, ValueError) as error:
        return error
    return None


class Ready(NamedTuple):
    """What running a path needs to know.

    Attributes:
        cells: those of the mode.
        summed: for each of them, whether it is the sum over the batch.
        sizes: for each of them how many numbers it has, and whether it is such a sum.
        work: how many nodes of the program are gone through at a point.
        kernel: the program, ready to be run.
        guarded: whether there are guards in it.
        may_raise: whether something in it may raise.
    """

    cells: list[Cell]
    summed: list[bool]
    sizes: list[tuple[int, bool]]
    work: int
    kernel: Kernel
    guarded: bool
    may_raise: bool


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
