"""How long loops are divided into segments, in which what they stored is computed anew when it is read.

Loops that read what others have stored, turn by turn, go through the same **times**: each turn of one of them
is a time, and later turns are later times, or earlier ones. All of them are divided at the same times into
segments of as many turns, but for some turns before and after. Of a loop that stores something is kept what
it carries at the beginning of each segment: with that a segment can be gone through again. A loop that reads
what another has stored a few turns before or after needs so many turns more of that.
"""

from __future__ import annotations

from math import isqrt
from typing import NamedTuple

from .program import Loop, LoopProgram, section_of_each

LEAST = 24
"""From how many turns on a loop is divided."""

FAR = 16
"""How many turns apart, at most, it is that two loops read or store what is of the same time."""


class Unfit(Exception):  # noqa: N818 (it never leaves this package)
    """An array of which something is read that would not be there.

    Attributes:
        array: its number.
    """

    def __init__(self, array: int) -> None:
        super().__init__(array)
        self.array = array


class Stored(NamedTuple):
    """An array that is computed anew.

    Attributes:
        loop: the place of the loop that stores it.
        start: where that begins.
    """

    loop: int
    start: int


class Read(NamedTuple):
    """That a loop reads such an array.

    Attributes:
        loop: the place of the loop.
        array: the number of the array.
        start, step: of the `element`.
    """

    loop: int
    array: int
    start: int
    step: int


class Divided(NamedTuple):
    """A loop that is divided.

    Attributes:
        loop: the loop.
        group: which of the groups it is of: loops of one group are divided together.
        sign: 1 if later turns are later times, else -1.
        first: how many turns come before the first segment.
        segments: how many there are.
        size: how many turns each has.
        more: how many turns more are gone through when a segment is computed anew.
    """

    loop: Loop
    group: int
    sign: int
    first: int
    segments: int
    size: int
    more: int

    @property
    def last(self) -> int:
        """The first turn after the segments."""
        return self.first + self.segments * self.size

    @property
    def cut(self) -> int:
        """How many numbers of each array that it stores are not kept."""
        return self.segments * self.size - self.more

    def kept(self, turn: int) -> int | None:
        """Return how much further on what is of a turn is in an array; None if it is not kept."""
        return 0 if turn < self.first + self.more else -self.cut if turn >= self.last else None


def _size_of_segments(turns: int) -> int:
    """Return how many turns a segment has: about the root of all, and so that few are left over."""
    root = isqrt(max(turns, 1))
    return min(range(root - root // 8, root + root // 8 + 1), key=lambda size: size + turns % size)


class Plan:
    """How the loops of a program are divided.

    Attributes:
        loops: those that are, by their places.
        arrays: those that are computed anew, by their numbers.
        reads: where these are read in the loops.

    Args:
        program: a program without loops in loops.
        left: the arrays that are to stay as they are.
    """

    def __init__(self, program: LoopProgram, left: set[int]) -> None:
        self._program = program
        self._loops = {loop.start: loop for loop in program.loops if loop.turns >= LEAST}
        section = section_of_each(program)
        self.arrays: dict[int, Stored] = {}
        self.reads: list[Read] = []
        several: set[int] = set(left)
        for place, element in sorted(program.elements.items()):
            array, start, step, _ = element
            loop = section[place]
            if loop < 0 or array < 0 or isinstance(program.arrays[array], list):
                continue
            if program.nodes[place].op == "store":
                if array in self.arrays or step != 1 or loop not in self._loops:
                    several.add(array)
                self.arrays[array] = Stored(loop, start)
            elif step:
                if abs(step) != 1 or loop not in self._loops or array not in self.arrays:
                    several.add(array)
                self.reads.append(Read(loop, array, start, step))
        self._leave(several)
        self._times: dict[int, tuple[int, int, int]] = {}  # of each loop: its group, and sign and first time
        self._leave(self._aligned())
        self._leave({*self.arrays} - {read.array for read in self.reads})
        self.loops: dict[int, Divided] = {}
        for group in sorted({group for group, _, _ in self._times.values()}):
            self._divide(group)
        self._leave({i for i, stored in self.arrays.items() if stored.loop not in self.loops})

    def _leave(self, arrays: set[int]) -> None:
        self.arrays = {i: stored for i, stored in self.arrays.items() if i not in arrays}
        self.reads = [read for read in self.reads if read.array in self.arrays]

    def _time(self, read: Read) -> tuple[int, int, int]:
        """Return the group, the sign and the first time of a loop that reads an array, by what it reads."""
        stored = self.arrays[read.array]
        group, sign, time = self._times[stored.loop]
        return group, sign * read.step, sign * (read.start - stored.start) + time

    def _aligned(self) -> set[int]:
        """Find the times of loops, and return the arrays that are read against these."""
        wrong: set[int] = set()
        for read in self.reads:
            self._times.setdefault(self.arrays[read.array].loop, (self.arrays[read.array].loop, 1, 0))
            group, sign, time = self._time(read)
            own, its_sign, its_time = self._times.setdefault(read.loop, (group, sign, time))
            if own != group:  # the times of one group become those of the other
                for loop, (other, x, t) in [*self._times.items()]:
                    if other == own:
                        turned = sign * its_sign
                        self._times[loop] = group, turned * x, turned * (t - its_time) + time
            elif its_sign != sign or abs(its_time - time) > FAR:
                wrong.add(read.array)
        return wrong

    def _divide(self, group: int) -> None:
        """Divide the loops of a group, if they have long stretches of times in common."""
        loops = sorted([loop for loop, (its, _, _) in self._times.items() if its == group])
        before, after = self._margins(loops)
        spans = {}
        for loop in loops:
            _, sign, time = self._times[loop]
            ends = time, time + sign * (self._loops[loop].turns - 1)
            spans[loop] = min(ends), max(ends) + 1
        begin = max([spans[loop][0] + before[loop] for loop in loops])
        end = min([spans[loop][1] - after[loop] for loop in loops])
        size = _size_of_segments(end - begin)
        count = (end - begin) // size
        if count < 2 or any(before[loop] + after[loop] > size for loop in loops):
            return
        end = begin + count * size
        for loop in loops:
            _, sign, _ = self._times[loop]
            low, high = spans[loop]
            first = begin - before[loop] - low if sign > 0 else high - end - after[loop]
            more = before[loop] + after[loop]
            self.loops[loop] = Divided(self._loops[loop], group, sign, first, count, size, more)

    def _margins(self, loops: list[int]) -> tuple[dict[int, int], dict[int, int]]:
        """Return for loops how many times before and after a segment are needed of what they store."""
        before, after = dict.fromkeys(loops, 0), dict.fromkeys(loops, 0)
        for loop in reversed(loops):
            for read in self.reads:
                if self.arrays[read.array].loop == loop:
                    by = self._time(read)[2] - self._times[read.loop][2]
                    before[loop] = max(before[loop], before[read.loop] - by)
                    after[loop] = max(after[loop], after[read.loop] + by)
        return before, after

    # What is where

    def kept(self, array: int, place: int) -> int:
        """Return where a number of an array that is computed anew is among those that are kept of it.

        Raises:
            Unfit: it is not kept.
        """
        stored = self.arrays[array]
        moved = self.loops[stored.loop].kept(place - stored.start)
        if moved is None:
            raise Unfit(array)
        return place + moved

    def all_kept(self, array: int, start: int, step: int, turns: int) -> int:
        """Return where the first of several numbers is, which must all be kept side by side.

        Raises:
            Unfit: they are not.
        """
        first, last = self.kept(array, start), self.kept(array, start + step * (turns - 1))
        if last - first != step * (turns - 1):
            raise Unfit(array)
        return first
