"""The page of a player: strange labels, other players, and what it does without scripts or Graphviz."""

from __future__ import annotations

from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.common.keys import Keys

from autograd.drawing import DrawingError
from autograd.steps import player_layout, walk
from autograd.steps.player import fragment_of, page_of

from .headless import Player, Shoot, expected_numbers
from .live_page import neuron
from .player_graphs import Open, labelled, shared


def test_labels_are_shown_as_typed_and_never_run(play: Open, shoot: Shoot) -> None:
    player = play(labelled())
    names = [row[0] for row in player.table()]
    assert any(name.startswith("</script><script>window") for name in names)
    assert any(name.startswith("<img src=x onerror") for name in names)
    assert {"学习率学习率学习率学习率学习率", "🙂👩‍🔬🙂👩‍🔬🙂👩‍🔬🙂👩‍🔬", "one\\ntwo", "a\\u2028b"} <= set(
        names
    )
    for step in range(len(walk(labelled()))):
        player.go(step)
    assert player.browser.execute_script("return window.attacked") is None
    assert player.run("return root.querySelectorAll('script, img').length") == 0
    shoot("labels")


def test_two_players_on_a_page_do_not_disturb_each_other(window: webdriver.Chrome, tmp_path: Path) -> None:
    path = tmp_path / "two.html"
    style = "<style>.player, .n, button { display: none !important } text { font-size: 40px }</style>"
    body = f"{style}{fragment_of(walk(neuron()))}<p>between</p>{fragment_of(walk(shared()))}"
    path.write_text(f"<!DOCTYPE html><meta charset='utf-8'>{body}", encoding="utf-8")
    window.get(path.as_uri())
    first, second = Player(window, 0), Player(window, 1)
    first.click("next")
    second.click("last")
    assert (first.step, second.step) == (1, len(walk(shared())) - 1)
    assert first.visible_numbers() == expected_numbers(walk(neuron()), 1)
    assert second.visible_numbers() == expected_numbers(walk(shared()), second.step)
    first.find(".stage").click()
    first.press(Keys.ARROW_RIGHT)
    assert (first.step, second.step) == (2, len(walk(shared())) - 1)
    paragraph = "return getComputedStyle(document.querySelector('p')).display"
    assert window.execute_script(paragraph) == "block"


def test_without_scripts_the_finished_picture_stands_there(
    window: webdriver.Chrome, tmp_path: Path, shoot: Shoot
) -> None:
    path = tmp_path / "steps.html"
    path.write_text(page_of(walk(neuron())), encoding="utf-8")
    window.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        window.get(path.as_uri())
        shoot("no scripts")
    finally:
        window.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
    shown = window.execute_script(
        "const x = document.querySelector('img'); return [x.complete, x.naturalWidth, x.checkVisibility(),"
        "  document.querySelector('.autograd-player').shadowRoot, document.body.innerText.trim()]"
    )
    complete, width, visible, root, text = shown
    assert complete
    assert visible
    assert width > 300
    assert (root, text) == (None, "")


def missing(source: str, kind: str) -> bytes:
    raise DrawingError("a picture needs Graphviz; install it")


def test_without_graphviz_there_are_formulas_and_the_table_of_a_large_graph(
    play: Open, monkeypatch: pytest.MonkeyPatch, shoot: Shoot
) -> None:
    monkeypatch.setattr(player_layout, "_MOST", 0)
    monkeypatch.setattr(player_layout, "make_picture", missing)
    player = play(neuron())
    assert "A picture needs Graphviz" in player.find(".missing").text
    assert not player.find(".stage").is_displayed()
    steps = walk(neuron())
    for index in range(len(steps)):
        assert [tuple(row[1:]) for row in player.table()] == expected_numbers(steps, index)
        if index < len(steps) - 1:
            player.click("next")
    shoot("without graphviz")


def test_the_page_asks_for_nothing(window: webdriver.Chrome, play: Open) -> None:
    player = play(neuron())
    player.click("last")
    entries = window.execute_script("return performance.getEntriesByType('resource').map((x) => x.name)")
    assert [name for name in entries if not name.startswith("data:")] == []
