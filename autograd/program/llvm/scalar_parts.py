"""A program at one point as text of LLVM's language: all at once, or cut into functions if it is long.

The longer a function is, the more memory its numbers take, for they are kept to its end. So a long program is
cut: what is used in its own part only stays in registers, and the rest goes through slots, a number each, of
which the first are the inputs.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Sequence

from ..straight_line.program import RELATIONS, Node, Program
from ..straight_line.simplify import watched
from .scalar_operations import Table, comparison, operation
from .scalar_text import Text

PART = 128
"""How many operations make up a function of a long program."""

GROUP = 12
"""How many functions LLVM gets at once."""


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

    They are handed over in groups, each with the functions that it calls: LLVM needs several times as much
    memory for a function as for its machine code.

    Attributes:
        count: how many functions there are.
        slots: how many slots they need.
        handed, objects: as those of `Text`, of all functions.

    Args:
        program: the program.
        ready: is given the texts of a group.
        size: how many operations make up a function.
    """

    def __init__(self, program: Program, ready: Callable[[list[str]], None], size: int = PART) -> None:
        self.program = program
        self._functions: dict[str, str] = {}
        self._watched = watched(program)
        self._texts: list[str] = []
        self.handed = 0
        self.objects: list[object] = []
        self.slots = len(program.inputs)
        self._homes: dict[int, int] = {place: place for place in range(len(program.inputs))}
        self._free: list[int] = []
        parts = [*self._parts(size)]
        self.count = len(parts)
        last = self._last_uses(parts)
        dying: list[list[int]] = [[] for _ in range(len(parts) + 1)]
        for place in range(len(program.inputs), len(last)):
            dying[last[place]].append(place)
        for i, part in enumerate(parts):
            self._write(i, part, last)
            self._free += [self._homes.pop(place) for place in dying[i] if place in self._homes]
            if len(self._texts) == GROUP or i == len(parts) - 1:
                ready([*self._functions.values(), *self._texts])
                self._functions.clear()
                self._texts.clear()

    def _last_uses(self, parts: Sequence[Sequence[int]]) -> Sequence[int]:
        """Return for each node in which part it is needed last; what comes after all of them is -1."""
        nodes = self.program.nodes
        last = array("i", [-1]) * len(nodes)
        for i, part in enumerate(parts):
            for place in self._numbers([k for node in part for k in nodes[node].operands]):
                last[place] = i
        for place in self._numbers(self.program.outputs):
            last[place] = len(parts)
        return last

    def _parts(self, size: int) -> Iterable[Sequence[int]]:
        nodes, guards = self.program.nodes, self.program.guards
        places = array("i")
        for place in range(len(self.program.inputs), len(nodes)):
            op = nodes[place].op
            if op != "number" and (op not in RELATIONS or place in guards):
                places.append(place)
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

    def _write(self, index: int, part: Sequence[int], last: Sequence[int]) -> None:
        text = Text(functions=self._functions)
        nodes = self.nodes(text)
        for place in part:
            nodes.write(place)
            if last[place] > index:
                home = self._homes[place] = self._free.pop() if self._free else self.slots
                self.slots = max(self.slots, home + 1)
                there = text.new(f"getelementptr i8, ptr %slots, i64 {8 * home}")
                text.add(f"store double {nodes.operand(place)}, ptr {there}")
        text.settle()
        self.handed = max(self.handed, text.handed)
        self.objects += text.objects
        body = "\n".join(text.lines)
        self._texts.append(
            f"define i32 @part{index}(ptr %slots, ptr %handed, ptr %boxes) noinline {{\n"
            f"entry:\n{body}\nret i32 0\nfail:\nret i32 1\nraised:\nret i32 2\n}}"
        )
