"""`autograd.math` as a drop-in for `math`: the same floats, the same errors; right gradients on Values."""

from __future__ import annotations

import itertools
import math as std
import sys
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mp, mpf

from autograd import Value, math

INF, NAN = std.inf, std.nan
AWKWARD = [0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 2.5, -2.5, 3.0, -7.0, 1e-320, 1e-20, 1e20, -1e20, 1e200, 710.0,
           -746.0, 1e308, -1e308, INF, -INF, NAN, std.pi, 1 / 3]  # fmt: skip
ONE = ("acos acosh asin asinh atan atanh cbrt ceil cos cosh degrees erf erfc exp exp2 expm1 fabs floor "
       "frexp gamma isfinite isinf isnan lgamma log log10 log1p log2 modf radians sin sinh sqrt tan tanh "
       "trunc ulp").split()  # fmt: skip
TWO = "atan2 copysign dist_of_pairs fmod hypot isclose log nextafter pow remainder".split()
WHOLE = ["comb", "factorial", "gcd", "isqrt", "lcm", "perm"]
NEW_IN_3_15 = ["fmax", "fmin", "isnormal", "issubnormal", "signbit"]
LISTS = ["dist", "fsum", "prod", "sumprod"]


def outcome(function: Callable[..., Any], *args: Any, **kwargs: Any) -> str:
    """What a call gives, as text: the result to the last bit, or the kind of error."""
    try:
        result = function(*args, **kwargs)
    except (ArithmeticError, ValueError, TypeError) as error:
        return type(error).__name__
    return repr(plain(result))


def plain(result: Any) -> Any:
    if isinstance(result, tuple | list):
        return type(result)(plain(x) for x in result)
    return result.data if isinstance(result, Value) else result


def named(module: Any, name: str) -> Callable[..., Any]:
    if name == "dist_of_pairs":
        return lambda x, y: module.dist([x, 1.0], [y, 3.0])
    function: Callable[..., Any] = getattr(module, name)
    return function


def test_every_name_of_this_python_is_there() -> None:
    missing = [name for name in vars(std) if not name.startswith("_") and not hasattr(math, name)]
    assert [name for name in missing if name != "integer"] == []  # 3.15's module of integer functions
    covered = {*ONE, *TWO, *WHOLE, *NEW_IN_3_15, *LISTS, "ldexp", "fma", "integer"}
    constants = {"pi", "e", "tau", "inf", "nan"}
    assert {name for name in vars(std) if not name.startswith("_")} <= covered | constants


def test_names_that_came_later_than_3_11_are_there_on_every_python() -> None:
    for name in ["sumprod", "fma", *NEW_IN_3_15]:
        assert callable(getattr(math, name))


def test_constants_are_pythons() -> None:
    assert (math.pi, math.e, math.tau, math.inf) == (std.pi, std.e, std.tau, std.inf)
    assert std.isnan(math.nan)


@pytest.mark.parametrize("name", ONE)
def test_functions_of_one_float_are_pythons_errors_included(name: str) -> None:
    for x in AWKWARD:
        expected = outcome(getattr(std, name), x)
        assert outcome(getattr(math, name), x) == expected, x
        if name in ("floor", "ceil", "trunc") and not expected.endswith("Error"):
            expected = repr(float(expected))
        assert outcome(getattr(math, name), Value(x)) == expected, x


@pytest.mark.parametrize("name", TWO)
def test_functions_of_two_floats_are_pythons_errors_included(name: str) -> None:
    for x, y in itertools.product(AWKWARD, AWKWARD):
        expected = outcome(named(std, name), x, y)
        for operands in ((x, y), (Value(x), Value(y)), (Value(x), y), (x, Value(y))):
            assert outcome(named(math, name), *operands) == expected, (x, y)


@pytest.mark.parametrize("name", [n for n in ONE if n not in ("frexp", "modf", "ulp")])
@settings(max_examples=50, deadline=None, database=None)
@given(st.floats(-30, 30))
def test_a_value_has_the_number_of_the_float_bit_for_bit(name: str, x: float) -> None:
    expected = outcome(getattr(std, name), x)
    if name in ("floor", "ceil", "trunc"):
        expected = repr(float(expected))
    assert outcome(getattr(math, name), Value(x)) == expected


@pytest.mark.parametrize("x", [3, True, Fraction(1, 3), 10**400, -5])
@pytest.mark.parametrize("name", ONE)
def test_other_numbers_are_taken_as_python_takes_them(name: str, x: Any) -> None:
    assert outcome(getattr(math, name), x) == outcome(getattr(std, name), x)


@pytest.mark.parametrize("x", ["1.5", None, 1j, [1.0], b"1"])
@pytest.mark.parametrize("name", [*ONE, "relu", "sigmoid", "softplus", "gelu", "sign", "digamma"])
def test_what_is_no_real_number_is_a_type_error(name: str, x: Any) -> None:
    with pytest.raises(TypeError):
        getattr(math, name)(x)


@pytest.mark.parametrize("name", WHOLE)
def test_functions_of_whole_numbers_are_pythons_own(name: str) -> None:
    assert getattr(math, name) is getattr(std, name)


def test_functions_of_whole_numbers_refuse_a_value() -> None:
    with pytest.raises(TypeError):
        math.comb(Value(3.0), 2)  # type: ignore[arg-type]


floats = st.sampled_from(AWKWARD) | st.floats()


@settings(max_examples=300, deadline=None, database=None)
@given(st.lists(floats, max_size=6))
def test_sums_products_and_lengths_of_many_are_pythons(xs: list[float]) -> None:
    for function in ("fsum", "prod", "hypot"):
        spread = function == "hypot"
        arguments = xs if spread else [xs]
        expected = outcome(getattr(std, function), *arguments)
        assert outcome(getattr(math, function), *arguments) == expected
        if xs:
            values = [Value(xs[0]), *xs[1:-1], *map(Value, xs[1:][-1:])]
            assert outcome(getattr(math, function), *(values if spread else [values])) == expected


@settings(max_examples=200, deadline=None, database=None)
@given(st.lists(st.tuples(floats, floats), min_size=1, max_size=6))
def test_distances_are_pythons(pairs: list[tuple[float, float]]) -> None:
    p, q = [x for x, _ in pairs], [y for _, y in pairs]
    expected = outcome(std.dist, p, q)
    assert outcome(math.dist, p, q) == expected
    assert outcome(math.dist, list(map(Value, p)), q) == expected
    assert outcome(math.dist, p, [*q[:-1], Value(q[-1])]) == expected


@settings(max_examples=200, deadline=None, database=None)
@given(st.lists(st.tuples(floats, floats), min_size=1, max_size=6))
def test_a_sum_of_products_has_the_same_value_on_values_as_on_floats(
    pairs: list[tuple[float, float]],
) -> None:
    p, q = [x for x, _ in pairs], [y for _, y in pairs]
    expected = outcome(math.sumprod, p, q)
    if sys.version_info >= (3, 12):
        assert outcome(std.sumprod, p, q) == expected
    assert outcome(math.sumprod, map(Value, p), q) == expected
    assert outcome(math.sumprod, p, [*q[:-1], Value(q[-1])]) == expected


@settings(max_examples=200, deadline=None, database=None)
@given(floats, floats, floats)
def test_fma_has_the_same_value_on_values_as_on_floats(x: float, y: float, z: float) -> None:
    expected = outcome(math.fma, x, y, z)
    if sys.version_info >= (3, 13):
        assert outcome(std.fma, x, y, z) == expected
    for operands in itertools.product((x, Value(x)), (y, Value(y)), (z, Value(z))):
        assert outcome(math.fma, *operands) == expected


def test_whole_numbers_stay_whole_in_products() -> None:
    assert repr(math.prod([2, 3])) == "6"
    assert repr(math.sumprod([2, 3], [4, 5])) == "23"
    assert math.prod([], start=2) == 2
    assert math.prod([Value(2.0), 3], start=5).data == 30.0


@pytest.mark.parametrize("steps", [0, 1, 2, 5, 10**6, 10**18])
def test_nextafter_by_steps_counts_floats(steps: int) -> None:
    for x, y in itertools.product([*AWKWARD, 5e-324, -5e-324, 1.5e-323], AWKWARD):
        expected = x
        if sys.version_info >= (3, 12):
            expected = std.nextafter(x, y, steps=steps)
        elif steps <= 5:
            for _ in range(steps):
                expected = std.nextafter(expected, y)
        else:
            continue
        got = math.nextafter(x, y, steps=steps)
        if sys.version_info < (3, 12) and got == 0.0:  # single steps give a zero another sign
            expected = got if expected == 0.0 else expected
        assert repr(got) == repr(expected), (x, y)
        assert repr(math.nextafter(Value(x), y, steps=steps).data) == repr(got)


@pytest.mark.parametrize(
    ("x", "y", "steps", "expected"),
    [
        # nextUp and nextDown of IEEE 754-2019, 5.3.1, keep the sign where they come to zero,
        (-5e-324, 1.0, 1, -0.0),
        (5e-324, -1.0, 1, 0.0),
        # and who arrives at y has the sign of y.
        (5e-324, -0.0, 1, -0.0),
        (-5e-324, 0.0, 3, 0.0),
        (NAN, 1.0, 10**18, NAN),
        (1, 2, 0, 1.0),
        (1, 2, 10**18, 2.0),
    ],
)
def test_nextafter_by_steps_at_zero_and_at_its_target(
    x: float, y: float, steps: int, expected: float
) -> None:
    assert repr(math.nextafter(x, y, steps=steps)) == repr(expected)


def test_nextafter_by_steps_takes_values_on_either_side() -> None:
    x, y = Value(1.0), Value(2.0)
    assert math.nextafter(1.0, y, steps=1).data == std.nextafter(1.0, 2.0)
    out = math.nextafter(x, y, steps=1)
    assert out.operands[0] is x
    assert out.operands[1] is y
    out.backward()
    assert (x.grad, y.grad) == (1.0, 0.0)


def test_nextafter_refuses_steps_that_are_no_count() -> None:
    with pytest.raises(ValueError, match="steps must be 0 or more, not -1"):
        math.nextafter(1.0, 2.0, steps=-1)
    with pytest.raises(TypeError, match="steps must be an int, not 'float'"):
        math.nextafter(1.0, 2.0, steps=1.0)  # type: ignore[arg-type]


@settings(max_examples=100, deadline=None, database=None)
@given(floats, st.integers(-1100, 1100))
def test_ldexp_is_pythons(x: float, exponent: int) -> None:
    expected = outcome(std.ldexp, x, exponent)
    assert outcome(math.ldexp, x, exponent) == expected
    assert outcome(math.ldexp, Value(x), exponent) == expected


@pytest.mark.parametrize("x", AWKWARD)
def test_questions_about_a_number_are_answered_with_a_bool(x: float) -> None:
    smallest_normal = sys.float_info.min
    for number in (x, Value(x)):
        assert math.isnormal(number) is (smallest_normal <= abs(x) < INF)
        assert math.issubnormal(number) is (0 < abs(x) < smallest_normal)
        assert math.signbit(number) is (repr(x).startswith("-"))
        assert math.isnan(number) is (x != x)
        assert math.isinf(number) is (abs(x) == INF)
        assert math.isfinite(number) is (abs(x) < INF)


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_the_smallest_normal_number_is_normal_and_the_one_before_it_is_not(sign: float) -> None:
    smallest = sys.float_info.min
    for x in (smallest, 1.5 * smallest, std.nextafter(smallest, 0.0), 0.75 * smallest, smallest / 2):
        assert math.isnormal(sign * x) is (x >= smallest)
        assert math.issubnormal(sign * x) is (x < smallest)


def test_isclose_takes_values() -> None:
    assert math.isclose(1.0, 1.1, rel_tol=Value(0.2)) is True  # type: ignore[arg-type]
    assert math.isclose(1.0, 1.1, abs_tol=Value(0.2)) is True  # type: ignore[arg-type]
    assert math.isclose(Value(1.0), 1.0 + 1e-12) is True
    assert math.isclose(1.0, Value(1.1)) is False
    assert math.isclose(Value(1.0), Value(1.1), abs_tol=0.2) is True
    assert math.isclose(Value(1.0), Value(1.1), rel_tol=0.2) is True
    for tolerances in ({"rel_tol": -1.0}, {"abs_tol": Value(-1.0)}):
        with pytest.raises(ValueError, match="tolerances must be non-negative"):
            math.isclose(Value(1.0), 1.0, **tolerances)


# Gradients of the functions that are more than one primitive, against mpmath

COMPOSITE: dict[str, tuple[Callable[..., Any], Callable[..., Any], int]] = {
    "log to a base": (lambda x, y: math.log(x, y + 1), lambda x, y: mp.log(x) / mp.log(y + 1), 2),
    "hypot of three": (math.hypot, lambda x, y, z: mp.sqrt(x * x + y * y + z * z), 3),
    "hypot of one": (lambda x: math.hypot(x), abs, 1),
    "dist": (
        lambda x, y, z: math.dist([x, y], [z, 9.0]),
        lambda x, y, z: mp.sqrt((x - z) ** 2 + (y - 9) ** 2),
        3,
    ),
    "prod": (lambda x, y, z: math.prod([x, y, z]), lambda x, y, z: x * y * z, 3),
    "fsum": (lambda x, y, z: math.fsum([x * x, 2.0, y, z]), lambda x, y, z: x * x + 2 + y + z, 3),
    "fsum of one": (lambda x: math.fsum([x]), lambda x: x, 1),
    "sumprod": (
        lambda x, y, z: math.sumprod([x, y, 3.0], [z, x, y]),
        lambda x, y, z: x * z + y * x + 3 * y,
        3,
    ),
    "sumprod of one": (lambda x, y: math.sumprod([x], [y]), lambda x, y: x * y, 2),
    "fma": (math.fma, lambda x, y, z: x * y + z, 3),
    "maximum": (lambda x, y: math.maximum(x, x + y, y), lambda x, y: x + y, 2),
    "minimum": (lambda x, y: math.minimum([x + y, x, x + 2 * y]), lambda x, y: x, 2),
    "logsumexp": (
        lambda x, y, z: math.logsumexp(x, y, z),
        lambda x, y, z: mp.log(mp.exp(x) + mp.exp(y) + mp.exp(z)),
        3,
    ),
    "softmax": (
        lambda x, y, z: math.softmax([x, y, z])[1],
        lambda x, y, z: mp.exp(y) / (mp.exp(x) + mp.exp(y) + mp.exp(z)),
        3,
    ),
    "log_softmax": (
        lambda x, y: math.log_softmax(iter([x, y]))[0],
        lambda x, y: -mp.log(1 + mp.exp(y - x)),
        2,
    ),
    "leaky_relu": (lambda x: math.leaky_relu(-x), lambda x: -x / 100, 1),
    "elu": (lambda x: math.elu(-x), lambda x: mp.expm1(-x), 1),
    "clip, inside": (lambda x: math.clip(x, 0.0, 99.0), lambda x: x, 1),
    "clip, below": (lambda x: math.clip(-x, 0.0, 9.0), lambda x: mpf(0), 1),
    "clip, above": (lambda x, y: math.clip(x + y, 0.0, y), lambda x, y: y, 2),
    "modf": (lambda x: math.modf(x)[0] + 3 * math.modf(x)[1], lambda x: x - mp.floor(x) + 3 * mp.floor(x), 1),
    "frexp": (lambda x: math.frexp(x)[0] * 2.0 ** math.frexp(x)[1], lambda x: x, 1),
    "floor": (lambda x: x * math.floor(x), lambda x: x * mp.floor(x), 1),
    "ceil": (lambda x: x * math.ceil(x), lambda x: x * mp.ceil(x), 1),
    "trunc": (lambda x: x * math.trunc(-x), lambda x: -x * mp.floor(x), 1),
    "nextafter": (lambda x: math.nextafter(x, INF, steps=3) * x, lambda x: x * x, 1),
    "where": (lambda x, y: math.where(x + y > x, x * y, x), lambda x, y: x * y, 2),
}


@pytest.mark.parametrize("name", COMPOSITE)
@settings(max_examples=40, deadline=None, database=None)
@given(st.data())
def test_gradient_of_a_composite_function_agrees_with_mpmath(name: str, data: st.DataObject) -> None:
    ours, exact, count = COMPOSITE[name]
    inside = st.floats(0.3, 8.7).filter(lambda x: abs(x - round(x)) > 1e-6)
    numbers = [data.draw(inside) for _ in range(count)]
    inputs = [Value(x) for x in numbers]
    out = ours(*inputs)
    out.backward()
    with mp.workdps(50):
        operands = tuple(map(mpf, numbers))
        assert abs(out.data - exact(*operands)) <= 1e-14 * (1 + abs(exact(*operands)))
        for i, x in enumerate(inputs):
            order = tuple(int(i == k) for k in range(count))
            slope = mp.diff(exact, operands, order)
            bend = mp.diff(exact, operands, tuple(2 * k for k in order))
            assert abs(x.grad - slope) <= 1e-13 * (1 + abs(slope) + abs(x.data * bend)), (name, numbers)


@pytest.mark.parametrize("x", [1.0, 2.0, 0.0, -1.0])
@pytest.mark.parametrize("start", [1, 2, 0, -2, 1.0])
def test_a_product_has_the_derivative_by_every_factor_whatever_their_numbers(x: float, start: float) -> None:
    a, b = Value(x), Value(3.0)
    out = math.prod([a, b], start=start)
    out.backward()
    assert (out.data, a.grad, b.grad) == (start * x * 3.0, start * 3.0, start * x)


def test_a_product_of_one_value_is_that_value_and_of_a_bool_an_int() -> None:
    x = Value(2.0)
    assert math.prod([x]) is x
    assert repr(math.prod([True])) == "1"


@pytest.mark.parametrize("place", [0, 1, 2])
def test_fma_with_one_value_keeps_its_gradient(place: int) -> None:
    numbers: list[Any] = [2.0, 3.0, 4.0]
    x = numbers[place] = Value(numbers[place])
    out = math.fma(*numbers)
    assert isinstance(out, Value)
    out.backward()
    assert (out.data, x.grad) == (10.0, [3.0, 2.0, 1.0][place])


def test_sums_take_iterators() -> None:
    x, y = Value(2.0), Value(3.0)
    assert math.fsum(iter([x, y])).data == 5.0
    assert math.sumprod(iter([x, y]), iter([3.0, y])).data == 15.0


def test_sums_of_products_of_ints_and_floats_are_rounded_once() -> None:
    assert math.sumprod([10**16, 1, -(10**16)], [1.0, 1.0, 1.0]) == 1.0
    assert math.sumprod([1e16, 1.0, -1e16], [1, 1, 1]) == 1.0


def test_an_int_among_values_becomes_a_float_first() -> None:
    large = 2**53 + 1  # which a float cannot hold: 2**53
    zero = Value(0.0)
    for total in (
        math.sumprod([large, zero], [3.0, 1.0]),
        math.sumprod([3.0, zero], [large, 1.0]),
        math.fma(large, 3.0, zero),
        math.fma(3.0, large, zero),
        math.fma(Value(1.5), 2.0**53, 1.5 * 2**53),
    ):
        assert total.data == 3.0 * 2**53
    assert math.fma(Value(0.5), 1.0, large).data == 2.0**53
    out = math.fsum([Value(0.5), 2])
    assert [type(x) for x in out.operands] == [Value, float]


def test_the_operands_of_a_short_sum_add_up_to_it() -> None:
    x = Value(0.5)
    assert [getattr(t, "data", t) for t in math.fsum([x]).operands] == [0.0, 0.5]


def test_limits_that_are_equal_clip_to_one_number() -> None:
    assert math.clip(7.0, 2.0, 2.0) == 2.0


def test_a_tie_in_maximum_and_minimum_shares_the_gradient() -> None:
    for function in (math.maximum, math.minimum):
        x, y = Value(2.0), Value(2.0)
        function(x, y).backward()
        assert (x.grad, y.grad) == (0.5, 0.5)
        x.grad = 0.0
        function(x, x).backward()
        assert x.grad == 1.0


def test_softmax_does_not_overflow_and_its_gradient_sums_to_zero() -> None:
    xs = [Value(1000.0), Value(1000.0), Value(-1000.0)]
    p = math.softmax(xs)
    assert [v.data for v in p] == [0.5, 0.5, 0.0]
    p[0].backward()
    assert [x.grad for x in xs] == [0.25, -0.25, 0.0]
    assert math.softmax([5.0]) == [1.0]


def test_log_softmax_keeps_the_digits_of_hopeless_logits() -> None:
    assert math.log_softmax([0.0, -1000.0]) == [0.0, -1000.0]
    assert math.log_softmax([1000.0, 0.0])[1] == -1000.0


@pytest.mark.parametrize("function", [math.maximum, math.minimum, math.logsumexp])
def test_a_function_of_many_takes_numbers_or_one_iterable(function: Callable[..., Any]) -> None:
    assert function(1.0, 2.0, 4.0) == function([1.0, 2.0, 4.0]) == function(iter([1.0, 2.0, 4.0]))
    assert function(3.0) == 3.0
    assert function([3.0]) == 3.0
    with pytest.raises(ValueError, match=f"^{function.__name__} of no numbers"):
        function()
    with pytest.raises(TypeError):
        function([3.0], 4.0)
    with pytest.raises(ValueError, match="of no numbers"):
        function([])


def test_errors_say_what_is_wrong() -> None:
    with pytest.raises(ValueError, match="log_softmax of no numbers"):
        math.softmax([])
    with pytest.raises(ValueError, match=r"clip needs low <= high, not 2\.0 and 1\.0"):
        math.clip(Value(0.0), Value(2.0), Value(1.0))
    with pytest.raises(ValueError, match="same number of coordinates; they have 2 and 1"):
        math.dist([Value(1.0), 2.0], [3.0])
    with pytest.raises(ValueError, match="same number of coordinates; they have 1 and 2"):
        math.dist([3.0], [Value(1.0), 2.0])
    with pytest.raises(ValueError, match="not the same length: 2 and 1"):
        math.sumprod([Value(1.0), 2.0], [3.0])
    with pytest.raises(ValueError, match="not the same length: 1 and 2"):
        math.sumprod([3.0], [Value(1.0), 2.0])
    with pytest.raises(ValueError, match="same number of dimensions"):
        math.dist([1.0, 2.0], [3.0])


def test_fsum_and_hypot_of_nothing() -> None:
    assert math.fsum([]) == 0.0
    assert math.hypot() == 0.0
    assert math.sumprod([], []) == 0
    assert math.prod([]) == 1


def test_a_value_rounded_once_is_kept_as_a_constant_in_no_other_node() -> None:
    x = Value(0.1)
    total = math.fsum([x] * 10)
    assert total.data == 1.0
    total.backward()
    assert x.grad == 10.0
