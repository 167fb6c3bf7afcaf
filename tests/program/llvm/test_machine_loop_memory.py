"""The memory of loops as machine code, and threads that run them at once."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest
from machine_code import bits, both, chain_of, leaks
from machine_loops import check, open_points, root, rosenbrock

from autograd import compile, math
from autograd.program.llvm import call_memory


def model(x: Any, n: Any = None) -> Any:
    y = x[0]
    for i in range(len(x)):
        y = math.sin(y + x[i]) * 1.5 + math.log(x[3])
    return y


@pytest.mark.parametrize("slots", [0, 10**9], ids=["asked for", "on the stack"])
@pytest.mark.parametrize("kind", [list, np.array])
def test_a_call_gives_its_memory_back(
    slots: int, kind: Callable[[Any], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(call_memory, "ON_STACK", slots)
    x = kind([1.0 + 0.01 * i for i in range(90)])
    wrong = kind([-1.0 - 0.01 * i for i in range(90)])
    machine = check(model, 0, "value_and_grad", x)
    first = chain_of(machine, "value_and_grad")
    assert first(wrong) is None
    for point in (x, wrong, x[:-1], None):
        assert leaks(partial(first, point), 1000) < 100
    _, open_one = both(root)
    points = open_points(60)
    for point in points:
        open_one.grad(point)
    first = chain_of(open_one, "grad")
    assert leaks(lambda: [first(point) for point in [*points, 1e9]], 100) < 100


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="/proc is of Linux")
def test_the_process_does_not_grow() -> None:
    x = np.linspace(1.0, 2.0, 12_000)
    machine = compile(rosenbrock, backend="llvm")
    machine.value_and_grad(x)
    first = chain_of(machine, "value_and_grad")

    def resident() -> int:
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * 4096

    for _ in range(20):
        first(x)
    before = resident()
    for _ in range(200):
        assert first(x) is not None
        first(x[::-1])
    assert resident() - before < 200 * x.nbytes // 10


def test_threads_may_run_loops_at_once() -> None:
    machine = compile(model, backend="llvm")
    arrays = [np.random.default_rng(i).uniform(1.0, 3.0, 9000) for i in range(4)]
    expected = [bits(machine.value_and_grad(x)) for x in arrays]
    assert chain_of(machine, "value_and_grad")(arrays[0]) is not None
    wrong: list[int] = []
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)

    def work(i: int) -> None:
        wrong.extend(i for _ in range(20) if bits(machine.value_and_grad(arrays[i])) != expected[i])

    try:
        threads = [threading.Thread(target=work, args=(i,)) for i in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(before)
    assert not wrong
