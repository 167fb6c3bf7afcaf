"""What is passed through to NumPy: all of its names but those of `creation`.

Functions that take arrays, and so also lists of numbers, get arrays of Values in the place of lists with
Values. What costs little in NumPy, and gives for such a list what it gives for an array, is NumPy's own.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module
from types import ModuleType
from typing import Any

import numpy as np

from ..arrays import ValueArray, held
from ..support.slips import is_import, message
from . import creation
from .documentation import documented
from .lists import arrays_of

_OWN = frozenset("fft linalg random".split())
"""Modules of NumPy that have a counterpart here."""
_ASKING = frozenset(
    "iscomplexobj isrealobj may_share_memory ndim result_type shape shares_memory size".split()
)
"""Functions that say something of an array, and quickly."""
NOT_OFFERED = {
    "array_from_args": "write np.array",
    "make_diagonal": "write D[..., np.newaxis] * np.eye(D.shape[-1])",
    "wrap_if_boxes_inside": "there are no boxes: a number in a function that is differentiated is a Value",
    "numpy_boxes": "there are no boxes: a number in a function that is differentiated is a Value",
    "numpy_vjps": "derivatives are in the table of rules, autograd.ops",
    "numpy_jvps": "derivatives are in the table of rules, autograd.ops",
    "numpy_vspaces": "there are no vector spaces; autograd.misc.flatten makes a vector of a structure",
    "numpy_wrapper": "what is no function with a derivative is NumPy's own",
}
"""What to write for names of HIPS autograd's module."""


def taking_lists(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function of NumPy's as one that takes lists of Values for arrays of Values."""

    def called(*args: Any, **kwargs: Any) -> Any:
        for x in args:
            if type(x) not in _PLAIN and not (type(x) is tuple and {*map(type, x)} == _WHOLE):
                return _with_arrays(function, args, kwargs)
        if kwargs:
            for x in kwargs.values():
                if type(x) not in _PLAIN:
                    return _with_arrays(function, args, kwargs)
            return function(*args, **kwargs)
        return function(*args)

    return documented(called, function)


_PLAIN = frozenset(
    [np.ndarray, ValueArray, float, int, bool, type(None), str, np.float64, np.int64, np.bool_, type, slice]
)
"""Types of arguments that NumPy takes as they are, most of what it is called with."""


def _quick(function: Callable[..., Any], general: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function of two arrays that takes lists too, as quickly as can be where both are arrays."""

    def called(a: Any, b: Any, *args: Any, **kwargs: Any) -> Any:
        if type(a) is np.ndarray and type(b) is np.ndarray and not args and not kwargs:
            return function(a, b)
        return general(a, b, *args, **kwargs)

    return documented(called, function)


_PRODUCTS = frozenset(["dot", "inner", "vdot"])
"""Functions that take hardly longer than to ask what they are given."""

_WHOLE = {int}
"""The types in a shape, or in a tuple of axes."""


def _with_arrays(function: Callable[..., Any], args: Any, kwargs: Any) -> Any:
    given = [arrays_of(x) for x in args]
    out = function(*given, **{key: arrays_of(x) for key, x in kwargs.items()})
    if type(out) is tuple or type(out) is list:
        return type(out)([held(x) for x in out])
    out = held(out)
    return out.item() if isinstance(out, ValueArray) and out.shape == () else out


def passed(module: ModuleType, name: str) -> Any:
    """Return what a module of NumPy has under a name, as it is used here."""
    thing = getattr(module, name)
    dispatched = hasattr(thing, "_implementation") and callable(thing)
    if not dispatched or name in _ASKING:
        return thing
    return _quick(thing, taking_lists(thing)) if name in _PRODUCTS else taking_lists(thing)


def answering(here: str, module: ModuleType, advice: dict[str, str], depth: int = 1) -> Callable[[str], Any]:
    """Return the `__getattr__` of a module that passes on what a module of NumPy has.

    Args:
        here: the name of the module.
        module: NumPy's.
        advice: what to write for names that are not offered.
        depth: how many frames up the one is that asks for a name.
    """

    def __getattr__(name: str) -> Any:  # noqa: N807 (Python calls it so)
        private = name.startswith("__") and name not in module.__all__  # which Python and its tools look for
        if private or not hasattr(module, name):
            text = message(here, name, advice, dir(module))
            if is_import(sys._getframe(depth)):
                raise ImportError(text, name=here)
            raise AttributeError(text, name=name)
        found = vars(sys.modules[here])[name] = passed(module, name)
        return found

    return __getattr__


_numpys = answering(str(__package__), np, NOT_OFFERED, depth=2)


def named(name: str) -> Any:
    """Return what `autograd.numpy` has under a name."""
    if name in _OWN:
        return import_module(f".{name}", __package__)
    if name in creation.OWN:
        found = vars(sys.modules[str(__package__)])[name] = getattr(creation, name)
        return found
    return _numpys(name)


def names() -> list[str]:
    """Return the names that `autograd.numpy` has."""
    return dir(np)
