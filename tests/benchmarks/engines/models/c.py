"""Models with their gradients written by hand in C, compiled with all optimisations: the limit."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any

import numpy as np

from ...models import epidemic, garch, kepler
from ...works import Task, summary
from ..c import library, pointer, versions
from .first import task


def kernel(name: str) -> Any:
    return getattr(library("models/kernels.c"), name)


def garch_at(parameters: Any, returns: Any, found: Any) -> Callable[[], Any]:
    """Return a call at what is in the array of the parameters; `found` gets loss and gradient."""
    variances, run = np.empty_like(returns), kernel("garch")
    arguments = ctypes.c_long(len(returns)), *map(pointer, (returns, parameters, variances, found))

    def call() -> Any:
        run(*arguments)
        return found

    return call


def garch_gradient(size: int, option: str) -> Task:
    returns, parameters = garch.simulated(size), np.array(garch.PARAMETERS)
    return task(lambda: garch_at(parameters, returns, np.empty(4)), lambda found: found.tolist())


def garch_fit(size: int, option: str) -> Task:
    returns = garch.simulated(size)

    def start() -> Callable[[], Any]:
        at, found = np.empty(3), np.empty(4)
        once = garch_at(at, returns, found)

        def gradient(parameters: list[float]) -> Any:
            at[:] = parameters
            once()
            return found[0], found[1:]

        return lambda: garch.fitted(gradient, size)

    return task(start, lambda found: [float(found[0]), *found[1].tolist()], name="")


def sir(size: int, option: str) -> Task:
    first, rates, found = np.array(epidemic.START), np.array(epidemic.RATES), np.empty(3)
    days = ctypes.c_double(epidemic.DAYS)

    def start() -> Callable[[], Any]:
        run = kernel("sir")
        arguments = ctypes.c_long(size), pointer(first), pointer(rates), days, pointer(found)
        return lambda: run(*arguments)

    return task(start, lambda _: found.tolist())


def newton(size: int, option: str) -> Task:
    orbits, values, slopes = kepler.orbits(size), np.empty(size), np.empty((2, size))

    def start() -> Callable[[], Any]:
        run = kernel("kepler")
        near = ctypes.c_double(kepler.NEAR)
        arguments = ctypes.c_long(size), pointer(orbits), near, pointer(values), pointer(slopes)
        return lambda: run(*arguments)

    return task(start, lambda _: summary(values, slopes.T))


WORKS: dict[str, Callable[[int, str], Task]] = {
    "garch": garch_gradient,
    "garch fit": garch_fit,
    "long garch": garch_gradient,
    "sir": sir,
    "newton": newton,
}

__all__ = ["WORKS", "versions"]
