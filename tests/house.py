"""The floors of the house: which imports run up, and which files import each other in a circle.

    python tests/house.py             # of the package beside this folder
    python tests/house.py FOLDER      # of another

It reads every import, those inside functions and those for type checkers included, and fails if one runs up
or closes a circle. A room may import what stands below it in `FLOORS`; within a room there may be no circle.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

FLOORS = """
    __init__ wiring __main__ cli plots training program steps drawing derivatives arrays nn optim math engine
    formulas ops support
""".split()
"""The rooms, each above those that it may import."""


def imports(package: Path) -> dict[str, set[str]]:
    """Return what each module imports, by the names of files without the package and `.py`."""
    files = {".".join(file.relative_to(package).with_suffix("").parts) for file in package.rglob("*.py")}
    return {name: set(_imported(package, name, files)) for name in sorted(files)}


def _imported(package: Path, name: str, files: set[str]) -> Iterator[str]:
    home = name.split(".")[:-1]
    for node in ast.walk(ast.parse(package.joinpath(*name.split(".")).with_suffix(".py").read_text("utf-8"))):
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
        return floors.index(name.split(".")[0])

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


def main(folder: str = str(Path(__file__).parents[1] / "autograd")) -> int:
    found = imports(Path(folder))
    up, rounds = upward(found), circles(found)
    for line in (*up, *(f"circle: {', '.join(circle)}" for circle in rounds)):
        print(line)
    arrows = sum(map(len, found.values()))
    print(f"{len(found)} files, {arrows} imports; upward {len(up)}, circles {len(rounds)}")
    return int(bool(up or rounds))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
