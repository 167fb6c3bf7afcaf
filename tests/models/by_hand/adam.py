"""Adam as Kingma and Ba have it ("Adam: A Method for Stochastic Optimization", 2015, algorithm 1)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np


def trained(gradient: Callable[[Any], Any], p: Any, steps: int, rate: float) -> Any:
    """Return the parameters after some steps."""
    first, second = 0.0, 0.0
    for t in range(1, steps + 1):
        g = gradient(p)
        first, second = 0.9 * first + 0.1 * g, 0.999 * second + 0.001 * g**2
        p = p - rate * (first / (1 - 0.9**t)) / (np.sqrt(second / (1 - 0.999**t)) + 1e-8)
    return p
