"""Stop where a NaN or an infinity first appears, and show the line of the user's code that is to blame.

Inside `detect_anomaly()` every operation is checked as it is recorded, and remembers the line that recorded
it; `backward()` and the transformations check every product of the chain rule before they change anything.
"""

from __future__ import annotations

import sys
from contextvars import ContextVar
from math import isfinite
from os import path
from typing import TYPE_CHECKING, Any

from ..ops import Op
from .recording import Block

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .value import Value

    Place = tuple[str, int, str]

detecting: ContextVar[bool] = ContextVar("detecting anomalies", default=False)
"""Whether this thread, or asyncio task, checks its operations."""

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

    _setting = detecting
    _inside = True


def checked(op: str, data: float, *operands: Value | float | None) -> Op:
    """Return the op of a node that is being recorded, with the line that the user wrote.

    Raises:
        FloatingPointError: the result is the first that is infinite or NaN.
    """
    place = users_line()
    if not isfinite(data):
        numbers = [getattr(x, "data", x) for x in operands if x is not None]
        if all(map(isfinite, numbers)) or (data != data and all(x == x for x in numbers)):
            shown = ", ".join(_named(x) for x in operands if x is not None)
            raise FloatingPointError(f"the result of {op} is {data!r}: its operands are {shown}{at(place)}")
    noted = Op.of(op)
    noted.line = place
    return noted


def check_sweep(order: Iterable[Value], seeds: Mapping[Value, float]) -> None:
    """Go through a reverse sweep without changing anything.

    Args:
        order: the nodes, each before its operands.
        seeds: the gradients to start from.

    Raises:
        FloatingPointError: a gradient is the first that is infinite or NaN.
    """
    gradients: dict[Value, float] = dict(seeds)
    for node in order:
        upstream = gradients.pop(node, 0.0)
        for operand, partial in ((node._a, node._da), (node._b, node._db)):
            if operand is not None:
                before = gradients.get(operand, 0.0)
                gradients[operand] = _checked_sum("gradient", node, operand, before, partial, upstream)


def check_forward_sweep(order: Iterable[Value], seeds: Mapping[Value, float]) -> None:
    """Go through a forward sweep without changing anything.

    Args:
        order: the nodes, each after its operands.
        seeds: the tangents to start from.

    Raises:
        FloatingPointError: a tangent is the first that is infinite or NaN.
    """
    tangents: dict[Value, float] = dict(seeds)
    for node in order:
        for operand, partial in ((node._a, node._da), (node._b, node._db)):
            if operand is not None:
                before, along = tangents.get(node, 0.0), tangents.get(operand, 0.0)
                tangents[node] = _checked_sum("tangent", node, operand, before, partial, along)


def _checked_sum(
    what: str, node: Value, operand: Value, before: float, partial: float, factor: float
) -> float:
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
    from linecache import getline

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
    return f"{label} = {x.data!r}" if label else repr(getattr(x, "data", x))
