"""The exponential function and what is made of it, on vectors of doubles, branch-free.

As in the two modules beside it, an argument is reduced to a small interval and a polynomial computes the
function there; what rounding would lose in the steps before the last is carried in a second double. Errors
were measured to be 1 unit in the last place (ulp) at most, 1.4 in erf, erfc and gelu; zeros of either sign,
subnormal numbers, infinities and NaN need no branch. The polynomials are minimax approximations (Remez's
exchange from Chebyshev points, 50 digits, the coefficients then rounded to double); the comment at each says
what it approximates, where, and how closely.

Sources: W. J. Cody and W. Waite, Software Manual for the Elementary Functions (1980), for the reduction of
arguments; J.-M. Muller, Elementary Functions (3rd edition, 2016) and Muller et al., Handbook of
Floating-Point Arithmetic (2nd edition, 2018), for compensated sums, quotients and roots; M. M. Shepherd and
J. G. Laframboise, Chebyshev approximation of (1+2x)exp(x**2)erfc x in 0 <= x < inf (1981).
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
    two_product,
    two_sum,
)

inf = math.inf
nan = math.nan


# ln 2 as a sum whose first term has 42 bits, so that its product with a whole number below 2048 is exact
LN2 = (0.6931471805598903, 5.497923018708371e-14)
# The same and other numbers as unevaluated sums of two doubles
LN2_DOUBLE = (0.6931471805599453, 2.3190468138462996e-17)
LOG2_E = (1.4426950408889634, 2.0355273740931033e-17)
ROOT_HALF = (0.7071067811865476, -4.833646656726457e-17)
ROOT_HALF_OVER_PI = (0.3989422804014327, -2.49232720227773e-17)
TWO_OVER_ROOT_PI = (1.1283791670955126, 1.533545961316588e-17)
# (exp(r) - 1 - r) / r**2 for |r| <= 0.34665, to 2**-57 of exp(r)
EXP = (
    0.5000000000000006, 0.16666666666666688, 0.0416666666665688, 0.008333333333312825,
    0.0013888888934571915, 0.00019841269906887367, 2.480150162248271e-05, 2.7557224572495183e-06,
    2.762745087710531e-07, 2.51155114526078e-08,
)  # fmt: skip
# (sinh(x) - x) / x**3 in x**2, |x| <= 1, to 2**-71
SINH = (
    0.16666666666666666, 0.008333333333333333, 0.00019841269841269768, 2.755731922404315e-06,
    2.5052108363179272e-08, 1.6059048536141372e-10, 7.646614410040227e-13, 2.844861521261485e-15,
)  # fmt: skip
# (-log(erfc(x)) / x - 2/sqrt(pi)) / x for 0 <= x <= 6, such that erf is right to 2**-55 of itself
ERF = (
    0.6366197723675876, 0.10277260330144264, -0.019128446995335276, -0.0002091948315641027,
    0.001696207528114452, -0.0005901318165759769, 2.590259585938612e-05, 6.442485596728332e-05,
    -2.9583348903215873e-05, 3.1801032041120273e-06, 3.1218346660688812e-06, -2.0277771536709457e-06,
    5.642844835009677e-07, -8.28465448136162e-09, -6.720881360239664e-08, 3.509060518213069e-08,
    -1.0910099596713883e-08, 2.3892615207547637e-09, -3.806643509348858e-10, 4.355605598554688e-11,
    -3.4078995392732375e-12, 1.6365908529159474e-13, -3.642454508460153e-15,
)  # fmt: skip
# (1 + 2 x) exp(x**2) erfc(x) in t = (x - 3.75) / (x + 3.75) for 0 <= x <= 28, to 2**-56
ERFC = (
    1.2375126308378275, -0.1402405985855467, 0.0035854154854626425, 0.08227673849011273,
    -0.10880393014165302, 0.09230432116152959, -0.05869339859151484, 0.028362277400090685,
    -0.00974657954098872, 0.0017556260239719212, 0.0002937135927685011, -0.00029015502079760014,
    5.1649175226912014e-05, 2.2387509027974923e-05, -1.144355198460579e-05, -9.80827351297369e-07,
    1.748794939418789e-06, -4.7130120709049e-08, -2.5295745550101945e-07, 1.512603281821706e-08,
    3.277356021546013e-08, -5.689196934168699e-10, -2.2981588853120437e-09,
)  # fmt: skip
# what the first coefficient lost to its rounding, and the derivative to 0.09, for the rounding error of t
ERFC_LOW = 1.0839730103763124e-16
ERFC_SLOPE = (-0.18117198942514778, 0.3296623250980109, 0.6506434201408966, -1.4090425290155564)


def power_of_two(n: Whole, add: Whole | int = 0) -> Lanes:
    """Return 2**(k + add), a normal number; n are the bits of k + ROUNDER."""
    return ((n + (add + 1023)) << 52).double()


def _reduced(x: Lanes, low: Lanes | None = None) -> tuple[Whole, Lanes, Lanes]:
    """Return n, r and a rest with x + low = k ln 2 + r + rest, |r| <= ln(2) / 2, n as in power_of_two."""
    shifted = mul_add(x, LOG2_E[0], ROUNDER)
    k = shifted - ROUNDER
    high = mul_add(k, -LN2[0], x)  # exact
    correction = k * LN2[1]
    if low is not None:
        correction = correction - low
    r = high - correction
    return shifted.bits(), r, (high - r) - correction


def _exp_of_small(r: Lanes, rest: Lanes) -> tuple[Lanes, Lanes]:
    """Return exp(r + rest) as a sum of two numbers for |r| <= ln(2) / 2."""
    high, low = quick_two_sum(r.code.number(1.0), r)
    return high, low + mul_add(r * r, polynomial(r, EXP), rest)


def exp_parts(x: Lanes, low: Lanes | None = None) -> tuple[Whole, Lanes, Lanes]:
    """Return n, h and l with exp(x + low) = 2**k (h + l), n as in power_of_two."""
    n, r, rest = _reduced(x, low)
    return n, *_exp_of_small(r, rest)


def scaled(y: Lanes, n: Whole, small: Truth) -> Lanes:
    """Return y * 2**k rounded once, for y in [1/2, 4); `small` says where 2**k may be subnormal."""
    scale = power_of_two(n, small.where_whole(128, -2))
    return (y * scale) * small.where(2.0**-128, 4.0)


def exp(x: Lanes) -> Lanes:
    x = x.at_most(710.0).at_least(-746.0)
    n, high, low = exp_parts(x)
    return scaled(high + low, n, x < -700.0)


def exp2(x: Lanes) -> Lanes:
    x = x.at_most(1025.0).at_least(-1080.0)
    shifted = x + ROUNDER
    r = x - (shifted - ROUNDER)
    product, error = two_product(r, LN2_DOUBLE[0])
    high, low = _exp_of_small(product, mul_add(r, LN2_DOUBLE[1], error))
    return scaled(high + low, shifted.bits(), x < -1000.0)


def _expm1_of_negative(x: Lanes, low: Lanes | None = None) -> tuple[Lanes, Lanes]:
    """Return expm1(x + low) as a sum of two numbers for -700 <= x <= 0."""
    n, r, rest = _reduced(x, low)
    scale = power_of_two(n)
    start, error = quick_two_sum(x.code.number(-1.0), scale)
    high, more = quick_two_sum(start, scale * r)
    return high, mul_add(scale, mul_add(r * r, polynomial(r, EXP), rest), error + more)


def expm1(x: Lanes) -> Lanes:
    n, r, rest = _reduced(x.at_most(710.0).at_least(-40.0))
    scale = power_of_two(n, -1)  # half of it, as 2**1024 is too large
    start, error = two_sum(scale, -0.5)
    high, more = quick_two_sum(start, scale * r)
    low = mul_add(scale, mul_add(r * r, polynomial(r, EXP), rest), error + more)
    return (abs(x) < 2.0**-54).where(x, (high + low) * 2.0)


def elu(x: Lanes, alpha: Lanes) -> Lanes:
    high, low = quick_two_sum(*_expm1_of_negative(x.at_least(-40.0)))
    product, error = two_product(alpha, high.with_sign_of(x))
    exact = (product + mul_add(alpha, low, error)).with_sign_of(product)
    return (x > 0.0).where(x, (abs(error) < inf).where(exact, product))


def decay(a: Lanes, a_low: Lanes | None = None) -> tuple[Lanes, Lanes]:
    """Return exp(-(a + a_low)) for a >= 0 as a sum of two numbers, times 2**128 where a > 700."""
    n, high, low = exp_parts(-a.at_most(760.0), None if a_low is None else -a_low)
    high, low = quick_two_sum(high, low)
    scale = power_of_two(n, (a > 700.0).where_whole(128, 0))
    return high * scale, low * scale


def undecayed(condition: Truth) -> Lanes:
    """Return the factor that takes back the one of decay where the condition holds."""
    return condition.where(2.0**-128, 1.0)


def _sigmoid_parts(x: Lanes) -> tuple[Lanes, Lanes]:
    """Return sigmoid(x) as a sum of two numbers, times 2**128 where x < -700."""
    one = x.code.number(1.0)
    e, e_low = decay(abs(x))
    divisor, divisor_low = quick_two_sum(one, e)
    positive = x >= 0.0
    return quotient(positive.where(1.0, e), positive.where(0.0, e_low), divisor, divisor_low + e_low)


def sigmoid(x: Lanes) -> Lanes:
    high, low = _sigmoid_parts(x)
    return (high + low) * undecayed(x < -700.0)


def sigmoid_slope(x: Lanes) -> Lanes:
    # sigmoid(x) sigmoid(-x) = e / (1 + e)**2 with e = exp(-|x|)
    a = abs(x)
    e, e_low = decay(a)
    divisor, divisor_low = quick_two_sum(x.code.number(1.0), e)
    divisor, divisor_low = quick_two_sum(divisor, divisor_low + e_low)
    high, low = quotient(*quotient(e, e_low, divisor, divisor_low), divisor, divisor_low)
    return (high + low) * undecayed(a > 700.0)


def silu_slope(x: Lanes) -> Lanes:
    # sigmoid(x) (1 + x sigmoid(-x))
    bounded = x.at_most(760.0).at_least(-760.0)
    factor, factor_low = _sigmoid_parts(bounded)
    other, other_low = _sigmoid_parts(-bounded)
    product, error = two_product(bounded, other)
    total, rest = two_sum(product, 1.0)
    total, rest = quick_two_sum(total, rest + mul_add(bounded, other_low, error))
    result, error = two_product(factor, total)
    result = result + mul_add(factor, rest, mul_add(factor_low, total, error))
    return abs(x).equals(inf).where(nan, result * undecayed(x < -700.0))  # inf * 0 is in it


def silu(x: Lanes) -> Lanes:
    bounded = x.at_least(-760.0)
    high, low = _sigmoid_parts(x)
    product, error = two_product(bounded, high)
    result = (product + (error + bounded * low)) * undecayed(x < -700.0)
    result = (x > 50.0).where(x, result).with_sign_of(x)
    return x.equals(-inf).where(nan, result)  # -inf * 0


def tanh(x: Lanes) -> Lanes:
    # With t = expm1(-2|x|) it is -t / (2 + t).
    t, t_low = quick_two_sum(*_expm1_of_negative(abs(x).at_most(22.0) * -2.0))
    divisor, divisor_low = quick_two_sum(x.code.number(2.0), t)
    high, low = quotient(-t, -t_low, divisor, divisor_low + t_low)
    return (high + low).with_sign_of(x)


def sech(x: Lanes) -> Lanes:
    # With e = exp(-|x|) it is 2 e / (1 + e**2).
    a = abs(x)
    e, e_low = decay(a)
    square, error = two_product(e, e)
    divisor, divisor_low = quick_two_sum(x.code.number(1.0), square)
    divisor_low = divisor_low + mul_add(e + e, e_low, error)
    high, low = quotient(e + e, e_low + e_low, divisor, divisor_low)
    return (high + low) * undecayed(a > 700.0)


def _half_exp(a: Lanes, sign: float) -> tuple[Whole, Lanes]:
    """Return n and y with (exp(a) + sign * exp(-a)) / 2 = 2**(k - 1) y, n as in power_of_two, a >= 0."""
    n, high, low = exp_parts(a)
    high, low = quick_two_sum(high, low)
    k = (n - a.code.number(ROUNDER).bits()).minimum(60)
    inverse = 1.0 / high
    inverse = (inverse - inverse * (inverse * low)) * power_of_two(0 - (k + k))
    total, error = two_sum(high, inverse * sign)
    return n, total + (error + low)


def cosh(x: Lanes) -> Lanes:
    a = abs(x).at_most(711.0)
    n, y = _half_exp(a, 1.0)
    return y * power_of_two(n, -3) * 4.0


def sinh(x: Lanes) -> Lanes:
    a = abs(x).at_most(711.0)
    n, y = _half_exp(a, -1.0)
    square = a * a
    small = mul_add(a * square, polynomial(square, SINH), a)
    return (a < 1.0).where(small, y * power_of_two(n, -3) * 4.0).with_sign_of(x)


def erf(x: Lanes) -> Lanes:
    # erf(x) = -expm1(-g(x)) with g(x) = -log(erfc(x)) = 2/sqrt(pi) x + x**2 G(x)
    a = abs(x).at_most(6.0)
    product, error = two_product(a, TWO_OVER_ROOT_PI[0])
    error = mul_add(a, TWO_OVER_ROOT_PI[1], error)
    g, g_low = quick_two_sum(product, mul_add(a * a, polynomial(a, ERF), error))
    high, low = _expm1_of_negative(-g, -g_low)
    return (high + low).with_sign_of(x)


def _erfc_parts(
    a: Lanes, a_low: Lanes | float, square: Lanes, square_low: Lanes
) -> tuple[Whole, Lanes, Lanes]:
    """Return n, h and l with erfc(a + a_low) = 2**k (h + l), n as in power_of_two, given the square too."""
    n, e, e_low = exp_parts(-square, -square_low)
    e, e_low = quick_two_sum(e, e_low)
    t, t_low = quick_two_sum(a.code.number(-1.0), (a + a) / (a + 3.75))
    factor, factor_low = quick_two_sum(a.code.number(ERFC[0]), t * polynomial(t, ERFC[1:]))
    factor_low = mul_add(t_low, polynomial(t, ERFC_SLOPE), factor_low + ERFC_LOW)
    product, error = two_product(e, factor)
    low = mul_add(e, factor_low, mul_add(e_low, factor, error))
    divisor, divisor_low = two_sum(a + a, 1.0)
    return n, *quotient(product, low, divisor, divisor_low + 2.0 * a_low)


def erfc(x: Lanes) -> Lanes:
    a = abs(x).at_most(28.0)
    n, high, low = _erfc_parts(a, 0.0, *two_product(a, a))
    small = a > 26.0
    scale = power_of_two(n, small.where_whole(128, 0))
    high, low = high * scale, low * scale
    two_minus, error = quick_two_sum(x.code.number(2.0), -high)
    return (x < 0.0).where(two_minus + (error - low), (high + low) * undecayed(small))


def erf_slope(x: Lanes) -> Lanes:
    # 2 / sqrt(pi) exp(-x**2)
    a = abs(x).at_most(28.0)
    square, error = two_product(a, a)
    n, e, e_low = exp_parts(-square, -error)
    e, e_low = quick_two_sum(e, e_low)
    product, error = two_product(e, TWO_OVER_ROOT_PI[0])
    low = mul_add(e, TWO_OVER_ROOT_PI[1], mul_add(e_low, TWO_OVER_ROOT_PI[0], error))
    return scaled(product + low, n, a > 26.0)


def gelu_slope(x: Lanes) -> Lanes:
    # Phi(x) + x phi(x): on the left erfc(a / sqrt(2)) / 2 - a phi(a) with a = |x|, elsewhere 1 minus that
    a = abs(x).at_most(39.6)
    square, error = two_product(a, a)
    scaled_a, scaled_error = two_product(a, ROOT_HALF[0])
    scaled_error = mul_add(a, ROOT_HALF[1], scaled_error)
    n, high, low = _erfc_parts(scaled_a, scaled_error, 0.5 * square, 0.5 * error)
    _, e, e_low = exp_parts(-0.5 * square, -0.5 * error)
    e, e_low = quick_two_sum(e, e_low)
    factor, factor_low = two_product(a, ROOT_HALF_OVER_PI[0])
    factor_low = mul_add(a, ROOT_HALF_OVER_PI[1], factor_low)
    product, error = two_product(e, factor)
    product_low = mul_add(e, factor_low, mul_add(e_low, factor, error))
    total, rest = two_sum(0.5 * high, -product)
    total, rest = quick_two_sum(total, rest + (0.5 * low - product_low))
    small = a > 36.7
    scale = power_of_two(n, small.where_whole(128, 0))
    total, rest = total * scale, rest * scale
    one_minus, one_error = two_sum(x.code.number(1.0), -(total * undecayed(small)))
    right = one_minus + (one_error - rest * undecayed(small))
    result = (x < 0.0).where((total + rest) * undecayed(small) + 0.0, right)
    return abs(x).equals(inf).where(nan, result)  # inf * 0 is in it


def gelu(x: Lanes) -> Lanes:
    # x Phi(x), Phi(-a) = erfc(a / sqrt(2)) / 2
    bounded = x.at_least(-39.6)
    a = abs(bounded).at_most(39.6)
    square, error = two_product(a, a)
    scaled_a, scaled_error = two_product(a, ROOT_HALF[0])
    scaled_error = mul_add(a, ROOT_HALF[1], scaled_error)
    n, high, low = _erfc_parts(scaled_a, scaled_error, 0.5 * square, 0.5 * error)
    small = a > 36.7
    scale = power_of_two(n, small.where_whole(127, -1))
    high, low = high * scale, low * scale
    one_minus, one_error = quick_two_sum(x.code.number(1.0), -high)
    left = x < 0.0
    phi, phi_low = left.where(high, one_minus), left.where(low, one_error - low)
    product, error = two_product(bounded, phi)
    result = (product + mul_add(bounded, phi_low, error)) * undecayed(small & left)
    result = (x > 9.0).where(x, result).with_sign_of(x)
    return x.equals(-inf).where(nan, result)  # -inf * 0
