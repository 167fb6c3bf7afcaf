"""The examples of the playground run, in both languages, and say what they should."""

from __future__ import annotations

import re
from typing import Any

import pytest

from autograd.cli.playground_command import session
from autograd.playground.charts import SIDES
from autograd.playground.examples import EXAMPLES, NAMES, Example

both = pytest.mark.parametrize("lang", ["en", "zh"])
every_example = pytest.mark.parametrize("example", EXAMPLES, ids=NAMES)

PRINTED = {
    # log(2) + 10 - sin(5), 1/2 + 5 and 2 - cos(5)
    "expression": ["y = 11.652071455223084", "dy/dx1 = 5.5", "dy/dx2 = 1.7163378145367738"],
    "assigning": ["db/da = 1.0"],
    "recursion": ["dd/da = 6.0", "dd/da = 8.0"],
    "forgotten": ["2  w = 0.6000", "-4.8000", "-10.8000"],
    "newton": ["0.7390851332151607"],  # the Dottie number, 0.73908513321516064...
    "spring": ["4.00", "0.50"],
}


def run(example: Example, lang: str) -> list[tuple[str, Any]]:
    messages: list[tuple[str, Any]] = []
    running = session(lambda kind, content: messages.append((kind, content)))
    assert running.run(example.programs[lang], lang), messages
    return messages


def printed(messages: list[tuple[str, Any]]) -> str:
    return "".join(content for kind, content in messages if kind == "text")


def test_there_are_ten() -> None:
    assert len({example.name for example in EXAMPLES}) == len(EXAMPLES) == 10


@every_example
@both
def test_an_example_runs_and_shows_something(example: Example, lang: str) -> None:
    messages = run(example, lang)
    assert {kind for kind, _ in messages} <= {"text", "html", "chart"}
    for text in PRINTED.get(example.name, []):
        assert text in printed(messages)


@every_example
def test_an_example_is_in_two_languages_and_needs_no_other_package(example: Example) -> None:
    chinese = re.compile(r"[\u4e00-\u9fff]")
    english, other = example.programs["en"], example.programs["zh"]
    assert not chinese.search(english + example.titles["en"])
    assert chinese.search(other)
    assert chinese.search(example.titles["zh"])
    assert "‖" not in english + other
    imports = re.findall(r"^(?:from|import) (\w+)", english, re.MULTILINE)
    assert set(imports) <= {"autograd", "math", "random"}
    assert max(map(len, english.splitlines())) <= 100


def test_the_trainings_end_well(monkeypatch: pytest.MonkeyPatch) -> None:
    # On the finest grid, for which a busy machine has no time.
    monkeypatch.setattr("autograd.playground.charts.SIDES", SIDES[:1])
    for name in ("xor", "circles"):
        example = EXAMPLES[NAMES.index(name)]
        messages = run(example, "en")
        charts = [content for kind, content in messages if kind == "chart"]
        losses = [loss for chart in charts for loss in chart["losses"]]
        assert losses[-1] < 0.01 < losses[0]
        assert charts[-1]["steps"] == len(losses)
        # Each point of the data lies on its side of the boundary, by the nearest point of the grid.
        plane = charts[-1]["plane"]
        left, right, low, high = plane["bounds"]
        last = plane["side"] - 1
        for (x, y), positive in zip(charts[-1]["points"], charts[-1]["targets"], strict=True):
            column = round((x - left) / (right - left) * last)
            row = round((y - low) / (high - low) * last)
            assert (plane["values"][row * plane["side"] + column] > 0) == positive


def test_by_hand_and_by_the_library_are_the_same() -> None:
    lines = printed(run(EXAMPLES[NAMES.index("layers")], "en")).splitlines()[1:]
    assert len(lines) == 4
    for line in lines:
        _, by_hand, library = line.split()
        assert float(by_hand) == pytest.approx(float(library), rel=1e-12)
    # The founding example: 0.8 y1 (1 - y1) 0.2 + 0.2 y2 (1 - y2) 0.3, times h1 (1 - h1) 2, in decimals.
    assert float(lines[0].split()[1]) == pytest.approx(0.0190017709092842, rel=1e-12)
