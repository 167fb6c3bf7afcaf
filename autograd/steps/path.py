"""One path of an explanation, and what the names in it stand for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..engine import Value, data_of
from ..formulas import (
    Derivative,
    Formula,
    Number,
    Related,
    Symbol,
    decided_derivative,
    product_of,
)
from .chains import Edge, contribution
from .sequence import Steps

__all__ = ["Path", "definition_of", "numbered_nodes"]

FACTORS = 12
"""How many factors of a product are shown; of more, the middle is left out."""

DEFINITIONS = 24
"""How many names without a label are said to stand for what."""


class Path:
    """One path from x to y, and what it contributes to the derivative.

    Attributes:
        nodes: the ids of its nodes, from x to y.
        locals: the local derivatives along it, from y to x.
        contribution: their product.
    """

    def __init__(self, steps: Steps, edges: tuple[Edge, ...], end: int) -> None:
        self.nodes = (end, *[edge.node for edge in reversed(edges)])
        self.locals = tuple(edge.local for edge in edges)
        self.contribution = contribution(edges)
        self._steps = steps
        self._edges = edges

    def __repr__(self) -> str:
        return f"<Path: {self.route}, {self.contribution!r}>"

    @property
    def route(self) -> str:
        """The names of its nodes, from x to y."""
        return " ".join(f"→{mark} {name}" if mark is not None else name for mark, name in self.stations)

    @property
    def stations(self) -> Iterator[tuple[str | None, str]]:
        """The name of each node that is shown, and before it what the arrow to it bears; None at the first.

        An arrow to an operation both of whose operands are one node bears which of the two it comes from.
        """
        yield None, self._steps.name(self.nodes[0])
        for edge in reversed(_shortened(self._edges)):
            if edge is None:
                yield "", "…"
                continue
            operands = self._steps.parts[edge.node][0]
            twice = len(operands) == 2 and operands[0] is operands[1]
            yield "₁₂"[edge.operand] if twice else "", self._steps.name(edge.node)

    @property
    def formula(self) -> Related:
        """The product: as symbols, by the rules, in numbers, and the result, each where it says more."""
        edges = _shortened(self._edges)
        gap = Symbol("…")
        name = self._steps.name
        symbols = [gap if e is None else Derivative(name(e.node), name(e.target)) for e in edges]
        rules = [gap if e is None else self._rule(e) for e in edges]
        numbers = [gap if e is None else Number(e.local) for e in edges]
        members: list[Formula] = [product_of(symbols)]
        for member in (product_of(rules), product_of(numbers), Number(self.contribution)):
            if not member.same(members[-1]):
                members.append(member)
        return Related(tuple(members), "=")

    @property
    def shown_nodes(self) -> Iterator[int]:
        """The ids of the nodes whose names stand in the path as it is shown, some of them twice."""
        yield self.nodes[0]
        for edge in _shortened(self._edges):
            if edge is not None:
                yield edge.node
                yield edge.target
                named = set(_symbols(self._rule(edge)))
                yield from (i for i in _operands(self._steps, edge.node) if self._steps.name(i) in named)

    def _rule(self, edge: Edge) -> Formula:
        node = self._steps.nodes[edge.node]
        if getattr(node.op, "call", None) is not None:  # a function with a derivative of its own
            return Number(edge.local)
        symbols: list[Formula] = []
        numbers = []
        for operand in self._steps.parts[edge.node][0]:
            place = self._steps.id(operand) if isinstance(operand, Value) else None
            symbols.append(Number(float(operand)) if place is None else Symbol(self._steps.name(place)))
            numbers.append(data_of(operand))
        name = Symbol(self._steps.name(edge.node))
        return decided_derivative(node.op, edge.operand, symbols, numbers, node.data, edge.local, name)


def numbered_nodes(steps: Steps, shown: Sequence[int]) -> tuple[list[int], bool]:
    """Return the nodes to define: those shown that are called v3 and the like, and those that these are of.

    Returns:
        their ids in order, at most 24, those shown first being kept, and whether there are more.
    """
    found: dict[int, None] = {}
    waiting = list(dict.fromkeys(shown))
    for node in waiting:  # grows on the way
        if steps.is_numbered(node) and node not in found:
            if len(found) == DEFINITIONS:
                return sorted(found), True
            found[node] = None
            waiting += _operands(steps, node)
    return sorted(found), False


def definition_of(steps: Steps, node: int) -> Related:
    """Return what a node is: `v3 = p · x = 20`, and of a leaf `v0 = 2`."""
    rule, number = steps[node].rule, Number(steps[node].data)
    return rule if rule.members[-1].same(number) else Related((*rule.members, number), "=")


def _operands(steps: Steps, node: int) -> list[int]:
    return [target for _, target, _ in steps.edges(node)]


def _symbols(formula: Formula) -> Iterator[str]:
    if isinstance(formula, Symbol):
        yield formula.name
    for part in formula.parts():
        yield from _symbols(part)


def _shortened(edges: tuple[Edge, ...]) -> list[Edge | None]:
    if len(edges) <= FACTORS:
        return list(edges)
    return [*edges[: FACTORS // 2], None, *edges[-(FACTORS // 2 - 1) :]]
