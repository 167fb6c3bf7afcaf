"""Derivatives of functions: `grad`, `jacobian`, `hessian` and their kin, named and behaving as in JAX.

A transformation calls the function on Values instead of numbers, and sweeps over the graph that this
records. Plain numbers in give plain numbers out. Where an argument is a Value already, or the result
depends on the argument of a transformation around this one, the derivative is recorded and comes as a Value,
so that transformations nest to any depth and see what inner functions take from outside.

>>> grad(lambda x: x**3)(5.0)
75.0
>>> grad(grad(lambda x: x**3))(5.0)
30.0
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..engine import Value, data_of, topological_order
from ..engine.node import check_recorded
from ..engine.recording import is_followed
from ..support import extensions
from ..support.messages import name_of, shown
from ..support.real_numbers import real
from ..support.slips import advised
from .calls import Call
from .directions import apart_from_vector, vector_for
from .sweeps import recorded_reverse_sweep, reverse_sweep
from .taylor_series import checked_order, of_order
from .trees import Structure, is_number
from .wrapped import Argnums, Derived, Function, with_argnum

if TYPE_CHECKING:
    from collections.abc import Mapping


@with_argnum
@advised
def grad(f: Function | None = None, argnums: Argnums = 0, *, has_aux: bool = False) -> Function:
    """Return a function that gives the gradient of `f`.

    Args:
        f: a function that returns a real number, or an array of one. Left out, `grad` is a decorator:
            `@grad(argnums=1)`.
        argnums: which positional argument to differentiate by, or a sequence of them; as in HIPS autograd it
            may be called `argnum` too. Such an argument is
            a number, a NumPy array, or any nesting of lists, tuples, dicts, named tuples and dataclasses
            of these; whatever else stands in it is not differentiated. The other arguments, and those by
            keyword, are handed on as they are.
        has_aux: whether `f` returns a pair, of which the second part is not differentiated.

    Returns:
        A function of the arguments of `f` that returns derivatives in the structure of the argument (an
        array of float64 for an array, None for what is no number), a tuple of them if `argnums` is a
        sequence, and with `has_aux` a pair of that and the second part.

    Raises:
        TypeError: when called, if the argument cannot be differentiated by, or `f` returned no real number.

    >>> grad(lambda x, y: x * y, argnums=(0, 1))(3.0, 4.0)
    (4.0, 3.0)
    >>> grad(lambda point: point["x"] ** 2 + point["y"])({"x": 3.0, "y": 1.0})
    {'x': 6.0, 'y': 1.0}
    """

    def gradient(f: Function, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
        call = Call(f, argnums, args, kwargs, has_aux=has_aux, scalar=True)
        derivatives = call.in_form([call.gradients([1.0])])
        return (derivatives, call.aux) if has_aux else derivatives

    return Derived.of(gradient, grad, f, argnums=argnums, has_aux=has_aux)


@with_argnum
@advised
def value_and_grad(f: Function | None = None, argnums: Argnums = 0, *, has_aux: bool = False) -> Function:
    """Return a function that gives the value of `f` and its gradient, from one evaluation.

    Args:
        f: as for `grad`.
        argnums: as for `grad`.
        has_aux: as for `grad`.

    Returns:
        A function that returns the pair of value and gradient; with `has_aux` the pair
        `((value, aux), gradient)`.

    Raises:
        TypeError: as for `grad`.

    >>> value_and_grad(lambda x: x * x)(3.0)
    (9.0, 6.0)
    """

    def both(f: Function, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
        call = Call(f, argnums, args, kwargs, has_aux=has_aux, scalar=True)
        derivatives = call.in_form([call.gradients([1.0])])
        return ((call.value, call.aux) if has_aux else call.value), derivatives

    return Derived.of(both, value_and_grad, f, argnums=argnums, has_aux=has_aux)


@with_argnum
@advised
def jacobian(
    f: Function | None = None, argnums: Argnums = 0, *, has_aux: bool = False, sparse: bool = False
) -> Function:
    """Return a function that gives all first derivatives of all results of `f`.

    It takes one reverse sweep for each number that `f` returns, over what that number was computed from.

    Args:
        f: a function that returns a number, an array, or a structure of these.
        argnums: as for `grad`.
        has_aux: as for `grad`.
        sparse: whether to return a `scipy.sparse.csr_array`, with an entry for each number of the argument
            that a number of the result was computed from. Both are arrays of one dimension, or lists or
            tuples of numbers; the result may be one number, too.

    Returns:
        A function that returns, in the structure of the result, derivatives in the structure of the
        argument. For an array of shape s with respect to one of shape t it is an array of shape s + t. With
        `sparse` it is a matrix with a row for each number of the result, or a tuple of such.

    Raises:
        TypeError: as for `grad`, or if something in the result is no number; with `sparse`, if argument or
            result are of another form, or the call is inside a function that is differentiated.
        ImportError: SciPy, which `sparse` needs, is not installed.

    >>> jacobian(lambda v: [v[0] * v[1], v[0]])([3.0, 4.0])
    [[4.0, 3.0], [1.0, 0.0]]
    """

    def all_derivatives(f: Function, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
        if sparse:
            return extensions.sparse_derivatives("jacobian", f, argnums, has_aux, args, kwargs)
        call = Call(f, argnums, args, kwargs, has_aux=has_aux)
        rows = iter([call.gradients_of(out) for out in call.results])
        derivatives = call.structure.with_leaves(
            [call.in_form([next(rows) for _ in leaf.numbers], leaf.shape) for leaf in call.structure.leaves]
        )
        return (derivatives, call.aux) if has_aux else derivatives

    return Derived.of(all_derivatives, jacobian, f, argnums=argnums, has_aux=has_aux, sparse=bool(sparse))


@with_argnum
@advised
def hessian(
    f: Function | None = None, argnums: Argnums = 0, *, has_aux: bool = False, sparse: bool = False
) -> Function:
    """Return a function that gives the second derivatives of `f`: the Jacobian of its gradient.

    It records the gradient once and takes one reverse sweep over it for each of the n numbers in the
    argument: O(n) times the cost of a gradient.

    Args:
        f: as for `grad`.
        argnums: as for `grad`.
        has_aux: as for `grad`.
        sparse: whether to return a `scipy.sparse.csr_array`, with an entry for each two numbers of the
            argument that an operation brings together which is not linear in them, computed entry by entry
            in one sweep. The argument is an array of one dimension, or a list or tuple of numbers.

    Returns:
        A function that returns the second derivatives in the structure of the argument within that of the
        argument; an array of shape (n, n) for an array of n numbers. With `sparse` it is a matrix, or a tuple
        of tuples of such.

    Raises:
        TypeError: as for `grad`; with `sparse`, as for `jacobian`.
        ImportError: SciPy, which `sparse` needs, is not installed.

    >>> hessian(lambda v: v[0] ** 2 * v[1])([3.0, 4.0])
    [[8.0, 6.0], [6.0, 0.0]]
    """

    def second_derivatives(f: Function, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
        if sparse:
            return extensions.sparse_derivatives("hessian", f, argnums, has_aux, args, kwargs)
        gradient = grad(f, argnums, has_aux=has_aux)
        return jacobian(gradient, argnums, has_aux=has_aux)(*args, **kwargs)

    return Derived.of(second_derivatives, hessian, f, argnums=argnums, has_aux=has_aux, sparse=bool(sparse))


@advised
def hvp(f: Function | None = None, argnums: Argnums = 0) -> Function:
    """Return a function that gives the product of the Hessian of `f` and a vector.

    It records the gradient once and takes one reverse sweep over it, whatever the size of the argument.

    Args:
        f: as for `grad`.
        argnums: as for `grad`.

    Returns:
        A function of the arguments of `f` and of the vector: numbers in the structure of the argument (a
        tuple of such if `argnums` is a sequence). The vector stands right after the last argument that is
        differentiated by, as in `hessp(x, p, *args)` of `scipy.optimize.minimize`; or it is given by the
        keyword `vector`, which `f` then does not get. The function returns derivatives in that structure.

    Raises:
        TypeError: as for `grad`, or if there is no vector or it has another structure than the argument.

    >>> hvp(lambda v: v[0] ** 2 * v[1])([3.0, 4.0], [1.0, 0.0])
    [8.0, 6.0]
    >>> f = lambda x, scale: scale * x**3
    >>> hvp(f)(2.0, 1.0, 10.0), hvp(f)(2.0, 10.0, vector=1.0)
    (120.0, 120.0)
    """

    def product(f: Function, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
        args, others, vector = apart_from_vector(f, argnums, args, kwargs)
        numbers = vector_for(f, argnums, args, vector)
        call = Call(grad(f, argnums), argnums, args, others)
        return call.in_form([call.gradients(numbers)])

    return Derived.of(product, hvp, f, argnums=argnums)


@advised
def derivative(f: Function | None = None, order: int = 1) -> Function:
    """Return the derivative, of any order, of a function of one number.

    Args:
        f: a function of a number; what it returns may be a number, an array, or a structure of these.
            It may have further arguments, which are handed on as they are.
        order: how many times to differentiate, 0 or more. It takes a time that grows as the square of it.
            For all derivatives up to an order there is `taylor`.

    Returns:
        A function that returns the derivative in the structure of what `f` returns.

    Raises:
        TypeError: `order` is no whole number; or, when called, the argument is no number.
        ValueError: `order` is negative.

    >>> derivative(lambda t: [t**3, t], order=2)(2.0)
    [12.0, 0.0]
    """
    order = checked_order(order)

    def differentiated(f: Function, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
        if order == 0:
            return f(*args, **kwargs)
        if args and not is_number(args[0]):
            raise TypeError(
                f"{name_of(f)}: derivative takes a function of one number, not of {shown(args[0])}; for many "
                "numbers there are grad and jacobian, for many points a loop"
            )
        return of_order(f, args, kwargs, order)

    return Derived.of(differentiated, derivative, f, order=order)


@advised
def gradients(y: Value, xs: Any, *, gradient: Value | float = 1.0, create_graph: bool = False) -> Any:
    """Return the derivatives of a Value with respect to others, leaving every `grad` as it is.

    Args:
        y: what is differentiated.
        xs: what it is differentiated by, leaves or inner nodes: a Value, or a structure of them.
        gradient: the derivative, with respect to `y`, of what is differentiated; 1 for `y` itself.
        create_graph: whether the derivatives are Values that can be differentiated in turn.

    Returns:
        Derivatives in the structure of `xs`: floats, or Values with `create_graph`. They are 0 where `y`
        does not depend on `x`.

    Raises:
        TypeError: `y` is no Value, `xs` holds other things than Values, or `gradient` is no real number.
        RuntimeError: `y` was computed inside `no_grad()`; or with `create_graph`, `.data` of an operand was
            changed since `y` was computed.

    >>> x = Value(3.0)
    >>> (slope,) = gradients(x**3, [x], create_graph=True)
    >>> gradients(slope, x)
    18.0
    """
    if not isinstance(y, Value):
        raise TypeError(f"gradients() differentiates a Value, not {shown(y)}; for functions there is grad()")
    structure = Structure(xs, "xs")
    inputs = [x for x in structure.numbers if isinstance(x, Value)]
    others = xs is None or any(other is not None for other in structure.others)
    if others or len(inputs) != len(structure.numbers):
        raise TypeError(
            f"xs is a Value or a structure of Values, by which y is differentiated, not {shown(xs)}"
        )
    seed = gradient if isinstance(gradient, Value) else real(gradient)
    order = topological_order(y, reverse=True)
    if not any(x is y for x in inputs):
        check_recorded(y, "gradients()")
    if is_followed() and not create_graph:  # a number to those who compute on, and computed for other numbers
        derivatives = recorded_reverse_sweep(order, {y: seed}, inputs)
        return structure.put_together([x.detach() for x in derivatives])
    if create_graph:
        return structure.put_together(recorded_reverse_sweep(order, {y: seed}, inputs))
    return structure.put_together(reverse_sweep(order, {y: data_of(seed)}, inputs))
