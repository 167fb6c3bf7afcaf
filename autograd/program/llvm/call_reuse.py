"""Results that nobody holds any more, with the numbers of the next call, as `zip` does with its tuples.

Only tuples and floats are used again, in which nothing but their numbers may change: while the tuples that
are kept here have one reference, ours, nobody can see that they do. Two results are kept, so that a loop that
holds the result before while it asks for the next one finds the other one free.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable
from functools import cache
from typing import Any

from .python_interface import HEAD, ITEMS, REFERENCES, VALUE, call, counts_references, pointer
from .scalar_text import Text

KEPT = 2
"""How many results are kept."""

MOST = 100
"""Of how many floats and tuples a result is, at most, that is kept."""


@cache
def is_possible() -> bool:
    """Say whether a thread that counts references is alone, and tuples have nothing but their items."""
    return counts_references() and ITEMS == HEAD + 8 and not hasattr(sys, "gettotalrefcount")


def is_worth(result: Any, kind: type) -> bool:
    """Say whether a result is of tuples, none of them empty, and numbers, and of not too many.

    Args:
        result: the result, in which an object of a kind stands for each number.
        kind: that kind.
    """
    todo, seen = [result], 0
    while todo:
        thing = todo.pop()
        seen += 1
        if type(thing) is tuple and thing:
            todo += thing
        elif type(thing) is not kind or getattr(thing, "shape", None) is not None:
            return False
        if seen > MOST:
            return False
    return type(result) is tuple and is_possible()


class Reuse:
    """Writes what takes a result that is kept, or else makes one and keeps it.

    Args:
        text: where it is written.
        output: gives the name of the number in the place of a leaf of the result.
    """

    def __init__(self, text: Text, output: Callable[[Any], str]) -> None:
        self._text = text
        self._output = output

    def write(self, result: Any, make: Callable[[], str]) -> str:
        """Write it, and return the name of the result.

        Args:
            result: as in `is_worth`.
            make: writes what makes a new one, and returns its name.
        """
        text = self._text
        kept, turn = tuple([None] * KEPT), ctypes.c_int64(0)
        text.objects += [kept, turn]
        numbers = {id(leaf): self._output(leaf) for leaf in _leaves(result)}
        text.settle()
        header, used, following, making, done = [text.fresh() for _ in range(5)]
        before = text.block
        text.go(header)
        text.begin(header)
        line, i = len(text.lines), text.changing("")
        slot = text.changing(f"getelementptr ptr, ptr {pointer(kept)}, i64 {i}")
        found = text.changing(f"load ptr, ptr {text.changing(f'getelementptr i8, ptr {slot}, i64 {ITEMS}')}")
        places = self._places(found, result, following)
        text.go(used)
        text.begin(used)
        for leaf, place in places:
            text.add(f"store double {numbers[id(leaf)]}, ptr {self._behind(place, VALUE)}")
        text.add(f"store i64 2, ptr {self._behind(found, REFERENCES)}")
        text.go(done)
        text.begin(following)
        i1 = text.changing(f"add i64 {i}, 1")
        text.branch(text.changing(f"icmp slt i64 {i1}, {KEPT}"), header, making)
        text.lines[line] = f"{i} = phi i64 [ 0, %{before} ], [ {i1}, %{following} ]"
        text.begin(making)
        made = make()
        self._keep(made, kept, turn)
        last = text.block
        text.go(done)
        text.begin(done)
        return text.changing(f"phi ptr [ {found}, %{used} ], [ {made}, %{last} ]")

    def _behind(self, base: str, offset: int) -> str:
        return self._text.changing(f"getelementptr i8, ptr {base}, i64 {offset}") if offset else base

    def _alone(self, things: list[str], otherwise: str) -> None:
        """Write what goes elsewhere if one of some objects has more references than one."""
        text = self._text
        counts = [text.changing(f"load i64, ptr {self._behind(thing, REFERENCES)}") for thing in things]
        together = text.changing(f"icmp ne i64 {counts[0]}, 1")
        for count in counts[1:]:
            other = text.changing(f"icmp ne i64 {count}, 1")
            together = text.changing(f"or i1 {together}, {other}")
        following = text.fresh()
        text.branch(together, otherwise, following)
        text.begin(following)

    def _places(self, found: str, result: Any, otherwise: str) -> list[tuple[Any, str]]:
        """Write what goes elsewhere if somebody holds a part of a result; return where its leaves are."""
        self._alone([found], otherwise)
        places, todo = [], [(result, found)]
        while todo:
            following = []
            for thing, name in todo:
                at = [self._behind(name, ITEMS + 8 * k) for k in range(len(thing))]
                following += [
                    (x, self._text.changing(f"load ptr, ptr {there}"))
                    for x, there in zip(thing, at, strict=True)
                ]
            self._alone([name for _, name in following], otherwise)
            places += [each for each in following if type(each[0]) is not tuple]
            todo = [each for each in following if type(each[0]) is tuple]
        return places

    def _keep(self, made: str, kept: tuple[Any, ...], turn: ctypes.c_int64) -> None:
        """Write what puts a new result into the place of the older one of those that are kept."""
        text = self._text
        there = f"ptr inttoptr (i64 {ctypes.addressof(turn)} to ptr)"
        now = text.changing(f"load i64, {there}")
        slot = text.changing(f"getelementptr ptr, ptr {pointer(kept)}, i64 {now}")
        slot = self._behind(slot, ITEMS)
        old = text.changing(f"load ptr, ptr {slot}")
        text.add(f"store ptr {made}, ptr {slot}")
        text.add(f"store i64 {text.changing(f'xor i64 {now}, 1')}, {there}")
        text.add(call("void", "Py_IncRef", f"ptr {made}"))
        text.add(call("void", "Py_DecRef", f"ptr {old}"))


def _leaves(result: Any) -> list[Any]:
    return [leaf for part in result for leaf in _leaves(part)] if type(result) is tuple else [result]
