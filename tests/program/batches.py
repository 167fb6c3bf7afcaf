"""What tests of batches have in common: a function, points to call it at, and how near results must be."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd import math

XS = np.array([0.5, -1.0, 2.0, 0.3, -0.2, 1.7, 4.0, -3.0])


def model(p: Any, x: Any) -> Any:
    """A function of two paths, that is linear in none of its numbers."""
    y = p[0] * math.exp(0.3 * x) + p[1] ** 2 * x
    return y * y if x > 0.0 else math.sin(y) * p[0]


P = np.array([0.7, -1.2])


def close(x: Any, y: Any) -> None:
    """Hold results against others of the same shape, but for rounding."""
    assert np.shape(x) == np.shape(y)
    np.testing.assert_allclose(x, y, rtol=1e-12, atol=1e-14)
