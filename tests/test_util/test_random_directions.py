"""Checks of derivatives as HIPS autograd has them: right ones pass, wrong ones are found in either mode."""

from __future__ import annotations

from typing import Any

import numpy
import pytest

import autograd.numpy as np
from autograd import custom_vjp
from autograd.test_util import (
    check_equivalent,
    check_grads,
    check_jvp,
    check_vjp,
    combo_check,
    scalar_close,
)

X = numpy.array([[0.3, -1.2], [2.0, 0.7]])


def wrong(factor: float) -> Any:
    @custom_vjp
    def square(x: Any) -> Any:
        return x * x

    square.defvjp(lambda x: (x * x, x), lambda x, g: (factor * x * g,))
    return square


def test_right_derivatives_pass_for_structures_and_many_arguments() -> None:
    check_grads(lambda x: np.sum(np.tanh(x) ** 2))(X)
    check_grads(lambda x, y: x @ y, (0, 1), order=3)(X, X.T.copy())
    check_grads(lambda p, k: {"a": np.exp(p["x"]) * k, "b": [p["y"][0] ** 3]}, 0)({"x": X, "y": [2.0]}, k=3.0)
    check_grads(lambda x: x**3, modes=["fwd"])(2.0)
    check_vjp(np.sum, X)
    check_jvp(np.sum, X)
    combo_check(np.sum, 0)([X, X[0]], axis=[None, 0], keepdims=[True, False])


def test_a_wrong_derivative_is_found() -> None:
    with pytest.raises(AssertionError, match=r"(?s)\(VJP\) check of square failed.* where differences"):
        check_grads(wrong(2.001), modes=["rev"], order=1)(X)
    check_grads(wrong(2.0), modes=["rev"])(X)

    def f(x: Any) -> Any:
        return x * getattr(x, "data", x)

    with pytest.raises(AssertionError, match=r"\(JVP\) check of f failed.* where differences"):
        check_grads(f, modes=["fwd"])(2.0)


def test_a_wrong_second_derivative_is_found() -> None:
    @custom_vjp
    def double(x: Any) -> Any:
        return 2.0 * x

    double.defvjp(lambda x: (2.0 * x, None), lambda _, g: (identity(g) * 2.0,))

    @custom_vjp
    def identity(x: Any) -> Any:
        return x

    identity.defvjp(lambda x: (x, None), lambda _, g: (1.001 * g,))
    check_grads(double, modes=["rev"], order=1)(1.0)
    with pytest.raises(AssertionError, match=r"\(VJP\) check of vjp_double failed"):
        check_grads(double, modes=["rev"], order=2)(1.0)


def test_things_that_are_compared_must_be_alike() -> None:
    check_equivalent({"x": X}, {"x": X + 1e-9})
    with pytest.raises(AssertionError, match="the numbers differ"):
        check_equivalent(X, X + 1e-3)
    with pytest.raises(AssertionError, match="have different structures"):
        check_equivalent([1.0], [numpy.ones(2)])
    assert not scalar_close(1.0, float("nan"))


def test_modes_are_two() -> None:
    with pytest.raises(ValueError, match="modes are 'fwd' and 'rev', not"):
        check_grads(np.sum, modes=["forward"])
