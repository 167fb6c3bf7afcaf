"""NumPy arrays of Values: what an array argument of a function that is differentiated is inside it.

`value_array` is the array, and what NumPy asks of it; `ufunc_table` has the ufuncs. Both need NumPy, and are
imported when an array is met.
"""

from .value_array import ValueArray, apply_ufunc, array_of, elementwise, numbers_of

__all__ = ["ValueArray", "apply_ufunc", "array_of", "elementwise", "numbers_of"]
