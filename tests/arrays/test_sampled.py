"""np.interp and np.gradient on arrays of Values: at samples, beyond the ends, compiled; what is refused."""

from __future__ import annotations

from math import inf, nan
from typing import Any

import numpy as np
import pytest

from autograd import compile, grad, hessian, jacobian, value_and_grad, vjp, vmap

XP = np.array([0.0, 1.0, 2.5, 4.0])
FP = np.array([1.0, -2.0, 0.5, 3.5])
SLOPES = np.diff(FP) / np.diff(XP)  # -3, 5/3, 2


def by_x(x: float, **kwargs: Any) -> float:
    """Return the derivative of the interpolation by the place."""
    slope: float = grad(lambda v: np.interp(v, XP, FP, **kwargs)[0])(np.array([x]))[0]
    return slope


def test_the_derivative_by_the_place_is_the_slope_of_its_piece() -> None:
    assert [by_x(x) for x in (0.5, 1.7, 3.0)] == SLOPES.tolist()


def test_at_a_sample_it_is_the_slope_to_the_right_and_at_the_last_one_to_the_left() -> None:
    assert [by_x(x) for x in XP.tolist()] == [*SLOPES.tolist(), SLOPES[-1]]


def test_beyond_the_ends_it_is_0() -> None:
    assert [by_x(x) for x in (-1.0, 5.0, -inf, inf)] == [0.0] * 4
    assert [by_x(x, left=7.0, right=8.0) for x in (-1.0, 5.0)] == [0.0] * 2


def test_derivatives_by_samples_and_their_places_are_those_of_the_line_between() -> None:
    # y = b0 + (b1 - b0) (x - a0) / (a1 - a0) at x = 1.75, half way between 1.0 and 2.5
    by_places, by_samples = grad(lambda xp, fp: np.interp(np.array([1.75]), xp, fp)[0], (0, 1))(XP, FP)
    np.testing.assert_allclose(by_samples, [0.0, 0.5, 0.5, 0.0], rtol=1e-15)
    slope = SLOPES[1]
    np.testing.assert_allclose(by_places, [0.0, -slope / 2.0, -slope / 2.0, 0.0], rtol=1e-15)


def test_what_is_beyond_belongs_to_the_end_samples_or_to_what_is_given() -> None:
    at = np.array([-1.0, 9.0, 9.0])
    np.testing.assert_array_equal(
        jacobian(lambda fp: np.interp(at, XP, fp))(FP), [[1.0, 0, 0, 0], [0, 0, 0, 1.0], [0, 0, 0, 1.0]]
    )
    np.testing.assert_array_equal(
        jacobian(lambda ends: np.interp(at, XP, FP + ends[0] * 0.0, ends[0], ends[1]))(np.array([5.0, 6.0])),
        [[1.0, 0.0], [0.0, 1.0], [0.0, 1.0]],
    )


def test_a_period_brings_places_back() -> None:
    assert by_x(0.5 + 5.0, period=5.0) == SLOPES[0]
    assert by_x(4.5, period=5.0) == by_x(-0.5, period=5.0) == pytest.approx(FP[0] - FP[-1])
    # d/dp of x % p is -1 for p < x < 2 p
    found = grad(lambda p: np.interp(np.array([5.5]), XP, FP + 0.0 * p, period=p[0])[0])(np.array([5.0]))
    assert found[0] == pytest.approx(-SLOPES[0])


def test_second_derivatives() -> None:
    # y = b (x - a)**0 ...: d2y / dx db1 = 1 / (a1 - a0)
    found = hessian(lambda v: np.interp(v[:1], XP, np.concatenate((v[1:], FP[2:])))[0])(
        np.array([0.25, 1.0, -2.0])
    )
    np.testing.assert_allclose(found, [[0.0, -1.0, 1.0], [-1.0, 0.0, 0.0], [1.0, 0.0, 0.0]], atol=1e-15)


def test_infinite_samples_are_numpys() -> None:
    at = np.array([-1.0, 0.0, 0.5, 1.0, 1.5, 2.5, 3.0, 4.0, 5.0, nan])
    for fp in ([1.0, inf, 2.0, 3.0], [-inf, -inf, 0.0, nan], [inf, 1.0, 1.0, -inf]):
        found, _ = vjp(lambda fp: np.interp(at, XP, fp), np.array(fp))
        np.testing.assert_array_equal(found, np.interp(at, XP, fp))


def test_places_that_do_not_rise_and_what_numpy_refuses_are_errors() -> None:
    for xp, words in [([1.0, 0.0], "0.0 comes after 1.0"), ([0.0, nan], "nan comes after 0.0")]:
        with pytest.raises(ValueError, match=rf"np\.interp: xp must rise, but {words}"):
            grad(lambda fp, xp=xp: np.interp(np.array([0.5]), xp, fp)[0])(np.ones(2))
    for wrong in (
        lambda v: np.interp(v, XP, FP[:2]),
        lambda v: np.interp(v, [], []),
        lambda v: np.interp(v, XP, FP, period=0),
    ):
        with pytest.raises(ValueError, match=r"same length|empty|non-zero") as found:
            grad(wrong)(np.ones(2))
        with pytest.raises(ValueError, match=str(found.value)):
            wrong(np.ones(2))


def test_complex_samples_are_refused_for_their_imaginary_parts_would_be_lost() -> None:
    for f in (lambda x: np.interp(x, XP, FP * 1j), lambda x: np.gradient(FP * 1j, x)):
        with pytest.raises(TypeError, match="real numbers here, not complex ones"):
            jacobian(f)(XP)


# Compiled


def looked_up(x: Any, xp: Any, fp: Any) -> Any:
    return np.sum(np.interp(x, xp, fp) ** 2)


def test_a_table_that_is_looked_up_is_one_path_for_all_places() -> None:
    table, rng = np.linspace(0.0, 10.0, 21), np.random.default_rng(0)
    compiled = compile(lambda x: looked_up(x, table, np.sin(table)), max_paths=1)
    for _ in range(100):
        x = rng.uniform(-1.0, 11.0, size=3)
        assert compiled(x) == looked_up(x, table, np.sin(table))
        np.testing.assert_array_equal(compiled.grad(x), grad(lambda x: looked_up(x, table, np.sin(table)))(x))
    points = rng.uniform(-1.0, 11.0, size=(300, 2))
    values = vmap(compiled)(points)
    np.testing.assert_allclose(values, [looked_up(x, table, np.sin(table)) for x in points], rtol=1e-13)


@pytest.mark.parametrize("seed", range(5))
def test_compiled_derivatives_by_all_of_it_are_those_of_the_function(seed: int) -> None:
    rng = np.random.default_rng(seed)
    compiled = compile(looked_up, argnums=(0, 1, 2))
    for turn in range(20):
        xp, fp = XP + rng.uniform(0.0, 0.4, 4), FP + rng.normal(size=4)
        x = rng.uniform(-1.0, 5.0, size=3)
        x[0] = [x[0], xp[turn % 4], (inf, -inf, nan)[turn % 3]][turn % 3]
        value, slopes = compiled.value_and_grad(x, xp, fp)
        wanted, expected = value_and_grad(looked_up, (0, 1, 2))(x, xp, fp)
        np.testing.assert_equal(value, wanted)
        for found, want in zip(slopes, expected, strict=True):
            np.testing.assert_allclose(found, want, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("left", [nan, inf, -3.0])
def test_compiled_with_numbers_of_its_own_beyond_the_ends(left: float) -> None:
    compiled = compile(lambda x: np.interp(x, XP, FP, left=left, right=2.0))
    for x in ([0.5, -1.0], [9.0, 0.5], [0.5, 0.7], [-2.0, -1.0]):
        np.testing.assert_array_equal(compiled(np.array(x)), np.interp(x, XP, FP, left=left, right=2.0))


def test_compiled_where_places_are_equal_or_samples_infinite() -> None:
    def f(x: Any, xp: Any, fp: Any) -> Any:
        return np.interp(x, xp, fp)

    compiled, x = compile(f), np.array([0.5, 1.0, 1.5, 2.0])
    cases: list[tuple[Any, Any]] = [
        ([0.0, 1.0, 1.0, 2.0], FP),
        (XP, FP),
        (XP, [1.0, inf, 2.0, 3.0]),
        ([0.0, 1.0, 2.0, 2.0], FP),
        (XP, [nan, 1.0, 2.0, 3.0]),
    ]
    for xp, fp in cases:
        np.testing.assert_array_equal(compiled(x, np.array(xp), np.array(fp)), np.interp(x, xp, fp))


def test_a_long_table_is_followed_by_comparisons() -> None:
    table = np.linspace(0.0, 10.0, 6001)
    compiled = compile(lambda x: looked_up(x, table, np.sqrt(table)))
    for x in ([1.0003, 7.0004], [1.0005, 7.0005], [3.0001, 8.0]):
        assert compiled(np.array(x)) == looked_up(np.array(x), table, np.sqrt(table))


# np.gradient


def test_differences_have_the_weights_of_the_books() -> None:
    # Fornberg (1988): at an end, of second order, -3/2, 2, -1/2
    found = jacobian(lambda f: np.gradient(f, 0.5, edge_order=2))(np.ones(4))
    np.testing.assert_allclose(
        found,
        [[-3.0, 4.0, -1.0, 0.0], [-1.0, 0.0, 1.0, 0.0], [0.0, -1.0, 0.0, 1.0], [0.0, 1.0, -4.0, 3.0]],
        rtol=1e-15,
    )


def test_derivatives_by_evenly_spaced_places_are_not_those_of_the_first_alone() -> None:
    # of x**2 at places x: f' = (x[2] + x[0]), whatever x[1], at the middle of three even ones
    squares = np.array([0.0, 1.0, 4.0])
    found = jacobian(lambda x: np.gradient(squares, x))(np.array([0.0, 1.0, 2.0]))
    # (f1 - f0) / (x1 - x0) at the ends
    np.testing.assert_allclose(found[0], [1.0, -1.0, 0.0])
    np.testing.assert_allclose(found[2], [0.0, 3.0, -3.0])
    # in the middle (h**2 b + k**2 a) / (h k (h + k)), with h = x1 - x0, k = x2 - x1, a = f1 - f0, b = f2 - f1
    a, b = 1.0, 3.0
    by_h = b / 2.0 - (b + a) * 3.0 / 4.0 + b / 2.0
    by_k = a / 2.0 - (b + a) * 3.0 / 4.0 + a / 2.0
    np.testing.assert_allclose(found[1], [-by_h, by_h - by_k, by_k])


def test_what_numpys_gradient_refuses_is_refused() -> None:
    wrong: list[Any] = [
        lambda f: np.gradient(f, edge_order=3),  # type: ignore[call-overload]
        lambda f: np.gradient(f[:1]),
        lambda f: np.gradient(f, [0.0, 1.0]),
        lambda f: np.gradient(f, 1.0, 2.0),
        lambda f: np.gradient(f, axis=1),
    ]
    for f in wrong:
        with pytest.raises((ValueError, TypeError)) as expected:
            f(np.ones(4))
        with pytest.raises(expected.type) as found:
            jacobian(f)(np.ones(4))
        assert str(found.value) == str(expected.value)
