"""Trigonometric functions and their inverses on vectors of doubles.

See `exponential` for how they are made and how exact they are. They are branch-free up to a bound; where
a lane's argument is beyond it the C library's function is called, lane by lane.
"""

from __future__ import annotations

import math

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
    two_sum,
)

inf = math.inf


PI = (3.141592653589793, 1.2246467991473532e-16)
HALF_PI = (1.5707963267948966, 6.123233995736766e-17)
QUARTER_PI = (0.7853981633974483, 3.061616997868383e-17)
# pi/2 in three parts of 33 bits, whose products with whole numbers up to 2**20 are exact, and the rest
HALF_PI_PARTS = (1.5707963267341256, 6.077100506303966e-11, 2.0222662487111665e-21, 8.4784276603689e-32)
TRIGONOMETRIC_BOUND = 1e6
# (sin(r) - r) / r**3 and (cos(r) - 1 + r**2/2) / r**4 in r**2, |r| <= pi/4, to 2**-55 and 2**-59
SIN = (
    -0.16666666666666666, 0.008333333333330945, -0.00019841269836752, 2.7557316098985105e-06,
    -2.505113107601677e-08, 1.5918072426220518e-10,
)  # fmt: skip
COS = (
    0.041666666666666664, -0.0013888888888887395, 2.4801587298761407e-05, -2.755731726942103e-07,
    2.087614577305694e-09, -1.1382595923595947e-11,
)  # fmt: skip
# (atan(t) - t) / t**3 in t**2, |t| <= tan(pi/8), to 2**-54
ATAN = (
    -0.3333333333333333, 0.1999999999999574, -0.14285714284708023, 0.11111111018278907,
    -0.09090904690018037, 0.07692185570626203, -0.06664542263593799, 0.05858395884800562,
    -0.050866457561253214, 0.03926372029926645, -0.019213408503736262,
)  # fmt: skip
# (asin(s) - s) / s**3 in s**2, |s| <= 1/2, to 2**-56
ASIN = (
    0.16666666666666669, 0.07499999999998226, 0.044642857146755074, 0.03038194410830382,
    0.022372174122070123, 0.017352365569917354, 0.013971608738218306, 0.011475382295695996,
    0.01034707852981262, 0.005355087446942617, 0.01767492878804297, -0.015272992804714362,
    0.02904086602643577,
)  # fmt: skip


def _turned(x: Lanes) -> tuple[Whole, Lanes, Lanes]:
    """Return n, r and a rest with x = k pi/2 + r + rest, |r| <= pi/4, n as in power_of_two."""
    shifted = mul_add(x, 2.0 / math.pi, ROUNDER)
    k = shifted - ROUNDER
    first = mul_add(k, -HALF_PI_PARTS[0], x)  # exact, as the products with the next two parts are
    product = k * HALF_PI_PARTS[1]
    second = first - product
    error = (first - second) - product
    product = k * HALF_PI_PARTS[2]
    r = second - product
    rest = ((second - r) - product) + error
    return shifted.bits(), r, mul_add(k, -HALF_PI_PARTS[3], rest)


def _sine(r: Lanes, rest: Lanes) -> tuple[Lanes, Lanes]:
    z = r * r
    return r, mul_add(r * z, polynomial(z, SIN), mul_add(-0.5 * z, rest, rest))


def _cosine(r: Lanes, rest: Lanes) -> tuple[Lanes, Lanes]:
    z = r * r
    high, low = quick_two_sum(r.code.number(1.0), -0.5 * z)
    return high, low + mul_add(z * z, polynomial(z, COS), -(r * rest))


def _is_odd(n: Whole) -> Truth:
    return ~(n & 1).is_zero()


def _sine_of_quarters(x: Lanes, quarters: int) -> Lanes:
    """Return sin(x + quarters * pi/2) for |x| <= TRIGONOMETRIC_BOUND."""
    n, r, rest = _turned(x)
    (sine, sine_low), (cosine, cosine_low) = _sine(r, rest), _cosine(r, rest)
    n = n + quarters
    odd = _is_odd(n)
    result = odd.where(cosine, sine) + odd.where(cosine_low, sine_low)
    return (result.bits() ^ ((n & 2) << 62)).double()


def sin(x: Lanes) -> Lanes:
    near = (abs(x) < 2.0**-27).where(x, _sine_of_quarters(x, 0))
    return x.code.where_any(abs(x) > TRIGONOMETRIC_BOUND, near, "sin", x)


def cos(x: Lanes) -> Lanes:
    return x.code.where_any(abs(x) > TRIGONOMETRIC_BOUND, _sine_of_quarters(x, 1), "cos", x)


def tan(x: Lanes) -> Lanes:
    n, r, rest = _turned(x)
    sine, sine_low = quick_two_sum(*_sine(r, rest))
    cosine, cosine_low = quick_two_sum(*_cosine(r, rest))
    odd = _is_odd(n)
    high, low = quotient(
        odd.where(-cosine, sine), odd.where(-cosine_low, sine_low),
        odd.where(sine, cosine), odd.where(sine_low, cosine_low),
    )  # fmt: skip
    near = (abs(x) < 2.0**-27).where(x, high + low)
    return x.code.where_any(abs(x) > TRIGONOMETRIC_BOUND, near, "tan", x)


def _arctangent(y: Lanes, x: Lanes) -> tuple[Lanes, Lanes]:
    """Return the angle of a point with x, y >= 0 as a sum of two numbers."""
    small = y <= 0.41421356237309503 * x  # tan(pi/8)
    middle = y <= 2.414213562373095 * x
    zero = x.code.number(0.0)
    difference, difference_low = two_sum(y, -x)
    total, total_low = two_sum(y, x)
    t, t_low = quotient(
        small.where(y, middle.where(difference, -x)), (~small & middle).where(difference_low, zero),
        small.where(x, middle.where(total, y)), (~small & middle).where(total_low, zero),
    )  # fmt: skip
    start = small.where(0.0, middle.where(QUARTER_PI[0], HALF_PI[0]))
    start_low = small.where(0.0, middle.where(QUARTER_PI[1], HALF_PI[1]))
    z = t * t
    high, low = quick_two_sum(start, t)
    return high, low + (start_low + mul_add(t * z, polynomial(z, ATAN), t_low))


def atan(x: Lanes) -> Lanes:
    high, low = _arctangent(abs(x).at_most(2.0**900), x.code.number(1.0))
    return (high + low).with_sign_of(x)


def atan2(y: Lanes, x: Lanes) -> Lanes:
    a, b = abs(y), abs(x)
    larger = (a > b).where(a, b)
    scale = (larger > 2.0**990).where(2.0**-60, (larger < 2.0**-900).where(2.0**100, 1.0))
    a_infinite, b_infinite = a.equals(inf), b.equals(inf)
    ordinate = (b_infinite & ~a_infinite & ~a.is_nan()).where(0.0, a * scale).at_most(2.0**990)
    abscissa = (a_infinite & ~b_infinite & ~b.is_nan()).where(0.0, b * scale).at_most(2.0**990)
    abscissa = (a.equals(0.0) & b.equals(0.0)).where(1.0, abscissa)
    high, low = _arctangent(ordinate, abscissa)
    turned, turned_low = quick_two_sum(x.code.number(PI[0]), -high)
    left = ~(x.bits() >> 63).is_zero()  # of -0.0 too
    return left.where(turned + (turned_low + (PI[1] - low)), high + low).with_sign_of(y)


def _arcsine_parts(a: Lanes) -> tuple[Truth, Lanes, Lanes]:
    """Return asin(a), or where that is true asin(sqrt((1 - a) / 2)), as a sum of two numbers."""
    far = a > 0.5
    z = far.where(0.5 * (1.0 - a), a * a)
    root, root_low = root_of(z, a.code.number(0.0))
    s = far.where(root, a)
    return far, s, mul_add(s * z, polynomial(z, ASIN), far.where(root_low, 0.0))


def asin(x: Lanes) -> Lanes:
    far, s, low = _arcsine_parts(abs(x))
    start, error = quick_two_sum(x.code.number(HALF_PI[0]), -2.0 * s)
    from_above = start + (error + (HALF_PI[1] - 2.0 * low))
    return far.where(from_above, s + low).with_sign_of(x)


def acos(x: Lanes) -> Lanes:
    far, s, low = _arcsine_parts(abs(x))
    s, low = (
        far.where(2.0 * s, s.with_sign_of(x)),
        far.where(2.0 * low, low * x.code.number(1.0).with_sign_of(x)),
    )
    left = x < -0.5
    start = left.where(PI[0], HALF_PI[0])
    high, error = quick_two_sum(start, -s)
    subtracted = high + (error + (left.where(PI[1], HALF_PI[1]) - low))
    return (x > 0.5).where(s + low, subtracted)
