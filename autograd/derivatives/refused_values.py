"""What to write where NumPy, SciPy or Python refused the Values that a function was given."""

from __future__ import annotations

import sys

_ARRAYS = (
    "Inside a function that is differentiated or compiled, arrays hold Values. NumPy's functions "
    "work on those that import autograd.numpy as np makes; an array that NumPy itself made of Values "
    "is to it one of objects."
)
_MADE = (
    "An array that shall hold Values is made with import autograd.numpy as np, with "
    "dtype=object, or as np.zeros_like(x) where x is an array argument."
)
_SPARSE = (
    "SciPy's sparse matrices hold plain numbers. Write A.toarray() @ x, or for A @ x, with A = A.tocoo() "
    "before, np.bincount(A.row, A.data * x[A.col], A.shape[0]), or give A @ x its derivative with "
    "autograd.custom_vjp, which carries g back as A.T @ g."
)
_INDEX = (
    "An index is a whole number, and what a function is differentiated by is none: let the index be a "
    "further argument, as the i of lambda x, i: x * table[i]."
)
_SIGNS = {
    "no supported conversion for types": _SPARSE,
    "scipy.sparse does not support dtype object": _SPARSE,
    "unsupported data types in input": _SPARSE,
    "_matrix' in Value arithmetic": _SPARSE,
    "_array' in Value arithmetic": _SPARSE,
    "are valid indices": _INDEX,
    "indices must be integers or slices, not Va": _INDEX,
    "ufunc": _ARRAYS,
    "dtype('O')": _ARRAYS,
}
"""Parts of messages, and what to add to them; the first counts."""


def advise(error: Exception) -> None:
    """Add to an error, that a function raised when it was given Values, what to write instead."""
    if not isinstance(error, (TypeError, ValueError, IndexError)) or hasattr(error, "__notes__"):
        return
    text = str(error)
    for sign, advice in _SIGNS.items():
        if sign in text:
            error.add_note(advice)
            return
    if "plain number silently" in text and "numpy" in sys.modules:
        error.add_note(_MADE)
