"""The images that are named wrongly are shown with the probabilities of the classes."""

from __future__ import annotations

import random
from functools import cache

import numpy as np
import pytest
from trainings import iris_run, texts

from autograd.plots import image_size, wrong_images
from autograd.training import Dataset, Result, Settings, Trainer, make_table

NAMES = [f"pixel_{row}_{column}" for row in range(4) for column in range(5)]


@cache
def squares(noise: float = 1.0, test_fraction: float = 0.25) -> Result:
    """Images with a bright left or right half, under more or less noise."""
    rng = random.Random(0)
    rows = []
    for _ in range(80):
        side = rng.choice(["left", "right"])
        image = [
            10 * ((column < 2) == (side == "left")) + noise * rng.gauss(0, 20)
            for _ in range(4)
            for column in range(5)
        ]
        rows.append([*image, side])
    settings = Settings(hidden=(), steps=60, batch=16, lr=0.1, test_fraction=test_fraction)
    return Trainer(Dataset.of(make_table([*NAMES, "half"], rows)), settings).run()


def mistakes(result: Result) -> list[tuple[float, int]]:
    """The images that the model names wrongly, one by one, with the probability of the truth."""
    found = []
    for i in result.test_rows or result.train_rows:
        told = result.model.predict(result.data.inputs[i])
        true = int(result.data.targets[i])
        share = told.probabilities[true]
        if share < max(told.probabilities):
            found.append((share, i))
    return sorted(found)


def test_what_is_an_image() -> None:
    assert image_size(NAMES) == (4, 5)
    for names in (NAMES[:-1], NAMES[::-1], [*NAMES, "weight"], ["a", "b"], [], NAMES[:2], ["pixel_9_9"]):
        assert image_size(names) is None


@pytest.mark.parametrize("test_fraction", [0.25, 0.0])
def test_the_images_that_are_named_wrongly_are_shown_the_worst_first(test_fraction: float) -> None:
    result = squares(test_fraction=test_fraction)
    wrong = mistakes(result)
    assert wrong
    plot = wrong_images(result)
    shown = [axes.images[0].get_array() for axes in plot.figure.axes if axes.images]
    assert len(shown) == min(16, len(wrong))
    for image, (_, i) in zip(shown, wrong, strict=False):
        assert np.asarray(image).ravel().tolist() == list(result.data.inputs[i])
    text = texts(plot)
    kept = f"{len(result.test_rows)} test images" if test_fraction else f"{len(result.train_rows)} images"
    assert f"{len(wrong)} of {kept} are named wrongly" in text
    true = result.model.classes[int(result.data.targets[wrong[0][1]])]
    other = {"left": "right", "right": "left"}[true]
    assert f"{true}, named {other}" in text
    assert f"{wrong[0][0]:.0%}" in text
    assert f"{1 - wrong[0][0]:.0%}" in text
    assert plot.png().startswith(b"\x89PNG")


def test_where_none_is_named_wrongly_the_least_certain_are_shown() -> None:
    result = squares(0.01)
    assert mistakes(result) == []
    plot = wrong_images(result)
    assert "None of the 20 test images is named wrongly; the least certain ones" in texts(plot)
    assert sum(bool(axes.images) for axes in plot.figure.axes) == 16


def test_what_is_no_image_is_refused() -> None:
    with pytest.raises(ValueError, match="there are no images with classes"):
        wrong_images(iris_run())
