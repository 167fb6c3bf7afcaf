"""A computation graph as a picture.

`draw` writes the graph down in DOT, the language of Graphviz: one card a Value, with its label, number and
gradient, and an arrow from each operand, labelled with the local derivative. Colour and width show how much
flows where, so that the chain rule can be followed with a finger. A `Drawing` holds that text, and asks
Graphviz for the picture only when one is wanted.
"""

from __future__ import annotations

import os

from .engine import Value, topological_order
from .files import write_whole
from .rendering import DrawingError, make_picture

TYPE_CHECKING = False  # as in typing, whose import would take longer than all of ours
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

__all__ = ["Drawing", "DrawingError", "draw"]


def draw(
    value: Value,
    *,
    format: str = ".4g",  # noqa: A002 (what Python calls it)
    rankdir: str = "LR",
    limit: int = 500,
) -> Drawing:
    """Draw a Value and everything it was computed from.

    Each Value is a card. An operation stands on its dark edge, with a constant operand in small print
    (`× 3`). Leaves are green, and yellow where the last part of the label is w, b, weight or bias, with or
    without a number, as in `w1` or `layers[0].neurons[3].w[1]`: the parameters. A gradient is tinted blue
    where it is positive, red where it is negative, purple where it is NaN, the stronger the larger it is
    among those of the picture. An arrow bears the local derivative; its colour and width show its product
    with the gradient of the result, which is what backward() adds to the operand's gradient.

    Args:
        value: the result whose graph is drawn; call its `backward()` first to see gradients.
        format: how numbers are written, as in `f"{x:.4g}"`.
        rankdir: the direction of the arrows: "LR" (left to right), "TB", "RL" or "BT".
        limit: the largest number of cards; a layout takes seconds for hundreds of them.

    Returns:
        a `Drawing`, which Jupyter shows and which saves itself as SVG, PNG, PDF or DOT. The same graph
        gives the same text: its cards are v0, v1, ... in topological order.

    Raises:
        TypeError: `value` is not a Value.
        ValueError: the graph has more Values than `limit`, or an option is not one of those above.

    >>> x = Value(3.0, label="x")
    >>> draw(x * x)
    <Drawing: 2 cards, 2 edges>
    """
    if not isinstance(value, Value):
        raise TypeError(_not_a_value(value))
    if rankdir not in ("LR", "TB", "RL", "BT"):
        raise ValueError(f"rankdir is 'LR', 'TB', 'RL' or 'BT', not {rankdir!r}")
    from .cards import FONT, Arrow, Style, largest_of

    style = Style(format)
    order = topological_order(value)
    if len(order) > limit:
        raise ValueError(
            f"the graph has {len(order)} Values, more than the limit of {limit} cards for a picture; "
            "draw an inner Value, or pass a larger limit= and wait for the layout"
        )
    ids = {id(node): f"v{index}" for index, node in enumerate(order)}
    arrows = [
        Arrow(ids[id(operand)], ids[id(node)], partial, node.grad)
        for node in order
        for operand, partial in zip(node.operands, node.partials, strict=True)
        if isinstance(operand, Value) and partial is not None
    ]
    largest_grad = largest_of(node.grad for node in order)
    largest_flow = largest_of(arrow.flow for arrow in arrows)
    source = "\n".join(
        [
            "digraph {",
            f"  graph [rankdir={rankdir}, bgcolor=white, nodesep=0.18, ranksep=0.55, pad=0.15]",
            f'  node [shape=plain, fontname="{FONT}", fontsize=11]',
            f'  edge [fontname="{FONT}", fontsize=9, arrowsize=0.6]',
            *[f"  {ids[id(node)]} {style.card(node, largest_grad)}" for node in order],
            *[f"  {arrow.tail} -> {arrow.head} {style.arrow(arrow, largest_flow)}" for arrow in arrows],
            "}\n",
        ]
    )
    return Drawing(source, f"{len(order)} cards, {len(arrows)} edges")


def _not_a_value(thing: object) -> str:
    message = f"draw() takes a Value, not {type(thing).__name__!r}"
    if isinstance(thing, (int, float)):
        return f"{message}; a plain number has no graph: compute with Value({thing!r}) to get one"
    if isinstance(thing, (list, tuple, set, dict)):
        return f"{message}; draw one of its Values, or their sum"
    return message


_PICTURES = ("svg", "png", "pdf")
_SOURCES = ("dot", "gv")


class Drawing:
    """A drawing as DOT text, and by way of Graphviz as a picture.

    It is used like PyPI's `graphviz.Digraph`: `source`, `render()`, `pipe()`, and it shows itself in
    Jupyter. The text needs no Graphviz; everything else raises `DrawingError` where there is none.

    Attributes:
        source: the text in DOT.
        format: the kind of picture that `render` and `pipe` make unless told: "svg", "png" or "pdf".
    """

    def __init__(self, source: str, contents: str) -> None:
        self.source = source
        self.format = "svg"
        self._contents = contents

    def __repr__(self) -> str:
        return f"<Drawing: {self._contents}>"

    def __str__(self) -> str:
        return self.source

    def svg(self) -> str:
        """Return the picture as the text of an SVG file; the same drawing gives the same text."""
        return make_picture(self.source, "svg").decode()

    def png(self, dpi: int = 120) -> bytes:
        """Return the picture as the content of a PNG file, with `dpi` pixels an inch."""
        if not (isinstance(dpi, int) and 1 <= dpi <= 1200):
            raise ValueError(f"dpi is a whole number of pixels an inch from 1 to 1200, not {dpi!r}")
        return make_picture(self.source.replace("{", f"{{\n  graph [dpi={dpi}]", 1), "png")

    def pdf(self) -> bytes:
        """Return the picture as the content of a PDF file."""
        return make_picture(self.source, "pdf")

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
        """Write the drawing to a file: .svg, .png or .pdf for a picture, .dot or .gv for the source.

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
        if suffix.lower()[1:] not in (*_PICTURES, *_SOURCES):
            raise ValueError(
                f"cannot tell what kind of picture {name!r} is to be; "
                f"end its name in {', '.join('.' + kind for kind in _PICTURES)}, .dot or .gv"
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
            import webbrowser
            from pathlib import Path

            webbrowser.open(Path(f"{source}.{kind}").absolute().as_uri())
        return f"{source}.{kind}"

    def _content(self, kind: str) -> bytes:
        if kind in _SOURCES:
            return self.source.encode()
        return self.png() if kind == "png" else make_picture(self.source, kind)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        """Return what Jupyter shows; a message instead of a traceback where there is no Graphviz."""
        try:
            bundle = {"text/plain": repr(self), "image/svg+xml": self.svg(), "image/png": self.png(96)}
        except DrawingError as error:
            bundle = {"text/plain": f"{self!r}\n{error}"}
        return {
            kind: content
            for kind, content in bundle.items()
            if (not include or kind in include) and kind not in (exclude or ())
        }


def _kind(format: str, known: Sequence[str]) -> str:  # noqa: A002
    if format not in known:
        raise ValueError(f"cannot draw in the format {format!r}; use one of {', '.join(known)}")
    return format
