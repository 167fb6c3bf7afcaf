"""What is no number in arguments: part of the program, as it was when the function was recorded."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Any

from ..derivatives.trees import is_array, kind_of
from .guards import KeptContents, own_attributes


class Constant:
    """Something in the arguments that is no leaf: equal to another if that is of its kind and equal.

    Of what may be changed in place it knows the contents as they were.
    """

    __slots__ = ("_contents", "_hash", "thing")

    def __init__(self, thing: Any) -> None:
        self.thing = thing
        self._contents = _contents_of(thing)
        try:
            self._hash = hash(thing if self._contents is None else self._contents)
        except TypeError:
            self._hash = id(thing)

    def __reduce__(self) -> Any:
        return Constant, (self.thing,)  # the hash of a text is another one in another process

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Constant):
            return False
        mine, theirs = self.thing, other.thing
        if type(mine) is not type(theirs) or self._hash != other._hash:
            return False
        if self._contents is not None:
            return bool(self._contents == other._contents)
        try:
            return mine is theirs or (bool(mine == theirs) and _alike(mine, theirs))
        except Exception:
            return False


def _contents_of(thing: Any) -> Any:
    """Return what is in an array, a set or the like, which does not change with it; None for all else."""
    if is_array(thing):
        objects = thing.dtype == object
        items = tuple(map(Constant, thing.ravel().tolist())) if objects else thing.tobytes()
        return thing.shape, thing.dtype.str, items
    if type(thing) not in (*COPIED, list, dict) and type(thing).__module__ != "array":
        return None
    try:
        return KeptContents.copied(thing)
    except ValueError:  # there are objects in it
        parts = map(Constant, thing)
        return frozenset(parts) if isinstance(thing, (set, frozenset)) else tuple(parts)


def _alike(mine: Any, theirs: Any) -> bool:
    """Say whether two equal objects have the same attributes too, whatever their class compares."""
    a, b = own_attributes(mine), own_attributes(theirs)
    return a.keys() == b.keys() and all(
        x is b[name] or (type(x) is type(b[name]) and bool(x == b[name])) for name, x in a.items()
    )


def besides(thing: Any, keys: Sequence[Any]) -> list[tuple[str, Any]]:
    """Return the attributes that a container has besides its parts, as a record may have."""
    return [(name, x) for name, x in own_attributes(thing).items() if name not in keys]


COPIED = (set, frozenset, deque, bytearray)
"""What holds things in no place of their own, and is part of the program with all of them."""


def fresh(thing: Any) -> Any:
    """Return something with copies of the arrays, sets and the like in it; objects are not copied."""
    if type(thing) in COPIED or type(thing).__module__ == "array":
        from copy import copy, deepcopy

        return deepcopy(thing) if isinstance(_contents_of(thing), bytes) else copy(thing)
    if is_array(thing):
        return thing.copy()
    kind = kind_of(thing)
    if kind is None:
        return thing
    items = [*kind.items(thing)]
    parts = [fresh(x) for _, x in items]
    if all(part is x for part, (_, x) in zip(parts, items, strict=True)):
        return thing
    return kind.like(thing, [key for key, _ in items], parts)
