"""Programs with loops as machine code, held against `LoopProgram.run`, which says what they mean."""

from __future__ import annotations

import math
import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
from loop_programs import NESTED
from loop_writers import RandomLoops, holding, with_loops
from straight_lines import uniform

from autograd import compile, grad, ops, value_and_grad, vmap
from autograd import math as amath
from autograd.program.kernels import Batch
from autograd.program.llvm import kernel as machine_code
from autograd.program.llvm.core import Core
from autograd.program.llvm.kernel import LlvmKernel, LoopKernel, build
from autograd.program.llvm.machine import best_lanes
from autograd.program.loops.program import LoopProgram
from autograd.program.straight_line.program import Node, Program


def results(program: Program, points: Any, kernel: Any = None, **options: int) -> tuple[Any, Any, Any]:
    """The outputs of a program as machine code, where its guards hold, and where it is suspect."""
    kernel = kernel or LlvmKernel(program, **options)
    count = len(points)
    out, valid, suspect = (
        np.full((count, len(program.outputs)), 99.0),
        np.zeros(count, bool),
        np.ones(count, bool),
    )
    kernel(Batch(count, [points], [out], [False], valid, suspect))
    return out, valid, suspect


WAYS: dict[str, dict[str, int]] = {
    "as they are": {},
    "in pieces of five operations": {"part": 5, "body": 5},
    "in pieces of one": {"part": 1, "body": 1},
    "two points at once": {"lanes": 2},
    "not optimised": {"LONG_WITH_LOOPS": 0},
    "not optimised, in pieces": {"part": 20, "body": 1, "LONG_WITH_LOOPS": 0},
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("seed", range(12))
def test_random_loops_give_what_they_mean(seed: int, way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    options = dict(WAYS[way])
    if "LONG_WITH_LOOPS" in options:
        monkeypatch.setattr(machine_code, "LONG_WITH_LOOPS", options.pop("LONG_WITH_LOOPS"))
    program = RandomLoops(seed, (3, 12, 40)[seed % 3]).program
    points = np.vstack([np.linspace(-0.3, 0.3, 35), uniform(9, 35) / 3.0])
    holding(program, points[0].tolist())
    expected = [program.run(point.tolist()) for point in points]
    out, valid, _ = results(program, points, **options)
    assert valid.tolist() == [run is not None for run in expected]
    for row, run in zip(out, expected, strict=True):
        assert run is None or [*map(float.hex, row.tolist())] == [float(x).hex() for x in run]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", NESTED)
def test_loops_in_loops(name: str, way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    options = dict(WAYS[way])
    if "LONG_WITH_LOOPS" in options:
        monkeypatch.setattr(machine_code, "LONG_WITH_LOOPS", options.pop("LONG_WITH_LOOPS"))
    program = NESTED[name]()
    points = np.random.default_rng(5).uniform(-1.0, 2.0, (35, len(program.inputs)))
    expected = [program.run(point.tolist()) for point in points]
    out, valid, _ = results(program, points, **options)
    assert valid.tolist() == [run is not None for run in expected]
    for row, run in zip(out, expected, strict=True):
        assert run is None or row.tolist() == run


@pytest.mark.parametrize("seed", range(24))
def test_random_loops_in_loops(seed: int) -> None:
    program = RandomLoops(seed, (3, 6, 10)[seed % 3], depth=2 + seed % 2).program
    points = uniform(9, 35) / 3.0
    holding(program, points[0].tolist())
    expected = [program.run(point.tolist()) for point in points]
    straight = program.unrolled()
    for options in ({}, {"part": 5, "body": 5}, {"part": 1, "body": 1, "lanes": 2}):
        out, valid, _ = results(program, points, **options)
        assert valid.tolist() == [run is not None for run in expected]
        for point, row, run in zip(points, out, expected, strict=True):
            assert straight.run(point.tolist()) == run
            assert run is None or [*map(float.hex, row.tolist())] == [float(x).hex() for x in run]


# Functions


def garch(omega: Any, alpha: Any, beta: Any) -> Any:
    """The log-likelihood of a GARCH(1, 1) process but for its constants, whose returns are a table."""
    variance, total = omega / (1.0 - alpha - beta), 0.0
    for i in range(150):
        r = math.sin(2.3 * i)
        total = total - 0.5 * (amath.log(variance) + r * r / variance)
        variance = omega + alpha * (r * r) + beta * variance
    return total


def epidemic(infection: Any, recovery: Any) -> Any:
    """How many are infected after 60 steps of the classical Runge-Kutta method."""

    def slope(s: Any, i: Any) -> tuple[Any, Any]:
        return -infection * s * i, infection * s * i - recovery * i

    s, i, h = 0.99, 0.01, 0.125
    for _ in range(60):
        a = slope(s, i)
        b = slope(s + 0.5 * h * a[0], i + 0.5 * h * a[1])
        c = slope(s + 0.5 * h * b[0], i + 0.5 * h * b[1])
        d = slope(s + h * c[0], i + h * c[1])
        s = s + h * 0.125 * (a[0] + 3.0 * b[0] + 3.0 * c[0] + d[0])
        i = i + h * 0.125 * (a[1] + 3.0 * b[1] + 3.0 * c[1] + d[1])
    return i


def second_order(a: Any, b: Any) -> Any:
    """The squares of what is left of a series by a recursion of second order."""
    x, y, total = 0.25, 0.5, 0.0
    for i in range(150):
        x, y = y, a * y + b * x + 0.125
        total = total + (y - (i % 5)) * (y - (i % 5))
    return total


def bounded(x: Any, y: Any) -> Any:
    """A recursion that compares in each turn."""
    for _ in range(200):
        x = 0.5 * x + y * y if x < 8.0 and y > x - 9.0 else x + y
    return x * x


def lengths(x: Any, y: Any) -> Any:
    """Operations on many numbers, some of which are done in Python."""
    total = 0.0
    for i in range(120):
        x, y = amath.hypot(x, y, 0.5) * 0.5, amath.fsum([x, -y, 0.25 * i, 1e-17])
        total = total + amath.hypot(x, y, 1.0, x * y, 0.25) - abs(y)
    return total


ALL = ["value", "value_and_grad", "hessian", "hvp"]
CASES: dict[str, tuple[Any, tuple[float, ...], float, list[str]]] = {
    # with a point, how far functions may be away from Python's, and the modes
    "GARCH": (garch, (0.1, 0.1, 0.75), 1e-13, ALL[:2]),
    "Runge-Kutta": (epidemic, (0.5, 0.125), 0.0, ALL),
    "AR(2)": (second_order, (0.5, -0.25), 0.0, ALL[:1]),
    "guards": (bounded, (0.3, 0.75), 0.0, ALL[:2]),
    "lengths": (lengths, (0.3, 0.75), 1e-12, ALL),
}


@pytest.mark.parametrize(
    ("name", "mode"), [(name, mode) for name, (*_, modes) in CASES.items() for mode in modes]
)
def test_functions_and_their_derivatives(name: str, mode: str) -> None:
    f, point, tolerance, _ = CASES[name]
    program = with_loops(f, mode, *point, argnums=(0, 1, 2)[: len(point)])
    vector = point if mode == "hvp" else ()
    points = (1.0 + 0.02 * uniform(11, len(point + vector))) * [*point, *vector]
    out, valid, suspect = results(program, points)
    assert valid.all()
    assert not suspect.any()
    straight, _, _ = results(program.unrolled(), points)
    assert out.tobytes() == straight.tobytes()
    for row, numbers in zip(out, points, strict=True):
        run = program.run(numbers.tolist())
        assert row.tolist() == (pytest.approx(run, rel=tolerance, abs=tolerance) if tolerance else run)


@pytest.mark.parametrize("name", [name for name, (*_, modes) in CASES.items() if "value_and_grad" in modes])
def test_what_is_computed_is_the_gradient(name: str) -> None:
    f, point, _, _ = CASES[name]
    by = (0, 1, 2)[: len(point)]
    program = with_loops(f, "value_and_grad", *point, argnums=by)
    value, *gradient = results(program, np.array([point]))[0][0]
    assert value == pytest.approx(f(*point), rel=1e-12)
    assert gradient == pytest.approx(grad(f, argnums=by)(*point), rel=1e-11)


# Arrays


def rosenbrock(scale: Any, x: Any) -> Any:
    """Rosenbrock's function, with another number in the place of 100."""
    total = 0.0
    for i in range(len(x) - 1):
        total = (
            total + scale * (x[i + 1] - x[i] * x[i]) * (x[i + 1] - x[i] * x[i]) + (1.0 - x[i]) * (1.0 - x[i])
        )
    return total


def rosenbrock_gradient(scale: float, x: Any) -> tuple[float, Any]:
    inner = x[1:] - x[:-1] ** 2
    gradient = np.zeros(len(x))
    gradient[:-1] = -4.0 * scale * inner * x[:-1] - 2.0 * (1.0 - x[:-1])
    gradient[1:] += 2.0 * scale * inner
    return float(np.sum(inner * inner)), gradient


@pytest.mark.parametrize("points", [1, best_lanes() - 1, best_lanes(), best_lanes() + 1, 1000])
@pytest.mark.parametrize("common", [False, True])
def test_batches_with_arrays_that_are_the_same_everywhere_or_not(points: int, common: bool) -> None:
    rows = np.random.default_rng(points).uniform(-1.0, 1.0, (points, 90))
    scales = np.linspace(50.0, 150.0, points)
    function = vmap(compile(rosenbrock, argnums=(0, 1)), in_axes=(0, None if common else 0), reduce=None)
    values, (by_scale, by_row) = function.value_and_grad(scales, rows[0] if common else rows)
    assert by_row.shape == (points, 90)
    for i in range(points):
        x = rows[0 if common else i]
        slope, gradient = rosenbrock_gradient(scales[i], x)
        assert values[i] == pytest.approx(rosenbrock(scales[i], x), rel=1e-13)
        assert by_scale[i] == pytest.approx(slope, rel=1e-12)
        assert by_row[i] == pytest.approx(gradient, rel=1e-11, abs=1e-11)


def test_sums_over_a_batch_of_what_loops_store() -> None:
    row, scales = np.linspace(-1.0, 1.0, 90), np.linspace(50.0, 150.0, 333)
    _, (by_scale, by_row) = vmap(compile(rosenbrock, argnums=(0, 1)), in_axes=(0, None)).value_and_grad(
        scales, row
    )
    expected = [rosenbrock_gradient(scale, row) for scale in scales]
    assert by_scale == pytest.approx([slope for slope, _ in expected], rel=1e-12)
    assert by_row == pytest.approx(
        np.sum([gradient for _, gradient in expected], axis=0), rel=1e-11, abs=1e-9
    )


# What raises


def logarithms(x: Any) -> Any:
    """A sum of logarithms, one of which has a smaller argument than all others."""
    total = 0.0
    for i in range(200):
        total = total + amath.log(x + (0.0 if i == 117 else 1.0 + (i % 3)))
    return total


def best_logarithm(x: Any) -> Any:
    """A sum of what is not infinite where the logarithms are."""
    total = 0.0
    for i in range(200):
        total = total + amath.relu(amath.log(x + (0.0 if i == 117 else 1.0 + (i % 3))))
    return total


@pytest.mark.parametrize("f", [logarithms, best_logarithm])
def test_a_point_at_which_a_turn_raises_is_nan_and_others_are_right(f: Any) -> None:
    x = np.array([2.0, 0.5, -0.25, 3.0, 0.0, *np.linspace(1.0, 2.0, 40)])
    values, slopes = vmap(f).value_and_grad(x)
    wrong = x <= 0.0
    assert np.isnan(values[wrong]).all()
    assert np.isnan(slopes[wrong]).all()
    for i in np.flatnonzero(~wrong):
        assert values[i] == pytest.approx(f(float(x[i])), rel=1e-13)
        assert slopes[i] == pytest.approx(grad(f)(float(x[i])), rel=1e-13)


@pytest.mark.parametrize("options", WAYS.values(), ids=WAYS)
def test_where_some_turn_gives_infinity_it_is_suspect(options: dict[str, int]) -> None:
    kept = {name: number for name, number in options.items() if name != "LONG_WITH_LOOPS"}
    points = np.array([[2.0], [0.0], [-0.5], [1e-9], [math.nan], [math.inf]])
    for f in (logarithms, best_logarithm):
        program = with_loops(f, "value_and_grad", 2.0)
        _, _, suspect = results(program, points, **kept)
        assert suspect.tolist() == [False, True, True, False, True, True]


def test_wherever_something_raises_in_random_loops_the_point_is_suspect() -> None:
    kinds = []
    for seed in range(30):
        program = RandomLoops(seed, 10, roots=0.2).program
        program.guards.clear()
        points = uniform(8, 35) / 3.0
        for options in ({}, {"part": 4, "body": 4}):
            out, _, suspect = results(program, points, **options)
            for point, row, is_suspect in zip(points, out, suspect, strict=True):
                try:
                    run = program.run(point.tolist())
                except ValueError:
                    assert is_suspect, (seed, point)
                else:
                    assert not is_suspect
                    assert run == row.tolist()
                kinds.append(bool(is_suspect))
    assert 100 < sum(kinds) < 400


def test_guards_in_loops_hold_in_all_turns_or_not_at_all() -> None:
    program = with_loops(bounded, "value_and_grad", 0.3, 0.75, argnums=(0, 1))
    points = np.vstack([[0.3, 0.75], [9.0, 0.5], [0.3, 2.5], [20.0, 30.0], uniform(40, 2)])
    for options in ({}, {"part": 3, "body": 3}):
        _, valid, _ = results(program, points, **options)
        assert valid.tolist() == [program.run(point.tolist()) is not None for point in points]
    assert 5 < np.count_nonzero(valid) < 40


# Kernels


def test_code_does_not_grow_with_turns_and_tables_are_there_once() -> None:
    def summed(count: int) -> Any:
        def f(x: Any) -> Any:
            total = x
            for i in range(count):
                total = total * 0.5 + math.sin(i) * x
            return total

        program = with_loops(f, "value", 1.0)
        return Core(program, 8, lambda node: 0)

    few, many = summed(300), summed(1300)
    assert [len(x) for x in few.tables.values()] == [300]
    assert many.slots - few.slots == 1000 // 8
    assert len(few.text) == len(many.text) - len(str(1300)) + len(str(300))


def test_slots_are_used_again_in_and_after_loops_in_pieces() -> None:
    program = LoopProgram(["x"])
    place = 0
    for _ in range(3):
        program.nodes.append(Node("loop", (), 5.0))
        phi = place = program.add("phi", place, -1)
        for _ in range(3000):
            place = program.add("*", program.add("+", place, 0), 0)
        program.nodes[phi] = Node("phi", (program.nodes[phi].operands[0], place))
        program.add("end")
    program.outputs = (place,)
    assert Core(program, 8, lambda node: 0, part=64).slots < 12


def test_few_points_and_many_have_the_same_results() -> None:
    program = with_loops(garch, "value_and_grad", 0.1, 0.1, 0.75, argnums=(0, 1, 2))
    many, few = LoopKernel(program), LoopKernel(program)
    points = (1.0 + 0.1 * uniform(300, 3)) * [0.1, 0.1, 0.6]
    out, _, _ = results(program, points, kernel=many)
    size = best_lanes() - 1
    parts = [results(program, points[i : i + size], kernel=few)[0] for i in range(0, 300, size)]
    assert out.tobytes() == np.concatenate(parts).tobytes()
    assert [*many._kernels, *few._kernels] == [2 * best_lanes(), best_lanes()]
    assert results(program, points[:2], kernel=many)[0].tobytes() == out[:2].tobytes()
    assert len(many._kernels) == 1


def test_several_threads_use_one_kernel_at_once_and_one_of_them_makes_it() -> None:
    program = with_loops(epidemic, "value_and_grad", 0.5, 0.125, argnums=(0, 1))
    points = 0.5 + 0.1 * uniform(64, 2)
    expected = [program.run(point.tolist()) for point in points]
    kernel = LoopKernel(program)
    with ThreadPoolExecutor(8) as pool:
        for out, _, _ in pool.map(lambda i: results(program, points, kernel=kernel), range(40)):
            assert out.tolist() == expected
    assert len(kernel._kernels) == 1


def test_an_interrupt_in_each_turn_is_one_interrupt_of_the_call(table_as_it_was: None) -> None:
    def value(x: float) -> float:
        if x > 100.0:
            raise KeyboardInterrupt
        return x

    ops.unary("interrupted", value, None, "Return x, unless it is large.")
    program = counting(10)
    program.nodes[4] = Node("interrupted", (3,))
    program.nodes[3] = Node("phi", (0, 4))
    program.outputs = (4,)
    kernel = build(program)
    for x in (7.0, 700.0, 7.0, 700.0):
        if x < 100.0:
            assert results(program, np.full((3, 1), x), kernel=kernel)[0].tolist() == [[x]] * 3
        else:
            with pytest.raises(KeyboardInterrupt):
                results(program, np.full((3, 1), x), kernel=kernel)


def test_memory_for_very_long_loops_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    program = with_loops(epidemic, "value_and_grad", 0.5, 0.125, argnums=(0, 1))
    kernel = LlvmKernel(program)
    results(program, uniform(3, 2), kernel=kernel)
    assert len(kernel._spare) == 1
    monkeypatch.setattr(machine_code, "KEPT", -1)
    results(program, uniform(3, 2), kernel=kernel)
    assert not kernel._spare


def counting(turns: int, size: int = 1) -> LoopProgram:
    """The program that adds its input so many times to 0.0, and an array that nothing uses."""
    program = LoopProgram(["x"])
    zero = program.number(0.0)
    program.nodes.append(Node("loop", (), float(turns)))
    phi = program.add("phi", zero, -1)
    total = program.add("+", phi, 0)
    program.nodes[phi] = Node("phi", (zero, total))
    program.add("end")
    program.arrays, program.outputs = [size], (total,)
    return program


def test_few_points_at_once_are_given_to_a_program_of_many_turns() -> None:
    assert counting(100).work == 4 + 100 * 2
    widest = 2 * best_lanes()
    assert build(counting(10)).block == 32768
    assert build(counting(1000)).block == (1 << 22) // 2005 // widest * widest
    assert build(counting(10**7)).block == 2 * widest
    assert build(counting(10**7, size=1 << 22)).block == widest
    out, _, _ = results(counting(10**5), np.array([[1.0], [2.0]]))
    assert out.tolist() == [[1e5], [2e5]]


# Calls


def test_single_calls_are_as_in_python_and_raise_what_the_function_raises() -> None:
    fast, plain = compile(logarithms, backend="llvm"), compile(logarithms, backend="python")
    for x in (2.0, 0.5, 1e-9):
        assert fast(x) == pytest.approx(logarithms(x), rel=1e-13)
        assert fast.value_and_grad(x) == pytest.approx(plain.value_and_grad(x), rel=1e-13)
    for x in (0.0, -0.25):
        with pytest.raises(ValueError, match=re.escape(message_of(logarithms, x))):
            fast.grad(x)
    assert fast.grad(2.0) == pytest.approx(grad(logarithms)(2.0), rel=1e-13)


def message_of(f: Any, x: float) -> str:
    with pytest.raises(ValueError, match=r"\w") as caught:
        f(x)
    return str(caught.value)


def test_a_guard_that_fails_in_one_turn_leads_to_another_path() -> None:
    fast = compile(bounded, argnums=(0, 1), backend="llvm")
    for x, y in ((0.3, 0.75), (9.0, 0.5), (7.9, 2.5), (0.3, 0.75)):
        assert fast.value_and_grad(x, y) == value_and_grad(bounded, argnums=(0, 1))(x, y)


def test_elements_at_indices_that_change_from_turn_to_turn_and_point_to_point() -> None:
    def f(table: Any, k: int, x: Any) -> Any:
        for _ in range(100):
            x = 0.5 * x + table[k] * (x - 0.25) * 0.125
            x = x - table[k + 1] * x * 0.0625
        return x

    table, k, x = np.linspace(-1.0, 1.0, 9), np.arange(40) % 8, np.linspace(-2.0, 2.0, 40)
    values, slopes = vmap(compile(f, argnums=2), in_axes=(None, 0, 0)).value_and_grad(table, k, x)
    for i in range(40):
        assert (values[i], slopes[i]) == value_and_grad(f, argnums=2)(table, int(k[i]), float(x[i]))
