"""A graph as text in DOT: what it says, read by Graphviz's own parser, whatever its labels are."""

from __future__ import annotations

import math
import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import geometry
import pygraphviz
import pytest
from drawn import SVG, by_label, parsed, texts_of
from graphs import neuron
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd import math as agm
from autograd import ops
from autograd.drawing import draw
from autograd.engine import Value, topological_order

XLINK = "{http://www.w3.org/1999/xlink}"


def blue_minus_red(color: str) -> int:
    return int(color[5:7], 16) - int(color[1:3], 16)


def paleness(color: str) -> int:
    return sum(bytes.fromhex(color[1:]))


# What is drawn


def test_the_neuron_has_a_card_for_each_value_with_its_published_numbers() -> None:
    cards = by_label(draw(neuron()))
    shown = {label: (card.operation, card.data, card.grad) for label, card in cards.items()}
    assert shown == {
        "x1": ("", "2", "-1.5"),
        "w1": ("", "-3", "1"),
        "x2": ("", "0", "0.5"),
        "w2": ("", "1", "0"),
        "b": ("", "6.881", "0.5"),
        "x1*w1": ("×", "-6", "0.5"),
        "x2*w2": ("×", "0", "0.5"),
        "x1*w1 + x2*w2": ("+", "-6", "0.5"),
        "n": ("+", "0.8814", "0.5"),
        "o": ("tanh", "0.7071", "1"),
    }


def test_an_arrow_runs_from_each_operand_and_bears_the_local_derivative() -> None:
    cards, arrows = parsed(draw(neuron()))
    named = {(cards[a.tail].label, cards[a.head].label, a.local) for a in arrows}
    assert len(arrows) == 9
    assert named == {
        ("x1", "x1*w1", "-3"),
        ("w1", "x1*w1", "2"),
        ("x2", "x2*w2", "1"),
        ("w2", "x2*w2", "0"),
        ("x1*w1", "x1*w1 + x2*w2", "1"),
        ("x2*w2", "x1*w1 + x2*w2", "1"),
        ("x1*w1 + x2*w2", "n", "1"),
        ("b", "n", "1"),
        ("n", "o", "0.5"),
    }


def test_a_value_added_to_itself_has_two_arrows() -> None:
    a = Value(3.0)
    _, arrows = parsed(draw(a + a))
    assert [(arrow.tail, arrow.head) for arrow in arrows] == [("v0", "v1"), ("v0", "v1")]


def test_a_leaf_alone_is_one_card() -> None:
    cards, arrows = parsed(draw(Value(3.0, label="x")))
    assert (len(cards), arrows) == (1, [])


def test_ids_count_the_topological_order() -> None:
    o = neuron()
    cards, _ = parsed(draw(o))
    order = topological_order(o)
    assert {f"v{i}": node.label for i, node in enumerate(order)} == {k: c.label for k, c in cards.items()}


def test_the_same_graph_gives_the_same_text_in_every_process() -> None:
    program = "from autograd import draw; from graphs import neuron; print(draw(neuron()).source, end='')"
    texts = {draw(neuron()).source.encode()}
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONUTF8": "1"}
        done = subprocess.run(
            [sys.executable, "-c", program],
            cwd=Path(__file__).parents[1], env=environment, capture_output=True, check=True,
        )  # fmt: skip
        texts.add(done.stdout.replace(b"\r\n", b"\n"))
    assert len(texts) == 1


@pytest.mark.parametrize(
    ("result", "shown"),
    [
        (2 * Value(3.0), "2 ×"),
        (Value(3.0) * 2, "× 2"),
        (Value(3.0) ** 2, "^ 2"),
        (2 ** Value(3.0), "2 ^"),
        (1 / Value(3.0), "1 ÷"),
        (Value(3.0) - 0.123456, "− 0.1235"),
        (Value(3.0) % 2, "mod 2"),
        (-Value(3.0), "−"),
        (Value(3.0).leaky_relu(0.01), "leaky_relu(·, 0.01)"),
        (agm.atan2(1.0, Value(3.0)), "atan2(1, ·)"),
        (Value(3.0) * Value(2.0), "×"),
    ],
)
def test_a_constant_stands_beside_the_operation_as_in_a_formula(result: Value, shown: str) -> None:
    cards, arrows = parsed(draw(result))
    assert list(cards.values())[-1].operation == shown
    assert len(arrows) == sum(isinstance(x, Value) for x in result.operands)


def test_every_operation_of_the_table_can_be_drawn() -> None:
    for primitive in ops.TABLE.values():
        points = [low + 0.4 * (high - low) for low, high in primitive.domain]
        operands: list[Any] = [
            p if d is None else Value(p) for p, d in zip(points, primitive.derivatives, strict=True)
        ]
        if primitive.name == "polygamma":
            operands[0] = 1.0
        if primitive.name == "ldexp":
            operands[1] = 2.0
        cards, _ = parsed(draw(primitive(*operands)))
        assert primitive.symbol in list(cards.values())[-1].operation


def test_an_operation_unknown_to_the_table_is_shown_by_its_name() -> None:
    y = Value(2.0) * Value(3.0)
    y.op = "<mine>"
    assert parsed(draw(y))[0]["v2"].operation == "<mine>"


def test_gradients_are_tinted_by_sign_and_size() -> None:
    a, b, c, d = (Value(x, label=label) for x, label in [(1.0, "a"), (1.0, "b"), (1.0, "c"), (1.0, "d")])
    (3 * a + 0.5 * b - 2 * c + 0 * d).backward()
    tints = {name: card.grad_tint for name, card in by_label(draw(a + b + c + d)).items() if name}
    assert blue_minus_red(tints["a"]) > blue_minus_red(tints["b"]) > 0 > blue_minus_red(tints["c"])
    assert paleness(tints["a"]) < paleness(tints["b"]) < paleness(tints["d"])
    assert tints["d"] == "#ffffff"


def test_arrows_are_coloured_and_wide_by_what_flows_along_them() -> None:
    a, b, c, d = (Value(1.0) for _ in "abcd")
    y = (a * 3 + b * 0.5) + (c * -2 + d * 0)
    y.backward()
    _, arrows = parsed(draw(y))
    arrow = {a.local: a for a in arrows if a.local != "1"}
    assert arrow["3"].width > arrow["-2"].width > arrow["0.5"].width > arrow["0"].width > 0
    assert blue_minus_red(arrow["3"].color) > 0 > blue_minus_red(arrow["-2"].color)
    assert arrow["3"].color == arrow["0.5"].color
    assert arrow["0"].color not in (arrow["3"].color, arrow["-2"].color)


def test_the_flow_counts_not_the_local_derivative_alone() -> None:
    x = Value(1.0)
    y = -(x * 5)
    y.backward()
    first, second = parsed(draw(y))[1]
    assert (first.local, second.local) == ("5", "-1")
    assert blue_minus_red(first.color) < 0  # 5 times the gradient -1
    assert first.width > second.width


def test_the_hollow_head_of_a_wide_arrow_has_room_inside_its_outline() -> None:
    x = Value(1.0)
    y = x * -5 + x * 0.001
    y.backward()
    graph = pygraphviz.AGraph(string=draw(y).source)
    (hollow,) = [arrow for arrow in graph.edges() if arrow.attr["arrowhead"] == "onormal"]
    # A head of Graphviz is 10 points long and 7 wide, times its size; half of its outline lies inside.
    width, size = float(hollow.attr["penwidth"]), float(hollow.attr["arrowsize"])
    inradius = 7 * 10 * size / (7 + 2 * math.hypot(10, 3.5))
    assert width == pytest.approx(3.4)
    assert inradius > width / 2 + 1


def test_infinite_and_nan_gradients_are_drawn_and_nan_has_a_colour_of_its_own() -> None:
    x = Value(0.0, label="x")
    y = x.sqrt() * x + Value(math.inf, label="up") * Value(-math.inf, label="down")
    y.backward()
    cards = by_label(draw(y))
    assert (cards["x"].grad, cards["up"].grad, cards["down"].grad) == ("nan", "-inf", "inf")
    assert len({cards[name].grad_tint for name in ("x", "up", "down")}) == 3


def test_before_backward_gradients_are_zero_and_untinted() -> None:
    x = Value(2.0, label="x")
    cards = by_label(draw(x * x))
    assert (cards["x"].grad, cards["x"].grad_tint) == ("0", "#ffffff")


def test_no_gradient_is_shown_as_minus_zero() -> None:
    x = Value(2.0, label="x")
    x.grad = -0.0
    assert by_label(draw(x))["x"].grad == "0"


@pytest.mark.parametrize(
    "label", ["w", "b", "w1", "W_2", "bias", "layers[0].neurons[3].w[1]", "net.weight[0][2]"]
)
def test_leaves_named_like_parameters_have_another_colour_than_inputs(label: str) -> None:
    inputs = {by_label(draw(Value(1.0, label=x)))[x].tint for x in ("x1", "bold", "wide", "", "w1.x", "权重")}
    parameter = by_label(draw(Value(1.0, label=label)))[label].tint
    inner = list(parsed(draw(Value(1.0) + 1))[0].values())[-1].tint
    assert len(inputs) == 1
    assert parameter not in inputs | {inner}


def test_numbers_are_written_in_the_format_given() -> None:
    x = Value(math.pi, label="x")
    assert by_label(draw(x))["x"].data == "3.142"
    assert by_label(draw(x, format=".2f"))["x"].data == "3.14"
    assert by_label(draw(x, format="<+9.1e"))["x"].data == "+3.1e+00 "


def test_a_direction_can_be_chosen() -> None:
    graph = pygraphviz.AGraph(string=draw(Value(1.0) + 1, rankdir="TB").source)
    assert graph.graph_attr["rankdir"] == "TB"


# Any text as a label

NASTY = [
    'a "quoted" word', "<b>bold</b>", "a & b", "&amp; &lt; &#65; &nbsp;", "</script><script>alert()</script>",
    "]]> <!-- -->", "\\", "\\N \\G \\n \\l", "C:\\new\\", "😀", "中文 标签", "العربية", "{x|y}", "%s",
]  # fmt: skip


def sum_of(labels: list[str]) -> Value:
    values = [Value(1.0, label=label) for label in labels]
    return sum(values[1:], values[0])


def test_every_label_is_shown_in_the_picture_as_typed() -> None:
    shown = texts_of(draw(sum_of(NASTY)).svg())
    assert [label for label in NASTY if label not in shown] == []


def test_no_label_becomes_an_element_of_the_picture() -> None:
    root = ET.fromstring(draw(sum_of(NASTY)).svg())
    kinds = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert kinds == {"svg", "g", "title", "polygon", "path", "text", "a"}
    assert all(set(a.attrib) == {f"{XLINK}title"} for a in root.iter(f"{SVG}a"))


@pytest.mark.parametrize(
    ("label", "shown"),
    [
        ("nul\0 bell\x07 del\x7f nel\x85", r"nul\x00 bell\x07 del\x7f nel\x85"),
        ("carriage\rreturn", r"carriage\rreturn"),
        ("\ud800 \uffff", r"\ud800 \uffff"),
        ("\u202eturned", r"\u202eturned"),
        ("x" * 40, "x" * 40),
    ],
)
def test_what_cannot_be_shown_is_written_as_python_does(label: str, shown: str) -> None:
    picture = draw(Value(1.0, label=label))
    assert by_label(picture)[shown].data == "1"
    assert shown in texts_of(picture.svg())


@pytest.mark.parametrize(
    ("label", "lines"),
    [
        ("two\nlines", ["two", "lines"]),
        ("a\r\nb\n\nc", ["a", "b", "c"]),
        ("tab\there", ["tab here"]),
        ("x" * 300, ["x" * 40] * 7 + ["x" * 20]),
        ("中" * 50, ["中" * 20] * 2 + ["中" * 10]),
        ("word " * 12, ["word " * 8, "word " * 4]),
    ],
)
def test_a_label_of_several_lines_or_300_characters_is_shown_whole(label: str, lines: list[str]) -> None:
    shown = texts_of(draw(Value(1.0, label=label)).svg())
    assert [text.rstrip() for text in shown[: len(lines)]] == [line.rstrip() for line in lines]
    assert shown[len(lines)] == "data"


def test_a_label_of_more_than_twelve_lines_is_cut() -> None:
    shown = texts_of(draw(Value(1.0, label="x" * 10_000)).svg())
    assert shown[:12] == ["x" * 40] * 11 + ["x" * 39 + "…"]
    assert shown[12] == "data"


@pytest.mark.parametrize("label", [" ", "   ", "\u00a0"])
def test_a_label_of_spaces_only_is_drawn(label: str) -> None:
    assert "1" in texts_of(draw(Value(1.0, label=label)).svg())


def test_a_label_that_is_cut_is_whole_in_the_tooltip() -> None:
    label = "<&>\"'" * 30
    titles = [
        a.get(f"{XLINK}title", "") for a in ET.fromstring(draw(Value(1.0, label=label)).svg()).iter(f"{SVG}a")
    ]
    assert titles == [f"{label}: data 1.0, grad 0.0"]


@settings(max_examples=200, deadline=None)
@given(
    st.text(
        alphabet=st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Zl", "Zp", "Cn"]), max_size=40
    )
)
def test_any_printable_label_is_read_back_from_the_text(label: str) -> None:
    card = parsed(draw(Value(1.0, label=label)))[0]["v0"]
    assert (card.label, card.data) == (label, "1")


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.characters(), max_size=60), st.text(alphabet=st.characters(), max_size=60))
def test_any_labels_at_all_leave_the_graph_as_it_is(first: str, second: str) -> None:
    y = Value(1.0, label=first) * Value(2.0)
    y.label = second
    cards, arrows = parsed(draw(y))
    assert [card.data for card in cards.values()] == ["1", "2", "2"]
    assert [(a.tail, a.head) for a in arrows] == [("v0", "v2"), ("v1", "v2")]


def test_wide_letters_have_room_whatever_fonts_the_machine_has(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, no_dot: None
) -> None:
    monkeypatch.setenv("FONTCONFIG_FILE", str(tmp_path / "missing"))
    (card,) = geometry.cards(draw(Value(1.0, label="中文标签很长的一个名字")).svg()).values()
    assert card.right - card.left >= 11 * 11  # eleven letters as wide as they are high
