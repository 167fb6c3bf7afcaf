"""A batch gives at each point what the function gives there, whatever paths its points take."""

from __future__ import annotations

import math as stdmath
import pickle
import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from straight_lines import at_point

import autograd
from autograd import Value, compile, math, vmap
from autograd.program import blocks
from autograd.program.kernels import Batch
from autograd.program.paths import RecordedPath
from autograd.program.straight_line.program import Program


class PointByPoint:
    """A kernel that runs a program as it is written down, a point at a time."""

    block = 7

    def __init__(self, program: Program) -> None:
        self.program = program

    def __call__(self, batch: Batch) -> None:
        points, inputs, outputs, summed, valid, suspect = batch
        program = self.program
        for point in range(points):
            values: list[Any] = []
            for rows in inputs:
                values += rows[point if rows.shape[0] > 1 else 0].tolist()
            assert len(values) == len(program.inputs)
            numbers_there, holds, strange = at_point(program, values)
            results = iter(numbers_there)
            for out, is_sum in zip(outputs, summed, strict=True):
                numbers = [next(results) for _ in range(out.shape[1])]
                if is_sum and holds:
                    out[0] += numbers
                elif not is_sum:
                    out[point] = numbers
            if valid is not None:
                valid[point] = holds
            if suspect is not None:
                suspect[point] = strange


@pytest.fixture(params=["reference", "numpy", "llvm"])
def backend(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Run everything with the kernel that is written down here, and with each real one."""
    if request.param == "reference":
        monkeypatch.setattr(
            RecordedPath, "kernel", lambda self, mode, backend: PointByPoint(self.derived(mode).program)
        )
        return "numpy"
    return str(request.param)


def close(x: Any, y: Any, tolerance: float = 1e-13) -> None:
    """Check that numbers agree, NaN with NaN and infinities by sign."""
    if isinstance(x, (tuple, list)):
        assert type(x) is type(y)
        for a, b in zip(x, y, strict=True):
            close(a, b, tolerance)
    elif isinstance(x, dict):
        assert x.keys() == y.keys()
        for key in x:
            close(x[key], y[key], tolerance)
    else:
        assert np.shape(x) == np.shape(y)
        np.testing.assert_allclose(x, y, rtol=tolerance, atol=1e-300)


XS = np.array([0.5, -1.0, 2.0, 0.3, -0.2, 1.7, 4.0, -3.0, 0.9, 1.1, 2.2, -0.7, 0.1])


def branching(x: Any, y: Any) -> Any:
    if x > 1.0:
        return math.log(x) * y
    if x < -0.5:
        return x * x * y
    return math.sin(x) + y


def test_values_come_for_each_point_and_sums_for_what_all_points_share(backend: str) -> None:
    fast = vmap(compile(branching, (0, 1), backend=backend), (0, None))
    values, (dx, dy) = fast.value_and_grad(XS, 2.0)
    each = [autograd.value_and_grad(branching, (0, 1))(x, 2.0) for x in XS.tolist()]
    close(values, np.array([value for value, _ in each]))
    close(dx, np.array([slopes[0] for _, slopes in each]))
    assert isinstance(dy, float)
    close(dy, stdmath.fsum(slopes[1] for _, slopes in each))
    close(fast(XS, 2.0), values)
    close(fast.grad(XS, 2.0), (dx, dy))
    assert len(fast._compiled._recordings.signatures) == 1
    assert len(fast._compiled._recordings.signatures[0].paths) == 3


def test_several_arguments_may_be_batches(backend: str) -> None:
    compiled = compile(branching, (0, 1), backend=backend)
    fast = vmap(compiled)
    ys = np.linspace(-1.0, 2.0, len(XS))
    each = [autograd.value_and_grad(branching, (0, 1))(x, y) for x, y in zip(XS, ys, strict=True)]
    values, slopes = fast.value_and_grad(XS, ys)
    close(values, np.array([value for value, _ in each]))
    close(slopes, (np.array([s[0] for _, s in each]), np.array([s[1] for _, s in each])))
    close(
        vmap(compiled, (None, 0)).grad(3.0, ys)[0], sum(autograd.grad(branching)(3.0, y) for y in ys.tolist())
    )


def test_leaves_of_any_structure_may_be_batches(backend: str) -> None:
    def f(p: Any, v: Any) -> Any:
        return p["a"] * v[0] * v[1] + p["b"][0] * v[1] ** 2

    rows = np.arange(10.0).reshape(5, 2) + 0.5
    fast = vmap(compile(f, (0, 1), backend=backend), ({"a": None, "b": 0}, 0))
    values, (dp, dv) = fast.value_and_grad({"a": 3.0, "b": [XS[:5]]}, rows)
    each = [
        autograd.value_and_grad(f, (0, 1))({"a": 3.0, "b": [b]}, row)
        for b, row in zip(XS[:5], rows, strict=True)
    ]
    close(values, np.array([value for value, _ in each]))
    close(dv, np.array([slopes[1] for _, slopes in each]))
    close(dp["b"][0], np.array([slopes[0]["b"][0] for _, slopes in each]))
    close(dp["a"], sum(slopes[0]["a"] for _, slopes in each))
    assert dv.shape == (5, 2)


def test_results_of_any_structure_come_for_each_point(backend: str) -> None:
    def f(v: Any, t: float) -> Any:
        return {"norm": math.hypot(*v), "scaled": v * t, "name": "v", "first": [v[0]]}

    rows = np.arange(12.0).reshape(4, 3) - 5.0
    fast = vmap(compile(f, (0, 1), backend=backend), (0, None))
    result = fast(rows, 0.5)
    close(result["norm"], np.sqrt((rows**2).sum(axis=1)))
    close(result["scaled"], rows * 0.5)
    close(result["first"], [rows[:, 0]])
    assert result["name"] == ["v"] * 4
    numbers = lambda v, t: {key: x for key, x in f(v, t).items() if key != "name"}  # noqa: E731
    jacobian = vmap(compile(numbers, (0, 1), backend=backend), (0, None)).jacobian(rows, 0.5)
    each = [autograd.jacobian(numbers, (0, 1))(row, 0.5) for row in rows]
    close(jacobian["norm"][0], np.array([j["norm"][0] for j in each]))
    close(jacobian["scaled"][0], np.array([j["scaled"][0] for j in each]))
    close(jacobian["scaled"][1], sum(j["scaled"][1] for j in each))


def test_second_derivatives_of_batches(backend: str) -> None:
    def f(v: Any, t: Any) -> Any:
        return math.exp(v[0] * t) * v[1] + t * t

    rows = np.array([[0.1, 2.0], [0.5, -1.0], [-0.3, 0.7]])
    fast = vmap(compile(f, (0, 1), backend=backend), (0, None))
    each = [autograd.hessian(f, (0, 1))(row, 0.8) for row in rows]
    (vv, vt), (tv, tt) = fast.hessian(rows, 0.8)
    close(vv, np.array([h[0][0] for h in each]))
    close(vt, np.array([h[0][1] for h in each]))
    close(tv, np.array([h[1][0] for h in each]))
    close(tt, sum(h[1][1] for h in each))
    vectors = (rows[::-1], 0.5)
    products = [autograd.hvp(f, (0, 1))(row, 0.8, (v, 0.5)) for row, v in zip(rows, rows[::-1], strict=True)]
    close(fast.hvp(rows, 0.8, vectors)[0], np.array([p[0] for p in products]))
    close(fast.hvp(rows, 0.8, vectors)[1], sum(p[1] for p in products))
    one = fast.hvp(rows, 0.8, (np.array([1.0, 0.0]), 0.0))[0]
    close(one, np.array([h[0][0][:, 0] for h in each]))


def test_points_where_the_function_raises_are_nan(backend: str) -> None:
    fast = vmap(compile(lambda x: 1.0 / x + math.log(x), backend=backend))
    with np.errstate(all="raise"):
        values = fast(np.array([1.0, -1.0, 0.0, 2.0]))
    close(values[[0, 3]], np.array([1.0, 0.5 + stdmath.log(2.0)]))
    assert np.isnan(values[1:3]).all()


def test_a_path_that_can_be_recorded_nowhere_gives_nan(backend: str) -> None:
    def f(x: Any, y: Any) -> Any:
        return x * y if x > 0.0 else math.log(x) * y

    fast = vmap(compile(f, (0, 1), backend=backend), (0, None))
    values, (dx, dy) = fast.value_and_grad(np.array([2.0, -1.0, 3.0, 0.0]), 5.0)
    close(values[[0, 2]], np.array([10.0, 15.0]))
    close(dx[[0, 2]], np.array([5.0, 5.0]))
    assert np.isnan(values[[1, 3]]).all()
    assert np.isnan(dx[[1, 3]]).all()
    assert np.isnan(dy)


def test_points_that_raise_are_nan_whether_their_path_is_known_or_not(backend: str) -> None:
    f = lambda x: math.log(x) if x < 5.0 else x  # noqa: E731
    for before in ([], [6.0], [1.0], [6.0, 1.0]):
        compiled = compile(f, backend=backend)
        for x in before:
            compiled(x)
        values, slopes = vmap(compiled).value_and_grad(np.array([-1.0, 0.0, 2.0, 7.0, -3.0]))
        close(values, np.array([np.nan, np.nan, stdmath.log(2.0), 7.0, np.nan]))
        close(slopes, np.array([np.nan, np.nan, 0.5, 1.0, np.nan]))


def test_the_first_point_at_which_the_function_raises_is_named_if_that_is_wanted(backend: str) -> None:
    def f(x: Any, y: Any) -> Any:
        return math.sqrt(x) * y if x < 10.0 else math.log(20.0 - x)

    fast = vmap(compile(f, (0, 1), backend=backend, errors="raise"), (0, None))
    close(fast(np.array([1.0, 4.0]), 2.0), np.array([2.0, 4.0]))
    # An infinite derivative, or an infinity that comes in, is no error of the function.
    assert fast.grad(np.array([1.0, 0.0]), 2.0)[0][1] == np.inf
    assert fast(np.array([1.0, 4.0]), np.inf)[0] == np.inf
    with pytest.raises(
        ValueError, match=r"math domain error|expected a nonnegative input, got -1\.0"
    ) as caught:
        fast.grad(np.array([1.0, 4.0, -1.0, -2.0]), 2.0)
    assert caught.value.__notes__ == ["at point 2 of the batch, counted from 0"]
    with pytest.raises(
        ValueError, match=r"math domain error|expected a positive input, got -10\.0"
    ) as caught:
        fast(np.array([1.0, 30.0, 12.0]), 2.0)
    assert caught.value.__notes__ == ["at point 1 of the batch, counted from 0"]


@pytest.mark.parametrize("n", [0, 1, 2, 6, 7, 8, 15, 100])
def test_batches_of_any_length(backend: str, n: int) -> None:
    rng = np.random.default_rng(n)
    xs = rng.normal(size=n) * 2.0
    fast = vmap(compile(branching, (0, 1), backend=backend), (0, None))
    values, (dx, dy) = fast.value_and_grad(xs, 2.0)
    each = [autograd.value_and_grad(branching, (0, 1))(x, 2.0) for x in xs.tolist()]
    close(values, np.array([value for value, _ in each]))
    close(dx, np.array([slopes[0] for _, slopes in each]))
    close(dy, float(sum(slopes[1] for _, slopes in each)))


def test_strided_and_other_arrays_are_batches_too(backend: str) -> None:
    compiled = compile(branching, (0, 1), backend=backend)
    fast = vmap(compiled)
    wide = np.arange(40.0).reshape(10, 4) / 10.0 - 1.0
    close(fast.grad(wide[:, 1], wide[::-1, 2]), fast.grad(wide[:, 1].copy(), wide[::-1, 2].copy()))
    whole = np.array([1, 2, 3])
    one = vmap(compiled, (0, None))
    close(one.grad(whole, 1.0), one.grad(whole.astype(float), 1.0))
    close(one.grad(wide[:, 0].astype(np.float32), 1.0)[0], one.grad(wide[:, 0], 1.0)[0], 1e-6)


def test_whole_numbers_may_be_a_batch(backend: str) -> None:
    fast = vmap(compile(lambda x, k: x * k, backend=backend), (None, 0))
    close(fast.grad(3.0, np.array([1, 2, 3])), 6.0)


def test_batches_of_different_lengths_are_an_error() -> None:
    fast = vmap(compile(branching, (0, 1)))
    with pytest.raises(ValueError, match=r"different lengths: 3 \(x\), 4 \(y\)"):
        fast(np.ones(3), np.ones(4))


def test_an_array_is_an_argument_whatever_was_called_before() -> None:
    fast = compile(lambda v: np.sum(v * v))
    assert fast.grad(3.0) == 6.0
    close(fast.grad(np.array([1.0, 2.0])), np.array([2.0, 4.0]))
    close(fast.grad(np.array([1.0, 2.0, 3.0])), np.array([2.0, 4.0, 6.0]))
    close(fast.grad(np.array([[1.0, 2.0]])), np.array([[2.0, 4.0]]))
    assert fast(np.array([1.0, 2.0])) == 5.0


def test_the_rows_of_an_array_may_be_a_batch(backend: str) -> None:
    fast = vmap(compile(lambda v: np.sum(v * v), backend=backend))
    close(fast(np.array([[1.0, 2.0], [3.0, 4.0]])), np.array([5.0, 25.0]))
    close(fast.grad(np.array([[1.0, 2.0], [3.0, 4.0]])), np.array([[2.0, 4.0], [6.0, 8.0]]))


def test_values_from_outside_are_the_same_at_all_points(backend: str) -> None:
    weight = Value(2.0)
    fast = vmap(compile(lambda x: math.tanh(weight * x), backend=backend))
    for data in (2.0, -0.5):
        weight.data = data
        close(fast(XS), np.tanh(data * XS))
        close(fast.grad(XS), data / np.cosh(data * XS) ** 2, 1e-12)


class Line:
    """A function with a Value of its own, that can be pickled."""

    def __init__(self) -> None:
        self.slope = Value(3.0)

    def __call__(self, x: Any) -> Any:
        return self.slope * x * x


def test_what_is_a_batch_is_known_after_pickling_too(backend: str) -> None:
    for f in (Line(), branching_at_2):
        fast = vmap(compile(f, backend=backend).record(1.0))
        again = pickle.loads(pickle.dumps(fast))
        close(again.grad(XS), fast.grad(XS))
        close(again.value_and_grad(XS), fast.value_and_grad(XS))


def test_arrays_from_elsewhere_are_batches_too(backend: str, tmp_path: Path) -> None:
    fast = vmap(compile(branching_at_2, backend=backend))
    wanted = fast.value_and_grad(XS)
    travelled = pickle.loads(pickle.dumps(XS))
    assert travelled.dtype is not XS.dtype
    close(fast.value_and_grad(travelled), wanted)
    stored = np.memmap(tmp_path / "xs", dtype=np.float64, mode="w+", shape=XS.shape)
    stored[:] = XS
    close(fast.value_and_grad(stored), wanted)
    close(fast.value_and_grad(XS.astype(">f8")), wanted)


def test_a_comparison_that_rounding_decides_leads_to_one_path_or_the_other(backend: str) -> None:
    """exp(x) equals the limit as Python rounds it; a kernel may be above or below in the last place."""
    xs = np.linspace(0.1, 3.0, 2000)
    limits = np.array([stdmath.exp(x) for x in xs])
    f = lambda x, y: 2.0 * x if math.exp(x) >= y else x  # noqa: E731
    fast = vmap(compile(f, (0, 1), backend=backend))
    # A point to which no recorded path leads in the kernel is computed as Python does.
    assert fast(xs, limits).tolist() == (2.0 * xs).tolist()
    assert fast.grad(xs, limits)[0].tolist() == [2.0] * 2000
    values = fast(xs, np.nextafter(limits, np.inf))
    assert np.all((values == xs) | (values == 2.0 * xs))
    assert np.count_nonzero(values == xs) > 1000
    assert len(fast._compiled._recordings.signatures[0].paths) == 2
    # Such a point counts in sums too.
    g = lambda x, y, w: w * x if math.exp(x) >= y else 0.0 * w  # noqa: E731
    total = vmap(compile(g, 2, backend=backend), (0, 0, None)).grad(xs, limits, 3.0)
    close(total, stdmath.fsum(xs))


def test_results_of_different_structure_make_no_batch(backend: str) -> None:
    compiled = compile(lambda x: [x, x] if x > 0.0 else x, backend=backend)
    assert compiled(-1.0) == -1.0
    fast = vmap(compiled)
    with pytest.raises(TypeError, match="results of different structure"):
        fast(XS)
    close(fast(XS[XS > 0.0]), [XS[XS > 0.0]] * 2)  # only what these points return has a say
    close(fast(XS[XS < 0.0]), XS[XS < 0.0])
    with pytest.raises(TypeError, match="results of different structure"):
        vmap(compile(lambda x: [x, x] if x > 0.0 else (x, x), backend=backend))(XS)


def test_an_array_with_other_rules_is_refused() -> None:
    fast = vmap(compile(branching_at_2))
    with pytest.raises(TypeError, match="MaskedArray, whose rules differ"):
        fast.grad(np.ma.masked_array(XS, XS > 1.0))


def branching_at_2(x: Any) -> Any:
    return branching(x, 2.0)


def test_many_paths_are_divided_among_the_points(backend: str) -> None:
    def f(a: Any, b: Any, c: Any, d: Any) -> Any:
        return sum(k * x * x for k, x in enumerate(sorted([a, b, c, d]), 1))

    points = np.random.default_rng(0).normal(size=(300, 4))
    fast = vmap(compile(f, (0, 1, 2, 3), backend=backend, max_paths=24))
    values, slopes = fast.value_and_grad(*points.T)
    weights = np.argsort(np.argsort(points, axis=1), axis=1) + 1.0
    close(values, (weights * points**2).sum(axis=1))
    close(np.array(slopes).T, 2.0 * weights * points)
    assert len(fast._compiled._recordings.signatures[0].paths) == 24


@pytest.mark.parametrize("backend", ["numpy", "llvm"])
def test_the_same_batch_gives_the_same_numbers_on_one_thread_and_on_many(
    backend: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    xs = np.random.default_rng(1).normal(size=200_000)
    fast = vmap(compile(branching, (0, 1), backend=backend), (0, None))
    many = fast.value_and_grad(xs, 1.5)
    monkeypatch.setattr(blocks, "LARGE", 1e30)
    one = fast.value_and_grad(xs, 1.5)
    assert np.array_equal(many[0], one[0])
    assert np.array_equal(many[1][0], one[1][0])
    assert many[1][1] == one[1][1]


@pytest.mark.parametrize("backend", ["numpy", "llvm"])
def test_memory_does_not_grow_with_operations_times_points(backend: str) -> None:
    def f(x: Any, w: Any) -> Any:
        y = x
        for _ in range(300):
            y = math.sin(y * w) + x
        return y

    xs = np.random.default_rng(1).normal(size=100_000)
    fast = vmap(compile(f, (0, 1), backend=backend), (0, None))
    fast.value_and_grad(xs[:10], 0.7)
    tracemalloc.start()
    fast.value_and_grad(xs, 0.7)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 50 * xs.nbytes  # of 600 operations forward, and more than that backward
