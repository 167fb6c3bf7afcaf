"""The player as it is used: every button and key, the numbers on the page, and what there is to see."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.common.keys import Keys

from autograd import Value
from autograd.drawing import DrawingError
from autograd.steps import player_layout, walk
from autograd.steps.player import fragment_of, page_of
from autograd.steps.player_picture import number_text

from .headless import Player, Shoot, expected_numbers, look

RIGHT, LEFT, HOME, END, SPACE = Keys.ARROW_RIGHT, Keys.ARROW_LEFT, Keys.HOME, Keys.END, " "


def neuron() -> Value:
    x1, x2 = Value(2.0, label="x1"), Value(0.0, label="x2")
    w1, w2, b = Value(-3.0, label="w1"), Value(1.0, label="w2"), Value(6.881373587, label="b")
    n = x1 * w1 + x2 * w2 + b
    n.label = "n"
    o = n.tanh()
    o.label = "o"
    return o


def shared() -> Value:
    x, y = Value(3.0, label="x"), Value(-2.0, label="y")
    square = x * x
    result = 2 * square + x / y - (square * y).exp() * 0.001 + x.leaky_relu(0.25) / 3e9
    result.label = "L"
    return result


def not_finite() -> Value:
    x = Value(0.0, label="x")
    return x.sqrt() * Value(math.inf, label="y") + Value(math.nan)


def labelled() -> Value:
    """Return a graph with labels that a page must not act on, and some that are wide."""
    labels = [
        "</script><script>window.attacked = 1</script>", "<img src=x onerror='window.attacked = 1'>",
        '"&quot;\'', "学习率学习率学习率学习率学习率", "🙂👩‍🔬🙂👩‍🔬🙂👩‍🔬🙂👩‍🔬",
        "W" * 300, "one\ntwo", "a\u2028b", "layers[0].neurons[3].w[1]",
    ]  # fmt: skip
    result = Value(1.2345678e-123, label="tiny")
    for i, label in enumerate(labels):
        result = result * Value(-1.23456e-7 * (i + 1), label=label)
        result.label = f"{label} * …"
    return result


def large() -> Value:
    """Return a result of about 200 nodes."""
    nodes = [Value(math.sin(i), label=f"input_{i}") for i in range(30)]
    result = nodes[0]
    for i in range(56):
        product = nodes[i % len(nodes)] * nodes[(7 * i + 3) % len(nodes)]
        nodes.append(product)
        result = result + product.tanh()
    return result


GRAPHS = [neuron, shared, not_finite, labelled, large]
every_graph = pytest.mark.parametrize("graph", GRAPHS, ids=lambda graph: str(graph.__name__))


Open = Callable[..., Player]


@pytest.fixture
def play(window: webdriver.Chrome, tmp_path: Path) -> Open:
    """Open the player of a result from a file."""

    def opened(value: Value) -> Player:
        path = tmp_path / "steps.html"
        walk(value).save(path)
        window.get(path.as_uri())
        return Player(window)

    return opened


# Stepping


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


# Playing


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


# What there is to see


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


# Labels, other players, other pages


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
    first.press(RIGHT)
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
