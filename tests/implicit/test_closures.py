"""Equations with variables around them that are bound to something else before they are differentiated."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograd import Value, compile, derivative, grad, implicit, jvp, math, vmap
from autograd.implicit.closures import kept

A = 1.7


def by_root(a: Any) -> Any:
    total = 0.0
    for k in (1.0, 2.0, 3.0):
        total += implicit.root(lambda x, a: x**2 - k * a, 1.0, a)  # noqa: B023
    return total


def by_root_of_two(a: Any) -> Any:
    total = 0.0
    for k in (1.0, 2.0, 3.0):
        total += implicit.root(lambda x, a: [x[0] ** 2 - k * a, x[1] - x[0]], [1.0, 1.0], a)[1]  # noqa: B023
    return total


def by_fixed_point(a: Any) -> Any:
    total = 0.0
    for k in (1.0, 2.0, 3.0):
        total += implicit.fixed_point(lambda x, a: 0.5 * (x + k * a / x), 1.0, a)  # noqa: B023
    return total


def by_brentq(a: Any) -> Any:
    total = 0.0
    for k in (1.0, 2.0, 3.0):
        total += implicit.brentq(lambda x, a: x**2 - k * a, 0.0, 10.0, a)  # noqa: B023
    return total


def by_minimum(a: Any) -> Any:
    total = 0.0
    for k in (1.0, 2.0, 3.0):
        total += implicit.minimum(lambda x, a: x**3 / 3.0 - k * a * x, 1.0, a)  # noqa: B023
    return total


def by_constraint(a: Any) -> Any:
    total = 0.0
    for k in (1.0, 2.0, 3.0):
        rule = lambda x, a: x[0] ** 2 - k * a  # noqa: B023, E731
        total += implicit.minimum(lambda x, a: (x[0] - x[1]) ** 2, [1.0, 1.0], a, constraints=rule)[1]
    return total


def by_a_function_that_is_used(a: Any) -> Any:
    total, k = 0.0, 0.0

    def square(a: Any) -> Any:
        return k * a

    while k < 3.0:
        k += 1.0
        total += implicit.root(lambda x, a: x**2 - square(a), 1.0, a)
    return total


EACH = [
    by_root,
    by_root_of_two,
    by_fixed_point,
    by_brentq,
    by_minimum,
    by_constraint,
    by_a_function_that_is_used,
]


def roots(order: int, a: Any = A) -> Any:
    """Return a derivative of sqrt(a) + sqrt(2 a) + sqrt(3 a)."""
    factor = [1.0, 0.5, -0.25][order]
    return factor * a ** (0.5 - order) * (1.0 + 2.0**0.5 + 3.0**0.5)


@pytest.mark.parametrize("solved", EACH)
def test_derivatives_are_those_of_the_equations_that_were_solved(solved: Callable[..., Any]) -> None:
    assert grad(solved)(A) == pytest.approx(roots(1), rel=1e-9)
    assert jvp(solved, (A,), (1.0,))[1] == pytest.approx(roots(1), rel=1e-9)
    assert derivative(solved, 2)(A) == pytest.approx(roots(2), rel=1e-7)
    a = Value(A)
    solved(a).backward()
    assert a.grad == pytest.approx(roots(1), rel=1e-9)


@pytest.mark.parametrize("solved", EACH)
def test_so_they_are_in_programs(solved: Callable[..., Any]) -> None:
    compiled, points = compile(solved), np.array([1.7, 0.6])
    for a in points.tolist():
        assert compiled.value_and_grad(a) == pytest.approx((roots(0, a), roots(1, a)), rel=1e-9)
    assert grad(compiled.grad)(A) == pytest.approx(roots(2), rel=1e-7)
    assert vmap(compiled).grad(points) == pytest.approx(roots(1, points), rel=1e-9)


def test_a_step_of_implicit_euler_knows_its_time() -> None:
    def decayed(rate: Any) -> Any:  # y' = -rate t y
        y, t, h = 1.0, 0.0, 0.25
        for _ in range(4):
            t += h
            y = implicit.root(lambda new, old, rate: new - old + h * rate * t * new, y, y, rate)  # noqa: B023
        return y

    factors = [1.0 + 0.25 * 0.8 * t for t in (0.25, 0.5, 0.75, 1.0)]
    y = 1.0 / math.prod(factors)
    slope = -y * sum(0.25 * t / f for t, f in zip((0.25, 0.5, 0.75, 1.0), factors, strict=True))
    assert decayed(0.8) == pytest.approx(y)
    assert grad(decayed)(0.8) == pytest.approx(slope)
    assert compile(decayed).grad(0.8) == pytest.approx(slope)


def test_a_program_sees_what_is_bound_anew_between_its_calls() -> None:
    k = 1.0

    def model(a: Any) -> Any:
        return implicit.root(lambda x, a: x**2 - k * a, 1.0, a)

    compiled = compile(model)
    for k in (1.0, 4.0, 9.0):
        assert compiled(A) == pytest.approx((k * A) ** 0.5)
        assert compiled.grad(A) == pytest.approx(0.5 * (k / A) ** 0.5)


@pytest.mark.parametrize("order", [1, 2])
def test_what_is_changed_in_place_before_the_derivative_is_an_error(order: int) -> None:
    def solved(a: Any) -> Any:
        scale, total = np.array([0.0]), 0.0
        for _ in range(2):
            scale += 1.0
            total += implicit.root(lambda x, a: x**2 - scale[0] * a, 1.0, a)  # noqa: B023
        return total

    assert solved(A) == pytest.approx((1.0 + 2.0**0.5) * A**0.5)
    with pytest.raises(RuntimeError, match="have changed since they were solved"):
        derivative(solved, order)(A)


@pytest.mark.parametrize(("a", "power"), [(0.0, False), (1.0, True)])
def test_it_is_an_error_though_the_solution_is_the_same(a: float, power: bool) -> None:
    def solved(a: Any) -> Any:
        scale, total = [0.0], 0.0
        for _ in range(2):
            scale[0] += 1.0
            if power:
                total += implicit.root(lambda x, a: x - a ** scale[0], 0.5, a)
            else:
                total += implicit.root(lambda x, a: x - scale[0] * a, 0.5, a)
        return total

    assert solved(a) == pytest.approx(2.0 * a)
    with pytest.raises(RuntimeError, match="have changed since they were solved"):
        grad(solved)(a)  # which is 3


def test_an_equation_may_be_at_the_end_of_where_it_can_be_computed() -> None:
    def equation(x: Any, a: Any) -> Any:
        return x - (1.0 - x) ** 1.5 - a  # which beyond 1 is no number

    solved = lambda a: implicit.brentq(equation, 0.0, 1.0, a)  # noqa: E731
    assert grad(solved)(1.0) == 1.0
    assert compile(solved).value_and_grad(1.0) == (1.0, 1.0)


def test_nobody_is_warned_of_numbers_beside_a_solution() -> None:
    solved = lambda a: implicit.root(lambda x, a: np.log(1.0 - x) + a, 0.99999, a)  # noqa: E731
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        assert grad(solved)(12.0) == pytest.approx(math.exp(-12.0), rel=1e-9)
    assert not warned


def test_what_an_equation_binds_itself_stays_one_variable() -> None:
    calls, last = 0, None

    def equation(x: Any, a: Any) -> Any:
        nonlocal calls, last
        calls += 1
        last = x
        return x - a

    assert implicit.root(equation, 1.0, 3.0) == last == 3.0
    assert calls > 1


def test_functions_that_call_each_other_are_kept_together() -> None:
    factor = 2.0

    def even(n: int) -> float:
        return 1.0 if n == 0 else factor * odd(n - 1)

    def odd(n: int) -> float:
        return even(n - 1)

    [same] = kept([even])
    before = even(4)
    factor = 10.0
    assert (same(4), even(4)) == (before, 100.0) == (4.0, 100.0)
    assert same.__name__ == "even"


def test_variables_that_are_not_bound_yet_stay_so() -> None:
    def equation(x: float) -> float:
        return x - later

    [same] = kept([equation])
    later = 1.0
    assert same(3.0) == 2.0
    assert kept([abs, str.upper]) == [abs, str.upper]
