"""A part of a graph written as a formula, where that is short."""

from __future__ import annotations

from collections.abc import Callable

from ..engine import Value
from .numbers import binding_of, symbol_of

_NAME = 9  # functions and names bind tightest


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
    text, _ = _written(root, name_of, length, root)
    return text if len(text) <= length else ""


def _written(node: Value, name_of: Callable[[Value], str], length: int, root: Value) -> tuple[str, int]:
    if node is not root and (name := name_of(node)):
        return name, _NAME
    if length < 1 or not node.op:  # too long: what is missing makes it longer still
        return "?" * 1000 if node.op else f"{node.data:.4g}", _NAME
    parts = [
        _written(x, name_of, length - 2, root) if isinstance(x, Value) else (f"{x:.4g}", _NAME)
        for x in node.operands
    ]
    binds = binding_of(node.op) or _NAME
    symbol = symbol_of(node.op)
    if binds == _NAME:
        return f"{symbol}({', '.join(text for text, _ in parts)})", _NAME
    # A right operand of the same strength needs parentheses, except in sums and products.
    inner = [
        f"({text})" if strength < binds or (strength == binds and i == (node.op in ("-", "/"))) else text
        for i, (text, strength) in enumerate(parts)
    ]
    if node.op in ("+", "*"):
        inner = [f"({text})" if strength < binds else text for text, strength in parts]
    if len(inner) == 1:
        return f"{symbol}{inner[0]}", binds
    space = "" if node.op in ("**", "pow") else " "
    return f"{inner[0]}{space}{symbol}{space}{inner[1]}", binds
