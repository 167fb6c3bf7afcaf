"""Programs on NumPy arrays, against the same operations on floats, number by number."""

from __future__ import annotations

import math
import sys
import threading
import time
import tracemalloc
import warnings
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import kernel_cases as cases
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kernel_cases import AWKWARD, apart, in_ieee, one_operation, points_for, program_of
from random_programs import Program as RandomProgram
from random_programs import programs

from autograd import math as amath
from autograd import ops
from autograd.primitive import inf, nan
from autograd.program.numpy_kernel import LONGEST, NumpyKernel, build
from autograd.program.optimising import may_raise, optimised
from autograd.program.straight_line import RELATIONS, Node, Program, related
from autograd.program.sweeping import with_gradient

# NumPy's own versions are as near to the exact number as Python's, on the other side of it; SciPy's erf is
# within 2.5 units.
APART = {"tanh": 4.0, "cbrt": 4.0, "erf": 4.0}


def allowed(op: str) -> float:
    return 0.0 if op in cases.EXACT or op[-1] == "…" else APART.get(op, 2.0)


def run(program: Program, points: Sequence[Sequence[float]] | Any) -> Any:
    """Return the outputs at some points, a row each."""
    inputs = np.array(points, dtype=float)
    outputs = np.empty((len(inputs), len(program.outputs)))
    valid = np.empty(len(inputs), bool) if program.guards else None
    build(program)(len(inputs), [inputs], [outputs], [False], valid, None)
    return outputs


@pytest.mark.parametrize("name", ops.TABLE)
def test_every_primitive_gives_what_it_gives_on_floats(name: str) -> None:
    points = points_for(cases.ARITY[name])
    results = run(one_operation(name, cases.ARITY[name]), points)
    for operands, got in zip(points, results[:, 0].tolist(), strict=True):
        expected = in_ieee(name, operands)
        assert apart(got, expected) <= allowed(name), (operands, got, expected)


@pytest.mark.parametrize("name", [name for name in ops.TABLE if cases.ARITY[name] == 2])
@pytest.mark.parametrize("same", [0, 1])
def test_an_operand_may_be_the_same_at_all_points(name: str, same: int) -> None:
    program = one_operation(name, 2)
    kernel = build(program)
    varying = np.array(AWKWARD)
    for constant in AWKWARD:
        inputs = [varying[:, None], np.array([[constant]])]
        out = np.empty((len(varying), 1))
        kernel(len(varying), inputs[::-1] if same == 0 else inputs, [out], [False], None, None)
        for x, got in zip(AWKWARD, out[:, 0].tolist(), strict=True):
            operands = (constant, x) if same == 0 else (x, constant)
            expected = in_ieee(name, operands)
            assert apart(got, expected) <= allowed(name), (operands, got, expected)


@pytest.mark.parametrize("name", ops.TABLE)
def test_one_point_gives_exactly_what_it_gives_on_floats(name: str) -> None:
    program = one_operation(name, cases.ARITY[name])
    kernel = build(program)
    out = np.empty((1, 1))
    for operands in points_for(cases.ARITY[name])[::7]:
        kernel(1, [np.array([operands])], [out], [False], None, None)
        assert apart(out.item(), in_ieee(name, operands)) == 0.0, operands


@pytest.mark.parametrize("name", cases.WHOLE_POINTS)
@pytest.mark.parametrize("at_once", [True, False])
def test_operations_on_many_numbers_are_rounded_once(name: str, at_once: bool) -> None:
    points = cases.WHOLE_POINTS[name]
    program = one_operation(f"{name}…", len(points[0]))
    results = run(program, points) if at_once else np.array([run(program, [x])[0] for x in points])
    for operands, got in zip(points, results[:, 0].tolist(), strict=True):
        assert apart(got, cases.whole_in_ieee(name, operands)) == 0.0, operands


@pytest.mark.parametrize("relation", sorted(RELATIONS))
@pytest.mark.parametrize("outcome", [True, False])
def test_guards_hold_where_the_comparison_comes_out_as_recorded(relation: str, outcome: bool) -> None:
    program = Program(["x", "y"])
    program.guards[program.add(relation, 0, 1)] = outcome
    program.outputs = (0,)
    points = np.array([(x, y) for x in AWKWARD for y in AWKWARD])
    valid = np.empty(len(points), bool)
    build(program)(len(points), [points], [np.empty((len(points), 1))], [False], valid, None)
    assert valid.tolist() == [related(relation, x, y) is outcome for x, y in points.tolist()]


def branching(x: Any, y: Any) -> Any:
    if x > 0.5:
        return amath.exp(x) * y
    return x - y if y < 0.25 else x * y


def test_sums_count_the_points_at_which_all_guards_hold() -> None:
    program = program_of(branching, [0.25, 0.75])
    assert sorted(program.guards.values()) == [False, False]
    points = np.random.default_rng(1).random((20_001, 2))
    points[3] = nan, 0.5  # not x > 0.5
    points[4] = inf, 0.5
    holds = np.array([not x > 0.5 and not y < 0.25 for x, y in points.tolist()])
    points[3] = 0.25, 0.5
    valid = np.empty(len(points), bool)
    total = np.array([[100.0]])
    build(program)(len(points), [points], [total], [True], valid, None)
    assert valid.tolist() == holds.tolist()
    exact = math.fsum(x * y for (x, y), ok in zip(points.tolist(), holds, strict=True) if ok)
    assert total.item() == pytest.approx(100.0 + exact, rel=1e-13)


def test_a_guard_that_fails_everywhere_adds_nothing() -> None:
    program = program_of(branching, [0.75, 0.75])
    points = np.full((300, 2), 0.25)
    valid, total = np.empty(300, bool), np.array([[7.0]])
    build(program)(300, [points], [total], [True], valid, None)
    assert not valid.any()
    assert total.item() == 7.0
    valid[:] = True
    build(program)(300, [points[:1], points[:1]], [total], [True], valid, None)
    assert not valid.any()
    assert total.item() == 7.0


@pytest.mark.parametrize("points", [1, 2, 3, 1000, LONGEST, LONGEST + 1, 3 * LONGEST + 5])
def test_sums_of_what_is_the_same_everywhere_count_the_points(points: int) -> None:
    program = Program(["x", "w"])
    square = program.add("*", 1, 1)
    program.guards[program.add("<", 0, 1)] = True
    product = program.add("*", 0, square)
    program.outputs = (square, product, 0, 1, square)
    x = np.arange(points, dtype=float)[:, None]
    valid = np.empty(points, bool)
    total, each = np.zeros((1, 3)), np.empty((points, 2))
    build(program)(points, [x, np.array([[500.5]])], [total, each], [True, False], valid, None)
    below = min(points, 501)
    assert valid.sum() == below
    assert total.tolist() == [[500.5**2 * below, sum(range(below)) * 500.5**2, sum(range(below))]]
    assert each.tolist() == [[500.5, 500.5**2]] * points


def test_sums_leave_out_numbers_that_are_none_at_points_of_another_path() -> None:
    program = Program(["x"])
    program.guards[program.add(">", 0, program.number(0.0))] = True
    program.outputs = (program.add("log", 0), program.add("/", program.number(1.0), 0))
    points = np.array([[1.0], [0.0], [-1.0], [1.0]])
    total, valid = np.zeros((1, 2)), np.empty(4, bool)
    build(program)(4, [points], [total], [True], valid, None)
    assert total.tolist() == [[0.0, 2.0]]


def test_infinities_that_are_the_same_everywhere_are_not_counted_at_no_point() -> None:
    program = Program(["x", "w"])
    program.guards[program.add("<", 0, 1)] = True
    program.outputs = (program.add("/", program.number(1.0), 1),)
    total, valid = np.array([[3.0]]), np.empty(5, bool)
    build(program)(5, [np.ones((5, 1)), np.zeros((1, 1))], [total], [True], valid, None)
    assert total.item() == 3.0


@pytest.mark.parametrize("same", [0.25, 0.75])
def test_all_guards_count_of_what_is_the_same_everywhere(same: float) -> None:
    program = Program(["x", "w"])
    half = program.number(0.5)
    program.guards[program.add("<", 1, half)] = True
    program.guards[program.add(">=", 1, half)] = False
    program.guards[program.add("<", 1, program.number(0.9))] = True
    program.outputs = (0,)
    valid = np.empty(5, bool)
    build(program)(5, [np.ones((5, 1)), np.array([[same]])], [np.empty((5, 1))], [False], valid, None)
    assert valid.tolist() == [same < 0.5] * 5


@pytest.mark.parametrize("same", [0.25, 0.75])
def test_a_condition_may_be_the_same_everywhere(same: float) -> None:
    program = Program(["x", "w"])
    condition = program.add("<", 1, program.number(0.5))
    program.outputs = (program.add("where", condition, 0, program.add("neg", 0)),)
    out = np.empty((5, 1))
    build(program)(5, [np.ones((5, 1)), np.array([[same]])], [out], [False], None, None)
    assert out.tolist() == [[1.0 if same < 0.5 else -1.0]] * 5


def test_arrays_may_have_any_strides() -> None:
    program = optimised(
        with_gradient(program_of(lambda x, y, z: x * y + amath.sin(z), [1.0, 2.0, 3.0]), [0, 1, 2])
    )
    points = np.random.default_rng(2).normal(size=(5000, 3))
    expected = run(program, points)
    backwards = np.asfortranarray(points)[::-1]
    apart_in_memory = np.zeros((5000, 9))[:, ::3]
    apart_in_memory[:] = points
    everywhere = np.broadcast_to(points[0], (5000, 3))
    kernel = build(program)
    for inputs, wanted in (
        (backwards, expected[::-1]),
        (apart_in_memory, expected),
        (everywhere, np.broadcast_to(expected[0], (5000, 4))),
    ):
        values = np.zeros((5000, 4))[:, ::2]
        derivatives = np.zeros((2, 5000), order="F").T[::-1]
        kernel(5000, [inputs[:, :1], inputs[:, 1:]], [values, derivatives], [False, False], None, None)
        np.testing.assert_array_equal(values, wanted[:, :2])
        np.testing.assert_array_equal(derivatives, wanted[:, 2:])


def test_an_input_may_be_an_output_and_an_output_come_twice() -> None:
    program = Program(["x", "unused", "y"])
    total = program.add("+", 0, 2)
    same = program.add("identity", total)
    last = program.add("*", same, program.add("detached", 2))
    program.outputs = (2, total, last, same, 0, 2)
    points = np.random.default_rng(3).normal(size=(3000, 3))
    x, y = points[:, 0], points[:, 2]
    np.testing.assert_array_equal(run(program, points), np.array([y, x + y, (x + y) * y, x + y, x, y]).T)


@pytest.mark.parametrize("name", [name for name in ops.TABLE if may_raise(Node(name))])
def test_a_point_is_suspect_where_an_operation_that_may_raise_gives_no_number(name: str) -> None:
    points = points_for(cases.ARITY[name])[: len(AWKWARD) ** cases.ARITY[name]]
    for derivative in (False, True):
        program = one_operation(name, cases.ARITY[name])
        program.nodes[-1] = program.nodes[-1]._replace(ieee=derivative)
        suspect = np.empty(len(points), bool)
        out = np.empty((len(points), 1))
        build(program)(len(points), [np.array(points)], [out], [False], None, suspect)
        expected = [not derivative and not math.isfinite(in_ieee(name, x)) for x in points]
        assert suspect.tolist() == expected
        if not derivative:
            assert all(flag for x, flag in zip(points, expected, strict=True) if _raises(name, x))


def _raises(name: str, operands: tuple[float, ...]) -> bool:
    try:
        ops.TABLE[name].value(*operands)
    except (ArithmeticError, ValueError, TypeError):
        return True
    return False


def test_a_point_stays_suspect_when_later_operations_give_numbers() -> None:
    program = Program(["x"])
    reciprocal = program.add("/", program.number(1.0), 0)
    program.outputs = (program.add("exp", program.add("neg", reciprocal)),)
    suspect, out = np.empty(3, bool), np.empty((3, 1))
    build(program)(3, [np.array([[1.0], [0.0], [-1.0]])], [out], [False], None, suspect)
    assert out[1, 0] == 0.0
    assert suspect.tolist() == [False, True, False]


def test_all_points_are_suspect_where_what_is_the_same_everywhere_gives_no_number() -> None:
    program = Program(["x", "w"])
    program.outputs = (program.add("*", 0, program.add("log", 1)),)
    points, suspect = np.ones((10, 1)), np.empty(10, bool)
    kernel, out = build(program), np.empty((10, 1))
    kernel(10, [points, np.array([[-1.0]])], [out], [False], None, suspect)
    assert suspect.all()
    kernel(10, [points, np.array([[1.0]])], [out], [False], None, suspect)
    assert not suspect.any()


def test_a_primitive_of_the_users_own_gets_floats(table_as_it_was: None) -> None:
    seen: list[type] = []

    def value(x: float) -> float:
        seen.append(type(x))
        if x < 0.0:
            raise ValueError("negative")
        return x + 1.0 if x < 10.0 else 1 / (x - 10.0)

    ops.unary("stubborn", value, lambda x, out: 1.0, "Return a number.", where_raises=lambda x: -5.0)
    results = run(one_operation("stubborn", 1), [(1.0,), (-1.0,), (10.0,), (12.0,)])
    assert results[:, 0].tolist() == [2.0, -5.0, -5.0, 0.5]
    assert set(seen) == {float}


def test_without_scipy_the_error_function_is_that_of_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "scipy", None)
    points = points_for(1)
    results = run(one_operation("erf", 1), points)
    for (x,), got in zip(points, results[:, 0].tolist(), strict=True):
        assert apart(got, math.erf(x)) == 0.0


@settings(max_examples=40, deadline=None, database=None)
@given(programs(most=8), st.randoms(use_true_random=False), st.booleans())
def test_each_node_of_a_random_gradient_is_its_operation(
    random: RandomProgram, source: Any, first: bool
) -> None:
    places = range(len(random.inputs))
    program = optimised(with_gradient(program_of(random, random.inputs), places))
    whole, numbers = cases.all_nodes(program)
    points = [random.inputs]
    points += [
        tuple([source.choice((x, x + source.gauss(0.0, 1.0), source.choice(AWKWARD))) for x in random.inputs])
        for _ in range(40)
    ]
    inputs = [np.array(points)[:, i : i + 1] for i in places]
    if first:  # the first input is the same at all points
        inputs[0] = inputs[0][:1]
        points = [(points[0][0], *x[1:]) for x in points]
    count = len(points) if any(len(x) > 1 for x in inputs) else 1
    valid = np.empty(count, bool)
    everything, outputs = np.empty((count, len(numbers))), np.empty((count, len(program.outputs)))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        build(whole)(count, inputs, [everything], [False], valid, None)
        build(program)(count, inputs, [outputs], [False], valid, None)
    for got in everything.tolist():
        cases.check_every_node(program, numbers, got, allowed)
    where = [numbers.index(place) for place in program.outputs]
    np.testing.assert_array_equal(outputs, everything[:, where])


def test_several_threads_may_run_one_kernel() -> None:
    def f(*x: Any) -> Any:
        return sum(100.0 * (b - a * a) ** 2 + amath.erfc(a) for a, b in pairwise(x))

    program = optimised(with_gradient(program_of(f, [1.2, 0.8, 1.1, 0.9]), range(4)))
    points = np.random.default_rng(4).normal(size=(40_000, 4))
    expected = run(program, points)
    kernel = build(program)
    results = np.empty_like(expected)
    errors: list[BaseException] = []

    def work(first: int) -> None:
        try:
            with warnings.catch_warnings():
                for begin in range(first, len(points), 4 * 997):
                    part = slice(begin, begin + 997)
                    kernel(len(points[part]), [points[part]], [results[part]], [False], None, None)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=(997 * i,)) for i in range(4)]
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    assert not errors
    np.testing.assert_array_equal(results, expected)


def test_memory_does_not_grow_with_the_points_and_the_nodes() -> None:
    def f(x: Any, y: Any) -> Any:
        for _ in range(3000):
            x = amath.sin(x) * y + 1.0
        return x

    kernel = build(program_of(f, [0.5, 0.25]))

    def needed(points: int) -> int:
        inputs, outputs = np.random.default_rng(5).random((points, 2)), np.empty((points, 1))
        kernel(points, [inputs], [outputs], [False], None, None)
        tracemalloc.start()
        kernel(points, [inputs], [outputs], [False], None, None)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    assert needed(LONGEST) < 1_000_000  # 9000 nodes with 4096 numbers each would be 295 MB
    assert needed(5 * LONGEST) < 1_000_000


def test_a_program_of_a_hundred_thousand_nodes_is_ready_in_seconds() -> None:
    program = Program(["x", "y"])
    place = 0
    for _ in range(50_000):
        place = program.add("+", program.add("*", place, 1), 0)
    program.outputs = (place,)
    start = time.perf_counter()
    results = run(program, [(1.0, 0.5), (0.25, 0.5)])
    assert time.perf_counter() - start < 5.0
    assert results[:, 0].tolist() == [2.0, 0.5]


def test_a_call_leaves_the_inputs_as_they_are() -> None:
    points = np.random.default_rng(6).normal(size=(100, 2))
    before = points.copy()
    run(optimised(with_gradient(program_of(lambda x, y: x * y, [1.0, 2.0]), [0, 1])), points)
    np.testing.assert_array_equal(points, before)


def test_a_kernel_says_how_many_points_it_is_meant_for() -> None:
    kernel = build(one_operation("sin", 1))
    assert isinstance(kernel, NumpyKernel)
    assert kernel.block >= LONGEST
