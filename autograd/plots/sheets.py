"""A graph as a worksheet for a class: with empty cells for the gradients, and with the solution."""

from __future__ import annotations

import html
import io
import os
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from ..drawing import Drawing, DrawingError
from ..drawing.dot import dot_of
from ..drawing.names import Names
from ..drawing.numbers import Numbers
from ..drawing.picture import Arrow, Frame, Picture, Row
from ..drawing.themes import LIGHT
from ..drawing.values import value_picture
from ..engine import Value
from ..steps import Walk
from ..support.files import write_whole
from ..support.languages import said
from ..support.pages import page_of, resource
from ..support.text import shortened
from .errors import PlotError, require_matplotlib
from .style import new_figure, plotting_style
from .words import Words

__all__ = ["Worksheet", "worksheet"]

MOST = 60
"""The largest number of cards; more fit no sheet of paper."""

BLANK = "______"
_LINES, _SOLVED = 40, 64  # of chain-rule products on a page, and of their columns


def worksheet(
    y: Value,
    *,
    local: bool = False,
    names: bool | Mapping[str, Any] | None = None,
    lang: str = "en",
    format: str = ".4g",  # noqa: A002 (what `draw` calls it)
) -> Worksheet:
    """Make a worksheet: the graph of a Value with empty cells for the gradients, and the solution.

    The gradient of the result, 1, is given. The graph does not change, and no `grad` is read or set.

    Args:
        y: the result, of at most 60 Values.
        local: whether the local derivatives are given on the arrows, too.
        names: a dict such as `locals()`, or True for the variables of the calling function: Values
            without a label are then called by the variable that holds them, as in `draw`.
        lang: "en" for English, "zh" for Chinese.
        format: how numbers are written, as in `f"{x:.4g}"`.

    Returns:
        a `Worksheet`, which Jupyter shows and which saves itself as HTML or PDF, the solution on a page of
        its own.

    Raises:
        TypeError: `y` is not a Value.
        ValueError: the graph is too large, or the language is not one of those.
        RuntimeError: `y` was computed inside `no_grad()`, where nothing is recorded.

    >>> x, w = Value(2.0, label="x"), Value(5.0, label="w")
    >>> sheet = worksheet(x * w + x)
    >>> sheet
    <Worksheet: 4 cards>
    >>> sheet.solution[1:]
    ['∂v3/∂v2 = 0 + 1 · 1 = 1', '∂v3/∂x = 0 + 1 · 1 = 1', '∂v3/∂x = 1 + 5 · 1 = 6', '∂v3/∂w = 0 + 2 · 1 = 2']
    """
    if not isinstance(y, Value):
        raise TypeError(f"worksheet() takes a Value, not {type(y).__name__!r}")
    variables = sys._getframe(1).f_locals if names is True else names or None
    steps = Walk(y, variables, lang)
    if steps.forward > MOST:
        raise ValueError(f"the graph has {steps.forward} Values, more than the {MOST} that fit a worksheet")
    return Worksheet(steps, local, Numbers(format), variables)


class Worksheet:
    """A worksheet: shows itself in a notebook, and saves itself as HTML or PDF.

    Attributes:
        task: the graph with empty cells.
        solved: the graph with all gradients.
        solution: the chain-rule products, a line for each, in the order of `backward()`.
    """

    def __init__(
        self, steps: Walk, local: bool, numbers: Numbers, variables: Mapping[str, Any] | None
    ) -> None:
        self.lang = steps.lang
        self._name = shortened(steps.output, 40)
        root = steps.nodes[-1]
        whole = value_picture(steps.nodes, [root], Names(variables=variables), numbers)
        self._pictures = _emptied(whole, steps, numbers, local), _filled(whole, steps, numbers)
        self.task, self.solved = map(_drawing, self._pictures)
        lines = [step.row(steps.lang) for step in steps[steps.forward :]]
        self.solution = [update or rule for _, rule, update in lines]

    def __repr__(self) -> str:
        return f"<Worksheet: {len(self._pictures[0].cards)} cards>"

    def _texts(self) -> dict[str, str]:
        """Return what stands on the two pages in words."""
        return {
            "title": said("Worksheet: the derivatives of {y}", self.lang, y=self._name),
            "task": said(
                "Fill in the empty cells: the derivative of {y} with respect to the Value of each card. "
                "Go from the result to the inputs. For each arrow, multiply the derivative that is known at "
                "its head by the local derivative along it; at its tail, add what all arrows bring.",
                self.lang,
                y=self._name,
            ),
            "solution": said("Solution", self.lang),
            "order": said("The products of the chain rule, in the order of backward()", self.lang),
        }

    def html(self) -> str:
        """Return the worksheet as a page of HTML that needs nothing else; printed, it has two pages.

        Raises:
            DrawingError: there is nothing that draws the graph.
        """
        texts = {name: html.escape(text) for name, text in self._texts().items()}
        lines = "".join(f"<li>{html.escape(line)}</li>" for line in self.solution)
        body = (
            f"<section><h1>{texts['title']}</h1><p>{texts['task']}</p>{self.task.svg()}</section>\n"
            f'<section class="solution"><h1>{texts["solution"]}</h1>{self.solved.svg()}'
            f"<h2>{texts['order']}</h2><ol>{lines}</ol></section>\n"
        )
        css = resource(__package__, "sheets.css")
        return page_of(self._texts()["title"], css, body, "zh-CN" if self.lang == "zh" else "en")

    def pdf(self) -> bytes:
        """Return the worksheet as a PDF: of two pages where Matplotlib is there, else of one, by Graphviz.

        Raises:
            DrawingError: there is nothing that draws the graph.
        """
        try:
            require_matplotlib()
        except PlotError:
            both = _together(self._pictures, [self._texts()[name] for name in ("title", "solution")])
            return _drawing(both).pdf()
        return self._two_pages()

    def _two_pages(self) -> bytes:
        from matplotlib.backends.backend_pdf import PdfPages

        words, texts = Words(self.lang), self._texts()
        if words.lang != self.lang:  # no font has Chinese characters
            english = Worksheet.__new__(Worksheet)
            english.__dict__.update(self.__dict__, lang="en")
            return english._two_pages()
        buffer = io.BytesIO()
        shown = [line if len(line) <= _SOLVED else f"{line[: _SOLVED - 1]}…" for line in self.solution]
        lines = [*shown[:_LINES], *["…"] * (len(shown) > _LINES)]
        with plotting_style(words), PdfPages(buffer, metadata={"CreationDate": None}) as pages:
            for title, text, drawing, below in (
                (texts["title"], texts["task"], self.task, []),
                (texts["solution"], "", self.solved, [texts["order"], *lines]),
            ):
                pages.savefig(_sheet(title, text, drawing.png(200), below))
        return buffer.getvalue()

    def save(self, path: str | os.PathLike[str]) -> str:
        """Write the worksheet to a file, .html or .pdf, and return the path.

        Raises:
            ValueError: the name ends otherwise.
            OSError: the file cannot be written.
            DrawingError: there is nothing that draws the graph.
        """
        name = os.fspath(path)
        suffix = os.path.splitext(name)[1].lower()
        if suffix not in (".html", ".htm", ".pdf"):
            raise ValueError(f"cannot save a worksheet as {name!r}: the name must end in .html or .pdf")
        write_whole(name, self.pdf() if suffix == ".pdf" else self.html())
        return name

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        """Return what Jupyter shows: the task."""
        try:
            return {"text/plain": repr(self), "image/svg+xml": self.task.svg()}
        except DrawingError as error:
            return {"text/plain": f"{self!r}\n{error}"}


def _drawing(picture: Picture) -> Drawing:
    return Drawing(dot_of(picture, LIGHT, "LR"), str(picture), picture)


def _filled(picture: Picture, steps: Walk, numbers: Numbers) -> Picture:
    """Return a picture with the names and the gradients of a walk."""
    cards = []
    for i, card in enumerate(picture.cards):
        data, gradient = card.rows[0], steps.gradient(i)
        tooltip = f"data {steps[i].data!r}, grad {gradient!r}"
        rows = (data, Row("grad", numbers(gradient), gradient))
        cards.append(card._replace(label=steps.name(i), rows=rows, tooltip=tooltip))
    arrows = []
    for step in steps[steps.forward + 1 :]:
        assert step.local is not None
        assert step.contribution is not None
        tail, head = f"v{step.target}", f"v{step.node}"
        arrows.append(Arrow(tail, head, step.contribution, numbers(step.local)))
    return picture._replace(cards=cards, arrows=arrows)


def _emptied(picture: Picture, steps: Walk, numbers: Numbers, local: bool) -> Picture:
    """Return a picture whose gradients are to be found; that of the result is given."""
    filled = _filled(picture, steps, numbers)
    cards = [
        card._replace(
            rows=(card.rows[0], Row("grad", "1" if i == steps.forward - 1 else BLANK)),
            tooltip=f"data {steps[i].data!r}",
        )
        for i, card in enumerate(filled.cards)
    ]
    arrows = [arrow._replace(flow=0.0, text=arrow.text if local else "") for arrow in filled.arrows]
    return picture._replace(cards=cards, arrows=arrows)


def _together(pictures: Sequence[Picture], titles: Sequence[str]) -> Picture:
    """Return pictures as one, each in a frame of its own."""
    cards, arrows, frames = [], [], []
    for place, (picture, title) in enumerate(zip(pictures, titles, strict=True)):
        new = {card.id: f"p{place}{card.id}" for card in picture.cards}
        cards += [card._replace(id=new[card.id]) for card in picture.cards]
        arrows += [a._replace(tail=new[a.tail], head=new[a.head]) for a in picture.arrows]
        frames.append(Frame(f"p{place}", title, tuple(new.values())))
    return Picture(cards, arrows, frames, [])


def _sheet(title: str, text: str, png: bytes, lines: Sequence[str]) -> Any:
    """Return a sheet of A4 across, as a figure: a title, a text, a picture and lines in two columns."""
    import textwrap

    from matplotlib.image import imread

    figure = new_figure(11.69, 8.27)
    figure.set_layout_engine("none")
    figure.text(0.05, 0.94, title, fontsize=16, fontweight="bold", va="top")
    width = 62 if any(ord(x) > 0x2E80 for x in text) else 125
    figure.text(0.05, 0.89, "\n".join(textwrap.wrap(text, width)), fontsize=10, va="top")
    rows = -(-len(lines[1:]) // 2)
    share = min(0.45, 0.03 * (rows + 2)) if lines else 0.0
    axes = figure.add_axes((0.05, 0.05 + share, 0.9, (0.74 if text else 0.82) - share))
    axes.imshow(imread(io.BytesIO(png)), interpolation="antialiased")
    axes.set_anchor("N")
    axes.set_axis_off()
    if lines:
        figure.text(0.05, 0.04 + share, lines[0], fontsize=10, fontweight="bold", va="top")
        for column in range(2):
            part = lines[1:][column * rows : (column + 1) * rows]
            figure.text(0.05 + 0.46 * column, 0.01 + share, "\n".join(part), fontsize=9, va="top")
    return figure
