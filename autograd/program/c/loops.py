"""Loops in C source: the memory of their arrays, and what stands around and after the lines of a turn."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import gcd, prod
from textwrap import wrap

from ...support.phrases import ATOM, SIGN, Phrase
from ..loops.program import INPUTS, OUTPUTS, Element, Loop, LoopProgram, section_of_each
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
        NUMBER, CONDITION, CONSTANT, COUNTER: what a variable of the language begins with.
        outside: the nodes of loops that are used after these, with the place of the outermost one of these.
        memory: how many numbers the arrays have that change.

    Args:
        program: the program.
        flags: which nodes are needed.
        places: those of its inputs in x.
        width: how long lines are.
    """

    NUMBER, CONDITION, CONSTANT, COUNTER = "double", "int", "const double", "long"

    def __init__(self, program: LoopProgram, flags: bytearray, places: Sequence[int], width: int) -> None:
        self._program = program
        self._flags = flags
        self._places = places
        self._width = width
        self._loops = {loop.start: loop for loop in program.loops}
        self._nests = program.nests
        self._at: list[Loop] = []  # from the inside out
        self._listed: dict[tuple[tuple[int, ...], ...], str] = {}
        self._section = section_of_each(program)
        used = [(i, place) for place, node in enumerate(program.nodes) if flags[place] for i in node.operands]
        self.outside = self._used_outside([*used, *[(i, -1) for i in program.outputs if i >= 0]])
        self._kept: dict[str, int] = {}
        self._results: list[tuple[str, int]] = []
        for place, element in program.elements.items():
            if not flags[place] or program.nodes[place].op != "store":
                continue
            if element.array == OUTPUTS:
                self._kept[f"stored_{place}"] = prod([loop.turns for loop in self._nest_of(place)])
                self._results.append((f"stored_{place}", place))
            else:
                count = program.arrays[element.array]
                assert isinstance(count, int)
                self._kept[f"kept_{element.array}"] = count
        self.memory = sum(self._kept.values())

    def _nest_of(self, place: int) -> tuple[Loop, ...]:
        return self._nests[self._section[place]]

    def _used_outside(self, used: Iterable[tuple[int, int]]) -> dict[int, int]:
        """Return what is used outside of loops that it is in, with the place of the outermost of these.

        Args:
            used: nodes, each with the node that uses it; -1 for an output.
        """
        outside: dict[int, int] = {}
        for i, by in used:
            around = {loop.start for loop in self._nest_of(by)} if by >= 0 else set()
            left = [loop.start for loop in self._nest_of(i) if loop.start not in around]
            if left:
                outside[i] = min(outside.get(i, left[-1]), left[-1])
        return outside

    def arrays(self) -> list[str]:
        """Return the lines that make the arrays."""
        lines: list[str] = []
        for name, table in self._tables().items():
            lines += self._list(f"static const double {name}", [number_of(x).text for x in table])
        for name, places in self._lists_of_places().items():
            lines += self._list(f"static const long {name}", [str(x) for x in places])
        first = 0
        for name, count in self._kept.items():
            if self.memory <= ON_THE_STACK:
                lines.append(f"double {name}[{count}];")
            else:
                lines.append(f"double *const {name} = kept + {first};")
                first += count
        return lines

    def _tables(self) -> dict[str, list[float]]:
        """Return the arrays that never change, by their names."""
        used = {
            element.array
            for place, element in self._program.elements.items()
            if self._flags[place] and element.array >= 0
        }
        arrays = [(i, self._program.arrays[i]) for i in sorted(used)]
        return {f"table_{i}": table for i, table in arrays if isinstance(table, list)}

    def _lists_of_places(self) -> dict[str, list[int]]:
        """Return the lists of places of inputs that are not evenly spaced, by their names."""
        ranges = {
            self._range(place): self._inputs_of(place)
            for place, element in self._program.elements.items()
            if self._flags[place] and element.array == INPUTS
        }
        lists: dict[str, list[int]] = {}
        for which, places in ranges.items():
            if not self._even(places):
                name = self._listed[which] = f"places_{len(self._listed)}"
                lists[name] = places
        return lists

    def _list(self, head: str, texts: Sequence[str]) -> list[str]:
        text = f"{head}[{len(texts)}] = {{{', '.join(texts)}}};"
        return wrap(
            text, self._width, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False
        )

    def _range(self, place: int) -> tuple[tuple[int, ...], ...]:
        """Return which numbers an element goes through: the first, and steps with their turns."""
        element = self._program.elements[place]
        steps = zip(element.steps, self._nest_of(place), strict=False)
        return (element.start,), *[(step, loop.turns) for step, loop in steps if step]

    def _inputs_of(self, place: int) -> list[int]:
        """Return the places in x of the inputs that an element may be, from the first to the last one."""
        low, high = self._program.elements[place].ends(self._nest_of(place))
        return [*self._places[low : high + 1 : self._among_inputs(place)[1]]]

    def _among_inputs(self, place: int) -> tuple[Element, int]:
        """Return where an element is among the inputs that it may be, and how far apart these are."""
        element, nest = self._program.elements[place], self._nest_of(place)
        low, _ = element.ends(nest)
        steps = [step * (loop.turns > 1) for step, loop in zip(element.steps, nest, strict=False)]
        by = gcd(*steps) or 1
        first, *outer = [step // by for step in steps] or [0]
        return Element(INPUTS, (element.start - low) // by, first, tuple(outer)), by

    def _even(self, places: Sequence[int]) -> bool:
        return all(y - x == places[1] - places[0] for x, y in pairwise(places))

    def opened(self, place: int, texts: Sequence[Phrase]) -> list[str]:
        """Return the lines that open a loop."""
        loop = self._loops[place]
        self._at.insert(0, loop)
        nodes = self._program.nodes
        lines: list[str] = []
        for i in range(loop.start + 1, loop.end):
            if nodes[i].op == "phi" and self._flags[i]:
                if self._section[i] == place:
                    lines.append(f"{self.NUMBER} v{i} = {texts[nodes[i].operands[0]].text};")
            elif self.outside.get(i) == place and nodes[i].op != "number":
                kind = self.CONDITION if nodes[i].op in RELATIONS else self.NUMBER
                lines.append(f"{kind} {name_of(self._program, i)} = 0;")
        return [*lines, f"for ({self.COUNTER} t{place} = 0; t{place} < {loop.turns}; t{place}++) {{"]

    def closed(self, texts: Sequence[Phrase]) -> list[str]:
        """Return the lines that end the turns of a loop: what is carried changes all at once."""
        nodes, at = self._program.nodes, self._at.pop(0)
        following = {
            i: nodes[i].operands[1]
            for i in range(at.start + 1, at.end)
            if nodes[i].op == "phi" and self._flags[i] and nodes[i].operands[1] != i
            if self._section[i] == at.start
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
                lines.append(f"{self.CONSTANT} t{place} = v{place};")
                for i, x in following.items():
                    if x == place:
                        following[i], source[i] = -1, f"t{place}"
        return lines

    def element(self, place: int) -> Phrase:
        """Return the expression of a number of an array."""
        element = self._program.elements[place]
        array = element.array
        if array != INPUTS:
            table = isinstance(self._program.arrays[array], list)
            return Phrase(f"{'table' if table else 'kept'}_{array}[{self._index(element)}]", ATOM)
        name = self._listed.get(self._range(place))
        among, _ = self._among_inputs(place)
        if name is not None:
            return Phrase(f"x[{name}[{self._index(among)}]]", ATOM)
        places = self._inputs_of(place)
        by = places[1] - places[0] if len(places) > 1 else 0
        steps = [by * step for step in among.steps]
        element = Element(INPUTS, places[0] + by * among.start, steps[0], tuple(steps[1:]))
        return Phrase(f"x[{self._index(element)}]", ATOM)

    def stored(self, place: int, text: str) -> str:
        """Return the line that stores a number."""
        element = self._program.elements[place]
        if element.array == OUTPUTS:
            return f"stored_{place}[{self._index(self._one_after_the_other(place))}] = {text};"
        return f"kept_{element.array}[{self._index(element)}] = {text};"

    def _one_after_the_other(self, place: int) -> Element:
        """Return where what is stored among the outputs is kept until then."""
        steps, count = [], 1
        for loop in self._nest_of(place):
            steps.append(count)
            count *= loop.turns
        return Element(OUTPUTS, 0, steps[0] if steps else 0, tuple(steps[1:]))

    def results(self) -> list[str]:
        """Return the lines that write the outputs that loops have stored."""
        lines: list[str] = []
        for name, place in self._results:
            nest = self._nest_of(place)
            turns = [f"t{i}" for i in range(len(nest))]
            for i, (turn, loop) in enumerate(zip(reversed(turns), reversed(nest), strict=True)):
                lines.append(f"{'    ' * i}for ({self.COUNTER} {turn} = 0; {turn} < {loop.turns}; {turn}++)")
            into = _affine(self._program.elements[place], turns)
            lines.append(
                f"{'    ' * len(nest)}y[{into}] = {name}[{_affine(self._one_after_the_other(place), turns)}];"
            )
        return lines

    def _index(self, element: Element) -> str:
        return _affine(element, [f"t{loop.start}" for loop in self._at])


def _affine(element: Element, turns: Sequence[str]) -> str:
    """Return the expression of where a number of an array is, in turns from the innermost loop out."""
    text, start = "", element.start
    for step, turn in zip(element.steps, turns, strict=False):
        if step:
            product = turn if abs(step) == 1 else f"{abs(step)} * {turn}"
            if step < 0 and not text:
                text, start = f"{start} - {product}", 0
            else:
                text += f" {'+' if step > 0 else '-'} {product}" if text else product
    return f"{text}{f' + {start}' if start else ''}" if text else str(start)


def name_of(program: Program, place: int) -> str:
    """Return the name of a node that has one."""
    node = program.nodes[place]
    return f"{'c' if node.op in RELATIONS else 'd' if node.ieee else 'v'}{place}"


def number_of(x: float) -> Phrase:
    """Return a number as C has it."""
    text = repr(x) if math.isfinite(x) else "NAN" if x != x else "INFINITY" if x > 0.0 else "-INFINITY"
    return Phrase(text, SIGN if text.startswith("-") else ATOM)
