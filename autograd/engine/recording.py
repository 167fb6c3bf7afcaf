"""Whether operations are recorded, and who is told of what happens to Values.

They are recorded, except inside `no_grad()`. An `Observer` is told of every operation, comparison and sweep
in the thread or asyncio task that it observes: so anomalies are detected and functions followed, and the
engine knows of neither. Where nobody observes, an operation asks a single question: is `blocks` empty?
"""

from __future__ import annotations

from contextvars import ContextVar
from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from contextvars import Token

P = ParamSpec("P")
R = TypeVar("R")


class Observer:
    """Who is told of what happens to Values; a subclass overrides what it wants to know.

    Nodes are Values, operands are Values and floats.

    Attributes:
        follows: whether what is computed here is to be repeated for other numbers, so that derivatives of
            what comes from outside are recorded too.
        repeats_calls: whether functions with a derivative of their own are then called again, as a whole.
    """

    follows = False
    repeats_calls = False

    def recorded(self, node: Any) -> None:
        """Be told of an operation that has just been recorded. It may have another `op` afterwards."""

    def recorded_together(self, nodes: Sequence[Any], ieee: bool) -> None:
        """Be told of operations that have just been recorded, each after what it is computed from.

        With `ieee` they are of one primitive, and give inf and NaN where that raises.
        """
        for node in nodes:
            self.recorded(node)
            if ieee:
                self.ieee(node)

    def whole(self, node: Any, name: str, operands: Iterable[Any]) -> None:
        """Be told of what the number of a node is really computed from: a longer operation, rounded once."""

    def ieee(self, node: Any) -> None:
        """Be told that an operation, recorded just now, raises for no numbers: it gives inf or NaN."""

    def ordered(self, nodes: Sequence[Any], operands: Sequence[Any], order: Sequence[int]) -> None:
        """Be told of numbers in order, which were recorded just now as what they are: operands, by place."""

    def indexed(self, index: Any) -> None:
        """Be told of an index that depends on what is followed; see `gathering.Index`."""

    def gathered(self, nodes: Sequence[Any], index: Any, numbers: Sequence[Any]) -> None:
        """Be told of one of many numbers, the last of the nodes that were recorded just now."""

    def called(self, what: Any, numbers: Sequence[Any], results: Sequence[Any]) -> None:
        """Be told of a call as a whole, whose nodes were recorded just now."""

    def raised(self, op: str, operands: Iterable[Any], error: Exception) -> None:
        """Be told of an operation that raised an error, and so recorded nothing."""

    def compared(self, relation: str, x: Any, y: Any, answer: bool) -> None:
        """Be told of a comparison of a Value with another one or with a number, and of its answer."""

    def copied(self, twin: Any, node: Any, attached: bool) -> None:
        """Be told of a copy of a Value, and whether gradients flow through it as through the original."""

    def scanned(self, f: Any, init: Any, turns: Any, reverse: bool, body: Any) -> Any:
        """Be asked to go through a scan, whose function calls a body of the user's, in the place of its loop.

        What is not None is its result.
        """
        return None

    def read(self, node: Any, what: str) -> None:
        """Be told that somebody asked for a Value's number ("data"), "grad" or "text", or for a "pickle"."""

    def backward(self, node: Any) -> None:
        """Be told that `backward()` is called on a Value, and so sets the `grad` of others."""

    def reverse_sweep(self, order: Sequence[Any], seeds: Mapping[Any, float]) -> None:
        """Be told of a sweep that is about to start, through nodes each before its operands."""

    def forward_sweep(self, order: Sequence[Any], seeds: Mapping[Any, float]) -> None:
        """Be told of a sweep that is about to start, through nodes each after its operands."""

    def swept(self, order: Sequence[Any], by: Iterable[Any], derivatives: Sequence[Any]) -> None:
        """Be told of a recorded sweep, in either direction, that is done: by what it differentiated, and the
        derivatives."""


observers: ContextVar[tuple[Observer, ...]] = ContextVar("observers", default=())
"""Who is told of what happens in this thread, or asyncio task, in the order in which they are told."""

everywhere: list[Observer] = []
"""Who is told of what happens in other threads and tasks as well: what they follow may have started those."""


def told() -> tuple[Observer, ...]:
    """Return who is to be told of what happens in this thread, or asyncio task, now."""
    mine = observers.get()
    if not everywhere or (mine and len(everywhere) == 1 and everywhere[0] is mine[-1]):
        return mine
    return (*mine, *[x for x in everywhere if x not in mine])


def is_followed() -> bool:
    """Say whether what is computed in this thread, or asyncio task, is to be repeated for other numbers."""
    return bool(blocks) and any(observer.follows for observer in observers.get())


def repeats_calls() -> bool:
    """Say whether who follows what is computed here calls functions with a derivative of their own again."""
    return bool(blocks) and any(observer.repeats_calls for observer in observers.get())


recording: ContextVar[bool] = ContextVar("recording", default=True)
"""Whether this thread, or asyncio task, records."""

blocks: list[None] = []
"""One entry for each block that any thread is in, of `no_grad` and of every observer.

Where it is empty, as nearly always, an operation need not ask what its own thread is in. It is a list,
because appending and popping are atomic where counting is not.
"""

entered: list[None] = []
"""One entry for each of `blocks`, and for each function that is being called to be differentiated, in any
thread. Where it is empty, arrays that are made need not hold Values."""

differentiating: ContextVar[bool] = ContextVar("differentiating", default=False)
"""Whether this thread, or asyncio task, is in a function that is called to be differentiated."""


def enter(inside: bool) -> tuple[Token[bool], Token[bool]]:
    """Note that a function is called again, to be recorded as it was; return what `leave` takes back."""
    entered.append(None)
    return differentiating.set(inside), recording.set(True)


def leave(around: tuple[Token[bool], Token[bool]]) -> None:
    """Note that what was entered last is left."""
    recording.reset(around[1])
    differentiating.reset(around[0])
    entered.pop()


def is_transformed() -> bool:
    """Say whether this thread, or asyncio task, is in a function that a transformation or `compile` calls.

    Arrays that such a function makes will hold Values.
    """
    return bool(entered) and (differentiating.get() or is_followed())


def raised(op: str, operands: Iterable[Any], error: Exception) -> None:
    """Tell those who observe this thread of an operation that raised an error."""
    for observer in told():
        observer.raised(op, operands, error)


class Block:
    """A block, or a decorated function, that changes a setting for the thread or asyncio task it is in."""

    _setting: ContextVar[Any]

    def __init__(self, *function: Any) -> None:
        if function:
            name = type(self).__name__
            raise TypeError(f"{name} takes nothing; write with {name}():, or @{name}() with parentheses")
        self._tokens: list[Token[Any]] = []

    def _inside(self, outside: Any) -> Any:
        """Return the setting inside, given the one outside."""
        raise NotImplementedError

    def __enter__(self) -> None:
        entered.append(None)
        blocks.append(None)
        self._tokens.append(self._setting.set(self._inside(self._setting.get())))

    def __exit__(self, *exception: object) -> None:
        self._setting.reset(self._tokens.pop())
        blocks.pop()
        entered.pop()

    def __call__(self, function: Callable[P, R]) -> Callable[P, R]:
        @wraps(function)
        def inside(*args: P.args, **kwargs: P.kwargs) -> R:
            with type(self)():
                return function(*args, **kwargs)

        return inside


class no_grad(Block):  # noqa: N801 (PyTorch's name)
    """A block, or a decorated function, in which nothing is recorded: results are leaves.

    It concerns the thread or asyncio task that entered it, and may be nested. To differentiate such a result
    is a RuntimeError; what is computed from it outside of the block takes it as a constant.

    >>> from autograd import Value
    >>> x = Value(3.0)
    >>> with no_grad():
    ...     y = x * x
    >>> y.data, y.operands
    (9.0, ())
    """

    _setting = recording

    def _inside(self, outside: bool) -> bool:
        return False
