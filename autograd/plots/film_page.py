"""A film as one page: the plot as SVG, what changes from frame to frame as data, and a small player.

The page holds everything itself and asks no network for anything. Without scripts it shows the last frame.
With more data than a film can have it stays below 3 MB: a frame's colours are a PNG of 48 by 48 points, its
rows at most 500 numbers.
"""

from __future__ import annotations

import base64
import html
import io
import re
from collections.abc import Iterable
from typing import Any

from ..support.pages import as_script, filled, page_of, resource
from .boundaries import positions
from .image_stage import ImageStage
from .images import color_of
from .plane_stage import PlaneStage
from .stage import Frame, Stage
from .words import Words

FAMILIES = (
    "'DejaVu Sans', Verdana, 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', 'WenQuanYi Zen Hei', "
    "sans-serif"
)
"""What the browser takes where Matplotlib has measured the text in DejaVu Sans: fonts as wide or wider."""


def page(stage: Stage, frames: Iterable[Frame], words: Words) -> str:
    """Return the page of a film.

    Args:
        stage: the plot, with 72 dots per inch, so that its pixels are the units of the SVG.
        frames: all frames, in order.
        words: the words of the page.
    """
    canvas = _ImageCanvas(stage) if isinstance(stage, ImageStage) else _PlaneCanvas(stage)
    shots, last = [], None
    for last in frames:
        shots.append(canvas.shot(last))
    assert last is not None
    stage.show(last)
    target = words.name(stage.result.model.target, words("target"))
    title = words("How {target} is learnt", target=target)
    texts = {"title": title, "caption": last.caption, "last_frame": str(len(shots) - 1), **_labels(words)}
    body = filled(
        __package__,
        "film_page.html",
        data=as_script({"frames": shots, **canvas.places()}),
        svg=canvas.svg(title),
        left=resource(__package__, f"film_{'images' if isinstance(stage, ImageStage) else 'plane'}.js"),
        script=resource(__package__, "film_page.js"),
        **{name: html.escape(text) for name, text in texts.items()},
    )
    box = stage.figure.bbox
    css = filled(
        __package__,
        "film_page.css",
        families=FAMILIES,
        plane_box=canvas.plane_box(),
        aspect=f"{box.width / box.height:.4f}",
    )
    return page_of(title, css, body, "zh-CN" if words.lang == "zh" else "en")


def _labels(words: Words) -> dict[str, str]:
    """Return the texts of the page that are the same for every film."""
    texts = {
        "frame": words("Frame"),
        "keys": words(
            "Keys: space plays and pauses, ← and → go a frame back and on, Home and End to the ends."
        ),
        "noscript": words("Without scripts, this is the last frame: the network as it was at the end."),
    }
    for button in ("Play", "Pause", "First frame", "Previous frame", "Next frame", "Last frame", "Speed"):
        texts[f"{button.split()[0].lower()}_label"] = words(button)
    return texts


def embedded(page: str) -> str:
    """Return a page as an element of another one, as a notebook shows it."""
    return (
        f'<iframe srcdoc="{html.escape(page)}" title="film" sandbox="allow-scripts" '
        'style="width:100%;max-width:1100px;aspect-ratio:7/5;border:0"></iframe>'
    )


class _Canvas:
    """The plot in the units of its SVG, from the upper left corner."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.height = stage.figure.bbox.height

    def shot(self, frame: Frame) -> dict[str, Any]:
        """Return what the player needs of a frame."""
        last = self.stage.loss_axes.get_xlim()[1]
        return {"c": frame.caption, "t": round(frame.step / last, 5), **self.shot_left(frame)}

    def shot_left(self, frame: Frame) -> dict[str, Any]:
        """Return what the player needs of a frame for what is at the left."""
        raise NotImplementedError

    def placed(self, axes: Any, points: Any) -> list[tuple[float, float]]:
        return [(float(x), float(self.height - y)) for x, y in axes.transData.transform(points)]

    def places(self) -> dict[str, Any]:
        """Return the frames of the curves, and where things are at the left."""
        boxes = []
        for axes in (self.stage.loss_axes, self.stage.flow_axes):
            box = axes.bbox
            boxes.append([round(x, 1) for x in (box.x0, self.height - box.y1, box.width, box.height)])
        return {"boxes": boxes, **self.places_left()}

    def places_left(self) -> dict[str, Any]:
        """Return where things are at the left."""
        raise NotImplementedError

    def plane_box(self) -> str:
        """Return where the canvas with the colours of the plane is in the plot, in CSS."""
        return "display:none"

    def svg(self, title: str) -> str:
        """Return the plot as an SVG element, in which what moves has a name."""
        stage = self.stage
        names = stage.moving_left()
        names |= {f"film-veil-{k}": veil for k, (veil, _) in enumerate(stage.veils)}
        names |= {f"film-now-{k}": now for k, (_, now) in enumerate(stage.veils)}
        for name, artist in names.items():
            artist.set_gid(name)
        stage.figure.patch.set_visible(False)
        buffer = io.StringIO()
        stage.figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
        svg = buffer.getvalue()
        svg = svg[svg.index("<svg") :]
        svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
        svg = svg.replace("'DejaVu Sans'", FAMILIES)
        label = html.escape(title)
        return svg.replace("<svg ", f'<svg role="img" aria-label="{label}" ', 1)


class _PlaneCanvas(_Canvas):
    """A plot with the plane at the left: of a frame its colours, its lines and the rows named wrongly."""

    stage: PlaneStage

    def shot_left(self, frame: Frame) -> dict[str, Any]:
        rows = {row: place for place, row in enumerate(self.stage.rows)}
        shot: dict[str, Any] = {
            "l": ["".join(map(self.path, lines)) for lines in frame.lines],
            "w": [rows[i] for i in frame.wrong],
        }
        if frame.image is not None:
            shot["i"] = _png(frame.image)
        return shot

    def path(self, points: Any) -> str:
        """Return a line as the data of an SVG path."""
        return "M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in self.placed(self.stage.plane_axes, points))

    def places_left(self) -> dict[str, Any]:
        """Return where the rows lie."""
        stage = self.stage
        points = list(zip(*positions(stage.result, stage.plane, stage.rows), strict=True))
        return {"rows": [[round(x, 1), round(y, 1)] for x, y in self.placed(stage.plane_axes, points)]}

    def plane_box(self) -> str:
        left, bottom, width, height = self.stage.plane_axes.get_position().bounds
        return f"left:{left:.3%};top:{1 - bottom - height:.3%};width:{width:.3%};height:{height:.3%}"

    def svg(self, title: str) -> str:
        self.stage.plane_axes.patch.set_visible(False)  # the canvas with the colours lies behind
        return super().svg(title)


class _ImageCanvas(_Canvas):
    """A plot with images at the left: of a frame the bars, in thousandths, and what the images are named."""

    stage: ImageStage

    def shot_left(self, frame: Frame) -> dict[str, Any]:
        stage = self.stage
        return {
            "p": [[round(1000 * share) for share in shares.tolist()] for shares in frame.shares],
            "n": [stage.text_of(true, shares) for true, shares in zip(stage.true, frame.shares, strict=True)],
        }

    def places_left(self) -> dict[str, Any]:
        """Return for each image its class, and the left, the width, the height and the tops of its bars."""
        cells = []
        for axes, bars, true in zip(self.stage.bar_axes, self.stage.bars, self.stage.true, strict=True):
            (left, top), (right, bottom) = self.placed(axes, [(0, -0.4), (1, 0.4)])
            tops = [self.placed(axes, [(0, k - 0.4)])[0][1] for k in range(len(bars))]
            size = [left, right - left, bottom - top, *tops]
            cells.append({"true": true, "size": [round(x, 1) for x in size]})
        return {"cells": cells, "colors": [color_of(*which) for which in ((0, 0, 1), (1, 0, 1), (2, 0, 1))]}


def _png(image: Any) -> str:
    from PIL import Image

    buffer = io.BytesIO()
    Image.fromarray(image[::-1]).save(buffer, "PNG", optimize=True)
    return base64.b64encode(buffer.getvalue()).decode()
