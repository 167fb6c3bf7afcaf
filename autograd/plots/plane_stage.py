"""The stage of a film over a plane: colours, lines and rows of two features, or curves over a single one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..training import Result
from .boundaries import CROSS, draw_frame, draw_image, draw_rows, line_colors, line_width, positions
from .plane import Plane
from .stage import Frame, Stage
from .words import Words

if TYPE_CHECKING:
    from matplotlib.gridspec import SubplotSpec


class PlaneStage(Stage):
    """A stage with the plane at the left.

    Args:
        result: the training.
        plane: the part of the plane that is shown.
        rows: the places in the data of the rows that are shown.
        words, dpi, captioned: as for every `Stage`.

    Attributes:
        plane_axes: those of the plane.
    """

    def __init__(
        self,
        result: Result,
        plane: Plane,
        rows: Sequence[int],
        words: Words,
        dpi: int = 72,
        captioned: bool = True,
    ) -> None:
        self.plane, self.rows = plane, rows
        super().__init__(result, words, dpi, captioned)

    def draw_left(self, place: SubplotSpec) -> None:
        self.plane_axes = self.figure.add_subplot(place)
        draw_rows(self.plane_axes, self.result, self.plane, self.rows, self.words)
        draw_frame(self.plane_axes, self.result, self.plane, self.words)

    def add_moving_left(self) -> None:
        self.image: Any = None
        if len(self.plane.shown) > 1:
            self.image = draw_image(self.plane_axes, self.plane, self.plane.predict())
        width = line_width(self.plane)
        self.lines = [
            self.plane_axes.plot([], [], color=color, linewidth=width, zorder=2)[0]
            for color in line_colors(self.plane)
        ]
        (self.wrong,) = self.plane_axes.plot([], [], **CROSS)

    def show_left(self, frame: Frame) -> None:
        import numpy as np

        if self.image is not None:
            self.image.set_data(frame.image)
        gap = np.full((1, 2), np.nan)
        for artist, lines in zip(self.lines, frame.lines, strict=True):
            points = np.concatenate([part for line in lines for part in (line, gap)] or [gap])
            artist.set_data(points[:, 0], points[:, 1])
        self.wrong.set_data(*positions(self.result, self.plane, frame.wrong))

    def moving_left(self) -> dict[str, Any]:
        moving = {"film-image": self.image} if self.image is not None else {}
        moving |= {f"film-line-{k}": line for k, line in enumerate(self.lines)}
        return moving | {"film-wrong": self.wrong}

    def above_left(self) -> list[Any]:
        return [*self.plane_axes.collections, self.plane_axes.get_legend()]
