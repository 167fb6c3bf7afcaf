"""Recording: a function is called on Values, and everything that it does with them becomes a program."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import count, groupby, repeat
from math import inf, nextafter
from operator import is_
from typing import Any

from ..derivatives.trees import Structure
from ..derivatives.variables import check_left_behind, finish
from ..engine import Value, topological_order
from ..engine.gathering import Index
from ..engine.ordering import exchanges
from ..ops import TABLE
from ..support.messages import name_of
from .errors import CompileError
from .events import (
    Called,
    Comparison,
    Event,
    Gathered,
    Indexed,
    Operation,
    Ordered,
    Scanned,
    Together,
    Whole,
    as_operation,
)
from .loops.program import Element, LoopProgram
from .loops.scans import LoopOfScan
from .straight_line.program import ITEM, CallOp, Node, Program, node_of
from .tracer import NeedsTurns, Tracer


class Trace:
    """A call of a function that was followed.

    Attributes:
        inputs: the Variables that stand for the numbers of the arguments.
        returned: what was returned.
        result: the same, taken apart.
        tracer: what happened on the way.
        others: the Values from outside that took part, each once, in the order of their use.
    """

    def __init__(
        self,
        f: Callable[..., Any],
        inputs: Sequence[Value],
        call: Callable[[], Any],
        brief: bool = False,
        scan: Callable[..., Any] | None = None,
    ) -> None:
        """Call a function.

        Args:
            f: the function.
            inputs: the Variables that it is called with.
            call: calls it with them.
            brief: whether only the result is wanted: no program and no others.
            scan: goes through scans, as the tracer has it.

        Raises:
            CompileError: it did what a program cannot repeat.
            NeedsTurns: it is to be called again, without that.
            RuntimeError: it used what an earlier call left behind.
        """
        began = min([x.serial for x in inputs], default=0)  # type: ignore[attr-defined]
        self.inputs = inputs
        self.name = name_of(f)
        self.tracer = Tracer(self.name, inputs, brief, scan)
        try:
            self.returned = self.tracer(call)
        except Exception:
            if self.tracer.needs is None:
                raise
        finally:
            finish(inputs)
        if self.tracer.needs is not None:  # it was caught on the way
            raise self.tracer.needs
        if self.tracer.refused is not None:
            raise self.tracer.refused
        self.result = Structure(self.returned, f"the result of {self.name}")
        self._refused: CompileError | None = None
        self.others: list[Value] = []
        if brief:
            return
        try:
            self._writer = self._written(inputs)
        except CompileError as error:
            self._refused = error
        if self.tracer.bodies.intersection(self.others):
            raise NeedsTurns  # the body left them in an attribute or a list, as each turn would have
        check_left_behind(f, topological_order(*self.others), began, lambda: began)

    def _written(self, inputs: Sequence[Value]) -> ProgramWriter:
        loops = (
            any(isinstance(event, Scanned) for event in self.tracer.events) if self.tracer.scans else False
        )
        writer = ProgramWriter(self.name, inputs, self.tracer.swept_indices, loops)
        self.others = writer.others
        writer.write(self.tracer.events)
        writer.program.outputs = tuple([writer.place(x) for x in self.result.numbers])
        return writer

    def program(self, names: Sequence[str], captured: Sequence[Value]) -> Program:
        """Return the program.

        Args:
            names: those of the inputs.
            captured: the Values from outside that are inputs too, after the others; what else comes from
                outside is a constant.

        Raises:
            CompileError: a function with a derivative of its own took part.
        """
        if self._refused is not None:
            raise self._refused
        writer = self._writer if not captured else self._written([*self.inputs, *captured])
        program = writer.program
        program.inputs = (*names, *[x.label or f"captured_{i}" for i, x in enumerate(captured, 1)])
        return program


_NONE = type(None)


class ProgramWriter:
    """Appends events to a program.

    Attributes:
        program: the program, whose inputs have no names yet.
        others: the Values from outside that took part, each once, in the order of their use, as constants.

    Args:
        name: the name of the function.
        inputs: the Values that the inputs stand for.
        swept: the indices of numbers that a sweep over the graph went through.
        loops: whether there are scans.
    """

    def __init__(
        self, name: str, inputs: Sequence[Value], swept: Collection[Index], loops: bool = False
    ) -> None:
        names = [""] * len(inputs)
        self.program: Program = LoopProgram(names) if loops else Program(names)
        self.others: list[Value] = []
        self._name = name
        self._swept = swept
        self._places: dict[Any, int] = {x: i for i, x in enumerate(inputs)}
        self._indices: dict[Index, int] = {}
        self._masks: dict[Value, int] = {}
        self._stored: dict[Value, Element] = {}  # what scans have kept

    def write(self, events: Iterable[Event]) -> None:
        """Append events.

        Raises:
            CompileError: one is a function with a derivative of its own.
        """
        for kind, run in groupby(events, type):
            if issubclass(kind, Value):
                self._recorded(run)  # type: ignore[arg-type]
                continue
            for event in run:
                if isinstance(event, Together):
                    self._together(event)
                elif isinstance(event, Operation):
                    self._operation(event)
                elif isinstance(event, Whole):
                    self._whole(event)
                elif isinstance(event, Ordered):
                    self._ordered(event)
                elif isinstance(event, Called):
                    self._called(event)
                elif isinstance(event, Indexed):
                    self._indexed(event.at)
                elif isinstance(event, Gathered):
                    self._gathered(event)
                elif isinstance(event, Scanned):
                    assert isinstance(self.program, LoopProgram)
                    LoopOfScan(event, self.program, self.place, self._stored, self._places)
                elif isinstance(event, Comparison):
                    self._comparison(event)

    def place(self, x: Any) -> int:
        """Return the place of a Value or a number, which is appended if it is not there yet."""
        if not isinstance(x, Value):
            return self.program.number(x)
        found = self._places.get(x)
        if found is None and x in self._stored and isinstance(self.program, LoopProgram):
            return self.program.element(self._stored[x])
        if found is None:
            self.others.append(x)
            found = self._places[x] = self.program.number(x._number)
        return found

    def _recorded(self, operations: Iterable[Value]) -> None:
        """Append operations as nearly all are, which `_operation` would do too."""
        nodes, places, number = self.program.nodes, self._places, self.program.number
        for node in operations:
            op, a, b = node.op, node._a, node._b
            if type(op) is not str or op not in TABLE or self._masks:
                operation = as_operation(node)
                assert operation is not None
                self._operation(operation)
                continue
            first = number(node._da) if a is None else places.get(a)
            if first is None:
                first = self.place(a)
            if b is not None:
                second = places.get(b)
                operands: tuple[int, ...] = first, self.place(b) if second is None else second
            else:
                operands = (first, number(node._db)) if len(TABLE[op].derivatives) == 2 else (first,)
            places[node] = len(nodes)
            nodes.append(node_of((op, operands, 0.0, False, None)))

    def _together(self, event: Together) -> None:
        """Append operations of an array; where they are of one primitive, their constants come first."""
        nodes, places = event.nodes, self._places
        op, sides = nodes[0].op, [([x._a for x in nodes], [x._da for x in nodes])]
        if op in TABLE and len(TABLE[op].derivatives) == 2:
            sides.append(([x._b for x in nodes], [x._db for x in nodes]))
        kinds = [{*map(type, values)} for values, _ in sides]
        alike = type(op) is str and len({*map(id, [x.op for x in nodes])}) == 1
        if not alike or self._masks or self._stored or any(len(its) > 1 and _NONE in its for its in kinds):
            self._one_by_one(event)
            return
        if op not in TABLE:
            raise CompileError(_foreign(self._name, op))
        steps: list[list[int | None]] = [
            self._constants(numbers) if _NONE in its else [*map(places.get, values)]
            for (values, numbers), its in zip(sides, kinds, strict=True)
        ]
        if any(None in each for each in steps):  # from outside, or among these operations themselves
            own = {*nodes, None}
            for each in zip(*[values for values, _ in sides], strict=True):
                for x in each:
                    if x not in own and x not in places:
                        self.place(x)
        places.update(zip(nodes, count(len(self.program.nodes))))
        steps = [
            [*map(places.__getitem__, values)] if None in each else each
            for (values, _), each in zip(sides, steps, strict=True)
        ]
        parts = zip(repeat(op), zip(*steps, strict=True), repeat(0.0), repeat(event.ieee), repeat(None))
        self.program.nodes += map(node_of, parts)

    def _one_by_one(self, event: Together) -> None:
        if not event.ieee:
            self._recorded(event.nodes)
            return
        for x in event.nodes:
            self._operation(Operation(x, x.op, x.operands, False, True))

    def _constants(self, numbers: Sequence[float]) -> list[int | None]:
        """Return the places of constants, of which there is one if they are the same object."""
        first = numbers[0]
        if all(map(is_, numbers, repeat(first))):
            return [self.program.number(first)] * len(numbers)
        return [*map(self.program.number, numbers)]

    def _operation(self, event: Operation) -> None:
        """Append an operation."""
        if event.op not in TABLE:
            raise CompileError(_foreign(self._name, event.op))
        operands = [self.place(x) for x in event.operands]
        place = self._masked(event, operands)
        if place is None:
            place = self.program.add(str(event.op), *operands, ieee=event.ieee)
        self._put(event.node, place, event.stopped)

    def _masked(self, event: Operation, operands: Sequence[int]) -> int | None:
        """Append a product with a mask as a choice, of which no derivative meets 0.0 times infinity."""
        for i, x in enumerate(event.operands if event.op == "*" else ()):
            if isinstance(x, Value) and x in self._masks:
                other = operands[1 - i]
                return self.program.add(
                    "where", self._masks[x], other, self.program.number(0.0), ieee=event.ieee
                )
        return None

    def _whole(self, event: Whole) -> None:
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

    def _ordered(self, event: Ordered) -> None:
        """Append the exchanges that bring numbers in order."""
        program = self.program
        places = [self.place(x) for x in event.operands]
        for i, j in exchanges(len(places)):
            x, y = places[i], places[j]
            swapped = program.add("<", y, x)
            places[i], places[j] = program.add("where", swapped, y, x), program.add("where", swapped, x, y)
        for node, place in zip(event.nodes, places, strict=True):
            self._put(node, place, event.stopped)

    def _called(self, event: Called) -> None:
        """Append a call, and what is taken out of its result."""
        program = self.program
        call = program.add(CallOp.of(event.what), *[self.place(x) for x in event.numbers])
        for i, node in enumerate(event.nodes):
            self._put(node, program.add(ITEM, call, program.number(i)), event.stopped)

    def _indexed(self, index: Index) -> None:
        """Append an index, and its masks if a sweep went through what they are for."""
        program = self.program
        zero = program.number(0.0)
        place = -1
        for x, size in index.parts:
            number, count = self.place(x), program.number(size)
            number = program.add(
                "where", program.add("<", number, zero), program.add("+", number, count), number
            )
            before = place
            place = number if before < 0 else program.add("+", program.add("*", before, count), number)
        self._indices[index] = place
        if index in self._swept:
            one = program.number(1.0)
            for i, mask in enumerate(index.masks):
                here = program.add("==", place, program.number(i))
                self._places[mask] = program.add("where", here, one, zero)
                self._masks[mask] = here

    def _gathered(self, event: Gathered) -> None:
        """Append one of many numbers; a sweep that went through it has met it as a sum of products."""
        for operation in event.sum if event.at in self._swept else ():
            self._operation(operation)
        operands = self._indices[event.at], *[self.place(x) for x in event.numbers]
        self._places[event.node] = self.program.add("gather…", *operands)

    def _comparison(self, event: Comparison) -> None:
        """Append a comparison as a guard, unless it always turns out alike."""
        compared = guard_of(event.relation, event.b)
        if compared is not None:
            relation, b = compared
            test = self.program.add(relation, self.place(event.a), self.place(b))
            self.program.guards[test] = event.answer

    def _put(self, node: Value, place: int, stopped: bool) -> None:
        self._places[node] = self.program.add("detached", place) if stopped else place


def guard_of(relation: str, b: Any) -> tuple[str, Value | float] | None:
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
    return (
        f"{name} calls {str(op)!r}, of which only the numbers are known, not the operations; a program "
        "cannot repeat it. Enter it as a primitive of its own with ops.unary or ops.binary, or differentiate "
        "with autograd.grad, which can"
    )
