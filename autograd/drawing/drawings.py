"""A computation graph as a picture.

`draw` makes cards of Values, or of the neurons of a network, and arrows between them, so that the chain
rule can be followed with a finger. A `Drawing` holds them as DOT, the language of Graphviz, and asks
Graphviz for the picture only when one is wanted. Where there is none, small ones are laid out here; as
Mermaid and as plain text it needs no Graphviz at all.
"""

from __future__ import annotations

import os
import sys
import webbrowser
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from ..engine import Value
from ..nn import Module
from ..support.files import write_whole
from ..support.languages import check_language
from ..support.showing import show
from .embedding import fitted, html_of, in_a_cell, light_or_dark, page_of
from .graphs import picture_of
from .legend import legend_of
from .mermaid import mermaid_of
from .numbers import Numbers
from .output import Output, source_of
from .picture import Picture
from .rendering import DrawingError
from .text_tree import text_of
from .themes import AUTO, THEMES, checked_theme, theme_of

__all__ = ["Drawing", "DrawingError", "draw"]


def draw(
    *things: Value | Module | Iterable[Value],
    module: Module | Mapping[str, Module] | None = None,
    names: bool | Mapping[str, Any] | None = None,
    depth: int | None = None,
    expand: bool | str | Sequence[str] = (),
    theme: str | None = None,
    rankdir: str = "LR",
    format: str = ".4g",  # noqa: A002 (what Python calls it)
    limit: int = 500,
    parameters: Iterable[Value | str] | None = None,
    weights: bool = False,
    legend: bool = False,
    lang: str = "en",
) -> Drawing:
    """Draw Values and everything they were computed from, or a network.

    Each Value is a card. An operation stands on its left edge, with a constant operand in small print
    (`× 3`). Inputs are green; parameters are yellow and have a thicker border: those of `module`, and those
    in `parameters` or else leaves where the last part of the label is w, b, weight or bias, with or without a
    number, as in `w1` or `layers[0].neurons[3].w[1]`. A label in TeX, such as `$w_1$` or `\\beta`, is
    typeset. A gradient is tinted blue where it is positive, red where it is
    negative, purple where it is NaN, the stronger the larger it is among those of the picture. An arrow
    bears the local derivative; its colour and width show its product with the gradient of the result, which
    is what backward() adds to the operand's gradient. Its head is hollow where that is negative.

    A graph that went through a network is folded when `module` is given, and else from 60 cards on: a
    neuron, with the products and sums it consists of, is one card in the frame of its layer, an arrow is a
    weight, coloured by the weight's gradient, and what was computed from the outputs is one card with its
    formula. Without `module` the neurons are found by the labels that `nn` gives its parameters. Of many
    rows that went through, a card shows the mean of the outputs and the sum of their gradients. A module
    drawn by itself has computed nothing: its neurons show their biases. Before `backward()`, when no weight
    has a gradient, arrows are coloured by the weights themselves.

    Args:
        things: the results whose graph is drawn, one or several, or lists of them, after `backward()` if
            gradients are to be seen; or one Module.
        module: the network, or a dict of networks by name, that the graph went through.
        names: a dict such as `locals()`, or True for the variables of the calling function: Values
            without a label are then called by the variable that holds them.
        depth: how many modules deep a network is shown: of an MLP 0 is one card, 1 a card a layer, 2 a
            card a neuron, 3 all Values.
        expand: what to show in full nevertheless: "layers[0]", "layers[0].neurons[1]", "loss", several
            of them in a list, or True for everything.
        theme: "light", "dark", or "auto", which is as JupyterLab or VS Code is, and elsewhere as the system;
            that of `set_theme` unless given.
        rankdir: the direction of the arrows: "LR" (left to right), "TB", "RL" or "BT".
        format: how numbers are written, as in `f"{x:.4g}"`.
        limit: the largest number of cards; a layout takes seconds for hundreds of them.
        parameters: the leaves that are parameters, as Values or by their names, `["权重", "偏置"]`; unless
            given, they are guessed by their names.
        weights: write the weights of a network on its arrows, of hundreds those for which there is room. A
            small graph is folded for that too.
        legend: say below the picture what its colours and lines mean.
        lang: the language of the legend: "en" for English, "zh" for Chinese.

    Returns:
        a `Drawing`, which Jupyter shows and which saves itself as SVG, PNG, PDF, DOT or Mermaid. The same
        graph gives the same text: its cards are v0, v1, ... in topological order.

    Raises:
        TypeError: something else than Values or a Module is to be drawn.
        ValueError: there would be more cards than `limit`, the graph has more than 200,000 Values, no leaf
            has one of the names in `parameters`, or an option is none of those above.

    >>> x = Value(3.0, label="x")
    >>> draw(x * x)
    <Drawing: 2 cards, 2 edges>
    >>> rate = Value(0.1, label="学习率")
    >>> draw(x * rate, parameters=["学习率"], theme="dark")
    <Drawing: 3 cards, 2 edges>
    >>> from autograd import nn
    >>> draw(nn.MLP(2, [4, 1]), weights=True, legend=True)
    <Drawing: 7 cards, 12 edges>
    """
    if rankdir not in ("LR", "TB", "RL", "BT"):
        raise ValueError(f"rankdir is 'LR', 'TB', 'RL' or 'BT', not {rankdir!r}")
    theme = checked_theme(theme)
    check_language(lang)
    if depth is not None and (isinstance(depth, bool) or not isinstance(depth, int) or depth < 0):
        raise ValueError(f"depth is a whole number of 0 or more, not {depth!r}")
    numbers = Numbers(format)
    variables = sys._getframe(1).f_locals if names is True else names or None
    picture = picture_of(
        things, module, variables, numbers, depth, expand, limit, weights, parameters
    )  # fmt: skip
    if legend:
        picture = picture._replace(legend=legend_of(picture, lang))
    source = source_of(picture, theme_of(theme), rankdir)
    return Drawing(source, str(picture), picture, rankdir, theme)


_PICTURES = ("svg", "png", "pdf")
_SOURCES = ("dot", "gv")
_TEXTS = ("mmd", "md")


class Drawing:
    """A drawing as text, and by way of Graphviz as a picture.

    It is used like PyPI's `graphviz.Digraph`: `source`, `render()`, `pipe()`, and it shows itself in
    Jupyter; printed, it is a tree of text. DOT, Mermaid, the tree, and SVG up to 250 cards need nothing else
    installed. Where there is no Graphviz, a PNG needs Matplotlib or a browser, and a PDF or a larger picture
    raises `DrawingError`. A layout is found once, and serves all formats.

    Attributes:
        source: the text in DOT.
        format: the kind of picture that `render` and `pipe` make unless told: "svg", "png" or "pdf".
    """

    def __init__(
        self,
        source: str,
        contents: str,
        picture: Picture | None = None,
        rankdir: str = "LR",
        theme: str = "light",
    ) -> None:
        self.source = source
        self.format = "svg"
        self._contents = contents
        self._picture, self._rankdir, self._theme = picture, rankdir, theme

    @cached_property
    def _output(self) -> Output:
        return Output(self.source, self._picture, theme_of(self._theme), self._rankdir)

    @cached_property
    def _dark(self) -> Output:
        """The same in dark colours, of which a picture that follows the theme has some."""
        picture = self._known_picture()
        source = source_of(picture, THEMES["dark"], self._rankdir)
        return Output(source, picture, THEMES["dark"], self._rankdir)

    def __repr__(self) -> str:
        return f"<Drawing: {self._contents}>"

    def __str__(self) -> str:
        return self.source if self._picture is None else self.text()

    def text(self) -> str:
        """Return the drawing as a tree of text for a terminal, or a network as a table of its neurons."""
        return text_of(self._known_picture())

    def mermaid(self) -> str:
        """Return the drawing as Mermaid text, which GitHub draws in Markdown files (up to 500 arrows)."""
        return mermaid_of(self._known_picture(), theme_of(self._theme), self._rankdir)

    def _known_picture(self) -> Picture:
        if self._picture is None:
            raise ValueError("a drawing that was made of DOT text is written in no other language")
        return self._picture

    def svg(self) -> str:
        """Return the picture as the text of an SVG file; the same drawing gives the same text.

        In a page it is as wide as it needs to be, and no wider than what it stands in as long as it can be
        read; else that scrolls. With the theme "auto" it is light or dark as the page, or the system.
        """
        svg = self._light_svg()
        if self._theme == AUTO and self._picture is not None:
            return light_or_dark(svg, self._fitted(self._dark.svg))
        return svg

    def _light_svg(self) -> str:
        return self._fitted(self._output.svg)

    def _fitted(self, svg: str) -> str:
        return fitted(svg, f"computation graph: {self._contents}")

    def png(self, dpi: int = 120) -> bytes:
        """Return the picture as the content of a PNG file, with `dpi` dots an inch.

        A picture that would be more than 10,000 dots wide or high is made smaller.
        """
        if not (isinstance(dpi, int) and 1 <= dpi <= 1200):
            raise ValueError(f"dpi is a whole number of pixels an inch from 1 to 1200, not {dpi!r}")
        return self._png(dpi, 10_000)

    def _png(self, dpi: int, most: int) -> bytes:
        return self._output.png(dpi, most)

    def pdf(self) -> bytes:
        """Return the picture as the content of a PDF file, which Graphviz makes."""
        return self._output.pdf

    def show(self) -> str:
        """Show the picture: in Jupyter where this cell is, elsewhere in a window of the browser.

        Returns:
            the path of the page that the browser was given; an empty text in Jupyter.

        Raises:
            DrawingError: the picture is large, and there is no Graphviz.
        """
        title, background = f"computation graph: {self._contents}", theme_of(self._theme).background
        return show(self, lambda: page_of(self.svg(), title, background), "drawing.html")

    def pipe(self, format: str | None = None, encoding: str | None = None) -> bytes | str:  # noqa: A002
        """Return the picture as bytes, or as text where an encoding is named, as `Digraph.pipe` does.

        Args:
            format: "svg", "png", "pdf", or "dot" for the source; the drawing's `format` unless given.
            encoding: the encoding of the text wanted, "utf-8"; sensible for "svg" and "dot".
        """
        kind = _kind(self.format if format is None else format, (*_PICTURES, *_SOURCES))
        content = self._content(kind)
        return content if encoding is None else content.decode(encoding)

    def save(self, path: str | os.PathLike[str]) -> str:
        """Write the drawing to a file: .svg, .png or .pdf for a picture, .dot or .gv for its source in DOT.

        .mmd is for Mermaid text, and .md for a Markdown file that shows it.

        The file appears whole or not at all, and replaces one of that name.

        Returns:
            the path.

        Raises:
            ValueError: the suffix is none of those.
            OSError: the file cannot be written.
            DrawingError: no Graphviz was found, or it failed.
        """
        name = os.fspath(path)
        suffix = os.path.splitext(name)[1]
        if suffix.lower()[1:] not in (*_PICTURES, *_SOURCES, *_TEXTS):
            raise ValueError(
                f"cannot tell what kind of picture {name!r} is to be; end its name in "
                f"{', '.join('.' + kind for kind in (*_PICTURES, *_SOURCES, *_TEXTS[:-1]))} or .md"
            )
        write_whole(name, self._content(suffix.lower()[1:]))
        return name

    def render(
        self,
        filename: str | os.PathLike[str] = "drawing.gv",
        directory: str | os.PathLike[str] | None = None,
        view: bool = False,
        cleanup: bool = False,
        format: str | None = None,  # noqa: A002
    ) -> str:
        """Write the source to `filename` and the picture beside it, as `graphviz.Digraph.render` does.

        Args:
            filename: where the source goes; the picture has this name and the suffix of its format.
            directory: the folder for both; it is made where it does not exist.
            view: open the picture in the program that the system has for it.
            cleanup: keep the picture only.
            format: "svg", "png" or "pdf"; the drawing's `format` unless given.

        Returns:
            the path of the picture.
        """
        kind = _kind(self.format if format is None else format, _PICTURES)
        source = os.path.join(directory or "", os.fspath(filename))
        picture = self._content(kind)
        os.makedirs(os.path.dirname(source) or ".", exist_ok=True)
        write_whole(f"{source}.{kind}", picture)
        if not cleanup:
            write_whole(source, self.source)
        if view:
            webbrowser.open(Path(f"{source}.{kind}").absolute().as_uri())
        return f"{source}.{kind}"

    def _content(self, kind: str) -> bytes:
        if kind in _SOURCES:
            return self.source.encode()
        if kind in _TEXTS:
            text = self.mermaid()
            return (f"```mermaid\n{text}```\n" if kind == "md" else text).encode()
        if kind == "svg":
            return self.svg().encode()
        return self.png() if kind == "png" else self.pdf()

    def _repr_mimebundle_(
        self, include: Any = None, exclude: Any = None
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return what Jupyter shows, and how; a message where no picture can be made."""
        bundle: dict[str, Any] = {"text/plain": repr(self)}
        try:
            svg = in_a_cell(self._light_svg())
            bundle["image/svg+xml"] = svg
            if self._theme == AUTO and self._picture is not None:
                bundle["text/html"] = html_of(svg, in_a_cell(self._fitted(self._dark.svg)))
            # Beyond a few thousand dots the picture that stands in for the SVG takes seconds and megabytes.
            bundle["image/png"] = self._png(96, 3000)
        except DrawingError as error:
            if len(bundle) == 1:
                bundle["text/plain"] += f"\n{error}"
        chosen = {
            kind: content
            for kind, content in bundle.items()
            if (not include or kind in include) and kind not in (exclude or ())
        }
        # JupyterLab would shrink it to the window, however narrow that is; so its cell scrolls
        return chosen, {"image/svg+xml": {"unconfined": True}} if "image/svg+xml" in chosen else {}


def _kind(format: str, known: Sequence[str]) -> str:  # noqa: A002
    if format not in known:
        raise ValueError(f"cannot draw in the format {format!r}; use one of {', '.join(known)}")
    return format
