"""Each exercise of the notebooks: its solution passes, as it stands it is unsolved, and mistakes are named.

The cell of an exercise, with the tag `exercise`, runs by itself and ends in the call of `check`. The cell
after it, with the tag `solution`, has the solution folded away, as a block of Python that takes the place of
all but the imports and that call. Typical wrong answers are in the folder `wrong_answers`, a file a notebook.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module
from typing import Any, NamedTuple

import pytest

from autograd.course import exercise_names

from .notebook_cells import notebooks

CALL = re.compile(r'^check\("(\d\d\.\d+)", .*\)$', re.MULTILINE)
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Asked(NamedTuple):
    """An exercise as a notebook has it."""

    name: str
    cell: str
    solution: str

    @property
    def call(self) -> str:
        return next(CALL.finditer(self.cell)).group()

    @property
    def imports(self) -> str:
        """The imports that the cell begins with, of which answers make use."""
        lines = self.cell.splitlines()
        return "\n".join(line for line in lines if re.match(r"(from|import) ", line))


def asked() -> Iterator[Asked]:
    for cells in notebooks().values():
        for cell, after in zip(cells, [*cells[1:], None], strict=True):
            if "exercise" in cell.tags:
                assert after is not None
                assert "solution" in after.tags, f"no solution after {cell.text}"
                name = CALL.findall(cell.text)
                assert len(name) == 1, f"the cell does not end in one call of check: {cell.text}"
                yield Asked(name[0], cell.text, "".join(BLOCK.findall(after.text)))


EXERCISES = list(asked())
CHAPTERS = sorted({x.name.split(".")[0] for x in EXERCISES})
pytestmark = pytest.mark.usefixtures("table_as_it_was")  # notebook 18 has one write an entry
every_exercise = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda x: x.name)


def wrong_answers(name: str) -> list[tuple[str, str]]:
    module = import_module(f"{__package__}.wrong_answers.chapter_{name.split('.')[0]}")
    found: list[tuple[str, str]] = module.WRONG[name]
    return found


def said_of(exercise: Asked, answer: str, capsys: pytest.CaptureFixture[str]) -> str:
    """Run an answer in the place of the one in the notebook, and return what the check prints."""
    names: dict[str, Any] = {"__name__": "__main__"}
    capsys.readouterr()
    exec(compile(f"{exercise.imports}\n{answer}\n{exercise.call}", "<answer>", "exec"), names)
    return capsys.readouterr().out


@every_exercise
def test_the_cell_as_it_stands_is_unsolved_and_shows_a_hint(
    exercise: Asked, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    exec(compile(exercise.cell, "<cell>", "exec"), {"__name__": "__main__"})
    said = capsys.readouterr().out
    assert f"– {exercise.name}: not solved yet · 还没有做" in said
    assert "Hint: " in said
    assert "提示：" in said


@every_exercise
def test_the_solution_passes(exercise: Asked, capsys: pytest.CaptureFixture[str]) -> None:
    assert exercise.solution, "no block of Python in the solution"
    assert f"✓ {exercise.name}: right · 正确" in said_of(exercise, exercise.solution, capsys)


@every_exercise
def test_typical_mistakes_are_named(exercise: Asked, capsys: pytest.CaptureFixture[str]) -> None:
    answers = wrong_answers(exercise.name)
    assert len(answers) >= 2
    for answer, words in answers:
        said = said_of(exercise, answer, capsys)
        assert f"✗ {exercise.name}: " in said
        assert words in said
        assert "提示：" in said


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_the_notebook_asks_every_exercise_that_has_a_check(chapter: str) -> None:
    assert exercise_names(chapter) == [x.name for x in EXERCISES if x.name.startswith(chapter)]
