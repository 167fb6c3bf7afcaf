"""Definitions for a program in Python source: imports, functions and tables of numbers that it needs.

A program has the very text of `ops`, which `reading` finds. What it needs is told by names with the module
before a point: `math.sin`, a function of `reading.SOURCES` such as `floats.digamma`, or `ieee.sin`, which is
the primitive of that name in IEEE arithmetic.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from functools import cache
from typing import Any

from ...ops import Primitive, named
from .reading import MATH, constants, definition_of, entry_of, functions_of, parsed, text_of_constant


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
        text, more = _ieee_function(named(name)) if module == "ieee" else _function(module, name)
        functions[need] = text
        todo += sorted(more - done)
    head = f"from math import {', '.join(sorted(imports))}\n" if imports else ""
    if any("math." in text for text in functions.values()):
        head = f"import math\n{head}"
    if any("sys." in text for text in functions.values()):
        head = f"{head}import sys\n"
    words = {word for text in functions.values() for word in re.findall(r"\w+", text)}
    tables = "".join(f"{name} = {text_of_constant(name)}\n" for name in constants() if name in words)
    parts = [part for part in (head, tables, *functions.values()) if part]
    return "\n\n".join(part.rstrip("\n") + "\n" for part in parts)


@cache
def _function(module: str, name: str) -> tuple[str, set[str]]:
    """Return the text of a function, with annotations and documentation left out, and its needs."""
    function = definition_of(module, name)
    function.returns = None
    for argument in function.args.args:
        argument.annotation = None
    if isinstance(function.body[0], ast.Expr) and isinstance(function.body[0].value, ast.Constant):
        del function.body[0]
    plain = _Plain()
    text = ast.unparse(plain.visit(function))
    return text + "\n", _needs(plain.names, module)


class _Plain(ast.NodeTransformer):
    """Leaves out the annotations of variables, calls `math` so, and notes all names."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def visit_AnnAssign(self, node: ast.AnnAssign) -> Any:
        if node.value is None:
            return None
        return self.visit(ast.copy_location(ast.Assign(targets=[node.target], value=node.value), node))

    def visit_Name(self, node: ast.Name) -> Any:
        if node.id == "_math":
            node.id = "math"
        self.names.add(node.id)
        return node


def _needs(names: set[str], *modules: str) -> set[str]:
    """Return what some names are in a text, as needs: functions of some modules, and inf and nan."""
    numbers = {f"math.{name}" for name in names & {"inf", "nan"}}
    return numbers.union(*[{f"{x}.{name}" for name in names & functions_of(x).keys()} for x in modules])


def ieee_name(primitive: Primitive) -> str:
    """Return the name, in a text, of a primitive in IEEE arithmetic."""
    return f"{entry_of(primitive).variable}_ieee"


@cache
def _ieee_function(primitive: Primitive) -> tuple[str, set[str]]:
    """Return the text of a primitive in IEEE arithmetic, which `Primitive.ieee` is, and its needs."""
    _, value, where_raises = entry_of(primitive)
    parameters = ", ".join("xyz"[: len(primitive.derivatives)])

    def applied(function: ast.expr) -> str:
        if isinstance(function, ast.Lambda):
            return ast.unparse(_WithoutModule().visit(parsed(ast.unparse(function.body), mode="eval")))
        return f"{ast.unparse(function).rpartition('.')[2]}({parameters})"

    overflow = invalid = applied(where_raises) if where_raises is not None else ""
    text = (
        f"def {ieee_name(primitive)}({parameters}):\n"
        f"    try:\n        return {applied(value)}\n"
        f"    except OverflowError:\n        return {overflow or 'inf'}\n"
        f"    except (ValueError, ZeroDivisionError):\n        return {invalid or 'nan'}\n"
    )
    names = {node.id for node in ast.walk(parsed(text)) if isinstance(node, ast.Name)}
    return text, _needs(names, "floats", "primitive") | {f"math.{name}" for name in names & MATH}


class _WithoutModule(ast.NodeTransformer):
    """Turns math.f and floats.f into f."""

    def visit_Attribute(self, node: ast.Attribute) -> Any:
        return ast.copy_location(ast.Name(node.attr, ast.Load()), node)
