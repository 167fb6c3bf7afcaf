"""What the nodes of a graph are called where it is told in formulas.

A node has the name that its label gives, without its TeX, or where names are asked for the variable that
holds it. One without either is called by its place in topological order: v3.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import chain, count
from typing import Any

from ..engine import Value

__all__ = ["NodeNames", "without_tex"]


class NodeNames:
    """The names of nodes, all different.

    >>> x, y = Value(2.0, label="x"), Value(5.0)
    >>> NodeNames([x, y, x * y]).of(1), NodeNames([x, y, x * y]).of(0)
    ('v1', 'x')
    >>> NodeNames([x, y, x * y], {"y": y}).of(1)
    'y'
    """

    def __init__(self, nodes: Sequence[Value], variables: Mapping[str, Any] | None = None) -> None:
        """Name nodes.

        Args:
            nodes: in topological order.
            variables: names and what they stand for, such as `locals()`, for nodes without a label.
        """
        labels = (
            [without_tex(node.label) for node in nodes] if variables is None else _named(nodes, variables)
        )
        self._labels = {index: label for index, label in enumerate(labels) if label}
        used = Counter(self._labels.values())
        letters = chain("vut", (f"v{n}_" for n in count()))
        self._letter = next(
            letter for letter in letters if not any(_is_numbered(label, letter) for label in used)
        )
        self._shared = {label for label, times in used.items() if times > 1}
        self._used = set(used)
        self._count = len(nodes)

    def of(self, index: int) -> str:
        """Return the name of the node at that place."""
        label = self._labels.get(index)
        if label is None:
            return f"{self._letter}{index}"
        return f"{label}[{self._letter}{index}]" if label in self._shared else label

    def is_numbered(self, index: int) -> bool:
        """Say whether the node at that place is called by its place."""
        return index not in self._labels

    def has_label(self, label: str) -> bool:
        """Say whether one of the nodes has that label."""
        return without_tex(label) in self._used

    def of_other(self, value: Value) -> str:
        """Return a name for a Value that is none of the nodes, which none of them has."""
        taken = {*self._used, *map(self.of, range(self._count))}
        for name in (without_tex(value.label),) if value.label else ("x", "z", "w"):
            if name not in taken:
                return name
        return next(other for n in count(1) if (other := f"{name}[new{n if n > 1 else ''}]") not in taken)


def without_tex(label: str) -> str:
    r"""Return a label as a name: `$w_1$` as `w_1`, `\beta` as `β`."""
    if "$" not in label and "\\" not in label:
        return label
    from ..drawing.tex import plain  # not before: it brings all that draws pictures

    return plain(label)


def _named(nodes: Sequence[Value], variables: Mapping[str, Any]) -> list[str]:
    from ..drawing.names import Names  # not before, as above

    names = Names(variables=variables)
    return [without_tex(names.of(node)) for node in nodes]


def _is_numbered(label: str, letter: str) -> bool:
    return label.startswith(letter) and label.removeprefix(letter).isdecimal()
