"""Neurons, found again in the graph that they recorded.

A Value knows nothing of networks. But a neuron's parameters are known, by identity where the module is
given and else by their labels, `layers[0].neurons[3].w[1]`, and what it recorded has a form of its own:
products of its weights with inputs, added up together with its bias until each of its parameters stands in
the sum once. That sum, the activation behind it, and all between belong to the neuron.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from ..engine import Value
from ..engine.visible import inputs_of
from ..nn import ACTIVATIONS

_LABEL = re.compile(r"((?:.*\.)?)(w\[\d+\]|b)")


class Evaluation:
    """One evaluation of a neuron: the sum of its products, and what it gives."""

    def __init__(self, neuron: FoldedNeuron, total: Value) -> None:
        self.neuron = neuron
        self.total = total
        self.out = total
        self.sources: list[tuple[str, Value | float]] = []  # a weight's name and what it was multiplied by
        self.activation: list[str] = []


class FoldedNeuron:
    """A part of a module that adds up weighted inputs.

    Attributes:
        path: how it is reached, such as `layers[0].neurons[3]`.
        parameters: its parameters by name, `w[0]` and so on.
        evaluations: one for each time that the graph went through it.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self.parameters: dict[str, Value] = {}
        self.evaluations: list[Evaluation] = []

    @property
    def levels(self) -> int:
        """How many modules deep it lies: 2 for `layers[0].neurons[3]`."""
        return len(self.path.split(".")) if self.path else 0

    @property
    def bias(self) -> Value | None:
        """The parameter that is no weight, if there is one."""
        return self.parameters.get("b")

    def activation(self) -> str:
        """Return the name of what follows the sum, "linear" where nothing does."""
        names = {" ".join(evaluation.activation) for evaluation in self.evaluations}
        return (names.pop() or "linear") if len(names) == 1 else ""


def neurons_of(paths: Iterable[tuple[str, Value]]) -> list[FoldedNeuron]:
    """Return the owners of parameters, in the order of the paths."""
    neurons: dict[str, FoldedNeuron] = {}
    for path, parameter in paths:
        owner, _, name = path.rpartition(".")
        neurons.setdefault(owner, FoldedNeuron(owner)).parameters[name] = parameter
    return list(neurons.values())


def labelled_paths(order: Iterable[Value]) -> list[tuple[str, Value]]:
    """Return the parameters in a graph by their labels, such as `layers[0].neurons[3].w[1]`.

    There are none where two leaves have the same label: then they belong to different modules, and which to
    which cannot be told.
    """
    found: dict[str, Value] = {}
    for node in order:
        if not node.op and (label := node.label) and _LABEL.fullmatch(label):
            if label in found:
                return []
            found[label] = node
    return sorted(found.items(), key=lambda item: _natural(item[0]))


def _natural(path: str) -> list[tuple[int, str]]:
    """Return a key by which neurons[2] comes before neurons[10]."""
    return [(int(part or 0), "") if i % 2 else (0, part) for i, part in enumerate(re.split(r"(\d+)", path))]


_Parts = dict[int, tuple[FoldedNeuron, int]]
"""What part of a neuron's sum a node is, by its identity: the neuron, and how many parameters are in it."""


class Folding:
    """A graph in topological order, its nodes sorted into neurons and others.

    Attributes:
        neurons: those that the graph went through.
        owner: the evaluation that a node belongs to, by the node's identity.
        feeding: identities of the nodes from which some neuron's input was computed.
    """

    def __init__(self, order: Sequence[Value], neurons: Iterable[FoldedNeuron]) -> None:
        self.order = order
        self.owner: dict[int, Evaluation] = {}
        self.feeding: set[int] = set()
        candidates = list(neurons)
        self._place = {id(p): (n, name) for n in candidates for name, p in n.parameters.items()}
        self._find_sums()
        self._mark_feeding()
        self._add_activations()
        self.neurons = [neuron for neuron in candidates if neuron.evaluations]

    def place_of(self, node: Value) -> tuple[FoldedNeuron, str] | None:
        """Return the neuron that a Value is a parameter of, and its name there."""
        place = self._place.get(id(node))
        return place if place and place[0].evaluations else None

    def neuron_of(self, node: Value) -> FoldedNeuron | None:
        """Return the neuron that a Value is a parameter of."""
        place = self.place_of(node)
        return place[0] if place else None

    def _find_sums(self) -> None:
        """Find each sum that has every parameter of a neuron once, and make an evaluation of it."""
        parts: _Parts = {}
        for node in self.order:
            if not node.op:
                if place := self._place.get(id(node)):
                    parts[id(node)] = (place[0], 1)
                continue
            part = self._product(node, parts) if node.op == "*" else None
            if node.op == "+":
                pair = [parts.get(id(x)) if isinstance(x, Value) else None for x in node.operands]
                if pair[0] and pair[1] and pair[0][0] is pair[1][0]:
                    part = (pair[0][0], pair[0][1] + pair[1][1])
            if part:
                parts[id(node)] = part
                if part[1] == len(part[0].parameters):
                    self._make_evaluation(part[0], node, parts)

    def _product(self, node: Value, parts: _Parts) -> tuple[FoldedNeuron, int] | None:
        """Return the part that the product of a parameter and something else is."""
        weights = [x for x in node.operands if id(x) in self._place]
        if len(weights) != 1:
            return None
        neuron = self._place[id(weights[0])][0]
        other = next(x for x in node.operands if x is not weights[0])
        return None if parts.get(id(other), (None,))[0] is neuron else (neuron, 1)

    def _make_evaluation(self, neuron: FoldedNeuron, total: Value, parts: _Parts) -> None:
        evaluation = Evaluation(neuron, total)
        names: list[str] = []
        stack = [total]
        while stack:
            node = stack.pop()
            if not node.op:
                names.append(self._place[id(node)][1])
                continue
            self.owner[id(node)] = evaluation
            if node.op == "*":
                name, source = self._weight_and_source(node)
                names.append(name)
                evaluation.sources.append((name, source))
            else:
                stack += [x for x in node.operands if isinstance(x, Value)]
        if len(set(names)) != len(names):  # a parameter twice is no neuron
            self.owner = {key: each for key, each in self.owner.items() if each is not evaluation}
            return
        evaluation.sources.reverse()
        neuron.evaluations.append(evaluation)

    def _weight_and_source(self, node: Value) -> tuple[str, Value | float]:
        a, b = node.operands
        return (self._place[id(a)][1], b) if id(a) in self._place else (self._place[id(b)][1], a)

    def _mark_feeding(self) -> None:
        evaluations = {id(each): each for each in self.owner.values()}
        self.feeding = {
            id(x) for each in evaluations.values() for _, x in each.sources if isinstance(x, Value)
        }
        for node in reversed(self.order):
            if id(node) in self.feeding:
                self.feeding.update(id(x) for x in inputs_of(node) if isinstance(x, Value))

    def _add_activations(self) -> None:
        """Add to a neuron what was computed from its sum alone, by a known name or for other neurons."""
        after: set[int] = {id(evaluation.total) for evaluation in self.owner.values()}
        uses = Counter(id(x) for node in self.order for x in inputs_of(node) if id(x) in after)
        for node in self.order:
            values = [x for x in inputs_of(node) if isinstance(x, Value)]
            if id(node) in self.owner or not values or not all(id(x) in after for x in values):
                continue
            evaluations = [self.owner[id(x)] for x in values]
            evaluation = evaluations[0]
            total = evaluation.total
            known = node.op in ACTIVATIONS and values[0] is total and uses[id(total)] == 1
            if all(each is evaluation for each in evaluations) and (known or id(node) in self.feeding):
                self.owner[id(node)] = evaluation
                after.add(id(node))
                evaluation.out = node
                evaluation.activation.append(str(node.op))
