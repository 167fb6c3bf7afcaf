"""The result of a call, made by machine code: floats, arrays, and what they are parts of."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from ...derivatives.trees import Kind, kind_of
from ..paths import RecordedPath
from .call_reuse import Reuse, is_worth
from .python_interface import DATA, ITEMS, ITEMS_OF_LIST, call, maker_of_arrays, pointer
from .scalar_operations import Unwritable
from .scalar_text import Text

Output = Callable[[int], str]
"""Writes, for one of the outputs, its name."""

MANY = 16
"""From how many numbers side by side on a list is filled by a loop."""


class _Part(float):
    """The place of a number, or of an array, among the outputs; for containers that look at it, a number."""

    start: int
    shape: tuple[int, ...] | None
    size: int


class ResultWriter:
    """Writes what makes the result of a mode.

    Args:
        text: where it is written.
        path: the path.
        mode: the mode.
        output: writes, for one of the outputs, its name.
        outputs: where all outputs lie side by side, a name and how many bytes behind it; None if they do not.
    """

    def __init__(
        self,
        text: Text,
        path: RecordedPath,
        mode: str,
        output: Output,
        outputs: tuple[str, int] | None = None,
    ) -> None:
        self._text = text
        self._output = output
        self._outputs = outputs
        self._owned: list[str] = []  # what must be given back where memory runs out
        self._drops: dict[tuple[str, ...], str] = {}
        parts = []
        start = 0
        for cell in path.derived(mode).cells:
            part = _Part("nan")
            part.start, part.shape, part.size = start, cell.shape, cell.size
            parts.append(part)
            start += cell.size
        self._result = path.assembled(mode, parts)

    def write(self) -> str:
        """Write what makes the result, and return its name.

        Raises:
            Unwritable: there is something in it that machine code does not make.
        """

        def make() -> str:
            return self._made(self._result, lambda made: self._owned.append(made))

        if not is_worth(self._result, _Part):
            return make()
        return Reuse(self._text, lambda part: self._output(part.start)).write(self._result, make)

    def drops(self) -> str:
        """Return the blocks that give back what there is where memory runs out, and go to `nothing`."""
        blocks = []
        for owned, label in self._drops.items():
            back = "\n".join([call("void", "Py_DecRef", f"ptr {made}") for made in owned])
            blocks.append(f"{label}:\n{back}\nbr label %nothing")
        return "\n".join(blocks)

    def _made(self, thing: Any, attach: Callable[[str], None]) -> str:
        kind, text = type(thing), self._text
        container = kind_of(thing)
        if kind is _Part:
            return self._numbers(thing, attach)
        if container is not None:
            return self._container(container, thing, attach)
        if thing is not None and kind not in (bool, int, str):
            raise Unwritable(str(kind))
        text.objects.append(thing)
        text.add(call("void", "Py_IncRef", f"ptr {pointer(thing)}"))
        attach(pointer(thing))
        return pointer(thing)

    def _new(self, result: str, name: str, *operands: str) -> str:
        """Write a call that makes an object, and what happens where it makes none."""
        return self._found(call(result, name, *operands))

    def _found(self, instruction: str) -> str:
        made = self._text.changing(instruction)
        self._check(self._text.changing(f"icmp eq ptr {made}, null"))
        return made

    def _check(self, failed: str) -> None:
        text, owned = self._text, tuple(self._owned)
        label = self._drops.setdefault(owned, f"drop{len(self._drops)}") if owned else "nothing"
        following = text.fresh()
        text.branch(failed, label, following)
        text.begin(following)

    def _numbers(self, part: _Part, attach: Callable[[str], None]) -> str:
        text = self._text
        if part.shape is None:
            made = self._new("ptr", "PyFloat_FromDouble", f"double {self._output(part.start)}")
            attach(made)
            return made
        made = self._array(part.shape)
        attach(made)
        there = text.changing(f"getelementptr i8, ptr {made}, i64 {DATA}")
        data = text.changing(f"load ptr, ptr {there}")
        if self._outputs is not None:
            source, size = self._there(part.start), f"i64 {8 * part.size}"
            text.add(f"call void @llvm.memcpy.p0.p0.i64(ptr {data}, ptr {source}, {size}, i1 false)")
            return made
        for i in range(part.size):
            at = text.changing(f"getelementptr i8, ptr {data}, i64 {8 * i}")
            text.add(f"store double {self._output(part.start + i)}, ptr {at}")
        return made

    def _array(self, shape: tuple[int, ...]) -> str:
        """Write what makes an array of floats."""
        import numpy as np

        maker, dtype = maker_of_arrays(), np.dtype("f8")
        if maker is None:
            return self._applied(np.empty, shape)
        lengths = (ctypes.c_ssize_t * len(shape))(*shape)
        self._text.objects += [lengths, dtype]
        self._text.add(call("void", "Py_IncRef", f"ptr {pointer(dtype)}"))  # which the array takes over
        there = f"ptr inttoptr (i64 {ctypes.addressof(lengths)} to ptr)"
        kind = f"ptr {pointer(np.ndarray)}, ptr {pointer(dtype)}, i32 {len(shape)}"
        nothing = "ptr null, ptr null, i32 0, ptr null"
        return self._found(f"call ptr inttoptr (i64 {maker} to ptr)({kind}, {there}, {nothing})")

    def _there(self, i: int) -> str:
        """Return the address of an output, where all are side by side."""
        assert self._outputs is not None
        name, offset = self._outputs
        return self._text.new(f"getelementptr i8, ptr {name}, i64 {offset + 8 * i}")

    def _applied(self, function: Any, thing: Any) -> str:
        self._text.objects += [function, thing]
        return self._called(function, pointer(thing))

    def _called(self, function: Any, operand: str) -> str:
        text = self._text
        text.handed = max(text.handed, 1)
        text.add(f"store ptr {operand}, ptr %boxes")
        arguments = [f"ptr {pointer(function)}", "ptr %boxes", "i64 1", "ptr null"]
        return self._new("ptr", "PyObject_Vectorcall", *arguments)

    def _container(self, container: Kind, thing: Any, attach: Callable[[str], None]) -> str:
        kind, text = type(thing), self._text
        items = [*container.items(thing)]
        if kind is dict:
            made = self._new("ptr", "PyDict_New")
            attach(made)
            for key, x in items:
                self._entry(made, key, x)
            return made
        if kind in (list, tuple):
            return self._sequence("Tuple" if kind is tuple else "List", [x for _, x in items], attach)
        like = partial(container.like, thing, [key for key, _ in items])
        text.objects.append(like)
        parts = self._sequence("List", [x for _, x in items], self._owned.append)
        made = self._called(like, parts)
        self._owned.remove(parts)
        text.add(call("void", "Py_DecRef", f"ptr {parts}"))
        attach(made)
        return made

    def _sequence(self, kind: str, parts: Sequence[Any], attach: Callable[[str], None]) -> str:
        made = self._new("ptr", f"Py{kind}_New", f"i64 {len(parts)}")
        attach(made)
        if self._outputs is not None and len(parts) >= MANY and _are_side_by_side(parts):
            self._fill(kind, made, parts[0].start, len(parts))
            return made
        for i, part in enumerate(parts):

            def put(x: str, i: int = i) -> None:
                self._put(kind, made, str(i), x)

            self._made(part, put)
        return made

    def _put(self, kind: str, made: str, i: str, x: str) -> None:
        """Write what puts an object into a new list or tuple, which has nothing to let go."""
        text = self._text
        there = ITEMS if kind == "Tuple" else ITEMS_OF_LIST
        first = text.changing(f"getelementptr i8, ptr {made}, i64 {there}")
        if kind == "List":
            first = text.changing(f"load ptr, ptr {first}")
        text.add(f"store ptr {x}, ptr {text.changing(f'getelementptr ptr, ptr {first}, i64 {i}')}")

    def _fill(self, kind: str, made: str, first: int, count: int) -> None:
        """Write a loop that makes floats of outputs, and puts them into a new list or tuple."""
        text, source = self._text, self._there(first)
        header, after, before = text.fresh(), text.fresh(), text.block
        text.go(header)
        text.begin(header)
        line, i = len(text.lines), text.changing("")
        at = text.changing(f"getelementptr double, ptr {source}, i64 {i}")
        x = self._new("ptr", "PyFloat_FromDouble", f"double {text.changing(f'load double, ptr {at}')}")
        self._put(kind, made, i, x)
        following = text.changing(f"add i64 {i}, 1")
        text.lines[line] = f"{i} = phi i64 [ 0, %{before} ], [ {following}, %{text.block} ]"
        text.branch(text.changing(f"icmp slt i64 {following}, {count}"), header, after)
        text.begin(after)

    def _entry(self, made: str, key: Any, part: Any) -> None:
        self._text.objects.append(key)

        def put(x: str) -> None:
            operands = [f"ptr {made}", f"ptr {pointer(key)}", f"ptr {x}"]
            status = self._text.changing(call("i32", "PyDict_SetItem", *operands))
            self._text.add(call("void", "Py_DecRef", f"ptr {x}"))
            self._check(self._text.changing(f"icmp ne i32 {status}, 0"))

        self._made(part, put)


def _are_side_by_side(parts: Sequence[Any]) -> bool:
    """Say whether parts are numbers, one output after the other."""
    return all(
        type(x) is _Part and x.shape is None and x.start == parts[0].start + i for i, x in enumerate(parts)
    )
