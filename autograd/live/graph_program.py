"""A recorded graph as a function of JavaScript: all numbers of the graph, and all local derivatives.

Unlike a compiled function it keeps every node, so that each card has its number. It is the arithmetic of IEEE
754, which raises nothing: the page looks for the first node that Python would have no number for.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ..engine import Value
from ..ops import TABLE
from ..program.js.source import to_js
from ..program.straight_line.program import Program
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
        self.leaves = [i for i, node in enumerate(nodes) if not node.op]
        self.fixed = [i for i, node in enumerate(nodes) if node.op and not _can_be_written(node)]
        inputs = [*self.leaves, *self.fixed]
        program = Program([f"v{i}" for i in inputs])
        places = {node: place for place, node in enumerate(inputs)}
        for i, node in enumerate(nodes):
            if i not in places:
                operands = [
                    places[_id(steps, x)] if isinstance(x, Value) else program.number(x)
                    for x in node.operands
                ]
                places[i] = program.add(str(node.op), *operands, ieee=True)
        outputs = [places[i] for i in range(len(nodes))]
        for node_id, operand, _ in edges:
            if node_id in self.fixed:
                local: float | int = float(nodes[node_id].partials[operand] or 0.0)
            else:
                local = local_derivative(program, places[node_id], operand)
            outputs.append(program.number(local) if isinstance(local, float) else local)
        program.outputs = tuple(outputs)
        self.script = to_js(program, "compute", ["error_of"]).replace("export function", "function")


def _can_be_written(node: Value) -> bool:
    op = str(node.op)
    if getattr(node.op, "call", None) is not None or op not in TABLE:
        return False
    program = Program(["x", "y"][: len(TABLE[op].derivatives)])
    program.outputs = (program.add(op, *range(len(program.inputs)), ieee=True),)
    try:
        return bool(to_js(program))
    except TypeError:
        return False


def _id(steps: Steps, value: Value) -> int:
    place = steps.id(value)
    assert place is not None
    return place
