"""How messages show an object, call a function, and list what may be much."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


def cut(text: str, length: int, dots: str = "...") -> str:
    """Return the text, of which the end is left out where it is longer than `length`.

    >>> cut("abcdefgh", 6)
    'abc...'
    """
    return text if len(text) <= length else text[: length - len(dots)] + dots


def shown(x: object) -> str:
    """Return a short text that shows an object and says what it is."""
    text = cut(repr(x), 80)
    return text if x is None else f"{text} ({type(x).__name__})"


def quoted(text: str) -> str:
    """Return the repr of a name, or of another short text, cut if it is long."""
    return repr(cut(text, 40))


def short(x: object) -> str:
    """Return the repr of something that may be long or deep, which then lacks its middle."""
    from reprlib import repr

    return repr(x)


def listed(texts: Iterable[str], most: int = 12) -> str:
    """Return texts as one, of which only the first few are written out.

    >>> listed("abcde", 3)
    'a, b, c and 2 more'
    """
    found = list(texts)
    rest = f" and {len(found) - most} more" if len(found) > most else ""
    return ", ".join(found[:most]) + rest


def name_of(f: Callable[..., Any]) -> str:
    """Return how messages call a function."""
    name = getattr(f, "__qualname__", None) or getattr(f, "__name__", None)
    return str(name).rpartition("<locals>.")[2] if name else repr(f)
