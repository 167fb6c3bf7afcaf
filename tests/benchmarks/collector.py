"""What Python's cyclic collector costs: `python -m tests.benchmarks.collector`.

It times works with the thresholds that Python starts with, with older objects searched far less often, and
with the collector off, one after the other in each round, and prints the medians of their ratios.
"""

from __future__ import annotations

import gc
import random
import statistics
from collections.abc import Callable
from contextlib import AbstractContextManager, contextmanager
from time import perf_counter
from typing import TYPE_CHECKING

from autograd import Value, compiled, nn

if TYPE_CHECKING:
    from collections.abc import Iterator

ROUNDS = 7
PATIENCE = 5000
"""Searches of the newest objects for one of the older."""


def step() -> None:
    """Train micrograd's network of the moons for a step, on 100 points."""
    rng = random.Random(1)
    model = nn.MLP(2, [16, 16, 1], rng=rng)
    rows = [[rng.uniform(-1, 1), rng.uniform(-1, 1)] for _ in range(100)]
    losses = [(1 - rng.choice((-1, 1)) * model(row)).relu() for row in rows]
    loss = sum(losses) * 0.01 + 1e-4 * sum(p * p for p in model.parameters())
    loss.backward()


def graph() -> None:
    """Record and differentiate a graph of a million nodes."""
    x = y = Value(1.0)
    for _ in range(500_000):
        y = y * 0.9999999 + x
    y.backward()


@contextmanager
def as_it_starts() -> Iterator[None]:
    """Leave the collector as it is."""
    yield


@contextmanager
def patient() -> Iterator[None]:
    """Have older objects searched less often."""
    thresholds = gc.get_threshold()
    gc.set_threshold(thresholds[0], PATIENCE)
    yield
    gc.set_threshold(*thresholds)


@contextmanager
def off() -> Iterator[None]:
    """Do without the collector."""
    gc.disable()
    yield
    gc.enable()


def seconds(work: Callable[[], None], setting: Callable[[], AbstractContextManager[None]]) -> float:
    """Return how long a work takes, once."""
    gc.collect()
    with setting():
        start = perf_counter()
        work()
        return perf_counter() - start


def main() -> None:
    """Print a row a work: the time as Python starts, and how many times as fast it is otherwise."""
    print(f"the engine is {'compiled' if compiled else 'plain Python'}; thresholds {gc.get_threshold()}")
    for work in (step, graph):
        work()
        rounds = [[seconds(work, setting) for setting in (as_it_starts, patient, off)] for _ in range(ROUNDS)]
        gains = [statistics.median(r[0] / r[i] for r in rounds) for i in (1, 2)]
        print(
            f"{work.__name__}: {min(r[0] for r in rounds) * 1e3:.1f} ms; "
            f"{gains[0]:.2f} times as fast with a patient collector, {gains[1]:.2f} with none"
        )


if __name__ == "__main__":
    main()
