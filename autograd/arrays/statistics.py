"""`np.cov` and `np.corrcoef` on arrays of Values."""

from __future__ import annotations

from typing import Any

import numpy as np

from .floating_point import as_numpy_says


def cov(
    m: Any,
    y: Any = None,
    rowvar: Any = True,
    bias: Any = False,
    ddof: Any = None,
    fweights: Any = None,
    aweights: Any = None,
    *,
    dtype: Any = None,
) -> Any:
    """Return the covariances of variables, as np.cov does; its arguments are those of that."""
    as_numpy_says(np.cov, m, y, rowvar, bias, ddof, fweights, aweights, dtype=dtype)
    if ddof is None:
        ddof = 0 if bias else 1
    with np.errstate(all="ignore"):  # NumPy has said what there is to say
        return _covariances(_variables(m, y, rowvar), ddof, fweights, aweights)


def corrcoef(x: Any, y: Any = None, rowvar: Any = True, *, dtype: Any = None) -> Any:
    """Return the correlations of variables, as np.corrcoef does; its arguments are those of that."""
    as_numpy_says(np.corrcoef, x, y, rowvar, dtype=dtype)
    with np.errstate(all="ignore"):
        found = _covariances(_variables(x, y, rowvar), 1)
        if found.ndim == 0:
            return found / found
        deviations = np.sqrt(np.diag(found))
        return np.clip(found / deviations[:, None] / deviations[None, :], -1.0, 1.0)


def _variables(m: Any, y: Any, rowvar: Any) -> Any:
    """Return variables, of one array or two, as the rows of a matrix."""
    array = np.asanyarray(m)
    rows = np.atleast_2d(array)
    if not rowvar and array.ndim != 1:
        rows = rows.T
    if y is None or not len(rows):
        return rows
    others = np.atleast_2d(np.asanyarray(y))
    return np.concatenate((rows, others if rowvar or len(others) == 1 else others.T))


def _covariances(rows: Any, ddof: Any, fweights: Any = None, aweights: Any = None) -> Any:
    if not len(rows):
        return np.empty((0, 0))
    given = [np.asanyarray(x) * 1.0 for x in (fweights, aweights) if x is not None]
    if not given:
        centred = rows - (rows.sum(axis=1) / rows.shape[1])[:, None]
        return _scaled(centred @ centred.T, rows.shape[1] - ddof)
    weights = given[0] if len(given) == 1 else given[0] * given[1]
    total = weights.sum()
    centred = rows - ((rows * weights).sum(axis=1) / total)[:, None]
    lost = ddof * (weights * given[-1]).sum() / total if ddof and aweights is not None else ddof
    return _scaled(centred @ (centred * weights).T, total - lost)


def _scaled(products: Any, freedom: Any) -> Any:
    return (products * np.true_divide(1.0, freedom if freedom > 0 else 0.0)).squeeze()
