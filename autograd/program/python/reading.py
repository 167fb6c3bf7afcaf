"""The text of the table of rules, read from the modules that have it, to be put into Python source.

What a primitive computes is written once, where it is entered: `sin = unary("sin", math.sin, ...)`. A
generated program has that very text, which is read here, for a lambda does not know its own. So an entry is a
statement of the module that gives the primitive a name: a call whose first two arguments are the primitive's
own name, as text, and its value, and which may have the keyword `where_raises`. Value and `where_raises` are
functions of Python's `math`, of `floats`, of `primitive` or builtin, or lambdas that use these.

A function that is put in stands at the outermost level of one of SOURCES. It may call others there, Python's
`math`, as `math` or `_math`, and `sys`, and may use numbers of the modules of VALUES, and tuples of them.
What is written otherwise cannot be read, and an error says so.
"""

from __future__ import annotations

import ast
import builtins
import math
import sys
from functools import cache
from typing import Any, NamedTuple

from ... import math as autograd_math
from ...ops import TABLE, Primitive, bessel, entropies, floats, incomplete_gamma, normal
from ...ops import primitive as primitives
from ...ops.primitive import is_ours
from ..locks import LOCK

MATH = {name for name in vars(math) if not name.startswith("_")}
"""What Python's `math` has."""

VALUES = {x.__name__.rpartition(".")[2]: x for x in (floats, entropies, normal, incomplete_gamma, bessel)}
"""The modules of `ops` with values on floats. What they define has one name in all of them together."""

SOURCES = {"floats": [*VALUES.values()], "math": [autograd_math], "primitive": [primitives]}
"""The modules with the functions that are put in, by the names under which a need has them."""

_EVERYWHERE = {*vars(builtins), "inf", "nan", "math", "_math", "sys"}


def parsed(text: str, mode: str = "exec") -> Any:
    """Return the syntax tree of a text.

    One thread at a time: in Python 3.11 before 3.11.8, threads that do it at once may get a SystemError about
    the depth of recursion (github.com/python/cpython/issues/106905).
    """
    with LOCK:
        return ast.parse(text, mode=mode)


@cache
def _tree(module: str) -> ast.Module:
    from inspect import getsource  # takes some milliseconds to load

    tree: ast.Module = parsed(getsource(sys.modules[module]))
    return tree


class Entry(NamedTuple):
    """The text of a primitive: the variable that it is, its value, and that where it raises."""

    variable: str
    value: ast.expr
    where_raises: ast.expr | None


@cache
def entry_of(primitive: Primitive) -> Entry:
    """Return the text of a primitive.

    Raises:
        TypeError: it is written in another way than can be read; the message says in which.
    """
    entry = _entries(primitive.home).get(primitive.name)
    if entry is None:
        raise _unreadable(primitive, f'no statement `name = unary("{primitive.name}", value, ...)` enters it')
    for function in (entry.value, entry.where_raises):
        if function is not None and (unknown := _unknown_in(function)):
            raise _unreadable(primitive, f"{ast.unparse(function)} uses {', '.join(sorted(unknown))}")
    return entry


def _unreadable(primitive: Primitive, why: str) -> TypeError:
    return TypeError(
        f"the entry of {primitive.name!r} in {primitive.home} cannot be read for Python source: "
        f"{why}; it must be a function of math, of floats or builtin, or a lambda that uses these"
    )


@cache
def _entries(module: str) -> dict[str, Entry]:
    """Return the text of each primitive that a module enters, by its name."""
    entries: dict[str, Entry] = {}
    for statement in _tree(module).body:
        if isinstance(statement, ast.Assign | ast.AnnAssign) and isinstance(statement.value, ast.Call):
            target = statement.target if isinstance(statement, ast.AnnAssign) else statement.targets[0]
            name, value, *_ = [*statement.value.args, None, None]
            if isinstance(target, ast.Name) and isinstance(name, ast.Constant) and value is not None:
                keywords = {x.arg: x.value for x in statement.value.keywords}
                entries[name.value] = Entry(target.id, value, keywords.get("where_raises"))
    return entries


def _unknown_in(function: ast.expr) -> set[str]:
    """Return what the text of a value uses and a program does not have."""
    if isinstance(function, ast.Lambda):
        known = {x.arg for x in function.args.args}
        return set().union(*map(_unknown_in, _names_in(function.body, known)))
    if isinstance(function, ast.Attribute):
        module = ast.unparse(function.value)
        known = MATH if module == "math" else set(functions_of("floats")) if module in VALUES else set()
        return set() if function.attr in known else {ast.unparse(function)}
    return {ast.unparse(function)} - _EVERYWHERE - {*functions_of("floats"), *functions_of("primitive")}


def _names_in(node: ast.AST, known: set[str]) -> list[ast.expr]:
    """Return the names below a node that are not known, each with the module before the point."""
    if isinstance(node, ast.Attribute) or (isinstance(node, ast.Name) and node.id not in known):
        return [node]
    return [name for child in ast.iter_child_nodes(node) for name in _names_in(child, known)]


@cache
def functions_of(module: str) -> dict[str, ast.FunctionDef]:
    """Return the functions of a module of SOURCES, by their names."""
    nodes = [node for source in SOURCES[module] for node in _tree(source.__name__).body]
    return {node.name: node for node in nodes if isinstance(node, ast.FunctionDef)}


@cache
def constants() -> dict[str, str]:
    """Return the numbers, and tables of numbers, in the modules of VALUES, by name, as text."""
    constants = {}
    for source in VALUES.values():
        for node in _tree(source.__name__).body:
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Tuple | ast.Constant):
                constants[ast.unparse(node.targets[0])] = ast.unparse(node.value)
    return constants


@cache
def short_expression(name: str) -> tuple[list[str], ast.expr] | None:
    """Return parameters and expression of a function of `floats` that is a short expression."""
    function = functions_of("floats")[name]
    if len(function.body) == 1 and isinstance(function.body[0], ast.Return):
        expression = function.body[0].value
        if expression is not None and not any(isinstance(x, ast.Call) for x in ast.walk(expression)):
            return [x.arg for x in function.args.args], expression
    return None


@cache
def operands_used_twice(op: str) -> bool:
    """Say whether the text of a primitive has its operands more than once."""
    if op not in TABLE or not is_ours(TABLE[op]):
        return False
    value = entry_of(TABLE[op]).value
    if isinstance(value, ast.Lambda):
        parameters, body = [x.arg for x in value.args.args], value.body
    elif isinstance(value, ast.Attribute) and ast.unparse(value.value) in VALUES:
        short = short_expression(value.attr)
        if short is None:
            return False
        parameters, body = short
    else:
        return False
    names = [x.id for x in ast.walk(body) if isinstance(x, ast.Name)]
    return any(names.count(parameter) > 1 for parameter in parameters)
