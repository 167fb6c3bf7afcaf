"""Programs with loops that no function makes as machine code, held against `LoopProgram.run`."""

from __future__ import annotations

import random

import pytest
from loop_functions import RETURNS
from loop_programs import NESTED
from loop_writers import RandomLoops, holding
from machine_code import Function, bits

from autograd.program.arguments import Arguments
from autograd.program.derivation import Cell, DerivedProgram
from autograd.program.llvm.machine_calls import machine_call
from autograd.program.llvm.python_interface import Link
from autograd.program.loops.program import INPUTS, Element, LoopProgram, Open
from autograd.program.paths import RecordedPath
from autograd.program.ways import nowhere


def as_call(program: LoopProgram) -> Function:
    """A program of floats as machine code, which gives None where it hands on."""
    count = len(program.outputs)
    arguments = Arguments([1.0] * len(program.inputs), {}, [0], program.inputs)
    path = RecordedPath("f", arguments, program, [], [1.0] * count, single=True)
    path._derived["value"] = DerivedProgram(program, [Cell(1, None, None)] * count)
    code = machine_call(path, "value", well=True)
    assert code is not None
    function: Function = code.of(Link((None, nowhere, None)))
    return function


def halving(start: int, moved: int) -> LoopProgram:
    """Halves a number while it is above a limit, at most ten times, and squares what it was, backwards."""
    program = LoopProgram(["x", "limit"])
    nodes = program.nodes
    half = program.number(0.5)
    loop = program.add("loop", number=10.0)
    phi = program.add("phi", 0, loop + 3)
    above = program.add(">", phi, 1)
    program.guards[above] = True
    program.add("*", phi, half)
    program.elements[program.add("store", phi)] = Element(0, 0, 1)
    program.add("end")
    back = program.add("loop", number=10.0)
    kept = program.add("element")
    square = program.add("*", kept, kept)
    program.elements |= {kept: Element(0, 9, -1), program.add("store", square): Element(1, 0, 1)}
    program.add("end")
    program.arrays = [10, 10]
    last = program.add("element")
    program.elements[last] = Element(1, start)
    program.outputs = (last, program.add("*", 1, half))
    assert len(nodes) == last + 2
    by = {back: 1, kept: 1, last: moved}
    program.open = Open(loop, above, {3, 4, 7, 12}, 2, {place: x for place, x in by.items() if x})
    return program


@pytest.mark.parametrize(("start", "moved"), [(0, 0), (9, 1)])
def test_loops_and_places_move_with_the_turns_of_an_open_loop(start: int, moved: int) -> None:
    program = halving(start, moved)
    function = as_call(program)
    taken = []
    for turns in range(1, 11):
        point = 2.0**turns * 0.75, 0.5 + 0.25
        assert bits(function(*point)) == bits(program.run(point)), turns
        taken += [turns] if function(*point) is not None else []
    assert taken == [1, 2, 5, 10]
    program.open.known.add(6)  # type: ignore[union-attr]
    assert function(0.75 * 2.0**4, 0.75) == program.run((12.0, 0.75))


def test_a_loop_without_a_turn() -> None:
    program = halving(0, 0)
    program.open.known.add(2)  # type: ignore[union-attr]
    function = as_call(program)
    _, half = function(0.5, 0.75)
    assert half == 0.375


def test_inputs_are_gone_through_as_often_as_an_open_loop() -> None:
    program = LoopProgram(["limit", *[f"x{i}" for i in range(12)]])
    half = program.number(0.5)
    loop = program.add("loop", number=10.0)
    phi = program.add("phi", 1, loop + 3)
    above = program.add(">", phi, 0)
    program.guards[above] = True
    program.add("*", phi, half)
    program.add("end")
    back = program.add("loop", number=10.0)
    total = program.add("phi", 1, back + 3)
    kept = program.add("element")
    program.add("+", total, kept)
    program.elements[kept] = Element(INPUTS, 12, -1)
    program.add("end")
    program.outputs = (back + 3,)
    program.open = Open(loop, above, {1, 5, 10}, 0, {back: 1, kept: 1})
    function = as_call(program)
    for turns in range(1, 11):
        point = [0.75, 2.0**turns * 0.75, *RETURNS[:11]]
        expected = program.run(point)
        assert (function(*point) is None) == (turns not in (1, 5, 10))
        assert bits(function(*point)) == bits(expected)


def test_no_place_is_beyond_an_array() -> None:
    program = halving(3, 1)
    function = as_call(program)
    assert function(2.0**10, 0.75) == program.run((2.0**10, 0.75))  # at place 3
    assert function(2.0**5, 0.75) is None  # it would be at -2
    program = halving(0, -1)
    assert as_call(program)(1.5, 0.75) is not None  # at place 9
    program = halving(1, -1)
    assert as_call(program)(1.5, 0.75) is None  # it would be at 10


def test_what_depends_on_a_loop_that_comes_after_it_is_not_written() -> None:
    program = halving(0, 0)
    opened = program.open
    assert opened is not None
    program.open = opened._replace(moved={opened.loop - 1: 1})
    with pytest.raises(AssertionError):
        as_call(program)


@pytest.mark.parametrize("name", NESTED)
def test_loops_in_loops(name: str) -> None:
    program = NESTED[name]()
    function = as_call(program)
    for seed in range(9):
        draw = random.Random(seed)
        point = [draw.uniform(-1.0, 2.0) for _ in program.inputs]
        assert function(*point) == program.run(point)


@pytest.mark.parametrize("seed", [2, 4, 8, 10, 11, 13, 14, 17])
def test_random_loops_in_loops(seed: int) -> None:
    program = RandomLoops(seed, (3, 6, 10)[seed % 3], mixed=False, depth=2 + seed % 2).program
    draw = random.Random(seed)
    points = [[draw.uniform(-0.3, 0.3) for _ in program.inputs] for _ in range(9)]
    function = as_call(holding(program, points[0]))
    for point in points:
        expected = program.run(point)
        assert function(*point) == expected
