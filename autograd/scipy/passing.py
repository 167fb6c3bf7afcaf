"""What is passed through to SciPy, and what is said where that is nothing for Values."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from functools import wraps
from inspect import isroutine
from types import ModuleType
from typing import Any

import numpy as np

from ..arrays import has_values
from ..support.slips import is_import, message


def passed(module: ModuleType, name: str) -> Any:
    """Return what a module of SciPy has under a name; a function says by itself that it takes no Values.

    Raises:
        AttributeError: it has no such name.
        ImportError: that was asked for by an import.
    """
    here = f"autograd.{module.__name__}"
    if not hasattr(module, name):
        raise missing(here, name, dir(module))
    thing = getattr(module, name)
    if not isroutine(thing) or isinstance(thing, np.ufunc):
        return thing

    @wraps(thing)
    def called(*args: Any, **kwargs: Any) -> Any:
        try:
            return thing(*args, **kwargs)
        except (TypeError, ValueError) as error:
            if has_values([*args, *kwargs.values()]):
                raise TypeError(
                    f"SciPy's {name} does not work on Values; give it a derivative with autograd.custom_vjp, "
                    "or give it their .data, where no derivative is wanted"
                ) from error
            raise

    return called


def missing(here: str, name: str, known: Iterable[str], advice: str = "") -> Exception:
    """Return the error that a module has no such name, as an import or as any other asks for it.

    Args:
        here: the module.
        name: the name.
        known: the names that there are.
        advice: what to do instead.
    """
    text = message(here, name, {name: advice} if advice else {}, known)
    frame = sys._getframe(1)
    while frame.f_back is not None and frame.f_globals["__name__"].startswith(str(__package__)):
        frame = frame.f_back
    return ImportError(text, name=here) if is_import(frame) else AttributeError(text, name=name)
