"""The exponential of matrices of Values, by scaling and squaring (Higham, 2005; Al-Mohy and Higham, 2009).

The scaled matrix is smaller than values need: so derivatives of the Pade approximant are as accurate as its
values are.
"""

from __future__ import annotations

from typing import Any

from .. import ops
from ..arrays.ufunc_table import followed, in_ieee
from ..engine import data_of, weighted_sum
from ..engine.recording import blocks
from .elimination import eliminated
from .matrices import Rows, transposed

_PADE = (
    64764752532480000.0, 32382376266240000.0, 7771770303897600.0, 1187353796428800.0, 129060195264000.0,
    10559470521600.0, 670442572800.0, 33522128640.0, 1323241920.0, 40840800.0, 960960.0, 16380.0, 182.0, 1.0,
)  # fmt: skip
"""The coefficients of the numerator of the Pade approximant of degree 13."""

_LARGEST = 2.0
"""How large a matrix may be that is not halved; for values alone, 5.37 would do."""

_MOST = 160
"""How many times it may be halved; what is larger is no number afterwards."""


def exponential(rows: Rows) -> Rows:
    """Return the exponential of a square matrix."""
    if len(rows) == 1:
        return [[in_ieee(ops.exp)(rows[0][0])]]
    second = product(rows, rows)
    fourth = product(second, second)
    sixth = product(fourth, second)
    halvings = 0
    sizes = (_size(fourth), 4), (_size(sixth), 6)
    while halvings < _MOST and not all(x <= (_LARGEST * 2.0**halvings) ** power for x, power in sizes):
        halvings += 1
    scale = 2.0**-halvings
    powers = (
        [_times(scale**p, x) for p, x in ((2, second), (4, fourth), (6, sixth))]
        if halvings
        else [
            second,
            fourth,
            sixth,
        ]
    )
    odd = product(_times(scale, rows) if halvings else rows, _polynomial(powers, 1))
    even = _polynomial(powers, 0)
    numerator = [[x + y for x, y in zip(*both, strict=True)] for both in zip(even, odd, strict=True)]
    denominator = [[x - y for x, y in zip(*both, strict=True)] for both in zip(even, odd, strict=True)]
    elimination = eliminated(denominator)
    out = transposed([elimination.solve(column) for column in transposed(numerator)])
    for _ in range(halvings):
        out = product(out, out)
    return out


def product(a: Rows, b: Rows) -> Rows:
    """Return the product of two matrices."""
    columns = [(column[0], column[1:]) for column in transposed(b)]
    out = []
    for row in a:
        first, rest = row[0], row[1:]
        out.append([weighted_sum(rest, column, first * top) for top, column in columns])
    return out


def _polynomial(powers: list[Rows], odd: int) -> Rows:
    """Return the part of the numerator that has even powers, or that of odd ones divided by the matrix."""
    second, fourth, sixth = powers
    c = _PADE[odd:]
    high = product(sixth, _sum((c[12], sixth), (c[10], fourth), (c[8], second)))
    low = _sum((c[6], sixth), (c[4], fourth), (c[2], second))
    out = [[x + y for x, y in zip(*both, strict=True)] for both in zip(high, low, strict=True)]
    for i, row in enumerate(out):
        row[i] = row[i] + c[0]
    return out


def _sum(*terms: tuple[float, Rows]) -> Rows:
    (c, first), *rest = terms
    out = _times(c, first)
    for c, matrix in rest:
        out = [[x + c * y for x, y in zip(*both, strict=True)] for both in zip(out, matrix, strict=True)]
    return out


def _times(c: float, matrix: Rows) -> Rows:
    return [[c * x for x in row] for row in matrix]


def _size(matrix: Rows) -> Any:
    """Return the largest sum of sizes of a column: a Value where comparisons are followed."""
    asked = blocks and followed()
    columns = [[abs(x if asked else data_of(x)) for x in column] for column in transposed(matrix)]
    largest, *sums = [sum(column[1:], column[0]) for column in columns]
    for x in sums:
        largest = ops.maximum(largest, x)
    return largest
