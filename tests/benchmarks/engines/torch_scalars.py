"""PyTorch with a tensor of no dimension for each number: its engine, on the work of a scalar engine."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from typing import Any

from . import scalars

torch: Any = importlib.import_module("torch")


class TorchScalars(scalars.Scalars):
    def leaf(self, x: float) -> Any:
        return torch.tensor(x, dtype=torch.float64, requires_grad=True)

    def relu(self, x: Any) -> Any:
        return torch.relu(x)

    def backward(self, y: Any) -> None:
        y.backward()

    def value(self, x: Any) -> float:
        return float(x.detach())

    def gradient(self, x: Any) -> float:
        return float(x.grad)

    def restart(self, parameters: Sequence[Any]) -> None:
        for p in parameters:
            p.grad = None

    def descend(self, parameters: list[Any], rate: float) -> None:
        with torch.no_grad():
            for p in parameters:
                p -= rate * p.grad


WORKS = scalars.works(TorchScalars())


def versions() -> dict[str, str]:
    return {"torch": torch.__version__}
