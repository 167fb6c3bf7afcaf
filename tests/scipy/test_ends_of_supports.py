"""Distributions at the ends of their supports, beyond them, and at infinity: numbers, and all derivatives.

The oracle of values is SciPy. That of derivatives is mpmath: at an end they are the limits of those inside,
which are looked at closer and closer to it; beyond the ends nothing moves.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest

from autograd import Value, compile, derivative, grad, vmap

scipys = pytest.importorskip("scipy.stats")

from mpmath import mp, mpf  # noqa: E402 (after what may skip)

from autograd.scipy import stats  # noqa: E402

inf, nan = math.inf, math.nan
METHODS = ("logpdf", "pdf", "cdf", "sf", "logcdf", "logsf")

SHAPES: dict[str, list[tuple[float, ...]]] = {
    "norm": [()],
    "t": [(4.5,)],
    "gamma": [(0.5,), (1.0,), (1.5,), (2.0,), (3.0,)],
    "chi2": [(1.0,), (2.0,), (3.0,), (4.0,), (5.0,)],
    "beta": [(0.5, 1.5), (1.0, 1.0), (1.5, 2.0), (2.0, 0.5), (3.0, 1.0)],
    "expon": [()],
    "lognorm": [(0.7,)],
    "weibull_min": [(0.5,), (1.0,), (1.5,), (2.0,), (3.0,)],
    "uniform": [()],
}
CASES = [(name, shapes) for name, all_shapes in SHAPES.items() for shapes in all_shapes]

DENSITY: dict[str, Callable[..., Any]] = {
    "gamma": lambda z, a: (a - 1) * mp.log(z) - z - mp.loggamma(a),
    "chi2": lambda z, v: (v / 2 - 1) * mp.log(z) - z / 2 - mp.loggamma(v / 2) - v / 2 * mp.log(2),
    "beta": lambda z, a, b: (a - 1) * mp.log(z) + (b - 1) * mp.log(1 - z) - mp.log(mp.beta(a, b)),
    "expon": lambda z: -z,
    "lognorm": lambda z, s: -(mp.log(z) ** 2) / (2 * s * s) - mp.log(s * z) - mp.log(2 * mp.pi) / 2,
    "weibull_min": lambda z, c: mp.log(c) + (c - 1) * mp.log(z) - z**c,
    "uniform": lambda z: mpf(0),
}
BELOW: dict[str, Callable[..., tuple[Any, Any]]] = {
    "gamma": lambda z, a: (mp.gammainc(a, 0, z, True), mp.gammainc(a, z, mp.inf, True)),
    "chi2": lambda z, v: (mp.gammainc(v / 2, 0, z / 2, True), mp.gammainc(v / 2, z / 2, mp.inf, True)),
    "beta": lambda z, a, b: (mp.betainc(a, b, 0, z, True), mp.betainc(b, a, 0, 1 - z, True)),
    "expon": lambda z: (-mp.expm1(-z), mp.exp(-z)),
    "lognorm": lambda z, s: (mp.ncdf(mp.log(z) / s), mp.ncdf(-mp.log(z) / s)),
    "weibull_min": lambda z, c: (-mp.expm1(-(z**c)), mp.exp(-(z**c))),
    "uniform": lambda z: (z, 1 - z),
}
"""What is below a number, and what is above it."""


def exact(name: str, method: str, x: Any, *parameters: Any) -> Any:
    """Return what a method gives inside of the support."""
    *shapes, loc, scale = parameters
    z = (x - loc) / scale
    if method in ("logpdf", "pdf"):
        logarithm = DENSITY[name](z, *shapes) - mp.log(scale)
        return logarithm if method == "logpdf" else mp.exp(logarithm)
    part = BELOW[name](z, *shapes)[method.endswith("sf")]
    return mp.log(part) if method.startswith("log") else part


def limit(name: str, method: str, point: list[float], place: int) -> float:
    """Return the limit of a derivative as the number comes to the end of the support at which it is."""
    slopes = []
    for digits in (12, 24, 48):
        numbers = [mpf(x) for x in point]
        inward = 1 if point[0] == point[-2] else -1
        numbers[0] += inward * numbers[-1] * mpf(10) ** -digits
        step = mpf(10) ** -90
        sides = [[*numbers[:place], numbers[place] + s, *numbers[place + 1 :]] for s in (step, -step)]
        up, down = (exact(name, method, *side) for side in sides)
        slopes.append((up - down) / (2 * step))
    first, second, third = map(abs, slopes)
    if third > 1.3 * second > 1.6 * first:  # a power of the distance, or its logarithm
        return float(mp.sign(slopes[2]) * mp.inf)
    return 0.0 if third < 1e-5 and third < 0.9 * second else float(slopes[2])


@pytest.mark.parametrize(("name", "shapes"), [case for case in CASES if case[0] in DENSITY])
@pytest.mark.parametrize("method", METHODS)
def test_derivatives_at_an_end_are_the_limits_of_those_inside(
    name: str, shapes: tuple[float, ...], method: str
) -> None:
    ours = getattr(getattr(stats, name), method)
    for z in (0.0, 1.0) if name in ("beta", "uniform") else (0.0,):
        for loc, scale in ((0.0, 1.0), (0.5, 2.0)):
            point = [z * scale + loc, *shapes, loc, scale]
            for place in range(len(point)):
                if method not in ("logpdf", "pdf") and name == "beta" and 0 < place < 3:
                    continue  # whether there are such derivatives at all, another test knows
                found = derivative(lambda v, i=place, p=point: ours(*p[:i], v, *p[i + 1 :]))(point[place])
                with mp.workdps(150):
                    wanted = limit(name, method, point, place)
                if method == "pdf" and name == "beta" and place in (1, 2) and ours(*point) == inf:
                    continue  # of an infinite density by the other shape
                if method == "logpdf" and 0 < place <= len(shapes) and ours(*point) > -inf:
                    continue  # of 0 log(0) by the first 0, which is 0 as that of xlogy
                assert found == pytest.approx(wanted, rel=1e-8, abs=1e-8), (point, place)


@pytest.mark.parametrize(("name", "shapes"), CASES)
@pytest.mark.parametrize("method", METHODS)
def test_all_ways_of_calling_agree_inside_at_the_ends_and_beyond(
    name: str, shapes: tuple[float, ...], method: str
) -> None:
    at = getattr(getattr(stats, name), method)
    points = np.array([0.37, 0.8, 0.0, 1.0, -1.0, 2.0, inf, -inf, nan])

    def f(x: Any, loc: Any, scale: Any) -> Any:
        return at(x, *shapes, loc, scale)

    with np.errstate(all="ignore"):
        values = getattr(getattr(scipys, name), method)(points, *shapes)
        slopes = np.array([grad(f, (0, 1, 2))(x, 0.0, 1.0) for x in points.tolist()])
    fast = compile(f, argnums=(0, 1, 2))
    many = vmap(fast, in_axes=(0, None, None), reduce=None)
    close = partial(np.testing.assert_allclose, rtol=1e-11, atol=1e-14)
    for x, value, slope in zip(points.tolist(), values, slopes, strict=True):
        close(fast(x, 0.0, 1.0), value)
        close(fast.grad(x, 0.0, 1.0), slope)
        found = at(Value(x), *shapes, 0.0, 1.0)
        close(getattr(found, "data", found), value)
    close(many(points, 0.0, 1.0), values)
    close(np.transpose(many.grad(points, 0.0, 1.0)), slopes)


@pytest.mark.parametrize(("name", "shapes"), CASES)
def test_nothing_moves_beyond_the_support_and_at_infinity(name: str, shapes: tuple[float, ...]) -> None:
    for method in METHODS:
        at = getattr(getattr(stats, name), method)
        for x in (-1.0, 2.0, -inf, inf):
            with np.errstate(all="ignore"):
                value = float(getattr(getattr(scipys, name), method)(x, *shapes))
            inside = abs(x) < inf and (
                name in ("norm", "t") or (x == 2.0 and name not in ("beta", "uniform"))
            )
            if inside or math.isnan(value) or (math.isinf(x) and value == -inf):
                continue
            for place in range(3 + len(shapes)):
                if 0 < place <= len(shapes) and math.isinf(x) and method not in ("logpdf", "pdf"):
                    continue
                point = [x, *shapes, 0.0, 1.0]
                assert (
                    derivative(lambda v, i=place, p=point, at=at: at(*p[:i], v, *p[i + 1 :]))(point[place])
                    == 0.0
                )


@pytest.mark.parametrize("name", ["norm", "t", "gamma", "beta", "lognorm", "weibull_min", "expon", "uniform"])
def test_parameters_that_are_none_give_nan_as_scipys_do(name: str) -> None:
    shapes = SHAPES[name][0]
    wrong = [(shapes, 0.0, 0.0), (shapes, 0.0, -1.0), (shapes, nan, 1.0), (shapes, 0.0, nan)]
    wrong += [((x, *shapes[1:]), 0.0, 1.0) for x in (0.0, -1.0, nan) if shapes]
    for method in METHODS:
        for given, loc, scale in wrong:
            with np.errstate(all="ignore"):
                assert math.isnan(getattr(getattr(scipys, name), method)(0.5, *given, loc, scale))
            found = getattr(getattr(stats, name), method)(Value(0.5), *given, loc, scale)
            assert math.isnan(getattr(found, "data", found)), (method, given, loc, scale)


def test_derivatives_of_a_density_at_0_of_higher_orders() -> None:
    for a, wanted in ((1.0, [-1.0, 1.0, -1.0]), (2.0, [1.0, -2.0, 3.0]), (3.0, [0.0, 1.0, -3.0])):
        found = [derivative(lambda z, a=a: stats.gamma.pdf(z, a), n)(0.0) for n in (1, 2, 3)]
        assert found == pytest.approx(wanted, rel=1e-14)
    found = [derivative(lambda z: stats.beta.pdf(z, 2.0, 2.0), n)(1.0) for n in (1, 2, 3)]
    assert found == pytest.approx([-6.0, -12.0, 0.0], rel=1e-14)
    found = [derivative(lambda z: stats.gamma.pdf(z, 0.5), n)(0.0) for n in (1, 2, 3)]
    assert found == [-inf, inf, -inf]


def test_students_distribution_of_infinite_freedom_is_the_normal_one() -> None:
    for method in METHODS:
        at = getattr(stats.t, method)
        for x in (-2.0, 0.0, 0.7):
            wanted = getattr(stats.norm, method)
            assert at(Value(x), inf).data == pytest.approx(wanted(x), rel=1e-14)
            assert grad(at)(x, inf) == pytest.approx(grad(wanted)(x), rel=1e-14)


def test_a_power_that_is_too_large_is_no_error() -> None:
    for method, value in zip(METHODS, (-inf, 0.0, 1.0, 0.0, 0.0, -inf), strict=True):
        at = getattr(stats.weibull_min, method)
        assert at(Value(1e200), 3.0) == value
        fast = compile(lambda x, at=at: at(x, 3.0))
        fast(1.5)
        fast.grad(1.5)
        assert fast.grad(1e200) == 0.0 or method in ("logpdf", "logsf")


@pytest.mark.parametrize(
    ("name", "last", "at_1"),
    [("poisson", 0.0, 0.0), ("binom", 0.0, 0.0), ("binom", 1.0, 1.0), ("nbinom", 1.0, 1.0)],
)
def test_probabilities_of_counts_have_slopes_at_the_ends_of_their_parameters(
    name: str, last: float, at_1: float
) -> None:
    first: tuple[float, ...] = {"binom": (5.0,), "nbinom": (3.5,)}.get(name, ())
    inward = 1 if last == 0.0 else -1

    def exactly(k: int, p: Any) -> Any:
        if name == "poisson":
            return p**k * mp.exp(-p) / mp.factorial(k)
        if name == "binom":
            return mp.binomial(5, k) * p**k * (1 - p) ** (5 - k)
        return mp.gamma(k + 3.5) / mp.gamma(3.5) / mp.factorial(k) * p**3.5 * (1 - p) ** k

    at = getattr(stats, name)
    for k in range(6):
        with mp.workdps(60):
            wanted = float(
                mp.diff(lambda p, k=k: exactly(k, p), mpf(last) + inward * mpf(10) ** -30, h=mpf(10) ** -40)
            )
            below = sum(
                mp.diff(lambda p, j=j: exactly(j, p), mpf(last) + inward * mpf(10) ** -30, h=mpf(10) ** -40)
                for j in range(k + 1)
            )
        assert grad(lambda p, k=k: at.pmf(k, *first, p))(last) == pytest.approx(wanted, rel=1e-12, abs=1e-12)
        for method, slope in (("cdf", float(below)), ("sf", -float(below))):
            found = grad(lambda p, k=k, method=method: getattr(at, method)(k, *first, p))(last)
            assert found == pytest.approx(slope, rel=1e-12, abs=1e-12), (method, k)
