"""Sorting as one operation: its networks, and what it gives."""

from __future__ import annotations

import math as python_math
import random
from collections.abc import Sequence
from itertools import pairwise, product
from typing import Any

import pytest

from autograd import Value, math
from autograd.engine.ordering import LARGEST, STABLE, exchanges, in_order
from autograd.engine.recording import Block, Observer, observers


@pytest.mark.parametrize("count", range(15))
def test_a_network_sorts_all_zeros_and_ones_and_so_everything(count: int) -> None:
    """The principle of zeros and ones (Knuth, The Art of Computer Programming, 5.3.4, theorem Z)."""
    for numbers in product([0, 1], repeat=count):
        row = [*numbers]
        for i, j in exchanges(count):
            assert i < j
            row[i], row[j] = sorted([row[i], row[j]])
        assert row == sorted(numbers)


@pytest.mark.parametrize("count", [STABLE + 1, 18, 23, 31, 32, 33, 64, 100, 255, LARGEST])
def test_networks_for_many_sort_too(count: int) -> None:
    """Zeros in front of ones, and ones in front of zeros, at every place; and random rows of them."""
    rows = [[0] * i + [1] * (count - i) for i in range(count + 1)]
    rows += [row[::-1] for row in rows] + [random.Random(i).choices([0, 1], k=count) for i in range(300)]
    for row in rows:
        wanted = sorted(row)
        for i, j in exchanges(count):
            if row[j] < row[i]:
                row[i], row[j] = row[j], row[i]
        assert row == wanted


def test_a_network_for_many_is_small() -> None:
    assert len(exchanges(STABLE)) == 120
    assert len(exchanges(128)) == 1471  # Knuth's (p**2 - p + 4) * 2**(p - 2) - 1 for 2**p numbers
    assert len(exchanges(LARGEST)) == 3839


@pytest.mark.parametrize("count", [0, 1, 5, STABLE, STABLE + 1, 60, LARGEST, LARGEST + 1])
def test_the_values_themselves_come_in_order(count: int) -> None:
    draw = random.Random(count)
    values = [
        Value(draw.choice([draw.gauss(0.0, 1.0), 0.0, -0.0, python_math.inf, 3.0])) for _ in range(count)
    ]
    result = math.sort(values)
    assert [x.data for x in result] == sorted(x.data for x in values)
    assert {*map(id, result)} == {*map(id, values)}
    if count <= STABLE:
        places = {id(x): i for i, x in enumerate(values)}
        for x, y in pairwise(result):
            assert x.data < y.data or places[id(x)] < places[id(y)]


def test_nan_comes_last() -> None:
    first, second = Value(float("nan")), Value(2.0)
    result = in_order([first, 3.0, second])
    assert result[0] is second
    assert result[1] == 3.0
    assert result[2] is first


def test_floats_and_whole_numbers_stay_what_they_are() -> None:
    assert repr(math.sort(iter([3, 1.5, 2]))) == "[1.5, 2, 3]"
    assert math.sort([]) == []


class Watcher(Observer):
    """Keeps what it is told of numbers in order."""

    def __init__(self) -> None:
        self.told: list[Any] = []

    def ordered(self, nodes: Sequence[Any], operands: Sequence[Any], order: Sequence[int]) -> None:
        self.told.append(([x.data for x in nodes], [*operands], [*order]))


class Watched(Block):
    """A block that a Watcher watches."""

    _setting = observers

    def __init__(self, watcher: Watcher) -> None:
        super().__init__()
        self._watcher = watcher

    def _inside(self, outside: tuple[Observer, ...]) -> tuple[Observer, ...]:
        return (*outside, self._watcher)


def test_observers_are_told_of_an_order_with_values_in_it() -> None:
    watcher, x, y = Watcher(), Value(3.0), Value(1.0)
    with Watched(watcher):
        found = in_order([x, 2.0, y])
        assert in_order([3.0, 1.0]) == [1.0, 3.0]
    assert [node.data for node in found[:1] + found[2:]] == [1.0, 3.0]
    assert watcher.told == [([1.0, 2.0, 3.0], [x, 2.0, y], [2, 1, 0])]


def test_more_numbers_than_there_is_a_network_for_are_sorted_by_comparisons() -> None:
    watcher = Watcher()
    numbers = [Value(float(-i)) for i in range(LARGEST + 1)]
    with Watched(watcher):
        found = in_order([*numbers, python_math.nan])
    assert found[:-1] == numbers[::-1]
    assert found[-1] != found[-1]
    assert watcher.told == []
