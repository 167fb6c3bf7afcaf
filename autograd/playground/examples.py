"""The programs to begin with: each in a file of the folder `texts`, in English and Chinese.

A file begins with its titles. A line that differs is written twice, with `‖` between.
"""

from __future__ import annotations

from typing import NamedTuple

from ..support import pages

NAMES = (
    "expression", "neuron", "xor", "layers", "assigning", "recursion", "forgotten", "circles", "spring",
    "newton",
)  # fmt: skip
"""The examples in the order of the list on the page."""


class Example(NamedTuple):
    """A program to begin with.

    Attributes:
        name: what addresses call it.
        titles: what the list calls it, by language.
        programs: its text, by language.
    """

    name: str
    titles: dict[str, str]
    programs: dict[str, str]


def _read(name: str) -> Example:
    english, chinese, *lines = pages.resource(__package__, f"texts/{name}.txt").splitlines()
    titles = {"en": english.partition(": ")[2], "zh": chinese.partition(": ")[2]}
    programs = {lang: "\n".join([_side(line, i) for line in lines]) + "\n" for i, lang in enumerate(titles)}
    return Example(name, titles, programs)


def _side(line: str, which: int) -> str:
    """Return one side of a line, indented as the line is."""
    sides = line.split("  ‖  ")
    if len(sides) == 1:
        return line
    indent = line[: len(line) - len(line.lstrip())]
    return indent + sides[which].strip()


EXAMPLES = tuple(_read(name) for name in NAMES)
"""The examples."""
