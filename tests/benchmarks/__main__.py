"""Time this engine against micrograd, side by side in one run: `python -m tests.benchmarks`.

Each engine works in a process of its own, so that neither pays for the other's garbage, and the two take
turns, so that both meet the same disturbances. In a round each piece of work is done several times, for the
cyclic collector comes to some of them only; the ratio is the median of those of the rounds. micrograd comes
from PyPI: `pip install micrograd`.
"""

from __future__ import annotations

import argparse
import json
import platform
import statistics
import subprocess
import sys
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

WORKER = Path(__file__).with_name("worker.py")
ENGINES = {"scalar-autograd": "autograd", "micrograd": "micrograd"}
REPEATS = {"scalar-autograd": 8, "micrograd": 2}
TIMED = {
    "expression": "micrograd's README expression, built and differentiated",
    "step": "micrograd's demo step: MLP(2, [16, 16, 1]), 100 points",
    "step, collector off": "the same, Python's cyclic collector off in both",
}


class Worker:
    """An engine in a process of its own, doing one piece of work at a time."""

    def __init__(self, package: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(WORKER), package], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def ask(self, work: str) -> dict[str, float]:
        """Have a piece of work done and return what was measured, the seconds it took among it."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(work, file=self._process.stdin, flush=True)
        answer = self._process.stdout.readline()
        if not answer:
            sys.exit(f"the {self._process.args!r} process ended during {work!r}")
        measured: dict[str, float] = json.loads(answer)
        return measured

    def close(self) -> None:
        """End the process."""
        self._process.communicate("")


def installed(distribution: str) -> str | None:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return None


def import_time(rounds: int) -> float:
    """Return how much longer an interpreter takes that imports the package, by medians."""
    times: dict[str, list[float]] = {"import autograd": [], "pass": []}
    for _ in range(rounds):
        for program, taken in times.items():
            start = time.perf_counter()
            subprocess.run([sys.executable, "-I", "-c", program], check=True)
            taken.append(time.perf_counter() - start)
    return statistics.median(times["import autograd"]) - statistics.median(times["pass"])


def seconds(x: float) -> str:
    return f"{x * 1e6:.0f} µs" if x < 1e-3 else f"{x * 1e3:.1f} ms"


def main() -> int:
    """Run the benchmark and print its table."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument(
        "--rounds", type=int, default=9, help="how many rounds each piece of work is timed in"
    )
    rounds = parser.parse_args().rounds
    missing = [name for name in ENGINES if installed(name) is None]
    if missing:
        print(f"not installed: {', '.join(missing)}; run pip install {' '.join(missing)}", file=sys.stderr)
        return 2
    print(f"CPython {platform.python_version()}, {', '.join(f'{n} {installed(n)}' for n in ENGINES)}")

    workers = {name: Worker(package) for name, package in ENGINES.items()}
    first = {name: worker.ask("step") for name, worker in workers.items()}
    losses = {measured["loss"] for measured in first.values()}
    if len(losses) != 1:
        sys.exit(f"the engines disagree on the loss, so there is nothing to compare: {losses}")
    print(f"both start from the loss {losses.pop()!r}\n")

    ours, theirs = ENGINES
    print(f"{'':58}{ours:>16}{theirs:>12}{'ratio':>8}")
    for work, title in TIMED.items():
        times: dict[str, list[float]] = {name: [] for name in workers}
        for _ in range(rounds):
            for name, worker in workers.items():
                times[name].append(statistics.mean(worker.ask(work)["seconds"] for _ in range(REPEATS[name])))
        mine, other = (statistics.median(times[name]) for name in workers)
        ratio = statistics.median(b / a for a, b in zip(times[ours], times[theirs], strict=True))
        print(f"{title:58}{seconds(mine):>16}{seconds(other):>12}{ratio:>8.1f}")
    sizes = {name: worker.ask("bytes")["bytes"] for name, worker in workers.items()}
    print(
        f"{'bytes a node, in a sum of 30,000 products':58}{sizes[ours]:>16.0f}{sizes[theirs]:>12.0f}"
        f"{sizes[theirs] / sizes[ours]:>8.1f}"
    )
    print(f"\nimport autograd takes {seconds(import_time(rounds))} more than starting Python does")
    for worker in workers.values():
        worker.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
