"""xad, a tape in C++, by its Python package: one tape again and again, or by option a new one each time.

A number must not outlive the tape it is on: it would tell the next tape that its place there is free.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from functools import partial
from importlib.metadata import version
from typing import Any

from ..works import Task, initial_parameters, score
from . import scalars

adjoint: Any = importlib.import_module("xad.adj_1st")
functions: Any = importlib.import_module("xad.math")


class Xad(scalars.Scalars):
    def __init__(self, reuse: bool) -> None:
        self.reuse = reuse
        self.tape: Any = None

    def start(self) -> None:
        if self.tape is None or not self.reuse:
            if self.tape is not None:
                self.tape.deactivate()
            self.tape = adjoint.Tape()
            self.tape.activate()

    def record(self) -> None:
        self.tape.newRecording()

    def leaf(self, x: float) -> Any:
        number = adjoint.Real(x)
        self.tape.registerInput(number)
        return number

    def relu(self, x: Any) -> Any:
        return functions.max(x, 0.0)

    def backward(self, y: Any) -> None:
        self.tape.registerOutput(y)
        y.derivative = 1.0
        self.tape.computeAdjoints()

    def value(self, x: Any) -> float:
        return float(x.value)

    def gradient(self, x: Any) -> float:
        return float(x.derivative)

    def kept(self, y: Any) -> Any:
        return adjoint.Real(y.value)  # on no tape

    def network(self) -> tuple[Callable[[Sequence[Any]], Any], list[Any]]:
        parameters = [adjoint.Real(p) for p in initial_parameters()]  # `restart` makes leaves of them
        return partial(score, parameters, relu=self.relu), parameters

    def restart(self, parameters: list[Any]) -> None:
        parameters[:] = [self.leaf(p.value) for p in parameters]

    def descend(self, parameters: list[Any], rate: float) -> None:
        parameters[:] = [adjoint.Real(p.value - rate * p.derivative) for p in parameters]

    def release(self) -> None:
        self.tape.clearAll()


REUSED, NEW = scalars.works(Xad(reuse=True)), scalars.works(Xad(reuse=False))


def chosen(name: str, size: int, option: str) -> Task:
    return (NEW if option == "new tape" else REUSED)[name](size, "")


WORKS = {name: partial(chosen, name) for name in REUSED}


def versions() -> dict[str, str]:
    return {"xad": version("xad")}
