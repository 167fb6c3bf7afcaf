"""Time pictures of 10, 200 and 2000 cards on each engine: `python -m tests.benchmarks.drawing`.

The graph is a sum of products and activations of neighbours in a row of inputs, each used twice. The text
is what `draw` makes; the pictures are what an engine makes of it. An engine that is not installed is left
out. The 2000 cards take an engine minutes; --cards leaves them out.
"""

from __future__ import annotations

import argparse
import itertools
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from shutil import which

from autograd import Value, draw
from autograd.drawing import Drawing, DrawingError


def graph(cards: int) -> Value:
    """Return a differentiated graph of that many Values: a leaf and 6 Values for each pair of inputs."""
    pairs = (cards - 2) // 6
    inputs = [Value(0.1 + i % 7 / 10, label=f"x{i}") for i in range(pairs + 1)]
    total = Value(0.0, label="start")
    for a, b in itertools.pairwise(inputs):
        total = total + (a * b).tanh() * (a - b)
    for _ in range(cards - 2 - 6 * pairs):
        total = total + 1
    total.backward()
    return total


def median_time(work: Callable[[], object], rounds: int) -> float:
    """Return the seconds that a piece of work takes, by the median."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def engines() -> dict[str, dict[str, str | None]]:
    """Return what has to be hidden, as PATH and modules, to leave one engine."""
    version = ""
    if which("dot"):
        done = subprocess.run(["dot", "-V"], capture_output=True, text=True)
        version = done.stderr.strip().rpartition("version ")[2]
    found: dict[str, dict[str, str | None]] = {}
    if version:
        found[f"dot {version}"] = {"pygraphviz": None}
    found["pygraphviz"] = {"PATH": tempfile.gettempdir()}
    found["neither"] = {"PATH": tempfile.gettempdir(), "pygraphviz": None}
    return found


def timed(make: Callable[[], Drawing], hidden: dict[str, str | None], rounds: int) -> str:
    """Return the seconds for an SVG and a PNG, each of a drawing that is not laid out yet."""
    path = os.environ["PATH"]
    known = sys.modules.get("pygraphviz")
    try:
        os.environ["PATH"] = hidden.get("PATH") or path
        if "pygraphviz" in hidden:
            sys.modules["pygraphviz"] = None  # type: ignore[assignment]
        svg = median_time(lambda: make().svg(), rounds)
        png = median_time(lambda: make().png(), rounds)
    except DrawingError as error:
        return f"{str(error)[:40]:>24}"
    finally:
        os.environ["PATH"] = path
        sys.modules.pop("pygraphviz", None)
        if known is not None:
            sys.modules["pygraphviz"] = known
    return f"{svg:>10.2f} s {png:>10.2f} s"


def main() -> None:
    """Run the benchmark and print its table."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.drawing", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="how often each picture is made")
    parser.add_argument("--cards", type=int, nargs="+", default=[10, 200, 2000], help="sizes of the graphs")
    options = parser.parse_args()
    found = engines()
    print(f"{'cards':>6}{'text':>12}" + "".join(f"{name[:20] + ': SVG':>13}{'PNG':>13}" for name in found))
    for cards in options.cards:
        y = graph(cards)
        text = median_time(lambda y=y: draw(y, limit=10**6), options.rounds)  # type: ignore[misc]
        rounds = options.rounds if cards < 1000 else 1
        columns = [
            timed(lambda y=y: draw(y, limit=10**6), hidden, rounds)  # type: ignore[misc]
            for hidden in found.values()
        ]
        print(f"{cards:>6}{text * 1e3:>9.1f} ms" + " ".join(columns), flush=True)


if __name__ == "__main__":
    main()
