"""Jacobians of functions with long turns: a product for each row."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograd import Value, compile, jacobian, math
from autograd.program.products import are_products

BACKENDS = ("python", "llvm", None)
POINT = [0.4, -0.3, 0.8, 0.1, -0.7]
scale = Value(0.75)


def coupled(x: Any, turns: int = 40) -> list[Any]:
    """Return where masses are that springs join, which get weaker: long turns, as each meets each."""
    state = [*x, *[0.1 * value for value in x]]
    count = len(x)
    for _ in range(turns):
        pulls = [0.0] * count
        for i in range(count):
            for j in range(count):
                if i != j:
                    pulls[i] = pulls[i] + math.sin(state[j] - state[i]) * 0.1
        for i in range(count):
            state[count + i] = state[count + i] * 0.9 + pulls[i] * 0.02
            state[i] = state[i] + state[count + i] * 0.01
    return state


def by_products(fast: Any) -> bool:
    return are_products(fast._recordings.latest().paths, "jacobian")


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("outputs", [10, 7, 5])
def test_a_jacobian_is_that_of_the_uncompiled_function(outputs: int, backend: str | None) -> None:
    def f(x: Any) -> Any:
        return coupled(x)[:outputs]

    fast = compile(f, backend=backend)
    for point in (POINT, [2.0 * x for x in POINT]):
        for _ in range(2):
            np.testing.assert_allclose(fast.jacobian(point), jacobian(f)(point), rtol=1e-12, atol=1e-14)
    assert by_products(fast)


def test_its_program_does_not_grow_with_the_outputs() -> None:
    fast = compile(coupled)
    fast.jacobian(POINT)
    (path,) = fast._recordings.latest().paths
    assert "jacobian" not in path.programs
    assert len(path.derived("vjp").program.nodes) < 9 * path.operations_of_turns


def test_short_turns_take_no_products() -> None:
    def f(x: Any) -> Any:
        a, b = x
        for _ in range(300):
            a, b = math.sin(a) + b, a * 0.5
        return [a, b]

    fast = compile(f)
    fast.jacobian([0.3, 0.4])
    assert not by_products(fast)


@pytest.mark.parametrize("backend", BACKENDS)
def test_forms_are_those_of_the_transformation(backend: str | None) -> None:
    def f(x: Any, y: Any) -> Any:
        state = coupled([*x, y["a"], y["b"][0]])
        return {"places": np.array(state[:5]), "speed": state[7]}

    arguments = np.array(POINT[:3]), {"a": 0.2, "b": (0.5, "name")}
    fast = compile(f, (0, 1), backend=backend)
    found, expected = fast.jacobian(*arguments), jacobian(f, (0, 1))(*arguments)
    assert by_products(fast)
    for key in ("places", "speed"):
        for mine, its in zip(found[key], expected[key], strict=True):
            if isinstance(its, dict):
                assert mine["b"][1] is its["b"][1] is None
                np.testing.assert_allclose(mine["a"], its["a"], rtol=1e-12)
                np.testing.assert_allclose(mine["b"][0], its["b"][0], rtol=1e-12)
            else:
                np.testing.assert_allclose(mine, its, rtol=1e-12)


@pytest.mark.parametrize("backend", BACKENDS)
def test_what_comes_from_outside_and_branches_are_looked_at_in_every_call(backend: str | None) -> None:
    def f(x: Any) -> Any:
        state = coupled(x)
        return [scale * value if x[0] > 0.0 else -value for value in state]

    fast = compile(f, backend=backend)
    for number, first in ((0.75, 0.4), (-2.0, 0.4), (-2.0, -0.4), (0.75, 0.3)):
        scale.data = number
        point = [first, *POINT[1:]]
        np.testing.assert_allclose(fast.jacobian(point), jacobian(f)(point), rtol=1e-12, atol=1e-14)


def test_nan_stays_in_its_row() -> None:
    def f(x: Any) -> Any:
        return [*coupled(x), np.sqrt(x[0] * 0.0)] if isinstance(x, np.ndarray) else coupled(x)

    fast, point = compile(f), np.array(POINT)
    with np.errstate(all="ignore"):
        np.testing.assert_allclose(fast.jacobian(point), jacobian(f)(point), rtol=1e-12, atol=1e-14)
