"""The products of the chain rule, which a live page shows at a card or an arrow."""

from __future__ import annotations

from selenium.webdriver.common.by import By

from autograd import Value, topological_order
from autograd.steps.player_picture import number_text

from .headless import Shoot
from .live_page import Open


def shared() -> Value:
    x = Value(3.0, label="x")
    y = x * x
    return y * 2.0 + x * y


def test_a_card_shows_the_products_that_meet_there_and_their_sum(opened: Open, shoot: Shoot) -> None:
    page = opened(shared())
    page.find("#v0 .name").click()
    rows = page.run("return [...root.querySelectorAll('.products tr')].map((row) => row.textContent)")
    shoot("products")
    nodes = topological_order(shared())
    shared_result = nodes[-1]
    shared_result.backward()
    assert len(rows) == 1 + 3 + 1  # forward, an edge each, the sum
    assert rows[-1].endswith(f"={number_text(nodes[0].grad)}")
    page.type("x", "-1")
    rows = page.run("return [...root.querySelectorAll('.products tr')].map((row) => row.textContent)")
    assert rows[-1].endswith("=−1")
    assert "(−1)" in "".join(rows)


def test_an_arrow_shows_its_own_product(opened: Open) -> None:
    page = opened(shared())
    page.run("root.querySelector('#e0').dispatchEvent(new MouseEvent('click', {bubbles: true}))")
    assert len(page.root.find_elements(By.CSS_SELECTOR, ".products tr.lit")) == 1
