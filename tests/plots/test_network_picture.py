"""The picture of a network shows the numbers of one row, and gradients that are right."""

from __future__ import annotations

import math
import re

import pytest

from autograd import Value
from autograd.nn import MLP, cross_entropy
from autograd.plots import draw_network


def square(outputs: list[Value]) -> Value:
    return outputs[0] ** 2


def hand_made() -> MLP:
    """tanh(x0 - 2*x1 + 0.5) * 3, one neuron after another."""
    network = MLP(2, [1, 1], activation="tanh", seed=0)
    hidden, out = network.layers[0].neurons[0], network.layers[1].neurons[0]
    hidden.w[0].data, hidden.w[1].data, hidden.b.data = 1.0, -2.0, 0.5
    out.w[0].data, out.b.data = 3.0, 0.0
    return network


def test_numbers_and_gradients_are_those_of_the_chain_rule() -> None:
    text = draw_network(hand_made(), [0.5, 0.25], square).source
    # By hand at a = 0.5 - 0.5 + 0.5: t = tanh(0.5), out = 3t, loss = out**2.
    t = math.tanh(0.5)
    out, slope = 3 * t, 1 - t * t
    numbers = {
        "loss": out**2,
        "gradient of the output": 2 * out,
        "gradient of the hidden neuron": 2 * out * 3,
        "gradient of x1": 2 * out * 3 * slope * -2,
    }
    for what, number in numbers.items():
        assert f">{number:.4g}<" in text, what
    assert f"layers[0].neurons[0].w[1] = -2, gradient {2 * out * 3 * slope * 0.25:.4g}" in text
    assert f"layers[1].neurons[0].w[0] = 3, gradient {2 * out * t:.4g}" in text


def test_lines_are_blue_and_red_by_the_sign_of_the_gradient() -> None:
    text = draw_network(hand_made(), [0.5, -0.25], square).source
    # The inputs are the Values v0 and v1 of the graph's topological order, the hidden neuron is n0.
    lines = {m[1]: m[2] for m in re.finditer(r"(v\d):e -> n0:w .*?color=\"(#\w+)\"", text)}
    assert sorted(lines.values()) == ["#2563eb", "#dc2626"]


def test_gradients_that_parameters_have_are_neither_shown_nor_changed() -> None:
    network = hand_made()
    for parameter in network.parameters():
        parameter.grad = 7.0
    drawing = draw_network(network, [0.5, 0.25], square)
    assert drawing.source == draw_network(hand_made(), [0.5, 0.25], square).source
    assert {parameter.grad for parameter in network.parameters()} == {7.0}


def test_names_are_shown_as_typed() -> None:
    network = MLP(2, [3, 2], seed=0)
    drawing = draw_network(
        network,
        [1.0, 2.0],
        lambda outputs: cross_entropy([outputs], [1]),
        inputs=["<b>&", 'say "x\\n"'],
        outputs=["花", "}"],
        caption="row 3",
    )
    svg = drawing.svg()
    assert svg.startswith("<?xml")
    for shown in ("&lt;b&gt;&amp;", "花", "}", "row 3", "L0.n2"):
        assert shown in svg, shown
    assert drawing.png().startswith(b"\x89PNG\r\n\x1a\n")


def test_a_wide_layer_shows_the_neurons_with_the_largest_gradients() -> None:
    network = MLP(1, [30, 1], activation="linear", seed=0)
    for i, (hidden, weight) in enumerate(
        zip(network.layers[0].neurons, network.layers[1].neurons[0].w, strict=True)
    ):
        hidden.w[0].data, weight.data = 0.01, 1.0 if i >= 18 else 0.001
    text = draw_network(network, [1.0], square).source
    assert [int(i) for i in re.findall(r"<B>n(\d+)</B>", text)] == [*range(18, 30), 0]
    assert "12 of 30" in text


def test_a_loss_that_hardly_depends_on_the_network_is_drawn_too() -> None:
    drawing = draw_network(hand_made(), [0.5, 0.25], lambda outputs: outputs[0] * 1e-9)
    assert "L1.n0" in drawing.svg()
    assert "L1.n0" in draw_network(hand_made(), [0.5, 0.25], lambda outputs: outputs[0] * 0).svg()


@pytest.mark.parametrize(
    ("row", "names", "message"),
    [
        ([1.0], {}, "the network needs a row of 2, not 1"),
        ([1.0, 2.0], {"inputs": ["a"]}, "the network needs names for the inputs: 2, not 1"),
        ([1.0, 2.0], {"outputs": ["a", "b"]}, "the network needs names for the outputs: 1, not 2"),
    ],
)
def test_sizes_that_do_not_fit_are_named(row: list[float], names: dict[str, list[str]], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        draw_network(hand_made(), row, square, **names)  # type: ignore[arg-type]


def test_the_same_network_gives_the_same_text() -> None:
    first, second = (draw_network(MLP(2, [4, 1], seed=3), [1.0, -1.0], square) for _ in range(2))
    assert first.source == second.source
    assert repr(first) == "<Drawing: 8 cards, 13 edges>"
