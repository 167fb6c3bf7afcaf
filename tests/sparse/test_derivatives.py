"""Sparse Jacobians and Hessians of plain functions: right numbers, just the entries, and clear refusals."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pytest
from scipy.sparse import csr_array
from sparse_functions import Drawn, places_of

from autograd import Value, custom_gradient, custom_vjp, detect_anomaly, grad, hessian, jacobian, math


@pytest.mark.parametrize("seed", range(30))
def test_entries_and_numbers_are_those_of_differences_with_sixty_digits(seed: int) -> None:
    drawn = Drawn(seed)
    jac = jacobian(drawn.terms, sparse=True)(drawn.point)
    hess = hessian(drawn.total, sparse=True)(drawn.point)
    assert isinstance(jac, csr_array)
    assert isinstance(hess, csr_array)
    assert jac.shape == (8, 6)
    assert hess.shape == (6, 6)
    assert places_of(jac) == drawn.jacobian_places
    assert places_of(hess) == drawn.hessian_places
    for found, exact in ((jac, drawn.exact_jacobian()), (hess, drawn.exact_hessian())):
        dense = found.toarray()
        scale = max(1.0, float(abs(dense).max()))
        for place, number in exact.items():
            assert dense[place] == pytest.approx(number, rel=1e-12, abs=1e-13 * scale)


def test_results_are_canonical_float64_rows_in_order() -> None:
    found = hessian(lambda x: x[2] * x[0] + x[0] * x[1] * x[2], sparse=True)([1.0, 2.0, 3.0])
    assert found.dtype == np.float64
    assert found.has_canonical_format
    assert found.indices.tolist() == [1, 2, 0, 2, 0, 1]
    assert found.data.tolist() == [3.0, 3.0, 3.0, 1.0, 3.0, 1.0]


# Which entries there are


def test_a_number_that_happens_to_be_zero_stays_an_entry() -> None:
    def f(x: Any) -> Any:
        return x[0] * x[1] * x[2] + (x[3] - x[3])

    assert places_of(hessian(f, sparse=True)([0.0, 0.0, 0.0, 1.0])) == {
        (0, 1), (0, 2), (1, 0), (1, 2), (2, 0), (2, 1)
    }  # fmt: skip
    jac = jacobian(f, sparse=True)([0.0, 0.0, 0.0, 1.0])
    assert places_of(jac) == {(0, 0), (0, 1), (0, 2), (0, 3)}
    assert jac.toarray().tolist() == [[0.0, 0.0, 0.0, 0.0]]


def test_both_operands_of_a_maximum_are_entries_and_only_the_branch_that_was_taken() -> None:
    def chosen(x: Any) -> Any:
        return [math.maximum(x[0], x[1]), x[0] if x[0] > x[1] else x[2], math.floor(x[1]) * 1.0]

    assert places_of(jacobian(chosen, sparse=True)([2.0, 1.0, 0.0])) == {(0, 0), (0, 1), (1, 0), (2, 1)}
    assert places_of(jacobian(chosen, sparse=True)([0.0, 1.0, 0.0])) == {(0, 0), (0, 1), (1, 2), (2, 1)}


def test_the_pattern_of_a_hessian_follows_the_branch() -> None:
    def f(x: Any) -> Any:
        return x[0] * x[1] if x[2] > 0.0 else x[2] ** 2

    assert places_of(hessian(f, sparse=True)([1.0, 1.0, 1.0])) == {(0, 1), (1, 0)}
    assert places_of(hessian(f, sparse=True)([1.0, 1.0, -1.0])) == {(2, 2)}


def test_one_number_used_twice_has_one_entry_with_both_parts() -> None:
    # x**4 as a product of x * x with itself: 12 x**2; x / x is 1
    def f(x: Any) -> Any:
        square = x[0] * x[0]
        return square * square + x[1] / x[1] + x[1] * x[1] * x[1]

    found = hessian(f, sparse=True)([3.0, 2.0])
    assert places_of(found) == {(0, 0), (1, 1)}
    assert found.toarray().tolist() == [[108.0, 0.0], [0.0, 12.0]]


def test_results_without_any_dependence_have_empty_rows() -> None:
    found = jacobian(lambda x: [1.0, x[1], 2.0], sparse=True)([5.0, 6.0])
    assert found.toarray().tolist() == [[0.0, 0.0], [0.0, 1.0], [0.0, 0.0]]
    assert found.nnz == 1
    assert hessian(lambda x: 7.0, sparse=True)([1.0, 2.0]).nnz == 0
    assert hessian(lambda x: x[1], sparse=True)([1.0, 2.0]).nnz == 0
    assert jacobian(lambda x: [], sparse=True)([1.0]).shape == (0, 1)


def test_what_lies_around_is_no_variable() -> None:
    scale = Value(2.0)
    found = hessian(lambda x: scale * x[0] ** 2 * x[1] + scale * scale, sparse=True)([1.0, 3.0])
    assert found.toarray().tolist() == [[12.0, 4.0], [4.0, 0.0]]
    jac = jacobian(lambda x: [scale * x[0], scale], sparse=True)([1.0])
    assert jac.toarray().tolist() == [[2.0], [0.0]]


# Arguments and results


@pytest.mark.parametrize("kind", [list, tuple, np.array])
def test_arguments_are_lists_tuples_and_arrays(kind: Any) -> None:
    x = kind([1.0, 2.0, 3.0])
    assert jacobian(lambda x: kind([x[0] * x[2], x[1]]), sparse=True)(x).toarray().tolist() == [
        [3.0, 0.0, 1.0],
        [0.0, 1.0, 0.0],
    ]


def test_argnums_give_a_block_for_each_argument() -> None:
    def f(x: Any, scale: float, y: Any) -> Any:
        return scale * x[0] * y[1] ** 2 + x[1] ** 3

    args = [1.0, 2.0], 10.0, (3.0, 4.0)
    (xx, xy), (yx, yy) = hessian(f, (0, 2), sparse=True)(*args)
    assert xx.toarray().tolist() == [[0.0, 0.0], [0.0, 12.0]]
    assert xy.toarray().tolist() == [[0.0, 80.0], [0.0, 0.0]]
    assert (yx != xy.T).nnz == 0
    assert yy.toarray().tolist() == [[0.0, 0.0], [0.0, 20.0]]
    assert places_of(yy) == {(1, 1)}
    by_y, by_x = jacobian(f, (2, 0), sparse=True)(*args)
    assert by_y.toarray().tolist() == [[0.0, 80.0]]
    assert by_x.toarray().tolist() == [[160.0, 12.0]]
    assert hessian(f, 2, sparse=True)(*args).toarray().tolist() == yy.toarray().tolist()


def test_has_aux_hands_on_what_is_not_differentiated() -> None:
    def f(x: Any) -> Any:
        return x[0] ** 2, {"seen": x[1]}

    found, aux = hessian(f, has_aux=True, sparse=True)([3.0, 4.0])
    assert (found.toarray().tolist(), aux) == ([[2.0, 0.0], [0.0, 0.0]], {"seen": 4.0})
    found, aux = jacobian(f, has_aux=True, sparse=True)([3.0, 4.0])
    assert (found.toarray().tolist(), aux) == ([[6.0, 0.0]], {"seen": 4.0})


def test_numbers_of_other_kinds_and_keywords_are_taken() -> None:
    found = hessian(lambda x, power: x[0] ** power + x[1], sparse=True)([2, np.float64(1.0)], power=3)
    assert found.toarray().tolist() == [[12.0, 0.0], [0.0, 0.0]]


@pytest.mark.parametrize("x", [2.0, np.ones((2, 2)), {"a": 1.0}, [[1.0], [2.0]], ["a"], np.array(1.0)])
@pytest.mark.parametrize("transform", [jacobian, hessian])
def test_other_arguments_are_refused_with_what_to_do(transform: Any, x: Any) -> None:
    with pytest.raises(TypeError, match=r"a column for each number of an array of one dimension.*x\.ravel"):
        transform(lambda x: 1.0, sparse=True)(x)


@pytest.mark.parametrize("out", [lambda x: x.reshape(1, 2), lambda x: {"a": x[0]}, lambda x: [[x[0]]]])
def test_other_results_are_refused_with_what_to_do(out: Any) -> None:
    with pytest.raises(TypeError, match=r"a row for each number of an array.*y\.ravel"):
        jacobian(out, sparse=True)(np.ones(2))


def test_a_hessian_is_of_one_number() -> None:
    with pytest.raises(TypeError, match="must return a real number"):
        hessian(lambda x: [x[0]], sparse=True)([1.0])


def test_inside_a_differentiated_function_a_sparse_derivative_is_refused() -> None:
    def inner(x: Any, transform: Any) -> Any:
        return transform(lambda y: y[0] ** 2 * x, sparse=True)([x])

    for transform in (jacobian, hessian):
        with pytest.raises(TypeError, match="made of plain numbers, by which nothing can be differentiated"):
            grad(inner)(2.0, transform)


# Graphs that edge pushing is not for


def test_infinite_and_missing_numbers_come_out_as_in_the_dense_hessian() -> None:
    def f(x: Any) -> Any:
        return math.sqrt(x[0]) * x[1] + x[1] * x[2]

    point = [0.0, 2.0, 1.0]
    found = hessian(f, sparse=True)(point)
    assert places_of(found) == {(0, 0), (0, 1), (1, 0), (1, 2), (2, 1)}
    np.testing.assert_array_equal(found.toarray(), hessian(f)(point))


def test_functions_with_a_gradient_of_their_own_are_differentiated_by_it() -> None:
    @custom_gradient(lambda x: 3.0 * x**2)
    def cube(x: float) -> float:
        return x**3

    found = hessian(lambda x: cube(x[0]) * x[1], sparse=True)([2.0, 5.0])
    assert found.toarray().tolist() == [[60.0, 12.0], [12.0, 0.0]]


def test_functions_with_a_pull_back_of_their_own_are_differentiated_by_it() -> None:
    @custom_vjp
    def waves(x: Any) -> Any:
        return np.sin(x) * x

    waves.defvjp(lambda x: (waves(x), x), lambda x, gradient: (gradient * (np.cos(x) * x + np.sin(x)),))
    point = np.array([2.0, 3.0, 4.0])

    def scaled(x: Any) -> Any:
        return waves(x[:2]) * x[2]

    jac = jacobian(scaled, sparse=True)(point)
    assert places_of(jac) == {(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2)}  # as far as is known of it
    exact = [2.0 * np.cos(2.0) + np.sin(2.0), 3.0 * np.cos(3.0) + np.sin(3.0)]
    np.testing.assert_allclose(jac.toarray()[:, :2], np.diag(exact) * 4.0, rtol=1e-14, atol=1e-15)
    hess = hessian(lambda x: np.sum(scaled(x)), sparse=True)(point)
    np.testing.assert_allclose(hess.toarray()[2, :2], exact, rtol=1e-14)
    np.testing.assert_allclose(
        hess.toarray()[0, 0], 4.0 * (2.0 * np.cos(2.0) - 2.0 * np.sin(2.0)), rtol=1e-14
    )
    assert (2, 2) not in places_of(hess)


def test_changed_data_is_an_error_as_in_the_dense_hessian() -> None:
    def f(x: Any) -> Any:
        y = x[0] * 2.0
        z = y**3
        y.data = 1.0
        return z

    with pytest.raises(RuntimeError, match="has another number now"):
        hessian(f, sparse=True)([1.0])


def test_anomalies_are_detected() -> None:
    with detect_anomaly(), pytest.raises(FloatingPointError):
        hessian(lambda x: math.sqrt(x[0]) * x[1], sparse=True)([0.0, 1.0])
    with detect_anomaly(), pytest.raises(FloatingPointError):
        jacobian(lambda x: [math.sqrt(x[0]) * x[1]], sparse=True)([0.0, 1.0])


def test_the_hessian_of_hypot_keeps_its_digits_far_out() -> None:
    # d2/dx2 hypot(x, y) = y**2 / hypot**3
    found = hessian(lambda x: math.hypot(x[0], x[1]), sparse=True)([1e8, 3.0]).toarray()
    assert found[0, 0] == pytest.approx(9e-24, rel=1e-12)


# At large


def test_a_long_chain_takes_memory_in_proportion_to_its_entries() -> None:
    n = 20_000  # a dense one would be 3.2 GB

    def f(x: Any) -> Any:
        a, b = x[:-1], x[1:]
        return np.sum(100.0 * (b - a**2) ** 2 + (1.0 - a) ** 2)

    x = np.linspace(0.5, 1.5, n)
    found = hessian(f, sparse=True)(x)
    assert found.nnz == 3 * n - 2
    diagonal = np.append(1200.0 * x[:-1] ** 2 - 400.0 * x[1:] + 2.0, 0.0) + np.append(0.0, [200.0] * (n - 1))
    np.testing.assert_allclose(found.diagonal(), diagonal, rtol=1e-13)
    np.testing.assert_allclose(found.diagonal(1), -400.0 * x[:-1], rtol=1e-13)


def test_a_transformed_function_can_be_pickled() -> None:
    found = pickle.loads(pickle.dumps(hessian(_cubes, sparse=True)))
    assert found([1.0, 2.0]).toarray().tolist() == [[6.0, 0.0], [0.0, 12.0]]


def _cubes(x: Any) -> Any:
    return sum(number**3 for number in x)
