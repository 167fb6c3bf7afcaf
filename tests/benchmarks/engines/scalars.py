"""The eager works, written once for all engines whose numbers are scalars with operators.

An engine says how its numbers are made, differentiated and read; the arithmetic is the same for all.
"""

from __future__ import annotations

import gc
import random
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from ..memory import highest, resident
from ..works import (
    DECAY,
    STEPS,
    WIDTHS,
    Task,
    initial_parameters,
    learning_rate,
    points,
    rosenbrock,
    rosenbrock_points,
    score,
)


class Scalars(ABC):
    """An engine of scalars."""

    @abstractmethod
    def leaf(self, x: float) -> Any:
        """Return a number by which will be differentiated."""

    @abstractmethod
    def backward(self, y: Any) -> None:
        """Differentiate y by all leaves."""

    @abstractmethod
    def value(self, x: Any) -> float:
        """Return the value of a number."""

    @abstractmethod
    def gradient(self, x: Any) -> float:
        """Return the derivative by a leaf."""

    @abstractmethod
    def descend(self, parameters: list[Any], rate: float) -> None:
        """Take one step of gradient descent."""

    def relu(self, x: Any) -> Any:
        return x.relu()

    def data(self, x: float) -> Any:
        """Return a number of the data set, as the engine likes it."""
        return x

    def network(self) -> tuple[Callable[[Sequence[Any]], Any], list[Any]]:
        """Return micrograd's network at its start, and its parameters."""
        parameters = [self.leaf(p) for p in initial_parameters()]
        return partial(score, parameters, relu=self.relu), parameters

    def restart(self, parameters: list[Any]) -> None:  # noqa: B027  # most engines need nothing here
        """Make the parameters ready for the next step, their gradients forgotten."""

    def kept(self, y: Any) -> Any:
        """Return what a notebook keeps of a result while it makes the next: the graph with it."""
        return y

    def start(self) -> None:  # noqa: B027
        """Forget the graph before."""

    def record(self) -> None:  # noqa: B027
        """Begin a graph of the leaves that were made last."""

    def release(self) -> None:  # noqa: B027
        """Free what the names of a graph do not hold."""


class Values(Scalars):
    """An engine with the classes of micrograd, `Value` and `MLP`."""

    def __init__(self, value: Callable[[float], Any], mlp: Callable[[int, list[int]], Any]) -> None:
        self.make, self.mlp = value, mlp

    def leaf(self, x: float) -> Any:
        return self.make(x)

    data = leaf

    def backward(self, y: Any) -> None:
        y.backward()

    def value(self, x: Any) -> float:
        return float(x.data)

    def gradient(self, x: Any) -> float:
        return float(x.grad)

    def network(self) -> tuple[Callable[[Sequence[Any]], Any], list[Any]]:
        random.seed(1337)
        model = self.mlp(WIDTHS[0], list(WIDTHS[1:]))
        return model, model.parameters()

    def restart(self, parameters: list[Any]) -> None:
        for p in parameters:
            p.grad = 0.0

    def descend(self, parameters: list[Any], rate: float) -> None:
        for p in parameters:
            p.data -= rate * p.grad


class Expression:
    """The expression of micrograd's README."""

    def __init__(self, engine: Scalars) -> None:
        self.engine = engine

    def run(self) -> None:
        engine = self.engine
        self.made: tuple[Any, ...] = ()
        engine.start()
        a, b = engine.leaf(-4.0), engine.leaf(2.0)
        engine.record()
        c = a + b
        d = a * b + b**3
        c += c + 1
        c += 1 + c + (-a)
        d += d * 2 + engine.relu(b + a)
        d += 3 * d + engine.relu(b - a)
        e = c - d
        f = e**2
        g = f / 2.0
        g += 10.0 / f
        engine.backward(g)
        self.made = g, a, b

    def result(self) -> list[float]:
        self.run()
        g, a, b = self.made
        return [self.engine.value(g), self.engine.gradient(a), self.engine.gradient(b)]


class Gradient:
    """Rosenbrock's function of 20 numbers, recorded and differentiated."""

    def __init__(self, engine: Scalars) -> None:
        self.engine = engine
        (self.x,) = rosenbrock_points(1).tolist()

    def run(self) -> tuple[Any, list[float]]:
        engine = self.engine
        engine.start()
        leaves = list(map(engine.leaf, self.x))
        engine.record()
        y = rosenbrock(leaves)
        engine.backward(y)
        self.made = y
        return y, list(map(engine.gradient, leaves))

    def result(self) -> list[float]:
        y, gradient = self.run()
        return [self.engine.value(y), *gradient]


class Step:
    """The demo notebook of micrograd: each run is one step of its training."""

    def __init__(self, engine: Scalars, collector: bool = True) -> None:
        self.engine = engine
        self.collector = collector
        self.x, self.y = points()
        self.steps = 0
        self.model, self.parameters = engine.network()

    def run(self) -> None:
        if not self.collector:
            gc.disable()
        try:
            self.step()
        finally:
            gc.enable()

    def step(self) -> None:
        engine = self.engine
        engine.start()
        engine.restart(self.parameters)
        engine.record()
        inputs = [list(map(engine.data, row)) for row in self.x]
        scores = list(map(self.model, inputs))
        losses = [engine.relu(1 + -yi * score) for yi, score in zip(self.y, scores, strict=True)]
        data_loss = sum(losses) * (1.0 / len(losses))
        total = data_loss + DECAY * sum(p * p for p in self.parameters)
        engine.backward(total)
        engine.descend(self.parameters, learning_rate(self.steps))
        self.steps += 1
        self.total = engine.kept(total)

    def result(self) -> list[float]:
        losses = []
        for _ in range(STEPS):
            self.run()
            losses.append(self.engine.value(self.total))
        return losses + [self.engine.value(p) for p in self.parameters]


class Graph(ABC):
    """A large graph, built, differentiated and freed once; `measured` tells seconds and bytes a node."""

    def __init__(self, engine: Scalars, size: int) -> None:
        self.engine = engine
        self.size = size
        self.nodes = size
        self.numbers: list[float] = []
        self.measured: dict[str, float] = {}

    @abstractmethod
    def leaves(self) -> list[Any]:
        """Return what the graph is made of."""

    @abstractmethod
    def build(self, leaves: list[Any]) -> Any:
        """Return the result of the graph."""

    def run(self) -> None:
        gc.collect()
        before = resident()
        times = [time.perf_counter()]
        self.engine.start()
        leaves = self.leaves()
        self.engine.record()
        y = self.build(leaves)
        times.append(time.perf_counter())
        built = resident()
        times.append(time.perf_counter())
        self.engine.backward(y)
        times.append(time.perf_counter())
        peak = highest()
        self.numbers = [self.engine.value(y), *map(self.engine.gradient, leaves)]
        times.append(time.perf_counter())
        del y, leaves
        self.engine.release()
        times.append(time.perf_counter())
        self.measured |= {
            "forward": (times[1] - times[0]) / self.nodes,
            "backward": (times[3] - times[2]) / self.nodes,
            "free": (times[5] - times[4]) / self.nodes,
            "bytes": (built - before) / self.nodes,
            "peak bytes": (peak - before) / self.nodes,
        }

    def result(self) -> list[float]:
        """Return the numbers of a graph of this size, built for them."""
        self.run()
        return self.numbers


class Chain(Graph):
    """A graph as deep as it is large."""

    def leaves(self) -> list[Any]:
        return [self.engine.leaf(0.5)]

    def build(self, leaves: list[Any]) -> Any:
        (x,) = leaves
        y = x
        for _ in range(self.size // 2):
            y = y * x + x
        return y


class Products(Graph):
    """A sum of products of 100 numbers."""

    def __init__(self, engine: Scalars, size: int) -> None:
        super().__init__(engine, size)
        self.nodes = 2 * size

    def leaves(self) -> list[Any]:
        return [self.engine.leaf(0.1 * i) for i in range(100)]

    def build(self, leaves: list[Any]) -> Any:
        y = leaves[0] * leaves[0]
        for i in range(1, self.size):
            y = y + leaves[i % 100] * leaves[7 * i % 100]
        return y


class Sweep:
    """A chain built, differentiated and dropped again and again, for the cost against its length."""

    def __init__(self, engine: Scalars, size: int) -> None:
        self.engine = engine
        self.chain = Chain(engine, size)

    def run(self) -> None:
        self.differentiated()

    def differentiated(self) -> tuple[Any, list[Any]]:
        self.engine.start()
        leaves = self.chain.leaves()
        self.engine.record()
        y = self.chain.build(leaves)
        self.engine.backward(y)
        return y, leaves

    def result(self) -> list[float]:
        y, leaves = self.differentiated()
        return [self.engine.value(y), *map(self.engine.gradient, leaves)]


def works(engine: Scalars) -> dict[str, Callable[[int, str], Task]]:
    """Return what an engine of scalars can do."""
    return {
        "expression": lambda size, option: Task.of(Expression(engine)),
        "step": lambda size, option: Task.of(Step(engine)),
        "step, collector off": lambda size, option: Task.of(Step(engine, collector=False)),
        "chain": lambda size, option: Task.of(Chain(engine, size)),
        "gradient": lambda size, option: Task.of(Gradient(engine)),
        "graph": lambda size, option: Task.of(Sweep(engine, size)),
        "products": lambda size, option: Task.of(Products(engine, size)),
    }
