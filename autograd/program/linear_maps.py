"""`vjp`, `jvp` and `linearize` of a compiled function: by programs of their own, made when they are needed.

A derivative in a direction is compiled as any other function is, one of arguments and tangents. What carries
a gradient back is the gradient, by the arguments, of the results weighted with it: so loops stay loops there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..derivatives.calls import checked_pair, numbers_of
from ..derivatives.directions import directions
from ..derivatives.linear_maps import jvp, linearize, vjp
from ..derivatives.trees import Structure, is_array
from ..derivatives.wrapped import Function
from ..engine import Value
from ..support.messages import name_of
from ..support.real_numbers import same_number
from .arguments import HoldsValues


class LinearMaps:
    """The linear maps of a compiled function.

    Args:
        owner: the function.
    """

    def __init__(self, owner: Any) -> None:
        self._owner = owner
        self._made: dict[tuple[Callable[..., Function], bool], Any] = {}

    def vjp(self, args: tuple[Any, ...], kwargs: dict[str, Any], has_aux: bool) -> Any:
        """Return what `vjp` does, for arguments by position and by keyword."""
        point = self._point(args, kwargs)
        if point is None:
            return vjp(self._owner._f, has_aux=has_aux)(*args, **kwargs)
        results = self._results(point.value, has_aux)
        weighted = self._compiled(_weighted, has_aux)

        def pull_back(gradient: Any) -> Any:
            point.check("vjp()")
            return weighted.grad(point.args, gradient, **kwargs)[0]

        return results[0], pull_back, *results[1:]

    def linearize(self, args: tuple[Any, ...], kwargs: dict[str, Any], has_aux: bool) -> Any:
        """Return what `linearize` does, for arguments by position and by keyword."""
        point = self._point(args, kwargs)
        if point is None:
            return linearize(self._owner._f, has_aux=has_aux)(*args, **kwargs)
        results = self._results(point.value, has_aux)
        along = self._compiled(_along, has_aux)

        def push_forward(*tangents: Any) -> Any:
            point.check("linearize()")
            return along(point.args, tangents, **kwargs)[1]

        return results[0], push_forward, *results[1:]

    def jvp(
        self, primals: tuple[Any, ...], tangents: tuple[Any, ...], kwargs: dict[str, Any], has_aux: bool
    ) -> Any:
        """Return what `jvp` does, for primals and tangents, and arguments by keyword."""
        if not Structure(primals).leaves:
            return jvp(self._owner._f, has_aux=has_aux)(primals, tangents, **kwargs)
        return self._compiled(_along, has_aux)(primals, tangents, **kwargs)

    def _compiled(self, how: Callable[[Function, bool], Function], has_aux: bool) -> Any:
        """Return a function of arguments and vectors, compiled."""
        found = self._made.get((how, has_aux))
        if found is None:
            owner = self._owner
            made = how(owner._f, has_aux)
            for name in (
                "__module__",
                "__name__",
                "__qualname__",
            ):  # but not __wrapped__: it has other arguments
                setattr(made, name, getattr(owner, name, name_of(owner._f)))
            # Both arguments, of which whole numbers are numbers like others then.
            found = self._made[how, has_aux] = type(owner)(made, {**owner._options, "argnums": (0, 1)})
        return found

    def _results(self, value: Any, has_aux: bool) -> tuple[Any, ...]:
        """Return what the function returned, and what more it did.

        Raises:
            TypeError: it is not what can be differentiated.
        """
        results = checked_pair(self._owner._f, value) if has_aux else (value,)
        if not _is_plain(results[0]):
            numbers_of(self._owner._f, results[0])
        return tuple(results)

    def _point(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> _Point | None:
        """Call the function; return None where no program is run, or there is nothing to differentiate by."""
        recordings = self._owner._recordings
        try:
            signature = recordings.exact(recordings.leaves(args, kwargs))
            value = self._owner(*args, **kwargs)
            signature = signature or recordings.exact(recordings.leaves(args, kwargs))
        except HoldsValues:
            return None
        if signature is None or not any(map(_has_numbers, args)):
            return None
        if not _is_plain(value) and any(isinstance(x, Value) for x in Structure(value).numbers):
            return None
        return _Point(tuple(map(_copied, args)), value, signature)


def _is_plain(x: Any) -> bool:
    """Say whether something is a float or an array of floats, as nearly everything is."""
    return type(x) is float or (is_array(x) and x.dtype == "f8")


def _has_numbers(x: Any) -> bool:
    return _is_plain(x) or bool(Structure(x).leaves)


def _copied(x: Any) -> Any:
    """Return an argument that nobody changes."""
    if _is_plain(x):
        return x if type(x) is float else x.copy()
    structure = Structure(x)
    return structure.put_together(structure.numbers, others=True)


class _Point:
    """Where a function was called, and what it read from outside there.

    Attributes:
        args: its arguments, which nobody changes.
        value: what it returned.
    """

    def __init__(self, args: tuple[Any, ...], value: Any, signature: Any) -> None:
        self.args = args
        self.value = value
        self._state = signature.state
        captured = {x for path in signature.paths for x in path.captured}
        self._read = [(x, x._number) for x in captured]

    def check(self, what: str) -> None:
        """Check that all that is read from outside is as it was.

        Raises:
            RuntimeError: something was changed.
        """
        if not (self._state.holds() and all(same_number(x._number, number) for x, number in self._read)):
            raise RuntimeError(
                f"what the compiled function reads from outside was changed after {what}; programs keep "
                f"nothing of a call, so the derivative there is not known any more: call {what} again"
            )


def _weighted(f: Function, has_aux: bool) -> Function:
    """Return the sum of the results of a function, weighted with a gradient, as a function of both."""

    def weighted(primals: Any, gradient: Any, **kwargs: Any) -> Any:
        out = f(*primals, **kwargs)
        results = numbers_of(f, checked_pair(f, out)[0] if has_aux else out)
        weights = directions(results, gradient, f"the gradient with respect to {name_of(f)}")
        return sum([weight * x for weight, x in zip(weights, results.numbers, strict=True)])

    return weighted


def _along(f: Function, has_aux: bool) -> Function:
    """Return the value of a function and its derivative in a direction, as a function of both."""

    def along(primals: Any, tangents: Any, **kwargs: Any) -> Any:
        return jvp(f, has_aux=has_aux)(primals, tangents, **kwargs)

    return along
