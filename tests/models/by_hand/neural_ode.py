"""Backpropagation through the solver, layer by layer; the adjoint equation.

The adjoint is that of the paper: backward in time, a' = -a df/dy and g' = -a df/dp, with a jump at each point
that was observed. The numbers that are trained are in one array: w1, b1, w2, b2.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.integrate import solve_ivp

from ..neural_ode import RATE, SPIRAL, TIMES, TRAINED, WEIGHTS
from ..telling import told
from .adam import trained

START = np.concatenate([WEIGHTS[name].ravel() for name in ("w1", "b1", "w2", "b2")])


def apart(p: Any) -> Any:
    return p[:32].reshape(16, 2), p[32:48], p[48:80].reshape(2, 16), p[80:]


def ahead(y: Any, p: Any) -> Any:
    w1, b1, w2, b2 = apart(p)
    hidden = np.tanh(w1 @ y**3 + b1)
    return w2 @ hidden + b2


def back(y: Any, p: Any, upstream: Any) -> Any:
    """Return the gradients by the place and by the parameters."""
    w1, b1, w2, _ = apart(p)
    hidden = np.tanh(w1 @ y**3 + b1)
    inner = (w2.T @ upstream) * (1.0 - hidden**2)
    by_parameters = [np.outer(inner, y**3).ravel(), inner, np.outer(upstream, hidden).ravel(), upstream]
    return (w1.T @ inner) * 3.0 * y**2, np.concatenate(by_parameters)


def value_and_gradient(p: Any) -> Any:
    y, kept, total = SPIRAL[0], [], 0.0
    for n in range(1, len(TIMES)):
        h = TIMES[n] - TIMES[n - 1]
        k1 = ahead(y, p)
        k2 = ahead(y + h / 2 * k1, p)
        k3 = ahead(y + h / 2 * k2, p)
        k4 = ahead(y + h * k3, p)
        places = y, y + h / 2 * k1, y + h / 2 * k2, y + h * k3
        y = y + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
        kept.append((h, *places, 2.0 / len(TIMES) * (y - SPIRAL[n])))
        total += np.sum((y - SPIRAL[n]) ** 2)
    a, gradient = np.zeros(2), np.zeros(82)
    for h, y1, y2, y3, y4, jump in reversed(kept):
        a = a + jump
        d4, g4 = back(y4, p, h / 6 * a)
        d3, g3 = back(y3, p, h / 3 * a + h * d4)
        d2, g2 = back(y2, p, h / 3 * a + h / 2 * d3)
        d1, g1 = back(y1, p, h / 6 * a + h / 2 * d2)
        a, gradient = a + d1 + d2 + d3 + d4, gradient + g1 + g2 + g3 + g4
    return total / len(TIMES), gradient


def by_the_adjoint() -> Any:
    """Return value and gradient of what is solved as good as exactly, in the order of `telling.told`."""
    tight: Any = {"method": "DOP853", "rtol": 1e-12, "atol": 1e-13}
    path = solve_ivp(lambda _, y: ahead(y, START), (0.0, TIMES[-1]), SPIRAL[0], t_eval=TIMES, **tight).y.T
    state = np.zeros(86)  # the place, a, and the gradient

    def motion(_: float, state: Any) -> Any:
        by_place, by_parameters = back(state[:2], START, state[2:4])
        return np.concatenate([ahead(state[:2], START), -by_place, -by_parameters])

    for n in range(len(TIMES) - 1, 0, -1):
        state[:2] = path[n]
        state[2:4] += 2.0 / len(TIMES) * (path[n] - SPIRAL[n])
        state = solve_ivp(motion, (TIMES[n], TIMES[n - 1]), state, **tight).y[:, -1]
    return np.sum((path - SPIRAL) ** 2) / len(TIMES), named(state[4:])


def named(p: Any) -> Any:
    return dict(zip(("w1", "b1", "w2", "b2"), apart(p), strict=True))


def derivative() -> Any:
    value, gradient = value_and_gradient(START)
    return told((value, named(gradient)))


def answer() -> Any:
    p = trained(lambda p: value_and_gradient(p)[1], START, TRAINED, RATE)
    return told((value_and_gradient(p)[0], named(p)))
