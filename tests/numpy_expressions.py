"""Expressions with NumPy's functions of an array x, on which Values must do as floats do; and how to see it.

Those with functions or arguments that this NumPy lacks are left out.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np

from autograd import Value, vjp
from autograd.arrays import ValueArray

Function = Callable[[Any], Any]

V = np.array([0.3, -1.2, 2.5, 0.7, -0.4])
W = np.array([1.5, 0.2, -0.7, 2.2, 0.9])
P = np.abs(V) + 0.1
M = np.array([[0.4, -1.3, 2.1, 0.7], [-0.6, 0.9, 1.7, -2.2], [1.1, 0.2, -0.8, 0.5]])
S = np.array([[1.2, -0.3, 0.8], [0.5, 2.1, -1.4], [-0.9, 0.6, 0.1]])
T = np.array([M, M[::-1] * 1.37 + 0.113])
PLACES = np.array([0.0, 1.0, 3.0, 3.5, 5.0])
XP = np.array([0.0, 1.0, 2.0, 4.0])
FP = np.array([1.0, 3.0, -1.0, 2.0])
Q = np.array([-1.0, 0.5, 1.0, 1.7, 4.0, 5.0, 0.0])
EDGES = np.array([-2.0, 0.1, 1.0, 3.0])
NAMES = {name: x for name, x in globals().items() if isinstance(x, np.ndarray)} | {"np": np}

METHODS = (
    "inverted_cdf averaged_inverted_cdf closest_observation interpolated_inverted_cdf hazen weibull linear "
    "median_unbiased normal_unbiased lower higher midpoint nearest"
).split()
REDUCTIONS = (
    "ptp sum prod mean std var max min nansum nanprod nanmean nanstd nanvar nanmax nanmin median nanmedian"
).split()


def _lines(text: str) -> list[str]:
    return [line for line in map(str.strip, text.splitlines()) if line]


def _each(text: str, *choices: Any) -> list[str]:
    """Return lines with `{0}` and so on replaced by each choice."""
    return [line.format(*chosen) for line in _lines(text) for chosen in product(*choices)]


OF_A_VECTOR = [
    *_lines(
        """
        np.interp(Q, XP, x[:4])
        np.interp(x, XP, FP)
        np.interp(x[:, None] + 1.1 * W, XP, FP, left=7.0, right=x[0] * 2)
        np.interp(x, XP, FP, period=3.5)
        np.interp(Q, np.cumsum(x * x) - 0.2, x)
        np.interp(Q, XP[:1], x[:1])
        np.gradient(x)
        np.gradient(x, 0.5)
        np.gradient(x, 0.5, edge_order=2)
        np.gradient(x, PLACES)
        np.gradient(x, PLACES, edge_order=2)
        np.gradient(x, np.arange(5.0), edge_order=2)
        np.gradient(V, np.cumsum(np.exp(x)))
        np.gradient(V, np.cumsum(np.exp(x)), edge_order=2)
        np.cov(x, W)
        np.cov(W, x)
        np.cov(x)
        np.cov(M, aweights=np.exp(x[:4]))
        np.corrcoef(x, W)[0, 1]
        np.corrcoef(x)
        np.quantile(x, [0.3, 0.6], weights=W + 1, method="inverted_cdf")
        np.percentile(x, 30, weights=W + 1, method="inverted_cdf")
        np.nanquantile(x, [0.3, 0.6], weights=W + 1, method="inverted_cdf")
        np.nanmedian(x)
        np.trapezoid(x)
        np.trapezoid(x, dx=0.3)
        np.trapezoid(x, PLACES)
        np.trapezoid(V, np.cumsum(x * x))
        np.diff(x, prepend=1.0, append=x[:2])
        np.ediff1d(x, to_begin=1.0, to_end=[2.0, 3.0])
        np.cumulative_sum(x, include_initial=True)
        np.cumulative_prod(x)
        np.einsum("i,j->ij", x, x)
        np.einsum("i,j,k->", x, x, x, optimize=True)
        np.einsum("i,j,j->", x, x, x, optimize="greedy")
        np.histogram(x, bins=[-2, 0, 1, 3])[0] * np.sum(x)
        np.histogram(x)[0] * np.sum(x)
        np.histogram(x, bins=4)[1]
        np.histogram(x, bins=3, range=(-1, 2))[0] * x[0]
        np.histogram(x, bins=3, density=True)[0] * x[0]
        np.histogram(x, bins=[-2.0, 0, 1, 3], density=True)[0] * x[0]
        np.histogram(x, bins=EDGES, weights=x)[0]
        np.histogram(V, bins=EDGES, weights=x)[0]
        np.histogram(V, bins=4, weights=x)[0]
        np.histogram(V, bins=EDGES + x[:4] * 0.01, density=True)[0]
        np.histogram2d(x, W, bins=[[-2, 0, 3], [-1, 1, 3]])[0] * x[0]
        np.bincount([0, 1, 1, 3, 0], weights=x)
        np.bincount([0, 1, 1, 3, 0], weights=x, minlength=6)
        np.bincount(np.digitize(x, [0.0])) * x[0]
        np.digitize(x, [-1, 0, 1.0]) * np.sum(x)
        np.digitize([0.31, 2.0], np.sort(x)) * np.sum(x)
        np.digitize([0.31, 2.0], np.sort(x)[::-1], right=True) * np.sum(x)
        np.searchsorted(np.sort(x), [0.0, 1.0]) * np.sum(x)
        np.piecewise(x, [x < 0, x >= 0], [lambda x: -x ** 2, lambda x: x ** 3])
        np.piecewise(x, [x < 0], [lambda x: x * x, 7.0])
        np.piecewise(x, [x < 0, x > 1], [1.0, lambda x: 2 * x, lambda x: x * x])
        np.piecewise(x, [x < 0, x > 1], [lambda x, a: a * x, lambda x, a: 2 * x, lambda x, a: x * x], 3.0)
        np.select([x < 0, x < 1], [x * x, np.exp(x)], default=x)
        np.select([x < 0], [x * x])
        np.select([x < 0, x > 1], [1.0, x], default=2.0)
        np.choose([0, 1, 0, 1, 0], [x, x * x])
        np.where(x > 0, x ** 2, -x)
        np.where(x > 0, x ** 2, 0.0)
        np.sum(np.where(x > 0)[0]) * x
        np.where(V > 0, x, 1.0)
        np.clip(x, -0.5, 1.0)
        np.clip(x, None, 1.0)
        np.clip(x, -0.5, None)
        np.clip(V, x - 0.2, x + 0.1)
        x.clip(-0.5, 1.0)
        x.clip(max=1.0)
        np.pad(x, (1, 2), constant_values=(3.0, x[0]))
        np.pad(x, (1, 2), constant_values=(3.0, 4.5))
        np.pad(x, 2, mode="reflect", reflect_type="odd")
        np.pad(x, 2, mode="symmetric", reflect_type="odd")
        np.pad(x, 2, mode="linear_ramp", end_values=(1.0, 2.0))
        np.pad(x, 2, mode="mean", stat_length=2)
        np.pad(x, 2, mode="maximum", stat_length=(1, 3))
        np.tile(x, (2, 3))
        np.repeat(x, [1, 0, 2, 1, 3])
        np.roll(x, 2)
        np.kron(x, W)
        np.outer(x, W)
        np.outer(W, x)
        np.multiply.outer(x, M)
        np.subtract.outer(x, x)
        np.inner(x, W)
        np.cross(x[:3], W[:3])
        np.cross(W[:3], x[:3])
        np.linalg.cross(x[:3], W[:3])
        np.linalg.outer(x, W)
        np.meshgrid(x, W)[0]
        np.meshgrid(W, x, indexing="ij")[1]
        np.meshgrid(W, x, sparse=True)[1]
        np.meshgrid(W, x, copy=False)[1]
        np.polyval(x, W)
        np.polyval([1.0, 2.0, 3.0], x)
        np.polyval([1.0, 2.0, 3.0], x[0])
        np.polyder(x)
        np.polyint(x)
        np.polymul(x, W)
        np.polyadd(x, W[:2])
        np.polysub(W[:2], x)
        np.polydiv(x, [1.0, 2.0])[0]
        np.polydiv(x, [1.0, 2.0])[1]
        np.polydiv(W, x[:2])[0]
        np.polydiv(W, x[:2])[1]
        np.polynomial.polynomial.polyval(x, [1.0, 2.0, 3.0])
        np.polynomial.chebyshev.chebval(x, [1.0, 2.0, 3.0])
        np.vander(x)
        np.vander(x, 3, increasing=True)
        np.vectorize(lambda t: t * t)(x)
        np.average(x)
        np.average(x, weights=W)
        np.average(V, weights=x + 3)
        np.average(x, weights=W, returned=True)[0]
        np.average(V, weights=x + 3, returned=True)[1]
        np.sum(x, initial=3.0)
        np.prod(x, initial=x[0])
        np.mean(x, dtype=float)
        np.sum(x, dtype=np.float64)
        np.nansum(x, dtype=float)
        x.sum(dtype=float)
        x.cumsum(dtype="float64")
        x.astype(float)
        np.diag(x)
        np.diag(x, -1)
        np.diagflat(x)
        np.concatenate([x, W, x])
        np.stack([W, x], axis=1)
        np.hstack([x, W])
        np.vstack([x, W])
        np.dstack([x, W])
        np.column_stack([x, W])
        np.append(x, [1.0, x[0]])
        np.insert(x, 1, x[0] * 2)
        np.insert(x, [1, 3], [7.0, 8.0])
        np.delete(x, [1, 3])
        np.split(x, [1, 3])[1]
        np.array_split(x, 3)[0]
        np.expand_dims(x, 0)
        np.squeeze(x[None])
        np.atleast_2d(x)
        np.broadcast_to(x, (2, 5))
        np.broadcast_arrays(x, M[:1, :1])[0]
        np.resize(x, (2, 4))
        np.take(x, [0, 3, 3])
        np.take(x, [0, 9], mode="clip")
        np.compress([True, False, True], x)
        np.extract(V > 0, x)
        np.sort(x)
        np.partition(x, 2)[2]
        x[np.argsort(x)]
        x[np.lexsort((x, W))]
        np.unique(x)
        np.union1d(x, W)
        np.unwrap(x * 4)
        np.angle(x) + x
        np.real(x)
        np.imag(x) + x
        np.conj(x)
        np.real_if_close(x)
        np.isclose(x, V, atol=0.001) * x
        np.allclose(x, V, atol=0.001) * x
        np.array_equal(x, V + 1) * x
        np.isreal(x) * x
        np.isnan(x) * x
        np.fix(x) + x
        np.round(x + 0.013, 1) + x
        (x + 0.013).round(1) + x
        np.sinc(x)
        np.nan_to_num(x)
        np.heaviside(x, 0.5) + x
        np.spacing(x) + x
        np.full_like(x, x[0])
        np.zeros_like(x) + x
        np.zeros_like(x, shape=()) + x[0]
        np.ones_like(x) * x
        np.copy(x)
        np.linspace(x[0], x[1], 5)
        np.linspace(x, W, 3)
        np.linspace(x[0], x[1], 5, retstep=True)[1]
        np.logspace(x[0], x[1], 4)
        np.arange(4) * x[0]
        np.add.reduceat(x, [0, 2, 4])
        np.multiply.reduceat(x, [0, 2])
        np.maximum.accumulate(x)
        np.logaddexp.reduce(x)
        np.hypot.reduce(x)
        x.cumsum()
        x.item(2) * 2
        x.repeat(2)
        np.trim_zeros(x)
        x[np.nonzero(x)]
        x[np.flatnonzero(x > 0)]
        np.argwhere(x > 0) * x[0]
        np.lib.stride_tricks.sliding_window_view(x, 3)
        np.nanargmin(x) * x
        np.modf(x)[0]
        np.frexp(x)[0]
        """
    ),
    *_each(
        """
        np.convolve(x, W[:3], "{0}")
        np.convolve(W[:2], x, "{0}")
        np.convolve(x, x[:3], "{0}")
        np.correlate(x, W[:3], "{0}")
        np.correlate(W[:3], x, "{0}")
        """,
        ["full", "same", "valid"],
    ),
    *_each(
        """
        np.quantile(x, [0.0, 0.1, 0.35, 0.5, 0.9, 1.0], method="{0}")
        np.percentile(x, 37.0, method="{0}")
        np.nanquantile(x, [0.2, 0.6], method="{0}")
        """,
        METHODS,
    ),
    *_each("np.diff(x, {0})", range(4)),
    *_each("np.{0}(x)", ["cumsum", "cumprod", "nancumsum", "nancumprod"]),
    *_each("np.{0}(x, ddof=1)", ["std", "var", "nanstd", "nanvar"]),
    *_each("np.{0}(x, where=V > -1)", "std var nanstd nanvar sum prod mean nansum".split()),
    *_each("np.{0}(x, where=V > -1, initial=0.0)", ["max", "min"]),
    *_each(
        "np.pad(x, 2, mode='{0}')",
        "constant edge linear_ramp maximum mean median minimum reflect symmetric wrap".split(),
    ),
]
OF_A_MATRIX = [
    *_lines(
        """
        np.interp(x, XP, FP)
        np.gradient(x, axis=0)
        np.gradient(x, edge_order=2)[1]
        np.gradient(x, 2.0, XP, axis=(0, 1))[1]
        np.gradient(x, 2.0, XP, axis=(0, 1))[0]
        np.stack(np.gradient(x))
        np.cov(x)
        np.cov(x, rowvar=False)
        np.cov(x, bias=True)
        np.cov(x, ddof=0)
        np.cov(x, dtype=np.float64)
        np.cov(x, M[:2])
        np.cov(x, aweights=P[:4])
        np.cov(x, fweights=[1, 2, 3, 1])
        np.cov(x, fweights=[1, 2, 3, 1], aweights=P[:4])
        np.cov(x, aweights=P[:4], ddof=0)
        np.cov(x.T, M.T, rowvar=False)
        np.corrcoef(x)
        np.corrcoef(x, rowvar=False)
        np.quantile(x, [[0.3, 0.4], [0.1, 0.9]], axis=0)
        np.quantile(x, [0.3, 0.6], axis=1, weights=P[:4], method="inverted_cdf")
        np.quantile(x, 0.3, axis=1, weights=P[:4], method="inverted_cdf", keepdims=True)
        np.nanpercentile(x, [20, 50], axis=1)
        np.trapezoid(x, axis=0)
        np.diff(x, axis=0)
        np.histogramdd(x, bins=2)[1][0]
        np.histogramdd(x[:, :2], bins=(2, 3))[0] * x[0, 0]
        np.histogramdd(x[:, :2], bins=(2, [-3.0, 0.0, 1.0, 4.0]), density=True)[0] * x[0, 0]
        np.histogramdd(x[:, :2], bins=2, range=[(-1, 1), (-2, 1)])[0] * x[0, 0]
        np.histogramdd((x[0], x[1]), bins=3)[0] * x[0, 0]
        np.histogramdd(x[:, :2], bins=2, weights=x[:, 0])[0]
        np.einsum("ij,j->i", x, W[:4])
        np.einsum("ij,jk", S, x)
        np.einsum("ij,jk,kl->il", S, x, M.T)
        np.einsum("ij,jk,kl->il", S, x, M.T, optimize=True)
        np.repeat(x, 2, axis=1)
        np.roll(x, (1, -1), axis=(0, 1))
        np.triu(x, 1)
        np.inner(x, M)
        np.vdot(x, M)
        np.apply_along_axis(lambda r: r * np.sum(r), 1, x)
        np.apply_along_axis(np.sum, 0, x)
        np.average(x, axis=1, weights=W[:4])
        np.average(x, axis=0, returned=True)[1] * x[0]
        np.average(x, axis=1, weights=W[:4], returned=True)[1] * x[0, 0]
        np.average(x, axis=1, weights=W[:4], keepdims=True)
        np.trace(x, 1)
        np.diag(x)
        np.hsplit(x, 2)[1]
        np.flip(x, 0)
        np.fliplr(x)
        np.rot90(x)
        np.swapaxes(x, 0, 1)
        np.ravel(x, order="F")
        np.reshape(x, (4, 3))
        np.take_along_axis(x, np.argsort(M, axis=1), 1)
        np.sort(x, axis=0)
        T @ x.T
        np.tensordot(T, x, axes=([2], [1]))
        np.tensordot(x, M, 2)
        np.linalg.multi_dot([S, x, M.T])
        np.matvec(x, W[:4])
        np.vecmat(W[:3], x)
        np.vecdot(x, M)
        np.matrix_transpose(x)
        np.linalg.tensordot(x, M, axes=2)
        np.linalg.vecdot(x, M)
        np.add.accumulate(x, axis=1)
        np.maximum.reduce(x, axis=(0, 1))
        np.logaddexp.reduce(x, axis=(0, 1))
        x.sum(0)
        x.dot(W[:4])
        x.max()
        x[np.ix_([0, 2], [1, 3])]
        np.pad(x, ((1, 2), (0, 1)), mode="median", stat_length=((1, 2), (3, 2)))
        """
    ),
    *_each("np.quantile(x, 0.4, axis=1, method='{0}', keepdims=True)", METHODS),
    *_each("np.{0}(x, axis=1)", ["cumsum", "cumprod", "nancumsum", "nancumprod"]),
    *_each("np.{0}(x)", ["cumsum", "cumprod", "nancumsum", "nancumprod"]),
    *_each("np.{0}(x, axis={1}, keepdims={2})", REDUCTIONS, [None, 0, -1], [False, True]),
    *_each(
        "np.{0}(x, axis={1}, keepdims={2}) * x",
        "count_nonzero argmax argmin nanargmax any all".split(),
        [None, 0],
        [False, True],
    ),
    *_each(
        "np.pad(x, ((1, 2), (0, 1)), mode='{0}')",
        "constant edge linear_ramp maximum mean median minimum reflect symmetric wrap".split(),
    ),
]
OF_A_SQUARE = _lines(
    """
    np.einsum("ii", x)
    np.einsum("ii->i", x)
    np.einsum("ij->ji", x)
    np.einsum("ij->", x)
    np.einsum("i,j,ij", V[:3], V[:3], x)
    np.einsum(x, [0, 1], W[:3], [1], [0])
    np.einsum("ij,ij->", x, x)
    np.tril(x)
    np.kron(x, M[:2, :2])
    np.kron(M[:2, :2], x)
    np.cross(x, M[:, :3], axis=0)
    np.trace(x)
    np.block([[x, np.zeros((3, 1))], [np.ones((1, 3)), 2.0]])
    x @ M
    np.dot(x, M)
    np.linalg.trace(x)
    np.linalg.matmul(x, M)
    np.linalg.diagonal(x)
    np.tensordot(x, x)
    np.tril(np.ones((3, 3))) * x
    x[np.tril_indices(3)]
    x[np.mask_indices(3, np.triu)]
    """
)
OF_A_STACK = [
    *_lines(
        """
        np.quantile(x, 0.3, axis=(0, 2))
        np.nanmedian(x, axis=(0, 2))
        np.einsum("bij,bij->b", x, T)
        np.einsum("...j,j->...", x, W[:4])
        np.tril(x, -1)
        np.apply_over_axes(np.sum, x, [0, 2])
        np.diagonal(x, axis1=1, axis2=2)
        np.moveaxis(x, 0, 2)
        np.transpose(x, (2, 0, 1))
        np.dot(x, M.T)
        """
    ),
    *_each("np.{0}(x, axis=(0, 2))", ["sum", "prod", "mean", "max", "min", "nansum", "nanmax", "ptp"]),
]


def _is_here(text: str) -> bool:
    """Say whether this NumPy has what an expression asks for."""
    found: Any
    for path in re.findall(r"\bnp\.([a-z_][\w.]*)", text):
        found = np
        for part in path.split("."):
            found = getattr(found, part, None)
        if found is None:
            return False
    if np.lib.NumpyVersion(np.__version__) >= "2.0.0":
        return True
    weighted = "weights=" in text and "inverted_cdf" in text
    return not weighted and not any(part in text for part in ("linspace(x[0]", "logspace(", "linear_ramp"))


EXPRESSIONS = {
    text: at
    for at, texts in ((V, OF_A_VECTOR), (M, OF_A_MATRIX), (S, OF_A_SQUARE), (T, OF_A_STACK))
    for text in texts
    if _is_here(text)
}
"""Each with an array at which it is smooth."""


def function_of(text: str) -> Function:
    """Return an expression as a function of x."""
    function: Function = eval(f"lambda x: {text}", dict(NAMES))
    return function


def outcome(f: Function, x: Any) -> tuple[Any, list[str]]:
    """Return what a function gives or raises, and the warnings, without the names of operations."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            out = f(x)
        except Exception as error:
            out = error
    return out, sorted({re.sub(" encountered in .*", "", str(x.message)) for x in caught})


def on_values(f: Function) -> Function:
    """Return a function that gives the numbers that f gives for Values."""

    def numbers(x: Any) -> Any:
        seen: list[Any] = []

        def looked_at(x: Any) -> Any:
            seen.append(f(x))
            return seen[0]

        value = vjp(looked_at, x)[0]
        assert isinstance(seen[0], (Value, ValueArray, float)) or seen[0].dtype == np.float64
        return value

    return numbers


def differences(f: Function, x: Any, step: float = 1e-6) -> Any:
    """Return all derivatives of f by central differences."""
    found = np.empty(np.shape(f(x)) + x.shape)
    for index in np.ndindex(x.shape):
        above, below = x.copy(), x.copy()
        above[index] += step
        below[index] -= step
        found[(..., *index)] = (np.asarray(f(above)) - np.asarray(f(below))) / (2.0 * step)
    return found
