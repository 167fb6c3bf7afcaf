"""What functions under `checkpoint` may take and return: structures, tables, Values from elsewhere."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from logistic_maps import RATE, exact, logistic, plain_logistic
from mpmath import mp, mpf

from autograd import (
    Value,
    checkpoint,
    derivative,
    grad,
    gradients,
    jacobian,
    math,
    no_grad,
    topological_order,
    value_and_grad,
)

pytestmark = pytest.mark.usefixtures("table_as_it_was")


@dataclass
class State:
    position: Any
    speeds: Any
    name: str = "state"


def moved(state: State, given: dict[str, Any], scale: float) -> tuple[State, list[Any], Any, str]:
    position = state.position
    for _ in range(20):
        position = math.sin(position) + given["force"][0] * state.speeds[1]
    return State(position, state.speeds * 2.0 + position), [position, 1.0, None], given["force"][0], "done"


def test_arguments_and_results_may_be_structures() -> None:
    def f(state: State, force: Any, of: Callable[..., Any]) -> Any:
        state, numbers, same, text = of(state, {"force": [force, 1.0]}, 2.0)
        assert (state.name, text, numbers[1:], same is force) == ("state", "done", [1.0, None], True)
        assert type(state.speeds) is (
            np.ndarray if type(numbers[0]) is float else type(np.add(state.speeds, 1))
        )
        return np.sum(state.speeds) * numbers[0] + state.position * same

    start = State(0.3, np.array([1.0, 2.0]))
    ours = value_and_grad(f, (0, 1))(start, 0.5, checkpoint(moved))
    plain = value_and_grad(f, (0, 1))(start, 0.5, moved)
    assert ours[0] == plain[0] == f(start, 0.5, checkpoint(moved))
    for x, y in zip(ours[1], plain[1], strict=True):
        for part, other in (
            ((x, y),) if not isinstance(x, State) else ((x.position, y.position), (x.speeds, y.speeds))
        ):
            np.testing.assert_allclose(part, other, rtol=1e-13)
    twice = [jacobian(grad(f, 1), 0)(start, 0.5, of) for of in (checkpoint(moved), moved)]
    assert twice[0].position == pytest.approx(twice[1].position, rel=1e-12)
    np.testing.assert_allclose(twice[0].speeds, twice[1].speeds, rtol=1e-12)


def test_it_may_change_the_containers_that_it_is_given() -> None:
    @checkpoint
    def f(numbers: list[Any], array: Any) -> Any:
        numbers.append(1.0)
        array[0] = array[0] * array[0]
        y = plain_logistic(numbers[0] * array[0], turns=10)
        return y + len(numbers)

    def g(x: Any) -> Any:
        numbers, array = [x], np.array([x, 1.0])
        y = f(numbers, array)
        assert len(numbers) == 2
        return y

    x = 0.6
    assert g(x) == plain_logistic(x**3) + 2.0
    twice = exact(lambda x: plain_logistic(x**3), (x,), 2)
    assert derivative(g, 2)(x) == pytest.approx(twice, rel=1e-12)
    v = Value(x)
    y = g(v)
    for _ in range(2):  # it is called again for each
        assert gradients(gradients(y, v, create_graph=True), v) == pytest.approx(twice, rel=1e-12)


def test_tables_of_numbers_are_not_copied() -> None:
    table, seen = [[0.1, 0.2], [0.3, 0.4]], []

    @checkpoint
    def f(x: Any, rows: Any, mixed: Any) -> Any:
        seen.append((rows is table, mixed[0] is table, mixed[1].dtype == object))
        return plain_logistic(x * rows[0][0]) + mixed[1][0]

    assert derivative(f, 2)(0.3, table, [table, np.array([1.0, None]), Value(2.0)]) == pytest.approx(
        exact(lambda x: plain_logistic(x / 10), (0.3,), 2), rel=1e-12
    )
    assert seen == [(True, True, True)] * len(seen)
    assert len(seen) > 1


def test_values_from_elsewhere_have_their_derivatives() -> None:
    rate = Value(RATE)
    held = {"x": Value(0.3)}

    @checkpoint
    def f() -> Any:
        return plain_logistic(held["x"], rate)

    y = f()
    assert {*y.operands} == {held["x"], rate}
    slopes = gradients(y, [held["x"], rate], create_graph=True)
    assert [x.data for x in slopes] == list(grad(logistic, (0, 1))(0.3, RATE))
    assert gradients(slopes[0], rate) == pytest.approx(exact(plain_logistic, (0.3, 3.2), 1, 1), rel=1e-11)


def test_one_value_may_come_in_by_several_ways() -> None:
    def f(x: Any) -> Any:
        return checkpoint(lambda a, b: plain_logistic(a * b, x))(x, x)

    with mp.workdps(60):
        wanted = [float(mp.diff(lambda x: plain_logistic(x * x, x), mpf(0.8), order)) for order in (1, 2, 3)]
    assert [derivative(f, order)(0.8) for order in (1, 2, 3)] == pytest.approx(wanted, rel=1e-11)


def test_results_are_values_of_their_own() -> None:
    def plain(x: Any) -> Any:
        first = plain_logistic(x)
        second = plain_logistic(first)
        return first, second, first, x

    f = checkpoint(plain)
    x = Value(0.3)
    first, second, again, same = f(x)
    assert first is again
    assert same is x
    assert gradients(second, first) == 0.0
    assert gradients(second, x) == pytest.approx(
        exact(lambda x: plain_logistic(x, turns=20), (0.3,), 1), rel=1e-12
    )
    assert grad(lambda x: f(x)[0] + f(x)[1] * 2.0 + f(x)[3])(0.3) == pytest.approx(
        grad(lambda x: plain(x)[0] + plain(x)[1] * 2.0 + x)(0.3), rel=1e-13
    )
    assert derivative(lambda x: f(x)[0] * f(x)[1], 2)(0.3) == pytest.approx(
        exact(lambda x: plain_logistic(x) * plain_logistic(x, turns=20), (0.3,), 2), rel=1e-11
    )


def test_a_result_keeps_its_label() -> None:
    @checkpoint
    def f(x: Any) -> Any:
        y = plain_logistic(x)
        y.label = "y"
        return y

    assert f(Value(0.3)).label == "y"


def test_leaves_that_are_made_inside_are_kept_as_what_they_are() -> None:
    made: list[Value] = []

    @checkpoint
    def f(x: Any) -> Any:
        made.append(Value(2.0))
        with no_grad():
            constant = x * 2.0
        return plain_logistic(x) * made[-1] * made[-1] + constant

    x = Value(0.3)
    y = f(x)
    y.backward()
    assert made[0].grad == pytest.approx(4.0 * plain_logistic(0.3), rel=1e-14)
    assert x.grad == pytest.approx(4.0 * grad(logistic)(0.3), rel=1e-14)
    assert derivative(f, 2)(0.3) == pytest.approx(4.0 * derivative(logistic, 2)(0.3), rel=1e-13)


def test_copies_that_are_made_inside_are_followed() -> None:
    @checkpoint
    def f(x: Any) -> Any:
        y = plain_logistic(x)
        return plain_logistic(copy.copy(y))

    assert len(topological_order(f(Value(0.3)))) == 2
    assert derivative(f, 2)(0.3) == pytest.approx(
        exact(lambda x: plain_logistic(x, turns=20), (0.3,), 2), rel=1e-11
    )
