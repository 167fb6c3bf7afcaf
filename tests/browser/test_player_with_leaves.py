"""The player of a walk whose leaves are changed."""

from __future__ import annotations

from pathlib import Path

from selenium import webdriver

from autograd import Value, walk
from autograd.steps.player_picture import number_text

from .headless import Player, Shoot, expected_numbers
from .live_page import Page, expected, neuron


def test_the_player_follows_a_leaf_at_every_step(
    window: webdriver.Chrome, tmp_path: Path, shoot: Shoot
) -> None:
    path = tmp_path / "steps.html"
    walk(neuron()).save(path)
    window.get(path.as_uri())
    player, page = Player(window), Page(window)
    last = len(walk(neuron())) - 1
    player.go(last)
    page.drag(0, 40)
    assert [list(x) for x in player.visible_numbers()] == expected(neuron, x1=2.4)
    assert player.step == last
    shoot("player")
    fresh = walk(neuron(2.4))
    for step in (last - 1, last - 4, 9, 3, 0, 5, 13):
        player.go(step)
        formulas = page.run(
            "return [...root.querySelectorAll('dd')].map((x) => x.textContent.replace(/\\s/g, ''))"
        )
        told = fresh[step]
        numbers = [told.rule, told.numbers, told.update, told.update_numbers]
        assert len(formulas) <= len([x for x in numbers if x is not None])
        result = told.data if told.after is None else told.after
        assert formulas[-1].endswith(number_text(result)), (step, formulas)
        assert player.find(".sentence").text
        assert player.visible_numbers() == expected_numbers(fresh, step)
    page.drag(0, 40)  # in the middle of the walk, from 2.4 on
    assert player.visible_numbers() == expected_numbers(walk(neuron(2.8)), step)
    page.find(".leaves summary").click()
    page.find(".leaves button.reset").click()
    assert player.visible_numbers() == expected_numbers(walk(neuron()), step)


def test_the_player_shows_an_error_where_it_happens(window: webdriver.Chrome, tmp_path: Path) -> None:
    x = Value(2.0, label="x")
    path = tmp_path / "steps.html"
    walk(x.log() * 3.0).save(path)
    window.get(path.as_uri())
    player, page = Player(window), Page(window)
    player.go(4)
    page.find(".leaves summary").click()
    page.type("x", "-1")
    assert page.cards[1][0] == "ValueError"
    assert "log(−1) gives ValueError" in page.sentence
