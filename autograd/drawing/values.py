"""A graph in full: a card for each Value, an arrow for each operand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from ..engine import Value
from ..engine.visible import inputs_of, parts_of
from ..engine.whole_calls import WholeResult, alive, of
from ..support.text import shortened
from .names import Names
from .numbers import Numbers
from .picture import Arrow, Card, Operation, Picture, Row

_TOOLTIP_LENGTH = 400
_MOST_ARROWS = 60  # between the operands and the results of a call, beyond which they meet in a card
_AS_A_WHOLE = "gradients are carried back as a whole"


def value_picture(order: Sequence[Value], roots: Sequence[Value], names: Names, numbers: Numbers) -> Picture:
    """Return the picture of a graph given in topological order; its cards are v0, v1, ... in that order."""
    ids = ids_of(order)
    cards = [value_card(node, ids[id(node)], names, numbers) for node in order]
    knots = _knots(order)
    plain = [node for node in order if not node.op or id(node.operands[0]) not in knots] if knots else order
    arrows = [*value_arrows(plain, lambda node: ids[id(node)], numbers)]
    for i, (joint, results) in enumerate(knots.values()):
        knot = f"k{i}"
        tails = dict.fromkeys(ids[id(x)] for x in inputs_of(results[0]) if isinstance(x, Value))
        rows = Row("operands", str(len(tails))), Row("results", str(len(results)))
        cards.append(Card(knot, "inner", "", rows, Operation(str(joint.op).removesuffix("…"))))
        arrows += [Arrow(tail, knot, 0.0, "", _AS_A_WHOLE) for tail in tails]
        arrows += [Arrow(knot, ids[id(result)], 0.0, "", _AS_A_WHOLE) for result in results]
    return Picture(cards, arrows, [], [ids[id(root)] for root in roots])


def _knots(order: Sequence[Value]) -> dict[int, tuple[Value, list[Value]]]:
    """Return the calls, known as a whole, between whose operands and results there are too many arrows.

    Each stands by the node that its results come from, with these.
    """
    results: dict[int, tuple[Value, list[Value]]] = {}
    for node in order if alive else ():
        if isinstance(of(node), WholeResult):
            joint = node.operands[0]
            assert isinstance(joint, Value)
            results.setdefault(id(joint), (joint, []))[1].append(node)
    return {
        key: (x, ys) for key, (x, ys) in results.items() if len(inputs_of(ys[0])) * len(ys) > _MOST_ARROWS
    }


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
        for operand, partial in zip(*parts_of(node), strict=True):
            if isinstance(operand, Value) and partial is not None and (tail := card_of(operand)):
                head = card_of(node)
                assert head is not None
                flow = partial * node.grad
                local, upstream, product = map(numbers, (partial, node.grad, flow))
                tooltip = f"local derivative {local} × gradient {upstream} = {product}"
                yield Arrow(tail, head, flow, local, tooltip)
