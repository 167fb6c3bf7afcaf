"""A program as text of LLVM's language: functions that work on slots, each a vector of doubles.

A long program is cut into parts of a few hundred operations, a function each, for the time that LLVM takes
grows faster than the length of a function. What is used in its own part only stays in registers; the rest
goes through slots, which are used again when nobody needs them any more.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Iterator

from ..straight_line.program import Node, Program
from ..straight_line.simplify import watched
from .operations import KNOWN, Functions
from .vector_math import POWERS

ARITHMETIC = {"+": "fadd", "-": "fsub", "*": "fmul", "/": "fdiv"}
RELATION = {"<": "olt", "<=": "ole", "==": "oeq", "!=": "une", ">": "ogt", ">=": "oge"}

PART = 128
"""How many operations make up a function: in functions four times as long LLVM takes up to twice the time for
each operation, and shorter ones save nothing."""

Item = int | tuple[int, int, int]
"""What is to be done: the node of that place, or, for (place, i, j), to hand over its operands i to j."""


class Core:
    """The text of a program.

    Attributes:
        text: the module, in which the function `core` is the program.
        slots: how many slots it works on; the first are those of `driver`.
        constants: the number that a slot must have in all lanes before the program is run, by the slot.

    Args:
        program: the program.
        lanes: how many points it works on at once.
        address: gives the address of a function of two addresses, of `lanes` numbers for each operand of a
            node, and of the results to be filled in.
        part: how many operations make up a function.
        load: whether numbers are loaded from slots. They are written into instructions otherwise, which the
            quick way in which LLVM selects instructions where it does not optimise cannot take for vectors.
    """

    def __init__(
        self,
        program: Program,
        lanes: int,
        address: Callable[[Node], int],
        part: int = PART,
        load: bool = False,
    ) -> None:
        self.program = program
        self.lanes = lanes
        self.address = address
        self.load = load
        self.constants: dict[int, float] = {}
        self._slots_of_constants: dict[str, int] = {}
        self.functions = Functions(lanes)
        self.watched = watched(program)
        # What an operation that only hands on a number is equal to.
        self.same: list[int] = []
        for place, node in enumerate(program.nodes):
            hands_on = node.op in ("identity", "detached")
            self.same.append(self.same[node.operands[0]] if hands_on else place)
        self.flags = len(program.inputs) + 2 * len(program.outputs)
        self.handed_over = self.flags + 2
        self.handed = bytearray([self._is_handed(node) for node in program.nodes])
        most = max((len(node.operands) for i, node in enumerate(program.nodes) if self.handed[i]), default=0)
        self.slots = self._first_own = self.handed_over + most + 1
        self._free: list[int] = []
        self.homes: dict[int, int] = {place: place for place in range(len(program.inputs))}
        again = []
        for slot, place in enumerate(program.outputs, len(program.inputs)):
            place = self.same[place]
            if place in self.homes or program.nodes[place].op in ("number", *RELATION):
                again.append((place, slot))
            else:
                self.homes[place] = slot
        parts = list(self._parts(part))
        reads = [self._read(items) for items in parts]
        self._last_use = {place: i for i, places in enumerate(reads) for place in places}
        for place in self._numbers([place for place, _ in again]):
            self._last_use[place] = len(parts)
        texts = [self._part(i, items, reads[i]) for i, items in enumerate(parts)]
        self.text = "\n".join([self.functions.declarations(), *texts, self._whole(len(parts), again)])

    def _is_handed(self, node: Node) -> bool:
        """Say whether the operands of a node are handed over in slots side by side."""
        return _is_called(node) or (node.op == "gather…" and self.table_of(node) is None)

    def table_of(self, node: Node) -> tuple[int, int] | None:
        """Return the slot of the first number a gather chooses from, and from one to the next.

        None where they are no inputs in slots as far from each other.
        """
        places = [self.same[i] for i in node.operands[1:]]
        step = places[-1] - places[0] if len(places) < 2 else places[1] - places[0]
        regular = all(place == places[0] + i * step for i, place in enumerate(places))
        inside = min(places) >= 0 and max(places) < len(self.program.inputs)
        return (places[0], step) if regular and inside else None

    # Cutting

    def _parts(self, size: int) -> Iterator[list[Item]]:
        items: list[Item] = []
        for item in self._items(size):
            items.append(item)
            if len(items) == size:
                yield items
                items = []
        yield items

    def _items(self, size: int) -> Iterator[Item]:
        program = self.program
        for place in range(len(program.inputs), len(program.nodes)):
            node = program.nodes[place]
            if node.op == "number" or self.same[place] != place:
                continue
            if node.op in RELATION and place not in program.guards:
                continue  # computed wherever it is used, for that takes no longer than to keep it
            if self.handed[place]:
                for start in range(0, len(node.operands), size):
                    yield place, start, start + size
            yield place

    def _read(self, items: Iterable[Item]) -> list[int]:
        """Return the places of the numbers that must be there to do something."""
        nodes = self.program.nodes
        operands: list[int] = []
        for item in items:
            if not isinstance(item, int):
                place, start, end = item
                operands += nodes[place].operands[start:end]
            elif not self.handed[item]:
                operands += nodes[item].operands
        return self._numbers(operands)

    def _numbers(self, places: Iterable[int]) -> list[int]:
        """Return some places; for conditions, which are computed where they are used, those of operands."""
        nodes, same = self.program.nodes, self.same
        numbers = []
        for place in places:
            place = same[place]
            if nodes[place].op in RELATION:
                numbers += self._numbers(nodes[place].operands)
            else:
                numbers.append(place)
        return numbers

    # Writing

    def _part(self, index: int, items: list[Item], read: list[int]) -> str:
        writer, last_use, homes = _FunctionWriter(self), self._last_use, self.homes
        for item in items:
            if not isinstance(item, int):
                writer.hand_over(*item)
                continue
            writer.node(item)
            if last_use.get(item, -1) > index and item not in homes:
                homes[item] = self._slot()
            if item in homes:
                writer.store(item, homes[item])
        for place in read:
            if last_use[place] == index and homes.get(place, 0) >= self._first_own:
                self._free.append(homes.pop(place))
        return f"define internal void @part{index}(ptr %slots) noinline {{\n{writer.text()}\nret void\n}}"

    def _slot(self) -> int:
        if not self._free:
            self.slots += 1
            return self.slots - 1
        return self._free.pop()

    def slot_of(self, number: float) -> int:
        """Return the slot of a number, which nothing else is put into."""
        bits = _number(number)
        slot = self._slots_of_constants.get(bits)
        if slot is None:
            slot = self._slots_of_constants[bits] = self.slots
            self.constants[slot] = number
            self.slots += 1
        return slot

    def _whole(self, parts: int, again: list[tuple[int, int]]) -> str:
        writer = _FunctionWriter(self)
        for place, slot in again:
            writer.store(place, slot)
        calls = "\n".join([f"call void @part{i}(ptr %slots)" for i in range(parts)])
        return f"define void @core(ptr %slots) {{\n{calls}\n{writer.text()}\nret void\n}}"


class _FunctionWriter:
    """Writes the instructions of a function; `%t7` is the number of place 7 there, `%c7` the condition."""

    def __init__(self, core: Core) -> None:
        self.core = core
        self._nodes = core.program.nodes
        self._lines: list[str] = []
        lanes = core.lanes
        self._vector, self._aligned = f"<{lanes} x double>", f"align {8 * lanes}"
        self._bits, self._truths, self._bytes = f"<{lanes} x i64>", f"<{lanes} x i1>", f"<{lanes} x i8>"
        self._known: dict[int, str] = {}
        self._conditions: dict[int, str] = {}
        self._addresses = 0
        # The names of what says where all guards hold, and where an operation gave inf or NaN.
        self._valid = self._suspect = ""

    def text(self) -> str:
        """Return all instructions."""
        if self._valid:
            there = self._address(self.core.flags)
            self._lines.append(
                f"%before = load {self._bytes}, ptr {there}\n"
                f"%held = zext {self._truths} {self._valid} to {self._bytes}\n"
                f"%valid = and {self._bytes} %before, %held\nstore {self._bytes} %valid, ptr {there}"
            )
        if self._suspect:
            there = self._address(self.core.flags + 1)
            self._lines.append(
                f"%earlier = load {self._bits}, ptr {there}\n"
                f"%suspect = or {self._bits} %earlier, {self._suspect}\n"
                f"store {self._bits} %suspect, ptr {there}"
            )
        return "\n".join(self._lines)

    def node(self, place: int) -> None:
        """Write what computes a node, or holds a guard against its outcome."""
        node = self._nodes[place]
        if node.op in RELATION:
            self._guard(place)
            return
        name = f"%t{place}"
        operation = ARITHMETIC.get(node.op)
        if operation is not None:
            x, y = node.operands
            line = f"{name} = {operation} {self._vector} {self.operand(x)}, {self.operand(y)}"
        elif node.op == "where":
            condition, x, y = node.operands
            choice = [f"{self._truths} {self.condition(condition)}"]
            choice += [f"{self._vector} {self.operand(i)}" for i in (x, y)]
            line = f"{name} = select {', '.join(choice)}"
        elif node.op == "gather…":
            line = self._gather(node, name)
        elif _is_called(node):
            first, result = (self._address(self.core.handed_over + i) for i in (0, len(node.operands)))
            line = (
                f"call void inttoptr (i64 {self.core.address(node)} to ptr)(ptr {first}, ptr {result})\n"
                f"{name} = load {self._vector}, ptr {result}, {self._aligned}"
            )
        else:
            line = self._known_operation(node, name)
        self._lines.append(line)
        self._known[place] = name
        if place in self.core.watched:
            self._watch(name)

    def _gather(self, node: Node, name: str) -> str:
        """Return what loads, for each lane, the number at its index from the slots of all of them."""
        lanes, core = self.core.lanes, self.core
        count = len(node.operands) - 1
        table = core.table_of(node)
        if table is None:
            index = f"{name}index"
            self._lines.append(
                f"{index} = load {self._vector}, ptr {self._address(core.handed_over)}, {self._aligned}"
            )
            first, step = core.handed_over + 1, 1
        else:
            index, (first, step) = self.operand(node.operands[0]), table
        base = self._address(first)
        lines = [
            # Where the index is beyond the table, as where a guard fails, it is the nearest.
            f"{name}above = fcmp ogt {self._vector} {index}, zeroinitializer",
            f"{name}not = select {self._truths} {name}above, {self._vector} {index}, "
            f"{self._vector} zeroinitializer",
            f"{name}below = fcmp olt {self._vector} {name}not, splat (double {_number(count - 1.0)})",
            f"{name}in = select {self._truths} {name}below, {self._vector} {name}not, "
            f"{self._vector} splat (double {_number(count - 1.0)})",
            f"{name}i = fptosi {self._vector} {name}in to {self._bits}",
            f"{name}o = mul {self._bits} {name}i, splat (i64 {8 * lanes * step})",
        ]
        before = "undef"
        for lane in range(lanes):
            here, after = f"{name}l{lane}", f"{name}v{lane}" if lane < lanes - 1 else name
            lines += [
                f"{here}o = extractelement {self._bits} {name}o, i32 {lane}",
                f"{here}p = getelementptr i8, ptr {base}, i64 {here}o",
                f"{here}a = getelementptr i8, ptr {here}p, i64 {8 * lane}",
                f"{here} = load double, ptr {here}a, align 8",
                f"{after} = insertelement {self._vector} {before}, double {here}, i32 {lane}",
            ]
            before = after
        return "\n".join(lines)

    def _known_operation(self, node: Node, name: str) -> str:
        functions, operands = self.core.functions, [self.operand(i) for i in node.operands]
        if node.op == "hypot…":
            lines = []
            for i, y in enumerate(operands[1:], 1):
                result = name if i == len(operands) - 1 else f"{name}s{i}"
                lines.append(functions.instructions("hypot", result, [operands[0], y]))
                operands[0] = result
            return "\n".join(lines)
        if node.op in POWERS:
            exponent = self._nodes[self.core.same[node.operands[1]]]
            if exponent.op == "number":
                return functions.instructions(node.op, name, operands, exponent.number)
        return functions.instructions(node.op, name, operands)

    def hand_over(self, place: int, start: int, end: int) -> None:
        """Write what puts operands side by side, where a function of Python, or a gather, finds them."""
        for i, operand in enumerate(self._nodes[place].operands[start:end], start):
            self.store(operand, self.core.handed_over + i)

    def store(self, place: int, slot: int) -> None:
        """Write what puts a number into a slot."""
        name = self.operand(place)
        self._lines.append(f"store {self._vector} {name}, ptr {self._address(slot)}, {self._aligned}")

    def operand(self, place: int) -> str:
        """Return the name of a number, which is loaded if it was computed elsewhere."""
        name = self._known.get(place)
        if name is not None:
            return name
        place = self.core.same[place]
        node = self._nodes[place]
        if place in self._known:
            return self._known[place]
        name = f"%t{place}"
        if node.op == "number" and not self.core.load:
            name = f"splat (double {_number(node.number)})"
        elif node.op in RELATION:
            self._lines.append(f"{name} = uitofp {self._truths} {self.condition(place)} to {self._vector}")
        else:
            is_number = node.op == "number"
            there = self._address(self.core.slot_of(node.number) if is_number else self.core.homes[place])
            self._lines.append(f"{name} = load {self._vector}, ptr {there}, {self._aligned}")
        self._known[place] = name
        return name

    def condition(self, place: int) -> str:
        """Return the name of a condition; a number is one too, which holds where it is not 0."""
        place = self.core.same[place]
        name = self._conditions.get(place)
        if name is None:
            node = self._nodes[place]
            name = self._conditions[place] = f"%c{place}"
            if node.op in RELATION:
                relation, (x, y) = RELATION[node.op], (self.operand(i) for i in node.operands)
            else:
                relation, x, y = "une", self.operand(place), "zeroinitializer"
            self._lines.append(f"{name} = fcmp {relation} {self._vector} {x}, {y}")
        return name

    def _guard(self, place: int) -> None:
        name, kind = self.condition(place), self._truths
        if not self.core.program.guards[place]:
            self._lines.append(f"{name}not = xor {kind} {name}, splat (i1 true)")
            name += "not"
        self._valid = self._joined(self._valid, "and", kind, name)

    def _watch(self, name: str) -> None:
        # x - x is +0.0, of which no bit is set, unless x is infinite or NaN.
        self._lines.append(f"{name}difference = fsub {self._vector} {name}, {name}")
        self._lines.append(f"{name}bits = bitcast {self._vector} {name}difference to {self._bits}")
        self._suspect = self._joined(self._suspect, "or", self._bits, f"{name}bits")

    def _joined(self, before: str, word: str, kind: str, name: str) -> str:
        """Return the name of what came before, if anything did, together with what has this name."""
        if not before:
            return name
        self._lines.append(f"{name}all = {word} {kind} {before}, {name}")
        return f"{name}all"

    def _address(self, slot: int) -> str:
        self._addresses += 1
        name = f"%a{self._addresses}"
        self._lines.append(f"{name} = getelementptr i8, ptr %slots, i64 {8 * self.core.lanes * slot}")
        return name


def _is_called(node: Node) -> bool:
    """Say whether a node is computed by a function of Python."""
    op = node.op
    if op == "hypot…":
        return not 2 <= len(node.operands) <= 4  # a chain of more would add up too many roundings
    return not (op in ARITHMETIC or op in KNOWN or op in RELATION or op in _NOT_COMPUTED)


_NOT_COMPUTED = {"input", "number", "where", "gather…", "detached", "identity"}


def _number(x: float) -> str:
    return f"0x{struct.unpack('<Q', struct.pack('<d', x))[0]:016X}"
