"""Arguments and results that are made of numbers: taken apart into leaves, and put together again.

A structure is a number, a NumPy array of numbers, or any nesting of lists, tuples, dicts, named tuples and
dataclasses with these as **leaves**. What else stands in it (flags, text, None, functions, other objects)
is no leaf: it passes through where a structure is put together for a function, and is None where it is put
together from derivatives.
"""

from __future__ import annotations

import sys
from numbers import Complex, Real
from typing import TYPE_CHECKING, Any, NamedTuple

from ..engine import Value, data_of
from ..support.real_numbers import real

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    Rebuild = Callable[[Iterator[Any], bool], Any]


class Kind(NamedTuple):
    """A kind of container: how one is taken apart, and how another one like it is made.

    All that takes containers apart, here and in programs, asks `kind_of`: a further kind is entered there,
    and nowhere else.

    Attributes:
        items: gives the parts of a container in order, each with its key.
        like: called with a container, the keys, and other parts, returns it with these.
        place: gives the text by which a key stands in a path, such as `".weights"` or `"[0]"`.
    """

    items: Callable[[Any], Iterable[tuple[Any, Any]]]
    like: Callable[[Any, Sequence[Any], list[Any]], Any]
    place: Callable[[Any], str]


def kind_of(thing: Any) -> Kind | None:
    """Return the kind of container that something is that is no leaf; None if it is none."""
    if isinstance(thing, (list, tuple)):
        return _NAMED_TUPLE if getattr(type(thing), "_fields", None) else _SEQUENCE
    if isinstance(thing, dict):
        return _MAPPING
    return _DATACLASS if hasattr(type(thing), "__dataclass_fields__") else None


def _mapping_like(thing: dict[Any, Any], keys: Sequence[Any], parts: list[Any]) -> dict[Any, Any]:
    items = dict(zip(keys, parts, strict=True))
    if type(thing) is dict:
        return items
    twin: dict[Any, Any] = _copy(thing)  # which keeps the default factory of a defaultdict
    twin.update(items)
    return twin


def _dataclass_like(thing: Any, keys: Sequence[Any], parts: list[Any]) -> Any:
    twin = _copy(thing)
    for name, part in zip(keys, parts, strict=True):
        object.__setattr__(twin, name, part)  # in a frozen one too
    return twin


_SEQUENCE = Kind(enumerate, lambda thing, keys, parts: type(thing)(parts), "[{}]".format)
_NAMED_TUPLE = Kind(
    lambda thing: zip(thing._fields, thing, strict=True),
    lambda thing, keys, parts: thing._make(parts),
    ".{}".format,
)
_MAPPING = Kind(lambda thing: thing.items(), _mapping_like, "[{!r}]".format)
_DATACLASS = Kind(
    lambda thing: [(x, getattr(thing, x)) for x in type(thing).__dataclass_fields__ if hasattr(thing, x)],
    _dataclass_like,
    ".{}".format,
)


class Leaf:
    """A number or an array of numbers in a structure.

    Attributes:
        path: where it stands, such as `"['weights'][0]"`; empty for a structure that is one leaf.
        numbers: what it holds, as floats and Values; one where it is a number.
        shape: that of the array; None where it is a number.
    """

    __slots__ = ("numbers", "path", "shape")

    def __init__(self, path: str, numbers: list[float | Value], shape: tuple[int, ...] | None) -> None:
        self.path = path
        self.numbers = numbers
        self.shape = shape

    @property
    def paths(self) -> list[str]:
        """Where each of the numbers stands."""
        indices = [""]
        for size in self.shape or ():
            indices = [f"{index}, {i}" if index else f"{i}" for index in indices for i in range(size)]
        return [f"{self.path}[{index}]" if index else self.path for index in indices]


def array_of(numbers: Sequence[Any], shape: tuple[int, ...]) -> Any:
    """Return numbers as an array of that shape."""
    from ..arrays.value_array import array_of  # which needs NumPy

    return array_of(numbers, shape)


class Structure:
    """A structure taken apart.

    Attributes:
        leaves: its numbers and arrays, in order.
        others: what else stands in it.
    """

    __slots__ = ("_name", "_rebuild", "_values_only", "leaves", "others")

    def __init__(self, thing: Any, name: str = "", values_only: bool = False) -> None:
        """Take a structure apart.

        Args:
            thing: the structure.
            name: how messages call it, such as `"argument 0"`.
            values_only: whether only Values are leaves, and all else passes through.

        Raises:
            TypeError: something in it is a number but no real one, or holds numbers in a way that
                cannot be taken apart; the message says where.
        """
        self.leaves: list[Leaf] = []
        self.others: list[Any] = []
        self._name = name
        self._values_only = values_only
        self._rebuild = self._take_apart(thing, "")

    @property
    def numbers(self) -> list[float | Value]:
        """All numbers of all leaves, in order."""
        return [x for leaf in self.leaves for x in leaf.numbers]

    @property
    def paths(self) -> list[str]:
        """Where each of the numbers stands."""
        return [path for leaf in self.leaves for path in leaf.paths]

    def put_together(self, numbers: Iterable[Any], others: bool = False) -> Any:
        """Return the structure with other numbers in it.

        Args:
            numbers: as many as there are in `numbers`, in that order.
            others: whether what is no leaf is kept; it becomes None if not.
        """
        it = iter(numbers)
        leaves = [
            next(it) if leaf.shape is None else array_of([next(it) for _ in leaf.numbers], leaf.shape)
            for leaf in self.leaves
        ]
        return self.with_leaves(leaves, others)

    def with_leaves(self, leaves: Iterable[Any], others: bool = False) -> Any:
        """Return the structure with something else in the place of each leaf."""
        return self._rebuild(iter(leaves), others)

    def _take_apart(self, thing: Any, path: str) -> Rebuild:
        """Append the leaves of a part, and return what puts that part together from others."""
        leaf = self._leaf(thing, path)
        if leaf is not None:
            self.leaves.append(leaf)
            return _next_leaf
        kind = kind_of(thing)
        if kind is None:
            self._check_other(thing, path)
            self.others.append(thing)
            return lambda leaves, others: thing if others else None
        keys: list[Any] = []
        parts: list[Rebuild] = []
        for key, x in kind.items(thing):
            keys.append(key)
            parts.append(self._take_apart(x, path + kind.place(key)))
        return lambda leaves, others: kind.like(thing, keys, [part(leaves, others) for part in parts])

    def _leaf(self, thing: Any, path: str) -> Leaf | None:
        if isinstance(thing, Value) or (is_number(thing) and not self._values_only):
            number = thing if type(thing) is float or isinstance(thing, Value) else self._real(thing, path)
            return Leaf(path, [number], None)
        if is_array(thing):
            from ..arrays.value_array import numbers_of

            numbers = numbers_of(thing, f"{self._name}{path}", self._values_only)
            return None if numbers is None else Leaf(path, numbers, thing.shape)
        return None

    def _real(self, x: Any, path: str) -> float:
        try:
            return real(x)
        except (TypeError, OverflowError) as error:
            where = f"{self._name}{path}"
            raise type(error)(f"{where}: {error}" if where else str(error)) from None

    def _check_other(self, thing: Any, path: str) -> None:
        """Raise TypeError for numbers that would get no derivative without a word."""
        if self._values_only or is_array(thing):
            return
        kind = type(thing).__name__
        if isinstance(thing, Complex) or kind == "Decimal":
            self._real(thing, path)
        where = f"{self._name}{path} is" if self._name or path else "this is"
        if isinstance(thing, (set, frozenset)):
            raise TypeError(f"{where} a {kind}, whose elements have no order; use a list")
        if isinstance(thing, (str, bytes, range)) or callable(thing) or _is_numpy_scalar(thing):
            return
        if hasattr(thing, "__array__"):
            raise TypeError(f"{where} a {kind}; use a NumPy array of its numbers")
        if hasattr(thing, "__iter__"):
            raise TypeError(f"{where} a {kind}, which is not taken apart here; use a list, tuple or dict")


def _next_leaf(leaves: Iterator[Any], others: bool) -> Any:
    return next(leaves)


def plain(thing: Any) -> Any:
    """Return a structure with the number of each Value in its place, and all else as it is.

    >>> plain({"loss": Value(2.0), "name": "train", "steps": 3})
    {'loss': 2.0, 'name': 'train', 'steps': 3}
    """
    structure = Structure(thing, values_only=True)
    return structure.put_together(map(data_of, structure.numbers), others=True)


def is_number(x: object) -> bool:
    """Say whether x is a real number or a Value; flags are no numbers here."""
    return isinstance(x, (float, Value)) or (isinstance(x, Real) and not isinstance(x, bool))


def is_array(x: object) -> bool:
    """Say whether x is a NumPy array; NumPy is not imported for that."""
    numpy = sys.modules.get("numpy")
    return numpy is not None and isinstance(x, numpy.ndarray)


def _is_numpy_scalar(x: object) -> bool:
    numpy = sys.modules.get("numpy")
    return numpy is not None and isinstance(x, numpy.generic)


def _copy(thing: Any) -> Any:
    from copy import copy

    return copy(thing)
