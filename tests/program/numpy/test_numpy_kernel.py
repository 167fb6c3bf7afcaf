"""Programs on NumPy arrays, held against the same programs computed point by point in IEEE arithmetic."""

from __future__ import annotations

import importlib
import math
import sys
import time
import tracemalloc
import warnings
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from random import Random
from typing import Any

import numpy as np
import pytest
from straight_lines import (
    arithmetic,
    at_point,
    branching,
    of_one,
    same,
    uniform,
    with_derivatives,
)

from autograd import math as amath
from autograd import ops
from autograd.ops import TABLE
from autograd.program.kernels import Batch
from autograd.program.numpy.kernel import build
from autograd.program.numpy.schedule import Schedule
from autograd.program.straight_line.program import RELATIONS, WHOLE, Node, Program

inf, nan = math.inf, math.nan
LARGEST = sys.float_info.max


# Programs, and what they give


def results(program: Program, points: Any) -> Any:
    """The outputs at points that are the rows of an array."""
    points = np.asarray(points, dtype=float)
    out = np.full((len(points), len(program.outputs)), 99.0)
    build(program)(Batch(len(points), [points], [out], [False], None, None))
    return out


def alike(xs: Any, ys: Any, ulps: float = 0.0) -> bool:
    return all(same(x, y, ulps) for x, y in zip(np.ravel(xs).tolist(), np.ravel(ys).tolist(), strict=True))


# Operations

AWKWARD = [
    0.0, 5e-324, 1e-310, 2.2250738585072014e-308, 1e-300, 1e-20, 1e-8, 0.1, 0.3, 0.46, 0.5, 0.84375,
    1.0 - 2.0**-53, 1.0, 1.0 + 2.0**-52, 1.5, 2.0, 2.5, 3.0, math.pi / 2.0, math.pi, 5.0, 6.0, 10.0, 12.5,
    20.5, 26.5, 27.0, 35.08, 38.51, 100.0, 170.5, 171.7, 700.0, 709.7, 709.9, 712.0, 745.14, 745.2,
    1023.9, 1024.0, 1075.0, 1e5, 1e15, 1e16, 2.0**53 + 2.0, 1e22, 1e100, 1e300, LARGEST, inf,
]  # fmt: skip
AWKWARD += [-x for x in AWKWARD] + [nan]

EXACT = {
    "+", "-", "*", "/", "neg", "identity", "abs", "fabs", "sqrt", "//", "%", "fmod", "remainder", "fsum",
    "copysign", "sign", "ldexp", "fraction", "whole", "nextafter", "ulp", "floor", "ceil", "trunc", "round",
    "round_to", "relu", "leaky_relu", "max", "min", "fmax", "fmin", "clip_below", "clip_above",
}  # fmt: skip


ULPS = {"cbrt": 5.0, "atan2′": 4.0, "silu′": 4.0, "gelu′": 4.0}
"""Python's own cube root, the C library's, is off by as much as 3.7 units, NumPy's by less than one. The
error of NumPy's hypot, one unit, counts twice in the derivative of atan2, that of its exp in those of silu
and gelu."""

PARTS: dict[str, Callable[[float], float]] = {
    "silu′": ops.sigmoid.ieee,
    "gelu′": lambda x: 0.5 * math.erfc(-x * 0.7),
}
"""What the sum of a derivative, which is 0 somewhere, has as a part: its error is seen beside that."""


def as_in_python(name: str, point: tuple[float, ...], result: float) -> bool:
    expected = TABLE[name].ieee(*point)
    if same(result, expected, 0.0 if name in EXACT else ULPS.get(name, 2.5)):
        return True
    return name in PARTS and abs(result - expected) <= 2.5 * math.ulp(PARTS[name](*point))


def points_for(name: str) -> list[tuple[float, ...]]:
    """Awkward operands of all kinds, and ordinary ones."""
    source = Random(name)
    if len(TABLE[name].domain) == 1:
        near = [source.gauss(0.0, 3.0) for _ in range(1500)]
        of_all_sizes = [source.choice((1.0, -1.0)) * 10.0 ** source.uniform(-12.0, 3.0) for _ in range(1500)]
        return [(x,) for x in (*AWKWARD, *near, *of_all_sizes)]
    seconds = AWKWARD if name != "ldexp" else [x for x in AWKWARD if x % 1.0 == 0.0 and abs(x) < 1e16]
    points: list[tuple[float, ...]] = list(product(AWKWARD, seconds))
    if name != "ldexp":
        points += [(source.gauss(0.0, 3.0), source.gauss(0.0, 3.0)) for _ in range(1500)]
    return points


@pytest.mark.parametrize("name", TABLE)
def test_every_primitive_gives_what_it_gives_in_ieee_arithmetic(name: str) -> None:
    points = points_for(name)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        out = results(of_one(name, len(points[0])), points)
    for point, result in zip(points, out[:, 0].tolist(), strict=True):
        assert as_in_python(name, point, result), (point, result, TABLE[name].ieee(*point))


@pytest.mark.parametrize("name", [name for name in TABLE if len(TABLE[name].domain) == 2])
@pytest.mark.parametrize("same_everywhere", [0, 1])
def test_either_operand_of_a_primitive_may_be_the_same_at_all_points(name: str, same_everywhere: int) -> None:
    kernel = build(of_one(name, 2))
    column = np.array(AWKWARD).reshape(-1, 1)
    for x in (0.0, -0.0, 2.0, -3.0, 0.5, inf, nan):
        if name == "ldexp" and (same_everywhere == 0 or x % 1.0):
            continue
        inputs = [column, column]
        inputs[same_everywhere] = np.array([[x]])
        out = np.empty_like(column)
        kernel(Batch(len(column), inputs, [out], [False], None, None))
        points = [(x, y) if same_everywhere == 0 else (y, x) for y in AWKWARD]
        for point, result in zip(points, out[:, 0].tolist(), strict=True):
            assert as_in_python(name, point, result), (point, result)


@pytest.mark.parametrize("exponent", [-2.0, -1.0, -0.0, 0.5, 1.0, 2.0, 3.0, 4.0, 0.3, inf, nan])
@pytest.mark.parametrize("name", ["**", "pow"])
def test_powers_whose_exponent_is_a_number_of_the_program(name: str, exponent: float) -> None:
    program = Program("x")
    program.outputs = (program.add(name, 0, program.number(exponent)),)
    for x, (result,) in zip(AWKWARD, results(program, [[x] for x in AWKWARD]), strict=True):
        assert same(result, TABLE[name].ieee(x, exponent), 2.0), x


@pytest.mark.parametrize("relation", sorted(RELATIONS))
def test_every_comparison_chooses_as_in_python(relation: str) -> None:
    program = of_one(relation, 2)
    (condition,) = program.outputs
    chosen = program.add("where", condition, 0, 1)
    program.outputs = (condition, chosen, program.add("where", condition, program.number(2.5), 0))
    points = list(product(AWKWARD, AWKWARD))
    assert alike(results(program, points), [at_point(program, point)[0] for point in points])


def test_a_condition_may_be_the_same_at_all_points_or_a_number() -> None:
    program = Program("xyz")
    condition = program.add("<", 0, program.number(1.0))
    program.outputs = (program.add("where", condition, 1, 2), program.add("where", 0, 1, 2))
    ys = uniform(9, 2)
    for x in (0.0, -0.0, 0.5, 1.0, -3.0, inf, nan):
        out = np.empty((9, 2))
        build(program)(Batch(9, [np.array([[x]]), ys], [out], [False], None, None))
        assert out.tolist() == [at_point(program, (x, *y))[0] for y in ys]
        assert results(program, [[x, *y] for y in ys]).tolist() == out.tolist()


WHOLE_POINTS: dict[str, list[tuple[float, ...]]] = {
    "fsum": [
        (0.1,) * 3, (1e16, 1.0, -1e16), (1e308, 1e308, -1e308), (-0.0,) * 3, (inf, 1.0, 2.0),
        (inf, -inf, 2.0), (nan, 1.0, 2.0), (-1e308, -1e308, 1.0), (5e-324, 1.0, 2.0**-53),
        (LARGEST, 2.0**969, 0.0),
    ],
    "hypot": [
        (3.0, 4.0, 12.0), (1e200, 1e200, 1e200), (5e-324, 0.0, 5e-324), (inf, nan, 1.0), (nan, 1.0, 2.0),
        (-inf, 1.0, 2.0), (0.0, -0.0, 0.0), (LARGEST, LARGEST, 1.0), (-3.0, -4.0, 0.5),
    ],
    "sumprod": [
        (1.0, 2.0, 3.0, 4.0), (1e16, 1.0, 1.0, 1.0), (0.1, 0.3, 10.0, -10.0), (inf, 1.0, 0.0, 1.0),
        (inf, -inf, 1.0, 1.0), (nan, 1.0, 2.0, 1.0), (1e200, 1.0, 1e200, 1.0), (0.0, -0.0, 0.0, -1.0),
    ],
    "fma": [
        (2.0, 3.0, 4.0), (1.0 + 2.0**-52, 1.0 + 2.0**-52, -1.0), (0.1, 10.0, -1.0), (inf, 0.0, 1.0),
        (inf, 1.0, -inf), (1e200, 1e200, 1.0), (-1e200, 1e200, 1.0), (1e200, 1e200, -inf), (nan, 1.0, 2.0),
        (0.0, -1.0, 0.0), (5e-324, 0.5, 0.0), (LARGEST, 2.0, -LARGEST),
    ],
    "nextafter": [
        (1.0, 2.0, 3.0), (1.0, 1.0, 5.0), (0.0, -1.0, 1.0), (1.0, 2.0, 0.0), (nan, 1.0, 2.0), (1.0, nan, 2.0),
        (LARGEST, inf, 5.0), (-5e-324, 1.0, 4.0), (inf, 0.0, 2.0), (0.0, -0.0, 1.0), (-1.0, -inf, 1e6),
    ],
    "gather": [
        (0.0, 5.0, -0.0, inf), (1.0, nan, -0.0, inf), (2.0, 5.0, nan, inf), (2.0, 1.0, -inf, nan),
        (3.0, 1.0, 2.0, 4.0), (1e300, 1.0, 2.0, 4.0), (-1.0, 1.0, 2.0, 4.0), (nan, 1.0, 2.0, 4.0),
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", WHOLE_POINTS)
def test_operations_on_many_numbers_are_rounded_once(name: str) -> None:
    points = WHOLE_POINTS[name]
    suspect, out = np.empty(len(points), bool), np.empty((len(points), 1))
    kernel = build(of_one(f"{name}…", len(points[0])))
    kernel(Batch(len(points), [np.array(points)], [out], [False], None, suspect))
    for point, result, strange in zip(points, out[:, 0].tolist(), suspect.tolist(), strict=True):
        try:
            expected = WHOLE[name](*point)
        except (ValueError, OverflowError):
            assert not math.isfinite(result)
            assert strange
        else:
            assert same(result, expected), (point, result)


def test_every_operation_on_many_numbers_is_tested() -> None:
    assert WHOLE_POINTS.keys() == WHOLE.keys()


def test_what_overflows_has_the_sign_of_the_exact_result() -> None:
    assert results(of_one("fma…", 3), [(1e200, -1e200, 5.0), (1e200, 1e200, 5.0)]).tolist() == [[-inf], [inf]]
    assert results(of_one("fsum…", 2), [(-1e308, -1e308), (1e308, 1e308)]).tolist() == [[-inf], [inf]]


@pytest.mark.parametrize("count", [0, 1, 2, 5, 30])
@pytest.mark.parametrize("name", ["hypot", "fsum"])
def test_of_how_many_numbers_it_is(name: str, count: int) -> None:
    points = uniform(9, count)
    assert alike(results(of_one(f"{name}…", count), points), [WHOLE[name](*map(float, x)) for x in points])


def test_a_primitive_of_the_users_own(table_as_it_was: None) -> None:
    def value(x: float, y: float) -> float:
        if x == 7.0:
            raise TypeError("not seven")
        return x + 2.0 * y if y > 0.0 else math.log(y)

    ops.binary("my own", value, None, None, "Return what I like.", where_raises=lambda x, y: -inf)
    points = np.array([(1.0, 2.0), (1.0, 0.5), (3.0, -1.0), (0.0, inf), (2.0, 0.25), (7.0, 1.0)])
    out, suspect = np.empty((6, 1)), np.empty(6, bool)
    build(of_one("my own", 2))(Batch(6, [points], [out], [False], None, suspect))
    assert alike(out, [5.0, 2.0, -inf, inf, 2.5, nan])
    assert suspect.tolist() == [False, False, True, True, False, True]
    each = np.empty((1, 1))
    for point, result in zip(points, out.ravel(), strict=True):
        build(of_one("my own", 2))(Batch(1, [point.reshape(1, 2)], [each], [False], None, None))
        assert same(each.item(), result)


def test_a_function_of_the_users_may_return_other_numbers(table_as_it_was: None) -> None:
    ops.unary("whole of mine", lambda x: 3 if x < 0.0 else x, None, "Return an int or a float.")
    assert results(of_one("whole of mine", 1), [[-1.0], [0.5]]).tolist() == [[3.0], [0.5]]
    assert results(of_one("whole of mine", 1), [[-1.0]]).tolist() == [[3.0]]


def test_the_error_function_needs_no_scipy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "scipy", None)
    points = [[x] for x in AWKWARD]
    assert alike(results(of_one("erf", 1), points), [TABLE["erf"].ieee(x) for x in AWKWARD])


# Points


@pytest.fixture(params=[(128, 512, 4096), (7, 7, 7)], ids=["usual pieces", "short pieces"])
def pieces(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run with pieces of the usual length, and with some so short that all calls take several."""
    for name, length in zip(("SHORTEST", "SHORT", "LONGEST"), request.param, strict=True):
        monkeypatch.setattr(f"autograd.program.numpy.kernel.{name}", length)


@pytest.mark.usefixtures("pieces")
def test_any_number_of_points_with_guards_that_hold_at_some_of_them() -> None:
    program = with_derivatives(branching, 0.5, 0.25)
    kernel = build(program)
    for count in [*range(1, 24), 100]:
        points, beyond = uniform(count, 2), count + 1
        out, valid, suspect = np.full((beyond, 3), 99.0), np.zeros(beyond, bool), np.ones(beyond, bool)
        kernel(Batch(count, [points], [out[:count]], [False], valid[:count], suspect[:count]))
        expected = [at_point(program, point) for point in points]
        assert valid.tolist() == [holds for _, holds, _ in expected] + [False]
        assert suspect.tolist() == [False] * count + [True]
        assert all(row.tolist() == x for row, (x, holds, _) in zip(out, expected, strict=False) if holds)
        assert out[count].tolist() == [99.0] * 3
    assert 10 < sum(holds for _, holds, _ in expected) < 90


@pytest.mark.usefixtures("pieces")
def test_inputs_that_are_the_same_at_all_points() -> None:
    program = with_derivatives(arithmetic, 1.0, 2.0, 3.0)
    kernel = build(program)
    for same_everywhere in product([False, True], repeat=3):
        points = uniform(21, 3)
        inputs = []
        for i in range(3):
            if same_everywhere[i]:
                points[:, i] = points[0, i]
            inputs.append(points[:1, i : i + 1] if same_everywhere[i] else points[:, i : i + 1])
        out, total = np.empty((21, 3)), np.full((1, 1), 1000.0)
        kernel(Batch(21, inputs, [out, total], [False, True], None, None))
        expected = np.array([at_point(program, point)[0] for point in points])
        assert out.tolist() == expected[:, :3].tolist()
        assert total.item() == pytest.approx(1000.0 + math.fsum(expected[:, 3]), rel=1e-14)


def test_what_does_not_differ_from_point_to_point_is_computed_once_in_a_call(table_as_it_was: None) -> None:
    calls: list[float] = []
    ops.unary("counted", lambda x: calls.append(x) or 2.0 * x, None, "Return 2 * x, and count.")  # type: ignore[func-returns-value]
    program = Program("xy")
    program.outputs = (program.add("*", program.add("counted", 0), 1),)
    out, ys = np.empty((50, 1)), uniform(50, 1)
    build(program)(Batch(50, [np.array([[3.0]]), ys], [out], [False], None, None))
    assert calls == [3.0]
    assert out.tolist() == (6.0 * ys).tolist()


def test_a_program_without_inputs_or_with_outputs_that_are_no_operations() -> None:
    program = Program("xy")
    total = program.add("+", 0, 1)
    number, handed_on = program.number(2.5), program.add("identity", total)
    program.outputs = (1, number, total, total, 0, handed_on, program.add("detached", number), 1)
    points = uniform(11, 2)
    assert results(program, points).tolist() == [at_point(program, point)[0] for point in points]
    only_inputs = Program("xy")
    only_inputs.outputs = (1, 0, 1)
    assert results(only_inputs, points).tolist() == points[:, [1, 0, 1]].tolist()
    constant = Program([])
    constant.outputs = (constant.number(-0.5),)
    assert results(constant, np.empty((3, 0))).tolist() == [[-0.5]] * 3


# Sums


@pytest.mark.usefixtures("pieces")
@pytest.mark.parametrize("count", [1, 7, 8, 50])
def test_sums_are_over_the_points_at_which_all_guards_hold_and_are_added(count: int) -> None:
    program = with_derivatives(branching, 0.5, 0.25)
    points = uniform(count, 2)
    held = [x for x, holds, _ in (at_point(program, point) for point in points) if holds]
    gradient, value, valid = np.array([[1000.0, 2000.0]]), np.empty((count, 1)), np.empty(count, bool)
    build(program)(Batch(count, [points], [value, gradient], [False, True], valid, None))
    assert value[valid, 0].tolist() == [x[0] for x in held]
    for column, before in enumerate((1000.0, 2000.0)):
        expected = math.fsum([before, *(x[1 + column] for x in held)])
        assert gradient[0, column] == pytest.approx(expected, rel=1e-14)


@pytest.mark.usefixtures("pieces")
def test_sums_of_what_is_the_same_at_all_points_count_those_at_which_the_guards_hold() -> None:
    program = Program("xy")
    program.guards[program.add(">", 1, program.number(0.0))] = True
    program.outputs = (program.add("*", 0, 0), 1, 0)
    ys = uniform(40, 1)
    total, valid = np.array([[100.0, 0.0, 0.0]]), np.empty(40, bool)
    build(program)(Batch(40, [np.array([[3.0]]), ys], [total], [True], valid, None))
    positive = ys[ys > 0.0].tolist()
    assert valid.tolist() == (ys[:, 0] > 0.0).tolist()
    assert 0 < len(positive) < 40
    assert total[0, [0, 2]].tolist() == [100.0 + 9.0 * len(positive), 3.0 * len(positive)]
    assert total[0, 1] == pytest.approx(math.fsum(positive), rel=1e-14)
    total[:] = 5.0
    build(program)(Batch(40, [np.array([[inf]]), -np.abs(ys)], [total], [True], valid, None))
    assert not valid.any()
    assert total.tolist() == [[5.0] * 3]


@pytest.mark.parametrize("x", [1.0, -1.0, nan])
def test_a_guard_may_be_the_same_at_all_points(x: float) -> None:
    program = Program("xy")
    program.guards[program.add(">", 0, program.number(0.0))] = False
    program.outputs = (program.add("log", 1), program.add("exp", 0))
    ys = np.array([[1.0], [-1.0], [2.0]])
    out, total = np.empty((3, 1)), np.zeros((1, 1))
    valid, suspect = np.empty(3, bool), np.empty(3, bool)
    build(program)(Batch(3, [np.array([[x]]), ys], [out, total], [False, True], valid, suspect))
    expected = [at_point(program, (x, *y)) for y in ys]
    assert valid.tolist() == [holds for _, holds, _ in expected] == [not x > 0.0] * 3
    assert suspect.tolist() == [strange for _, _, strange in expected]
    assert same(total.item(), 3.0 * math.exp(x) if not x > 0.0 else 0.0, 2)
    # Where not even the other input differs, there is nothing but one row.
    build(program)(Batch(3, [np.array([[x]]), ys[:1]], [out, total], [False, True], valid, suspect))
    assert valid.tolist() == [not x > 0.0] * 3
    assert suspect.tolist() == [expected[0][2]] * 3
    assert same(total.item(), 6.0 * math.exp(x) if not x > 0.0 else 0.0, 4)


# Suspicion


def test_all_points_are_suspect_where_what_they_share_is() -> None:
    program = Program("xy")
    program.outputs = (program.add("*", program.add("log", 0), 1),)
    for x, strange in ((1.0, False), (0.0, True)):
        suspect = np.empty(4, bool)
        build(program)(Batch(4, [np.array([[x]]), uniform(4, 1)], [np.empty((4, 1))], [False], None, suspect))
        assert suspect.tolist() == [strange] * 4


# Long programs, many points, several threads


def arithmetic_of(count: int, seed: int) -> Program:
    """A long program of sums, differences, products and choices, of near and of distant nodes."""
    draw = Random(seed)
    program = Program("abcdef")
    places = list(range(6))
    weight, shift = program.number(0.75), program.number(-0.5)
    for i in range(count):
        x, y = (draw.choice(places if draw.random() < 0.3 else places[-20:]) for _ in range(2))
        kind = draw.random()
        if kind < 0.1:
            condition = program.add("<", x, y)
            if kind < 0.005:
                program.guards[condition] = kind < 0.0025
            places.append(program.add("where", condition, y, x))
        elif kind < 0.15:
            places.append(program.add("detached", x))
        else:
            half = program.add("*", x, draw.choice((weight, shift)))
            places.append(program.add(draw.choice("+-"), half, y) if i % 2 else program.add("abs", half))
    program.outputs = (*draw.sample(places, 30), places[-1])
    return program


@pytest.mark.usefixtures("pieces")
@pytest.mark.parametrize("seed", range(20))
def test_long_programs_of_which_some_inputs_are_shared(seed: int) -> None:
    program = arithmetic_of(200, seed)
    draw = Random(seed)
    shared = [draw.random() < 0.4 for _ in range(6)]
    points = uniform(17, 6)
    points[:, shared] = points[0, shared]
    inputs = [points[:1, [i]] if shared[i] else points[:, [i]] for i in range(6)]
    out, total = np.empty((17, 20)), np.zeros((1, 11))
    valid, suspect = np.empty(17, bool), np.empty(17, bool)
    build(program)(Batch(17, inputs, [out, total], [False, True], valid, suspect))
    expected = [at_point(program, point) for point in points]
    assert valid.tolist() == [holds for _, holds, _ in expected]
    assert suspect.tolist() == [strange for _, _, strange in expected]
    for row, (x, holds, _) in zip(out.tolist(), expected, strict=True):
        assert not holds or row == x[:20]
    for column in range(11):
        sums = math.fsum(x[20 + column] for x, holds, _ in expected if holds)
        assert total[0, column] == pytest.approx(sums, rel=1e-12, abs=1e-12)


@pytest.mark.slow
def test_a_hundred_thousand_operations_are_made_ready_within_seconds() -> None:
    program = arithmetic_of(55_000, 1)
    assert len(program.nodes) > 100_000
    points = uniform(3, 6)
    out, valid = np.empty((3, 31)), np.empty(3, bool)
    start = time.process_time()
    build(program)(Batch(3, [points], [out], [False], valid, None))
    assert time.process_time() - start < 5.0
    expected = [at_point(program, point) for point in points]
    assert valid.tolist() == [holds for _, holds, _ in expected]
    program.guards.clear()
    assert results(program, points).tolist() == [x for x, _, _ in expected]


def test_memory_depends_on_what_is_alive_at_once_and_not_on_the_operations() -> None:
    def chain(length: int) -> Program:
        program = Program("x")
        place = 0
        for _ in range(length):
            place = program.add("sin", program.add("*", place, 0))
        program.outputs = (place,)
        return program

    schedules = [Schedule(chain(length), False, ((1, True),)) for length in (10, 1000)]
    assert schedules[0].memory.rows == schedules[1].memory.rows <= 4


def test_several_threads_may_run_a_kernel_at_once() -> None:
    def f(x: Any, y: Any) -> Any:
        return amath.sin(x * y) * amath.exp(-x * x) + y / (1.0 + x * x) if x < y else x * y

    program = with_derivatives(f, 0.5, 0.75)
    kernel = build(program)
    # Of few lengths, so that calls under way at once would like the same memory.
    batches = [uniform(count, 2) + shift / 8.0 for shift in range(12) for count in (4000, 300, 9000)]

    def run(points: Any) -> tuple[Any, ...]:
        out, total, valid = np.zeros((len(points), 1)), np.zeros((1, 2)), np.empty(len(points), bool)
        kernel(Batch(len(points), [points], [out, total], [False, True], valid, None))
        return out[valid].tolist(), total.tolist(), valid.tolist()

    with ThreadPoolExecutor(6) as threads:
        at_once = list(threads.map(run, batches))
    assert at_once == [run(points) for points in batches]
    assert 0 < sum(at_once[0][2]) < 4000


def test_calls_with_ever_other_numbers_of_points_do_not_pile_up_memory() -> None:
    kernel = build(with_derivatives(arithmetic, 1.0, 2.0, 3.0))

    def most_memory_after(counts: Sequence[int]) -> int:
        kept = []
        for count in counts:
            kernel(Batch(count, [np.ones((count, 3))], [np.empty((count, 4))], [False], None, None))
            kept.append(tracemalloc.get_traced_memory()[0])
        return max(kept)

    tracemalloc.start()
    try:
        few = most_memory_after(range(2000, 2010))
        assert most_memory_after(range(2010, 2100)) < 1.5 * few
    finally:
        tracemalloc.stop()


@pytest.fixture
def settings_as_they_were() -> Iterator[None]:
    before = np.seterr()
    yield
    np.seterr(**before)


@pytest.mark.usefixtures("settings_as_they_were")
def test_nothing_is_raised_whatever_numpy_is_told_to_raise() -> None:
    program = Program("xy")
    program.outputs = (program.add("/", 0, 1), program.add("exp", 0), program.add("*", 0, 0))
    points = [(1.0, 0.0), (1000.0, 1.0), (1e-200, 1.0), (inf, inf)]
    np.seterr(all="raise")
    out = results(program, points)
    assert alike(out, [at_point(program, point)[0] for point in points], 1)
    assert set(np.geterr().values()) == {"raise"}


def test_without_numpy_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "numpy", None)
    monkeypatch.delitem(sys.modules, "autograd.program.numpy.kernel")
    with pytest.raises(ImportError, match=r"scalar-autograd\[fast\]"):
        importlib.import_module("autograd.program.numpy.kernel")


def test_a_node_of_an_unknown_primitive_is_an_error() -> None:
    program = Program("x", [Node("input"), Node("no such thing", (0,))], None, [1])
    with pytest.raises(ValueError, match="no primitive named 'no such thing'"):
        results(program, [[1.0], [2.0]])
