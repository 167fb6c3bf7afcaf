"""A program with loops as text of LLVM's language: its loops are loops, of one number at a time.

A number that a turn hands on to the next stays in a register. Arrays are in memory: those that never change
in that of the code, the inputs where the arguments have them, all others in that of the call.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence

from ..loops.program import INPUTS, OUTPUTS, STORED, Loop, LoopProgram, conditions, section_of_each
from ..straight_line.simplify import watched
from .call_arguments import Input
from .call_memory import NAME, Memory
from .python_interface import call, pointer
from .scalar_operations import Unwritable
from .scalar_parts import Nodes
from .scalar_text import Text

Place = tuple[str, int]
"""An address: a name, and how many bytes behind that."""


def reads(text: Text, inputs: Sequence[Input]) -> tuple[Callable[[int], str], Callable[[int], Place | None]]:
    """Return what writes the name of an input, and what gives its address if it is in memory."""

    def load(place: int) -> str:
        name, offset = inputs[place]
        if offset is None:
            return name
        there = text.new(f"getelementptr i8, ptr {name}, i64 {offset}")
        return text.changing(f"load double, ptr {there}, align 1")

    def address(place: int) -> Place | None:
        name, offset = inputs[place] if place < len(inputs) else ("", None)
        return None if offset is None else (name, offset)

    return load, address


def put_into_slots(text: Text, inputs: Sequence[Input], first: int = 0) -> list[Input]:
    """Write what copies the inputs into slots, and return where they are then.

    Args:
        text: where it is written.
        inputs: the inputs.
        first: where the slot of the first one is, in bytes.
    """
    place = 0
    while place < len(inputs):
        name, offset = inputs[place]
        there = text.new(f"getelementptr i8, ptr {NAME}, i64 {first + 8 * place}")
        count = 1
        if offset is None:
            text.add(f"store double {name}, ptr {there}")
        else:
            while place + count < len(inputs) and inputs[place + count] == (name, offset + 8 * count):
                count += 1
            source = text.new(f"getelementptr i8, ptr {name}, i64 {offset}")
            size = f"i64 {8 * count}"
            text.add(f"call void @llvm.memcpy.p0.p0.i64(ptr {there}, ptr {source}, {size}, i1 false)")
        place += count
    text.settle()
    return [Input(NAME, first + 8 * i) for i in range(len(inputs))]


class LoopNodes(Nodes):
    """Writes the nodes of a program with loops into a text.

    Args:
        text: the text.
        program: the program.
        inputs: where its inputs are.
        memory: that of the call.
        copied: whether inputs are copied first, because a function of Python may change them.

    Attributes:
        outputs: where all outputs are, side by side, if loops store some of them.

    Raises:
        Unwritable: there is something in the program that is not written.
    """

    def __init__(
        self, text: Text, program: LoopProgram, inputs: Sequence[Input], memory: Memory, copied: bool
    ) -> None:
        self._program = program
        if copied or not _is_in_one_place(program, inputs):
            inputs = put_into_slots(text, inputs, memory.take(len(inputs)))
        super().__init__(text, program, watched(program), *reads(text, inputs))
        self._conditions = conditions(program)
        self._arrays = self._places_of_arrays(inputs, memory)
        self.outputs = self._arrays.get(OUTPUTS)
        self._addresses: dict[int, str] = {}
        self._loops = {loop.start: loop for loop in program.loops}
        self._turns: list[str] = []  # the numbers of the turns of loops, from the inside out
        self._fewer = ""  # by how much fewer turns the open loop has had than it may have
        if program.open is not None and any(place < program.open.loop for place in program.open.moved):
            raise Unwritable("what depends on the turns of a loop after it")

    def _places_of_arrays(self, inputs: Sequence[Input], memory: Memory) -> dict[int, Place]:
        """Return where the first number of each array is, or would be."""
        program = self._program
        places: dict[int, Place] = {}
        for number in sorted({element.array for element in program.elements.values()}):
            if number == INPUTS:
                first, _ = _span(program, INPUTS)
                name, offset = inputs[first]
                places[number] = name, (offset or 0) - 8 * first
            elif number == OUTPUTS:
                places[number] = NAME, memory.take(len(program.outputs))
            else:
                content = program.arrays[number]
                if isinstance(content, int):
                    places[number] = NAME, memory.take(content)
                else:
                    table = array("d", content)
                    self.text.objects.append(table)
                    places[number] = f"inttoptr (i64 {table.buffer_info()[0]} to ptr)", 0
        return places

    def write_all(self) -> None:
        """Write all nodes, and put the outputs side by side if loops store some of them."""
        program = self._program
        self._through(range(len(program.inputs), len(program.nodes)))
        if self.outputs is not None:
            name, offset = self.outputs
            for i, output in enumerate(program.outputs):
                if output != STORED:
                    self._store(output, self.text.new(f"getelementptr i8, ptr {name}, i64 {offset + 8 * i}"))
        self.text.settle()

    def output(self, i: int) -> str:
        """Return the name of an output."""
        if self._program.outputs[i] != STORED or self.outputs is None:
            return self.operand(self._program.outputs[i])
        name, offset = self.outputs
        there = self.text.new(f"getelementptr i8, ptr {name}, i64 {offset + 8 * i}")
        return self.text.changing(f"load double, ptr {there}")

    def _through(self, places: range) -> None:
        place = places.start
        while place < places.stop:
            node = self._program.nodes[place]
            if node.op == "loop":
                self._loop(self._loops[place])
                place = self._loops[place].end
            elif node.op == "element":
                number = self.text.changing(f"load double, ptr {self._at(place)}, align 1")
                if place in self._conditions:
                    number = self.text.changing(f"fcmp une double {number}, 0.0")
                self._known[place] = number
            elif node.op == "store":
                self._store(node.operands[0], self._at(place))
            elif node.op != "number":
                self.write(place)
            place += 1

    def _store(self, place: int, there: str) -> None:
        number = self.operand(place)
        if place in self._conditions:
            number = self.text.new(f"uitofp i1 {number} to double")
        self.text.add(f"store double {number}, ptr {there}")

    # Arrays

    def _at(self, place: int) -> str:
        """Return the address of a number of an array, in this turn."""
        there, element = self._address_of(place), self._program.elements[place]
        steps = [*zip(element.steps, self._turns, strict=False)]
        for step, turn in reversed(steps):  # what is the same in all turns of the innermost loop comes first
            if step:
                further = self.text.new(f"mul i64 {turn}, {8 * step}")
                there = self.text.new(f"getelementptr i8, ptr {there}, i64 {further}")
        return there

    def _address_of(self, place: int, turns: str = "1") -> str:
        """Return the address of a number of an array in the first turn, and fail if one is beyond the array.

        Args:
            place: that of the node.
            turns: how many turns there are.
        """
        if place in self._addresses:
            return self._addresses[place]
        text = self.text
        number, start, step, _ = self._program.elements[place]
        name, offset = self._arrays[number]
        first = text.new(f"getelementptr i8, ptr {name}, i64 {offset + 8 * start}")
        moved = self._program.moved(place)
        if self._fewer and (moved or not turns.isdecimal()):
            back = text.new(f"mul i64 {self._fewer}, {-moved}")
            begin = text.new(f"add i64 {back}, {start}")
            end = text.new(f"add i64 {begin}, {self._times(turns, step)}")
            end = text.new(f"sub i64 {end}, {step}")
            none = text.new(f"icmp slt i64 {turns}, 1")
            for index in dict.fromkeys((begin, end)):
                beyond = text.new(f"icmp uge i64 {index}, {self._size(number)}")
                text.doubt(text.new(f"select i1 {none}, i1 false, i1 {beyond}"))
            first = text.new(f"getelementptr i8, ptr {first}, i64 {text.new(f'shl i64 {back}, 3')}")
        self._addresses[place] = first
        return first

    def _times(self, turns: str, step: int) -> str:
        return self.text.new(f"mul i64 {turns}, {step}")

    def _size(self, number: int) -> int:
        if number in (INPUTS, OUTPUTS):
            return len(self._program.inputs if number == INPUTS else self._program.outputs)
        content = self._program.arrays[number]
        return content if isinstance(content, int) else len(content)

    # Loops

    def _loop(self, loop: Loop) -> None:
        text, program = self.text, self._program
        is_open = program.open is not None and loop.start == program.open.loop
        turns, varies = self._turns_of(loop), bool(self._fewer and program.moved(loop.start))
        lasting = self._used_after(loop) if is_open or varies else []
        firsts = self._prepare(loop, turns)
        text.settle()
        header, after, before = text.fresh(), text.fresh(), text.block
        kept = dict(self._known), text.remembered()
        if varies:
            text.branch(text.new(f"icmp slt i64 {turns}, 1"), after, header)
        else:
            text.go(header)
        text.begin(header)
        phis = _Phis(text, before)
        turn = phis.new("i64", "0")
        self._turns.insert(0, turn)
        for phi, first in firsts.items():
            self._known[phi] = phis.new(self._kind(phi), first)
        # Without a turn, what it carries is what it would carry into the first one.
        none = {program.nodes[phi].operands[1]: first for phi, first in firsts.items()}
        last = {place: phis.new(self._kind(place), none.get(place, "")) for place in lasting if is_open}
        left = self._body(range(loop.start + 1 + len(firsts), loop.end), after)
        text.settle()
        following = [text.changing(f"add i64 {turn}, 1")]
        following += [self.operand(program.nodes[phi].operands[1]) for phi in firsts]
        names = {place: self.operand(place) for place in lasting}
        latch = text.block
        phis.close([*following, *[names[place] for place in last]])
        text.branch(text.changing(f"icmp slt i64 {following[0]}, {turns}"), header, after)
        text.begin(after)
        self._turns.pop(0)
        if is_open or varies:
            self._known, others = kept
            text.remember(others)
        for place in lasting:  # of a turn that was left the numbers do not count
            kind = self._kind(place)
            other = f"{last[place]}, %{left}" if is_open else f"{none.get(place, _NOTHING[kind])}, %{before}"
            self._known[place] = text.changing(f"phi {kind} [ {other} ], [ {names[place]}, %{latch} ]")
        if is_open:
            ended = text.changing(f"phi i64 [ {turn}, %{left} ], [ {following[0]}, %{latch} ]")
            self._check_turns(ended, loop.turns)

    def _turns_of(self, loop: Loop) -> str:
        moved = self._program.moved(loop.start)
        if not (self._fewer and moved):
            return str(loop.turns)
        return self.text.new(f"sub i64 {loop.turns}, {self.text.new(f'mul i64 {self._fewer}, {moved}')}")

    def _prepare(self, loop: Loop, turns: str) -> dict[int, str]:
        """Write before a loop what is the same in each turn, and return what its phis begin with."""
        nodes = self._program.nodes
        firsts: dict[int, str] = {}
        for place in range(loop.start + 1, loop.end):
            node = nodes[place]
            if node.op == "phi" and place == loop.start + 1 + len(firsts):
                firsts[place] = self.operand(node.operands[0])
            elif node.op in ("element", "store"):
                self._address_of(place, turns)
            for i in node.operands[: 1 if node.op in ("gather…", "phi") else None]:
                if i < loop.start:
                    self.operand(i)
        return firsts

    def _body(self, places: range, after: str) -> str:
        """Write a turn, and return the block in which an open loop is left."""
        text, opened = self.text, self._program.open
        if opened is None or opened.exit not in places:
            self._through(places)
            return ""
        self._through(range(places.start, opened.exit))
        text.settle()
        condition, left, following = self.operand(opened.exit), text.block, text.fresh()
        goes_on = self._guards[opened.exit]
        text.branch(condition, *((following, after) if goes_on else (after, following)))
        text.begin(following)
        self._through(range(opened.exit + 1, places.stop))
        return left

    def _check_turns(self, turns: str, most: int) -> None:
        """Fail if an open loop may not have as many turns as it had."""
        text, opened = self.text, self._program.open
        assert opened is not None
        text.objects.append(opened.known)
        count = text.new(f"add i64 {turns}, {opened.fewer}")
        number = text.changing(call("ptr", "PyLong_FromLongLong", f"i64 {count}"))
        following = text.fresh()
        text.branch(text.changing(f"icmp eq ptr {number}, null"), "raised", following)
        text.begin(following)
        found = text.changing(call("i32", "PySet_Contains", f"ptr {pointer(opened.known)}", f"ptr {number}"))
        text.add(call("void", "Py_DecRef", f"ptr {number}"))
        text.doubt(text.changing(f"icmp ne i32 {found}, 1"))
        text.settle()
        self._fewer = text.new(f"sub i64 {most}, {turns}")

    def _used_after(self, loop: Loop) -> list[int]:
        """Return the nodes of a loop that are used after it."""
        nodes = self._program.nodes
        used = {i for node in nodes[loop.end :] for i in node.operands} | {*self._program.outputs}
        return [i for i in range(loop.start + 1, loop.end) if i in used and nodes[i].op != "phi"]

    def _kind(self, place: int) -> str:
        return "i1" if place in self._conditions else "double"


_NOTHING = {"double": "0.0", "i1": "false"}


class _Phis:
    """What comes into a loop from before it, and afterwards from the turn before.

    Args:
        text: the text, at the beginning of a block to which the loop comes back.
        before: the block before it.
    """

    def __init__(self, text: Text, before: str) -> None:
        self._text = text
        self._before = before
        self._first = len(text.lines)
        self._rows: list[tuple[str, str, str]] = []

    def new(self, kind: str, first: str = "") -> str:
        """Return the name of one that begins with something; without it, with anything."""
        name = self._text.changing("")
        self._rows.append((name, kind, first or _NOTHING[kind]))
        return name

    def close(self, following: Sequence[str]) -> None:
        """Write down what they are after the turn whose last block is being written."""
        latch = self._text.block
        for i, ((name, kind, first), x) in enumerate(zip(self._rows, following, strict=True)):
            ways = f"[ {first}, %{self._before} ], [ {x}, %{latch} ]"
            self._text.lines[self._first + i] = f"{name} = phi {kind} {ways}"


def _span(program: LoopProgram, number: int) -> tuple[int, int]:
    """Return the first and the last place of an array that an `element` may read."""
    section, nests = section_of_each(program), program.nests
    places: list[int] = []
    for place, element in program.elements.items():
        if element.array == number and program.nodes[place].op == "element":
            places += element.ends(nests[section[place]])
    return min(places), max(places)


def _is_in_one_place(program: LoopProgram, inputs: Sequence[Input]) -> bool:
    """Say whether all inputs that elements of the program are lie side by side in memory."""
    if not any(element.array == INPUTS for element in program.elements.values()):
        return True
    first, last = _span(program, INPUTS)
    name, offset = inputs[first]
    moved = any(x.array == INPUTS and program.moved(i) for i, x in program.elements.items())
    if offset is None or moved:
        return False
    return all(inputs[i] == (name, offset + 8 * (i - first)) for i in range(first, last + 1))
