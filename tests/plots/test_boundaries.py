"""The plane is coloured by what is predicted, and the rows lie where the table says."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from trainings import QUICK, flowers, pixels, texts, two_sides

from autograd.plots import decision_boundary
from autograd.plots.boundaries import positions
from autograd.plots.plane import Plane
from autograd.training import Dataset, Result, Trainer, make_table


@pytest.mark.parametrize("regression", [False, True])
def test_the_plane_is_coloured_by_what_is_predicted(regression: bool) -> None:
    picture = pixels(decision_boundary(two_sides(regression)).png())
    height, width, _ = picture.shape
    left = picture[height // 2, int(0.12 * width)]
    right = picture[height // 2, int(0.80 * width if regression else 0.97 * width)]
    if regression:  # cividis: dark blue for small numbers, yellow for large ones
        assert left[:3].max() < 0.6
        assert right[0] > right[2] + 0.2
        assert right[1] > 0.6
    else:  # the classes' colours: blue and orange
        assert left[2] > left[0] + 0.1
        assert right[0] > right[2] + 0.1


def test_on_the_boundary_both_classes_are_as_probable() -> None:
    result = two_sides()
    (axes,) = decision_boundary(result).figure.axes
    boundary = np.asarray(axes.lines[0].get_xydata())
    assert len(boundary) > 10
    for x, y in boundary:
        assert result.model.predict([x, y]).probabilities[0] == pytest.approx(0.5, abs=0.01)


def test_rows_lie_where_the_table_says_and_those_predicted_wrongly_are_crossed_out() -> None:
    result = flowers()
    (axes,) = decision_boundary(result).figure.axes
    drawn = [tuple(point) for rows in axes.collections for point in np.asarray(rows.get_offsets())]
    assert sorted(drawn) == sorted(result.data.inputs)
    wrong = [
        row
        for row, true in zip(result.data.inputs, result.data.targets, strict=True)
        if result.model.predict(row).value != result.data.classes[int(true)]
    ]
    crosses = [tuple(point) for point in np.asarray(axes.lines[-1].get_xydata())]
    assert wrong
    assert sorted(crosses) == sorted(wrong)


def crowd(step: float) -> Result:
    """Ten classes, 400 rows, on the points of a grid of 10 by 10."""
    points = [(step * (i % 10), step * (i // 10 % 10), i % 10) for i in range(400)]
    return Trainer(Dataset.of(make_table(["x", "y", "digit"], points)), QUICK).run()


def test_rows_of_whole_numbers_are_spread_out_where_many_lie_on_a_point() -> None:
    result = crowd(step=1.0)
    plane = Plane(result, points=5)
    rows = [*range(400)]
    places = list(zip(*positions(result, plane, rows), strict=True))
    true = [result.data.inputs[i] for i in rows]
    shifts = [
        to - x for row, place in zip(true, places, strict=True) for x, to in zip(row, place, strict=True)
    ]
    assert len(set(places)) == 400
    assert 0.25 < max(map(abs, shifts)) <= 0.35  # to no other whole number
    assert list(zip(*positions(result, plane, [7]), strict=True)) == places[7:8]
    assert "whole numbers are spread out" in texts(decision_boundary(result))


def test_rows_stay_where_they_are_if_they_are_no_whole_numbers_or_few_lie_on_a_point() -> None:
    whole_but_few = Trainer(
        Dataset.of(make_table(["x", "y", "kind"], [(i // 7, i % 7, "ab"[i % 2]) for i in range(49)])), QUICK
    ).run()
    for result in (crowd(step=0.5), whole_but_few):
        rows = result.train_rows
        x, y = positions(result, Plane(result, points=5), rows)
        assert [*zip(x, y, strict=True)] == [result.data.inputs[i] for i in rows]
        assert "whole numbers are spread out" not in texts(decision_boundary(result))


def test_ten_classes_have_ten_looks_and_a_legend_beside_the_plane() -> None:
    picture = decision_boundary(crowd(step=1.0))
    axes = picture.figure.axes[0]
    legend: Any = axes.get_legend()
    looks = {
        (tuple(handle.get_facecolor()[0]), handle.get_paths()[0].vertices.tobytes())
        for handle in legend.legend_handles
    }
    assert len(looks) == 10
    picture.png()  # which lays everything out
    assert legend.get_window_extent().x0 >= axes.get_window_extent().x1


@pytest.mark.parametrize("task", ["classification", "regression"])
def test_of_a_single_feature_the_curve_of_the_prediction_is_drawn(task: str) -> None:
    data = Dataset.of(make_table(["x", "y"], [[x / 9, int(x > 4)] for x in range(12)]), task=task)
    result = Trainer(data, QUICK).run()
    (axes,) = decision_boundary(result).figure.axes
    curves = [np.asarray(line.get_xydata()) for line in axes.lines[:-1]]
    assert len(curves) == (2 if task == "classification" else 1)
    for k, curve in enumerate(curves):
        for x, y in curve[::10]:
            said = result.model.predict([x])
            assert y == pytest.approx(said.probabilities[k] if data.classes else said.value)
