"""What was recorded of a function, by the form and shape of the arguments, and which of it a call needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import count
from typing import TYPE_CHECKING, Any

from ..derivatives.calls import positions_of
from ..derivatives.variables import Variable
from ..derivatives.wrapped import Function
from ..engine import Value
from ..support.messages import name_of
from .arguments import Arguments, Form, HoldsValues, Leaves, flat, parameter_names, with_inputs
from .constants import fresh
from .errors import CompileError
from .locks import LOCK
from .outside import Outside, State, Watch
from .paths import RecordedPath
from .recording import record
from .whole_inputs import WholeInputs
from .whole_numbers import NeedsNumbers

if TYPE_CHECKING:
    from .tracing import Trace

_uses = count()

ROUNDS = 3
"""How often a path is recorded anew because what the function reads from outside changes meanwhile."""

STATES = 8
"""Of how many states of what is read from outside recordings are kept, for arguments of one form."""


class Signature:
    """Arguments of one form and shape, in one state of what the function reads besides them.

    Attributes:
        form: what makes it another program.
        shapes: those of the leaves; None for a number.
        arguments: an example.
        paths: those that were recorded, the latest first.
        plans: how to run modes on batches, by the mode and what is a batch.
        used: counts the uses of signatures, so that the one that was used least recently can be told.
        made: what `used` was at first.

    Args:
        form, shapes, arguments: as above.
        outside: what the function reads.
        digest: of the state, where it came out of a pickle.
    """

    def __init__(
        self, form: Any, shapes: tuple[Any, ...], arguments: Arguments, outside: Outside, digest: Any = None
    ) -> None:
        self.form = form
        self.shapes = shapes
        self.arguments = arguments
        self.paths: list[RecordedPath] = []
        self.plans: dict[tuple[Any, ...], Any] = {}
        self.made = self.used = next(_uses)
        self._outside = outside
        self._digest = digest
        self._state: State | None = None

    @property
    def state(self) -> State:
        """What was read from outside."""
        if self._state is None:
            self._state = self._outside.state(self.arguments)
            if self._digest not in (None, self._state.digest):
                self.paths = []  # another process recorded them in another state
        return self._state

    @state.setter
    def state(self, state: State) -> None:
        self._state = state

    @property
    def digest(self) -> bytes:
        """What can be compared with the state in another process."""
        return self._digest if self._state is None and self._digest else self.state.digest


def _last_use(signature: Signature) -> int:
    return signature.used


class Recordings:
    """The signatures that a function was recorded with: of `max_forms` of them, those used most recently.

    Attributes:
        last: the one of the latest call; None before the first.
        outside: what the function reads besides its arguments.

    Args:
        f: the function.
        options: those of `compile`.
    """

    def __init__(self, f: Function, options: Mapping[str, Any]) -> None:
        self._kept: dict[tuple[Any, Any], tuple[Signature, ...]] = {}
        self.last: Signature | None = None
        self._whole = WholeInputs(options["max_forms"])
        self._f = f
        self._options = options
        self.outside = Outside(f)
        self._single = not hasattr(options["argnums"], "__iter__")
        self._positions: dict[int, list[int]] = {}

    @property
    def signatures(self) -> list[Signature]:
        """The signatures in the order in which they were recorded."""
        with LOCK:
            return sorted([s for alike in self._kept.values() for s in alike], key=lambda s: s.made)

    # Choosing

    def leaves(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Leaves:
        """Return the arguments of a call, taken apart.

        Raises:
            HoldsValues: there is a Value among them.
            TypeError: one that is differentiated holds what cannot be taken apart.
        """
        leaves = Leaves(args, kwargs, self.positions(len(args)))
        self.settle(leaves)
        return leaves

    def settle(self, leaves: Leaves) -> None:
        """Tell which whole numbers of arguments are inputs, and which part of the form."""
        if leaves.whole:
            leaves.settle(self._whole.inputs(leaves))

    def positions(self, count: int) -> list[int]:
        """Return which of so many positional arguments are differentiated."""
        found = self._positions.get(count)
        if found is None:
            found = self._positions[count] = positions_of(self._f, self._options["argnums"], count)
        return found

    def stay_constant(self, args: tuple[Any, ...], kwargs: dict[str, Any], places: set[int]) -> Any:
        """Make whole numbers of arguments part of programs, for good: those at some places, or all.

        Returns:
            A function that takes it back.
        """
        leaves = Leaves(args, kwargs, self.positions(len(args)))
        return self._whole.stay_constant(leaves, places)

    def exact(self, leaves: Leaves) -> Signature | None:
        """Return the signature of just these arguments."""
        return self.of(leaves.form, leaves.shapes)

    def of(self, form: Any, shapes: tuple[Any, ...]) -> Signature | None:
        """Return the signature of that form and these shapes of the leaves, if there is one in this state."""
        for signature in self._kept.get((form, shapes), ()):
            if signature.state.holds():
                signature.used = next(_uses)
                return signature
        return None

    def _keep(self, signature: Signature) -> Signature:
        """Keep a signature, and let go of what was used least recently if there is too much.

        That is one of its form in another state, and all those of another form.
        """
        key = signature.form, signature.shapes
        with LOCK:
            alike = self._kept.get(key, ())
            gone = [min(alike, key=_last_use)] if len(alike) >= STATES else []
            self._kept[key] = (signature, *[each for each in alike if each not in gone])
            while len(self._kept) > self._options["max_forms"]:
                oldest = min(self._kept, key=lambda key: max(map(_last_use, self._kept[key])))
                gone += self._kept.pop(oldest)
        for each in gone:
            each.plans.clear()  # which refer to it
        return signature

    def latest(self) -> Signature:
        """Return the signature of the latest call or, before there was one, of the latest recording.

        Raises:
            RuntimeError: nothing has been recorded yet.
        """
        latest = [*([self.last] if self.last else []), *reversed(self.signatures)]
        signature = next((s for s in latest if s.paths), None)
        if signature is None:
            raise RuntimeError(
                f"nothing has been recorded yet; call {name_of(self._f)}, or its record(...), with example "
                "arguments first"
            )
        return signature

    # Recording

    def new(
        self, args: Sequence[Any], kwargs: dict[str, Any], followed: list[Trace] | None = None
    ) -> Signature:
        """Record a path, the first of these arguments in this state, and return their signature.

        Args:
            args: the positional arguments.
            kwargs: those by keyword.
            followed: to which the call that is followed is added.
        """
        args, kwargs = tuple(map(fresh, args)), {name: fresh(x) for name, x in kwargs.items()}
        leaves = self.leaves(args, kwargs)  # whose form holds copies that nobody changes
        positions = self.positions(len(args))
        args_told, kwargs_told = with_inputs(args, kwargs, positions, leaves.form)
        arguments = Arguments(args_told, kwargs_told, positions, parameter_names(self._f, len(args)))
        signature = Signature(leaves.form, leaves.shapes, arguments, self.outside)
        self.new_path(signature, flat(leaves.numbers), followed)
        with LOCK:  # another thread may have recorded it at the same time
            return self.of(leaves.form, leaves.shapes) or self._keep(signature)

    def new_path(
        self, signature: Signature, numbers: Sequence[float], followed: list[Trace] | None = None
    ) -> RecordedPath:
        """Record the path that the function takes for some numbers; one that is there already is kept.

        Args:
            signature: that of the arguments.
            numbers: their numbers.
            followed: to which the call that is followed is added.

        Raises:
            CompileError: a program cannot repeat what the function does, or there are too many paths.
            HoldsValues: it reads a Value of a transformation around this call, and so derives nothing; or
                what it reads changes during all recordings, as by another thread.
        """
        path = self._recorded(signature, numbers, followed)
        with LOCK:
            for other in signature.paths:  # another thread may have recorded it at the same time
                if other.program == path.program and [*map(id, other.captured)] == [*map(id, path.captured)]:
                    return other
                if other.takes_in(path):
                    return other
            others = [other for other in signature.paths if not path.covers(other)]
            signature.paths[:] = [path, *self._with_room(others, signature)]
        return path

    def _with_room(self, paths: list[RecordedPath], signature: Signature) -> list[RecordedPath]:
        """Return some paths, less one where there are as many as may be.

        Raises:
            CompileError: all are to be kept.
        """
        if len(paths) < self._options["max_paths"]:
            return paths
        if signature.arguments.whole:
            raise NeedsNumbers  # each of them may lead along paths of its own
        held = [path for path in paths if path.held]
        if not held:
            raise CompileError(
                f"{name_of(self._f)} has taken {self._options['max_paths']} different paths for arguments of "
                "one form, and now takes another one: its branches seem to turn out anew with nearly every "
                "call. Raise max_paths, write the branches with math.maximum, math.relu, math.clip, "
                "math.sort and the like, or use grad() without compile"
            )
        return [path for path in paths if path is not held[-1]]  # the oldest

    def _recorded(
        self, signature: Signature, numbers: Sequence[float], followed: list[Trace] | None
    ) -> RecordedPath:
        """Record a path in the state that the function is in, once that changes no more."""
        arguments, state = signature.arguments, signature.state if signature.paths else None
        settled = True
        for turn in range(1, ROUNDS + 1):
            watch = Watch(self.outside, arguments, state, sure=turn == ROUNDS)
            path, trace = record(self._f, arguments, numbers, self._single, self._options["check"], watch)
            if path.captured and _are_differentiated_by(path.captured):
                raise HoldsValues
            if watch.settled():
                break
            state, settled = watch.state, False
        else:
            raise HoldsValues  # so it is called as it is
        if not settled:
            signature.paths = []  # they were recorded before it changed
        signature.state = watch.state
        path.checkpoint = self._options.get("checkpoint", False)
        if followed is not None:
            followed.append(trace)
        return path

    # Pickles

    def portable(self) -> list[Any]:
        """Return what can travel: paths to which no Value from outside belongs, and no function of Python."""
        with LOCK:
            return [
                (
                    s.form,
                    s.shapes,
                    s.arguments,
                    s.digest,
                    [path for path in s.paths if not (path.captured or path.program.calls)],
                )
                for s in self.signatures
            ]

    def add(self, portable: Sequence[Any]) -> None:
        """Add what has travelled, unless there is that of these arguments already."""
        with LOCK:
            for form, shapes, arguments, digest, paths in portable:
                if all(s.digest != digest for s in self._kept.get((form, shapes), ())):
                    signature = Signature(form, shapes, arguments, self.outside, digest)
                    signature.paths = list(paths)
                    if isinstance(form, Form):
                        self._whole.add(form)
                    self._keep(signature)
                    self.last = signature


def _are_differentiated_by(values: Sequence[Value]) -> bool:
    """Say whether a transformation under way differentiates by some Values, or by what they are made of."""
    todo, seen = [*values], {*values}
    while todo:
        x = todo.pop()
        if isinstance(x, Variable) and getattr(x, "serial", -1) >= 0:
            return True
        more = [operand for operand in x.operands if isinstance(operand, Value) and operand not in seen]
        seen.update(more)
        todo += more
    return False
