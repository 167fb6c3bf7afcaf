"""Pictures of a dozen graphs: their DOT text as it is stored, and where their cards lie, on every engine."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Iterable
from pathlib import Path
from shutil import which

import geometry
import pytest
from graphs import GRAPHS

from autograd.drawing.picture import Frame

GOLDEN = Path(__file__).with_name("golden")

every_graph = pytest.mark.parametrize("name", GRAPHS)


@every_graph
def test_the_text_is_the_one_stored(name: str, request: pytest.FixtureRequest) -> None:
    """`pytest tests/drawing/test_pictures.py --update` stores it anew; look at the pictures before."""
    path = GOLDEN / f"{name}.gv"
    source = GRAPHS[name]().source
    if request.config.getoption("--update"):
        path.write_text(source, encoding="utf-8", newline="\n")
    assert source == path.read_bytes().decode()


def test_nothing_else_is_stored() -> None:
    assert sorted(path.stem for path in GOLDEN.iterdir()) == sorted(GRAPHS)
    assert len(GRAPHS) >= 12


@pytest.fixture(params=["dot", "pygraphviz", "none"])
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """Leave one of the two engines to draw with, or neither."""
    name: str = request.param
    if name == "dot":
        if not which("dot"):
            pytest.skip("there is no program dot on this machine")
        monkeypatch.setitem(sys.modules, "pygraphviz", None)
    else:
        monkeypatch.setenv("PATH", str(tmp_path))
    if name == "none":
        monkeypatch.setitem(sys.modules, "pygraphviz", None)
    return name


@pytest.mark.usefixtures("engine")
@every_graph
def test_every_card_is_on_the_canvas_and_no_two_overlap(name: str) -> None:
    drawing = GRAPHS[name]()
    svg = drawing.svg()
    canvas, cards, frames = geometry.canvas(svg), geometry.cards(svg), geometry.frames(svg)
    assert drawing._picture is not None
    assert set(cards) == {card.id for card in drawing._picture.cards}
    for card, place in cards.items():
        assert place.right - place.left > 10, card
        assert canvas.holds(place), card
    for (a, first), (b, second) in itertools.combinations(cards.items(), 2):
        assert not first.overlaps(second), (a, b)
    for frame in _all(drawing._picture.frames):
        if frame.title:
            place = frames[f"cluster_{frame.id}"]
            assert canvas.holds(place)
            inside = {card for card in cards if place.holds(cards[card])}
            assert set(frame.all_cards) == inside


def _all(frames: Iterable[Frame]) -> Iterable[Frame]:
    for frame in frames:
        yield frame
        yield from _all(frame.frames)


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("name", ["network", "network_wide", "network_cut", "network_batch", "network_alone"])
def test_neurons_stand_in_the_column_of_their_layer_in_their_order(name: str) -> None:
    drawing = GRAPHS[name]()
    cards = geometry.cards(drawing.svg())
    assert drawing._picture is not None
    downwards = "rankdir=LR" in drawing.source
    for frame in drawing._picture.frames:
        places = [cards[card] for card in frame.cards]
        if downwards:
            assert [p.top for p in places] == sorted(p.top for p in places)
            centres = {round((p.left + p.right) / 2) for p in places}
        else:
            assert [p.left for p in places] == sorted(p.left for p in places)
            centres = {round((p.top + p.bottom) / 2) for p in places}
        assert max(centres) - min(centres) <= 1


@pytest.mark.usefixtures("engine")
@every_graph
def test_no_text_of_an_arrow_lies_on_its_arrow(name: str) -> None:
    arrows = geometry.arrows(GRAPHS[name]().svg())
    for arrow in arrows:
        for text in arrow.texts:
            assert not arrow.runs_through(text), (arrow.name, text)


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("name", ["shared", "lecture", "several"])
def test_no_text_of_an_arrow_lies_on_any_arrow_or_text(name: str) -> None:
    arrows = geometry.arrows(GRAPHS[name]().svg())
    assert sum(len(arrow.texts) for arrow in arrows) == len(arrows)
    for first, second in itertools.product(arrows, arrows):
        assert not second.runs_through(first.texts[0]), (first.name, second.name)
        assert first is second or not first.texts[0].overlaps(second.texts[0])


@pytest.mark.usefixtures("engine")
def test_the_network_of_micrograds_demo_fits_a_slide() -> None:
    canvas = geometry.canvas(GRAPHS["network_wide"]().svg())
    assert 1.2 < canvas.right / canvas.bottom < 2.4  # a slide has 16:9, which is 1.78
    assert canvas.bottom < 600  # points: at the size of the slide letters are still 10 points high


def test_rectangles_that_share_an_edge_do_not_overlap() -> None:
    square = geometry.Rectangle(0, 0, 2, 2)
    assert square.overlaps(geometry.Rectangle(1, 1, 3, 3))
    assert square.overlaps(geometry.Rectangle(0.5, 0.5, 1, 1))
    assert not square.overlaps(geometry.Rectangle(2, 0, 3, 2))
    assert square.holds(square)
    assert not square.holds(geometry.Rectangle(1, 1, 3, 2))
