"""The house put together: what rooms above hand to those below, which do not know them.

The front door imports this module first, so nobody meets a Value without it. What is handed down is loaded
when it is first used, for it needs NumPy, or all that draws. Old pickles find their way from here, too.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

from .support import extensions, installation, sources  # noqa: F401 (raises if other files lie among ours)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .engine import Value


def apply_ufunc(ufunc: Any, method: str, inputs: Sequence[Any], kwargs: dict[str, Any]) -> Any:
    """Do what NumPy asks of a ufunc one of whose operands is a Value."""
    from .arrays import apply_ufunc

    return apply_ufunc(ufunc, method, inputs, kwargs)


def elementwise(primitive: Callable[..., Any], operands: Sequence[Any]) -> Any:
    """Apply a primitive to arrays, element by element."""
    from .arrays import elementwise

    return elementwise(primitive, operands)


def html_card(value: Value) -> str:
    """Return a Value as the small table that Jupyter shows."""
    from .drawing.html_card import html_card

    return html_card(value)


def live_part(steps: Any) -> str:
    """Return what makes the leaves of a player of these steps ones that can be changed, as HTML."""
    from .live.page import part_of

    return part_of(steps, steps.lang)


def sparse_derivatives(mode: str, f: Any, *how: Any) -> Any:
    """Return a Jacobian or a Hessian as a sparse array, of a compiled function by its programs."""
    from .sparse import sparse_derivatives

    return sparse_derivatives(mode, f, *how)


def linear_algebra(function: Callable[..., Any]) -> Callable[..., Any] | None:
    """Return what is called in the place of a function of np.linalg on arrays of Values, if any."""
    from .linalg import function_of

    return function_of(function)


extensions.apply_ufunc = apply_ufunc
extensions.elementwise = elementwise
extensions.html_card = html_card
extensions.linear_algebra = linear_algebra
extensions.live_part = live_part
extensions.sparse_derivatives = sparse_derivatives

sources.show_sources()


class Moved(ModuleType):
    """A module at the place it had in version 0.1.0, for what was pickled then and names it."""

    def __getattr__(self, name: str) -> Any:
        if not name.startswith("__"):  # which Python itself asks for
            for place in _MOVED[self.__name__.partition(".")[2]]:
                module = import_module(f".{place}", __package__)
                if hasattr(module, name):
                    return getattr(module, name)
        raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")


_MOVED = {
    "calls": ("derivatives.wrapped",),
    "copying": ("engine.pickling",),
    "custom": ("derivatives.custom",),
    "primitive": ("ops.primitive", "engine.operation"),
    "transforms": ("derivatives",),
}
for _name in _MOVED:
    sys.modules[f"{__package__}.{_name}"] = Moved(f"{__package__}.{_name}")
