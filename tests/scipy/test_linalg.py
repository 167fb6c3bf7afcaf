"""SciPy's linear algebra on arrays of Values: SciPy's results and errors, and mpmath's derivatives."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import scipy.linalg
from matrix_accuracy import errors
from matrix_cases import Case
from matrix_oracle import flat, hilbert, triangle
from mpmath import mp

from autograd import Value, check_grads, compile, grad, jvp, value_and_grad
from autograd.arrays import ValueArray, array_of
from autograd.arrays.refusals import NoDerivativeOfMatrixError
from autograd.engine import data_of
from autograd.scipy import linalg

A = np.array([[4.0, 1.0, -2.0], [0.5, 3.0, 1.0], [1.0, -1.0, 5.0]])
B = np.array([[1.0, 2.0], [0.0, -1.0], [3.0, 1.0]])
V = np.array([1.0, -2.0, 0.5])
S = A @ A.T
BANDS = np.array([[0.0, 0.0, 0.3, 0.2], [0.0, 1.0, -2.0, 0.5], [4.0, 0.1, 3.0, -5.0], [2.0, 1.0, 7.0, 0.0]])
W = np.array([1.0, 2.0, 3.0, 4.0])


def values_in(a: Any) -> Any:
    """Return an array of numbers as an array of Values."""
    return array_of([Value(float(x)) for x in np.ravel(a)], np.shape(a))


def floats_in(x: Any) -> Any:
    """Return Values as floats."""
    if isinstance(x, ValueArray):
        return np.array([data_of(y) for y in x.flat]).reshape(x.shape)
    return data_of(x) if isinstance(x, Value) else x


Call = Callable[[Any, Any], Any]
"""A function of a module, SciPy's or ours, and of an array."""

CALLS: dict[str, tuple[Call, Any]] = {
    "solve": (lambda m, a: m.solve(a, V), A),
    "solve, matrix": (lambda m, a: m.solve(a, B), A),
    "solve, constant matrix": (lambda m, b: m.solve(A, b), B),
    "solve, transposed": (lambda m, a: m.solve(a, B, transposed=True), A),
    "solve, sym": (lambda m, a: m.solve(a, V, assume_a="sym"), S),
    "solve, sym, lower": (lambda m, a: m.solve(a, V, assume_a="sym", lower=True), S),
    "solve, pos": (lambda m, a: m.solve(a, B, assume_a="pos"), S),
    "solve, pos, lower": (lambda m, a: m.solve(a, B, lower=True, assume_a="pos"), S),
    "solve, diagonal": (lambda m, a: m.solve(a, B, assume_a="diagonal"), np.diag(V)),
    "solve, tridiagonal": (lambda m, a: m.solve(a, B, assume_a="tridiagonal"), A * (np.abs(A) != 2.0)),
    "solve, triangle": (lambda m, a: m.solve(a, B, assume_a="upper triangular"), np.triu(A)),
    "inv": (lambda m, a: m.inv(a), A),
    "det": (lambda m, a: m.det(a), A),
    "cholesky": (lambda m, a: m.cholesky(a), S),
    "cholesky, lower": (lambda m, a: m.cholesky(a, lower=True), S),
    "cho_factor": (lambda m, a: m.cho_factor(a)[0], S),
    "cho_factor, lower": (lambda m, a: m.cho_factor(a, lower=True)[0], S),
    "cho_solve": (lambda m, a: m.cho_solve(m.cho_factor(a), V), S),
    "cho_solve, lower": (lambda m, a: m.cho_solve(m.cho_factor(a, True), B), S),
    "lu_factor": (lambda m, a: m.lu_factor(a)[0], A[::-1]),
    "lu_solve": (lambda m, a: m.lu_solve(m.lu_factor(a), V), A[::-1]),
    "lu_solve, transposed": (lambda m, a: m.lu_solve(m.lu_factor(a), B, trans=1), A[::-1]),
    "solve_triangular": (lambda m, a: m.solve_triangular(a, V), A),
    "solve_triangular, lower": (lambda m, a: m.solve_triangular(a, B, lower=True), A),
    "solve_triangular, T": (lambda m, a: m.solve_triangular(a, B, trans="T"), A),
    "solve_triangular, T, lower": (lambda m, a: m.solve_triangular(a, V, 1, True), A),
    "solve_triangular, unit": (lambda m, a: m.solve_triangular(a, B, unit_diagonal=True), A),
    "solve_triangular, unit, lower": (lambda m, a: m.solve_triangular(a, V, 2, True, True), A),
    "solve_banded": (lambda m, a: m.solve_banded((1, 2), a, W), BANDS),
    "solve_banded, matrix": (lambda m, a: m.solve_banded((2, 1), a, np.stack([W, W * W], 1)), BANDS[::-1]),
    "solve_banded, diagonal": (lambda m, a: m.solve_banded((0, 0), a[2:3], W), BANDS),
    "solve_banded, right side": (lambda m, b: m.solve_banded((1, 2), BANDS, b), W),
    "expm": (lambda m, a: m.expm(a), A / 10.0),
    "expm, large": (lambda m, a: m.expm(a), A * 2.0),
    "expm, one number": (lambda m, a: m.expm(a[:1, :1]), A),
    "lstsq": (lambda m, a: m.lstsq(a, V)[0], A[:, :2]),
    "lstsq, residuals": (lambda m, a: m.lstsq(a, V)[1], A[:, :2]),
    "lstsq, residuals of a matrix": (lambda m, a: m.lstsq(a, B)[1], A[:, :2]),
    "norm": (lambda m, a: m.norm(a, 2), A),
    "svdvals": (lambda m, a: m.svdvals(a), A),
    "block_diag": (lambda m, a: m.block_diag(a, 2.0, a[0]), A),
    "solve_sylvester": (lambda m, a: m.solve_sylvester(a, a.T[:2, :2] + np.eye(2), a[:, 1:]), A),
    "sqrtm": (lambda m, a: m.sqrtm(a @ a), A),
    "toeplitz": (lambda m, a: m.toeplitz(a[0], a[1]) @ m.toeplitz(a[2]), A),
}
STACKED = ["solve", "solve, matrix", "inv", "det", "cholesky", "cho_solve", "solve_triangular", "expm"]


@pytest.mark.parametrize("name", CALLS)
def test_it_gives_what_scipy_gives_in_the_same_shape(name: str) -> None:
    call, a = CALLS[name]
    _compare(call, a)


@pytest.mark.parametrize("name", STACKED)
def test_stacks_are_scipys(name: str) -> None:
    call, a = CALLS[name]
    stack = np.stack([a, 2.0 * a])
    try:
        call(scipy.linalg, stack)
    except ValueError:
        return  # of a SciPy that has no stacks there
    _compare(call, stack)


def _compare(call: Call, a: Any) -> None:
    want = call(scipy.linalg, a)
    found: Any = call(linalg, values_in(a))
    kind = type(found)
    assert kind is (ValueArray if np.shape(want) else Value)
    assert np.shape(found) == np.shape(want)
    np.testing.assert_allclose(floats_in(found), want, rtol=1e-12, atol=1e-14)
    np.testing.assert_array_equal(call(linalg, a), want)


@pytest.mark.parametrize("name", CALLS)
def test_derivatives_agree_with_differences(name: str) -> None:
    call, a = CALLS[name]

    def number(a: Any) -> Any:
        out = call(linalg, a)
        return np.sum(np.reshape(out, -1) * np.cos(1.0 + np.arange(np.size(out))))

    check_grads(number, (a,), order=1)


def _exponential(matrix: Any) -> list[Any]:
    return flat(mp.expm(matrix, method="taylor"))


def _band(bands: Any) -> Any:
    n = bands.cols
    rows = [[bands[2 + i - j, j] if 0 <= 2 + i - j < 4 else 0 for j in range(n)] for i in range(n)]
    return mp.matrix(rows)


ACCURATE = {
    "expm": (Case(linalg.expm, _exponential, lambda a: (a,)), A / 3.0),
    "expm of a large matrix": (Case(linalg.expm, _exponential, lambda a: (a,)), 3.0 * A - 9.0 * np.eye(3)),
    "expm of a nilpotent one": (
        Case(linalg.expm, _exponential, lambda a: (a,)),
        np.array([[0.0, 1e3, 1.0], [0.0, 0.0, -1e3], [0.0, 0.0, 0.0]]),
    ),
    "expm of one that is nearly defective": (
        Case(linalg.expm, _exponential, lambda a: (a,)),
        np.array([[1.0, 50.0], [0.0, -1.0]]),
    ),
    "solve_sylvester": (
        Case(
            lambda a: linalg.solve_sylvester(a, np.eye(3), np.ones((3, 3))),
            lambda a: flat((a + mp.eye(3)) ** -1 * mp.ones(3)),
            lambda a: (a,),
        ),
        A,
    ),
    "sqrtm": (Case(linalg.sqrtm, lambda a: flat(mp.sqrtm(a)), lambda a: (a,)), A),
    "cho_solve": (
        Case(
            lambda a: linalg.cho_solve(linalg.cho_factor(a, lower=True), np.ones(5)),
            lambda a: flat(mp.lu_solve(triangle(a), mp.ones(5, 1))),
            lambda a: (a,),
        ),
        hilbert(5),
    ),
    "solve_triangular": (
        Case(
            lambda a: linalg.solve_triangular(a, np.ones(5), lower=True),
            lambda a: flat(
                mp.lu_solve(
                    mp.matrix([[a[i, j] if j <= i else 0 for j in range(5)] for i in range(5)]), mp.ones(5, 1)
                )
            ),
            lambda a: (a,),
        ),
        hilbert(5) + np.eye(5),
    ),
    "solve_banded": (
        Case(
            lambda ab: linalg.solve_banded((1, 2), ab, np.ones(4)),
            lambda ab: flat(mp.lu_solve(_band(ab), mp.ones(4, 1))),
            lambda a: (a,),
        ),
        BANDS,
    ),
}


@pytest.mark.parametrize("name", ACCURATE)
def test_values_and_derivatives_are_those_of_mpmath(name: str) -> None:
    case, a = ACCURATE[name]
    found = errors(case, case.points(a))
    condition = 5e5 if name == "cho_solve" else 100.0
    assert found.value <= 1e-15 * condition
    assert found.first <= 2e-15 * condition
    assert found.second <= 5e-15 * condition


@pytest.mark.parametrize(
    "call",
    [
        lambda m, a: m.solve(a * 0.0, V),
        lambda m, a: m.solve(a, V[:2]),
        lambda m, a: m.solve(a[:2], V),
        lambda m, a: m.solve(a, V, assume_a="round"),
        lambda m, a: m.solve(-a, V, assume_a="pos"),
        lambda m, a: m.solve(a * np.nan, V),
        lambda m, a: m.inv(a * 0.0),
        lambda m, a: m.inv(a[:2]),
        lambda m, a: m.inv(a * np.inf),
        lambda m, a: m.cholesky(a - 9.0 * np.eye(3)),
        lambda m, a: m.cholesky(a[:2]),
        lambda m, a: m.cho_factor(a - 9.0 * np.eye(3)),
        lambda m, a: m.cho_solve((a, True), V[:2]),
        lambda m, a: m.solve_triangular(a - 3.0 * np.eye(3), V),
        lambda m, a: m.solve_triangular(a, V[:2]),
        lambda m, a: m.solve_banded((1, 1), a * 0.0, V),
        lambda m, a: m.solve_banded((1, 2), a, V),
        lambda m, a: m.solve_banded((1, 1), a, V[:2]),
        lambda m, a: m.expm(a[:2]),
        lambda m, a: m.det(a[:2]),
        lambda m, a: m.lstsq(a, V[:2]),
        lambda m, a: m.solve_sylvester(a, a, V),
        lambda m, a: m.solve_sylvester(a, a[:2], a),
        lambda m, a: m.sqrtm(a[:2]),
    ],
)
def test_errors_are_scipys_own(call: Call) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with pytest.raises(Exception) as scipys:  # noqa: PT011 (whichever it is)
            call(scipy.linalg, A)
        with pytest.raises(type(scipys.value)) as own:
            call(linalg, values_in(A))
    assert str(own.value) == str(scipys.value)


def test_it_warns_where_scipy_does() -> None:
    nearly = np.array([[1.0, 1.0], [1.0, 1.0 + 2.0**-52]])
    with pytest.warns(scipy.linalg.LinAlgWarning, match="[Ii]ll-conditioned"):
        linalg.solve(values_in(nearly), np.ones(2))


def test_inf_and_nan_are_let_through_where_that_is_asked_for() -> None:
    x = linalg.solve_triangular(values_in(A), V * np.inf, check_finite=False)
    assert not np.isfinite(floats_in(x)).any()
    f = compile(lambda b: linalg.solve_triangular(A, b).sum())
    assert f(V) == pytest.approx(scipy.linalg.solve_triangular(A, V).sum(), rel=1e-14)
    with pytest.raises(ValueError, match="must not contain infs or NaNs"):
        f(V * np.inf)


@pytest.mark.parametrize("name", "solve cho_solve solve_triangular solve_banded expm lu_solve sqrtm".split())
def test_compiled_it_is_the_same(name: str) -> None:
    call, a = CALLS[name]
    compiled = compile(value_and_grad(lambda a: np.sum(call(linalg, a) ** 2)))
    plain = value_and_grad(lambda a: np.sum(call(linalg, a) ** 2))
    for factor in (1.0, 1.01, 0.98):
        (x, dx), (y, dy) = compiled(a * factor), plain(a * factor)
        assert x == y
        np.testing.assert_allclose(dx, dy, rtol=1e-12, atol=1e-13)


def test_a_long_band_takes_work_in_proportion_to_its_length() -> None:
    n = 200
    bands = np.stack([np.full(n, -1.0), np.full(n, 2.5), np.full(n, -1.0)])
    slopes = grad(lambda ab: linalg.solve_banded((1, 1), ab, np.ones(n))[n // 2])(bands)
    x = scipy.linalg.solve_banded((1, 1), bands, np.ones(n))
    e = scipy.linalg.solve_banded((1, 1), bands, np.eye(n)[n // 2])
    np.testing.assert_allclose(slopes[1], -e * x, rtol=1e-11, atol=1e-13)


def test_a_complex_root_is_refused() -> None:
    with pytest.raises(ValueError, match="the square root is complex"):
        linalg.sqrtm(values_in(-S))


def test_what_is_not_done_for_values_is_refused() -> None:
    with pytest.raises(ValueError, match="takes square matrices"):
        linalg.lu_factor(values_in(A[:2]))
    with pytest.raises(ValueError, match="takes a single matrix"):
        linalg.lu_solve((values_in(np.stack([A, A])), np.zeros((2, 3), dtype=int)), V)
    with pytest.raises(ValueError, match="diagonals of one matrix"):
        linalg.solve_banded((1, 1), values_in(np.stack([A, A])), V)
    with pytest.raises(np.linalg.LinAlgError, match=r"[Ss]ingular"):
        linalg.lu_factor(values_in(A * 0.0))


def test_other_names_are_scipys() -> None:
    assert np.array_equal(linalg.hilbert(3), scipy.linalg.hilbert(3))
    assert "schur" in dir(linalg)
    with pytest.raises(AttributeError):
        _ = linalg.no_such_function


SINGULAR: dict[str, tuple[Callable[[Any], Any], Any]] = {
    "sqrtm of zeros": (linalg.sqrtm, np.zeros((2, 2))),
    "sqrtm of rank 1": (linalg.sqrtm, np.diag([1.0, 0.0])),
    "sqrtm of rank 1 but for rounding": (linalg.sqrtm, np.array([[1.0, 1.0], [0.0, 1e-300]])),
    "solve_sylvester": (lambda a: linalg.solve_sylvester(a, -S, np.eye(len(S))), S),
}


@pytest.mark.parametrize("name", SINGULAR)
@pytest.mark.filterwarnings("ignore:Matrix is singular")
def test_equations_without_one_solution_have_no_derivative(name: str) -> None:
    f, a = SINGULAR[name]
    with pytest.raises(NoDerivativeOfMatrixError, match="has no derivative where"):
        grad(lambda a: np.sum(f(a)))(a)
    with pytest.raises(NoDerivativeOfMatrixError, match="has no derivative where"):
        jvp(f, (a,), (a,))
