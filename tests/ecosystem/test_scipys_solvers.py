"""Derivatives in SciPy's optimisers, fits, root finders and solvers of differential equations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np
import pytest
from scipy import integrate, optimize

from autograd import (
    compile,
    derivative,
    grad,
    hessian,
    hvp,
    jacobian,
    math,
    value_and_grad,
)

Function = Callable[..., Any]


# SciPy's optimisers, which have the derivatives of Rosenbrock's function by hand


def rosenbrock(x: Any) -> Any:
    return np.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1.0 - x[:-1]) ** 2)


START = np.array([1.3, 0.7, 0.8, 1.9, 1.2])


def test_the_derivatives_of_rosenbrocks_function_are_scipys() -> None:
    value, gradient = value_and_grad(rosenbrock)(START)
    assert value == pytest.approx(optimize.rosen(START), rel=1e-15)
    np.testing.assert_allclose(gradient, optimize.rosen_der(START), rtol=1e-12)
    np.testing.assert_allclose(hessian(rosenbrock)(START), optimize.rosen_hess(START), rtol=1e-12, atol=1e-12)
    direction = np.array([1.0, -2.0, 0.5, 0.0, 3.0])
    product = optimize.rosen_hess_prod(START, direction)
    np.testing.assert_allclose(hvp(rosenbrock)(START, direction), product, rtol=1e-12)


@pytest.mark.parametrize("method", ["BFGS", "L-BFGS-B", "CG", "TNC", "SLSQP"])
def test_minimize_with_value_and_grad(method: str) -> None:
    found = optimize.minimize(value_and_grad(rosenbrock), START, jac=True, method=method, tol=1e-10)
    np.testing.assert_allclose(found.x, np.ones(5), atol=1e-4)
    assert found.nfev < optimize.minimize(rosenbrock, START, method=method, tol=1e-10).nfev


@pytest.mark.parametrize("method", ["Newton-CG", "trust-ncg", "trust-constr"])
def test_minimize_with_products_of_the_hessian_and_further_arguments(method: str) -> None:
    def f(x: Any, a: Any, b: float) -> Any:
        return np.sum(a**2 * (x - b) ** 4 + (x - b) ** 2)

    extra = (np.array([3.0, 5.0]), 1.0)
    for product in (hvp(f), compile(f).hvp):
        options = {"args": extra, "jac": True, "method": method, "tol": 1e-10}
        found = optimize.minimize(value_and_grad(f), [3.0, -2.0], hessp=product, **options)
        np.testing.assert_allclose(found.x, [1.0, 1.0], atol=1e-5)


@pytest.mark.parametrize(
    "method", ["Newton-CG", "trust-ncg", "trust-krylov", "trust-exact", "dogleg", "trust-constr"]
)
def test_minimize_with_hessian_or_its_products(method: str) -> None:
    # The dog leg wants a positive definite Hessian all the way.
    start = np.array([1.1, 1.05, 1.08, 1.2, 1.4]) if method == "dogleg" else START
    options = {"jac": True, "method": method, "tol": 1e-10}
    found = optimize.minimize(value_and_grad(rosenbrock), start, hess=hessian(rosenbrock), **options)
    np.testing.assert_allclose(found.x, np.ones(5), atol=1e-6)
    if method not in ("trust-exact", "dogleg"):
        found = optimize.minimize(value_and_grad(rosenbrock), start, hessp=hvp(rosenbrock), **options)
        np.testing.assert_allclose(found.x, np.ones(5), atol=1e-6)


def box(x: Any) -> Any:
    return -8.0 * np.prod(x)


def room(x: Any) -> Any:
    return 1.0 - np.sum(x**2)


def steps_up(x: Any) -> Any:
    return x[1:] - x[:-1]


def test_minimize_under_constraints_with_their_jacobians() -> None:
    # The largest box in the unit ball is the cube of edge 2 / sqrt(3).
    found = optimize.minimize(
        value_and_grad(box),
        np.array([0.2, 0.5, 0.4]),
        jac=True,
        constraints=[
            {"type": "ineq", "fun": room, "jac": grad(room)},
            {"type": "eq", "fun": steps_up, "jac": jacobian(steps_up)},
        ],
        method="SLSQP",
        tol=1e-12,
    )
    assert found.success
    np.testing.assert_allclose(found.x, np.full(3, 1 / np.sqrt(3)), rtol=1e-6)


def test_minimize_under_a_constraint_with_its_hessian() -> None:
    constraint = optimize.NonlinearConstraint(
        room, 0.0, np.inf, jac=grad(room), hess=lambda x, v: v[0] * hessian(room)(x)
    )
    found = optimize.minimize(
        value_and_grad(box),
        np.array([0.2, 0.5, 0.4]),
        jac=True,
        hess=hessian(box),
        constraints=[constraint],
        method="trust-constr",
        options={"gtol": 1e-10, "xtol": 1e-12},
    )
    np.testing.assert_allclose(found.x, np.full(3, 1 / np.sqrt(3)), rtol=1e-6)


# Misra1a of the NIST Statistical Reference Datasets, nonlinear regression (public domain), with its
# certified parameters, their standard deviations and the residual sum of squares
MISRA_X = [77.6, 114.9, 141.1, 190.8, 239.9, 289.0, 332.8, 378.4, 434.8, 477.3, 536.8, 593.1, 689.1, 760.0]
MISRA_Y = [10.07, 14.73, 17.94, 23.93, 29.61, 35.18, 40.02, 44.82, 50.76, 55.05, 61.01, 66.40, 75.47, 81.78]
MISRA_B = [2.3894212918e02, 5.5015643181e-04]
MISRA_DEVIATIONS = [2.7070075241e00, 7.2668688436e-06]
MISRA_SUM_OF_SQUARES = 1.2455138894e-01


def misra(b: Any) -> Any:
    return b[0] * (1.0 - np.exp(-b[1] * np.array(MISRA_X))) - np.array(MISRA_Y)


@pytest.mark.parametrize("method", ["trf", "dogbox", "lm"])
def test_least_squares_with_the_jacobian_finds_nists_certified_parameters(method: str) -> None:
    found = optimize.least_squares(
        misra, [500.0, 1e-4], jac=jacobian(misra), method=method, x_scale="jac", xtol=1e-15, ftol=1e-15
    )
    np.testing.assert_allclose(found.x, MISRA_B, rtol=1e-9)
    assert 2.0 * found.cost == pytest.approx(MISRA_SUM_OF_SQUARES, rel=1e-9)
    slopes = jacobian(misra)(found.x)
    covariance = np.linalg.inv(slopes.T @ slopes) * 2.0 * found.cost / (len(MISRA_X) - 2)
    np.testing.assert_allclose(np.sqrt(np.diag(covariance)), MISRA_DEVIATIONS, rtol=1e-8)


def test_curve_fit_with_the_jacobian() -> None:
    def model(x: Any, *b: Any) -> Any:
        return b[0] * (1.0 - np.exp(-b[1] * x))

    by_b = jacobian(lambda b, x: model(x, *b))
    b, covariance = optimize.curve_fit(
        model,
        np.array(MISRA_X),
        MISRA_Y,
        p0=[250.0, 5e-4],
        jac=lambda x, *b: by_b(np.array(b), x),
        xtol=1e-14,
        ftol=1e-14,
    )
    np.testing.assert_allclose(b, MISRA_B, rtol=1e-8)
    np.testing.assert_allclose(np.sqrt(np.diag(covariance)), MISRA_DEVIATIONS, rtol=1e-6)


@pytest.mark.parametrize("method", ["hybr", "lm"])
def test_root_with_the_jacobian(method: str) -> None:
    def equations(x: Any) -> Any:
        return np.stack([x[0] ** 2 + x[1] ** 2 - 4.0, np.exp(x[0]) + x[1] - 1.0])

    mpmath.mp.dps = 30
    exact = mpmath.findroot(
        lambda x, y: [x**2 + y**2 - 4, mpmath.exp(x) + y - 1], (mpmath.mpf("1.0"), mpmath.mpf("-1.7"))
    )
    found = optimize.root(equations, [1.0, -1.7], jac=jacobian(equations), method=method, tol=1e-13)
    assert found.success
    np.testing.assert_allclose(found.x, [float(x) for x in exact], rtol=1e-12)
    without = optimize.root(equations, [1.0, -1.7], method=method, tol=1e-13)
    assert found.nfev < without.nfev


def test_root_scalar_with_one_and_two_derivatives() -> None:
    def f(x: Any) -> Any:
        return x - math.cos(x)

    dottie = float(mpmath.findroot(lambda x: x - mpmath.cos(x), 0.7))
    newton = optimize.root_scalar(f, x0=5.0, fprime=derivative(f), method="newton")
    halley = optimize.root_scalar(f, x0=1.0, fprime=derivative(f), fprime2=derivative(f, 2), method="halley")
    both = optimize.root_scalar(value_and_grad(f), x0=1.0, fprime=True, method="newton")
    for found in (newton, halley, both):
        assert found.converged
        assert found.root == pytest.approx(dottie, rel=1e-15)
    assert halley.iterations < both.iterations


def robertson(t: float, y: Any) -> Any:
    a, b, c = 0.04 * y[0], 1e4 * y[1] * y[2], 3e7 * y[1] ** 2
    return np.stack([b - a, a - b - c, c])


def oscillator(t: float, y: Any) -> Any:
    return np.stack([y[1], ((1.0 - y[0] ** 2) * y[1] - y[0]) / 1e-6])


# From the Test Set for Initial Value Problem Solvers (Mazzia and Magherini, 2008): the problems ROBER, at an
# early time too, and VDPOL
STIFF: list[tuple[Function, list[float], float, list[float], list[float]]] = [
    (
        robertson,
        [1.0, 0.0, 0.0],
        40.0,
        [0.7158270687193941, 0.9185534764557338e-5, 0.2841637457458413],
        [1e-12, 1e-18, 1e-12],
    ),
    (
        robertson,
        [1.0, 0.0, 0.0],
        1e11,
        [0.2083340149701255e-7, 0.8333360770334713e-13, 0.9999999791665050],
        [1e-16, 1e-22, 1e-12],
    ),
    (oscillator, [2.0, 0.0], 2.0, [0.1706167732170483e1, -0.8928097010247975], [1e-10, 1e-10]),
]


@pytest.mark.parametrize(("f", "start", "until", "reference", "atol"), STIFF, ids=["early", "late", "vdpol"])
@pytest.mark.parametrize("method", ["Radau", "BDF"])
def test_a_stiff_equation_with_the_exact_jacobian(
    method: str, f: Function, start: list[float], until: float, reference: list[float], atol: list[float]
) -> None:
    calls = 0

    def counted(t: float, y: Any) -> Any:
        nonlocal calls
        calls += 1
        return f(t, y)

    options = {"method": method, "rtol": 1e-7, "atol": atol}
    found = integrate.solve_ivp(counted, (0.0, until), start, jac=jacobian(f, argnums=1), **options)
    assert found.success
    np.testing.assert_allclose(found.y[:, -1], reference, rtol=1e-5 if method == "Radau" else 1e-4)
    calls_with = calls
    calls = 0
    integrate.solve_ivp(counted, (0.0, until), start, **options)
    assert calls_with < calls
