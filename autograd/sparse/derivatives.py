"""Sparse Jacobians and Hessians of functions called as they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from math import isnan
from typing import Any

from ..derivatives.calls import Call, positions_of
from ..derivatives.transforms import grad
from ..derivatives.trees import is_array, is_number
from ..derivatives.wrapped import Argnums, Function
from ..engine import Value, data_of, topological_order
from ..engine.recording import blocks, told
from ..support.messages import name_of, shown
from .edge_pushing import Unsuitable, edge_pushed
from .pattern import Pattern, csr_array

Row = dict[int, float]
"""The entries of a row: numbers by columns."""


def sparse_derivatives(
    mode: str,
    f: Function,
    argnums: Argnums,
    has_aux: bool,
    args: tuple[Any, ...],
    kwargs: Mapping[str, Any],
) -> Any:
    """Return what `jacobian(f, argnums, has_aux=has_aux, sparse=True)` does, or `hessian`.

    Args:
        mode: "jacobian" or "hessian".
        f, argnums, has_aux: as there.
        args, kwargs: the arguments of f.
    """
    csr_array()  # an error before f is called
    widths = widths_of(f, argnums, args)
    rows, aux = (_jacobian if mode == "jacobian" else _hessian)(f, argnums, has_aux, args, kwargs)
    found = in_blocks(mode, _array(rows, sum(widths)), widths, not hasattr(argnums, "__iter__"))
    return (found, aux) if has_aux else found


def widths_of(f: Function, argnums: Argnums, args: Sequence[Any]) -> list[int]:
    """Return how many numbers each argument has that is differentiated by.

    Raises:
        TypeError: one is no array of one dimension, list or tuple of numbers.
    """
    widths = []
    for i in positions_of(f, argnums, len(args)):
        x = args[i]
        if not is_row(x):
            raise TypeError(
                f"argument {i} of {name_of(f)} is {shown(x)}; a sparse derivative has a column for each "
                "number of an array of one dimension, or of a list or tuple of numbers: give such an "
                "argument, as x.ravel(), and bring it into its form inside the function"
            )
        widths.append(len(x))
    return widths


def is_row(x: Any) -> bool:
    """Say whether something is an array of one dimension, or a list or tuple of numbers."""
    return bool(x.ndim == 1) if is_array(x) else type(x) in (list, tuple) and all(map(is_number, x))


def check_result(name: str, out: Any) -> None:
    """Check that a result has a row of a Jacobian for each of its numbers.

    Args:
        name: that of the function.
        out: what it returned.

    Raises:
        TypeError: it has another form.
    """
    if not (is_number(out) or is_row(out) or (is_array(out) and out.ndim == 0)):
        raise TypeError(
            f"{name} returned {shown(out)}; a sparse Jacobian has a row for each number of an array of "
            "one dimension, or of a list or tuple of numbers: return such a result, as y.ravel()"
        )


def in_blocks(mode: str, whole: Any, widths: Sequence[int], single: bool) -> Any:
    """Return a matrix as what it consists of: a block for each argument, or for each pair of them.

    Args:
        mode: "jacobian" or "hessian".
        whole: the matrix by all of them.
        widths: how many columns each has.
        single: whether it is one, and no tuple wanted.
    """
    if single:
        return whole
    ends = [sum(widths[: i + 1]) for i in range(len(widths))]
    spans = [slice(end - width, end) for end, width in zip(ends, widths, strict=True)]
    if mode == "jacobian":
        return tuple([whole[:, span] for span in spans])
    return tuple([tuple([whole[rows, span] for span in spans]) for rows in spans])


def _array(rows: Sequence[Row], width: int) -> Any:
    import numpy as np

    columns = [sorted(row) for row in rows]
    numbers = [row[j] for row, its in zip(rows, columns, strict=True) for j in its]
    return Pattern(columns, width).array(np.array(numbers, dtype=np.float64))


def _check_outermost(f: Function, call: Call) -> None:
    if call.nested:
        raise TypeError(
            f"a sparse derivative of {name_of(f)} is made of plain numbers, by which nothing can be "
            "differentiated, and a compiled function cannot compute on; leave out sparse=True inside a "
            "function that is differentiated or compiled. For a compiled function write "
            "jacobian(compile(f), sparse=True), or hessian"
        )


def _jacobian(
    f: Function, argnums: Argnums, has_aux: bool, args: tuple[Any, ...], kwargs: Mapping[str, Any]
) -> tuple[list[Row], Any]:
    call = Call(f, argnums, args, kwargs, has_aux=has_aux)
    _check_outermost(f, call)
    check_result(name_of(f), call.value)
    return rows_of(call), call.aux


def _hessian(
    f: Function, argnums: Argnums, has_aux: bool, args: tuple[Any, ...], kwargs: Mapping[str, Any]
) -> tuple[list[Row], Any]:
    if not blocks:
        call = Call(f, argnums, args, kwargs, has_aux=has_aux, scalar=True)
        _check_outermost(f, call)
        with suppress(Unsuitable):
            return _edge_pushed(call.order, call.inputs, call.results[0]), call.aux
    call = Call(grad(f, argnums, has_aux=has_aux), argnums, args, kwargs, has_aux=has_aux)
    _check_outermost(f, call)
    return rows_of(call), call.aux


def hessian_of_graph(inputs: Sequence[Value], result: Value, widths: Sequence[int], single: bool) -> Any:
    """Return the sparse Hessian of a result that has been recorded; None where it is not found by one sweep.

    Args:
        inputs: the Values to differentiate by, of all arguments one after the other.
        result: the Value that was computed from them.
        widths, single: as for `in_blocks`.
    """
    order = topological_order(result, reverse=True, without=inputs)
    try:
        rows = _edge_pushed(order, inputs, result)
    except Unsuitable:
        return None
    return in_blocks("hessian", _array(rows, len(inputs)), widths, single)


def _edge_pushed(order: Sequence[Value], inputs: Sequence[Value], result: Any) -> list[Row]:
    upper = edge_pushed(order, inputs, result)
    rows = [dict(row) for row in upper]
    for i, row in enumerate(upper):
        for j, number in row.items():
            rows[j][i] = number
    return rows


def rows_of(call: Call) -> list[Row]:
    """Return the derivatives of each result by those inputs that it was computed from.

    It takes a reverse sweep for each result, over what that was computed from.
    """
    columns: dict[Any, int] = {x: j for j, x in enumerate(call.inputs)}
    places: dict[Any, int] = {}
    for place in range(len(call.order) - 1, -1, -1):
        node = call.order[place]
        if node._a in columns or node._b in columns or node._a in places or node._b in places:
            places[node] = place
    rows = []
    for x in call.results:
        row = _row(x, columns, places) if isinstance(x, Value) else {}
        if any(map(isnan, row.values())):  # as where a derivative is known to more general sweeps only
            derivatives = call.gradients_of(x)
            row = {j: data_of(derivatives[j]) for j in row}
        rows.append(row)
    return rows


def _row(result: Value, columns: Mapping[Any, int], places: Mapping[Any, int]) -> Row:
    """Return the derivatives of a result by the inputs that it was computed from.

    Args:
        result: the result.
        columns: the inputs, with their places among these.
        places: the other nodes that depend on inputs, with places that put each before its operands.
    """
    if result in columns:
        return {columns[result]: 1.0}
    if result not in places:
        return {}
    gradient: dict[Any, float] = {result: 0.0}
    nodes, todo = [result], [result]
    while todo:
        node = todo.pop()
        for operand in (node._a, node._b):
            if operand is not None and operand not in gradient:
                if operand in places:
                    todo.append(operand)  # type: ignore[arg-type]
                    nodes.append(operand)  # type: ignore[arg-type]
                elif operand not in columns:
                    continue
                gradient[operand] = 0.0
    nodes.sort(key=places.__getitem__)
    if blocks:
        for observer in told():
            observer.reverse_sweep(nodes, {result: 1.0})
    gradient[result] = 1.0
    for node in nodes:
        upstream = gradient.pop(node)
        if node._a in gradient:
            gradient[node._a] += node._da * upstream
        if node._b in gradient:
            gradient[node._b] += node._db * upstream
    return {columns[x]: number + 0.0 for x, number in gradient.items()}  # -0.0 + 0.0 is 0.0
