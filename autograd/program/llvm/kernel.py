"""A program as machine code, made with LLVM (llvmlite): several points at once, in the lanes of vectors."""

from __future__ import annotations

import ctypes
import struct
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..kernels import Batch, missing

try:
    import llvmlite.binding  # noqa: F401 (what the modules below need)
except ImportError as error:
    raise missing("llvmlite", error) from error

from ...ops import named
from ..locks import LOCK
from ..loops.program import LoopProgram
from ..straight_line.program import WHOLE, Node, Program
from .core import BODY, PART, Core
from .driver import ORDER, driver_of
from .machine import MachineCode, best_lanes

LONG = 1000
"""From how many nodes on LLVM shall not optimise: it is ready in less than half of the time, which the code,
0 to 4 % slower in batches and as fast for one point, has lost after some million points only. The numbers of
a long program come from memory anyhow."""

LONG_WITH_LOOPS = 4000
"""The same for programs with loops, which are run more often than they are long."""

_Callback = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p)


KEPT = 1 << 28
"""How many bytes of memory are kept for later calls, at most."""

WIDE = 1 << 26
"""How many bytes a program with loops may need where it works on twice as many points at once as usual."""


def build(program: Program) -> LlvmKernel | LoopKernel:
    """Return a program as machine code."""
    return LoopKernel(program) if isinstance(program, LoopProgram) else LlvmKernel(program)


class LlvmKernel:
    """A program as machine code; see `kernels.Kernel`.

    Args:
        program: the program.
        lanes: how many points to work on at once, a power of 2; by default what suits the processor.
        part: how many operations make up a function.
        body: how many operations a loop has, at most, that is one function.
    """

    def __init__(
        self, program: Program, lanes: int | None = None, part: int = PART, body: int = BODY
    ) -> None:
        self._lanes = lanes or best_lanes()
        self._callbacks: dict[tuple[str, int], Any] = {}
        self._interrupts: list[BaseException] = []
        long = len(program.nodes) >= (LONG_WITH_LOOPS if program.loops else LONG)
        self._known = _Known(program) if isinstance(program, LoopProgram) and program.open else None
        known = self._known.address if self._known else 0
        core = Core(program, self._lanes, self._address, part, long, body, known)
        self._code = MachineCode(core.text, level=0 if long else 2)
        self._functions = core.functions.codes
        self._core = self._code.address("core")
        self._driver, self._driver_code = driver_of(self._lanes)
        self._counts = len(program.inputs), len(program.outputs)
        self._size = 8 * self._lanes * core.slots
        self._numbers = core.constants, core.tables
        # Memory that no call uses now: as much as calls were under way at once.
        self._spare: list[_Slots] = []
        self._packers: dict[tuple[int, int], Callable[..., bytes]] = {}
        self.block = _block(program, self._lanes)

    def __call__(self, batch: Batch) -> None:
        points, inputs, outputs, summed, valid, suspect = batch
        if self._known is not None:
            self._known.bring_up_to_date()
        arrays = len(inputs), len(outputs)
        pack = self._packers.get(arrays)
        if pack is None:
            count = len(ORDER) + len(inputs) + 2 * len(outputs)
            pack = self._packers[arrays] = struct.Struct(f"{count}q").pack
        try:
            slots = self._spare.pop()
        except IndexError:
            slots = _Slots(self._size, self._lanes, *self._numbers)
        told = pack(
            self._core,
            slots.address,
            points,
            *arrays,
            *self._counts,
            0 if valid is None else id(valid),
            0 if suspect is None else id(suspect),
            *map(id, inputs),
            *map(id, outputs),
            *summed,
        )
        self._driver(told)
        if len(self._spare) * self._size <= KEPT:
            self._spare.append(slots)
        if self._interrupts and (interrupts := [*self._interrupts]):
            self._interrupts.clear()  # of other lanes and turns
            raise interrupts[0]

    def _address(self, node: Node) -> int:
        """Return the address of a function that computes a node, in Python."""
        key = node.op, len(node.operands)
        callback = self._callbacks.get(key)
        if callback is None:
            function = _whole(node.op[:-1]) if node.op[-1] == "…" else named(node.op).ieee
            callback = _in_each_lane(function, len(node.operands), self._lanes, self._interrupts)
            self._callbacks[key] = callback
        return ctypes.cast(callback, ctypes.c_void_p).value or 0


class LoopKernel:
    """A program with loops as machine code; see `kernels.Kernel`.

    Each turn waits for the one before. So where there are many points, two vectors of them are worked on side
    by side, in hardly more time than one takes. The machine code is made by the first call that needs it.

    Args:
        program: the program.
    """

    def __init__(self, program: LoopProgram) -> None:
        self._program = program
        self._lanes = best_lanes()
        rows = len(program.inputs) + 2 * len(program.outputs)
        rows += sum([array for array in program.arrays if isinstance(array, int)])
        self._most = self._lanes * (2 if rows * 16 * self._lanes <= WIDE else 1)
        self._kernels: dict[int, LlvmKernel] = {}
        self.block = _block(program, self._most)

    def __call__(self, batch: Batch) -> None:
        lanes = self._lanes if batch.points <= self._lanes else self._most
        # The wide one does for a few points what making another one would take longer for.
        kernel = self._kernels.get(lanes) or self._kernels.get(self._most)
        if kernel is None:
            with LOCK:  # by one thread, for which the others wait
                kernel = self._kernels.get(lanes)
                if kernel is None:
                    kernel = self._kernels[lanes] = LlvmKernel(self._program, lanes)
        kernel(batch)


def _block(program: Program, lanes: int) -> int:
    """Return how many points to give a kernel at once.

    They are enough that to begin takes no time beside them, and few enough to share among processors.
    """
    points = min(1 << 15, (1 << 22) // (1 + program.work))
    return max(points // lanes, 2 if program.loops else 16) * lanes


class _Known:
    """How many turns an open loop may have, as machine code reads it.

    Attributes:
        address: that of a byte for each number of turns, 1 where the loop may have so many.

    Args:
        program: the program.
    """

    def __init__(self, program: LoopProgram) -> None:
        assert program.open is not None
        self._set, self._fewer = program.open.known, program.open.fewer
        self._seen = 0
        self._flags = (ctypes.c_uint8 * (int(program.nodes[program.open.loop].number) + 1))()
        self.address = ctypes.addressof(self._flags)

    def bring_up_to_date(self) -> None:
        """Read what the program knows now, which only ever grows."""
        if len(self._set) != self._seen:
            known = self._set.copy()
            for turns in known:
                self._flags[turns - self._fewer] = 1
            self._seen = len(known)


class _Slots:
    """Memory for the slots of one call at a time.

    Args:
        size: how many bytes they take.
        lanes: how many numbers are in a slot.
        constants: the numbers that are there from the beginning, by their slots.
        tables: numbers that are there from the beginning, one after the other, by their first slots.
    """

    def __init__(
        self,
        size: int,
        lanes: int,
        constants: Mapping[int, float],
        tables: Mapping[int, Sequence[float]],
    ) -> None:
        self._memory = ctypes.create_string_buffer(size + 64)
        self.address = -(-ctypes.addressof(self._memory) // 64) * 64
        start, row = self.address - ctypes.addressof(self._memory), struct.Struct(f"{lanes}d")
        for slot, number in constants.items():
            row.pack_into(self._memory, start + slot * row.size, *[number] * lanes)
        for slot, table in tables.items():
            struct.pack_into(f"{len(table)}d", self._memory, start + slot * row.size, *table)


def _in_each_lane(
    function: Callable[..., float], count: int, lanes: int, interrupts: list[BaseException]
) -> Any:
    """Return a function that machine code can call, and that applies one of Python in each lane.

    Whatever that one raises, the result is NaN in that lane. An error may be that of a point at which a guard
    does not hold; only what is no error, such as a KeyboardInterrupt, is kept to be raised later.
    """
    operands, results = ctypes.c_double * (count * lanes), ctypes.c_double * lanes

    def callback(first: int, result: int) -> None:
        numbers: list[float] = operands.from_address(first)[:]
        there: Any = results.from_address(result)
        for lane in range(lanes):
            try:
                there[lane] = function(*numbers[lane::lanes])
            except Exception:
                there[lane] = float("nan")
            except BaseException as interrupt:
                there[lane] = float("nan")
                interrupts.append(interrupt)

    return _Callback(callback)


def _whole(name: str) -> Callable[..., float]:
    """Return one of the operations on many numbers, with IEEE's result where it raises."""
    return _sum if name == "fsum" else WHOLE[name]


def _sum(*terms: float) -> float:
    try:
        return WHOLE["fsum"](*terms)
    except (OverflowError, ValueError):  # infinities, or sums on the way that are
        return sum(terms)
