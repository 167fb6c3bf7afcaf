"""Pictures of a training run: the loss as it fell, what the network makes of the plane, and its gradients.

Each picture is a function of the `Result` of a training; the functions that draw into given axes serve
the film of the same training too.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import median
from typing import TYPE_CHECKING, Any

from ..training import Result, Step
from ..training.metrics import rmse
from .plane import Plane, predict_rows
from .style import COLORS, DASHES, INK, MARKS, MUTED, Picture, PlotError, Words, new_figure, plotting_style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["LIMIT", "PlotError", "decision_boundary", "gradient_flow", "loss_curve", "verdicts"]

LIMIT = 100
"""A gradient vanishes below 1/100 of the output layer's, and explodes above 100 times it."""

_CROWD = 500  # rows of which the marks are smaller
_MOST_IN_LEGEND = 8  # classes; the legend of more stands beside the picture, and not over it
# Multiples of 1/r and 1/r**2, without their whole parts, fill a square evenly if r**3 = r + 1 (M. Roberts,
# "The unreasonable effectiveness of quasirandom sequences", 2018).
_STRIDES = (0.7548776662466927, 0.5698402909980532)
_SMALLEST = 1e-250  # what is smaller is drawn as zero is, far from where logarithmic scales break down
_NOTABLE = 0.1  # a layer's gradient is said to vanish or explode if it does so in this share of the steps


def loss_curve(result: Result, lang: str = "en") -> Picture:
    """Draw the loss during training: of each minibatch, their trend, and of test rows.

    Args:
        result: a training of at least one step.
        lang: "en", or "zh" for Chinese, where a font has its characters.

    Raises:
        PlotError: Matplotlib is not installed.
    """
    words = Words(lang)
    with plotting_style(words):
        figure = new_figure(6.4, 4.0)
        axes = figure.add_subplot()
        draw_loss(axes, result, words)
        target = words.name(result.model.target, words("target"))
        axes.set_title(words("Loss while learning {target}", target=target))
    return Picture(figure, words)


def draw_loss(axes: Axes, result: Result, words: Words) -> None:
    """Draw the curves of the loss into axes."""
    steps = [step.step for step in result.history]
    losses = [step.loss for step in result.history]
    smooth = trend(losses)
    axes.plot(steps, losses, color=COLORS[0], alpha=0.35, linewidth=0.8, label=words("minibatch"))
    axes.plot(steps, smooth, color=COLORS[0], linewidth=2, label=words("minibatches, averaged"))
    watched = [(step.step, step.test_loss) for step in result.history if step.test_loss is not None]
    if watched:
        x, y = zip(*watched, strict=True)
        axes.plot(x, y, color=COLORS[5], linewidth=1.8, linestyle=DASHES[1], label=words("test rows"))
    if min(losses) > 0 and max(losses) > 20 * min(smooth):
        logarithmic(axes)
    else:
        seen = [*losses, *[loss for _, loss in watched]]
        axes.set_ylim(0, 1.05 * max(seen) or 1.0)
    kind = "cross-entropy" if result.model.classes else "squared error (standardised)"
    axes.set_xlabel(words("step"))
    axes.set_ylabel(words(kind))
    axes.set_xlim(0, max(steps))
    axes.legend()


def trend(numbers: Sequence[float]) -> list[float]:
    """Return the mean of each number and its neighbours, a twentieth of them all, fewer at the ends."""
    half = max(1, len(numbers) // 40)
    windows = [numbers[max(0, i - half) : i + half + 1] for i in range(len(numbers))]
    return [sum(window) / len(window) for window in windows]


# The plane


def decision_boundary(result: Result, lang: str = "en") -> Picture:
    """Draw what a model predicts, all over the plane of two features, with the rows.

    For a classification the colour is a mixture of the classes' colours by their probabilities, and black
    lines are where the predicted class changes; for a regression it is the predicted number, with lines of
    the same number. Rows predicted wrongly are crossed out. Of more than two features the two that tell most
    are shown (see `planes.telling_features`), at the mean of the others; of a single one the curve of what is
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
    return Picture(figure, words)


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
    said = _predicted(result, rows).argmax(axis=1)
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


# The gradients


def gradient_flow(result: Result, lang: str = "en") -> Picture:
    """Draw how large the gradients of each layer were: over the steps, and over the depth of the network.

    The size of a layer's gradient is the mean |d loss/dw| over its weights w, without the L2 term's part. It
    vanishes below a hundredth of the output layer's, and explodes above a hundred times that; both are
    marked. A zero, which a logarithmic scale has no place for, lies on the lower edge.

    Args:
        result: a training of at least one step.
        lang: "en", or "zh" for Chinese, where a font has its characters.

    Raises:
        PlotError: Matplotlib is not installed.
    """
    words = Words(lang)
    with plotting_style(words):
        figure = new_figure(9.0, 4.2)
        left, right = figure.subplots(1, 2, width_ratios=[3, 2], sharey=True)
        draw_flow(left, result, words)
        left.set_title(words("Gradient flow by layer"))
        _draw_depth(right, result, words)
        right.set_title(words("By depth"))
    return Picture(figure, words)


def verdicts(history: Sequence[Step]) -> list[str]:
    """Return for each layer "vanishing" or "exploding" if its gradient did so in a tenth of the steps, or "".

    >>> verdicts([Step(1, 0.5, 0.5, None, (1e-5, 0.02, 0.1)), Step(2, 0.4, 0.5, None, (1e-5, 0.02, 0.1))])
    ['vanishing', '', '']
    """
    each = [[verdict(ratio) for ratio in ratios(step)] for step in history if step.loss > 0]
    said = []
    for layer in zip(*each, strict=True):
        counts = {name: layer.count(name) for name in ("vanishing", "exploding")}
        most = max(counts, key=lambda name: counts[name])
        said.append(most if counts[most] >= _NOTABLE * len(layer) else "")
    return said or [""] * len(history[0].gradients)


def verdict(ratio: float) -> str:
    """Return what a gradient is that has this ratio to the output layer's."""
    return "vanishing" if ratio < 1 / LIMIT else "exploding" if ratio > LIMIT else ""


def ratios(step: Step) -> list[float]:
    """Return each layer's gradient divided by the output layer's; a gradient of zero gives 0."""
    last = step.gradients[-1]
    return [0.0 if size == 0 else size / last if last > 0 else math.inf for size in step.gradients]


def layer_colors(count: int) -> list[Any]:
    """Return a colour for each layer, dark for the first and light for the last, also in grey."""
    import matplotlib as mpl

    return [mpl.colormaps["viridis"](0.86 * i / max(1, count - 1)) for i in range(count)]


def layer_name(number: int, count: int, words: Words) -> str:
    """Return what a layer is called, the first one having the number 1."""
    return words("output layer") if number == count else words("layer {number}", number=number)


def draw_flow(axes: Axes, result: Result, words: Words) -> None:
    """Draw the gradient of each layer over the steps into axes, and where it vanishes or explodes."""
    steps = [step.step for step in result.history]
    layers = [trend(layer) for layer in zip(*(step.gradients for step in result.history), strict=True)]
    low, high = _flow_limits(layers)
    said = verdicts(result.history)
    for i, (layer, color) in enumerate(zip(layers, layer_colors(len(layers)), strict=True)):
        name = layer_name(i + 1, len(layers), words)
        if said[i]:
            name = f"{name}: {words(said[i])}"
        shown = [max(size, low) for size in layer]
        axes.plot(steps, shown, color=color, linewidth=2, linestyle=DASHES[i % len(DASHES)], label=name)
    output = [max(size, 1e-300) for size in layers[-1]]
    below, above = [size / LIMIT for size in output], [size * LIMIT for size in output]
    label = words("vanishing: < 1/{limit} of output", limit=LIMIT)
    if max(below) > low:
        _band(axes, steps, [low] * len(steps), [max(low, size) for size in below], "\\\\\\", label)
    label = words("exploding: > {limit} × output", limit=LIMIT)
    if min(above) < high:
        _band(axes, steps, [min(high, size) for size in above], [high] * len(steps), "///", label)
    axes.set_ylim(low, high)
    logarithmic(axes)
    axes.set_xlim(0, max(steps))
    axes.set_xlabel(words("step"))
    axes.set_ylabel(words("mean |gradient| of the weights"))
    if not any(said):
        note = "no layer vanishes (< 1/{limit} of the output layer's) or explodes (> {limit} times it)"
        axes.text(
            0.01,
            0.03,
            words(note, limit=LIMIT),
            transform=axes.transAxes,
            fontsize=7.5,
            color=MUTED,
            zorder=7,
        )
    below_axis: dict[str, Any] = {"loc": "upper center", "bbox_to_anchor": (0.5, 0.0), "borderaxespad": 4.5}
    axes.legend(**below_axis, ncols=3, fontsize=8, frameon=False, columnspacing=1.2)


def _band(
    axes: Axes, steps: Sequence[int], low: Sequence[float], high: Sequence[float], hatch: str, label: str
) -> None:
    axes.fill_between(
        steps, low, high, facecolor="#f3d9cf", edgecolor="#b45309", hatch=hatch, linewidth=0.8,
        alpha=0.55, label=label, zorder=0.5,
    )  # fmt: skip


def _flow_limits(layers: Sequence[Sequence[float]]) -> tuple[float, float]:
    """Return the ends of the scale: around all sizes, of which those too small to matter are cut off."""
    sizes = [size for layer in layers for size in layer if size > _SMALLEST] or [1.0]
    low = max(min(sizes), max(sizes) * 1e-16)
    if any(size <= _SMALLEST for layer in layers for size in layer):
        low = min(low, max(sizes) / LIMIT / 10)
    return low / 3, max(sizes) * 3


def _draw_depth(axes: Axes, result: Result, words: Words) -> None:
    """Draw the gradients by the number of the layer: at the beginning, in the middle and at the end."""
    history, tenth = result.history, max(1, len(result.history) // 10)
    middle = (len(history) - tenth) // 2
    parts = {
        "first tenth of the steps": history[:tenth],
        "middle": history[middle : middle + tenth],
        "last tenth": history[-tenth:],
    }
    count = len(history[0].gradients)
    bottom = axes.get_ylim()[0]
    for k, (name, part) in enumerate(parts.items()):
        sizes = [median(layer) for layer in zip(*(step.gradients for step in part), strict=True)]
        color = (COLORS[1], COLORS[2], COLORS[0])[k]
        axes.plot(
            range(1, count + 1), [max(size, bottom) for size in sizes], color=color, marker=MARKS[k],
            markersize=7, linestyle=DASHES[(2, 1, 0)[k]], linewidth=1.8, label=words(name), clip_on=False,
        )  # fmt: skip
    axes.set_xticks(range(1, count + 1))
    axes.set_xlim(0.7, count + 0.3)
    axes.set_xlabel(words("layer"))
    axes.legend(fontsize=8)


def logarithmic(axes: Axes) -> None:
    """Give axes a logarithmic scale upwards, its numbers written without formulas."""
    from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

    axes.set_yscale("log")
    axes.yaxis.set_major_locator(LogLocator(10, numticks=8))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda x, _: power_of_ten(x) if x > 0 else ""))
    axes.yaxis.set_minor_formatter(NullFormatter())


def power_of_ten(x: float) -> str:
    """Return a power of ten as it is written.

    >>> power_of_ten(0.01), power_of_ten(1e-7), power_of_ten(1.0)
    ('0.01', '10⁻⁷', '1')
    """
    exponent = round(math.log10(x))
    if -3 < exponent < 4:
        return f"{x:g}"
    return "10" + str(exponent).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))


def error_of(result: Result, rows: Sequence[int]) -> float:
    """Return the root mean squared error of what the model, as it is now, predicts for rows."""
    return rmse([result.data.targets[i] for i in rows], _predicted(result, rows).tolist())


def _predicted(result: Result, rows: Sequence[int]) -> Any:
    return predict_rows(result.model, [result.model.inputs.apply(result.data.inputs[i]) for i in rows])
