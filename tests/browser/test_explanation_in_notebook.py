"""Explanations in JupyterLab, in a notebook that is not trusted, and in what nbconvert makes of it."""

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
    "from autograd import Value, explain\n"
    "x, w = Value(2.0, label='x'), Value(-3.0, label='w_1 <b>$a$')\n"
    "y = (x * w + x).tanh() * x",
    "explain(y, x)",
    "explain(y, lang='zh')",
]

# What screen readers are told is set beside each formula, out of sight, and may be wider than what is seen.
FOUND = """
  for (const told of document.querySelectorAll('mjx-assistive-mml'))
    told.style.setProperty('display', 'none', 'important');
  return [...document.querySelectorAll(arguments[0])].map((output) => {
    const shown = output.cloneNode(true);
    for (const math of shown.querySelectorAll('mjx-container, .MathJax')) math.remove();
    return {
      text: shown.textContent, formulas: output.querySelectorAll('mjx-container, .MathJax').length,
      small: output.querySelectorAll('mjx-mfrac mjx-frac:not([type="d"])').length,
      fractions: output.querySelectorAll('mjx-mfrac').length,
      elements: output.querySelectorAll('math:not(mjx-assistive-mml *), script, style, svg, b').length,
      wide: [...output.querySelectorAll('mjx-container')].filter(
        (x) => x.getBoundingClientRect().right > output.getBoundingClientRect().right + 1).length,
      scrolls: output.scrollWidth - output.clientWidth,
    };
  })"""


@pytest.fixture(scope="module")
def notebooks(tmp_path_factory: pytest.TempPathFactory, environment: dict[str, str]) -> Path:
    """A folder with the notebook, executed but not signed."""
    folder = tmp_path_factory.mktemp("notebooks")
    cells = [
        {"cell_type": "code", "id": f"cell{i}", "source": cell, "metadata": {}} | EMPTY
        for i, cell in enumerate(CELLS)
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    (folder / "new.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    to = ["nbconvert", "--output-dir", str(folder), "--execute", "--to=notebook", "--output=executed"]
    jupyter(environment, *to, str(folder / "new.ipynb"))
    return folder


def explanations(browser: webdriver.Chrome) -> list[dict[str, Any]]:
    """Wait until both are typeset, and return what is to be seen."""
    selector = ".jp-RenderedMarkdown.jp-OutputArea-output"

    def there() -> bool:
        found = browser.execute_script(FOUND, selector)
        return len(found) == 2 and all(x["formulas"] > 10 for x in found)

    wait_for(there, 120)
    found: list[dict[str, Any]] = browser.execute_script(FOUND, selector)
    return found


def test_an_explanation_is_typeset_where_nothing_is_trusted(
    window: webdriver.Chrome,
    lab: str,
    shoot: Shoot,
) -> None:
    window.get(lab.format("executed.ipynb"))
    english, chinese = explanations(window)
    shoot("wide")
    for seen in (english, chinese):
        assert "$" not in seen["text"]
        assert "\\" not in seen["text"]
        assert seen["elements"] == 0  # nor anything that a label would smuggle in
        assert seen["fractions"] > 5
        assert seen["small"] == 0  # fractions are as large as the text
    assert "The chain rule" in english["text"]
    assert "where" in english["text"]
    assert "链式法则" in chinese["text"]
    look(window, 800, 900)  # of which the output has 340
    shoot("narrow")
    wait_for(lambda: not any(x["wide"] or x["scrolls"] > 1 for x in explanations(window)), 20)
