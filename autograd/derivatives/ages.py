"""What is older than the variables of a call, so that a sweep need not go there.

A derivative inside a function that is itself differentiated in a loop meets, through what it takes from
outside, all that the loop has computed so far; with a sweep over that in each turn, n turns would cost n
squared. But what was there before a call began cannot depend on its variables. So what a call meets besides
its own is given an age, which later calls see: they stop there, and all calls together go over each node
only a few times.

An age is a number of the clock that counts reverse sweeps, where a node keeps the latest of these. It is
negative for nodes that depend on no Variable. For others `oldest` has one on which they depend, until that
is finished: by it a call knows that its derivatives are to be recorded, as if it had gone on to that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..engine.order import sweep_numbers
from .variables import Variable, ages, oldest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..engine import Value

FEW = 32
"""Up to how many nodes of a call it is quicker to go over them than to give them ages."""

OFTEN = 0.125
"""In how many of the larger calls ages are given: they cost some tenths of what such a call costs."""

_GOLDEN = 0.6180339887498949  # multiples of it, modulo 1, spread evenly, those with a regular stride too

_now = 0
_turn = 0.0


def clock() -> int:
    """Return the latest age that was given: what has it, or an earlier one, is there now."""
    return _now


def remember(order: Sequence[Value], older: Mapping[Value, Value | None]) -> None:
    """Give ages to the nodes of a call that do not depend on its own variables, now and then.

    What depends on finished Variables only has none, for using it may be an error; nor have leaves, which
    threads may share.

    Args:
        order: the nodes, each before its operands.
        older: where they end at nodes that have ages.
    """
    global _turn
    _turn = (_turn + _GOLDEN) % 1.0
    if len(order) <= FEW or _turn >= OFTEN:
        return
    numbers: dict[Value | None, int] = {}
    for node, variable in oldest_of(order, older).items():
        if node.op and node not in older:
            number = numbers.get(variable)
            if number is None:
                number = numbers[variable] = _drawn(variable)
            node._sweep = number


def oldest_of(order: Sequence[Value], older: Mapping[Value, Value | None]) -> dict[Value, Any]:
    """Return nodes with the oldest Variable on which each depends, None where it depends on none.

    Of nodes that depend on finished Variables only, or on nodes of which nothing is known, it has none.

    Args:
        order: the nodes, each before its operands.
        older: what is known of other nodes.
    """
    found: dict[Any, Any] = dict(older)
    for node in reversed(order):
        a, b = node._a, node._b
        if isinstance(node, Variable):
            if getattr(node, "serial", -1) >= 0:
                found[node] = node
                continue
            if a is None:  # it is finished
                continue
        first = None if a is None else found.get(a, _UNKNOWN)
        second = None if b is None else found.get(b, _UNKNOWN)
        if first is not second:
            first = _older(first, second)
        if first is not _UNKNOWN:
            found[node] = first
    return found


_UNKNOWN: Any = object()


def _older(first: Any, second: Any) -> Any:
    """Return the older of two Variables, which lasts longer; of others that which is one, or not known."""
    if first is None or (first is _UNKNOWN and second is not None):
        return second
    if second is None or second is _UNKNOWN:
        return first
    return first if first.serial < second.serial else second


def _drawn(variable: Any) -> int:
    """Return an age for what depends on a Variable, or on none."""
    global _now
    number = next(sweep_numbers, 0)
    if number == 0:  # there are no more
        return 0
    _now = number
    if variable is None:
        return -number
    oldest[number] = variable
    ages.setdefault(variable.serial, []).append(number)
    return number
