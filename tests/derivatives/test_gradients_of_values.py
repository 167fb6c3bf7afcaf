"""`gradients`: the derivatives of a Value that is there already."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograd import Value, gradients, math


def cubic(x: Any) -> Any:
    """Return x cubed, plus x."""
    return x**3 + x


def test_gradients_of_a_value_are_those_of_backward_without_touching_grad() -> None:
    a, b = Value(2.0), Value(3.0)
    y = a * b + a**2
    assert gradients(y, [a, b]) == [7.0, 2.0]
    assert gradients(y, a) == 7.0
    assert gradients(y, {"a": a, "b": (b,)}) == {"a": 7.0, "b": (2.0,)}
    assert gradients(y, np.array([a, b])).tolist() == [7.0, 2.0]
    assert gradients(y, [a], gradient=10.0) == [70.0]
    assert gradients(y, []) == []
    assert (a.grad, b.grad) == (0.0, 0.0)


def test_gradients_with_respect_to_inner_values_count_all_that_depends_on_them() -> None:
    x = Value(2.0)
    square = x * x
    y = square * x + square
    assert gradients(y, [square, x]) == [3.0, 16.0]  # x**3 + x**2: by the square x + 1, by x 3x**2 + 2x
    assert [g.data for g in gradients(y, [square, x], create_graph=True)] == [3.0, 16.0]
    assert gradients(y, [y]) == [1.0]
    assert gradients(y, [Value(1.0)]) == [0.0]


def test_gradients_with_a_graph_are_values_of_which_there_are_gradients() -> None:
    a, b = Value(2.0), Value(3.0)
    first = gradients(a**3 * b, [a, b], create_graph=True)
    assert [type(g) for g in first] == [Value, Value]
    assert [g.data for g in first] == [36.0, 8.0]
    assert gradients(first[0], [a, b]) == [36.0, 12.0]
    third = gradients(gradients(first[0], [a], create_graph=True)[0], [a, b])
    assert third == [18.0, 12.0]
    (weighted,) = gradients(a * b, [a], gradient=b, create_graph=True)
    weighted.backward()
    assert (weighted.data, b.grad) == (9.0, 6.0)


@pytest.mark.parametrize(
    ("y", "xs", "message"),
    [
        (3.0, [Value(1.0)], r"gradients\(\) differentiates a Value, not 3\.0"),
        (cubic, [Value(1.0)], r"for functions there is grad\(\)"),
        (Value(1.0), [1.0], r"xs is a Value or a structure of Values.*not \[1\.0\]"),
        (Value(1.0), 1.0, "xs is a Value or a structure of Values"),
        (Value(1.0), "x", "xs is a Value or a structure of Values"),
        (Value(1.0), None, r"xs is a Value or a structure of Values.*not None"),
        (Value(1.0), ["3"], r"xs is a Value or a structure of Values.*not \['3'\]"),
        (Value(1.0), [Value(1.0), True], "xs is a Value or a structure of Values"),
        (Value(1.0), {Value(1.0)}, "xs is a set"),
    ],
)
def test_gradients_of_other_things_are_refused(y: Any, xs: Any, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        gradients(y, xs)


def test_numbers_that_were_changed_cannot_corrupt_a_second_derivative() -> None:
    x = Value(3.0)
    y = x * x
    x.data = 10.0
    assert gradients(y, x) == 6.0
    with pytest.raises(RuntimeError, match=r"an operand of '\*' has another number now"):
        gradients(y, x, create_graph=True)
    even = Value(3.0)
    square = even**2
    even.data = -3.0  # where the result is the same
    with pytest.raises(RuntimeError, match="compute the result again"):
        gradients(square, even, create_graph=True)
    odd = Value(2.0)
    cube = odd**3
    odd.data = -2.0  # where the local derivative is the same
    with pytest.raises(RuntimeError, match="compute the result again"):
        gradients(cube, odd, create_graph=True)


def test_recorded_gradients_have_the_bits_of_backward() -> None:
    x, y = Value(0.3), Value(1.7)
    out = math.hypot(x, y, x * y) + math.fsum([x, y, x * x]) * math.sumprod([x, y], [y, x])
    out = (
        out / math.logsumexp(x, y, 2.0) + math.dist([x, y], [y, 0.5]) ** 1.3 + math.nextafter(x, 2.0, steps=3)
    )
    out.backward()
    numbers = gradients(out, [x, y])
    recorded = [g.data for g in gradients(out, [x, y], create_graph=True)]
    assert numbers == recorded == [x.grad, y.grad]
