"""A graph to play with: its page in Jupyter and as a file."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

from ..engine import Value
from ..steps.sequence import Steps
from ..steps.walks import Walk
from ..support.files import write_whole
from ..support.languages import check_language

__all__ = ["Play", "play"]


def play(value: Value, parameters: Iterable[Value] | None = None, lang: str = "en") -> Play:
    """Show the picture of a graph in which each leaf can be changed, on a page that needs no Python.

    Drag the number of a leaf sideways, move its slider, or type: all numbers, gradients, colours and arrows
    follow at once, forward and backward. A click on a card shows the products of the chain rule that
    meet there. Buttons take steps of gradient descent. As the last thing of a cell in Jupyter it is shown;
    `save` writes a page that opens by itself and keeps the numbers in its address.

    What is played is the graph as it was recorded. A branch that the program took, an `if` or a loop, is not
    in a graph, so the page goes on with the operations of that branch where the program itself would take
    another one. Operations that choose by themselves, such as relu, abs and max, follow their operands. For
    functions whose branches are guarded see `compile` and its `to_js()`.

    Nothing in the graph changes, and no `grad` is read or set.

    Args:
        value: the result.
        parameters: the leaves that gradient descent moves; unless given, those whose names are of
            parameters, such as w1 and b, or all leaves where there are none.
        lang: the language of the page, "en" or "zh".

    Returns:
        a `Play`.

    Raises:
        TypeError: `value` is not a Value, or something else than a leaf of it is among the parameters.
        RuntimeError: it was computed inside `no_grad()`, where nothing is recorded.
        ValueError: the graph has more than 500 nodes, or there is no such language.

    >>> x, w = Value(2.0, label="x"), Value(-3.0, label="w")
    >>> play((x * w).tanh())
    <play of v3: 4 nodes, 2 leaves to change>
    """
    return Play(value, parameters, lang)


class Play:
    """A graph to play with; Jupyter shows it.

    Attributes:
        steps: the walk through the graph, whose numbers are those that the page begins with.
        parameters: the ids of the leaves that gradient descent moves.
        lang: the language of the page.
    """

    def __init__(self, value: Value, parameters: Iterable[Value] | None = None, lang: str = "en") -> None:
        if not isinstance(value, Value):
            raise TypeError(
                f"play() takes a Value, not {type(value).__name__!r}; compute with Values to get one"
            )
        check_language(lang)
        self.lang = lang
        self.steps: Steps = Walk(value)
        from ..steps.player import LIMIT  # which brings all that draws pictures

        if self.steps.forward > LIMIT:
            raise ValueError(
                f"the graph has {self.steps.forward} Values, more than the {LIMIT} that a page shows; "
                "play(an inner Value) shows a part"
            )
        self.leaves = [i for i, node in enumerate(self.steps.nodes) if not node.op]
        self.parameters = self._by_name() if parameters is None else [self._leaf(x) for x in parameters]

    def _by_name(self) -> list[int]:
        from ..drawing.names import Names  # likewise

        names = Names()
        return [i for i in self.leaves if names.is_parameter(self.steps.nodes[i])] or self.leaves

    def _leaf(self, value: Any) -> int:
        place = self.steps.id(value) if isinstance(value, Value) else None
        if place is None or place not in self.leaves:
            raise TypeError(
                f"the parameters of play() are leaves of the graph, which {value!r} is not; "
                "choose among the Values that it was computed from"
            )
        return place

    def __repr__(self) -> str:
        return (
            f"<play of {self.steps.output}: {self.steps.forward} nodes, {len(self.leaves)} leaves to change>"
        )

    def save(self, path: str | os.PathLike[str]) -> str:
        """Write the page to a file, .html, and return the path.

        The file appears whole or not at all, and replaces one of that name. It loads nothing from anywhere.

        Raises:
            ValueError: the suffix is another one.
            OSError: the file cannot be written.
        """
        from .page import page_of

        name = os.fspath(path)
        if os.path.splitext(name)[1].lower() not in (".html", ".htm"):
            raise ValueError(f"play() makes a page, so end its name in .html, not {name!r}")
        write_whole(name, page_of(self.steps, self.parameters, self.lang))
        return name

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        """Return what Jupyter shows: the page as a part of the notebook."""
        from .page import fragment_of

        bundle = {"text/plain": repr(self), "text/html": fragment_of(self.steps, self.parameters, self.lang)}
        return {
            kind: content
            for kind, content in bundle.items()
            if (not include or kind in include) and kind not in (exclude or ())
        }
