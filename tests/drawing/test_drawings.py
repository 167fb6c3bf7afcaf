"""A drawing in files and in Jupyter, and in the manner of `graphviz.Digraph`."""

from __future__ import annotations

import os
import struct
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import graphviz
import pytest
from drawn import chain, hide, install_dot
from graphs import neuron

from autograd.drawing import DrawingError, draw

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
    path = tmp_path / "x.pdf"
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
    bundle, how = picture._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "image/svg+xml", "image/png"}
    graph = bundle["image/svg+xml"].split("viewBox", 1)[1]
    assert graph == picture.svg().split("viewBox", 1)[1]
    assert bundle["image/png"].startswith(b"\x89PNG")
    assert how == {"image/svg+xml": {"unconfined": True}}
    assert set(picture._repr_mimebundle_(include={"image/png"})[0]) == {"image/png"}
    assert set(picture._repr_mimebundle_(exclude={"image/png"})[0]) == {"text/plain", "image/svg+xml"}


@pytest.mark.parametrize("shrunk", [1.0, 560.0, 0.7])
def test_a_picture_in_jupyter_is_shrunk_as_far_as_it_can_be_read(shrunk: float) -> None:
    range_of_width = {1.0: (0, 560), 560.0: (570, 790), 0.7: (810, 9999)}[shrunk]  # it depends on the fonts
    pictures = [draw(chain(length)) for length in (3, 4, 5, 6, 7, 8, 40)]
    widths = [float(ET.fromstring(x.svg()).attrib["width"].removesuffix("pt")) for x in pictures]
    picture = next(
        x for x, width in zip(pictures, widths, strict=True) if range_of_width[0] < width < range_of_width[1]
    )
    svg = picture._repr_mimebundle_(include={"image/svg+xml"})[0]["image/svg+xml"]
    own = float(ET.fromstring(picture.svg()).attrib["width"].removesuffix("pt"))
    width = float(ET.fromstring(svg).attrib["width"].removesuffix("pt"))
    assert width == pytest.approx(shrunk if shrunk > 1 else shrunk * own, abs=1)
    assert 11 * width / own > 7  # points, of letters
    assert f"min-width:{round(0.7 * own)}pt" in picture.svg()


def test_the_png_of_a_wide_picture_in_jupyter_has_a_few_thousand_dots() -> None:
    picture = draw(chain(100))
    content = picture._repr_mimebundle_(include={"image/png"})[0]["image/png"]
    assert 2900 < struct.unpack(">II", content[16:24])[0] <= 3001
    assert 9900 < struct.unpack(">II", picture.png()[16:24])[0] <= 10_001


@pytest.mark.usefixtures("no_dot")
def test_jupyter_gets_a_message_where_a_large_picture_cannot_be_made(monkeypatch: pytest.MonkeyPatch) -> None:
    hide(monkeypatch, "pygraphviz")
    bundle, how = draw(chain(300))._repr_mimebundle_()
    assert (set(bundle), how) == ({"text/plain"}, {})
    assert (
        "a picture of 300 cards, 299 edges needs Graphviz; install Graphviz: run pip" in bundle["text/plain"]
    )
    assert 'pip install "scalar-autograd[draw]"' in bundle["text/plain"]
