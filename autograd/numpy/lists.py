"""Values, and lists of them, among the arguments of a function of NumPy, as arrays of Values."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..arrays import has_values, held
from ..engine import Value


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
