"""Programs in C: compiled, and held against Python's own functions and against numbers to many digits."""

from __future__ import annotations

import ctypes
import math
import random
import shutil
import subprocess
from collections.abc import Sequence
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from c_cases import AWKWARD, GAMMA, PRIMITIVES, branching
from c_compiler import Build, builder, called
from hypothesis import HealthCheck, given, settings
from random_programs import Program as RandomProgram
from random_programs import Reference, programs
from straight_lines import same, with_derivatives

from autograd import math as amath
from autograd.program.c.source import to_c, to_c_paths
from autograd.program.straight_line.program import RELATIONS, Program, computed

inf, nan = math.inf, math.nan


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    return builder(tmp_path_factory)


# Programs


def all_nodes(program: Program) -> Program:
    """The program with every number in it as an output."""
    places = [i for i, node in enumerate(program.nodes) if node.op not in RELATIONS]
    return Program(program.inputs, program.nodes, program.guards, places)


def follows(program: Program, inputs: Sequence[float], outputs: Sequence[float]) -> bool:
    """Hold each output of `all_nodes` against what Python makes of the outputs before it.

    Return whether the sign of a NaN has decided something, which a compiler chooses as it likes.
    """
    values: dict[int, Any] = {}
    by_sign_of_nan = False
    it = iter(outputs)
    for place, node in enumerate(program.nodes):
        operands = [values[i] for i in node.operands]
        if node.op in RELATIONS:
            values[place] = computed(node, operands)
            continue
        values[place] = next(it)
        if node.op == "input":
            assert same(values[place], inputs[place])
        elif node.op not in GAMMA:
            found, expected = values[place], computed(node._replace(ieee=True), operands)
            if node.op == "copysign" and operands[1] != operands[1]:
                found, expected, by_sign_of_nan = abs(found), abs(expected), True
            assert same(found, expected, ulps=2), (place, node, operands)
    return by_sign_of_nan


@settings(max_examples=30, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(programs())
def test_random_programs_agree_step_by_step_and_with_their_derivatives_to_many_digits(
    build: Build, drawn: RandomProgram
) -> None:
    program = with_derivatives(drawn, *drawn.inputs)
    every = all_nodes(program)
    library = build(to_c(program, "results"), to_c(every, "steps"))
    count = len(program.outputs)
    for inputs in (
        drawn.inputs,
        [0.0] * len(drawn.inputs),
        [-inf] * len(drawn.inputs),
        [1e300, nan, 1.0, -1.0],
    ):
        point = inputs[: len(drawn.inputs)]
        outputs = called(library.steps, point, len(every.outputs))
        assert outputs is not None
        by_sign_of_nan = follows(every, point, outputs)
        at = dict(zip(every.outputs, outputs, strict=True))
        results = called(library.results, point, count) or []
        assert by_sign_of_nan or all(map(same, results, [at[place] for place in program.outputs]))
    reference = Reference(drawn)
    value, *gradient = called(library.results, drawn.inputs, count) or []
    assert abs(value - reference.value) <= reference.value_bound
    for x, expected, bound in zip(gradient, reference.gradient, reference.gradient_bound, strict=True):
        assert abs(x - expected) <= bound


def test_expressions_keep_their_order(build: Build) -> None:
    program = Program("abc")
    a, b, c = 0, 1, 2
    program.outputs = (
        program.add("-", a, program.add("-", b, c)),
        program.add("-", program.add("-", a, b), c),
        program.add("+", a, program.add("+", b, c)),
        program.add("/", a, program.add("*", b, c)),
        program.add("*", program.add("+", a, b), program.add("-", b, c)),
        program.add("neg", program.add("neg", program.add("+", a, b))),
        program.add("-", a, program.add("neg", program.number(-3.0))),
        program.add("neg", program.number(-inf)),
        program.add("*", program.add("where", program.add("<", a, b), b, c), c),
        program.add("where", program.add("<", program.add("where", program.add("<", a, b), b, c), c), a, b),
        program.add("+", program.add("floor", a), program.add("abs", b)),
        program.add("*", program.add("round", a), c),
        program.add("identity", a),
        program.add("detached", b),
    )
    f = build(to_c(program)).f
    for point in product([0.1, 2.5, -1e16, 1.0], repeat=3):
        assert called(f, point, len(program.outputs)) == program.run(point)


def test_numbers_are_read_back_exactly(build: Build) -> None:
    draw = random.Random(11)
    numbers = [
        *AWKWARD,
        *(math.ldexp(draw.uniform(-1.0, 1.0), draw.randint(-1074, 1024)) for _ in range(200)),
    ]
    program = Program([])
    program.outputs = tuple([program.number(x) for x in numbers])
    results = called(build(to_c(program)).f, [], len(numbers)) or []
    assert all(map(same, results, numbers))


def test_the_outputs_may_be_written_over_the_inputs(build: Build) -> None:
    program = Program("ab")
    program.outputs = (1, 0, program.add("+", 0, 1), 0)
    memory = (ctypes.c_double * 4)(1.5, 2.0, 0.0, 0.0)
    assert build(to_c(program)).f(memory, memory) == 0
    assert list(memory) == [2.0, 1.5, 3.5, 1.5]


def test_a_program_without_inputs_or_outputs(build: Build) -> None:
    assert called(build(to_c(Program([]))).f, [], 0) == []
    assert called(build(to_c(Program("ab"))).f, [1.0, 2.0], 0) == []


def test_what_no_output_needs_is_left_out(build: Build) -> None:
    program = Program("ab")
    program.add("sigmoid", program.add("log", 0))
    program.outputs = (program.add("*", 1, 1),)
    text = to_c(program)
    assert "log" not in text
    assert "sigmoid" not in text
    assert called(build(text).f, [-1.0, 3.0], 1) == [9.0]


def test_ten_thousand_operations_compile_in_a_moment(build: Build) -> None:
    def f(x: Any, y: Any) -> Any:
        for i in range(480):
            x, y = amath.tanh(0.9 * x + 0.1 * y * y), 0.5 * y - 0.25 * x * (i % 7 - 3.0)
        return x + y

    program = with_derivatives(f, 0.5, 0.25)
    assert program.operations > 10_000
    outputs = called(build(to_c(program)).f, [0.5, 0.25], 3)
    assert outputs == pytest.approx(program.run([0.5, 0.25]), rel=1e-9)


# Paths


def test_guards_that_do_not_hold(build: Build) -> None:
    program = with_derivatives(branching, 0.5, 0.25)
    f = build(to_c(program)).f
    points = [*product([-1.0, 0.25, 0.5, 1.5, 2.0, nan, inf], repeat=2)]
    expected = [program.run(point) for point in points]
    assert None in expected
    assert any(expected)
    for point, run in zip(points, expected, strict=True):
        outputs = called(f, point, 3)
        assert (outputs is None) == (run is None)
        assert all(map(same, outputs or [], run or []))


@pytest.mark.parametrize("relation", sorted(RELATIONS))
@pytest.mark.parametrize("outcome", [True, False])
def test_every_comparison_is_as_in_python(build: Build, relation: str, outcome: bool) -> None:
    program = Program("ab")
    test = program.add(relation, 0, 1)
    program.guards[test] = outcome
    program.outputs = (program.add("where", test, 0, 1),)
    f = build(to_c(program)).f
    for point in product([0.0, -0.0, 1.0, inf, nan], repeat=2):
        outputs, run = called(f, point, 1), program.run(point)
        assert (outputs is None) == (run is None)
        assert all(map(same, outputs or [], run or []))


def test_several_paths_are_tried_one_after_the_other(build: Build) -> None:
    paths = [with_derivatives(branching, *point) for point in ((2.0, 3.0), (0.5, 0.25), (0.25, 0.5))]
    library = build(to_c_paths(paths, "f"), to_c_paths(paths[:2], "two"))
    for x, y in product([-1.0, 0.25, 0.5, 2.0, 4.0], repeat=2):
        expected = next(run for run in (path.run([x, y]) for path in paths) if run)
        assert called(library.f, [x, y], 3) == expected
        assert called(library.two, [x, y], 3) == (None if x * y <= 2.0 and x < y else expected)


def test_paths_with_inputs_of_their_own(build: Build) -> None:
    first, second = Program(["x", "a", "w"]), Program(["x", "b", "w"])
    first.guards[first.add("<", 0, 1)] = True
    first.outputs = (first.add("+", first.add("*", 0, 1), 2),)
    second.outputs = (second.add("-", second.add("*", 0, 1), 2), 1)
    text = to_c_paths([first, second], "f", ["sum", "b itself"])
    assert "x[3]: b" in text
    assert "or the first of these: 1, 2 on its 2 paths" in text
    f = build(text).f
    assert called(f, [1.0, 2.0, 10.0, 5.0], 1) == [12.0]
    assert called(f, [3.0, 2.0, 10.0, 5.0], 2) == [5.0, 5.0]


def test_there_must_be_programs_and_names_that_differ() -> None:
    with pytest.raises(ValueError, match="no program"):
        to_c_paths([], "f")
    with pytest.raises(ValueError, match="two inputs of a program are named 'a'"):
        to_c(Program(["a", "b", "a"]))


# Names


AWKWARD_NAMES = [
    "x", "y", "x[0]", "x_0", "x 0", "double", "return", "this", "sin", "sinf", "sinl", "y0", "j1", "M_PI",
    "NAN", "INFINITY", "isnan", "errno", "v3", "d5", "t7", "c1", "σ", "Δt", "größe", "数", "", "3", "_",
    "__init__", "a/*b*/", "a\nb", "??/", "f", "f_sigmoid", "f_exact_sum", "f_path_1", "gamma", "main",
    "printf", "params['w'][0, 1]", "\u202e", "lambda", "if", "restrict", "signgam", "index", "é", "linux",
]  # fmt: skip


@pytest.mark.parametrize("count", [1, 2])
def test_any_name_may_be_that_of_an_input(build: Build, count: int) -> None:
    program = Program(AWKWARD_NAMES)
    terms = [program.add("sigmoid", program.add("sin", i)) for i in range(len(AWKWARD_NAMES))]
    program.outputs = (program.add("fsum…", *terms),)
    text = to_c_paths([program] * count, "f", ["*/ /* ??/", "a\\"])
    f = build(text).f
    point = [0.25 * i for i in range(len(AWKWARD_NAMES))]
    assert called(f, point, 1) == pytest.approx(program.run(point), rel=1e-15)
    assert "const double sigma = x[" in text
    assert "const double Deltat = x[" in text


@pytest.mark.parametrize("name", AWKWARD_NAMES)
def test_any_name_may_be_that_of_the_function(build: Build, name: str) -> None:
    program = Program(["x"])
    program.outputs = (program.add("sigmoid", program.add("gamma", 0)),)
    text = to_c(program, name)
    title = text.partition("int ")[2].partition("(")[0]
    assert title.isidentifier()
    assert called(getattr(build(text), title), [1.0], 1) == pytest.approx([1.0 / (1.0 + math.exp(-1.0))])


def test_it_is_c_plus_plus_too(tmp_path: Path) -> None:
    compiler = shutil.which("c++") or shutil.which("g++") or shutil.which("clang++")
    if compiler is None:
        pytest.skip("no C++ compiler is found: neither c++ nor g++ nor clang++")
    program = Program(AWKWARD_NAMES)
    for name, primitive in PRIMITIVES.items():
        program.outputs += (program.add(name, *range(len(primitive.derivatives))),)
    program.outputs += tuple([program.add(f"{name}…", 0, 1) for name in ("fsum", "hypot", "sumprod")])
    program.outputs += (program.add("nextafter…", 0, 1, 2), program.add("fma…", 0, 1, 2))
    source = tmp_path / "source.cpp"
    source.write_text(to_c(program), encoding="utf-8")
    flags = "-std=c++11 -Wall -Wextra -Wpedantic -Werror -ffp-contract=off -c -o".split()
    done = subprocess.run([compiler, *flags, tmp_path / "out.o", source], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
