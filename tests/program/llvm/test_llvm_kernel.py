"""Programs as machine code, held against `Program.run`, which goes through them node by node."""

from __future__ import annotations

import gc
import importlib
import math
import random
import sys
import weakref
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise, product
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from random_programs import Program as RandomProgram
from random_programs import Reference, programs
from straight_lines import arithmetic, branching, of_one, same, uniform, with_derivatives

from autograd import math as amath
from autograd import ops
from autograd.ops import TABLE, Primitive
from autograd.program.kernels import Batch
from autograd.program.llvm import kernel as machine_code
from autograd.program.llvm.core import PART, Core
from autograd.program.llvm.kernel import LlvmKernel, build
from autograd.program.straight_line.program import WHOLE, Node, Program

inf, nan = math.inf, math.nan


def results(program: Program, points: Any, lanes: int | None = None) -> Any:
    """The outputs of a program as machine code, at points that are the rows of an array."""
    points = np.asarray(points, dtype=float)
    out = np.full((len(points), len(program.outputs)), 99.0)
    LlvmKernel(program, lanes)(Batch(len(points), [points], [out], [False], None, None))
    return out


def runs(program: Program, points: Any) -> list[list[float] | None]:
    return [program.run(list(map(float, point))) for point in points]


# Operations

SPECIAL = (0.0, -0.0, 1.0, -1.0, 0.5, -2.5, 3.0, 7.25, 1e-310, 1e300, -1e300, 40.0, -800.0, inf, -inf, nan)

EXACT = {
    "+", "-", "*", "/", "neg", "abs", "fabs", "sqrt", "relu", "leaky_relu", "max", "min", "fmax", "fmin",
    "clip_below", "clip_above", "sign", "copysign", "floor", "ceil", "trunc", "round", "whole", "fraction",
    "fsum", "identity", "degrees", "radians", "//", "%", "fmod", "remainder", "nextafter", "ulp", "ldexp",
    "round_to",
}  # fmt: skip


def operands_of(primitive: Primitive) -> list[tuple[float, ...]]:
    """Operands of all kinds, whole numbers where there must be."""
    kinds: list[Sequence[float]] = []
    for derivative, (low, high) in zip(primitive.derivatives, primitive.domain, strict=True):
        inside = [low + (high - low) * k / 7 for k in range(1, 7)]
        whole = [float(k) for k in range(max(0, math.ceil(low)), math.floor(high) + 1)]
        kinds.append(whole if derivative is None else [*SPECIAL, *inside])
    return list(product(*kinds))


@pytest.mark.parametrize("primitive", TABLE.values(), ids=list(TABLE))
def test_every_primitive_gives_what_it_gives_in_ieee_arithmetic(primitive: Primitive) -> None:
    points = operands_of(primitive)
    # These magnify the rounding of x * x or x * sqrt(0.5), in Python's floats, by x**2: gelu as far as -5.
    magnified = {"erf′": 1000, "gelu′": 1000, "gelu": 20}
    ulps = 0 if primitive.name in EXACT else magnified.get(primitive.name, 4)
    for point, (result,) in zip(points, results(of_one(primitive.name, len(points[0])), points), strict=True):
        assert same(result, primitive.ieee(*point), ulps), (point, result)


@pytest.mark.parametrize("relation", ["<", "<=", "==", "!=", ">", ">="])
def test_every_comparison_chooses_as_in_python(relation: str) -> None:
    program = of_one(relation, 2)
    (condition,) = program.outputs
    chosen = program.add("where", condition, program.number(1.0), program.number(-1.0))
    counted = program.add("*", condition, program.number(3.0))
    program.outputs = (condition, chosen, counted)
    points = list(product(SPECIAL, SPECIAL))
    for point, result, run in zip(points, results(program, points), runs(program, points), strict=True):
        assert run is not None
        assert result.tolist() == run, point


def test_a_number_is_a_condition_that_holds_where_it_is_not_zero() -> None:
    program = Program("xyz")
    program.outputs = (program.add("where", 0, 1, 2),)
    points = [(0.0, 1.0, 2.0), (-0.0, 1.0, 2.0), (nan, 1.0, 2.0), (-3.0, 1.0, 2.0), (inf, 1.0, 2.0)]
    assert results(program, points).ravel().tolist() == [2.0, 2.0, 1.0, 1.0, 1.0]


@pytest.mark.parametrize("exponent", [-2.0, -1.0, 0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 10.0, 0.3, 33.0])
def test_powers_with_the_same_exponent_everywhere(exponent: float) -> None:
    program = Program("x")
    program.outputs = (program.add("**", 0, program.number(exponent)),)
    for x, (result,) in zip(SPECIAL, results(program, [[x] for x in SPECIAL]), strict=True):
        assert same(result, TABLE["**"].ieee(x, exponent), 4), x


WHOLE_POINTS: dict[str, list[tuple[float, ...]]] = {
    "fsum": [(1e16, 1.0, -1e16), (0.1, 0.2, -0.3), (inf, 1.0, 2.0), (inf, -inf, 1.0), (1e308, 1e308, 1e308)],
    "hypot": [(1.0, 2.0, 2.0), (3e200, 4e200, 0.0), (1e-300, 0.0, 1e-300), (nan, 1.0, -inf), (nan, 1.0, 1.0)],
    "sumprod": [(1e8, 1.0, 1e8, 1.0), (0.1, 0.3, 10.0, -10.0), (inf, 0.0, 1.0, 1.0), (inf, inf, 1.0, -1.0)],
    "fma": [(1.0 + 2.0**-30, 1.0 + 2.0**-30, -1.0), (inf, 1.0, 1.0), (3.0, 5.0, nan)],
    "nextafter": [(1.0, 2.0, 3.0), (0.0, -1.0, 2.0), (inf, 0.0, 1.0)],
    "gather": [
        (0.0, 5.0, -0.0, inf),
        (1.0, nan, -0.0, inf),
        (2.0, 5.0, nan, inf),
        (3.0, 1.0, 2.0, 4.0),
        (-1.0, 1.0, 2.0, 4.0),
    ],
}


@pytest.mark.parametrize("name", WHOLE_POINTS)
def test_operations_on_many_numbers_are_rounded_once(name: str) -> None:
    points = WHOLE_POINTS[name]
    for point, (result,) in zip(points, results(of_one(f"{name}…", len(points[0])), points), strict=True):
        try:
            expected = WHOLE[name](*point)
        except (ValueError, OverflowError):
            assert name == "fsum"
            expected = sum(point)
        assert same(result, expected, 2 if name == "hypot" else 0), point


def test_every_operation_on_many_numbers_is_tested() -> None:
    assert WHOLE_POINTS.keys() == WHOLE.keys()


@pytest.mark.parametrize("count", [0, 1, 2, 4, 5, 500])
@pytest.mark.parametrize("name", ["hypot", "fsum"])
def test_of_how_many_numbers_it_is(name: str, count: int) -> None:
    program = of_one(f"{name}…", count)
    for point, (result,) in zip(uniform(9, count), results(program, uniform(9, count)), strict=True):
        assert same(result, WHOLE[name](*map(float, point)), 2)


def test_a_sum_of_more_numbers_than_a_part_has_operations() -> None:
    count = 3 * PART + 7
    program = of_one("fsum…", count)
    before = program.add("*", 0, 0)
    program.nodes.append(Node("fsum…", (*program.outputs, before)))
    program.outputs = (len(program.nodes) - 1,)
    points = uniform(5, count)
    assert results(program, points).tolist() == runs(program, points)


def test_a_primitive_of_the_users_own(table_as_it_was: None) -> None:
    ops.binary(
        "my own", lambda x, y: x + 2.0 * y if y > 0.0 else math.log(y), None, None, "Return what I like."
    )
    points = np.array([(1.0, 2.0), (1.0, 0.5), (3.0, -1.0), (0.0, inf), (2.0, 0.25)])
    out, suspect = np.empty((5, 1)), np.empty(5, bool)
    build(of_one("my own", 2))(Batch(5, [points], [out], [False], None, suspect))
    assert out.ravel().tolist() == pytest.approx([5.0, 2.0, nan, inf, 2.5], nan_ok=True)
    assert suspect.tolist() == [False, False, True, True, False]


# Points


@pytest.mark.parametrize("lanes", [1, 2, 4, 8])
def test_any_number_of_points_with_guards_that_hold_at_some_of_them(lanes: int) -> None:
    program = with_derivatives(branching, 0.5, 0.25)
    kernel = LlvmKernel(program, lanes)
    for count in [*range(1, 3 * lanes + 2), 100]:
        points, beyond = uniform(count, 2), count + 1
        out, valid, suspect = np.full((beyond, 3), 99.0), np.zeros(beyond, bool), np.ones(beyond, bool)
        kernel(Batch(count, [points], [out[:count]], [False], valid[:count], suspect[:count]))
        expected = runs(program, points)
        assert valid.tolist() == [run is not None for run in expected] + [False]
        assert suspect.tolist() == [False] * count + [True]
        assert all(row.tolist() == run for row, run in zip(out[:count], expected, strict=True) if run)
        assert out[count].tolist() == [99.0] * 3
    assert 10 < expected.count(None) < 90


def test_nothing_beyond_the_last_point_is_read(table_as_it_was: None) -> None:
    seen = set()

    def value(x: float) -> float:
        seen.add(x)
        return x

    ops.unary("watched", value, None, "Return x, and remember it.")
    around = np.arange(40.0).reshape(20, 2)
    for columns in (around, np.asfortranarray(around)):
        seen.clear()
        kernel = build(of_one("watched", 1))
        kernel(Batch(11, [columns[:11, 1:]], [np.empty((11, 1))], [False], None, None))
        assert seen == set(around[:11, 1])


def test_inputs_that_are_the_same_at_all_points() -> None:
    program = with_derivatives(arithmetic, 1.0, 2.0, 3.0)
    kernel = build(program)
    points = uniform(21, 3)
    points[:, 1] = points[0, 1]
    expected = runs(program, points)
    other_numbers_follow = np.vstack([points[:1, 1:2], np.full((20, 1), 99.0)])
    for middle in (other_numbers_follow[:1], np.broadcast_to(points[:1, 1:2], (21, 1))):
        out = np.empty((21, 4))
        kernel(Batch(21, [points[:, :1], middle, points[:, 2:]], [out], [False], None, None))
        assert out.tolist() == expected


def test_a_program_without_inputs_or_with_outputs_that_are_no_operations() -> None:
    program = Program("xy")
    total = program.add("+", 0, 1)
    number, handed_on = program.number(2.5), program.add("identity", total)
    program.outputs = (1, number, total, total, 0, handed_on, program.add("detached", number), 1)
    points = uniform(11, 2)
    assert results(program, points).tolist() == runs(program, points)
    constant = Program([])
    constant.outputs = (constant.number(-0.5),)
    assert results(constant, np.empty((3, 0))).tolist() == [[-0.5]] * 3


# Sums


@pytest.mark.parametrize("count", [1, 7, 8, 50])
def test_sums_are_over_the_points_at_which_all_guards_hold_and_are_added(count: int) -> None:
    program = with_derivatives(branching, 0.5, 0.25)
    points = uniform(count, 2)
    held = [run for run in runs(program, points) if run]
    before = np.array([[1000.0, 2000.0]])
    value, gradient, valid = np.empty((count, 1)), before.copy(), np.empty(count, bool)
    build(program)(Batch(count, [points], [value, gradient], [False, True], valid, None))
    assert value[valid, 0].tolist() == [run[0] for run in held]
    for column in (0, 1):
        expected = math.fsum([before[0, column], *(run[1 + column] for run in held)])
        assert gradient[0, column] == pytest.approx(expected, rel=1e-14)


# Long programs


def arithmetic_of(count: int, seed: int) -> Program:
    """A long program of sums, differences, products and choices, of near and of distant nodes."""
    draw = random.Random(seed)
    program = Program("abcdef")
    places = list(range(6))
    weight, shift = program.number(0.75), program.number(-0.5)
    for i in range(count):
        x, y = (draw.choice(places if draw.random() < 0.3 else places[-20:]) for _ in range(2))
        kind = draw.random()
        if kind < 0.1:
            condition = program.add("<", x, y)
            if kind < 0.02:
                program.guards[condition] = True
            places.append(program.add("where", condition, y, x))
        elif kind < 0.15:
            places.append(program.add("detached", x))
        else:
            half = program.add("*", x, draw.choice((weight, shift)))
            places.append(program.add(draw.choice("+-"), half, y) if i % 2 else program.add("abs", half))
    program.outputs = (*draw.sample(places, 30), places[-1])
    return program


def holding(program: Program, point: Sequence[float]) -> Program:
    """The program with the guards that hold at a point."""
    for place in program.guards:
        outcome = Program(program.inputs, program.nodes, {place: True}, ()).run(point) is not None
        program.guards[place] = outcome
    return program


@pytest.mark.parametrize(("count", "part"), [(300, 1), (300, 7), (1000, 64), (1000, 10000)])
def test_parts_of_any_length_give_the_same(count: int, part: int) -> None:
    program = holding(arithmetic_of(count, count), [0.1, 0.2, 0.3, -0.4, 0.5, 0.6])
    points = np.vstack([[0.1, 0.2, 0.3, -0.4, 0.5, 0.6], uniform(10, 6)])
    kernel = LlvmKernel(program, part=part)
    out, valid = np.empty((11, 31)), np.empty(11, bool)
    kernel(Batch(11, [points], [out], [False], valid, None))
    expected = runs(program, points)
    assert valid.tolist() == [run is not None for run in expected]
    assert all(row.tolist() == run for row, run in zip(out, expected, strict=True) if run)
    assert valid[0]


def test_a_program_of_twenty_thousand_operations() -> None:
    def f(x: Any, y: Any) -> Any:
        for i in range(3400):
            x, y = 0.9 * x + 0.1 * y * y, 0.5 * y - 0.25 * x * (i % 7 - 3.0)
        return x + y

    program = with_derivatives(f, 0.5, 0.25)
    assert len(program.nodes) > 20_000
    points = 0.2 * uniform(9, 2)
    assert results(program, points).tolist() == runs(program, points)


@pytest.mark.parametrize("lanes", [2, 4, 8])
def test_numbers_of_a_long_program_are_in_slots_of_their_own(
    lanes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = Program(["x"])
    numbers = [program.number(x) for x in SPECIAL]
    sums = [program.add("+", 0, place) for place in numbers]
    powers = [program.add("**", 0, place, ieee=True) for place in numbers[4:6]]
    chosen = [program.add("where", place, 0, numbers[7]) for place in numbers]
    program.outputs = (*sums, *powers, *chosen, *numbers)
    points = [[0.5], [2.0], [3.0], [1e300], [-0.0]]
    short = results(program, points, lanes)
    monkeypatch.setattr(machine_code, "LONG", 0)
    long = results(program, points, lanes)
    assert long.tobytes() == short.tobytes()
    for row, expected in zip(long, runs(program, points), strict=True):
        assert expected is not None
        assert all(map(same, row, expected))
    core = Core(program, lanes, lambda node: 0, load=True)
    assert min(core.constants) >= len(program.inputs) + 2 * len(program.outputs) + 2
    assert [*map(repr, core.constants.values())] == [*map(repr, SPECIAL)]


def test_slots_are_used_again() -> None:
    program = Program("x")
    place = 0
    for _ in range(20_000):
        place = program.add("*", program.add("+", place, 0), 0)
    program.outputs = (place,)
    assert Core(program, 8, lambda node: 0, part=64).slots < 10


# Random programs


@settings(max_examples=40, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(programs())
def test_random_programs_agree_with_their_derivatives_to_many_digits(drawn: RandomProgram) -> None:
    reference = Reference(drawn)
    program = with_derivatives(drawn, *drawn.inputs)
    value, *gradient = results(program, [drawn.inputs] * 3)[1]
    assert abs(value - reference.value) <= reference.value_bound
    for x, expected, bound in zip(gradient, reference.gradient, reference.gradient_bound, strict=True):
        assert abs(x - expected) <= bound


# Kernels


def test_several_threads_use_one_kernel_at_once() -> None:
    program = with_derivatives(amath.sigmoid, 1.0)
    kernel = build(program)
    points = uniform(20_000, 1)
    expected = np.empty((20_000, 2))
    kernel(Batch(20_000, [points], [expected], [False], None, None))

    def run(seed: int) -> bool:
        start = 100 * seed
        out = np.empty((20_000 - start, 2))
        for _ in range(20):
            out[:] = 99.0
            kernel(Batch(len(out), [points[start:]], [out], [False], None, None))
            if not (out == expected[start:]).all():
                return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(run, range(16)))


def test_threads_that_use_functions_of_python_do_not_disturb_each_other(table_as_it_was: None) -> None:
    ops.unary("slow", lambda x: sum([x] * 50), None, "Return 50 * x.")
    kernel = build(of_one("slow", 1))

    def run(seed: int) -> bool:
        points = uniform(200 + seed, 1)
        out = np.empty_like(points)
        kernel(Batch(len(points), [points], [out], [False], None, None))
        return bool(np.allclose(out, 50.0 * points, rtol=1e-13))

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(run, range(20)))


def test_a_kernel_is_freed_with_its_machine_code() -> None:
    kernel = LlvmKernel(of_one("gamma", 1))
    there: list[Any] = [weakref.ref(x) for x in (kernel, kernel._code, kernel._code._engine)]
    del kernel
    assert [x() for x in there] == [None] * 3


def test_without_llvmlite_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "llvmlite", None)
    monkeypatch.delitem(sys.modules, "llvmlite.binding")
    monkeypatch.delitem(sys.modules, "autograd.program.llvm.kernel")
    with pytest.raises(ImportError, match=r"llvmlite is needed.*scalar-autograd\[fast\]"):
        importlib.import_module("autograd.program.llvm.kernel")


def rosenbrock(*x: Any) -> Any:
    return sum(100.0 * (b - a * a) ** 2 + (1.0 - a) ** 2 for a, b in pairwise(x))


def test_the_gradient_of_rosenbrocks_function_of_twenty_numbers() -> None:
    program = with_derivatives(rosenbrock, *[0.5] * 20)
    points = uniform(33, 20)
    out = results(program, points)
    for point, (value, *gradient) in zip(points, out, strict=True):
        inner = 100.0 * (point[1:] - point[:-1] ** 2)
        expected = np.zeros(20)
        expected[:-1] = -4.0 * inner * point[:-1] - 2.0 * (1.0 - point[:-1])
        expected[1:] += 2.0 * inner
        assert value == pytest.approx(float(rosenbrock(*point)), rel=1e-14)
        assert gradient == pytest.approx(expected, rel=1e-13)


def test_machine_code_may_be_collected_in_any_order() -> None:
    program = Program(["x"])
    program.outputs = (program.add("exp", 0),)
    for _ in range(4):
        kernel: Any = build(program)
        kernel.itself = kernel  # so that the collector has to find it
        del kernel
        gc.collect()
