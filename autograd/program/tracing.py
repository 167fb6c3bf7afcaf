"""Recording: a function is called on Values, and everything that it does with them becomes a program.

A `Tracer` is told of every operation and every comparison, in the order in which they happen. That is more
than the graph of the result knows: what was compared, what happened inside `no_grad()`, and what an operation
on many numbers was really computed from.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from math import inf, nextafter
from typing import Any, NamedTuple

from ..derivatives.calls import check_left_behind, finish
from ..derivatives.trees import Structure
from ..engine import Value, topological_order
from ..engine.anomaly import at, users_line
from ..engine.ordering import exchanges
from ..engine.recording import Block, Observer, everywhere, observers, recording
from ..ops import TABLE
from ..support.messages import name_of
from .errors import CompileError
from .straight_line.program import Node, Program


class Operation(NamedTuple):
    """An operation of at most two operands.

    Attributes:
        node: the result.
        op: the name of the primitive.
        operands: one or two.
        stopped: whether it was inside no_grad(), so that it has no derivative.
    """

    node: Value
    op: str
    operands: tuple[Value | float, ...]
    stopped: bool


class Whole(NamedTuple):
    """What the number of a node, recorded before, is really computed from.

    Attributes:
        node: the node.
        name: one of WHOLE, or "copied" or "detached".
        operands: what it is computed from.
    """

    node: Value
    name: str
    operands: tuple[Any, ...]


class Comparison(NamedTuple):
    """A comparison of a Value with anything, and its answer."""

    relation: str
    a: Value
    b: Any
    answer: bool


class Ordered(NamedTuple):
    """Numbers in order.

    Attributes:
        nodes: they, each recorded before as one of the operands.
        operands: the numbers.
        order: the place among the operands of each node.
        stopped: whether it was inside no_grad().
    """

    nodes: Sequence[Value]
    operands: Sequence[Value | float]
    order: Sequence[int]
    stopped: bool


Event = Operation | Whole | Comparison | Ordered


class Tracer(Observer):
    """What a function did with Values.

    Attributes:
        events: what happened, in order.
        known: the Values that the function was given or made, so far as anybody told.
        refused: what the function did that a program cannot repeat; None if there was nothing.
    """

    follows = True

    def __init__(self, name: str, inputs: Iterable[Value]) -> None:
        self.events: list[Event] = []
        self.known: set[Value] = {*inputs}
        self.refused: CompileError | None = None
        self._name = name
        self._ordered: dict[Value, Ordered] = {}

    def __call__(self, function: Callable[[], Any]) -> Any:
        """Call a function while it is followed, and return what it returns."""
        recorded = recording.set(True)
        everywhere.append(self)
        try:
            with Following(self):
                return function()
        finally:
            everywhere.remove(self)
            recording.reset(recorded)

    # What the engine tells

    def recorded(self, node: Value, operands: tuple[Value | float, ...]) -> None:
        """Note an operation; inside no_grad() it has no derivative."""
        if self._is_ours(*operands):
            self.events.append(Operation(node, node.op, operands, not recording.get()))
            self.known.add(node)

    def whole(self, node: Value, name: str, operands: Iterable[Any]) -> None:
        """Note what the number of a node is really computed from."""
        if self._is_ours(node):
            self.events.append(Whole(node, name, tuple(operands)))
            self.known.add(node)

    def copied(self, twin: Value, node: Value, attached: bool) -> None:
        """Note a copy, which is what it is a copy of; without a derivative, if it is not attached."""
        if self._is_ours(node):
            self.events.append(Whole(twin, "copied" if attached else "detached", (node,)))
            self.known.add(twin)

    def compared(self, relation: str, a: Value, b: Any, answer: bool) -> None:
        """Note a comparison."""
        if self._is_ours(a, b):
            self.events.append(Comparison(relation, a, b, answer))

    def ordered(self, nodes: Sequence[Value], operands: Sequence[Any], order: Sequence[int]) -> None:
        """Note numbers in order."""
        if self._is_ours(*operands):
            event = Ordered(nodes, operands, order, not recording.get())
            self.events.append(event)
            self._ordered.update(dict.fromkeys(nodes, event))

    def reverse_sweep(self, order: Sequence[Value], seeds: Mapping[Value, float]) -> None:
        """Make the order of numbers a branch: a sweep over the graph goes through that of now."""
        for event in {id(x): x for x in map(self._ordered.get, order) if x is not None}.values():
            for node in event.nodes:
                del self._ordered[node]
            numbers = [event.operands[i] for i in event.order]
            for x, y in pairwise(numbers):
                _ = x < y or x == y  # which is followed

    forward_sweep = reverse_sweep

    def read(self, node: Value, what: str) -> None:
        """Note that the user's own code took a number out of the graph; one from outside must stay."""
        if not self._is_ours(node) or _is_the_library():
            return
        if node in self.known or what == "grad":
            self.refuse(*_READ[what])
        elif node._data == node._data:
            self.compared("==", node, node._data, True)
        else:
            self.compared("!=", node, node, True)

    def backward(self, node: Value) -> None:
        """Note that gradients are written into the graph."""
        if self._is_ours(node):
            self.refuse(
                "calls backward(), whose gradients are plain numbers",
                "compute them with grad() or gradients(), whose results can be computed with",
            )

    def _is_ours(self, *operands: Any) -> bool:
        """Say whether the function did this: here, or in another thread with numbers of ours."""
        return self in observers.get() or any(isinstance(x, Value) and x in self.known for x in operands)

    def refuse(self, what: str, instead: str) -> None:
        """Note what a program cannot repeat, and where; it is said when the function has returned."""
        if self.refused is None:
            self.refused = CompileError(
                f"{self._name} cannot be compiled: it {what}, and a program could not tell what depends on "
                f"that; {instead}{at(users_line())}"
            )


_READ = {
    "data": (
        "takes the number out of a Value with .data",
        "compute with the Value itself, or give the number as an argument",
    ),
    "grad": (
        "takes a gradient out of a Value with .grad",
        "compute it with grad() or gradients(), whose results can be computed with",
    ),
    "text": (
        "makes text of a number",
        "return the number, and write it where the compiled function is called",
    ),
    "pickle": ("pickles a Value", "return it, and pickle it where the compiled function is called"),
}


def _is_the_library() -> bool:
    """Say whether it is this package that asks the engine for something, and not the user's own code."""
    frame: Any = sys._getframe(2)
    while frame is not None and frame.f_globals.get("__name__", "").startswith(_ENGINE):
        frame = frame.f_back
    return frame is not None and frame.f_globals.get("__name__", "").partition(".")[0] == _OURS


_OURS = __name__.partition(".")[0]
_ENGINE = f"{_OURS}.engine."


class Following(Block):
    """A block in which a tracer, and no other one, is told of what happens."""

    _setting = observers

    def __init__(self, tracer: Tracer) -> None:
        super().__init__()
        self._tracer = tracer

    def _inside(self, outside: tuple[Observer, ...]) -> tuple[Observer, ...]:
        return (*(x for x in outside if not isinstance(x, Tracer)), self._tracer)


class Trace:
    """A call of a function that was followed.

    Attributes:
        inputs: the Variables that stand for the numbers of the arguments.
        result: what was returned, taken apart.
        tracer: what happened on the way.
        others: the Values from outside that took part, each once, in the order of their use.
    """

    def __init__(self, f: Callable[..., Any], inputs: Sequence[Value], call: Callable[[], Any]) -> None:
        """Call a function.

        Args:
            f: the function.
            inputs: the Variables that it is called with.
            call: calls it with them.

        Raises:
            CompileError: it did what a program cannot repeat.
            RuntimeError: it used what an earlier call left behind.
        """
        began = min([x.serial for x in inputs], default=0)  # type: ignore[attr-defined]
        self.inputs = inputs
        self.name = name_of(f)
        self.tracer = Tracer(self.name, inputs)
        try:
            out = self.tracer(call)
        finally:
            finish(inputs)
        if self.tracer.refused is not None:
            raise self.tracer.refused
        self.result = Structure(out, f"the result of {self.name}")
        self.others: list[Value] = []
        self._made: set[Value] = {*inputs}
        for event in self.tracer.events:
            if isinstance(event, Comparison):
                self._use(event.a, event.b)
            else:
                self._use(*event.operands)
            if isinstance(event, (Operation, Whole)):
                self._made.add(event.node)
        self._use(*self.result.numbers)
        check_left_behind(f, topological_order(*self.others), began)

    def _use(self, *operands: Any) -> None:
        """Note Values that were not made by what was followed."""
        for x in operands:
            if isinstance(x, Value) and x not in self._made:
                self._made.add(x)
                self.others.append(x)

    def program(self, names: Sequence[str], captured: Sequence[Value]) -> Program:
        """Return the program.

        Args:
            names: those of the inputs.
            captured: the Values from outside that are inputs too, after the others; what else comes from
                outside is a constant.

        Raises:
            CompileError: a function with a derivative of its own took part.
        """
        names_of_captured = [x.label or f"captured_{i}" for i, x in enumerate(captured, 1)]
        writer = _ProgramWriter(self.name, Program([*names, *names_of_captured]), [*self.inputs, *captured])
        for event in self.tracer.events:
            if isinstance(event, Operation):
                writer.operation(event)
            elif isinstance(event, Whole):
                writer.whole(event)
            elif isinstance(event, Ordered):
                writer.ordered(event)
            else:
                writer.comparison(event)
        writer.program.outputs = tuple([writer.place(x) for x in self.result.numbers])
        return writer.program


class _ProgramWriter:
    """Appends events to a program.

    Args:
        name: the name of the function.
        program: the program, which has its inputs.
        inputs: the Values that these stand for.
    """

    def __init__(self, name: str, program: Program, inputs: Sequence[Value]) -> None:
        self.program = program
        self._name = name
        self._places: dict[Value, int] = {x: i for i, x in enumerate(inputs)}

    def place(self, x: Any) -> int:
        """Return the place of a Value or a number, which is appended if it is not there yet."""
        if not isinstance(x, Value):
            return self.program.number(x)
        found = self._places.get(x)
        if found is None:
            found = self._places[x] = self.program.number(x._data)
        return found

    def operation(self, event: Operation) -> None:
        """Append an operation."""
        if event.op not in TABLE:
            raise CompileError(_foreign(self._name, event.op))
        operands = [self.place(x) for x in event.operands]
        self._put(event.node, self.program.add(str(event.op), *operands), event.stopped)

    def whole(self, event: Whole) -> None:
        """Append what a node is really computed from; it is differentiated as it was recorded before."""
        program = self.program
        operands = [self.place(x) for x in event.operands]
        if event.name == "copied":
            self._places[event.node] = operands[0]
            return
        if event.name == "detached":
            self._places[event.node] = program.add(event.name, *operands)
            return
        before = program.nodes[self._places[event.node]]
        stopped = before.op == "detached"
        if stopped:
            before = program.nodes[before.operands[0]]
        last = (before.op, before.operands[0], before.operands[1])
        program.nodes.append(Node(f"{event.name}…", tuple(operands), last=last))
        self._put(event.node, len(program.nodes) - 1, stopped)

    def ordered(self, event: Ordered) -> None:
        """Append the exchanges that bring numbers in order."""
        program = self.program
        places = [self.place(x) for x in event.operands]
        for i, j in exchanges(len(places)):
            x, y = places[i], places[j]
            swapped = program.add("<", y, x)
            places[i], places[j] = program.add("where", swapped, y, x), program.add("where", swapped, x, y)
        for node, place in zip(event.nodes, places, strict=True):
            self._put(node, place, event.stopped)

    def comparison(self, event: Comparison) -> None:
        """Append a comparison as a guard, unless it always turns out alike."""
        compared = _guard(event.relation, event.b)
        if compared is not None:
            relation, b = compared
            test = self.program.add(relation, self.place(event.a), self.place(b))
            self.program.guards[test] = event.answer

    def _put(self, node: Value, place: int, stopped: bool) -> None:
        self._places[node] = self.program.add("detached", place) if stopped else place


def _guard(relation: str, b: Any) -> tuple[str, Value | float] | None:
    """Return a comparison with a Value or a float; None where its outcome is always the same.

    What a float is compared with may be any number: an int or a Fraction that is no float lies between two
    of them.
    """
    if isinstance(b, Value) or type(b) is float:
        return relation, b
    try:
        number = float(b)
    except OverflowError:
        number = inf if b > 0 else -inf
    except (TypeError, ValueError):
        return None  # equal to nothing that is a number
    if number == b or b != b:
        return relation, number
    if relation in ("==", "!="):
        return None
    below = number if number < b else nextafter(number, -inf)
    if relation in ("<", "<="):  # x < b where x is a float: x <= the float below b
        return "<=", below
    return ">", below


def _foreign(name: str, op: str) -> str:
    call = getattr(op, "call", None)
    what = f"the custom_gradient function {name_of(call.function)}" if call is not None else f"{str(op)!r}"
    return (
        f"{name} calls {what}, of which only the numbers are known, not the operations; a program cannot "
        "repeat it. Enter it as a primitive of its own with ops.unary or ops.binary, or differentiate with "
        "autograd.grad, which can"
    )
