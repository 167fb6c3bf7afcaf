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
from .loops.program import LoopProgram
from .outside import State
from .paths import RecordedPath
from .straight_line.program import Program

OFTEN = 3000
"""From how many calls on a program is worth machine code: making it takes as long as it saves in 1000 calls
of a long program, or in 5000 of a short one."""

SOON = 2000
"""The same for a program with loops, of which each turn counts as a call: in Python, where a node takes 7 ns,
these take 14 us for each node of the program and 35 ms, about what making the code takes."""

LARGE = 3000
"""From how many nodes on a program is worth machine code for arguments, too, that take the long way."""

GOOD = 500
"""Up to how many nodes machine code that is asked for is good at once. That takes 40 us for each node, and
code slower by a tenth a third of it: what this saves a longer program has lost after many calls only."""

Way = Callable[[Function], Function]


def ways(
    paths: Sequence[RecordedPath], mode: str, state: State, backend: str | None, owner: Any = None
) -> list[Way]:
    """Return short ways, in the order in which they are tried.

    Args:
        paths: the paths, at least one, of arguments of one form.
        mode: the mode.
        state: what is read from outside.
        backend: that of the function.
        owner: the compiled function, to which they belong.
    """
    if backend == "numpy":
        return []
    if backend is None and available("llvm"):
        for path in paths:
            path.ticks.setdefault(mode, repeat(None, _often(path.derived(mode).program)))
    found: list[Way] = []
    others: list[RecordedPath] = []
    for path in paths:
        code = _machine_code(path, mode, backend)
        if code is None:
            others.append(path)
        else:
            found += _in_python(others, mode, state, backend)
            found.append(partial(_in_machine_code, code, state, owner))
            others = []
    if not found:
        return _in_python(paths, mode, state, backend)
    # Numbers that are infinite or NaN are left to Python.
    return [*found, *_in_python(others, mode, state, backend), partial(_later, paths, mode, state)]


def chained(found: Sequence[Way], otherwise: Function) -> Function:
    """Return the function that tries some ways, and calls another function where none leads to a result."""
    for way in reversed(found):
        otherwise = way(otherwise)
    return otherwise


def nowhere(*args: Any, **kwargs: Any) -> None:
    """Return None, where no way leads to a result."""


def is_due(path: RecordedPath, mode: str, backend: str | None) -> bool:
    """Say whether machine code of a mode of a path is to be made, or to be made well."""
    if mode in path.machine:
        code = path.machine[mode]
        return code is not None and code.over
    ticks = path.ticks.get(mode)
    often = backend is None and ticks is not None and not ticks.__length_hint__()
    return (often or backend == "llvm") and available("llvm")


def _machine_code(path: RecordedPath, mode: str, backend: str | None) -> Any:
    if is_due(path, mode, backend):
        from .llvm.machine_calls import machine_call  # which needs LLVM

        at_once = backend == "llvm" and _is_soon_good(path.derived(mode).program)
        code = path.machine[mode] = machine_call(path, mode, at_once or mode in path.machine)
        entry = path.entries.get((mode, True))
        if code is None and entry is not None:
            entry.__globals__["ticks_"] = repeat(None)  # it is counted no more
    return path.machine.get(mode) if backend != "python" else None


def _is_soon_good(program: Program) -> bool:
    return isinstance(program, LoopProgram) or len(program.nodes) <= GOOD


def _often(program: Program) -> int:
    """Return from how many calls on a program is worth machine code."""
    if not isinstance(program, LoopProgram):
        return OFTEN
    return min(OFTEN, program.calls_like(SOON))


def _in_machine_code(code: Any, state: State, owner: Any, otherwise: Function) -> Function:
    from .llvm.guarded_calls import guarded
    from .llvm.python_interface import Link

    function: Function
    if state.guards:
        address, link = guarded(state, code.entry, otherwise, owner)
        function = code.of(link, address)
    else:
        function = code.of(Link((None, otherwise, owner)))
    return function


def _in_python(paths: Sequence[RecordedPath], mode: str, state: State, backend: str | None) -> list[Way]:
    if not paths or (backend == "llvm" and not all(is_for_python(path, mode) for path in paths)):
        return []
    entry = entry_of(paths, mode, state, backend is None and available("llvm"))
    return [] if entry is None else [partial(_trying, _count(paths, mode), entry)]


def _count(paths: Sequence[RecordedPath], mode: str) -> int:
    return len(paths[0].arguments.args) + (1 if mode == "hvp" else 0)


def _later(paths: Sequence[RecordedPath], mode: str, state: State, otherwise: Function) -> Function:
    """Return the way through Python, which is made when it is gone for the first time."""
    ready: list[Function] = []

    def call(*args: Any, **kwargs: Any) -> Any:
        if any(is_due(path, mode, None) for path in paths):
            return otherwise(*args, **kwargs)
        if not ready:
            entry = entry_of(paths, mode, state)
            ready.append(_trying(_count(paths, mode), entry, otherwise) if entry else otherwise)
        return ready[0](*args, **kwargs)

    return call


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


def is_for_python(path: RecordedPath, mode: str) -> bool:
    """Say whether a program calls functions of Python, so that at one point Python is the quickest."""
    if mode not in path.for_python:  # asked at each call, of all nodes
        path.for_python[mode] = bool(path.derived(mode).program.calls)
    return path.for_python[mode]


def backend_for_numbers(path: RecordedPath, mode: str) -> str:
    """Return how to run a program on numbers, which this call does: a large one is counted."""
    if len(path.derived(mode).program.nodes) < LARGE:
        return "python"
    path.calls += 1
    return "llvm" if path.calls > OFTEN and available("llvm") else "python"
