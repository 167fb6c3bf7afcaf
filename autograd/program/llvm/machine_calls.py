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
from ..straight_line.program import MARKS, Program
from ..straight_line.simplify import watched
from .call_arguments import ArgumentReader, Input
from .call_memory import Memory
from .call_results import Output, ResultWriter
from .machine import MachineCode
from .python_interface import Callable, call, data_of, in_python, is_as_expected, pointer
from .scalar_loops import LoopNodes, put_into_slots, reads
from .scalar_math import declarations
from .scalar_operations import Unwritable, is_known, left_to_python
from .scalar_parts import Nodes, Parts
from .scalar_text import Text

SHORT = 2000
"""Up to how many nodes a program is written all at once."""

LONGEST = 20_000
"""Up to how many nodes a program with loops is written: its function is not cut."""

QUICKLY, WELL = 0, 2
"""How hard LLVM shall optimise at first, and at last. At first the code is ready in a third of the time, and
slower by a tenth, by a third where there are many powers, in loops up to twice as slow. That of a long
program without loops stays as it is."""

MANY = 200_000
"""After how many calls the code of a program that is not long is made anew, and well: what that takes, ten
milliseconds or more, is saved in about as many further calls."""

MANY_TURNS = 50_000
"""The same for a program with loops, of which each turn counts as a call."""

LARGEST = 5_000_000
"""Up to how many nodes a program is written: for each of them some 110 bytes of machine code are kept."""


def machine_call(path: RecordedPath, mode: str, well: bool) -> Callable | None:
    """Return a mode of a path as machine code; None where that is not possible.

    It hands on what it does not know to the function of its link. The link says, too, whether what the path
    read from outside is as it was.

    Args:
        path: the path.
        mode: the mode.
        well: whether the code shall be good at once. Else it is made quickly, and comes to an end after MANY
            calls, or fewer of loops.
    """
    if not is_as_expected():
        return None
    program = path.derived(mode).program
    worth = isinstance(program, LoopProgram) or len(program.nodes) <= SHORT
    left = ctypes.c_int64(_many(program)) if worth and not well else None
    level = WELL if worth and well else QUICKLY
    try:
        text, objects, code = _written(path, mode, left, level)
    except Unwritable:
        return None
    if code is None:
        code = MachineCode(text, level)
    else:
        code.add(text)
    return Callable(code, mode if mode != "value" else "__call__", objects, left)


def _many(program: Program) -> int:
    return min(MANY, max(1, program.calls_like(MANY_TURNS))) if isinstance(program, LoopProgram) else MANY


def _written(
    path: RecordedPath, mode: str, left: ctypes.c_int64 | None, level: int
) -> tuple[str, list[Any], MachineCode | None]:
    """Return the text of a call, the objects whose addresses stand in it, and the code of its parts."""
    program = path.derived(mode).program
    known = all(is_known(x) or (x.op in MARKS and isinstance(program, LoopProgram)) for x in program.nodes)
    count = len(program.nodes) - (len(program.inputs) if isinstance(program, LoopProgram) else 0)
    if count > LARGEST or not known:
        raise Unwritable("too many operations, or others")
    text, memory = Text("begin"), Memory()
    reader = ArgumentReader(text, path, mode, memory if isinstance(program, LoopProgram) else None)
    slow = any(left_to_python(x.op) for x in program.nodes if x.op not in ("input", "number", *MARKS))
    output: Output
    outputs, code = None, None
    if isinstance(program, LoopProgram):
        if count > LONGEST:
            raise Unwritable("too long for one function")
        loops = LoopNodes(text, program, reader.inputs, memory, slow)
        loops.write_all()
        output, outputs = loops.output, loops.outputs
    elif slow or len(program.nodes) > SHORT:
        parts, code = _parts(program, level)
        memory.take(parts.slots)
        text.handed = max(text.handed, parts.handed)
        text.objects += parts.objects
        addresses = [] if code is None else [code.address(f"part{i}") for i in range(parts.count)]
        output = _outputs(_in_parts(text, parts, addresses, reader.inputs), program)
    else:
        output = _outputs(_at_once(text, program, reader.inputs), program)
    result = ResultWriter(text, path, mode, output, outputs)
    made = result.write()
    body = "\n".join([*text.lines, *memory.given_back(), f"ret ptr {made}", result.drops()])
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
    return _module([*text.functions.values(), whole]), text.objects, code


def _module(functions: list[str]) -> str:
    """Return functions with what they call."""
    text = "\n".join(functions)
    needed = [write() for write in (in_python, data_of) if f"@{write.__name__}(" in text]
    return "\n".join([declarations(), _COPY, *needed, text])


def _parts(program: Program, level: int) -> tuple[Parts, MachineCode | None]:
    """Return the parts of a long program, and their machine code, if there are any."""
    codes: list[MachineCode] = []

    def ready(texts: list[str]) -> None:
        text = _module(texts)
        if codes:
            codes[0].add(text)
        else:
            codes.append(MachineCode(text, level))

    parts = Parts(program, ready)
    return parts, codes[0] if codes else None


def _outputs(nodes: Nodes, program: Program) -> Output:
    return lambda i: nodes.operand(program.outputs[i])


def _ends(memory: Memory) -> str:
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


def _at_once(text: Text, program: Program, inputs: list[Input]) -> Nodes:
    """Write a program into a text, in which its inputs are."""

    nodes = Nodes(text, program, watched(program), *reads(text, inputs))
    for place in range(len(program.inputs), len(program.nodes)):
        if program.nodes[place].op != "number":
            nodes.write(place)
    text.settle()
    return nodes


def _in_parts(text: Text, parts: Parts, addresses: list[int], inputs: list[Input]) -> Nodes:
    """Write what hands the inputs to the parts of a program and runs these."""
    put_into_slots(text, inputs)
    for address in addresses:
        part = f"inttoptr (i64 {address} to ptr)"
        status = text.changing(f"call i32 {part}(ptr %slots, ptr %handed, ptr %boxes)")
        going, wrong = text.fresh(), text.fresh()
        text.branch(text.changing(f"icmp eq i32 {status}, 0"), going, wrong)
        text.begin(wrong)
        text.branch(text.changing(f"icmp eq i32 {status}, 1"), "fail", "raised")
        text.begin(going)
    return parts.nodes(text)
