"""Recorded programs at other sizes, held against what is recorded with as few turns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from loop_functions import FUNCTIONS, Made, numbers, recorded

from autograd import compile, math
from autograd.program.loops.family import Family
from autograd.program.loops.listing import SHORT, Unsuitable

pytestmark = pytest.mark.usefixtures("table_as_it_was")


@pytest.mark.parametrize("name", ["swapping", "epidemic", "unused"])
@pytest.mark.parametrize("size", [10, 13, 30])
def test_a_member_is_what_is_recorded_with_as_few_turns(name: str, size: int) -> None:
    make = FUNCTIONS[name]
    f, arguments = make(60)
    family = Family(recorded((f, arguments)))
    (turns,) = family.turns
    member, by = family.at([size], [0, 1])
    assert by == [0, 1]
    g, _ = make(size + 60 - turns)
    assert member.run(arguments) == [g(*arguments)]


def test_numbers_that_differ_from_turn_to_turn_are_inputs_of_a_member() -> None:
    constants = [0.5 + t for t in range(40)]

    def of(those: list[float]) -> Callable[..., Any]:
        def f(a: Any) -> Any:
            total = a
            for each in those:
                total = total * 0.5 + each * a
            return total

        return f

    family = Family(recorded((of(constants), (0.25,))))
    assert family.tables == [constants]
    assert family.turns == [40]
    member, _ = family.at([12], [0])
    assert len(member.inputs) == 1 + 12
    some = [float(x * x) for x in range(12)]
    assert member.run([0.25, *some]) == [of(some)(0.25)]


def test_arrays_that_loops_go_through_are_cut() -> None:
    def f(*x: Any) -> Any:
        return sum((each - x[0]) ** 2 for each in x[1:])

    family = Family(recorded((f, numbers(41))))
    (turns,) = family.turns
    cut = turns - 10
    member, by = family.at([10], [*range(41)])
    assert len(member.inputs) == 41 - cut
    assert by == [*range(41 - cut)]
    few = numbers(41 - cut, 8)
    assert member.run(few) == [f(*few)]
    moving = family.moving([10])
    assert moving.count(True) == 10
    assert not moving[0]


def test_loops_of_different_lengths_are_groups() -> None:
    family = Family(recorded(FUNCTIONS["of_lengths"](60)))
    assert family.turns == [60, 30]
    member, _ = family.at([60, 30], [])
    assert member.run([0.3, 0.2, *family.tables[0], *family.tables[1]]) == recorded(
        FUNCTIONS["of_lengths"](60)
    ).run([0.3, 0.2])


def plain(n: int) -> Made:
    def f(a: Any) -> Any:
        x = a
        for _ in range(n):
            x = math.sin(x) * a
        return x

    return f, (0.5,)


def test_few_turns_are_no_family() -> None:
    assert Family(recorded(plain(SHORT))).turns == [SHORT]
    with pytest.raises(Unsuitable):
        Family(recorded(plain(SHORT - 1)))


def test_guards_are_those_of_the_turns() -> None:
    program = recorded(FUNCTIONS["guarded"](60))
    family = Family(program)
    member, _ = family.at([10], [])
    turns = len(program.guards) - family.turns[0] + 10
    assert len(member.guards) == turns
    assert {*member.guards.values()} == {False}


def test_inputs_that_loops_go_through_by_different_steps_are_unsuitable() -> None:
    def f(*x: Any) -> Any:
        total = 0.0
        for t in range(30):
            total = total + x[t] * x[2 * t]
        return total

    with pytest.raises(Unsuitable):
        Family(recorded((f, numbers(60))))


def after_another(kept: int) -> Callable[[int, int], Made]:
    """Return a function with two loops, of which a turn of the second is used alone."""

    def make(long: int, short: int) -> Made:
        def f(x: Any) -> Any:
            s, found = x, []
            for _ in range(long):
                s = math.sin(math.cos(s * x) + 0.1 * s) + 0.5 * x
                s = math.tanh(s * s - x + s) * x
            u = s
            for _ in range(short):
                u = math.tanh(u * s) + 0.1 * x
                u = math.sin(math.cos(u * x) + 0.1 * u) - x
                found.append(u)
            return u + found[kept]

        return f, (0.7,)

    return make


@pytest.mark.parametrize("kept", [4, 5, -6, -4])
def test_a_turn_that_is_used_alone_is_there_or_there_is_no_member(kept: int) -> None:
    make = after_another(kept)
    family = Family(recorded(make(30, 26)))
    assert family.turns == [30]
    for size in (5, 6, 7, 8, 9):
        if 0 <= (kept if kept >= 0 else kept + size - 4) < size - 4:
            member, _ = family.at([size], [])
            f, arguments = make(size, size - 4)
            assert member.run(arguments) == [f(*arguments)]
        else:
            with pytest.raises(Unsuitable):
                family.at([size], [])


@pytest.mark.parametrize("kept", [4, 5, -6])
def test_what_is_used_alone_of_a_shorter_loop_is_found_in_a_program(kept: int) -> None:
    f, (x,) = after_another(kept)(30, 26)
    compiled = compile(f)
    slope = (f(x + 1e-6) - f(x - 1e-6)) / 2e-6
    value, found = compiled.value_and_grad(x)
    assert value == f(x)
    assert found == pytest.approx(slope, rel=1e-7)
