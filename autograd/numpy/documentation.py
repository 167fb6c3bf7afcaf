"""How functions in the place of NumPy's are called and documented."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from inspect import cleandoc, signature
from typing import Any


def documented(function: Callable[..., Any], numpys: Any) -> Callable[..., Any]:
    """Give a function NumPy's name and documentation, this after its own and without examples to be run."""
    theirs = cleandoc(numpys.__doc__ or "").partition("\nExamples\n")[0].replace(">>> ", "> ")
    function.__doc__ = f"{function.__doc__}\n\n{theirs}" if function.__doc__ else theirs
    function.__name__ = function.__qualname__ = numpys.__name__
    function.__module__ = __package__
    with suppress(ValueError):  # it tells none
        function.__signature__ = signature(numpys)  # type: ignore[attr-defined]
    return function
