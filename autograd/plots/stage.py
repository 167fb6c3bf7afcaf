"""The plot on which a film plays: what stands still, and what is set anew for every frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..training import Result
from .boundaries import CROSS, draw_frame, draw_image, draw_rows, line_colors, line_width, positions
from .curves import draw_loss
from .flow import draw_flow
from .plane import Plane
from .style import INK, MUTED, new_figure
from .words import Words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

VEIL = 0.82  # how much of what is still to come is hidden


@dataclass(frozen=True)
class Frame:
    """What one frame shows.

    Attributes:
        step: after which step; 0 is the untrained network.
        image: the colours of the plane, from the lowest row up, as an array; None over a single feature.
        lines: for each colour the lines drawn in the plane, each as an array of points.
        wrong: the places in the data of those of the rows shown that are predicted wrongly.
        caption: what is said about it.
    """

    step: int
    image: Any
    lines: list[list[Any]]
    wrong: list[int]
    caption: str


class Stage:
    """The plot on which a film plays: the plane at the left, the loss and the gradients at the right.

    Args:
        result: the training.
        plane: the part of the plane that is shown.
        rows: the places in the data of the rows that are shown.
        words: the words of the plot.
        dpi: dots per inch.
        captioned: whether there is a place for the caption of a frame above the plot.

    Attributes:
        figure: the plot; what changes from frame to frame is not drawn with the rest of it.
        plane_axes, loss_axes, flow_axes: its axes.
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
        self.result, self.plane, self.rows = result, plane, rows
        self.caption: Any = None
        figure = self.figure = new_figure(11.0, 5.6)
        figure.set_dpi(dpi)
        axes = figure.subplot_mosaic([["plane", "loss"], ["plane", "flow"]], width_ratios=[10, 9])
        self.plane_axes, self.loss_axes, self.flow_axes = axes["plane"], axes["loss"], axes["flow"]
        draw_rows(self.plane_axes, result, plane, rows, words)
        draw_frame(self.plane_axes, result, plane, words)
        draw_loss(self.loss_axes, result, words)
        self.loss_axes.set_title(words("Loss"))
        draw_flow(self.flow_axes, result, words)
        self.flow_axes.set_title(words("Gradient flow by layer"))
        self.flow_axes.set_ylabel(words("mean |gradient|"))
        if captioned:
            self.caption = figure.suptitle(" ", x=0.01, ha="left", fontsize=11, color=MUTED)
        figure.canvas.draw()
        figure.set_layout_engine("none")  # what moves from here on moves nothing else
        self._add_moving()

    def _add_moving(self) -> None:
        self.image: Any = None
        if len(self.plane.shown) > 1:
            self.image = draw_image(self.plane_axes, self.plane, self.plane.predict())
        width = line_width(self.plane)
        self.lines = [
            self.plane_axes.plot([], [], color=color, linewidth=width, zorder=2)[0]
            for color in line_colors(self.plane)
        ]
        (self.wrong,) = self.plane_axes.plot([], [], **CROSS)
        self.veils = [self._veil(axes) for axes in (self.loss_axes, self.flow_axes)]

    def _veil(self, axes: Axes) -> Any:
        """Return a rectangle that veils what is still to come, with an edge at the present."""
        from matplotlib.patches import Rectangle

        veil = Rectangle((0, 0), 1, 1, transform=axes.get_xaxis_transform(), facecolor="white", alpha=VEIL)
        veil.set_zorder(5)
        axes.add_patch(veil)
        now = axes.axvline(0, color=INK, linewidth=1, zorder=6)
        return veil, now

    def show(self, frame: Frame) -> None:
        """Set what moves to a frame."""
        import numpy as np

        if self.image is not None:
            self.image.set_data(frame.image)
        gap = np.full((1, 2), np.nan)
        for artist, lines in zip(self.lines, frame.lines, strict=True):
            points = np.concatenate([part for line in lines for part in (line, gap)] or [gap])
            artist.set_data(points[:, 0], points[:, 1])
        self.wrong.set_data(*positions(self.result, self.plane, frame.wrong))
        for (veil, now), axes in zip(self.veils, (self.loss_axes, self.flow_axes), strict=True):
            veil.set_x(frame.step)
            veil.set_width(axes.get_xlim()[1] - frame.step)
            now.set_xdata([frame.step] * 2)
        if self.caption is not None:
            self.caption.set_text(frame.caption)

    def set_apart(self) -> None:
        """Keep a drawing of what does not move, so that a frame takes a tenth of the time."""
        canvas: Any = self.figure.canvas
        for artist in self._moving():
            artist.set_animated(True)
        canvas.draw()
        self._background = canvas.copy_from_bbox(self.figure.bbox)

    def picture(self, frame: Frame) -> Any:
        """Return a frame as an array of pixels, each red, green and blue; `set_apart` comes first."""
        import numpy as np

        canvas: Any = self.figure.canvas
        self.show(frame)
        canvas.restore_region(self._background)
        for artist in self._moving():
            self.figure.draw_artist(artist)
        return np.asarray(canvas.buffer_rgba())[:, :, :3].copy()

    def _moving(self) -> list[Any]:
        """Return what moves, and what lies over it, the lowest first."""
        still: list[Any] = [*self.plane_axes.collections, *self.flow_axes.texts]
        still += [axes.get_legend() for axes in (self.plane_axes, self.loss_axes)]
        veils = [artist for pair in self.veils for artist in pair]
        artists = [self.image, *self.lines, self.wrong, *veils, self.caption, *still]
        return sorted((artist for artist in artists if artist is not None), key=lambda artist: artist.zorder)
