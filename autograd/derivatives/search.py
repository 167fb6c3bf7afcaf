"""The nodes of a call: what its result was computed from, but for what is known to be older."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..engine import Value
from ..engine.order import sweep_numbers

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Final

    from mypy_extensions import i32

    from ..engine.node import Node

NO_NUMBER: Final = -(2**31)
"""What no node has as its number."""


def newer_nodes(
    roots: list[Value], inputs: list[Value], latest: int, known: Mapping[int, Any]
) -> tuple[list[Value], bool, dict[Value, Any], int]:
    """Return what `topological_order(*roots, reverse=True, without=inputs)` does, but for older nodes.

    What is older shows in the number that a sweep left on a node (see `derivatives.ages`). The inputs and
    what was computed from them get a number here, which is quicker than a set; the rest may be shared with
    other threads.

    Args:
        roots: Values.
        inputs: Values to leave out, with what is reached through them only.
        latest: the greatest number that an older node has.
        known: the positive numbers by which older nodes are known; by the negative ones, all are.

    Returns:
        The nodes; whether there are leaves among them; the older ones where it was stopped, with what is
        known by their number; and the number that the inputs and what was computed from them have, if all of
        them have it and a gradient of 0, or else 0.
    """
    order: list[Value] = []
    older: dict[Value, Any] = {}
    leaves = False
    number: i32 = next(sweep_numbers, NO_NUMBER)
    seen: set[Any] = set() if number != NO_NUMBER else {*inputs}
    numbered = _numbered(inputs, number)
    path: list[Value] = []
    operand: Node | None
    for root in roots[::-1]:
        node = root
        if node._sweep == number or node in seen:
            continue
        while True:
            age = node._sweep
            operand = node._b
            if age and -latest <= age <= latest and (age < 0 or age in known):
                older[node] = known.get(age)
                seen.add(node)
            elif operand is None and node._a is None:
                order.append(node)
                seen.add(node)
                leaves = True
            else:
                path.append(node)
                if operand is not None and operand._sweep != number and not (seen and operand in seen):
                    node = operand  # type: ignore[assignment]  # what is computed from Values is from Values
                    continue
            while path:
                node = path[-1]
                operand = node._a
                computed = operand is not None and operand._sweep == number
                if operand is not None and not computed and not (seen and operand in seen):
                    node = operand  # type: ignore[assignment]
                    break
                order.append(path.pop())
                if not computed:
                    operand = node._b
                    computed = operand is not None and operand._sweep == number
                if computed and node._grad == 0.0 and not (known and node._sweep in known):
                    node._sweep = number
                else:
                    seen.add(node)
                    numbered = numbered and not computed
            else:
                break
    order.reverse()
    return order, leaves, older, number if numbered else 0


def _numbered(inputs: list[Value], number: i32) -> bool:
    """Give a number to the inputs, if it is one; say whether they have it, and gradients of 0."""
    if number == NO_NUMBER:
        return False
    without_gradients = True
    for x in inputs:
        x._sweep = number
        if x._grad != 0.0:
            without_gradients = False
    return without_gradients
