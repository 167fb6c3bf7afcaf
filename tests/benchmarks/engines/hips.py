"""HIPS autograd, which differentiates functions: its numbers are NumPy's."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from importlib.metadata import version
from typing import Any

from ..works import DECAY, STEPS, Task, initial_parameters, learning_rate, points, score

hips: Any = importlib.import_module("autograd")
numpy: Any = importlib.import_module("autograd.numpy")


def relu(x: Any) -> Any:
    return numpy.maximum(x, 0.0)


def readme(ab: Sequence[Any]) -> Any:
    """Return the expression of micrograd's README."""
    a, b = ab
    c = a + b
    d = a * b + b**3
    c = c + c + 1
    c = c + 1 + c + (-a)
    d = d + d * 2 + relu(b + a)
    d = d + 3 * d + relu(b - a)
    e = c - d
    f = e**2
    return f / 2.0 + 10.0 / f


def expression(size: int, option: str) -> Task:
    def run() -> tuple[Any, list[Any]]:
        found: tuple[Any, list[Any]] = hips.value_and_grad(readme)([-4.0, 2.0])
        return found

    def result() -> list[float]:
        value, gradient = run()
        return [float(value), *map(float, gradient)]

    return Task(run, result)


class Step:
    def __init__(self) -> None:
        self.x, self.y = points()
        self.parameters = initial_parameters()
        self.steps = 0
        self.gradient = hips.value_and_grad(self.loss)

    def loss(self, parameters: Sequence[Any]) -> Any:
        parameters = list(parameters)
        losses = [relu(1 + -yi * score(parameters, x, relu)) for x, yi in zip(self.x, self.y, strict=True)]
        return sum(losses) * (1.0 / len(losses)) + DECAY * sum(p * p for p in parameters)

    def run(self) -> float:
        loss, gradient = self.gradient(self.parameters)
        rate = learning_rate(self.steps)
        self.parameters = [p - rate * g for p, g in zip(self.parameters, gradient, strict=True)]
        self.steps += 1
        return float(loss)

    def result(self) -> list[float]:
        return [*(self.run() for _ in range(STEPS)), *map(float, self.parameters)]


WORKS: dict[str, Callable[[int, str], Task]] = {
    "expression": expression,
    "step": lambda size, option: Task.of(Step()),
}


def versions() -> dict[str, str]:
    return {"HIPS autograd": version("autograd")}
