"""Graphs of a million nodes, and a thousand steps of training: nothing recurses, nothing leaks."""

from __future__ import annotations

import copy
import gc
import math
import pickle
import random
import sys
import threading
import tracemalloc
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from autograd import (
    Value,
    derivative,
    detect_anomaly,
    draw,
    grad,
    gradients,
    hessian,
    hvp,
    jacobian,
    jvp,
    nn,
    no_grad,
    topological_order,
    value_and_grad,
    vjp,
)

MILLION = 1_000_000

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def collector_off() -> Iterator[None]:
    """Memory must go back without the cyclic collector; it would also make these tests slow."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def in_a_small_stack(work: Callable[[], None]) -> None:
    """Run it on a thread. Python 3.13 itself needs more than 256 KiB to free anything nested, lists too."""
    size = threading.stack_size(1024 * 1024)
    try:
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    finally:
        threading.stack_size(size)


def test_a_chain_of_a_million_nodes() -> None:
    x = Value(0.5, label="x")
    y = x
    for _ in range(MILLION):
        y = y * 1.000001
    assert y.data == pytest.approx(0.5 * 1.000001**MILLION, rel=1e-9)
    y.backward()
    assert x.grad == pytest.approx(1.000001**MILLION, rel=1e-9)
    assert len(repr(y)) < 200

    pickled = pickle.loads(pickle.dumps(y))
    assert (pickled.data, len(topological_order(pickled))) == (y.data, MILLION + 1)
    del pickled
    copied = copy.deepcopy(y)
    copied.zero_grad()
    copied.backward()
    leaf = topological_order(copied)[0]
    assert (leaf.grad, leaf.label) == (x.grad, "x")
    assert leaf is not x
    del copied, leaf
    y.zero_grad()
    assert x.grad == 0.0
    del y  # frees the chain, a million deep


def test_a_sum_of_a_million_products() -> None:
    xs = [Value(1.0 + i % 7) for i in range(1000)]
    total = Value(0.0)
    for i in range(MILLION):
        total = total + xs[i % 1000] * xs[(i * 7) % 1000]
    exact = sum((1.0 + (i % 1000) % 7) * (1.0 + (i * 7 % 1000) % 7) for i in range(MILLION))
    assert total.data == exact
    total.backward()
    # The sum is a quadratic form, so Euler's identity gives sum of x * d/dx = 2 * total, in whole numbers.
    assert sum(x.data * x.grad for x in xs) == 2 * exact
    nodes = len(topological_order(total))
    assert nodes == 2 * MILLION + 1001
    assert len(topological_order(pickle.loads(pickle.dumps(total)))) == nodes
    assert len(topological_order(copy.deepcopy(total))) == nodes


def test_a_deep_graph_on_a_thread_with_a_small_stack() -> None:
    results: list[float] = []

    def work() -> None:
        x = Value(1.0)
        y = x
        for _ in range(200_000):
            y = y + x
        y.backward()
        results.append(copy.deepcopy(y).data)
        results.append(x.grad)
        del y

    in_a_small_stack(work)
    assert results == [200_001.0, 200_001.0]


def test_a_node_takes_no_more_than_130_bytes() -> None:
    x = Value(0.5)
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    y = x
    for _ in range(100_000):
        y = y * 1.0001
    used = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert used / 100_000 <= 130
    del y


STEPS = MILLION // 3


def damped(x: Any, steps: int = STEPS) -> Any:
    """Return x / (1 + x), by a chain of three nodes a step.

    Each step is x / (1 + c x) with c = 1 / steps, and such fractions compose by adding their c.
    """
    for _ in range(steps):
        x = x / (1.0 + x / steps)
    return x


VALUE, SLOPE, CURVATURE = 0.5 / 1.5, 1.0 / 1.5**2, -2.0 / 1.5**3


def close(x: float) -> Any:
    return pytest.approx(x, rel=1e-9)


def test_first_derivatives_through_a_million_nodes() -> None:
    assert grad(damped)(0.5) == close(SLOPE)
    assert value_and_grad(damped)(0.5) == (close(VALUE), close(SLOPE))
    assert derivative(damped)(0.5) == close(SLOPE)
    assert jacobian(lambda v: [damped(v[0]) * v[1], v[1]])([0.5, 2.0]) == [
        [close(2.0 * SLOPE), close(VALUE)],
        [0.0, 1.0],
    ]
    assert jvp(damped, (0.5,), (2.0,)) == (close(VALUE), close(2.0 * SLOPE))
    value, pull_back = vjp(damped, 0.5)
    assert (value, pull_back(1.0), pull_back(3.0)) == (close(VALUE), (close(SLOPE),), (close(3.0 * SLOPE),))


def test_second_derivatives_through_a_million_nodes() -> None:
    assert derivative(damped, 2)(0.5) == close(CURVATURE)
    assert grad(grad(damped))(0.5) == close(CURVATURE)

    def product(v: Any) -> Any:
        return damped(v[0]) * v[1]

    assert hessian(product)([0.5, 2.0]) == [
        [close(2.0 * CURVATURE), close(SLOPE)],
        [close(SLOPE), pytest.approx(0.0, abs=1e-12)],
    ]
    assert hvp(product)([0.5, 2.0], [1.0, 0.0]) == [close(2.0 * CURVATURE), close(SLOPE)]


def test_gradients_of_values_through_a_million_nodes() -> None:
    x = Value(0.5)
    y = damped(x)
    assert gradients(y, [x, y]) == [close(SLOPE), 1.0]
    slope = gradients(y, x, create_graph=True)
    assert slope.data == close(SLOPE)
    assert gradients(slope, x) == close(CURVATURE)
    assert x.grad == y.grad == 0.0
    slope.backward()
    assert x.grad == close(CURVATURE)


def test_anomalies_are_found_a_million_nodes_away() -> None:
    with detect_anomaly():
        assert grad(damped)(0.5) == close(SLOPE)

        def unbounded(x: Any) -> Any:
            return damped((x * 0.0).sqrt() + 0.5)  # whose slope at 0 is infinite

        with pytest.raises(FloatingPointError, match=r"the gradient through sqrt is inf[\s\S]*in unbounded"):
            grad(unbounded)(1.0)
    with no_grad():
        x = Value(0.5)
        assert damped(x).operands == ()


def test_what_looks_at_a_million_nodes_is_done_or_raises_in_seconds() -> None:
    x = Value(0.5)
    y = damped(x)
    assert f"{y:.6f}" == "0.333333"
    assert len(str(y)) < 100
    assert len(repr(y.operands)) < 200
    with pytest.raises(ValueError, match="more than 200000 Values, too many to draw"):
        draw(y)
    for reverse in (False, True):
        order = topological_order(y, reverse=reverse)
        assert len(order) == 3 * STEPS + 1
        assert order[0 if reverse else -1] is y
    del order
    shallow = copy.copy(y)
    assert shallow.operands[0] is y.operands[0]
    kept = pickle.loads(pickle.dumps({"y": y, "x": x, "slope": None}))
    assert gradients(kept["y"], kept["x"]) == close(SLOPE)
    twin = copy.deepcopy({"y": y, "x": x})
    assert gradients(twin["y"], twin["x"]) == close(SLOPE)
    x.data = 0.75
    with pytest.raises(RuntimeError, match="compute the result again"):
        gradients(y, x, create_graph=True)


def test_derivatives_of_deep_graphs_on_a_thread_with_a_small_stack() -> None:
    results: list[Any] = []

    def work() -> None:
        results.append(grad(damped)(0.5, 50_000))
        results.append(derivative(damped, 2)(0.5, 50_000))

    in_a_small_stack(work)
    assert results == [close(SLOPE), close(CURVATURE)]


def test_a_thousand_training_steps_keep_memory_flat() -> None:
    random.seed(0)
    model = nn.MLP(2, [4, 1])
    data = [((random.random(), random.random()), random.choice((-1.0, 1.0))) for _ in range(4)]

    def step() -> float:
        loss = sum((model(x) - y) ** 2 for x, y in data) + 1e-4 * sum(p * p for p in model.parameters())
        model.zero_grad()
        loss.backward()
        for p in model.parameters():
            p.data -= 0.01 * p.grad
        return float(loss.data)

    for _ in range(20):
        first = step()
    objects = len(gc.get_objects())
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    for _ in range(1000):
        last = step()
    growth = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert len(gc.get_objects()) <= objects + 20
    assert growth < 50_000  # a leak of one graph a step would be fifty megabytes
    assert last < first
    assert math.isfinite(last)


def test_the_recursion_limit_is_never_needed() -> None:
    limit = sys.getrecursionlimit()
    x = Value(1.0)
    y = x
    for _ in range(5000):
        y = -y
    sys.setrecursionlimit(100)
    try:
        y.backward()
        twin = pickle.loads(pickle.dumps(copy.deepcopy(copy.copy(y))))
        order = topological_order(twin)
        y.zero_grad()
    finally:
        sys.setrecursionlimit(limit)
    assert len(order) == 5001
