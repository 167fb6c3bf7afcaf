"""A folded network as the page needs it: which card, which arrow, which point of data is which node.

It goes by numbers: a node by its place in the walk, a neuron by its place among the neurons. What the page
shows of them it finds in the numbers of all nodes, which its program gives.
"""

from __future__ import annotations

import html
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from ..drawing.columns import Options, short
from ..drawing.graphs import check_expand, folding_of, paths_in
from ..drawing.names import Names, parameter_paths
from ..drawing.network import NetworkPicture
from ..drawing.neurons import Evaluation, FoldedNeuron, Folding, labelled_paths, neurons_of
from ..drawing.numbers import Numbers
from ..drawing.picture import Card, Frame, Picture
from ..engine import Value, topological_order
from ..engine.node import check_recorded
from ..steps.sequence import Steps
from .data_points import DataPoints
from .graph_program import Edge
from .network_picture import Shown
from .network_words import network_words_of

MOST_NODES = 4000
"""How large the graph of a network may be: its page follows within a frame."""

Paths = list[tuple[str, Value]] | None


def live_network(value: Value, module: Any, expand: Any, lang: str) -> LiveNetwork | None:
    """Return the folded network that a graph went through; None where `draw` would not fold it.

    Args:
        value: the result.
        module: the network, or networks by name, if that is given.
        expand: what is shown in full, as for `draw`.
        lang: the language in which leaves without a name are called.
    """
    check_recorded(value, "a page")
    order = topological_order(value)
    paths = None if module is None else parameter_paths(module)
    folding = folding_of(order, paths, expand, bool(expand) and expand is not True)
    return None if folding is None else LiveNetwork(order, folding, paths, expand, network_words_of(lang))


class LiveNetwork:
    """A graph that went through a network, with the numbers of its data points as leaves.

    Attributes:
        value: the result, in a copy of the graph.
        folding: the neurons in that.
        picture: what there is to see.

    Args:
        order: the graph in topological order.
        folding: its neurons.
        paths: the parameters of the network given, by path; None where labels tell them.
        expand: what is shown in full nevertheless, as for `draw`.
        words: what the leaf is called that an output is compared with, and the result if it has no name.

    Raises:
        ValueError: the graph is too large, or there is nothing at a path of `expand`.
    """

    def __init__(
        self, order: Sequence[Value], folding: Folding, paths: Paths, expand: Any, words: dict[str, str]
    ) -> None:
        if len(order) > MOST_NODES:
            raise ValueError(
                f"the graph has {len(order)} Values, more than the {MOST_NODES} that the page of a network "
                "follows; play the loss of one data point, or of fewer of them: play(loss_of(points[0]))"
            )
        points = DataPoints(order, folding, words["target"])
        self.value, self.order = points.value, points.order
        found = labelled_paths(self.order) if paths is None else paths
        self.folding = Folding(self.order, neurons_of(found))
        self.names = Names(paths or ())
        if not self.names.of(self.value):
            self.value.label = words["out" if self._is_output(self.value) else "loss"]
        options = Options(None, paths_in(expand), most=len(order))
        check_expand(options.expand, self.folding, self.names, [self.value])
        self._view = NetworkPicture(self.folding, [self.value], self.names, Numbers(".4g"), options)
        picture = self._view.picture()
        self.picture: Picture = picture._replace(
            cards=[_said_card(card, words) for card in picture.cards],
            frames=[_said_frame(frame, words) for frame in picture.frames],
        )
        self._ids = {id(node): i for i, node in enumerate(self.order)}
        self._inner: dict[int, list[Value]] = defaultdict(list)  # the nodes of each evaluation
        for node in self.order:
            if evaluation := self.folding.owner.get(id(node)):
                self._inner[id(evaluation)].append(node)

    def _is_output(self, node: Value) -> bool:
        evaluation = self.folding.owner.get(id(node))
        return evaluation is not None and evaluation.out is node

    @property
    def parameters(self) -> list[Value]:
        """The parameters of the neurons, which gradient descent moves."""
        mine = {id(p) for neuron in self.folding.neurons for p in neuron.parameters.values()}
        return [node for node in self.order if id(node) in mine]

    @property
    def turns(self) -> int:
        """How often the graph went through the network: once for each data point."""
        return max(len(neuron.evaluations) for neuron in self.folding.neurons)

    def data(self, edges: Sequence[Edge]) -> dict[str, Any]:
        """Return what the scripts are given.

        Args:
            edges: those of the graph, in the order of the way back.
        """
        points, outputs = self._points(), self._outputs()
        return {
            "cards": self._cards(),
            "arrows": self._arrows(edges),
            "neurons": [self._neuron(neuron) for neuron in self.folding.neurons],
            "points": points,
            "outputs": [
                {"name": short(n.path) or "out", "nodes": [self._id(e.out) for e in n.evaluations],
                 "centre": 0.5 if n.activation() == "sigmoid" else 0.0}
                for n in outputs
            ],
            "targets": self._targets(outputs),
            "compact": self.picture.compact,
        }  # fmt: skip

    def shown(self, steps: Steps, edges: Sequence[Edge]) -> Shown:
        """Return the numbers that the picture begins with: of several points means and summed gradients."""
        cards = []
        for about in self._cards():
            nodes = about["nodes"]
            mean = sum(self.order[i].data for i in nodes) / len(nodes)
            cards.append((mean, sum(map(steps.gradient, nodes))))
        flows = []
        for arrow in self._arrows(edges):
            along = [edges[i] for i in arrow.get("edges", ())]
            slopes = [steps.parts[edge.node][1][edge.operand] or 0.0 for edge in along]
            changes = [x * steps.gradient(edge.node) for x, edge in zip(slopes, along, strict=True)]
            flows.append(sum(map(steps.gradient, arrow.get("weights", ()))) + sum(changes))
        return Shown(cards, flows)

    def _id(self, node: Value) -> int:
        return self._ids[id(node)]

    def _cards(self) -> list[dict[str, Any]]:
        """Return each card: the nodes whose numbers it shows, and of which kind it is."""
        inner: dict[str, list[int]] = defaultdict(list)
        for node in self.order:
            if place := self._view.card_of(node):
                inner[place].append(self._id(node))
        groups = {group.id: group.neurons[0] for group in self._view.columns.groups}
        places = {id(neuron): i for i, neuron in enumerate(self.folding.neurons)}
        cards = []
        for card in self.picture.cards:
            about: dict[str, Any] = {"id": card.id, "name": card.label}
            if card.id in groups:
                neuron = groups[card.id]
                about["nodes"] = [self._id(e.out) for e in neuron.evaluations]
                about |= {"neuron": places[id(neuron)], "name": short(neuron.path) or "neuron"}
            else:
                about["nodes"] = inner[card.id] if card.id.startswith("x") else [int(card.id[1:])]
            if len(inner[card.id]) > 1 and card.id.startswith("r"):
                about["inner"] = inner[card.id]  # what a result was computed by, from the outputs
            cards.append(about)
        return cards

    def _arrows(self, edges: Sequence[Edge]) -> list[dict[str, Any]]:
        """Return each arrow: the weights that it stands for, or else the edges."""
        weights: dict[tuple[str | None, str | None], dict[int, None]] = defaultdict(dict)
        along: dict[tuple[str | None, str | None], list[int]] = defaultdict(list)
        card_of = self._view.card_of
        for neuron in self.folding.neurons:
            if not self._view.columns.expanded(neuron):
                head = self._view.columns.card_of(neuron)
                for evaluation in neuron.evaluations:
                    for name, source in evaluation.sources:
                        if isinstance(source, Value):
                            weights[card_of(source), head][self._id(neuron.parameters[name])] = None
        for i, edge in enumerate(edges):
            along[card_of(self.order[edge.target]), card_of(self.order[edge.node])].append(i)
        shown = Counter((arrow.tail, arrow.head) for arrow in self.picture.arrows)
        arrows = []
        for arrow in self.picture.arrows:
            ends = arrow.tail, arrow.head
            about: dict[str, Any] = {"tail": arrow.tail, "head": arrow.head}
            if weights[ends]:
                about["weights"] = list(weights[ends])
            else:
                about["edges"] = [along[ends].pop(0)] if shown[ends] > 1 else along[ends]
            arrows.append(about)
        return arrows

    def _neuron(self, neuron: FoldedNeuron) -> dict[str, Any]:
        return {
            "name": short(neuron.path) or "neuron",
            "bias": None if neuron.bias is None else self._id(neuron.bias),
            "runs": [self._run(neuron, evaluation) for evaluation in neuron.evaluations],
        }

    def _run(self, neuron: FoldedNeuron, evaluation: Evaluation) -> dict[str, Any]:
        """Return one evaluation: its sum, its output, the nodes between them, and weights with sources."""
        ids = [self._id(node) for node in self._inner[id(evaluation)]]
        sources = [
            [self._id(neuron.parameters[name]), self._id(x)]
            for name, x in evaluation.sources
            if isinstance(x, Value)
        ]
        return {
            "sum": self._id(evaluation.total),
            "out": self._id(evaluation.out),
            "after": [i for i in ids if i > self._id(evaluation.total)],
            "sources": sources,
        }

    # The data points

    def _points(self) -> list[list[int]]:
        """Return the leaves that are the inputs of the network, for each data point."""
        for neuron in self.folding.neurons:
            sources = [[x for _, x in evaluation.sources] for evaluation in neuron.evaluations]
            if all(self._is_input(x) for point in sources for x in point):
                return [[self._id(x) for x in point if isinstance(x, Value)] for point in sources]
        return []

    def _is_input(self, source: Value | float) -> bool:
        return isinstance(source, Value) and not source.op and self.folding.neuron_of(source) is None

    def _outputs(self) -> list[FoldedNeuron]:
        """Return the neurons whose outputs go to no other neuron."""
        feeding = self.folding.feeding
        return [n for n in self.folding.neurons if any(id(e.out) not in feeding for e in n.evaluations)]

    def _targets(self, outputs: Sequence[FoldedNeuron]) -> dict[str, int]:
        """Return the leaves that outputs are compared with, by the outputs."""
        outs = {id(e.out) for neuron in outputs for e in neuron.evaluations}
        targets: dict[str, int] = {}
        for node in self.order:
            if node.op == "-":
                for out, other in (node.operands, node.operands[::-1]):
                    if id(out) in outs and isinstance(other, Value) and not other.op:
                        assert isinstance(out, Value)
                        targets[str(self._id(out))] = self._id(other)
        return targets

    # What nodes are called

    def rename(self, names: list[str], symbols: list[str]) -> None:
        """Give the nodes of neurons the names that are on their cards, as text and in formulas."""
        for neuron in self.folding.neurons:
            card = short(neuron.path) or "neuron"
            text = html.escape(card)
            for name, parameter in neuron.parameters.items():
                place = self._id(parameter)
                names[place] = f"{card}.{name}" if neuron.path else name
                symbols[place] = _letter(name)
            for turn, evaluation in enumerate(neuron.evaluations):
                raised = f"({turn + 1})" if len(neuron.evaluations) > 1 else ""
                for node, called, symbol in (
                    (evaluation.total, f"z {card}", f"<msub><mi>z</mi><mtext>{text}</mtext></msub>"),
                    (evaluation.out, card, f"<mtext>{text}</mtext>"),
                ):
                    if node is not self.value:
                        names[self._id(node)] = f"{called} {raised}".rstrip()
                        symbols[self._id(node)] = _raised(symbol, raised)
        for place, node in enumerate(self.order):
            if found := re.fullmatch(r"(\D+)(\d*)(\(\d+\))", "" if node.op else node.label):
                name = f"<mi>{html.escape(found[1])}</mi>"
                number = f"<msub>{name}<mn>{found[2]}</mn></msub>" if found[2] else name
                symbols[place] = _raised(number, found[3])


def _said_card(card: Card, words: dict[str, str]) -> Card:
    """Return a card in the language of the page; the input of all points is not called by the first."""
    label = re.sub(r"\(1\)$", "", card.label) if card.id.startswith("x") else card.label
    note = words["linear"] if card.note == "linear" else card.note
    operations = re.fullmatch(r"(\d+) operations", card.footer)
    footer = words["operations"].replace("{count}", operations[1]) if operations else card.footer
    return card._replace(label=label, note=note, footer=footer)


def _said_frame(frame: Frame, words: dict[str, str]) -> Frame:
    title = re.sub(r"\blayer (\d+)", lambda found: words["layer"].replace("{number}", found[1]), frame.title)
    title = re.sub(r"\blinear$", words["linear"], title)
    return frame._replace(title=title, frames=tuple(_said_frame(inner, words) for inner in frame.frames))


def _letter(name: str) -> str:
    """Return a parameter's name in MathML: w with its number below, or b."""
    found = re.fullmatch(r"(\w+)\[(\d+)\]", name)
    letter = f"<mi>{html.escape(found[1] if found else name)}</mi>"
    return f"<msub>{letter}<mn>{found[2]}</mn></msub>" if found else letter


def _raised(symbol: str, raised: str) -> str:
    return f"<msup>{symbol}<mtext>{raised}</mtext></msup>" if raised else symbol
