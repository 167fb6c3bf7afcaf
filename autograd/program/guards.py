"""Guards: what a function read from outside when it was recorded, and a quick function that reads it anew.

Every guard has the text of the expression by which the function itself would read, and a `Kept`, which knows
the text of the comparison. All guards of a state become one Python function that has the very globals and
closure of what is guarded, so that a guard costs some nanoseconds.
"""

from __future__ import annotations

import os
import sys
from collections import ChainMap, Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable, Sequence
from enum import Enum
from marshal import dumps
from operator import is_
from types import BuiltinFunctionType, CellType, CodeType, FunctionType, MappingProxyType, ModuleType
from typing import Any

from ..derivatives.trees import is_array
from ..derivatives.wrapped import Function
from ..engine import Value

LARGE = 1 << 20
"""The bytes of an array from which on only some of its numbers are compared."""

SOME = 1000
"""How many these are, about."""

FEW = 16
"""Up to how many numbers in a container are compared with their types."""

MAPPINGS = (OrderedDict, defaultdict, Counter, ChainMap, MappingProxyType, type(os.environ))
"""What is like a dict."""

CONTAINERS = (list, dict, set, deque, bytearray, *MAPPINGS)
"""What has parts and is changed in place, apart from arrays."""

MISSING: Any = type("Missing", (), {"__repr__": lambda self: "missing"})()


class Kept:
    """What was read, as something that can tell later whether it is still the same; here: the same object.

    Args:
        thing: what was read.
    """

    def __init__(self, thing: Any) -> None:
        self.kept = thing

    def holds(self, now: Any) -> bool:
        """Say whether what is read now is the same."""
        return now is self.kept

    def test(self, now: str, name_of: Callable[[Any], str]) -> str:
        """Return `holds` as text.

        Args:
            now: the expression of what is read now.
            name_of: gives objects that the text needs a name.
        """
        return f"{now} is {name_of(self.kept)}"

    def digest(self) -> Any:
        """Return what can be compared with what another process has in its place."""
        thing = self.kept
        if isinstance(thing, FunctionType):
            return _code_digest(thing.__code__)
        named = isinstance(thing, (type, ModuleType, BuiltinFunctionType))
        return thing.__name__ if named else type(thing).__qualname__


def _code_digest(code: CodeType) -> Any:
    constants = [_code_digest(x) if isinstance(x, CodeType) else _text(x) for x in code.co_consts]
    return code.co_code, code.co_names, constants


def _text(thing: Any) -> str:
    """Return the text of what never changes, the same in every process."""
    if isinstance(thing, (tuple, frozenset)):
        texts = [*map(_text, thing)]
        return f"{type(thing).__name__}{sorted(texts) if isinstance(thing, frozenset) else texts}"
    return repr(thing)


class KeptNumber(Kept):
    """A number, a text, or what else never changes itself: the same if of one type and equal."""

    def holds(self, now: Any) -> bool:
        return same(now, self.kept)

    def test(self, now: str, name_of: Callable[[Any], str]) -> str:
        kept = name_of(self.kept)
        return f"({now} is {kept} or {name_of(same)}({now}, {kept}))"

    def digest(self) -> Any:
        return type(self.kept).__qualname__, _text(self.kept)


class _KeptCopy(Kept):
    """What may change in place: a copy of what is in it.

    Attributes:
        copied: makes the copy.
    """

    copied: Callable[[Any], Any]

    def __init__(self, thing: Any) -> None:
        super().__init__(type(self).copied(thing))

    def holds(self, now: Any) -> bool:
        return bool(type(self).copied(now) == self.kept)

    def test(self, now: str, name_of: Callable[[Any], str]) -> str:
        return f"{name_of(type(self).copied)}({now}) == {name_of(self.kept)}"


class KeptContents(_KeptCopy):
    """A container of numbers and texts, nested or not, as the bytes that `marshal` makes of it."""

    @staticmethod
    def copied(thing: Any) -> bytes:
        """Return the contents as bytes, with the types of all that is in it.

        Raises:
            ValueError: there is something in it that is no number, text, or container of these.
        """
        kind = type(thing)
        if kind in (list, tuple, dict, set, frozenset):
            return dumps(thing, 2)
        if kind is bytearray or kind.__module__ == "array":
            return kind.__name__.encode() + repr(getattr(thing, "typecode", "")).encode() + bytes(thing)
        return dumps([kind.__name__, *(thing.items() if kind in MAPPINGS else thing)], 2)

    def digest(self) -> Any:
        return self.kept


class KeptArray(_KeptCopy):
    """An array of numbers: the same if it has the type, the shape and the numbers."""

    @staticmethod
    def copied(thing: Any) -> Any:
        """Return the type, the shape, and the numbers as bytes; of a large array, some of them."""
        large = thing.nbytes > LARGE
        numbers = (thing.flat[:: thing.size // SOME + 1] if large else thing).tobytes()
        return type(thing), thing.dtype, thing.shape, numbers

    def digest(self) -> Any:
        return str(self.kept[1]), self.kept[2:]


class KeptItems(Kept):
    """A container of many things or of objects: the parts are the same ones, each guarded for itself.

    A list is compared with its copy, which takes two nanoseconds for each part that is the same object. So
    in a long one a number may be replaced by an equal one of another type.
    """

    def __init__(self, thing: Any) -> None:
        parts = _parts(thing)
        self._quick = type(thing) in (list, dict, set, deque) and all(_told_by_equality(x) for x in parts)
        super().__init__(thing.copy() if self._quick else parts)

    def holds(self, now: Any) -> bool:
        if not self._quick:
            return _have_parts(now, self.kept)
        return bool(now == self.kept and (type(now) is not dict or [*now] == [*self.kept]))

    def test(self, now: str, name_of: Callable[[Any], str]) -> str:
        kept = name_of(self.kept)
        if not self._quick:
            return f"{name_of(_have_parts)}({now}, {kept})"
        order = f" and [*{now}] == {name_of([*self.kept])}" if type(self.kept) is dict else ""
        return f"{now} == {kept}{order}"

    def digest(self) -> Any:
        return [_text(x) if never_changes(x) else type(x).__qualname__ for x in _parts(self.kept)]


def _told_by_equality(thing: Any) -> bool:
    """Say whether a thing is equal to itself and to what gives the same, as Values of one number do."""
    compared: Any = type(thing).__eq__
    simple = isinstance(thing, (Value, list, dict, set)) or compared is object.__eq__
    return simple or never_changes(thing)


def _parts(thing: Any) -> list[Any]:
    if isinstance(thing, (dict, *MAPPINGS)):
        return [*thing.keys(), *thing.values()]
    return thing.ravel().tolist() if is_array(thing) else [*thing]


def _have_parts(thing: Any, parts: Sequence[Any]) -> bool:
    now = _parts(thing)
    return len(now) == len(parts) and all(map(is_, now, parts))


def are_few(thing: Any) -> bool:
    """Say whether there are few numbers in a container, however nested."""
    todo, seen = [thing], 0
    while todo and seen <= FEW:
        part = todo.pop()
        if isinstance(part, (list, tuple, dict, set, frozenset, deque, *MAPPINGS)):
            todo += _parts(part) if len(part) <= FEW else [*range(FEW + 1)]
        seen += 1
    return seen <= FEW


def own_attributes(thing: Any) -> dict[str, Any]:
    """Return the attributes of an object itself, for which no code of its class is called."""
    try:
        return dict(object.__getattribute__(thing, "__dict__"))
    except AttributeError:
        return {}


_UNCHANGING = frozenset({float, int, bool, str, type(None), complex, bytes, range, type(...)})


def never_changes(thing: Any) -> bool:
    """Say whether something is a number, a text or the like, or a tuple of these."""
    kind = type(thing)
    if kind in _UNCHANGING:
        return True
    if kind is tuple or kind is frozenset:
        return all(map(never_changes, thing))
    if isinstance(thing, Enum) or kind.__module__ in ("fractions", "decimal", "_decimal", "datetime"):
        return True
    numpy = sys.modules.get("numpy")
    return numpy is not None and isinstance(thing, (numpy.generic, numpy.dtype))


def same(a: Any, b: Any) -> bool:
    """Say whether two things are of one type and equal; NaN equals NaN, and -0.0 is not 0.0."""
    if type(a) is not type(b):
        return False
    if isinstance(a, (float, complex)):
        return repr(a) == repr(b)
    if isinstance(a, tuple):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, frozenset):
        return KeptContents.copied(a) == KeptContents.copied(b)
    return bool(a == b)


Key = tuple[str, int, str]
"""What tells a guard from guards of other things."""


class Guard:
    """Something that a function reads from outside.

    Attributes:
        how: "cell", "global", "attribute", "method" (of an object: it is a new object each time), "absent"
            (an attribute that is missing), or "contents" (of something that is held as it is).
        holder: what it is read from.
        name: its name there.
        owner: how messages call the holder.
        kept: what was read.
    """

    __slots__ = ("holder", "how", "kept", "name", "owner")

    def __init__(self, how: str, holder: Any, name: str, owner: str, kept: Kept) -> None:
        self.how = how
        self.holder = holder
        self.name = name
        self.owner = owner
        self.kept = kept

    @property
    def key(self) -> Key:
        """What tells it from guards of other things."""
        return self.how, id(self.holder), self.name

    def __str__(self) -> str:
        what = {"cell": "the variable", "global": "the global", "contents": "what is in"}
        return f"{what.get(self.how, 'the attribute')} {self.name!r} of {self.owner}"

    def holds(self) -> bool:
        """Say whether what is read is still the same."""
        try:
            return self.kept.holds(self.read())
        except Exception:  # it is not there any more, or cannot be compared
            return False

    def read(self) -> Any:
        """Return what is there now."""
        if self.how == "cell":
            return self.holder.cell_contents
        if self.how == "global":
            return read_global(self.holder, self.name)
        if self.how == "contents":
            return self.holder
        if self.how == "method":
            return getattr(self.holder, self.name).__func__
        return getattr(self.holder, self.name, MISSING)


def read_global(names: dict[str, Any], name: str) -> Any:
    """Return what a global name means in a module: what the module has, a builtin, or MISSING."""
    return names[name] if name in names else builtins_of(names).get(name, MISSING)


def builtins_of(names: dict[str, Any]) -> dict[str, Any]:
    """Return the builtins that a module has."""
    builtins = names.get("__builtins__", {})
    return builtins if isinstance(builtins, dict) else vars(builtins)


class Writer:
    """Writes guards as one expression, in a function that has the globals of one of them.

    Args:
        guards: the guards.
    """

    def __init__(self, guards: Sequence[Guard]) -> None:
        self._objects: dict[int, tuple[str, Any]] = {}
        self._cells: dict[str, CellType] = {}
        self._globals: dict[str, Any] = next((g.holder for g in guards if g.how == "global"), {})
        tests = [guard.kept.test(self._reading(guard), self.name_of) for guard in guards]
        self._test = " and ".join(tests) or "True"

    def _reading(self, guard: Guard) -> str:
        if guard.how == "cell":
            name = f"_autograd_cell_{id(guard.holder)}"
            self._cells[name] = guard.holder
            return name
        if guard.how == "global" and guard.holder is self._globals and guard.name.isidentifier():
            return guard.name
        holder = self.name_of(guard.holder)
        if guard.how == "global" and guard.name in guard.holder:
            return f"{holder}[{guard.name!r}]"
        if guard.how == "global":  # a builtin, unless the module gets something of that name
            return f"{holder}.get({guard.name!r}, {self.name_of(builtins_of(guard.holder))}[{guard.name!r}])"
        if guard.how == "contents":
            return holder
        if guard.how == "absent":
            return f"{self.name_of(getattr)}({holder}, {guard.name!r}, {self.name_of(MISSING)})"
        return f"{holder}.{guard.name}{'.__func__' if guard.how == 'method' else ''}"

    def name_of(self, thing: Any) -> str:
        """Return a name for an object in the text."""
        return self._objects.setdefault(id(thing), (f"_autograd_{len(self._objects)}", thing))[0]

    def function(self, parameters: Sequence[str], otherwise: str, body: Sequence[str]) -> Function:
        """Return a function that tests the guards first.

        Args:
            parameters: its parameters.
            otherwise: what it returns where a guard does not hold.
            body: its other lines, in which `name_of` gives objects their names.
        """
        error = self.name_of(Exception)
        defaults = ", ".join([*parameters, *[f"{name}=None" for name, _ in self._objects.values()]])
        lines = [
            f"def around({', '.join(self._cells)}):",
            f" def _autograd_guarded({defaults}):",  # no name that the user may have
            "  try:",
            f"   if not ({self._test}): return {otherwise}",
            f"  except {error}: return {otherwise}",
            *[f"  {line}" for line in body],
            " return _autograd_guarded",
        ]
        namespace: dict[str, Any] = {}
        exec(compile("\n".join(lines), "<guards>", "exec"), namespace)
        code = namespace["around"](*self._cells).__code__
        objects = tuple([thing for _, thing in self._objects.values()])
        closure = tuple([self._cells[name] for name in code.co_freevars])
        return FunctionType(code, self._globals, "guarded", objects, closure)
