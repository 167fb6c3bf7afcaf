"""What a function is called with: which numbers are inputs of its program, and what makes it another program.

The **leaves** of the arguments are numbers and arrays that may change from call to call. All else (flags,
text, how containers are nested, whole numbers in arguments that are not differentiated) makes the **form**,
and for another form the function is recorded anew.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from copy import copy
from numbers import Real
from typing import Any

from ..derivatives.trees import Structure, formed, is_array
from ..derivatives.wrapped import Function
from ..engine import Value
from ..support.real_numbers import real


class HoldsValues(Exception):  # noqa: N818 (it is no error, and never leaves this package)
    """There is a Value in the arguments, so the function is called as it is."""


class Leaves:
    """The arguments of a call, taken apart.

    Attributes:
        numbers: the leaves in order: floats, and arrays of float64.
        form: what makes another program, as something that can be a key.
    """

    __slots__ = ("form", "numbers")

    def __init__(self, args: Sequence[Any], kwargs: dict[str, Any], positions: Sequence[int]) -> None:
        """Take arguments apart.

        Args:
            args: the positional arguments.
            kwargs: those by keyword.
            positions: which positional arguments are differentiated, where whole numbers are leaves too.

        Raises:
            HoldsValues: there is a Value among them.
            TypeError: one that is differentiated holds what cannot be taken apart.
        """
        self.numbers: list[Any] = []
        parts: list[Any] = [self._form(x, i in positions) for i, x in enumerate(args)]
        if kwargs:
            parts.append(tuple([(name, self._form(x, False)) for name, x in sorted(kwargs.items())]))
        self.form: Any = tuple(parts)

    @property
    def shapes(self) -> tuple[tuple[int, ...] | None, ...]:
        """The shape of each leaf; None for a number."""
        return tuple([None if type(x) is float else x.shape for x in self.numbers])

    def _form(self, x: Any, differentiated: bool) -> Any:
        kind = type(x)
        if kind is float:
            self.numbers.append(x)
            return float
        if kind is list or kind is tuple:
            return (kind, *[self._form(item, differentiated) for item in x])
        if isinstance(x, Value):
            raise HoldsValues
        if is_array(x):
            return self._array(x, differentiated)
        if is_leaf(x, differentiated):
            self.numbers.append(real(x))
            return float
        if isinstance(x, dict):
            return (kind, *[(key, self._form(item, differentiated)) for key, item in x.items()])
        if isinstance(x, (list, tuple)):
            return (kind, *[self._form(item, differentiated) for item in x])
        if hasattr(kind, "__dataclass_fields__"):
            names = [name for name in kind.__dataclass_fields__ if hasattr(x, name)]
            return (kind, *[(name, self._form(getattr(x, name), differentiated)) for name in names])
        return Constant(x)

    def _array(self, x: Any, differentiated: bool) -> Any:
        kind = type(x).__name__
        if kind not in ("ndarray", "memmap", "ValueArray"):
            raise TypeError(f"an argument is a {kind}, whose rules differ; use a plain array")
        if x.dtype == object:
            items = x.ravel().tolist()
            if any(isinstance(item, Value) for item in items):
                raise HoldsValues
            if differentiated:
                self.numbers.append(_as_floats([real(item) for item in items]).reshape(x.shape))
                return float
            return Constant(x)
        if x.dtype.kind == "f" or (differentiated and x.dtype.kind in "iu"):
            self.numbers.append(_as_floats(x))
            return float
        return Constant(x)


def _as_floats(items: Any) -> Any:
    import numpy as np

    return np.asarray(items, dtype=np.float64)


def is_leaf(x: Any, differentiated: bool) -> bool:
    """Say whether something that is no container and no array is a number that may change."""
    if isinstance(x, float) or (differentiated and isinstance(x, Real) and not isinstance(x, bool)):
        return True
    numpy = sys.modules.get("numpy")
    return numpy is not None and isinstance(x, numpy.floating)


def is_leaf_array(x: Any, differentiated: bool) -> bool:
    kind = x.dtype.kind
    return kind == "f" or (differentiated and kind in "iuO")


class Constant:
    """Something in the arguments that is no leaf: equal to another if that is of its kind and equal."""

    __slots__ = ("_hash", "thing")

    def __init__(self, thing: Any) -> None:
        self.thing = thing
        if is_array(thing):
            self._hash = hash((thing.shape, thing.dtype.str, thing.tobytes() if thing.dtype != object else 0))
        else:
            try:
                self._hash = hash(thing)
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
        if mine is theirs:
            return True
        if type(mine) is not type(theirs) or self._hash != other._hash:
            return False
        if is_array(mine):
            return bool(mine.shape == theirs.shape and mine.dtype == theirs.dtype and (mine == theirs).all())
        try:
            return bool(mine == theirs)
        except Exception:
            return False


def mapped(
    x: Any, differentiated: bool, leaf: Callable[[str, Any], Any], other: Callable[[Any], Any], path: str = ""
) -> Any:
    """Return something with other things in the place of its leaves, and of what is no leaf.

    Args:
        x: an argument; its leaves are those of `Leaves`, in the same order.
        differentiated: whether it is differentiated.
        leaf: called with where a leaf stands, and the leaf.
        other: called with what is neither a leaf nor a container.
        path: where it stands.
    """

    def part(item: Any, place: str) -> Any:
        return mapped(item, differentiated, leaf, other, path + place)

    if is_array(x):
        return leaf(path, x) if is_leaf_array(x, differentiated) else other(x)
    if is_leaf(x, differentiated):
        return leaf(path, real(x))
    if isinstance(x, dict):
        items = {key: part(item, f"[{key!r}]") for key, item in x.items()}
        if type(x) is dict:
            return items
        twin = copy(x)
        twin.update(items)
        return twin
    if isinstance(x, (list, tuple)):
        kind: Any = type(x)
        fields = getattr(kind, "_fields", None)
        places = [f".{name}" for name in fields] if fields else [f"[{i}]" for i in range(len(x))]
        return (kind._make if fields else kind)(
            [part(item, place) for item, place in zip(x, places, strict=True)]
        )
    if hasattr(type(x), "__dataclass_fields__"):
        twin = copy(x)
        for name in type(x).__dataclass_fields__:
            if hasattr(x, name):
                object.__setattr__(twin, name, part(getattr(x, name), f".{name}"))
        return twin
    return other(x)


class Arguments:
    """The arguments that a function was recorded with: where their numbers stand.

    Attributes:
        args: the positional arguments.
        kwargs: those by keyword.
        positions: which positional arguments are differentiated.
        shapes: the shape of each leaf; None for a number.
        parameters: the names of the positional arguments.
        names: a name for each number, such as `params['a']` or `x[3]`.
        by: the leaves of each positional argument.
    """

    def __init__(
        self,
        args: Sequence[Any],
        kwargs: dict[str, Any],
        positions: Sequence[int],
        parameters: Sequence[str],
    ) -> None:
        """Take arguments apart.

        Args:
            args: the positional arguments.
            kwargs: those by keyword.
            positions: which positional arguments are differentiated.
            parameters: the names of the positional arguments.

        Raises:
            TypeError: an argument that is differentiated has no numbers, or some that cannot be taken apart.
        """
        self.args = tuple(args)
        self.kwargs = dict(sorted(kwargs.items()))
        self.positions = tuple(positions)
        self.parameters = tuple(parameters)
        self.shapes: list[tuple[int, ...] | None] = []
        self.names: list[str] = []
        self.by: list[range] = []
        for position in self.positions:
            Structure(args[position], f"argument {position}")  # which refuses what has no gradient
        for i, argument in enumerate(args):
            start = len(self.shapes)
            self._note(argument, parameters[i], i in self.positions)
            self.by.append(range(start, len(self.shapes)))
        for name, argument in self.kwargs.items():
            self._note(argument, name, False)
        self._starts = [0]
        for shape in self.shapes:
            self._starts.append(self._starts[-1] + size_of(shape))

    def _note(self, argument: Any, name: str, differentiated: bool) -> None:
        def leaf(path: str, x: Any) -> Any:
            shape = x.shape if is_array(x) else None
            self.shapes.append(shape)
            indices = [""]
            for size in shape or ():
                indices = [f"{index}, {i}" if index else f"{i}" for index in indices for i in range(size)]
            self.names.extend(f"{name}{path}[{index}]" if index else f"{name}{path}" for index in indices)
            return x

        mapped(argument, differentiated, leaf, lambda x: x)

    def places(self, leaf: int) -> range:
        """Return the places, among the inputs of the program, of the numbers of a leaf."""
        return range(self._starts[leaf], self._starts[leaf + 1])

    @property
    def differentiated(self) -> list[int]:
        """The leaves that are differentiated by, argument by argument."""
        return [leaf for position in self.positions for leaf in self.by[position]]

    def put_together(self, numbers: Sequence[Any]) -> tuple[list[Any], dict[str, Any]]:
        """Return the arguments with other numbers, or Values, in the place of those of the leaves."""
        it = iter(numbers)

        def leaf(path: str, x: Any) -> Any:
            if not is_array(x):
                return next(it)
            return formed([next(it) for _ in range(x.size)], x.shape)

        args = [mapped(x, i in self.positions, leaf, lambda x: x) for i, x in enumerate(self.args)]
        return args, {name: mapped(x, False, leaf, lambda x: x) for name, x in self.kwargs.items()}

    def in_form(self, derivatives: Sequence[Any], single: bool) -> Any:
        """Return derivatives in the structure of what is differentiated by.

        Args:
            derivatives: one for each leaf of `differentiated`.
            single: whether there is one such argument, and no tuple of them wanted.
        """
        it = iter(derivatives)
        parts = [mapped(self.args[i], True, lambda path, x: next(it), lambda x: None) for i in self.positions]
        return parts[0] if single else tuple(parts)


def size_of(shape: Sequence[int] | None) -> int:
    """Return how many numbers a leaf of that shape has."""
    size = 1
    for n in shape or ():
        size *= n
    return size


def flat(leaves: Sequence[Any]) -> list[float]:
    """Return the numbers of some leaves, one after the other."""
    numbers: list[float] = []
    for leaf in leaves:
        if type(leaf) is float:
            numbers.append(leaf)
        else:
            numbers += leaf.ravel().tolist()
    return numbers


def parameter_names(f: Function, args: int) -> list[str]:
    """Return names for the positional arguments of a function: those it gives them itself, if it tells."""
    from inspect import signature  # takes some milliseconds to load, and only to record needs it

    names: list[str] = []
    try:
        for parameter in signature(f).parameters.values():
            if parameter.kind in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD):
                names.append(parameter.name)
            elif parameter.kind is parameter.VAR_POSITIONAL:
                names += [f"{parameter.name}{i}" for i in range(args - len(names))]
    except (TypeError, ValueError):
        pass
    return [names[i] if i < len(names) else f"x{i}" for i in range(args)]
