"""Sweeps over a recorded graph that leave it as it is: reverse and forward, in numbers or recorded.

`Value.backward()` writes gradients into the graph. The sweeps here keep them beside it, so that nobody's
`grad` is touched and threads may share leaves. A sweep in numbers uses the local derivatives that the nodes
hold. A recorded sweep gives the same numbers, bit for bit, as Values that were computed from the operands,
so that its result can be differentiated in turn.
"""

from __future__ import annotations

from math import copysign, isfinite
from typing import TYPE_CHECKING, Any

from ..engine import Value, data_of
from ..engine.recording import blocks, told
from ..engine.whole_calls import alive, any_in
from . import through_calls
from .local_derivatives import LocalDerivatives
from .through_calls import add_to, leading

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from mypy_extensions import i32

    from .local_derivatives import Number


def reverse_sweep(
    order: Sequence[Value], seeds: Mapping[Value, float], inputs: Sequence[Value]
) -> list[float]:
    """Return the derivatives, with respect to some Values, of a weighted sum of others.

    Args:
        order: nodes, each before its operands, from the Values that are differentiated down to the leaves,
            or to the inputs without these.
        seeds: the Values to differentiate, each with its weight.
        inputs: the Values to differentiate by.
    """
    if blocks:
        for observer in told():
            observer.reverse_sweep(order, seeds)
    if alive and any_in(order):
        return through_calls.reverse_sweep(order, seeds, inputs)
    gradient: dict[Any, float] = dict.fromkeys(order, 0.0)
    gradient.update(dict.fromkeys(inputs, 0.0))
    gradient.update(seeds)
    for node in order:
        upstream = gradient[node]
        if (a := node._a) is not None:
            gradient[a] += node._da * upstream
        if (b := node._b) is not None:
            gradient[b] += node._db * upstream
    return [gradient[x] + 0.0 for x in inputs]  # -0.0 + 0.0 is 0.0


def numbered_reverse_sweep(
    order: Sequence[Value], seeds: Mapping[Value, float], inputs: Sequence[Value], number: int
) -> list[float]:
    """Return what `reverse_sweep` does, where the inputs and what was computed from them have a number.

    Their gradients, which are 0, are in the graph while this lasts; that of nothing else is touched.

    Args:
        order, seeds, inputs: as there.
        number: what `newer_nodes` gave.
    """
    if blocks:
        for observer in told():
            observer.reverse_sweep(order, seeds)
    if alive and any_in(order):
        return through_calls.reverse_sweep(order, seeds, inputs)
    mine: i32 = number
    try:
        for node, seed in seeds.items():
            if node._sweep == mine:
                node._grad += seed
        for node in order:
            if node._sweep == mine:
                upstream = node._grad
                if (a := node._a) is not None and a._sweep == mine:
                    a._grad += node._da * upstream
                if (b := node._b) is not None and b._sweep == mine:
                    b._grad += node._db * upstream
        return [x._grad + 0.0 for x in inputs]  # -0.0 + 0.0 is 0.0
    finally:
        for node in order:
            if node._sweep == mine:
                node._grad = 0.0
        for x in inputs:
            x._grad = 0.0


def recorded_reverse_sweep(
    order: Sequence[Value], seeds: Mapping[Value, Number], inputs: Sequence[Value]
) -> list[Value]:
    """Return what `reverse_sweep` does as Values.

    Raises:
        RuntimeError: the number of an operand was changed after the graph was recorded.
        TypeError: a primitive lacks a derivative that is needed.
    """
    if blocks:
        for observer in told():
            observer.reverse_sweep(order, {x: data_of(seed) for x, seed in seeds.items()})
    leads = leading(reversed(order), inputs)
    local = LocalDerivatives()
    gradient: dict[Value, Number] = dict(seeds)
    calls = through_calls.Reverse(leads, gradient) if alive and any_in(order) else None
    for node in order:
        if calls is not None and calls.takes(node):
            continue
        upstream = gradient.get(node)
        if upstream is None or node not in leads:
            continue
        for index, operand, _ in node._edges:
            if operand in leads:
                add_to(gradient, operand, product(local(node, index), upstream))
    return _told(order, inputs, [recorded_value(gradient.get(x, 0.0)) for x in inputs])


def forward_sweep(
    order: Sequence[Value], tangents: Mapping[Value, float], results: Iterable[Value]
) -> list[float]:
    """Return the derivatives of some Values in a direction.

    Args:
        order: nodes, each after its operands, from the leaves (or the inputs, without these) to the results.
        tangents: the Values to differentiate by, each with its part of the direction.
        results: the Values to differentiate.
    """
    if blocks:
        for observer in told():
            observer.forward_sweep(order, tangents)
    tangent: dict[Any, float] = dict(tangents)
    calls = through_calls.Forward(tangent, recorded=False) if alive and any_in(order) else None
    for node in order:
        if calls is not None and calls.takes(node):
            continue
        total = tangent.get(node)  # None where it depends on none of the Values; its slopes may be infinite
        if (a := node._a) is not None and (along := tangent.get(a)) is not None:
            total = (total or 0.0) + node._da * along
        if (b := node._b) is not None and (along := tangent.get(b)) is not None:
            total = (total or 0.0) + node._db * along
        if total is not None:
            tangent[node] = total
    return [tangent.get(x, 0.0) + 0.0 for x in results]


def recorded_forward_sweep(
    order: Sequence[Value], tangents: Mapping[Value, Number], results: Iterable[Value]
) -> list[Value]:
    """Return what `forward_sweep` does as Values.

    It begins as `recorded_reverse_sweep` does and goes the other way: one loop for both would ask at each
    edge which way.

    Raises:
        RuntimeError: the number of an operand was changed after the graph was recorded.
        TypeError: a primitive lacks a derivative that is needed.
    """
    if blocks:
        for observer in told():
            observer.forward_sweep(order, {x: data_of(tangent) for x, tangent in tangents.items()})
    leads = leading(order, tangents)
    local = LocalDerivatives()
    for node in reversed(order):
        if node in leads:
            local.prepare(node)
    tangent: dict[Value, Number] = dict(tangents)
    calls = through_calls.Forward(tangent, recorded=True) if alive and any_in(order) else None
    for node in order:
        if calls is not None and calls.takes(node):
            continue
        for index, operand, _ in node._edges:
            if operand in leads:
                add_to(tangent, node, product(local(node, index), tangent[operand]))
    return _told(order, tangents, [recorded_value(tangent.get(x, 0.0)) for x in results])


def _told(order: Sequence[Value], by: Iterable[Value], derivatives: list[Value]) -> list[Value]:
    """Tell those who observe what a sweep gave, and return that."""
    if blocks:
        for observer in told():
            observer.swept(order, by, derivatives)
    return derivatives


def product(local: Number, upstream: Number) -> Number:
    """Return local * upstream, without a node for a factor that is the number 1, -1 or 0."""
    for factor, other in ((local, upstream), (upstream, local)):
        if not isinstance(factor, Value):
            if factor == 1.0:
                return other
            if factor == -1.0:
                return -other
            if factor == 0.0 and isfinite(data_of(other)):
                return 0.0
    return local * upstream


def recorded_value(x: Number) -> Value:
    """Return a derivative as a Value that is not -0.0, and where it is observed never will be."""
    if not isinstance(x, Value):
        return Value(x + 0.0)  # -0.0 + 0.0 is 0.0
    if blocks or (x.data == 0.0 and copysign(1.0, x.data) < 0.0):
        return x + 0.0
    return x
