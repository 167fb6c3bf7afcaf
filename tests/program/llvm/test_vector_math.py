"""Every primitive of the table as machine code on vectors, against mpmath and against Python's own value.

A result is right if it is the very double that the primitive gives in Python, which tests/ops/test_table.py
holds against mpmath, or lies within `BOUND` units in the last place of the exact value. There is no list of
primitives to keep here.
"""

from __future__ import annotations

import ctypes
import functools
import math
import random
from collections.abc import Callable, Sequence
from typing import Any

import llvmlite.binding as llvm
import numpy as np
import pytest
from llvmlite import ir
from mpmath import mp, mpf
from oracle import oracle

from autograd.ops import TABLE, Primitive, enter
from autograd.program.llvm.vector_math import VectorMath

inf = math.inf
nan = math.nan

BOUND = 1.5
DIGITS = 800  # softplus(-745) is log(1 + 5e-324)
SEEN_BESIDE: dict[str, Callable[..., float]] = {
    "logaddexp": lambda x, y: max(abs(x), abs(y)),
    "silu′": lambda x: TABLE["sigmoid"].ieee(x),
    "gelu′": lambda x: 0.5 * TABLE["erfc"].ieee(-x / math.sqrt(2.0)),
}
"""What an error is measured against where it is larger than the result, which is a sum: max(x, y) + log(1 +
...), sigmoid(x) + x sigmoid(x) sigmoid(-x), and the like for gelu."""

EVERY = pytest.mark.parametrize("primitive", TABLE.values(), ids=list(TABLE))
POINTS = 400

UNSIGNED = [
    *(0.0, 5e-324, 1e-310, 2.2250738585072014e-308, 1e-160, 1e-20, 2.0**-28, 1e-5, 0.3, 0.5, 1 - 2.0**-53),
    *(
        1.0,
        1 + 2.0**-52,
        1.5,
        2.0,
        2.5,
        3.0,
        7.0,
        27.0,
        35.08,
        38.51,
        300.0,
        709.78,
        710.4758,
        745.1,
        1024.0,
        1075.0,
    ),
    *(
        math.pi / 2,
        math.pi,
        100000.5 * math.pi,
        103993.0,
        999999.5,
        2.0**28 + 1,
        2e6,
        2.0**52 + 1,
        1e22,
        1e160,
        1e300,
        1.7976931348623157e308,
        inf,
    ),
]
AWKWARD = [*(sign * x for x in UNSIGNED for sign in (1.0, -1.0)), nan]

Operands = tuple[float, ...]
Body = Callable[[VectorMath, ir.IRBuilder, list[Any]], ir.Value]


class Machine:
    """Functions on arrays, compiled from what `bodies` write with VectorMath on vectors."""

    def __init__(self, bodies: dict[str, tuple[int, Body]], lanes: int, **options: bool) -> None:
        module = ir.Module()
        self.lanes = lanes
        self.math = VectorMath(module, lanes, **options)
        for number, (operands, body) in enumerate(bodies.values()):
            self._loop(module, f"loop{number}", operands, body)
        llvm.initialize_native_target()
        llvm.initialize_native_asmprinter()
        target = llvm.Target.from_default_triple().create_target_machine(
            cpu=llvm.get_host_cpu_name(), features=llvm.get_host_cpu_features().flatten(), opt=2, jit=True
        )
        compiled = llvm.parse_assembly(str(module))
        compiled.verify()
        options_of_passes = llvm.create_pipeline_tuning_options(speed_level=2)
        passes = llvm.create_pass_builder(target, options_of_passes)
        passes.getModulePassManager().run(compiled, passes)
        self.text = str(compiled)
        self._engine = llvm.create_mcjit_compiler(compiled, target)
        self._engine.finalize_object()
        self._functions = {
            name: ctypes.CFUNCTYPE(None, ctypes.c_int64, *[ctypes.c_void_p] * (operands + 1))(
                self._engine.get_function_address(f"loop{number}")
            )
            for number, (name, (operands, _)) in enumerate(bodies.items())
        }

    def _loop(self, module: ir.Module, name: str, operands: int, body: Body) -> None:
        number, integer = ir.DoubleType(), ir.IntType(64)
        kind = ir.FunctionType(ir.VoidType(), [integer, *[number.as_pointer()] * (operands + 1)])
        function = ir.Function(module, kind, name)
        builder = ir.IRBuilder(function.append_basic_block())
        entry, loop, end = builder.block, function.append_basic_block(), function.append_basic_block()
        builder.branch(loop)
        builder.position_at_end(loop)
        index = builder.phi(integer)
        index.add_incoming(integer(0), entry)
        pointers = [
            builder.bitcast(builder.gep(x, [index]), self.math.type.as_pointer()) for x in function.args[1:]
        ]
        loads = [builder.load(x) for x in pointers[:-1]]
        store = builder.store(body(self.math, builder, loads), pointers[-1])
        for access in (*loads, store):
            access.align = 8
        following = builder.add(index, integer(self.lanes))
        index.add_incoming(following, builder.block)
        builder.cbranch(builder.icmp_unsigned("<", following, function.args[0]), loop, end)
        builder.position_at_end(end)
        builder.ret_void()

    def __call__(self, name: str, points: Sequence[Operands]) -> list[float]:
        padded = [*points, *[points[-1]] * (-len(points) % self.lanes)]
        columns = [np.array(column) for column in zip(*padded, strict=True)]
        out = np.empty(len(padded))
        self._functions[name](len(padded), *[x.ctypes.data for x in (*columns, out)])
        numbers: list[float] = out.tolist()
        return numbers[: len(points)]


def applied(name: str) -> Body:
    return lambda vectors, builder, operands: vectors.call(builder, name, *operands)


@functools.cache
def machine(lanes: int, **options: bool) -> Machine:
    """The whole table in one module."""
    every = {name: (len(primitive.derivatives), applied(name)) for name, primitive in TABLE.items()}
    return Machine(every, lanes, **options)


def dense(primitive: Primitive) -> list[Operands]:
    """Points all over the domain, and crowded at its ends."""
    generator = random.Random(primitive.name)

    def inside(index: int) -> float:
        low, high = primitive.domain[index]
        if primitive.derivatives[index] is None:
            return float(generator.randint(math.ceil(low), math.floor(high)))
        near = 2.0 ** -generator.uniform(0.0, 50.0) if generator.random() < 0.5 else generator.random()
        end, way = generator.choice([(low, high - low), (high, low - high)])
        if low < 0.0 < high and generator.random() < 0.4:
            end, way = 0.0, generator.choice([low, high])
        return end + way * near

    operands = range(len(primitive.domain))
    points = [tuple(inside(i) for i in operands) for _ in range(POINTS)]
    return [point for point in points if expected(primitive, point) is not None]


def awkward(primitive: Primitive) -> list[Operands]:
    operands = len(primitive.derivatives)
    points: list[Operands] = [(x,) for x in AWKWARD]
    if operands == 2:
        points = [(x, y) for x in [*AWKWARD[::2], -0.0, -3.0, -inf] for y in AWKWARD]
    return [point for point in points if expected(primitive, point) is not None]


def expected(primitive: Primitive, operands: Operands) -> float | None:
    """The value in Python, None where the operands are no numbers of the kind it takes."""
    try:
        return float(primitive.ieee(*operands))
    except TypeError:  # ldexp(1.0, 0.5)
        return None


def same(x: float, y: float) -> bool:
    return (x == y and math.copysign(1.0, x) == math.copysign(1.0, y)) or (x != x and y != y)


def error_in_ulps(primitive: Primitive, operands: Operands, got: float) -> float:
    beside = SEEN_BESIDE.get(primitive.name)
    with mp.workdps(DIGITS):
        exact = oracle(primitive)(*map(mpf, operands))
        size = abs(exact) if beside is None else max(abs(exact), beside(*operands))
        return float(abs(got - exact) / math.ulp(float(size)))


def assert_right(primitive: Primitive, points: Sequence[Operands], got: Sequence[float]) -> None:
    assert points
    for operands, x in zip(points, got, strict=True):
        in_python = expected(primitive, operands)
        assert in_python is not None
        if same(x, in_python):
            continue
        assert math.isfinite(x), (operands, x, in_python)
        assert math.isfinite(in_python), (operands, x, in_python)
        assert math.copysign(1.0, x) == math.copysign(1.0, in_python), (operands, x, in_python)
        assert error_in_ulps(primitive, operands, x) <= BOUND, (operands, x, in_python)


@EVERY
def test_a_vector_is_right_all_over_the_domain(primitive: Primitive) -> None:
    points = dense(primitive)
    assert_right(primitive, points, machine(8)(primitive.name, points))


@EVERY
def test_a_vector_is_right_at_zeros_subnormals_infinities_and_nan(primitive: Primitive) -> None:
    points = awkward(primitive)
    assert_right(primitive, points, machine(8)(primitive.name, points))


@EVERY
def test_a_vector_is_right_without_fused_multiplication(primitive: Primitive) -> None:
    points = dense(primitive) + awkward(primitive)
    assert_right(primitive, points, machine(8, fma=False)(primitive.name, points))


@pytest.mark.parametrize("lanes", [1, 2, 4])
@EVERY
def test_a_result_does_not_depend_on_the_number_of_lanes(primitive: Primitive, lanes: int) -> None:
    points = dense(primitive) + awkward(primitive)
    assert all(map(same, machine(lanes)(primitive.name, points), machine(8)(primitive.name, points)))


@EVERY
def test_a_result_does_not_depend_on_the_other_lanes(primitive: Primitive) -> None:
    points = dense(primitive) + awkward(primitive)
    order = random.Random(1).sample(range(len(points)), len(points))
    shuffled = machine(8)(primitive.name, [points[i] for i in order])
    in_order = machine(8)(primitive.name, points)
    assert all(same(x, in_order[i]) for x, i in zip(shuffled, order, strict=True))


@pytest.mark.parametrize("inline", [True, False])
@EVERY
def test_a_function_in_line_or_not_gives_the_same(primitive: Primitive, inline: bool) -> None:
    points = dense(primitive) + awkward(primitive)
    assert all(
        map(same, machine(4, inline=inline)(primitive.name, points), machine(8)(primitive.name, points))
    )


def test_sine_and_cosine_in_line_share_their_instructions() -> None:
    def both(vectors: VectorMath, builder: ir.IRBuilder, operands: list[Any]) -> ir.Value:
        return builder.fadd(*[vectors.call(builder, name, *operands) for name in ("sin", "cos")])

    def arithmetic(body: Body) -> int:
        # what libm does far out is the same in all, and has none
        return Machine({"f": (1, body)}, 8, inline=True).text.count("@llvm.fma")

    assert arithmetic(both) < 1.2 * arithmetic(applied("sin"))


def test_functions_are_called_where_they_are_not_wanted_in_line() -> None:
    def calls(**options: bool) -> int:
        return Machine({"f": (1, applied("exp"))}, 8, **options).text.count(
            "call fastcc <8 x double> @autograd.exp"
        )

    assert (calls(inline=True), calls(inline=False)) == (0, 1)


EXPONENTS = [float(n) for n in range(-34, 35)] + [0.5, -0.5, 1.5, 1 / 3, -2.5, inf, -inf, nan]


@pytest.mark.parametrize("fma", [True, False])
@pytest.mark.parametrize("name", ["**", "pow"])
def test_powers_with_a_constant_exponent_are_right(name: str, fma: bool) -> None:
    def to_the(exponent: float) -> Body:
        return lambda vectors, builder, operands: vectors.call(builder, name, operands[0], exponent)

    powers = Machine({str(exponent): (1, to_the(exponent)) for exponent in EXPONENTS}, 8, fma=fma)
    generator = random.Random(0)
    bases = [generator.choice([1, -1]) * 10.0 ** generator.uniform(-12, 12) for _ in range(100)]
    bases += AWKWARD + [generator.uniform(-2.0, 2.0) for _ in range(100)]
    for exponent in EXPONENTS:
        got = powers(str(exponent), [(x,) for x in bases])
        assert_right(TABLE[name], [(x, exponent) for x in bases], got)


def test_a_constant_vector_as_exponent_is_multiplied_out_too() -> None:
    def cubed(vectors: VectorMath, builder: ir.IRBuilder, operands: list[Any]) -> ir.Value:
        return vectors.call(builder, "**", operands[0], ir.Constant(vectors.type, [3.0] * 4))

    def varying(vectors: VectorMath, builder: ir.IRBuilder, operands: list[Any]) -> ir.Value:
        return vectors.call(builder, "**", operands[0], ir.Constant(vectors.type, [1.0, 2.0, 3.0, 4.0]))

    powers = Machine({"cubed": (1, cubed), "varying": (1, varying)}, 4)
    assert powers("cubed", [(2.0,), (3.0,), (-1.5,), (0.1,)]) == [8.0, 27.0, -3.375, 0.1 * 0.1 * 0.1]
    assert powers("varying", [(2.0,)] * 4) == [2.0, 4.0, 8.0, 16.0]


def test_numbers_are_operands_of_all_lanes() -> None:
    def body(vectors: VectorMath, builder: ir.IRBuilder, operands: list[Any]) -> ir.Value:
        return vectors.call(builder, "hypot", operands[0], 4)

    assert Machine({"f": (1, body)}, 2)("f", [(3.0,), (0.0,)]) == [5.0, 4.0]


def test_a_function_is_added_to_the_module_once() -> None:
    def body(vectors: VectorMath, builder: ir.IRBuilder, operands: list[Any]) -> ir.Value:
        once = vectors.call(builder, "exp", *operands)
        functions = len(builder.module.functions)
        twice = vectors.call(builder, "exp", once)
        assert len(builder.module.functions) == functions
        return twice

    assert Machine({"f": (1, body)}, 4)("f", [(0.0,)]) == [math.e]


@pytest.mark.usefixtures("table_as_it_was")
def test_a_primitive_of_the_users_own_is_called_lane_by_lane() -> None:
    def tripled(x: float) -> float:
        if x < 0.0:
            raise ValueError("negative")
        if x == 13.0:
            raise LookupError("unlucky")
        return 3.0 * x

    enter(Primitive("tripled", tripled, (lambda x, out: 3.0,), ((0.0, 1.0),), "Return 3 * x."))
    with_own = Machine({"f": (1, applied("tripled"))}, 4)
    got = with_own("f", [(1.0,), (-1.0,), (2.0,), (0.5,)])
    assert got[0::2] == [3.0, 6.0]
    assert got[3] == 1.5
    assert math.isnan(got[1])
    assert with_own.math.error is None  # a ValueError is how a primitive says that it has no value
    assert math.isnan(with_own("f", [(13.0,)])[0])
    assert isinstance(with_own.math.error, LookupError)


def test_a_name_that_is_not_in_the_table_is_an_error() -> None:
    with pytest.raises(ValueError, match="no primitive named 'sine'"):
        Machine({"f": (1, applied("sine"))}, 4)
