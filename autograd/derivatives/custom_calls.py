"""Calls of functions with a gradient of their own, as the nodes that are their results remember them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..engine import Value, new_node
from ..engine.operation import Op
from ..engine.recording import differentiating, entered
from ..support.messages import name_of
from ..support.real_numbers import nan, same_number
from .kept_arrays import KeptArrays
from .local_derivatives import changed
from .trees import Leaf, Structure

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .local_derivatives import Number
    from .wrapped import Function


class CustomCall:
    """A call of a custom function, as a node that is one of its results remembers it.

    It has no operands, for those are the node's; so graphs are copied and pickled like any other.
    """

    exact = False
    """Whether a derivative has the same last digit as a number and as a Value. Of matrices it has not: NumPy
    adds up the products of floats in an order of its own."""

    def __init__(
        self,
        function: Any,
        point: tuple[Any, ...],
        kwargs: Mapping[str, Any],
        result: tuple[str, tuple[int, ...] | None, int],
        kept: KeptArrays,
    ) -> None:
        """Describe a call.

        Args:
            function: what was called.
            point: its arguments, with a leaf in the place of each Value.
            kwargs: its arguments by keyword.
            result: which of the results: the path and shape of the leaf, and the place in it.
            kept: the arrays that are to stay as they are until it is differentiated.
        """
        self.function = function
        self._point = point
        self._kwargs = kwargs
        self._result = result
        self._kept = kept

    def partials(self, values: Sequence[Number], derivatives: dict[int, Any]) -> list[Number]:
        """Return the derivative of this result with respect to each Value among the arguments.

        Args:
            values: what to put in the place of the Values.
            derivatives: what the gradient function gave, by call; it is added to.
        """
        structure = Structure(self._point, values_only=True)
        if id(self._point) not in derivatives:
            given = iter(values)
            numbers = [next(given) if isinstance(x, Value) else x for x in structure.numbers]
            entered.append(None)
            around = differentiating.set(any(isinstance(x, Value) for x in numbers))
            try:
                answer = self.function.gradient(*structure.put_together(numbers, others=True), **self._kwargs)
            finally:
                differentiating.reset(around)
                entered.pop()
            derivatives[id(self._point)] = self._taken_apart(answer)
        blocks = derivatives[id(self._point)]
        path, shape, place = self._result
        partials: list[Number] = []
        for leaf in structure.leaves:
            where = path + (leaf.path.removeprefix("[0]") if len(self._point) == 1 else leaf.path)
            wanted = (shape or ()) + (leaf.shape or ())
            block = blocks.get(where)
            if block is None or (block.shape or ()) != wanted:
                raise TypeError(self._mismatch(where, wanted, block))
            row = block.numbers[place * len(leaf.numbers) :]
            partials += [d for x, d in zip(leaf.numbers, row, strict=False) if isinstance(x, Value)]
        return partials

    def local_derivatives(
        self, result: Value, derivatives: dict[int, Any]
    ) -> dict[tuple[Value, int], Number]:
        """Return the local derivatives of the node that is the result, and of those that lead to it.

        Args:
            result: the node.
            derivatives: as for `partials`.

        Raises:
            RuntimeError: the number of an operand was changed after the call, or an array among the
                arguments.
        """
        structure = Structure(self._point, values_only=True)
        given = [x._number for x in structure.numbers if isinstance(x, Value)]
        edges, locals_ = edges_of(result, len(given))
        values: list[Any] = [node._b if index else node._a for node, index in edges]
        if not all(same_number(x._number, y) for x, y in zip(values, given, strict=True)):
            raise changed(result)
        self._kept.check(name_of(self.function))
        return locals_ | dict(zip(edges, self.partials(values, derivatives), strict=True))

    def as_function(self) -> tuple[Function, list[float]]:
        """Return this result as a function of the Values among the arguments, and their numbers."""
        structure = Structure(self._point, values_only=True)
        path, _, place = self._result

        def function(*values: Any) -> Any:
            given = iter(values)
            numbers = [next(given) if isinstance(x, Value) else x for x in structure.numbers]
            out = Structure(self.function(*structure.put_together(numbers, others=True), **self._kwargs))
            return next(leaf for leaf in out.leaves if leaf.path == path).numbers[place]

        return function, [x.data for x in structure.numbers if isinstance(x, Value)]

    def _taken_apart(self, answer: Any) -> dict[str, Leaf]:
        name = f"the gradient of {name_of(self.function)}"
        return {leaf.path: leaf for leaf in Structure(answer, name).leaves}

    def _mismatch(self, where: str, wanted: tuple[int, ...], block: Leaf | None) -> str:
        found = "nothing" if block is None else f"shape {block.shape}" if block.shape else "a number"
        needed = f"an array of shape {wanted}" if wanted else "a number"
        return (
            f"the gradient function of {name_of(self.function)} must return {needed}"
            f"{f' at {where}' if where else ''}, but there is {found}"
        )


def chain_of(call: CustomCall, out: float, values: Sequence[Value], partials: Sequence[float]) -> Value:
    """Record a result: one node for each operand but the first, of which the last is the result."""
    name = name_of(call.function).rpartition(".")[2]
    op = Op.of(name)
    op.call = call
    return new_node(op, out, *chained(name, out, values, partials))


def chained(
    name: str, out: float, values: Sequence[Value], partials: Sequence[float]
) -> tuple[Value, float, Value | None, float]:
    """Return the operands of the node of a result, with the local derivatives: `new_node` takes them.

    Where there are more than two, the first is a chain of nodes that stands for all but the last.

    Args:
        name: what the operation is called.
        out: the result.
        values: what it depends on, one Value at least.
        partials: the derivative by each.
    """
    if len(values) == 1:
        return values[0], partials[0], None, nan
    node, local = values[0], partials[0]
    for operand, partial in zip(values[1:-1], partials[1:-1], strict=True):
        node, local = new_node(f"{name}…", out, node, local, operand, partial), 1.0
    return node, local, values[-1], partials[-1]


def edges_of(result: Value, count: int) -> tuple[list[tuple[Value, int]], dict[tuple[Value, int], Number]]:
    """Return where the operands of a call stand in the chain of nodes that `chained` made.

    Args:
        result: the last of the nodes.
        count: how many operands there are.

    Returns:
        for each operand the node and the place, 0 or 1; and the local derivatives between the nodes.
    """
    edges: list[tuple[Value, int]] = []
    between: dict[tuple[Value, int], Number] = {}
    node = result
    for _ in range(count - 1):
        edges.append((node, 1))
        if len(edges) < count - 1:
            between[node, 0] = 1.0
            node = node._a  # type: ignore[assignment]
    edges.append((node, 0))
    edges.reverse()
    return edges, between
