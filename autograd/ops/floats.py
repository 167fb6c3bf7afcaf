"""Functions on floats that Python's `math` lacks: those of the neural-network field, digamma and polygamma.

Each is written so that it neither overflows nor cancels where its true value is an ordinary number. An
infinite or NaN argument gives the limit or NaN, as in IEEE arithmetic. Nothing here knows about gradients.
"""

from __future__ import annotations

import math
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction

inf = math.inf
nan = math.nan


def relu(x: float) -> float:
    return x if x > 0.0 or x != x else 0.0


def leaky_relu(x: float, slope: float) -> float:
    return x if x > 0.0 else slope * x


def elu(x: float, alpha: float) -> float:
    return x if x > 0.0 else alpha * math.expm1(x)


def sigmoid(x: float) -> float:
    if x >= 0.0:
        return 1.0 / (1.0 + math.exp(-x))
    e = math.exp(x)  # exp(-x) would overflow
    return e / (1.0 + e)


def sech(x: float) -> float:
    return 1.0 / math.cosh(x) if abs(x) < 700.0 else 2.0 * math.exp(-abs(x))  # where cosh overflows


def softplus(x: float) -> float:
    # log(1 + e^x) = max(x, 0) + log(1 + e^-|x|)
    return relu(x) + math.log1p(math.exp(-abs(x)))


def logsigmoid(x: float) -> float:
    return -softplus(-x)


def silu(x: float) -> float:
    if x < -700.0:  # where sigmoid is subnormal before the product is
        root = math.exp(0.5 * x)
        return x * root * root
    return x * sigmoid(x)


def silu_slope(x: float) -> float:
    return sigmoid(x) * (1.0 + x * sigmoid(-x))


# sqrt(1/2) as a sum of two floats, the first of which is a sum of two with 26 and 27 bits
ROOT_HALF = (0.7071067811865476, 0.7071067839860916, -2.7995440410322203e-09, -4.833646656726457e-17)


def gelu(x: float) -> float:
    """Return x times the distribution function of the standard normal distribution, erfc(-x / sqrt(2)) / 2.

    erfc keeps the lower tail, which 1 + erf would round away. There its argument must be known to more
    digits than a float has: the logarithmic derivative of erfc at z > 0 is about -z - sqrt(z**2 + 2) (DLMF
    7.8.2), and what the argument lost to rounding is made good with that. Where erfc is subnormal, it is the
    asymptotic expansion (DLMF 7.12.1).
    """
    if not x < -5.0:  # few digits are lost
        return 0.5 * x * math.erfc(-x * ROOT_HALF[0])
    if x < -37.0:
        return _gelu_of_tail(x)
    z = -x * ROOT_HALF[0]
    high = x * 134217729.0
    high -= high - x  # its upper 26 bits (T. J. Dekker, 1971)
    lost = ((-high * ROOT_HALF[1] - z) - high * ROOT_HALF[2]) - (x - high) * ROOT_HALF[0] - x * ROOT_HALF[3]
    tail = math.erfc(z)
    return 0.5 * x * (tail - tail * (lost * (z + math.sqrt(z * z + 2.0))))


def _gelu_of_tail(x: float) -> float:
    if x < -40.0:
        return x * 0.0 if x > -inf else nan
    upper = round(x * 16.0) / 16.0  # whose square is exact
    root = math.exp(-0.25 * upper * upper)  # of a density that may be subnormal
    rest = math.exp(-0.5 * (x - upper) * (x + upper))
    series, inverse_square = 1.0, 1.0 / (x * x)
    for k in range(15, 0, -2):
        series = 1.0 - k * inverse_square * series
    return -series * rest / math.sqrt(2.0 * math.pi) * root * root


def gelu_slope(x: float) -> float:
    return 0.5 * math.erfc(-x * math.sqrt(0.5)) + x * math.exp(-0.5 * x * x) / math.sqrt(2.0 * math.pi)


def atan2_slope(x: float, y: float) -> float:
    distance = math.hypot(x, y)
    return y / distance / distance


def hypot_slope(x: float, y: float) -> float:
    distance = math.hypot(x, y)
    return x / distance if distance else 0.0


def logaddexp(x: float, y: float) -> float:
    if x == y:  # two equal infinities too, whose difference would be NaN
        return x + math.log(2.0)
    return maximum(x, y) + math.log1p(math.exp(-abs(x - y)))


def maximum(x: float, y: float) -> float:
    return x if x >= y or x != x else y


def minimum(x: float, y: float) -> float:
    return x if x <= y or x != x else y


def fmax(x: float, y: float) -> float:
    return y if x != x else x if y != y else maximum(x, y)


def fmin(x: float, y: float) -> float:
    return y if x != x else x if y != y else minimum(x, y)


def sign(x: float) -> float:
    return 1.0 if x > 0.0 else -1.0 if x < 0.0 else x * 0.0


def power(x: float, y: float) -> float:
    result: float | complex = x**y
    if isinstance(result, complex):
        raise ValueError(
            f"({x!r}) ** {y!r} is not a real number: a negative number has real powers "
            "for whole exponents only"
        )
    return result


def ldexp(x: float, exponent: float) -> float:
    if exponent % 1.0:
        raise TypeError(f"ldexp needs a whole exponent, not {exponent!r}")
    return math.ldexp(x, int(exponent))


def fma(x: float, y: float, z: float) -> float:
    """Return x * y + z rounded once (IEEE 754-2019, 5.4.1), as `math.fma` of Python 3.13 does."""
    if sys.version_info >= (3, 13):
        return math.fma(x, y, z)
    product = x * y
    if not (math.isfinite(x) and math.isfinite(y) and math.isfinite(z)):
        result = product + z if math.isfinite(z) or not (math.isfinite(x) and math.isfinite(y)) else z
        if result != result and x == x and y == y and z == z:
            raise ValueError("invalid operation in fma")
        return result
    from fractions import Fraction  # slow to import, and seldom needed

    exact = Fraction(x) * Fraction(y) + Fraction(z)
    if exact:
        return _rounded(exact, "overflow in fma")
    # An exact zero: the sign is that of a sum of two zeros of these signs, +0 where they differ.
    return product + z if product == 0.0 and z == 0.0 else 0.0


def sumprod(p: Sequence[float], q: Sequence[float]) -> float:
    """Return the sum of p[i] * q[i] rounded once, as `math.sumprod` of Python 3.12 does."""
    if sys.version_info >= (3, 12):
        return math.sumprod(p, q)
    if not all(map(math.isfinite, (*p, *q))):
        return sum((x * y for x, y in zip(p, q, strict=True)), 0.0)
    from fractions import Fraction

    exact = sum((Fraction(x) * Fraction(y) for x, y in zip(p, q, strict=True)), Fraction(0))
    try:
        return float(exact)
    except OverflowError:
        return inf if exact > 0 else -inf


def _rounded(exact: Fraction, message: str) -> float:
    try:
        result = float(exact)
    except OverflowError:
        raise OverflowError(message) from None
    return result if result else math.copysign(0.0, exact)


# Bernoulli numbers B_2, B_4, ..., B_24, the coefficients of the expansions below.
BERNOULLI = (
    1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510,
    43867 / 798, -174611 / 330, 854513 / 138, -236364091 / 2730,
)  # fmt: skip


def digamma(x: float) -> float:
    """Return the logarithmic derivative of the gamma function.

    For x > 0 the recurrence psi(x) = psi(x + 1) - 1/x (DLMF 5.5.2) leads to where the asymptotic
    expansion (DLMF 5.11.2) is exact to double precision; for x < 0 there is the reflection (DLMF 5.5.4). Near
    a zero, as that at 1.4616, what is left of the terms has an error of 1e-15, as much as a rounding of x.

    Raises:
        ValueError: x is zero, a negative whole number or -inf, where the function has a pole or no limit.
    """
    if x <= 0.0:
        if _is_pole(x):
            raise ValueError(f"digamma has a pole at {x!r}")
        return digamma(1.0 - x) - math.pi * _cotangent_pi(x)
    terms = []
    while x < 12.0:
        terms.append(-1.0 / x)
        x += 1.0
    if x == inf:
        return inf
    inverse_square = 1.0 / x / x
    tail = 0.0
    for k in range(8, 0, -1):
        tail = (tail + BERNOULLI[k - 1] / (2 * k)) * inverse_square
    return math.fsum([*terms, math.log(x), -0.5 / x, -tail])


def polygamma(n: float, x: float) -> float:
    """Return the n-th derivative of digamma.

    For x > 0 it is (-1)^(n+1) n! zeta(n + 1, x) (DLMF 5.15.1), the Hurwitz zeta function summed by
    Euler and Maclaurin (DLMF 25.11.28); for x < 0 there is the reflection (DLMF 5.15.6).

    Raises:
        ValueError: n is negative or not whole, or x is zero, a negative whole number or -inf.
        OverflowError: the result is beyond the range of a float.
    """
    if n % 1.0 or n < 0.0:
        raise ValueError(f"the order of polygamma must be a whole number of 0 or more, not {n!r}")
    order = int(n)
    if order == 0:
        return digamma(x)
    if x <= 0.0:
        if _is_pole(x):
            raise ValueError(f"polygamma has a pole at {x!r}")
        mirrored = polygamma(order, 1.0 - x)
        return (-mirrored if order % 2 else mirrored) - math.pi * _cotangent_pi(x, order)
    if x != x or x == inf:
        return x if x != x else 0.0
    if order > 170:
        raise OverflowError(f"polygamma of order {order} is beyond the range of a float")
    factor = float(math.factorial(order))
    return (factor if order % 2 else -factor) * _hurwitz_zeta(order + 1, x)


def polygamma_where_it_raises(n: float, x: float) -> float:
    """Return the infinity that polygamma overflows to, NaN where it has no value.

    At a distance d from a pole its main term is (-1)^(n+1) n! / d^(n+1) (DLMF 5.15.1).
    """
    if n % 1.0 or n < 0.0 or (x <= 0.0 and _is_pole(x)):
        return nan
    distance = x if x > 0.0 else x - round(x)
    return -inf if n % 2.0 == 0.0 and distance > 0.0 else inf


def _is_pole(x: float) -> bool:
    """Say whether x <= 0 is a whole number or -inf, where digamma and its derivatives have no value."""
    return x == -inf or x == math.floor(x)


def _hurwitz_zeta(s: int, x: float) -> float:
    """Return the sum over k of (x + k) ** -s, for whole s > 1 and x > 0."""
    total = 0.0
    while x < 12.0 + s:
        total += x**-s
        x += 1.0
    power_of_x = x ** (1 - s)
    total += power_of_x / (s - 1)
    power_of_x /= x
    total += 0.5 * power_of_x
    rising = float(s)  # s (s + 1) ... (s + 2k - 2) / (2k)!
    rising /= 2.0
    for k, bernoulli in enumerate(BERNOULLI, start=1):
        power_of_x /= x
        total += bernoulli * rising * power_of_x
        power_of_x /= x
        rising *= (s + 2 * k - 1) * (s + 2 * k) / ((2 * k + 1) * (2 * k + 2))
    return total


def _cotangent_pi(x: float, order: int = 0) -> float:
    """Return the derivative of the given order of cot(pi x) with respect to x, for x not whole."""
    x -= round(x)  # exact, and the cotangent has period 1
    if abs(x) > 0.25:  # near the zero at 1/2, where the cosine would keep few digits
        cotangent = math.copysign(math.tan(math.pi * (0.5 - abs(x))), x)
    else:
        cotangent = 1.0 / math.tan(math.pi * x)
    # d cot(u)/du = -(1 + cot(u)**2), so each derivative is a polynomial in the cotangent.
    coefficients = [0.0, 1.0]
    for _ in range(order):
        slope = [k * c for k, c in enumerate(coefficients)][1:]
        coefficients = [0.0] * (len(slope) + 2)
        for k, c in enumerate(slope):
            coefficients[k] -= math.pi * c
            coefficients[k + 2] -= math.pi * c
    result = 0.0
    for c in reversed(coefficients):
        result = result * cotangent + c
    return result
