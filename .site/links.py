"""The links of a folder of pages: those that lead nowhere, and those that lead outside."""

from __future__ import annotations

from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit


class _Page(HTMLParser):
    """What a page links to, and the places in it that can be linked to."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.links: list[str] = []
        self.places: set[str] = set()
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if value and name in ("id", "name"):
                self.places.add(value)
            elif value and name in ("href", "src"):
                self.links.append(value)


@cache
def _page(path: Path) -> _Page:
    return _Page(path)


def broken_and_outer(folder: Path) -> tuple[list[str], list[str]]:
    """Return the links between pages that lead nowhere, as "page: link", and the addresses outside."""
    broken, outer = set(), set()
    for path in sorted(x for x in folder.rglob("*.html") if "_static" not in x.parts):
        for link in _page(path).links:
            parts = urlsplit(link)
            if parts.scheme in ("http", "https"):
                outer.add(link)
            elif not parts.scheme and not _leads_somewhere(path, parts.path, unquote(parts.fragment)):
                broken.add(f"{path.relative_to(folder)}: {link}")
    return sorted(broken), sorted(outer)


def _leads_somewhere(page: Path, to: str, place: str) -> bool:
    target = (page.parent / unquote(to)).resolve() if to else page
    if target.is_dir():
        target /= "index.html"
    if not target.is_file():
        return False
    program = "=" in place  # an address that a page's script reads
    return not place or program or target.suffix != ".html" or place in _page(target).places
