"""The table of rules: every primitive with its value and its local derivatives, each written once.

A derivative is an expression in the operands (x, or x and y) and the result (out). This one entry serves
recording, derivatives of derivatives, generated source, the pictures and the tests. Expressions are written
so that they do not overflow or cancel where the derivative itself is an ordinary number. At kinks they give
PyTorch's choice.

To add a primitive is to add an entry, here or in a module of your own (`autograd.custom` shows one). It then
has derivatives of all orders, works on arrays of Values and in pictures, and `check_primitive` holds its
derivatives against differences.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Unpack

from ..support.real_numbers import inf, nan
from . import floats
from .primitive import CONSTANT, Facts, Primitive, Slope, enter, ieee_divide, ieee_power, where

if TYPE_CHECKING:
    from collections.abc import Callable

    from .primitive import Expression

    Interval = tuple[float, float]


ANY: Interval = (-30.0, 30.0)
POSITIVE: Interval = (0.0, 1e3)


def unary(
    name: str,
    value: Callable[..., float],
    derivative: Expression | None,
    doc: str,
    domain: Interval = ANY,
    symbol: str | None = None,
    where_raises: Callable[[float], float] | None = None,
    **facts: Unpack[Facts],
) -> Primitive:
    """Enter a primitive of one operand into the table; its derivative is called with x and the result."""
    return enter(Primitive(name, value, (derivative,), (domain,), doc, symbol, where_raises, **facts))


def binary(
    name: str,
    value: Callable[..., float],
    by_x: Expression | None,
    by_y: Expression | None,
    doc: str,
    domain: tuple[Interval, Interval] = (ANY, ANY),
    symbol: str | None = None,
    where_raises: Callable[[float, float], float] | None = None,
    **facts: Unpack[Facts],
) -> Primitive:
    """Enter a primitive of two operands into the table; derivatives are called with x, y and the result."""
    return enter(Primitive(name, value, (by_x, by_y), domain, doc, symbol, where_raises, **facts))


# Errors: the kind that a value raises, with comparisons that a compiled function can repeat


def _division_error(x: Any, y: Any) -> type[Exception] | None:
    return ZeroDivisionError if y == 0.0 else None


def _power_error(x: Any, y: Any) -> type[Exception] | None:
    if x == 0.0 and -inf < y < 0.0:
        return ZeroDivisionError
    if not 0.0 < abs(x) < inf or abs(y) == inf:
        return None
    digits = y * log2(abs(x))
    if x < 0.0 and digits < 1000.0 and y != whole(y):
        return ValueError
    return OverflowError if digits > 1024.001 else None


def _pow_error(x: Any, y: Any) -> type[Exception] | None:
    complex_result = -inf < x < 0.0 and -inf < y < inf and y != whole(y)
    return ValueError if complex_result or (x == 0.0 and -inf < y < 0.0) else _power_error(x, y)


def _pole_error(x: Any) -> type[Exception] | None:
    return ValueError if x <= 0.0 and x == whole(x) else None


def _gamma_error(x: Any) -> type[Exception] | None:
    overflows = 171.6244 < x < inf or 0.0 < abs(x) < 5.5e-309
    return OverflowError if overflows else _pole_error(x)


def _lgamma_error(x: Any) -> type[Exception] | None:
    return OverflowError if 2.56e305 < x < inf else None if x == -inf else _pole_error(x)


def _remainder_error(x: Any, y: Any) -> type[Exception] | None:
    return ValueError if (y == 0.0 and x == x) or (abs(x) == inf and y == y) else None


def _ldexp_error(x: Any, y: Any) -> type[Exception] | None:
    return OverflowError if y > 0.0 and max(2.0 ** (1024.0 - y), 5e-324) <= abs(x) < inf else None


def _rounding_error(x: Any) -> type[Exception] | None:
    return ValueError if x != x else OverflowError if abs(x) == inf else None


# Arithmetic

add = binary(
    "+", lambda x, y: x + y,
    lambda x, y, out: 1.0,
    lambda x, y, out: 1.0,
    "Return x + y.", binds=1, never_raises=True,
)  # fmt: skip
subtract = binary(
    "-", lambda x, y: x - y,
    lambda x, y, out: 1.0,
    lambda x, y, out: -1.0,
    "Return x - y.", symbol="−", binds=1, never_raises=True,
)  # fmt: skip
multiply = binary(
    "*", lambda x, y: x * y,
    lambda x, y, out: y,
    lambda x, y, out: x,
    "Return x * y.", symbol="×", binds=2, never_raises=True,
)  # fmt: skip
divide = binary(
    "/", lambda x, y: x / y,
    lambda x, y, out: 1.0 / y,
    lambda x, y, out: -out / y,  # -x/y**2 would overflow early
    "Return x / y; ZeroDivisionError where y is 0.", (ANY, POSITIVE), symbol="÷",
    where_raises=ieee_divide, binds=2, error=_division_error,
)  # fmt: skip


def _power_by_base(x: Any, y: Any, out: Any) -> Any:
    # For y = 0 it is 0 where 1/x or its derivatives overflow; elsewhere the product, which depends on y too.
    slope = y * x ** (y - 1.0)
    return where(abs(x) < 1e-100, where(y == 0.0, 0.0, slope), slope)


_power_by_exponent: Expression = lambda x, y, out: where(x == 0.0, 0.0, out * log(x))  # noqa: E731
power = binary(
    "**", floats.power, _power_by_base, _power_by_exponent,
    "Return x ** y; ZeroDivisionError for 0 to a negative power, ValueError where it would be complex.",
    ((0.0, 20.0), (-5.0, 5.0)), symbol="^", where_raises=ieee_power, binds=3, error=_power_error,
)  # fmt: skip
floordiv = binary(
    "//", lambda x, y: x // y,
    lambda x, y, out: 0.0,
    lambda x, y, out: 0.0,
    "Return the largest whole number not above x / y; its derivative is 0.",
    ((0.3, 0.9), (1.1, 1.9)), symbol="⌊÷⌋", where_raises=ieee_divide, binds=2, error=_division_error,
)  # fmt: skip
modulo = binary(
    "%", lambda x, y: x % y,
    lambda x, y, out: 1.0,
    lambda x, y, out: -(x // y),
    "Return x - y * floor(x / y), which has the sign of y.", ((4.1, 4.4), (1.5, 1.9)), symbol="mod",
    binds=2, error=_division_error,
)  # fmt: skip
negate = unary(
    "neg", lambda x: -x, lambda x, out: -1.0, "Return -x.", symbol="−", binds=2, never_raises=True,
)  # fmt: skip
identity = unary(
    "identity", lambda x: x, lambda x, out: 1.0, "Return x itself, as a node of its own.", symbol="=",
    never_raises=True,
)  # fmt: skip
absolute = unary(
    "abs", abs, lambda x, out: sign(x), "Return the absolute value of x; its derivative at 0 is 0.",
    POSITIVE, symbol="|·|", never_raises=True, never_negative_zero=True,
)  # fmt: skip

# Powers, exponentials and logarithms

pow = binary(  # noqa: A001 (the name math has)
    "pow", math.pow, _power_by_base, _power_by_exponent,
    "Return x to the power y as C does: ValueError for 0 to a negative power.\n\n"
    ">>> pow(2.0, 10.0)\n1024.0",
    ((0.0, 20.0), (-5.0, 5.0)), symbol="^", where_raises=ieee_power, binds=3, error=_pow_error,
)  # fmt: skip
sqrt = unary(
    "sqrt", math.sqrt, lambda x, out: 0.5 / out,
    "Return the square root of x >= 0; its derivative at 0 is inf.\n\n>>> sqrt(9.0)\n3.0",
    POSITIVE, symbol="√",
    error=lambda x: ValueError if x < 0.0 else None,
)  # fmt: skip
root = unary(
    "root", math.sqrt, lambda x, out: where(out == 0.0, 0.0, 0.5 / out),
    "Return the square root of x >= 0 that ends a norm or a deviation; its derivative at 0 is 0.\n\n"
    ">>> root(9.0)\n3.0",
    POSITIVE, symbol="√",
    error=lambda x: ValueError if x < 0.0 else None,
)  # fmt: skip
cbrt = unary(
    "cbrt", math.cbrt, lambda x, out: 1.0 / (3.0 * out * out),
    "Return the cube root of x; its derivative at 0 is inf.\n\n>>> cbrt(-8.0)\n-2.0",
    POSITIVE, symbol="∛", never_raises=True,
)  # fmt: skip
exp = unary(
    "exp", math.exp, lambda x, out: out,
    "Return e raised to the power x; OverflowError above 709.78.\n\n>>> exp(0.0)\n1.0",
    never_negative_zero=True, error=lambda x: OverflowError if 709.7828 < x < inf else None,
)  # fmt: skip
exp2 = unary(
    "exp2", math.exp2, lambda x, out: out * math.log(2.0),
    "Return 2 raised to the power x; OverflowError from 1024.\n\n>>> exp2(10.0)\n1024.0",
    never_negative_zero=True, error=lambda x: OverflowError if 1024.0 <= x < inf else None,
)  # fmt: skip
expm1 = unary(
    "expm1", math.expm1, lambda x, out: exp(x),
    "Return exp(x) - 1, exact for small x too.\n\n>>> expm1(1e-10)\n1.00000000005e-10",
    error=lambda x: OverflowError if 709.7828 < x < inf else None,
)  # fmt: skip
log: Primitive = unary(
    "log", math.log, lambda x, out: 1.0 / x,
    "Return the natural logarithm of x > 0; ValueError elsewhere.\n\n>>> log(1.0)\n0.0",
    POSITIVE, where_raises=lambda x: -inf if x == 0.0 else nan,
    error=lambda x: ValueError if x <= 0.0 else None,
)  # fmt: skip
log2 = unary(
    "log2", math.log2, lambda x, out: 1.0 / (x * math.log(2.0)),
    "Return the logarithm of x > 0 to base 2; ValueError elsewhere.\n\n>>> log2(8.0)\n3.0",
    POSITIVE, where_raises=lambda x: -inf if x == 0.0 else nan,
    error=lambda x: ValueError if x <= 0.0 else None,
)  # fmt: skip
log10 = unary(
    "log10", math.log10, lambda x, out: 1.0 / (x * math.log(10.0)),
    "Return the logarithm of x > 0 to base 10; ValueError elsewhere.\n\n>>> log10(1000.0)\n3.0",
    POSITIVE, where_raises=lambda x: -inf if x == 0.0 else nan,
    error=lambda x: ValueError if x <= 0.0 else None,
)  # fmt: skip
log1p = unary(
    "log1p", math.log1p, lambda x, out: 1.0 / (1.0 + x),
    "Return log(1 + x) for x > -1, exact for small x too.\n\n>>> log1p(1e-10)\n9.999999999500001e-11",
    (-1.0, 1e3), where_raises=lambda x: -inf if x == -1.0 else nan,
    error=lambda x: ValueError if x <= -1.0 else None,
)  # fmt: skip

# Trigonometry, in radians

sin = unary(
    "sin", math.sin, lambda x, out: cos(x),
    "Return the sine of x radians.\n\n>>> sin(0.5)\n0.479425538604203",
    error=lambda x: ValueError if abs(x) == inf else None,
)  # fmt: skip
cos: Primitive = unary(
    "cos", math.cos, lambda x, out: -sin(x),
    "Return the cosine of x radians.\n\n>>> cos(0.0)\n1.0",
    error=lambda x: ValueError if abs(x) == inf else None,
)  # fmt: skip
tan = unary(
    "tan", math.tan, lambda x, out: 1.0 + out * out,
    "Return the tangent of x radians.\n\n>>> tan(0.0)\n0.0",
    error=lambda x: ValueError if abs(x) == inf else None,
)  # fmt: skip
asin = unary(
    "asin", math.asin, lambda x, out: asin_slope(x),
    "Return the angle in [-pi/2, pi/2] whose sine is x, -1 <= x <= 1.\n\n>>> asin(0.0)\n0.0",
    (-1.0, 1.0), error=lambda x: ValueError if abs(x) > 1.0 else None,
)  # fmt: skip
acos = unary(
    "acos", math.acos, lambda x, out: -asin_slope(x),
    "Return the angle in [0, pi] whose cosine is x, -1 <= x <= 1.\n\n>>> acos(1.0)\n0.0",
    (-1.0, 1.0), never_negative_zero=True, error=lambda x: ValueError if abs(x) > 1.0 else None,
)  # fmt: skip
atan = unary(
    "atan", math.atan, lambda x, out: 1.0 / (1.0 + x * x),
    "Return the angle in [-pi/2, pi/2] whose tangent is x.\n\n>>> atan(0.0)\n0.0", never_raises=True,
    slopes=(Slope("atan′", 0),),
)  # fmt: skip
atan2 = binary(
    "atan2", math.atan2,
    lambda x, y, out: y / hypot(x, y) / hypot(x, y),  # y/(x**2 + y**2) would overflow early
    lambda x, y, out: -(x / hypot(x, y) / hypot(x, y)),
    "Return the angle in [-pi, pi] of the point whose ordinate is x and whose abscissa is y.\n\n"
    ">>> atan2(1.0, 1.0)\n0.7853981633974483",
    ((0.0, 30.0), ANY), never_raises=True,
    slopes=(Slope("atan2′", 0, 1), Slope("atan2′", 1, 0, negative=True)),
)  # fmt: skip
degrees = unary(
    "degrees", math.degrees, lambda x, out: 180.0 / math.pi,
    "Return the angle of x radians in degrees.\n\n>>> degrees(3.141592653589793)\n180.0", never_raises=True,
)  # fmt: skip
radians = unary(
    "radians", math.radians, lambda x, out: math.pi / 180.0,
    "Return the angle of x degrees in radians.\n\n>>> radians(180.0)\n3.141592653589793", never_raises=True,
)  # fmt: skip

# Hyperbolic functions

sinh = unary(
    "sinh", math.sinh, lambda x, out: cosh(x),
    "Return the hyperbolic sine of x; OverflowError beyond 710.47.\n\n>>> sinh(0.0)\n0.0",
    where_raises=lambda x: math.copysign(inf, x),
    error=lambda x: OverflowError if 710.4759 < abs(x) < inf else None,
)  # fmt: skip
cosh: Primitive = unary(
    "cosh", math.cosh, lambda x, out: sinh(x),
    "Return the hyperbolic cosine of x; OverflowError beyond 710.47.\n\n>>> cosh(0.0)\n1.0",
    never_negative_zero=True, error=lambda x: OverflowError if 710.4759 < abs(x) < inf else None,
)  # fmt: skip
tanh = unary(
    "tanh", math.tanh,
    lambda x, out: sech(x) ** 2.0,  # 1 - tanh(x)**2 would round the tail to 0
    "Return the hyperbolic tangent of x.\n\n>>> tanh(1000.0)\n1.0", never_raises=True,
)  # fmt: skip
asinh = unary(
    "asinh", math.asinh, lambda x, out: 1.0 / hypot(1.0, x),
    "Return the number whose hyperbolic sine is x.\n\n>>> asinh(0.0)\n0.0", never_raises=True,
)  # fmt: skip
acosh = unary(
    "acosh", math.acosh, lambda x, out: acosh_slope(x),
    "Return the number of 0 or more whose hyperbolic cosine is x >= 1.\n\n>>> acosh(1.0)\n0.0",
    (1.0, 1e3), error=lambda x: ValueError if x < 1.0 else None,
)  # fmt: skip
atanh = unary(
    "atanh", math.atanh, lambda x, out: 1.0 / ((1.0 - x) * (1.0 + x)),
    "Return the number whose hyperbolic tangent is x, -1 < x < 1.\n\n>>> atanh(0.0)\n0.0",
    (-1.0, 1.0), where_raises=lambda x: math.copysign(inf, x) if abs(x) == 1.0 else nan,
    error=lambda x: ValueError if abs(x) >= 1.0 else None, slopes=(Slope("atanh′", 0),),
)  # fmt: skip

# Derivatives of functions above that are written once more, so that their own derivatives are neither NaN at
# the ends of the domain nor far out, and do not cancel

asin_slope: Primitive = unary(
    "asin′", lambda x: 1.0 / math.sqrt((1.0 - x) * (1.0 + x)), lambda x, out: x * out**3.0,
    "Return 1 / sqrt(1 - x*x), the derivative of asin; ZeroDivisionError at -1 and 1.", (-1.0, 1.0),
    where_raises=lambda x: inf if abs(x) == 1.0 else nan,
    error=lambda x: ValueError if abs(x) > 1.0 else ZeroDivisionError if abs(x) == 1.0 else None,
)  # fmt: skip
acosh_slope: Primitive = unary(
    "acosh′", lambda x: 1.0 / (math.sqrt(x - 1.0) * math.sqrt(x + 1.0)), lambda x, out: -x * out * out * out,
    "Return 1 / sqrt(x*x - 1), the derivative of acosh; ZeroDivisionError at 1.", (1.0, 1e3),
    where_raises=lambda x: inf if x == 1.0 else nan,
    error=lambda x: ValueError if x < 1.0 else ZeroDivisionError if x == 1.0 else None,
)  # fmt: skip
atan_slope = unary(
    "atan′", lambda x: 1.0 / (1.0 + x * x), lambda x, out: x * out * out * -2.0,
    "Return 1 / (1 + x*x), the derivative of atan.", never_raises=True, never_negative_zero=True,
)  # fmt: skip
atan2_slope: Primitive = binary(
    "atan2′", floats.atan2_slope,
    lambda x, y, out: atan2_slope(y, x) * out * -2.0,
    lambda x, y, out: atan2_slope(y, x) * atan2_slope(y, x) - out * out,  # (x - y) (x + y) would lose y
    "Return y / (x*x + y*y), the derivative of atan2 by x; NaN at (0, 0).", ((0.0, 30.0), ANY),
    where_raises=lambda x, y: nan, error=lambda x, y: ZeroDivisionError if x == 0.0 and y == 0.0 else None,
)  # fmt: skip
atanh_slope = unary(
    "atanh′", lambda x: 1.0 / ((1.0 - x) * (1.0 + x)), lambda x, out: x * out * out * 2.0,
    "Return 1 / (1 - x*x), the derivative of atanh; ZeroDivisionError at -1 and 1.", (-1.0, 1.0),
    where_raises=lambda x: inf, error=lambda x: ZeroDivisionError if abs(x) == 1.0 else None,
)  # fmt: skip
sech: Primitive = unary(
    "sech", floats.sech, lambda x, out: -out * tanh(x),
    "Return 1 / cosh(x), the square root of the derivative of tanh.\n\n>>> sech(0.0)\n1.0",
    never_raises=True, never_negative_zero=True,
)  # fmt: skip

# Error and gamma functions

_TWO_OVER_ROOT_PI = 2.0 / math.sqrt(math.pi)

erf = unary(
    "erf", math.erf, lambda x, out: _TWO_OVER_ROOT_PI * exp(-x * x),
    "Return the error function at x.\n\n>>> erf(0.0)\n0.0", never_raises=True, slopes=(Slope("erf′", 0),),
)  # fmt: skip
erfc = unary(
    "erfc", math.erfc, lambda x, out: -(_TWO_OVER_ROOT_PI * exp(-x * x)),
    "Return 1 - erf(x), exact for large x too.\n\n>>> erfc(0.0)\n1.0", (-6.0, 26.0),
    never_raises=True, never_negative_zero=True, slopes=(Slope("erf′", 0, negative=True),),
)  # fmt: skip
erf_slope: Primitive = unary(
    "erf′", lambda x: 1.1283791670955126 * math.exp(-x * x),
    lambda x, out: where(out == 0.0, 0.0, x * out * -2.0),  # far out, 2 x overflows where the product is 0
    "Return 2 / sqrt(pi) * exp(-x*x), the derivative of erf.", (-26.0, 26.0),
    never_raises=True, never_negative_zero=True,
)  # fmt: skip
gamma = unary(
    "gamma", math.gamma, lambda x, out: out * digamma(x),
    "Return the gamma function at x; ValueError at 0 and negative whole numbers.\n\n>>> gamma(5.0)\n24.0",
    (0.0, 100.0), where_raises=lambda x: math.copysign(inf, x) if abs(x) < 1.0 else inf if x > 0.0 else nan,
    error=_gamma_error,
)  # fmt: skip
lgamma = unary(
    "lgamma", math.lgamma, lambda x, out: digamma(x),
    "Return log(abs(gamma(x))) as Python does, so near a zero, as at 1 and 2, with an error of 1e-15 or so, "
    "not of all digits; ValueError at 0 and negative whole numbers.\n\n>>> lgamma(1.0)\n0.0",
    POSITIVE, where_raises=lambda x: inf, error=_lgamma_error,
)  # fmt: skip
digamma: Primitive = unary(
    "digamma", floats.digamma, lambda x, out: polygamma(1, x),
    "Return the derivative of lgamma at x; ValueError at 0 and negative whole numbers. Near a zero, as at "
    "1.4616, the error is that of a rounding of x.\n\n"
    ">>> digamma(10.0)\n2.251752589066721",
    POSITIVE, symbol="ψ",
    error=_pole_error,
)  # fmt: skip
polygamma: Primitive = binary(
    "polygamma", floats.polygamma,
    None,
    lambda x, y, out: polygamma(x + 1, y),
    "Return the derivative of order x = 0, 1, 2, ... of digamma, at y; ValueError at its poles.\n\n"
    ">>> polygamma(1, 1.0)\n1.6449340668482264",
    ((0.0, 5.0), (0.0, 40.0)), symbol="ψ", where_raises=floats.polygamma_where_it_raises,
    error=lambda x, y: _pole_error(y),
)  # fmt: skip

# Distances, signs and remainders

hypot: Primitive = binary(
    "hypot", math.hypot,
    lambda x, y, out: where(out == 0.0, 0.0, x / out),
    lambda x, y, out: where(out == 0.0, 0.0, y / out),
    "Return sqrt(x*x + y*y) without overflow; its derivatives at (0, 0) are 0.\n\n>>> hypot(3.0, 4.0)\n5.0",
    (POSITIVE, POSITIVE), never_raises=True, never_negative_zero=True, last_step=True,
    slopes=(Slope("hypot′", 0, 1), Slope("hypot′", 1, 0)),
)  # fmt: skip


def _over_hypot(x: Any, y: Any, factor: Any) -> Any:
    # y**2 / r**3 is y/r y/r / r, in the order in which it underflows last.
    r = hypot(x, y)
    return where(r == 0.0, 0.0, hypot_slope(y, x) / r * factor)


hypot_slope: Primitive = binary(
    "hypot′", floats.hypot_slope,
    lambda x, y, out: _over_hypot(x, y, hypot_slope(y, x)),
    lambda x, y, out: _over_hypot(x, y, -out),
    "Return x / hypot(x, y), the derivative of hypot by x; at (0, 0) it and its derivatives are 0.",
    (POSITIVE, POSITIVE), never_raises=True, last_step=True,
)  # fmt: skip
fsum = binary(
    "fsum", lambda x, y: x + y,
    lambda x, y, out: 1.0,
    lambda x, y, out: 1.0,
    "Return x + y as the last step of a longer sum whose value is rounded once.", symbol="Σ",
    never_raises=True, last_step=True,
)  # fmt: skip
copysign = binary(
    "copysign", math.copysign,
    lambda x, y, out: sign(x) * sign(out),
    lambda x, y, out: 0.0,
    "Return the magnitude of x with the sign of y.\n\n>>> copysign(3.0, -0.0)\n-3.0",
    (POSITIVE, POSITIVE), never_raises=True,
)  # fmt: skip
fabs = unary(
    "fabs", math.fabs, lambda x, out: sign(x),
    "Return the absolute value of x as a float; its derivative at 0 is 0.\n\n>>> fabs(-2.0)\n2.0",
    POSITIVE, symbol="|·|", never_raises=True, never_negative_zero=True,
)  # fmt: skip
sign: Primitive = unary(
    "sign", floats.sign, lambda x, out: 0.0,
    "Return 1, -1 or 0 with the sign of x; its derivative is 0.\n\n>>> sign(-3.0)\n-1.0", POSITIVE,
    never_raises=True,
)  # fmt: skip
# The derivatives of these two are the same, but each entry says all of its own.
fmod = binary(
    "fmod", math.fmod,
    lambda x, y, out: 1.0,
    lambda x, y, out: (out - x) / y,
    "Return the remainder of x / y with the sign of x.\n\n>>> fmod(-7.0, 3.0)\n-1.0",
    ((4.1, 4.4), (1.5, 1.9)), error=_remainder_error, slopes=(None, CONSTANT),
)  # fmt: skip
remainder = binary(
    "remainder", math.remainder,
    lambda x, y, out: 1.0,
    lambda x, y, out: (out - x) / y,
    "Return x minus the nearest multiple of y, ties to even.\n\n>>> remainder(7.0, 4.0)\n-1.0",
    ((4.1, 4.6), (1.41, 1.6)), error=_remainder_error, slopes=(None, CONSTANT),
)  # fmt: skip
ldexp: Primitive = binary(
    "ldexp", floats.ldexp,
    lambda x, y, out: ldexp(1.0, y),
    None,
    "Return x * 2**y for a whole number y.\n\n>>> ldexp(0.75, 2)\n3.0", (ANY, (-9.0, 9.0)),
    where_raises=lambda x, y: math.copysign(inf, x), error=_ldexp_error,
)  # fmt: skip
fraction = unary(
    "fraction", lambda x: math.modf(x)[0], lambda x, out: 1.0,
    "Return the fractional part of x, with the sign of x.", (2.0, 3.0), never_raises=True,
)  # fmt: skip
whole = unary(
    "whole", lambda x: math.modf(x)[1], lambda x, out: 0.0,
    "Return x without its fractional part; the sign of a zero is that of x.", (2.0, 3.0), never_raises=True,
)  # fmt: skip
nextafter = binary(
    "nextafter", math.nextafter,
    lambda x, y, out: 1.0,
    lambda x, y, out: 0.0,
    "Return the float next to x towards y.\n\n>>> nextafter(1.0, 2.0)\n1.0000000000000002",
    (ANY, (31.0, 32.0)), never_raises=True, last_step=True,
)  # fmt: skip
ulp = unary(
    "ulp", math.ulp, lambda x, out: 0.0,
    "Return the distance from x to the next larger float; its derivative is 0.\n\n"
    ">>> ulp(1.0)\n2.220446049250313e-16", (1.0, 2.0), never_raises=True,
)  # fmt: skip

# Rounding: whole numbers as floats, with derivative 0

floor = unary(
    "floor", lambda x: float(math.floor(x)), lambda x, out: 0.0,
    "Return the largest whole number not above x.", (2.0, 3.0), symbol="⌊·⌋",
    where_raises=lambda x: x, error=_rounding_error,
)  # fmt: skip
ceil = unary(
    "ceil", lambda x: float(math.ceil(x)), lambda x, out: 0.0,
    "Return the smallest whole number not below x.", (2.0, 3.0), symbol="⌈·⌉",
    where_raises=lambda x: x, error=_rounding_error,
)  # fmt: skip
trunc = unary(
    "trunc", lambda x: float(math.trunc(x)), lambda x, out: 0.0,
    "Return x without its fractional part.", (2.0, 3.0),
    where_raises=lambda x: x, error=_rounding_error,
)  # fmt: skip
round_half_even = unary(
    "round", lambda x: float(round(x)), lambda x, out: 0.0,
    "Return the whole number nearest to x, ties to even.", (2.0, 2.4),
    where_raises=lambda x: x, error=_rounding_error,
)  # fmt: skip
round_to = binary(
    "round_to", lambda x, y: round(x, int(y)),
    lambda x, y, out: 0.0,
    None,
    "Return x rounded to y decimal places, ties to even.", ((2.01, 2.04), (0.0, 1.0)),
)  # fmt: skip

# Neural networks

relu = unary(
    "relu", floats.relu, lambda x, out: where(x > 0.0, 1.0, 0.0),
    "Return x where it is positive, else 0; its derivative at 0 is 0.\n\n>>> relu(-2.0)\n0.0", POSITIVE,
    never_raises=True, never_negative_zero=True,
)  # fmt: skip
leaky_relu = binary(
    "leaky_relu", floats.leaky_relu,
    lambda x, y, out: where(x > 0.0, 1.0, y),
    lambda x, y, out: where(x > 0.0, 0.0, x),
    "Return x where it is positive, else y * x.\n\n>>> leaky_relu(-2.0, 0.01)\n-0.02",
    ((-30.0, 0.0), ANY), never_raises=True,
)  # fmt: skip
elu = binary(
    "elu", floats.elu,
    lambda x, y, out: where(x > 0.0, 1.0, y * exp(x)),
    lambda x, y, out: where(x > 0.0, 0.0, expm1(x)),
    "Return x where it is positive, else y * (exp(x) - 1).\n\n>>> elu(2.0, 1.0)\n2.0",
    ((-30.0, 0.0), ANY), never_raises=True,
)  # fmt: skip
sigmoid: Primitive = unary(
    "sigmoid", floats.sigmoid, lambda x, out: out * sigmoid(-x),  # 1 - out would round the tail to 0
    "Return 1 / (1 + exp(-x)).\n\n>>> sigmoid(0.0)\n0.5", symbol="σ",
    never_raises=True, never_negative_zero=True, slopes=(Slope("sigmoid′", 0),),
)  # fmt: skip
sigmoid_slope: Primitive = unary(
    "sigmoid′", lambda x: floats.sigmoid(x) * floats.sigmoid(-x), lambda x, out: -out * tanh(0.5 * x),
    "Return sigmoid(x) * sigmoid(-x), the derivative of sigmoid.", symbol="σ′",
    never_raises=True, never_negative_zero=True,
)  # fmt: skip
logsigmoid = unary(
    "logsigmoid", floats.logsigmoid, lambda x, out: sigmoid(-x),
    "Return log(sigmoid(x)).\n\n>>> logsigmoid(-1000.0)\n-1000.0", never_raises=True,
)  # fmt: skip
softplus = unary(
    "softplus", floats.softplus, lambda x, out: sigmoid(x),
    "Return log(1 + exp(x)).\n\n>>> softplus(1000.0)\n1000.0", never_raises=True, never_negative_zero=True,
)  # fmt: skip
silu = unary(
    "silu", floats.silu, lambda x, out: sigmoid(x) * (1.0 + x * sigmoid(-x)),
    "Return x * sigmoid(x), also called swish.\n\n>>> silu(0.0)\n0.0", never_raises=True,
    slopes=(Slope("silu′", 0),),
)  # fmt: skip
silu_slope = unary(
    "silu′", floats.silu_slope, lambda x, out: sigmoid_slope(x) * (2.0 - x * tanh(0.5 * x)),
    "Return sigmoid(x) * (1 + x * sigmoid(-x)), the derivative of silu.", never_raises=True,
)  # fmt: skip


def _gelu_curvature(x: Any, erf_slope: Any) -> Any:
    # (2 - x**2) times the density of the normal distribution; far out, x**2 overflows where that is 0.
    density = erf_slope * math.sqrt(0.125)
    return where(density == 0.0, 0.0, 2.0 * density - x * (x * density))


gelu = unary(
    "gelu", floats.gelu,
    lambda x, out: 0.5 * erfc(-x * math.sqrt(0.5)) + x * exp(-0.5 * x * x) / math.sqrt(2.0 * math.pi),
    "Return x times the standard normal distribution function at x (Hendrycks and Gimpel, 2016).\n\n"
    ">>> gelu(0.0)\n0.0", never_raises=True, slopes=(Slope("gelu′", 0),),
)  # fmt: skip
gelu_slope = unary(
    "gelu′", floats.gelu_slope, lambda x, out: _gelu_curvature(x, erf_slope(x * math.sqrt(0.5))),
    "Return the derivative of gelu.", never_raises=True,
)  # fmt: skip
logaddexp = binary(
    "logaddexp", floats.logaddexp,
    lambda x, y, out: sigmoid(x - y),
    lambda x, y, out: sigmoid(y - x),
    "Return log(exp(x) + exp(y)), with an error of some units in the last place of the larger number.\n\n"
    ">>> logaddexp(1000.0, 1000.0)\n1000.6931471805599", never_raises=True,
)  # fmt: skip
maximum = binary(
    "max", floats.maximum,
    lambda x, y, out: where(x > y, 1.0, where(x == y, 0.5, 0.0)),
    lambda x, y, out: where(x < y, 1.0, where(x == y, 0.5, 0.0)),
    "Return the larger number, NaN where either is; a tie shares the gradient.", ((0.0, 1.0), (1.0, 2.0)),
    never_raises=True,
)  # fmt: skip
minimum = binary(
    "min", floats.minimum,
    lambda x, y, out: where(x < y, 1.0, where(x == y, 0.5, 0.0)),
    lambda x, y, out: where(x > y, 1.0, where(x == y, 0.5, 0.0)),
    "Return the smaller number, NaN where either is; a tie shares the gradient.", ((0.0, 1.0), (1.0, 2.0)),
    never_raises=True,
)  # fmt: skip
fmax = binary(
    "fmax", floats.fmax,
    lambda x, y, out: where(x > y, 1.0, where(x == y, 0.5, where(y != y, 1.0, 0.0))),
    lambda x, y, out: where(x < y, 1.0, where(x == y, 0.5, where(x != x, 1.0, 0.0))),
    "Return the larger number, the other one where one is NaN; a tie shares the gradient.\n\n"
    ">>> fmax(1.0, nan)\n1.0", ((0.0, 1.0), (1.0, 2.0)), never_raises=True,
)  # fmt: skip
fmin = binary(
    "fmin", floats.fmin,
    lambda x, y, out: where(x < y, 1.0, where(x == y, 0.5, where(y != y, 1.0, 0.0))),
    lambda x, y, out: where(x > y, 1.0, where(x == y, 0.5, where(x != x, 1.0, 0.0))),
    "Return the smaller number, the other one where one is NaN; a tie shares the gradient.\n\n"
    ">>> fmin(nan, 1.0)\n1.0", ((0.0, 1.0), (1.0, 2.0)), never_raises=True,
)  # fmt: skip
clip_below = binary(
    "clip_below", floats.maximum,
    lambda x, y, out: where(x >= y, 1.0, 0.0),
    lambda x, y, out: where(x < y, 1.0, 0.0),
    "Return x, but no less than y; where they are equal the gradient is that of x.",
    ((0.0, 1.0), (1.0, 2.0)), never_raises=True,
)  # fmt: skip
clip_above = binary(
    "clip_above", floats.minimum,
    lambda x, y, out: where(x <= y, 1.0, 0.0),
    lambda x, y, out: where(x > y, 1.0, 0.0),
    "Return x, but no more than y; where they are equal the gradient is that of x.",
    ((0.0, 1.0), (1.0, 2.0)), never_raises=True,
)  # fmt: skip
