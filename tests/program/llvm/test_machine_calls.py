"""When a call becomes machine code, when it does not, and what then stands in its place."""

from __future__ import annotations

import copy
import inspect
import math as std
import pickle
import threading
from typing import Any

import pytest
from machine_code import chain_of

from autograd import compile, math
from autograd.program import ways
from autograd.program.arguments import Arguments
from autograd.program.derivation import DerivedProgram
from autograd.program.llvm import machine_calls as calls
from autograd.program.llvm import python_interface
from autograd.program.llvm.machine import MachineCode
from autograd.program.llvm.machine_calls import machine_call
from autograd.program.llvm.scalar_operations import is_known
from autograd.program.paths import RecordedPath
from autograd.program.straight_line.program import Program

FACTOR = 2.0


class Names(dict[str, Any]):
    pass


def parabola(x: Any) -> Any:
    return x * x + FACTOR


decorated = compile(parabola, backend="llvm")


def test_the_functions_can_be_pickled_and_copied() -> None:
    fast = decorated
    fast(3.0), fast.grad(3.0)
    for thing in (fast, fast.grad, fast._modes["grad"], fast.grad.__call__):
        again = pickle.loads(pickle.dumps(thing))
        assert copy.copy(thing)(4.0) == again(4.0) == thing(4.0)
    assert pickle.loads(pickle.dumps(fast._modes["value"]))(4.0) == 18.0


def test_the_functions_tell_what_they_are_called_with() -> None:
    fast = compile(parabola, backend="llvm")
    for _ in range(2):
        assert [*inspect.signature(fast).parameters] == ["x"]
        assert str(inspect.signature(fast.grad)).startswith("(*args")
        assert callable(fast)
        assert callable(fast.grad)
        assert "grad" in repr(fast.grad)
        fast(1.0), fast.grad(1.0)


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ways, "OFTEN", 5)


def how(fast: Any, mode: str) -> str:
    (line,) = [line for line in fast.report().splitlines() if line.strip().startswith(f"{mode}:")]
    return str(line.rpartition(" as ")[2])


@pytest.mark.usefixtures("soon")
def test_threads_may_be_there_when_it_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "MANY", 50)
    start = threading.Barrier(4)
    wrong: list[Any] = []

    def work(fast: Any) -> None:
        start.wait()
        for k in range(1, 200):
            x = float(k if k % 3 else -k)
            if fast.value_and_grad(x) != ((x * x, 2.0 * x) if x > 0.0 else (-x, -1.0)):
                wrong.append(x)

    for _ in range(5):
        fast = compile(lambda x: x * x if x > 0.0 else -x)
        threads = [threading.Thread(target=work, args=(fast,)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert not wrong


@pytest.mark.usefixtures("soon")
def test_a_mode_that_is_called_often_becomes_machine_code_by_itself() -> None:
    fast = compile(lambda x: x * x * x)
    for k in range(12):
        assert fast.grad(float(k)) == 3.0 * k * k
        fast(1.0) if k < 3 else None
        assert how(fast, "grad") == ("python" if k < 5 else "python and llvm")
    assert how(fast, "value") == "python"
    assert chain_of(fast, "grad")(2.0) == 12.0


@pytest.mark.usefixtures("soon")
def test_what_is_called_very_often_is_made_again_and_well(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "MANY", 10)
    levels: list[int] = []

    def made(text: str, level: int) -> MachineCode:
        levels.append(level)
        return MachineCode(text, level)

    monkeypatch.setattr(calls, "MachineCode", made)
    fast = compile(lambda x: x * x * x if x > 0.0 else -x)
    fast.grad(-1.0)
    kept = []
    for k in range(1, 60):
        assert fast.grad(float(k)) == 3.0 * k * k
        kept.append(fast.grad)
    assert levels == [calls.QUICKLY, calls.WELL]
    assert [function(2.0) for function in kept] == [12.0] * len(kept)
    for k in range(1, 60):
        assert fast.grad(-float(k)) == -1.0
        assert fast.grad(float(k)) == 3.0 * k * k
    assert levels == [calls.QUICKLY, calls.WELL] * 2
    compile(lambda x: x * x, backend="llvm").grad(1.0)
    assert levels[4:] == [calls.WELL]


@pytest.mark.usefixtures("soon")
def test_a_long_program_is_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "MANY", 10)
    monkeypatch.setattr(calls, "SHORT", 2)
    fast = compile(lambda x: x * x * x + x * 2.5)
    for k in range(1, 60):
        assert fast.grad(float(k)) == 3.0 * k * k + 2.5
    assert not fast._recordings.latest().paths[0].machine["grad"].over


def test_one_that_is_too_large_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "LARGEST", 5)
    fast = compile(lambda x: x * x * x + x * 2.5 - math.sin(x), backend="llvm")
    assert fast.grad(1.0) == 5.5 - std.cos(1.0)
    assert fast._recordings.latest().paths[0].machine["grad"] is None


def test_a_program_with_other_operations_is_none() -> None:
    program = Program(["x"])
    program.outputs = (program.add("loop", 0),)
    path = RecordedPath("f", Arguments([1.0], {}, [0], ["x"]), program, [], 1.0, single=True)
    assert not any(map(is_known, program.nodes[1:]))
    path._derived["value"] = DerivedProgram(program, [])
    assert machine_call(path, "value", well=True) is None


@pytest.mark.usefixtures("soon")
def test_each_path_is_counted_for_itself() -> None:
    def f(x: Any) -> Any:
        return x * x if x > 0.0 else -x

    fast = compile(f)
    for k in range(10):
        assert fast.grad(1.0 + k) == 2.0 + 2.0 * k
    assert fast.grad(-1.0) == -1.0
    negative, positive = fast._recordings.latest().paths
    assert "grad" in positive.machine
    assert "grad" not in negative.machine
    for k in range(10):
        assert fast.grad(-1.0 - k) == -1.0
        assert fast.grad(1.0 + k) == 2.0 + 2.0 * k
    assert "grad" in negative.machine


@pytest.mark.usefixtures("soon")
def test_what_cannot_be_machine_code_stays_as_it_is() -> None:
    fast = compile(lambda c: c["a"] * c["b"])
    for k in range(20):
        assert fast.grad(Names(a=float(k), b=2.0)) == Names(a=2.0, b=float(k))
    assert fast._recordings.latest().paths[0].machine["grad"] is None
    assert how(fast, "grad") == "python"


@pytest.mark.usefixtures("soon")
@pytest.mark.parametrize("backend", ["python", "numpy"])
def test_another_backend_stays_what_it_is(backend: str) -> None:
    fast = compile(lambda x: x * x, backend=backend)
    for _ in range(12):
        assert fast.grad(3.0) == 6.0
    assert how(fast, "grad") == backend


@pytest.mark.usefixtures("soon")
def test_without_llvm_nothing_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ways, "available", lambda backend: backend == "python")
    fast = compile(lambda x: x * x)
    for _ in range(12):
        assert fast.grad(3.0) == 6.0
    assert how(fast, "grad") == "python"
    assert not fast._recordings.latest().paths[0].ticks


def test_where_objects_are_not_as_expected_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "is_as_expected", lambda: False)
    fast = compile(lambda x: x * x, backend="llvm")
    assert fast.grad(3.0) == fast.grad(3.0) == 6.0
    assert fast._recordings.latest().paths[0].machine["grad"] is None


def test_the_layout_of_objects_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    assert python_interface.is_as_expected()
    others = {
        "DTYPE": "SHAPE",
        "CELL": "TYPE",
        "METHOD": "TYPE",
        "VALUE": "TYPE",
        "SIZE": "ITEMS",
        "ITEMS": "SIZE",
    }
    for name, other in others.items():
        with monkeypatch.context() as patch:
            patch.setattr(python_interface, name, getattr(python_interface, other))
            assert not python_interface.is_as_expected.__wrapped__(), name


def test_one_that_is_rechecked_is_compared_at_every_nth_call() -> None:
    calls_of_f: list[Any] = []

    def f(x: Any) -> Any:
        calls_of_f.append(x)
        return x * x

    fast = compile(f, backend="llvm", recheck=3)
    fast(1.0)
    recorded = len(calls_of_f)
    for _ in range(5):
        assert fast(2.0) == 4.0
    assert len(calls_of_f) == recorded + 2
