"""The price of a European option (Black and Scholes, 1973) and every derivative of it up to the third.

The oracles are the closed forms of the literature, at 50 digits, and for all 55 derivatives, named or not,
the numerical derivatives of mpmath at that precision. The named ones are those of Haug, "The Complete Guide
to Option Pricing Formulas" (2nd edition, 2007), chapter 2, without dividends. As t is the time to expiry and
time passes the other way, theta and charm are by custom minus the derivatives by t.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from functools import cache
from typing import Any

import mpmath
import numpy as np
import pytest
from mpmath import mp, mpf

from autograd import derivative, grad, hessian, jacobian, math, value_and_grad

Point = tuple[float, float, float, float, float]

VARIABLES = "SKrts"  # price of the share, strike, rate of interest, time to expiry, volatility sigma
HULL: Point = (
    49.0,
    50.0,
    0.05,
    0.3846,
    0.2,
)  # Hull, "Options, Futures and Other Derivatives": "The Greek Letters"
POINTS: list[Point] = [
    HULL,
    (100.0, 100.0, 0.03, 1.0, 0.25),
    (120.0, 90.0, 0.01, 2.5, 0.45),  # deep in the money
    (80.0, 95.0, -0.005, 0.08, 0.6),  # far out of it, near expiry, at a negative rate
]


def normal_cdf(x: Any) -> Any:
    return 0.5 * math.erfc(-x / math.sqrt(2.0))


def price(spot: Any, strike: Any, rate: Any, time: Any, sigma: Any, *, sign: int = 1) -> Any:
    """Return the price of a call, or with sign -1 of a put."""
    d1 = (math.log(spot / strike) + (rate + sigma**2 / 2) * time) / (sigma * math.sqrt(time))
    d2 = d1 - sigma * math.sqrt(time)
    discount = math.exp(-rate * time)
    return sign * (spot * normal_cdf(sign * d1) - strike * discount * normal_cdf(sign * d2))


# The relative error allowed, by order. A derivative of higher order is a sum of many terms, which may cancel:
# most of the third ones are good to 1e-13, and that by sigma, sigma and t far out of the money to 1e-11.
WITHIN = {1: 4e-15, 2: 4e-13, 3: 1e-10}


class Exact:
    """The option at 50 digits: what the closed forms are made of."""

    def __init__(self, spot: Any, strike: Any, rate: Any, time: Any, sigma: Any, *, sign: int = 1) -> None:
        self.S, self.K, self.r, self.t, self.s, self.sign = spot, strike, rate, time, sigma, sign
        self.root = mp.sqrt(time)
        self.v = sigma * self.root
        self.d1 = (mp.log(spot / strike) + rate * time) / self.v + self.v / 2
        self.d2 = self.d1 - self.v
        self.n1, self.n2 = mp.npdf(self.d1), mp.npdf(self.d2)
        self.discount = mp.exp(-rate * time)

    @property
    def N1(self) -> Any:  # noqa: N802
        return mp.ncdf(self.sign * self.d1)

    @property
    def N2(self) -> Any:  # noqa: N802
        return mp.ncdf(self.sign * self.d2)

    @property
    def price(self) -> Any:
        return self.sign * (self.S * self.N1 - self.K * self.discount * self.N2)

    @property
    def vega(self) -> Any:
        return self.S * self.n1 * self.root

    @property
    def gamma(self) -> Any:
        return self.n1 / (self.S * self.v)


# name: (the variables to differentiate by, the sign of convention, the closed form)
GREEKS: dict[str, tuple[str, int, Callable[[Exact], Any]]] = {
    "delta": ("S", 1, lambda o: o.sign * o.N1),
    "dual delta": ("K", 1, lambda o: -o.sign * o.discount * o.N2),
    "rho": ("r", 1, lambda o: o.sign * o.K * o.t * o.discount * o.N2),
    "theta": (
        "t",
        -1,
        lambda o: -o.S * o.n1 * o.s / (2 * o.root) - o.sign * o.r * o.K * o.discount * o.N2,
    ),
    "vega": ("s", 1, lambda o: o.vega),
    "gamma": ("SS", 1, lambda o: o.gamma),
    "dual gamma": ("KK", 1, lambda o: o.discount * o.n2 / (o.K * o.v)),
    "cross gamma": ("SK", 1, lambda o: -o.n1 / (o.K * o.v)),
    "vanna": ("Ss", 1, lambda o: -o.n1 * o.d2 / o.s),
    "dual vanna": ("Ks", 1, lambda o: o.discount * o.n2 * o.d1 / o.s),
    "charm": ("St", -1, lambda o: -o.n1 * (2 * o.r * o.t - o.d2 * o.v) / (2 * o.t * o.v)),
    "delta by the rate": ("Sr", 1, lambda o: o.n1 * o.root / o.s),
    "vomma": ("ss", 1, lambda o: o.vega * o.d1 * o.d2 / o.s),
    "veta": ("st", 1, lambda o: -o.vega * (o.r * o.d1 / o.v - (1 + o.d1 * o.d2) / (2 * o.t))),
    "vera": ("sr", 1, lambda o: -o.K * o.t * o.discount * o.n2 * o.d1 / o.s),
    "speed": ("SSS", 1, lambda o: -o.gamma / o.S * (1 + o.d1 / o.v)),
    "zomma": ("SSs", 1, lambda o: o.gamma * (o.d1 * o.d2 - 1) / o.s),
    "color": (
        "SSt",
        1,
        lambda o: -o.gamma / (2 * o.t) * (1 + o.d1 * (2 * o.r * o.t - o.d2 * o.v) / o.v),
    ),
    "vanna by volatility": ("Sss", 1, lambda o: -o.n1 * (o.d1 * o.d2**2 - o.d1 - o.d2) / o.s**2),
    "ultima": (
        "sss",
        1,
        lambda o: -o.vega / o.s**2 * (o.d1 * o.d2 * (1 - o.d1 * o.d2) + o.d1**2 + o.d2**2),
    ),
}


def exact(point: Point, sign: int = 1) -> Exact:
    return Exact(*map(mpf, point), sign=sign)


def partial(variables: str, sign: int = 1) -> Any:
    """Return the derivative of the price by variables, one nested `grad` for each."""
    f: Any = lambda *args: price(*args, sign=sign)  # noqa: E731
    for variable in variables:
        f = grad(f, VARIABLES.index(variable))
    return f


@cache
def numerical_partials(point: Point, sign: int, order: int) -> dict[tuple[int, ...], float]:
    """Return the derivatives of an order at 50 digits, by the sorted positions of their variables."""
    found = {}
    with mp.workdps(50):
        x = tuple(map(mpf, point))
        for positions in itertools.combinations_with_replacement(range(5), order):
            counts = tuple(positions.count(i) for i in range(5))
            found[positions] = float(mpmath.diff(lambda *args: Exact(*args, sign=sign).price, x, counts))
    return found


@pytest.mark.parametrize("sign", [1, -1], ids=["call", "put"])
@pytest.mark.parametrize("point", POINTS, ids=str)
@pytest.mark.parametrize("name", GREEKS)
def test_nested_gradients_are_the_closed_forms(name: str, point: Point, sign: int) -> None:
    variables, convention, closed_form = GREEKS[name]
    with mp.workdps(50):
        expected = float(closed_form(exact(point, sign)))
    tolerance = WITHIN[len(variables)]
    assert convention * partial(variables, sign)(*point) == pytest.approx(expected, rel=tolerance, abs=0)


@pytest.mark.parametrize("sign", [1, -1], ids=["call", "put"])
@pytest.mark.parametrize("point", POINTS, ids=str)
def test_all_derivatives_up_to_the_third_at_once(point: Point, sign: int) -> None:
    def of_array(x: Any) -> Any:
        return price(*x, sign=sign)

    every = (0, 1, 2, 3, 4)
    first = grad(price, every)(*point, sign=sign)
    second = hessian(price, every)(*point, sign=sign)
    third = jacobian(hessian(of_array))(np.array(point))

    for (i,), expected in numerical_partials(point, sign, 1).items():
        assert first[i] == pytest.approx(expected, rel=WITHIN[1], abs=0)
    for (i, j), expected in numerical_partials(point, sign, 2).items():
        assert second[i][j] == pytest.approx(expected, rel=WITHIN[2], abs=0)
        assert second[j][i] == pytest.approx(expected, rel=WITHIN[2], abs=0)
    for positions, expected in numerical_partials(point, sign, 3).items():
        for place in itertools.permutations(positions):
            assert third[place] == pytest.approx(expected, rel=WITHIN[3], abs=0)


@pytest.mark.parametrize("variable", VARIABLES)
def test_derivatives_of_derivatives_in_one_variable(variable: str) -> None:
    at = VARIABLES.index(variable)

    def of_one(x: Any) -> Any:
        args: list[Any] = list(HULL)
        args[at] = x
        return price(*args)

    for order in (1, 2, 3):
        expected = numerical_partials(HULL, 1, order)[(at,) * order]
        assert derivative(of_one, order)(HULL[at]) == pytest.approx(expected, rel=WITHIN[order], abs=0)


def test_the_option_of_hulls_chapter_on_greeks() -> None:
    value, (delta, rho, minus_theta, vega) = value_and_grad(price, (0, 2, 3, 4))(*HULL)
    gamma = hessian(price)(*HULL)
    assert f"{value:.2f} {delta:.3f} {gamma:.3f}" == "2.40 0.522 0.066"
    assert f"{-minus_theta:.2f} {vega:.1f} {rho:.2f}" == "-4.31 12.1 8.91"

    assert value == pytest.approx(2.4004610869656666, rel=1e-14)
    assert delta == pytest.approx(0.521601633972, abs=5e-13)
    assert gamma == pytest.approx(0.0655453772525, abs=5e-14)
    assert -minus_theta == pytest.approx(-4.30538996455, abs=5e-12)
    assert vega / 100 == pytest.approx(0.121052427542, abs=5e-13)  # for one per cent
    assert rho / 100 == pytest.approx(0.089065740988, abs=5e-13)


# Implied volatility: the sigma at which the price is the one seen in the market, by Newton's method.


def implied_volatility(seen: Any, spot: Any, strike: Any, rate: Any, time: Any) -> Any:
    # From the point where the price turns from convex to concave Newton's method converges from one side
    # (Manaster and Koehler, Journal of Finance 37, 1982); at the money that is 0, where there is no slope.
    sigma: Any = max(math.sqrt(abs(2 * (math.log(spot / strike) + rate * time)) / time), 0.2)
    steps_left = 2  # after convergence: the derivatives of an iterate lag, each order a step behind the last
    for _ in range(50):
        slope = derivative(lambda s: price(spot, strike, rate, time, s))(sigma)
        sigma, previous = sigma - (price(spot, strike, rate, time, sigma) - seen) / slope, sigma
        if abs(sigma - previous) < 1e-10 * sigma:
            steps_left -= 1
            if steps_left == 0:
                break
    return sigma


SMILES = [
    (100.0, strike, 0.02, time, sigma)
    for strike in (80.0, 95.0, 100.0, 110.0, 130.0)
    for time in (0.25, 1.0, 4.0)
    for sigma in (0.15, 0.2, 0.35, 0.8)
]


@pytest.mark.parametrize("point", SMILES, ids=str)
def test_newton_recovers_the_volatility(point: Point) -> None:
    *rest, sigma = point
    with mp.workdps(50):
        option = exact(point)
        seen, vega = float(option.price), float(option.vega)
    # No float can tell more: the price is a difference of terms of the size of the spot, each rounded.
    known_to = 4 * math.ulp(100.0) / vega
    assert implied_volatility(seen, *rest) == pytest.approx(sigma, rel=1e-15, abs=known_to)


@pytest.mark.parametrize("point", [HULL, *SMILES], ids=str)
def test_derivatives_through_newton_are_those_of_the_implicit_function(point: Point) -> None:
    *rest, _sigma = point
    with mp.workdps(50):
        option = exact(point)
        seen, vega = float(option.price), option.vega
        delta, vomma = (GREEKS[name][2](option) for name in ("delta", "vomma"))
        by_price, by_spot, second = float(1 / vega), float(-delta / vega), float(-vomma / vega**3)
    assert grad(implied_volatility, (0, 1))(seen, *rest) == pytest.approx((by_price, by_spot), rel=1e-11)
    assert derivative(implied_volatility)(seen, *rest) == pytest.approx(by_price, rel=1e-11)
    assert derivative(implied_volatility, 2)(seen, *rest) == pytest.approx(second, rel=3e-11, abs=1e-15)
