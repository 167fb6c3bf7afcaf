"""The `op` of a node of which more is known than what was done: a name, the user's line, a custom call.

The `op` is the name of a primitive, as text. The few nodes that carry more have an `Op`, which is that text
still; so the others pay nothing.
"""

from __future__ import annotations

from typing import Any


class Op(str):
    """The `op` of a node, and what is known of it.

    Attributes:
        label: the node's name.
        line: where the user's code recorded the node, as file, line number and function, if known.
        call: for the result of a function with a `custom_gradient`, or under `checkpoint`, the call that
            made it.
    """

    __slots__ = ("call", "label", "line")

    label: str
    line: tuple[str, int, str] | None
    call: Any

    @classmethod
    def of(cls, op: str) -> Op:
        """Return an op of that name that carries what the given one does."""
        new = cls(op)
        new.label = getattr(op, "label", "")
        new.line = getattr(op, "line", None)
        new.call = getattr(op, "call", None)
        return new

    def __reduce__(self) -> tuple[Any, ...]:
        if self.call is None and not self.label:
            return str, (str(self),)
        return _op, (str(self), self.label, self.call)  # a line says nothing in another process


def _op(name: str, label: str, call: Any) -> Op:
    op = Op.of(name)
    op.label, op.call = label, call
    return op
