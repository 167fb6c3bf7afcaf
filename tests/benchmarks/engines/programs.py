"""This engine, recorded once and replayed by `autograd.compile`; the option is the backend.

With the option "uncompiled", what is not a batch is done without `compile`.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from statistics import median
from time import perf_counter
from types import SimpleNamespace
from typing import Any

import numpy as np

import autograd
from autograd import math

from ..works import (
    DECAY,
    STEPS,
    Task,
    initial_parameters,
    learning_rate,
    long_program,
    long_program_points,
    operations,
    options,
    points,
    rosenbrock_points,
    score,
    summary,
)
from ..works import black_scholes as price
from ..works import rosenbrock as rosenbrock_of
from . import ours

UNCOMPILED = "uncompiled"


def made(f: Callable[..., Any], backend: str, argnums: Any = 0) -> Any:
    """Return the function with its derivatives as attributes."""
    if backend != UNCOMPILED:
        return autograd.compile(f, argnums, backend=backend)
    return SimpleNamespace(
        value_and_grad=autograd.value_and_grad(f, argnums),
        jacobian=autograd.jacobian(f, argnums),
        hessian=autograd.hessian(f, argnums),
    )


def one_of_many(run: Callable[[], object]) -> float:
    """Return the seconds of one run, of as many as go into a fifth of a second: the median."""
    times: list[float] = []
    while not times or sum(times) < 0.2:
        start = perf_counter()
        run()
        times.append(perf_counter() - start)
    return median(times)


def rosenbrock(size: int, backend: str) -> Task:
    fast, x = autograd.vmap(autograd.compile(rosenbrock_of, backend=backend)), rosenbrock_points(size)
    return Task(lambda: fast.value_and_grad(x), lambda: summary(*fast.value_and_grad(x)))


def option(spot: Any, strike: Any, rate: Any, time: Any, sigma: Any) -> Any:
    return price(spot, strike, rate, time, sigma, math=math)


def black_scholes(size: int, backend: str) -> Task:
    fast = autograd.vmap(autograd.compile(option, argnums=(0, 1, 2, 3, 4), backend=backend))
    numbers = options(size)

    def result() -> list[float]:
        values, greeks = fast.value_and_grad(*numbers)
        return summary(values, np.stack(greeks, axis=1))

    return Task(lambda: fast.value_and_grad(*numbers), result)


def call(size: int, backend: str) -> Task:
    fast = made(option, backend, (0, 1, 2, 3, 4))
    point = options(1)[:, 0].tolist()

    def result() -> list[float]:
        value, greeks = fast.value_and_grad(*point)
        return summary([value], [greeks])

    return Task(lambda: fast.value_and_grad(*point), result)


def call_array(size: int, backend: str) -> Task:
    fast, (x,) = made(rosenbrock_of, backend), rosenbrock_points(1)

    def result() -> list[float]:
        value, gradient = fast.value_and_grad(x)
        return summary([value], [gradient])

    return Task(lambda: fast.value_and_grad(x), result)


class Step:
    """The demo step: the program of one point, replayed on all of them, with the parameters common to all."""

    def __init__(self, backend: str) -> None:
        self.x, self.y = (np.array(data) for data in points())
        self.parameters = np.array(initial_parameters())
        self.fast = autograd.vmap(autograd.compile(self.margin, backend=backend), in_axes=(None, 0, 0))
        self.steps = 0

    @staticmethod
    def margin(parameters: Any, x: Any, y: Any) -> Any:
        return math.relu(1.0 - y * score(parameters, x, math.relu))

    def run(self) -> float:
        p, n = self.parameters, len(self.y)
        margins, slope = self.fast.value_and_grad(p, self.x, self.y)
        loss = float(margins.mean()) + DECAY * float(p @ p)
        self.parameters = p - learning_rate(self.steps) * (slope / n + 2 * DECAY * p)
        self.steps += 1
        return loss

    def result(self) -> list[float]:
        return [*(self.run() for _ in range(STEPS)), *self.parameters.tolist()]


def ready(size: int, backend: str) -> Task:
    lines, x = operations(size), long_program_points()
    if backend == UNCOMPILED:
        once = autograd.value_and_grad(lambda x: long_program(x, lines, math.sin))
        task = one_by_one(SimpleNamespace(value_and_grad=once), x)
        return task._replace(measured={"": one_of_many(task.run)})
    compiled = autograd.compile(lambda x: long_program(x, lines, math.sin), backend=backend)
    if backend == "python":
        return one_by_one(compiled, x)
    fast = autograd.vmap(compiled)
    return Task(lambda: fast.value_and_grad(x), lambda: summary(*fast.value_and_grad(x)))


def replayed_graph(size: int, backend: str) -> Task:
    lines = operations(size)
    fast = autograd.compile(lambda x: long_program(x, lines, math.sin), backend=backend)
    return one_by_one(fast, long_program_points())


def one_by_one(fast: Any, x: Any) -> Task:
    """Return the work of calls on numbers: the first point is what is timed."""
    rows = x.tolist()

    def result() -> list[float]:
        values, gradients = zip(*map(fast.value_and_grad, rows), strict=True)
        return summary(values, gradients)

    return Task(lambda: fast.value_and_grad(rows[0]), result)


WORKS: dict[str, Callable[[int, str], Task]] = {
    "replayed step": lambda size, backend: Task.of(Step(backend)),
    "rosenbrock": rosenbrock,
    "black-scholes": black_scholes,
    "call": call,
    "call array": call_array,
    "replayed graph": replayed_graph,
    **{f"ready {size}": ready for size in (100, 1_000, 10_000, 100_000)},
}


def versions() -> dict[str, str]:
    found = ours.versions()
    for package in ("numpy", "llvmlite"):
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found
