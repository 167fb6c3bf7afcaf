"""Visiting what a function may read besides its arguments: a guard for each thing on the way.

The function's code, and that of the Python functions that it may call, says the names of the globals and of
the attributes that are read. From the function's closure, globals and defaults, and from the objects among
its arguments, everything is visited that these names lead to. Nothing of the user's own is called for that.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from functools import partial
from operator import attrgetter, methodcaller
from types import (
    BuiltinFunctionType,
    CodeType,
    FunctionType,
    MemberDescriptorType,
    MethodType,
    MethodWrapperType,
    ModuleType,
)
from typing import Any

from ..derivatives.trees import is_array, kind_of
from ..derivatives.wrapped import Function
from ..engine import Value
from ..support.messages import name_of
from .constants import besides
from .guards import (
    CONTAINERS,
    MAPPINGS,
    MISSING,
    Guard,
    Kept,
    KeptArray,
    KeptContents,
    KeptItems,
    KeptNumber,
    Key,
    are_few,
    never_changes,
    own_attributes,
    read_global,
)
from .reads import NOTHING, reads_of
from .whole_numbers import Whole

MOST = 10_000
"""How many guards there are at most; what more is read from outside is not guarded."""

FEW = 16
"""Of how many objects it is noticed that a method is replaced on one of them, and not in its class."""

PACKAGE = __name__.partition(".")[0]
BASES = frozenset({PACKAGE, "numpy", *sys.stdlib_module_names})
"""Packages whose functions read nothing that changes."""

WALKED = f"{PACKAGE}.nn"
"""The room of this package whose objects are read as those of the user's own are."""

UNREAD = frozenset(
    "__repr__ __str__ __reduce__ __reduce_ex__ __getstate__ __setstate__ __init_subclass__ __class_getitem__ "
    "__del__ __set_name__".split()
)
"""Special methods that have no say in what a function computes."""


class Visit:
    """Visits all that names in code lead to.

    Attributes:
        guards: a guard for each thing on the way.
        reads: what all code read so far reads.

    Args:
        f: the function.
        own: guards of what it changes itself, which are left out.
    """

    def __init__(self, f: Function, own: dict[Key, Guard]) -> None:
        self.guards: dict[Key, Guard] = {}
        self.reads = NOTHING
        self._f = getattr(f, "__func__", f)
        self._own = own
        self._home = str(getattr(f, "__module__", "")).partition(".")[0]
        self._visited: dict[int, Any] = {}
        self._classes: set[type] = set()
        self._objects: list[Any] = []

    @property
    def things(self) -> list[Any]:
        """All that was visited."""
        return [*self._visited.values()]

    def foreign(self, module: str) -> bool:
        """Say whether a module is of this package, of Python, or was installed as a library."""
        top = module.partition(".")[0]
        if top in BASES:
            return True
        file = getattr(sys.modules.get(top), "__file__", None) or ""
        return top != self._home and ("site-packages" in file or "dist-packages" in file)

    # What is read

    def edge(self, how: str, holder: Any, name: str, owner: str, thing: Any) -> None:
        """Guard what was read, and visit it.

        Args:
            how, holder, name, owner: those of the guard.
            thing: what was read.
        """
        key = (how, id(holder), name)
        if key in self.guards or key in self._own or len(self.guards) >= MOST:
            return
        kept = _kept(thing)
        self.guards[key] = Guard(how, holder, name, owner, kept)
        if type(kept) is Kept:  # there may be more in it
            self.thing(thing)

    def argument(self, thing: Any) -> None:
        """Visit the objects in an argument, whose numbers and containers need no guards."""
        container = kind_of(thing)
        if container is not None:
            self.thing(type(thing))
            parts = [*container.items(thing)]
            for _, x in [*parts, *besides(thing, [key for key, _ in parts])]:
                self.argument(x)
        elif not (is_array(thing) or _mutable(thing) or type(thing) is Whole):
            self.thing(thing)

    def thing(self, thing: Any) -> None:
        """Visit something that was read."""
        if id(thing) in self._visited or never_changes(thing):
            return
        if isinstance(thing, (Value, CodeType)):
            return
        self._visited[id(thing)] = thing
        if isinstance(thing, (BuiltinFunctionType, MethodWrapperType)):
            self.thing(thing.__self__)  # as the dict of `{}.get` is
            return
        if isinstance(thing, FunctionType):
            self._function(thing)
        elif isinstance(thing, MethodType):
            self.thing(thing.__func__)
            self.thing(thing.__self__)
        elif isinstance(thing, type):
            if self._class(thing):
                self._objects.append(thing)
        elif isinstance(thing, ModuleType):
            if not self.foreign(thing.__name__):
                self._objects.append(thing)
        elif is_array(thing) or _mutable(thing) or isinstance(thing, (list, dict, tuple, set, frozenset)):
            self._container(thing)
        else:
            self._object(thing)

    def _container(self, thing: Any) -> None:
        """Visit the parts of a container with objects in it, or of one that nothing guards yet."""
        kind = type(thing).__name__
        key = ("contents", id(thing), kind)
        kept = _kept(thing)
        if not isinstance(thing, (tuple, frozenset)) and key not in self._own:
            kept_parts = KeptItems(thing) if type(kept) is Kept else kept
            self.guards[key] = Guard("contents", thing, kind, "a container", kept_parts)
        if type(kept) is Kept:
            parts: Any = thing.values() if isinstance(thing, (dict, *MAPPINGS)) else thing
            for part in thing.ravel() if is_array(thing) else parts:
                self.thing(part)
            if type(thing).__module__ != "builtins":
                self._object(thing)

    def _function(self, function: FunctionType) -> None:
        self.thing(vars(function).get("__wrapped__"))
        if function is not self._f and self.foreign(str(function.__globals__.get("__name__"))):
            for cell in function.__closure__ or ():  # a decorator's, such as the registry of singledispatch
                if isinstance(cell.cell_contents, (FunctionType, dict)):
                    self.thing(cell.cell_contents)
            return
        code, module, name = function.__code__, function.__globals__, name_of(function)
        reads = reads_of(code)
        self.reads = self.reads.and_those(reads)
        self._home_of(function, module)
        for variable, cell in zip(code.co_freevars, function.__closure__ or (), strict=True):
            with suppress(ValueError):  # it has no value yet
                self.edge("cell", cell, variable, name, cell.cell_contents)
        for read in ("__defaults__", "__kwdefaults__"):
            if getattr(function, read) is not None:
                self.edge("attribute", function, read, name, getattr(function, read))
        for variable in sorted(reads.names):
            thing = read_global(module, variable)
            if self._is_fixed(thing):
                self._visited[id(thing)] = thing
            elif thing is not MISSING:
                self.edge("global", module, variable, str(module.get("__name__")), thing)
        package = str(module.get("__package__"))
        for imported in sorted(reads.modules):
            self.thing(sys.modules.get(imported))
            self.thing(sys.modules.get(f"{package}.{imported}"))
        if vars(function):
            self._objects.append(function)

    def _is_fixed(self, thing: Any) -> bool:
        """Say whether a name stands for a module of this package, of Python or NumPy, as it will ever do."""
        return isinstance(thing, ModuleType) and thing.__name__.partition(".")[0] in BASES

    def _home_of(self, thing: Any, module: dict[str, Any]) -> None:
        """Guard that a module has a function, or a class, under its name.

        Where the module is loaded again, IPython changes the code of what it had before in place.
        """
        name = thing.__qualname__
        if module.get("__name__") != "__main__" and module.get(name) is thing:
            self.edge("global", module, name, str(module.get("__name__")), thing)

    def _read_here(self, function: FunctionType) -> None:
        """Note which attributes the code of a function of this package reads; nothing else of it changes."""
        if id(function) not in self._visited:
            self._visited[id(function)] = function
            reads = reads_of(function.__code__)
            attributes = self.reads.attributes | reads.attributes
            everything = self.reads.everything or reads.everything
            self.reads = self.reads._replace(attributes=attributes, everything=everything)
            for name in reads.names:
                called = function.__globals__.get(name)
                if isinstance(called, FunctionType) and called.__module__.startswith(WALKED):
                    self._read_here(called)

    # Objects, whose attributes are read by name

    def _object(self, thing: Any) -> None:
        own = own_attributes(thing)
        if isinstance(thing, partial):
            self._container((thing.func, thing.args, thing.keywords))
        if isinstance(thing, (attrgetter, methodcaller)):
            names = [name for x in thing.__reduce__()[1] if type(x) is str for name in x.split(".")]
            self.reads = self.reads._replace(attributes=self.reads.attributes | {*names})
        self.thing(own.get("__wrapped__"))
        kind = type(thing)
        if kind.__module__.partition(".")[0] == PACKAGE and not _walked(
            kind
        ):  # what a transformation has made
            self.thing(getattr(thing, "_f", None))
            self.thing(getattr(thing, "_owner", None))
            self.thing(getattr(thing, "_compiled", None))
        elif self._class(kind) or own:
            self._objects.append(thing)
            if isinstance(own.get("data"), (list, dict)):  # as a UserList and a UserDict have it
                self.edge("attribute", thing, "data", kind.__name__, own["data"])

    def _class(self, kind: type) -> bool:
        """Visit the special methods of a class; say whether some of it is the user's own."""
        bases = [x for x in kind.__mro__ if _walked(x) or not self.foreign(x.__module__)]
        for base in bases if kind not in self._classes else ():
            if not _walked(base):
                self._home_of(base, vars(sys.modules.get(base.__module__, sys)))
            for name, member in sorted(vars(base).items()):
                special = name[:2] == "__" == name[-2:] and isinstance(member, FunctionType)
                if not special or name in UNREAD or _generated(base, member):
                    continue
                if not _walked(base) or name == "__call__":
                    self._method(base, name, member, base)
        self._classes.add(kind)
        return bool(bases)

    def _method(self, base: type, name: str, function: FunctionType, thing: Any) -> None:
        """Visit a function of a class, read from an object of it or from the class."""
        if _walked(base):
            self._read_here(function)
        else:
            self.edge("attribute" if thing is base else "method", thing, name, base.__name__, function)

    def attributes(self) -> None:
        """Visit the attributes of all objects, by all names that code reads, until there are no more."""
        done: set[tuple[int, str]] = set()
        more = True
        while more and len(self.guards) < MOST:
            more = False
            names = sorted(self.reads.attributes | self.reads.asked | self._matched())
            for thing in [*self._objects]:
                for name in [*names, *self._all_of(thing)]:
                    if (id(thing), name) not in done:
                        done.add((id(thing), name))
                        more = True
                        self._attribute(thing, name)

    def _all_of(self, thing: Any) -> list[str]:
        """Return all names of an object's own attributes, where code reads them without their names."""
        if not self.reads.everything or isinstance(thing, (type, ModuleType, FunctionType)):
            return []
        return ["__dict__", *sorted(own_attributes(thing))]

    def _matched(self) -> set[str]:
        """Return the names of the attributes that patterns read by their place."""
        if "__match_args__" not in self.reads.attributes:
            return set()
        return {name for kind in self._classes for name in getattr(kind, "__match_args__", ())}

    def _attribute(self, thing: Any, name: str) -> None:
        """Visit an attribute of an object."""
        kind = type(thing)
        owner = thing.__name__ if isinstance(thing, (type, ModuleType, FunctionType)) else kind.__name__
        own = own_attributes(thing)
        if isinstance(thing, type):
            _ = self._members(thing, name, None) or self._members(kind, name, thing)
        elif isinstance(thing, (ModuleType, FunctionType)):
            if name in own:
                self.edge("attribute", thing, name, owner, own[name])
        elif isinstance(kind.__getattribute__, FunctionType):
            return
        elif name == "__dict__" and own:
            self.edge("attribute", thing, name, owner, object.__getattribute__(thing, name))
        elif name in own and not any(hasattr(vars(x).get(name), "__set__") for x in kind.__mro__):
            self.edge("attribute", thing, name, owner, own[name])
        elif not self._members(kind, name, thing) and name in self.reads.asked:
            self.edge("absent", thing, name, owner, MISSING)

    def _members(self, kind: type, name: str, thing: Any) -> bool:
        """Visit what a class and its bases have under a name; say whether there is something.

        Args:
            kind: the class.
            name: the name.
            thing: the object of that class from which it is read; None for the class itself.
        """
        found = False
        for base in kind.__mro__:
            member = vars(base).get(name, MISSING)
            if member is MISSING or base.__module__ == "builtins":
                continue
            read_here, found = not found, True
            foreign = self.foreign(base.__module__)
            if isinstance(member, FunctionType):
                few = read_here and thing is not None and len(self._objects) <= FEW
                if _walked(base) or not foreign:
                    self._method(base, name, member, thing if few else base)
            elif isinstance(member, (staticmethod, classmethod)) and not foreign:
                how = "attribute" if isinstance(member, staticmethod) else "method"
                self.edge(how, base, name, base.__name__, member.__func__)
            elif isinstance(member, MemberDescriptorType):
                value = getattr(thing, name, MISSING)
                if value is not MISSING and value is not member:
                    self.edge("attribute", thing, name, kind.__name__, value)
            elif hasattr(type(member), "__get__"):
                for part in ("fget", "func") if not foreign else ():
                    self.thing(getattr(member, part, None))
                if isinstance(member, property) and not foreign:
                    self.edge("attribute", base, name, base.__name__, member)
                else:
                    self.thing(member)
            elif read_here:
                self.edge("attribute", kind if thing is None else thing, name, kind.__name__, member)
        return found


def _kept(thing: Any) -> Kept:
    """Return what tells later whether something is still the same."""
    if never_changes(thing):
        return KeptNumber(thing)
    if _mutable(thing) and are_few(thing):
        try:
            return KeptContents(thing)
        except ValueError:  # there are objects in it
            return Kept(thing)
    return KeptArray(thing) if is_array(thing) and thing.dtype != object else Kept(thing)


def _mutable(thing: Any) -> bool:
    return type(thing) in CONTAINERS or type(thing).__module__ == "array"


def _walked(kind: type) -> bool:
    return kind.__module__.startswith(WALKED)


def _generated(base: type, method: FunctionType) -> bool:
    """Say whether a method was written by `dataclass`."""
    return "__dataclass_fields__" in vars(base) and method.__code__.co_filename == "<string>"
