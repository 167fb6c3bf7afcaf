"""What the code of a function reads by name: globals, attributes, modules; found without calling it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from types import CodeType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from dis import Instruction

GLOBALS = ("LOAD_GLOBAL", "LOAD_NAME", "LOAD_FROM_DICT_OR_GLOBALS")
ATTRIBUTES = ("LOAD_ATTR", "LOAD_METHOD", "LOAD_SUPER_ATTR", "IMPORT_FROM")
LOADS = (*GLOBALS, *ATTRIBUTES, "LOAD_DEREF", "LOAD_CLASSDEREF", "LOAD_FROM_DICT_OR_DEREF")

BY_NAME = frozenset({"getattr", "hasattr", "attrgetter"})
"""What reads attributes whose names are texts in the code."""

ALL = frozenset({"vars", "__dict__", "asdict", "astuple"})
"""What reads all attributes of an object."""

CHANGING = frozenset(
    "append appendleft add clear discard extend extendleft fill insert move_to_end pop popitem popleft put "
    "remove reverse rotate setdefault sort update".split()
)
"""Methods that change a container in place."""


GIVING = frozenset({"pop", "popitem", "popleft", "setdefault"})
"""Those of them that return what was in it."""

MOVES = frozenset({"COPY", "SWAP", "BINARY_SUBSCR", "LOAD_CONST", "LOAD_FAST", "LOAD_SMALL_INT"})
"""What stands between reading something and giving it back changed."""


class Reads(NamedTuple):
    """What some code reads.

    Attributes:
        names: of globals.
        attributes: of attributes, whatever they are read from.
        asked: of attributes that may be missing, as `getattr(x, "k", 1.0)` reads them.
        modules: those that are imported inside.
        stored: those that it gives another value: globals, attributes, variables of functions around.
        used: those of globals, attributes and variables of functions around that it reads for something else
            than to change them.
        everything: whether it reads attributes whose names are not in the code.
        changes: whether it changes containers in place.
    """

    names: frozenset[str]
    attributes: frozenset[str]
    asked: frozenset[str]
    modules: frozenset[str]
    stored: frozenset[str]
    used: frozenset[str]
    everything: bool
    changes: bool

    def and_those(self, other: Reads) -> Reads:
        """Return what this and other code read together."""
        return Reads(
            self.names | other.names,
            self.attributes | other.attributes,
            self.asked | other.asked,
            self.modules | other.modules,
            self.stored | other.stored,
            self.used | other.used,
            self.everything or other.everything,
            self.changes or other.changes,
        )


_NONE = frozenset[str]()
NOTHING = Reads(_NONE, _NONE, _NONE, _NONE, _NONE, _NONE, False, False)


@lru_cache(4096)
def reads_of(code: CodeType) -> Reads:
    """Return what a code reads, and the code of the functions in it."""
    import dis  # takes some milliseconds to load, and only to record needs it

    names, attributes, modules, stored, used = set(), set(), set(), set(), set()
    matches = changes = False
    instructions = [x for x in dis.get_instructions(code) if x.opname not in ("EXTENDED_ARG", "CACHE")]
    for i, instruction in enumerate(instructions):
        operation, name = instruction.opname, instruction.argval
        if operation in LOADS and not _to_change(name, instructions[i + 1 : i + 12]):
            used.add(name)
        if operation in GLOBALS:
            names.add(name)
        elif operation in ATTRIBUTES:
            attributes.add(name)
        elif operation == "IMPORT_NAME":
            modules.add(name)
        elif operation in ("STORE_GLOBAL", "STORE_NAME", "STORE_DEREF", "STORE_ATTR"):
            stored.add(name)
        elif operation in ("STORE_SUBSCR", "STORE_SLICE", "DELETE_SUBSCR"):
            changes = True
        matches = matches or operation == "MATCH_CLASS"
    texts = frozenset(_identifiers(code.co_consts))
    by_name = not BY_NAME.isdisjoint(names | attributes)
    if matches:  # by names in the code, and by those that the class gives
        attributes |= {*texts, "__match_args__"}
    found = Reads(
        frozenset(names),
        frozenset(attributes),
        texts if by_name else frozenset(),
        frozenset(modules),
        frozenset(stored) | (texts if "setattr" in names else frozenset()),
        frozenset(used) | (texts if by_name else frozenset()),
        (by_name and not texts) or not ALL.isdisjoint(names | attributes),
        changes or not CHANGING.isdisjoint(attributes),
    )
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            found = found.and_those(reads_of(inner))
    return found


def _to_change(name: str, following: Sequence[Instruction]) -> bool:
    """Say whether something is loaded only to be changed: `n += 1`, `calls.append(x)`, `table[key] = x`.

    Args:
        name: its name.
        following: the instructions after it.
    """
    first, *rest = [(x.opname, x.argval, x.argrepr) for x in following] or [("", None, "")]
    if first[0] in ("LOAD_ATTR", "LOAD_METHOD"):
        return first[1] in CHANGING - GIVING
    if not first[0].startswith(("LOAD_CONST", "LOAD_FAST", "LOAD_SMALL")):
        return False
    if rest and rest[0][0] == "STORE_SUBSCR":
        return True
    in_place = False
    for operation, stored, shown in rest:
        if operation == "BINARY_OP" and shown.endswith("="):
            in_place = True
        elif operation.startswith("STORE_"):
            return in_place and (operation == "STORE_SUBSCR" or stored == name)
        elif operation not in MOVES and not (operation == "BINARY_OP" and shown == "[]"):
            return False
    return False


def _identifiers(constants: object) -> list[str]:
    """Return the texts among constants that may be names."""
    if isinstance(constants, str):
        return [constants] if constants.isidentifier() else []
    if isinstance(constants, (tuple, frozenset)):
        return [name for constant in constants for name in _identifiers(constant)]
    return []
