"""What Python's `math` computes, in machine code, to the last bit: by the C functions that it calls itself.

Where Python raises an error the result is the infinity or the NaN of IEEE 754. What `math` has of its own,
such as `gamma`, is no part of this, but for `hypot`.
"""

from __future__ import annotations

import ctypes
import math
import os
import sys
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from ..locks import LOCK
from .machine import has_fma
from .scalar_text import Text


def compare(text: Text, relation: str, x: str, y: str | float) -> str:
    """Return a condition: a relation of LLVM, such as "olt", between two numbers."""
    return text.new(f"fcmp {relation} double {x}, {y if isinstance(y, str) else text.number(y)}")


def size(text: Text, x: str) -> str:
    """Return the absolute value."""
    return text.new(f"call double @llvm.fabs.f64(double {x})")


def both(text: Text, *conditions: str) -> str:
    """Return the condition that all conditions are true."""
    result = conditions[0]
    for condition in conditions[1:]:
        result = text.new(f"and i1 {result}, {condition}")
    return result


def any_of(text: Text, *conditions: str) -> str:
    """Return the condition that one of some conditions is true, or several."""
    result = conditions[0]
    for condition in conditions[1:]:
        result = text.new(f"or i1 {result}, {condition}")
    return result


def infinite(text: Text, x: str) -> str:
    """Return the condition that a number is infinite."""
    return compare(text, "oeq", size(text, x), math.inf)


LIBM = frozenset(
    "acos acosh asin asinh atan atan2 atanh cbrt cos cosh erf erfc exp exp2 expm1 fmod log log10 log1p log2 "
    "nextafter pow sin sinh tan tanh".split()
)
"""The functions of the C library that `math` hands on to."""


def _points() -> Iterator[tuple[float, float]]:
    for k in range(1, 49):
        fraction = k * 0.6180339887498949 % 1.0
        yield (1.0 + fraction) * 2.0 ** (k % 9 - 6) * (-1.0) ** (k // 24), 4.0 * fraction - 1.0 + k % 2


@cache
def address_of(name: str) -> int | None:
    """Return the address of a function of LIBM; None where the C library has none that gives the same."""
    with LOCK:
        library = ctypes.CDLL("ucrtbase" if sys.platform == "win32" else None)
        function = getattr(library, name, None)
    if function is None:
        return None
    count = 2 if name in ("atan2", "nextafter", "pow", "fmod") else 1
    function.restype, function.argtypes = ctypes.c_double, [ctypes.c_double] * count
    for point in _points():
        try:
            expected = getattr(math, name)(*point[:count])
        except (ArithmeticError, ValueError):
            continue
        if function(*point[:count]) != expected:
            return None
    return ctypes.cast(function, ctypes.c_void_p).value


def _rounding(name: str) -> Callable[..., str]:
    def write(text: Text, x: str) -> str:
        whole = text.new(f"call double @llvm.{name}.f64(double {x})")
        return text.new(f"fadd double {whole}, {text.number(0.0)}")  # a whole number of Python has no -0

    return write


def _root(text: Text, x: str) -> str:
    return text.new(f"call double @llvm.sqrt.f64(double {x})")


def _copysign(text: Text, x: str, y: str) -> str:
    return text.new(f"call double @llvm.copysign.f64(double {x}, double {y})")


def _times(factor: float) -> Callable[..., str]:
    return lambda text, x: text.new(f"fmul double {x}, {text.number(factor)}")


def whole_part(text: Text, x: str) -> str:
    """Return math.modf(x)[1]."""
    return text.new(f"call double @llvm.trunc.f64(double {x})")


def fraction(text: Text, x: str) -> str:
    """Return math.modf(x)[0]."""
    rest = text.new(f"fsub double {x}, {whole_part(text, x)}")
    rest = select(text, infinite(text, x), text.number(0.0), rest)
    return _copysign(text, rest, x)


def _ulp(text: Text, x: str) -> str:
    a = size(text, x)
    above = call(text, "nextafter", a, text.number(math.inf))
    below = call(text, "nextafter", a, text.number(-math.inf))
    gap = text.new(f"fsub double {above}, {a}")
    gap = select(text, infinite(text, above), text.new(f"fsub double {a}, {below}"), gap)
    return select(text, compare(text, "olt", a, math.inf), gap, a)


def select(text: Text, condition: str, yes: str, no: str) -> str:
    """Return one of two numbers, both of which are there."""
    return text.new(f"select i1 {condition}, double {yes}, double {no}")


def _hypot(text: Text, x: str, y: str) -> str:
    if not has_fma():
        raise Untranslatable("hypot")
    text.functions.setdefault(DISTANCE, _distance_function())
    return text.new(f"call double @{DISTANCE}(double {x}, double {y})")


OTHERS: dict[str, Callable[..., str]] = {
    "hypot": _hypot,
    "sqrt": _root,
    "fabs": lambda text, x: size(text, x),
    "copysign": _copysign,
    "degrees": _times(180.0 / math.pi),
    "radians": _times(math.pi / 180.0),
    "floor": _rounding("floor"),
    "ceil": _rounding("ceil"),
    "trunc": _rounding("trunc"),
    "round": _rounding("rint"),
    "ulp": _ulp,
}
"""Functions of `math`, and `round`, that are a few instructions."""


class Untranslatable(Exception):  # noqa: N818 (it never leaves this package)
    """What cannot be written as machine code, and is left to a function of Python."""


def call(text: Text, name: str, *operands: str) -> str:
    """Return a function of `math`.

    Args:
        text: where it is written.
        name: the function.
        operands: what it is applied to.

    Raises:
        Untranslatable: it is none of LIBM or OTHERS.
    """
    other = OTHERS.get(name)
    if other is not None:
        return other(text, *operands)
    address = address_of(name) if name in LIBM else None
    if address is None:
        raise Untranslatable(name)
    result = text.new(
        f"call double inttoptr (i64 {address} to ptr)({', '.join([f'double {x}' for x in operands])})"
    )
    if name == "log1p":  # which math does not ask for zeros
        result = select(text, compare(text, "oeq", operands[0], 0.0), operands[0], result)
    return result


ARITHMETIC = {"+": "fadd", "-": "fsub", "*": "fmul"}


def operator(text: Text, op: str, x: str, y: str) -> str:
    """Return the result of one of Python's operators on floats.

    Args:
        text: where it is written.
        op: the operator: + - * / // % or **.
        x, y: what it is applied to.
    """
    instruction = ARITHMETIC.get(op)
    if instruction is not None:
        return text.new(f"{instruction} double {x}, {y}")
    if op == "**":
        return power(text, x, y)
    if op == "/":
        return text.new(f"fdiv double {x}, {y}")
    return _modulo(text, x, y) if op == "%" else _floor_division(text, x, y)


POWERS = (2.0, 3.0, 4.0)
"""Exponents for which a product is tried before the function of the C library is called."""

CLOSE = 0.4865
"""How far a product may be from the exact power, in units in the last place, to be what `pow` gives."""

MODERATE = 64
"""Of results from 2**-MODERATE to 2**MODERATE it is known how close `pow` comes."""


@cache
def _pow_is_close() -> bool:
    """Say whether the error of the C library's `pow` is known to be less than 1 - CLOSE units.

    That of glibc from 2.28 on is less than 0.511 + 1.5 * 2**-15 * abs(log(result)), 0.5131 at most for
    moderate results (sysdeps/ieee754/dbl-64/e_pow.c). Half a unit of it is of the last step, which rounds; so
    what is rounded is known to 0.0131 units, near powers of 2 too, below which numbers are closer together.
    """
    try:
        name, version = (os.confstr("CS_GNU_LIBC_VERSION") or "").split()
        return has_fma() and name == "glibc" and tuple(map(int, version.split(".")[:2])) >= (2, 28)
    except (AttributeError, ValueError, OSError):
        return False


def power(text: Text, x: str, y: str) -> str:
    """Return x ** y, as the C library's `pow` has it, which Python's floats and `math` ask.

    A product is that too where no other number is as close to the exact power as `pow` comes.
    """
    exponent = text.known(y)
    if exponent not in POWERS or not _pow_is_close():
        return call(text, "pow", x, y)
    name = f"power{exponent:.0f}"
    if name not in text.functions:
        text.functions[name] = _power_function(name, exponent)
    return text.new(f"call double @{name}(double {x})")


@cache
def _power_function(name: str, exponent: float) -> str:
    """Return a function of LLVM that gives a power."""
    text = Text()
    x = "%x0"
    high, low = _product(text, x, x, text.number(0.0))
    for _ in range(int(exponent) - 2):
        high, low = _product(text, high, x, low)
    # What is left over, made larger by so much, does not move the product to the next number.
    farther = text.number(0.5 / CLOSE)
    moved = text.new(f"call double @llvm.fma.f64(double {low}, double {farther}, double {high})")
    close = both(text, compare(text, "oeq", moved, high), _is_moderate(text, high, MODERATE))
    text.branch(close, "product", "ask")
    text.begin("product")
    text.add(f"ret double {high}")
    text.begin("ask")
    return function(text, name, 1, call(text, "pow", x, text.number(exponent)))


def function(text: Text, name: str, count: int, result: str) -> str:
    """Return a function of LLVM: what was written into a text of its own, of operands `%x0`, `%x1`, ..."""
    operands = ", ".join([f"double %x{i}" for i in range(count)])
    body = "\n".join(text.lines)
    return f"define internal double @{name}({operands}) noinline {{\nentry:\n{body}\nret double {result}\n}}"


DISTANCE = "distance"
"""The function of LLVM that gives math.hypot, or NaN where it does not know it."""

UNSURE = 2.0**-24
"""How near to the middle between two floats, in halves of their distance, an exact result must be to leave
open what `math.hypot` gives, which knows it to 100 bits before it rounds (vector_norm of CPython's
mathmodule.c)."""


@cache
def _distance_function() -> str:
    """Return DISTANCE: the root of the sum of two squares, in two doubles."""
    text = Text()
    x, y = size(text, "%x0"), size(text, "%x1")
    larger = compare(text, "ogt", x, y)
    a, b = select(text, larger, x, y), select(text, larger, y, x)
    zero = text.number(0.0)
    (p, p_low), (q, q_low) = _product(text, a, a, zero), _product(text, b, b, zero)
    s = text.new(f"fadd double {p}, {q}")
    rest = text.new(f"fsub double {q}, {text.new(f'fsub double {s}, {p}')}")
    rest = text.new(f"fadd double {rest}, {text.new(f'fadd double {p_low}, {q_low}')}")
    root = _root(text, s)
    left = text.new(
        f"call double @llvm.fma.f64(double {text.new(f'fneg double {root}')}, double {root}, double {s})"
    )
    double = text.new(f"fadd double {root}, {root}")
    more = text.new(f"fdiv double {text.new(f'fadd double {left}, {rest}')}, {double}")
    result = text.new(f"fadd double {root}, {more}")
    low = text.new(f"fsub double {more}, {text.new(f'fsub double {result}, {root}')}")
    sure = _is_close(text, result, low, 0.5 * (1.0 - UNSURE), 400, 0.5)
    result = select(text, sure, result, text.number(math.nan))
    return function(text, DISTANCE, 2, select(text, compare(text, "oeq", b, 0.0), a, result))


def _is_close(text: Text, x: str, low: str, units: float, moderate: int, at_power: float) -> str:
    """Return the condition that what is left over is at most so many units in the last place of a number.

    Args:
        text: where it is written.
        x: the number, from 2**-moderate to 2**moderate, or the condition is false.
        low: what is left over.
        units: how many.
        moderate: as above.
        at_power: the part of that which counts for a power of 2, below which numbers are closer together.
    """
    bits = text.new(f"bitcast double {x} to i64")
    of_unit = text.new(f"and i64 {bits}, {0x7FF << 52}")
    unit = text.new(f"bitcast i64 {of_unit} to double")
    is_power = text.new(f"icmp eq i64 {text.new(f'and i64 {bits}, {(1 << 52) - 1}')}, 0")
    most = select(text, is_power, text.number(units * at_power * 2.0**-52), text.number(units * 2.0**-52))
    close = compare(text, "ole", size(text, low), text.new(f"fmul double {unit}, {most}"))
    return both(text, close, _is_moderate(text, x, moderate))


def _is_moderate(text: Text, x: str, moderate: int) -> str:
    """Return the condition that a number is, but for its sign, from 2**-moderate to below 2**moderate."""
    bits = text.new(f"bitcast double {size(text, x)} to i64")
    shifted = text.new(f"sub i64 {bits}, {(1023 - moderate) << 52}")
    return text.new(f"icmp ult i64 {shifted}, {(2 * moderate) << 52}")


def _product(text: Text, x: str, y: str, x_low: str) -> tuple[str, str]:
    """Return (x + x_low) * y as a rounded product, and the rest."""
    high = text.new(f"fmul double {x}, {y}")
    rest = text.new(
        f"call double @llvm.fma.f64(double {x}, double {y}, double {text.new(f'fneg double {high}')})"
    )
    if text.known(x_low) == 0.0:
        return high, rest
    return high, text.new(f"fadd double {rest}, {text.new(f'fmul double {x_low}, {y}')}")


def _modulo(text: Text, x: str, y: str) -> str:
    """Return the remainder as float_rem of CPython's floatobject.c computes it."""
    rest = call(text, "fmod", x, y)
    moved = select(text, _other_sign(text, rest, y), text.new(f"fadd double {rest}, {y}"), rest)
    zero = _copysign(text, text.number(0.0), y)
    return select(text, compare(text, "oeq", rest, 0.0), zero, moved)


def _other_sign(text: Text, rest: str, y: str) -> str:
    """Return the condition that a remainder is not zero, and of another sign than what was divided by."""
    differ = text.new(f"xor i1 {compare(text, 'olt', y, 0.0)}, {compare(text, 'olt', rest, 0.0)}")
    return both(text, differ, compare(text, "une", rest, 0.0))


def _floor_division(text: Text, x: str, y: str) -> str:
    """Return the quotient as _float_div_mod of CPython's floatobject.c computes it, x / y where y is 0."""
    rest = call(text, "fmod", x, y)
    exact = text.new(f"fdiv double {x}, {y}")
    quotient = text.new(f"fdiv double {text.new(f'fsub double {x}, {rest}')}, {y}")
    less = text.new(f"fsub double {quotient}, {text.number(1.0)}")
    quotient = select(text, _other_sign(text, rest, y), less, quotient)
    floor = text.new(f"call double @llvm.floor.f64(double {quotient})")
    over = compare(text, "ogt", text.new(f"fsub double {quotient}, {floor}"), 0.5)
    floor = select(text, over, text.new(f"fadd double {floor}, {text.number(1.0)}"), floor)
    zero = _copysign(text, text.number(0.0), exact)
    floor = select(text, compare(text, "oeq", quotient, 0.0), zero, floor)
    return select(text, compare(text, "oeq", y, 0.0), exact, floor)


def fused(text: Text, x: str, y: str, z: str) -> str:
    """Return x * y + z rounded once.

    Raises:
        Untranslatable: the processor has no instruction for it.
    """
    if not has_fma():
        raise Untranslatable("fma")
    return text.new(f"call double @llvm.fma.f64(double {x}, double {y}, double {z})")


def declarations() -> str:
    """Return the lines that declare what LLVM itself knows."""
    one = ("fabs", "sqrt", "floor", "ceil", "trunc", "rint")
    lines = [f"declare double @llvm.{name}.f64(double)" for name in one]
    lines.append("declare double @llvm.copysign.f64(double, double)")
    lines.append("declare double @llvm.fma.f64(double, double, double)")
    return "\n".join(lines)


RELATIONS: dict[str, Any] = {"<": "olt", "<=": "ole", "==": "oeq", "!=": "une", ">": "ogt", ">=": "oge"}
"""LLVM's names of comparisons."""
