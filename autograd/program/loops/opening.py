"""Loops that a guard ends: programs for any number of turns, up to as many as were recorded.

More are not tried: what the function would do after the last turn that it was seen to begin is not known, for
a limit in the function itself, such as `range(100)`, leaves no trace.
"""

from __future__ import annotations

from ..straight_line.program import Program
from .listing import Unsuitable
from .program import Loop, LoopProgram, Open


class NotOpened(Unsuitable):
    """A program that is for the turns that were recorded alone, whatever it is grown from."""


def opened(program: LoopProgram, longer: LoopProgram, turns: int, exact: Program) -> Open:
    """Return the loop of a program that a guard ends, and what depends on its turns.

    Args:
        program: the program for the turns that were recorded.
        longer: the same for one more.
        turns: how many were recorded.
        exact: the program of as many as straight lines.

    Raises:
        NotOpened: no loop of the program is ended by a guard, or its programs do not grow evenly.
    """
    moved = _moved(program, longer)
    loop, exit_ = _ended_by_a_guard(program, moved)
    opened = program.open = Open(loop.start, exit_, {turns}, turns - loop.turns, moved)
    if not is_for(program, 0, exact):
        raise NotOpened
    return opened


def is_for(program: LoopProgram, fewer: int, exact: Program) -> bool:
    """Say whether a program with fewer turns is the one that it should be."""
    if any(loop.turns < fewer * program.moved(loop.start) for loop in program.loops):
        return False
    try:
        found = program.unrolled(fewer)
    except IndexError:
        return False
    outputs = exact.outputs[: len(found.outputs)]  # others only kept a turn whole
    return (found.nodes, found.guards, found.outputs) == (exact.nodes, exact.guards, outputs)


def is_longer(program: LoopProgram, shorter: LoopProgram) -> bool:
    """Say whether a program with an open loop is another one but for how many turns that may have at most."""
    mine, its = program.open, shorter.open
    if mine is None or its is None or (mine.loop, mine.exit, mine.moved) != (its.loop, its.exit, its.moved):
        return False
    more = int(program.nodes[mine.loop].number - shorter.nodes[its.loop].number)
    nodes, elements = list(program.nodes), dict(program.elements)
    for place, by in mine.moved.items():
        if place in elements:
            elements[place] = elements[place]._replace(start=elements[place].start - by * more)
        else:
            nodes[place] = nodes[place]._replace(number=nodes[place].number - by * more)
    alike = (nodes, elements, program.guards) == (shorter.nodes, shorter.elements, shorter.guards)
    return alike and (program.inputs, program.outputs) == (shorter.inputs, shorter.outputs)


def _moved(program: LoopProgram, longer: LoopProgram) -> dict[int, int]:
    """Return by how much turns, and places in arrays, differ in a program with one more turn."""
    if len(program.nodes) != len(longer.nodes) or program.outputs != longer.outputs:
        raise NotOpened
    moved: dict[int, int] = {}
    for place, (node, other) in enumerate(zip(program.nodes, longer.nodes, strict=True)):
        if node.op == "loop":
            moved[place] = int(other.number - node.number)
        elif place in program.elements:
            moved[place] = longer.elements[place].start - program.elements[place].start
    return {place: by for place, by in moved.items() if by}


def _ended_by_a_guard(program: LoopProgram, moved: dict[int, int]) -> tuple[Loop, int]:
    """Return the loop that a guard ends, and the place of the guard in it."""
    nodes, guards = program.nodes, program.guards
    for loop in program.loops:
        inside = [place for place in guards if loop.start < place < loop.end]
        if moved.get(loop.start) != 1 or not inside:
            continue
        if any(nodes[place].op == "element" for place in range(loop.start, loop.end)):
            raise NotOpened
        after = min([place for place in guards if place > loop.end], default=-1)
        ends = [i for i in inside if after > 0 and _is_ended(program, i, after)]
        if len(ends) != 1:
            raise NotOpened
        return loop, ends[0]
    raise NotOpened


def _is_ended(program: LoopProgram, inside: int, after: int) -> bool:
    nodes, guards = program.nodes, program.guards
    return nodes[inside].op == nodes[after].op and guards[inside] is not guards[after]
