"""Loops in Python source: what stands before, around and after the lines of a turn."""

from __future__ import annotations

from collections.abc import Sequence

from ...support.phrases import ATOM, Phrase
from ..loops.program import INPUTS, OUTPUTS, STORED, Loop, LoopProgram
from ..straight_line.program import Program

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
        tables: the tables of other programs beside it, to which its own are added.
    """

    def __init__(self, program: LoopProgram, tables: list[list[float]]) -> None:
        self._program = program
        self._tables = {i: _numbered(x, tables) for i, x in enumerate(program.arrays) if isinstance(x, list)}
        self._loops = {loop.start: loop for loop in program.loops}
        self._at: Loop | None = None
        self._before: list[str] = []
        self._after: list[str] = []
        self._through: list[tuple[str, str]] = []
        self._carried: list[int] = []
        self.made: set[str] = set()

    def inputs_used(self) -> list[int]:
        """Return the inputs that nodes use as they are, not as an array."""
        nodes, count = self._program.nodes, len(self._program.inputs)
        used = {i for node in nodes[count:] for i in node.operands if 0 <= i < count}
        return sorted(used.union([i for i in self._program.outputs if 0 <= i < count]))

    def tables(self) -> dict[str, list[float]]:
        """Return the arrays that never change, by their names."""
        arrays = self._program.arrays
        used = {element.array for element in self._program.elements.values()}
        own = {f"table_{n}": arrays[i] for i, n in self._tables.items() if i in used}
        return {name: x for name, x in own.items() if isinstance(x, list)}

    def mark(self, place: int, texts: Sequence[Phrase], lines: list[str]) -> Phrase:
        """Write a mark, and return the expression that it has."""
        node = self._program.nodes[place]
        name = f"v{place}"
        if node.op == "loop":
            self._at = self._loops[place]
            self._before, self._after, self._through, self._carried = [], [], [], []
        elif node.op == "phi":
            self._before.append(f"{name} = {texts[node.operands[0]].text}")
            self._carried.append(place)
        elif node.op == "element":
            array, start, step = self._program.elements[place]
            if not (self._at and step):
                return Phrase(f"{self._name(array)}[{start}]", ATOM)
            self._through.append((name, self._part(array, start, step)))
        elif node.op == "store":
            lines += self._store(place, texts[node.operands[0]].text)
        return Phrase(name)

    def closed(self, texts: Sequence[Phrase], lines: Sequence[str]) -> list[str]:
        """Return the lines of the loop that was opened last, around those of a turn."""
        assert self._at is not None
        body = [*lines]
        nodes = self._program.nodes
        if self._carried:
            names = ", ".join([f"v{place}" for place in self._carried])
            following = ", ".join([texts[nodes[place].operands[1]].text for place in self._carried])
            body.append(f"{names} = {following}")
        turns = self._at.turns
        self._at = None
        if not self._through:
            head = f"for _ in range({turns}):"
        elif len(self._through) == 1:
            head = f"for {self._through[0][0]} in {self._through[0][1]}:"
        else:
            names, parts = (", ".join(x) for x in zip(*self._through, strict=True))
            head = f"for {names} in zip({parts}):"
        return [*self._before, head, *[f"    {line}" for line in body or ["pass"]], *self._after]

    def _store(self, place: int, text: str) -> list[str]:
        array, start, step = self._program.elements[place]
        if array == OUTPUTS:
            assert self._at is not None
            name = f"stored_{place}"
            stop = start + step * self._at.turns
            self._before.append(f"{name} = []")
            self._after.append(f"{OUTPUTS_NAME}[{start}:{stop}{f':{step}' if step > 1 else ''}] = {name}")
            return [f"{name}.append({text})"]
        name = self._name(array)
        lines: list[str] = []
        if name not in self.made:
            self.made.add(name)
            (lines if self._at is None else self._before).append(f"{name} = []")
        return [*lines, f"{name}.append({text})"]  # one after the other, from the first one on

    def _name(self, array: int) -> str:
        if array == INPUTS:
            return INPUTS_NAME
        return f"table_{self._tables[array]}" if array in self._tables else f"kept_{array}"

    def _part(self, array: int, start: int, step: int) -> str:
        """Return the expression of what a loop goes through."""
        assert self._at is not None
        last = start + step * (self._at.turns - 1)
        if step > 0:
            stop = str(last + 1)
            return f"{self._name(array)}[{start or ''}:{stop}{f':{step}' if step > 1 else ''}]"
        return f"{self._name(array)}[{start}:{last - 1 if last else ''}:{step}]"


def _numbered(table: list[float], tables: list[list[float]]) -> int:
    """Return the number that a table has among some, to which it is added if it is a new one."""
    text = repr(table)  # 0.0 equals -0.0, and NaN nothing
    for number, other in enumerate(tables):
        if len(other) == len(table) and repr(other) == text:
            return number
    tables.append(table)
    return len(tables) - 1
