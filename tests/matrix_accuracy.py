"""How accurate linear algebra on Values is, as a table: `PYTHONPATH=. python tests/matrix_accuracy.py`.

Errors are the largest of a result relative to its largest number; those of second derivatives are along
a random direction.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import matrix_oracle
import numpy as np
from matrix_cases import CASES, MATRICES, Case
from matrix_oracle import hilbert

from autograd import derivative, grad
from autograd.arrays import numbers_of
from autograd.engine import data_of


class Errors(NamedTuple):
    """Relative errors of a function."""

    numpys: float
    value: float
    first: float
    second: float


def errors(case: Case, points: Sequence[Any]) -> Errors:
    """Return the errors of a function at some points."""
    random = np.random.default_rng(2)
    want = matrix_oracle.values(case.oracle, *points)
    weights = random.normal(size=want.size)
    ways = [random.normal(size=p.shape) for p in points]
    found: list[Any] = []

    def weighted(*args: Any) -> Any:
        out = np.reshape(case.function(*args), -1)
        found.append([data_of(x) for x in numbers_of(out, "out") or []])
        return np.sum(out * weights)

    first = grad(weighted, argnums=tuple(range(len(points))))(*points)
    value = np.array(found[0])
    along: Callable[..., Any] = lambda t: weighted(  # noqa: E731
        *[p + t * way for p, way in zip(points, ways, strict=True)]
    )
    slopes = matrix_oracle.gradient(case.oracle, weights, *points)
    return Errors(
        _error(np.reshape(case.function(*points), -1), want),
        _error(value, want),
        max(_error(x, y) for x, y in zip(first, slopes, strict=True)),
        _error(derivative(along, order=2)(0.0), matrix_oracle.second(case.oracle, weights, points, ways)),
    )


def _error(found: Any, want: Any) -> float:
    return float(np.abs(found - want).max() / np.abs(want).max())


def main() -> None:
    """Print the table."""
    matrices = {"random": MATRICES["random"], "Hilbert": hilbert(10)}
    print("| function | matrix | NumPy | here | first derivative | second derivative |")
    print("|---|---|---|---|---|---|")
    for name, case in CASES.items():
        for kind, matrix in matrices.items():
            cells = " | ".join(f"{x:.0e}" for x in errors(case, case.points(matrix)))
            print(f"| {name} | {kind} | {cells} |")


if __name__ == "__main__":
    main()
