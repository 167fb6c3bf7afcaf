"""The README's picture of the player is what the player looks like.

`pytest tests/browser/test_readme_in_browser.py --update` takes it anew.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from selenium import webdriver

from autograd import Value, math, walk

from .headless import Player, look

STORED = Path(__file__).parents[2] / "notebooks" / "pictures" / "player.png"
STEP = 15  # on the way back: gradients on the right, none yet on the left


def neuron() -> Value:
    """Return the neuron of the README's first picture."""
    x1, x2 = Value(2.0, label="x1"), Value(0.0, label="x2")
    w1, w2 = Value(-3.0, label="w1"), Value(1.0, label="w2")
    total = x1 * w1 + x2 * w2 + Value(6.8813735870195432, label="b")
    total.label = "n"
    out: Value = math.tanh(total)
    out.label = "o"
    return out


def blurred(png: bytes) -> list[int]:
    """Return the picture in 48 by 30 shades of grey, in which fonts make little difference."""
    pixels: Any = Image.open(io.BytesIO(png)).convert("L").resize((48, 30), Image.Resampling.BOX)
    return list(pixels.tobytes())


def test_the_picture_of_the_player_is_up_to_date(
    window: webdriver.Chrome, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    page = tmp_path / "steps.html"
    walk(neuron()).save(page)
    look(window, 1100, 720, prefers_reduced_motion="reduce")
    window.get(page.as_uri())
    player = Player(window)
    player.go(STEP)
    taken = player.host.screenshot_as_png
    if request.config.getoption("--update"):
        STORED.write_bytes(taken)
    stored = STORED.read_bytes()
    assert Image.open(io.BytesIO(stored)).width == Image.open(io.BytesIO(taken)).width
    differences = [abs(a - b) for a, b in zip(blurred(stored), blurred(taken), strict=True)]
    assert sum(differences) / len(differences) < 3
