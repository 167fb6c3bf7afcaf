"""micrograd, by the classes of its own."""

from __future__ import annotations

import gc
import importlib
import random
import sys
from collections.abc import Callable, Sequence
from functools import partial
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
AS_IT_COMES = dict(WORKS)


def beyond_the_limit(name: str, size: int, option: str) -> Task:
    """Let it recurse, so that there is a number; as it comes, a depth of 1000 nodes is too much."""
    sys.setrecursionlimit(10_000_000)
    return AS_IT_COMES[name](size, option)


WORKS |= {name: partial(beyond_the_limit, name) for name in ("products", "graph")}


def versions() -> dict[str, str]:
    return {"micrograd": version("micrograd")}
