"""The notebooks of the course, as lists of cells with tags."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import nbformat

FOLDER = Path(__file__).parent.parent.parent / "notebooks"


class Cell(NamedTuple):
    """A cell: "markdown" or "code", its text, and its tags."""

    kind: str
    text: str
    tags: tuple[str, ...]


def notebooks() -> dict[str, list[Cell]]:
    """Return the cells of each notebook, by the name of its file."""
    return {path.name: cells_of(path) for path in sorted(FOLDER.glob("*.ipynb"))}


def cells_of(path: Path) -> list[Cell]:
    cells: list[Any] = nbformat.read(path, as_version=4).cells  # type: ignore[no-untyped-call]
    return [Cell(x.cell_type, x.source, tuple(x.metadata.get("tags", ()))) for x in cells]
