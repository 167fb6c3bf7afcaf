"""The page of a graph to play with: one piece of HTML that needs nothing else.

It holds the picture with the numbers that it begins with, which is all that shows where scripts are not run,
the graph as a program, and the scripts that play with it. Formulas are stored once for each operation, with
places for the operands.
"""

from __future__ import annotations

import html
import math
from typing import Any

from ..drawing import DrawingError
from ..engine import Value
from ..engine.visible import op_of, primitive_of
from ..formulas import Call, Formula, MathML, Number, Symbol, derivative_of, value_of
from ..steps.player import SHARED
from ..steps.player_picture import Product, as_image, finished_picture
from ..steps.sequence import Steps
from ..support import pages
from ..support.text import shortened
from .called import Called
from .graph_program import Edge, GraphProgram
from .guarded_program import LENGTH, GuardedProgram
from .words import words_of

HOLES = "".join(map(chr, range(0xA840, 0xA878)))
"""What stands for the operands in a formula: letters of a script that nobody writes mathematics in."""

_ROOM = "−0.000012"  # numbers of four digits, and the sign and zeros or exponent that they may have


def page_of(steps: Steps, parameters: list[int], lang: str, called: Called | None = None) -> str:
    """Return the page as a whole HTML document. It may load nothing from anywhere, by its own rule."""
    title = words_of(lang)["title"].replace("{output}", shortened(steps.output, LENGTH))
    style = pages.resource("autograd.steps", "player_page.css") + pages.resource(__package__, "page.css")
    return pages.page_of(title, style, fragment_of(steps, parameters, lang, True, called), lang)


def fragment_of(
    steps: Steps, parameters: list[int], lang: str, alone: bool = False, called: Called | None = None
) -> str:
    """Return the page as a piece of HTML that can stand beside others.

    Args:
        steps: those of a walk through the graph.
        parameters: the ids of the leaves that gradient descent moves.
        lang: "en" or "zh".
        alone: whether it is the whole page, whose address then keeps the numbers.
        called: the call of a function that computed it, if it is one that is played with.
    """
    edges, products = edges_of(steps)
    program = GraphProgram(steps, edges) if called is None else GuardedProgram(called, steps, edges)
    data = data_of(steps, edges, program, lang)
    data |= {"parameters": parameters, "alone": alone}
    try:
        style = pages.resource("autograd.steps", "player_picture.css")
        picture = as_image(finished_picture(steps, products, style, _ROOM), data["words"]["label"])
    except DrawingError as error:
        data["missing"] = str(error)
        picture = f"<pre>{html.escape(steps.table()).replace('$', '&#36;')}</pre>"
    guards = [] if called is None else ["guards"]
    scripts = [pages.resource("autograd.steps", name) for name in SHARED]
    scripts += [
        pages.resource(__package__, f"{name}.js") for name in ("model", *guards, "leaves", "play", "begin")
    ]
    return pages.filled(
        __package__,
        "live.html",
        picture=picture,
        style=pages.resource("autograd.steps", "player.css")
        + "".join([pages.resource(__package__, f"{name}.css") for name in ("leaves", "live", *guards)]),
        data=pages.as_script(data),
        script="\n".join([program.script, *scripts]),
    )


def part_of(steps: Steps, lang: str = "en") -> str:
    """Return what makes the leaves of a player of these steps ones that can be changed, as HTML."""
    edges, _ = edges_of(steps)
    program = GraphProgram(steps, edges)
    scripts = [
        pages.resource(__package__, name) for name in ("model.js", "leaves.js", "walk_leaves.js", "part.js")
    ]
    return pages.filled(
        __package__,
        "part.html",
        style=pages.as_script(pages.resource(__package__, "leaves.css")),
        data=pages.as_script(data_of(steps, edges, program, lang)),
        script="\n".join([program.script, *scripts]),
    )


def edges_of(steps: Steps) -> tuple[list[Edge], list[Product]]:
    """Return the edges of a graph in the order of the way back, and the products along them."""
    edges, products = [], []
    for step in steps[steps.forward + 1 :]:
        assert step.target is not None
        assert step.operand is not None
        assert step.local is not None
        assert step.contribution is not None
        assert step.after is not None
        edges.append(Edge(step.node, step.operand, step.target))
        products.append(Product(step.target, step.node, step.local, step.contribution, step.after))
    return edges, products


def data_of(
    steps: Steps, edges: list[Edge], program: GraphProgram | GuardedProgram, lang: str
) -> dict[str, Any]:
    """Return what the scripts are given of a graph."""
    words = words_of(lang)
    output = shortened(steps.output, LENGTH)
    words["label"] = words["label"].replace("{output}", output)
    forward = steps[: steps.forward]
    templates = _Templates()
    data = {
        "lang": lang,
        "words": words,
        "output": output,
        "names": [shortened(step.name, LENGTH) for step in forward],
        "symbols": [MathML().symbol(step.name) for step in forward],
        "ops": [step.operation for step in forward],
        "operands": [[_as_json(x.data) if x.node is None else x.node for x in s.operands] for s in forward],
        "constant": [[x.node is None for x in s.operands] for s in forward],
        "values": templates.numbers_of(steps, None),
        "edges": [[edge.target, edge.node, edge.operand] for edge in edges],
        "locals": templates.numbers_of(steps, edges),
        "templates": list(templates.texts),
        "leaves": program.leaves,
        "fixed": program.fixed,
        "start": [_as_json(steps[i].data) for i in [*program.leaves, *program.fixed]],
    }
    return data | _guards(program) if isinstance(program, GuardedProgram) else data


def _guards(program: GuardedProgram) -> dict[str, Any]:
    """Return what the scripts are given of the way that a call took."""
    first = len(program.order)
    return {
        "leaves": [*program.leaves, *range(first, first + len(program.hidden))],
        "hidden": [shortened(x.label, LENGTH) for x in program.hidden],
        "start": [_as_json(x) for x in program.start],
        "function": program.name,
        "order": program.order,
        "free": program.free,
        "checks": program.checks,
    }


class _Templates:
    """Formulas in MathML with HOLES for operands that are Values, each text once."""

    def __init__(self) -> None:
        self.texts: dict[str, int] = {}

    def numbers_of(self, steps: Steps, edges: list[Edge] | None) -> list[int]:
        """Return the number of the formula of each node, or of the slope of each edge; -1 for none."""
        wanted = [(i, None) for i in range(steps.forward)] if edges is None else [(e[0], e[1]) for e in edges]
        return [self._number(_formula(steps, node, operand)) for node, operand in wanted]

    def _number(self, formula: Formula | None) -> int:
        if formula is None:
            return -1
        return self.texts.setdefault(MathML().write(formula), len(self.texts))


def _formula(steps: Steps, at: int, operand: int | None) -> Formula | None:
    """Return the formula of a node, or of its local derivative, in HOLES."""
    node, operands = steps.nodes[at], steps.parts[at][0]
    if not node.op or len(operands) > len(HOLES):
        return None
    symbols = [Symbol(HOLES[i]) if isinstance(x, Value) else Number(x) for i, x in enumerate(operands)]
    primitive = primitive_of(node)
    if operand is None:
        return Call(op_of(node), tuple(symbols)) if primitive is None else value_of(primitive, *symbols)
    if primitive is None or primitive.derivatives[operand] is None:
        return None
    return derivative_of(primitive, operand, *symbols)


def _as_json(x: float) -> float | str:
    """Return a number as JSON can hold it; JavaScript's Number() reads the words too."""
    return x if math.isfinite(x) else "NaN" if math.isnan(x) else "Infinity" if x > 0 else "-Infinity"
