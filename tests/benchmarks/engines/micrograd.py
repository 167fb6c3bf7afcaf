"""micrograd, by the classes of its own."""

from __future__ import annotations

import gc
import importlib
import sys
from functools import partial
from importlib.metadata import version
from typing import Any

from ..works import Task
from . import scalars

engine: Any = importlib.import_module("micrograd.engine")
nn: Any = importlib.import_module("micrograd.nn")


class Micrograd(scalars.Values):
    def release(self) -> None:
        gc.collect()  # its closures and its nodes hold each other


WORKS = scalars.works(Micrograd(engine.Value, nn.MLP))
AS_IT_COMES = dict(WORKS)


def beyond_the_limit(name: str, size: int, option: str) -> Task:
    """Let it recurse, so that there is a number; as it comes, a depth of 1000 nodes is too much."""
    sys.setrecursionlimit(10_000_000)
    return AS_IT_COMES[name](size, option)


WORKS |= {name: partial(beyond_the_limit, name) for name in ("products", "graph")}


def versions() -> dict[str, str]:
    return {"micrograd": version("micrograd")}
