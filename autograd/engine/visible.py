"""A graph as it is told and drawn: a call of many operands is one node with all of them.

In memory a node has two operands at most. A function with a derivative of its own (`custom_gradient`), and a
call whose derivatives are known as a whole (`custom_vjp`, `eigh`, a root), therefore stand there as chains of
nodes, of which the last are the results. Pictures and steps leave out what is between.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..ops import TABLE
from .operation import Op
from .whole_calls import WholeCall, WholeResult, operands_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .value import Value


def visible(order: Iterable[Value]) -> list[Value]:
    """Return the nodes that are shown, in the same order."""
    return [node for node in order if not is_between(node)]


def is_between(node: Value) -> bool:
    """Say whether a node stands between a call and its operands only."""
    if not node.op.endswith("…"):
        return False
    call = _call_of(node)
    return call is None or isinstance(call, WholeCall)


def inputs_of(node: Value) -> tuple[Value | float, ...]:
    """Return what a node was computed from, through what is between."""
    call = _call_of(node)
    if call is None:
        return node.operands
    if isinstance(call, WholeResult):
        return tuple(operands_of(node._a, call.call.operands))
    return tuple([x for x, _ in _chain(node)])


def parts_of(node: Value) -> tuple[tuple[Value | float, ...], tuple[float | None, ...]]:
    """Return what `inputs_of` does, and the local derivative by each; None for a constant.

    Those of a result of a call that is known as a whole are found by carrying 1 back from it.

    >>> from autograd import Value
    >>> parts_of(Value(3.0) * 2.0)
    ((Value(data=3.0, grad=0.0), 2.0), (2.0, None))
    """
    call = _call_of(node)
    if call is None:
        return node.operands, node.partials
    if isinstance(call, WholeResult):
        gradients = [0.0] * call.call.results
        gradients[call.place] = 1.0
        return inputs_of(node), tuple([float(x) for x in call.call.pull_back(gradients)])
    chain = _chain(node)
    return tuple([x for x, _ in chain]), tuple([local for _, local in chain])


def primitive_of(node: Value) -> Any:
    """Return the entry of the table that a node is computed by; None where a function of Python is."""
    return TABLE.get(node.op) if _call_of(node) is None else None


def _call_of(node: Value) -> Any:
    op: Any = node.op
    return op.call if type(op) is Op else None


def _chain(node: Any) -> list[tuple[Value, float]]:
    """Return the operands of a call that has local derivatives, each with that by it."""
    found = []
    while node._b is not None:
        found.append((node._b, node._db))
        if not is_between(node._a):
            break
        node = node._a
    found.append((node._a, node._da))
    return found[::-1]


def op_of(node: Value) -> str:
    """Return what a node is the result of: its op, and of a call with several results which of them it is."""
    call = _call_of(node)
    if isinstance(call, WholeResult) and call.call.results > 1:
        return f"{node.op}[{call.place}]"
    return str(node.op)
