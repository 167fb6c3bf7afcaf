"""Engines taking turns at a piece of work, each checked before it is timed."""

from __future__ import annotations

import math
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from .contenders import Contender, Failure, Worker, interpreter
from .peers import IMPORTS, OURS, PEERS, python_of
from .reference import disagreement, expected
from .works import BATCHES, WORKS

FEW = 10_000  # nodes up to which a first result is timed in several rounds
SOON = 3.0  # seconds within which a first result of a model has to be there to be timed in several rounds
FIRST_ROUNDS = 3
SLOW = 0.6  # what part of the limit one time may take for there to be more
TURN = 0.2  # seconds for which an engine repeats its work in a turn


class Results:
    """What was measured: for a line of a table and a contender the numbers of the rounds, or why not.

    The numbers of a round stand at the same place for all contenders, so that they can be divided.
    """

    def __init__(self) -> None:
        self.rounds: dict[tuple[str, str], list[float]] = {}
        self.failures: dict[tuple[str, str], str] = {}
        self.versions: dict[str, str] = {}

    def median(self, line: str, contender: str) -> float | None:
        numbers = self.rounds.get((line, contender))
        return statistics.median(numbers) if numbers else None

    def ratio(self, line: str, contender: str, to: str) -> float | None:
        """Return how many times as much a contender takes as another, by the median of the rounds."""
        ours, theirs = self.rounds.get((line, to)), self.rounds.get((line, contender))
        if not ours or not theirs:
            return None
        if min(*ours, *theirs) <= 0 or len(ours) != len(theirs):
            a, b = statistics.median(ours), statistics.median(theirs)
            return b / a if a > 0 else math.nan
        return statistics.median(b / a for a, b in zip(ours, theirs, strict=True))

    def add(self, line: str, contender: str, number: float) -> None:
        self.rounds.setdefault((line, contender), []).append(number)


def measure(
    results: Results,
    name: str,
    contenders: Sequence[Contender],
    environments: Path,
    *,
    rounds: int,
    limit: float,
    size: int | None = None,
    turn: float = TURN,
) -> None:
    """Do a piece of work with every contender that can, and add what was found to the results."""
    work = WORKS[name]
    size = size or work.size
    if name in BATCHES:
        contenders = [c for c in contenders if c.batches]
    if work.kind in ("timed", "model"):
        take_turns(results, name, contenders, environments, rounds, limit, size, turn)
        for _ in range(1, min(rounds, FIRST_ROUNDS) if work.kind == "model" else 0):
            first_again(results, name, contenders, environments, limit, size)
        return
    if work.kind == "ready" and size > FEW:
        rounds = 1
    for _ in range(rounds):
        for contender in contenders:
            if (name, contender.name) in results.failures:
                continue
            own = min(size, contender.sizes.get(name, size))
            try:
                worker, answer = prepared(name, contender, environments, own, limit)
            except Failure as failure:
                results.failures[name, contender.name] = str(failure)
                continue
            worker.close()
            results.versions |= answer["versions"]
            add_measured(results, name, contender.name, answer["measured"] or {"": answer["seconds"]})
    multiples(results, name, contenders)


def first_again(
    results: Results,
    name: str,
    contenders: Sequence[Contender],
    environments: Path,
    limit: float,
    size: int,
) -> None:
    """Measure the first result of a model anew, with each contender that had one soon."""
    for contender in contenders:
        found = results.rounds.get((f"{name}: first", contender.name))
        if found and found[0] < SOON:
            try:
                worker, answer = prepared(name, contender, environments, size, limit)
            except Failure:  # such as a limit that was just enough the first time
                continue
            worker.close()
            add_measured(results, name, contender.name, answer["measured"])


def add_measured(results: Results, name: str, who: str, found: dict[str, float]) -> None:
    for what, number in found.items():
        if not math.isnan(number):
            results.add(f"{name}: {what}" if what else name, who, number)


def multiples(results: Results, name: str, contenders: Sequence[Contender]) -> None:
    """Add how many times as long a first result takes as one without `compile`, in the same form."""
    bases = {c.environment: c.name for c in contenders if c.option == "uncompiled"}
    for contender in contenders:
        base = bases.get(contender.environment)
        if base and contender.name != base:
            ratio = results.ratio(name, contender.name, base)
            if ratio is not None:
                results.add(f"{name}: multiple", contender.name, ratio)


def take_turns(
    results: Results,
    name: str,
    contenders: Sequence[Contender],
    environments: Path,
    rounds: int,
    limit: float,
    size: int,
    turn: float,
) -> None:
    """Time the contenders in rounds, once they are ready; one that is slow sits out later rounds."""
    workers: dict[str, Worker] = {}
    turns: dict[str, tuple[int, float, int]] = {}
    try:
        for contender in contenders:
            own = min(size, contender.sizes.get(name, size))
            try:
                worker, answer = prepared(name, contender, environments, own, limit)
                workers[contender.name] = worker
                if own == size:
                    add_measured(results, name, contender.name, answer["measured"] or {})
                once = worker.ask(limit, do="time", times=1)["seconds"]
                if once <= limit * SLOW:  # the second time may make what the first did without
                    once = min(once, worker.ask(limit, do="time", times=1)["seconds"])
            except Failure as failure:
                results.failures[name, contender.name] = str(failure)
                continue
            items = own if WORKS[name].per else 1
            results.versions |= answer["versions"]
            if once > limit * SLOW:
                results.add(name, contender.name, once / items)
            else:
                turns[contender.name] = max(1, round(turn / once)), once, items
        for number in range(rounds):
            for who, (often, once, items) in list(turns.items()):
                if number and (number + 1) * often * once > limit:
                    continue
                try:
                    taken = workers[who].ask(2 * limit, do="time", times=often)["seconds"]
                except Failure as failure:  # such as one that runs out of memory
                    results.failures[name, who] = str(failure)
                    results.rounds.pop((name, who), None)
                    del turns[who]
                    continue
                results.add(name, who, taken / items)
    finally:
        for worker in workers.values():
            worker.close()


def prepared(
    name: str, contender: Contender, environments: Path, size: int, limit: float
) -> tuple[Worker, dict[str, Any]]:
    """Return a worker that has the piece of work ready, and its answer, once its result is found right."""
    worker = Worker(contender.engine, interpreter(contender, environments))
    try:
        answer = worker.ask(limit, do="prepare", work=name, size=size, option=contender.option)
        if wrong := disagreement(answer["result"], expected(name, size)):
            raise Failure(f"wrong result: {wrong}")
    except BaseException:
        worker.kill()
        worker.close()
        raise
    return worker, answer


def import_times(results: Results, environments: Path, rounds: int) -> None:
    """Time how much longer an interpreter takes that imports a package than one that does nothing."""
    pythons = {name: python_of(environments / name).absolute() for name in (*OURS, *PEERS)}
    if not any(pythons[name].exists() for name in OURS):
        pythons["pure"] = Path(sys.executable)
    for _ in range(rounds):
        for name, python in pythons.items():
            if python.exists():
                idle, busy = (
                    started(python, program) for program in ("pass", f"import {IMPORTS.get(name, name)}")
                )
                results.add("import", name, busy - idle)
            else:
                results.failures["import", name] = "not installed"


def started(python: Path, program: str) -> float:
    start = time.perf_counter()
    subprocess.run([str(python), "-I", "-c", program], check=True)
    return time.perf_counter() - start
