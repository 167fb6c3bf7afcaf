"""Errors of compiled functions, and what is added to those of the user's function."""

from __future__ import annotations

from typing import Any

from ..derivatives.trees import is_array


class CompileError(RuntimeError):
    """A function does what a program cannot repeat; the message says what, and where if that is known."""


def name_vmap(error: Exception, name: str, args: tuple[Any, ...]) -> None:
    """Tell who gave an array, to what perhaps takes none, how a batch of points is asked for."""
    told = str(error)
    alone = any(word in told for word in ("scalar", "truth value", "FollowedArray", "real number"))
    if alone and any(is_array(x) and x.ndim for x in args):
        error.add_note(
            f"An array is a single argument of {name}. For a batch of points write "
            f"vmap({name}, in_axes=...), which calls it for each of them."
        )
