"""What a function reads besides its arguments: found from its code, and guarded.

The function's code, and that of the Python functions that it may call, says the names of the globals and of
the attributes that are read. From the function's closure, globals and defaults, and from the objects among
its arguments, everything is visited that these names lead to. Each thing on the way is a guard, and all of
them make the **state** in which a path was recorded: in another state the path does not count.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ..derivatives.wrapped import Function
from .arguments import Arguments
from .draws import generators, states
from .guards import Guard, KeptArray, KeptContents, KeptItems, Key, Writer
from .locks import once
from .reads import Reads
from .visiting import Visit


class State:
    """What a function read from outside when it was recorded.

    Attributes:
        guards: the guards, in an order that is the same in every process.
        reads: what the code of the functions reads.
        generators: those of random numbers.
    """

    def __init__(self, guards: Sequence[Guard], reads: Reads, generators: Sequence[Any] = ()) -> None:
        self.guards = guards
        self.reads = reads
        self.generators = generators

    @once
    def holds(self) -> Function:
        """A function that says whether all that is read is what it was."""
        return self.question(self.guards) if self.guards else _always

    def question(self, guards: Sequence[Guard]) -> Function:
        """Return a function that says whether what some of the guards read is what it was."""
        return Writer(guards).function((), "False", ["return True"])

    def first_of(self, functions: Sequence[Function], parameters: int) -> Function:
        """Return a function that returns the first result of some functions that is not None.

        It returns None where the state does not hold, and where all of them do. One that raises an error is
        passed over, unless it is the only one.
        """
        if len(functions) == 1 and not self.guards:
            return functions[0]
        writer = Writer(self.guards)
        names = [f"x{i}" for i in range(parameters)]
        calls = [f"{writer.name_of(function)}({', '.join(names)})" for function in functions]
        if len(calls) == 1:
            return writer.function(names, "None", [f"return {calls[0]}"])
        error = writer.name_of(Exception)
        lines = [
            line
            for call in calls
            for line in ("try:", f" y = {call}", " if y is not None: return y", f"except {error}: pass")
        ]
        return writer.function(names, "None", lines)

    def changed(self) -> list[Guard]:
        """Return the guards that do not hold."""
        return [] if self.holds() else [guard for guard in self.guards if not guard.holds()]

    @once
    def digest(self) -> bytes:
        """What can be compared with the state of the function in another process."""
        from hashlib import blake2b

        hashed = blake2b()
        for guard in self.guards:
            hashed.update(repr((guard.how, guard.name, guard.kept.digest())).encode())
        return hashed.digest()

    def may_be_changed_by_itself(self, guard: Guard) -> bool:
        """Say whether the code of the functions changes things of that name, or of that kind."""
        if guard.name in self.reads.stored:
            return True
        mutable = isinstance(guard.kept, (KeptContents, KeptArray, KeptItems))
        return mutable and self.reads.changes

    def is_read(self, guard: Guard) -> bool:
        """Say whether the code of the functions reads something of that name not only to change it."""
        return guard.how in ("cell", "global", "attribute") and guard.name in self.reads.used


class Outside:
    """What a function reads besides its arguments.

    Args:
        f: the function.
    """

    def __init__(self, f: Function) -> None:
        self._f = f
        self._own: dict[Key, Guard] = {}

    def state(self, arguments: Arguments) -> State:
        """Return the state that the function is in.

        Args:
            arguments: its arguments, among which are objects perhaps.
        """
        visit = Visit(self._f, self._own)
        visit.thing(self._f)
        for argument in (*arguments.args, *arguments.kwargs.values()):
            visit.argument(argument)
        visit.attributes()
        return State([*visit.guards.values()], visit.reads, generators(visit))

    def let_go(self, guards: Iterable[Guard]) -> None:
        """Guard something no longer, because the function changes it itself."""
        self._own |= {guard.key: guard for guard in guards}


class Watch:
    """Watches what changes outside while a function is called to be recorded.

    Attributes:
        state: the state after the latest call.

    Args:
        outside: what the function reads.
        arguments: its arguments.
        state: the state before; None to find it.
        sure: whether what every call changes is changed by the function; else its code must show how.
    """

    def __init__(self, outside: Outside, arguments: Arguments, state: State | None, sure: bool) -> None:
        self._outside = outside
        self._arguments = arguments
        self.state = state or outside.state(arguments)
        self._sure = sure
        self._fresh = state is None
        self.start()

    def start(self) -> None:
        """Forget the calls before: none of them is recorded."""
        self._calls = 0
        self._generators, self._drawn = self.state.generators, list[Any]()
        self._changed: dict[Key, tuple[Guard, int]] = {}  # and in how many calls

    def called(self) -> None:
        """Note what the call that just ended has changed."""
        self._calls += 1
        self._drawn.append(states(self._generators))
        changed = self.state.changed()
        for guard in changed:
            _, times = self._changed.get(guard.key, (guard, 0))
            self._changed[guard.key] = guard, times + 1
        if changed:
            self._fresh = True
            self.state = self._outside.state(self._arguments)

    def draws(self) -> bool:
        """Say whether each call draws random numbers, and does not set their generator itself."""
        return any(state != self._drawn[0] for state in self._drawn)

    @property
    def own(self) -> list[Guard]:
        """What the function changes itself, at every call."""
        found = [guard for guard, times in self._changed.values() if times == self._calls]
        return [guard for guard in found if self._sure or self.state.may_be_changed_by_itself(guard)]

    def own_and_read(self) -> Guard | None:
        """Return something that the function changes at every call, and reads besides."""
        return next(filter(self.state.is_read, self.own), None)

    def settled(self) -> bool:
        """Let go what every call changes; say whether all else was the same during all calls.

        It was not where the first call sets something up that later ones find.
        """
        own = self.own
        self._outside.let_go(own)
        before = self.state
        if self._fresh:  # what the function has set up may be read by it, too
            self.state = self._outside.state(self._arguments)
        return len(own) == len(self._changed) and not before.changed()  # by another thread, meanwhile


def _always() -> bool:
    return True
