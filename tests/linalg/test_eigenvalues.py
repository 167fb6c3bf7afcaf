"""Eigenvalues and singular values: equal ones, all orders, batches, programs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from mpmath import mp, mpf

from autograd import compile, derivative, grad, hessian, jacobian, jvp, value_and_grad, vmap

A = np.array([[2.0, 1.0, 0.0], [1.0, 3.0, 0.5], [0.0, 0.5, -1.0]])
WAY = np.array([[1.0, 0.2, -0.3], [0.2, 0.5, 0.7], [-0.3, 0.7, 0.1]])
NORMS: Any = np.linalg.norm


def test_equal_eigenvalues_share_their_derivative() -> None:
    for i in range(3):
        np.testing.assert_allclose(grad(lambda a: np.linalg.eigvalsh(a)[i])(np.eye(3)), np.eye(3) / 3.0)  # noqa: B023
    two = np.diag([1.0, 1.0, 4.0])
    np.testing.assert_allclose(grad(lambda a: np.linalg.eigvalsh(a)[1])(two), np.diag([0.5, 0.5, 0.0]))
    np.testing.assert_allclose(grad(lambda a: np.linalg.eigh(a)[0][2])(two), np.diag([0.0, 0.0, 1.0]))
    np.testing.assert_allclose(grad(lambda a: np.linalg.eigvalsh(a).sum())(two), np.eye(3), atol=1e-15)
    _, along = jvp(np.linalg.eigvalsh, (two,), (np.diag([1.0, 0.0, 3.0]),))
    np.testing.assert_allclose(along, [0.5, 0.5, 3.0])


def test_what_has_no_derivative_is_nan_and_all_else_is_right() -> None:
    two = np.diag([1.0, 1.0, 4.0])
    assert np.isnan(grad(lambda a: np.linalg.eigh(a)[1][0, 0])(two)).any()
    slopes = grad(lambda a: np.linalg.eigh(a)[1][0, 2] ** 2 + np.linalg.eigh(a)[1][2, 2])(two)
    assert np.isfinite(hessian(lambda a: np.linalg.eigvalsh(a)[2])(two)).all()
    assert not slopes.any()
    assert np.isnan(hessian(lambda a: np.linalg.eigvalsh(a)[0])(two)).any()
    _, along = jvp(lambda a: np.linalg.eigh(a)[1], (two,), (WAY,))
    assert np.isnan(along[:2, :2]).any()
    assert np.isfinite(along[:, 2]).all()


def test_equal_but_for_rounding_is_equal() -> None:
    q, _ = np.linalg.qr(WAY)
    two = q @ np.diag([2.0, 2.0, 5.0]) @ q.T
    np.testing.assert_allclose(
        grad(lambda a: np.linalg.eigvalsh((a + a.T) / 2.0)[0])(two), q[:, :2] @ q[:, :2].T / 2.0, atol=1e-14
    )


def test_singular_values_have_the_same_conventions() -> None:
    np.testing.assert_allclose(grad(lambda a: NORMS(a, 2))(np.eye(2)), np.eye(2) / 2.0)
    np.testing.assert_allclose(grad(lambda a: NORMS(a, "nuc"))(np.eye(2)), np.eye(2))
    assert not grad(lambda a: NORMS(a, "nuc"))(np.zeros((2, 3))).any()
    np.testing.assert_allclose(grad(lambda a: NORMS(a, "nuc"))(np.diag([3.0, 0.0])), np.diag([1.0, 0.0]))
    assert np.isnan(grad(lambda a: np.linalg.svd(a)[0][0, 0])(np.eye(2))).any()


def test_vectors_beyond_the_singular_values_are_refused() -> None:
    with pytest.raises(ValueError, match=r"write svd\(a, full_matrices=False\)"):
        grad(lambda a: np.linalg.svd(a)[0][0, 0])(np.ones((3, 2)))
    slopes = grad(lambda a: np.linalg.svd(a, hermitian=True)[1][0])(A)
    np.testing.assert_allclose(slopes, grad(lambda a: NORMS(a, 2))(A))


def _on_the_way(t: Any) -> Any:
    matrix = mp.matrix(A.tolist()) + t * mp.matrix(WAY.tolist())
    values, vectors = mp.eigsy(matrix)
    i = min(range(3), key=lambda i: values[i])
    return values[i], vectors[1, i] ** 2


@pytest.mark.parametrize("order", [1, 2, 3, 4])
@pytest.mark.parametrize("part", [0, 1], ids=["value", "vector"])
def test_derivatives_of_any_order_are_those_of_mpmath(order: int, part: int) -> None:
    def along(t: Any) -> Any:
        values, vectors = np.linalg.eigh(A + t * WAY)
        return (values[0], vectors[1, 0] ** 2)[part]

    with mp.workdps(60):
        want = mp.diff(lambda t: _on_the_way(t)[part], 0, order, h=mpf(10) ** -10)
    assert derivative(along, order=order)(0.0) == pytest.approx(float(want), rel=1e-12)


@pytest.mark.parametrize("order", [1, 2, 3])
def test_singular_values_have_derivatives_of_any_order(order: int) -> None:
    with mp.workdps(60):
        want = mp.diff(
            lambda t: min(
                mp.svd_r(mp.matrix(A[:, :2].tolist()) + t * mp.matrix(WAY[:, :2].tolist()), compute_uv=False)
            ),
            0,
            order,
            h=mpf(10) ** -10,
        )
    found = derivative(lambda t: np.linalg.svdvals(A[:, :2] + t * WAY[:, :2])[1], order=order)(0.0)
    assert found == pytest.approx(float(want), rel=1e-12)


def test_forward_and_reverse_agree() -> None:
    for f in (np.linalg.eigh, lambda a: np.linalg.svd(a[:, :2], full_matrices=False), np.linalg.svd):
        for part in range(2):
            _, along = jvp(lambda a: f(a)[part], (A,), (WAY,))  # noqa: B023
            rows = jacobian(lambda a: f(a)[part])(A)  # noqa: B023
            np.testing.assert_allclose(along, np.sum(rows * WAY, axis=(-2, -1)), rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize(
    "f",
    [
        lambda a: np.linalg.eigvalsh(a)[0] * np.linalg.eigvalsh(a, "U")[2],
        lambda a: np.sum(np.linalg.eigh(a)[1] ** 3),
        lambda a: NORMS(a, "nuc") + NORMS(a[:, :2], -2),
    ],
)
def test_compiled_they_are_the_same(f: Any) -> None:
    compiled = compile(value_and_grad(f))
    for factor in (1.0, 1.2, 0.7):
        (x, dx), (y, dy) = compiled(A * factor), value_and_grad(f)(A * factor)
        assert x == pytest.approx(y, rel=1e-14)
        np.testing.assert_allclose(dx, dy, rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(compile(hessian(f))(A), hessian(f)(A), rtol=1e-11, atol=1e-13)
    points = np.stack([A, 1.5 * A])
    np.testing.assert_allclose(vmap(f)(points), [f(a) for a in points], rtol=1e-13)


def test_a_batch_is_one_call_of_lapack_and_fails_as_a_single_matrix_does() -> None:
    points = np.stack([A, 1.5 * A, A + np.eye(3)])
    parts: list[Any] = [
        lambda a: np.linalg.eigh(a)[1], np.linalg.eigvalsh, lambda a: np.linalg.svd(a)[2], np.linalg.svdvals
    ]  # fmt: skip
    for f in parts:
        np.testing.assert_array_equal(vmap(f)(points), [f(a) for a in points])
    points[1] = np.nan
    with pytest.raises(np.linalg.LinAlgError):
        vmap(compile(lambda a: np.linalg.svdvals(a)[0], errors="raise"))(points)
    found = vmap(lambda a: np.linalg.eigvalsh(a)[0])(points)
    assert np.isfinite(found).tolist() == [True, False, True]


def test_a_matrix_that_lapack_cannot_decompose_is_its_error() -> None:
    with pytest.raises(np.linalg.LinAlgError):
        np.linalg.svd(A * np.nan, compute_uv=False)
    with pytest.raises(np.linalg.LinAlgError):
        grad(lambda a: np.linalg.svdvals(a)[0])(A * np.nan)
