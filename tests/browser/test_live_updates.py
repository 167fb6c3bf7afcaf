"""What a change on a live page touches, and how long it takes."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver

from autograd import Value, play, walk
from autograd.live import Play
from autograd.steps.player_picture import number_text

from .headless import Player
from .live_page import Open, Page
from .player_graphs import large


def two_halves() -> Value:
    a, b, c, d = (Value(x, label=name) for x, name in ((2.0, "a"), (3.0, "b"), (-1.0, "c"), (0.5, "d")))
    return a * b + c * d


WATCHED = """
const stage = root.querySelector('.stage');
const slider = root.querySelectorAll('.leaf input[type=range]')[arguments[0]];
const watch = new MutationObserver(() => {});
watch.observe(stage, {subtree: true, childList: true, characterData: true, attributes: true});
slider.value = Number(slider.value) + 0.5;
slider.dispatchEvent(new Event('input', {bubbles: true}));
const targets = watch.takeRecords().map(({target}) => (target.closest ? target : target.parentNode));
const groups = targets.map((target) => target.closest('.n, .e'));
watch.disconnect();
return [...new Set(groups.filter(Boolean).map((x) => x.id))].sort();
"""


@pytest.mark.parametrize("show", [play, walk])
def test_a_change_touches_only_what_has_another_number(
    window: webdriver.Chrome, tmp_path: Path, show: Callable[[Value], Any]
) -> None:
    path = tmp_path / "page.html"
    show(two_halves()).save(path)
    window.get(path.as_uri())
    page = Page(window)
    if show is walk:
        Player(window).go(len(walk(two_halves())) - 1)
        page.run("root.querySelector('.leaves').open = true")
    page.run(WATCHED, 2)  # the first change also says what the numbers were
    touched = page.run(WATCHED, 2)
    names = [step.name for step in walk(two_halves())[:7]]
    cards = {names[int(name[1:])] for name in touched if name[0] == "v"}
    assert cards == {"c", "d", names[-2], names[-1]}
    assert {"a", "b"}.isdisjoint(cards)


@pytest.mark.parametrize("show", [play, walk])
def test_cards_out_of_sight_follow_when_they_come_into_sight_or_changes_rest(
    window: webdriver.Chrome, tmp_path: Path, show: Callable[[Value], Any]
) -> None:
    def chain(x_: float = 0.5) -> Value:
        x = Value(x_, label="x")
        y = x
        for _ in range(30):
            y = y * 0.9 + x
        return y

    path = tmp_path / "page.html"
    show(chain()).save(path)
    window.get(path.as_uri())
    page = Page(window)
    if show is walk:
        Player(window).go(len(walk(chain())) - 1)
    time.sleep(0.5)
    before, changed, scrolled = window.execute_async_script(
        "const done = arguments[1], root = arguments[0].shadowRoot, stage = root.querySelector('.stage');"
        "stage.scrollTo({left: 1e6, behavior: 'instant'});"
        "const card = root.querySelector('#v3 .d'), slider = root.querySelector('.leaf input[type=range]');"
        "requestAnimationFrame(() => setTimeout(() => {"
        "  const before = card.textContent;"
        "  slider.value = 0.75;"
        "  slider.dispatchEvent(new Event('input', {bubbles: true}));"
        "  const changed = card.textContent;"
        "  stage.addEventListener('scroll', () => done([before, changed, card.textContent]));"
        "  stage.scrollTo({left: 0, behavior: 'instant'});"
        "}))",
        page.host,
    )
    numbers = [number_text(step.data) for step in walk(chain(0.75))[:61]]
    assert before == changed == number_text(walk(chain())[3].data)
    assert scrolled == numbers[3]
    page.run("root.querySelector('.stage').scrollTo({left: 1e6, behavior: 'instant'})")
    time.sleep(0.2)
    page.run(WATCHED, 0)
    time.sleep(0.5)
    after = float(page.run("return root.querySelector('.leaf input[type=range]').value"))
    assert [data for data, _ in page.cards] == [number_text(step.data) for step in walk(chain(after))[:61]]


def test_an_update_of_200_nodes_takes_less_than_8_milliseconds(opened: Open) -> None:
    page = opened(large())
    times = page.run(
        "const slider = root.querySelector('.leaf input'); const times = [];"
        "for (let i = 0; i < 100; i++) { const start = performance.now(); slider.value = Math.sin(i);"
        "  slider.dispatchEvent(new Event('input')); root.querySelector('svg').getBoundingClientRect();"
        "  slider.getBoundingClientRect(); times.push(performance.now() - start) } return times"
    )
    assert sorted(times)[20] < 8.0  # others may be at work on the machine


def test_a_page_of_200_nodes_is_made_in_2_seconds() -> None:
    draw = random.Random(3)
    nodes = [Value(draw.uniform(-1.0, 1.0), label=f"x{i}") for i in range(20)]
    for i in range(180):
        first, second = draw.sample(nodes, 2)
        nodes.append(first * second if i % 2 else first + second)
    result = sum(nodes[-60:], Value(0.0))
    times = []
    for _ in range(2):
        start = time.perf_counter()
        Play(result)._repr_mimebundle_()
        times.append(time.perf_counter() - start)
    assert min(times) < 2.0
