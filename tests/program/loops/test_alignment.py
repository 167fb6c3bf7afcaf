"""How points with different numbers of turns go along with each other."""

from __future__ import annotations

from typing import Any

from loop_writers import with_loops

from autograd import math
from autograd.program.loops.alignment import aligned, suits_batches
from autograd.program.loops.program import Element, LoopProgram, Open
from autograd.program.straight_line.program import Node


def growing(x: Any) -> Any:
    while x < 50.0:
        x = x * 1.05 + 0.1 * math.sin(x)
    return x


def test_a_sweep_backward_waits_for_those_with_more_turns() -> None:
    program = with_loops(growing, "value_and_grad", 1.0)
    assert program.open is not None
    waits, drift = aligned(program)
    backward = [loop.start for loop in program.loops if loop.start != program.open.loop]
    assert waits == dict.fromkeys(backward, 1)
    assert drift == dict.fromkeys(program.elements, 0)
    assert suits_batches(program)


def after(element: Element, moved: int, of_loop: int) -> LoopProgram:
    """A program with an open loop that fills an array, and a loop after it."""
    program = LoopProgram(["x"])
    program.arrays = [9]
    half = program.number(0.5)
    program.nodes += [Node("loop", (), 9.0), Node("phi", (0, 5)), Node("<", (3, 1))]
    program.guards[4] = False
    program.nodes += [Node("*", (3, 1)), Node("store", (5,)), Node("end")]
    program.elements[6] = Element(0, 0, 1)
    program.nodes += [Node("loop", (), 9.0), Node("element"), Node("end")]
    program.elements[9] = element
    program.open = Open(2, 4, {9}, 0, {2: 1, 8: of_loop, 9: moved})
    assert half == 1
    return program


def test_a_loop_forward_ends_earlier() -> None:
    found = aligned(after(Element(0, 0, 1), 0, 1))
    assert found == ({8: 0}, {6: 0, 9: 0})


def test_a_loop_backward_from_the_first_turn_on_drifts_where_nothing_else_does() -> None:
    # It begins at the last turn of each point, but goes through as many turns at all points.
    found = aligned(after(Element(0, 8, -1), 1, 0))
    assert found == ({}, {6: 0, 9: -1})


def test_loops_that_have_fewer_turns_where_the_open_one_has_more_do_not_suit() -> None:
    assert suits_batches(after(Element(0, 0, 1), 0, 1))
    assert not suits_batches(after(Element(0, 0, 1), 0, -1))
    program = after(Element(0, 0, 1), 0, 1)
    program.open = None
    assert not suits_batches(program)


def test_loops_that_put_numbers_where_another_one_has_put_its_own_do_not_suit() -> None:
    program = after(Element(0, 0, 1), 0, 0)
    program.nodes[9] = Node("store", (0,))
    assert suits_batches(program)
    assert program.open is not None
    program.open.moved[9] = 1
    assert not suits_batches(program)
