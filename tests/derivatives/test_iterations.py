"""Derivatives through iterations: integrators of differential equations, fixed points, Newton's method.

A loop is recorded as it ran, so an integrator is differentiated exactly, error of the method included, and
an iteration that has converged has the derivative that the implicit function theorem gives.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np
import pytest
from mpmath import mp, mpf
from scipy.integrate import solve_ivp

from autograd import derivative, grad, hessian, jacobian, math


def runge_kutta(slope: Callable[[Any], Any], y: Any, time: Any, steps: int) -> Any:
    """Return the classical method's y at a time, for a y and slopes that can be added (numbers or arrays)."""
    h = time / steps
    for _ in range(steps):
        k1 = slope(y)
        k2 = slope(y + h / 2 * k1)
        k3 = slope(y + h / 2 * k2)
        k4 = slope(y + h * k3)
        y = y + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
    return y


# The harmonic oscillator x'' = -omega**2 x, started at x with velocity v.


def oscillator(omega: Any, x: Any, v: Any, time: Any = 3.0, steps: int = 40) -> Any:
    def slope(y: Any) -> Any:
        return np.array([y[1], -(omega**2) * y[0]])

    return runge_kutta(slope, np.array([x, v]), time, steps)[0]


def oscillator_of_the_method(omega: Any, x: Any, v: Any, time: Any = 3.0, steps: int = 40) -> Any:
    """Return what the method gives, in closed form: a step multiplies x - i v / omega by p(i omega h)."""
    z = mp.mpc(0, omega * time / steps)
    p = 1 + z + z**2 / 2 + z**3 / 6 + z**4 / 24
    return mp.re(p**steps * mp.mpc(x, -v / omega))


def oscillator_in_time(omega: Any, x: Any, v: Any, time: Any = 3.0) -> Any:
    return x * mp.cos(omega * time) + v / omega * mp.sin(omega * time)


AT = (1.3, 0.7, -0.4, 3.0)


def numerical(f: Callable[..., Any], at: tuple[float, ...], *positions: int) -> float:
    """Return a derivative of f, by the arguments at positions, at 50 digits."""
    with mp.workdps(50):
        counts = tuple(positions.count(i) for i in range(len(at)))
        return float(mpmath.diff(f, tuple(map(mpf, at)), counts))


def test_derivatives_through_runge_kutta_are_those_of_the_method() -> None:
    every = (0, 1, 2, 3)
    first = grad(oscillator, every)(*AT)
    second = hessian(oscillator, every)(*AT)
    for i in every:
        assert first[i] == pytest.approx(numerical(oscillator_of_the_method, AT, i), rel=1e-12)
        for j in every:
            expected = numerical(oscillator_of_the_method, AT, i, j)
            assert second[i][j] == pytest.approx(expected, rel=1e-11, abs=1e-13)


def test_the_third_derivative_through_runge_kutta() -> None:
    expected = numerical(oscillator_of_the_method, AT, 0, 0, 0)
    assert derivative(oscillator, 3)(*AT) == pytest.approx(expected, rel=1e-11)


@pytest.mark.parametrize("order", [0, 1, 2])
def test_derivatives_through_runge_kutta_have_its_order(order: int) -> None:
    exact = numerical(oscillator_in_time, AT, *[0] * order)
    coarse, fine = (abs(derivative(oscillator, order)(*AT, steps=n) - exact) for n in (80, 160))
    assert coarse / fine == pytest.approx(2**4, rel=0.05)


# The predators and the prey of Lotka and Volterra.

PREDATION = (1.1, 0.4, 0.4, 0.1, 10.0, 2.0)  # alpha, beta, gamma, delta and the two numbers at the start


def lotka_volterra(
    alpha: Any, beta: Any, gamma: Any, delta: Any, prey: Any, predators: Any, steps: int = 100
) -> Any:
    def slope(y: Any) -> Any:
        return np.array([alpha * y[0] - beta * y[0] * y[1], delta * y[0] * y[1] - gamma * y[1]])

    return runge_kutta(slope, np.array([prey, predators]), 5, steps)


def test_derivatives_of_lotka_volterra_are_those_of_the_method() -> None:
    """The same steps on numbers of 50 digits, differentiated numerically."""
    every = tuple(range(6))
    first = jacobian(lotka_volterra, every)(*PREDATION)
    second = hessian(lambda *args: lotka_volterra(*args)[0], every)(*PREDATION)
    for i in every:
        for species in (0, 1):
            expected = numerical(lambda *args, s=species: lotka_volterra(*args)[s], PREDATION, i)
            assert first[i][species] == pytest.approx(expected, rel=1e-11)
        expected = numerical(lambda *args: lotka_volterra(*args)[0], PREDATION, i, (i + 1) % 6)
        assert second[i][(i + 1) % 6] == pytest.approx(expected, rel=1e-10)
        assert second[(i + 1) % 6][i] == pytest.approx(expected, rel=1e-10)


def test_derivatives_of_lotka_volterra_approach_the_solution_of_the_variational_equations() -> None:
    """The continuous sensitivities s' = (df/dy) s + df/dp, solved by SciPy to 12 digits."""
    alpha, beta, gamma, delta, *start = PREDATION

    def slope(_time: float, state: Any) -> Any:
        (x, y), s = state[:2], state[2:].reshape(2, 6)
        by_state = np.array([[alpha - beta * y, -beta * x], [delta * y, delta * x - gamma]])
        by_parameters = np.array([[x, -x * y, 0, 0, 0, 0], [0, 0, -y, x * y, 0, 0]])
        growth = np.array([alpha * x - beta * x * y, delta * x * y - gamma * y])
        return np.concatenate([growth, (by_state @ s + by_parameters).ravel()])

    at_start = np.concatenate([start, np.eye(2, 6, 4).ravel()])
    solved: Any = solve_ivp(slope, (0, 5), at_start, method="DOP853", rtol=1e-12, atol=1e-12)
    exact = solved.y[2:, -1].reshape(2, 6)
    errors = []
    for steps in (200, 400):
        found = np.array(jacobian(lotka_volterra, tuple(range(6)))(*PREDATION, steps=steps)).T
        errors.append(np.abs(found - exact).max() / np.abs(exact).max())
    assert errors[0] < 1e-6
    assert errors[0] / errors[1] == pytest.approx(2**4, rel=0.1)  # the method is of order 4


# Fixed points. An iterate's derivative lags behind it by a step for each order, hence the extra steps.


def fixed_point(step: Callable[[Any], Any], x: Any, extra: int = 0) -> Any:
    """Return what a step maps to itself, from where it no longer moves by more than rounding."""
    for _ in range(500):
        x, previous = step(x), x
        if abs(x - previous) <= 1e-15 * abs(x):
            break
    for _ in range(extra):
        x = step(x)
    return x


def test_the_fixed_point_of_a_cosine() -> None:
    def solution(a: Any) -> Any:
        return fixed_point(lambda x: math.cos(a * x), 1.0, extra=20)

    def exact(a: Any) -> Any:
        return mpmath.findroot(lambda x: mp.cos(a * x) - x, mpf("0.7"))

    for a in (0.5, 0.9, 1.0, 1.2):
        with mp.workdps(50):
            x = exact(mpf(a))
            # x = cos(a x), so x' = -sin(a x) (x + a x')
            slope = float(-x * mp.sin(a * x) / (1 + a * mp.sin(a * x)))
        assert solution(a) == pytest.approx(float(x), rel=2e-15)
        assert derivative(solution)(a) == pytest.approx(slope, rel=1e-12)
        assert derivative(solution, 2)(a) == pytest.approx(numerical(exact, (a,), 0, 0), rel=1e-10)


def test_the_babylonian_square_root_has_the_derivatives_of_the_root() -> None:
    def root(a: Any) -> Any:
        return fixed_point(lambda x: (x + a / x) / 2, 1.0, extra=2)

    for a in (2.0, 0.3, 1e4):
        expected = [a**0.5, 0.5 * a**-0.5, -0.25 * a**-1.5, 0.375 * a**-2.5]
        assert [derivative(root, order)(a) for order in range(4)] == pytest.approx(expected, rel=1e-13)


# Kepler's equation M = E - e sin E, of the mean anomaly M, the eccentricity e and the eccentric anomaly E.


def by_iteration(mean: Any, eccentricity: Any) -> Any:
    return fixed_point(lambda anomaly: mean + eccentricity * math.sin(anomaly), mean, extra=60)


def by_newton(mean: Any, eccentricity: Any) -> Any:
    def excess(anomaly: Any) -> Any:
        return anomaly - eccentricity * math.sin(anomaly) - mean

    anomaly = mean
    for _ in range(8):
        anomaly = anomaly - excess(anomaly) / derivative(excess)(anomaly)
    return anomaly


@pytest.mark.parametrize("solver", [by_iteration, by_newton])
@pytest.mark.parametrize("orbit", [(0.8, 0.0167), (2.5, 0.2056), (1.0, 0.55)], ids=str)
def test_keplers_equation(solver: Callable[..., Any], orbit: tuple[float, float]) -> None:
    def exact(mean: Any, eccentricity: Any) -> Any:
        return mpmath.findroot(lambda x: x - eccentricity * mp.sin(x) - mean, mean)

    with mp.workdps(50):
        anomaly, eccentricity = exact(*map(mpf, orbit)), mpf(orbit[1])
        by_mean = 1 / (1 - eccentricity * mp.cos(anomaly))
        expected = (float(by_mean), float(mp.sin(anomaly) * by_mean))
        # Bessel's series of 1824: dE/dM = 1 + 2 sum J_n(n e) cos(n M)
        series = 1 + 2 * mpmath.nsum(
            lambda n: mp.besselj(n, n * eccentricity) * mp.cos(n * mpf(orbit[0])), [1, 200], method="d"
        )
    assert solver(*orbit) == pytest.approx(float(anomaly), rel=2e-15)
    assert grad(solver, (0, 1))(*orbit) == pytest.approx(expected, rel=1e-13)
    assert grad(solver)(*orbit) == pytest.approx(float(series), rel=1e-13)
    second = hessian(solver, (0, 1))(*orbit)
    for i, j in ((0, 0), (0, 1), (1, 0), (1, 1)):
        assert second[i][j] == pytest.approx(numerical(exact, orbit, i, j), rel=1e-12)


def test_the_largest_eigenvalue_by_power_iteration() -> None:
    """For a symmetric matrix with eigenpairs (l_i, v_i): dl_1/dA = v_1 v_1^T (Magnus, 1985)."""
    matrix = np.array([[4.0, 1.0, 0.5], [1.0, 2.0, 0.3], [0.5, 0.3, 1.0]])

    def largest(a: Any) -> Any:
        v = np.ones(3)
        for _ in range(60):
            v = a @ v
            v = v / np.sqrt(v @ v)
        return v @ a @ v

    values, vectors = np.linalg.eigh(matrix)
    top = vectors[:, -1]
    assert largest(matrix) == pytest.approx(values[-1], rel=1e-14)
    np.testing.assert_allclose(grad(largest)(matrix), np.outer(top, top), rtol=1e-12)

    # d2 l_1 in the symmetric direction D: 2 sum_k (v_k^T D v_1)**2 / (l_1 - l_k)
    direction = np.array([[0.3, -1.0, 0.2], [-1.0, 0.5, 0.8], [0.2, 0.8, -0.7]])
    expected = sum(2 * (vectors[:, k] @ direction @ top) ** 2 / (values[-1] - values[k]) for k in range(2))
    along = derivative(lambda t: largest(matrix + t * direction), 2)(0.0)
    assert along == pytest.approx(expected, rel=1e-11)
