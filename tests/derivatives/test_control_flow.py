"""Loops as functions: what `scan` goes through and gives back, and who may follow it."""

from __future__ import annotations

from collections import defaultdict, namedtuple
from typing import Any

import numpy as np
from loops_as_functions import Row, added

from autograd import fori_loop, scan
from autograd.engine.recording import Block, Observer, observers

Pair = namedtuple("Pair", "left right")


def test_a_list_is_scanned_element_by_element() -> None:
    assert scan(added, 0, [1, 2, 3]) == (6, [0, 1, 3])
    assert scan(added, 0, range(1, 4)) == (6, [0, 1, 3])
    assert scan(lambda c, x: (c + x[0] * x[1], x), 0.0, [[1, 2], [3, 4]]) == (14.0, [[1, 3], [2, 4]])
    assert scan(lambda c, x: (c + x["a"], None), 0.0, [{"a": 1.0}, {"a": 2.0}]) == (3.0, None)
    assert scan(lambda c, x: (c + len(x), x), 0, ["a", "bc"]) == (3, ["a", "bc"])
    assert scan(lambda c, x: (c + 1 if x else c, x), 0, [True, False, np.bool_(True)])[0] == 2


def test_an_array_is_scanned_along_its_first_axis() -> None:
    total, before = scan(added, np.zeros(2), np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]))
    assert total.tolist() == [9.0, 12.0]
    assert before.tolist() == [[0.0, 0.0], [1.0, 2.0], [4.0, 6.0]]
    total, before = scan(added, 0.0, np.array([1.0, 2.0]))
    assert (total, type(before), before.tolist()) == (3.0, np.ndarray, [0.0, 1.0])
    assert scan(added, 0, np.array([1, 2]))[1].dtype.kind == "i"
    assert scan(lambda c, x: (c, x > 1), 0, np.array([1, 2]))[1].tolist() == [False, True]
    assert scan(lambda c, x: (c, "text"), 0, np.array([1, 2]))[1] == ["text", "text"]


def test_arrays_that_are_kept_are_stacked_whatever_is_scanned() -> None:
    _, rows = scan(lambda c, x: (c, (np.array([c, x]), x)), 1.0, [2.0, 3.0])
    assert (rows[0].tolist(), rows[1]) == ([[1.0, 2.0], [1.0, 3.0]], [2.0, 3.0])
    _, sums = scan(lambda c, x: (c + x, np.sum(c)), np.ones(2), [np.ones(2), np.ones(2)])
    assert (type(sums), sums.tolist()) == (np.ndarray, [2.0, 4.0])
    _, mixed = scan(lambda c, x: (c, np.array(x) if x > 2.0 else x), 1.0, [2.0, 3.0])
    assert mixed.tolist() == [2.0, 3.0]


def test_containers_are_scanned_at_once_and_kept_as_they_are() -> None:
    xs = {
        "a": np.arange(3.0),
        "b": ([1, 2, 3], None),
        "row": Row(range(3), [1.0, 2.0, 3.0]),
        "p": Pair([4, 5, 6], None),
    }
    seen: list[Any] = []

    def f(carry: Any, x: Any) -> Any:
        seen.append(x)
        return carry + x["a"], x

    total, ys = scan(f, 0.0, xs)
    assert total == 3.0
    assert seen[1] == {"a": 1.0, "b": (2, None), "row": Row(1, 2.0), "p": Pair(5, None)}
    assert type(ys["row"]) is Row
    assert ys["row"].time.tolist() == [0, 1, 2]
    assert ys["b"][1] is None
    assert ys["p"].left.tolist() == [4, 5, 6]
    assert ys["a"].tolist() == [0.0, 1.0, 2.0]


def test_it_goes_backward_too_and_keeps_the_order() -> None:
    assert scan(added, 0, [1, 2, 3], reverse=True) == (6, [5, 3, 0])
    assert scan(lambda c, _: (c + 1, c), 0, length=3, reverse=True) == (3, [2, 1, 0])


def test_a_length_is_enough_and_what_is_none_stays_none() -> None:
    assert scan(lambda c, x: (2 * c, x), 1, length=10) == (1024, None)
    assert scan(added, 0, [1, 2], length=2) == (3, [0, 1])
    assert scan(lambda c, x: (c + x[0], (x[1], c)), 0, ([1, 2], None)) == (3, (None, [0, 1]))
    assert scan(lambda c, x: (c, x), None, length=np.int64(2)) == (None, None)


def test_without_turns_the_first_carry_comes_back() -> None:
    def never(carry: Any, x: Any) -> Any:
        raise AssertionError

    start = {"a": 1.0}
    empties: list[Any] = [[], range(0), ([], None)]
    for empty in empties:
        out, ys = scan(never, start, empty)
        assert (out is start, ys) == (True, [])
        assert scan(never, start, empty, checkpoint=True, reverse=True) == (start, [])
    assert scan(never, start, length=0) == (start, [])
    _, ys = scan(never, start, np.zeros((0, 3)))
    assert (type(ys), ys.shape) == (np.ndarray, (0,))


def test_a_carry_may_be_any_structure_that_keeps_its_form() -> None:
    def f(carry: Any, x: Any) -> Any:
        return {
            "n": [carry["n"][0] + 1, None],
            "row": Row(carry["row"].time + x, carry["row"].force * 2.0),
            "flag": np.bool_(not carry["flag"]),
            "name": carry["name"] + "x",
            "d": carry["d"],
            "zero": carry["zero"] + np.float64(x),
        }, None

    start = {
        "flag": False,
        "n": [0, None],
        "row": Row(0, np.ones(2)),
        "name": "",
        "d": defaultdict(int, a=1),
        "zero": np.array(0.0),
    }
    end, _ = scan(f, start, [1.0, 2.0, 3.0])
    assert (end["n"], end["row"].time, end["row"].force.tolist(), end["name"], bool(end["flag"])) == (
        [3, None], 6.0, [8.0, 8.0], "xxx", True,
    )  # fmt: skip
    assert end["zero"] == 6.0


class Following(Observer):
    """Goes through scans itself."""

    def scanned(self, f: Any, init: Any, turns: Any, reverse: bool, body: Any) -> Any:
        carry = init
        for i in range(turns.count)[:: -1 if reverse else 1]:
            carry, _ = f(carry, turns.part(i))
        return ("followed", carry), (body, turns.count)


class Watching(Block):
    """A block in which there are observers."""

    _setting = observers

    def __init__(self, *watchers: Observer) -> None:
        super().__init__()
        self._watchers = watchers

    def _inside(self, outside: Any) -> Any:
        return self._watchers


def test_who_follows_may_go_through_a_scan() -> None:
    def difference(total: Any, x: Any) -> Any:
        return x - total, None

    with Watching(Observer(), Following()):
        assert scan(difference, 1.0, [2.0, 5.0], reverse=True) == (("followed", -2.0), (difference, 2))
        assert fori_loop(2, 4, lambda i, y: y * i, 5.0) == ("followed", 30.0)
    with Watching(Observer()):
        assert scan(difference, 1.0, [2.0, 5.0]) == (4.0, None)
        assert fori_loop(2, 4, lambda i, y: y * i, 5.0) == 30.0
