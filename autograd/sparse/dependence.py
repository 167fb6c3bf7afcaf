"""Which entries derivatives have: what a graph says of them, whatever its numbers are.

A graph is given by its edges: for each node, which have the numbers from 0 on, those of its operands through
which it depends on what is differentiated by. A Jacobian has an entry where there is a way from a result to
an input. A Hessian has one for two inputs where some operation, of two operands or twice of one, has a second
derivative by these (`interactions`), and there is a way from the one to the one input and from the other to
the other: the nonlinear interactions of Walther, Computing sparse Hessians with automatic differentiation,
ACM Transactions on Mathematical Software 34 (2008).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

Edges = Sequence[tuple[int, ...]]


class Domains:
    """The inputs on which nodes depend, each found when it is asked for.

    Args:
        edges: those of the graph.
        by: the nodes that are the inputs.
    """

    def __init__(self, edges: Edges, by: Sequence[int]) -> None:
        self._edges = edges
        self._known: dict[int, frozenset[int]] = {place: frozenset([i]) for i, place in enumerate(by)}

    def of(self, place: int) -> frozenset[int]:
        """Return the inputs, by their places among these, on which a node depends."""
        edges, domains = self._edges, self._known
        known = domains.get(place)
        while known is None and len(edges[place]) == 1:  # it depends on what its operand does
            (place,) = edges[place]
            known = domains.get(place)
        if known is not None:
            return known
        # What lies between is not kept: in a long sum each node would keep all terms before it.
        seen: set[int] = {place}
        found: set[int] = set()
        todo = [place]
        while todo:
            for operand in edges[todo.pop()]:
                if operand not in seen:
                    seen.add(operand)
                    its = domains.get(operand)
                    if its is None:
                        todo.append(operand)
                    else:
                        found |= its
        result = domains[place] = frozenset(found)
        return result


def jacobian_rows(edges: Edges, by: Sequence[int], results: Iterable[int]) -> list[list[int]]:
    """Return for each result the inputs of its entries, in order.

    >>> jacobian_rows([(), (), (0,), (2, 1)], [0, 1], [2, 3])
    [[0], [0, 1]]
    """
    domains = Domains(edges, by)
    return [sorted(domains.of(result)) for result in results]


def hessian_rows(
    edges: Edges,
    by: Sequence[int],
    result: int,
    pairs: Iterable[tuple[int, int, int]],
) -> list[list[int]]:
    """Return for each input the inputs of its entries, in order.

    Args:
        edges: those of the graph, each node after its operands.
        by: the nodes that are the inputs.
        result: the node that is differentiated twice.
        pairs: of nodes by which a node has second derivatives, each after that node.

    >>> hessian_rows([(), (), (0, 1)], [0, 1], 2, [(2, 0, 1)])
    [[1], [0]]
    """
    rows: list[set[int]] = [set() for _ in by]
    domains = Domains(edges, by)
    reached = _reached(edges, result)
    for place, x, y in pairs:
        if not reached[place]:
            continue
        its = domains.of(x)
        other = its if x == y else domains.of(y)
        for i in its:
            rows[i] |= other
        if x != y:
            for i in other:
                rows[i] |= its
    return [sorted(row) for row in rows]


def _reached(edges: Edges, result: int) -> bytearray:
    """Return for each node whether one depends on it, or it is that itself."""
    reached = bytearray(len(edges))
    reached[result] = 1
    for place in range(result, -1, -1):
        if reached[place]:
            for operand in edges[place]:
                reached[operand] = 1
    return reached
