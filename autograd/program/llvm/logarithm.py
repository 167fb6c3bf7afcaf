"""Logarithms, powers, roots and inverse hyperbolic functions on vectors of doubles, branch-free.

See `exponential` for how they are made and how exact they are. The logarithm is 2 atanh(f / (2 + f)) of
what is left when a power of two is taken out (P. T. P. Tang, Table-driven implementation of the logarithm
function, 1990); where its rounded value would not do, in powers for instance, it is computed in two doubles.
"""

from __future__ import annotations

import math

from .exponential import LN2, LN2_DOUBLE, LOG2_E, decay, exp_parts, power_of_two, scaled, undecayed
from .lanes import (
    ROUNDER,
    Lanes,
    Truth,
    Whole,
    mul_add,
    polynomial,
    quick_two_sum,
    quotient,
    root_of,
    two_product,
    two_sum,
)

inf = math.inf
nan = math.nan


LARGE = 2.0**28
"""Beyond it x**2 + 1 and x**2 are the same in what is made of them here."""
LOG10_E = (0.4342944819032518, 1.098319650216765e-17)
TWO_THIRDS = (0.6666666666666666, 3.700743415417188e-17)
# (2 atanh(s) - 2 s) / s**3 in z = s**2, sqrt(1/2) <= (1 + s)/(1 - s) <= sqrt(2), to 2**-51
LOG = (
    0.666666666666667, 0.3999999999989789, 0.2857142862665141, 0.22222211031749325, 0.18182896207631685,
    0.15331497764506818, 0.1461909699201228,
)  # fmt: skip
# the same without its constant 2/3 and divided by z, to 2**-58
LOG_DOUBLE = (
    0.4, 0.2857142857142938, 0.2222222222164818, 0.181818183370346, 0.1538459479629481,
    0.13334813317048047, 0.11706014884419476, 0.11725409493632094,
)  # fmt: skip
# the cube root of m, 1/2 <= m <= 4, to 2**-10 of itself
CBRT = (
    0.46598660446476986, 0.8352467775626561, -0.4271396469066135, 0.15357020379062816,
    -0.029316182432882067, 0.002238504290731089,
)  # fmt: skip


def _decomposed(u: Lanes) -> tuple[Whole, Lanes, Lanes]:
    """Return e, k and m with u = 2**k m, sqrt(1/2) <= m < sqrt(2), k = e - 1023, for normal u > 0."""
    root_half = 0x3FE6A09E667F3BCD  # the bits of sqrt(1/2)
    shifted = u.bits() + (0x3FF0000000000000 - root_half)
    exponent = shifted >> 52
    k = (exponent | 0x4330000000000000).double() - (2.0**52 + 1023.0)
    return exponent, k, ((shifted & 0x000FFFFFFFFFFFFF) + root_half).double()


def _fraction_parts(exponent: Whole, m: Lanes, low: Lanes | None) -> tuple[Lanes, Lanes | float]:
    """Return m - 1 + 2**-k low as a sum of two numbers."""
    f = m - 1.0  # exact
    if low is None:
        return f, 0.0
    return quick_two_sum(f, low * ((2047 - exponent) << 52).double() * 0.5)


def _log(u: Lanes, low: Lanes | None = None, add_to_k: Lanes | None = None) -> Lanes:
    """Return log(u + low) for normal u > 0, low smaller than the last place of u."""
    exponent, k, m = _decomposed(u)
    if add_to_k is not None:
        k = k + add_to_k
    f, f_low = _fraction_parts(exponent, m, low)
    # log(1 + f) = 2 atanh(s) = 2 s + s R, s = f/(2 + f), and 2 s = f - f**2/2 + s f**2/2
    s = f / (2.0 + f)
    z = s * s
    half_square = 0.5 * f * f
    rest = mul_add(s, mul_add(z, polynomial(z, LOG), half_square), k * LN2[1])
    if isinstance(f_low, Lanes):
        rest = rest + f_low
    main, main_low = quick_two_sum(f, -half_square)
    high, error = quick_two_sum(k * LN2[0], main)
    return high + (error + (main_low + rest))


def _log_double(u: Lanes, low: Lanes | None = None, add_to_k: Lanes | None = None) -> tuple[Lanes, Lanes]:
    """Return log(u + low) as a sum of two numbers, right to 2**-64 of it."""
    exponent, k, m = _decomposed(u)
    if add_to_k is not None:
        k = k + add_to_k
    f, f_low = _fraction_parts(exponent, m, low)
    divisor, divisor_low = quick_two_sum(u.code.number(2.0), f)
    s, s_low = quotient(f, f_low, divisor, divisor_low + f_low)
    # 2 atanh(s) = 2 s + s z (2/3 + z Q(z)), z = s**2
    z, z_low = two_product(s, s)
    z_low = mul_add(s + s, s_low, z_low)
    a, a_low = quick_two_sum(u.code.number(TWO_THIRDS[0]), z * polynomial(z, LOG_DOUBLE))
    a_low = a_low + TWO_THIRDS[1]
    b, b_low = two_product(z, a)
    b_low = b_low + mul_add(z_low, a, z * a_low)
    c, c_low = two_product(s, b)
    c_low = c_low + mul_add(s, b_low, s_low * b)
    high, error = quick_two_sum(s + s, c)
    low_part = error + (c_low + (s_low + s_low))
    high, error = quick_two_sum(k * LN2[0], high)
    return quick_two_sum(high, mul_add(k, LN2[1], error + low_part))


def _normal(x: Lanes) -> tuple[Lanes, Lanes]:
    """Return a normal u and an exponent k with x = 2**k u, for x > 0."""
    subnormal = x < 2.0**-1022
    return subnormal.where(x * 2.0**54, x), subnormal.where(-54.0, 0.0)


def _log_ends(x: Lanes, result: Lanes) -> Lanes:
    """Return the result where a logarithm of x > 0 is finite, and else what IEEE 754 says."""
    result = (x < inf).where(result, x)
    return (x <= 0.0).where((x < 0.0).where(nan, -inf), result)


def log(x: Lanes) -> Lanes:
    u, k = _normal(x)
    return _log_ends(x, _log(u, add_to_k=k))


def _log_to_base(x: Lanes, factor: tuple[float, float]) -> Lanes:
    u, k = _normal(x)
    high, low = _log_double(u, add_to_k=k)
    product, error = two_product(high, factor[0])
    return _log_ends(x, product + (error + mul_add(high, factor[1], low * factor[0])))


def log2(x: Lanes) -> Lanes:
    return _log_to_base(x, LOG2_E)


def log10(x: Lanes) -> Lanes:
    return _log_to_base(x, LOG10_E)


def log1p(x: Lanes) -> Lanes:
    u, low = two_sum(x.code.number(1.0), x)
    result = _log(u, low).with_sign_of(x)
    result = (x < inf).where(result, x)
    return (x <= -1.0).where((x < -1.0).where(nan, -inf), result)


def softplus(x: Lanes) -> Lanes:
    # max(x, 0) + log(1 + exp(-|x|)), whose logarithm is exp(-|x|) itself where decay scales it
    e, e_low = decay(abs(x))
    u, low = quick_two_sum(x.code.number(1.0), e)
    return (x <= 0.0).where(0.0, x) + _log(u, low + e_low) * undecayed(abs(x) > 700.0)


def logsigmoid(x: Lanes) -> Lanes:
    return -softplus(-x)


def logaddexp(x: Lanes, y: Lanes) -> Lanes:
    # Right to the last place of the larger operand; the sum may be smaller, where its terms cancel.
    larger = ((x >= y) | x.is_nan()).where(x, y)
    difference, error = two_sum(x, -y)
    distance = abs(difference)
    error = (distance < 700.0).where((difference < 0.0).where(-error, error), 0.0)
    e, e_low = decay(distance, error)
    u, low = quick_two_sum(x.code.number(1.0), e)
    log_u = _log(u, low + e_low) * undecayed(distance > 700.0)  # as in softplus
    return x.equals(y).where(x + LN2_DOUBLE[0], larger + log_u)


def power(x: Lanes, y: Lanes) -> Lanes:
    """Return x**y as exp(y log|x|), the product in two doubles, with the sign that an odd y gives."""
    a = abs(x)
    u, k = _normal(a)
    log_high, log_low = _log_double(u, add_to_k=k)
    log_high = (a < inf).where(log_high, a)
    log_high = a.equals(0.0).where(-inf, log_high)
    exponent = y.at_most(2.0**65).at_least(-(2.0**65))  # beyond them there are only 0, 1 and inf
    high, error = two_product(log_high, exponent)
    low = (abs(high) < 750.0).where(mul_add(log_low, exponent, error), 0.0)
    high = high.at_most(710.0).at_least(-746.0)
    n, r, r_low = exp_parts(high, low)
    result = scaled(r + r_low, n, high < -700.0)
    half = 0.5 * y
    y_is_whole = y.rounded("floor").equals(y)
    odd = y_is_whole & ~half.rounded("floor").equals(half)
    result = odd.where(result.with_sign_of(x), result)
    result = ((x < 0.0) & (x > -inf) & ~y_is_whole & ~y.is_nan()).where(nan, result)
    one = y.equals(0.0) | x.equals(1.0) | (x.equals(-1.0) & abs(y).equals(inf))
    return one.where(1.0, result)


def whole_power(x: Lanes, exponent: int) -> Lanes:
    """Return x**exponent by multiplications in two doubles each."""
    if exponent == 0:
        return x.code.number(1.0)
    if exponent == 1:
        return x
    if exponent == -1:
        return 1.0 / x
    if exponent == 2:
        return x * x
    if exponent == 3:
        return x * x * x
    base, base_low = x, x.code.number(0.0)
    if exponent < 0:
        base, base_low = quotient(1.0, x.code.number(0.0), x, x.code.number(0.0))
    high, low, plain = base, base_low, base
    for digit in bin(abs(exponent))[3:]:
        high, low = _product(high, low, high, low)
        plain = plain * plain
        if digit == "1":
            high, low = _product(high, low, base, base_low)
            plain = plain * base
    result = (high + low).with_sign_of(plain)  # of a product that underflows
    return result.is_nan().where(plain, result)  # of 0, inf and overflow, where the errors are NaN


def _product(x: Lanes, x_low: Lanes, y: Lanes, y_low: Lanes) -> tuple[Lanes, Lanes]:
    product, error = two_product(x, y)
    return quick_two_sum(product, error + mul_add(x, y_low, x_low * y))


def half_power(x: Lanes, exponent: float) -> Lanes:
    """Return x**exponent for the exponents 1/2, -1/2 and 3/2."""
    root = x.root() + 0.0  # (-0.0)**0.5 is 0.0
    root = x.equals(-inf).where(inf, root)
    return root if exponent == 0.5 else 1.0 / root if exponent == -0.5 else abs(x) * root


def cbrt(x: Lanes) -> Lanes:
    a = abs(x)
    u, k = _normal(a)
    bits = u.bits()
    exponent = ((bits >> 52) | 0x4330000000000000).double() - (2.0**52 + 1023.0)
    shifted = mul_add(exponent, 1.0 / 3.0, ROUNDER)
    third = shifted - ROUNDER
    # a = 2**(k + 3 third) m, 1/2 <= m < 4
    m = ((bits & 0x000FFFFFFFFFFFFF) | 0x3FF0000000000000).double()
    m = m * power_of_two((mul_add(third, -3.0, exponent) + ROUNDER).bits())
    y = polynomial(m, CBRT)
    inverse_cube = 1.0 / (y * y * y)
    e = mul_add(m, inverse_cube, -1.0)  # (1 + e)**(1/3) by its series, for |e| < 2**-8
    series = (1 / 3, -1 / 9, 5 / 81, -10 / 243, 22 / 729, -154 / 6561)
    y = mul_add(y * e, polynomial(e, series), y)
    square, error = two_product(y, y)
    cube, cube_error = two_product(square, y)
    remainder = ((m - cube) - cube_error) - error * y
    y = mul_add(remainder * inverse_cube, y * (1 / 3), y)  # a step of Newton's method
    y = (y * power_of_two(shifted.bits())) * k.equals(0.0).where(1.0, 2.0**-18)
    return ((a > 0.0) & (a < inf)).where(y.with_sign_of(x), x)


def hypot(x: Lanes, y: Lanes) -> Lanes:
    x, y = abs(x), abs(y)
    larger = x > y
    a, b = larger.where(x, y), larger.where(y, x)
    scale = (a > 2.0**400).where(2.0**-600, (a < 2.0**-400).where(2.0**600, 1.0))
    back = (a > 2.0**400).where(2.0**600, (a < 2.0**-400).where(2.0**-600, 1.0))
    a, b = a * scale, b * scale
    a_square, a_error = two_product(a, a)
    b_square, b_error = two_product(b, b)
    total, error = quick_two_sum(a_square, b_square)
    root, correction = root_of(total, error + (a_error + b_error))
    return (x.equals(inf) | y.equals(inf)).where(inf, (root + correction) * back)


def hypot_slope(x: Lanes, y: Lanes) -> Lanes:
    distance = hypot(x, y)
    return distance.equals(0.0).where(0.0, x / distance)


def atan2_slope(x: Lanes, y: Lanes) -> Lanes:
    distance = hypot(x, y)
    return y / distance / distance


def asinh(x: Lanes) -> Lanes:
    # log(|x| + sqrt(x**2 + 1))
    a = abs(x)
    square, error = two_product(a, a)
    total, total_low = two_sum(square, 1.0)
    root, root_low = root_of(total, total_low + error)
    u, u_low = two_sum(root, a)
    large = a > LARGE
    result = _log_of_double_where(large, a, u, u_low + root_low)
    result = (a < 2.0**-28).where(a, result)
    return (a < inf).where(result, a).with_sign_of(x)


def acosh(x: Lanes) -> Lanes:
    # log(x + sqrt(x**2 - 1))
    square, error = two_product(x, x)
    total, total_low = two_sum(square, -1.0)
    root, root_low = root_of(total, total_low + error)
    u, u_low = two_sum(x, root)
    result = _log_of_double_where(x > LARGE, x, u, u_low + root_low)
    return (x < inf).where((x < 1.0).where(nan, result), x)


def _log_of_double_where(large: Truth, x: Lanes, u: Lanes, low: Lanes) -> Lanes:
    """Return log(2 x) where x is large, log(u + low) elsewhere."""
    high, rest = _log_double(large.where(x, u), large.where(0.0, low), large.where(1.0, 0.0))
    return high + rest


def atanh(x: Lanes) -> Lanes:
    # log((1 + |x|) / (1 - |x|)) / 2
    a = abs(x)
    one = x.code.number(1.0)
    above, above_low = quick_two_sum(one, a)
    below, below_low = quick_two_sum(one, -a)
    high, low = _log_double(*quotient(above, above_low, below, below_low))
    result = (a < 2.0**-28).where(a, 0.5 * (high + low))
    result = (a < 1.0).where(result, a.equals(1.0).where(inf, nan))
    return result.with_sign_of(x)


def asin_slope(x: Lanes) -> Lanes:
    square, error = two_product(x, x)
    total, total_low = quick_two_sum(x.code.number(1.0), -square)
    root, root_low = root_of(total, total_low - error)
    high, low = quotient(1.0, root * 0.0, root, root_low)
    return abs(x).equals(1.0).where(inf, high + low)


def acosh_slope(x: Lanes) -> Lanes:
    bounded = x.at_most(2.0**30)
    square, error = two_product(bounded, bounded)
    total, total_low = two_sum(square, -1.0)
    root, root_low = root_of(total, total_low + error)
    high, low = quotient(1.0, root * 0.0, root, root_low)
    result = (x > LARGE).where(1.0 / x, high + low)
    return x.equals(1.0).where(inf, (x < 1.0).where(nan, result))
