"""The legend says what is in the picture, and nothing else."""

from __future__ import annotations

import pytest
from drawn import hide, sample, texts_of

from autograd import Value, draw
from autograd.drawing import Drawing
from autograd.drawing import legend as legends
from autograd.nn import MLP
from autograd.support.languages import CHINESE


def legend(drawing: Drawing) -> dict[str, str]:
    assert drawing._picture is not None
    return {entry.sample: entry.text for entry in drawing._picture.legend if entry.sample}


def network_loss(net: MLP) -> Value:
    loss: Value = (net([Value(0.5, label="x0"), Value(-1.0, label="x1")]) - 1) ** 2
    loss.label = "loss"
    return loss


def test_without_being_asked_for_there_is_none() -> None:
    assert legend(draw(sample())) == {}


def test_a_graph_has_its_kinds_of_cards_and_signs_of_arrows() -> None:
    x, w = Value(2.0, label="x"), Value(-3.0, label="w")
    y = x * w + 0 * x
    y.backward()
    assert set(legend(draw(y, legend=True))) == {
        "input",
        "parameter",
        "inner",
        "positive",
        "negative",
        "zero",
    }
    assert set(legend(draw(x, legend=True))) == {"input"}


def test_a_network_has_weights_by_their_gradients_or_before_backward_by_themselves() -> None:
    net = MLP(2, [3, 1], activation="tanh", seed=1)
    loss = network_loss(net)
    before = legend(draw(loss, module=net, legend=True))
    assert before["positive"] == "positive weight"
    loss.backward()
    after = legend(draw(loss, module=net, legend=True))
    assert after["positive"] == "weight with a positive gradient"
    assert set(after) >= {"input", "neuron", "inner", "positive", "negative"}
    assert "norm" in legend(draw(loss, module=net, depth=1, legend=True))


@pytest.mark.parametrize("engine", ["graphviz", "none"])
def test_the_picture_shows_it(
    engine: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    if engine == "none":
        request.getfixturevalue("no_dot")
        hide(monkeypatch, "pygraphviz")
    drawing = draw(sample(), legend=True)
    shown = texts_of(drawing.svg())
    assert drawing._picture is not None
    for entry in drawing._picture.legend:
        assert entry.text in shown
    assert not set(shown) & {"neuron"}


@pytest.mark.parametrize("folded", [False, True])
@pytest.mark.parametrize("differentiated", [False, True])
@pytest.mark.parametrize("depth", [1, 2])
@pytest.mark.parametrize("weights", [False, True])
def test_a_legend_is_said_in_chinese(folded: bool, differentiated: bool, depth: int, weights: bool) -> None:
    y = network_loss(MLP(2, [3, 1], seed=0)) if folded else sample()
    if differentiated:
        y.backward()
    options = {"depth": depth, "weights": weights} if folded else {}
    english, chinese = (
        draw(y, legend=True, lang=lang, **options)._picture.legend  # type: ignore[arg-type, union-attr]
        for lang in ("en", "zh")
    )
    assert english
    assert [entry.sample for entry in english] == [entry.sample for entry in chinese]
    for entry in chinese:
        assert any("\u4e00" <= x <= "\u9fff" for x in entry.text)


def test_every_phrase_of_legends_is_in_chinese() -> None:
    phrases = [*legends._CARDS.values(), *legends._FLOWS.values(), *legends._WEIGHTS.values()]
    for phrase in [*phrases, *legends._VALUES.values()]:
        assert phrase in CHINESE
    with pytest.raises(ValueError, match="not 'fr'"):
        draw(sample(), lang="fr")
