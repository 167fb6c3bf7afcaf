"""Following a function: what the engine tells of it, as events.

That is more than the graph of the result knows: what was compared, what raised an error, what happened inside
`no_grad()`, and what an operation on many numbers was really computed from.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import pairwise
from math import isfinite
from typing import Any

from ..derivatives.maps import Map
from ..engine import Value, whole_calls
from ..engine.anomaly import at, users_line
from ..engine.gathering import Index
from ..engine.recording import Block, Observer, everywhere, observers, recording
from ..ops import TABLE, copysign
from .asking import through_the_engine
from .errors import CompileError
from .events import (
    SCANNED,
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


class NeedsTurns(BaseException):  # not an Exception, which the function might catch
    """A scan must be gone through turn by turn, and the function called anew for that.

    Attributes:
        which: its number; -1 for all.
    """

    def __init__(self, which: int = -1) -> None:
        super().__init__(which)
        self.which = which


class Tracer(Observer):
    """What a function did with Values.

    Attributes:
        events: what happened, in order.
        refused: what the function did that a program cannot repeat; None if there was nothing.
        caught: whether an operation raised an error, which is caught if the call goes on.
        swept_indices: those of numbers that a sweep over the graph went through.
        scans: how many scans there were, before the one that is gone through now.
        bodies: the Values of bodies of scans, which nothing else can use.
        needs: that a scan must be gone through turn by turn, which the function may have caught.

    Args:
        name: the name of the function.
        inputs: the Values that it is given.
        brief: whether operations need not be noted.
        scan: goes through a scan, given the tracer and what `Observer.scanned` is; None where scans are
            loops like others.
    """

    follows = True
    repeats_calls = True

    def __init__(
        self,
        name: str,
        inputs: Iterable[Value],
        brief: bool = False,
        scan: Callable[..., tuple[Any, Any] | None] | None = None,
    ) -> None:
        self.events: list[Event] = []
        self._known: set[Value] = {*inputs}
        self._noted = 0  # of how many events the nodes are there
        self.refused: CompileError | None = None
        self._name = name
        self._brief = brief
        self.swept_indices: set[Index] = set()
        self._ordered: dict[Value, Ordered] = {}
        self._gathered: dict[Value, Index] = {}
        self.caught = False
        self.scans = 0
        self.bodies: set[Value] = set()
        self.needs: NeedsTurns | None = None
        self._scan = scan
        self._calls = self._loops = False

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

    def knows(self, x: Any) -> bool:
        """Say whether something is a Value that the function was given or made, so far as anybody told."""
        events, known = self.events, self._known
        while (place := self._noted) < len(events):  # another thread may do the same meanwhile
            event = events[place]
            if isinstance(event, Value):
                known.add(event)
            elif isinstance(event, (Operation, Whole)):
                known.add(event.node)
            elif isinstance(event, (Called, Together)):
                known.update(event.nodes)
            self._noted = place + 1
        return x in known or (isinstance(x, Value) and x.op is SCANNED and x._a in known)

    @property
    def chooses(self) -> bool:
        """Whether numbers were sorted, or chosen by an index, of which a graph has this choice alone."""
        return bool(self._ordered or self._gathered)

    # Scans

    def scanned(self, f: Any, init: Any, turns: Any, reverse: bool, body: Any) -> tuple[Any, Any] | None:
        """Go through a scan, and return what it gives; None if it is a loop like others."""
        if self._scan is None or self._calls or self.needs is not None or not recording.get():
            return None
        try:
            found = self._scan(self, f, init, turns, reverse, body)
        except NeedsTurns as error:
            self.needs = error
            raise
        self.scans += 1
        return found

    @contextmanager
    def apart(self, inputs: Iterable[Value]) -> Iterator[list[Event]]:
        """Note what happens in a block for itself, in a list; there scans are loops like others.

        Args:
            inputs: Values that are given there.
        """
        self.knows(None)
        own: list[Event] = []
        outside = self.events, self._noted, self._brief, self._scan
        self.bodies.update(inputs)
        self._known.update(inputs)
        self.events, self._noted, self._brief, self._scan = own, 0, False, None
        try:
            yield own
        finally:
            self.knows(None)
            own[:] = self.events
            operations = (
                event if isinstance(event, Value) else getattr(event, "node", None) for event in own
            )
            self.bodies.update(x for x in operations if x is not None)
            self.bodies.update(
                x for event in own if isinstance(event, (Called, Together)) for x in event.nodes
            )
            self.events, self._noted, self._brief, self._scan = outside

    def loop(self, event: Scanned) -> None:
        """Note a scan of which the body was recorded."""
        self._loops = True
        self._known.add(event.anchor)
        self.events.append(event)

    # What the engine tells

    def recorded(self, node: Value) -> None:
        """Note an operation; inside no_grad() it has no derivative."""
        if self._brief or whole_calls.of(node) is not None:  # of such calls `called` is told
            return
        if self not in observers.get() and not self._is_ours(*node.operands):
            return
        if isfinite(node._number) and recording.get():
            self.events.append(node)
        else:
            operands = node.operands
            ieee = not isfinite(node._number) and _raises(node.op, operands)
            self.events.append(Operation(node, node.op, operands, not recording.get(), ieee))

    def recorded_together(self, nodes: Sequence[Value], ieee: bool) -> None:
        """Note operations as one event, where they are as nearly all are."""
        if not recording.get() or self not in observers.get():
            super().recorded_together(nodes, ieee)
        elif not self._brief:
            self.events.append(Together(nodes, ieee and not TABLE[nodes[0].op].never_raises))

    def ieee(self, node: Value) -> None:
        """Note that the operation of a node gives inf and NaN where the primitive raises, for all numbers."""
        for i in range(len(self.events) - 1, -1, -1):
            event = as_operation(self.events[i])
            if event is not None and event.node is node:
                self.events[i] = event._replace(ieee=event.ieee or not TABLE[node.op].never_raises)
                return

    def raised(self, op: str, operands: Iterable[Any], error: Exception) -> None:
        """Note what tells that an operation raises this kind of error.

        That are the comparisons of the primitive's entry or, where these do not tell, of the operands with
        their numbers. An operand of the wrong type raises for all numbers.
        """
        operands = [*operands]
        if isinstance(error, TypeError) or not self._is_ours(*operands):
            return
        self.caught = True
        rule = TABLE[op].error if op in TABLE else None
        if rule is None or rule(*operands) is not type(error):
            for x in operands:
                _ = isinstance(x, Value) and (x == x._number or x != x)
                _ = x == 0.0 and copysign(1.0, x) > 0.0

    def whole(self, node: Value, name: str, operands: Iterable[Any]) -> None:
        """Note what the number of a node is really computed from."""
        if self._is_ours(node):
            self.events.append(Whole(node, name, tuple(operands)))

    def copied(self, twin: Value, node: Value, attached: bool) -> None:
        """Note a copy, which is what it is a copy of; without a derivative, if it is not attached."""
        if self._is_ours(node):
            self.events.append(Whole(twin, "copied" if attached else "detached", (node,)))

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

    def indexed(self, index: Index) -> None:
        """Note an index."""
        if self._is_ours(*[x for x, _ in index.parts]):
            self.events.append(Indexed(index))
            self._known.update(index.masks)

    def gathered(self, nodes: Sequence[Value], index: Index, numbers: Sequence[Any]) -> None:
        """Note one of many numbers, in the place of the operations that it was recorded as."""
        if not self._is_ours(*nodes):
            return
        its = {*nodes}

        def total(events: Sequence[Event]) -> list[Operation]:
            return [x for x in map(as_operation, events) if x is not None and x.node in its]

        self.knows(None)  # what goes now, too
        terms = total(self.events[-len(nodes) :])
        if len(terms) < len(nodes):  # another thread had something to tell between them
            terms = total(self.events)
            self.events = [x for x in self.events if not total([x])]
        else:
            del self.events[-len(nodes) :]
        self._noted = len(self.events)
        self.events.append(Gathered(nodes[-1], index, numbers, terms))
        self._gathered[nodes[-1]] = index

    def swept(self, order: Sequence[Value], by: Iterable[Value], derivatives: Sequence[Value]) -> None:
        """Note the indices of numbers that a sweep went through.

        It multiplies by 0.0 what no index chooses. Where that is infinite it gives NaN, and the function must
        be followed for one index alone; and where it differentiates by what an index chooses.
        """
        for x in by:
            if x in self._gathered:
                self._gathered[x].needed()
        indices = {index for index in map(self._gathered.get, order) if index is not None}
        self.swept_indices |= indices
        if indices and derivatives:
            total = sum(derivatives[1:], derivatives[0])
            if total - total != 0.0:  # which is followed
                for index in indices:
                    index.needed()

    def called(self, what: Map, numbers: Sequence[Any], results: Sequence[Value]) -> None:
        """Note a call as a whole. In programs with loops there are none.

        Raises:
            NeedsTurns: a scan came before.
        """
        if not self._is_ours(*numbers):
            return
        self._calls = True
        self.events.append(Called(what, numbers, results, not recording.get()))
        if self._loops:
            self.needs = NeedsTurns()
            raise self.needs

    def reverse_sweep(self, order: Sequence[Value], seeds: Mapping[Value, float]) -> None:
        """Make the order of numbers a branch: a sweep over the graph goes through that of now.

        Raises:
            NeedsTurns: it would go through a scan of which there is no graph.
        """
        if self.scans and any(x.op is SCANNED for x in order):
            self.needs = NeedsTurns()
            raise self.needs
        for event in {id(x): x for x in map(self._ordered.get, order) if x is not None}.values():
            for node in event.nodes:
                del self._ordered[node]
            numbers = [event.operands[i] for i in event.order]
            for x, y in pairwise(numbers):
                _ = x < y or x == y  # which is followed

    forward_sweep = reverse_sweep

    def read(self, node: Value, what: str) -> None:
        """Note that the user's own code took a number out of the graph; one from outside must stay."""
        if not self._is_ours(node) or through_the_engine(sys._getframe(1)):
            return
        if self.knows(node) or what == "grad":
            self.refuse(*_READ[what])
        elif node._number == node._number:
            self.compared("==", node, node._number, True)
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
        return self in observers.get() or any(isinstance(x, Value) and self.knows(x) for x in operands)

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
        "return the number, and write it where the function is called",
    ),
    "pickle": ("pickles a Value", "return it, and pickle it where the function is called"),
}


class Following(Block):
    """A block in which a tracer, and no other one, is told of what happens."""

    _setting = observers

    def __init__(self, tracer: Tracer) -> None:
        super().__init__()
        self._tracer = tracer

    def _inside(self, outside: tuple[Observer, ...]) -> tuple[Observer, ...]:
        return (*(x for x in outside if not isinstance(x, Tracer)), self._tracer)


def _raises(op: str, operands: Sequence[Value | float]) -> bool:
    """Say whether a primitive raises for some operands."""
    primitive = TABLE.get(op)
    if primitive is None or primitive.never_raises:
        return False
    try:
        primitive.value(*[x._number if isinstance(x, Value) else x for x in operands])
    except Exception:
        return True
    return False
