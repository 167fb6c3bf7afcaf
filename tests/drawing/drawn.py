"""What tests of drawings share: a graph to draw, what a drawing says, and which Graphviz there is."""

from __future__ import annotations

import stat
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import NamedTuple

import pygraphviz
import pytest

from autograd.drawing import Drawing
from autograd.engine import Value

SVG = "{http://www.w3.org/2000/svg}"


def sample() -> Value:
    x, w = Value(2.0, label="x"), Value(-3.0, label="w")
    y = (x * w + x).tanh()
    y.label = "y"
    y.backward()
    return y


def chain(length: int) -> Value:
    y = Value(1.0)
    for _ in range(length - 1):
        y = y + 1.0
    return y


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
            edge.attr["label"].partition("<BR/>")[0].strip(),
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


def texts_of(svg: str) -> list[str]:
    return ["".join(text.itertext()).replace("\xa0", " ") for text in ET.fromstring(svg).iter(f"{SVG}text")]


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
