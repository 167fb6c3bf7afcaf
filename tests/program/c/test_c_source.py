"""Programs in C: compiled, and held against Python's own functions and against numbers to many digits."""

from __future__ import annotations

import ctypes
import math
import random
import shutil
import subprocess
from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from c_compiler import Build, builder, called
from hypothesis import HealthCheck, given, settings
from many_numbers import exactly, spread, whole
from mpmath import mp, mpf
from random_programs import Program as RandomProgram
from random_programs import Reference, programs
from straight_lines import of_one, same, with_derivatives

from autograd import Value, compile, ops
from autograd import math as amath
from autograd.ops import TABLE
from autograd.ops.primitive import is_ours
from autograd.program.c.source import to_c, to_c_paths
from autograd.program.straight_line.program import RELATIONS, Node, Program, computed

inf, nan = math.inf, math.nan


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    return builder(tmp_path_factory)


# Primitives

LARGEST, SMALLEST = 1.7976931348623157e308, 5e-324
AWKWARD = [
    0.0, SMALLEST, 1e-310, 2.2250738585072014e-308, 1e-200, 1e-20, 1e-10, 1e-3, 0.1, 0.125, 0.3, 0.5,
    0.9999999999999999, 1.0, 1.0000000000000002, 1.4616321449683623, 1.5, math.pi / 2, 2.0, 2.5, 2.675,
    3.0, math.pi, 7.0, 20.5, 22.0, 23.0, 35.08, 37.5, 38.51, 170.0, 171.0, 323.0, 700.0, 709.0, 710.0, 712.0,
    745.14, 745.5, 1000.0, 1024.0,
    1074.0, 12345.678, 4503599627370497.0, 9007199254740992.0, 1e22, 1e200, LARGEST, inf,
]  # fmt: skip
AWKWARD += [-x for x in AWKWARD]
AWKWARD.append(nan)

GAMMA = {"gamma", "lgamma", "gammaln"}
"""Primitives of which C libraries have better versions than Python has, which are tested by themselves."""

WITH_GAMMA = {"gammainc", "gammaincc", "gammainc′", "∂gammainc/∂a"}
"""Primitives in whose values these have a part."""

PRIMITIVES = {name: primitive for name, primitive in TABLE.items() if is_ours(primitive)}


@pytest.fixture(scope="module")
def table(build: Build) -> dict[str, Any]:
    """A function in C for every primitive; all are in one file."""
    texts = [
        to_c(of_one(name, len(primitive.derivatives)), f"p{i}")
        for i, (name, primitive) in enumerate(PRIMITIVES.items())
    ]
    library = build(*texts)
    return {name: getattr(library, f"p{i}") for i, name in enumerate(PRIMITIVES)}


@pytest.mark.parametrize("name", [name for name in PRIMITIVES if name not in GAMMA])
def test_a_primitive_gives_what_it_gives_in_python(table: dict[str, Any], name: str) -> None:
    draw = random.Random(name)
    numbers = [*AWKWARD, *(draw.uniform(-30.0, 30.0) for _ in range(15))]
    numbers += [draw.uniform(-1.0, 1.0) * 10.0 ** draw.randint(-300, 300) for _ in range(15)]
    x, y = (ctypes.c_double * 2)(), (ctypes.c_double * 1)()
    for operands in product(numbers, repeat=len(PRIMITIVES[name].derivatives)):
        if name == "ldexp" and operands[1] % 1.0 != 0.0:
            continue  # a TypeError in Python
        if name == "round_to" and operands == (-LARGEST, -308.0):
            continue  # beyond the range of floats
        expected = computed(Node(name, ieee=True), operands)
        x[: len(operands)] = [*operands]
        assert table[name](x, y) == 0
        ulps = 2000 if name in WITH_GAMMA else 2  # far out, exponents are large
        assert same(y[0], expected, ulps), (operands, y[0], expected)


def test_a_remainder_of_zero_has_the_sign_of_the_dividend(table: dict[str, Any]) -> None:
    """Libraries may give the other one for these."""
    for x in (8.993584611435218e-263, -8.993584611435218e-263):
        result = called(table["remainder"], [x, 2.2250738585072014e-308], 1)
        assert result == [0.0]
        assert math.copysign(1.0, result[0]) == math.copysign(1.0, x)


@pytest.mark.parametrize(
    ("name", "function", "largest"),
    [("gamma", mp.gamma, 171.6), ("lgamma", lambda x: mp.log(abs(mp.gamma(x))), 1e6)],
)
def test_gamma_functions_are_right_to_a_few_units(
    table: dict[str, Any], name: str, function: Callable[[Any], Any], largest: float
) -> None:
    draw = random.Random(7)
    for x in [
        *(draw.uniform(1e-3, 20.0) for _ in range(200)),
        *(draw.uniform(1.0, largest) for _ in range(50)),
    ]:
        with mp.workdps(40):
            expected = float(function(mpf(x)))
        result = called(table[name], [x], 1)
        assert result is not None
        assert result[0] == pytest.approx(expected, rel=16 * 2.0**-52, abs=16 * 2.0**-52)
    for x in (0.0, -0.0, -1.0, -7.0, 1e306, inf, -inf, nan):
        result = called(table[name], [x], 1)
        assert result is not None
        assert same(result[0], computed(Node(name, ieee=True), [x])), (x, result)


def test_decimal_places_are_those_of_python_to_the_last_bit(table: dict[str, Any]) -> None:
    draw = random.Random(5)
    x, y = (ctypes.c_double * 2)(), (ctypes.c_double * 1)()
    for _ in range(20_000):
        places = draw.randint(-25, 40)
        number = draw.choice(
            [
                (draw.randint(-(10**6), 10**6) + 0.5) * 10.0**-places,
                draw.uniform(-1e3, 1e3) * 10.0**-places,
                draw.randint(-(2**20), 2**20) / 2.0 ** draw.randint(0, 20),
                draw.uniform(0.5, 2.0) * 2.0 ** (52 - places * math.log2(10.0)),
            ]
        )
        x[0], x[1] = number, places
        assert table["round_to"](x, y) == 0
        assert same(y[0], round(number, places)), (number, places)
    for quarters in range(2 * 10**15, 2 * 10**15 + 16):  # ties between the last whole numbers that are floats
        x[0], x[1] = quarters / 4.0, 1
        assert table["round_to"](x, y) == 0
        assert same(y[0], round(quarters / 4.0, 1)), quarters
    for places in range(41, 330):
        for number in (1.5 * 10.0**-places, 7.77 * 10.0 ** (10 - places), -1e-300, LARGEST):
            x[0], x[1] = number, places
            table["round_to"](x, y)
            assert same(y[0], round(number, places), ulps=1), (number, places)


# Operations on many numbers


@pytest.mark.parametrize("count", [1, 2, 3, 17, 60])
def test_a_sum_is_rounded_once(build: Build, count: int) -> None:
    f = build(to_c(whole("fsum", count))).f
    draw = random.Random(count)
    for exponents in [0, 10, 60, 300, 1000] * 40:
        terms = spread(draw, count, exponents)
        assert called(f, terms, 1) == [math.fsum(terms)]


def test_ties_infinities_and_overflow_in_a_sum(build: Build) -> None:
    f = build(to_c(whole("fsum", 4))).f
    for terms in ([1.0, 2.0**-53, 2.0**-106, 0.0], [1.0, 2.0**-53, -(2.0**-106), 0.0], [-0.0] * 4):
        assert called(f, terms, 1) == [math.fsum(terms)]
    assert called(f, [1e308, 1e308, -1e308, 1.0], 1) == [1e308]
    assert called(f, [1e308, 1e308, 1.0, -1.0], 1) == [inf]
    assert called(f, [1e308, 1e308, -inf, 1.0], 1) == [-inf]
    for odd in ([inf, -inf, 1.0, 1.0], [1.0, nan, inf, 1.0]):
        (result,) = called(f, odd, 1) or [0.0]
        assert math.isnan(result)


@pytest.mark.parametrize("count", [1, 2, 9, 40])
def test_a_sum_of_products_is_rounded_once(build: Build, count: int) -> None:
    f = build(to_c(whole("sumprod", 2 * count))).f
    draw = random.Random(count)
    for exponents in [0, 10, 60, 200, 480] * 30:
        x, y = spread(draw, count, exponents), spread(draw, count, exponents)
        if count > 3:
            x[1:3], y[1:3] = [x[0], -x[0] * 0.75], [-y[0] * 0.75, y[0] * (1.0 + 2.0**-40)]
        exact = sum((Fraction(a) * Fraction(b) for a, b in zip(x, y, strict=True)), Fraction(0))
        (result,) = called(f, [*x, *y], 1) or [nan]
        assert same(result, exactly(exact)), (x, y)


def test_infinities_and_overflow_in_a_sum_of_products(build: Build) -> None:
    f = build(to_c(whole("sumprod", 4))).f
    assert called(f, [1e200, 1e200, 1e200, -1e200], 1) == [0.0]
    assert called(f, [1e200, 1.0, 1e200, 1.0], 1) == [inf]
    assert called(f, [inf, 1.0, -2.0, 1.0], 1) == [-inf]
    for odd in ([inf, 1.0, 0.0, 1.0], [1.0, nan, 1.0, 1.0], [inf, inf, 1.0, -1.0]):
        (result,) = called(f, odd, 1) or [0.0]
        assert math.isnan(result)


@pytest.mark.parametrize("count", [1, 2, 3, 20])
def test_distances_of_many_coordinates(build: Build, count: int) -> None:
    f = build(to_c(whole("hypot", count))).f
    draw = random.Random(count)
    for exponents in [0, 3, 30, 1000] * 30:
        numbers = spread(draw, count, exponents)
        with mp.workdps(60):
            expected = float(mp.sqrt(mp.fsum(mpf(x) ** 2 for x in numbers)))
        (result,) = called(f, numbers, 1) or [nan]
        assert same(result, expected)
    assert called(f, [-0.0] * count, 1) == [0.0]
    assert called(f, [LARGEST] * count, 1) == [math.hypot(*[LARGEST] * count)]
    assert called(f, [SMALLEST] * count, 1) == [math.hypot(*[SMALLEST] * count)]
    assert called(f, [-inf, *[nan] * (count - 1)], 1) == [inf]
    (result,) = called(f, [nan, *[1.0] * (count - 1)], 1) or [0.0]
    assert math.isnan(result)


def test_operations_on_no_numbers(build: Build) -> None:
    library = build(*[to_c(whole(name, 0), f"no_{name}") for name in ("fsum", "sumprod", "hypot")])
    for function in (library.no_fsum, library.no_sumprod, library.no_hypot):
        assert called(function, [], 1) == [0.0]


def test_a_product_and_a_sum_rounded_once(build: Build) -> None:
    f = build(to_c(whole("fma", 3))).f
    for x, y, z in [(1.0 + 2.0**-30, 1.0 - 2.0**-30, -1.0), (0.1, 10.0, -1.0), (1e200, 1e200, -inf)]:
        assert called(f, [x, y, z], 1) == [computed(Node("fma…"), [x, y, z])]


@pytest.mark.parametrize("steps", [0, 1, 2, 1000, 2**52, 2**53 + 2, 2**62, 2**64])
def test_steps_from_a_number_to_the_next_ones(build: Build, steps: int) -> None:
    f = build(to_c(whole("nextafter", 2, float(steps)))).f
    for x, y in product([*AWKWARD[::3], 0.0, -0.0, inf, -inf, nan], repeat=2):
        (result,) = called(f, [x, y], 1) or [99.0]
        assert same(result, amath.nextafter(x, y, steps=steps)), (x, y)


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


def branching(x: Any, y: Any) -> Any:
    z = x * y
    if z > 2.0:
        return z * z + x
    return z - y if x < y else z * x + y


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


# Primitives of the user's own


def test_a_primitive_whose_entry_has_no_text_for_c_is_a_type_error(table_as_it_was: None) -> None:
    twice = ops.unary("twice over", lambda x: 2.0 * x, lambda x, out: 2.0, "Return 2 * x.")
    with pytest.raises(TypeError, match="'twice over' cannot be written in C"):
        to_c(of_one("twice over", 1))
    fast = compile(lambda x: twice(x)).record(1.0)
    with pytest.raises(TypeError, match="'twice over'"):
        fast.to_c()


# Compiled functions


@compile(argnums=(0, 1))
def loss(w: Any, b: Any, scale: float) -> Any:
    t = amath.tanh(w[0] * scale + b["bias"])
    if t > 0.5:
        return amath.fsum([t, w[1] * w[1], 1e-20]) / scale
    return amath.exp(t * w[1]) - scale


POINTS = [([1.0, 2.0], {"bias": 0.5}, 2.0), ([-1.0, 0.75], {"bias": 0.25}, 2.0)]


@pytest.mark.parametrize("mode", ["value", "grad", "value_and_grad", "jacobian", "hessian"])
def test_a_compiled_function_gives_in_c_what_it_gives_in_python(build: Build, mode: str) -> None:
    for point in POINTS:
        loss(*point)
    f = build(loss.to_c(mode)).loss
    for w, b, scale in POINTS:
        expected = numbers_in((loss if mode == "value" else getattr(loss, mode))(w, b, scale))
        assert called(f, [*w, b["bias"], scale], len(expected)) == pytest.approx(expected, rel=1e-14)


def test_the_comment_says_what_is_read_and_written() -> None:
    for point in POINTS:
        loss(*point)
    about = loss.to_c().partition("*/")[0]
    for line in (
        "int loss(const double *x, double *y)",
        "    x[0]: w[0]",
        "    x[1]: w[1]",
        "    x[2]: b['bias']",
        "    x[3]: scale",
        "    y[0]: value",
        "    y[1]: d value/d w[0]",
        "    y[3]: d value/d b['bias']",
    ):
        assert f" * {line}\n" in about
    words = " ".join(about.replace("\n *", "\n").split())
    assert "returns 0; or 1" in words
    assert "belong to a path of the original function that was not recorded" in words
    assert " *     y[5]: d2 value/d w[1] d b['bias']\n" in loss.to_c("hessian")
    square = compile(lambda x: x * x).record(1.0).to_c()
    assert " * It returns 0.\n" in square


def test_a_path_that_was_not_recorded_gives_1(build: Build) -> None:
    alone = compile(branching).record(2.0, 3.0)
    f = build(alone.to_c("value")).branching
    assert called(f, [2.0, 3.0], 1) == [38.0]
    assert called(f, [0.5, 0.25], 1) is None
    alone(0.5, 0.25)
    f = build(alone.to_c("value")).branching
    assert called(f, [0.5, 0.25], 1) == [0.3125]


def test_arrays_are_read_and_written_number_by_number(build: Build) -> None:
    @compile
    def g(x: Any) -> Any:
        return {"sum": x.sum(), "products": x * x[:, ::-1] * 2.0}

    x = np.arange(6.0).reshape(2, 3) + 1.0
    value, jacobian = g(x), g.jacobian(x)
    text = g.to_c("jacobian")
    assert " *     x[0] ... x[5]: x[0, 0] ... x[1, 2]\n" in text
    assert "d value['products'][1, 2]/d x[1, 2]\n" in text
    assert called(build(g.to_c("value")).g, [*x.ravel()], 7) == numbers_in(value)
    assert called(build(text).g, [*x.ravel()], 42) == numbers_in(jacobian)


def test_the_vector_of_a_product_comes_after_the_arguments(build: Build) -> None:
    @compile
    def rosenbrock(x: Any) -> Any:
        return (1.0 - x[0]) ** 2 + 100.0 * (x[1] - x[0] ** 2) ** 2

    expected = rosenbrock.hvp([-1.2, 1.0], [0.5, 2.0])
    text = rosenbrock.to_c("hvp")
    assert " *     x[2]: vector_x[0]\n" in text
    assert " *     y[1]: (Hessian * vector) at x[1]\n" in text
    assert called(build(text).rosenbrock, [-1.2, 1.0, 0.5, 2.0], 2) == pytest.approx(expected, rel=1e-14)


def test_values_from_outside_are_inputs_too_each_once(build: Build) -> None:
    a, b = Value(2.0), Value(3.0)
    c = Value(5.0, label="x")

    @compile
    def line(x: Any) -> Any:
        if x > 0.0:
            return a * x + c
        return b * x - a + c

    line(1.0)
    line(-1.0)
    text = line.to_c("value")
    for name in ("x[0]: x", "x[1]: captured_1", "x[2]: x (2)", "x[3]: captured_1 (2)"):
        assert f" *     {name}\n" in text
    f = build(text).line
    assert called(f, [1.0, 2.0, 5.0, 3.0], 1) == [7.0]
    assert called(f, [-1.0, 2.0, 5.0, 3.0], 1) == [0.0]


def numbers_in(x: Any) -> list[float]:
    """The numbers in a structure, in order."""
    if isinstance(x, dict):
        return [number for part in x.values() for number in numbers_in(part)]
    if isinstance(x, (list, tuple)):
        return [number for part in x for number in numbers_in(part)]
    return [float(number) for number in np.ravel(x)]
