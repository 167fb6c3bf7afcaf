"""Programs in JavaScript as Chromium runs them, held against the engine, number by number."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from loop_functions import FUNCTIONS, LISTS, derived, point_of, recorded, with_loops
from loop_programs import BY_HAND, NESTED
from many_numbers import exactly, spread, whole
from mpmath import mp
from selenium import webdriver
from straight_lines import of_one, same

from autograd import compile, ops
from autograd import math as amath
from autograd.ops import TABLE
from autograd.program.js.source import to_js
from autograd.program.straight_line.program import RELATIONS, Node, Program, computed

from .modules import called

inf, nan = math.inf, math.nan

LARGEST, SMALLEST = 1.7976931348623157e308, 5e-324
AWKWARD = [
    0.0, SMALLEST, 1e-310, 2.2250738585072014e-308, 1e-200, 1e-20, 1e-10, 1e-3, 0.1, 0.125, 0.3, 0.5,
    0.9999999999999999, 1.0, 1.0000000000000002, 1.5, math.pi / 2, 2.0, 2.5, 2.675, 3.0, math.pi, 7.0, 20.5,
    22.0, 23.0, 35.08, 37.5, 38.51, 170.0, 171.0, 323.0, 700.0, 709.0, 710.0, 712.0, 745.14, 745.5, 1000.0,
    1024.0, 1074.0, 12345.678, 4503599627370497.0, 9007199254740992.0, 1e22, 1e200, 1e308, LARGEST, inf,
]  # fmt: skip
AWKWARD += [-x for x in AWKWARD]
AWKWARD.append(nan)

PRIMITIVES = {name: primitive for name, primitive in TABLE.items() if primitive.home == ops.sin.home}
EXACT = {
    "+", "-", "*", "/", "neg", "identity", "abs", "fabs", "sqrt", "root", "fsum", "copysign", "sign", "fmod",
    "remainder", "ldexp", "fraction", "whole", "nextafter", "ulp", "floor", "ceil", "trunc", "round",
    "round_to", "relu", "leaky_relu", "max", "min", "fmax", "fmin",
    "clip_below", "clip_above", "//", "%", "degrees",
    "radians",
}  # fmt: skip
"""Primitives that are the engine's to the last bit."""


def points_of(name: str) -> list[tuple[float, ...]]:
    draw = random.Random(name)
    count = len(PRIMITIVES[name].derivatives)
    numbers = [*AWKWARD, *(draw.uniform(-30.0, 30.0) for _ in range(15))]
    if count == 1:
        numbers += [draw.uniform(-1.0, 1.0) * 10.0 ** draw.randint(-300, 300) for _ in range(500)]
        for low, high in [*PRIMITIVES[name].domain, (-2.0, 2.0), (-40.0, 40.0)]:
            numbers += [draw.uniform(low, high) for _ in range(1500)]
        return [(x,) for x in numbers]
    points = list(product(numbers, repeat=2))
    (low, high), (other_low, other_high) = PRIMITIVES[name].domain
    points += [(draw.uniform(low, high), draw.uniform(other_low, other_high)) for _ in range(1000)]
    if name == "ldexp":
        return [(x, y) for x, y in points if y % 1.0 == 0.0]  # a TypeError in Python elsewhere
    if name == "polygamma":
        points += [(float(n), draw.uniform(-5.0, 40.0)) for n in range(6) for _ in range(100)]
        return [(n, x) for n, x in points if n < 30.0 or n > 170.0 or n % 1.0]
    return points


def terms_of(name: str, operands: Sequence[float]) -> float:
    """The size of what a primitive is a sum of, where that cancels; 0 elsewhere."""
    x = operands[0]
    if name in ("lgamma", "digamma"):
        # what Python's algorithms lose near a zero
        return 8.0 * max(1.0, abs(math.log(abs(x)))) if x and math.isfinite(x) else 0.0
    if name == "polygamma" and operands[1] < 0.0:
        if not math.isfinite(operands[1]) or operands[1] % 1.0 == 0.0:
            return 0.0
        order = operands[0]  # the terms of the reflection, of which the cotangent's is the larger one
        distance = abs(operands[1] - round(operands[1]))
        if not 0.0 <= order < 30.0:
            return 0.0
        size = math.lgamma(order + 1.0) - (order + 1.0) * math.log(distance or 1.0)
        return 8.0 * (order + 1.0) * math.exp(min(size, 600.0))
    if name in ("gelu′", "silu′"):
        return 0.5 if -40.0 < x < 0.0 else 0.0
    if name == "logaddexp":
        return max(map(abs, operands))
    return 0.0


@pytest.mark.parametrize("name", [*PRIMITIVES])
def test_a_primitive_gives_what_the_engine_gives(window: webdriver.Chrome, name: str) -> None:
    points = points_of(name)
    answers = called(window, to_js(of_one(name, len(points[0]), ieee=True)), "value", points)
    ulps = 0.0 if name in EXACT else 2.0
    for operands, answer in zip(points, answers, strict=True):
        expected = computed(Node(name, ieee=True), operands)
        close = abs(answer[0] - expected) <= 2.0 * math.ulp(terms_of(name, operands))
        right = 1e-300 < abs(expected) < 1e300 and nearly(answer[0], name, *operands)
        assert same(answer[0], expected, ulps) or close or right, (operands, answer, expected)


BETTER: dict[str, Callable[..., Any]] = {
    "erfc": mp.erfc,
    "gelu": lambda x: 0.5 * x * mp.erfc(-float(x) * math.sqrt(0.5) if x >= -5.0 else -x * mp.sqrt(0.5)),
    "cbrt": lambda x: mp.sign(x) * mp.cbrt(abs(x)),
}
"""Primitives that C libraries have with errors of more than 2 units; these may be right to 1.5 instead."""


def nearly(x: float, name: str, *operands: float) -> bool:
    """Say whether a number is right to 1.5 units, where C libraries may not be."""
    if name not in BETTER or not all(map(math.isfinite, [x, *operands])):
        return False
    with mp.workdps(40):
        exact = BETTER[name](*map(mp.mpf, operands))
        return bool(abs(mp.mpf(x) - exact) <= 1.5 * math.ulp(float(exact)))


@pytest.mark.parametrize("name", [name for name, x in PRIMITIVES.items() if not x.never_raises])
def test_an_operation_throws_where_python_raises(window: webdriver.Chrome, name: str) -> None:
    points = points_of(name)
    answers = called(window, to_js(of_one(name, len(points[0]))), "value", points)
    for operands, answer in zip(points, answers, strict=True):
        expected = outcome(Node(name), operands)
        if isinstance(expected, float):
            assert isinstance(answer, list), (operands, answer)
        else:
            assert isinstance(answer, dict), (operands, expected, answer)
            assert (answer["name"], answer["operation"]) == (expected, name), operands
            assert [*map(float, answer["operands"])] == pytest.approx([*operands], rel=0.0, nan_ok=True)


def outcome(node: Node, operands: Sequence[float]) -> float | str:
    """What Python gives, or the kind of error that it raises."""
    try:
        return float(computed(node, operands))
    except (ValueError, ArithmeticError) as error:
        return type(error).__name__


@pytest.mark.parametrize("relation", sorted(RELATIONS))
def test_comparisons_choose_as_python_does(window: webdriver.Chrome, relation: str) -> None:
    program = Program("ab")
    condition = program.add(relation, 0, 1)
    program.outputs = (program.add("where", condition, program.number(1.0), program.number(2.0)),)
    points = list(product([-inf, -1.0, -0.0, 0.0, 1.0, inf, nan], repeat=2))
    answers = called(window, to_js(program), "value", points)
    assert answers == [program.run(point) for point in points]


# Operations on many numbers


@pytest.mark.parametrize("count", [1, 2, 3, 17])
def test_sums_and_sums_of_products_are_rounded_once(window: webdriver.Chrome, count: int) -> None:
    draw = random.Random(count)
    points = [spread(draw, 2 * count, exponents) for exponents in [0, 10, 60, 300, 500] * 20]
    sums = called(window, to_js(whole("fsum", 2 * count)), "value", points)
    products = called(window, to_js(whole("sumprod", 2 * count)), "value", points)
    lengths = called(window, to_js(whole("hypot", 2 * count)), "value", points)
    for point, total, product_, length in zip(points, sums, products, lengths, strict=True):
        assert total == [math.fsum(point)]
        exact = sum(
            (Fraction(x) * Fraction(y) for x, y in zip(point[:count], point[count:], strict=True)), Fraction()
        )
        assert product_ == [exactly(exact)], point
        assert same(length[0], math.hypot(*point), 1.0), point


def test_fma_is_rounded_once_and_throws_as_python(window: webdriver.Chrome) -> None:
    draw = random.Random(4)
    points = [spread(draw, 3, exponents) for exponents in [0, 10, 60, 500] * 50]
    points += [
        list(point)
        for point in product([0.0, -0.0, 5e-324, 1e-200, -1e200, LARGEST, inf, -inf, nan], repeat=3)
    ]
    for point, answer in zip(points, called(window, to_js(whole("fma", 3)), "value", points), strict=True):
        expected = outcome(Node("fma…"), point)
        if isinstance(expected, float):
            assert isinstance(answer, list), (point, answer)
            assert same(answer[0], expected), (point, answer)
        else:
            assert isinstance(answer, dict), (point, answer)
            assert answer["name"] == expected, point


def test_choices_and_steps_between_numbers(window: webdriver.Chrome) -> None:
    places = [(0.0, 1.5, 2.5), (1.0, 1.5, 2.5), (-3.0, 1.5, 2.5), (7.0, 1.5, 2.5)]
    assert called(window, to_js(whole("gather", 3)), "value", places) == [[1.5], [2.5], [1.5], [2.5]]
    for x, y, steps in product(
        [0.0, -0.0, 1.0, -5e-324, LARGEST, inf, nan], [0.0, -1.0, inf, nan], [0.0, 1.0, 3.0, 1e30]
    ):
        [answer] = called(window, to_js(whole("nextafter", 2, steps)), "value", [(x, y)])
        assert same(answer[0], computed(Node("nextafter…"), (x, y, steps))), (x, y, steps)


# Functions and loops


CASES = [
    ("garch", "value_and_grad"), ("guarded", "value_and_grad"), ("epidemic", "value"),
    ("rosenbrock", "value_and_grad"), ("autoregression", "hessian"), ("several", "hessian"),
    ("of_lengths", "value_and_grad"), ("two_arrays", "hvp"), ("early_turns", "hvp"),
    ("even_and_odd", "hessian"), ("nested", "value_and_grad"), ("choices", "value_and_grad"),
    ("detached", "hvp"), ("inner_derivative", "value_and_grad"), ("unused", "hvp"),
    ("backwards", "value_and_grad"), ("pairs", "hvp"), ("whole_sums", "value_and_grad"),
    ("filtered", "value"), ("each_squared", "value"),
    ("third_order", "value"), ("powers", "value_and_grad"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "mode"), CASES)
def test_loops_give_what_straight_lines_give(window: webdriver.Chrome, name: str, mode: str) -> None:
    made = (FUNCTIONS | LISTS)[name](60)
    program = recorded(made)
    loops = with_loops(program, mode)
    assert loops is not None
    at = point_of(made, mode)
    points = [at, [x * 0.9 + 0.01 for x in at]]
    texts = to_js(loops), to_js(derived(program, mode))
    assert "for (let" in texts[0]
    assert len(texts[0]) < len(texts[1])
    by_loops, by_lines = [called(window, text, "value", points) for text in texts]
    assert repr([_kind(x) for x in by_loops]) == repr([_kind(x) for x in by_lines])


def _kind(answer: Any) -> Any:
    return answer["name"] if isinstance(answer, dict) else answer


@pytest.mark.parametrize("name", BY_HAND)
def test_loops_written_down_by_hand(window: webdriver.Chrome, name: str) -> None:
    program = BY_HAND[name]()
    points = [[0.75, 1.5, 3.0, 0.1], [2.0, 0.5, -0.25, 1.0], [0.3, 3.0, 0.5, -1.0], [5e5, 1.0, 1.0, 1.0]]
    points = [point[: len(program.inputs)] for point in points]
    for point, answer in zip(points, called(window, to_js(program), "value", points), strict=True):
        expected = program.run(point)
        assert (answer is None) == (expected is None)
        assert answer is None or answer == pytest.approx(expected, rel=1e-15)


@pytest.mark.parametrize("name", NESTED)
def test_loops_in_loops(window: webdriver.Chrome, name: str) -> None:
    program = NESTED[name]()
    draw = random.Random(name)
    points = [[draw.uniform(-1.0, 2.0) for _ in program.inputs] for _ in range(9)]
    assert called(window, to_js(program), "value", points) == [program.run(point) for point in points]


def branching(x: Any, y: Any) -> Any:
    z = x * y
    if z > 2.0:
        return amath.log(z - 3.0) + x
    return amath.sigmoid(z) - y / x


def test_a_module_has_the_paths_and_the_errors_of_the_function(window: webdriver.Chrome) -> None:
    f = compile(branching).record(2.0, 3.0)
    text = f.to_js()
    assert called(window, text, "value", [(1.0, 1.0)]) == [None]
    f.record(1.0, 1.0)
    text = f.to_js()
    points = [(2.0, 3.0), (1.0, 1.0), (-1.0, 4.0), (7.0, 2.5)]
    for point, value, both in zip(
        points,
        called(window, text, "value", points),
        called(window, text, "valueAndGrad", points),
        strict=True,
    ):
        expected, gradient = f.value_and_grad(*point)
        assert value == pytest.approx([expected], rel=1e-15)
        assert both == pytest.approx([expected, gradient], rel=1e-14)
    raised = called(window, text, "valueAndGrad", [(1.0, 2.5), (0.0, 1.0), (1.0, 2.5, 3.0)])
    assert [x["name"] for x in raised] == ["ValueError", "ZeroDivisionError", "TypeError"]
    assert raised[0]["operation"] == "log"
    assert raised[0]["operands"] == ["-0.5"]


def test_all_modes_are_functions_of_the_module(window: webdriver.Chrome) -> None:
    f = compile(lambda x: amath.exp(x[0]) * x[1] * x[1] + amath.sin(x[0] * x[1])).record([0.5, 1.5])
    text = f.to_js("value", "grad", "hessian", "hvp", "jacobian")
    point, vector = [0.3, -1.2], [0.5, 2.0]
    gradient, hessian = f.grad(point), f.hessian(point)
    assert called(window, text, "grad", [point]) == [pytest.approx(gradient, rel=1e-14)]
    assert called(window, text, "jacobian", [point]) == [pytest.approx(gradient, rel=1e-14)]
    assert called(window, text, "hessian", [point]) == [pytest.approx([*hessian[0], *hessian[1]], rel=1e-14)]
    along = [a * vector[0] + b * vector[1] for a, b in hessian]
    assert called(window, text, "hvp", [[*point, *vector]]) == [pytest.approx(along, rel=1e-13)]


def test_an_error_that_the_function_catches_is_another_path(window: webdriver.Chrome) -> None:
    def careful(x: Any) -> Any:
        try:
            return amath.log(x)
        except ValueError:
            return -x

    f = compile(careful).record(-1.0)
    assert called(window, f.to_js("value"), "value", [(-3.0,), (1.0,)]) == [[3.0], None]
    f.record(2.0)
    assert called(window, f.to_js("value"), "value", [(-3.0,), (1.0,)]) == [[3.0], [0.0]]
