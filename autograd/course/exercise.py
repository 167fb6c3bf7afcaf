"""An exercise of a notebook, and the check of an answer to it.

A check tells what is wrong, not only that it is, in English and in Chinese. Those of a notebook are in a file
of their own, `chapter_01_slopes.py`, a function an exercise, which calls the answer and raises `AnswerError`
with what it found.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, NamedTuple


class AnswerError(Exception):
    """What is wrong with an answer.

    Args:
        english: a sentence or two for the person who wrote it, with the number that came out.
        chinese: the same.
    """

    def __init__(self, english: str, chinese: str) -> None:
        super().__init__(english)
        self.english = english
        self.chinese = chinese


class UnsolvedError(Exception):
    """An answer that is still as the notebook has it."""


class Exercise(NamedTuple):
    """An exercise: what calls the answer, and a hint in two languages."""

    verify: Callable[..., None]
    hint: tuple[str, str]


EXERCISES: dict[str, Exercise] = {}


def exercise(name: str, english: str, chinese: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Make a function the check of an exercise.

    Args:
        name: that of the notebook and the number in it, as "01.2".
        english: a hint, which is shown where the answer is missing or wrong.
        chinese: the same.
    """

    def register(verify: Callable[..., None]) -> Callable[..., None]:
        EXERCISES[name] = Exercise(verify, (english, chinese))
        return verify

    return register


def given(answer: Any) -> Any:
    """Return an answer.

    Raises:
        UnsolvedError: it is None or `...`, what stands where it is to be written.
    """
    if answer is None or answer is ...:
        raise UnsolvedError
    return answer


def number(answer: Any, english: str, chinese: str) -> float:
    """Return the number that an answer is.

    Args:
        answer: what was computed.
        english: what it is, such as "slope(f, 3.0)".
        chinese: the same.

    Raises:
        UnsolvedError: it is None or `...`.
        AnswerError: it is no number.
    """
    value = getattr(given(answer), "data", answer)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        kind = type(answer).__name__
        raise AnswerError(
            f"{english} should be a number and is a {kind}.", f"{chinese} 应是一个数，却是 {kind}。"
        )
    return float(value)


def close(got: float, wanted: float, tolerance: float = 1e-6) -> bool:
    """Say whether a number is another one, but for a relative (below one, an absolute) error."""
    return abs(got - wanted) <= tolerance * max(1.0, abs(wanted))


def exercise_names(chapter: str) -> list[str]:
    """Return the names of the exercises of a notebook, such as "01", in order.

    Raises:
        ValueError: there is no such notebook.
    """
    chapters = _chapters()
    if chapter not in chapters:
        known = ", ".join(sorted(chapters))
        raise ValueError(f"there is no notebook {chapter!r} with exercises; there are {known}")
    import_module(chapters[chapter])
    return sorted((name for name in EXERCISES if name.split(".")[0] == chapter), key=_place)


@cache
def _chapters() -> dict[str, str]:
    """Return the module of each notebook's exercises, `chapter_01_slopes`, by its two digits."""
    package = import_module(str(__package__))
    found = [module.name for module in iter_modules(package.__path__)]
    return {name.split("_")[1]: f"{__package__}.{name}" for name in found if name.startswith("chapter_")}


def _place(name: str) -> int:
    return int(name.split(".")[1])


def check(name: str, *answers: Any) -> None:
    """Print whether the answer to an exercise is right and, if not, what is wrong with it, with a hint.

    Args:
        name: the exercise, as the notebook names it: "01.2" is the second one of notebook 01.
        *answers: what the exercise asks for, a function or a number.

    Raises:
        ValueError: there is no such exercise.
    """
    chapter = name.partition(".")[0] if isinstance(name, str) else name
    names = exercise_names(chapter)
    if name not in names:
        raise ValueError(f"there is no exercise {name!r}; notebook {chapter} has {', '.join(names)}")
    verify, hint = EXERCISES[name]
    try:
        for answer in answers:
            given(answer)
        verify(*answers)
    except UnsolvedError:
        lines = [f"– {name}: not solved yet · 还没有做"]
    except AnswerError as wrong:
        lines = [f"✗ {name}: {wrong.english}", f"  {wrong.chinese}"]
    except Exception as error:  # of the answer, which may do anything
        line = _line(error)
        lines = [
            f"✗ {name}: your code raised {type(error).__name__}: {error}{line and f' (its line {line})'}",
            f"  代码出错 {type(error).__name__}：{error}{line and f'（第 {line} 行）'}",
        ]
    else:
        print(f"✓ {name}: right · 正确")
        return
    print("\n".join([*lines, f"  Hint: {hint[0]}", f"  提示：{hint[1]}"]))


def _line(error: Exception) -> int | str:
    """Return the line of the answer that an error comes from: the last one outside this package."""
    frames = [x for x in traceback.extract_tb(error.__traceback__) if "autograd" not in x.filename]
    return (frames[-1].lineno or "") if frames else ""
