"""How structures are built, whatever their numbers: compared, taken turn by turn, and stacked again.

The form of a structure is its containers, with their lengths and keys, and in the places of its leaves that
there is a number, an array of some shape, a flag, or something else of some class.
"""

from __future__ import annotations

from operator import index
from typing import TYPE_CHECKING, Any

from ..engine import Value
from ..support.messages import listed, shown
from .trees import array_of, is_array, is_number, kind_of

if TYPE_CHECKING:
    from collections.abc import Sequence


def difference(x: Any, like: Any, name: str) -> str | None:
    """Return where the form of a structure differs from that of another one; None where it does not.

    Args:
        x: the structure.
        like: the other one.
        name: what messages call it.

    >>> difference([1.0, {"a": 2.0}], [Value(3.0), {"a": 4}], "the carry")
    >>> difference([1.0, {"a": 2.0}], [3.0, {"a": (4.0, 5.0)}], "the carry")
    "the carry[1]['a'] is a number where there was a tuple of 2"
    """
    if x is like or (type(x) is type(like) and isinstance(x, (float, Value))):
        return None  # as it is in most turns
    of_x, of_other = _kind(x), _kind(like)
    if of_x == of_other:
        kind = None if type(of_x) is str else kind_of(like)
        if kind is None:
            return None
        parts, others = dict(kind.items(x)), dict(kind.items(like))
        if parts.keys() == others.keys():
            found = (difference(parts[key], part, name + kind.place(key)) for key, part in others.items())
            return next((text for text in found if text is not None), None)
    return f"{name} is {_described(x)} where there was {_described(like)}"


def _kind(x: Any) -> Any:
    """Return a text for a leaf, which is equal for leaves that are alike, and the class for all else."""
    # A whole number that `compile` follows would have to be known as it is, were it asked for its class.
    if type(x) is float or isinstance(x, Value) or getattr(type(x), "defers", False):
        return "a number"
    if is_array(x):
        return f"an array of shape {x.shape}" if x.shape else "a number"
    return "a number" if is_number(x) else "a flag" if is_flag(x) else type(x)


def _described(x: Any) -> str:
    kind = _kind(x)
    if type(kind) is str:
        return kind
    if x is None:
        return "None"
    if kind_of(x) is None:
        return shown(x)
    name = kind.__name__
    if isinstance(x, dict):
        return f"a {name} of {listed(map(repr, x))}" if x else f"an empty {name}"
    return f"a {name} of {len(x)}" if isinstance(x, (list, tuple)) else f"a {name}"


def is_flag(x: Any) -> bool:
    """Say whether x is True or False, of Python or of NumPy."""
    return isinstance(x, bool) or (getattr(getattr(x, "dtype", None), "kind", "") == "b" and x.shape == ())


class Turns:
    """What a loop takes a part of in each turn: `xs` of `scan`.

    Attributes:
        count: how many turns there are.
        arrays: whether there are NumPy arrays in it.
        xs: all that is scanned.
    """

    def __init__(self, xs: Any, length: Any = None) -> None:
        """Take it apart.

        Args:
            xs: an array or a list, or a tuple, a dict or a dataclass of these; None in the place of one that
                is not there.
            length: how many turns there are, if that is known.

        Raises:
            TypeError: there is something else in it, or the elements of a list are not alike.
            ValueError: lengths differ, or there is none.
        """
        self.xs = xs
        self.arrays = False
        lengths = self._lengths(xs, "xs")
        if length is not None:
            lengths["length"] = _whole(length)
        if not lengths:
            raise ValueError(
                "scan has nothing to scan: write scan(f, init, xs), or scan(f, init, length=10) to go "
                "through 10 turns without xs"
            )
        if len({*lengths.values()}) > 1:
            found = listed(f"{count} of {name}" for name, count in lengths.items())
            raise ValueError(f"what is scanned must be of one length, not {found}")
        self.count = next(iter(lengths.values()))

    def part(self, where: int | slice) -> Any:
        """Return what belongs to a turn, or to some of them."""
        return _part(self.xs, where)

    def _lengths(self, xs: Any, name: str) -> dict[str, int]:
        if is_array(xs):
            if not xs.shape:
                raise TypeError(
                    f"{name} is an array of no dimension, {xs!r}, which has no first axis to scan"
                )
            self.arrays = True
            return {name: len(xs)}
        if isinstance(xs, (list, range)):
            for i in range(1, len(xs)):
                text = difference(xs[i], xs[0], f"{name}[{i}]")
                if text is not None:
                    raise TypeError(
                        f"a list is scanned element by element, but {text} in {name}[0]; for several lists, "
                        "each scanned on its own, write a tuple or a dict of them"
                    )
            self.arrays = self.arrays or (len(xs) > 0 and is_array(xs[0]))
            return {name: len(xs)}
        if xs is None:
            return {}
        kind = kind_of(xs)
        if kind is None:
            raise TypeError(
                f"{name} is {shown(xs)}, which is not scanned; write a list, a NumPy array, or a tuple or "
                "dict of these. What is the same in all turns, f takes from outside"
            )
        lengths: dict[str, int] = {}
        for key, x in kind.items(xs):
            lengths |= self._lengths(x, name + kind.place(key))
        return lengths


def _part(xs: Any, where: int | slice) -> Any:
    if xs is None or is_array(xs) or isinstance(xs, (list, range)):
        return None if xs is None else xs[where]
    kind: Any = kind_of(xs)
    items = [*kind.items(xs)]
    return kind.like(xs, [key for key, _ in items], [_part(x, where) for _, x in items])


def _whole(length: Any) -> int:
    try:
        count = index(length)
    except TypeError:
        raise TypeError(f"length is a whole number, not {shown(length)}") from None
    if count < 0:
        raise ValueError(f"length is 0 or more, not {count}")
    return count


def stacked(parts: Sequence[Any], arrays: bool) -> Any:
    """Return structures as one, in which each leaf has those of all, in a list or an array.

    Args:
        parts: structures of one form, or none.
        arrays: whether numbers and flags are stacked into arrays; arrays are in any case.

    >>> stacked([(1.0, {"a": 2}), (3.0, {"a": 4})], arrays=False)
    ([1.0, 3.0], {'a': [2, 4]})
    """
    if not parts:
        return array_of([], (0,)) if arrays else []
    first = parts[0]
    if first is None:
        return None
    kind = None if is_array(first) else kind_of(first)
    if kind is not None:
        columns = [dict(kind.items(part)) for part in parts]
        keys = [key for key, _ in kind.items(first)]
        return kind.like(first, keys, [stacked([column[key] for column in columns], arrays) for key in keys])
    if any(map(is_array, parts)):
        return _array(parts, [x for part in parts for x in (part.flat if is_array(part) else [part])])
    if not arrays or type(_kind(first)) is not str:
        return [*parts]
    return _array(parts, parts)


def _array(parts: Sequence[Any], numbers: Sequence[Any]) -> Any:
    import numpy as np  # which is there, for there are arrays

    if any(isinstance(x, Value) for x in numbers):
        return array_of(numbers, (len(parts), *np.shape(parts[0])))
    return np.stack([np.asarray(part) for part in parts])
