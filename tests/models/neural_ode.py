"""A neural ordinary differential equation: a small network as the right side, fitted to a spiral.

Chen, Rubanova, Bettencourt and Duvenaud, "Neural Ordinary Differential Equations", 2018, whose spiral this
is. Solved by Runge-Kutta, a step or some between each two points.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import autograd.numpy as np
from autograd.misc.optimizers import adam

from .data import spiral, weights
from .telling import told

TIMES, SPIRAL = spiral()
WEIGHTS = weights((2, 16, 2), 0.3)
TRAINED, RATE = 40, 0.02


def dynamics(y: Any, params: Any) -> Any:
    hidden = np.tanh(np.dot(params["w1"], y**3) + params["b1"])
    return np.dot(params["w2"], hidden) + params["b2"]


def loss(params: Any, times: Any, observed: Any, steps: int = 1) -> Any:
    y, total = observed[0], 0.0
    for n in range(1, len(times)):
        h = (times[n] - times[n - 1]) / steps
        for _ in range(steps):
            k1 = dynamics(y, params)
            k2 = dynamics(y + h / 2 * k1, params)
            k3 = dynamics(y + h / 2 * k2, params)
            k4 = dynamics(y + h * k3, params)
            y = y + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
        total = total + np.sum((y - observed[n]) ** 2)
    return total / len(times)


def derivative(made: Any) -> Callable[[], Any]:
    f = made(loss)
    return lambda: f.value_and_grad(WEIGHTS, TIMES, SPIRAL)


def answer(made: Any) -> Sequence[float]:
    """Return the loss and the parameters after some steps of Adam."""
    f = made(loss)
    params = adam(lambda p, _: f.grad(p, TIMES, SPIRAL), WEIGHTS, num_iters=TRAINED, step_size=RATE)
    return told((loss(params, TIMES, SPIRAL), params))


# By JAX, and by hand.
DERIVATIVE = [
    10.263714416781747,
    3.68676076495551e-05,
    0.537493480300617,
    -0.1753247116867694,
    -0.00020810823494984168,
    -12.152589336846324,
    3115.981081312245,
    17.01682402801501,
]
# By hand.
ANSWER = [
    2.9698000628973977,
    -0.027724204479363662,
    0.016777107020702276,
    0.15910352656724377,
    0.18579147132238089,
    -0.04877736141945177,
    20.353284856623016,
    1.5711608455103936,
]
