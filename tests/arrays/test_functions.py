"""NumPy's functions on arrays of Values: norms and deviations where they are 0, and NaN as among floats."""

from __future__ import annotations

import operator
from collections.abc import Callable
from math import inf, nan
from typing import Any

import numpy as np
import pytest

from autograd import compile, grad, hessian, jacobian, value_and_grad, vmap

Function = Callable[[Any], Any]

NANS = np.array([1.0, nan, 3.0, 2.0])
TIES = np.array([3.0, 1.0, 3.0, 1.0])
INFINITE = np.array([inf, -inf, 1.0, inf])
ARRAYS = {
    "with NaN": NANS,
    "with ties": TIES,
    "infinite": INFINITE,
    "all NaN": np.full(3, nan),
    "zeros": np.zeros(3),
}
ORDERS = [None, 1, 2, inf, -inf, 0, 3, 1.5, 0.5, -1]
MATRIX_ORDERS = [None, "fro", 1, -1, inf, -inf]


def same_as_numpy(f: Function, at: np.ndarray) -> None:
    """Check the numbers, and their shapes, that a function gives inside a transformation."""
    seen: list[Any] = []

    def looked_at(x: Any) -> Any:
        out = f(x)
        seen.append([np.shape(part) for part in out] if isinstance(out, tuple) else np.shape(out))
        return [np.ravel(part).tolist() for part in (out if isinstance(out, tuple) else (out,))]

    with np.errstate(all="ignore"):
        got, _ = value_and_grad(lambda x: (np.sum(x) * 0.0, looked_at(x)), has_aux=True)(at)[0], None
        expected = f(at)
    parts = expected if isinstance(expected, tuple) else (expected,)
    assert seen == [[np.shape(part) for part in parts] if isinstance(expected, tuple) else np.shape(expected)]
    numbers = got[1] if isinstance(got, tuple) else got
    for a, b in zip(parts, numbers, strict=True):
        np.testing.assert_allclose(b, np.ravel(a), rtol=1e-13)


# Norms


@pytest.mark.parametrize("keepdims", [False, True])
@pytest.mark.parametrize("name", ARRAYS)
def test_a_norm_is_numpys(name: str, keepdims: bool) -> None:
    x = ARRAYS[name]
    matrix = np.array([x, x[::-1], 2.0 * x])
    for order in ORDERS:
        same_as_numpy(lambda v, order=order: np.linalg.norm(v, order, keepdims=keepdims), x)  # type: ignore[call-overload, misc]
        for axis in (0, 1, (-1,)):
            same_as_numpy(lambda v, o=order, a=axis: np.linalg.norm(v, o, axis=a, keepdims=keepdims), matrix)  # type: ignore[misc]
    for order in MATRIX_ORDERS:  # type: ignore[assignment]
        for axis in (None, (0, 1), (1, 0)):  # type: ignore[assignment]
            same_as_numpy(lambda v, o=order, a=axis: np.linalg.norm(v, o, axis=a, keepdims=keepdims), matrix)  # type: ignore[misc]
    same_as_numpy(np.linalg.norm, np.array([matrix, matrix]))
    for newer in ("vector_norm", "matrix_norm"):  # of NumPy 2
        same_as_numpy(getattr(np.linalg, newer, np.linalg.norm), matrix)


@pytest.mark.parametrize("order", ORDERS[:-1])
def test_where_a_norm_is_zero_so_is_its_gradient(order: Any) -> None:
    zeros = np.zeros(3)
    np.testing.assert_array_equal(grad(lambda x: np.linalg.norm(x, order))(zeros), zeros)
    np.testing.assert_array_equal(grad(lambda x: np.linalg.norm(x, order) ** 2)(zeros), zeros)
    rows = np.array([[0.0, 0.0], [3.0, 4.0]])
    slope = grad(lambda x: np.sum(np.linalg.norm(x, order, axis=1)))(rows)
    np.testing.assert_array_equal(slope[0], [0.0, 0.0])
    powers = rows[1] if isinstance(order, (int, float)) and order not in (0, inf, -inf) else None
    if powers is not None:  # d|x|/dx_i = (x_i / |x|)**(p - 1)
        p = float(order)
        np.testing.assert_allclose(slope[1], (powers / np.sum(powers**p) ** (1 / p)) ** (p - 1), rtol=1e-13)


@pytest.mark.parametrize("order", MATRIX_ORDERS)
def test_where_a_norm_of_a_matrix_is_zero_so_is_its_gradient(order: Any) -> None:
    np.testing.assert_array_equal(
        grad(lambda x: np.linalg.norm(x, order))(np.zeros((2, 2))), np.zeros((2, 2))
    )


def test_gradients_of_norms_are_the_textbooks() -> None:
    x = np.array([0.0, -3.0, 4.0])
    np.testing.assert_allclose(grad(np.linalg.norm)(x), [0.0, -0.6, 0.8], rtol=1e-15)
    np.testing.assert_allclose(
        hessian(np.linalg.norm)(x), (np.eye(3) - np.outer(x, x) / 25.0) / 5.0, rtol=1e-14, atol=1e-16
    )
    np.testing.assert_array_equal(grad(lambda v: np.linalg.norm(v, 1))(x), [0.0, -1.0, 1.0])
    np.testing.assert_array_equal(grad(lambda v: np.linalg.norm(v, inf))(x), [0.0, 0.0, 1.0])
    tied = np.array([2.0, -2.0, 1.0])
    np.testing.assert_array_equal(grad(lambda v: np.linalg.norm(v, inf))(tied), [0.5, -0.5, 0.0])
    matrix = np.array([[1.0, 2.0], [3.0, -4.0]])
    np.testing.assert_array_equal(grad(lambda v: np.linalg.norm(v, 1))(matrix), [[0.0, 1.0], [0.0, -1.0]])
    np.testing.assert_array_equal(grad(lambda v: np.linalg.norm(v, inf))(matrix), [[0.0, 0.0], [1.0, -1.0]])


def test_orders_that_are_none_are_refused_as_by_numpy() -> None:
    with pytest.raises(ValueError, match="Invalid norm order 'fro' for vectors"):
        grad(lambda x: np.linalg.norm(x, "fro"))(np.ones(2))
    with pytest.raises(ValueError, match="Invalid norm order for matrices"):
        grad(lambda x: np.linalg.norm(x, 3))(np.ones((2, 2)))
    with pytest.raises(ValueError, match="Invalid norm order for matrices"):
        grad(lambda x: np.linalg.norm(x, "nucleus"))(np.ones((2, 2)))  # type: ignore[call-overload]


DEVIATIONS: dict[str, Function] = {
    "np.std": np.std,
    "x.std": lambda x: x.std(),
    "ddof": lambda x: np.std(x, ddof=1),
    "np.nanstd": np.nanstd,
    "np.var": np.var,
}


@pytest.mark.parametrize("name", DEVIATIONS)
def test_where_a_deviation_is_zero_so_is_its_gradient(name: str) -> None:
    np.testing.assert_array_equal(grad(DEVIATIONS[name])(np.ones(3)), np.zeros(3))


def test_deviations_along_an_axis() -> None:
    x = np.array([[1.0, 2.0], [1.0, 4.0]])
    for f in (np.std, lambda v, axis: v.std(axis=axis), np.nanstd):
        slope = grad(lambda v, f=f: np.sum(f(v, axis=0)))(x)
        np.testing.assert_allclose(slope, [[0.0, -0.5], [0.0, 0.5]], rtol=1e-15)
    np.testing.assert_array_equal(
        grad(lambda v: np.std(v[~np.isnan(v)]))(np.array([1.0, nan, 1.0])), np.zeros(3)
    )


def test_the_square_root_itself_is_as_steep_at_zero_as_it_is() -> None:
    assert grad(lambda x: np.sum(np.sqrt(x)))(np.zeros(1)).tolist() == [inf]
    assert grad(lambda x: np.sum(np.hypot(x, x)))(np.zeros(1)).tolist() == [0.0]


# NaN and ties

FUNCTIONS: dict[str, Function] = {
    **{
        name: getattr(np, name)
        for name in (
            "sort argsort argmax argmin max min median ptp unique cumsum sum nanmax nanmin nansum nanprod "
            "nanmean nanmedian nanvar nancumsum count_nonzero"
        ).split()
    },
    **{f"x.{name}": operator.methodcaller(name) for name in "argsort argmax argmin max min".split()},
    "x.sort": lambda x: (y := x.copy(), y.sort())[0],
    "percentile": lambda x: np.percentile(x, [0, 25, 50]),
    "quantile": lambda x: np.quantile(x, 0.5),
    "partition": lambda x: np.sort(np.partition(x, 1)[:2]),
    "argpartition": lambda x: np.sort(x[np.argpartition(x, 1)[:2]]),
    "clip": lambda x: np.clip(x, 0.0, 2.0),
    "clip by NaN": lambda x: np.clip(x, nan, 2.0),
    "x.clip": lambda x: x.clip(2.0, 0.0),
    "digitize": lambda x: np.digitize(x, [0.0, 1.0, 2.0]),
    "nan_to_num": lambda x: np.nan_to_num(x, nan=7.0, posinf=3.0),
    "nan_to_num in place": lambda x: (y := x.copy(), np.nan_to_num(y, copy=False))[0],
    "unique with all": lambda x: np.unique(x, True, True, True),
    "unique with places": lambda x: np.unique(x, return_inverse=True),
    "unique, NaN apart": lambda x: np.unique(x, equal_nan=False),
    "array_equal": lambda x: np.array_equal(x, x, equal_nan=True),
    "array_equal, NaN apart": lambda x: np.array_equal(x, x),
    "array_equal, shapes": lambda x: np.array_equal(x, x[1:], equal_nan=True),
    "average": lambda x: np.average(x, weights=np.arange(1.0, len(x) + 1)),
    "max in some places": lambda x: np.max(x, where=np.arange(len(x)) != 1, initial=-5.0),
    "isclose": lambda x: np.isclose(x, 1.0),
    "argmax keepdims": lambda x: np.argmax(x, keepdims=True),
    **{
        f"searchsorted {side}": lambda x, side=side: np.searchsorted(np.sort(x), [nan, 0, 1, 3], side=side)  # type: ignore[misc]
        for side in ("left", "right")
    },
    "searchsorted of Values": lambda x: np.searchsorted([-1.0, 0.0, 1.0, inf, nan], x, side="right"),
    "searchsorted by a sorter": lambda x: np.searchsorted(x, 1.5, sorter=np.argsort(x)),
    "lexsort": lambda x: np.lexsort((x, np.round(x))),
    "lexsort of rows": lambda x: np.lexsort(np.stack([x, -np.abs(x)])),
    "x.searchsorted": lambda x: np.sort(x).searchsorted(1.0),
}  # fmt: skip
OF_MATRICES = "sort argmax argmin max min sum median nanmax nanargmin ptp".split()


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("which", ARRAYS)
@pytest.mark.parametrize("name", FUNCTIONS)
def test_nan_ties_and_infinities_are_as_among_floats(name: str, which: str) -> None:
    x = ARRAYS[which]
    if "arg" in name and which == "with ties" and "argm" not in name:
        x = np.array([3.0, 1.0, 4.0, 1.5])  # NumPy's order of equal numbers is that of the processor
    if which == "all NaN" and "nanarg" in name:
        return
    same_as_numpy(FUNCTIONS[name], x)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("axis", [0, 1, -1])
@pytest.mark.parametrize("name", OF_MATRICES)
def test_along_an_axis_too(name: str, axis: int) -> None:
    matrix = np.array([NANS, NANS[::-1], 2.0 * TIES])
    same_as_numpy(lambda x: getattr(np, name)(x, axis=axis), matrix)
    if name in ("argmax", "argmin"):
        same_as_numpy(lambda x: getattr(x, name)(axis=axis, keepdims=True), matrix)
        same_as_numpy(
            lambda x: getattr(x, name)(axis=axis, out=np.zeros(x.shape[1 - axis % 2], np.intp)), matrix
        )
        same_as_numpy(lambda x: getattr(np, name)(x, keepdims=True), matrix)


def test_places_are_errors_where_numpys_are() -> None:
    for f in (np.argmax, np.argmin):
        with pytest.raises(ValueError, match="empty sequence"):
            grad(lambda x, f=f: x[f(x[:0])])(np.ones(2))
    with pytest.raises(ValueError, match="out of bounds"):
        grad(lambda x: x[np.argpartition(x, 7)[0]])(np.ones(2))
    with pytest.raises(ValueError, match="side must be"):
        grad(lambda x: x[np.searchsorted(x, 1.0, side="middle")])(np.ones(2))  # type: ignore[call-overload]
    with pytest.raises(TypeError, match="unique"):
        grad(lambda x: np.unique(x, axis=0)[0, 0])(np.ones((2, 2)))


def test_all_nan_is_told_at_the_users_line() -> None:
    for f in (np.nanmax, np.nanmin):
        with pytest.warns(RuntimeWarning, match="All-NaN slice encountered") as given:
            assert np.isnan(value_and_grad(f)(np.array([nan, nan]))[0])
        assert given[0].filename == __file__


def test_ties_share_the_gradient() -> None:
    for f in (np.max, np.nanmax, lambda x: x.max(), lambda x: np.linalg.norm(x, inf)):
        np.testing.assert_array_equal(grad(f)(np.array([3.0, 1.0, 3.0])), [0.5, 0.0, 0.5])
    for f in (np.min, np.nanmin, lambda x: x.min()):
        np.testing.assert_array_equal(grad(f)(np.array([1.0, 3.0, 1.0])), [0.5, 0.0, 0.5])
    np.testing.assert_array_equal(grad(np.nanmax)(np.array([3.0, nan, 1.0])), [1.0, 0.0, 0.0])
    np.testing.assert_array_equal(
        jacobian(lambda x: np.clip(x, 1.0, 3.0))(np.array([1.0, 2.0, 3.0])), np.eye(3)
    )


# Compiled, and in batches

BENIGN = np.array([2.0, 1.0, 3.0, 0.5])
SCALARS: dict[str, Function] = {
    "exp": lambda x: np.sum(np.exp(x)),
    "1 / x": lambda x: np.sum(1 / x),
    "log": lambda x: np.log(x)[0],
    "log in where": lambda x: np.sum(np.where(x > 0, np.log(x), 0.0)),
    "power": lambda x: (x**-1.5)[0],
    "power of power": lambda x: np.power(x, x[::-1])[1],
    "sqrt": lambda x: np.sqrt(x)[1],
    "arcsin": lambda x: np.arcsin(x)[0],
    "remainder": lambda x: (1.0 % x)[0],
    "floor": lambda x: np.floor(x)[0] * x[1],
    "rint and sign": lambda x: (np.rint(x) * np.sign(x))[1],
    "spacing": lambda x: np.spacing(x)[0] * x[0],
    "a Value after": lambda x: np.sum(np.exp(x)) * x[0],
    "softmax": lambda x: (np.exp(x) / np.sum(np.exp(x)))[0],
    "norm": np.linalg.norm,
    "norm of order 1.5": lambda x: np.linalg.norm(x, 1.5),
    "norm of order inf": lambda x: np.linalg.norm(x, inf),
    "std": np.std,
    "max": np.max,
    "nanmax": np.nanmax,
    "median": np.median,
    "argmax": lambda x: x[np.argmax(x)] * 2.0,
    "argmin": lambda x: x[np.argmin(x)] * 2.0,
    "argmin along rows": lambda x: x[np.argmin(x.reshape(2, 2), axis=1)[0]] * 2.0,
    "argsort": lambda x: (x[np.argsort(x)] * np.arange(4.0))[2],
    "argsort of rows": lambda x: x[np.argsort(x.reshape(2, 2), axis=0)[1, 0]],
    "searchsorted": lambda x: x[np.searchsorted(np.sort(x), x[0]) - 1],
    "searchsorted, right": lambda x: x[np.searchsorted([0.0, 1.0], x, "right", sorter=[0, 1])[0]],  # type: ignore[index]
    "unique": lambda x: np.unique(x)[0],
    "nan_to_num": lambda x: np.sum(np.nan_to_num(x)),
}
POINTS = [
    BENIGN,
    np.zeros(4),
    np.array([-0.0, 0.0, 1.0, 1.0]),
    np.array([-1.0, 2.0, -3.0, 0.0]),
    np.array([1000.0, -1000.0, 1.0, 1e308]),
    np.array([nan, 1.0, 2.0, 3.0]),
    np.array([1.0, nan, 2.0, nan]),
    np.array([inf, -inf, 1.0, 0.0]),
    np.array([1.0, 1.0, 1.0, 1.0]),
]


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("backend", ["python", "numpy", "llvm"])
@pytest.mark.parametrize("name", SCALARS)
def test_compiled_it_is_the_same(name: str, backend: str) -> None:
    if backend == "llvm":
        pytest.importorskip("llvmlite")
    f = SCALARS[name]
    plain = [value_and_grad(f)(x) for x in POINTS]
    for order in (range(len(POINTS)), reversed(range(len(POINTS)))):
        fast = compile(f, backend=backend)
        for i in order:
            value, slope = fast.value_and_grad(POINTS[i])
            np.testing.assert_allclose(value, plain[i][0], rtol=1e-13)
            np.testing.assert_allclose(fast(POINTS[i]), plain[i][0], rtol=1e-13)
            np.testing.assert_allclose(slope, plain[i][1], rtol=1e-12)
    values, slopes = vmap(compile(f, backend=backend), reduce=None).value_and_grad(np.array(POINTS))
    np.testing.assert_allclose(values, [value for value, _ in plain], rtol=1e-13)
    np.testing.assert_allclose(slopes, [slope for _, slope in plain], rtol=1e-12)


def test_a_compiled_function_gives_no_warnings_and_a_recording_of_it_neither() -> None:
    with np.errstate(all="raise"):
        fast = compile(lambda x: np.sum(1 / x))
        assert fast(np.zeros(1)) == inf
        assert fast(np.array([2.0])) == 0.5
        assert fast.grad(np.zeros(1)).tolist() == [-inf]


def test_compiled_the_element_of_an_array_raises() -> None:
    fast = compile(lambda x: 1 / x[0] + np.sum(np.log(x)))
    np.testing.assert_array_equal(fast.grad(np.array([2.0, -1.0])), [-0.25 + 0.5, -1.0])
    with pytest.raises(ZeroDivisionError):
        fast.grad(np.array([0.0, 1.0]))
    np.testing.assert_array_equal(fast.grad(np.array([2.0, 0.0])), [-0.25 + 0.5, inf])


def test_a_point_at_which_an_array_overflows_is_one_like_any_other() -> None:
    calls: list[Any] = []

    def f(x: Any) -> Any:
        calls.append(x)
        return np.sum(np.log(x - 1.0) + np.exp(x))

    fast = compile(f)
    fast.grad(np.array([2.0, 3.0]))
    many = vmap(compile(f, errors="raise"), reduce=None)
    many.grad(np.array([[2.0, 3.0]]))
    recorded = len(calls)
    slope = 1.0 + np.exp(2.0)
    np.testing.assert_allclose(fast.grad(np.array([2.0, 1.0])), [slope, inf], rtol=1e-15)
    np.testing.assert_allclose(fast.grad(np.array([1000.0, 2.0])), [inf, slope], rtol=1e-15)
    slopes = many.grad(np.array([[2.0, 1.0], [1000.0, 2.0]]))
    np.testing.assert_allclose(slopes, [[slope, inf], [inf, slope]], rtol=1e-15)
    assert many(np.array([[2.0, 1.0], [1000.0, 2.0]])).tolist() == [-inf, inf]
    assert len(calls) == recorded


AT, SEEN, SURE = (
    np.array([0.1, 1.0, 2.0, 3.5]),
    np.array([1.0, -1.0, 2.0, 0.3]),
    np.array([1.0, 2.0, 0.5, 3.0]),
)


@pytest.mark.parametrize("weights", [None, SURE])
@pytest.mark.parametrize("degree", [0, 1, 2])
def test_polyfit_is_linear_in_what_was_seen(degree: int, weights: Any) -> None:
    def fitted(y: Any) -> Any:
        return np.polyfit(AT, y, degree, w=weights)

    columns = np.polyfit(AT, np.eye(4), degree, w=weights)
    for f in (fitted, compile(fitted)):
        np.testing.assert_allclose(f(SEEN), np.polyfit(AT, SEEN, degree, w=weights), rtol=1e-12)
        np.testing.assert_allclose(jacobian(f)(SEEN), columns, rtol=1e-11, atol=1e-13)
    both = jacobian(lambda y: np.polyfit(AT, np.stack([y, 2.0 * y], axis=1), degree, w=weights))(SEEN)
    np.testing.assert_allclose(both, np.stack([columns, 2.0 * columns], axis=1), rtol=1e-11, atol=1e-13)


def test_polyfit_follows_places_and_weights() -> None:
    # Of two places the line goes through both: its slope is the quotient of differences.
    by_places = jacobian(lambda x: np.polyfit(x, SEEN[:2], 1))(AT[:2])
    rise = (SEEN[1] - SEEN[0]) / (AT[1] - AT[0]) ** 2
    np.testing.assert_allclose(by_places[0], [rise, -rise], rtol=1e-12)
    # A constant is the mean, weighted by squares.
    by_weights = jacobian(lambda w: np.polyfit(AT, SEEN, 0, w=w))(SURE)
    mean, total = np.average(SEEN, weights=SURE**2), np.sum(SURE**2)
    np.testing.assert_allclose(by_weights[0], 2.0 * SURE * (SEEN - mean) / total, rtol=1e-11)


@pytest.mark.parametrize(
    ("f", "error", "message"),
    [
        (lambda y: np.polyfit(AT, y, -1), ValueError, "expected deg >= 0"),
        (lambda y: np.polyfit(AT[:3], y, 1), TypeError, "same length"),
        (lambda y: np.polyfit(AT, y, 1, full=True), TypeError, "without full=True and cov=True"),
        (lambda y: np.polyfit(AT, y, 1, cov=True), TypeError, "without full=True and cov=True"),
        (np.i0, TypeError, r"scipy\.special\.i0 does"),
    ],
)
def test_what_is_refused_says_what_to_write(f: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        jacobian(f)(SEEN)
