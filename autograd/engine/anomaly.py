"""Stop where a NaN or an infinity first appears, and show the line of the user's code that is to blame.

Inside `detect_anomaly()` every operation is checked as it is recorded, and remembers the line that recorded
it; `backward()` and the transformations check every product of the chain rule before they change anything.
"""

from __future__ import annotations

import sys
from math import isfinite
from os import path
from typing import TYPE_CHECKING, Any

from .chain_rule import products
from .node import Node
from .operation import Op
from .recording import Block, Observer, observers
from .whole_calls import of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    Place = tuple[str, int, str]

_PACKAGE = path.dirname(path.dirname(__file__)) + path.sep
_NOT_THE_USERS = ("numpy", "statistics", "functools")


class detect_anomaly(Block):  # noqa: N801 (PyTorch's name)
    """A block, or a decorated function, that stops at the operation that first gives a NaN or an infinity.

    While a graph is recorded, that is an operation whose result is infinite although its operands are
    finite, or NaN although none of them is. In a sweep, it is one whose local derivative makes such a
    gradient out of a finite one; then no gradient has been written yet. Infinities and NaNs that come in
    from outside flow on. It concerns the thread or asyncio task that entered it, and makes everything some
    five times as slow.

    Raises:
        FloatingPointError: at that operation; the message shows the numbers and the line that recorded it.

    >>> from autograd import Value
    >>> x = Value(0.0)
    >>> with detect_anomaly():
    ...     (x.sqrt() * 3.0).backward()
    Traceback (most recent call last):
        ...
    FloatingPointError: the gradient through sqrt is inf: ...
    """

    _setting = observers

    def _inside(self, outside: tuple[Observer, ...]) -> tuple[Observer, ...]:
        # First, for what raises here is not there for others to see.
        return outside if _DETECTOR in outside else (_DETECTOR, *outside)


class Detector(Observer):
    """Looks at every operation when it is recorded, and at every sweep before it starts."""

    def recorded(self, node: Node) -> None:
        """Give a node the line that the user wrote.

        Raises:
            FloatingPointError: its number is the first that is infinite or NaN.
        """
        place, data = users_line(), node._number
        if not isfinite(data):
            operands = node.operands
            numbers = [x._number if isinstance(x, Node) else x for x in operands]
            if all(map(isfinite, numbers)) or (data != data and all(x == x for x in numbers)):
                shown = ", ".join(map(_named, operands))
                message = f"the result of {node.op} is {data!r}: its operands are {shown}{at(place)}"
                raise FloatingPointError(message)
        node.op = op = Op.of(node.op)
        op.line = place

    def reverse_sweep(self, order: Iterable[Node], seeds: Mapping[Node, float]) -> None:
        """Go through a sweep without changing anything.

        Raises:
            FloatingPointError: a gradient is the first that is infinite or NaN.
        """
        for product in products(order, seeds):
            _checked_sum("gradient", *product)

    def forward_sweep(self, order: Iterable[Node], seeds: Mapping[Node, float]) -> None:
        """Go through a sweep without changing anything.

        Raises:
            FloatingPointError: a tangent is the first that is infinite or NaN.
        """
        tangents: dict[Node, float] = dict(seeds)
        for node in order:
            if of(node) is not None:
                continue  # a call as a whole, of which no local derivatives are known
            for _, operand, partial in node._edges:
                before, along = tangents.get(node, 0.0), tangents.get(operand, 0.0)
                tangents[node] = _checked_sum("tangent", node, operand, partial, along, before)


_DETECTOR = Detector()


def _checked_sum(what: str, node: Node, operand: Node, partial: float, factor: float, before: float) -> float:
    """Return before + partial * factor.

    Raises:
        FloatingPointError: that is infinite or NaN although `before` and `factor` are not.
    """
    product = partial * factor
    total = before + product
    if isfinite(product):
        if isfinite(total) or not isfinite(before):
            return total
        cause = f"{product!r} is added to {before!r}"
    elif isfinite(factor):
        side = "upstream gradient" if what == "gradient" else "tangent of the operand"
        cause = f"the local derivative is {partial!r}, the {side} {factor!r}"
    else:
        return total
    place = getattr(node.op, "line", None)
    raise FloatingPointError(
        f"the {what} through {node.op} is {total!r}: {cause}; the operand is {_named(operand)}"
        + (at(place) if place else "\n  (recorded outside detect_anomaly(), so its line is not known)")
    )


def users_line() -> Place:
    """Return file, line number and function of the innermost call that is not in this package."""
    frame = sys._getframe(1)
    while frame.f_back is not None and _is_ours(
        frame.f_code.co_filename, frame.f_globals.get("__name__", "")
    ):
        frame = frame.f_back
    return frame.f_code.co_filename, frame.f_lineno, frame.f_code.co_name


def _is_ours(file: str, module: str) -> bool:
    return file.startswith(_PACKAGE) or module.partition(".")[0] in _NOT_THE_USERS


def at(place: Place) -> str:
    """Return the text of a place as a traceback shows it, in Jupyter as the number of the cell."""
    from linecache import getline  # which most programs do without

    file, number, function = place
    line = getline(file, number).strip()
    where = _cell(file) or f'File "{file}"'
    return f"\n  {where}, line {number}, in {function}" + (f"\n    {line}" if line else "")


def _cell(file: str) -> str | None:
    """Return what IPython calls the cell that a file stands for."""
    ipython: Any = sys.modules.get("IPython")
    compiler: Any = getattr(ipython.get_ipython(), "compile", None) if ipython else None
    name = compiler.format_code_name(file) if hasattr(compiler, "format_code_name") else None
    return " ".join(name) if name else None


def _named(x: Any) -> str:
    label = getattr(x, "label", "")
    return f"{label} = {x._number!r}" if label else repr(getattr(x, "_number", x))
