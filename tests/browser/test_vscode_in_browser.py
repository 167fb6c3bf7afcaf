"""Outputs as the notebooks of VS Code show them: in one page, their scripts taken out and run elsewhere.

Its renderer of HTML (the built-in extension `notebook-renderers`, read and tried at VS Code 1.139 in
code-server 4.139.1) sets the HTML of an element, and then runs each script as a new one at the end of that
element, which is removed at once. The page has a policy that forbids to load anything, and marks its theme on
the body. All that is done here; VS Code itself is not.
"""

from __future__ import annotations

import html
import json
from functools import cache
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver import ActionChains
from selenium.webdriver.common.by import By

from autograd import Value, draw, play, walk
from autograd.plots import Recorder
from autograd.training import Dataset, Settings, Trainer, iris

from .headless import Player, Shoot

POLICY = (
    "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; "
    "img-src https: http: data:; font-src data:; connect-src https:; child-src https: data:"
)
RENDER = """
  for (const fragment of OUTPUTS) {
    const output = document.body.appendChild(document.createElement("div"));
    output.className = "output";
    output.innerHTML = fragment;
    for (const script of [...output.getElementsByTagName("script")]) {
      const again = document.createElement("script");
      again.text = script.textContent;
      if (script.type) again.type = script.type;
      output.appendChild(again).remove();
    }
  }"""
THEMES = {
    "vscode-light": False,
    "vscode-dark": True,
    "vscode-high-contrast": True,
    "vscode-high-contrast-light": False,
}
every_theme = pytest.mark.parametrize("theme", THEMES)


def example() -> Value:
    x, w = Value(2.0, label="x"), Value(-3.0, label="w")
    y = x * w + x
    y.label = "y"
    return y


@cache
def outputs() -> list[str]:
    """What is shown of a drawing, two walks, a graph to play with and a film, as HTML."""
    trainer = Trainer(Dataset.of(iris()), Settings(hidden=(), steps=4, batch=16))
    recorder = Recorder(trainer)
    trainer.run(recorder)
    bundles = [
        draw(example(), theme="auto")._repr_mimebundle_()[0],
        walk(example())._repr_mimebundle_(),
        walk(example() * 2.0)._repr_mimebundle_(),
        play(example())._repr_mimebundle_(),
        recorder.film()._repr_mimebundle_(),
    ]
    return [bundle["text/html"] for bundle in bundles]


def opened(window: webdriver.Chrome, folder: Path, theme: str) -> webdriver.Chrome:
    data = json.dumps(outputs()).replace("<", "\\u003c")
    page = folder / "webview.html"
    page.write_text(
        '<!DOCTYPE html><html><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{html.escape(POLICY)}"></head>'
        f'<body class="{theme}" data-vscode-theme-kind="{theme}">'
        f"<script>const OUTPUTS = {data};{RENDER}</script></body></html>",
        encoding="utf-8",
    )
    window.get(page.as_uri())
    return window


def darkness(window: webdriver.Chrome) -> list[bool]:
    """Whether the drawing, the players and the graph to play with are dark."""
    script = """
      const dark = (color) => color.match(/\\d+/g).slice(0, 3).every((x) => Number(x) < 64);
      const hosts = [...document.querySelectorAll('.autograd-player, .autograd-live')];
      return [getComputedStyle(document.querySelector('.autograd-drawing img')).content.startsWith('url'),
        ...hosts.map((x) => dark(getComputedStyle(x.shadowRoot.querySelector('.player')).backgroundColor))]"""
    found: list[bool] = window.execute_script(script)
    return found


@every_theme
def test_all_have_the_theme_of_the_page_and_follow_it(
    window: webdriver.Chrome, tmp_path: Path, shoot: Shoot, theme: str
) -> None:
    opened(window, tmp_path, theme)
    shoot(theme)
    assert darkness(window) == [THEMES[theme]] * 4
    for other, dark in THEMES.items():
        window.execute_script(
            "document.body.className = document.body.dataset.vscodeThemeKind = arguments[0]", other
        )
        assert darkness(window) == [dark] * 4


def test_players_have_a_graph_each_and_are_stepped_through(window: webdriver.Chrome, tmp_path: Path) -> None:
    opened(window, tmp_path, "vscode-dark")
    first, second = Player(window, 0), Player(window, 1)
    for player in (first, second):
        player.click("last")
    assert first.visible_numbers() == [("2", "−2"), ("−3", "2"), ("−6", "1"), ("−4", "1")]
    assert second.visible_numbers()[-1] == ("−8", "1")
    first.click("back")
    assert first.step == 7


def test_a_number_is_dragged(window: webdriver.Chrome, tmp_path: Path) -> None:
    opened(window, tmp_path, "vscode-light")
    live = window.find_element(By.CSS_SELECTOR, ".autograd-live").shadow_root
    number, result = (live.find_element(By.CSS_SELECTOR, f"#v{i} .d") for i in (0, 3))
    drag = ActionChains(window).click_and_hold(number).move_by_offset(25, 0).move_by_offset(25, 0)
    drag.release().perform()
    assert (number.text, result.text) == ("2.5", "−5")


def test_the_film_plays(window: webdriver.Chrome, tmp_path: Path) -> None:
    opened(window, tmp_path, "vscode-dark")
    window.switch_to.frame(window.find_element(By.CSS_SELECTOR, "iframe"))
    try:
        window.find_element(By.ID, "first").click()
        assert window.find_element(By.ID, "slider").get_attribute("value") == "0"
        window.find_element(By.ID, "next").click()
        assert window.find_element(By.ID, "slider").get_attribute("value") == "1"
    finally:
        window.switch_to.default_content()


def test_in_a_workspace_that_is_not_trusted_there_is_a_picture_to_change_to() -> None:
    """There VS Code leaves HTML and SVG empty; its "Change Presentation" offers the other formats."""
    for shown in (draw(example()), walk(example()), play(example())):
        bundle = shown._repr_mimebundle_()
        assert "image/png" in (bundle[0] if isinstance(bundle, tuple) else bundle)
