"""A physics-informed network: u'' = -pi^2 sin(pi x), u(0) = u(1) = 0, by a network and its second
derivatives.

Raissi, Perdikaris and Karniadakis, Journal of Computational Physics 378, 2019.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import autograd.numpy as np
from autograd import elementwise_grad

from .data import weights

INSIDE = np.linspace(0.0, 1.0, 12)[1:-1]
WEIGHTS = weights((1, 10, 1), 1.0)


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


# By JAX.
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
