"""Pictures that are laid out here say what Graphviz's say, in the same colours."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections import Counter

import geometry
import pytest
from drawn import SVG, hide, sample, texts_of
from graphs import GRAPHS, neuron

from autograd import Value, draw
from autograd.drawing import Drawing

XLINK = "{http://www.w3.org/1999/xlink}"


def here(drawing: Drawing, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the SVG as it is where there is no Graphviz."""
    with monkeypatch.context() as patch:
        patch.setenv("PATH", "/nowhere")
        hide(patch, "pygraphviz")
        return drawing.svg()


def words(svg: str) -> Counter[str]:
    return Counter(word for text in texts_of(svg) for word in text.split())


def tooltips(svg: str) -> Counter[str]:
    return Counter(a.attrib[f"{XLINK}title"].strip() for a in ET.fromstring(svg).iter(f"{SVG}a"))


def colors(svg: str) -> set[str]:
    return set(re.findall(r"#[0-9a-f]{6}", re.sub(r'title="[^"]*"|<text.*?</text>', "", svg)))


@pytest.mark.parametrize("name", GRAPHS)
def test_it_has_the_words_tooltips_and_colours_of_graphviz(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs, ours = GRAPHS[name]().svg(), here(GRAPHS[name](), monkeypatch)
    assert words(ours) == words(theirs)
    assert Counter(t.replace("\\", "⧵") for t in tooltips(ours).elements()) == Counter(
        t for t in tooltips(theirs).elements() if t
    )
    assert colors(ours) == colors(theirs)


def test_it_is_the_same_each_time_and_needs_no_program(monkeypatch: pytest.MonkeyPatch) -> None:
    assert here(draw(neuron()), monkeypatch) == here(draw(neuron()), monkeypatch)
    assert "raphviz" not in here(draw(neuron()), monkeypatch)


@pytest.mark.parametrize(
    "label", ['a "b" <c> & d', "</script>", "]]>", "\\N", "😀 中文", "$\\frac{<}{\\&}$", "a\0b", "\ud800"]
)
def test_no_label_acts_as_markup(label: str, monkeypatch: pytest.MonkeyPatch) -> None:
    svg = here(draw(Value(1.0, label=label)), monkeypatch)
    kinds = {element.tag.removeprefix(SVG) for element in ET.fromstring(svg).iter()}
    assert kinds <= {"svg", "g", "title", "polygon", "path", "text", "tspan", "a"}


@pytest.mark.parametrize(
    ("rankdir", "axis", "sign"), [("LR", 0, 1), ("RL", 0, -1), ("TB", 1, 1), ("BT", 1, -1)]
)
@pytest.mark.parametrize("name", ["lecture", "network", "network_neuron"])
def test_arrows_run_in_the_direction_that_was_chosen(
    rankdir: str, axis: int, sign: int, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = GRAPHS[name]()._picture
    assert picture is not None
    svg = here(Drawing("", "", picture, rankdir), monkeypatch)
    cards = geometry.cards(svg)
    for arrow in picture.arrows:
        tail, head = cards[arrow.tail], cards[arrow.head]
        assert sign * (head[axis] + head[axis + 2] - tail[axis] - tail[axis + 2]) > 0
    canvas = geometry.canvas(svg)
    assert all(canvas.holds(card) for card in cards.values())


def test_a_card_is_wide_enough_for_its_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    small, large = (
        geometry.cards(here(draw(Value(x, label="x"), format=".17g"), monkeypatch))["v0"]
        for x in (1.0, 1 / 3)
    )
    assert large.right - large.left > small.right - small.left + 80


def test_an_old_drawing_follows_the_graphviz_that_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    drawing = draw(sample())
    first = here(drawing, monkeypatch)
    assert drawing.svg() == first  # a layout is kept
    assert draw(sample()).svg() != first


def test_a_large_picture_is_left_to_graphviz(monkeypatch: pytest.MonkeyPatch) -> None:
    y = Value(1.0)
    for _ in range(250):
        y = y + 1.0
    with pytest.raises(RuntimeError, match=r"^a picture of 251 cards, 250 edges needs Graphviz; install"):
        here(draw(y), monkeypatch)
    assert here(draw(y.operands[0]), monkeypatch).count('class="node"') == 250  # type: ignore[arg-type]
