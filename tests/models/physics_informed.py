"""A physics-informed network: u'' = -pi^2 sin(pi x), u(0) = u(1) = 0, by a network and its second
derivatives.

Raissi, Perdikaris and Karniadakis, Journal of Computational Physics 378, 2019.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import autograd.numpy as np
from autograd import elementwise_grad
from autograd.misc.optimizers import adam

from .data import weights
from .telling import told

INSIDE = np.linspace(0.0, 1.0, 12)[1:-1]
WEIGHTS = weights((1, 10, 1), 1.0)
TRAINED, RATE = 100, 0.02


def network(params: Any, x: Any) -> Any:
    hidden = np.tanh(np.outer(x, params["w1"]) + params["b1"])
    return np.dot(hidden, params["w2"][0]) + params["b2"][0]


def loss(params: Any, x: Any) -> Any:
    def u(x: Any) -> Any:
        return network(params, x)

    curvature = elementwise_grad(elementwise_grad(u))(x)
    ends = u(np.array([0.0, 1.0]))
    return np.mean((curvature + np.pi**2 * np.sin(np.pi * x)) ** 2) + 10.0 * np.sum(ends**2)


def derivative(made: Any) -> Callable[[], Any]:
    f = made(loss)
    return lambda: f.value_and_grad(WEIGHTS, INSIDE)


def answer(made: Any) -> Sequence[float]:
    """Return the loss and the parameters after some steps of Adam."""
    f = made(loss)
    params = adam(lambda p, _: f.grad(p, INSIDE), WEIGHTS, num_iters=TRAINED, step_size=RATE)
    return told((loss(params, INSIDE), params))


# By JAX, and by hand.
DERIVATIVE = [
    139.9811895280691,
    0.7958407325827602,
    65.58149895138237,
    -21.624515048488462,
    2.69973684595686,
    92.85399004897484,
    67649.03679059773,
    -130.3189073234825,
]
# By hand.
ANSWER = [
    0.6798156554211903,
    0.22626545405277113,
    -0.997759554812194,
    -0.08563874058299652,
    -0.16288172451870225,
    4.363044535103747,
    36.59755562179445,
    -0.9100591676487895,
]
