"""Functions with a gradient of their own as maps, which programs call, and sweeps over what is followed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..engine import Value
from ..support.messages import name_of
from .custom_calls import CustomCall
from .kept_arrays import KeptArrays
from .maps import ArgumentMap, Form, Map, NumericMap
from .vectorized import columns_of, filled, leaves_of, rows_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .local_derivatives import Number


class GradientMap(ArgumentMap):
    """A function with a gradient as a map of the numbers in its arguments.

    Args:
        function: the function.
        arguments: its arguments, into which numbers are put.
        kwargs: those by keyword.
        inputs: how many numbers.
    """

    def __init__(self, function: Any, arguments: Form, kwargs: Mapping[str, Any], inputs: int) -> None:
        super().__init__(function, arguments, inputs)
        self._kwargs = kwargs

    def __call__(self, numbers: Sequence[float]) -> list[float]:
        out = self.function._f(*self.arguments(numbers), **self._kwargs)
        return self.numbers_of(out, name_of(self.function))

    def pulled(self) -> Map:
        return GradientProduct(self, transposed=True)

    def pushed(self) -> Map:
        return GradientProduct(self, transposed=False)

    def rows(self, numbers: Sequence[Number]) -> list[list[Number]]:
        """Return the derivatives by all numbers, of each result in turn."""
        assert self.form is not None
        varied = [isinstance(x, Value) for x in self.arguments.structure.numbers]
        derivatives: dict[int, Any] = {}
        point = self.arguments.thing
        rows, kept = [], KeptArrays(())  # for a program calls it anew
        for leaf in self.form.structure.leaves:
            for i in range(len(leaf.numbers)):
                call = CustomCall(self.function, point, self._kwargs, (leaf.path, leaf.shape, i), kept)
                given = [x for x, varies in zip(numbers, varied, strict=True) if varies]
                its = iter(call.partials(given, derivatives))
                rows.append([next(its) if varies else 0.0 for varies in varied])
        return rows

    def of_arrays(self, columns: Sequence[Any]) -> Sequence[Any] | None:
        if not self.function.vectorized or self.form is None:
            return None
        out = self.function._f(*filled(self.arguments, columns), **self._kwargs)
        return columns_of(out, self.form, len(columns[0]), name_of(self.function))

    def rows_of_arrays(self, columns: Sequence[Any]) -> list[list[Any]]:
        """Return the derivatives by all numbers, of each result in turn, as arrays of all points."""
        assert self.form is not None
        name = f"the gradient function of {name_of(self.function)}"
        found = leaves_of(self.function.gradient(*filled(self.arguments, columns), **self._kwargs), name)
        rows: list[list[Any]] = []
        for leaf in self.form.structure.leaves:
            own: list[list[Any]] = [[] for _ in leaf.numbers]
            for other in self.arguments.structure.leaves:
                one = len(self.arguments.thing) == 1
                where = leaf.path + (other.path.removeprefix("[0]") if one else other.path)
                shape, count = (leaf.shape or ()) + (other.shape or ()), len(other.numbers)
                block = rows_of(found.get(where), len(columns[0]), shape, where, name)
                for i, row in enumerate(own):
                    row += block[i * count : (i + 1) * count]
            rows += own
        return rows


class GradientProduct(NumericMap):
    """The product of all derivatives and gradients of the results, or a direction of the numbers."""

    def __init__(self, of: GradientMap, transposed: bool) -> None:
        more, results = (of.results, of.inputs) if transposed else (of.inputs, of.results)
        super().__init__(f"the gradient function of {of.name}", of.inputs + more, results)
        self._of = of
        self._transposed = transposed

    def of_numbers(self, numbers: list[Number]) -> Sequence[Number]:
        count = self._of.inputs
        rows = self._of.rows(numbers[:count])
        if self._transposed:
            rows = [[*column] for column in zip(*rows, strict=True)]
        return [_product(row, numbers[count:]) for row in rows]

    def of_arrays(self, columns: Sequence[Any]) -> Sequence[Any] | None:
        if not self._of.function.vectorized:
            return None
        rows, weights = self._of.rows_of_arrays(columns[: self._of.inputs]), columns[self._of.inputs :]
        if self._transposed:
            rows = [[*column] for column in zip(*rows, strict=True)]
        return [sum(x * weight for x, weight in zip(row, weights, strict=True)) for row in rows]


def _product(row: Sequence[Number], weights: Sequence[Number]) -> Number:
    """Return the sum of products, without those of a weight that is the number 0."""
    total: Number | None = None
    for x, weight in zip(row, weights, strict=True):
        if isinstance(weight, Value) or weight != 0.0:
            total = x * weight if total is None else total + x * weight
    return 0.0 if total is None else total
