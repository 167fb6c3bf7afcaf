"""The text of graphs as programs; tests/browser runs it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from autograd import Value, custom_gradient, math, ops
from autograd.live.graph_program import GraphProgram
from autograd.live.page import edges_of
from autograd.steps import walk


def program_of(value: Value) -> GraphProgram:
    steps = walk(value)
    return GraphProgram(steps, edges_of(steps)[0])


def test_it_has_a_number_for_each_node_and_each_edge() -> None:
    x, w = Value(2.0), Value(-3.0)
    program = program_of((x * w + x).tanh())
    assert program.leaves == [0, 1]
    assert len(re.findall(r"y\[\d+\] =", program.script)) == 5 + 5
    assert "export" not in program.script


def test_it_knows_the_errors_of_all_operations() -> None:
    assert "function own_error_of(" in program_of(Value(2.0) + 1.0).script


def test_what_only_python_computes_is_an_input() -> None:
    twice = custom_gradient(lambda x: 2.0)(lambda x: 2.0 * x)
    x = Value(3.0)
    program = program_of(twice(x) * x)
    assert program.fixed == [1]
    assert "x.length !== 2" in program.script


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (lambda x, y, z: math.fsum([x, y, z]), "own_exact_sum([n0, n1, n3])"),
        (lambda x, y, z: math.fsum([x, y]), "own_exact_sum([n0, n1])"),
        (lambda x, y, z: math.sumprod([x, y], [y, z]), "own_exact_sum_of_products([n0, n1, n1, n3])"),
        (lambda x, y, z: math.fma(x, y, z), "own_exact_sum_of_products([n0, n3, n1, 1.0])"),
        (lambda x, y, z: math.fsum([x, 1e16, 1.0, -1e16]), "own_exact_sum([n0, 1e+16, 1.0, -1e+16])"),
    ],
)
def test_sums_are_rounded_once(make: Callable[..., Value], expected: str) -> None:
    script = program_of(make(Value(0.1), Value(0.7), Value(1e-17 / 3.0))).script
    assert expected in script.replace("\n", " ")


@pytest.mark.usefixtures("table_as_it_was")
def test_a_rule_that_cannot_be_read_is_pythons() -> None:
    strange = ops.unary(
        "strange", lambda x: x, lambda x, out: 1.0 if x > 0.0 else 2.0, "", c="fabs({0})", never_raises=True
    )
    assert program_of(strange(Value(2.0)) * 2.0).fixed == [1]
