"""Names in JavaScript source."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .functions import PREFIX

_RESERVED = frozenset(
    "abstract arguments async await boolean break byte case catch char class const continue debugger default "
    "delete do double else enum eval export extends false final finally float for from function get goto if "
    "implements import in instanceof int interface let long native new null of package private protected "
    "public return set short static super switch synchronized this throw throws transient true try typeof "
    "undefined var void volatile while with yield "
    "Array BigInt BigInt64Array Error Float64Array Infinity Int32Array Math NaN Number Object String "
    "TypeError Uint32Array globalThis window document".split()
)
_OURS = re.compile(rf"[vdct]\d+|(table|stored|places|kept)_\d+|{PREFIX}\w+")
"""The names of what programs compute and keep."""


def identifiers(names: Iterable[str], taken: Iterable[str]) -> list[str]:
    """Return different identifiers for some names, letters of all scripts as they are."""
    used = {*taken}
    result = []
    for name in names:
        letters = "".join(c if f"a{c}".isidentifier() else " " for c in name)
        cleaned = re.sub(r"\s+", "_", letters.strip()).strip("_") or "x"
        if not cleaned.isidentifier():
            cleaned = f"x_{cleaned}"
        if cleaned in _RESERVED or _OURS.fullmatch(cleaned):
            cleaned += "_"
        identifier, number = cleaned, 2
        while identifier in used:
            identifier, number = f"{cleaned.rstrip('_')}_{number}", number + 1
        used.add(identifier)
        result.append(identifier)
    return result
