"""Every rule in the table against mpmath at 50 digits; there is no list of primitives to keep here.

An entry without a high-precision counterpart in `oracle.ORACLE` (or of the same name in mpmath) fails.
"""

from __future__ import annotations

import doctest
import itertools
import math
import operator
import pickle
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mp, mpf
from oracle import oracle

from autograd import Value, grad, gradients, hessian, ops
from autograd.ops import TABLE, Primitive

DIGITS = 50
DIFFERENCES = 1e-30  # what is left of the steps of mpmath's difference quotients
EVERY = pytest.mark.parametrize("primitive", TABLE.values(), ids=list(TABLE))


def points(primitive: Primitive) -> st.SearchStrategy[tuple[float, ...]]:
    def inside(index: int) -> st.SearchStrategy[float]:
        low, high = primitive.domain[index]
        if primitive.derivatives[index] is None:
            return st.integers(math.ceil(low), math.floor(high)).map(float)
        margin = 1e-6 * (high - low)
        return st.floats(low + margin, high - margin)

    return st.tuples(*[inside(i) for i in range(len(primitive.domain))])


def exactly(primitive: Primitive, operands: tuple[float, ...], orders: tuple[int, ...]) -> Any:
    """The mixed derivative of these orders at 50 digits."""
    function = oracle(primitive)
    numbers = tuple(map(mpf, operands))
    return function(*numbers) if not any(orders) else mp.diff(function, numbers, orders)


@EVERY
def test_value_agrees_with_mpmath(primitive: Primitive) -> None:
    @settings(max_examples=60, deadline=None, database=None)
    @given(points(primitive))
    def check(operands: tuple[float, ...]) -> None:
        with mp.workdps(DIGITS):
            exact = exactly(primitive, operands, (0,) * len(operands))
            # A result can be no better than what half a unit in the last place of an operand makes of it;
            # that of a number near 5e-324 is as large as itself.
            unavoidable = sum(
                max(abs(x), 5e-309) * abs(exactly(primitive, operands, one_hot(i, operands)))
                for i, x in enumerate(operands)
                if primitive.derivatives[i] is not None
            )
            got = primitive(*operands)
            assert type(got) is float
            assert abs(got - exact) <= 4e-15 * abs(exact) + 1e-15 * unavoidable + 5e-324

    check()


@EVERY
def test_derivatives_agree_with_mpmath(primitive: Primitive) -> None:
    @settings(max_examples=60, deadline=None, database=None)
    @given(points(primitive))
    def check(operands: tuple[float, ...]) -> None:
        with mp.workdps(DIGITS):
            for index, derivative in enumerate(primitive.derivatives):
                if derivative is None:
                    continue
                once = one_hot(index, operands)
                exact = exactly(primitive, operands, once)
                unavoidable = sum(
                    max(abs(x), 5e-309)
                    * abs(
                        exactly(
                            primitive, operands, tuple(map(sum, zip(once, one_hot(i, operands), strict=True)))
                        )
                    )
                    for i, x in enumerate(operands)
                    if primitive.derivatives[i] is not None
                )
                got = primitive.local(index, operands, primitive.value(*operands))
                assert type(got) is float
                assert abs(got - exact) <= 1e-14 * abs(exact) + 4e-15 * unavoidable + DIFFERENCES, operands

    check()


def one_hot(index: int, operands: tuple[float, ...]) -> tuple[int, ...]:
    return tuple(int(i == index) for i in range(len(operands)))


@EVERY
def test_recording_stores_the_value_and_the_local_derivatives_of_the_table(primitive: Primitive) -> None:
    @settings(max_examples=25, deadline=None, database=None)
    @given(points(primitive))
    def check(operands: tuple[float, ...]) -> None:
        inputs = [x if d is None else Value(x) for x, d in zip(operands, primitive.derivatives, strict=True)]
        out = primitive(*inputs)
        assert out.op == primitive.name
        assert out.data == primitive(*operands)
        assert len(out.operands) == len(inputs)
        for index, (x, kept) in enumerate(zip(inputs, out.operands, strict=True)):
            if isinstance(x, Value):
                assert kept is x
                assert out.partials[index] == primitive.local(index, operands, out.data)
            else:
                assert kept == x
                assert out.partials[index] is None

    check()


@pytest.mark.parametrize("op", ["+", "-", "*", "/", "neg", "relu", "**", "//", "%", "abs"])
@settings(max_examples=60, deadline=None, database=None)
@given(x=st.floats(-30, 30), y=st.floats(0.1, 5.0))
def test_the_operators_of_value_write_the_rules_of_the_table(op: str, x: float, y: float) -> None:
    """Arithmetic is written in line in the engine, for speed; it must not drift from its entry."""
    primitive = TABLE[op]
    x = abs(x) if op == "**" else x
    numbers = (x, y)[: len(primitive.derivatives)]
    arithmetic: dict[str, Callable[..., Any]] = {
        "+": operator.add,
        "-": operator.sub,
        "*": operator.mul,
        "/": operator.truediv,
        "**": operator.pow,
        "//": operator.floordiv,
        "%": operator.mod,
        "neg": operator.neg,
        "abs": abs,
        "relu": Value.relu,
    }
    apply = arithmetic[op]
    mixtures: list[tuple[Any, ...]] = [tuple(map(Value, numbers))]
    if len(numbers) == 2:
        mixtures += [(Value(x), y), (x, Value(y))]
    for operands in mixtures:
        out = apply(*operands)
        assert (out.op, out.data) == (op, primitive.value(*numbers))
        assert [float(getattr(kept, "data", kept)) for kept in out.operands] == list(numbers)
        for index, operand in enumerate(operands):
            expected = primitive.local(index, numbers, out.data) if isinstance(operand, Value) else None
            assert out.partials[index] == expected


@EVERY
def test_every_entry_documents_itself_and_its_example_runs(primitive: Primitive) -> None:
    assert primitive.__doc__ is not None
    assert primitive.__doc__.startswith("Return ")
    names: dict[str, Any] = {**vars(ops)}
    example = doctest.DocTestParser().get_doctest(primitive.__doc__, names, primitive.name, None, None)
    assert doctest.DocTestRunner().run(example).failed == 0


@EVERY
def test_a_primitive_pickles_to_itself(primitive: Primitive) -> None:
    assert pickle.loads(pickle.dumps(primitive)) is primitive
    assert primitive.name in repr(primitive)


def test_a_name_cannot_be_entered_twice() -> None:
    with pytest.raises(ValueError, match="a primitive named 'sin' already"):
        ops.unary("sin", math.sin, lambda x, out: x, "Return a second sine.")
    assert TABLE["sin"] is ops.sin


INF, NAN = math.inf, math.nan


@pytest.mark.parametrize(
    ("primitive", "operands", "index", "expected"),
    [
        (ops.sqrt, (0.0,), 0, INF),
        (ops.root, (0.0,), 0, 0.0),
        (ops.cbrt, (0.0,), 0, INF),
        (ops.asin, (1.0,), 0, INF),
        (ops.asin, (-1.0,), 0, INF),
        (ops.acos, (1.0,), 0, -INF),
        (ops.acosh, (1.0,), 0, INF),
        (ops.divide, (1.0, 1e-200), 1, -INF),
        (ops.divide, (1e200, 1e200), 1, -1e-200),
        (ops.divide, (1.0, 1e200), 1, 0.0),
        (ops.power, (0.0, 0.0), 0, 0.0),
        (ops.power, (0.0, 0.0), 1, 0.0),
        (ops.power, (0.0, 1.0), 0, 1.0),
        (ops.power, (0.0, 2.0), 1, 0.0),
        (ops.power, (0.0, 0.5), 0, INF),
        (ops.power, (-3.0, 2.0), 0, -6.0),
        (ops.power, (-3.0, 2.0), 1, NAN),
        (ops.power, (1e-200, -1.0), 0, -INF),
        (ops.pow, (0.0, 2.0), 1, 0.0),
        (ops.tanh, (1000.0,), 0, 0.0),
        (ops.tanh, (1e-20,), 0, 1.0),
        (ops.tanh, (20.0,), 0, 1.6993417021166355e-17),  # 4 exp(-40) / (1 + exp(-40))**2
        (ops.sigmoid, (40.0,), 0, 4.248354255291589e-18),  # exp(-40) / (1 + exp(-40))**2
        (ops.sigmoid, (-40.0,), 0, 4.248354255291589e-18),
        (ops.sigmoid, (1000.0,), 0, 0.0),
        (ops.sigmoid, (-1000.0,), 0, 0.0),
        (ops.softplus, (1000.0,), 0, 1.0),
        (ops.logsigmoid, (-1000.0,), 0, 1.0),
        (ops.asinh, (1e200,), 0, 1e-200),
        (ops.acosh, (1e200,), 0, 1e-200),
        (ops.atan2, (1e200, 1e200), 0, 5e-201),
        (ops.atan2, (0.0, 0.0), 0, NAN),
        (ops.hypot, (0.0, 0.0), 0, 0.0),
        (ops.hypot, (0.0, 0.0), 1, 0.0),
        (ops.hypot, (3e200, 4e200), 0, 0.6),
        (ops.hypot, (3.0, 0.0), 0, 1.0),
        (ops.hypot, (0.0, 3.0), 1, 1.0),
        (ops.hypot, (0.0, NAN), 0, NAN),
        (ops.hypot, (NAN, 0.0), 1, NAN),
        (ops.logaddexp, (-INF, 0.0), 0, 0.0),
        (ops.logaddexp, (-INF, 0.0), 1, 1.0),
        (ops.logaddexp, (1000.0, 1000.0), 0, 0.5),
        (ops.absolute, (0.0,), 0, 0.0),
        (ops.absolute, (-2.0,), 0, -1.0),
        (ops.fabs, (-2.0,), 0, -1.0),
        (ops.relu, (0.0,), 0, 0.0),
        (ops.relu, (-2.0,), 0, 0.0),
        (ops.leaky_relu, (0.0, 0.01), 0, 0.01),
        (ops.leaky_relu, (2.0, 0.01), 0, 1.0),
        (ops.leaky_relu, (2.0, 0.01), 1, 0.0),
        (ops.leaky_relu, (0.5, 0.01), 0, 1.0),
        (ops.leaky_relu, (0.5, 0.01), 1, 0.0),
        (ops.elu, (0.0, 1.5), 0, 1.5),
        (ops.elu, (0.5, 1.5), 0, 1.0),
        (ops.elu, (0.5, 1.5), 1, 0.0),
        (ops.elu, (2.0, 1.5), 0, 1.0),
        (ops.elu, (2.0, 1.5), 1, 0.0),
        (ops.maximum, (1.0, 1.0), 0, 0.5),
        (ops.maximum, (1.0, 1.0), 1, 0.5),
        (ops.maximum, (2.0, 1.0), 0, 1.0),
        (ops.maximum, (2.0, 1.0), 1, 0.0),
        (ops.minimum, (1.0, 1.0), 0, 0.5),
        (ops.minimum, (1.0, 1.0), 1, 0.5),
        (ops.minimum, (2.0, 1.0), 0, 0.0),
        (ops.minimum, (2.0, 1.0), 1, 1.0),
        (ops.fmax, (1.0, 1.0), 0, 0.5),
        (ops.fmax, (1.0, 1.0), 1, 0.5),
        (ops.fmax, (NAN, 1.0), 0, 0.0),
        (ops.fmax, (NAN, 1.0), 1, 1.0),
        (ops.fmax, (1.0, NAN), 0, 1.0),
        (ops.fmax, (2.0, 1.0), 0, 1.0),
        (ops.fmax, (2.0, 1.0), 1, 0.0),
        (ops.fmin, (1.0, 1.0), 0, 0.5),
        (ops.fmin, (1.0, 1.0), 1, 0.5),
        (ops.fmin, (NAN, 1.0), 0, 0.0),
        (ops.fmin, (NAN, 1.0), 1, 1.0),
        (ops.fmin, (1.0, NAN), 0, 1.0),
        (ops.fmin, (2.0, 1.0), 0, 0.0),
        (ops.fmin, (2.0, 1.0), 1, 1.0),
        (ops.clip_below, (1.0, 1.0), 0, 1.0),
        (ops.clip_below, (1.0, 1.0), 1, 0.0),
        (ops.clip_below, (2.0, 1.0), 0, 1.0),
        (ops.clip_below, (2.0, 1.0), 1, 0.0),
        (ops.clip_above, (1.0, 1.0), 0, 1.0),
        (ops.clip_above, (1.0, 1.0), 1, 0.0),
        (ops.clip_above, (2.0, 1.0), 0, 0.0),
        (ops.clip_above, (2.0, 1.0), 1, 1.0),
        (ops.copysign, (3.0, -2.0), 0, -1.0),
        (ops.copysign, (-3.0, -2.0), 0, 1.0),
        (ops.copysign, (-3.0, 2.0), 0, -1.0),
        (ops.copysign, (0.0, 2.0), 0, 0.0),
        (ops.copysign, (3.0, 0.0), 0, 1.0),
        (ops.copysign, (3.0, -0.0), 0, -1.0),
        (ops.fmod, (5.0, INF), 1, 0.0),
        (ops.modulo, (-7.0, 3.0), 1, 3.0),
        (ops.fmod, (-7.0, 3.0), 1, 2.0),
        (ops.remainder, (-7.0, 3.0), 1, 2.0),
        (ops.gamma, (-0.5,), 0, -0.12935358979554006),  # gamma(-1/2) digamma(-1/2), mpmath
        (ops.lgamma, (-0.5,), 0, 0.03648997397857652),  # digamma(-1/2), mpmath
        (ops.polygamma, (1.0, 1e-110), 1, -INF),  # -2 / x**3 near 0
        (ops.polygamma, (1.0, -1e-110), 1, INF),
        (ops.sinh, (800.0,), 0, INF),
    ],
)
def test_derivative_at_an_edge(
    primitive: Primitive, operands: tuple[float, ...], index: int, expected: float
) -> None:
    try:
        out = primitive.value(*operands)
    except OverflowError:
        out = INF
    assert primitive.local(index, operands, out) == pytest.approx(expected, rel=2e-14, abs=0.0, nan_ok=True)


@pytest.mark.parametrize(
    ("primitive", "operands", "expected"),
    [
        (ops.exp, (1000.0,), INF),
        (ops.log, (0.0,), -INF),
        (ops.log, (-1.0,), NAN),
        (ops.log2, (0.0,), -INF),
        (ops.log2, (-1.0,), NAN),
        (ops.log10, (0.0,), -INF),
        (ops.log10, (-1.0,), NAN),
        (ops.log1p, (-1.0,), -INF),
        (ops.log1p, (-2.0,), NAN),
        (ops.sqrt, (-1.0,), NAN),
        (ops.sinh, (-1000.0,), -INF),
        (ops.cosh, (-1000.0,), INF),
        (ops.atanh, (-1.0,), -INF),
        (ops.atanh, (2.0,), NAN),
        (ops.asin_slope, (-1.0,), INF),
        (ops.asin_slope, (2.0,), NAN),
        (ops.acosh_slope, (1.0,), INF),
        (ops.acosh_slope, (0.5,), NAN),
        (ops.gamma, (200.0,), INF),
        (ops.gamma, (-0.0,), -INF),
        (ops.gamma, (5e-324,), INF),
        (ops.gamma, (-5e-324,), -INF),  # gamma(x) is 1/x near 0
        (ops.gamma, (-INF,), NAN),
        (ops.digamma, (-INF,), NAN),
        (ops.polygamma, (1.0, 1e-160), INF),  # (-1)**(n + 1) n! / x**(n + 1) near 0
        (ops.polygamma, (1.0, -1e-160), INF),
        (ops.polygamma, (2.0, 1e-160), -INF),
        (ops.polygamma, (2.0, -1e-160), INF),
        (ops.polygamma, (40.0, -0.999999999999999), -INF),
        (ops.polygamma, (40.0, -1.000000000000001), INF),
        (
            ops.polygamma,
            (172.0, 0.7),
            -INF,
        ),  # and at the nearest pole, for orders so high that it outweighs all
        (ops.polygamma, (172.0, -0.3), INF),
        (ops.polygamma, (172.0, -0.7), -INF),
        (ops.polygamma, (172.0, -1.3), INF),
        (ops.polygamma, (171.0, -0.7), INF),
        (ops.polygamma, (172.0, 1.0), -INF),
        (ops.polygamma, (2.0, 0.0), NAN),
        (ops.polygamma, (2.0, -3.0), NAN),
        (ops.polygamma, (2.0, -INF), NAN),
        (ops.polygamma, (-1.0, 2.0), NAN),
        (ops.polygamma, (1.5, 2.0), NAN),
        (ops.polygamma, (INF, 2.0), NAN),
        (ops.gamma, (-3.0,), NAN),
        (ops.lgamma, (-3.0,), INF),
        (ops.divide, (-1.0, 0.0), -INF),
        (ops.divide, (0.0, 0.0), NAN),
        (ops.power, (0.0, -1.0), INF),
        (ops.power, (-0.0, -1.0 + 2.0**-53), INF),
        (ops.power, (-8.0, 0.5), NAN),
        (ops.power, (-10.0, 301.0), -1e301),
        (ops.power, (-10.0, 401.0), -INF),
        (ops.ldexp, (-1.0, 2000.0), -INF),
        (ops.sin, (0.0,), 0.0),
        *[
            (rounding, (x,), x)
            for rounding in (ops.floor, ops.ceil, ops.trunc, ops.round_half_even)
            for x in (INF, -INF, NAN)
        ],
    ],
)
def test_ieee_value_where_python_raises(
    primitive: Primitive, operands: tuple[float, ...], expected: float
) -> None:
    assert primitive.ieee(*operands) == pytest.approx(expected, rel=1e-15, abs=0.0, nan_ok=True)


@pytest.mark.parametrize("primitive", [ops.power, ops.pow])
def test_a_power_depends_on_its_exponent_where_that_is_0(primitive: Primitive) -> None:
    def slope(y: Any) -> Any:
        return grad(primitive)(4.0, y)

    # d/dx x**y = y x**(y - 1), and its first two derivatives by y at y = 0 are 1/x and 2 log(x)/x
    assert slope(0.0) == 0.0
    assert grad(slope)(0.0) == 0.25
    assert grad(grad(slope))(0.0) == pytest.approx(0.5 * math.log(4.0), rel=1e-15)


@pytest.mark.parametrize("x", [0.0, -0.0, 5e-324, -1e-309, 1e-300, -2.0, INF, -INF])
def test_a_power_with_the_exponent_0_has_the_slope_0(x: float) -> None:
    for exponent in (0.0, -0.0):
        assert ops.power.local(0, (x, exponent), 1.0) == 0.0
        assert grad(lambda x: x**exponent)(x) == 0.0  # noqa: B023 (called at once)
        assert hessian(lambda x: x**exponent)(x) == 0.0  # noqa: B023 (called at once)


def test_a_missing_derivative_is_an_error_that_names_the_primitive() -> None:
    with pytest.raises(TypeError, match="polygamma has no derivative with respect to its argument 1"):
        ops.polygamma(Value(1.0), 2.0)
    with pytest.raises(TypeError, match="round_to has no derivative with respect to its argument 2"):
        ops.round_to(2.0, Value(1.0))


def test_a_wrong_number_of_operands_is_a_type_error() -> None:
    calls: list[tuple[Primitive, tuple[Any, ...]]] = [
        (ops.sigmoid, (1.0, 2.0)),
        (ops.sigmoid, ()),
        (ops.sin, (1.0, 2.0)),
        (ops.sin, (Value(1.0), 2.0)),
        (ops.atan2, (Value(1.0),)),
    ]
    for primitive, operands in calls:
        with pytest.raises(TypeError):
            primitive(*operands)


def test_the_slope_of_a_power_depends_on_the_exponent_at_exponent_zero() -> None:
    for at in (0.25, 0.5, 3.0):
        x, y = Value(at), Value(0.0)
        slope = gradients(x**y, x, create_graph=True)
        assert gradients(slope, y) == 1.0 / at  # d/dy of y x**(y - 1) is x**(y - 1) (1 + y log x)
    x, y = Value(-2.0), Value(0.0)
    slope = gradients(x**y, x, create_graph=True)
    assert math.isnan(gradients(slope, y))  # a negative number has no powers near by


# Errors

_MAGNITUDES = (
    0.0, 5e-324, 5.4e-309, 1e-300, 0.3, 0.5, 1.0 - 2**-53, 1.0, 1.0 + 2**-52, 1.5, 2.0, 3.0, 20.5, 30.0,
    171.0, 171.7, 200.0, 709.782712893384, 709.7828, 709.8, 710.4758600739439, 710.476, 1023.9, 1024.0,
    2000.0, 1e16, 1e200, 1.7976931348623157e308, math.inf,
)  # fmt: skip
_RAISES_AT = [*_MAGNITUDES, *[-x for x in _MAGNITUDES], math.nan]


@EVERY
def test_the_kind_of_error_that_an_entry_names_is_the_one_that_the_value_raises(primitive: Primitive) -> None:
    """Where it names none although the value raises, the number is one near a limit."""
    missed, named = [], 0
    second = [0.0, 1.0, 2.0, 5.0] if primitive.derivatives[-1] is None else _RAISES_AT
    first = [0.0, 1.0, 2.0, 3.0] if primitive.derivatives[0] is None else _RAISES_AT
    for operands in [(x,) for x in first] if len(primitive.domain) == 1 else itertools.product(first, second):
        claimed = None if primitive.error is None else primitive.error(*operands)
        try:
            primitive.value(*operands)
            error: type[Exception] | None = None
        except (ArithmeticError, ValueError) as caught:
            error = type(caught)
        assert not (primitive.never_raises and error), operands
        if claimed is None:
            missed += [operands] * (error is not None)
        else:
            named += 1
            assert claimed is error, operands
    assert len(missed) <= (1 + 0.1 * named if primitive.error else 0) or primitive.name in _NOT_TOLD, missed


_NOT_TOLD = {"polygamma", "round_to"}
"""Primitives that overflow at numbers that no comparison tells."""
