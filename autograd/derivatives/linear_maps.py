"""The derivative of a function as a linear map that is applied to vectors: `vjp`, `jvp` and `linearize`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..support.messages import name_of, shown
from ..support.slips import advised
from .calls import Call
from .directions import directions, pull_back_of
from .trees import Structure
from .wrapped import Derived, Function, Wrapped

if TYPE_CHECKING:
    from collections.abc import Mapping


@advised
def vjp(f: Function, *primals: Any, has_aux: bool = False) -> Any:
    """Return the value of `f`, and the function that carries a gradient back through it.

    Args:
        f: a function that returns a number, an array, or a structure of these.
        primals: its arguments. Without any, `vjp(f)` is a function of them.
        has_aux: as for `grad`.

    Returns:
        The pair of the value and a function. That takes a gradient with respect to the value, in its
        structure, and returns the tuple of gradients with respect to the arguments; it may be called many
        times, a reverse sweep each. With `has_aux` a third part follows: what `f` returned second.

    Raises:
        TypeError: as for `jacobian`, or if the gradient has another structure than the value.

    Of a compiled function it is that function's method `vjp`, which runs programs.

    >>> value, pull_back = vjp(lambda x, y: x * y, 3.0, 4.0)
    >>> value, pull_back(1.0)
    (12.0, (4.0, 3.0))
    """

    def value_and_pull_back(f: Function, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
        if isinstance(f, Wrapped) and f.linear_maps is not None:
            return f.linear_maps.vjp(args, kwargs, has_aux)
        call = Call(f, None, args, kwargs, has_aux=has_aux)
        pull_back = pull_back_of(f, call)
        return (call.value, pull_back, call.aux) if has_aux else (call.value, pull_back)

    derived = Derived.of(value_and_pull_back, vjp, f, has_aux=has_aux)
    return derived(*primals) if primals else derived


@advised
def jvp(f: Function, primals: Any = None, tangents: Any = None, *, has_aux: bool = False) -> Any:
    """Return the value of `f` and its derivative in a direction, from one forward sweep.

    Args:
        f: a function that returns a number, an array, or a structure of these.
        primals: the list or tuple of its arguments. Without them, `jvp(f)` is a function of primals and
            tangents.
        tangents: the direction: as many as there are arguments, each in the structure of its argument,
            with None for what is no number.
        has_aux: as for `grad`.

    Returns:
        The pair of value and derivative, in the same structure. With `has_aux` a third part follows: what
        `f` returned second.

    Raises:
        TypeError: as for `jacobian`, or if the direction has another structure than the arguments.

    Of a compiled function it is that function's method `jvp`, which runs a program.

    >>> jvp(lambda x, y: x * y, (3.0, 4.0), (1.0, 0.5))
    (12.0, 5.5)
    """

    def value_and_derivative(f: Function, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
        if len(args) != 2 or not all(type(given) in (tuple, list) for given in args):
            raise TypeError(
                f"{name_of(f)}: jvp takes the tuple of the arguments and the tuple of their directions, "
                f"jvp(f)((x,), (dx,)), not {', '.join(map(shown, args))}"
            )
        primals, tangents = map(tuple, args)
        if isinstance(f, Wrapped) and f.linear_maps is not None:
            return f.linear_maps.jvp(primals, tangents, kwargs, has_aux)
        direction = directions(Structure(primals, "primals"), tangents, "the direction")
        call = Call(f, None, primals, kwargs, has_aux=has_aux)
        derivatives = call.structure.put_together(call.directional(direction))
        return (call.value, derivatives, call.aux) if has_aux else (call.value, derivatives)

    derived = Derived.of(value_and_derivative, jvp, f, has_aux=has_aux)
    return derived if primals is None and tangents is None else derived(primals, tangents)


@advised
def linearize(f: Function, *primals: Any, has_aux: bool = False) -> Any:
    """Return the value of `f`, and the linear function that is its derivative there.

    Args:
        f: a function that returns a number, an array, or a structure of these.
        primals: its arguments. Without any, `linearize(f)` is a function of them.
        has_aux: as for `grad`.

    Returns:
        The pair of the value and a function. That takes a direction: as many tangents as there are arguments,
        each in the structure of its argument, with None for what is no number; it returns the derivative in
        the structure of the value. It may be called many times, a forward sweep each, where `jvp` would call
        `f` anew. With `has_aux` a third part follows: what `f` returned second.

    Raises:
        TypeError: as for `jvp`.

    Of a compiled function it is that function's method `linearize`, which runs programs.

    >>> value, push_forward = linearize(lambda x, y: x * y, 3.0, 4.0)
    >>> value, push_forward(1.0, 0.5), push_forward(0.0, 2.0)
    (12.0, 5.5, 6.0)
    """

    def value_and_push_forward(f: Function, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
        if isinstance(f, Wrapped) and f.linear_maps is not None:
            return f.linear_maps.linearize(args, kwargs, has_aux)
        structure = Structure(args, "primals")
        call = Call(f, None, args, kwargs, has_aux=has_aux)

        def push_forward(*tangents: Any) -> Any:
            direction = directions(structure, tangents, "the direction")
            return call.structure.put_together(call.directional(direction))

        return (call.value, push_forward, call.aux) if has_aux else (call.value, push_forward)

    derived = Derived.of(value_and_push_forward, linearize, f, has_aux=has_aux)
    return derived(*primals) if primals else derived
