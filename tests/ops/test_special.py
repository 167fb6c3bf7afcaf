"""Special functions and their derivatives, over all of their domains, against mpmath and at the ends
SciPy.
"""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from exact import variables
from exact_special import EXACT_SPECIAL
from mpmath import mp, mpf
from oracle import ORACLE, oracle

from autograd import derivative, ops
from autograd.ops import TABLE, bessel, incomplete_gamma, normal

special = pytest.importorskip("scipy.special")
inf, nan = math.inf, math.nan

OURS = [name for name, primitive in TABLE.items() if primitive.home == ops.special.__name__]

PLACES: dict[str, list[tuple[float, ...]]] = {
    "ndtr": [(x,) for x in (-37.5, -30.3, -12.7, -4.9, -2.1, -1.9, -0.3, 0.0, 1e-9, 1.7, 8.2)],
    "ndtr′": [(x,) for x in (-37.5, -12.7, -1.0000001, -0.3, 0.0, 1e-9, 1.7, 8.2, 37.1)],
    "log_ndtr": [(x,) for x in (-1e6, -300.1, -40.0, -12.7, -2.1, -1.9, -1.1, -0.9, 0.0, 0.3, 1.7, 8.2,
    20.2)],
    "ndtri": [(x,) for x in (1e-300, 1e-40, 3e-5, 0.1, 0.2499, 0.2501, 0.4999, 0.6, 0.7499, 0.76, 0.9999, 1
    - 2**-50)],
    "erfcx": [(x,) for x in (-26.1, -3.3, -0.1, 0.0, 1e-9, 0.4, 0.6, 2.1, 9.7, 24.9, 25.1, 1e3, 1e9)],
    "erfinv": [(x,) for x in (1e-300, -1e-9, 0.3, -0.4999, 0.5001, 0.7, -0.99, 1 - 1e-9, 2**-53 - 1.0)],
    "logit": [(x,) for x in (1e-300, 1e-5, 0.2499, 0.2501, 0.4, 0.6, 0.7499, 0.7501, 0.99, 1 - 2**-50)],
    "xlogy": [(-2.0, 3.0), (0.0, 3.0), (1e200, 1e-200), (3.0, 1.0000001)],
    "xlog1py": [(-2.0, 3.0), (0.0, 3.0), (1e200, 1e-90), (3.0, -0.9999999)],
    "entr": [(x,) for x in (1e-300, 1e-5, 0.2, 0.9, 1.0000001, 20.3, 1e200)],
    "rel_entr": [(2.0, 3.0), (2.0, 2.000001), (1e200, 1e-200), (1e-200, 1e200), (3.0, 1.4), (1e-5, 17.0)],
    "kl_div": [(2.0, 3.0), (2.0, 2.000001), (2.0, 2.1999), (1e-200, 1e200), (3.0, 1.4), (1e-5, 17.0)],
    "gammaln": [(x,) for x in (1e-300, 0.3, 0.7, 1.0 + 1e-9, 1.4, 1.6, 2.0 - 1e-9, 2.6, 9.3, 170.1, 1e5,
    -0.4)],
    "gammainc": [*itertools.product((1e-5, 0.3, 1.0, 7.3, 60.1), (1e-5, 0.45, 0.7, 1.05, 2.5, 9.9, 80.0))],
    "gammaincc": [*itertools.product((1e-5, 0.3, 1.0, 7.3, 60.1), (1e-5, 0.45, 0.7, 1.05, 2.5, 9.9, 80.0))],
    "gammainc′": [*itertools.product((0.1, 0.3, 1.0, 7.3, 60.1), (1e-5, 0.45, 0.7, 1.05, 2.5, 9.9, 80.0))],
    "∂gammainc/∂a": [*itertools.product((0.1, 0.3, 1.0, 7.3, 60.1), (1e-5, 0.45, 0.7, 1.05, 2.5, 9.9, 80.0))],
    "stirling⁽ⁿ⁾": [(n, x) for n in (0.0, 3.0) for x in (27.0, 60.5, 1e5)],
    "iv": [(n, x) for n in (0.0, 1.0, 4.0, -2.0) for x in (-3.3, 1e-5, 0.7, 12.1, 24.9, 26.1, 60.0, 690.0)],
    "jv": [(n, x) for n in (0.0, 1.0, 4.0, -3.0) for x in (-3.3, 1e-5, 0.7, 12.1, 24.9, 26.1, 60.0, 3000.0)],
    "yn": [(n, x) for n in (0.0, 1.0, 4.0, -3.0) for x in (1e-5, 9e-6, 0.7, 12.1, 24.9, 26.1, 60.0)],
    "i0e": [(x,) for x in (-3.0, 1e-9, 0.3, 7.7, 39.0, 41.0, 300.3, 1e6)],
    "i1e": [(x,) for x in (-3.0, 1e-9, 0.3, 7.7, 25.4, 25.6, 41.0, 300.3, 1e6)],
}  # fmt: skip
PLACES["log_ndtr⁽ⁿ⁾"] = [(n, x) for n in (0.0, 1.0) for (x,) in PLACES["log_ndtr"] if x > -1e5]
PLACES["erfcx⁽ⁿ⁾"] = [(n, x) for n in (0.0, 1.0) for (x,) in PLACES["erfcx"]]
PLACES["i0e⁽ⁿ⁾"] = [(n, abs(x)) for n in (0.0, 2.0) for (x,) in PLACES["i0e"]]


LOOSER = {"gammainc′": 1e-12}
"""What is allowed of derivatives by a parameter, of functions that have them beyond those by x."""


def test_every_special_function_is_tested() -> None:
    assert PLACES.keys() == set(OURS)


def errors(name: str, operands: tuple[float, ...]) -> Iterator[tuple[int, int, float]]:
    """The relative errors of derivatives of orders 0 to 3 by each operand.

    A thousandth of what the next derivative times the operand is counts as size too, for near a zero no more
    than a rounding of the operand leaves can be known.
    """
    primitive = TABLE[name]
    family = int(operands[0]) if name[-1] == "⁾" else 0
    with mp.workdps(150):
        exact = EXACT_SPECIAL[name](*variables(*operands))
    for index, rule in enumerate(primitive.derivatives):
        if rule is None or (index == 0 and name in ("gammainc", "gammaincc")):
            continue  # these have a first derivative alone by their parameter

        def function(x: Any, index: int = index, call: Callable[..., Any] = primitive) -> Any:
            return call(*operands[:index], x, *operands[index + 1 :])

        at = operands[index]
        series = [exact.derivative(n, 0) if index == 0 else exact.derivative(0, n) for n in range(5)]
        for order in range(4 - family):
            got = derivative(function, order)(at) if order else function(at)
            size = max(abs(series[order]), abs(at * series[order + 1]) / 1000)
            if size < 1e-290:
                assert abs(got) < 1e-280, (operands, index, order, got)
            elif size < 1e300:
                yield index, order, float(abs(got - series[order]) / size)


@pytest.mark.parametrize("name", OURS)
def test_derivatives_to_order_3_have_13_digits(name: str) -> None:
    for operands in PLACES[name]:
        for index, order, error in errors(name, operands):
            assert error < LOOSER.get(name, 1e-13), (operands, index, order, error)


NUMBERS = [0.0, 1e-300, 1e-9, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 15.5, 25.0, 30.0, 45.0, 1e3, 1e20, 1e160,
1e300, inf]  # fmt: skip
NUMBERS += [-x for x in NUMBERS] + [nan]

SCIPYS: dict[str, Callable[..., Any]] = {
    "ndtr": special.ndtr, "log_ndtr": special.log_ndtr, "ndtri": special.ndtri, "erfcx": special.erfcx,
    "erfinv": special.erfinv, "logit": special.logit, "entr": special.entr, "gammaln": special.gammaln,
    "i0e": special.i0e, "i1e": special.i1e, "xlogy": special.xlogy, "xlog1py": special.xlog1py,
    "rel_entr": special.rel_entr, "kl_div": special.kl_div,
    "gammainc": special.gammainc, "gammaincc": special.gammaincc,
}  # fmt: skip


def alike(got: float, expected: float) -> bool:
    if got != got or expected != expected:
        return got != got and expected != expected
    return got == expected or abs(got - expected) <= 3e-13 * abs(expected) + 1e-300


@pytest.mark.parametrize("name", SCIPYS)
def test_values_are_scipys_everywhere(name: str) -> None:
    for operands in itertools.product(NUMBERS, repeat=len(TABLE[name].domain)):
        if name in ("gammainc", "gammaincc") and 1e20 <= operands[0] < inf:
            continue  # where SciPy's has no digits
        got, expected = TABLE[name](*operands), float(SCIPYS[name](*operands))
        assert alike(got, expected), (operands, got, expected)


@pytest.mark.parametrize(
    ("ours", "scipys"), [(ops.iv, special.iv), (ops.jv, special.jv), (ops.yn, special.yv)]
)
def test_bessel_functions_are_scipys_everywhere(ours: Any, scipys: Any) -> None:
    for order in (0.0, 1.0, 2.0, 7.0, -1.0, -4.0, 60.0):
        for x in (*NUMBERS, 59.0, 61.0):
            if abs(x) >= 1e20:  # where SciPy's have no digits, or are NaN
                continue
            if scipys is special.yv and x < 0.0:
                assert math.isnan(ours(order, x))
            elif scipys is special.yv and x == 0.0:
                assert abs(ours(order, x)) == inf
            else:
                assert ours(order, x) == pytest.approx(
                    float(scipys(order, x)), rel=1e-11, abs=1e-300, nan_ok=True
                )


def test_bessel_functions_far_out() -> None:
    assert ops.jv(3.0, inf) == ops.jv(0.0, -inf) == ops.yn(2.0, inf) == 0.0
    assert ops.yn(3.0, 1e-150) == -inf
    assert ops.yn(1.0, 1e-305) == pytest.approx(-0.6366197723675814e305, rel=1e-15)
    assert ops.erfcx(-26.628) == pytest.approx(float(2 * mp.exp(mpf(-26.628) ** 2)), rel=1e-14)
    assert ops.erfcx(-26.7) == inf
    assert ops.yn(-3.0, 1e-150) == inf
    assert ops.yn(5.0, 1e-290) == -inf
    assert ops.iv(3.0, -800.0) == -inf
    assert ops.i1e(-inf) == 0.0
    assert math.copysign(1.0, ops.i1e(-inf)) == -1.0
    assert ops.i0e(inf) == 0.0


@pytest.mark.parametrize("name", [name for name in OURS if name[-1] == "⁾"] + ["iv", "jv", "yn"])
def test_orders_that_are_none_give_nan(name: str) -> None:
    for order in (0.5, nan, 1001.0, inf):
        assert math.isnan(TABLE[name](order, 30.0))
    assert math.isnan(TABLE[name](1.0, nan))
    if name[-1] == "⁾":
        assert math.isnan(TABLE[name](-1.0, 30.0))


def test_families_of_derivatives_far_out() -> None:
    h = ops.log_ndtr_derivative
    assert [h(n, -inf) for n in range(1, 5)] == [inf, -1.0, 0.0, 0.0]
    assert [h(n, inf) for n in range(1, 5)] == [0.0] * 4
    assert h(3, -1e200) == 0.0
    e = ops.erfcx_derivative
    assert [e(n, -inf) for n in range(3)] == [inf, -inf, inf]
    assert [e(n, inf) for n in range(3)] == [0.0] * 3
    assert math.isnan(ops.stirling(0, 11.0))


@pytest.mark.parametrize("order", [5, 8])
def test_derivatives_of_high_order(order: int) -> None:
    for name, x in (
        ("log_ndtr⁽ⁿ⁾", -40.0),
        ("log_ndtr⁽ⁿ⁾", -3.0),
        ("erfcx⁽ⁿ⁾", 12.0),
        ("i0e⁽ⁿ⁾", 50.0),
        ("i0e⁽ⁿ⁾", 3.0),
    ):
        with mp.workdps(60):
            exact = oracle(TABLE[name])(mpf(order), mpf(x))
        assert TABLE[name](order, x) == pytest.approx(float(exact), rel=1e-12)


@pytest.mark.parametrize("a", [1999.0, 2001.0, 12345.6, 1e6, 1e9, 1e15])
def test_incomplete_gamma_functions_of_large_parameters(a: float) -> None:
    for k in (-6.0, -3.0, -0.5, 0.0, 0.7, 4.0, 9.0):
        x = a + k * math.sqrt(a)
        lower, upper = ops.gammainc(a, x), ops.gammaincc(a, x)
        assert lower + upper == pytest.approx(1.0, rel=1e-12)
        if a < 1e6:
            with mp.workdps(40):
                assert lower == pytest.approx(float(mp.gammainc(a, 0, x, regularized=True)), rel=1e-12)
                assert upper == pytest.approx(float(mp.gammainc(a, x, regularized=True)), rel=1e-12)
        elif k == 0.0:  # DLMF 8.11.12: Q(a, a) = 1/2 - 1 / (3 sqrt(2 pi a)) + ...
            assert upper == pytest.approx(0.5 - 1.0 / (3.0 * math.sqrt(2.0 * math.pi * a)), rel=1e-9)
    assert ops.gammainc(a, 0.01 * a) < 1e-300
    assert ops.gammaincc(a, 5.0 * a) < 1e-300


@pytest.mark.parametrize("a", [1e-8, 0.1, 0.7, 1.0, 2.3, 13.9, 60.0, 300.0, 1999.0, 2001.0, 1e5])
def test_the_derivative_of_an_incomplete_gamma_function_by_its_parameter(a: float) -> None:
    spread = [a + k * math.sqrt(a) for k in (-6.0, -3.0, -0.5, 0.0, 0.7, 4.0, 9.0)]
    for x in (1e-9, 1e-3, 0.1, 0.4, 0.9, 1.0999, 1.1001, 2.0, 14.0, 310.0, *spread):
        if not 0.0 < x < 50.0 * a + 400.0 or x < 0.5 * a > 100.0:
            continue
        with mp.workdps(60):
            exact = float(ORACLE["∂gammainc/∂a"](mp.mpf(a), mp.mpf(x)))
        if abs(exact) > 1e-290:
            for function, sign in ((ops.gammainc, 1.0), (ops.gammaincc, -1.0)):
                slope = sign * derivative(lambda t, f=function, x=x: f(t, x))(a)
                assert slope == pytest.approx(exact, rel=5e-13, abs=0.0), (a, x)


def test_the_derivative_of_an_incomplete_gamma_function_of_a_very_large_parameter() -> None:
    for a in (1e6, 1e10, 1e15):  # DLMF 8.11.12 of Q(a, a + d), by a and by d
        slope = derivative(lambda t, a=a: ops.gammainc(t, a))(a)
        assert slope == pytest.approx(-1.0 / math.sqrt(2.0 * math.pi * a), rel=2.0 / math.sqrt(a))


def test_the_ends_of_the_derivative_by_the_parameter() -> None:
    slope = ops.gammainc_by_shape
    assert [slope(a, 0.0) for a in (0.5, 1.0, inf)] == [0.0, 0.0, 0.0]
    assert slope(3.0, inf) == slope(inf, 3.0) == 0.0
    assert all(math.isnan(slope(*x)) for x in ((0.0, 0.0), (inf, inf), (-1.0, 2.0), (1.0, -2.0), (nan, 1.0)))
    assert slope(0.0, 0.7) == pytest.approx(-float(mp.expint(1, mp.mpf(0.7))), rel=1e-14)
    assert slope(0.0, 3.0) == pytest.approx(-float(mp.expint(1, 3)), rel=1e-14)
    assert derivative(lambda x: slope(2.0, x))(0.0) == 0.0
    with pytest.raises(TypeError, match=r"∂gammainc/∂a has no derivative with respect to its argument 1"):
        derivative(lambda a: ops.gammainc(a, 2.0), 2)(1.5)


def test_the_density_of_the_gamma_distribution_at_its_ends() -> None:
    density = ops.gammainc_slope
    assert [density(a, 0.0) for a in (0.0, 0.5, 1.0, 2.0)] == [0.0, inf, 1.0, 0.0]
    assert density(3.0, inf) == 0.0
    assert math.isnan(density(-1.0, 2.0))
    assert math.isnan(density(inf, 2.0))
    assert derivative(lambda x: density(2.0, x))(0.0) == 1.0  # that of x exp(-x)
    assert derivative(lambda x: density(1.0, x))(0.0) == -1.0
    assert derivative(lambda a: density(a, 0.0))(2.0) == 0.0
    assert density(100.0, 1e-5) == pytest.approx(
        float(mp.mpf(1e-5) ** 99 / mp.gamma(100)), rel=1e-12, abs=0.0
    )
    assert density(3.0, 720.0) == pytest.approx(0.5 * 720.0**2 * math.exp(-360.0) ** 2, rel=1e-12)


@pytest.mark.parametrize(
    ("f", "x", "expected"),
    [
        (ops.ndtri, 0.0, inf), (ops.ndtri, 1.0, inf), (ops.ndtri, 2.0, nan),
        (ops.erfinv, 1.0, inf), (ops.erfinv, -1.0, inf), (ops.erfinv, 1.5, nan),
        (ops.ndtr, 1e200, 0.0), (ops.ndtr_slope, inf, 0.0), (ops.log_ndtr, -inf, inf), (ops.log_ndtr, inf,
        0.0),
        (ops.logit, 0.0, inf), (ops.entr, 0.0, inf), (ops.entr, -1.0, nan),
        (lambda x: ops.xlogy(x, 0.0), 0.0, 0.0), (lambda x: ops.xlogy(x, 2.0), 0.0, math.log(2.0)),
        (lambda y: ops.xlogy(0.0, y), 0.0, 0.0), (lambda y: ops.xlogy(2.0, y), 0.0, inf),
        (lambda x: ops.xlog1py(x, -1.0), 0.0, 0.0), (lambda y: ops.xlog1py(0.0, y), -1.0, 0.0),
        (lambda y: ops.xlog1py(3.0, y), 0.0, 3.0), (lambda y: ops.rel_entr(0.0, y), 0.0, 0.0),
        (lambda y: ops.kl_div(0.0, y), 0.0, 1.0), (lambda x: ops.rel_entr(x, 2.0), 0.0, -inf),
        (ops.i0e, 0.0, 0.0), (ops.i1e, 0.0, 0.5), (ops.erfcx, -inf, -inf),
    ],
)  # fmt: skip
def test_derivative_at_an_end_or_a_kink(f: Any, x: float, expected: float) -> None:
    assert derivative(f)(x) == pytest.approx(expected, nan_ok=True)


def test_second_derivatives_at_0_of_products_with_logarithms() -> None:
    assert derivative(lambda y: derivative(lambda x: ops.xlogy(x, y))(0.0))(2.0) == 0.5  # 1 / y
    assert derivative(lambda y: derivative(lambda x: ops.xlog1py(x, y))(0.0))(1.0) == 0.5


@pytest.mark.parametrize("name", ["ndtri", "erfinv"])
def test_inverse_functions_are_inverse(name: str) -> None:
    draw = random.Random(3)
    forward = {"ndtri": normal.ndtr, "erfinv": math.erf}[name]
    for _ in range(200):
        x = draw.uniform(-5.0, 5.0)
        if name == "erfinv" and abs(x) > 2.0:
            continue
        p = forward(x)
        with mp.workdps(30):  # half a unit in the last place of p is as much of x as this
            slope = mp.npdf(x) if name == "ndtri" else 2 / mp.sqrt(mp.pi) * mp.exp(-x * x)
        assert abs(TABLE[name](p) - x) <= 2e-16 * abs(p) / slope + 1e-15 * abs(x)


def test_log_gamma_of_1_and_a_small_number() -> None:
    assert incomplete_gamma.gammaln_of_1_and(1e-20) == pytest.approx(-0.5772156649015329e-20, rel=1e-15)
    assert incomplete_gamma.log1pmx(1e-10) == pytest.approx(-0.5e-20 + 1e-30 / 3.0, rel=1e-15)
    assert incomplete_gamma.log1pmx(-1.0) == -inf
    assert incomplete_gamma.log1pmx(3.0) == math.log(4.0) - 3.0


def test_bessel_functions_keep_their_digits_where_they_are_small() -> None:
    for n, x in ((30.0, 2.0), (100.0, 50.0), (3.0, 1e-20), (40.0, 30.0), (150.0, 1.5)):
        with mp.workdps(40):
            assert bessel.jv(n, x) == pytest.approx(float(mp.besselj(int(n), mpf(x))), rel=1e-13)
