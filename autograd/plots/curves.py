"""The loss as it fell during a training, and what all curves over its steps share: a trend and a scale."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..training import Result
from .plot import Plot
from .style import COLORS, DASHES, new_figure, plotting_style
from .words import Words

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def loss_curve(result: Result, lang: str = "en") -> Plot:
    """Draw the loss during training: of each minibatch, their trend, and of test rows.

    Args:
        result: a training of at least one step.
        lang: "en", or "zh" for Chinese, where a font has its characters.

    Raises:
        PlotError: Matplotlib is not installed.
    """
    words = Words(lang)  # as all plots begin: a helper would be as long as these lines are
    with plotting_style(words):
        figure = new_figure(6.4, 4.0)
        axes = figure.add_subplot()
        draw_loss(axes, result, words)
        target = words.name(result.model.target, words("target"))
        axes.set_title(words("Loss while learning {target}", target=target))
    return Plot(figure, words)


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
