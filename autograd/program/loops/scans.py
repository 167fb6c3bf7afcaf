"""A loop of a program from the body of a scan, which was recorded once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from ..straight_line.program import Node, Program
from .program import INPUTS, PASSING, Element, LoopProgram


class Scan(Protocol):
    """What is known of a scan; `tracer.Scanned` says what it is."""

    @property
    def body(self) -> Program: ...
    @property
    def turns(self) -> int: ...
    @property
    def reverse(self) -> bool: ...
    @property
    def init(self) -> Sequence[Any]: ...
    @property
    def xs(self) -> Sequence[Sequence[Any]]: ...
    @property
    def outside(self) -> Sequence[Any]: ...
    @property
    def carried(self) -> Sequence[Any]: ...
    @property
    def kept(self) -> Sequence[Sequence[Any]]: ...


class LoopOfScan:
    """Appends the loop of a scan to a program.

    Args:
        scan: the scan.
        program: the program.
        place: gives the place of a Value or a number.
        stored: where results lie that are in arrays; those of the scan are added.
        places: the places of Values; what is carried last is added.
    """

    def __init__(
        self,
        scan: Scan,
        program: LoopProgram,
        place: Callable[[Any], int],
        stored: dict[Any, Element],
        places: dict[Any, int],
    ) -> None:
        self._scan = scan
        self._program = program
        self._place = place
        self._stored = stored
        self._places = places
        carried, scanned = len(scan.init), len(scan.xs)
        used = {i for node in scan.body.nodes for i in node.operands} | {*scan.body.outputs}
        firsts = [place(x) for x in scan.init]
        through = {i: self._through(xs) for i, xs in enumerate(scan.xs, carried) if i in used}
        there: dict[int, int] = {i: place(x) for i, x in enumerate(scan.outside, carried + scanned)}
        program.nodes.append(Node("loop", (), float(scan.turns)))
        for i, first in enumerate(firsts):
            there[i] = len(program.nodes)
            program.nodes.append(Node("phi", (first, -1)))
        for i, element in through.items():
            there[i] = program.element(element)
        own = self._body(there)
        for i, end in enumerate(own[:carried]):
            program.nodes[there[i]] = Node("phi", (firsts[i], end))
        for end, values in zip(own[carried:], scan.kept, strict=True):
            array = len(program.arrays)
            program.arrays.append(scan.turns)
            program.store(end, Element(array, 0, 1))
            stored.update(
                (x, Element(array, i)) for i, x in enumerate(reversed(values) if scan.reverse else values)
            )
        program.nodes.append(Node("end"))
        places.update(zip(scan.carried, own[:carried], strict=True))

    def _turned(self, element: Element) -> Element:
        """Return which number each turn has, of those that go from the first scanned to the last."""
        if not self._scan.reverse:
            return element
        return Element(element.array, element.start + element.step * (self._scan.turns - 1), -element.step)

    def _body(self, there: Mapping[int, int]) -> list[int]:
        """Append the operations of a turn, and return the places of what it gives, each one of these."""
        program, body = self._program, self._scan.body
        places = {**there}
        own: set[int] = set()
        for i in range(len(body.inputs), len(body.nodes)):
            node = body.nodes[i]
            last = node.last and (node.last[0], *[places[x] for x in node.last[1:]])
            places[i] = len(program.nodes)
            own.add(i)
            if i in body.guards:
                program.guards[places[i]] = body.guards[i]
            program.nodes.append(
                Node(node.op, tuple([places[x] for x in node.operands]), node.number, node.ieee, last)
            )
        return [places[i] if i in own else program.add(PASSING, places[i], ieee=True) for i in body.outputs]

    def _through(self, xs: Sequence[Any]) -> Element:
        """Return which array has what is scanned, which is put into one if none has it."""
        program, turns = self._program, self._scan.turns
        if all(type(x) is float for x in xs):
            program.arrays.append([*xs])
            return self._turned(Element(len(program.arrays) - 1, 0, 1))
        where = [self._where(x) for x in xs]
        first = where[0]
        if first is not None and turns > 1 and where[1] is not None:
            step = where[1].start - first.start
            even = (Element(first.array, first.start + step * i) for i in range(turns))
            if step and all(map(tuple.__eq__, where, even)):
                return self._turned(Element(first.array, first.start, step))
        places = [self._place(x) for x in xs]
        program.arrays.append(turns)
        for i, place in enumerate(places):
            program.store(place, Element(len(program.arrays) - 1, i))
        return self._turned(Element(len(program.arrays) - 1, 0, 1))

    def _where(self, x: Any) -> Any:
        """Return which number of an array a Value is; None if it is none."""
        place = self._places.get(x) if type(x) is not float else None
        if place is not None and place < len(self._program.inputs):
            return Element(INPUTS, place)
        return self._stored.get(x)


def without_passing(program: Program) -> Program:
    """Return a program in which nothing is handed on as it is."""
    if not any(node.op == PASSING and node.ieee for node in program.nodes):
        return program
    new = Program(program.inputs)
    places = [*range(len(new.inputs))]
    for place in range(len(new.inputs), len(program.nodes)):
        node = program.nodes[place]
        if node.op == PASSING and node.ieee:
            places.append(places[node.operands[0]])
            continue
        if place in program.guards:
            new.guards[len(new.nodes)] = program.guards[place]
        places.append(len(new.nodes))
        last = node.last and (node.last[0], *[places[i] for i in node.last[1:]])
        new.nodes.append(node._replace(operands=tuple([places[i] for i in node.operands]), last=last))
    new.outputs = tuple([places[i] for i in program.outputs])
    return new
