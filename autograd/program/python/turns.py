"""The program of a turn, gone through again and again by a Python function."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..straight_line.program import Program
from .definitions import definitions_of
from .source import PythonSource, function_from


def function_of_turns(program: Program, carried: int, scanned: int) -> Callable[..., Any]:
    """Return a function that goes through turns.

    It takes the numbers that are carried, an iterable of tuples of those that are scanned, the numbers that
    stay the same, and what is called with those that are kept of each turn. It returns what is carried last;
    None where a guard does not hold, and raises what the program does.

    Args:
        program: that of a turn: its inputs are what is carried, what is scanned, and what stays; its outputs
            what is carried next, and what is kept.
        carried, scanned: how many numbers are.
    """
    names = [f"x{i}" for i in range(len(program.inputs))]
    parts: list[Sequence[str]] = []

    def result(texts: Sequence[str]) -> str:
        parts.append(texts)
        return ""

    source = PythonSource(program, "program", "", names, result=result)
    (texts,) = parts
    lines = source.function.splitlines()[1:-1]
    own, through, same = names[:carried], names[carried : carried + scanned], names[carried + scanned :]
    if texts[carried:]:
        lines.append(f"    keep_(({', '.join(texts[carried:])},))")
    if own:
        lines.append(f"    {', '.join(own)} = {', '.join(texts[:carried])}")
    text = "\n".join(
        [
            "def program(carried_, scanned_, same_, keep_):",
            f"    [{', '.join(own)}] = carried_",
            f"    [{', '.join(same)}] = same_",
            f"    for [{', '.join(through)}] in scanned_:",
            *[f"    {line}" for line in lines or ["    pass"]],
            f"    return ({''.join([f'{name}, ' for name in own])})",
        ]
    )
    function: Callable[..., Any] = function_from(
        f"{definitions_of(source.needs)}\n\n{text}\n", source.objects, "program"
    )
    return function
