"""`scan` in a function that is followed: its body is recorded once, and becomes a loop of the program.

The body is called in a few turns, which must do the same; in the others the program of a turn gives the
numbers. Where that cannot be, the loop is gone through turn by turn, and recorded as any other loop.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice, repeat
from math import nan
from typing import Any, NamedTuple

from ..derivatives.forms import Turns, difference
from ..derivatives.trees import Structure, array_of, is_array, kind_of
from ..derivatives.variables import finish, variable
from ..derivatives.wrapped import Function
from ..engine import Value
from .constants import besides
from .events import SCANNED, Called, Indexed, Scanned
from .followed_float import NeedsNumber, followed_float
from .hidden_state import may_be_hidden
from .outside import State
from .python.turns import function_of_turns
from .straight_line.program import Program
from .tracer import NeedsTurns, Tracer
from .tracing import ProgramWriter
from .visiting import Visit
from .whole_numbers import LARGEST_INPUT, Needed, WholeNumber

LEAST = 600
"""How many operations a scan must have, in all turns, to become a loop like this."""

TURNS = 32
"""How many turns it must have."""


class _Unsuitable(Exception):  # noqa: N818 (it never leaves this module)
    """The loop is to be gone through turn by turn."""


class Scans:
    """Goes through the scans of a function, in all calls of it that are followed.

    Attributes:
        apart: which scans are gone through turn by turn, counted from 0; -1 stands for all.
    """

    def __init__(self) -> None:
        self.apart: set[int] = set()

    def through(
        self, tracer: Tracer, f: Function, init: Any, turns: Turns, reverse: bool, body: Function
    ) -> tuple[Any, Any] | None:
        """Go through a scan, and tell a tracer of it as of one event.

        Args:
            tracer: follows it.
            f, init: as `scan` has them.
            turns: what is scanned.
            reverse: whether from the last to the first.
            body: the user's own function, which `f` calls or is.

        Returns:
            What `scan` returns; None where it is to be gone through turn by turn.

        Raises:
            NeedsTurns: the body does not do the same in all turns, takes numbers apart, raises an error or
                changes something; so all begins anew, and this scan goes turn by turn.
        """
        if turns.count < TURNS or self.apart & {-1, tracer.scans}:
            return None
        try:
            scan = _Scan(tracer, f, init, turns, reverse, body)
        except (_Unsuitable, TypeError):
            return None
        try:
            return scan.result()
        except (_Unsuitable, NeedsNumber, Exception):
            raise NeedsTurns(tracer.scans) from None


class _Numbers(Structure):
    """A structure of floats and Values, in which whole numbers may be only where that is allowed.

    Attributes:
        whole: for each number whether it is a whole one.
        places: the paths of all that is in it, in order.
    """

    def __init__(self, thing: Any, whole: bool = False) -> None:
        self.whole: list[bool] = []
        self.places: list[str] = []
        super().__init__(thing)
        if any(self.whole) and not whole:
            raise _Unsuitable

    def _leaf(self, thing: Any, path: str) -> Any:
        self.places.append(path)
        leaf = super()._leaf(thing, path)
        kind = kind_of(thing) if leaf is None else None
        if kind is not None and [*besides(thing, [key for key, _ in kind.items(thing)])]:
            raise _Unsuitable  # what is put together again has it not, or has that of another turn
        if leaf is not None:
            floats = thing.dtype in (float, object) if is_array(thing) else isinstance(thing, (Value, float))
            if not floats and (is_array(thing) or not _is_whole(thing)):
                raise _Unsuitable
            if not floats and abs(_number(leaf.numbers[0])) > LARGEST_INPUT:
                raise _Unsuitable
            self.whole += [not floats] * len(leaf.numbers)
        return leaf

    def is_like(self, other: _Numbers) -> bool:
        """Say whether another one has the same in the same order, apart from the numbers."""
        return self.places == other.places and _alike(self.others, other.others)


class _Turn(NamedTuple):
    """What a call of the body did.

    Attributes:
        program: from what is carried, what is scanned, and what comes from outside, to what is carried next
            and what is kept.
        outside: the Values that come from outside.
        carry: what it carries on.
        kept: what is kept of the turn.
        y: the same as it is.
    """

    program: Program
    outside: list[Value]
    carry: _Numbers
    kept: _Numbers
    y: Any

    def does_what(self, other: _Turn) -> bool:
        """Say whether another call did the same."""
        return (
            _key(self.program) == _key(other.program)
            and [*map(id, self.outside)] == [*map(id, other.outside)]
            and self.carry.is_like(other.carry)
            and self.kept.is_like(other.kept)
            and difference(self.y, other.y, "y") is None
        )


class _Scan:
    """A scan that becomes a loop."""

    def __init__(
        self, tracer: Tracer, f: Function, init: Any, turns: Turns, reverse: bool, body: Function
    ) -> None:
        self._tracer = tracer
        self._body = body
        self._f = f
        self._turns = turns
        self._reverse = reverse
        self._start = _Numbers(init, whole=True)
        self._columns = _columns(turns.xs)

    def _index(self, turn: int) -> int:
        return self._turns.count - 1 - turn if self._reverse else turn

    def result(self) -> tuple[Any, Any]:
        """Go through it, and return what `scan` does.

        Raises:
            _Unsuitable: it is to be gone through turn by turn.
        """
        visit = Visit(self._body, {})
        first = _Numbers(self._turns.part(self._index(0)), whole=True)
        for thing in (self._body, *self._start.others, *first.others):
            visit.thing(thing)
        visit.attributes()
        if may_be_hidden(visit):
            raise _Unsuitable
        outside = State([*visit.guards.values()], visit.reads)
        if any(self._start.whole):  # a mere 0 or 1, perhaps, which floats follow
            with self._tracer.apart([]):
                given = [part.put_together(part.numbers, others=True) for part in (self._start, first)]
                _Numbers(self._f(*given)[0])
        numbers = tuple([_number(x) for x in self._start.numbers])
        turn = self._recorded(0, numbers)
        count = self._turns.count
        if count * len(turn.program.nodes) < LEAST:
            raise _Unsuitable
        kept: list[tuple[float, ...]] = []
        go_on = function_of_turns(turn.program, len(numbers), len(self._columns))
        xs, same = self._numbers(), [x._number for x in turn.outside]
        at = 0
        for sample in (1, count // 3, 2 * count // 3 + 1, count - 1, count):
            numbers = go_on(numbers, islice(xs, sample - at), same, kept.append)
            if numbers is None:
                raise _Unsuitable  # a comparison turned out otherwise
            if sample < count and not turn.does_what(self._recorded(sample, numbers)):
                raise _Unsuitable
            if outside.changed():
                raise _Unsuitable  # the turns that are not called would change it too
            at = sample
        return self._told(turn, numbers, kept)

    def _numbers(self) -> Iterator[tuple[float, ...]]:
        """Return, turn by turn, the numbers that are scanned."""
        columns = [[x if type(x) is float else x._number for x in column] for column in self._columns]
        if self._reverse:
            columns = [column[::-1] for column in columns]
        return zip(*columns, strict=True) if columns else repeat((), self._turns.count)

    def _given(self, part: _Numbers, needed: set[int], whole: Needed) -> tuple[list[Value], list[Any]]:
        """Return Values for what is scanned in a turn, and what the body gets in their places."""
        values: list[Value] = []
        given: list[Any] = []
        for x, is_whole in zip(part.numbers, part.whole, strict=True):
            if isinstance(x, Value) or is_whole:
                values.append(variable(_number(x)))
            else:
                values.append(followed_float(x, 0, needed))
            number = values[-1]
            given.append(
                WholeNumber(int(number._number), number, frozenset({0}), whole) if is_whole else number
            )
        return values, given

    def _recorded(self, at: int, numbers: Sequence[float]) -> _Turn:
        """Call the body in a turn."""
        tracer = self._tracer
        part = _Numbers(self._turns.part(self._index(at)), whole=True)
        carried = [variable(x) for x in numbers]
        needed, whole = set[int](), Needed()
        scanned, given = self._given(part, needed, whole)
        try:
            carry, x = self._start.put_together(carried, others=True), part.put_together(given, others=True)
            before = _contents((carry, x))
            with tracer.apart([*carried, *scanned]) as events:
                out = self._f(carry, x)
            if not _alike(before, _contents((carry, x))):
                raise _Unsuitable  # it changes them in place, and so what they are taken from
        finally:
            whole.known = True
            finish([*carried, *scanned])
        if whole or any(isinstance(event, (Called, Indexed)) for event in events):
            raise _Unsuitable
        if needed or not (isinstance(out, tuple) and len(out) == 2) or difference(out[0], carry, ""):
            raise _Unsuitable
        after, kept = _Numbers(out[0]), _Numbers(out[1])
        if any(x is not None for x in kept.others) or not after.is_like(self._start):
            raise _Unsuitable
        outside: list[Value] = []
        for _ in range(2):  # the first time tells what comes from outside
            inputs = [*carried, *scanned, *outside]
            writer = ProgramWriter("", inputs, tracer.swept_indices)
            writer.write(events)
            writer.program.outputs = tuple([writer.place(x) for x in (*after.numbers, *kept.numbers)])
            outside = writer.others or outside
        writer.program.inputs = tuple([f"x{i}" for i in range(len(inputs))])
        return _Turn(writer.program, outside, after, kept, out[1])

    def _told(
        self, turn: _Turn, numbers: Sequence[float], kept: Sequence[tuple[float, ...]]
    ) -> tuple[Any, Any]:
        """Tell the tracer, and return the results."""
        anchor = variable(0.0)

        def result(x: float) -> Value:
            node = Value(x)
            node.op, node._a, node._da = SCANNED, anchor, nan
            return node

        carried = [result(x) for x in numbers]
        columns = [[result(x) for x in column] for column in zip(*kept, strict=True)]
        if self._reverse:
            for column in columns:
                column.reverse()
        init = self._start.numbers
        self._tracer.loop(
            Scanned(
                turn.program, self._turns.count, self._reverse, init, self._columns, turn.outside, carried,
                columns, anchor,
            )
        )  # fmt: skip
        return turn.carry.put_together(carried, others=True), self._stacked(turn.kept, columns)

    def _stacked(self, kept: Structure, columns: Sequence[list[Value]]) -> Any:
        """Return what is kept of all turns, as `forms.stacked` does."""
        it = iter(columns)
        leaves: list[Any] = []
        for leaf in kept.leaves:
            own = [next(it) for _ in leaf.numbers]
            if leaf.shape is None and not self._turns.arrays:
                leaves += own
            else:
                flat = [column[i] for i in range(self._turns.count) for column in own]
                leaves.append(array_of(flat, (self._turns.count, *(leaf.shape or ()))))
        return kept.with_leaves(leaves)


def _columns(xs: Any) -> list[list[Any]]:
    """Return the numbers that are scanned: for each that is in a turn a list of those of all turns."""
    if xs is None:
        return []
    if is_array(xs):
        columns: list[list[Any]] = xs.reshape(len(xs), -1).T.tolist()
        if xs.dtype not in (float, object) or not all(
            isinstance(x, (Value, float)) for row in columns for x in row
        ):
            raise _Unsuitable
        return columns
    if isinstance(xs, (list, range)):
        if all(type(x) is float or isinstance(x, Value) for x in xs):
            return [[*xs]]
        rows = [_Numbers(x, whole=True) for x in xs]
        if not all(row.is_like(rows[0]) for row in rows):
            raise _Unsuitable
        return [[*column] for column in zip(*[row.numbers for row in rows], strict=True)]
    kind: Any = kind_of(xs)
    return [column for _, part in kind.items(xs) for column in _columns(part)]


def _number(x: Value | float) -> float:
    return x._number if isinstance(x, Value) else x  # to ask for its data would be told


def _is_whole(x: Any) -> bool:
    return type(x) is int or type(x) is WholeNumber


def _contents(thing: Any) -> list[Any]:
    """Return all that is in a structure, with texts that say where."""
    if is_array(thing):
        return [str(thing.shape), *thing.ravel().tolist()]
    kind = kind_of(thing)
    if kind is None:
        return [thing]
    return [x for key, part in kind.items(thing) for x in (kind.place(key), *_contents(part))]


def _alike(others: Sequence[Any], like: Sequence[Any]) -> bool:
    """Say whether what is no number is the same."""
    return len(others) == len(like) and all(
        x is y or (type(x) in (bool, str) and type(x) is type(y) and x == y)
        for x, y in zip(others, like, strict=True)
    )


def _key(program: Program) -> Any:
    """Return what programs have alike that do the same, to the last bit of their numbers."""
    nodes = [(node.op, node.operands, node.number.hex(), node.ieee, node.last) for node in program.nodes]
    return nodes, program.guards, program.outputs
