"""The order of a reverse sweep over a program, which is that of the engine's sweep over the graph."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .program import CHOICES, RELATIONS, Program

_WITHOUT_EDGES = frozenset({*RELATIONS, "input", "number", "detached"})


def active_edges(program: Program, by: Sequence[int]) -> list[tuple[int, ...]]:
    """Return, for each node, the operands through which it depends on some nodes with a derivative."""
    leads = bytearray(len(program.nodes))
    for place in by:
        leads[place] = 1
    edges: list[tuple[int, ...]] = []
    for place, (op, operands, _, _, last) in enumerate(program.nodes):
        if op in _WITHOUT_EDGES or leads[place]:
            edges.append(())
            continue
        if last is not None:
            op, operands = last[0], last[1:]
        if len(operands) == 2 and op not in CHOICES:
            x, y = operands
            if not leads[x]:
                operands = (y,) if leads[y] else ()
            elif not leads[y]:
                operands = (x,)
        else:
            operands = tuple([i for i in (operands[1:] if op in CHOICES else operands) if leads[i]])
        edges.append(operands)
        if operands:
            leads[place] = 1
    return edges


def depth_first(edges: Sequence[tuple[int, ...]], roots: Sequence[int]) -> Iterator[int]:
    """Yield the roots and what they depend on, each before its operands.

    It is the order of `topological_order(..., reverse=True)` of the engine, so that a sweep adds in the
    same order as `backward()` does, and rounds alike.
    """
    order: list[int] = []
    seen = bytearray(len(edges))
    for root in reversed(roots):
        if seen[root]:
            continue
        seen[root] = 1
        path = [root]
        rest = [*edges[root]]
        ahead = [0]  # for each node of the path, how much of the rest was there before its operands
        while path:
            if len(rest) > ahead[-1]:
                operand = rest.pop()
                if not seen[operand]:
                    seen[operand] = 1
                    path.append(operand)
                    ahead.append(len(rest))
                    rest += edges[operand]
            else:
                order.append(path.pop())
                ahead.pop()
    return reversed(order)
