"""Drawings as plain text: trees of Values, and tables of neurons."""

from __future__ import annotations

import re

from drawn import sample

from autograd import Value, draw
from autograd.nn import MLP


def tokens(text: str) -> list[list[str]]:
    return [re.findall(r"[^\s│├└─]+", line) for line in text.splitlines()]


def test_a_tree_has_a_line_for_each_value_with_its_numbers_and_local_derivative() -> None:
    x, w = Value(2.0, label="x"), Value(-3.0, label="w")
    y = x * w + 1
    y.backward()
    assert tokens(str(draw(y))) == [
        ["data", "grad", "local"],
        ["+", "1", "-5", "1"],
        ["×", "-6", "1", "1"],
        ["x", "2", "-3", "-3"],
        ["w", "-3", "2", "2"],
    ]


def test_a_value_used_twice_is_shown_in_full_once() -> None:
    text = str(draw(sample()))
    assert len(re.findall(r"─ x +2 ", text)) == 1
    assert len(re.findall(r"─ x, above", text)) == 1


def test_a_value_without_a_name_that_is_used_twice_gets_one() -> None:
    a = Value(3.0)
    b = a.exp()
    text = draw(b * b).text()
    assert "exp v1 " in text
    assert "v1, above" in text


def test_the_columns_of_a_tree_stand_below_each_other() -> None:
    lines = str(draw(sample())).splitlines()
    ends = {line.rindex(" 2") for line in lines if re.search(r"x +2 ", line)}
    assert len(ends) == 1
    assert lines[0].index("data") < lines[0].index("grad") < lines[0].index("local")


def test_a_deep_graph_is_no_wider_than_a_shallow_one() -> None:
    y = Value(1.0, label="start")
    for _ in range(300):
        y = y + 1
    lines = draw(y).text().splitlines()
    assert max(map(len, lines)) < 100
    assert sum(", below" in line for line in lines) == 300 // 16
    assert sum("start" in line for line in lines) == 1


def test_labels_of_any_kind_stay_on_their_line() -> None:
    text = draw(Value(1.0, label="two\nlines\x1b[31m") * 2).text()
    assert len(text.splitlines()) == 3
    assert "\x1b" not in text


def test_a_network_is_a_table_by_layers() -> None:
    net = MLP(2, [3, 1], activation="tanh", seed=1)
    loss = (net([0.5, -1.0]) - 1) ** 2
    loss.backward()
    text = draw(loss, module=net).text()
    assert [line for line in text.splitlines() if not line.startswith(" ")][:3] == [
        "inputs", "layer 0", "layer 1",
    ]  # fmt: skip
    (line,) = [line for line in text.splitlines() if "L0.n1" in line]
    out = net.layers[0]([0.5, -1.0])[1]
    assert f"out {out.data:.4g}" in line
