"""Graphs whose walks the tests of the player show."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest

from autograd import Value

from .headless import Player
from .live_page import neuron


def shared() -> Value:
    x, y = Value(3.0, label="x"), Value(-2.0, label="y")
    square = x * x
    result = 2 * square + x / y - (square * y).exp() * 0.001 + x.leaky_relu(0.25) / 3e9
    result.label = "L"
    return result


def not_finite() -> Value:
    x = Value(0.0, label="x")
    return x.sqrt() * Value(math.inf, label="y") + Value(math.nan)


def labelled() -> Value:
    """Return a graph with labels that a page must not act on, and some that are wide."""
    labels = [
        "</script><script>window.attacked = 1</script>", "<img src=x onerror='window.attacked = 1'>",
        '"&quot;\'', "学习率学习率学习率学习率学习率", "🙂👩‍🔬🙂👩‍🔬🙂👩‍🔬🙂👩‍🔬",
        "W" * 300, "one\ntwo", "a\u2028b", "layers[0].neurons[3].w[1]",
    ]  # fmt: skip
    result = Value(1.2345678e-123, label="tiny")
    for i, label in enumerate(labels):
        result = result * Value(-1.23456e-7 * (i + 1), label=label)
        result.label = f"{label} * …"
    return result


def large() -> Value:
    """Return a result of about 200 nodes."""
    nodes = [Value(math.sin(i), label=f"input_{i}") for i in range(30)]
    result = nodes[0]
    for i in range(56):
        product = nodes[i % len(nodes)] * nodes[(7 * i + 3) % len(nodes)]
        nodes.append(product)
        result = result + product.tanh()
    return result


GRAPHS = [neuron, shared, not_finite, labelled, large]
every_graph = pytest.mark.parametrize("graph", GRAPHS, ids=lambda graph: str(graph.__name__))


Open = Callable[..., Player]
