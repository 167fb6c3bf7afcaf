"""Plots look the same whatever the settings are, which they leave as they were."""

from __future__ import annotations

import sys
from dataclasses import replace
from itertools import pairwise
from typing import Any

import matplotlib as mpl
import matplotlib.image
import pytest
from trainings import PLOTS, iris_run, texts, two_sides

from autograd.plots import PlotError, decision_boundary
from autograd.plots.flow import layer_colors
from autograd.plots.style import COLORS, MARKS
from autograd.training import Step


@pytest.mark.parametrize("loss", [0.0, 0.1, 1e-300])
def test_a_training_in_which_nothing_changes_is_drawn(loss: float) -> None:
    history = [Step(k, loss, 1.0, loss, (loss, loss)) for k in range(1, 41)]
    for plot in PLOTS:  # warnings are errors
        plot(replace(iris_run(), history=history)).png()
        plot(replace(iris_run(), history=history[:1])).png()


def test_layers_and_classes_are_told_apart_in_grey() -> None:
    def lightness(color: Any) -> float:  # ITU-R BT.709
        r, g, b = mpl.colors.to_rgb(color)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    layers = [lightness(color) for color in layer_colors(6)]
    assert all(b > a + 0.05 for a, b in pairwise(layers))
    classes = sorted(lightness(color) for color in COLORS[:3])
    assert all(b > a + 0.1 for a, b in pairwise(classes))
    assert len(set(MARKS)) == len(COLORS)  # beyond three, the marks do it


def test_names_that_look_like_formulas_are_shown_as_they_are() -> None:
    shown = texts(decision_boundary(two_sides()))
    for name in ("$x$", "y\\frac", "$left", "right_{$", "side$$"):  # Matplotlib would refuse some as formulas
        assert name in shown
    assert decision_boundary(two_sides()).png().startswith(b"\x89PNG")


def test_matplotlib_is_left_as_it_was_and_its_settings_do_not_matter() -> None:
    def parameters() -> dict[str, Any]:
        return {key: dict.__getitem__(mpl.rcParams, key) for key in mpl.rcParams}  # does not choose a backend

    before = parameters()
    loaded = "matplotlib.pyplot" in sys.modules
    pictures = [plot(two_sides()).png() for plot in PLOTS]
    assert parameters() == before
    assert ("matplotlib.pyplot" in sys.modules) == loaded
    with mpl.rc_context({"font.size": 30, "axes.facecolor": "black", "lines.linestyle": ":"}):
        assert [plot(two_sides()).png() for plot in PLOTS] == pictures


def test_without_matplotlib_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.backends.backend_agg", None)
    for plot in PLOTS:
        with pytest.raises(PlotError, match=r'Matplotlib: pip install "scalar-autograd\[plot\]"'):
            plot(two_sides())
