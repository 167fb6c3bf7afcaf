"""Derivatives under the names, and with the arguments and results, that they have in HIPS autograd.

They are thin: each is one `Call`, or another transformation with its arguments in another order. `argnum` is
that library's, a whole number or a sequence of them; `grad`, `jacobian` and `hessian`, which stand elsewhere,
take it as their second argument too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..support.messages import name_of, shown
from ..support.slips import advised
from .calls import Call
from .directions import direction_for, pull_back_of
from .transforms import grad, hvp, jacobian
from .trees import Structure
from .wrapped import Derived

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from inspect import BoundArguments

    from .wrapped import Argnums, Function


@advised
def elementwise_grad(fun: Function, argnum: Argnums = 0) -> Function:
    """Return a function that gives the derivatives of the sum of all that `fun` returns, from one sweep.

    Where each number of the result depends on the number at its place in the argument alone, as in
    `elementwise_grad(np.tanh)(x)`, these are the derivatives of each by its own; elsewhere they are sums over
    the rows of the Jacobian.

    Args:
        fun: a function that returns a number, an array, or a structure of these.
        argnum: which positional argument to differentiate by, or a sequence of them.

    Returns:
        A function that returns derivatives in the structure of the argument; a tuple of such if `argnum` is a
        sequence.

    Raises:
        TypeError: as for `jacobian`.

    >>> elementwise_grad(lambda xs: [x**3 for x in xs])([1.0, 2.0])
    [3.0, 12.0]
    """

    def sums(f: Function, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
        call = Call(f, argnum, args, kwargs)
        return call.in_form([call.gradients([1.0] * len(call.results))])

    return Derived.of(sums, elementwise_grad, fun, argnum=argnum)


@advised
def deriv(fun: Function, argnum: Argnums = 0) -> Function:
    """Return a function that gives the derivatives of `fun` in the direction of ones, from one forward sweep.

    For a function of one number that is its derivative; for an elementwise one, that of each element.

    Args:
        fun: as for `elementwise_grad`.
        argnum: as for `elementwise_grad`.

    Returns:
        A function that returns derivatives in the structure of the result.

    Raises:
        TypeError: as for `jacobian`.

    >>> deriv(lambda t: [t**2, t**3])(2.0)
    [4.0, 12.0]
    """

    def along_ones(f: Function, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
        call = Call(f, argnum, args, kwargs)
        return call.structure.put_together(call.directional([1.0] * call.width))

    return Derived.of(along_ones, deriv, fun, argnum=argnum)


@advised
def make_vjp(fun: Function, argnum: Argnums = 0) -> Function:
    """Return a function that gives what carries a gradient back through `fun`, and the value of `fun`.

    Args:
        fun: as for `elementwise_grad`.
        argnum: as for `elementwise_grad`.

    Returns:
        A function of the arguments of `fun` that returns a pair: a function, and the value. That function
        takes a gradient with respect to the value, in its structure, and returns the one with respect to the
        argument; it may be called many times, a reverse sweep each. `vjp` returns them the other way
        round, the gradients in a tuple.

    Raises:
        TypeError: as for `jacobian`, or if the gradient has another structure than the value.

    >>> pull_back, value = make_vjp(lambda x: [x[0] * x[1], x[0]])([3.0, 4.0])
    >>> value, pull_back([1.0, 0.0])
    ([12.0, 3.0], [4.0, 3.0])
    """

    def pull_back_and_value(f: Function, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
        call = Call(f, argnum, args, kwargs)
        return pull_back_of(f, call), call.value

    return Derived.of(pull_back_and_value, make_vjp, fun, argnum=argnum)


@advised
def make_jvp(fun: Function, argnum: Argnums = 0) -> Function:
    """Return a function that gives what carries a direction forward through `fun`.

    Args:
        fun: as for `elementwise_grad`.
        argnum: as for `elementwise_grad`.

    Returns:
        A function of the arguments of `fun` that returns a function. That takes a direction, in the structure
        of the argument, and returns the pair of the value of `fun` and its derivative in that direction; it
        may be called many times, a forward sweep each.

    Raises:
        TypeError: as for `jacobian`, or if the direction has another structure than the argument.

    >>> push_forward = make_jvp(lambda x, y: x * y, argnum=(0, 1))(3.0, 4.0)
    >>> push_forward((1.0, 0.5))
    (12.0, 5.5)
    """

    def pushing_forward(f: Function, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
        return _push_forward(f, argnum, args, kwargs)

    return Derived.of(pushing_forward, make_jvp, fun, argnum=argnum)


@advised
def make_jvp_reversemode(fun: Function, argnum: Argnums = 0) -> Function:
    """Return what `make_jvp` does, whose function gives the derivative in a direction without the value.

    The name says how HIPS autograd comes by it; here it is a forward sweep as that of `make_jvp` is.

    >>> make_jvp_reversemode(lambda x: x**3)(2.0)(1.0)
    12.0
    """

    def pushing_forward(f: Function, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
        push_forward = _push_forward(f, argnum, args, kwargs)
        return lambda direction: push_forward(direction)[1]

    return Derived.of(pushing_forward, make_jvp_reversemode, fun, argnum=argnum)


@advised
def make_hvp(fun: Function, argnum: Argnums = 0) -> Function:
    """Return a function that gives what multiplies vectors by the Hessian of `fun`, and the gradient.

    Args:
        fun: a function that returns a real number.
        argnum: as for `elementwise_grad`.

    Returns:
        A function of the arguments of `fun` that returns a pair: a function, and the gradient. That function
        takes a vector, in the structure of the argument, and returns the product in that structure; it may
        be called many times, a reverse sweep each, over a gradient that is recorded once. For one
        product there is `hvp`.

    Raises:
        TypeError: as for `grad`, or if the vector has another structure than the argument.

    >>> product, gradient = make_hvp(lambda v: v[0] ** 2 * v[1])([3.0, 4.0])
    >>> gradient, product([1.0, 0.0])
    ([24.0, 9.0], [8.0, 6.0])
    """

    def product_and_gradient(f: Function, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
        return make_vjp(grad(f, argnum), argnum)(*args, **kwargs)

    return Derived.of(product_and_gradient, make_hvp, fun, argnum=argnum)


@advised
def hessian_tensor_product(fun: Function, argnum: Argnums = 0) -> Function:
    """Return a function that gives the product of the Hessian of `fun` and a vector, its last argument.

    It is `hvp`, for which the vector stands after the argument that is differentiated by.

    >>> hessian_vector_product(lambda x, scale: scale * x**3)(2.0, 10.0, 1.0)
    120.0
    """

    def product(f: Function, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
        *others, vector = _with_last(f, args, "hessian_tensor_product")
        return hvp(f, argnum)(*others, vector=vector, **kwargs)

    return Derived.of(product, hessian_tensor_product, fun, argnum=argnum)


hessian_vector_product = hessian_tensor_product


@advised
def tensor_jacobian_product(fun: Function, argnum: Argnums = 0) -> Function:
    """Return a function that gives the product of an array, its last argument, and the Jacobian of `fun`.

    Args:
        fun: a function that returns an array, or a number.
        argnum: as for `elementwise_grad`.

    Returns:
        A function of the arguments of `fun` and of an array, whose axes are summed over with the first ones
        of the result; it returns an array of the axes that are left of the result, and those of the argument.

    Raises:
        TypeError: as for `jacobian`.

    >>> import numpy as np
    >>> vector_jacobian_product(lambda x: x**2)(np.array([1.0, 2.0]), np.array([10.0, 1.0]))
    array([20.,  4.])
    """

    def product(f: Function, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
        import numpy as np

        *others, tensor = _with_last(f, args, "tensor_jacobian_product")

        def contracted(*args: Any, **kwargs: Any) -> Any:
            return np.tensordot(tensor, f(*args, **kwargs), axes=np.ndim(tensor))

        return jacobian(contracted, argnum)(*others, **kwargs)

    return Derived.of(product, tensor_jacobian_product, fun, argnum=argnum)


vector_jacobian_product = tensor_jacobian_product


@advised
def make_ggnvp(f: Function, g: Function | None = None, f_argnum: Argnums = 0) -> Function:
    """Return a function that gives what multiplies vectors by the generalised Gauss-Newton matrix.

    That is J' H J of the function g(f(x)), with the Jacobian J of f and the Hessian H of g: what is left of
    its Hessian where that of f is left out (Schraudolph, Neural Computation 14, 2002).

    Args:
        f: a function that returns a number, an array, or a structure of these.
        g: a function of that, which returns a number; None for half the sum of squares, whose H is 1.
        f_argnum: as `argnum` for `elementwise_grad`.

    Returns:
        A function of the arguments of `f` that returns a function. That takes a vector, in the structure of
        the argument, and returns the product in that structure.

    Raises:
        TypeError: as for `jacobian`, or if the vector has another structure than the argument.

    >>> make_ggnvp(lambda x: [x[0] * x[1], x[0]])([3.0, 4.0])([1.0, 0.0])
    [17.0, 12.0]
    """

    def multiplying(f: Function, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
        call = Call(f, f_argnum, args, kwargs)
        curvature = None if g is None else make_hvp(g)(call.value)[0]

        def product(vector: Any) -> Any:
            along = call.directional(direction_for(f, f_argnum, args, vector, "the vector"))
            if curvature is not None:
                along = Structure(curvature(call.structure.put_together(along))).numbers
            return call.in_form([call.gradients(along)])

        return product

    return Derived.of(multiplying, make_ggnvp, f, g=g, f_argnum=f_argnum)


@advised
def grad_and_aux(fun: Function, argnum: Argnums = 0) -> Function:
    """Return a function that gives the gradient of the first of two results of `fun`, and the second.

    It is `grad(fun, argnum, has_aux=True)`.

    >>> grad_and_aux(lambda x: (x * x, "squared"))(3.0)
    (6.0, 'squared')
    """
    return grad(fun, argnum, has_aux=True)


@advised
def grad_named(fun: Function, argname: str) -> Function:
    """Return a function that gives the gradient of `fun` by the positional argument of that name.

    Raises:
        ValueError: `fun` has none of that name.

    >>> grad_named(lambda width, height: width * height, "height")(3.0, 4.0)
    3.0
    """
    from inspect import signature

    names = [x.name for x in signature(fun).parameters.values() if x.kind in (0, 1)]
    if argname not in names:
        raise ValueError(f"{name_of(fun)} has no positional argument {argname!r}; it has {', '.join(names)}")
    return grad(fun, names.index(argname))


@advised
def multigrad_dict(fun: Function) -> Function:
    """Return a function that gives the gradient of `fun` by each of its arguments, in a dict by their names.

    Returns:
        A function that returns a dict in the order of the parameters. What stands for `*args` is a tuple,
        what stands for `**kwargs` a dict; defaults are differentiated by too. What is no number has None.

    Raises:
        TypeError: as for `grad`.

    >>> multigrad_dict(lambda x, y=2.0: x * y**3)(3.0)
    {'x': 8.0, 'y': 36.0}
    """
    from inspect import signature

    def by_name(f: Function, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
        bound = signature(f).bind(*args, **kwargs)
        bound.apply_defaults()
        return grad(_of_bound(f, bound))(dict(bound.arguments))

    return Derived.of(by_name, multigrad_dict, fun)


def _of_bound(f: Function, bound: BoundArguments) -> Function:
    """Return a function that calls f with all its arguments given by one dict."""

    def called(arguments: dict[str, Any]) -> Any:
        bound.arguments = arguments
        return f(*bound.args, **bound.kwargs)

    called.__qualname__ = name_of(f)
    return called


def _push_forward(
    f: Function, argnum: Argnums, args: tuple[Any, ...], kwargs: Mapping[str, Any]
) -> Callable[[Any], tuple[Any, Any]]:
    call = Call(f, argnum, args, kwargs)

    def push_forward(direction: Any) -> tuple[Any, Any]:
        numbers = direction_for(f, argnum, args, direction)
        return call.value, call.structure.put_together(call.directional(numbers))

    return push_forward


def _with_last(f: Function, args: tuple[Any, ...], name: str) -> tuple[Any, ...]:
    if len(args) < 2:
        raise TypeError(
            f"{name_of(f)}: {name} takes the arguments of the function and, last, what to multiply with, "
            f"not {', '.join(map(shown, args)) or 'nothing'}"
        )
    return args
