"""What a check prints, whatever the answer does."""

from __future__ import annotations

import re

import pytest

from autograd.course import check, exercise_names


def said(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().out


def test_an_answer_that_is_left_open_is_unsolved_and_not_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    for answer in (None, ..., lambda f, x, h: None, lambda f, x, h: ...):
        check("01.1", answer)
        text = said(capsys)
        assert text.startswith("– 01.1: not solved yet")
        assert "Hint: Nudge" in text


def test_an_answer_of_another_kind_is_told_so(capsys: pytest.CaptureFixture[str]) -> None:
    check("01.1", lambda f, x, h: "12")
    assert "should be a number and is a str" in said(capsys)


def test_an_error_of_the_answer_is_shown_with_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    names: dict[str, object] = {}
    exec(compile("def slope(f, x, h):\n    return 1 / 0\n", "<cell>", "exec"), names)
    check("01.1", names["slope"])
    text = said(capsys)
    assert "your code raised ZeroDivisionError: division by zero (its line 2)" in text
    assert "（第 2 行）" in text


def test_an_exercise_that_is_not_there_is_an_error_that_lists_those_that_are() -> None:
    with pytest.raises(ValueError, match=re.escape("there is no exercise '01.9'; notebook 01 has 01.1")):
        check("01.9", 1.0)
    with pytest.raises(ValueError, match=r"there is no notebook '77' with exercises; there are .*\b01\b"):
        exercise_names("77")
