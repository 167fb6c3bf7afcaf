"""Programs with loops that are written down by hand, run and unrolled."""

from __future__ import annotations

import math
import pickle
import random
from itertools import accumulate, pairwise
from typing import Any

import pytest
from loop_programs import NESTED, fibonacci, guarded, products, weighted

from autograd.program.loops.program import INPUTS, Element, Loop, LoopProgram, section_of_each
from autograd.program.loops.written_out import without_outer_loops
from autograd.program.straight_line.program import Program


def weighted_as_python(x: list[float]) -> list[float]:
    products = [0.5, *[a * w for a, w in zip(reversed(x), (2.0, 3.0, 5.0, 7.0), strict=True)]]
    sums = [a + b for a, b in pairwise(products)]
    total = 0.5
    for each in sums:
        total = total + each
    return [total, sums[0], products[-1], sums[1], products[-1], sums[2], x[0], sums[3]]


def test_a_loop_carries_numbers_all_at_once() -> None:
    program = fibonacci(8)
    assert program.run([1.0, 1.0]) == [2.0, 3.0, 5.0, 8.0, 13.0, 21.0, 34.0, 55.0, 55.0]
    assert program.loops == [Loop(2, 7, 8)]
    assert section_of_each(program) == [-1, -1, -1, 2, 2, 2, 2, 2]
    assert program.operations == 1


def test_arrays_inputs_and_outputs_are_gone_through() -> None:
    program = weighted()
    x = [0.25, -1.5, 3.0, 0.1]
    assert program.run(x) == weighted_as_python(x)


@pytest.mark.parametrize("program", [fibonacci(5), weighted()])
def test_it_is_unrolled(program: LoopProgram) -> None:
    straight = program.unrolled()
    assert type(straight) is Program
    assert {node.op for node in straight.nodes} <= {"input", "number", "+", "*"}
    point = [0.25, -1.5, 3.0, 0.1][: len(program.inputs)]
    assert straight.run(point) == program.run(point)


def test_a_guard_holds_in_all_turns_or_there_is_no_result() -> None:
    program = guarded()
    assert program.run([2.0]) == program.unrolled().run([2.0]) == [2.0 ** (1 / 32)]
    assert program.run([0.3]) is program.unrolled().run([0.3]) is None
    assert len(program.unrolled().guards) == 5


def test_what_raises_in_a_turn_raises() -> None:
    program = guarded()
    program.guards.clear()
    with pytest.raises(ValueError, match="math domain"):
        program.run([-1.0])


@pytest.mark.parametrize("program", [fibonacci(5), weighted(), guarded()])
def test_it_can_be_pickled_and_compared(program: LoopProgram) -> None:
    again: Any = pickle.loads(pickle.dumps(program))
    assert again == program
    assert again.elements == program.elements
    point = [0.75, 1.5, 3.0, 0.1][: len(program.inputs)]
    assert again.run(point) == program.run(point)
    again.elements[1000] = Element(INPUTS, 0)
    assert again != program


def test_a_number_that_is_carried_may_be_nan() -> None:
    outputs = fibonacci(3).run([math.nan, 1.0]) or []
    assert [math.isnan(x) for x in outputs] == [True, True, True, True]


# Loops in loops


def test_a_matrix_times_a_vector() -> None:
    program = products(4, 3)
    matrix, vector = [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0], [0.5, 0.25, 2.0]], [2.0, -1.0, 0.5]
    so_far = [[*accumulate(a * x for a, x in zip(row, vector, strict=True))] for row in matrix]
    point = [*(x for row in matrix for x in row), *reversed(vector)]
    total = sum(row[-1] for row in so_far)
    assert program.run(point) == [total, *(x for row in so_far for x in row), so_far[-1][-1], 2.0]


def test_what_is_around_what() -> None:
    program = products(4, 3)
    outer, inner = program.loops
    assert (outer.turns, inner.turns) == (4, 3)
    assert outer.start < inner.start < inner.end < outer.end
    assert program.nests == {-1: (), outer.start: (outer,), inner.start: (inner, outer)}
    assert program.outermost == [outer]
    assert program.is_nested
    assert not weighted().is_nested
    section = section_of_each(program)
    assert [section[i] for i in (outer.start, inner.start, inner.start + 1, inner.end, outer.end)] == [
        -1, outer.start, inner.start, inner.start, outer.start,
    ]  # fmt: skip
    inside = inner.end - inner.start - 1
    assert program.work == len(program.nodes) + 3 * (outer.end - outer.start - 1) + 4 * 2 * inside


def test_places_in_turns_of_loops_in_loops() -> None:
    element = Element(INPUTS, 7, -1, (10, 100))
    assert [element.at(turns) for turns in ((), (2,), (2, 3), (2, 3, 4))] == [7, 5, 35, 435]
    nest = [Loop(30, 40, 3), Loop(20, 50, 4), Loop(10, 60, 5)]
    assert element.ends(nest) == (5, 437)


@pytest.mark.parametrize("name", NESTED)
def test_loops_in_loops_are_unrolled_all_or_but_for_the_innermost(name: str) -> None:
    program = NESTED[name]()
    flat, straight = without_outer_loops(program), program.unrolled()
    unrolled = flat.unrolled()
    assert not flat.is_nested
    assert flat.loops
    assert without_outer_loops(flat) is flat
    for seed in range(8):
        draw = random.Random(seed)
        point = [draw.uniform(-1.0, 2.0) for _ in program.inputs]
        expected = program.run(point)
        assert straight.run(point) == flat.run(point) == expected
        assert unrolled.run(point) == expected
    assert [node.op for node in unrolled.nodes] == [node.op for node in straight.nodes]
