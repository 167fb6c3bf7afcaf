"""The images that a network names wrongly, each with the probabilities of the classes."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..training import Result
from .plane import predict_rows
from .plot import Plot
from .style import COLORS, MUTED, new_figure, plotting_style
from .words import Words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLUMNS, MOST = 4, 16
"""How many images are beside each other, and how many there are."""

_PIXEL = re.compile(r"pixel_(\d+)_(\d+)")
_SMALLEST = 4  # pixels along a side; of fewer, a plane says more
_TRUE, _SAID, _OTHER = COLORS[2], COLORS[5], "#cbd5e1"


def image_size(features: Sequence[str]) -> tuple[int, int] | None:
    """Return how many rows and columns of pixels the features are; None where they are no image.

    An image has all its pixels, row by row, called pixel_0_0, pixel_0_1 and so on.

    >>> image_size([f"pixel_{row}_{column}" for row in range(8) for column in range(8)])
    (8, 8)
    >>> image_size(["pixel_3_4", "pixel_4_4"]) is None
    True
    """
    places = [match and (int(match[1]), int(match[2])) for match in map(_PIXEL.fullmatch, features)]
    last = places[-1] if places else None
    if last is None or min(last) < _SMALLEST - 1:
        return None
    rows, columns = last[0] + 1, last[1] + 1
    whole = [(row, column) for row in range(rows) for column in range(columns)]
    return (rows, columns) if places == whole else None


def wrong_images(result: Result, lang: str = "en") -> Plot:
    """Draw the images that a model names wrongly, with the probability of each class.

    They are of the test rows, where there are any, and those come first that are named wrongly with the
    highest probability. Where none is named wrongly, those are drawn whose class has the least probability.

    Args:
        result: a training whose features are the pixels of images (see `image_size`), a classification.
        lang: "en", or "zh" for Chinese, where a font has its characters.

    Raises:
        ValueError: the features are no images, or the targets no classes.
        PlotError: Matplotlib is not installed.
    """
    words = Words(lang)
    model, data = result.model, result.data
    size = image_size(model.features)
    if size is None or not model.classes:
        raise ValueError("there are no images with classes: the features are not pixel_0_0, pixel_0_1, ...")
    rows = list(result.test_rows or result.train_rows)
    predicted = predict_rows(model, [model.inputs.apply(data.inputs[i]) for i in rows])
    true = [int(data.targets[i]) for i in rows]
    wrong = [k for k in range(len(rows)) if predicted[k].argmax() != true[k]]
    order = sorted(wrong or range(len(rows)), key=lambda k: float(predicted[k, true[k]]))[:MOST]
    lines = math.ceil(len(order) / COLUMNS)
    with plotting_style(words):
        figure = new_figure(9.6, 0.9 + 1.75 * lines)
        figure.suptitle(
            _title(result, len(rows), len(wrong), len(order), words), x=0.01, ha="left", fontsize=11
        )
        axes = figure.subplots(lines, 2 * COLUMNS, width_ratios=[1, 1.15] * COLUMNS, squeeze=False).ravel()
        for place, k in enumerate(order):
            draw_image(axes[2 * place], data.inputs[rows[k]], size)
            _draw_bars(axes[2 * place + 1], result, predicted[k], true[k], words)
        for empty in axes[2 * len(order) :]:
            empty.set_axis_off()
    return Plot(figure, words)


def _title(result: Result, rows: int, wrong: int, shown: int, words: Words) -> str:
    kept = "test images" if result.test_rows else "images"
    if not wrong:
        return words(f"None of the {{rows}} {kept} is named wrongly; the least certain ones", rows=rows)
    title = words(f"{{wrong}} of {{rows}} {kept} are named wrongly", wrong=wrong, rows=rows)
    return title if shown == wrong else title + words("; the {shown} worst of them", shown=shown)


def draw_image(axes: Axes, pixels: Sequence[float], size: tuple[int, int]) -> None:
    """Draw an image into axes, dark on white."""
    import numpy as np

    axes.imshow(np.reshape(pixels, size), cmap="gray_r", interpolation="nearest")
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_visible(True)
        spine.set_color("#d1d5db")


def class_names(result: Result, words: Words) -> list[str]:
    """Return the names of the classes as they can be shown."""
    return [
        words.name(name, words("class {number}", number=k + 1)) for k, name in enumerate(result.model.classes)
    ]


def color_of(k: int, true: int, said: int) -> str:
    """Return the colour of a class's bar: the true one's, that of the one said instead, or that of others."""
    return _TRUE if k == true else _SAID if k == said else _OTHER


def _draw_bars(axes: Axes, result: Result, shares: Any, true: int, words: Words) -> None:
    """Draw the probabilities of the classes, the true one and the one said in colours of their own."""
    classes = class_names(result, words)
    said = int(shares.argmax())
    colors = [color_of(k, true, said) for k in range(len(classes))]
    axes.barh(range(len(classes)), shares, color=colors)
    axes.invert_yaxis()
    axes.set_yticks(range(len(classes)), classes, fontsize=6)
    axes.set_xticks([])
    axes.set_xlim(0, 1)
    axes.grid(False)
    for spine in ("left", "bottom"):
        axes.spines[spine].set_visible(False)
    axes.tick_params(length=0, pad=1)
    for k in {true, said}:
        share = float(shares[k])
        inside = share > 0.6
        place = share - 0.03 if inside else share + 0.03
        axes.text(
            place, k, f"{share:.0%}", fontsize=7, va="center", ha="right" if inside else "left",
            color="white" if inside else MUTED,
        )  # fmt: skip
    title = "{true}, named {said}" if said != true else "{true}"
    axes.set_title(words(title, true=classes[true], said=classes[said]), fontsize=8.5)
