"""Derivatives of solutions: roots, fixed points and brackets, by the equations that they solve."""

from __future__ import annotations

import math as std
import pickle
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pytest
from mpmath import mp, mpf

from autograd import (
    Value,
    check_grads,
    compile,
    derivative,
    grad,
    gradients,
    hessian,
    implicit,
    jacobian,
    jvp,
    math,
    no_grad,
    value_and_grad,
    vjp,
    vmap,
)
from autograd.derivatives.maps import apply_map
from autograd.implicit.linear_systems import LinearSystem
from autograd.implicit.solutions import MANY, Solution


def kepler(mean_anomaly: Any, eccentricity: Any) -> Any:
    def equation(anomaly: Any, mean: Any, e: Any) -> Any:
        return anomaly - e * math.sin(anomaly) - mean

    return implicit.root(equation, mean_anomaly, mean_anomaly, eccentricity)


def kepler_by_mpmath(mean_anomaly: Any, eccentricity: Any) -> Any:
    return mp.findroot(lambda x: x - eccentricity * mp.sin(x) - mean_anomaly, mean_anomaly, tol=1e-80)


def call_price(volatility: Any, spot: Any, strike: Any, time: Any, rate: Any) -> Any:
    spread = volatility * math.sqrt(time)
    upper = (math.log(spot / strike) + rate * time) / spread + 0.5 * spread

    def normal(x: Any) -> Any:
        return 0.5 * math.erfc(-x / std.sqrt(2.0))

    return spot * normal(upper) - strike * math.exp(-rate * time) * normal(upper - spread)


def implied_volatility(price: Any, *market: Any) -> Any:
    return implicit.brentq(lambda v, p, *m: call_price(v, *m) - p, 0.01, 3.0, price, *market)


# Against mpmath and closed forms


@pytest.mark.parametrize("order", [1, 2, 3])
def test_derivatives_of_keplers_equation_are_those_of_mpmath(order: int) -> None:
    with mp.workdps(60):
        by_mean = mp.diff(lambda m: kepler_by_mpmath(m, mpf("0.3")), 1.0, order)
        by_eccentricity = mp.diff(lambda e: kepler_by_mpmath(mpf(1), e), mpf("0.3"), order)
    assert derivative(lambda m: kepler(m, 0.3), order)(1.0) == pytest.approx(float(by_mean), rel=1e-13)
    assert derivative(lambda e: kepler(1.0, e), order)(0.3) == pytest.approx(
        float(by_eccentricity), rel=1e-13
    )


def test_a_mixed_derivative_is_that_of_mpmath() -> None:
    with mp.workdps(60):
        wanted = mp.diff(kepler_by_mpmath, (mpf(1), mpf("0.3")), (1, 1))
    assert grad(grad(kepler), 1)(1.0, 0.3) == pytest.approx(float(wanted), rel=1e-12)
    assert grad(grad(kepler, 1))(1.0, 0.3) == pytest.approx(float(wanted), rel=1e-12)


def test_implied_volatility_has_the_derivative_one_over_vega() -> None:
    market = (100.0, 110.0, 0.75, 0.02)
    price = call_price(0.25, *market)
    volatility, slope = value_and_grad(implied_volatility)(price, *market)
    assert volatility == pytest.approx(0.25, rel=1e-13)
    vega = derivative(lambda v: call_price(v, *market))(0.25)
    assert slope == pytest.approx(1.0 / vega, rel=1e-12)
    volga = derivative(lambda v: call_price(v, *market), 2)(0.25)  # of the inverse: -f'' / f'**3
    assert grad(grad(implied_volatility))(price, *market) == pytest.approx(-volga / vega**3, rel=1e-10)
    delta = grad(implied_volatility, 1)(price, *market)
    assert delta == pytest.approx(-grad(call_price, 1)(0.25, *market) / vega, rel=1e-12)


def test_a_system_of_two_equations_moves_as_the_implicit_function_theorem_says() -> None:
    def meeting(v: Any, p: Any) -> Any:  # of a circle and a parabola
        return np.array([v[0] ** 2 + v[1] ** 2 - p["radius"] ** 2, v[1] - p["steepness"] * v[0] ** 2])

    def solve(p: Any) -> Any:
        return implicit.root(meeting, np.array([1.0, 1.0]), p)

    r, s = 2.0, 0.5
    y = (-1.0 + std.sqrt(1.0 + 4.0 * s * s * r * r)) / (2.0 * s)  # y**2 + y / s = r**2
    np.testing.assert_allclose(solve({"radius": r, "steepness": s}), [std.sqrt(y / s), y], rtol=1e-14)
    by = jacobian(solve)({"radius": r, "steepness": s})
    assert by["radius"][1] == pytest.approx(2.0 * r / (2.0 * y + 1.0 / s), rel=1e-13)
    assert by["steepness"][1] == pytest.approx(y / s**2 / (2.0 * y + 1.0 / s), rel=1e-13)
    check_grads(lambda p: np.sum(solve(p) ** 3), ({"radius": r, "steepness": s},), order=2)


def test_an_equilibrium_of_markets_moves_with_its_parameters() -> None:
    def excess(prices: Any, supply: Any, cross: Any) -> Any:
        p, q = prices["wheat"], prices["rye"]
        return [10.0 - 2.0 * p + cross * q - supply * p, 8.0 - 3.0 * q + cross * p - supply * q]

    def prices(supply: Any, cross: Any) -> Any:
        return implicit.root(excess, {"wheat": 1.0, "rye": 1.0}, supply, cross)

    matrix = np.array([[3.0, -0.5], [-0.5, 4.0]])  # for a supply of 1, linear
    solution = np.linalg.solve(matrix, [10.0, 8.0])
    found = prices(1.0, 0.5)
    np.testing.assert_allclose([found["wheat"], found["rye"]], solution, rtol=1e-14)
    by = jacobian(prices)(1.0, 0.5)
    np.testing.assert_allclose([by["wheat"], by["rye"]], -np.linalg.solve(matrix, solution), rtol=1e-13)


def test_a_fixed_point_has_the_derivative_of_the_closed_form() -> None:
    def heron(a: Any) -> Any:
        return implicit.fixed_point(lambda x, a: 0.5 * (x + a / x), 1.0, a)

    for order, wanted in enumerate([std.sqrt(2.0), 0.5 * 2.0**-0.5, -0.25 * 2.0**-1.5, 0.375 * 2.0**-2.5]):
        assert derivative(heron, order)(2.0) == pytest.approx(wanted, rel=1e-13)

    def slow(a: Any) -> Any:  # x = 0.999 x + a, in thousands of calls
        return implicit.fixed_point(lambda x, a: [0.999 * x[0] + a], [0.0], a)[0]

    assert slow(0.5) == pytest.approx(500.0, rel=1e-12)
    assert grad(slow)(0.5) == pytest.approx(1000.0, rel=1e-11)


def test_gradients_go_through_backward_and_forward() -> None:
    m, e = Value(1.0), Value(0.3)
    x = kepler(m, e)
    (x * x).backward()
    slopes = grad(kepler, (0, 1))(1.0, 0.3)
    assert (m.grad, e.grad) == pytest.approx((2.0 * x.data * slopes[0], 2.0 * x.data * slopes[1]))
    assert gradients(kepler(m, e), [m, e]) == pytest.approx([*slopes])
    assert jvp(kepler, (1.0, 0.3), (1.0, 2.0))[1] == pytest.approx(slopes[0] + 2.0 * slopes[1], rel=1e-14)
    assert vjp(kepler, 1.0, 0.3)[1](3.0) == pytest.approx((3.0 * slopes[0], 3.0 * slopes[1]), rel=1e-14)
    assert hessian(kepler, (0, 1))(1.0, 0.3)[0][0] == pytest.approx(
        derivative(lambda m: kepler(m, 0.3), 2)(1.0)
    )


def test_where_it_begins_has_no_derivative() -> None:
    def from_start(start: Any, a: Any) -> Any:
        return implicit.root(lambda x, a: x * x - a, start, a)

    assert grad(from_start, (0, 1))(1.0, 4.0) == (0.0, 0.25)
    assert grad(from_start, (0, 1))(-1.0, 4.0) == (0.0, -0.25)
    assert grad(lambda low: implicit.brentq(lambda x: x - 1.0, low, 3.0))(0.5) == 0.0


class State(NamedTuple):
    x: Any
    y: Any


def test_unknowns_have_the_structure_of_where_it_begins() -> None:
    def equations(state: State, a: Any) -> Any:
        return State(state.x - a * np.array([1.0, 2.0]), state.y + state.x[1] - 1.0)

    found = implicit.root(equations, State(np.zeros(2), 0.0), 3.0)
    np.testing.assert_allclose(found.x, [3.0, 6.0])
    assert (type(found), found.y) == (State, -5.0)
    by = jacobian(lambda a: implicit.root(equations, State(np.zeros(2), 0.0), a))(3.0)
    np.testing.assert_allclose(by.x, [1.0, 2.0])
    assert by.y == -2.0


def test_arguments_may_be_anything_besides_numbers() -> None:
    def equation(x: Any, a: Any, options: Any) -> Any:
        return x ** options["power"] - a[0] if options["name"] == "power" else x

    def solve(a: Any) -> Any:
        return implicit.root(equation, 1.0, [a, None, "text"], {"power": 3, "name": "power"})

    assert derivative(solve)(8.0) == pytest.approx(1.0 / 12.0, rel=1e-14)


# Compiled


def test_compiled_it_gives_what_the_function_gives() -> None:
    compiled = compile(kepler, argnums=(0, 1))
    for point in ((1.0, 0.3), (2.0, 0.1), (0.2, 0.6)):
        assert compiled(*point) == kepler(*point)
        assert compiled.grad(*point) == pytest.approx(grad(kepler, (0, 1))(*point), rel=1e-14)
        np.testing.assert_allclose(
            compiled.hessian(*point), hessian(kepler, (0, 1))(*point), rtol=1e-12, atol=1e-15
        )
    third = compile(derivative(lambda m: kepler(m, 0.3), 3))
    for m in (1.0, 1.4):
        assert third(m) == pytest.approx(derivative(lambda m: kepler(m, 0.3), 3)(m), rel=1e-13)


def test_batches_are_solved_point_by_point() -> None:
    means = np.linspace(0.1, 3.0, 7)
    np.testing.assert_array_equal(
        vmap(kepler, in_axes=(0, None))(means, 0.3), [kepler(m, 0.3) for m in means]
    )
    slopes = vmap(compile(kepler), in_axes=(0, None)).grad(means, 0.3)
    np.testing.assert_allclose(slopes, [grad(kepler)(m, 0.3) for m in means], rtol=1e-14)
    prices, market = np.array([2.0, 5.0, 9.0]), (100.0, 110.0, 0.75, 0.02)
    batched = vmap(implied_volatility, in_axes=(0, None, None, None, None))(prices, *market)
    np.testing.assert_array_equal(batched, [implied_volatility(p, *market) for p in prices])


def test_a_compiled_function_can_be_sent_elsewhere() -> None:
    compiled = compile(golden)
    assert compiled.grad(1.0) == pytest.approx(grad(golden)(1.0))
    twin = pickle.loads(pickle.dumps(compiled))
    assert twin.grad(2.0) == pytest.approx(grad(golden)(2.0))


def golden(a: Any) -> Any:
    return implicit.root(quadratic, 1.0, a)


def quadratic(x: Any, a: Any) -> Any:
    return x * x - a * x - 1.0


def test_an_error_comes_out_of_a_compiled_function_too() -> None:
    def solve(a: Any) -> Any:
        return implicit.root(lambda x, a: x * x + a, 1.0, a)

    compiled = compile(solve)
    assert compiled.value_and_grad(-4.0) == pytest.approx((2.0, -0.25))
    for call in (solve, compiled):
        with pytest.raises(RuntimeError, match=r"implicit.root found no root of .* from x0 = 1\.0"):
            call(4.0)


# Solvers of the user's


def newton(f: Callable[..., Any], x: float, *args: Any) -> float:
    if any(type(arg) is not float for arg in args):
        raise TypeError(args)
    for _ in range(50):
        x -= f(x, *args) / derivative(lambda t: f(t, *args))(x)
    return x


def test_a_solver_of_ones_own_is_differentiated_by_the_equation() -> None:
    def solve(a: Any) -> Any:
        return implicit.root(lambda x, a: x**3 + x - a, 1.0, a, solver=newton)

    for order, wanted in enumerate([1.0, 0.25, -0.09375]):
        assert derivative(solve, order)(2.0) == pytest.approx(wanted, rel=1e-14)
    compiled = compile(solve)
    assert [compiled.grad(a) for a in (2.0, 10.0)] == pytest.approx([0.25, 1.0 / 13.0])
    halved = implicit.fixed_point(lambda x, a: 0.5 * x + a, 0.0, 1.0, solver=lambda f, x, a: 2.0 * a)
    assert halved == 2.0


def test_what_is_no_solution_is_refused() -> None:
    with pytest.raises(RuntimeError, match=r"returned 2\.0.*does not solve root of quadratic.*residual is 1"):
        implicit.root(quadratic, 1.0, 1.0, solver=lambda f, x, a: 2.0)
    with pytest.raises(TypeError, match="must return a solution in the structure of x0"):
        implicit.root(quadratic, 1.0, 1.0, solver=lambda f, x, a: [1.0, 2.0])


# Where there is no answer


def test_a_singular_jacobian_is_named() -> None:
    def double(a: Any) -> Any:
        return implicit.root(lambda x, a: (x - a) ** 2 * x, 0.0, a)

    assert double(0.0) == 0.0
    with pytest.raises(np.linalg.LinAlgError, match=r"the Jacobian of the equations.* is singular"):
        grad(double)(0.0)
    dependent = implicit.root(
        lambda v, a: [v[0] + v[1] - a, 2.0 * v[0] + 2.0 * v[1] - 2.0 * a], [0.5, 0.5], 1.0
    )
    assert sum(dependent) == pytest.approx(1.0)
    with pytest.raises(np.linalg.LinAlgError, match=r"at \[0\.5, 0\.5\].* is singular"):
        grad(
            lambda a: implicit.root(
                lambda v, a: [v[0] + v[1] - a, 2.0 * v[0] + 2.0 * v[1] - 2.0 * a], [0.5, 0.5], a
            )[0]
        )(1.0)
    with pytest.raises(np.linalg.LinAlgError, match="not finite"):
        LinearSystem(1, "a matrix")([std.nan, 1.0])


def test_what_does_not_converge_says_where_it_ended() -> None:
    with pytest.raises(RuntimeError, match="Begin elsewhere, or give solver="):
        implicit.root(lambda x: math.exp(x), 0.0)
    with pytest.raises(RuntimeError, match="leads to no fixed point"):
        implicit.fixed_point(lambda x: 2.0 * x + 1.0, 0.0)
    with pytest.raises(ValueError, match="between two numbers of the same sign"):
        implicit.brentq(lambda x: x * x + 1.0, 0.0, 1.0)


def test_a_value_that_is_no_argument_is_refused() -> None:
    w = Value(2.0)
    solves: list[Callable[[], Any]] = [
        lambda: implicit.root(lambda x: x * x - w, 1.0),
        lambda: implicit.fixed_point(lambda x: 0.5 * (x + w / x), 1.0),
        lambda: implicit.brentq(lambda x: x * x - w, 0.0, 2.0),
        lambda: implicit.minimum(lambda x: (x - w) ** 2, 1.0),
        lambda: grad(lambda a: implicit.root(lambda x: x * x - a, 1.0))(2.0),
    ]
    for solve in solves:
        with pytest.raises(TypeError, match="it uses a Value that is no argument"):
            solve()


def test_misuse_says_what_is_wanted() -> None:
    with pytest.raises(TypeError, match="takes a function first, not 3"):
        implicit.root(3, 1.0)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="holds the numbers to start from; 'text'"):
        implicit.root(quadratic, "text", 1.0)
    with pytest.raises(TypeError, match="must return as many numbers as x has, 2, and returned 1"):
        implicit.root(lambda v: [v[0]], [1.0, 2.0])
    with pytest.raises(TypeError, match="must return numbers, not None"):
        implicit.root(lambda v: None, [1.0, 2.0])
    with pytest.raises(TypeError, match="looks for a number between two others"):
        implicit.brentq(quadratic, [0.0], 2.0, 1.0)
    with pytest.raises(TypeError, match="must return a number, and returned 2"):
        implicit.brentq(lambda x: [x, x], -1.0, 2.0)


def test_inside_no_grad_a_solution_is_a_constant() -> None:
    with no_grad():
        x = golden(Value(1.0))
    assert x.data == golden(1.0)
    assert not x.operands


# Linear systems


def test_a_linear_system_has_derivatives_of_all_orders() -> None:
    def first(t: Any) -> Any:  # of [[1, t], [0, 2 t]] x = [1, t]: x = [1 - t/2, 1/2]
        return apply_map(LinearSystem(2, "the matrix"), [1.0, t, 0.0, 2.0 * t, 1.0, t * t])[0]

    # x = [1 - t * t / 2, t / 2]
    assert [derivative(first, order)(3.0) for order in (0, 1, 2, 3)] == pytest.approx([-3.5, -3.0, -1.0, 0.0])
    assert [grad(first)(3.0), grad(grad(first))(3.0)] == pytest.approx([-3.0, -1.0])


def test_a_program_solves_once_for_a_solution_and_its_derivatives() -> None:
    found: list[float] = []

    def solver(f: Any, x: float, a: float) -> float:
        found.append(a)
        return std.sqrt(a)

    root = compile(lambda a: implicit.root(lambda x, a: x * x - a, 1.0, a, solver=solver))
    root.value_and_grad(9.0)
    for a in (4.0, 16.0):
        found.clear()
        assert root.value_and_grad(a) == (a**0.5, pytest.approx(0.5 * a**-0.5))
        assert found == [a]
    found.clear()
    points = np.linspace(1.0, 2.0, 50)
    assert vmap(root).grad(points) == pytest.approx(0.5 * points**-0.5)
    assert len(found) == len(points)


def test_what_was_solved_before_is_not_taken_where_the_equation_is_another_one() -> None:
    power = [2.0]
    solution = Solution(
        "root", lambda x, a: [x[0] ** power[0] - a[0]], lambda _, a: [a[0] ** (1 / power[0])], 0, 1, 1, None
    )
    assert solution([64.0]) == solution.again([64.0]) == [8.0]
    power[0] = 3.0
    assert solution.again([64.0]) == [pytest.approx(4.0)]
    solution._known.clear()
    power[0] = 2.0
    assert solution([64.0]) == [8.0]
    power[0] = 3.0
    assert solution.pulled()([64.0, 1.0]) == [pytest.approx(1.0 / 48.0)]


def test_solutions_are_remembered_up_to_some_number() -> None:
    solution = Solution("root", lambda x, a: [x[0] - a[0]], lambda _, a: [*a], 0, 1, 1, None)
    for i in range(MANY):
        assert solution([float(i)]) == [float(i)]
        assert len(solution._known) <= MANY / 2
    assert solution.again([0.5]) == [0.5]


def test_whole_numbers_and_constants_are_numbers_of_an_equation_too() -> None:
    assert implicit.root(lambda x, a: np.float64(1.0) * x - a, 1, 3) == 3.0
    assert grad(lambda a: implicit.root(lambda x, a, n: x - n * a, 1, a, 2))(3.0) == 2.0
