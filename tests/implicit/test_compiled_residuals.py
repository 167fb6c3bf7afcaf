"""Equations that are compiled, for a program solves them often: they are what they were."""

from __future__ import annotations

from operator import itemgetter
from typing import Any

import numpy as np
import pytest

import autograd.numpy as anp
from autograd import (
    Value,
    compile,
    derivative,
    grad,
    hessian,
    implicit,
    jacobian,
    jvp,
    math,
    no_grad,
    vmap,
)
from autograd.derivatives.calls import Call
from autograd.derivatives.trees import Structure
from autograd.implicit import newton, solutions
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
    residual = CompiledResidual(lambda x: factor * x, itemgetter(0), ())
    assert (residual.value([3.0], ()), residual.derivatives([3.0], ())) == ([6.0], [[2.0]])
    factor = 5.0
    assert (residual.value([3.0], ()), residual.derivatives([3.0], ())) == ([15.0], [[5.0]])


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
        lambda x: [],
        lambda x: [x, "text"],
        lambda x: 1.0 / 0.0,
        lambda x: [x, math.inf],
        lambda x: x.data if isinstance(x, Value) else x,  # which cannot be compiled
        lambda x: math.log(x),  # at -1
        3.0,
    ],
)
def test_what_gives_no_finite_number_is_left_to_the_function(f: Any) -> None:
    residual = CompiledResidual(f, itemgetter(0), ())
    for _ in range(2):
        assert residual.value([-1.0], ()) is None
        assert residual.height((), lambda x: 7.0)(-1.0) == 7.0
    residual = CompiledResidual(f, itemgetter(0), ())
    for _ in range(2):
        assert residual.derivatives([-1.0], ()) in (None, [[1.0], [0.0]])  # the latter beside an infinity


def test_a_function_that_returns_a_list_is_solved_as_it_is() -> None:
    compiled = compile(lambda a: implicit.root(lambda x, a: [x**3 + x - a], 1.0, a))
    assert often(compiled.value_and_grad, 10.0) == pytest.approx((2.0, slope_of(2.0)), rel=1e-14)
    assert grad(root_of)(10.0) == pytest.approx(slope_of(2.0), rel=1e-14)


# Several unknowns

STRENGTH = 1.0


def circle_and_line(x: Any, radius: Any, slope: Any) -> Any:
    return anp.array([x[0] ** 2 + x[1] ** 2 - radius**2, x[1] - slope * x[0]])


def crossing(radius: Any, slope: Any) -> Any:
    return implicit.root(circle_and_line, np.array([1.0, 1.0]), radius, slope)


def where_they_cross(radius: float, slope: float) -> tuple[float, float]:
    return radius / np.hypot(1.0, slope), slope * radius / np.hypot(1.0, slope)


def asked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Count how often equations are recorded for their derivatives."""
    count = [0]

    class Counted(Call):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            count[0] += 1
            super().__init__(*args, **kwargs)

    monkeypatch.setattr(newton, "Call", Counted)
    monkeypatch.setattr(solutions, "Call", Counted)
    return count


def test_systems_are_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled = compile(crossing, (0, 1))
    often(compiled.jacobian, 2.0, 0.7)
    recorded = asked(monkeypatch)
    for radius, slope in ((2.0, 0.7), (3.0, 1.5), (0.5, 0.1)):
        assert compiled(radius, slope) == pytest.approx(where_they_cross(radius, slope), rel=1e-14)
        by_radius, by_slope = compiled.jacobian(radius, slope)
        length = np.hypot(1.0, slope)
        assert by_radius == pytest.approx([1.0 / length, slope / length], rel=1e-13)
        assert by_slope == pytest.approx([-slope * radius / length**3, radius / length**3], rel=1e-13)
    assert recorded == [0]
    crossing(2.0, Value(0.7))
    assert recorded != [0]


def test_systems_give_all_that_they_gave() -> None:
    def total(radius: Any, slope: Any) -> Any:
        return anp.sum(anp.array([1.0, 3.0]) * crossing(radius, slope))

    second = compile(total, (0, 1))
    for _ in range(2 * OFTEN):
        found = second.hessian(2.0, 0.7)
    assert np.array(found) == pytest.approx(np.array(hessian(total, (0, 1))(2.0, 0.7)), rel=1e-12)
    ahead = compile(lambda a, b: jvp(crossing, (a, b), (1.0, 2.0))[1])
    assert often(ahead, 2.0, 0.7) == pytest.approx(jvp(crossing, (2.0, 0.7), (1.0, 2.0))[1], rel=1e-13)
    radii = np.linspace(1.0, 3.0, 2 * OFTEN)
    found = vmap(compile(total), in_axes=(0, None)).grad(radii, 0.7)
    assert found == pytest.approx([3.1 / np.hypot(1.0, 0.7)] * len(radii), rel=1e-13)


@pytest.mark.parametrize(
    ("x0", "equations"),
    [
        (
            {"x": 1.0, "y": (1.0,)},
            lambda p, r, s: {"a": p["x"] ** 2 + p["y"][0] ** 2 - r**2, "b": p["y"][0] - s * p["x"]},
        ),
        ((1.0, 1.0), lambda p, r, s: (p[0] ** 2 + p[1] ** 2 - r**2, p[1] - s * p[0])),
        (
            np.ones((1, 2)),
            lambda p, r, s: anp.array([[p[0, 0] ** 2 + p[0, 1] ** 2 - r**2], [p[0, 1] - s * p[0, 0]]]),
        ),
    ],
)
def test_unknowns_of_any_structure(x0: Any, equations: Any) -> None:
    compiled = compile(lambda r, s: implicit.root(equations, x0, r, s))
    found = Structure(often(compiled, 2.0, 0.7)).numbers
    assert found == pytest.approx(where_they_cross(2.0, 0.7), rel=1e-14)
    slopes = Structure(often(compiled.jacobian, 2.0, 0.7)).numbers
    assert slopes == pytest.approx([1.0 / np.hypot(1.0, 0.7), 0.7 / np.hypot(1.0, 0.7)], rel=1e-13)


@pytest.mark.parametrize(
    ("given", "taken", "is_compiled"),
    [
        (lambda r, s: anp.array([r, s]), lambda g: (g[0], g[1]), True),
        (lambda r, s: anp.array([[5.0, s], [r, 7.0]]), lambda g: (g[1, 0] * g[0, 0] / 5.0, g[0, 1]), True),
        (lambda r, s: {"s": [2.0, s], "r": (r,)}, lambda g: (g["r"][0], g["s"][1] * g["s"][0] / 2.0), True),
        (lambda r, s: [r, s, "text"], lambda g: (g[0], g[1] if g[2] == "text" else 0.0), False),
        (lambda r, s: [r, 2, s], lambda g: (g[0], sum([g[2] for _ in range(g[1])]) / 2.0), False),
    ],
)
@pytest.mark.parametrize("size", [1, 2])
def test_arguments_of_any_structure(
    given: Any, taken: Any, is_compiled: bool, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def equations(x: Any, g: Any, power: int, signs: Any) -> Any:
        radius, slope = taken(g)
        first = x[0] ** power - signs[0] * (radius**2 if size == 1 else radius**2 - x[-1] ** 2)
        return anp.array([first, signs[1] * (x[-1] - slope * x[0])][:size])

    signs = np.array([1.0, 1.0])

    def solved(r: Any, s: Any) -> Any:
        return implicit.root(equations, np.ones(size), given(r, s), 2, signs)

    compiled = compile(solved, (0, 1))
    often(compiled.jacobian, 2.0, 0.7)
    recorded = asked(monkeypatch)
    wanted = jacobian(solved, (0, 1))(2.5, 0.6)
    recorded[0] = 0
    assert np.array(compiled.jacobian(2.5, 0.6)) == pytest.approx(np.array(wanted), rel=1e-13)
    assert (recorded == [0]) == is_compiled
    signs[0] = 4.0  # data that is changed in its place
    wanted = jacobian(solved, (0, 1))(2.5, 0.6)
    assert np.array(compiled.jacobian(2.5, 0.6)) == pytest.approx(np.array(wanted), rel=1e-13)


def test_what_a_system_reads_may_change(monkeypatch: pytest.MonkeyPatch) -> None:
    data = [2.0]

    def equations(x: Any, a: Any) -> Any:
        return [x[0] + x[1] - a * STRENGTH, x[0] - x[1] - data[0]]

    compiled = compile(lambda a: implicit.root(equations, [1.0, 1.0], a))
    assert often(compiled, 4.0) == pytest.approx([3.0, 1.0])
    assert often(compiled.jacobian, 4.0) == pytest.approx([0.5, 0.5])
    data[0] = 1.0
    assert compiled(4.0) == pytest.approx([2.5, 1.5])
    monkeypatch.setitem(globals(), "STRENGTH", 2.0)
    assert compiled(4.0) == pytest.approx([4.5, 3.5])
    assert compiled.jacobian(4.0) == pytest.approx([1.0, 1.0])


def test_a_system_of_several_pieces_is_each_of_them() -> None:
    def equations(x: Any, a: Any) -> Any:
        return [x[0] ** 3 - a if x[0] > 1.0 else x[0] - a, x[1] - x[0]]

    compiled = compile(lambda a: implicit.root(equations, [1.5, 1.5], a))
    often(compiled.jacobian, 8.0)
    for a, x, slope in ((8.0, 2.0, 1.0 / 12.0), (0.5, 0.5, 1.0), (27.0, 3.0, 1.0 / 27.0)):
        assert compiled(a) == pytest.approx([x, x], rel=1e-14)
        assert compiled.jacobian(a) == pytest.approx([slope, slope], rel=1e-13)


def test_fixed_points_of_several_numbers_are_compiled_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def after(x: Any, a: Any, b: Any) -> Any:
        return anp.array([0.5 * (x[0] + a / x[0]), 0.2 * x[1] + 0.1 * x[0] + b])

    compiled = compile(lambda a, b: implicit.fixed_point(after, np.ones(2), a, b), (0, 1))
    often(compiled.jacobian, 9.0, 1.0)
    recorded = asked(monkeypatch)
    assert compiled(4.0, 1.0) == pytest.approx([2.0, 1.5], rel=1e-14)
    by_a, by_b = compiled.jacobian(4.0, 1.0)
    assert (*by_a, *by_b) == pytest.approx((0.25, 0.025 / 0.8, 0.0, 1.25), rel=1e-13)
    assert recorded == [0]


def test_refusals_are_those_of_the_function() -> None:
    compiled = compile(
        lambda a, b: implicit.root(lambda x, a, b: [a * x[0] + x[1] - b, x[0] + x[1] - b], [0.0, 0.0], a, b)
    )
    assert often(compiled.jacobian, 2.0, 3.0) == pytest.approx([0.0, 0.0])
    with pytest.raises(
        np.linalg.LinAlgError, match=r"the Jacobian of the equations by the unknowns, at .* is singular"
    ):
        compiled.jacobian(1.0, 3.0)
    nowhere = compile(lambda a: implicit.root(lambda x, a: [x[0] ** 2 + a, x[1] - x[0]], [1.0, 1.0], a))
    assert often(nowhere, -4.0) == pytest.approx([2.0, 2.0])
    with pytest.raises(RuntimeError, match="found no root of <lambda> from x0"):
        nowhere(4.0)
    few = compile(
        lambda a: implicit.root(lambda x, a: [x[0] - a, x[1]] if a > 0.0 else [x[0]], [1.0, 1.0], a)
    )
    assert often(few, 4.0) == pytest.approx([4.0, 0.0])
    with pytest.raises(TypeError, match="must return as many numbers as x has, 2, and returned 1"):
        few(-4.0)
    solver = compile(
        lambda a: implicit.root(
            lambda x, a: [x[0] - a, x[1] - a], [1.0, 1.0], a, solver=lambda f, x, a: [3.0, 3.0]
        )
    )
    assert often(solver, 3.0) == [3.0, 3.0]
    with pytest.raises(RuntimeError, match="which does not solve root"):
        solver(4.0)
