"""One engine at work: `worker.py PACKAGE` does what it reads on its standard input, a line at a time."""

from __future__ import annotations

import csv
import gc
import importlib
import json
import random
import sys
import time
import tracemalloc
from pathlib import Path
from typing import Any

POINTS = Path(__file__).parents[1] / "data" / "moons.csv"
NODES = 30_000


class Engine:
    """The work, written once for every engine that has micrograd's interface."""

    def __init__(self, package: str) -> None:
        self.package = package
        self.Value: Any = importlib.import_module(f"{package}.engine").Value
        random.seed(1337)
        self.model: Any = importlib.import_module(f"{package}.nn").MLP(2, [16, 16, 1])
        with POINTS.open(newline="") as file:
            rows = [tuple(map(float, row)) for row in list(csv.reader(file))[1:]]
        self.x = [row[:2] for row in rows]
        self.y = [row[2] for row in rows]
        self.steps = 0

    def step(self) -> dict[str, float]:
        """Take one step of the demo notebook: forward, backward, gradient descent."""
        start = time.perf_counter()
        inputs = [list(map(self.Value, row)) for row in self.x]
        scores = list(map(self.model, inputs))
        losses = [(1 + -yi * score).relu() for yi, score in zip(self.y, scores, strict=True)]
        data_loss = sum(losses) * (1.0 / len(losses))
        total = data_loss + 1e-4 * sum(p * p for p in self.model.parameters())
        self.model.zero_grad()
        total.backward()
        learning_rate = 1.0 - 0.9 * self.steps / 100
        for p in self.model.parameters():
            p.data -= learning_rate * p.grad
        taken = time.perf_counter() - start
        self.steps = min(self.steps + 1, 99)
        self.kept = total  # as a notebook keeps its last loss
        return {"seconds": taken, "loss": total.data}

    def step_uncollected(self) -> dict[str, float]:
        """Take one step while Python's cyclic collector is off."""
        gc.disable()
        try:
            return self.step()
        finally:
            gc.enable()

    def expression(self) -> dict[str, float]:
        """Build and differentiate the expression of micrograd's README, 300 times."""
        start = time.perf_counter()
        for _ in range(300):
            a, b = self.Value(-4.0), self.Value(2.0)
            c = a + b
            d = a * b + b**3
            c += c + 1
            c += 1 + c + (-a)
            d += d * 2 + (b + a).relu()
            d += 3 * d + (b - a).relu()
            e = c - d
            f = e**2
            g = f / 2.0
            g += 10.0 / f
            g.backward()
        taken = (time.perf_counter() - start) / 300
        assert f"{g.data:.4f} {a.grad:.4f} {b.grad:.4f}" == "24.7041 138.8338 645.5773"
        return {"seconds": taken}

    def bytes(self) -> dict[str, float]:
        """Measure what a node takes, in a sum of products, as Python's allocator counts it."""
        xs = [self.Value(0.1 * i) for i in range(100)]
        tracemalloc.start()
        before = tracemalloc.get_traced_memory()[0]
        total = self.Value(0.0)
        for i in range(NODES):
            total = total + xs[i % 100] * xs[i * 7 % 100]
        used = tracemalloc.get_traced_memory()[0] - before
        tracemalloc.stop()
        sys.setrecursionlimit(1_000_000)
        return {"bytes": used / (2 * NODES)}


def main() -> None:
    engine = Engine(sys.argv[1])
    works = {
        "step": engine.step,
        "step, collector off": engine.step_uncollected,
        "expression": engine.expression,
        "bytes": engine.bytes,
    }
    for line in sys.stdin:
        print(json.dumps(works[line.strip()]()), flush=True)


if __name__ == "__main__":
    main()
