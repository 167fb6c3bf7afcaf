"""Whole graphs copied and pickled, of any depth.

`copy` and `pickle` recurse into whatever an object refers to, so a long chain of Values would exhaust the
stack. Here the nodes are taken one after another in topological order instead: when the turn of a node
comes, its operands have been done, and the memo that `copy` and `pickle` keep has them already.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .value import Value


def deep_copy(order: Iterable[Value], memo: dict[int, Any]) -> None:
    """Put a copy of every node into the memo of `copy.deepcopy`, unless there is one already.

    Args:
        order: nodes, each after its operands.
        memo: copies by the id of their original.
    """
    for node in order:
        if id(node) in memo:
            continue
        twin = node.__copy__()
        memo[id(node)] = twin
        twin._a = None if node._a is None else memo[id(node._a)]
        twin._b = None if node._b is None else memo[id(node._b)]
        if hasattr(node, "__dict__"):  # a subclass has attributes of its own
            from copy import deepcopy

            twin.__dict__.update(deepcopy(node.__dict__, memo))
        memo.setdefault(id(memo), []).append(node)  # originals must outlive the memo, which knows their ids


_in_ancestors: ContextVar[bool] = ContextVar("pickling the ancestors of a Value", default=False)


class Ancestors:
    """What a Value was computed from: pickled as a list of nodes, each after its operands."""

    def __init__(self, order: Iterable[Value]) -> None:
        self._order = order

    def __reduce__(self) -> tuple[Any, ...]:
        return list, (), None, self._nodes()

    def _nodes(self) -> Iterator[Value]:
        # The pickler saves each node before it asks for the next one.
        _in_ancestors.set(True)
        try:
            yield from self._order
        finally:
            _in_ancestors.set(False)


def pickling_ancestors() -> bool:
    """Say whether the node that is being pickled is among the ancestors of another: its own are done."""
    return _in_ancestors.get()


def unpickled(kind: type[Value], ancestors: list[Value] | None) -> Value:
    """Return an empty Value, whose state comes next; its ancestors have been unpickled before it."""
    return kind.__new__(kind)
