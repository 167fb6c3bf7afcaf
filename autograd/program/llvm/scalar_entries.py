"""The table of rules as machine code: the text of an entry, which is Python, as instructions.

What a primitive computes is written once, where it is entered. That text, and the functions of `floats` that
it calls, are expressions, choices and assignments, which become instructions in the same order, with the same
result to the last bit. What else there may be in them is left to Python.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

from ...ops import named
from ...ops.primitive import is_ours
from ..python.reading import VALUES, definition_of, entry_of, functions_of
from . import scalar_math
from .scalar_math import RELATIONS, Untranslatable, compare, select
from .scalar_text import Text

_KNOWN = {name: value for module in VALUES.values() for name, value in vars(module).items()} | VALUES
_OPERATORS = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%", ast.Pow: "**",
}  # fmt: skip
_COMPARISONS = {ast.Lt: "<", ast.LtE: "<=", ast.Eq: "==", ast.NotEq: "!=", ast.Gt: ">", ast.GtE: ">="}
_CALLS = (ast.Call, ast.BinOp, ast.Subscript)
"""What may take long, or raise, so that it is not computed where Python would not do it."""


LONG = 8
"""From how many instructions on a primitive is a function that is called, written once in a program."""


class _Draft(NamedTuple):
    """A primitive, written into a text of its own.

    Attributes:
        function: the text of it as a function; None if it is short.
        others: the functions that it calls.
    """

    function: str | None
    others: dict[str, str]


@cache
def _draft(name: str) -> _Draft | None:
    """Return a primitive as text; None if there is something in its entry that is left to Python."""
    text, count = Text(), len(named(name).derivatives)
    try:
        result = _written(text, name, [f"%x{i}" for i in range(count)])
    except Untranslatable:
        return None
    function = None
    if len(text.lines) > LONG:
        function = scalar_math.function(text, _name_of(name), count, result)
    return _Draft(function, text.functions)


def _name_of(name: str) -> str:
    return f"primitive{name.encode().hex()}"


def translatable(name: str) -> bool:
    """Say whether a primitive can be written as instructions."""
    return _draft(name) is not None


def write(text: Text, name: str, operands: Sequence[str]) -> str:
    """Return the result of a primitive, as `Primitive.ieee` has it.

    Args:
        text: where it is written.
        name: the name of a primitive that is translatable.
        operands: what it is applied to.
    """
    draft = _draft(name)
    if draft is None or draft.function is None:
        result = _written(text, name, operands)
    else:
        function = _name_of(name)
        text.functions |= {**draft.others, function: draft.function}
        result = text.new(f"call double @{function}({', '.join([f'double {x}' for x in operands])})")
    if draft is not None and scalar_math.DISTANCE in draft.others:
        text.watch(result)  # where it is not known it is NaN
    return result


def _written(text: Text, name: str, operands: Sequence[str]) -> str:
    primitive = named(name)
    if not is_ours(primitive):
        raise Untranslatable(name)
    if name in ("**", "pow"):
        return scalar_math.power(text, *operands)
    return _Translation(text).function(entry_of(primitive).value, operands)


@cache
def _definition(name: str) -> ast.FunctionDef:
    return definition_of("floats", name)


class _Translation:
    """Writes expressions and bodies of functions.

    Args:
        text: where they are written.
    """

    def __init__(self, text: Text) -> None:
        self.text = text

    def function(self, function: ast.expr, operands: Sequence[str]) -> str:
        """Return what a function gives: a lambda, or the name of one of `math`, `floats` or Python."""
        if isinstance(function, ast.Lambda):
            names = [x.arg for x in function.args.args]
            return self.expression(function.body, dict(zip(names, operands, strict=True)))
        module, _, name = ast.unparse(function).rpartition(".")
        if name == "abs":
            return scalar_math.size(self.text, *operands)
        if name == "float":
            return operands[0]
        if module in ("math", "_math") or (not module and name == "round"):
            return scalar_math.call(self.text, name, *operands)
        if (module in VALUES or not module) and name in functions_of("floats"):
            definition = _definition(name)
            names = [x.arg for x in definition.args.args]
            return self.body(definition.body, dict(zip(names, operands, strict=True)))
        raise Untranslatable(name)

    # Expressions

    def expression(self, node: ast.expr, names: dict[str, Any]) -> str:
        """Return the value of an expression, in which some names have values."""
        if not any(isinstance(x, ast.Name) and isinstance(names.get(x.id), str) for x in ast.walk(node)):
            return self.text.number(_constant(node, names))
        if isinstance(node, ast.Name):
            return str(names[node.id])
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            return self.text.new(f"fneg double {self.expression(node.operand, names)}")
        if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
            x, y = self.expression(node.left, names), self.expression(node.right, names)
            return scalar_math.operator(self.text, _OPERATORS[type(node.op)], x, y)
        if isinstance(node, ast.IfExp):
            return self._choice(node, names)
        if isinstance(node, ast.Subscript):
            return self._part(node, names)
        if isinstance(node, ast.Call) and not node.keywords:
            operands = [self.expression(x, names) for x in node.args]
            return self.function(node.func, operands)
        raise Untranslatable(ast.unparse(node))

    def _choice(self, node: ast.IfExp, names: dict[str, Any]) -> str:
        condition = self.condition(node.test, names)
        if any(isinstance(x, _CALLS) for way in (node.body, node.orelse) for x in ast.walk(way)):
            return self.text.choose(
                condition,
                lambda: self.expression(node.body, names),
                lambda: self.expression(node.orelse, names),
            )
        yes, no = self.expression(node.body, names), self.expression(node.orelse, names)
        return select(self.text, condition, yes, no)

    def _part(self, node: ast.Subscript, names: dict[str, Any]) -> str:
        call = node.value
        if not (isinstance(call, ast.Call) and ast.unparse(call.func) == "math.modf"):
            raise Untranslatable(ast.unparse(node))
        x = self.expression(call.args[0], names)
        whole = _constant(node.slice, {}) == 1.0
        return scalar_math.whole_part(self.text, x) if whole else scalar_math.fraction(self.text, x)

    def condition(self, node: ast.expr, names: dict[str, Any]) -> str:
        """Return the truth of an expression."""
        text = self.text
        if isinstance(node, ast.BoolOp):
            word = "and" if isinstance(node.op, ast.And) else "or"
            result, *others = [self.condition(x, names) for x in node.values]
            for other in others:
                result = text.new(f"{word} i1 {result}, {other}")
            return result
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            return text.new(f"xor i1 {self.condition(node.operand, names)}, true")
        if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in _COMPARISONS:
            x, y = self.expression(node.left, names), self.expression(node.comparators[0], names)
            return compare(text, RELATIONS[_COMPARISONS[type(node.ops[0])]], x, y)
        return compare(text, "une", self.expression(node, names), 0.0)

    # Bodies

    def body(self, statements: Sequence[ast.stmt], names: dict[str, Any]) -> str:
        """Return what the body of a function returns."""
        for place, statement in enumerate(statements):
            if isinstance(statement, ast.Return) and statement.value is not None:
                return self.expression(statement.value, names)
            if isinstance(statement, ast.If):
                rest = [*statement.orelse, *statements[place + 1 :]]
                return self._branch(statement, rest, names)
            names = self._changed(statement, names)
        raise Untranslatable("a body without a result")

    def _branch(self, statement: ast.If, rest: Sequence[ast.stmt], names: dict[str, Any]) -> str:
        if not isinstance(statement.body[-1], ast.Return):
            raise Untranslatable(ast.unparse(statement))
        return self.text.choose(
            self.condition(statement.test, names),
            lambda: self.body(statement.body, names),
            lambda: self.body(rest, names),
        )

    def _changed(self, statement: ast.stmt, names: dict[str, Any]) -> dict[str, Any]:
        """Return what names mean after a statement."""
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
            return names  # documentation
        if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
            target, value = statement.targets[0], statement.value
            if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
                values = [self.expression(x, names) for x in value.elts]
                return {**names, **dict(zip(map(_name, target.elts), values, strict=True))}
            return {**names, _name(target): self.expression(value, names)}
        if isinstance(statement, ast.AugAssign):
            sum_of = ast.BinOp(ast.Name(_name(statement.target)), statement.op, statement.value)
            return {**names, _name(statement.target): self.expression(sum_of, names)}
        if isinstance(statement, ast.For) and not statement.orelse:
            turns = _turns(statement.iter)
            for turn in turns:
                names = {**names, _name(statement.target): float(turn)}
                for inner in statement.body:
                    names = self._changed(inner, names)
            return names
        raise Untranslatable(ast.unparse(statement))


def _name(target: ast.expr) -> str:
    if not isinstance(target, ast.Name):
        raise Untranslatable(ast.unparse(target))
    return target.id


def _constant(node: ast.expr, names: dict[str, Any]) -> float:
    """Return what an expression is worth in which there are no operands."""
    try:
        value = eval(ast.unparse(node), {**_KNOWN, "math": math}, dict(names))
    except (ArithmeticError, ValueError, NameError) as error:
        raise Untranslatable(ast.unparse(node)) from error
    if not isinstance(value, (int, float)):
        raise Untranslatable(ast.unparse(node))
    return float(value)


def _turns(node: ast.expr) -> range:
    """Return what a loop goes through."""
    try:
        turns = eval(ast.unparse(node), {"range": range}) if isinstance(node, ast.Call) else None
    except NameError as error:  # as many as a number says
        raise Untranslatable(ast.unparse(node)) from error
    if not isinstance(turns, range):
        raise Untranslatable(ast.unparse(node))
    return turns
