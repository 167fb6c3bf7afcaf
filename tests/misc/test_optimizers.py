"""Optimisers as functions: their first steps by hand, where they come to, and derivatives through them."""

from __future__ import annotations

from typing import Any

import numpy
import pytest

import autograd.numpy as np
from autograd import grad
from autograd.misc.optimizers import adam, rmsprop, sgd

START = {"x": numpy.array([1.0, -2.0]), "y": 3.0}


def gradient(p: Any, i: int) -> Any:
    return grad(lambda p: np.sum((p["x"] - 0.5) ** 2) + 2.0 * (p["y"] - 1.0) ** 2)(p)


@pytest.mark.parametrize(
    ("optimize", "settings"),
    [
        (sgd, {"num_iters": 400}),
        (rmsprop, {"num_iters": 3000, "step_size": 0.005}),
        (adam, {"num_iters": 1500, "step_size": 0.02}),
    ],
)
def test_they_come_to_the_minimum_of_a_structure(optimize: Any, settings: Any) -> None:
    seen: list[Any] = []
    found = optimize(gradient, START, lambda p, i, g: seen.append((i, p["y"], g["y"])), **settings)
    assert found["x"] == pytest.approx([0.5, 0.5], abs=2e-2)
    assert found["y"] == pytest.approx(1.0, abs=2e-2)
    assert seen[0] == (0, 3.0, 8.0)
    assert [i for i, _, _ in seen] == list(range(settings["num_iters"]))


def slope(x: Any, i: int) -> Any:
    return 2.0 * x + i


def test_two_steps_of_momentum() -> None:
    v1 = -0.1 * 2.0 * 3.0
    x1 = 3.0 + 0.1 * v1
    v2 = 0.9 * v1 - 0.1 * (2.0 * x1 + 1.0)
    assert sgd(slope, 3.0, num_iters=2) == pytest.approx(x1 + 0.1 * v2, rel=1e-15)


def test_two_steps_of_rmsprop() -> None:
    m1 = 0.9 * 1.0 + 0.1 * 36.0
    x1 = 3.0 - 0.1 * 6.0 / (m1**0.5 + 1e-8)
    g2 = 2.0 * x1 + 1.0
    m2 = 0.9 * m1 + 0.1 * g2**2
    assert rmsprop(slope, 3.0, num_iters=2) == pytest.approx(x1 - 0.1 * g2 / (m2**0.5 + 1e-8), rel=1e-15)


def test_two_steps_of_adam() -> None:
    x1 = 3.0 - 0.001 * 6.0 / (6.0 + 1e-8)
    g2 = 2.0 * x1 + 1.0
    mean = (0.9 * 0.1 * 6.0 + 0.1 * g2) / (1.0 - 0.9**2)
    square = (0.999 * 0.001 * 36.0 + 0.001 * g2**2) / (1.0 - 0.999**2)
    assert adam(slope, 3.0, None, 2) == pytest.approx(x1 - 0.001 * mean / (square**0.5 + 1e-8), rel=1e-14)


def test_derivatives_by_the_start_go_through_the_steps() -> None:
    def found(x0: Any) -> Any:
        return sgd(lambda x, i: 2.0 * x, x0, num_iters=2, step_size=0.1, mass=0.0)

    assert grad(found)(3.0) == pytest.approx(0.8**2, rel=1e-15)
