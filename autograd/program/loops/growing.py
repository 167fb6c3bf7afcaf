"""Programs of a few turns grown to all of them: what is found to be even goes on evenly.

A program is derived at several sizes of a family. Where all of them have the same sections, and each number
of turns and each place of an operand moves by the same amount for each turn more, so it does to the size
that was recorded. One more size, which nothing was taken from, must come out as foretold.

What repeats in a sample may not be what grows: a few nodes are alike by chance, and rows of a Hessian are one
loop of a few long turns. Where it shows that loops stand in the way of each other, the sections of all
samples are changed, and it is tried again: turns are divided, peeled off, or folded into one.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from functools import partial
from math import gcd, inf

from ..straight_line.program import Node
from .evenness import LEAST
from .family import Family
from .grown_sections import grown_sections
from .listing import OUTPUT, Unsuitable
from .opening import NotOpened, opened
from .program import INPUTS, OUTPUTS, STORED, Element, LoopProgram
from .repetition import Operand, Section
from .samples import Derive, Effort, Sample, Samples, is_count

SIZES = ((7, 1), (10, 1), (16, 1), (16, 2), (16, 3), (24, 1), (24, 2), (24, 3))
"""How many turns are tried, one after the other, and how many more: more turns where the first and last ones
differ further in; two or three more where the same comes again after as many, as numbers change places."""

CHANGED = 16
"""How often, at most, sections of the samples are made others."""

FOLDED = 16
"""How many turns of a loop may be one, so that it goes through the turns of another one."""

CHECKED = 3
"""How many times as many turns more the size has that is only foretold."""


def grown(
    family: Family,
    derive: Derive,
    by: Sequence[int],
    inputs: Sequence[str],
    sizes: Sequence[tuple[int, int]] = SIZES,
    effort: Effort | None = None,
) -> LoopProgram:
    """Return a derived program with loops, at the size that was recorded.

    Args:
        family: the recorded program.
        derive: makes the program.
        by: the places of what is differentiated by.
        inputs: the names of the inputs that it has.
        sizes: those of SIZES that are tried.
        effort: what the search for them may take, which it may share with that in other families.

    Raises:
        Unsuitable: the derived programs do not grow evenly.
    """
    most = min([turns for i, turns in enumerate(family.turns) if i != family.open], default=inf)
    effort = effort or Effort(family.nodes)
    samples = Samples(family, derive, by, effort)
    for size, step in sizes:
        if size + step + CHECKED * step > most or (step > 1 and family.open >= 0):
            continue
        if effort.is_spent:
            break
        for aligned in (False, True):
            samples.begin(aligned)
            try:
                return _grown(samples, inputs, size, step)
            except NotOpened:
                raise
            except Unsuitable:
                continue
    raise Unsuitable


class _Otherwise(Unsuitable):
    """Sections of the samples must be others, which may do.

    Args:
        change: makes them of those that a sample has.
    """

    def __init__(self, change: Callable[[Sample], None]) -> None:
        self.change = change


def _grown(samples: Samples, inputs: Sequence[str], size: int, step: int) -> LoopProgram:
    for _ in range(CHANGED):
        try:
            return _as_it_is(samples, inputs, size, step)
        except _Otherwise as error:
            samples.change(error.change)
    raise Unsuitable


def _as_it_is(samples: Samples, inputs: Sequence[str], size: int, step: int) -> LoopProgram:
    family = samples.family
    groups = len(family.turns)
    sizes = [size + (turns - size) % step for turns in family.turns]
    base = samples.at(sizes)
    others = [samples.at([x + step * (i == group) for i, x in enumerate(sizes)]) for group in range(groups)]
    while any(other.shape != base.shape for other in others):
        samples.divide([base, *others])
    slopes = [[y - x for x, y in zip(base.numbers, other.numbers, strict=True)] for other in others]

    def foretold(turns: Sequence[int]) -> list[int]:
        numbers = base.numbers
        for slope, count, few in zip(slopes, turns, sizes, strict=True):
            if count != few:
                times = (count - few) // step
                numbers = [x + y * times for x, y in zip(numbers, slope, strict=True)]
        return numbers

    checked = [x + CHECKED * step for x in sizes]
    last = samples.at(checked)
    if last.shape != base.shape or last.numbers != foretold(checked):
        raise Unsuitable
    steady = [x.turns == y.turns for x, y in zip(base.sections, last.sections, strict=True)]
    program = _Writer(family, base, steady, foretold(family.turns), inputs).program
    if family.open >= 0:
        more = [turns + (i == family.open) for i, turns in enumerate(family.turns)]
        longer = _Writer(family, base, steady, foretold(more), inputs).program

        exact = samples.derived(family.turns)
        program.open = opened(program, longer, family.turns[family.open], exact)
    return program


class _Writer:
    """Writes the program with loops from what grew.

    It is written twice: what is needed of a loop besides its last turn is known when all was written once.

    Attributes:
        program: it.
    """

    def __init__(
        self,
        family: Family,
        sample: Sample,
        steady: Sequence[bool],
        numbers: Sequence[int],
        inputs: Sequence[str],
    ) -> None:
        self._sample = sample
        self._family = family
        self._tables = [family.inputs]  # where tables begin among inputs, and what comes after them
        for table in family.tables:
            self._tables.append(self._tables[-1] + len(table))
        self._count, self._end, self._grown = grown_sections(sample, steady, numbers)
        if self._count - self._tables[-1] + self._tables[0] != len(inputs):
            raise Unsuitable
        self._starts = [grown.section.start for grown in self._grown]
        # By section and place in the turn: the turns of which the numbers are needed, and their array.
        self._turns: dict[tuple[int, int], tuple[int, int]] = {}
        self._array: dict[tuple[int, int], int] = {}
        self._stores: dict[int, list[tuple[int, int]]] = {}
        self._write(inputs)
        if self._turns:
            count = len(family.tables)
            for (which, inside), (low, high) in self._turns.items():
                self._array[which, inside] = number = count + len(self._array)
                section = self._grown[which].section
                for turn in (*range(low, 0), *range(section.turns, high + 1)):
                    place = section.start + turn * section.period + inside
                    self._stores.setdefault(place, []).append((number, turn - low))
            self._write(inputs)

    def _write(self, inputs: Sequence[str]) -> None:
        self.program = program = LoopProgram(inputs)
        program.arrays = [*self._family.tables, *[high - low + 1 for low, high in self._turns.values()]]
        self._places: list[list[int]] = []
        self._outputs: dict[int, int] = {}
        for section, old, operands in self._grown:
            self._places.append([])
            if section.turns == 1:
                self._straight(section, old, operands)
            else:
                self._loop(section, old, operands)
        last = self._grown[-1].section.end
        program.outputs = tuple([self._outputs.get(i, STORED) for i in range(last - self._end)])

    # Sections

    def _straight(self, section: Section, old: Section, operands: list[list[int]]) -> None:
        for inside, its in enumerate(operands):
            # A short loop is straight lines that were one turn in the sample.
            place, virtual = old.start + inside % old.period, section.start + inside
            if old.turns == 1 and is_count(self._sample.listing.nodes[place]):
                self._node(place, virtual, (), float(its[0]))
            else:
                self._node(place, virtual, [self._fixed(x) for x in its])

    def _node(self, old: int, virtual: int, operands: Sequence[int], number: float | None = None) -> None:
        program, node = self.program, self._sample.listing.nodes[old]
        if node.op == OUTPUT:
            self._outputs[virtual - self._end] = operands[0]
            self._places[-1].append(operands[0])
            return
        self._append(old, operands, number)
        for array, index in self._stores.get(virtual, ()):
            program.store(self._places[-1][-1], Element(array, index))

    def _append(self, old: int, operands: Sequence[int], number: float | None = None) -> None:
        program, node = self.program, self._sample.listing.nodes[old]
        place = len(program.nodes)
        program.nodes.append(
            Node(node.op, tuple(operands), node.number if number is None else number, node.ieee)
        )
        if old in self._sample.guards:
            program.guards[place] = self._sample.guards[old]
        self._places[-1].append(place)

    def _loop(self, section: Section, old: Section, pattern: list[list[Operand]]) -> None:
        program, which = self.program, len(self._places) - 1
        operands = {operand: None for row in pattern for operand in row}
        firsts = {x: [self._fixed(place) for place in x.before] for x in operands if x.before}
        there: dict[Operand, int] = {x: self._fixed(x.base) for x in operands if not x.step}
        program.nodes.append(Node("loop", (), float(section.turns)))
        carried: list[tuple[int, Operand]] = []
        for operand, places in firsts.items():
            following = -1
            for first in reversed(places):
                phi = len(program.nodes)
                program.nodes.append(Node("phi", (first, following)))
                if following < 0:
                    carried.append((phi, operand))
                following = phi
            there[operand] = following
        for inside, row in enumerate(pattern):
            its = []
            for operand in row:
                if operand not in there:
                    there[operand] = self._moving(operand, section, inside)
                its.append(there[operand])
            node = old.start + inside
            if self._sample.listing.nodes[node].op == OUTPUT:
                start = section.start - self._end + inside
                self.program.store(its[0], Element(OUTPUTS, start, section.period))
                self._places[-1].append(its[0])
                continue
            self._append(node, its)
            if (which, inside) in self._array:
                low, _ = self._turns[which, inside]
                self.program.store(self._places[-1][-1], Element(self._array[which, inside], -low, 1))
        for phi, operand in carried:
            first, _ = program.nodes[phi].operands
            inside = (operand.base - section.start) % section.period
            program.nodes[phi] = Node("phi", (first, self._places[-1][inside]))
        program.nodes.append(Node("end"))

    # Operands

    def _moving(self, operand: Operand, section: Section, inside: int) -> int:
        """Return the place of an operand that moves, in a node of that place in the turn of a loop."""
        base, step, _ = operand
        if base >= section.start:  # of the same turn
            if step != section.period or base >= section.start + inside:
                raise Unsuitable
            return self._places[-1][base - section.start]
        last = base + step * (section.turns - 1)
        if base < self._count:
            array, start = self._input(base)
            if not 0 <= last < self._count or self._input(last) != (array, start + last - base):
                raise Unsuitable
            return self.program.element(Element(array, start, step))
        # The loop that it goes through may have neighbours that are straight lines.
        which = max(
            {*map(self._section_of, (base, last, (base + last) // 2))},
            key=lambda i: self._grown[i].section.turns,
        )
        its = self._grown[which].section
        turn, place = its.turn_of(base)
        turns, left = divmod(step, its.period)
        own = len(self._places) - 1
        if its.turns == 1 or which == own:
            raise Unsuitable
        if left:
            times = its.period // gcd(its.period, left)
            raise _Otherwise(partial(Sample.fold, which=own, times=times)) if times <= FOLDED else Unsuitable
        return self.program.element(
            self._of_turn(which, place, turn, turn + turns * (section.turns - 1), turns)
        )

    def _fixed(self, virtual: int) -> int:
        """Return the place of a node that is at one place in the grown program."""
        if virtual < self._count:
            array, start = self._input(virtual)
            if array == INPUTS:
                return start
            if len(self._family.tables[array]) == 1:
                return self.program.number(self._family.tables[array][0])
            return self.program.element(Element(array, start))
        which = self._section_of(virtual)
        section = self._grown[which].section
        turn, inside = section.turn_of(virtual)
        if turn == section.turns - 1 and which < len(self._places) and inside < len(self._places[which]):
            return self._places[which][inside]
        if which >= len(self._places) - 1:
            if section.turns == 1:
                raise Unsuitable
            # It is of the first turn of the very loop that begins here.
            raise _Otherwise(partial(Sample.peel, which=which, first=True))
        return self.program.element(self._of_turn(which, inside, turn, turn, 0))

    def _of_turn(self, which: int, inside: int, first: int, last: int, step: int) -> Element:
        """Return what is needed of some turns of a loop, and note that it is."""
        section = self._grown[which].section
        low, high = min(first, last), max(first, last)
        for turn in (*range(low, 0), *range(section.turns, high + 1)):
            place = section.start + turn * section.period + inside
            beside = self._section_of(place)
            its = self._grown[beside].section
            if abs(turn) > section.turns + LEAST or place < self._count:
                raise Unsuitable
            if its.turns > 1:  # by chance its turns begin a few nodes too early, or end too late
                early = place < its.start + its.period
                raise _Otherwise(partial(Sample.peel, which=beside, first=early))
        known = self._turns.get((which, inside), (0, section.turns - 1))
        if not self._array:
            self._turns[which, inside] = min(known[0], low), max(known[1], high)
        low = self._turns[which, inside][0]
        return Element(self._array.get((which, inside), 0), first - low, step)

    def _input(self, virtual: int) -> tuple[int, int]:
        """Return the array that an input belongs to, and its place there."""
        tables = self._tables
        if virtual < tables[0]:
            return INPUTS, virtual
        if virtual >= tables[-1]:
            return INPUTS, virtual - tables[-1] + tables[0]
        table = bisect_right(tables, virtual) - 1
        return table, virtual - tables[table]

    def _section_of(self, virtual: int) -> int:
        which = bisect_right(self._starts, virtual) - 1
        if which < 0:
            raise Unsuitable
        return which
