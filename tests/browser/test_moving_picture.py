"""Pictures that move: at each time the numbers that are to be seen are those of the walk till then."""

from __future__ import annotations

from pathlib import Path

from selenium import webdriver

from autograd import Value, walk
from autograd.steps.moving_picture import SECONDS
from autograd.steps.player_picture import number_text
from autograd.steps.sequence import Steps

from .headless import Shoot, look

SEEN = """
for (const animation of document.getAnimations()) { animation.pause(); animation.currentTime = arguments[0] }
const seen = kind => [...document.querySelectorAll(kind)].filter(x => getComputedStyle(x).opacity == 1)
const numbers = kind => Object.fromEntries(seen(`.n > ${kind}`).map(x => [x.parentNode.id, x.textContent]))
return [numbers(".d"), numbers(".g"), seen(".caption").map(x => x.textContent)]
"""


def loss() -> Value:
    x, w, b = Value(2.0, label="x"), Value(-0.75, label="w"), Value(1.0, label="b")
    y = ((x * w + b).tanh() - x) ** 2
    y.label = "L"
    return y


def seen_of(steps: Steps, until: int) -> tuple[dict[str, str], dict[str, str]]:
    """Return the data and the gradients that are known after some steps of a walk."""
    data, gradients = {}, {}
    for step in steps[: until + 1]:
        if step.phase == "forward":
            data[f"v{step.node}"] = number_text(step.data)
        elif step.after is not None:
            gradients[f"v{step.target}"] = number_text(step.after)
    return data, gradients


def test_at_each_time_the_numbers_are_those_of_the_walk_till_then(
    browser: webdriver.Chrome, tmp_path: Path, shoot: Shoot
) -> None:
    steps = walk(loss())
    leaves = {f"v{i}": number_text(x.data) for i, x in enumerate(steps[: steps.forward]) if not x.operation}
    look(browser, 1280, 500)
    browser.get(f"file://{steps.save(tmp_path / 'moving.svg')}")
    times = [-1, *[i for i, x in enumerate(steps) if x.phase == "backward" or x.operation]]
    for frame, until in enumerate(times):
        data, gradients, captions = browser.execute_script(SEEN, 1000 * SECONDS * (frame + 0.5))
        wanted_data, wanted_gradients = seen_of(steps, until)
        assert data == leaves | wanted_data
        assert gradients == wanted_gradients
        assert len(captions) == 1
        if frame == len(times) // 2:
            shoot("half-way")
    assert len(gradients) == steps.forward


def test_who_asks_for_less_motion_sees_the_finished_graph(browser: webdriver.Chrome, tmp_path: Path) -> None:
    steps = walk(loss())
    look(browser, 1280, 500, prefers_reduced_motion="reduce")
    browser.get(f"file://{steps.save(tmp_path / 'still.svg')}")
    data, gradients, captions = browser.execute_script(SEEN, 0)
    assert (data, gradients) == seen_of(steps, len(steps))
    assert len(captions) == 1
