"""Derived programs of a few turns, taken apart into what all sizes have alike, and what grows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..straight_line.program import Node, Program
from .family import Listing, listed
from .repetition import patterns, sections


def statics_first(program: Program, moving: Sequence[bool]) -> Program:
    """Return a program in which what is the same in all turns comes first: before all else or, of
    derivatives, before the first of these."""
    count = len(program.inputs)
    moves, late = bytearray(moving), bytearray(count)
    order: list[int] = []
    later: list[int] = []
    after: list[int] = []
    for place in range(count, len(program.nodes)):
        _, its, _, ieee, _ = program.nodes[place]
        moves.append(1 in [moves[i] for i in its])
        late.append(ieee or 1 in [late[i] for i in its])
        if not moves[place]:
            (later if late[place] else order).append(place)
        else:
            after.append(place)
    first = next((i for i, place in enumerate(after) if late[place]), len(after))
    order += [*after[:first], *later, *after[first:]]
    places = [*range(count), *[0] * len(order)]
    for new, old in enumerate(order, count):
        places[old] = new
    nodes = program.nodes[:count]
    for old in order:
        op, its, number, ieee, _ = program.nodes[old]
        nodes.append(Node(op, tuple([places[i] for i in its]), number, ieee))
    guards = {places[i]: outcome for i, outcome in program.guards.items()}
    return Program(program.inputs, nodes, guards, [places[i] for i in program.outputs])


class Sample:
    """A derived program of a few turns, taken apart.

    Attributes:
        listing: its nodes.
        sections: its sections.
        guards: its guards.
        shape: what programs of all sizes have alike.
        numbers: what grows: how many inputs and nodes there are, turns of sections, places of operands.
    """

    def __init__(self, program: Program, kinds: dict[object, str]) -> None:
        self.guards = program.guards
        self.listing: Listing = listed(program, True, kinds)
        symbols, operands, _ = self.listing
        self.sections = sections(symbols, operands, len(program.inputs))
        self.numbers = [len(program.inputs), len(program.nodes)]
        shape: list[Any] = []
        for section in self.sections:
            start, period, turns = section
            if turns == 1:
                shape.append((period, symbols[start : start + period]))
                for place in range(start, section.end):
                    self.numbers += operands[place]
                continue
            pattern = patterns(operands, section)
            steps = [[(x.step, len(x.before)) for x in row] for row in pattern]
            shape.append((period, symbols[start : start + period], steps))
            self.numbers.append(turns)
            for row in pattern:
                for operand in row:
                    self.numbers += (operand.base, *operand.before)
        self.shape = shape
