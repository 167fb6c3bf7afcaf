"""Ufuncs on whole arrays of Values, whose nodes are made in one tight loop.

NumPy asks the operators of each element. That takes several times as long where somebody follows, or where
a primitive is called. It still does so for what is not here, or is too short, and where an error is raised:
the numbers and the nodes are the same.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Sequence
from itertools import compress
from math import prod
from operator import attrgetter
from typing import Any, NamedTuple

import numpy as np

from .. import ops
from ..engine import Value
from ..engine.recording import blocks
from ..engine.together import new_nodes, new_products, new_sums
from ..ops import Primitive
from ..support.real_numbers import inf, nan
from .ufunc_table import followed

Numbers = list[float]
Rule = Callable[[Sequence[Numbers], Sequence[bool]], tuple[Numbers, Sequence[Numbers]]]
"""What gives, for the numbers of operands and which of these are Values, the results and the local
derivatives; those by constants are not looked at. It may raise an error, or give what is no float."""


class _Unsuitable(Exception):  # noqa: N818 (it never leaves this module)
    """Operands of which NumPy is to ask each element."""


def done(name: str, method: str, arrays: Sequence[Any], kwargs: dict[str, Any], ieee: bool) -> Any:
    """Return what a ufunc gives, a Value or an array of objects; None if it is to be done otherwise.

    Args:
        name: that of the ufunc.
        method: `"__call__"`, or the name of another method of it.
        arrays: its operands.
        kwargs: its other arguments.
        ieee: whether those who observe are told that it gives inf and NaN where the primitive raises.
    """
    try:
        if method == "__call__":
            matrices = name == "matmul" and not kwargs
            return products(*arrays) if matrices else _elementwise(name, arrays, kwargs, ieee)
        return _total(arrays[0], kwargs) if method == "reduce" and name == "add" else None
    except _Unsuitable:
        return None


FEW, MANY = 12, 64
"""From how many operations on they are done together: costly ones, and those of Values' own operators."""


def _is_worth(costly: bool, size: float = inf) -> bool:
    """Say whether so many operations take less time together than one by one.

    Args:
        costly: whether each takes more time alone than an operator of a Value.
        size: how many there are.
    """
    return size >= FEW if costly else size >= MANY and bool(blocks) and followed()


def _elementwise(name: str, arrays: Sequence[Any], kwargs: dict[str, Any], ieee: bool) -> Any:
    if name == "square":
        name, arrays = "multiply", [*arrays, *arrays]
    elif name == "reciprocal":
        name, arrays = "divide", [1.0, *arrays]
    found = _RULES.get(name)
    into = kwargs["out"][0] if kwargs.get("out") else None
    if found is None or len(arrays) != found.operands or not kwargs.keys() <= {"out"}:
        return None
    costly = found.costly or ieee
    if not _is_worth(costly):
        return None
    shape = _shape_of(arrays)
    if not _is_worth(costly, prod(shape)) or (
        into is not None and (into.shape, into.dtype) != (shape, object)
    ):
        return None
    items = _recorded(found, [_operand(x, shape) for x in arrays], ieee)
    made = np.fromiter(items, object, len(items))
    if into is None:
        return made if len(shape) == 1 else made.reshape(shape)
    into[...] = made.reshape(shape)
    return into


def _total(array: Any, kwargs: dict[str, Any]) -> Any:
    """Return what `np.add.reduce` gives, as `done` does."""
    if array.size < MANY:
        return None
    others = {**kwargs}
    axis, kept = others.pop("axis", 0), others.pop("keepdims", False)
    if array.dtype != object or not all(others[key] is _DEFAULTS.get(key) for key in others):
        return None
    _shape_of([array])  # which is suitable
    if axis is None or array.ndim == 1:
        if axis not in (None, 0, -1) or not array.flags.c_contiguous:
            return None
        (out,) = new_sums([_values(array)])
        return np.array([out], dtype=object).reshape((1,) * array.ndim) if kept else out
    if type(axis) is not int or not -array.ndim <= axis < array.ndim:
        return None
    items, count = _values(np.moveaxis(array, axis, -1)), array.shape[axis]
    if axis in (-1, array.ndim - 1) or count * count > len(items):
        sums = new_sums([items[i : i + count] for i in range(0, len(items), count)])
    else:
        sums = _sum_of_rows([items[i::count] for i in range(count)])
    made = np.fromiter(sums, object, len(sums))
    shape = [1 if i == axis % array.ndim else size for i, size in enumerate(array.shape)]
    return made.reshape(shape) if kept else made.reshape(np.delete(shape, axis))


_DEFAULTS = {"dtype": None, "out": None, "where": True, "initial": np._NoValue}


def _values(array: Any) -> list[Value]:
    items: list[Value] = array.ravel().tolist()
    if not _are_values({*map(type, items)}):
        raise _Unsuitable
    return items


def _sum_of_rows(rows: Sequence[list[Value]]) -> list[Value]:
    """Return the sums of some rows, element by element, one row after the other."""
    sums, ones = rows[0], [1.0] * len(rows[0])
    for row in rows[1:]:
        numbers = [x._number + y._number for x, y in zip(sums, row, strict=True)]
        sums = new_nodes("+", numbers, sums, ones, row, ones)
    return sums


def products(x: Any, y: Any) -> Any:
    """Return what `np.matmul` and `np.dot` give for vectors and matrices; None if they are to be asked.

    Args:
        x, y: arrays of Values or of numbers.
    """
    if not all(isinstance(each, np.ndarray) and each.ndim in (1, 2) and each.size for each in (x, y)):
        return None
    if x.shape[-1] != y.shape[0] or not _is_worth(False, x.size * y.size // y.shape[0]):
        return None
    try:
        rows, columns = _lines(x), _lines(y.T)
    except _Unsuitable:
        return None
    if rows[0][1] is columns[0][1] is None:
        return None
    found = new_products([(a, b, row, column) for a, row in rows for b, column in columns])
    shape = (*x.shape[:-1], *y.shape[1:])
    return np.fromiter(found, object, len(found)).reshape(shape) if shape else found[0]


def _lines(array: Any) -> list[tuple[Numbers, list[Value] | None]]:
    """Return the numbers in each row, and these as Values if they are."""
    operand = _operand(array, array.shape)
    if isinstance(operand.active, list):
        raise _Unsuitable
    count, numbers, items = array.shape[-1], operand.numbers, operand.items
    starts = range(0, len(numbers), count)
    return [(numbers[i : i + count], items[i : i + count] if operand.active else None) for i in starts]


# Operands


class _Operand(NamedTuple):
    """An operand, with an item for each element of the result.

    Attributes:
        items: Values and floats.
        numbers: those that they are.
        active: whether they are Values; for each item where some are.
    """

    items: list[Any]
    numbers: Numbers
    active: bool | list[bool]


def _shape_of(arrays: Sequence[Any]) -> tuple[int, ...]:
    """Return the shape of the result, in which NumPy has the elements in the order of their places."""
    shapes = {x.shape for x in arrays if isinstance(x, np.ndarray)}
    try:
        shape = shapes.pop() if len(shapes) == 1 else np.broadcast_shapes(*shapes)
    except ValueError:
        raise _Unsuitable from None
    if not shape or 0 in shape:
        raise _Unsuitable
    for x in arrays if len(shape) > 1 else ():
        if isinstance(x, np.ndarray) and not x.flags.c_contiguous:
            strides = [step for step, size in zip(x.strides, x.shape, strict=True) if size > 1]
            if strides != sorted(strides, reverse=True) or strides[-1] < 0:
                raise _Unsuitable
    return shape


def _operand(x: Any, shape: tuple[int, ...]) -> _Operand:
    """Return an operand, element by element."""
    if type(x) is float or (type(x) is int and -_EXACT <= x <= _EXACT):
        constants = [float(x)] * prod(shape)
        return _Operand(constants, constants, False)
    if not isinstance(x, (np.ndarray, np.floating, np.integer)):
        raise _Unsuitable
    x = np.asarray(x)
    if x.dtype != object:
        if x.dtype.kind not in "fiub":
            raise _Unsuitable
        x = x.astype(np.float64)
    items: list[Any] = (x if x.shape == shape else np.broadcast_to(x, shape)).ravel().tolist()
    kinds = {*map(type, items)}
    if kinds == {float}:
        return _Operand(items, items, False)
    if _are_values(kinds):
        return _Operand(items, [x._number for x in items], True)
    if not _are_values(kinds - {float}):
        raise _Unsuitable
    active = [type(x) is not float for x in items]
    return _Operand(items, [x._number if isinstance(x, Value) else x for x in items], active)


_EXACT = 2**53
_operators = attrgetter(
    *(f"__{side}{name}__" for name in ("add", "sub", "mul", "truediv", "pow") for side in ("", "r")),
    *("__neg__", "__abs__", "_apply"),
)


def _are_values(kinds: Iterable[type]) -> bool:
    """Say whether these are classes of Values with the operators that these have."""
    return all(
        kind is Value or (issubclass(kind, Value) and _operators(kind) == _operators(Value)) for kind in kinds
    )


# Operations


class _Operation(NamedTuple):
    """What a ufunc does.

    Attributes:
        op: the name of the primitive.
        operands: how many there are.
        rule: gives results and local derivatives.
        costly: whether it is more than an operator of a Value.
    """

    op: str
    operands: int
    rule: Rule
    costly: bool = False


def _recorded(operation: _Operation, operands: Sequence[_Operand], ieee: bool) -> list[Any]:
    """Return the results, Values but where all operands are floats."""
    if not any(type(x.active) is list for x in operands):
        return _computed(operation, operands, ieee)()
    size = len(operands[0].items)
    flags = [x.active if isinstance(x.active, list) else [x.active] * size for x in operands]
    kinds = list(zip(*flags, strict=True))
    out: list[Any] = [None] * size
    todo = []
    for kind in dict.fromkeys(kinds):
        chosen = [each == kind for each in kinds]
        some = [
            _Operand([*compress(x.items, chosen)], [*compress(x.numbers, chosen)], is_active)
            for x, is_active in zip(operands, kind, strict=True)
        ]
        todo.append((chosen, _computed(operation, some, ieee)))
    for chosen, record in todo:
        for place, item in zip(compress(range(size), chosen), record(), strict=True):
            out[place] = item
    return out


def _computed(operation: _Operation, operands: Sequence[_Operand], ieee: bool) -> Callable[[], list[Any]]:
    """Return what records an operation that was computed, and raises no errors but those of observers."""
    numbers = [x.numbers for x in operands]
    active = [bool(x.active) for x in operands]
    try:
        data, slopes = operation.rule(numbers, active)
    except (ArithmeticError, ValueError):
        raise _Unsuitable from None
    if not _are_floats(data):
        raise _Unsuitable
    if not any(active):
        return lambda: data
    edges: list[Any] = []
    for x, is_active, slope in zip(operands, active, slopes, strict=True):
        edges += (x.items, slope) if is_active else (None, x.numbers)
    a, da, b, db = edges if len(operands) == 2 else (*edges, None, [nan] * len(data))
    return lambda: new_nodes(operation.op, data, a, da, b, db, ieee)


def _are_floats(numbers: Sequence[Any]) -> bool:
    return {*map(type, numbers)} == {float}


# Rules: those of the engine's operators, and of any primitive

_NOT_WANTED: Numbers = []


def _add(numbers: Sequence[Numbers], active: Sequence[bool]) -> tuple[Numbers, Sequence[Numbers]]:
    ones = [1.0] * len(numbers[0])
    return [*map(operator.add, *numbers)], (ones, ones)


def _subtract(numbers: Sequence[Numbers], active: Sequence[bool]) -> tuple[Numbers, Sequence[Numbers]]:
    size = len(numbers[0])
    return [*map(operator.sub, *numbers)], ([1.0] * size, [-1.0] * size)


def _multiply(numbers: Sequence[Numbers], active: Sequence[bool]) -> tuple[Numbers, Sequence[Numbers]]:
    return [*map(operator.mul, *numbers)], numbers[::-1]


def _divide(numbers: Sequence[Numbers], active: Sequence[bool]) -> tuple[Numbers, Sequence[Numbers]]:
    data = [*map(operator.truediv, *numbers)]
    by_x = [1.0 / y for y in numbers[1]] if active[0] else _NOT_WANTED
    by_y = [-out / y for out, y in zip(data, numbers[1], strict=True)] if active[1] else _NOT_WANTED
    return data, (by_x, by_y)


def _negative(numbers: Sequence[Numbers], active: Sequence[bool]) -> tuple[Numbers, Sequence[Numbers]]:
    return [-x for x in numbers[0]], ([-1.0] * len(numbers[0]),)


def _power(numbers: Sequence[Numbers], active: Sequence[bool]) -> tuple[Numbers, Sequence[Numbers]]:
    xs, ys = numbers
    c = ys[0]
    if active[1] or not c >= 1.0 or ys.count(c) < len(ys):
        return _by_powers(numbers, active)
    if c == 2.0:
        return [x**2.0 for x in xs], ([2.0 * x for x in xs], _NOT_WANTED)
    less = c - 1.0
    return [x**c for x in xs], ([c * x**less for x in xs], _NOT_WANTED)


def _by(primitive: Primitive) -> Rule:
    """Return the rule of a primitive of the table."""
    value, derivatives = primitive.value, primitive.derivatives

    def rule(numbers: Sequence[Numbers], active: Sequence[bool]) -> tuple[Numbers, Sequence[Numbers]]:
        data = [*map(value, *numbers)]
        return data, [
            slopes(i, numbers, data) if is_active else _NOT_WANTED for i, is_active in enumerate(active)
        ]

    def slopes(index: int, numbers: Sequence[Numbers], data: Numbers) -> Numbers:
        expression = derivatives[index]
        if expression is None:
            raise _Unsuitable
        try:
            found = [*map(expression, *numbers, data)]
            if _are_floats(found):
                return found
        except (ArithmeticError, ValueError):
            pass
        return [primitive.local(index, each[:-1], each[-1]) for each in zip(*numbers, data, strict=True)]

    return rule


_by_powers = _by(ops.power)
_PRIMITIVES = {
    **{name: getattr(ops, name) for name in "exp expm1 log log2 log10 log1p sqrt cbrt sin cos tan".split()},
    **{name: getattr(ops, name) for name in "sinh cosh tanh maximum minimum fmax fmin".split()},
    **{f"arc{name}": getattr(ops, f"a{name}") for name in "sin cos tan sinh cosh tanh".split()},
    "absolute": ops.absolute, "arctan2": ops.atan2, "fabs": ops.fabs, "float_power": ops.power,
}  # fmt: skip
_RULES = {
    "add": _Operation("+", 2, _add),
    "subtract": _Operation("-", 2, _subtract),
    "multiply": _Operation("*", 2, _multiply),
    "divide": _Operation("/", 2, _divide),
    "negative": _Operation("neg", 1, _negative),
    "power": _Operation("**", 2, _power),
    **{name: _Operation(p.name, len(p.derivatives), _by(p), costly=True) for name, p in _PRIMITIVES.items()},
}
"""What is done together, by the name of the ufunc."""

COSTLY = frozenset(_PRIMITIVES)
"""Ufuncs that may be worth it where nobody observes; others of them are not, but for sums."""
