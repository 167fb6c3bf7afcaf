"""What every engine is asked to do: the pieces of work, their sizes and their data.

The data are plain numbers that every engine makes alike, from seeds or from files, so that the results can
be compared. What is here needs no package but NumPy, and that only for the batches.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

POINTS = Path(__file__).parents[1] / "data" / "moons.csv"
WIDTHS = (2, 16, 16, 1)
DECAY = 1e-4
STEPS = 3  # of the demo that are compared; the timed ones go on from there
SPREAD = 5  # points of a batch that are compared one by one


class Work(NamedTuple):
    """A piece of work.

    `kind` is "timed" (the same thing again and again), "graph" (a large graph, once in a fresh process, told
    by several numbers), "model" (timed, and told by its first result too) or "ready" (the time until a first
    result, once in a fresh process). A cost is told per item of `size` where `per` names one. What has no tag
    is for pictures only.
    """

    tag: str
    title: str
    size: int = 1
    per: str = ""
    kind: str = "timed"


WORKED = {
    "kalman": "Kalman filter, gradient of the likelihood",
    "gaussian process": "Gaussian process of 25 points, gradient",
    "glm": "generalised linear model, gradient and Hessian",
    "garch": "GARCH(1, 1), 500 returns, gradient",
    "hidden markov": "hidden Markov model, 107 counts, gradient",
    "sir": "SIR, 52 steps, Jacobian 14 × 2",
    "heat": "heat equation, 11 points, 40 steps, gradient",
    "through solvers": "four of Kepler's equations, three implied volatilities, gradient",
    "inverse kinematics": "arm of six joints, Jacobian 12 × 6",
    "optimal control": "swinging up in 40 steps, sparse Hessian and Jacobian",
    "power flow": "power flow, 14 buses, sparse Jacobian",
    "lennard jones": "thirteen atoms, forces",
    "weibull": "Weibull survival, 42 patients, gradient",
    "asian option": "Asian option, 150 paths, gradient",
    "double pendulum": "double pendulum by its Lagrangian, 8 steps, Jacobian 4 × 8",
    "neural ode": "neural differential equation, 19 steps, gradient",
    "physics informed": "physics-informed network, 10 points, gradient",
    "extended kalman": "extended Kalman filter, 40 observations, gradient",
    "heston": "Heston's price, 72 nodes, gradient",
    "logistic regression": "logistic regression, 23 flights, gradient",
}
"""The models of `tests/models`, by the names of their files."""

WORKS = {
    "expression": Work("W1", "micrograd's README expression, built and differentiated"),
    "step": Work("W2", "micrograd's demo step: MLP(2, [16, 16, 1]), 100 points"),
    "step, collector off": Work("W2", "the same, Python's cyclic collector off"),
    "chain": Work("W3", "chain of {size:,} nodes", 2_000_000, "node", "graph"),
    "products": Work("W4", "sum of {size:,} products", 1_000_000, "node", "graph"),
    "replayed step": Work("W2", "micrograd's demo step, replayed"),
    "rosenbrock": Work("W5", "Rosenbrock's function of 20 numbers, {size:,} points", 100_000, "point"),
    "black-scholes": Work("W5", "Black-Scholes with 5 greeks, {size:,} points", 100_000, "point"),
    "call": Work("W5", "Black-Scholes with 5 greeks, one point, a call on floats"),
    **{
        f"ready {size}": Work("W5", "until the first gradient of {size:,} nodes", size, kind="ready")
        for size in (100, 1_000, 10_000, 100_000)
    },
    "call array": Work("W5", "Rosenbrock's function of 20 numbers, a call on an array"),
    **{
        f"straight {size}": Work(
            "W6", "{size:,} nodes without a pattern, their first gradient", size, kind="ready"
        )
        for size in (1_000, 10_000, 100_000, 1_000_000)
    },
    "gradient": Work("W1", "Rosenbrock's function of 20 numbers, its gradient"),
    "garch": Work("W8", "GARCH(1, 1), {size:,} returns, gradient", 2_000, kind="model"),
    "garch fit": Work("W8", "GARCH(1, 1), {size:,} returns, 16 gradients from nothing", 2_000, kind="ready"),
    "long garch": Work("W8", "GARCH(1, 1), {size:,} returns, gradient", 1_000_000, kind="model"),
    "sir": Work("W8", "SIR by Runge-Kutta, {size:,} steps, gradient", 10_000, kind="model"),
    "hidden markov": Work("W8", "hidden Markov model, {size:,} observations, gradient", 200, kind="model"),
    "kalman": Work("W8", "Kalman filter, {size:,} observations, gradient", 200, kind="model"),
    "bodies": Work("W8", "three bodies, {size:,} steps, Jacobian 12 × 12", 200, kind="model"),
    "shooting": Work("W8", "shooting, {size:,} controls, Hessian", 200, kind="model"),
    "newton": Work(
        "W8", "Kepler's equation by Newton's method, {size:,} points", 1_000_000, "point", "model"
    ),
    **{f"model {name}": Work("W9", title, kind="model") for name, title in WORKED.items()},
    "graph": Work("", "a chain of {size:,} nodes, recorded and differentiated"),
    "replayed graph": Work("", "a graph of {size:,} nodes, replayed with its gradient"),
}


LOOPS = ("garch", "garch fit", "long garch", "sir")  # which are written with `scan`, too
BATCHES = ("replayed step", "rosenbrock", "black-scholes")


class Cannot(Exception):  # noqa: N818  # no error: a table tells it
    """Why an engine cannot do a piece of work."""


class Task(NamedTuple):
    """A piece of work made ready by an engine: what is timed, and the numbers by which it is checked.

    Of a graph and of a first result, `measured` holds what was found while that was computed.
    """

    run: Callable[[], object]
    result: Callable[[], Sequence[float]]
    measured: dict[str, float] | None = None

    @classmethod
    def of(cls, work: Any) -> Task:
        """Return what an object does that has these."""
        return cls(work.run, work.result, getattr(work, "measured", None))


# The demo step of micrograd


def points() -> tuple[list[tuple[float, float]], list[float]]:
    """Return the 100 points of micrograd's demo, and their classes, -1 or 1."""
    with POINTS.open(newline="") as file:
        rows = [tuple(map(float, row)) for row in list(csv.reader(file))[1:]]
    return [(row[0], row[1]) for row in rows], [row[2] for row in rows]


def initial_parameters() -> list[float]:
    """Return the parameters that micrograd's MLP starts from: for each neuron its weights, then its bias."""
    random.seed(1337)
    parameters = []
    for inputs, neurons in pairwise(WIDTHS):
        for _ in range(neurons):
            parameters += [random.uniform(-1, 1) for _ in range(inputs)]
            parameters.append(0.0)
    return parameters


def learning_rate(step: int) -> float:
    return 1.0 - 0.9 * min(step, 99) / 100


def score(parameters: Sequence[Any], x: Sequence[Any], relu: Callable[[Any], Any]) -> Any:
    """Return what the network answers to one point, in scalar arithmetic."""
    used = 0
    for neurons in WIDTHS[1:]:
        out = []
        for _ in range(neurons):
            weights, bias = parameters[used : used + len(x)], parameters[used + len(x)]
            act = sum((w * xi for w, xi in zip(weights, x, strict=True)), bias)
            out.append(relu(act) if neurons > 1 else act)
            used += len(x) + 1
        x = out
    return x[0]


def layers(parameters: Any) -> list[tuple[Any, Any]]:
    """Return the parameters, a flat array, as a matrix (neuron, input) and the biases of each layer."""
    found, used = [], 0
    for inputs, neurons in pairwise(WIDTHS):
        table = parameters[used : used + neurons * (inputs + 1)].reshape(neurons, inputs + 1)
        found.append((table[:, :-1], table[:, -1]))
        used += neurons * (inputs + 1)
    return found


def flattened(parameters: Sequence[tuple[Any, Any]]) -> list[float]:
    """Return matrices and biases as the flat list that `layers` takes apart."""
    return [float(p) for w, b in parameters for row, bias in zip(w, b, strict=True) for p in (*row, bias)]


def flat(found: tuple[Any, Any]) -> list[float]:
    """Return a value and a gradient as one list."""
    value, gradient = found
    return [float(value), *map(float, gradient)]


# Batches


def rosenbrock(x: Any) -> Any:
    """Return Rosenbrock's function of the numbers in x (Rosenbrock, 1960; the sum over neighbours)."""
    return sum(100.0 * (x[i + 1] - x[i] ** 2) ** 2 + (1.0 - x[i]) ** 2 for i in range(len(x) - 1))


def rosenbrock_points(size: int) -> Any:
    import numpy as np

    return np.random.default_rng(20).uniform(-2.0, 2.0, (size, 20))


def black_scholes(spot: Any, strike: Any, rate: Any, time: Any, sigma: Any, *, math: Any) -> Any:
    """Return the price of a European call (Black and Scholes, 1973), by the functions of `math`."""
    d1 = (math.log(spot / strike) + (rate + sigma**2 / 2) * time) / (sigma * math.sqrt(time))
    d2 = d1 - sigma * math.sqrt(time)
    discounted = strike * math.exp(-rate * time)
    root_2 = 1.4142135623730951
    return spot * (0.5 * math.erfc(-d1 / root_2)) - discounted * (0.5 * math.erfc(-d2 / root_2))


def options(size: int) -> Any:
    """Return spot, strike, rate, time and volatility of that many options, a row each of the five."""
    import numpy as np

    low, high = np.array([[80.0, 80.0, 0.0, 0.1, 0.1], [120.0, 120.0, 0.1, 2.0, 0.6]])
    return np.ascontiguousarray(np.random.default_rng(5).uniform(low, high, (size, 5)).T)


def summary(values: Any, gradients: Any) -> list[float]:
    """Return numbers that tell a batch: some of its points, and the mean of all.

    `values` has a number for each point, `gradients` a row for each.
    """
    import numpy as np

    values, gradients = np.asarray(values), np.asarray(gradients)
    if values.shape != gradients.shape[:1]:
        raise ValueError(f"{values.shape} values and {gradients.shape} gradients")
    some = np.linspace(0, len(values) - 1, SPREAD).astype(int)
    told = [values[some], gradients[some].ravel(), [values.mean()], gradients.mean(axis=0)]
    return [float(x) for part in told for x in part]


# A program of any length, for the time until it is ready

INPUTS = 10


def operations(size: int) -> list[tuple[int, int]]:
    """Return the operands of size / 2 lines of two operations each: the lines before, and the inputs."""
    choose = random.Random(size).randrange
    recent = 60
    return [
        (choose(max(0, line - recent), line), choose(max(0, line - recent), line))
        for line in range(INPUTS, INPUTS + size // 2)
    ]


def long_program(x: Sequence[Any], lines: Sequence[tuple[int, int]], sin: Callable[[Any], Any]) -> Any:
    """Return the sum of the last lines. No line exceeds the largest input, so that none overflows."""
    values = [x[i] for i in range(INPUTS)]
    for k, (i, j) in enumerate(lines):
        values.append(sin(values[i]) * values[j] if k % 2 else (values[i] + values[j]) * 0.5)
    return sum(values[-INPUTS:])


def long_program_points() -> Any:
    import numpy as np

    return np.random.default_rng(10).uniform(0.5, 1.0, (4, INPUTS))
