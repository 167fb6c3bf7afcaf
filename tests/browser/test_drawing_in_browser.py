"""Pictures in a cell: no wider than it, in JupyterLab, which shows an SVG as it stands, and in an image."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from selenium import webdriver

from autograd import Value, draw

CELL = 600


def chain(length: int) -> Value:
    y = Value(0.5, label="x")
    for _ in range(length):
        y = (y * 2.0).tanh()
    return y


@pytest.mark.parametrize(("length", "shrunk"), [(1, False), (12, True)])
def test_a_picture_is_no_wider_than_its_cell(
    window: webdriver.Chrome, tmp_path: Path, length: int, shrunk: bool
) -> None:
    svg = draw(chain(length))._repr_mimebundle_()["image/svg+xml"]
    address = "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()
    inline = svg.partition("?>")[2]
    page = tmp_path / "cells.html"
    page.write_text(
        f'<meta charset="utf-8"><div style="width:{CELL}px">{inline}</div>'
        f'<div style="width:{CELL}px"><img src="{address}"></div>',
        encoding="utf-8",
    )
    window.get(page.as_uri())
    shown = window.execute_script(
        "return [...document.querySelectorAll('div > svg, img')].map((x) => {"
        "  const {width, height} = x.getBoundingClientRect(); return [width, height]; })"
    )
    assert len(shown) == 2
    for width, height in shown:
        assert width == pytest.approx(CELL, abs=1) if shrunk else width < CELL - 50
        assert 5 < height < width
