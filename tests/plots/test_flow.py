"""Gradients are shown by layer and step, and named where they vanish or explode."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from trainings import QUICK, with_gradients

from autograd.plots import gradient_flow
from autograd.plots.flow import LIMIT, verdicts
from autograd.training import Dataset, Trainer, iris


def legend(axes: Any) -> list[str]:
    return [text.get_text() for text in axes.get_legend().get_texts()]


def test_the_gradient_flow_has_the_numbers_that_training_reported() -> None:
    result = Trainer(Dataset.of(iris()), replace(QUICK, hidden=(3, 2))).run()
    left, right = gradient_flow(result).figure.axes
    sizes = np.array([step.gradients for step in result.history])
    assert sizes.shape == (40, 3)
    for k, line in enumerate(left.lines):
        drawn = np.asarray(line.get_xydata())
        assert drawn[:, 0].tolist() == list(range(1, 41))
        assert drawn[1:-1, 1] == pytest.approx((sizes[:-2, k] + sizes[1:-1, k] + sizes[2:, k]) / 3)
    assert left.get_yscale() == "log"
    assert legend(left)[:3] == ["layer 1", "layer 2", "output layer"]
    assert "no layer vanishes (< 1/100 of the output layer's)" in left.texts[0].get_text()
    first, middle, last = (np.asarray(line.get_ydata()) for line in right.lines)
    assert first == pytest.approx(np.median(sizes[:4], axis=0))
    assert middle == pytest.approx(np.median(sizes[18:22], axis=0))
    assert last == pytest.approx(np.median(sizes[-4:], axis=0))


def test_vanishing_and_exploding_gradients_are_named_with_their_thresholds() -> None:
    left, _ = gradient_flow(with_gradients(*[(9e-4, 20.0, 0.1)] * 20)).figure.axes
    assert legend(left) == [
        "layer 1: vanishing",
        "layer 2: exploding",
        "output layer",
        "vanishing: < 1/100 of output",
        "exploding: > 100 × output",
    ]
    below, above = (band.get_paths()[0].get_extents() for band in left.collections)
    assert below.ymax == pytest.approx(0.1 / LIMIT)
    assert above.ymin == pytest.approx(0.1 * LIMIT)
    assert not left.texts


@pytest.mark.parametrize(
    ("sizes", "said"),
    [
        ((1.01e-3, 0.1), ["", ""]),
        ((0.99e-3, 0.1), ["vanishing", ""]),
        ((9.9, 0.1), ["", ""]),
        ((10.1, 0.1), ["exploding", ""]),
        ((0.0, 0.1), ["vanishing", ""]),
        ((0.0, 0.0), ["vanishing", "vanishing"]),  # no neuron is awake
        ((0.3,), [""]),
    ],
)
def test_a_gradient_vanishes_or_explodes_beyond_a_hundredth_and_a_hundred_times(
    sizes: tuple[float, ...], said: list[str]
) -> None:
    assert verdicts(with_gradients(sizes).history) == said


def test_a_tenth_of_the_steps_makes_a_verdict_and_steps_without_loss_do_not_count() -> None:
    good, bad = (0.1, 0.1), (1e-9, 0.1)
    assert verdicts(with_gradients(*[bad] * 2, *[good] * 18).history) == ["vanishing", ""]
    assert verdicts(with_gradients(*[bad] * 1, *[good] * 18).history) == ["", ""]
    learnt = [replace(step, loss=0.0) for step in with_gradients((0.0, 0.0)).history]
    assert verdicts(learnt) == ["", ""]


def test_gradients_of_zero_lie_on_the_lower_edge() -> None:
    left, _ = gradient_flow(with_gradients((0.0, 0.1), (0.0, 0.2), (0.0, 0.1))).figure.axes
    low, _ = left.get_ylim()
    assert low > 0
    assert np.asarray(left.lines[0].get_ydata()).tolist() == [low] * 3
