"""The plane of the two features that tell most is predicted as one by one."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from trainings import QUICK, texts, two_sides

from autograd.nn import ACTIVATIONS
from autograd.plots import decision_boundary
from autograd.plots.plane import Plane, predict_rows, telling_features
from autograd.training import Dataset, Settings, Trainer, make_table


def test_of_more_than_two_features_those_are_shown_on_which_the_prediction_depends() -> None:
    rng = random.Random(1)
    rows = [[rng.uniform(-1, 1) for _ in range(4)] for _ in range(60)]
    table = make_table(["a", "b", "c", "d", "goal"], [[*x, 3 * x[1] - 2 * x[3] + 0.1 * x[0]] for x in rows])
    result = Trainer(Dataset.of(table), replace(QUICK, steps=150)).run()
    assert telling_features(result)[:2] == [1, 3]
    picture = decision_boundary(result)
    axes = picture.figure.axes[0]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("b", "d")
    assert "the two features that tell most; the other 2 at their mean" in texts(picture)
    plane = Plane(result, points=5)
    means = [sum(x[j] for x in (rows[i] for i in result.train_rows)) / len(result.train_rows) for j in (0, 2)]
    expected = result.model.predict([means[0], float(plane.xs[4]), means[1], float(plane.ys[0])]).value
    assert plane.predict()[0, 4] == pytest.approx(expected)


def test_a_linear_model_tells_by_its_standardised_weights() -> None:
    result = two_sides(regression=True)
    weights = [abs(w.data) for w in result.model.network.layers[0].neurons[0].w]
    assert telling_features(result) == sorted(range(2), key=lambda j: -weights[j])


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("task", ["classification", "regression"])
def test_all_points_at_once_are_predicted_as_one_by_one(activation: str, task: str) -> None:
    rows = [[x, y, (x * y) % 3] for x in range(4) for y in range(4)]
    data = Dataset.of(make_table(["x", "y", "z"], rows), task=task)
    model = Trainer(data, Settings(hidden=(3, 2), activation=activation)).result.model
    together = predict_rows(model, [model.inputs.apply(row) for row in data.inputs])
    for row, numbers in zip(data.inputs, together, strict=True):
        said = model.predict(row)
        assert numbers == pytest.approx(said.probabilities if data.classes else said.value, rel=1e-12)
