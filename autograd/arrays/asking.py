"""What NumPy asks of arrays of Values, by the names of its functions, and where it stands when it asks."""

from __future__ import annotations

import sys
from contextvars import ContextVar
from typing import Any

import numpy as np

SPREAD_NAN = {"median", "percentile", "quantile"}
"""Functions that sort, and give NaN where there is one; of objects, NumPy looks for none."""
NORMS = {"norm", "nanstd"}
"""Functions that end with a root, and have derivative 0 where they are 0."""
in_norm: ContextVar[bool] = ContextVar("inside one of these", default=False)
WARN_AS_A_WHOLE = frozenset("convolve correlate cross dot inner kron outer tensordot unwrap vdot".split())
"""Functions that compute with plain arrays, for whose operations NumPy asks nobody."""
SUMMING = frozenset(
    "average corrcoef cov cumprod cumsum cumulative_prod cumulative_sum mean nancumprod nancumsum nanmean "
    "nanprod nanstd nansum nanvar prod std sum trace var".split()
)
"""Functions whose `dtype` is that of the numbers on the way."""
MAKING = frozenset("empty_like full_like ones_like zeros_like".split())
"""Functions that make arrays, of no dimensions too."""
_HERE = __name__.rpartition(".")[0]
inside_numpy: ContextVar[bool] = ContextVar("inside a function of NumPy", default=False)
LOGICAL = frozenset("logical_and logical_not logical_or logical_xor".split())
"""Ufuncs that are answered with flags, but by older NumPys on objects with one of the objects."""
IDENTITIES = {"add": 0.0, "multiply": 1.0}
"""What a sum or product begins with where numbers are left out; of objects, NumPy does not know."""


def asked_by_numpy() -> bool:
    """Say whether it is a function of NumPy that calls another one of NumPy, and none that it was given."""
    frame: Any = sys._getframe(2)
    while frame.f_globals.get("__name__", "").startswith(_HERE):
        frame = frame.f_back
    return bool(frame.f_globals.get("__name__", "").startswith("numpy."))


def without_dtype(kwargs: dict[str, Any]) -> dict[str, Any]:
    """Return arguments without a dtype that Values have anyhow."""
    if (dtype := kwargs.get("dtype")) is None or dtype is object or np.dtype(dtype) != np.float64:
        return kwargs
    return {key: x for key, x in kwargs.items() if key != "dtype"}


def truth(out: Any) -> Any:
    """Return what a logical ufunc gave as a flag, or an array of flags."""
    if isinstance(out, np.ndarray):
        return out if out.dtype == bool else out.view(np.ndarray).astype(bool)
    return bool(out)
