"""A call of a function to play with: what it computed, and the comparisons by which it chose its way.

The function is followed as `compile` follows it. So it is known what was compared, by which line and with
which answer, also where the result was not computed from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from ..derivatives.trees import Structure
from ..engine import Value, topological_order
from ..engine.anomaly import at, users_line
from ..engine.recording import Observer
from ..program.arguments import Arguments, parameter_names
from ..program.errors import CompileError
from ..program.events import Comparison, Event, Operation, Whole, as_operation
from ..program.tracer import Tracer
from ..steps.sequence import Steps
from ..support.messages import name_of, shown

if TYPE_CHECKING:
    from ..derivatives.maps import Map
    from ..engine.anomaly import Place

LIMIT = 5000
"""How many operations and comparisons a page goes through at each change, beside those that it shows."""


class Called:
    """A call of a function that was followed.

    Attributes:
        name: the name of the function.
        arguments: the Values that it was given, each labelled by its place in the arguments.
        result: what it returned.
        events: what happened, in order; first come operations that its arguments and Values from outside
            were computed by.
        places: where the comparisons among these were made, by their places in the list.
        leaves: the Values without history that took part, and that nothing in the call made.

    Args:
        f: the function.
        args: its arguments. Their numbers become Values.
        kwargs: those by keyword. Their floats become Values.

    Raises:
        CompileError: it took a number out of a Value, or called backward().
        TypeError: it did not return one Value.
        ValueError: it computed too much.
    """

    def __init__(self, f: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]) -> None:
        self.name = name_of(f)
        arguments = Arguments(args, dict(kwargs), range(len(args)), parameter_names(f, len(args)))
        self.arguments = [_as_value(*each) for each in zip(arguments.numbers, arguments.names, strict=True)]
        new_args, new_kwargs = arguments.put_together(self.arguments)
        follower = _Follower(self.name, self.arguments)
        returned = follower(lambda: f(*new_args, **new_kwargs))
        if follower.refused is not None:
            raise follower.refused
        self.result = _one_value(self.name, returned)
        if len(follower.events) > LIMIT:
            raise ValueError(
                f"{self.name} computes and compares {len(follower.events)} times, more than the {LIMIT} that "
                "a page goes through at each change; play with a part of it"
            )
        made = {x for x in map(made_by, follower.events) if x is not None}
        involved = topological_order(*_used(follower.events, self.result))
        older = [x for x in involved if x.op and x not in made]
        self.events: list[Event] = [*older, *follower.events]
        self.places = {len(older) + i: place for i, place in follower.places.items()}

        self.leaves = [x for x in involved if not x.op and x not in made]

    def hidden(self, steps: Steps) -> list[Value]:
        """Return the arguments that took part, but are not in the graph of the result.

        Args:
            steps: those of a walk through that.
        """
        leaves = {*self.leaves}
        return [x for x in self.arguments if x in leaves and steps.id(x) is None]


def _used(events: Sequence[Event], result: Value) -> Iterator[Value]:
    """Yield the Values that something was computed from, or compared with, and the result."""
    for event in events:
        yield from (x for x in operands_of(event) if isinstance(x, Value))
    yield result


def operands_of(event: Event) -> Sequence[Any]:
    """Return what an event was done to."""
    if isinstance(event, Comparison):
        return event.a, event.b
    operation = as_operation(event)
    if operation is not None:
        return operation.operands
    return event.operands if isinstance(event, Whole) else ()


def made_by(event: Event) -> Value | None:
    """Return the Value that an event made, or told more of."""
    operation = as_operation(event)
    if operation is not None:
        return operation.node
    return event.node if isinstance(event, Whole) else None


class _Follower(Tracer):
    """What a function does with Values, for a page that shows the graph of that.

    Attributes:
        places: where comparisons were made, by their places in `events`.
    """

    repeats_calls = False  # a page cannot: what such a function gave is shown, and stays

    def __init__(self, name: str, inputs: Sequence[Value]) -> None:
        super().__init__(name, inputs)
        self.places: dict[int, Place] = {}

    def recorded_together(self, nodes: Sequence[Value], ieee: bool) -> None:
        """Note operations one by one."""
        Observer.recorded_together(self, nodes, ieee)

    def compared(self, relation: str, a: Value, b: Any, answer: bool) -> None:
        """Note a comparison, and where it was made."""
        count = len(self.events)
        super().compared(relation, a, b, answer)
        if len(self.events) > count:
            self.places[count] = users_line()

    def ordered(self, nodes: Sequence[Value], operands: Sequence[Any], order: Sequence[int]) -> None:
        """Make the order of numbers a branch: the picture has the arrows of that order."""
        for x, y in pairwise([operands[i] for i in order]):
            _ = x < y or x == y  # which is followed

    def copied(self, twin: Value, node: Value, attached: bool) -> None:
        """Note a copy: of a node with operands it is one that is computed as that is."""
        if twin.op and self._is_ours(node):
            self.events.append(twin)
        else:
            super().copied(twin, node, attached)

    def called(self, what: Map, numbers: Sequence[Any], results: Sequence[Value]) -> None:
        """Note a call as a whole: what it gave is shown, and stays."""
        if self._is_ours(*numbers):
            self.events += [Operation(x, str(x.op), tuple(numbers), False, False) for x in results]

    def refuse(self, what: str, instead: str) -> None:
        """Note what a page cannot follow, and where."""
        if self.refused is None:
            self.refused = CompileError(
                f"{self._name} cannot be played with: it {what}, and the page could not tell what depends on "
                f"that; {instead}{at(users_line())}"
            )


def _as_value(number: Any, name: str) -> Value:
    return number if isinstance(number, Value) else Value(number, label=name)


def _one_value(name: str, returned: Any) -> Value:
    if isinstance(returned, Value):
        return returned
    structure = Structure(returned, f"the result of {name}")
    numbers = structure.numbers
    if len(numbers) != 1 or not structure.leaves or len(structure.leaves[0].paths) != 1 or structure.others:
        raise TypeError(f"{name} returned {shown(returned)}; the page shows the graph of one number")
    if not isinstance(numbers[0], Value):
        raise TypeError(
            f"{name} returned {shown(returned)}, which was computed from none of its arguments: there is no "
            "graph to play with"
        )
    return numbers[0]
