"""A recorded graph as a function of JavaScript: all numbers of the graph, and all local derivatives.

Unlike a compiled function it keeps every node, so that each card has its number. It is the arithmetic of IEEE
754, which raises nothing: the page looks for the first node that Python would have no number for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from ..engine import Value
from ..ops import TABLE
from ..program.js.source import to_js
from ..program.straight_line.program import Node, Program, computed
from ..program.straight_line.rules import local_derivative
from ..steps.sequence import Steps


class Edge(NamedTuple):
    """One operand of a node.

    Attributes:
        node: the id of the node.
        operand: which operand, from 0.
        target: the id of the operand.
    """

    node: int
    operand: int
    target: int


class GraphProgram:
    """The program of a graph.

    Attributes:
        leaves: the ids of the leaves, whose numbers are its first inputs, in order.
        fixed: the ids of nodes that only Python can compute, such as the result of a function with a
            derivative of its own: their numbers are its other inputs.
        script: a function `compute` of JavaScript, of an array of the inputs. It gives the numbers of all
            nodes, then the local derivative of each edge.

    Args:
        steps: those of a walk through the graph.
        edges: its edges, in the order in which the local derivatives are wanted.
    """

    def __init__(self, steps: Steps, edges: Sequence[Edge]) -> None:
        nodes = steps.nodes
        known: dict[Any, bool] = {}
        self.leaves = [i for i, node in enumerate(nodes) if not node.op]
        self.fixed = [
            i
            for i, node in enumerate(nodes)
            if node.op and not can_be_written(node.op, steps.parts[i][0], known)
        ]
        inputs = [*self.leaves, *self.fixed]
        program = Program([f"n{i}" for i in inputs])
        places = {node: place for place, node in enumerate(inputs)}
        for i, node in enumerate(nodes):
            if i not in places:
                operands = [
                    places[_id(steps, x)] if isinstance(x, Value) else program.number(x)
                    for x in node.operands
                ]
                places[i] = (
                    _sum_rounded_once(steps, node, program, places, operands)
                    if node.op == "fsum"
                    else program.add(str(node.op), *operands, ieee=True)
                )
        outputs = [places[i] for i in range(len(nodes))]
        for node_id, operand, _ in edges:
            if node_id in self.fixed:
                local: float | int = float(steps.parts[node_id][1][operand] or 0.0)
            else:
                local = local_derivative(program, places[node_id], operand)
            outputs.append(program.number(local) if isinstance(local, float) else local)
        program.outputs = tuple(outputs)
        self.script = to_js(program, "compute", ["error_of"]).replace("export function", "function")


def can_be_written(op: str, operands: Sequence[Any], known: dict[Any, bool]) -> bool:
    """Say whether JavaScript can compute a node and its local derivatives.

    Args:
        op: its operation.
        operands: Values and numbers.
        known: what was found for others.
    """
    if getattr(op, "call", None) is not None or op not in TABLE:
        return False
    kind = str(op), *[isinstance(x, Value) for x in operands]
    if kind not in known:
        program = Program(["x", "y"][: len(operands)])
        place = program.add(str(op), *range(len(program.inputs)), ieee=True)
        try:
            locals_ = [local_derivative(program, place, i) for i, is_value in enumerate(kind[1:]) if is_value]
            program.outputs = (place, *[x for x in locals_ if isinstance(x, int)])
            known[kind] = bool(to_js(program))
        except Exception:  # of the user's own rule, which may be any
            known[kind] = False
    return known[kind]


def _sum_rounded_once(
    steps: Steps, node: Value, program: Program, places: dict[int, int], operands: list[int]
) -> int:
    """Append a node that ends a sum which is rounded once, as `math.fsum` and `math.sumprod` record it.

    Args:
        steps: those of the walk.
        node: the node.
        program: the program.
        places: the places of nodes in it.
        operands: those of the operands of the node.
    """
    op, terms = sum_of(node)
    inner = [places[_id(steps, x)] if isinstance(x, Value) else program.number(x) for x in terms]
    program.nodes.append(Node(op, tuple(inner), ieee=True, last=("fsum", *operands)))
    return len(program.nodes) - 1


def sum_of(node: Value) -> tuple[str, list[Value | float]]:
    """Return the sum that a node is the end of, and its terms.

    The terms before the last are summed by nodes of their own, and how many these are is not recorded: it is
    as many as give the recorded number, or else all.
    """
    sums = list(_sums(node))
    found = (x for x in sums if computed(Node(x[0]), [_number(term) for term in x[1]]) == node.data)
    return next(found, sums[0])


def _sums(node: Value) -> Iterator[tuple[str, list[Value | float]]]:
    """Yield the sums that a node may be the end of, the longest first, each as products and as terms."""
    first, last = node.operands
    spine: list[Value | float] = [first]
    while isinstance(spine[-1], Value) and spine[-1].op == "+":
        spine.append(spine[-1].operands[0])
    for depth in range(len(spine) - 1, -1, -1):
        ends = [x.operands[1] for x in reversed(spine[:depth]) if isinstance(x, Value)]
        terms = [spine[depth], *ends, last]
        factors = [_factors(x) for x in terms]
        yield "fsum…", terms
        if any(x is not term for (x, _), term in zip(factors, terms, strict=True)):
            yield "sumprod…", [*[x for x, _ in factors], *[y for _, y in factors]]


def _number(x: Value | float) -> float:
    return x.data if isinstance(x, Value) else x


def _factors(x: Value | float) -> tuple[Value | float, Value | float]:
    """Return what a term is the product of."""
    if isinstance(x, Value) and x.op == "*":
        first, second = x.operands
        return first, second
    return x, 1.0


def _id(steps: Steps, value: Value) -> int:
    place = steps.id(value)
    assert place is not None
    return place
