"""Pictures show what was learnt, and leave Matplotlib as they found it."""

from __future__ import annotations

import io
import sys
from functools import cache
from typing import Any

import matplotlib as mpl
import matplotlib.image
import pytest

from autograd.dataset import Dataset
from autograd.plots import PlotError, decision_boundary, loss_curve
from autograd.tables import iris, make_table
from autograd.training import Result, Settings, Trainer

QUICK = Settings(hidden=(), steps=40, batch=20, lr=0.3)


@cache
def two_sides(regression: bool = False) -> Result:
    """Points left and right of 0: two classes with names that could be formulas, or the numbers x."""
    points = [[x, y] for x in (-3, -2, 2, 3) for y in range(5)]
    goal = [[x / 2 + 0.01] if regression else ["$left" if x < 0 else "right_{$花"] for x, _ in points]
    rows = [[*point, *cells] for point, cells in zip(points, goal, strict=True)]
    table = make_table(["$x$", "y\\frac", "side$$"], rows)
    return Trainer(Dataset.of(table, task="regression" if regression else None), QUICK).run()


@cache
def iris_run() -> Result:
    return Trainer(Dataset.of(iris()), QUICK).run()


def pixels(png: bytes) -> Any:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    return matplotlib.image.imread(io.BytesIO(png))


@pytest.mark.parametrize("regression", [False, True])
def test_the_plane_is_coloured_by_what_is_predicted(regression: bool) -> None:
    picture = pixels(decision_boundary(two_sides(regression)))
    height, width, _ = picture.shape
    left = picture[height // 2, int(0.12 * width)]
    right = picture[height // 2, int(0.80 * width if regression else 0.97 * width)]
    if regression:  # viridis: dark violet for small numbers, yellow for large ones
        assert left[:3].max() < 0.6
        assert right[0] > 0.6
        assert right[1] > 0.6
    else:  # the classes' colours: blue and red
        assert left[2] > left[0] + 0.1
        assert right[0] > right[2] + 0.1


def test_a_plane_needs_two_features() -> None:
    with pytest.raises(ValueError, match="the plane has two dimensions, but the model 4 features"):
        decision_boundary(iris_run())


def test_the_loss_curve_is_drawn_in_the_colours_of_its_lines() -> None:
    picture = pixels(loss_curve(iris_run()))[:, :, :3]
    for color in ((0x25, 0x63, 0xEB), (0xDC, 0x26, 0x26)):  # minibatches, test rows
        distance = abs(picture * 255 - color).sum(axis=2)
        assert (distance < 12).sum() > 200


def test_names_that_look_like_formulas_are_shown_as_they_are() -> None:
    assert loss_curve(two_sides()).startswith(b"\x89PNG")  # Matplotlib would refuse "side$$" as a formula


def test_matplotlib_is_left_as_it_was() -> None:
    def parameters() -> dict[str, Any]:
        return {key: dict.__getitem__(mpl.rcParams, key) for key in mpl.rcParams}  # does not choose a backend

    before = parameters()
    loaded = "matplotlib.pyplot" in sys.modules
    decision_boundary(two_sides())
    loss_curve(two_sides())
    assert parameters() == before
    assert ("matplotlib.pyplot" in sys.modules) == loaded


def test_the_same_run_gives_the_same_picture() -> None:
    assert loss_curve(iris_run()) == loss_curve(iris_run())
    assert decision_boundary(two_sides()) == decision_boundary(two_sides())


def test_without_matplotlib_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.backends.backend_agg", None)
    for draw in (loss_curve, decision_boundary):
        with pytest.raises(PlotError, match=r'Matplotlib: pip install "scalar-autograd\[train\]"'):
            draw(two_sides())
