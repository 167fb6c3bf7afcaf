"""What the models share: functions with their derivatives, and results as lists of numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

MANY = 12


class Uncompiled:
    """A function with its derivatives as attributes, as `autograd.compile` gives them."""

    def __init__(self, f: Callable[..., Any], argnums: Any = 0) -> None:
        import autograd

        self.__wrapped__ = f
        self.value_and_grad: Any = autograd.value_and_grad(f, argnums)
        self.grad: Any = autograd.grad(f, argnums)
        self.jacobian: Any = autograd.jacobian(f, argnums)
        self.hessian: Any = autograd.hessian(f, argnums)

    def __call__(self, *arguments: Any) -> Any:
        return self.__wrapped__(*arguments)


def flat(result: Any) -> list[float]:
    """Return the numbers in tuples, lists, dicts (in the order of their keys) and arrays, dense or sparse."""
    if hasattr(result, "toarray"):
        result = result.toarray()
    if isinstance(result, dict):
        return [number for key in sorted(result) for number in flat(result[key])]
    if isinstance(result, tuple | list):
        return [number for part in result for number in flat(part)]
    numbers: list[float] = np.asarray(result, dtype=float).ravel().tolist()
    return numbers


def told(result: Any) -> list[float]:
    """Return the numbers in a result; of many the first, the sum, that of the squares, and a weighted one."""
    numbers = np.array(flat(result))
    if len(numbers) <= MANY:
        return [float(x) for x in numbers]
    weights = np.cos(np.arange(len(numbers)))
    return [float(x) for x in (*numbers[:5], numbers.sum(), (numbers**2).sum(), weights @ numbers)]
