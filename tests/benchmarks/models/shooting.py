"""Shooting: the controls that bring van der Pol's oscillator to rest, and the Hessian of what they cost."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from .complex_step import STEP

DT = 0.05
START = (1.0, 0.5)
FINAL = 10.0  # what it costs not to be at rest at the end


def controls(size: int) -> list[float]:
    return [0.5 * math.sin(7.0 * i / size) for i in range(size)]


def slope(x: Any, y: Any, u: Any) -> tuple[Any, Any]:
    return y, (1.0 - x * x) * y - x + u


def step(x: Any, y: Any, u: Any, dt: float) -> tuple[Any, Any]:
    """Return place and velocity after the time dt, by Runge and Kutta's method of fourth order."""
    ax, ay = slope(x, y, u)
    bx, by = slope(x + 0.5 * dt * ax, y + 0.5 * dt * ay, u)
    cx, cy = slope(x + 0.5 * dt * bx, y + 0.5 * dt * by, u)
    dx, dy = slope(x + dt * cx, y + dt * cy, u)
    return x + dt / 6.0 * (ax + 2.0 * bx + 2.0 * cx + dx), y + dt / 6.0 * (ay + 2.0 * by + 2.0 * cy + dy)


def cost(controls: Sequence[Any], size: int) -> Any:
    """Return what the controls cost, one for each step."""
    x: Any
    y: Any
    x, y = START
    total = 0.0
    for i in range(size):
        u = controls[i]
        total = total + DT * (x * x + y * y + u * u)
        x, y = step(x, y, u, DT)
    return total + FINAL * (x * x + y * y)


def gradient(controls: Any, size: int) -> Any:
    """Return the derivatives of the cost, by the adjoint of each stage of each step, written out by hand.

    The controls are rows; each may hold many numbers, for as many points.
    """
    import numpy as np

    def back(x: Any, y: Any, wx: Any, wy: Any) -> tuple[Any, Any]:
        """Return the row (wx, wy) times the Jacobian of the slope by x and y."""
        return wy * (-2.0 * x * y - 1.0), wx + wy * (1.0 - x * x)

    dt = DT
    x, y = (np.full_like(controls[0], start) for start in START)
    stages = []
    for u in controls:
        places = [(x, y)]
        for part in (0.5, 0.5, 1.0):
            ax, ay = slope(*places[-1], u)
            places.append((x + part * dt * ax, y + part * dt * ay))
        stages.append(places)
        x, y = step(x, y, u, dt)
    lx, ly = 2.0 * FINAL * x, 2.0 * FINAL * y
    found = np.empty_like(controls)
    for i in reversed(range(size)):
        found[i] = 2.0 * dt * controls[i]
        sx, sy = lx, ly
        ax = ay = 0.0
        for place, weight, part in zip(reversed(stages[i]), (1, 2, 2, 1), (0.0, 1.0, 0.5, 0.5), strict=True):
            wx, wy = weight * dt / 6.0 * lx + part * dt * ax, weight * dt / 6.0 * ly + part * dt * ay
            found[i] += wy
            x, y = place
            ax, ay = back(x, y, wx, wy)
            sx, sy = sx + ax, sy + ay
        (x, y), _, _, _ = stages[i]
        lx, ly = sx + 2.0 * dt * x, sy + 2.0 * dt * y
    return found


def told(hessian: Any) -> list[float]:
    """Return the first and the middle row of the Hessian, its diagonal, and the mean of all."""
    import numpy as np

    h = np.asarray(hessian, dtype=float)
    return [float(x) for x in (*h[0], *h[len(h) // 2], *np.diagonal(h), h.mean())]


def expected(size: int) -> list[float]:
    """Return what tells the Hessian: the gradient by hand with a complex step along each control."""
    import numpy as np

    points = np.array(controls(size))[:, None] + 1j * STEP * np.eye(size)
    return told(gradient(points, size).imag / STEP)
