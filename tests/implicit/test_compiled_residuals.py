"""Equations that are compiled, for a program solves them often: they are what they were."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograd import Value, compile, derivative, grad, implicit, jvp, math, no_grad, vmap
from autograd.implicit.compiled_residuals import OFTEN, CompiledResidual


def often(f: Any, *args: Any) -> Any:
    """Call a compiled function until its equations are compiled; return what it gives."""
    for _ in range(2 * OFTEN):
        out = f(*args)
    return out


def root_of(a: Any) -> Any:
    return implicit.root(lambda x, a: x**3 + x - a, 1.0, a)


def slope_of(x: float) -> float:
    return 1.0 / (3.0 * x * x + 1.0)


def test_solutions_and_derivatives_are_those_of_the_function() -> None:
    compiled = compile(root_of)
    often(compiled.value_and_grad, 1.0)
    for a in (2.0, 10.0, -68.0):
        x, slope = compiled.value_and_grad(a)
        assert x**3 + x == pytest.approx(a, rel=1e-15)
        assert slope == pytest.approx(slope_of(x), rel=1e-14)
    second = compile(derivative(root_of, 2))
    assert often(second, 10.0) == pytest.approx(-12.0 * slope_of(2.0) ** 3, rel=1e-13)
    ahead = compile(lambda a: jvp(root_of, (a,), (1.0,))[1])
    assert often(ahead, 10.0) == pytest.approx(slope_of(2.0), rel=1e-14)
    points = np.linspace(2.0, 30.0, 40)
    found = [root_of(a) for a in points]
    assert vmap(compile(root_of)).grad(points) == pytest.approx([slope_of(x) for x in found], rel=1e-13)


def test_brackets_and_fixed_points_are_compiled_too() -> None:
    bracket = compile(lambda a: implicit.brentq(lambda x, a: x * x - a, 0.0, 10.0, a))
    assert often(bracket.value_and_grad, 9.0) == pytest.approx((3.0, 1.0 / 6.0), rel=1e-14)
    heron = compile(lambda a: implicit.fixed_point(lambda x, a: 0.5 * (x + a / x), 1.0, a))
    assert often(heron.value_and_grad, 9.0) == pytest.approx((3.0, 1.0 / 6.0), rel=1e-14)
    lowest = compile(lambda a: implicit.minimum(lambda x, a: (x - a) ** 2 + x, 1.0, a))
    assert often(lowest.value_and_grad, 9.0) == pytest.approx((8.5, 1.0), rel=1e-12)


def test_an_equation_of_several_pieces_and_constants_is_each_of_them() -> None:
    def piecewise(x: Any, a: Any, form: str, n: int) -> Any:
        assert form == "cubic"
        return x**n - a if x > 1.0 else x - a

    compiled = compile(lambda a: implicit.root(piecewise, 1.5, a, "cubic", 3))
    often(compiled.grad, 8.0)
    for a, x, slope in ((8.0, 2.0, 1.0 / 12.0), (0.5, 0.5, 1.0), (27.0, 3.0, 1.0 / 27.0)):
        assert compiled.value_and_grad(a) == pytest.approx((x, slope), rel=1e-14)


def test_what_an_equation_reads_may_change() -> None:
    power = 2.0

    def solved(a: Any) -> Any:
        return implicit.brentq(lambda x, a: x**power - a, 0.0, 100.0, a)

    compiled = compile(solved)
    assert often(compiled, 64.0) == pytest.approx(8.0)
    power = 3.0
    assert compiled(64.0) == pytest.approx(4.0)
    assert compiled.grad(64.0) == pytest.approx(1.0 / 48.0)
    factor = 2.0
    residual = CompiledResidual(lambda x: factor * x, (0,))
    assert (residual.value([3.0]), residual.derivatives([3.0])) == (6.0, [2.0])
    factor = 5.0
    assert (residual.value([3.0]), residual.derivatives([3.0])) == (15.0, [5.0])


def test_inside_no_grad_it_is_the_same() -> None:
    compiled = compile(root_of)
    compiled(1.0)
    with no_grad():
        assert often(compiled, 10.0) == pytest.approx(2.0)
        assert compiled(30.0) == pytest.approx(3.0)
    assert compiled.grad(30.0) == pytest.approx(slope_of(3.0))


def test_errors_of_the_function_come_out_as_before() -> None:
    compiled = compile(lambda a, b: implicit.brentq(lambda x, a: math.log(x) - a, b, 10.0, a))
    assert often(compiled, 1.0, 0.1) == pytest.approx(np.e)
    with pytest.raises(ValueError, match="math domain error"):
        compiled(1.0, -1.0)
    assert compiled(1.0, 0.1) == pytest.approx(np.e)


@pytest.mark.parametrize(
    "f",
    [
        lambda x: [x],  # no number
        lambda x: 1.0 / 0.0,
        lambda x: x.data if isinstance(x, Value) else x,  # which cannot be compiled
        lambda x: math.log(x),  # at -1
        3.0,
    ],
)
def test_what_gives_no_finite_number_is_left_to_the_function(f: Any) -> None:
    residual = CompiledResidual(f, (0,))
    for _ in range(2):
        assert residual.value([-1.0]) is None
    residual = CompiledResidual(f, (0,))
    for _ in range(2):
        assert residual.derivatives([-1.0]) in (None, [1.0])  # the latter of a list of one number


def test_a_function_that_returns_a_list_is_solved_as_it_is() -> None:
    compiled = compile(lambda a: implicit.root(lambda x, a: [x**3 + x - a], 1.0, a))
    assert often(compiled.value_and_grad, 10.0) == pytest.approx((2.0, slope_of(2.0)), rel=1e-14)
    assert grad(root_of)(10.0) == pytest.approx(slope_of(2.0), rel=1e-14)
