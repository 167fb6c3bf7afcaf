"""Whether operations are recorded: they are, except inside `no_grad()`."""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextvars import Token

    from ..program.tracing import Tracer

    P = ParamSpec("P")
    R = TypeVar("R")

recording: ContextVar[bool] = ContextVar("recording", default=True)
"""Whether this thread, or asyncio task, records."""

tracer: ContextVar[Tracer | None] = ContextVar("tracer", default=None)
"""What is told of every operation and comparison of this thread, or asyncio task, if anything is."""

blocks: list[None] = []
"""One entry for each `no_grad` or `detect_anomaly` block, and each tracer, that any thread is in.

Where it is empty, as nearly always, an operation need not ask what its own thread is in. It is a list,
because appending and popping are atomic where counting is not.
"""


class Block:
    """A block, or a decorated function, that changes a setting for the thread or asyncio task it is in."""

    _setting: ContextVar[bool]
    _inside: bool

    def __init__(self) -> None:
        self._tokens: list[Token[bool]] = []

    def __enter__(self) -> None:
        blocks.append(None)
        self._tokens.append(self._setting.set(self._inside))

    def __exit__(self, *exception: object) -> None:
        self._setting.reset(self._tokens.pop())
        blocks.pop()

    def __call__(self, function: Callable[P, R]) -> Callable[P, R]:
        from functools import wraps

        @wraps(function)
        def inside(*args: P.args, **kwargs: P.kwargs) -> R:
            with type(self)():
                return function(*args, **kwargs)

        return inside


class no_grad(Block):  # noqa: N801 (PyTorch's name)
    """A block, or a decorated function, in which nothing is recorded: results are leaves.

    It concerns the thread or asyncio task that entered it, and may be nested.

    >>> from autograd import Value
    >>> x = Value(3.0)
    >>> with no_grad():
    ...     y = x * x
    >>> y.data, y.operands
    (9.0, ())
    """

    _setting = recording
    _inside = False
