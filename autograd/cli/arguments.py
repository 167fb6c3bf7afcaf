"""The arguments of commands: what parses them, values of variables, options among formulas with a minus."""

from __future__ import annotations

import argparse
import math
import re
from collections.abc import Callable
from itertools import islice
from typing import Any, NoReturn

from ..support.terminal import visible
from .expression import ExpressionError, evaluate

__all__ = ["AddParser", "Parser", "UsageError", "numbers_of", "options_first"]


class UsageError(ValueError):
    """A mistake in the arguments of the command line."""


class Parser(argparse.ArgumentParser):
    """An argument parser that raises `UsageError`, and keeps the line breaks of the texts it is given."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False)

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message} (try '{self.prog} --help')")


AddParser = Callable[..., argparse.ArgumentParser]
"""Called with the name of a command, its `help` and its `description`, gives the parser of its arguments."""


_BETWEEN = re.compile(r"[,;、，；\s]+(?=[^\W\d]\w*\s*[=＝][^=＝])|[,;、，；\s]+$")


def _apart(assignment: str) -> str:
    """Return what to write for variables with commas between them, or a wide =; nothing for others."""
    parts = [part.strip() for part in _BETWEEN.split(assignment)]
    apart = " ".join(part.replace("＝", "=", 1) for part in parts if part)
    return (
        apart if re.match(r"[^\W\d]\w*=", apart) and (apart != assignment.strip() or len(parts) > 1) else ""
    )


def numbers_of(assignments: list[str]) -> dict[str, float]:
    """Read arguments such as x=2 and y=pi/4."""
    numbers: dict[str, float] = {}
    for assignment in assignments:
        name, equals, text = (part.strip() for part in assignment.partition("="))
        if apart := _apart(assignment):
            raise UsageError(
                f"{assignment!r} is no variable and its value; write {apart}, without quotes around it"
            )
        if not (name and equals and text):
            raise UsageError(f"{assignment!r} gives no variable a value; write it as x=2, without spaces")
        if name in numbers:
            raise UsageError(f"the variable {name!r} is given twice")
        try:
            numbers[name] = evaluate(text)[0].data
        except ExpressionError as error:
            raise ExpressionError(
                f"the value of {name!r}: {error.message}", error.text, error.start, error.stop
            ) from None
        if not math.isfinite(numbers[name]):
            raise UsageError(f"the value of {name!r} must be a finite number, not {visible(text)}")
    return numbers


def options_first(argv: list[str]) -> list[str]:
    """Tell options from formulas that begin with a minus, such as -x**2, and let options stand anywhere."""
    options: list[str] = []
    others: list[str] = []
    arguments = iter(argv)
    for argument in arguments:
        if argument == "--":
            others += arguments
        elif argument in ("--draw", "--lang", "--save"):
            options += [argument, *islice(arguments, 1)]
        elif argument in ("-h", "--help") or argument.startswith(("--draw=", "--lang=", "--save=")):
            options.append(argument)
        else:
            others.append(argument)
    return [*options, "--", *others]
