"""The activations that have a name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .. import math
from ..engine import Value

if TYPE_CHECKING:
    from collections.abc import Callable


def _linear(x: Any) -> Any:
    return x


ACTIVATIONS: dict[str, Callable[[Any], Any]] = {
    "relu": Value.relu,
    "tanh": math.tanh,
    "sigmoid": math.sigmoid,
    "leaky_relu": math.leaky_relu,
    "elu": math.elu,
    "silu": math.silu,
    "gelu": math.gelu,
    "softplus": math.softplus,
    "linear": _linear,
}
"""The activations that have a name; any function from Value to Value will do."""

SPELLING = {"relu": "ReLU", "leaky_relu": "LeakyReLU", "elu": "ELU", "silu": "SiLU", "gelu": "GELU"}
"""How a neuron with one of these calls itself, where that is not the name with a capital."""
