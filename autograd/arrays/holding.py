"""Arrays that hold Values: what NumPy made of Values and numbers, and arrays of floats, as such arrays."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..engine import Value
from ..support.real_numbers import real
from .value_array import ValueArray, class_of_arrays

_REAL = (float, int, np.floating, np.integer, np.bool_)


def held(array: Any) -> Any:
    """Return an array of objects that are Values and numbers as a ValueArray, and all else as it is.

    One that holds other things too, such as None or text, stays NumPy's array of objects, and so does one of
    whole numbers alone.
    """
    if not isinstance(array, np.ndarray) or array.dtype != object:
        return array
    items = array.ravel().tolist()
    kinds = {*map(type, items)}
    if all(kind is float or issubclass(kind, Value) for kind in kinds):  # as nearly always
        return array if isinstance(array, ValueArray) or not items else array.view(class_of_arrays())
    numbers = [x.item() if isinstance(x, np.ndarray) and x.shape == () else x for x in items]
    of_values = isinstance(array, ValueArray) or any(isinstance(x, (Value, float)) for x in numbers)
    if not of_values or not all(isinstance(x, (Value, *_REAL)) for x in numbers):
        return array
    floats = [x if isinstance(x, Value) else real(x) for x in numbers]
    return np.fromiter(floats, object, len(floats)).reshape(array.shape).view(class_of_arrays())


def holding(array: Any) -> Any:
    """Return a new array of floats as one into which Values can be assigned."""
    return array.astype(object).view(class_of_arrays())
