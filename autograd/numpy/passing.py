"""What is passed through to NumPy: all of its names but those of `creation`.

Functions that take arrays, and so also lists of numbers, get arrays of Values in the place of lists with
Values (`lists`). What costs little in NumPy, and gives for such a list what it gives for an array, is
NumPy's own.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module
from types import ModuleType
from typing import Any

import numpy as np

from ..support.slips import is_import, message
from . import creation
from .lists import taking_lists

_OWN = frozenset("fft linalg random".split())
"""Modules of NumPy that have a counterpart here."""
_ASKING = frozenset(
    "can_cast common_type iscomplexobj isrealobj may_share_memory min_scalar_type ndim result_type shape "
    "shares_memory size".split()
)
"""Functions that say something of an array, or of a type, and quickly."""
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


def passed(module: ModuleType, name: str) -> Any:
    """Return what a module of NumPy has under a name, as it is used here."""
    thing = getattr(module, name)
    dispatched = hasattr(thing, "_implementation") and callable(thing)
    return taking_lists(thing) if dispatched and name not in _ASKING else thing


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


_OWN_NAMES = {id(getattr(np, name)): name for name in creation.OWN}  # for some have two names
_numpys = answering(str(__package__), np, NOT_OFFERED, depth=2)


def named(name: str) -> Any:
    """Return what `autograd.numpy` has under a name."""
    if name in _OWN:
        return import_module(f".{name}", __package__)
    own = _OWN_NAMES.get(id(getattr(np, name, None)))
    if own is not None:
        found = vars(sys.modules[str(__package__)])[name] = getattr(creation, own)
        return found
    return _numpys(name)


def names() -> list[str]:
    """Return the names that `autograd.numpy` has."""
    return dir(np)
