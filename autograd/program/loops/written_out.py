"""Loops in loops, of which only the innermost ones are kept: the turns of others one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from ..straight_line.program import Node, Program
from .program import OUTPUTS, Element, LoopProgram, section_of_each


def without_outer_loops(program: LoopProgram) -> LoopProgram:
    """Return the same program without loops in loops; itself if it has none."""
    return _Writer(program).new if program.is_nested else program


def stored_again(program: Program) -> set[int]:
    """Return the arrays of a program without loops in loops of which numbers may be stored several times."""
    if not isinstance(program, LoopProgram):
        return set()
    section, nests = section_of_each(program), program.nests
    places: dict[int, list[tuple[int, int]]] = {}
    for place, element in program.elements.items():
        if program.nodes[place].op == "store" and element.array != OUTPUTS:
            places.setdefault(element.array, []).append(element.ends(nests[section[place]]))
    return {i for i, its in places.items() if any(x[1] >= y[0] for x, y in pairwise(sorted(its)))}


class _Writer:
    """Writes the turns of outer loops one after the other.

    Attributes:
        new: the program.
    """

    def __init__(self, program: LoopProgram) -> None:
        self._program = program
        self._loops = {loop.start: loop for loop in program.loops}
        self._around = {loop.start for nest in program.nests.values() for loop in nest[1:]}
        self._places = [*range(len(program.inputs)), *[-1] * (len(program.nodes) - len(program.inputs))]
        self.new = LoopProgram(program.inputs)
        self.new.arrays = program.arrays
        self._through(range(len(program.inputs), len(program.nodes)), ())
        self.new.outputs = tuple([i if i < 0 else self._places[i] for i in program.outputs])

    def _through(self, places: range, turns: Sequence[int], inside: bool = False) -> None:
        """Write some nodes.

        Args:
            places: those of the nodes.
            turns: those of loops that are not kept, from the inside out.
            inside: whether they are in a loop that is kept.
        """
        nodes, place = self._program.nodes, places.start
        while place < places.stop:
            if nodes[place].op != "loop":
                self._node(place, turns, inside)
            else:
                loop = self._loops[place]
                if place in self._around:
                    for turn in range(loop.turns):
                        self._carry(place, turn)
                        self._through(range(place + 1, loop.end), (turn, *turns))
                else:
                    self._kept(place, turns)
                place = loop.end
            place += 1

    def _carry(self, start: int, turn: int) -> None:
        """Let what a loop carries stand for what it is in a turn."""
        nodes, phi = self._program.nodes, start + 1
        carried: list[int] = []
        while nodes[phi].op == "phi":
            carried.append(self._places[nodes[phi].operands[1 if turn else 0]])
            phi += 1
        self._places[start + 1 : phi] = carried

    def _kept(self, start: int, turns: Sequence[int]) -> None:
        loop, new = self._loops[start], self.new
        new.nodes.append(self._program.nodes[start])
        self._through(range(start + 1, loop.end), turns, inside=True)
        new.nodes.append(Node("end"))
        place = start + 1
        while self._program.nodes[place].op == "phi":
            first, following = new.nodes[self._places[place]].operands
            new.nodes[self._places[place]] = Node("phi", (first, self._places[following]))
            place += 1

    def _node(self, place: int, turns: Sequence[int], inside: bool) -> None:
        node, new = self._program.nodes[place], self.new
        if node.op == "phi":
            if not inside:
                return  # see `_carry`
            operands: tuple[int, ...] = self._places[node.operands[0]], node.operands[1]
        else:
            operands = tuple([self._places[i] for i in node.operands])
        there = self._places[place] = len(new.nodes)
        new.nodes.append(node._replace(operands=operands))
        if place in self._program.guards:
            new.guards[there] = self._program.guards[place]
        element = self._program.elements.get(place)
        if element is not None:
            at = element.at((0, *turns) if inside else turns)
            new.elements[there] = Element(element.array, at, element.step if inside else 0)
