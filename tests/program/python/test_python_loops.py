"""Programs with loops as Python source, to the last bit, and what the source shows of them."""

from __future__ import annotations

import math as pythons_math
import random
import re
from typing import Any

import pytest
from loop_functions import FUNCTIONS, LISTS, MODES, RETURNS, derived, numbers, point_of, recorded, with_loops
from loop_programs import NESTED, side_by_side
from loop_writers import RandomLoops, holding

from autograd import Value, compile, math
from autograd.program.loops.families import LEAST
from autograd.program.loops.program import LoopProgram
from autograd.program.python.definitions import definitions_of
from autograd.program.python.loops import reads_inputs
from autograd.program.python.names import names_of_inputs
from autograd.program.python.source import PythonSource, function_from

pytestmark = pytest.mark.usefixtures("table_as_it_was")


def function_of(program: LoopProgram) -> Any:
    """The Python function of a program."""
    names = names_of_inputs(program)
    parameters = "*inputs_" if reads_inputs(program) else ", ".join(names)
    source = PythonSource(program, "program", parameters, names)
    return function_from(f"{definitions_of(source.needs)}\n\n{source.function}", source.objects, "program")


CASES = [(name, mode) for name in FUNCTIONS for mode in ("value", "value_and_grad")]
CASES += [("garch", "hessian"), ("nested", "hvp"), *[(name, "value") for name in LISTS]]


@pytest.mark.parametrize(("name", "mode"), CASES)
def test_the_source_gives_what_straight_lines_give(name: str, mode: str) -> None:
    made = (FUNCTIONS | LISTS)[name](60)
    program = recorded(made)
    loops = with_loops(program, mode)
    if loops is None:
        pytest.skip("no loops are found")
    run, point = function_of(loops), point_of(made, mode)
    for at in (point, [x * 0.9 + 0.01 for x in point]):
        expected = derived(program, mode).run(at)
        assert repr(run(*at)) == repr(None if expected is None else tuple(expected))


def test_an_array_that_two_loops_fill_side_by_side() -> None:
    """As where arrays of one length become one, and a loop is found in straight lines beside them."""
    program = side_by_side()
    wanted = [10.0, 15.0, 20.0, 45.0, 40.0, 135.0]  # 5 times 2, 4 and 8, and 5 times 3, 9 and 27
    assert program.run([5.0]) == [*function_of(program)(5.0)] == wanted


def test_guards_in_loops_lead_out_of_the_function() -> None:
    program = recorded(FUNCTIONS["guarded"](60))
    for mode in MODES:
        loops = with_loops(program, mode)
        if loops is not None:
            assert function_of(loops)(-0.1, 0.1, 0.8) is None


def test_where_a_derivative_overflows_the_loops_run_once_more_in_ieee_arithmetic() -> None:
    def f(a: Any, b: Any) -> Any:
        x = a
        for _ in range(60):
            x = math.sqrt(x * b)
        return x

    program = recorded((f, (0.5, 0.25)))
    loops = with_loops(program, "value_and_grad")
    assert loops is not None
    run = function_of(loops)
    for point in ([0.0, 0.25], [0.5, 0.0], [1e-300, 1e-20], [0.5, 0.25]):
        assert repr(run(*point)) == repr(tuple(derived(program, "value_and_grad").run(point) or ()))


@pytest.mark.parametrize("name", NESTED)
def test_loops_in_loops(name: str) -> None:
    program = NESTED[name]()
    run = function_of(program)
    for seed in range(9):
        draw = random.Random(seed)
        point = [draw.uniform(-1.0, 2.0) for _ in program.inputs]
        expected = program.run(point)
        assert run(*point) == (None if expected is None else tuple(expected))


@pytest.mark.parametrize("seed", range(12))
def test_random_loops_in_loops(seed: int) -> None:
    program = RandomLoops(seed, (3, 6, 10)[seed % 3], mixed=False, depth=2 + seed % 2).program
    draw = random.Random(seed)
    points = [[draw.uniform(-0.3, 0.3) for _ in program.inputs] for _ in range(5)]
    run = function_of(holding(program, points[0]))
    for point in points:
        expected = program.run(point)
        assert repr(run(*point)) == repr(None if expected is None else tuple(expected))


def test_the_lines_of_a_loop_in_a_loop() -> None:
    names = names_of_inputs(program := NESTED["kept_anew"]())
    text = PythonSource(program, "program", ", ".join(names), names).function
    assert "        for turn_8, v10 in zip(range(5), table_0[turn_3:turn_3 + 5]):\n" in text
    assert "    kept_1 = [0.0] * 4\n" in text
    assert "        kept_0 = []\n" in text  # which is filled anew in each turn


# Modules


def executed(text: str) -> dict[str, Any]:
    assert "autograd" not in text
    names: dict[str, Any] = {}
    exec(text, names)
    return names


def squares(a: Any, b: Any) -> Any:
    """A sum of squares, as many as make the program long enough to have loops."""
    total = 0.0
    for each in RETURNS[:300]:
        total = total + (a * each + b) ** 2
    return total


def test_a_module_has_its_tables_before_the_functions() -> None:
    fast = compile(squares, (0, 1))
    value, gradient = fast.value_and_grad(0.5, 0.25)
    text = fast.source
    names = executed(text)
    assert names["table_0"] == RETURNS[1:300]
    assert "table_1" not in names
    assert names["squares"](0.5, 0.25) == value == squares(0.5, 0.25)
    assert names["squares_value_and_grad"](0.5, 0.25) == (value, gradient)
    assert max(map(len, text.splitlines())) <= 120
    assert text.startswith("# squares, and its value with its gradient, as straight lines and loops.")
    assert "# A table has a number for each turn of a loop" in text


def test_a_short_program_is_straight_lines() -> None:
    text = compile(lambda x: math.sin(x) * x).record(1.0).source
    assert "as straight lines. What" in text
    assert "table" not in text


def test_tables_may_have_infinities() -> None:
    bounds = [pythons_math.inf if t % 5 else -pythons_math.inf for t in range(LEAST)]

    def f(a: Any) -> Any:
        total = a
        for bound in bounds:
            total = math.atan(bound * a) * 0.1 + total * 0.5
        return total

    fast = compile(f)
    assert executed(fast.record(0.5).source)["f"](0.5) == fast(0.5) == f(0.5)


def test_paths_have_tables_of_their_own() -> None:
    def f(a: Any, b: Any) -> Any:
        total = b
        if a > 0.0:
            for t in range(300):
                total = total * 0.5 + a * RETURNS[t]
        else:
            for t in range(300):
                total = total * 0.25 - a * RETURNS[t + 300]
        return total

    fast = compile(f, (0, 1))
    points = [(0.5, 0.25), (-0.5, 0.25)]
    for point in points:
        fast(*point)
    names = executed(fast.source)
    assert names["table_0"] != names["table_1"]
    for point in points:
        assert names["f"](*point) == f(*point)
        assert names["f_value_and_grad"](*point) == fast.value_and_grad(*point)


def test_a_path_that_ends_before_what_would_raise_is_found_in_a_module() -> None:
    def f(a: Any, b: Any) -> Any:
        x = a
        for t in range(300):
            if x < 0.0:
                return x
            x = x + (b - 1.5) * 0.001 * t
        y = math.log(b)
        for _ in range(100):
            x = x * 0.9 + y * math.sin(x)
        return x

    fast = compile(f, (0, 1))
    points = [(1.0, 2.0), (1.0, -1.0)]
    for point in points:
        fast(*point)
    names = executed(fast.source)
    for point in points:
        assert names["f"](*point) == f(*point)


def test_arrays_are_lists_in_a_module() -> None:
    np = pytest.importorskip("numpy")

    def f(x: Any) -> Any:
        return sum((x[i + 1] - x[i] ** 2) ** 2 for i in range(len(x) - 1))

    x = np.array(numbers(200))
    fast = compile(f)
    value, gradient = fast.value_and_grad(x)
    names = executed(fast.source)
    found, slope = names["f_value_and_grad"]([*x.tolist()])
    assert found == value
    assert slope == gradient.tolist()


def test_arguments_that_cannot_be_taken_apart_are_numbers_in_a_module() -> None:
    weight = Value(0.5)

    def f(a: Any, *, scale: Any) -> Any:
        total = a
        for t in range(300):
            total = total * weight + a * RETURNS[t] * scale
        return total

    fast = compile(f)
    value = fast(0.25, scale=2.0)
    names = executed(fast.source)
    assert names["f"](0.25, 2.0, 0.5) == (value,)


def test_parameters_may_have_the_names_that_loops_have() -> None:
    def function(parameter: str) -> Any:
        names = {"math": math}
        exec(
            f"def f(a, {parameter}):\n"
            "    x, z = a, a\n"
            "    while True:\n"
            f"        y = x * 0.9 + {parameter} * 0.001\n"
            "        if y < 0.1:\n"
            f"            return x * y + {parameter} * z\n"
            "        z = math.sin(x) * y\n"
            "        x = y + z * 0.01\n",
            names,
        )
        return names["f"]

    def source(f: Any) -> str:
        text: str = compile(f).record(0.9, 0.3).record(50.0, 0.2).source
        return text

    used = {*re.findall(r"\b[a-z]+_\d+\b", source(function("b")))}
    assert any(name.startswith("last_") for name in used)
    for name in used:
        f = function(name)
        names = executed(source(f))
        assert names["f"](50.0, 0.2) == f(50.0, 0.2), name
        fast = compile(f).record(0.9, 0.3).record(50.0, 0.2)
        assert fast(40.0, 0.25) == f(40.0, 0.25), name
