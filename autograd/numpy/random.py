"""NumPy's random numbers, which are plain; a distribution of Values is written with numbers drawn before.

>>> import autograd.numpy as np
>>> import autograd.numpy.random as npr
>>> from autograd import grad
>>> noise = npr.RandomState(0).randn(3)
>>> print(grad(lambda scale: np.sum(scale * noise))(2.0) == np.sum(noise))
True
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import numpy as np

from ..arrays import ValueArray, has_values, numbers_of
from .documentation import documented
from .passing import answering

__all__ = list(np.random.__all__)
_OF_NOTHING = frozenset(
    "bytes default_rng get_state rand randn random random_sample ranf sample seed set_state".split()
)
"""Functions that are told no more than how many numbers to draw, or from where; they are NumPy's."""
_numpys = answering(__name__, np.random, {}, depth=2)


def __getattr__(name: str) -> Any:
    found = _numpys(name)
    if callable(found) and not isinstance(found, type) and name not in _OF_NOTHING:
        found = vars(sys.modules[__name__])[name] = _of_floats(name, found)
    return found


def _of_floats(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that draws, for arrays that could hold Values and hold none as for plain ones."""

    def drawn(*args: Any, **kwargs: Any) -> Any:
        if not kwargs and _NUMBERS.issuperset(map(type, args)):
            return function(*args)
        for x in (*args, *kwargs.values()):
            if has_values(x):
                raise TypeError(
                    f"{name} draws plain numbers, whose derivatives by its arguments are not known; "
                    "draw from the standard distribution and scale: mean + deviation * npr.randn(3)"
                )
        return function(*map(_plain, args), **{key: _plain(x) for key, x in kwargs.items()})

    return documented(drawn, function)


_NUMBERS = frozenset([float, int, type(None)])
"""Types of most arguments."""


def _plain(x: Any) -> Any:
    if not isinstance(x, ValueArray):
        return x
    return np.array(numbers_of(x, "an argument")).reshape(x.shape)


def __dir__() -> list[str]:
    return dir(np.random)
