"""Loops in Python source: what stands before, around and after the lines of a turn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...support.phrases import ATOM, Phrase
from ..loops.program import INPUTS, OUTPUTS, STORED, Loop, LoopProgram
from ..straight_line.program import Program

TURNS_NAME, KNOWN_NAME = "turns_", "known_"
"""The names of the number of turns of a loop that a guard ends, and of the numbers that it may be."""

INPUTS_NAME, OUTPUTS_NAME = "inputs_", "outputs_"
"""The names of the list of all inputs, and of that of all outputs, where a program has these."""


def whole_before(program: Program, place: int) -> int:
    """Return the last place up to a given one at which no loop, and no array, is half done."""
    if not isinstance(program, LoopProgram):
        return place
    spans = [(loop.start, loop.end) for loop in program.loops]
    arrays: dict[int, tuple[int, int]] = {}
    for i, element in program.elements.items():
        if program.nodes[i].op == "store" and element.array != OUTPUTS:
            arrays[element.array] = arrays.get(element.array, (i, i))[0], i
    for start, end in sorted([*spans, *arrays.values()], reverse=True):
        if start < place <= end:
            place = start
    return place


def reads_inputs(program: Program) -> bool:
    """Say whether loops go through the inputs, which must be in a list for that."""
    if not isinstance(program, LoopProgram):
        return False
    return any(
        element.array == INPUTS and program.nodes[place].op == "element"
        for place, element in program.elements.items()
    )


def has_stored(program: Program) -> bool:
    """Say whether outputs are stored in a list by loops."""
    return isinstance(program, LoopProgram) and STORED in program.outputs


class StoredTexts(list[str]):
    """The expressions of outputs that are all in one list."""

    def __init__(self, count: int) -> None:
        super().__init__([f"{OUTPUTS_NAME}[{i}]" for i in range(count)])


class LoopWriter:
    """Writes the marks of a program with loops.

    Attributes:
        made: the arrays that there are at this point of the text.

    Args:
        program: the program.
        tables: the tables of other programs beside it, to which its own are added; None where the text may
            have objects.
    """

    def __init__(self, program: LoopProgram, tables: list[list[float]] | None) -> None:
        self._program = program
        self._alone = tables is not None
        others = [] if tables is None else tables
        self._tables = {i: _numbered(x, others) for i, x in enumerate(program.arrays) if isinstance(x, list)}
        self._loops = {loop.start: loop for loop in program.loops}
        self._at: Loop | None = None
        self._before: list[str] = []
        self._after: list[str] = []
        self._through: list[tuple[str, str]] = []
        self._carried: list[int] = []
        self._last: list[str] = []  # of a turn
        self._appended: tuple[str, str] | None = None  # to which array what was, last
        self.made: set[str] = set()

    def inputs_used(self) -> list[int]:
        """Return the inputs that nodes use as they are, not as an array."""
        nodes, count = self._program.nodes, len(self._program.inputs)
        used = {i for node in nodes[count:] for i in node.operands if 0 <= i < count}
        return sorted(used.union([i for i in self._program.outputs if 0 <= i < count]))

    def objects(self) -> dict[str, Any]:
        """Return what the text needs, by name: arrays that never change, and how many turns there may be."""
        opened, arrays = self._program.open, self._program.arrays
        used = {element.array for element in self._program.elements.values()}
        objects: dict[str, Any] = {f"table_{n}": arrays[i] for i, n in self._tables.items() if i in used}
        return objects if opened is None or self._alone else {KNOWN_NAME: opened.known, **objects}

    def ending(self, place: int) -> list[str]:
        """Return what is done where a guard does not hold: the program is left, or the open loop."""
        if self._program.open is None or place != self._program.open.exit:
            return ["    return None"]
        return [f"    {TURNS_NAME} = turn_", "    break"]

    def mark(self, place: int, texts: Sequence[Phrase], lines: list[str]) -> Phrase:
        """Write a mark, and return the expression that it has."""
        node = self._program.nodes[place]
        name = f"v{place}"
        if node.op == "loop":
            self._at = self._loops[place]
            self._before, self._after, self._through, self._carried = [], [], [], []
            self._last, self._appended = [], None
        elif node.op == "phi":
            self._before.append(f"{name} = {texts[node.operands[0]].text}")
            self._carried.append(place)
        elif node.op == "element":
            array, start, step = self._program.elements[place]
            if not (self._at and step):
                return Phrase(f"{self._name(array)}[{self._count(start, place)}]", ATOM)
            self._through.append((name, self._part(place)))
        elif node.op == "store":
            stored = self._store(place, texts[node.operands[0]].text)
            if self._is_open:
                self._last += stored  # in a whole turn only
            else:
                lines += stored
        return Phrase(name)

    @property
    def _is_open(self) -> bool:
        opened = self._program.open
        return opened is not None and self._at is not None and self._at.start == opened.loop

    @property
    def _has_none(self) -> bool:
        """Whether the loop may have no turn."""
        opened = self._program.open
        return opened is not None and self._at is not None and self._at.start in opened.moved

    def _count(self, at_most: int, place: int) -> str:
        """Return the expression of what belongs to a node and depends on the turns of the open loop.

        Args:
            at_most: what it is where these are as many as there may be.
            place: that of the node.
        """
        return self._affine(at_most, self._program.moved(place))

    def _not_known(self) -> str:
        """Return the test that the open loop has a number of turns that it may not have."""
        opened = self._program.open
        assert opened is not None
        known = sorted(x - opened.fewer for x in opened.known.copy())
        if self._alone:
            return f"{TURNS_NAME} != {known[0]}" if len(known) == 1 else f"{TURNS_NAME} not in {known}"
        return f"{TURNS_NAME}{f' + {opened.fewer}' if opened.fewer else ''} not in {KNOWN_NAME}"

    def _affine(self, at_most: int, by: int) -> str:
        if not by or self._program.open is None:
            return str(at_most)
        most = int(self._program.nodes[self._program.open.loop].number)
        times = TURNS_NAME if by == 1 else f"{by} * {TURNS_NAME}"
        left = at_most - by * most
        return times if not left else f"{times} {'+' if left > 0 else '-'} {abs(left)}"

    def closed(self, texts: list[Phrase], lines: Sequence[str], used_after: Sequence[int]) -> list[str]:
        """Return the lines of the loop that was opened last, around those of a turn.

        Args:
            texts: the expressions of nodes.
            lines: those of a turn.
            used_after: the nodes of the loop that are used after it.
        """
        assert self._at is not None
        body = [*lines, *self._last]
        nodes, opened = self._program.nodes, self._program.open
        following = ", ".join([texts[nodes[place].operands[1]].text for place in self._carried])
        if self._is_open and opened is not None:
            # What the turn has computed that is not finished must not be taken for that of the last one.
            for place in [i for i in used_after if i < opened.exit]:
                body.append(f"last_{place} = {texts[place].text}")
                texts[place] = Phrase(f"last_{place}")
        if self._has_none:
            # Without a turn, what it carries is what it would carry into the first one.
            for place in self._carried:
                first, after = nodes[place].operands
                if after in used_after:
                    self._before.append(f"{texts[after].text} = {texts[first].text}")
        if self._carried:
            names = ", ".join([f"v{place}" for place in self._carried])
            body.append(f"{names} = {following}")
        is_open = self._is_open
        turns = str(self._at.turns) if is_open else self._count(self._at.turns, self._at.start)
        self._at = None
        if is_open:
            head = f"for turn_ in range({turns}):"
            self._before.append(f"{TURNS_NAME} = {turns}")
            self._after += [f"if {self._not_known()}:", "    return None"]
        elif not self._through:
            head = f"for _ in range({turns}):"
        elif len(self._through) == 1:
            head = f"for {self._through[0][0]} in {self._through[0][1]}:"
        else:
            names, parts = (", ".join(x) for x in zip(*self._through, strict=True))
            head = f"for {names} in zip({parts}):"
        if len(body) == 1 and self._appended is not None and not is_open:
            name, text = self._appended
            names, _, part = head.removeprefix("for ").removesuffix(":").partition(" in ")
            every = part if names == text else f"[{text} for {names} in {part}]"
            before = [line for line in self._before if line != f"{name} = []"]
            sign = "+=" if len(before) == len(self._before) else "="
            return [*before, f"{name} {sign} {every}", *self._after]
        return [*self._before, head, *[f"    {line}" for line in body or ["pass"]], *self._after]

    def _store(self, place: int, text: str) -> list[str]:
        array, start, step = self._program.elements[place]
        if array == OUTPUTS:
            assert self._at is not None
            name = f"stored_{place}"
            stop = start + step * self._at.turns
            self._before.append(f"{name} = []")
            self._after.append(f"{OUTPUTS_NAME}[{start}:{stop}{f':{step}' if step > 1 else ''}] = {name}")
            self._appended = name, text
            return [f"{name}.append({text})"]
        name = self._name(array)
        lines: list[str] = []
        if name not in self.made:
            self.made.add(name)
            (lines if self._at is None else self._before).append(f"{name} = []")
        self._appended = name, text
        return [*lines, f"{name}.append({text})"]  # one after the other, from the first one on

    def _name(self, array: int) -> str:
        if array == INPUTS:
            return INPUTS_NAME
        return f"table_{self._tables[array]}" if array in self._tables else f"kept_{array}"

    def _part(self, place: int) -> str:
        """Return the expression of what a loop goes through."""
        assert self._at is not None
        array, start, step = self._program.elements[place]
        last = start + step * (self._at.turns - 1)
        name, first = self._name(array), self._count(start, place)
        every = f":{abs(step)}" if abs(step) > 1 else ""
        moved = self._program.moved(place), step * self._program.moved(self._at.start)
        if moved == (0, 0):
            if step < 0:
                return f"{name}[{start}:{last - 1 if last else ''}:{step}]"
            return f"{name}[{start or ''}:{last + 1}{every}]"
        if step < 0 and sum(moved) == 0:  # down to the same one in any case
            return f"{name}[{first}:{last - 1 if last else ''}:{step}]"
        end = self._affine(last, sum(moved)) if step < 0 else self._affine(last + 1, sum(moved))
        if step < 0:
            return f"{name}[{end}:{self._affine(start + 1, moved[0])}{every}][::-1]"
        return f"{name}[{first}:{end}{every}]"


def _numbered(table: list[float], tables: list[list[float]]) -> int:
    """Return the number that a table has among some, to which it is added if it is a new one."""
    text = repr(table)  # 0.0 equals -0.0, and NaN nothing
    for number, other in enumerate(tables):
        if len(other) == len(table) and repr(other) == text:
            return number
    tables.append(table)
    return len(tables) - 1
