"""What is said of an answer that is a number, or a row of numbers."""

from __future__ import annotations

import pytest

from autograd.course.comparing import compare, compare_rows
from autograd.course.exercise import AnswerError, UnsolvedError

KNOWN = [(2.0, "twice too large", "大了一倍")]


def test_a_right_number_passes_up_to_rounding() -> None:
    compare("f(1)", 1.0 + 1e-9, 1.0)
    compare_rows("f(1)", (1.0, 2.0 + 1e-9), [1.0, 2.0])


def test_a_known_mistake_is_named_in_both_languages() -> None:
    with pytest.raises(AnswerError) as caught:
        compare("f(1)", 2.0, 1.0, KNOWN)
    assert caught.value.english == "f(1) is 2: twice too large."
    assert caught.value.chinese == "f(1) 得 2：大了一倍。"


def test_of_another_mistake_the_number_is_said_and_the_right_one() -> None:
    with pytest.raises(AnswerError, match=r"f\(1\) is 3 and should be 1\."):
        compare("f(1)", 3.0, 1.0, KNOWN)
    with pytest.raises(AnswerError, match=r"f\(1\) is \[3, 4\] and should be \[1, 2\]\."):
        compare_rows("f(1)", [3.0, 4.0], [1.0, 2.0])


def test_a_row_of_another_length_or_none_is_told_so() -> None:
    with pytest.raises(AnswerError, match="has 1 entries and should have 2"):
        compare_rows("f(1)", [1.0], [1.0, 2.0])
    with pytest.raises(AnswerError, match="a list of 2 numbers and is a float"):
        compare_rows("f(1)", 1.0, [1.0, 2.0])


@pytest.mark.parametrize("answer", [None, ..., [1.0, ...]])
def test_what_is_left_open_is_unsolved_and_not_wrong(answer: object) -> None:
    with pytest.raises(UnsolvedError):
        compare_rows("f(1)", answer, [1.0, 2.0])
