"""Networks in pictures: neurons found again in a graph, folded into cards, and unfolded where wanted."""

from __future__ import annotations

import math
import sys
from collections import Counter
from collections.abc import Sequence
from typing import Any

import pytest

from autograd import Value, draw, topological_order
from autograd import math as agm
from autograd.drawing import Drawing
from autograd.drawing.graphs import FOLDED_FROM
from autograd.drawing.picture import Arrow, Card, Picture
from autograd.nn import MLP, Layer, Module, Neuron, binary_cross_entropy, l2, mse


def picture_of(drawing: Drawing) -> Picture:
    assert drawing._picture is not None
    return drawing._picture


def by_label(drawing: Drawing) -> dict[str, Card]:
    cards = picture_of(drawing).cards
    labels = {card.label: card for card in cards}
    assert len(labels) == len(cards)
    return labels


def named_arrows(drawing: Drawing) -> dict[tuple[str, str], Arrow]:
    names = {card.id: card.label for card in picture_of(drawing).cards}
    return {(names[a.tail], names[a.head]): a for a in picture_of(drawing).arrows}


def numbers(card: Card) -> list[float]:
    return [float(row.text) for row in card.rows]


def run(net: MLP, row: Sequence[float] = (0.5, -1.0)) -> Value:
    inputs = [Value(x, label=f"x{i}") for i, x in enumerate(row)]
    out = net(inputs)
    loss: Value = (out - 1) ** 2 if isinstance(out, Value) else sum((o**2 for o in out[1:]), out[0] ** 2)
    loss.label = "loss"
    loss.backward()
    return loss


# What is folded


@pytest.mark.parametrize("activation", ["tanh", "relu", "sigmoid", "gelu", "silu", "softplus", "leaky_relu"])
def test_a_neuron_shows_its_output_and_the_gradient_of_that(activation: str) -> None:
    net = MLP(2, [3, 1], activation=activation, seed=1)
    loss = run(net)
    cards = by_label(draw(loss, module=net, format=".17g"))
    # the outputs once more, as Values of their own from which the rest is computed
    hidden = [Value(x.data) for x in net.layers[0]([0.5, -1.0])]
    out = Value(net.layers[1](hidden).data)
    ((out - 1) ** 2).backward()
    net.layers[1](hidden).backward(out.grad)
    for i, value in enumerate(hidden):
        assert numbers(cards[f"L0.n{i}"]) == [value.data, pytest.approx(value.grad)]
        assert cards[f"L0.n{i}"].note == activation
    assert numbers(cards["L1.n0"]) == [out.data, pytest.approx(out.grad)]
    assert cards["L1.n0"].note == "linear"


def test_an_arrow_is_a_weight_with_its_gradient() -> None:
    net = MLP(2, [3, 1], activation="tanh", seed=1)
    arrows = named_arrows(draw(run(net), module=net))
    for i, neuron in enumerate(net.layers[0].neurons):
        for j, weight in enumerate(neuron.w):
            arrow = arrows[f"x{j}", f"L0.n{i}"]
            assert arrow.flow == weight.grad
            assert f"layers[0].neurons[{i}].w[{j}] = {weight.data:.4g}" in arrow.tooltip
        assert arrows[f"L0.n{i}", "L1.n0"].flow == net.layers[1].neurons[0].w[i].grad
    assert arrows["L1.n0", "loss"].flow == pytest.approx(2 * (net([0.5, -1.0]).data - 1))
    assert len(arrows) == 3 * 2 + 3 + 1


def test_the_loss_is_a_card_with_its_formula() -> None:
    net = MLP(2, [3, 1], seed=1)
    loss = run(net)
    card = by_label(draw(loss, module=net, format=".17g"))["loss"]
    assert numbers(card) == [loss.data, 1.0]
    assert card.footer == "(L1.n0 − 1)^2"
    assert str(card.operation) == "^ 2"


def test_a_layer_is_a_frame_around_its_neurons() -> None:
    net = MLP(2, [3, 2, 1], activation="tanh", seed=1)
    picture = picture_of(draw(run(net), module=net))
    labels = {card.id: card.label for card in picture.cards}
    frames = {frame.title: [labels[card] for card in frame.cards] for frame in picture.frames}
    assert frames == {
        "": ["x0", "x1"],
        "layer 0": ["L0.n0", "L0.n1", "L0.n2"],
        "layer 1": ["L1.n0", "L1.n1"],
        "layer 2": ["L2.n0"],
    }


def test_without_the_module_neurons_are_found_by_the_labels_of_their_parameters() -> None:
    net = MLP(2, [8, 4, 1], activation="tanh", seed=1)
    loss = run(net)
    assert draw(loss).source == draw(loss, module=net).source


def test_a_graph_of_sixty_values_is_shown_in_full_unless_a_module_is_given() -> None:
    neuron = Neuron(19, seed=0)  # 19 weights, 19 products, 19 sums, the bias, and relu: 59
    out = neuron([float(i) for i in range(19)])
    assert len(picture_of(draw(out)).cards) == 59 < FOLDED_FROM
    assert not picture_of(draw(out)).folded
    assert picture_of(draw(out, module=neuron)).folded
    longer = out * 2
    assert len(picture_of(draw(longer)).cards) == FOLDED_FROM
    assert picture_of(draw(longer * 3)).folded


def test_a_large_expression_without_a_network_is_shown_in_full() -> None:
    x = Value(1.0, label="x")
    y = x
    for _ in range(100):
        y = y * 1.01
    assert len(picture_of(draw(y)).cards) == 101


def test_numbers_as_inputs_have_cards_too() -> None:
    net = MLP(2, [2, 1], seed=1)
    loss = net([0.5, -1.0]) * 3
    cards = by_label(draw(loss, module=net))
    assert [(cards[x].rows[0].text, len(cards[x].rows)) for x in ("x0", "x1")] == [("0.5", 1), ("-1", 1)]
    same = MLP(3, [2, 1], seed=1)
    cards = by_label(draw(same([0.0, 0.0, 0.0]), module=same))
    assert {"x0", "x1", "x2"} <= set(cards)


def test_many_rows_are_one_picture_with_means_and_sums() -> None:
    net = MLP(2, [3, 1], activation="tanh", seed=1)
    rows = [[i / 7, -i / 5] for i in range(20)]
    loss = mse([net(row) for row in rows], [1.0] * 20)
    loss.backward()
    drawing = draw(loss, module=net, format=".17g")
    cards = by_label(drawing)
    assert set(cards) == {"x0", "x1", "L0.n0", "L0.n1", "L0.n2", "L1.n0", "loss"}
    outs = [net(row).data for row in rows]
    mean, gradient = numbers(cards["L1.n0"])
    assert mean == pytest.approx(math.fsum(outs) / 20)
    # d/d(out) of the mean of squares, summed over the rows; it is the gradient of the bias
    assert gradient == pytest.approx(sum(2 * (out - 1) / 20 for out in outs))
    assert gradient == pytest.approx(net.layers[1].neurons[0].b.grad)
    assert cards["x0"].note == "×20"
    assert numbers(cards["x0"]) == [pytest.approx(sum(row[0] for row in rows) / 20)]
    assert named_arrows(drawing)["x0", "L0.n1"].flow == net.layers[0].neurons[1].w[0].grad


def test_the_penalty_of_the_weights_is_part_of_the_loss_and_no_neuron() -> None:
    net = MLP(2, [3, 1], activation="tanh", seed=1)
    loss = (net([0.5, -1.0]) - 1) ** 2 + 1e-3 * l2(net.parameters())
    loss.backward()
    cards = by_label(draw(loss, module=net))
    assert set(cards) == {"x0", "x1", "L0.n0", "L0.n1", "L0.n2", "L1.n0", "loss"}
    assert cards["loss"].footer.endswith("operations")


def test_what_lies_between_layers_belongs_to_the_neuron_it_comes_from() -> None:
    class Scaled(Module):
        def __init__(self) -> None:
            self.first, self.second = Layer(2, 3, activation=agm.tanh, seed=0), Layer(3, 1, False, seed=1)

        def __call__(self, x: list[float]) -> Any:
            return self.second([h * 0.5 for h in self.first(x)])

    net = Scaled()
    cards = by_label(draw(net([0.5, -1.0]), module=net, format=".17g"))
    halves = [h.data * 0.5 for h in net.first([0.5, -1.0])]
    assert [numbers(cards[f"first.n{i}"])[0] for i in range(3)] == halves
    assert cards["first.n0"].note == "tanh *"
    assert "second.n0" in cards


def test_a_network_that_gives_logits_keeps_the_loss_apart() -> None:
    net = MLP(2, [3, 1], activation="tanh", seed=1)
    loss = binary_cross_entropy([net([0.5, -1.0])], [1.0])
    loss.backward()
    cards = by_label(draw(loss, module=net, format=".17g"))
    assert numbers(cards["L1.n0"])[0] == net([0.5, -1.0]).data
    assert numbers(cards["loss"])[0] == loss.data


def test_two_networks_are_told_apart_by_the_names_given() -> None:
    generator, critic = MLP(1, [2, 1], seed=0), MLP(1, [2, 1], seed=1)
    y = critic(generator([1.0]))
    y.backward()
    cards = by_label(draw(y, module={"g": generator, "c": critic}))
    assert set(cards) == {"x0", *(f"{net}.{n}" for net in "gc" for n in ("L0.n0", "L0.n1", "L1.n0"))}
    large = critic(generator([1.0])) + sum(((critic([float(i)])) for i in range(9)), Value(0.0))
    assert not picture_of(draw(large)).folded  # by labels alone they would be mixed up


def test_outputs_that_are_drawn_need_no_loss() -> None:
    net = MLP(2, [3, 2], activation="tanh", seed=1)
    cards = by_label(draw(net([0.5, -1.0]), module=net))
    assert set(cards) == {"x0", "x1", "L0.n0", "L0.n1", "L0.n2", "L1.n0", "L1.n1"}


def test_several_results_have_a_card_each() -> None:
    net = MLP(2, [3, 1], activation="tanh", seed=1)
    data = (net([0.5, -1.0]) - 1) ** 2
    total = data + 0.5
    data.label, total.label = "data loss", "total"
    drawing = draw(total, data, module=net)
    assert {"data loss", "total"} <= set(by_label(drawing))
    assert ("data loss", "total") in named_arrows(drawing)


def test_a_recurrent_use_of_a_layer_is_drawn() -> None:
    cell = Layer(2, 1, activation="tanh", seed=0)
    state: Any = 0.0
    for x in (0.1, 0.2, 0.3):
        state = cell([x, state])
    state.backward()
    drawing = draw(state, module=cell)
    assert drawing.svg().startswith("<?xml")
    assert numbers(by_label(drawing)["n0"])[0] == pytest.approx(
        sum(cell_outputs(cell)) / 3, rel=1e-3
    )  # the mean of its three outputs


def cell_outputs(cell: Layer) -> list[float]:
    w, b = [p.data for p in cell.neurons[0].w], cell.neurons[0].b.data
    outs, state = [], 0.0
    for x in (0.1, 0.2, 0.3):
        state = math.tanh(b + w[0] * x + w[1] * state)
        outs.append(state)
    return outs


# How much is shown


def test_depth_says_how_many_modules_deep_a_network_is_shown() -> None:
    net = MLP(2, [4, 3, 1], activation="tanh", seed=1)
    loss = run(net)
    by_depth = [draw(loss, module=net, depth=depth) for depth in range(4)]
    assert set(by_label(by_depth[0])) == {"x0", "x1", "network", "loss"}
    assert set(by_label(by_depth[1])) == {"x0", "x1", "layer 0", "layer 1", "layer 2", "loss"}
    assert len(by_label(by_depth[2])) == 2 + 4 + 3 + 1 + 1
    assert len(picture_of(by_depth[3]).cards) == len(topological_order(loss))
    layer = by_label(by_depth[1])["layer 0"]
    norm = math.sqrt(sum(p.grad**2 for p in net.layers[0].parameters()))
    assert [row.text for row in layer.rows] == ["4", "12", f"{norm:.4g}"]


def by_label_or_id(drawing: Drawing) -> dict[str, Card]:
    return {card.label if card.kind != "parameter" else card.id: card for card in picture_of(drawing).cards}


def test_arrows_between_layers_have_no_sign() -> None:
    net = MLP(2, [4, 1], activation="tanh", seed=1)
    arrow = named_arrows(draw(run(net), module=net, depth=1))["layer 0", "layer 1"]
    assert arrow.scale == "norm"
    assert arrow.flow == pytest.approx(math.sqrt(sum(w.grad**2 for w in net.layers[1].neurons[0].w)))


def test_a_neuron_a_layer_and_the_loss_can_be_expanded() -> None:
    net = MLP(2, [3, 1], activation="tanh", seed=1)
    loss = run(net)
    one = by_label_or_id(draw(loss, module=net, expand="layers[0].neurons[1]"))
    assert "L0.n1" not in one
    assert "L0.n0" in one
    kinds = Counter(card.kind for card in one.values())
    assert kinds["parameter"] == 3
    every = picture_of(draw(loss, module=net, expand=["layers[0]"]))
    assert sum(card.kind == "parameter" for card in every.cards) == 9
    assert [len(frame.frames) for frame in every.frames if frame.title == "layer 0"] == [3]
    full = [str(card.operation) for card in picture_of(draw(loss, module=net, expand="loss")).cards]
    assert "− 1" in full
    assert len(picture_of(draw(loss, module=net, expand=True)).cards) == len(
        picture_of(draw(loss)).cards
    )  # which has fewer than 60


def test_an_expanded_neuron_shows_local_derivatives() -> None:
    net = MLP(2, [3, 1], activation="tanh", seed=1)
    drawing = draw(run(net), module=net, expand="layers[1].neurons[0]")
    arrows = [a for (tail, _), a in named_arrows(drawing).items() if tail == "L0.n2"]
    assert [a.text for a in arrows] == [f"{net.layers[1].neurons[0].w[2].data:.4g}"]


@pytest.mark.parametrize("wrong", ["layer[0]", "layers[7]", "layers[0].neurons[10]", "neurons"])
def test_a_part_that_is_not_there_is_an_error_that_names_those_that_are(wrong: str) -> None:
    net = MLP(2, [3, 1], seed=1)
    with pytest.raises(ValueError, match=r"there is no .* to expand; there are, among others, .*layers\[0\]"):
        draw(run(net), module=net, expand=wrong)


def test_folding_what_no_network_computed_is_an_error() -> None:
    x = Value(1.0, label="x")
    for options in ({"depth": 1}, {"expand": "layers[0]"}):
        with pytest.raises(ValueError, match="no neurons were found"):
            draw(x * x, **options)


@pytest.mark.parametrize("depth", [-1, 1.5, True, "1"])
def test_a_senseless_depth_is_refused(depth: Any) -> None:
    with pytest.raises(ValueError, match="depth is a whole number"):
        draw(Value(1.0), depth=depth)


def test_a_senseless_expand_or_module_is_refused() -> None:
    with pytest.raises(TypeError, match="expand is a path"):
        draw(Value(1.0), expand=[1])  # type: ignore[list-item]
    for module in (3, [MLP(1, [1])], {"a": 3}):
        with pytest.raises(TypeError, match="module is a Module, or a dict"):
            draw(Value(1.0), module=module)  # type: ignore[arg-type]


def test_a_wide_layer_and_many_inputs_show_those_with_the_largest_gradients() -> None:
    net = MLP(40, [30, 1], activation="tanh", seed=1)
    loss = run(net, [math.sin(i) for i in range(40)])
    picture = picture_of(draw(loss, module=net))
    inputs, first = picture.frames[:2]
    assert (len(inputs.cards), inputs.more, len(first.cards), first.more) == (20, 20, 20, 10)
    labels = {card.id: card.label for card in picture.cards}
    shown = {labels[card] for card in first.cards}
    sizes = sorted(range(30), key=lambda i: -abs(net.layers[1].neurons[0].w[i].data))  # loss' times w
    assert shown == {f"n{i}" for i in sizes[:20]}


def test_a_network_over_a_hundred_rows_is_drawn_quickly() -> None:
    net = MLP(2, [16, 16, 1], seed=1)
    loss = mse([net([math.sin(i), math.cos(i)]) for i in range(100)], [1.0] * 100)
    loss.backward()
    calls = 0

    def count(frame: Any, event: str, arg: Any) -> None:
        nonlocal calls
        calls += event == "call"

    sys.setprofile(count)
    drawing = draw(loss)
    sys.setprofile(None)
    assert calls < 60 * len(topological_order(loss))  # a second, and not a minute
    assert len(picture_of(drawing).cards) == 36


def test_folding_makes_no_difference_to_the_graph() -> None:
    net = MLP(2, [3, 1], seed=1)
    loss = run(net)
    before = [(p.data, p.grad, p.op, p.label) for p in net.parameters()]
    draw(loss, module=net).svg()
    assert [(p.data, p.grad, p.op, p.label) for p in net.parameters()] == before


# A module by itself


def test_a_module_alone_shows_its_layers_and_the_gradients_of_its_parameters() -> None:
    net = MLP(2, [3, 1], activation="tanh", seed=1)
    run(net)
    drawing = draw(net)
    cards, arrows = by_label(drawing), named_arrows(drawing)
    assert set(cards) == {"x0", "x1", "L0.n0", "L0.n1", "L0.n2", "L1.n0"}
    assert len(arrows) == 9
    assert arrows["L0.n2", "L1.n0"].flow == net.layers[1].neurons[0].w[2].grad
    assert arrows["x1", "L0.n0"].flow == net.layers[0].neurons[0].w[1].grad
    bias = net.layers[0].neurons[1].b
    assert [row.text for row in cards["L0.n1"].rows] == [f"{bias.data:.4g}", f"{bias.grad:.4g}"]


def test_a_layer_and_a_neuron_alone_are_drawn() -> None:
    assert set(by_label(draw(Layer(2, 3, seed=0)))) == {"x0", "x1", "n0", "n1", "n2"}
    assert set(by_label(draw(Neuron(2, seed=0)))) == {"x0", "x1", "neuron"}
    assert draw(Neuron(2, seed=0)).svg().startswith("<?xml")


def test_any_module_alone_is_drawn_as_its_parts() -> None:
    class Line(Module):
        def __init__(self) -> None:
            self.slope, self.offset = Value(2.0), Value(-1.0)

    class Two(Module):
        def __init__(self) -> None:
            self.left, self.right = Line(), Line()

    assert set(by_label(draw(Two()))) == {"left", "right"}
    with pytest.raises(ValueError, match="Module has no parameters to draw"):
        draw(Module())
    with pytest.raises(ValueError, match="nothing to expand"):
        draw(Two(), expand="left")
    with pytest.raises(TypeError, match="choose one"):
        draw(Two(), module=Two())


def test_layers_of_a_module_alone_can_be_one_card_each() -> None:
    drawing = draw(MLP(2, [5, 4, 1], seed=0), depth=1)
    assert set(by_label(drawing)) == {"x0", "x1", "layer 0", "layer 1", "layer 2"}
    assert ("layer 1", "layer 2") in named_arrows(drawing)
