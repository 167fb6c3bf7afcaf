"""What the kernels of all backends do alike: with arrays in memory, sums, and what is said of points."""

from __future__ import annotations

import importlib
import math
from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np
import pytest
from straight_lines import arithmetic, at_point, branching, of_one, recorded, uniform, views, with_derivatives

from autograd import math as amath
from autograd import ops
from autograd.program.kernels import Batch
from autograd.program.straight_line.program import Program

inf, nan = math.inf, math.nan

Build = Callable[[Program], Callable[..., None]]


LENGTHS = {
    "numpy, in short pieces": {"SHORTEST": 7, "SHORT": 7, "LONGEST": 7},
    "llvm, as if it were long": {"LONG": 0},
}


@pytest.fixture(params=["numpy", "llvm", *LENGTHS])
def build(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Build:
    """What makes the kernel of a program: NumPy's also so that all calls take several pieces."""
    backend = request.param.partition(",")[0]
    if backend == "llvm":
        pytest.importorskip("llvmlite")
    kernel = importlib.import_module(f"autograd.program.{backend}.kernel")
    for name, length in LENGTHS.get(request.param, {}).items():
        monkeypatch.setattr(kernel, name, length)
    made: Build = kernel.build
    return made


def test_an_interrupt_in_a_function_of_python_reaches_the_caller(build: Build, table_as_it_was: None) -> None:
    def value(x: float) -> float:
        if x == 3.0:
            raise KeyboardInterrupt
        return 2.0 * x

    ops.unary("interrupted", value, None, "Return 2 * x, or not.")
    kernel = build(of_one("interrupted", 1))
    out = np.empty((4, 1))
    with pytest.raises(KeyboardInterrupt):
        kernel(Batch(4, [np.array([[1.0], [2.0], [3.0], [4.0]])], [out], [False], None, None))
    kernel(Batch(4, [np.array([[1.0], [2.0], [5.0], [4.0]])], [out], [False], None, None))
    assert out.ravel().tolist() == [2.0, 4.0, 10.0, 8.0]


@pytest.mark.parametrize("count", [1, 5, 19])
def test_arrays_may_lie_in_memory_in_any_way(build: Build, count: int) -> None:
    program = with_derivatives(arithmetic, 1.0, 2.0, 3.0)
    kernel = build(program)
    points = uniform(count, 3)
    expected = np.array([at_point(program, point)[0] for point in points])
    for first, second in product(views(count, 2), views(count, 1)):
        first[:], second[:] = points[:, :2], points[:, 2:]
        for left, right in zip(views(count, 3), views(count, 1), strict=True):
            kernel(Batch(count, [first, second], [left, right], [False, False], None, None))
            assert left.tolist() == expected[:, :3].tolist()
            assert right.tolist() == expected[:, 3:].tolist()


def test_nothing_beside_a_view_is_written(build: Build) -> None:
    program = with_derivatives(arithmetic, 1.0, 2.0, 3.0)
    around = np.full((41, 12), 99.0)
    build(program)(Batch(13, [uniform(13, 3)], [around[1:40:3, 2:10:2]], [False], None, None))
    assert not (around[1:40:3, 2:10:2] == 99.0).any()
    around[1:40:3, 2:10:2] = 99.0
    assert (around == 99.0).all()


def test_infinite_outputs_where_a_guard_does_not_hold_do_not_spoil_a_sum(build: Build) -> None:
    program = recorded(lambda x: 1.0 / x if x > 0.5 else x, 2.0)
    total, valid = np.zeros((1, 1)), np.empty(5, bool)
    points = np.array([[0.0], [2.0], [nan], [4.0], [-inf]])
    build(program)(Batch(5, [points], [total], [True], valid, None))
    assert valid.tolist() == [False, True, False, True, False]
    assert total.tolist() == [[0.75]]


def test_sums_may_lie_in_memory_in_any_way(build: Build) -> None:
    program = with_derivatives(arithmetic, 1.0, 2.0, 3.0)
    points = uniform(10, 3)
    expected = np.sum([at_point(program, point)[0] for point in points], axis=0)
    kernel = build(program)
    for total in views(1, 4):
        kernel(Batch(10, [points], [total], [True], None, None))
        assert total[0] == pytest.approx(expected, rel=1e-13)


def test_a_point_is_suspect_where_an_operation_that_may_raise_gave_no_number(build: Build) -> None:
    def f(x: Any, y: Any) -> Any:
        return amath.log(x) + 1.0 / y + amath.exp(x)

    program = with_derivatives(f, 1.0, 2.0)
    points = [
        (1.0, 1.0), (0.0, 1.0), (1.0, 0.0), (-1.0, 1.0), (800.0, 1.0), (1.0, inf), (nan, 1.0), (2.0, 3.0),
    ]  # fmt: skip
    for repeats in (1, 5):
        suspect = np.empty(8 * repeats, bool)
        out = np.empty((8 * repeats, 3))
        build(program)(Batch(8 * repeats, [np.array(points * repeats)], [out], [False], None, suspect))
        assert suspect.tolist() == [False, True, True, True, True, False, True, False] * repeats


def test_a_point_is_not_suspect_where_a_derivative_alone_is_infinite(build: Build) -> None:
    program = with_derivatives(amath.sqrt, 4.0)
    out, suspect = np.empty((3, 2)), np.empty(3, bool)
    build(program)(Batch(3, [np.array([[4.0], [0.0], [-1.0]])], [out], [False], None, suspect))
    assert suspect.tolist() == [False, False, True]
    assert out[:2].tolist() == [[2.0, 0.25], [0.0, inf]]


def test_suspicion_is_of_operations_whose_results_are_not_needed_too(build: Build) -> None:
    program = Program("x")
    program.add("log", 0)
    program.outputs = (program.add("*", 0, 0),)
    suspect = np.empty(2, bool)
    build(program)(Batch(2, [np.array([[1.0], [0.0]])], [np.empty((2, 1))], [False], None, suspect))
    assert suspect.tolist() == [False, True]


def test_flags_may_lie_in_memory_in_any_way(build: Build) -> None:
    program = with_derivatives(branching, 0.5, 0.25)
    points = uniform(20, 2)
    flags = np.zeros((60, 2), bool)
    valid, suspect = flags[::-3, 1], flags[::3, 0]
    suspect[:] = True
    build(program)(Batch(20, [points], [np.empty((20, 3))], [False], valid, suspect))
    assert valid.tolist() == [at_point(program, point)[1] for point in points]
    assert not suspect.any()
