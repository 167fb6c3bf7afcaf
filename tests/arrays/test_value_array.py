"""Arrays of Values beside arrays of plain numbers: what these cannot hold, and how both compare."""

from __future__ import annotations

import operator
from collections.abc import Callable
from math import nan
from typing import Any

import numpy as np
import pytest

from autograd import Value, grad
from autograd.arrays import ValueArray, array_of

Function = Callable[..., Any]

X = np.array([1.0, 2.0, 3.0])


def values(x: Any) -> Any:
    """Numbers as the library's array of Values."""
    return array_of([Value(float(number)) for number in np.ravel(x)], np.shape(x))


def set_item(y: Any, at: Any, x: Any) -> None:
    y[at] = x


ASSIGNED: dict[str, Function] = {
    "an element": lambda y, x: set_item(y, 0, x[0]),
    "a slice": lambda y, x: set_item(y, slice(2), x[:2]),
    "all": lambda y, x: set_item(y, ..., x),
    "a mask": lambda y, x: set_item(y, x > 1, x[x > 1]),
    "places": lambda y, x: set_item(y, [0, 2], x[:2]),
    "a sum": lambda y, x: set_item(y, 0, x.sum()),
    "one more": lambda y, x: operator.iadd(y[0], x[0]) and set_item(y, 0, y[0] + x[0]),  # type: ignore[func-returns-value, no-untyped-call]
    "fill": lambda y, x: y.fill(x[0]),
}
WRITTEN: dict[str, Function] = {
    "+=": operator.iadd,
    "-=": operator.isub,
    "*=": operator.imul,
    "/=": operator.itruediv,
    "+= a Value": lambda y, x: operator.iadd(y, x[0]),  # type: ignore[no-untyped-call]
    "put": lambda y, x: np.put(y, [0], x[:1]),
    "copyto": np.copyto,
    "place": lambda y, x: np.place(y, np.array([True, False, True]), x),
    "putmask": lambda y, x: np.putmask(y, np.array([True, False, True]), x),
    "put_along_axis": lambda y, x: np.put_along_axis(y, np.array([0]), x[:1], 0),
    "add.at": lambda y, x: np.add.at(y, [0, 0], x[:2]),
    "out of a ufunc": lambda y, x: np.add(x, 1.0, out=y),
    "out of a function that is none for objects": lambda y, x: np.maximum(x, 2.0, out=y),
    "out of clip": lambda y, x: np.clip(x, 0.0, 1.0, out=y),
    "out of cumsum": lambda y, x: np.cumsum(x, out=y),
    "out of sum": lambda y, x: np.sum(x, out=y[0:1].reshape(())),
    "out of dot": lambda y, x: np.dot(x, np.eye(3), out=y),
    "out of concatenate": lambda y, x: np.concatenate([x[:1], x[1:]], out=y),
    "out of einsum": lambda y, x: np.einsum("i,i->i", x, x, out=y),
}


@pytest.mark.parametrize("name", ASSIGNED)
def test_assignment_into_an_array_of_floats_says_zeros_like(name: str) -> None:
    def f(x: Any, y: Any) -> Any:
        ASSIGNED[name](y, x)
        return y.sum()

    with pytest.raises(TypeError, match=r"cannot hold a Value|would be lost") as caught:
        grad(lambda x: f(x, np.zeros(3)))(X)
    text = " ".join([str(caught.value), *getattr(caught.value, "__notes__", [])])
    assert "import autograd.numpy as np" in text
    assert "np.zeros_like(x)" in text
    grad(lambda x: f(x, np.zeros_like(x)))(X)


@pytest.mark.parametrize("name", WRITTEN)
def test_functions_that_write_into_an_array_of_floats_say_zeros_like(name: str) -> None:
    def f(x: Any, y: Any) -> Any:
        WRITTEN[name](y, x)
        return y.sum()

    with pytest.raises(
        TypeError, match=r"cannot hold the Values that .* gives; write .* np\.zeros_like\(x\)"
    ):
        grad(lambda x: f(x, np.zeros(3)))(X)


def test_written_into_zeros_like_the_gradient_is_there() -> None:
    def f(x: Any) -> Any:
        y = np.zeros_like(x)
        y[:2] = x[:2] ** 2
        y += x
        np.add.at(y, [0, 0], x[:2])
        np.maximum(y, x, out=y)
        return y.sum()

    np.testing.assert_array_equal(grad(f)(X), [2.0 + 1.0 + 1.0, 4.0 + 1.0 + 1.0, 1.0])


def test_an_error_of_shapes_stays_one() -> None:
    with pytest.raises(ValueError, match="shapes"):
        grad(lambda x: np.dot(x, np.ones(2)))(X)
    with pytest.raises(ValueError, match="broadcast"):
        grad(lambda x: np.sum(np.exp(x) / np.ones(2)))(X)


COMPARISONS = [operator.lt, operator.le, operator.eq, operator.ne, operator.gt, operator.ge]
UFUNCS = [np.less, np.less_equal, np.equal, np.not_equal, np.greater, np.greater_equal]
PLAIN = {
    "floats": np.array([0.0, 2.0, 1.0, nan]),
    "floats of 32 bits": np.array([0, 2, 1], dtype=np.float32),
    "whole numbers": np.array([[0, 1], [2, 1]]),
    "flags": np.array([True, False]),
    "one number": np.array(1.0),
    "one of 32 bits": np.array(2, dtype=np.float32),
}


@pytest.mark.parametrize("name", PLAIN)
@pytest.mark.parametrize("compare", COMPARISONS + UFUNCS)  # type: ignore[operator]
def test_comparisons_with_an_array_are_flags(compare: Function, name: str) -> None:
    p = PLAIN[name]
    v, x = Value(1.0), values(p)
    for left, right, expected in [
        (v, p, compare(1.0, p)),
        (p, v, compare(p, 1.0)),
        (x, p, compare(p, p)),
        (p, x, compare(p, p)),
        (x, x, compare(p, p)),
        (x, v, compare(p, 1.0)),
        (v, x, compare(1.0, p)),
        (x, 1.0, compare(p, 1.0)),
        (1, x, compare(1, p)),
        (x, np.float32(1), compare(p, 1.0)),
    ]:
        answer = compare(left, right)
        np.testing.assert_array_equal(answer, expected)
        assert np.asarray(answer).dtype == bool
        assert not isinstance(answer, ValueArray)
    if not np.isnan(p).any():
        own = x.view(np.ndarray)
        for left, right, expected in [
            (v, own, compare(1.0, p)),
            (own, v, compare(p, 1.0)),
            (own, x, compare(p, p)),
        ]:
            np.testing.assert_array_equal(compare(left, right), expected)


def test_powers_are_numpys() -> None:
    x = values(np.array([4.0, 0.25]))
    assert [y.data for y in x**0.5] == [2.0, 0.5]
    assert [y.data for y in x**2] == [16.0, 0.0625]
    assert [y.data for y in 2.0**x] == [16.0, 2.0**0.25]
    y = x.copy()
    y **= 2
    y **= 0.5
    y **= 3.0
    assert [number.data for number in y] == [64.0, 0.015625]
    with pytest.raises(TypeError):
        pow(x, 2, 5)


def test_a_single_value_beside_a_masked_array_keeps_its_derivative() -> None:
    masked = np.ma.array([1.0, 2.0], mask=[False, True])
    assert grad(lambda x: (masked * x).sum() + (x - masked).sum())(3.0) == 2.0


def test_a_masked_array_is_refused_for_its_mask_would_be_lost() -> None:
    with pytest.raises(TypeError, match="an operand is a MaskedArray, whose rules differ; use a plain array"):
        values([1.0, 2.0]) + np.ma.array([1.0, 2.0], mask=[False, True])
