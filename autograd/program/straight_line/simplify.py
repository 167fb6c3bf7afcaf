"""A program made smaller, without changing a bit of what it gives.

Numbers are folded, what is computed twice is computed once, what nothing needs is left out. A rule that
IEEE arithmetic does not allow for all numbers is not applied: `x * 0` stays, for it is NaN where x is
infinite, and `x + 0` too unless x cannot be -0.0.
"""

from __future__ import annotations

from functools import cache
from math import copysign, frexp, inf, isfinite, nan
from typing import Any

from ...ops import TABLE, Primitive
from .program import RELATIONS, Node, Program, computed
from .sweeps import without_zero

_NEVER_RAISE = frozenset({"number", "where", "detached", *RELATIONS, "hypot…", "nextafter…", "gather…"})
"""What gives a number for any numbers, besides primitives of which their entries say so."""


_CARRIERS = frozenset({"fsum…", "hypot…", "sumprod…", "fma…"})
"""Of the operations on many numbers, those that are inf or NaN where one of these is."""


def may_raise(node: Node) -> bool:
    """Say whether there are numbers for which a node raises."""
    if node.ieee or node.op in _NEVER_RAISE or node.op.startswith("input"):
        return False
    primitive = TABLE.get(node.op)
    return primitive is None or not primitive.never_raises


def watched(program: Program) -> set[int]:
    """Return the places to look at to know whether something raised, as few as will do.

    Where a node that may raise gives inf or NaN, so does one of these: what carries inf and NaN on, as a sum
    does, is looked at in the place of what goes into it.
    """
    nodes = program.nodes
    seen_at = list(range(len(nodes)))
    for place in range(len(nodes) - 1, len(program.inputs) - 1, -1):
        node = nodes[place]
        if not node.ieee:  # a derivative may be infinite where nothing raises
            for i, operand in enumerate(node.operands):
                if seen_at[operand] == operand and _carries(node, i, nodes):
                    seen_at[operand] = seen_at[place]
    return {seen_at[place] for place, node in enumerate(nodes) if may_raise(node)}


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
    return _without_what_is_not_needed(_Folding(program).program)


def for_batches(program: Program) -> Program:
    """Return the program without the sums that only turn a derivative of -0.0 into 0.0.

    They make derivatives the same to the last bit as those of a sweep that starts from 0.0. A sum over a
    batch starts from 0.0 by itself.
    """
    return _without_what_is_not_needed(program.copy([without_zero(program, i) for i in program.outputs]))


class _Folding:
    """Goes through a program and appends what is new to another one."""

    def __init__(self, old: Program) -> None:
        self.program = new = Program(old.inputs)
        self._seen: dict[Any, int] = {}
        # The truth of conditions that are always the same.
        self._certain: dict[int, bool] = {}
        places = list(range(len(old.inputs)))
        for place in range(len(old.inputs), len(old.nodes)):
            node = old.nodes[place]
            last = node.last and (node.last[0], *[places[i] for i in node.last[1:]])
            there = self._add(
                Node(node.op, tuple([places[i] for i in node.operands]), node.number, node.ieee, last)
            )
            places.append(there)
            if place in old.guards and there not in self._certain:
                new.guards[there] = old.guards[place]
        new.outputs = tuple([places[i] for i in old.outputs])

    def _add(self, node: Node) -> int:
        if node.op == "number":
            return self._number(node.number)
        simpler = self._simpler(node)
        if simpler is not None:
            return simpler
        operands = [self._known(i) for i in node.operands]
        if all(x is not None for x in operands):
            try:
                result = computed(node, operands)
            except (ArithmeticError, ValueError):
                pass  # it shall raise when it is run
            else:
                if node.op not in RELATIONS:
                    return self._number(result)
                there = self._once((node.op, node.operands), node)
                self._certain[there] = result
                return there
        commutes = node.op in ("+", "*")
        return self._once((node.op, tuple(sorted(node.operands)) if commutes else node.operands), node)

    def _once(self, key: Any, node: Node) -> int:
        there = self._seen.get(key)
        # What belongs to a derivative raises nothing, so it is no substitute for what may raise.
        if there is None or (self.program.nodes[there].ieee and may_raise(node)):
            there = self._seen[key] = len(self.program.nodes)
            self.program.nodes.append(node)
        return there

    def _number(self, x: float) -> int:
        return self._once(("number", x.hex()), Node("number", number=x))

    def _known(self, place: int) -> Any:
        node = self.program.nodes[place]
        return node.number if node.op == "number" else self._certain.get(place)

    def _simpler(self, node: Node) -> int | None:
        """Return the place of what a node is equal to, for all numbers; None if nothing is known."""
        op = node.op
        if op in ("identity", "detached"):
            return node.operands[0]
        if op == "where":
            condition, x, y = node.operands
            if x == y:
                return x
            certain = self._certain.get(condition)
            return None if certain is None else x if certain else y
        if op == "gather…":
            index = self._known(node.operands[0])
            return None if index is None else node.operands[1 + int(index)]
        rule = _RULES.get(op)
        return None if rule is None else rule(self, node)

    def _sum(self, node: Node) -> int | None:
        for x, y in (node.operands, node.operands[::-1]):
            number = self._known(y)
            if number == 0.0 and (copysign(1.0, number) < 0.0 or self._never_negative_zero(x)):
                return x
        x, y = node.operands
        if self._op(y) == "neg":
            return self._add(node._replace(op="-", operands=(x, self.program.nodes[y].operands[0])))
        if self._op(x) == "neg":
            return self._add(node._replace(op="-", operands=(y, self.program.nodes[x].operands[0])))
        return None

    def _difference(self, node: Node) -> int | None:
        x, y = node.operands
        number = self._known(y)
        if number == 0.0 and copysign(1.0, number) > 0.0:
            return x
        if self._op(y) == "neg":
            return self._add(node._replace(op="+", operands=(x, self.program.nodes[y].operands[0])))
        return None

    def _product(self, node: Node) -> int | None:
        for x, y in (node.operands, node.operands[::-1]):
            number = self._known(y)
            if number == 1.0:
                return x
            if number == -1.0:
                return self._add(node._replace(op="neg", operands=(x,)))
        x, y = node.operands
        if self._op(x) == self._op(y) == "neg":
            inner = (self.program.nodes[x].operands[0], self.program.nodes[y].operands[0])
            return self._add(node._replace(operands=inner))
        return None

    def _quotient(self, node: Node) -> int | None:
        x, y = node.operands
        number = self._known(y)
        if number == 1.0:
            return x
        if number is not None and isfinite(number) and abs(frexp(number)[0]) == 0.5:
            inverse = 1.0 / number if abs(number) > 1e-300 else 0.0
            if 1e-300 < abs(inverse) < 1e300:  # exact, as is every product with it
                return self._add(node._replace(op="*", operands=(x, self._number(inverse))))
        return None

    def _negation(self, node: Node) -> int | None:
        (x,) = node.operands
        return self.program.nodes[x].operands[0] if self._op(x) == "neg" else None

    def _power(self, node: Node) -> int | None:
        x, y = node.operands
        return x if self._known(y) == 1.0 else None

    def _op(self, place: int) -> str:
        return self.program.nodes[place].op

    def _never_negative_zero(self, place: int, depth: int = 8) -> bool:
        node = self.program.nodes[place]
        if node.op == "number":
            return node.number != 0.0 or copysign(1.0, node.number) > 0.0
        if node.op == "hypot…" or (node.op in TABLE and TABLE[node.op].never_negative_zero):
            return True
        if node.op == "*":
            return node.operands[0] == node.operands[1]
        if depth == 0:
            return False
        if node.op == "+":
            return any(self._never_negative_zero(i, depth - 1) for i in node.operands)
        if node.op == "where":
            return all(self._never_negative_zero(i, depth - 1) for i in node.operands[1:])
        return False


_RULES: dict[str, Any] = {
    "+": _Folding._sum,
    "-": _Folding._difference,
    "*": _Folding._product,
    "/": _Folding._quotient,
    "neg": _Folding._negation,
    "**": _Folding._power,
    "pow": _Folding._power,
}


def _without_what_is_not_needed(program: Program) -> Program:
    count = len(program.inputs)
    needed = bytearray(len(program.nodes))
    for place in (*program.outputs, *program.guards):
        needed[place] = 1
    for place in range(len(program.nodes) - 1, count - 1, -1):
        node = program.nodes[place]
        if needed[place] or may_raise(node):
            needed[place] = 1
            for i in node.operands:
                needed[i] = 1
    new = Program(program.inputs)
    places = list(range(count))
    for place in range(count, len(program.nodes)):
        places.append(len(new.nodes))
        if needed[place]:
            node = program.nodes[place]
            new.nodes.append(Node(node.op, tuple([places[i] for i in node.operands]), node.number, node.ieee))
            if place in program.guards:
                new.guards[places[place]] = program.guards[place]
    new.outputs = tuple([places[i] for i in program.outputs])
    return new
