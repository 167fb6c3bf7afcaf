"""The player as it is used: every button and key, playing, and the numbers on the page."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.common.keys import Keys

from autograd import Value
from autograd.steps import walk
from autograd.steps.player import page_of
from autograd.steps.player_picture import number_text

from .headless import Player, Shoot, expected_numbers
from .live_page import neuron
from .player_graphs import Open, every_graph, shared

RIGHT, LEFT, HOME, END, SPACE = Keys.ARROW_RIGHT, Keys.ARROW_LEFT, Keys.HOME, Keys.END, " "


def test_it_begins_at_the_first_step(play: Open) -> None:
    player = play(neuron())
    assert player.step == 0
    assert player.find(".badge").text == "Forward pass"
    assert [player.find(f".{name}").is_enabled() for name in ("first", "back", "next", "last")] == [
        False, False, True, True,
    ]  # fmt: skip
    assert [numbers for numbers in player.visible_numbers() if any(numbers)] == [("2", "")]


def test_every_button_goes_where_it_says(play: Open) -> None:
    player = play(neuron())
    last = len(walk(neuron())) - 1
    for button, step in [
        ("next", 1),
        ("next", 2),
        ("back", 1),
        ("last", last),
        ("back", last - 1),
        ("first", 0),
    ]:
        player.click(button)
        assert player.step == step


def test_every_key_goes_where_it_says(play: Open) -> None:
    player = play(neuron())
    last = len(walk(neuron())) - 1
    player.find(".stage").click()
    for key, step in [
        (RIGHT, 1),
        (RIGHT, 2),
        (LEFT, 1),
        (LEFT, 0),
        (LEFT, 0),
        (END, last),
        (RIGHT, last),
        (HOME, 0),
    ]:
        player.press(key)
        assert player.step == step


def test_keys_work_on_the_slider_and_after_a_button_at_the_end(play: Open) -> None:
    player = play(neuron())
    last = len(walk(neuron())) - 1
    player.run("root.querySelector('input').focus()")
    player.press(RIGHT)
    player.press(RIGHT)
    assert player.step == 2
    player.click("last")
    player.press(LEFT)
    assert player.step == last - 1


def test_keys_work_on_a_page_of_its_own_before_anything_was_clicked(play: Open) -> None:
    player = play(neuron())
    player.browser.execute_script("document.activeElement.blur()")
    player.press(RIGHT)
    assert player.step == 1


@pytest.mark.parametrize("place", ["<body>{}", "{}</body>"])
def test_keys_elsewhere_are_left_alone(window: webdriver.Chrome, tmp_path: Path, place: str) -> None:
    page = tmp_path / "page.html"
    old = place.format("")
    text = page_of(walk(neuron()))
    assert old in text
    page.write_text(text.replace(old, place.format("<p>text</p>")), "utf-8")
    window.get(page.as_uri())
    player = Player(window)
    player.press(RIGHT)
    assert player.step == 0


def test_it_fills_the_window_for_a_class(play: Open, shoot: Shoot) -> None:
    player = play(neuron())
    width, height = player.run("return [innerWidth, innerHeight]")
    before = player.run("return root.querySelector('.stage svg').getBoundingClientRect().width")

    def size() -> Any:
        return player.run(
            "const r = root.querySelector('.player') || root; return [r.offsetWidth, r.offsetHeight]"
        )

    for leave in ("f", Keys.ESCAPE, None):
        player.press("f") if leave else player.click("present")
        assert size() == [width, height]
        assert player.run("return root.querySelector('.stage svg').getBoundingClientRect().width") >= before
        player.press(RIGHT)
        shoot("presenting")
        player.press(leave) if leave else player.click("present")
        assert size()[0] < width
    assert player.step == 3


def test_the_slider_is_dragged_to_any_step(play: Open) -> None:
    player = play(neuron())
    slider = player.find("input")
    webdriver.ActionChains(player.browser).move_to_element_with_offset(slider, 0, 0).click().perform()
    assert player.step == pytest.approx((len(walk(neuron())) - 1) / 2, abs=1)
    for step in (0, 7, 3):
        player.go(step)
        assert player.step == step


@every_graph
def test_the_numbers_on_the_cards_are_those_of_the_walk(play: Open, graph: Callable[[], Value]) -> None:
    player = play(graph())
    steps = walk(graph())
    jumps = range(len(steps)) if len(steps) < 60 else range(0, len(steps), 37)
    for index in [*jumps, *reversed(jumps)]:
        player.go(index)
        numbers = expected_numbers(steps, index)
        assert player.visible_numbers() == numbers
        assert [tuple(row[1:]) for row in player.table()] == numbers
        phase = "Forward pass" if index < steps.forward else "Backward pass"
        assert player.find(".badge").text == phase


@every_graph
def test_the_formulas_on_the_page_are_those_of_the_walk(play: Open, graph: Callable[[], Value]) -> None:
    player = play(graph())
    steps = walk(graph())
    for index in range(0, len(steps), 1 if len(steps) < 60 else 37):
        player.go(index)
        step = steps[index]
        formulas = [
            x.mathml for x in (step.rule, step.numbers, step.update, step.update_numbers) if x is not None
        ]
        wanted = player.run(
            "return arguments[0].map((text) => {"
            "  const place = document.createElement('div');"
            "  place.innerHTML = text;"
            "  return place.textContent; })",
            list(dict.fromkeys(formulas)),
        )
        assert player.run("return [...root.querySelectorAll('math')].map((x) => x.textContent)") == wanted
        assert player.run(
            "return [...root.querySelectorAll('math')].every((x) => x.getBoundingClientRect().height)"
        )


def test_the_node_at_hand_and_its_edges_are_lit(play: Open) -> None:
    player = play(neuron())
    for step in walk(neuron()):
        player.go(step.index)
        lit = player.run("return [...root.querySelectorAll('.n.lit')].map((x) => x.id)")
        source = player.run("return [...root.querySelectorAll('.n.source')].map((x) => x.id)")
        halos = player.run("return root.querySelectorAll('.halo').length")
        if step.phase == "forward":
            assert (lit, source) == ([f"v{step.node}"], [])
            assert halos == sum(operand.node is not None for operand in step.operands)
        elif step.operand is None:
            assert (lit, source, halos) == ([f"v{step.node}"], [], 0)
        else:
            assert (lit, source, halos) == ([f"v{step.target}"], [f"v{step.node}"], 1)


def test_the_sentence_says_what_happens_and_is_announced(play: Open) -> None:
    player = play(shared())
    steps = walk(shared())
    sentence = player.find(".sentence")
    assert sentence.get_attribute("aria-live") == "polite"
    for step in steps[steps.forward + 1 :]:
        player.go(step.index)
        assert step.local is not None
        assert step.after is not None
        for said in (step.name, step.target_name, number_text(step.local), number_text(step.after)):
            assert said in sentence.text


def wait_for(condition: Callable[[], Any], seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def choose_speed(player: Player, speed: str) -> None:
    player.run(
        "const choice = root.querySelector('select'); choice.value = arguments[0];"
        "choice.dispatchEvent(new Event('change'))",
        speed,
    )


def test_it_plays_to_the_end_and_stops(play: Open) -> None:
    player = play(neuron())
    steps = walk(neuron())
    choose_speed(player, "8")
    player.click("play")
    assert player.find(".play").get_attribute("aria-label") == "Pause (space)"
    wait_for(lambda: player.step == len(steps) - 1)
    wait_for(lambda: player.find(".play").get_attribute("aria-label") == "Play (space)")
    assert player.visible_numbers() == expected_numbers(steps, len(steps) - 1)
    player.click("play")  # from the beginning again
    wait_for(lambda: player.step in (1, 2, 3))


def test_space_plays_and_pauses(play: Open) -> None:
    player = play(neuron())
    choose_speed(player, "8")
    player.find(".stage").click()
    player.press(SPACE)
    wait_for(lambda: player.step >= 2)
    player.press(SPACE)
    stopped = player.step
    time.sleep(0.6)
    assert player.step == stopped


def test_a_step_by_hand_stops_playing(play: Open) -> None:
    player = play(neuron())
    choose_speed(player, "8")
    player.click("play")
    wait_for(lambda: player.step >= 2)
    player.click("first")
    time.sleep(0.6)
    assert player.step == 0
