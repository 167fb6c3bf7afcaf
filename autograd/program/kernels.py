"""What the ways of running a program on many points have in common."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, NamedTuple, Protocol

from ..support.installation import how_to_install

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]
    Flags = NDArray[np.bool_]


class Batch(NamedTuple):
    """Points to run a program at.

    Attributes:
        points: how many there are, at least 1.
        inputs: arrays of shape (points, k), or (1, k) for what is the same at all points, of any strides.
            Their columns are, in order, the inputs of the program.
        outputs: arrays of shape (points, k) to be filled, or of shape (1, k) to be added to, of any
            strides. Their columns are, in order, the outputs of the program.
        summed: for each array of `outputs`, whether it is added to: the sum over all points at which all
            guards hold.
        valid: an array of `points` flags to be filled: whether all guards hold at that point. The outputs at
            others are anything. None if the program has no guards.
        suspect: an array of `points` flags to be filled: whether an operation that may raise an error
            (`simplify.may_raise`) gave inf or NaN there. None if nobody wants to know.
    """

    points: int
    inputs: Sequence[Numbers]
    outputs: Sequence[Numbers]
    summed: Sequence[bool]
    valid: Flags | None
    suspect: Flags | None


class Kernel(Protocol):
    """A program made ready to be run at many points.

    Attributes:
        block: how many points to give it at once, at most: as many as its working memory is meant for.
    """

    block: int

    def __call__(self, batch: Batch) -> None:
        """Run the program, from any thread; nothing is raised for arithmetic, which is that of IEEE 754."""


@cache
def available(backend: str) -> bool:
    """Say whether what a backend needs is installed."""
    needed = {"python": (), "numpy": ("numpy",), "llvm": ("numpy", "llvmlite")}[backend]
    return all(find_spec(name) is not None for name in needed)


def missing(package: str, error: ImportError) -> ImportError:
    """Return the error that says which extra brings a package."""
    return ImportError(
        f"{package} is needed to run a compiled function like this; install it with "
        f"{how_to_install('fast')} ({error})"
    )
