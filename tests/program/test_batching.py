"""`vmap(f)` gives at each point of a batch what `f` gives there, whatever was called before."""

from __future__ import annotations

import itertools
import math as stdmath
import pickle
import subprocess
import sys
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_programs import Program as RandomProgram
from random_programs import programs

import autograd
from autograd import CompileError, Value, compile, grad, hessian, hvp, jacobian, math, value_and_grad, vmap
from autograd.ops import TABLE
from autograd.support.real_numbers import inf, nan

XS = np.array([0.5, -1.0, 2.0, 0.3, -0.2, 1.7, 4.0, -3.0])


def model(p: Any, x: Any) -> Any:
    """A function of two paths, that is linear in none of its numbers."""
    y = p[0] * math.exp(0.3 * x) + p[1] ** 2 * x
    return y * y if x > 0.0 else math.sin(y) * p[0]


P = np.array([0.7, -1.2])


@pytest.fixture(params=["numpy", "llvm"])
def backend(request: pytest.FixtureRequest) -> str:
    if request.param == "llvm":
        pytest.importorskip("llvmlite")
    return str(request.param)


def close(x: Any, y: Any) -> None:
    assert np.shape(x) == np.shape(y)
    np.testing.assert_allclose(x, y, rtol=1e-12, atol=1e-14)


# Axes


def test_axes_say_which_arguments_are_batches(backend: str) -> None:
    f = lambda a, b: a * a * b  # noqa: E731
    a, b = np.array([1.0, 2.0, 3.0]), np.array([5.0, 6.0, 7.0])
    fast = compile(f, backend=backend)
    close(vmap(fast)(a, b), a * a * b)
    close(vmap(fast, (0, None))(a, 5.0), a * a * 5.0)
    close(vmap(fast, (None, 0))(2.0, b), 4.0 * b)
    close(vmap(fast, [0, 0])(a, b), a * a * b)
    close(vmap(f)(a, b), a * a * b)  # a plain function is compiled
    assert len(fast._recordings.signatures) == 1


def test_axes_count_from_the_beginning_or_the_end(backend: str) -> None:
    f: Any = lambda v, m: np.sum(v * v) + np.sum(m) * v[0]  # noqa: E731
    rows = np.arange(12.0).reshape(4, 3)
    cubes = np.arange(48.0).reshape(2, 4, 6)
    each = np.array([f(row, cubes[:, i, :]) for i, row in enumerate(rows)])
    for axes, v in ((0, rows), (-2, rows), (1, rows.T), (-1, rows.T)):
        fast = vmap(compile(f, backend=backend), (axes, 1))
        close(fast(v, cubes), each)
        close(fast.grad(v, cubes), np.array([grad(f)(row, cubes[:, i, :]) for i, row in enumerate(rows)]))
    close(vmap(compile(f, backend=backend), (0, -2))(rows, cubes), each)


class Point(NamedTuple):
    x: Any
    y: Any


@dataclass
class Box:
    point: Point
    factors: list[Any]
    kind: str = "box"


def test_axes_may_have_the_structure_of_the_arguments(backend: str) -> None:
    def f(box: Any, rates: Any) -> Any:
        return box.point.x * box.point.y * rates["a"] + box.factors[0] * rates["b"] ** 2 + box.factors[1]

    xs, bs = np.array([1.0, 2.0, 3.0]), np.array([0.1, 0.2, 0.3])
    axes = (Box(Point(0, None), [0, None], kind=None), {"a": None, "b": 0})  # type: ignore[arg-type]
    fast = vmap(compile(f, (0, 1), backend=backend), axes)
    found = fast.value_and_grad(Box(Point(xs, 4.0), [2.0 * xs, 7.0]), {"a": 1.5, "b": bs})
    each = [
        value_and_grad(f, (0, 1))(Box(Point(x, 4.0), [2.0 * x, 7.0]), {"a": 1.5, "b": b})
        for x, b in zip(xs.tolist(), bs.tolist(), strict=True)
    ]
    close(found[0], [value for value, _ in each])
    box, rates = found[1]
    close(box.point.x, [slopes[0].point.x for _, slopes in each])
    close(box.point.y, sum(slopes[0].point.y for _, slopes in each))
    close(box.factors[0], [slopes[0].factors[0] for _, slopes in each])
    close(box.factors[1], 3.0)
    close(rates["b"], [slopes[1]["b"] for _, slopes in each])
    close(rates["a"], sum(slopes[1]["a"] for _, slopes in each))
    # An axis for a container is that of everything in it.
    pair = vmap(compile(lambda p: p.x * p.y, backend=backend))
    close(pair(Point(xs, bs)), xs * bs)


def test_arguments_by_keyword_are_the_same_at_all_points(backend: str) -> None:
    fast = vmap(compile(lambda x, *, shift, kind="plus": x + shift if kind == "plus" else x, backend=backend))
    close(fast(XS, shift=2.0), XS + 2.0)
    close(fast(XS, shift=2.0, kind="not"), XS)


@pytest.mark.parametrize(
    ("axes", "error", "message"),
    [
        (None, ValueError, "in_axes=None names no batch"),
        ((None, None), ValueError, "names no batch"),
        (0.5, TypeError, "a whole number, None, or a tuple"),
        ((0, "x"), TypeError, "an axis in in_axes is a whole number or None, not 'x'"),
        ((0, True), TypeError, "a whole number or None"),
        ({"a": 0}, TypeError, "a tuple with one of these for each"),
    ],
)
def test_axes_that_are_none_are_refused(axes: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        vmap(model, axes)


@pytest.mark.parametrize(
    ("axes", "args", "error", "message"),
    [
        (0, (XS, 2.0), TypeError, r"b is 2\.0 \(float\), which has no axis 0"),
        (0, ([1.0, 2.0], XS), TypeError, r"a\[0\] is 1\.0"),
        ((0, 1), (XS, XS), ValueError, r"b has the shape \(8,\), in which there is no axis 1"),
        ((0, -2), (XS, XS), ValueError, "no axis -2"),
        ((0,), (XS, XS), ValueError, "in_axes has 1 entries"),
        (0, (XS, XS[:3]), ValueError, r"different lengths: 8 \(a\), 3 \(b\)"),
        (({"k": 0}, None), ([XS], 1.0), ValueError, "in_axes has .* for a, which has another structure"),
        (({"k": 0}, None), ({"j": XS}, 1.0), ValueError, "another structure"),
        (((0, 0), None), ((XS,), 1.0), ValueError, "another structure"),
        ((0, None), ([], 1.0), ValueError, "no argument is a batch"),
        (0, (np.ma.masked_array(XS, XS > 1.0), XS), TypeError, "MaskedArray, whose rules differ"),
    ],
)
def test_arguments_that_are_no_batches_are_refused(
    axes: Any, args: Any, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        vmap(lambda a, b: a, axes)(*args)


def test_other_mistakes_are_errors_too() -> None:
    with pytest.raises(ValueError, match="reduce must be 'sum' or None, not 'mean'"):
        vmap(model, reduce="mean")
    with pytest.raises(TypeError, match="vmap takes a function, not 3"):
        vmap(3)  # type: ignore[call-overload]
    with pytest.raises(TypeError, match="hvp needs a vector after the argument"):
        vmap(model).hvp(XS)
    fast = vmap(lambda x: x * x)
    with pytest.raises(TypeError, match=r"shape \(\), or that of a batch of these, not \(2, 2\)"):
        fast.hvp(XS, np.ones((2, 2)))
    with pytest.raises(ValueError, match=r"different lengths: 8, 3 \(the vector\)"):
        fast.hvp(XS, np.ones(3))
    with pytest.raises(TypeError, match="1 numbers or arrays, not 2"):
        fast.hvp(XS, (1.0, 2.0))


# Derivatives by what is the same at all points


def each_point(transformation: Any, *more: Any) -> list[Any]:
    return [transformation(model, (0, 1))(P, x, *more) for x in XS.tolist()]


def test_derivatives_by_what_all_points_share_are_summed_or_come_in_rows(backend: str) -> None:
    fast = compile(model, (0, 1), backend=backend)
    summed, rows = vmap(fast, (None, 0)), vmap(fast, (None, 0), reduce=None)
    by_p, by_x = zip(*each_point(grad), strict=True)
    for found in (rows.grad(P, XS), rows.value_and_grad(P, XS)[1]):
        close(found[0], by_p)
        close(found[1], by_x)
    close(summed.grad(P, XS)[0], np.sum(by_p, axis=0))
    close(summed.grad(P, XS)[1], by_x)
    by_p, by_x = zip(*each_point(jacobian), strict=True)
    close(rows.jacobian(P, XS)[0], by_p)
    close(summed.jacobian(P, XS)[0], np.sum(by_p, axis=0))
    seconds = each_point(hessian)
    for i, j in itertools.product(range(2), repeat=2):
        block = np.array([second[i][j] for second in seconds])
        close(rows.hessian(P, XS)[i][j], block)
        close(summed.hessian(P, XS)[i][j], block if 1 in (i, j) else block.sum(axis=0))
    vector = (np.array([0.5, -2.0]), 1.5)
    by_p, by_x = zip(*each_point(hvp, vector), strict=True)
    close(rows.hvp(P, XS, vector)[0], by_p)
    close(rows.hvp(P, XS, vector)[1], by_x)
    close(summed.hvp(P, XS, vector)[0], np.sum(by_p, axis=0))
    vectors = np.outer(XS, vector[0])
    each = [hvp(model, (0, 1))(P, x, (v, 1.5))[0] for x, v in zip(XS.tolist(), vectors, strict=True)]
    close(rows.hvp(P, XS, (vectors, 1.5))[0], each)
    # The vector of a batch lies as the batch does.
    columns = np.arange(12.0).reshape(3, 4)
    along = vmap(compile(lambda v: np.sum(v**3), backend=backend), 1)
    close(along.hvp(columns, columns + 1.0), (6.0 * columns * (columns + 1.0)).T)


def test_the_vector_of_a_batch_follows_what_is_differentiated_by(backend: str) -> None:
    def f(x: Any, a: Any) -> Any:
        return a * x**3

    rows, a = vmap(compile(f, backend=backend), (0, None)), 5.0
    vectors = XS + 1.0
    for found in (rows.hvp(XS, vectors, a), rows.hvp(XS, a, vector=vectors)):
        close(found, 6.0 * a * XS * vectors)
    close(rows.hvp(XS, 2.0, a), 6.0 * a * XS * 2.0)
    close(grad(lambda t: np.sum(rows.hvp(XS * t, vectors, a)))(1.0), np.sum(6.0 * a * XS * vectors))
    two = vmap(compile(f, (0, 1), backend=backend), (0, None), reduce=None)
    by_x, by_a = two.hvp(XS, a, (vectors, 0.5))
    close(by_x, 6.0 * a * XS * vectors + 3.0 * XS**2 * 0.5)
    close(by_a, 3.0 * XS**2 * vectors)


def test_vmap_of_a_transformation_gives_a_row_for_each_point(backend: str) -> None:
    for f in (grad(model), compile(model).grad, compile(grad(model), backend=backend)):
        close(vmap(f, (None, 0))(P, XS), [grad(model)(P, x) for x in XS.tolist()])
    close(vmap(grad(lambda p, x: p * p * x), (None, 0))(3.0, np.array([1.0, 2.0])), [6.0, 12.0])


# The history of calls has no say


def test_what_was_called_before_changes_nothing(backend: str) -> None:
    norm = lambda x: np.sqrt(np.sum(x * x))  # noqa: E731
    calls: list[Any] = [
        lambda f: f(2.0),
        lambda f: f.grad(np.array([3.0, 4.0])),
        lambda f: f(np.array([[3.0, 4.0]])),
        lambda f: vmap(f)(np.array([1.0, 2.0, 3.0])),
        lambda f: vmap(f).grad(np.array([[3.0, 4.0], [6.0, 8.0]])),
        lambda f: vmap(f, 1)(np.array([[3.0, 4.0], [6.0, 8.0]])),
    ]
    wanted = [2.0, [0.6, 0.8], 5.0, [1.0, 2.0, 3.0], [[0.6, 0.8], [0.6, 0.8]], np.sqrt([45.0, 80.0])]
    # In six of these orders each call comes right after each other one, once (E. J. Williams, 1949).
    orders = [[(first + step) % 6 for step in (0, 1, 5, 2, 4, 3)] for first in range(6)]
    assert len({pair for order in orders for pair in itertools.pairwise(order)}) == 30
    for order in (*orders, *(order[::-1] for order in orders)):
        fast = compile(norm, backend=backend)
        for i in order:
            close(calls[i](fast), wanted[i])


def test_an_error_where_an_array_is_no_argument_names_vmap() -> None:
    for f in (lambda x: x * x if x > 0.0 else x, lambda x: (x, math.exp(float(x)))):
        fast = compile(f)
        fast(2.0) if f.__code__.co_consts[1:2] == (0.0,) else None
        with pytest.raises((TypeError, ValueError)) as caught:
            fast.grad(np.array([1.0, 2.0]))
        assert any("vmap(<lambda>, in_axes=...)" in note for note in caught.value.__notes__)
    with pytest.raises(TypeError, match="must return a real number") as caught:
        compile(lambda x: x * x).record(2.0).grad(np.array([1.0, 2.0]))
    assert any("vmap" in note for note in caught.value.__notes__)


def test_a_function_and_its_batches_share_what_is_recorded(backend: str) -> None:
    calls = []

    def f(x: Any) -> Any:
        calls.append(1)
        return x * x

    fast = compile(f, backend=backend)
    fast(3.0)
    for _ in range(3):
        close(vmap(fast).grad(XS), 2.0 * XS)
    assert len(calls) == 2  # the recording, and its check


# Points at which the function raises


def inverted(x: Any) -> Any:
    return 1.0 / (1.0 / x)


def hidden(x: Any) -> Any:
    return x if math.log(x) > 0.0 else 2.0 * x


def of_its_own(x: Any) -> Any:
    if x > 5.0:
        raise OverflowError("big")
    return x / (x - 1.0)


@pytest.mark.parametrize(
    ("f", "points", "bad"),
    [
        (math.log, [-3.0, 2.0, 0.0], [0, 2]),
        (inverted, [2.0, 0.0, -1.0], [1]),
        (hidden, [-1.0, 3.0, 0.5, 0.0], [0, 3]),
        (of_its_own, [2.0, 7.0, 1.0, 8.0], [1, 2, 3]),
        (lambda x: math.tanh(math.exp(x)), [1.0, 1000.0], [1]),
        (lambda x: math.fsum([x, 1.0]) * 0.0 + math.sqrt(x), [np.inf, -1.0, 4.0], [1]),
        (lambda x: max(math.log(x), 3.0), [-1.0, 2.0], [0]),
    ],
)
def test_a_point_at_which_the_function_raises_is_nan_in_value_and_derivatives(
    backend: str, f: Any, points: list[float], bad: list[int]
) -> None:
    good = [i for i in range(len(points)) if i not in bad]
    for before in ([], [points[i] for i in good], [points[i] for i in reversed(good)]):
        compiled = compile(f, backend=backend)
        for x in before:
            compiled(x)
        batch = vmap(compiled)
        found = [
            batch(np.array(points)),
            *batch.value_and_grad(np.array(points)),
            batch.hessian(np.array(points)),
        ]
        wanted = [f, f, grad(f), hessian(f)]
        for numbers, transformed in zip(found, wanted, strict=True):
            assert np.isnan(numbers[bad]).all()
            np.testing.assert_allclose(numbers[good], [transformed(points[i]) for i in good], rtol=1e-12)
        each = [batch(np.array([x])) for x in points]
        np.testing.assert_allclose(np.concatenate(each), found[0], rtol=1e-14)
    # So is a sum over points of which one is bad.
    shared = vmap(compile(lambda w, x: w * f(x), backend=backend), (None, 0))
    assert np.isnan(shared.grad(2.0, np.array(points)))
    close(shared.grad(2.0, np.array(points)[good]), sum(f(points[i]) for i in good))


def test_a_batch_of_bad_points_alone_is_nan(backend: str) -> None:
    for mode in ("__call__", "grad", "jacobian", "hessian"):
        assert np.isnan(getattr(vmap(compile(math.log, backend=backend)), mode)(np.array([-3.0, 0.0]))).all()
    values, slopes = vmap(compile(lambda v: math.log(v[0]), backend=backend)).value_and_grad(-np.ones((3, 2)))
    assert np.isnan(values).all()
    assert slopes.shape == (3, 2)
    assert np.isnan(slopes).all()


def test_infinities_and_nan_that_come_in_flow_on(backend: str) -> None:
    f = lambda x: math.exp(-x) + math.sqrt(x)  # noqa: E731
    values = vmap(compile(f, backend=backend))(np.array([np.inf, np.nan, 4.0]))
    np.testing.assert_allclose(values, [np.inf, np.nan, stdmath.exp(-4.0) + 2.0], rtol=1e-14)
    # An infinite derivative is no error.
    slopes = vmap(compile(math.sqrt, backend=backend, errors="raise")).grad(np.array([0.0, 4.0]))
    np.testing.assert_array_equal(slopes, [np.inf, 0.25])


@pytest.mark.parametrize("before", [[], [2.0], [3.0, 0.5]])
@pytest.mark.parametrize(
    ("points", "error", "place"),
    [
        ([2.0, 7.0, 1.0], OverflowError, 1),
        ([2.0, 1.0, 7.0], ZeroDivisionError, 1),
        ([1.0, 2.0], ZeroDivisionError, 0),
        ([7.0, 1.0], OverflowError, 0),
        ([2.0, 0.5, -2.0, 1.0, 7.0, -1.0], ValueError, 2),
        ([0.5, 2.0, 1.0, -2.0], ZeroDivisionError, 2),
    ],
)
def test_the_error_of_the_first_bad_point_is_raised_in_the_order_of_the_batch(
    backend: str, points: list[float], error: type[Exception], place: int, before: list[float]
) -> None:
    f: Any = lambda x: of_its_own(x) if x > 0.75 else math.sqrt(x)  # noqa: E731
    compiled = compile(f, backend=backend, errors="raise")
    for x in before:
        compiled(x)
    for call in (vmap(compiled), vmap(compiled).grad):
        with pytest.raises(error) as caught:
            call(np.array(points))
        assert type(caught.value) is error
        assert f"at point {place} of the batch, counted from 0" in caught.value.__notes__
    close(vmap(compiled)(np.array([2.0, 0.5, 4.0])), [f(2.0), f(0.5), f(4.0)])


def test_mistakes_in_a_function_are_raised_and_give_no_nan() -> None:
    def wrong(x: Any) -> Any:
        if x > 1.0:
            raise KeyError("a mistake")
        return x

    with pytest.raises(KeyError, match="a mistake") as caught:
        vmap(wrong)(np.array([0.5, 2.0]))
    assert caught.value.__notes__ == ["at point 1 of the batch, counted from 0"]
    with pytest.raises(ValueError, match="truth value"):
        vmap(lambda v: v if v > 0.0 else -v)(np.ones((2, 2)))


# Results that are no numbers, and arguments that are none


def test_results_that_are_no_numbers_come_back_as_what_they_are(backend: str) -> None:
    def f(x: Any) -> Any:
        return {
            "flag": x > 0.0,
            "text": "big" if x > 1.0 else "small",
            "count": 3 if x > 1.0 else 2,
            "whole or not": 0 if x < 0.0 else x,
            "none": None,
            "flags": np.array([True, x > 1.0]),
            "counts": np.array([1, 2]),
            "x": [x, (x,)],
        }

    for order in ([], [2.0], [-2.0, 2.0, 0.5]):
        compiled = compile(f, backend=backend)
        for x in order:
            assert {k: str(v) for k, v in compiled(x).items()} == {k: str(v) for k, v in f(x).items()}
        found = vmap(compiled)(np.array([2.0, -2.0, 0.5]))
        assert found["flag"].tolist() == [True, False, True]
        assert found["text"] == ["big", "small", "small"]
        assert found["count"].tolist() == [3, 2, 2]
        assert found["count"].dtype == np.int64
        assert found["whole or not"].tolist() == [2.0, 0.0, 0.5]
        assert found["none"] == [None, None, None]
        assert found["flags"].tolist() == [[True, True], [True, False], [True, False]]
        assert found["counts"].tolist() == [[1, 2]] * 3
        assert found["x"][0].tolist() == found["x"][1][0].tolist() == [2.0, -2.0, 0.5]
    bad = vmap(compile(lambda x: (math.log(x) > 0.0, "text", 3), backend=backend))(np.array([2.0, -2.0]))
    assert bad[0] == [True, None]
    assert bad[1] == ["text", None]
    np.testing.assert_array_equal(bad[2], [3.0, np.nan])


def test_whole_numbers_that_are_returned_stay_whole() -> None:
    fast = compile(lambda x: (3, 2**60 + 1, x, np.array([1, 2])))
    for _ in range(2):
        found = fast(1.0)
        assert found[:3] == (3, 2**60 + 1, 1.0)
        assert [type(x) for x in found[:3]] == [int, int, float]
        assert found[3].dtype == np.array([1]).dtype
        found[3][:] = 7  # it is a copy
    assert compile(lambda x: 3).grad(2.0) == 0.0


def test_batches_of_flags_labels_and_text_are_divided_by_their_values(backend: str) -> None:
    def f(p: Any, ended: Any, label: Any, kind: Any) -> Any:
        return (p * p if ended else p) * [1.0, 10.0, 100.0][label] + (0.5 if kind == "a" else 0.0)

    ended, labels = np.array([True, False, True, True]), np.array([2, 0, 0, 2])
    kinds = np.array(["a", "b", "a", "a"])
    compiled = compile(f, backend=backend)
    fast = vmap(compiled, (None, 0, 0, 0))
    close(fast(3.0, ended, labels, kinds), [900.5, 3.0, 9.5, 900.5])
    close(fast.grad(3.0, ended, labels, kinds), 600.0 + 1.0 + 6.0 + 600.0)
    rows = vmap(compiled, (None, 0, 0, 0), reduce=None)
    close(rows.grad(3.0, ended, labels, kinds), [600.0, 1.0, 6.0, 600.0])
    assert len(compiled._recordings.signatures) == 3
    points = np.array([1.0, 2.0, 3.0, 4.0])
    close(vmap(compiled).grad(points, ended, labels, kinds), [200.0, 1.0, 6.0, 800.0])
    close(
        vmap(compile(lambda x, i: x[i[0]] * x[i[1]], backend=backend), (None, 0))(
            points, np.array([[0, 1], [2, 3], [0, 1]])
        ),
        [2.0, 12.0, 2.0],
    )


def test_too_many_values_are_an_error_that_says_what_to_give() -> None:
    with pytest.raises(ValueError, match=r"k has 100 different values.*k\.astype\(float\)"):
        vmap(lambda x, k: x * (k // 2), (None, 0))(2.0, np.arange(100))
    close(vmap(lambda x, k: x * k, (None, 0))(2.0, np.arange(100.0)), np.arange(100.0) * 2.0)


def test_whole_numbers_are_inputs_where_the_function_lets_them(backend: str) -> None:
    calls = []

    def f(x: Any, n: Any, flag: Any) -> Any:
        calls.append(1)
        return (x * n if n > 3 else x + n) if flag else math.log(x) * n

    n, flags = np.arange(-200, 200), np.arange(400) % 2 == 0
    compiled = compile(f, backend=backend)
    each = [f(2.0, int(k), bool(flag)) for k, flag in zip(n, flags, strict=True)]
    calls.clear()
    close(vmap(compiled, (None, 0, 0))(2.0, n, flags), each)
    close(vmap(compiled, (None, 0, 0))(2.0, n[::-1], flags[::-1]), each[::-1])
    assert len(calls) <= 12
    xs = np.array([-1.0, 2.0, 3.0])
    np.testing.assert_allclose(
        vmap(compiled)(xs, np.array([1, 5, 6]), np.array([False, True, False])),
        [np.nan, 10.0, 6.0 * stdmath.log(3.0)],
    )
    large = vmap(compile(lambda x, n: x * n, backend=backend), (None, 0))
    close(large(1.0, np.array([2**60, 3])), [2.0**60, 3.0])


def test_points_are_counted_through_all_values(backend: str) -> None:
    f = lambda x, flag: math.sqrt(x) if flag else math.log(x)  # noqa: E731
    xs, flags = np.array([4.0, 0.0, -1.0, 1.0]), np.array([True, False, True, False])
    np.testing.assert_array_equal(vmap(compile(f, backend=backend))(xs, flags), [2.0, np.nan, np.nan, 0.0])
    with pytest.raises(ValueError, match=r"math domain error|expected a positive input") as caught:
        vmap(compile(f, backend=backend, errors="raise"))(xs, flags)
    assert caught.value.__notes__ == ["at point 1 of the batch, counted from 0"]


# Empty batches


def test_an_empty_batch_has_no_results_and_sums_of_zero(backend: str) -> None:
    fast = vmap(compile(model, (0, 1), backend=backend), (None, 0))
    by_p, by_x = fast.grad(P, np.empty(0))
    assert by_p.tolist() == [0.0, 0.0]
    assert by_x.shape == (0,)
    with pytest.raises(ValueError, match="the batch is empty, and model has not been called"):
        fast(P, np.empty(0))
    fast(P, XS)
    assert fast(P, np.empty(0)).shape == (0,)
    flags = vmap(compile(lambda x, flag: x if flag else -x, backend=backend))
    assert flags.grad(np.empty(0), np.empty(0, dtype=bool)).shape == (0,)


# Values in the arguments


def test_batches_of_values_are_differentiated_through() -> None:
    fast = vmap(model, (None, 0))
    total = lambda p: np.sum(fast(p, XS))  # noqa: E731
    close(grad(total)(P), np.sum([grad(model)(P, x) for x in XS.tolist()], axis=0))
    close(jacobian(lambda p: fast(p, XS))(P), [grad(model)(P, x) for x in XS.tolist()])
    w = Value(3.0)
    out = vmap(lambda w, x: w * x, (None, 0))(w, np.array([1.0, 2.0]))
    out.sum().backward()
    assert w.grad == 3.0
    # Derivatives of derivatives, with the sums and rows of numbers.
    for reduce in ("sum", None):
        rows = vmap(compile(model, (0, 1)), (None, 0), reduce=reduce)
        vector = (np.array([0.5, -2.0]), 1.5)
        for mode, more in (
            ("grad", ()),
            ("value_and_grad", ()),
            ("jacobian", ()),
            ("hessian", ()),
            ("hvp", (vector,)),
        ):
            call = getattr(rows, mode)
            found = jacobian(lambda t: call(P * t, XS, *more))(1.0)  # noqa: B023
            plain = call(P, XS, *more)
            for x, y in zip(
                autograd.derivatives.trees.Structure(found).leaves,
                autograd.derivatives.trees.Structure(plain).leaves,
                strict=True,
            ):
                assert x.shape == y.shape


def test_vmap_may_be_nested_and_compiled(backend: str) -> None:
    table = vmap(vmap(lambda a, b: a * b + a, (None, 0)), (0, None))
    a, b = np.array([1.0, 2.0]), np.array([3.0, 4.0, 5.0])
    close(table(a, b), np.outer(a, b) + a[:, None])
    total = compile(lambda a: np.sum(vmap(lambda x: math.exp(x))(a)), backend=backend)
    close(total.grad(a), np.exp(a))
    close(total.grad(2.0 * a), np.exp(2.0 * a))


# What it is


@vmap(in_axes=(0, None))
def decorated(x: Any, y: Any) -> Any:
    """Return a product."""
    return x * y


def test_it_bears_the_name_of_the_function_and_can_be_pickled() -> None:
    assert decorated.__name__ == "decorated"
    assert decorated.__doc__ == "Return a product."
    assert pickle.loads(pickle.dumps(decorated)) is decorated
    for mode in ("grad", "value_and_grad", "hessian"):
        again = pickle.loads(pickle.dumps(getattr(decorated, mode)))
        assert str(again(XS, 2.0)) == str(getattr(decorated, mode)(XS, 2.0))
    other = vmap(compile(model, (0, 1)).record(P, 1.0), (None, 0), reduce=None)
    again = pickle.loads(pickle.dumps(other))
    assert len(again._compiled._recordings.signatures) == 1
    for x, y in zip(again.grad(P, XS), other.grad(P, XS), strict=True):
        np.testing.assert_array_equal(x, y)
    assert repr(other) == "<vmap of model>"
    assert repr(other.grad) == "<grad of <vmap of model>>"


def test_what_cannot_be_compiled_says_so() -> None:
    calls = itertools.count()
    with pytest.raises(CompileError):
        vmap(lambda x: x * next(calls))(XS)


@pytest.mark.parametrize("transformation", [jacobian, hessian])
def test_sparse_derivatives_have_no_batches_and_say_so(transformation: Any) -> None:
    mode = transformation.__name__
    with pytest.raises(
        TypeError, match=f"vmap makes no batches of <sparse {mode} of .* leave out sparse=True"
    ):
        vmap(transformation(lambda x: x[0] * x[1], sparse=True))


def test_python_may_end_while_threads_run_machine_code() -> None:
    pytest.importorskip("llvmlite")
    text = (
        "import threading, time, numpy as np\n"
        "from autograd import compile, math, vmap\n"
        "fast = vmap(compile(lambda x: math.sin(x) * x, backend='llvm'))\n"
        "fast.grad(np.ones(3))\n"
        "def work():\n"
        "    while True: fast.grad(np.ones(1000))\n"
        "for _ in range(3): threading.Thread(target=work, daemon=True).start()\n"
        "time.sleep(0.2)\n"
    )
    for _ in range(3):
        done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, timeout=120)
        assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("mode", ["value", "grad"])
def test_a_batch_after_one_that_raises_everywhere_is_recorded(mode: str) -> None:
    fast = vmap(lambda x: math.log(x))
    call: Any = fast if mode == "value" else fast.grad
    assert np.isnan(call(np.array([-1.0, -2.0]))).all()
    assert call(np.array([1.0, 2.0])).tolist() == ([0.0, math.log(2.0)] if mode == "value" else [1.0, 0.5])


# Any function


@pytest.mark.parametrize("backend", ["numpy", "llvm"])
@settings(max_examples=50, deadline=None)
@given(programs(), st.data())
def test_a_batch_is_the_function_point_by_point(backend: str, random: RandomProgram, source: Any) -> None:
    numbers = st.sampled_from([0.0, -0.0, 1e-300, 0.5, 1.0, -1.0, 2.0, -3.5, 30.0, 800.0, inf, -inf, nan])
    points = [[source.draw(numbers) for _ in random.inputs] for _ in range(6)]
    points.insert(3, list(random.inputs))
    compiled = compile(random, tuple(range(len(random.inputs))), backend=backend)
    columns = np.array(points).T
    for mode in source.draw(st.permutations(["value", "grad"])):
        found = vmap(compiled)(*columns) if mode == "value" else np.array(vmap(compiled).grad(*columns)).T
        for point, there in zip(points, found, strict=True):
            try:  # on Values, for which a power of a negative number is no complex one
                value = random(*map(Value, point)).data
            except (ArithmeticError, ValueError):
                assert np.isnan(there).all()
                continue
            wanted = value if mode == "value" else compiled.grad(*point)
            np.testing.assert_allclose(there, wanted, rtol=1e-6, atol=1e-12)


def test_what_cannot_be_followed_is_no_point_where_the_function_raises() -> None:
    def f(x: Any, n: int) -> Any:
        if str(x).startswith("Value"):
            return x * n
        raise ValueError("not of a Value")

    assert grad(f)(2.0, 3) == 3.0
    for mode in ("grad", "value_and_grad"):
        with pytest.raises(CompileError, match="it makes text of a number"):
            getattr(vmap(f), mode)(np.array([1.0, 2.0]), np.array([1, 2]))


@pytest.mark.parametrize("backend", ["numpy", "llvm"])
def test_where_arrays_round_into_nan_a_point_is_what_python_computes(backend: str) -> None:
    def f(x: Any, y: Any) -> Any:  # an exponent that is whole, or a hair beside it
        return TABLE["pow"](x + x, TABLE["acosh"](TABLE["cosh"](x))) * y

    points = np.array([1.0, -1.0, 0.5, -3.0, -1.0])
    fast = vmap(compile(f, (0, 1), backend=backend), in_axes=(0, None))
    wanted = [f(Value(x), 2.0).data for x in points.tolist() if x != -3.0]
    for _ in range(2):
        found = fast(points, 2.0)
        assert found[points != -3.0].tolist() == pytest.approx(wanted, rel=1e-12)
        _, (_, by_y) = fast.value_and_grad(points[points != -3.0], 2.0)
        assert by_y == pytest.approx(sum(wanted) / 2.0, rel=1e-12)  # each point once in the sum
    infinite = vmap(compile(lambda x: x * 2.0, backend=backend))(np.array([1.0, np.inf, np.nan]))
    assert infinite[:2].tolist() == [2.0, np.inf]
    assert np.isnan(infinite[2])
