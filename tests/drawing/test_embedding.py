"""Pictures in pages: light or dark as these are, never too small to read, and shown outside of Jupyter."""

from __future__ import annotations

import re
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest
from drawn import SVG, hide, sample

from autograd import Value, draw, nn, set_theme
from autograd.drawing.themes import DARK, LIGHT, checked_theme


@pytest.fixture(autouse=True)
def light_again() -> Iterator[None]:
    yield
    set_theme("light")


# A theme for all


def test_a_theme_is_that_of_all_pictures_that_are_told_no_other() -> None:
    y = sample()
    light = draw(y).source
    set_theme("dark")
    assert draw(y).source == draw(y, theme="dark").source != light
    assert draw(y, theme="light").source == light
    assert DARK.card in y._repr_html_()
    set_theme("light")
    assert draw(y).source == light
    assert LIGHT.card in y._repr_html_()


@pytest.mark.parametrize("theme", ["blue", "", "Dark"])
def test_an_unknown_theme_is_refused_and_changes_nothing(theme: str) -> None:
    for choose in (set_theme, lambda theme: draw(Value(1.0), theme=theme)):
        with pytest.raises(ValueError, match=rf"^theme is 'light', 'dark' or 'auto', not '{theme}'$"):
            choose(theme)
    assert checked_theme(None) == "light"


@pytest.fixture(params=["graphviz", "none"])
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "none":
        request.getfixturevalue("no_dot")
        hide(monkeypatch, "pygraphviz")


def in_the_dark(svg: str, context: str) -> list[dict[str, str]]:
    """Return the colours of all shapes, by the rules that begin with a context."""
    root = ET.fromstring(svg)
    (style,) = root.findall(f"{SVG}style")
    rules = dict(re.findall(re.escape(context) + r" \.([\w-]+)\{([^}]*)\}", style.text or ""))
    assert rules
    shown = []
    for shape in root.iter():
        if shape.get("fill") or shape.get("stroke"):
            colors = {kind: shape.get(kind, "") for kind in ("fill", "stroke")}
            for name in shape.get("class", "").split():
                if name in rules:
                    kind, _, color = rules[name].partition(":")
                    colors[kind] = color
            shown.append(colors)
    return shown


def as_drawn(svg: str) -> list[dict[str, str]]:
    shapes = [x for x in ET.fromstring(svg).iter() if x.get("fill") or x.get("stroke")]
    return [{kind: shape.get(kind, "") for kind in ("fill", "stroke")} for shape in shapes]


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize(
    "context",
    [
        ':is([data-jp-theme-light="false"],[data-vscode-theme-kind="vscode-dark"],'
        '[data-vscode-theme-kind="vscode-high-contrast"])',
        "svg:root",
        "body:not([data-jp-theme-light]):not([data-vscode-theme-kind])",
    ],
)
def test_auto_is_the_dark_picture_in_the_dark_and_else_the_light_one(context: str) -> None:
    net = nn.MLP(2, [3, 1], activation="tanh", seed=1)
    loss = net([0.5, -1.0]) ** 2
    loss.backward()
    for options in ({}, {"module": net, "weights": True, "legend": True}):
        auto = draw(loss, theme="auto", **options).svg()  # type: ignore[arg-type]
        light, dark = (draw(loss, theme=theme, **options).svg() for theme in ("light", "dark"))  # type: ignore[arg-type]
        assert as_drawn(auto) == as_drawn(light)
        assert in_the_dark(auto, context) == as_drawn(dark)


def test_auto_in_jupyter_is_html_that_follows_its_theme_with_an_image_for_where_styles_are_dropped() -> None:
    set_theme("auto")
    bundle, _ = draw(sample())._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "text/html", "image/svg+xml", "image/png"}
    assert '[data-jp-theme-light="false"],' in bundle["text/html"]
    assert '<img src="data:image/svg+xml;base64,' in bundle["text/html"]
    left = re.sub(r"<style>.*?</style>|<[^>]*>", "", bundle["text/html"])  # where nothing is trusted
    assert left.strip() == ""
    assert "<style>" not in bundle["image/svg+xml"]
    assert "text/html" not in draw(sample(), theme="dark")._repr_mimebundle_()[0]


# Shown


def test_outside_of_jupyter_a_picture_is_shown_by_the_browser(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setitem(sys.modules, "IPython", None)
    drawing = draw(sample(), theme="dark")
    path = Path(drawing.show())
    assert opened == [path.as_uri()]
    assert path.is_relative_to(tmp_path)
    page = path.read_text(encoding="utf-8")
    assert page.startswith("<!DOCTYPE html>")
    assert drawing.svg().partition("?>")[2].strip() in page
    assert f"background:{DARK.background}" in page


def test_in_jupyter_it_is_shown_in_the_cell(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[object] = []
    display = ModuleType("IPython.display")
    display.display = shown.append  # type: ignore[attr-defined]
    package = ModuleType("IPython")
    package.get_ipython = lambda: SimpleNamespace(kernel=object())  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "IPython", package)
    monkeypatch.setitem(sys.modules, "IPython.display", display)
    drawing = draw(sample())
    assert drawing.show() == ""
    assert shown == [drawing]
