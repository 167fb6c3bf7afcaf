"""The numbers of live pages against the engine's: each operation at its edges, and random graphs of them."""

from __future__ import annotations

import json
import math
import random
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from selenium import webdriver
from straight_lines import same

from autograd import Value, walk
from autograd.engine import topological_order
from autograd.live.graph_program import GraphProgram
from autograd.live.page import data_of, edges_of
from autograd.ops import TABLE
from autograd.program.straight_line.program import Node, computed
from autograd.support.pages import resource

from .modules import called
from .test_js_in_browser import EXACT, PRIMITIVES, nearly, points_of, terms_of

BASIC = ("+", "-", "*", "/", "neg", "max", "min", "tanh", "relu", "sin")
"""What random graphs have much of, so that their numbers stay of a size that tells something."""

ANY = [name for name in PRIMITIVES if name != "fsum"]
"""All operations but the one that ends sums of more than two numbers."""

WHOLE = {"ldexp": 1, "polygamma": 0, "round_to": 1}
"""The operands that are whole numbers."""


def random_graph(draw: random.Random) -> Value:
    nodes = [Value(draw.uniform(-2.0, 2.0)) for _ in range(draw.randint(1, 4))]
    while len(nodes) < 24:
        name = draw.choice(ANY if draw.random() < 0.5 else BASIC)
        primitive = TABLE[name]
        operands: list[Any] = [draw.choice(nodes[-8:]) for _ in primitive.derivatives]
        if name in WHOLE:
            operands[WHOLE[name]] = float(draw.randint(0, 3))
        elif len(operands) == 2 and draw.random() < 0.3:
            operands[draw.randint(0, 1)] = draw.choice([0.5, 2.0, 3.0, -1.5])
        try:
            nodes.append(primitive(*operands))
        except (ValueError, ArithmeticError):
            continue
    total = nodes[-1]
    for node in nodes[-6:-1]:
        total = total + node
    return total


ALL = """
const model = new Model(DATA);
const KINDS = ["", "ValueError", "ZeroDivisionError", "OverflowError"];
export function all(x) {
  model.inputs = [...x];
  model.update();
  const faults = DATA.names.map((_, node) => KINDS.indexOf(model.faults.get(node) || ""));
  const unknown = DATA.names.map((_, node) => 1 - model.known[node]);
  return [model.values, model.locals, model.gradients, faults, unknown].flatMap((part) => [...part]);
}
"""


def on_a_page(
    window: webdriver.Chrome, value: Value, points: Callable[[int], Sequence[Sequence[float]]]
) -> None:
    """Hold the numbers of a graph on the page against the engine's, at points of as many leaves as it has."""
    steps = walk(value)
    edges, _ = edges_of(steps)
    program = GraphProgram(steps, edges)
    assert not program.fixed
    data = json.dumps(data_of(steps, edges, program, "en"))
    text = "\n".join([program.script, f"const DATA = {data};", resource("autograd.live", "model.js"), ALL])
    for answer in called(window, text, "all", points(len(program.leaves))):
        assert isinstance(answer, list), answer
        check(steps, edges, answer)


@pytest.mark.parametrize("name", PRIMITIVES)
def test_each_operation_gives_the_engines_numbers(window: webdriver.Chrome, name: str) -> None:
    """Its value, its error and its local derivatives, inside its domain, at the edges and beyond them."""
    primitive, draw = TABLE[name], random.Random(name)
    inside = [low + 0.4 * (high - low) for low, high in primitive.domain]
    places = points_of(name)
    if name not in WHOLE:
        on_a_page(
            window, primitive(*map(Value, inside)), lambda _: draw.sample(places, min(3000, len(places)))
        )
        return
    place = WHOLE[name]
    numbers = draw.sample([[point[1 - place]] for point in places], 300)
    for whole in (-3.0, 0.0, 1.0, 4.0) if name != "polygamma" else (0.0, 1.0, 4.0):
        operands: list[Any] = [Value(inside[1 - place])] * 2
        operands[place] = whole
        on_a_page(window, primitive(*operands), lambda _: numbers)


@pytest.mark.parametrize("seed", range(20))
def test_numbers_are_the_engines_for_random_graphs(window: webdriver.Chrome, seed: int) -> None:
    """Ten graphs at fifty settings: each node is held against the engine's for the operands of the page."""
    draw = random.Random(seed)
    for _ in range(10):
        on_a_page(window, random_graph(draw), lambda count: settings(draw, count))


def settings(draw: random.Random, count: int) -> list[list[float]]:
    edge = [0.0, -0.0, 1.0, -1.0, 5e-324, 1e308, -1e308, math.inf, -math.inf, math.nan]
    points = [[draw.uniform(-3.0, 3.0) for _ in range(count)] for _ in range(40)]
    return points + [[draw.choice(edge) for _ in range(count)] for _ in range(10)]


def check(steps: Any, edges: list[Any], answer: list[float]) -> None:
    count, kinds = steps.forward, ["", "ValueError", "ZeroDivisionError", "OverflowError"]
    values, locals_ = answer[:count], answer[count : count + len(edges)]
    gradients, faults, unknown = (answer[count + len(edges) + k * count :][:count] for k in range(3))
    lost: set[int] = set()
    for i, step in enumerate(steps[:count]):
        if not step.operation:
            continue
        if any(x.node in lost for x in step.operands):
            assert (faults[i], unknown[i]) == (0.0, 1.0)
            lost.add(i)
            continue
        operands = [x.data if x.node is None else values[x.node] for x in step.operands]
        try:
            right = float(computed(Node(step.operation), operands))
        except (ValueError, ArithmeticError) as error:
            told = kinds[int(faults[i])]
            assert told == type(error).__name__, (step.operation, operands)  # noqa: PT017
            lost.add(i)
            continue
        assert unknown[i] == 0.0, (step.operation, operands)
        ulps = 0.0 if step.operation in EXACT else 2.0
        close = abs(values[i] - right) <= 2.0 * math.ulp(terms_of(step.operation, operands))
        assert same(values[i], right, ulps) or close or nearly(values[i], step.operation, *operands), (
            step.operation,
            operands,
            values[i],
            right,
        )
    sums = [0.0] * (count - 1) + [1.0]
    for (node, operand, target), local in zip(edges, locals_, strict=True):
        if node not in lost:
            step = steps[node]
            operands = [x.data if x.node is None else values[x.node] for x in step.operands]
            primitive = TABLE[step.operation]
            expected_ = primitive.local(operand, tuple(operands), values[node])
            close = local == pytest.approx(expected_, rel=1e-14, abs=1e-300, nan_ok=True)
            if not close:
                lost_ = rounded(primitive.derivatives[operand], (*operands, values[node]))
                close = abs(local - expected_) <= lost_
            assert close, (step.operation, operand, operands, local, expected_)
        sums[target] += local * sums[node]
    assert all(same(x, y) for x, y in zip(gradients, sums, strict=True))


def rounded(rule: Callable[..., Any], operands: Sequence[float]) -> float:
    """How much the roundings in a rule may change its result, to first order.

    Each operation may be off by a unit in the last place of its own result, and one that browsers compute
    otherwise than C by two; how much of that arrives at the end is what `backward` finds. So a sum is held to
    the size of its terms.
    """
    result: Value = rule(*map(Value, operands))
    result.backward()
    nodes = [x for x in topological_order(result) if x.op]
    return sum(abs(x.grad) * math.ulp(x.data) * (1.0 if x.op in EXACT else 2.0) for x in nodes)
