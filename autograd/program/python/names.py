"""Names in Python source."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable

from ..straight_line.program import Program
from .loops import INPUTS_NAME, OUTPUTS_NAME, reads_inputs
from .reading import MATH, functions_of

_BUILTINS = frozenset("abs bool dict float fma int len list math range round str sys tuple type".split())
"""Names from elsewhere that programs and what leads into them use."""


_OURS = re.compile(
    rf"[vd]\d+|(table|kept|stored|last|turn)_\d+|turns?_|known_|call_\d+_|{INPUTS_NAME}|{OUTPUTS_NAME}"
)
"""The names of what programs compute and keep."""


def _identifier(name: str) -> str:
    """Return a name as a Python identifier that is neither a keyword nor the name of a function we use."""
    cleaned = re.sub(r"\W+", "_", name).strip("_") or "x"
    if not cleaned.isidentifier():
        cleaned = f"x_{cleaned}"
    reserved = keyword.iskeyword(cleaned) or cleaned in MATH or cleaned in functions_of("floats")
    builtin = cleaned in _BUILTINS
    if reserved or builtin or _OURS.fullmatch(cleaned) or cleaned.endswith("_ieee"):
        return f"{cleaned}_"
    return cleaned


def names_of_inputs(program: Program) -> list[str]:
    """Return the names that a program has for its inputs: identifiers, or parts of a list."""
    if reads_inputs(program):
        return [f"{INPUTS_NAME}[{i}]" for i in range(len(program.inputs))]
    return identifiers(program.inputs)


def identifiers(names: Iterable[str]) -> list[str]:
    """Return different identifiers for some names."""
    taken: set[str] = set()
    result = []
    for name in names:
        identifier = base = _identifier(name)
        number = 2
        while identifier in taken:
            identifier, number = f"{base}_{number}", number + 1
        taken.add(identifier)
        result.append(identifier)
    return result
