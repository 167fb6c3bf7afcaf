"""The live page of functions against the functions themselves, at many settings."""

from __future__ import annotations

import json
import math
import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from selenium import webdriver
from straight_lines import same

from autograd import Value, checkpoint, grad, no_grad, value_and_grad
from autograd import math as math_
from autograd.engine import topological_order
from autograd.live.called import Called
from autograd.live.guarded_program import GuardedProgram
from autograd.live.page import data_of, edges_of
from autograd.steps import walk
from autograd.support.pages import resource

from .modules import called

taken: list[object] = []
"""Which ways a function went, as it notes itself."""


def here(way: object) -> None:
    taken.append(way)


def pieces(x: Any, y: Any) -> Any:
    if x < y:
        here("below")
        x = x + 2.0 * y
    if 0 < x < 2:
        here("between")
        return x * y
    here("left" if x <= 0 else "right")
    return x - y * y


def largest(x: Any, y: Any) -> Any:
    best, which = x, 0
    for i, each in enumerate([x * y, y - x, 1.0 + 0.0 * x]):
        if each > best:
            best, which = each, i + 1
        here(which)
    return best * best + x


def newton(x: Any, y: Any) -> Any:
    guess, target = y * y + 1.0, x * x + 1.0
    for _ in range(20):
        step = (guess * guess - target) / (2.0 * guess)
        guess = guess - step
        here("turn")
        if abs(step) < 1e-3:
            break
    return guess


def caught(x: Any, y: Any) -> Any:
    try:
        result = math_.log(x) * y
        here("log")
    except ValueError:
        result = x * y
        here("no log")
    with no_grad():
        scale = y * y + 1.0
    return result * scale + abs(x)


def truth(x: Any, y: Any) -> Any:
    n = math_.floor(x)
    here(bool(n))
    if n:
        here(bool(round(y) == n))
        if round(y) == n:
            return x * n
    return y * 3.0 + x


def equal(x: Any, y: Any) -> Any:
    if x == y:
        here("equal")
        return x * y
    if x != x or y != y:
        here("not a number")
        return x + y
    here("other")
    return x * 2.0 + y


def predicates(x: Any, y: Any) -> Any:
    here((bool(math_.isfinite(x)), bool(math_.isfinite(y))))
    if not math_.isfinite(x) or not math_.isfinite(y):
        return x + y
    if math_.isclose(x, y, rel_tol=0.3):
        here("close")
        return x * y
    here(math_.copysign(1.0, y) > 0.0)
    return x / y if math_.copysign(1.0, y) > 0.0 else math_.fsum([x, y, 0.5 * x])


def arrays(x: Any, y: Any) -> Any:
    both = np.array([x, y, x * y, 1.0 + 0.0 * x])
    here(int(np.argmax(both)))
    ordered = np.sort(both)
    here([*np.argsort(both)])
    chosen = np.where(both > 0.5, both * both, both / 2.0)
    here([*(both > 0.5)])
    return (chosen * ordered).sum() / x


def nested(x: Any, y: Any) -> Any:
    def inner(z: Any) -> Any:
        here(bool(z > y))
        return z * z * y if z > y else z * y

    return grad(inner)(x) + checkpoint(inner)(x)


ALL = """
const model = new GuardedModel(DATA);
export function all(x) {
  model.inputs = [...x];
  model.update();
  const gradients = DATA.leaves.map((leaf) => (leaf < model.count ? model.gradients[leaf] : 0));
  return [model.isWhole ? 1 : 0, model.stop ? 1 : 0, model.result, ...gradients];
}
"""
FUNCTIONS = [pieces, largest, newton, caught, truth, equal, predicates, arrays, nested]

INEXACT = [caught]  # whose logarithm browsers compute otherwise than C
CAREFUL = [predicates, arrays]  # what they call compares more than its outcome tells


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("f", FUNCTIONS, ids=lambda f: str(f.__name__))
def test_the_page_has_the_numbers_of_the_function_or_none(
    window: webdriver.Chrome, f: Callable[..., Any]
) -> None:
    draw = random.Random(7)
    special = [0.0, -0.0, 1.0, 2.0, float("nan"), float("inf"), -1e300]
    whole = 0
    for _ in range(8):
        start = {name: draw.choice([draw.uniform(-3.0, 3.0), 1.0]) for name in ("x", "y")}
        taken.clear()
        call = Called(f, (start["x"], start["y"]), {})
        recorded = [*taken]
        points = [[draw.uniform(-3.0, 3.0) for _ in range(2)] for _ in range(60)]
        points += [[draw.choice(special), draw.choice([*special, 0.7])] for _ in range(40)]
        points += [[x, x] for x, _ in points[:5]]
        points += [[x * draw.uniform(0.9, 1.1) for x in start.values()] for _ in range(20)]
        steps = walk(call.result)
        edges, _ = edges_of(steps)
        program = GuardedProgram(call, steps, edges)
        data = data_of(steps, edges, program, "en")
        names = [*[steps.name(i) for i in program.leaves], *[x.label for x in program.hidden]]
        scripts = [resource("autograd.live", name) for name in ("model.js", "guards.js")]
        text = "\n".join([program.script, f"const DATA = {json.dumps(data)};", *scripts, ALL])
        inputs = [[dict(zip("xy", point, strict=True))[name] for name in names] for point in points]
        for point, answer in zip(points, called(window, text, "all", inputs), strict=True):
            assert isinstance(answer, list), answer
            whole += answer[0] == 1.0
            check(f, dict(zip("xy", point, strict=True)), recorded, names, answer)
    assert whole > 50


def check(
    f: Callable[..., Any],
    point: dict[str, float],
    recorded: list[object],
    names: list[str],
    answer: list[float],
) -> None:
    taken.clear()
    try:
        value, gradient = value_and_grad(f, argnums=(0, 1))(point["x"], point["y"])
    except (ArithmeticError, ValueError):
        assert answer[0] == 0.0, point
        return
    if taken != recorded:  # an operation that raises here was caught by the function, perhaps
        assert answer[0] == 0.0, (point, taken, recorded)
        assert answer[1] == 1.0 or "no log" in taken, (point, taken, recorded)
        return
    if f in CAREFUL and answer[:2] == [0.0, 1.0]:
        return
    assert answer[:2] == [1.0, 0.0], (point, taken, recorded)
    ulps = 4.0 if f in INEXACT else 0.0
    close = abs(answer[2] - value) <= ulps * math.ulp(largest_term(f, **point))
    assert close or same(answer[2], value, ulps) or answer[2] == value == 0.0, point  # of either sign
    for name, its in zip(names, answer[3:], strict=True):
        assert its == pytest.approx(gradient["xy".index(name)], rel=1e-12, abs=1e-300, nan_ok=True), point


def largest_term(f: Callable[..., Any], x: float, y: float) -> float:
    """The largest of the numbers that a result is computed by, of whose roundings it has its own."""
    return max((abs(term.data) for term in topological_order(f(Value(x), Value(y)))), default=0.0)
