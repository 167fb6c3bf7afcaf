"""The player: a walk as a page on which one steps through it, forward and backward, with the picture.

What is written is one piece of HTML (`player.html`) that needs nothing else. It holds the finished picture,
which is all that shows where scripts are not run, and a small script (`player.js`) that plays on it. A step
is stored as what it changes: which edge, and the local derivative; the script does the additions that
`backward()` does. Formulas are stored as their shapes and what is put into these, since a few shapes recur
through the whole of a walk.
"""

from __future__ import annotations

import html
import math
import os
import re
from copy import deepcopy
from typing import Any

from ..drawing import DrawingError, draw
from ..engine import topological_order
from ..engine.visible import visible
from ..formulas import Formula, MathML
from ..support import extensions, pages
from ..support.files import write_whole
from ..support.languages import said
from ..support.showing import show
from ..support.text import shortened
from .moving_picture import moving_picture
from .player_picture import Product, as_image, finished_picture, is_labelled, number_text, products_of
from .player_words import words_of
from .sequence import Steps

__all__ = ["LIMIT", "bundle_of", "finished_png", "fragment_of", "page_of", "save_walk", "show_walk"]

LIMIT = 500
"""The largest number of nodes that the player shows; a layout takes seconds for hundreds of cards."""

SHARED = ("graph_picture.js", "value_table.js", "theme.js")
"""The scripts that all pages with such a picture begin with."""

_SCRIPTS = ("player_page.js", "walk_data.js", "product_label.js", "player.js")

# What is put into the shape of a formula: a name with an index, a name, or a number
_LEAF = re.compile(r"<msub><mi>([^<]*)</mi><mn>([^<]*)</mn></msub>|<mi>([^<]*)</mi>|<mn>([^<]*)</mn>")
_HOLE = "@"  # stands in no formula outside of these


def save_walk(steps: Steps, path: str | os.PathLike[str]) -> str:
    """Write a walk to a file: .html for the player, .svg for a moving picture, .txt for the table.

    The file appears whole or not at all, and replaces one of that name.

    Returns:
        the path.

    Raises:
        ValueError: the suffix is neither, or the graph is too large for the player.
        OSError: the file cannot be written.
    """
    name = os.fspath(path)
    suffix = os.path.splitext(name)[1].lower()
    if suffix == ".txt":
        write_whole(name, steps.table(limit=None) + "\n")
    elif suffix in (".html", ".htm", ".svg"):
        if steps.forward > LIMIT:
            raise ValueError(_too_large(steps))
        write_whole(name, moving_picture(steps) + "\n" if suffix == ".svg" else page_of(steps))
    else:
        raise ValueError(
            f"cannot tell what kind of file {name!r} is to be; end its name in .html for the player, "
            ".svg for a picture that moves, or .txt for the table of steps"
        )
    return name


def show_walk(steps: Steps) -> str:
    """Show the player in Jupyter or in the browser, and return the path of the page that the browser has."""
    if steps.forward > LIMIT:
        raise ValueError(_too_large(steps))
    return show(steps, lambda: page_of(steps), "walk.html")


def bundle_of(steps: Steps, include: Any = None, exclude: Any = None) -> dict[str, Any]:
    """Return what Jupyter shows: the player, and the finished picture for where HTML is not shown.

    A graph that is so large and dense that Graphviz would take seconds for a picture that nobody can read has
    none.
    """

    def wanted(kind: str) -> bool:
        return (not include or kind in include) and kind not in (exclude or ())

    if steps.forward > LIMIT:
        message = _too_large(steps)
        bundle: dict[str, Any] = {
            "text/plain": f"{steps!r}\n{message}",
            "text/html": f"<p>{html.escape(message)}</p>",
        }
    else:
        bundle = {"text/plain": repr(steps)}
        if wanted("text/html"):
            bundle["text/html"] = fragment_of(steps)
        try:
            if wanted("image/png") and is_labelled(steps.forward, products_of(steps)):
                bundle["image/png"] = finished_png(steps)
        except DrawingError as error:
            bundle["text/plain"] += f"\n{error}"
    return {kind: content for kind, content in bundle.items() if wanted(kind)}


def _too_large(steps: Steps) -> str:
    return (
        f"the graph has {steps.forward} Values, more than the {LIMIT} that the player shows; "
        "print(walk(y).table(40)) shows the first and last steps, walk(y)[a:b] any others, "
        "walk(y).save('steps.txt') writes all, and walk(an inner Value) plays a part"
    )


def finished_png(steps: Steps) -> bytes:
    """Return the picture of a copy with the gradients of the walk; the graph itself may have others.

    Raises:
        DrawingError: what makes such pictures is not installed.
    """
    root = deepcopy(steps.nodes[-1])
    for i, node in enumerate(visible(topological_order(root))):
        node.data, node.grad = steps[i].data, steps.gradient(i)
    return draw(root, limit=LIMIT)._png(96, 3000)


def page_of(steps: Steps) -> str:
    """Return the player as a whole HTML document. It may load nothing from anywhere, by its own rule."""
    title = said("{output}, step by step", steps.lang, output=shortened(steps.output, 40))
    style = pages.resource(__package__, "player_page.css")
    return pages.page_of(title, style, fragment_of(steps), "zh-CN" if steps.lang == "zh" else "en")


def fragment_of(steps: Steps) -> str:
    """Return the player as a piece of HTML that can stand in a page beside others."""
    products = products_of(steps)
    data = _data_of(steps, products)
    style = pages.resource(__package__, "player_picture.css")
    try:
        phrase, output = "The graph of {output} with all values and gradients", shortened(steps.output, 40)
        finished = as_image(finished_picture(steps, products, style), said(phrase, steps.lang, output=output))
    except DrawingError as error:
        finished = ""
        data["missing"] = str(error)
    return pages.filled(
        __package__,
        "player.html",
        picture=finished or _as_table(steps),
        style=pages.resource(__package__, "player.css"),
        data=pages.as_script(data),
        live=extensions.live_part(steps),
        script="\n".join([pages.resource(__package__, name) for name in (*SHARED, *_SCRIPTS)]),
    )


def _as_table(steps: Steps) -> str:
    # $ would begin a formula in Jupyter
    return f"<pre>{html.escape(steps.table()).replace('$', '&#36;')}</pre>"


# What the script is given


def _data_of(steps: Steps, products: list[Product]) -> dict[str, Any]:
    forward = steps[: steps.forward]
    formulas = _Formulas(steps.lang)
    told = [
        [
            formulas.add(formula)
            for formula in (step.rule, step.numbers, step.update, step.update_numbers)
            if formula is not None
        ]
        for step in steps
    ]
    return {
        "words": words_of(steps.lang),
        "output": shortened(steps.output, 40),
        "names": [shortened(step.name, 40) for step in forward],
        "written": [number_text(step.data) for step in forward],
        "operands": [[x.node for x in step.operands if x.node is not None] for step in forward],
        "edges": [
            [
                product.target,
                product.node,
                _as_json(product.local),
                *map(number_text, (product.local, product.change, product.after)),
            ]
            for product in products
        ],
        "shapes": list(formulas.shapes),
        "leaves": list(formulas.leaves),
        "formulas": told,
    }


class _Formulas:
    """Formulas in MathML as the number of a shape, followed by the numbers of what is put into its holes.

    A leaf is written as its kind and its text: `sv 12` for a subscript, `ix` for a name, `n0.5` for a number.
    """

    def __init__(self, lang: str) -> None:
        self._lang = lang
        self.shapes: dict[str, int] = {}
        self.leaves: dict[str, int] = {}

    def add(self, formula: Formula) -> str:
        leaves: list[int] = []

        def keep(match: re.Match[str]) -> str:
            base, index, name, number = match.groups()
            leaf = f"s{base} {index}" if index else f"i{name}" if number is None else f"n{number}"
            leaves.append(self.leaves.setdefault(leaf, len(self.leaves)))
            return _HOLE

        shape = _LEAF.sub(keep, MathML(self._lang).write(formula))
        return " ".join(map(str, [self.shapes.setdefault(shape, len(self.shapes)), *leaves]))


def _as_json(x: float) -> float | str:
    """Return a number as JSON can hold it; JavaScript's Number() reads the words too."""
    if math.isfinite(x):
        return x
    return "NaN" if math.isnan(x) else "Infinity" if x > 0 else "-Infinity"
