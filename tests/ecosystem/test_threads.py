"""Graphs and derivatives in threads, processes and tasks."""

from __future__ import annotations

import asyncio
import contextlib
import math as python_math
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from autograd import (
    Value,
    derivative,
    detect_anomaly,
    grad,
    gradients,
    jacobian,
    math,
    no_grad,
    vjp,
)


def cube(x: Any) -> Any:
    return x**3


def pendulum(x: Any, steps: int) -> Any:
    angle, speed = x, 0.0
    for _ in range(steps):
        speed = speed - 0.01 * math.sin(angle)
        angle = angle + 0.01 * speed
    return angle


def in_threads(work: Callable[[int], Any], count: int = 8) -> list[Any]:
    """Return work(0), work(1), ..., each from a thread of its own, all started at the same moment."""
    barrier = threading.Barrier(count)

    def started(i: int) -> Any:
        barrier.wait(timeout=60)
        return work(i)

    with ThreadPoolExecutor(count) as executor:
        return list(executor.map(started, range(count)))


def test_threads_with_graphs_of_their_own_give_the_serial_results() -> None:
    def work(i: int) -> Any:
        results = []
        for k in range(5):
            x = Value(0.1 + 0.3 * i + 0.01 * k)
            y = pendulum(x, 100)
            y.backward()
            results.append((y.data, x.grad, grad(pendulum)(x.data, 50), derivative(pendulum, 2)(x.data, 20)))
        return results

    assert in_threads(work) == [work(i) for i in range(8)]


def test_threads_may_differentiate_functions_of_shared_leaves() -> None:
    weights = [Value(0.3 + 0.1 * k, label=f"w{k}") for k in range(10)]

    def f(x: Any) -> Any:
        total = x
        for w in weights:
            total = math.tanh(w * total + x)
        return total

    slope, second = grad(f), derivative(f, 2)
    shared = f(Value(0.5))  # one graph, over which all sweep at once

    def work(i: int) -> Any:
        x = 0.1 * i
        by_weights = jacobian(lambda ws: [x * w * w for w in ws])(weights)
        return (
            [slope(x) for _ in range(20)],
            second(x),
            [gradients(shared, weights) for _ in range(20)],
            [[s.data for s in gradients(shared, weights, create_graph=True)] for _ in range(3)],
            [[s.data for s in row] for row in by_weights],
        )

    assert in_threads(work) == [work(i) for i in range(8)]
    assert [w.grad for w in weights] == [0.0] * 10


def test_no_grad_and_detect_anomaly_in_one_thread_do_not_concern_the_others() -> None:
    inside = threading.Barrier(3)

    def work(i: int) -> Any:
        with (no_grad, detect_anomaly, contextlib.nullcontext)[i]():
            inside.wait(timeout=60)  # all are in their blocks now
            x = Value(0.0)
            y = x * 2.0
            try:
                reached = math.log1p(y) * python_math.inf  # 0 times infinity
            except FloatingPointError:
                reached = None
            slope = grad(lambda t: t * t)(3.0)
            inside.wait(timeout=60)
        return len(y.operands), reached is None, slope

    assert in_threads(work, 3) == [(0, False, 6.0), (2, True, 6.0), (2, False, 6.0)]


PROGRAM = """
import sys
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context

from autograd import Value, grad, hessian, math, value_and_grad


def f(x):
    return math.sin(x[0]) * x[1] ** 2


@grad
def decorated(x):
    return math.exp(-x * x)


def graph(x):
    y = Value(x, label="y")
    return y * y


if __name__ == "__main__":
    points = [[0.1 * i, 1.0 + i] for i in range(8)]
    context = get_context(sys.argv[1])
    with ProcessPoolExecutor(2, mp_context=context) as executor:
        for g in (grad(f), value_and_grad(f), hessian(f), partial(grad(f))):
            assert list(executor.map(g, points)) == [g(p) for p in points]
        assert list(executor.map(decorated, [0.5, 1.5])) == [decorated(0.5), decorated(1.5)]
        square = executor.submit(graph, 3.0).result()  # a graph that comes back
        square.backward()
        assert square.operands[0].grad == 6.0 and square.operands[0].label == "y"
        there = executor.map(grad(lambda x: x), [1.0])
        try:
            list(there)
        except Exception as error:
            assert "lambda" in str(error), error
        else:
            raise AssertionError("a lambda was pickled")
    print("as in one process")
"""


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_processes_map_derivatives_over_points(method: str, tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM, encoding="utf-8")
    command = [sys.executable, "-W", "error", str(program), method]
    run = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert (run.stdout, run.stderr) == ("as in one process\n", "")


def test_asyncio_tasks_do_not_see_each_others_blocks() -> None:
    async def work(i: int) -> Any:
        seen: list[Any] = []
        for _ in range(5):
            with no_grad() if i % 3 == 0 else detect_anomaly() if i % 3 == 1 else contextlib.nullcontext():
                await asyncio.sleep(0)
                x = Value(2.0)
                y = x * x
                await asyncio.sleep(0)
                stops = False
                try:
                    _ = Value(0.0) * python_math.inf
                except FloatingPointError:
                    stops = True
                with no_grad():
                    await asyncio.sleep(0)
                    inner = x * x
                seen.append((len(y.operands), stops, len(inner.operands), grad(lambda t: t**2)(3.0)))
            await asyncio.sleep(0)
            seen.append(len((Value(1.0) + 1.0).operands))
        return seen

    async def main() -> list[Any]:
        return await asyncio.gather(*[work(i) for i in range(9)])

    expected = [
        [(0, False, 0, 6.0), 2] * 5,
        [(2, True, 0, 6.0), 2] * 5,
        [(2, False, 0, 6.0), 2] * 5,
    ] * 3
    assert asyncio.run(main()) == expected
    assert len((Value(1.0) + 1.0).operands) == 2


def test_derivatives_inside_coroutines_and_threads_started_by_them() -> None:
    async def main() -> list[Any]:
        with no_grad():  # the context travels into the thread, and grad records all the same
            return await asyncio.gather(*[asyncio.to_thread(grad(cube), float(i)) for i in range(4)])

    assert asyncio.run(main()) == [0.0, 3.0, 12.0, 27.0]


def test_a_pull_back_may_be_called_from_many_threads() -> None:
    value, pull_back = vjp(lambda x, y: [math.sin(x) * y, x / y], 0.7, 2.0)
    s, c = python_math.sin(0.7), python_math.cos(0.7)
    assert value == [s * 2.0, 0.35]

    def work(i: int) -> Any:
        return [pull_back([1.0 * i, 1.0]) for _ in range(20)]

    for i, results in enumerate(in_threads(work)):
        assert all(r == results[0] for r in results)
        assert results[0] == pytest.approx((i * c * 2.0 + 0.5, i * s - 0.7 / 4.0), rel=1e-14)
