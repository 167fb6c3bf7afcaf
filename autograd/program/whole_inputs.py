"""Which whole numbers of arguments are inputs: those that have changed, where the function lets them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from .arguments import Form, Leaves
from .locks import LOCK

CONSTANT, INPUT, NEEDED = range(3)
"""Of a whole number: it has not changed yet, it has, or the function needs it as it is."""


class _Known:
    """What is known of the whole numbers in arguments of one form."""

    __slots__ = ("first", "states")

    def __init__(self, first: tuple[int, ...], states: list[int]) -> None:
        self.first = first
        self.states = states


class WholeInputs:
    """What is known of the whole numbers in arguments, by their form with these left out.

    Args:
        most: of how many forms; that used least recently is forgotten.
    """

    def __init__(self, most: int) -> None:
        self._known: OrderedDict[Any, _Known] = OrderedDict()
        self._most = most

    def inputs(self, leaves: Leaves) -> list[bool]:
        """Say of each whole number in some arguments whether it is an input, as from now on a new one is."""
        known = self._of(leaves.form, tuple(leaves.whole))
        for i, (x, first) in enumerate(zip(leaves.whole, known.first, strict=True)):
            if known.states[i] == CONSTANT and x != first:
                known.states[i] = INPUT
        return [state == INPUT for state in known.states]

    def stay_constant(self, leaves: Leaves, places: set[int]) -> Callable[[], None]:
        """Note that the function needs those at some places, or all, and return what takes it back."""
        known = self._of(leaves.form, tuple(leaves.whole))
        before = known.states
        known.states = [
            NEEDED if state == INPUT and (not places or i in places) else state
            for i, state in enumerate(before)
        ]

        def take_back() -> None:
            known.states = before

        return take_back

    def add(self, form: Form) -> None:
        """Note what the form of a signature that has travelled tells."""
        known = self._of(form.form, tuple([x or 0 for x in form.whole]))
        for i, x in enumerate(form.whole):
            if x is None and known.states[i] == CONSTANT:
                known.states[i] = INPUT

    def _of(self, form: Any, whole: tuple[int, ...]) -> _Known:
        with LOCK:
            known = self._known.get(form)
            if known is None:
                known = self._known[form] = _Known(whole, [CONSTANT] * len(whole))
                if len(self._known) > self._most:
                    self._known.popitem(last=False)
            else:
                self._known.move_to_end(form)
            return known
