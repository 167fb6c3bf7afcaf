"""Errors and branches in the turns of loops as machine code, which are those of the function."""

from __future__ import annotations

import math as std
from typing import Any

import pytest
from loop_functions import FUNCTIONS, RETURNS
from machine_code import bits, both, chain_of, outcome
from machine_loops import check, in_mode

from autograd import math, ops

inf, nan = std.inf, std.nan


def test_a_primitive_of_the_user_raises_in_a_turn(table_as_it_was: None) -> None:
    def value(x: float) -> float:
        if x > 20.0:
            raise ValueError(f"{x} is too large")
        if x < -20.0:
            raise KeyboardInterrupt
        return x

    own = ops.unary("not large", value, lambda x, out: 1.0 + 0.0 * x, "Return x.")

    def f(a: Any) -> Any:
        x = a
        for t in range(300):
            x = own(x * 1.005 + 0.001 * RETURNS[t])
        return x

    machine = check(f, 0, "value_and_grad", 0.1)
    assert chain_of(machine, "value_and_grad")(5.0) is None
    with pytest.raises(ValueError, match="is too large"):
        machine(5.0)
    with pytest.raises(KeyboardInterrupt):
        machine.value_and_grad(-5.0)


def logarithms(a: Any, b: Any) -> Any:
    total, x = 0.0, a
    for _ in range(300):
        total = total + math.log(x)
        x = x - b
    return total


@pytest.mark.parametrize("mode", ["value", "value_and_grad", "hessian"])
def test_an_error_in_a_turn_is_that_of_the_function(mode: str) -> None:
    python, machine = both(logarithms, (0, 1))
    slow, fast = in_mode(python, mode), in_mode(machine, mode)
    assert outcome(fast, 400.0, 1.0) == outcome(slow, 400.0, 1.0)
    first = chain_of(machine, mode)
    assert first(390.0, 1.0) is not None
    for a, b in ((6.5, 1.0), (6.0, 1.0), (299.0, 1.0), (298.5, 1.0), (-1.0, -1.0), (nan, 1.0), (inf, 1.0)):
        assert first(a, b) is None
        assert outcome(fast, a, b) == outcome(slow, a, b)
    assert outcome(machine, 6.5, 1.0) == outcome(logarithms, 6.5, 1.0)  # in the eighth turn
    assert outcome(machine, 6.5, 1.0)[0] is ValueError


def test_what_may_raise_and_is_not_used_is_looked_at_in_each_turn() -> None:
    f, args = FUNCTIONS["unused"](300)
    python, machine = both(f, (0, 1))
    for point in (args, (1e200, 0.2), (0.1, -0.005), (0.9, -1.0)):
        for mode in ("value", "grad"):
            assert outcome(in_mode(machine, mode), *point) == outcome(in_mode(python, mode), *point)


def test_a_turn_in_the_middle_may_raise_though_its_number_is_not_used() -> None:
    def f(a: Any, b: Any) -> Any:
        for t in range(300):
            math.log(RETURNS[t] + b)
            a = math.sin(a) * 0.5 + b
        return a

    least = min(RETURNS[:300])
    assert 10 < RETURNS.index(least) < 290
    machine = check(f, (0, 1), "value_and_grad", 1.0, 0.01 - least)
    for b in (-least, -0.01 - least):  # log(0.0), and that of a negative number, in one turn
        assert chain_of(machine, "value_and_grad")(1.0, b) is None
        assert outcome(machine, 1.0, b) == outcome(f, 1.0, b)
        assert outcome(f, 1.0, b)[0] is ValueError


def test_a_guard_in_a_turn_hands_on() -> None:
    f, args = FUNCTIONS["guarded"](80)
    machine = check(f, (0, 1, 2), "value_and_grad", *args)
    first = chain_of(machine, "value_and_grad")
    assert first(-0.1, 0.1, 0.8) is None
    assert first(0.05, -0.04, 0.1) is None  # not in the first turn
    with pytest.raises(ValueError, match="a variance below 0"):
        machine(0.05, -0.04, 0.1)


def test_a_branch_that_turns_out_otherwise_in_a_turn_has_a_path_of_its_own() -> None:
    def f(a: Any) -> Any:
        x, total = a, 0.0
        for t in range(200):
            x = x * 0.9 + 0.1 * t * a
            total = total + (math.sqrt(x) if x < 4.0 else x * 0.5)
        return total

    python, machine = both(f)
    for a in (0.5, 0.7, 2.0, 0.5, 2.1, 3.9, 1e-9, 0.8, 2.0):
        assert bits(machine.value_and_grad(a)) == bits(python.value_and_grad(a))
