"""How many nodes a turn of a loop may have: how far apart those are that look alike.

First what comes again after a few nodes is found, in all nodes at once, such as an operation on each number
of an array. It is one **token** then, as is each other node. In the tokens, which are much fewer, longer
turns are looked for.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from itertools import compress

from .evenness import LEAST, Compared

_SHORT = 16
"""How many nodes a turn has, at most, that is looked for in all nodes at once."""

_GRAMS = (3, 12, 48, 192)
_CANDIDATES = 24
_FEW = 4


class Tokens:
    """A list of nodes, as tokens.

    Args:
        symbols: for each node a character.
        compared: the same, to be compared.
        begin: the place of the first node that is looked at.
    """

    def __init__(self, symbols: str, compared: Compared, begin: int) -> None:
        self._compared = compared
        runs = _disjoint(compared, begin, len(symbols))
        kinds: dict[tuple[str, int], str] = {}
        texts: list[str] = []
        self._places: list[int] = []  # of each token its first node
        self._periods: dict[int, int] = {}  # of those of several turns, by their first nodes
        for start, stop, period in [*runs, (len(symbols), len(symbols), 0)]:
            texts.append(symbols[begin:start])
            self._places += range(begin, start)
            if period:
                key = symbols[start : start + period], stop - start
                texts.append(kinds.setdefault(key, chr(0x10FFFF - len(kinds))))
                self._places.append(start)
                self._periods[start] = period
            begin = stop
        self._text = "".join(texts)
        self._runs = [start for start, _, _ in runs]

    def count(self, begin: int, end: int) -> int:
        """Return how many tokens begin in a stretch of nodes."""
        return bisect_left(self._places, end) - bisect_left(self._places, begin)

    def periods(self, begin: int, end: int, window: int) -> set[int]:
        """Return how long a turn may be: the likeliest of each length of what was looked for.

        Args:
            begin, end: of which nodes.
            window: how many tokens are looked at, at the beginning, in the middle and at the end.
        """
        longest = (end - begin) // LEAST
        if longest < 1:
            return set()
        runs = self._runs[max(bisect_left(self._runs, begin) - 1, 0) : bisect_left(self._runs, end)]
        chosen = {1, 2, 3, *map(self._periods.__getitem__, runs)}
        low, high = bisect_left(self._places, begin), bisect_left(self._places, end)
        windows = [(low, high)]
        if high - low > 3 * window:
            middle = (low + high - window) // 2
            windows = [(x, x + window) for x in (low, middle, high - window)]
        places: list[Iterable[int]] = [range(*w) for w in windows]
        few = sum([stop - start for start, stop in windows]) // 100  # by chance, or of a loop too short
        for length in _GRAMS:
            gaps: list[int] = []
            for k, (start, stop) in enumerate(windows):
                again = self._repeated(length, places[k], start, stop, gaps)
                if length > _GRAMS[0]:  # what does not come again does not as a part of something longer
                    places[k] = again
            common = Counter(gaps).most_common(_CANDIDATES)
            chosen.update([gap for gap, n in common if n > few])
        chosen = {x for x in chosen if x <= longest}
        if len(windows) == 1:
            return chosen

        nodes = [*self._places, end]
        stretches = [self._compared.stretch(nodes[x], min(nodes[y], end)) for x, y in windows]

        def covered(period: int) -> int:
            return max([y - x for stretch in stretches for x, y in stretch.runs(period)], default=0)

        return {*sorted(chosen, key=lambda period: (-covered(period), period))[:_FEW]}

    def _repeated(
        self, length: int, places: Iterable[int], start: int, stop: int, gaps: list[int]
    ) -> Iterable[int]:
        """Return where, from a token on and up to another one, a few stand that stand elsewhere, too.

        Args:
            length: how many they are.
            places: where they may stand, in order.
            start, stop: the places.
            gaps: to which is added how many nodes apart they are.
        """
        text, nodes = self._text, self._places
        last: dict[str, int] = {}
        again = bytearray(stop - start)
        for i in places:
            if i + length > stop:
                break
            gram = text[i : i + length]
            before = last.get(gram)
            if before is not None:
                gaps.append(nodes[i] - nodes[before])
                again[i - start] = again[before - start] = 1
            last[gram] = i
        return compress(range(start, stop), again)


def _disjoint(compared: Compared, begin: int, end: int) -> list[tuple[int, int, int]]:
    """Return stretches of short turns, of which none has nodes of another one: longer ones go first.

    Returns:
        For each where it starts and ends, and how many nodes a turn has, in order.
    """
    stretch = compared.stretch(begin, end)
    runs = [
        (start - stop, period, start, stop)
        for period in range(1, _SHORT + 1)
        for start, stop in stretch.runs(period)
    ]
    taken = bytearray(end)
    found: list[tuple[int, int, int]] = []
    for _, period, start, stop in sorted(runs):
        start = taken.find(0, start, stop)
        if start < 0:
            continue
        after = taken.find(1, start, stop)
        stop = stop if after < 0 else after
        if stop - start >= LEAST * period:
            taken[start:stop] = b"\1" * (stop - start)
            found.append((start, stop, period))
    return sorted(found)
