"""A program made smaller, without changing a bit of what it gives.

Numbers are folded, what is computed twice is computed once, what nothing needs is left out. A rule that
IEEE arithmetic does not allow for all numbers is not applied: `x * 0` stays, for it is NaN where x is
infinite, and `x + 0` too unless x cannot be -0.0.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from functools import cache
from itertools import islice
from math import copysign, frexp, inf, isfinite, nan
from typing import Any

from ...ops import TABLE, Primitive
from ..loops.program import LoopProgram
from .program import ITEM, MARKS, RELATIONS, CallOp, Node, Program, computed, node_of
from .sweeps import without_zero

_NEVER_RAISE = frozenset(
    {"number", "where", "detached", *RELATIONS, *MARKS, "hypot…", "nextafter…", "gather…", ITEM}
)
"""What gives a number for any numbers, besides primitives of which their entries say so."""


_CARRIERS = frozenset({"fsum…", "hypot…", "sumprod…", "fma…"})
"""Of the operations on many numbers, those that are inf or NaN where one of these is."""


def may_raise(node: Node) -> bool:
    """Say whether there are numbers for which a node raises."""
    return not node.ieee and op_may_raise(node.op)


def op_may_raise(op: str) -> bool:
    """Say whether there are numbers for which an operation raises, if it belongs to no derivative."""
    if op in _NEVER_RAISE or op.startswith("input"):
        return False
    primitive = TABLE.get(op)
    return primitive is None or not primitive.never_raises


def watched(program: Program) -> set[int]:
    """Return the places to look at to know whether something raised, as few as will do.

    Where a node that may raise gives inf or NaN, so does one of these: what carries inf and NaN on, as a sum
    does, is looked at in the place of what goes into it. After a loop stands only what its last turn gave:
    so a node after it carries what was carried through all turns. A loop in another one begins anew in each
    turn of that.
    """
    nodes = program.nodes
    loop_of = [-1] * len(nodes)
    for start, end, _ in program.loops:
        loop_of[start:end] = [start] * (end - start)
    lasting: set[int] = set()
    for start, end, _ in program.loops:
        if loop_of[start - 1] not in (-1, start) or any(x > start for x in loop_of[start:end]):
            continue
        seen_at = _seen_at(nodes, start, end, loop_of, lasting)
        for place in range(start + 1, end):
            node = nodes[place]
            if node.op == "phi" and seen_at[place] == node.operands[1]:
                lasting.add(node.operands[1])
    seen_at = _seen_at(nodes, len(program.inputs), len(nodes), loop_of, lasting)
    return {seen_at[place] for place, node in enumerate(nodes) if may_raise(node)}


def _seen_at(
    nodes: list[Node], start: int, end: int, loop_of: Sequence[int], lasting: Container[int]
) -> Sequence[int]:
    """Return for each node another one, among those of a stretch, that carries its inf and NaN on, or itself.

    Args:
        nodes: the nodes.
        start: where the stretch begins.
        end: where it ends.
        loop_of: which loop each node is in.
        lasting: what in a loop is inf or NaN in the last turn, if it ever was.
    """
    seen_at = [*range(len(nodes))]
    for place in range(end - 1, start - 1, -1):
        node = nodes[place]
        if node.ieee:  # a derivative may be infinite where nothing raises
            continue
        is_phi = node.op == "phi"  # which is its first operand in the first turn
        for i, operand in enumerate(node.operands[:1] if is_phi else node.operands):
            there = loop_of[operand] in (-1, loop_of[place]) or operand in lasting
            carries = seen_at[place] != place if is_phi else _carries(node, i, nodes)
            if seen_at[operand] == operand and there and carries:
                seen_at[operand] = seen_at[place]
    return seen_at


def _carries(node: Node, i: int, nodes: list[Node]) -> bool:
    """Say whether a node is inf or NaN wherever its operand i is."""
    if node.op in ("+", "-", "*") or (node.op == "/" and i == 0) or node.op in _CARRIERS:
        return True
    primitive = TABLE.get(node.op)
    if primitive is None or not primitive.home.startswith("autograd.") or node.op == "identity":
        return False  # those of the user's own are not called where no point asks for it
    others = [nodes[k] for k in node.operands]
    if any(other.op != "number" for k, other in enumerate(others) if k != i):
        return False
    return _never_finite(primitive, i, tuple([other.number for other in others]))


@cache
def _never_finite(primitive: Primitive, i: int, operands: tuple[float, ...]) -> bool:
    """Say whether an operation gives inf or NaN where its operand i, and no other one of these, is that."""
    return not any(isfinite(primitive.ieee(*operands[:i], x, *operands[i + 1 :])) for x in (inf, -inf, nan))


def simplified(program: Program) -> Program:
    """Return a program with the same guards and outputs, to the last bit, in fewer steps.

    What may raise an error is kept even where its result is not needed, for the recorded function would raise
    that error too.
    """
    folded = _Folding(program)
    steps, guards, outputs = folded.steps, folded.guards, folded.outputs
    del folded  # and with it what it remembers of the steps
    return _with_what_is_needed(program.inputs, steps, guards, outputs)


def for_batches(program: Program) -> Program:
    """Return the program without the sums that only turn a derivative of -0.0 into 0.0.

    They make derivatives the same to the last bit as those of a sweep that starts from 0.0. A sum over a
    batch starts from 0.0 by itself. A program with loops stays as it is.
    """
    if isinstance(program, LoopProgram):
        return program
    outputs = [without_zero(program, i) for i in program.outputs]
    return _with_what_is_needed(program.inputs, program.nodes, program.guards, outputs)


_Step = tuple[str, tuple[int, ...], float, bool, Any]
"""The parts of a Node; a tuple of them is made in a fraction of the time."""


class _Folding:
    """Goes through a program and appends what is new to another one.

    Attributes:
        steps: the other program. What its derivatives are differentiated as is left out.
        guards: its guards.
        outputs: its outputs.
    """

    def __init__(self, old: Program) -> None:
        count = len(old.inputs)
        self.steps: list[_Step] = [*old.nodes[:count]]
        # For each step the number that it is, or the truth of a condition that is always the same; else None.
        self._known: list[Any] = [None] * count
        self._seen: dict[str, dict[tuple[int, ...], int]] = {}
        self._numbers: dict[float | str, int] = {}
        places = list(range(count))
        for op, operands, number, ieee, _ in islice(old.nodes, count, None):
            if op == "number":
                places.append(self._number(number))
            elif len(operands) == 2:
                x, y = operands
                places.append(self._add(op, (places[x], places[y]), ieee))
            else:
                places.append(self._add(op, tuple([places[i] for i in operands]), ieee))
        known = [(places[place], outcome) for place, outcome in old.guards.items()]
        self.guards = {place: outcome for place, outcome in known if self._known[place] is None}
        self.outputs = tuple([places[i] for i in old.outputs])

    def _add(self, op: str, operands: tuple[int, ...], ieee: bool) -> int:
        if type(op) is CallOp:  # which may do something else besides
            self.steps.append((op, operands, 0.0, ieee, None))
            self._known.append(None)
            return len(self.steps) - 1
        rule = _RULES.get(op)
        if rule is not None:
            simpler: int | None = rule(self, operands, ieee)
            if simpler is not None:
                return simpler
        known, result = self._known, None
        for i in operands:
            if known[i] is None:
                break
        else:
            result = self._result(op, operands, ieee)
            if type(result) is float:
                return self._number(result)
        seen = self._seen.get(op)
        if seen is None:
            seen = self._seen[op] = {}
        key = operands[::-1] if (op == "+" or op == "*") and operands[0] > operands[1] else operands
        there = seen.get(key)
        # What belongs to a derivative raises nothing, so it is no substitute for what may raise.
        if there is None or (not ieee and self.steps[there][3] and op_may_raise(op)):
            there = seen[key] = len(self.steps)
            self.steps.append((op, operands, 0.0, ieee, None))
            self._known.append(result)
        return there

    def _number(self, x: float) -> int:
        key = x if x and x == x else x.hex()  # 0.0 equals -0.0, and NaN nothing
        there = self._numbers.get(key)
        if there is None:
            there = self._numbers[key] = len(self.steps)
            self.steps.append(("number", (), x, False, None))
            self._known.append(x)
        return there

    def _result(self, op: str, operands: tuple[int, ...], ieee: bool) -> Any:
        """Return what known operands give, a float or a truth; None where that shall raise."""
        try:
            return computed(Node(op, operands, 0.0, ieee), [self._known[i] for i in operands])
        except (ArithmeticError, ValueError):
            return None

    # Rules: the place of what an operation is equal to, for all numbers; None if nothing is known

    def _operand(self, operands: tuple[int, ...], ieee: bool) -> int | None:
        return operands[0]

    def _choice(self, operands: tuple[int, ...], ieee: bool) -> int | None:
        condition, x, y = operands
        if x == y:
            return x
        certain = self._known[condition]
        return None if type(certain) is not bool else x if certain else y

    def _gathered(self, operands: tuple[int, ...], ieee: bool) -> int | None:
        index = self._known[operands[0]]
        return None if index is None else operands[1 + int(index)]

    def _sum(self, operands: tuple[int, ...], ieee: bool) -> int | None:
        x, y = operands
        known = self._known
        if known[y] == 0.0 and self._adds_nothing(known[y], x):
            return x
        if known[x] == 0.0 and self._adds_nothing(known[x], y):
            return y
        steps = self.steps
        if steps[y][0] == "neg":
            return self._add("-", (x, steps[y][1][0]), ieee)
        if steps[x][0] == "neg":
            return self._add("-", (y, steps[x][1][0]), ieee)
        return None

    def _adds_nothing(self, zero: float, x: int) -> bool:
        return copysign(1.0, zero) < 0.0 or self._never_negative_zero(x)

    def _difference(self, operands: tuple[int, ...], ieee: bool) -> int | None:
        x, y = operands
        number = self._known[y]
        if number == 0.0 and copysign(1.0, number) > 0.0:
            return x
        if self.steps[y][0] == "neg":
            return self._add("+", (x, self.steps[y][1][0]), ieee)
        return None

    def _product(self, operands: tuple[int, ...], ieee: bool) -> int | None:
        x, y = operands
        steps, known = self.steps, self._known
        if known[y] is not None or known[x] is not None:
            for number, other in ((known[y], x), (known[x], y)):
                if number == 1.0:
                    return other
                if number == -1.0:
                    return self._add("neg", (other,), ieee)
        if steps[x][0] == "neg" and steps[y][0] == "neg":
            return self._add("*", (steps[x][1][0], steps[y][1][0]), ieee)
        return None

    def _quotient(self, operands: tuple[int, ...], ieee: bool) -> int | None:
        x, y = operands
        number = self._known[y]
        if number == 1.0:
            return x
        if number is not None and isfinite(number) and abs(frexp(number)[0]) == 0.5:
            inverse = 1.0 / number if abs(number) > 1e-300 else 0.0
            if 1e-300 < abs(inverse) < 1e300:  # exact, as is every product with it
                return self._add("*", (x, self._number(inverse)), ieee)
        return None

    def _negation(self, operands: tuple[int, ...], ieee: bool) -> int | None:
        op, its, *_ = self.steps[operands[0]]
        return its[0] if op == "neg" else None

    def _power(self, operands: tuple[int, ...], ieee: bool) -> int | None:
        x, y = operands
        return x if self._known[y] == 1.0 else None

    def _never_negative_zero(self, place: int, depth: int = 8) -> bool:
        op, operands, number, *_ = self.steps[place]
        if op == "number":
            return number != 0.0 or copysign(1.0, number) > 0.0
        if op == "hypot…" or (op in TABLE and TABLE[op].never_negative_zero):
            return True
        if op == "*":
            return operands[0] == operands[1]
        if depth == 0:
            return False
        if op == "+":
            return any(self._never_negative_zero(i, depth - 1) for i in operands)
        if op == "where":
            return all(self._never_negative_zero(i, depth - 1) for i in operands[1:])
        return False


_RULES: dict[str, Any] = {
    "identity": _Folding._operand,
    "detached": _Folding._operand,
    "where": _Folding._choice,
    "gather…": _Folding._gathered,
    "+": _Folding._sum,
    "-": _Folding._difference,
    "*": _Folding._product,
    "/": _Folding._quotient,
    "neg": _Folding._negation,
    "**": _Folding._power,
    "pow": _Folding._power,
}


def _with_what_is_needed(
    inputs: Sequence[str], steps: Sequence[_Step], guards: dict[int, bool], outputs: Sequence[int]
) -> Program:
    """Return the program of what outputs and guards need, and of what may raise."""
    count = len(inputs)
    needed = bytearray(len(steps))
    for place in (*outputs, *guards):
        needed[place] = 1
    for place in range(len(steps) - 1, count - 1, -1):
        op, operands, _, ieee, _ = steps[place]
        if needed[place] or (not ieee and op_may_raise(op)):
            needed[place] = 1
            for i in operands:
                needed[i] = 1
    new = Program(inputs)
    nodes, places = new.nodes, list(range(count))
    for place in range(count, len(steps)):
        places.append(len(nodes))
        if needed[place]:
            op, operands, number, ieee, _ = steps[place]
            if len(operands) == 2:
                x, y = operands
                operands = places[x], places[y]
            else:
                operands = tuple([places[i] for i in operands])
            nodes.append(node_of((op, operands, number, ieee, None)))
    new.guards = {places[place]: guards[place] for place in sorted(guards)}
    new.outputs = tuple([places[i] for i in outputs])
    return new
