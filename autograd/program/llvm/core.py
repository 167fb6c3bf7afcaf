"""A program as text of LLVM's language: functions that work on slots, each a vector of doubles.

A long program is cut into pieces of a few hundred operations, a function each, for the time that LLVM takes
grows faster than the length of a function. What is used in its own piece only stays in registers; the rest
goes through slots, which are used again when nobody needs them any more. A loop is a function too, which
keeps what it carries in registers; one of many operations calls the pieces of its body, and one with loops in
it these too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from ..loops.program import Loop
from ..straight_line.program import RELATIONS, Node, Program
from .lane_loops import LaneWriter
from .layout import Layout
from .operations import Functions
from .writer import FunctionWriter, Item

PART = 128
"""How many operations make up a function: in functions four times as long LLVM takes up to twice the time for
each operation, and shorter ones save nothing."""

BODY = 1000
"""How many operations a loop has, at most, that is a function by itself: it is faster than one whose numbers
go through slots."""


_Around = tuple[Loop, int]
"""A loop, and the number of its function."""

_TURNS = ["%turn", *[f"%turn{i}" for i in range(1, 64)]]
"""The names of the turns of loops, from the inside out."""


class _Stretch(NamedTuple):
    """Straight lines, or a loop, and the pieces that they are cut into.

    Attributes:
        loop: the loop; None for straight lines.
        pieces: the pieces.
        inside: what there is in a loop with loops in it, which has no pieces itself.
    """

    loop: Loop | None
    pieces: list[list[Item]]
    inside: Sequence[_Stretch] = ()

    @property
    def functions(self) -> int:
        """How many functions it is; the last one of a loop is the loop."""
        inside = sum([stretch.functions for stretch in self.inside])
        return inside + len(self.pieces) + (self.loop is not None and len(self.pieces) != 1)


class Core:
    """The text of a program.

    Attributes:
        text: the module, in which the function `core` is the program.
        slots: how many slots it works on; the first are those of `driver`.
        constants: the number that a slot must have in all lanes before the program is run, by the slot.
        tables: the numbers, one after the other, that must be there from a slot on.
        functions: the operations that it needs.

    Args:
        program: the program.
        lanes: how many points it works on at once.
        address: gives the address of a function of two addresses, of `lanes` numbers for each operand of a
            node, and of the results to be filled in.
        part: how many operations make up a function.
        load: whether numbers are loaded from slots; see `FunctionWriter`.
        body: how many operations a loop has, at most, that is one function; one of which points may have
            different numbers of turns always is.
        known: the address of a byte for each number of turns of an open loop, 1 where it may have so many.
    """

    def __init__(
        self,
        program: Program,
        lanes: int,
        address: Callable[[Node], int],
        part: int = PART,
        load: bool = False,
        body: int = BODY,
        known: int = 0,
    ) -> None:
        self._program = program
        self._layout = layout = Layout(program, lanes)
        self._address = address
        self._load = load
        self._known = known
        self.functions = Functions(lanes)
        self._texts: list[str] = []
        self._loops, self._part, self._body = [Loop(*x) for x in program.loops], part, body
        stretches = self._stretches(len(program.inputs), len(program.nodes))
        self._follow(stretches)
        calls = self._all(0, stretches, ())
        end = self._writer()
        for place, slot in layout.again:
            end.store(place, slot)
        whole = "\n".join([*calls, end.text()])
        texts = [*self._texts, f"define void @core(ptr %slots) {{\n{whole}\nret void\n}}"]
        self.text = "\n".join([self.functions.declarations(), *texts])
        self.slots, self.constants, self.tables = layout.slots, layout.constants, layout.tables

    # Cutting

    def _stretches(self, start: int, end: int) -> list[_Stretch]:
        stretches: list[_Stretch] = []
        place = start
        for loop in self._loops:
            if not place <= loop.start < end:
                continue
            stretches.append(_Stretch(None, self._pieces(place, loop.start, self._part)))
            if any(loop.start < other.start < loop.end for other in self._loops):
                stretches.append(_Stretch(loop, [], self._stretches(loop.start + 1, loop.end)))
            else:
                once = [*self._items(loop.start + 1, loop.end, len(self._program.nodes))]
                whole = len(once) <= self._body or loop.start in self._layout.by_lanes
                pieces = [once] if whole else self._pieces(loop.start + 1, loop.end, self._part)
                stretches.append(_Stretch(loop, pieces))
            place = loop.end + 1
        return [*stretches, _Stretch(None, self._pieces(place, end, self._part))]

    def _pieces(self, start: int, end: int, size: int) -> list[list[Item]]:
        items = [*self._items(start, end, size)]
        return [items[i : i + size] for i in range(0, len(items), size)]

    def _items(self, start: int, end: int, size: int) -> Iterator[Item]:
        program, layout = self._program, self._layout
        for place in range(start, end):
            node = program.nodes[place]
            if node.op in ("number", "phi") or layout.same[place] != place:
                continue
            if node.op in RELATIONS and place not in program.guards:
                continue  # computed wherever it is used, for that takes no longer than to keep it
            if layout.handed[place]:
                for first in range(0, len(node.operands), size):
                    yield place, first, first + size
            yield place

    # Who needs what

    def _follow(self, stretches: Sequence[_Stretch]) -> None:
        """Find out in which function each number is needed last: they are numbered as they are written."""
        self._last_use: dict[int, int] = {}
        end = self._follow_all(0, stretches, ())
        for place in self._numbers([place for place, _ in self._layout.again]):
            self._last_use[place] = end
        self._dying: dict[int, list[int]] = {}
        for place, number in self._last_use.items():
            self._dying.setdefault(number, []).append(place)

    def _follow_all(self, number: int, stretches: Sequence[_Stretch], around: tuple[_Around, ...]) -> int:
        """Follow what is in some loops, each with its function, and return the number after theirs.

        Args:
            number: that of the first function.
            stretches: what is followed.
            around: the loops, from the outermost one in.
        """
        nodes = self._program.nodes
        for loop, pieces, inside in stretches:
            here = around
            if loop:
                last = number + _Stretch(loop, pieces, inside).functions - 1
                here = (*around, (loop, last))
                phis = self._layout.phis(loop)
                self._use(self._numbers([nodes[phi].operands[0] for phi in phis]), last, around)
                self._use(self._numbers([*phis, *[nodes[phi].operands[1] for phi in phis]]), last, here)
            for i, items in enumerate(pieces, number):
                self._use(self._read(items), i, here)
            number += len(pieces)
            if loop:
                self._follow_all(number, inside, here)
                number = last + 1
        return number

    def _use(self, places: Iterable[int], number: int, around: tuple[_Around, ...]) -> None:
        """Note that a function needs numbers: those from before a loop that it is in, in each turn."""
        for place in places:
            last = next((last for loop, last in around if place < loop.start), number)
            self._last_use[place] = max(self._last_use.get(place, 0), last)

    def _read(self, items: Iterable[Item]) -> list[int]:
        """Return the places of the numbers that must be there to do something."""
        nodes, handed = self._program.nodes, self._layout.handed
        operands: list[int] = []
        for item in items:
            if not isinstance(item, int):
                place, start, end = item
                operands += nodes[place].operands[start:end]
            elif not handed[item]:
                operands += nodes[item].operands
        return self._numbers(operands)

    def _numbers(self, places: Iterable[int]) -> list[int]:
        """Return some places; for conditions, which are computed where they are used, those of operands."""
        nodes, same = self._program.nodes, self._layout.same
        numbers = []
        for place in places:
            place = same[place]
            if nodes[place].op in RELATIONS:
                numbers += self._numbers(nodes[place].operands)
            else:
                numbers.append(place)
        return numbers

    # Writing; what writes functions returns what calls them, in loops from the inside out

    def _all(self, number: int, stretches: Sequence[_Stretch], nest: tuple[Loop, ...]) -> list[str]:
        """Write functions, the first of which has a number.

        Args:
            number: the number.
            stretches: what is written.
            nest: the loops that it is in.
        """
        calls: list[str] = []
        for stretch in stretches:
            loop, pieces, inside = stretch
            after = number + stretch.functions
            if loop is None:
                calls += self._pieces_of(number, pieces, nest)
            else:
                if len(pieces) == 1:
                    self._loop(number, loop, pieces[0], nest)
                else:
                    for place in self._layout.phis(loop):
                        self._layout.house(place)
                    own = self._pieces_of(number, pieces, (loop, *nest))
                    own += self._all(number, inside, (loop, *nest))
                    self._outer_loop(after - 1, loop, own, nest)
                calls.append(_call(after - 1, nest))
            number = after
        return calls

    def _loop(self, number: int, loop: Loop, items: Iterable[Item], nest: tuple[Loop, ...]) -> None:
        writer = self._writer(len(nest) + 1)

        def body() -> None:
            for item in items:
                writer.item(item)

        phis = self._layout.phis(loop)
        needed = [x for x in (*phis, *items) if isinstance(x, int) and self._is_needed(x, number)]
        writer.loop(loop, body, needed)
        for item in (*phis, *items):
            self._keep(writer, number, item)
        self._define(number, writer, _TURNS[1 : len(nest) + 1])

    def _outer_loop(self, number: int, loop: Loop, calls: Sequence[str], nest: tuple[Loop, ...]) -> None:
        writer = self._writer(len(nest) + 1)
        writer.calls(loop, calls)
        self._define(number, writer, _TURNS[1 : len(nest) + 1])

    def _pieces_of(self, number: int, pieces: Sequence[Iterable[Item]], nest: tuple[Loop, ...]) -> list[str]:
        for i, items in enumerate(pieces, number):
            writer = self._writer(len(nest))
            for item in items:
                writer.item(item)
                self._keep(writer, i, item)
            self._define(i, writer, _TURNS[: len(nest)])
        return [_call(i, nest) for i in range(number, number + len(pieces))]

    def _keep(self, writer: FunctionWriter, number: int, item: Item) -> None:
        """Put a number into its slot, if it is needed in another function."""
        layout = self._layout
        if isinstance(item, int) and self._is_needed(item, number):
            layout.house(item)
            writer.store(item, layout.homes[item])

    def _is_needed(self, place: int, number: int) -> bool:
        """Say whether a number that the function of that number computes has, or is to get, a slot."""
        return self._last_use.get(place, -1) > number or place in self._layout.homes

    def _writer(self, depth: int = 0) -> FunctionWriter:
        others = self.functions, self._address, self._load, _TURNS[:depth]
        if self._layout.by_lanes:
            return LaneWriter(self._layout, self._known, *others)
        return FunctionWriter(self._layout, *others)

    def _define(self, number: int, writer: FunctionWriter, turns: Sequence[str]) -> None:
        given = ", ".join(["ptr %slots", *[f"i64 {turn}" for turn in turns]])
        self._texts.append(
            f"define internal void @part{number}({given}) noinline {{\n{writer.text()}\nret void\n}}"
        )
        self._layout.leave(self._dying.get(number, ()))


def _call(number: int, nest: Sequence[Loop]) -> str:
    """Return what calls a function where the turn of the innermost of some loops is `%turn`."""
    given = ", ".join(["ptr %slots", *[f"i64 {turn}" for turn in _TURNS[: len(nest)]]])
    return f"call void @part{number}({given})"
