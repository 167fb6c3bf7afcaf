"""A graph step by step: the forward pass, node by node, then the backward pass, product by product.

`Steps` reads a recorded graph and tells what happened in it and what `backward()` would do, as a sequence of
small records. It computes the gradients beside the graph, with the very additions that `backward()` makes,
and changes nothing in it.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, overload

from ..engine import Value, topological_order
from ..engine.node import check_recorded
from ..engine.visible import op_of, parts_of, visible
from ..support.languages import said
from ..support.terminal import columns, pad
from .node_names import NodeNames
from .step import BACKWARD, FORWARD, Operand, Step

__all__ = ["Steps"]


class Steps:
    """The steps of a graph, forward and backward, computed as they are asked for.

    `Walk`, which is what users have, says what its attributes are.
    """

    def __init__(self, value: Value, variables: Mapping[str, Any] | None = None, lang: str = "en") -> None:
        check_recorded(value, "an explanation")
        self.lang = lang
        self.nodes = visible(topological_order(value))
        self.parts = [parts_of(node) for node in self.nodes]
        self._data = array("d", [node.data for node in self.nodes])  # as it is now, whatever changes later
        self._ids = {id(node): index for index, node in enumerate(self.nodes)}
        self._names = NodeNames(self.nodes, variables)
        self.output = self._names.of(len(self.nodes) - 1)
        self.forward = len(self.nodes)
        self._sweep(visible(topological_order(value, reverse=True)))
        self.backward = 1 + len(self._before)

    def _sweep(self, order: list[Value]) -> None:
        """Find all gradients as backward() does, and what each was before each addition."""
        self._order: array[int] = array("q", [self._ids[id(node)] for node in order])
        self._before: array[float] = array("d")
        self._gradients = array("d", bytes(8 * len(order)))
        self._gradients[-1] = 1.0
        first = [0]  # the place of the first edge of each of them
        for node in self._order:
            for _, target, local in self.edges(node):
                before = self._gradients[target]
                self._before.append(before)
                self._gradients[target] = before + local * self._gradients[node]
            first.append(len(self._before))
        self._first = array("q", first)

    def edges(self, node: int) -> list[tuple[int, int, float]]:
        """Return the edges of the node of that id: which operand, its id, and the local derivative."""
        operands, partials = self.parts[node]
        pairs = enumerate(zip(operands, partials, strict=True))
        return [(i, self._ids[id(x)], local) for i, (x, local) in pairs if local is not None]

    def gradient(self, node: int) -> float:
        """Return the derivative of the result with respect to the node of that id, as backward() finds it."""
        return self._gradients[node]

    def id(self, value: Value) -> int | None:
        """Return the id of a Value; None where the result does not depend on it."""
        return self._ids.get(id(value))

    def name(self, node: int) -> str:
        """Return the name of the node of that id."""
        return self._names.of(node)

    def is_numbered(self, node: int) -> bool:
        """Say whether the node of that id is called by its place, such as v3."""
        return self._names.is_numbered(node)

    def name_of_other(self, value: Value) -> str:
        """Return a name for a Value that is not in the graph, which no node has."""
        return self._names.of_other(value)

    def has_label(self, label: str) -> bool:
        """Say whether a node has that label."""
        return self._names.has_label(label)

    def __len__(self) -> int:
        return self.forward + self.backward

    @overload
    def __getitem__(self, index: int) -> Step: ...

    @overload
    def __getitem__(self, index: slice) -> list[Step]: ...

    def __getitem__(self, index: int | slice) -> Step | list[Step]:
        if isinstance(index, slice):
            return [self._step(i) for i in range(*index.indices(len(self)))]
        place = index + len(self) if index < 0 else index
        if not 0 <= place < len(self):
            raise IndexError(f"the walk has {len(self)} steps; there is none at {index}")
        return self._step(place)

    def __iter__(self) -> Iterator[Step]:
        return map(self._step, range(len(self)))

    def __reversed__(self) -> Iterator[Step]:
        return map(self._step, reversed(range(len(self))))

    def _step(self, index: int) -> Step:
        if index <= self.forward:
            node = min(index, self.forward - 1)
            what = self._what(node)
            custom = _is_custom(self.nodes[node])
            if index < self.forward:
                return Step(FORWARD, index, *what, custom=custom)
            return Step(BACKWARD, index, *what, None, node, None, None, 1.0, 0.0, 1.0, custom)
        edge = index - self.forward - 1
        place = bisect_right(self._first, edge) - 1
        node = self._order[place]
        operand, target, local = self.edges(node)[edge - self._first[place]]
        upstream, before = self._gradients[node], self._before[edge]
        change = local * upstream
        flow = (local, upstream, change, before, before + change)
        custom = _is_custom(self.nodes[node])
        return Step(BACKWARD, index, *self._what(node), operand, target, *flow, custom)

    def _what(self, node: int) -> tuple[int, str, str, tuple[Operand, ...], float, str]:
        value = self.nodes[node]
        operands = tuple(map(self._operand, self.parts[node][0]))
        return node, self.name(node), op_of(value), operands, self._data[node], self.output

    def _operand(self, operand: Value | float) -> Operand:
        if not isinstance(operand, Value):
            return Operand(None, "", operand)
        node = self._ids[id(operand)]
        return Operand(node, self.name(node), self._data[node])

    # How it is shown

    def table(self, limit: int | None = 1000) -> str:
        """Return the steps as a table in text.

        Args:
            limit: how many steps are shown; of more, the middle is left out. None shows all.
        """
        count = len(self)
        if limit is None or count <= limit:
            return _lines(self, self.lang)
        head = (limit + 1) // 2
        first, last = self[:head], self[head + count - limit :]
        left_out = said("... {count} steps left out ...", self.lang, count=count - limit)
        return f"{_lines(first, self.lang)}\n{left_out}\n{_lines(last, self.lang)}"

    def __str__(self) -> str:
        return self.table()

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self.forward} steps forward, {self.backward} backward>"


def _is_custom(node: Value) -> bool:
    return getattr(node.op, "call", None) is not None


def _lines(steps: Iterable[Step], lang: str) -> str:
    rows = [(said(step.phase, lang), *step.row(lang)) for step in steps]
    widths = [max(columns(row[i]) for row in rows) for i in range(1, 4)]
    lines = []
    phase = ""
    for row in rows:
        if row[0] != phase:
            phase = row[0]
            lines.append(phase)
        cells = [row[1].rjust(widths[0]), pad(row[2], widths[1]), row[3]]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)
