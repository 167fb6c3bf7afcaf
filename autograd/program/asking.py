"""Who asks a number that is followed for something: this library, which knows it, or the user's own code."""

from __future__ import annotations

from typing import Any

_LIBRARY = __name__.partition(".")[0]
_ENGINE = f"{_LIBRARY}.engine."
_known: dict[str, bool] = {}


def of_the_library(frame: Any) -> bool:
    """Say whether the code of a frame is of this package."""
    module: str = frame.f_globals.get("__name__", "")
    found = _known.get(module)
    if found is None:
        found = _known[module] = module.partition(".")[0] == _LIBRARY
    return found


def through_the_engine(frame: Any) -> bool:
    """Say whether this package asks, with the engine in between perhaps (compiled, it has no frames)."""
    while frame is not None and frame.f_globals.get("__name__", "").startswith(_ENGINE):
        frame = frame.f_back
    return frame is not None and of_the_library(frame)
