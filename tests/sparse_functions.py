"""Random functions of which each term has few variables, for plain numbers, Values and mpmath's numbers."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from functools import partial
from itertools import combinations_with_replacement
from types import SimpleNamespace
from typing import Any

from mpmath import mp, mpf

from autograd import math

OURS = SimpleNamespace(
    sin=math.sin, exp=math.exp, log=math.log, atan2=math.atan2, sqrt=math.sqrt, tanh=math.tanh,
    hypot=math.hypot, maximum=math.maximum, expit=math.sigmoid,
)  # fmt: skip
EXACT = SimpleNamespace(
    sin=mp.sin, exp=mp.exp, log=mp.log, atan2=mp.atan2, sqrt=mp.sqrt, tanh=mp.tanh, hypot=mp.hypot,
    maximum=max, expit=lambda x: 1 / (1 + mp.exp(-x)),
)  # fmt: skip

# What a term computes of two variables, and for which pairs of them (0 and 1) it has second derivatives.
TERMS: list[tuple[Callable[[Any, Any, Any], Any], set[tuple[int, int]]]] = [
    (lambda m, x, y: x * y, {(0, 1)}),
    (lambda m, x, y: 3.0 * x - y / 4.0, set()),
    (lambda m, x, y: x / y, {(0, 1), (1, 1)}),
    (lambda m, x, y: (y - x**2) ** 2, {(0, 0), (0, 1), (1, 1)}),
    (lambda m, x, y: x * x + y, {(0, 0)}),
    (lambda m, x, y: x**y, {(0, 0), (0, 1), (1, 1)}),
    (lambda m, x, y: m.sin(x) + m.log(y), {(0, 0), (1, 1)}),
    (lambda m, x, y: m.exp(m.sin(x) * y), {(0, 0), (0, 1), (1, 1)}),
    (lambda m, x, y: m.atan2(x, y), {(0, 0), (0, 1), (1, 1)}),
    (lambda m, x, y: m.hypot(x, y) * 2.0, {(0, 0), (0, 1), (1, 1)}),
    (lambda m, x, y: m.maximum(x, y), set()),
    (lambda m, x, y: m.maximum(x * x, y), {(0, 0)}),
    (lambda m, x, y: m.sqrt(x) * m.tanh(y), {(0, 0), (0, 1), (1, 1)}),
    (lambda m, x, y: m.expit(x - y), {(0, 0), (0, 1), (1, 1)}),
    (lambda m, x, y: abs(x - 2.0) + 2.0**y, {(1, 1)}),
]


class Drawn:
    """A function that was drawn: a sum of terms, or the list of them.

    Attributes:
        places: for each term its two variables, which may be the same.
        kinds: for each term its place in TERMS.
        point: where it is to be differentiated.
    """

    def __init__(self, seed: int, variables: int = 6, terms: int = 8) -> None:
        rng = random.Random(seed)
        self.variables = variables
        self.kinds = [rng.randrange(len(TERMS)) for _ in range(terms)]
        self.places = [(rng.randrange(variables), rng.randrange(variables)) for _ in range(terms)]
        self.point = [rng.uniform(0.3, 1.7) for _ in range(variables)]

    def terms(self, x: Sequence[Any], m: Any = OURS) -> list[Any]:
        return [TERMS[k][0](m, x[i], x[j]) for k, (i, j) in zip(self.kinds, self.places, strict=True)]

    def total(self, x: Sequence[Any], m: Any = OURS) -> Any:
        return sum(self.terms(x, m))

    def _term(self, row: int, x: Sequence[Any]) -> Any:
        return self.terms(x, EXACT)[row]

    @property
    def jacobian_places(self) -> set[tuple[int, int]]:
        """Where the Jacobian of the terms has entries."""
        return {(row, i) for row, both in enumerate(self.places) for i in both}

    @property
    def hessian_places(self) -> set[tuple[int, int]]:
        """Where the Hessian of their sum has entries."""
        found = set()
        for kind, both in zip(self.kinds, self.places, strict=True):
            for i, j in TERMS[kind][1]:
                found |= {(both[i], both[j]), (both[j], both[i])}
        return found

    def exact_jacobian(self) -> dict[tuple[int, int], float]:
        """The derivatives of the terms, by mpmath's differences with 60 digits."""
        return {
            (row, i): _derivative(partial(self._term, row), self.point, [i])
            for row in range(len(self.kinds))
            for i in range(self.variables)
        }

    def exact_hessian(self) -> dict[tuple[int, int], float]:
        """The second derivatives of their sum."""
        found = {}
        for i, j in combinations_with_replacement(range(self.variables), 2):
            exact = _derivative(lambda x: self.total(x, EXACT), self.point, [i, j])
            found[i, j] = found[j, i] = exact
        return found


def _derivative(f: Callable[[Sequence[Any]], Any], point: Sequence[float], by: Sequence[int]) -> float:
    """Return a mixed derivative by central differences of 60 digits, right to 20."""
    with mp.workdps(60):
        step = mpf(10) ** -13
        total = mpf(0)
        for signs in range(2 ** len(by)):
            x = [mpf(number) for number in point]
            weight = 1
            for k, i in enumerate(by):
                sign = 1 if signs >> k & 1 else -1
                x[i] += sign * step
                weight *= sign
            total += weight * f(x)
        return float(total / (2 * step) ** len(by))


def places_of(found: Any) -> set[tuple[int, int]]:
    """Return where a sparse array has entries, the zeros that it holds included."""
    coo = found.tocoo()
    return {*zip(coo.row.tolist(), coo.col.tolist(), strict=True)}


class Stencil:
    """A random function of many variables, of which each term has a variable and one that is some places off.

    Attributes:
        variables: how many there are.
    """

    def __init__(self, seed: int) -> None:
        rng = random.Random(seed)
        self.variables = rng.choice([120, 161, 200])
        self._weights = [rng.uniform(0.5, 1.5) for _ in range(self.variables)]
        self._terms = [
            (rng.randrange(len(TERMS)), rng.randrange(1, 4), rng.choice([1, 1, 2, 3]), rng.random() < 0.3)
            for _ in range(rng.randrange(2, 5))
        ]
        self._mirrored = rng.random() < 0.3

    def terms(self, x: Sequence[Any]) -> list[Any]:
        """Return all terms, as a loop computes them."""
        found = []
        for i in range(len(x) - 3):
            for kind, off, every, weighted in self._terms:
                if i % every == 0:
                    other = x[len(x) - 1 - i] if self._mirrored else x[i + off]
                    term = TERMS[kind][0](OURS, x[i], other)
                    found.append(term * self._weights[i] if weighted else term)
        return found

    def total(self, x: Sequence[Any]) -> Any:
        return sum(self.terms(x))
