"""How messages show an object, and call a function."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


def shown(x: object) -> str:
    """Return a short text that shows an object and says what it is."""
    text = repr(x)
    text = text if len(text) <= 80 else f"{text[:77]}..."
    return text if x is None else f"{text} ({type(x).__name__})"


def name_of(f: Callable[..., Any]) -> str:
    """Return how messages call a function."""
    name = getattr(f, "__qualname__", None) or getattr(f, "__name__", None) or repr(f)
    return str(name).rpartition("<locals>.")[2]
