"""What calls of loops as machine code read and write: arguments, gradients, and values from outside."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from loop_functions import RETURNS
from machine_code import bits, both, chain_of
from machine_loops import check, program_of, rosenbrock

from autograd import Value, compile, math, ops
from autograd.program.loops.program import LoopProgram


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
