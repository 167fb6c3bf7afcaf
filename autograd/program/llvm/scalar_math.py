"""What Python's `math` computes, in machine code, to the last bit: by the C functions that it calls itself.

Where Python raises an error the code doubts, in the sense of `scalar_text`. What `math` has of its own, such
as `gamma` and `hypot`, is no part of this.
"""

from __future__ import annotations

import ctypes
import math
import sys
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from ..locks import LOCK
from .machine import has_fma
from .scalar_text import Text

_INFINITE = "0x7ff0000000000000"

Check = Callable[[Text, str, "tuple[str, ...]"], "str | None"]
"""Gives, for the result and the operands, the condition under which Python raises; None for never."""


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


def infinite(text: Text, x: str) -> str:
    """Return the condition that a number is infinite."""
    return compare(text, "oeq", size(text, x), math.inf)


def finite(text: Text, x: str) -> str:
    """Return the condition that a number is neither infinite nor NaN."""
    return compare(text, "olt", size(text, x), math.inf)


def _where(relation: str, bound: float, of_size: bool = False) -> Check:
    return lambda text, r, x: compare(text, relation, size(text, x[0]) if of_size else x[0], bound)


def _never(text: Text, r: str, x: tuple[str, ...]) -> None:
    return None


def _overflow(text: Text, r: str, x: tuple[str, ...]) -> str:
    return both(text, infinite(text, r), compare(text, "one", size(text, x[0]), math.inf))


def _power(text: Text, r: str, x: tuple[str, ...]) -> str:
    beyond = compare(text, "ueq", size(text, r), math.inf)
    known = [text.known(operand) for operand in x]
    operands = [operand for operand, k in zip(x, known, strict=True) if k is None or not math.isfinite(k)]
    return both(text, beyond, *[finite(text, operand) for operand in operands])


def _invalid(text: Text, r: str, x: tuple[str, ...]) -> str:
    return both(text, compare(text, "uno", r, r), compare(text, "ord", *x))


def _divided_by_zero(text: Text, r: str, x: tuple[str, ...]) -> str | None:
    known = text.known(x[1])
    return None if known else compare(text, "oeq", x[1], 0.0)


LIBM: dict[str, Check] = {
    **dict.fromkeys(["exp", "exp2", "expm1", "sinh", "cosh"], _overflow),
    **dict.fromkeys(["log", "log2", "log10"], _where("ole", 0.0)),
    "log1p": _where("ole", -1.0),
    **dict.fromkeys(["sin", "cos", "tan"], _where("oeq", math.inf, of_size=True)),
    **dict.fromkeys(["asin", "acos"], _where("ogt", 1.0, of_size=True)),
    "acosh": _where("olt", 1.0),
    "atanh": _where("oge", 1.0, of_size=True),
    **dict.fromkeys(["atan", "asinh", "tanh", "erf", "erfc", "cbrt", "atan2", "nextafter"], _never),
    "pow": _power,
    "fmod": _invalid,
}
"""The functions of the C library that `math` hands on to, and where it raises errors."""


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
    def write(text: Text, checked: bool, x: str) -> str:
        if checked:
            text.doubt(compare(text, "ueq", size(text, x), math.inf))
        whole = text.new(f"call double @llvm.{name}.f64(double {x})")
        return text.new(f"fadd double {whole}, {text.number(0.0)}")  # a whole number of Python has no -0

    return write


def _root(text: Text, checked: bool, x: str) -> str:
    if checked:
        text.doubt(compare(text, "olt", x, 0.0))
    return text.new(f"call double @llvm.sqrt.f64(double {x})")


def _copysign(text: Text, checked: bool, x: str, y: str) -> str:
    return text.new(f"call double @llvm.copysign.f64(double {x}, double {y})")


def _times(factor: float) -> Callable[..., str]:
    return lambda text, checked, x: text.new(f"fmul double {x}, {text.number(factor)}")


def whole_part(text: Text, x: str) -> str:
    """Return math.modf(x)[1]."""
    return text.new(f"call double @llvm.trunc.f64(double {x})")


def fraction(text: Text, x: str) -> str:
    """Return math.modf(x)[0]."""
    rest = text.new(f"fsub double {x}, {whole_part(text, x)}")
    rest = select(text, infinite(text, x), text.number(0.0), rest)
    return _copysign(text, False, rest, x)


def _ulp(text: Text, checked: bool, x: str) -> str:
    a = size(text, x)
    above = call(text, False, "nextafter", a, text.number(math.inf))
    below = call(text, False, "nextafter", a, text.number(-math.inf))
    gap = text.new(f"fsub double {above}, {a}")
    gap = select(text, infinite(text, above), text.new(f"fsub double {a}, {below}"), gap)
    return select(text, compare(text, "olt", a, math.inf), gap, a)


def select(text: Text, condition: str, yes: str, no: str) -> str:
    """Return one of two numbers, both of which are there."""
    return text.new(f"select i1 {condition}, double {yes}, double {no}")


OTHERS: dict[str, Callable[..., str]] = {
    "sqrt": _root,
    "fabs": lambda text, checked, x: size(text, x),
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


def call(text: Text, checked: bool, name: str, *operands: str) -> str:
    """Return a function of `math`.

    Args:
        text: where it is written.
        checked: whether to doubt where Python raises an error; else the result is that of IEEE 754.
        name: the function.
        operands: what it is applied to.

    Raises:
        Untranslatable: it is none of LIBM or OTHERS.
    """
    other = OTHERS.get(name)
    if other is not None:
        return other(text, checked, *operands)
    address = address_of(name) if name in LIBM else None
    if address is None:
        raise Untranslatable(name)
    result = text.new(
        f"call double inttoptr (i64 {address} to ptr)({', '.join([f'double {x}' for x in operands])})"
    )
    if name == "log1p":  # which math does not ask for zeros
        result = select(text, compare(text, "oeq", operands[0], 0.0), operands[0], result)
    if checked:
        _doubt(text, LIBM[name](text, result, operands))
    return result


def _doubt(text: Text, condition: str | None) -> None:
    if condition is not None:
        text.doubt(condition)


ARITHMETIC = {"+": "fadd", "-": "fsub", "*": "fmul"}


def operator(text: Text, checked: bool, op: str, x: str, y: str) -> str:
    """Return the result of one of Python's operators on floats.

    Args:
        text: where it is written.
        checked: whether to doubt where Python raises an error; else the result is that of IEEE 754.
        op: the operator: + - * / // % or **.
        x, y: what it is applied to.
    """
    instruction = ARITHMETIC.get(op)
    if instruction is not None:
        return text.new(f"{instruction} double {x}, {y}")
    if op == "**":
        return call(text, checked, "pow", x, y)
    if checked:
        _doubt(text, _divided_by_zero(text, "", (x, y)))
    if op == "/":
        return text.new(f"fdiv double {x}, {y}")
    return _modulo(text, x, y) if op == "%" else _floor_division(text, x, y)


def _modulo(text: Text, x: str, y: str) -> str:
    """Return the remainder as float_rem of CPython's floatobject.c computes it."""
    rest = call(text, False, "fmod", x, y)
    moved = select(text, _other_sign(text, rest, y), text.new(f"fadd double {rest}, {y}"), rest)
    zero = _copysign(text, False, text.number(0.0), y)
    return select(text, compare(text, "oeq", rest, 0.0), zero, moved)


def _other_sign(text: Text, rest: str, y: str) -> str:
    """Return the condition that a remainder is not zero, and of another sign than what was divided by."""
    differ = text.new(f"xor i1 {compare(text, 'olt', y, 0.0)}, {compare(text, 'olt', rest, 0.0)}")
    return both(text, differ, compare(text, "une", rest, 0.0))


def _floor_division(text: Text, x: str, y: str) -> str:
    """Return the quotient as _float_div_mod of CPython's floatobject.c computes it, x / y where y is 0."""
    rest = call(text, False, "fmod", x, y)
    exact = text.new(f"fdiv double {x}, {y}")
    quotient = text.new(f"fdiv double {text.new(f'fsub double {x}, {rest}')}, {y}")
    less = text.new(f"fsub double {quotient}, {text.number(1.0)}")
    quotient = select(text, _other_sign(text, rest, y), less, quotient)
    floor = text.new(f"call double @llvm.floor.f64(double {quotient})")
    over = compare(text, "ogt", text.new(f"fsub double {quotient}, {floor}"), 0.5)
    floor = select(text, over, text.new(f"fadd double {floor}, {text.number(1.0)}"), floor)
    zero = _copysign(text, False, text.number(0.0), exact)
    floor = select(text, compare(text, "oeq", quotient, 0.0), zero, floor)
    return select(text, compare(text, "oeq", y, 0.0), exact, floor)


def fused(text: Text, x: str, y: str, z: str) -> str:
    """Return x * y + z rounded once, and doubt where math.fma of Python 3.13 raises.

    Raises:
        Untranslatable: the processor has no instruction for it.
    """
    if not has_fma():
        raise Untranslatable("fma")
    result = text.new(f"call double @llvm.fma.f64(double {x}, double {y}, double {z})")
    numbers = both(text, compare(text, "ord", x, y), compare(text, "ord", z, z))
    text.doubt(both(text, compare(text, "uno", result, result), numbers))
    text.doubt(both(text, infinite(text, result), *[finite(text, each) for each in (x, y, z)]))
    return result


def declarations() -> str:
    """Return the lines that declare what LLVM itself knows."""
    one = ("fabs", "sqrt", "floor", "ceil", "trunc", "rint")
    lines = [f"declare double @llvm.{name}.f64(double)" for name in one]
    lines.append("declare double @llvm.copysign.f64(double, double)")
    lines.append("declare double @llvm.fma.f64(double, double, double)")
    return "\n".join(lines)


RELATIONS: dict[str, Any] = {"<": "olt", "<=": "ole", "==": "oeq", "!=": "une", ">": "ogt", ">=": "oge"}
"""LLVM's names of comparisons."""
