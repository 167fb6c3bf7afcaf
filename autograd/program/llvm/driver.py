"""The loop over the points, as machine code that serves every program.

A program works on a row of slots, each a vector of `lanes` doubles, one for each of as many points:

    inputs | outputs | sums of outputs | which points are valid | which are suspect | its own

The driver fills the inputs of `lanes` points, calls the program, and takes the outputs away, until all points
are done. It reads pointers, shapes and strides out of the NumPy arrays itself, for to ask for them in Python
takes as long as the work on a few hundred points of a small program.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import numpy as np
from llvmlite import ir

from .machine import MachineCode

BYTE = ir.IntType(8)
INTEGER = ir.IntType(64)
DOUBLE = ir.DoubleType()
POINTER = ir.PointerType()

ORDER = ("core", "slots", "points", "arrays_in", "arrays_out", "inputs", "outputs", "valid", "suspect")
"""What the driver is told, as 64-bit integers in this order; after them come the addresses of the arrays,
those of inputs before those of outputs, and for each array of outputs whether it is added to."""

# Where a NumPy array keeps its data, shape and strides, behind the head that every object has; the number of
# dimensions comes between. It is a part of NumPy's binary interface (PyArrayObject_fields).
_HEAD = object.__basicsize__
_DATA, _SHAPE, _STRIDES = _HEAD, _HEAD + 16, _HEAD + 24


def _array_is_as_expected() -> bool:
    array = np.zeros((3, 5))[1:, ::2]
    address = [ctypes.c_size_t.from_address(id(array) + offset).value for offset in (_DATA, _SHAPE, _STRIDES)]
    shape, strides = ((ctypes.c_ssize_t * 2).from_address(x) for x in address[1:])
    return (address[0], tuple(shape), tuple(strides)) == (array.ctypes.data, array.shape, array.strides)


class _LoopWriter:
    """Writes a function of the driver."""

    def __init__(self, module: ir.Module, lanes: int, name: str) -> None:
        self.lanes = lanes
        self.vector = ir.VectorType(DOUBLE, lanes)
        function = ir.Function(module, ir.FunctionType(ir.VoidType(), [POINTER]), name)
        self.builder = ir.IRBuilder(function.append_basic_block())
        (self.told,) = function.args

    def number(self, n: int) -> Any:
        return ir.Constant(INTEGER, n)

    @contextmanager
    def loop(self, end: Any, step: int = 1, *carried: Any) -> Iterator[list[Any]]:
        """Repeat what is written inside for 0, step, ... below `end`.

        Args:
            end: where to stop.
            step: from one to the next.
            carried: values that change from one to the next.

        Yields:
            The counter and the carried values, to be replaced in the list by their next ones; after the
            loop the last ones stand there.
        """
        b = self.builder
        before = b.block
        head, body, after = (b.append_basic_block() for _ in range(3))
        b.branch(head)
        b.position_at_end(head)
        counter = b.phi(INTEGER)
        phis = [b.phi(x.type) for x in carried]
        for phi, first in zip((counter, *phis), (self.number(0), *carried), strict=True):
            phi.add_incoming(first, before)
        b.cbranch(b.icmp_signed("<", counter, end), body, after)
        b.position_at_end(body)
        state = [counter, *phis]
        yield state
        following = (b.add(counter, self.number(step)), *state[1:])
        for phi, value in zip((counter, *phis), following, strict=True):
            phi.add_incoming(value, b.block)
        b.branch(head)
        b.position_at_end(after)
        state[:] = [counter, *phis]

    def at(self, base: Any, offset: Any) -> Any:
        """Return the address so many bytes behind another one."""
        return self.builder.gep(base, [offset], source_etype=BYTE)

    def load(self, kind: Any, base: Any, offset: Any, align: int = 8) -> Any:
        return self.builder.load(self.at(base, offset), typ=kind, align=align)

    def store(self, value: Any, base: Any, offset: Any, align: int = 8) -> None:
        self.builder.store(value, self.at(base, offset), align=align)

    def slot(self, slots: Any, place: Any) -> Any:
        return self.at(slots, self.builder.mul(place, self.number(8 * self.lanes)))


class _Array:
    """An array that the driver is given: where it is and how far apart its numbers are, in bytes."""

    def __init__(self, writer: _LoopWriter, address: Any) -> None:
        header = writer.builder.inttoptr(address, POINTER)
        self.data = writer.load(POINTER, header, writer.number(_DATA))
        shape = writer.load(POINTER, header, writer.number(_SHAPE))
        strides = writer.load(POINTER, header, writer.number(_STRIDES))
        self.rows = writer.load(INTEGER, shape, writer.number(0))
        self.columns = writer.load(INTEGER, shape, writer.number(8))
        self.by_row = writer.load(INTEGER, strides, writer.number(0))
        self.by_column = writer.load(INTEGER, strides, writer.number(8))


class _Driver:
    """Writes the driver."""

    def __init__(self, module: ir.Module, lanes: int) -> None:
        self.w = w = _LoopWriter(module, lanes, "driver")
        self.b = b = w.builder
        self.lanes = lanes
        told = {name: w.load(INTEGER, w.told, w.number(8 * place)) for place, name in enumerate(ORDER)}
        self.slots = b.inttoptr(told["slots"], POINTER)
        self.points = told["points"]
        self.arrays_in, self.arrays_out = told["arrays_in"], told["arrays_out"]
        self.first_output = told["inputs"]
        self.to_sums = told["outputs"]
        self.first_sum = b.add(self.first_output, self.to_sums)
        self.valid_slot = w.slot(self.slots, b.add(self.first_sum, told["outputs"]))
        self.suspect_slot = w.at(self.valid_slot, w.number(8 * lanes))
        core = b.inttoptr(told["core"], ir.FunctionType(ir.VoidType(), [POINTER]).as_pointer())

        self.same_at_all_points()
        self.clear_sums(told["outputs"])
        with w.loop(self.points, lanes) as (point,):
            count = self.smaller(b.sub(self.points, point), w.number(lanes))
            self.take_inputs(point, count)
            w.store(ir.Constant(ir.VectorType(BYTE, lanes), [1] * lanes), self.valid_slot, w.number(0))
            w.store(ir.Constant(ir.VectorType(INTEGER, lanes), [0] * lanes), self.suspect_slot, w.number(0))
            b.call(core, [self.slots])
            self.give_outputs(point, count)
            with b.if_then(b.icmp_unsigned("!=", told["valid"], w.number(0))):
                flags = w.load(ir.VectorType(BYTE, lanes), self.valid_slot, w.number(0))
                self.give_flags(told["valid"], point, count, flags)
            with b.if_then(b.icmp_unsigned("!=", told["suspect"], w.number(0))):
                bits = w.load(ir.VectorType(INTEGER, lanes), self.suspect_slot, w.number(0))
                some = b.icmp_unsigned("!=", bits, ir.Constant(bits.type, [0] * lanes))
                self.give_flags(told["suspect"], point, count, b.zext(some, ir.VectorType(BYTE, lanes)))
        self.give_sums()
        b.ret_void()

    def smaller(self, x: Any, y: Any) -> Any:
        return self.b.select(self.b.icmp_signed("<", x, y), x, y)

    @contextmanager
    def arrays(self, first: Any, count: Any, slot: Any) -> Iterator[tuple[Any, _Array, Any]]:
        """Go through arrays: yields the place of one among those of its kind, itself, its first slot."""
        w = self.w
        with w.loop(count, 1, slot) as state:
            place, slot = state
            offset = self.b.mul(self.b.add(first, place), w.number(8))
            array = _Array(w, w.load(INTEGER, w.told, self.b.add(offset, w.number(8 * len(ORDER)))))
            state[1] = self.b.add(slot, array.columns)
            yield place, array, slot

    def is_sum(self, place: Any) -> Any:
        """Return whether the outputs that an array is for are added to it."""
        b, w = self.b, self.w
        before = b.add(b.add(self.arrays_in, self.arrays_out), w.number(len(ORDER)))
        flag = w.load(INTEGER, w.told, b.mul(b.add(before, place), w.number(8)))
        return b.icmp_unsigned("!=", flag, w.number(0))

    def spread(self, x: Any) -> Any:
        """Return a vector with the same number in all lanes."""
        b, vector = self.b, ir.VectorType(x.type, self.lanes)
        single = b.insert_element(ir.Constant(vector, ir.Undefined), x, ir.Constant(ir.IntType(32), 0))
        zeros = ir.Constant(ir.VectorType(ir.IntType(32), self.lanes), [0] * self.lanes)
        return b.shuffle_vector(single, ir.Constant(vector, ir.Undefined), zeros)

    def same_at_all_points(self) -> None:
        b, w = self.b, self.w
        with (
            self.arrays(w.number(0), self.arrays_in, w.number(0)) as (_, array, slot),
            b.if_then(b.icmp_signed("==", array.rows, w.number(1))),
            w.loop(array.columns) as (column,),
        ):
            x = w.load(DOUBLE, array.data, b.mul(column, array.by_column))
            w.store(self.spread(x), w.slot(self.slots, b.add(slot, column)), w.number(0))

    def clear_sums(self, outputs: Any) -> None:
        w = self.w
        with w.loop(outputs) as (place,):
            zero = ir.Constant(w.vector, [0.0] * self.lanes)
            w.store(zero, w.slot(self.slots, self.b.add(self.first_sum, place)), w.number(0))

    def take_inputs(self, point: Any, count: Any) -> None:
        b, w = self.b, self.w
        full = b.icmp_signed("==", count, w.number(self.lanes))
        with (
            self.arrays(w.number(0), self.arrays_in, w.number(0)) as (_, array, slot),
            b.if_then(b.icmp_signed("!=", array.rows, w.number(1))),
        ):
            base = w.at(array.data, b.mul(point, array.by_row))
            side_by_side = b.icmp_signed("==", array.by_row, w.number(8))
            with b.if_else(b.and_(full, side_by_side)) as (then, otherwise):
                with then, w.loop(array.columns) as (column,):
                    x = w.load(w.vector, base, b.mul(column, array.by_column))
                    w.store(x, w.slot(self.slots, b.add(slot, column)), w.number(0))
                with otherwise:
                    # Lanes beyond the last point repeat it, so that nothing is read that is not there.
                    last = b.sub(count, w.number(1))
                    rows = [
                        b.mul(self.smaller(w.number(lane), last), array.by_row) for lane in range(self.lanes)
                    ]
                    with w.loop(array.columns) as (column,):
                        there = w.at(base, b.mul(column, array.by_column))
                        x = ir.Constant(w.vector, ir.Undefined)
                        for lane, row in enumerate(rows):
                            x = b.insert_element(x, w.load(DOUBLE, there, row), w.number(lane))
                        w.store(x, w.slot(self.slots, b.add(slot, column)), w.number(0))

    def give_outputs(self, point: Any, count: Any) -> None:
        b, w, lanes = self.b, self.w, self.lanes
        full = b.icmp_signed("==", count, w.number(lanes))
        flags = w.load(ir.VectorType(BYTE, lanes), self.valid_slot, w.number(0))
        valid = b.icmp_unsigned("!=", flags, ir.Constant(flags.type, [0] * lanes))
        numbers = ir.Constant(ir.VectorType(INTEGER, lanes), list(range(lanes)))
        counted = b.and_(valid, b.icmp_signed("<", numbers, self.spread(count)))
        with (
            self.arrays(self.arrays_in, self.arrays_out, self.first_output) as (place, array, slot),
            b.if_else(self.is_sum(place)) as (then, otherwise),
        ):
            with then, w.loop(array.columns) as (column,):
                here = b.add(slot, column)
                x = w.load(w.vector, w.slot(self.slots, here), w.number(0))
                x = b.select(counted, x, ir.Constant(w.vector, [0.0] * lanes))
                total = w.slot(self.slots, b.add(here, self.to_sums))
                w.store(b.fadd(w.load(w.vector, total, w.number(0)), x), total, w.number(0))
            with otherwise:
                self.give_block(array, slot, point, count, full)

    def give_block(self, array: _Array, slot: Any, point: Any, count: Any, full: Any) -> None:
        b, w = self.b, self.w
        base = w.at(array.data, b.mul(point, array.by_row))
        with b.if_else(b.and_(full, b.icmp_signed("==", array.by_row, w.number(8)))) as (then, otherwise):
            with then, w.loop(array.columns) as (column,):
                x = w.load(w.vector, w.slot(self.slots, b.add(slot, column)), w.number(0))
                w.store(x, base, b.mul(column, array.by_column))
            with otherwise, w.loop(array.columns) as (column,):
                there = w.at(base, b.mul(column, array.by_column))
                here = w.slot(self.slots, b.add(slot, column))
                with w.loop(count) as (lane,):
                    x = w.load(DOUBLE, here, b.mul(lane, w.number(8)))
                    w.store(x, there, b.mul(lane, array.by_row))

    def give_flags(self, address: Any, point: Any, count: Any, flags: Any) -> None:
        b, w = self.b, self.w
        header = b.inttoptr(address, POINTER)
        data = w.load(POINTER, header, w.number(_DATA))
        stride = w.load(INTEGER, w.load(POINTER, header, w.number(_STRIDES)), w.number(0))
        side_by_side = b.icmp_signed("==", stride, w.number(1))
        with b.if_else(b.and_(side_by_side, b.icmp_signed("==", count, w.number(self.lanes)))) as (
            whole,
            part,
        ):
            with whole:
                w.store(flags, data, point, align=1)
            with part:
                for lane in range(self.lanes):
                    with b.if_then(b.icmp_signed("<", w.number(lane), count)):
                        row = b.add(point, w.number(lane))
                        w.store(b.extract_element(flags, w.number(lane)), data, b.mul(row, stride), align=1)

    def give_sums(self) -> None:
        b, w = self.b, self.w
        reduce = b.module.declare_intrinsic(
            f"llvm.vector.reduce.fadd.v{self.lanes}f64", fnty=ir.FunctionType(DOUBLE, [DOUBLE, w.vector])
        )
        with (
            self.arrays(self.arrays_in, self.arrays_out, self.first_output) as (place, array, slot),
            b.if_then(self.is_sum(place)),
            w.loop(array.columns) as (column,),
        ):
            sums = w.slot(self.slots, b.add(b.add(slot, column), self.to_sums))
            lanes = w.load(w.vector, sums, w.number(0))
            total = b.call(reduce, [ir.Constant(DOUBLE, -0.0), lanes], fastmath=("reassoc",))
            there = b.mul(column, array.by_column)
            w.store(b.fadd(w.load(DOUBLE, array.data, there), total), array.data, there)


@cache
def driver_of(lanes: int) -> tuple[Any, MachineCode]:
    """Return the driver, as a function of one string of the integers of ORDER, and its code."""
    if not _array_is_as_expected():
        raise ImportError("NumPy arrays are not laid out in memory as this release of the package expects")
    module = ir.Module()
    _Driver(module, lanes)
    code = MachineCode(str(module))
    return ctypes.CFUNCTYPE(None, ctypes.c_char_p)(code.address("driver")), code
