"""micrograd, by the classes of its own."""

from __future__ import annotations

import gc
import importlib
import random
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import version
from typing import Any

from ..works import WIDTHS, Task
from . import scalars

engine: Any = importlib.import_module("micrograd.engine")
nn: Any = importlib.import_module("micrograd.nn")


class Micrograd(scalars.Scalars):
    def leaf(self, x: float) -> Any:
        return engine.Value(x)

    data = leaf

    def backward(self, y: Any) -> None:
        y.backward()

    def value(self, x: Any) -> float:
        return float(x.data)

    def gradient(self, x: Any) -> float:
        return float(x.grad)

    def network(self) -> tuple[Callable[[Sequence[Any]], Any], list[Any]]:
        random.seed(1337)
        model = nn.MLP(WIDTHS[0], list(WIDTHS[1:]))
        return model, model.parameters()

    def restart(self, parameters: list[Any]) -> None:
        for p in parameters:
            p.grad = 0

    def descend(self, parameters: list[Any], rate: float) -> None:
        for p in parameters:
            p.data -= rate * p.grad

    def release(self) -> None:
        gc.collect()  # its closures and its nodes hold each other


WORKS = scalars.works(Micrograd())
products = WORKS["products"]


def products_beyond_the_limit(size: int, option: str) -> Task:
    """Let it recurse, so that there is a number of bytes to compare; as it comes, 1000 nodes are too deep."""
    sys.setrecursionlimit(1_000_000)
    return products(size, option)


WORKS["products"] = products_beyond_the_limit


def versions() -> dict[str, str]:
    return {"micrograd": version("micrograd")}
