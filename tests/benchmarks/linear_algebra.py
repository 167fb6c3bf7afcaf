"""Time linear algebra on Values: `python -m tests.benchmarks.linear_algebra`.

The gradient of a function of a matrix, uncompiled, is held against recording as many products and sums as
elimination has (for a Cholesky factor, n (n^2 - 1) / 6 of each); compiled, it is told by its first result and
by a call. Times are those of the processor, medians of rounds in which the pieces take turns.
"""

from __future__ import annotations

import argparse
import platform
import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd import Value, compile, value_and_grad

ROUNDS = 7

FUNCTIONS: dict[str, tuple[Callable[[Any], Any], Callable[[int], int]]] = {
    "cholesky": (
        lambda a: np.log(np.diagonal(np.linalg.cholesky(a))).sum(),
        lambda n: n * (n * n - 1) // 6,
    ),
    "solve": (
        lambda a: np.linalg.solve(a, np.arange(float(len(a)))).sum(),
        lambda n: n * (n * n - 1) // 3 + n * (n - 1),
    ),
    "slogdet": (lambda a: np.linalg.slogdet(a)[1], lambda n: n * (n * n - 1) // 3),
    "eigvalsh": (lambda a: (np.linalg.eigvalsh(a) ** 3).sum(), lambda n: n**3),
}
"""Each with how many products, and as many sums, it is made of."""


def recorded(count: int) -> Value:
    """Record so many products and sums."""
    x = [Value(float(i)) for i in range(100)]
    total = Value(0.0)
    for i in range(count):
        total = total + x[i % 100] * x[(i + 1) % 100]
    return total


def seconds(work: Callable[[], Any]) -> float:
    """Return the time that a piece of work takes."""
    started = time.process_time()
    work()
    return time.process_time() - started


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[10, 30])
    parser.add_argument("--compiled", action="store_true", help="compiled functions too")
    options = parser.parse_args()
    print(f"Python {platform.python_version()}, median of {ROUNDS} rounds, times of the processor in ms")
    print(f"{'':>10} {'n':>4} {'recording':>10} {'gradient':>10} {'ratio':>6}  compiled: first, a call")
    for name, (f, count) in FUNCTIONS.items():
        for n in options.sizes:
            a = np.random.default_rng(0).normal(size=(n, n))
            a = a @ a.T + n * np.eye(n)
            plain = value_and_grad(f)
            plain(a)
            rounds = [
                (seconds(lambda n=n, count=count: recorded(count(n))), seconds(lambda a=a, f=plain: f(a)))  # type: ignore[misc]
                for _ in range(ROUNDS)
            ]
            recording, gradient = (1e3 * statistics.median(times) for times in zip(*rounds, strict=True))
            print(
                f"{name:>10} {n:>4} {recording:>10.2f} {gradient:>10.2f} {gradient / recording:>6.2f}", end=""
            )
            print(f"  {compiled_times(plain, a)}" if options.compiled else "", flush=True)


def compiled_times(f: Callable[[Any], Any], a: Any) -> str:
    """Return how long the first result of a compiled function takes, and a call afterwards, as text."""
    compiled = compile(f)
    first = 1e3 * seconds(lambda: compiled(a))
    for _ in range(20):
        compiled(a)
    call = 1e3 * min(seconds(lambda: [compiled(a) for _ in range(20)]) / 20 for _ in range(ROUNDS))
    return f"{first:>8.0f} {call:>8.3f}"


if __name__ == "__main__":
    main()
