"""Long programs as machine code: in parts that LLVM gets in groups, and quickly at first."""

from __future__ import annotations

import weakref
from typing import Any

import numpy as np
import pytest
from machine_code import both, outcome

from autograd import compile, math
from autograd.program import ways
from autograd.program.llvm import machine, scalar_parts
from autograd.program.llvm import machine_calls as calls
from autograd.program.llvm.machine import MachineCode

inf, nan = float("inf"), float("nan")


def long(x: Any) -> Any:
    """A function of some 2000 operations without a pattern, some of which are left to Python."""
    draw = np.random.default_rng(5).integers(0, 5, 600)
    a, b = x[0], x[1]
    for i, kind in enumerate(draw.tolist()):
        if kind == 0:
            a, b = b, math.sin(a) * b
        elif kind == 1:
            a = a * 0.5 + math.exp(-b * b)
        elif kind == 2:
            b = b / (1.0 + a * a)
        elif kind == 3:
            a = math.tanh(a - b) if i % 50 else math.gamma(1.0 + a * a)
        else:
            b = math.sqrt(a * a + 0.5) - b
    return a * b + 1.0 / x[2]


@pytest.mark.parametrize("group", [1, 3, 1000])
def test_parts_in_any_groups_give_the_very_floats_of_python(
    group: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calls, "SHORT", 100)
    monkeypatch.setattr(scalar_parts, "GROUP", group)
    added: list[str] = []
    add = MachineCode.add

    def noted(self: MachineCode, text: str) -> None:
        added.append(text)
        add(self, text)

    monkeypatch.setattr(MachineCode, "add", noted)
    python, fast = both(long)
    for point in ([0.3, 0.7, 2.0], [-1.5, 0.25, -0.5], [1.0, 1.0, 0.0], [nan, 1.0, 1.0], [inf, 1.0, 3.0]):
        assert outcome(fast.value_and_grad, point) == outcome(python.value_and_grad, point)
    path = fast._recordings.latest().paths[0]
    assert path.machine["value_and_grad"] is not None
    parts = -(-path.derived("value_and_grad").program.operations // scalar_parts.PART)
    # The first group makes the code, and the call itself is added last.
    assert parts // group - 2 <= len(added) <= parts // group + 2
    assert len(added) >= 1


def test_a_program_of_inputs_alone_has_no_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "SHORT", 0)
    fast = compile(lambda x, y: (y, x), argnums=(0, 1), backend="llvm")
    assert fast(2.0, 3.0) == (3.0, 2.0)
    assert fast._recordings.latest().paths[0].machine["value"] is not None


def test_machine_code_outlives_what_it_was_made_of(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[Any] = []
    parsed = machine._parsed

    def noted(text: str) -> Any:
        kept.append(parsed(text))
        return kept[-1]

    monkeypatch.setattr(machine, "_parsed", noted)
    text = "define i32 @{0}() {{\nret i32 {1}\n}}"
    code = MachineCode(text.format("one", 1))
    first = code.address("one")
    code.add(text.format("two", 2))
    assert len(kept) == 2
    assert all(part.closed for parts in kept for part in parts)
    assert code.address("one") == first
    assert code.address("two") not in (0, first)
    engine = weakref.ref(code._engine)
    del code
    assert engine() is None


def test_long_machine_code_that_is_asked_for_is_made_quickly_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "MANY", 3)
    levels: list[int] = []

    def made(text: str, level: int) -> MachineCode:
        levels.append(level)
        return MachineCode(text, level)

    monkeypatch.setattr(calls, "MachineCode", made)
    short = compile(lambda x: x * x * x, backend="llvm")
    assert short.grad(2.0) == 12.0
    assert levels == [calls.WELL]
    monkeypatch.setattr(ways, "GOOD", 2)
    other = compile(lambda x: x * x * x, backend="llvm")
    assert [other.grad(2.0) for _ in range(8)] == [12.0] * 8
    assert levels == [calls.WELL, calls.QUICKLY, calls.WELL]
