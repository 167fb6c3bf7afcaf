"""Second derivatives of every primitive, and which pairs of operands they are by."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from sparse_functions import places_of

from autograd import Value, hessian, jacobian, math, ops
from autograd.ops import TABLE, Primitive
from autograd.sparse import interactions

SMOOTH = [
    p for p in TABLE.values() if p.home == "autograd.ops.table" and None not in p.derivatives
]  # by all of their operands


def points(primitive: Primitive, count: int = 3) -> Iterator[list[float]]:
    rng = random.Random(primitive.name)
    for _ in range(count):
        yield [rng.uniform(max(low, -3.0), min(high, 3.0)) for low, high in primitive.domain]


@pytest.mark.parametrize("primitive", SMOOTH, ids=lambda p: str(p.name))
def test_a_sparse_hessian_of_a_primitive_is_the_dense_one(primitive: Primitive) -> None:
    for x in points(primitive):
        found, wanted = (transform(lambda x: primitive(*x))(x) for transform in (sparse, hessian))
        np.testing.assert_allclose(found.toarray(), wanted, rtol=1e-12, atol=1e-300)
        assert {(i, j) for i, j in np.ndindex(len(x), len(x)) if wanted[i][j]} <= places_of(found)
        if len(x) == 2:
            for i in range(2):
                alone = sparse(lambda t: primitive(*[t[0], x[1]] if not i else [x[0], t[0]]))([x[i]])  # noqa: B023
                np.testing.assert_allclose(alone.toarray(), [[wanted[i][i]]], rtol=1e-12, atol=1e-300)
            both = sparse(lambda t: primitive(t[0], t[0]))([x[0]]).toarray()
            np.testing.assert_allclose(both, hessian(lambda t: primitive(t[0], t[0]))([x[0]]), 1e-9, 1e-12)


def sparse(f: Any) -> Any:
    return hessian(f, sparse=True)


def test_interactions_are_those_of_the_rules_whatever_the_numbers() -> None:
    both, first, second = (True, True), (True, False), (False, True)
    assert interactions(ops.power, both) == ((0, 0), (0, 1), (1, 1))
    assert interactions(ops.divide, first) == ()
    assert interactions(ops.divide, second) == ((1, 1),)
    assert interactions(ops.atan2, both) == ((0, 0), (0, 1), (1, 1))
    for linear in (ops.add, ops.subtract, ops.maximum, ops.modulo, ops.floordiv):
        assert interactions(linear, both) == ()
    for linear in (ops.negate, ops.absolute, ops.floor, ops.relu):
        assert interactions(linear, (True,)) == ()


def test_a_primitive_without_a_derivative_by_one_operand_takes_a_number_there() -> None:
    def f(x: Any) -> Any:
        return math.ldexp(x[0], 3) * x[1]

    assert sparse(f)([1.0, 2.0]).toarray().tolist() == [[0.0, 8.0], [8.0, 0.0]]
    lacking = next(p for p in TABLE.values() if len(p.derivatives) == 2 and p.derivatives[1] is None)
    with pytest.raises(TypeError, match="has no derivative with respect to"):
        sparse(lambda x: lacking(x[0] * x[0], x[1]))([1.0, 2.0])


# Primitives of one's own


def test_rules_that_decide_by_if_are_followed(table_as_it_was: None) -> None:
    bent = ops.unary(
        "bent of the tests of sparse derivatives",
        lambda x: x**3 if x > 0.0 else x,
        lambda x, out: 3.0 * x**2 if x > 0.0 else 1.0,
        "Return x cubed, or x.",
    )
    f = sparse(lambda x: bent(x[0]) * x[1])
    assert f([2.0, 5.0]).toarray().tolist() == [[60.0, 12.0], [12.0, 0.0]]
    assert f([-2.0, 5.0]).toarray().tolist() == [[0.0, 1.0], [1.0, 0.0]]


def test_rules_of_ones_own_are_read(table_as_it_was: None) -> None:
    steep = ops.binary(
        "steep of the tests of sparse derivatives",
        lambda x, y: x * x / y,
        lambda x, y, out: 2.0 * x / y,
        lambda x, y, out: -out / y,
        "Return x * x / y.",
    )
    # 2/y, -2x/y**2, 2x**2/y**3
    found = sparse(lambda x: steep(x[0], x[1]))([3.0, 2.0])
    assert found.toarray().tolist() == [[1.0, -1.5], [-1.5, 2.25]]


def test_where_the_arithmetic_of_a_rule_raises_it_is_that_of_ieee() -> None:
    # x**1.5 at 0: its second derivative is 0.75 / sqrt(x)
    f = sparse(lambda x: x[0] ** 1.5 * x[1] + x[1] ** 3)
    np.testing.assert_array_equal(
        f([0.0, 2.0]).toarray(), hessian(lambda x: x[0] ** 1.5 * x[1] + x[1] ** 3)([0.0, 2.0])
    )
    # log(y) at the least number: -1/y**2 overflows
    tiny = sparse(lambda x: math.log(x[0]) * x[1])([1e-200, 1.0]).toarray()
    assert tiny.tolist() == [[-np.inf, 1e200], [1e200, 0.0]]


def test_values_from_outside_are_constants_of_a_rule() -> None:
    outside = Value(3.0)
    found = sparse(lambda x: x[0] ** outside * outside)([2.0])
    assert found.toarray().tolist() == [[36.0]]
    assert jacobian(lambda x: [outside**2], sparse=True)([2.0]).nnz == 0
