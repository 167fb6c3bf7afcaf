"""The text of the table of rules, read from the files that have it and made part of Python source.

What a primitive computes is written once, in `ops/table.py`, as a call of `unary` or `binary`. Its value
there is a function of `math` or `floats`, a builtin, or a lambda that uses these. A generated program has
that very text, which is parsed here, for a function does not know its own: each module says in `__file__`
where it is.

So these names in those files are known here, and whoever changes one changes it here too:

- in the table: the makers `unary` and `binary`, whose first arguments are the name and the value, the
  keyword `where_raises`, and the modules `floats` and `math`; a primitive that is entered in another way
  has no text, and a program with it no source (a KeyError);
- in `autograd.math`: `_math`, as which it has Python's `math`, and `_steps_after`;
- in `floats`: `sumprod`, `fma`, and its tables of numbers, which are tuples.

A function that is put in stands at the outermost level of `floats`, `primitive` or `autograd.math`. It may
call others of its module, Python's `math` and `sys`; what it takes from elsewhere is missing in the source.
"""

from __future__ import annotations

import ast
import math
import re
import threading
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from ... import math as autograd_math
from ...ops import Primitive, floats, named, table
from ...ops import primitive as primitives

MATH = {name for name in vars(math) if not name.startswith("_")}
"""What Python's `math` has."""


def definitions_of(needs: Iterable[str]) -> str:
    """Return the text of imports and functions that the text of some functions needs."""
    imports: set[str] = set()
    functions: dict[str, str] = {}
    todo = sorted(needs)
    done: set[str] = set()
    while todo:
        need = todo.pop()
        if need in done:
            continue
        done.add(need)
        module, _, name = need.partition(".")
        if module == "math" and name in MATH:
            imports.add(name)
            continue
        text = _ieee_function(name) if module == "ieee" else _function(module, name)
        functions[need] = text
        todo += sorted(_names_in(text, module) - done)
    head = f"from math import {', '.join(sorted(imports))}\n" if imports else ""
    if any("math." in text for text in functions.values()):
        head = f"import math\n{head}"
    if any("sys." in text for text in functions.values()):
        head = f"{head}import sys\n"
    written = "\n".join(functions.values())
    constants = "".join(
        f"{name} = {text}\n" for name, text in _constants().items() if re.search(rf"\b{name}\b", written)
    )
    parts = [part for part in (head, constants, *functions.values()) if part]
    return "\n\n".join(part.rstrip("\n") + "\n" for part in parts)


_parsing = threading.RLock()


def parsed(text: str, mode: str = "exec") -> Any:
    """Return the syntax tree of a text.

    One thread at a time: in Python 3.11 before 3.11.8, threads that do it at once may get a SystemError about
    the depth of recursion (github.com/python/cpython/issues/106905).
    """
    with _parsing:
        return ast.parse(text, mode=mode)


_SOURCES = {
    "table": table.__file__,
    "floats": floats.__file__,
    "math": autograd_math.__file__,
    "primitive": primitives.__file__,
}
"""Where the texts are that are put in, by the names under which a need has them."""


@cache
def _module(name: str) -> tuple[str, ast.Module]:
    text = Path(_SOURCES[name]).read_text(encoding="utf-8")
    return text, parsed(text)


class Entry(NamedTuple):
    """The text of a primitive of `ops`: the variable that it is, its value, and that where it raises."""

    variable: str
    value: ast.expr
    where_raises: ast.expr | None


@cache
def entries() -> dict[str, Entry]:
    """Return the text of each primitive of the table, by its name."""
    entries = {}
    for statement in _module("table")[1].body:
        targets = getattr(statement, "targets", [getattr(statement, "target", None)])
        target, call = targets[0], getattr(statement, "value", None)
        if isinstance(target, ast.Name) and isinstance(call, ast.Call) and ast.unparse(call.func) in _MAKERS:
            where_raises = next((x.value for x in call.keywords if x.arg == "where_raises"), None)
            entries[ast.literal_eval(call.args[0])] = Entry(target.id, call.args[1], where_raises)
    return entries


_MAKERS = ("unary", "binary")


@cache
def functions_of(module: str) -> dict[str, ast.FunctionDef]:
    """Return the functions of a module of _SOURCES, by their names."""
    return {node.name: node for node in _module(module)[1].body if isinstance(node, ast.FunctionDef)}


@cache
def _constants() -> dict[str, str]:
    """Return the tables of numbers in `floats`, by name, as text."""
    constants = {}
    for node in _module("floats")[1].body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Tuple):
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


def _function(module: str, name: str) -> str:
    """Return the text of a function, with annotations and documentation left out."""
    function = parsed(ast.unparse(functions_of(module)[name])).body[0]
    assert isinstance(function, ast.FunctionDef)
    function.returns = None
    for argument in function.args.args:
        argument.annotation = None
    if isinstance(function.body[0], ast.Expr) and isinstance(function.body[0].value, ast.Constant):
        del function.body[0]
    for inner in ast.walk(function):
        if isinstance(inner, ast.Name) and inner.id == "_math":
            inner.id = "math"
    text = ast.unparse(ast.fix_missing_locations(_Plain().visit(function)))
    return text + "\n"


class _Plain(ast.NodeTransformer):
    """Leaves out the annotations of variables."""

    def visit_AnnAssign(self, node: ast.AnnAssign) -> Any:
        if node.value is None:
            return None
        return ast.copy_location(ast.Assign(targets=[node.target], value=node.value), node)


def _names_in(text: str, module: str) -> set[str]:
    """Return what a function calls, as needs."""
    found = set()
    for node in ast.walk(parsed(text)):
        if isinstance(node, ast.Name):
            if node.id in ("inf", "nan"):
                found.add(f"math.{node.id}")
            elif module in ("floats", "math", "primitive") and node.id in functions_of(module):
                found.add(f"{module}.{node.id}")
            elif module == "ieee":
                for other in ("floats", "primitive"):
                    if node.id in functions_of(other):
                        found.add(f"{other}.{node.id}")
                if node.id in MATH:
                    found.add(f"math.{node.id}")
    return found


def ieee_name(primitive: Primitive) -> str:
    """Return the name, in a text, of a primitive in IEEE arithmetic."""
    return f"{entries()[primitive.name].variable}_ieee"


def _ieee_function(name: str) -> str:
    """Return the text of a primitive in IEEE arithmetic: what `Primitive.ieee` is."""
    _, value, where_raises = entries()[name]
    parameters = ", ".join("xyz"[: len(named(name).derivatives)])

    def applied(function: ast.expr) -> str:
        if isinstance(function, ast.Lambda):
            return ast.unparse(_WithoutModule().visit(parsed(ast.unparse(function.body), mode="eval")))
        return f"{ast.unparse(function).rpartition('.')[2]}({parameters})"

    overflow = invalid = applied(where_raises) if where_raises is not None else ""
    return (
        f"def {ieee_name(named(name))}({parameters}):\n"
        f"    try:\n        return {applied(value)}\n"
        f"    except OverflowError:\n        return {overflow or 'inf'}\n"
        f"    except (ValueError, ZeroDivisionError):\n        return {invalid or 'nan'}\n"
    )


class _WithoutModule(ast.NodeTransformer):
    """Turns math.f and floats.f into f."""

    def visit_Attribute(self, node: ast.Attribute) -> Any:
        return ast.copy_location(ast.Name(node.attr, ast.Load()), node)


@cache
def operands_used_twice(op: str) -> bool:
    """Say whether the text of a primitive has its operands more than once."""
    if op not in entries():
        return False
    value = entries()[op].value
    if isinstance(value, ast.Lambda):
        parameters, body = [x.arg for x in value.args.args], value.body
    elif isinstance(value, ast.Attribute) and ast.unparse(value.value) == "floats":
        short = short_expression(value.attr)
        if short is None:
            return False
        parameters, body = short
    else:
        return False
    names = [x.id for x in ast.walk(body) if isinstance(x, ast.Name)]
    return any(names.count(parameter) > 1 for parameter in parameters)
