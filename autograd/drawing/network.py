"""A network as a picture: a card a neuron, a frame a layer, an arrow a weight.

The additions and multiplications of a neuron are folded into its card, and a weight is the arrow along
which its input comes in. What was computed from the outputs is folded into the card of the result.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from ..engine import Value, data_of
from ..engine.visible import inputs_of, parts_of
from .columns import Columns, Options, short
from .names import Names
from .neurons import FoldedNeuron, Folding
from .numbers import Numbers
from .picture import Arrow, Card, Frame, Picture, Row
from .short_formula import formula
from .themes import largest_of
from .values import ids_of, value_arrows, value_card

_MOST_TARGETS = 6  # leaves beside the outputs that have cards of their own


class NetworkPicture:
    """The picture of a graph that went through a network."""

    def __init__(
        self, folding: Folding, roots: Sequence[Value], names: Names, numbers: Numbers, options: Options
    ) -> None:
        self.folding, self.roots, self.names, self.numbers = folding, roots, names, numbers
        self.options = options
        self.columns = Columns(folding.neurons, options)
        self.ids = ids_of(folding.order)
        self.cards: dict[str, Card] = {}
        self.place: dict[int, str | None] = {}  # the card of a node, by its identity
        self.inputs: dict[str, str] = {}  # cards of inputs that are numbers or many Values
        self.slots: dict[tuple[str, str, tuple[float, ...]], str] = {}
        self.by_value = without_gradients(folding.neurons)

    def picture(self) -> Picture:
        self._place_results()
        self._place_inputs()
        shown = set()
        for node in self.folding.order:
            card = self.card_of(node)
            if card and card == self.ids[id(node)] and card not in shown:
                shown.add(card)
                self.cards[card] = self._value_card(node, card)
        for group in self.columns.groups:
            self.cards[group.id] = group.card(self.numbers, self.columns, self.options)
        arrows = [a for a in self._arrows() if a.tail in self.cards and a.head in self.cards]
        roots = [card for root in self.roots if (card := self.card_of(root))]
        frames = [*self._input_frame(arrows), *self.columns.frames(self._values_of)]
        cards = list(self.cards.values())
        return Picture(cards, arrows, frames, roots, True, self.columns.compact, self.by_value)

    def _value_card(self, node: Value, card: str) -> Card:
        """Return the card of a Value; within the frame of its neuron a parameter needs no longer name."""
        full = value_card(node, card, self.names, self.numbers)
        place = self.folding.place_of(node)
        return full._replace(label=place[1]) if place else full

    # Which card a node belongs to

    def card_of(self, node: Value) -> str | None:
        """Return the card that a node is shown by; None where there is none, as of a folded weight."""
        key = id(node)
        if key in self.place:
            return self.place[key]
        if evaluation := self.folding.owner.get(key):
            neuron = evaluation.neuron
            card = self.ids[key] if self.columns.expanded(neuron) else self.columns.card_of(neuron)
        elif not node.op and (owner := self.folding.neuron_of(node)):
            card = self.ids[key] if self.columns.expanded(owner) else None
        else:
            card = self.ids[key]
        self.place[key] = card
        return card

    def _place_results(self) -> None:
        """Fold what was computed from the outputs, and nothing more, into a card for each result."""
        owner, feeding = self.folding.owner, self.folding.feeding
        wanted = {self.names.of(root) for root in self.roots} | {"loss"}
        if wanted & set(self.options.expand) or all(map(self.columns.expanded, self.folding.neurons)):
            return
        by_place = {id(node): i for i, node in enumerate(self.folding.order)}
        leaves: dict[int, Value] = {}
        for root in sorted(self.roots, key=lambda root: by_place[id(root)]):
            region: list[Value] = []
            stack = [root]
            while stack:
                node = stack.pop()
                key = id(node)
                if key in self.place or key in owner or key in feeding or self.folding.neuron_of(node):
                    continue
                if not node.op:
                    leaves[key] = node
                    continue
                self.place[key] = f"r{by_place[id(root)]}"
                region.append(node)
                stack += [x for x in inputs_of(node) if isinstance(x, Value)]
            if region:
                self._add_result(root, len(region))
        if len(leaves) > _MOST_TARGETS:
            self.place |= dict.fromkeys(leaves, None)

    def _add_result(self, root: Value, size: int) -> None:
        card = self.place[id(root)]
        assert card is not None
        name = self.names.of(root) or ("loss" if len(self.roots) == 1 else "")
        footer = self.options.footer or formula(root, self._short_name, 24) or f"{size} operations"
        full = value_card(root, card, self.names, self.numbers)
        self.cards[card] = full._replace(label=name, footer=footer)

    def _short_name(self, node: Value) -> str:
        evaluation = self.folding.owner.get(id(node))
        return short(evaluation.neuron.path) or "out" if evaluation else self.names.of(node)

    def _place_inputs(self) -> None:
        """Give the numbers, and the Values of many rows, that come in along the same weight one card."""
        for neuron in self.folding.neurons:
            if self.columns.expanded(neuron):
                continue
            column = neuron.path.rpartition(".")[0]
            sources: dict[str, list[Value | float]] = defaultdict(list)
            for evaluation in neuron.evaluations:
                for name, x in evaluation.sources:
                    if not isinstance(x, Value) or not (x.op or self.folding.neuron_of(x)):
                        sources[name].append(x)
            for name, things in sources.items():
                self._place_input(column, name, things)

    def _place_input(self, column: str, weight: str, things: list[Value | float]) -> None:
        leaves = {id(x): x for x in things if isinstance(x, Value)}
        constants = tuple(x for x in things if not isinstance(x, Value))
        key = (column, weight, constants)
        if len(leaves) == 1 and not constants:
            return
        if leaves and all(leaf in self.place for leaf in leaves):
            return
        if key not in self.slots or leaves:
            card = self.slots[key] = f"x{len(self.inputs)}"
            number = re.sub(r"\D", "", weight)
            name = next((n for x in leaves.values() if (n := self.names.of(x))), f"x{number}")
            self.inputs[card] = name
            mean = math.fsum(data_of(x) for x in things) / len(things) if things else math.nan
            rows = [Row("data" if len(things) == 1 else "mean", self.numbers(mean))]
            if leaves:
                total = sum(x.grad for x in leaves.values())
                rows.append(Row("grad", self.numbers(total), total))
            note = "" if len(things) == 1 else f"×{len(things)}"
            self.cards[card] = Card(card, "input", name, tuple(rows), note=note)
        for leaf in leaves:
            self.place.setdefault(leaf, self.slots[key])

    # Arrows

    def _arrows(self) -> Iterable[Arrow]:
        folded: dict[tuple[str, str], list[tuple[float, float | None]]] = defaultdict(list)
        weights: dict[tuple[str, str], dict[int, tuple[str, Value]]] = defaultdict(dict)
        owner = self.folding.owner
        for node in self.folding.order:
            head = self.card_of(node) if node.op else None
            if head is None:
                continue
            if head == self.ids[id(node)]:
                yield from value_arrows([node], self.card_of, self.numbers)
                continue
            for operand, partial in zip(*parts_of(node), strict=True):
                if not isinstance(operand, Value) or partial is None:
                    continue
                tail = self.card_of(operand)
                if tail is None or tail == head:
                    continue
                weight = self._weight(node) if id(node) in owner else None
                if weight is None:
                    folded[tail, head].append((partial * node.grad, partial))
                else:
                    weights[tail, head][id(weight[1])] = weight
        for (column, name, constants), card in self.slots.items():
            for neuron in self.folding.neurons:
                if neuron.path.rpartition(".")[0] == column and name in neuron.parameters:
                    theirs = [x for each in neuron.evaluations for n, x in each.sources if n == name]
                    if tuple(x for x in theirs if not isinstance(x, Value)) == constants and constants:
                        head = self.columns.card_of(neuron)
                        parameter = neuron.parameters[name]
                        if head and not self.columns.expanded(neuron):
                            weights[card, head][id(parameter)] = (f"{neuron.path}.{name}", parameter)
        for (tail, head), flows in folded.items():
            total = sum(flow for flow, _ in flows)
            yield Arrow(tail, head, total, tooltip=f"gradient {self.numbers(total)}")
        for (tail, head), along in weights.items():
            yield self.weight_arrow(tail, head, list(along.values()))

    def weight_arrow(self, tail: str, head: str, weights: Sequence[tuple[str, Value]]) -> Arrow:
        group = self.columns.is_group(head)
        return weight_arrow(tail, head, weights, self.numbers, group, self.by_value, self.options.weights)

    def _weight(self, node: Value) -> tuple[str, Value] | None:
        for x in inputs_of(node):
            if isinstance(x, Value) and (found := self.folding.place_of(x)):
                return f"{found[0].path}.{found[1]}".lstrip("."), x
        return None

    def _values_of(self, neuron: FoldedNeuron) -> tuple[str, ...]:
        """Return the cards of the Values of a neuron that is shown in full."""
        mine = {id(p) for p in neuron.parameters.values()}
        owner = self.folding.owner
        return tuple(
            self.ids[id(node)]
            for node in self.folding.order
            if id(node) in mine or ((evaluation := owner.get(id(node))) and evaluation.neuron is neuron)
        )

    def _input_frame(self, arrows: Sequence[Arrow]) -> Iterable[Frame]:
        """Yield the inputs of the network as a column of their own; of many, the foremost only."""
        heads = {group.id for group in self.columns.groups}
        tails = {arrow.tail for arrow in arrows if arrow.head in heads}
        column = [c.id for c in self.cards.values() if c.id in tails and c.kind == "input"]
        if len(column) > self.options.most:
            sizes = {c: largest_of(r.gradient or 0.0 for r in self.cards[c].rows) for c in column}
            if not any(sizes.values()):
                for arrow in arrows:
                    if arrow.tail in sizes:
                        sizes[arrow.tail] = max(sizes[arrow.tail], abs(arrow.flow))
            kept = set(sorted(column, key=lambda c: -sizes[c])[: self.options.most])
            for card in column:
                if card not in kept:
                    del self.cards[card]
            arrows[:] = [a for a in arrows if a.tail in self.cards]  # type: ignore[index]
            more = len(column) - len(kept)
            yield Frame("inputs", "inputs", tuple(c for c in column if c in kept), column=True, more=more)
        elif len(column) > 1:
            yield Frame("inputs", "", tuple(column), column=True)


def without_gradients(neurons: Iterable[FoldedNeuron]) -> bool:
    """Say whether no parameter has a gradient, as before backward(): then arrows show the weights."""
    return not any(parameter.grad for neuron in neurons for parameter in neuron.parameters.values())


def weight_arrow(
    tail: str,
    head: str,
    weights: Sequence[tuple[str, Value]],
    numbers: Numbers,
    group: bool,
    by_value: bool,
    shown: bool,
) -> Arrow:
    """Return the arrow that stands for weights; more than one come together as their gradient's norm.

    Args:
        tail, head: the cards.
        weights: the weights by their paths.
        numbers: how numbers are written.
        group: whether the head stands for several neurons.
        by_value: whether the weights themselves flow along it, not their gradients.
        shown: whether it bears the weight.
    """
    flows = [weight.data if by_value else weight.grad for _, weight in weights]
    if group:
        text = f"{len(weights)} weights, gradient's norm {numbers(math.hypot(*[w.grad for _, w in weights]))}"
        return Arrow(tail, head, math.hypot(*flows), tooltip=text, scale="norm")
    described = [f"{path} = {numbers(w.data)}, gradient {numbers(w.grad)}" for path, w in weights]
    text = ", ".join(numbers(w.data) for _, w in weights) if shown else ""
    return Arrow(tail, head, sum(flows), text, "; ".join(described), "weight")


def module_picture(neurons: Sequence[FoldedNeuron], numbers: Numbers, options: Options) -> Picture:
    """Return the picture of a network that computed nothing: its parameters, and which layer feeds which."""
    columns = Columns(neurons, options)
    cards = {group.id: group.card(numbers, columns, options) for group in columns.groups}
    by_path = {neuron.path: neuron for neuron in neurons}
    weights: dict[tuple[str, str], list[tuple[str, Value]]] = defaultdict(list)
    inputs: dict[str, Card] = {}
    for neuron in neurons:
        head = columns.card_of(neuron)
        match = re.fullmatch(r"(.*layers\[)(\d+)(\]\.neurons\[)\d+\]|(neurons\[\d+\])?", neuron.path)
        for name, weight in neuron.parameters.items():
            if not (match and head and (index := re.fullmatch(r"w\[(\d+)\]", name))):
                continue
            before = f"{match[1]}{int(match[2]) - 1}{match[3]}{index[1]}]" if match[1] else ""
            if before in by_path and before != neuron.path:
                tail = columns.card_of(by_path[before])
            else:
                tail = f"x{index[1]}"
                inputs[tail] = Card(tail, "input", f"x{index[1]}", ())
            if tail and tail != head:
                weights[tail, head].append((f"{neuron.path}.{name}".lstrip("."), weight))
    by_value = without_gradients(neurons)
    arrows = [
        weight_arrow(t, h, ws, numbers, columns.is_group(h), by_value, options.weights)
        for (t, h), ws in weights.items()
    ]
    frames = list(columns.frames(lambda neuron: ()))
    shown = list(inputs)[: options.most]
    if len(inputs) > 1:
        more = len(inputs) - len(shown)
        title = "inputs" if more else ""
        frames.insert(0, Frame("inputs", title, tuple(shown), column=True, more=more))
    there = {**{i: inputs[i] for i in shown}, **cards}
    arrows = [a for a in arrows if a.tail in there and a.head in there]
    outputs = [c for c in cards if c not in {a.tail for a in arrows}]
    return Picture(list(there.values()), arrows, frames, outputs, True, columns.compact, by_value)
