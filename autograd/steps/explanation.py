"""Why a derivative is what it is: the chain rule as a sum over paths, in symbols and in numbers.

An explanation is written as text, LaTeX and HTML, in English and Chinese.
"""

from __future__ import annotations

import html
import math

from ..engine import Value, data_of
from ..formulas import (
    Derivative,
    Formula,
    Latex,
    MathML,
    Number,
    Related,
    Symbol,
    Text,
    Writer,
    decided_derivative,
    product_of,
    sum_of,
)
from .chains import Edge, Paths, contribution
from .sequence import Steps

__all__ = ["Explanation", "Path", "explain"]

FACTORS = 12
"""How many factors of a product are shown; of more, the middle is left out."""

_SENTENCES = {
    "en": {
        "sum": "The chain rule: {d} is the sum over the {count} paths from {x} to {y} "
        "of the product of the local derivatives along each.",
        "one": "The chain rule: one path leads from {x} to {y}, "
        "and {d} is the product of the local derivatives along it.",
        "largest": "The chain rule: {d} is the sum over {count} paths from {x} to {y} "
        "of the product of the local derivatives along each. The {shown} largest:",
        "none": "{y} does not depend on {x}: {x} is not one of the Values that {y} was computed from, "
        "so no path leads from {x} to {y}, and the derivative is 0.",
        "other": "{y} does not depend on {x}: {x} is not one of the Values that {y} was computed from, "
        "though one of these has the same name. Was the cell that makes it run again? "
        "Then compute {y} again, too. As it is, the derivative is 0.",
        "itself": "The derivative of {y} with respect to itself is 1.",
        "rest": "the other {count} paths together",
    },
    "zh": {
        "sum": "链式法则：从 {x} 到 {y} 共有 {count} 条路径，"
        "每条路径上的局部导数相乘，再把各条路径的乘积相加，就得到 {d}。",
        "one": "链式法则：从 {x} 到 {y} 只有一条路径，{d} 就是这条路径上各局部导数的乘积。",
        "largest": "链式法则：从 {x} 到 {y} 共有 {count} 条路径，{d} 是各条路径上局部导数乘积之和。"
        "其中贡献最大的 {shown} 条：",
        "none": "{y} 与 {x} 无关：{x} 不在 {y} 的计算图中，没有从 {x} 到 {y} 的路径，所以导数为 0。",
        "other": "{y} 与 {x} 无关：{x} 不在 {y} 的计算图中，图中另有一个同名的节点。"
        "是不是重新运行了创建它的单元格？如果是，请把 {y} 也重新计算一遍。就目前的图而言，导数为 0。",
        "itself": "{y} 对自身的导数为 1。",
        "rest": "其余 {count} 条路径之和",
    },
}


def explain(y: Value, x: Value, *, limit: int = 10, lang: str = "en") -> Explanation:
    """Explain why the derivative of `y` with respect to `x` is what it is.

    By the chain rule it is a sum over all paths from `x` to `y`, each a product of local derivatives. Of a
    graph with more than `limit` paths those with the largest products are shown, and how many others there
    are with what they add up to. The graph does not change, and no `grad` is read or set.

    Args:
        y: the result.
        x: what it is differentiated by: a leaf or an inner Value; `y` may be independent of it. One that is
            not in the graph of `y`, but has the name of one that is, as after a cell was run again, is told
            from that, and called `x[new]`.
        limit: how many paths are shown.
        lang: "en" for English, "zh" for Chinese.

    Returns:
        an `Explanation`: text where it is printed, mathematics in Jupyter, and LaTeX (`.latex`).

    Raises:
        TypeError: `y` or `x` is not a Value.
        ValueError: `limit` is less than 1, or the language is not one of those.
        RuntimeError: `y` was computed inside `no_grad()`, where nothing is recorded.

    >>> x, w = Value(2.0, label="x"), Value(5.0, label="w")
    >>> p = x * w
    >>> p.label = "p"
    >>> print(explain(p * x, w))
    The chain rule: one path leads from w to v3, and ∂v3/∂w is the product of the local derivatives along it.
    <BLANKLINE>
      w → p → v3
        ∂v3/∂p · ∂p/∂w = x · x = 2 · 2 = 4
    <BLANKLINE>
    ∂v3/∂w = 4
    >>> print(explain(p * x, x).total)
    ∂v3/∂x = 10 + 10 = 20
    """
    for value in (y, x):
        if not isinstance(value, Value):
            raise TypeError(f"explain() takes two Values, not {type(value).__name__!r}")
    if lang not in ("en", "zh"):
        raise ValueError(f"lang is 'en' or 'zh', not {lang!r}")
    if limit < 1:
        raise ValueError(f"limit is the number of paths that are shown, 1 or more, not {limit!r}")
    return Explanation(Steps(y), x, limit, lang)


class Path:
    """One path from x to y, and what it contributes to the derivative.

    Attributes:
        nodes: the ids of its nodes, from x to y.
        locals: the local derivatives along it, from y to x.
        contribution: their product.
    """

    def __init__(self, steps: Steps, edges: tuple[Edge, ...], end: int) -> None:
        self.nodes = (end, *[edge.node for edge in reversed(edges)])
        self.locals = tuple(edge.local for edge in edges)
        self.contribution = contribution(edges)
        self._steps = steps
        self._edges = edges

    def __repr__(self) -> str:
        return f"<Path: {self.route}, {self.contribution!r}>"

    @property
    def route(self) -> str:
        """The names of its nodes, from x to y."""
        parts = [self._steps.name(self.nodes[0])]
        for edge in reversed(_shortened(self._edges)):
            if edge is None:
                parts.append("→ …")
                continue
            operands = self._steps.nodes[edge.node].operands
            twice = len(operands) == 2 and operands[0] is operands[1]
            parts.append(f"→{'₁₂'[edge.operand] if twice else ''} {self._steps.name(edge.node)}")
        return " ".join(parts)

    @property
    def formula(self) -> Related:
        """The product: as symbols, by the rules, in numbers, and the result, each where it says more."""
        edges = _shortened(self._edges)
        gap = Symbol("…")
        name = self._steps.name
        symbols = [gap if e is None else Derivative(name(e.node), name(e.target)) for e in edges]
        rules = [gap if e is None else self._rule(e) for e in edges]
        numbers = [gap if e is None else Number(e.local) for e in edges]
        members: list[Formula] = [product_of(symbols)]
        for member in (product_of(rules), product_of(numbers), Number(self.contribution)):
            if not member.same(members[-1]):
                members.append(member)
        return Related(tuple(members), "=")

    def _rule(self, edge: Edge) -> Formula:
        node = self._steps.nodes[edge.node]
        if getattr(node.op, "call", None) is not None:  # a function with a derivative of its own
            return Number(edge.local)
        symbols: list[Formula] = []
        numbers = []
        for operand in node.operands:
            place = self._steps.id(operand) if isinstance(operand, Value) else None
            symbols.append(Number(float(operand)) if place is None else Symbol(self._steps.name(place)))
            numbers.append(data_of(operand))
        return decided_derivative(node.op, edge.operand, symbols, numbers, node.data, edge.local)


def _shortened(edges: tuple[Edge, ...]) -> list[Edge | None]:
    if len(edges) <= FACTORS:
        return list(edges)
    return [*edges[: FACTORS // 2], None, *edges[-(FACTORS // 2 - 1) :]]


class Explanation:
    """Why dy/dx is what it is. It prints as text, and shows itself as mathematics in Jupyter.

    Attributes:
        derivative: the derivative, as backward() finds it.
        count: how many paths lead from x to y.
        paths: those that are shown, the largest contribution first.
        others: how many are not shown.
        rest: what these add up to; NaN where that cannot be told, as the derivative is no finite number.
    """

    def __init__(self, steps: Steps, x: Value, limit: int, lang: str) -> None:
        self._steps = steps
        self._lang = lang
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
        listed = [path.contribution for path in self.paths]
        self.rest = self.derivative - _sum(listed) if self.others else 0.0

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
            kind = "other" if self._same_name else "none"
        elif self.paths[0].nodes == (len(self._steps.nodes) - 1,):
            kind = "itself"
        else:
            kind = "largest" if self.others else "one" if self.count == 1 else "sum"
        return _SENTENCES[self._lang][kind].format(
            d=write.write(Derivative(self._y, self._x)),
            x=write.symbol(self._x),
            y=write.symbol(self._y),
            count=_count(self.count),
            shown=len(self.paths),
        )

    @property
    def _rest_sentence(self) -> str:
        return _SENTENCES[self._lang]["rest"].format(count=_count(self.others))

    @property
    def text(self) -> str:
        """The explanation as text."""
        write = Text(self._lang)
        lines = [self._sentence(write)]
        for path in self.paths if any(path.locals for path in self.paths) else ():
            lines += ["", f"  {path.route}", f"    {write.write(path.formula)}"]
        if self.others:
            lines += ["", f"  {self._rest_sentence}: {write.write(self._rest)}"]
        return "\n".join([*lines, "", write.write(self.total)])

    @property
    def latex(self) -> str:
        """The formulas in LaTeX, without dollar signs: a line for each path, and the sum."""
        write = Latex(self._lang)
        formulas = [path.formula for path in self.paths if path.locals]
        lines = [write.aligned(formula) for formula in [*formulas, self.total]]
        return "\\begin{aligned}\n" + " \\\\\n".join(lines) + "\n\\end{aligned}"

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"<Explanation: {self.total.text}, {_count(self.count)} paths>"

    def _repr_latex_(self) -> str:
        return f"$${self.latex}$$"

    def _repr_html_(self) -> str:
        write = MathML(self._lang)
        inline = _Inline(self._lang)
        items = [
            f"<li>{html.escape(path.route)}<br>{write.element(path.formula)}</li>"
            for path in self.paths
            if path.locals
        ]
        if self.others:
            number = write.element(self._rest)
            items.append(f"<li>{html.escape(self._rest_sentence)}: {number}</li>")
        listed = f"<ul>{''.join(items)}</ul>" if items else ""
        return (
            f'<div lang="{self._lang}"><p>{self._sentence(inline)}</p>{listed}'
            f"<p>{write.element(self.total)}</p></div>"
        )


class _Inline(MathML):
    """Formulas as `<math>` elements within a sentence."""

    def write(self, formula: Formula) -> str:
        return MathML(self.lang).element(formula)

    def symbol(self, name: str) -> str:
        return MathML(self.lang).element(Symbol(name))


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
