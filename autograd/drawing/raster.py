"""Shapes as PNG: painted by Matplotlib, or photographed by a browser that is on this machine."""

from __future__ import annotations

import os
import subprocess
import warnings
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory
from typing import Any

from .rendering import folder_of
from .shapes import SMALLER, Area, Box, Curve, Scene, Shape, Text
from .svg import FONTS, svg_of

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
_APPLICATIONS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)
_PATIENCE = 60.0  # seconds for a browser to start and to take a picture
_WIDER, _BOLDER = 0.87, 0.8  # what DejaVu Sans must be shrunk by to be as wide as Helvetica


class PainterError(RuntimeError):
    """Neither Matplotlib nor a browser could paint; the message says why."""


def png_of(scene: Scene, dpi: float) -> bytes:
    """Return the picture as the content of a PNG file.

    Raises:
        PainterError: there is neither Matplotlib nor a browser, or none that works.
    """
    browser = _browser()
    if folder_of("matplotlib"):
        picture, complete = _painted(scene, dpi)
        if complete or not browser:  # a browser finds letters in all fonts of the machine
            return picture
    if browser:
        return _photographed(scene, dpi, browser)
    raise PainterError("there is neither Matplotlib nor Chromium, Chrome or Edge")


# Matplotlib


def _painted(scene: Scene, dpi: float) -> tuple[bytes, bool]:
    """Return the content of a PNG file, and whether there was a font for all letters."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(scene.width / 72, scene.height / 72), dpi=dpi, facecolor=scene.background)
    canvas = FigureCanvasAgg(figure)
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set_xlim(0, scene.width)
    axes.set_ylim(scene.height, 0)
    axes.axis("off")
    painter = _Painter(axes)
    for group in scene.groups:
        for shape in group.shapes:
            painter.paint(shape)
    content = BytesIO()
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        canvas.print_png(content)  # type: ignore[no-untyped-call]
    return content.getvalue(), not said


class _Painter:
    def __init__(self, axes: Any) -> None:
        self.axes = axes
        self.order = 1.0
        self.families, self.narrow = _families()

    def paint(self, shape: Shape) -> None:
        from matplotlib import patches
        from matplotlib.path import Path as Line

        self.order += 1.0
        style: dict[str, Any] = {"zorder": self.order}
        if isinstance(shape, Text):
            self._write(shape)
        elif isinstance(shape, Box):
            style |= {"facecolor": shape.fill, "edgecolor": shape.stroke, "linewidth": shape.line}
            corner = (shape.x, shape.y)
            if shape.radius:
                box = f"round,pad=0,rounding_size={shape.radius}"
                patch: Any = patches.FancyBboxPatch(corner, shape.width, shape.height, box, **style)
            else:
                patch = patches.Rectangle(corner, shape.width, shape.height, **style)
            self.axes.add_patch(patch)
        elif isinstance(shape, Area):
            style |= {"facecolor": shape.fill, "edgecolor": shape.stroke, "linewidth": shape.line}
            self.axes.add_patch(patches.Polygon(shape.points, closed=True, **style))
        elif isinstance(shape, Curve):
            codes = [Line.MOVETO, *[Line.CURVE4] * (len(shape.points) - 1)]
            style |= {"facecolor": "none", "edgecolor": shape.stroke, "linewidth": shape.line}
            self.axes.add_patch(patches.PathPatch(Line(shape.points, codes), capstyle="butt", **style))

    def _write(self, text: Text) -> None:
        x = text.x - {"start": 0.0, "middle": text.width / 2, "end": text.width}[text.anchor]
        simple = len(text.runs) == 1
        scale = 1.0 if self.narrow else _BOLDER if text.bold else _WIDER
        for run in text.runs:
            size = text.size * (SMALLER if run.level else 1.0)
            raised = -0.4 * text.size if run.level > 0 else 0.22 * text.size if run.level < 0 else 0.0
            self.axes.text(
                text.x if simple else x, text.y + raised, run.text.replace("$", r"\$"),
                fontsize=size * scale, color=text.color, zorder=self.order, fontfamily=self.families,
                fontweight="bold" if text.bold else "normal", fontstyle="italic" if run.italic else "normal",
                ha={"start": "left", "middle": "center", "end": "right"}[text.anchor] if simple else "left",
                va="baseline", parse_math=False,
            )  # fmt: skip
            x += Text(0, 0, (run,), text.size, "", text.bold).width


def _families() -> tuple[list[str], bool]:
    """Return the fonts of this machine to write with, and whether the first is as narrow as Helvetica.

    Matplotlib takes the letters that the first lacks from the others; DejaVu Sans is its own.
    """
    from matplotlib import font_manager

    known = {font.name for font in font_manager.fontManager.ttflist}
    latin = [name for name in ("Helvetica", "Arial", "Liberation Sans", "Nimbus Sans") if name in known]
    chinese = [
        name
        for name in (
            "Noto Sans CJK SC", "Noto Sans SC", "Noto Serif CJK SC", "Source Han Sans SC", "PingFang SC",
            "Hiragino Sans GB", "Microsoft YaHei", "SimHei", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei",
        )
        if name in known
    ]  # fmt: skip
    return [*latin[:1], "DejaVu Sans", *chinese[:1]], bool(latin)


# A browser


def _browser() -> str | None:
    for name in (*_BROWSERS, *_APPLICATIONS):
        if found := which(name):
            return found
    return None


def _photographed(scene: Scene, dpi: float, browser: str) -> bytes:
    scale = dpi / 96
    width, height = scene.width * 96 / 72, scene.height * 96 / 72
    svg = svg_of(scene).partition("?>")[2]
    page = (
        f'<!DOCTYPE html><meta charset="utf-8"><style>body{{margin:0;background:{scene.background};'
        f"font-family:{FONTS}}}svg{{display:block}}</style>{svg}"
    )
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        source, target = Path(folder, "picture.html"), Path(folder, "picture.png")
        source.write_text(page, encoding="utf-8")
        command: Sequence[str] = [
            browser, "--headless=new", "--disable-gpu", "--hide-scrollbars", "--no-first-run",
            *(["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []),
            f"--user-data-dir={folder}/profile", f"--force-device-scale-factor={scale:g}",
            f"--window-size={round(width)},{round(height)}", f"--screenshot={target}", source.as_uri(),
        ]  # fmt: skip
        try:
            subprocess.run(command, capture_output=True, timeout=_PATIENCE, check=False)
            return target.read_bytes()
        except (OSError, subprocess.TimeoutExpired) as error:
            raise PainterError(f"{browser} made no picture: {error}") from None
