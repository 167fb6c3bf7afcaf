"""A hidden Markov model: the likelihood of observations whose mean and deviation depend on a hidden state.

The forward algorithm, scaled: Rabiner, "A tutorial on hidden Markov models", Proc. IEEE 77, 1989.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..works import flat
from . import complex_step

STATES = 3
# The logarithms of weights of the first state; of the next, a row for each; means; logarithms of deviations.
PARAMETERS = [
    0.2, -0.1, 0.0,
    1.5, 0.1, -0.4, 0.2, 1.2, 0.3, -0.3, 0.0, 1.8,
    -1.1, 0.1, 1.9,
    -0.4, -0.1, 0.2,
]  # fmt: skip


def observations(size: int) -> Any:
    """Return that many observations, an array: a state lasts for some ten of them."""
    import numpy as np

    rng = np.random.default_rng(3)
    states = rng.integers(0, STATES, size // 10 + 1).repeat(10)[:size]
    return np.array([-1.0, 0.0, 2.0])[states] + np.array([0.6, 0.9, 1.2])[states] * rng.standard_normal(size)


def shares(logarithms: Sequence[Any], math: Any) -> list[Any]:
    weights = [math.exp(x) for x in logarithms]
    total = sum(weights)
    return [weight / total for weight in weights]


def loss(parameters: Sequence[Any], observed: Any, math: Any) -> Any:
    """Return the negative logarithm of the likelihood, without what is the same for all parameters."""
    n = STATES
    before = shares(parameters[:n], math)
    turns = [shares(parameters[n + n * i : n + n * (i + 1)], math) for i in range(n)]
    means = parameters[n + n * n : n + n * n + n]
    precisions = [math.exp(-x) for x in parameters[n + n * n + n :]]
    total = 0.0
    for y in observed:
        after = []
        for j in range(n):
            z = (y - means[j]) * precisions[j]
            density = precisions[j] * math.exp(-0.5 * z * z)
            after.append(sum(before[i] * turns[i][j] for i in range(n)) * density)
        scale = sum(after)
        total = total - math.log(scale)
        before = [p / scale for p in after]
    return total


def expected(size: int) -> list[float]:
    observed = observations(size).tolist()
    return flat(complex_step.value_and_gradient(lambda p: loss(p, observed, complex_step.math), PARAMETERS))
