"""The fixtures of the tests in a browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver

import autograd
from autograd import Value, walk

from .headless import FLAGS, Player, Shoot, look, program
from .live_page import Open, Page
from .player_graphs import Open as OpenPlayer


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    options = webdriver.ChromeOptions()
    options.binary_location = program("chromium", "chromium-browser", "google-chrome")
    for flag in [*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"]:
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(program("chromedriver")))
    driver.set_script_timeout(120)
    yield driver
    driver.quit()


def said(browser: webdriver.Chrome) -> list[dict[str, Any]]:
    """Return what scripts have said since this was last asked."""
    entries: list[dict[str, Any]] = browser.execute("getLog", {"type": "browser"})["value"]
    return entries


@pytest.fixture
def window(browser: webdriver.Chrome) -> Iterator[webdriver.Chrome]:
    """The browser at 1280 by 800, in light colours; what scripts complained of fails the test."""
    look(browser)
    browser.get("about:blank")
    said(browser)
    yield browser
    complaints = [entry["message"] for entry in said(browser) if entry["level"] == "SEVERE"]
    assert complaints == []


@pytest.fixture
def shoot(window: webdriver.Chrome, tmp_path: Path) -> Shoot:
    """Save a picture of the window under a name."""

    def save(name: str) -> None:
        window.save_screenshot(str(tmp_path / f"{name}.png"))

    return save


@pytest.fixture
def opened(window: webdriver.Chrome, tmp_path: Path) -> Open:
    """Open the live page of a result from a file."""

    def opened(value: Value, hash_: str = "", **options: Any) -> Page:
        path = tmp_path / "live.html"
        autograd.play(value, **options).save(path)
        window.get(path.as_uri() + hash_)
        return Page(window)

    return opened


@pytest.fixture
def play(window: webdriver.Chrome, tmp_path: Path) -> OpenPlayer:
    """Open the player of a result from a file."""

    def opened(value: Value) -> Player:
        path = tmp_path / "steps.html"
        walk(value).save(path)
        window.get(path.as_uri())
        return Player(window)

    return opened
