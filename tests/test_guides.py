"""The guides: their code gives the output it shows, their links lead somewhere, what they promise runs."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import nbformat
import pytest
from scipy.optimize import minimize

import autograd
from autograd import Value, nn

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
GUIDES = [*sorted((NOTEBOOKS / "guides").glob("*.md")), NOTEBOOKS / "begin.md", NOTEBOOKS / "begin.zh.md"]
PAGES = sorted(NOTEBOOKS.rglob("*.md"))
FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def text_of(name: str) -> str:
    return (NOTEBOOKS / "guides" / f"{name}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "guide", [x for x in GUIDES if "```python" in x.read_text(encoding="utf-8")], ids=lambda guide: guide.stem
)
def test_the_code_of_a_guide_gives_the_output_shown(guide: Path) -> None:
    """A block may use the names of those before it."""
    names: dict[str, object] = {}
    for language, code in FENCED.findall(guide.read_text(encoding="utf-8")):
        if language == "python":
            example = doctest.DocTestParser().get_doctest(code, names, guide.stem, guide.name, 0)
            assert example.examples
            assert doctest.DocTestRunner().run(example, clear_globs=False).failed == 0
            names |= example.globs


def test_the_trainings_and_films_are_said_to_take_how_long() -> None:
    commands = [code for language, code in FENCED.findall(text_of("train")) if language == "bash"]
    assert len(commands) == 1
    assert re.search(r"\d+ seconds of one processor's time", text_of("train").partition(commands[0])[2])
    assert re.search(
        r"--film learning\.html`(?s:.){,400}\d+ seconds", text_of("see").partition("## Films")[2]
    )


def chapters() -> list[str]:
    """Return the names of the notebooks that the course lists."""
    return re.findall(r"^\| \[.*?\]\((.*?)\)", (NOTEBOOKS / "course.md").read_text("utf-8"), re.MULTILINE)


def test_the_course_is_nineteen_notebooks_in_order_in_both_languages() -> None:
    assert [name[:2] for name in chapters()] == [f"{n:02}" for n in range(19)]
    chinese = (NOTEBOOKS / "course.zh.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| \[.*?\]\((.*?)\)", chinese, re.MULTILINE) == chapters()


@pytest.mark.parametrize(("page", "tag"), [("course.md", "en"), ("course.zh.md", "zh")])
def test_the_course_calls_its_notebooks_by_their_titles(page: str, tag: str) -> None:
    listed = re.findall(r"^\| \[(\d\d) (.*?)\]\((.*?)\)", (NOTEBOOKS / page).read_text("utf-8"), re.MULTILINE)
    for number, title, name in listed:
        if (NOTEBOOKS / name).exists():
            notebook = nbformat.read(NOTEBOOKS / name, as_version=4)  # type: ignore[no-untyped-call]
            headings = [
                x.source.partition("\n")[0] for x in notebook.cells if tag in x.metadata.get("tags", ())
            ]
            assert headings[0].startswith(f"# {number} · {title}"), name


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(NOTEBOOKS).as_posix())
def test_links_lead_to_files_or_to_notebooks_of_the_course(page: Path) -> None:
    text = FENCED.sub("", page.read_text(encoding="utf-8"))
    for target in re.findall(r"\]\(([\w./-]+)(?:#[^)]*)?\)", text):
        there = (page.parent / target).resolve()
        generated = there in (NOTEBOOKS / "reference.md", NOTEBOOKS / "changelog.md")  # pages of the site
        assert there.exists() or there.name in chapters() or generated, target


def promises() -> list[str]:
    """Return the pieces of code in the last column of the tables for those who come from elsewhere."""
    lines = [
        x for x in text_of("coming_from").splitlines() if x.startswith("| ") and not x.endswith("| here |")
    ]
    return [code for line in lines for code in re.findall(r"`([^`]+)`", line.rpartition(" | ")[2])]


@pytest.mark.parametrize("code", promises())
def test_what_those_from_elsewhere_are_told_to_write_runs(code: str, tmp_path: Path) -> None:
    model = nn.MLP(2, [2, 1])
    model.save(tmp_path / "model.json")
    x = Value(2.0)
    names = {name: getattr(autograd, name) for name in autograd.__all__} | {
        "x": x, "y": x * x, "model": model, "f": lambda x: x * x, "v": 1.0,
        "gradient_of_f": lambda x: 2.0 * x,
        "path": tmp_path / "model.json", "parameters": [0.1] * len(model.parameters()), "inputs": [1.0, 2.0],
        "predictions": [1.0], "targets": [1], "logits": [0.5] if "binary" in code else [[0.5, 1.0]],
        "minimize": minimize,
    }  # fmt: skip
    exec({"if": "if x > 0.0: pass", "with no_grad():": "with no_grad(): pass"}.get(code, code), names)
