"""Children that are forked while other threads compile, and compiled functions while Python ends."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from typing import Any

import pytest

from autograd.program.locks import once

FORKING = """
import os, signal, sys, threading, time
import numpy as np
from autograd import compile, grad, math, vmap

backend, stop = sys.argv[1], []

def work():
    k = 0
    while not stop:
        k += 1
        fast = compile(lambda x: math.sin(x) * x + k, backend=backend)
        vmap(fast).grad(np.ones(3) + k)
        fast.grad(0.5 * k)

threads = [threading.Thread(target=work, daemon=True) for _ in range(3)]
for thread in threads:
    thread.start()
time.sleep(0.5)
wrong = []
for i in range(12):
    child = os.fork()
    if child == 0:
        signal.alarm(30)
        fast = compile(lambda x: math.cos(x) * x, backend=backend)
        slopes = vmap(fast).grad(np.array([0.0, 0.5 * np.pi]))
        right = abs(slopes[0] - 1.0) < 1e-12 and abs(slopes[1] + 0.5 * np.pi) < 1e-12
        os._exit(0 if right and fast.grad(0.0) == 1.0 else 1)
    _, status = os.waitpid(child, 0)
    if status:
        wrong.append(status)
stop.append(True)
for thread in threads:
    thread.join()
print(wrong)
"""

ENDING = """
import atexit, threading, time
import numpy as np
from autograd import compile, math, vmap

many = vmap(compile(lambda x: math.sin(x) * x, backend="llvm"))
if %r:
    many.grad(np.ones(3))

def show(when):
    other = vmap(compile(lambda x: math.sin(x) * x * x, backend="llvm"))
    print(when, many.grad(np.ones(500_000)).sum(), other.grad(np.ones(500_000)).sum(), flush=True)

def outlive():
    time.sleep(0.3)  # the main thread has ended
    show("thread")

def generator():
    try:
        yield
    finally:
        many.grad(np.ones(10))

class Last:
    def __del__(self):
        many.grad(np.ones(10))

atexit.register(show, "atexit")
threading.Thread(target=outlive).start()
last, going = Last(), generator()
next(going)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
@pytest.mark.parametrize("backend", ["python", "numpy", "llvm"])
def test_a_child_that_is_forked_while_other_threads_compile_works(backend: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", FORKING, backend],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert (ran.returncode, ran.stdout.strip()) == (0, "[]"), ran.stderr[-2000:]


@pytest.mark.parametrize("used_before", [True, False])
def test_large_batches_work_while_python_ends(used_before: bool) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", ENDING % used_before], capture_output=True, text=True, check=False, timeout=120
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    lines = [line.split() for line in ran.stdout.splitlines()]
    assert [line[0] for line in lines] == ["thread", "atexit"]
    sine, cosine = math.sin(1.0), math.cos(1.0)
    for _, first, second in lines:
        assert math.isclose(float(first), 500_000 * (sine + cosine), rel_tol=1e-12)
        assert math.isclose(float(second), 500_000 * (2 * sine + cosine), rel_tol=1e-12)


def test_what_is_computed_once_is_kept() -> None:
    calls: list[int] = []

    class Thing:
        @once
        def number(self) -> int:
            """Some number."""
            calls.append(1)
            return 7

    thing: Any = Thing()
    assert (thing.number, thing.number, Thing().number) == (7, 7, 7)
    assert len(calls) == 2
    assert Thing.number.__doc__ == "Some number."
