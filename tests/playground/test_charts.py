"""Trainings that are drawn as they go."""

from __future__ import annotations

import math
from typing import Any

import pytest

from autograd import Value, nn
from autograd.playground import charts, watch
from autograd.playground.charts import BREAK, Chart, bounds_of, drawn_by, number_of


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def sent() -> list[dict[str, Any]]:
    return []


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def chart(sent: list[dict[str, Any]], clock: Clock) -> Chart:
    def send(kind: str, content: Any) -> None:
        assert kind == "chart"
        sent.append(content)

    return Chart(send, clock)


def test_outside_the_playground_nothing_happens() -> None:
    watch(Value(1.0), lambda row: 1 / 0, [[0.0, 0.0]], [1.0])
    assert charts._chart is None


def test_losses_are_sent_at_intervals_and_none_is_lost(
    chart: Chart, clock: Clock, sent: list[dict[str, Any]]
) -> None:
    for i in range(100):
        chart.add(float(i), None, [], [])
        clock.now += BREAK / 10
    chart.flush()
    chart.flush()  # there is nothing more to send
    assert [loss for message in sent for loss in message["losses"]] == [float(i) for i in range(100)]
    assert 9 <= len(sent) <= 12
    assert sent[-1]["steps"] == 100


def test_what_is_not_finite_is_none(chart: Chart, sent: list[dict[str, Any]]) -> None:
    chart.add(math.nan, lambda row: math.inf if row[0] > 0 else row[0], [], [])
    assert sent[0]["losses"] == [None]
    assert None in sent[0]["plane"]["values"]
    assert -1.0 in sent[0]["plane"]["values"]


def test_the_plane_is_what_is_predicted_row_by_row_from_the_lowest(
    chart: Chart, sent: list[dict[str, Any]]
) -> None:
    chart.add(0.5, lambda row: row[0] + 10 * row[1], [[0.0, 0.0], [2.0, 4.0]], [1.0, -1.0])
    plane = sent[0]["plane"]
    assert plane["bounds"] == [-0.5, 2.5, -1.0, 5.0]
    side = plane["side"]
    assert len(plane["values"]) == side * side
    assert plane["values"][0] == -10.5
    assert plane["values"][side - 1] == 2.5 - 10
    assert plane["values"][-1] == 52.5
    assert sent[0]["points"] == [[0.0, 0.0], [2.0, 4.0]]
    assert sent[0]["targets"] == [True, False]


def test_a_slow_prediction_is_drawn_on_a_coarser_grid_and_seldom(
    chart: Chart, clock: Clock, sent: list[dict[str, Any]]
) -> None:
    def slow(row: list[float]) -> float:
        clock.now += 0.01
        return row[0]

    for _ in range(2000):
        chart.add(1.0, slow, [], [])
        clock.now += 0.01
    assert sent[-1]["plane"]["side"] == 12
    assert chart.spent < 0.6 * clock.now


def test_a_quick_prediction_is_drawn_on_a_finer_grid(chart: Chart, sent: list[dict[str, Any]]) -> None:
    chart.add(1.0, lambda row: row[0], [], [])
    chart.add(1.0, lambda row: row[0], [], [])
    chart.flush()
    assert [message["plane"]["side"] for message in sent] == [12, 40]


def test_of_many_points_some_are_drawn(chart: Chart, sent: list[dict[str, Any]]) -> None:
    chart.add(1.0, None, [[i, 0.0] for i in range(1000)], [float(i % 5 == 0) for i in range(1000)])
    assert len(sent[0]["points"]) == len(sent[0]["targets"]) == 334
    assert sent[0]["points"][1] == [3.0, 0.0]


def test_a_network_is_drawn_and_nothing_is_recorded() -> None:
    sent: list[dict[str, Any]] = []
    model = nn.MLP(2, [2, 1], activation="tanh", seed=0)
    with drawn_by(lambda _, content: sent.append(content)):
        watch(Value(0.25), model)
    assert sent[0]["losses"] == [0.25]
    assert sent[0]["plane"]["values"][0] == model([-1.0, -1.0]).data
    assert all(p.grad == 0.0 for p in model.parameters())


def test_the_last_steps_are_drawn_when_the_program_ends_also_by_an_error() -> None:
    sent: list[dict[str, Any]] = []

    def three_steps() -> None:
        with drawn_by(lambda _, content: sent.append(content)):
            for loss in (3.0, 2.0, 1.0):
                watch(loss)
            raise KeyError

    with pytest.raises(KeyError):
        three_steps()
    assert [loss for message in sent for loss in message["losses"]] == [3.0, 2.0, 1.0]
    watch(4.0)
    assert sent[-1]["losses"][-1] == 1.0


def test_of_several_outputs_the_first_is_drawn() -> None:
    assert number_of([Value(1.5), Value(2.0)]) == 1.5
    assert number_of((2.5,)) == 2.5
    assert number_of(math.nan) is None


def test_points_at_one_place_have_room_around_them() -> None:
    assert bounds_of([[1.0, 2.0]]) == (0.0, 2.0, 1.0, 3.0)
    assert bounds_of([]) == (-1.0, 1.0, -1.0, 1.0)


def test_data_that_cannot_be_drawn_is_told() -> None:
    with pytest.raises(ValueError, match="two numbers"):
        watch(1.0, None, [[1.0, 2.0, 3.0]])
    with pytest.raises(ValueError, match="there are 1 and 2"):
        watch(1.0, None, [[1.0, 2.0]], [1.0, 2.0])
