"""Functions of arrays that carry gradients back by a function of the user's, as in JAX."""

from __future__ import annotations

from inspect import Signature, signature
from typing import TYPE_CHECKING, Any

from ..engine import Value
from ..support.messages import name_of, shown
from .kept_arrays import KeptArrays
from .maps import ArgumentMap, Form, Map, NumericMap, apply_map, plain_number
from .trees import Structure, is_array, is_number, kind_of
from .wrapped import Function, Wrapped, checked_argnums

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .local_derivatives import Number
    from .wrapped import Argnums


def custom_vjp(f: Function | None = None, nondiff_argnums: Argnums = ()) -> Any:
    """Return a function that carries gradients back as its `defvjp` is told, as in JAX.

    No Jacobian is formed: however many numbers the function takes and gives, a reverse sweep calls the
    backward function once. Both functions are called with plain numbers and arrays of float64; for a
    derivative of that derivative they are called with Values too, and must be written with `autograd.math`,
    arithmetic and NumPy's functions on arrays, or with functions that have a rule of their own.

    Args:
        f: a function of any structures of numbers and arrays, which returns such. Left out, `custom_vjp` is a
            decorator.
        nondiff_argnums: positions of arguments that are not differentiated by, such as functions; Values in
            them are an error.

    Returns:
        The function, with a method `defvjp(fwd, bwd)`. `fwd` takes the arguments of `f` and returns the pair
        of its result and of residuals, which are anything. `bwd` takes the arguments of `nondiff_argnums`,
        the residuals, and gradients in the structure of the result. It returns the tuple of gradients with
        respect to the other arguments, each in the structure of that, or None where it is 0.

    Raises:
        TypeError: when called, if a Value has no way back: it is in an argument of `nondiff_argnums`, or the
            functions use one that is no argument. When a derivative is taken, if `bwd` returned something
            else, or if it is taken forward (`jvp`, `derivative`), for which there is no rule.

    >>> from autograd import grad
    >>> @custom_vjp
    ... def clipped(x, limit):
    ...     return x
    >>> clipped.defvjp(lambda x, limit: (x, limit), lambda limit, g: (max(-limit, min(limit, g)), None))
    >>> grad(lambda x: 100.0 * clipped(x, 1.0))(3.0)
    1.0
    """
    positions = (
        () if isinstance(nondiff_argnums, tuple) and not nondiff_argnums
        else checked_argnums("custom_vjp", nondiff_argnums)
    )  # fmt: skip
    numbers: tuple[int, ...] = (positions,) if isinstance(positions, int) else tuple(positions)  # type: ignore[arg-type]
    if f is None:
        return lambda f: VjpFunction(f, numbers)
    return VjpFunction(f, numbers)


class VjpFunction(Wrapped):
    """A function that carries gradients back by another."""

    def __init__(self, f: Function, nondiff_argnums: tuple[int, ...]) -> None:
        if not callable(f):
            raise TypeError(f"custom_vjp decorates a function, not {shown(f)}")
        super().__init__(f)
        self._f = f
        self._nondiff_argnums = nondiff_argnums
        self.forward: Function | None = None
        self.backward: Function | None = None
        self._signature: Signature | None = _signature_of(f)

    def defvjp(self, fwd: Function, bwd: Function) -> None:
        """Say how gradients are carried back.

        Args:
            fwd: takes the arguments, and returns the pair of the result and of residuals.
            bwd: takes the arguments that are not differentiated by, the residuals and gradients with respect
                to the result; returns the tuple of those with respect to the other arguments.

        Raises:
            TypeError: one of them is no function.
        """
        for name, given in (("fwd", fwd), ("bwd", bwd)):
            if not callable(given):
                raise TypeError(f"{name_of(self)}.defvjp(fwd, bwd): {name} is a function, not {shown(given)}")
        self.forward, self.backward = fwd, bwd

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if self.forward is None:
            raise AttributeError(
                f"{name_of(self)} has no rule yet; give it one with {name_of(self)}.defvjp(fwd, bwd)"
            )
        args = self._positional(args, kwargs)
        fixed = self.fixed(len(args))
        for i in fixed:
            if Structure(args[i], values_only=True).leaves:
                raise TypeError(
                    f"{name_of(self)}: argument {i} is one of nondiff_argnums and holds a Value, whose "
                    "derivative would be lost; leave it out of nondiff_argnums"
                )
        structure = Structure(args, values_only=True)
        if not structure.leaves:
            return self._f(*args)
        point = structure.put_together(map(_placeholder, structure.numbers), others=True)
        call = VjpMap(self, Form(point, True), len(structure.numbers), fixed)
        out = apply_map(call, structure.numbers)
        assert call.form is not None
        return call.form(out)

    def fixed(self, count: int) -> list[int]:
        """Return which of so many arguments are not differentiated by.

        Raises:
            TypeError: there are fewer.
        """
        for i in self._nondiff_argnums:
            if not -count <= i < count:
                raise TypeError(
                    f"{name_of(self)} was called with {count} arguments, of which nondiff_argnums="
                    f"{self._nondiff_argnums!r} names another"
                )
        return sorted({i % count for i in self._nondiff_argnums})

    def _positional(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, ...]:
        """Return all arguments by position, with defaults, as `fwd` and `bwd` have them."""
        if self._signature is not None:
            bound = self._signature.bind(*args, **kwargs)
            bound.apply_defaults()
            args, kwargs = bound.args, bound.kwargs
        if kwargs:
            raise TypeError(
                f"{name_of(self)}: {', '.join(kwargs)} can be given by keyword only, and functions of "
                "custom_vjp take arguments by position"
            )
        return args

    def __repr__(self) -> str:
        return f"<{name_of(self)} with a custom vjp>"

    def _made_by(self) -> tuple[Any, ...]:
        return _made, (self._f, self._nondiff_argnums, self.forward, self.backward)


def _made(f: Function, nondiff_argnums: tuple[int, ...], forward: Any, backward: Any) -> VjpFunction:
    function = VjpFunction(f, nondiff_argnums)
    function.forward, function.backward = forward, backward
    return function


def _signature_of(f: Function) -> Signature | None:
    """Return the signature of a function; None where it is not known."""
    try:
        return signature(f)
    except (TypeError, ValueError):  # as of builtins
        return None


def _placeholder(x: Number) -> Number:
    return Value(x._number) if isinstance(x, Value) else x


# The maps


class VjpMap(ArgumentMap):
    """A function with a rule as a map of the numbers in its arguments.

    Args:
        function: the function.
        arguments: its arguments, into which numbers are put.
        inputs: how many numbers.
        fixed: which of the arguments are not differentiated by.
    """

    function: VjpFunction

    def __init__(self, function: VjpFunction, arguments: Form, inputs: int, fixed: Sequence[int]) -> None:
        super().__init__(function, arguments, inputs)
        self._fixed = fixed
        self._kept: KeptArrays | None = None

    def __call__(self, numbers: Sequence[float]) -> list[float]:
        return self.numbers_of(self.function._f(*self.arguments(numbers)), name_of(self.function))

    def remembering(self, numbers: Sequence[float]) -> tuple[list[float], Any]:
        out, residuals = self.forward(numbers)
        if self.is_of_one_call:
            self._kept = KeptArrays((self.arguments.thing, residuals))
        return self.numbers_of(out, f"the forward function of {name_of(self.function)}"), residuals

    def forward(self, numbers: Sequence[Number]) -> tuple[Any, Any]:
        """Return the result and the residuals, for floats and Values."""
        assert self.function.forward is not None
        pair = self.function.forward(*self.arguments(numbers))
        if not (isinstance(pair, (tuple, list)) and len(pair) == 2):
            raise TypeError(
                f"the forward function of {name_of(self.function)} must return the pair of its result and of "
                f"residuals, not {shown(pair)}"
            )
        return pair[0], pair[1]

    def pull_back(self, numbers: Sequence[float], gradients: Sequence[float], memory: Any) -> list[float]:
        self.check_kept()
        name = f"the backward function of {name_of(self.function)}"
        return [plain_number(x, name) for x in self.backward(memory, gradients)]

    def check_kept(self) -> None:
        """Check that the arrays of the call are as they were then.

        Raises:
            RuntimeError: one was changed in place.
        """
        if self._kept is not None:
            self._kept.check(name_of(self.function))

    def backward(self, residuals: Any, gradients: Sequence[Number]) -> list[Number]:
        """Return the gradients with respect to the numbers, as floats or Values."""
        assert self.function.backward is not None
        assert self.form is not None
        args = self.arguments.structure.with_leaves(self._leaves(), others=True)
        given = [args[i] for i in self._fixed]
        answer = self.function.backward(*given, residuals, self.form(gradients))
        by = [x for i, x in enumerate(args) if i not in self._fixed]
        name = f"the backward function of {name_of(self.function)}"
        if not isinstance(answer, (tuple, list)) or len(answer) != len(by):
            raise TypeError(
                f"{name} must return a tuple of {len(by)}, a gradient for each argument that is "
                f"differentiated by, not {shown(answer)}"
            )
        return [
            x for i, (a, b) in enumerate(zip(by, answer, strict=True)) for x in _matched(a, b, name, f"[{i}]")
        ]

    def _leaves(self) -> Iterator[Any]:
        structure = self.arguments.structure
        return iter(_Leaf(leaf.shape, len(leaf.numbers)) for leaf in structure.leaves)

    def pulled(self) -> Map:
        return PulledVjp(self)

    def pushed(self) -> Map:
        raise TypeError(
            f"{self.name} has a rule that carries gradients back (custom_vjp), and none to differentiate "
            "forward: jvp and derivative cannot go through it; use grad, jacobian or vjp"
        )


class PulledVjp(NumericMap):
    """What carries gradients back: a map of the numbers in the arguments and of gradients of the result."""

    def __init__(self, of: VjpMap) -> None:
        super().__init__(f"the backward function of {of.name}", of.inputs + of.results, of.inputs)
        self._of = of

    def of_numbers(self, numbers: list[Number]) -> Sequence[Number]:
        self._of.check_kept()
        count = self._of.inputs
        return self._of.backward(self._of.forward(numbers[:count])[1], numbers[count:])


class _Leaf:
    """The place of a number, or of an array of numbers, in an argument."""

    def __init__(self, shape: tuple[int, ...] | None, size: int) -> None:
        self.shape = shape
        self.size = size


def _matched(argument: Any, answer: Any, name: str, path: str) -> list[Number]:
    """Return the numbers of a gradient, as many as the argument has in the places of leaves.

    Args:
        argument: the argument, with a _Leaf in the place of each number or array that is differentiated by.
        answer: what should be a gradient with respect to it.
        name: what returned that.
        path: where it stands.
    """
    if isinstance(argument, _Leaf):
        return _numbers(argument, answer, name, path)
    kind = kind_of(argument)
    if kind is None:
        return []
    items = [*kind.items(argument)]
    if answer is None:
        return [x for key, part in items for x in _matched(part, None, name, path + kind.place(key))]
    its = kind_of(answer)
    found = dict(its.items(answer)) if its is not None else {}
    result: list[Number] = []
    for key, part in items:
        where = path + kind.place(key)
        if key in found:
            result += _matched(part, found[key], name, where)
        elif _has_leaves(part):
            raise TypeError(f"{name} must return a gradient at {where}, but there is nothing")
    return result


def _has_leaves(argument: Any) -> bool:
    kind = kind_of(argument)
    return isinstance(argument, _Leaf) or (
        kind is not None and any(_has_leaves(part) for _, part in kind.items(argument))
    )


def _numbers(leaf: _Leaf, answer: Any, name: str, path: str) -> list[Number]:
    if answer is None:
        return [0.0] * leaf.size
    shape = answer.shape if is_array(answer) else () if is_number(answer) else None
    if shape != (leaf.shape or ()):
        needed = f"an array of shape {leaf.shape}" if leaf.shape else "a number"
        got = f"an array of shape {shape}" if shape else "a number" if shape == () else shown(answer)
        raise TypeError(f"{name} must return {needed} at {path}, not {got}")
    return Structure(answer, f"what {name} returned at {path}").numbers
