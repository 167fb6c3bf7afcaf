"""SciPy's convolution on arrays of Values; on plain numbers it is SciPy's own.

    from autograd.scipy import signal

All other names of `scipy.signal` are SciPy's own functions, for plain numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import scipy.signal

from ..arrays import array_of, has_values, numbers_of
from ..linalg.matrices import as_array
from .passing import passed

__all__ = ["convolve"]

Axes = tuple[Sequence[int], Sequence[int]]
"""Axes of the first array, and those of the second that belong to them."""


def convolve(
    in1: Any,
    in2: Any,
    mode: str = "full",
    method: str = "auto",
    *,
    axes: Axes | None = None,
    dot_axes: Axes = ((), ()),
) -> Any:
    """Return the convolution of two arrays, as scipy.signal.convolve.

    Args:
        in1: an array.
        in2: another one.
        mode: "full", "valid" or "same".
        method: as in SciPy, for plain numbers; Values are multiplied and added.
        axes: as in HIPS autograd, along which they are convolved; all if it is None.
        dot_axes: as in HIPS autograd, along which products are summed.

    Returns:
        An array with the axes of `in1` that are not named, those of `in2`, and those that are convolved.

    Raises:
        ValueError: there is no such mode, or the shapes do not fit.

    >>> import numpy as np
    >>> from autograd import grad
    >>> grad(lambda x: convolve(x, [1.0, 2.0])[1])(np.array([3.0, 4.0, 5.0]))
    array([2., 1., 0.])
    """
    of_values = has_values([in1, in2])
    if not of_values and axes is None and not any(dot_axes):
        return scipy.signal.convolve(in1, in2, mode, method)
    a, b = as_array(in1), as_array(in2)
    if axes is None:
        axes = (range(a.ndim), range(b.ndim))
    turns, dots = len(axes[0]), len(dot_axes[0])
    if (turns, dots) != (len(axes[1]), len(dot_axes[1])):
        raise ValueError(f"convolve: axes of shapes {a.shape} and {b.shape} do not belong together")
    a = np.moveaxis(a, [*dot_axes[0], *axes[0]], range(-dots - turns, 0))
    b = np.moveaxis(b, [*dot_axes[1], *axes[1]], range(dots + turns))
    b = np.flip(b, tuple(range(dots, dots + turns)))
    places = _places(mode, a.shape[a.ndim - turns :], b.shape[dots : dots + turns])
    rest = a.shape[: a.ndim - turns - dots], b.shape[dots + turns :]
    out = np.empty((*map(len, places), *rest[0], *rest[1]), dtype=object)
    for place in np.ndindex(out.shape[:turns]):
        pairs = [spans[i] for spans, i in zip(places, place, strict=True)]
        first, second = (..., *[x for x, _ in pairs]), (*[slice(None)] * dots, *[y for _, y in pairs])
        out[(*place, ...)] = np.tensordot(a[first], b[second], dots + turns)
    out = np.moveaxis(out, range(turns), range(-turns, 0))
    if not of_values:
        return out.astype(np.float64)
    return array_of(numbers_of(out, "convolve") or [], out.shape) if out.ndim else out[()]


def _places(mode: str, sizes: Sequence[int], others: Sequence[int]) -> list[list[tuple[slice, slice]]]:
    """Return, for each axis and each number along it, what of both arrays meets there, the second flipped."""
    if mode not in ("full", "valid", "same"):
        raise ValueError(f"convolve: mode is 'full', 'valid' or 'same', not {mode!r}")
    both = [*zip(sizes, others, strict=True)]
    if mode == "valid" and any(n < m for n, m in both) and any(n > m for n, m in both):
        raise ValueError("convolve: for mode='valid' one array must be at least as large along all axes")
    places = []
    for n, m in both:
        start, stop = 0, n + m - 1
        if mode == "valid":
            start, stop = min(n, m) - 1, max(n, m)
        elif mode == "same":
            start, stop = (m - 1) // 2, (m - 1) // 2 + n
        spans = [(max(0, end - m), min(n, end), m - end) for end in range(start + 1, stop + 1)]
        places.append([(slice(i, j), slice(i + shift, j + shift)) for i, j, shift in spans])
    return places


def __getattr__(name: str) -> Any:
    if name.startswith("__"):  # which Python and its tools look for
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}", name=name)
    return passed(scipy.signal, name)


def __dir__() -> list[str]:
    return dir(scipy.signal)
