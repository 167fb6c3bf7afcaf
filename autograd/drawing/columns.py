"""Which cards the neurons of a network have, and how these stand in columns."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from .neurons import FoldedNeuron
from .numbers import Numbers
from .picture import Card, Frame, Row

_TALL = 8  # neurons one above the other; of more, a card is one line


class Options(NamedTuple):
    """What of a network is shown.

    Attributes:
        depth: how many modules deep; None for a card a neuron.
        expand: paths of what is shown in full, `layers[0]`; "loss" for what was computed from the outputs.
        most: the largest number of neurons or inputs in a column; of more, those with the largest gradients.
        heads: instead of the activation, what stands beside the name of a neuron, by its path.
        footer: small print of the result's card, instead of its formula.
        weights: whether arrows bear the weights.
    """

    depth: int | None = None
    expand: tuple[str, ...] = ()
    most: int = 20
    heads: dict[str, str] = {}  # noqa: RUF012 (never changed)
    footer: str = ""
    weights: bool = False


class Group(NamedTuple):
    """One card of the network: a neuron, or all neurons below a module."""

    id: str
    path: str
    neurons: list[FoldedNeuron]

    def card(self, numbers: Numbers, columns: Columns, options: Options) -> Card:
        if columns.is_group(self.id):
            parameters = [p for neuron in self.neurons for p in neuron.parameters.values()]
            norm = math.hypot(*[p.grad for p in parameters])
            many = len(self.neurons)
            rows = [Row("neurons", str(many)), Row("parameters", str(len(parameters)))]
            rows.append(Row("|gradient|", numbers(norm)))
            return Card(self.id, "neuron", title_of(self.path) or "network", tuple(rows))
        (neuron,) = self.neurons
        return Card(
            self.id,
            "neuron",
            short(neuron.path).rpartition(".")[2] if columns.compact else short(neuron.path) or "neuron",
            self._rows(neuron, numbers),
            note=options.heads.get(neuron.path, "" if columns.compact else neuron.activation()),
            tooltip=neuron.path,
        )

    def _rows(self, neuron: FoldedNeuron, numbers: Numbers) -> tuple[Row, ...]:
        if neuron.evaluations:
            outs = [evaluation.out for evaluation in neuron.evaluations]
            mean = math.fsum(out.data for out in outs) / len(outs)
            total = sum(out.grad for out in outs)
            caption = "out" if len(outs) == 1 else "mean"
            return Row(caption, numbers(mean)), Row("grad", numbers(total), total)
        if neuron.bias is None:
            return (Row("parameters", str(len(neuron.parameters))),)
        return Row("b", numbers(neuron.bias.data)), Row("grad", numbers(neuron.bias.grad), neuron.bias.grad)


class Columns:
    """Which cards the neurons of a network have, and in which columns they stand."""

    def __init__(self, neurons: Sequence[FoldedNeuron], options: Options) -> None:
        self.neurons, self.options = neurons, options
        groups: dict[str, Group] = {}
        for neuron in neurons:
            if not self.expanded(neuron):
                path = self._group_path(neuron)
                groups.setdefault(path, Group(f"n{len(groups)}", path, [])).neurons.append(neuron)
        self._hidden = self._hide(groups)
        self.groups = [group for group in groups.values() if group.id not in self._hidden]
        self._cards = {id(neuron): g.id for g in self.groups for neuron in g.neurons}
        self._whole = {g.id for g in self.groups if g.path != g.neurons[0].path or len(g.neurons) > 1}
        sizes = [len(groups) for groups in self._by_column(self.groups).values()]
        self.compact = max(sizes, default=0) > _TALL

    def expanded(self, neuron: FoldedNeuron) -> bool:
        depth = self.options.depth
        return (depth is not None and depth > neuron.levels) or any(
            neuron.path == path or neuron.path.startswith((f"{path}.", f"{path}["))
            for path in self.options.expand
        )

    def card_of(self, neuron: FoldedNeuron) -> str | None:
        return self._cards.get(id(neuron))

    def is_group(self, card: str) -> bool:
        """Say whether a card stands for more than one neuron."""
        return card in self._whole

    def frames(self, values_of: Callable[[FoldedNeuron], tuple[str, ...]]) -> Iterable[Frame]:
        columns = self._by_column(self.groups)
        for neuron in self.neurons:
            columns.setdefault(neuron.path.rpartition(".")[0], [])
        hidden: dict[str, int] = defaultdict(int)
        for path in self._hidden.values():
            hidden[path] += 1
        for number, (path, groups) in enumerate(columns.items()):
            unfolded = [n for n in self.neurons if n.path.rpartition(".")[0] == path and self.expanded(n)]
            inner = tuple(
                Frame(f"f{number}_{i}", short(neuron.path) or "neuron", values_of(neuron))
                for i, neuron in enumerate(unfolded)
            )
            cards = tuple(group.id for group in groups)
            if not (cards or inner):
                continue
            if any(self.is_group(card) for card in cards) or (len(self.neurons) == 1 and cards):
                continue  # a card for a whole layer needs no frame
            title = title_of(path) or ("layer" if any(n.path for n in self.neurons) else "")
            kinds = {n.activation() for group in groups for n in group.neurons if n.evaluations}
            if self.compact and len(kinds) == 1 and cards:
                title += f" · {kinds.pop()}"
            if not title:
                yield from inner
            else:
                captions = self._captions(groups) if self.compact else ""
                by_path = {g.path: g.id for g in groups} | {
                    n.path: frame.id for n, frame in zip(unfolded, inner, strict=True)
                }
                order = tuple(by_path[n.path] for n in self.neurons if n.path in by_path) if inner else ()
                yield Frame(f"f{number}", title, cards, inner, True, hidden[path], captions, order)

    def _captions(self, groups: Sequence[Group]) -> str:
        counts = {len(neuron.evaluations) for group in groups for neuron in group.neurons}
        first = {0: "bias", 1: "output"}.get(max(counts, default=0), "mean output")
        return f"{first} and gradient" if groups else ""

    def _group_path(self, neuron: FoldedNeuron) -> str:
        if self.options.depth is None:
            return neuron.path
        return ".".join(neuron.path.split(".")[: self.options.depth])

    def _by_column(self, groups: Iterable[Group]) -> dict[str, list[Group]]:
        columns: dict[str, list[Group]] = {}
        for group in groups:
            columns.setdefault(group.path.rpartition(".")[0], []).append(group)
        return columns

    def _hide(self, groups: dict[str, Group]) -> dict[str, str]:
        """Return the column of each card left out: of a long one those with the smallest gradients."""
        hidden: dict[str, str] = {}
        for path, column in self._by_column(groups.values()).items():
            by_size = sorted(column, key=lambda group: -gradient_of(group.neurons))
            hidden |= {group.id: path for group in by_size[self.options.most :]}
        return hidden


def gradient_of(neurons: Iterable[FoldedNeuron]) -> float:
    """Return the size of the gradient that comes to neurons: of their outputs, or else of their biases."""
    sizes = []
    for neuron in neurons:
        values = [evaluation.out for evaluation in neuron.evaluations] or list(neuron.parameters.values())
        sizes.append(abs(sum(value.grad for value in values)))
    return max((size for size in sizes if not math.isnan(size)), default=0.0)


def short(path: str) -> str:
    """Return a path as it stands on a card.

    >>> short("layers[0].neurons[3]")
    'L0.n3'
    """
    return re.sub(r"\bneurons\[(\d+)\]", r"n\1", re.sub(r"\blayers\[(\d+)\]", r"L\1", path))


def title_of(path: str) -> str:
    """Return the title of what lies at a path.

    >>> title_of("critic.layers[0]")
    'critic layer 0'
    """
    return re.sub(r"\b(layer|neuron)s\[(\d+)\]", r"\1 \2", path).replace(".", " ")
