"""The text of the table of rules, read from the modules that have it, to be put into Python source.

What a primitive computes is written once, where it is entered: `sin = unary("sin", math.sin, ...)`. A
generated program has that very text, which is read here, for a lambda does not know its own. So an entry is a
statement of the module that gives the primitive a name: a call whose first two arguments are the primitive's
own name, as text, and its value, and which may have the keyword `where_raises`. Value and `where_raises` are
functions of Python's `math`, of `floats`, of `primitive` or builtin, or lambdas that use these.

A function that is put in stands at the outermost level of one of SOURCES. It may call others there, Python's
`math`, as `math` or `_math`, and `sys`, and may use numbers of the modules of VALUES, and tuples of them,
with names in capitals. What is written otherwise cannot be read, and an error says so.

A program has little of all that, so only the statements that it needs are parsed.
"""

from __future__ import annotations

import ast
import builtins
import math
import re
import sys
from functools import cache
from types import FunctionType
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

_EDGE = re.compile(r"^(?=[^\s#)\]}])", re.MULTILINE)
"""Where a statement of the outermost level begins: at the left edge, but not with a bracket that closes."""

_ENTRY = re.compile(r"""\w+(?:: [\w.]+)? = [\w.]+\(\s*(?:#.*\s+)?["'](.+?)["'],""")
"""How a statement begins that enters a primitive."""


def parsed(text: str, mode: str = "exec") -> Any:
    """Return the syntax tree of a text.

    One thread at a time: in Python 3.11 before 3.11.8, threads that do it at once may get a SystemError about
    the depth of recursion (github.com/python/cpython/issues/106905).
    """
    with LOCK:
        return ast.parse(text, mode=mode)


@cache
def _statements(module: str) -> list[str]:
    """Return the texts of the statements at the outermost level of a module.

    A line within quotes that begins at the left edge is taken for one, as in the documentation of a module.
    """
    from inspect import getsource  # takes some milliseconds to load

    return _EDGE.split(getsource(sys.modules[module]))


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
    text = _entries(primitive.home).get(primitive.name)
    statement: Any = parsed(text).body[0] if text is not None else None
    if statement is None or len(statement.value.args) == 1:
        raise _unreadable(primitive, f'no statement `name = unary("{primitive.name}", value, ...)` enters it')
    target: Any = statement.target if isinstance(statement, ast.AnnAssign) else statement.targets[0]
    keywords = {x.arg: x.value for x in statement.value.keywords}
    entry = Entry(target.id, statement.value.args[1], keywords.get("where_raises"))
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
def _entries(module: str) -> dict[str, str]:
    """Return the statements of a module that enter primitives, by their names."""
    return {begin[1]: text for text in _statements(module) if (begin := _ENTRY.match(text))}


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
def functions_of(module: str) -> dict[str, str]:
    """Return the names of the functions of a module of SOURCES, each with that of the module that has it."""
    return {
        name: source.__name__
        for source in SOURCES[module]
        for name, x in vars(source).items()
        if isinstance(x, FunctionType) and x.__module__ == source.__name__
    }


def definition_of(module: str, name: str) -> ast.FunctionDef:
    """Return the syntax tree of a function of a module of SOURCES; it is the caller's own."""
    source = functions_of(module)[name]
    text = next(x for x in _statements(source) if x.startswith(f"def {name}("))
    function: ast.FunctionDef = parsed(text).body[0]
    return function


@cache
def constants() -> dict[str, Any]:
    """Return the numbers, and tables of numbers, in the modules of VALUES, by name."""
    return {
        name: x
        for source in VALUES.values()
        for name, x in vars(source).items()
        if name.isupper() and type(x) in (int, float, tuple)
    }


@cache
def text_of_constant(name: str) -> str:
    """Return the text of one of the constants."""
    statements = [x for source in VALUES.values() for x in _statements(source.__name__)]
    text = next(x for x in statements if x.startswith(f"{name} = "))
    return ast.unparse(parsed(text).body[0].value)


@cache
def short_expression(name: str) -> tuple[list[str], ast.expr] | None:
    """Return parameters and expression of a function of `floats` that is a short expression."""
    function = definition_of("floats", name)
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
