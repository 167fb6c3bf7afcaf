"""Programs that keep less: what long loops stored for others is computed anew, a segment after the other.

A loop of n turns that stores a number in each, as the forward one of a gradient does, needs memory for n of
them. Here it keeps what it carries at the beginning of each of about the root of n segments instead. A loop
that reads the array goes through the segments too: in each of them the loop that stored it is gone through
once more from what was kept, and stores what it does in an array as long as the segment.

The operations of each loop are the same, on the same numbers, and all results are the same to the last bit.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from ..straight_line.program import Node, Program
from .program import Element, Loop, LoopProgram
from .segments import Divided, Plan, Unfit

_Elements = Callable[[int], Element | None]
"""Gives for an `element` or a `store` what it is in a copy of its loop; None if it is left out."""


def checkpointed(program: LoopProgram) -> LoopProgram:
    """Return a program with the same results that keeps fewer numbers in its arrays.

    It is the same program where that cannot be had: where no loop reads turn by turn what another one has
    stored, and where a guard ends a loop.
    """
    left: set[int] = set()
    while program.open is None and not program.is_nested:
        plan = Plan(program, left)
        if not plan.arrays:
            break
        try:
            found = _Writer(program, plan).new
        except Unfit as error:
            left.add(error.array)
            continue
        return found if kept_by(found) < kept_by(program) else program
    return program


def kept_by(program: Program) -> int:
    """Return how many numbers the arrays of a program have that it fills itself."""
    arrays = program.arrays if isinstance(program, LoopProgram) else []
    return sum([array for array in arrays if isinstance(array, int)])


class _Writer:
    """Writes a program whose loops are divided.

    Attributes:
        new: the program.
    """

    def __init__(self, program: LoopProgram, plan: Plan) -> None:
        self._program, self._plan = program, plan
        self.new = new = LoopProgram(program.inputs)
        new.arrays = [*program.arrays]
        self._anew: dict[int, int] = {}  # of each array that is computed anew that of a segment
        for array, stored in plan.arrays.items():
            divided = plan.loops[stored.loop]
            self._anew[array] = self._array(divided.size + divided.more)
            whole = program.arrays[array]
            assert isinstance(whole, int)
            new.arrays[array] = whole - divided.cut
        # By loops and their phis: the array of what these are at the beginning of segments.
        self._saved: dict[int, dict[int, int]] = {}
        for loop in sorted({stored.loop for stored in plan.arrays.values()}):
            its = {array for array, stored in plan.arrays.items() if stored.loop == loop}
            needed = self._needed(plan.loops[loop].loop, its)
            phis = [phi for phi in self._phis(plan.loops[loop].loop) if phi in needed]
            self._saved[loop] = {phi: self._array(plan.loops[loop].segments) for phi in phis}
        self._places = [*range(len(program.inputs)), *[-1] * (len(program.nodes) - len(program.inputs))]
        place = len(program.inputs)
        for loop_ in program.loops:
            self._straight(range(place, loop_.start))
            if loop_.start in plan.loops:
                self._divided(plan.loops[loop_.start])
            else:
                mapped, _ = self._copy(loop_, loop_.turns, self._begun(loop_), self._element_as_it_is)
                self._note(mapped)
            place = loop_.end + 1
        self._straight(range(place, len(program.nodes)))
        new.outputs = tuple([i if i < 0 else self._places[i] for i in program.outputs])

    def _array(self, count: int) -> int:
        self.new.arrays.append(count)
        return len(self.new.arrays) - 1

    def _note(self, mapped: Mapping[int, int]) -> None:
        for place, new in mapped.items():
            self._places[place] = new

    def _phis(self, loop: Loop) -> list[int]:
        end = loop.start + 1
        while self._program.nodes[end].op == "phi":
            end += 1
        return [*range(loop.start + 1, end)]

    def _begun(self, loop: Loop) -> dict[int, int]:
        """Return what the phis of a loop begin with."""
        return {phi: self._places[self._program.nodes[phi].operands[0]] for phi in self._phis(loop)}

    # Straight lines, and whole loops

    def _straight(self, places: range) -> None:
        for place in places:
            self._places[place] = self._append(
                place, self._places.__getitem__, self._element_as_it_is(place), True
            )

    def _element_as_it_is(self, place: int) -> Element | None:
        element = self._program.elements.get(place)
        if element is None or element.array not in self._plan.arrays:
            return element
        return element._replace(start=self._plan.kept(element.array, element.start))

    def _append(self, place: int, there: Callable[[int], int], element: Element | None, guarded: bool) -> int:
        """Append a node, and return its new place.

        Args:
            place: that of the node.
            there: gives the new place of an operand.
            element: what is read or stored.
            guarded: whether its guard is appended, if it has one.
        """
        node, new = self._program.nodes[place], self.new
        new.nodes.append(node._replace(operands=tuple([there(i) for i in node.operands])))
        new_place = len(new.nodes) - 1
        if element is not None:
            new.elements[new_place] = element
        if guarded and place in self._program.guards:
            new.guards[new_place] = self._program.guards[place]
        return new_place

    def _needed(self, loop: Loop, arrays: Collection[int]) -> set[int]:
        """Return the nodes of a loop that are needed to store some arrays."""
        nodes, elements = self._program.nodes, self._program.elements
        needed: set[int] = set()
        todo = [
            place
            for place in range(loop.start + 1, loop.end)
            if nodes[place].op == "store" and elements[place].array in arrays
        ]
        while todo:
            place = todo.pop()
            if place not in needed and loop.start < place:
                needed.add(place)
                todo += nodes[place].operands[1 if nodes[place].op == "phi" else 0 :]
        return needed

    def _copy(
        self,
        loop: Loop,
        turns: int,
        state: Mapping[int, int],
        element: _Elements,
        needed: Collection[int] | None = None,
    ) -> tuple[dict[int, int], dict[int, int]]:
        """Append a loop.

        Args:
            loop: the loop that it is a copy of.
            turns: how many turns it has.
            state: what its phis begin with.
            element: what is read and stored.
            needed: the nodes that are copied; None for all, with their guards.

        Returns:
            The new places of its nodes, and of what its phis would be in one turn more.
        """
        nodes, new = self._program.nodes, self.new
        if not turns:
            return {}, dict(state)
        new.add("loop", number=float(turns))
        phis = [phi for phi in self._phis(loop) if phi in (state if needed is None else needed)]
        mapped = {phi: new.add("phi", state[phi], -1) for phi in phis}

        def there(place: int) -> int:
            return mapped[place] if place > loop.start else self._places[place]

        for place in range(loop.start + 1 + len(self._phis(loop)), loop.end):
            if needed is not None and place not in needed:
                continue
            its = element(place)
            if its is not None or nodes[place].op not in ("element", "store"):
                mapped[place] = self._append(place, there, its, needed is None)
        carried: dict[int, int] = {}
        for phi in phis:
            following = nodes[phi].operands[1]
            carried[phi] = there(following)
            new.nodes[mapped[phi]] = Node("phi", (state[phi], carried[phi]))
            if following in mapped and nodes[following].op == "phi":  # to which nothing after the loop refers
                carried[phi] = new.add("detached", carried[phi])
        new.add("end")
        return mapped, carried

    # Loops that are divided

    def _divided(self, its: Divided) -> None:
        """Append a loop in its parts: turns before the segments, these, and turns after them."""
        loop, arrays = its.loop, self._arrays_of(its.loop.start)
        mapped, state = self._copy(loop, its.first, self._begun(loop), self._part(0, its.first))
        self._note(mapped)
        if its.more and arrays:  # what is stored in some turns of the first segment is kept, too
            part = self._part(its.first, its.more)
            self._copy(loop, its.more, state, part, self._needed(loop, arrays))
        mapped, state = self._segments(its, state)
        self._note(mapped)
        count = loop.turns - its.last
        mapped, _ = self._copy(loop, count, state, self._part(its.last, count))
        self._note(mapped)

    def _arrays_of(self, loop: int) -> set[int]:
        """Return the arrays that a loop stores which are computed anew."""
        return {array for array, stored in self._plan.arrays.items() if stored.loop == loop}

    def _part(self, first: int, turns: int) -> _Elements:
        """Return what is read and stored in some turns of a loop that stand alone."""

        def element(place: int) -> Element | None:
            there = self._program.elements.get(place)
            if there is None:
                return None
            array, start, step, _ = there
            start += step * first
            if array in self._plan.arrays:
                start = self._plan.all_kept(array, start, step, turns)
            return Element(array, start, step)

        return element

    def _segments(self, its: Divided, state: Mapping[int, int]) -> tuple[dict[int, int], dict[int, int]]:
        """Append the segments of a loop, and return what `_copy` does."""
        new, loop = self.new, its.loop
        new.add("loop", number=float(its.segments))
        outer = {phi: new.add("phi", first, -1) for phi, first in state.items()}
        for phi, array in self._saved.get(loop.start, {}).items():
            new.elements[new.add("store", outer[phi])] = Element(array, 0, 1)
        read = {x.array for x in self._plan.reads if x.loop == loop.start}
        anew: list[tuple[Divided, set[int]]] = []
        for start in sorted(self._plan.loops, reverse=True):
            needed = self._needed(self._plan.loops[start].loop, read & self._arrays_of(start))
            if needed:
                anew.append((self._plan.loops[start], needed))
                read |= {
                    self._program.elements[place].array for place in needed & self._program.elements.keys()
                }
        for other, needed in reversed(anew):
            self._anew_in(its, other, needed)
        mapped, carried = self._copy(loop, its.size, outer, self._segment(its, its, False))
        for phi, first in state.items():
            new.nodes[outer[phi]] = Node("phi", (first, carried[phi]))
        new.add("end")
        return mapped, carried

    def _anew_in(self, its: Divided, other: Divided, needed: Collection[int]) -> None:
        """Go through a segment of another loop again, from what it began with."""
        new, state = self.new, {}
        start, step = (0, 1) if other.sign == its.sign else (other.segments - 1, -1)
        for phi, array in self._saved[other.loop.start].items():
            if phi in needed:
                state[phi] = new.add("element")
                new.elements[state[phi]] = Element(array, start, step)
        element = self._segment(its, other, True)
        self._copy(other.loop, other.size + other.more, state, element, needed)

    def _segment(self, its: Divided, other: Divided, again: bool) -> _Elements:
        """Return what is read and stored in a segment.

        Args:
            its: the loop whose segments are gone through.
            other: the loop whose turns they are, itself or one that it reads from.
            again: whether they are gone through again, to store what is read.
        """

        def begin(loop: Divided) -> tuple[int, int]:
            """The turn that a loop begins with in the first segment, and by how much further in the next."""
            if loop.sign == its.sign:
                return loop.first, loop.size
            return loop.first + (loop.segments - 1) * loop.size, -loop.size

        first, by = begin(other)

        def element(place: int) -> Element | None:
            there = self._program.elements.get(place)
            if there is None:
                return None
            array, start, step, _ = there
            if self._program.nodes[place].op == "store" and (again or array in self._anew):
                return Element(self._anew[array], 0, 1) if again and array in self._anew else None
            if array not in self._anew:
                return Element(array, start + step * first, step, (step * by,) if step else ())
            if not step:
                return Element(array, self._plan.kept(array, start))
            stored = self._plan.arrays[array]
            its_first, its_by = begin(self._plan.loops[stored.loop])
            if step * by != its_by:
                raise Unfit(array)
            return Element(self._anew[array], start + step * first - stored.start - its_first, step)

        return element
