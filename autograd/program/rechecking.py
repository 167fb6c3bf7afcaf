"""Comparing what a compiled function gives with what the function itself gives."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from math import isclose
from typing import Any

from ..derivatives.trees import is_array, is_number, kind_of, plain
from ..derivatives.wrapped import Function
from ..support.messages import listed, name_of, short
from .errors import CompileError

RELATIVE, OF_LARGEST, ABSOLUTE = 1e-6, 1e-9, 1e-15
"""By how much numbers may differ: in proportion to themselves, to the largest of the result, and at all."""


class Rechecks:
    """What a mode of a compiled function, or of batches, has besides if its calls are to be compared."""

    def __init__(self, owner: Any, mode: str) -> None:
        super().__init__(owner, mode)  # type: ignore[call-arg]
        self._every: int = getattr(owner, "_compiled", owner)._options["recheck"]
        self._calls = 0

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        result = super().__call__(*args, **kwargs)  # type: ignore[misc]
        self._calls += 1
        turn, rest = divmod(self._calls, self._every)
        if not rest:
            self._recheck(turn, result, args, kwargs)
        return result

    def _recheck(self, turn: int, result: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        raise NotImplementedError


def compare(
    f: Function,
    mode: str,
    given: Any,
    wanted: Callable[[], Any],
    args: Sequence[Any],
    kwargs: Mapping[str, Any],
) -> None:
    """Raise CompileError if a compiled function does not give what the function itself gives.

    Args:
        f: the function.
        mode: what was asked for, one of the modes.
        given: what the compiled function gave.
        wanted: gives it anew without any program.
        args: the positional arguments.
        kwargs: those by keyword.
    """
    try:
        its = plain(wanted())
        said = short(its)
        if agree(plain(given), its):
            return
    except (ArithmeticError, ValueError) as error:
        said = f"an error, {error!r},"
    called = listed([*map(short, args), *[f"{name}={short(x)}" for name, x in kwargs.items()]])
    what = name_of(f) if mode == "value" else f"{mode} of {name_of(f)}"
    raise CompileError(
        f"{what} called with ({called}) gives {said} now, but its program gives {short(given)}. It depends "
        "on something that is not followed: a random number, the time, a file, or what it reads from outside "
        "in a way that compile cannot guard. Give that as an argument, or call the function without compile"
    )


def agree(mine: Any, its: Any) -> bool:
    """Say whether two results are of one structure, and their numbers the same but for rounding."""
    a, b = [*_parts(mine)], [*_parts(its)]
    if len(a) != len(b):
        return False
    largest = max((abs(x) for x in (*a, *b) if type(x) is float and abs(x) < float("inf")), default=0.0)
    return all(_same(x, y, ABSOLUTE + OF_LARGEST * largest) for x, y in zip(a, b, strict=True))


def _same(x: Any, y: Any, least: float) -> bool:
    if type(x) is float and type(y) is float:
        return isclose(x, y, rel_tol=RELATIVE, abs_tol=least) or (x != x and y != y)
    try:
        return x is y or bool(x == y)
    except Exception:
        return False


def _parts(thing: Any) -> Iterator[Any]:
    """Yield the numbers in a result as floats, and what tells its structure."""
    container = kind_of(thing)
    if is_array(thing):
        yield thing.shape
        for x in thing.ravel().tolist():
            yield from _parts(x)
    elif container is not None:
        yield type(thing)
        for key, x in container.items(thing):
            yield key
            yield from _parts(x)
    else:
        yield float(thing) if is_number(thing) else thing
