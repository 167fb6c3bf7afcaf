"""This engine, eager: compiled or in pure Python, as it is installed."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from importlib.metadata import version
from typing import Any

import autograd
from autograd import Value, nn

from ..works import WIDTHS
from . import scalars


class Ours(scalars.Scalars):
    def leaf(self, x: float) -> Value:
        return Value(x)

    data = leaf

    def backward(self, y: Value) -> None:
        y.backward()

    def value(self, x: Value) -> float:
        return x.data

    def gradient(self, x: Value) -> float:
        return x.grad

    def network(self) -> tuple[Callable[[Sequence[Any]], Any], list[Any]]:
        random.seed(1337)
        model = nn.MLP(WIDTHS[0], list(WIDTHS[1:]))
        return model, model.parameters()

    def restart(self, parameters: list[Value]) -> None:
        for p in parameters:
            p.grad = 0.0

    def descend(self, parameters: list[Value], rate: float) -> None:
        for p in parameters:
            p.data -= rate * p.grad


WORKS = scalars.works(Ours())


def versions() -> dict[str, str]:
    form = "compiled" if getattr(autograd, "compiled", False) else "pure Python"
    return {f"scalar-autograd, {form}": version("scalar-autograd")}
