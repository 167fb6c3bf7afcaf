"""Recording: a function is called on Values, and everything that it does with them becomes a program.

A `Tracer` is told of every operation and every comparison, in the order in which they happen. That is more
than the graph of the result knows: what was compared, what happened inside `no_grad()`, and what an operation
on many numbers was really computed from.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from math import inf, nextafter
from typing import Any, NamedTuple

from ..derivatives.calls import Variable
from ..derivatives.trees import Structure
from ..engine import Value
from ..engine.anomaly import users_line
from ..engine.recording import Block, Observer, observers, recording
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
        name: one of WHOLE, or "detached".
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


Event = Operation | Whole | Comparison


class Tracer(Observer):
    """What a function did with Values.

    Attributes:
        events: the operations and comparisons in order.
        data_read: where the number of a Value was first read by the user's own code, as file, line and
            function; None if it was not.
    """

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.data_read: tuple[str, int, str] | None = None

    def __call__(self, function: Callable[[], Any]) -> Any:
        """Call a function while it is followed, and return what it returns."""
        recorded = recording.set(True)
        try:
            with Following(self):
                return function()
        finally:
            recording.reset(recorded)

    # What the engine tells

    def recorded(self, node: Value, operands: tuple[Value | float, ...]) -> None:
        """Note an operation; inside no_grad() it has no derivative."""
        self.events.append(Operation(node, node.op, operands, not recording.get()))

    def whole(self, node: Value, name: str, operands: Iterable[Any]) -> None:
        """Note what the number of a node is really computed from."""
        self.events.append(Whole(node, name, tuple(operands)))

    def compared(self, relation: str, a: Value, b: Any, answer: bool) -> None:
        """Note a comparison."""
        self.events.append(Comparison(relation, a, b, answer))

    def read(self, node: Value) -> None:
        """Note that the number of a Value was read."""
        if self.data_read is None:
            frame: Any = sys._getframe(1)  # that of the property, unless the engine is compiled
            if frame.f_globals.get("__name__") == "autograd.engine.node":
                frame = frame.f_back
            caller = frame.f_globals.get("__name__", "")
            if caller.partition(".")[0] != __name__.partition(".")[0]:
                self.data_read = users_line()


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

    def __init__(self, f: Callable[..., Any], inputs: Sequence[Variable], call: Callable[[], Any]) -> None:
        self.inputs = inputs
        self.tracer = Tracer()
        self.name = name_of(f)
        self.result = Structure(self.tracer(call), f"the result of {self.name}")
        self.others: list[Value] = []
        self._made: set[Value] = {*inputs}
        for event in self.tracer.events:
            if isinstance(event, Comparison):
                self._use(event.a, event.b)
            else:
                self._use(*event.operands)
            if not isinstance(event, Comparison):
                self._made.add(event.node)
        self._use(*self.result.numbers)

    def _use(self, *operands: Any) -> None:
        """Note Values that were not made by what was followed."""
        for x in operands:
            if not isinstance(x, Value) or x in self._made:
                continue
            self._made.add(x)
            if not _follows(x, self._made):
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
            if _follows(x, self._places):
                operands = [self.place(operand) for operand in x.operands]
                found = self.program.add(str(x.op), *operands)
            else:
                found = self.program.number(x._data)
            self._places[x] = found
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

    def comparison(self, event: Comparison) -> None:
        """Append a comparison as a guard, unless it always turns out alike."""
        compared = _guard(event.relation, event.b)
        if compared is not None:
            relation, b = compared
            test = self.program.add(relation, self.place(event.a), self.place(b))
            self.program.guards[test] = event.answer

    def _put(self, node: Value, place: int, stopped: bool) -> None:
        self._places[node] = self.program.add("detached", place) if stopped else place


def _follows(x: Value, known: Any) -> bool:
    """Say whether a Value that was not recorded as it was made (a copy, say) comes from what is known."""
    return bool(x.op) and x.op in TABLE and any(operand in known for operand in (x._a, x._b))


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
