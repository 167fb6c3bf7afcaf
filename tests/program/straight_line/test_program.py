"""What a straight-line program means: each kind of node, guards, and expressions of the table as nodes."""

from __future__ import annotations

import copy
import math
import operator
import pickle
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_programs import Program as RandomProgram
from random_programs import programs

from autograd import Value, ops
from autograd.engine import topological_order
from autograd.ops import where
from autograd.ops.primitive import Ieee, inf, nan
from autograd.program.straight_line.program import (
    RELATIONS,
    Node,
    Program,
    Symbol,
    active_edges,
    computed,
    depth_first,
    local_derivative,
    related,
)

COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    ">=": operator.ge,
}


def one_operation(op: str, operands: int, ieee: bool = False) -> Program:
    program = Program([f"x{i}" for i in range(operands)])
    program.outputs = (program.add(op, *range(operands), ieee=ieee),)
    return program


# Running


def test_a_program_gives_its_outputs_in_order_and_one_as_often_as_it_is_named() -> None:
    program = Program(["x", "y"])
    product = program.add("*", 0, 1)
    program.outputs = (product, 1, program.number(0.5), product)
    assert program.run([3.0, 4.0]) == [12.0, 4.0, 0.5, 12.0]


def test_inputs_may_be_whole_numbers() -> None:
    results = one_operation("+", 2).run([1, 2])
    assert results == [3.0]
    assert type(results[0]) is float


def test_what_belongs_to_a_derivative_gives_infinity_where_the_function_raises() -> None:
    with pytest.raises(ZeroDivisionError):
        one_operation("/", 2).run([-1.0, 0.0])
    assert one_operation("/", 2, ieee=True).run([-1.0, 0.0]) == [-inf]
    with pytest.raises(OverflowError):
        one_operation("exp", 1).run([1000.0])
    assert one_operation("exp", 1, ieee=True).run([1000.0]) == [inf]


def test_a_guard_that_does_not_hold_ends_the_run_before_what_comes_after_it() -> None:
    program = Program(["x"])
    program.guards[program.add("!=", 0, program.number(0.0))] = True
    program.outputs = (program.add("/", program.number(1.0), 0),)
    assert program.run([4.0]) == [0.25]
    assert program.run([0.0]) is None
    program.guards = {2: False}
    assert program.run([4.0]) is None
    with pytest.raises(ZeroDivisionError):
        program.run([0.0])


@pytest.mark.parametrize("relation", sorted(RELATIONS))
def test_comparisons_are_those_of_python(relation: str) -> None:
    for x in (-inf, -1.0, -0.0, 0.0, 1.0, inf, nan):
        for y in (-inf, -1.0, -0.0, 0.0, 1.0, inf, nan):
            assert related(relation, x, y) is COMPARISONS[relation](x, y)


def test_where_takes_one_of_two_numbers() -> None:
    program = Program(["x", "y"])
    program.outputs = (program.add("where", program.add("<", 0, 1), 0, 1),)
    assert program.run([1.0, 2.0]) == [1.0]
    assert program.run([3.0, 2.0]) == [2.0]
    assert program.run([nan, 2.0]) == [2.0]


def test_a_detached_number_is_the_number() -> None:
    assert one_operation("detached", 1).run([-0.0]) == [-0.0]
    assert computed(Node("number", number=2.5), []) == 2.5


@pytest.mark.parametrize(
    ("op", "operands", "expected"),
    [
        ("fsum…", (1e16, 1.0, -1e16), 1.0),
        ("hypot…", (2.0, 3.0, 6.0), 7.0),
        ("sumprod…", (1e16, 1.0, 1.0, 1.0, 1.0, 2.0), 1e16 + 4.0),
        ("fma…", (1.0 + 2.0**-30, 1.0 - 2.0**-30, -1.0), -(2.0**-60)),
        ("nextafter…", (1.0, 2.0, 3.0), 1.0 + 3.0 * 2.0**-52),
    ],
)
def test_operations_on_many_numbers_are_rounded_once(
    op: str, operands: tuple[float, ...], expected: float
) -> None:
    assert one_operation(op, len(operands)).run(operands) == [expected]


@pytest.mark.parametrize("name", ops.TABLE)
def test_each_primitive_is_its_function_on_floats(name: str) -> None:
    primitive = ops.TABLE[name]
    inside = [
        float(round(0.5 * (low + high))) if derivative is None else 0.25 * low + 0.75 * high
        for (low, high), derivative in zip(primitive.domain, primitive.derivatives, strict=True)
    ]
    assert one_operation(name, len(inside)).run(inside) == [primitive(*inside)]
    assert one_operation(name, len(inside), ieee=True).run(inside) == [primitive(*inside)]


# Programs as objects


def test_a_copy_can_be_extended_without_changing_the_program() -> None:
    program = one_operation("sin", 1)
    before = pickle.dumps(program)
    other = program.copy()
    assert other == program
    assert other.copy([0]).outputs == (0,)
    other.guards[other.add("<", 0, 1)] = True
    assert other != program
    assert pickle.dumps(program) == before


def test_programs_can_be_pickled_and_copied() -> None:
    program = one_operation("sin", 1)
    program.nodes.append(Node("fsum…", (0, 1), last=("fsum", 0, 1)))
    program.guards[program.add("<", 0, 1)] = True
    for other in (pickle.loads(pickle.dumps(program)), copy.deepcopy(program)):
        assert other == program
        assert all(type(node) is Node for node in other.nodes)
        assert other.nodes[2].last == ("fsum", 0, 1)
        assert other.guards == {3: True}


def test_programs_are_equal_only_if_all_their_parts_are() -> None:
    assert one_operation("sin", 1) == one_operation("sin", 1)
    for change in (
        one_operation("cos", 1),
        one_operation("sin", 1, ieee=True),
        one_operation("sin", 1).copy([0]),
        Program(["x0"], guards={0: True}),
    ):
        assert change != one_operation("sin", 1)
    assert one_operation("sin", 1) != "sin"


def test_inputs_and_numbers_are_no_operations() -> None:
    program = one_operation("+", 2)
    program.number(1.0)
    assert program.operations == 1
    assert Program(["x"]).operations == 0


# Reading the expressions of the table

BINARY = [
    ("+", operator.add), ("-", operator.sub), ("*", operator.mul), ("/", operator.truediv),
    ("//", operator.floordiv), ("%", operator.mod), ("**", operator.pow),
]  # fmt: skip


@pytest.mark.parametrize(("op", "function"), [*BINARY, *COMPARISONS.items()])
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
    program = one_operation("-", 2)
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
    program = one_operation("ldexp", 2)
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
            program = one_operation(name, arity)
            slope = local_derivative(program, arity, index)
            program.outputs = (slope if type(slope) is int else program.number(slope),)
            expected = float(derivative(*map(Ieee, operands), Ieee(primitive(*operands))))
            results = program.run(operands)
            assert results is not None
            assert results[0].hex() == expected.hex(), operands


# The order of the nodes


@settings(max_examples=100, deadline=None, database=None)
@given(programs(most=30), st.integers(0, 10))
def test_nodes_are_swept_in_the_order_of_the_engine(random: RandomProgram, number: int) -> None:
    values = random.nodes(*map(Value, random.inputs))
    roots = [values[-1], values[len(values) * number // 11]]
    index = {value: i for i, value in enumerate(values)}
    edges = [tuple([index[x] for x in value.operands if isinstance(x, Value)]) for value in values]
    expected = [index[x] for x in topological_order(*roots, reverse=True)]
    assert list(depth_first(edges, [index[x] for x in roots])) == expected


def test_a_deep_program_needs_no_recursion() -> None:
    edges = [(), *[(i, i) for i in range(100_000)]]
    assert list(depth_first(edges, [100_000])) == list(range(100_000, -1, -1))


def test_only_operands_that_lead_to_an_input_are_active() -> None:
    program = Program(["x", "c"])
    condition = program.add("<", 0, 1)
    product = program.add("*", 0, 1)
    constant = program.add("exp", 1)
    stopped = program.add("detached", product)
    choice = program.add("where", condition, product, constant)
    total = program.add("+", stopped, choice)
    last = len(program.nodes)
    program.nodes.append(Node("fsum…", (stopped, constant, product), last=("fsum", stopped, product)))
    edges = active_edges(program, [0])
    expected: dict[int, tuple[int, ...]] = {
        product: (0,),
        choice: (product,),
        total: (choice,),
        last: (product,),
    }
    assert edges == [expected.get(i, ()) for i in range(len(program.nodes))]


def test_what_is_differentiated_by_is_a_leaf() -> None:
    program = Program(["x"])
    inner = program.add("sin", 0)
    outer = program.add("exp", inner)
    assert active_edges(program, [inner]) == [(), (), (inner,)]
    assert active_edges(program, [0])[outer] == (inner,)
