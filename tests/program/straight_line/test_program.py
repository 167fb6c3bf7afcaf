"""What a straight-line program means: each kind of node, and guards."""

from __future__ import annotations

import copy
import operator
import pickle
from collections.abc import Callable

import pytest
from straight_lines import of_one

from autograd import ops
from autograd.program.straight_line.program import (
    RELATIONS,
    Node,
    Program,
    computed,
    related,
)
from autograd.support.real_numbers import inf, nan

COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    ">=": operator.ge,
}


# Running


def test_a_program_gives_its_outputs_in_order_and_one_as_often_as_it_is_named() -> None:
    program = Program(["x", "y"])
    product = program.add("*", 0, 1)
    program.outputs = (product, 1, program.number(0.5), product)
    assert program.run([3.0, 4.0]) == [12.0, 4.0, 0.5, 12.0]


def test_inputs_may_be_whole_numbers() -> None:
    results = of_one("+", 2).run([1, 2])
    assert results == [3.0]
    assert type(results[0]) is float


def test_what_belongs_to_a_derivative_gives_infinity_where_the_function_raises() -> None:
    with pytest.raises(ZeroDivisionError):
        of_one("/", 2).run([-1.0, 0.0])
    assert of_one("/", 2, ieee=True).run([-1.0, 0.0]) == [-inf]
    with pytest.raises(OverflowError):
        of_one("exp", 1).run([1000.0])
    assert of_one("exp", 1, ieee=True).run([1000.0]) == [inf]


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
    assert of_one("detached", 1).run([-0.0]) == [-0.0]
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
    assert of_one(op, len(operands)).run(operands) == [expected]


@pytest.mark.parametrize("name", ops.TABLE)
def test_each_primitive_is_its_function_on_floats(name: str) -> None:
    primitive = ops.TABLE[name]
    inside = [
        float(round(0.5 * (low + high))) if derivative is None else 0.25 * low + 0.75 * high
        for (low, high), derivative in zip(primitive.domain, primitive.derivatives, strict=True)
    ]
    assert of_one(name, len(inside)).run(inside) == [primitive(*inside)]
    assert of_one(name, len(inside), ieee=True).run(inside) == [primitive(*inside)]


# Programs as objects


def test_a_copy_can_be_extended_without_changing_the_program() -> None:
    program = of_one("sin", 1)
    before = pickle.dumps(program)
    other = program.copy()
    assert other == program
    assert other.copy([0]).outputs == (0,)
    other.guards[other.add("<", 0, 1)] = True
    assert other != program
    assert pickle.dumps(program) == before


def test_programs_can_be_pickled_and_copied() -> None:
    program = of_one("sin", 1)
    program.nodes.append(Node("fsum…", (0, 1), last=("fsum", 0, 1)))
    program.guards[program.add("<", 0, 1)] = True
    for other in (pickle.loads(pickle.dumps(program)), copy.deepcopy(program)):
        assert other == program
        assert all(type(node) is Node for node in other.nodes)
        assert other.nodes[2].last == ("fsum", 0, 1)
        assert other.guards == {3: True}


def test_programs_are_equal_only_if_all_their_parts_are() -> None:
    assert of_one("sin", 1) == of_one("sin", 1)
    for change in (
        of_one("cos", 1),
        of_one("sin", 1, ieee=True),
        of_one("sin", 1).copy([0]),
        Program(["x0"], guards={0: True}),
    ):
        assert change != of_one("sin", 1)
    assert of_one("sin", 1) != "sin"


def test_inputs_and_numbers_are_no_operations() -> None:
    program = of_one("+", 2)
    program.number(1.0)
    assert program.operations == 1
    assert Program(["x"]).operations == 0
