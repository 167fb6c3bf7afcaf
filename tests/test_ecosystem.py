"""Derivatives in SciPy's solvers, and Values in what the standard library offers."""

from __future__ import annotations

import asyncio
import bisect
import contextlib
import copy
import dataclasses
import decimal
import functools
import heapq
import itertools
import math as python_math
import operator
import pickle
import random
import statistics
import subprocess
import sys
import threading
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import mpmath
import numpy as np
import pytest
from scipy import integrate, optimize

from autograd import (
    Value,
    compile,
    derivative,
    detect_anomaly,
    grad,
    gradients,
    hessian,
    hvp,
    jacobian,
    jvp,
    math,
    no_grad,
    value_and_grad,
    vjp,
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


# The module statistics: it computes with exact fractions, which Values are not

DATA = [1.25, 2.5, 4.0, 7.0, 8.5]
OTHERS = [2.0, 1.0, 5.0, 4.0, 3.0]


@pytest.mark.parametrize(
    ("f", "slope"),
    [
        (statistics.median, [0.0, 0.0, 1.0, 0.0, 0.0]),
        (lambda v: statistics.median(v[:4]), [0.0, 0.5, 0.5, 0.0, 0.0]),
        (statistics.median_low, [0.0, 0.0, 1.0, 0.0, 0.0]),
        (statistics.median_high, [0.0, 0.0, 1.0, 0.0, 0.0]),
        (statistics.mode, [1.0, 0.0, 0.0, 0.0, 0.0]),
        # The first of three cut points of five data lies half way from the first to the second.
        (lambda v: statistics.quantiles(v, n=4)[0], [0.5, 0.5, 0.0, 0.0, 0.0]),
        (lambda v: statistics.NormalDist(3.0, 2.0).zscore(v[0]), [0.5, 0.0, 0.0, 0.0, 0.0]),
    ],
)
def test_statistics_that_choose_and_weigh_have_their_gradient(f: Function, slope: list[float]) -> None:
    value, gradient = value_and_grad(f)(DATA)
    assert value == f(DATA)
    assert gradient == slope


@pytest.mark.parametrize(
    "f",
    [
        statistics.mean,
        statistics.fmean,
        statistics.geometric_mean,
        statistics.harmonic_mean,
        statistics.variance,
        statistics.pvariance,
        statistics.stdev,
        statistics.pstdev,
        statistics.median_grouped,
        lambda v: statistics.covariance(v, OTHERS),
        lambda v: statistics.correlation(v, OTHERS),
        lambda v: statistics.linear_regression(OTHERS, v).slope,
        lambda v: statistics.linear_regression(v, OTHERS).intercept,
        lambda v: statistics.NormalDist(v[0], 1.0).mean,
        lambda v: statistics.NormalDist(0.0, v[0]).stdev,
        lambda v: statistics.NormalDist(0.0, 1.0).pdf(v[0]),
        lambda v: statistics.NormalDist(0.0, 1.0).cdf(v[0]),
        lambda v: statistics.NormalDist(0.0, 1.0).inv_cdf(v[0] / 10.0),
        lambda v: statistics.NormalDist.from_samples(v).mean,
    ],
)
def test_statistics_that_need_plain_numbers_refuse_values(f: Function) -> None:
    assert f(DATA) is not None
    words = r"gradient would be lost.*autograd\.math|statistics and fractions need plain numbers"
    with pytest.raises(TypeError, match=words):
        grad(f)(DATA)


@pytest.mark.parametrize(
    ("f", "slope"),
    [
        (lambda v: statistics.fmean(v, weights=OTHERS), [y / sum(OTHERS) for y in OTHERS]),
        (
            lambda v: statistics.linear_regression(OTHERS, v, proportional=True).slope,
            [x / sum(x * x for x in OTHERS) for x in OTHERS],
        ),
    ],
)
def test_statistics_that_python_3_12_sums_with_sumprod_have_their_gradient(
    f: Function, slope: list[float]
) -> None:
    if sys.version_info >= (3, 12):
        assert grad(f)(DATA) == pytest.approx(slope, rel=1e-15)
    else:
        with pytest.raises(TypeError, match=r"gradient would be lost.*autograd\.math"):
            grad(f)(DATA)


def test_the_same_statistics_written_with_math_have_their_gradient() -> None:
    n = len(DATA)
    mean = statistics.mean(DATA)

    def variance(v: Any) -> Any:
        center = sum(v) / n
        return sum((x - center) ** 2 for x in v) / (n - 1)

    assert grad(variance)(DATA) == pytest.approx([2 * (x - mean) / (n - 1) for x in DATA], rel=1e-14)
    assert grad(lambda v: math.exp(math.fsum(map(math.log, v)) / n))(DATA) == pytest.approx(
        [statistics.geometric_mean(DATA) / (n * x) for x in DATA], rel=1e-14
    )
    assert grad(lambda v: n / sum(1 / x for x in v))(DATA) == pytest.approx(
        [statistics.harmonic_mean(DATA) ** 2 / (n * x * x) for x in DATA], rel=1e-14
    )


# functools, itertools, heapq and the builtins


def test_reductions_of_the_standard_library() -> None:
    product = python_math.prod(DATA)
    for f in (
        python_math.prod,
        lambda v: functools.reduce(operator.mul, v),
        lambda v: list(itertools.accumulate(v, operator.mul))[-1],
        lambda v: functools.reduce(operator.mul, reversed(v), 1.0),
    ):
        assert grad(f)(DATA) == pytest.approx([product / x for x in DATA], rel=1e-14)
    assert jacobian(lambda v: list(itertools.accumulate(v)))(DATA) == np.tril(np.ones((5, 5))).tolist()
    assert grad(sum)(DATA) == [1.0] * 5
    assert grad(lambda v: sum(v, start=v[0]))(DATA) == [2.0, 1.0, 1.0, 1.0, 1.0]
    assert grad(lambda v: sum(x * y for x, y in itertools.pairwise(v)))(DATA) == [
        2.5, 1.25 + 4.0, 2.5 + 7.0, 4.0 + 8.5, 7.0,
    ]  # fmt: skip


def test_choosing_and_sorting_send_the_gradient_to_the_chosen() -> None:
    v = [3.0, -4.0, 1.0]
    assert grad(max)(v) == [1.0, 0.0, 0.0]
    assert grad(min)(v) == [0.0, 1.0, 0.0]
    assert grad(lambda v: max(v, key=abs))(v) == [0.0, 1.0, 0.0]
    assert grad(lambda v: min(v, key=lambda x: (x - 2.0) ** 2))(v) == [1.0, 0.0, 0.0]
    assert grad(lambda v: max(v, default=0.0))([]) == []
    assert jacobian(sorted)(v) == [[0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]
    assert jacobian(lambda v: sorted(v, key=abs, reverse=True))(v) == [
        [0.0, 1.0, 0.0],
        [1.0, 0.0, 0.0],
        [0.0, 0.0, 1.0],
    ]
    assert jacobian(lambda v: heapq.nsmallest(1, v))(v) == [[0.0, 1.0, 0.0]]
    assert grad(lambda v: v[bisect.bisect([0.0, 2.0], v[2])])(v) == [0.0, 1.0, 0.0]


def test_generators_recursion_and_contexts_inside_a_function() -> None:
    def powers(x: Any) -> Iterator[Any]:
        power = x
        while True:
            yield power
            power *= x

    def power(x: Any, n: int) -> Any:
        return 1.0 if n == 0 else power(x * x, n // 2) * (x if n % 2 else 1.0)

    @contextlib.contextmanager
    def doubled(x: Any) -> Iterator[Any]:
        yield x * 2.0

    def f(x: Any) -> Any:
        with doubled(x) as y, contextlib.suppress(ZeroDivisionError):
            y = y * y
            y = y / 0.0
        return y

    assert grad(lambda x: sum(itertools.islice(powers(x), 4)))(2.0) == 1.0 + 4.0 + 12.0 + 32.0
    assert grad(lambda x: x * grad(lambda y: x * y**2)(3.0))(2.0) == 24.0  # 6 x**2 is what it computes
    assert grad(power)(1.5, 11) == pytest.approx(11 * 1.5**10, rel=1e-14)
    assert value_and_grad(f)(3.0) == (36.0, 24.0)
    assert grad(lambda xs: sum(x for x in xs))(DATA) == [1.0] * 5


def test_a_cache_inside_a_function_does_not_mix_up_calls() -> None:
    @functools.lru_cache
    def squared(x: Any) -> Any:
        return x * x

    slopes = grad(squared)
    assert [slopes(3.0), slopes(3.0), slopes(4.0)] == [6.0, 6.0, 8.0]
    assert grad(lambda x: squared(x) + squared(x))(3.0) == 12.0
    assert squared.cache_info().hits == 1
    cached = functools.lru_cache(grad(lambda x: x**3))
    assert [cached(2.0), cached(2.0), cached(1.0)] == [12.0, 12.0, 3.0]


def test_partials_methods_and_callable_objects() -> None:
    class Spring:
        stiffness = 2.0

        def energy(self, x: Any) -> Any:
            return self.stiffness * x * x / 2.0

        __call__ = energy

        @grad(argnums=1)
        def force(self, x: Any) -> Any:
            """Return the force."""
            return self.stiffness * x * x / 2.0

        @staticmethod
        @grad
        def cube(x: Any) -> Any:
            return x**3

        @classmethod
        @grad(argnums=1)
        def scaled(cls, x: Any) -> Any:
            return cls.stiffness * x

    spring = Spring()
    spring.stiffness = 5.0
    assert grad(spring.energy)(3.0) == 15.0
    assert grad(spring)(3.0) == 15.0
    assert spring.force(3.0) == 15.0
    assert Spring.force(spring, 3.0) == 15.0
    assert Spring.force.__doc__ == "Return the force."
    assert [spring.cube(2.0), Spring.cube(2.0), spring.scaled(2.0)] == [12.0, 12.0, 2.0]

    def f(x: Any, y: Any, *, factor: float = 1.0) -> Any:
        return factor * x**2 * y

    assert grad(functools.partial(f, 3.0))(4.0) == 9.0
    assert grad(functools.partial(f, y=2.0, factor=10.0))(3.0) == 120.0
    assert functools.partial(grad(f, argnums=1), 3.0, factor=2.0)(7.0) == 18.0


# Numbers of other kinds


def test_fractions_are_arguments_and_operands() -> None:
    third = Fraction(1, 3)
    assert grad(lambda x: x**3)(third) == float(third) ** 2 * 3
    for f, slope in [
        (lambda x: third * x, 1 / 3),
        (lambda x: x * third, 1 / 3),
        (lambda x: x / third, 3.0),
        (lambda x: third / x, -(1 / 3) / 4.0),
        (lambda x: x - third, 1.0),
        (lambda x: third - x, -1.0),
        (lambda x: x**third, (1 / 3) * 2.0 ** (1 / 3 - 1.0)),
        (lambda x: third**x, (1 / 3) ** 2.0 * python_math.log(1 / 3)),
        (lambda x: x % third, 1.0),
        (lambda x: x if third < x else -x, 1.0),
        (lambda x: x if x < third else -x, -1.0),
    ]:
        assert grad(f)(2.0) == pytest.approx(slope, rel=1e-15)
    with pytest.raises(TypeError):
        Fraction(Value(0.5))  # type: ignore[call-overload]


def test_decimals_are_refused() -> None:
    two = decimal.Decimal(2)
    with pytest.raises(TypeError, match=r"argument 0 of .*cannot use 'Decimal'.*float\(\) first"):
        grad(lambda x: x * x)(two)
    with pytest.raises(TypeError, match=r"argument 0 of .*\[1\]: cannot use 'Decimal'"):
        grad(sum)([1.0, two])
    for f in (lambda x: x * two, lambda x: two * x, lambda x: x**two, lambda x: two / x, lambda x: x + two):
        with pytest.raises(TypeError, match=r"'?Decimal'?"):
            grad(f)(3.0)
    with pytest.raises(TypeError, match="Decimal"):
        grad(lambda x: two)(3.0)


def test_values_are_formatted_as_their_numbers() -> None:
    texts = []

    def f(x: Any) -> Any:
        texts.extend([f"{x:.3f}", f"{x:>10.2e}", f"{x!s:.5}", f"{x:g}|{x * 2:+.1f}"])
        return x

    assert grad(f)(2.0 / 3.0) == 1.0
    assert texts == ["0.667", "  6.67e-01", "Value", "0.666667|+1.3"]


def test_functions_that_need_a_plain_number_do_not_get_one_silently() -> None:
    import cmath

    plain: list[Function] = [
        python_math.exp,
        cmath.exp,
        float,
        int,
        complex,
        lambda x: python_math.fsum([x]),
        lambda x: "%.2f" % x,  # noqa: UP031
        lambda x: random.Random(0).triangular(0.0, 2.0, x),
    ]
    for f in plain:
        with pytest.raises(
            TypeError, match=r"gradient would be lost.*autograd\.math|%f requires a real number"
        ):
            grad(f)(1.0)
    whole: list[Function] = [range, lambda x: [1, 2][x], lambda x: "ab" * x]
    for f in whole:
        with pytest.raises(TypeError):
            grad(f)(1.0)


# Random numbers


def test_a_seeded_simulation_has_the_gradient_of_its_sample_path() -> None:
    def price(spot: Any, volatility: Any, seed: int) -> Any:
        rng = random.Random(seed)
        total = 0.0
        for _ in range(200):
            growth = math.exp(volatility * rng.gauss(0.0, 1.0) - volatility**2 / 2.0)
            total = total + math.relu(spot * growth - 1.0)
        return total / 200

    value, (delta, vega) = value_and_grad(price, argnums=(0, 1))(1.1, 0.3, 7)
    assert value == price(1.1, 0.3, 7)
    h = 1e-6  # with common random numbers a difference is one of the same piecewise smooth function
    assert delta == pytest.approx((price(1.1 + h, 0.3, 7) - price(1.1 - h, 0.3, 7)) / (2 * h), rel=1e-6)
    assert vega == pytest.approx((price(1.1, 0.3 + h, 7) - price(1.1, 0.3 - h, 7)) / (2 * h), rel=1e-6)
    assert grad(price)(1.1, 0.3, 8) != delta


def test_random_numbers_with_parameters_are_differentiated_by_these() -> None:
    z = random.Random(1).gauss(0.0, 1.0)
    assert grad(lambda m, s: random.Random(1).gauss(m, s), argnums=(0, 1))(2.0, 3.0) == (1.0, z)
    u = random.Random(1).random()
    assert grad(lambda a, b: random.Random(1).uniform(a, b), argnums=(0, 1))(2.0, 3.0) == (
        pytest.approx(1.0 - u, rel=1e-15),
        pytest.approx(u, rel=1e-15),
    )
    # An exponential variable is -log(1 - u) / rate.
    slope = grad(lambda rate: random.Random(1).expovariate(rate))(2.0)
    assert slope == pytest.approx(python_math.log(1.0 - u) / 4.0, rel=1e-14)


# Structures


class Point(NamedTuple):
    x: Any
    y: Any


@dataclasses.dataclass(frozen=True)
class Frozen:
    x: Any
    name: str = "frozen"


@dataclasses.dataclass(slots=True)
class Slotted:
    x: Any
    inner: Frozen


@dataclasses.dataclass
class Derived:
    radius: Any
    unit: dataclasses.InitVar[float] = 1.0
    area: Any = dataclasses.field(init=False)

    def __post_init__(self, unit: float) -> None:
        self.area = python_math.pi * self.radius**2 * unit

    @grad
    def circumference_of(self) -> Any:
        return 2.0 * python_math.pi * self.radius


def test_dataclasses_are_arguments_and_gradients() -> None:
    assert grad(lambda p: p.x**2)(Frozen(3.0)) == Frozen(6.0, None)  # type: ignore[arg-type]
    nested = grad(lambda p: p.x * p.inner.x**2)(Slotted(2.0, Frozen(3.0)))
    assert nested == Slotted(9.0, Frozen(12.0, None))  # type: ignore[arg-type]
    with pytest.raises(dataclasses.FrozenInstanceError):
        nested.inner.x = 1.0
    shape = Derived(2.0, unit=10.0)
    slope = grad(lambda s: s.radius * s.area)(shape)  # a field like any other, whoever set it
    assert (slope.radius, slope.area) == (shape.area, 2.0)
    assert shape.circumference_of().radius == 2.0 * python_math.pi
    assert shape == Derived(2.0, unit=10.0)


def test_containers_are_arguments_and_gradients() -> None:
    assert grad(lambda p: p.x * p.y)(Point(2.0, 3.0)) == Point(3.0, 2.0)
    assert type(grad(lambda p: p.x * p.y)(Point(2.0, 3.0))) is Point
    ordered = OrderedDict([("b", 2.0), ("a", 3.0)])
    slope = grad(lambda d: d["a"] * d["b"])(ordered)
    assert (type(slope), list(slope.items())) == (OrderedDict, [("b", 3.0), ("a", 2.0)])
    counts = defaultdict(lambda: 0.0, a=2.0)
    slope = grad(lambda d: d["a"] ** 2 + d["missing"])(counts)
    assert (type(slope), slope["a"], slope["other"]) == (defaultdict, 4.0, 0.0)
    assert "missing" not in counts
    deep = {"layers": [(1.0, [2.0]), (3.0, [])], "name": "net", "flags": (True, None)}

    def f(d: Any) -> Any:
        assert (d["name"], d["flags"]) == ("net", (True, None))  # what is no number is there as it was
        return d["layers"][0][1][0] ** 2 + d["layers"][1][0]

    assert grad(f)(deep) == {
        "layers": [(0.0, [4.0]), (1.0, [])],
        "name": None,
        "flags": (None, None),
    }


# Copies and pickles


def cube(x: Any) -> Any:
    """Return the cube."""
    return x**3


@grad
def decorated(x: Any) -> Any:
    """Return what has the derivative."""
    return x**4


@value_and_grad(argnums=1, has_aux=True)
def decorated_with_options(a: Any, x: Any) -> Any:
    return a * x**2, "aux"


class Model:
    def __init__(self, factor: float) -> None:
        self.factor = factor

    def loss(self, x: Any) -> Any:
        return self.factor * x * x

    @grad(argnums=1)
    def slope(self, x: Any) -> Any:
        return self.factor * x * x


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_derivatives_of_named_functions_can_be_pickled(protocol: int) -> None:
    cases: list[tuple[Function, tuple[Any, ...]]] = [
        (grad(cube), (2.0,)),
        (value_and_grad(cube), (2.0,)),
        (jacobian(cube), (2.0,)),
        (hessian(cube), (2.0,)),
        (hvp(cube), (2.0, 1.0)),
        (derivative(cube, 2), (2.0,)),
        (grad(grad(cube)), (2.0,)),
        (jvp(cube), ((2.0,), (1.0,))),
        (decorated, (2.0,)),
        (decorated_with_options, (2.0, 3.0)),
        (grad(Model(3.0).loss), (2.0,)),
        (Model(3.0).slope, (2.0,)),
        (functools.partial(grad(cube)), (2.0,)),
    ]
    for derived, args in cases:
        for twin in (
            pickle.loads(pickle.dumps(derived, protocol)),
            copy.copy(derived),
            copy.deepcopy(derived),
        ):
            assert twin(*args) == derived(*args)
    assert pickle.loads(pickle.dumps(decorated, protocol)) is decorated
    assert pickle.loads(pickle.dumps(grad(cube), protocol)).__doc__ == "Return the cube."


def test_pickling_the_derivative_of_a_function_without_a_name_names_the_function() -> None:
    with pytest.raises((pickle.PicklingError, AttributeError), match="lambda"):
        pickle.dumps(grad(lambda x: x))

    def inner(x: Any) -> Any:
        return x

    with pytest.raises((pickle.PicklingError, AttributeError), match="inner"):
        pickle.dumps(grad(inner))


def test_graphs_survive_copy_and_pickle_inside_other_objects() -> None:
    x, y = Value(2.0, label="x"), Value(3.0, label="y")
    batch: dict[str, Any] = {"inputs": (x, y), "loss": x * y + y, "point": Frozen(x)}
    for twin in (copy.deepcopy(batch), pickle.loads(pickle.dumps(batch))):
        a, b = twin["inputs"]
        assert twin["point"].x is a
        assert gradients(twin["loss"], [a, b]) == [3.0, 3.0]
        twin["loss"].backward()
        assert (a.grad, b.grad, x.grad, a.label) == (3.0, 3.0, 0.0, "x")


# Threads, processes, tasks


def pendulum(x: Any, steps: int) -> Any:
    angle, speed = x, 0.0
    for _ in range(steps):
        speed = speed - 0.01 * math.sin(angle)
        angle = angle + 0.01 * speed
    return angle


def in_threads(work: Callable[[int], Any], count: int = 8) -> list[Any]:
    """Return work(0), work(1), ..., each from a thread of its own, all started at the same moment."""
    barrier = threading.Barrier(count)

    def started(i: int) -> Any:
        barrier.wait(timeout=60)
        return work(i)

    with ThreadPoolExecutor(count) as executor:
        return list(executor.map(started, range(count)))


def test_threads_with_graphs_of_their_own_give_the_serial_results() -> None:
    def work(i: int) -> Any:
        results = []
        for k in range(5):
            x = Value(0.1 + 0.3 * i + 0.01 * k)
            y = pendulum(x, 100)
            y.backward()
            results.append((y.data, x.grad, grad(pendulum)(x.data, 50), derivative(pendulum, 2)(x.data, 20)))
        return results

    assert in_threads(work) == [work(i) for i in range(8)]


def test_threads_may_differentiate_functions_of_shared_leaves() -> None:
    weights = [Value(0.3 + 0.1 * k, label=f"w{k}") for k in range(10)]

    def f(x: Any) -> Any:
        total = x
        for w in weights:
            total = math.tanh(w * total + x)
        return total

    slope, second = grad(f), derivative(f, 2)
    shared = f(Value(0.5))  # one graph, over which all sweep at once

    def work(i: int) -> Any:
        x = 0.1 * i
        by_weights = jacobian(lambda ws: [x * w * w for w in ws])(weights)
        return (
            [slope(x) for _ in range(20)],
            second(x),
            [gradients(shared, weights) for _ in range(20)],
            [[s.data for s in gradients(shared, weights, create_graph=True)] for _ in range(3)],
            [[s.data for s in row] for row in by_weights],
        )

    assert in_threads(work) == [work(i) for i in range(8)]
    assert [w.grad for w in weights] == [0.0] * 10


def test_no_grad_and_detect_anomaly_in_one_thread_do_not_concern_the_others() -> None:
    inside = threading.Barrier(3)

    def work(i: int) -> Any:
        with (no_grad, detect_anomaly, contextlib.nullcontext)[i]():
            inside.wait(timeout=60)  # all are in their blocks now
            x = Value(0.0)
            y = x * 2.0
            try:
                reached = math.log1p(y) * python_math.inf  # 0 times infinity
            except FloatingPointError:
                reached = None
            slope = grad(lambda t: t * t)(3.0)
            inside.wait(timeout=60)
        return len(y.operands), reached is None, slope

    assert in_threads(work, 3) == [(0, False, 6.0), (2, True, 6.0), (2, False, 6.0)]


PROGRAM = """
import sys
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context

from autograd import Value, grad, hessian, math, value_and_grad


def f(x):
    return math.sin(x[0]) * x[1] ** 2


@grad
def decorated(x):
    return math.exp(-x * x)


def graph(x):
    y = Value(x, label="y")
    return y * y


if __name__ == "__main__":
    points = [[0.1 * i, 1.0 + i] for i in range(8)]
    context = get_context(sys.argv[1])
    with ProcessPoolExecutor(2, mp_context=context) as executor:
        for g in (grad(f), value_and_grad(f), hessian(f), partial(grad(f))):
            assert list(executor.map(g, points)) == [g(p) for p in points]
        assert list(executor.map(decorated, [0.5, 1.5])) == [decorated(0.5), decorated(1.5)]
        square = executor.submit(graph, 3.0).result()  # a graph that comes back
        square.backward()
        assert square.operands[0].grad == 6.0 and square.operands[0].label == "y"
        there = executor.map(grad(lambda x: x), [1.0])
        try:
            list(there)
        except Exception as error:
            assert "lambda" in str(error), error
        else:
            raise AssertionError("a lambda was pickled")
    print("as in one process")
"""


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_processes_map_derivatives_over_points(method: str, tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM, encoding="utf-8")
    command = [sys.executable, "-W", "error", str(program), method]
    run = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert (run.stdout, run.stderr) == ("as in one process\n", "")


def test_asyncio_tasks_do_not_see_each_others_blocks() -> None:
    async def work(i: int) -> Any:
        seen: list[Any] = []
        for _ in range(5):
            with no_grad() if i % 3 == 0 else detect_anomaly() if i % 3 == 1 else contextlib.nullcontext():
                await asyncio.sleep(0)
                x = Value(2.0)
                y = x * x
                await asyncio.sleep(0)
                stops = False
                try:
                    _ = Value(0.0) * python_math.inf
                except FloatingPointError:
                    stops = True
                with no_grad():
                    await asyncio.sleep(0)
                    inner = x * x
                seen.append((len(y.operands), stops, len(inner.operands), grad(lambda t: t**2)(3.0)))
            await asyncio.sleep(0)
            seen.append(len((Value(1.0) + 1.0).operands))
        return seen

    async def main() -> list[Any]:
        return await asyncio.gather(*[work(i) for i in range(9)])

    expected = [
        [(0, False, 0, 6.0), 2] * 5,
        [(2, True, 0, 6.0), 2] * 5,
        [(2, False, 0, 6.0), 2] * 5,
    ] * 3
    assert asyncio.run(main()) == expected
    assert len((Value(1.0) + 1.0).operands) == 2


def test_derivatives_inside_coroutines_and_threads_started_by_them() -> None:
    async def main() -> list[Any]:
        with no_grad():  # the context travels into the thread, and grad records all the same
            return await asyncio.gather(*[asyncio.to_thread(grad(cube), float(i)) for i in range(4)])

    assert asyncio.run(main()) == [0.0, 3.0, 12.0, 27.0]


def test_a_pull_back_may_be_called_from_many_threads() -> None:
    value, pull_back = vjp(lambda x, y: [math.sin(x) * y, x / y], 0.7, 2.0)
    s, c = python_math.sin(0.7), python_math.cos(0.7)
    assert value == [s * 2.0, 0.35]

    def work(i: int) -> Any:
        return [pull_back([1.0 * i, 1.0]) for _ in range(20)]

    for i, results in enumerate(in_threads(work)):
        assert all(r == results[0] for r in results)
        assert results[0] == pytest.approx((i * c * 2.0 + 0.5, i * s - 0.7 / 4.0), rel=1e-14)
