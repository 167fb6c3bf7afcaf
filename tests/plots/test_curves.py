"""The curve of the loss has the numbers that training reported."""

from __future__ import annotations

import numpy as np
import pytest
from trainings import iris_run

from autograd.plots import loss_curve


def test_the_loss_curve_has_the_numbers_that_training_reported() -> None:
    history = iris_run().history
    (axes,) = loss_curve(iris_run()).figure.axes
    raw, smooth, test = (np.asarray(line.get_xydata()) for line in axes.lines)
    assert raw.tolist() == [[step.step, step.loss] for step in history]
    losses = np.array([step.loss for step in history])  # 40 steps: the mean of three neighbours
    assert smooth[1:-1, 1] == pytest.approx((losses[:-2] + losses[1:-1] + losses[2:]) / 3)
    assert smooth[[0, -1], 1] == pytest.approx([losses[:2].mean(), losses[-2:].mean()])
    assert test.tolist() == [[step.step, step.test_loss] for step in history if step.test_loss is not None]
    assert len(test) == 40
    assert axes.get_ylabel() == "cross-entropy"


def test_the_lines_of_the_loss_differ_in_more_than_colour() -> None:
    (axes,) = loss_curve(iris_run()).figure.axes
    looks = {(line.get_linewidth(), line.get_linestyle()) for line in axes.lines}
    assert len(looks) == 3
