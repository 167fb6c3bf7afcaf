"""Who takes part: an engine, the environment it lives in, and how it is named in tables."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from .peers import python_of
from .works import BATCHES, LOOPS, WORKS

TESTS = Path(__file__).parents[1]


class Contender(NamedTuple):
    """An engine file, its environment ("" for that of the benchmark), and what the engine calls option."""

    name: str
    engine: str
    environment: str = ""
    option: str = ""
    sizes: dict[str, int] = {}  # noqa: RUF012  # smaller ones, where the full size would take minutes
    batches: bool = True  # whether it does them, too


EAGER = (
    Contender("scalar-autograd, compiled", "ours", "compiled"),
    Contender("scalar-autograd, pure Python", "ours", "pure"),
    Contender("micrograd", "micrograd", "micrograd", "", {"chain": 20_000, "products": 30_000}),
    Contender("xad", "xad", "xad"),
    Contender("xad, new tape", "xad", "xad", "new tape"),
    Contender("torch, scalars", "torch_scalars", "torch", "", {"chain": 20_000, "products": 20_000}),
    Contender("HIPS autograd", "hips", "hips"),
)
PROGRAMS = (
    Contender("scalar-autograd, llvm", "programs", "compiled", "llvm"),
    Contender("scalar-autograd, numpy", "programs", "compiled", "numpy"),
    Contender("scalar-autograd, python", "programs", "compiled", "python", batches=False),
    Contender("C", "c"),
    Contender("numba by hand", "numba", "numba"),
    Contender("CasADi, gcc", "casadi", "casadi"),
    Contender("JAX, jit", "jax", "jax"),
    Contender("torch, vectorised", "torch_arrays", "torch"),
)
UNCOMPILED = (Contender("scalar-autograd, uncompiled", "programs", "compiled", "uncompiled", batches=False),)
IN_PURE_PYTHON = tuple(
    Contender(f"pure Python, {option}", "programs", "pure", option, batches=False)
    for option in ("llvm", "python", "uncompiled")
)
MODELS = (
    *(c._replace(engine="models.ours") for c in PROGRAMS if c.option in ("llvm", "python")),
    UNCOMPILED[0]._replace(engine="models.ours", sizes={"newton": 10_000}),
    *(
        Contender(f"scan, {backend}", "models.ours", "compiled", f"scan {backend}")
        for backend in ("llvm", "python", "uncompiled")
    ),
    Contender("C", "models.c"),
    Contender("numba by hand", "models.numba", "numba"),
    Contender("CasADi, gcc", "models.casadi", "casadi", "gcc"),
    Contender("CasADi", "models.casadi", "casadi"),
    Contender("JAX, jit", "models.jax", "jax"),
)
WORKED = (
    *(c._replace(engine="worked.ours") for c in PROGRAMS if c.option == "llvm"),
    UNCOMPILED[0]._replace(engine="worked.ours"),
    Contender("CasADi", "worked.casadi", "casadi"),
    Contender("JAX, jit", "worked.jax", "jax"),
    Contender("HIPS autograd", "worked.hips", "hips"),
)
BY_GRAD = tuple(c._replace(name=f"{c.name}, by grad", option="grad") for c in EAGER if c.engine == "ours")
COMPILED, PURE = EAGER[0].name, EAGER[1].name
REPLAYED = tuple(c.name for c in PROGRAMS if c.engine == "programs")
OURS = {
    c.name
    for c in (*EAGER, *BY_GRAD, *PROGRAMS, *UNCOMPILED, *IN_PURE_PYTHON, *MODELS)
    if c.engine in ("ours", "programs", "models.ours")
}


def contenders_of(name: str) -> tuple[Contender, ...]:
    """Return who takes part in a piece of work."""
    work = WORKS[name]
    if name.startswith("ready"):
        return *PROGRAMS, *UNCOMPILED, *IN_PURE_PYTHON
    if work.tag == "W6":
        everyone = [c for c in (*PROGRAMS, *UNCOMPILED, *IN_PURE_PYTHON) if c.engine == "programs"]
        ours = (c._replace(engine="models.ours") for c in everyone if c.option != "numpy")
        others = [c for c in MODELS if c.environment in ("casadi", "jax")]
        # Where gcc and XLA would take hours, they are not asked.
        return *ours, *(c for c in others if work.size < 1_000_000 or c.name == "CasADi")
    if name in ("call", "call array"):
        return *PROGRAMS, *UNCOMPILED
    if work.tag == "W9":
        return WORKED
    if work.tag == "W8":
        return tuple(c for c in MODELS if name in LOOPS or not c.option.startswith("scan"))
    if name == "gradient":
        return *EAGER, *BY_GRAD
    return PROGRAMS if name in BATCHES or name == "replayed graph" else EAGER


class Failure(Exception):  # noqa: N818  # no error: a table tells it
    """Why an engine has no number: it is not installed, cannot do the work, or does it wrongly."""


def interpreter(contender: Contender, environments: Path) -> Path:
    """Return the Python that a contender runs on. This engine may be that of the benchmark's own Python."""
    own = Path(sys.executable)
    if not contender.environment:
        return own
    python = python_of(environments / contender.environment).absolute()
    here = [python] if python.exists() else []
    if contender.environment == "compiled" and contender.engine != "ours":
        return [*here, own][0]
    if contender.environment in ("compiled", "pure"):
        here = [p for p in (*here, own) if is_compiled(p) == (contender.environment == "compiled")]
    if not here:
        raise Failure("not installed")
    return here[0]


@cache
def is_compiled(python: Path) -> bool | None:
    """Return whether the engine that a Python has is compiled; None if it has none."""
    ask = "import autograd; print(bool(getattr(autograd, 'compiled', False)))"
    done = subprocess.run([str(python), "-I", "-c", ask], capture_output=True, text=True)
    return {"True": True, "False": False}.get(done.stdout.strip())


class Worker:
    """An engine in a process of its own, doing one piece of work at a time."""

    def __init__(self, engine: str, python: Path) -> None:
        self._folder = tempfile.TemporaryDirectory()
        settings = {k: v for k, v in os.environ.items() if k not in ("PYTHONHOME", "VIRTUAL_ENV")}
        self._process = subprocess.Popen(
            [str(python), "-m", "benchmarks.worker", engine],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            cwd=self._folder.name,  # where there is no `autograd` but the one installed
            env=settings | {"PYTHONPATH": str(TESTS), "PYTHONDONTWRITEBYTECODE": "1"},
            start_new_session=True,  # so that a compiler that it started ends with it
        )

    def ask(self, limit: float = 600.0, **request: Any) -> dict[str, Any]:
        """Have something done and return the answer; after `limit` seconds the process is ended."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        late = threading.Event()

        def end() -> None:
            late.set()
            self.kill()

        timer = threading.Timer(limit, end)
        timer.start()
        try:
            print(json.dumps(request), file=self._process.stdin, flush=True)
            line = self._process.stdout.readline()
        except BrokenPipeError:
            line = ""
        finally:
            timer.cancel()
        if late.is_set():
            raise Failure(f"over {limit:g} s")
        if not line:
            raise Failure(f"its process ended, code {self._process.wait()}")
        answer: dict[str, Any] = json.loads(line)
        if "error" in answer:
            raise Failure(answer["error"])
        return answer

    def kill(self) -> None:
        """End the process and those it started."""
        if self._process.poll() is None:
            if sys.platform == "win32":
                self._process.kill()
            else:
                os.killpg(self._process.pid, signal.SIGKILL)

    def close(self) -> None:
        """End the process, and forget its files."""
        try:
            self._process.communicate(timeout=10)
        except (subprocess.TimeoutExpired, BrokenPipeError):
            self.kill()
            self._process.wait()
        self._folder.cleanup()
