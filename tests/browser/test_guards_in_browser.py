"""Functions on the live page: their branches are kept, and no number is shown that they would not compute."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from selenium import webdriver
from selenium.webdriver import ActionChains
from selenium.webdriver.support.ui import WebDriverWait

from autograd import Value, custom_gradient, play, walk
from autograd import math as math_
from autograd.steps.player_picture import number_text

from .headless import Shoot, look
from .live_page import Page

Open = Callable[..., Page]


@pytest.fixture
def opened(window: webdriver.Chrome, tmp_path: Path) -> Open:
    """Open the live page of a function."""

    def opened(f: Callable[..., Any], *args: Any, hash_: str = "", **options: Any) -> Page:
        path = tmp_path / "guards.html"
        play(f, *args, **options).save(path)
        window.get("about:blank")
        window.get(path.as_uri() + hash_)
        return Page(window)

    return opened


def leaky(x: Any, w: Any) -> Any:
    y = x * w
    if y < 0.0:
        return 0.1 * y
    return y * y


def cards_of(f: Callable[..., Any], **arguments: float) -> list[list[str]]:
    """The numbers on the cards of a function, by the engine."""
    nodes = walk(f(**{name: Value(x, label=name) for name, x in arguments.items()})).nodes
    nodes[-1].backward()
    return [[number_text(x.data), number_text(x.grad)] for x in nodes]


def stopped(page: Page) -> bool:
    shown = bool(page.find(".back").is_displayed())
    assert shown == ("otherwise" in str(page.find(".player").get_attribute("class")))
    return shown


# On the recorded side, over the branch, and back


def test_on_the_recorded_side_the_numbers_are_those_of_the_function(opened: Open) -> None:
    page = opened(leaky, 2.0, 3.0)
    assert page.cards == cards_of(leaky, x=2.0, w=3.0)
    page.type("x", "0.25")
    assert page.cards == cards_of(leaky, x=0.25, w=3.0)
    assert not stopped(page)


def test_beyond_a_branch_the_page_says_which_and_shows_no_number(opened: Open, shoot: Shoot) -> None:
    page = opened(leaky, 2.0, 3.0)
    page.type("x", "-0.5")
    line = leaky.__code__.co_firstlineno + 2
    assert page.sentence == (
        "For these numbers leaky takes another branch: v2 < 0 is True (v2 = −1.5), and was False when "
        f"recorded. Line {line} of leaky: if y < 0.0:"
    )
    # what was computed before the comparison is what the function computes too
    assert page.cards == [["−0.5", "—"], ["3", "—"], ["−1.5", "—"], ["—", "—"]]
    assert stopped(page)
    shoot("branch")
    page.find(".values summary").click()
    row = page.find("tbody tr:last-child")
    WebDriverWait(page.browser, 10).until(lambda _: row.text.startswith("v3 —"))
    assert row.text == "v3 — —"


def test_dragging_over_a_branch_and_back(opened: Open) -> None:
    page = opened(leaky, 0.2, 1.0)
    ActionChains(page.browser).click_and_hold(page.find("#v0 .d")).move_by_offset(-240, 0).perform()
    assert stopped(page)
    assert page.cards[-1] == ["—", "—"]
    ActionChains(page.browser).move_by_offset(240, 0).release().perform()
    assert not stopped(page)
    assert page.cards == cards_of(leaky, x=0.2, w=1.0)


def test_the_button_leads_back_to_the_last_good_numbers(opened: Open) -> None:
    page = opened(leaky, 2.0, 3.0)
    page.type("x", "0.5")
    page.type("x", "-1")
    page.type("w", "4")
    page.find(".back").click()
    assert page.cards == cards_of(leaky, x=0.5, w=3.0)
    assert not stopped(page)
    assert page.run("return root.activeElement.className") == "reset"
    page.type("x", "-1")
    page.find("button.reset").click()
    assert page.cards == cards_of(leaky, x=2.0, w=3.0)


def test_beyond_a_branch_the_chain_rule_is_not_known(opened: Open) -> None:
    page = opened(leaky, 2.0, 3.0)
    page.type("x", "-0.5")
    page.run("root.querySelector('#v2').dispatchEvent(new Event('click'))")
    assert page.find(".products tbody tr:last-child").text == "Gradient not known"


def test_an_address_beyond_a_branch_says_so_at_once(opened: Open) -> None:
    page = opened(leaky, 2.0, 3.0, hash_="#v0=-1")
    assert "leaky takes another branch" in page.sentence
    page.find(".back").click()
    assert page.cards == cards_of(leaky, x=2.0, w=3.0)


def test_it_is_said_in_chinese(opened: Open, shoot: Shoot) -> None:
    page = opened(leaky, 2.0, 3.0, lang="zh", hash_="#v0=-1")
    line = leaky.__code__.co_firstlineno + 2
    assert page.sentence == (
        "对于这些数值，leaky 会走另一个分支：v2 < 0 为 True（v2 = −3），而记录时为 False。"
        f"见 leaky 第 {line} 行：if y < 0.0:"
    )
    assert page.find(".back").text == "回到上一组数值"
    shoot("chinese")


def test_a_narrow_dark_page_has_room_for_it(opened: Open, window: webdriver.Chrome, shoot: Shoot) -> None:
    look(window, 390, 700, prefers_color_scheme="dark")
    page = opened(leaky, 2.0, 3.0, hash_="#v0=-1")
    assert page.run("return document.documentElement.scrollWidth <= innerWidth")
    assert stopped(page)
    shoot("narrow")


# Gradient descent


def falling(w: Any) -> Any:
    if w > 1.0:
        return w * w
    return w


def test_a_step_over_a_branch_stops_there_with_the_message(opened: Open) -> None:
    page = opened(falling, 1.2)
    page.find("button.step").click()  # 1.2 - 0.1 * 2.4
    assert page.cards == [["0.96", "—"], ["—", "—"]]
    assert "w > 1 is False (w = 0.96)" in page.sentence
    page.find("button.step").click()
    assert page.cards[0] == ["0.96", "—"]
    page.find(".back").click()
    assert page.cards == cards_of(falling, w=1.2)


def test_training_stops_at_a_branch(opened: Open) -> None:
    page = opened(falling, 3.0)
    page.find("button.train").click()
    WebDriverWait(page.browser, 10).until(lambda _: stopped(page))
    assert page.find("button.train").text == "Train"
    assert "falling takes another branch" in page.sentence
    page.find(".back").click()
    assert 1.0 < float(page.cards[0][0]) <= 1.25  # times 0.8 at each step


# What is compared


def compared(x: Any, limit: Any) -> Any:
    return x * x if x <= limit else x


def test_an_argument_that_is_only_compared_can_be_changed(opened: Open) -> None:
    page = opened(compared, 1.0, 3.0)
    page.type("limit", "2")
    assert page.sentence == "limit = 2: v1 = 1"
    assert page.find(".leaf:last-child .grad").text == "0"
    page.type("limit", "0.5")
    assert "x <= limit is False (x = 1, limit = 0.5), and was True" in page.sentence
    page.browser.get(page.browser.current_url.split("#")[0] + "#v2=0.25")
    assert "limit = 0.25" in Page(page.browser).sentence


def test_numbers_that_are_close_are_told_apart(opened: Open) -> None:
    page = opened(compared, 1.0, 3.0)
    page.type("x", "3.00001")
    assert "(x = 3.00001, limit = 3)" in page.sentence


def test_a_comparison_of_what_is_not_shown_is_told_by_its_number(opened: Open) -> None:
    def f(x: Any) -> Any:
        return x * 2.0 if x * x - 4.0 != 0.0 else x

    page = opened(f, 1.0)
    page.type("x", "2")
    assert "another branch: 0 != 0 is False, and was True" in page.sentence


def test_where_the_function_raises_unseen_it_has_no_value(opened: Open) -> None:
    def f(x: Any) -> Any:
        if math_.log(x) > -100.0:
            return x * 2.0
        return x

    page = opened(f, 1.0)
    page.type("x", "-1")
    assert page.sentence == (
        "For these numbers f has no value: log(−1), which the picture does not show, gives ValueError."
    )
    assert page.cards[-1] == ["—", "—"]


def test_a_function_of_python_that_is_not_shown_is_known_for_its_operands(opened: Open) -> None:
    @custom_gradient(lambda x: 2.0)
    def twice(x: float) -> float:
        return 2.0 * x

    def f(x: Any) -> Any:
        return x * 3.0 if twice(x) > 1.0 else x

    page = opened(f, 2.0)
    assert page.cards[-1] == ["6", "1"]
    page.type("x", "3")
    assert "this page cannot call" in page.sentence
    assert page.cards[-1] == ["—", "—"]


def test_arrays_give_inf_where_numbers_raise(opened: Open) -> None:
    def f(xs: Any, y: Any) -> Any:
        return (xs / y).sum()

    page = opened(f, np.array([1.0]), 2.0)
    page.type("y", "0")
    assert [data for data, _ in page.cards] == ["1", "0", "∞"]


def test_an_error_before_a_branch_is_the_error(opened: Open) -> None:
    def f(x: Any) -> Any:
        y = math_.log(x)
        return y * 2.0 if y > -5.0 else y

    page = opened(f, 1.0)
    page.type("x", "-1")
    assert "log(−1) gives ValueError" in page.sentence
    assert not stopped(page)


def test_a_branch_before_an_error_is_the_branch(opened: Open) -> None:
    def f(x: Any) -> Any:
        return math_.log(x) if x > 0.0 else x

    page = opened(f, 1.0)
    page.type("x", "-1")
    assert "x > 0 is False" in page.sentence
    assert page.cards == [["−1", "—"], ["—", "—"]]


def test_a_result_that_was_there_before_the_branch_is_not_shown_as_one(opened: Open) -> None:
    def f(x: Any) -> Any:
        y = x * x
        return y if y < 4.0 else y * 2.0

    page = opened(f, 1.0)
    page.type("x", "3")
    assert page.cards[-1] == ["—", "—"]


def test_what_follows_from_an_error_without_history_is_not_shown(opened: Open) -> None:
    def f(x: Any) -> Any:
        y = math_.log(x)
        return x * y.detach() + y

    page = opened(f, 2.0)
    page.type("x", "-1")
    assert [data for data, _ in page.cards].count("—") == 3
    assert "log(−1) gives ValueError" in page.sentence


def test_a_function_that_returns_its_argument_can_be_played(opened: Open) -> None:
    page = opened(abs_, 1.5)
    assert page.cards == [["1.5", "1"]]
    page.type("x", "-1")
    assert page.cards == [["—", "—"]]
    page.type("x", "2")
    assert page.cards == [["2", "1"]]


def abs_(x: Any) -> Any:
    return x if x >= 0.0 else -x
