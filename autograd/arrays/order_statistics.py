"""Medians and quantiles of arrays of Values, where NumPy makes plain arrays of objects of them."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from .floating_point import users_level


def nanmedian(
    a: Any, axis: Any = None, out: Any = None, overwrite_input: bool = False, keepdims: Any = False
) -> Any:
    """Return the median of the numbers along axes but for NaN, as np.nanmedian does."""
    if out is not None:
        return NotImplemented
    axes = range(a.ndim) if axis is None else [i % a.ndim for i in np.atleast_1d(axis)]
    left = [i for i in range(a.ndim) if i not in axes]
    shape = [a.shape[i] for i in left]
    rows = np.transpose(a, [*left, *axes]).reshape(*shape, -1)
    medians = np.empty_like(a, shape=shape)
    for index in np.ndindex(*shape):
        numbers = rows[index][~np.isnan(rows[index])]
        medians[index] = np.median(numbers) if len(numbers) else np.nan
        if not len(numbers):
            warnings.warn("All-NaN slice encountered", RuntimeWarning, stacklevel=users_level())
    kept = [1 if i in axes else size for i, size in enumerate(a.shape)]
    return medians.reshape(kept) if keepdims is True else medians


def _spreading_nan(function: Any) -> Callable[..., Any]:
    """Return a function for weighted quantiles that gives NaN where there is one, as NumPy does of floats."""

    def found(
        a: Any,
        q: Any,
        axis: Any = None,
        out: Any = None,
        overwrite_input: bool = False,
        method: str = "linear",
        keepdims: bool = False,
        *,
        weights: Any = None,
        **kwargs: Any,
    ) -> Any:
        if weights is None or out is not None:
            return NotImplemented
        given = function.__wrapped__(a, q, axis, None, False, method, keepdims, weights=weights, **kwargs)
        is_nan = np.isnan(a).any(axis=axis, keepdims=keepdims)
        return np.where(is_nan, np.nan, given) if np.any(is_nan) else given

    return found


percentile = _spreading_nan(np.percentile)
quantile = _spreading_nan(np.quantile)
