"""What a network makes of the plane: the colours and lines of what it predicts, and the rows it learnt from.

`decision_boundary` is the picture of a training; the functions that draw into given axes serve the film of
the same training too.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..training import Result
from ..training.metrics import rmse
from .plane import Plane, predict_rows
from .plot import Plot
from .style import COLORS, INK, MARKS, new_figure, plotting_style
from .words import Words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_CROWD = 500  # rows of which the marks are smaller
_MOST_IN_LEGEND = 8  # classes; the legend of more stands beside the picture, and not over it
# Multiples of 1/r and 1/r**2, without their whole parts, fill a square evenly if r**3 = r + 1 (M. Roberts,
# "The unreasonable effectiveness of quasirandom sequences", 2018).
_STRIDES = (0.7548776662466927, 0.5698402909980532)


def decision_boundary(result: Result, lang: str = "en") -> Plot:
    """Draw what a model predicts, all over the plane of two features, with the rows.

    For a classification the colour is a mixture of the classes' colours by their probabilities, and black
    lines are where the predicted class changes; for a regression it is the predicted number, with lines of
    the same number. Rows predicted wrongly are crossed out. Of more than two features the two that tell most
    are shown (see `plane.telling_features`), at the mean of the others; of a single one the curve of what is
    predicted.

    Args:
        result: a training.
        lang: "en", or "zh" for Chinese, where a font has its characters.

    Raises:
        PlotError: Matplotlib is not installed.
    """
    words = Words(lang)
    plane = Plane(result)
    predicted = plane.predict()
    with plotting_style(words):
        figure = new_figure(6.4, 5.4)
        axes = figure.add_subplot()
        if len(plane.shown) > 1:
            draw_image(axes, plane, predicted)
        for color, lines in zip(line_colors(plane), plane.lines(predicted), strict=True):
            for points in lines:
                axes.plot(points[:, 0], points[:, 1], color=color, linewidth=line_width(plane))
        rows = [*result.train_rows, *result.test_rows]
        draw_rows(axes, result, plane, rows, words)
        x, y = positions(result, plane, wrong_rows(result, rows))
        axes.plot(x, y, **CROSS)
        draw_frame(axes, result, plane, words)
    return Plot(figure, words)


CROSS: dict[str, Any] = {
    "color": INK, "linestyle": "none", "marker": "x", "markersize": 8, "markeredgewidth": 1.6, "zorder": 4
}  # fmt: skip
"""How rows that are predicted wrongly are crossed out."""


def draw_image(axes: Axes, plane: Plane, predicted: Any) -> Any:
    """Draw the colours of the plane into axes, and return the image."""
    extent = (*plane.limits[0], *plane.limits[1])
    axes.grid(False)
    image = plane.image(predicted)
    return axes.imshow(
        image, extent=extent, origin="lower", aspect="auto", interpolation="bilinear", zorder=0
    )


def line_colors(plane: Plane) -> list[str]:
    """Return the colour of each of the lists of lines that a plane has."""
    if len(plane.shown) > 1:
        return [INK]
    return [COLORS[k % len(COLORS)] for k in range(max(1, len(plane.model.classes)))]


def line_width(plane: Plane) -> float:
    """Return how wide they are: boundaries, lines of the same number, or curves."""
    return 2.2 if len(plane.shown) == 1 else 1.2 if plane.model.classes else 0.5


def draw_rows(axes: Axes, result: Result, plane: Plane, rows: Sequence[int], words: Words) -> None:
    """Draw rows into axes, each class with its colour and mark, those of the test with a black rim."""
    test = set(result.test_rows)
    area = 34 * min(1.0, max(0.35, _CROWD / len(rows)))
    for k, name in enumerate(result.model.classes or [""]):
        for tested in (False, True):
            chosen = [i for i in rows if (i in test) == tested]
            if result.model.classes:
                chosen = [i for i in chosen if result.data.targets[i] == k]
            x, y = positions(result, plane, chosen)
            look: dict[str, Any] = {"color": COLORS[k % len(COLORS)], "marker": MARKS[k % len(MARKS)]}
            if not result.model.classes and len(plane.shown) > 1:
                look = {"c": [result.data.targets[i] for i in chosen], "cmap": "cividis"}
                look |= {"vmin": plane.range[0], "vmax": plane.range[1]}
            label = words.name(name, words("class {number}", number=k + 1)) if name and not tested else None
            edge, width = (INK, 1.2) if tested else ("white", 0.7)
            axes.scatter(
                x,
                y,
                **look,
                edgecolors=edge,
                linewidths=width * math.sqrt(area / 34),
                s=area,
                label=label,
                zorder=3,
            )


def positions(result: Result, plane: Plane, rows: Sequence[int]) -> tuple[list[float], list[float]]:
    """Return where rows lie, those of a class over a single feature in a line of their own."""
    inputs = [result.data.inputs[i] for i in rows]
    x = [row[plane.shown[0]] for row in inputs]
    if len(plane.shown) > 1:
        y = [row[plane.shown[1]] for row in inputs]
        if plane.spread:
            for k, i in enumerate(rows):  # evenly over a square, each row always in the same place
                x[k] += plane.spread * ((i * _STRIDES[0]) % 1 - 0.5)
                y[k] += plane.spread * ((i * _STRIDES[1]) % 1 - 0.5)
        return x, y
    targets = [result.data.targets[i] for i in rows]
    return x, [-0.07 * (y + 1) for y in targets] if result.model.classes else targets


def wrong_rows(result: Result, rows: Sequence[int]) -> list[int]:
    """Return those of the rows whose class the model, as it is now, predicts wrongly, in a classification."""
    if not result.model.classes:
        return []
    said = predictions(result, rows).argmax(axis=1)
    return [i for i, k in zip(rows, said, strict=True) if k != result.data.targets[i]]


def draw_frame(axes: Axes, result: Result, plane: Plane, words: Words) -> None:
    """Draw what stands around the plane: names, limits, the legend or the scale of numbers."""
    model = result.model
    target = words.name(model.target, words("target"))
    names = [words.name(model.features[j], words("feature {number}", number=j + 1)) for j in plane.shown]
    if len(plane.shown) == 1:
        names.append(words("probability") if model.classes else target)
    axes.set_xlim(*plane.limits[0])
    axes.set_ylim(*plane.limits[1])
    axes.set_xlabel(names[0])
    axes.set_ylabel(names[1])
    notes = [words("black rims: test rows")] * bool(result.test_rows)
    notes += [words("×: predicted wrongly")] * bool(model.classes)
    notes += [words("whole numbers are spread out")] * bool(plane.spread)
    lines = [" · ".join(notes)]
    if others := len(model.features) - len(plane.shown):
        which = f"other {'one at its' if others == 1 else '{count} at their'} mean"
        lines.insert(0, words(f"the two features that tell most; the {which}", count=others))
    axes.set_title("\n".join(filter(None, lines)), fontsize=8.5, fontweight="normal", color=INK)
    title = words("{target}, as predicted", target=target)
    axes.annotate(
        title, (0, 1), xytext=(0, 10 + 12 * len(lines)), xycoords="axes fraction",
        textcoords="offset points", fontsize=11, fontweight="bold", color=INK, annotation_clip=False,
    )  # fmt: skip
    if len(model.classes) > _MOST_IN_LEGEND and len(plane.shown) > 1:
        axes.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0))
    elif model.classes and len(plane.shown) > 1:
        axes.legend()
    elif model.classes:
        axes.legend(loc="upper left", ncols=min(4, len(model.classes)))
    elif len(plane.shown) > 1:
        from matplotlib.cm import ScalarMappable
        from matplotlib.colors import Normalize

        figure = axes.figure
        assert figure is not None
        figure.colorbar(ScalarMappable(Normalize(*plane.range), "cividis"), ax=axes, label=target, pad=0.02)


def error_of(result: Result, rows: Sequence[int]) -> float:
    """Return the root mean squared error of what the model, as it is now, predicts for rows."""
    return rmse([result.data.targets[i] for i in rows], predictions(result, rows).tolist())


def predictions(result: Result, rows: Sequence[int]) -> Any:
    """Return what the model, as it is now, predicts for rows: probabilities, or numbers in their unit."""
    return predict_rows(result.model, [result.model.inputs.apply(result.data.inputs[i]) for i in rows])
