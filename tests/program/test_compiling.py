"""Compiled functions give what the function gives, bit for bit, whatever path its arguments take."""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from outcomes import bits, outcome

import autograd
from autograd import Value, compile, grad, jvp, math, no_grad


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
