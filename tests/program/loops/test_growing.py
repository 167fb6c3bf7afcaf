"""Programs with loops, held to the last bit against the same programs as straight lines."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from loop_functions import FUNCTIONS, LISTS, MODES, Made, derived, point_of, recorded, with_loops

import autograd
from autograd import compile, math, value_and_grad
from autograd.program.loops import samples
from autograd.program.loops.program import LoopProgram
from autograd.program.loops.samples import derived_at

pytestmark = pytest.mark.usefixtures("table_as_it_was")

NOT_FOUND = {
    ("guarded", "hessian"), ("guarded", "hvp"),
    *[("both_ways", mode) for mode in MODES],
}  # fmt: skip
"""What might be loops, and is straight lines."""

MANY_INPUTS = {"rosenbrock", "two_arrays", "backwards", "pairs"}
"""Functions of arrays, whose Hessian is too large to be looked at here."""

MANY_TURNS = {("third_order", mode) for mode in ("value_and_grad", "hessian", "hvp")}
"""What comes again after three turns only, so that there are few turns of it."""

CASES = [
    (name, mode)
    for name in FUNCTIONS
    for mode in MODES
    if (name, mode) not in NOT_FOUND | MANY_TURNS and not (mode == "hessian" and name in MANY_INPUTS)
]


def alike(program: LoopProgram, straight: Any, *points: list[float]) -> bool:
    """Say whether a program with loops gives what straight lines give, however it is gone through."""
    stores = {i for i, node in enumerate(program.nodes) if node.op == "store"}
    assert stores.isdisjoint(i for node in program.nodes for i in node.operands)
    unrolled = program.unrolled()
    return all(  # 0.0 differs from -0.0, and NaN is NaN
        repr(program.run(point)) == repr(straight.run(point)) == repr(unrolled.run(point)) for point in points
    )


@pytest.mark.parametrize("turns", [60, 97])
@pytest.mark.parametrize(("name", "mode"), CASES)
def test_loops_give_what_straight_lines_give(name: str, mode: str, turns: int) -> None:
    made = FUNCTIONS[name](turns)
    program = recorded(made)
    loops = with_loops(program, mode)
    assert loops is not None
    assert loops.loops
    straight, point = derived(program, mode), point_of(made, mode)
    assert alike(loops, straight, point, [x * 0.9 + 0.01 for x in point])
    assert len(loops.nodes) < len(straight.nodes)


@pytest.mark.parametrize("turns", [450, 451, 452])
@pytest.mark.parametrize("mode", ["value", "value_and_grad"])
def test_what_comes_again_after_three_turns_is_a_loop_of_these(mode: str, turns: int) -> None:
    made = FUNCTIONS["third_order"](turns)
    program = recorded(made)
    loops = with_loops(program, mode)
    assert loops is not None
    straight, point = derived(program, mode), point_of(made, mode)
    assert alike(loops, straight, point)
    assert 5 * len(loops.nodes) < len(straight.nodes)


@pytest.mark.parametrize(("name", "mode"), sorted(NOT_FOUND))
def test_what_is_not_found_stays_straight_lines(name: str, mode: str) -> None:
    assert with_loops(recorded(FUNCTIONS[name](60)), mode) is None


@pytest.mark.parametrize("name", LISTS)
def test_results_of_each_turn_are_stored(name: str) -> None:
    made = LISTS[name](60)
    program = recorded(made)
    loops = with_loops(program, "value")
    assert loops is not None
    assert len(loops.outputs) >= 61
    assert loops.outputs.count(-1) >= 50
    assert alike(loops, derived(program, "value"), [*made[1]])


@pytest.mark.parametrize(("name", "mode"), [("garch", "value_and_grad"), ("epidemic", "hessian")])
def test_the_program_does_not_grow_with_the_turns(name: str, mode: str) -> None:
    few, many = [with_loops(recorded(FUNCTIONS[name](turns)), mode) for turns in (60, 600)]
    assert few is not None
    assert many is not None
    assert len(few.nodes) == len(many.nodes)


def test_a_guard_fails_in_the_turn_in_which_it_does_in_straight_lines() -> None:
    made = FUNCTIONS["guarded"](60)
    program = recorded(made)
    loops = with_loops(program, "value_and_grad")
    assert loops is not None
    assert loops.guards
    straight, unrolled = derived(program, "value_and_grad"), loops.unrolled()
    for point in ([0.1, -0.5, 0.8], [0.1, 0.1, -0.9], [-0.1, 0.1, 0.8], [float("nan"), 0.1, 0.8]):
        assert repr(loops.run(point)) == repr(straight.run(point)) == repr(unrolled.run(point))
    assert loops.run([-0.1, 0.1, 0.8]) is None


def test_what_raises_in_straight_lines_raises_in_loops() -> None:
    program = recorded(FUNCTIONS["unused"](60))
    loops = with_loops(program, "value")
    assert loops is not None
    for point in ([0.5, -1.0], [0.5, -0.5], [0.0, 0.0]):
        with pytest.raises((ArithmeticError, ValueError)) as straight:
            derived(program, "value").run(point)
        with pytest.raises(straight.type):
            loops.run(point)


def of_two_paths(a: Any, b: Any) -> Any:
    x = a
    for t in range(100):
        if x < 0.0:
            return x
        x = x + (b - 1.5) * 0.001 * t
    y = math.log(b)
    for _ in range(100):
        x = x * 0.9 + y * math.sin(x)
    return x


def test_what_may_raise_waits_for_the_guards_before_it() -> None:
    program = recorded((of_two_paths, (1.0, 2.0)))
    for mode in ("value", "value_and_grad"):
        loops = with_loops(program, mode)
        assert loops is not None
        assert derived(program, mode).run([1.0, -1.0]) is None
        assert loops.run([1.0, -1.0]) is None


def few_turns(n: int) -> Made:
    def f(a: Any, b: Any) -> Any:
        x = a
        for t in range(n):
            x = math.sin(x) * b + 1.0 / (t + 1)
        return x

    return f, (0.5, 0.25)


def test_few_turns_stay_straight_lines() -> None:
    assert with_loops(recorded(few_turns(20)), "value") is None
    assert with_loops(recorded(few_turns(40)), "value") is not None


@pytest.mark.parametrize("make", [FUNCTIONS["garch"], FUNCTIONS["nested"], FUNCTIONS["rosenbrock"]])
@pytest.mark.parametrize("backend", ["python", "numpy"])
def test_compiled_functions_have_loops(make: Callable[[int], Made], backend: str) -> None:
    f, arguments = make(150)
    by = tuple(range(len(arguments)))
    fast = compile(f, by, backend=backend)
    expected = value_and_grad(f, by)(*arguments)
    found = fast.value_and_grad(*arguments)
    if backend == "python":
        assert repr(found) == repr(expected)
    else:
        assert found[0] == pytest.approx(expected[0], rel=1e-13)
        assert found[1] == pytest.approx(expected[1], rel=1e-12)
    assert "for " in fast.source


def smoothed(a: Any, b: Any) -> Any:
    """Of which a derivative multiplies numbers with each other, from turn to turn."""
    slow, fast, total = a, 0.0, 0.0
    for _ in range(200):
        slow = 0.9 * slow + a * b
        fast = fast / 4.0 - slow * 2.0
        total = total * 0.99 + fast * 0.5 - 1.0 * b
    return total


@pytest.mark.parametrize("mode", ["value_and_grad", "hessian", "hvp"])
def test_numbers_that_derivatives_multiply_with_each_other_are_hidden(mode: str) -> None:
    fast, (a, b) = compile(smoothed, (0, 1)), (0.3, -0.7)
    vector = {"vector": (1.0, 2.0)} if mode == "hvp" else {}
    assert repr(getattr(fast, mode)(a, b, **vector)) == repr(
        getattr(autograd, mode)(smoothed, (0, 1))(a, b, **vector)
    )
    ((path,),) = [signature.paths for signature in fast._recordings.signatures]
    program = path.derived(mode).program
    assert isinstance(program, LoopProgram)
    assert len(program.nodes) < 300


def test_what_grows_in_no_loop_is_given_up_early(monkeypatch: pytest.MonkeyPatch) -> None:
    np = pytest.importorskip("numpy")

    def heat(u: Any) -> Any:  # the sweep back goes through as many turns at once as there are cells
        for _ in range(60):
            u = u + 0.1 * (np.concatenate([u[1:], u[-1:]]) - 2.0 * u + np.concatenate([u[:1], u[:-1]]))
        return np.sum(u * u)

    nodes: list[int] = []

    def counted(*args: Any) -> Any:
        program = derived_at(*args)
        nodes.append(len(program.nodes))
        return program

    monkeypatch.setattr(samples, "derived_at", counted)
    point = np.linspace(-1.0, 2.0, 40)
    assert np.array_equal(compile(heat).grad(point), autograd.grad(heat)(point))
    assert nodes
    assert sum(nodes) < 4 * 60 * 40 * 7  # of which a turn has seven for each cell
