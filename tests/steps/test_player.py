"""The player of a walk: what its page holds says what the walk says, and nothing in it can act as markup."""

from __future__ import annotations

import html
import json
import math
import random
import re
import struct
import sys
import time
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest

from autograd import Value
from autograd import math as agmath
from autograd.derivatives import custom_gradient
from autograd.drawing import output
from autograd.engine import topological_order
from autograd.steps import Walk, player_layout, walk
from autograd.steps.player import fragment_of
from autograd.steps.player_picture import number_text

SVG = "{http://www.w3.org/2000/svg}"

HOSTILE = {
    "quotes": "\"double\" and 'single'",
    "angles": "<b>bold</b> & <img src=x onerror=alert(1)>",
    "script": "</script><script>alert(1)</script>",
    "comment": "<!--<script>",
    "percent": "100%23 %3Cb%3E #1",
    "dollars": "$x$ and \\(y\\)",
    "chinese": "学习率",
    "emoji": "🙂👩‍🔬",
    "long": "long " * 60,
    "lines": "one\ntwo\r\nthree",
    "separators": "a\u2028b\u2029c",
    "at": "a@b",
    "surrogate": "\ud800",
}


def neuron() -> Value:
    x1, x2 = Value(2.0, label="x1"), Value(0.0, label="x2")
    w1, w2, b = Value(-3.0, label="w1"), Value(1.0, label="w2"), Value(6.881373587, label="b")
    return (x1 * w1 + x2 * w2 + b).tanh()


def shared() -> Value:
    x, y = Value(3.0, label="x"), Value(-2.0, label="y")
    square = x * x
    return 2 * square + x / y - (square * y).exp() * 0.001 + (x**2).log()


def not_finite() -> Value:
    x = Value(0.0, label="x")
    return x.sqrt() * Value(math.inf, label="y") + Value(math.nan)


def one_leaf() -> Value:
    return Value(3.0, label="x")


def own_derivative() -> Value:
    double = custom_gradient(lambda x: 2.0)(lambda x: 2.0 * x)
    result: Value = double(Value(3.0, label="x")) * double(Value(4.0))
    return result


def cases() -> Value:
    x, y = Value(1.5), Value(-0.5)
    result: Value = x.relu() * agmath.hypot(x, y) + agmath.softplus(y) * x.atan2(y) + abs(y) + 3 // x + 1 / y
    return result


def labelled(label: str) -> Value:
    x = Value(2.0, label=label)
    y = x * x.tanh()
    y.label = label
    return y


def two_hundred() -> Value:
    """Return a result of 200 nodes with 300 edges or so, whose numbers are not round."""
    choose = random.Random(5)
    nodes = [Value(choose.uniform(-1.0, 1.0), label=f"input_{i}") for i in range(30)]
    result = nodes[0]
    while len(topological_order(result)) < 199:
        a, b = choose.sample(nodes, 2)
        c = a * b
        nodes += [c.tanh(), c]
        result = result + nodes[-2]
    return result


GRAPHS = [neuron, shared, not_finite, one_leaf, own_derivative, cases, two_hundred]
every_graph = pytest.mark.parametrize("graph", GRAPHS, ids=lambda graph: str(graph.__name__))
every_label = pytest.mark.parametrize("label", HOSTILE.values(), ids=list(HOSTILE))


class Page(HTMLParser):
    """The elements of a page, and the text in its scripts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, str] = {}
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        tag, attributes = self.tags[-1] if self.tags else ("", {})
        kind = attributes.get("type") or tag
        self.texts[kind] = self.texts.get(kind, "") + data

    @property
    def data(self) -> dict[str, Any]:
        def refuse(word: str) -> None:
            raise AssertionError(f"{word} is no JSON")

        data: dict[str, Any] = json.loads(self.texts["application/json"], parse_constant=refuse)
        return data

    @property
    def picture(self) -> ElementTree.Element:
        (source,) = [attributes["src"] for tag, attributes in self.tags if tag == "img"]
        assert source is not None
        kind, _, text = source.partition(",")
        assert kind == "data:image/svg+xml;charset=utf-8"
        assert "#" not in text  # a browser would read no further
        return ElementTree.fromstring(unquote(text))


def page_of(value: Value) -> Page:
    return Page(fragment_of(walk(value)))


def mathml(data: dict[str, Any], formula: str) -> str:
    """Put a stored formula together again."""

    def leaf(number: str) -> str:
        kind, text = data["leaves"][int(number)][0], data["leaves"][int(number)][1:]
        if kind == "s":
            name, index = text.split(" ")
            return f"<msub><mi>{name}</mi><mn>{index}</mn></msub>"
        tag = {"i": "mi", "n": "mn"}[kind]
        return f"<{tag}>{text}</{tag}>"

    shape, *leaves = formula.split(" ")
    first, *pieces = data["shapes"][int(shape)].split("@")
    inner = [leaf(number) + piece for number, piece in zip(leaves, pieces, strict=True)]
    return str(first) + "".join(inner)


def read_number(text: str) -> float:
    return float(text.replace("−", "-").replace("∞", "inf"))


# What it holds


@every_graph
def test_the_products_added_up_are_the_gradients_of_backward(graph: Callable[[], Value]) -> None:
    result = graph()
    steps = walk(result)
    data = page_of(result).data
    gradients = [0.0] * (steps.forward - 1) + [1.0]
    for step, (target, node, local, *_) in zip(steps[steps.forward + 1 :], data["edges"], strict=True):
        assert (target, node) == (step.target, step.node)
        gradients[target] += float(local) * gradients[node]
        assert repr(gradients[target]) == repr(step.after)
    result.backward()
    assert list(map(repr, gradients)) == [repr(node.grad) for node in topological_order(result)]


@every_graph
def test_numbers_are_written_with_four_digits(graph: Callable[[], Value]) -> None:
    steps = walk(graph())
    data = page_of(graph()).data
    texts = list(data["written"])
    numbers = [node.data for node in steps.nodes]
    for step, (*_, local, change, after) in zip(steps[steps.forward + 1 :], data["edges"], strict=True):
        texts += [local, change, after]
        numbers += [step.local or 0.0, step.contribution or 0.0, step.after or 0.0]
    for text, number in zip(texts, numbers, strict=True):
        shown = read_number(text)
        assert math.isnan(shown) if math.isnan(number) else shown == pytest.approx(number, rel=5.001e-4)


@pytest.mark.parametrize("x", [1.0625, 9999.5, 12345.0, 1e-4, 9.9999e-5, -1e300, -0.0, 5e-324])
def test_a_number_is_written_as_python_rounds_it(x: float) -> None:
    assert read_number(number_text(x)) == float(f"{x:.4g}")
    assert "-" not in number_text(x)


@every_graph
def test_formulas_are_those_of_the_steps(graph: Callable[[], Value]) -> None:
    result = graph()
    data = page_of(result).data
    for step, stored in zip(walk(result), data["formulas"], strict=True):
        formulas = [f for f in (step.rule, step.numbers, step.update, step.update_numbers) if f is not None]
        whole = [re.sub("</?math[^>]*>", "", formula.mathml) for formula in formulas]
        assert [mathml(data, formula) for formula in stored] == whole


@every_graph
def test_the_picture_has_the_final_numbers_in_cards_that_do_not_overlap(graph: Callable[[], Value]) -> None:
    result = graph()
    steps = walk(result)
    picture = page_of(result).picture
    width, height = float(picture.attrib["width"]), float(picture.attrib["height"])
    boxes = []
    for i, node in enumerate(steps.nodes):
        card = picture.find(f".//{SVG}g[@id='v{i}']")
        assert card is not None
        assert card.findtext(f"{SVG}text[@class='d']") == number_text(node.data)
        assert card.findtext(f"{SVG}text[@class='g']") == number_text(steps.gradient(i))
        place = re.fullmatch(r"translate\(([\d.]+),([\d.]+)\)", card.attrib["transform"])
        rect = card.find(f"{SVG}rect[@class='card']")
        assert place is not None
        assert rect is not None
        x, y = float(place[1]) + float(rect.attrib["x"]), float(place[2])
        boxes.append((x, y, x + float(rect.attrib["width"]), y + 66))
    for left, top, right, bottom in boxes:
        assert 0 <= left < right <= width
        assert 0 <= top < bottom <= height
    for i, (left, top, right, bottom) in enumerate(boxes):
        for other in boxes[:i]:
            assert left >= other[2] or right <= other[0] or top >= other[3] or bottom <= other[1]


def test_a_card_has_room_for_every_sum_that_its_gradient_runs_through() -> None:
    x = Value(1.0, label="x")
    same = page_of(x * 0.12345678 + x * 0.5).picture
    cancelling = page_of(x * 0.00012345678 - x * 0.00012345678).picture

    def width(picture: ElementTree.Element) -> float:
        rect = picture.find(f".//{SVG}g[@id='v0']/{SVG}rect[@class='card']")
        assert rect is not None
        return float(rect.attrib["width"])

    assert width(cancelling) > width(same)  # though it ends at 0


def test_constants_stand_where_they_stand_in_the_formula() -> None:
    x = Value(3.0, label="x")
    picture = page_of(2 * x + x**2 + x.leaky_relu(0.25)).picture
    operations = [
        "".join(text.itertext()) for text in picture.iter(f"{SVG}text") if text.get("class") == "op"
    ]
    assert {"2 ×", "^ 2"} <= set(operations)
    assert "(·, 0.25)" in ["".join(text.itertext()) for text in picture.iter(f"{SVG}text")]


def test_leaves_are_told_apart() -> None:
    x, w = Value(3.0, label="x"), Value(2.0, label="layers[0].neurons[1].w[3]")
    kinds = [group.get("class") for group in page_of(x * w).picture.iter(f"{SVG}g")]
    assert [kind for kind in kinds if kind and kind.startswith("n ")] == ["n input", "n parameter", "n inner"]


def test_the_same_graph_gives_the_same_page() -> None:
    assert fragment_of(walk(shared())) == fragment_of(walk(shared()))


def test_the_graph_stays_as_it_is() -> None:
    result = shared()
    order = topological_order(result)
    for i, node in enumerate(order):
        node.grad = 100.0 + i  # of whatever else was computed with them
    before = [(node.data, node.grad, node.label) for node in order]
    walk(result)._repr_mimebundle_()
    assert [(node.data, node.grad, node.label) for node in topological_order(result)] == before


def test_two_hundred_nodes_take_less_than_400_kilobytes(tmp_path: Path) -> None:
    steps = walk(two_hundred())
    assert steps.forward >= 199
    path = tmp_path / "steps.html"
    steps.save(path)
    assert path.stat().st_size < 400_000


def test_a_dense_graph_takes_seconds() -> None:
    draw = random.Random(1)
    nodes = [Value(draw.uniform(-1.0, 1.0)) for _ in range(6)]
    for i in range(90):
        other = draw.choice(nodes[:-1])
        nodes.append(nodes[-1] * other if i % 2 else nodes[-1] + other)
    start = time.process_time()
    fragment_of(walk(nodes[-1]))
    assert time.process_time() - start < 2.0


# What it is safe against


@every_label
def test_a_label_is_shown_as_typed_and_never_markup(label: str) -> None:
    plain, page = page_of(labelled("plain")), page_of(labelled(label))
    assert [tag for tag, _ in page.tags] == [tag for tag, _ in plain.tags]
    names = [group.findtext(f"{SVG}text[@class='name']") for group in page.picture.iter(f"{SVG}g")]
    shown = [name for name in names if name]
    assert len(shown) == 3
    typed = repr(label)[1:-1] if re.search("[\n\u2028\ud800]", label) else label
    assert typed.startswith(shown[0].removesuffix("…").partition("[")[0])
    assert page.data["names"][0].startswith(typed[:20])


@every_label
def test_a_label_can_be_read_whole_by_pointing_at_its_card(label: str) -> None:
    picture = page_of(Value(2.0, label=label).tanh()).picture
    texts = ["".join(element.itertext()) for element in picture.iter() if element.tag != f"{SVG}style"]
    typed = repr(label)[1:-1] if re.search("[\n\u2028\ud800]", label) else label
    assert typed in texts


def test_dollar_signs_outside_of_the_script_are_no_formula_for_jupyter() -> None:
    text = fragment_of(walk(labelled("$x$")))
    outside = re.sub(r"<script.*?</script>|<style.*?</style>|src=\"[^\"]*\"", "", text, flags=re.DOTALL)
    assert "$" not in outside


def test_the_page_loads_nothing_from_anywhere(tmp_path: Path) -> None:
    walk(shared()).save(tmp_path / "steps.html")
    text = (tmp_path / "steps.html").read_text(encoding="utf-8")
    addresses = set(re.findall(r"[a-z]+://[^\s\"'<>\\]+", text))
    assert addresses == {"http://www.w3.org/2000/svg", "http://www.w3.org/1998/Math/MathML"}
    for tag, attributes in Page(text).tags:
        assert tag not in ("link", "iframe", "object", "embed")
        assert all((attributes.get(name) or "data:").startswith("data:") for name in ("src", "href"))
    assert "url(" not in text
    assert "default-src 'none'" in text


def test_players_on_a_page_share_no_names() -> None:
    fragment = fragment_of(walk(neuron()))
    assert [attributes for _, attributes in Page(fragment).tags if "id" in attributes] == []


# Where it stands


def test_jupyter_gets_the_player_and_for_where_html_is_not_shown_a_picture() -> None:
    bundle = walk(neuron())._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "text/html", "image/png"}
    assert bundle["text/plain"] == repr(walk(neuron()))
    assert bundle["image/png"].startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", bundle["image/png"][16:24])
    assert min(width, height) > 50


def test_a_dense_graph_has_no_picture_for_which_graphviz_would_take_minutes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("autograd.steps.player.draw", lambda *things, **options: pytest.fail("is drawn"))
    x, w = Value(0.3, label="x"), Value(0.9, label="w")
    y = x
    for _ in range(66):
        y = (y * w).sin() + x
    assert set(walk(y)._repr_mimebundle_()) == {"text/plain", "text/html"}


def test_what_is_not_asked_for_is_not_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("autograd.steps.player.draw", lambda *things, **options: pytest.fail("is drawn"))
    assert set(walk(neuron())._repr_mimebundle_(include=["text/html"])) == {"text/html"}


def test_save_writes_a_document_and_returns_its_path(tmp_path: Path) -> None:
    path = tmp_path / "steps.html"
    assert walk(neuron()).save(path) == str(path)
    text = path.read_text(encoding="utf-8")
    assert text.startswith("<!DOCTYPE html>")
    assert [tag for tag, _ in Page(text).tags][:2] == ["html", "head"]


@pytest.fixture
def without_graphviz(monkeypatch: pytest.MonkeyPatch, no_dot: None) -> None:
    monkeypatch.setitem(sys.modules, "pygraphviz", None)


@pytest.fixture
def too_large(monkeypatch: pytest.MonkeyPatch, without_graphviz: None) -> None:
    """Leave no Graphviz, and let no graph be small enough to do without."""
    monkeypatch.setattr(player_layout, "_MOST", 0)
    monkeypatch.setattr(output, "MOST_CARDS", 0)


@pytest.mark.usefixtures("without_graphviz")
def test_without_graphviz_a_player_is_laid_out_here() -> None:
    steps = walk(neuron())
    svg = ElementTree.fromstring(finished_svg(steps))
    groups = {g.get("id", ""): g for g in svg.iter(f"{SVG}g")}
    assert {f"v{i}" for i in range(steps.forward)} <= set(groups)
    assert {name for name in groups if name.startswith("e")} == {f"e{i}" for i in range(9)}
    places = []
    for i in range(steps.forward):
        x, y = map(float, groups[f"v{i}"].get("transform", "")[10:-1].split(","))
        card = next(groups[f"v{i}"].iter(f"{SVG}rect"))
        left = x + float(card.get("x", ""))
        places.append((left, y, left + float(card.get("width", "")), y + 66))
    width, height = float(svg.get("width", "")), float(svg.get("height", ""))
    for i, (left, top, right, bottom) in enumerate(places):
        assert left >= 0 <= top
        assert right <= width
        assert bottom <= height
        for a, b, c, d in places[:i]:
            assert c <= left or right <= a or d <= top or bottom <= b


def finished_svg(steps: Walk) -> str:
    (image,) = re.findall(r'<img src="data:image/svg\+xml;charset=utf-8,([^"]*)"', fragment_of(steps))
    return unquote(html.unescape(image))


@pytest.mark.usefixtures("too_large")
def test_without_graphviz_a_large_player_has_formulas_and_says_what_to_install() -> None:
    bundle = walk(neuron())._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "text/html"}
    assert 'pip install "scalar-autograd[draw]"' in bundle["text/plain"]
    page = Page(bundle["text/html"])
    assert 'pip install "scalar-autograd[draw]"' in page.data["missing"]
    assert len(page.data["formulas"]) == len(walk(neuron()))
    assert "img" not in [tag for tag, _ in page.tags]


@pytest.mark.usefixtures("too_large")
@every_label
def test_without_graphviz_and_scripts_the_table_of_a_large_graph_stands_there(label: str) -> None:
    page = page_of(labelled(label))
    assert [tag for tag, _ in page.tags] == ["div", "pre", "style", "script", "script", "script"]
    table = str(walk(labelled(label)))
    assert page.texts["pre"].split() == table.split()


def test_a_walk_has_steps_as_a_sequence_whatever_is_shown() -> None:
    steps: Walk = walk(neuron())
    fragment_of(steps)
    assert len(list(steps)) == len(steps)
