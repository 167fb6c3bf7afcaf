"""A few cases of each parametrised test: what `pytest --few N` runs."""

from __future__ import annotations

from collections.abc import Sequence
from zlib import crc32


def a_few_of_each(names: Sequence[str], most: int) -> list[str]:
    """Return names of tests: of those that differ in parameters alone so many at most, evenly among all.

    Where the first lies is another thing for each test, so that tests with the same parameters take others.
    """
    tests: dict[str, list[str]] = {}
    for name in names:
        tests.setdefault(name.partition("[")[0], []).append(name)
    few: list[str] = []
    for test, cases in tests.items():
        number, start = min(most, len(cases)), crc32(test.encode()) % len(cases)
        few += [cases[(i * len(cases) + start) // number] for i in range(number)]
    return few
