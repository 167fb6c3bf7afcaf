"""What a model predicts all over the plane of two of its features, or along the line of its only one.

A model of more features is looked at through a window: the plane of the two features that tell most, with
the others at their mean. How much a feature tells is what the derivatives say it does to the prediction.
"""

from __future__ import annotations

import math as floats
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from .. import math
from ..derivatives import gradients
from ..engine import Value
from ..training import Model, Result
from ..training.on_floats import as_list, layers_of
from .style import COLORS

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[Any]]

ROWS = 200  # on so many rows it is measured how much a feature tells
LEVELS = 8  # a regression is shown with lines of the same prediction, which divide its range so often
_MARGIN = 0.08
_CROWD = 3  # rows on a point, on average
_SPREAD = 0.7
_PALE = 0.42


def telling_features(result: Result) -> list[int]:
    """Return the places of the model's features, those first that its predictions depend on most.

    It is measured by the mean over (at most 200) rows learnt from of |ds/dx|, x being the feature in
    standard deviations, and s the standardised prediction, or the log-odds of the class predicted.
    """
    model = result.model
    totals = [0.0] * len(model.features)
    for i in result.train_rows[:ROWS]:
        row = [Value(x) for x in model.inputs.apply(result.data.inputs[i])]
        outputs = as_list(model.network(row))
        said = outputs[0]
        if model.classes:
            best = max(range(len(outputs)), key=lambda k: outputs[k].data)
            said = outputs[best] - math.logsumexp(outputs[:best] + outputs[best + 1 :])
        for j, derivative in enumerate(gradients(said, row)):
            totals[j] += abs(derivative)
    return sorted(range(len(totals)), key=lambda j: -totals[j])


class Plane:
    """The part of the plane that a table's rows fill, as a grid of points to predict.

    Args:
        result: the trained model and its data.
        points: how many points there are along each side.

    Attributes:
        shown: the places of the features on the axes: one, or two in the order of the table.
        limits: the ends of the first axis, and those of the second one.
        range: for a regression the smallest and the largest number in the table.
        spread: by how much rows are moved apart at most where they are drawn: not at all, unless many of them
            lie on the same few points, which are whole numbers.
    """

    def __init__(self, result: Result, points: int = 100) -> None:
        import numpy as np

        model = self.model = result.model
        self.shown = sorted(telling_features(result)[:2]) if len(model.features) > 2 else [*range(2)]
        self.shown = self.shown[: len(model.features)]
        columns = [[row[j] for row in result.data.inputs] for j in self.shown]
        self.range = (min(result.data.targets), max(result.data.targets))
        self.limits = [_limits(column) for column in columns]
        whole = all(x.is_integer() for column in columns for x in column)
        crowded = _CROWD * len(set(zip(*columns, strict=True))) < len(columns[0])
        self.spread = _SPREAD if len(columns) == 2 and whole and crowded else 0.0
        if len(self.shown) == 1:
            low, high = self.range
            rug = -0.07 * (len(model.classes) + 1)  # a line for the rows of each class
            self.limits.append((rug, 1.2) if model.classes else _limits((low, high)))
        steps = (np.arange(points) + 0.5) / points
        axes = [low + (high - low) * steps for low, high in self.limits[: len(self.shown)]]
        self.xs, self.ys = axes[0], axes[1] if len(axes) > 1 else np.zeros(1)
        self._rows = np.zeros((len(self.ys), len(self.xs), len(model.features)))
        for j, numbers in zip(self.shown, np.meshgrid(self.xs, self.ys), strict=False):
            self._rows[:, :, j] = (numbers - model.inputs.means[j]) / model.inputs.deviations[j]

    def predict(self) -> Array:
        """Return what the model, as it is now, predicts at each point.

        Returns:
            an array of as many rows as the second axis has points and columns as the first has, for a
            classification with the probabilities of the classes along a third axis.
        """
        return predict_rows(self.model, self._rows)

    def image(self, predicted: Array) -> Array:
        """Return the colour of each point, as red, green and blue from 0 to 255, the lowest row first.

        For a classification it is a mixture of the classes' colours by their probabilities; for a
        regression the colour map "cividis" over the range of the targets.
        """
        import numpy as np

        if self.model.classes:
            colors = np.array([rgb(COLORS[k % len(COLORS)]) for k in range(len(self.model.classes))])
            return np.asarray(np.round(255 * (1 - _PALE * (1 - predicted @ colors))), dtype=np.uint8)
        import matplotlib as mpl

        low, high = self.range
        shares = np.clip((predicted - low) / (high - low), 0, 1)
        return np.asarray(mpl.colormaps["cividis"](shares, bytes=True))[:, :, :3]

    def lines(self, predicted: Array) -> list[list[Array]]:
        """Return the lines to draw, each as points (x, y): for each of their colours a list of lines.

        In the plane there is one colour, of the lines where the predicted class changes, or on which the
        same number is predicted. Over a single feature there is a curve for the probability of each class,
        or one for the number.
        """
        import numpy as np
        from contourpy import contour_generator

        if len(self.ys) == 1:
            curves = predicted[0].T if self.model.classes else predicted
            return [[np.column_stack([self.xs, curve])] for curve in curves]
        lines: list[Any] = []
        if self.model.classes:
            several = range(1 if len(self.model.classes) == 2 else len(self.model.classes))
            for k in several:
                margins = predicted[:, :, k] - np.delete(predicted, k, axis=2).max(axis=2)
                lines.extend(contour_generator(self.xs, self.ys, margins).lines(0.0))
        else:
            low, high = self.range
            generator = contour_generator(self.xs, self.ys, predicted)
            for k in range(1, LEVELS):
                lines.extend(generator.lines(low + (high - low) * k / LEVELS))
        return [lines]


def predict_rows(model: Model, rows: Any) -> Array:
    """Return the predictions for standardised rows, all at once: probabilities, or numbers in their unit."""
    import numpy as np

    # By matrices, for a film has many points: sums are rounded otherwise than `outputs_of` and Values do.
    rows = np.asarray(rows, dtype=float)
    for neurons, function in layers_of(model.network):
        weights, biases = zip(*neurons, strict=True)
        rows = rows @ np.array(weights).T + np.array(biases)
        if function is not None:
            rows = np.reshape([function(x) for x in rows.ravel().tolist()], rows.shape)
    if model.outputs is not None:
        return np.asarray(rows[..., 0] * model.outputs.deviations[0] + model.outputs.means[0])
    shares = np.exp(rows - rows.max(axis=-1, keepdims=True))
    return np.asarray(shares / shares.sum(axis=-1, keepdims=True))


def rgb(color: str) -> tuple[float, ...]:
    """Return a colour such as #0072b2 as red, green and blue from 0 to 1.

    >>> rgb("#ff0033")
    (1.0, 0.0, 0.2)
    """
    return tuple(channel / 255 for channel in bytes.fromhex(color[1:]))


def _limits(column: Sequence[float]) -> tuple[float, float]:
    low, high = min(column), max(column)
    margin = _MARGIN * (high - low) or 1.0
    if not floats.isfinite(margin):
        margin = 0.0
    return low - margin, high + margin
