"""Calls of functions with loops as machine code, held to the last bit against functions of Python."""

from __future__ import annotations

import math as std
import random
import sys
import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest
from loop_functions import FUNCTIONS, LISTS, RETURNS, point_of
from loop_programs import NESTED
from loop_writers import RandomLoops, holding
from machine_code import Function, bits, both, chain_of, leaks, outcome
from mpmath import mp, mpf

from autograd import Value, compile, math, ops
from autograd.program import ways
from autograd.program.arguments import Arguments
from autograd.program.derivation import Cell, DerivedProgram
from autograd.program.llvm import call_memory
from autograd.program.llvm import machine_calls as calls
from autograd.program.llvm.machine import MachineCode
from autograd.program.llvm.machine_calls import machine_call
from autograd.program.llvm.python_interface import Link
from autograd.program.loops.program import INPUTS, Element, LoopProgram, Open
from autograd.program.paths import RecordedPath
from autograd.program.ways import nowhere

inf, nan = std.inf, std.nan


def program_of(fast: Any, mode: str, path: int = 0) -> Any:
    return fast._recordings.latest().paths[path].derived(mode).program


def in_mode(fast: Any, mode: str) -> Function:
    function: Function = fast if mode == "value" else getattr(fast, mode)
    return function


def check(f: Function, argnums: Any, mode: str, *args: Any, loops: bool = True) -> Any:
    """Hold machine code against Python, and return what was compiled to machine code."""
    python, machine = both(f, argnums)
    wanted, found = in_mode(python, mode)(*args), in_mode(machine, mode)(*args)
    if (
        machine._recordings.latest().paths[0].products.get(mode) is not None
    ):  # a batch, which rounds otherwise
        np.testing.assert_allclose(found, wanted, rtol=1e-13)
        return machine
    assert bits(found) == bits(wanted)
    assert isinstance(program_of(machine, mode), LoopProgram) or not loops
    assert bits(chain_of(machine, mode)(*args)) == bits(wanted)
    return machine


# Numbers: all kinds of loops, to the last bit


@pytest.mark.usefixtures("table_as_it_was")
@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("mode", ["value", "value_and_grad", "hvp", "hessian"])
def test_loops_give_the_very_floats_of_python(name: str, mode: str) -> None:
    f, args = FUNCTIONS[name](130)
    if mode == "hessian" and len(args) > 5:
        f, args = FUNCTIONS[name](12)
    argnums = tuple(range(len(args)))
    point = point_of((f, args), mode)
    vector = [tuple(point[len(args) :])] if mode == "hvp" else []
    check(f, argnums, mode, *args, *vector, loops=False)


LOOPS = (
    "garch",
    "guarded",
    "epidemic",
    "rosenbrock",
    "autoregression",
    "of_rows",
    "nested",
    "several",
)


@pytest.mark.parametrize("name", LOOPS)
def test_loops_of_many_turns_give_the_very_floats_of_python(name: str) -> None:
    f, args = FUNCTIONS[name](300)
    check(f, tuple(range(len(args))), "value_and_grad", *args)


@pytest.mark.parametrize("name", LISTS)
def test_lists_that_loops_make(name: str) -> None:
    f, args = LISTS[name](300)
    check(f, tuple(range(len(args))), "value", *args)


def fibonacci(a: Any, b: Any, c: Any) -> Any:
    for _ in range(700):
        a, b = b, a + b * c
    return a * 1e-140


def test_numbers_that_are_carried_change_all_at_once() -> None:
    machine = check(fibonacci, (0, 1, 2), "value_and_grad", 1.0, 2.0, 0.99)
    pair = [0, 1]
    for _ in range(700):
        pair = [pair[1], sum(pair)]
    value, (by_a, by_b, _) = chain_of(machine, "value_and_grad")(0.0, 1.0, 1.0)
    assert value == pytest.approx(pair[0] * 1e-140, rel=1e-12)
    assert by_b == pytest.approx(pair[0] * 1e-140, rel=1e-12)
    assert by_a == pytest.approx((pair[1] - pair[0]) * 1e-140, rel=1e-12)


UNARY: tuple[Function, ...] = (
    math.sin, math.tanh, math.exp, math.log, math.sqrt, math.atan, math.erf, math.sigmoid, math.relu, abs,
    math.softplus, math.floor, lambda x: x**2, lambda x: x**3.5, lambda x: 1.0 / x, lambda x: -x, math.gamma,
)  # fmt: skip
BINARY: tuple[Function, ...] = (
    lambda x, y: x + y, lambda x, y: x - y, lambda x, y: x * y, lambda x, y: x / y, math.maximum, math.atan2,
    math.hypot, lambda x, y: math.where(x < y, x, y * 0.5), lambda x, y: x % 3.0 + y, math.logaddexp,
)  # fmt: skip


def random_loops(seed: int) -> Function:
    """One or two loops of the same random steps on three numbers that are carried and two arrays."""
    draw = random.Random(seed)
    steps = [
        [(draw.random() < 0.5, draw.choice(UNARY), draw.choice(BINARY), draw.randrange(6), draw.randrange(6))
         for _ in range(draw.randrange(2, 6))]
        for _ in range(draw.randrange(1, 3))
    ]  # fmt: skip
    shift, back = draw.randrange(3), draw.random() < 0.5

    def f(a: Any, b: Any, x: Any) -> Any:
        state, total = [a, b, a * 0.5], 0.0
        for body in steps:
            for t in range(150):
                numbers = [*state, x[(149 - t if back else t) + shift], RETURNS[t], x[t]]
                for unary, one, two, i, k in body:
                    y = one(numbers[i]) if unary else two(numbers[i], numbers[k])
                    numbers[i % 3] = math.tanh(y) * 0.9 + 0.05 * numbers[k]
                state = numbers[:3]
                total = total + numbers[0] * numbers[1]
        return total + state[2]

    return f


@pytest.mark.parametrize("seed", range(8))
def test_random_loops_give_the_very_floats_and_errors_of_python(seed: int) -> None:
    f = random_loops(seed)
    python, machine = both(f, (0, 1, 2))
    for mode in ("value", "value_and_grad"):
        slow, fast = in_mode(python, mode), in_mode(machine, mode)
        for factor in (1.0, 0.7, -1.0, 3.0):
            x = np.array([abs(r) + 0.1 for r in RETURNS[:152]]) * factor
            assert outcome(fast, 0.4 * factor, 0.3, x) == outcome(slow, 0.4 * factor, 0.3, x)


# Arguments and results


def rosenbrock(x: Any) -> Any:
    return sum(100.0 * (x[i + 1] - x[i] ** 2) ** 2 + (1.0 - x[i]) ** 2 for i in range(len(x) - 1))


@pytest.mark.parametrize("n", [150, 9000])
def test_an_array_is_read_and_its_gradient_written_by_loops(n: int) -> None:
    x = np.random.default_rng(n).normal(size=n)
    machine = check(rosenbrock, 0, "value_and_grad", x)
    value, by_x = machine.value_and_grad(x)
    steps, ahead = x[1:] - x[:-1] ** 2, 1.0 - x[:-1]
    exact = np.zeros(n)
    exact[:-1] = -400.0 * x[:-1] * steps - 2.0 * ahead
    exact[1:] += 200.0 * steps
    assert value == pytest.approx(float(np.sum(100.0 * steps**2 + ahead**2)), rel=1e-12)
    np.testing.assert_allclose(by_x, exact, rtol=1e-12, atol=1e-9)
    assert by_x.flags.owndata
    by_x[:] = 0.0
    assert machine.value_and_grad(x)[1][0] == exact[0]  # no memory of the code's own


@pytest.mark.parametrize("kind", [list, tuple, np.array])
@pytest.mark.parametrize("mode", ["value", "grad", "hvp", "jacobian"])
def test_long_containers_of_floats_are_read_by_loops(kind: Callable[[Any], Any], mode: str) -> None:
    x = kind([float(t) / 50 for t in RETURNS[:60]])
    more = [kind([0.1 * i for i in range(60)])] if mode == "hvp" else []
    machine = check(rosenbrock, 0, mode, x, *more)
    first = chain_of(machine, mode)
    if kind is not np.array:
        others: list[Any] = [1, True, None, "1.0", np.float32(1.0), Value(1.0), [1.0]]
        for place in (0, 30, 59):
            for other in others:
                strange = kind([*x[:place], other, *x[place + 1 :]])
                assert first(strange, *more) is None
            exact = kind([*x[:place], np.float64(x[place]), *x[place + 1 :]])
            assert bits(first(exact, *more)) == bits(first(x, *more))
    for strange in (x[:59], [], (), None, 1.0, {"a": 1.0}, kind([*x, 1.0])):
        assert first(strange, *more) is None


def test_inputs_of_several_arguments_are_gone_through_at_once() -> None:
    def f(a: Any, x: Any, y: Any, c: Any) -> Any:
        total = a
        for i in range(160):
            total = total + math.sin(x[i] * c["b"]) * y[i]
        return total

    x, y = [*RETURNS[:160]], np.array(RETURNS[160:320])
    check(f, (0, 1, 2, 3), "value_and_grad", 0.5, x, y, {"b": 0.3})
    check(f, (1, 2), "hvp", 0.5, tuple(x), y.tolist(), (tuple(x), y.tolist()), {"b": 0.3})
    check(f, 3, "hessian", 0.5, x, y, {"b": 0.3})


def test_many_floats_as_arguments_of_their_own() -> None:
    def f(*x: Any) -> Any:
        return rosenbrock(x)

    x = tuple(RETURNS[:1200])
    machine = check(f, tuple(range(1200)), "value_and_grad", *x)
    first = chain_of(machine, "value_and_grad")
    for strange in (x[:-1], (*x, 1.0), (*x[:700], 1, *x[701:]), (None, *x[1:])):
        assert first(*strange) is None
    vector = tuple(RETURNS[1200:2400])
    machine = check(f, tuple(range(1200)), "hvp", *x, vector)
    assert chain_of(machine, "hvp")(*x, vector[:-1]) is None


def test_a_list_of_lists_and_an_array_with_rows_come_out_of_loops() -> None:
    def f(x: Any) -> Any:
        return sum(math.exp(-x[i][0] * x[i][1]) + x[i][2] ** 2 for i in range(150))

    rows = [[*RETURNS[3 * i : 3 * i + 3]] for i in range(150)]
    check(f, 0, "value_and_grad", rows)
    check(f, 0, "value_and_grad", np.array(rows))


def test_values_from_outside_are_read_at_each_call() -> None:
    w = Value(0.3)

    def f(x: Any) -> Any:
        for t in range(300):
            x = x * 0.5 + w * RETURNS[t]
        return x

    python, machine = both(f)
    for data in (0.3, -2.0, 1e3):
        w.data = data
        assert bits(machine.grad(1.0)) == bits(python.grad(1.0))
        assert bits(machine(1.0)) == bits(python(1.0))
        assert chain_of(machine, "value")(1.0) is not None


def test_an_array_that_a_primitive_changes_in_a_loop_was_read_before(table_as_it_was: None) -> None:
    x = np.linspace(1.0, 2.0, 300)
    kept = x.copy()

    def value(y: float) -> float:
        x.fill(99.0)
        return y

    own = ops.unary("changes x in loops", value, lambda x, out: 1.0, "Return x.")

    def f(x: Any) -> Any:
        return sum(own(x[i]) * x[i + 1] for i in range(299))

    machine = compile(f, backend="llvm")
    expected = machine(kept)
    assert isinstance(program_of(machine, "value"), LoopProgram)
    x[:] = kept
    assert chain_of(machine, "value")(x) == expected


def test_a_primitive_of_the_user_raises_in_a_turn(table_as_it_was: None) -> None:
    def value(x: float) -> float:
        if x > 20.0:
            raise ValueError(f"{x} is too large")
        if x < -20.0:
            raise KeyboardInterrupt
        return x

    own = ops.unary("not large", value, lambda x, out: 1.0 + 0.0 * x, "Return x.")

    def f(a: Any) -> Any:
        x = a
        for t in range(300):
            x = own(x * 1.005 + 0.001 * RETURNS[t])
        return x

    machine = check(f, 0, "value_and_grad", 0.1)
    assert chain_of(machine, "value_and_grad")(5.0) is None
    with pytest.raises(ValueError, match="is too large"):
        machine(5.0)
    with pytest.raises(KeyboardInterrupt):
        machine.value_and_grad(-5.0)


# Errors, and branches


def logarithms(a: Any, b: Any) -> Any:
    total, x = 0.0, a
    for _ in range(300):
        total = total + math.log(x)
        x = x - b
    return total


@pytest.mark.parametrize("mode", ["value", "value_and_grad", "hessian"])
def test_an_error_in_a_turn_is_that_of_the_function(mode: str) -> None:
    python, machine = both(logarithms, (0, 1))
    slow, fast = in_mode(python, mode), in_mode(machine, mode)
    assert outcome(fast, 400.0, 1.0) == outcome(slow, 400.0, 1.0)
    first = chain_of(machine, mode)
    assert first(390.0, 1.0) is not None
    for a, b in ((6.5, 1.0), (6.0, 1.0), (299.0, 1.0), (298.5, 1.0), (-1.0, -1.0), (nan, 1.0), (inf, 1.0)):
        assert first(a, b) is None
        assert outcome(fast, a, b) == outcome(slow, a, b)
    assert outcome(machine, 6.5, 1.0) == outcome(logarithms, 6.5, 1.0)  # in the eighth turn
    assert outcome(machine, 6.5, 1.0)[0] is ValueError


def test_what_may_raise_and_is_not_used_is_looked_at_in_each_turn() -> None:
    f, args = FUNCTIONS["unused"](300)
    python, machine = both(f, (0, 1))
    for point in (args, (1e200, 0.2), (0.1, -0.005), (0.9, -1.0)):
        for mode in ("value", "grad"):
            assert outcome(in_mode(machine, mode), *point) == outcome(in_mode(python, mode), *point)


def test_a_turn_in_the_middle_may_raise_though_its_number_is_not_used() -> None:
    def f(a: Any, b: Any) -> Any:
        for t in range(300):
            math.log(RETURNS[t] + b)
            a = math.sin(a) * 0.5 + b
        return a

    least = min(RETURNS[:300])
    assert 10 < RETURNS.index(least) < 290
    machine = check(f, (0, 1), "value_and_grad", 1.0, 0.01 - least)
    for b in (-least, -0.01 - least):  # log(0.0), and that of a negative number, in one turn
        assert chain_of(machine, "value_and_grad")(1.0, b) is None
        assert outcome(machine, 1.0, b) == outcome(f, 1.0, b)
        assert outcome(f, 1.0, b)[0] is ValueError


def test_a_guard_in_a_turn_hands_on() -> None:
    f, args = FUNCTIONS["guarded"](80)
    machine = check(f, (0, 1, 2), "value_and_grad", *args)
    first = chain_of(machine, "value_and_grad")
    assert first(-0.1, 0.1, 0.8) is None
    assert first(0.05, -0.04, 0.1) is None  # not in the first turn
    with pytest.raises(ValueError, match="a variance below 0"):
        machine(0.05, -0.04, 0.1)


def test_a_branch_that_turns_out_otherwise_in_a_turn_has_a_path_of_its_own() -> None:
    def f(a: Any) -> Any:
        x, total = a, 0.0
        for t in range(200):
            x = x * 0.9 + 0.1 * t * a
            total = total + (math.sqrt(x) if x < 4.0 else x * 0.5)
        return total

    python, machine = both(f)
    for a in (0.5, 0.7, 2.0, 0.5, 2.1, 3.9, 1e-9, 0.8, 2.0):
        assert bits(machine.value_and_grad(a)) == bits(python.value_and_grad(a))


# Loops with an open number of turns


def root(x: Any) -> Any:
    y = x
    while abs(y * y - x) > 1e-12 * x:
        y = 0.5 * (y + x / y)
    return y


def halved(x: Any) -> Any:
    y, parts = x, []
    while y > 1.0:
        parts.append(y)
        y = y * 0.5 + math.sin(y) * 0.01
    total = y
    for part in parts:
        total = total + part * part
    return total


def kepler(m: Any, e: Any) -> Any:
    a = m
    while True:
        step = (a - e * math.sin(a) - m) / (1.0 - e * math.cos(a))
        a = a - step
        if abs(step) < 1e-12:
            return a


def open_points(count: int, seed: int = 5) -> list[float]:
    draw = random.Random(seed)
    return [draw.uniform(0.01, 900.0) for _ in range(count)]


@pytest.mark.parametrize("mode", ["value", "value_and_grad", "hessian"])
def test_newtons_method_may_take_any_number_of_turns_that_was_seen(mode: str) -> None:
    python, machine = both(root)
    slow, fast = in_mode(python, mode), in_mode(machine, mode)
    points = open_points(200)
    for x in points:
        assert bits(fast(x)) == bits(slow(x))
    program = program_of(machine, mode)
    assert isinstance(program, LoopProgram)
    assert program.open is not None
    first = chain_of(machine, mode)
    for x in points:  # code that was made when fewer numbers of turns were known
        assert bits(first(x)) == bits(slow(x))
    program.open.known.clear()
    assert [first(x) for x in points] == [None] * len(points)
    if mode == "value_and_grad":
        with mp.workdps(40):
            for x in points[:20]:
                by_x = float(1 / (2 * mp.sqrt(mpf(x))))
                assert fast(x)[1] == pytest.approx(by_x, rel=1e-10)


@pytest.mark.parametrize("mode", ["value", "value_and_grad"])
@pytest.mark.parametrize("f", [halved, lambda x: math.log(halved(x)) * x])
def test_what_is_kept_of_an_open_loop_is_gone_through_afterwards(f: Function, mode: str) -> None:
    python, machine = both(f)
    slow, fast = in_mode(python, mode), in_mode(machine, mode)
    points = open_points(150, 7)
    for x in points:
        assert bits(fast(x)) == bits(slow(x))
        assert bits(fast(x)) == bits(slow(x))


def test_keplers_equation_in_two_numbers() -> None:
    python, machine = both(kepler, (0, 1))
    draw = random.Random(8)
    for _ in range(120):
        point = draw.uniform(0.0, 6.0), draw.uniform(0.0, 0.9)
        for mode in ("value", "value_and_grad"):
            assert bits(in_mode(machine, mode)(*point)) == bits(in_mode(python, mode)(*point))
        with mp.workdps(30):
            m, e = map(mpf, point)
            exact = mp.findroot(lambda a, m=m, e=e: a - e * mp.sin(a) - m, machine(*point))
            by_m = 1 / (1 - e * mp.cos(exact))
        assert machine(*point) == pytest.approx(float(exact), rel=1e-10)
        assert machine.grad(*point)[0] == pytest.approx(float(by_m), rel=1e-6)


# Programs that no function makes


def as_call(program: LoopProgram) -> Function:
    """A program of floats as machine code, which gives None where it hands on."""
    count = len(program.outputs)
    arguments = Arguments([1.0] * len(program.inputs), {}, [0], program.inputs)
    path = RecordedPath("f", arguments, program, [], [1.0] * count, single=True)
    path._derived["value"] = DerivedProgram(program, [Cell(1, None, None)] * count)
    code = machine_call(path, "value", well=True)
    assert code is not None
    function: Function = code.of(Link((None, nowhere, None)))
    return function


def halving(start: int, moved: int) -> LoopProgram:
    """Halves a number while it is above a limit, at most ten times, and squares what it was, backwards."""
    program = LoopProgram(["x", "limit"])
    nodes = program.nodes
    half = program.number(0.5)
    loop = program.add("loop", number=10.0)
    phi = program.add("phi", 0, loop + 3)
    above = program.add(">", phi, 1)
    program.guards[above] = True
    program.add("*", phi, half)
    program.elements[program.add("store", phi)] = Element(0, 0, 1)
    program.add("end")
    back = program.add("loop", number=10.0)
    kept = program.add("element")
    square = program.add("*", kept, kept)
    program.elements |= {kept: Element(0, 9, -1), program.add("store", square): Element(1, 0, 1)}
    program.add("end")
    program.arrays = [10, 10]
    last = program.add("element")
    program.elements[last] = Element(1, start)
    program.outputs = (last, program.add("*", 1, half))
    assert len(nodes) == last + 2
    by = {back: 1, kept: 1, last: moved}
    program.open = Open(loop, above, {3, 4, 7, 12}, 2, {place: x for place, x in by.items() if x})
    return program


@pytest.mark.parametrize(("start", "moved"), [(0, 0), (9, 1)])
def test_loops_and_places_move_with_the_turns_of_an_open_loop(start: int, moved: int) -> None:
    program = halving(start, moved)
    function = as_call(program)
    taken = []
    for turns in range(1, 11):
        point = 2.0**turns * 0.75, 0.5 + 0.25
        assert bits(function(*point)) == bits(program.run(point)), turns
        taken += [turns] if function(*point) is not None else []
    assert taken == [1, 2, 5, 10]
    program.open.known.add(6)  # type: ignore[union-attr]
    assert function(0.75 * 2.0**4, 0.75) == program.run((12.0, 0.75))


def test_a_loop_without_a_turn() -> None:
    program = halving(0, 0)
    program.open.known.add(2)  # type: ignore[union-attr]
    function = as_call(program)
    _, half = function(0.5, 0.75)
    assert half == 0.375


def test_inputs_are_gone_through_as_often_as_an_open_loop() -> None:
    program = LoopProgram(["limit", *[f"x{i}" for i in range(12)]])
    half = program.number(0.5)
    loop = program.add("loop", number=10.0)
    phi = program.add("phi", 1, loop + 3)
    above = program.add(">", phi, 0)
    program.guards[above] = True
    program.add("*", phi, half)
    program.add("end")
    back = program.add("loop", number=10.0)
    total = program.add("phi", 1, back + 3)
    kept = program.add("element")
    program.add("+", total, kept)
    program.elements[kept] = Element(INPUTS, 12, -1)
    program.add("end")
    program.outputs = (back + 3,)
    program.open = Open(loop, above, {1, 5, 10}, 0, {back: 1, kept: 1})
    function = as_call(program)
    for turns in range(1, 11):
        point = [0.75, 2.0**turns * 0.75, *RETURNS[:11]]
        expected = program.run(point)
        assert (function(*point) is None) == (turns not in (1, 5, 10))
        assert bits(function(*point)) == bits(expected)


def test_an_element_is_chosen_beside_loops() -> None:
    def f(x: Any, z: Any, k: Any) -> Any:
        chosen, total = z[k], 0.1
        for i in range(200):
            total = total * 0.5 + math.sin(x[i]) * chosen
        return total

    x, z = np.array(RETURNS[:200]), np.array(RETURNS[200:206])
    python, machine = both(f, (0, 1))
    for k in (1, 0, 5, 1):
        assert bits(machine.value_and_grad(x, z, k)) == bits(python.value_and_grad(x, z, k))


def test_no_place_is_beyond_an_array() -> None:
    program = halving(3, 1)
    function = as_call(program)
    assert function(2.0**10, 0.75) == program.run((2.0**10, 0.75))  # at place 3
    assert function(2.0**5, 0.75) is None  # it would be at -2
    program = halving(0, -1)
    assert as_call(program)(1.5, 0.75) is not None  # at place 9
    program = halving(1, -1)
    assert as_call(program)(1.5, 0.75) is None  # it would be at 10


def test_what_depends_on_a_loop_that_comes_after_it_is_not_written() -> None:
    program = halving(0, 0)
    opened = program.open
    assert opened is not None
    program.open = opened._replace(moved={opened.loop - 1: 1})
    with pytest.raises(AssertionError):
        as_call(program)


# Loops in loops


@pytest.mark.parametrize("name", NESTED)
def test_loops_in_loops(name: str) -> None:
    program = NESTED[name]()
    function = as_call(program)
    for seed in range(9):
        draw = random.Random(seed)
        point = [draw.uniform(-1.0, 2.0) for _ in program.inputs]
        assert function(*point) == program.run(point)


@pytest.mark.parametrize("seed", [2, 4, 8, 10, 11, 13, 14, 17])
def test_random_loops_in_loops(seed: int) -> None:
    program = RandomLoops(seed, (3, 6, 10)[seed % 3], mixed=False, depth=2 + seed % 2).program
    draw = random.Random(seed)
    points = [[draw.uniform(-0.3, 0.3) for _ in program.inputs] for _ in range(9)]
    function = as_call(holding(program, points[0]))
    for point in points:
        expected = program.run(point)
        assert function(*point) == expected


# Memory, and threads


def model(x: Any, n: Any = None) -> Any:
    y = x[0]
    for i in range(len(x)):
        y = math.sin(y + x[i]) * 1.5 + math.log(x[3])
    return y


@pytest.mark.parametrize("slots", [0, 10**9], ids=["asked for", "on the stack"])
@pytest.mark.parametrize("kind", [list, np.array])
def test_a_call_gives_its_memory_back(
    slots: int, kind: Callable[[Any], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(call_memory, "ON_STACK", slots)
    x = kind([1.0 + 0.01 * i for i in range(90)])
    wrong = kind([-1.0 - 0.01 * i for i in range(90)])
    machine = check(model, 0, "value_and_grad", x)
    first = chain_of(machine, "value_and_grad")
    assert first(wrong) is None
    for point in (x, wrong, x[:-1], None):
        assert leaks(partial(first, point), 1000) < 100
    _, open_one = both(root)
    points = open_points(60)
    for point in points:
        open_one.grad(point)
    first = chain_of(open_one, "grad")
    assert leaks(lambda: [first(point) for point in [*points, 1e9]], 100) < 100


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="/proc is of Linux")
def test_the_process_does_not_grow() -> None:
    x = np.linspace(1.0, 2.0, 12_000)
    machine = compile(rosenbrock, backend="llvm")
    machine.value_and_grad(x)
    first = chain_of(machine, "value_and_grad")

    def resident() -> int:
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * 4096

    for _ in range(20):
        first(x)
    before = resident()
    for _ in range(200):
        assert first(x) is not None
        first(x[::-1])
    assert resident() - before < 200 * x.nbytes // 10


def test_threads_may_run_loops_at_once() -> None:
    machine = compile(model, backend="llvm")
    arrays = [np.random.default_rng(i).uniform(1.0, 3.0, 9000) for i in range(4)]
    expected = [bits(machine.value_and_grad(x)) for x in arrays]
    assert chain_of(machine, "value_and_grad")(arrays[0]) is not None
    wrong: list[int] = []
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)

    def work(i: int) -> None:
        wrong.extend(i for _ in range(20) if bits(machine.value_and_grad(arrays[i])) != expected[i])

    try:
        threads = [threading.Thread(target=work, args=(i,)) for i in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(before)
    assert not wrong


# When it is made


def calls_until_machine_code(f: Function, mode: str, *args: Any) -> int:
    fast = compile(f, tuple(range(len(args))))
    for count in range(4000):
        in_mode(fast, mode)(*args)
        if mode in fast._recordings.latest().paths[0].machine:
            assert "python and llvm" in fast.report()
            return count
    raise AssertionError(fast.report())


def test_the_more_turns_the_sooner_machine_code_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    (few, point), (many, _) = FUNCTIONS["garch"](200), FUNCTIONS["garch"](2000)
    late, soon = (calls_until_machine_code(f, "value_and_grad", *point) for f in (few, many))
    assert soon < 100 < 9 * soon < late < ways.OFTEN
    monkeypatch.setattr(ways, "OFTEN", 5)
    assert calls_until_machine_code(few, "value_and_grad", *point) == 5
    monkeypatch.setattr(calls, "LONGEST", 0)
    fast = compile(few)
    for _ in range(20):
        fast(*point)
    assert fast._recordings.latest().paths[0].machine["value"] is None


def test_it_is_made_quickly_and_then_well(monkeypatch: pytest.MonkeyPatch) -> None:
    levels: list[int] = []

    def made(text: str, level: int) -> MachineCode:
        levels.append(level)
        return MachineCode(text, level)

    monkeypatch.setattr(calls, "MachineCode", made)
    f, point = FUNCTIONS["garch"](2000)
    by = tuple(range(len(point)))
    python, fast = compile(f, by, backend="python"), compile(f, by)
    expected = bits(python.value_and_grad(*point))
    for _ in range(3000):
        assert bits(fast.value_and_grad(*point)) == expected
    assert levels == [calls.QUICKLY, calls.WELL]
    compile(f, by, backend="llvm").value_and_grad(*point)
    assert levels[2:] == [calls.WELL]
