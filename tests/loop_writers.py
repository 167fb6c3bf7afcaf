"""Programs with loops for tests: random ones, and those of functions."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from math import prod
from typing import Any

from autograd import compile
from autograd.program.loops.program import INPUTS, OUTPUTS, STORED, Element, LoopProgram
from autograd.program.paths import RecordedPath
from autograd.program.straight_line.program import Node


def path_of(f: Callable[..., Any], *args: Any, **options: Any) -> RecordedPath:
    """The path that a function takes."""
    return compile(f, **options).record(*args)._recordings.latest().paths[0]


def with_loops(f: Callable[..., Any], mode: str, *args: Any, **options: Any) -> LoopProgram:
    """The program of a mode of a function, which has loops."""
    program = path_of(f, *args, **options).derived(mode).program
    assert isinstance(program, LoopProgram)
    return program


class RandomLoops:
    """A program of sums, products and choices with loops, of which all numbers are between -1 and 1.

    It has everything that there may be in a loop: what is carried from one turn to the next one and to the
    one after that, conditions among it; tables, inputs, and arrays that an earlier loop stored, gone through
    in either direction; outputs that are stored; numbers; guards, which hold at the point of zeros; and
    operations on many numbers.

    Attributes:
        program: the program.

    Args:
        seed: which one.
        size: how many operations a turn has.
        roots: how often an operation is a square root that may raise; numbers are beyond 1 then.
        mixed: whether conditions are numbers, and numbers conditions.
        depth: how many loops there are in one another, at most.
    """

    SCALARS, ROW = 5, 30

    def __init__(self, seed: int, size: int, roots: float = 0.0, mixed: bool = True, depth: int = 1) -> None:
        self._draw = random.Random(seed)
        self._roots = roots
        self.program = LoopProgram([f"x{i}" for i in range(self.SCALARS + self.ROW)])
        self._places: list[int] = [*range(self.SCALARS)]
        self._kept: list[tuple[int, int]] = []  # arrays that are full, with how many numbers they have
        self._stored = 0
        self._mixed, self._depth = mixed, depth
        self._around: list[int] = []  # the turns of the loops that are being written, from the inside out
        self._later: list[tuple[int, int]] = []  # arrays that are full when all of these are done
        self._half, self._quarter = self.program.number(0.5), self.program.number(0.25)
        self._straight(8)
        for _ in range(self._draw.randint(1, 4)):
            self._loop(self._draw.randint(2, self.ROW if depth == 1 else 5), size)
            self._straight(self._draw.randint(0, 6))
        outputs = [STORED] * self._stored
        outputs += self._draw.choices(self._places, k=8) + self._places[-3:]
        self.program.outputs = tuple(outputs)

    def _one(self) -> int:
        return self._draw.choice(self._places if self._draw.random() < 0.3 else self._places[-12:])

    def _straight(self, count: int) -> None:
        for _ in range(count):
            self._operation()

    def _operation(self) -> None:
        program, x, y, kind = self.program, self._one(), self._one(), self._draw.random()
        if self._roots and self._draw.random() < self._roots:
            new = program.add("sqrt", program.add("+", x, program.number(self._draw.uniform(0.25, 1.0))))
        elif kind < 0.5:
            small = program.add("*", x, self._half)
            new = program.add(self._draw.choice("+-"), small, program.add("*", self._quarter, y))
        elif kind < 0.65:
            new = program.add("*", x, y)
        elif kind < 0.75:
            condition = program.add(self._draw.choice(["<", ">=", "=="]), x, y)
            if kind < 0.68:
                program.guards[condition] = True  # for `holding`
            if self._mixed:
                self._places.append(condition)
            new = program.add("where", condition, x, y)
        elif kind < 0.8:
            new = program.add("where", x, x, y) if self._mixed else program.add("neg", x)
        elif kind < 0.85:
            new = program.add("detached", x)
        elif kind < 0.9:
            new = program.number(self._draw.uniform(-1.0, 1.0))
        elif kind < 0.95:
            new = program.add("max", x, y)
        else:
            index = program.add("*", program.add("abs", x), program.number(3.0))
            new = program.add("gather…", index, *[self._one() for _ in range(3)])
        self._places.append(new)

    def _loop(self, turns: int, size: int) -> None:
        program, draw = self.program, self._draw
        self._around.insert(0, turns)
        program.nodes.append(Node("loop", (), float(turns)))
        phis = [program.add("phi", self._one(), -1) for _ in range(draw.randint(0, 4))]
        outside, self._places = self._places, [*self._places, *phis]
        full: list[tuple[int, int]] = []
        before = len(self._places)
        for _ in range(size):
            kind = draw.random()
            if len(self._around) < self._depth and draw.random() < 0.15:
                self._loop(draw.randint(1, 4), size // 2 + 1)
            elif kind < 0.2:
                self._element(turns)
            elif kind < 0.3 and len(self._places) > before:
                self._store(turns, full)
            else:
                self._operation()
        inside = [*phis, *self._places[before:], *outside[-1:]]
        self._places = [*outside, *self._places[before:]]
        for place in phis:
            first, _ = program.nodes[place].operands
            program.nodes[place] = Node("phi", (first, draw.choice(inside)))
        program.add("end")
        self._kept += full
        self._around.pop(0)
        if not self._around:
            self._kept += self._later
            self._later = []

    def _element(self, turns: int) -> None:
        program, draw = self.program, self._draw
        kind = draw.random()
        if kind < 0.4:
            step = draw.choice([-2, -1, 1, 2])
            count = 1 + abs(step) * (turns - 1)
            program.arrays.append([draw.uniform(-1.0, 1.0) for _ in range(count)])
            element = Element(len(program.arrays) - 1, 0 if step > 0 else count - 1, step)
        elif kind < 0.7 or not self._kept:
            first = draw.randint(self.SCALARS, self.SCALARS + self.ROW - turns)
            element = draw.choice(
                [Element(INPUTS, first, 1), Element(INPUTS, first + turns - 1, -1), Element(INPUTS, first, 0)]
            )
        else:
            array, count = draw.choice(self._kept)
            if count < turns:
                element = Element(array, count - 1, 0)
            else:
                element = draw.choice([Element(array, 0, 1), Element(array, count - 1, -1)])
        if element.array == INPUTS and self._around[1:] and draw.random() < 0.5:
            first = draw.randint(self.SCALARS, self.SCALARS + self.ROW - 14)
            element = draw.choice([Element(INPUTS, first, 1, (1,)), Element(INPUTS, first + 13, -1, (0, -1))])
        program.elements[len(program.nodes)] = element
        self._places.append(program.add("element"))

    def _store(self, turns: int, full: list[tuple[int, int]]) -> None:
        program = self.program
        steps = [prod(self._around[:i]) for i in range(len(self._around))]
        if self._draw.random() < 0.3:
            element = Element(OUTPUTS, self._stored, 1, tuple(steps[1:]))
            self._stored += prod(self._around)
        elif steps[1:] and self._draw.random() < 0.5:
            count = prod(self._around)
            program.arrays.append(count)
            self._later.append((len(program.arrays) - 1, count))
            back = tuple([-step for step in steps[1:]])
            element = Element(len(program.arrays) - 1, count - 1, -1, back)
        else:
            program.arrays.append(turns)
            full.append((len(program.arrays) - 1, turns))
            element = Element(len(program.arrays) - 1, 0, 1)
        program.elements[len(program.nodes)] = element
        program.add("store", self._places[-1])


def holding(program: LoopProgram, point: Sequence[float]) -> LoopProgram:
    """The program with those of its guards that hold at a point in all turns."""
    for place in [*program.guards]:
        all_guards, held = program.guards, []
        for outcome in (True, False):
            program.guards = {place: outcome}
            if program.run(point) is not None:
                held.append(outcome)
        program.guards = all_guards
        del program.guards[place]
        if held:
            program.guards[place] = held[0]
    return program
