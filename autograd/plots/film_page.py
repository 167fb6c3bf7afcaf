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
    canvas = _Canvas(stage)
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
        rows = {row: place for place, row in enumerate(self.stage.rows)}
        shot: dict[str, Any] = {
            "c": frame.caption,
            "t": round(frame.step / last, 5),
            "l": ["".join(map(self.path, lines)) for lines in frame.lines],
            "w": [rows[i] for i in frame.wrong],
        }
        if frame.image is not None:
            shot["i"] = _png(frame.image)
        return shot

    def path(self, points: Any) -> str:
        """Return a line as the data of an SVG path."""
        return "M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in self.placed(self.stage.plane_axes, points))

    def placed(self, axes: Any, points: Any) -> list[tuple[float, float]]:
        return [(float(x), float(self.height - y)) for x, y in axes.transData.transform(points)]

    def places(self) -> dict[str, Any]:
        """Return where the rows lie and the frames of the curves."""
        stage = self.stage
        points = list(zip(*positions(stage.result, stage.plane, stage.rows), strict=True))
        boxes = []
        for axes in (stage.loss_axes, stage.flow_axes):
            box = axes.bbox
            boxes.append([round(x, 1) for x in (box.x0, self.height - box.y1, box.width, box.height)])
        rows = [[round(x, 1), round(y, 1)] for x, y in self.placed(stage.plane_axes, points)]
        return {"rows": rows, "boxes": boxes}

    def plane_box(self) -> str:
        """Return where the plane is in the plot, in CSS."""
        left, bottom, width, height = self.stage.plane_axes.get_position().bounds
        return f"left:{left:.3%};top:{1 - bottom - height:.3%};width:{width:.3%};height:{height:.3%}"

    def svg(self, title: str) -> str:
        """Return the plot as an SVG element, in which what moves has a name."""
        stage = self.stage
        names = {"film-wrong": stage.wrong, "film-image": stage.image}
        names |= {f"film-line-{k}": line for k, line in enumerate(stage.lines)}
        names |= {f"film-veil-{k}": veil for k, (veil, _) in enumerate(stage.veils)}
        names |= {f"film-now-{k}": now for k, (_, now) in enumerate(stage.veils)}
        for name, artist in names.items():
            if artist is not None:
                artist.set_gid(name)
        stage.plane_axes.patch.set_visible(False)  # the canvas with the colours lies behind
        stage.figure.patch.set_visible(False)
        buffer = io.StringIO()
        stage.figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
        svg = buffer.getvalue()
        svg = svg[svg.index("<svg") :]
        svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
        svg = svg.replace("'DejaVu Sans'", FAMILIES)
        label = html.escape(title)
        return svg.replace("<svg ", f'<svg role="img" aria-label="{label}" ', 1)


def _png(image: Any) -> str:
    from PIL import Image

    buffer = io.BytesIO()
    Image.fromarray(image[::-1]).save(buffer, "PNG", optimize=True)
    return base64.b64encode(buffer.getvalue()).decode()
