"""This engine, eager: compiled or in pure Python, as it is installed.

Of the work "gradient", option "grad" is `autograd.value_and_grad`; without, it is recorded and `backward()`.
"""

from __future__ import annotations

from importlib.metadata import version

import autograd
from autograd import Value, nn

from ..works import Task, flat, rosenbrock, rosenbrock_points
from . import scalars

WORKS = scalars.works(scalars.Values(Value, nn.MLP))
BY_HAND = WORKS["gradient"]


def gradient(size: int, option: str) -> Task:
    if option != "grad":
        return BY_HAND(size, option)
    (x,) = rosenbrock_points(1).tolist()
    run = autograd.value_and_grad(rosenbrock)
    return Task(lambda: run(x), lambda: flat(run(x)))


WORKS["gradient"] = gradient


def versions() -> dict[str, str]:
    form = "compiled" if getattr(autograd, "compiled", False) else "pure Python"
    return {f"scalar-autograd, {form}": version("scalar-autograd")}
