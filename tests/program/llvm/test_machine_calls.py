"""Calls as machine code, held to the last bit against functions of Python; and what they cannot take."""

from __future__ import annotations

import contextlib
import copy
import gc
import inspect
import math as std
import os
import pickle
import random
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable, Iterator, Sequence
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from machine_code import Function, bits, both, chain_of, leaks, outcome
from random_programs import Program as RandomProgram
from random_programs import programs

from autograd import Value, compile, math, ops
from autograd.ops import TABLE, Primitive
from autograd.program import ways
from autograd.program.arguments import Arguments
from autograd.program.derivation import MODES, DerivedProgram
from autograd.program.llvm import call_memory, call_results, python_interface, scalar_math
from autograd.program.llvm import machine_calls as calls
from autograd.program.llvm.machine import MachineCode
from autograd.program.llvm.machine_calls import machine_call
from autograd.program.llvm.python_interface import Link
from autograd.program.llvm.scalar_operations import is_known
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


# Numbers: all operations, to the last bit

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


# Arguments


def sum_of(*args: Any, **kwargs: Any) -> Any:
    """A function of any structure: a sum of squares of all numbers in it, each times another factor."""
    numbers: list[Any] = []

    def take(x: Any) -> None:
        if isinstance(x, (list, tuple, dict)):
            for y in x.values() if isinstance(x, dict) else x:
                take(y)
        elif isinstance(x, np.ndarray):
            for y in x.ravel():
                take(y)
        elif not (x is None or isinstance(x, (bool, str, int))):
            numbers.append(x)

    for arg in (*args, *kwargs.values()):
        take(arg)
    return sum(x * x * (i + 1.5) for i, x in enumerate(numbers))


ARGUMENTS: dict[str, tuple[Any, ...]] = {
    "a float": (3.0,),
    "floats": (3.0, 4.0, -1.5, 2.0, 7.0, 8.0),
    "an array": (np.linspace(1.0, 2.0, 20),),
    "arrays and floats": (np.arange(3.0), 2.0, np.arange(6.0).reshape(2, 3), -4.0),
    "an array without numbers": (1.5, np.zeros((0, 3))),
    "a list": ([1.0, 2.0, 3.0],),
    "nested": ([1.0, (2.0, 3.0)], ((), [np.arange(2.0)]), 4.0),
    "a dict": ({"a": 1.0, 2: [3.0, np.arange(4.0)], "c": {}}, {"x": 5.0, "n": None}),
    "constants": (1.0, None, True, False, "text", 1000),
}


@pytest.mark.parametrize("kind", ARGUMENTS)
@pytest.mark.parametrize("mode", ["value", "value_and_grad", "grad", "hessian", "jacobian"])
def test_arguments_and_results_of_every_kind_go_through_machine_code(kind: str, mode: str) -> None:
    args = ARGUMENTS[kind]
    python, machine = both(sum_of)
    slow, fast = (x if mode == "value" else getattr(x, mode) for x in (python, machine))
    assert bits(fast(*args)) == bits(slow(*args))
    (path,) = machine._recordings.latest().paths
    assert path.machine[mode] is not None
    assert machine._modes[mode]._slow != machine._modes[mode].__call__
    function = chain_of(machine, mode)
    assert bits(function(*args)) == bits(slow(*args))


def test_the_product_of_hessian_and_vector_goes_through_machine_code() -> None:
    for args, vector in (
        ((3.0, 4.0), 2.0),
        ((np.arange(3.0), 5.0), np.ones(3)),
        (([1.0, 2.0], 3.0), [0.5, -1.0]),
    ):
        python, machine = both(sum_of)
        expected = python.hvp(args[0], vector, args[1])
        assert bits(machine.hvp(args[0], vector, args[1])) == bits(expected)
        assert bits(chain_of(machine, "hvp")(args[0], vector, args[1])) == bits(expected)


class Derived(float):
    pass


class Names(dict[str, Any]):
    pass


class Array(np.ndarray[Any, Any]):
    pass


def odd_arguments() -> dict[str, Any]:
    """What is like an array of three floats, and none or not quite."""
    x = np.array([1.0, 2.0, 3.0])
    read_only = x.copy()
    read_only.flags.writeable = False
    big_endian = x.astype(">f8")
    unaligned = np.frombuffer(b"\0" + x.tobytes(), dtype=np.uint8)[1:].view("f8")
    return {
        "read-only": read_only,
        "big-endian": big_endian,
        "unaligned": unaligned,
        "out of a pickle": pickle.loads(pickle.dumps(x)),
        "backwards": x[::-1],
        "every second": np.repeat(x, 2)[::2],
        "single precision": x.astype("f4"),
        "whole": x.astype(int),
        "objects": x.astype(object),
        "two-dimensional": x.reshape(1, 3),
        "without dimensions": np.array(1.0),
        "shorter": x[:2],
        "empty": x[:0],
        "broadcast": np.broadcast_to(np.array([2.0]), (3,)),
        "a subclass": x.view(Array),
        "masked": np.ma.masked_array(x, [False, True, False]),
        "a list": [1.0, 2.0, 3.0],
        "a float": 1.0,
        "Values": [Value(1.0), Value(2.0)],
        "None": None,
        "text": "text",
        "a type": float,
        "bool": True,
        "complex": 1j,
        "with NaN": np.array([1.0, nan, inf]),
        "itself": x,
    }


@pytest.mark.parametrize("kind", odd_arguments())
def test_what_is_no_array_of_the_form_is_handed_on(kind: str) -> None:
    python, machine = both(sum_of)
    for fast in (python, machine):
        fast.value_and_grad(np.array([3.0, 4.0, 5.0]))
    thing = odd_arguments()[kind]
    assert outcome(machine.value_and_grad, thing) == outcome(python.value_and_grad, thing)
    taken = {"read-only", "unaligned", "out of a pickle", "with NaN", "itself"}
    first = chain_of(machine, "value_and_grad")
    if thing is not None and machine._recordings.latest().paths[0].machine:
        machine.value_and_grad(np.array([3.0, 4.0, 5.0]))
        first = chain_of(machine, "value_and_grad")
        assert (first(thing) is not None) == (kind in taken)


NO_TWO_FLOATS: dict[str, tuple[Any, ...]] = {
    "nothing": (),
    "one": (1.0,),
    "three": (1.0, 2.0, 3.0),
    "another": (1.0, 2),
    "a flag": (True, 1.0),
    "NumPy's single": (np.float32(1.5), 2.0),
    "a subclass": (1.0, Derived(2.0)),
    "text": ("a", 1.0),
    "None": (None, None),
    "a list": ([1.0], 2.0),
    "an array": (1.0, np.array(2.0)),
    "a Value": (Value(1.0), 2.0),
    "a complex number": (1j, 2.0),
    "a huge number": (10**400, 1.0),
    "an object": (Derived, 1.0),
    "a type": (float, 1.0),
}


@pytest.mark.parametrize("kind", NO_TWO_FLOATS)
def test_what_are_no_two_floats_is_handed_on(kind: str) -> None:
    args = NO_TWO_FLOATS[kind]

    def f(x: Any, y: Any) -> Any:
        return x * y + y

    python, machine = both(f)
    for fast in (python, machine):
        fast.value_and_grad(1.5, 2.5)
    first = chain_of(machine, "value_and_grad")
    assert first(*args) is None
    found, expected = (outcome(fast.value_and_grad, *args) for fast in (machine, python))
    assert repr(found) == repr(expected)
    assert first(x=1.0, y=2.0) is None
    assert first(1.0, y=2.0) is None
    assert machine.value_and_grad(2.0, y=3.0) == (9.0, 3.0)
    assert machine.value_and_grad(2.0, 3.0) == (9.0, 3.0)


def test_containers_of_other_lengths_and_kinds_are_handed_on() -> None:
    machine = compile(sum_of, backend="llvm")
    machine.value_and_grad([1.0, (2.0, 3.0)])
    first = chain_of(machine, "value_and_grad")
    assert first([1.0, (2.0, 3.0)]) is not None
    others: list[Any] = [
        (1.0, (2.0, 3.0)), [1.0, [2.0, 3.0]], [1.0, (2.0,)], [1.0, (2.0, 3.0, 4.0)], [1.0], [],
        [1.0, (2.0, True)], [(2.0, 3.0), 1.0], [1.0, None], [None, (2.0, 3.0)], {}, "ab",
    ]  # fmt: skip
    assert [first(other) for other in others] == [None] * len(others)


def test_dicts_with_other_keys_are_handed_on() -> None:
    machine = compile(sum_of, backend="llvm")
    machine.value_and_grad({"a": 1.0, "b": 2.0, 7: 3.0})
    first = chain_of(machine, "value_and_grad")
    assert first({"a": 1.0, "b": 2.0, 7: 3.0}) is not None
    assert first({"".join(["a"]): 1.0, "b": 2.0, int("7"): 3.0}) is not None

    class Key(str):
        def __eq__(self, other: object) -> bool:
            raise AssertionError("nobody asks")

        __hash__ = str.__hash__

    others: list[Any] = [
        {"b": 2.0, "a": 1.0, 7: 3.0}, {"a": 1.0, "b": 2.0, 8: 3.0}, {"a": 1.0, "b": 2.0}, {}, [1.0, 2.0, 3.0],
        {"a": 1.0, "b": 2.0, 7: 3.0, "d": 4.0}, {"a": 1.0, "b": 2.0, 7.0: 3.0}, {"a": 1.0, "c": 2.0, 7: 3.0},
        {Key("a"): 1.0, "b": 2.0, 7: 3.0}, {"a": 1.0, "b": 2.0, None: 3.0}, {"a": 1.0, "c": None},
        {"a": True, "b": 2.0, 7: 3.0},
    ]  # fmt: skip
    assert [first(other) for other in others] == [None] * len(others)


def test_other_constants_are_handed_on() -> None:
    machine = compile(sum_of, backend="llvm")
    machine.value_and_grad(1.0, "text", 1000, None, True)
    first = chain_of(machine, "value_and_grad")
    assert first(2.0, "".join(["te", "xt"]), 10**3, None, True) is not None
    for others in (
        ("tex", 1000, None, True), ("text", 1001, None, True), ("text", 1000.0, None, True),
        ("text", 10**400, None, True), ("text", 1000, 0, True), ("text", 1000, None, False),
        ("text", 1000, None, 1), (b"text", 1000, None, True),
    ):  # fmt: skip
        assert first(2.0, *others) is None


def test_a_float_of_numpy_is_a_float() -> None:
    machine = compile(sum_of, backend="llvm")
    expected = machine.value_and_grad(1.5, [2.5])
    first = chain_of(machine, "value_and_grad")
    assert bits(first(np.float64(1.5), [np.float64(2.5)])) == bits(expected)


def test_a_whole_number_that_is_differentiated_by_is_a_float() -> None:
    def f(x: Any, p: Any) -> Any:
        return x * x * p["a"] + p["b"][0]

    python, machine = both(f, (0, 1))
    for fast in (python, machine):
        fast.value_and_grad(1.5, {"a": 2.5, "b": [1.0]})
    first = chain_of(machine, "value_and_grad")
    for x in (3, -1, 0, 2**53 + 1, 10**300, -(10**300)):
        expected = python.value_and_grad(x, {"a": -1, "b": [x]})
        assert bits(first(x, {"a": -1, "b": [x]})) == bits(expected)
    for x in (10**400, -(10**400)):
        for args in ((x, {"a": 1.0, "b": [1.0]}), (1.0, {"a": 1.0, "b": [x]}), (-1, {"a": x, "b": [-1.0]})):
            assert first(*args) is None
            assert outcome(machine.value_and_grad, *args) == outcome(python.value_and_grad, *args)
    assert first(True, {"a": 1.0, "b": [1.0]}) is None


def test_whole_numbers_that_change_are_inputs_of_machine_code() -> None:
    def f(x: Any, n: Any) -> Any:
        return x * n + n

    machine = compile(f, backend="llvm")
    for n in (2, 3, 4):
        assert machine.value_and_grad(1.5, n) == (1.5 * n + n, float(n))
    first = chain_of(machine, "value_and_grad")
    largest = 2**52
    for n in (0, -1, 7, largest, -largest):
        assert first(1.5, n) == (1.5 * n + n, float(n))
    for odd in (largest + 1, -largest - 1, 2**63, -(2**64), 10**400, True, 2.0, np.int64(3), None):
        assert first(1.5, odd) is None


def test_the_numbers_of_values_from_outside_are_read_at_every_call() -> None:
    w, b = Value(2.0), Value(1.0)

    def f(x: Any) -> Any:
        return x * w + b

    machine = compile(f, backend="llvm")
    machine.value_and_grad(3.0)
    first = chain_of(machine, "value_and_grad")
    for data in (5.0, -1.0, 0.0):
        w.data = data
        assert first(3.0) == machine.value_and_grad(3.0) == (3.0 * data + 1.0, data)


FACTOR = 2.0


def test_what_is_read_from_outside_is_asked_for_first(monkeypatch: pytest.MonkeyPatch) -> None:
    def f(x: Any) -> Any:
        return x * FACTOR

    machine = compile(f, backend="llvm")
    assert machine.value_and_grad(3.0) == (6.0, 2.0)
    first = chain_of(machine, "value_and_grad")
    assert first(3.0) == (6.0, 2.0)
    monkeypatch.setitem(globals(), "FACTOR", 5.0)
    assert first(3.0) is None
    assert machine.value_and_grad(3.0) == (15.0, 5.0)


# Results


def test_results_of_every_kind_are_made() -> None:
    def f(x: Any) -> Any:
        return {"a": x, 2: [x * x, (x + 1.0,)], "n": None, "t": ("text", True, 7), "e": [], "u": ()}

    python, machine = both(f)
    assert bits(machine(3.0)) == bits(python(3.0))
    first = chain_of(machine, "value")
    assert bits(first(4.0)) == bits(python(4.0))
    assert list(first(4.0)) == list(python(4.0))
    a, b = first(4.0), first(4.0)
    assert a is not b
    assert a[2] is not b[2]


def test_records_are_made_of_their_parts() -> None:
    from collections import namedtuple

    pair = namedtuple("pair", "a b")
    machine = compile(lambda x: [pair(x, pair(x * x, 1.0))], backend="llvm")
    machine(2.0)
    assert chain_of(machine, "value")(3.0) == [pair(3.0, pair(9.0, 1.0))]


def test_arrays_are_new_ones_of_their_own() -> None:
    machine = compile(lambda x: (x * x).sum(), backend="llvm")
    x = np.arange(6.0).reshape(2, 3)
    machine.grad(x)
    a, b = machine.grad(x), machine.grad(x)
    assert (a == 2.0 * x).all()
    a[:] = 0.0
    assert (b == 2.0 * x).all()
    assert b.flags.owndata
    assert b.flags.writeable
    assert b.flags.c_contiguous
    assert b.dtype == np.float64


# Errors


@pytest.mark.parametrize(
    ("f", "point"),
    [
        (lambda x: math.log(x), -1.0),
        (lambda x: math.log(x) * 0.0 + x, 0.0),
        (lambda x: 1.0 / x, 0.0),
        (lambda x: math.exp(x), 800.0),
        (lambda x: math.exp(x) * 0.0, 800.0),
        (lambda x: x**-1.0, 0.0),
        (lambda x: x**3.0, 1e200),
        (lambda x: math.sqrt(x), -1.0),
        (lambda x: math.acos(x), 2.0),
        (lambda x: math.sin(x), inf),
        (lambda x: x % (x - 2.0), 2.0),
        (lambda x: x // (x - 2.0) + x, 2.0),
        (lambda x: math.gamma(x), -1.0),
        (lambda x: math.floor(x) + x, inf),
        (lambda x: math.floor(x) + x, nan),
        (lambda x: math.fsum([x, x, x]), 1e308),
        (lambda x: 1.0 if math.log(x) > 0.0 else x, 0.0),
    ],
)
def test_errors_are_those_of_the_function(f: Function, point: float) -> None:
    python, machine = both(f)
    for fast in (python, machine):
        fast.value_and_grad(0.75)
        fast(0.75)
    with pytest.raises((ArithmeticError, ValueError)) as expected:
        f(point)
    for function in (machine, machine.value_and_grad):
        with pytest.raises(type(expected.value)) as found:
            function(point)
        assert str(found.value) == str(expected.value)
    assert outcome(machine, point) == outcome(python, point)


def test_infinities_and_nan_that_are_no_errors_are_results() -> None:
    def f(x: Any) -> Any:
        return math.exp(x) + math.log(x) / x

    python, machine = both(f)
    machine.value_and_grad(1.0)
    for x in (inf, nan):
        assert outcome(machine, x) == outcome(python, x) == bits(f(x))
        assert outcome(machine.grad, x) == outcome(python.grad, x)


def test_another_branch_is_recorded_and_both_are_machine_code() -> None:
    def f(x: Any) -> Any:
        return x * x if x > 0.0 else -x

    machine = compile(f, backend="llvm")
    for x in (1.0, -1.0, 2.0, -3.0, 0.0):
        assert machine.value_and_grad(x) == (f(x), 2.0 * x if x > 0.0 else -1.0)
    first, second, *_ = machine._modes["value_and_grad"]._ways
    assert ways.chained([first, second], nowhere)(5.0) == (25.0, 10.0)
    assert ways.chained([first, second], nowhere)(-5.0) == (5.0, -1.0)


# Functions of Python


def test_a_primitive_of_the_user_is_called_with_floats_and_its_errors_are_told(table_as_it_was: None) -> None:
    seen: list[Any] = []

    def value(x: float, y: float) -> float:
        seen.append((x, y))
        if x == 3.0:
            raise ValueError("three")
        if x == 4.0:
            raise KeyboardInterrupt
        return 7 if x == 5.0 else x + y

    own = ops.binary("own of calls", value, lambda x, y, out: 1.0, lambda x, y, out: 1.0, "Return x + y.")
    machine = compile(lambda x: own(x, 0.5) * 2.0, backend="llvm")
    machine(1.0)
    seen.clear()
    assert chain_of(machine, "value")(2.0) == 5.0
    assert seen == [(2.0, 0.5)]
    assert machine(5.0) == 14.0
    with pytest.raises(ValueError, match="three"):
        machine(3.0)
    with pytest.raises(KeyboardInterrupt):
        machine(4.0)


def test_a_primitive_of_the_user_is_not_called_after_an_error(table_as_it_was: None) -> None:
    seen: list[float] = []

    def value(x: float) -> float:
        seen.append(x)
        return 1.0

    own = ops.unary("sees all", value, lambda x, out: 0.0, "Return 1.")
    machine = compile(lambda x: own(math.log(x)), backend="llvm")
    machine(2.0)
    seen.clear()
    with pytest.raises(ValueError, match="math domain error"):
        machine(-2.0)
    assert seen == []


def test_an_array_that_a_primitive_changes_was_read_before(table_as_it_was: None) -> None:
    x = np.array([1.0, 2.0, 3.0])

    def value(y: float) -> float:
        x.fill(99.0)
        return y

    own = ops.unary("changes x", value, lambda x, out: 1.0, "Return x.")
    machine = compile(lambda x: own(x[0]) + x[1] * x[2], backend="llvm")
    machine(np.array([1.0, 2.0, 3.0]))
    x[:] = 1.0, 2.0, 3.0
    assert chain_of(machine, "value")(x) == 7.0


def test_arrays_are_made_by_empty_where_the_function_for_it_is_not_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    x = np.arange(6.0).reshape(2, 3)
    assert python_interface.maker_of_arrays() is not None
    monkeypatch.setattr(call_results, "maker_of_arrays", lambda: None)
    machine = compile(lambda x: (x * x).sum(), backend="llvm")
    machine.value_and_grad(x)
    value, slope = chain_of(machine, "value_and_grad")(x)
    assert (value, slope.tolist()) == (55.0, (2.0 * x).tolist())
    assert slope.dtype == np.float64


def test_arrays_that_are_made_leave_the_references_to_their_type_as_they_were() -> None:
    machine, x = compile(lambda x: (x * x).sum(), backend="llvm"), np.arange(6.0)
    machine.value_and_grad(x)
    first = chain_of(machine, "value_and_grad")
    before = sys.getrefcount(x.dtype)
    assert leaks(lambda: first(x)) < 100
    assert abs(sys.getrefcount(x.dtype) - before) < 100


def test_functions_of_numpy_are_looked_for_where_they_ought_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    core: Any = vars(np).get("_core") or np.core
    table = core.multiarray._ARRAY_API
    monkeypatch.setattr(core.multiarray, "_ARRAY_API", None)
    assert python_interface.maker_of_arrays.__wrapped__() is None
    monkeypatch.setattr(core.multiarray, "_ARRAY_API", table)
    monkeypatch.setattr(np, "ndarray", float)
    assert python_interface.maker_of_arrays.__wrapped__() is None


# Memory


def swallowed(function: Function, *args: Any) -> Callable[[], None]:
    def call() -> None:
        with contextlib.suppress(Exception):
            function(*args)

    return call


@pytest.mark.parametrize("kind", ARGUMENTS)
def test_nothing_is_left_behind_and_no_count_of_references_changes(kind: str) -> None:
    args = ARGUMENTS[kind]
    machine = compile(sum_of, backend="llvm")
    for mode in ("value_and_grad", "hessian"):
        getattr(machine, mode)(*args)
        first = chain_of(machine, mode)
        watched = [*args, True, float, np.ndarray, nowhere, first, sum_of]
        gc.collect()
        before = [*map(sys.getrefcount, watched)]
        for other in (args, (*args, 1.0), args[:-1], ("text",), tuple([1 for _ in args]), (10**400,)):
            assert leaks(swallowed(first, *other)) < 100
        assert leaks(swallowed(getattr(machine, mode), *args)) < 100
        after = [*map(sys.getrefcount, watched)]
        assert max(abs(x - y) for x, y in zip(before, after, strict=True)) < 1000


def test_nothing_is_left_behind_of_results_and_functions_of_python(table_as_it_was: None) -> None:
    def value(x: float) -> float:
        if x < 0.0:
            raise ValueError("negative")
        return x

    own = ops.unary("positive only", value, lambda x, out: 1.0, "Return x.")
    w = Value(2.0)

    def f(x: Any) -> Any:
        return {"a": [own(x) * w, None], "b": (x, True, "t", {"c": x})}

    machine = compile(f, backend="llvm")
    machine(1.0)
    first = chain_of(machine, "value")
    assert first(2.0) is not None
    gc.collect()
    counts = [sys.getrefcount(thing) for thing in (None, True, w)]
    for x in (2.0, -2.0, 1, "text"):
        assert leaks(swallowed(first, x)) < 100
    now = [sys.getrefcount(thing) for thing in (None, True, w)]
    assert all(abs(x - y) < 1000 for x, y in zip(counts, now, strict=True))


def test_machine_code_lives_as_long_as_what_calls_it() -> None:
    machine: Any = compile(lambda x: x * x, backend="llvm")
    machine.grad(1.0)
    (path,) = machine._recordings.latest().paths
    code = weakref.ref(path.machine["grad"])
    function = machine.grad
    del machine, path
    gc.collect()
    assert function(3.0) == 6.0
    assert function(4) == 8.0  # by the compiled function, which it keeps
    del function
    gc.collect()
    assert code() is None


def test_a_function_that_is_replaced_while_it_runs_comes_to_its_end() -> None:
    def f(x: Any) -> Any:
        return x * x if x > 0.0 else -x

    machine = compile(f, backend="llvm")
    machine.grad(1.0)
    assert machine.grad(-1.0) == -1.0  # which puts another function in its place
    gc.collect()
    assert machine.grad(2.0) == 4.0


@pytest.mark.parametrize("slots", [0, 10**9], ids=["asked for", "on the stack"])
def test_a_long_program_gives_its_memory_back(slots: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "SHORT", 0)
    monkeypatch.setattr(call_memory, "ON_STACK", slots)

    def f(x: Any) -> Any:
        y = x[0]
        for i in range(400):
            y = math.sin(y + x[i % 7]) * 1.5 + math.log(x[3])
        return y

    python, machine = both(f)
    x = np.linspace(1.0, 2.0, 7)
    assert bits(machine.value_and_grad(x)) == bits(python.value_and_grad(x))
    first = chain_of(machine, "value_and_grad")
    before = sys.getallocatedblocks()
    for _ in range(2000):
        first(x)
        first(-x)
        first(x[:6])
    assert abs(sys.getallocatedblocks() - before) < 100


# Threads, processes, pickles


def test_threads_may_run_it_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "SHORT", 20)
    machine = compile(lambda x: (math.gamma(x[0]) * x[1] + math.sin(x[2] * x[3])) * x[0], backend="llvm")
    arrays = [np.random.default_rng(i).uniform(1.0, 3.0, 4) for i in range(4)]
    expected = [bits(machine.value_and_grad(x)) for x in arrays]
    wrong: list[int] = []
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)

    def work(i: int) -> None:
        wrong.extend(i for _ in range(3000) if bits(machine.value_and_grad(arrays[i])) != expected[i])

    try:
        threads = [threading.Thread(target=work, args=(i,)) for i in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(before)
    assert not wrong


@pytest.mark.usefixtures("soon")
def test_threads_may_be_there_when_it_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "MANY", 50)
    start = threading.Barrier(4)
    wrong: list[Any] = []

    def work(fast: Any) -> None:
        start.wait()
        for k in range(1, 200):
            x = float(k if k % 3 else -k)
            if fast.value_and_grad(x) != ((x * x, 2.0 * x) if x > 0.0 else (-x, -1.0)):
                wrong.append(x)

    for _ in range(5):
        fast = compile(lambda x: x * x if x > 0.0 else -x)
        threads = [threading.Thread(target=work, args=(fast,)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert not wrong


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system has no fork")
def test_a_child_that_is_forked_may_call_it() -> None:
    code = (
        "import os\n"
        "from autograd import compile\n"
        "fast = compile(lambda x: x * x, backend='llvm')\n"
        "assert fast.grad(3.0) == 6.0\n"
        "child = os.fork()\n"
        "if child == 0:\n"
        "    other = compile(lambda x: x * x * x, backend='llvm')\n"
        "    os._exit(0 if fast.grad(4.0) == 8.0 and other.grad(1.0) == 3.0 else 1)\n"
        "assert os.waitpid(child, 0)[1] == 0\n"
        "print('done')\n"
    )
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, timeout=60
    )
    assert run.stdout == "done\n", run.stderr


def parabola(x: Any) -> Any:
    return x * x + FACTOR


decorated = compile(parabola, backend="llvm")


def test_the_functions_can_be_pickled_and_copied() -> None:
    fast = decorated
    fast(3.0), fast.grad(3.0)
    for thing in (fast, fast.grad, fast._modes["grad"], fast.grad.__call__):
        again = pickle.loads(pickle.dumps(thing))
        assert copy.copy(thing)(4.0) == again(4.0) == thing(4.0)
    assert pickle.loads(pickle.dumps(fast._modes["value"]))(4.0) == 18.0


def test_the_functions_tell_what_they_are_called_with() -> None:
    fast = compile(parabola, backend="llvm")
    for _ in range(2):
        assert [*inspect.signature(fast).parameters] == ["x"]
        assert str(inspect.signature(fast.grad)).startswith("(*args")
        assert callable(fast)
        assert callable(fast.grad)
        assert "grad" in repr(fast.grad)
        fast(1.0), fast.grad(1.0)


# When it is made


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ways, "OFTEN", 5)


def how(fast: Any, mode: str) -> str:
    (line,) = [line for line in fast.report().splitlines() if line.strip().startswith(f"{mode}:")]
    return str(line.rpartition(" as ")[2])


@pytest.mark.usefixtures("soon")
def test_a_mode_that_is_called_often_becomes_machine_code_by_itself() -> None:
    fast = compile(lambda x: x * x * x)
    for k in range(12):
        assert fast.grad(float(k)) == 3.0 * k * k
        fast(1.0) if k < 3 else None
        assert how(fast, "grad") == ("python" if k < 5 else "python and llvm")
    assert how(fast, "value") == "python"
    assert chain_of(fast, "grad")(2.0) == 12.0


@pytest.mark.usefixtures("soon")
def test_what_is_called_very_often_is_made_again_and_well(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "MANY", 10)
    levels: list[int] = []

    def made(text: str, level: int) -> MachineCode:
        levels.append(level)
        return MachineCode(text, level)

    monkeypatch.setattr(calls, "MachineCode", made)
    fast = compile(lambda x: x * x * x if x > 0.0 else -x)
    fast.grad(-1.0)
    kept = []
    for k in range(1, 60):
        assert fast.grad(float(k)) == 3.0 * k * k
        kept.append(fast.grad)
    assert levels == [calls.QUICKLY, calls.WELL]
    assert [function(2.0) for function in kept] == [12.0] * len(kept)
    for k in range(1, 60):
        assert fast.grad(-float(k)) == -1.0
        assert fast.grad(float(k)) == 3.0 * k * k
    assert levels == [calls.QUICKLY, calls.WELL] * 2
    compile(lambda x: x * x, backend="llvm").grad(1.0)
    assert levels[4:] == [calls.WELL]


@pytest.mark.usefixtures("soon")
def test_a_long_program_is_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "MANY", 10)
    monkeypatch.setattr(calls, "SHORT", 2)
    fast = compile(lambda x: x * x * x + x * 2.5)
    for k in range(1, 60):
        assert fast.grad(float(k)) == 3.0 * k * k + 2.5
    assert not fast._recordings.latest().paths[0].machine["grad"].over


def test_one_that_is_too_large_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "LARGEST", 5)
    fast = compile(lambda x: x * x * x + x * 2.5 - math.sin(x), backend="llvm")
    assert fast.grad(1.0) == 5.5 - std.cos(1.0)
    assert fast._recordings.latest().paths[0].machine["grad"] is None


def test_a_program_with_other_operations_is_none() -> None:
    program = Program(["x"])
    program.outputs = (program.add("loop", 0),)
    path = RecordedPath("f", Arguments([1.0], {}, [0], ["x"]), program, [], 1.0, single=True)
    assert not any(map(is_known, program.nodes[1:]))
    path._derived["value"] = DerivedProgram(program, [])
    assert machine_call(path, "value", well=True) is None


@pytest.mark.usefixtures("soon")
def test_each_path_is_counted_for_itself() -> None:
    def f(x: Any) -> Any:
        return x * x if x > 0.0 else -x

    fast = compile(f)
    for k in range(10):
        assert fast.grad(1.0 + k) == 2.0 + 2.0 * k
    assert fast.grad(-1.0) == -1.0
    negative, positive = fast._recordings.latest().paths
    assert "grad" in positive.machine
    assert "grad" not in negative.machine
    for k in range(10):
        assert fast.grad(-1.0 - k) == -1.0
        assert fast.grad(1.0 + k) == 2.0 + 2.0 * k
    assert "grad" in negative.machine


@pytest.mark.usefixtures("soon")
def test_what_cannot_be_machine_code_stays_as_it_is() -> None:
    fast = compile(lambda c: c["a"] * c["b"])
    for k in range(20):
        assert fast.grad(Names(a=float(k), b=2.0)) == Names(a=2.0, b=float(k))
    assert fast._recordings.latest().paths[0].machine["grad"] is None
    assert how(fast, "grad") == "python"


@pytest.mark.usefixtures("soon")
@pytest.mark.parametrize("backend", ["python", "numpy"])
def test_another_backend_stays_what_it_is(backend: str) -> None:
    fast = compile(lambda x: x * x, backend=backend)
    for _ in range(12):
        assert fast.grad(3.0) == 6.0
    assert how(fast, "grad") == backend


@pytest.mark.usefixtures("soon")
def test_without_llvm_nothing_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ways, "available", lambda backend: backend == "python")
    fast = compile(lambda x: x * x)
    for _ in range(12):
        assert fast.grad(3.0) == 6.0
    assert how(fast, "grad") == "python"
    assert not fast._recordings.latest().paths[0].ticks


def test_where_objects_are_not_as_expected_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "is_as_expected", lambda: False)
    fast = compile(lambda x: x * x, backend="llvm")
    assert fast.grad(3.0) == fast.grad(3.0) == 6.0
    assert fast._recordings.latest().paths[0].machine["grad"] is None


def test_the_layout_of_objects_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    assert python_interface.is_as_expected()
    others = {
        "DTYPE": "SHAPE",
        "CELL": "TYPE",
        "METHOD": "TYPE",
        "VALUE": "TYPE",
        "SIZE": "ITEMS",
        "ITEMS": "SIZE",
    }
    for name, other in others.items():
        with monkeypatch.context() as patch:
            patch.setattr(python_interface, name, getattr(python_interface, other))
            assert not python_interface.is_as_expected.__wrapped__(), name


def test_one_that_is_rechecked_is_compared_at_every_nth_call() -> None:
    calls_of_f: list[Any] = []

    def f(x: Any) -> Any:
        calls_of_f.append(x)
        return x * x

    fast = compile(f, backend="llvm", recheck=3)
    fast(1.0)
    recorded = len(calls_of_f)
    for _ in range(5):
        assert fast(2.0) == 4.0
    assert len(calls_of_f) == recorded + 2
