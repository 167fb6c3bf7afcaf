"""Counts of Values, and what is summed by places: `np.histogram`, `np.digitize` and `np.bincount`.

Counts have no derivatives. Weights have, and edges of bins that come from the range of the data.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .finding import searchsorted
from .floating_point import as_numpy_says


def bincount(x: Any, /, weights: Any = None, minlength: int = 0) -> Any:
    """Return the sums of weights by the places to which they belong, as np.bincount does."""
    as_numpy_says(np.bincount, x, weights, minlength=minlength)
    if weights is None or np.asanyarray(x).dtype == object:
        return NotImplemented
    return _sums(np.asarray(x), np.asanyarray(weights), minlength)


def _sums(places: Any, terms: Any, least: int) -> Any:
    """Return the sums of terms by their places, at least for some places."""
    sums = np.zeros_like(terms, shape=max(int(places.max(initial=-1)) + 1, least))
    with np.errstate(all="ignore"):  # of which NumPy says nothing
        np.add.at(sums, places, terms)
    return sums


def digitize(x: Any, bins: Any, right: bool = False) -> Any:
    """Return in which bin each number is, as np.digitize does."""
    as_numpy_says(np.digitize, x, bins, right)
    edges = np.asanyarray(bins)
    side = "left" if right else "right"
    if len(edges) and edges[0] > edges[-1]:
        return len(edges) - searchsorted(edges[::-1], x, side)
    return searchsorted(edges, x, side)


def histogram(a: Any, bins: Any = 10, range: Any = None, density: Any = None, weights: Any = None) -> Any:  # noqa: A002
    """Return how many numbers are in each bin, and the edges, as np.histogram does.

    Edges that are not given are Values where the ends of the data are.
    """
    if isinstance(bins, str):
        return NotImplemented
    as_numpy_says(np.histogram, a, bins, range, density, weights)
    numbers = np.asanyarray(a).ravel()
    terms = None if weights is None else np.asanyarray(weights).ravel()
    edges = _edges(numbers, bins, range)
    with np.errstate(all="ignore"):  # NumPy has said what there is to say
        if np.ndim(bins) == 0:
            counts = _by_places(_places(numbers, edges), terms, len(edges) - 1)
        else:
            counts = np.diff(_up_to(edges, numbers, terms))
        return counts / np.diff(edges) / counts.sum() if density else counts, edges


def histogramdd(
    sample: Any,
    bins: Any = 10,
    range: Any = None,  # noqa: A002 (NumPy's name)
    density: Any = None,
    weights: Any = None,
) -> Any:
    """Return how many points are in each cell, and the edges, as np.histogramdd does."""
    _, like = as_numpy_says(np.histogramdd, sample, bins, range, density, weights)
    columns = sample.T if hasattr(sample, "shape") else [np.asanyarray(x) for x in sample]
    of_axes = bins if hasattr(bins, "__len__") else [bins] * len(columns)
    ranges = [None] * len(columns) if range is None else range
    edges = [_edges(*each) for each in zip(columns, of_axes, ranges, strict=True)]
    shape = [len(x) - 1 for x in edges]
    places = np.array([_places(*each) for each in zip(columns, edges, strict=True)])
    inside = ((places >= 0) & (places < np.array(shape)[:, None])).all(axis=0)
    flat = np.where(inside, np.ravel_multi_index(places * inside, shape), -1)
    terms = None if weights is None else np.asanyarray(weights).ravel()
    counts = _by_places(flat, terms, int(np.prod(shape))).reshape(shape) * 1.0
    if density:
        with np.errstate(all="ignore"):
            total = counts.sum()
            for axis, widths in enumerate(map(np.diff, edges)):
                counts = counts / widths.reshape([-1 if i == axis else 1 for i, _ in enumerate(shape)])
            counts = counts / total
    return counts, type(like)(edges)


def _edges(numbers: Any, bins: Any, limits: Any) -> Any:
    """Return the edges of bins, which are given or equal parts of a range."""
    if np.ndim(bins) != 0:
        return np.asanyarray(bins)
    if limits is None and len(numbers):
        ends: Any = (numbers.min(keepdims=True), numbers.max(keepdims=True))
    else:
        ends = tuple([np.array([x]) for x in ((0.0, 1.0) if limits is None else limits)])
    if ends[0] == ends[1]:
        ends = ends[0] - 0.5, ends[1] + 0.5
    return np.linspace(ends[0], ends[1], bins + 1)[:, 0]  # NumPy 1.26 takes no single Values


def _places(numbers: Any, edges: Any) -> Any:
    """Return in which bin each number is, which has its left edge, and the last one its right one too."""
    return np.atleast_1d(searchsorted(edges, numbers, "right")) - 1 - np.atleast_1d(numbers == edges[-1])


def _by_places(places: Any, terms: Any, size: int) -> Any:
    """Return the sums of terms, or how many they are, in bins; those outside of them do not count."""
    inside = (places >= 0) & (places < size)
    if terms is None:
        return np.bincount(places[inside], minlength=size)
    return _sums(places[inside], terms[inside], size)


def _up_to(edges: Any, numbers: Any, terms: Any) -> Any:
    """Return the sums of the terms of all numbers below each edge, or how many they are."""
    order = numbers.argsort(kind="stable")
    in_order = numbers[order]
    below = np.concatenate(
        (searchsorted(in_order, edges[:-1], "left"), searchsorted(in_order, edges[-1:], "right"))
    )
    return below if terms is None else np.concatenate(([0.0], terms[order].cumsum()))[below]
