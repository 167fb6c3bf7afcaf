"""JAX: functions of one point in arrays of 64 bits, differentiated, vectorised and compiled."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from importlib.metadata import version
from types import SimpleNamespace
from typing import Any

import numpy as np

from ..works import (
    DECAY,
    STEPS,
    Task,
    flattened,
    initial_parameters,
    layers,
    learning_rate,
    long_program,
    long_program_points,
    operations,
    options,
    points,
    rosenbrock_points,
    summary,
)
from ..works import black_scholes as price

jax: Any = importlib.import_module("jax")
jax.config.update("jax_enable_x64", True)
jnp: Any = importlib.import_module("jax.numpy")
erfc: Any = importlib.import_module("jax.scipy.special").erfc
functions = SimpleNamespace(log=jnp.log, sqrt=jnp.sqrt, exp=jnp.exp, erfc=erfc)
jax.block_until_ready(jax.jit(lambda x: x)(1.0))  # starts what has to be started once


def option(*numbers: Any) -> Any:
    return price(*numbers, math=functions)


def rosenbrock_of(x: Any) -> Any:
    return jnp.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1.0 - x[:-1]) ** 2)


def rosenbrock(size: int, backend: str) -> Task:
    kernel, x = jax.jit(jax.vmap(jax.value_and_grad(rosenbrock_of))), jnp.asarray(rosenbrock_points(size))
    return Task(lambda: jax.block_until_ready(kernel(x)), lambda: summary(*kernel(x)))


def black_scholes(size: int, backend: str) -> Task:
    kernel = jax.jit(jax.vmap(jax.value_and_grad(option, argnums=(0, 1, 2, 3, 4))))
    numbers = [jnp.asarray(row) for row in options(size)]

    def result() -> list[float]:
        values, greeks = kernel(*numbers)
        return summary(values, np.stack(greeks, axis=1))

    return Task(lambda: jax.block_until_ready(kernel(*numbers)), result)


def call(size: int, backend: str) -> Task:
    kernel = jax.jit(jax.value_and_grad(option, argnums=(0, 1, 2, 3, 4)))
    point = options(1)[:, 0].tolist()

    def result() -> list[float]:
        value, greeks = kernel(*point)
        return summary([value], [greeks])

    return Task(lambda: jax.block_until_ready(kernel(*point)), result)


def call_array(size: int, backend: str) -> Task:
    kernel, (x,) = jax.jit(jax.value_and_grad(rosenbrock_of)), rosenbrock_points(1)

    def result() -> list[float]:
        value, gradient = kernel(x)
        return summary([value], [gradient])

    return Task(lambda: jax.block_until_ready(kernel(x)), result)


class Step:
    def __init__(self) -> None:
        self.x, self.y = (jnp.asarray(data) for data in points())
        network = layers(np.array(initial_parameters()))
        self.network = [(jnp.asarray(w), jnp.asarray(b)) for w, b in network]
        self.steps = 0
        self.kernel = jax.jit(self.step)

    def loss(self, network: Any, x: Any, y: Any) -> Any:
        for w, b in network[:-1]:
            x = jax.nn.relu(x @ w.T + b)
        w, b = network[-1]
        decay = sum(jnp.sum(w**2) + jnp.sum(b**2) for w, b in network)
        return jnp.mean(jax.nn.relu(1.0 - y * (x @ w.T + b)[:, 0])) + DECAY * decay

    def step(self, network: Any, rate: Any, x: Any, y: Any) -> Any:
        loss, slope = jax.value_and_grad(self.loss)(network, x, y)
        return loss, jax.tree.map(lambda p, g: p - rate * g, network, slope)

    def run(self) -> Any:
        rate = learning_rate(self.steps)
        loss, self.network = jax.block_until_ready(self.kernel(self.network, rate, self.x, self.y))
        self.steps += 1
        return loss

    def result(self) -> list[float]:
        losses = [float(self.run()) for _ in range(STEPS)]
        return losses + flattened([(np.asarray(w), np.asarray(b)) for w, b in self.network])


def ready(size: int, backend: str) -> Task:
    lines = operations(size)
    kernel = jax.jit(jax.vmap(jax.value_and_grad(lambda x: long_program(x, lines, jnp.sin))))
    x = jnp.asarray(long_program_points())
    return Task(lambda: jax.block_until_ready(kernel(x)), lambda: summary(*kernel(x)))


WORKS: dict[str, Callable[[int, str], Task]] = {
    "replayed step": lambda size, backend: Task.of(Step()),
    "rosenbrock": rosenbrock,
    "black-scholes": black_scholes,
    "call": call,
    "call array": call_array,
    **{f"ready {size}": ready for size in (100, 1_000, 10_000, 100_000)},
}


def versions() -> dict[str, str]:
    return {"jax": version("jax")}
