"""The whole engine on random programs, against difference quotients at 140 digits.

`random_programs` draws the programs, from every primitive of the table, and says how exact a derivative can
be: see `Reference` there for the condition and the tolerance. A failing program is printed as Python.

`AUTOGRAD_RANDOM_PROGRAMS=100 pytest tests/test_random_programs.py` draws a hundred times as many programs,
for which it takes half an hour, and ends with a count of what they covered and how near the bounds they came.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import copy_context
from typing import Any

import pytest
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st
from random_programs import LEFT_OVER, LONGEST, PRIMITIVES, TOLERANCE, Program, Reference, programs

from autograd import (
    Value,
    derivative,
    grad,
    gradients,
    hessian,
    hvp,
    jacobian,
    jvp,
    no_grad,
    value_and_grad,
    vjp,
)
from autograd.ops import Primitive

TIMES = int(os.environ.get("AUTOGRAD_RANDOM_PROGRAMS", "1"))
EVERY = pytest.mark.parametrize("primitive", PRIMITIVES, ids=[x.name for x in PRIMITIVES])
DIRECTIONS = st.lists(st.floats(-2.0, 2.0), min_size=4, max_size=4)


def examples(number: int) -> settings:
    phases = (Phase.generate, Phase.shrink)
    return settings(max_examples=number * TIMES, deadline=None, database=None, phases=phases)


class Tally:
    """What the programs covered, and the errors of derivatives in proportion to their bounds."""

    def __init__(self) -> None:
        self.primitives: Counter[str] = Counter()
        self.lengths: list[int] = []
        self.ratios: list[float] = []
        self.conditions: list[float] = []
        self.ill_conditioned = 0

    def lines(self) -> Iterator[str]:
        def quantiles(numbers: list[float]) -> str:
            ordered = sorted(numbers)
            at = {q: ordered[int(q * (len(ordered) - 1))] for q in (0.5, 0.9, 0.99, 0.999, 1.0)}
            return ", ".join(f"{q:.1%}: {x:.2g}" for q, x in at.items())

        yield f"{len(self.lengths)} programs, {self.ill_conditioned} more were too ill-conditioned"
        yield f"{sum(self.lengths)} operations, at most {max(self.lengths)} in a program"
        yield f"{sum(n > 100 for n in self.lengths)} programs of more than 100"
        yield f"operations of each primitive: {dict(self.primitives.most_common())}"
        yield f"{len(self.ratios)} derivatives; error / bound at quantiles {quantiles(self.ratios)}"
        yield f"{len(self.conditions)} were not 0; condition at quantiles {quantiles(self.conditions)}"


@pytest.fixture(scope="module")
def tally(request: pytest.FixtureRequest) -> Iterator[Tally]:
    tally = Tally()
    yield tally
    if TIMES > 1 and tally.lengths:
        plugins = request.config.pluginmanager
        with plugins.getplugin("capturemanager").global_and_fixture_disabled():
            for line in ["", *tally.lines()]:
                plugins.getplugin("terminalreporter").write_line(line)


def check_derivatives(program: Program, direction: Sequence[float], tally: Tally) -> None:
    """Hold the first and second derivatives of a program, however asked for, against its reference."""
    exact = Reference(program)
    if exact.sensitivity > 1e8:  # rounding may carry an operand across a jump that is not near it
        tally.ill_conditioned += 1
        assume(False)
    n = range(len(program.inputs))
    xs, every = program.inputs, tuple(n)
    v = tuple(direction[: len(xs)])

    def check(got: float, expected: Any, bound: float) -> None:
        assert type(got) is float
        ratio = float(abs(got - expected)) / bound
        tally.ratios.append(ratio)
        if abs(expected) > LEFT_OVER:
            tally.conditions.append(bound / float(TOLERANCE * abs(expected)))
        assert ratio <= 1.0, f"{got!r} is not {float(expected)!r} to within {bound!r}"

    value, gradient = value_and_grad(program, argnums=every)(*xs)
    check(value, exact.value, exact.value_bound)
    for i in n:
        check(gradient[i], exact.gradient[i], exact.gradient_bound[i])

    directional = sum(v[i] * exact.gradient[i] for i in n)
    bound = LEFT_OVER + sum(abs(v[i]) * exact.gradient_bound[i] for i in n)
    check(jvp(program, xs, v)[1], directional, bound)

    second = hessian(program, argnums=every)(*xs)
    product = hvp(program, argnums=every)(*xs, v)
    for i in n:
        nested = grad(grad(program, argnums=i), argnums=every)(*xs)
        for j in n:
            check(second[i][j], exact.hessian[i][j], exact.hessian_bound[i][j])
            check(nested[j], exact.hessian[i][j], exact.hessian_bound[i][j])
        bound = LEFT_OVER + sum(abs(v[j]) * exact.hessian_bound[i][j] for j in n)
        check(product[i], sum(v[j] * exact.hessian[i][j] for j in n), bound)

    along_first = derivative(lambda t: program(t, *xs[1:]), order=2)(xs[0])
    check(along_first, exact.hessian[0][0], exact.hessian_bound[0][0])

    tally.lengths.append(len(program.instructions))
    tally.primitives.update(x.primitive.name for x in program.instructions)


@EVERY
def test_derivatives_of_programs_with_each_primitive_agree_with_differences_at_140_digits(
    primitive: Primitive, tally: Tally
) -> None:
    @examples(10)
    @given(programs(through=[primitive]), DIRECTIONS)
    def check(program: Program, direction: list[float]) -> None:
        check_derivatives(program, direction, tally)

    check()


def test_derivatives_of_long_programs_agree_with_differences_at_140_digits(tally: Tally) -> None:
    @examples(40)
    @given(programs(least=20, most=120), DIRECTIONS)
    def check(program: Program, direction: list[float]) -> None:
        assert len(program.instructions) <= LONGEST
        check_derivatives(program, direction, tally)

    check()


@examples(100)
@given(programs(most=40))
def test_the_value_of_each_node_is_that_of_plain_floats_bit_for_bit(program: Program) -> None:
    recorded = program.nodes(*map(Value, program.inputs))
    with no_grad():
        unrecorded = program.nodes(*map(Value, program.inputs))
    floats = program.nodes(*program.inputs)
    assert bits(node.data for node in recorded) == bits(floats)
    assert bits(node.data for node in unrecorded) == bits(floats)


@examples(100)
@given(programs(most=40))
def test_all_reverse_sweeps_give_the_same_gradient_bit_for_bit(program: Program) -> None:
    xs = program.inputs
    every = tuple(range(len(xs)))
    value, gradient = value_and_grad(program, argnums=every)(*xs)
    expected = bits(gradient)
    assert bits(grad(program, argnums=every)(*xs)) == expected
    assert bits(jacobian(program, argnums=every)(*xs)) == expected

    same_value, pull_back = vjp(program, *xs)
    assert bits([same_value]) == bits([value])
    assert bits(pull_back(1.0)) == expected

    leaves = [Value(x) for x in xs]
    out = program(*leaves)
    assert bits(gradients(out, leaves)) == expected
    recorded = gradients(out, leaves, create_graph=True)
    assert bits(x.data for x in recorded) == bits(gradient)
    assert [x.grad for x in leaves] == [0.0] * len(leaves)
    out.backward()
    assert bits(x.grad for x in leaves) == expected


@examples(50)
@given(programs(most=20))
def test_second_derivatives_do_not_depend_on_the_transformation_that_records_the_first(
    program: Program,
) -> None:
    xs = program.inputs
    every = tuple(range(len(xs)))
    leaves = [Value(x) for x in xs]
    slopes = gradients(program(*leaves), leaves, create_graph=True)
    rows = [bits(gradients(slope, leaves)) for slope in slopes]
    assert [bits(row) for row in hessian(program, argnums=every)(*xs)] == rows


@examples(50)
@given(programs(most=20))
def test_each_row_of_a_jacobian_is_the_gradient_of_that_result_bit_for_bit(program: Program) -> None:
    every = tuple(range(len(program.inputs)))
    middle = (len(program.inputs) + len(program.instructions)) // 2

    def both(*inputs: Any) -> list[Any]:
        nodes = program.nodes(*inputs)
        return [nodes[middle], nodes[-1]]

    for k, row in enumerate(jacobian(both, argnums=every)(*program.inputs)):
        alone = grad(lambda *inputs, k=k: both(*inputs)[k], argnums=every)(*program.inputs)
        assert bits(row) == bits(alone)


@examples(50)
@given(programs(most=20))
def test_blocks_without_recording_change_no_derivative(program: Program) -> None:
    every = tuple(range(len(program.inputs)))

    def derivatives() -> list[list[str]]:
        gradient = grad(program, argnums=every)(*program.inputs)
        return [bits(gradient), *[bits(row) for row in hessian(program, argnums=every)(*program.inputs)]]

    expected = derivatives()
    with no_grad():
        assert derivatives() == expected
    with no_grad_in_another_task():
        assert derivatives() == expected
        leaves = [Value(x) for x in program.inputs]
        program(*leaves).backward()
        assert bits(x.grad for x in leaves) == expected[0]


@contextmanager
def no_grad_in_another_task() -> Iterator[None]:
    """A block in which something else, with a context of its own, is within `no_grad`."""
    other, block = copy_context(), no_grad()
    other.run(block.__enter__)
    try:
        yield
    finally:
        other.run(block.__exit__, None, None, None)


def bits(numbers: Any) -> list[str]:
    """Return floats as text that tells every one from every other, 0.0 from -0.0 too."""
    return [x.hex() for x in numbers]
