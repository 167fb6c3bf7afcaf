"""What is written into arrays of Values: numbers, as into arrays of floats; what is none is an error.

NumPy would put anything into an array of objects as it is.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..engine import Value
from ..support.real_numbers import real

WRITTEN = {
    "append": ("arr", 1, "values"),
    "copyto": ("dst", 1, "src"),
    "fill_diagonal": ("a", 1, "val"),
    "full_like": ("a", 1, "fill_value"),
    "insert": ("arr", 2, "values"),
    "place": ("arr", 2, "vals"),
    "put": ("a", 2, "v"),
    "put_along_axis": ("arr", 2, "values"),
    "putmask": ("a", 2, "values"),
}
"""Functions that put numbers into their first argument: its keyword, where the numbers stand, and theirs."""


def elements(thing: Any) -> Any:
    """Return what is to be written as a Value, a float, or an array of these.

    Raises:
        TypeError: there is something in it that is no real number.
        OverflowError: there is a whole number in it that is too large.
    """
    if type(thing) is float or isinstance(thing, Value):
        return thing
    if getattr(type(thing), "defers", False):  # a whole number that `compile` follows
        return thing + 0.0
    if isinstance(thing, (list, tuple, range)) or (hasattr(thing, "__array__") and np.ndim(thing) > 0):
        array = thing if isinstance(thing, np.ndarray) else np.array(thing, dtype=object)
        return _floats(array.view(np.ndarray))
    if isinstance(thing, np.ndarray):
        thing = thing.item()
    return thing if isinstance(thing, Value) else real(thing)


def _floats(array: Any) -> Any:
    """Return an ordinary array with Values and floats as its elements."""
    if array.dtype.kind in "biuf":
        return array.astype(np.float64)
    numbers = array.ravel().tolist()
    if not all(isinstance(x, (Value, float)) for x in numbers):
        numbers = [elements(x) for x in numbers]
    out = np.empty(len(numbers), dtype=object)
    out[:] = numbers
    return out.reshape(array.shape)


def made_of_floats(out: Any) -> Any:
    """Return what NumPy made of arrays of Values and others, with floats for whole numbers and flags in it.

    NumPy puts numbers into an array of objects as they are; those of its own would, in a sum of products, be
    multiplied with Values as arrays are.
    """
    if isinstance(out, (tuple, list)):
        return type(out)([made_of_floats(x) for x in out])
    if not isinstance(out, np.ndarray) or out.dtype != object:
        return out
    others = [x for x in set(map(type, out.ravel().tolist())) if not issubclass(x, (Value, float))]
    numbers = others and all(issubclass(x, (int, np.number, np.bool_)) for x in others)
    return _floats(out.view(np.ndarray)) if numbers else out


def with_elements(name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
    """Return the arguments of a function of `WRITTEN` with what it writes as `elements` gives it.

    Where it writes into an array of plain numbers they are as they were.
    """
    target, place, keyword = WRITTEN[name]
    if getattr(args[0] if args else kwargs.get(target), "dtype", None) != np.dtype(object):
        return args, kwargs
    if place < len(args):
        return (*args[:place], elements(args[place]), *args[place + 1 :]), kwargs
    if keyword in kwargs:
        return args, {**kwargs, keyword: elements(kwargs[keyword])}
    return args, kwargs


def is_element(key: Any, dimensions: int) -> bool:
    """Say whether an index names one number of an array."""
    parts = key if type(key) is tuple else (key,)
    return len(parts) == dimensions and all(
        isinstance(x, (int, np.integer)) and not isinstance(x, bool) for x in parts
    )


def zeros_like(a: Any, dtype: Any = None, *args: Any, **kwargs: Any) -> Any:
    """Return an array of zeros that is like another one, as np.zeros_like does, but of floats."""
    return _filled(0.0, a, dtype, args, kwargs)


def ones_like(a: Any, dtype: Any = None, *args: Any, **kwargs: Any) -> Any:
    """Return an array of ones that is like another one, as np.ones_like does, but of floats."""
    return _filled(1.0, a, dtype, args, kwargs)


def _filled(number: float, a: Any, dtype: Any, args: Any, kwargs: Any) -> Any:
    out = np.empty_like(a, dtype, *args, **kwargs)
    out[...] = number
    return out
