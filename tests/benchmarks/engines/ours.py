"""This engine, eager: compiled or in pure Python, as it is installed."""

from __future__ import annotations

from importlib.metadata import version

import autograd
from autograd import Value, nn

from . import scalars

WORKS = scalars.works(scalars.Values(Value, nn.MLP))


def versions() -> dict[str, str]:
    form = "compiled" if getattr(autograd, "compiled", False) else "pure Python"
    return {f"scalar-autograd, {form}": version("scalar-autograd")}
