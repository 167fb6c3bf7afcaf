"""A graph that went through a network, anew, with the numbers of its data points as leaves.

`model([0.5, -1.0])` multiplies its weights with plain numbers, which are constants of the products and not
Values. Here the graph is copied, and what a neuron's weight is multiplied by becomes a leaf of its own, as
does a number that an output is compared with: so they can be moved. The graph itself stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from copy import copy

from ..drawing.neurons import Evaluation, Folding
from ..engine import Value, topological_order
from ..engine.visible import visible


class DataPoints:
    """The copy of a graph.

    Attributes:
        value: the result, in the copy.
        order: its nodes in topological order. Leaves are the graph's own; the inner nodes are copies.
        leaves: those that stand for numbers, by what they are called: `x0`, and `target`.
    """

    def __init__(self, order: Sequence[Value], folding: Folding, target: str) -> None:
        """Copy a graph.

        Args:
            order: the graph in topological order, its result the last.
            folding: its neurons.
            target: what a number is called that an output is compared with.
        """
        self.folding = folding
        self.leaves: dict[str, Value] = {}
        self._known: dict[tuple[object, ...], Value] = {}
        self._turn = {
            id(evaluation): turn
            for neuron in folding.neurons
            for turn, evaluation in enumerate(neuron.evaluations)
        }
        self._turns = max(len(neuron.evaluations) for neuron in folding.neurons)
        self._several = len([e for n in folding.neurons for e in n.evaluations if self._is_output(e)])
        self._taken = {node.label for node in order}
        self._target = target
        copies: dict[int, Value] = {}
        for node in order:
            if not node.op:
                copies[id(node)] = node
                continue
            twin = copies[id(node)] = copy(node)
            twin._a = None if node._a is None else copies[id(node._a)]
            twin._b = None if node._b is None else copies[id(node._b)]
            leaf = self._leaf_for(node)
            if leaf is not None:  # for a Value is true where it is not 0
                _fill(twin, leaf)
        self.value = copies[id(order[-1])]
        self.order = visible(topological_order(self.value))

    def _leaf_for(self, node: Value) -> Value | None:
        """Return the leaf that a node has instead of its constant operand, if that belongs to the data."""
        if len(node._edges) != 1 or len(node.operands) != 2:
            return None
        constant = node.operands[1 - node._edges[0][0]]
        assert not isinstance(constant, Value)
        other = node._edges[0][1]
        evaluation = self.folding.owner.get(id(node))
        if evaluation and (place := self.folding.place_of(other)):
            column = place[0].path.rpartition(".")[0]
            turn = self._turn[id(evaluation)]
            number = re.sub(r"\D", "", place[1])
            return self._made((column, place[1], turn, constant), f"x{number}", turn)
        source = self.folding.owner.get(id(other))
        if node.op == "-" and source and source.out is other and self._is_output(source):
            turn = self._turn[id(source)]
            return self._made((id(other), constant), self._target, self._number_of(source))
        return None

    def _is_output(self, evaluation: Evaluation) -> bool:
        return id(evaluation.out) not in self.folding.feeding

    def _number_of(self, evaluation: Evaluation) -> int:
        """Return the number of an output among all of them, point by point."""
        outputs = [n for n in self.folding.neurons if any(map(self._is_output, n.evaluations))]
        return self._turn[id(evaluation)] * len(outputs) + outputs.index(evaluation.neuron)

    def _made(self, key: tuple[object, ...], name: str, number: int) -> Value:
        """Return the leaf of a constant, which all neurons that have the same input share."""
        if key not in self._known:
            several = self._several > 1 if name == self._target else self._turns > 1
            label = wanted = f"{name}({number + 1})" if several else name
            while label in self._taken:
                label = f"{wanted}_{len(self._taken)}"
            self._taken.add(label)
            self._known[key] = self.leaves[label] = Value(key[-1], label=label)
        return self._known[key]


def _fill(node: Value, leaf: Value) -> None:
    """Put a leaf where a product or a difference has a constant; its local derivatives follow."""
    (place, other, _) = node._edges[0]
    slope = other.data if node.op == "*" else (1.0, -1.0)[1 - place]
    if place == 0:
        node._b, node._db = leaf, slope
    else:
        node._a, node._da = leaf, slope
