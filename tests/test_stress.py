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
from collections.abc import Iterator

import pytest

from autograd import Value, nn, topological_order

MILLION = 1_000_000

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def collector_off() -> Iterator[None]:
    """Memory must go back without the cyclic collector; it would also make these tests slow."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


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

    # Python 3.13 itself needs more than 256 KiB to free anything nested, plain lists too.
    size = threading.stack_size(1024 * 1024)
    try:
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    finally:
        threading.stack_size(size)
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
