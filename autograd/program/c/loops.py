"""Loops in C source: the memory of their arrays, and what stands around and after the lines of a turn."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise
from textwrap import wrap

from ...support.phrases import ATOM, SIGN, Phrase
from ..loops.program import INPUTS, OUTPUTS, Loop, LoopProgram, section_of_each
from ..straight_line.program import RELATIONS, Program

ON_THE_STACK = 4096
"""How many numbers, at most, the arrays of a function have that are variables of it."""


def needed(program: Program, roots: Iterable[int]) -> bytearray:
    """Return a flag for each node: whether something needs it, directly or not.

    Args:
        program: the program.
        roots: what needs them, besides what is stored among the outputs.
    """
    nodes = program.nodes
    elements = program.elements if isinstance(program, LoopProgram) else {}
    stores: dict[int, list[int]] = {}
    for place, element in elements.items():
        if nodes[place].op == "store":
            stores.setdefault(element.array, []).append(place)
    flags = bytearray([node.op in ("loop", "end") for node in nodes])
    todo = [*roots, *stores.get(OUTPUTS, ())]
    while todo:
        place = todo.pop()
        if not flags[place]:
            flags[place] = 1
            todo += nodes[place].operands
            if nodes[place].op == "element":
                todo += stores.get(elements[place].array, ())
    return flags


class LoopWriter:
    """Writes the marks of a program with loops.

    Attributes:
        outside: the nodes of loops that are used after these.
        memory: how many numbers the arrays have that change.

    Args:
        program: the program.
        flags: which nodes are needed.
        places: those of its inputs in x.
        width: how long lines are.
    """

    def __init__(self, program: LoopProgram, flags: bytearray, places: Sequence[int], width: int) -> None:
        self._program = program
        self._flags = flags
        self._places = places
        self._width = width
        self._loops = {loop.start: loop for loop in program.loops}
        self._at: Loop | None = None
        self._listed: dict[tuple[int, int, int], str] = {}
        section = section_of_each(program)
        used = [(i, place) for place, node in enumerate(program.nodes) if flags[place] for i in node.operands]
        used += [(i, -1) for i in program.outputs if i >= 0]
        self.outside = {i for i, by in used if section[i] >= 0 and (by < 0 or section[i] != section[by])}
        self._kept: dict[str, int] = {}
        self._results: list[tuple[str, int, int, int]] = []
        for place, (array, start, step) in program.elements.items():
            if not flags[place] or program.nodes[place].op != "store":
                continue
            if array == OUTPUTS:
                turns = self._loops[section[place]].turns if section[place] >= 0 else 1
                self._kept[f"stored_{place}"] = turns
                self._results.append((f"stored_{place}", start, step, turns))
            else:
                count = program.arrays[array]
                assert isinstance(count, int)
                self._kept[f"kept_{array}"] = count
        self.memory = sum(self._kept.values())

    def arrays(self) -> list[str]:
        """Return the lines that make the arrays."""
        lines: list[str] = []
        tables = {
            element.array
            for place, element in self._program.elements.items()
            if self._flags[place] and element.array >= 0
        }
        for i in sorted(tables):
            table = self._program.arrays[i]
            if isinstance(table, list):
                numbers = [number_of(x).text for x in table]
                lines += self._list(f"static const double table_{i}", numbers)
        ranges: dict[tuple[int, int, int], None] = {}
        for place, (array, start, step) in self._program.elements.items():
            if self._flags[place] and array == INPUTS and step:
                ranges[start, step, self._turns_of(place)] = None
        for start, step, turns in ranges:
            places = [self._places[start + step * turn] for turn in range(turns)]
            if any(y - x != places[1] - places[0] for x, y in pairwise(places)):
                name = f"places_{len(self._listed)}"
                self._listed[start, step, turns] = name
                lines += self._list(f"static const long {name}", [str(x) for x in places])
        first = 0
        for name, count in self._kept.items():
            if self.memory <= ON_THE_STACK:
                lines.append(f"double {name}[{count}];")
            else:
                lines.append(f"double *const {name} = kept + {first};")
                first += count
        return lines

    def _list(self, head: str, texts: Sequence[str]) -> list[str]:
        text = f"{head}[{len(texts)}] = {{{', '.join(texts)}}};"
        return wrap(
            text, self._width, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False
        )

    def _turns_of(self, place: int) -> int:
        for loop in self._loops.values():
            if loop.start < place < loop.end:
                return loop.turns
        return 1

    def opened(self, place: int, texts: Sequence[Phrase]) -> list[str]:
        """Return the lines that open a loop."""
        loop = self._at = self._loops[place]
        nodes = self._program.nodes
        lines: list[str] = []
        for i in range(loop.start + 1, loop.end):
            if nodes[i].op == "phi" and self._flags[i]:
                lines.append(f"double v{i} = {texts[nodes[i].operands[0]].text};")
            elif i in self.outside and nodes[i].op != "number":
                condition = nodes[i].op in RELATIONS
                lines.append(f"{'int' if condition else 'double'} {name_of(self._program, i)} = 0;")
        return [*lines, f"for (long t{place} = 0; t{place} < {loop.turns}; t{place}++) {{"]

    def closed(self, texts: Sequence[Phrase]) -> list[str]:
        """Return the lines that end the turns of a loop: what is carried changes all at once."""
        assert self._at is not None
        nodes = self._program.nodes
        following = {
            i: nodes[i].operands[1]
            for i in range(self._at.start + 1, self._at.end)
            if nodes[i].op == "phi" and self._flags[i] and nodes[i].operands[1] != i
        }
        source = {place: texts[i].text for place, i in following.items()}
        lines: list[str] = []
        while following:
            free = [place for place in following if place not in following.values()]
            for place in free:
                lines.append(f"v{place} = {source[place]};")
                del following[place]
            if following and not free:  # they go round: one is put aside
                place = next(iter(following))
                lines.append(f"const double t{place} = v{place};")
                for i, x in following.items():
                    if x == place:
                        following[i], source[i] = -1, f"t{place}"
        self._at = None
        return lines

    def element(self, place: int) -> Phrase:
        """Return the expression of a number of an array."""
        array, start, step = self._program.elements[place]
        if array != INPUTS:
            table = isinstance(self._program.arrays[array], list)
            return Phrase(f"{'table' if table else 'kept'}_{array}[{self._index(start, step)}]", ATOM)
        turns = self._turns_of(place)
        name = self._listed.get((start, step, turns))
        if name is not None:
            return Phrase(f"x[{name}[{self._index(0, 1)}]]", ATOM)
        first = self._places[start]
        step = self._places[start + step] - first if step and turns > 1 else 0
        return Phrase(f"x[{self._index(first, step)}]", ATOM)

    def stored(self, place: int, text: str) -> str:
        """Return the line that stores a number."""
        array, start, step = self._program.elements[place]
        if array == OUTPUTS:
            return f"stored_{place}[{self._index(0, 1)}] = {text};"
        return f"kept_{array}[{self._index(start, step)}] = {text};"

    def results(self) -> list[str]:
        """Return the lines that write the outputs that loops have stored."""
        lines: list[str] = []
        for name, start, step, turns in self._results:
            index = _affine(start, step, "t0")
            lines += [f"for (long t0 = 0; t0 < {turns}; t0++)", f"    y[{index}] = {name}[t0];"]
        return lines

    def _index(self, start: int, step: int) -> str:
        return _affine(start, step, f"t{self._at.start}") if self._at else str(start)


def _affine(start: int, step: int, turn: str) -> str:
    """Return the expression of start + step * turn."""
    if step == 0:
        return str(start)
    product = turn if abs(step) == 1 else f"{abs(step)} * {turn}"
    if step < 0:
        return f"{start} - {product}"
    return f"{product} + {start}" if start else product


def name_of(program: Program, place: int) -> str:
    """Return the name of a node that has one."""
    node = program.nodes[place]
    return f"{'c' if node.op in RELATIONS else 'd' if node.ieee else 'v'}{place}"


def number_of(x: float) -> Phrase:
    """Return a number as C has it."""
    text = repr(x) if math.isfinite(x) else "NAN" if x != x else "INFINITY" if x > 0.0 else "-INFINITY"
    return Phrase(text, SIGN if text.startswith("-") else ATOM)
