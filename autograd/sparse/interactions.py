"""Which operands of an operation its second derivatives are by: what the rules of the table depend on.

A rule is read with operands that stand for no number, but for what they were computed from. So what comes
out holds for all numbers: a branch that a rule chooses by comparison counts, whatever it chooses.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from ..ops import CONSTANT, Primitive, named
from ..ops.reader import Comparisons, Operators

Pairs = tuple[tuple[int, int], ...]
"""Pairs of operands, by their places, each once and in order."""


@cache
def interactions(primitive: Primitive, active: tuple[bool, ...]) -> Pairs:
    """Return by which pairs of operands the second derivatives of a primitive are that are not 0 throughout.

    Args:
        primitive: the primitive.
        active: for each operand, whether it is differentiated by; the others are constant.

    Raises:
        TypeError: a rule of it decides by `if`.

    >>> from autograd.ops import add, divide, multiply, power
    >>> [interactions(primitive, (True, True)) for primitive in (add, multiply, divide)]
    [(), ((0, 1),), ((0, 1), (1, 1))]
    >>> [interactions(primitive, (True, False)) for primitive in (multiply, power)]
    [(), ((0, 0),)]
    """
    operands = [_Symbol(frozenset([i] if is_active else [])) for i, is_active in enumerate(active)]
    found: set[tuple[int, int]] = set()
    for i, is_active in enumerate(active):
        if is_active:
            for j in _derivative(primitive, i, operands).depends:
                found.add((i, j) if i <= j else (j, i))
    return tuple(sorted(found))


class _Symbol(Operators, Comparisons):
    """An operand, or what was computed from some: of which of them it is no constant.

    Attributes:
        depends: these, by their places.
    """

    __slots__ = ("depends",)

    def __init__(self, depends: frozenset[int]) -> None:
        self.depends = depends

    def _operation(self, name: str, *operands: Any) -> _Symbol:
        return self._apply(named(name), operands)

    def _apply(self, primitive: Primitive, operands: tuple[Any, ...]) -> _Symbol:
        symbols = [x if isinstance(x, _Symbol) else _NOTHING for x in operands]
        found: frozenset[int] = frozenset()
        for i, x in enumerate(symbols):
            if x.depends and not _is_zero(primitive, i):
                found |= x.depends
        return _Symbol(found)

    def _comparison(self, relation: str, other: Any) -> _Condition:
        return _Condition()

    def __bool__(self) -> bool:
        raise TypeError("a derivative in the table of rules chooses between cases with where(), not with if")


class _Condition:
    """The outcome of a comparison, which may be the one or the other."""

    __slots__ = ()

    def _where(self, x: Any, y: Any) -> _Symbol:
        both = [z.depends for z in (x, y) if isinstance(z, _Symbol)]
        return _Symbol(frozenset[int]().union(*both))


_NOTHING = _Symbol(frozenset())


def _derivative(primitive: Primitive, index: int, operands: list[_Symbol]) -> _Symbol:
    """Return the derivative of a primitive with respect to an operand."""
    expression = primitive.derivatives[index]
    if expression is None:
        raise primitive.lacks(index)
    slope = primitive.slopes[index]
    if slope is CONSTANT:
        return _NOTHING
    if slope is not None:
        return _NOTHING._apply(named(slope.name), tuple([operands[i] for i in slope.places]))
    out = _NOTHING._apply(primitive, tuple(operands))
    local = expression(*operands, out)
    return local if isinstance(local, _Symbol) else _NOTHING


@cache
def _is_zero(primitive: Primitive, index: int) -> bool:
    """Say whether a derivative is 0 for all operands, as that of `floor`."""
    expression = primitive.derivatives[index]
    if expression is None:
        return False
    out = expression(*[_NOTHING] * len(primitive.derivatives), _NOTHING)
    return not isinstance(out, _Symbol) and float(out) == 0.0
