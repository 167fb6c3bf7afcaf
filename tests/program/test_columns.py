"""Jacobians of loops, column by column, held against closed forms and against the transformation."""

from __future__ import annotations

import math as pythons_math
from typing import Any

import numpy as np
import pytest

from autograd import CompileError, Value, compile, jacobian, math
from autograd.program.straight_line.program import Program
from autograd.program.straight_line.simplify import simplified
from autograd.program.straight_line.sweeps import in_direction

TURNS, LONG = 200, 700


def decay(rate: Any, start: Any) -> list[Any]:
    """start * exp(-rate * t) for t = 1, 2, ..., one factor after the other."""
    x, factor, out = start, math.exp(-rate), []
    for _ in range(LONG):
        x = x * factor
        out.append(x)
    return out


def exact(rate: float, start: float) -> list[tuple[float, float]]:
    powers = [pythons_math.exp(-rate * t) for t in range(1, LONG + 1)]
    return [(-t * start * power, power) for t, power in enumerate(powers, 1)]


@pytest.mark.parametrize("backend", ["python", "llvm", None])
def test_a_jacobian_with_few_columns_is_that_of_the_closed_form(backend: str | None) -> None:
    fast = compile(decay, (0, 1), backend=backend)
    for rate, start in [(0.1, 2.0), (0.03, -1.0), (0.2, 0.5)]:
        found = fast.jacobian(rate, start)
        for mine, wanted in zip(found, exact(rate, start), strict=True):
            assert mine == pytest.approx(wanted, rel=1e-13)


def test_its_program_does_not_grow_as_outputs_times_turns() -> None:
    fast = compile(decay, (0, 1), backend="python")
    fast.jacobian(0.1, 2.0)
    (path,) = fast._recordings.signatures[0].paths
    assert [*path.programs] == []  # none of all derivatives was made
    assert path.derived("jvp").program.operations < 60


def test_the_form_is_that_of_the_transformation() -> None:
    def model(parameters: dict[str, Any], times: Any) -> dict[str, Any]:
        x, out = parameters["start"], []
        for t in times:
            x = x + 0.1 * t * parameters["slope"][0] * x - parameters["slope"][1]
            out.append(x)
        return {"states": out, "last": x}

    parameters = {"start": 1.0, "slope": np.array([0.3, 0.2])}
    times = [0.01 * i for i in range(TURNS)]
    found, wanted = compile(model).jacobian(parameters, times), jacobian(model)(parameters, times)
    assert [*found] == [*wanted]
    for mine, its in zip([found["last"], *found["states"]], [wanted["last"], *wanted["states"]], strict=True):
        assert mine["start"] == pytest.approx(its["start"], rel=1e-13)
        assert mine["slope"].shape == (2,)
        assert mine["slope"] == pytest.approx(its["slope"], rel=1e-13)


def test_captured_values_and_guards_are_looked_at_in_every_call() -> None:
    scale = Value(2.0)

    def f(x: Any) -> list[Any]:
        out = []
        for i in range(TURNS):
            x = math.tanh(x * scale) + 0.01 * i if x < 1e6 else x + 1.0
            out.append(x)
        return out

    fast = compile(f)
    for number in (2.0, 1.01, 0.5, 2.0):
        scale.data = number
        for x in (0.3, 1e-9, 2e6):
            assert fast.jacobian(x) == pytest.approx(jacobian(f)(x), rel=1e-13)


def test_errors_are_those_of_the_function() -> None:
    def roots(x: Any) -> list[Any]:
        out = []
        for i in range(TURNS):
            out.append(math.sqrt(x - 0.003 * i) * x)  # noqa: PERF401
        return out

    fast = compile(roots)
    assert fast.jacobian(2.0)[0] == pytest.approx(1.5 * pythons_math.sqrt(2.0))
    for _ in range(3):
        with pytest.raises(ValueError, match="math domain error"):
            fast.jacobian(0.2)
    # Where one derivative is infinite, and so NaN in other products, the transformation computes all.
    assert fast.jacobian(0.597)[:3] == pytest.approx(jacobian(roots)(0.597)[:3], rel=1e-14)
    with pytest.raises(CompileError, match="called twice"):
        compile(lambda x: [x * next(iter_) for _ in range(TURNS)]).jacobian(1.0)


iter_ = iter(range(1_000_000))


def test_a_product_with_a_direction_is_that_of_the_jacobian() -> None:
    program = Program(["x", "y"])
    product = program.add("*", 0, 1)
    program.outputs = (product, program.add("sin", 0), product, 1)
    found = simplified(in_direction(program, [0, 1], ["a", "b", "c", "d", "v", "w"]))
    x, y, v, w = 0.7, -1.3, 2.0, 0.25
    for weights in ([1.0] * 4, [0.3, -2.0, 5.0, 0.0]):
        rows = found.run([x, y, *weights, v, w])
        wanted = [y * v + x * w, pythons_math.cos(x) * v, y * v + x * w, w]
        assert rows == pytest.approx(wanted, rel=1e-15)
