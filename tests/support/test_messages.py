"""Messages show any object, and lists of any length, in one line that can be read."""

from __future__ import annotations

from functools import partial

import pytest

from autograd.support.messages import cut, listed, name_of, quoted, short, shown


@pytest.mark.parametrize(
    ("text", "kept"), [("", ""), ("12345", "12345"), ("123456", "12..."), ("1234567", "12...")]
)
def test_a_text_is_cut_to_a_length_that_counts_the_dots(text: str, kept: str) -> None:
    assert cut(text, 5) == kept


def test_what_is_quoted_is_cut_before() -> None:
    assert quoted("a" * 40) == repr("a" * 40)
    assert quoted("a'" * 30) == repr("a'" * 18 + "a...")


def test_an_object_is_shown_with_its_type() -> None:
    assert (shown(None), shown("x")) == ("None", "'x' (str)")
    assert shown("a" * 100) == "'" + "a" * 76 + "... (str)"


def test_of_what_is_deep_or_long_the_middle_is_left_out() -> None:
    assert len(short("a" * 1000)) == 30
    assert short([[[[[[[[1]]]]]]]]) == "[[[[[[[...]]]]]]]"


@pytest.mark.parametrize(
    ("texts", "text"), [("", ""), ("a", "a"), ("abc", "a, b, c"), ("abcde", "a, b, c and 2 more")]
)
def test_the_first_of_a_list_are_written_out(texts: str, text: str) -> None:
    assert listed(iter(texts), 3) == text


def test_a_dozen_are_written_out_if_nobody_says_how_many() -> None:
    assert listed("abcdefghijkl") == "a, b, c, d, e, f, g, h, i, j, k, l"
    assert listed("abcdefghijklm") == "a, b, c, d, e, f, g, h, i, j, k, l and 1 more"


def test_what_has_no_name_is_called_as_it_is_shown() -> None:
    def times(x: float, n: float) -> float:
        return x * n

    twice = partial(times, n=2.0)
    assert (name_of(times), name_of(twice)) == ("times", repr(twice))
    assert name_of(twice).startswith("functools.partial(<function ")
