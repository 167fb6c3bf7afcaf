"""Values and gradients written by hand in C, compiled with all optimisations: the limit."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
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
    options,
    points,
    rosenbrock_points,
    summary,
)

FOLDER = Path(__file__).parent
FLAGS = ["-O3", "-march=native", "-shared", "-fPIC"]


def compiler() -> str:
    found = os.environ.get("CC") or shutil.which("gcc") or shutil.which("cc")
    if not found:
        raise RuntimeError("there is no C compiler")
    return found


@cache
def library(source: str = "kernels.c") -> Any:
    """Return a file of this folder, compiled."""
    folder = Path(tempfile.mkdtemp(dir=Path.cwd()))  # the worker's own, which goes with it
    made = folder / "kernels.so"
    subprocess.run([compiler(), *FLAGS, str(FOLDER / source), "-o", str(made), "-lm"], check=True)
    return ctypes.CDLL(str(made))


def pointer(array: Any) -> Any:
    return array.ctypes.data_as(ctypes.c_void_p)  # which keeps the array


def rosenbrock(size: int, option: str) -> Task:
    x = rosenbrock_points(size)
    values, gradients = np.empty(size), np.empty_like(x)
    kernel, arguments = library().rosenbrock, (ctypes.c_long(size), *map(pointer, (x, values, gradients)))

    def result() -> list[float]:
        kernel(*arguments)
        return summary(values, gradients)

    return Task(lambda: kernel(*arguments), result)


def black_scholes(size: int, option: str) -> Task:
    points = options(size)
    values, greeks = np.empty(size), np.empty_like(points)
    kernel, arguments = (
        library().black_scholes,
        (ctypes.c_long(size), *map(pointer, (points, values, greeks))),
    )

    def result() -> list[float]:
        kernel(*arguments)
        return summary(values, greeks.T)

    return Task(lambda: kernel(*arguments), result)


class Step:
    def __init__(self) -> None:
        self.x, self.y = (np.array(data) for data in points())
        matrices = [np.column_stack([w, b]).T for w, b in layers(np.array(initial_parameters()))]
        self.parameters = np.concatenate([m.ravel() for m in matrices])
        self.shapes = [m.shape for m in matrices]
        self.kernel = library().step
        self.kernel.restype = ctypes.c_double
        self.steps = 0
        self.data = pointer(self.parameters), ctypes.c_int(len(self.y)), pointer(self.x), pointer(self.y)
        self.decay = ctypes.c_double(DECAY)

    def run(self) -> float:
        loss: float = self.kernel(*self.data, ctypes.c_double(learning_rate(self.steps)), self.decay)
        self.steps += 1
        return loss

    def result(self) -> list[float]:
        losses = [self.run() for _ in range(STEPS)]
        ends = np.cumsum([rows * columns for rows, columns in self.shapes])
        matrices = [
            part.reshape(shape).T
            for part, shape in zip(np.split(self.parameters, ends[:-1]), self.shapes, strict=True)
        ]
        return losses + flattened([(m[:, :-1], m[:, -1]) for m in matrices])


WORKS: dict[str, Callable[[int, str], Task]] = {
    "replayed step": lambda size, option: Task.of(Step()),
    "rosenbrock": rosenbrock,
    "black-scholes": black_scholes,
    "call": lambda size, option: black_scholes(1, option),
    "call array": lambda size, option: rosenbrock(1, option),
}


def versions() -> dict[str, str]:
    answer = subprocess.run([compiler(), "-dumpfullversion"], capture_output=True, text=True)
    return {Path(compiler()).name: answer.stdout.strip()}
