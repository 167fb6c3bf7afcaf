"""Compiled functions as objects: decorators, methods, pickles, and calls from many threads."""

from __future__ import annotations

import pickle
import random
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import autograd
from autograd import compile, vmap
from autograd.program import paths
from autograd.program.mode import Mode
from autograd.program.numpy import kernel


@compile
def decorated(x: Any) -> Any:
    """Double the square."""
    return 2.0 * x * x


def squared(x: Any) -> Any:
    return x * x if x > 0.0 else x


def test_a_decorated_function_keeps_its_name_and_documentation() -> None:
    assert decorated.__name__ == "decorated"
    assert decorated.__doc__ == "Double the square."
    assert decorated.grad(3.0) == 12.0


def test_a_method_can_be_compiled() -> None:
    class Spring:
        stiffness = 3.0

        @compile(argnums=1)
        def energy(self, x: Any) -> Any:
            return 0.5 * self.stiffness * x * x

    spring = Spring()
    assert spring.energy(2.0) == 6.0
    assert Spring.energy.grad(spring, 2.0) == 6.0


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_compiled_functions_can_be_pickled_with_what_they_recorded(protocol: int) -> None:
    fast = compile(squared)
    fast.value_and_grad(3.0)
    fast.grad(-1.0)
    again = pickle.loads(pickle.dumps(fast, protocol))
    assert again.value_and_grad(4.0) == (16.0, 8.0)
    assert len(again._recordings.signatures[0].paths) == 2
    assert pickle.loads(pickle.dumps(fast.grad, protocol))(4.0) == 8.0
    decorated(1.0)
    assert pickle.loads(pickle.dumps(decorated, protocol)) is decorated


def test_what_was_made_is_there_when_the_pickle_comes_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a cluster, which sends a function with every task."""
    made: list[Any] = []
    build = kernel.build

    def counted(program: Any) -> Any:
        made.append(program)
        return build(program)

    monkeypatch.setattr(kernel, "build", counted)
    points = np.array([1.0, 2.0])
    fast = compile(squared, backend="numpy")
    fast.record(3.0)
    pickled = pickle.dumps(fast)
    for _ in range(3):
        assert vmap(pickle.loads(pickled)).grad(points).tolist() == [2.0, 4.0]
    passed_on = pickle.dumps(pickle.loads(pickled))
    assert vmap(pickle.loads(passed_on)).grad(points).tolist() == [2.0, 4.0]
    assert len(made) == 1

    monkeypatch.setattr(paths, "_MOST", 2)
    others = [compile(squared, backend="numpy").record(float(i)) for i in range(1, 4)]
    for other in others:
        assert vmap(pickle.loads(pickle.dumps(other))).grad(points).tolist() == [2.0, 4.0]
    assert len(made) == 4
    assert len(paths._KEPT) <= 2
    assert vmap(pickle.loads(pickle.dumps(others[-1]))).grad(points).tolist() == [2.0, 4.0]
    assert len(made) == 4
    assert vmap(pickle.loads(pickled)).grad(points).tolist() == [2.0, 4.0]
    assert len(made) == 5


def test_arrays_from_a_pickle_take_the_short_way_too(monkeypatch: pytest.MonkeyPatch) -> None:
    fast = compile(lambda v: v[0] * v[1])
    fast.grad(np.array([1.0, 2.0]))
    monkeypatch.setattr(Mode, "_slowly", lambda self, args, kwargs: pytest.fail("the long way"))
    again = pickle.loads(pickle.dumps(np.array([3.0, 4.0])))
    assert fast.grad(again).tolist() == [4.0, 3.0]


def halvings(x: Any, y: Any) -> Any:
    total = y
    while x > 1.0:
        x = x / 2.0
        total = total + x * y
    return total


def test_many_threads_may_call_one_function() -> None:
    fast = compile(halvings, (0, 1), max_paths=200)
    arguments = [(1.5**i, 0.5 + i) for i in range(40)] * 5
    random.Random(2).shuffle(arguments)
    eager = autograd.value_and_grad(halvings, (0, 1))
    wanted = [eager(*point) for point in arguments]
    barrier = threading.Barrier(8)

    def work(k: int) -> list[Any]:
        barrier.wait()
        return [fast.value_and_grad(*point) for point in arguments[k::8]]

    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(work, range(8)))
    for k, result in enumerate(results):
        assert result == wanted[k::8]
    programs = [path.program for path in fast._recordings.signatures[0].paths]
    assert all(a != b for i, a in enumerate(programs) for b in programs[:i])


def test_the_first_calls_of_all_may_come_from_many_threads() -> None:
    """What all programs need is made then, and a callback of the collector lets other threads run."""
    program = """
import gc, sys, threading
from autograd import compile, math
gc.callbacks.append(lambda phase, info: sum(range(50)))
sys.setswitchinterval(1e-5)
functions = [compile(lambda x, k=k: math.tanh(k * x)) for k in range(8)]
barrier, results = threading.Barrier(8), []
def work(f):
    barrier.wait()
    results.append(f.grad(0.0))
threads = [threading.Thread(target=work, args=(f,)) for f in functions]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(sorted(results))
"""
    for _ in range(3):
        run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
        assert run.stdout == "[0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]\n", run.stderr


SCRIPT = """
import multiprocessing, pickle, subprocess, sys
import cloudpickle
from autograd import compile
@compile
def factorial(x):
    return x if x <= 1.0 else x * factorial(x - 1.0)
if __name__ == "__main__":
    factorial.record(3.5)
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        assert pickle.loads(pickle.dumps(factorial, protocol)) is factorial
    assert pickle.loads(cloudpickle.dumps(factorial)) is factorial
    for method in multiprocessing.get_all_start_methods():
        with multiprocessing.get_context(method).Pool(1) as pool:
            assert pool.map(factorial.grad, [2.5]) == [factorial.grad(2.5)] == [5.75]
    elsewhere = "import pickle, sys; f = pickle.load(sys.stdin.buffer); print(f.report()); print(f.grad(2.5))"
    subprocess.run([sys.executable, "-c", elsewhere], input=cloudpickle.dumps(factorial), check=True)
"""


def test_a_function_decorated_in_a_script_can_be_sent_where_that_script_is_not(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(SCRIPT, encoding="utf-8")
    run = subprocess.run([sys.executable, script], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    lines = run.stdout.splitlines()
    assert lines[0] == "factorial(x): 1 inputs, 2 paths"
    assert lines[-1] == "5.75"
