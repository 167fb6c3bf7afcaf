"""A part of a graph written as a formula, where that is short."""

from __future__ import annotations

from collections.abc import Callable

from ..engine import Value
from ..engine.visible import inputs_of
from ..support.phrases import ATOM, POWER, Phrase, infix
from .numbers import binding_of, symbol_of

# Which operands need no parentheses where they bind as tightly; elsewhere, as beside mod, all have them.
_ALIKE = {"+": "xy", "*": "xy", "-": "x", "/": "x", "**": "y", "pow": "y"}


def formula(root: Value, name_of: Callable[[Value], str], length: int) -> str:
    """Return the formula by which a Value was computed from those that have a name.

    Args:
        root: the Value.
        name_of: returns what another Value is called, or an empty text to look into it.
        length: the largest number of characters.

    Returns:
        the formula, or an empty text where it would be longer.

    >>> y = Value(3.0, label="y")
    >>> formula((y - 1) ** 2, lambda value: value.label, 20)
    '(y − 1)^2'
    """
    text = _written(root, name_of, length, root).text
    return text if len(text) <= length else ""


def _written(node: Value, name_of: Callable[[Value], str], length: int, root: Value) -> Phrase:
    if node is not root and (name := name_of(node)):
        return Phrase(name)
    if length < 1 or not node.op:  # too long: what is missing makes it longer still
        return Phrase("?" * 1000 if node.op else f"{node.data:.4g}")
    operands = [
        _written(x, name_of, length - 2, root) if isinstance(x, Value) else Phrase(f"{x:.4g}")
        for x in inputs_of(node)
    ]
    binds, symbol = binding_of(node), symbol_of(node)
    if binds == ATOM:
        return Phrase(f"{symbol}({', '.join(x.text for x in operands)})")
    if len(operands) == 1:
        return Phrase(f"{symbol}{operands[0].within(binds + 1)}", binds)
    sign = symbol if binds == POWER else f" {symbol} "
    text = infix(operands[0], sign, operands[1], binds, _ALIKE.get(node.op, "")).text
    return Phrase(text, binds if node.op in _ALIKE else binds - 1)
