"""The drawing of a graph: what its text says, read by Graphviz's own parser, and the pictures made of it."""

from __future__ import annotations

import itertools
import math
import os
import stat
import struct
import subprocess
import sys
import threading
import time
import xml.etree.ElementTree as ET
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import geometry
import graphviz
import pygraphviz
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd import math as agm
from autograd import ops
from autograd.drawing import Drawing, DrawingError, draw
from autograd.engine import Value, topological_order
from autograd.nn import MLP

SVG = "{http://www.w3.org/2000/svg}"
XLINK = "{http://www.w3.org/1999/xlink}"


class Card(NamedTuple):
    """A card as Graphviz reads it: the cells of its table."""

    operation: str
    label: str
    data: str
    grad: str
    tint: str  # of the label, or of the data where there is no label
    grad_tint: str


class Arrow(NamedTuple):
    tail: str
    head: str
    local: str
    color: str
    width: float


def parsed(picture: Drawing) -> tuple[dict[str, Card], list[Arrow]]:
    graph = pygraphviz.AGraph(string=picture.source)
    assert graph.directed
    assert not graph.strict
    cards = {node: _card(node.attr["label"]) for node in graph.nodes()}
    arrows = [
        Arrow(
            edge[0],
            edge[1],
            edge.attr["label"].strip(),
            edge.attr["color"],
            float(edge.attr["penwidth"]),
        )
        for edge in graph.edges()
    ]
    return cards, arrows


def _card(label: str) -> Card:
    # Within an HTML-like label a doubled backslash stands for one.
    table = ET.fromstring(label)
    rows = [list(row) for row in table]
    operation = "".join(rows[0].pop(0).itertext()) if "ROWSPAN" in rows[0][0].attrib else ""
    head = rows.pop(0)[0] if len(rows) == 3 else None
    (_, data), (_, grad) = rows
    return Card(
        operation.replace("\\\\", "\\"),
        "" if head is None else "".join(head.itertext()).replace("\\\\", "\\"),
        "".join(data.itertext()),
        "".join(grad.itertext()),
        (data if head is None else head).get("BGCOLOR", ""),
        grad.get("BGCOLOR", ""),
    )


def by_label(picture: Drawing) -> dict[str, Card]:
    return {card.label: card for card in parsed(picture)[0].values()}


def blue_minus_red(color: str) -> int:
    return int(color[5:7], 16) - int(color[1:3], 16)


def paleness(color: str) -> int:
    return sum(bytes.fromhex(color[1:]))


def neuron() -> Value:
    """Return the neuron of Karpathy's lecture on micrograd, whose gradients it derives by hand."""
    x1, x2 = Value(2.0, label="x1"), Value(0.0, label="x2")
    w1, w2 = Value(-3.0, label="w1"), Value(1.0, label="w2")
    b = Value(6.8813735870195432, label="b")
    x1w1 = x1 * w1
    x1w1.label = "x1*w1"
    x2w2 = x2 * w2
    x2w2.label = "x2*w2"
    total = x1w1 + x2w2
    total.label = "x1w1 + x2w2"
    n = total + b
    n.label = "n"
    o = n.tanh()
    o.label = "o"
    o.backward()
    return o


@pytest.fixture
def no_dot(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    empty = tmp_path / "no programs here"
    empty.mkdir()
    monkeypatch.setenv("PATH", str(empty))


def install_dot(monkeypatch: pytest.MonkeyPatch, folder: Path, program: str) -> None:
    """Put a program `dot`, given as Python source, alone on PATH."""
    folder.mkdir()
    dot = folder / "dot"
    dot.write_text(f"#!{sys.executable}\n{program}\n")
    dot.chmod(dot.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", str(folder))


def hide(monkeypatch: pytest.MonkeyPatch, *packages: str) -> None:
    for package in packages:
        monkeypatch.setitem(sys.modules, package, None)


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
        "x1w1 + x2w2": ("+", "-6", "0.5"),
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
        ("x1*w1", "x1w1 + x2w2", "1"),
        ("x2*w2", "x1w1 + x2w2", "1"),
        ("x1w1 + x2w2", "n", "1"),
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
    program = (
        "import sys; sys.path.append('..'); import test_drawings as t; "
        "print(t.draw(t.neuron()).source, end='')"
    )
    texts = {draw(neuron()).source.encode()}
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONUTF8": "1"}
        done = subprocess.run(
            [sys.executable, "-c", program],
            cwd=Path(__file__).parent, env=environment, capture_output=True, check=True,
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


def texts_of(svg: str) -> list[str]:
    return ["".join(text.itertext()).replace("\xa0", " ") for text in ET.fromstring(svg).iter(f"{SVG}text")]


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


# Large graphs and wrong arguments


def chain(length: int) -> Value:
    y = Value(1.0)
    for _ in range(length - 1):
        y = y + 1.0
    return y


def test_a_graph_beyond_the_limit_is_refused_with_both_numbers() -> None:
    with pytest.raises(ValueError, match=r"1000 Values, more than the limit of 500 .*module=.* limit="):
        draw(chain(1_000))


def test_a_graph_of_a_million_values_is_refused_within_a_second_with_what_to_do_instead() -> None:
    y = chain(1_000_000)
    start = time.process_time()  # which others at work on this machine do not lengthen
    with pytest.raises(ValueError, match=r"more than 200000 Values, too many to draw; draw .* draw\(net\)"):
        draw(y, limit=10**7)
    assert time.process_time() - start < 1


def test_the_cards_of_two_hundred_values_are_laid_out_within_two_seconds() -> None:
    xs = [Value(i / 10, label=f"x{i}") for i in range(1, 35)]
    total = Value(0.0)
    for a, b in itertools.pairwise(xs):
        total = total + (a * b).tanh() * (a - b)
    total.backward()
    picture = draw(total)
    assert len(parsed(picture)[0]) == 200
    start = time.perf_counter()
    picture.svg()
    assert time.perf_counter() - start < 2


def test_the_limit_is_the_largest_number_of_cards_and_can_be_changed() -> None:
    assert len(parsed(draw(chain(500)))[0]) == 500
    with pytest.raises(ValueError, match="has 501 Values"):
        draw(chain(501))
    with pytest.raises(ValueError, match="has 3 Values, more than the limit of 2"):
        draw(chain(3), limit=2)


def test_a_deep_graph_needs_no_recursion() -> None:
    assert draw(chain(20_000), limit=20_000).source.count(" -> ") == 19_999


@pytest.mark.parametrize(
    ("thing", "message"),
    [
        (3.0, r"not 'float'; a plain number has no graph: compute with Value\(3.0\)"),
        ("x", "takes Values or a Module, not 'str'"),
        ([], "takes Values, one at least, or a Module; there is none"),
        ([[]], "not 'list'; draw its Values"),
        ([MLP(1, [1])], "among Values; write draw\\(loss, module=net\\)"),
        (None, "not 'NoneType'"),
    ],
)
def test_only_a_value_can_be_drawn(thing: Any, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        draw(thing)


@pytest.mark.parametrize("number_format", ["svg", "z9q", 4])
def test_a_wrong_format_of_numbers_is_refused_when_drawing(number_format: Any) -> None:
    with pytest.raises(ValueError, match="format says how numbers are written"):
        draw(Value(1.0), format=number_format)


def test_a_wrong_direction_is_refused() -> None:
    with pytest.raises(ValueError, match=r"rankdir is 'LR', .* not 'up'"):
        draw(Value(1.0), rankdir="up")


# Pictures


def test_the_picture_has_every_card_and_every_arrow() -> None:
    picture = draw(neuron())
    root = ET.fromstring(picture.svg())
    groups = [g.get("class") for g in root.iter(f"{SVG}g")]
    titles = [t.text for t in root.iter(f"{SVG}title")]
    shown = texts_of(picture.svg())
    assert (groups.count("node"), groups.count("edge")) == (10, 9)
    assert {f"v{i}" for i in range(10)} <= set(titles)
    for text in ("x1", "w1", "x1*w1", "x1w1 + x2w2", "o", "tanh", "6.881", "0.7071", "-1.5"):
        assert text in shown
    assert [shown.count(text) for text in ("×", "+", "tanh")] == [2, 2, 1]


def test_the_same_drawing_gives_the_same_svg() -> None:
    assert draw(neuron()).svg() == draw(neuron()).svg()


def test_a_png_is_one_and_more_dots_an_inch_make_it_larger() -> None:
    picture = draw(neuron())
    sizes = []
    for content in (picture.png(72), picture.png(), picture.png(144)):
        assert content.startswith(b"\x89PNG\r\n\x1a\n")
        assert content.endswith(b"IEND\xaeB`\x82")
        sizes.append(struct.unpack(">II", content[16:24]))
    assert sizes[0] < sizes[1] < sizes[2]
    assert sizes[2][0] == pytest.approx(2 * sizes[0][0], rel=0.02)


def test_a_pdf_is_one() -> None:
    content = draw(neuron()).pdf()
    assert content.startswith(b"%PDF-")
    assert content.rstrip().endswith(b"%%EOF")


@pytest.mark.parametrize("dpi", [0, -1, 1.5, 10**6])
def test_a_senseless_resolution_is_refused(dpi: Any) -> None:
    with pytest.raises(ValueError, match="dpi is a whole number"):
        draw(Value(1.0)).png(dpi)


def test_nothing_is_written_to_the_terminal(capfd: pytest.CaptureFixture[str]) -> None:
    picture = draw(neuron())
    picture.svg(), picture.png(), picture.pdf()
    assert capfd.readouterr() == ("", "")


@pytest.mark.usefixtures("no_dot")
def test_the_library_of_the_wheel_draws_without_a_program_and_without_a_word(
    capfd: pytest.CaptureFixture[str],
) -> None:
    picture = draw(neuron())
    assert ET.fromstring(picture.svg()).tag == f"{SVG}svg"
    assert picture.png().startswith(b"\x89PNG")
    assert picture.pdf().startswith(b"%PDF-")
    assert capfd.readouterr() == ("", "")


@pytest.mark.usefixtures("no_dot")
def test_a_machine_without_any_font_still_draws(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    fonts = tmp_path / "fonts.conf"
    fonts.write_text(f'<?xml version="1.0"?><fontconfig><cachedir>{tmp_path}</cachedir></fontconfig>')
    for setting in (fonts, tmp_path / "missing"):
        monkeypatch.setenv("FONTCONFIG_FILE", str(setting))
        picture = draw(neuron())
        assert picture.png().startswith(b"\x89PNG")
        assert "x1w1 + x2w2" in texts_of(picture.svg())
    assert capfd.readouterr() == ("", "")


def test_threads_draw_at_the_same_time() -> None:
    pictures: list[str] = []
    expected = draw(neuron()).svg()
    threads = [threading.Thread(target=lambda: pictures.append(draw(neuron()).svg())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert pictures == [expected] * 4


# Which Graphviz

ECHO = """
import sys
assert sys.argv[1:] in (["-Kdot", "-Tsvg"], ["-Kdot", "-Tpng"], ["-Kdot", "-Tpdf"]), sys.argv
print("<svg>a picture of", len(sys.stdin.buffer.read()), "bytes</svg>")
print("chatter about fonts", file=sys.stderr)
"""


def test_a_dot_program_on_the_path_is_preferred(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    install_dot(monkeypatch, tmp_path / "bin", ECHO)
    picture = draw(neuron())
    assert picture.svg().strip() == f"<svg>a picture of {len(picture.source.encode())} bytes</svg>"
    assert capfd.readouterr() == ("", "")


def test_the_dot_program_is_not_used_without_the_package_that_runs_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    install_dot(monkeypatch, tmp_path / "bin", ECHO)
    hide(monkeypatch, "graphviz")
    assert "a picture of" not in draw(neuron()).svg()


@pytest.mark.parametrize("program", ["import sys; sys.exit('no such plugin')", "pass"])
def test_a_dot_program_that_fails_is_passed_over(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, program: str
) -> None:
    install_dot(monkeypatch, tmp_path / "bin", program)
    assert "0.7071" in texts_of(draw(neuron()).svg())


def test_what_graphviz_says_on_its_failure_is_the_error_without_the_chatter(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program = "import sys; sys.exit('Fontconfig error: no file\\nFormat: svg not recognized')"
    install_dot(monkeypatch, tmp_path / "bin", program)
    hide(monkeypatch, "pygraphviz")
    with pytest.raises(DrawingError, match=r"^Graphviz failed; graphviz: Format: svg not recognized$"):
        draw(neuron()).svg()


@pytest.mark.usefixtures("no_dot")
def test_what_the_library_says_on_its_failure_is_the_error() -> None:
    with pytest.raises(DrawingError, match=r"(?s)^Graphviz failed; pygraphviz: .*syntax error in line 1"):
        Drawing("digraph { a -> }", "nothing").svg()


@pytest.mark.usefixtures("no_dot")
def test_where_the_system_lacks_a_library_the_error_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    package = tmp_path / "pygraphviz"
    package.mkdir()
    missing = "libgobject-2.0.so.0: cannot open shared object file: No such file or directory"
    (package / "__init__.py").write_text(f"raise ImportError({missing!r})")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "pygraphviz")
    with pytest.raises(DrawingError, match=rf"ImportError: {missing}\. .*: apt install graphviz\)$"):
        draw(neuron()).svg()


@pytest.mark.usefixtures("no_dot")
def test_an_interpreter_that_cannot_be_started_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(DrawingError, match=r"could not be started: .*/nowhere/python"):
        draw(neuron()).svg()


def test_a_dot_program_that_cannot_be_started_is_passed_over(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    install_dot(monkeypatch, tmp_path / "bin", "")
    (tmp_path / "bin" / "dot").write_text("#!/nowhere/python\n")
    assert "0.7071" in texts_of(draw(neuron()).svg())


def test_a_stand_in_for_a_package_is_no_graphviz(monkeypatch: pytest.MonkeyPatch) -> None:
    for package in ("graphviz", "pygraphviz"):
        monkeypatch.setitem(sys.modules, package, ModuleType(package))
    with pytest.raises(DrawingError, match="a picture needs Graphviz"):
        draw(neuron()).svg()


WITHOUT_GRAPHVIZ = r"""
import importlib.abc, os, sys
class Blocker(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("graphviz", "pygraphviz"):
            raise ModuleNotFoundError(f"No module named {name!r}")
sys.meta_path.insert(0, Blocker())
from autograd import Value
from autograd.drawing import DrawingError, draw
x = Value(3.0, label="x")
picture = draw(x * x)
assert picture.source.startswith("digraph")
picture.save("x.dot")
picture.save("x.md")
assert str(picture).splitlines()[1].split() == ["×", "9", "0"]
print(sorted(picture._repr_mimebundle_()), picture._repr_mimebundle_()["text/plain"])
for make in (
    picture.svg, picture.png, picture.pdf, lambda: picture.save("x.png"), lambda: picture.render("y"),
):
    try:
        make()
    except DrawingError as error:
        print(error)
print(sorted(os.listdir()))
"""


def test_without_graphviz_the_text_is_there_and_a_picture_is_an_error_that_says_what_to_install(
    tmp_path: Path,
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_GRAPHVIZ], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    lines = done.stdout.splitlines()
    assert lines[0] == "['text/plain'] <Drawing: 2 cards, 2 edges>"
    assert lines[-1] == "['x.dot', 'x.md']"
    assert len(lines) == 8
    for line in lines[1:-1]:
        assert 'pip install "scalar-autograd[draw]"' in line
        assert "'dot' is on PATH" in line
    assert done.stderr == ""


def test_drawing_text_imports_no_other_package() -> None:
    program = (
        "import sys; from autograd import Value, draw; draw(Value(1.0)).source; "
        "print([m for m in ('graphviz', 'pygraphviz', 'matplotlib', 'numpy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# Files


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("x.svg", b"<?xml"), ("x.png", b"\x89PNG"), ("x.pdf", b"%PDF-"), ("x.dot", b"digraph {"),
        ("x.gv", b"digraph {"), ("x.mmd", b"flowchart LR"), ("x.md", b"```mermaid"),
        ("X.PNG", b"\x89PNG"), ("a.b.svg", b"<?xml"),
    ],
)  # fmt: skip
def test_the_suffix_of_a_file_says_what_is_saved(tmp_path: Path, name: str, start: bytes) -> None:
    path = tmp_path / name
    path.write_text("an older file")
    assert draw(neuron()).save(path) == str(path)
    assert path.read_bytes().startswith(start)
    assert os.listdir(tmp_path) == [name]


@pytest.mark.parametrize("name", ["x", "x.jpg", "x.", ".svg", "svg"])
def test_an_unknown_suffix_is_refused_and_nothing_is_written(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match=r"end its name in .svg, .png, .pdf, .dot, .gv, .mmd or .md"):
        draw(neuron()).save(tmp_path / name)
    assert os.listdir(tmp_path) == []


def test_a_folder_that_does_not_exist_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as caught:
        draw(neuron()).save(tmp_path / "nowhere" / "x.dot")
    assert str(tmp_path / "nowhere" / "x.dot") in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_failed_picture_leaves_the_older_file_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, no_dot: None
) -> None:
    hide(monkeypatch, "pygraphviz")
    path = tmp_path / "x.svg"
    path.write_text("an older file")
    with pytest.raises(DrawingError):
        draw(neuron()).save(path)
    assert path.read_text() == "an older file"
    assert [name for name in os.listdir(tmp_path) if name.startswith(".")] == []


# In the manner of graphviz.Digraph


def test_render_leaves_the_files_that_graphviz_does(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    write_or_print = """
import sys
if "-O" in sys.argv:
    open(sys.argv[-1] + ".svg", "w").write("<svg/>")
else:
    print("<svg/>")
"""
    install_dot(monkeypatch, tmp_path / "bin", write_or_print)
    theirs, ours = graphviz.Digraph(format="svg"), draw(neuron())
    for cleanup in (False, True):
        a, b = tmp_path / f"theirs {cleanup}", tmp_path / f"ours {cleanup}"
        expected = theirs.render("sub/graph.gv", directory=a, cleanup=cleanup)
        path = ours.render("sub/graph.gv", directory=b, cleanup=cleanup)
        assert Path(path).relative_to(b) == Path(expected).relative_to(a)
        assert {p.relative_to(b) for p in b.rglob("*")} == {p.relative_to(a) for p in a.rglob("*")}


def test_render_opens_the_picture_when_asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    path = draw(neuron()).render(tmp_path / "graph", view=True, format="png")
    assert opened == [Path(path).as_uri()]
    assert Path(path).read_bytes().startswith(b"\x89PNG")


def test_pipe_gives_bytes_or_text_as_graphviz_does() -> None:
    picture = draw(neuron())
    text = picture.svg()
    assert picture.pipe() == text.encode()
    assert picture.pipe("svg", encoding="utf-8") == text
    assert picture.pipe("dot") == picture.source.encode()
    assert bytes(picture.pipe("png")[:4]) == b"\x89PNG"  # type: ignore[arg-type]
    picture.format = "pdf"
    assert picture.pipe()[:5] == b"%PDF-"


@pytest.mark.parametrize("make", [lambda d: d.pipe("gif"), lambda d: d.render("x", format="dot")])
def test_an_unknown_kind_of_picture_is_refused(make: Any) -> None:
    with pytest.raises(ValueError, match=r"cannot draw in the format '(gif|dot)'; use one of svg, png, pdf"):
        make(draw(neuron()))


def test_str_is_a_tree_of_text_and_repr_is_short() -> None:
    picture = draw(neuron())
    assert str(picture) == picture.text()
    assert repr(picture) == "<Drawing: 10 cards, 9 edges>"


def test_jupyter_gets_svg_and_png_and_may_choose() -> None:
    picture = draw(neuron())
    bundle = picture._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "image/svg+xml", "image/png"}
    root, graph = bundle["image/svg+xml"].split("viewBox", 1)
    assert graph == picture.svg().split("viewBox", 1)[1]
    assert 'width="100%"' in root  # of the cell; the picture is wider than one
    assert bundle["image/png"].startswith(b"\x89PNG")
    assert set(picture._repr_mimebundle_(include={"image/png"})) == {"image/png"}
    assert set(picture._repr_mimebundle_(exclude={"image/png"})) == {"text/plain", "image/svg+xml"}


def test_in_a_page_the_svg_is_as_wide_as_its_place_at_most() -> None:
    root = ET.fromstring(draw(neuron()).svg())
    left, top, width, height = map(float, root.attrib["viewBox"].split())
    assert (left, top) == (0, 0)
    assert float(root.attrib["width"].removesuffix("pt")) == pytest.approx(width, abs=1)
    assert float(root.attrib["height"].removesuffix("pt")) == pytest.approx(height, abs=1)
    assert "max-width:100%" in root.attrib["style"]
    assert "height:auto" in root.attrib["style"]


def test_the_svg_has_a_title_for_those_who_hear_it_and_no_word_on_who_made_it() -> None:
    svg = draw(neuron()).svg()
    root = ET.fromstring(svg)
    assert root.attrib["aria-label"] == "computation graph: 10 cards, 9 edges"
    assert (root.attrib["role"], next(root.iter(f"{SVG}title")).text) == ("img", root.attrib["aria-label"])
    assert "raphviz" not in svg
    assert "<!" not in svg


def test_the_png_of_a_wide_picture_in_jupyter_has_a_few_thousand_dots() -> None:
    picture = draw(chain(100))
    content = picture._repr_mimebundle_(include={"image/png"})["image/png"]
    assert 2900 < struct.unpack(">II", content[16:24])[0] <= 3001
    assert 9900 < struct.unpack(">II", picture.png()[16:24])[0] <= 10_001


def test_wide_letters_have_room_whatever_fonts_the_machine_has(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, no_dot: None
) -> None:
    monkeypatch.setenv("FONTCONFIG_FILE", str(tmp_path / "missing"))
    (card,) = geometry.cards(draw(Value(1.0, label="中文标签很长的一个名字")).svg()).values()
    assert card.right - card.left >= 11 * 11  # eleven letters as wide as they are high


def test_jupyter_gets_a_message_where_there_is_no_graphviz(monkeypatch: pytest.MonkeyPatch) -> None:
    hide(monkeypatch, "graphviz", "pygraphviz")
    bundle = draw(neuron())._repr_mimebundle_()
    assert set(bundle) == {"text/plain"}
    assert 'pip install "scalar-autograd[draw]"' in bundle["text/plain"]


def test_the_text_that_says_what_to_install_names_the_extra_of_the_project() -> None:
    pyproject = (Path(__file__).parents[2] / "pyproject.toml").read_text()
    assert 'name = "scalar-autograd"' in pyproject
    assert "\ndraw = [" in pyproject
