"""What the nodes of a graph are called where it is told in formulas.

A node has the name that its label gives. One without a label is called by its place in topological order: v3.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import chain, count

from ..engine import Value

__all__ = ["NodeNames"]


class NodeNames:
    """The names of nodes, all different.

    >>> x, y = Value(2.0, label="x"), Value(5.0)
    >>> NodeNames([x, y, x * y]).of(1), NodeNames([x, y, x * y]).of(0)
    ('v1', 'x')
    """

    def __init__(self, nodes: Iterable[Value]) -> None:
        """Name nodes.

        Args:
            nodes: in topological order.
        """
        self._labels = {index: node.label for index, node in enumerate(nodes) if node.label}
        used = Counter(self._labels.values())
        letters = chain("vut", (f"v{n}_" for n in count()))
        self._letter = next(
            letter for letter in letters if not any(_is_numbered(label, letter) for label in used)
        )
        self._shared = {label for label, times in used.items() if times > 1}

    def of(self, index: int) -> str:
        """Return the name of the node at that place."""
        label = self._labels.get(index)
        if label is None:
            return f"{self._letter}{index}"
        return f"{label}[{self._letter}{index}]" if label in self._shared else label


def _is_numbered(label: str, letter: str) -> bool:
    return label.startswith(letter) and label.removeprefix(letter).isdecimal()
