"""A program as text of LLVM's language: functions that work on slots, each a vector of doubles.

A long program is cut into pieces of a few hundred operations, a function each, for the time that LLVM takes
grows faster than the length of a function. What is used in its own piece only stays in registers; the rest
goes through slots, which are used again when nobody needs them any more. A loop is a function too, which
keeps what it carries in registers; one of many operations calls the pieces of its body.
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


class _Stretch(NamedTuple):
    """Straight lines, or a loop, and the pieces that they are cut into."""

    loop: Loop | None
    pieces: list[list[Item]]


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
        self._calls: list[str] = []
        stretches = [*self._stretches(part, body)]
        self._follow(stretches)
        number = 0
        for loop, pieces in stretches:
            if loop is None:
                number = self._straight(number, pieces)
            elif len(pieces) == 1:
                number = self._loop(number, loop, pieces[0])
            else:
                number = self._long_loop(number, loop, pieces)
        end = self._writer()
        for place, slot in layout.again:
            end.store(place, slot)
        whole = "\n".join([*self._calls, end.text()])
        texts = [*self._texts, f"define void @core(ptr %slots) {{\n{whole}\nret void\n}}"]
        self.text = "\n".join([self.functions.declarations(), *texts])
        self.slots, self.constants, self.tables = layout.slots, layout.constants, layout.tables

    # Cutting

    def _stretches(self, part: int, body: int) -> Iterator[_Stretch]:
        place = len(self._program.inputs)
        for loop in [Loop(*x) for x in self._program.loops]:
            yield _Stretch(None, self._pieces(place, loop.start, part))
            once = [*self._items(loop.start + 1, loop.end, len(self._program.nodes))]
            whole = len(once) <= body or loop.start in self._layout.by_lanes
            yield _Stretch(loop, [once] if whole else self._pieces(loop.start + 1, loop.end, part))
            place = loop.end + 1
        yield _Stretch(None, self._pieces(place, len(self._program.nodes), part))

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
        nodes, begin = self._program.nodes, 0
        for loop, pieces in stretches:
            last = begin + len(pieces)  # after a long loop, what calls its pieces
            if loop and len(pieces) == 1:
                last = begin
            for number, items in enumerate(pieces, begin):
                for place in self._read(items):
                    # Each turn needs what was computed before the loop.
                    self._last_use[place] = last if loop and place < loop.start else number
            if loop:
                phis = self._layout.phis(loop)
                for place in self._numbers([i for phi in phis for i in (phi, *nodes[phi].operands)]):
                    self._last_use[place] = last
            begin = last + 1 if loop else last
        for place in self._numbers([place for place, _ in self._layout.again]):
            self._last_use[place] = begin
        self._dying: dict[int, list[int]] = {}
        for place, number in self._last_use.items():
            self._dying.setdefault(number, []).append(place)

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

    # Writing; what writes functions returns the number that comes after theirs

    def _straight(self, number: int, pieces: Sequence[Iterable[Item]]) -> int:
        for i, items in enumerate(pieces, number):
            self._piece(i, items)
            self._calls.append(f"call void @part{i}(ptr %slots)")
        return number + len(pieces)

    def _loop(self, number: int, loop: Loop, items: Iterable[Item]) -> int:
        writer = self._writer()

        def body() -> None:
            for item in items:
                writer.item(item)

        phis = self._layout.phis(loop)
        needed = [x for x in (*phis, *items) if isinstance(x, int) and self._is_needed(x, number)]
        writer.loop(loop, body, needed)
        for item in (*phis, *items):
            self._keep(writer, number, item)
        self._define(f"part{number}", writer)
        self._layout.leave(self._dying.get(number, ()))
        self._calls.append(f"call void @part{number}(ptr %slots)")
        return number + 1

    def _long_loop(self, number: int, loop: Loop, pieces: Sequence[Iterable[Item]]) -> int:
        for place in self._layout.phis(loop):
            self._layout.house(place)
        after = number + len(pieces)
        for i, items in enumerate(pieces, number):
            self._piece(i, items, turn=True)
        writer = self._writer()
        writer.calls(loop, range(number, after))
        self._define(f"part{after}", writer)
        self._layout.leave(self._dying.get(after, ()))
        self._calls.append(f"call void @part{after}(ptr %slots)")
        return after + 1

    def _piece(self, number: int, items: Iterable[Item], turn: bool = False) -> None:
        writer = self._writer(turn)
        for item in items:
            writer.item(item)
            self._keep(writer, number, item)
        self._define(f"part{number}", writer, turn)
        self._layout.leave(self._dying.get(number, ()))

    def _keep(self, writer: FunctionWriter, number: int, item: Item) -> None:
        """Put a number into its slot, if it is needed in another function."""
        layout = self._layout
        if isinstance(item, int) and self._is_needed(item, number):
            layout.house(item)
            writer.store(item, layout.homes[item])

    def _is_needed(self, place: int, number: int) -> bool:
        """Say whether a number that the function of that number computes has, or is to get, a slot."""
        return self._last_use.get(place, -1) > number or place in self._layout.homes

    def _writer(self, turn: bool = False) -> FunctionWriter:
        others = self.functions, self._address, self._load, turn
        if self._layout.by_lanes:
            return LaneWriter(self._layout, self._known, *others)
        return FunctionWriter(self._layout, *others)

    def _define(self, name: str, writer: FunctionWriter, turn: bool = False) -> None:
        given = "ptr %slots, i64 %turn" if turn else "ptr %slots"
        self._texts.append(
            f"define internal void @{name}({given}) noinline {{\n{writer.text()}\nret void\n}}"
        )
