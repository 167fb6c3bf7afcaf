"""Time gradients, Hessian-vector products and Hessians: `python -m tests.benchmarks.derivatives`.

The function is a log-sum-exp of n numbers times their sum of squares, so that no second derivative is 0. The
pieces of work take turns, and each ratio is the median of those of the rounds. A Hessian-vector product
should cost a constant number of gradients, a Hessian no more than some number of them for each number.
"""

from __future__ import annotations

import platform
import statistics
import time
from collections.abc import Callable
from typing import Any

from autograd import grad, hessian, hvp, math

ROUNDS = 7
SIZES = (5, 10, 20, 40)


def function(x: list[Any]) -> Any:
    return math.logsumexp(*x) * sum(t * t for t in x)


def seconds(work: Callable[[], Any]) -> float:
    """Return the time that a piece of work takes, of several times in a row."""
    started = time.perf_counter()
    work()
    once = time.perf_counter() - started
    times = max(1, int(0.02 / once))
    started = time.perf_counter()
    for _ in range(times):
        work()
    return (time.perf_counter() - started) / times


def main() -> None:
    """Print a table."""
    print(f"Python {platform.python_version()}, median of {ROUNDS} rounds")
    print(
        f"{'n':>4} {'gradient':>12} {'grad / f':>9} {'hvp / grad':>11} {'hessian / grad':>15} {'... / n':>8}"
    )
    for n in SIZES:
        x = [0.1 * i for i in range(n)]
        ones = [1.0] * n
        pieces: list[Callable[[], Any]] = [
            lambda x=x: function(x),  # type: ignore[misc]
            lambda x=x: grad(function)(x),  # type: ignore[misc]
            lambda x=x, ones=ones: hvp(function)(x, ones),  # type: ignore[misc]
            lambda x=x: hessian(function)(x),  # type: ignore[misc]
        ]
        rounds = [[seconds(piece) for piece in pieces] for _ in range(ROUNDS)]
        gradient = statistics.median(times[1] for times in rounds)
        of_f, product, second = (
            statistics.median(times[i] / times[j] for times in rounds) for i, j in ((1, 0), (2, 1), (3, 1))
        )
        ratios = f"{of_f:>9.1f} {product:>11.1f} {second:>15.1f} {second / n:>8.2f}"
        print(f"{n:>4} {gradient * 1e6:>9.0f} µs {ratios}")


if __name__ == "__main__":
    main()
