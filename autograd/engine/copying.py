"""Whole graphs copied and pickled, of any depth.

`copy` and `pickle` recurse into whatever an object refers to, so a long chain of Values would exhaust the
stack. Here the nodes are taken one after another in topological order instead: when the turn of a node
comes, its operands have been done, and the memo that `copy` and `pickle` keep has them already.
"""

from __future__ import annotations

from typing import Any

from ..support.mypyc import mypyc_attr
from . import recording
from .node import Node
from .order import topological_order
from .pickling import Ancestors, pickling_ancestors, unpickled


@mypyc_attr(allow_interpreted_subclasses=True)
class Copied(Node):
    """A node that `copy` and `pickle` take with all that it was computed from."""

    __slots__ = ()

    def _is_under_way(self) -> bool:
        """Say whether a function that is being called is differentiated by this number."""
        return False

    def __copy__(self) -> Any:
        """Return a node of its own that was computed from the same operands."""
        if self._is_under_way():
            return self
        twin = type(self).__new__(type(self))
        twin.__setstate__(self.__getstate__())
        _copied(twin, self, bool(self.op))
        return twin

    def __deepcopy__(self, memo: dict[int, Any]) -> Any:
        """Return a copy with a graph of its own; in a function that is differentiated, the node as it is.

        There derivatives lead through a copy, as they do through what is computed.
        """
        if self.op and recording.is_transformed():
            return self
        order = topological_order(self)
        if any(node._is_under_way() for node in order):
            return self
        for node in order:
            if id(node) not in memo:
                _deep_copy(node, memo)
        return memo[id(self)]

    def __getstate__(self) -> tuple[Any, ...]:
        attributes = getattr(self, "__dict__", None)  # those of a subclass
        return self._number, self._grad, self.op, self._a, self._da, self._b, self._db, attributes

    def __setstate__(self, state: Any) -> None:
        if len(state) != 8:
            raise ValueError(f"a Value has a state of 8 parts, not {len(state)}; is it of another version?")
        self._number, self._grad, op, self._a, self._da, self._b, self._db, attributes = state
        self.op = op if getattr(op, "call", None) else ""
        self._sweep = 0  # which says to compiled code that the node is whole
        self.op = op
        if attributes:
            self.__dict__.update(attributes)

    def __reduce_ex__(self, protocol: Any) -> tuple[Any, ...]:
        for observer in recording.told() if recording.blocks else ():
            observer.read(self, "pickle")
        if self._is_under_way() and not recording.is_followed():
            raise TypeError(
                f"a number by which a function is differentiated, {self._number!r}, is pickled in that "
                "function, as what goes to another process is: what comes back has lost its derivative. "
                "Pickle x.data where none is needed; copy.copy and copy.deepcopy keep it"
            )
        inner = pickling_ancestors() or not self.op  # then its own are done, or there are none
        ancestors = None if inner else Ancestors(topological_order(self)[:-1])
        return unpickled, (type(self), ancestors), self.__getstate__()


def _copied(twin: Copied, node: Copied, attached: bool) -> None:
    """Tell those who observe of a copy."""
    if recording.blocks:
        for observer in recording.told():
            observer.copied(twin, node, attached)


def _deep_copy(node: Copied, memo: dict[int, Any]) -> None:
    """Put a copy of a node into the memo of `copy.deepcopy`, which has copies of its operands."""
    twin = node.__copy__()
    memo[id(node)] = twin
    twin._a = None if node._a is None else memo[id(node._a)]
    twin._b = None if node._b is None else memo[id(node._b)]
    if hasattr(node, "__dict__"):  # a subclass has attributes of its own
        from copy import deepcopy  # which is there, for it calls this

        twin.__dict__.update(deepcopy(node.__dict__, memo))
    _copied(twin, node, False)
    memo.setdefault(id(memo), []).append(node)  # originals must outlive the memo, which knows their ids
