"""The text of programs in JavaScript; tests/browser runs it."""

from __future__ import annotations

import re
from typing import Any

import pytest

from autograd import compile, ops
from autograd import math as amath
from autograd.ops import TABLE
from autograd.program.js.functions import FUNCTIONS, RAISING
from autograd.program.js.names import identifiers
from autograd.program.js.source import to_js
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
    assert all(f"function @{name}(" in text for name, text in FUNCTIONS.items())
