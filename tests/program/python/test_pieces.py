"""Long programs as pieces of Python: each gives what the whole function would, and needs little memory."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from random_programs import Program as RandomProgram
from random_programs import programs
from straight_lines import recorded, with_derivatives

import autograd
from autograd import math
from autograd.program.python import pieces
from autograd.program.python.pieces import function_of
from autograd.program.straight_line.program import Program
from autograd.program.straight_line.simplify import simplified
from autograd.program.straight_line.sweeps import with_gradient, with_jacobian

inf, nan = float("inf"), float("nan")


def outcome(f: Any, point: Sequence[float]) -> str:
    """What comes out: of several operations that raise, any may be the first."""
    try:
        return repr(f(*point))
    except (ArithmeticError, ValueError):
        return "an error"


@contextmanager
def cut(size: int) -> Iterator[None]:
    """Cut all programs, into pieces of that many nodes."""
    before = pieces.LONG, pieces.PIECE
    pieces.LONG, pieces.PIECE = 1, size
    try:
        yield
    finally:
        pieces.LONG, pieces.PIECE = before


@pytest.fixture
def short() -> Iterator[None]:
    with cut(2):
        yield


@settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
@given(programs(most=20), st.sampled_from([1, 2, 5, 11]))
def test_pieces_give_what_the_whole_function_gives(drawn: RandomProgram, size: int) -> None:
    program, by = recorded(drawn, *drawn.inputs), range(len(drawn.inputs))
    second = with_jacobian(with_gradient(program, by), by)
    for derived in (program, with_gradient(program, by), simplified(with_gradient(program, by)), second):
        whole = function_of(derived)
        with cut(size):
            parts = function_of(derived)
            for factor in (1.0, 0.75, -1.0, 1e30, 0.0, inf, nan):
                point = [x * factor for x in drawn.inputs]
                assert outcome(parts, point) == outcome(whole, point)


@pytest.mark.usefixtures("short")
def test_a_derivative_that_cannot_be_computed_as_floats_is_computed_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    written: list[bool] = []
    write = pieces._Pieces.backward

    def noted(self: Any, ieee: bool = False) -> Any:
        written.append(ieee)
        return write(self, ieee)

    monkeypatch.setattr(pieces._Pieces, "backward", noted)
    f = function_of(with_derivatives(lambda x, y: math.sqrt(x) * y + x**y + y * y, 4.0, 3.0))
    dx = 3.0 / 4.0 + 48.0
    assert f(4.0, 3.0)[1] == pytest.approx(dx, rel=1e-15)
    assert written == [False]
    assert f(0.0, 3.0)[1] == inf  # 3 / (2 sqrt(0)) + 3 * 0**2
    assert written == [False, True]
    assert f(4.0, 3.0)[1] == pytest.approx(dx, rel=1e-15)
    assert f(0.0, 5.0) == (25.0, inf, 10.0)  # the logarithm of 0 times 0**5, as the limit is
    assert written == [False, True]  # kept


@pytest.mark.usefixtures("short")
def test_threads_may_need_the_pieces_for_infinite_derivatives_at_once() -> None:
    f = function_of(with_derivatives(lambda x: math.sqrt(x) * math.sqrt(x + 1.0) + math.sqrt(x), 4.0))
    with ThreadPoolExecutor(4) as pool:
        assert [*pool.map(f, [0.0] * 20)] == [(0.0, inf)] * 20


@pytest.mark.usefixtures("short")
def test_a_guard_of_any_piece_ends_the_function() -> None:
    def f(x: Any, y: Any) -> Any:
        z = x * y + x
        z = z * z if z > 2.0 else z
        slope = autograd.grad(lambda t: t * t * y)(x)  # compared after operations of a derivative
        return z * slope if slope > 1.0 else z

    function = function_of(recorded(f, 2.0, 3.0))
    assert function(2.0, 3.0) == (64.0 * 12.0,)
    assert function(0.5, 3.0) is None  # z is 2.0
    assert function(1.0, 0.25) is None
    assert function(4.0, 0.125) is None  # the slope is 1.0
    assert function(4.0, 0.25) == (25.0 * 2.0,)


@pytest.mark.usefixtures("short")
def test_outputs_may_be_inputs_numbers_and_one_node_several_times() -> None:
    program = Program(["a", "b"])
    total = program.add("+", 0, 1)
    product = program.add("*", total, total)
    numbers = [program.number(x) for x in (inf, -inf, nan, -0.0, 2.5)]
    program.outputs = (1, product, *numbers, product, 0, total)
    assert repr(function_of(program)(1.0, 2.0)) == repr((2.0, 9.0, inf, -inf, nan, -0.0, 2.5, 9.0, 1.0, 3.0))


@pytest.mark.usefixtures("short")
def test_a_compiled_function_in_pieces_is_the_function(table_as_it_was: None) -> None:
    double = autograd.ops.unary("doubled", lambda x: 2.0 * x, lambda x, out: 2.0, "Return 2 * x.")

    def f(x: Any, data: Any) -> Any:
        y = math.exp(x[0]) * x[1] - math.log(abs(x[0]) + 1.0) + double(x[1])
        return (y * data["a"] if y > 0.0 else -y) + math.hypot(x[0], x[1]) * math.gamma(x[1])

    compiled = autograd.compile(f, backend="python")
    for a in (0.5, -2.0, 3.0, 0.5):
        given = [a, 1.5], {"a": 2.5}
        assert compiled(*given) == f(*given)
        assert repr(compiled.value_and_grad(*given)) == repr(autograd.value_and_grad(f)(*given))
    with pytest.raises(OverflowError):
        compiled([1000.0, 1.0], {"a": 1.0})


def test_a_long_program_is_made_ready_in_little_memory() -> None:
    def f(x: Any, y: Any) -> Any:
        for i in range(4000):
            x, y = math.sin(x) * y if i % 3 else x + y * 0.5, math.cos(y) * 0.9 + x
        return x * y

    program = with_derivatives(f, 0.5, 0.25)
    function = function_of(program)  # what is read of the table is kept
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        function = function_of(program)
        after, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert function(0.5, 0.25) == tuple(program.run([0.5, 0.25]) or ())
    assert (most - before) / len(program.nodes) < 300.0, "bytes for each node, at most"
    assert (after - before) / len(program.nodes) < 150.0, "bytes for each node, kept"
