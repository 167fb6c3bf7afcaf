"""The house put together: what rooms above hand to those below, which do not know them.

The front door imports this module first, so nobody meets a Value without it. What is handed down is loaded
when it is first used, for it needs NumPy, or all that draws. Old pickles find their way from here, too.
"""

from __future__ import annotations

import builtins
import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

from .support import extensions, installation, slips, sources  # noqa: F401 (raises if other files lie among ours)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .engine import Value


def apply_ufunc(ufunc: Any, method: str, inputs: Sequence[Any], kwargs: dict[str, Any]) -> Any:
    """Do what NumPy asks of a ufunc one of whose operands is a Value."""
    from .arrays import apply_ufunc

    return apply_ufunc(ufunc, method, inputs, kwargs)


def compiled(f: Callable[..., Any], argnums: tuple[int, ...]) -> Any:
    """Return a function compiled, with its derivatives by some arguments."""
    from .program import compile

    return compile(f, argnums)


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


def structure(thing: Any, name: str) -> Any:
    """Return something taken apart into its numbers."""
    from .derivatives.trees import Structure

    return Structure(thing, name)


def numbers_like(structure: Any, given: Any, name: str) -> Sequence[Any]:
    """Return the numbers of something that must look like a structure."""
    from .derivatives.directions import directions

    return directions(structure, given, name)


def linear_algebra(function: Callable[..., Any]) -> Callable[..., Any] | None:
    """Return what is called in the place of a function of np.linalg on arrays of Values, if any."""
    from .linalg import function_of

    return function_of(function)


extensions.apply_ufunc = apply_ufunc
extensions.compiled = compiled
extensions.elementwise = elementwise
extensions.html_card = html_card
extensions.structure = structure
extensions.numbers_like = numbers_like
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


class NotOffered(ModuleType):
    """A module of HIPS autograd that is not offered: what is taken from it says what to write."""

    def __getattr__(self, name: str) -> Any:
        here = self.__name__.partition(".")[2]
        if name.startswith("__"):  # which Python itself asks for
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        advice = _ELSEWHERE.get(name, f"{_NOT_OFFERED[here]}")
        text = f"{self.__name__}, a part of HIPS autograd, is not offered, and so {name!r} is not; {advice}"
        if slips.is_import(sys._getframe(1)):
            raise ImportError(text, name=self.__name__)
        raise AttributeError(text, name=name)


_BOXES = "there are no boxes: a number in a function that is differentiated is a Value"
_NOT_OFFERED = {
    "core": "derivatives are in the table of rules, autograd.ops, and what is recorded are Values",
    "differential_operators": "its functions are in autograd itself",
    "misc.tracers": "compile(f) records a function once, and draw(y) and topological_order(y) show its graph",
    "scipy.integrate": "write the steps of the integration, in a loop or with scan",
    "tracer": _BOXES,
    "util": "its functions are for the inside of that package",
    "wrap_util": "its functions are for the inside of that package",
}
_ELSEWHERE = {
    **{name: f"write from autograd import {name}" for name in ("make_vjp", "make_jvp")},
    **{name: f"write from autograd.extend import {name}" for name in ("defjvp", "defvjp", "primitive")},
    **dict.fromkeys(("check_grads", "quick_grad_check"), "write from autograd.test_util import check_grads"),
    **dict.fromkeys(("notrace_primitive",), f"{_BOXES}; write from autograd.extend import notrace_primitive"),
    "isbox": f"{_BOXES}; write isinstance(x, Value)",
    "getval": f"{_BOXES}; write x.data",
    "vspace": "write from autograd.misc import flatten, which makes vectors of structures",
}
for _name in _NOT_OFFERED:
    sys.modules[f"{__package__}.{_name}"] = NotOffered(f"{__package__}.{_name}")
sys.modules[f"{__package__}.builtins"] = builtins  # whose containers will do
