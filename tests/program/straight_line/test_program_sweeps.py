"""Reverse sweeps written as programs: bit for bit those of the engine, and right to many digits."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from mpmath import mp, mpf
from oracle import ONCE
from random_programs import Program as RandomProgram
from random_programs import Reference, programs
from straight_lines import recorded

from autograd import grad, gradients, hessian, hvp, jacobian, ops, value_and_grad
from autograd import math as amath
from autograd.derivatives.variables import variable
from autograd.program.straight_line.program import Node, Program
from autograd.program.straight_line.simplify import simplified
from autograd.program.straight_line.sweeps import (
    Sweeps,
    with_gradient,
    with_inputs,
    with_jacobian,
    with_product,
)
from autograd.support.real_numbers import inf, nan


def bits(numbers: Any) -> list[str]:
    """Return floats as text that tells every one from every other, 0.0 from -0.0 too."""
    return [x.hex() for x in numbers]


def rows(matrix: Any) -> list[float]:
    """Return the numbers of a matrix, row by row."""
    return [x for row in matrix for x in row]


def elsewhere(inputs: Sequence[float], source: Any) -> list[tuple[float, ...]]:
    return [tuple(inputs), *[tuple([x + source.uniform(-1.0, 1.0) for x in inputs]) for _ in range(5)]]


def check(program: Program, inputs: Sequence[float], expected: Callable[[], Any]) -> None:
    """Hold a program against the engine: the same numbers to the last bit, or the same kind of error."""
    try:
        numbers = bits(expected())
    except (ArithmeticError, ValueError) as error:
        with pytest.raises(type(error)):
            program.run(inputs)
        return
    results = program.run(inputs)
    assert results is not None
    assert bits(results) == numbers


def check_closely(program: Program, inputs: Sequence[float], expected: Callable[[], Any]) -> None:
    """Hold a program against the engine, which may add up in another order.

    A recorded derivative of the engine has no node for what is 0 times a finite number. What overflows on
    the way depends on the order too, and is not compared.
    """
    try:
        numbers = expected()
    except (ArithmeticError, ValueError) as error:
        with pytest.raises(type(error)):
            program.run(inputs)
        return
    on_the_way = program.copy(range(len(program.nodes))).run(inputs)
    assert on_the_way is not None
    if any(map(math.isinf, on_the_way)):
        return
    scale = max([abs(x) for x in numbers if math.isfinite(x)], default=0.0)
    assert program.run(inputs) == pytest.approx(list(numbers), rel=1e-10, abs=1e-12 * scale, nan_ok=True)


# Against the engine

RANDOM = (programs(most=25), st.randoms(use_true_random=False))


def drawn(test: Callable[[RandomProgram, Any], None]) -> Callable[[], None]:
    return settings(max_examples=80, deadline=None, database=None)(given(*RANDOM)(test))


def test_a_gradient_is_that_of_the_engine_bit_for_bit() -> None:
    @drawn
    def compare(random: RandomProgram, source: Any) -> None:
        every = tuple(range(len(random.inputs)))
        program = recorded(random, *random.inputs)
        both, alone = with_gradient(program, every), with_gradient(program, every, keep=False)
        assert both.outputs == (*program.outputs, *alone.outputs)

        def expected() -> Any:
            value, derivatives = value_and_grad(random, argnums=every)(*inputs)
            return [value, *derivatives]

        for inputs in elsewhere(random.inputs, source):
            check(both, inputs, expected)
            check(simplified(both), inputs, expected)
            check(alone, inputs, lambda: expected()[1:])

    compare()


def test_a_gradient_by_some_inputs_is_that_part_of_the_gradient() -> None:
    @drawn
    def compare(random: RandomProgram, source: Any) -> None:
        count = len(random.inputs)
        by = source.sample(range(count), source.randint(1, count))
        program = with_gradient(recorded(random, *random.inputs), by, keep=False)
        check(program, random.inputs, lambda: grad(random, argnums=tuple(by))(*random.inputs))

    compare()


def test_a_jacobian_is_that_of_the_engine_bit_for_bit() -> None:
    @drawn
    def compare(random: RandomProgram, source: Any) -> None:
        every = tuple(range(len(random.inputs)))
        ends = [source.randrange(len(random.inputs) + len(random.instructions)) for _ in range(3)]

        def several(*inputs: Any) -> list[Any]:
            nodes = random.nodes(*inputs)
            return [nodes[i] for i in ends]

        program = with_jacobian(recorded(several, *random.inputs), every)
        for inputs in elsewhere(random.inputs, source):
            check(program, inputs, lambda: rows(jacobian(several, argnums=every)(*inputs)))  # noqa: B023

    compare()


def test_a_hessian_is_that_of_the_engine_but_for_rounding() -> None:
    @drawn
    def compare(random: RandomProgram, source: Any) -> None:
        every = tuple(range(len(random.inputs)))
        program = with_jacobian(with_gradient(recorded(random, *random.inputs), every, keep=False), every)
        for larger in (program, simplified(program)):
            check_closely(
                larger,
                random.inputs,
                lambda: rows(hessian(random, argnums=every)(*random.inputs)),
            )

    compare()


def test_the_product_of_hessian_and_vector_is_that_of_the_engine_but_for_rounding() -> None:
    @drawn
    def compare(random: RandomProgram, source: Any) -> None:
        every = tuple(range(len(random.inputs)))
        first = with_gradient(recorded(random, *random.inputs), every, keep=False)
        program = with_product(first, every, [f"v{i}" for i in every])
        assert program.inputs == (*first.inputs, *[f"v{i}" for i in every])
        vector = tuple([source.uniform(-2.0, 2.0) for _ in every])
        for inputs in elsewhere(random.inputs, source):
            check_closely(program, (*inputs, *vector), lambda: hvp(random, argnums=every)(*inputs, vector))  # noqa: B023

    compare()


def branching(x: Any, y: Any) -> Any:
    if x > 0.5:
        return amath.fsum([amath.exp(x), y, x * y])
    while y < 2.0:
        y = y * 1.5 + abs(x)
    return amath.hypot(x, y, 0.5) + amath.sumprod([x, y], [y, 3.0]) + amath.prod([x, y, x])


@pytest.mark.parametrize("at", [(0.75, 0.5), (0.25, 1.0), (-0.25, 5.0)])
def test_guards_and_operations_on_many_numbers_are_differentiated_as_in_the_engine(
    at: tuple[float, float],
) -> None:
    program = recorded(branching, *at)
    gradient = with_gradient(program, [0, 1])
    second = with_jacobian(with_gradient(program, [0, 1], keep=False), [0, 1])
    assert gradient.guards == program.guards
    fits = 0
    for i in range(400):
        inputs = (math.sin(i), 0.03 * i)
        if program.run(inputs) is None:
            assert gradient.run(inputs) is None
            assert second.run(inputs) is None
            continue
        fits += 1
        results = gradient.run(inputs)
        assert results is not None
        assert bits(results[1:]) == bits(grad(branching, argnums=(0, 1))(*inputs))
        assert bits(second.run(inputs)) == bits(rows(hessian(branching, argnums=(0, 1))(*inputs)))
    assert fits > 5


@pytest.mark.parametrize("name", ops.TABLE)
def test_derivatives_at_kinks_and_ends_are_those_of_the_engine(name: str) -> None:
    primitive = ops.TABLE[name]
    by = [i for i, derivative in enumerate(primitive.derivatives) if derivative is not None]
    twice = [i for i in by if i not in ONCE.get(name, ())]
    grid = [-inf, -2.0, -1.0, -0.0, 0.0, 0.5, 1.0, 2.0, 1e200, inf, nan]
    program = Program(["x", "y"][: len(primitive.domain)])
    program.outputs = (program.add(name, *range(len(primitive.domain))),)
    first = with_gradient(program, by, keep=False)
    second = with_jacobian(with_gradient(program, twice, keep=False), twice)
    points = [(x,) for x in grid] if len(primitive.domain) == 1 else [(x, y) for x in grid for y in grid]
    for operands in points:
        try:
            primitive(*operands)
        except (ArithmeticError, ValueError, TypeError):
            continue
        check(first, operands, lambda: grad(primitive, argnums=tuple(by))(*operands))  # noqa: B023
        check(
            second,
            operands,
            lambda: rows(hessian(primitive, argnums=tuple(twice))(*operands)),  # noqa: B023
        )


# Against many digits


@settings(max_examples=60, deadline=None, database=None)
@given(programs(most=15))
def test_derivatives_agree_with_differences_at_140_digits(random: RandomProgram) -> None:
    exact = Reference(random)
    assume(exact.sensitivity < 1e8)
    count = len(random.inputs)
    program = with_gradient(recorded(random, *random.inputs), range(count), keep=False)
    first = simplified(program).run(random.inputs)
    second = simplified(with_jacobian(program, range(count))).run(random.inputs)
    assert first is not None
    assert second is not None
    for i in range(count):
        assert abs(first[i] - exact.gradient[i]) <= exact.gradient_bound[i]
        for j in range(count):
            assert abs(second[i * count + j] - exact.hessian[i][j]) <= exact.hessian_bound[i][j]


CLOSED_FORMS: list[tuple[Callable[..., Any], Callable[..., Any], Callable[..., Any]]] = [
    (
        lambda x, y: amath.exp(x * y),
        lambda x, y: [y * mp.exp(x * y), x * mp.exp(x * y)],
        lambda x, y: [y * y * mp.exp(x * y), (1 + x * y) * mp.exp(x * y), x * x * mp.exp(x * y)],
    ),
    (
        lambda x, y: amath.sin(x) / y,
        lambda x, y: [mp.cos(x) / y, -mp.sin(x) / y**2],
        lambda x, y: [-mp.sin(x) / y, -mp.cos(x) / y**2, 2 * mp.sin(x) / y**3],
    ),
    (
        lambda x, y: amath.log(x * x + y * y),
        lambda x, y: [2 * x / (x * x + y * y), 2 * y / (x * x + y * y)],
        lambda x, y: [
            2 * (y * y - x * x) / (x * x + y * y) ** 2,
            -4 * x * y / (x * x + y * y) ** 2,
            2 * (x * x - y * y) / (x * x + y * y) ** 2,
        ],
    ),
    (
        lambda x, y: amath.atan2(y, x),
        lambda x, y: [-y / (x * x + y * y), x / (x * x + y * y)],
        lambda x, y: [
            2 * x * y / (x * x + y * y) ** 2,
            (y * y - x * x) / (x * x + y * y) ** 2,
            -2 * x * y / (x * x + y * y) ** 2,
        ],
    ),
    (
        lambda x, y: x**y,
        lambda x, y: [y * x ** (y - 1), x**y * mp.log(x)],
        lambda x, y: [
            y * (y - 1) * x ** (y - 2),
            x ** (y - 1) * (1 + y * mp.log(x)),
            x**y * mp.log(x) ** 2,
        ],
    ),
    (
        lambda x, y: ops.sigmoid(x) * ops.digamma(y),
        lambda x, y: [_slope(x) * mp.psi(0, y), _logistic(x) * mp.psi(1, y)],
        lambda x, y: [
            _slope(x) * (1 - 2 * _logistic(x)) * mp.psi(0, y),
            _slope(x) * mp.psi(1, y),
            _logistic(x) * mp.psi(2, y),
        ],
    ),
]


def _logistic(x: Any) -> Any:
    return 1 / (1 + mp.exp(-x))


def _slope(x: Any) -> Any:
    return _logistic(x) * (1 - _logistic(x))


@pytest.mark.parametrize(("f", "first", "second"), CLOSED_FORMS)
@pytest.mark.parametrize("at", [(0.5, 2.5), (3.0, 0.75), (1.25, 6.0)])
def test_derivatives_are_those_of_closed_forms(
    f: Callable[..., Any], first: Callable[..., Any], second: Callable[..., Any], at: tuple[float, float]
) -> None:
    gradient = with_gradient(recorded(f, *at), [0, 1], keep=False)
    results = gradient.run(at)
    curvatures = with_jacobian(gradient, [0, 1]).run(at)
    assert results is not None
    assert curvatures is not None
    with mp.workdps(40):
        exact = [float(x) for x in first(*map(mpf, at))]
        of_second_order = [float(x) for x in second(*map(mpf, at))]
    assert results == pytest.approx(exact, rel=4e-15)
    assert [curvatures[0], curvatures[1], curvatures[3]] == pytest.approx(of_second_order, rel=4e-14)
    assert curvatures[2] == pytest.approx(curvatures[1], rel=4e-14)


# What a sweep is


def test_numbers_stay_numbers_in_the_sweep_of_a_linear_function() -> None:
    program = Program(["x", "y"])
    program.outputs = (program.add("-", program.add("*", program.number(3.0), 0), 1),)
    gradient = with_gradient(program, [0, 1])
    assert [gradient.nodes[i] for i in gradient.outputs[1:]] == [
        Node("number", number=3.0),
        Node("number", number=-1.0),
    ]
    assert gradient.operations == program.operations


def test_what_does_not_depend_on_an_input_has_derivative_zero() -> None:
    program = Program(["x", "y"])
    stopped = program.add("detached", program.add("*", 0, 0))
    program.outputs = (program.add("*", stopped, 1),)
    assert with_gradient(program, [0, 1]).run([3.0, 2.0]) == [18.0, 0.0, 9.0]


def test_an_output_that_is_an_input_has_derivative_one() -> None:
    assert with_jacobian(Program(["x", "y"], outputs=(1, 0)), [0, 1]).run([5.0, 6.0]) == [0.0, 1.0, 1.0, 0.0]


def test_a_derivative_is_never_a_negative_zero() -> None:
    program = Program(["x", "y"])
    program.outputs = (program.add("*", program.add("neg", 0), 1),)
    results = with_gradient(program, [0, 1]).run([0.0, 0.0])
    assert results is not None
    assert bits(results) == bits([-0.0, 0.0, 0.0])


def test_where_hands_the_derivative_to_the_chosen_branch() -> None:
    program = Program(["x", "y"])
    condition = program.add("<", 0, 1)
    program.outputs = (program.add("where", condition, program.add("*", 0, 0), program.add("*", 0, 1)),)
    gradient = with_gradient(program, [0, 1])
    assert gradient.run([1.0, 5.0]) == [1.0, 2.0, 0.0]
    assert gradient.run([7.0, 5.0]) == [35.0, 5.0, 7.0]


def test_an_infinite_derivative_that_is_not_chosen_is_not_felt() -> None:
    program = Program(["x"])
    positive = program.add(">", 0, program.number(0.0))
    root = program.add("sqrt", program.add("*", program.number(3.0), 0))
    program.outputs = (program.add("where", positive, program.add("exp", root), program.number(7.0)),)
    gradient = with_gradient(program, [0])
    assert gradient.run([12.0]) == [math.exp(6.0), pytest.approx(0.25 * math.exp(6.0), rel=1e-15)]
    assert gradient.run([0.0]) == [7.0, 0.0]


def test_what_several_choices_lead_to_is_felt_if_one_of_them_is_taken() -> None:
    program = Program(["x", "y"])
    zero = program.number(0.0)
    inverse = program.add("/", program.number(1.0), 0, ieee=True)
    inner = program.add("where", program.add(">", 1, zero), inverse, program.add("*", 0, 1))
    outer = program.add("where", program.add("<", 0, zero), inner, program.add("neg", inverse))
    program.outputs = (program.add("where", program.add("==", 0, zero), 1, outer),)
    gradient = with_gradient(program, [0, 1], keep=False)
    assert gradient.run([-2.0, 3.0]) == [-0.25, 0.0]
    assert gradient.run([-2.0, -3.0]) == [-3.0, -2.0]
    assert gradient.run([2.0, 3.0]) == [0.25, 0.0]
    assert gradient.run([0.0, 3.0]) == [0.0, 1.0]


def test_a_choice_between_the_same_is_none() -> None:
    program = Program(["x"])
    square = program.add("*", 0, 0)
    condition = program.add("<", 0, program.number(0.0))
    program.outputs = (program.add("where", condition, square, square),)
    gradient = with_gradient(program, [0])
    assert [node.op for node in gradient.nodes].count("where") == 1
    assert gradient.run([3.0]) == [9.0, 6.0]


def test_a_product_with_a_vector_begins_with_what_an_input_is_weighed_by() -> None:
    def f(x: Any, y: Any) -> Any:
        return ops.silu(x) + y * x  # whose derivative by y is an input

    for i in range(50):
        inputs, vector = (math.sin(i), math.cos(i)), (math.sin(3.0 * i), math.cos(5.0 * i))
        program = with_product(with_gradient(recorded(f, *inputs), [0, 1], keep=False), [0, 1], ["v", "w"])
        check(program, (*inputs, *vector), lambda: hvp(f, argnums=(0, 1))(*inputs, vector))  # noqa: B023


def test_an_operand_that_comes_twice_adds_up() -> None:
    program = Program(["x"])
    program.outputs = (program.add("*", 0, 0),)
    assert with_gradient(program, [0]).run([3.0]) == [9.0, 6.0]


def test_seeds_weigh_what_is_differentiated() -> None:
    program = Program(["x", "y", "w"])
    product, quotient = program.add("*", 0, 1), program.add("/", 0, 1)
    program.outputs = tuple(Sweeps(program, [0, 1]).gradient({product: 2.0, quotient: 2}))
    assert program.run([3.0, 4.0, 8.0]) == [2.0 * 4.0 + 8.0 / 4.0, 2.0 * 3.0 - 8.0 * 3.0 / 16.0]


def test_an_output_that_comes_twice_is_weighed_twice() -> None:
    program = Program(["x"])
    square = program.add("*", 0, 0)
    program.outputs = (square, 0, square)
    product = with_product(program, [0], ["a", "b", "c"])
    assert product.run([3.0, 10.0, 100.0, 1000.0]) == [6.0 * 1010.0 + 100.0]


def test_new_inputs_come_after_the_old_ones_and_change_nothing() -> None:
    program = recorded(branching, 0.75, 0.5)
    larger = with_inputs(program, ["a", "b"])
    assert larger.inputs == ("x0", "x1", "a", "b")
    assert len(larger.nodes) == len(program.nodes) + 2
    for x, y in ((0.75, 0.5), (0.9, -3.0), (0.25, 0.5)):
        assert larger.run([x, y, nan, nan]) == program.run([x, y])
    assert bits(with_gradient(larger, [0, 1]).run([0.75, 0.5, nan, nan])) == bits(
        with_gradient(program, [0, 1]).run([0.75, 0.5])
    )


def test_a_primitive_without_a_derivative_is_refused_only_if_it_is_needed() -> None:
    program = Program(["x", "y"])
    program.outputs = (program.add("ldexp", 0, 1),)
    assert with_gradient(program, [0]).run([3.0, 2.0]) == [12.0, 4.0]
    with pytest.raises(TypeError, match="ldexp has no derivative with respect to its argument 2"):
        with_gradient(program, [0, 1])


def test_the_given_program_is_not_changed() -> None:
    program = recorded(branching, 0.25, 1.0)
    before = program.copy()
    with_gradient(program, [0, 1])
    with_jacobian(program, [0, 1])
    with_product(program, [0, 1], ["v"])
    assert program == before


def test_a_sweep_over_a_hundred_thousand_nodes_needs_no_recursion() -> None:
    program = Program(["x"])
    place = 0
    for _ in range(100_000):
        place = program.add("+", place, 0)
    program.outputs = (place,)
    assert with_gradient(program, [0]).run([1.0]) == [100_001.0, 100_001.0]


def test_derivatives_with_respect_to_a_node_on_the_way_stop_there() -> None:
    program = Program(["x"])
    inner = program.add("*", 0, 0)
    program.outputs = (program.add("*", inner, 0),)
    assert with_gradient(program, [inner, 0]).run([3.0]) == [27.0, 3.0, 9.0]


def test_gradients_of_the_graph_agree_where_a_node_is_used_often() -> None:
    def f(x: Any, y: Any) -> Any:
        z = x * y
        return (z + x) * z / (z * z + 1.0) - z

    program = with_gradient(recorded(f, 0.3, 0.7), [0, 1], keep=False)
    x, y = variable(1.1), variable(-0.6)
    assert bits(program.run([1.1, -0.6])) == bits(gradients(f(x, y), [x, y]))


@pytest.mark.parametrize("second", ["<", ">"])
@pytest.mark.parametrize("swapped", [False, True])
@pytest.mark.parametrize(
    ("a", "b", "c", "d"), [(1.0, 2.0, 3.0, 4.0), (2.0, 1.0, 3.0, 4.0), (2.0, 1.0, 4.0, 3.0)]
)
def test_branches_of_two_choices_add_up(
    second: str, swapped: bool, a: float, b: float, c: float, d: float
) -> None:
    """Of the same condition, as where numbers are exchanged, and of different ones."""
    for same in (True, False):
        program = Program(["a", "b", "c", "d"])
        x, y = program.add("sqrt", 0), program.add("*", 1, 1)
        first = program.add("<", 0, 1)
        other = first if same else program.add(second, 2, 3)
        left = program.add("where", first, x, y)
        right = program.add("where", other, *((y, x) if swapped else (x, y)))
        weighted = program.add("*", right, program.number(10.0))
        program.outputs = (program.add("+", left, weighted),)
        holds = a < b if same else (c < d if second == "<" else c > d)
        of_x = (1.0 if a < b else 0.0) + (10.0 if holds is not swapped else 0.0)
        of_y = 11.0 - of_x
        for derived in (with_gradient(program, [0, 1]), simplified(with_gradient(program, [0, 1]))):
            results = derived.run([a, b, c, d])
            assert results is not None
            assert results[1:] == [of_x * (0.5 / math.sqrt(a)), of_y * 2.0 * b]


@pytest.mark.parametrize(("a", "b"), [(0.0, 4.0), (4.0, 0.0)])
def test_an_exchange_that_is_not_chosen_keeps_what_is_infinite_out(a: float, b: float) -> None:
    program = Program(["a", "b", "c"])
    x, y = program.add("sqrt", 0), program.add("sqrt", 1)
    condition = program.add("<", 1, 0)
    low, high = program.add("where", condition, y, x), program.add("where", condition, x, y)
    outer = program.add("<", 2, program.number(0.0))
    both = program.add("+", high, program.add("*", low, program.number(3.0)))
    for chosen, wanted in ((low, None), (both, None), (2, [0.0, 0.0, 1.0])):
        program.outputs = (program.add("where", outer, both if chosen == 2 else chosen, 2),)
        results = simplified(with_gradient(program, [0, 1, 2])).run([a, b, 1.0])
        assert results is not None
        assert results[1:] == (wanted or [0.0, 0.0, 1.0])
        results = simplified(with_gradient(program, [0, 1, 2])).run([a, b, -1.0])
        assert results is not None
        slopes = {0.0: inf, 4.0: 0.25 if chosen != low else 0.0}
        assert results[1:] == [slopes[a], slopes[b], 0.0]
