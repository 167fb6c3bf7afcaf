"""One engine at work in a process of its own: `python -m benchmarks.worker ENGINE`.

It reads requests from its standard input and answers on its standard output, a line of JSON each:
{"do": "prepare", "work", "size", "option"} makes a piece of work ready and answers its result and the seconds
until there was one; {"do": "time", "times"} does it that often again and answers the seconds each took.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import time
from typing import Any

from .works import Cannot, Task


class Engine:
    """An engine, and the piece of work it is at."""

    def __init__(self, name: str) -> None:
        self.module: Any = importlib.import_module(f"{__package__}.engines.{name}")
        self.task: Task | None = None

    def prepare(self, work: str, size: int, option: str) -> dict[str, Any]:
        self.task = None
        if work not in self.module.WORKS:
            return {"error": "not its work"}
        start = time.perf_counter()
        self.task = self.module.WORKS[work](size, option)
        result = list(self.task.result())
        return {
            "seconds": time.perf_counter() - start,
            "result": result,
            "measured": self.task.measured,
            "versions": self.module.versions(),
        }

    def time(self, times: int) -> dict[str, Any]:
        assert self.task is not None
        run = self.task.run
        start = time.perf_counter()
        for _ in range(times):
            run()
        return {"seconds": (time.perf_counter() - start) / times}


def main() -> None:
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what an engine prints is no answer
    engine: Engine | None = None
    for line in sys.stdin:
        request = json.loads(line)
        try:
            engine = engine or Engine(sys.argv[1])
            do = request.pop("do")
            answer = engine.prepare(**request) if do == "prepare" else engine.time(**request)
        except Cannot as reason:
            answer = {"error": str(reason)}
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}".splitlines()[0]}
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main()
