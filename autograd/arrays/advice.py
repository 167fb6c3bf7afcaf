"""What NumPy cannot do on Values, and what to write instead."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

ADVICE = {
    "fft": "write the sum, or give it a derivative with autograd.custom_gradient",
    "i0": "scipy.special.i0 does, and autograd.scipy.special.i0",
    "polyfit": "it does without full=True and cov=True; np.linalg.lstsq gives the sum of squares too",
}
_WRITE = frozenset("at copyto fill_diagonal place put put_along_axis putmask".split())
"""Functions that write into their first argument."""
OTHERWISE = "write it with arithmetic, or give it a derivative with autograd.custom_gradient"


def no_loop(error: Exception) -> bool:
    """Say whether the error is NumPy's, or a Value's that NumPy asked for a plain number."""
    text = str(error)
    signs = (
        "ufunc",
        "dtype",
        "data type",
        "object arrays",
        "array type object",
        "plain number silently",
        "no attribute",
    )
    return any(sign in text for sign in signs)


def impossible(name: str, module: str = "numpy", kwargs: Any = ()) -> str:
    """Return the message that a function of NumPy does not work on Values, and what to write instead.

    Args:
        name: that of the function.
        module: the name of the module that it is in.
        kwargs: the arguments by keyword that it was called with.
    """
    message = f"NumPy's {name} does not work on Values"
    if "dtype" in kwargs:
        return f"{message} with dtype=...; leave that out, they are numbers of double precision"
    return f"{message}; {ADVICE.get('fft' if module.endswith('fft') else name, OTHERWISE)}"


def holds_no_values(name: str, args: Sequence[Any], kwargs: Any) -> bool:
    """Say whether a function of NumPy was to write into an array of plain numbers.

    Args:
        name: that of the function, or of the method of a ufunc.
        args: its arguments.
        kwargs: its arguments by keyword.
    """
    out = kwargs.get("out")
    targets = [*(out if isinstance(out, tuple) else [out]), *(args[:1] if name in _WRITE else [])]
    return any(isinstance(x, np.ndarray) and x.dtype != object for x in targets)


def too_small(name: str) -> str:
    """Return the message that an array of plain numbers cannot hold what a function of NumPy gives."""
    return (
        f"an array of plain numbers cannot hold the Values that {name} gives; write y = y + x instead of "
        "y += x, or make y as np.zeros_like(x), where x is an array of Values, or with dtype=object"
    )


def other_rules(what: str, array: Any) -> str:
    """Return the message that an array is of a class with rules of its own, such as a mask."""
    return f"{what} is a {type(array).__name__}, whose rules differ; use a plain array"
