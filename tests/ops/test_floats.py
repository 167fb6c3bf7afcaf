"""Functions on floats, against mpmath at 50 digits and closed forms, above all where they are delicate."""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mp, mpf

from autograd.ops import floats as special

INF, NAN = math.inf, math.nan
finite = st.floats(allow_nan=False, allow_infinity=False)
any_float = st.floats()


def close(got: float, exact: Any, rel: float) -> bool:
    with mp.workdps(50):
        return bool(abs(mpf(got) - exact) <= rel * abs(exact))


@settings(max_examples=300, deadline=None, database=None)
@given(st.floats(1e-290, 1e15))
def test_digamma_of_positive_numbers(x: float) -> None:
    with mp.workdps(50):
        exact = mp.digamma(mpf(x))
        # half a unit in the last place of x, and the rounding of the logarithm near the zero at 1.46
        allowed = 4e-16 * abs(exact) + 2e-16 * abs(x * mp.psi(1, mpf(x))) + 1e-15
        assert abs(special.digamma(x) - exact) <= allowed


@settings(max_examples=300, deadline=None, database=None)
@given(st.floats(-1000.0, -1e-6).filter(lambda x: abs(x - round(x)) > 1e-6))
def test_digamma_of_negative_numbers(x: float) -> None:
    with mp.workdps(50):
        exact = mp.digamma(mpf(x))
        assert abs(special.digamma(x) - exact) <= 4e-15 * (abs(exact) + 1) + 2e-16 * abs(
            x * mp.psi(1, mpf(x))
        )


@settings(max_examples=300, deadline=None, database=None)
@given(st.integers(1, 20), st.floats(1e-5, 1e6))
def test_polygamma_of_positive_numbers(n: int, x: float) -> None:
    with mp.workdps(50):
        exact = mp.psi(n, mpf(x))
        assert close(special.polygamma(n, x), exact, 1e-15 * (n + 4))


@pytest.mark.parametrize("n", [1, 2, 5, 8, 10, 15, 20, 40, 60, 100])
def test_polygamma_where_the_asymptotic_expansion_begins(n: int) -> None:
    x = n + 13.0  # no recurrence is taken, and every term of the expansion counts as much as it ever does
    with mp.workdps(50):
        assert close(special.polygamma(n, x), mp.psi(n, mpf(x)), 1e-15)


@settings(max_examples=150, deadline=None, database=None)
@given(st.integers(1, 8), st.floats(-50.0, -1e-3).filter(lambda x: abs(x - round(x)) > 1e-3))
def test_polygamma_of_negative_numbers(n: int, x: float) -> None:
    with mp.workdps(50):
        # mpmath's psi is checked against the reflection formula by mpmath itself only for x > 0,
        # so the exact value is made from positive arguments and a numerical derivative of the cotangent.
        exact = (-1) ** n * mp.psi(n, 1 - mpf(x)) - mp.diff(lambda t: mp.pi * mp.cot(mp.pi * t), mpf(x), n)
        slope = (-1) ** (n + 1) * mp.psi(n + 1, 1 - mpf(x)) - mp.diff(
            lambda t: mp.pi * mp.cot(mp.pi * t), mpf(x), n + 1
        )
        scale = mp.psi(n, 1 - mpf(x))
        got = special.polygamma(n, x)
        assert abs(got - exact) <= 1e-14 * (n + 2) * (abs(exact) + abs(scale)) + 1e-15 * abs(x * slope)


def test_known_values_of_digamma_and_polygamma() -> None:
    assert special.digamma(1.0) == pytest.approx(-0.57721566490153286061, rel=1e-15)  # minus Euler's constant
    assert special.digamma(0.5) == pytest.approx(-0.57721566490153286061 - 2 * math.log(2), rel=1e-15)
    assert special.polygamma(0, 1.0) == special.digamma(1.0)
    assert special.polygamma(1, 1.0) == pytest.approx(math.pi**2 / 6, rel=1e-15)
    assert special.polygamma(1, 0.5) == pytest.approx(math.pi**2 / 2, rel=1e-15)
    assert special.polygamma(2, 1.0) == pytest.approx(-2 * 1.2020569031595942854, rel=1e-15)  # Apery
    assert special.polygamma(1, -0.5) == pytest.approx(math.pi**2 / 2 + 4, rel=1e-14)


def test_limits_of_digamma_and_polygamma() -> None:
    assert special.digamma(INF) == INF
    assert math.isnan(special.digamma(NAN))
    assert special.polygamma(1, INF) == 0.0
    assert math.isnan(special.polygamma(1, NAN))
    with pytest.raises(OverflowError):
        special.polygamma(1, 1e-160)
    with pytest.raises(OverflowError, match="polygamma of order 100000000 is beyond"):
        special.polygamma(1e8, 2.0)
    with pytest.raises(OverflowError, match="polygamma of order 171 is beyond"):
        special.polygamma(171, 2.0)
    with mp.workdps(50):
        assert close(special.polygamma(170, 2.0), mp.psi(170, 2), 1e-13)


@pytest.mark.parametrize("x", [0.0, -0.0, -1.0, -17.0, -1e300, -INF])
def test_poles_are_value_errors(x: float) -> None:
    with pytest.raises(ValueError, match="digamma has a pole at"):
        special.digamma(x)
    with pytest.raises(ValueError, match=re.escape(f"polygamma has a pole at {x!r}")):
        special.polygamma(2, x)


@pytest.mark.parametrize("n", [-1, 1.5, -0.5, INF, NAN])
def test_an_order_that_is_no_whole_number_is_a_value_error(n: float) -> None:
    with pytest.raises(ValueError, match=f"must be a whole number of 0 or more, not {n!r}"):
        special.polygamma(n, 1.0)


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        (special.sigmoid(-1000.0), 0.0),
        (special.sigmoid(1000.0), 1.0),
        (special.sigmoid(-40.0), 4.248354255291589e-18),
        (special.sigmoid(-INF), 0.0),
        (special.sigmoid(INF), 1.0),
        (special.sigmoid(NAN), NAN),
        (special.softplus(-1000.0), 0.0),
        (special.softplus(1000.0), 1000.0),
        (special.softplus(-40.0), 4.248354255291589e-18),
        (special.softplus(INF), INF),
        (special.softplus(-INF), 0.0),
        (special.softplus(NAN), NAN),
        (special.logsigmoid(-1000.0), -1000.0),
        (special.logsigmoid(1000.0), 0.0),
        (special.logaddexp(1000.0, 1000.0), 1000.6931471805599),
        (special.logaddexp(-INF, 0.0), 0.0),
        (special.logaddexp(0.0, -INF), 0.0),
        (special.logaddexp(-INF, -INF), -INF),
        (special.logaddexp(INF, INF), INF),
        (special.logaddexp(INF, 0.0), INF),
        (special.logaddexp(NAN, 0.0), NAN),
        (special.logaddexp(0.0, NAN), NAN),
        (special.silu(-1000.0), 0.0),
        (special.relu(NAN), NAN),
        (special.relu(-0.0), 0.0),
        (special.leaky_relu(0.5, 0.1), 0.5),
        (special.leaky_relu(2.0, 0.1), 2.0),
        (special.leaky_relu(NAN, 0.1), NAN),
        (special.elu(0.5, 1.5), 0.5),
        (special.elu(NAN, 1.0), NAN),
        (special.maximum(NAN, 1.0), NAN),
        (special.maximum(1.0, NAN), NAN),
        (special.minimum(NAN, 1.0), NAN),
        (special.minimum(1.0, NAN), NAN),
        (special.fmax(NAN, 1.0), 1.0),
        (special.fmax(1.0, NAN), 1.0),
        (special.fmax(NAN, NAN), NAN),
        (special.fmax(1.0, 2.0), 2.0),
        (special.fmax(2.0, 1.0), 2.0),
        (special.fmin(1.0, 2.0), 1.0),
        (special.fmin(2.0, 1.0), 1.0),
        (special.fmin(NAN, 1.0), 1.0),
        (special.fmin(1.0, NAN), 1.0),
        (special.sign(0.0), 0.0),
        (special.sign(NAN), NAN),
        (special.sign(-INF), -1.0),
        (special.sign(-0.5), -1.0),
    ],
)
def test_value_at_an_edge(got: float, expected: float) -> None:
    assert got == pytest.approx(expected, rel=1e-15, abs=0.0, nan_ok=True)


@pytest.mark.parametrize("x", [690.0, 705.0, -705.0, -690.0])
def test_sech_keeps_its_tails(x: float) -> None:
    with mp.workdps(50):
        assert close(special.sech(x), mp.sech(mpf(x)), 1e-15)


def test_sech_does_not_overflow_where_cosh_does() -> None:
    for x in (720.0, -720.0):  # a subnormal number, of fewer digits
        assert special.sech(x) == pytest.approx(2.0 * math.exp(-720.0), rel=0.0, abs=1e-323)


def test_gelu_keeps_its_lower_tail() -> None:
    # -10 ncdf(-10) by mpmath; the tail is so steep that a rounding of x alone moves it by 1e-14.
    assert special.gelu(-10.0) == pytest.approx(-7.619853024160526e-23, rel=1e-14)


@pytest.mark.parametrize("low", [-1.5, -4.6, -5.0, -20.0, -35.5, -36.9, -37.2, -37.4])
def test_gelu_has_all_digits_in_its_lower_tail(low: float) -> None:
    for k in range(100):
        x = low - 0.5 * k / 100
        if x > -37.5:  # below, it is subnormal
            with mp.workdps(50):
                assert close(special.gelu(x), mpf(x) * mp.ncdf(mpf(x)), 5e-15 if x >= -5.0 else 1e-15), x


@pytest.mark.parametrize(("function", "x"), [(special.gelu, -38.51), (special.silu, -745.14)])
def test_a_tail_ends_where_the_smallest_float_does(function: Callable[[float], float], x: float) -> None:
    with mp.workdps(50):
        exact = mpf(x) * mp.ncdf(x) if function is special.gelu else mpf(x) / (1 + mp.exp(-mpf(x)))
        assert abs(function(x) - exact) <= 5e-324
    assert function(x) < 0.0
    assert str(function(-800.0)) == str(function(-1e300)) == "-0.0"
    assert math.isnan(function(-INF))
    assert math.isnan(function(NAN))


@pytest.mark.parametrize("x", [-699.5, -700.5, -708.5, -712.0, -714.0])
def test_silu_has_all_digits_where_sigmoid_is_subnormal(x: float) -> None:
    with mp.workdps(50):
        assert close(special.silu(x), mpf(x) / (1 + mp.exp(-mpf(x))), 1e-15)


@pytest.mark.parametrize("zero", [1.4616321449683623, -0.5040830082644554, -1.5734984731623904])
def test_digamma_near_a_zero_is_off_by_no_more_than_a_rounding_of_its_terms(zero: float) -> None:
    for k in range(-20, 21):
        x = zero + k * 1e-6
        with mp.workdps(50):
            assert abs(special.digamma(x) - mp.digamma(mpf(x))) <= 1e-15 + 4e-16 * abs(x) * mp.psi(1, mpf(x))


def test_a_negative_number_to_a_broken_power_is_a_value_error() -> None:
    with pytest.raises(ValueError, match=r"\(-8\.0\) \*\* 0\.333.* is not a real number"):
        special.power(-8.0, 1 / 3)


@pytest.mark.parametrize("exponent", [2.5, -0.5, INF, NAN])
def test_a_broken_exponent_of_two_is_a_type_error(exponent: float) -> None:
    with pytest.raises(TypeError, match=f"ldexp needs a whole exponent, not {exponent!r}"):
        special.ldexp(1.0, exponent)


@settings(max_examples=500, deadline=None, database=None)
@given(finite, finite, finite)
def test_fma_is_the_exact_result_rounded_once(x: float, y: float, z: float) -> None:
    exact = Fraction(x) * Fraction(y) + Fraction(z)
    try:
        expected = float(exact)
    except OverflowError:
        with pytest.raises(OverflowError, match="overflow in fma"):
            special.fma(x, y, z)
    else:
        assert special.fma(x, y, z) == expected


@pytest.mark.parametrize(
    ("operands", "expected"),
    [
        ((INF, 1.0, 1.0), INF),
        ((INF, -1.0, 1.0), -INF),
        ((1.0, 1.0, -INF), -INF),
        ((1e300, 1e300, -INF), -INF),
        ((NAN, 1.0, 1.0), NAN),
        ((1.0, 1.0, NAN), NAN),
        ((1.0, NAN, 1.0), NAN),
        ((0.0, INF, NAN), NAN),
        ((0.0, 0.0, -0.0), 0.0),
        ((-0.0, 0.0, -0.0), -0.0),
        ((1.0, 1.0, -1.0), 0.0),
        ((5e-324, 0.25, 0.0), 0.0),
        ((-5e-324, 0.25, 0.0), -0.0),
    ],
)
def test_fma_at_an_edge(operands: tuple[float, float, float], expected: float) -> None:
    assert repr(special.fma(*operands)) == repr(expected)


@pytest.mark.parametrize("operands", [(0.0, INF, 1.0), (INF, 1.0, -INF), (1.0, -INF, INF)])
def test_fma_of_nonsense_is_a_value_error(operands: tuple[float, float, float]) -> None:
    with pytest.raises(ValueError, match="invalid operation in fma"):
        special.fma(*operands)


@settings(max_examples=200, deadline=None, database=None)
@given(st.lists(st.tuples(st.floats(-1e100, 1e100), st.floats(-1e100, 1e100)), max_size=8))
def test_sumprod_is_the_exact_result_rounded_once(pairs: list[tuple[float, float]]) -> None:
    p, q = [x for x, _ in pairs], [y for _, y in pairs]
    exact = float(sum((Fraction(x) * Fraction(y) for x, y in pairs), Fraction(0)))
    # Python 3.12's own has three times the precision of a float, which a sum of 1e100s can exceed; and none
    # of that precision is left of products near the smallest float.
    size = sum(abs(x * y) for x, y in pairs)
    smallest = 4 * len(pairs) * 5e-324
    assert special.sumprod(p, q) == pytest.approx(exact, rel=1e-15, abs=size * 1e-45 + smallest)


def test_sumprod_keeps_what_a_plain_sum_loses() -> None:
    assert special.sumprod([1e16, 1.0, -1e16], [1.0, 1.0, 1.0]) == 1.0


def test_sumprod_with_infinities_and_overflow() -> None:
    assert special.sumprod([INF, 1.0], [1.0, 1.0]) == INF
    assert special.sumprod([1.0, 1.0], [INF, 1.0]) == INF
    assert special.sumprod([INF, 2.0], [-1.0, 3.0]) == -INF
    assert math.isnan(special.sumprod([INF, -INF], [1.0, 1.0]))
    assert special.sumprod([], []) == 0.0
    assert special.sumprod([1e300, 1e300], [1e300, 1e300]) == INF
    assert special.sumprod([1e300, 1e300], [-1e300, -1e300]) == -INF


@settings(max_examples=200, deadline=None, database=None)
@given(any_float, any_float)
def test_maximum_and_minimum_are_those_of_ieee_754_2019(x: float, y: float) -> None:
    if x != x or y != y:
        assert math.isnan(special.maximum(x, y))
        assert math.isnan(special.minimum(x, y))
    else:
        assert special.maximum(x, y) == max(x, y)
        assert special.minimum(x, y) == min(x, y)


def test_the_interpreter_has_what_we_leave_to_it() -> None:
    assert hasattr(math, "fma") == (sys.version_info >= (3, 13))
    assert hasattr(math, "sumprod") == (sys.version_info >= (3, 12))
