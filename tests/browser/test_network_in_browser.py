"""A folded network as it is played: dragging weights and the data point, and its numbers held against the
engine's."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from autograd import Value, nn, play
from autograd.steps.player_picture import number_text

from .headless import Shoot, look
from .live_page import Page

Point = Sequence[float]


def network(sizes: Sequence[int] = (8, 8, 1), inputs: int = 2, activation: str = "tanh") -> nn.MLP:
    return nn.MLP(inputs, list(sizes), activation=activation, seed=1)


def loss_of(net: nn.MLP, point: Sequence[Any] = (0.5, -1.0), target: Any = 1.0) -> Value:
    loss: Value = (net(list(point)) - target) ** 2
    return loss


Open = Callable[..., "NetworkPage"]


class NetworkPage(Page):
    """The page of a network, by what can be seen and done."""

    @property
    def neurons(self) -> dict[str, tuple[str, str]]:
        """Value and gradient on each card, as they are read out."""
        labels = self.run(
            "return [...root.querySelectorAll('.stage .n')].map((x) => x.getAttribute('aria-label'))"
        )
        found = [re.match(r"(.+?) = (\S+), gradient ([^,;\s]+)", label) for label in labels]
        return {x[1]: (x[2], x[3]) for x in found if x}

    @property
    def weights(self) -> dict[str, tuple[str, str]]:
        """Each weight and its gradient, as its arrow is read out."""
        labels = self.run(
            "return [...root.querySelectorAll('.stage .e')].map((x) => x.getAttribute('aria-label'))"
        )
        found = [re.match(r"(\S+) = (\S+), gradient ([^;]+);", label) for label in labels]
        return {x[1]: (x[2], x[3]) for x in found if x}

    @property
    def loss(self) -> str:
        return str(self.find(".place").text).partition(" = ")[2]

    def arrow(self, weight: str) -> Any:
        return self.find(f".e[aria-label^='{weight} =']")

    def card(self, name: str) -> Any:
        return self.find(f".n[aria-label^='{name} =']")

    def choose(self, name: str) -> None:
        self.card(name).find_element(By.CSS_SELECTOR, ".name").click()

    @property
    def panel(self) -> str:
        text: str = self.run("return root.querySelector('.products').textContent")
        return text.replace("\u2061", "")  # which says that a function is applied, and is not seen

    def onto(self, weight: str) -> ActionChains:
        """Move the mouse to where the arrow of a weight lies on top."""
        x, y = self.run(
            "const line = arguments[0].querySelector('.line'); const matrix = line.getScreenCTM();"
            "for (let t = 0.2; t < 0.95; t += 0.02) {"
            "  const at = line.getPointAtLength(t * line.getTotalLength()).matrixTransform(matrix);"
            "  const [x, y] = [Math.round(at.x), Math.round(at.y)];"
            "  if (arguments[0].contains(root.elementFromPoint(x, y))) return [x, y] }",
            self.arrow(weight),
        )
        actions = ActionChains(self.browser)
        actions.w3c_actions.pointer_action.move_to_location(x, y)
        return actions


@pytest.fixture
def opened(window: webdriver.Chrome, tmp_path: Path) -> Open:
    """Open the live page of a result from a file."""

    def opened(value: Value, hash_: str = "", **options: Any) -> NetworkPage:
        path = tmp_path / "network.html"
        play(value, **options).save(path)
        window.get(path.as_uri() + hash_)
        return NetworkPage(window)

    return opened


def expected(net: nn.MLP, points: Sequence[Point], targets: Point) -> dict[str, Any]:
    """The numbers of all neurons and weights by the engine: means of outputs, sums of gradients."""
    net.zero_grad()
    rows = [[Value(x) for x in point] for point in points]
    aims = [Value(x) for x in targets]
    outs: dict[str, list[Value]] = {}
    results = []
    for row in rows:
        x: list[Value] = row
        for k, layer in enumerate(net.layers):
            x = [neuron(x) for neuron in layer.neurons]
            for i, out in enumerate(x):
                outs.setdefault(f"L{k}.n{i}", []).append(out)
        results.append(x[0])
    squares = [(out - aim) ** 2 for out, aim in zip(results, aims, strict=True)]
    loss = squares[0] if len(squares) == 1 else nn.mse(results, aims)
    loss.backward()
    count = len(points)
    means = {f"x{i}": [row[i] for row in rows] for i in range(len(rows[0]))} | outs
    neurons = {
        name: (sum(x.data for x in each) / count, sum(x.grad for x in each)) for name, each in means.items()
    }
    shorter = [
        (re.sub(r"layers\[(\d+)\]\.neurons\[(\d+)\]", r"L\1.n\2", p.label), p) for p in net.parameters()
    ]
    weights = {name: (p.data, p.grad) for name, p in shorter if ".w[" in name}
    return {"neurons": neurons, "weights": weights, "loss": loss.data}


def near(text: str, number: float) -> bool:
    """Whether a number with four digits is that; one may be rounded otherwise, where additions are."""
    shown = float(text.replace("−", "-").replace("∞", "inf"))
    return shown == pytest.approx(number, rel=6e-4, abs=1e-12)


def agree(page: NetworkPage, wanted: dict[str, Any]) -> None:
    for kind, shown in (("neurons", page.neurons), ("weights", page.weights)):
        numbers = wanted[kind]
        assert set(numbers) <= set(shown)
        wrong = {
            name: (shown[name], numbers[name])
            for name in numbers
            if not all(map(near, shown[name], numbers[name]))
        }
        assert wrong == {}
    assert near(page.loss, wanted["loss"])


# The numbers


def test_it_begins_with_the_numbers_of_the_network(opened: Open, shoot: Shoot) -> None:
    net = network()
    page = opened(loss_of(net))
    wanted = expected(net, [(0.5, -1.0)], [1.0])
    shoot("network")
    assert len(page.neurons) == 2 + 17 + 2
    assert len(page.weights) == 16 + 64 + 8
    assert page.loss == number_text(wanted["loss"])
    agree(page, wanted)


@pytest.mark.parametrize(
    ("sizes", "inputs", "activation"),
    [((8, 8, 1), 2, "tanh"), ((16, 16, 1), 2, "tanh"), ((9, 1), 3, "sigmoid"), ((7, 7, 1), 1, "relu")],
)
def test_at_random_weights_and_points_the_numbers_are_the_engines(
    opened: Open, sizes: tuple[int, ...], inputs: int, activation: str
) -> None:
    net = network(sizes, inputs, activation)
    value = loss_of(net, [0.5] * inputs)
    draw = random.Random(5)
    played = play(value)
    ids = {id(node): i for i, node in enumerate(played.steps.nodes)}
    named = {node.label: i for i, node in enumerate(played.steps.nodes) if not node.op}
    page = opened(value)
    for _ in range(4):
        for parameter in net.parameters():
            parameter.data = draw.gauss(0.0, 0.7)
        point, target = [draw.uniform(-2.0, 2.0) for _ in range(inputs)], draw.uniform(-1.0, 1.0)
        leaves = {ids[id(p)]: p.data for p in net.parameters()}
        leaves |= {named[f"x{i}"]: x for i, x in enumerate(point)} | {named["target"]: target}
        page.browser.execute_script(
            "location.hash = arguments[0]", "&".join(f"v{leaf}={x!r}" for leaf, x in leaves.items())
        )
        time.sleep(0.2)
        agree(page, expected(net, [point], [target]))


def test_of_several_points_cards_show_means_and_summed_gradients(opened: Open, shoot: Shoot) -> None:
    net = network((4, 1))
    points, targets = [(-1.0, -1.0), (1.0, -0.5), (0.25, 1.0)], [-1.0, 1.0, 0.5]
    page = opened(nn.mse([net(list(point)) for point in points], targets))
    wanted = expected(net, points, targets)
    agree(page, wanted)
    page.run(
        "const choice = root.querySelector('.points select'); choice.value = '1';"
        "choice.dispatchEvent(new Event('change'))"
    )
    shoot("one of three points")
    net.zero_grad()
    outs = [net.layers[0]([Value(a), Value(b)]) for a, b in points]
    nn.mse([net.layers[1](out) for out in outs], targets).backward()
    for i, out in enumerate(outs[1]):
        assert page.neurons[f"L0.n{i}"] == (number_text(out.data), number_text(out.grad))
    assert page.weights.keys() == wanted["weights"].keys()


# Weights


def test_dragging_an_arrow_changes_its_weight(opened: Open) -> None:
    net = network()
    page = opened(loss_of(net))
    weight = net.layers[0].neurons[0].w[0]
    chain = page.onto("L0.n0.w[0]").click_and_hold()
    for _ in range(4):
        chain = chain.move_by_offset(10, 0)
    chain.release().perform()
    weight.data = round(weight.data + 40 * 0.001, 3)
    wanted = expected(net, [(0.5, -1.0)], [1.0])
    assert page.weights["L0.n0.w[0]"][0] == number_text(weight.data)
    agree(page, wanted)
    assert page.sentence == f"L0.n0.w[0] = {number_text(weight.data)}: loss = {number_text(wanted['loss'])}"
    assert not page.find(".products").is_displayed()


def test_a_click_on_an_arrow_shows_its_weight_and_the_products_of_its_gradient(
    opened: Open, shoot: Shoot
) -> None:
    net = network()
    page = opened(loss_of(net))
    page.onto("L0.n0.w[1]").click().perform()
    shoot("weight")
    assert page.find(".products strong").text == "Weight L0.n0.w[1], from x1 to L0.n0"
    expected(net, [(0.5, -1.0)], [1.0])
    weight = net.layers[0].neurons[0].w[1]
    assert f"{number_text(weight.data)}·(−1)" in page.panel
    assert page.panel.endswith(f"={number_text(weight.grad)}")
    page.type("L0.n0.w[1]", "0.25")
    weight.data = 0.25
    agree(page, expected(net, [(0.5, -1.0)], [1.0]))
    assert "0.25·(−1)=−0.25" in page.panel
    page.press(Keys.TAB)
    page.run(
        "const slider = root.querySelector('.products input[type=range]'); slider.value = -0.5;"
        "slider.dispatchEvent(new Event('input'))"
    )
    field = page.find("input[aria-label='L0.n0.w[1], number']")
    weight.data = float(str(field.get_attribute("value")).replace("−", "-"))
    assert weight.data == pytest.approx(-0.5, abs=0.01)
    agree(page, expected(net, [(0.5, -1.0)], [1.0]))


def test_of_several_points_a_weight_has_a_product_of_each(opened: Open) -> None:
    net = network((4, 1))
    points, targets = [(-1.0, -1.0), (1.0, -0.5), (0.25, 1.0)], [-1.0, 1.0, 0.5]
    page = opened(nn.mse([net(list(point)) for point in points], targets))
    page.run("root.querySelector('.e[aria-label^=\"L0.n1.w[0] =\"]').focus()")
    page.press(" ")
    rows = page.run("return [...root.querySelectorAll('.products tr')].map((row) => row.textContent)")
    assert len(rows) == 3 + 3 + 1  # forward, backward, the sum
    expected(net, points, targets)
    assert rows[-1].endswith(f"={number_text(net.layers[0].neurons[1].w[0].grad)}")


def test_arrows_show_gradients_or_weights(opened: Open) -> None:
    net = network()
    page = opened(loss_of(net))
    wanted = expected(net, [(0.5, -1.0)], [1.0])["weights"]
    for shown, which in (("gradient", 1), ("weight", 0)):
        page.run(
            "const choice = root.querySelector('.arrows select'); choice.value = arguments[0];"
            "choice.dispatchEvent(new Event('change'))",
            shown,
        )
        for name, numbers in wanted.items():
            classes = str(page.arrow(name).get_attribute("class")).split()
            assert ("pos" in classes, "neg" in classes) == (numbers[which] > 0, numbers[which] < 0)
        widest = max(wanted, key=lambda name: abs(wanted[name][which]))
        assert "--w: 3.5" in str(page.arrow(widest).get_attribute("style"))


# Neurons


def test_a_neuron_shows_its_sum_its_activation_and_the_chain_rule(opened: Open, shoot: Shoot) -> None:
    net = network((8, 8, 1))
    page = opened(loss_of(net))
    page.choose("L1.n3")
    shoot("neuron")
    assert page.find(".products strong").text == "Neuron L1.n3"
    hidden = net.layers[0]([Value(0.5), Value(-1.0)])
    neuron = net.layers[1].neurons[3]
    total = sum((w * x for w, x in zip(neuron.w, hidden, strict=True)), neuron.b)
    foot = page.run("return [...root.querySelectorAll('.sum tfoot .fact')].map((x) => x.textContent)")
    wanted = expected(net, [(0.5, -1.0)], [1.0])["neurons"]["L1.n3"]
    assert near(foot[0], total.data)
    assert near(foot[1], wanted[1])
    rows = page.run("return root.querySelectorAll('.sum')[0].querySelectorAll('tbody tr').length")
    assert rows == 8 + 1
    cells = page.run(
        "return [...root.querySelectorAll('.sum')].map((table) => "
        "  [...table.querySelectorAll('tbody .fact')].map((x) => x.textContent))"
    )
    for i, (w, x) in enumerate(zip(neuron.w, hidden, strict=True)):
        assert all(map(near, cells[0][3 * i : 3 * i + 3], (w.data, x.data, w.data * x.data)))
    after = net.layers[2].neurons[0].w[3]
    upstream = wanted[1] / after.data
    assert all(map(near, cells[1], (after.data, upstream, wanted[1])))
    assert f"tanh({number_text(total.data)})={number_text(wanted[0])}" in page.panel
    assert page.panel.endswith(f"={number_text(neuron.b.grad)}")


def test_the_bias_of_a_neuron_is_changed_where_its_numbers_are(opened: Open) -> None:
    net = network()
    page = opened(loss_of(net))
    page.choose("L0.n2")
    page.type("L0.n2.b", "-0.75")
    net.layers[0].neurons[2].b.data = -0.75
    agree(page, expected(net, [(0.5, -1.0)], [1.0]))
    page.press(Keys.ESCAPE)
    page.find("button.close").click()
    assert not page.find(".products").is_displayed()


def test_the_numbers_of_a_neuron_lead_to_its_weights(opened: Open) -> None:
    page = opened(loss_of(network()))
    page.choose("L0.n2")
    page.find(".sum button").click()
    assert page.find(".products strong").text == "Weight L0.n2.w[0], from x0 to L0.n2"


def test_saturated_and_dead_neurons_are_marked(opened: Open) -> None:
    for activation, state in (("tanh", "saturated"), ("relu", "dead")):
        net = network((8, 8, 1), activation=activation)
        page = opened(loss_of(net))
        page.choose("L0.n2")
        page.type("L0.n2.b", "-90")
        assert state in str(page.card("L0.n2").get_attribute("class")).split()
        assert state in str(page.card("L0.n2").get_attribute("aria-label"))
        assert f"L0.n2 is {state}" in page.panel


def test_an_error_stops_what_depends_on_it(opened: Open) -> None:
    net = network()
    page = opened((net([0.5, -1.0]) * 0.1 + 1.0).log(), module=net)
    page.choose("L2.n0")
    page.type("L2.n0.b", "-50")
    assert "gives ValueError" in page.sentence
    assert page.find(".place").text == "loss = ValueError"
    page.type("L2.n0.b", "0")
    assert "gives" not in page.sentence


# The data point


def test_the_point_is_dragged_in_the_plane(opened: Open, shoot: Shoot) -> None:
    net = network()
    page = opened(loss_of(net))
    chain = ActionChains(page.browser).click_and_hold(page.find(".dot .spot"))
    chain.move_by_offset(-30, -20).move_by_offset(-34, -44).release().perform()
    x, y = (float(page.neurons[f"x{i}"][0].replace("−", "-")) for i in range(2))
    assert x == pytest.approx(0.5 - 64 / 128 * 1.0, abs=0.02)
    assert y == pytest.approx(-1.0 + 64 / 128 * 1.5, abs=0.02)
    wanted = expected(net, [(x, y)], [1.0])
    agree(page, wanted)
    assert page.sentence.startswith(f"x0 = {number_text(x)}, x1 = {number_text(y)}: loss = ")
    shoot("dragged")


def test_keys_move_the_point(opened: Open) -> None:
    net = network()
    page = opened(loss_of(net))
    page.run("root.querySelector('.dot').focus()")
    page.press(Keys.ARROW_RIGHT, Keys.ARROW_UP, Keys.ARROW_UP)
    assert page.find(".dot").get_attribute("aria-valuetext") == "x0 = 0.52, x1 = −0.94"
    agree(page, expected(net, [(0.52, -0.94)], [1.0]))
    ActionChains(page.browser).key_down(Keys.SHIFT).send_keys(Keys.ARROW_LEFT).key_up(Keys.SHIFT).perform()
    assert page.neurons["x0"][0] == "0.32"


def test_the_plane_grows_with_the_point(opened: Open) -> None:
    page = opened(loss_of(network()))
    page.type("x0", "7")
    ticks = page.run("return [...root.querySelectorAll('.tick')].map((x) => x.textContent)")
    assert ticks[1] == "x0 = 10"


def colour_at(page: NetworkPage, x: float, y: float, halves: tuple[float, float]) -> list[int]:
    colour: list[int] = page.run(
        "const canvas = root.querySelector('canvas');"
        "const place = (z) => Math.round(canvas.width * z);"
        "const context = canvas.getContext('2d');"
        "return [...context.getImageData(place(arguments[0]), place(arguments[1]), 1, 1).data]",
        (x / halves[0] + 1) / 2,
        (1 - y / halves[1]) / 2,
    )
    return colour


def test_the_plane_is_blue_where_the_output_is_positive(opened: Open) -> None:
    net = network()
    page = opened(loss_of(net))
    time.sleep(0.5)
    shown = 0
    for i in range(60):
        draw = random.Random(i)
        x, y = draw.uniform(-0.95, 0.95), draw.uniform(-1.4, 1.4)
        out = net([x, y]).data
        if abs(out) < 0.2:
            continue
        red, _, blue, _ = colour_at(page, x, y, (1.0, 1.5))
        assert (blue > red) == (out > 0), (x, y, out)
        shown += 1
    assert shown > 30


def test_of_several_points_one_is_moved(opened: Open) -> None:
    net = network((4, 1))
    points, targets = [(-1.0, -1.0), (1.0, -0.5), (0.25, 1.0)], [-1.0, 1.0, 0.5]
    page = opened(nn.mse([net(list(point)) for point in points], targets))
    page.run("root.querySelectorAll('.dot')[1].focus()")
    page.press(Keys.ARROW_LEFT)
    agree(page, expected(net, [points[0], (0.97, -0.5), points[2]], targets))
    classes = [str(dot.get_attribute("class")) for dot in page.root.find_elements(By.CSS_SELECTOR, ".dot")]
    assert ["pos" in each for each in classes] == [False, True, True]


@pytest.mark.parametrize("inputs", [1, 3])
def test_other_numbers_of_inputs_have_sliders(opened: Open, inputs: int) -> None:
    net = network((8, 8, 1), inputs)
    page = opened(loss_of(net, [0.5] * inputs))
    assert page.run("return root.querySelectorAll('.plane').length") == 0
    assert page.run("return root.querySelectorAll('.list .leaf').length") == inputs + 1
    page.type(f"x{inputs - 1}", "-2")
    agree(page, expected(net, [[0.5] * (inputs - 1) + [-2.0]], [1.0]))


# Gradient descent, the address, keys


def test_a_step_moves_the_weights_against_their_gradients(opened: Open) -> None:
    net = network()
    page = opened(loss_of(net))
    for _ in range(3):
        page.find("button.step").click()
        expected(net, [(0.5, -1.0)], [1.0])
        for parameter in net.parameters():
            parameter.data -= 0.1 * parameter.grad
    agree(page, expected(net, [(0.5, -1.0)], [1.0]))
    assert page.sentence.startswith("Step 3: loss = ")
    page.find("button.reset").click()
    agree(page, expected(network(), [(0.5, -1.0)], [1.0]))


def test_the_address_keeps_weights_and_the_point(opened: Open, window: webdriver.Chrome) -> None:
    page = opened(loss_of(network()))
    page.type("x0", "-0.5")
    page.choose("L0.n0")
    page.type("L0.n0.b", "0.3")
    time.sleep(0.4)
    before = page.neurons
    window.refresh()
    assert NetworkPage(window).neurons == before


def test_keys_lead_from_card_to_card_and_from_neurons_to_weights(opened: Open) -> None:
    net = network()
    page = opened(loss_of(net))

    def focused() -> str:
        return str(page.run("return root.activeElement.getAttribute('aria-label')")).partition(" =")[0]

    page.run("root.querySelector('.stage [tabindex=\"0\"]').focus()")
    assert focused() == "loss"
    page.press(Keys.HOME)
    first = focused()
    page.press(Keys.ARROW_RIGHT)
    assert focused() != first
    page.run("root.querySelector('.n[aria-label^=\"L1.n2 =\"]').focus()")
    page.press(Keys.ARROW_DOWN)
    assert focused() == "L1.n2.w[0]"
    page.press(Keys.ARROW_RIGHT)
    assert focused() == "L1.n2.w[1]"
    page.press(Keys.ENTER)
    page.press("0.5", Keys.ENTER)
    net.layers[1].neurons[2].w[1].data = 0.5
    agree(page, expected(net, [(0.5, -1.0)], [1.0]))
    page.press(Keys.ARROW_UP)
    assert page.weights["L1.n2.w[1]"][0] == "0.51"
    page.press(" ")
    assert page.find(".products strong").text == "Weight L1.n2.w[1], from L0.n1 to L1.n2"


def test_a_part_shown_in_full_has_its_values(opened: Open, shoot: Shoot) -> None:
    net = network()
    page = opened(loss_of(net), expand=["layers[1].neurons[0]", "loss"])
    shoot("expanded")
    wanted = expected(net, [(0.5, -1.0)], [1.0])
    assert near(page.neurons["L0.n4"][1], wanted["neurons"]["L0.n4"][1])
    bias = net.layers[1].neurons[0].b
    chain = ActionChains(page.browser).click_and_hold(page.card("b").find_element(By.CSS_SELECTOR, ".d"))
    chain.move_by_offset(20, 0).move_by_offset(20, 0).release().perform()
    bias.data = float(page.neurons["b"][0].replace("−", "-"))
    assert bias.data != 0.0
    wanted = expected(net, [(0.5, -1.0)], [1.0])
    assert near(page.loss, wanted["loss"])
    assert near(page.neurons["L0.n4"][1], wanted["neurons"]["L0.n4"][1])


# Looks


def test_in_chinese(opened: Open, window: webdriver.Chrome, shoot: Shoot) -> None:
    page = opened(loss_of(network()), lang="zh")
    page.find(".n .name").click()
    shoot("chinese")
    assert window.title == "损失：实时神经网络"
    words = page.run("return root.querySelector('.player').innerText")
    assert "平面上的输出 L2.n0" in words
    assert "第 0 层" in page.run("return root.querySelector('.stage').textContent")
    assert not re.search(r"\b(layer|weight|output|loss|target|gradient|grad)\b", words)


@pytest.mark.parametrize("width", [400, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("sizes", [(8, 8, 1), (16, 16, 1)])
def test_nothing_is_wider_than_the_window(
    opened: Open, window: webdriver.Chrome, shoot: Shoot, width: int, scheme: str, sizes: tuple[int, ...]
) -> None:
    look(window, width, 900, prefers_color_scheme=scheme)
    page = opened(loss_of(network(sizes)))
    page.run("root.querySelector('.n.neuron').dispatchEvent(new MouseEvent('click', {bubbles: true}))")
    time.sleep(0.3)
    shoot(f"{width} {scheme} {sizes[0]}")
    assert window.execute_script("return document.documentElement.scrollWidth") <= width


def test_two_pages_stand_beside_each_other(window: webdriver.Chrome, tmp_path: Path) -> None:
    pages = [
        play(loss_of(network(sizes)))._repr_mimebundle_()["text/html"] for sizes in ((8, 8, 1), (9, 9, 1))
    ]
    path = tmp_path / "two.html"
    path.write_text(f"<!DOCTYPE html><meta charset=utf-8><body>{''.join(pages)}</body>", encoding="utf-8")
    window.get(path.as_uri())
    hosts = window.find_elements(By.CSS_SELECTOR, ".autograd-live")
    counts = [len(host.shadow_root.find_elements(By.CSS_SELECTOR, ".n.neuron")) for host in hosts]
    assert counts == [17, 19]


def test_a_curve_tells_of_the_steps_that_follow_one_another(opened: Open, shoot: Shoot) -> None:
    net = network((4, 1))
    points, targets = [(-1.0, -1.0), (1.0, -0.5), (0.25, 1.0)], [-1.0, 1.0, 0.5]
    page = opened(nn.mse([net(list(point)) for point in points], targets))
    curve = page.find(".curve")
    assert not curve.is_displayed()
    page.run("for (let i = 0; i < 1000; i++) root.querySelector('.step').click()")
    shoot("curve")
    losses = []
    for _ in range(1001):
        losses.append(expected(net, points, targets)["loss"])
        for parameter in net.parameters():
            parameter.data -= 0.1 * parameter.grad
    label = page.run("return root.querySelector('.curve svg').getAttribute('aria-label')")
    first, last = re.fullmatch(r"loss, 1000 steps: (\S+) → (\S+)", label).groups()  # type: ignore[union-attr]
    assert near(first, losses[0])
    assert near(last, losses[-1])
    assert len(page.run("return root.querySelector('.curve .line').getAttribute('d')").split("L")) < 410
    page.type("x0(1)", "0.5")
    page.find("button.step").click()
    assert "1 steps" in page.run("return root.querySelector('.curve svg').getAttribute('aria-label')")
    page.find("button.reset").click()
    assert not curve.is_displayed()
