"""Loops in straight lines: what comes again and again there, such as in the turn of a loop that was found.

What was recorded of a loop in a loop is found to be one loop, in each turn of which the same comes often.
Here that is looked for in such a turn, as in what was recorded: a stretch of nodes, and then the same ones,
with operands that have moved evenly. Of an `element` or a `store` the place in the array moves as operands
do. So that it does, arrays as long as each other become one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ..straight_line.program import Node
from .program import INPUTS, Element, LoopProgram, conditions
from .repetition import Operand, Section, patterns, sections

LEAST = 24
"""How many turns such a loop has, at least."""

_FAR = 1 << 60
"""Places in arrays are less than those of nodes by so much, where they are compared as operands."""

_MARKS = ("loop", "end", "phi")


def with_inner_loops(program: LoopProgram) -> LoopProgram:
    """Return a program with the same results in which what repeats in straight lines is a loop.

    It is the same program where that is not half as long, or a guard ends a loop.
    """
    if program.open is not None:
        return program
    joined = _with_joined_arrays(program)
    found = [x for begin, end in _stretches(joined) for x in _found(joined, begin, end)]
    needed: dict[tuple[int, int], int] = {}
    while found:
        writer = _Writer(joined, found, needed)
        if writer.unfit:
            found = [x for x in found if x.section.start not in writer.unfit]
            needed = {key: array for key, array in needed.items() if key[0] not in writer.unfit}
        elif len(writer.needed) == len(needed):
            shorter = 2 * len(writer.new.nodes) <= len(program.nodes) + len(program.inputs)
            return writer.new if shorter else program
        else:
            needed = writer.needed
    return program


class _Inner(NamedTuple):
    """A loop in straight lines.

    Attributes:
        section: it.
        pattern: where the operands of each of its nodes lie; the last one of `element` and `store` is a place
            in an array.
    """

    section: Section
    pattern: list[list[Operand]]


def _stretches(program: LoopProgram) -> list[tuple[int, int]]:
    """Return where straight lines begin and end."""
    marks = [i for i, node in enumerate(program.nodes) if node.op in _MARKS]
    begins = [len(program.inputs), *[i + 1 for i in marks]]
    return [(x, y) for x, y in zip(begins, [*marks, len(program.nodes)], strict=True) if y - x > LEAST]


def _found(program: LoopProgram, begin: int, end: int) -> list[_Inner]:
    """Return the loops in straight lines."""
    kinds: dict[object, str] = {}
    symbols = [chr(0x80)] * begin
    operands: list[tuple[int, ...]] = [()] * begin
    for place in range(begin, end):
        op, its, number, ieee, _ = program.nodes[place]
        element = program.elements.get(place)
        key = op, len(its), number.hex(), ieee, program.guards.get(place)
        if element is not None:
            its = (*its, element.start - _FAR)
        kind = key if element is None else (*key, element._replace(start=0))
        symbols.append(kinds.setdefault(kind, chr(0x100 + len(kinds))))
        operands.append(its)
    every = sections("".join(symbols), operands, begin)
    return [_Inner(x, patterns(operands, x)) for x in every if x.turns >= LEAST]


def _with_joined_arrays(program: LoopProgram) -> LoopProgram:
    """Return the program with one array for all that are as long as each other, in turns of these.

    Those of conditions are by themselves.
    """
    nodes, truths = program.nodes, conditions(program)
    of_conditions = {
        x.array for place, x in program.elements.items() if {place, *nodes[place].operands} & truths
    }
    of_kind: dict[tuple[bool, int, bool], list[int]] = {}
    for i, array in enumerate(program.arrays):
        size = len(array) if isinstance(array, list) else array
        of_kind.setdefault((isinstance(array, list), size, i in of_conditions), []).append(i)
    where: dict[int, tuple[int, int, int]] = {}  # the array, how many are in it, and which of them it is
    new = LoopProgram(program.inputs)
    for (table, size, _), its in of_kind.items():
        where |= {i: (len(new.arrays), len(its), k) for k, i in enumerate(its)}
        tables = [array for array in [program.arrays[i] for i in its] if isinstance(array, list)]
        new.arrays.append([x for row in zip(*tables, strict=True) for x in row] if table else size * len(its))
    new.nodes, new.guards, new.outputs = [*program.nodes], {**program.guards}, program.outputs
    for place, element in program.elements.items():
        if element.array in where:
            array, times, which = where[element.array]
            step, *outer = [times * x for x in element.steps]
            element = Element(array, times * element.start + which, step, tuple(outer))
        new.elements[place] = element
    return new


class _Writer:
    """Writes the program with loops in straight lines.

    Attributes:
        new: it.
        unfit: the loops that cannot be written, by where they begin.
        needed: of which loops, and nodes in a turn, the numbers of all turns are needed, with their array.

    Args:
        program: the program without these loops.
        found: the loops.
        needed: as far as it is known.
    """

    def __init__(
        self, program: LoopProgram, found: Sequence[_Inner], needed: dict[tuple[int, int], int]
    ) -> None:
        self._program = program
        self._loops = {x.section.start: x for x in found}
        self._of = {i: x for x in found for i in range(x.section.start, x.section.end)}
        self.new = new = LoopProgram(program.inputs)
        new.arrays = [*program.arrays]
        self.needed = dict(needed)
        for start, inside in needed:
            self.needed[start, inside] = self._array(self._loops[start].section.turns)
        self.unfit: set[int] = set()
        count = len(program.inputs)
        self._places: list[int] = [*range(count), *[-1] * (len(program.nodes) - count)]
        self._begun: list[int] = []
        self._firsts: dict[int, int] = {}
        place = count
        while place < len(program.nodes):
            if place in self._loops:
                self._loop(self._loops[place])
                place = self._loops[place].section.end
            else:
                self._node(place)
                place += 1
        new.outputs = tuple([i if i < 0 else self._fixed(i) for i in program.outputs])

    def _array(self, content: int | list[float]) -> int:
        self.new.arrays.append(content)
        return len(self.new.arrays) - 1

    # Straight lines

    def _node(self, place: int) -> None:
        node = self._program.nodes[place]
        operands = tuple([self._fixed(i) for i in node.operands if node.op != "phi"])
        if node.op == "loop":
            self._begun.append(place)
            phi = place + 1
            while self._program.nodes[phi].op == "phi":
                self._firsts[phi] = self._fixed(self._program.nodes[phi].operands[0])
                phi += 1
        elif node.op == "end":
            self._carry(self._begun.pop())
        if node.op == "phi":
            operands = (self._firsts[place],)  # see `_carry`
        self._places[place] = self._append(place, operands, self._program.elements.get(place))

    def _append(self, place: int, operands: tuple[int, ...], element: Element | None) -> int:
        new, there = self.new, len(self.new.nodes)
        if place in self._program.guards:
            new.guards[there] = self._program.guards[place]
        if element is not None:
            new.elements[there] = element
        new.nodes.append(self._program.nodes[place]._replace(operands=operands))
        return there

    def _carry(self, start: int) -> None:
        """Write what the phis of a loop are in the next turn, at its end."""
        nodes, phi = self._program.nodes, start + 1
        while nodes[phi].op == "phi":
            there = self._places[phi]
            (first,) = self.new.nodes[there].operands
            following = nodes[phi].operands[1]
            self.new.nodes[there] = Node("phi", (first, self._fixed(following)))
            phi += 1

    def _element(self, element: Element) -> int:
        there = self.new.add("element")
        self.new.elements[there] = element
        return there

    def _fixed(self, place: int) -> int:
        """Return the new place of a node that is not looked at from its own loop, if it is in one."""
        its = self._of.get(place)
        if its is None:
            return self._places[place]
        turn, inside = its.section.turn_of(place)
        if turn == its.section.turns - 1:
            return self._places[place]
        return self._element(Element(self._kept(its.section, inside), turn))

    def _kept(self, section: Section, inside: int) -> int:
        """Return the array of what a node of a loop is in each turn."""
        return self.needed.setdefault((section.start, inside), 0)

    # Loops

    def _loop(self, its: _Inner) -> None:
        section, new, nodes = its.section, self.new, self._program.nodes
        start, period, turns = section
        moving: dict[Operand, Element] = {}
        there: dict[Operand, int] = {}
        firsts: dict[Operand, list[int]] = {}
        for inside, row in enumerate(its.pattern):
            for operand in row[: len(nodes[start + inside].operands)]:
                if operand.before:
                    if operand not in firsts:
                        firsts[operand] = [self._outside(i, section) for i in operand.before]
                elif not operand.step:
                    there[operand] = self._outside(operand.base, section)
                elif operand.base < start and operand not in moving:
                    moving[operand] = self._moving(operand, section)
                elif operand.base >= start and (operand.step != period or operand.base >= start + inside):
                    self.unfit.add(start)
        new.add("loop", number=float(turns))
        carried: list[tuple[int, Operand]] = []
        for operand, places in firsts.items():
            following = -1
            for first in reversed(places):
                phi = new.add("phi", first, following)
                if following < 0:
                    carried.append((phi, operand))
                following = phi
            there[operand] = following
        for operand, element in moving.items():
            there[operand] = self._element(element)
        self._turn(its, there)
        for phi, operand in carried:
            following = self._places[section.end - period + (operand.base - start) % period]
            new.nodes[phi] = Node("phi", (new.nodes[phi].operands[0], following))
        new.add("end")

    def _turn(self, its: _Inner, there: dict[Operand, int]) -> None:
        """Write the nodes of a turn."""
        (start, period, turns), nodes = its.section, self._program.nodes
        last = start + (turns - 1) * period
        for inside, row in enumerate(its.pattern):
            node, element = nodes[start + inside], self._program.elements.get(start + inside)
            operands = []
            for operand in row[: len(node.operands)]:
                if operand in there:
                    operands.append(there[operand])
                else:  # of the same turn
                    operands.append(self._places[last + max(operand.base - start, 0) % period])
            if element is not None:
                begin, step = row[-1].base + _FAR, row[-1].step
                element = Element(element.array, begin, step, element.steps)
            self._places[last + inside] = new_place = self._append(start + inside, tuple(operands), element)
            if (start, inside) in self.needed:
                store = self.new.add("store", new_place)
                self.new.elements[store] = Element(self.needed[start, inside], 0, 1)

    def _outside(self, place: int, section: Section) -> int:
        """Return the new place of a node that the same one is looked at in all turns of a loop."""
        if section.start <= place < section.end:
            self.unfit.add(section.start)
            return -1
        return self._fixed(place)

    def _moving(self, operand: Operand, section: Section) -> Element:
        """Return where an operand is that goes through what is not of the loop."""
        base, step, _ = operand
        nodes = self._program.nodes
        places = [base + step * turn for turn in range(section.turns)]
        its = self._of.get(base)
        if its is not None and its is self._of.get(places[-1]) and step % its.section.period == 0:
            turn, inside = its.section.turn_of(base)
            return Element(self._kept(its.section, inside), turn, step // its.section.period)
        if min(places) >= 0 and max(places) < len(self._program.inputs):
            return Element(INPUTS, base, step)
        if min(places) >= 0 and all(nodes[i].op == "number" for i in places):
            return Element(self._array([nodes[i].number for i in places]), 0, 1)
        self.unfit.add(section.start)
        return Element(INPUTS, 0)
