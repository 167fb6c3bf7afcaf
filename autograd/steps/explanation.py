"""Why a derivative is what it is: the chain rule as a sum over paths, in symbols and in numbers.

An explanation is written as text, LaTeX and Markdown, in English and Chinese.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, overload

from ..engine import Value
from ..formulas import Derivative, Formula, Number, Related, Symbol, Text, Writer, sum_of
from ..support.languages import check_language, said
from ..support.messages import listed, quoted
from .chains import Paths
from .node_names import without_tex
from .path import Path
from .sequence import Steps
from .telling import Section, Told

__all__ = ["Explanation", "Explanations", "Path", "explain"]

INPUTS = 20
"""Of how many inputs all derivatives are explained at once."""


@overload
def explain(
    y: Value,
    x: Value | str,
    *,
    limit: int = 10,
    lang: str = "en",
    names: bool | Mapping[str, Any] | None = None,
) -> Explanation: ...


@overload
def explain(
    y: Value,
    x: None = None,
    *,
    limit: int = 10,
    lang: str = "en",
    names: bool | Mapping[str, Any] | None = None,
) -> Explanations: ...


def explain(
    y: Value,
    x: Value | str | None = None,
    *,
    limit: int = 10,
    lang: str = "en",
    names: bool | Mapping[str, Any] | None = None,
) -> Explanation | Explanations:
    """Explain why the derivative of `y` with respect to `x` is what it is.

    By the chain rule it is a sum over all paths from `x` to `y`, each a product of local derivatives. Of a
    graph with more than `limit` paths those with the largest products are shown, and how many others there
    are with what they add up to. Values without a name are called v0, v1, ... by their place in
    `topological_order(y)`, and it is said what they are. The graph does not change, and no `grad` is read or
    set.

    Args:
        y: the result.
        x: what it is differentiated by: a leaf or an inner Value, or its name; `y` may be independent of it.
            A Value that is not in the graph of `y`, but has the name of one that is, as after a cell was run
            again, is told from that, and called `x[new]`. Without it all inputs are explained, which are
            the leaves.
        limit: how many paths are shown.
        lang: "en" for English, "zh" for Chinese.
        names: a dict such as `locals()`, or True for the variables of the calling function: Values
            without a label are then called by the variable that holds them, as in `draw`.

    Returns:
        an `Explanation`: text where it is printed, mathematics in Jupyter, and LaTeX (`.latex`). Of all
        inputs an `Explanations`, a sequence of these, which is shown likewise.

    Raises:
        TypeError: `y` is not a Value, or `x` is neither that nor a name.
        ValueError: `limit` is less than 1, the language is not one of those, or nothing in the graph has
            that name, or more than one Value.
        RuntimeError: `y` was computed inside `no_grad()`, where nothing is recorded.

    >>> x, w = Value(2.0, label="x"), Value(5.0, label="w")
    >>> p = x * w
    >>> print(explain(p * x, w))
    The chain rule: one path leads from w to v3, and ∂v3/∂w is the product of the
    local derivatives along it.
    <BLANKLINE>
    where
      v2 = x · w = 10
      v3 = v2 · x = 20
    <BLANKLINE>
      w → v2 → v3
        ∂v3/∂v2 · ∂v2/∂w = x · x = 2 · 2 = 4
    <BLANKLINE>
    ∂v3/∂w = 4
    >>> print(explain(p * x, "x", names=True).total)
    ∂v3/∂x = 10 + 10 = 20
    >>> [explanation.derivative for explanation in explain(p * x)]
    [20.0, 4.0]
    """
    if not isinstance(y, Value) or not (x is None or isinstance(x, (Value, str))):
        wrong = y if not isinstance(y, Value) else x
        raise TypeError(f"explain() takes two Values, not {type(wrong).__name__!r}")
    check_language(lang)
    if limit < 1:
        raise ValueError(f"limit is the number of paths that are shown, 1 or more, not {limit!r}")
    steps = Steps(y, sys._getframe(1).f_locals if names is True else names or None, lang)
    if x is None:
        leaves = [i for i, node in enumerate(steps.nodes) if not node.op]
        return Explanations(steps, leaves, limit)
    return Explanation(steps, steps.nodes[_named(steps, x)] if isinstance(x, str) else x, limit)


def _named(steps: Steps, name: str) -> int:
    """Return the id of the node of that name.

    Raises:
        ValueError: none has it, or several.
    """
    places = {steps.name(i): i for i in range(len(steps.nodes))}
    name = without_tex(name)
    if name in places:
        return places[name]
    same = [other for other in places if other.startswith(f"{name}[") and steps.has_label(name)]
    if same:
        raise ValueError(f"several Values are called {quoted(name)}; write one of {listed(map(repr, same))}")
    given = [other for other, i in places.items() if not steps.is_numbered(i)]
    near = get_close_matches(name, given, 3) or given
    hint = f"; there are {listed(map(quoted, near))}" if near else "; give Values a label, or pass the Value"
    raise ValueError(f"no Value that the result was computed from is called {quoted(name)}{hint}")


class Explanation(Told):
    """Why dy/dx is what it is. It prints as text, and shows itself as mathematics in Jupyter.

    Attributes:
        derivative: the derivative, as backward() finds it.
        count: how many paths lead from x to y.
        paths: those that are shown, the largest contribution first.
        others: how many are not shown.
        rest: what these add up to; NaN where that cannot be told, as the derivative is no finite number.
    """

    def __init__(self, steps: Steps, x: Value, limit: int) -> None:
        self._steps = steps
        target = steps.id(x)
        self._y = steps.output
        self._x = steps.name_of_other(x) if target is None else steps.name(target)
        self._same_name = target is None and steps.has_label(x.label)
        self.derivative = 0.0 if target is None else steps.gradient(target)
        self.count = 0
        self.paths: tuple[Path, ...] = ()
        if target is not None:
            paths = Paths(steps, target)
            self.count = paths.count
            self.paths = tuple(Path(steps, edges, target) for edges in paths.largest(limit))
        self.others = self.count - len(self.paths)
        found = [path.contribution for path in self.paths]
        self.rest = self.derivative - _sum(found) if self.others else 0.0

    @property
    def _rest(self) -> Formula:
        # Where the sum is infinite or NaN because of the paths shown, nothing is known of the others.
        return Number(self.rest) if math.isfinite(self.rest) else Symbol("…")

    @property
    def total(self) -> Related:
        """The derivative as the sum of the contributions."""
        d = Derivative(self._y, self._x)
        terms: list[Formula] = [Number(path.contribution) for path in self.paths]
        if self.others:
            terms.append(self._rest)
        members: list[Formula] = [d, Number(self.derivative)]
        if len(terms) > 1:
            members.insert(1, sum_of(terms))
        return Related(tuple(members), "=")

    def _sentence(self, write: Writer) -> str:
        if not self.count:
            kind = _OTHER if self._same_name else _NONE
        elif self.paths[0].nodes == (len(self._steps.nodes) - 1,):
            kind = _ITSELF
        else:
            kind = _LARGEST if self.others else _ONE if self.count == 1 else _SUM
        return said(
            kind,
            self._steps.lang,
            d=write.write(Derivative(self._y, self._x)),
            x=write.write(Symbol(self._x)),
            y=write.write(Symbol(self._y)),
            count=_count(self.count),
            shown=len(self.paths),
        )

    @property
    def shown_nodes(self) -> list[int]:
        return [node for path in self.paths for node in path.shown_nodes]

    def sections(self, write: Writer, definitions: bool = True) -> Iterator[Section]:
        sentence = said("the other {count} paths together: ", self._steps.lang, count=_count(self.others))
        yield Section(
            self._sentence(write),
            self.definitions(self.shown_nodes) if definitions else ([], ""),
            [path for path in self.paths if path.locals],
            self._rest if self.others else None,
            sentence,
            self.total,
        )

    def __repr__(self) -> str:
        return f"<Explanation: {self.total.text}, {_count(self.count)} paths>"


class Explanations(Told, Sequence[Explanation]):
    """Why the derivatives of a result by all of its inputs are what they are: a sequence of explanations.

    It prints as text, and shows itself as mathematics in Jupyter; of many inputs, only the first.
    """

    def __init__(self, steps: Steps, leaves: Sequence[int], limit: int) -> None:
        self._steps, self._leaves, self._limit = steps, leaves, limit

    def __len__(self) -> int:
        return len(self._leaves)

    @overload
    def __getitem__(self, index: int) -> Explanation: ...

    @overload
    def __getitem__(self, index: slice) -> list[Explanation]: ...

    def __getitem__(self, index: int | slice) -> Explanation | list[Explanation]:
        if isinstance(index, slice):
            return [self._explained(leaf) for leaf in self._leaves[index]]
        return self._explained(self._leaves[index])

    def _explained(self, leaf: int) -> Explanation:
        return Explanation(self._steps, self._steps.nodes[leaf], self._limit)

    @property
    def shown_nodes(self) -> list[int]:
        return [node for explanation in self[:INPUTS] for node in explanation.shown_nodes]

    def sections(self, write: Writer) -> Iterator[Section]:
        steps, y = self._steps, write.write(Symbol(self._steps.output))
        count = said("The derivatives of {y} by its {count} inputs.", steps.lang, y=y, count=len(self))
        yield Section(count if len(self) > 1 else "", self.definitions(self.shown_nodes))
        for explanation in self[:INPUTS]:
            yield from explanation.sections(write, definitions=False)
        if len(self) > INPUTS:
            rest = "{count} more inputs: explain({y}, x) explains the derivative by one of them."
            yield Section(said(rest, steps.lang, count=len(self) - INPUTS, y=y))

    def __repr__(self) -> str:
        return f"<Explanations: {self._steps.output} by {len(self)} inputs>"


def _sum(numbers: list[float]) -> float:
    try:
        return math.fsum(numbers)
    except (OverflowError, ValueError):  # infinities of both signs
        return sum(numbers)


def _count(count: int) -> str:
    """Return a number of paths as text; one of more than fifteen digits as a power of ten."""
    if count < 10**15:
        return f"{count:,}"
    exponent = math.floor(math.log10(count))
    digits = count // 10 ** (exponent - 3) / 1000
    return f"≈ {Text().write(Number(digits))}×{Text().raised('10', Number(float(exponent)))}"


_SUM = (
    "The chain rule: {d} is the sum over the {count} paths from {x} to {y} "
    "of the product of the local derivatives along each."
)
_ONE = (
    "The chain rule: one path leads from {x} to {y}, "
    "and {d} is the product of the local derivatives along it."
)
_LARGEST = (
    "The chain rule: {d} is the sum over {count} paths from {x} to {y} "
    "of the product of the local derivatives along each. The {shown} largest:"
)
_NONE = (
    "{y} does not depend on {x}: {x} is not one of the Values that {y} was computed from, "
    "so no path leads from {x} to {y}, and the derivative is 0."
)
_OTHER = (
    "{y} does not depend on {x}: {x} is not one of the Values that {y} was computed from, "
    "though one of these has the same name. Was the cell that makes it run again? "
    "Then compute {y} again, too. As it is, the derivative is 0."
)
_ITSELF = "The derivative of {y} with respect to itself is 1."
