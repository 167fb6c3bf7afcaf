"""Pictures of a training run: the loss as it fell, and what a network of two features makes of the plane.

Matplotlib is imported only here and only when a picture is made; figures are built without pyplot, so that
neither the user's backend nor their open figures are touched.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING

from .training import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_COLORS = ("#2563eb", "#dc2626", "#059669", "#d97706", "#7c3aed", "#0891b2", "#db2777", "#65a30d")
_FONTS = ("DejaVu Sans", "Noto Sans CJK SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei", "SimHei")
_GRID = 100  # points along each side of the plane


class PlotError(RuntimeError):
    """No picture could be made; the message says what to install."""


def loss_curve(result: Result) -> bytes:
    """Return the loss during training as a PNG picture: of each minibatch, their trend, and of test rows.

    Raises:
        PlotError: Matplotlib is not installed.
    """
    figure, axes = _figure(6.4, 4.0)
    steps = [step.step for step in result.history]
    losses = [step.loss for step in result.history]
    axes.plot(steps, losses, color=_COLORS[0], alpha=0.3, linewidth=0.8, label="minibatch")
    axes.plot(steps, _trend(losses), color=_COLORS[0], linewidth=2, label="minibatches, averaged")
    watched = [(step.step, step.test_loss) for step in result.history if step.test_loss is not None]
    if watched:
        x, y = zip(*watched, strict=True)
        axes.plot(x, y, color=_COLORS[1], linewidth=1.6, label="test rows")
    if min(losses) > 0 and max(losses) > 20 * min(_trend(losses)):
        axes.set_yscale("log")
    else:
        axes.set_ylim(bottom=0)
    kind = "cross-entropy" if result.model.classes else "squared error (standardised)"
    axes.set_xlabel("step")
    axes.set_ylabel(kind)
    axes.set_title(f"Loss while learning {result.model.target}")
    axes.grid(alpha=0.25)
    axes.legend(frameon=False)
    return _png(figure)


def _trend(losses: Sequence[float]) -> list[float]:
    """Return the mean of each loss and its neighbours, a twentieth of them all, fewer at the ends."""
    half = max(1, len(losses) // 40)
    windows = [losses[max(0, i - half) : i + half + 1] for i in range(len(losses))]
    return [sum(window) / len(window) for window in windows]


def decision_boundary(result: Result) -> bytes:
    """Return what a model of two features predicts, all over the plane, with the rows, as a PNG picture.

    For a classification the colour is a mixture of the classes' colours by their probabilities, and black
    lines are where the predicted class changes; for a regression it is the predicted number.

    Raises:
        ValueError: the model has not two features.
        PlotError: Matplotlib is not installed.
    """
    model = result.model
    if len(model.features) != 2:
        raise ValueError(f"the plane has two dimensions, but the model {len(model.features)} features")
    figure, axes = _figure(6.4, 5.2)
    columns = list(zip(*result.data.inputs, strict=True))
    (left, right), (bottom, top) = (_limits(column) for column in columns)
    xs = [left + (right - left) * (i + 0.5) / _GRID for i in range(_GRID)]
    ys = [bottom + (top - bottom) * (i + 0.5) / _GRID for i in range(_GRID)]
    plane = [[model.predict([x, y]) for x in xs] for y in ys]
    extent = (left, right, bottom, top)
    if model.classes:
        colors = [_rgb(_COLORS[i % len(_COLORS)]) for i in range(len(model.classes))]
        image = [[_mixture(colors, p.probabilities) for p in row] for row in plane]
        axes.imshow(image, extent=extent, origin="lower", aspect="auto", interpolation="bilinear")
        for i in range(len(model.classes)):
            margins = [[_margin(p.probabilities, i) for p in row] for row in plane]
            if min(map(min, margins)) < 0 < max(map(max, margins)):
                axes.contour(xs, ys, margins, levels=[0], colors="#111827", linewidths=0.8)
            _points(axes, result, i)
    else:
        numbers = [[float(p.value) for p in row] for row in plane]
        true = result.data.targets
        low, high = min(true), max(true)
        picture = axes.imshow(
            numbers,
            extent=extent,
            origin="lower",
            aspect="auto",
            interpolation="bilinear",
            cmap="viridis",
            vmin=low,
            vmax=high,
        )
        for rows, edge in ((result.train_rows, "white"), (result.test_rows, "black")):
            x, y = ([column[i] for i in rows] for column in columns)
            axes.scatter(
                x, y, c=[true[i] for i in rows], cmap="viridis", vmin=low, vmax=high, edgecolors=edge, s=28
            )
        figure.colorbar(picture, label=model.target)
    axes.set_xlim(left, right)
    axes.set_ylim(bottom, top)
    axes.set_xlabel(model.features[0])
    axes.set_ylabel(model.features[1])
    axes.set_title(f"{model.target}, as predicted{' (black rims: test rows)' if result.test_rows else ''}")
    if model.classes:
        axes.legend(framealpha=0.8)
    return _png(figure)


def _points(axes: Axes, result: Result, i: int) -> None:
    """Draw the rows of a class, those of the test with a black rim."""
    color, name = _COLORS[i % len(_COLORS)], result.model.classes[i]
    for rows, edge, label in ((result.train_rows, "white", name), (result.test_rows, "black", None)):
        points = [result.data.inputs[row] for row in rows if result.data.targets[row] == i]
        x, y = [x for x, _ in points], [y for _, y in points]
        axes.scatter(x, y, color=color, edgecolors=edge, linewidths=0.8, s=28, label=label, zorder=3)


def _limits(column: Sequence[float]) -> tuple[float, float]:
    low, high = min(column), max(column)
    margin = 0.08 * (high - low) or 1.0
    return low - margin, high + margin


def _margin(probabilities: Sequence[float], i: int) -> float:
    """Return by how much a class is more probable than any other."""
    return probabilities[i] - max(p for j, p in enumerate(probabilities) if j != i)


def _rgb(color: str) -> tuple[float, ...]:
    return tuple(channel / 255 for channel in bytes.fromhex(color[1:]))


def _mixture(colors: Sequence[Sequence[float]], shares: Sequence[float]) -> list[float]:
    """Return the colours mixed by their shares, and made pale, so that points stand out."""
    mixed = [sum(c[k] * share for c, share in zip(colors, shares, strict=True)) for k in range(3)]
    return [min(1.0, 1 - 0.45 * (1 - channel)) for channel in mixed]


# Figures


def _figure(width: float, height: float) -> tuple[Figure, Axes]:
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError as error:
        raise PlotError(f'it needs Matplotlib: pip install "scalar-autograd[train]" ({error})') from None
    figure = Figure(figsize=(width, height), dpi=130, layout="constrained")
    FigureCanvasAgg(figure)
    return figure, figure.add_subplot()


def _png(figure: Figure) -> bytes:
    from matplotlib import font_manager

    fonts = [font for font in _FONTS if font in set(font_manager.get_font_names())]
    for axes in figure.axes:
        legend = axes.get_legend()
        texts = [axes.title, axes.xaxis.label, axes.yaxis.label, *(legend.get_texts() if legend else [])]
        for text in texts:
            text.set_parse_math(False)  # names of columns and classes as they are, not as formulas
            if fonts:
                text.set_fontfamily(fonts)
    buffer = io.BytesIO()
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from")  # boxes, where no font has it
        figure.savefig(buffer, format="png", metadata={"Software": None})
    return buffer.getvalue()
