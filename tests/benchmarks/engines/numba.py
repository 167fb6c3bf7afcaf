"""Values and gradients written by hand in Python, compiled by numba."""

from __future__ import annotations

import importlib
import math
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

import numpy as np

from ..works import Task, options, rosenbrock_points, summary

njit: Any = importlib.import_module("numba").njit


def rosenbrock_by_hand(points: Any) -> Any:
    n, d = points.shape
    values, gradients = np.empty(n), np.empty((n, d))
    for p in range(n):
        value, before = 0.0, 0.0
        for i in range(d - 1):
            x = points[p, i]
            inner = points[p, i + 1] - x * x
            value += 100.0 * inner * inner + (1.0 - x) * (1.0 - x)
            gradients[p, i] = before - 400.0 * x * inner - 2.0 * (1.0 - x)
            before = 200.0 * inner
        gradients[p, d - 1] = before
        values[p] = value
    return values, gradients


@njit  # type: ignore[untyped-decorator, unused-ignore]
def option_by_hand(spot: float, strike: float, rate: float, time: float, sigma: float) -> Any:
    root = math.sqrt(time)
    deviation = sigma * root
    d1 = (math.log(spot / strike) + (rate + 0.5 * sigma * sigma) * time) / deviation
    d2 = d1 - deviation
    n1 = 0.5 * math.erfc(-d1 * 0.7071067811865476)
    n2 = 0.5 * math.erfc(-d2 * 0.7071067811865476)
    density = 0.3989422804014327 * math.exp(-0.5 * d1 * d1)
    discount = math.exp(-rate * time)
    discounted = strike * discount * n2
    by_time = 0.5 * spot * density * sigma / root + rate * discounted
    return spot * n1 - discounted, (
        n1,
        -discount * n2,
        time * discounted,
        by_time,
        spot * density * root,
    )


def options_by_hand(points: Any) -> Any:
    n = points.shape[1]
    values, gradients = np.empty(n), np.empty((5, n))
    for p in range(n):
        values[p], greeks = option_by_hand(
            points[0, p], points[1, p], points[2, p], points[3, p], points[4, p]
        )
        for i in range(5):
            gradients[i, p] = greeks[i]
    return values, gradients


def rosenbrock_at(x: Any) -> Any:
    gradient = np.empty(len(x))
    value, before = 0.0, 0.0
    for i in range(len(x) - 1):
        inner = x[i + 1] - x[i] * x[i]
        value += 100.0 * inner * inner + (1.0 - x[i]) * (1.0 - x[i])
        gradient[i] = before - 400.0 * x[i] * inner - 2.0 * (1.0 - x[i])
        before = 200.0 * inner
    gradient[-1] = before
    return value, gradient


def call_array(size: int, option: str) -> Task:
    kernel, (x,) = njit(rosenbrock_at), rosenbrock_points(1)

    def result() -> list[float]:
        value, gradient = kernel(x)
        return summary([value], [gradient])

    return Task(lambda: kernel(x), result)


def rosenbrock(size: int, option: str) -> Task:
    kernel, x = njit(rosenbrock_by_hand), rosenbrock_points(size)
    return Task(lambda: kernel(x), lambda: summary(*kernel(x)))


def black_scholes(size: int, option: str) -> Task:
    kernel, points = njit(options_by_hand), options(size)

    def result() -> list[float]:
        values, greeks = kernel(points)
        return summary(values, greeks.T)

    return Task(lambda: kernel(points), result)


def call(size: int, option: str) -> Task:
    point = options(1)[:, 0].tolist()

    def result() -> list[float]:
        value, greeks = option_by_hand(*point)
        return summary([value], [greeks])

    return Task(lambda: option_by_hand(*point), result)


WORKS: dict[str, Callable[[int, str], Task]] = {
    "rosenbrock": rosenbrock,
    "black-scholes": black_scholes,
    "call": call,
    "call array": call_array,
}


def versions() -> dict[str, str]:
    return {"numba": version("numba"), "llvmlite": version("llvmlite")}
