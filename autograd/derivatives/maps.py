"""Functions of numbers that are called as a whole, and the derivatives that they have.

A **map** takes numbers and gives numbers. It is called with floats alone, and says which map carries
gradients back through it, a function of its numbers and of those gradients. That is a map in turn; so a
derivative of any order is recorded as one call, and what a function of the user's is called with are floats
until a derivative of it is really needed.
"""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

from ..engine import Value, data_of, new_node
from ..engine.node import cut_off
from ..engine.operation import Op
from ..engine.recording import (
    Block,
    blocks,
    differentiating,
    entered,
    is_followed,
    observers,
    raised,
    recording,
    told,
)
from ..engine.whole_calls import WholeCall, WholeResult
from ..support.messages import name_of, shown
from ..support.real_numbers import nan, same_number
from .calls import Call
from .trees import Structure

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ..engine.recording import Observer
    from .local_derivatives import Number


class Map:
    """A function of numbers that gives numbers.

    Attributes:
        name: what it is called.
        inputs: how many numbers it takes.
        results: how many numbers it gives.
    """

    name: str
    inputs: int
    results: int

    def __call__(self, numbers: Sequence[float]) -> list[float]:
        """Return the results, as floats."""
        raise NotImplementedError

    def remembering(self, numbers: Sequence[float]) -> tuple[list[float], Any]:
        """Return the results, and what `pull_back` is to have besides."""
        return self(numbers), None

    def pull_back(self, numbers: Sequence[float], gradients: Sequence[float], memory: Any) -> list[float]:
        """Return the gradients with respect to the numbers, given those with respect to the results."""
        return self.pulled()([*numbers, *gradients])

    def of_arrays(self, columns: Sequence[Any]) -> Sequence[Any] | None:
        """Return the results at many points, an array each; None where it is to be called at each of them.

        Args:
            columns: for each of the numbers an array, of those at all points.
        """
        return None

    def pulled(self) -> Map:
        """Return what gives gradients: a map of the numbers and of the gradients of the results."""
        raise NotImplementedError

    def pushed(self) -> Map:
        """Return what gives the derivatives of the results in a direction: a map of the numbers and of that.

        Raises:
            TypeError: there is no derivative forward.
        """
        raise NotImplementedError


class NumericMap(Map):
    """A map that floats and Values go through, which is differentiated by recording it.

    Args:
        name, inputs, results: as the attributes.
    """

    def __init__(self, name: str, inputs: int, results: int) -> None:
        self.name = name
        self.inputs = inputs
        self.results = results

    def of_numbers(self, numbers: list[Number]) -> Sequence[Number]:
        """Return the results for floats and Values."""
        raise NotImplementedError

    def __call__(self, numbers: Sequence[float]) -> list[float]:
        return [plain_number(x, self.name) for x in self.of_numbers([*numbers])]

    def pulled(self) -> Map:
        return Pulled(self)

    def pushed(self) -> Map:
        return Pushed(self)


class Pulled(NumericMap):
    """What carries gradients back through a map, by recording that."""

    def __init__(self, of: NumericMap) -> None:
        super().__init__(f"{of.name}′", of.inputs + of.results, of.inputs)
        self._of = of

    def of_numbers(self, numbers: list[Number]) -> Sequence[Number]:
        count = self._of.inputs
        return Call(self._of.of_numbers, 0, (numbers[:count],), {}).gradients(numbers[count:])


class Pushed(NumericMap):
    """What gives the derivatives of a map in a direction, by recording that."""

    def __init__(self, of: NumericMap) -> None:
        super().__init__(f"{of.name}′", 2 * of.inputs, of.results)
        self._of = of

    def of_numbers(self, numbers: list[Number]) -> Sequence[Number]:
        count = self._of.inputs
        return Call(self._of.of_numbers, 0, (numbers[:count],), {}).directional(numbers[count:])


def plain_number(x: Number, name: str) -> float:
    """Return a number that what was called with plain numbers returned.

    Args:
        x: the number.
        name: what was called.

    Raises:
        TypeError: it is a Value, so something depends on a Value from elsewhere.
    """
    if isinstance(x, Value):
        raise TypeError(
            f"{name} returned a Value, {x._number!r}, for plain numbers, so it uses a Value that is no "
            "argument, by which the derivative would be lost: make that an argument, with its derivative, or "
            "take its .data if it is a constant"
        )
    return float(x)


# Calls


class MapCall(WholeCall):
    """A call of a map with Values, as its nodes remember it.

    Args:
        called: the map.
        numbers: with what numbers.
        places: which of these are Values.
        memory: what the map remembers of it.
    """

    def __init__(self, called: Map, numbers: Sequence[float], places: Sequence[int], memory: Any) -> None:
        self.name = called.name
        self.operands = len(places)
        self.results = called.results
        self.map = called
        self._numbers = numbers
        self._places = places
        self._memory = memory

    def pull_back(self, gradients: Sequence[float]) -> list[float]:
        with apart():
            pulled = self.map.pull_back(self._numbers, gradients, self._memory)
        return [pulled[i] for i in self._places]

    def push_forward(self, tangents: Sequence[float]) -> list[float]:
        """Return the derivatives of the results in a direction, which has a number for each operand."""
        pushed = self.map.pushed()
        direction = [data_of(x) for x in self._direction(tangents)]
        with apart():
            return pushed([*self._numbers, *direction])

    def recorded_pull_back(self, operands: Sequence[Value], gradients: Sequence[Number]) -> list[Number]:
        """Return what `pull_back` does, as a call that is recorded.

        Raises:
            RuntimeError: the number of an operand was changed after the call.
        """
        pulled = apply_map(self.map.pulled(), [*self._with(operands), *gradients])
        return [pulled[i] for i in self._places]

    def recorded_push_forward(self, operands: Sequence[Value], tangents: Sequence[Number]) -> list[Number]:
        """Return what `push_forward` does, as a call that is recorded.

        Raises:
            RuntimeError: the number of an operand was changed after the call.
        """
        return apply_map(self.map.pushed(), [*self._with(operands), *self._direction(tangents)])

    def as_function(self) -> tuple[Callable[..., list[Number]], list[float]]:
        """Return the call as a function of its operands, and their numbers."""
        return lambda *given: apply_map(self.map, self._filled(given)), [
            self._numbers[i] for i in self._places
        ]

    def _with(self, operands: Sequence[Value]) -> list[Number]:
        for x, i in zip(operands, self._places, strict=True):
            if not same_number(x._number, self._numbers[i]):
                raise RuntimeError(
                    f"an operand of {self.name!r} is {x._number!r} now and was {self._numbers[i]!r} when it "
                    "was called, so the derivative cannot be recorded; call it again after you change .data"
                )
        return self._filled(operands)

    def _filled(self, given: Sequence[Number]) -> list[Number]:
        numbers: list[Number] = [*self._numbers]
        for x, i in zip(given, self._places, strict=True):
            numbers[i] = x
        return numbers

    def _direction(self, tangents: Sequence[Number]) -> list[Number]:
        direction: list[Number] = [0.0] * len(self._numbers)
        for x, i in zip(tangents, self._places, strict=True):
            direction[i] = x
        return direction


class Apart(Block):
    """A block in which nobody follows what is computed, for it will be computed again as a whole."""

    _setting = observers

    def _inside(self, outside: tuple[Observer, ...]) -> tuple[Observer, ...]:
        return tuple([x for x in outside if not x.follows])

    def __enter__(self) -> None:
        super().__enter__()
        self._around = differentiating.set(False)  # so that arrays that are made are for plain numbers

    def __exit__(self, *exception: object) -> None:
        differentiating.reset(self._around)
        super().__exit__(*exception)


def apart() -> Any:
    """Return the block in which a map is called."""
    return Apart() if entered else nullcontext()


def apply_map(called: Map, numbers: Sequence[Number]) -> list[Number]:
    """Call a map with Values among its numbers; return its results, as Values if there were any.

    Args:
        called: what to call.
        numbers: floats and Values.
    """
    floats = [x._number if isinstance(x, Value) else x for x in numbers]
    places = [i for i, x in enumerate(numbers) if isinstance(x, Value)]
    if not places:
        return [*called(floats)]
    try:
        with apart():
            out, memory = called.remembering(floats)
    except Exception as error:
        if blocks:
            raised("", numbers, error)  # it is no operation of the table, whatever it is called
        raise
    if not recording.get() and not is_followed():
        return [_cut_off(x) for x in out]
    call = MapCall(called, floats, places, memory)
    nodes = _recorded(call, [numbers[i] for i in places], out)
    for observer in told() if blocks else ():
        observer.called(called, numbers, nodes)
    return nodes


def _recorded(call: MapCall, operands: Sequence[Any], results: Sequence[float]) -> list[Number]:
    """Return the nodes of the results of a call."""
    joint_op = Op.of(f"{call.name}…")
    joint_op.call = call
    first = results[0] if results else 0.0
    joint = new_node(joint_op, first, operands[0], 0.0, None, nan)
    for x in operands[1:]:
        joint = new_node(joint_op, first, joint, 0.0, x, 0.0)
    nodes: list[Number] = []
    for place, number in enumerate(results):
        op = Op.of(call.name)
        op.call = WholeResult(call, place)
        nodes.append(new_node(op, number, joint, nan, None, nan))
    return nodes


def _cut_off(x: float) -> Value:
    node = Value(x)
    cut_off(node)
    return node


class ArgumentMap(Map):
    """A function of anything as a map of the numbers in its arguments.

    Args:
        function: the function.
        arguments: its arguments, into which numbers are put.
        inputs: how many numbers.

    Attributes:
        form: its result, once it was called.
        is_of_one_call: whether it is not called again, as by a program in each of its calls.
    """

    def __init__(self, function: Any, arguments: Form, inputs: int) -> None:
        self.is_of_one_call = not is_followed()
        self.function = function
        self.name = name_of(function).rpartition(".")[2]
        self.inputs = inputs
        self.arguments = arguments
        self.form: Form | None = None

    def numbers_of(self, out: Any, name: str) -> list[float]:
        """Return the numbers of a result.

        Args:
            out: the result.
            name: what returned it.

        Raises:
            TypeError: it is made of something else, or in another way than the one of a call before.
        """
        result = Structure(out, f"the result of {name}")
        if out is None or result.others:
            raise TypeError(f"{name} must return numbers to be differentiated, not {shown(out)}")
        numbers = [plain_number(x, name) for x in result.numbers]
        if self.form is None:
            self.form = Form(result.put_together(numbers), False)
            self.results = len(numbers)
        elif _looks(result) != _looks(self.form.structure):
            raise TypeError(
                f"{name} returned {shown(out)}, and something of another structure when it was called "
                "before; a derivative or a program that calls it again needs the same"
            )
        return numbers


def _looks(structure: Structure) -> list[tuple[str, tuple[int, ...] | None]]:
    return [(leaf.path, leaf.shape) for leaf in structure.leaves]


class Form:
    """A structure that numbers are put into.

    Args:
        thing: the structure, with numbers that need not be those.
        values_only: whether only the places of Values are filled.
    """

    def __init__(self, thing: Any, values_only: bool) -> None:
        self.thing = thing
        self._values_only = values_only
        self._structure: Structure | None = None

    @property
    def structure(self) -> Structure:
        """The structure, taken apart."""
        if self._structure is None:
            self._structure = Structure(self.thing, values_only=self._values_only)
        return self._structure

    def __call__(self, numbers: Sequence[Number]) -> Any:
        """Return the structure with these numbers, of which there is one for each place that is filled."""
        return self.structure.put_together(numbers, others=True)

    def __reduce__(self) -> tuple[Any, ...]:
        return Form, (self.thing, self._values_only)
