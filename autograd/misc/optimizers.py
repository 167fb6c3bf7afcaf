"""Optimisers as functions: gradient descent with momentum, RMSprop and Adam.

They take a function that gives the gradient, and a structure of numbers to begin with; what they return has
that structure. They are made of arithmetic, so that derivatives by where they begin go through them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from .. import numpy as np
from .flatten import flatten

Function = Callable[..., Any]


def unflatten_optimizer(optimize: Function) -> Function:
    """Return an optimiser of vectors as one of structures: of lists, tuples and dicts of arrays and numbers.

    Args:
        optimize: called with the function that gives the gradient, a vector, a function to call at each step
            or None, and its other arguments; it returns a vector.

    >>> @unflatten_optimizer
    ... def descend(grad, x, callback=None, steps=10):
    ...     for i in range(steps):
    ...         x = x - 0.5 * grad(x, i)
    ...     return x
    >>> print(round(float(descend(lambda p, i: {"x": p["x"] - 3.0}, {"x": 0.0}, steps=60)["x"]), 9))
    3.0
    """

    @wraps(optimize)
    def of_structures(
        grad: Function, x0: Any, callback: Function | None = None, *args: Any, **kwargs: Any
    ) -> Any:
        start, unflatten = flatten(x0)

        def of_vector(x: Any, i: int) -> Any:
            return flatten(grad(unflatten(x), i))[0]

        def told(x: Any, i: int, gradient: Any) -> None:
            if callback is not None:
                callback(unflatten(x), i, unflatten(gradient))

        return unflatten(optimize(of_vector, start, told if callback else None, *args, **kwargs))

    return of_structures


@unflatten_optimizer
def sgd(
    grad: Function,
    x: Any,
    callback: Function | None = None,
    num_iters: int = 200,
    step_size: float = 0.1,
    mass: float = 0.9,
) -> Any:
    """Return where gradient descent with momentum comes to.

    Args:
        grad: called with a structure and the number of the step, from 0; returns the gradient there.
        x: the structure to begin with.
        callback: called before each step with the structure, the number of the step, and the gradient.
        num_iters: how many steps.
        step_size: how far a step goes.
        mass: how much of the velocity stays; 1 - mass of the gradient is taken off it.

    >>> print(sgd(lambda x, i: 2.0 * (x - 3.0), np.array([0.0]), num_iters=300).round(4))
    [3.]
    """
    velocity = np.zeros(len(x))
    for i in range(num_iters):
        g = grad(x, i)
        if callback:
            callback(x, i, g)
        velocity = mass * velocity - (1.0 - mass) * g
        x = x + step_size * velocity
    return x


@unflatten_optimizer
def rmsprop(
    grad: Function,
    x: Any,
    callback: Function | None = None,
    num_iters: int = 100,
    step_size: float = 0.1,
    gamma: float = 0.9,
    eps: float = 1e-8,
) -> Any:
    """Return where RMSprop comes to (Tieleman and Hinton, 2012): steps over the root of a mean square.

    Args:
        grad, x, callback, num_iters, step_size: as for `sgd`.
        gamma: how much of the mean of squares, which is 1 at first, stays in a step.
        eps: added to its root.

    >>> print(rmsprop(lambda x, i: 2.0 * (x - 3.0), np.array([0.0]), num_iters=300, step_size=0.02).round(2))
    [3.]
    """
    mean_square = np.ones(len(x))
    for i in range(num_iters):
        g = grad(x, i)
        if callback:
            callback(x, i, g)
        mean_square = gamma * mean_square + (1.0 - gamma) * g**2
        x = x - step_size * g / (np.sqrt(mean_square) + eps)
    return x


@unflatten_optimizer
def adam(
    grad: Function,
    x: Any,
    callback: Function | None = None,
    num_iters: int = 100,
    step_size: float = 0.001,
    b1: float = 0.9,
    b2: float = 0.999,
    eps: float = 1e-8,
) -> Any:
    """Return where Adam comes to (Kingma and Ba, 2015).

    Args:
        grad, x, callback, num_iters, step_size: as for `sgd`.
        b1: how much of the mean of gradients stays in a step.
        b2: how much of the mean of their squares stays.
        eps: added to the root of that.

    >>> print(adam(lambda x, i: 2.0 * (x - 3.0), np.array([0.0]), num_iters=500, step_size=0.1).round(2))
    [3.]
    """
    mean, mean_square = np.zeros(len(x)), np.zeros(len(x))
    for i in range(num_iters):
        g = grad(x, i)
        if callback:
            callback(x, i, g)
        mean = b1 * mean + (1.0 - b1) * g
        mean_square = b2 * mean_square + (1.0 - b2) * g**2
        x = x - step_size * (mean / (1.0 - b1 ** (i + 1))) / (
            np.sqrt(mean_square / (1.0 - b2 ** (i + 1))) + eps
        )
    return x
