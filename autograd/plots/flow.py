"""How large the gradients of each layer were during a training, and where they vanished or exploded."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import median
from typing import TYPE_CHECKING, Any

from ..training import Result, Step
from .curves import logarithmic, trend
from .plot import Plot
from .style import COLORS, DASHES, MARKS, MUTED, new_figure, plotting_style
from .words import Words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LIMIT = 100
"""A gradient vanishes below 1/100 of the output layer's, and explodes above 100 times it."""

_SMALLEST = 1e-250  # what is smaller is drawn as zero is, far from where logarithmic scales break down
_NOTABLE = 0.1  # a layer's gradient is said to vanish or explode if it does so in this share of the steps


def gradient_flow(result: Result, lang: str = "en") -> Plot:
    """Draw how large the gradients of each layer were: over the steps, and over the depth of the network.

    The size of a layer's gradient is the mean `|d loss/dw|` over its weights w, without the L2 term's part.
    It vanishes below a hundredth of the output layer's, and explodes above a hundred times that; both are
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
    return Plot(figure, words)


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
