"""One call of a function that is differentiated: its arguments as Values, its results, its derivatives.

`Call` puts a `Variable` in the place of each number by which is differentiated, calls the function, and
sweeps over what this recorded.
"""

from __future__ import annotations

import sys
from operator import index
from typing import TYPE_CHECKING, Any

from ..engine import Value, data_of
from ..engine.node import cut_off
from ..engine.recording import differentiating, entered, is_followed, recording
from ..support.messages import name_of, shown
from .ages import clock, remember
from .flat import Flat, flat
from .refused_values import advise
from .search import newer_nodes
from .sweeps import (
    forward_sweep,
    numbered_reverse_sweep,
    recorded_forward_sweep,
    recorded_reverse_sweep,
    reverse_sweep,
)
from .trees import Structure, array_of, is_array, is_number, kind_of, plain
from .variables import (
    Variable,
    any_computed,
    check_left_behind,
    finish,
    is_under_way,
    oldest,
    serial,
    variables,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from .local_derivatives import Number
    from .wrapped import Argnums, Function


class Call:
    """A call of a function on Variables.

    Attributes:
        inputs: the numbers by which is differentiated, as Values.
        structure: what the function returned, taken apart.
        results: the numbers in that, floats where they do not depend on any Value.
        order: the nodes from the results to the inputs, without these, each before its operands; without
            some that are known to be older than the inputs.
        nested: whether derivatives are recorded, because something outside this call may depend on them.
    """

    def __init__(
        self,
        f: Function,
        argnums: Argnums | None,
        args: tuple[Any, ...],
        kwargs: Mapping[str, Any],
        *,
        has_aux: bool = False,
        scalar: bool = False,
    ) -> None:
        """Call a function.

        Args:
            f: the function.
            argnums: by which positional arguments to differentiate; None for all that have numbers.
            args: its positional arguments.
            kwargs: its arguments by keyword.
            has_aux: whether it returns a pair, of which the second part is not differentiated.
            scalar: whether it must return one number, or an array of one.

        Raises:
            TypeError: an argument or a result is not what is needed.
        """
        began, self._began = next(serial) + 1, clock()
        self._single = argnums is not None and not hasattr(argnums, "__iter__")
        positions = range(len(args)) if argnums is None else positions_of(f, argnums, len(args))
        self._arguments: list[Structure | Flat] = [
            flat(args[i]) or taken_apart(f, args[i], i, argnums is None) for i in positions
        ]
        self.inputs: list[Value] = []
        recorded, around = _entered()
        try:
            new_args = [*args]
            for i, argument in zip(positions, self._arguments):  # noqa: B905 (which is slow, and they are as many)
                made = variables(argument.numbers)
                self.inputs += made
                new_args[i] = argument.put_together(made, True)
            out = _called(f, new_args, kwargs)
        finally:
            _left(recorded, around)
            finish(self.inputs)
        aux = None
        if has_aux:
            out, aux = checked_pair(f, out)
        self._alone: Value | None = out if scalar and type(out) is Value else None
        if self._alone is not None:
            self.results: list[Number] = [self._alone]
        else:
            self.structure = _one_number(f, out) if scalar else numbers_of(f, out)
            self.results = self.structure.numbers
        self.order, leaves, self._older, self._number = self._order_of(self.results)
        self.nested = self._is_nested(f, began, leaves)
        if self.nested:
            for x in self.inputs:
                x.released = True  # type: ignore[attr-defined]  # what is returned may depend on it alone
        self._kept = self.results if recorded else [_detached(x) for x in self.results]
        self.aux: Any = aux if self.nested or aux is None else plain(aux)

    @property
    def value(self) -> Any:
        """What the function returned, numbers where nothing outside may depend on it."""
        kept = self._kept if self.nested else [data_of(x) for x in self._kept]
        return kept[0] if self._alone is not None else self.structure.put_together(kept)

    @property
    def width(self) -> int:
        """How many numbers there are to differentiate by."""
        return len(self.inputs)

    def gradients(self, seeds: Iterable[Number]) -> list[Number]:
        """Return the derivatives, with respect to each input, of a weighted sum of the results."""
        number, self._number = self._number, 0  # which others may have changed when this is called again
        if number and self._alone is not None and not self.nested and seeds == [1.0]:
            return [*numbered_reverse_sweep(self.order, {self._alone: 1.0}, self.inputs, number)]
        return self._swept(self.order, self.results, seeds, self._older, number)

    def gradients_of(self, result: Number) -> list[Number]:
        """Return the derivatives of one of the results with respect to each input."""
        order, _, older, number = self._order_of([result])
        return self._swept(order, [result], [1.0], older, number)

    def directional(self, tangents: Iterable[Number]) -> list[Number]:
        """Return the derivatives of each result in a direction, which has a number for each input."""
        direction = dict(zip(self.inputs, tangents, strict=True))
        results = [x for x in self.results if isinstance(x, Value)]
        order = self.order[::-1]
        derivatives: Sequence[Number]
        if self.is_recorded(direction.values()):
            derivatives = recorded_forward_sweep(order, direction, results)
        else:
            numbers = {x: data_of(tangent) for x, tangent in direction.items()}
            derivatives = forward_sweep(order, numbers, results)
        of_values: dict[Value, Number] = dict(zip(results, derivatives, strict=True))
        return [of_values[x] if isinstance(x, Value) else 0.0 for x in self.results]

    def in_form(self, rows: Sequence[Sequence[Number]], shape: tuple[int, ...] | None = None) -> Any:
        """Return derivatives in the structure of the arguments.

        Args:
            rows: a derivative with respect to each input, for each number of a result.
            shape: that of the result if it is an array.
        """
        if shape is None and self._single and isinstance(self._arguments[0], Flat):
            return self._arguments[0].put_together([*rows[0]])
        parts = []
        start = 0
        for argument in self._arguments:
            if isinstance(argument, Flat):
                if shape is None:
                    stop = start + len(argument.numbers)
                    parts.append(argument.put_together([*rows[0][start:stop]]))
                    start = stop
                    continue
                argument = argument.structure
            leaves = []
            for leaf in argument.leaves:
                if leaf.shape is None and shape is None:
                    leaves.append(rows[0][start])
                    start += 1
                    continue
                stop = start + len(leaf.numbers)
                numbers = [x for row in rows for x in row[start:stop]]
                leaves.append(array_of(numbers, (shape or ()) + (leaf.shape or ())))
                start = stop
            parts.append(argument.with_leaves(leaves))
        return parts[0] if self._single else tuple(parts)

    def _is_nested(self, f: Function, began: int, leaves: bool) -> bool:
        """Say whether derivatives are recorded; there are leaves among the nodes, or not.

        Raises:
            RuntimeError: the function used a number of an earlier call.
        """
        nested = any_computed(self.inputs)
        if self._older and not nested:
            nested = any(variable is not None for variable in self._older.values())
        if leaves or self._older:
            older = [x for x in self.order if isinstance(x, Variable)]
            if not nested:
                nested = any(is_under_way(x, began) for x in older)
            if not nested and is_followed():
                nested = True
            elif older and not nested:  # where it is nested, what is around it looks
                check_left_behind(f, older, began, lambda: _outermost(began))
            remember(self.order, self._older)
        return nested

    def _order_of(self, results: Iterable[Number]) -> tuple[list[Value], bool, dict[Value, Any], int]:
        values = [x for x in results if isinstance(x, Value)]
        return newer_nodes(values, self.inputs, self._began, oldest)

    def is_recorded(self, weights: Iterable[Number]) -> bool:
        """Say whether derivatives are recorded, where these are the weights of results, or a direction."""
        return self.nested or any(isinstance(x, Value) for x in weights)

    def _swept(
        self,
        order: Sequence[Value],
        results: Iterable[Number],
        weights: Iterable[Number],
        older: Iterable[Value],
        number: int,
    ) -> list[Number]:
        seeds: dict[Value, Number] = {}
        for result, weight in zip(results, weights, strict=True):
            if isinstance(result, Value):
                seeds[result] = seeds[result] + weight if result in seeds else weight
        if self.is_recorded(seeds.values()):
            return [*recorded_reverse_sweep(order, seeds, self.inputs)]
        weighted = {x: data_of(seed) for x, seed in seeds.items()}
        if number:
            return [*numbered_reverse_sweep(order, weighted, self.inputs, number)]
        by = [*self.inputs, *older]
        derivatives = reverse_sweep(order, weighted, by)
        return [*derivatives[: len(self.inputs)]]


def _entered() -> tuple[bool, bool]:
    """Note that a function is called to be differentiated; return what `_left` takes back."""
    recorded, around = recording.get(), differentiating.get()
    if not recorded:
        recording.set(True)
    entered.append(None)
    if not around:
        differentiating.set(True)
    return recorded, around


def _left(recorded: bool, around: bool) -> None:
    entered.pop()
    if not around:
        differentiating.set(False)
    if recording.get() is not recorded:
        recording.set(recorded)


def _outermost(began: int) -> int:
    """Return the serial at which the outermost of the calls began that this thread is in."""
    frame: Any = sys._getframe(1)
    while frame is not None:
        if frame.f_code is Call.__init__.__code__:
            began = min(began, frame.f_locals["began"])
        frame = frame.f_back
    return began


def _detached(x: Number) -> Number:
    if not isinstance(x, Value):
        return x
    twin = x.detach()
    cut_off(twin)
    return twin


MANY = 1000
"""For how many choices of arguments their positions are remembered."""

_positions: dict[tuple[tuple[Any, ...], int], list[int]] = {}


def positions_of(f: Function, argnums: Argnums, given: int) -> list[int]:
    """Return the positions of arguments, from 0 to count - 1."""
    if type(argnums) is int and 0 <= argnums < given:
        return [argnums]
    if type(argnums) is tuple and (known := _positions.get((argnums, given))) is not None:
        return [*known]
    numbers = [index(i) for i in (argnums if hasattr(argnums, "__iter__") else [argnums])]
    if not all(-given <= i < given for i in numbers):
        raise TypeError(
            f"argnums={argnums!r}: {name_of(f)} was called with {given} positional arguments (and by those "
            "with a keyword it cannot be differentiated)"
        )
    positions = [i % given for i in numbers]
    if len(set(positions)) < len(positions):
        raise ValueError(f"argnums={argnums!r} names an argument of {name_of(f)} twice")
    if type(argnums) is tuple and len(_positions) < MANY:
        _positions[argnums, given] = positions
    return positions


def taken_apart(f: Function, argument: Any, position: int, may_be_other: bool = False) -> Structure:
    """Return an argument that a function is differentiated by, as a structure.

    Args:
        f: the function.
        argument: its argument.
        position: which one it is.
        may_be_other: whether it may be what no number is in.

    Raises:
        TypeError: it is no number and no array of numbers, or there is what cannot be taken apart in it.
    """
    structure = Structure(argument, f"argument {position} of {name_of(f)}")
    if not structure.leaves and kind_of(argument) is None and not may_be_other:
        raise TypeError(
            f"argument {position} of {name_of(f)} is {shown(argument)}; to differentiate by it, it must be a "
            "number, an array or a structure of these (argnums chooses another argument)"
        )
    return structure


def _called(f: Function, args: Iterable[Any], kwargs: Mapping[str, Any]) -> Any:
    try:
        return f(*args, **kwargs)
    except (TypeError, ValueError, IndexError) as error:
        advise(error)
        raise


def checked_pair(f: Function, out: Any) -> tuple[Any, Any]:
    """Return what a function returned, which must be a pair."""
    if not (isinstance(out, tuple) and len(out) == 2):
        raise TypeError(
            f"with has_aux=True {name_of(f)} must return a pair, the part to be differentiated and "
            f"another; it returned {shown(out)}"
        )
    return out


def _one_number(f: Function, out: Any) -> Structure:
    """Return the result of a function, a real number or an array of one, as a structure."""
    if is_array(out) and out.shape == ():
        out = out.item()
    if is_number(out) or (is_array(out) and out.size == 1):
        structure = Structure(out, f"the result of {name_of(f)}")
        if structure.leaves:
            return structure
    raise TypeError(f"{name_of(f)} must return a real number to have a gradient, but {returned(out)}")


def numbers_of(f: Function, out: Any) -> Structure:
    """Return the result of a function, which must be made of real numbers alone, as a structure."""
    structure = Structure(out, f"the result of {name_of(f)}")
    if out is None or any(other is not None for other in structure.others):
        raise TypeError(
            f"{name_of(f)} must return real numbers, or structures of them, but returned {shown(out)}"
        )
    return structure


def returned(out: Any) -> str:
    """Return what an error tells of a result that should have been one number."""
    if out is None:
        return "it returned None; does it lack a return?"
    if is_array(out) and out.size != 1:
        return f"it returned an array of shape {out.shape}; for that there is jacobian()"
    if kind_of(out) is not None:
        return f"it returned {shown(out)}; for that there is jacobian()"
    return f"it returned {shown(out)}"
