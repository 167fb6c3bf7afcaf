"""Drawing, player, page to play with and explanation in JupyterLab: dark and light, trusted and not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver

from .headless import Shoot, look
from .test_notebook_in_browser import EMPTY, environment, jupyter, lab, wait_for

__all__ = ["environment", "lab"]  # fixtures

CELLS = [
    "from autograd import Value, draw, explain, play, set_theme, walk\n"
    "x, w = Value(2.0, label='x'), Value(-3.0, label='w')\n"
    "y = x * w + x\n"
    "y.label = 'y'\n"
    "set_theme('auto')",
    "draw(y)",
    "walk(y)",
    "play(y)",
    "explain(y, x)",
]

SEEN = """
  const level = (color) => color.match(/[\\d.]+/g).slice(0, 3).reduce((sum, x) => sum + Number(x), 0) / 765;
  const outputs = [...document.querySelectorAll('.jp-OutputArea-output')];
  const shown = outputs.map((output) => {
    const host = output.querySelector('.autograd-player, .autograd-live');
    const image = output.querySelector('img');
    const typeset = output.querySelectorAll('mjx-container').length;
    if (host && host.shadowRoot)
      return level(getComputedStyle(host.shadowRoot.querySelector('.player')).backgroundColor);
    const there = image && image.complete && image.naturalWidth > 100 && image.checkVisibility();
    if (there && image.closest('.autograd-drawing') && output.querySelector('style'))
      return getComputedStyle(image).content.startsWith('url') ? 0 : 1;
    if (image) return there && output.innerText.trim() === '' ? 'image' : '';
    return typeset > 5 ? 'formulas' : '';
  });
  const text = outputs.length ? level(getComputedStyle(outputs.at(-1)).color) : 0;
  const page = level(getComputedStyle(document.querySelector('.jp-Notebook')).backgroundColor);
  return {shown, text, page}"""

CHANGE = "return window.jupyterapp.commands.execute('apputils:change-theme', {theme: arguments[0]})"


@pytest.fixture(scope="module")
def notebooks(tmp_path_factory: pytest.TempPathFactory, environment: dict[str, str]) -> Path:
    """A folder with the notebook, executed: signed, and not."""
    folder = tmp_path_factory.mktemp("notebooks")
    cells = [
        {"cell_type": "code", "id": f"cell{i}", "source": cell, "metadata": {}} | EMPTY
        for i, cell in enumerate(CELLS)
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    (folder / "new.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    to = ["nbconvert", "--output-dir", str(folder), "--execute", "--to=notebook", "--output=untrusted"]
    jupyter(environment, *to, str(folder / "new.ipynb"))
    different = json.loads((folder / "untrusted.ipynb").read_text(encoding="utf-8"))
    different["metadata"]["title"] = "another one, for what is signed is the content"
    (folder / "trusted.ipynb").write_text(json.dumps(different), encoding="utf-8")
    jupyter(environment, "trust", str(folder / "trusted.ipynb"))
    return folder


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("trust", ["trusted", "untrusted"])
def test_all_that_is_shown_has_the_theme_of_the_page_or_is_a_picture(
    browser: webdriver.Chrome, lab: str, shoot: Shoot, trust: str, theme: str
) -> None:
    look(browser, 1280, 2400)
    browser.get(lab.format(f"{trust}.ipynb"))

    def seen() -> dict[str, Any]:
        found: dict[str, Any] = browser.execute_script(SEEN)
        return found

    wait_for(
        lambda: browser.execute_script(
            "return Boolean(window.jupyterapp && document.querySelector('.jp-Notebook'))"
        )
    )
    browser.execute_script(CHANGE, "JupyterLab Dark" if theme == "dark" else "JupyterLab Light")
    try:
        dark = theme == "dark"
        wait_for(lambda: len(seen()["shown"]) == 4 and all(x != "" for x in seen()["shown"]))
        wait_for(lambda: (seen()["page"] < 0.3) == dark)
        shoot(f"{trust}-{theme}")
        found = seen()
        *pictures, explanation = found["shown"]
        assert explanation == "formulas"
        assert abs(found["text"] - found["page"]) > 0.5  # which can be read
        if trust == "untrusted":
            assert pictures == ["image"] * 3
        else:
            assert [level < 0.3 if dark else level > 0.9 for level in pictures] == [True] * 3
    finally:
        browser.execute_script(CHANGE, "JupyterLab Light")
