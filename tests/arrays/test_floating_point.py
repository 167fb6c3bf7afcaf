"""Arrays of Values where floats overflow, divide by zero or leave the domain: NumPy's numbers and warnings.

What is expected is what NumPy gives for the same call on an array of floats, or a closed form.
"""

from __future__ import annotations

import itertools
import operator
import warnings
from collections.abc import Callable, Sequence
from math import inf, log, nan
from typing import Any

import numpy as np
import pytest

from autograd import Value, detect_anomaly, grad, jacobian, math, no_grad, ops, value_and_grad
from autograd.arrays import array_of

Function = Callable[..., Any]

LARGEST = 1.7976931348623157e308
AWKWARD = np.array(
    [
        *[0.0, -0.0, 1.0, -1.0, inf, -inf, nan, 0.5, -0.5, 2.0, -8.0, 3.0, 1e308, -1e308, 1e-308, 5e-324],
        *[1e-20, 710.0, -710.0, 1000.0, -1000.0, 1e200, -1e200, LARGEST, 2.5, -2.5],
    ]
)
PAIRS = np.array(list(itertools.product(AWKWARD, AWKWARD)))
LARGE = np.array([1e308, 1e308])

OF_ONE = (
    "sin cos tan arcsin arccos arctan sinh cosh tanh arcsinh arccosh arctanh exp exp2 expm1 log log2 log10 "
    "log1p sqrt cbrt square reciprocal absolute fabs negative positive sign floor ceil trunc rint deg2rad "
    "rad2deg degrees radians conjugate spacing isnan isinf isfinite signbit modf frexp sinc nan_to_num round "
    "sum prod mean std var cumsum cumprod diff ptp max min any all count_nonzero unwrap"
).split()
OF_TWO = (
    "add subtract multiply divide power float_power remainder fmod floor_divide arctan2 hypot maximum "
    "minimum fmax fmin copysign logaddexp logaddexp2 heaviside nextafter divmod less less_equal equal "
    "not_equal greater greater_equal"
).split()
OPERATORS = "add sub mul truediv floordiv mod pow lt le eq ne gt ge".split()
IN_PLACE = "iadd isub imul itruediv ifloordiv imod ipow".split()
EITHER_ZERO = {"maximum", "minimum", "fmax", "fmin", "max", "min"}
"""Of 0.0 and -0.0 NumPy gives one or the other, as the processor has it."""


def values(x: Any) -> Any:
    """An array of floats as the library's array of Values."""
    return array_of([Value(number) for number in x.ravel()], x.shape) if isinstance(x, np.ndarray) else x


def floats(x: Any) -> Any:
    """Whatever came out, with floats in the place of Values."""
    if isinstance(x, tuple):
        return tuple(map(floats, x))
    if isinstance(x, np.ndarray) and x.dtype == object:
        return np.array([floats(item) for item in x.ravel()], dtype=float).reshape(x.shape)
    return x.data if isinstance(x, Value) else x


def watched(f: Function, args: Sequence[Any]) -> tuple[Any, set[tuple[type, str]], set[str]]:
    """What a call gives, with which warnings, and the files of these."""
    with warnings.catch_warnings(record=True) as given:
        warnings.simplefilter("always")
        out = f(*args)
    return out, {(x.category, str(x.message)) for x in given}, {x.filename for x in given}


def check_same(f: Function, *args: Any, signs: bool = True) -> None:
    """Check that a call gives for arrays of Values what NumPy gives for floats, warnings included."""
    expected, its_warnings, _ = watched(f, args)
    got, our_warnings, files = watched(f, list(map(values, args)))
    parts = (
        zip(expected, floats(got), strict=True) if isinstance(expected, tuple) else [(expected, floats(got))]
    )
    for a, b in parts:
        np.testing.assert_allclose(b, a, rtol=1e-13, atol=0.0)
        numbers = ~np.isnan(np.asarray(a, dtype=float))
        assert not signs or np.array_equal(np.signbit(a)[numbers], np.signbit(b)[numbers])
    assert our_warnings == its_warnings
    assert files <= {__file__}


@pytest.mark.parametrize("name", OF_ONE)
def test_a_function_of_one_array_gives_numpys_numbers_and_warnings(name: str) -> None:
    check_same(lambda x: getattr(np, name)(x), AWKWARD, signs=name not in EITHER_ZERO)


@pytest.mark.parametrize("name", OF_TWO)
def test_a_function_of_two_arrays_gives_numpys_numbers_and_warnings(name: str) -> None:
    f = getattr(np, name)
    check_same(lambda x, y: f(x, y), PAIRS[:, 0].copy(), PAIRS[:, 1].copy(), signs=name not in EITHER_ZERO)
    for c in (0.0, -1.0, inf, 2.0, 3):
        check_same(lambda x, c=c: f(x, c), AWKWARD, signs=name not in EITHER_ZERO)
        check_same(lambda x, c=c: f(c, x), AWKWARD, signs=name not in EITHER_ZERO)


@pytest.mark.parametrize("name", OPERATORS + IN_PLACE)
def test_an_operator_with_a_number_gives_numpys_numbers_and_warnings(name: str) -> None:
    apply = getattr(operator, name)
    for c in (0.0, 0.5, 2, -1, 2.0, -1.0, 1, 3, np.float64(2.0), np.float32(3.0)):
        check_same(lambda x, c=c: apply(x.copy(), c), AWKWARD)
        if name not in IN_PLACE:
            check_same(lambda x, c=c: apply(c, x), AWKWARD)


CALLS: dict[str, tuple[Function, np.ndarray]] = {
    "sum": (np.sum, LARGE),
    "x.sum": (lambda x: x.sum(), LARGE),
    "prod": (np.prod, LARGE),
    "mean": (np.mean, LARGE),
    "cumsum": (np.cumsum, LARGE),
    "cumprod": (np.cumprod, LARGE),
    "std": (np.std, LARGE),
    "x.var": (lambda x: x.var(), LARGE),
    "dot": (lambda x: np.dot(x, x), LARGE),
    "x.dot": (lambda x: x.dot(x), LARGE),
    "inner": (lambda x: np.inner(x, x), LARGE),
    "outer": (lambda x: np.outer(x, x), LARGE),
    "tensordot": (lambda x: np.tensordot(x, x, 1), LARGE),
    "matmul": (lambda x: np.outer(x, [1.0, 1.0]) @ np.ones((2, 2)), LARGE),
    "cross": (lambda x: np.cross(np.append(x, 1.0), np.append(1.0, x)), LARGE),
    "convolve": (lambda x: np.convolve(x, x), LARGE),
    "norm": (np.linalg.norm, LARGE),
    "norm of order 3": (lambda x: np.linalg.norm(x, 3), LARGE),
    "norm of order -1": (lambda x: np.linalg.norm(x, -1), np.array([0.0, 1.0])),
    "multiply.at": (lambda x: np.multiply.at(x.copy(), [0, 0], 1e308) or 0.0, LARGE),  # type: ignore[func-returns-value]
    "divide.outer": (lambda x: np.divide.outer(x, [0.0, 1.0]), LARGE),
    "divide.reduce": (lambda x: np.divide.reduce(x - x), LARGE),
    "divide.accumulate": (lambda x: np.divide.accumulate(x - x), LARGE),
    "divide with out": (lambda x: np.divide(x, x - x, out=x.copy()), LARGE),
    "divide into an operand": (lambda x: (y := x.copy(), np.divide(y, y - y, out=y))[1], LARGE),
    "divide in some places": (lambda x: np.divide(x, x - x, where=[True, False], out=x.copy()), LARGE),
    "add.reduceat": (lambda x: np.add.reduceat(x, [0]), LARGE),
    "of no dimensions": (lambda x: 1 / x, np.array(0.0)),
    "log of no dimensions": (np.log, np.array(-1.0)),
    "power of no dimensions": (lambda x: x**-1, np.array(0.0)),
    "ldexp": (lambda x: np.ldexp(x, [1, 2000, -3000, 1024]), np.array([1.0, 1.0, 1.0, -2.0])),
    "with a list": (lambda x: np.divide([1.0, 0.0], x), np.zeros(2)),
    "where": (lambda x: np.where(x > 0, np.log(x), 0.0), np.array([-1.0, 2.0])),
    "select": (lambda x: np.select([x > 1, x <= 1], [np.log(x), 1 / x], 0.0), np.array([-1.0, 2.0, 0.0])),
    "piecewise": (
        lambda x: np.piecewise(x, [x > 1, x <= 1], [np.log, lambda q: 1 / q]),
        np.array([-1.0, 2.0, 0.0]),
    ),
    "numbers among Values": (lambda x: 1 / np.where(x > 0, x, 0.0), np.array([-1.0, 2.0])),
}


@pytest.mark.parametrize("name", CALLS)
def test_what_else_overflows_gives_numpys_numbers_and_warnings(name: str) -> None:
    f, at = CALLS[name]
    check_same(lambda x: f(x), at)


@pytest.mark.parametrize("f", [np.mean, np.std, lambda x: np.std(x[:0]), lambda x: x[:0].mean()])
def test_what_numpy_divides_single_numbers_for_is_nan(f: Function) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert np.isnan(floats(f(values(np.array([])))))
        assert np.isnan(floats(np.std(values(np.array([3.0])), ddof=1)))


def test_a_division_in_place_that_fails_halfway_is_done_anew_from_the_numbers_before() -> None:
    y = values(np.array([6.0, 1.0, 8.0]))
    with np.errstate(divide="ignore"):
        y /= np.array([2.0, 0.0, 4.0])
        np.divide.at(y, [0, 0], 3.0)
    assert floats(y).tolist() == [3.0 / 3.0 / 3.0, inf, 2.0]


# Settings


def test_errstate_decides_what_happens() -> None:
    x = values(np.array([1.0, 0.0]))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with np.errstate(divide="ignore"):
            assert floats(1 / x).tolist() == [1.0, inf]
        with (
            np.errstate(divide="raise"),
            pytest.raises(FloatingPointError, match=r"divide by zero .* in divide"),
        ):
            1 / x
        with np.errstate(all="ignore"):
            assert np.isnan(floats(np.log(x - 1.0))[1])
        with np.errstate(over="raise"):
            assert floats(np.exp(x)).tolist() == [np.exp(1.0), 1.0]
            with pytest.raises(FloatingPointError, match="overflow encountered in exp"):
                np.exp(1000.0 * x)
            with pytest.raises(FloatingPointError, match="overflow encountered in multiply"):
                x * 1e308 * 10.0
        with pytest.raises(RuntimeWarning, match="divide by zero encountered in divide"):
            1 / x


def test_underflow_is_told_where_that_is_asked_for() -> None:
    x = values(np.array([-800.0, 1.0]))
    assert floats(np.exp(x))[0] == 0.0
    with np.errstate(under="raise"), pytest.raises(FloatingPointError, match="underflow encountered in exp"):
        np.exp(x)
    with np.errstate(under="warn"), pytest.warns(RuntimeWarning, match="underflow encountered in exp"):
        np.exp(x)


def test_a_function_or_a_file_of_the_users_is_told_beside_warnings() -> None:
    class Log:
        def __init__(self) -> None:
            self.texts: list[str] = []

        def write(self, text: str) -> None:
            self.texts.append(text)

    kinds: list[str] = []
    file = Log()
    x = values(np.array([0.0, inf]))
    with (
        np.errstate(divide="call", invalid="warn", call=lambda kind, flag: kinds.append(kind)),
        pytest.warns(RuntimeWarning, match="invalid value encountered in divide"),
    ):
        np.divide(x + 1.0, x * x)
    with (
        np.errstate(divide="log", invalid="warn", call=file),
        pytest.warns(RuntimeWarning, match="invalid value encountered in divide"),
    ):
        np.divide(x + 1.0, x * x)
    assert kinds == ["divide by zero"]
    assert len(file.texts) == 1
    assert "divide by zero encountered in divide" in file.texts[0]


def test_what_is_infinite_without_a_fault_gives_no_warning() -> None:
    x = values(np.array([inf, nan, 2.0]))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert floats(x + 1.0)[0] == inf
        assert floats(np.exp(x))[0] == inf
        assert np.isnan(floats(np.sum(x)))
        assert np.isnan(floats(np.maximum(x, 1.0))[1])
        assert floats(np.sum(values(np.array([1e308, 1e308, -1e308]))[1:])) == 0.0


def test_finite_numbers_whose_sum_overflows_give_no_warning() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        np.testing.assert_array_equal(floats(values(LARGE) * 1.0), LARGE)


# Gradients


@pytest.mark.parametrize(
    ("f", "at", "value", "gradient"),
    [
        (lambda x: np.sum(np.exp(x)), [1000.0, 0.0], inf, [inf, 1.0]),
        (lambda x: np.sum(1 / x), [0.0, 2.0], inf, [-inf, -0.25]),
        (lambda x: np.log(x)[0], [-2.0], nan, [-0.5]),  # 1/x, as PyTorch has it
        (lambda x: np.log(x)[0], [0.0], -inf, [inf]),
        (lambda x: np.sqrt(x)[0], [-1.0], nan, [nan]),
        (lambda x: np.sqrt(x)[0], [0.0], 0.0, [inf]),
        (lambda x: np.arcsin(x)[0], [2.0], nan, [nan]),
        (lambda x: np.arctanh(x)[0], [1.0], inf, [inf]),
        (lambda x: (x**0.5)[0], [-8.0], nan, [nan]),
        (lambda x: np.power(x, 1 / 3)[0], [-8.0], nan, [nan]),
        (lambda x: (x**-1)[0], [0.0], inf, [-inf]),
        (lambda x: (x / x)[0], [0.0], nan, [nan]),
        (lambda x: (x % 0.0)[0], [1.0], nan, [1.0]),
        (lambda x: np.sinh(x)[0], [-1000.0], -inf, [inf]),
        (lambda x: np.sum(np.where(x > 0, np.log(x), 0.0)), [-1.0, 2.0], log(2.0), [0.0, 0.5]),
        (lambda x: np.sum(np.where(x != 0, 1 / x, x)), [0.0, 2.0], 0.5, [1.0, -0.25]),
        (lambda x: np.floor(x)[0], [inf], inf, [0.0]),
        (lambda x: np.ceil(x)[0], [nan], nan, [0.0]),
        (lambda x: np.nan_to_num(x)[0], [inf], LARGEST, [0.0]),
        (lambda x: np.nan_to_num(x)[0], [3.0], 3.0, [1.0]),
    ],
)
def test_gradients_go_on_as_ieee_says(
    f: Function, at: list[float], value: float, gradient: list[float]
) -> None:
    with np.errstate(all="ignore"):
        got = value_and_grad(f)(np.array(at))
    np.testing.assert_array_equal(got[0], value)
    np.testing.assert_array_equal(got[1], gradient)


def test_the_sum_of_a_logistic_likelihood_far_out_is_numpys() -> None:
    def likelihood(b: Any) -> Any:
        return np.sum(np.log(1 + 1 / (1 + np.exp(-b * np.array([1.0, 800.0])))))

    with np.errstate(over="ignore"):
        value, slope = value_and_grad(likelihood)(-1.0)
        assert value == pytest.approx(likelihood(-1.0), rel=1e-15)
    assert np.isnan(slope)  # 0 * inf, as in PyTorch and JAX


def test_derivatives_of_derivatives_are_infinite_too() -> None:
    with np.errstate(all="ignore"):
        assert grad(lambda x: np.sum(grad(lambda y: np.sum(np.exp(y)))(x)))(np.array([1000.0])).tolist() == [
            inf
        ]
        assert jacobian(grad(lambda y: np.sum(1 / y)))(np.array([0.0, 1.0])).tolist() == [
            [inf, 0.0],
            [0.0, 2.0],
        ]


# Who follows Python's rules


def test_elements_and_single_values_raise_as_floats_do() -> None:
    for f in (
        lambda x: 1 / x[0],
        lambda x: x[1] / x[0],
        lambda x: math.log(x[0]),
        lambda x: np.log(x[0]),
        lambda x: math.exp(x[1] * 1000.0),
        lambda x: np.float64(1.0) / x[0],
        lambda x: (-1.0 - x[0]) ** 0.5,
    ):
        with pytest.raises((ArithmeticError, ValueError)):
            grad(f)(np.array([0.0, 1.0]))
    with pytest.raises(ZeroDivisionError):
        Value(1.0) / np.array(0.0)


def test_an_array_that_the_user_makes_of_values_follows_pythons_rules() -> None:
    own = np.array([Value(0.0), Value(2.0)])
    for f in (lambda: 1 / own, lambda: own / Value(0.0), lambda: np.log(own), lambda: own // own[0]):
        with pytest.raises((ZeroDivisionError, ValueError)):
            f()
    with np.errstate(divide="ignore"):
        assert floats(values(np.array([1.0, 1.0])) / own).tolist() == [inf, 0.5]


def test_functions_of_ours_follow_numpys_rules_on_arrays() -> None:
    x = values(np.array([1000.0, -1.0, 0.0]))
    with pytest.warns(RuntimeWarning, match="overflow encountered in exp"):
        assert floats(math.exp(x))[0] == inf
    with (
        np.errstate(divide="raise"),
        pytest.raises(FloatingPointError, match="divide by zero encountered in log"),
    ):
        ops.log(x)
    assert floats(math.gamma(x)).tolist()[0] == inf
    assert np.isnan(floats(math.gamma(x))[1])
    with pytest.raises(TypeError, match="exp takes 1 numbers, 2 given"):
        ops.exp(x, x)


def test_primitives_of_the_users_follow_them_too(table_as_it_was: None) -> None:
    steps = ops.unary(
        "steps of test", lambda x: int(1.0 / x), lambda x, out: 0.0 * x, "Return a whole number.", (1.0, 2.0)
    )
    with np.errstate(all="ignore"):
        got = floats(steps(values(np.array([0.25, 0.0]))))
    assert got[0] == 4.0
    assert np.isnan(got[1])
    with pytest.raises(TypeError, match="the value of words of test is 'no'"):
        ops.unary("words of test", lambda x: "no", lambda x, out: 0.0, "Return text.")(  # type: ignore[arg-type, return-value]
            values(np.array([1.0]))
        )


def test_inside_blocks_that_observe_it_is_the_same() -> None:
    x = np.array([0.0, -2.5, nan, 800.0])
    with np.errstate(all="ignore"):
        for f in (
            np.exp,
            np.log,
            np.sqrt,
            np.floor,
            np.rint,
            lambda v: 1 / v,
            lambda v: v**-0.5,
            np.reciprocal,
        ):
            with no_grad():
                inside = floats(f(values(x)))
            np.testing.assert_allclose(inside, f(x), rtol=1e-14)
    with detect_anomaly(), pytest.raises(FloatingPointError, match="the result of / is inf"):
        1 / values(x)
