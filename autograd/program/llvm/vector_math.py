"""Every primitive of the table as machine code on vectors of doubles, written through llvmlite.

`VectorMath` adds one function a primitive to an LLVM module. Arithmetic and the elementary functions are
vector code of our own (see `exponential`); what is rare or hard is left, lane by lane, to a function of
the C library where Python's `math` gives the same, and else to the primitive's own Python function.
"""

from __future__ import annotations

import ctypes
import math
import sys
from collections.abc import Callable
from typing import Any

from llvmlite import ir

from ...ops import Primitive, named
from . import exponential, logarithm, trigonometry
from .lanes import DOUBLE, Code, Lanes, mul_add
from .machine import add_symbol

inf = math.inf
nan = math.nan


class VectorMath:
    """The primitives as functions on `<lanes x double>` in one LLVM module.

    Results are those of `Primitive.ieee`: inf and NaN where Python raises. A lane's result does not depend on
    the other lanes, nor on how many there are.

    Attributes:
        type: the type of operands and results, `<lanes x double>`.
        error: the first exception that a primitive's Python function raised in the machine code, where its
            result is NaN; whoever runs the code should look, and set it back to None.

    The object must be kept as long as the machine code: it owns the callbacks to Python.
    """

    def __init__(
        self, module: ir.Module, lanes: int, *, fma: bool = True, inline: bool | None = None
    ) -> None:
        """Prepare to add functions to `module`.

        Arguments:
            module: what the functions are added to, as they are first called.
            lanes: how many doubles a vector has: 1, 2, 4, 8, ...
            fma: whether the processor multiplies and adds in one instruction; if not, LLVM would call a
                slow library function for it, and products are split instead.
            inline: put functions in line where they are called. Then what two functions of one argument have
                in common, as sin and cos the reduction, is computed once, but long programs take long to
                compile. False: never; None: as LLVM decides, which puts most of them in line.
        """
        self.type = ir.VectorType(DOUBLE, lanes)
        self.error: BaseException | None = None
        self._module = module
        self._lanes = lanes
        self._fma = fma
        self._inline = inline
        self._functions: dict[str, ir.Function] = {}
        self._callbacks: list[Any] = []

    def call(self, builder: ir.IRBuilder, name: str, *operands: ir.Value | float) -> ir.Value:
        """Add instructions that apply the primitive of that name, and return their result.

        Arguments:
            builder: where the instructions go.
            name: the key of the primitive in `ops.TABLE`.
            operands: a vector, or a number that all lanes have in common, for each operand. Powers whose
                exponent is a number (or a constant vector of one) are multiplications where they can be.

        Raises:
            ValueError: there is no primitive of that name.
        """
        code = self._code(builder)
        if name in POWERS:
            exponent = _number(operands[1])
            rule = _power_rule(exponent) if exponent is not None else None
            if rule is not None:
                return rule(_lanes(code, operands[0])).ir
        if name in SHORT:
            return SHORT[name](*[_lanes(code, x) for x in operands]).ir
        function = self._functions.get(name)
        if function is None:
            function = self._functions[name] = self._function(named(name))
        return builder.call(function, [_lanes(code, x).ir for x in operands])

    def _code(self, builder: ir.IRBuilder) -> Code:
        return Code(builder, self._lanes, self._fma, self._libm)

    def _function(self, primitive: Primitive) -> ir.Function:
        operands = len(primitive.derivatives)
        rule = LONG.get(primitive.name)
        if rule is None:
            address = _address(primitive.name) if primitive.name in LIBM else None
            if address is None:
                return self._lane_by_lane(primitive.name, operands, self._callback(primitive))
            return self._lane_by_lane(primitive.name, operands, address, pure=True)
        function = self._declared(primitive.name, operands)
        if self._inline is not None:
            function.attributes.add("alwaysinline" if self._inline else "noinline")
        builder = ir.IRBuilder(function.append_basic_block())
        code = self._code(builder)
        builder.ret(rule(*[Lanes(code, x) for x in function.args]).ir)
        return function

    def _declared(self, name: str, operands: int) -> ir.Function:
        kind = ir.FunctionType(self.type, [self.type] * operands)
        function = ir.Function(
            self._module, kind, self._module.get_unique_name(f"autograd.{name}.{self._lanes}")
        )
        function.linkage = "internal"
        function.attributes.add("nounwind")
        return function

    def _libm(self, name: str) -> ir.Function:
        """Return a function on vectors that calls libm's function, or else Python's, for each lane."""
        key = f"libm {name}"
        function = self._functions.get(key)
        if function is None:
            primitive = named(name)
            address = _address(name)
            function = self._lane_by_lane(
                key,
                len(primitive.derivatives),
                self._callback(primitive) if address is None else address,
                pure=address is not None,
            )
            self._functions[key] = function
        return function

    def _lane_by_lane(self, name: str, operands: int, address: int, pure: bool = False) -> ir.Function:
        function = self._declared(name, operands)
        function.attributes.add("noinline")
        symbol = f"autograd.scalar.{address:x}"
        add_symbol(symbol, address)
        scalar = self._module.globals.get(symbol)
        if scalar is None:
            scalar = ir.Function(self._module, ir.FunctionType(DOUBLE, [DOUBLE] * operands), symbol)
            scalar.attributes.add("nounwind")
            if pure:
                scalar.attributes.add("readnone")
        builder = ir.IRBuilder(function.append_basic_block())
        result = ir.Constant(self.type, ir.Undefined)
        for lane in range(self._lanes):
            index = ir.Constant(ir.IntType(32), lane)
            numbers = [builder.extract_element(x, index) for x in function.args]
            result = builder.insert_element(result, builder.call(scalar, numbers), index)
        builder.ret(result)
        return function

    def _callback(self, primitive: Primitive) -> int:
        def value(*operands: float) -> float:
            try:
                return float(primitive.ieee(*operands))
            except BaseException as error:  # nothing may leave a callback
                self.error = self.error or error
                return nan

        kind = ctypes.CFUNCTYPE(ctypes.c_double, *[ctypes.c_double] * len(primitive.derivatives))
        callback = kind(value)
        self._callbacks.append(callback)
        return ctypes.cast(callback, ctypes.c_void_p).value or 0


def _address(name: str) -> int | None:
    """Return the address of a function of the C library, None if it has none of that name."""
    library = ctypes.CDLL(
        "ucrtbase" if sys.platform == "win32" else None
    )  # None is this process, which has libm
    function = getattr(library, name, None)
    return None if function is None else ctypes.cast(function, ctypes.c_void_p).value


def _lanes(code: Code, x: ir.Value | float) -> Lanes:
    return Lanes(code, x) if isinstance(x, ir.Value) else code.number(float(x))


def _number(x: ir.Value | float) -> float | None:
    """Return the number that an operand is, or that a constant vector consists of; else None."""
    if not isinstance(x, ir.Value):
        return float(x)
    if not isinstance(x, ir.Constant) or not isinstance(x.constant, (list, tuple)):
        return None
    numbers = {float(lane.constant) for lane in x.constant}
    return numbers.pop() if len(numbers) == 1 else None


MOST_MULTIPLIED = 32


def _power_rule(exponent: float) -> Callable[[Lanes], Lanes] | None:
    """Return how a power with a constant exponent is multiplied out, None if it is not."""
    if exponent in (0.5, -0.5, 1.5):
        return lambda x: logarithm.half_power(x, exponent)
    if exponent % 1.0 == 0.0 and abs(exponent) <= MOST_MULTIPLIED:
        return lambda x: logarithm.whole_power(x, int(exponent))
    return None


# The rest of the table, all of it exact or with the roundings of its one arithmetic expression


def _maximum(x: Lanes, y: Lanes) -> Lanes:
    return ((x >= y) | x.is_nan()).where(x, y)


def _minimum(x: Lanes, y: Lanes) -> Lanes:
    return ((x <= y) | x.is_nan()).where(x, y)


def _fmax(x: Lanes, y: Lanes) -> Lanes:
    return x.is_nan().where(y, y.is_nan().where(x, _maximum(x, y)))


def _fmin(x: Lanes, y: Lanes) -> Lanes:
    return x.is_nan().where(y, y.is_nan().where(x, _minimum(x, y)))


def _sign(x: Lanes) -> Lanes:
    return (x > 0.0).where(1.0, (x < 0.0).where(-1.0, x * 0.0))


def _whole(direction: str) -> Callable[[Lanes], Lanes]:
    return lambda x: x.rounded(direction) + 0.0  # Python's int has no -0


def _fraction(x: Lanes) -> Lanes:
    return abs(x).equals(inf).where(0.0, x - x.rounded("trunc")).with_sign_of(x)


def _ulp(x: Lanes) -> Lanes:
    a = abs(x)
    result = (a.bits() + 1).double() - a
    result = a.equals(sys.float_info.max).where(math.ulp(sys.float_info.max), result)
    return (a < inf).where(result, a)


def _fmod(x: Lanes, y: Lanes) -> Lanes:
    # x - y trunc(x / y) is exact if the quotient is, and one more or less is seen by the remainder's sign.
    a, b = abs(x), abs(y)
    ratio = a / b
    far = ~((ratio < 2.0**52) & (b < inf))
    if not x.code.fma:
        far = far | ~far
    remainder = mul_add(-ratio.rounded("trunc"), b, a)
    remainder = (remainder < 0.0).where(remainder + b, remainder)
    remainder = (remainder >= b).where(remainder - b, remainder)
    return x.code.where_any(far, remainder.with_sign_of(x), "fmod", x, y)


def _floor_division(x: Lanes, y: Lanes) -> tuple[Lanes, Lanes]:
    """Return x // y and x % y as Python computes them."""
    remainder = _fmod(x, y)
    quotient = (x - remainder) / y
    other_sign = ~remainder.equals(0.0) & ((y < 0.0) ^ (remainder < 0.0))
    modulo = other_sign.where(remainder + y, remainder)
    quotient = other_sign.where(quotient - 1.0, quotient)
    floor = quotient.rounded("floor")
    floor = (quotient - floor > 0.5).where(floor + 1.0, floor)
    floor = quotient.equals(0.0).where(x.code.number(0.0).with_sign_of(x / y), floor)
    floor = y.equals(0.0).where(x / y, floor)
    return floor, remainder.equals(0.0).where(x.code.number(0.0).with_sign_of(y), modulo)


SHORT: dict[str, Callable[..., Lanes]] = {
    "+": lambda x, y: x + y,
    "-": lambda x, y: x - y,
    "*": lambda x, y: x * y,
    "/": lambda x, y: x / y,
    "neg": lambda x: -x,
    "identity": lambda x: x,
    "abs": abs,
    "fabs": abs,
    "sqrt": lambda x: x.root(),
    "root": lambda x: x.root(),
    "fsum": lambda x, y: x + y,
    "atan′": lambda x: 1.0 / (1.0 + x * x),
    "atanh′": lambda x: 1.0 / ((1.0 - x) * (1.0 + x)),
    "copysign": lambda x, y: x.with_sign_of(y),
    "degrees": lambda x: x * (180.0 / math.pi),
    "radians": lambda x: x * (math.pi / 180.0),
    "sign": _sign,
    "floor": _whole("floor"),
    "ceil": _whole("ceil"),
    "trunc": _whole("trunc"),
    "round": _whole("nearbyint"),
    "whole": lambda x: x.rounded("trunc"),
    "fraction": _fraction,
    "ulp": _ulp,
    "relu": lambda x: (x <= 0.0).where(0.0, x),
    "leaky_relu": lambda x, y: (x > 0.0).where(x, y * x),
    "max": _maximum,
    "min": _minimum,
    "fmax": _fmax,
    "fmin": _fmin,
    "clip_below": _maximum,
    "clip_above": _minimum,
}
"""Primitives whose instructions are fewer than a call would take."""

LONG: dict[str, Callable[..., Lanes]] = {
    "**": logarithm.power,
    "pow": logarithm.power,
    "//": lambda x, y: _floor_division(x, y)[0],
    "%": lambda x, y: _floor_division(x, y)[1],
    "fmod": _fmod,
    "asin′": logarithm.asin_slope,
    "acosh′": logarithm.acosh_slope,
    "exp": exponential.exp,
    "exp2": exponential.exp2,
    "expm1": exponential.expm1,
    "elu": exponential.elu,
    "sigmoid": exponential.sigmoid,
    "sigmoid′": exponential.sigmoid_slope,
    "silu": exponential.silu,
    "silu′": exponential.silu_slope,
    "tanh": exponential.tanh,
    "sech": exponential.sech,
    "cosh": exponential.cosh,
    "sinh": exponential.sinh,
    "erf": exponential.erf,
    "erfc": exponential.erfc,
    "erf′": exponential.erf_slope,
    "gelu": exponential.gelu,
    "gelu′": exponential.gelu_slope,
    "log": logarithm.log,
    "log2": logarithm.log2,
    "log10": logarithm.log10,
    "log1p": logarithm.log1p,
    "softplus": logarithm.softplus,
    "logsigmoid": logarithm.logsigmoid,
    "logaddexp": logarithm.logaddexp,
    "cbrt": logarithm.cbrt,
    "hypot": logarithm.hypot,
    "hypot′": logarithm.hypot_slope,
    "atan2′": logarithm.atan2_slope,
    "asinh": logarithm.asinh,
    "acosh": logarithm.acosh,
    "atanh": logarithm.atanh,
    "sin": trigonometry.sin,
    "cos": trigonometry.cos,
    "tan": trigonometry.tan,
    "asin": trigonometry.asin,
    "acos": trigonometry.acos,
    "atan": trigonometry.atan,
    "atan2": trigonometry.atan2,
}
"""Primitives that get a function of their own."""

LIBM = {"nextafter"}
"""Primitives whose values Python's `math` takes from the C library unchanged, or that are exact in both."""

POWERS = {"**", "pow"}
