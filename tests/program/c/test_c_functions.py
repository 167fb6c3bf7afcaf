"""Compiled functions in C: what they read and write, and what they give."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from c_cases import branching
from c_compiler import Build, builder, called

from autograd import Value, compile
from autograd import math as amath


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    return builder(tmp_path_factory)


@compile(argnums=(0, 1))
def loss(w: Any, b: Any, scale: float) -> Any:
    t = amath.tanh(w[0] * scale + b["bias"])
    if t > 0.5:
        return amath.fsum([t, w[1] * w[1], 1e-20]) / scale
    return amath.exp(t * w[1]) - scale


POINTS = [([1.0, 2.0], {"bias": 0.5}, 2.0), ([-1.0, 0.75], {"bias": 0.25}, 2.0)]


@pytest.mark.parametrize("mode", ["value", "grad", "value_and_grad", "jacobian", "hessian"])
def test_a_compiled_function_gives_in_c_what_it_gives_in_python(build: Build, mode: str) -> None:
    for point in POINTS:
        loss(*point)
    f = build(loss.to_c(mode)).loss
    for w, b, scale in POINTS:
        expected = numbers_in((loss if mode == "value" else getattr(loss, mode))(w, b, scale))
        assert called(f, [*w, b["bias"], scale], len(expected)) == pytest.approx(expected, rel=1e-14)


def test_the_comment_says_what_is_read_and_written() -> None:
    for point in POINTS:
        loss(*point)
    about = loss.to_c().partition("*/")[0]
    for line in (
        "int loss(const double *x, double *y)",
        "    x[0]: w[0]",
        "    x[1]: w[1]",
        "    x[2]: b['bias']",
        "    x[3]: scale",
        "    y[0]: value",
        "    y[1]: d value/d w[0]",
        "    y[3]: d value/d b['bias']",
    ):
        assert f" * {line}\n" in about
    words = " ".join(about.replace("\n *", "\n").split())
    assert "returns 0; or 1" in words
    assert "belong to a path of the original function that was not recorded" in words
    assert " *     y[5]: d2 value/d w[1] d b['bias']\n" in loss.to_c("hessian")
    square = compile(lambda x: x * x).record(1.0).to_c()
    assert " * It returns 0.\n" in square


def test_a_path_that_was_not_recorded_gives_1(build: Build) -> None:
    alone = compile(branching).record(2.0, 3.0)
    f = build(alone.to_c("value")).branching
    assert called(f, [2.0, 3.0], 1) == [38.0]
    assert called(f, [0.5, 0.25], 1) is None
    alone(0.5, 0.25)
    f = build(alone.to_c("value")).branching
    assert called(f, [0.5, 0.25], 1) == [0.3125]


def test_arrays_are_read_and_written_number_by_number(build: Build) -> None:
    @compile
    def g(x: Any) -> Any:
        return {"sum": x.sum(), "products": x * x[:, ::-1] * 2.0}

    x = np.arange(6.0).reshape(2, 3) + 1.0
    value, jacobian = g(x), g.jacobian(x)
    text = g.to_c("jacobian")
    assert " *     x[0] ... x[5]: x[0, 0] ... x[1, 2]\n" in text
    assert "d value['products'][1, 2]/d x[1, 2]\n" in text
    assert called(build(g.to_c("value")).g, [*x.ravel()], 7) == numbers_in(value)
    assert called(build(text).g, [*x.ravel()], 42) == numbers_in(jacobian)


def test_the_vector_of_a_product_comes_after_the_arguments(build: Build) -> None:
    @compile
    def rosenbrock(x: Any) -> Any:
        return (1.0 - x[0]) ** 2 + 100.0 * (x[1] - x[0] ** 2) ** 2

    expected = rosenbrock.hvp([-1.2, 1.0], [0.5, 2.0])
    text = rosenbrock.to_c("hvp")
    assert " *     x[2]: vector_x[0]\n" in text
    assert " *     y[1]: (Hessian * vector) at x[1]\n" in text
    assert called(build(text).rosenbrock, [-1.2, 1.0, 0.5, 2.0], 2) == pytest.approx(expected, rel=1e-14)


def test_values_from_outside_are_inputs_too_each_once(build: Build) -> None:
    a, b = Value(2.0), Value(3.0)
    c = Value(5.0, label="x")

    @compile
    def line(x: Any) -> Any:
        if x > 0.0:
            return a * x + c
        return b * x - a + c

    line(1.0)
    line(-1.0)
    text = line.to_c("value")
    for name in ("x[0]: x", "x[1]: captured_1", "x[2]: x (2)", "x[3]: captured_1 (2)"):
        assert f" *     {name}\n" in text
    f = build(text).line
    assert called(f, [1.0, 2.0, 5.0, 3.0], 1) == [7.0]
    assert called(f, [-1.0, 2.0, 5.0, 3.0], 1) == [0.0]


def numbers_in(x: Any) -> list[float]:
    """The numbers in a structure, in order."""
    if isinstance(x, dict):
        return [number for part in x.values() for number in numbers_in(part)]
    if isinstance(x, (list, tuple)):
        return [number for part in x for number in numbers_in(part)]
    return [float(number) for number in np.ravel(x)]
