"""Arrows of networks: coloured before backward() too, with their weights, in order where expanded."""

from __future__ import annotations

import itertools
import math
import re
from typing import Any

import geometry
import pytest
from drawn import hide, texts_of

from autograd import Value, draw
from autograd.drawing import Drawing
from autograd.drawing.picture import Arrow, Picture
from autograd.nn import MLP, Layer


def run(net: MLP) -> Value:
    loss: Value = (net([Value(0.5, label="x0"), Value(-1.0, label="x1")]) - 1) ** 2
    loss.label = "loss"
    loss.backward()
    return loss


def picture_of(drawing: Drawing) -> Picture:
    assert drawing._picture is not None
    return drawing._picture


def named_arrows(drawing: Drawing) -> dict[tuple[str, str], Arrow]:
    names = {card.id: card.label for card in picture_of(drawing).cards}
    return {(names[a.tail], names[a.head]): a for a in picture_of(drawing).arrows}


def test_before_backward_arrows_are_coloured_by_the_weights_themselves() -> None:
    net = MLP(2, [3, 1], activation="tanh", seed=1)
    loss = (net([Value(0.5, label="x0"), Value(-1.0, label="x1")]) - 1) ** 2
    for drawing in (draw(loss, module=net), draw(net)):
        arrows = named_arrows(drawing)
        for i, neuron in enumerate(net.layers[0].neurons):
            for j, weight in enumerate(neuron.w):
                assert arrows[f"x{j}", f"L0.n{i}"].flow == weight.data
        assert "onormal" in drawing.source
    norm = named_arrows(draw(loss, module=net, depth=1))["layer 0", "layer 1"].flow
    assert norm == pytest.approx(math.sqrt(sum(w.data**2 for w in net.layers[1].neurons[0].w)))
    loss.backward()
    assert named_arrows(draw(loss, module=net))["x0", "L0.n0"].flow == net.layers[0].neurons[0].w[0].grad


def test_weights_are_written_on_their_arrows_when_asked_for() -> None:
    net = MLP(2, [3, 1], activation="tanh", seed=1)
    loss = run(net)
    assert {arrow.text for arrow in named_arrows(draw(loss, module=net)).values()} == {""}
    for drawing in (draw(loss, weights=True), draw(loss, module=net, weights=True), draw(net, weights=True)):
        arrows = named_arrows(drawing)
        for i, neuron in enumerate(net.layers[0].neurons):
            for j, weight in enumerate(neuron.w):
                assert arrows[f"x{j}", f"L0.n{i}"].text == f"{weight.data:.4g}"
                assert f"{weight.data:.4g}" in texts_of(drawing.svg())
        shown = geometry.arrows(drawing.svg())
        places = [text for arrow in shown for text in arrow.texts]
        assert len(places) == 3 * 2 + 3
        for arrow in shown:
            assert not any(arrow.runs_through(text) for text in arrow.texts)
        for first, second in itertools.combinations(places, 2):
            assert not first.overlaps(second)


def test_weights_of_what_no_network_computed_are_an_error() -> None:
    x = Value(1.0, label="x")
    with pytest.raises(ValueError, match=r"no neurons were found .* no arrow is a weight; give the network"):
        draw(x * x, weights=True)


@pytest.mark.parametrize("engine", ["graphviz", "none"])
@pytest.mark.parametrize("expand", ["layers[0].neurons[1]", "layers[0]", "layers[1]"])
def test_what_is_expanded_stands_in_order_and_nothing_runs_across_its_cards(
    engine: str, expand: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    if engine == "none":
        request.getfixturevalue("no_dot")
        hide(monkeypatch, "pygraphviz")
    net = MLP(2, [3, 1], activation="tanh", seed=1)
    drawing = draw(run(net), module=net, expand=expand)
    picture, svg = picture_of(drawing), drawing.svg()
    places = geometry.cards(svg)
    tops = {card.id: places[card.id].top for card in picture.cards}
    for frame in picture.frames:
        starts = [min(tops[card] for card in child.cards) for child in frame.frames]
        assert starts == sorted(starts)
        for child in frame.frames:  # w[0], w[1], ... from above
            weights = [c.id for c in picture.cards if c.id in child.cards and c.label.startswith("w[")]
            assert [tops[w] for w in weights] == sorted(tops[w] for w in weights)
    for arrow in geometry.arrows(svg):
        for card, place in places.items():
            if card not in re.split(r"\W+", arrow.name):
                slim = geometry.Rectangle(place.left + 3, place.top + 3, place.right - 3, place.bottom - 3)
                assert not arrow.runs_through(slim), (arrow.name, card)


@pytest.mark.parametrize("engine", ["graphviz", "none"])
def test_of_hundreds_of_weights_those_are_written_for_which_there_is_room(
    engine: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    if engine == "none":
        request.getfixturevalue("no_dot")
        hide(monkeypatch, "pygraphviz")
    net = MLP(2, [10, 10, 1], activation="tanh", seed=1)
    drawing = draw(run(net), module=net, weights=True)
    arrows = geometry.arrows(drawing.svg())
    texts = [text for arrow in arrows for text in arrow.texts]
    assert 30 < len(texts) < len(arrows)
    for first, second in itertools.combinations(texts, 2):
        assert not first.overlaps(second)
    for text, card in itertools.product(texts, geometry.cards(drawing.svg()).values()):
        assert not text.overlaps(card)


@pytest.mark.usefixtures("no_dot")
@pytest.mark.parametrize("rankdir", ["LR", "RL", "TB", "BT"])
def test_an_arrow_from_a_layer_to_itself_runs_beside_it(
    rankdir: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hide(monkeypatch, "pygraphviz")
    cell = Layer(2, 2, activation="tanh", seed=0)
    first: Any = cell([0.1, 0.0])
    second: Any = cell([0.2, first[0]])
    result = second[0] + second[1]
    result.backward()
    svg = draw(result, module=cell, rankdir=rankdir).svg()
    cards = geometry.cards(svg)
    for arrow in geometry.arrows(svg):
        for card in cards.values():
            slim = geometry.Rectangle(card.left + 3, card.top + 3, card.right - 3, card.bottom - 3)
            assert not arrow.runs_through(slim), arrow.name
