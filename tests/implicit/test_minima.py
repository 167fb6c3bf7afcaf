"""Derivatives of minima, within bounds and under equations."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import scipy.optimize

from autograd import Value, check_grads, compile, derivative, grad, hessian, implicit, jacobian, math, vmap


def ridge(strength: Any, table: Any, target: Any) -> Any:
    """Return the weights that a ridge regression learns."""

    def loss(weights: Any, strength: Any, table: Any, target: Any) -> Any:
        rest = table @ weights - target
        return rest @ rest + strength * (weights @ weights)

    return implicit.minimum(loss, np.zeros(table.shape[1]), strength, table, target)


def test_the_weights_of_a_ridge_regression_move_as_their_closed_form() -> None:
    random = np.random.default_rng(1)
    table, target, strength = random.normal(size=(8, 3)), random.normal(size=8), 0.7
    inverse = np.linalg.inv(table.T @ table + strength * np.eye(3))
    weights = inverse @ table.T @ target
    np.testing.assert_allclose(ridge(strength, table, target), weights, rtol=1e-12)
    np.testing.assert_allclose(jacobian(ridge)(strength, table, target), -inverse @ weights, rtol=1e-11)
    np.testing.assert_allclose(
        jacobian(ridge, 2)(strength, table, target), inverse @ table.T, rtol=1e-10, atol=1e-12
    )
    second = derivative(lambda s: ridge(s, table, target), 2)(strength)
    np.testing.assert_allclose(second, 2.0 * inverse @ inverse @ weights, rtol=1e-10)


def box(a: Any, b: Any) -> Any:
    """Return the point of a box that is nearest to (a, b), by a distance that mixes both."""

    def height(x: Any, a: Any, b: Any) -> Any:
        return (x[0] - a) ** 2 + (x[0] - a) * (x[1] - b) + (x[1] - b) ** 2

    return implicit.minimum(height, [0.5, 0.5], a, b, bounds=[(0.0, 1.0), (None, None)])


def test_what_is_pressed_to_a_bound_stays_there() -> None:
    assert box(2.0, 0.3) == pytest.approx([1.0, 0.8])  # b - (1 - a) / 2
    assert jacobian(box, (0, 1))(2.0, 0.3) == [(0.0, 0.0), (0.5, 1.0)]
    assert box(-1.0, 0.3) == pytest.approx([0.0, -0.2])
    assert np.allclose(jacobian(box, (0, 1))(0.4, 0.3), np.eye(2), atol=1e-14)
    np.testing.assert_allclose(box(0.4, 0.3), [0.4, 0.3], rtol=1e-14)


def test_a_bound_that_does_not_press_has_no_derivative() -> None:
    def at_the_edge(a: Any) -> Any:
        return implicit.minimum(lambda x, a: (x - a) ** 2, 0.5, a, bounds=(0.0, 1.0))

    assert at_the_edge(1.0) == 1.0
    with pytest.raises(ValueError, match=r"lies at the bound 1\.0 of number 0 of x, which does not press it"):
        grad(at_the_edge)(1.0)
    assert [grad(at_the_edge)(a) for a in (0.9, 1.1)] == pytest.approx([1.0, 0.0])


def demand(prices: Any, wealth: Any) -> Any:
    """Return what a Cobb-Douglas consumer buys."""

    def utility(x: Any, prices: Any, wealth: Any) -> Any:
        return -(0.3 * math.log(x[0]) + 0.5 * math.log(x[1]) + 0.2 * math.log(x[2]))

    def spent(x: Any, prices: Any, wealth: Any) -> Any:
        return np.sum(prices * x) - wealth

    return implicit.minimum(
        utility, np.array([1.0, 1.0, 1.0]), prices, wealth, constraints=spent, bounds=[(1e-6, None)] * 3
    )


def test_a_minimum_under_an_equation_has_the_derivatives_of_its_closed_form() -> None:
    prices, wealth, shares = np.array([2.0, 1.0, 4.0]), 30.0, np.array([0.3, 0.5, 0.2])
    np.testing.assert_allclose(demand(prices, wealth), shares * wealth / prices, rtol=1e-11)
    np.testing.assert_allclose(jacobian(demand, 1)(prices, wealth), shares / prices, rtol=1e-9)
    np.testing.assert_allclose(
        jacobian(demand)(prices, wealth), -np.diag(shares * wealth / prices**2), rtol=1e-9, atol=1e-9
    )
    own = hessian(lambda p: demand(p, wealth)[0])(prices)
    np.testing.assert_allclose(own[0, 0], 2.0 * 0.3 * wealth / prices[0] ** 3, rtol=1e-8)
    np.testing.assert_allclose(own[1:], 0.0, atol=1e-8)


def test_several_constraints_hold_together() -> None:
    def nearest(a: Any) -> Any:  # to the origin, on two planes
        return implicit.minimum(
            lambda x, a: x @ x,
            np.zeros(3),
            a,
            constraints=[lambda x, a: x[0] + x[1] + x[2] - a, lambda x, a: [x[0] - x[1] - 1.0]],
        )

    normals = np.array([[1.0, 1.0, 1.0], [1.0, -1.0, 0.0]])
    wanted = np.linalg.pinv(normals)
    np.testing.assert_allclose(nearest(2.0), wanted @ [2.0, 1.0], rtol=1e-12)
    np.testing.assert_allclose(jacobian(nearest)(2.0), wanted[:, 0], rtol=1e-12)


def test_compiled_and_in_batches_it_gives_the_same() -> None:
    def lowest(a: Any, b: Any) -> Any:
        return box(a, b)[1]

    compiled = compile(lowest, argnums=(0, 1))
    for point in ((2.0, 0.3), (0.4, 0.3), (-1.0, 0.1)):
        assert compiled(*point) == lowest(*point)
        assert compiled.grad(*point) == pytest.approx(grad(lowest, (0, 1))(*point), abs=1e-14)
    values = np.array([2.0, 0.4, -1.0])
    np.testing.assert_array_equal(
        vmap(lowest, in_axes=(0, None))(values, 0.3), [lowest(a, 0.3) for a in values]
    )


def test_derivatives_are_those_of_differences() -> None:
    def lowest(a: Any, b: Any) -> Any:
        x = implicit.minimum(
            lambda x, a, b: (
                math.exp(x[0] - a) + math.exp(-x[0] * b) + (x[1] - x[0] * a) ** 2 + 0.1 * x[1] ** 4
            ),
            [0.0, 0.0],
            a,
            b,
        )
        return x[0] * x[1]

    check_grads(lowest, (0.5, 1.2), order=2)


def test_a_solver_of_ones_own_may_find_it() -> None:
    def nelder_mead(f: Any, x0: Any, *args: Any) -> Any:
        return scipy.optimize.minimize(f, x0, args=args, method="Nelder-Mead").x

    def lowest(a: Any) -> Any:
        return implicit.minimum(
            lambda x, a: (x[0] - a) ** 2 + (x[1] - a * a) ** 2, np.zeros(2), a, solver=nelder_mead
        )

    np.testing.assert_allclose(lowest(1.5), [1.5, 2.25], rtol=1e-12)
    np.testing.assert_allclose(jacobian(lowest)(1.5), [1.0, 3.0], rtol=1e-12)
    with pytest.raises(TypeError, match="must return a minimum in the structure of x0"):
        implicit.minimum(lambda x: x[0] ** 2, [1.0], solver=lambda f, x: [0.0, 0.0])


def test_where_there_is_no_minimum_it_says_so() -> None:
    with pytest.raises(RuntimeError, match=r"implicit\.minimum found no minimum"):
        implicit.minimum(lambda x: math.atan(x), 0.0)
    flat = implicit.minimum(lambda x, a: (x[0] - a) ** 2 + 0.0 * x[1], [0.0, 0.5], 1.0)
    assert flat == pytest.approx([1.0, 0.5])
    with pytest.raises(np.linalg.LinAlgError, match="is singular"):
        jacobian(lambda a: implicit.minimum(lambda x, a: (x[0] - a) ** 2 + 0.0 * x[1], [0.0, 0.5], a))(1.0)


@pytest.mark.parametrize(
    ("f", "start", "limits"),
    [
        (lambda x: -((x[0] - 2.0) ** 2), [1.0], {}),
        (lambda x: x[0] ** 2 - x[1] ** 2, [1.0, 0.0], {}),
        (lambda x: -x[0] * x[0], [0.0], {"bounds": [(0.0, 1.0)]}),
        (lambda x: x[0] * x[1], [1.0, 1.0], {"constraints": lambda x: x[0] + x[1] - 2.0}),
        (lambda x: x[0] + x[1], [0.5**0.5] * 2, {"constraints": lambda x: x[0] ** 2 + x[1] ** 2 - 1.0}),
        (lambda x: -((x[0] - 2.0) ** 2), [1.0], {"solver": lambda f, x: [2.0]}),
    ],
    ids=["a maximum", "a saddle", "at a bound", "on a line", "on a circle", "by a solver"],
)
def test_maxima_and_saddle_points_are_no_minima(f: Any, start: list[float], limits: dict[str, Any]) -> None:
    with pytest.raises(RuntimeError, match="a maximum or a saddle point is no minimum"):
        implicit.minimum(f, start, **limits)


def test_a_function_that_is_curved_downwards_has_minima_at_bounds_and_under_equations() -> None:
    assert implicit.minimum(lambda x: -x[0] * x[0], [0.5], bounds=[(0.0, 1.0)]) == [1.0]
    corner = implicit.minimum(lambda x: x[0] * x[1], [0.0, 0.0], bounds=[(0.0, None)] * 2)
    assert corner == [0.0, 0.0]
    far = implicit.minimum(
        lambda x: x[0] + x[1], [-0.5, -0.8], constraints=lambda x: x[0] ** 2 + x[1] ** 2 - 1.0
    )
    assert far == pytest.approx([-(0.5**0.5)] * 2, rel=1e-12)
    held = implicit.minimum(
        lambda x: -(x[0] ** 2) - x[1] ** 2, [0.5, 0.2], constraints=lambda x: [x[0] - 1.0, x[1] - 2.0]
    )
    assert held == pytest.approx([1.0, 2.0], rel=1e-12)


def test_misuse_says_what_is_wanted() -> None:
    def square(x: Any) -> Any:
        return x[0] ** 2

    with pytest.raises(TypeError, match=r"bounds of implicit\.minimum are plain numbers"):
        implicit.minimum(square, [1.0], bounds=[(Value(0.0), None)])
    with pytest.raises(TypeError, match="bounds are pairs of the least and the greatest number, not 3"):
        implicit.minimum(square, [1.0], bounds=[3])
    with pytest.raises(ValueError, match="there are 2 bounds for x, which has 1 numbers"):
        implicit.minimum(square, [1.0], bounds=[(0.0, 1.0), (0.0, 1.0)])
    with pytest.raises(TypeError, match="must return a number to have a minimum, not 2"):
        implicit.minimum(lambda x: [x[0], x[0]], [1.0])
