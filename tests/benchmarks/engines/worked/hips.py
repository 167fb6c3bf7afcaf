"""The models with HIPS autograd, which takes the files as they are, where it has what they ask for."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from models import NAMES
from models.telling import told

from ...works import Cannot, Task
from ..hips import hips, versions
from ..models.first import task

__all__ = ["WORKS", "versions"]


def made(f: Callable[..., Any], argnums: Any = 0) -> Any:
    return SimpleNamespace(
        value_and_grad=hips.value_and_grad(f, argnums),
        grad=hips.grad(f, argnums),
        jacobian=hips.jacobian(f, argnums),
        hessian=hips.hessian(f, argnums),
    )


def work(name: str) -> Callable[[int, str], Task]:
    def prepared(size: int, option: str) -> Task:
        try:
            model = importlib.import_module(f"models.{name}")
            return task(lambda: model.derivative(made), told)
        except (ImportError, TypeError, ValueError, AttributeError) as error:
            raise Cannot("not as it is written") from error

    return prepared


WORKS = {f"model {name.replace('_', ' ')}": work(name) for name in NAMES}
