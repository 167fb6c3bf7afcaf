"""Loops in Python source: what stands before, around and after the lines of a turn."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from typing import Any

from ...support.phrases import ATOM, Phrase
from ..loops.program import INPUTS, OUTPUTS, STORED, Element, Loop, LoopProgram, section_of_each
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
    appends = program.appends  # else arrays are there from the beginning
    for i, element in program.elements.items():
        if program.nodes[i].op == "store" and element.array != OUTPUTS and appends:
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


class _Turning:
    """A loop whose turn is being written.

    Attributes:
        loop: the loop.
        before, after: the lines around it.
        through: the names of elements, each with the expression of what the loop goes through with it.
        carried: the places of its phis.
        last: the last lines of a turn.
        appended: to which array what was appended last.
        counted: whether the number of the turn has a name.
    """

    def __init__(self, loop: Loop) -> None:
        self.loop = loop
        self.before: list[str] = []
        self.after: list[str] = []
        self.through: list[tuple[str, str]] = []
        self.carried: list[int] = []
        self.last: list[str] = []
        self.appended: tuple[str, str] | None = None
        self.counted = False

    @property
    def turn(self) -> str:
        """The name of the number of the turn, which it has from now on."""
        self.counted = True
        return f"turn_{self.loop.start}"


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
        self._around = {loop.start for nest in program.nests.values() for loop in nest[1:]}
        self._appends = program.appends
        self._anew = set() if self._appends else _begun_anew(program)
        self._at: list[_Turning] = []  # from the outermost one in
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

    def arrays(self) -> list[str]:
        """Return the lines that make what is there from the beginning."""
        if self._appends:
            return []
        counts = [(i, x) for i, x in enumerate(self._program.arrays) if isinstance(x, int)]
        return [f"{self._name(i)} = [0.0] * {x}" for i, x in counts if i not in self._anew]

    def ending(self, place: int) -> list[str]:
        """Return what is done where a guard does not hold: the program is left, or the open loop."""
        if self._program.open is None or place != self._program.open.exit:
            return ["    return None"]
        return [f"    {TURNS_NAME} = turn_", "    break"]

    def mark(self, place: int, texts: Mapping[int, Phrase], lines: list[str]) -> Phrase:
        """Write a mark, and return the expression that it has."""
        node = self._program.nodes[place]
        name = f"v{place}"
        at = self._at[-1] if self._at else None
        if node.op == "loop":
            self._at.append(_Turning(self._loops[place]))
        elif node.op == "phi" and at is not None:
            at.before.append(f"{name} = {texts[node.operands[0]].text}")
            at.carried.append(place)
        elif node.op == "element":
            element = self._program.elements[place]
            if at is not None and element.step and at.loop.start not in self._around:
                at.through.append((name, self._part(place)))
            elif not self._appends:
                lines.append(f"{name} = {self._name(element.array)}[{self._index(element)}]")
            else:
                return Phrase(f"{self._name(element.array)}[{self._count(element.start, place)}]", ATOM)
        elif node.op == "store":
            stored = self._store(place, texts[node.operands[0]].text)
            if self._is_open and at is not None:
                at.last += stored  # in a whole turn only
            else:
                lines += stored
        return Phrase(name)

    @property
    def _is_open(self) -> bool:
        opened = self._program.open
        return opened is not None and bool(self._at) and self._at[-1].loop.start == opened.loop

    @property
    def _has_none(self) -> bool:
        """Whether the loop may have no turn."""
        opened = self._program.open
        return opened is not None and bool(self._at) and self._at[-1].loop.start in opened.moved

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

    def closed(self, texts: dict[int, Phrase], lines: Sequence[str], used_after: Sequence[int]) -> list[str]:
        """Return the lines of the loop that was opened last, around those of a turn.

        Args:
            texts: the expressions of nodes.
            lines: those of a turn.
            used_after: the nodes of the loop that are used after it.
        """
        at = self._at[-1]
        body = [*lines, *at.last]
        nodes, opened, is_open = self._program.nodes, self._program.open, self._is_open
        following = ", ".join([texts[nodes[place].operands[1]].text for place in at.carried])
        if is_open and opened is not None:
            # What the turn has computed that is not finished must not be taken for that of the last one.
            for place in [i for i in used_after if i < opened.exit]:
                body.append(f"last_{place} = {texts[place].text}")
                texts[place] = Phrase(f"last_{place}")
        if self._has_none:
            # Without a turn, what it carries is what it would carry into the first one.
            for place in at.carried:
                first, after = nodes[place].operands
                if after in used_after:
                    at.before.append(f"{texts[after].text} = {texts[first].text}")
        if at.carried:
            names = ", ".join([f"v{place}" for place in at.carried])
            body.append(f"{names} = {following}")
        head = self._head(at, is_open)
        self._at.pop()
        if len(body) == 1 and at.appended is not None and not is_open:
            name, text = at.appended
            names, _, part = head.removeprefix("for ").removesuffix(":").partition(" in ")
            every = part if names == text else f"[{text} for {names} in {part}]"
            before = [line for line in at.before if line != f"{name} = []"]
            sign = "+=" if len(before) == len(at.before) else "="
            return [*before, f"{name} {sign} {every}", *at.after]
        return [*at.before, head, *[f"    {line}" for line in body or ["pass"]], *at.after]

    def _head(self, at: _Turning, is_open: bool) -> str:
        """Return the first line of a loop, when its turn is written."""
        turns = str(at.loop.turns) if is_open else self._count(at.loop.turns, at.loop.start)
        if is_open:
            at.before.append(f"{TURNS_NAME} = {turns}")
            at.after += [f"if {self._not_known()}:", "    return None"]
            return f"for turn_ in range({turns}):"
        through = [*[(at.turn, f"range({turns})")] * at.counted, *at.through]
        if not through:
            return f"for _ in range({turns}):"
        if len(through) == 1:
            return f"for {through[0][0]} in {through[0][1]}:"
        names, parts = (", ".join(x) for x in zip(*through, strict=True))
        return f"for {names} in zip({parts}):"

    def _store(self, place: int, text: str) -> list[str]:
        element = self._program.elements[place]
        array, start, step, _ = element
        at = self._at[-1] if self._at else None
        if not self._appends and array not in self._anew:
            return [f"{self._name(array)}[{self._index(element)}] = {text}"]
        if array == OUTPUTS:
            assert at is not None
            name = f"stored_{place}"
            stop = start + step * at.loop.turns
            at.before.append(f"{name} = []")
            at.after.append(f"{OUTPUTS_NAME}[{start}:{stop}{f':{step}' if step > 1 else ''}] = {name}")
            at.appended = name, text
            return [f"{name}.append({text})"]
        name = self._name(array)
        lines: list[str] = []
        if name not in self.made or array in self._anew:
            self.made.add(name)
            (lines if at is None else at.before).append(f"{name} = []")
        if at is not None:
            at.appended = name, text
        return [*lines, f"{name}.append({text})"]  # one after the other, from the first one on

    def _name(self, array: int) -> str:
        if array in (INPUTS, OUTPUTS):
            return INPUTS_NAME if array == INPUTS else OUTPUTS_NAME
        return f"table_{self._tables[array]}" if array in self._tables else f"kept_{array}"

    def _part(self, place: int) -> str:
        """Return the expression of what a loop goes through."""
        element, loop = self._program.elements[place], self._at[-1].loop
        array, start, step, outer = element
        last = start + step * (loop.turns - 1)
        if any(outer):
            ends = min(start, last), max(start, last) + 1
            low, end = [self._index(Element(array, x, 0, outer)) for x in ends]
            every = f":{abs(step)}" if abs(step) > 1 else ""
            return f"{self._name(array)}[{low}:{end}{every}]{'[::-1]' if step < 0 else ''}"
        name, first = self._name(array), self._count(start, place)
        every = f":{abs(step)}" if abs(step) > 1 else ""
        moved = self._program.moved(place), step * self._program.moved(loop.start)
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

    def _index(self, element: Element) -> str:
        """Return the expression of where a number of an array is, in a program with loops in loops."""
        text, start = "", element.start
        steps = zip(element.steps, reversed(self._at), strict=False)
        for step, turn in [(step, at.turn) for step, at in steps if step]:
            product = turn if abs(step) == 1 else f"{abs(step)} * {turn}"
            if step < 0 and not text:
                text, start = f"{start} - {product}", 0
            else:
                text = f"{text} {'-' if step < 0 else '+'} {product}" if text else product
        return f"{text} + {start}" if text and start else text or str(start)


def _begun_anew(program: LoopProgram) -> set[int]:
    """Return the arrays that one loop in others fills from the first number to the last, each time."""
    stores: dict[int, list[int]] = {}
    for place, element in program.elements.items():
        if program.nodes[place].op == "store":
            stores.setdefault(element.array, []).append(place)
    section, nests = section_of_each(program), program.nests
    around = {loop.start for nest in nests.values() for loop in nest[1:]}

    def whole(place: int, array: int) -> bool:
        nest = nests[section[place]]
        _, start, step, outer = program.elements[place]
        inside = len(nest) > 1 and section[place] not in around
        return inside and (start, step, program.arrays[array]) == (0, 1, nest[0].turns) and not any(outer)

    return {i for i, places in stores.items() if i >= 0 and len(places) == 1 and whole(places[0], i)}


def _numbered(table: list[float], tables: list[list[float]]) -> int:
    """Return the number that a table has among some, to which it is added if it is a new one."""
    for number, other in enumerate(tables):
        if len(other) == len(table) and array("d", other).tobytes() == array("d", table).tobytes():
            return number  # 0.0 equals -0.0, and NaN nothing, but as bytes
    tables.append(table)
    return len(tables) - 1
