"""`taylor`, and `derivative` of high orders, against mpmath; at kinks against derivatives of derivatives."""

from __future__ import annotations

import math as std
import time
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import pytest
from mpmath import mp
from oracle import oracle

from autograd import (
    Value,
    checkpoint,
    compile,
    custom_gradient,
    derivative,
    detect_anomaly,
    grad,
    gradients,
    jvp,
    math,
    ops,
    taylor,
    vmap,
)
from autograd.derivatives.series import binomials
from autograd.ops import Primitive, unary

ORDER = 8

Function = Callable[[Any], Any]


def exact(f: Function, x: Any, order: int) -> list[float]:
    """Return the derivatives of orders 0 to `order` by mpmath."""
    with mp.workdps(60):
        return [float(c * mp.factorial(k)) for k, c in enumerate(mpmath.taylor(f, mp.mpf(x), order))]


def of_derivatives(f: Function, order: int) -> Function:
    """Return a derivative as a derivative of a derivative, which knows nothing of series."""
    return f if order == 0 else lambda x: jvp(of_derivatives(f, order - 1), (x,), (1.0,))[1]


# Numbers


SMOOTH = [p for p in ops.TABLE.values() if p.home == "autograd.ops.table" and None not in p.derivatives]


def middle(primitive: Primitive) -> list[float]:
    """Return a point that is well inside the domain of a primitive, and no special one."""
    if primitive.domain[0][0] < -1.0:
        return [0.3, 0.7][: len(primitive.domain)]
    return [
        low + (min(high, low + 3.0) - low) * (0.37 + 0.2 * i)
        for i, (low, high) in enumerate(primitive.domain)
    ]


@pytest.mark.parametrize("primitive", SMOOTH, ids=lambda p: p.name)
def test_every_primitive_of_the_table_has_the_derivatives_that_mpmath_finds(primitive: Primitive) -> None:
    point = middle(primitive)
    slopes = [0.5, -0.25]

    def along(f: Function, t: Any, number: Function) -> Any:
        return f(*[number(x) + t * number(slope) for x, slope in zip(point, slopes, strict=False)])

    wanted = exact(lambda t: along(oracle(primitive), t, mp.mpf), 0.0, ORDER)
    got = taylor(lambda t: along(primitive, t, float), 0.0, ORDER)
    scale = max(abs(x) / std.factorial(k) for k, x in enumerate(wanted))
    for k, (x, y) in enumerate(zip(got, wanted, strict=True)):
        assert x == pytest.approx(y, rel=1e-11, abs=1e-13 * scale * std.factorial(k)), k


COMPOSED: dict[str, tuple[Function, Function, float]] = {
    "a tower": (
        lambda x: math.exp(math.tanh(x)) * x**2.5,
        lambda x: mp.exp(mp.tanh(x)) * x ** mp.mpf(2.5),
        0.7,
    ),
    "Runge's": (lambda x: 1.0 / (1.0 + 25.0 * x * x), lambda x: 1 / (1 + 25 * x * x), 0.3),
    "a power of a power": (lambda x: x**x, lambda x: x**x, 1.3),
    "a whole power near 0": (lambda x: math.sin(x) ** 5, lambda x: mp.sin(x) ** 5, 1e-3),
    "a large power near 0": (lambda x: math.sin(x) ** 70, lambda x: mp.sin(x) ** 70, 0.5),
    "a power near 0": (lambda x: (x + x * x) ** 1.5, lambda x: (x + x * x) ** mp.mpf(1.5), 1e-2),
    "a negative power": (lambda x: (x * x + x) ** -3, lambda x: (x * x + x) ** -3, 0.7),
    "the gamma function": (lambda x: math.gamma(x), mp.gamma, 1.3),
    "a distance": (lambda x: math.hypot(x, 1.0 - x * x), lambda x: mp.hypot(x, 1 - x * x), 0.4),
    "gelu": (lambda x: math.gelu(x), lambda x: x * mp.ncdf(x), 0.4),
    "log": (lambda x: math.log(1.0 + x**2) - 3.0, lambda x: mp.log(1 + x**2) - 3, 0.4),
}


@pytest.mark.parametrize("name", COMPOSED)
def test_twenty_derivatives_of_a_composition_have_ten_digits(name: str) -> None:
    f, in_mpmath, x = COMPOSED[name]
    order = 10 if name == "the gamma function" else 20  # of which mpmath takes seconds
    wanted = exact(in_mpmath, x, order)
    largest = max(abs(y) for y in wanted)
    for k, (got, y) in enumerate(zip(taylor(f, x, order), wanted, strict=True)):
        assert got == pytest.approx(
            y, rel=1e-10, abs=1e-16 * largest if name.startswith("a whole") else 0.0
        ), k


def test_derivatives_of_polynomials_are_exact() -> None:
    assert taylor(lambda x: x**4, 2.0, 6) == [16.0, 32.0, 48.0, 48.0, 24.0, 0.0, 0.0]
    assert taylor(lambda x: 3 * x * x - x / 4 + 1, 2, 4) == [12.5, 11.75, 6.0, 0.0, 0.0]
    assert taylor(lambda x: (x * x + 1) ** 3, 1.0, 7) == [8.0, 24.0, 72.0, 192.0, 432.0, 720.0, 720.0, 0.0]
    assert taylor(lambda x: (x * x + 1) ** 1, 1.0, 3) == [2.0, 2.0, 2.0, 0.0]
    assert taylor(lambda x: 7.0, 1.0, 2) == [7.0, 0.0, 0.0]
    assert taylor(lambda x: x, 1.0, 0) == [1.0]
    assert derivative(lambda x: x**3, 400)(2.0) == 0.0


def test_all_orders_of_the_sine_are_sines_and_cosines_to_the_last_bit() -> None:
    s, c = std.sin(0.7), std.cos(0.7)
    assert taylor(math.sin, 0.7, 12) == [s, c, -s, -c] * 3 + [s]


def test_the_hundredth_derivative_is_as_good_as_the_first() -> None:
    wanted = std.factorial(100) / 0.7**101
    assert taylor(lambda x: 1.0 / x, 0.7, 100)[-1] == pytest.approx(wanted, rel=1e-12)
    assert derivative(lambda x: math.exp(0.5 * x), 100)(2.0) == pytest.approx(0.5**100 * std.e, rel=1e-12)
    assert binomials(1100)[2] == 1100 * 1099 / 2
    assert binomials(1100)[550] == std.inf  # which is more than the largest float


# At the awkward points


AWKWARD: list[tuple[Function, float]] = [
    *[(f, 0.0) for f in (abs, math.relu, math.sqrt, ops.root, math.cbrt, math.floor, math.tanh, ops.sign)],
    *[((lambda x, p=p: x**p), 0.0) for p in (0, 1, 2, 3, 0.5, 1.5, 2.0, 2.5)],
    *[((lambda x, p=p: (x + x * x) ** p), 0.0) for p in (0, 1, 2, 3, 0.5, 1.5, 2.5)],
    *[((lambda x, p=p: (x * x) ** p), 1e-60) for p in (0, 1, 2, 0.5)],
    *[((lambda x, p=p: math.pow(x, p)), 0.0) for p in (2.0, 0.5, 1.5)],
    (lambda x: x**2.0, -3.0),
    (lambda x: (2 * x) ** 2.0, -3.0),
    (lambda x: (2 * x) ** -2.0, -3.0),
    (lambda x: x**2, 1e-200),
    (lambda x: (x + x) ** 2, 1e-200),
    (lambda x: 0.0**x, 2.0),
    (lambda x: 1 / x, 1e-200),
    (lambda x: math.maximum(x, x), 3.0),
    (lambda x: math.maximum(x * x, x), 1.0),
    (lambda x: math.fmax(x * x, std.nan), 1.0),
    (lambda x: math.minimum(x * x, 3.0 * x), 1.0),
    (lambda x: math.clip(x * x, 1.0, 2.0), 1.0),
    (lambda x: math.floor(x) * x, 2.5),
    (lambda x: math.floor(math.sqrt(x)), 0.0),
    (lambda x: math.floor(x**1.5), 0.0),
    (lambda x: 0.0 * x**1.5, 0.0),
    (lambda x: x**1.5 * 0.0, 0.0),
    (lambda x: 0.0 * math.sqrt(x), 0.0),
    (lambda x: math.sqrt(x) * math.sqrt(x), 0.0),
    (lambda x: math.sigmoid(x), 1000.0),
    (lambda x: math.softplus(x), -1000.0),
    (lambda x: math.asin(x), 1.0),
    (lambda x: math.acos(x), -1.0),
    (lambda x: math.acosh(x), 1.0),
    (lambda x: math.asinh(x), 1e200),
    (lambda x: math.erf(x), 1e200),
    (lambda x: math.gelu(x), -1e200),
    (lambda x: math.hypot(x, 0.0), 0.0),
    (lambda x: math.dist([x, x, 1.0], [0.0, 0.0, 1.0]), 0.0),
    (lambda x: math.atan2(x, x), 0.0),
    (lambda x: math.fmod(7.0 * x, x), 2.6),
    (lambda x: (7.0 * x) % (x * x), 2.6),
    (lambda x: math.leaky_relu(x, 0.0), 0.0),
    (lambda x: math.elu(x, 1.0), -0.5),
    (lambda x: math.logsumexp([x, 2.0 * x, x * x]), 0.5),
    (lambda x: math.copysign(x, -0.0) + math.copysign(x, 0.0), 2.0),
    (lambda x: x * std.inf, 1.0),
    (lambda x: (x * x) ** std.nan, 1.0),
    (lambda x: math.exp(x) ** 2.5 + math.exp(x) ** 0, 800.0 / 3),
]


@pytest.mark.parametrize("place", range(len(AWKWARD)))
def test_at_kinks_and_ends_it_gives_what_derivatives_of_derivatives_give(place: int) -> None:
    f, x = AWKWARD[place]
    wanted = [of_derivatives(f, k)(x) for k in range(4)]
    assert taylor(f, x, 3) == pytest.approx(wanted, rel=1e-13, abs=0.0, nan_ok=True)
    got = [derivative(f, k)(x) for k in range(4)]
    assert got == pytest.approx(wanted, rel=1e-13, abs=0.0, nan_ok=True)


def test_no_step_of_a_negative_power_overflows_where_the_derivative_does_not() -> None:
    wanted = [std.prod(range(2, k + 2)) * (-1.0) ** k * 1e-60 ** -(k + 2) for k in range(4)]
    assert taylor(lambda x: (2.0 * x) ** -2 * 4.0, 1e-60, 3) == pytest.approx(wanted, rel=1e-13)
    assert taylor(lambda x: x**-2, 1e-60, 3) == pytest.approx(wanted, rel=1e-13)


# Forms


def test_numbers_come_as_plain_floats_and_zeros_are_positive() -> None:
    for x in (2, 2.0, Fraction(2), np.float64(2.0)):
        assert {type(term) for term in taylor(lambda x: x * x, x, 3)} == {float}
    assert [std.copysign(1.0, term) for term in taylor(lambda x: -x * x, -0.0, 3)[1:]] == [1.0, -1.0, 1.0]


def test_results_have_their_structure_in_every_order() -> None:
    terms = taylor(lambda t: {"x": math.cos(t), "y": np.array([t, t * t]), "z": (1.0, t)}, 2.0, 2)
    assert [[*term] for term in terms] == [["x", "y", "z"]] * 3
    assert [term["y"].tolist() for term in terms] == [[2.0, 4.0], [1.0, 4.0], [0.0, 2.0]]
    assert [term["z"] for term in terms] == [(1.0, 2.0), (0.0, 1.0), (0.0, 0.0)]
    assert terms[2]["x"] == -std.cos(2.0)


def test_arrays_and_structures_are_differentiated_along_a_line() -> None:
    x, v = np.array([0.5, 1.5, 2.5]), np.array([1.0, -2.0, 0.5])

    def f(x: Any) -> Any:
        return np.sum(np.exp(np.sin(x)) * x[::-1] ** 2)

    def in_mpmath(t: Any) -> Any:
        at = [mp.mpf(a) + t * mp.mpf(b) for a, b in zip(x.tolist(), v.tolist(), strict=True)]
        return sum(mp.exp(mp.sin(a)) * b**2 for a, b in zip(at, at[::-1], strict=True))

    wanted = exact(in_mpmath, 0.0, 12)
    assert taylor(f, x, 12, direction=v) == pytest.approx(wanted, rel=1e-11)
    of_dict = taylor(
        lambda d: f(np.array(d["x"])), {"x": [*x.tolist()], "n": None}, 12, direction={"x": [*v]}
    )
    assert of_dict == pytest.approx(wanted, rel=1e-11)
    assert taylor(lambda x: x**2, 3.0, 2, direction=2.0) == [9.0, 12.0, 8.0]


def test_further_arguments_of_a_derivative_are_handed_on() -> None:
    assert derivative(lambda x, n, shift=0.0: x**n + shift, 3)(2.0, 4, shift=1.0) == 48.0


@pytest.mark.parametrize("order", ["3", 1.5, True, None])
def test_an_order_is_a_whole_number(order: Any) -> None:
    with pytest.raises(TypeError, match=f"whole number, not {order!r}"):
        taylor(math.sin, 1.0, order)


def test_what_is_wrong_is_said() -> None:
    with pytest.raises(ValueError, match="0 or more, not -1"):
        taylor(math.sin, 1.0, -1)
    with pytest.raises(
        TypeError, match=r"taylor takes a function, not 3.0 .float.; write taylor\(f, x, order\)"
    ):
        taylor(3.0, 1.0, 2)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="needs a direction in the structure of that"):
        taylor(np.sum, np.ones(2), 2)
    with pytest.raises(TypeError, match=r"the direction must be shape \(2,\), not shape \(3,\)"):
        taylor(np.sum, np.ones(2), 2, direction=np.ones(3))
    with pytest.raises(TypeError, match="must return real numbers"):
        taylor(lambda x: "text", 1.0, 2)
    whole: Any = np.int64(1)
    assert taylor(math.sin, 0.0, whole) == [0.0, 1.0]


# Within other transformations


def wave(w: Any) -> Any:
    """Return the third derivative of sin(w x) exp(x w) / x**w at x = 0.7."""
    return derivative(lambda x: math.sin(w * x) * math.exp(w * x) / x**w, 3)(0.7)


def test_a_derivative_depends_on_what_is_around_it() -> None:
    def in_mpmath(w: Any) -> Any:
        return mpmath.diff(lambda x: mp.sin(w * x) * mp.exp(w * x) / x**w, mp.mpf(0.7), 3)

    with mp.workdps(60):
        wanted = [float(mpmath.diff(in_mpmath, mp.mpf(1.3), k)) for k in range(3)]
    assert [derivative(wave, k)(1.3) for k in range(3)] == pytest.approx(wanted, rel=1e-11)
    assert [wave(1.3), grad(wave)(1.3), grad(grad(wave))(1.3)] == pytest.approx(wanted, rel=1e-11)


def test_a_value_as_argument_or_direction_gives_values() -> None:
    x = Value(2.0)
    terms = taylor(lambda x: x**4 - abs(x) + x, x, 3)
    assert [type(term) for term in terms] == [Value] * 4
    assert [term.data for term in terms] == [16.0, 32.0, 48.0, 48.0]
    assert [gradients(term, x) for term in terms] == [32.0, 48.0, 48.0, 24.0]
    v = Value(0.5)
    second = taylor(lambda x: x**3, 2.0, 2, direction=v)[2]
    assert second.data == 3.0
    assert gradients(second, v) == 12.0


@pytest.mark.parametrize("order", [2, 3, 6])
def test_the_gradient_of_a_derivative_is_the_next_derivative(order: int) -> None:
    for f, x in (
        (COMPOSED["a tower"][0], 0.7),
        (math.gamma, 1.3),
        (math.silu, 0.4),
        (lambda x: x**-1.5, 2.0),
    ):
        assert grad(derivative(f, order))(x) == pytest.approx(taylor(f, x, order + 1)[-1], rel=1e-11)


def test_at_kinks_and_ends_the_gradient_of_a_derivative_is_what_it_is_of_a_derivative_of_a_derivative() -> (
    None
):
    for place, (f, x) in enumerate(AWKWARD):
        wanted = grad(of_derivatives(f, 3))(x)
        assert grad(derivative(f, 3))(x) == pytest.approx(wanted, rel=1e-12, abs=0.0, nan_ok=True), place


def test_compiled_it_gives_the_same_bits_and_batches() -> None:
    f = COMPOSED["a tower"][0]
    for order in (1, 2, 5):
        compiled = compile(derivative(f, order))
        assert [compiled(x) for x in (0.7, 0.9)] == [derivative(f, order)(x) for x in (0.7, 0.9)]
        assert compiled.grad(0.7) == pytest.approx(derivative(f, order + 1)(0.7), rel=1e-12)
    terms = compile(lambda x: taylor(lambda x: math.exp(2.0 * x), x, 3))
    assert terms(0.5) == taylor(lambda x: math.exp(2.0 * x), 0.5, 3)
    points = np.linspace(0.5, 1.5, 4)
    batch = vmap(derivative(f, 3))(points)
    assert batch == pytest.approx([derivative(f, 3)(x) for x in points.tolist()], rel=1e-12)


def test_a_compiled_derivative_follows_where_its_rule_for_powers_decides() -> None:
    f = compile(derivative(lambda x: (x * x - 1.0) ** -2, 3))
    for x in (2.0, 3.0, -0.5):
        assert f(x) == derivative(lambda x: (x * x - 1.0) ** -2, 3)(x)


# Functions whose derivative the user gave


def test_through_a_custom_gradient_derivatives_of_derivatives_are_taken() -> None:
    @custom_gradient(lambda x: 1.0 / x)
    def log(x: Any) -> Any:
        return std.log(x)

    def f(x: Any) -> Any:
        return [x * log(1.0 + x * x), x]

    wanted = exact(lambda x: x * mp.log(1 + x * x), 0.7, 4)
    assert [term[0] for term in taylor(f, 0.7, 4)] == pytest.approx(wanted, rel=1e-13)
    assert [term[1] for term in taylor(f, 0.7, 2)] == [0.7, 1.0, 0.0]
    assert [derivative(f, k)(0.7)[0] for k in range(5)] == pytest.approx(wanted, rel=1e-13)
    along = taylor(lambda v: f(v[0])[0] * v[1], [0.7, 2.0], 4, direction=[1.0, 0.0])
    assert along == pytest.approx([2.0 * x for x in wanted], rel=1e-13)
    assert derivative(checkpoint(lambda x: math.exp(x * x)), 4)(0.5) == pytest.approx(
        exact(lambda x: mp.exp(x * x), 0.5, 4)[4], rel=1e-13
    )


def test_what_is_around_a_custom_gradient_gets_its_derivative() -> None:
    @custom_gradient(lambda x: math.cos(x))
    def sine(x: Any) -> Any:
        return std.sin(x)

    assert grad(lambda w: derivative(lambda x: sine(w * x), 2)(0.5))(1.5) == pytest.approx(
        -2 * 1.5 * std.sin(0.75) - 1.5**2 * 0.5 * std.cos(0.75), rel=1e-14
    )


# What is noticed on the way


def test_a_number_that_the_function_changes_afterwards_is_an_error() -> None:
    def changing(x: Any) -> Any:
        scale = Value(3.0)
        out = scale * x
        scale.data = 4.0
        return out

    def hidden(x: Any) -> Any:
        zero = x - 2.0
        out = zero * math.relu(x * 0.0 + 5.0)
        zero.data = -0.0
        other = math.maximum(x, zero)
        zero.data = 1.0
        return out + other

    with pytest.raises(RuntimeError, match="has another number now than when it was recorded"):
        derivative(changing, 3)(1.0)
    with pytest.raises(RuntimeError, match="has another number now than when it was recorded"):
        derivative(hidden, 3)(2.0)


def test_a_local_derivative_that_is_another_now_is_an_error_though_the_result_is_the_same() -> None:
    def f(x: Any) -> Any:
        factor = Value(3.0)
        out = (x - 1.0) * factor  # 0, whatever the factor is
        factor.data = 4.0
        return out

    with pytest.raises(RuntimeError, match="has another number now than when it was recorded"):
        taylor(f, 1.0, 2)


def test_an_anomaly_is_found_where_it_comes_from() -> None:
    with detect_anomaly(), pytest.raises(FloatingPointError, match="sqrt"):
        derivative(lambda x: math.sqrt(x) * 3.0, 3)(0.0)
    with detect_anomaly():
        assert derivative(lambda x: x**3, 3)(2.0) == 6.0
        assert taylor(lambda x: x**3, 2.0, 2) == [8.0, 12.0, 12.0]


# Primitives of one's own


def test_a_primitive_of_ones_own_has_series(table_as_it_was: None) -> None:
    switch = unary(
        "switch", lambda x: x * x if x else 0.0,
        lambda x, out: ops.where(x, 2.0 * ops.identity(x), 0.0), "Return x squared.",
    )  # fmt: skip
    assert taylor(switch, 3.0, 3) == [9.0, 6.0, 2.0, 0.0]
    assert taylor(switch, 0.0, 3) == [0.0, 0.0, 0.0, 0.0]
    scaled = unary("scaled", lambda x: 2.0**x, lambda x, out: ops.ldexp(std.log(2.0), x), "Return 2 ** x.")
    assert derivative(scaled)(3.0) == 8.0 * std.log(2.0)
    with pytest.raises(TypeError, match="ldexp has no derivative with respect to its argument 2"):
        taylor(scaled, 3.0, 2)


# Cost


def test_twenty_orders_cost_at_most_400_times_the_function() -> None:
    def f(x: Any) -> Any:
        y = math.exp(math.sin(x)) * x + 1.0
        for _ in range(5):
            y = math.tanh(y) * x**2 + math.sqrt(y + x) / (1.0 + y * y)
        return y

    def seconds(work: Callable[[], Any], count: int) -> float:
        began = time.process_time()
        for _ in range(count):
            work()
        return (time.process_time() - began) / count

    def ratio() -> float:
        return seconds(lambda: taylor(f, 0.7, 20), 2) / seconds(lambda: f(Value(0.7)), 100)

    assert min(ratio() for _ in range(10)) < 400.0


def test_what_a_derivative_records_grows_as_the_square_of_the_order() -> None:
    def recorded(order: int) -> int:
        x = Value(0.7)
        seen: set[Any] = set()
        stack = [derivative(lambda x: math.exp(math.sin(x) * x), order)(x)]
        while stack:
            node = stack.pop()
            if node not in seen:
                seen.add(node)
                stack += [operand for operand in node.operands if isinstance(operand, Value)]
        return len(seen)

    assert recorded(16) < 4.5 * recorded(8)


def test_an_exponent_that_one_loses_in_rounding() -> None:
    x, y = 1e-100, 1e-50
    expected = [1.0, y / x, -y / x**2, 2.0 * y / x**3]
    assert np.allclose(taylor(lambda x: x**y, x, 3), expected, rtol=1e-13, atol=0.0)
