"""Calls that are kept in little memory: the derivatives of their results instead of their graph.

What a function records is kept as long as its result is. `checkpoint(f)` finds the derivatives of the results
of a call by the Values that it was computed from, as soon as it returns, and keeps these alone. For a
derivative of a derivative the call is repeated: time for memory (Griewank, "Achieving logarithmic growth of
temporal and spatial complexity in reverse automatic differentiation", 1992; Chen and others, "Training deep
nets with sublinear memory cost", 2016, arXiv:1604.06174).
"""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, Any

from ..engine import Value, new_node, topological_order
from ..engine.operation import Op
from ..engine.recording import Block, Observer, differentiating, enter, leave, observers, recording, told
from ..engine.whole_calls import alive, any_in
from ..support.messages import name_of, shown
from ..support.real_numbers import same_number
from ..support.slips import advised
from .custom_calls import chained, edges_of
from .sweeps import recorded_reverse_sweep
from .values_within import values_in, with_values
from .variables import serial, since
from .wrapped import Function, Wrapped

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .local_derivatives import Number

OF_A_CALL, OF_A_RESULT = 4, 3
"""How many nodes take as much memory as what is kept of a call, and of each result, besides its nodes."""

MANY = 512
"""Of up to how many Values that were used it is found on which of them each result depends."""


@advised
def checkpoint(f: Function) -> Function:
    """Return a function like `f` of which a call keeps little for the derivatives, as in JAX.

    A call of `f` keeps each operation that it recorded, some hundred bytes, as long as its result. A call of
    `checkpoint(f)` keeps the derivatives of each result with respect to the Values that it was computed from:
    arguments, and what `f` takes from elsewhere. Values are those of `f` to the last bit, and derivatives are
    rounded differently in their last digits. Where that would not be less memory, for operations are few
    or results of many Values are many, it is a call of `f`; so it is inside `no_grad()`, and in `compile`,
    which records a function once.

    For derivatives of derivatives the call is repeated, so `f` must do the same each time. What else it
    does, it does again then. Results are Values of their own: no derivative of one leads through another, or
    through Values that `f` stored somewhere.

    Args:
        f: a function of anything; numbers of its result, in arrays and structures too, are differentiated.

    Returns:
        The function; `@checkpoint` is a decorator.

    Raises:
        TypeError: `f` is no function.
        RuntimeError: in a derivative of a derivative, if `f` did something else when it was called again.

    >>> from autograd import Value, grad, math, topological_order
    >>> @checkpoint
    ... def wave(x, steps=100):
    ...     for _ in range(steps):
    ...         x = math.sin(x)
    ...     return x
    >>> len(topological_order(wave(Value(1.0)))), len(topological_order(wave.__wrapped__(Value(1.0))))
    (2, 101)
    >>> round(grad(wave)(1.0), 12) == round(grad(wave.__wrapped__)(1.0), 12)
    True
    """
    if not callable(f):
        raise TypeError(
            f"checkpoint takes a function, not {shown(f)}; write checkpoint(f)(x), with the arguments of f "
            "in parentheses of their own"
        )
    return Checkpointed(f)


class Checkpointed(Wrapped):
    """A function of whose calls little is kept."""

    def __init__(self, f: Function) -> None:
        super().__init__(f)
        self._f = f

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if not recording.get() or any(observer.follows for observer in told()):
            return self._f(*args, **kwargs)
        call = Repeatable(self, args, kwargs, next(serial))
        outer = [(x, len(x.nodes)) for x in told() if isinstance(x, Collector)]
        out, trace = self.traced(args, kwargs)
        if not trace.is_worth_replacing():
            return out
        rows = [trace.partials(result) for result in trace.results]
        call.keep(trace.boundary)
        for collector, mark in outer:  # what is left of them is recorded now
            del collector.nodes[mark:]
        name = name_of(self).rpartition(".")[2]
        replaced: dict[Value, Value] = {}
        for i, (result, partials) in enumerate(zip(trace.results, rows, strict=True)):
            op = Op.of(name)
            op.label, op.line = result.label, getattr(result.op, "line", None)
            op.call = CheckpointCall(call, i, list(partials))
            values = [trace.boundary[place] for place in partials]
            edges = chained(name, result._number, values, [*partials.values()])
            replaced[result] = new_node(op, result._number, *edges)
        return with_values(out, lambda x: replaced.get(x, x))

    def traced(self, args: Any, kwargs: Any) -> tuple[Any, Trace]:
        """Call the function, and return its result and what it recorded."""
        collector, given = Collector(), values_in((args, kwargs))
        with Collecting(collector):
            out = self._f(*args, **kwargs)
        return out, Trace(collector.nodes, given, out)

    def __repr__(self) -> str:
        return f"<checkpoint of {name_of(self._f)}>"

    def _made_by(self) -> tuple[Any, ...]:
        return Checkpointed, (self._f,)


# What happens in a call


class Collector(Observer):
    """What is recorded in a call.

    Attributes:
        nodes: in the order in which they were recorded.
    """

    def __init__(self) -> None:
        self.nodes: list[Value] = []

    def recorded(self, node: Value) -> None:
        """Note an operation."""
        self.nodes.append(node)

    def copied(self, twin: Value, node: Value, attached: bool) -> None:
        """Note a copy, which has operands too."""
        self.nodes.append(twin)


class Collecting(Block):
    """A block in which a collector is told of what happens, after those who were told before."""

    _setting = observers

    def __init__(self, collector: Collector) -> None:
        super().__init__()
        self._collector = collector

    def _inside(self, outside: tuple[Observer, ...]) -> tuple[Observer, ...]:
        return *outside, self._collector


class Trace:
    """The graph of a call: from its results to the Values from outside that they were computed from.

    Attributes:
        results: the results that were recorded in the call, each once.
        boundary: the Values from outside, and leaves that were made inside, in an order that is the same
            whenever the same is recorded.
    """

    def __init__(self, nodes: Sequence[Value], given: Sequence[Value], out: Any) -> None:
        """Find them.

        Args:
            nodes: what was recorded, each after its operands.
            given: Values that come before others in the boundary: those among the arguments.
            out: what the call returned.
        """
        inside = {node for node in nodes if node.op}
        operands: Any = [x for node in nodes for x in (node._a, node._b)]
        self._outside: set[Value] = {x for x in operands if x is not None and x not in inside}
        self.results = [x for x in dict.fromkeys(values_in(out)) if x in inside]
        self._order = topological_order(*self.results, reverse=True, without=self._outside)
        operands = [x for node in self._order for x in (node._a, node._b) if x in self._outside]
        used = dict.fromkeys(operands)
        self.boundary: list[Value] = list(dict.fromkeys([*(x for x in given if x in used), *used]))

    def is_worth_replacing(self) -> bool:
        """Say whether the derivatives of the results take less memory than the nodes, and are known."""
        calls = sum([isinstance(node.op, Op) and node.op.call is not None for node in self._order])
        nodes = len(self._order) + (OF_A_CALL + OF_A_RESULT) * (calls - 1)
        nodes -= OF_A_RESULT * (len(self.results) - 1)
        if nodes <= 0 or (alive and any_in(self._order)):
            return False
        if len(self.results) * len(self.boundary) < nodes or len(self.boundary) > MANY:
            return len(self.results) * len(self.boundary) < nodes
        masks: dict[Any, int] = {x: 1 << i for i, x in enumerate(self.boundary)}
        for node in reversed(self._order):
            masks[node] = masks.get(node._a, 0) | masks.get(node._b, 0)
        return sum([masks[x].bit_count() for x in self.results]) < nodes

    def order_of(self, result: Value) -> list[Value]:
        """Return the nodes from a result to the boundary, without that, each before its operands."""
        if len(self.results) == 1:
            return self._order
        return topological_order(result, reverse=True, without=self._outside)

    def partials(self, result: Value) -> dict[int, float]:
        """Return the derivatives of a result, by the places in the boundary that it depends on."""
        gradient: dict[Any, float] = {result: 1.0}
        for node in self.order_of(result):
            upstream = gradient[node]
            if (a := node._a) is not None:
                gradient[a] = gradient.get(a, 0.0) + node._da * upstream
            if (b := node._b) is not None:
                gradient[b] = gradient.get(b, 0.0) + node._db * upstream
        return {i: gradient[x] + 0.0 for i, x in enumerate(self.boundary) if x in gradient}


class Repeatable:
    """A call that can be repeated, which all its results share.

    Attributes:
        function: what was called.
        size: how many Values its results were computed from.
    """

    def __init__(self, function: Checkpointed, args: Any, kwargs: Any, began: float) -> None:
        """Describe a call.

        Args:
            function: what is called.
            args: its arguments.
            kwargs: its arguments by keyword.
            began: the serial of Variables when it was called first: what was one then is one in repetitions.
        """
        self.function = function
        self.size = 0
        self._given = with_values((args, kwargs), _same)  # the function may change them
        self._began = began
        self._differentiating = differentiating.get()
        self._boundary: list[Value] = []

    def keep(self, boundary: list[Value]) -> None:
        """Keep what the results were computed from, and nothing else of the arguments."""
        self._boundary = boundary
        self._given = self._given_with(boundary)
        self.size = len(boundary)

    def repeated(self) -> Trace:
        """Call the function as it was called first, and return what it recorded."""
        args, kwargs = with_values(self._given, _same)
        tokens = enter(self._differentiating), since.set(min(self._began, since.get()))
        try:
            return self.function.traced(args, kwargs)[1]
        finally:
            since.reset(tokens[1])
            leave(tokens[0])

    def alone(self, places: Sequence[int]) -> Repeatable:
        """Return the call with those Values alone that have these places among what it was computed from."""
        twin = Repeatable(self.function, (), {}, inf)
        twin._differentiating = self._differentiating
        twin._boundary = [self._boundary[i] for i in places]
        twin._given = self._given_with(twin._boundary)
        twin.size = self.size
        return twin

    def _given_with(self, values: list[Value]) -> Any:
        used = {*values}
        return with_values(self._given, lambda x: x if x in used else Value(x._number))


class CheckpointCall:
    """A call of a checkpointed function, as a node that is one of its results remembers it.

    It finds the operands in the node: so graphs are copied and pickled like any other.
    """

    def __init__(self, call: Repeatable, result: int, places: list[int]) -> None:
        """Describe a result.

        Args:
            call: what was called.
            result: which of the results that were recorded.
            places: those in the boundary of the Values that it depends on.
        """
        self._call = call
        self._result = result
        self._places = places

    @property
    def function(self) -> Function:
        """What was called."""
        return self._call.function

    def local_derivatives(
        self, result: Value, derivatives: dict[int, Any]
    ) -> dict[tuple[Value, int], Number]:
        """Return the local derivatives of the node that is the result, and of those that lead to it.

        Args:
            result: the node.
            derivatives: what was recorded, by call; it is added to.

        Raises:
            RuntimeError: the function did something else when it was called again.
        """
        edges, locals_ = edges_of(result, len(self._places))
        values: list[Any] = [node._b if index else node._a for node, index in edges]
        if id(self._call) not in derivatives:
            derivatives[id(self._call)] = self._call.repeated()
        order, inputs = self._nodes_of(derivatives[id(self._call)], result._number)
        if any(x is not y for x, y in zip(inputs, values, strict=True)):  # the graph is a copy
            order = _moved(order, dict(zip(inputs, values, strict=True)))
        return locals_ | dict(zip(edges, recorded_reverse_sweep(order, {order[0]: 1.0}, values), strict=True))

    def operations(self) -> Iterator[Value]:
        """Yield the nodes of the call, each after its operands."""
        trace = self._call.repeated()
        yield from reversed(self._nodes_of(trace, trace.results[self._result]._number)[0])

    def _nodes_of(self, trace: Trace, data: float) -> tuple[list[Value], list[Value]]:
        """Return the nodes of the result, each before its operands, and the Values that it depends on."""
        if len(trace.boundary) == self._call.size and self._result < len(trace.results):
            result = trace.results[self._result]
            if same_number(result._number, data):
                return trace.order_of(result), [trace.boundary[i] for i in self._places]
        raise RuntimeError(
            f"{name_of(self.function)} did something else when it was called again for a derivative of a "
            "derivative; under checkpoint it must not depend on random numbers, on what it changes itself or "
            "on .data that is changed after the call"
        )

    def __reduce__(self) -> tuple[Any, ...]:
        # The Values that only other results depend on are not among the ancestors of this one's node.
        return CheckpointCall, (self._call.alone(self._places), self._result, self._places)


def _moved(order: Sequence[Value], to: dict[Any, Value]) -> list[Value]:
    """Return nodes anew, each before its operands, on other Values with the same numbers."""
    for node in reversed(order):
        to[node] = new_node(node.op, node._number, to.get(node._a), node._da, to.get(node._b), node._db)
    return [to[node] for node in order]


def _same(x: Value) -> Value:
    return x
