"""SciPy's special functions called on Values and arrays of them: SciPy's numbers, and derivatives."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

special = pytest.importorskip("scipy.special")

from mpmath import mp, mpf  # noqa: E402 (after what may skip)

import autograd.numpy as anp  # noqa: E402
from autograd import Value, compile, derivative, grad, jacobian, value_and_grad, vmap  # noqa: E402
from autograd.arrays import ValueArray  # noqa: E402
from autograd.arrays.special_functions import NAMES  # noqa: E402
from autograd.scipy import stats  # noqa: E402

inf, nan = math.inf, math.nan


def betaln(a: Any, b: Any) -> Any:
    return mp.log(abs(mp.beta(a, b)))


POINTS: dict[str, list[tuple[float, ...]]] = {
    **{name: [(0.3,), (0.76,), (1e-5,)] for name in "erf erfc erfcx erfinv ndtr log_ndtr ndtri".split()},
    **{name: [(0.3,), (0.76,), (1e-5,)] for name in "expit logit log_expit entr erfcinv exp10".split()},
    **{name: [(0.3,), (4.5,), (30.5,)] for name in "gammaln gamma psi digamma rgamma exprel".split()},
    **{name: [(0.3,), (4.5,), (30.5,)] for name in "i0 i1 i0e i1e j0 j1 y0 y1".split()},
    **{name: [(2.3, 0.7), (1e-3, 300.5), (200.5, 1e5), (31.5, 28.5)] for name in ("beta", "betaln")},
    **{name: [(2.3, 0.7), (0.5, 3.0)] for name in "xlogy xlog1py rel_entr kl_div boxcox".split()},
    **{name: [(2.0, 0.7), (0.5, 3.0)] for name in ("huber", "pseudo_huber")},
    **{name: [(2, 0.7), (0, 3.0), (1, 30.5)] for name in "iv ive jv jn yv yn gammainc gammaincc".split()},
}
POINTS["gammainc"] = POINTS["gammaincc"] = [(2.5, 0.7), (0.5, 3.0)]


def test_every_function_is_tested() -> None:
    assert POINTS.keys() == NAMES


@pytest.mark.parametrize("name", sorted(NAMES))
def test_values_are_scipys(name: str) -> None:
    f = getattr(special, name)
    ordered = name in ("iv", "ive", "jv", "jn", "yv", "yn")
    for point in POINTS[name]:
        expected = float(f(*point))
        parameters = point[:1] if name.startswith("gammainc") or ordered else ()
        out = f(*parameters, *map(Value, point[len(parameters) :]))
        assert isinstance(out, Value)
        assert out.data == pytest.approx(expected, rel=1e-11 if name[:4] == "beta" else 2e-13)
    columns = [np.array(column) for column in zip(*POINTS[name], strict=True)]
    last = [anp.array([Value(x) for x in columns[-1].tolist()])]
    first = [columns[0].astype(int) if ordered else columns[0]] if len(columns) == 2 else []
    result = f(*first, *last)
    assert isinstance(result, ValueArray)
    assert [x.data for x in result] == pytest.approx(f(*columns).tolist(), rel=1e-11)


@pytest.mark.parametrize("name", sorted(NAMES))
def test_derivatives_are_those_that_differences_give(name: str) -> None:
    f = getattr(special, name)
    for *parameters, x in POINTS[name][:1] if name == "beta" else POINTS[name]:
        step = 1e-5 * x
        rate = (f(*parameters, x + step) - f(*parameters, x - step)) / (2.0 * step)
        assert grad(f, len(parameters))(*parameters, x) == pytest.approx(rate, rel=2e-6, abs=1e-9)


@pytest.mark.parametrize(("a", "b"), POINTS["betaln"])
def test_derivatives_of_betaln_do_not_cancel(a: float, b: float) -> None:
    with mp.workdps(60):
        x, y = mpf(a), mpf(b)
        for order in (1, 2, 3):
            exact = mp.psi(order - 1, x) - mp.psi(order - 1, x + y)
            assert derivative(lambda t: special.betaln(t, b), order)(a) == pytest.approx(
                float(exact), rel=1e-13
            )
        mixed = grad(grad(special.betaln, 0), 1)(a, b)
        assert mixed == pytest.approx(float(-mp.psi(1, x + y)), rel=1e-13)
        assert special.betaln(Value(a), b).data == pytest.approx(float(betaln(x, y)), rel=1e-14)
        assert grad(special.beta)(a, b) == pytest.approx(
            float(mp.beta(x, y) * (mp.psi(0, x) - mp.psi(0, x + y))), rel=1e-12
        )


def test_betaln_of_negative_numbers_is_the_logarithm_of_the_size() -> None:
    assert special.betaln(Value(-0.5), 2.3).data == pytest.approx(float(betaln(-0.5, 2.3)), rel=1e-13)
    assert special.beta(Value(-0.5), 2.3).data == pytest.approx(float(mp.beta(-0.5, 2.3)), rel=1e-13)


def test_the_tail_of_log_ndtr_keeps_its_digits_to_order_4() -> None:
    with mp.workdps(60):
        for order in range(1, 5):
            exact = mp.diff(lambda x: mp.log(mp.erfc(-x / mp.sqrt(2)) / 2), -40, order)
            assert derivative(special.log_ndtr, order)(-40.0) == pytest.approx(float(exact), rel=1e-13)


def test_arrays_follow_scipy_at_the_ends_and_single_values_raise_what_math_raises() -> None:
    ends = np.array([-1.0, 0.0, inf, nan])
    of_values = anp.array([Value(x) for x in ends.tolist()])
    for name in ("gammaln", "ndtri", "logit", "entr", "erfinv", "i0e"):
        expected = getattr(special, name)(ends)
        np.testing.assert_allclose([x.data for x in getattr(special, name)(of_values)], expected, 1e-15)
    assert [x.data for x in special.gamma(of_values)] == pytest.approx([nan, inf, inf, nan], nan_ok=True)
    with pytest.raises(ValueError, match=r"math domain error|noninteger|expected a"):
        special.gamma(Value(-1.0))
    assert special.gammaln(Value(-1.0)).data == inf


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        (lambda x: special.kv(1, x), TypeError, "does not work on Values; the nearest that is there is iv"),
        (lambda x: special.gammaincinv(1.0, x), TypeError, "the nearest that is there is gammainc;"),
        (lambda x: special.erfi(x), TypeError, "the nearest that is there is erfcx"),
        (lambda x: special.sici(x), TypeError, "there are beta, betaln"),
        (lambda x: special.iv(0.5, x), ValueError, "there for whole orders only, not for order 0.5"),
        (lambda x: special.jv(x, 2.0), TypeError, "jv has no derivative with respect to its order"),
        (lambda x: grad(grad(special.gammainc))(x, 2.0), TypeError, "∂gammainc/∂a has no derivative with"),
        (lambda x: special.gammaln(x, out=np.zeros(())), TypeError, "plain numbers cannot hold the Values"),
    ],
)  # fmt: skip
def test_what_is_not_there_says_what_is(
    call: Callable[[Any], Any], error: type[Exception], text: str
) -> None:
    with pytest.raises(error, match=text):
        call(Value(0.5))


def test_what_is_named_in_the_place_of_what_is_not_there_gives_its_numbers() -> None:
    for name, shapes, there, other in (
        ("betainc", (2.0, 3.5), "beta.cdf(x, a, b)", stats.beta.cdf),
        ("betaincc", (2.0, 3.5), "beta.sf(x, a, b)", stats.beta.sf),
        ("stdtr", (4.5,), "t.cdf(t, df)", stats.t.cdf),
    ):
        ufunc = getattr(special, name)
        with pytest.raises(TypeError, match=re.escape(f"is autograd.scipy.stats.{there};")):
            ufunc(*shapes, Value(0.3))
        value, slope = value_and_grad(other)(0.3, *shapes)
        assert value == pytest.approx(ufunc(*shapes, 0.3), rel=1e-14)
        near = [ufunc(*shapes, x) for x in (0.3 - 1e-5, 0.3 + 1e-5)]
        assert slope == pytest.approx((near[1] - near[0]) / 2e-5, rel=1e-8)


def test_edges_of_compositions() -> None:
    x = Value(2.0)
    assert special.huber(Value(-1.0), 2.0) == inf
    assert special.pseudo_huber(Value(-1.0), 2.0) == inf
    assert special.pseudo_huber(0.0, x).data == 0.0
    assert special.boxcox(x, 0.0).data == math.log(2.0)
    assert grad(special.boxcox, 1)(2.0, 0.0) == pytest.approx(0.5 * math.log(2.0) ** 2, rel=1e-14)
    assert special.rgamma(Value(171.5)).data == pytest.approx(special.rgamma(171.5), rel=1e-12)
    assert special.ive(0, x).data == special.i0e(x).data
    assert derivative(special.exprel, 2)(0.0) == pytest.approx(1.0 / 3.0)


ENDS: dict[str, list[tuple[tuple[float, ...], float]]] = {
    "exp10": [((400.0,), inf), ((-400.0,), 0.0)],
    "exprel": [((1000.0,), inf), ((inf,), inf), ((-inf,), 0.0)],
    "rgamma": [((0.0,), 0.0), ((-3.0,), 0.0), ((-200.0,), 0.0), ((-1e5,), 0.0), ((-200.5,), -inf)],
    "boxcox": [
        ((0.0, 2.0), -0.5), ((0.0, -1.0), -inf), ((inf, -2.0), 0.5), ((2.0, 1e10), inf), ((0.0, 0.0), -inf),
    ],
    "beta": [((0.5, 1e-310), inf), ((0.0, 1.0), inf), ((1.0, inf), 0.0), ((1.0, -200.5), -1.0 / 200.5)],
    "betaln": [((inf, 1.0), -inf), ((0.0, 1.0), inf)],
    "pseudo_huber": [((1.0, inf), inf), ((0.0, 3.0), 0.0), ((2.0, -0.0), 0.0), ((1e-320, 1.0), 1e-320)],
    "i0e": [((1e308,), 3.989422804014327e-155)],
    "j0": [((1e308,), -2.4706564120790078e-155)],
    "y1": [((1e308,), 2.4706564120790078e-155)],
}  # fmt: skip


@pytest.mark.parametrize("name", ENDS)
def test_nothing_raises_or_overflows_on_the_way_at_the_ends(name: str) -> None:
    f = getattr(special, name)
    for point, expected in ENDS[name]:
        assert f(*map(Value, point)).data == pytest.approx(expected, rel=1e-12, abs=0.0), point
        arrays = [anp.array([Value(x)]) for x in point]
        assert f(*arrays)[0].data == pytest.approx(expected, rel=1e-12, abs=0.0), point


@pytest.mark.parametrize("x", [0.0, -1.0, -4.0, -4.0 + 1e-9, -0.3, -33.25, 0.4, 1e-30])
def test_the_reciprocal_of_gamma_is_smooth_at_its_zeros(x: float) -> None:
    with mp.workdps(60):
        assert special.rgamma(Value(x)).data == pytest.approx(float(mp.rgamma(mpf(x))), rel=1e-13)
        for order in (1, 2):
            exact = float(mp.diff(mp.rgamma, mpf(x), order))
            assert derivative(special.rgamma, order)(x) == pytest.approx(exact, rel=1e-11)


def test_pseudo_huber_is_smooth_where_the_residual_is_0() -> None:
    for order, exact in ((1, 0.0), (2, 1.0), (3, 0.0), (4, -3.0 / 4.0)):
        assert derivative(lambda r: special.pseudo_huber(2.0, r), order)(0.0) == pytest.approx(exact)
    assert grad(special.pseudo_huber, 1)(1.0, 1e200) == 1.0
    assert grad(special.pseudo_huber)(0.0, -3.0) == 3.0


def test_box_and_coxs_derivatives_at_0_are_those_of_the_power() -> None:
    assert grad(special.boxcox, (0, 1))(0.0, 2.0) == (0.0, 0.25)
    assert grad(special.boxcox)(0.0, 1.0) == 1.0
    assert grad(special.boxcox)(0.0, 0.5) == inf


@pytest.mark.parametrize(("a", "b"), [(-0.5, 200.0), (-200.5, 1.0), (-3.5, -2.25)])
def test_beta_of_negative_numbers_has_its_sign_and_derivatives(a: float, b: float) -> None:
    with mp.workdps(60):
        assert special.beta(Value(a), b).data == pytest.approx(float(mp.beta(a, b)), rel=1e-12)
        exact = mp.beta(a, b) * (mp.psi(0, a) - mp.psi(0, mpf(a) + b))
        assert grad(special.beta)(a, b) == pytest.approx(float(exact), rel=1e-11)


@pytest.mark.parametrize("name", ["beta", "betaln"])
def test_where_two_poles_meet_there_is_no_beta(name: str) -> None:
    with pytest.raises(ValueError, match=r"no derivative at a = .*-3\.0.*, b = 2\.0, where poles"):
        getattr(special, name)(Value(-3.0), 2.0)


@pytest.mark.parametrize(("n", "x"), [(2, 800.0), (-3, 1e10), (50, 701.0), (2, -800.0), (3, -1e5)])
def test_a_scaled_bessel_function_does_not_overflow_far_out(n: int, x: float) -> None:
    def exact(t: Any) -> Any:
        return mp.besseli(n, t) * mp.exp(-abs(t))

    with mp.workdps(60):
        assert special.ive(n, Value(x)).data == pytest.approx(float(exact(mpf(x))), rel=1e-12)
        assert grad(special.ive, 1)(n, x) == pytest.approx(float(mp.diff(exact, mpf(x))), rel=1e-9)


def test_orders_that_are_too_high_or_none_are_refused() -> None:
    with pytest.raises(ValueError, match="order 500 is known up to x = 700 and from 62500 on"):
        special.ive(500, Value(1000.0))
    for order in (nan, inf):
        with pytest.raises(ValueError, match="for whole orders only, not for order"):
            special.iv(order, Value(1.0))


@pytest.mark.parametrize("backend", ["python", "numpy", "llvm"])
def test_special_functions_are_compiled(backend: str) -> None:
    if backend == "llvm":
        pytest.importorskip("llvmlite")

    def f(x: Any) -> Any:
        return special.log_ndtr(x) + special.jv(2, x) * special.ndtri(0.5 + 0.1 * x) + special.betaln(x, 2.0)

    fast = compile(f, backend=backend)
    xs = np.array([0.3, 1.7, 4.5])
    expected = [f(Value(x)).data for x in xs.tolist()]
    assert [fast(x) for x in xs.tolist()] == pytest.approx(expected, rel=1e-14)
    assert vmap(fast)(xs).tolist() == pytest.approx(expected, rel=1e-14)
    assert fast.grad(1.7) == pytest.approx(grad(f)(1.7), rel=1e-13)
    assert vmap(compile(grad(grad(f)), backend=backend))(xs).tolist() == pytest.approx(
        [derivative(f, 2)(x) for x in xs.tolist()], rel=1e-12
    )


def test_a_jacobian_of_an_array_of_them() -> None:
    x = np.array([0.2, 0.5, 0.7])
    found = jacobian(lambda x: special.ndtri(x))(x)
    np.testing.assert_allclose(
        found, np.diag(1.0 / (np.exp(-0.5 * special.ndtri(x) ** 2) / math.sqrt(2 * math.pi)))
    )


@pytest.mark.parametrize("first", [200.0, -0.5, 3.5])
def test_a_compiled_rgamma_is_right_wherever_it_was_compiled(first: float) -> None:
    fast = compile(lambda x: special.rgamma(x))
    fast(first)
    for x in (-1.5, -0.5, 3.5, 171.5):
        assert fast(x) == pytest.approx(float(mp.rgamma(mpf(x))), rel=1e-12)
