"""Programs with loops on NumPy arrays, held against the same programs as straight lines."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest
from loop_functions import FUNCTIONS, LISTS, RETURNS, derived, point_of, recorded, with_loops
from loop_programs import BY_HAND, NESTED
from loop_writers import RandomLoops

from autograd import compile, math, ops, vmap
from autograd.program.kernels import Batch
from autograd.program.loops.program import Element, LoopProgram
from autograd.program.numpy.kernel import build
from autograd.program.numpy.schedule import Schedule
from autograd.program.straight_line.program import Node, Program

pytestmark = pytest.mark.usefixtures("table_as_it_was")

Results = tuple[Any, Any, Any, Any]


@pytest.fixture(params=[(128, 512, 4096), (7, 7, 7)], ids=["usual pieces", "short pieces"])
def pieces(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run with pieces of the usual length, and with some so short that all calls take several."""
    for name, length in zip(("SHORTEST", "SHORT", "LONGEST"), request.param, strict=True):
        monkeypatch.setattr(f"autograd.program.numpy.kernel.{name}", length)


def results(program: Program, inputs: list[Any], points: int) -> Results:
    """The outputs at each point, their sums, where guards hold, and what is suspect."""
    out, total = np.full((points, len(program.outputs)), 99.0), np.zeros((1, len(program.outputs)))
    valid, suspect = np.zeros(points, bool), np.zeros(points, bool)
    kernel = build(program)
    kernel(Batch(points, inputs, [out], [False], valid, suspect))
    kernel(Batch(points, inputs, [total], [True], valid, None))
    return out, total, valid, suspect


def alike(found: Results, expected: Results, exactly: bool) -> bool:
    """Say whether results are the same, but for outputs where guards fail, and for the rounding of sums."""
    valid = expected[2]
    if not (np.array_equal(found[2], valid) and np.array_equal(found[3][valid], expected[3][valid])):
        return False
    xs, ys = found[0][valid], expected[0][valid]
    close = np.array_equal(xs, ys, equal_nan=True) if exactly else np.allclose(xs, ys, 1e-12, 0, True)
    return close and np.allclose(found[1], expected[1], 1e-11, 1e-11, True)


def some_points(around: list[float], count: int) -> Any:
    draw = np.random.default_rng(len(around))
    points = np.array(around) + 0.05 * draw.normal(size=(count, len(around)))
    points[3] *= -1.0
    points[5] *= 40.0
    return points


CASES = [
    ("garch", "value_and_grad"), ("garch", "hessian"), ("guarded", "value_and_grad"),
    ("epidemic", "value_and_grad"),
    ("rosenbrock", "hvp"), ("swapping", "hessian"), ("autoregression", "hessian"), ("several", "hvp"),
    ("of_lengths", "value_and_grad"), ("two_arrays", "value_and_grad"), ("of_rows", "value_and_grad"),
    ("ends_differ", "hvp"), ("early_turns", "value_and_grad"), ("even_and_odd", "hvp"), ("nested", "hvp"),
    ("choices", "hessian"), ("detached", "hvp"), ("inner_derivative", "value_and_grad"), ("powers", "value"),
    ("of_the_users_own", "value_and_grad"), ("unused", "value_and_grad"), ("third_order", "value"),
    ("backwards", "value_and_grad"), ("pairs", "hvp"), ("whole_sums", "value"), ("filtered", "value"),
    ("each_squared", "value"),
]  # fmt: skip


@pytest.mark.usefixtures("pieces")
@pytest.mark.parametrize(("name", "mode"), CASES)
def test_loops_give_what_straight_lines_give(name: str, mode: str) -> None:
    made = (FUNCTIONS | LISTS)[name](60 if name == "even_and_odd" else 40)
    program = recorded(made)
    loops = with_loops(program, mode)
    assert loops is not None
    straight, around = derived(program, mode), point_of(made, mode)
    points = some_points(around, 17)
    count = len(around)
    for batched in ([1] * count, [0] * count, [i % 2 for i in range(count)], [1] + [0] * (count - 1)):
        inputs = [points[:, i : i + 1] if batched[i] else points[:1, i : i + 1] for i in range(count)]
        # What is the same at all points is computed by Python's functions, and else by NumPy's.
        exactly = all(batched) or not any(batched)
        assert alike(results(loops, inputs, 17), results(straight, inputs, 17), exactly)


@pytest.mark.usefixtures("pieces")
@pytest.mark.parametrize("name", BY_HAND)
def test_loops_written_down_by_hand(name: str) -> None:
    program = BY_HAND[name]()
    straight = program.unrolled()
    count = len(program.inputs)
    points = np.random.default_rng(7).uniform(-1.0, 2.0, (17, count))
    for batched in product([False, True], repeat=count):
        inputs = [points[:, i : i + 1] if batched[i] else points[:1, i : i + 1] for i in range(count)]
        assert alike(results(program, inputs, 17), results(straight, inputs, 17), True), batched


@pytest.mark.usefixtures("pieces")
@pytest.mark.parametrize("name", NESTED)
def test_loops_in_loops(name: str) -> None:
    program = NESTED[name]()
    straight, count = program.unrolled(), len(program.inputs)
    draw = np.random.default_rng(7)
    points = draw.uniform(-1.0, 2.0, (17, count))
    for batched in [[True] * count, [False] * count, *draw.integers(0, 2, (12, count)).tolist()]:
        inputs = [points[:, i : i + 1] if batched[i] else points[:1, i : i + 1] for i in range(count)]
        assert alike(results(program, inputs, 17), results(straight, inputs, 17), True), batched


@pytest.mark.parametrize("seed", [2, 4, 8, 10, 11, 13, 14, 17, 64])
def test_random_loops_in_loops(seed: int) -> None:
    program = RandomLoops(seed, (3, 6, 10)[seed % 3], mixed=False, depth=2 + seed % 2).program
    straight, count = program.unrolled(), len(program.inputs)
    draw = np.random.default_rng(seed)
    points = draw.uniform(-0.3, 0.3, (17, count))
    for batched in [[True] * count, [False] * count, *draw.integers(0, 2, (3, count)).tolist()]:
        inputs = [points[:, i : i + 1] if batched[i] else points[:1, i : i + 1] for i in range(count)]
        assert alike(results(program, inputs, 17), results(straight, inputs, 17), True), batched


def test_numbers_that_are_stored_again_while_they_are_used() -> None:
    program = LoopProgram("ab")
    program.arrays = [3]
    nodes, elements = program.nodes, program.elements
    half = program.number(0.5)
    program.add("loop", number=4.0)
    outer = program.add("phi", 0, -1)
    program.add("loop", number=3.0)
    inner = program.add("phi", 1, -1)
    new = program.add("+", program.add("*", inner, half), outer)
    elements[program.add("store", new)] = Element(0, 0, 1)
    program.add("end")
    nodes[inner] = Node("phi", (1, new))
    elements[first := program.add("element")] = Element(0, 0)
    elements[program.add("store", outer)] = Element(0, 0)
    elements[again := program.add("element")] = Element(0, 0)
    both = program.add("-", first, program.add("*", again, new))
    program.add("end")
    nodes[outer] = Node("phi", (0, both))
    program.outputs = (both, first, again, new)
    points = np.random.default_rng(7).uniform(-1.0, 2.0, (17, 2))
    for first, second in ((17, 17), (1, 17), (17, 1)):
        inputs = [points[:first, :1], points[:second, 1:]]
        found = results(program, inputs, 17)[0].tolist()
        rows = np.hstack([np.broadcast_to(x, (17, 1)) for x in inputs]).tolist()
        assert found == [program.run(row) for row in rows]


def test_a_loop_of_what_is_the_same_at_all_points_is_done_once_in_a_call() -> None:
    calls: list[float] = []
    ops.unary("noted", lambda x: calls.append(x) or 0.5 * x, None, "Return x / 2, and note it.")  # type: ignore[func-returns-value]
    program = LoopProgram("ab")
    program.add("loop", number=30.0)
    program.add("phi", 0, 4)
    program.add("noted", 3)
    program.add("end")
    program.outputs = (program.add("*", 1, 4),)
    ys = np.linspace(1.0, 2.0, 5000).reshape(-1, 1)
    out = np.empty((5000, 1))
    build(program)(Batch(5000, [np.array([[1.0]]), ys], [out], [False], None, None))
    assert calls == [2.0**-t for t in range(30)]
    assert out.tolist() == (ys * 2.0**-30).tolist()


def test_memory_does_not_grow_with_the_turns_of_a_loop_that_keeps_nothing() -> None:
    rows = []
    for turns in (60, 600):
        loops = with_loops(recorded(FUNCTIONS["epidemic"](turns)), "value")
        assert loops is not None
        rows.append(Schedule(loops, True, ((2, True),)).memory.rows)
    assert rows[0] == rows[1] < 40


def test_what_a_loop_keeps_shortens_the_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    made = FUNCTIONS["garch"](300)
    loops = with_loops(recorded(made), "value_and_grad")
    assert loops is not None
    points = some_points([*made[1]], 50)
    expected = results(loops, [points], 50)
    monkeypatch.setattr("autograd.program.numpy.kernel.MOST", 8 * 1500 * 20)
    schedule = Schedule(loops, True, ((4, True),))
    assert schedule.memory.rows > 1500
    found = results(loops, [points], 50)
    assert alike(found, expected, True)


def test_a_choice_by_an_index_in_a_loop() -> None:
    program = LoopProgram("ab")
    program.arrays = [[0.0, 1.0, 2.0, 1.0]]
    third = program.number(0.5)
    program.add("loop", number=4.0)
    program.add("phi", 0, 7)
    index = program.add("element")
    program.elements[index] = Element(0, 0, 1)
    chosen = program.add("gather…", index, 1, third, 4)
    program.add("+", chosen, 4)
    program.add("end")
    program.outputs = (7,)
    points = np.random.default_rng(3).uniform(-1.0, 1.0, (20, 2))
    out = results(program, [points], 20)[0]
    assert out.tolist() == [program.run(point) for point in points]


def test_suspicion_in_one_turn_is_enough() -> None:
    def f(a: Any, b: Any) -> Any:
        x = a
        for t in range(60):
            x = x * 0.5 + 1.0 / (b - 10.0 - t) ** 2 / (1.0 + x * x)
        return x

    program = recorded((f, (0.5, 0.25)))
    loops = with_loops(program, "value")
    assert loops is not None
    assert loops.loops
    points = np.array([[0.5, b] for b in (0.25, 10.0, 30.0, 69.0, 70.0, 9.5)])
    suspect = results(loops, [points], 6)[3]
    assert suspect.tolist() == [False, True, True, True, False, False]
    assert suspect.tolist() == results(derived(program, "value"), [points], 6)[3].tolist()


def test_batches_of_compiled_functions_go_through_loops() -> None:
    def f(a: Any, b: Any) -> Any:
        x = a
        for t in range(300):
            x = math.tanh(x * b) + RETURNS[t]
            if x < -50.0:
                raise ValueError("too low")
        return x * x

    fast = compile(f, (0, 1), backend="numpy")
    batched = vmap(fast, in_axes=0, reduce=None)
    a, b = np.linspace(-1.0, 1.0, 30), np.linspace(0.1, 2.0, 30)
    value, (da, db) = batched.value_and_grad(a, b)
    for i in (0, 7, 29):
        expected, (first, second) = fast.value_and_grad(float(a[i]), float(b[i]))
        assert value[i] == pytest.approx(expected, rel=1e-12)
        assert da[i] == pytest.approx(first, rel=1e-9, abs=1e-12)
        assert db[i] == pytest.approx(second, rel=1e-9, abs=1e-12)


def test_what_is_used_of_the_last_turn_may_have_raised_in_another() -> None:
    program = LoopProgram("ab")
    program.arrays = [[float(t) for t in range(30)]]
    one = program.number(1.0)
    program.add("loop", number=30.0)
    turn = program.add("element")
    program.elements[turn] = Element(0, 0, 1)
    inverse = program.add("/", one, program.add("-", 1, turn))
    program.add("end")
    program.outputs = (program.add("+", 0, inverse),)
    points = np.array([[0.5, b] for b in (0.25, 3.0, 29.0, 30.0)])
    out, _, _, suspect = results(program, [points], 4)
    assert suspect.tolist() == [False, True, True, False]
    assert suspect.tolist() == results(program.unrolled(), [points], 4)[3].tolist()
    assert out[1, 0] == 0.5 + 1.0 / (3.0 - 29.0)


def test_arrays_without_a_loop() -> None:
    program = LoopProgram("ab")
    program.arrays = [[0.5, 2.0], 1]
    program.elements[table := program.add("element")] = Element(0, 1)
    twice = program.add("*", table, 1)
    program.elements[program.add("store", twice)] = Element(1, 0)
    program.elements[again := program.add("element")] = Element(1, 0)
    program.outputs = (program.add("+", again, 0), table)
    points = np.array([[0.5, 3.0], [1.5, -1.0]])
    for batched in product([False, True], repeat=2):
        inputs = [points[:, i : i + 1] if batched[i] else points[:1, i : i + 1] for i in range(2)]
        expected = [program.run([points[i if batched[k] else 0, k] for k in range(2)]) for i in range(2)]
        assert results(program, inputs, 2)[0].tolist() == expected
