"""Compiled functions give what the function gives, bit for bit, whatever path its arguments take."""

from __future__ import annotations

import math as python_math
import random
import re
import subprocess
import sys
from collections import namedtuple
from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import pytest

import autograd
from autograd import CompileError, Value, compile, custom_gradient, grad, jvp, math, no_grad, ops, vmap

Point = namedtuple("Point", "x y")


def bits(x: Any) -> Any:
    """Return numbers in a form in which NaN equals NaN, and -0.0 differs from 0.0."""
    if isinstance(x, float):
        return x.hex()
    if isinstance(x, (list, tuple)):
        return type(x)([*map(bits, x)]) if not hasattr(x, "_fields") else tuple(map(bits, x))
    if isinstance(x, dict):
        return {key: bits(item) for key, item in x.items()}
    return x


def outcome(call: Callable[[], Any]) -> Any:
    """Return what a call returns, or the error that it raises."""
    try:
        return bits(call())
    except (ArithmeticError, ValueError) as error:
        return type(error), str(error).removeprefix("float ")  # "float division by zero" until Python 3.14


def said_of(function: Callable[[float], float], x: float) -> str:
    """Return the message with which this Python refuses a number."""
    with pytest.raises(ValueError, match=r".") as caught:
        function(x)
    return re.escape(str(caught.value))


# Functions whose control flow depends on numbers, each with points of many paths


def early_return(x: Any, y: Any) -> Any:
    if x < 0.0:
        return -x * y
    if y == 3.0:
        return x + y
    return x * y if x != y else math.exp(x)


def halvings(x: Any, y: Any) -> Any:
    total, count = y, 0
    while x > 1.0 and count < 60:
        x = x / 2.0
        total = total + x * y
        count += 1
    return total * count


def factorial(x: Any, y: Any) -> Any:
    return y if x <= 1.0 else x * factorial(x - 1.0, y)


def sorting(x: Any, y: Any) -> Any:
    total = 0.0  # without the builtin sum, which compensates rounding for floats since Python 3.12
    for weight, number in enumerate(sorted([x, y, x * y, x - y, math.sin(x)]), 1):
        total = total + weight * number
    return total


def extremes(x: Any, y: Any) -> Any:
    return max(x, y, x * y) - min(x, y, 0.5) + math.maximum(x, y) * math.minimum(x * x, y)


def questions(x: Any, y: Any) -> Any:
    if math.isclose(x, y, rel_tol=0.1):
        return x * x
    if math.isinf(x) or math.isnan(y):
        return y
    return math.copysign(x, y) if math.signbit(x) else x + y


def truth(x: Any, y: Any) -> Any:
    return (x or y) * ((y and 2.0 * x) or 1.0)


def newton(x: Any, y: Any) -> Any:
    root = x
    while abs(root * root - y * y - 1.0) > 1e-12 and math.isfinite(root):
        root = 0.5 * (root + (y * y + 1.0) / root)
    return root


def mantissa(x: Any, y: Any) -> Any:
    m, e = math.frexp(x)
    return m * y + e


def whole_numbers(x: Any, y: Any) -> Any:
    return x // y + x % y + round(x, 1) + math.floor(y) * x + abs(x) ** 1.5


def rounded_once(x: Any, y: Any) -> Any:
    terms = [x, y, -x, 1e-20 * y, x * y]
    return (
        math.fsum(terms)
        + math.hypot(x, y, 2.0)
        + math.dist([x, 1.0], [y, 2.0])
        + math.sumprod([x, y], [y, 0.1])
        + math.fma(x, y, -1.0)
    )


def stopped(x: Any, y: Any) -> Any:
    with no_grad():
        scale = x * y
    return scale * x + y.detach() * x if isinstance(y, Value) else scale * x + y * x


def soft(x: Any, y: Any) -> Any:
    a, b, c = math.softmax([x, y, x * y])
    return a * x + b - c * y + math.logsumexp(x, y, 1.0)


def mixed(x: Any, y: Any) -> Any:
    inner = autograd.grad(lambda t: t * t * y + x)(x)
    return inner * y + autograd.grad(math.tanh)(x)


GRID = [-3.0, -1.0, -0.5, 0.0, -0.0, 0.3, 1.0, 1.05, 2.0, 3.0, 7.5, 1e200]
FUNCTIONS = [
    early_return, halvings, factorial, sorting, extremes, questions, truth, newton, mantissa, whole_numbers,
    rounded_once, stopped, soft, mixed,
]  # fmt: skip


def points() -> list[tuple[float, float]]:
    grid = [(x, y) for x in GRID for y in GRID if abs(x) < 100.0 or abs(y) < 100.0]
    random.Random(1).shuffle(grid)
    return grid


@pytest.mark.parametrize("f", FUNCTIONS)
def test_any_control_flow_gives_what_the_function_gives(f: Callable[..., Any]) -> None:
    fast = compile(f, (0, 1), max_paths=1000)
    eager = autograd.value_and_grad(f, (0, 1))
    for point in points():
        if f is factorial and point[0] > 20.0:
            continue
        assert outcome(lambda: fast(*point)) == outcome(lambda: float(f(*point))), point  # noqa: B023
        assert outcome(lambda: fast.value_and_grad(*point)) == outcome(lambda: eager(*point)), point  # noqa: B023
    assert len(fast._recordings.signatures[0].paths) > 1 or f in (
        rounded_once,
        stopped,
        soft,
        mixed,
        whole_numbers,
    )


@pytest.mark.parametrize("backend", [None, "python", "numpy", "llvm"])
def test_the_vector_of_hvp_follows_what_is_differentiated_by(backend: str | None) -> None:
    def f(x: Any, a: Any, flag: bool = True) -> Any:
        return np.sum(a * x**3) if flag else np.sum(x**2)

    x, v, a = np.array([1.0, 2.0]), np.array([0.5, -1.0]), np.array([3.0, 5.0])
    fast = compile(f, backend=backend)
    for _ in range(3):  # at first by the long way, then by the short one
        np.testing.assert_allclose(fast.hvp(x, v, a), 6.0 * a * x * v, rtol=1e-14)
        np.testing.assert_allclose(fast.hvp(x, a, vector=v), 6.0 * a * x * v, rtol=1e-14)
        np.testing.assert_allclose(fast.hvp(x, v, a, False), 2.0 * v, rtol=1e-14)
    rechecked = compile(f, backend=backend, recheck=1)
    np.testing.assert_allclose(rechecked.hvp(x, v, a), 6.0 * a * x * v, rtol=1e-14)
    with pytest.raises(TypeError, match="it comes after the last argument that is differentiated by"):
        fast.hvp(x, 1.0, v)
    whole = compile(lambda x, n: x**n, backend=backend)
    for n in (2, 3, 4):  # a whole number that changes becomes an input
        assert whole.hvp(2.0, 1.0, n) == pytest.approx(n * (n - 1) * 2.0 ** (n - 2), rel=1e-14)


@pytest.mark.parametrize("f", FUNCTIONS)
@pytest.mark.parametrize("mode", ["jacobian", "hessian", "hvp"])
def test_other_derivatives_are_those_of_eager_execution(f: Callable[..., Any], mode: str) -> None:
    fast = compile(f, (0, 1), max_paths=1000)
    for point in [(0.3, 1.2), (2.0, 3.0), (7.5, -1.0), (-0.7, 0.4), (1.05, 1.0)]:
        vector = ((0.5, -2.0),) if mode == "hvp" else ()
        wanted = outcome(lambda: getattr(autograd, mode)(f, (0, 1))(*point, *vector))  # noqa: B023
        assert outcome(lambda: getattr(fast, mode)(*point, *vector)) == wanted, point  # noqa: B023


@pytest.mark.parametrize(
    ("f", "point"),
    [
        (math.hypot, (0.0, 0.0)),
        (lambda x, y: x**y, (0.0, 2.0)),
        (lambda x, y: x**y, (0.0, 0.0)),
        (math.elu, (800.0, 1.0)),
        (lambda x, y: math.elu(x * x, y) * math.elu(x * y, y), (800.0, 1.0)),
        (lambda x, y: math.maximum(x, y) * math.relu(x) ** 2, (0.0, 0.0)),
    ],
)
def test_what_a_choice_leaves_out_is_not_in_the_second_derivative(
    f: Callable[..., Any], point: tuple[float, float]
) -> None:
    """There, derivatives of the other choice are infinite, and 0 times infinity would be NaN."""
    fast = compile(f, (0, 1))
    assert bits(fast.hessian(*point)) == bits(autograd.hessian(f, (0, 1))(*point))
    assert bits(fast.hvp(*point, (1.0, 2.0))) == bits(autograd.hvp(f, (0, 1))(*point, (1.0, 2.0)))


def test_a_product_of_all_numbers_of_arguments_of_any_structure_has_the_gradient_of_eager_execution() -> None:
    def f(number: Any, pair: Any, named: Any, *more: Any, scale: float = 1.0) -> Any:
        product = number * scale
        for x in (*pair, *named["a"], named["b"].x, named["b"].y, named["c"].w, *more):
            product = product * x
        return product + number

    @dataclass
    class Weights:
        w: float
        name: str

    args = (2.0, [3.0, 4], {"a": (0.5, 2.0), "b": Point(1.5, 2.5), "c": Weights(7.0, "w")}, 1.25, 3.0)
    for argnums in (0, 1, (2, 0), (3, 4)):
        fast = compile(f, argnums)
        eager = autograd.value_and_grad(f, argnums)
        for _ in range(2):
            assert fast.value_and_grad(*args) == eager(*args)
            assert fast.value_and_grad(*args, scale=3.0) == eager(*args, scale=3.0)
        assert fast(*args) == f(*args)
        assert fast.hessian(*args) == autograd.hessian(f, argnums)(*args)


def test_other_numbers_in_the_same_structure_need_no_new_recording() -> None:
    calls = 0

    def f(p: Any) -> Any:
        nonlocal calls
        calls += 1
        return p["a"] * p["b"][0]

    fast = compile(f)
    for a in (1.0, 2.0, 3.0):
        assert fast.value_and_grad({"a": a, "b": [a + 1.0]}) == (a * (a + 1.0), {"a": a + 1.0, "b": [a]})
    assert calls == 2  # one to record, one to check
    assert fast.grad({"b": [4.0], "a": 3.0}) == {"b": [3.0], "a": 4.0}  # another order is another structure
    assert calls == 4


def test_flags_text_and_whole_numbers_that_are_not_differentiated_are_part_of_the_program() -> None:
    def f(x: Any, n: int, kind: str, double: bool = False) -> Any:
        y = x
        for _ in range(n):
            y = y * x
        return (2 * y if double else y) if kind == "power" else y + 1.0

    fast = compile(f)
    for n in (0, 1, 2, 3):
        for kind in ("power", "more"):
            for double in (False, True):
                for x in (1.5, 2.5):
                    assert fast.value_and_grad(x, n, kind, double=double) == autograd.value_and_grad(f)(
                        x, n, kind, double=double
                    )
    assert fast(2, 1, "power") == 4.0  # in a differentiated argument a whole number is a number
    assert fast.grad(2, 1, "power") == 4.0


def test_a_tuple_of_argnums_gives_a_tuple_and_negative_ones_count_from_the_end() -> None:
    def f(x: Any, y: Any) -> Any:
        return x * x * y

    assert compile(f, -1).grad(2.0, 3.0) == 4.0
    assert compile(f, (1,)).grad(2.0, 3.0) == (4.0,)
    assert compile(f, [1, 0]).grad(2.0, 3.0) == (4.0, 12.0)


def test_arrays_as_arguments_and_results_are_those_of_eager_execution() -> None:

    def f(a: Any, v: Any) -> Any:
        return np.exp(a @ v) * v[0]

    a, v = np.array([[1.0, 0.5], [0.25, -1.0]]), np.array([0.3, 0.7])
    fast = compile(f, (0, 1))
    for _ in range(2):
        assert np.array_equal(fast(a, v), f(a, v))
        for mine, eager in zip(fast.jacobian(a, v), autograd.jacobian(f, (0, 1))(a, v), strict=True):
            assert np.array_equal(mine, eager)
            assert mine.shape == eager.shape
    total = compile(lambda v: np.sum(v**3) * v[0])
    eager_total = lambda v: np.sum(v**3) * v[0]  # noqa: E731
    for x in (v, v[::-1], np.array([1, 2])):
        value, gradient = total.value_and_grad(x)
        wanted, slopes = autograd.value_and_grad(eager_total)(x)
        assert value == wanted
        assert np.array_equal(gradient, slopes)
        assert np.array_equal(total.hessian(x), autograd.hessian(eager_total)(x))
        assert np.array_equal(total.hvp(x, v), autograd.hvp(eager_total)(x, v))


def test_values_among_the_arguments_are_differentiated_through() -> None:
    fast = compile(lambda x: x**3)
    x = Value(2.0)
    y = fast(x) * 2.0
    y.backward()
    assert x.grad == 24.0
    assert autograd.grad(lambda x: fast(x) + fast.grad(x))(2.0) == 12.0 + 12.0
    outer = compile(lambda x: fast(x) * x)
    assert outer.value_and_grad(2.0) == (16.0, 32.0)


def test_numbers_of_values_from_outside_are_read_at_every_call() -> None:
    weight, bias = Value(2.0, label="w"), Value(1.0)
    fast = compile(lambda x: math.tanh(weight * x + bias) * 3.0)
    for data in (2.0, -1.0, 0.5):
        weight.data = data
        assert fast.value_and_grad(0.7) == autograd.value_and_grad(fast._f)(0.7)
    assert "w" in fast.source


def test_values_made_inside_are_constants() -> None:
    def f(x: Any) -> Any:
        half = Value(0.5)
        return x * half + half**2

    assert compile(f).value_and_grad(3.0) == (1.75, 0.5)
    assert not compile(f).record(3.0)._recordings.signatures[0].paths[0].captured


# What cannot be followed


def test_reading_data_is_an_error_that_shows_the_line() -> None:
    def f(x: Any) -> Any:
        scale = x.data if isinstance(x, Value) else x
        return x * scale

    with pytest.raises(CompileError, match=r'with \.data,.*\n.*File ".*test_compiling.py", line \d+, in f\n'):
        compile(f)(2.0)


def test_a_random_number_drawn_inside_is_an_error() -> None:
    with pytest.raises(CompileError, match="random number"):
        compile(lambda x: x * random.random())(2.0)


def test_a_global_that_changes_is_an_error() -> None:
    calls: list[float] = []

    def f(x: Any) -> Any:
        calls.append(1.0)
        return x * len(calls)

    with pytest.raises(CompileError, match="cannot be compiled"):
        compile(f).grad(2.0)


def test_without_the_check_the_function_is_called_once() -> None:
    calls: list[float] = []

    def f(x: Any) -> Any:
        calls.append(1.0)
        return x * x

    assert compile(f, check=False).grad(2.0) == 4.0
    assert len(calls) == 1


def test_a_function_with_a_gradient_of_its_own_is_part_of_a_program() -> None:
    @custom_gradient(lambda x: 2.0 * x)
    def square(x: Any) -> Any:
        return x * x

    f = compile(lambda x: square(x) + 1.0)
    assert [f(x) for x in (2.0, 3.0)] == [5.0, 10.0]
    assert [f.grad(x) for x in (2.0, 3.0)] == [4.0, 6.0]


def test_a_primitive_of_ones_own_is_followed(table_as_it_was: None) -> None:
    cauchy = ops.unary(
        "cauchy of a test",
        lambda x: 1.0 / (1.0 + x * x),
        lambda x, out: -2.0 * x * out * out,
        "Return 1 / (1 + x*x).",
    )
    f = lambda x: cauchy(x) * x  # noqa: E731
    fast = compile(f)
    for x in (0.5, -2.0, 3.0):
        assert fast.value_and_grad(x) == autograd.value_and_grad(f)(x)
        assert fast.hessian(x) == autograd.hessian(f)(x)
    with pytest.raises(ValueError, match="'cauchy_of_a_test' of your own cannot be written"):
        _ = fast.source


def test_a_new_path_at_every_call_is_an_error_at_the_limit() -> None:
    def f(x: Any) -> Any:
        count = 0
        while x > count:
            count += 1
        return x * count

    fast = compile(f, max_paths=5)
    for n in range(5):
        assert fast(n + 0.5) == (n + 0.5) * (n + 1)
    with pytest.raises(CompileError, match=r"5 different paths.*max_paths"):
        fast(5.5)
    assert fast(2.5) == 7.5


# Errors


def test_errors_are_those_of_the_function_itself() -> None:
    def f(x: Any, y: Any) -> Any:
        return math.log(x) / y + math.exp(x * y)

    fast = compile(f, (0, 1))
    fast.value_and_grad(1.0, 2.0)
    for x, y in [(-1.0, 2.0), (1.0, 0.0), (700.0, 2.0), (0.0, 1.0)]:
        for mode in (fast, fast.value_and_grad, fast.grad, fast.hessian):
            assert outcome(lambda: mode(x, y)) == outcome(lambda: f(x, y))  # noqa: B023
    assert fast(1.0, 2.0) == f(1.0, 2.0)


def test_an_operation_whose_result_is_not_used_raises_its_error_too() -> None:
    def f(x: Any) -> Any:
        math.sqrt(x)
        return x * x

    fast = compile(f)
    assert fast.grad(3.0) == 6.0
    with pytest.raises(ValueError, match=f"^{said_of(python_math.sqrt, -3.0)}$"):
        fast.grad(-3.0)


def test_a_derivative_that_is_infinite_raises_nothing() -> None:
    fast = compile(math.sqrt)
    assert fast.value_and_grad(4.0) == (2.0, 0.25)
    assert fast.value_and_grad(0.0) == (0.0, float("inf"))
    assert bits(compile(lambda x: 1.0 / x).value_and_grad(1e-200)) == bits((1e200, -float("inf")))


def test_a_function_that_raises_while_it_is_recorded_leaves_nothing_behind() -> None:
    fast = compile(math.log)
    with pytest.raises(ValueError, match=f"^{said_of(python_math.log, -1.0)}$"):
        fast(-1.0)
    assert fast.grad(2.0) == 0.5


@pytest.mark.parametrize(
    ("f", "message"),
    [(lambda x: [x, x], "jacobian"), (lambda x: None, "must return"), (lambda x: "text", "must return")],
)
def test_what_has_no_gradient_is_an_error(f: Callable[..., Any], message: str) -> None:
    with pytest.raises(TypeError, match=message):
        compile(f).grad(1.0)


def test_what_has_no_jacobian_is_an_error() -> None:
    fast = compile(lambda x: [x, "text"])
    assert fast(2.0) == [2.0, "text"]
    with pytest.raises(TypeError, match="must return real numbers"):
        fast.jacobian(2.0)


def test_options_are_checked() -> None:
    for options, error, message in [
        ({"backend": "cuda"}, ValueError, "'cuda'"),
        ({"errors": "ignore"}, ValueError, "'ignore'"),
        ({"max_paths": 0}, ValueError, "at least 1"),
        ({"max_paths": 2.5}, TypeError, "2.5"),
        ({"max_forms": 0}, ValueError, "max_forms must be at least 1"),
        ({"max_forms": True}, TypeError, "max_forms"),
        ({"argnums": "x"}, TypeError, "argnums"),
        ({"argnums": ()}, ValueError, "argnums"),
    ]:
        with pytest.raises(error, match=message):
            compile(lambda x: x, **options)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="takes a function, not 3"):
        compile(3)  # type: ignore[call-overload]
    with pytest.raises(TypeError, match="argnums=2"):
        compile(lambda x: x, argnums=2)(1.0)
    with pytest.raises(TypeError, match="hvp needs"):
        compile(lambda x: x * x).hvp(1.0)
    with pytest.raises(TypeError, match="vector"):
        compile(lambda x: x * x).hvp(1.0, [1.0, 2.0])
    with pytest.raises(ValueError, match="no mode 'all'"):
        compile(lambda x: x).record(1.0).to_c("all")


def test_source_and_c_need_a_recording() -> None:
    fast = compile(lambda x: x * x)
    assert "nothing has been recorded" in fast.report()
    with pytest.raises(RuntimeError, match="nothing has been recorded"):
        _ = fast.source
    with pytest.raises(RuntimeError, match="nothing has been recorded"):
        fast.to_c()


def test_functions_of_no_numbers_and_of_nothing() -> None:
    assert compile(lambda x: 3.0 * 1.0).value_and_grad(2.0) == (3.0, 0.0)
    assert compile(lambda x, flag: 1.0 if flag else 2.0).grad(1.0, True) == 0.0


@pytest.mark.parametrize("backend", ["numpy", "llvm"])
def test_without_numpy_the_error_names_the_extra(backend: str) -> None:
    program = (
        "import sys; sys.modules['numpy'] = None\n"
        "from autograd import compile\n"
        "print(compile(lambda x: x * x).grad(3.0))\n"
        f"compile(lambda x: x * x, backend={backend!r})(2.0)\n"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert run.stdout == "6.0\n"
    assert "ImportError: NumPy is needed" in run.stderr
    assert 'pip install "scalar-autograd[fast]", or in a clone pip install ".[fast]"' in run.stderr


def test_what_is_recorded_while_another_function_is_followed_is_no_part_of_that() -> None:
    inner = compile(lambda t: math.sin(t) if t > 1.0 else t)
    outer = compile(lambda x: x * inner(2.0), check=False).record(3.0)
    assert outer(3.0) == 3.0 * inner(2.0)
    (path,) = outer._recordings.signatures[0].paths
    assert [node.op for node in path.program.nodes] == ["input", "number", "*"]
    assert path.program.guards == {}


def test_an_argument_counted_from_the_end_is_another_one_where_there_are_more() -> None:
    def f(*numbers: Any) -> Any:
        return sum((i + 1) * x * x for i, x in enumerate(numbers))

    fast = compile(f, argnums=-1)
    for numbers in ((3.0,), (3.0, 5.0), (3.0,), (1.0, 2.0, 7.0), (3.0, 5.0)):
        assert fast.grad(*numbers) == grad(f, argnums=-1)(*numbers) == 2.0 * len(numbers) * numbers[-1]
        many = vmap(fast).grad(*[np.array([x]) for x in numbers])
        assert many.tolist() == [2.0 * len(numbers) * numbers[-1]]


@pytest.mark.parametrize(
    "f",
    [
        lambda x, y: grad(lambda a: a * y)(x),
        lambda x, y: x * grad(lambda a: a * a * y)(x),
        lambda x, y: math.atan2(grad(lambda a: a * x * y)(x), -1.0),
        lambda x, y: jvp(lambda a: a * y, (x,), (1.0,))[1],
    ],
)
def test_a_derivative_inside_is_never_minus_zero_whatever_was_recorded(f: Callable[..., Any]) -> None:
    fast = compile(f, argnums=(0, 1)).record(1.0, 2.0)
    zeros = (0.0, -0.0, 1.0, -1.0)
    for point in product(zeros, zeros):
        assert repr(fast(*point)) == repr(f(*point))


def test_recording_with_a_value_is_told_to_take_its_number() -> None:
    fast = compile(lambda x, y: x * y["a"])
    with pytest.raises(TypeError, match=re.escape("record() takes numbers, not Values")):
        fast.record(Value(2.0), {"a": 1.0})
    with pytest.raises(TypeError, match=re.escape("record(x.data)")):
        fast.record(2.0, {"a": Value(1.0)})
    assert fast.record(2.0, {"a": 3.0}).grad(2.0, {"a": 3.0}) == 3.0
