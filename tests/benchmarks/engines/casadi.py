"""CasADi: a graph of scalars (SX) and its gradient as C, compiled by gcc, called for each point."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from importlib.metadata import version
from types import SimpleNamespace
from typing import Any

import numpy as np

from ..works import (
    DECAY,
    INPUTS,
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
from .c import compiler

ca: Any = importlib.import_module("casadi")
functions = SimpleNamespace(log=ca.log, sqrt=ca.sqrt, exp=ca.exp, erfc=lambda x: 1.0 - ca.erf(x))


def compiled(name: str, inputs: list[Any], outputs: list[Any]) -> Any:
    flags = {"compiler": compiler(), "flags": ["-O3", "-march=native"]}
    return ca.Function(name, inputs, outputs, {"jit": True, "compiler": "shell", "jit_options": flags})


def buffered(function: Any, arguments: list[Any], results: list[Any]) -> Callable[[], None]:
    """Return a call of the function on arrays, without a copy: the fastest that CasADi has in Python."""
    buffer, evaluate = function.buffer()
    for i, array in enumerate(arguments):
        buffer.set_arg(i, memoryview(array))
    for i, array in enumerate(results):
        buffer.set_res(i, memoryview(array))

    def call(kept: Any = (buffer, arguments, results)) -> None:
        evaluate()

    return call


def batch(function: Any, rows: Any) -> Task:
    """Return the work of a function of a vector that returns value and gradient, at each of the rows."""
    values, gradients = np.empty(len(rows)), np.empty(rows.shape)
    run = buffered(function.map(len(rows)), [rows], [values, gradients])

    def result() -> list[float]:
        run()
        return summary(values, gradients)

    return Task(run, result)


def rosenbrock(size: int, option: str) -> Task:
    x = ca.SX.sym("x", 20)
    value = rosenbrock_of([x[i] for i in range(20)])
    return batch(compiled("rosenbrock", [x], [value, ca.gradient(value, x)]), rosenbrock_points(size))


def call_array(size: int, option: str) -> Task:
    return rosenbrock(1, option)


def black_scholes(size: int, option: str) -> Task:
    x = ca.SX.sym("x", 5)
    value = price(*(x[i] for i in range(5)), math=functions)
    function = compiled("black_scholes", [x], [value, ca.gradient(value, x)])
    return batch(function, np.ascontiguousarray(options(size).T))


class Step:
    def __init__(self) -> None:
        count = len(initial_parameters())
        p, x, y = ca.SX.sym("p", count), ca.SX.sym("x", 2), ca.SX.sym("y")
        answer = score([p[i] for i in range(count)], [x[0], x[1]], lambda v: ca.fmax(v, 0.0))
        margin = ca.fmax(1.0 - y * answer, 0.0)
        one = compiled("margin", [p, x, y], [margin, ca.gradient(margin, p)])
        self.x, self.y = (np.array(data) for data in points())
        n = len(self.y)
        every = one.map("margins", "serial", n, [0], [0, 1])  # one p for all points; results added up
        self.parameters, self.loss = np.array(initial_parameters()), np.empty(1)
        self.slope = np.empty(count)
        self.steps = 0
        self.call = buffered(every, [self.parameters, self.x, self.y], [self.loss, self.slope])

    def run(self) -> float:
        self.call()
        p, n = self.parameters, len(self.y)
        loss = float(self.loss[0]) / n + DECAY * float(p @ p)
        p -= learning_rate(self.steps) * (self.slope / n + 2 * DECAY * p)
        self.steps += 1
        return loss

    def result(self) -> list[float]:
        return [*(self.run() for _ in range(STEPS)), *self.parameters.tolist()]


def ready(size: int, option: str) -> Task:
    x = ca.SX.sym("x", INPUTS)
    value = long_program(x, operations(size), ca.sin)
    return batch(compiled("ready", [x], [value, ca.gradient(value, x)]), long_program_points())


WORKS: dict[str, Callable[[int, str], Task]] = {
    "replayed step": lambda size, option: Task.of(Step()),
    "rosenbrock": rosenbrock,
    "black-scholes": black_scholes,
    "call": lambda size, option: black_scholes(1, option),
    "call array": call_array,
    **{f"ready {size}": ready for size in (100, 1_000, 10_000, 100_000)},
}


def versions() -> dict[str, str]:
    return {"CasADi": version("casadi")}
