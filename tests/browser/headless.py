"""A headless Chromium, driven by selenium, and what the tests of what it shows have in common.

The tests are run by `pytest tests/browser` and need Chromium with its driver (Debian's packages `chromium`
and `chromium-driver`) and `pip install -e ".[browser]"`. Pictures of what they saw are left in their
temporary folders, which `--basetemp` chooses.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement

from autograd.steps import Walk
from autograd.steps.player_picture import number_text

FLAGS = [
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars",
    "--force-color-profile=srgb", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]  # fmt: skip

Shoot = Callable[[str], None]


def program(*names: str) -> str:
    for name in names:
        if found := shutil.which(name):
            return found
    raise pytest.UsageError(f"these tests need {names[0]}: apt-get install chromium chromium-driver")


def look(browser: webdriver.Chrome, width: int = 1280, height: int = 800, **media: str) -> None:
    """Give the window a size, and media features such as prefers_color_scheme="dark"."""
    size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    chosen = {"prefers_color_scheme": "light", "prefers_reduced_motion": "no-preference"} | media
    features = [{"name": name.replace("_", "-"), "value": value} for name, value in chosen.items()]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})


class Player:
    """A player on the page, by what can be seen and pressed."""

    def __init__(self, browser: webdriver.Chrome, place: int = 0) -> None:
        self.browser = browser
        self.host = browser.find_elements(By.CSS_SELECTOR, ".autograd-player")[place]
        self.root = self.host.shadow_root

    def find(self, selector: str) -> WebElement:
        return self.root.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector: str) -> list[WebElement]:
        elements: list[WebElement] = self.root.find_elements(By.CSS_SELECTOR, selector)
        return elements

    def run(self, script: str, *arguments: object) -> Any:
        """Run a script in which `root` is the player, and return what it returns."""
        whole = f"const root = arguments[0].shadowRoot; arguments = [...arguments].slice(1); {script}"
        return self.browser.execute_script(whole, self.host, *arguments)

    def press(self, *keys: str) -> None:
        """Send keys to what has the focus."""
        ActionChains(self.browser).send_keys(*keys).perform()

    def click(self, name: str) -> None:
        self.find(f"button.{name}").click()

    def go(self, step: int) -> None:
        self.run(
            "const slider = root.querySelector('input'); slider.value = arguments[0];"
            "slider.dispatchEvent(new Event('input', {bubbles: true}))",
            step,
        )

    @property
    def step(self) -> int:
        """The step that is shown, from 0."""
        return int(self.find(".place").text.split()[1]) - 1

    def visible_numbers(self) -> list[tuple[str, str]]:
        """What is to be seen of data and gradient on each card."""
        seen: list[tuple[str, str]] = self.run(
            "const seen = (x) => getComputedStyle(x).visibility === 'visible' ? x.textContent : '';"
            "return [...root.querySelectorAll('.n')].map("
            "  (card) => [seen(card.querySelector('.d')), seen(card.querySelector('.g'))])"
        )
        return [(data, gradient) for data, gradient in seen]

    def table(self) -> list[list[str]]:
        """The rows of the table of running values."""
        rows: list[list[str]] = self.run(
            "return [...root.querySelectorAll('tbody tr')]"
            "  .map((row) => [...row.cells].map((cell) => cell.textContent))"
        )
        return rows


def expected_numbers(steps: Walk, index: int) -> list[tuple[str, str]]:
    """What the cards show once these steps are done."""
    data, gradients = {}, {}
    for step in steps[: index + 1]:
        if step.phase == "forward":
            data[step.node] = number_text(step.data)
        else:
            assert step.after is not None
            gradients[step.node if step.target is None else step.target] = number_text(step.after)
    return [(data.get(i, ""), gradients.get(i, "")) for i in range(steps.forward)]
