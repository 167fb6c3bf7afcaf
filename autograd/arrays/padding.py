"""`np.pad` with statistics of arrays of Values, which NumPy takes of plain arrays of objects."""

from __future__ import annotations

from typing import Any

import numpy as np

from .floating_point import as_numpy_says

_STATISTICS: Any = {"maximum": np.max, "minimum": np.min, "mean": np.mean, "median": np.median}


def pad(array: Any, pad_width: Any, mode: Any = "constant", **kwargs: Any) -> Any:
    """Return an array with more around it, as np.pad does."""
    if mode not in _STATISTICS or isinstance(pad_width, dict):
        return NotImplemented
    as_numpy_says(np.pad, array, pad_width, mode, **kwargs)
    lengths = kwargs.get("stat_length")
    of_axes = np.broadcast_to(pad_width, (array.ndim, 2)).tolist()
    looked_at = np.broadcast_to(np.iinfo(int).max if lengths is None else lengths, (array.ndim, 2)).tolist()
    for axis, (widths, counts) in enumerate(zip(of_axes, looked_at, strict=True)):
        rows = np.moveaxis(array, axis, 0)
        ends = [rows[: counts[0]], rows[max(len(rows) - counts[1], 0) :]]
        parts = [
            np.broadcast_to(_STATISTICS[mode](end, axis=0, keepdims=True), (width, *rows.shape[1:]))
            for end, width in zip(ends, widths, strict=True)
        ]
        array = np.moveaxis(np.concatenate((parts[0], rows, parts[1])), 0, axis)
    return array
