"""The links between pages: those that lead nowhere are found."""

from __future__ import annotations

from pathlib import Path

import pytest
from links import broken_and_outer


def pages(folder: Path, link: str) -> Path:
    folder.mkdir()
    (folder / "index.html").write_text(f'<p id="here"><a href="{link}">a link</a></p>', encoding="utf-8")
    (folder / "sub").mkdir()
    (folder / "sub" / "index.html").write_text('<h1 id="top">other</h1>', encoding="utf-8")
    (folder / "a picture.png").write_bytes(b"")
    return folder


@pytest.mark.parametrize(
    "link",
    [
        "#here",
        "sub/index.html",
        "sub/index.html#top",
        "sub/",
        "a%20picture.png",
        "sub/#a=b",
        "index.html",
    ],
)
def test_what_is_there_is_not_broken(link: str, tmp_path: Path) -> None:
    assert broken_and_outer(pages(tmp_path / "site", link)) == ([], [])


@pytest.mark.parametrize("link", ["#there", "missing.html", "sub/index.html#here", "sub/no/", "picture.png"])
def test_what_is_not_there_is_named_with_its_page(link: str, tmp_path: Path) -> None:
    assert broken_and_outer(pages(tmp_path / "site", link)) == ([f"index.html: {link}"], [])


@pytest.mark.parametrize("link", ["https://example.org/a#b", "http://example.org", "mailto:a@example.org"])
def test_what_leads_outside_is_listed_and_not_followed(link: str, tmp_path: Path) -> None:
    outer = [] if link.startswith("mailto") else [link]
    assert broken_and_outer(pages(tmp_path / "site", link)) == ([], outer)
