"""A live page, by what can be seen and done, and what its cards should show."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from selenium import webdriver
from selenium.webdriver import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

from autograd import Value, topological_order
from autograd.ops import TABLE
from autograd.steps.player_picture import number_text


def neuron(x1_: float = 2.0) -> Value:
    """A neuron with two inputs, the first of which is given."""
    x1, x2 = Value(x1_, label="x1"), Value(0.0, label="x2")
    w1, w2, b = Value(-3.0, label="w1"), Value(1.0, label="w2"), Value(6.881373587, label="b")
    n = x1 * w1 + x2 * w2 + b
    n.label = "n"
    o = n.tanh()
    o.label = "o"
    return o


class Page:
    """A live page, by what can be seen and done."""

    def __init__(self, browser: webdriver.Chrome) -> None:
        self.browser = browser
        self.host = browser.find_element(By.CSS_SELECTOR, ".autograd-live, .autograd-player")
        self.root = self.host.shadow_root

    def find(self, selector: str) -> WebElement:
        return self.root.find_element(By.CSS_SELECTOR, selector)

    def run(self, script: str, *arguments: object) -> Any:
        whole = f"const root = arguments[0].shadowRoot; arguments = [...arguments].slice(1); {script}"
        return self.browser.execute_script(whole, self.host, *arguments)

    def press(self, *keys: str) -> None:
        ActionChains(self.browser).send_keys(*keys).perform()

    def drag(self, node: int, pixels: int) -> None:
        chain = ActionChains(self.browser).click_and_hold(self.find(f"#v{node} .d"))
        for _ in range(4):
            chain = chain.move_by_offset(pixels // 4, 0)
        chain.release().perform()

    def type(self, name: str, text: str) -> None:
        field = self.find(f"input[aria-label='{name}, number']")
        field.clear()
        field.send_keys(text, Keys.ENTER)

    @property
    def cards(self) -> list[list[str]]:
        """Data and gradient on each card."""
        cards: list[list[str]] = self.run(
            "return [...root.querySelectorAll('.n')].map("
            "  (x) => [x.querySelector('.d').textContent, x.querySelector('.g').textContent])"
        )
        return cards

    @property
    def sentence(self) -> str:
        return str(self.find(".sentence").text)


Open = Callable[..., Page]


def expected(make: Callable[[], Value], **leaves: float) -> list[list[str]]:
    """The numbers on the cards of a graph when its leaves are these, by the engine."""
    nodes = topological_order(make())
    copies: dict[int, Value] = {}
    for node in nodes:
        if node.op:
            operands = [copies[id(x)] if isinstance(x, Value) else x for x in node.operands]
            copies[id(node)] = TABLE[str(node.op)](*operands)
        else:
            copies[id(node)] = Value(leaves.get(str(node.label), node.data))
    copies[id(nodes[-1])].backward()
    return [[number_text(x.data), number_text(x.grad)] for x in copies.values()]
