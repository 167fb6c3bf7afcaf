"""Derivatives that the user gives: primitives of one's own, and functions from elsewhere.

A **primitive** of one or two numbers is an entry in the table of rules, made with `ops.unary` or `ops.binary`
in one's own module exactly as in `ops`: the value on floats, and each derivative as an expression in the
operands and the result. It has derivatives of all orders, takes arrays, and can be drawn.

>>> from autograd import check_primitive, derivative, ops
>>> cauchy = ops.unary(
...     "cauchy", lambda x: 1.0 / (1.0 + x * x), lambda x, out: -2.0 * x * out * out, "Return 1 / (1 + x**2)."
... )
>>> check_primitive(cauchy)
>>> derivative(cauchy, order=2)(0.0)
-2.0

`custom_gradient` is for everything else: functions of many numbers or of arrays, from a library in C, or with
a derivative that is better known than recorded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..engine import Value, data_of
from ..engine.node import cut_off
from ..engine.recording import recording, repeats_calls
from ..support.messages import name_of, shown
from .custom_calls import CustomCall, chain_of
from .gradient_maps import GradientMap
from .kept_arrays import KeptArrays
from .maps import Form, apart, apply_map
from .trees import Structure
from .vectorized import checked_flag
from .wrapped import Function, Wrapped

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from .local_derivatives import Number


def custom_gradient(gradient: Function, *, vectorized: bool = False) -> Callable[[Function], Function]:
    """Return a decorator that gives a function its derivative.

    The function is called with plain numbers only, whatever it is called with: so it may be anything that
    takes numbers. What it returns for Values are Values. All Values that it depends on must be arguments: of
    another one, out of a closure, a global or an attribute, the gradient would be lost, so that is an error.
    Of a constant take the number, `.data`.

    Args:
        gradient: a function of the same arguments that returns the derivative in the structure of the
            argument, or for several arguments the tuple of these; of a function that returns more than a
            number, in the form that `jacobian` has. It is called with plain numbers too, and with Values
            for a second derivative: for that it must be written with `autograd.math` and arithmetic, or
            have a `custom_gradient` itself. It may call the function, and differentiate other functions.
        vectorized: whether both take many points at once: in a compiled batch they are called once then, with
            an array for each number, and with one that has an axis of points before its own for each array.

    Returns:
        A decorator. Arguments by keyword are handed on to both functions; they cannot be Values.

    Raises:
        TypeError: when called, if there is a Value in an argument by keyword, if the function or the gradient
            uses a Value that is no argument, or returned something else than numbers of the right structure.

    >>> from math import erf
    >>> from autograd import grad, math
    >>> @custom_gradient(lambda x: 2.0 / math.sqrt(math.pi) * math.exp(-x * x))
    ... def error_function(x):
    ...     return erf(x)
    >>> error_function(0.0), grad(error_function)(0.0), grad(grad(error_function))(0.0)
    (0.0, 1.1283791670955126, 0.0)

    A function that solves an equation has the derivative that the implicit function theorem gives, of any
    order. Here v is the solution of v**3 + v = s, however it is found:

    >>> from autograd import derivative
    >>> @custom_gradient(lambda s: 1.0 / derivative(lambda v: v**3 + v)(solution(s)))
    ... def solution(s):
    ...     v = 1.0
    ...     while abs(v**3 + v - s) > 1e-14:
    ...         v -= (v**3 + v - s) / (3.0 * v**2 + 1.0)
    ...     return v
    >>> [derivative(solution, order)(2.0) for order in (0, 1, 2)]
    [1.0, 0.25, -0.09375]
    """
    if not callable(gradient):
        raise TypeError(
            f"custom_gradient takes the function that gives the derivative, not {shown(gradient)}; write "
            "f = custom_gradient(gradient)(f)"
        )
    many = checked_flag(vectorized)
    return lambda f: CustomFunction(f, gradient, many)


class CustomFunction(Wrapped):
    """A function whose derivative is given by another."""

    def __init__(self, f: Function, gradient: Function, vectorized: bool = False) -> None:
        if not callable(f):
            raise TypeError(f"custom_gradient(gradient) decorates a function, not {shown(f)}")
        super().__init__(f)
        self._f = f
        self.gradient = gradient
        self.vectorized = vectorized

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if Structure(kwargs, values_only=True).leaves:
            raise TypeError(
                f"{name_of(self)}: by an argument with a keyword it cannot be differentiated; give Values by "
                "position"
            )
        structure = Structure(args, values_only=True)
        if not structure.leaves:
            return self._f(*args, **kwargs)
        if repeats_calls():
            return self._called_as_a_whole(structure, kwargs)
        with apart():
            out = self._f(*structure.put_together(map(data_of, structure.numbers), others=True), **kwargs)
        results = Structure(out, f"the result of {name_of(self)}")
        if out is None or results.others:
            raise TypeError(f"{name_of(self)} must return numbers to be differentiated, not {shown(out)}")
        if not recording.get():
            return results.put_together([_cut_off(data_of(x)) for x in results.numbers])
        self._check_numbers(name_of(self), results.numbers)
        point = structure.put_together(map(_detached, structure.numbers), others=True)
        places = Structure(point, values_only=True).numbers  # in an array with a Value all numbers are that
        pairs = zip(structure.numbers, places, strict=True)
        values = [x if isinstance(x, Value) else Value(x) for x, place in pairs if isinstance(place, Value)]
        derivatives: dict[int, Any] = {}
        kept = KeptArrays((point, kwargs))
        nodes = []
        for leaf in results.leaves:
            for i, number in enumerate(leaf.numbers):
                call = CustomCall(self, point, kwargs, (leaf.path, leaf.shape, i), kept)
                partials = call.partials([x.data for x in values], derivatives)
                self._check_numbers(f"the gradient function of {name_of(self)}", partials)
                nodes.append(chain_of(call, data_of(number), values, [float(data_of(x)) for x in partials]))
        return results.put_together(nodes)

    def _called_as_a_whole(self, structure: Structure, kwargs: Mapping[str, Any]) -> Any:
        """Return the result of a call that is to be repeated for other numbers, as a whole."""
        point = structure.put_together(map(_detached, structure.numbers), others=True)
        called = GradientMap(self, Form(point, True), kwargs, len(structure.numbers))
        out = apply_map(called, structure.numbers)
        assert called.form is not None
        return called.form(out)

    def _check_numbers(self, name: str, numbers: Sequence[Number]) -> None:
        """Check that what was called with plain numbers returned such.

        Raises:
            TypeError: it uses a Value from elsewhere.
        """
        for x in numbers:
            if isinstance(x, Value):
                raise TypeError(
                    f"{name} returned a Value, {x.data!r}, for plain numbers, so it uses a Value that is no "
                    "argument, by which the derivative would be lost: make that an argument, with its "
                    "derivative, or take its .data if it is a constant"
                )

    def __repr__(self) -> str:
        return f"<{name_of(self)} with a custom gradient>"

    def _made_by(self) -> tuple[Any, ...]:
        return CustomFunction, (self._f, self.gradient, self.vectorized)


def _cut_off(x: float) -> Value:
    node = Value(x)
    cut_off(node)
    return node


def _detached(x: Number) -> Number:
    return Value(x.data) if isinstance(x, Value) else x
