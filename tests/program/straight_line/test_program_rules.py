"""Expressions of the table of rules as nodes of a program."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Any

import pytest
from straight_lines import of_one

from autograd import ops
from autograd.ops import where
from autograd.ops.primitive import Ieee
from autograd.program.straight_line.program import Node, Program
from autograd.program.straight_line.rules import Symbol, local_derivative
from autograd.support.real_numbers import inf

BINARY = [
    ("+", operator.add), ("-", operator.sub), ("*", operator.mul), ("/", operator.truediv),
    ("//", operator.floordiv), ("%", operator.mod), ("**", operator.pow),
]  # fmt: skip
RELATIONS = [
    ("<", operator.lt), ("<=", operator.le), ("==", operator.eq), ("!=", operator.ne), (">", operator.gt),
    (">=", operator.ge),
]  # fmt: skip


@pytest.mark.parametrize(("op", "function"), [*BINARY, *RELATIONS])
def test_an_operator_with_a_symbol_appends_its_node(op: str, function: Callable[..., Any]) -> None:
    program = Program(["x", "y"])
    both = function(Symbol(program, 0), Symbol(program, 1))
    assert program.nodes[both.place] == Node(op, (0, 1), ieee=True)


@pytest.mark.parametrize(("op", "function"), BINARY)
def test_numbers_beside_a_symbol_keep_their_side(op: str, function: Callable[..., Any]) -> None:
    program = Program(["x"])
    x = Symbol(program, 0)
    program.outputs = (function(x, 2.5).place, function(2.5, x).place)
    assert program.run([1.5]) == [function(1.5, 2.5), function(2.5, 1.5)]


def test_primitives_and_where_append_their_nodes() -> None:
    program = Program(["x", "y"])
    x, y = Symbol(program, 0), Symbol(program, 1)
    chosen: Any = where(x > y, ops.sin(x), abs(-y))
    program.outputs = (chosen.place, ops.atan2(2.0, x).place)
    assert program.run([3.0, 2.0]) == [math.sin(3.0), math.atan2(2.0, 3.0)]
    assert program.run([-3.0, -2.0]) == [2.0, math.atan2(2.0, -3.0)]


def test_a_derivative_must_not_branch_on_a_symbol() -> None:
    program = Program(["x"])
    with pytest.raises(TypeError, match=r"where\(\), not with if"):
        bool(Symbol(program, 0) > 0.0)


def test_a_derivative_that_is_a_number_is_returned_as_one() -> None:
    program = of_one("-", 2)
    assert local_derivative(program, 2, 0) == 1.0
    assert local_derivative(program, 2, 1) == -1.0
    assert len(program.nodes) == 3


def test_the_derivative_of_an_operation_with_a_number_uses_the_number() -> None:
    program = Program(["x"])
    place = program.add("*", program.number(2.5), 0)
    assert local_derivative(program, place, 1) == 2.5
    assert len(program.nodes) == 3


def test_arithmetic_of_numbers_that_raises_is_left_to_the_program() -> None:
    program = Program(["x"])
    place = program.add("/", 0, program.number(0.0), ieee=True)
    slope = local_derivative(program, place, 0)
    assert type(slope) is int
    program.outputs = (slope,)
    assert program.run([3.0]) == [inf]


def test_a_primitive_without_a_derivative_is_refused() -> None:
    program = of_one("ldexp", 2)
    assert type(local_derivative(program, 2, 0)) is int
    with pytest.raises(TypeError, match="ldexp has no derivative with respect to its argument 2"):
        local_derivative(program, 2, 1)


@pytest.mark.parametrize("name", ops.TABLE)
def test_local_derivatives_are_those_of_the_table_bit_for_bit(name: str) -> None:
    primitive = ops.TABLE[name]
    arity = len(primitive.domain)
    for at in (0.01, 0.3, 0.5, 0.99):
        operands = tuple(
            [
                float(round(low + at * (high - low))) if derivative is None else low + at * (high - low)
                for (low, high), derivative in zip(primitive.domain, primitive.derivatives, strict=True)
            ]
        )
        for index, derivative in enumerate(primitive.derivatives):
            if derivative is None:
                continue
            program = of_one(name, arity)
            slope = local_derivative(program, arity, index)
            program.outputs = (slope if type(slope) is int else program.number(slope),)
            expected = float(derivative(*map(Ieee, operands), Ieee(primitive(*operands))))
            results = program.run(operands)
            assert results is not None
            assert results[0].hex() == expected.hex(), operands


def test_a_derivative_is_differentiated_as_what_its_entry_says_it_is_too() -> None:
    program = of_one("hypot", 2)
    slope = local_derivative(program, 2, 0)
    assert type(slope) is int
    assert program.nodes[slope].edges == ("hypot′", (0, 1))
    program = of_one("atan2", 2)
    minus = local_derivative(program, 2, 1)
    assert type(minus) is int
    assert program.nodes[minus].op == "neg"
    assert program.nodes[program.nodes[minus].operands[0]].edges == ("atan2′", (1, 0))
    program = of_one("fmod", 2)
    constant = local_derivative(program, 2, 1)
    assert type(constant) is int
    assert program.nodes[constant].op == "detached"


@pytest.mark.usefixtures("table_as_it_was")
def test_a_rule_that_only_numbers_can_follow_is_read_where_the_operand_is_one() -> None:
    def slope(x: Any, n: Any, out: Any) -> Any:
        return n * x if n > 1.0 else 1.0

    doc = "Return x ** n, for the numbers 1 and 2."
    ops.binary("own_power", lambda x, n: x**n, slope, None, doc, ((0.5, 1.0), (1.0, 2.0)))
    program = Program(["x", "n"])
    square = program.add("own_power", 0, program.number(2.0))
    same = program.add("own_power", 0, program.number(1.0))
    unknown = program.add("own_power", 0, 1)
    slope_of_square = local_derivative(program, square, 0)
    assert type(slope_of_square) is int
    assert program.nodes[slope_of_square].op == "*"
    assert local_derivative(program, same, 0) == 1.0
    with pytest.raises(TypeError, match="chooses between cases with where"):
        local_derivative(program, unknown, 0)
