"""The entries of Jacobians and Hessians as programs: those derivatives alone that the program has."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations_with_replacement

from ...ops import TABLE
from ...sparse import hessian_rows, interactions, jacobian_rows
from .order import active_edges
from .program import CHOICES, Program
from .sweeps import Sweeps, with_gradient


def rows_of_jacobian(program: Program, by: Sequence[int]) -> list[list[int]]:
    """Return for each output the places in `by` of what it depends on, in order."""
    return jacobian_rows(active_edges(program, by), by, program.outputs)


def rows_of_hessian(program: Program, by: Sequence[int]) -> list[list[int]]:
    """Return for each of `by` the places of those by which, together with it, the output has derivatives."""
    edges = active_edges(program, by)
    leads = bytearray(map(bool, edges))
    for place in by:
        leads[place] = 1

    linear = dict[str, bool]()  # whatever the operands are

    def pairs(place: int) -> list[tuple[int, int]]:
        name, operands = program.nodes[place].edges
        known = linear.get(name)
        if known is None:
            known = linear[name] = name in CHOICES or _is_linear(name)
        if known or not edges[place]:
            return []
        if name in TABLE:
            active = tuple([bool(leads[i]) for i in operands])
            return [(operands[i], operands[j]) for i, j in interactions(TABLE[name], active)]
        # What is no primitive of the table may have any.
        return [*combinations_with_replacement([i for i in operands if leads[i]], 2)]

    (output,) = program.outputs
    return hessian_rows(edges, by, output, pairs)


def _is_linear(name: str) -> bool:
    """Say whether a primitive has no second derivatives; what is not known may have some."""
    if name not in TABLE or None in TABLE[name].derivatives:
        return False
    return not interactions(TABLE[name], (True,) * len(TABLE[name].derivatives))


def with_jacobian_entries(program: Program, by: Sequence[int]) -> Program:
    """Return the program of the entries of the Jacobian, row by row."""
    new = program.copy()
    sweeps = Sweeps(new, by)
    outputs: list[int] = []
    for output, row in zip(program.outputs, rows_of_jacobian(program, by), strict=True):
        if row:
            outputs += sweeps.gradient({output: 1.0}, [by[j] for j in row])
    new.outputs = tuple(outputs)
    return new


def with_hessian_entries(program: Program, by: Sequence[int]) -> Program:
    """Return the program of the entries of the Hessian up to its diagonal, row by row."""
    new = with_gradient(program, by, keep=False)
    sweeps = Sweeps(new, by)
    outputs: list[int] = []
    for i, row in enumerate(rows_of_hessian(program, by)):
        lower = [by[j] for j in row if j <= i]
        if lower:
            outputs += sweeps.gradient({new.outputs[i]: 1.0}, lower)
    new.outputs = tuple(outputs)
    return new


def work_of_rows(program: Program, by: Sequence[int], limit: int) -> int:
    """Return how many nodes the sweeps go over that find all rows of a Jacobian.

    Args:
        program: the program.
        by: the places of what is differentiated by.
        limit: what is more is not counted.
    """
    edges = active_edges(program, by)
    total = 0
    for output in program.outputs:
        seen, todo = {output}, [output]
        while todo:
            for operand in edges[todo.pop()]:
                if operand not in seen:
                    seen.add(operand)
                    todo.append(operand)
        total += len(seen)
        if total > limit:
            break
    return total
