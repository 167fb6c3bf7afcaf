"""The numbers of a live page are changed: by dragging, sliders, typing, keys, and the address."""

from __future__ import annotations

import math
import random
import time

import pytest
from selenium import webdriver
from selenium.webdriver import ActionChains
from selenium.webdriver.common.keys import Keys

from autograd import Value
from autograd import math as math_
from autograd.steps.player_picture import number_text

from .headless import Shoot
from .live_page import Open, Page, expected, neuron


def test_it_begins_with_the_numbers_of_the_graph(opened: Open, shoot: Shoot) -> None:
    page = opened(neuron())
    assert page.cards == expected(neuron)
    shoot("beginning")


def test_dragging_a_number_sideways_changes_everything(opened: Open) -> None:
    page = opened(neuron())
    page.drag(0, 40)
    assert page.cards == expected(neuron, x1=2.4)
    assert page.sentence == f"x1 = 2.4: o = {expected(neuron, x1=2.4)[-1][0]}"
    page.drag(0, -80)
    assert page.cards == expected(neuron, x1=1.6)


def test_a_slider_changes_everything(opened: Open) -> None:
    page = opened(neuron())
    slider = page.find("input[aria-label='w1, slider']")
    page.run(
        "const slider = root.querySelector(\"input[aria-label='w1, slider']\"); slider.value = -1.5;"
        "slider.dispatchEvent(new Event('input'))"
    )
    assert page.cards == expected(neuron, w1=-1.5)
    slider.send_keys(Keys.ARROW_UP)
    assert page.cards == expected(neuron, w1=-1.4)
    slider.send_keys(Keys.PAGE_DOWN)
    assert page.cards == expected(neuron, w1=-2.4)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0.25", 0.25), ("-7", -7.0), ("−1e3", -1000.0), ("2,5", 2.5), ("1e-8", 1e-8), ("1/3", 1 / 3),
        ("½", 0.5), ("-pi/2", -math.pi / 2), ("０．５", 0.5), ("1_000", 1000.0), ("1e400", math.inf),
        ("-inf", -math.inf),
        ("nan", math.nan), (" 3. ", 3.0), (".5", 0.5),
    ],
)  # fmt: skip
def test_typing_a_number_changes_everything(opened: Open, text: str, number: float) -> None:
    page = opened(neuron())
    page.type("b", text)
    assert page.cards == expected(neuron, b=number)


@pytest.mark.parametrize("text", ["seven", "1/0", "0x10", "--3", "1e", "1 000", "2*3"])
def test_what_is_no_number_changes_nothing_and_is_told(opened: Open, text: str) -> None:
    page = opened(neuron())
    page.type("b", text)
    assert page.cards == expected(neuron)
    assert page.find("input[aria-label='b, number']").get_attribute("aria-invalid") == "true"
    assert page.sentence.startswith(
        f"“{text}” is no number: write one as 0.5, −3, 1e-4 or 1/3. b stays 6.88137"
    )


def test_a_comma_before_three_digits_may_mean_either_so_it_is_not_guessed(opened: Open) -> None:
    page = opened(neuron())
    page.type("b", "1,000")
    assert "“1,000” is no number" in page.sentence
    page.type("b", "0,125")
    assert page.cards == expected(neuron, b=0.125)


def test_a_field_left_empty_gets_its_number_back(opened: Open) -> None:
    page = opened(neuron())
    page.type("b", "")
    assert page.find("input[aria-label='b, number']").get_attribute("value") == "6.88137"
    assert page.cards == expected(neuron)


def test_the_sign_of_zero_counts(opened: Open) -> None:
    page = opened(math_.atan2(Value(0.0, label="y"), Value(-1.0, label="x")))
    assert page.cards[-1][0] == "3.142"
    page.type("y", "-0")
    assert page.cards[-1][0] == "−3.142"


@pytest.mark.parametrize("start", [2.0, 1e-9, 0.0, 1e308, -1e308, 5e-324])
def test_a_slider_has_its_number_and_comes_back_from_afar(opened: Open, start: float) -> None:
    page = opened(Value(start, label="x") * Value(1e-300, label="t"))
    ends = "const x = root.querySelector('.leaf input'); return [Number(x.min), Number(x.max)]"
    low, high = page.run(ends)
    assert low < high
    assert low <= max(-8e307, min(8e307, start)) <= high
    page.type("x", "1e308")
    page.type("t", "1")
    page.find("button.reset").click()
    assert page.run(ends) == [low, high]


@pytest.mark.parametrize("start", [1e-320, 1e-9, 1e300])
def test_numbers_of_any_size_are_dragged(opened: Open, start: float) -> None:
    page = opened(Value(start, label="x") + 0.0)
    before = page.cards[0][0]
    page.drag(0, 40)
    assert page.cards[0][0] not in (before, "NaN")


def test_a_double_click_on_a_card_is_to_type_there(opened: Open) -> None:
    page = opened(neuron())
    ActionChains(page.browser).double_click(page.find("#v0 .d")).perform()
    page.press("0.5", Keys.ENTER)
    assert page.cards == expected(neuron, x1=0.5)
    ActionChains(page.browser).double_click(page.find("#v0 .d")).perform()
    page.press("9", Keys.ESCAPE)
    assert page.cards == expected(neuron, x1=0.5)


def test_keys_lead_from_card_to_card_and_change_leaves(opened: Open) -> None:
    page = opened(neuron())
    last = len(page.cards) - 1
    page.run(f"root.querySelector('#v{last}').focus()")
    page.press(Keys.HOME, Keys.ARROW_UP)
    assert page.cards == expected(neuron, x1=2.1)
    page.press(Keys.SHIFT, Keys.ARROW_DOWN, Keys.NULL)
    page.press(Keys.ENTER)
    page.press("3", Keys.ENTER)
    assert page.cards == expected(neuron, x1=3.0)
    page.press(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT, " ")
    assert page.find(".products strong").text == "The chain rule at v2"
    page.press(Keys.ESCAPE)
    assert not page.find(".products").is_displayed()


def test_cards_say_to_a_screen_reader_what_they_show(opened: Open) -> None:
    page = opened(neuron())
    page.type("x1", "1")
    card = page.find("#v0")
    assert card.get_attribute("role") == "slider"
    assert card.get_attribute("aria-valuetext") == "1"
    assert str(card.get_attribute("aria-label")).startswith("x1 = 1, gradient −0.00")
    assert str(page.find("#v2").get_attribute("aria-label")).startswith("v2 = −3, gradient")
    assert page.find(".sentence").get_attribute("aria-live") == "polite"


def test_reset_gives_back_the_first_numbers(opened: Open) -> None:
    page = opened(neuron())
    page.type("x1", "1")
    page.find("button.reset").click()
    assert page.cards == expected(neuron)
    assert page.sentence == f"o = {page.cards[-1][0]}"


def test_the_address_keeps_the_numbers(opened: Open, window: webdriver.Chrome) -> None:
    page = opened(neuron())
    page.type("w1", "-2.5")
    time.sleep(0.4)
    assert window.current_url.endswith("#v1=-2.5")
    window.refresh()
    assert Page(window).cards == expected(neuron, w1=-2.5)
    window.execute_script("location.hash = 'v0=1&rate=0.01&v99=3&nonsense'")
    time.sleep(0.2)
    assert Page(window).cards == expected(neuron, x1=1.0)
    assert Page(window).find(".rate output").text == "0.01"


def test_numbers_are_written_as_python_writes_them(opened: Open) -> None:
    draw = random.Random(1)
    numbers = [
        1.0625,
        2.0625,
        0.00010625,
        9999.5,
        12345.0,
        1e-4,
        9.9999e-5,
        -1e300,
        -0.0,
        5e-324,
        math.inf,
        math.nan,
    ]
    numbers += [draw.uniform(-1.0, 1.0) * 10.0 ** draw.randint(-9, 9) for _ in range(300)]
    numbers += [draw.randint(0, 20000) / 16.0 for _ in range(300)]
    x = Value(1.0, label="x")
    page = opened(x + 0.0)
    for number in numbers[:12]:
        page.run(
            "root.querySelector('.leaf input[type=text]').value = arguments[0]",
            repr(number).replace("inf", "Infinity"),
        )
        page.run("root.querySelector('.leaf input[type=text]').dispatchEvent(new Event('change'))")
        if number == number:
            assert page.cards[0][0] == number_text(number)
