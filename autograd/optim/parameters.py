"""What an optimiser changes: Values, or the numbers of a structure, and the gradients that belong to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..engine import Value, data_of
from ..support import extensions
from ..support.messages import shown
from .settings import leaves_of, named, values_of

if TYPE_CHECKING:
    from collections.abc import Sequence


class Parameters:
    """The parameters of an optimiser, one by one.

    Attributes:
        values: Values that the optimiser changes: those that were given, or one for each number.
        own: whether they stand for plain numbers.
    """

    def __init__(self, given: Any) -> None:
        """Take apart what was given.

        Args:
            given: Values that are leaves, or plain numbers and arrays of them, in a list or in any nesting of
                lists, tuples, dicts and dataclasses.

        Raises:
            TypeError: there are Values and plain numbers in it, or things that are neither.
            ValueError: there are no parameters, a Value was computed from others, or one is there twice.
        """
        self.own = False
        self._structure: Any = None
        if hasattr(given, "__next__") or isinstance(given, (map, filter, type({}.values()))):
            given = [*given]
        self._given = given
        listed = isinstance(given, (list, tuple)) and not getattr(type(given), "_fields", None)
        if _is_no_structure(given) or (listed and all(isinstance(x, Value) for x in given)):
            self.values = leaves_of(given)
            return
        numbers = self.structure.numbers
        if not numbers and listed:
            values_of(given)  # which says what is in it
        self.own = not any(isinstance(x, Value) for x in numbers)
        if self.own and numbers:
            self.values = [Value(data_of(x)) for x in numbers]
            return
        for number, path in zip(numbers, self.structure.paths, strict=True):
            if not isinstance(number, Value):
                raise TypeError(
                    f"parameters{path} is no Value, but {type(number).__name__!r}: {number!r}, where others "
                    "are Values; give Values alone, or numbers alone"
                )
        self.values = leaves_of(numbers, self.structure.paths)

    @property
    def structure(self) -> Any:
        """What was given, taken apart."""
        if self._structure is None:
            self._structure = extensions.structure(self._given, "parameters")
        return self._structure

    def name(self, i: int) -> str:
        """Return how messages call a parameter."""
        return named(self.values[i], self._structure.paths[i] if self._structure is not None else f"[{i}]")

    def gradients(self, given: Any) -> list[float]:
        """Return a gradient for each parameter.

        Args:
            given: gradients in the structure of the parameters; None for those that backward() left.

        Raises:
            TypeError: they have another structure, or there are none.
        """
        if given is not None:
            return self._numbers(given, "gradients")
        if self.own:
            raise TypeError(
                "the parameters are plain numbers, which have no gradients of their own; write "
                "parameters = optimizer.step(gradients)"
            )
        return [x.grad for x in self.values]

    def start_from(self, given: Any) -> list[float]:
        """Return the numbers of parameters in the structure of these."""
        return self._numbers(given, "parameters")

    def _numbers(self, given: Any, name: str) -> list[float]:
        if callable(given):
            raise TypeError(
                f"step takes {name} in the structure of the parameters, not {shown(given)}; call "
                "loss.backward(), then optimizer.step()"
            )
        return [data_of(x) for x in extensions.numbers_like(self.structure, given, name)]

    def result(self) -> Any:
        """Return the numbers as they are now, in the structure that was given; None if that has Values."""
        if not self.own:
            return None
        return self.structure.put_together([x.data for x in self.values], others=True)


def _is_no_structure(given: Any) -> bool:
    """Say whether something is no container, or a model; of both, `leaves_of` says what is wrong."""
    if hasattr(given, "parameters") or isinstance(given, Value):
        return True
    return not (hasattr(given, "__iter__") or hasattr(type(given), "__dataclass_fields__"))


def first_not_finite(numbers: Sequence[float]) -> int | None:
    """Return the place of the first number that is infinite or NaN; None if there is none."""
    if abs(sum(numbers)) < float("inf"):  # as nearly always
        return None
    return next((i for i, x in enumerate(numbers) if not abs(x) < float("inf")), None)
