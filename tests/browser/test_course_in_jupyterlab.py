"""Each notebook of the course as JupyterLab shows it, light and dark by turns: formulas, pictures, pages."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver

from .conftest import said
from .headless import Shoot, look
from .test_notebook_in_browser import environment, jupyter, lab, wait_for

__all__ = ["environment", "lab"]  # fixtures

FOLDER = Path(__file__).parents[2] / "notebooks"
NAMES = sorted(path.name for path in FOLDER.glob("*.ipynb"))
SETTINGS = {"@jupyterlab/notebook-extension/tracker.jupyterlab-settings": {"windowingMode": "none"}}

SHOWN = """
  const found = (selector) => [...document.querySelectorAll(selector)];
  const text = found('.jp-RenderedMarkdown').map((x) => {
    const shown = x.cloneNode(true);
    for (const part of shown.querySelectorAll('code, pre, mjx-container')) part.remove();
    return shown.textContent;
  }).join('\\n');
  return {
    cells: found('.jp-Notebook .jp-Cell').length,
    formulas: found('.jp-MarkdownCell mjx-container').length,
    wrong: found('mjx-merror, [data-mjx-error]').map((x) => x.textContent),
    dollars: text.match(/\\$[^$\\n]*\\\\[^$\\n]*\\$/g) ?? [],
    folded: found('.jp-MarkdownCell details').length,
    errors: found('[data-mime-type="application/vnd.jupyter.error"]').length,
    dead: found('.autograd-player, .autograd-live').filter((x) => !x.shadowRoot).length,
    pages: found('.autograd-player, .autograd-live').length,
    images: found('.jp-OutputArea-output img').filter((x) => !(x.complete && x.naturalWidth)).length,
    dark: document.body.dataset.jpThemeLight === 'false',
  };"""

CHANGE = """
  window.jupyterapp.restored.then(() =>
    window.jupyterapp.commands.execute('apputils:change-theme', {theme: arguments[0]}));"""


@pytest.fixture(scope="module")
def notebooks(tmp_path_factory: pytest.TempPathFactory, environment: dict[str, str]) -> Path:
    """A copy of the notebooks, trusted; JupyterLab is to show all cells, those out of sight too."""
    folder = tmp_path_factory.mktemp("course") / "notebooks"
    shutil.copytree(FOLDER, folder)
    jupyter(environment, "trust", *[str(folder / name) for name in NAMES])
    for name, value in SETTINGS.items():
        path = Path(environment["JUPYTER_CONFIG_DIR"], "lab", "user-settings", name)
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(value), encoding="utf-8")
    return folder


def stored(name: str) -> dict[str, int]:
    """Return what a notebook has: cells, formulas at least, folded parts, pages."""
    cells = json.loads((FOLDER / name).read_text(encoding="utf-8"))["cells"]
    text = "\n".join("".join(x["source"]) for x in cells if x["cell_type"] == "markdown")
    outputs = [output for x in cells for output in x.get("outputs", [])]
    pages = ["".join(x.get("data", {}).get("text/html", "")) for x in outputs]
    return {
        "cells": len(cells),
        "formulas": len(re.findall(r"\$\$.+?\$\$", text, re.DOTALL)),
        "folded": text.count("<details>"),
        "pages": sum(bool(re.search(r'class="autograd-(player|live)"', page)) for page in pages),
    }


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_is_whole_in_jupyterlab(
    window: webdriver.Chrome, lab: str, shoot: Shoot, name: str
) -> None:
    wanted, dark = stored(name), NAMES.index(name) % 2 == 1
    look(window, 1280, 900)
    window.get(lab.format(name))
    wait_for(lambda: window.execute_script("return Boolean(window.jupyterapp)"))
    window.execute_script(CHANGE, "JupyterLab Dark" if dark else "JupyterLab Light")
    seen: dict[str, Any] = {}

    def there() -> bool:
        seen.update(window.execute_script(SHOWN))
        kept = all(seen[what] == wanted[what] for what in ("cells", "folded", "pages"))
        return kept and seen["formulas"] >= wanted["formulas"] and seen["dark"] == dark and not seen["images"]

    try:
        wait_for(there, 120)
    except AssertionError:
        pytest.fail(f"{seen} instead of {wanted}")
    assert (seen["wrong"], seen["dollars"], seen["errors"], seen["dead"]) == ([], [], 0, 0)
    shoot(name)
    severe = [x["message"] for x in said(window) if x["level"] == "SEVERE"]
    assert [x for x in severe if "/static/lab/" not in x] == []  # JupyterLab itself now and then loses a node
