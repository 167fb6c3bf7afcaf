"""What the site is built from: a language a tree, links that work, every public name, the house as it is."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import nbformat
import pytest
from floors import floors, floors_page
from house import FLOORS, imports
from listings import definition, listing
from rooms import ROOMS, names_of, public_names, reference_page
from sources import NOT_IN_CHINESE, Sources

ROOT = Path(__file__).parents[2]
NOTEBOOKS = ROOT / "notebooks"


@pytest.fixture(scope="module", params=["en", "zh"])
def written(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Sources:
    sources = Sources(tmp_path_factory.mktemp("sources") / request.param, request.param)
    sources.write()
    return sources


def test_every_page_and_notebook_is_there_once(written: Sources) -> None:
    texts = [*NOTEBOOKS.glob("*.md"), *NOTEBOOKS.glob("guides/*.md")]
    wanted = {x.relative_to(NOTEBOOKS) for x in texts if not x.name.endswith(".zh.md")}
    wanted |= {x.relative_to(NOTEBOOKS) for x in NOTEBOOKS.glob("*.ipynb")}
    there = [x.relative_to(written.folder) for x in written.folder.rglob("*")]
    found = {x for x in there if x.suffix in (".md", ".ipynb") and x.parts[0] != "source"}
    assert found == wanted | {Path("changelog.md"), Path("reference.md")}


def test_a_notebook_has_the_text_of_one_language_and_links_to_the_playground(written: Sources) -> None:
    notebook = nbformat.read(written.folder / "14_text.ipynb", as_version=4)  # type: ignore[no-untyped-call]
    tags = {tag for cell in notebook.cells for tag in cell.metadata.get("tags", ())}
    assert written.lang in tags
    assert not {"en", "zh"} - {written.lang} & tags
    links = [x.source for x in notebook.cells if "run-this" in x.source]
    assert links
    assert all(f"#lang={written.lang}&program=" in link for link in links)


def test_a_page_that_is_not_there_in_chinese_says_so_in_the_chinese_tree_only(written: Sources) -> None:
    told = {}
    for name in ("guides/compile.md", "reference.md", "course.md", "glossary.md"):
        told[name] = NOT_IN_CHINESE in (written.folder / name).read_text(encoding="utf-8")
    english = written.lang == "zh"
    assert list(told.values()) == [english, english, False, False], told


@pytest.mark.parametrize(
    ("link", "wanted"),
    [
        ("[a](how_a_value_behaves.md)", "[a](how_a_value_behaves.md)"),
        ("[a](14_text.ipynb#data)", "[a](14_text.ipynb#data)"),
        ("[a](../autograd/engine/value.py)", "[a](/source/autograd/engine/value.py.md)"),
        ("[a](../.github/CHANGELOG.md)", "[a](changelog.md)"),
        ("[`a`](../tests/contract.py)", "`a`"),
        ("[a](sounds/README.md)", "a"),
        ("[a](missing.md)", "[a](missing.md)"),
        ("```python\n>>> 1\n1\n\n```", "```python\n>>> 1\n1\n```"),
        ("一个数，\n导数", "一个数，导数"),
        ("a number,\n导数", "a number,\n导数"),
        ("![a](pictures/neuron.png)", "![a](pictures/neuron.png)"),
        ("[a](https://example.org/b.md)", "[a](https://example.org/b.md)"),
        ("```python\nf[0](../tests/contract.py)\n```", "```python\nf[0](../tests/contract.py)\n```"),
    ],
)
def test_links_lead_to_pages_or_are_no_links(link: str, wanted: str, tmp_path: Path) -> None:
    linked = Sources(tmp_path, "en").linked(f"See\n{link}\n", NOTEBOOKS / "index.md")
    assert linked == f"See\n{wanted}\n"


def test_links_of_a_page_in_a_folder_are_seen_from_there(tmp_path: Path) -> None:
    page = NOTEBOOKS / "guides" / "compile.md"
    linked = Sources(tmp_path, "en").linked("[a](../course.md) [b](see.md)", page)
    assert linked == "[a](../course.md) [b](../guides/see.md)"


def test_the_reference_has_every_name_that_the_rooms_offer_to_users() -> None:
    page = reference_page()
    told = {name for _, name in public_names()}
    for room in ROOMS:
        for name in names_of(importlib.import_module(room)):
            assert name in told or f"- `{name}`:" in page or f"`{name}`" in _scipys(page), (room, name)
    assert len(public_names()) == len(set(public_names())) > 150


def _scipys(page: str) -> str:
    """Return the names of which the reference only says that they are as in SciPy."""
    return next(line for line in page.splitlines() if line.startswith("As SciPy has them: "))


def test_every_member_that_the_reference_tells_of_has_a_page_with_its_source(tmp_path: Path) -> None:
    modules = Sources(tmp_path, "en").modules
    assert Path("autograd/steps/telling.py") in modules  # what explanations and walks inherit from
    assert Path("autograd/engine/methods.py") in modules
    assert all((ROOT / module).exists() for module in modules)


def test_a_public_name_is_found_where_it_is_defined() -> None:
    path, line = definition("autograd", "Value.backward") or (Path(), 0)
    assert path == Path("autograd/engine/value.py")
    assert "def backward(" in (ROOT / path).read_text(encoding="utf-8").splitlines()[line - 1]
    assert f'id="L-{line}"' in listing(ROOT / path)
    assert definition("math", "comb") is None
    assert definition("autograd.nn", "missing") is None


def test_a_room_stands_one_floor_above_what_it_imports() -> None:
    height = {room: floor for floor, rooms in enumerate(floors()) for room in rooms}
    assert set(height) == set(FLOORS)
    for module, others in imports(ROOT / "autograd").items():
        room = module.partition(".")[0]
        for other in {x.partition(".")[0] for x in others} & set(FLOORS) - {room}:
            if room in height:
                assert height[room] > height[other], (room, other)
    assert height["support"] == 0
    shown = re.findall(r"<b>(\w+)</b>", floors_page())
    assert sorted(shown) == sorted(FLOORS)
