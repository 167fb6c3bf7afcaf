"""Which card, arrow and point is which node, and when a graph is folded to play with."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import fromstring

import pytest

from autograd import Value, draw, nn, no_grad, play
from autograd.live import Play
from autograd.live.network import MOST_NODES, LiveNetwork
from autograd.live.network_picture import network_svg
from autograd.live.network_words import _WORDS
from autograd.live.page import edges_of
from autograd.steps.player_picture import number_text


def model(sizes: list[int] | None = None, inputs: int = 2, **options: Any) -> nn.MLP:
    return nn.MLP(inputs, sizes or [8, 8, 1], activation="tanh", seed=1, **options)


def loss_of(net: nn.MLP, point: list[Any], target: float = 1.0) -> Value:
    loss: Value = (net(point) - target) ** 2
    return loss


def network_of(played: Play) -> LiveNetwork:
    assert played.network is not None
    return played.network


def data_of(played: Play) -> dict[str, Any]:
    return network_of(played).data(edges_of(played.steps)[0])


def svg_of(played: Play, label: str = "") -> str:
    network = network_of(played)
    return network_svg(network.picture, network.shown(played.steps, edges_of(played.steps)[0]), "", label)


# When it is folded


@pytest.mark.parametrize("sizes", [[1], [3, 1], [4, 1], [8, 8, 1]])
def test_it_is_folded_where_draw_folds(sizes: list[int]) -> None:
    value = loss_of(model(sizes), [0.5, -1.0])
    folded = "cluster" in draw(value).source
    assert (play(value).network is not None) == folded


def test_a_small_network_is_folded_when_it_is_given() -> None:
    net = model([2, 1])
    value = loss_of(net, [0.5, -1.0])
    assert play(value).network is None
    assert repr(play(value, module=net)) == "<play of loss: a network of 3 neurons, 12 leaves to change>"


def test_expand_true_folds_nothing() -> None:
    value = loss_of(model(), [0.5, -1.0])
    played = play(value, expand=True)
    assert played.network is None
    assert played.steps.nodes[-1] is value


def test_a_part_can_be_shown_in_full() -> None:
    value = loss_of(model(), [0.5, -1.0])
    whole, part = (data_of(play(value, expand=path)) for path in ((), "layers[1].neurons[0]"))
    assert len(part["cards"]) > len(whole["cards"])
    assert [card["name"] for card in data_of(play(value, expand="loss"))["cards"]].count("loss") == 1


def test_what_is_not_there_cannot_be_shown_in_full() -> None:
    value = loss_of(model(), [0.5, -1.0])
    with pytest.raises(ValueError, match=r"there is no 'layers\[7\]' to expand"):
        play(value, expand="layers[7]")
    with pytest.raises(ValueError, match="no neurons were found"):
        play(Value(1.0) * Value(2.0), expand="loss")


def test_the_graph_of_a_function_is_shown_in_full() -> None:
    net = model([4, 4, 1])
    assert play(lambda x: loss_of(net, [x, -1.0]), 0.5).network is None
    with pytest.raises(TypeError, match="play its result to fold a network"):
        play(lambda x: loss_of(net, [x, -1.0]), 0.5, module=net)


def test_a_network_may_be_larger_than_a_graph() -> None:
    played = play(loss_of(model([16, 16, 1]), [0.5, -1.0]))
    assert played.steps.forward > 900
    with pytest.raises(ValueError, match="more than the 500"):
        play(loss_of(model([16, 16, 1]), [0.5, -1.0]), expand=True)


def test_of_too_many_points_a_few_are_to_be_played() -> None:
    net = model()
    loss = nn.mse([net([float(i), 1.0]) for i in range(30)], [0.0] * 30)
    with pytest.raises(ValueError, match=f"more than the {MOST_NODES}.*the loss of one data point"):
        play(loss)


def test_what_was_not_recorded_is_refused() -> None:
    net = model()
    with no_grad():
        value = net([0.5, -1.0])
    with pytest.raises(RuntimeError):
        play(value)


# What is what


def test_gradient_descent_moves_the_weights_and_biases_and_no_data() -> None:
    net = model()
    played = play(loss_of(net, [0.5, -1.0]))
    moved = {id(played.steps.nodes[i]) for i in played.parameters}
    assert moved == {id(p) for p in net.parameters()}
    assert len(played.leaves) == len(net.parameters()) + 3


def test_nothing_in_the_graph_changes(tmp_path: Path) -> None:
    net = model()
    value = loss_of(net, [0.5, -1.0])
    play(value).save(tmp_path / "net.html")
    assert value.grad == 0.0
    assert not any(p.grad for p in net.parameters())
    assert value.label == ""


def test_a_neuron_is_known_by_its_sum_and_its_output() -> None:
    played = play(loss_of(model(), [0.5, -1.0]))
    nodes = played.steps.nodes
    for neuron in data_of(played)["neurons"]:
        (run,) = neuron["runs"]
        total = nodes[neuron["bias"]].data + sum(nodes[w].data * nodes[x].data for w, x in run["sources"])
        assert nodes[run["sum"]].data == pytest.approx(total, rel=1e-14)
        assert nodes[run["out"]].op == ("tanh" if run["after"] else "+")


def test_each_weight_has_an_arrow() -> None:
    net = model()
    played = play(loss_of(net, [0.5, -1.0]))
    arrows = data_of(played)["arrows"]
    along = [leaf for arrow in arrows for leaf in arrow.get("weights", [])]
    weights = [p for p in net.parameters() if ".w[" in p.label]
    assert sorted(along) == sorted(i for p in weights if (i := played.steps.id(p)) is not None)
    assert [len(arrow["edges"]) for arrow in arrows if "edges" in arrow] == [1, 1]


def test_points_outputs_and_targets_are_known_by_their_nodes() -> None:
    net = model([5, 2])
    outs = [net([0.5, -1.0]), net([2.0, 3.0])]
    played = play(nn.mse(outs, [[1.0, 2.0], [3.0, 4.0]]))
    data, nodes = data_of(played), played.steps.nodes
    assert [[nodes[i].data for i in point] for point in data["points"]] == [[0.5, -1.0], [2.0, 3.0]]
    found = [[nodes[i].data for i in output["nodes"]] for output in data["outputs"]]
    assert found == [[row[i].data for row in outs] for i in range(2)]
    aims = [[nodes[data["targets"][str(i)]].data for i in output["nodes"]] for output in data["outputs"]]
    assert aims == [[1.0, 3.0], [2.0, 4.0]]
    assert [played.steps.name(i) for i in data["targets"].values()] == [f"target({n})" for n in (1, 2, 3, 4)]


def test_the_colours_of_a_sigmoid_begin_in_its_middle() -> None:
    hidden, last = nn.Layer(2, 3), nn.Layer(3, 1, activation="sigmoid")
    networks: dict[str, nn.Module] = {"hidden": hidden, "last": last}
    (output,) = data_of(play(last(hidden([0.5, -1.0])), module=networks))["outputs"]
    assert output["centre"] == 0.5


def test_a_single_neuron_is_a_network_too() -> None:
    neuron = nn.Neuron(3, activation="tanh", seed=1)
    played = play(neuron([1.0, 2.0, 3.0]), module=neuron)
    assert repr(played) == "<play of output: a network of 1 neuron, 7 leaves to change>"
    assert [card["name"] for card in data_of(played)["cards"]] == ["x0", "x1", "x2", "neuron"]


def test_a_user_may_have_named_the_point_and_the_result() -> None:
    x, y = Value(0.5, label="温度"), Value(2.0, label="湿度")
    value = loss_of(model(), [x, y])
    value.label = "误差"
    played = play(value, lang="zh")
    cards = [card["name"] for card in data_of(played)["cards"]]
    assert {"温度", "湿度", "误差", "目标"} <= set(cards)


def test_neurons_are_called_as_on_their_cards() -> None:
    played = play(loss_of(model(), [0.5, -1.0]))
    names = [played.steps.name(i) for i in range(played.steps.forward)]
    symbols = [""] * len(names)
    network_of(played).rename(names, symbols)
    assert {"L0.n0", "z L0.n0", "L1.n7.w[2]", "L2.n0.b"} <= set(names)
    assert symbols[names.index("L1.n7.w[2]")] == "<msub><mi>w</mi><mn>2</mn></msub>"


# The picture and the page


def test_cards_and_arrows_of_the_picture_can_be_addressed() -> None:
    played = play(loss_of(model(), [0.5, -1.0]), expand="layers[0].neurons[0]")
    data = data_of(played)
    root = fromstring(svg_of(played, "a <label> & 'quotes'"))
    ids = {element.get("id") for element in root.iter()}
    assert {f"c{i}" for i in range(len(data["cards"]))} <= ids
    assert {f"e{i}" for i in range(len(data["arrows"]))} <= ids
    assert root.get("aria-label") == "a <label> & 'quotes'"


def test_the_picture_has_its_numbers_where_no_scripts_are_run() -> None:
    net = model([4, 4, 1])
    points, targets = [[0.5, -1.0], [1.0, 0.25]], [1.0, -1.0]
    played = play(nn.mse([net(x) for x in points], targets))
    hidden = [net.layers[0](x) for x in points]
    loss = nn.mse([net.layers[2](net.layers[1](x)) for x in hidden], targets)
    loss.backward()
    data, root = data_of(played), fromstring(svg_of(played))
    texts = {g.get("id"): {t.get("class"): t.text for t in g.iter() if t.text} for g in root.iter()}
    for i, card in enumerate(data["cards"]):
        if card["name"].startswith("L0"):
            outs = [row[int(card["name"][-1])] for row in hidden]
            assert texts[f"c{i}"]["d"] == number_text(sum(x.data for x in outs) / 2)
            assert texts[f"c{i}"]["g"] == number_text(sum(x.grad for x in outs))
    classes = {g.get("id"): g.get("class") for g in root.iter()}
    for i, arrow in enumerate(data["arrows"]):
        if "weights" in arrow:
            (weight,) = arrow["weights"]
            gradient = played.steps.nodes[weight].grad
            assert classes[f"e{i}"] == f"e {'pos' if gradient > 0 else 'neg'}"


def test_cards_of_wide_layers_are_one_line() -> None:
    for sizes, lines in (([8, 1], 0), ([9, 1], 9 + 1 + 2 + 1)):
        svg = svg_of(play(loss_of(model(sizes), [0.5, -1.0])))
        assert len(re.findall(r"class='n \w+ line'", svg)) == lines


def test_labels_are_text_and_never_markup() -> None:
    x = Value(0.5, label="<script>x</script>")
    played = play(loss_of(model(), [x, 1.0]))
    html = played._repr_mimebundle_()["text/html"]
    assert "<script>x" not in html
    assert "%26lt;script" in html or "&amp;lt;script" in html


@pytest.mark.parametrize(("sizes", "most"), [([8, 8, 1], 400_000), ([16, 16, 1], 600_000)])
def test_the_page_is_not_large(tmp_path: Path, sizes: list[int], most: int) -> None:
    path = tmp_path / "net.html"
    play(loss_of(model(sizes), [0.5, -1.0])).save(path)
    assert path.stat().st_size < most


def test_it_is_said_in_both_languages() -> None:
    for name, (english, chinese) in _WORDS.items():
        assert english, name
        assert chinese, name
        assert sorted(re.findall(r"\{\w+\}", english)) == sorted(re.findall(r"\{\w+\}", chinese))
        assert any("\u4e00" <= letter <= "\u9fff" for letter in chinese) or name in {"at", "moved_point"}, (
            name
        )


def test_chinese_pages_have_no_english_titles() -> None:
    net = model()
    loss = nn.mse([net([0.5, 1.0]), net([1.0, 2.0])], [0.0, 1.0])
    svg = svg_of(play(loss, lang="zh"))
    assert "第 0 层" in svg
    assert "线性" in svg
    assert "个运算" in svg
    assert "layer" not in svg
