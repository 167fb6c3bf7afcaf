"""What there is to see of the player: text in its cards, what is in view, contrast, names, motion."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from selenium import webdriver
from selenium.webdriver.common.keys import Keys

from autograd import Value
from autograd.steps import walk

from .headless import Shoot, look
from .live_page import neuron
from .player_graphs import Open, every_graph, large, shared


@every_graph
@pytest.mark.parametrize("width", [1280, 600])
def test_text_stays_inside_its_card(
    play: Open, graph: Callable[[], Value], width: int, window: webdriver.Chrome, shoot: Shoot
) -> None:
    look(window, width)
    player = play(graph())
    count = len(walk(graph()))
    for step in sorted({0, count // 2, count - 1}):
        player.go(step)
        spilt = player.run("""
            return [...root.querySelectorAll('.n')].flatMap((card) => {
              const part = (name) => card.querySelector(name)?.getBBox();
              return [...card.querySelectorAll('text')].filter((text) => {
                if (getComputedStyle(text).visibility !== 'visible' || !text.textContent) return false;
                const box = text.getBBox(), room = part(text.matches('.op') ? '.edge' : '.head');
                const whole = part('.card');
                return box.x < room.x - 0.5 || box.x + box.width > room.x + room.width + 0.5 ||
                  box.y < whole.y - 0.5 || box.y + box.height > whole.y + whole.height + 0.5;
              }).map((text) => text.textContent);
            })""")
        assert spilt == []
        time.sleep(0.6)  # the picture moves to its place
        shoot(f"step{step}")


@pytest.mark.parametrize("graph", [neuron, shared, lambda: Value(2.0) ** 2, lambda: (x := Value(2.0)) * x])
def test_the_product_on_the_edge_covers_no_number_of_the_step(play: Open, graph: Callable[[], Value]) -> None:
    player = play(graph())
    steps = walk(graph())
    for step in steps[steps.forward + 1 :]:
        player.go(step.index)
        product = player.find(".product text").text.replace("−", "-")
        assert float(product.partition(" = ")[2]) == pytest.approx(step.contribution, rel=1e-3)
        assert player.run("""
            const label = root.querySelector('.product rect').getBoundingClientRect();
            return [...root.querySelectorAll('.n:is(.lit, .source) :is(.d, .g)')].every((number) => {
              const box = number.getBoundingClientRect();
              return box.right <= label.left || box.left >= label.right ||
                box.bottom <= label.top || box.top >= label.bottom;
            })""")


@pytest.mark.parametrize("width", [1280, 600])
def test_the_card_at_hand_is_in_view(play: Open, width: int, window: webdriver.Chrome) -> None:
    look(window, width, prefers_reduced_motion="reduce")
    player = play(large())
    for step in range(0, len(walk(large())), 29):
        player.go(step)
        assert player.run("""
            const stage = root.querySelector('.stage').getBoundingClientRect();
            const card = root.querySelector('.n.lit').getBoundingClientRect();
            return card.left >= stage.left - 1 && card.right <= stage.right + 1 &&
              card.top >= stage.top - 1 && card.bottom <= stage.bottom + 1""")


def test_the_whole_graph_is_shown_on_request(play: Open, shoot: Shoot) -> None:
    player = play(large())
    button = player.find(".fit")
    assert button.is_displayed()
    fits = "const s = root.querySelector('.stage'); return s.scrollWidth <= s.clientWidth + 1"
    assert not player.run(fits)
    button.click()
    assert player.run(fits)
    assert button.get_attribute("aria-pressed") == "true"
    shoot("whole")
    button.click()
    assert not player.run(fits)


def test_a_step_in_a_graph_of_two_hundred_nodes_takes_a_few_milliseconds(play: Open) -> None:
    player = play(large())
    player.run("root.querySelector('.stage').focus()")
    elapsed = player.run("""
        const stage = root.querySelector('.stage'), start = performance.now();
        const right = () => new KeyboardEvent('keydown', {key: 'ArrowRight', bubbles: true});
        for (let i = 0; i < 100; i++) { stage.dispatchEvent(right()); stage.getBoundingClientRect(); }
        return (performance.now() - start) / 100""")
    assert player.step == 100
    assert elapsed < 50  # milliseconds


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_text_has_enough_contrast(
    play: Open, scheme: str, window: webdriver.Chrome, shoot: Shoot
) -> None:
    look(window, prefers_color_scheme=scheme)
    player = play(shared())
    player.run("root.querySelector('details').open = true")
    steps = walk(shared())
    for step in (0, steps.forward - 1, steps.forward + 2, len(steps) - 1):
        player.go(step)
        assert player.run(CONTRAST) == []
    shoot(scheme)


# Each element with text of its own, against the first opaque ground below it; cards and edges by their parts
CONTRAST = """
  const parse = (color) => {
    const canvas = new OffscreenCanvas(1, 1).getContext('2d');
    canvas.fillStyle = color; canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const mix = (over, under, opacity) => over.map((x, i) => x * opacity + under[i] * (1 - opacity));
  const light = (color) => color.slice(0, 3).map((x) => x / 255)
    .map((x) => x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4)
    .reduce((sum, x, i) => sum + x * [0.2126, 0.7152, 0.0722][i], 0);
  const ratio = (a, b) => {
    const [x, y] = [light(a), light(b)].sort((p, q) => q - p);
    return (x + 0.05) / (y + 0.05);
  };
  const ground = (x) => {
    for (let y = x; y && y.nodeType === 1; y = y.parentElement) {
      const color = parse(getComputedStyle(y).backgroundColor);
      if (color[3] === 255) return color;
    }
    return [255, 255, 255, 255];
  };
  const poor = [];
  const judge = (x, color, under) => {
    const found = ratio(parse(color), under);
    if (found < 4.5) poor.push(`${x.textContent.slice(0, 30)}: ${found.toFixed(2)}`);
  };
  for (const x of root.querySelectorAll('.player :not(svg):not(svg *):not(option)')) {
    const own = [...x.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    if (own && x.checkVisibility() && !x.disabled) judge(x, getComputedStyle(x).color, ground(x));
  }
  const fill = (x) => parse(getComputedStyle(x).fill);
  const paper = fill(root.querySelector('.paper'));
  for (const x of root.querySelectorAll('.n.known')) {
    const card = fill(x.querySelector('.card')), tint = x.querySelector('.tint');
    const shown = getComputedStyle(tint).visibility === 'visible';
    const tinted = shown ? mix(fill(tint), card, Number(tint.getAttribute('fill-opacity'))) : card;
    const name = x.querySelector('.name');
    judge(name, getComputedStyle(name).fill, fill(x.querySelector('.head')));
    judge(x.querySelector('.d'), getComputedStyle(x.querySelector('.d')).fill, card);
    const [data, grad] = root.querySelectorAll('#captions text');
    judge(data, getComputedStyle(data).fill, card);
    judge(grad, getComputedStyle(grad).fill, tinted);
    if (shown) judge(x.querySelector('.g'), getComputedStyle(x.querySelector('.g')).fill, tinted);
    const op = x.querySelector('.op');
    if (op) judge(op, getComputedStyle(op).fill, fill(x.querySelector('.edge')));
  }
  for (const x of root.querySelectorAll('.e text')) {
    if (getComputedStyle(x).visibility === 'visible') judge(x, getComputedStyle(x).fill, paper);
  }
  const product = root.querySelector('.product text');
  if (product) judge(product, getComputedStyle(product).fill, fill(root.querySelector('.product rect')));
  return poor;
"""


def test_what_has_the_focus_is_seen(play: Open) -> None:
    player = play(neuron())
    seen = []
    for _ in range(12):
        player.press(Keys.TAB)
        style = player.run(
            "const x = root.activeElement; return x && [x.tagName, getComputedStyle(x).outlineStyle,"
            "  parseFloat(getComputedStyle(x).outlineWidth), x.getAttribute('aria-label') || x.textContent]"
        )
        if style is None:
            break
        seen.append(style)
    assert [tag for tag, *_ in seen] == [
        "DIV",
        "BUTTON",
        "BUTTON",
        "BUTTON",
        "INPUT",
        "SELECT",
        "BUTTON",
        "SUMMARY",
        "SUMMARY",
    ]
    assert all(outline == "solid" and width >= 2 for _, outline, width, _ in seen)


def test_everything_to_press_has_a_name(play: Open) -> None:
    player = play(neuron())
    for element in player.all("button, input, select, summary, [role=group], [role=status]"):
        if element.is_displayed() and element.get_attribute("role") != "status":
            assert element.accessible_name
    assert player.find("input").get_attribute("aria-valuetext") == f"forward, step 1 of {len(walk(neuron()))}"


def test_nothing_moves_for_those_who_ask_for_that(play: Open, window: webdriver.Chrome) -> None:
    look(window, prefers_reduced_motion="reduce")
    player = play(neuron())
    player.go(len(walk(neuron())) - 1)
    assert player.run("return root.getAnimations({subtree: true}).length") == 0
    look(window)
    player.go(len(walk(neuron())) - 2)
    assert player.run("return root.getAnimations({subtree: true}).length") > 0
