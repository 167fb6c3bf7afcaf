"""The plot on which a film plays: what stands still, and what is set anew for every frame.

At the right are the loss and the gradients, veiled from the present on. What is at the left is said by a
subclass: the plane of two features, or images.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..training import Result
from .curves import draw_loss
from .flow import draw_flow
from .style import INK, MUTED, new_figure
from .words import Words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.gridspec import SubplotSpec

VEIL = 0.82  # how much of what is still to come is hidden


@dataclass(frozen=True)
class Frame:
    """What one frame shows.

    Attributes:
        step: after which step; 0 is the untrained network.
        wrong: the places in the data of those of the rows shown that are predicted wrongly.
        caption: what is said about it.
        image: the colours of the plane, from the lowest row up, as an array; None over a single feature.
        lines: for each colour the lines drawn in the plane, each as an array of points.
        shares: of images, the probability of each class for each that is shown.
    """

    step: int
    wrong: list[int]
    caption: str
    image: Any = None
    lines: list[list[Any]] = field(default_factory=list)
    shares: Any = None


class Stage(ABC):
    """The plot on which a film plays, with the loss and the gradients at the right.

    Args:
        result: the training.
        words: the words of the plot.
        dpi: dots per inch.
        captioned: whether there is a place for the caption of a frame above the plot.

    Attributes:
        figure: the plot; what changes from frame to frame is not drawn with the rest of it.
        loss_axes, flow_axes: the axes at the right.
    """

    def __init__(self, result: Result, words: Words, dpi: int = 72, captioned: bool = True) -> None:
        self.result, self.words = result, words
        self.caption: Any = None
        figure = self.figure = new_figure(11.0, 5.6)
        figure.set_dpi(dpi)
        grid = figure.add_gridspec(2, 2, width_ratios=[10, 9])
        self.draw_left(grid[:, 0])
        self.loss_axes, self.flow_axes = (figure.add_subplot(grid[k, 1]) for k in range(2))
        draw_loss(self.loss_axes, result, words)
        self.loss_axes.set_title(words("Loss"))
        draw_flow(self.flow_axes, result, words)
        self.flow_axes.set_title(words("Gradient flow by layer"))
        self.flow_axes.set_ylabel(words("mean |gradient|"))
        if captioned:
            self.caption = figure.suptitle(" ", x=0.01, ha="left", fontsize=11, color=MUTED)
        figure.canvas.draw()
        figure.set_layout_engine("none")  # what moves from here on moves nothing else
        self.add_moving_left()
        self.veils = [self._veil(axes) for axes in (self.loss_axes, self.flow_axes)]

    @abstractmethod
    def draw_left(self, place: SubplotSpec) -> None:
        """Draw what stands still at the left into a place of the figure."""

    @abstractmethod
    def add_moving_left(self) -> None:
        """Add what moves at the left."""

    @abstractmethod
    def show_left(self, frame: Frame) -> None:
        """Set what moves at the left to a frame."""

    @abstractmethod
    def moving_left(self) -> dict[str, Any]:
        """Return the artists that move at the left, each under the name that it has on a page."""

    @abstractmethod
    def above_left(self) -> list[Any]:
        """Return the artists that stand still above those that move."""

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
        self.show_left(frame)
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
        still: list[Any] = [*self.above_left(), *self.flow_axes.texts, self.loss_axes.get_legend()]
        veils = [artist for pair in self.veils for artist in pair]
        artists = [*self.moving_left().values(), *veils, self.caption, *still]
        return sorted((artist for artist in artists if artist is not None), key=lambda artist: artist.zorder)
