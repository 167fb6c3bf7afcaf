"""Directions and vectors: numbers that belong to those of an argument or a result, one to each.

The vector of `hvp` stands among the arguments; it is found and checked here, for plain functions, programs
and batches alike.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..support.messages import name_of
from .calls import positions_of
from .trees import Structure

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .calls import Call
    from .local_derivatives import Number
    from .wrapped import Argnums, Function


def directions(structure: Structure, given: Any, name: str) -> list[Number]:
    """Return the numbers of a vector that belongs to a structure.

    Args:
        structure: what the vector must look like.
        given: the vector.
        name: how messages call it.

    Raises:
        TypeError: it does not look like the structure.
    """
    vector = Structure(given, name)
    wanted, got = ({leaf.path: leaf.shape for leaf in x.leaves} for x in (structure, vector))
    for path in [*wanted, *got]:
        if path not in got or path not in wanted or wanted[path] != got[path]:
            sides = [
                "nothing" if path not in side else "a number" if side[path] is None else f"shape {side[path]}"
                for side in (wanted, got)
            ]
            raise TypeError(
                f"{name} needs the structure of what it belongs to: {name}{path} must be {sides[0]}"
                f", not {sides[1]}"
            )
    return vector.numbers


def apart_from_vector(
    f: Function, argnums: Argnums, args: tuple[Any, ...], kwargs: Mapping[str, Any]
) -> tuple[tuple[Any, ...], dict[str, Any], Any]:
    """Return the arguments of a function, those by keyword, and the vector of `hvp` that is among them.

    Args:
        f: the function.
        argnums: by which positional arguments of f to differentiate.
        args: the arguments, with the vector after the last of these unless it is in `kwargs`.
        kwargs: those by keyword, perhaps with `vector`.

    Raises:
        TypeError: there is no vector, or f has no such arguments.

    >>> apart_from_vector(divmod, 0, (7.0, "the vector", 2.0), {})
    ((7.0, 2.0), {}, 'the vector')
    """
    if "vector" in kwargs:
        others = dict(kwargs)
        return args, others, others.pop("vector")
    if len(args) < 2:
        raise TypeError(
            f"{name_of(f)}: hvp needs a vector after the argument that it differentiates by, hvp(x, vector, "
            "*others), or vector=... after all of them"
        )
    after = vector_after(f, argnums, len(args) - 1)
    return (*args[:after], *args[after + 1 :]), {**kwargs}, args[after]


def vector_after(f: Function, argnums: Argnums, count: int) -> int:
    """Return how many of the arguments of a function stand before the vector.

    Args:
        f: the function.
        argnums: by which of them to differentiate.
        count: how many there are.
    """
    return max(positions_of(f, argnums, count)) + 1


def vector_for(f: Function, argnums: Argnums, args: tuple[Any, ...], vector: Any) -> list[Number]:
    """Return the numbers of the vector of `hvp`, one for each that is differentiated by.

    Args:
        f: the function.
        argnums: by which of its arguments to differentiate.
        args: these arguments.
        vector: a structure like that of the argument, or the tuple of these if `argnums` is a sequence.

    Raises:
        TypeError: it has another structure.
    """
    try:
        return direction_for(f, argnums, args, vector, "the vector")
    except TypeError as error:
        hint = "it comes after the last argument that is differentiated by, or as vector=..."
        raise TypeError(f"{error}; {hint}") from None


def direction_for(
    f: Function, argnums: Argnums, args: tuple[Any, ...], given: Any, name: str = "the direction"
) -> list[Number]:
    """Return the numbers of a direction, as `vector_for` does for a vector.

    Args:
        f, argnums, args: as there.
        given: the direction.
        name: how messages call it.

    Raises:
        TypeError: it has another structure.
    """
    chosen = tuple([args[i] for i in positions_of(f, argnums, len(args))])
    wanted = Structure(chosen if hasattr(argnums, "__iter__") else chosen[0])
    try:
        return directions(wanted, given, name)
    except TypeError as error:
        raise TypeError(f"{name_of(f)}: {error}") from None


def pull_back_of(f: Function, call: Call) -> Callable[[Any], Any]:
    """Return the function that carries a gradient back through a call of f."""

    def pull_back(gradient: Any) -> Any:
        seeds = directions(call.structure, gradient, f"the gradient with respect to {name_of(f)}")
        return call.in_form([call.gradients(seeds)])

    return pull_back
