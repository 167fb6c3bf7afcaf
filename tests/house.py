"""The rules of the house: imports run down, rooms have faces, files and functions can be read in one sitting.

    python tests/house.py             # of the package beside this folder
    python tests/house.py FOLDER      # of another

It prints what breaks a rule, and fails if something does. Every import is read, those inside functions and
those for type checkers included. A room may import what stands below it in `FLOORS`; within a room there may
be no circle. A file directly in the package is one of `LOOSE`, and all others are in rooms. The `__init__` of
a room, its face, says in a docstring what the room is and in `__all__` what it offers, and defines nothing.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

FLOORS = """
    __main__ cli playground course plots training live program steps drawing
    test_util
    misc
    extend
    scipy
    numpy
    linalg
    implicit
    sparse
    derivatives arrays nn optim math engine formulas ops support
""".split()
"""The rooms, each above those that it may import."""

FRONT = ("__init__", "wiring")
"""What may import every room, and no room may import: the front door, and what brings rooms together."""

LOOSE = {"__init__.py", "__main__.py", "math.py", "py.typed", "wiring.py"}
"""What may be directly in the package: all else is in a room."""

LINES = 400
"""The most lines of a file."""

LONG = {"ops.table", "math"}
"""The files that may have more, for each is one list that is read by looking up an entry."""

LINES_OF_FUNCTION = 50
"""The most lines of a function, without its docstring."""


def imports(package: Path) -> dict[str, set[str]]:
    """Return what each module imports, by the names of files without the package and `.py`."""
    files = {".".join(file.relative_to(package).with_suffix("").parts) for file in package.rglob("*.py")}
    return {name: set(_imported(package, name, files)) for name in sorted(files)}


def _imported(package: Path, name: str, files: set[str]) -> Iterator[str]:
    home = name.split(".")[:-1]
    for node in _statements(package.joinpath(*name.split(".")).with_suffix(".py").read_text("utf-8")):
        if isinstance(node, ast.ImportFrom):
            above = [package.name, *home][: len(home) + 2 - node.level] if node.level else []
            where = [*above, *(node.module or "").split(".")] if node.module else above
            names = [".".join([*where, alias.name]) for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            continue
        for full in names:
            if full.split(".")[0] == package.name:
                yield _file(full.split(".")[1:], files)


@cache
def _statements(text: str) -> list[ast.AST]:
    """Return the imports and the functions of a file, wherever they stand."""
    kinds = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef)
    return [node for node in ast.walk(ast.parse(text)) if isinstance(node, kinds)]


def _file(path: list[str], files: set[str]) -> str:
    """Return the file that has what is imported under a dotted name."""
    for end in range(len(path), 0, -1):
        for name in (".".join(path[:end]), ".".join([*path[:end], "__init__"])):
            if name in files:
                return name
    return "__init__"


def upward(found: Mapping[str, Iterable[str]], floors: list[str] = FLOORS) -> list[str]:
    """Return the imports that do not run down to another room, as text."""

    def floor(name: str) -> int:
        room = name.split(".")[0]
        if room in FRONT:
            return FRONT.index(room) - len(FRONT)
        return floors.index(room) if room in floors else len(floors)  # `loose` tells of what is on no floor

    return [
        f"{name} -> {other}"
        for name, others in found.items()
        for other in sorted(others)
        if name.split(".")[0] != other.split(".")[0] and floor(name) >= floor(other)
    ]


def circles(found: Mapping[str, Iterable[str]]) -> list[list[str]]:
    """Return the files that can be reached from themselves, those of each circle together (Tarjan, 1972)."""
    number: dict[str, int] = {}
    lowest: dict[str, int] = {}
    stack: list[str] = []
    result = []

    def visit(name: str) -> None:
        number[name] = lowest[name] = len(number)
        stack.append(name)
        for other in found[name]:
            if other not in number:
                visit(other)
            if other in stack:
                lowest[name] = min(lowest[name], lowest[other])
        if lowest[name] == number[name]:
            circle = [stack.pop()]
            while circle[-1] != name:
                circle.append(stack.pop())
            if len(circle) > 1 or name in found[name]:
                result.append(sorted(circle))

    for name in found:
        if name not in number:
            visit(name)
    return result


def loose(package: Path) -> list[str]:
    """Return what is directly in the package, and what is no room, as text."""
    found = []
    for path in sorted(package.iterdir()):
        if path.name == "__pycache__" or path.name in LOOSE:
            continue
        if path.is_file() or path.name not in FLOORS:
            found.append(f"{path.name} is in no room" if path.is_file() else f"{path.name} is on no floor")
    return found


def faces(package: Path) -> list[str]:
    """Return what is amiss with the faces of rooms, as text."""
    found = []
    for folder in sorted({file.parent for file in package.rglob("*.py")} - {package}):
        name = ".".join([*folder.relative_to(package).parts, "__init__"])
        file = folder / "__init__.py"
        tree = ast.parse(file.read_text("utf-8") if file.exists() else "")
        if ast.get_docstring(tree) is None:
            found.append(f"{name} has no docstring")
        # A package inside a room may do without a list: what it offers, it offers to its room.
        if folder.parent == package and not any(_lists(node) for node in tree.body):
            found.append(f"{name} has no __all__")
        found += [f"{name}:{node.lineno} defines something" for node in tree.body[1:] if not _passes_on(node)]
    return found


def _lists(node: ast.stmt) -> bool:
    if isinstance(node, ast.AugAssign):
        return ast.unparse(node.target) == "__all__"
    return isinstance(node, ast.Assign) and [ast.unparse(target) for target in node.targets] == ["__all__"]


def _passes_on(node: ast.stmt) -> bool:
    return isinstance(node, ast.Import | ast.ImportFrom) or _lists(node)


def lengths(package: Path) -> list[str]:
    """Return the files and the functions that are too long, as text."""
    found = []
    for file in sorted(package.rglob("*.py")):
        name, text = ".".join(file.relative_to(package).with_suffix("").parts), file.read_text("utf-8")
        lines = len(text.splitlines())
        if lines > LINES and name not in LONG:
            found.append(f"{name} has {lines} lines")
        for node in _statements(text):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = _lines(node)
                if lines > LINES_OF_FUNCTION:
                    found.append(f"{name}:{node.lineno} {node.name} has {lines} lines")
    return found


def _lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    def span(part: ast.stmt) -> int:
        return (part.end_lineno or part.lineno) - part.lineno + 1

    return span(node) - (span(node.body[0]) if ast.get_docstring(node) is not None else 0)


def broken(package: Path) -> list[str]:
    """Return all that breaks a rule, as text."""
    found = imports(package)
    return [
        *(f"upward: {arrow}" for arrow in upward(found)),
        *(f"circle: {', '.join(circle)}" for circle in circles(found)),
        *loose(package),
        *faces(package),
        *lengths(package),
    ]


def main(folder: str = str(Path(__file__).parents[1] / "autograd")) -> int:
    package = Path(folder)
    faults = broken(package)
    for line in faults:
        print(line)
    found = imports(package)
    print(f"{len(found)} files, {sum(map(len, found.values()))} imports, {len(faults)} faults")
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
