"""What Values are called in a picture."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograd import Value, draw
from autograd.drawing import Drawing
from autograd.nn import Module, Neuron


def labels(drawing: Drawing) -> list[str]:
    assert drawing._picture is not None
    return [card.label for card in drawing._picture.cards]


def test_variables_of_the_caller_name_values_when_asked() -> None:
    a, b = Value(2.0), Value(3.0)
    y = a * b
    assert labels(draw(y)) == ["", "", ""]
    assert labels(draw(y, names=True)) == ["a", "b", "y"]
    assert labels(draw(y, names=locals())) == ["a", "b", "y"]
    assert labels(draw(y, names={"left": a})) == ["left", "", ""]
    assert labels(draw(y, names=False)) == ["", "", ""]


def test_a_label_comes_before_a_variable() -> None:
    a = Value(2.0, label="alpha")
    assert labels(draw(a * 2, names=locals())) == ["alpha", ""]


def test_values_in_containers_are_named_by_their_place() -> None:
    xs, by_name = [Value(1.0), Value(2.0)], {"k": Value(3.0)}
    y = xs[0] + xs[1] + by_name["k"]
    assert labels(draw(y, names=True)) == ["xs[0]", "xs[1]", "", "by_name['k']", "y"]


def test_a_variable_of_its_own_comes_before_a_place_in_a_container() -> None:
    x, y = Value(1.0), Value(2.0)
    everything = {"Out": {3: y}, "pair": [x, y], "x": x}
    assert labels(draw(x * y, names=everything)) == ["x", "pair[1]", ""]


def test_hidden_variables_name_nothing_and_the_first_name_counts() -> None:
    _hidden = Value(1.0)
    first = Value(2.0)
    second = first
    assert labels(draw(_hidden * second, names=True)) == ["", "first", ""]


def test_values_with_equal_numbers_keep_their_own_names() -> None:
    a, b = Value(1.0), Value(1.0)
    assert labels(draw(b - a, names=True)) == ["b", "a", ""]


def test_parameters_of_a_module_are_named_by_their_path_and_known_as_parameters() -> None:
    class Line(Module):
        def __init__(self) -> None:
            self.slope, self.offset = Value(2.0), Value(-1.0)

    line = Line()
    y = (line.slope * Value(3.0, label="x")).exp() * line.offset
    drawing = draw(y, module=line)
    assert labels(drawing) == ["slope", "x", "", "", "offset", ""]
    assert drawing._picture is not None
    kinds = [card.kind for card in drawing._picture.cards]
    assert kinds == ["parameter", "input", "inner", "inner", "parameter", "inner"]
    assert line.slope.label == ""  # drawing changes nothing


def test_several_roots_lists_and_arrays_may_be_drawn() -> None:
    a, b = Value(2.0, label="a"), Value(3.0, label="b")
    y, z = a * b, a + b
    expected = draw(y, z).source
    assert draw([y, z]).source == draw((y, z)).source == draw(np.array([y, z])).source == expected
    assert draw(y, y).source == draw(y).source
    assert draw(Neuron(1, seed=0)([a]), y).source.count("[label=<<TABLE") == 5 + 3


def kinds(result: Value, **options: Any) -> dict[str, str]:
    picture = draw(result, **options)._picture
    assert picture is not None
    return {card.label: card.kind for card in picture.cards if card.kind != "inner"}


def test_parameters_are_marked_by_hand_as_values_or_by_their_names() -> None:
    weight, bias, x = Value(2.0, label="权重"), Value(1.0, label="偏置"), Value(3.0, label="w")
    y = weight * x + bias
    assert kinds(y) == {"权重": "input", "偏置": "input", "w": "parameter"}
    marked = {"权重": "parameter", "偏置": "parameter", "w": "input"}
    for parameters in ([weight, bias], ["权重", "偏置"], [[weight, "偏置"]], (weight, bias)):
        assert kinds(y, parameters=parameters) == marked
    assert set(kinds(y, parameters=[]).values()) == {"input"}
    assert kinds(y, parameters=weight) == kinds(y, parameters="权重") == {**marked, "偏置": "input"}


def test_parameters_of_a_module_are_ones_whatever_is_marked() -> None:
    net = Neuron(1, seed=0)
    picture = draw(net([Value(1.0, label="x")]), module=net, expand=True, parameters=[])._picture
    assert picture is not None
    assert sum(card.kind == "parameter" for card in picture.cards) == 2


@pytest.mark.parametrize("parameters", [[3], [None], [{}]])
def test_something_else_as_a_parameter_is_refused(parameters: Any) -> None:
    with pytest.raises(TypeError, match=r"^parameters is a list of Values or of their names, .* not of '"):
        draw(Value(1.0), parameters=parameters)


@pytest.mark.parametrize(
    ("parameters", "told"),
    [
        (["权"], "no leaf of this graph is called '权', as parameters= says; there are, among others, 权重"),
        ("loss", "no leaf of this graph is called 'loss', as parameters= says; there are, among others, "),
    ],
)
def test_a_name_that_no_leaf_has_is_refused(parameters: Any, told: str) -> None:
    loss = Value(2.0, label="权重") * Value(3.0, label="x")
    loss.label = "loss"
    with pytest.raises(ValueError, match=told):
        draw(loss, parameters=parameters)
    with pytest.raises(ValueError, match="no leaf has a name"):
        draw(Value(2.0), parameters="w")
    with pytest.raises(TypeError, match="all leaves of a network are parameters"):
        draw(Neuron(1, seed=0), parameters=["w"])
