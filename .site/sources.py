"""What Sphinx is given to build from: the notebooks and pages, in one language.

Cells in the other language are left out, and a page that is not there in Chinese says so. Links to files of
the package become links to pages with their source; those to files that are no pages become their text.
"""

from __future__ import annotations

import re
import shutil
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
from floors import floors_page
from listings import definitions, listing
from programs import address_of, playable
from rooms import public_names, reference_page

from autograd import Value, play

ROOT = Path(__file__).parent.parent
NOTEBOOKS = ROOT / "notebooks"
CHANGELOG = ROOT / ".github" / "CHANGELOG.md"
NOT_IN_CHINESE = "```{note}\n这一页只有英文。\n```\n"
_FENCED = re.compile(r"(^ *```.*?^ *```$)", re.MULTILINE | re.DOTALL)
_LAST_LINE = re.compile(r"\n(\n *```)\Z")  # which ends what a doctest expects
_BROKEN_LINE = re.compile(
    r"([\u3000-\u9fff\uff00-\uffef])\n(?=[\u3000-\u9fff\uff00-\uffef])"
)  # no space is meant
_LINK = re.compile(r"(?<!!)\[([^\]]*)\]\(([\w./-]+?)(#[^)]*)?\)")


class Sources:
    """A folder of sources in a language; what their links lead to is in it, or the links are no links."""

    def __init__(self, folder: Path, lang: str) -> None:
        """Say where the sources go, and in which language they are.

        Args:
            folder: a new folder.
            lang: "en" or "zh".
        """
        self.folder = folder
        self.lang = lang
        self.modules = {place[0] for name in public_names() for place in definitions(*name)}

    def write(self) -> None:
        """Write all of them."""
        for folder in ("pictures", "sounds"):
            no_pages = shutil.ignore_patterns("*.md")
            shutil.copytree(NOTEBOOKS / folder, self.folder / folder, ignore=no_pages)
        for path in pages():
            self._write_page(path.relative_to(NOTEBOOKS), path)
        self._write_page(Path("changelog.md"), CHANGELOG)
        self._write("reference.md", self._told(reference_page()))
        for path in sorted(NOTEBOOKS.glob("*.ipynb")):
            notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
            in_language = self._in_language(notebook, path.name)
            nbformat.write(in_language, self.folder / path.name)  # type: ignore[no-untyped-call]
        for module in sorted(self.modules):
            self._write_module(module)
        self._write("live.html", live_graph(self.lang))
        self._write("guides/floors.html", floors_page())

    def linked(self, text: str, page: Path) -> str:
        """Return the text of a page with links that work among the pages.

        Args:
            text: in Markdown.
            page: the file that it is from.
        """
        parts = _FENCED.split(text)
        parts[::2] = [_LINK.sub(lambda link: self._link(link, page), part) for part in parts[::2]]
        parts[::2] = [_BROKEN_LINE.sub(r"\1", part) for part in parts[::2]]
        parts[1::2] = [_LAST_LINE.sub(r"\1", part) for part in parts[1::2]]
        return "".join(parts)

    def _link(self, link: re.Match[str], page: Path) -> str:
        words, to, place = link.groups()
        target = (page.parent / to).resolve()
        up = "../" * len(page.parent.relative_to(NOTEBOOKS).parts) if page != CHANGELOG else ""
        if target == CHANGELOG:
            return f"[{words}]({up}changelog.md)"
        is_page = target.suffix != ".md" or target in pages()
        if target.is_relative_to(NOTEBOOKS) and target.exists() and is_page:
            return f"[{words}]({up}{target.relative_to(NOTEBOOKS)}{place or ''})"
        if target.suffix == ".py" and target.is_relative_to(ROOT / "autograd") and target.exists():
            self.modules.add(target.relative_to(ROOT))
            return f"[{words}](/source/{target.relative_to(ROOT)}.md)"
        return words if target.exists() else link[0]

    def _write_page(self, name: Path, path: Path) -> None:
        chinese = path.with_suffix(".zh.md")
        found = self.lang == "zh" and chinese.exists()
        text = self.linked((chinese if found else path).read_text(encoding="utf-8"), path)
        bilingual = found or "术语" in text.partition("\n")[0]
        self._write(name, text if bilingual else self._told(text))

    def _told(self, text: str) -> str:
        """Return an English page, which in Chinese surroundings says that it is one."""
        if self.lang == "en":
            return text
        heading, newline, rest = text.partition("\n")
        return f"{heading}{newline}\n{NOT_IN_CHINESE}{rest}"

    def _write(self, name: str | Path, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def _write_module(self, module: Path) -> None:
        path = Path("source") / f"{module.as_posix()}.md"
        head = "---\norphan: true\nno-search: true\nhtml_theme.sidebar_secondary.remove: true\n---\n"
        self._write(path, f"{head}# {module.as_posix()}\n\n```{{raw}} html\n:file: {path.stem}.code\n```\n")
        self._write(path.with_suffix(".code"), listing(ROOT / module))

    def _in_language(self, notebook: Any, name: str) -> Any:
        """Return a notebook without the text in the other language, with links to the playground."""
        other = "zh" if self.lang == "en" else "en"
        kept = [cell for cell in notebook.cells if other not in cell.metadata.get("tags", ())]
        programs = iter(playable([cell.source for cell in kept if cell.cell_type == "code"]))
        in_both = any("zh" in cell.metadata.get("tags", ()) for cell in notebook.cells)
        cells: list[Any] = []
        for cell in kept:
            if cell.cell_type == "markdown":
                cell.source = self.linked(cell.source, NOTEBOOKS / name)
                if not cells and not in_both:
                    cell.source = self._told(cell.source)
            cells.append(cell)
            if cell.cell_type == "code" and (program := next(programs)) is not None:
                cells.append(_run_this(program, self.lang))
        notebook.cells = cells
        return notebook


@cache
def pages() -> list[Path]:
    """Return the pages that are no notebooks; what is there in Chinese too, once."""
    found = [*NOTEBOOKS.glob("*.md"), *(NOTEBOOKS / "guides").glob("*.md")]
    return sorted(path for path in found if not path.name.endswith(".zh.md"))


def _run_this(program: str, lang: str) -> Any:
    """Return a cell with the button that opens a program in the playground."""
    words = "Run this in the playground" if lang == "en" else "在试验场中运行"
    return nbformat.v4.new_markdown_cell(  # type: ignore[no-untyped-call]
        f'<a class="run-this" href="../playground/index.html#{address_of(program, lang)}">{words}</a>'
    )


def live_graph(lang: str) -> str:
    """Return the graph of the first page, alive: a neuron."""
    x1, x2 = Value(2.0, label="x1"), Value(0.5, label="x2")
    w1, w2, b = Value(-0.8, label="w1"), Value(1.0, label="w2"), Value(1.2, label="b")
    o = (x1 * w1 + x2 * w2 + b).tanh()
    o.label = "o"
    bundle: dict[str, str] = play(o, lang=lang)._repr_mimebundle_()
    return bundle["text/html"]
