"""What a node remembers, of operations that the table of rules does not know."""

from __future__ import annotations

from math import nan

import pytest

from autograd import Value
from autograd.engine import data_of, new_node


def test_an_operation_that_is_in_no_table_has_the_operands_it_was_given() -> None:
    x, y = Value(2.0), Value(3.0)
    one = new_node("mine", 4.0, x, 0.5, None, nan)
    assert (one.operands, one.partials) == ((x,), (0.5,))
    two = new_node("mine", 4.0, x, 0.5, y, 0.25)
    assert (two.operands, two.partials) == ((x, y), (0.5, 0.25))
    constant = new_node("mine", 4.0, x, 0.5, None, 7.0)
    assert (constant.operands, constant.partials) == ((x, 7.0), (0.5, None))
    undefined = new_node("mine", 4.0, x, 0.5, y, nan)
    assert undefined.operands == (x, y)
    assert undefined.partials[0] == 0.5


def test_a_constant_that_is_nan_is_an_operand_still() -> None:
    product = Value(2.0) * nan
    assert len(product.operands) == len(product.partials) == 2
    assert product.partials[1] is None


@pytest.mark.parametrize(("x", "number"), [(Value(2.0), 2.0), (3.0, 3.0)])
def test_data_of_is_the_number_of_a_value_or_the_number_itself(x: Value | float, number: float) -> None:
    assert data_of(x) == number
