"""Small trainings for the tests of plots, and what is seen in a plot."""

from __future__ import annotations

import io
import random
from dataclasses import replace
from functools import cache
from typing import Any

import matplotlib as mpl
import matplotlib.image

from autograd.plots import decision_boundary, gradient_flow, loss_curve
from autograd.training import Dataset, Result, Settings, Step, Trainer, iris, make_table

QUICK = Settings(hidden=(), steps=40, batch=20, lr=0.3)
PLOTS = (loss_curve, decision_boundary, gradient_flow)


@cache
def two_sides(regression: bool = False) -> Result:
    """Points left and right of 0: two classes with names that could be formulas, or the numbers x."""
    points = [[x, y] for x in (-3, -2, 2, 3) for y in range(5)]
    goal = [[x / 2 + 0.01] if regression else ["$left" if x < 0 else "right_{$"] for x, _ in points]
    rows = [[*point, *cells] for point, cells in zip(points, goal, strict=True)]
    table = make_table(["$x$", "y\\frac", "side$$"], rows)
    return Trainer(Dataset.of(table, task="regression" if regression else None), QUICK).run()


@cache
def iris_run() -> Result:
    return Trainer(Dataset.of(iris()), QUICK).run()


@cache
def flowers() -> Result:
    """Two features and two classes with Chinese names, divided at random."""
    rng = random.Random(0)
    rows = [[rng.random(), rng.random(), rng.choice(["红", "蓝"])] for _ in range(30)]
    return Trainer(Dataset.of(make_table(["花瓣长", "花瓣宽", "种类"], rows)), QUICK).run()


def with_gradients(*steps: tuple[float, ...]) -> Result:
    history = [Step(k + 1, 0.5, 0.5, None, sizes) for k, sizes in enumerate(steps)]
    return replace(iris_run(), history=history)


def texts(picture: Any) -> str:
    """Return all text in a picture."""
    found = picture.figure.findobj(mpl.text.Text)
    return "\n".join(text.get_text() for text in found if text.get_visible())


def pixels(png: bytes) -> Any:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    return matplotlib.image.imread(io.BytesIO(png))
