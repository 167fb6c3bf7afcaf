"""How weights are drawn before training."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random


def zero(rng: Random, nin: int, nout: int) -> float:
    """Return 0, for weights that are set afterwards."""
    return 0.0


INITIALIZERS: dict[str, Callable[[Random, int, int], float]] = {
    # as in micrograd
    "uniform": lambda rng, nin, nout: rng.uniform(-1, 1),
    # Glorot and Bengio (2010), equation 16: variance 2 / (nin + nout), for tanh and its like
    "xavier": lambda rng, nin, nout: rng.uniform(-1, 1) * sqrt(6 / (nin + nout)),
    "xavier_normal": lambda rng, nin, nout: rng.normalvariate(0, sqrt(2 / (nin + nout))),
    # He et al. (2015), equation 10: variance 2 / nin, for ReLU and its like
    "he": lambda rng, nin, nout: rng.uniform(-1, 1) * sqrt(6 / nin),
    "he_normal": lambda rng, nin, nout: rng.normalvariate(0, sqrt(2 / nin)),
}
"""How a weight is drawn, in a layer with `nin` inputs and `nout` outputs."""


def generator_of(rng: Random | None, seed: int | None) -> Random:
    """Return the generator that an argument asks for: Python's global one if neither is given.

    Raises:
        TypeError: the rng is no `random.Random`, or the seed no int.
        ValueError: both are given.
    """
    import random  # here, because it takes as long to import as all of this package

    shared: Any = random  # the functions of the module are the methods of Python's global generator
    if rng is not None and seed is not None:
        raise ValueError("give an rng or a seed, not both")
    if seed is not None:
        if isinstance(seed, bool) or not isinstance(seed, int):
            raise TypeError(f"seed is an int, not {seed!r}")
        return random.Random(seed)
    if rng is None:
        rng = shared
    if rng is shared or isinstance(rng, random.Random):
        return rng
    raise TypeError(f"rng is a random.Random, such as random.Random(0), not {type(rng).__name__!r}")
