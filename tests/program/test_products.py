"""Hessians and Jacobians of long programs: a product for each direction."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograd import Value, compile, hessian, jacobian, math
from autograd.program.products import WIDE, are_products

COUNT = 150
BACKENDS = ("python", "llvm", None)
RNG = np.random.default_rng(4)
POINT = RNG.uniform(0.2, 1.5, COUNT)
ROWS = RNG.uniform(-0.5, 0.5, (100, 30))


def rosenbrock(x: Any) -> Any:
    return sum(100.0 * (x[i + 1] - x[i] ** 2) ** 2 + (1 - x[i]) ** 2 for i in range(len(x) - 1))


def of_rosenbrock(x: Any) -> Any:
    """Return its second derivatives, worked out by hand."""
    found = np.zeros((len(x), len(x)))
    for i in range(len(x) - 1):
        found[i, i] += 1200.0 * x[i] ** 2 - 400.0 * x[i + 1] + 2.0
        found[i, i + 1] = found[i + 1, i] = -400.0 * x[i]
        found[i + 1, i + 1] += 200.0
    return found


def by_products(fast: Any) -> bool:
    return are_products(fast._recordings.latest().paths, "hessian")


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_hessian_is_the_one_worked_out_by_hand(backend: str | None) -> None:
    fast = compile(rosenbrock, backend=backend)
    for x in (POINT, POINT * 0.5, np.zeros(COUNT), POINT * -1.0):
        np.testing.assert_allclose(fast.hessian(x), of_rosenbrock(x), rtol=1e-9, atol=1e-9)
    assert by_products(fast)


def test_few_numbers_take_no_products() -> None:
    def f(x: Any) -> Any:
        return sum(math.exp(x @ row) for row in ROWS[:, : len(x)])

    few, many = compile(f), compile(f)
    for fast, count in ((few, WIDE // 2), (many, WIDE)):
        x, rows = POINT[:count], ROWS[:, :count]
        wanted = (rows.T * np.exp(rows @ x)) @ rows
        np.testing.assert_allclose(fast.hessian(x), wanted, rtol=1e-11, atol=1e-13)
    assert not by_products(few)
    assert by_products(many)
    (path,) = few._recordings.latest().paths
    assert path.is_in_loops("hessian")


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_branch_leads_to_another_path(backend: str | None) -> None:
    def f(x: Any) -> Any:
        return rosenbrock(x) if x[3] > 0.0 else 2.0 * rosenbrock(x) + x[0] ** 3

    fast = compile(f, backend=backend)
    for sign in (1.0, -1.0, 1.0, -1.0):
        wanted = of_rosenbrock(POINT * sign) * (1.0 if sign > 0.0 else 2.0)
        wanted[0, 0] += 0.0 if sign > 0.0 else 6.0 * sign * POINT[0]
        np.testing.assert_allclose(fast.hessian(POINT * sign), wanted, rtol=1e-9, atol=1e-9)
    assert len(fast._recordings.latest().paths) == 2


@pytest.mark.parametrize("backend", BACKENDS)
def test_errors_are_those_of_the_function(backend: str | None) -> None:
    def f(x: Any) -> Any:
        return sum(math.log(x[i]) * x[i + 1] + math.sin(x[i] * x[i + 1]) for i in range(COUNT - 1))

    fast = compile(f, backend=backend)
    wanted = hessian(f)(POINT)
    for _ in range(2):
        np.testing.assert_allclose(fast.hessian(POINT), wanted, rtol=1e-9, atol=1e-9)
        with pytest.raises(ValueError, match="math domain error"):
            fast.hessian(POINT * -1.0)
    assert len(fast._recordings.latest().paths) == 1


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("odd", [float("nan"), 1e200, float("inf")])
def test_nan_stays_where_it_belongs_and_needs_no_other_path(backend: str | None, odd: float) -> None:
    def f(x: Any) -> Any:
        return sum(x[i] * x[i] * x[i] * (1.0 + x[i] * x[i]) for i in range(COUNT))

    fast = compile(f, backend=backend, max_paths=1)
    x = POINT.copy()
    x[5] = odd
    for _ in range(2):
        found = fast.hessian(x)
        x3 = odd * odd * odd
        assert found[5, 5] == 6.0 * odd + 20.0 * x3 or found[5, 5] != found[5, 5]
        assert (np.isnan(found) == np.isnan(hessian(f)(x))).all()
        rest = np.delete(np.delete(found, 5, 0), 5, 1)
        y = np.delete(x, 5)
        np.testing.assert_allclose(rest, np.diag(6.0 * y + 20.0 * y**3), rtol=1e-9, atol=0.0)
        np.testing.assert_allclose(fast.hessian(POINT), np.diag(6.0 * POINT + 20.0 * POINT**3), rtol=1e-9)
    assert by_products(fast)


@pytest.mark.parametrize("backend", BACKENDS)
def test_two_arguments_have_four_blocks(backend: str | None) -> None:
    def f(x: Any, y: Any) -> Any:
        return sum(x[i] ** 2 * y[i] + y[i] ** 3 * x[i + 1] for i in range(COUNT - 1))

    fast = compile(f, argnums=(0, 1), backend=backend)
    x, y = POINT, POINT[::-1].copy()
    (xx, xy), (yx, yy) = fast.hessian(x, y)
    last = np.arange(COUNT) < COUNT - 1
    mixed = np.diag(2.0 * x * last) + np.diag(3.0 * y[:-1] ** 2, 1).T
    after = np.append(x[1:], 0.0)
    np.testing.assert_allclose(xx, np.diag(2.0 * y * last), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(xy, mixed, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(yx, mixed.T, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(yy, np.diag(6.0 * y * after), rtol=1e-9, atol=1e-12)
    assert by_products(fast)
    assert "int f" in fast.to_c("hessian")  # which is a program of its own, with outputs in its own order
    for row, again in zip(fast.hessian(x, y), ((xx, xy), (yx, yy)), strict=True):
        for one, other in zip(row, again, strict=True):
            assert (one == other).all()
            assert one.flags.c_contiguous


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_number_and_an_array_have_four_blocks_of_their_own(backend: str | None) -> None:
    def f(a: Any, x: Any) -> Any:
        return sum(a * a * x[i] * x[i + 1] for i in range(COUNT - 1))

    fast = compile(f, argnums=(0, 1), backend=backend)
    for a in (2.0, 0.5):
        (aa, ax), (xa, xx) = fast.hessian(a, POINT)
        beside = np.append(POINT[1:], 0.0) + np.append(0.0, POINT[:-1])
        assert type(aa) is float
        np.testing.assert_allclose(aa, 2.0 * (POINT[1:] * POINT[:-1]).sum(), rtol=1e-12)
        np.testing.assert_allclose(ax, 2.0 * a * beside, rtol=1e-12)
        np.testing.assert_allclose(xa, 2.0 * a * beside, rtol=1e-12)
        np.testing.assert_allclose(xx, a * a * (np.eye(COUNT, k=1) + np.eye(COUNT, k=-1)), rtol=1e-12)
    assert by_products(fast)


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_hessian_is_an_array_of_its_own(backend: str | None) -> None:
    fast = compile(rosenbrock, backend=backend)
    for _ in range(2):
        found, again = fast.hessian(POINT), fast.hessian(POINT)
        assert type(found) is np.ndarray
        assert found.flags.c_contiguous
        assert found.flags.writeable
        found[:] = 0.0
        np.testing.assert_allclose(again, of_rosenbrock(POINT), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("backend", BACKENDS)
def test_values_from_outside_have_the_number_of_the_call(backend: str | None) -> None:
    weight = Value(1.0)

    def f(x: Any) -> Any:
        return weight * rosenbrock(x)

    fast: Callable[..., Any] = compile(f, backend=backend)
    for number in (1.0, 3.0, -0.5):
        weight.data = number
        wanted = of_rosenbrock(POINT) * number
        np.testing.assert_allclose(fast.hessian(POINT), wanted, rtol=1e-9, atol=1e-9)  # type: ignore[attr-defined]
    assert by_products(fast)


# Without loops


def no_loop(x: Any, turns: int = 150) -> Any:
    """Return something for which numbers are taken in no order."""
    y = x[0]
    for i in range(turns):
        y = math.sin(0.9 * y) + 0.1 * x[i * i % len(x)] * y + x[i % 7 * i % len(x)]
    return y


def very_long(x: Any) -> Any:
    return no_loop(x, 400)


def square(x: Any) -> Any:
    """Return as many numbers, each of which takes the same long way."""
    y = no_loop(x, 300)
    return [y**i * x[i * i % len(x)] for i in range(len(x))]


def tall(x: Any) -> Any:
    y = no_loop(x, 300)
    return [y**i * x[i * i % len(x)] for i in range(40)]


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(
    ("transform", "f", "count", "product"),
    [(hessian, very_long, 20, "hvp"), (jacobian, square, 25, "vjp"), (jacobian, tall, 8, "jvp")],
)
def test_long_programs_without_loops_are_made_of_products(
    transform: Any, f: Any, count: int, product: str, backend: str | None
) -> None:
    fast = compile(f, backend=backend)
    for _ in range(3):
        for x in (POINT[:count], POINT[count : 2 * count]):
            found = np.array(transform(fast)(x))
            wanted = np.array(transform(f)(x))
            np.testing.assert_allclose(found, wanted, rtol=1e-9, atol=1e-12 * abs(wanted).max())
    (path,) = fast._recordings.latest().paths
    assert not path.has_loops
    assert path.products == {transform.__name__: product}
    assert transform.__name__ not in path.programs


def test_short_programs_and_those_of_which_each_row_needs_little_are_written_out() -> None:
    def apart(x: Any) -> Any:
        return [no_loop(x[i : i + 2], 10 + i) for i in range(0, len(x), 2)]

    for transform, f, count in ((hessian, no_loop, 3), (jacobian, apart, 30)):
        fast = compile(f)
        x = POINT[:count]
        np.testing.assert_allclose(transform(fast)(x), transform(f)(x), rtol=1e-9, atol=1e-12)
        (path,) = fast._recordings.latest().paths
        assert path.products == {transform.__name__: None}
        assert transform.__name__ in path.programs


def test_a_short_path_beside_a_long_one_is_made_of_products_too() -> None:
    calls = []

    def f(x: Any) -> Any:
        calls.append(x)
        return very_long(x) if x[3] > 0.5 else x[0] ** 3 * x[1]

    fast = compile(f)
    high, low = POINT[:20].copy(), POINT[:20].copy()
    high[3], low[3] = 1.0, 0.2
    for x in (high, low):
        fast.hessian(x)
    calls.clear()
    found = fast.hessian(low)
    assert not calls
    np.testing.assert_allclose(found[0, 0], 6.0 * low[0] * low[1], rtol=1e-14)
    assert np.count_nonzero(found) == 3
    np.testing.assert_allclose(fast.hessian(high), hessian(very_long)(high), rtol=1e-9, atol=1e-12)


def test_a_short_path_of_a_jacobian_beside_a_long_one_is_made_of_products_too() -> None:
    calls = []

    def f(x: Any) -> Any:
        calls.append(x)
        return square(x) if x[3] > 0.5 else [x[0] ** 3 * x[1], x[2] * x[4]]

    fast = compile(f)
    high, low = POINT[:25].copy(), POINT[:25].copy()
    high[3], low[3] = 1.0, 0.2
    for x in (high, low):
        fast.jacobian(x)
    calls.clear()
    rows = np.array(fast.jacobian(low))
    assert not calls
    wanted = np.zeros((2, 25))
    wanted[0, :2] = 3.0 * low[0] ** 2 * low[1], low[0] ** 3
    wanted[1, [2, 4]] = low[4], low[2]
    np.testing.assert_allclose(rows, wanted, rtol=1e-14)
