"""The program of a function that was called: the numbers of its graph, and of all that decided its way.

It goes through the call event by event, so it has what the result was not computed from, too. At its end it
gives the numbers of **checks**, by which the page sees where the function would go another way: the operands
of comparisons, and of operations that the graph does not show and that may have no value.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from linecache import getline
from typing import Any

from ..engine import Value
from ..program.events import Comparison, Event, Whole, as_operation
from ..program.js.functions import RAISING
from ..program.js.source import to_js
from ..program.straight_line.program import MARKS, Program
from ..program.straight_line.rules import local_derivative
from ..program.tracing import ProgramWriter, guard_of
from ..steps.sequence import Steps
from ..support.text import shortened
from .called import Called, made_by, operands_of
from .graph_program import Edge, can_be_written, sum_of

LENGTH = 40
"""How long a name may be on the page."""

_LINE_LENGTH = 100
_NO_OPERATIONS = {"input", "number", *MARKS}


class GuardedProgram:
    """The program of a call.

    Attributes:
        name: the name of the function.
        leaves: the ids of leaves of the graph that can be changed, whose numbers are its first inputs.
        hidden: the arguments that are compared, or computed with, but not in the graph: inputs that follow.
            Their ids are those after the nodes of the graph.
        fixed: the ids of nodes that only Python can compute. They and the others that the graph does not show
            are the last inputs.
        start: the numbers of all inputs in the call.
        script: a function `compute` of JavaScript, of an array of the inputs. It gives the numbers of all
            nodes, then the local derivative of each edge, then the numbers of each check.
        order: when in the call each node was computed; -1 for what it was given.
        free: the ids of nodes that have a number where floats raise an error, as on arrays.
        checks: what is to be checked, in the order of the call, as JSON can hold it.

    Args:
        called: the call.
        steps: those of a walk through the graph of its result.
        edges: the edges of that, in the order in which the local derivatives are wanted.
    """

    def __init__(self, called: Called, steps: Steps, edges: Sequence[Edge]) -> None:
        self.name = called.name
        self._called = called
        self._steps = steps
        known: dict[Any, bool] = {}
        self.leaves = sorted(i for i in map(steps.id, called.leaves) if i is not None)
        self.hidden = called.hidden(steps)
        foreign = [
            event.node
            for event in map(as_operation, called.events)
            if event is not None and not can_be_written(event.op, event.operands, known)
        ]
        self.fixed = [i for i in map(steps.id, foreign) if i is not None]
        unseen = [x for x in foreign if steps.id(x) is None]
        seen = [[steps.nodes[i] for i in ids] for ids in (self.leaves, self.fixed)]
        inputs = [*seen[0], *self.hidden, *seen[1], *unseen]
        self.start = [x._number for x in inputs]
        self.order = [-1] * len(steps.nodes)
        self.free: list[int] = []
        self.checks: list[dict[str, Any]] = []
        self._numbers: list[int] = []
        self._writer = ProgramWriter(called.name, inputs, ())
        self._write(set(foreign))
        self.script = to_js(self._program(inputs, edges), "compute", ["error_of"]).replace(
            "export function", "function"
        )

    # What happened

    def _write(self, foreign: set[Value]) -> None:
        """Go through the call.

        Args:
            foreign: the nodes that only Python can compute.
        """
        for at, event in _with_sums(self._called.events):
            made = made_by(event)
            node = None if made is None else self._steps.id(made)
            if node is not None and self.order[node] < 0:
                self.order[node] = at
            if isinstance(event, Comparison):
                self._compared(at, event)
            elif made in foreign:
                if node is None and not isinstance(event, Whole):
                    self._add(
                        "python", at, operands_of(event), name=str(getattr(event, "op", "")).removesuffix("…")
                    )
            else:
                self._writer.write([event])
                self._operation(at, event, node)

    def _compared(self, at: int, event: Comparison) -> None:
        compared = guard_of(event.relation, event.b)
        if compared is None:  # its outcome is always the same
            return
        relation, b = compared
        file, line, function = self._called.places[at]
        self._add(
            "branch",
            at,
            (event.a, b),
            relation=relation,
            answer=event.answer,
            names=[self._name(event.a), self._name(b)],
            line=line,
            function=function,
            source=shortened(getline(file, line).strip(), _LINE_LENGTH),
        )

    def _operation(self, at: int, event: Event, node: int | None) -> None:
        """Add a check of an operation that the graph does not show, if it may raise an error."""
        operation = as_operation(event)
        if operation is None:
            return
        if node is not None and self._steps.nodes[node].op:
            if operation.ieee:
                self.free.append(node)
        elif operation.op in RAISING and not operation.ieee:
            self._add("error", at, (operation.node, *operation.operands), op=str(operation.op))

    def _add(self, kind: str, at: int, numbers: Sequence[Value | float], **facts: Any) -> None:
        self.checks.append({"kind": kind, "at": at, "count": len(numbers), **facts})
        self._numbers += [self._writer.place(x) for x in numbers]

    def _name(self, x: Any) -> str | None:
        """Return the name of a Value on the page; None if it has none there."""
        if not isinstance(x, Value):
            return None
        node = self._steps.id(x)
        name = x.label if node is None else self._steps.name(node)
        return shortened(name, LENGTH) if name else None

    # The program

    def _program(self, inputs: Sequence[Value], edges: Sequence[Edge]) -> Program:
        """Return the program of what was written, in the arithmetic of IEEE 754, with all that it gives."""
        program, steps = self._writer.program, self._steps
        program.inputs = tuple(f"n{i}" for i in range(len(inputs)))
        places = [self._writer.place(node) for node in steps.nodes]
        numbers = [*self._numbers]
        program.nodes = [
            node if node.op in _NO_OPERATIONS else node._replace(ieee=True) for node in program.nodes
        ]
        locals_: list[float | int] = []
        for node, operand, _ in edges:
            if node in self.fixed:
                locals_.append(float(steps.parts[node][1][operand] or 0.0))
            else:
                locals_.append(local_derivative(program, places[node], operand))
        slopes = [program.number(x) if isinstance(x, float) else x for x in locals_]
        program.outputs = (*places, *slopes, *numbers)
        return program


def _with_sums(events: Sequence[Event]) -> Iterator[tuple[int, Event]]:
    """Yield events with their places, and what sums that are rounded once are sums of, where nobody told."""
    told = {event.node for event in events if isinstance(event, Whole)}
    for at, event in enumerate(events):
        yield at, event
        operation = as_operation(event)
        if operation is not None and operation.op == "fsum" and operation.node not in told:
            op, terms = sum_of(operation.node)
            yield at, Whole(operation.node, op[:-1], tuple(terms))
