"""Many points side by side in a program with an open loop, of which each has its own number of turns.

A loop whose turns depend on those of the open one is gone through for all points at once. A point with
fewer turns of the open loop either ends earlier than the others or waits before it begins, whatever makes
more of the places in arrays the same for all: a sweep backward, which begins with the last turn, waits.
"""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from .program import LoopProgram, section_of_each


class Alignment(NamedTuple):
    """How points with fewer turns of the open loop go along with others.

    Attributes:
        waits: for each loop that depends on the open one, by its place, for how many turns a point waits for
            each turn fewer; 0 where it ends earlier.
        drift: for each `element` and each `store`, by its place, how much further on it is, for each turn
            fewer, than that of a point which has none fewer and is in the same turn.
    """

    waits: dict[int, int]
    drift: dict[int, int]


def suits_batches(program: LoopProgram) -> bool:
    """Say whether points with different numbers of turns can go through a program with an open loop."""
    if program.open is None or any(program.moved(loop.start) < 0 for loop in program.loops):
        return False
    drift, where = aligned(program).drift, section_of_each(program)
    # In loops, points that take no part must not put what is none of their numbers where others are.
    return not any(drift[i] and where[i] >= 0 for i in drift if program.nodes[i].op == "store")


def aligned(program: LoopProgram) -> Alignment:
    """Return how points with different numbers of turns go through a program with an open loop.

    Args:
        program: one that suits batches.
    """
    assert program.open is not None
    nodes, elements = program.nodes, program.elements
    waits: dict[int, int] = {}
    shifts: dict[int, int] = {}  # of arrays: how much further on, for each turn fewer, their numbers are put
    wait_at = dict.fromkeys(elements, 0)
    for loop in program.loops:
        by = program.moved(loop.start)
        inside = [place for place in elements if loop.start < place < loop.end]
        if by and loop.start != program.open.loop:
            read = [place for place in inside if nodes[place].op == "element"]
            # What a turn fewer changes, if the point does not wait, beside the step that waiting takes back.
            behind = [shifts.get(elements[i].array, 0) - program.moved(i) for i in read]
            same = Counter({0: behind.count(0)})
            same[by] = [x == elements[i].step * by for x, i in zip(behind, read, strict=True)].count(True)
            waits[loop.start] = by if same[by] >= same[0] else 0
        wait = waits.get(loop.start, 0)
        wait_at.update(dict.fromkeys(inside, wait))
        for place in inside:
            if nodes[place].op == "store":
                shifts.setdefault(elements[place].array, program.moved(place) + elements[place].step * wait)
    drift = {
        place: shifts.get(array, 0) - program.moved(place) - step * wait_at[place]
        for place, (array, _, step, _) in elements.items()
    }
    return Alignment(waits, drift)
