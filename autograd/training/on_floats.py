"""What a network gives as lists, and as numbers in a tenth of the time, for which no Value is made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from .. import math
from ..engine import Value
from ..nn import MLP

Function = Callable[[float], float]


def as_list(outputs: Value | list[Value]) -> list[Value]:
    """Return what a network gives as a list, also where it is one Value."""
    return outputs if isinstance(outputs, list) else [outputs]


def layers_of(network: MLP) -> Iterator[tuple[list[tuple[list[float], float]], Function | None]]:
    """Yield for each layer the weights and bias of every neuron, and the activation, None where linear."""
    for layer in network.layers:
        neurons = [([w.data for w in neuron.w], neuron.b.data) for neuron in layer.neurons]
        yield neurons, _activation(network.activation) if layer.neurons[0].nonlin else None


def outputs_of(network: MLP, rows: Iterable[Sequence[float]]) -> list[list[float]]:
    """Return what a network gives for rows of numbers, as lists of numbers.

    They are the numbers of `network(row)`, to the last bit, in a tenth of the time, for no Value is made.

    >>> network = MLP(2, [3, 1], activation="tanh", seed=0)
    >>> outputs_of(network, [[0.5, -1.0]]) == [[network([0.5, -1.0]).data]]
    True
    """
    layers = [*layers_of(network)]
    outputs = []
    for row in rows:
        xs = [*row]
        for neurons, function in layers:
            sums = [_weighted_sum(weights, xs, bias) for weights, bias in neurons]
            xs = sums if function is None else [function(x) for x in sums]
        outputs.append(xs)
    return outputs


def _weighted_sum(weights: list[float], inputs: list[float], start: float) -> float:
    total = start
    for w, x in zip(weights, inputs, strict=True):  # one after the other, as Values are added up
        total += w * x
    return total


def _activation(activation: str | Callable[[Any], Any]) -> Function | None:
    if not isinstance(activation, str):
        return lambda x: activation(Value(x)).data
    if activation == "linear":
        return None
    function: Function = getattr(math, activation)
    return getattr(function, "value", function)  # of a primitive, what is computed without asking for Values
