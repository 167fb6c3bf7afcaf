"""Figures and players in JupyterLab itself, trusted and not, and in what nbconvert makes of the notebook."""

from __future__ import annotations

import json
import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

import autograd
from autograd.steps.player_picture import number_text

from .headless import Player, look

CELLS = [
    "from autograd import Value, draw\n"
    "from autograd.steps import walk\n"
    "x, w = Value(2.0, label='x'), Value(-3.0, label='w')\n"
    "y = x * w + x\n"
    "y.label = 'y'",
    "draw(y)",
    "walk(y)",
    "walk(x * x)",
    "from autograd import play\nplay(y)",
]
STEPS = 4 + 1 + 4  # of y: nodes, the start, edges

EMPTY: dict[str, object] = {"outputs": [], "execution_count": None}

IS_DARK = "return Boolean(arguments[0].shadowRoot.querySelector('.player.dark'))"


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment in which Jupyter imports the package under test and leaves the home folder alone."""
    folder = tmp_path_factory.mktemp("jupyter")
    environment = dict(os.environ)
    for name in ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR"):
        environment[name] = str(folder / name.lower())
    environment["PYTHONPATH"] = str(Path(autograd.__file__).parent.parent)
    environment["PYTHONWARNINGS"] = "ignore"
    return environment


def jupyter(environment: dict[str, str], *arguments: str) -> None:
    command = [sys.executable, "-m", "jupyter", *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def notebooks(tmp_path_factory: pytest.TempPathFactory, environment: dict[str, str]) -> Path:
    """A folder with the notebook, executed but not signed, and as HTML."""
    folder = tmp_path_factory.mktemp("notebooks")
    cells = [
        {"cell_type": "code", "id": f"cell{i}", "source": cell, "metadata": {}} | EMPTY
        for i, cell in enumerate(CELLS)
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    (folder / "new.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    to = ["nbconvert", "--output-dir", str(folder)]
    executed = str(folder / "executed.ipynb")
    jupyter(environment, *to, "--execute", "--to=notebook", "--output=executed", str(folder / "new.ipynb"))
    jupyter(environment, *to, "--to=html", "--output=page.html", executed)
    return folder


@pytest.fixture(scope="module")
def lab(notebooks: Path, environment: dict[str, str]) -> Iterator[str]:
    """The address of a JupyterLab that serves the folder; `{}` in it stands for the notebook."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    token = secrets.token_hex(16)
    command = [
        sys.executable, "-m", "jupyter", "lab", "--no-browser", "--allow-root", "--ip=127.0.0.1",
        f"--port={port}", "--ServerApp.port_retries=0", f"--IdentityProvider.token={token}",
        f"--ServerApp.root_dir={notebooks}", "--LabApp.expose_app_in_browser=True",
        "--LabApp.news_url=", "--LabApp.extension_manager=readonly",
    ]  # fmt: skip
    log = (notebooks / "lab.log").open("wb")
    server = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        wait_for(lambda: answers(f"http://127.0.0.1:{port}/api/status?token={token}"), 120)
        yield f"http://127.0.0.1:{port}/lab/tree/{{}}?reset&token={token}"
    finally:
        server.terminate()
        server.wait(60)
        log.close()


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:
            return bool(json.load(answer))
    except (urllib.error.URLError, ConnectionError):
        return False


def wait_for(condition: Callable[[], Any], seconds: float = 90.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come to that in time"
        time.sleep(0.2)


OUTPUTS = """
  return [...document.querySelectorAll('.jp-OutputArea-output')].map((x) => {
    const image = x.querySelector('img'), player = x.querySelector('.autograd-player, .autograd-live');
    return {
      kind: x.dataset.mimeType, text: x.innerText.trim(), plays: Boolean(player && player.shadowRoot),
      image: image && image.complete ? image.naturalWidth : 0, source: image ? image.src.slice(0, 18) : '',
      noise: x.querySelectorAll('script, style, svg').length,
    };
  })"""


def outputs(browser: webdriver.Chrome, count: int = 4) -> list[dict[str, Any]]:
    """Wait for that many outputs with what they show, and say what it is."""

    def there() -> bool:
        found = browser.execute_script(OUTPUTS)
        return len(found) == count and all(x["image"] or x["plays"] for x in found)

    wait_for(there)
    found: list[dict[str, Any]] = browser.execute_script(OUTPUTS)
    return found


def use(browser: webdriver.Chrome) -> None:
    """Step through both players on the page, by buttons and keys."""
    first, second = Player(browser, 0), Player(browser, 1)
    browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", first.host)
    time.sleep(0.5)
    first.click("next")
    assert first.step == 1
    first.find(".stage").click()
    for key, step in [
        (Keys.ARROW_RIGHT, 2), (Keys.END, STEPS - 1), (Keys.ARROW_LEFT, STEPS - 2), (Keys.HOME, 0),
        (Keys.END, STEPS - 1),
    ]:  # fmt: skip
        first.press(key)
        assert first.step == step
    assert first.visible_numbers() == [("2", "−2"), ("−3", "2"), ("−6", "1"), ("−4", "1")]
    assert second.step == 0
    first.press(" ")
    wait_for(lambda: first.step in (1, 2), 20)
    first.press(" ")
    browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", second.host)
    time.sleep(0.5)
    second.click("last")
    assert second.visible_numbers() == [("2", "4"), ("4", "1")]
    play_with(browser)


def play_with(browser: webdriver.Chrome) -> None:
    """Drag a number on the live page, and take a step of gradient descent."""
    host = browser.find_element(By.CSS_SELECTOR, ".autograd-live")
    browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", host)
    time.sleep(0.5)
    live = host.shadow_root
    number, result = (live.find_element(By.CSS_SELECTOR, f"#v{i} .d") for i in (0, 3))
    assert (number.text, result.text) == ("2", "−4")
    ActionChains(browser).click_and_hold(number).move_by_offset(25, 0).move_by_offset(
        25, 0
    ).release().perform()
    assert (number.text, result.text) == ("2.5", "−5")
    live.find_element(By.CSS_SELECTOR, "button.step").click()
    assert result.text == number_text(2.5 * (-3.0 - 0.1 * 2.5) + 2.5)
    assert "#" not in browser.current_url  # which is the notebook's


@pytest.fixture
def large_window(browser: webdriver.Chrome) -> webdriver.Chrome:
    look(browser, 1280, 1000)
    return browser


def run_all(browser: webdriver.Chrome, address: str) -> list[dict[str, Any]]:
    """Open the notebook, run its cells, and say what came out."""
    browser.get(address)
    # The notebook is chosen here: where no window has the focus, JupyterLab calls no widget the current one.
    ready = (
        "const app = window.jupyterapp, all = app ? [...app.shell.widgets('main')] : [];"
        "const notebook = all.find((x) => x.sessionContext?.session?.kernel);"
        "if (notebook) app.shell.activateById(notebook.id);"
        "return Boolean(notebook) && document.querySelectorAll('.jp-Cell').length === arguments[0]"
    )
    wait_for(lambda: browser.execute_script(ready, len(CELLS)))
    browser.execute_script("window.jupyterapp.commands.execute('notebook:run-all-cells')")
    return outputs(browser)


def test_the_notebook_is_run_and_its_players_used_in_jupyterlab(
    large_window: webdriver.Chrome, lab: str, tmp_path: Path
) -> None:
    figure, player, other, live = run_all(large_window, lab.format("new.ipynb"))
    assert figure["kind"] == "image/svg+xml"
    assert (player["kind"], player["plays"]) == ("text/html", True)
    assert other["plays"]
    assert live["plays"]
    use(large_window)
    large_window.save_screenshot(str(tmp_path / "lab.png"))
    Player(large_window, 1).press("b", Keys.ARROW_DOWN)  # to the notebook: a cell below, the next cell
    time.sleep(0.5)
    cells = large_window.execute_script("return document.querySelectorAll('.jp-Cell').length")
    assert cells == len(CELLS)


def test_in_a_narrow_window_a_picture_is_as_wide_as_before_and_its_cell_scrolls(
    large_window: webdriver.Chrome, lab: str
) -> None:
    browser = large_window
    run_all(browser, lab.format("new.ipynb"))
    width = (
        "const x = document.querySelector('.jp-RenderedSVG img');"
        "let y = x; while (y && y.scrollWidth <= y.clientWidth) y = y.parentElement;"
        "return [x.getBoundingClientRect().width, x.naturalWidth,"
        "        y && y.className.includes('jp-') ? getComputedStyle(y).overflowX : '']"
    )
    wide, natural, _ = browser.execute_script(width)
    assert wide == pytest.approx(natural, abs=1)
    look(browser, width=480)
    try:
        wait_for(lambda: browser.execute_script("return innerWidth") == 480)
        time.sleep(0.5)
        narrow, _, scrolls = browser.execute_script(width)
        assert (narrow, scrolls) == (pytest.approx(natural, abs=1), "auto")
    finally:
        look(browser, width=1400, height=1000)


def test_the_player_follows_the_theme_of_jupyterlab(
    large_window: webdriver.Chrome, lab: str, tmp_path: Path
) -> None:
    browser = large_window
    run_all(browser, lab.format("new.ipynb"))
    host = Player(browser).host
    change = "return window.jupyterapp.commands.execute('apputils:change-theme', {theme: arguments[0]})"
    assert not browser.execute_script(IS_DARK, host)
    browser.execute_script(change, "JupyterLab Dark")
    try:
        wait_for(lambda: browser.execute_script(IS_DARK, host))
        browser.execute_script("arguments[0].scrollIntoView()", host)
        time.sleep(0.5)
        browser.save_screenshot(str(tmp_path / "dark.png"))
    finally:
        browser.execute_script(change, "JupyterLab Light")
    wait_for(lambda: not browser.execute_script(IS_DARK, host))


def test_an_untrusted_notebook_shows_the_finished_pictures(
    large_window: webdriver.Chrome, lab: str, tmp_path: Path
) -> None:
    browser = large_window
    browser.get(lab.format("executed.ipynb"))
    figure, *players = outputs(browser)
    assert (figure["kind"], figure["source"]) == ("image/png", "data:image/png;bas")
    for shown in players:
        assert not shown["plays"]
        assert shown["image"] > 100
        assert shown["source"] == "data:image/svg+xml"
        assert (shown["text"], shown["noise"]) == ("", 0)
    browser.save_screenshot(str(tmp_path / "untrusted.png"))


def test_a_trusted_notebook_plays_without_being_run(
    large_window: webdriver.Chrome, lab: str, notebooks: Path, environment: dict[str, str]
) -> None:
    trusted = notebooks / "trusted.ipynb"
    trusted.write_bytes((notebooks / "executed.ipynb").read_bytes())
    jupyter(environment, "trust", str(trusted))
    large_window.get(lab.format("trusted.ipynb"))
    assert [shown["plays"] for shown in outputs(large_window)] == [False, True, True, True]
    use(large_window)


def test_the_players_are_used_in_what_nbconvert_makes(
    large_window: webdriver.Chrome, notebooks: Path, tmp_path: Path
) -> None:
    large_window.get((notebooks / "page.html").as_uri())
    assert [shown["plays"] for shown in outputs(large_window)] == [False, True, True, True]
    use(large_window)
    large_window.save_screenshot(str(tmp_path / "nbconvert.png"))
