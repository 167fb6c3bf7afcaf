"""A finished plot, which shows and saves itself."""

from __future__ import annotations

import io
import os
from typing import TYPE_CHECKING

from ..support.files import write_whole
from .style import plotting_style
from .words import Words

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class Plot:
    """A finished plot: shows itself in a notebook, and saves itself as PNG or SVG.

    Attributes:
        figure: the Matplotlib figure, whose axes hold what is drawn.
    """

    def __init__(self, figure: Figure, words: Words) -> None:
        self.figure = figure
        self._words = words
        with plotting_style(words):
            figure.canvas.draw()  # now, while the style holds, so that the marks on the axes have it

    def __repr__(self) -> str:
        labels = [axes.get_ylabel() for axes in self.figure.axes if axes.get_ylabel()]
        return f"<Picture: {', '.join(labels)}>"

    def png(self) -> bytes:
        """Return the picture as PNG; the same plot gives the same bytes."""
        return self._saved("png", {"Software": None})

    def svg(self) -> str:
        """Return the picture as SVG, with text as text."""
        return self._saved("svg", {"Date": None, "Creator": None}).decode()

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the picture to a file whose name ends in .png or .svg.

        Raises:
            ValueError: the name ends otherwise.
            OSError: the file cannot be written.
        """
        suffix = os.path.splitext(os.fspath(path))[1].lower()
        if suffix not in (".png", ".svg"):
            raise ValueError(f"cannot save a plot as {os.fspath(path)!r}: the name must end in .png or .svg")
        write_whole(path, self.png() if suffix == ".png" else self.svg())

    def _repr_png_(self) -> bytes:
        return self.png()

    def _saved(self, kind: str, metadata: dict[str, None]) -> bytes:
        buffer = io.BytesIO()
        with plotting_style(self._words):
            self.figure.savefig(buffer, format=kind, metadata=metadata)
        return buffer.getvalue()
