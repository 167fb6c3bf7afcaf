"""An extended Kalman filter: a pendulum seen by its horizontal place, the likelihood by the two noises.

Sarkka, "Bayesian Filtering and Smoothing", 2013, example 5.1. The filter linearises with `jacobian`, and
its likelihood is differentiated through that.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from scipy.optimize import root

import autograd.numpy as np
from autograd import jacobian

from .data import pendulum

DT, GRAVITY = 0.05, 9.8
SEEN = pendulum(40)
LONGER = pendulum(100)  # of 40 the likelihood is largest without any noise of the process
START = np.array([-1.0, -1.0])  # logarithms to the base 10 of the variances


def move(x: Any) -> Any:
    return np.array([x[0] + DT * x[1], x[1] - DT * GRAVITY * np.sin(x[0])])


def place(x: Any) -> Any:
    return np.array([np.sin(x[0])])


def negative_log_likelihood(params: Any, seen: Any) -> Any:
    q, r = 10.0 ** params[0], 10.0 ** params[1]
    noise = q * np.array([[DT**3 / 3, DT**2 / 2], [DT**2 / 2, DT]])
    m, p = np.array([1.5, 0.0]), 0.1 * np.eye(2)
    total = 0.0
    for z in seen:
        a = jacobian(move)(m)
        m, p = move(m), a @ p @ a.T + noise
        h = jacobian(place)(m)
        s = h @ p @ h.T + r * np.eye(1)
        gain = p @ h.T @ np.linalg.inv(s)
        v = z - place(m)
        m, p = m + gain @ v, p - gain @ s @ gain.T
        total = total + 0.5 * (np.log(2 * np.pi * np.linalg.det(s)) + v @ np.linalg.solve(s, v))
    return total


def derivative(made: Any) -> Callable[[], Any]:
    f = made(negative_log_likelihood)
    return lambda: f.value_and_grad(START, SEEN)


def answer(made: Any) -> Sequence[float]:
    """Return the largest likelihood, and the noises of which it is: where its derivatives are 0."""
    f = made(negative_log_likelihood)
    best = root(f.grad, [-2.0, -1.0], (LONGER,), tol=1e-13).x
    return [f(best, LONGER), *best]


# By JAX, and by hand.
DERIVATIVE = [3.3634082963354595, 0.42449836643246247, 20.868449607968962]
# By hand.
ANSWER = [12.393292157783446, -1.9294461387755766, -1.1686522078611064]
