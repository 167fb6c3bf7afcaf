"""The README: its code gives the output it shows, its links lead somewhere, its pictures are up to date."""

from __future__ import annotations

import doctest
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from graphs import neuron

from autograd import Value, draw, nn, walk
from autograd.cli import main

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("number", range(len(blocks("python"))))
def test_the_code_gives_the_output_shown(number: int) -> None:
    example = doctest.DocTestParser().get_doctest(
        blocks("python")[number], {}, f"block {number}", "README.md", 0
    )
    assert example.examples
    assert doctest.DocTestRunner().run(example).failed == 0


def test_the_first_two_commands_are_the_main_job_and_the_tests() -> None:
    main_job, tests = blocks("bash")[:2]
    assert main_job.strip().endswith("autograd train iris")
    assert "-m pytest" in tests
    assert main_job.count("\n") == tests.count("\n") == 1
    for command in (main_job, tests):  # each works in a new shell
        assert command.startswith("python3 -m venv .venv && . .venv/bin/activate && pip install ")


PAGES = [
    "README.md",
    ".github/CONTRIBUTING.md",
    *[x.relative_to(ROOT).as_posix() for x in ROOT.glob("notebooks/*.ipynb")],
    *[x.relative_to(ROOT).as_posix() for x in ROOT.glob("notebooks/**/*.md")],
]


@pytest.mark.parametrize("page", PAGES)
def test_commands_have_one_form_that_of_an_activated_environment(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    assert not re.search(r"python -m autograd \w", text)
    assert set(re.findall(r"\.venv/bin/[\w-]+", text)) <= {".venv/bin/activate"}
    assert ".venv/bin/activate" in text or page.startswith("notebooks/")


def test_the_first_commands_are_said_to_take_how_long() -> None:
    before = README.partition("## Ten lines")[0]
    for block in blocks("bash"):
        around = before.partition(block)[2].partition("```bash")[0] + before.partition(block)[0][-300:]
        assert re.search(r"\d+ (seconds|minutes)", around), block


def test_it_is_a_page_to_be_read_to_the_end() -> None:
    assert README.count("\n") <= 125


@pytest.mark.parametrize("page", ["README.md", ".github/CONTRIBUTING.md"])
def test_links_lead_to_files_in_the_repository(page: str) -> None:
    targets = re.findall(r"\]\(([^)#]+)\)", (ROOT / page).read_text(encoding="utf-8"))
    assert len(targets) > 4
    assert [target for target in targets if not (ROOT / page).parent.joinpath(target).exists()] == []


def test_the_diff_command_works_as_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (arguments,) = re.findall(r"`autograd diff \"(.*?)\" (.*?) --draw y.svg`", README)
    formula, variables = arguments
    picture = tmp_path / "y.svg"
    assert main(["diff", formula, *variables.split(), "--draw", str(picture)]) == 0
    assert "11.652071455223084" in capsys.readouterr().out
    assert picture.read_text(encoding="utf-8").startswith("<?xml")


def network() -> Value:
    model = nn.MLP(2, [4, 4, 1], activation="tanh", seed=1)
    loss: Value = (model([Value(0.5914, label="x0"), Value(-0.3725, label="x1")]) - 1) ** 2
    loss.label = "loss"
    loss.backward()
    return loss


@pytest.mark.parametrize("picture", [neuron, network])
def test_the_picture_is_the_one_that_this_code_draws(
    picture: Callable[[], Value], request: pytest.FixtureRequest
) -> None:
    """`pytest tests/test_readme.py --update` draws it anew; the DOT text beside it says what it shows."""
    drawing = draw(picture())
    source = ROOT / "notebooks" / "pictures" / f"{picture.__name__}.gv"
    if request.config.getoption("--update"):
        drawing.save(source)
        drawing.save(source.with_suffix(".png"))
    assert source.read_text(encoding="utf-8") == drawing.source
    assert source.with_suffix(".png").read_bytes().startswith(b"\x89PNG")


def test_the_moving_picture_is_the_walk_through_the_neuron(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    stored = ROOT / "notebooks" / "pictures" / "moving.svg"
    if request.config.getoption("--update"):
        walk(neuron()).save(stored)
    made = Path(walk(neuron()).save(tmp_path / "moving.svg"))
    assert without_places(stored) == without_places(made)


def without_places(picture: Path) -> list[str]:
    """The tags of a picture without numbers, which are others with other fonts and another Graphviz, and its
    texts as they are."""
    parts = re.split("(<[^>]*>)", picture.read_text(encoding="utf-8"))
    return [re.sub(r"-?\d+(\.\d+)?", "0", part) if part.startswith("<") else part for part in parts]
