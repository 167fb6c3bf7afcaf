"""How a live page looks: in other windows and languages, with strange labels, and without scripts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By

from autograd import Value, play, walk

from .conftest import said
from .headless import Shoot, look
from .live_page import Open, neuron


def test_labels_are_shown_as_typed_and_never_markup(opened: Open, window: webdriver.Chrome) -> None:
    evil = "</script><img src=x onerror='window.attacked = 1'>"
    x = Value(2.0, label=evil)
    y = x * x + 1.0
    y.label = "$& {name} <b>y</b>"
    page = opened(y)
    page.find("#v0 .name").click()
    assert page.find(".products strong").text.startswith("The chain rule at </script><img src=x")
    page.find("#v2 .name").click()
    assert "$& {name} <b>y</b>" in page.find(".products").text
    page.run("root.querySelector('.leaf input').dispatchEvent(new Event('input'))")
    assert "$& {name} <b>y</b>" in page.sentence
    assert window.execute_script("return window.attacked") is None


def test_chinese(opened: Open, window: webdriver.Chrome, shoot: Shoot) -> None:
    page = opened(neuron(), lang="zh")
    assert page.find("button.step").text == "梯度下降一步"
    assert window.title == "o：实时计算图"
    page.find("button.step").click()
    assert page.sentence.startswith("第 1 步：o = ")
    shoot("chinese")


@pytest.mark.parametrize("width", [320, 400, 640, 1280, 1920])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_wider_than_the_window(
    opened: Open, window: webdriver.Chrome, shoot: Shoot, width: int, scheme: str
) -> None:
    look(window, width, 900, prefers_color_scheme=scheme)
    page = opened(neuron())
    page.find("#v2 .name").click()
    shoot("page")
    assert window.execute_script("return document.documentElement.scrollWidth") <= width
    assert page.run("return [...root.querySelectorAll('.leaf')].every((x) => x.scrollWidth <= x.clientWidth)")
    ends = "return [...root.querySelectorAll(arguments[0])].map((x) => x.getBoundingClientRect().right)"
    assert max(page.run(ends, "button, input, output, .grad")) <= width - 16  # the margin of the page
    dark = "dark" in str(page.find(".player").get_attribute("class")).split()
    assert dark == (scheme == "dark")


def test_without_scripts_the_picture_stands_there(window: webdriver.Chrome, tmp_path: Path) -> None:
    path = tmp_path / "live.html"
    text = Path(play(neuron()).save(path)).read_text("utf-8")
    path.write_text(text.replace("script-src 'unsafe-inline'", "script-src 'none'"), "utf-8")
    window.get(path.as_uri())
    image = window.find_element(By.CSS_SELECTOR, ".autograd-live img")
    assert window.execute_script("return arguments[0].naturalWidth", image) > 500
    said(window)  # in which Chromium says that it has kept a script from running


@pytest.mark.parametrize("show", [play, walk])
def test_without_scripts_a_picture_is_not_shrunk_until_it_cannot_be_read(
    window: webdriver.Chrome, tmp_path: Path, show: Callable[[Value], Any]
) -> None:
    path = tmp_path / "page.html"
    text = Path(show(neuron()).save(path)).read_text("utf-8")
    path.write_text(text.replace("script-src 'unsafe-inline'", "script-src 'none'"), "utf-8")
    look(window, 400, 900)
    window.get(path.as_uri())
    image = window.find_element(By.CSS_SELECTOR, "img")
    shown, natural, page = window.execute_script(
        "const x = arguments[0];"
        "return [x.getBoundingClientRect().width, x.naturalWidth, document.documentElement.scrollWidth]",
        image,
    )
    assert natural > 800
    assert shown == pytest.approx(0.7 * natural, abs=1)
    assert page >= shown
    said(window)  # in which Chromium says that it has kept a script from running
