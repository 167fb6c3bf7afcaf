"""Which cells of a notebook the playground can run, and with what of the cells before them.

It has Python's standard library and this package, so that a cell that needs NumPy, or a cell that does,
cannot be run there.
"""

from __future__ import annotations

import ast
import base64
import builtins
import sys
import zlib
from collections.abc import Sequence

_ELSEWHERE = {"subprocess", "multiprocessing", "threading", "socket", "tkinter"}  # not in a browser
_BUILTINS = set(dir(builtins))
_PLACES = (ast.Name, ast.Attribute, ast.Subscript)


def playable(cells: Sequence[str]) -> list[str | None]:
    """Return for each cell the program that runs it, or None where the playground cannot.

    Args:
        cells: the code of a notebook, in order.
    """
    return [_program(cells, i) for i in range(len(cells))]


def address_of(program: str, lang: str) -> str:
    """Return what follows the # in the address of the playground with a program."""
    packer = zlib.compressobj(9, wbits=-15)
    packed = packer.compress(program.encode()) + packer.flush()
    return f"lang={lang}&program={base64.urlsafe_b64encode(packed).decode().rstrip('=')}"


def _program(cells: Sequence[str], place: int) -> str | None:
    """Return a cell after those cells before it that define what it reads."""
    try:
        trees = [ast.parse(cell) for cell in cells[: place + 1]]
    except SyntaxError:  # a command of IPython's
        return None
    wanted = _reads(trees[place])
    chosen = [place]
    for i in range(place - 1, -1, -1):
        if _defines(trees[i]) & wanted:
            chosen.insert(0, i)
            wanted |= _reads(trees[i])
    if not all(_runs(trees[i]) for i in chosen):
        return None
    return "\n\n".join(cells[i] for i in chosen)


def _reads(tree: ast.AST) -> set[str]:
    return {
        x.id for x in ast.walk(tree) if isinstance(x, ast.Name)
    }  # of builtins, too: compile is one of ours


def _defines(tree: ast.AST) -> set[str]:
    """Return the names that a cell gives a meaning, or another one."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            found.add(node.name)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            found |= {(x.asname or x.name).partition(".")[0] for x in node.names}
        elif isinstance(node, _PLACES) and not isinstance(node.ctx, ast.Load):
            found |= _root(node)  # x = 1, x.data = 1, x[0] = 1
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            found |= _root(node.func)  # y.backward(), optimizer.step(), random.seed(1): these may change
        elif isinstance(node, ast.For):
            found |= _reads(node.iter) - _BUILTINS  # for p in model.parameters(): p.data -= 0.1 * p.grad
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            found |= _reads(node.value) - _BUILTINS  # train(model)
    return found


def _root(node: ast.expr) -> set[str]:
    """Return the name that attributes and elements are taken of, if it is one."""
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        node = node.value
    return {node.id} if isinstance(node, ast.Name) else set()


def _runs(tree: ast.AST) -> bool:
    """Say whether a cell imports only what the playground has."""
    modules = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            modules |= {x.name.partition(".")[0] for x in node.names}
        elif isinstance(node, ast.ImportFrom):
            modules.add((node.module or "").partition(".")[0])
    return modules <= {"autograd", *sys.stdlib_module_names} - _ELSEWHERE
