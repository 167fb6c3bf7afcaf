"""The first result of a model, timed, with the memory that it takes."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from typing import Any

from ...memory import forget_highest, highest, resident
from ...works import Task


def task(
    start: Callable[[], Callable[[], Any]],
    told: Callable[[Any], list[float]],
    *,
    name: str = "first",
    nodes: int = 1,
) -> Task:
    """Return the work of the call that `start` returns; `told` takes the numbers out of what that gives.

    The seconds from the start to the first result are measured under a name ("" if they are all that is told
    of the work), and how much memory the process held in between, for each node.
    """
    gc.collect()
    forget_highest()
    before = resident()
    begin = time.perf_counter()
    run = start()
    found = run()
    seconds = time.perf_counter() - begin
    measured = {name: seconds, "peak bytes": (highest() - before) / nodes}
    numbers = told(found)
    return Task(run, lambda: numbers, measured)
