"""A straight-line program: what a recorded graph computes, as a list of operations without branches.

A program is a list of nodes, each of which is an input, a number, or an operation on nodes before it. A
branch that the recorded function took is a **guard**: a comparison whose outcome must be the recorded one,
or the program is not the one for these inputs.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, NamedTuple

from ...derivatives.maps import Map
from ...math import nextafter
from ...ops import TABLE, floats, named

RELATIONS = {"<", "<=", "==", "!=", ">", ">="}
"""Comparisons of two nodes; their result is a condition, for guards and `where` only."""


def gathered(index: float, *numbers: float) -> float:
    """Return one of some numbers; where the index is beyond them, as where a guard fails, the nearest."""
    return numbers[int(min(max(0.0, index), len(numbers) - 1.0))]


WHOLE: dict[str, Callable[..., float]] = {
    "fsum": lambda *terms: math.fsum(terms),
    "hypot": math.hypot,
    "sumprod": lambda *both: floats.sumprod(both[: len(both) // 2], both[len(both) // 2 :]),
    "fma": floats.fma,
    "nextafter": lambda x, y, steps: float(nextafter(x, y, steps=int(steps))),
    "gather": gathered,
}
"""Operations on many numbers whose result is rounded once; in a program their names end in '…'.

"gather…" has a whole number as its first operand, and is that one of the others, counted from 0."""

CHOICES = ("where", "gather…")
"""Operations that are one of their operands after the first, which says which."""


class CallOp(str):
    """The `op` of a node that calls a function of the user's, whose result is a list of numbers.

    Attributes:
        map: what is called, with all operands.
    """

    __slots__ = ("map",)

    map: Map

    @classmethod
    def of(cls, called: Map) -> CallOp:
        """Return the op that calls a map."""
        op = cls(f"call {called.name}")
        op.map = called
        return op

    def __reduce__(self) -> Any:
        return CallOp.of, (self.map,)


def check_calls_nothing(programs: Iterable[Program], language: str) -> None:
    """Check that programs can be written where there is no Python.

    Raises:
        TypeError: one calls a function of Python.
    """
    for program in programs:
        for op in program.calls:
            raise TypeError(
                f"this program calls {op.map.name}, a function of Python with its own derivative, and cannot "
                f"be written in {language}, for nobody knows what it computes; write it with autograd.math"
            )


ITEM = "item…"
"""One of the numbers that a call gave; the second operand is its place there, a number."""

MARKS = frozenset({"loop", "end", "phi", "element", "store"})
"""What computes nothing, but says where numbers are: `loops.program` has programs with these."""


class Node(NamedTuple):
    """One step of a program.

    Attributes:
        op: what is done: `"input"`, `"number"`, the name of a primitive of the table, one of RELATIONS,
            `"where"` (of a condition and two nodes), `"detached"` (the number itself, without derivative),
            the name of one of WHOLE with `…` after it, a CallOp, or ITEM.
        operands: the places, in the program, of what it is done to.
        number: the number itself, for `"number"`.
        ieee: whether it gives inf and NaN where Python's floats raise: it belongs to a derivative, or to an
            operation on arrays.
        last: the primitive and the operands that it is differentiated as, where these are others: for one of
            WHOLE its last step, for a derivative what `slopes` of its entry says.
    """

    op: str
    operands: tuple[int, ...] = ()
    number: float = 0.0
    ieee: bool = False
    last: tuple[Any, ...] | None = None

    @property
    def edges(self) -> tuple[str, tuple[int, ...]]:
        """The primitive by whose derivatives the node is differentiated, and its operands."""
        return (self.op, self.operands) if self.last is None else (self.last[0], self.last[1:])


_INPUT = Node("input")

node_of: Callable[[tuple[str, tuple[int, ...], float, bool, Any]], Node] = partial(tuple.__new__, Node)
"""Return the node of these parts, in half of the time that `Node` takes."""


_numbers: dict[float, Node] = {}
"""Nodes of some numbers, which are often the same."""

_MANY = 1000


def _number(x: float) -> Node:
    """Return the node of a number that is not 0."""
    node = _numbers.get(x)
    if node is None:
        node = node_of(("number", (), x, False, None))
        if len(_numbers) < _MANY:
            _numbers[x] = node
    return node


_NO_PRIMITIVES = {"input", "number", "where", "detached", ITEM, *RELATIONS}
_QUICK = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}
"""What gives the value of a primitive as that itself does, in half of the time."""


class Program:
    """A straight-line program.

    Attributes:
        inputs: the names of the inputs; the first nodes are these.
        nodes: the steps, each after what it is done to.
        guards: the outcome that must hold, by the place of the comparison.
        outputs: the places of the results; one may be a result several times.
    """

    __slots__ = ("guards", "inputs", "nodes", "outputs")

    def __init__(
        self,
        inputs: Sequence[str],
        nodes: list[Node] | None = None,
        guards: dict[int, bool] | None = None,
        outputs: Sequence[int] = (),
    ) -> None:
        self.inputs = tuple(inputs)
        self.nodes = nodes if nodes is not None else [_INPUT] * len(self.inputs)
        self.guards = guards or {}
        self.outputs = tuple(outputs)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Program) and self.__getstate__() == other.__getstate__()

    __hash__ = object.__hash__

    def __getstate__(self) -> Any:
        return self.inputs, [tuple(node) for node in self.nodes], self.guards, self.outputs

    def __setstate__(self, state: Any) -> None:
        self.inputs, nodes, self.guards, self.outputs = state
        self.nodes = [Node(*node) for node in nodes]

    def copy(self, outputs: Sequence[int] | None = None) -> Program:
        """Return a program that can be extended without changing this one."""
        kept = self.outputs if outputs is None else outputs
        return Program(self.inputs, list(self.nodes), dict(self.guards), kept)

    @property
    def operations(self) -> int:
        """How many nodes compute something."""
        return sum(node.op not in ("input", "number") for node in self.nodes)

    @property
    def loops(self) -> Sequence[tuple[int, int, int]]:
        """The loops, in order: where each starts and ends, and how many turns it has. There are none."""
        return ()

    @property
    def calls(self) -> list[CallOp]:
        """The functions of the user's that are called, in order."""
        return [node.op for node in self.nodes if type(node.op) is CallOp]

    @property
    def work(self) -> int:
        """How many nodes are gone through at a point: those of loops once for each turn."""
        return len(self.nodes) + sum([(end - start - 1) * (turns - 1) for start, end, turns in self.loops])

    # Building

    def add(self, op: str, *operands: int, ieee: bool = False, number: float = 0.0) -> int:
        """Append a node and return its place."""
        nodes = self.nodes
        nodes.append(node_of((op, operands, number, ieee, None)))
        return len(nodes) - 1

    def number(self, x: float) -> int:
        """Append a number and return its place."""
        nodes = self.nodes
        x = float(x)
        nodes.append(_number(x) if x else node_of(("number", (), x, False, None)))  # 0.0 equals -0.0
        return len(nodes) - 1

    # Running

    def run(self, inputs: Sequence[float]) -> list[float] | None:
        """Return the outputs for these inputs, node by node; None where a guard does not hold.

        It is slow, and says in a few lines what a program means; the other ways to run one are held
        against it.

        Raises:
            ArithmeticError: as the recorded function would.
            ValueError: as the recorded function would.
        """
        values: list[Any] = list(map(float, inputs))
        guards, nodes = self.guards, self.nodes
        known: tuple[dict[str, Callable[..., float]], ...] = {}, {}
        for place in range(len(self.inputs), len(nodes)):
            op, operands, _, ieee, _ = node = nodes[place]
            function = known[ieee].get(op)
            if function is None:
                values.append(computed(node, [values[i] for i in operands]))
                if type(op) is str and op in TABLE and op not in _NO_PRIMITIVES:
                    known[ieee][op] = TABLE[op].ieee if ieee else _QUICK.get(op, TABLE[op].value)
                elif place in guards and values[place] is not guards[place]:
                    return None
                continue
            if len(operands) == 2:
                out = function(values[operands[0]], values[operands[1]])
            else:
                out = function(values[operands[0]])
            values.append(out if type(out) is float else float(out))
        return [values[i] for i in self.outputs]


def computed(node: Node, operands: Sequence[Any]) -> Any:
    """Return what a node that is no input is worth.

    Raises:
        ArithmeticError: float arithmetic does, and the node belongs to no derivative.
        ValueError: as above.
    """
    op = node.op
    if op == "number":
        return node.number
    if op == "where":
        return operands[1] if operands[0] else operands[2]
    if op == "detached":
        return operands[0]
    if op == ITEM:
        return operands[0][int(operands[1])]
    if type(op) is CallOp:
        return op.map(operands)
    if op in RELATIONS:
        return related(op, *operands)
    function = WHOLE[op[:-1]] if op[-1] == "…" else named(op).ieee if node.ieee else named(op).value
    return float(function(*operands))


def related(relation: str, x: float, y: float) -> bool:
    """Return the outcome of a comparison."""
    if relation == "<":
        return x < y
    if relation == "<=":
        return x <= y
    if relation == "==":
        return x == y
    if relation == "!=":
        return x != y
    return x > y if relation == ">" else x >= y
