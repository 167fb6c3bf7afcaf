"""Sweeps through calls whose derivatives are known as a whole (`engine.whole_calls`).

A sweep in reverse collects the gradients with respect to the results of a call, and asks for those with
respect to its operands once, where it comes to the joint of the call. A sweep forward goes the other way. In
numbers the call itself is asked; where a sweep is recorded, its derivative is recorded as a call too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..engine import Value
from ..engine.whole_calls import WholeResult, noted, of, operands_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from .local_derivatives import Number


def leading(order: Iterable[Value], inputs: Iterable[Value]) -> set[Any]:
    """Return the inputs and the nodes, in an order after their operands, that depend on them."""
    leads: set[Any] = set(inputs)
    for node in order:
        if node._a in leads or node._b in leads:
            leads.add(node)
    return leads


def add_to(sums: dict[Value, Number], key: Value, term: Number) -> None:
    """Add a term to one of some sums, the first of which is that sum."""
    before = sums.get(key)
    sums[key] = term if before is None else before + term


def reverse_sweep(
    order: Sequence[Value], seeds: Mapping[Value, float], inputs: Sequence[Value]
) -> list[float]:
    """Return what `sweeps.reverse_sweep` does, where there are calls among the nodes."""
    leads = leading(reversed(order), inputs)
    gradient: dict[Any, Any] = dict(seeds)
    calls = Reverse(leads, gradient, recorded=False)
    for node in order:
        if calls.takes(node) or (upstream := gradient.get(node)) is None:
            continue
        if (a := node._a) in leads:
            gradient[a] = gradient.get(a, 0.0) + node._da * upstream
        if (b := node._b) in leads:
            gradient[b] = gradient.get(b, 0.0) + node._db * upstream
    return [gradient.get(x, 0.0) + 0.0 for x in inputs]  # -0.0 + 0.0 is 0.0


class Reverse:
    """The part of a reverse sweep that goes through calls.

    Args:
        leads: the nodes that depend on what is differentiated by.
        gradient: the gradients that the sweep has found, which are added to.
        recorded: whether they are Values.
    """

    def __init__(self, leads: set[Any], gradient: dict[Value, Number], recorded: bool = True) -> None:
        self._leads = leads
        self._gradient = gradient
        self._recorded = recorded
        self._of_results: dict[Any, list[Any]] = {}

    def takes(self, node: Value) -> bool:
        """Go through a node that belongs to a call; say whether it does."""
        call = of(node)
        if call is None:
            return False
        if isinstance(call, WholeResult):
            upstream = self._gradient.get(node)
            if upstream is not None and node in self._leads:
                noted(self._of_results, node, call, upstream)
        elif node in self._of_results:
            operands = operands_of(node, call.operands)
            gradients = self._of_results.pop(node)
            pulled = (
                call.recorded_pull_back(operands, gradients) if self._recorded else call.pull_back(gradients)
            )
            for x, gradient in zip(operands, pulled, strict=True):
                if x in self._leads:
                    add_to(self._gradient, x, gradient)
        return True


class Forward:
    """The part of a forward sweep that goes through calls.

    Args:
        tangent: the tangents that the sweep has found, which are added to.
        recorded: whether they are Values.
    """

    def __init__(self, tangent: dict[Any, Any], recorded: bool) -> None:
        self._tangent = tangent
        self._recorded = recorded
        self._of_joints: dict[Any, Sequence[Any] | None] = {}

    def takes(self, node: Value) -> bool:
        """Go through a node that belongs to a call; say whether it does."""
        call = of(node)
        if call is None:
            return False
        if isinstance(call, WholeResult):
            joint = node._a
            if joint not in self._of_joints:
                self._of_joints[joint] = self._pushed(call.call, operands_of(joint, call.call.operands))
            pushed = self._of_joints[joint]
            if pushed is not None:
                self._tangent[node] = pushed[call.place]
        return True

    def _pushed(self, call: Any, operands: list[Any]) -> Sequence[Any] | None:
        """Return the tangents of the results of a call; None where no operand has one."""
        tangents = [self._tangent.get(x) for x in operands]
        if all(x is None for x in tangents):
            return None
        along = [0.0 if x is None else x for x in tangents]
        pushed: Sequence[Any] = (
            call.recorded_push_forward(operands, along) if self._recorded else call.push_forward(along)
        )
        return pushed
