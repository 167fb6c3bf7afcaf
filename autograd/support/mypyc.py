"""What mypyc, which compiles the engine where there is a C compiler, must be told; plain Python ignores it.

The modules that are compiled are the same files either way. `mypyc_attr` comes from a package that has to
be there when they are compiled, but not when they run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_extensions import mypyc_attr
else:

    def mypyc_attr(*attributes, **settings):
        """Return a decorator that leaves a class as it is."""
        return lambda kind: kind


__all__ = ["misuse", "mypyc_attr"]


def misuse(definition: str, given: tuple[Any, ...], keywords: dict[str, Any]) -> TypeError:
    """Return the error of Python for a call that does not fit; compiled code asks, to raise the same.

    Args:
        definition: what follows `def` in the source, with the class before the name: "Value.detach(self)".
        given: the arguments, an object whose method was called among them.
        keywords: those by keyword.
    """
    name, parenthesis, parameters = definition.partition("(")
    scope: dict[str, Any] = {}
    exec(f"def function{parenthesis}{parameters}: pass", scope)
    scope["function"].__qualname__ = name
    try:
        scope["function"](*given, **keywords)
    except TypeError as error:
        return error.with_traceback(None)
    return TypeError(f"{name}() cannot be called like this")
