"""The live page as it is used: dragging, typing, keys, training; and its numbers against the engine's."""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

from autograd import Value, custom_gradient, play, topological_order, walk
from autograd import math as math_
from autograd.live import Play
from autograd.ops import TABLE
from autograd.steps.player_picture import number_text

from .conftest import said
from .headless import Player, Shoot, look
from .test_player_in_browser import expected_numbers


def neuron(x1_: float = 2.0) -> Value:
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


@pytest.fixture
def opened(window: webdriver.Chrome, tmp_path: Path) -> Open:
    """Open the live page of a result from a file."""

    def opened(value: Value, hash_: str = "", **options: Any) -> Page:
        path = tmp_path / "live.html"
        play(value, **options).save(path)
        window.get(path.as_uri() + hash_)
        return Page(window)

    return opened


def expected(make: Callable[[], Value], **leaves: float) -> list[list[str]]:
    """The numbers of the graph when its leaves are these, by the engine."""
    nodes = topological_order(make())
    names = {node.label: node for node in nodes if not node.op}
    return engine_numbers(make, {id(names[name]): x for name, x in leaves.items()}, nodes)


def engine_numbers(make: Callable[[], Value], new: dict[int, float], nodes: list[Value]) -> list[list[str]]:
    copies: dict[int, Value] = {}
    for node in nodes:
        if not node.op:
            copies[id(node)] = Value(new.get(id(node), node.data))
        else:
            operands = [copies[id(x)] if isinstance(x, Value) else x for x in node.operands]
            copies[id(node)] = applied(str(node.op), operands)
    result = copies[id(nodes[-1])]
    result.backward()
    return [[number_text(copies[id(x)].data), number_text(copies[id(x)].grad)] for x in nodes]


def applied(op: str, operands: list[Any]) -> Value:
    value: Value = TABLE[op](*operands)
    return value


# Changing numbers


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


# Errors, states


def test_an_error_is_shown_in_the_card_where_it_happens(opened: Open, shoot: Shoot) -> None:
    def make() -> Value:
        x = Value(2.0, label="x")
        return (x - 1.0).log() * x

    page = opened(make())
    page.type("x", "0.5")
    shoot("fault")
    assert page.cards == [["0.5", "—"], ["−0.5", "—"], ["ValueError", "—"], ["—", "—"]]
    assert page.sentence == "v2 has no value: log(−0.5) gives ValueError. What depends on it is not known."
    page.type("x", "3")
    assert page.cards == expected(make, x=3.0)


@pytest.mark.parametrize(
    ("make", "number", "error", "operation"),
    [
        (lambda x: 1.0 / x, 0.0, "ZeroDivisionError", "1 / 0"),
        (lambda x: x**0.5, -4.0, "ValueError", "(−4) ** 0.5"),
        (lambda x: x.exp(), 1000.0, "OverflowError", "exp(1000)"),
        (lambda x: x**-1.0, 0.0, "ZeroDivisionError", "0 ** (−1)"),
        (lambda x: math_.fmod(x, 3.0), math.inf, "ValueError", "fmod(∞, 3)"),
    ],
)
def test_errors_have_pythons_names_and_operations_pythons_signs(
    opened: Open, make: Any, number: float, error: str, operation: str
) -> None:
    page = opened(make(Value(2.0, label="x")))
    page.type("x", repr(number))
    assert page.cards[-1] == [error, "—"]
    assert f" has no value: {operation} gives {error}." in page.sentence
    with pytest.raises(ArithmeticError if error != "ValueError" else ValueError) as raised:
        make(Value(number))
    assert type(raised.value).__name__ == error


def test_saturated_activations_and_dead_relus_are_marked(opened: Open) -> None:
    x = Value(1.0, label="x")
    page = opened(x.tanh() + x.relu() + x.sigmoid())
    assert page.run("return root.querySelectorAll('.saturated, .dead').length") == 0
    page.type("x", "-9")
    marks = page.run("return [...root.querySelectorAll('.mark')].map((x) => x.textContent).filter((x) => x)")
    assert sorted(marks) == ["dead", "saturated", "saturated"]
    page.find("#v1 .name").click()
    assert "hardly any gradient" in page.find(".products").text


def test_a_function_of_python_is_known_for_its_recorded_numbers_only(opened: Open) -> None:
    double = custom_gradient(lambda x: 2.0)(lambda x: 2.0 * x)
    x, y = Value(3.0, label="x"), Value(4.0, label="y")
    page = opened(double(x) * y)
    page.type("y", "5")
    assert page.cards[-1] == ["30", "1"]
    assert page.cards[0] == ["3", "10"]
    page.type("x", "1")
    assert "a function of Python" in page.sentence
    assert page.cards[-1] == ["—", "—"]


def test_sums_are_rounded_once(opened: Open) -> None:
    x = Value(1.0, label="x")
    page = opened(math_.fsum([1e16, x, -1e16]))
    assert page.cards[-1] == ["1", "1"]
    page.type("x", "3")
    assert page.cards[-1] == ["3", "1"]


# The chain rule


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


# Gradient descent


def test_a_step_moves_the_parameters_against_the_gradient(opened: Open) -> None:
    page = opened(neuron())
    page.find("button.step").click()
    o = neuron()
    o.backward()
    moved = {x.label: x.data - 0.1 * x.grad for x in topological_order(o) if x.label in ("w1", "w2", "b")}
    assert page.cards == expected(neuron, **moved)
    assert page.sentence.startswith("Step 1: o = ")


def bowl() -> Value:
    w = Value(3.0, label="w")
    return (w - 1.0) ** 2.0


def test_training_goes_down_until_it_is_stopped(opened: Open) -> None:
    page = opened(bowl())
    button = page.find("button.train")
    button.click()
    assert button.text == "Pause"
    deadline = time.monotonic() + 20.0
    while float(page.cards[-1][0].replace("−", "-")) > 1e-3 and time.monotonic() < deadline:
        time.sleep(0.1)
    button.click()
    assert button.text == "Train"
    assert float(page.cards[0][0]) == pytest.approx(1.0, abs=0.05)
    before = page.cards
    time.sleep(0.3)
    assert page.cards == before


def test_too_large_a_learning_rate_is_seen_to_diverge(opened: Open) -> None:
    page = opened(bowl())
    page.run(
        "const rate = root.querySelector('.rate input'); rate.value = 1;"
        "rate.dispatchEvent(new Event('input', {bubbles: true}))"
    )
    assert page.find(".rate output").text == "10"
    page.find("button.step").click()
    assert "It grows: the learning rate may be too large." in page.sentence
    page.run("for (let i = 0; i < 400; i++) root.querySelector('button.step').click()")
    assert page.sentence.startswith("v2 has no value: (") or "too large" in page.sentence


def test_labels_are_shown_as_typed_and_never_markup(opened: Open, window: webdriver.Chrome) -> None:
    evil = "</script><img src=x onerror='window.attacked = 1'>"
    x = Value(2.0, label=evil)
    y = x * x + 1.0
    y.label = "$& {name} <b>y</b>"
    page = opened(y)
    page.find("#v0 .name").click()
    assert page.find(".products strong").text.startswith("The chain rule at </script><img src=x")
    page.find("#v2 .name").click()
    assert "$& {name} <b>y</b>" in page.find(".products").text
    page.run("root.querySelector('.leaf input').dispatchEvent(new Event('input'))")
    assert "$& {name} <b>y</b>" in page.sentence
    assert window.execute_script("return window.attacked") is None


# The address


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


# Looks and languages


def test_chinese(opened: Open, window: webdriver.Chrome, shoot: Shoot) -> None:
    page = opened(neuron(), lang="zh")
    assert page.find("button.step").text == "梯度下降一步"
    assert window.title == "o：实时计算图"
    page.find("button.step").click()
    assert page.sentence.startswith("第 1 步：o = ")
    shoot("chinese")


@pytest.mark.parametrize("width", [320, 400, 640, 1280, 1920])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_wider_than_the_window(
    opened: Open, window: webdriver.Chrome, shoot: Shoot, width: int, scheme: str
) -> None:
    look(window, width, 900, prefers_color_scheme=scheme)
    page = opened(neuron())
    page.find("#v2 .name").click()
    shoot("page")
    assert window.execute_script("return document.documentElement.scrollWidth") <= width
    assert page.run("return [...root.querySelectorAll('.leaf')].every((x) => x.scrollWidth <= x.clientWidth)")
    ends = "return [...root.querySelectorAll(arguments[0])].map((x) => x.getBoundingClientRect().right)"
    assert max(page.run(ends, "button, input, output, .grad")) <= width - 16  # the margin of the page
    dark = "dark" in str(page.find(".player").get_attribute("class")).split()
    assert dark == (scheme == "dark")


def test_without_scripts_the_picture_stands_there(window: webdriver.Chrome, tmp_path: Path) -> None:
    path = tmp_path / "live.html"
    text = Path(play(neuron()).save(path)).read_text("utf-8")
    path.write_text(text.replace("script-src 'unsafe-inline'", "script-src 'none'"), "utf-8")
    window.get(path.as_uri())
    image = window.find_element(By.CSS_SELECTOR, ".autograd-live img")
    assert window.execute_script("return arguments[0].naturalWidth", image) > 500
    said(window)  # in which Chromium says that it has kept a script from running


@pytest.mark.parametrize("show", [play, walk])
def test_without_scripts_a_picture_is_not_shrunk_until_it_cannot_be_read(
    window: webdriver.Chrome, tmp_path: Path, show: Callable[[Value], Any]
) -> None:
    path = tmp_path / "page.html"
    text = Path(show(neuron()).save(path)).read_text("utf-8")
    path.write_text(text.replace("script-src 'unsafe-inline'", "script-src 'none'"), "utf-8")
    look(window, 400, 900)
    window.get(path.as_uri())
    image = window.find_element(By.CSS_SELECTOR, "img")
    shown, natural, page = window.execute_script(
        "const x = arguments[0];"
        "return [x.getBoundingClientRect().width, x.naturalWidth, document.documentElement.scrollWidth]",
        image,
    )
    assert natural > 800
    assert shown == pytest.approx(0.7 * natural, abs=1)
    assert page >= shown
    said(window)  # in which Chromium says that it has kept a script from running


# What is in sight, and what is not


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


# The player of a walk


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


# Numbers against the engine's, and time


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


def test_an_update_of_200_nodes_takes_less_than_8_milliseconds(opened: Open) -> None:
    nodes = [Value(math.sin(i), label=f"input_{i}") for i in range(30)]
    result = nodes[0]
    for i in range(56):
        product = nodes[i % len(nodes)] * nodes[(7 * i + 3) % len(nodes)]
        nodes.append(product)
        result = result + product.tanh()
    page = opened(result)
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
