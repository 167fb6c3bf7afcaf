"""`np.sinc` of arrays of Values: NumPy's numbers, and derivatives that neither vanish nor cancel near 0."""

from __future__ import annotations

import math

import numpy as np
import pytest

pytest.importorskip("mpmath")

from mpmath import mp, mpf

import autograd.numpy as anp
from autograd import Value, compile, derivative, grad, jacobian


@pytest.mark.parametrize("x", [0.0, 1e-20, -1e-8, 1e-3, 0.3, -0.5, 0.5, 0.500001, 1.0, 3.7, -40.25])
def test_values_and_derivatives_near_0_and_far_from_it(x: float) -> None:
    def exact(x: mpf) -> mpf:
        return mp.sinc(mp.pi * x)

    assert derivative(anp.sinc, 0)(x) == pytest.approx(float(np.sinc(x)), rel=1e-15, abs=1e-16)
    with mp.workdps(60):
        for order in (1, 2, 3):
            wanted = float(mp.diff(exact, mpf(x), order))
            assert derivative(anp.sinc, order)(x) == pytest.approx(wanted, rel=1e-12, abs=1e-13), order
    if 0.0 < abs(x) < 0.1:  # where the second derivative is what there is of the first
        assert grad(anp.sinc)(x) == pytest.approx(
            -(math.pi**2) / 3.0 * x, rel=2.0 * x * x * math.pi**2 + 1e-15
        )


def test_a_program_has_one_path_for_all_numbers() -> None:
    points = np.array([0.0, 0.5, -0.2, 2.5, math.nan])
    fast = compile(anp.sinc)
    fast(0.1)
    source = fast.source
    plain = [derivative(anp.sinc, 0)(x) for x in points.tolist()]
    np.testing.assert_array_equal([fast(x) for x in points.tolist()], plain)
    assert fast.source == source
    slopes = np.diag(jacobian(np.sinc)(points))
    np.testing.assert_array_equal(slopes, [grad(anp.sinc)(x) for x in points.tolist()])
    np.testing.assert_allclose([fast.grad(x) for x in points.tolist()], slopes, rtol=1e-13)


def test_what_numpy_has_to_say_is_said() -> None:
    with pytest.warns(RuntimeWarning, match="invalid value encountered in sin$"):
        np.sinc(anp.array([Value(math.inf)]))
