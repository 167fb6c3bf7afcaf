"""The entries of Jacobians and Hessians as programs: those derivatives alone that the program has."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations_with_replacement
from typing import Any

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
    linear, known = set[str](), dict[tuple[Any, ...], Sequence[tuple[int, int]]]()
    pairs: list[tuple[int, int, int]] = []
    for place, (op, operands, _, _, last) in enumerate(program.nodes):
        name = op if last is None else last[0]
        if name in linear or not edges[place]:
            continue
        its = operands if last is None else last[1:]
        key = (name, leads[its[0]], leads[its[1]]) if len(its) == 2 else (name, *[leads[i] for i in its])
        of = known.get(key)
        if of is None:
            if name in CHOICES or _is_linear(name):  # whatever the operands are
                linear.add(name)
                continue
            of = known[key] = _interactions(name, [bool(x) for x in key[1:]])
        for i, j in of:
            pairs.append((place, its[i], its[j]))
    (output,) = program.outputs
    return hessian_rows(edges, by, output, pairs)


def _interactions(name: str, active: Sequence[bool]) -> Sequence[tuple[int, int]]:
    """Return the pairs of operands by which what is done may have second derivatives."""
    if name in TABLE:
        return interactions(TABLE[name], tuple(active))
    # What is no primitive of the table may have any.
    return [*combinations_with_replacement([i for i, x in enumerate(active) if x], 2)]


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
