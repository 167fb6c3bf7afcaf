"""A program with loops as the list that it would be without: every turn written out, of which little is kept.

Places in that list are those that nodes would have. What is at one is found when it is asked for.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeVar, overload

from ..straight_line.program import Node, Program
from .listing import OUTPUT, Listing, Sectioned, Unsuitable, listed, unlike
from .program import INPUTS, Element, LoopProgram
from .repetition import Operand, Section, patterns, sections

T = TypeVar("T")


class _Computed(Sequence[T]):
    """A sequence of which each element is computed when it is asked for."""

    def __init__(self, count: int, at: Callable[[int], T]) -> None:
        self._count = count
        self._at = at

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, place: int) -> T: ...
    @overload
    def __getitem__(self, place: slice) -> list[T]: ...
    def __getitem__(self, place: Any) -> Any:
        if isinstance(place, slice):
            return [self._at(i) for i in range(*place.indices(self._count))]
        return self._at(place)


class _Part:
    """A stretch of the list: straight lines, or a loop.

    Attributes:
        section: where it is.
        nodes: its nodes; of a loop those of a turn.
        rows: for each of them where its operands lie.
        guards: the outcomes of comparisons, by their places among the nodes.
        columns: of numbers that differ from turn to turn all, by their places among the nodes.
    """

    def __init__(self, start: int, turns: int = 1) -> None:
        self.section = Section(start, 0, turns)
        self.nodes: list[Node] = []
        self.rows: list[list[Operand]] = []
        self.guards: dict[int, bool] = {}
        self.columns: dict[int, list[float]] = {}

    def append(self, node: Node, row: list[Operand]) -> int:
        """Append a node, and return its place; of a loop that in the first turn."""
        self.nodes.append(node)
        self.rows.append(row)
        self.section = self.section._replace(period=len(self.nodes))
        return self.section.start + len(self.nodes) - 1


class _Stored(NamedTuple):
    """An array that a loop, or straight lines, put numbers in.

    Attributes:
        base: the place of that at index 0, had it been there as the others.
        step: from one to the next.
        first, last: which there are.
    """

    base: int
    step: int
    first: int
    last: int


class Spread:
    """A program as a list, and the sections of that.

    Attributes:
        listing: the list; its symbols are not there.
        found, inner: its sections.
        guards: the outcomes of comparisons, by their places.
    """

    def __init__(self, program: LoopProgram) -> None:
        self._program = program
        self._count = len(program.inputs)
        self._parts: list[_Part] = [_Part(self._count)]
        self._at: dict[int, tuple[_Part, int]] = {}  # by the place of a node: its part, and its place there
        self._arrays: dict[int, list[tuple[int, int]]] = {}  # by array: indices and places, of straight lines
        self._stored: dict[int, _Stored] = {}
        self._convert()
        self._starts = [part.section.start for part in self._parts]
        end = self._parts[-1].section.end
        self.listing = Listing("", _Computed(end, self._operands), _Computed(end, self._node))
        self.guards = _Guards(self._guard)
        self.found: list[Section] = []
        self._patterns: dict[Section, list[list[Operand]]] = {}
        for part in self._parts:
            self._divide(part)
        self.inner = self.found

    def pattern(self, section: Section) -> list[list[Operand]]:
        """Return where the operands of each node of a loop lie."""
        return self._patterns[section]

    def column(self, section: Section, inside: int) -> list[float] | None:
        """Return the numbers that a node, which is one, is in the turns of a loop; None if they are one."""
        part, _, at = self._find(section.start + inside)
        if part.section.turns > 1:
            return part.columns.get(at)
        places = range(section.start + inside, section.end, section.period)
        return unlike([self._node(i).number for i in places])

    # Conversion

    def _convert(self) -> None:
        program = self._program
        place = self._count
        for start, end, turns in program.loops:
            for i in range(place, start):
                self._straight(i)
            self._parts.append(_Part(self._parts[-1].section.end, turns))
            self._loop(start, end)
            self._parts.append(_Part(self._parts[-1].section.end))
            place = end + 1
        for i in range(place, len(program.nodes)):
            self._straight(i)
        for i in program.outputs:
            self._parts[-1].append(Node(OUTPUT), [Operand(self._fixed(i), 0)])
        self._parts = [part for part in self._parts if part.nodes]

    def _straight(self, place: int) -> None:
        program = self._program
        node = program.nodes[place]
        if node.op == "element":
            array, index, _, _ = program.elements[place]
            table = program.arrays[array] if array >= 0 else 0
            if isinstance(table, list):
                self._append(place, Node("number", (), table[index]), [])
        elif node.op == "store":
            array, index, _, _ = program.elements[place]
            self._arrays.setdefault(array, []).append((index, self._fixed(node.operands[0])))
        else:
            edges = (*node.operands, *(node.last[1:] if node.last else ()))
            self._append(place, node, [Operand(self._fixed(i), 0) for i in edges])

    def _append(self, place: int, node: Node, row: list[Operand]) -> None:
        part = self._parts[-1]
        if place in self._program.guards:
            part.guards[len(part.nodes)] = self._program.guards[place]
        self._at[place] = part, len(part.nodes)
        part.append(node, row)

    def _loop(self, start: int, end: int) -> None:
        program, part = self._program, self._parts[-1]
        inside: dict[int, int] = {}
        count = len(part.nodes)
        for place in range(start + 1, end):
            op = program.nodes[place].op
            table = op == "element" and self._table(program.elements[place].array) is not None
            if op not in ("element", "phi", "store") or table:
                inside[place] = count
                count += 1
        stores: list[tuple[Element, int]] = []
        for place in range(start + 1, end):
            node = program.nodes[place]
            if node.op == "store":
                stores.append((program.elements[place], inside[node.operands[0]]))
            elif node.op == "element" and place in inside:
                self._take(place, part)
            elif place in inside:
                edges = (*node.operands, *(node.last[1:] if node.last else ()))
                row = [self._operand(i, inside, count, start) for i in edges]
                self._append(place, node, row)
        for (array, first, step, _), at in stores:
            if step not in (1, -1):
                raise Unsuitable
            start, period, turns = part.section
            last = first + step * (turns - 1)
            base = start + at - first * step * period
            self._stored[array] = _Stored(base, step * period, min(first, last), max(first, last))

    def _table(self, array: int) -> list[float] | None:
        table = self._program.arrays[array] if array >= 0 else 0
        return table if isinstance(table, list) else None

    def _take(self, place: int, part: _Part) -> None:
        """Append a number that differs from turn to turn."""
        array, first, step, _ = self._program.elements[place]
        table = self._table(array)
        assert table is not None
        turns = part.section.turns
        part.columns[len(part.nodes)] = [table[first + step * turn] for turn in range(turns)]
        self._append(place, Node("number", (), table[first]), [])

    def _operand(self, place: int, inside: dict[int, int], period: int, loop: int) -> Operand:
        """Return where an operand in a loop lies."""
        program, start = self._program, self._parts[-1].section.start
        node = program.nodes[place]
        if place in inside:
            return Operand(start + inside[place], period)
        if place < loop:
            return Operand(self._fixed(place), 0)
        if node.op == "element":
            array, first, step, _ = program.elements[place]
            base = self._element(array, first)
            return Operand(base, self._element(array, first + step) - base)
        before: list[int] = []
        while program.nodes[place].op == "phi" and place not in inside:
            first, place = program.nodes[place].operands
            before.append(self._fixed(first))
        if place not in inside:
            raise Unsuitable
        return Operand(start + inside[place] - len(before) * period, period, tuple(before))

    def _fixed(self, place: int) -> int:
        """Return where a node is that stands outside of the loop where it is used."""
        if place < self._count:
            return place
        if place in self._at:
            part, at = self._at[place]
            return part.section.start + (part.section.turns - 1) * part.section.period + at
        array, index, _, _ = self._program.elements[place]
        return self._element(array, index)

    def _element(self, array: int, index: int) -> int:
        """Return where the number of an array is."""
        if array == INPUTS:
            return index
        if array in self._arrays:
            self._stored[array] = _even(sorted(self._arrays.pop(array)))
        stored = self._stored[array]
        if not stored.first <= index <= stored.last:
            raise Unsuitable
        return stored.base + stored.step * index

    # What is at a place

    def _find(self, place: int) -> tuple[_Part, int, int]:
        """Return the part that a place is in, the turn, and the place there."""
        part = self._parts[bisect_right(self._starts, place) - 1]
        return part, *part.section.turn_of(place)

    def _node(self, place: int) -> Node:
        if place < self._count:
            return self._program.nodes[place]
        part, turn, at = self._find(place)
        node = part.nodes[at]
        return node._replace(number=part.columns[at][turn]) if at in part.columns else node

    def _operands(self, place: int) -> tuple[int, ...]:
        if place < self._count:
            return ()
        part, turn, at = self._find(place)
        return tuple(
            [x.before[turn] if turn < len(x.before) else x.base + x.step * turn for x in part.rows[at]]
        )

    def _guard(self, place: int) -> bool | None:
        part, _, at = self._find(place)
        return part.guards.get(at)

    # Sections

    def _divide(self, part: _Part) -> None:
        """Find the sections of a part."""
        section = part.section
        if section.turns > 1:
            self.found.append(section)
            self._patterns[section] = part.rows
            return
        symbols = listed(Program((), part.nodes, part.guards), numbers=False).symbols
        start = section.start  # from which places are counted here
        operands = [tuple([x.base - start for x in row]) for row in part.rows]
        for own in sections(symbols, operands, self._count - start, 0):
            there = own._replace(start=own.start + start)
            self.found.append(there)
            self._patterns[there] = [
                [Operand(x.base + start, x.step, tuple([place + start for place in x.before])) for x in row]
                for row in (patterns(operands, own) if own.turns > 1 else ())
            ]


class _Guards:
    """Guards that are found when they are asked for."""

    def __init__(self, at: Callable[[int], bool | None]) -> None:
        self.get = at


def _even(places: Sequence[tuple[int, int]]) -> _Stored:
    """Return an array of which the numbers are at places."""
    (first, base), (last, _) = places[0], places[-1]
    step = places[1][1] - base if len(places) > 1 else 0
    if any(place != base + step * (index - first) for index, place in places):
        raise Unsuitable
    return _Stored(base - step * first, step, first, last)


def sectioned_of(program: Program) -> Sectioned | Spread:
    """Return a recorded program as a list, and the sections of that."""
    return Spread(program) if isinstance(program, LoopProgram) else Sectioned(program)
