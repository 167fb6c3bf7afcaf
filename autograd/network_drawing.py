"""A network as a picture: one card a neuron, one line a weight, coloured by the gradients of one row's loss.

The graph of Values behind it has hundreds of nodes; here the additions and multiplications of a neuron
are folded into its card, and a weight is the line along which its input comes in.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence

from .cards import FONT, as_markup, as_tooltip, color_of, largest_of, shortened, strength_of, tint_of
from .drawing import Drawing
from .engine import Value
from .nn import MLP

_BORDER, _GRAY, _DARK, _NEURON = "#6b7280", "#4b5563", "#1f2937", "#4338ca"
_INPUT, _NEURON_TINT, _FRAME = "#ecfdf5", "#e0e7ff", ("#d1d5db", "#fafafa")
_LONGEST_NAME = 40
_MOST_NEURONS = 12  # of a layer; more cannot be told apart


def draw_network(
    network: MLP,
    row: Sequence[float],
    loss: Callable[[list[Value]], Value],
    *,
    inputs: Sequence[str] | None = None,
    outputs: Sequence[str] | None = None,
    caption: str = "",
) -> Drawing:
    """Draw a network with its outputs and gradients for one row of numbers.

    A card shows what a neuron gives and how the loss changes with that; a line is blue where the gradient
    of its weight is positive, red where it is negative, the wider the larger it is. Of a layer with more
    than 12 neurons the 12 with the largest gradients are drawn. The gradients of the parameters are the
    same before and after.

    Args:
        network: the network.
        row: a number for each of its inputs.
        loss: from the outputs, always a list, to the Value whose gradients are shown.
        inputs: a name for each input; x0, x1, ... by default.
        outputs: a name for each output.
        caption: what stands at the arrow to the loss.

    Raises:
        ValueError: there are more or fewer numbers or names than inputs or outputs.

    >>> draw_network(MLP(2, [3, 1], seed=0), [0.5, -1.0], lambda out: out[0] ** 2)
    <Drawing: 7 cards, 10 edges>
    """
    names = [f"x{i}" for i in range(network.nin)] if inputs is None else inputs
    for what, there, needed in (
        ("a row of", row, network.nin),
        ("names for the inputs:", names, network.nin),
        ("names for the outputs:", outputs, network.nouts[-1]),
    ):
        if there is not None and len(there) != needed:
            raise ValueError(f"the network needs {what} {needed}, not {len(there)}")
    leaves = [Value(x, label=name) for x, name in zip(row, names, strict=True)]
    kept = [(parameter, parameter.grad) for parameter in network.parameters()]
    network.zero_grad()
    values, result = _run(network, leaves, loss)
    result.backward()
    try:
        return _Picture(network, values, result, outputs).drawing(caption)
    finally:
        for parameter, grad in kept:
            parameter.grad = grad


def _run(
    network: MLP, leaves: list[Value], loss: Callable[[list[Value]], Value]
) -> tuple[list[list[Value]], Value]:
    """Return what each layer gives, the inputs first, and the loss."""
    values = [leaves]
    for layer in network.layers:
        out = layer(values[-1])
        values.append(out if isinstance(out, list) else [out])
    return values, loss(values[-1])


class _Picture:
    def __init__(
        self, network: MLP, values: list[list[Value]], loss: Value, outputs: Sequence[str] | None
    ) -> None:
        self.network, self.values, self.loss, self.outputs = network, values, loss, outputs
        self.shown = [_foremost(layer) for layer in values]
        self.largest_grad = largest_of(value.grad for layer in values for value in layer)
        weights = [w for layer in network.layers for neuron in layer.neurons for w in neuron.w]
        self.largest_weight_grad = largest_of(w.grad for w in weights)

    def drawing(self, caption: str) -> Drawing:
        depths = range(len(self.values))
        weights = [line for depth in depths[1:] for line in self.weights(depth)]
        ends = list(self.ends())
        source = "\n".join(
            [
                "digraph {",
                "  graph [rankdir=LR, bgcolor=white, ranksep=1.4, splines=line, pad=0.15]",
                f'  node [shape=plain, fontname="{FONT}", fontsize=11]',
                "  edge [arrowsize=0.5]",
                *map(self.layer, depths),
                self.loss_card(caption),
                *weights,
                *ends,
                "}\n",
            ]
        )
        cards = sum(map(len, self.shown)) + 1
        return Drawing(source, f"{cards} cards, {len(weights) + len(ends)} edges")

    def layer(self, depth: int) -> str:
        """Return one layer: a frame with its cards, in their order, each with a port for its lines."""
        title = f"layer {depth - 1}" if depth else "inputs"
        cells = [f'<TD><FONT COLOR="{_GRAY}">{title}</FONT></TD>']
        cells += [f'<TD PORT="n{i}">{self.card(depth, i)}</TD>' for i in self.shown[depth]]
        if more := len(self.values[depth]) - len(self.shown[depth]):
            cells.append(f'<TD><FONT COLOR="{_GRAY}">and {more} more</FONT></TD>')
        frame = (
            f'<TABLE BORDER="1" STYLE="ROUNDED" COLOR="{_FRAME[0]}" BGCOLOR="{_FRAME[1]}" CELLBORDER="0" '
            f'CELLSPACING="8" CELLPADDING="0">{_rows(cells)}</TABLE>'
        )
        return f'  layer{depth} [label=<{frame}>, tooltip="{title}"]'

    def card(self, depth: int, i: int) -> str:
        value = self.values[depth][i]
        tint, color, head = _INPUT, _BORDER, f"<B>{_name(value.label)}</B>"
        if depth:
            tint, color = _NEURON_TINT, _NEURON
            head = f'<B>L{depth - 1}.n{i}</B> <FONT COLOR="{_NEURON}">{_name(self.kind(depth, i))}</FONT>'
        rows = [
            f'<TD COLSPAN="2" ALIGN="LEFT" BGCOLOR="{tint}">{head}</TD>',
            self.line("out" if depth else "data", value.data, "white"),
            self.line("grad", value.grad, tint_of(value.grad, self.largest_grad)),
        ]
        return _table(rows, color)

    def kind(self, depth: int, i: int) -> str:
        """Return what stands beside a neuron's name: what it stands for, or its activation function."""
        if self.outputs and depth == len(self.values) - 1:
            return self.outputs[i]
        neuron = self.network.layers[depth - 1].neurons[i]
        function = neuron.activation if neuron.nonlin else "linear"
        return function if isinstance(function, str) else getattr(function, "__name__", "function")

    def loss_card(self, caption: str) -> str:
        head = f'<TD COLSPAN="2" BGCOLOR="{_DARK}"><FONT COLOR="white"><B>loss</B></FONT></TD>'
        tint = tint_of(self.loss.grad, self.largest_grad)
        rows = [head, self.line("data", self.loss.data, "white"), self.line("grad", self.loss.grad, tint)]
        if caption:
            rows.append(f'<TD COLSPAN="2"><FONT COLOR="{_GRAY}">{_name(caption)}</FONT></TD>')
        return f"  loss [label=<{_table(rows, _BORDER)}>, tooltip=loss]"

    def line(self, caption: str, x: float, tint: str) -> str:
        return (
            f'<TD ALIGN="LEFT" BGCOLOR="{tint}"><FONT COLOR="{_GRAY}">{caption}</FONT></TD>'
            f'<TD ALIGN="TEXT" BGCOLOR="{tint}">{x + 0.0:.4g}<BR ALIGN="RIGHT"/></TD>'
        )

    def weights(self, depth: int) -> Iterable[str]:
        """Yield a line for each weight between the cards shown, the strongest last, on top."""
        neurons = self.network.layers[depth - 1].neurons
        pairs = [(i, j, neurons[i].w[j]) for i in self.shown[depth] for j in self.shown[depth - 1]]
        for i, j, weight in sorted(pairs, key=lambda pair: abs(pair[2].grad)):
            tooltip = as_tooltip(f"{weight.label} = {weight.data:.4g}, gradient {weight.grad:.4g}")
            yield (
                f'  layer{depth - 1}:n{j}:e -> layer{depth}:n{i}:w [color="{color_of(weight.grad)}", '
                f'penwidth={self.width(weight.grad, self.largest_weight_grad)}, tooltip="{tooltip}"]'
            )

    def ends(self) -> Iterable[str]:
        """Yield an arrow to the loss from each output shown."""
        last = len(self.values) - 1
        for i in self.shown[last]:
            grad = self.values[last][i].grad
            width = self.width(grad, self.largest_grad)
            yield f'  layer{last}:n{i}:e -> loss:w [color="{color_of(grad)}", penwidth={width}]'

    def width(self, x: float, largest: float) -> str:
        return f"{0.4 + 2.6 * math.sqrt(strength_of(x, largest)):.2f}"


def _foremost(layer: Sequence[Value]) -> list[int]:
    """Return the places of the Values with the largest gradients, in order; of all if there are few."""
    by_size = sorted(range(len(layer)), key=lambda i: -abs(layer[i].grad))
    return sorted(by_size[:_MOST_NEURONS])


def _name(text: str) -> str:
    return as_markup(shortened(text, _LONGEST_NAME))


def _table(rows: Sequence[str], color: str) -> str:
    return (
        f'<TABLE BORDER="1" COLOR="{color}" CELLBORDER="0" CELLSPACING="0" CELLPADDING="3">'
        f"{_rows(rows)}</TABLE>"
    )


def _rows(rows: Sequence[str]) -> str:
    return "".join(f"<TR>{row}</TR>" for row in rows)
