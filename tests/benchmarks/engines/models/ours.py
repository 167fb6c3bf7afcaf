"""This engine, compiled by `autograd.compile` or uncompiled; the option is the backend, or "uncompiled".

Compiled functions get their data as arrays. Uncompiled, a loop over a list of floats is twice as fast, so
they get lists. After "scan " in the option, the loop is an `autograd.scan`, which takes arrays.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

import autograd
from autograd import math

from ...models import bodies, epidemic, garch, hidden_markov, kalman, kepler, shooting, straight
from ...works import Cannot, Task, flat, summary
from ..programs import UNCOMPILED, made, one_of_many, versions
from .first import task


def data(numbers: Any, option: str) -> Any:
    return numbers.tolist() if option == UNCOMPILED else numbers


def scan() -> Any:
    """Return `autograd.scan`, which older versions do not have."""
    found = getattr(autograd, "scan", None)
    if found is None:
        raise Cannot("no scan")
    return found


def plain_or_scan(option: str, plain: Any, by_scan: Any) -> tuple[Any, str]:
    """Return the function that an option asks for, and the backend."""
    name, _, backend = option.rpartition(" ")
    return (by_scan(scan()) if name == "scan" else plain), backend


# GARCH


def garch_loss(parameters: Sequence[Any], returns: Any) -> Any:
    return garch.loss(parameters, returns, math.log)


def garch_by_scan(scan: Any) -> Any:
    def loss(parameters: Sequence[Any], returns: Any) -> Any:
        omega, alpha, beta = parameters

        def turn(carry: tuple[Any, Any], x: Any) -> tuple[tuple[Any, Any], None]:
            variance, total = carry
            total = total + math.log(variance) + x * x / variance
            return (omega + alpha * x * x + beta * variance, total), None

        (_, total), _ = scan(turn, (omega / (1.0 - alpha - beta), 0.0), returns)
        return 0.5 * total

    return loss


def garch_gradient(size: int, option: str) -> Task:
    loss, backend = plain_or_scan(option, garch_loss, garch_by_scan)
    returns = data(garch.simulated(size), option)

    def start() -> Callable[[], Any]:
        f = made(loss, backend)
        return lambda: f.value_and_grad(garch.PARAMETERS, returns)

    return task(start, flat)


def garch_fit(size: int, option: str) -> Task:
    loss, backend = plain_or_scan(option, garch_loss, garch_by_scan)
    returns = data(garch.simulated(size), option)

    def start() -> Callable[[], Any]:
        f = made(loss, backend)
        return lambda: garch.fitted(lambda p: f.value_and_grad(p, returns), size)

    return task(start, flat, name="")


# The others


def sir_by_scan(scan: Any, size: int) -> Any:
    def recovered(rates: Sequence[Any]) -> Any:
        def turn(state: Any, _: Any) -> tuple[Any, None]:
            return epidemic.step(state, rates, epidemic.DAYS / size), None

        state, _ = scan(turn, epidemic.START, None, length=size)
        return state[2]

    return recovered


def sir(size: int, option: str) -> Task:
    recovered, backend = plain_or_scan(
        option, lambda rates: epidemic.recovered(rates, size), lambda scan: sir_by_scan(scan, size)
    )

    def start() -> Callable[[], Any]:
        f = made(recovered, backend)
        return lambda: f.value_and_grad(epidemic.RATES)

    return task(start, flat)


def likelihood(model: Any, size: int, backend: str) -> Task:
    """Return the work of a model whose loss is a function of parameters, observations and a `math`."""
    observed = data(model.observations(size), backend)

    def start() -> Callable[[], Any]:
        f = made(lambda parameters, observed: model.loss(parameters, observed, math), backend)
        return lambda: f.value_and_grad(model.PARAMETERS, observed)

    return task(start, flat)


def three_bodies(size: int, backend: str) -> Task:
    def start() -> Callable[[], Any]:
        f = made(lambda state: bodies.end(state, size), backend)
        return lambda: f.jacobian(bodies.START)

    return task(start, bodies.told)


def shooting_hessian(size: int, backend: str) -> Task:
    controls = data(np.array(shooting.controls(size)), backend)

    def start() -> Callable[[], Any]:
        f = made(lambda controls: shooting.cost(controls, size), backend)
        return lambda: f.hessian(controls)

    return task(start, shooting.told)


def newton(size: int, backend: str) -> Task:
    """Return the work of all points: as a batch, or uncompiled one by one."""
    orbits = kepler.orbits(size)
    rows = orbits.T.tolist()

    def anomaly(mean: Any, eccentricity: Any) -> Any:
        return kepler.anomaly(mean, eccentricity, math)

    def start() -> Callable[[], Any]:
        each = made(anomaly, backend, (0, 1))
        if backend == UNCOMPILED:
            return lambda: zip(*[each.value_and_grad(*row) for row in rows], strict=True)
        batch = autograd.vmap(each)
        return lambda: batch.value_and_grad(*orbits)

    def told(found: Any) -> list[float]:
        values, slopes = found
        return summary(values, slopes if backend == UNCOMPILED else np.stack(slopes, axis=1))

    return task(start, told)


def straight_gradient(size: int, backend: str) -> Task:
    lines, x = straight.lines(size), straight.point()

    def start() -> Callable[[], Any]:
        f = made(lambda x: straight.result(x, lines, math), backend)
        return lambda: f.value_and_grad(x)

    found = task(start, flat, name="", nodes=size)
    if backend == UNCOMPILED and found.measured:
        found.measured[""] = one_of_many(found.run)
    return found


WORKS: dict[str, Callable[[int, str], Task]] = {
    "garch": garch_gradient,
    "garch fit": garch_fit,
    "long garch": garch_gradient,
    "sir": sir,
    "hidden markov": partial(likelihood, hidden_markov),
    "kalman": partial(likelihood, kalman),
    "bodies": three_bodies,
    "shooting": shooting_hessian,
    "newton": newton,
    **{f"straight {size}": straight_gradient for size in (1_000, 10_000, 100_000, 1_000_000)},
}

__all__ = ["WORKS", "versions"]
