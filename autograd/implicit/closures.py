"""Functions whose variables stay as they are bound when an equation is solved.

An equation is called again when its solution is differentiated, as long after as one likes: a variable around
it, such as that of the loop in which it is written, may be bound to something else by then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dis import get_instructions
from functools import lru_cache
from types import CellType, CodeType, FunctionType
from typing import Any


def kept(functions: Sequence[Callable[..., Any]]) -> list[Callable[..., Any]]:
    """Return functions that see the variables around them as these are bound now.

    So do the functions among these variables. A variable that one of the functions binds anew itself, such as
    a counter, is left to them.

    >>> power = 2
    >>> def functions():
    ...     power = 3
    ...     cube = lambda x: x**power
    ...     [same] = kept([cube])
    ...     power = 4
    ...     return cube, same
    >>> [f(2) for f in functions()]
    [16, 8]
    """
    if not any(type(f) is FunctionType and f.__closure__ for f in functions):
        return [*functions]
    found: dict[int, FunctionType] = {}
    for f in functions:
        _find(f, found)
    bound = {
        id(cell)
        for f in found.values()
        for name, cell in zip(f.__code__.co_freevars, f.__closure__ or (), strict=True)
        if name in _bound_by(f.__code__)
    }
    cells: dict[int, CellType] = {}
    for f in found.values():
        for cell in f.__closure__ or ():
            if id(cell) not in bound and _is_bound(cell):
                cells[id(cell)] = CellType(cell.cell_contents)
    copies = {key: _copy(f, cells) for key, f in found.items()}
    for cell in cells.values():
        cell.cell_contents = copies.get(id(cell.cell_contents), cell.cell_contents)
    return [copies.get(id(f), f) for f in functions]


def _find(thing: Any, found: dict[int, FunctionType]) -> None:
    """Add a function with variables around it, and those among these."""
    if type(thing) is FunctionType and thing.__closure__ and id(thing) not in found:
        found[id(thing)] = thing
        for cell in thing.__closure__:
            if _is_bound(cell):
                _find(cell.cell_contents, found)


def _is_bound(cell: CellType) -> bool:
    try:
        cell.cell_contents  # noqa: B018  # which raises
    except ValueError:
        return False
    return True


def _copy(f: FunctionType, cells: dict[int, CellType]) -> FunctionType:
    closure = tuple([cells.get(id(cell), cell) for cell in f.__closure__ or ()])
    copy = FunctionType(f.__code__, f.__globals__, f.__name__, f.__defaults__, closure)
    copy.__kwdefaults__ = f.__kwdefaults__
    copy.__qualname__ = f.__qualname__
    copy.__dict__.update(f.__dict__)
    return copy


@lru_cache(maxsize=1024)
def _bound_by(code: CodeType) -> frozenset[str]:
    """Return the variables around a function that it, or a function in it, binds or unbinds."""
    return frozenset(_bindings(code)).intersection(code.co_freevars)


def _bindings(code: CodeType) -> Iterator[str]:
    for instruction in get_instructions(code):
        if instruction.opname in ("STORE_DEREF", "DELETE_DEREF"):
            yield instruction.argval
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from _bound_by(inner)
