"""Numeric code that was written for floats: to differentiate it, its line `import math` is all that changes.

The modules in `drop_in` know nothing of this package. Each is run three times: as it is; with
`from autograd import math` in the place of that line; and with mpmath there, for derivatives to compare with,
which are central differences with sixty digits. These are derivatives of what the code computes. Whether it
converges to those of what it approximates is a question of its own, asked below.
"""

from __future__ import annotations

import functools
import operator
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest
from mpmath import mp

from autograd import derivative, grad, hessian, jacobian, math, value_and_grad

FOLDER = Path(__file__).parent / "drop_in"
LINE = "import math\n"
DIGITS = 60

Function = Callable[..., Any]
Namespace = dict[str, Any]


class HighPrecisionMath:
    """mpmath under the names of the module `math`, where the two differ."""

    inf, nan = mp.inf, mp.nan
    lgamma = staticmethod(mp.loggamma)
    pow = staticmethod(mp.power)
    comb = staticmethod(lambda n, k: int(mp.binomial(n, k)))
    floor = staticmethod(lambda x: int(mp.floor(x)))
    log2 = staticmethod(lambda x: mp.log(x, 2))
    prod = staticmethod(mp.fprod)
    isclose = staticmethod(lambda a, b: abs(a - b) <= 1e-9 * max(abs(a), abs(b)))
    dist = staticmethod(lambda p, q: mp.sqrt(sum((x - y) ** 2 for x, y in zip(p, q, strict=True))))

    @property
    def tau(self) -> Any:
        return 2 * mp.pi

    def __getattr__(self, name: str) -> Any:
        return getattr(mp, name)


def run(name: str, line: str, namespace: Namespace | None = None) -> Namespace:
    """Run the source of a module with another line in the place of `import math`."""
    source = (FOLDER / f"{name}.py").read_text(encoding="utf-8")
    assert source.count(LINE) == 1
    assert "autograd" not in source
    namespace = {"__name__": f"drop_in_{name}"} if namespace is None else namespace
    exec(compile(source.replace(LINE, line), f"{name}.py", "exec"), namespace)
    return namespace


MODULES = sorted(path.stem for path in FOLDER.glob("*.py"))


def sum_from_left_to_right(numbers: Iterable[Any]) -> Any:
    """Return what `sum` gave for floats before Python 3.12, and gives for all other numbers.

    Since then it keeps what rounding takes from a sum of floats, and adds it in the end.
    """
    return functools.reduce(operator.add, numbers, 0)


AS_IT_IS = {name: run(name, LINE) for name in MODULES}
WITH_THE_PLAIN_SUM = {name: run(name, LINE, {"sum": sum_from_left_to_right}) for name in MODULES}
ON_VALUES = {name: run(name, "from autograd import math\n") for name in MODULES}
IN_HIGH_PRECISION = {name: run(name, "\n", {"math": HighPrecisionMath()}) for name in MODULES}

# Where each function is tried. Floats are differentiated by, ints are not. A number at the end is a tolerance
# other than 1e-12, relative to the largest derivative, for where the computation itself loses digits.
XS, YS = [0.0, 1.0, 2.5, 3.0, 4.5], [1.0, 2.0, -1.0, 0.5, 3.0]
WEIGHTS = [[0.1, 0.7, -0.4], [1.2, -0.3, 0.5], [0.0, 0.9, 0.2]]
CASES: list[tuple[str, str, tuple[Any, ...], float]] = [
    ("kepler", "newton_step", (1.1, 0.8, 0.3), 1e-12),
    ("kepler", "by_newton", (0.8, 0.3), 1e-12),
    ("kepler", "by_newton", (2.5, 0.7), 1e-12),
    ("kepler", "by_secant", (0.8, 0.3), 1e-9),
    ("kepler", "by_bisection_and_newton", (0.8, 0.3, 2), 1e-12),
    ("kepler", "true_anomaly", (0.8, 0.3), 1e-12),
    ("quadrature", "simpson", (0.1, 2.0, 0.7, 1.9), 1e-12),
    ("quadrature", "romberg", (0.1, 2.0, 0.7, 1.9), 1e-12),
    ("quadrature", "gauss_legendre", (0.1, 2.0, 0.7, 1.9), 1e-12),
    ("quadrature", "adaptive", (0.1, 2.0, 0.7, 1.9), 1e-12),
    ("quadrature", "length_of_sine", (0.1, 2.0, 1.3), 1e-12),
    ("motion", "runge_kutta_pendulum", (1.0, -0.5, 0.8, 2.0), 1e-12),
    ("motion", "projectile_range", (30.0, 40.0, 0.01), 1e-12),
    ("motion", "three_bodies", (0.6, [0.2, 0.9], [0.3, -0.4]), 1e-12),
    ("fractions_continued", "lambert_tangent", (1.2,), 1e-12),
    ("fractions_continued", "upper_gamma", (2.5, 3.5), 1e-12),
    ("fractions_continued", "levy_exponent", (2.7182818,), 1e-9),
    ("fractions_continued", "periodic", (1.0, 2.0), 1e-12),
    ("means", "arithmetic_geometric", (3.0, 1.0), 1e-12),
    ("means", "pendulum_period", (0.8, 100.0), 1e-12),
    ("means", "ellipse_circumference", (2.0, 3.0), 1e-12),
    ("means", "logarithmic", (2.0, 3.0), 1e-12),
    ("lanczos", "gamma", (4.3,), 1e-12),
    ("lanczos", "gamma", (-1.3,), 1e-12),
    ("lanczos", "beta", (0.7, 2.2), 1e-12),
    ("lanczos", "stirling", (0.4,), 1e-12),
    ("kalman", "negative_log_likelihood", ([0.1, 1.2, 1.9, 3.3, 3.8], 0.3, 0.5), 1e-12),
    ("kalman", "step", ([1.0, 2.0], 1.7, 0.3, 0.5), 1e-12),
    ("geodesy", "haversine", (48.1, 11.6, 40.7, -74.0), 1e-12),
    ("geodesy", "bearing", (48.1, 11.6, 40.7, -74.0), 1e-12),
    ("geodesy", "vincenty", (48.1, 11.6, 40.7, -74.0), 1e-12),
    ("markov", "stationary", (WEIGHTS,), 1e-12),
    ("markov", "stationary_by_powers", (WEIGHTS,), 1e-12),
    ("markov", "entropy_rate", (WEIGHTS,), 1e-12),
    ("markov", "hitting_time", (0.45, 3, 7), 1e-12),
    ("polynomials", "horner", ([2.0, -1.0, 0.5, 3.0], 1.7), 1e-12),
    ("polynomials", "clenshaw", (1.5, 0.3), 1e-12),
    ("polynomials", "lagrange", (XS, YS, 1.6), 1e-12),
    ("polynomials", "divided_differences", (XS, YS, 1.6), 1e-12),
    ("polynomials", "bernstein", (YS, 0.3), 1e-12),
    ("interpolation", "linear", (XS, YS, 1.6), 1e-12),
    ("interpolation", "natural_spline", (XS, YS, 2.7), 1e-12),
    ("interpolation", "inverse_distance", (XS, YS, 1.6, 1.5), 1e-12),
    ("simulation", "box_muller", (0.3, 0.8), 1e-12),
    ("simulation", "asian_option", (100.0, 0.05, 0.2, 101.0), 1e-12),
    ("simulation", "logistic_map", (3.9, 0.3), 1e-11),
    ("simulation", "lyapunov_exponent", (3.9, 0.3), 1e-11),
    ("finance", "black_scholes", (100.0, 105.0, 0.05, 0.2, 0.75), 1e-12),
    ("finance", "implied_volatility", (7.0, 100.0, 105.0, 0.05, 0.75), 1e-12),
    ("finance", "binomial_tree", (100.0, 105.0, 0.05, 0.2), 1e-12),
    ("signals", "goertzel", ([0.3, 1.2, -0.7, 0.4, 0.9, -1.1], 0.17), 1e-12),
    ("signals", "cholesky_log_determinant", ([0.0, 0.7, 1.5, 3.1], 1.2, 0.1), 1e-12),
    ("signals", "largest_eigenvalue", (2.0, 0.7, -1.0), 1e-12),
]


def numbers_in(thing: Any) -> list[Any]:
    """Return what stands in nested lists and tuples, in order."""
    if isinstance(thing, (list, tuple)):
        return [x for part in thing for x in numbers_in(part)]
    return [thing]


def of_a_vector(f: Function, args: Sequence[Any]) -> Function:
    """Return f as a function of the list of all floats in args, with the list of numbers as result."""

    def put(part: Any, numbers: Any) -> Any:
        if isinstance(part, (list, tuple)):
            return [put(x, numbers) for x in part]
        return next(numbers) if isinstance(part, float) else part

    return lambda vector: numbers_in(f(*put(args, iter(vector))))


class Differences:
    """First and second derivatives of a function of a vector, by central differences with many digits."""

    def __init__(self, f: Function, at: list[float]) -> None:
        n = range(len(at))
        self.h = mp.mpf(10) ** -15
        self.f, self.at = f, [mp.mpf(x) for x in at]
        plus, minus = [[self._moved((i, s)) for i in n] for s in (1, -1)]
        center = self._moved()
        results = range(len(center))
        self.first = [[float((plus[i][k] - minus[i][k]) / (2 * self.h)) for i in n] for k in results]
        self.second = [[[0.0 for _ in n] for _ in n] for _ in results]
        for i in n:
            for j in range(i + 1):
                if i == j:
                    second = [a + b - 2 * c for a, b, c in zip(plus[i], minus[i], center, strict=True)]
                else:
                    corners = [[self._moved((i, s), (j, t)) for t in (1, -1)] for s in (1, -1)]
                    (pp, pm), (mp_, mm) = corners
                    second = [(a - b - c + d) / 4 for a, b, c, d in zip(pp, pm, mp_, mm, strict=True)]
                for k in results:
                    self.second[k][i][j] = self.second[k][j][i] = float(second[k] / self.h**2)

    def _moved(self, *steps: tuple[int, int]) -> list[Any]:
        vector = list(self.at)
        for i, sign in steps:
            vector[i] += sign * self.h
        return list(self.f(vector))


def close(found: Any, expected: Any, tolerance: float) -> bool:
    found, expected = numbers_in(found), numbers_in(expected)
    scale = max(map(abs, expected), default=0.0)
    return all(abs(x - y) <= tolerance * scale for x, y in zip(found, expected, strict=True))


IDS = [f"{module}.{function}" for module, function, _args, _tolerance in CASES]


def test_every_module_is_tried() -> None:
    assert {module for module, *_ in CASES} == set(MODULES)


@pytest.mark.parametrize(("module", "function", "args", "tolerance"), CASES, ids=IDS)
def test_floats_and_values_give_the_same_number_bit_for_bit(
    module: str, function: str, args: tuple[Any, ...], tolerance: float
) -> None:
    expected = AS_IT_IS[module][function](*args)
    on_floats = ON_VALUES[module][function](*args)
    assert type(on_floats) is type(expected)
    assert [x.hex() for x in numbers_in(on_floats)] == [x.hex() for x in numbers_in(expected)]

    seen: list[Any] = []

    def remembered(vector: Any) -> Any:
        results = of_a_vector(ON_VALUES[module][function], args)(vector)
        seen.extend(x.data for x in results)
        return results

    jacobian(remembered)([x for x in numbers_in(args) if isinstance(x, float)])
    expected = WITH_THE_PLAIN_SUM[module][function](*args)
    assert [x.hex() for x in seen] == [x.hex() for x in numbers_in(expected)]


def test_only_fsum_adds_values_as_exactly_as_sum_adds_floats() -> None:
    tenths = [0.1] * 10
    assert value_and_grad(sum)(tenths)[0] == 0.9999999999999999
    assert sum(tenths) == (1.0 if sys.version_info >= (3, 12) else 0.9999999999999999)
    assert value_and_grad(math.fsum)(tenths) == (1.0, [1.0] * 10)


@pytest.mark.parametrize(("module", "function", "args", "tolerance"), CASES, ids=IDS)
def test_first_and_second_derivatives_by_every_argument(
    module: str, function: str, args: tuple[Any, ...], tolerance: float
) -> None:
    vector = [x for x in numbers_in(args) if isinstance(x, float)]
    with mp.workdps(DIGITS):
        exact = Differences(of_a_vector(IN_HIGH_PRECISION[module][function], args), vector)
    f = of_a_vector(ON_VALUES[module][function], args)
    assert any(numbers_in(exact.first))
    assert close(jacobian(f)(vector), exact.first, tolerance)
    assert any(numbers_in(exact.second))
    assert close(jacobian(jacobian(f))(vector), exact.second, 10 * tolerance)


# Whether the derivative of an algorithm is that of what it approximates

mean_anomaly, eccentricity = 0.8, 0.3


def kepler_derivatives() -> tuple[float, float, float, float]:
    """Return dE/dM, dE/de, and the second and third derivative by M, by the implicit function theorem."""
    with mp.workdps(DIGITS):
        e, m = mp.mpf(eccentricity), mp.mpf(mean_anomaly)
        anomaly = mp.findroot(lambda x: x - e * mp.sin(x) - m, m)
        s, c = mp.sin(anomaly), mp.cos(anomaly)
        slope = 1 / (1 - e * c)
        # From slope = 1 / (1 - e cos E) again: slope' = -e sin E slope**3, and so on.
        second = -e * s * slope**3
        third = -e * c * slope**4 + 3 * e**2 * s**2 * slope**5
        return float(slope), float(s * slope), float(second), float(third)


def test_bisection_finds_the_root_but_has_no_derivative() -> None:
    # The arguments only decide which half is kept: the ends are constants, and so are all halves of these.
    by_bisection = ON_VALUES["kepler"]["by_bisection"]
    newton = ON_VALUES["kepler"]["by_newton"]
    anomaly = by_bisection(mean_anomaly, eccentricity)
    assert anomaly == pytest.approx(newton(mean_anomaly, eccentricity), abs=1e-12)
    assert grad(by_bisection, argnums=(0, 1))(mean_anomaly, eccentricity) == (0.0, 0.0)


def test_a_newton_step_after_bisection_gives_the_derivative_and_two_give_the_second_and_third() -> None:
    f = ON_VALUES["kepler"]["by_bisection_and_newton"]
    slope, by_eccentricity, second, third = kepler_derivatives()
    first = grad(f, argnums=(0, 1))
    assert first(mean_anomaly, eccentricity, 1) == pytest.approx((slope, by_eccentricity), rel=1e-11)
    # One step is x - f(x) / f'(x) at a constant x, which is linear in the mean anomaly.
    assert derivative(f, 2)(mean_anomaly, eccentricity, 1) == 0.0
    assert derivative(f, 2)(mean_anomaly, eccentricity, 2) == pytest.approx(second, rel=1e-10)
    assert derivative(f, 3)(mean_anomaly, eccentricity, 2) == pytest.approx(third, rel=1e-10)


def test_newtons_method_converges_to_the_derivatives_too() -> None:
    f = ON_VALUES["kepler"]["by_newton"]
    slope, by_eccentricity, second, third = kepler_derivatives()
    assert grad(f, argnums=(0, 1))(mean_anomaly, eccentricity) == pytest.approx(
        (slope, by_eccentricity), rel=1e-13
    )
    assert derivative(f, 2)(mean_anomaly, eccentricity) == pytest.approx(second, rel=1e-13)
    assert derivative(f, 3)(mean_anomaly, eccentricity) == pytest.approx(third, rel=1e-12)


# Formulas that stand in programs of `drop_in` too, there with `math`: here with mpmath, in many more digits


def normal_cdf(x: Any) -> Any:
    return (1 + mp.erf(x / mp.sqrt(2))) / 2


def black_scholes(spot: Any, strike: Any, rate: Any, volatility: Any, years: Any) -> Any:
    root = volatility * mp.sqrt(years)
    d1 = (mp.log(spot / strike) + (rate + volatility**2 / 2) * years) / root
    return spot * normal_cdf(d1) - strike * mp.exp(-rate * years) * normal_cdf(d1 - root)


def damped_integral(a: Any, b: Any, k: Any, w: Any) -> Any:
    def antiderivative(x: Any) -> Any:
        return mp.exp(-k * x) * (w * mp.sin(w * x) - k * mp.cos(w * x)) / (k**2 + w**2)

    return antiderivative(b) - antiderivative(a)


def ruin(p: Any, start: int, target: int) -> Any:
    # Feller, An Introduction to Probability Theory, volume 1, XIV.3
    q = 1 - p
    return start / (q - p) - target / (q - p) * (1 - (q / p) ** start) / (1 - (q / p) ** target)


def great_circle(lat1: Any, lon1: Any, lat2: Any, lon2: Any) -> Any:
    a, b, across = mp.radians(lat1), mp.radians(lat2), mp.radians(lon2 - lon1)
    cosine = mp.sin(a) * mp.sin(b) + mp.cos(a) * mp.cos(b) * mp.cos(across)
    return mp.mpf(6371.0088) * mp.acos(cosine)


# What each algorithm approximates, and how closely its derivatives do
LIMITS: list[tuple[str, str, tuple[Any, ...], Function, float]] = [
    ("quadrature", "simpson", (0.1, 2.0, 0.7, 1.9), damped_integral, 1e-4),
    ("quadrature", "romberg", (0.1, 2.0, 0.7, 1.9), damped_integral, 1e-8),
    ("quadrature", "gauss_legendre", (0.1, 2.0, 0.7, 1.9), damped_integral, 1e-8),
    ("quadrature", "adaptive", (0.1, 2.0, 0.7, 1.9), damped_integral, 1e-6),
    ("fractions_continued", "lambert_tangent", (1.2,), mp.tan, 1e-13),
    (
        "fractions_continued",
        "upper_gamma",
        (2.5, 3.5),
        lambda s, x: mp.gammainc(s, x, mp.inf, regularized=True),
        1e-12,
    ),
    (
        "fractions_continued",
        "periodic",
        (1.0, 2.0),
        lambda a, b: (a * b + mp.sqrt(a * b * (a * b + 4))) / (2 * b),
        1e-13,
    ),
    ("means", "arithmetic_geometric", (3.0, 1.0), mp.agm, 1e-13),
    (
        "means",
        "pendulum_period",
        (0.8, 100.0),
        lambda length, angle: (
            4 * mp.sqrt(length / mp.mpf(9.81)) * mp.ellipk(mp.sin(mp.radians(angle) / 2) ** 2)
        ),
        1e-13,
    ),
    (
        "means",
        "ellipse_circumference",
        (2.0, 3.0),
        lambda a, b: 4 * b * mp.ellipe(1 - (a / b) ** 2),
        1e-12,
    ),
    ("lanczos", "gamma", (4.3,), mp.gamma, 1e-13),
    ("lanczos", "gamma", (-1.3,), mp.gamma, 1e-13),
    ("lanczos", "beta", (0.7, 2.2), mp.beta, 1e-13),
    ("lanczos", "stirling", (0.4,), mp.loggamma, 1e-11),
    ("geodesy", "haversine", (48.1, 11.6, 40.7, -74.0), great_circle, 1e-13),
    ("markov", "hitting_time", (0.45, 3, 7), ruin, 1e-12),
    ("polynomials", "clenshaw", (1.5, 0.3), lambda rate, x: mp.exp(rate * x), 1e-11),
    ("finance", "black_scholes", (100.0, 105.0, 0.05, 0.2, 0.75), black_scholes, 1e-13),
    (
        "finance",
        "implied_volatility",
        (7.0, 100.0, 105.0, 0.05, 0.75),
        lambda price, spot, strike, rate, years: mp.findroot(
            lambda v: black_scholes(spot, strike, rate, v, years) - price, 0.2
        ),
        1e-12,
    ),
    (
        "signals",
        "largest_eigenvalue",
        (2.0, 0.7, -1.0),
        lambda a, b, c: (a + c) / 2 + mp.sqrt((a - c) ** 2 / 4 + b**2),
        1e-12,
    ),
]


@pytest.mark.parametrize(
    ("module", "function", "args", "limit", "tolerance"), LIMITS, ids=[f"{m}.{f}" for m, f, *_ in LIMITS]
)
def test_derivatives_approximate_those_of_the_limit(
    module: str, function: str, args: tuple[Any, ...], limit: Function, tolerance: float
) -> None:
    with mp.workdps(DIGITS):
        exact = Differences(of_a_vector(limit, args), [x for x in args if isinstance(x, float)])
    f = ON_VALUES[module][function]
    argnums = tuple(i for i, x in enumerate(args) if isinstance(x, float))
    assert close(grad(f, argnums)(*args), exact.first, tolerance)
    assert close(hessian(f, argnums)(*args), exact.second, 10 * tolerance)


def test_two_ways_to_the_stationary_distribution_have_the_same_derivatives() -> None:
    by_elimination = jacobian(ON_VALUES["markov"]["stationary"])(WEIGHTS)
    by_powers = jacobian(ON_VALUES["markov"]["stationary_by_powers"])(WEIGHTS)
    assert close(by_powers, by_elimination, 1e-12)
