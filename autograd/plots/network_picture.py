"""A network with the gradients of one row's loss, as a picture."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ..drawing import Drawing
from ..drawing.columns import Options
from ..drawing.dot import dot_of
from ..drawing.names import Names
from ..drawing.network import NetworkPicture
from ..drawing.neurons import Folding, neurons_of
from ..drawing.numbers import Numbers
from ..drawing.themes import LIGHT
from ..engine import Value, topological_order
from ..nn import MLP
from ..training.on_floats import as_list

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
        caption: small print on the card of the loss; its formula by default.

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
    last = len(network.layers) - 1
    heads = {f"layers[{last}].neurons[{i}]": name for i, name in enumerate(outputs or ())}
    kept = [(parameter, parameter.grad) for parameter in network.parameters()]
    network.zero_grad()
    result = loss(as_list(network(leaves)))
    result.backward()
    try:
        order, paths = topological_order(result, *leaves), network.named_parameters()
        folding = Folding(order, neurons_of(paths))
        options = Options(most=_MOST_NEURONS, heads=heads, footer=caption)
        picture = NetworkPicture(folding, [result], Names(paths), Numbers(".4g"), options).picture()
        return Drawing(dot_of(picture, LIGHT, "LR"), str(picture), picture)
    finally:
        for parameter, grad in kept:
            parameter.grad = grad
