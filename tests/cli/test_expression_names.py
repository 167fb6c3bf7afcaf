"""The names in a formula as text: functions, constants, and variables, which come back."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest
from expressions import error_of, gradients, number

from autograd import Value, ops
from autograd import math as autograd_math
from autograd.cli.expression import evaluate
from autograd.cli.vocabulary import CONSTANTS, FUNCTIONS
from autograd.engine import topological_order
from autograd.ops.primitive import is_ours


def test_every_name_of_math_is_a_function_a_constant_or_no_function_from_numbers_to_a_number(
    table_as_it_was: None,
) -> None:
    for name in [name for name, x in ops.TABLE.items() if not is_ours(x)]:  # what examples entered
        del ops.TABLE[name]
    others = set(autograd_math.__all__) - set(FUNCTIONS) - set(CONSTANTS)
    assert others == {
        "comb", "dist", "factorial", "frexp", "fsum", "gcd", "isclose", "isfinite", "isinf", "isnan",
        "isnormal", "isqrt", "issubnormal", "lcm", "log_softmax", "modf", "perm", "prod", "signbit",
        "softmax", "sort", "sumprod", "where",
    }  # fmt: skip
    assert set(FUNCTIONS) - set(autograd_math.__all__) == {"abs"}


SPECIAL_ARGUMENTS: dict[str, tuple[float, ...]] = {
    "acosh": (1.5,), "clip": (0.5, 0.25, 0.75), "ldexp": (0.5, 3.0), "polygamma": (2.0, 0.5),
}  # fmt: skip
BINARY = {
    "atan2", "copysign", "fmax", "fmin", "fmod", "hypot", "ldexp", "logaddexp", "logsumexp", "maximum",
    "minimum", "nextafter", "polygamma", "pow", "remainder",
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_every_function_is_that_of_autograd_math(name: str) -> None:
    arguments = SPECIAL_ARGUMENTS.get(name, (0.5, 0.3, 0.7)[: 3 if name == "fma" else 1 + (name in BINARY)])
    of_numbers = {"ldexp": 1, "polygamma": 0}.get(name)  # this argument must not be a Value
    variables = {f"x{i}": x for i, x in enumerate(arguments) if i != of_numbers}
    text = f"{name}({', '.join(f'x{i}' if i != of_numbers else str(x) for i, x in enumerate(arguments))})"

    expected_leaves = [Value(x) if i != of_numbers else x for i, x in enumerate(arguments)]
    function: Callable[..., Any] = abs if name == "abs" else getattr(autograd_math, name)
    expected = function(*expected_leaves)
    expected.backward()

    assert number(text, **variables) == expected.data
    assert gradients(text, **variables) == [x.grad for x in expected_leaves if isinstance(x, Value)]
    assert number(f"{name}({', '.join(map(str, arguments))})") == expected.data


def test_a_chinese_name_is_a_name() -> None:
    assert gradients("速度*时间 + e", 速度=3.0, 时间=4.0) == [4.0, 3.0]


def test_spellings_that_python_takes_for_one_name_are_one_name() -> None:
    assert number("ﬁ + fi", fi=2.0) == 4.0
    assert gradients("ﬁ**2", ﬁ=3.0) == [6.0]
    assert number("ｌｏｇ(1)") == 0.0
    assert (
        error_of("1", {"\ufb01": 1.0, "fi": 2.0}).message == "'\ufb01' and 'fi' are spellings of one variable"
    )


def test_python_keywords_are_ordinary_names() -> None:
    assert gradients("lambda**2 + if", **{"lambda": 3.0, "if": 1.0}) == [6.0, 1.0]


def test_variables_come_back_labelled_and_each_is_one_node() -> None:
    result, leaves = evaluate("x*x + y", {"x": 3, "y": 1})
    assert [(name, leaf.label, leaf.data) for name, leaf in leaves.items()] == [
        ("x", "x", 3.0),
        ("y", "y", 1.0),
    ]
    assert [node.op for node in topological_order(result)] == ["", "*", "", "+"]
    assert topological_order(result)[0] is leaves["x"]


def test_a_variable_alone_is_the_result_itself() -> None:
    result, leaves = evaluate("(x)", {"x": 3.0})
    assert result is leaves["x"]


def test_a_variable_that_the_formula_lacks_has_derivative_zero() -> None:
    assert gradients("2*x", x=1.0, y=1.0) == [2.0, 0.0]


def test_a_formula_of_constants_is_a_leaf() -> None:
    result, leaves = evaluate("2*pi")
    assert (result.data, result.op, result.operands, leaves) == (2 * math.pi, "", (), {})


def test_constants_are_computed_before_they_meet_a_variable() -> None:
    result, leaves = evaluate("(2*pi + 1) * x", {"x": 1.0})
    assert topological_order(result) == [leaves["x"], result]
    assert result.operands[0] == 2 * math.pi + 1


def test_infinities_flow_on_as_ieee_says() -> None:
    assert number("1e308*x", x=10.0) == math.inf
    assert number("1/x", x=math.inf) == 0.0
    assert math.isnan(number("inf - inf"))
