"""When loops are made into machine code, and how well."""

from __future__ import annotations

from typing import Any

import pytest
from loop_functions import FUNCTIONS
from machine_code import Function, bits
from machine_loops import in_mode

from autograd import compile
from autograd.program import ways
from autograd.program.llvm import machine_calls as calls
from autograd.program.llvm.machine import MachineCode


def calls_until_machine_code(f: Function, mode: str, *args: Any) -> int:
    fast = compile(f, tuple(range(len(args))))
    for count in range(4000):
        in_mode(fast, mode)(*args)
        if mode in fast._recordings.latest().paths[0].machine:
            assert "python and llvm" in fast.report()
            return count
    raise AssertionError(fast.report())


def test_the_more_turns_the_sooner_machine_code_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    (few, point), (many, _) = FUNCTIONS["garch"](200), FUNCTIONS["garch"](2000)
    late, soon = (calls_until_machine_code(f, "value_and_grad", *point) for f in (few, many))
    assert soon < 100 < 9 * soon < late < ways.OFTEN
    monkeypatch.setattr(ways, "OFTEN", 5)
    assert calls_until_machine_code(few, "value_and_grad", *point) == 5
    monkeypatch.setattr(calls, "LONGEST", 0)
    fast = compile(few)
    for _ in range(20):
        fast(*point)
    assert fast._recordings.latest().paths[0].machine["value"] is None


def test_it_is_made_quickly_and_then_well(monkeypatch: pytest.MonkeyPatch) -> None:
    levels: list[int] = []

    def made(text: str, level: int) -> MachineCode:
        levels.append(level)
        return MachineCode(text, level)

    monkeypatch.setattr(calls, "MachineCode", made)
    f, point = FUNCTIONS["garch"](2000)
    by = tuple(range(len(point)))
    python, fast = compile(f, by, backend="python"), compile(f, by)
    expected = bits(python.value_and_grad(*point))
    for _ in range(3000):
        assert bits(fast.value_and_grad(*point)) == expected
    assert levels == [calls.QUICKLY, calls.WELL]
    compile(f, by, backend="llvm").value_and_grad(*point)
    assert levels[2:] == [calls.WELL]
