"""Programs made smaller: the same to the last bit, and which rules apply to which numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from loop_writers import with_loops
from random_programs import Program as RandomProgram
from random_programs import programs
from straight_lines import at_point, of_one, recorded

from autograd import math as amath
from autograd import ops
from autograd.program.loops.program import Element, LoopProgram
from autograd.program.straight_line.program import WHOLE, Node, Program
from autograd.program.straight_line.simplify import for_batches, may_raise, simplified, watched
from autograd.program.straight_line.sweeps import with_gradient, with_jacobian
from autograd.support.real_numbers import inf, nan

POSITIVE = [
    0.0, 5e-324, 1e-310, 2.2250738585072014e-308, 1e-200, 1e-20, 0.1, 0.5, 1.0 - 2.0**-53, 1.0,
    1.0 + 2.0**-52, 1.5, 2.0, 2.5, 3.0, math.pi, 10.0, 100.0, 171.0, 700.0, 710.0, 750.0, 1024.0, 1e16, 1e200,
    1.7976931348623157e308, inf,
]  # fmt: skip
AWKWARD = [*POSITIVE, *[-x for x in POSITIVE], nan]


def outcome(program: Program, inputs: Sequence[float]) -> object:
    """Return what a run gives, every float told from every other, or the kind of error it raises."""
    try:
        results = program.run(inputs)
    except (ArithmeticError, ValueError) as error:
        return type(error)
    return None if results is None else [x.hex() for x in results]


def written(program: Program, place: int | None = None) -> str:
    """Return what leads to a place, the first output, as text with every operation in brackets."""
    node = program.nodes[program.outputs[0] if place is None else place]
    if node.op == "input":
        return program.inputs[program.outputs[0] if place is None else place]
    if node.op == "number":
        return repr(node.number)
    return f"({' '.join([node.op, *[written(program, i) for i in node.operands]])})"


def build(text: str, program: Program) -> int:
    """Append what `written` would have written, over the inputs, and return its place."""
    tokens = text.replace("(", " ( ").replace(")", " ) ").split()

    def read() -> int:
        token = tokens.pop(0)
        if token != "(":
            return program.inputs.index(token) if token in program.inputs else program.number(float(token))
        op = tokens.pop(0)
        operands = []
        while tokens[0] != ")":
            operands.append(read())
        tokens.pop(0)
        return program.add(op, *operands)

    return read()


def rewritten(text: str) -> str:
    program = Program(["x", "y", "z"])
    program.outputs = (build(text, program),)
    smaller = simplified(program)
    for x in AWKWARD:
        for y in (0.0, -0.0, 1.5, -inf, nan):
            assert outcome(smaller, (x, y, 0.5)) == outcome(program, (x, y, 0.5)), (text, x, y)
    return written(smaller)


# The rules


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(identity x)", "x"),
        ("(detached x)", "x"),
        ("(identity (identity (neg x)))", "(neg x)"),
        ("(+ x -0.0)", "x"),
        ("(+ -0.0 x)", "x"),
        ("(+ (abs x) 0.0)", "(abs x)"),
        ("(+ 0.0 (* x x))", "(* x x)"),
        ("(+ (+ x 1.5) 0.0)", "(+ x 1.5)"),
        ("(+ (+ 0.0 x) 0.0)", "(+ 0.0 x)"),
        ("(+ (where (< x y) 2.0 (abs x)) 0.0)", "(where (< x y) 2.0 (abs x))"),
        ("(+ (neg (abs x)) 0.0)", "(- 0.0 (abs x))"),
        ("(- x 0.0)", "x"),
        ("(+ x (neg y))", "(- x y)"),
        ("(+ (neg x) y)", "(- y x)"),
        ("(- x (neg y))", "(+ x y)"),
        ("(* x 1.0)", "x"),
        ("(* 1.0 x)", "x"),
        ("(* -1.0 x)", "(neg x)"),
        ("(* (neg x) (neg y))", "(* x y)"),
        ("(* (* -1.0 x) (* y -1.0))", "(* x y)"),
        ("(/ x 1.0)", "x"),
        ("(/ x 8.0)", "(* x 0.125)"),
        ("(/ x -0.25)", "(* x -4.0)"),
        ("(neg (neg x))", "x"),
        ("(neg (neg (neg x)))", "(neg x)"),
        ("(** x 1.0)", "x"),
        ("(pow x 1.0)", "x"),
        ("(where (< x y) z z)", "z"),
        ("(where (< 1.0 2.0) x y)", "x"),
        ("(where (> 1.0 2.0) x y)", "y"),
        ("(where (== 0.0 -0.0) x (exp y))", "x"),
        ("(* (+ 1.0 2.0) (sin 0.0))", "0.0"),
        ("(+ x (* 2.0 3.0))", "(+ x 6.0)"),
        ("(fsum… 1e16 1.0 -1e16)", "1.0"),
    ],
)
def test_a_rule_that_holds_for_all_numbers_is_applied(text: str, expected: str) -> None:
    assert rewritten(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "(+ x 0.0)",  # 0.0 where x is -0.0
        "(+ 0.0 x)",
        "(+ (* x y) 0.0)",
        "(+ (* -2.0 (abs x)) 0.0)",
        "(+ (where (< x y) -0.0 (abs x)) 0.0)",
        "(- x -0.0)",
        "(- 0.0 x)",  # not -x, where x is 0.0
        "(- x x)",  # NaN where x is infinite
        "(* x 0.0)",
        "(* 0.0 x)",
        "(/ x x)",
        "(/ 0.0 x)",
        "(/ x 3.0)",  # rounded in another way than a product
        "(/ x 0.0)",
        "(/ x inf)",
        "(/ x 5e-324)",  # its inverse is infinite
        "(/ x 8.98846567431158e+307)",
        "(** x 2.0)",
        "(** x 0.0)",
        "(** x 0.5)",  # not the square root, where x is -0.0
        "(neg (- x y))",  # not y - x, where they are equal
        "(sqrt (* x x))",
        "(max x x)",
        "(+ (+ x 1.0) 2.0)",
        "(* (* x 2.0) 3.0)",
        "(exp (log x))",
    ],
)
def test_a_rule_that_some_number_breaks_is_not_applied(text: str) -> None:
    assert rewritten(text) == text


def test_numbers_of_which_an_operation_raises_are_left_to_the_run() -> None:
    assert rewritten("(/ 1.0 0.0)") == "(/ 1.0 0.0)"
    assert rewritten("(log -1.0)") == "(log -1.0)"
    assert rewritten("(exp 1000.0)") == "(exp 1000.0)"


def test_a_derivative_of_numbers_is_folded_to_infinity() -> None:
    program = Program([])
    program.outputs = (program.add("/", program.number(1.0), program.number(0.0), ieee=True),)
    assert written(simplified(program)) == "inf"


def test_what_is_computed_twice_is_computed_once() -> None:
    program = Program(["x", "y"])
    first, second = program.add("sin", 0), program.add("sin", 0)
    product, turned = program.add("*", first, 1), program.add("*", 1, second)
    difference, other = program.add("-", first, 1), program.add("-", 1, second)
    program.outputs = (product, turned, difference, other)
    smaller = simplified(program)
    assert [node.op for node in smaller.nodes] == ["input", "input", "sin", "*", "-", "-"]
    assert smaller.outputs == (3, 3, 4, 5)


def test_zeros_of_both_signs_are_different_numbers() -> None:
    program = Program(["x"])
    zeros = [program.number(x) for x in (0.0, -0.0, 0.0)]
    program.outputs = tuple([program.add("copysign", 0, zero) for zero in zeros])
    smaller = simplified(program)
    assert smaller.run([2.0]) == [2.0, -2.0, 2.0]
    assert smaller.operations == 2


def test_an_operation_of_the_function_still_raises_where_a_derivative_has_it_before() -> None:
    program = Program(["x"])
    program.add("log", 0, ieee=True)
    program.outputs = (program.add("log", 0),)
    assert outcome(program, [-1.0]) is ValueError
    assert outcome(simplified(program), [-1.0]) is ValueError


def test_a_derivative_is_taken_from_an_operation_of_the_function() -> None:
    program = Program(["x"])
    program.outputs = (program.add("exp", 0), program.add("exp", 0, ieee=True))
    smaller = simplified(program)
    assert smaller.operations == 1
    assert outcome(smaller, [1000.0]) is OverflowError


# What is kept


def test_what_no_output_needs_is_kept_only_if_it_may_raise() -> None:
    program = Program(["x", "y"])
    program.add("exp", program.add("*", 0, 1))
    program.add("tanh", 0)
    program.add("log", 0, ieee=True)
    program.outputs = (1,)
    smaller = simplified(program)
    assert [node.op for node in smaller.nodes] == ["input", "input", "*", "exp"]
    assert outcome(smaller, [100.0, 100.0]) is OverflowError


def test_guards_are_kept_but_for_those_of_numbers() -> None:
    program = Program(["x"])
    two, three = program.number(2.0), program.number(3.0)
    program.guards[program.add("<", two, three)] = True
    program.guards[program.add(">", program.add("identity", 0), two)] = False
    program.guards[program.add(">", 0, two)] = False
    smaller = simplified(program)
    assert [node.op for node in smaller.nodes] == ["input", "number", ">"]
    assert smaller.guards == {2: False}
    assert smaller.run([1.0]) == []
    assert smaller.run([3.0]) is None


def test_inputs_stay_where_they_are_although_nothing_needs_them() -> None:
    smaller = simplified(Program(["a", "b"], outputs=(1, 1)))
    assert smaller.inputs == ("a", "b")
    assert smaller.run([1.0, 2.0]) == [2.0, 2.0]


def test_the_given_program_is_not_changed() -> None:
    program = of_one("identity", 1)
    before = program.copy()
    simplified(program)
    for_batches(program)
    assert program == before


# Random programs


def points(inputs: Sequence[float], source: Any) -> list[tuple[float, ...]]:
    return [
        tuple([source.choice((x, x + source.gauss(0.0, 1.0), source.choice(AWKWARD))) for x in inputs])
        for _ in range(30)
    ]


@settings(max_examples=150, deadline=None, database=None)
@given(programs(most=12), st.randoms(use_true_random=False))
def test_random_programs_and_their_derivatives_stay_the_same_bit_for_bit(
    random: RandomProgram, source: Any
) -> None:
    program = recorded(random, *random.inputs)
    by = range(len(random.inputs))
    gradient = with_gradient(program, by)
    for larger in (program, gradient, with_jacobian(gradient, by)):
        smaller = simplified(larger)
        assert len(smaller.nodes) <= len(larger.nodes)
        assert simplified(smaller).operations == smaller.operations
        for inputs in [random.inputs, *points(random.inputs, source)]:
            assert outcome(smaller, inputs) == outcome(larger, inputs)


def branching(x: Any, y: Any) -> Any:
    total = x * 0.0 + y / 4.0
    if x > 0.5:
        total = amath.exp(x) * y + 0.0
    while total < 2.0:
        total = total + abs(x) + 0.25
    opposite = -total
    return -opposite * 1.0


@pytest.mark.parametrize("at", [(0.75, 0.5), (0.25, 1.0), (0.25, 20.0)])
def test_programs_with_branches_stay_the_same_bit_for_bit(at: tuple[float, float]) -> None:
    program = with_gradient(recorded(branching, *at), [0, 1])
    smaller = simplified(program)
    assert smaller.operations < program.operations
    outcomes = [outcome(program, (x, y)) for x in AWKWARD for y in AWKWARD]
    assert [outcome(smaller, (x, y)) for x in AWKWARD for y in AWKWARD] == outcomes
    assert None in outcomes
    assert outcome(program, at) is not None


# For batches


def test_for_batches_only_the_zero_that_a_derivative_is_added_to_is_left_out() -> None:
    program = Program(["x", "y"])
    zero = program.number(0.0)
    of_the_function = program.add("+", program.add("*", 0, 1), zero)
    derivative = program.add("+", 0, zero, ieee=True)
    turned = program.add("+", zero, 1, ieee=True)
    other = program.add("+", 0, program.number(1.0), ieee=True)
    program.outputs = (of_the_function, derivative, turned, other)
    smaller = for_batches(program)
    assert smaller.outputs[1:3] == (0, 1)
    assert smaller.run([-0.0, -0.0]) == [0.0, -0.0, -0.0, 1.0]
    assert [node.op for node in smaller.nodes].count("+") == 2


def test_for_batches_what_arrays_are_for_stays() -> None:
    program = LoopProgram(["x"])
    program.arrays = [1]
    program.elements = {1: Element(0, 0), 2: Element(0, 0)}
    program.add("store", 0)
    program.outputs = (program.add("+", program.add("element"), program.number(0.0), ieee=True),)
    assert for_batches(program).run([3.0]) == [3.0]


@settings(max_examples=50, deadline=None, database=None)
@given(programs(most=8), st.randoms(use_true_random=False))
def test_for_batches_nothing_changes_but_signs_of_zeros(random: RandomProgram, source: Any) -> None:
    program = simplified(with_gradient(recorded(random, *random.inputs), range(len(random.inputs))))
    smaller = for_batches(program)
    for inputs in [random.inputs, *points(random.inputs, source)]:
        before = outcome(program, inputs)
        if not isinstance(before, list):
            assert outcome(smaller, inputs) is before
            continue
        results, expected = smaller.run(inputs), program.run(inputs)
        assert results is not None
        assert expected is not None
        assert [(x + 0.0).hex() for x in results[1:]] == [x.hex() for x in expected[1:]]
        assert results[0].hex() == expected[0].hex()


# What entries say


def raises(op: str, operands: tuple[float, ...]) -> bool:
    try:
        of_one(op, len(operands)).run(operands)
    except (ArithmeticError, ValueError, TypeError):
        return True
    return False


def operands_of(arity: int) -> list[tuple[float, ...]]:
    return [(x,) for x in AWKWARD] if arity == 1 else [(x, y) for x in AWKWARD for y in AWKWARD]


@pytest.mark.parametrize("name", ops.TABLE)
def test_an_entry_says_truly_whether_its_primitive_ever_raises(name: str) -> None:
    raised = [x for x in operands_of(len(ops.TABLE[name].domain)) if raises(name, x)]
    assert may_raise(Node(name)) is not ops.TABLE[name].never_raises
    assert bool(raised) is not ops.TABLE[name].never_raises, raised[:3]
    assert not may_raise(Node(name, ieee=True))


@pytest.mark.parametrize("name", WHOLE)
def test_operations_on_many_numbers_raise_unless_they_are_listed(name: str) -> None:
    grid = [
        (x, y, z)
        for x in AWKWARD
        for y in (0.0, -1.0, 1e308, inf, -inf, nan)
        for z in (0.0, 1.0, 1e308, inf, -inf, nan)
    ]
    if name == "nextafter":
        grid = [(x, y, steps) for x, y, _ in grid for steps in (0.0, 1.0, 1e18)]
    if name == "sumprod":
        grid = [(*x, *x[::-1]) for x in grid]  # type: ignore[misc]
    raised = [x for x in grid if raises(f"{name}…", x)]
    assert bool(raised) <= may_raise(Node(f"{name}…"))
    assert may_raise(Node(f"{name}…")) is (name not in ("hypot", "nextafter", "gather"))


def test_numbers_conditions_and_inputs_never_raise_and_primitives_of_ones_own_may() -> None:
    for op in ("input", "number", "where", "detached", "<", ">="):
        assert not may_raise(Node(op))
    assert may_raise(Node("homemade"))


@pytest.mark.parametrize(
    "name", ["hypot…", *(name for name, primitive in ops.TABLE.items() if primitive.never_negative_zero)]
)
def test_operations_of_which_it_is_said_never_give_a_negative_zero(name: str) -> None:
    arity = 2 if name[-1] == "…" else len(ops.TABLE[name].domain)
    zeros = 0
    for operands in operands_of(arity):
        try:
            (result,) = of_one(name, arity).run(operands) or [nan]
        except (ArithmeticError, ValueError):
            result = ops.TABLE[name].ieee(*operands)
        assert result != 0.0 or math.copysign(1.0, result) == 1.0, operands
        zeros += result == 0.0
    assert zeros or name in ("cosh", "softplus", "sigmoid")


@pytest.mark.parametrize(
    ("f", "looked_at"),
    [
        (lambda x: amath.log(x) + 1.0, ["+"]),
        (lambda x: (amath.exp(x) - amath.sqrt(x) * x) / 3.0 + x**2.0, ["+"]),
        (lambda x: 1.0 / (1.0 / x), ["/", "/"]),
        (lambda x: amath.tanh(amath.exp(x)), ["exp"]),
        (lambda x: amath.log(amath.sqrt(x)), ["log"]),
        (lambda x: x * x - amath.relu(x), []),
        (lambda x: amath.fsum([amath.log(x), amath.hypot(x, amath.exp(x), 1.0)]), ["fsum…"]),
        (lambda x: amath.exp(x) ** -1.0, ["exp", "**"]),
        (lambda x: amath.exp(x) ** 3.0, ["**"]),
    ],
)
def test_as_few_places_as_will_do_are_looked_at_to_know_whether_something_raised(
    f: Any, looked_at: list[str]
) -> None:
    program = simplified(recorded(f, 0.7))
    assert [program.nodes[place].op for place in sorted(watched(program))] == looked_at


def summed(x: Any) -> Any:
    total = 0.0
    for i in range(200):
        total = total + amath.log(x + i)
    return 3.0 * total


def largest(x: Any) -> Any:
    total = amath.exp(x)
    for i in range(200):
        total = amath.fmax(total, amath.log(x + i))
    return total


def recursion(x: Any) -> Any:
    y = 1.0 / x
    for _ in range(200):
        x, y = y, amath.sqrt(x) + 1.0
    return x - y


@pytest.mark.parametrize(
    ("f", "mode", "looked_at"),
    [
        (summed, "value", {("*", False)}),
        (summed, "value_and_grad", {("*", False)}),
        (largest, "value", {("exp", False), ("log", True)}),
        (largest, "value_and_grad", {("exp", False), ("log", True)}),
        (recursion, "value", {("/", False), ("+", True)}),  # for there are two, which take turns
    ],
)
def test_what_a_loop_carries_to_its_end_is_looked_at_there(
    f: Any, mode: str, looked_at: set[tuple[str, bool]]
) -> None:
    program = with_loops(f, mode, 0.7)
    inside = {place for start, end, _ in program.loops for place in range(start, end)}
    found = [(program.nodes[place].op, place in inside) for place in sorted(watched(program))]
    assert {*found} == looked_at


@settings(max_examples=300, deadline=None)
@given(programs(), st.data())
def test_where_something_raises_a_place_that_is_looked_at_is_infinite_or_nan(
    random: RandomProgram, source: Any
) -> None:
    program = recorded(random, *random.inputs)
    point = [source.draw(st.sampled_from(AWKWARD)) for _ in random.inputs]
    for smaller in (program, simplified(program), simplified(with_gradient(program, range(len(point))))):
        try:
            smaller.run(point)
        except (ArithmeticError, ValueError):
            assert at_point(smaller, point)[2]
