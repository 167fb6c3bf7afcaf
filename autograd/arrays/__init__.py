"""NumPy arrays of Values: what an array argument of a function that is differentiated is inside it.

`value_array` is the array, and what NumPy asks of it; `followed_array` the one while a function is followed;
`holding` makes one of what NumPy made, `ordered_array` brings its numbers in order, and `assignment` looks
at what is written into it. `ufunc_table` has the ufuncs, `asking` tells how NumPy asks, and `functions` lists
what is done otherwise than by NumPy (in `sampled`, `statistics`, `order_statistics`, `counting`, `padding`,
`finding`), `plain_numbers` what NumPy does on floats alone, and `floating_point` its warnings. All need
NumPy, and are imported when an array is met.
"""

from . import followed_array  # noqa: F401 (arrays are of that class while a function is followed)
from .holding import held, holding
from .plain_numbers import has_values
from .value_array import ValueArray, apply_ufunc, array_of, elementwise, numbers_of

__all__ = [
    "ValueArray",
    "apply_ufunc",
    "array_of",
    "elementwise",
    "has_values",
    "held",
    "holding",
    "numbers_of",
]
