"""A graph in full: a card for each Value, an arrow for each operand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from ..engine import Value
from ..engine.whole_calls import alive, of
from ..support.text import shortened
from .names import Names
from .numbers import Numbers
from .picture import Arrow, Card, Picture, Row

_TOOLTIP_LENGTH = 400


def value_picture(order: Sequence[Value], roots: Sequence[Value], names: Names, numbers: Numbers) -> Picture:
    """Return the picture of a graph given in topological order; its cards are v0, v1, ... in that order."""
    ids = ids_of(order)
    cards = [value_card(node, ids[id(node)], names, numbers) for node in order]
    arrows = value_arrows(order, lambda node: ids[id(node)], numbers)
    return Picture(cards, list(arrows), [], [ids[id(root)] for root in roots])


def ids_of(order: Sequence[Value]) -> dict[int, str]:
    """Return the id of the card of each Value: its place in the order."""
    return {id(node): f"v{index}" for index, node in enumerate(order)}


def value_card(node: Value, card: str, names: Names, numbers: Numbers) -> Card:
    """Return the card of a Value."""
    name = names.of(node)
    before = f"{shortened(name, _TOOLTIP_LENGTH)}: " if name else ""
    kind = "inner" if node.op else "parameter" if names.is_parameter(node) else "input"
    return Card(
        card,
        kind,
        name,
        (Row("data", numbers(node.data)), Row("grad", numbers(node.grad), node.grad)),
        numbers.operation(node) if node.op else None,
        tooltip=f"{before}data {node.data!r}, grad {node.grad!r}",
    )


def value_arrows(
    nodes: Iterable[Value], card_of: Callable[[Value], str | None], numbers: Numbers
) -> Iterable[Arrow]:
    """Yield the arrows into the nodes from those of their operands that have a card.

    What flows along an arrow is what backward() adds to the operand's gradient: the local derivative times
    the gradient of the result.
    """
    for node in nodes:
        for operand, partial in zip(node.operands, node.partials, strict=True):
            if isinstance(operand, Value) and partial is not None and (tail := card_of(operand)):
                head = card_of(node)
                assert head is not None
                if alive and of(node) is not None:
                    yield Arrow(tail, head, 0.0, "", "gradients are carried back as a whole")
                    continue
                flow = partial * node.grad
                local, upstream, product = map(numbers, (partial, node.grad, flow))
                tooltip = f"local derivative {local} × gradient {upstream} = {product}"
                yield Arrow(tail, head, flow, local, tooltip)
