"""The instructions of a function of a program: straight lines, a loop, or a piece of the body of a loop."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence

from ..loops.program import Loop
from ..straight_line.program import Node
from .layout import ARITHMETIC, Layout, is_called
from .operations import Functions
from .vector_math import POWERS

RELATION = {"<": "olt", "<=": "ole", "==": "oeq", "!=": "une", ">": "ogt", ">=": "oge"}

Item = int | tuple[int, int, int]
"""What is to be done: the node of that place, or, for (place, i, j), to hand over its operands i to j."""


class FunctionWriter:
    """Writes the instructions of a function; `%t7` is the number of place 7 there, `%c7` the condition.

    Args:
        layout: where numbers are.
        functions: the operations.
        address: gives the address of a function of two addresses, of `lanes` numbers for each operand of a
            node, and of the results to be filled in.
        load: whether numbers are loaded from slots. They are written into instructions otherwise, which the
            quick way in which LLVM selects instructions where it does not optimise cannot take for vectors.
        turns: the names of the turns of the loops that it is in, from the inside out; of a loop that is a
            function, the first of these is written with it.
    """

    def __init__(
        self,
        layout: Layout,
        functions: Functions,
        address: Callable[[Node], int],
        load: bool,
        turns: Sequence[str] = (),
    ) -> None:
        self._layout = layout
        self._functions = functions
        self._address_of = address
        self._load = load
        self._turns = turns
        self._nodes = layout.program.nodes
        self._lines: list[str] = []
        lanes = layout.lanes
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
            there = self._slot(self._layout.flags)
            self._lines.append(
                f"%before = load {self._bytes}, ptr {there}\n"
                f"%held = zext {self._truths} {self._valid} to {self._bytes}\n"
                f"%valid = and {self._bytes} %before, %held\nstore {self._bytes} %valid, ptr {there}"
            )
        if self._suspect:
            there = self._slot(self._layout.flags + 1)
            self._lines.append(
                f"%earlier = load {self._bits}, ptr {there}\n"
                f"%suspect = or {self._bits} %earlier, {self._suspect}\n"
                f"store {self._bits} %suspect, ptr {there}"
            )
        return "\n".join(self._lines)

    # Loops

    def loop(self, loop: Loop, body: Callable[[], None], needed: Sequence[int] = ()) -> None:
        """Write a loop; after it, numbers are what they were in the last turn.

        Args:
            loop: the loop.
            body: writes the instructions of a turn.
            needed: the places, in the loop, of the numbers that are needed after it.
        """
        phis = self._layout.phis(loop)
        firsts = [self.operand(self._nodes[place].operands[0]) for place in phis]
        self._lines[:0] = ["entry:"]
        self._lines += ["br label %body", "body:"]
        head = len(self._lines)
        for place in phis:
            self._known[place] = f"%t{place}"
        body()
        carried = ["%turn = phi i64 [0, %entry], [%next, %body]"]
        for place, first in zip(phis, firsts, strict=True):
            following = self.operand(self._nodes[place].operands[1])
            carried.append(f"%t{place} = phi {self._vector} [{first}, %entry], [{following}, %body]")
        carried += self._flags_of_all_turns()
        self._lines[head:head] = carried
        self._lines.append(
            f"%next = add i64 %turn, 1\n%more = icmp ne i64 %next, {loop.turns}\n"
            "br i1 %more, label %body, label %after\nafter:"
        )
        if self._valid:
            self._valid = "%allheld"
            self._lines.append(f"%allheld = icmp eq {self._bits} %failed, zeroinitializer")

    def _flags_of_all_turns(self) -> list[str]:
        """Write what joins the flags of a turn with those of turns before, and return how these begin."""
        begin = []
        for name, there in (("failed", self._valid), ("odd", self._suspect)):
            if there:
                begin.append(f"%{name}before = phi {self._bits} [zeroinitializer, %entry], [%{name}, %body]")
        if self._valid:  # as bits of a vector of its own kind, which stay in a register of it
            self._lines.append(
                f"%fails = xor {self._truths} {self._valid}, splat (i1 true)\n"
                f"%failedhere = sext {self._truths} %fails to {self._bits}\n"
                f"%failed = or {self._bits} %failedbefore, %failedhere"
            )
        if self._suspect:
            self._lines.append(f"%odd = or {self._bits} %oddbefore, {self._suspect}")
            self._suspect = "%odd"
        return begin

    def calls(self, loop: Loop, calls: Sequence[str]) -> None:
        """Write a loop whose body is in functions of its own, and whose numbers are all in slots.

        Args:
            loop: the loop.
            calls: what calls the functions.
        """
        phis, homes = self._layout.phis(loop), self._layout.homes
        for place in phis:
            self.store(self._nodes[place].operands[0], homes[place])
        self._lines[:0] = ["entry:"]
        self._lines += [
            "br label %body\nbody:\n%turn = phi i64 [0, %entry], [%next, %carry]",
            *calls,
            f"%next = add i64 %turn, 1\n%more = icmp ne i64 %next, {loop.turns}",
            "br i1 %more, label %carry, label %after\ncarry:",
        ]
        for place in phis:  # all are loaded before one is stored
            self.operand(self._nodes[place].operands[1])
        for place in phis:
            self.store(self._nodes[place].operands[1], homes[place])
        self._lines.append("br label %body\nafter:")

    # Nodes

    def item(self, item: Item) -> None:
        """Write what is to be done."""
        if isinstance(item, int):
            self._node(item)
            return
        place, start, end = item  # operands are put side by side, where a function of Python finds them
        for i, operand in enumerate(self._nodes[place].operands[start:end], start):
            self.store(operand, self._layout.handed_over + i)

    def _node(self, place: int) -> None:
        """Write what computes a node, or holds a guard against its outcome, or stores a number."""
        node = self._nodes[place]
        if node.op in RELATION:
            self._guard(place)
            return
        if node.op == "store":
            name = self.operand(node.operands[0])
            self._lines.append(f"store {self._vector} {name}, ptr {self._element(place)}, {self._aligned}")
            return
        name = f"%t{place}"
        operation = ARITHMETIC.get(node.op)
        if operation is not None:
            x, y = node.operands
            line = f"{name} = {operation} {self._vector} {self.operand(x)}, {self.operand(y)}"
        elif node.op == "element":
            line = self._loaded(place, name)
        elif node.op == "where":
            condition, x, y = node.operands
            choice = [f"{self._truths} {self.condition(condition)}"]
            choice += [f"{self._vector} {self.operand(i)}" for i in (x, y)]
            line = f"{name} = select {', '.join(choice)}"
        elif node.op == "gather…":
            line = self._gather(node, name)
        elif is_called(node):
            first, result = (self._slot(self._layout.handed_over + i) for i in (0, len(node.operands)))
            line = (
                f"call void inttoptr (i64 {self._address_of(node)} to ptr)(ptr {first}, ptr {result})\n"
                f"{name} = load {self._vector}, ptr {result}, {self._aligned}"
            )
        else:
            line = self._known_operation(node, name)
        self._lines.append(line)
        self._known[place] = name
        if place in self._layout.watched:
            self._watch(name)

    def _loaded(self, place: int, name: str) -> str:
        there = self._element(place)
        if not self._layout.array(place)[2]:
            return f"{name} = load {self._vector}, ptr {there}, {self._aligned}"
        return (
            f"{name}one = load double, ptr {there}, align 8\n"
            f"{name}in = insertelement {self._vector} undef, double {name}one, i32 0\n"
            f"{name} = shufflevector {self._vector} {name}in, {self._vector} undef, "
            f"<{self._layout.lanes} x i32> zeroinitializer"
        )

    def _gather(self, node: Node, name: str) -> str:
        """Return what loads, for each lane, the number at its index from the slots of all of them."""
        layout = self._layout
        lanes, count = layout.lanes, len(node.operands) - 1
        table = layout.table_of(node)
        if table is None:
            index = f"{name}index"
            there = self._slot(layout.handed_over)
            self._lines.append(f"{index} = load {self._vector}, ptr {there}, {self._aligned}")
            first, step = layout.handed_over + 1, 1
        else:
            index, (first, step) = self.operand(node.operands[0]), table
        base = self._slot(first)
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
        functions, operands = self._functions, [self.operand(i) for i in node.operands]
        if node.op == "hypot…":
            lines = []
            for i, y in enumerate(operands[1:], 1):
                result = name if i == len(operands) - 1 else f"{name}s{i}"
                lines.append(functions.instructions("hypot", result, [operands[0], y]))
                operands[0] = result
            return "\n".join(lines)
        if node.op in POWERS:
            exponent = self._nodes[self._layout.same[node.operands[1]]]
            if exponent.op == "number":
                return functions.instructions(node.op, name, operands, exponent.number)
        return functions.instructions(node.op, name, operands)

    def store(self, place: int, slot: int) -> None:
        """Write what puts a number into a slot."""
        name = self.operand(place)
        self._lines.append(f"store {self._vector} {name}, ptr {self._slot(slot)}, {self._aligned}")

    # Operands

    def operand(self, place: int) -> str:
        """Return the name of a number, which is loaded if it was computed elsewhere."""
        name = self._known.get(place)
        if name is not None:
            return name
        place = self._layout.same[place]
        node = self._nodes[place]
        if place in self._known:
            return self._known[place]
        name = f"%t{place}"
        if node.op == "number" and not self._load:
            name = f"splat (double {_number(node.number)})"
        elif node.op in RELATION:
            self._lines.append(f"{name} = uitofp {self._truths} {self.condition(place)} to {self._vector}")
        else:
            is_number = node.op == "number"
            slot = self._layout.slot_of(node.number) if is_number else self._layout.homes[place]
            self._lines.append(f"{name} = load {self._vector}, ptr {self._slot(slot)}, {self._aligned}")
        self._known[place] = name
        return name

    def condition(self, place: int) -> str:
        """Return the name of a condition; a number is one too, which holds where it is not 0."""
        place = self._layout.same[place]
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
        if not self._layout.program.guards[place]:
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

    # Addresses

    def _slot(self, slot: int) -> str:
        return self._behind("%slots", 8 * self._layout.lanes * slot)

    def _element(self, place: int) -> str:
        """Return the address of a number of an array."""
        start, steps, _ = self._layout.array(place)
        base = "%slots"
        for i, (step, turn) in enumerate(zip(steps, self._turns, strict=False)):
            if step:
                self._lines.append(f"%o{place}x{i} = mul i64 {turn}, {step}")
                base = self._behind(base, f"%o{place}x{i}")
        return self._behind(base, start)

    def _behind(self, base: str, offset: int | str) -> str:
        self._addresses += 1
        name = f"%a{self._addresses}"
        self._lines.append(f"{name} = getelementptr i8, ptr {base}, i64 {offset}")
        return name


def _number(x: float) -> str:
    return f"0x{struct.unpack('<Q', struct.pack('<d', x))[0]:016X}"
