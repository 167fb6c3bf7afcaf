"""The models with this engine: the files themselves, compiled or not; the option is the backend, or
"uncompiled"."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from functools import partial

from models import NAMES
from models.telling import Uncompiled, told

import autograd

from ...works import Task
from ..models.first import task
from ..programs import UNCOMPILED, versions

__all__ = ["WORKS", "versions"]


def work(name: str) -> Callable[[int, str], Task]:
    def prepared(size: int, option: str) -> Task:
        model = importlib.import_module(f"models.{name}")
        made = Uncompiled if option == UNCOMPILED else partial(autograd.compile, backend=option)
        return task(lambda: model.derivative(made), told)

    return prepared


WORKS = {f"model {name.replace('_', ' ')}": work(name) for name in NAMES}
