"""Arithmetic on vectors of doubles while LLVM IR is being written: `x * y + 1.0` adds two instructions.

A function of `exponential`, say, is written on these classes as it would be on floats, and writing it once
gives code for any number of lanes. No instruction carries a fast-math flag, so every operation rounds as
IEEE 754 says, and the exact sums and products below hold (Muller et al., Handbook of Floating-Point
Arithmetic, 2nd edition, chapters 4 and 5).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from llvmlite import ir

DOUBLE = ir.DoubleType()
INTEGER = ir.IntType(64)
TRUTH = ir.IntType(1)

ROUNDER = 6755399441055744.0
"""1.5 * 2**52: adding it rounds to a whole number, which stands in the last bits of the sum."""


class Code:
    """Where instructions go: the builder, the number of lanes, and whether the processor has FMA.

    Attributes:
        libm: gives a function on vectors that calls the C library's function of a name for each lane.
    """

    def __init__(
        self, builder: ir.IRBuilder, lanes: int, fma: bool, libm: Callable[[str], ir.Function]
    ) -> None:
        self.builder = builder
        self.lanes = lanes
        self.fma = fma
        self.libm = libm

    def vector(self, element: Any) -> Any:
        return ir.VectorType(element, self.lanes)

    def number(self, x: float) -> Lanes:
        """Return a vector all of whose lanes are `x`."""
        return Lanes(self, ir.Constant(self.vector(DOUBLE), [x] * self.lanes))

    def whole(self, n: int) -> Whole:
        return Whole(self, ir.Constant(self.vector(INTEGER), [n] * self.lanes))

    def intrinsic(self, name: str, *operands: Lanes) -> Lanes:
        """Call the function `llvm.<name>` that LLVM itself knows."""
        module = self.builder.module
        full_name = f"llvm.{name}.v{self.lanes}f64"
        function = module.globals.get(full_name)
        if function is None:
            kind = self.vector(DOUBLE)
            function = ir.Function(module, ir.FunctionType(kind, [kind] * len(operands)), full_name)
        return Lanes(self, self.builder.call(function, [x.ir for x in operands]))

    def where_any(self, far: Truth, near: Lanes, name: str, *operands: Lanes) -> Lanes:
        """Return `near`, but libm's function in the lanes of `far`; it is not called if there are none."""
        builder = self.builder
        mask = builder.bitcast(far.ir, ir.IntType(self.lanes))
        before = builder.block
        with builder.if_then(builder.icmp_unsigned("!=", mask, ir.Constant(mask.type, 0)), likely=False):
            called = Lanes(self, builder.call(self.libm(name), [x.ir for x in operands]))
            mixed = far.where(called, near)
            inside = builder.block
        result = builder.phi(near.ir.type)
        result.add_incoming(near.ir, before)
        result.add_incoming(mixed.ir, inside)
        return Lanes(self, result)


class _Vector:
    __slots__ = ("code", "ir")

    def __init__(self, code: Code, value: ir.Value) -> None:
        self.code = code
        self.ir = value


class Lanes(_Vector):
    """A vector of doubles. The comparisons give a `Truth`, false in lanes with a NaN."""

    __slots__ = ()

    def _other(self, x: Lanes | float) -> ir.Value:
        return x.ir if isinstance(x, Lanes) else self.code.number(x).ir

    def __add__(self, y: Lanes | float) -> Lanes:
        return Lanes(self.code, self.code.builder.fadd(self.ir, self._other(y)))

    def __radd__(self, y: float) -> Lanes:
        return self.code.number(y) + self

    def __sub__(self, y: Lanes | float) -> Lanes:
        return Lanes(self.code, self.code.builder.fsub(self.ir, self._other(y)))

    def __rsub__(self, y: float) -> Lanes:
        return self.code.number(y) - self

    def __mul__(self, y: Lanes | float) -> Lanes:
        return Lanes(self.code, self.code.builder.fmul(self.ir, self._other(y)))

    def __rmul__(self, y: float) -> Lanes:
        return self.code.number(y) * self

    def __truediv__(self, y: Lanes | float) -> Lanes:
        return Lanes(self.code, self.code.builder.fdiv(self.ir, self._other(y)))

    def __rtruediv__(self, y: float) -> Lanes:
        return self.code.number(y) / self

    def __neg__(self) -> Lanes:
        return Lanes(self.code, self.code.builder.fneg(self.ir))

    def __abs__(self) -> Lanes:
        return self.code.intrinsic("fabs", self)

    def _compared(self, sign: str, y: Lanes | float) -> Truth:
        return Truth(self.code, self.code.builder.fcmp_ordered(sign, self.ir, self._other(y)))

    def __lt__(self, y: Lanes | float) -> Truth:
        return self._compared("<", y)

    def __le__(self, y: Lanes | float) -> Truth:
        return self._compared("<=", y)

    def __gt__(self, y: Lanes | float) -> Truth:
        return self._compared(">", y)

    def __ge__(self, y: Lanes | float) -> Truth:
        return self._compared(">=", y)

    def equals(self, y: Lanes | float) -> Truth:
        return self._compared("==", y)

    def is_nan(self) -> Truth:
        return Truth(self.code, self.code.builder.fcmp_unordered("uno", self.ir, self.ir))

    def at_most(self, bound: float) -> Lanes:
        """Return the smaller of the two, NaN in lanes with a NaN."""
        return (self > bound).where(self.code.number(bound), self)

    def at_least(self, bound: float) -> Lanes:
        return (self < bound).where(self.code.number(bound), self)

    def with_sign_of(self, y: Lanes) -> Lanes:
        return self.code.intrinsic("copysign", self, y)

    def root(self) -> Lanes:
        return self.code.intrinsic("sqrt", self)

    def rounded(self, direction: str) -> Lanes:
        """Return a whole number: `direction` is "floor", "ceil", "trunc" or "nearbyint" (ties to even)."""
        return self.code.intrinsic(direction, self)

    def bits(self) -> Whole:
        return Whole(self.code, self.code.builder.bitcast(self.ir, self.code.vector(INTEGER)))


class Whole(_Vector):
    """A vector of 64-bit integers, which are also the bits of doubles."""

    __slots__ = ()

    def __add__(self, n: Whole | int) -> Whole:
        other = n if isinstance(n, Whole) else self.code.whole(n)
        return Whole(self.code, self.code.builder.add(self.ir, other.ir))

    def __sub__(self, n: Whole) -> Whole:
        return Whole(self.code, self.code.builder.sub(self.ir, n.ir))

    def __rsub__(self, n: int) -> Whole:
        return self.code.whole(n) - self

    def __and__(self, n: int) -> Whole:
        return Whole(self.code, self.code.builder.and_(self.ir, self.code.whole(n).ir))

    def __or__(self, n: int) -> Whole:
        return Whole(self.code, self.code.builder.or_(self.ir, self.code.whole(n).ir))

    def __xor__(self, n: Whole) -> Whole:
        return Whole(self.code, self.code.builder.xor(self.ir, n.ir))

    def __lshift__(self, n: int) -> Whole:
        return Whole(self.code, self.code.builder.shl(self.ir, self.code.whole(n).ir))

    def __rshift__(self, n: int) -> Whole:
        """Shift zeros in from the left."""
        return Whole(self.code, self.code.builder.lshr(self.ir, self.code.whole(n).ir))

    def minimum(self, n: int) -> Whole:
        bound = self.code.whole(n).ir
        less = self.code.builder.icmp_signed("<", self.ir, bound)
        return Whole(self.code, self.code.builder.select(less, self.ir, bound))

    def is_zero(self) -> Truth:
        return Truth(self.code, self.code.builder.icmp_unsigned("==", self.ir, self.code.whole(0).ir))

    def double(self) -> Lanes:
        """Return the doubles that have these bits."""
        return Lanes(self.code, self.code.builder.bitcast(self.ir, self.code.vector(DOUBLE)))


class Truth(_Vector):
    """A vector of truth values, as a comparison gives."""

    __slots__ = ()

    def __and__(self, other: Truth) -> Truth:
        return Truth(self.code, self.code.builder.and_(self.ir, other.ir))

    def __or__(self, other: Truth) -> Truth:
        return Truth(self.code, self.code.builder.or_(self.ir, other.ir))

    def __xor__(self, other: Truth) -> Truth:
        return Truth(self.code, self.code.builder.xor(self.ir, other.ir))

    def __invert__(self) -> Truth:
        return Truth(self.code, self.code.builder.not_(self.ir))

    def where(self, x: Lanes | float, y: Lanes | float) -> Lanes:
        """Return `x` in the lanes that are true, `y` in the others."""
        x, y = (z if isinstance(z, Lanes) else self.code.number(z) for z in (x, y))
        return Lanes(self.code, self.code.builder.select(self.ir, x.ir, y.ir))

    def where_whole(self, m: int, n: int) -> Whole:
        whole = self.code.whole
        return Whole(self.code, self.code.builder.select(self.ir, whole(m).ir, whole(n).ir))


def mul_add(x: Lanes, y: Lanes | float, z: Lanes | float) -> Lanes:
    """Return x * y + z, rounded once where the processor has FMA and twice where it has not."""
    if not x.code.fma:
        return x * y + z
    y, z = (t if isinstance(t, Lanes) else x.code.number(t) for t in (y, z))
    return x.code.intrinsic("fma", x, y, z)


def quick_two_sum(x: Lanes, y: Lanes | float) -> tuple[Lanes, Lanes]:
    """Return x + y as its rounded value and its rounding error, for |x| >= |y| or x = 0 (Dekker)."""
    total = x + y
    return total, (x - total) + y


def two_sum(x: Lanes, y: Lanes | float) -> tuple[Lanes, Lanes]:
    """Return x + y as its rounded value and its rounding error (Knuth)."""
    total = x + y
    part = total - x
    return total, (x - (total - part)) + (y - part)


def two_product(x: Lanes, y: Lanes | float) -> tuple[Lanes, Lanes]:
    """Return x * y as its rounded value and its rounding error.

    Without FMA the factors are split into halves of 26 bits (Veltkamp, Dekker), which gives NaN as the
    error where a factor is beyond 2**996.
    """
    product = x * y
    if x.code.fma:
        return product, mul_add(x, y, -product)
    y = y if isinstance(y, Lanes) else x.code.number(y)
    (x_high, x_low), (y_high, y_low) = _halves(x), _halves(y)
    return product, ((x_high * y_high - product) + x_high * y_low + x_low * y_high) + x_low * y_low


def _halves(x: Lanes) -> tuple[Lanes, Lanes]:
    scaled = x * 134217729.0  # 2**27 + 1
    high = scaled - (scaled - x)
    return high, x - high


def remains(z: Lanes | float, x: Lanes, y: Lanes) -> Lanes:
    """Return z - x * y for a product near z, rounded once."""
    if x.code.fma:
        return mul_add(-x, y, z)
    product, error = two_product(x, y)
    return (z - product) - error


def quotient(
    high: Lanes | float, low: Lanes | float, divisor: Lanes, divisor_low: Lanes
) -> tuple[Lanes, Lanes]:
    """Return (high + low) / (divisor + divisor_low) as a double and a correction of it."""
    inverse = 1.0 / divisor
    result = inverse * high
    remainder = remains(high, result, divisor) + (low - result * divisor_low)
    if not divisor.code.fma and isinstance(high, Lanes):  # the parts of a product could be subnormal
        remainder = (abs(high) > 2.0**-900).where(remainder, 0.0)
    return result, remainder * inverse


def root_of(high: Lanes, low: Lanes) -> tuple[Lanes, Lanes]:
    """Return the square root of high + low >= 0 as a double and a correction of it."""
    root = high.root()
    correction = (remains(high, root, root) + low) / (root + root)
    return root, (root > 0.0).where(correction, 0.0)


def polynomial(x: Lanes, coefficients: Sequence[float]) -> Lanes:
    """Return c[0] + c[1]*x + c[2]*x**2 + ..., by Estrin's scheme, whose operations run side by side."""
    terms: list[Lanes | float] = list(coefficients)
    while len(terms) > 1:
        pairs: list[Lanes | float] = []
        for i in range(0, len(terms) - 1, 2):
            even, odd = terms[i], terms[i + 1]
            pairs.append(mul_add(x, odd, even))
        if len(terms) % 2:
            pairs.append(terms[-1])
        terms = pairs
        x = x * x
    result = terms[0]
    return result if isinstance(result, Lanes) else x.code.number(result)
