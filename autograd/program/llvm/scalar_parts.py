"""A program at one point as text of LLVM's language: all at once, or cut into functions if it is long.

The longer a function is, the more memory its numbers take, for they are kept to its end. So a long program is
cut: what is used in its own part only stays in registers, and the rest goes through slots, a number each, of
which the first are the inputs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ..straight_line.program import RELATIONS, Node, Program
from ..straight_line.simplify import watched
from .scalar_operations import Table, comparison, operation
from .scalar_text import Text

PART = 128
"""How many operations make up a function of a long program."""


class Nodes:
    """Writes the nodes of a program into a text.

    Args:
        text: the text.
        program: the program.
        watched: the places whose numbers tell whether an operation has raised an error.
        load: writes, for the place of a number that was computed elsewhere, its name.
        address: gives, for such a place, where it is in memory: a pointer, and how many bytes further. None
            where it is not.
    """

    def __init__(
        self,
        text: Text,
        program: Program,
        watched: set[int],
        load: Callable[[int], str],
        address: Callable[[int], tuple[str, int] | None],
    ) -> None:
        self.text = text
        self._nodes, self._guards = program.nodes, program.guards
        self._watched = watched
        self._load, self._address = load, address
        self._known: dict[int, str] = {}

    def operand(self, place: int) -> str:
        """Return the name of a number, or of a condition."""
        name = self._known.get(place)
        if name is None:
            node = self._nodes[place]
            if node.op == "number":
                name = self.text.number(node.number)
            elif node.op in RELATIONS:
                return comparison(self.text, node.op, *[self.operand(i) for i in node.operands])
            else:
                name = self._load(place)
            self._known[place] = name
        return name

    def write(self, place: int) -> None:
        """Write what computes a node, or fails where its guard does not hold."""
        node = self._nodes[place]
        if node.op in RELATIONS:
            outcome = self._guards.get(place)
            if outcome is not None:
                condition = self.operand(place)
                self.text.doubt(self.text.new(f"xor i1 {condition}, true") if outcome else condition)
                self.text.settle()
            return
        table = self._table(node) if node.op == "gather…" else None
        operands = [self.operand(i) for i in (node.operands[:1] if table else node.operands)]
        if table:
            operands += [""] * (len(node.operands) - 1)
        result = self._known[place] = operation(self.text, node.op, operands, node.ieee, table)
        if place in self._watched:
            self.text.watch(result)

    def _table(self, node: Node) -> Table | None:
        """Return where the numbers are that a gather chooses from, if equally far apart in memory."""
        there = [self._address(i) if i not in self._known else None for i in node.operands[1:]]
        found = [each for each in there if each is not None]
        if len(found) < len(there) or len({base for base, _ in found}) > 1:
            return None
        step = found[1][1] - found[0][1] if len(found) > 1 else 8
        if any(at != found[0][1] + i * step for i, (_, at) in enumerate(found)):
            return None
        return self.text.new(f"getelementptr i8, ptr {found[0][0]}, i64 {found[0][1]}"), step


class Parts:
    """A long program as functions `part0`, `part1`, ... on slots.

    Attributes:
        texts: the functions.
        slots: how many slots they need.
        handed, objects: as those of `Text`, of all functions.

    Args:
        program: the program.
        functions: those that are called, to which those that the parts call are added.
        size: how many operations make up a function.
    """

    def __init__(self, program: Program, functions: dict[str, str], size: int = PART) -> None:
        self.program = program
        self._functions = functions
        self._watched = watched(program)
        self.texts: list[str] = []
        self.handed = 0
        self.objects: list[object] = []
        self.slots = len(program.inputs)
        self._homes: dict[int, int] = {place: place for place in range(len(program.inputs))}
        self._free: list[int] = []
        parts = [*self._parts(size)]
        reads = [
            self._numbers([i for place in part for i in program.nodes[place].operands]) for part in parts
        ]
        last = {place: i for i, places in enumerate(reads) for place in places}
        last |= dict.fromkeys(self._numbers(program.outputs), len(parts))
        for i, part in enumerate(parts):
            self._write(i, part, last)
            for place in reads[i]:
                if last[place] == i and self._homes.get(place, 0) >= len(program.inputs):
                    self._free.append(self._homes.pop(place))

    def _parts(self, size: int) -> Iterable[list[int]]:
        nodes, guards = self.program.nodes, self.program.guards
        places = [
            place
            for place in range(len(self.program.inputs), len(nodes))
            if nodes[place].op != "number" and (nodes[place].op not in RELATIONS or place in guards)
        ]
        return [places[i : i + size] for i in range(0, len(places), size)]

    def _numbers(self, places: Iterable[int]) -> set[int]:
        """Return the places of the numbers behind some places, of which conditions are computed anew."""
        found: set[int] = set()
        for place in places:
            node = self.program.nodes[place]
            if node.op in RELATIONS:
                found |= self._numbers(node.operands)
            elif node.op != "number":
                found.add(place)
        return found

    def nodes(self, text: Text) -> Nodes:
        """Return what writes nodes into a text that has the slots."""

        def load(place: int) -> str:
            there = text.new(f"getelementptr i8, ptr %slots, i64 {8 * self._homes[place]}")
            return text.changing(f"load double, ptr {there}")

        def address(place: int) -> tuple[str, int] | None:
            return ("%slots", 8 * self._homes[place]) if place < len(self.program.inputs) else None

        return Nodes(text, self.program, self._watched, load, address)

    def _write(self, index: int, part: list[int], last: dict[int, int]) -> None:
        text = Text(functions=self._functions)
        nodes = self.nodes(text)
        for place in part:
            nodes.write(place)
            if last.get(place, -1) > index:
                home = self._homes[place] = self._free.pop() if self._free else self.slots
                self.slots = max(self.slots, home + 1)
                there = text.new(f"getelementptr i8, ptr %slots, i64 {8 * home}")
                text.add(f"store double {nodes.operand(place)}, ptr {there}")
        text.settle()
        self.handed = max(self.handed, text.handed)
        self.objects += text.objects
        body = "\n".join(text.lines)
        self.texts.append(
            f"define internal i32 @part{index}(ptr %slots, ptr %handed, ptr %boxes) noinline {{\n"
            f"entry:\n{body}\nret i32 0\nfail:\nret i32 1\nraised:\nret i32 2\n}}"
        )
