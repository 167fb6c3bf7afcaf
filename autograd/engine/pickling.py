"""What a pickle of a graph is made of: the ancestors of a node one by one, then the node itself.

This is plain Python in both forms of the engine: a generator of compiled code that is thrown away halfway, as
where something cannot be pickled, never gets to its `finally`.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from .node import Node

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_in_ancestors: ContextVar[bool] = ContextVar("pickling the ancestors of a Value", default=False)


class Ancestors:
    """What a Value was computed from: pickled as a list of nodes, each after its operands."""

    def __init__(self, order: Iterable[Node]) -> None:
        self._order = order

    def __reduce__(self) -> tuple[Any, ...]:
        return list, (), None, self._nodes()

    def _nodes(self) -> Iterator[Node]:
        # The pickler saves each node before it asks for the next one.
        _in_ancestors.set(True)
        try:
            yield from self._order
        finally:
            _in_ancestors.set(False)


def pickling_ancestors() -> bool:
    """Say whether the node that is being pickled is among the ancestors of another: its own are done."""
    return _in_ancestors.get()


def unpickled(kind: type[Node], ancestors: list[Node] | None) -> Node:
    """Return an empty node, whose state comes next; its ancestors have been unpickled before it."""
    return kind.__new__(kind)
