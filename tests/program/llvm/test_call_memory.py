"""Memory, threads and processes with calls as machine code: nothing is left behind."""

from __future__ import annotations

import contextlib
import gc
import os
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from machine_code import ARGUMENTS, Function, bits, both, chain_of, leaks, sum_of

from autograd import Value, compile, math, ops
from autograd.program.llvm import call_memory
from autograd.program.llvm import machine_calls as calls
from autograd.program.ways import nowhere


def swallowed(function: Function, *args: Any) -> Callable[[], None]:
    def call() -> None:
        with contextlib.suppress(Exception):
            function(*args)

    return call


@pytest.mark.parametrize("kind", ARGUMENTS)
def test_nothing_is_left_behind_and_no_count_of_references_changes(kind: str) -> None:
    args = ARGUMENTS[kind]
    machine = compile(sum_of, backend="llvm")
    for mode in ("value_and_grad", "hessian"):
        getattr(machine, mode)(*args)
        first = chain_of(machine, mode)
        watched = [*args, True, float, np.ndarray, nowhere, first, sum_of]
        gc.collect()
        before = [*map(sys.getrefcount, watched)]
        for other in (args, (*args, 1.0), args[:-1], ("text",), tuple([1 for _ in args]), (10**400,)):
            assert leaks(swallowed(first, *other)) < 100
        assert leaks(swallowed(getattr(machine, mode), *args)) < 100
        after = [*map(sys.getrefcount, watched)]
        assert max(abs(x - y) for x, y in zip(before, after, strict=True)) < 200


def test_nothing_is_left_behind_of_results_and_functions_of_python(table_as_it_was: None) -> None:
    def value(x: float) -> float:
        if x < 0.0:
            raise ValueError("negative")
        return x

    own = ops.unary("positive only", value, lambda x, out: 1.0, "Return x.")
    w = Value(2.0)

    def f(x: Any) -> Any:
        return {"a": [own(x) * w, None], "b": (x, True, "t", {"c": x})}

    machine = compile(f, backend="llvm")
    machine(1.0)
    first = chain_of(machine, "value")
    assert first(2.0) is not None
    gc.collect()
    counts = [sys.getrefcount(thing) for thing in (None, True, w)]
    for x in (2.0, -2.0, 1, "text"):
        assert leaks(swallowed(first, x)) < 100
    now = [sys.getrefcount(thing) for thing in (None, True, w)]
    assert all(abs(x - y) < 200 for x, y in zip(counts, now, strict=True))


def test_machine_code_lives_as_long_as_what_calls_it() -> None:
    machine: Any = compile(lambda x: x * x, backend="llvm")
    machine.grad(1.0)
    (path,) = machine._recordings.latest().paths
    code = weakref.ref(path.machine["grad"])
    function = machine.grad
    del machine, path
    gc.collect()
    assert function(3.0) == 6.0
    assert function(4) == 8.0  # by the compiled function, which it keeps
    del function
    gc.collect()
    assert code() is None


def test_a_function_that_is_replaced_while_it_runs_comes_to_its_end() -> None:
    def f(x: Any) -> Any:
        return x * x if x > 0.0 else -x

    machine = compile(f, backend="llvm")
    machine.grad(1.0)
    assert machine.grad(-1.0) == -1.0  # which puts another function in its place
    gc.collect()
    assert machine.grad(2.0) == 4.0


@pytest.mark.parametrize("slots", [0, 10**9], ids=["asked for", "on the stack"])
def test_a_long_program_gives_its_memory_back(slots: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "SHORT", 0)
    monkeypatch.setattr(call_memory, "ON_STACK", slots)

    def f(x: Any) -> Any:
        y = x[0]
        for i in range(400):
            y = math.sin(y + x[i % 7]) * 1.5 + math.log(x[3])
        return y

    python, machine = both(f)
    x = np.linspace(1.0, 2.0, 7)
    assert bits(machine.value_and_grad(x)) == bits(python.value_and_grad(x))
    first = chain_of(machine, "value_and_grad")
    before = sys.getallocatedblocks()
    for _ in range(2000):
        first(x)
        first(-x)
        first(x[:6])
    assert abs(sys.getallocatedblocks() - before) < 100


def test_threads_may_run_it_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "SHORT", 20)
    machine = compile(lambda x: (math.gamma(x[0]) * x[1] + math.sin(x[2] * x[3])) * x[0], backend="llvm")
    arrays = [np.random.default_rng(i).uniform(1.0, 3.0, 4) for i in range(4)]
    expected = [bits(machine.value_and_grad(x)) for x in arrays]
    wrong: list[int] = []
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)

    def work(i: int) -> None:
        wrong.extend(i for _ in range(3000) if bits(machine.value_and_grad(arrays[i])) != expected[i])

    try:
        threads = [threading.Thread(target=work, args=(i,)) for i in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(before)
    assert not wrong


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system has no fork")
def test_a_child_that_is_forked_may_call_it() -> None:
    code = (
        "import os\n"
        "from autograd import compile\n"
        "fast = compile(lambda x: x * x, backend='llvm')\n"
        "assert fast.grad(3.0) == 6.0\n"
        "child = os.fork()\n"
        "if child == 0:\n"
        "    other = compile(lambda x: x * x * x, backend='llvm')\n"
        "    os._exit(0 if fast.grad(4.0) == 8.0 and other.grad(1.0) == 3.0 else 1)\n"
        "assert os.waitpid(child, 0)[1] == 0\n"
        "print('done')\n"
    )
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, timeout=60
    )
    assert run.stdout == "done\n", run.stderr
