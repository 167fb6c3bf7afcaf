"""Numbers that a primitive takes, IEEE arithmetic where Python raises, and the seams for other readers."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd import Value, ops
from autograd.ops import Primitive, enter, named, where
from autograd.ops.primitive import Ieee, ieee_divide, ieee_power
from autograd.support.real_numbers import real

INF, NAN = math.inf, math.nan
ARITHMETIC: list[Callable[[Any, Any], Any]] = [
    operator.add, operator.sub, operator.mul, operator.truediv, operator.floordiv, operator.pow
]  # fmt: skip


def same(x: float, y: float) -> bool:
    return repr(float(x)) == repr(float(y))


@pytest.mark.parametrize("apply", ARITHMETIC)
@settings(max_examples=200, deadline=None, database=None)
@given(x=st.floats(), y=st.floats())
def test_ieee_arithmetic_is_pythons_where_python_gives_a_float(
    apply: Callable[[Any, Any], Any], x: float, y: float
) -> None:
    try:
        expected = apply(x, y)
    except (ZeroDivisionError, OverflowError):
        expected = None
    for operands in ((Ieee(x), Ieee(y)), (Ieee(x), y), (x, Ieee(y))):
        got = apply(*operands)
        assert type(got) is Ieee
        if isinstance(expected, float):
            assert same(got, expected)
        else:
            assert not math.isfinite(got)


@pytest.mark.parametrize("x", [0.0, -0.0, 2.5, -2.5, INF, -INF, NAN])
def test_ieee_sign_changes_are_pythons(x: float) -> None:
    for apply in (operator.neg, abs):
        got = apply(Ieee(x))
        assert type(got) is Ieee
        assert same(got, apply(x))


# What NumPy, which follows IEEE 754, gives is the reference.
AWKWARD = [0.0, -0.0, 1.0, -1.0, 0.5, 3.0, -3.0, 1e200, -1e200, 1e-200, INF, -INF, NAN, 2.0, 400.0]


@pytest.mark.parametrize("x", AWKWARD)
@pytest.mark.parametrize("y", AWKWARD)
def test_ieee_division_and_powers_are_those_of_numpy(x: float, y: float) -> None:
    with np.errstate(all="ignore"):
        assert np.array_equal(ieee_divide(x, y), np.float64(x) / np.float64(y), equal_nan=True)
        assert math.copysign(1, ieee_divide(1.0, y)) == np.copysign(1, 1.0 / np.float64(y))
        assert np.array_equal(ieee_power(x, y), np.float64(x) ** np.float64(y), equal_nan=True)


def test_ieee_floor_division_by_zero_does_not_raise() -> None:
    assert Ieee(1.0) // 0.0 == INF
    assert math.isnan(0.0 // Ieee(0.0))


def test_a_primitive_of_ieee_numbers_gives_one_and_never_raises() -> None:
    got = ops.exp(Ieee(1000.0))
    assert type(got) is Ieee
    assert got == INF
    assert ops.log(Ieee(0.0)) == -INF
    assert math.isnan(ops.sqrt(Ieee(-1.0)))
    assert ops.atan2(Ieee(0.0), 1.0) == 0.0


def test_a_derivative_that_cannot_be_computed_in_floats_is_read_in_ieee_arithmetic() -> None:
    steep = Primitive("steep", lambda x: 0.0, (lambda x, out: ops.exp(x) / out,), ((-1.0, 1.0),), "Return 0.")
    assert steep.local(0, (1.0,), 0.0) == INF
    assert steep.local(0, (1000.0,), -0.0) == -INF
    assert type(steep.local(0, (1.0,), 0.0)) is float
    assert "steep" not in ops.TABLE  # only `enter` puts a primitive there


def test_where_takes_a_bool_or_asks_the_condition() -> None:
    class Elementwise:
        def _where(self, x: float, y: float) -> list[float]:
            return [x, y]

    assert where(True, 1.0, 2.0) == 1.0
    assert where(0.0, 1.0, 2.0) == 2.0
    assert where(Elementwise(), 1.0, 2.0) == [1.0, 2.0]  # type: ignore[comparison-overlap]


def test_any_class_can_take_a_primitive_for_itself() -> None:
    class Text(str):
        def _apply(self, primitive: Primitive, operands: tuple[Any, ...]) -> str:
            return f"{primitive.name}({', '.join(map(str, operands))})"

    assert ops.sin(Text("x")) == "sin(x)"
    assert ops.atan2(1.0, Text("x")) == "atan2(1.0, x)"


@pytest.mark.parametrize(
    ("thing", "advice"),
    [
        ("3", "convert it with float() first"),
        ([3.0], "make a Value of each of its numbers"),
        ({3.0}, "make a Value of each of its numbers"),
        (np.zeros(2), "make a Value of each of its numbers"),
        (3j, "derivatives here are those of real numbers"),
        (None, "does a function lack its return?"),
    ],
)
def test_what_is_no_number_is_refused_with_advice(thing: object, advice: str) -> None:
    with pytest.raises(TypeError) as caught:
        real(thing)
    assert repr(type(thing).__name__) in str(caught.value)
    assert advice in str(caught.value)


@pytest.mark.parametrize(
    "thing",
    [
        np.str_("3"),
        np.bytes_(b"3"),
        np.datetime64("2020"),
        np.complex128(1),
        np.array([True]),
        np.array([[True]]),
    ],
)
def test_text_and_arrays_of_numpy_are_no_numbers_either(thing: object) -> None:
    with pytest.raises(TypeError, match="cannot use"):
        real(thing)
    assert real(np.bool_(True)) == 1.0


def primitive_of(value: Callable[..., Any], module: str = "a_notebook", name: str = "custom′") -> Primitive:
    def derivative(x: Any, out: Any) -> Any:
        return 2.0

    derivative.__module__ = module
    return Primitive(name, value, (derivative,), ((-1.0, 1.0),), "Return a number.")


def test_a_primitive_without_a_symbol_is_shown_by_its_name() -> None:
    assert primitive_of(float).symbol == "custom′"
    assert Primitive("f", float, (None,), ((0.0, 1.0),), "Return x.", "∫").symbol == "∫"


def test_a_value_that_is_no_float_becomes_one_or_is_refused() -> None:
    for three in (3, np.float64(3.0), Fraction(3)):
        out = primitive_of(lambda x, three=three: three)(Value(1.0))
        assert (type(out.data), out.data) == (float, 3.0)
    with pytest.raises(TypeError, match=r"the value of custom′ is 'three': cannot use 'str'"):
        primitive_of(lambda x: "three")(Value(1.0))


def test_a_derivative_that_is_no_float_becomes_one() -> None:
    doubled = Primitive("doubled", lambda x: 2.0 * x, (lambda x, out: 2,), ((-1.0, 1.0),), "Return 2 * x.")
    (partial,) = doubled(Value(1.0)).partials
    assert (type(partial), partial) == (float, 2.0)


def test_numbers_reach_the_value_as_floats_and_others_are_refused() -> None:
    assert type(ops.relu(2)) is float
    assert type(ops.relu(True)) is float
    assert type(ops.relu(np.float64(2.0))) is float
    assert ops.sin(Decimal(1)) == math.sin(1.0)  # functions written in C take what Python's do
    with pytest.raises(TypeError, match="cannot use 'str'"):
        ops.relu("2")
    with pytest.raises(TypeError, match="relu takes 1 numbers, 2 given"):
        ops.relu(1.0, 2.0)
    with pytest.raises(TypeError, match="max takes 2 numbers, 1 given"):
        ops.maximum(1.0)


def test_a_module_replaces_its_own_primitives_and_no_others() -> None:
    try:
        first = enter(primitive_of(float, "a_notebook"))
        second = enter(primitive_of(abs, "a_notebook"))
        assert ops.TABLE["custom′"] is second is not first
        for other in ("another_notebook", "a_book", "autograd.ops"):
            with pytest.raises(ValueError, match="'custom′' already, of the module 'a_notebook'"):
                enter(primitive_of(float, other))
        with pytest.raises(ValueError, match="'sin' already"):
            enter(primitive_of(math.sin, ops.sin.home, "sin"))
    finally:
        ops.TABLE.pop("custom′", None)
    with pytest.raises(ValueError, match="no primitive named 'custom′'; if a module of yours enters it"):
        named("custom′")


def test_ieee_powers_with_exponents_between_whole_numbers() -> None:
    for x, y in [
        (-1e300, 1.5),
        (-1e300, 3.0),
        (-1e300, 2.5),
        (-0.0, -0.5),
        (-0.0, -1.5),
        (1e300, 1.5),
        (-1e-300, -1.5),
    ]:
        with np.errstate(all="ignore"):
            assert np.array_equal(ieee_power(x, y), np.float64(x) ** np.float64(y), equal_nan=True), (x, y)


def test_an_entry_keeps_all_that_is_given_for_it() -> None:
    try:
        root = ops.unary(
            "custom′", math.sqrt, lambda x, out: 0.5 / out, "Return the root.", (0.0, 2.0), "⎷", lambda x: 7.0
        )
        assert ops.TABLE["custom′"] is root
        assert (root(4.0), root.local(0, (4.0,), 2.0), root.ieee(-1.0)) == (2.0, 0.25, 7.0)
        assert (root.symbol, root.domain, root.__doc__) == ("⎷", ((0.0, 2.0),), "Return the root.")
        power = ops.binary(
            "custom′", math.pow,
            lambda x, y, out: y * x ** (y - 1.0),
            lambda x, y, out: out * ops.log(x),
            "Return the power.", ((0.0, 2.0), (1.0, 3.0)), "↑", lambda x, y: 7.0,
        )  # fmt: skip
        assert (power(3.0, 2.0), power.local(0, (3.0, 2.0), 9.0), power.ieee(-1.0, 0.5)) == (9.0, 6.0, 7.0)
        assert power.local(1, (3.0, 2.0), 9.0) == pytest.approx(9.0 * math.log(3.0), rel=1e-15)
        assert (power.symbol, power.domain) == ("↑", ((0.0, 2.0), (1.0, 3.0)))
        assert power.__doc__ == "Return the power."
        assert power.ieee(1e300, 2.0) == 7.0
    finally:
        ops.TABLE.pop("custom′", None)


def test_a_derivative_that_leaves_the_real_numbers_is_nan() -> None:
    for index in (0, 1):
        assert math.isnan(ops.power.local(index, (-8.0, 0.5), math.nan))
    assert math.isnan(ops.root.local(0, (-1.0,), math.nan))
