"""What a recorded function returned: its leaves, and which of them no argument can change."""

from __future__ import annotations

from numbers import Integral
from typing import Any

from ..derivatives.trees import Leaf, Structure, is_array, kind_of


class Returned(Structure):
    """What a function returned, of which everything that is no container is a leaf.

    Attributes:
        things: the leaves as they were returned, with numbers in the place of Values.
        numbered: for each of them, whether it is a number or an array of numbers.
        form: what another result must have alike to be put into one batch with this one.
    """

    __slots__ = ("form", "numbered", "things")

    def __init__(self, thing: Any) -> None:
        self.things: list[Any] = []
        self.numbered: list[bool] = []
        self.form: list[Any] = []
        super().__init__(thing)

    def _leaf(self, thing: Any, path: str) -> Leaf | None:
        leaf = super()._leaf(thing, path)
        if leaf is None and kind_of(thing) is not None:
            self.form.append((path, type(thing)))
            return None
        self.form.append((path, leaf.shape if leaf is not None else "no number"))
        self.things.append(thing)
        self.numbered.append(leaf is not None)
        return leaf or Leaf(path, [], None)

    @property
    def whole(self) -> dict[int, Any]:
        """The numbers that are whole, which no argument can change, by their places among the numbers."""
        numbers = [x for x, is_number in zip(self.things, self.numbered, strict=True) if is_number]
        return {i: x for i, x in enumerate(numbers) if is_whole(x)}


def is_whole(thing: Any) -> bool:
    """Say whether a leaf of a result is a whole number, or an array of these."""
    return bool(thing.dtype.kind in "iu") if is_array(thing) else isinstance(thing, Integral)
