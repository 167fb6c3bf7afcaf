"""Markov chains with finitely many states."""

import math


def gauss(matrix: list[list[float]], right: list[float]) -> list[float]:
    """Solve a system of linear equations by elimination with partial pivoting."""
    n = len(right)
    rows = [[*row, b] for row, b in zip(matrix, right, strict=True)]
    for i in range(n):
        pivot = max(range(i, n), key=lambda r: abs(rows[r][i]))
        rows[i], rows[pivot] = rows[pivot], rows[i]
        for r in range(i + 1, n):
            factor = rows[r][i] / rows[i][i]
            for c in range(i, n + 1):
                rows[r][c] -= factor * rows[i][c]
    solution = [0.0] * n
    for i in reversed(range(n)):
        known = sum(rows[i][c] * solution[c] for c in range(i + 1, n))
        solution[i] = (rows[i][n] - known) / rows[i][i]
    return solution


def transitions(weights: list[list[float]]) -> list[list[float]]:
    """Return the matrix whose rows are the softmax of the rows of weights."""
    rows = []
    for row in weights:
        largest = max(row)
        powers = [math.exp(w - largest) for w in row]
        rows.append([p / sum(powers) for p in powers])
    return rows


def stationary(weights: list[list[float]]) -> list[float]:
    p = transitions(weights)
    n = len(p)
    equations = [[p[j][i] - (1.0 if i == j else 0.0) for j in range(n)] for i in range(n - 1)]
    return gauss([*equations, [1.0] * n], [0.0] * (n - 1) + [1.0])


def stationary_by_powers(weights: list[list[float]], steps: int = 60) -> list[float]:
    p = transitions(weights)
    n = len(p)
    distribution = [1.0 / n] * n
    for _ in range(steps):
        distribution = [sum(distribution[i] * p[i][j] for i in range(n)) for j in range(n)]
    return distribution


def entropy_rate(weights: list[list[float]]) -> float:
    p = transitions(weights)
    return -sum(s * q * math.log2(q) for s, row in zip(stationary(weights), p, strict=True) for q in row)


def hitting_time(p: float, start: int, target: int) -> float:
    """Return the mean number of games until a gambler has nothing, or as much as the target."""
    n = target - 1
    matrix = [[0.0] * n for _ in range(n)]
    for i in range(n):
        matrix[i][i] = 1.0
        if i > 0:
            matrix[i][i - 1] = -(1.0 - p)
        if i < n - 1:
            matrix[i][i + 1] = -p
    return gauss(matrix, [1.0] * n)[start - 1]
