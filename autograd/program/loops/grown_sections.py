"""The sections of a program that is grown from samples: where their nodes and the operands of these are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from .listing import Unsuitable
from .repetition import Operand, Section, patterns
from .samples import Sample, is_count


class Grown(NamedTuple):
    """A section of the grown program.

    Attributes:
        section: it.
        old: that of the sample.
        operands: for each node the places of its operands or, in a loop, where these lie.
    """

    section: Section
    old: Section
    operands: list[Any]


def grown_sections(
    sample: Sample, steady: Sequence[bool], numbers: Sequence[int]
) -> tuple[int, int, list[Grown]]:
    """Return how many inputs a grown program has, the place of its first output, and its sections.

    Loops that do not grow are straight lines there.

    Raises:
        Unsuitable: what is a loop in the samples would be none, or one with steps that grow.
    """
    it = iter(numbers)
    count, end = next(it), next(it)
    grown: list[Grown] = []
    start = count
    for old, (period, _, *loop) in zip(sample.sections, sample.shape, strict=True):
        grows = not steady[len(grown)]
        if not loop:
            section = Section(start, period, 1)
            nodes = sample.listing.nodes
            counts = [
                is_count(nodes[i]) or len(sample.listing.operands[i]) for i in range(old.start, old.end)
            ]
            operands: list[Any] = [[next(it) for _ in range(n)] for n in counts]
        else:
            section = Section(start, period, next(it))
            if section.turns < 2:
                raise Unsuitable  # it has fewer turns than the samples, as a loop that a guard ended may have
            operands = [
                [Operand(next(it), next(it), tuple([next(it) for _ in range(n)])) for n in row]
                for row in loop[0]
            ]
            if not grows:
                operands = [[_at(x, turn) for x in row] for turn in range(section.turns) for row in operands]
                section = Section(start, len(operands), 1)
            elif _steps(operands) != _steps(patterns(sample.listing.operands, old)):
                raise Unsuitable
        grown.append(Grown(section, old, operands))
        start = section.end
    return count, end, grown


def _steps(operands: Sequence[Sequence[Operand]]) -> list[list[int]]:
    return [[x.step for x in row] for row in operands]


def _at(operand: Operand, turn: int) -> int:
    return operand.before[turn] if turn < len(operand.before) else operand.base + operand.step * turn
