"""Programs as lists in which repetition is looked for: a character for each node, places of operands."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any, NamedTuple

from ..straight_line.program import Node, Program
from .repetition import Operand, Section, patterns, sections, sections_of_turns

SHORT = 24
"""Loops of fewer turns stay straight lines."""


class Unsuitable(Exception):  # noqa: N818 (it never leaves this package)
    """A program that has no loops, or such as are not followed."""


class Listing(NamedTuple):
    """A program as a list for `sections`: its nodes, and after them its outputs.

    Attributes:
        symbols: a character for each node.
        operands: the operands of each.
        nodes: the nodes; None for an output.
    """

    symbols: str
    operands: Sequence[tuple[int, ...]]
    nodes: Sequence[Node]


OUTPUT = "output"


def listed(program: Program, numbers: bool, kinds: dict[object, str] | None = None) -> Listing:
    """List a program.

    Args:
        program: the program.
        numbers: whether numbers that differ are different symbols.
        kinds: the symbols that there are, to which new ones are added.
    """
    kinds = {} if kinds is None else kinds
    symbols: list[str] = []
    operands: list[tuple[int, ...]] = []
    for op, its, number, ieee, last in program.nodes:
        key: tuple[object, ...] = op, len(its), ieee
        if last is not None:
            key = (*key, last[0])
            its = (*its, *last[1:])
        elif numbers and op == "number":
            key = op, number.hex()
        symbol = kinds.get(key)
        if symbol is None:
            symbol = kinds[key] = chr(0x100 + len(kinds))
        symbols.append(symbol)
        operands.append(its)
    for place, outcome in program.guards.items():
        symbols[place] = kinds.setdefault((symbols[place], outcome), chr(0x100 + len(kinds)))
    symbols += [chr(0x80)] * len(program.outputs)
    operands += [(place,) for place in program.outputs]
    return Listing("".join(symbols), operands, [*program.nodes, *[Node(OUTPUT)] * len(program.outputs)])


class Sectioned:
    """A recorded program as a list, and the sections of that.

    Attributes:
        listing: the list.
        found: its sections.
        inner: the same, with the turns of short loops divided where there are longer loops in them.
        guards: the outcomes of comparisons, by their places.
    """

    def __init__(self, program: Program) -> None:
        self.listing = listed(program, numbers=False)
        self.guards: Any = program.guards
        self._inputs = len(program.inputs)
        self.found = sections(self.listing.symbols, self.listing.operands, self._inputs)

    @cached_property
    def inner(self) -> list[Section]:
        symbols, operands, _ = self.listing
        divided: list[Section] = []
        for section in self.found:
            its: list[Section] = []
            if 1 < section.turns < SHORT < section.period:
                its = sections_of_turns(symbols, operands, self._inputs, section)
            divided += its if any(x.turns >= SHORT for x in its) else [section]
        return divided

    def pattern(self, section: Section) -> list[list[Operand]]:
        """Return where the operands of each node of a loop lie."""
        return patterns(self.listing.operands, section)

    def column(self, section: Section, inside: int) -> list[float] | None:
        """Return the numbers that a node, which is one, is in the turns of a loop; None if they are one."""
        nodes = self.listing.nodes
        turns = nodes[section.start + inside : section.end : section.period]
        return unlike([node[2] for node in turns])


def unlike(numbers: list[float]) -> list[float] | None:
    """Return numbers; None where all are the same, to the last bit."""
    first = numbers[0]
    if first and all(map(first.__eq__, numbers)):
        return None
    bits = first.hex()
    return numbers if any(x.hex() != bits for x in numbers) else None
