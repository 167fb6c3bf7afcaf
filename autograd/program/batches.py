"""The arguments of a batch: which of them hold a value for each point, and what they are at a point."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from operator import index
from typing import Any

from ..derivatives.trees import Leaf, Structure, is_array, kind_of
from ..engine import Value
from ..support.messages import shown
from .arguments import HoldsValues, Leaves, as_floats, check_plain, is_leaf_array
from .constants import Constant


def checked_axes(in_axes: Any) -> Any:
    """Return `in_axes`, of which lists are tuples at the top.

    Raises:
        TypeError: it holds something else than whole numbers and None.
        ValueError: it holds None alone.
    """
    if not (in_axes is None or isinstance(in_axes, (tuple, list)) or hasattr(in_axes, "__index__")):
        raise TypeError(
            "vmap: in_axes is a whole number, None, or a tuple with one of these for each positional "
            f"argument, not {shown(in_axes)}"
        )
    if not any([*_axes_in(in_axes)]):
        raise ValueError(f"vmap: in_axes={in_axes!r} names no batch; at least one axis is a whole number")
    return tuple(in_axes) if isinstance(in_axes, list) else in_axes


def _axes_in(axes: Any) -> Any:
    """Yield for each axis in a structure whether it is one; it is None if not."""
    kind = kind_of(axes)
    if kind is not None:
        for _, x in kind.items(axes):
            yield from _axes_in(x)
    elif axes is None:
        yield False
    elif isinstance(axes, bool) or not hasattr(axes, "__index__"):
        raise TypeError(f"vmap: an axis in in_axes is a whole number or None, not {shown(axes)}")
    else:
        yield True


class Rows:
    """An argument, or a part of one, that has a value for each point.

    Attributes:
        name: what messages call it.
        axis: along which axis the points were given.
        array: it, with the points along the first axis.
        splits: whether a value is no leaf of the arguments, so that each makes another program.
        whole: whether the values are whole numbers, which may be inputs all the same.
        floats: the array, of floats if it is one of numbers.

    Raises:
        TypeError: it is no array.
        ValueError: it has no such axis.
    """

    __slots__ = ("array", "axis", "floats", "name", "splits", "whole")

    def __init__(self, thing: Any, axis: int, name: str, differentiated: bool) -> None:
        if not is_array(thing):
            raise TypeError(
                f"{name} is {shown(thing)}, which has no axis {axis}: a batch is an array with a value for "
                "each point; None in in_axes says that an argument is the same at all points"
            )
        check_plain(thing)
        if not -thing.ndim <= axis < thing.ndim:
            raise ValueError(f"{name} has the shape {thing.shape}, in which there is no axis {axis}")
        self.name = name
        self.axis = axis % thing.ndim
        self.array = thing if self.axis == 0 else _to_the_front(thing, self.axis)
        holds_values = thing.dtype == object and any(isinstance(x, Value) for x in thing.flat)
        self.splits = not (holds_values or is_leaf_array(thing, differentiated))
        if not (holds_values or self.splits):
            self.array = as_floats(self.array)
        self.whole = self.splits and self.array.ndim == 1 and self.array.dtype.kind in "iu"
        self.floats = as_floats(self.array) if self.whole else self.array

    def at(self, point: int) -> Any:
        """Return what it is at a point."""
        found = self.array[point]
        if self.array.ndim > 1:
            return found.copy()
        return found.item() if hasattr(found, "item") else found

    def example(self) -> Any:
        """Return something of its kind, where there is no point."""
        import numpy as np

        found = np.zeros(self.array.shape[1:], dtype=self.array.dtype)
        return found if self.array.ndim > 1 else found.item()

    def only(self, points: Any) -> Rows:
        """Return the same at some of the points."""
        part = object.__new__(Rows)
        part.name, part.axis, part.splits, part.whole = self.name, self.axis, self.splits, self.whole
        part.array, part.floats = self.array[points], self.floats[points]
        return part

    def values(self) -> Any:
        """Return a whole number for each point, equal where its values are equal."""
        import numpy as np

        if self.array.dtype == bool and self.array.ndim == 1:
            return self.array.astype(np.intp)
        if self.array.dtype != object:
            return np.unique(self.array, axis=0, return_inverse=True)[1].reshape(-1)
        seen: dict[Any, int] = {}
        return np.array([seen.setdefault(Constant(self.at(i)), len(seen)) for i in range(len(self.array))])


def _to_the_front(array: Any, axis: int) -> Any:
    import numpy as np

    return np.moveaxis(array, axis, 0)


class _Marked(Structure):
    """Arguments with Rows in them, which are the leaves."""

    def _leaf(self, thing: Any, path: str) -> Leaf | None:
        if type(thing) is not Rows:
            return None
        self.leaves_found.append(thing)
        return Leaf(path, [], None)

    def _check_other(self, thing: Any, path: str) -> None:
        pass

    def __init__(self, thing: Any) -> None:
        self.leaves_found: list[Rows] = []
        super().__init__(thing)


class Given:
    """The positional arguments of a batch.

    Attributes:
        args: they, with Rows in the place of what has a value for each point.
        rows: these.
        points: how many points there are.

    Args:
        args: the arguments.
        in_axes: that of `vmap`.
        names: those of the arguments.
        positions: which of them are differentiated.

    Raises:
        TypeError: what shall be a batch is none.
        ValueError: `in_axes` does not fit, or the batches have different lengths.
    """

    def __init__(
        self, args: Sequence[Any], in_axes: Any, names: Sequence[str], positions: Sequence[int]
    ) -> None:
        axes = in_axes if isinstance(in_axes, tuple) else (in_axes,) * len(args)
        if len(axes) != len(args):
            raise ValueError(
                f"in_axes has {len(axes)} entries, {in_axes!r}, for {len(args)} positional arguments"
            )
        self.args = tuple(
            [
                _marked(x, axis, name, i in positions)
                for i, (x, axis, name) in enumerate(zip(args, axes, names, strict=True))
            ]
        )
        self._tree = _Marked(self.args)
        self.rows = self._tree.leaves_found
        lengths: dict[int, str] = {}
        for rows in self.rows:
            lengths.setdefault(len(rows.array), rows.name)
        if len(lengths) > 1:
            found = ", ".join(f"{length} ({name})" for length, name in lengths.items())
            raise ValueError(f"the batches have different lengths: {found}")
        if not lengths:
            raise ValueError(
                f"no argument is a batch: there is no array where in_axes={in_axes!r} has an axis"
            )
        (self.points,) = lengths

    def at(self, point: int) -> tuple[Any, ...]:
        """Return the arguments at a point; at any where there is none."""
        return self.put_together([self.part(x, point) for x in self.rows])

    def part(self, rows: Rows, point: int) -> Any:
        """Return what some rows are at a point, or something of their kind where there is none."""
        return rows.at(point) if self.points else rows.example()

    def put_together(self, parts: Sequence[Any]) -> tuple[Any, ...]:
        """Return the arguments with other things in the place of the rows."""
        together: tuple[Any, ...] = self._tree.with_leaves(parts, others=True)
        return together

    def only(self, points: Any) -> Given:
        """Return the arguments at some of the points."""
        part = copy(self)
        part.rows = [x.only(points) for x in self.rows]
        part.points = len(points)
        return part

    def for_leaves(self) -> tuple[Any, ...]:
        """Return the arguments with rows in the place of what may be leaves, and else those of a point."""
        return self.put_together([self.part(x, 0) if x.splits and not x.whole else x for x in self.rows])

    def where_it_changes(self) -> list[int]:
        """Return points at which each of the whole numbers has another value than at the first point."""
        return [int((x.array != x.array[0]).argmax()) for x in self.rows if x.whole and self.points]

    def split(self, most: int) -> list[Any]:
        """Return the points of each part that takes a signature of its own; [None] where one does for all.

        Raises:
            ValueError: there are more than so many.
        """
        import numpy as np

        splitting = [x for x in self.rows if x.splits and not x.whole]
        if not splitting or not self.points:
            return [None]
        codes = np.zeros(self.points, dtype=np.intp)
        for rows in splitting:
            values = rows.values()
            codes = codes * (values.max() + 1) + values
            if codes.max() > self.points + most:
                codes = np.unique(codes, return_inverse=True)[1]
        present = np.flatnonzero(np.bincount(codes))
        if len(present) > most:
            names = " and ".join([rows.name for rows in splitting])
            raise ValueError(
                f"{names} has {len(present)} different values in this batch, and each makes a program of its "
                f"own, of which {most} (max_paths) are allowed. Give it as floats, as "
                f"{splitting[-1].name}.astype(float), if the function can do with these, or raise max_paths"
            )
        return sorted([np.flatnonzero(codes == code) for code in present], key=lambda points: points[0])


def _marked(thing: Any, axes: Any, name: str, differentiated: bool) -> Any:
    """Return a thing with Rows in the place of what `axes` says is a batch."""
    if axes is None:
        return thing
    kind, kind_of_axes = kind_of(thing), kind_of(axes)
    if kind is None and kind_of_axes is None:
        return Rows(thing, index(axes), name, differentiated)
    items = [] if kind is None else [*kind.items(thing)]
    keys = [key for key, _ in items]
    inner = dict.fromkeys(keys, axes)
    if kind_of_axes is not None:
        inner = dict(kind_of_axes.items(axes))
        if kind is not kind_of_axes or inner.keys() != set(keys):
            raise ValueError(f"in_axes has {axes!r} for {name}, which has another structure: {shown(thing)}")
    assert kind is not None
    parts = [_marked(x, inner[key], f"{name}{kind.place(key)}", differentiated) for key, x in items]
    return kind.like(thing, keys, parts)


class BatchLeaves(Leaves):
    """The leaves of a batch, whose form and shapes are those of a point.

    Attributes:
        whole_rows: those of whole numbers, by their places among the whole numbers.
        rows: those that have a value for each point, by their places among the leaves; after `settle`.
    """

    __slots__ = ("_found", "rows", "whole_rows")

    def __init__(self, args: Sequence[Any], kwargs: dict[str, Any], positions: Sequence[int]) -> None:
        self.whole_rows: dict[int, Rows] = {}
        self.rows: dict[int, Rows] = {}
        self._found: dict[int, Rows] = {}  # by the address of the array
        super().__init__(args, kwargs, positions)
        self._find_rows()

    def settle(self, inputs: Sequence[bool]) -> None:
        """Make some of the whole numbers leaves, those that are inputs, and the others part of the form."""
        before = self.numbers
        super().settle(inputs)
        whole = iter(enumerate(self.form.whole))
        self.numbers = []
        for x in before:
            i, fixed = next(whole) if type(x) is int else (-1, None)
            if fixed is None:
                rows = self.whole_rows.get(i)
                self.numbers.append(rows.floats if rows else x if i < 0 else float(x))
        self._find_rows()

    def _find_rows(self) -> None:
        self.rows = {i: self._found[id(x)] for i, x in enumerate(self.numbers) if id(x) in self._found}

    @property
    def shapes(self) -> tuple[tuple[int, ...] | None, ...]:
        """The shape of each leaf at a point; None for a number."""
        shapes = list(super().shapes)
        for i in self.rows:
            shapes[i] = self.numbers[i].shape[1:] or None
        return tuple(shapes)

    def _form(self, x: Any, differentiated: bool) -> Any:
        if type(x) is not Rows:
            return super()._form(x, differentiated)
        if x.array.dtype == object:
            raise HoldsValues
        self._found[id(x.floats)] = x
        if not x.whole:
            self.numbers.append(x.floats)
            return float
        self.whole_rows[len(self.whole)] = x
        self.whole.append(x.at(0) if len(x.array) else x.example())
        self.numbers.append(self.whole[-1])
        return int


class _Differentiated(Structure):
    """An argument with Rows in it; `batched` says of each of its leaves whether it has a value per point."""

    def __init__(self, thing: Any) -> None:
        self.batched: list[bool] = []
        super().__init__(thing)

    def _leaf(self, thing: Any, path: str) -> Leaf | None:
        if type(thing) is Rows:
            self.batched += [] if thing.splits else [True]
            return Leaf(path, [], None)
        leaf = super()._leaf(thing, path)
        self.batched += [] if leaf is None else [False]
        return leaf


def batched_by(given: Given, positions: Sequence[int]) -> list[bool]:
    """Return of each leaf that is differentiated whether it has a value for each point."""
    return [x for i in positions for x in _Differentiated(given.args[i]).batched]
