"""All derivatives of a function along a line, up to an order: `taylor`.

The function is called once, and what that records is gone through once, with series in the place of numbers
(see `series.py`). So the time grows as the square of the order. Through a function whose derivative the user
gave, of which no series is known, derivatives of derivatives are taken, and it grows exponentially.
"""

from __future__ import annotations

from operator import index
from typing import TYPE_CHECKING, Any

from ..engine import Value, data_of
from ..engine.recording import blocks, told
from ..ops import TABLE, Primitive
from ..support.messages import name_of, shown
from ..support.real_numbers import same_number
from ..support.slips import advised
from .calls import Call
from .directions import directions
from .local_derivatives import changed
from .series import Line, Series
from .sweeps import recorded_value
from .trees import Structure, is_number

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .local_derivatives import Number
    from .wrapped import Function


@advised
def taylor(f: Function, x: Any, order: int, *, direction: Any = None) -> list[Any]:
    """Return the value of a function and all its derivatives up to an order, from one evaluation.

    For a function of one number these are f(x), f'(x), f''(x) and so on; for one of an array or a structure
    they are the derivatives of t -> f(x + t direction) at t = 0. Order n takes a time that grows as n * n;
    20 orders take some hundred times what the function takes on Values. Divided by k!, the derivative of
    order k is a coefficient of the Taylor series: f(x + h) is about the sum of `terms[k] * h**k / k!`.

    Args:
        f: a function of one argument; what it returns is a number, an array, or a structure of these.
        x: the argument: a number, an array, or a structure of these.
        order: up to which order, 0 or more.
        direction: in the structure of `x`; it may be left out where that is a number, and is 1 then.

    Returns:
        The list of `order + 1` derivatives, beginning with that of order 0, the value; each in the structure
        of what `f` returns.

    Raises:
        TypeError: `order` is no whole number, `direction` has another structure than `x`, or is needed and
            not there, or `f` returns something else than numbers.
        ValueError: `order` is negative.

    >>> from autograd import math
    >>> taylor(lambda x: x**4, 2.0, 5)
    [16.0, 32.0, 48.0, 48.0, 24.0, 0.0]
    >>> taylor(lambda v: v[0] ** 2 * v[1], [3.0, 1.0], 3, direction=[1.0, 0.5])
    [9.0, 10.5, 8.0, 3.0]
    >>> terms = taylor(math.exp, 0.0, 10)
    >>> sum(term * 0.5**k / math.factorial(k) for k, term in enumerate(terms)) - math.exp(0.5) < 1e-11
    True
    """
    order = checked_order(order)
    if not callable(f):
        raise TypeError(f"taylor takes a function, not {shown(f)}; write taylor(f, x, order)")
    if direction is None:
        if not is_number(x):
            raise TypeError(
                f"{name_of(f)}: taylor at {shown(x)} needs a direction in the structure of that, "
                "taylor(f, x, order, direction=v): the derivatives are those of f(x + t * v) by t"
            )
        direction = 1.0
    structure = Structure(x, "x")
    along = directions(structure, direction, "the direction")
    call = Call(f, 0, (x,), {})
    rows = _rows(call, along, order)
    if rows is None:
        pairs = [*zip(structure.numbers, along, strict=True)]
        return _nested(lambda t: f(structure.put_together([x + t * v for x, v in pairs], True)), 0.0, order)
    return [call.value, *map(call.structure.put_together, rows)]


def checked_order(order: Any) -> int:
    """Return the order of a derivative.

    Raises:
        TypeError: it is no whole number.
        ValueError: it is negative.
    """
    try:
        if isinstance(order, bool):
            raise TypeError
        number = index(order)
    except TypeError:
        raise TypeError(f"the order of a derivative is a whole number, not {order!r}") from None
    if number < 0:
        raise ValueError(f"the order of a derivative is 0 or more, not {number}")
    return number


def of_order(f: Function, args: tuple[Any, ...], kwargs: Mapping[str, Any], order: int) -> Any:
    """Return the derivative of an order, 1 or more, of a function by its first argument, a number."""
    if order <= 2:  # of a long function this is sooner done
        slope = f if order == 1 else lambda *args, **kwargs: of_order(f, args, kwargs, 1)
        call = Call(slope, 0, args, kwargs)
        return call.structure.put_together(call.directional([1.0]))
    call = Call(f, 0, args, kwargs)
    rows = _rows(call, [1.0], order)
    if rows is None:
        return _nested(lambda x: f(x, *args[1:], **kwargs), args[0], order)[-1]
    return call.structure.put_together(rows[-1])


def _nested(f: Function, x: Number, order: int) -> list[Any]:
    """Return what `taylor` returns, as derivatives of derivatives."""
    if order == 0:
        return [f(x)]
    call = Call(lambda x: _nested(f, x, order - 1), 0, (x,), {})
    return [*call.value, call.structure.put_together(call.directional([1.0]))[-1]]


def _rows(call: Call, direction: Sequence[Number], order: int) -> list[list[Number]] | None:
    """Return the derivatives of the results of a call along a line, of order 1, 2, ...; None if not known.

    Args:
        call: the call.
        direction: that of the line, a number for each input.
        order: up to which order.
    """
    nodes = call.order[::-1]
    recorded = call.is_recorded(direction)
    if blocks:
        watched = False
        for observer in told():
            observer.forward_sweep(nodes, dict(zip(call.inputs, map(data_of, direction), strict=True)))
            watched = watched or not observer.follows
        if watched:  # for what is not a number on the way, which only derivatives of derivatives show it
            return None
    if any(x.op and (getattr(x.op, "call", None) is not None or x.op not in TABLE) for x in nodes):
        return None
    line = Line(recorded)
    found: dict[Any, Series] = {}
    for x, along in zip(call.inputs, direction, strict=True):
        found[x] = Series(line, [x if recorded else x._number, along])
    for node in nodes:
        if node._a in found or node._b in found:
            found[node] = _series_of(node, found, line)
            found[node].upto(order)
    terms = [found[x].terms if isinstance(x, Value) and x in found else [] for x in call.results]
    rows = [[x[i] if i < len(x) else 0.0 for x in terms] for i in range(1, order + 1)]
    if not recorded:
        return [[data_of(x) + 0.0 for x in row] for row in rows]  # -0.0 + 0.0 is 0.0
    values = [[recorded_value(x) for x in row] for row in rows]
    if blocks:
        for observer in told():
            observer.swept(nodes, call.inputs, [x for row in values for x in row])
    return values  # type: ignore[return-value]


def _series_of(node: Value, found: Mapping[Any, Series], line: Line) -> Series:
    """Return the series of a node, of which operands have theirs or do not depend on what varies."""
    primitive: Primitive = TABLE[node.op]
    operands: list[Any] = []
    numbers = []
    edges: Any = ((node._a, node._da), (node._b, node._db))
    for x, constant in edges[: len(primitive.derivatives)]:
        number = constant if x is None else x._number
        numbers.append(number)
        if x in found:
            operands.append(found[x])
        elif x is not None and line.recorded:
            operands.append(line.constant(x))
        else:
            operands.append(number)
    _check_unchanged(node, primitive, tuple(numbers))
    return line.apply(primitive, operands, node if line.recorded else node._number)


def _check_unchanged(node: Value, primitive: Primitive, numbers: tuple[float, ...]) -> None:
    """Check that operands have the numbers that they had when the node was recorded.

    Raises:
        RuntimeError: one of them was changed.
    """
    if not primitive.last_step and not same_number(primitive.ieee(*numbers), node._number):
        raise changed(node)
    for place, _, local in node._edges:
        if not same_number(primitive.local(place, numbers, node._number), local):
            raise changed(node)
