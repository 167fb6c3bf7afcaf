"""The operations of a program as machine code for one point, to the last bit as Python computes them.

`operation` and `comparison` write one operation each from the names of its operands, wherever it stands.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ...ops import TABLE, named
from ..straight_line.program import WHOLE, Node
from . import scalar_entries, scalar_math
from .machine import has_fma
from .scalar_math import RELATIONS, Untranslatable
from .scalar_text import Text

Table = tuple[str, int]
"""Numbers side by side: where the first one is, and from one to the next, in bytes."""

MOST_HANDED = 2000
"""To how many numbers at once a function of Python is applied, at most."""


class Unwritable(Exception):  # noqa: N818 (it never leaves this package)
    """What is not written as machine code."""


def operation(text: Text, op: str, operands: Sequence[str], ieee: bool, table: Table | None = None) -> str:
    """Return the name of the result of an operation.

    Where it raises an error the result is infinite or NaN, or the text fails.

    Args:
        text: where it is written.
        op: the operation, as in `Node.op`, but neither an input, a number nor a comparison.
        operands: the names of its operands; of "where", the first is a condition.
        ieee: whether it gives inf and NaN where Python's floats raise, if it is computed by Python.
        table: for "gather…", where the numbers are that it chooses from, if they are in memory.

    Raises:
        Unwritable: it has too many operands.
    """
    if op in ("identity", "detached"):
        return operands[0]
    if op == "where":
        return scalar_math.select(text, *operands)
    if op == "neg":
        return text.new(f"fneg double {operands[0]}")
    if op in _OPERATORS:
        return scalar_math.operator(text, op, *operands)
    if op == "gather…":
        return _gathered(text, operands, table)
    if op == "fma…":
        try:
            return scalar_math.fused(text, *operands)
        except Untranslatable:
            pass
    elif op[-1] != "…" and scalar_entries.translatable(op):
        return scalar_entries.write(text, op, operands)
    return _in_python(text, _function_of(op, ieee), operands)


_OPERATORS = {"+", "-", "*", "/", "//", "%", "**"}


def comparison(text: Text, relation: str, x: str, y: str) -> str:
    """Return the name of the outcome of a comparison."""
    return scalar_math.compare(text, RELATIONS[relation], x, y)


def is_known(node: Node) -> bool:
    """Say whether a node is an input, a number, a comparison, or what `operation` writes."""
    op = node.op
    return op in _OTHERS or op in TABLE or (op[-1] == "…" and op[:-1] in WHOLE)


_OTHERS = frozenset({"input", "number", "where", "detached", *RELATIONS})


def left_to_python(op: str) -> bool:
    """Say whether an operation calls a function of Python."""
    if op in ("gather…", "where", "identity", "detached", "neg", *_OPERATORS, *RELATIONS):
        return False
    if op == "fma…":
        return not has_fma()
    return op[-1] == "…" or not scalar_entries.translatable(op)


def _function_of(op: str, ieee: bool) -> Callable[..., float]:
    """Return the function of Python that computes an operation."""
    if op[-1] == "…":
        return WHOLE[op[:-1]]
    return named(op).ieee if ieee else named(op).value


def _in_python(text: Text, function: Any, operands: Sequence[str]) -> str:
    count = len(operands)
    if count > MOST_HANDED:
        raise Unwritable(f"{count} operands")
    text.settle()  # for it is not called where nothing asks for it
    text.objects.append(function)
    text.handed = max(text.handed, count)
    _put_side_by_side(text, operands)
    status = text.changing(
        f"call i32 @in_python(ptr inttoptr (i64 {id(function)} to ptr), ptr %handed, i64 {count}, ptr %boxes)"
    )
    raised, following = text.changing(f"icmp ne i32 {status}, 0"), text.fresh()
    text.branch(raised, "raised", following)
    text.begin(following)
    return text.changing("load double, ptr %handed")


def _put_side_by_side(text: Text, numbers: Sequence[str]) -> None:
    for i, number in enumerate(numbers):
        there = text.new(f"getelementptr i8, ptr %handed, i64 {8 * i}")
        text.add(f"store double {number}, ptr {there}")


def _gathered(text: Text, operands: Sequence[str], table: Table | None) -> str:
    index, *numbers = operands
    count = len(numbers)
    text.doubt(text.new(f"fcmp ult double {index}, {text.number(0.0)}"))
    text.doubt(text.new(f"fcmp uge double {index}, {text.number(float(count))}"))
    text.settle()
    place = text.new(f"fptosi double {index} to i64")
    if table is None:
        if count > MOST_HANDED:
            raise Unwritable(f"{count} operands")
        text.handed = max(text.handed, count)
        _put_side_by_side(text, numbers)
        table = "%handed", 8
    first, step = table
    offset = text.new(f"mul i64 {place}, {step}")
    there = text.new(f"getelementptr i8, ptr {first}, i64 {offset}")
    return text.changing(f"load double, ptr {there}, align 1")
