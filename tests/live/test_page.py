"""The page as text: what is in it, and how large it is; tests/browser runs it."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path

import pytest

from autograd import Value, linalg, play
from autograd.drawing import DrawingError
from autograd.live.page import fragment_of, page_of, part_of
from autograd.steps import walk


def data_in(text: str) -> dict[str, object]:
    found = re.search(r'<script type="application/json">(.*?)</script>', text, re.DOTALL)
    assert found is not None
    data: dict[str, object] = json.loads(found[1])
    return data


def page(value: Value, lang: str = "en") -> str:
    played = play(value, lang=lang)
    return page_of(played.steps, played.parameters, played.lang)


def neuron() -> Value:
    x, w = Value(2.0, label="x"), Value(-3.0, label="w")
    y = (x * w + 0.5).tanh()
    y.label = "y"
    return y


def test_it_loads_nothing_and_needs_nothing() -> None:
    text = page(neuron())
    assert "default-src 'none'" in text
    assert not re.search(r'(src|href)="(?!data:)', text)


def test_labels_cannot_end_the_script() -> None:
    y = Value(1.0, label="</script><script>alert(1)") * Value(2.0, label="${x}")
    assert "</script><script>alert" not in page(y)


def test_only_a_page_of_its_own_keeps_its_address() -> None:
    assert data_in(page(neuron()))["alone"] is True
    assert data_in(fragment_of(walk(neuron()), [0], "en"))["alone"] is False


def test_numbers_that_json_lacks_are_words() -> None:
    data = data_in(page(Value(math.inf) * Value(math.nan) + -math.inf))
    assert data["start"] == ["Infinity", "NaN"]
    assert data["operands"] == [[], [], [0, 1], [2, "-Infinity"]]


def test_a_formula_that_recurs_is_stored_once() -> None:
    total = Value(1.0)
    for _ in range(20):
        total = total * Value(2.0)
    templates = data_in(page(total))["templates"]
    assert isinstance(templates, list)
    assert len(templates) == 3  # x · y, y, x


def test_the_language_is_that_of_the_page() -> None:
    text = page(neuron(), lang="zh")
    assert '<html lang="zh">' in text
    assert "<title>y：实时计算图</title>" in text


def large() -> Value:
    nodes = [Value(math.sin(i), label=f"input_{i}") for i in range(30)]
    result = nodes[0]
    for i in range(56):
        product = nodes[i % len(nodes)] * nodes[(7 * i + 3) % len(nodes)]
        nodes.append(product)
        result = result + product.tanh()
    return result


def test_a_page_of_200_nodes_is_less_than_400_kilobytes() -> None:
    assert len(page(large()).encode()) < 400_000


def test_long_arrows_take_little_room_where_they_are_laid_out_without_graphviz(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def missing(*arguments: object) -> bytes:
        raise DrawingError("install Graphviz")

    monkeypatch.setattr("autograd.steps.player_layout.make_picture", missing)
    x, w = Value(0.3, label="x"), Value(0.9, label="w")
    y = x
    for _ in range(66):
        y = (y * w).sin() + x
    assert len(page(y).encode()) < 400_000  # 200 nodes; x and w go on through all of the picture


def test_the_player_has_what_makes_its_leaves_live() -> None:
    part = part_of(walk(neuron()))
    assert '"leaves":[0,1]' in part
    assert "class Leaves" in part


def test_without_graphviz_there_is_a_table(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*arguments: object) -> str:
        raise DrawingError("install Graphviz")

    monkeypatch.setattr("autograd.live.page.finished_picture", missing)
    text = page(neuron())
    assert "<img" not in text
    assert data_in(text)["missing"] == "install Graphviz"
    assert "<pre>forward" in text


def test_the_page_of_the_readme_is_that_of_this_version() -> None:
    """Its picture may be laid out by Graphviz, or here; so the rest is compared."""
    x1, x2 = Value(2.0, label="x1"), Value(0.5, label="x2")
    w1, w2, b = Value(-0.8, label="w1"), Value(1.0, label="w2"), Value(1.2, label="b")
    o = (x1 * w1 + x2 * w2 + b).tanh()
    o.label = "o"
    o.backward()
    stored = Path(__file__).parents[2] / "notebooks" / "pictures" / "play.html"
    pieces = re.compile(r"<style>.*?</style>|<script>.*?</script>", re.DOTALL)
    assert pieces.findall(stored.read_text("utf-8")) == pieces.findall(page(o))


def test_the_texts_of_arrows_that_cross_cover_none_of_each_other() -> None:
    a, b, c = (Value(x, label=name) for x, name in ((2.0, "a"), (1.0, "b"), (3.0, "c")))
    found, _ = linalg.eigh([[a, b], [b, c]])
    places = re.findall(r"<g id='e\d+'.*?<text x='([-\d]+)' y='([-\d]+)'", page(found[0] + found[1]))
    assert len(places) == 8
    for i, (x, y) in enumerate(places):
        for other, above in places[:i]:
            assert abs(int(x) - int(other)) > 40 or abs(int(y) - int(above)) > 10
