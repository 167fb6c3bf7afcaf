"""The axes of a batch, which say what is another at each point, and mistakes in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pytest
from batches import XS, close, model

from autograd import compile, grad, value_and_grad, vmap


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
