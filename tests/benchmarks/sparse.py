"""Time sparse Hessians beside CasADi's: `python -m tests.benchmarks.sparse`.

The Hessian of Rosenbrock's function of n numbers has three bands. It is written with slices of an array, and
with a loop in Python, as people do in both systems. What is told is the first result in a fresh process, the
packages imported before, by how much more memory the process held until then, the second one, for which a
compiled function makes its program, and a call when there were many. For CasADi the first result is that of
SX, `hessian`, `Function` and a call, and a call is also told with buffers, the fastest that it has in Python;
what it gives is its own matrix, no array of SciPy. Both take turns, and each ratio is that of the medians.
`python -m tests.benchmarks.peers casadi compiled` installs CasADi, and this package as it is now; where that
is not installed, the source is measured.
"""

from __future__ import annotations

import argparse
import gc
import importlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .memory import highest
from .peers import DEFAULT, python_of
from .tables import quantity, table

TESTS = Path(__file__).parents[1]
ROOT = TESTS.parent
FORMS = ("slices", "loop")


def slices(x: Any, total: Callable[[Any], Any]) -> Any:
    a, b = x[:-1], x[1:]
    return total(100.0 * (b - a**2) ** 2 + (1.0 - a) ** 2)


def loop(x: Any, n: int) -> Any:
    total = 0.0
    for i in range(n - 1):
        total = total + 100.0 * (x[i + 1] - x[i] ** 2) ** 2 + (1.0 - x[i]) ** 2
    return total


def point(n: int) -> Any:
    import numpy as np

    return np.linspace(0.5, 1.5, n)


def check(found: Any, n: int) -> None:
    """Raise ValueError if the entries are not the textbook's.

    Args:
        found: the matrix, as any of SciPy's.
        n: its size.
    """
    import numpy as np

    x, diagonal = point(n), np.zeros(n)
    diagonal[:-1] += 1200.0 * x[:-1] ** 2 - 400.0 * x[1:] + 2.0
    diagonal[1:] += 200.0
    right = np.allclose(found.diagonal(), diagonal) and np.allclose(found.diagonal(-1), -400.0 * x[:-1])
    if not right or found.nnz != 3 * n - 2:
        raise ValueError("the Hessian is wrong")


def by_casadi(form: str, n: int) -> Any:
    """Yield calls: what gives the first result, and then the same again, in ways of increasing speed."""
    ca = importlib.import_module("casadi")

    def made() -> Any:
        x = ca.SX.sym("x", n)
        f = slices(x, ca.sum1) if form == "slices" else loop(x, n)
        return ca.Function("hessian", [x], [ca.hessian(f, x)[0]])

    import numpy as np

    x: Any = point(n)
    found: list[Any] = []

    def first() -> Any:
        found.append(made())
        return found[0](x)

    yield "first", first, lambda result: result.sparse()
    yield "second", lambda: found[0](x), lambda result: result.sparse()
    yield "call", lambda: found[0](x), None
    buffer, evaluate = found[0].buffer()
    out: Any = np.empty(found[0].nnz_out(0))
    buffer.set_arg(0, memoryview(x))
    buffer.set_res(0, memoryview(out))
    yield "call with buffers", evaluate, None


def by_us(form: str, n: int, compiled: bool) -> Any:
    """Yield calls, as `by_casadi` does."""
    import numpy as np

    from autograd import compile, hessian

    x = point(n)

    def f(x: Any) -> Any:
        return slices(x, np.sum) if form == "slices" else loop(x, n)

    made = hessian(compile(f) if compiled else f, sparse=True)
    yield "first", lambda: made(x), lambda result: result
    yield "second", lambda: made(x), lambda result: result
    yield "call", lambda: made(x), None


def work(engine: str, form: str, n: int) -> dict[str, float]:
    """Return the seconds of each kind of call, and the bytes that the first took."""
    for package in ("numpy", "scipy.sparse") if engine != "casadi" else ("casadi", "numpy"):
        importlib.import_module(package)
    calls = by_casadi(form, n) if engine == "casadi" else by_us(form, n, engine == "compiled")
    told: dict[str, float] = {}
    for name, call, as_array in calls:
        if as_array is not None:
            gc.collect()
            before, started = highest(), time.perf_counter()
            result = call()
            told[name] = time.perf_counter() - started
            told.setdefault("bytes", highest() - before)
            check(as_array(result), n)
            continue
        if engine == "plain":
            continue
        ends = time.perf_counter() + 1.0  # for machine code to be made
        while time.perf_counter() < ends:
            call()
        times = []
        for _ in range(30):
            started = time.perf_counter()
            call()
            times.append(time.perf_counter() - started)
        told[name] = statistics.median(times)
    return told


def measured(engine: str, form: str, n: int, environments: Path, rounds: int) -> dict[str, float] | None:
    """Return the medians of what a process of its own tells, several times; None where it cannot be run."""
    own = python_of(environments / ("casadi" if engine == "casadi" else "compiled")).absolute()
    path = [str(TESTS)]
    if not own.exists() and engine != "casadi":
        own = Path(sys.executable)
        path.append(str(ROOT))
    if not own.exists():
        return None
    left_out = ("PYTHONHOME", "VIRTUAL_ENV", "PYTHONDONTWRITEBYTECODE")
    settings = {name: x for name, x in os.environ.items() if name not in left_out}
    settings["PYTHONPATH"] = os.pathsep.join(path)
    told = []
    with tempfile.TemporaryDirectory() as folder:  # where there is no `autograd` but the one installed
        settings["PYTHONPYCACHEPREFIX"] = str(Path(folder, "compiled"))
        for _ in range(rounds + 1):  # the first of which compiles what is imported
            command = [str(own), "-m", "benchmarks.sparse", "--work", engine, form, str(n)]
            done = subprocess.run(
                command, capture_output=True, text=True, cwd=folder, env=settings, check=False
            )
            if done.returncode:
                print(done.stderr[-2000:], file=sys.stderr)
                return None
            told.append(json.loads(done.stdout))
    del told[0]
    return {name: statistics.median([x[name] for x in told]) for name in told[0]}


def main() -> int:
    """Print a table."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.sparse", description=__doc__)
    parser.add_argument("--environments", type=Path, default=DEFAULT, help=f"where CasADi is ({DEFAULT})")
    parser.add_argument("--sizes", type=int, nargs="+", default=[2000], help="how many numbers (2000)")
    parser.add_argument("--rounds", type=int, default=3, help="how many processes of each (3)")
    parser.add_argument("--work", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.work:
        engine, form, n = options.work
        print(json.dumps(work(engine, form, int(n))))
        return 0
    rows = [["", "engine", "first result", "memory", "second", "call"]]
    for n in options.sizes:
        for form in FORMS:
            found = {
                engine: measured(engine, form, n, options.environments, options.rounds)
                for engine in ("casadi", "plain", "compiled")
            }
            for engine, told in found.items():
                if told is not None:
                    rows.append([f"{n:,}, {form}", engine, *cells(told, found["casadi"])])
    print(table(rows))
    return 0


def cells(told: dict[str, float], other: dict[str, float] | None) -> list[str]:
    """Return what one engine took, with the ratio to CasADi."""

    def beside(name: str) -> str:
        if name not in told:
            return ""
        ratio = f" ({told[name] / other[name]:.2f})" if other is not None and told is not other else ""
        return quantity(told[name], "") + ratio

    call = beside("call")
    if "call with buffers" in told:
        call += f"; with buffers {quantity(told['call with buffers'], '')}"
    second = quantity(told["second"], "")
    return [beside("first"), f"{told['bytes'] / 1e6:.0f} MB", second, call]


if __name__ == "__main__":
    sys.exit(main())
