"""One of many numbers by an index that is followed: what it is, its derivatives, and who is told."""

from __future__ import annotations

from math import copysign, inf, nan
from typing import Any

import pytest

from autograd import Value, no_grad
from autograd.engine.gathering import Index, gathered
from autograd.engine.recording import Block, Observer, observers


class Notes(Observer):
    """Who keeps what it is told of indices."""

    def __init__(self) -> None:
        self.indices: list[Index] = []
        self.chosen: list[tuple[list[Value], Index, list[Any]]] = []

    def indexed(self, index: Index) -> None:
        self.indices.append(index)

    def gathered(self, nodes: Any, index: Index, numbers: Any) -> None:
        self.chosen.append((nodes, index, numbers))


class Told(Block):
    """A block in which one observer is told."""

    _setting = observers

    def __init__(self, observer: Observer) -> None:
        super().__init__()
        self.observer = observer

    def _inside(self, outside: tuple[Observer, ...]) -> tuple[Observer, ...]:
        return (*outside, self.observer)


def index_of(place: int, size: int) -> Index:
    return Index([(Value(float(place)), size)], place, size, lambda: None)


@pytest.mark.parametrize("place", range(4))
def test_it_is_the_number_at_the_index_and_has_its_derivative(place: int) -> None:
    numbers = [Value(3.0), Value(5.0), Value(-2.0), Value(0.5)]
    y = gathered(numbers, index_of(place, 4)) * 7.0
    y.backward()
    assert y.data == 7.0 * numbers[place].data
    assert [x.grad for x in numbers] == [7.0 if i == place else 0.0 for i in range(4)]


@pytest.mark.parametrize("number", [inf, -inf, nan, -0.0, 1.0])
@pytest.mark.parametrize("count", [1, 2, 5])
def test_it_is_that_number_whatever_the_others_are(count: int, number: float) -> None:
    numbers: list[Any] = [Value(number), *[nan, Value(inf), 3.0, Value(-0.0)][: count - 1]]
    for place, x in enumerate(numbers):
        found, wanted = gathered(numbers, index_of(place, count)).data, getattr(x, "data", x)
        assert (found, copysign(1.0, found)) == (
            wanted,
            copysign(1.0, wanted),
        ) or found != found != wanted != found


def test_masks_are_one_at_the_place_and_zero_elsewhere() -> None:
    assert [x.data for x in index_of(2, 4).masks] == [0.0, 0.0, 1.0, 0.0]


def test_to_choose_is_no_operation_so_it_has_a_derivative_inside_no_grad() -> None:
    x = Value(3.0)
    with no_grad():
        y = gathered([Value(1.0), x], index_of(1, 2))
    (y * y).backward()
    assert x.grad == 6.0


def test_who_observes_is_told_of_the_index_and_of_all_nodes() -> None:
    notes, numbers = Notes(), [Value(3.0), 4.0, Value(5.0)]
    with Told(notes):
        index = index_of(1, 3)
        y = gathered(numbers, index)
    assert notes.indices == [index]
    ((nodes, told_index, told_numbers),) = notes.chosen
    assert told_index is index
    assert told_numbers is numbers
    assert nodes[-1] is y
    assert [node.op for node in nodes] == ["*", "*", "+", "*", "+"]


def test_who_wants_to_know_nothing_is_told_nothing() -> None:
    with Told(Observer()):
        assert gathered([Value(3.0)], index_of(0, 1)).data == 3.0
