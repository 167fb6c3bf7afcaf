"""What compiled functions can follow and what not, and errors, which are those of the function."""

from __future__ import annotations

import math as python_math
import random
import re
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from outcomes import bits, outcome

import autograd
from autograd import CompileError, Value, compile, custom_gradient, math, ops


def said_of(function: Callable[[float], float], x: float) -> str:
    """Return the message with which this Python refuses a number."""
    with pytest.raises(ValueError, match=r".") as caught:
        function(x)
    return re.escape(str(caught.value))


# What is followed, and what cannot be


def test_reading_data_is_an_error_that_shows_the_line() -> None:
    def f(x: Any) -> Any:
        scale = x.data if isinstance(x, Value) else x
        return x * scale

    with pytest.raises(
        CompileError, match=r'with \.data,.*\n.*File ".*test_compiling_errors.py", line \d+, in f\n'
    ):
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


def test_what_is_recorded_while_another_function_is_followed_is_no_part_of_that() -> None:
    inner = compile(lambda t: math.sin(t) if t > 1.0 else t)
    outer = compile(lambda x: x * inner(2.0), check=False).record(3.0)
    assert outer(3.0) == 3.0 * inner(2.0)
    (path,) = outer._recordings.signatures[0].paths
    assert [node.op for node in path.program.nodes] == ["input", "number", "*"]
    assert path.program.guards == {}


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
