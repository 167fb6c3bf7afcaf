"""The text of graphs as programs; tests/browser runs it."""

from __future__ import annotations

import re

from autograd import Value, custom_gradient
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
