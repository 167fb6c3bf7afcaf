"""How numbers, and the operations with their constants, are written in a picture."""

from __future__ import annotations

from ..engine import Value
from ..engine.visible import inputs_of, op_of, primitive_of
from ..support.phrases import ATOM, POWER, PRODUCT, SUM
from .picture import Operation


class Numbers:
    """How numbers are written in a picture."""

    def __init__(self, format: str) -> None:  # noqa: A002
        try:
            self._spec = format
            self(1.5)
        except (TypeError, ValueError):
            raise ValueError(
                f"format says how numbers are written, such as '.4g' or '.2f', which {format!r} does not; "
                "the kind of picture is chosen by the suffix: draw(x).save('x.png')"
            ) from None

    def __call__(self, x: float) -> str:
        """Return a number as the picture writes it."""
        return format(x + 0.0, self._spec)  # -0.0 + 0.0 is 0.0: no gradient of "-0"

    def operation(self, node: Value) -> Operation:
        """Return the operation of a node, with its constants."""
        symbol = symbol_of(node)
        constants = ["" if isinstance(x, Value) else self(x) for x in inputs_of(node)]
        if not any(constants):
            return Operation(symbol)
        if len(constants) == 2 and binding_of(node) < ATOM:
            left, right = constants
            return Operation(symbol, left, right)
        return Operation(symbol, arguments=", ".join(c or "·" for c in constants))


def symbol_of(node: Value) -> str:
    """Return how the operation of a node is written in formulas."""
    primitive = primitive_of(node)
    return primitive.symbol if primitive else op_of(node)


def binding_of(node: Value) -> int:
    """Return how tightly the operation of a node binds; what is written as a function is an atom."""
    primitive = primitive_of(node)
    return (ATOM, SUM, PRODUCT, POWER)[(primitive.binds if primitive else None) or 0]
