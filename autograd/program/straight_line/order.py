"""The order of a reverse sweep over a program, which is that of the engine's sweep over the graph."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .program import CHOICES, RELATIONS, Program


def active_edges(program: Program, by: Sequence[int]) -> list[tuple[int, ...]]:
    """Return, for each node, the operands through which it depends on some nodes with a derivative."""
    leads = bytearray(len(program.nodes))
    for place in by:
        leads[place] = 1
    edges: list[tuple[int, ...]] = []
    for place, node in enumerate(program.nodes):
        if node.op in RELATIONS or node.op in ("input", "number", "detached") or leads[place]:
            edges.append(())
            continue
        op, operands = node.edges
        candidates = operands[1:] if op in CHOICES else operands
        edges.append(tuple([i for i in candidates if leads[i]]))
        if edges[-1]:
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
        rest = [list(edges[root])]
        while path:
            if rest[-1]:
                operand = rest[-1].pop()
                if not seen[operand]:
                    seen[operand] = 1
                    path.append(operand)
                    rest.append(list(edges[operand]))
            else:
                order.append(path.pop())
                rest.pop()
    return reversed(order)
