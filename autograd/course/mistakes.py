"""A number that is an answer, against the one that is right and those that typical mistakes lead to."""

from __future__ import annotations

from collections.abc import Sequence

from .exercise import AnswerError, close

Mistakes = Sequence[tuple[float, str, str]]
"""What each mistake gives, and what to say of it in English and in Chinese, without a full stop."""


def expect(what: str, got: float, wanted: float, mistakes: Mistakes = (), chinese: str = "") -> None:
    """Check a number, and name the mistake by which a wrong one came out.

    Args:
        what: what the number is, such as "slope(0.8)".
        got: the answer.
        wanted: the right one.
        mistakes: wrong numbers, with what leads to them.
        chinese: what the number is, in Chinese, where that is not the same.

    Raises:
        AnswerError: it is another number.
    """
    if close(got, wanted):
        return
    named = [(english, its) for wrong, english, its in mistakes if close(got, wrong)]
    why, its_why = (f": {named[0][0]}", f"：{named[0][1]}") if named else ("", "")
    raise AnswerError(
        f"{what} is {got:.6g} and should be {wanted:.6g}{why}.",
        f"{chinese or what} 得 {got:.6g}，应为 {wanted:.6g}{its_why}。",
    )
