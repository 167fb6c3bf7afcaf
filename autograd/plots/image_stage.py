"""The stage of a film of images: some of them, from those learnt first to those never learnt, each with bars.

A plane of two pixels would say nothing of a network that sees images; what it makes of an image is seen in
the probabilities of the classes, which move as it learns.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..training import Result
from .images import class_names, color_of, draw_image, image_size
from .stage import Frame, Stage
from .style import INK
from .words import Words

if TYPE_CHECKING:
    from matplotlib.gridspec import SubplotSpec

COLUMNS, ROWS = 3, 4
COUNT = COLUMNS * ROWS
"""How many images are shown."""


def by_when_learnt(right: Sequence[Sequence[bool]]) -> tuple[list[int], int]:
    """Choose the images that are shown, from the one learnt first to those that are not learnt.

    An image is learnt at the frame from which on it is named rightly to the end. A third of those shown are
    ones that never are, as far as there are so many; the others are spread evenly over all that are, by when.

    Args:
        right: for each frame, for each image, whether it is named rightly.

    Returns:
        the places of those chosen, and how many of them are never learnt.

    >>> by_when_learnt([[False, True, False], [True, False, False], [True, True, False]])
    ([0, 1, 2], 1)
    """
    frames = len(right)
    when = [
        max((k + 1 for k in range(frames) if not right[k][place]), default=0)
        for place in range(len(right[0]))
    ]
    order = sorted(range(len(when)), key=lambda place: when[place])
    never = [place for place in order if when[place] == frames]
    learnt = order[: len(order) - len(never)]
    least = min(len(never), max(COUNT // 3, COUNT - len(learnt)))
    count = min(len(learnt), COUNT - least)
    spread = [learnt[round(k * (len(learnt) - 1) / max(1, count - 1))] for k in range(count)]
    return spread + never[:least], least


class ImageStage(Stage):
    """A stage with images at the left.

    Args:
        result: the training.
        rows: the places in the data of the images that are shown, in order.
        never: so many of them, the last ones, are named wrongly in the end.
        words, dpi, captioned: as for every `Stage`.

    Attributes:
        bars: for each image one for each class.
        names: for each image the text above it.
    """

    def __init__(
        self,
        result: Result,
        rows: Sequence[int],
        never: int,
        words: Words,
        dpi: int = 72,
        captioned: bool = True,
    ) -> None:
        self.rows, self._never = rows, never
        self.classes = class_names(result, words)
        self.true = [int(result.data.targets[i]) for i in rows]
        super().__init__(result, words, dpi, captioned)

    def draw_left(self, place: SubplotSpec) -> None:
        size = image_size(self.result.model.features)
        assert size is not None
        part = self.figure.add_subfigure(place)
        # The layout makes room for one text, so its first line is left free for the title, which is larger.
        self._part, notes = part, f"\n\n{self._notes()}"
        self._text = part.suptitle(notes, x=0.02, ha="left", fontsize=8.5, color=INK)
        axes = part.subplots(ROWS, 2 * COLUMNS, squeeze=False).ravel()
        self.bar_axes, self.names = [], []
        for k, i in enumerate(self.rows):
            image, bars = axes[2 * k], axes[2 * k + 1]
            draw_image(image, self.result.data.inputs[i], size)
            bars.set_box_aspect(size[0] / size[1])  # as high as the image, and the text above both
            bars.set_yticks(range(len(self.classes)), self.classes, fontsize=5.5)
            bars.set_ylim(len(self.classes) - 0.4, -0.6)
            bars.set_xlim(0, 1)
            bars.set_xticks([])
            bars.grid(False)
            bars.tick_params(length=0, pad=1)
            for spine in ("left", "bottom"):
                bars.spines[spine].set_visible(False)
            self.bar_axes.append(bars)
            self.names.append(image.set_title(" ", fontsize=8.5, fontweight="normal", pad=3))
        for empty in axes[2 * len(self.rows) :]:
            empty.set_axis_off()

    def _notes(self) -> str:
        kept = "test images" if self.result.test_rows else "images"
        note = self.words(f"{kept}, in the order in which they are learnt")
        if self._never:
            note += self.words("; the last {count} are not", count=self._never)
        return f"{note}\n{self.words('bars: probabilities; green: the true class; orange: what it is named')}"

    def add_moving_left(self) -> None:
        title = self.words("What {count} images are named", count=len(self.rows))
        self._part.text(
            *self._text.get_position(), title, va="top", fontsize=11, fontweight="bold", color=INK
        )
        self.bars = [
            axes.barh(range(len(self.classes)), [0.0] * len(self.classes), height=0.8).patches
            for axes in self.bar_axes
        ]
        for axes in self.bar_axes:
            axes.set_xlim(0, 1)
            axes.set_ylim(len(self.classes) - 0.4, -0.6)

    def show_left(self, frame: Frame) -> None:
        for bars, name, true, shares in zip(self.bars, self.names, self.true, frame.shares, strict=True):
            for k, bar in enumerate(bars):
                bar.set_width(float(shares[k]))
                bar.set_facecolor(color_of(k, true, int(shares.argmax())))
            name.set_text(self.text_of(true, shares))
            name.set_color(color_of(int(shares.argmax()), true, int(shares.argmax())))

    def text_of(self, true: int, shares: Any) -> str:
        """Return what an image is, what it is named and how surely."""
        said = int(shares.argmax())
        phrase = "{true}: {share}" if said == true else "{true}, named {said}: {share}"
        share = f"{float(shares[said]):.0%}"
        return self.words(phrase, true=self.classes[true], said=self.classes[said], share=share)

    def moving_left(self) -> dict[str, Any]:
        moving = {f"film-name-{k}": name for k, name in enumerate(self.names)}
        return moving | {
            f"film-bar-{k}-{j}": bar for k, bars in enumerate(self.bars) for j, bar in enumerate(bars)
        }

    def above_left(self) -> list[Any]:
        return []
