"""Short ways from the arguments of a call to its result: those of recorded paths, one after the other.

A way is made of the function that is called where it does not lead to a result. What was called often goes
through machine code, if LLVM is there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import repeat
from typing import Any

from ..derivatives.wrapped import Function
from .entry_points import entry_of
from .kernels import available
from .outside import State
from .paths import RecordedPath

OFTEN = 2000
"""From how many calls on a program is worth machine code: making it takes as long as it saves in 1000 calls of
a long program, 5000 of a short one."""

Way = Callable[[Function], Function]


def ways(
    paths: Sequence[RecordedPath], mode: str, state: State, backend: str | None
) -> list[Way]:
    """Return short ways, in the order in which they are tried.

    Args:
        paths: the paths, at least one, of arguments of one form.
        mode: the mode.
        state: what is read from outside.
        backend: that of the function.
    """
    found: list[Way] = []
    python: list[RecordedPath] = []
    for path in paths:
        code = _machine_code(path, mode, backend)
        if code is None:
            python.append(path)
        else:
            found += [*_in_python(python, mode, state, backend), partial(_in_machine_code, code, state)]
            python = []
    return [*found, *_in_python(python, mode, state, backend)]


def chained(found: Sequence[Way], otherwise: Function) -> Function:
    """Return the function that tries some ways, and calls another function where none leads to a result."""
    for way in reversed(found):
        otherwise = way(otherwise)
    return otherwise


def is_due(path: RecordedPath, mode: str, backend: str | None) -> bool:
    """Say whether a mode of a path is to be machine code, where that is possible."""
    if backend is None and mode not in path.machine:
        ticks = path.ticks.get(mode)
        return ticks is not None and not ticks.__length_hint__()
    return backend in (None, "llvm") and path.machine.get(mode, path) is not None


def _machine_code(path: RecordedPath, mode: str, backend: str | None) -> Any:
    if not (available("llvm") and is_due(path, mode, backend)):
        return None
    if mode not in path.machine:
        from .llvm.calls import machine_call  # which needs LLVM

        code = path.machine[mode] = machine_call(path, mode)
        entry = path.entries.get((mode, True))
        if code is None and entry is not None:
            entry.__globals__["ticks_"] = repeat(None)  # it is counted no more
    return path.machine[mode]


def _in_machine_code(code: Any, state: State, otherwise: Function) -> Function:
    function: Function = code.of((state.holds, otherwise) if state.guards else otherwise)
    return function


def _in_python(
    paths: Sequence[RecordedPath], mode: str, state: State, backend: str | None
) -> list[Way]:
    if not paths or backend not in (None, "python"):
        return []
    counted = backend is None and available("llvm")
    if counted:
        for path in paths:
            path.ticks.setdefault(mode, repeat(None, OFTEN))
    entry = entry_of(paths, mode, state, counted)
    count = len(paths[0].arguments.args) + (1 if mode == "hvp" else 0)
    return [] if entry is None else [partial(_trying, count, entry)]


def _trying(count: int, entry: Function, otherwise: Function) -> Function:
    def call(*args: Any, **kwargs: Any) -> Any:
        if len(args) == count and not kwargs:
            try:
                result = entry(*args)
                if result is not None:
                    return result
            except Exception:
                pass  # an operation raises: another path may fit
        return otherwise(*args, **kwargs)

    return call


def nowhere(*args: Any, **kwargs: Any) -> None:
    """Return None, where no way leads to a result."""
