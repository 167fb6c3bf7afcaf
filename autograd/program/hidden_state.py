"""What may change where no guard sees it: what a body of a scan uses of that kind, every turn must use.

A random number generator, an iterator or a file keeps its state in C, or in attributes that only the code of
a library reads. A call may change it, and the next one then does something else, for the same arguments.
"""

from __future__ import annotations

from functools import partial
from math import prod
from operator import attrgetter, itemgetter, methodcaller
from re import Pattern
from types import (
    BuiltinFunctionType,
    CellType,
    FunctionType,
    MethodType,
    MethodWrapperType,
    ModuleType,
    SimpleNamespace,
)
from typing import Any

from ..derivatives.trees import is_array
from ..engine import Value
from .guards import CONTAINERS, LARGE, Guard, KeptArray, never_changes
from .visiting import MOST, PACKAGE, WALKED, Visit

_MODULES = frozenset({"random", "secrets", "time", "uuid", "numpy.random"})
"""Modules whose functions give something else at every call."""

_NAMES = frozenset(
    {"random", "globals", "locals", "exec", "eval", "open", "input", "environ", "urandom", "type"}
)
"""Names by which code gets at what is not visited: `numpy.random`, and globals by their names as text.

`type(x)` tells what stands for a float that is scanned from a float.
"""

_CLASSES = frozenset({"floating", "float64", "inexact", "number", "generic"})
"""Classes of NumPy, to which such a float does not belong where an element of an array does."""

_TYPES = (
    Value, BuiltinFunctionType, CellType, FunctionType, MethodType, MethodWrapperType, Pattern,
    SimpleNamespace, attrgetter, itemgetter, methodcaller, partial, property, type,
)  # fmt: skip
"""What has no state of its own, or one that guards see."""

_BASES = frozenset({object, list, dict, tuple, set, frozenset, float, int, str, bytes, BaseException})
"""Classes of Python itself whose objects have no other state than what guards see."""

_WITHOUT_STATE = frozenset({"abc", "collections.abc", "enum", "typing", "typing_extensions"})
"""Modules of classes that only say what others must have."""

_OURS = tuple([f"{PACKAGE}.{room}" for room in ("derivatives", "engine", "ops", "math", "program")])
"""Rooms of this package whose objects call what they have, which is visited."""


def may_be_hidden(visit: Visit) -> bool:
    """Say whether what was visited may have state that changes and that its guards do not see."""
    reads = visit.reads
    names = reads.names | reads.attributes
    if len(visit.guards) >= MOST or not _NAMES.isdisjoint(names):
        return True
    if "isinstance" in names and not _CLASSES.isdisjoint(names):
        return True
    if any(_is_looked_at_in_part(guard) for guard in visit.guards.values()) and (
        reads.changes or not reads.stored.isdisjoint(guard.name for guard in visit.guards.values())
    ):
        return True
    return not _MODULES.isdisjoint(reads.modules) or any(_hides(thing, visit) for thing in visit.things)


def _is_looked_at_in_part(guard: Guard) -> bool:
    """Say whether a guard is that of an array of which only some numbers are compared."""
    if not isinstance(guard.kept, KeptArray):
        return False
    _, dtype, shape, _ = guard.kept.kept
    return bool(dtype.itemsize * prod(shape) > LARGE)


def _hides(thing: Any, visit: Visit) -> bool:
    if isinstance(thing, ModuleType):
        return thing.__name__ in _MODULES
    if isinstance(thing, _TYPES) or type(thing) in CONTAINERS or is_array(thing) or never_changes(thing):
        return False
    kind: Any = type(thing)
    if hasattr(kind, "__get__") or kind.__name__ in ("ufunc", "_lru_cache_wrapper"):
        return False  # a descriptor; a function that is called for what it is given
    return any(_base_hides(base, visit) for base in kind.__mro__)


def _base_hides(base: type, visit: Visit) -> bool:
    module = base.__module__
    if base in _BASES or base in CONTAINERS or module in _WITHOUT_STATE:
        return False
    if module.startswith((WALKED, *_OURS)) or module == "array":
        return False
    return visit.foreign(module)
