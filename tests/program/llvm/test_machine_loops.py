"""Calls of functions with loops as machine code, held to the last bit against functions of Python."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest
from loop_functions import FUNCTIONS, LISTS, RETURNS, point_of
from machine_code import Function, bits, both, chain_of, outcome
from machine_loops import check, in_mode

from autograd import math


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
