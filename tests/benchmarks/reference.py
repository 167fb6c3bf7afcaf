"""What must come out: values and gradients by formulas written out by hand, without any engine.

An engine whose numbers differ from these is not timed.
"""

from __future__ import annotations

import importlib
import math
from collections.abc import Sequence
from functools import cache
from typing import Any

from .models import bodies, epidemic, garch, hidden_markov, kalman, kepler, shooting, straight
from .works import (
    DECAY,
    INPUTS,
    SPREAD,
    STEPS,
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

WITHIN = 1e-9


@cache
def expected(work: str, size: int) -> Sequence[float]:
    """Return the numbers by which the results of a piece of work of that size are checked."""
    if work.startswith("ready") or work == "replayed graph":
        return long_program_gradient(size)
    if work.startswith("straight"):
        return straight.expected(size)
    if work.startswith("model "):
        numbers: Sequence[float] = importlib.import_module(f"models.{work[6:].replace(' ', '_')}").DERIVATIVE
        return numbers
    known: dict[str, Any] = {
        "expression": expression,
        "step": demo_steps,
        "step, collector off": demo_steps,
        "replayed step": demo_steps,
        "chain": lambda: chain(size),
        "graph": lambda: chain(size),
        "products": lambda: products(size),
        "rosenbrock": lambda: rosenbrock(size),
        "black-scholes": lambda: black_scholes(size),
        "call": lambda: black_scholes(1),
        "call array": lambda: rosenbrock(1),
        "gradient": lambda: [rosenbrock(1)[0], *rosenbrock(1)[SPREAD : SPREAD + 20]],
        "garch": lambda: garch.expected(size),
        "garch fit": lambda: garch.expected_of_fit(size),
        "long garch": lambda: garch.expected(size),
        "sir": lambda: epidemic.expected(size),
        "hidden markov": lambda: hidden_markov.expected(size),
        "kalman": lambda: kalman.expected(size),
        "bodies": lambda: bodies.expected(size),
        "shooting": lambda: shooting.expected(size),
        "newton": lambda: kepler.expected(size),
    }
    found: Sequence[float] = known[work]()
    return found


def disagreement(found: Sequence[float], wanted: Sequence[float]) -> str:
    """Return what is wrong with the numbers found, or nothing if they are right."""
    if len(found) != len(wanted):
        return f"{len(found)} numbers where there should be {len(wanted)}"
    for i, (x, y) in enumerate(zip(found, wanted, strict=True)):
        if not math.isclose(x, y, rel_tol=WITHIN, abs_tol=WITHIN):
            return f"number {i} is {x!r} and should be {y!r}"
    return ""


def expression() -> list[float]:
    """Return g, dg/da and dg/db of the expression in micrograd's README, by the chain rule written out."""
    a, b = -4.0, 2.0
    # c = 4 (a + b) + 3 - a,  d = 12 (a b + b^3) + 4 relu(a + b) + relu(b - a);  a + b < 0 < b - a
    c, c_a, c_b = 4 * (a + b) + 3 - a, 3.0, 4.0
    d, d_a, d_b = 12 * (a * b + b**3) + (b - a), 12 * b - 1, 12 * (a + 3 * b**2) + 1
    e = c - d
    g = e**2 / 2 + 10 / e**2
    slope = e - 20 / e**3
    return [g, slope * (c_a - d_a), slope * (c_b - d_b)]


def demo_steps() -> list[float]:
    """Return the first losses of micrograd's demo, then the parameters: backpropagation by hand."""
    import numpy as np

    x, y = (np.array(data) for data in points())
    network = [(w.copy(), b.copy()) for w, b in layers(np.array(initial_parameters()))]
    losses = []
    for step in range(STEPS):
        activations = [x]
        for w, b in network[:-1]:
            activations.append(np.maximum(activations[-1] @ w.T + b, 0.0))
        w, b = network[-1]
        margins = 1.0 - y * (activations[-1] @ w.T + b)[:, 0]
        decay = sum(float((w**2).sum() + (b**2).sum()) for w, b in network)
        losses.append(float(np.maximum(margins, 0.0).mean()) + DECAY * decay)
        errors = (np.where(margins > 0.0, -y, 0.0) / len(y))[:, None]
        for k in reversed(range(len(network))):
            w, b = network[k]
            before = (errors @ w) * (activations[k] > 0.0)
            w_slope, b_slope = errors.T @ activations[k] + 2 * DECAY * w, errors.sum(axis=0) + 2 * DECAY * b
            network[k] = (w - learning_rate(step) * w_slope, b - learning_rate(step) * b_slope)
            errors = before
    return losses + flattened(network)


def chain(size: int) -> list[float]:
    """Return y and dy/dx at x = 1/2 of y = x + x^2 + ... + x^(n + 1), by n times y = y x + x from y = x."""
    terms = range(1, min(size // 2 + 1, 200) + 1)  # the next one is below 1e-58
    return [sum(0.5**i for i in terms), sum(i * 0.5 ** (i - 1) for i in terms)]


def products(size: int) -> list[float]:
    """Return the sum of x[i % 100] * x[7 i % 100], and its derivatives by the 100 numbers."""
    x = [0.1 * i for i in range(100)]
    gradient = [0.0] * 100
    for i in range(size):
        j, k = i % 100, 7 * i % 100
        gradient[j] += x[k]
        gradient[k] += x[j]
    return [math.fsum(x[i % 100] * x[7 * i % 100] for i in range(size)), *gradient]


def rosenbrock(size: int) -> list[float]:
    import numpy as np

    x = rosenbrock_points(size)
    left, right = x[:, :-1], x[:, 1:]
    inner = right - left**2
    gradient = np.zeros_like(x)
    gradient[:, :-1] += -400.0 * left * inner - 2.0 * (1.0 - left)
    gradient[:, 1:] += 200.0 * inner
    return summary((100.0 * inner**2 + (1.0 - left) ** 2).sum(axis=1), gradient)


def black_scholes(size: int) -> list[float]:
    """Return prices and greeks in closed form: Hull, "Options, Futures and Other Derivatives"."""
    return summary(*zip(*map(greeks, *options(size).tolist()), strict=True))


def greeks(spot: float, strike: float, rate: float, time: float, sigma: float) -> tuple[float, list[float]]:
    """Return the price of a call and its derivatives by the five arguments."""
    root = math.sqrt(time)
    d1 = (math.log(spot / strike) + (rate + sigma**2 / 2) * time) / (sigma * root)
    d2 = d1 - sigma * root
    n1, n2 = (0.5 * math.erfc(-d / math.sqrt(2.0)) for d in (d1, d2))
    density = math.exp(-(d1**2) / 2) / math.sqrt(2 * math.pi)
    discounted = strike * math.exp(-rate * time)
    by_time = spot * density * sigma / (2 * root) + rate * discounted * n2
    return spot * n1 - discounted * n2, [
        n1,
        -discounted * n2 / strike,
        time * discounted * n2,
        by_time,
        spot * density * root,
    ]


def long_program_gradient(size: int) -> list[float]:
    """Return values and gradients of the long program: the reverse sweep of its two kinds of line by hand."""
    lines = operations(size)
    results, gradients = [], []
    for x in long_program_points().tolist():
        values = list(x)
        for k, (i, j) in enumerate(lines):
            values.append(math.sin(values[i]) * values[j] if k % 2 else (values[i] + values[j]) * 0.5)
        adjoints = [0.0] * (len(values) - INPUTS) + [1.0] * INPUTS
        for k, (i, j) in reversed(list(enumerate(lines))):
            adjoint = adjoints[INPUTS + k]
            adjoints[i] += adjoint * (math.cos(values[i]) * values[j] if k % 2 else 0.5)
            adjoints[j] += adjoint * (math.sin(values[i]) if k % 2 else 0.5)
        results.append(long_program(x, lines, math.sin))
        gradients.append(adjoints[:INPUTS])
    return summary(results, gradients)
