"""Sums of products in one loop: what the operators would record, and a word where lengths differ."""

from __future__ import annotations

import pytest

from autograd import Value, no_grad, topological_order
from autograd.engine import weighted_sum


def test_a_weighted_sum_records_what_the_operators_record() -> None:
    first, b = Value(4.0), Value(1.0)
    w = [Value(2.0), Value(3.0), Value(-1.0)]
    x: list[Value | float] = [first, 5.0, Value(0.5)]
    fast = weighted_sum(w, x, b)
    slow = b + w[0] * x[0] + w[1] * x[1] + w[2] * x[2]
    pairs = zip(topological_order(fast), topological_order(slow), strict=True)
    for a, c in pairs:
        assert (a.data, a.op, a.partials, len(a.operands)) == (c.data, c.op, c.partials, len(c.operands))
    fast.backward()
    assert [v.grad for v in w] == [4.0, 5.0, 0.5]
    assert (b.grad, first.grad) == (1.0, 2.0)


def test_it_takes_whatever_can_be_gone_through() -> None:
    w, x = (Value(2.0), Value(3.0)), [4.0, 5.0]
    assert weighted_sum(iter(w), (number for number in x), Value(1.0)).data == 24.0


@pytest.mark.parametrize(("weights", "inputs"), [(2, 1), (1, 2), (0, 1)])
def test_a_weighted_sum_needs_as_many_inputs_as_weights(weights: int, inputs: int) -> None:
    with pytest.raises(ValueError, match=f"{weights} weights for {inputs} inputs"):
        weighted_sum([Value(1.0)] * weights, [1.0] * inputs, Value(0.0))


def test_nothing_is_recorded_in_no_grad() -> None:
    with no_grad():
        y = weighted_sum([Value(2.0)], [Value(3.0)], Value(1.0))
    assert (y.data, y.operands) == (7.0, ())
