"""Results and errors of calls as machine code, and functions of Python that it calls."""

from __future__ import annotations

import gc
import math as std
import sys
from typing import Any

import numpy as np
import pytest
from machine_code import Function, bits, both, chain_of, leaks, outcome

from autograd import compile, math, ops
from autograd.program import ways
from autograd.program.llvm import call_results, python_interface
from autograd.program.ways import nowhere

inf, nan = std.inf, std.nan


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
    gc.collect()  # what other tests left may hold thousands
    before = sys.getrefcount(x.dtype)
    assert leaks(lambda: first(x)) < 100
    assert abs(sys.getrefcount(x.dtype) - before) < 200


def test_functions_of_numpy_are_looked_for_where_they_ought_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    core: Any = vars(np).get("_core") or np.core
    table = core.multiarray._ARRAY_API
    monkeypatch.setattr(core.multiarray, "_ARRAY_API", None)
    assert python_interface.maker_of_arrays.__wrapped__() is None
    monkeypatch.setattr(core.multiarray, "_ARRAY_API", table)
    monkeypatch.setattr(np, "ndarray", float)
    assert python_interface.maker_of_arrays.__wrapped__() is None
