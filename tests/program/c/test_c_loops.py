"""Programs with loops in C, held to the last bit against the same programs as straight lines."""

from __future__ import annotations

import ctypes
import math as pythons_math
import random
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from c_compiler import Build, builder, called
from loop_functions import FUNCTIONS, LISTS, RETURNS, derived, numbers, point_of, recorded, with_loops
from loop_programs import BY_HAND, NESTED
from straight_lines import same

from autograd import compile
from autograd.program.c.loops import ON_THE_STACK
from autograd.program.c.source import to_c, to_c_paths
from autograd.program.loops.program import LoopProgram

pytestmark = pytest.mark.usefixtures("table_as_it_was")


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    return builder(tmp_path_factory)


def in_place(function: Any, inputs: Sequence[float], count: int) -> list[float]:
    """The same, written over the inputs."""
    memory = (ctypes.c_double * max(len(inputs), count, 1))(*inputs)
    assert function(memory, memory) == 0
    return list(memory)[:count]


CASES = [
    ("garch", "value_and_grad"), ("guarded", "value_and_grad"), ("epidemic", "value"),
    ("rosenbrock", "value_and_grad"), ("autoregression", "hessian"), ("several", "hessian"),
    ("of_lengths", "value_and_grad"), ("two_arrays", "hvp"), ("early_turns", "hvp"),
    ("even_and_odd", "hessian"), ("nested", "value_and_grad"), ("choices", "value_and_grad"),
    ("detached", "hvp"), ("inner_derivative", "value_and_grad"), ("of_the_users_own", "hvp"),
    ("unused", "hvp"), ("backwards", "value_and_grad"), ("pairs", "hvp"), ("whole_sums", "value_and_grad"),
    ("filtered", "value"), ("each_squared", "value"), ("third_order", "value"), ("powers", "value_and_grad"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "mode"), CASES)
def test_loops_in_c_give_what_straight_lines_give_in_c(build: Build, name: str, mode: str) -> None:
    made = (FUNCTIONS | LISTS)[name](60)
    program = recorded(made)
    loops = with_loops(program, mode)
    assert loops is not None
    library = build(to_c(loops, "loops"), to_c(derived(program, mode), "lines"))
    count = len(loops.outputs)
    for at in (point_of(made, mode), [x * 0.9 + 0.01 for x in point_of(made, mode)]):
        expected = called(library.lines, at, count)
        assert repr(called(library.loops, at, count)) == repr(expected)
        if expected is not None:
            assert repr(in_place(library.loops, at, count)) == repr(expected)


@pytest.mark.parametrize("name", ["rosenbrock", "autoregression", "epidemic", "two_arrays"])
def test_loops_of_arithmetic_give_what_they_give_in_python(build: Build, name: str) -> None:
    made = FUNCTIONS[name](60)
    loops = with_loops(recorded(made), "value")
    assert loops is not None
    outputs = called(build(to_c(loops)).f, made[1], len(loops.outputs)) or []
    ulps = 0.0 if name in ("rosenbrock", "epidemic") else 4.0  # of exp and log
    assert all(same(x, y, ulps) for x, y in zip(outputs, loops.run(made[1]) or [], strict=True))


@pytest.mark.parametrize("name", BY_HAND)
def test_loops_written_down_by_hand(build: Build, name: str) -> None:
    program = BY_HAND[name]()
    f = build(to_c(program)).f
    for point in ([0.75, 1.5, 3.0, 0.1], [2.0, 0.5, -0.25, 1.0], [0.3, 3.0, 0.5, -1.0], [5e5, 1.0, 1.0, 1.0]):
        at = point[: len(program.inputs)]
        assert called(f, at, len(program.outputs)) == program.run(at)


@pytest.mark.parametrize("name", NESTED)
def test_loops_in_loops(build: Build, name: str) -> None:
    program = NESTED[name]()
    f = build(to_c(program)).f
    for seed in range(9):
        draw = random.Random(seed)
        point = [draw.uniform(-1.0, 2.0) for _ in program.inputs]
        expected = program.run(point)
        assert called(f, point, len(program.outputs)) == expected
        if expected is not None:
            assert in_place(f, point, len(program.outputs)) == expected


def test_loops_in_loops_whose_inputs_lie_in_another_order(build: Build) -> None:
    first, second = NESTED["three_deep"](), NESTED["three_deep"]()
    order = [*range(0, 26, 2), *range(1, 26, 2)]
    second.inputs = tuple(first.inputs[i] for i in order)
    text = to_c_paths([with_guard(first), second], "f")
    assert "static const long places_0[" in text
    f = build(text).f
    point = [-0.5, *numbers(25, 9)]
    assert called(f, point, len(first.outputs)) == second.run([point[i] for i in order])


def test_the_text_is_as_short_for_many_turns_as_for_few() -> None:
    texts = []
    for turns in (60, 80):
        loops = with_loops(recorded(FUNCTIONS["epidemic"](turns)), "value_and_grad")
        assert loops is not None
        texts.append(to_c(loops))
    assert len(texts[0].splitlines()) == len(texts[1].splitlines())
    assert "for (long" in texts[0]


def test_much_memory_comes_from_malloc(build: Build) -> None:
    def f(a: Any, b: Any) -> Any:
        x = a
        for t in range(2200):
            x = x * b + RETURNS[t] * x * x * 1e-3
        return x

    made = f, (0.5, 0.25)
    program = recorded(made)
    loops = with_loops(program, "value_and_grad")
    assert loops is not None
    assert sum(x for x in loops.arrays if isinstance(x, int)) > ON_THE_STACK
    text = to_c(loops)
    assert "#include <stdlib.h>" in text
    about = " ".join(text.partition("*/")[0].replace("\n *", "\n").split())
    assert "It takes memory for" in about
    assert "it returns 2, and leaves y as it is, where there is none" in about
    f_in_c = build(text).f
    assert called(f_in_c, made[1], 3) == loops.run(made[1])
    points = [(0.5, 0.001 * i) for i in range(9)]
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda point: called(f_in_c, point, 3), points))
    assert found == [loops.run(point) for point in points]


def test_without_memory_it_gives_2_and_leaves_the_outputs(build: Build) -> None:
    program = many_results()
    text = to_c(program).replace("malloc(", "malloc_of_none(")
    nothing = "#include <stddef.h>\nstatic void *malloc_of_none(size_t n) { (void)n; return NULL; }\n"
    f = build(nothing + text).f
    y = (ctypes.c_double * len(program.outputs))(*[99.0] * len(program.outputs))
    assert f((ctypes.c_double * 2)(1.0, 2.0), y) == 2
    assert {*y} == {99.0}
    two = to_c_paths([program, BY_HAND["fibonacci"]()], "g").replace("malloc(", "malloc_of_none(")
    assert build(nothing + two).g((ctypes.c_double * 2)(1.0, 2.0), y) == 2


def many_results() -> LoopProgram:
    loops = with_loops(recorded(LISTS["filtered"](ON_THE_STACK + 10)), "value")
    assert loops is not None
    return loops


def test_paths_of_which_one_needs_memory(build: Build) -> None:
    large, small = many_results(), BY_HAND["fibonacci"]()
    large.inputs = small.inputs
    f = build(to_c_paths([with_guard(large), small], "f")).f
    count = len(large.outputs)
    assert called(f, [1.0, 0.5], count) == large.run([1.0, 0.5])
    assert called(f, [-1.0, 0.5], 10) == small.run([-1.0, 0.5])


def test_paths_whose_inputs_lie_in_another_order(build: Build) -> None:
    made = FUNCTIONS["rosenbrock"](60)
    first, second = [with_loops(recorded(made), "value_and_grad") for _ in range(2)]
    assert first is not None
    assert second is not None
    order = [*range(1, 61, 2), *range(0, 61, 2)]
    second.inputs = tuple(f"x{i}" for i in order)
    text = to_c_paths([with_guard(first), second], "f")
    assert "static const long places_0[" in text
    f = build(text).f
    point = [0.5, *numbers(60, 9)]
    assert called(f, point, 62) == first.run(point)
    turned = [-1.0, *point[1:]]
    assert called(f, turned, 62) == second.run([turned[i] for i in order])


def with_guard(program: LoopProgram) -> LoopProgram:
    """The same program, where its first input is at least 0."""
    program.guards[program.add(">=", 0, program.number(0.0))] = True
    return program


def test_compiled_functions_have_loops_in_c(build: Build) -> None:
    f, arguments = FUNCTIONS["garch"](300)
    fast = compile(f, (0, 1, 2, 3))
    value, gradient = fast.value_and_grad(*arguments)
    text = fast.to_c()
    assert "for (long" in text
    assert " *     x[0]: omega\n" in text
    found = called(build(text).f, arguments, 5)
    assert found == pytest.approx([value, *gradient], rel=1e-12)


def test_an_error_that_is_caught_is_another_path_also_in_loops(build: Build) -> None:
    def f(a: Any, b: Any) -> Any:
        x = a
        try:
            for t in range(300):
                x = 1.0 / x + b * t
        except ZeroDivisionError:
            return -1.0
        return x

    fast = compile(f, (0, 1))
    assert fast(0.0, 0.5) == -1.0
    value = fast(1.0, 0.5)
    in_c = build(fast.to_c("value")).f
    assert called(in_c, [1.0, 0.5], 1) == [value]
    assert called(in_c, [0.0, 0.5], 1) == [-1.0]
    assert pythons_math.isfinite(value)


def test_a_loop_that_a_guard_ends_has_each_number_of_turns_that_is_known(build: Build) -> None:
    def f(x: Any) -> Any:
        while x < 50.0:
            x = x * 1.25 + 0.1
        return x * x

    fast = compile(f)
    starts = (1.0, 2.0, 4.0, 8.0, 12.0)
    for x in starts:
        fast.value_and_grad(x)
    assert len(fast._recordings.latest().paths) == 1
    function = build(fast.to_c("value_and_grad")).f
    for x in starts:
        assert called(function, [x], 2) == [*fast.value_and_grad(x)]
    assert called(function, [20.0], 2) is None
