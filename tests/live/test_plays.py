"""What `play` gives, and refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograd import Value, math, no_grad, play
from autograd.drawing import DrawingError
from autograd.live import Play
from autograd.live.words import _WORDS


def neuron() -> Value:
    x, w, b = Value(2.0, label="x"), Value(-3.0, label="w"), Value(1.0, label="b")
    y = (x * w + b).tanh()
    y.label = "y"
    return y


def test_it_says_what_there_is_to_play_with() -> None:
    assert repr(play(neuron())) == "<play of y: 6 nodes, 3 leaves to change>"


def test_nothing_in_the_graph_changes(tmp_path: Path) -> None:
    y = neuron()
    play(y).save(tmp_path / "y.html")
    assert y.grad == 0.0
    assert play(y).steps.nodes[-1] is y


def test_gradient_descent_moves_what_is_called_as_a_parameter() -> None:
    played = play(neuron())
    assert [played.steps.name(i) for i in played.parameters] == ["w", "b"]


def test_gradient_descent_moves_all_leaves_where_none_is_called_so() -> None:
    played = play(Value(1.0, label="p") * Value(2.0, label="q"))
    assert [played.steps.name(i) for i in played.parameters] == ["p", "q"]


def test_parameters_may_be_named_by_hand() -> None:
    x, w = Value(2.0, label="x"), Value(-3.0, label="权重")
    played = play(x * w, parameters=[w])
    assert [played.steps.name(i) for i in played.parameters] == ["权重"]


@pytest.mark.parametrize("wrong", [Value(1.0), 3.0, "weight"])
def test_only_leaves_can_be_parameters(wrong: object) -> None:
    with pytest.raises(TypeError, match=r"the parameters of play\(\) are leaves of the graph"):
        play(neuron(), parameters=[wrong])  # type: ignore[list-item]


def test_a_number_is_no_graph() -> None:
    with pytest.raises(
        TypeError, match=r"play\(\) takes a Value, or a function and its arguments, not 'float'"
    ):
        play(3.0)  # type: ignore[arg-type]


def test_what_was_not_recorded_is_refused() -> None:
    x = Value(2.0)
    with no_grad():
        y = x * x
    with pytest.raises(RuntimeError):
        play(y)


def test_large_graphs_are_refused() -> None:
    total = Value(0.0)
    for _ in range(300):
        total = total + Value(1.0)
    with pytest.raises(ValueError, match="the graph has 601 Values, more than the 500"):
        play(total)


def test_other_languages_are_refused() -> None:
    with pytest.raises(ValueError, match=r"'en' .English. or 'zh' .Chinese., not 'fr'"):
        play(neuron(), lang="fr")


def test_only_pages_are_written(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"end its name in .html, not"):
        play(neuron()).save(tmp_path / "y.png")
    assert play(neuron()).save(tmp_path / "y.html") == str(tmp_path / "y.html")


def test_jupyter_gets_html_and_text() -> None:
    bundle = play(neuron())._repr_mimebundle_()
    assert {*bundle} == {"text/plain", "text/html", "image/png"}
    assert bundle["image/png"].startswith(b"\x89PNG")
    assert {*Play(neuron())._repr_mimebundle_(exclude=["text/html"])} == {"text/plain", "image/png"}


def test_without_what_makes_a_png_the_text_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: object) -> bytes:
        raise DrawingError("a PNG needs Matplotlib")

    monkeypatch.setattr("autograd.steps.player.finished_png", fail)
    bundle = play(neuron())._repr_mimebundle_()
    assert {*bundle} == {"text/plain", "text/html"}
    assert bundle["text/plain"].endswith("a PNG needs Matplotlib")


def test_every_phrase_is_in_both_languages_with_the_same_places() -> None:
    import re

    for name, phrases in _WORDS.items():
        english, chinese = (sorted(re.findall(r"\{\w+\}", text)) for text in phrases)
        assert english == chinese, name
        assert all(phrases), name


def test_math_of_it() -> None:
    assert play(math.log(Value(2.0))).parameters == [0]
