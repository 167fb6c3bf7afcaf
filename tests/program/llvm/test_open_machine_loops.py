"""Loops with an open number of turns as machine code, to the last bit."""

from __future__ import annotations

import random
from typing import Any

import pytest
from machine_code import Function, bits, both, chain_of
from machine_loops import in_mode, open_points, program_of, root
from mpmath import mp, mpf

from autograd import math
from autograd.program.loops.program import LoopProgram


def halved(x: Any) -> Any:
    y, parts = x, []
    while y > 1.0:
        parts.append(y)
        y = y * 0.5 + math.sin(y) * 0.01
    total = y
    for part in parts:
        total = total + part * part
    return total


def kepler(m: Any, e: Any) -> Any:
    a = m
    while True:
        step = (a - e * math.sin(a) - m) / (1.0 - e * math.cos(a))
        a = a - step
        if abs(step) < 1e-12:
            return a


@pytest.mark.parametrize("mode", ["value", "value_and_grad", "hessian"])
def test_newtons_method_may_take_any_number_of_turns_that_was_seen(mode: str) -> None:
    python, machine = both(root)
    slow, fast = in_mode(python, mode), in_mode(machine, mode)
    points = open_points(200)
    for x in points:
        assert bits(fast(x)) == bits(slow(x))
    program = program_of(machine, mode)
    assert isinstance(program, LoopProgram)
    assert program.open is not None
    first = chain_of(machine, mode)
    for x in points:  # code that was made when fewer numbers of turns were known
        assert bits(first(x)) == bits(slow(x))
    program.open.known.clear()
    assert [first(x) for x in points] == [None] * len(points)
    if mode == "value_and_grad":
        with mp.workdps(40):
            for x in points[:20]:
                by_x = float(1 / (2 * mp.sqrt(mpf(x))))
                assert fast(x)[1] == pytest.approx(by_x, rel=1e-10)


@pytest.mark.parametrize("mode", ["value", "value_and_grad"])
@pytest.mark.parametrize("f", [halved, lambda x: math.log(halved(x)) * x])
def test_what_is_kept_of_an_open_loop_is_gone_through_afterwards(f: Function, mode: str) -> None:
    python, machine = both(f)
    slow, fast = in_mode(python, mode), in_mode(machine, mode)
    points = open_points(150, 7)
    for x in points:
        assert bits(fast(x)) == bits(slow(x))
        assert bits(fast(x)) == bits(slow(x))


def test_keplers_equation_in_two_numbers() -> None:
    python, machine = both(kepler, (0, 1))
    draw = random.Random(8)
    for _ in range(120):
        point = draw.uniform(0.0, 6.0), draw.uniform(0.0, 0.9)
        for mode in ("value", "value_and_grad"):
            assert bits(in_mode(machine, mode)(*point)) == bits(in_mode(python, mode)(*point))
        with mp.workdps(30):
            m, e = map(mpf, point)
            exact = mp.findroot(lambda a, m=m, e=e: a - e * mp.sin(a) - m, machine(*point))
            by_m = 1 / (1 - e * mp.cos(exact))
        assert machine(*point) == pytest.approx(float(exact), rel=1e-10)
        assert machine.grad(*point)[0] == pytest.approx(float(by_m), rel=1e-6)
