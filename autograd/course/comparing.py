"""What checks say of an answer that is a number or a row of numbers: which mistake it is, if a known one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from .exercise import AnswerError, close, given, number

Known = tuple[Any, str, str]
"""A typical wrong answer, and what is wrong with it in English and in Chinese, without a full stop."""


def compare(what: str, answer: Any, wanted: float, known: Iterable[Known] = (), chinese: str = "") -> None:
    """Hold a number against the right one, which is not given away where the mistake is a known one.

    Args:
        what: what the answer is, such as "slope(0.8)".
        answer: it.
        wanted: what it should be.
        known: typical wrong answers.
        chinese: what the answer is, in Chinese, where that is not the same.

    Raises:
        AnswerError: it is another number, or none.
        UnsolvedError: it is None or `...`.
    """
    chinese = chinese or what
    got = number(answer, what, chinese)
    if not close(got, wanted):
        _name(what, chinese, got, [x for x in known if close(got, x[0])])
        raise _other(what, chinese, got, wanted)


def compare_rows(what: str, answer: Any, wanted: Sequence[float], known: Iterable[Known] = ()) -> None:
    """Hold a list or tuple of numbers against the right one.

    Args:
        what, answer, wanted, known: as for `compare`.

    Raises:
        AnswerError: it has another number in it, or another length, or is no list.
        UnsolvedError: it is None or `...`.
    """
    got = row(answer, len(wanted), what)
    if not _alike(got, wanted):
        _name(what, what, got, [x for x in known if _alike(got, x[0])])
        raise _other(what, what, got, wanted)


def row(answer: Any, length: int, what: str) -> list[float]:
    """Return the numbers of an answer that should be so many.

    Raises:
        AnswerError: there are more or fewer, or it is no list.
        UnsolvedError: it is, or has in it, None or `...`.
    """
    if not hasattr(given(answer), "__len__"):
        kind = type(answer).__name__
        raise AnswerError(
            f"{what} should be a list of {length} numbers and is a {kind}.",
            f"{what} 应是 {length} 个数的列表，却是 {kind}。",
        )
    if len(answer) != length:
        raise AnswerError(
            f"{what} has {len(answer)} entries and should have {length}.",
            f"{what} 有 {len(answer)} 项，应有 {length} 项。",
        )
    return [number(x, f"{what}[{i}]", f"{what}[{i}]") for i, x in enumerate(answer)]


def _alike(one: Sequence[float], other: Sequence[float]) -> bool:
    return len(one) == len(other) and all(map(close, one, other))


def _name(what: str, its: str, got: Any, found: Sequence[Known]) -> None:
    for _, english, chinese in found[:1]:
        raise AnswerError(f"{what} is {shown(got)}: {english}.", f"{its} 得 {shown(got)}：{chinese}。")


def _other(what: str, its: str, got: Any, wanted: Any) -> AnswerError:
    return AnswerError(
        f"{what} is {shown(got)} and should be {shown(wanted)}.",
        f"{its} 得 {shown(got)}，应为 {shown(wanted)}。",
    )


def shown(x: Any) -> str:
    """Return a number, or a list of numbers or lists, as text with six digits.

    >>> shown([1.0, [2.5, 1 / 3]])
    '[1, [2.5, 0.333333]]'
    """
    return "[" + ", ".join(map(shown, x)) + "]" if hasattr(x, "__len__") else f"{x:.6g}"
