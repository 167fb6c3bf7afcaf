"""Measures against numbers published with scikit-learn's, and by hand."""

from __future__ import annotations

import math

import pytest

from autograd.training.metrics import confusion_matrix, r2, rmse


def test_measures_of_a_regression_are_those_of_scikit_learns_documentation() -> None:
    true, predicted = [3.0, -0.5, 2.0, 7.0], [2.5, 0.0, 2.0, 8.0]
    assert rmse(true, predicted) == pytest.approx(0.375**0.5, rel=1e-15)  # squared errors .25 .25 0 1
    assert r2(true, predicted) == pytest.approx(0.9486081370449679, rel=1e-15)  # r2_score's example


def test_perfect_predictions_and_the_mean_mark_the_scale() -> None:
    true = [1.0, 2.0, 6.0]
    assert (rmse(true, true), r2(true, true)) == (0.0, 1.0)
    assert r2(true, [3.0] * 3) == 0.0
    assert r2(true, [6.0, 2.0, 1.0]) == pytest.approx(1 - 50 / 14)  # worse than the mean is below 0


def test_r2_is_undefined_where_the_truth_does_not_vary() -> None:
    assert math.isnan(r2([0.1, 0.1, 0.1], [0.1, 0.2, 0.3]))
    assert math.isnan(r2([5.0], [5.0]))


def test_measures_do_not_overflow_on_large_numbers() -> None:
    assert rmse([3e200, 0.0], [0.0, 4e200]) == pytest.approx(5e200 / math.sqrt(2))
    assert r2([1e200, 2e200, 6e200], [3e200] * 3) == 0.0


def test_confusion_matrix_is_that_of_scikit_learns_documentation() -> None:
    assert confusion_matrix([2, 0, 2, 2, 0, 1], [0, 0, 2, 2, 0, 2], 3) == [[2, 0, 0], [0, 0, 1], [1, 0, 2]]


def test_confusion_matrix_has_a_row_for_classes_that_never_occur() -> None:
    assert confusion_matrix([0], [2], 3) == [[0, 0, 1], [0, 0, 0], [0, 0, 0]]
