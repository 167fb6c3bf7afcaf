"""The notebooks of the course have one form, in two languages side by side, and one set of terms.

Each cell of text has a tag: `en`, directly followed by `zh`, which says the same; or `solution`, after an
exercise. The terms are those of notebooks/glossary.md.
"""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from .notebook_cells import FOLDER, Cell, notebooks

NOTEBOOKS = notebooks()
every_notebook = pytest.mark.parametrize("name", NOTEBOOKS)
HAN = re.compile(r"[\u4e00-\u9fff]")
QUOTED = re.compile(r"`[^`]*`|```.*?```|<[^>]*>|\]\([^)]*\)", re.DOTALL)
SHAPES = {
    "headings": r"^#+ ",
    "formulas set apart": r"\$\$",
    "folded parts": r"<details>",
    "blocks of code": r"^```\w",
    "items of lists": r"^\s*(?:[-*]|\d+\.) ",
    "rows of tables": r"^\|",
    "links": r"\]\(",
}


def text_of(cells: list[Cell]) -> list[Cell]:
    return [cell for cell in cells if cell.kind == "markdown"]


def pairs(name: str) -> list[tuple[str, str]]:
    """Return the English and the Chinese text of a notebook, pair by pair."""
    cells = NOTEBOOKS[name]
    return [(first.text, second.text) for first, second in pairwise(cells) if "en" in first.tags]


def glossary() -> list[tuple[str, str, list[str]]]:
    """Return the terms: English, Chinese, and what else is written in Chinese, but not here."""
    lines = (FOLDER / "glossary.md").read_text(encoding="utf-8").splitlines()
    rows = [[x.strip() for x in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    return [(row[0], row[1], [x for x in row[2].split(", ") if x]) for row in rows[2:]]


@every_notebook
def test_english_and_chinese_cells_pair_up(name: str) -> None:
    cells = NOTEBOOKS[name]
    for cell in text_of(cells):
        assert set(cell.tags) in ({"en"}, {"zh"}, {"solution"}), f"tags {cell.tags} of {cell.text[:60]}"
    for first, second in pairwise([*cells, Cell("", "", ())]):
        assert ("en" in first.tags) == ("zh" in second.tags), (
            f"no pair: {first.text[:60]} / {second.text[:60]}"
        )


@every_notebook
def test_the_two_of_a_pair_have_the_same_shape(name: str) -> None:
    for english, chinese in pairs(name):
        assert not HAN.search(QUOTED.sub("", english)), f"Chinese in {english[:60]}"
        assert HAN.search(chinese), f"no Chinese in {chinese[:60]}"
        for what, pattern in SHAPES.items():
            counts = [len(re.findall(pattern, text, re.MULTILINE)) for text in (english, chinese)]
            assert counts[0] == counts[1], f"{what}: {counts} in {english[:80]} / {chinese[:60]}"


@every_notebook
def test_the_form_is_that_of_the_course(name: str) -> None:
    number = name[:2]
    english, chinese = pairs(name)[0]
    assert re.match(rf"# {number} · ", english)
    assert re.match(rf"# {number} · ", chinese)
    assert "**You will be able to**" in english
    assert "**学完之后，你能够**" in chinese
    exercises = [cell for cell in NOTEBOOKS[name] if "exercise" in cell.tags]
    assert len(exercises) >= 2
    headings = [re.findall(r"^## .*", text, re.MULTILINE) for text in pairs(name)[-1]]
    assert headings == [["## Questions"], ["## 问题"]]
    questions = pairs(name)[-1][0].count("<details>")
    assert questions >= 4, "a closing page has questions with answers folded away"


@pytest.mark.parametrize(("english", "chinese", "others"), glossary())
def test_terms_are_those_of_the_glossary(english: str, chinese: str, others: list[str]) -> None:
    for name in NOTEBOOKS:
        for cell in NOTEBOOKS[name]:
            found = [x for x in others if x in cell.text and not (name[:2] == "07" and x == "后向传播")]
            assert not found, f"{name} has {found}, and should have {chinese}: {cell.text[:80]}"
        for one, other in pairs(name):
            if re.search(rf"\b{english}\b", QUOTED.sub("", one), re.IGNORECASE):
                assert chinese in other, f"{name}: {english!r} without {chinese}: {one[:80]} / {other[:60]}"
