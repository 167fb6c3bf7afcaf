"""PyTorch as its users write it: all points at once in arrays of 64 bits, differentiated each time."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

import numpy as np

from ..works import (
    DECAY,
    STEPS,
    Task,
    flattened,
    initial_parameters,
    layers,
    learning_rate,
    options,
    points,
    rosenbrock_points,
    summary,
)
from ..works import black_scholes as price

torch: Any = importlib.import_module("torch")


def rosenbrock(size: int, option: str) -> Task:
    x = torch.from_numpy(rosenbrock_points(size)).requires_grad_()

    def run() -> tuple[Any, Any]:
        left, right = x[:, :-1], x[:, 1:]
        values = (100.0 * (right - left**2) ** 2 + (1.0 - left) ** 2).sum(dim=1)
        (gradient,) = torch.autograd.grad(values.sum(), x)
        return values, gradient

    def result() -> list[float]:
        values, gradient = run()
        return summary(values.detach().numpy(), gradient.numpy())

    return Task(run, result)


def black_scholes(size: int, option: str) -> Task:
    numbers = [torch.from_numpy(row.copy()).requires_grad_() for row in options(size)]

    def run() -> tuple[Any, Any]:
        values = price(*numbers, math=torch)
        return values, torch.autograd.grad(values.sum(), numbers)

    def result() -> list[float]:
        values, greeks = run()
        return summary(values.detach().numpy(), np.stack(greeks, axis=1))

    return Task(run, result)


class Step:
    def __init__(self) -> None:
        self.x, self.y = (torch.tensor(data, dtype=torch.float64) for data in points())
        network = layers(np.array(initial_parameters()))
        self.network = [tuple(torch.tensor(p).requires_grad_() for p in layer) for layer in network]
        self.parameters = [p for layer in self.network for p in layer]
        self.steps = 0

    def run(self) -> Any:
        x = self.x
        for w, b in self.network[:-1]:
            x = torch.relu(torch.nn.functional.linear(x, w, b))
        scores = torch.nn.functional.linear(x, *self.network[-1])[:, 0]
        decay = sum((p**2).sum() for p in self.parameters)
        loss = torch.relu(1.0 - self.y * scores).mean() + DECAY * decay
        slopes = torch.autograd.grad(loss, self.parameters)
        with torch.no_grad():
            for p, g in zip(self.parameters, slopes, strict=True):
                p.sub_(g, alpha=learning_rate(self.steps))
        self.steps += 1
        return loss

    def result(self) -> list[float]:
        losses = [float(self.run().detach()) for _ in range(STEPS)]
        return losses + flattened([(w.detach().numpy(), b.detach().numpy()) for w, b in self.network])


WORKS: dict[str, Callable[[int, str], Task]] = {
    "replayed step": lambda size, option: Task.of(Step()),
    "rosenbrock": rosenbrock,
    "black-scholes": black_scholes,
}


def versions() -> dict[str, str]:
    return {"torch": torch.__version__}
