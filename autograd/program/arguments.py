"""What a function is called with: which numbers are inputs of its program, and what makes it another program.

The **leaves** of the arguments are numbers and arrays that may change from call to call. All else (flags,
text, how containers are nested) makes the **form**, and for another form the function is recorded anew. Whole
numbers in arguments that are not differentiated are leaves or part of the form: `whole_inputs` knows which.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from itertools import count
from numbers import Real
from typing import Any, NamedTuple

from ..derivatives.calls import taken_apart
from ..derivatives.trees import Leaf, Structure, is_array, kind_of
from ..derivatives.wrapped import Function
from ..engine import Value
from ..support.real_numbers import real
from .constants import Constant, besides, fresh
from .whole_numbers import LARGEST_INPUT, Needed, Whole, WholeNumber


class Form(NamedTuple):
    """The form of arguments with whole numbers.

    Attributes:
        form: that of all the rest.
        whole: the whole numbers that are part of the program; None for one that is an input.
    """

    form: Any
    whole: tuple[int | None, ...]


class HoldsValues(Exception):  # noqa: N818 (it is no error, and never leaves this package)
    """There is a Value in the arguments, so the function is called as it is."""


class Leaves:
    """The arguments of a call, taken apart.

    Attributes:
        numbers: the leaves in order: floats, and arrays of float64; before `settle`, whole numbers too.
        form: what makes another program, as something that can be a key.
        whole: the whole numbers in arguments that are not differentiated.
    """

    __slots__ = ("form", "numbers", "whole")

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
        self.whole: list[int] = []
        parts: list[Any] = [self._form(x, i in positions) for i, x in enumerate(args)]
        if kwargs:
            parts.append(tuple([(name, self._form(x, False)) for name, x in sorted(kwargs.items())]))
        self.form: Any = tuple(parts)

    @property
    def shapes(self) -> tuple[tuple[int, ...] | None, ...]:
        """The shape of each leaf; None for a number."""
        return tuple([None if type(x) is float else x.shape for x in self.numbers])

    def settle(self, inputs: Sequence[bool]) -> None:
        """Make some of the whole numbers leaves, those that are inputs, and the others part of the form."""
        fixed = [
            None if is_input and abs(x) <= LARGEST_INPUT else x
            for x, is_input in zip(self.whole, inputs, strict=True)
        ]
        left = iter(fixed)
        self.numbers = [
            float(x) if type(x) is int else x
            for x in self.numbers
            if type(x) is not int or next(left) is None
        ]
        self.form = Form(self.form, tuple(fixed))

    def _form(self, x: Any, differentiated: bool) -> Any:
        kind = type(x)
        if kind is float:
            self.numbers.append(x)
            return float
        if kind is list or kind is tuple:  # as below, sooner: of these the length says all keys
            return (kind, *[self._form(item, differentiated) for item in x])
        if kind is int and not differentiated:
            self.numbers.append(x)
            self.whole.append(x)
            return int
        if isinstance(x, Value):
            raise HoldsValues
        if is_array(x):
            return self._array(x, differentiated)
        if is_leaf(x, differentiated):
            self.numbers.append(real(x))
            return float
        container = kind_of(x)
        if container is None:
            return Constant(x)
        items = [*container.items(x)]
        others = [(key, Constant(item)) for key, item in besides(x, [key for key, _ in items])]
        return (kind, *[(key, self._form(item, differentiated)) for key, item in items], *others)

    def _array(self, x: Any, differentiated: bool) -> Any:
        check_plain(x)
        if x.dtype == object:
            items = x.ravel().tolist()
            if any(isinstance(item, Value) for item in items):
                raise HoldsValues
            if differentiated:
                self.numbers.append(as_floats([real(item) for item in items]).reshape(x.shape))
                return float
            return Constant(x)
        if x.dtype.kind == "f" or (differentiated and x.dtype.kind in "iu"):
            self.numbers.append(as_floats(x))
            return float
        return Constant(x)


def as_floats(items: Any) -> Any:
    import numpy as np

    return np.asarray(items, dtype=np.float64)


def check_plain(array: Any) -> None:
    """Raise TypeError for an array of a class with rules of its own."""
    kind = type(array).__name__
    if kind not in ("ndarray", "memmap", "ValueArray", "FollowedArray"):
        raise TypeError(f"an argument is a {kind}, whose rules differ; use a plain array")


def is_leaf(x: Any, differentiated: bool) -> bool:
    """Say whether something that is no container and no array is a number that may change."""
    if isinstance(x, (float, Whole)) or (differentiated and isinstance(x, Real) and not isinstance(x, bool)):
        return True
    numpy = sys.modules.get("numpy")
    return numpy is not None and isinstance(x, numpy.floating)


def is_leaf_array(x: Any, differentiated: bool) -> bool:
    kind = x.dtype.kind
    return kind == "f" or (differentiated and kind in "iuO")


def check_differentiated(f: Function, args: Sequence[Any], positions: Sequence[int]) -> None:
    """Raise the TypeError of `grad` for an argument that a function cannot be differentiated by.

    Args:
        f: the function.
        args: its positional arguments.
        positions: which of these are differentiated.
    """
    for i in positions:
        x = args[i]
        if not (is_leaf_array(x, True) if is_array(x) else is_leaf(x, True)) and kind_of(x) is None:
            taken_apart(f, x, i)


class _Floats(Structure):
    """An argument that is not differentiated, taken apart: its leaves are the floats in it."""

    def _leaf(self, thing: Any, path: str) -> Leaf | None:
        if is_array(thing):
            floats = is_leaf_array(thing, False)
            return Leaf(path, as_floats(thing).ravel().tolist(), thing.shape) if floats else None
        if type(thing) is Whole:
            return Leaf(path, [thing], None)
        return Leaf(path, [real(thing)], None) if is_leaf(thing, False) else None

    def _check_other(self, thing: Any, path: str) -> None:
        pass  # whatever it is, it makes another form


class _Ints(_Floats):
    """An argument that is not differentiated, taken apart: its leaves are the whole numbers in it."""

    def _leaf(self, thing: Any, path: str) -> Leaf | None:
        return Leaf(path, [thing], None) if type(thing) is int else None


def with_inputs(
    args: Sequence[Any], kwargs: dict[str, Any], positions: Sequence[int], form: Any
) -> tuple[list[Any], dict[str, Any]]:
    """Return arguments in which the whole numbers that are inputs in a form are told from the others."""
    if not isinstance(form, Form) or None not in form.whole:
        return list(args), kwargs
    place = count()

    def told(x: Any) -> Any:
        taken_apart = _Ints(x)
        whole: list[Any] = []
        for number in taken_apart.numbers:
            i = next(place)
            whole.append(number if form.whole[i] is not None else Whole(number))
            if form.whole[i] is None:
                whole[-1].place = i
        return taken_apart.put_together(whole, others=True)

    new = [x if i in positions else told(x) for i, x in enumerate(args)]
    return new, {name: told(x) for name, x in sorted(kwargs.items())}


class Arguments:
    """The arguments that a function was recorded with: where their numbers stand.

    Attributes:
        args: the positional arguments.
        kwargs: those by keyword.
        positions: which positional arguments are differentiated.
        shapes: the shape of each leaf; None for a number.
        parameters: the names of the positional arguments.
        names: a name for each number, such as `params['a']` or `x[3]`.
        by: the leaves of each argument.
        whole: which of the whole numbers in the arguments a number is, for those that are inputs.
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
        self.args = args = tuple(map(fresh, args))
        self.kwargs = {name: fresh(x) for name, x in sorted(kwargs.items())}
        self.positions = tuple(positions)
        self.parameters = tuple(parameters)
        self.shapes: list[tuple[int, ...] | None] = []
        self.names: list[str] = []
        self.by: list[range] = []
        self.whole: dict[int, int] = {}
        differentiated = {i: Structure(args[i], f"argument {i}") for i in self.positions}
        self._parts = [differentiated.get(i) or _Floats(x) for i, x in enumerate(args)]
        self._parts_by_name = {name: _Floats(x) for name, x in self.kwargs.items()}
        parts = [*zip(parameters, self._parts, strict=True), *self._parts_by_name.items()]
        for name, part in parts:
            start = len(self.shapes)
            for i, x in enumerate(part.numbers, len(self.names)):
                if type(x) is Whole:
                    self.whole[i] = x.place
            self.shapes += [leaf.shape for leaf in part.leaves]
            self.names += [f"{name}{path}" for path in part.paths]
            self.by.append(range(start, len(self.shapes)))
        self._starts = [0]
        for shape in self.shapes:
            self._starts.append(self._starts[-1] + size_of(shape))

    def __reduce__(self) -> Any:
        return Arguments, (self.args, self.kwargs, self.positions, self.parameters)

    def places(self, leaf: int) -> range:
        """Return the places, among the inputs of the program, of the numbers of a leaf."""
        return range(self._starts[leaf], self._starts[leaf + 1])

    @property
    def numbers(self) -> list[Any]:
        """The numbers that they were recorded with, in the order of `names`."""
        return [x for part in [*self._parts, *self._parts_by_name.values()] for x in part.numbers]

    @property
    def differentiated(self) -> list[int]:
        """The leaves that are differentiated by, argument by argument."""
        return [leaf for position in self.positions for leaf in self.by[position]]

    @property
    def plain(self) -> list[int]:
        """The places of the floats that are not differentiated by."""
        by = {i for leaf in self.differentiated for i in self.places(leaf)}
        return [i for i in range(len(self.names)) if i not in by and i not in self.whole]

    def put_together(
        self, numbers: Sequence[Any], needed: Needed | None = None
    ) -> tuple[list[Any], dict[str, Any]]:
        """Return the arguments with other numbers, or Values, in the place of those of the leaves.

        Args:
            numbers: they; Values of whole numbers that are inputs become WholeNumbers, floats become ints.
            needed: to which it is added which whole numbers are needed as such.
        """
        if self.whole:
            numbers = [*numbers]
            for i, place in self.whole.items():
                x = numbers[i]
                if isinstance(x, Value) and needed is not None:
                    numbers[i] = WholeNumber(int(x._number), x, frozenset([place]), needed)
                else:
                    numbers[i] = int(x)
        it = iter(numbers)
        args = [fresh(part.put_together(it, others=True)) for part in self._parts]
        return args, {
            name: fresh(part.put_together(it, others=True)) for name, part in self._parts_by_name.items()
        }

    def in_form(self, derivatives: Sequence[Any], single: bool) -> Any:
        """Return derivatives in the structure of what is differentiated by.

        Args:
            derivatives: one for each leaf of `differentiated`.
            single: whether there is one such argument, and no tuple of them wanted.
        """
        it = iter(derivatives)
        parts = [self._parts[i].with_leaves(it) for i in self.positions]
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
