"""Python's interface for C, as machine code uses it: addresses, and functions that Python calls at once.

Of objects only their type is read from memory, which stands last in the head that every object has, and of
arrays what `driver` reads too; the first use compares that with what Python says. All else is asked of
functions of the stable interface (PEP 384).
"""

from __future__ import annotations

import ctypes
import sys
from functools import cache
from types import CellType, MethodType
from typing import Any

from .machine import MachineCode

HEAD = object.__basicsize__
TYPE = HEAD - ctypes.sizeof(ctypes.c_void_p)
"""Where the address of its type stands in an object."""

REFERENCES = TYPE - 8
"""Where an object has how many references to it there are, with one thread at a time."""

DATA, DIMENSIONS, SHAPE, STRIDES, DTYPE = HEAD, HEAD + 8, HEAD + 16, HEAD + 24, HEAD + 40
"""Where these stand in an array (PyArrayObject_fields of NumPy's binary interface)."""

ARRAY_PARTS = TYPE, DATA, DIMENSIONS, SHAPE, STRIDES, DTYPE
"""The words by which an array is known to be as it was, but for what is at the addresses among them."""

VALUE, CELL, METHOD, BUFFER = HEAD, HEAD, HEAD, HEAD
"""Where a float has its number, a cell what is in it, a method its function, and what `ctypes` has made, such
as an array, the address of its memory."""

ITEMS = tuple.__basicsize__
"""Where a tuple has the first of its items."""

SIZE, ITEMS_OF_LIST = HEAD, HEAD + 8
"""Where tuples and lists have how many items there are, and a list the address of the first."""

TAG = HEAD + 8
"""Where a dict has a number that changes with whatever is put in or taken out (PEP 509), if it has one."""

_FASTCALL, _KEYWORDS = 0x80, 0x02  # METH_FASTCALL and METH_KEYWORDS of methodobject.h


class _Definition(ctypes.Structure):
    """A PyMethodDef."""

    _fields_ = (
        ("name", ctypes.c_char_p),
        ("function", ctypes.c_void_p),
        ("flags", ctypes.c_int),
        ("doc", ctypes.c_char_p),
    )


class Link(tuple[Any, ...]):
    """What a function in machine code belongs to: what it asks, what it hands on to, an owner, and more.

    The first is a function that says whether the machine code counts, or None; the second takes the arguments
    of the machine code; the owner is an object whose attribute of the function's name is it or does the same.
    What follows is the affair of what has made it.
    """

    __slots__ = ()

    def __reduce__(self) -> Any:
        return _itself, (self[2],)  # so the function is, in a pickle, that attribute


def _itself(thing: Any) -> Any:
    return thing


class Callable:
    """Machine code that Python calls with its fast-call protocol (PEP 590).

    Attributes:
        entry: the address of the function `entry`.

    Args:
        code: the machine code, in which the function `entry` gets a Link, the addresses of the arguments, how
            many there are by position, and the tuple of the names of those by keyword.
        name: that of the functions of Python.
        objects: the objects whose addresses stand in it.
        left: how many calls it is for, which it counts itself; None if it does not.
    """

    def __init__(
        self, code: MachineCode, name: str, objects: list[Any], left: ctypes.c_int64 | None = None
    ) -> None:
        self._kept = code, objects
        self._left = left
        self.entry = code.address("entry")
        self._name = name
        self._definitions: dict[int, _Definition] = {}

    @property
    def over(self) -> bool:
        """Whether it has been called as often as it is for, and hands on all calls."""
        return self._left is not None and self._left.value < 0

    def of(self, link: Link, address: int | None = None) -> Any:
        """Return a function of Python that has a link; it keeps both, and the code.

        Args:
            link: the link.
            address: a function of machine code that is called in the place of `entry`, and may call that.
        """
        address = address or self.entry
        if address not in self._definitions:
            doc = f"{self._name}($self, /, *args, **kwargs)\n--\n\nMachine code of a compiled function."
            kept = self._name.encode(), address, _FASTCALL | _KEYWORDS, doc.encode()
            self._definitions.setdefault(address, _Definition(*kept))  # another thread may be here, too
        return _new_function()(ctypes.addressof(self._definitions[address]), link, self)


@cache
def _new_function() -> Any:
    kind = ctypes.PYFUNCTYPE(ctypes.py_object, ctypes.c_void_p, ctypes.py_object, ctypes.py_object)
    return kind(("PyCFunction_NewEx", ctypes.pythonapi))


@cache
def address_of(name: str) -> int:
    """Return the address of a function of Python's interface."""
    return ctypes.cast(getattr(ctypes.pythonapi, name), ctypes.c_void_p).value or 0


@cache
def maker_of_arrays() -> int | None:
    """Return the address of PyArray_NewFromDescr of NumPy's interface for C; None if it is not found."""
    import numpy as np

    core = getattr(np, "_core", None) or np.core
    capsule = getattr(core.multiarray, "_ARRAY_API", None)
    if type(capsule).__name__ != "PyCapsule":
        return None
    pointer_in = ctypes.pythonapi.PyCapsule_GetPointer
    pointer_in.restype, pointer_in.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]
    table = (ctypes.c_size_t * 95).from_address(pointer_in(capsule, None))
    return table[94] if table[2] == id(np.ndarray) else None  # as in numpy/__multiarray_api.h


def call(result: str, name: str, *operands: str) -> str:
    """Return the instruction that calls a function of Python's interface."""
    return f"call {result} inttoptr (i64 {address_of(name)} to ptr)({', '.join(operands)})"


def pointer(thing: Any) -> str:
    """Return an object, which somebody must keep, as an operand."""
    return f"inttoptr (i64 {id(thing)} to ptr)"


@cache
def is_as_expected() -> bool:
    """Say whether objects are where this release of the package expects them."""
    if sys.implementation.name != "cpython" or ctypes.sizeof(ctypes.c_void_p) != 8:
        return False
    things = [1.5, 3, (1.5,), [], None, True, "text", {}]
    if any(word(x, TYPE) != id(type(x)) for x in things):
        return False
    return _parts_are_as_expected() and _array_is_as_expected()


def word(thing: Any, offset: int) -> int:
    """Return the word that stands somewhere in an object."""
    return ctypes.c_size_t.from_address(id(thing) + offset).value


def _parts_are_as_expected() -> bool:
    import numpy as np

    link, cell, buffer = Link((2.5, "text")), CellType("text"), (ctypes.c_int64 * 2)(1, 2)
    method = MethodType(_itself, link)
    found = [word(link, ITEMS), word(link, ITEMS + 8), word(cell, CELL), word(method, METHOD)]
    objects = [id(link[0]), id(link[1]), id(cell.cell_contents), id(_itself)]
    sizes = [word(link, SIZE), word([*link], SIZE)]
    listed = [*link, 3]
    at = (ctypes.c_size_t * 3).from_address(word(listed, ITEMS_OF_LIST))
    if sizes != [2, 2] or [*at] != [*map(id, listed)]:
        return False
    numbers = [ctypes.c_double.from_address(id(x) + VALUE).value for x in (1.5, np.float64(2.5))]
    there = word(buffer, BUFFER) == ctypes.addressof(buffer)
    return there and found == objects and numbers == [1.5, 2.5]


@cache
def counts_references() -> bool:
    """Say whether objects have how many references to them there are, and nothing beside that."""
    alone: tuple[list[int]] = ([],)
    count = ctypes.c_size_t.from_address(id(alone[0]) + REFERENCES)
    one = count.value
    another = alone[0]
    return is_locked() and (one, count.value) == (1, 2) and another is alone[0]


@cache
def has_tags() -> bool:
    """Say whether dicts have tags that tell of every change."""
    if sys.version_info >= (3, 13) or not is_locked():
        return False
    things: dict[str, Any] = {"a": 1}
    tags = [word(things, TAG)]
    for value in (2, 3, None):
        things["a"] = value
        tags.append(word(things, TAG))
    things["b"] = 1
    tags.append(word(things, TAG))
    del things["b"]
    tags.append(word(things, TAG))
    return len({*tags}) == len(tags) and things["a"] is None and word(things, TAG) == tags[-1]


def is_locked() -> bool:
    """Say whether one thread runs at a time."""
    return bool(getattr(sys, "_is_gil_enabled", lambda: True)())


def _array_is_as_expected() -> bool:
    import numpy as np

    array = np.zeros((3, 5))[1:, ::2]
    shape, strides = ((ctypes.c_ssize_t * 2).from_address(word(array, at)) for at in (SHAPE, STRIDES))
    dimensions = ctypes.c_int.from_address(id(array) + DIMENSIONS).value
    read = (word(array, DATA), word(array, DTYPE), word(array, TYPE), dimensions, *shape, *strides)
    return read == (array.ctypes.data, id(array.dtype), id(np.ndarray), 2, *array.shape, *array.strides)


def in_python() -> str:
    """Return a function of machine code, `in_python`, that applies an object to numbers side by side.

    It puts the result in the place of the first of them, and returns 0; or else 1, with an error set.
    """
    return f"""
define internal i32 @in_python(ptr %function, ptr %numbers, i64 %count, ptr %boxes) noinline {{
start:
  br label %box
box:
  %i = phi i64 [ 0, %start ], [ %i1, %boxed ]
  %more = icmp slt i64 %i, %count
  br i1 %more, label %make, label %apply
make:
  %at = getelementptr double, ptr %numbers, i64 %i
  %x = load double, ptr %at
  %new = {call("ptr", "PyFloat_FromDouble", "double %x")}
  %there = getelementptr ptr, ptr %boxes, i64 %i
  %none = icmp eq ptr %new, null
  br i1 %none, label %drop, label %boxed
boxed:
  store ptr %new, ptr %there
  %i1 = add i64 %i, 1
  br label %box
apply:
  %given = {call("ptr", "PyObject_Vectorcall", "ptr %function", "ptr %boxes", "i64 %count", "ptr null")}
  br label %drop
drop:
  %result = phi ptr [ null, %make ], [ %given, %apply ]
  br label %next
next:
  %j = phi i64 [ %i, %drop ], [ %j1, %dropped ]
  %left = icmp sgt i64 %j, 0
  br i1 %left, label %dropped, label %read
dropped:
  %j1 = sub i64 %j, 1
  %old = getelementptr ptr, ptr %boxes, i64 %j1
  %box1 = load ptr, ptr %old
  {call("void", "Py_DecRef", "ptr %box1")}
  br label %next
read:
{_unboxing()}
}}"""


def _unboxing() -> str:
    return f"""
  %failed = icmp eq ptr %result, null
  br i1 %failed, label %bad, label %unbox
unbox:
  %y = {call("double", "PyFloat_AsDouble", "ptr %result")}
  {call("void", "Py_DecRef", "ptr %result")}
  store double %y, ptr %numbers
  %odd = fcmp oeq double %y, -1.0
  br i1 %odd, label %ask, label %good
ask:
  %error = {call("ptr", "PyErr_Occurred")}
  %fine = icmp eq ptr %error, null
  br i1 %fine, label %good, label %bad
good:
  ret i32 0
bad:
  ret i32 1"""


def data_of() -> str:
    """Return a function of machine code, `data_of`, that reads a number out of an attribute.

    It returns 0, or else 1, without an error.
    """
    return f"""
define internal i32 @data_of(ptr %object, ptr %name, ptr %numbers) noinline {{
  %found = {call("ptr", "PyObject_GetAttr", "ptr %object", "ptr %name")}
  %failed = icmp eq ptr %found, null
  br i1 %failed, label %clear, label %look
clear:
  {call("void", "PyErr_Clear")}
  ret i32 1
look:
  %at = getelementptr i8, ptr %found, i64 {TYPE}
  %type = load ptr, ptr %at
  %is = icmp eq ptr %type, {pointer(float)}
  br i1 %is, label %read, label %no
no:
  {call("void", "Py_DecRef", "ptr %found")}
  ret i32 1
read:
  %x = {call("double", "PyFloat_AsDouble", "ptr %found")}
  {call("void", "Py_DecRef", "ptr %found")}
  store double %x, ptr %numbers
  ret i32 0
}}
"""
