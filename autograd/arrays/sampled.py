"""Functions that are given by samples: `np.interp` and `np.gradient` on arrays of Values."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import Any

import numpy as np

from ..engine import Value
from ..engine.recording import is_followed
from ..support.refusals import NoDerivativeError
from .finding import searchsorted
from .floating_point import as_numpy_says, on_floats
from .selection import LARGEST, on_its_piece


def interp(x: Any, xp: Any, fp: Any, left: Any = None, right: Any = None, period: Any = None) -> Any:
    """Return the numbers of a piecewise linear function, as np.interp does, with derivatives by all of it.

    Where a number of `x` is one of `xp`, the derivative is that of the piece to the right of it; at the last
    of `xp`, of the last piece. Beyond the ends it is 0.

    Args:
        x: where to look.
        xp: the places of the samples, in rising order unless there is a period.
        fp: the samples.
        left: what it is before the first place; the first sample if it is None.
        right: what it is after the last place; the last sample if it is None.
        period: of `xp` and the function, for which `left` and `right` do not count.

    Raises:
        ValueError: the places do not rise, or as NumPy says.
    """
    as_numpy_says(np.interp, x, xp, fp, left, right, period)
    x, xp, fp = (_as_numbers(part) for part in (x, xp, fp))
    if period is not None:
        left = right = None
        period = abs(period)
        x, xp = x % period, xp % period
        order = np.argsort(on_floats(xp)) if xp.dtype != object else xp.argsort()
        xp, fp = xp[order], fp[order]
        xp = np.concatenate((xp[-1:] - period, xp, xp[:1] + period))
        fp = np.concatenate((fp[-1:], fp, fp[:1]))
    falling = np.flatnonzero(~np.atleast_1d(xp[:-1] <= xp[1:]))
    if len(falling):
        before, after = (float(x) for x in on_floats(xp)[falling[0] : falling[0] + 2])
        raise NoDerivativeError(
            f"np.interp: xp must rise, but {after!r} comes after {before!r}, where NumPy gives numbers "
            "without a meaning; sort xp, and fp with it"
        )
    if is_followed() and (xp.dtype == object or x.dtype == object) and _can_be_selected(x, xp, fp):
        return array_of_objects([_selected(number, xp, fp, left, right) for number in x.flat]).reshape(
            x.shape
        )
    with np.errstate(all="ignore"):  # of which NumPy says nothing
        return _interpolated(x, xp, fp, fp[0] if left is None else left, fp[-1] if right is None else right)


def _interpolated(x: Any, xp: Any, fp: Any, left: Any, right: Any) -> Any:
    last = len(xp) - 1
    numbers = x.ravel()
    places = np.atleast_1d(searchsorted(xp, numbers, "right")) - 1
    is_nan = np.atleast_1d(numbers != numbers)
    beyond = np.atleast_1d(numbers > xp[-1])
    out: list[Any] = [left if place < 0 else right for place in places]
    inside = np.flatnonzero((places >= 0) & ~beyond & ~is_nan)
    pieces = np.minimum(places[inside], max(last - 1, 0))
    if last > 0:
        found = _on_pieces(numbers[inside], xp, fp, pieces)
        at_sample = np.atleast_1d(numbers[inside] == xp[places[inside]])
    else:
        found, at_sample = fp[places[inside]], np.ones(len(inside), dtype=bool)
    for i, place, y, exact in zip(inside, places[inside], found, at_sample, strict=True):
        out[i] = fp[place] if exact and not np.isfinite(_number(y)) else y
    for i in np.flatnonzero(is_nan):
        out[i] = numbers[i]
    return array_of_objects(out).reshape(x.shape)


def _can_be_selected(x: Any, xp: Any, fp: Any) -> bool:
    """Say whether masks choose the piece, which holds while these comparisons turn out so."""
    if not (len(xp) > 1 and x.size * len(xp) <= LARGEST):
        return False
    rising = all(bool(a < b) for a, b in itertools.pairwise(xp.tolist()))
    return rising and bool(np.all(np.isfinite(xp))) and bool(np.all(np.isfinite(fp)))


def _selected(x: Any, xp: Any, fp: Any, left: Any, right: Any) -> Any:
    if x != x:
        return x
    if left is not None and x < xp[0]:
        return left
    if right is not None and x > xp[-1]:
        return right
    return on_its_piece(x, xp.tolist(), fp.tolist())


def _on_pieces(x: Any, xp: Any, fp: Any, pieces: Any) -> Any:
    """Return the numbers of the pieces of a function, each at one place."""
    used, which = np.unique(pieces, return_inverse=True)
    slopes = ((fp[used + 1] - fp[used]) / (xp[used + 1] - xp[used]))[which]
    at_end = np.atleast_1d(x == xp[pieces + 1])  # of the last piece alone
    ends = pieces + at_end
    out = slopes * (x - xp[ends]) + fp[ends]
    failed = np.flatnonzero(np.isnan(out))  # which NumPy computes from the other end
    if len(failed):
        other = pieces[failed] + 1
        found = slopes[failed] * (x[failed] - xp[other]) + fp[other]
        level = np.isnan(found) & (fp[other] == fp[other - 1])
        out[failed] = np.where(level, fp[other], found)
    return out


def array_of_objects(numbers: Iterable[Any]) -> Any:
    """Return Values and floats as an array of objects."""
    items = [x if isinstance(x, Value) else float(x) for x in numbers]
    return np.fromiter(items, object, len(items))


def _as_numbers(x: Any) -> Any:
    """Return an array of floats, or of Values."""
    array = np.asanyarray(x)
    if array.dtype.kind == "c":
        raise TypeError("samples and their places are real numbers here, not complex ones")
    return array if array.dtype == object else np.asarray(array, dtype=np.float64)


def _number(x: Any) -> Any:
    return x.data if isinstance(x, Value) else x


def gradient(f: Any, *varargs: Any, axis: Any = None, edge_order: Any = 1) -> Any:
    """Return differences of samples, as np.gradient does, with derivatives by the samples and their places.

    Args:
        f: the samples.
        varargs: nothing, one distance for all axes, or for each axis a distance or the places of the samples.
        axis: along which to take differences; all if it is None, and then they come in a tuple.
        edge_order: 1 or 2, how accurate they are at the ends.
    """
    as_numpy_says(np.gradient, f, *varargs, axis=axis, edge_order=edge_order)
    f = _as_numbers(f)
    axes = range(f.ndim) if axis is None else [i % f.ndim for i in np.atleast_1d(axis)]
    spacings = varargs or (1.0,)
    if len(spacings) < len(axes):
        spacings *= len(axes)
    found = []
    with np.errstate(all="ignore"):  # NumPy has said what there is to say
        for one, spacing in zip(axes, spacings, strict=True):
            rows = np.moveaxis(f, one, 0)
            found.append(np.moveaxis(_differences(rows, _steps(spacing), edge_order), 0, one))
    return found[0] if len(found) == 1 else tuple(found)


def _steps(spacing: Any) -> Any:
    """Return the distance of samples, or the distances from each to the next where they are not all one.

    Distances of Values are never one: their derivatives are not those of the first.
    """
    if np.ndim(spacing) == 0:
        return spacing
    steps = np.diff(_as_numbers(spacing))
    return steps[0] if steps.dtype != object and (steps == steps[0]).all() else steps


def _differences(f: Any, steps: Any, edge_order: int) -> Any:
    """Return differences along the first axis."""
    even = np.ndim(steps) == 0
    if even:
        inner = (f[2:] - f[:-2]) / (2.0 * steps)
    else:
        h, k = (part.reshape(-1, *[1] * (f.ndim - 1)) for part in (steps[:-1], steps[1:]))
        inner = -k / (h * (h + k)) * f[:-2] + (k - h) / (h * k) * f[1:-1] + h / (k * (h + k)) * f[2:]
    if edge_order == 1:
        first = (f[1:2] - f[:1]) / (steps if even else steps[:1])
        last = (f[-1:] - f[-2:-1]) / (steps if even else steps[-1:])
    elif even:
        first = -1.5 / steps * f[:1] + 2.0 / steps * f[1:2] + -0.5 / steps * f[2:3]
        last = 0.5 / steps * f[-3:-2] + -2.0 / steps * f[-2:-1] + 1.5 / steps * f[-1:]
    else:
        a, b, c = _weights_at_edge(steps[:1], steps[1:2])
        first = -a * f[:1] + b * f[1:2] + -c * f[2:3]
        a, b, c = _weights_at_edge(steps[-1:], steps[-2:-1])
        last = c * f[-3:-2] + -b * f[-2:-1] + a * f[-1:]
    return np.concatenate((first, inner, last))


def _weights_at_edge(h: Any, k: Any) -> tuple[Any, Any, Any]:
    """Return the sizes of the weights of three samples at an end, h and k apart; signs alternate."""
    return (2.0 * h + k) / (h * (h + k)), (h + k) / (h * k), h / (k * (h + k))
