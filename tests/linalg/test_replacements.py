"""NumPy's functions of linear algebra on arrays of Values: what they give, and what they refuse."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from matrix_accuracy import errors
from matrix_cases import CASES, MATRICES

from autograd import Value, check_grads, grad, jacobian, linalg
from autograd.arrays import ValueArray, array_of
from autograd.engine import data_of

EPSILON = 2.0**-52
NUMPYS: Any = np.linalg  # whose types tell what it refuses
A = np.array([[4.0, 1.0, -2.0], [0.5, 3.0, 1.0], [1.0, -1.0, 5.0]])
STACK = np.stack([A, A.T + 1.0, 2.0 * A])


def values_in(a: Any) -> Any:
    """Return an array of numbers as an array of Values."""
    return array_of([Value(float(x)) for x in np.ravel(a)], np.shape(a))


def floats_in(x: Any) -> Any:
    """Return Values as floats, in arrays and tuples too."""
    if isinstance(x, tuple):
        return tuple(map(floats_in, x))
    if isinstance(x, np.ndarray) and x.dtype == object:
        return np.array([data_of(y) for y in x.flat]).reshape(x.shape)
    return data_of(x) if isinstance(x, Value) else x


@pytest.mark.parametrize("kind", MATRICES)
@pytest.mark.parametrize("name", CASES)
def test_values_and_derivatives_are_as_accurate_as_the_condition_allows(name: str, kind: str) -> None:
    """Against mpmath: a value errs no more than some times as NumPy's, or than what rounding makes of it."""
    case = CASES[name]
    points = case.points(MATRICES[kind])
    condition = np.linalg.cond(points[0])
    found = errors(case, points)
    assert found.value <= max(20.0 * found.numpys, 0.05 * condition * EPSILON, 20.0 * EPSILON)
    assert found.first <= 20.0 * condition * EPSILON
    assert found.second <= 100.0 * condition * EPSILON


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "cholesky": lambda a: np.linalg.cholesky(a @ np.swapaxes(a, -1, -2)),
    "cond": np.linalg.cond,
    "cond, 1": lambda a: np.linalg.cond(a, 1),
    "cond, -2": lambda a: np.linalg.cond(a, -2),
    "det": np.linalg.det,
    "eigh": np.linalg.eigh,
    "eigh, U": lambda a: np.linalg.eigh(a, "U"),
    "eigvalsh": np.linalg.eigvalsh,
    "inv": np.linalg.inv,
    "matrix_power, 3": lambda a: np.linalg.matrix_power(a, 3),
    "matrix_power, -2": lambda a: np.linalg.matrix_power(a, -2),
    "matrix_rank": lambda a: a[..., 0, 0] * np.linalg.matrix_rank(a),
    "norm, 2": lambda a: np.linalg.norm(a, 2, axis=(-2, -1)),
    "norm, -2": lambda a: np.linalg.norm(a, -2, axis=(-1, -2), keepdims=True),
    "norm, nuc": lambda a: np.linalg.norm(a, "nuc", axis=(-2, -1)),
    "norm, fro": lambda a: np.linalg.norm(a, "fro", axis=(-2, -1)),
    "norm, 1": lambda a: np.linalg.norm(a, 1, axis=(-2, -1)),
    "norm of vectors": lambda a: np.linalg.norm(a, 3, axis=-1),
    "pinv": lambda a: np.linalg.pinv(a[..., :2]),
    "pinv of wide ones": lambda a: np.linalg.pinv(a[..., :2, :]),
    "qr": np.linalg.qr,
    "qr of tall ones": lambda a: np.linalg.qr(a[..., :2]),
    "qr of wide ones": lambda a: np.linalg.qr(a[..., :2, :]),
    "qr, complete": lambda a: np.linalg.qr(a[..., :2], "complete"),
    "qr, r": lambda a: np.linalg.qr(a[..., :2], mode="r"),
    "slogdet": np.linalg.slogdet,
    "solve": lambda a: np.linalg.solve(a, np.array([1.0, 2.0, -1.0])),
    "solve, matrix": lambda a: np.linalg.solve(a, a[..., 2:0:-1]),
    "solve, of a constant matrix": lambda a: np.linalg.solve(A, a[..., :2]),
    "svd": lambda a: np.linalg.svd(a, full_matrices=False),
    "svd of tall ones": lambda a: np.linalg.svd(a[..., :2], full_matrices=False),
    "svd of wide ones": lambda a: np.linalg.svd(a[..., :2, :], full_matrices=False),
    "svd, S alone": lambda a: np.linalg.svd(a, compute_uv=False),
    "trace": lambda a: np.trace(a, axis1=-2, axis2=-1),
}
ALONE: dict[str, Callable[..., Any]] = {
    "lstsq": lambda a: np.linalg.lstsq(a[:, :2], a[:, 2], rcond=None),
    "lstsq, matrix": lambda a: np.linalg.lstsq(a[:, :2], a, rcond=None),
    "lstsq of a wide one": lambda a: np.linalg.lstsq(a[:2], a[:2, 0], rcond=-1),
    "lstsq of a square one": lambda a: np.linalg.lstsq(a, a[0], rcond=None),
    "multi_dot": lambda a: np.linalg.multi_dot([a, a[:, :1], a[:1], a]),
    "tensorinv": lambda a: np.linalg.tensorinv((a[:2, :2, None] + np.eye(2)[:, None]).reshape(4, 2)[:2], 1),
    "tensorsolve": lambda a: np.linalg.tensorsolve(a.reshape(3, 1, 3), a[0].reshape(3, 1)),
    "tensorsolve, axes": lambda a: np.linalg.tensorsolve(a.reshape(3, 3, 1), a[0], axes=(0,)),
}


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("a", [A, STACK], ids=["matrix", "stack"])
def test_it_gives_what_numpy_gives_for_floats_in_the_same_shapes_and_types(name: str, a: Any) -> None:
    _compare(FUNCTIONS[name], a)


@pytest.mark.parametrize("name", ALONE)
def test_what_numpy_has_for_single_matrices_gives_the_same_too(name: str) -> None:
    _compare(ALONE[name], A)


def _compare(function: Callable[..., Any], a: Any) -> None:
    want, found = function(a), function(values_in(a))
    assert type(found) is type(want) or isinstance(found, (Value, ValueArray))
    pairs = zip(want, found, strict=True) if isinstance(want, tuple) else [(want, found)]
    for x, y in pairs:
        assert np.shape(x) == np.shape(y)
        assert np.shape(x) != () or isinstance(y, (Value, int, np.integer))
        np.testing.assert_allclose(floats_in(y), x, rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("name", [*FUNCTIONS, *ALONE])
def test_derivatives_agree_with_differences(name: str) -> None:
    function = (FUNCTIONS | ALONE)[name]

    def number(a: Any) -> Any:
        out = function(a)
        parts = [x for x in (out if isinstance(out, tuple) else (out,)) if np.size(x)]
        weights = [np.cos(1.0 + np.arange(np.size(x))) for x in parts]
        return sum(np.sum(np.reshape(x, -1) * w) for x, w in zip(parts, weights, strict=True))

    check_grads(number, (A,), order=1)


@pytest.mark.parametrize("name", linalg.__all__)
def test_by_its_own_name_each_gives_for_plain_numbers_what_numpy_does(name: str) -> None:
    if name == "function_of":
        return
    own, numpys = getattr(linalg, name), getattr(np.linalg, name, None)
    if numpys is None:
        return  # of a newer NumPy
    args: tuple[Any, ...] = (A @ A.T,)
    if name in ("solve", "lstsq", "tensorsolve"):
        args = (A, np.array([1.0, 2.0, 3.0]))
    if name in ("tensorinv", "matrix_power"):
        args = (A, 1)
    for given in (args, tuple(x.tolist() if isinstance(x, np.ndarray) else x for x in args)):
        want, found = numpys(*args), own(*given)
        assert type(found) is type(want)
        for x, y in (
            zip(np.atleast_1d(*want), np.atleast_1d(*found), strict=True)
            if isinstance(want, tuple)
            else [(want, found)]
        ):
            np.testing.assert_array_equal(x, y)


def test_by_its_own_name_each_takes_lists_and_the_users_own_arrays_of_values() -> None:
    x = Value(2.0)
    y = linalg.solve([[x, 1.0], [0, 4]], [2.0, 4.0])
    assert isinstance(y, ValueArray)
    assert [v.data for v in y] == [0.5, 1.0]
    assert linalg.det(np.array([[x, x], [1.0, x]])).data == 2.0
    assert linalg.norm([x, x]).data == 8.0**0.5


@pytest.mark.parametrize(
    "call",
    [
        lambda a: np.linalg.inv(a[:2]),
        lambda a: np.linalg.inv(a[0]),
        lambda a: np.linalg.det(a[:2]),
        lambda a: np.linalg.slogdet(a[0]),
        lambda a: np.linalg.cholesky(a[:2]),
        lambda a: np.linalg.cholesky(a - 5.0),
        lambda a: np.linalg.solve(a, a[:2]),
        lambda a: np.linalg.solve(a[:2], a),
        lambda a: np.linalg.solve(a * 0.0, a),
        lambda a: np.linalg.solve(a, a[0, :2]),
        lambda a: np.linalg.inv(a * 0.0),
        lambda a: np.linalg.inv(np.stack([a, a * 0.0])),
        lambda a: np.linalg.matrix_power(a * 0.0, -1),
        lambda a: np.linalg.eigh(a[:2]),
        lambda a: NUMPYS.eigh(a, "X"),
        lambda a: np.linalg.eigvalsh(a[0]),
        lambda a: np.linalg.qr(a[0]),
        lambda a: NUMPYS.qr(a, "whole"),
        lambda a: np.linalg.svd(a[0]),
        lambda a: np.linalg.lstsq(a, a[:2], rcond=None),
        lambda a: np.linalg.lstsq(a[0], a[0], rcond=None),
        lambda a: np.linalg.pinv(a[0]),
        lambda a: np.linalg.norm(a, 3),
        lambda a: np.linalg.norm(a, "nuc", axis=0),
        lambda a: np.linalg.norm(np.stack([a, a]), "nuc"),
        lambda a: np.linalg.cond(a[0]),
    ],
)
def test_errors_are_numpys_own(call: Callable[..., Any]) -> None:
    with pytest.raises(Exception) as numpys:  # noqa: PT011 (whichever it is)
        call(A)
    with pytest.raises(type(numpys.value)) as own:
        call(values_in(A))
    assert str(own.value) == str(numpys.value)
    assert type(own.value) is type(numpys.value)


def test_what_has_no_real_derivatives_says_so() -> None:
    for function, instead in ((np.linalg.eig, "eigh"), (np.linalg.eigvals, "eigvalsh")):
        with pytest.raises(TypeError, match=f"may be complex; {instead} is"):
            function(values_in(A))
    with pytest.raises(TypeError, match="complex numbers"):
        np.linalg.solve(values_in(A), A * 1j)


def test_matrices_without_rows_are_those_of_numpy() -> None:
    for empty in (np.empty((0, 0)), np.empty((2, 0, 0)), np.empty((0, 3, 3))):
        of_objects = empty.astype(object).view(ValueArray)
        for function in (np.linalg.inv, np.linalg.det, np.linalg.cholesky, np.linalg.eigvalsh):
            want, found = function(empty), function(of_objects)
            assert np.shape(found) == np.shape(want)
            np.testing.assert_array_equal(found, want)
    assert np.linalg.solve(values_in(A), np.empty((3, 0))).shape == (3, 0)


def test_stacks_of_both_operands_are_broadcast() -> None:
    b = np.arange(12.0).reshape(4, 1, 3, 1)
    want = np.linalg.solve(STACK, b)
    found = np.linalg.solve(values_in(STACK), values_in(b))
    assert found.shape == want.shape == (4, 3, 3, 1)
    np.testing.assert_allclose(floats_in(found), want, rtol=1e-12)
    slopes = jacobian(lambda b: np.linalg.solve(STACK, b).sum())(b)
    np.testing.assert_allclose(slopes, np.linalg.inv(STACK).sum(axis=(0, 1))[None, None, :, None] + 0 * b)


def test_integers_are_numbers_like_others() -> None:
    slopes = grad(lambda x: np.linalg.solve(np.array([[2, 0], [0, 4]]), x)[1])(np.array([1.0, 1.0]))
    assert slopes.tolist() == [0.0, 0.25]
