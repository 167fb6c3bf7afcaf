"""What Sphinx is given to build from: the notebooks and pages, in one language.

Cells in the other language are left out. Links to files of the package become links to the pages with their
source, and those to other files that are no pages become their text.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import nbformat
from programs import address_of, playable

from autograd import Value, play

ROOT = Path(__file__).parent.parent
NOTEBOOKS = ROOT / "notebooks"
CHANGELOG = ROOT / ".github" / "CHANGELOG.md"
_SOURCE = re.compile(r"\]\((?:\.\./)+(autograd/[\w/]+)\.py\)")
_OTHER_FILE = re.compile(r"\[([^\]]*)\]\((?:\.\./)+(?:tests|\.github|\.ci|autograd)/[^)]*\)")


def write_sources(folder: Path, lang: str) -> None:
    """Write the sources of the site in a language, "en" or "zh", into a folder."""
    shutil.copytree(NOTEBOOKS / "pictures", folder / "pictures")
    for path in sorted(NOTEBOOKS.rglob("*.md")):
        name = path.relative_to(NOTEBOOKS)
        if path.name.endswith(".zh.md"):
            continue
        other = path.with_suffix(".zh.md")
        chosen = other if lang == "zh" and other.exists() else path
        _write(folder / name, _to_pages(chosen.read_text(encoding="utf-8"), name))
    _write(folder / "changelog.md", _to_pages(CHANGELOG.read_text(encoding="utf-8"), Path("changelog.md")))
    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
        nbformat.write(_in_language(notebook, lang), folder / path.name)  # type: ignore[no-untyped-call]
    _write(folder / "live.html", _live(lang))


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _to_pages(text: str, name: Path) -> str:
    up = "../" * (len(name.parts) - 1)
    return _OTHER_FILE.sub(r"\1", _SOURCE.sub(rf"]({up}_modules/\1.html)", text))


def _in_language(notebook: Any, lang: str) -> Any:
    """Return a notebook without the text in the other language, with links to the playground."""
    other = "zh" if lang == "en" else "en"
    kept = [cell for cell in notebook.cells if other not in cell.metadata.get("tags", ())]
    code = [cell.source for cell in kept if cell.cell_type == "code"]
    programs = iter(playable(code))
    cells = []
    for cell in kept:
        if cell.cell_type == "markdown":
            cell.source = _to_pages(cell.source, Path("notebook.ipynb"))
        cells.append(cell)
        if cell.cell_type == "code":
            program = next(programs)
            if program is not None:
                cells.append(_run_this(program, lang))
    notebook.cells = cells
    return notebook


def _run_this(program: str, lang: str) -> Any:
    """Return a cell with the button that opens a program in the playground."""
    words = "Run this in the playground" if lang == "en" else "在试验场中运行"
    return nbformat.v4.new_markdown_cell(  # type: ignore[no-untyped-call]
        f'<a class="run-this" href="../playground/index.html#{address_of(program, lang)}">{words}</a>'
    )


def _live(lang: str) -> str:
    """Return the live graph of the first page."""
    x1, x2 = Value(2.0, label="x1"), Value(0.5, label="x2")
    w1, w2, b = Value(-0.8, label="w1"), Value(1.0, label="w2"), Value(1.2, label="b")
    o = (x1 * w1 + x2 * w2 + b).tanh()
    o.label = "o"
    bundle: dict[str, str] = play(o, lang=lang)._repr_mimebundle_()
    return bundle["text/html"]
