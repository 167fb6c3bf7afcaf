"""Values, and lists of them, among the arguments of a function of NumPy, as arrays of Values.

What is given most often are plain arrays, with which a function is NumPy's.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..arrays import ValueArray, has_values, held
from ..engine import Value
from .calls import Quick, are_plain, quickly

_AT_ONCE = {
    "atleast_1d": "{0} if {0}.ndim else _function({0})",
    "atleast_2d": "{0} if {0}.ndim > 1 else {0}[None] if {0}.ndim else _function({0})",
    "atleast_3d": "{0} if {0}.ndim > 2 else {0}[None, :, None] if {0}.ndim == 1 else _function({0})",
    "fliplr": "{0}[:, ::-1] if {0}.ndim > 1 else _function({0})",
    "flipud": "{0}[::-1] if {0}.ndim else _function({0})",
    "imag": "{0}.imag",
    "ravel": "{0}.ravel()",
    "real": "{0}.real",
    "real_if_close": "{0} if {0}.dtype is _float64 else _function({0})",
    "reshape": "{0}.reshape({1})",
    "squeeze": "{0}.squeeze()",
    "swapaxes": "{0}.swapaxes({1}, {2})",
    "transpose": "{0}.transpose()",
}
"""What functions of NumPy's do with a plain array, where it takes hardly longer than to call them."""
_WRITING = frozenset("copyto fill_diagonal place put put_along_axis putmask".split())
"""Functions that write into their first argument, which so is an array."""


def taking_lists(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function of NumPy's as one that takes lists of Values for arrays of Values."""

    def otherwise(*args: Any, **kwargs: Any) -> Any:
        if are_plain(args) and (not kwargs or are_plain(kwargs.values())):
            return function(*args, **kwargs)
        given = [arrays_of(x) for x in args]
        out = function(*given, **{key: arrays_of(x) for key, x in kwargs.items()})
        if type(out) is tuple or type(out) is list:
            return type(out)([held(x) for x in out])
        out = held(out)
        return out.item() if isinstance(out, ValueArray) and out.shape == () else out

    at_once = _AT_ONCE.get(function.__name__, "")
    array = "type({0}) is _ndarray"
    plain = "(type({0}) in _plain or _is_list({0}))"
    first = array if at_once else f"({array} or _is_list({{0}}))"
    first = "True" if function.__name__ in _WRITING else first
    quick = Quick(first, f"({array} or {plain})", plain, at_once, outside=False)
    return quickly(function, quick, otherwise)


def arrays_of(thing: Any) -> Any:
    """Return a Value, and a list or tuple with Values in it, as an array of Values, and all else as it is.

    A list of arrays of different shapes stays a list.
    """
    if isinstance(thing, Value):
        array = np.empty((), dtype=object)
        array[()] = thing
        return held(array)
    if not isinstance(thing, (list, tuple)) or not has_values(thing):
        return thing
    try:
        return held(np.array(thing, dtype=object))
    except ValueError:  # their shapes differ
        return type(thing)([arrays_of(x) for x in thing])
