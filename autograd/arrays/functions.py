"""Functions of NumPy that make plain arrays of what they are given, and then follow the rules for objects.

Here they are once more, on arrays of Values: with NumPy's rules for NaN, and with derivatives as PyTorch has
them. What one of them leaves to NumPy, because it cannot be done on Values, it answers with NotImplemented.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from .. import ops
from .advice import impossible
from .assignment import ones_like, zeros_like
from .counting import bincount, digitize, histogram, histogramdd
from .finding import searchsorted
from .floating_point import as_numpy_says, on_floats, users_level
from .order_statistics import nanmedian, percentile, quantile
from .padding import pad
from .sampled import gradient, interp
from .sinc import sinc
from .statistics import corrcoef, cov
from .ufunc_table import in_ieee

_root = in_ieee(ops.root)


def norm(x: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Any:  # noqa: A002 (NumPy's name)
    """Return a norm of an array, as np.linalg.norm; where it is 0, so is its derivative."""
    whole = ord is None or (ord in ("f", "fro") and x.ndim == 2) or (ord == 2 and x.ndim == 1)
    if axis is None and whole:
        numbers = x.ravel(order="K")
        square = numbers.dot(numbers)
        return np.sqrt(square).reshape((1,) * x.ndim) if keepdims else _root(square)
    axes = tuple(range(x.ndim)) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    if len(axes) == 1 and not isinstance(ord, str):
        return _of_vectors(x, 2 if ord is None else ord, axes, keepdims)
    if len(axes) == 2 and (ord is None or ord in ("f", "fro")):
        return np.sqrt((x * x).sum(axis=axes, keepdims=keepdims))
    if len(axes) == 2 and ord in (1, -1, np.inf, -np.inf):
        first, second = axes if abs(ord) == 1 else axes[::-1]
        sums = abs(x).sum(axis=first, keepdims=True)
        extreme = sums.max(axis=second, keepdims=True) if ord > 0 else sums.min(axis=second, keepdims=True)
        return extreme if keepdims else np.squeeze(extreme, axis=axes)
    return NotImplemented


def einsum(*operands: Any, optimize: Any = False, **kwargs: Any) -> Any:
    """Return sums of products, as np.einsum does.

    What has its indices for itself, and not in the result, is summed first: NumPy does so too where it
    optimizes, but takes the number for an array.
    """
    if optimize is False or kwargs or not isinstance(operands[0], str) or "->" not in operands[0]:
        return NotImplemented
    inputs, _, output = operands[0].replace(" ", "").partition("->")
    if inputs.count(",") != len(operands) - 2:
        return NotImplemented
    terms, factor = list(zip(inputs.split(","), operands[1:], strict=True)), 1.0
    for i in reversed(range(len(terms))):
        others = {*output, *"".join(term for term, _ in terms[:i] + terms[i + 1 :])}
        if len(terms) > 1 and not {*terms[i][0]} & others:
            term, operand = terms.pop(i)
            factor = factor * np.einsum(f"{term}->", operand)
    if len(terms) == len(operands) - 1:
        return NotImplemented
    left = ",".join(term for term, _ in terms)
    return factor * np.einsum(f"{left}->{output}", *[x for _, x in terms], optimize=optimize)


def _of_vectors(x: Any, ord: Any, axis: tuple[int], keepdims: bool) -> Any:  # noqa: A002
    if ord == 0:
        return (x != 0).sum(axis=axis, keepdims=keepdims) * 1.0
    if ord == 2:
        return np.sqrt((x * x).sum(axis=axis, keepdims=keepdims))
    size = abs(x)
    if ord == np.inf:
        return size.max(axis=axis, keepdims=keepdims, initial=0)
    if ord == -np.inf:
        return size.min(axis=axis, keepdims=keepdims)
    if ord == 1:
        return size.sum(axis=axis, keepdims=keepdims)
    return (size**ord).sum(axis=axis, keepdims=keepdims) ** (1.0 / ord)


def unique(
    ar: Any,
    return_index: bool = False,
    return_inverse: bool = False,
    return_counts: bool = False,
    axis: int | None = None,
    *,
    equal_nan: bool = True,
    sorted: bool = True,  # noqa: A002 (NumPy's name; they always are)
) -> Any:
    """Return the different numbers of an array in rising order; all NaN are one unless equal_nan is False."""
    if axis is not None:
        return NotImplemented
    numbers = ar.ravel()
    if return_index or return_inverse:
        order = numbers.argsort()
        numbers = numbers[order]
    else:
        numbers = np.sort(numbers)
    new = np.ones(numbers.size, dtype=bool)
    new[1:] = numbers[1:] != numbers[:-1]
    if equal_nan and numbers.size and numbers[-1] != numbers[-1]:
        new[1:] &= ~np.isnan(numbers[:-1])
    out = [numbers[new]]
    if return_index:
        out.append(order[new])
    if return_inverse:
        inverse = np.empty(numbers.size, dtype=np.intp)
        inverse[order] = np.cumsum(new) - 1
        out.append(inverse.reshape(ar.shape))
    if return_counts:
        out.append(np.diff([*np.flatnonzero(new), numbers.size]))
    return tuple(out) if len(out) > 1 else out[0]


def nan_to_num(x: Any, copy: bool = True, nan: float = 0.0, posinf: Any = None, neginf: Any = None) -> Any:
    """Return an array with numbers in the place of NaN and infinities; these have derivative 0."""
    out = x.copy() if copy else x
    largest = sys.float_info.max
    is_nan, is_infinite, is_negative = np.isnan(x), np.isinf(x), np.signbit(x)
    out[is_nan] = nan
    out[np.logical_and(is_infinite, np.logical_not(is_negative))] = largest if posinf is None else posinf
    out[np.logical_and(is_infinite, is_negative)] = -largest if neginf is None else neginf
    return out


def lexsort(keys: Any, axis: int = -1) -> Any:
    """Return the places of rows in rising order of the last key, then of the one before it, NaN last."""
    rows = [np.asanyarray(key) for key in keys]
    if axis != -1 or any(row.ndim != 1 for row in rows):
        return NotImplemented
    order = rows[0].argsort(kind="stable")
    for row in rows[1:]:
        order = order[row[order].argsort(kind="stable")]
    return order


def _without_nan(reduce: Callable[..., Any]) -> Callable[..., Any]:
    def extreme(a: Any, axis: Any = None, out: Any = None, **kwargs: Any) -> Any:
        found = reduce(a, axis=axis, out=out, **kwargs)
        if np.any(np.isnan(found)):
            warnings.warn("All-NaN slice encountered", RuntimeWarning, stacklevel=users_level())
        return found

    return extreme


def array_equal(a1: Any, a2: Any, equal_nan: bool = False) -> Any:
    """Say whether two arrays have the same shape and equal numbers, NaN equal to NaN if that is asked for."""
    if not equal_nan:
        return NotImplemented
    first, second = np.asanyarray(a1), np.asanyarray(a2)
    return first.shape == second.shape and bool(
        np.all((first == second) | ((first != first) & (second != second)))
    )


def i0(x: Any) -> Any:
    """Raise TypeError: what NumPy computes with has |x| in it, and so another second derivative at 0."""
    raise TypeError(impossible("i0"))


def angle(z: Any, deg: bool = False) -> Any:
    """Return the angles of real numbers in the complex plane: 0, or half a turn for negative ones."""
    turn = 180.0 if deg else np.pi
    return np.where(np.isnan(z), np.nan, np.where(np.signbit(z), turn, 0.0))[()]


def imag(val: Any) -> Any:
    """Return the imaginary parts of real numbers, which are 0."""
    return np.zeros(val.shape)[()]


def average(a: Any, axis: Any = None, weights: Any = None, returned: bool = False, **kwargs: Any) -> Any:
    """Return a weighted mean and the sum of the weights, as np.average does with `returned`."""
    if not returned or getattr(getattr(weights, "dtype", None), "kind", "") == "O":
        return NotImplemented
    take: Any = np.average
    _, total = take(on_floats(a), axis, weights, True, **kwargs)
    return take(a, axis, weights, **kwargs), total


def polydiv(u: Any, v: Any) -> Any:
    """Return the quotient and the remainder of two polynomials, as np.polydiv does."""
    if isinstance(u, np.poly1d) or isinstance(v, np.poly1d):
        return NotImplemented
    dividend, divisor = (np.atleast_1d(np.asanyarray(x)) + 0.0 for x in (u, v))
    holds_values = dividend if dividend.dtype == object else divisor
    rest = np.empty_like(holds_values, shape=dividend.shape)
    rest[...] = dividend
    quotient = np.zeros_like(rest, shape=max(len(rest) - len(divisor) + 1, 1))
    scale = 1.0 / divisor[:1]
    for k in range(len(rest) - len(divisor) + 1):
        quotient[k : k + 1] = scale * rest[k]
        rest[k : k + len(divisor)] -= quotient[k] * divisor
    while len(rest) > 1 and abs(rest[0]) <= 1e-8:  # as np.allclose takes for 0
        rest = rest[1:]
    return quotient, rest


def polyfit(
    x: Any, y: Any, deg: Any, rcond: Any = None, full: bool = False, w: Any = None, cov: Any = False
) -> Any:
    """Return the coefficients of the polynomial that is nearest in least squares, as np.polyfit."""
    as_numpy_says(np.polyfit, x, y, deg, rcond, w=w)
    if full or cov:
        raise TypeError(impossible("polyfit"))
    at, given = np.asanyarray(x), np.asanyarray(y)
    powers = np.vander(at, int(deg) + 1)
    if w is not None:
        weights = np.asanyarray(w)
        powers, given = powers * weights[:, None], (given.T * weights).T
    scale = np.sqrt((powers * powers).sum(axis=0))
    rcond = len(at) * np.finfo(float).eps if rcond is None else rcond
    return (np.linalg.lstsq(powers / scale, given, rcond)[0].T / scale).T


FUNCTIONS: dict[Any, Callable[..., Any]] = {
    np.angle: angle,
    np.array_equal: array_equal,
    np.i0: i0,
    np.imag: imag,
    np.average: average,
    np.bincount: bincount,
    np.corrcoef: corrcoef,
    np.cov: cov,
    np.digitize: digitize,
    np.einsum: einsum,
    np.gradient: gradient,
    np.histogram: histogram,
    np.histogramdd: histogramdd,
    np.interp: interp,
    np.lexsort: lexsort,
    np.linalg.norm: norm,
    np.nanmax: _without_nan(np.fmax.reduce),
    np.nanmedian: nanmedian,
    np.nanmin: _without_nan(np.fmin.reduce),
    np.nan_to_num: nan_to_num,
    np.ones_like: ones_like,
    np.pad: pad,
    np.percentile: percentile,
    np.polydiv: polydiv,
    np.polyfit: polyfit,
    np.quantile: quantile,
    np.searchsorted: searchsorted,
    np.sinc: sinc,
    np.unique: unique,
    np.zeros_like: zeros_like,
}
"""What is called in the place of a function of NumPy."""
