"""The table of rules as formulas: what a primitive computes and its derivatives, in symbols of one's choice.

>>> from autograd import ops
>>> print(derivative_of(ops.tanh, 0))
1 − tanh²(x)
>>> print(derivative_of(ops.divide, 1, "a", "b"))
−a/b²
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from ..ops import TABLE, Primitive
from ..ops.primitive import Ieee
from .mathematics import textbook_form
from .tidy import tidied
from .tree import Applied, Formula, Number, Symbol, lifted

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["decided_derivative", "derivative_of", "rule_of", "value_of"]


@cache
def rule_of(primitive: Primitive, index: int | None = None) -> Formula:
    """Return an entry of the table as it is written there, in x and y, and for derivatives out.

    Args:
        primitive: the entry.
        index: the operand by which the derivative is wanted; the value unless given.

    Raises:
        TypeError: the primitive has no derivative with respect to that operand.
    """
    symbols = tuple(map(Symbol, "xy"[: len(primitive.derivatives)]))
    if index is None:
        return Applied(primitive.name, symbols)
    expression = primitive.derivatives[index]
    if expression is None:
        raise primitive.lacks(index)
    return lifted(expression(*symbols, Symbol("out")))


def value_of(primitive: Primitive, *operands: Formula | str | float) -> Formula:
    """Return what the primitive computes, as a formula in its operands: names, numbers or formulas.

    >>> from autograd import ops
    >>> print(value_of(ops.power, "x", 2.0))
    x²
    """
    return tidied(rule_of(primitive).put(_meanings(primitive, operands)))


def derivative_of(
    primitive: Primitive, index: int, *operands: Formula | str | float, out: Formula | None = None
) -> Formula:
    """Return the local derivative with respect to operand `index`, as a formula in the operands.

    It is written as textbooks do, which for tanh and sigmoid is by the result. What is computed is the rule
    of the table (`rule_of`), whose last digits are better.

    Args:
        primitive: the entry.
        index: the operand.
        operands: what stands for the operands: names, numbers or formulas; x and y unless given.
        out: what stands for the result where textbooks write the derivative by it; unless given, the
            function of the operands.

    >>> from autograd import ops
    >>> print(derivative_of(ops.multiply, 0), derivative_of(ops.power, 0, "x", 3.0))
    y 3 · x²
    >>> print(derivative_of(ops.tanh, 0, "z"), derivative_of(ops.sigmoid, 0, "z", out=Symbol("a")))
    1 − tanh²(z) a · (1 − a)
    """
    meanings = _meanings(primitive, operands)
    computed = rule_of(primitive).put(meanings)
    textbook = textbook_form(primitive.name, index)
    if textbook is not None:
        return tidied(textbook.put({**meanings, "out": computed if out is None else out}))
    meanings["out"] = computed
    return tidied(rule_of(primitive, index).put(meanings))


def decided_derivative(
    op: str,
    index: int,
    operands: Sequence[Formula],
    numbers: Sequence[float],
    out: float,
    local: float,
    name: Formula | None = None,
) -> Formula:
    """Return the local derivative of an operation with each choice between cases made, as it fell.

    Args:
        op: the name of the operation.
        index: the operand.
        operands: what stands for the operands.
        numbers: their numbers.
        out: the result.
        local: the local derivative, which is returned where the table has no rule.
        name: what stands for the result where textbooks write the derivative by it; unless given, the
            function of the operands.
    """
    primitive = TABLE.get(op)
    if primitive is None or primitive.derivatives[index] is None:
        return Number(local)
    textbook = textbook_form(op, index)
    if textbook is not None and _tells(textbook, [*numbers], out, local):
        return derivative_of(primitive, index, *operands, out=name)
    meanings = _meanings(primitive, operands)
    meanings["out"] = rule_of(primitive).put(meanings)
    known = dict(zip("xy", map(Ieee, numbers), strict=False)) | {"out": Ieee(out)}
    return tidied(rule_of(primitive, index).decided(known).put(meanings))


def _tells(formula: Formula, numbers: Sequence[float], out: float, local: float) -> bool:
    """Say whether a formula in x, y and out gives the derivative, or nearly: at 0, ln(x/y) tells nothing."""
    try:
        told = formula.evaluate(dict(zip("xy", numbers, strict=False)) | {"out": out})
    except (ArithmeticError, ValueError):
        return False
    return bool(abs(told - local) <= 1e-3 * abs(local) + 1e-9)


def _meanings(primitive: Primitive, operands: Sequence[Formula | str | float]) -> dict[str, Formula | float]:
    given = operands or "xy"[: len(primitive.derivatives)]
    return {
        name: Symbol(operand) if isinstance(operand, str) else operand
        for name, operand in zip("xy", given, strict=False)
    }
