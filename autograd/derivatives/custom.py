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

from ..engine import Value, data_of, new_node
from ..engine.node import cut_off
from ..engine.operation import Op
from ..engine.recording import differentiating, entered, is_followed, recording
from ..support.messages import name_of, shown
from ..support.real_numbers import nan
from .local_derivatives import changed
from .maps import ArgumentMap, Form, Map, NumericMap, apart, apply_map
from .trees import Leaf, Structure
from .wrapped import Function, Wrapped

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from .local_derivatives import Number


def custom_gradient(gradient: Function) -> Callable[[Function], Function]:
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
    return lambda f: CustomFunction(f, gradient)


class CustomFunction(Wrapped):
    """A function whose derivative is given by another."""

    def __init__(self, f: Function, gradient: Function) -> None:
        if not callable(f):
            raise TypeError(f"custom_gradient(gradient) decorates a function, not {shown(f)}")
        super().__init__(f)
        self._f = f
        self.gradient = gradient

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if Structure(kwargs, values_only=True).leaves:
            raise TypeError(
                f"{name_of(self)}: by an argument with a keyword it cannot be differentiated; give Values by "
                "position"
            )
        structure = Structure(args, values_only=True)
        if not structure.leaves:
            return self._f(*args, **kwargs)
        if is_followed():
            return self._called_as_a_whole(structure, kwargs)
        with apart():
            out = self._f(*structure.put_together(map(data_of, structure.numbers), others=True), **kwargs)
        results = Structure(out, f"the result of {name_of(self)}")
        if out is None or results.others:
            raise TypeError(f"{name_of(self)} must return numbers to be differentiated, not {shown(out)}")
        if not recording.get():
            return results.put_together([_cut_off(data_of(x)) for x in results.numbers])
        self._check_numbers(name_of(self), results.numbers)
        values = [x for x in structure.numbers if isinstance(x, Value)]
        point = structure.put_together(map(_detached, structure.numbers), others=True)
        derivatives: dict[int, Any] = {}
        nodes = []
        for leaf in results.leaves:
            for i, number in enumerate(leaf.numbers):
                call = CustomCall(self, point, kwargs, (leaf.path, leaf.shape, i))
                partials = call.partials([x.data for x in values], derivatives)
                self._check_numbers(f"the gradient function of {name_of(self)}", partials)
                nodes.append(_chain(call, data_of(number), values, [float(data_of(x)) for x in partials]))
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
        return CustomFunction, (self._f, self.gradient)


class CustomCall:
    """A call of a custom function, as a node that is one of its results remembers it.

    It has no operands, for those are the node's; so graphs are copied and pickled like any other.
    """

    exact = False
    """Whether a derivative has the same last digit as a number and as a Value. Of matrices it has not: NumPy
    adds up the products of floats in an order of its own."""

    def __init__(
        self,
        function: CustomFunction,
        point: tuple[Any, ...],
        kwargs: Mapping[str, Any],
        result: tuple[str, tuple[int, ...] | None, int],
    ) -> None:
        """Describe a call.

        Args:
            function: what was called.
            point: its arguments, with a leaf in the place of each Value.
            kwargs: its arguments by keyword.
            result: which of the results: the path and shape of the leaf, and the place in it.
        """
        self.function = function
        self._point = point
        self._kwargs = kwargs
        self._result = result

    def partials(self, values: Sequence[Number], derivatives: dict[int, Any]) -> list[Number]:
        """Return the derivative of this result with respect to each Value among the arguments.

        Args:
            values: what to put in the place of the Values.
            derivatives: what the gradient function gave, by call; it is added to.
        """
        structure = Structure(self._point, values_only=True)
        if id(self._point) not in derivatives:
            given = iter(values)
            numbers = [next(given) if isinstance(x, Value) else x for x in structure.numbers]
            entered.append(None)
            around = differentiating.set(any(isinstance(x, Value) for x in numbers))
            try:
                answer = self.function.gradient(*structure.put_together(numbers, others=True), **self._kwargs)
            finally:
                differentiating.reset(around)
                entered.pop()
            derivatives[id(self._point)] = self._taken_apart(answer)
        blocks = derivatives[id(self._point)]
        path, shape, place = self._result
        partials: list[Number] = []
        for leaf in structure.leaves:
            where = path + (leaf.path.removeprefix("[0]") if len(self._point) == 1 else leaf.path)
            wanted = (shape or ()) + (leaf.shape or ())
            block = blocks.get(where)
            if block is None or (block.shape or ()) != wanted:
                raise TypeError(self._mismatch(where, wanted, block))
            row = block.numbers[place * len(leaf.numbers) :]
            partials += [d for x, d in zip(leaf.numbers, row, strict=False) if isinstance(x, Value)]
        return partials

    def local_derivatives(
        self, result: Value, derivatives: dict[int, Any]
    ) -> dict[tuple[Value, int], Number]:
        """Return the local derivatives of the node that is the result, and of those that lead to it.

        Args:
            result: the node.
            derivatives: as for `partials`.

        Raises:
            RuntimeError: the number of an operand was changed after the call.
        """
        structure = Structure(self._point, values_only=True)
        given = [x._data for x in structure.numbers if isinstance(x, Value)]
        edges, locals_ = edges_of(result, len(given))
        values: list[Any] = [node._b if index else node._a for node, index in edges]
        if any(x._data != y and y == y for x, y in zip(values, given, strict=True)):
            raise changed(result)
        return locals_ | dict(zip(edges, self.partials(values, derivatives), strict=True))

    def as_function(self) -> tuple[Function, list[float]]:
        """Return this result as a function of the Values among the arguments, and their numbers."""
        structure = Structure(self._point, values_only=True)
        path, _, place = self._result

        def function(*values: Any) -> Any:
            given = iter(values)
            numbers = [next(given) if isinstance(x, Value) else x for x in structure.numbers]
            out = Structure(self.function(*structure.put_together(numbers, others=True), **self._kwargs))
            return next(leaf for leaf in out.leaves if leaf.path == path).numbers[place]

        return function, [x.data for x in structure.numbers if isinstance(x, Value)]

    def _taken_apart(self, answer: Any) -> dict[str, Leaf]:
        name = f"the gradient of {name_of(self.function)}"
        return {leaf.path: leaf for leaf in Structure(answer, name).leaves}

    def _mismatch(self, where: str, wanted: tuple[int, ...], block: Leaf | None) -> str:
        found = "nothing" if block is None else f"shape {block.shape}" if block.shape else "a number"
        needed = f"an array of shape {wanted}" if wanted else "a number"
        return (
            f"the gradient function of {name_of(self.function)} must return {needed}"
            f"{f' at {where}' if where else ''}, but there is {found}"
        )


class GradientMap(ArgumentMap):
    """A function with a gradient as a map of the numbers in its arguments.

    Args:
        function: the function.
        arguments: its arguments, into which numbers are put.
        kwargs: those by keyword.
        inputs: how many numbers.
    """

    function: CustomFunction

    def __init__(
        self, function: CustomFunction, arguments: Form, kwargs: Mapping[str, Any], inputs: int
    ) -> None:
        super().__init__(function, arguments, inputs)
        self._kwargs = kwargs

    def __call__(self, numbers: Sequence[float]) -> list[float]:
        out = self.function._f(*self.arguments(numbers), **self._kwargs)
        return self.numbers_of(out, name_of(self.function))

    def pulled(self) -> Map:
        return GradientProduct(self, transposed=True)

    def pushed(self) -> Map:
        return GradientProduct(self, transposed=False)

    def rows(self, numbers: Sequence[Number]) -> list[list[Number]]:
        """Return the derivatives by all numbers, of each result in turn."""
        assert self.form is not None
        values = [Value(0.0) if isinstance(x, Value) else x for x in self.arguments.structure.numbers]
        derivatives: dict[int, Any] = {}
        point = self.arguments.thing
        rows = []
        for leaf in self.form.structure.leaves:
            for i in range(len(leaf.numbers)):
                call = CustomCall(self.function, point, self._kwargs, (leaf.path, leaf.shape, i))
                given = [x for x, y in zip(numbers, values, strict=True) if isinstance(y, Value)]
                its = iter(call.partials(given, derivatives))
                rows.append([next(its) if isinstance(y, Value) else 0.0 for y in values])
        return rows


class GradientProduct(NumericMap):
    """The product of all derivatives and gradients of the results, or a direction of the numbers."""

    def __init__(self, of: GradientMap, transposed: bool) -> None:
        more, results = (of.results, of.inputs) if transposed else (of.inputs, of.results)
        super().__init__(f"the gradient function of {of.name}", of.inputs + more, results)
        self._of = of
        self._transposed = transposed

    def of_numbers(self, numbers: list[Number]) -> Sequence[Number]:
        count = self._of.inputs
        rows = self._of.rows(numbers[:count])
        if self._transposed:
            rows = [[*column] for column in zip(*rows, strict=True)]
        return [_product(row, numbers[count:]) for row in rows]


def _product(row: Sequence[Number], weights: Sequence[Number]) -> Number:
    """Return the sum of products, without those of a weight that is the number 0."""
    total: Number | None = None
    for x, weight in zip(row, weights, strict=True):
        if isinstance(weight, Value) or weight != 0.0:
            total = x * weight if total is None else total + x * weight
    return 0.0 if total is None else total


def _chain(call: CustomCall, out: float, values: Sequence[Value], partials: Sequence[float]) -> Value:
    """Record a result: one node for each operand but the first, of which the last is the result."""
    name = name_of(call.function).rpartition(".")[2]
    op = Op.of(name)
    op.call = call
    return new_node(op, out, *chained(name, out, values, partials))


def chained(
    name: str, out: float, values: Sequence[Value], partials: Sequence[float]
) -> tuple[Value, float, Value | None, float]:
    """Return the operands of the node of a result, with the local derivatives: `new_node` takes them.

    Where there are more than two, the first is a chain of nodes that stands for all but the last.

    Args:
        name: what the operation is called.
        out: the result.
        values: what it depends on, one Value at least.
        partials: the derivative by each.
    """
    if len(values) == 1:
        return values[0], partials[0], None, nan
    node, local = values[0], partials[0]
    for operand, partial in zip(values[1:-1], partials[1:-1], strict=True):
        node, local = new_node(f"{name}…", out, node, local, operand, partial), 1.0
    return node, local, values[-1], partials[-1]


def edges_of(result: Value, count: int) -> tuple[list[tuple[Value, int]], dict[tuple[Value, int], Number]]:
    """Return where the operands of a call stand in the chain of nodes that `chained` made.

    Args:
        result: the last of the nodes.
        count: how many operands there are.

    Returns:
        for each operand the node and the place, 0 or 1; and the local derivatives between the nodes.
    """
    edges: list[tuple[Value, int]] = []
    between: dict[tuple[Value, int], Number] = {}
    node = result
    for _ in range(count - 1):
        edges.append((node, 1))
        if len(edges) < count - 1:
            between[node, 0] = 1.0
            node = node._a  # type: ignore[assignment]
    edges.append((node, 0))
    edges.reverse()
    return edges, between


def _cut_off(x: float) -> Value:
    node = Value(x)
    cut_off(node)
    return node


def _detached(x: Number) -> Number:
    return Value(x.data) if isinstance(x, Value) else x
