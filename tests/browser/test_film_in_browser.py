"""The film of a training in a browser: its controls are to be seen, and they are those of the player."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from autograd import Value, walk
from autograd.plots import Film, Recorder
from autograd.plots.words import Words
from autograd.training import Dataset, Settings, Trainer, digits, iris

from .headless import Player, Shoot, look


@cache
def film() -> str:
    trainer = Trainer(Dataset.of(iris()), Settings(hidden=(3,), steps=20, batch=16))
    recorder = Recorder(trainer, frames=6)
    trainer.run(recorder)
    return recorder.film().html()


@pytest.fixture
def page(window: webdriver.Chrome, tmp_path: Path) -> webdriver.Chrome:
    path = tmp_path / "film.html"
    path.write_text(film(), encoding="utf-8")
    look(window, prefers_reduced_motion="reduce")  # it stands still at the last frame
    window.get(path.as_uri())
    return window


@pytest.mark.parametrize(
    ("width", "height"), [(1280, 800), (1280, 640), (1920, 1080), (1024, 600), (800, 900), (1280, 450)]
)
def test_all_controls_are_above_the_fold(
    page: webdriver.Chrome, shoot: Shoot, width: int, height: int
) -> None:
    look(page, width, height, prefers_reduced_motion="reduce")
    shoot(f"{width}x{height}")
    for element in page.find_elements(By.CSS_SELECTOR, "#controls > *, .keys, #caption, #stage"):
        box = element.rect
        assert element.is_displayed()
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= height
        assert box["x"] + box["width"] <= width
    assert page.execute_script("return document.documentElement.scrollWidth") <= width


def test_the_colours_of_the_plane_lie_under_its_axes_at_any_size(page: webdriver.Chrome) -> None:
    for width, height in ((1280, 800), (1280, 640), (700, 900)):
        look(page, width, height, prefers_reduced_motion="reduce")
        plane, stage = (page.find_element(By.ID, name).rect for name in ("plane", "stage"))
        assert stage["width"] / stage["height"] == pytest.approx(11 / 5.6, rel=0.02)
        assert stage["x"] < plane["x"]
        assert plane["x"] + plane["width"] < stage["x"] + 0.6 * stage["width"]


def test_buttons_look_like_those_of_the_player(page: webdriver.Chrome, tmp_path: Path) -> None:
    properties = ("height", "borderRadius", "backgroundColor", "borderColor", "color", "minWidth")
    script = "const style = getComputedStyle(arguments[0]); return arguments[1].map((name) => style[name])"
    film_look = {
        name: page.execute_script(script, page.find_element(By.ID, name), list(properties))
        for name in ("play", "next")
    }
    path = walk(Value(2.0) * 3.0).save(tmp_path / "steps.html")
    page.get(Path(path).as_uri())
    player = Player(page)
    player.go(1)  # on its way forward, with buttons that can be pressed
    for name in ("play", "next"):
        assert page.execute_script(script, player.find(f"button.{name}"), list(properties)) == film_look[name]


def test_buttons_and_keys_move_the_film(page: webdriver.Chrome) -> None:
    slider, play = page.find_element(By.ID, "slider"), page.find_element(By.ID, "play")
    assert slider.get_attribute("value") == "5"
    page.find_element(By.ID, "first").click()
    assert slider.get_attribute("value") == "0"
    ActionChains(page).send_keys(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT).perform()
    assert slider.get_attribute("value") == "2"
    page.find_element(By.ID, "back").click()
    assert slider.get_attribute("value") == "1"
    assert play.get_attribute("aria-label") == "Play"
    play.click()
    assert play.get_attribute("aria-label") == "Pause"
    play.click()
    assert play.get_attribute("aria-label") == "Play"


@cache
def film_of_images() -> Film:
    trainer = Trainer(Dataset.of(digits()), Settings(hidden=(), steps=20, batch=16))
    recorder = Recorder(trainer, frames=5)
    trainer.run(recorder)
    return recorder.film()


def test_the_bars_of_images_and_what_they_are_named_move_with_the_film(
    window: webdriver.Chrome, tmp_path: Path, shoot: Shoot
) -> None:
    film = film_of_images()
    path = tmp_path / "digits.html"
    path.write_text(film.html(), encoding="utf-8")
    look(window, prefers_reduced_motion="reduce")
    window.get(path.as_uri())
    seen = (
        "return [...document.querySelectorAll('[id^=film-name-]')].map((name, k) => [name.textContent.trim(),"
        "  [...document.querySelectorAll(`[id^=film-bar-${k}-] path`)].map((x) => x.getBBox().width)])"
    )
    shown = []
    for k, frame in enumerate(film.frames(Words())):
        window.find_element(By.ID, "first").click()
        ActionChains(window).send_keys(*[Keys.ARROW_RIGHT] * k).perform()
        shoot(f"frame {k}")
        shown = window.execute_script(seen)
        assert len(shown) == 12
        for (name, widths), row, shares in zip(shown, film.images[0], frame.shares, strict=True):
            true, said = str(int(film.result.data.targets[row])), str(shares.argmax())
            known = true if true == said else f"{true}, named {said}"
            assert name == f"{known}: {shares.max():.0%}"
            assert [width / sum(widths) for width in widths] == pytest.approx(shares.tolist(), abs=2e-3)
    boxes = window.execute_script(
        "return [...document.querySelectorAll('[id^=film-name-] text')].map((x) => x.getBoundingClientRect())"
    )
    assert all(a["bottom"] <= b["top"] for a, b in zip(boxes, boxes[3:], strict=False))
