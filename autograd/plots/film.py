"""A film of a training: what the network predicts, its loss and its gradients, as they were step by step.

What it predicts is shown over the plane of two features; of images, no two pixels of which say anything, by
the probabilities of the classes for some of them. While it trains only the parameters are kept, at steps
spread evenly from the first to the last; the pictures are made afterwards. Each frame is what changes on one
plot: the colours and lines of the plane with the rows that are predicted wrongly, or the bars of the images,
and how far the curves have come.
"""

from __future__ import annotations

import copy
import io
import math
import os
from array import array
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

from ..support.files import write_whole
from ..training import Result, Step, Trainer
from . import film_page
from .boundaries import error_of, predictions, wrong_rows
from .curves import trend
from .errors import PlotError, require_matplotlib
from .flow import layer_colors, layer_name, ratios, verdict
from .image_stage import ImageStage, by_when_learnt
from .images import image_size
from .plane import Plane, rgb
from .plane_stage import PlaneStage
from .plot import Plot
from .stage import VEIL, Frame, Stage
from .style import COLORS, INK, MUTED, plotting_style
from .words import Words

FRAMES = 120
"""A film has at most so many frames as a page, and half as many as a GIF."""

SUFFIXES = (".html", ".gif")
_GRID = 48  # points along each side of the plane
_ROWS = 500  # rows that are shown, at most
_DPI = 90  # of the GIF
_MILLISECONDS = (130, 2500)  # how long a frame of the GIF is shown, and the last one


class Recorder:
    """Keeps the parameters of a network while it trains; call it after every step.

    Args:
        trainer: what is about to run.
        frames: at most so many sets of parameters are kept, 2 or more: those before the first step, and then
            evenly over all steps.

    Raises:
        ValueError: frames is not from 2 to 120.

    >>> from autograd.training import Dataset, Settings, Trainer, iris
    >>> trainer = Trainer(Dataset.of(iris()), Settings(steps=20))
    >>> recorder = Recorder(trainer, frames=11)
    >>> result = trainer.run(recorder)
    >>> recorder.steps
    [0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20]
    """

    def __init__(self, trainer: Trainer, frames: int = FRAMES) -> None:
        if not 2 <= frames <= FRAMES:
            raise ValueError(f"a film has from 2 to {FRAMES} frames, not {frames}")
        self.result = trainer.result
        steps = self.result.settings.steps
        last = min(frames - 1, steps)
        self._due = {round(k * steps / last) for k in range(last + 1)}
        self._kept: dict[int, array[float]] = {}
        self._keep(0)

    @property
    def steps(self) -> list[int]:
        """After which steps the parameters were kept."""
        return list(self._kept)

    def __call__(self, step: Step) -> None:
        """Keep the parameters as they are now, after a step, if there is to be a frame of it."""
        if step.step in self._due:
            self._keep(step.step)

    def film(self, lang: str = "en") -> Film:
        """Return the film of the training, which has ended, early or not.

        Args:
            lang: "en", or "zh" for Chinese, where a font has its characters.

        Raises:
            ValueError: no step was done.
            PlotError: Matplotlib is not installed.
        """
        if not self.result.history:
            raise ValueError("there is no film of a training without a step")
        self._keep(len(self.result.history))  # the end, also of a training that was interrupted
        return Film(self.result, dict(self._kept), lang)

    def _keep(self, step: int) -> None:
        self._kept[step] = array("d", (p.data for p in self.result.model.network.parameters()))


class Film:
    """A finished film: shows itself in a notebook, and saves itself as a page or as a GIF.

    Args:
        result: the training.
        parameters: those of the network after each step that there is a frame of.
        lang: "en" or "zh".

    Raises:
        PlotError: Matplotlib is not installed.
    """

    def __init__(self, result: Result, parameters: dict[int, Sequence[float]], lang: str = "en") -> None:
        require_matplotlib()
        self.result, self._lang = result, lang
        self._parameters = parameters
        self.of_images = bool(result.model.classes) and image_size(result.model.features) is not None
        self.rows = (result.test_rows or result.train_rows)[:_ROWS] if self.of_images else shown_rows(result)
        self._losses = trend([step.loss for step in result.history])

    def __repr__(self) -> str:
        return f"<Film: {len(self.steps)} frames>"

    @property
    def steps(self) -> list[int]:
        """After which steps there is a frame."""
        return list(self._parameters)

    def frames(self, words: Words, steps: Sequence[int] | None = None) -> Iterator[Frame]:
        """Compute the frames one by one, all or those of some steps."""
        for step, past in self._networks(self.steps if steps is None else steps):
            yield (self._image_frame if self.of_images else self._plane_frame)(step, past, words)

    def _networks(self, steps: Sequence[int]) -> Iterator[tuple[int, Result]]:
        """Go through some steps: the training with its network as it was then, and all else as it is."""
        past = copy.copy(self.result)
        past.model = copy.deepcopy(self.result.model)
        for step in steps:
            for parameter, data in zip(past.model.network.parameters(), self._parameters[step], strict=True):
                parameter.data = data
            yield step, past

    @cached_property
    def plane(self) -> Plane:
        """The part of the plane that is shown."""
        return Plane(self.result, _GRID)

    def _plane_frame(self, step: int, past: Result, words: Words) -> Frame:
        self.plane.model = past.model
        predicted = self.plane.predict()
        wrong = wrong_rows(past, self.rows)
        caption = self._caption(past, step, wrong, words)
        image = self.plane.image(predicted) if len(self.plane.shown) > 1 else None
        return Frame(step, wrong, caption, image, self.plane.lines(predicted))

    @cached_property
    def images(self) -> tuple[list[int], int]:
        """The places in the data of the images that are shown, and how many of them are never learnt."""
        right = []
        for _, past in self._networks(self.steps):
            wrong = set(wrong_rows(past, self.rows))
            right.append([i not in wrong for i in self.rows])
        places, never = by_when_learnt(right)
        return [self.rows[place] for place in places], never

    def _image_frame(self, step: int, past: Result, words: Words) -> Frame:
        wrong = wrong_rows(past, self.rows)
        caption = self._caption(past, step, wrong, words)
        return Frame(step, wrong, caption, shares=predictions(past, self.images[0]))

    def _stage(self, words: Words, **options: Any) -> Stage:
        if self.of_images:
            return ImageStage(self.result, *self.images, words, **options)
        return PlaneStage(self.result, self.plane, self.rows, words, **options)

    def _caption(self, past: Result, step: int, wrong: Sequence[int], words: Words) -> str:
        history = self.result.history
        parts = [words("step {step} of {steps}", step=step, steps=self.result.settings.steps)]
        if step:
            parts.append(words("loss {loss}", loss=f"{self._losses[step - 1]:.3g}"))
        else:
            parts[0] += f" ({words('untrained')})"
        if self.of_images:
            kept = "test images" if self.result.test_rows else "images"
            phrase = f"{{wrong}} of {{rows}} {kept} are named wrongly"
            parts.append(words(phrase, wrong=len(wrong), rows=len(self.rows)))
        elif self.result.model.classes:
            parts.append(words("{wrong} of {rows} rows wrong", wrong=len(wrong), rows=len(self.rows)))
        else:
            parts.append(words("RMSE {rmse}", rmse=f"{error_of(past, self.rows):.3g}"))
        if step:
            parts += self._troubles(history[step - 1], words)[:1]
        return " · ".join(parts)

    def _troubles(self, step: Step, words: Words) -> list[str]:
        """Return what is to be said of each layer whose gradient vanishes or explodes at a step."""
        sizes = ratios(step)
        texts = []
        for i, ratio in enumerate(sizes):
            name, said = layer_name(i + 1, len(sizes), words), verdict(ratio)
            if ratio == 0:
                texts.append(words("gradient of {layer}: zero, vanishing", layer=name))
            elif said:
                phrase = "gradient of {layer}: {ratio} of the output layer's, {verdict}"
                texts.append(words(phrase, layer=name, ratio=f"{ratio:.1g}", verdict=words(said)))
        return texts

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the film to a file: a page if its name ends in .html, an animated GIF if in .gif.

        Raises:
            ValueError: the name ends otherwise.
            OSError: the file cannot be written.
        """
        check_film(path)
        write_whole(path, self.gif() if os.fspath(path).lower().endswith(".gif") else self.html())

    def html(self) -> str:
        """Return the film as a page that needs no other file, and no network."""
        words = Words(self._lang, elsewhere=True)
        with plotting_style(words):
            stage = self._stage(words, captioned=False)
            return film_page.page(stage, self.frames(words), words)

    def gif(self) -> bytes:
        """Return the film as an animated GIF, of at most 60 frames, that starts again when it has ended."""
        from PIL import Image

        words = Words(self._lang)
        steps = self.steps
        count = min(len(steps), FRAMES // 2)
        chosen = [steps[round(k * (len(steps) - 1) / (count - 1))] for k in range(count)]
        with plotting_style(words):
            stage = self._stage(words, dpi=_DPI)
            stage.set_apart()
            pictures = [Image.fromarray(stage.picture(frame)) for frame in self.frames(words, chosen)]
        palette = _common_palette(pictures, len(self.result.history[0].gradients))
        pictures = [picture.quantize(palette=palette, dither=Image.Dither.NONE) for picture in pictures]
        buffer = io.BytesIO()
        frame, last = _MILLISECONDS
        pictures[0].save(
            buffer, "GIF", save_all=True, append_images=pictures[1:], loop=0, optimize=False,
            duration=[frame] * (count - 1) + [last],
        )  # fmt: skip
        return buffer.getvalue()

    def still(self) -> Plot:
        """Return the last frame as a picture."""
        words = Words(self._lang)
        with plotting_style(words):
            stage = self._stage(words)
            (frame,) = self.frames(words, self.steps[-1:])
            stage.show(frame)
        return Plot(stage.figure, words)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        return {"text/html": film_page.embedded(self.html()), "image/png": self.still().png()}


def shown_rows(result: Result) -> list[int]:
    """Return the rows that a film shows: all, or of very many 500, in the same proportion for testing."""
    total = len(result.train_rows) + len(result.test_rows)
    share = min(1.0, _ROWS / total)
    train = result.train_rows[: math.ceil(share * len(result.train_rows))]
    return [*train, *result.test_rows[: math.floor(share * len(result.test_rows))]]


def check_film(path: str | os.PathLike[str]) -> None:
    """Find out whether a film with that file name can be made here.

    Raises:
        ValueError: the name ends neither in .html nor in .gif.
        PlotError: Matplotlib is not installed.
    """
    if not os.fspath(path).lower().endswith(SUFFIXES):
        raise ValueError(f"cannot make a film {os.fspath(path)!r}: the name must end in .html or .gif")
    try:
        require_matplotlib()
    except PlotError as error:
        raise PlotError(f"cannot make a film: {error}") from None


def _common_palette(pictures: Sequence[Any], layers: int) -> Any:
    """Return a palette for all pictures, so that colours do not flicker.

    It has the most frequent colours of the first, the middle and the last picture, and those of our thin
    lines, as they are and behind the veil, which are too rare to be among them.
    """
    import numpy as np
    from PIL import Image

    chosen = [pictures[0], pictures[len(pictures) // 2], pictures[-1]]
    width, height = chosen[0].size
    strip = Image.new("RGB", (width, 3 * height))
    for k, picture in enumerate(chosen):
        strip.paste(picture, (0, k * height))
    named = [rgb(color) for color in (INK, MUTED, *COLORS)] + [c[:3] for c in layer_colors(min(layers, 20))]
    both = [*named, *[[1 - (1 - channel) * (1 - VEIL) for channel in color] for color in named]]
    own = np.round(255 * np.array([(1, 1, 1), *both])).astype(int).ravel().tolist()
    frequent = strip.quantize(colors=255 - len(own) // 3, method=Image.Quantize.MEDIANCUT).getpalette() or []
    palette = Image.new("P", (1, 1))
    others = [channels for k in range(0, len(frequent), 3) if min(channels := frequent[k : k + 3]) < 248]
    palette.putpalette(own + [channel for channels in others for channel in channels])
    return palette
