"""Numbers in machine code of calls: every operation gives the very float that Python gives."""

from __future__ import annotations

import math as std
import random
import sys
from collections.abc import Iterator, Sequence
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from machine_code import Function, bits, both, outcome
from random_programs import Program as RandomProgram
from random_programs import programs

from autograd.ops import TABLE, Primitive
from autograd.program.arguments import Arguments
from autograd.program.derivation import MODES
from autograd.program.llvm import machine_calls as calls
from autograd.program.llvm import scalar_math
from autograd.program.llvm.machine_calls import machine_call
from autograd.program.llvm.python_interface import Link
from autograd.program.paths import RecordedPath
from autograd.program.straight_line.program import WHOLE, Program
from autograd.program.straight_line.simplify import op_may_raise
from autograd.program.ways import nowhere

inf, nan = std.inf, std.nan


def as_call(program: Program, point: Sequence[float]) -> Function:
    """A program of floats as machine code, which gives None where it hands on."""
    arguments = Arguments(point, {}, [0], program.inputs)
    path = RecordedPath("f", arguments, program, [], 1.0, single=True)
    code = machine_call(path, "value", well=False)
    assert code is not None
    function: Function = code.of(Link((None, nowhere, None)))
    return function


def call_of(op: str, count: int, ieee: bool = False, constants: Sequence[float] = ()) -> Function:
    program = Program([f"x{i}" for i in range(count)])
    others = [program.number(x) for x in constants]
    program.outputs = (program.add(op, *range(count), *others, ieee=ieee),)
    return as_call(program, [1.0] * count)


SPECIAL = (
    0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 2.0, -2.0, 3.0, -2.5, 0.1, 5e-324, -5e-324, 2.3e-308, 1e-310, 1e-160,
    1e155, 1e300, -1e300, sys.float_info.max, -sys.float_info.max, inf, -inf, nan, 709.79, 710.3, -745.2,
    1024.0, -700.5, -5.5, -37.5, -41.0, 1e22, 1.0 - 2.0**-53, 2.0**-53 - 1.0, 1.0 + 2.0**-52, 171.7, std.pi,
)  # fmt: skip


def points(count: int) -> Iterator[tuple[float, ...]]:
    yield from product(SPECIAL, repeat=count)
    generator = random.Random(count)
    for _ in range(300):
        yield tuple([generator.uniform(-5.0, 5.0) for _ in range(count)])
        yield tuple([generator.gauss(0.0, 1.0) * 10.0 ** generator.uniform(-9, 9) for _ in range(count)])


OF_HYPOT = ("hypot", "hypot′", "atan2′")
"""What is left to Python where the hypotenuse is not of moderate size, infinite or NaN."""


@pytest.mark.parametrize("ieee", [False, True], ids=["as recorded", "of a derivative"])
@pytest.mark.parametrize("primitive", TABLE.values(), ids=list(TABLE))
def test_every_primitive_gives_the_very_float_that_python_gives(primitive: Primitive, ieee: bool) -> None:
    count = len(primitive.derivatives)
    function = call_of(primitive.name, count, ieee)
    reference = primitive.ieee if ieee else primitive.value
    watched = not ieee and op_may_raise(primitive.name)
    for point in points(count):
        try:
            expected = float(reference(*point))
        except (ArithmeticError, ValueError, TypeError):
            assert function(*point) is None, point
            continue
        found = function(*point)
        if found is None:  # left to Python, which will tell that it is no error
            assert watched or primitive.name in OF_HYPOT, point
            beyond = primitive.name in OF_HYPOT and not 1e-120 < std.hypot(*point) < 1e120
            assert beyond or not std.isfinite(expected), point
        else:
            assert bits(found) == bits(expected), point


@pytest.mark.parametrize("name", OF_HYPOT)
def test_hypotenuses_are_known_to_machine_code_at_nearly_all_points(name: str) -> None:
    function, generator = call_of(name, 2, ieee=True), random.Random(name)
    left = 0
    for k in range(20000):
        x, y = (generator.uniform(-5.0, 5.0) for _ in range(2))
        if k % 4 == 1:
            x, y = float(round(x)), float(round(y))
        if k % 4 == 2:
            x, y = round(x, 1), round(y, 1)
        if k % 4 == 3:
            y *= 10.0 ** generator.uniform(-30.0, 30.0)
        found, expected = function(x, y), TABLE[name].ieee(x, y)
        left += found is None and expected == expected
        assert found is None or bits(found) == bits(expected), (x, y)
    assert left < 10


WHOLE_OPERANDS: dict[str, tuple[int, tuple[float, ...]]] = {
    "fsum": (5, ()),
    "hypot": (4, ()),
    "sumprod": (6, ()),
    "fma": (3, ()),
    "nextafter": (2, (3.0,)),
}


@pytest.mark.parametrize("name", WHOLE_OPERANDS)
def test_every_operation_on_many_numbers_gives_the_very_float_that_python_gives(name: str) -> None:
    count, constants = WHOLE_OPERANDS[name]
    function = call_of(f"{name}…", count, constants=constants)
    generator = random.Random(name)
    numbers = [*SPECIAL, *[generator.uniform(-3.0, 3.0) for _ in range(40)]]
    for _ in range(2000):
        point = [generator.choice(numbers) for _ in range(count)]
        try:
            expected = float(WHOLE[name](*point, *constants))
        except (ArithmeticError, ValueError):
            expected = nan
            assert function(*point) is None, point
        found = function(*point)
        assert (found is None and not std.isfinite(expected)) or bits(found) == bits(expected), point


@pytest.mark.parametrize("exponent", [2.0, 3.0, 4.0, 0.5, -1.0, -2.0, 5.0, 0.0])
@pytest.mark.parametrize("name", ["**", "pow"])
def test_powers_are_those_of_the_c_library_though_most_are_products(name: str, exponent: float) -> None:
    function = call_of(name, 1, constants=[exponent], ieee=True)
    generator = random.Random(exponent)
    differ = 0
    numbers = [
        generator.uniform(1.0, 2.0) * 2.0 ** generator.choice([0, 1, -30, 40, 300, -300])
        for _ in range(20000)
    ]
    near = [2.0 ** (k / 2) * (1.0 + j * 2.0**-52) for k in range(-60, 60) for j in range(-3, 4)]
    for x in [*numbers, *near, *SPECIAL]:
        expected = TABLE[name].ieee(x, exponent)
        assert bits(function(x)) == bits(expected), x
        differ += exponent == 2.0 and x * x != expected
    if exponent == 2.0 and scalar_math._pow_is_close():
        assert differ  # else nothing would have to be asked of the C library


def test_a_power_asks_the_c_library_where_nothing_is_known_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scalar_math, "_pow_is_close", lambda: False)
    monkeypatch.setattr(scalar_math, "address_of", lambda name: None)  # so it is asked through Python
    from autograd.program.llvm import scalar_entries

    monkeypatch.setattr(scalar_entries, "_draft", scalar_entries._draft.__wrapped__)
    assert call_of("pow", 1, constants=[2.0])(1.1) == 1.1**2.0


@pytest.mark.parametrize("relation", ["<", "<=", "==", "!=", ">", ">="])
@pytest.mark.parametrize("outcome", [False, True])
def test_a_guard_that_does_not_hold_hands_on(relation: str, outcome: bool) -> None:
    program = Program(["x", "y"])
    condition = program.add(relation, 0, 1)
    program.guards[condition] = outcome
    program.outputs = (program.add("where", condition, 0, 1),)
    function = as_call(program, [1.0, 2.0])
    for x, y in product((1.0, 2.0, -0.0, 0.0, nan, inf), repeat=2):
        holds = {"<": x < y, "<=": x <= y, "==": x == y, "!=": x != y, ">": x > y, ">=": x >= y}[relation]
        expected = None if holds is not outcome else x if holds else y
        assert bits(function(x, y)) == bits(expected)


@pytest.mark.parametrize("short", [0, 10**9], ids=["in parts", "at once"])
@pytest.mark.parametrize("others", [[2.0, 3.0, 5.0], []])
def test_an_element_is_taken_from_inputs_and_from_what_is_computed(
    short: int, others: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calls, "SHORT", short)
    program = Program(["i", "a", "b", "c"])
    chosen = [1, 2, 3, *[program.number(x) for x in others], *([program.add("+", 1, 2)] if others else [])]
    program.outputs = (program.add("gather…", 0, *chosen),)
    function = as_call(program, [0.0] * 4)
    numbers = [7.0, 8.0, 9.0, *others, *([15.0] if others else [])]
    for i, number in enumerate(numbers):
        assert function(float(i), 7.0, 8.0, 9.0) == number
    for beyond in (-1.0, float(len(numbers)), inf, nan, -inf, 1e300):
        assert function(beyond, 7.0, 8.0, 9.0) is None


@settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
@given(programs(most=20))
@pytest.mark.parametrize("short", [0, 10**9], ids=["in parts", "at once"])
def test_random_programs_give_the_very_floats_of_python(short: int, drawn: RandomProgram) -> None:
    before, calls.SHORT = calls.SHORT, short
    try:
        python, machine = both(drawn, tuple(range(len(drawn.inputs))))
        for mode in MODES[:3]:
            slow, fast = (x if mode == "value" else getattr(x, mode) for x in (python, machine))
            for factor in (1.0, 0.75, -1.0, 1e30, 0.0, inf):
                point = [x * factor for x in drawn.inputs]
                assert outcome(fast, *point) == outcome(slow, *point)
        (path,) = machine._recordings.latest().paths[-1:]
        assert path.machine["value"] is not None
    finally:
        calls.SHORT = before
