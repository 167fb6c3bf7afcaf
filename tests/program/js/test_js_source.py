"""The text of programs in JavaScript; tests/browser runs it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from loop_programs import BY_HAND, NESTED

from autograd import compile, ops
from autograd import math as amath
from autograd.ops import TABLE
from autograd.program.js.functions import FUNCTIONS, RAISING
from autograd.program.js.names import identifiers
from autograd.program.js.source import to_js
from autograd.program.loops.program import LoopProgram
from autograd.program.straight_line.program import Program

pytestmark = pytest.mark.usefixtures("table_as_it_was")


def test_a_module_says_what_it_reads_and_returns() -> None:
    text = compile(lambda w: w[0] * w[1] * w[2]).record([1.0, 2.0, 3.0]).to_js()
    assert text.count("export function") == 2
    assert " *     x[0]: w[0]\n *     x[1]: w[1]\n" in text
    assert " *     y[0]: value\n *     y[1]: d value/d w[0]\n" in text
    assert "null" not in text
    assert "own_" not in text


def test_a_function_of_several_numbers_has_a_jacobian() -> None:
    text = compile(lambda x: [x * x, x + 1.0]).record(1.0).to_js()
    assert re.findall(r"export function (\w+)", text) == ["value", "jacobian"]


def test_each_mode_is_written_once() -> None:
    text = compile(lambda x: x * x).record(1.0).to_js("grad", "grad")
    assert text.count("export") == 1


def test_a_mode_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="there is no mode 'gradient'; choose from value"):
        compile(lambda x: x * x).record(1.0).to_js("gradient")


def test_what_was_not_recorded_has_no_text() -> None:
    with pytest.raises(RuntimeError, match="nothing has been recorded yet"):
        compile(lambda x: x * x).to_js()


def test_only_the_functions_that_are_called_come_along() -> None:
    text = compile(lambda x: amath.sigmoid(x) * 2.0).record(1.0).to_js("value")
    assert "function own_sigmoid(" in text
    assert "function own_exp(" in text
    assert "function own_gamma(" not in text


def test_a_loop_stays_a_loop_with_its_numbers_in_a_typed_array() -> None:
    numbers = [0.5 * i * i for i in range(400)]

    def f(x: Any) -> Any:
        total = 0.0
        for number in numbers:
            total = amath.sin(total * x + number)
        return total

    text = compile(f).record(1.0).to_js()
    assert "new Float64Array([" in text
    assert "t" in re.findall(r"for \(let (\w)\d+ = 0;", text)
    assert text.count("Math.sin(") < 12


def test_names_are_identifiers_that_mean_nothing_else() -> None:
    names = ["x", "class", "w[0]", "θ", "学习率", "2nd", "", "v7", "own_exp", "Math", "w 0", "a*/b"]
    assert identifiers(names, {"x"}) == [
        "x_2", "class_", "w_0", "θ", "学习率", "x_2nd", "x_3", "v7_", "own_exp_", "Math_", "w_0_2", "a_b",
    ]  # fmt: skip


def test_no_name_ends_a_comment() -> None:
    program = Program(["*/ alert(1) /*", "a\u2028b"])
    program.outputs = (program.add("+", 0, 1),)
    text = to_js(program)
    assert text.count("*/") == 1
    assert "\u2028" not in text


def test_primitives_of_ones_own_are_translated_from_c() -> None:
    ops.unary("softsign", lambda x: x / (1.0 + abs(x)), lambda x, out: 1.0, "", never_raises=True,
              c="{0} / (1.0 + fabs({0}))")  # fmt: skip
    program = Program(["a"])
    program.outputs = (program.add("softsign", 0),)
    assert "y[0] = ((a) / (1.0 + Math.abs((a))));" in to_js(program)


def test_primitives_that_cannot_be_written_are_named() -> None:
    ops.unary("mine", lambda x: x + 1.0, lambda x, out: 1.0, "")
    ops.unary("bessel", lambda x: x + 1.0, lambda x, out: 1.0, "", c="j0({0})")
    for op, match in [("mine", r"'mine' cannot be written in JavaScript.*c="), ("bessel", "'j0'")]:
        program = Program(["a"])
        program.outputs = (program.add(op, 0),)
        with pytest.raises(TypeError, match=match):
            to_js(program)


def test_the_errors_of_all_primitives_that_raise_are_known() -> None:
    raising = {name for name, x in TABLE.items() if x.home == ops.sin.home and not x.never_raises}
    assert raising <= RAISING
    assert RAISING - raising == {"fsum…", "fma…"}


def test_every_function_is_in_the_table_by_its_name() -> None:
    assert all(f"function @{name}(" in text for name, text in FUNCTIONS.texts.items())


def test_paths_are_tried_one_after_the_other() -> None:
    def f(x: Any, y: Any) -> Any:
        return amath.log(x) if x * y > 2.0 else y / x

    text = compile(f).record(1.0, 3.0).record(1.0, 1.0).to_js()
    assert "return value_1(x) ?? value_2(x);" in text
    assert text.count("return null;") == 4
    assert 'own_check("v' in text
    assert "comparison turns out otherwise" in " ".join(text.replace("*", "").split())


def test_where_a_function_catches_errors_a_path_gives_way() -> None:
    def f(x: Any) -> Any:
        try:
            return amath.log(x)
        except ValueError:
            return -x

    text = compile(f).record(-1.0).record(2.0).to_js("value")
    assert ")) return null;" in text
    assert "own_check(" not in text


@pytest.mark.parametrize("make", [*BY_HAND.values(), *NESTED.values()])
def test_arrays_of_loops_are_typed(make: Callable[[], LoopProgram]) -> None:
    program = make()
    text = to_js(program)
    assert text.count("for (let t") >= len(program.loops)
    assert "double" not in text
    assert "[];" not in text


def test_operations_on_many_numbers_take_arrays() -> None:
    program = Program("abc")
    places = [program.add(op, 0, 1, 2) for op in ("fsum…", "hypot…", "gather…", "fma…")]
    places += [program.add("floor", 0), program.add("degrees", 1), program.add("neg", 2)]
    program.outputs = tuple(places)
    text = to_js(program)
    assert "own_exact_sum([a, b, c])" in text
    assert "own_gathered([b, c], a)" in text
    assert "Math.floor(a) + 0" in text
    assert "b * 57.29577951308232" in text
