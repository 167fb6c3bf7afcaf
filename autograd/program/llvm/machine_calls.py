"""A call of a compiled function as machine code: from the arguments to the result, with nothing between.

It is a function in the sense of Python's interface for C, which Python calls with the addresses of the
arguments. It computes what the function of Python that `entry_points` writes computes, to the last bit.
Whatever it does not know it hands on, with all arguments, to another function: arguments of another form, a
branch that turns out otherwise, and where an operation that may raise an error gives inf or NaN.
"""

from __future__ import annotations

import ctypes
from typing import Any

from ..kernels import missing

try:
    import llvmlite.binding  # noqa: F401 (what the modules below need)
except ImportError as error:
    raise missing("llvmlite", error) from error

from ..loops.program import LoopProgram
from ..paths import RecordedPath
from ..straight_line.program import Program
from ..straight_line.simplify import watched
from .call_arguments import ArgumentReader, Input
from .call_results import ResultWriter
from .machine import MachineCode
from .python_interface import Callable, call, data_of, in_python, is_as_expected, pointer
from .scalar_math import declarations
from .scalar_operations import Unwritable, is_known, left_to_python
from .scalar_parts import Nodes, Parts
from .scalar_text import Text

SHORT = 2000
"""Up to how many nodes a program is written all at once."""

QUICKLY, WELL = 0, 2
"""How hard LLVM shall optimise at first, and at last. At first the code is ready in a third of the time, and
slower by a tenth, or by a third where there are many powers. That of a long program stays as it is."""

MANY = 200_000
"""After how many calls the code of a program that is not long is made anew, and well: what that takes, ten
milliseconds or more, is saved in about as many further calls."""

LARGEST = 200_000
"""Up to how many nodes a program is worth the memory that LLVM takes for it."""

ON_STACK = 1 << 13
"""Up to how many numbers a call keeps on the stack."""


def machine_call(path: RecordedPath, mode: str, well: bool) -> Callable | None:
    """Return a mode of a path as machine code; None where that is not possible.

    It hands on what it does not know to the function of its link. The link says, too, whether what the path
    read from outside is as it was.

    Args:
        path: the path.
        mode: the mode.
        well: whether the code shall be good at once. Else it is made quickly, and comes to an end after MANY
            calls.
    """
    if not is_as_expected():
        return None
    short = len(path.derived(mode).program.nodes) <= SHORT
    left = ctypes.c_int64(MANY) if short and not well else None
    try:
        text, objects = _written(path, mode, left)
    except Unwritable:
        return None
    code = MachineCode(text, WELL if short and well else QUICKLY)
    return Callable(code, mode if mode != "value" else "__call__", objects, left)


def _written(path: RecordedPath, mode: str, left: ctypes.c_int64 | None) -> tuple[str, list[Any]]:
    """Return the text of a call, and the objects whose addresses stand in it."""
    program = path.derived(mode).program
    known = len(program.nodes) <= LARGEST and all(map(is_known, program.nodes))
    if isinstance(program, LoopProgram) or not known:
        raise Unwritable("too many operations, or others")
    text = Text("begin")
    reader = ArgumentReader(text, path, mode)
    slow = any(left_to_python(x.op) for x in program.nodes if x.op not in ("input", "number"))
    parts = None
    if slow or len(program.nodes) > SHORT:
        parts = Parts(program, text.functions)
        text.handed = max(text.handed, parts.handed)
        text.objects += parts.objects
        nodes = _in_parts(text, parts, reader.inputs)
    else:
        nodes = _at_once(text, program, reader.inputs)
    result = ResultWriter(text, path, mode, lambda i: nodes.operand(program.outputs[i]))
    made = result.write()
    memory = _Memory(parts.slots if parts is not None else 0)
    body = "\n".join([*text.lines, *memory.given_back(), f"ret ptr {made}", result.drops()])
    functions = [*text.functions.values(), *(parts.texts if parts is not None else [])]
    whole = f"""
define ptr @entry(ptr %self, ptr %args, i64 %count, ptr %names) {{
entry:
  %handed = alloca [{max(text.handed, 1)} x double], align 16
  %boxes = alloca [{max(text.handed, 1)} x ptr], align 16
  %others = icmp ne i64 %count, {reader.count}
  %named = icmp ne ptr %names, null
  %strange = or i1 %others, %named
{memory.taken()}
  %missing = icmp eq ptr %slots, null
  %unfit = or i1 %strange, %missing
{_counted(left)}
  br i1 %over, label %fail, label %begin
begin:
{body}
{_ends(memory)}
}}"""
    needed = [
        write() for write in (in_python, data_of) if f"@{write.__name__}(" in "".join([*functions, body])
    ]
    return "\n".join([declarations(), _COPY, *needed, *functions, whole, _guarded()]), text.objects


def _ends(memory: _Memory) -> str:
    """Return the blocks in which a call ends without a result of its own."""
    return f"""raised:
  %matches = {call("i32", "PyErr_ExceptionMatches", f"ptr {pointer(Exception)}")}
  %interrupt = icmp eq i32 %matches, 0
  br i1 %interrupt, label %nothing, label %clear
clear:
  {call("void", "PyErr_Clear")}
  br label %fail
nothing:
{memory.text()}
  ret ptr null
fail:
{memory.text()}
  %next = {call("ptr", "PyTuple_GetItem", "ptr %self", "i64 1")}
  %theirs = {call("ptr", "PyObject_Vectorcall", "ptr %next", "ptr %args", "i64 %count", "ptr %names")}
  ret ptr %theirs"""


def _counted(left: ctypes.c_int64 | None) -> str:
    """Return the instructions that count a call, and tell whether it is one too many."""
    if left is None:
        return "  %over = or i1 %unfit, false"
    there = f"ptr inttoptr (i64 {ctypes.addressof(left)} to ptr)"
    return f"""  %left = load i64, {there}
  %rest = sub i64 %left, 1
  store i64 %rest, {there}
  %last = icmp slt i64 %rest, 0
  %over = or i1 %unfit, %last"""


_COPY = "declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)"


def _guarded() -> str:
    """Return a function that asks whether all that is read from outside is as it was, and then is `entry`."""
    return f"""
define ptr @guarded(ptr %self, ptr %args, i64 %count, ptr %names) {{
  %holds = {call("ptr", "PyTuple_GetItem", "ptr %self", "i64 0")}
  %answer = {call("ptr", "PyObject_Vectorcall", "ptr %holds", "ptr null", "i64 0", "ptr null")}
  %failed = icmp eq ptr %answer, null
  br i1 %failed, label %nothing, label %answered
answered:
  {call("void", "Py_DecRef", "ptr %answer")}
  %yes = icmp eq ptr %answer, {pointer(True)}
  br i1 %yes, label %same, label %other
same:
  %result = call ptr @entry(ptr %self, ptr %args, i64 %count, ptr %names)
  ret ptr %result
other:
  %next = {call("ptr", "PyTuple_GetItem", "ptr %self", "i64 1")}
  %theirs = {call("ptr", "PyObject_Vectorcall", "ptr %next", "ptr %args", "i64 %count", "ptr %names")}
  ret ptr %theirs
nothing:
  ret ptr null
}}"""


class _Memory:
    """The slots of a call: none, on the stack, or asked for."""

    def __init__(self, slots: int) -> None:
        self._slots = slots

    def taken(self) -> str:
        """Return the instructions that get them, or fail."""
        if not self._slots:
            return "  %slots = getelementptr i8, ptr %handed, i64 0"
        if self._slots <= ON_STACK:
            return f"  %slots = alloca [{self._slots} x double], align 16"
        size = f"i64 {8 * self._slots}"
        return f"  %slots = {call('ptr', 'PyMem_Malloc', size)}"

    def text(self) -> str:
        """Return the instructions that give them back."""
        return "\n".join(self.given_back())

    def given_back(self) -> list[str]:
        """Return the same, line by line."""
        return [call("void", "PyMem_Free", "ptr %slots")] if self._slots > ON_STACK else []


def _at_once(text: Text, program: Program, inputs: list[Input]) -> Nodes:
    """Write a program into a text, in which its inputs are."""

    def load(place: int) -> str:
        name, offset = inputs[place]
        if offset is None:
            return name
        there = text.new(f"getelementptr i8, ptr {name}, i64 {offset}")
        return text.changing(f"load double, ptr {there}, align 1")

    def address(place: int) -> tuple[str, int] | None:
        name, offset = inputs[place] if place < len(inputs) else ("", None)
        return None if offset is None else (name, offset)

    nodes = Nodes(text, program, watched(program), load, address)
    for place in range(len(program.inputs), len(program.nodes)):
        if program.nodes[place].op != "number":
            nodes.write(place)
    text.settle()
    return nodes


def _in_parts(text: Text, parts: Parts, inputs: list[Input]) -> Nodes:
    """Write what hands the inputs to the parts of a program and runs these."""
    place = 0
    while place < len(inputs):
        name, offset = inputs[place]
        there = text.new(f"getelementptr i8, ptr %slots, i64 {8 * place}")
        if offset is None:
            text.add(f"store double {name}, ptr {there}")
            place += 1
            continue
        count = sum(1 for x in inputs[place:] if x.name == name)
        text.add(f"call void @llvm.memcpy.p0.p0.i64(ptr {there}, ptr {name}, i64 {8 * count}, i1 false)")
        place += count
    text.settle()
    for i in range(len(parts.texts)):
        status = text.changing(f"call i32 @part{i}(ptr %slots, ptr %handed, ptr %boxes)")
        going, wrong = text.fresh(), text.fresh()
        text.branch(text.changing(f"icmp eq i32 {status}, 0"), going, wrong)
        text.begin(wrong)
        text.branch(text.changing(f"icmp eq i32 {status}, 1"), "fail", "raised")
        text.begin(going)
    return parts.nodes(text)
