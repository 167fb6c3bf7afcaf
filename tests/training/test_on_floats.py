"""What is computed on floats is what the network gives on Values."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest

from autograd import Value
from autograd.nn import ACTIVATIONS, MLP
from autograd.training.on_floats import as_list, outputs_of


@pytest.mark.parametrize("activation", [*ACTIVATIONS, lambda x: x * x])
@pytest.mark.parametrize("sizes", [[1], [5, 3], [4, 4, 1]])
def test_outputs_are_to_the_last_bit_those_of_the_network(
    activation: str | Callable[[Value], Value], sizes: list[int]
) -> None:
    network = MLP(3, sizes, activation=activation, seed=2)
    for parameter in network.parameters():
        parameter.data = 3.0 * parameter.data + 0.1  # biases are 0 at first
    rows = [[0.3, -1.7, 40.0], [0.0, 0.0, 0.0], [1e-9, 1.0, -5.0], [-800.0, 2.0, 1e30]]
    assert outputs_of(network, rows) == [[out.data for out in as_list(network(row))] for row in rows]


def test_outputs_that_overflow_are_infinite() -> None:
    assert outputs_of(MLP(1, [1], initializer=lambda *_: 1e200), [[1e200]]) == [[math.inf]]
