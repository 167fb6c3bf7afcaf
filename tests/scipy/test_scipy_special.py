"""`autograd.scipy.special`: SciPy's ufuncs, which take lists too, and what is no ufunc there."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from autograd import Value, compile, derivative, grad, jacobian

scipys = pytest.importorskip("scipy.special")

from autograd.scipy import special  # noqa: E402 (after what may skip)

NUMBERS = np.array([[1.0, 2.0, 3.0], [4.0, -5.0, 800.0]])
FACTORS = np.array([[1.0, -2.0, 0.5], [0.0, 1.0, 3.0]])


def values(x: Any) -> Any:
    return [[Value(number) for number in row] for row in x.tolist()]


def floats(x: Any) -> Any:
    if isinstance(x, tuple):
        return tuple(map(floats, x))
    return np.vectorize(lambda item: item.data if isinstance(item, Value) else float(item))(
        np.asarray(x, dtype=object)
    )


def test_plain_numbers_go_to_scipy() -> None:
    assert special.erf(0.5) == scipys.erf(0.5)
    assert special.kv(1, 2.0) == scipys.kv(1, 2.0)
    assert special.polygamma(1, 2.0) == scipys.polygamma(1, 2.0)
    assert special.multigammaln(3.0, 2) == scipys.multigammaln(3.0, 2)
    np.testing.assert_array_equal(special.softmax(NUMBERS, axis=0), scipys.softmax(NUMBERS, axis=0))
    np.testing.assert_array_equal(special.log_softmax(NUMBERS), scipys.log_softmax(NUMBERS))
    assert special.logsumexp(NUMBERS) == scipys.logsumexp(NUMBERS)
    assert "erf" in dir(special)
    with pytest.raises(AttributeError):
        _ = special.erv
    with pytest.raises(AttributeError):
        _ = special.__nothing__


def test_ufuncs_take_lists_of_values() -> None:
    found = special.ndtri([Value(0.3), 0.5])
    assert floats(found).tolist() == pytest.approx(scipys.ndtri([0.3, 0.5]).tolist(), rel=1e-14)


@pytest.mark.parametrize("order", [0, 1, 3])
def test_polygamma_of_values_and_arrays(order: int) -> None:
    assert special.polygamma(order, Value(2.3)).data == pytest.approx(scipys.polygamma(order, 2.3), rel=1e-14)
    found = special.polygamma([[0], [order]], [Value(0.7), Value(2.3)])
    np.testing.assert_allclose(floats(found), scipys.polygamma([[0], [order]], [0.7, 2.3]), rtol=1e-14)
    assert grad(special.polygamma, 1)(order, 2.3) == pytest.approx(
        scipys.polygamma(order + 1, 2.3), rel=1e-13
    )


@pytest.mark.parametrize("axis", [None, 0, 1, -1, (0, 1), (1,)])
def test_softmax_and_its_logarithm_along_axes(axis: Any) -> None:
    np.testing.assert_allclose(
        floats(special.softmax(values(NUMBERS), axis=axis)), scipys.softmax(NUMBERS, axis=axis), rtol=1e-13
    )
    np.testing.assert_allclose(
        floats(special.log_softmax(values(NUMBERS), axis=axis)), scipys.log_softmax(NUMBERS, axis=axis), 1e-13
    )


def test_softmax_of_one_number() -> None:
    assert floats(special.softmax(Value(3.0))) == 1.0
    with pytest.raises(Exception, match="axis 5 is out of bounds"):
        special.softmax(values(NUMBERS), axis=5)


def test_the_jacobian_of_softmax() -> None:
    x = np.array([0.3, -1.2, 2.0])
    p = scipys.softmax(x)
    np.testing.assert_allclose(
        jacobian(special.softmax)(x), np.diag(p) - np.outer(p, p), rtol=1e-13, atol=1e-16
    )


@pytest.mark.parametrize(
    "options",
    [
        {}, {"axis": 0}, {"axis": 1, "keepdims": True}, {"axis": (0, 1)}, {"keepdims": True},
        {"axis": 0, "b": np.abs(FACTORS)}, {"axis": 1, "b": FACTORS}, {"b": 2.0},
        {"axis": 1, "b": FACTORS, "return_sign": True}, {"axis": 1, "b": -FACTORS, "return_sign": True},
        {"axis": 0, "return_sign": True},
    ],
)  # fmt: skip
def test_logsumexp_is_scipys(options: dict[str, Any]) -> None:
    expected = scipys.logsumexp(NUMBERS, **options)
    found = floats(special.logsumexp(values(NUMBERS), **options))
    if isinstance(expected, tuple):
        for ours, theirs in zip(found, expected, strict=True):
            np.testing.assert_allclose(ours, theirs, rtol=1e-13)
    else:
        np.testing.assert_allclose(found, expected, rtol=1e-13)
        assert found.shape == np.shape(expected)


def test_logsumexp_of_nothing_left() -> None:
    assert special.logsumexp([Value(1.0), 1.0], b=[1.0, -1.0]).data == -math.inf
    assert special.logsumexp([1.0, 1.0], b=[Value(0.0), 0.0], return_sign=True) == (-math.inf, 0.0)
    assert special.logsumexp([Value(-math.inf), -math.inf], return_sign=True)[1] == 0.0


def test_the_gradient_of_logsumexp_is_softmax_of_factors_too() -> None:
    x, b = np.array([0.3, -1.2, 2.0]), np.array([1.0, 2.0, 0.5])
    p = b * np.exp(x) / np.sum(b * np.exp(x))
    np.testing.assert_allclose(grad(lambda x: special.logsumexp(x, b=b))(x), p, rtol=1e-13)
    by_b = grad(lambda b: special.logsumexp(x, b=b))(b)
    np.testing.assert_allclose(by_b, np.exp(x) / np.sum(b * np.exp(x)), rtol=1e-13)
    signed = np.array([1.0, -2.0, 0.5])
    np.testing.assert_allclose(
        grad(lambda x: special.logsumexp(x, b=signed))(x),
        signed * np.exp(x) / np.sum(signed * np.exp(x)),
        1e-12,
    )


def test_logsumexp_depends_on_factors_that_are_0() -> None:
    x = np.array([0.3, -1.2, 2.0])
    for b in ([1.0, 0.0, 2.0], [0.0, -1.0, 0.0]):
        total = np.sum(b * np.exp(x))
        by_b = grad(lambda b: special.logsumexp(x, b=b, return_sign=True)[0])(np.array(b))
        np.testing.assert_allclose(by_b, np.exp(x) / total, rtol=1e-13)
    second = derivative(lambda b: special.logsumexp([0.0, 1.0], b=[1.0, b]), 2)(0.0)
    assert second == pytest.approx(-math.exp(2.0), rel=1e-13)
    assert grad(lambda b: special.logsumexp([1.0], b=[b]))(0.0) == math.inf


def test_where_a_sum_of_exponentials_is_0_its_logarithm_has_no_derivative() -> None:
    assert math.isnan(grad(lambda x: special.logsumexp([x, 1.0], b=[1.0, -1.0]))(1.0))


def test_multigammaln_of_values() -> None:
    assert special.multigammaln(Value(3.5), 3).data == pytest.approx(scipys.multigammaln(3.5, 3), rel=1e-14)
    expected = sum(scipys.psi(3.5 - 0.5 * j) for j in range(3))
    assert grad(special.multigammaln)(3.5, 3) == pytest.approx(expected, rel=1e-13)
    found = special.multigammaln([Value(3.5), Value(4.0)], 2)
    np.testing.assert_allclose(floats(found), scipys.multigammaln([3.5, 4.0], 2), rtol=1e-14)
    with pytest.raises(ValueError, match="d must be a whole number of 1 or more"):
        special.multigammaln(Value(3.5), 0)
    with pytest.raises(ValueError, match=r"a must be greater than \(d - 1\) / 2 = 1.0"):
        special.multigammaln(Value(0.5), 3)


def test_they_are_compiled() -> None:
    def f(x: Any) -> Any:
        return special.logsumexp(x) + special.softmax(x)[0] + special.polygamma(1, x[1])

    x = np.array([0.3, 1.2, 2.0])
    assert compile(f)(x) == pytest.approx(f(x), rel=1e-14)
    np.testing.assert_allclose(compile(f).grad(x), grad(f)(x), rtol=1e-13)
    assert derivative(lambda t: special.logsumexp([t, 0.0]), 2)(0.0) == pytest.approx(0.25)


def test_a_compiled_sign_of_a_sum_is_right_wherever_it_was_compiled() -> None:
    def sign(x: Any) -> Any:
        return special.logsumexp(np.array([x, x + x]), return_sign=True)[1]

    for first, then in ((-math.inf, 2.0), (2.0, -math.inf)):
        fast = compile(sign)
        fast(first)
        assert fast(then) == (1.0 if then == 2.0 else 0.0)
