"""A walk through a graph: its steps, which print as a table, are saved, and play in Jupyter."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from ..engine import Value
from ..support.languages import check_language
from .sequence import Steps

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

__all__ = ["Walk", "walk"]


def walk(value: Value, *, names: bool | Mapping[str, Any] | None = None, lang: str = "en") -> Walk:
    """Go through the computation of a Value step by step: forward, then backward.

    Nothing in the graph changes, and no `grad` is read or set: the gradients are those that `backward()`
    would give to a graph whose leaves are zeroed.

    Args:
        value: the result.
        names: a dict such as `locals()`, or True for the variables of the calling function: Values
            without a label are then called by the variable that holds them, as in `draw`.
        lang: "en" for English, "zh" for Chinese: the words of the table and of the terminal.

    Returns:
        a `Walk`: a sequence of `Step` records, which prints as a table. The first steps compute the nodes
        in topological order, leaves too; then gradient flows back along each edge, one chain-rule product
        a step, in the order of `backward()`.

    Raises:
        TypeError: `value` is not a Value.
        ValueError: the language is not one of those.
        RuntimeError: it was computed inside `no_grad()`, where nothing is recorded.

    >>> x, w = Value(2.0, label="x"), Value(5.0, label="w")
    >>> y = x * w + x
    >>> print(walk(y))
    forward
    0  x = 2
    1  w = 5
    2  v2 = x · w   = 2 · 5 = 10
    3  v3 = v2 + x  = 10 + 2 = 12
    backward
    4  ∂v3/∂v3 = 1
    5  ∂v3/∂v2 = 1  ∂v3/∂v2 = 0 + 1 · 1 = 1
    6  ∂v3/∂x = 1   ∂v3/∂x = 0 + 1 · 1 = 1
    7  ∂v2/∂x = w   ∂v3/∂x = 1 + 5 · 1 = 6
    8  ∂v2/∂w = x   ∂v3/∂w = 0 + 2 · 1 = 2
    >>> step = walk(y)[-2]
    >>> step.contribution, step.before, step.after
    (5.0, 1.0, 6.0)
    >>> print(step.rule.latex)
    \\frac{\\partial v_{2}}{\\partial x} = w
    >>> p = x * w
    >>> walk(p + x, names=True)[2].rule.text
    'p = x · w'
    """
    return Walk(value, sys._getframe(1).f_locals if names is True else names or None, lang)


class Walk(Steps):
    """The steps of a graph, forward and backward, computed as they are asked for.

    Attributes:
        nodes: the Values in topological order; the place of each is its id. What stands between a function
            with a derivative of its own and more than two operands is left out.
        parts: for each node its operands, and the local derivative by each (None for a constant).
        output: the name of the result.
        forward: how many steps there are on the way forward, one for each node: step i computes the node i.
        backward: how many on the way back: the start, and one for each edge.
    """

    def __init__(self, value: Value, variables: Mapping[str, Any] | None = None, lang: str = "en") -> None:
        if not isinstance(value, Value):
            raise TypeError(
                f"walk() takes a Value, not {type(value).__name__!r}; compute with Values to get one"
            )
        check_language(lang)
        super().__init__(value, variables, lang)

    def save(self, path: str | os.PathLike[str]) -> str:
        """Write the walk to a file and return the path.

        Args:
            path: its suffix says what it is to be: .html for the player, .svg for a picture that moves by
                itself wherever images are shown, .txt for the table of steps.
        """
        from .player import save_walk  # not before: it brings all that draws pictures, which few walks need

        return save_walk(self, path)

    def show(self) -> str:
        """Show the player: in Jupyter where this cell is, elsewhere in a window of the browser.

        Returns:
            the path of the page that the browser was given; an empty text in Jupyter.

        Raises:
            ValueError: the graph is too large for the player.
        """
        from .player import show_walk  # likewise

        return show_walk(self)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        """Return what Jupyter shows: the player."""
        from .player import bundle_of  # not before, likewise

        return bundle_of(self, include, exclude)
