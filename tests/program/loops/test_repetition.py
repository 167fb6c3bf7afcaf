"""Sections of lists of nodes, of which the symbols and operands are written down by hand."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from autograd.program.loops import evenness, repetition
from autograd.program.loops.repetition import Operand, Section, patterns, sections

Node = tuple[str, tuple[int, ...]]


def found(nodes: list[Node], inputs: int = 2) -> list[Section]:
    """The sections of some nodes that come after inputs."""
    symbols = "i" * inputs + "".join(symbol for symbol, _ in nodes)
    return sections(symbols, operands_of(nodes, inputs), inputs)


def operands_of(nodes: list[Node], inputs: int = 2) -> list[tuple[int, ...]]:
    return [*[()] * inputs, *[operands for _, operands in nodes]]


def carried(turns: int, start: int = 2, first: int = 0) -> list[Node]:
    """A loop of two nodes, of which the second is carried: x = g(f(x), input 1)."""
    nodes: list[Node] = []
    for turn in range(turns):
        before = start + 2 * turn - 1 if turn else first
        nodes += [("f", (before,)), ("g", (start + 2 * turn, 1))]
    return nodes


def test_nothing_is_found_where_nothing_comes_again() -> None:
    assert found([]) == []
    assert found([("a", ()), ("b", (0,)), ("c", (1,))]) == [Section(2, 3, 1)]


@pytest.mark.parametrize("turns", [4, 5, 30])
def test_a_number_that_is_carried_may_come_from_anywhere_in_the_first_turn(turns: int) -> None:
    nodes = carried(turns)
    assert found(nodes) == [Section(2, 2, turns)]
    assert patterns(operands_of(nodes), Section(2, 2, turns)) == [
        [Operand(1, 2, (0,))],
        [Operand(2, 2), Operand(1, 0)],
    ]


def test_three_turns_are_no_loop() -> None:
    assert found(carried(3)) == [Section(2, 6, 1)]


def test_what_stands_before_between_and_after_loops_is_straight_lines() -> None:
    first = carried(10, start=3, first=2)
    second = carried(20, start=25, first=24)
    nodes = [("a", (0,)), *first, ("b", (22,)), ("c", (23,)), *second, ("d", (64,))]
    assert found(nodes) == [
        Section(2, 1, 1), Section(3, 2, 10), Section(23, 2, 1), Section(25, 2, 20), Section(65, 1, 1),
    ]  # fmt: skip


def test_operands_may_move_by_any_number_of_places() -> None:
    inputs = 24
    forward: list[Node] = [("f", (2 * turn,)) for turn in range(12)]
    backward: list[Node] = [("g", (inputs + 11 - turn, 3)) for turn in range(12)]
    nodes = [*forward, *backward]
    assert found(nodes, inputs) == [Section(24, 1, 12), Section(36, 1, 12)]
    operands = operands_of(nodes, inputs)
    assert patterns(operands, Section(24, 1, 12)) == [[Operand(0, 2)]]
    assert patterns(operands, Section(36, 1, 12)) == [[Operand(35, -1), Operand(3, 0)]]


def test_uneven_operands_are_no_loop() -> None:
    squares: list[Node] = [("f", (turn * turn,)) for turn in range(12)]
    assert found(squares, 150) == [Section(150, 12, 1)]


def test_a_loop_ends_where_operands_go_another_way() -> None:
    there: list[Node] = [("f", (turn,)) for turn in range(10)]
    and_back: list[Node] = [("f", (9 - turn,)) for turn in range(10)]
    assert [x.turns for x in found([*there, *and_back], 10) if x.turns > 1] == [10, 10]


def test_no_operand_goes_from_inputs_to_nodes() -> None:
    # The last input and the nodes of a loop lie as far from each other as the nodes of turns.
    nodes = [*carried(30), *[("s", (1 + 2 * turn, 62 + turn)) for turn in range(30)]]
    first, straight, second = found(nodes)
    assert (first, straight) == (Section(2, 2, 30), Section(62, 1, 1))
    assert second == Section(63, 1, 29)


def test_a_number_is_carried_for_as_many_as_four_turns() -> None:
    for distance in (2, 3, 4):
        nodes: list[Node] = []
        for turn in range(20):
            place = 2 + turn
            nodes.append(("f", (place - 1 if turn else 0, place - distance if turn >= distance else 1)))
        (section,) = found(nodes)
        assert section == Section(2, 1, 20)
        (((near, far)),) = patterns(operands_of(nodes), section)
        assert near == Operand(1, 1, (0,))
        assert far == Operand(2 - distance, 1, (1,) * distance)


def test_a_number_is_not_carried_further() -> None:
    nodes: list[Node] = [("f", (turn - 4 if turn > 6 else (turn * 7) % 3 % 2,)) for turn in range(2, 40)]
    assert found(nodes)[-1].turns < 38


def test_early_turns_that_differ_are_left_out() -> None:
    nodes: list[Node] = [("a", (0,)), ("b", (2,)), ("a", (1,)), ("b", (0,))]
    nodes += [
        ("a", (2 * turn,)) if i == 0 else ("b", (2 * turn + 2,)) for turn in range(2, 20) for i in (0, 1)
    ]
    loops = [section for section in found(nodes) if section.turns > 1]
    assert len(loops) == 1
    assert loops[0].turns >= 17


def test_turns_of_which_the_halves_look_alike() -> None:
    # Three times the same two operations in a turn, which begins anew with another input.
    inputs = 10
    nodes: list[Node] = []
    for turn in range(inputs):
        for part in range(3):
            place = inputs + len(nodes)
            nodes += [("*", (turn, part)), ("+", (place, place - 1 if nodes else 0))]
    (section,) = found(nodes, inputs)
    assert (section.period, section.turns) == (6, 10)


def test_of_loops_that_cover_as_much_the_one_with_short_turns() -> None:
    assert found([("n", ()) for _ in range(24)]) == [Section(2, 1, 24)]


def test_a_long_list_is_looked_at_in_parts() -> None:
    nodes = carried(60_000)
    assert found(nodes) == [Section(2, 2, 60_000)]


@pytest.mark.parametrize("step", [1, 0x100])
def test_symbols_are_alike_only_if_all_of_their_bytes_are(step: int) -> None:
    different = [chr(0x1000 + step * (i * i % 199)) for i in range(199)]  # but for symmetry, no two alike
    assert [x.turns for x in found([(symbol, ()) for symbol in different[:100]])] == [1]
    symbols = different[:7] * 30
    assert found([(symbol, ()) for symbol in symbols]) == [Section(2, 7, 30)]


def test_a_turn_is_found_of_which_only_long_stretches_do_not_come_again_inside() -> None:
    body = "".join(["a" * length + "b" for length in (40, 43, 41, 46, 42, 45, 44)])
    nodes: list[Node] = [(symbol, ()) for symbol in body * 10]
    assert found(nodes) == [Section(2, len(body), 10)]


def test_operands_of_many_turns_are_uneven_where_one_of_them_is() -> None:
    for place in (1, 40, 79):
        nodes = carried(80)
        nodes[2 * place] = ("f", (1,))  # an input, in one turn
        sections_of = found(nodes)
        assert all(x.turns == 1 or not x.start < 2 + 2 * place < x.end - 1 for x in sections_of)
        assert sum(x.period * x.turns for x in sections_of if x.turns > 1) >= 2 * max(place, 79 - place) - 4


def test_an_operand_does_not_go_from_inputs_to_nodes_in_a_loop_of_many_turns() -> None:
    nodes: list[Node] = [("f", (i,)) for i in range(60)]  # 40 inputs, and then nodes, evenly
    assert all(x.turns <= 40 for x in found(nodes, inputs=40))
    assert Section(40, 1, 40) in found(nodes, inputs=40)


def test_one_operation_whose_operands_jump_after_as_many_times_is_a_loop_of_these() -> None:
    first, rows, columns = 900, 20, 7
    operands: list[tuple[int, ...]] = [()] * first
    operands += [(40 * i + 3 * j,) for i in range(rows) for j in range(columns)]
    symbols = chr(1) * first + "c" * (rows * columns)
    assert sections(symbols, operands, first) == [Section(first, columns, rows)]


@pytest.mark.parametrize("which", [0, 2, 3, 6])
def test_each_of_many_operands_is_uneven_where_it_jumps(which: int) -> None:
    inputs, turns = 400, 30

    def operands(turn: int) -> tuple[int, ...]:
        jump = 1 if turn == 17 else 0
        return tuple([i + (i + 1) * turn + (jump if i == which else 0) for i in range(7)])

    even: list[Node] = [("f", tuple([i + (i + 1) * turn for i in range(7)])) for turn in range(turns)]
    assert found(even, inputs) == [Section(inputs, 1, turns)]
    nodes: list[Node] = [("f", operands(turn)) for turn in range(turns)]
    before, jumped, after = found(nodes, inputs)
    assert (before, jumped, after) == (
        Section(inputs, 1, 17), Section(inputs + 17, 1, 1), Section(inputs + 18, 1, 12),
    )  # fmt: skip


def test_operands_may_be_places_before_the_beginning() -> None:
    far = 1 << 60  # as those of arrays are, in straight lines of a program with loops
    symbols, first = "e" * 40, 3
    operands = [(2 * turn - far,) for turn in range(40)]
    assert sections(symbols, operands, first, 0) == [Section(0, 1, 40)]
    operands[20] = (7 - far,)
    assert [x.turns for x in sections(symbols, operands, first, 0)] == [20, 1, 19]


def test_short_turns_inside_of_a_turn_are_no_loops_of_their_own() -> None:
    body = [*["a"] * 9, "b", *["c", "d"] * 6, "e"]
    nodes: list[Node] = [(symbol, ()) for symbol in body * 50]
    assert found(nodes) == [Section(2, len(body), 50)]


def elimination(n: int) -> tuple[str, list[tuple[int, ...]]]:
    """What Gauss does to a matrix of inputs, with loops in loops that all have turns of their own."""
    symbols = "i" * (n * n)
    operands: list[tuple[int, ...]] = [()] * (n * n)
    rows = [[*range(n * i, n * i + n)] for i in range(n)]
    for k in range(n):
        for i in range(k + 1, n):
            factor = len(operands)
            operands.append((rows[i][k], rows[k][k]))
            for j in range(k + 1, n):
                operands += [(factor, rows[k][j]), (rows[i][j], len(operands))]
                rows[i][j] = len(operands) - 1
            symbols += "/" + "*-" * (n - k - 1)
    return symbols, operands


def test_a_search_ends_after_a_time_in_proportion_to_the_nodes(monkeypatch: pytest.MonkeyPatch) -> None:
    inputs = 24 * 24
    symbols, operands = elimination(24)
    in_loops: list[float] = []
    monkeypatch.setattr(repetition, "_LITTLE", 0)
    for much in (0, 20, 400):
        monkeypatch.setattr(repetition, "_MUCH", much)
        found = sections(symbols, operands, inputs)
        # What was found is right, and the rest is straight lines.
        assert [x.start for x in found] == [inputs, *[x.end for x in found[:-1]]]
        assert found[-1].end == len(symbols)
        for x in found:
            assert symbols[x.start : x.end] == symbols[x.start : x.start + x.period] * x.turns
        nodes = sum(x.end - x.start for x in found if x.turns > 1)
        in_loops.append(nodes / (len(symbols) - inputs))
    assert in_loops[0] == 0.0
    assert 0.4 < in_loops[1] < 0.6
    assert in_loops[2] > 0.9


def test_a_search_goes_over_nodes_about_as_often_however_many_they_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    compared: list[int] = []
    runs = evenness.Stretch.runs

    def counted(self: evenness.Stretch, period: int) -> Iterator[tuple[int, int]]:
        compared.append(self._size)
        return runs(self, period)

    monkeypatch.setattr(evenness.Stretch, "runs", counted)
    for n in (12, 24, 36):
        compared.clear()
        symbols, operands = elimination(n)
        sections(symbols, operands, n * n)
        assert sum(compared) < 80 * len(symbols)
