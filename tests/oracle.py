"""What every primitive of the table computes, in mpmath, to as many digits as are asked for.

Nothing here knows a derivative: those come from differences of these functions.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath
from mpmath import mp, mpf

from autograd.ops import Primitive


def polygamma(n: Any, x: Any) -> Any:
    """Return mpmath's psi, by reflection (DLMF 5.15.6) where it would take as many steps as x is below 0."""
    n = int(n)
    if x > -100 or n == 0:
        return mp.psi(n, x)
    cotangent = mp.cot(mp.pi * (x - mp.nint(x)))
    slope = [mpf(0), mp.pi]  # pi cot(pi x), and then its derivatives, as a polynomial in the cotangent
    for _ in range(n):  # d cot(pi x)/dx = -pi (1 + cot(pi x)**2)
        terms = [-mp.pi * k * slope[k] for k in range(1, len(slope))]
        slope = [a + b for a, b in zip([*terms, 0, 0], [0, 0, *terms], strict=True)]
    return (-1) ** n * mp.psi(n, 1 - x) - mp.polyval(slope[::-1], cotangent)


def sign_of(x: Any) -> Any:
    """Return 1 or -1; for 0, whose sign mpmath does not know, that is an error."""
    if not x:
        raise ValueError("mpmath has one zero only")
    return mp.sign(x)


def erfcx_derivative(n: Any, x: Any) -> Any:
    """Return exp(x*x) erfc(x), or a derivative of it: 2 x D(n) + 2 n D(n - 1) is the next (DLMF 7.18.7)."""
    with mp.workdps(mp.dps + 60):
        before, result = mpf(0), _erfcx(x)
        for k in range(int(n)):
            before, result = result, 2 * x * result + (2 * k * before if k else -2 / mp.sqrt(mp.pi))
        return +result


def _erfcx(x: Any) -> Any:
    if x > 1000:  # the asymptotic expansion (DLMF 7.12.1), of more digits than anybody asks for
        terms = [mpf(1)]
        for k in range(1, 60):
            terms.append(-terms[-1] * (2 * k - 1) / (2 * x * x))
        return mp.fsum(terms) / x / mp.sqrt(mp.pi)
    return mp.exp(x * x) * mp.erfc(x)


def log_ndtr(x: Any) -> Any:
    """Return the logarithm; that of 1 - tail for x > 0, so of a number of as many more digits as the tail
    has zeros.
    """
    if x <= 0:
        return mp.log(mp.erfc(-x / mp.sqrt(2)) / 2)
    with mp.workdps(mp.dps + int(x * x / 4)):
        return mp.log1p(-mp.erfc(x / mp.sqrt(2)) / 2)


def log_ndtr_derivative(n: Any, x: Any) -> Any:
    """Return a derivative of log_ndtr, by the equation h' = -h (h + x) of the first."""
    if n == 0:
        return log_ndtr(x)
    with mp.workdps(mp.dps + 60):
        c = [mp.npdf(x) / (mp.erfc(-x / mp.sqrt(2)) / 2)]
        for m in range(int(n) - 1):
            products = mp.fsum(c[k] * c[m - k] for k in range(m + 1))
            c.append(-(x * c[m] + (c[m - 1] if m else 0) + products) / (m + 1))
        return c[-1] * mp.factorial(int(n) - 1)


def ndtri(p: Any) -> Any:
    """Return the normal quantile, by Newton's method from SciPy's."""
    from scipy.special import ndtri as start

    with mp.workdps(mp.dps + 20):
        if p > 0.5:
            return -ndtri(1 - p)
        x = mpf(float(start(float(p))))
        for _ in range(5):
            tail = mp.erfc(-x / mp.sqrt(2)) / 2
            x -= (tail - p) / mp.npdf(x)
        return +x


def scaled_i(n: Any, x: Any, order: int) -> Any:
    """Return a derivative of exp(-x) I(order, x) for x > 0, of I by DLMF 10.29.5."""
    n = int(n)
    with mp.workdps(2 * mp.dps + 20):
        derivatives = [
            mp.fsum(mp.binomial(j, k) * mp.besseli(order + j - 2 * k, x) for k in range(j + 1)) / mpf(2) ** j
            for j in range(n + 1)
        ]
        terms = [mp.binomial(n, j) * (-1) ** (n - j) * derivatives[j] for j in range(n + 1)]
        return mp.exp(-x) * mp.fsum(terms)


def yn(n: Any, x: Any) -> Any:
    """Return Y of whole order by its series (DLMF 10.8.1), which mpmath takes a limit for."""
    n = int(n)
    if n < 0:
        return (-1) ** n * yn(-n, x)
    with mp.workdps(2 * mp.dps + 20):
        half, square = x / 2, x * x / 4
        first = [mp.factorial(n - k - 1) / mp.factorial(k) * square**k for k in range(n)]
        low, high = mpf(0), mp.fsum(mpf(1) / k for k in range(1, n + 1))  # harmonic numbers
        total, term, k = mpf(0), half**n / mp.factorial(n), 0
        while abs(term) > mp.eps * half**-n:
            total += (low + high - 2 * mp.euler) * term
            term *= -square / ((k + 1) * (n + k + 1))
            low, high, k = low + mpf(1) / (k + 1), high + mpf(1) / (n + k + 1), k + 1
        return (2 * mp.log(half) * mp.besselj(n, x) - half**-n * mp.fsum(first) - total) / mp.pi


def stirling(n: Any, x: Any) -> Any:
    with mp.workdps(2 * mp.dps):
        half = mpf(1) / 2
        if n == 0:
            return mp.loggamma(x) - (x - half) * mp.log(x) + x - mp.log(2 * mp.pi) / 2
        n = int(n)
        if n == 1:
            return mp.psi(0, x) - mp.log(x) + half / x
        main = mp.factorial(n - 2) / x ** (n - 1) + half * mp.factorial(n - 1) / x**n
        return mp.psi(n - 1, x) - (-1) ** n * main


def gamma_density(a: Any, x: Any) -> Any:
    return mp.exp((a - 1) * mp.log(x) - x - mp.loggamma(a))


ONCE = {"gammainc": (0,), "gammaincc": (0,)}
"""Operands by which there is a first derivative, and no second."""


def gammainc_by_shape(a: Any, x: Any) -> Any:
    """Return the derivative of the incomplete gamma function by its parameter, by that of Gamma(a, x)."""
    if x == 0:
        return mp.mpf(0)
    if a == 0:
        return -mp.expint(1, x)
    with mp.extradps(mp.dps):  # much of the parts cancels
        step = mp.mpf(10) ** (-mp.dps // 3) * min(a, 1)
        above, below = (mp.gammainc(a + s, x, mp.inf, regularized=True) for s in (step, -step))
        if x >= a:
            return (below - above) / (2 * step)
        above, below = (mp.gammainc(a + s, 0, x, regularized=True) for s in (step, -step))
        return (above - below) / (2 * step)


def rel_entr(x: Any, y: Any) -> Any:
    return x * mp.log(x / y)


ORACLE: dict[str, Callable[..., Any]] = {
    "+": lambda x, y: x + y,
    "-": lambda x, y: x - y,
    "*": lambda x, y: x * y,
    "/": lambda x, y: x / y,
    "**": lambda x, y: x**y,
    "//": lambda x, y: mp.floor(x / y),
    "%": lambda x, y: x - y * mp.floor(x / y),
    "neg": lambda x: -x,
    "identity": lambda x: x,
    "abs": abs,
    "fabs": abs,
    "pow": lambda x, y: x**y,
    "asin′": lambda x: 1 / mp.sqrt(1 - x * x),
    "acosh′": lambda x: 1 / mp.sqrt(x * x - 1),
    "atan′": lambda x: 1 / (1 + x * x),
    "atan2′": lambda x, y: y / (x * x + y * y),
    "atanh′": lambda x: 1 / (1 - x * x),
    "erf′": lambda x: 2 / mp.sqrt(mp.pi) * mp.exp(-x * x),
    "hypot′": lambda x, y: x / mp.hypot(x, y) if x or y else mpf(0),
    "root": mp.sqrt,
    "cbrt": lambda x: mp.sign(x) * mp.cbrt(abs(x)),
    "exp2": lambda x: mpf(2) ** x,
    "log2": lambda x: mp.log(x, 2),
    "log10": lambda x: mp.log(x, 10),
    "fsum": lambda x, y: x + y,
    "lgamma": lambda x: mp.log(abs(mp.gamma(x))),
    "polygamma": polygamma,
    "copysign": lambda x, y: abs(x) * sign_of(y),
    "fmod": lambda x, y: x - y * int(x / y),
    "remainder": lambda x, y: x - y * mp.nint(x / y),
    "ldexp": lambda x, y: x * mpf(2) ** y,
    "fraction": lambda x: x - int(x),
    "nextafter": lambda x, y: x,
    "ulp": lambda x: mpf(2) ** (mp.floor(mp.log(abs(x), 2)) - 52),
    "trunc": lambda x: mpf(int(x)),
    "whole": lambda x: mpf(int(x)),
    "round": mp.nint,
    "round_to": lambda x, y: mp.nint(x * mpf(10) ** y) / mpf(10) ** y,
    "relu": lambda x: max(x, mpf(0)),
    "leaky_relu": lambda x, y: x if x > 0 else y * x,
    "elu": lambda x, y: x if x > 0 else y * mp.expm1(x),
    "sigmoid": lambda x: 1 / (1 + mp.exp(-x)),
    "logsigmoid": lambda x: -mp.log(1 + mp.exp(-x)),
    "softplus": lambda x: mp.log(1 + mp.exp(x)),
    "sigmoid′": lambda x: 1 / (1 + mp.exp(-x)) / (1 + mp.exp(x)),
    "silu": lambda x: x / (1 + mp.exp(-x)),
    "silu′": lambda x: (1 + x / (1 + mp.exp(x))) / (1 + mp.exp(-x)),
    "gelu": lambda x: x * mp.ncdf(x),
    "gelu′": lambda x: mp.ncdf(x) + x * mp.npdf(x),
    "logaddexp": lambda x, y: mp.log(mp.exp(x) + mp.exp(y)),
    "max": max,
    "min": min,
    "fmax": max,
    "fmin": min,
    "clip_below": max,
    "clip_above": min,
    "ndtr": lambda x: mp.erfc(-x / mp.sqrt(2)) / 2,
    "ndtr′": mp.npdf,
    "log_ndtr": log_ndtr,
    "log_ndtr⁽ⁿ⁾": log_ndtr_derivative,
    "ndtri": ndtri,
    "erfcx": lambda x: erfcx_derivative(0, x),
    "erfcx⁽ⁿ⁾": erfcx_derivative,
    "logit": lambda x: mp.log(x / (1 - x)),
    "xlogy": lambda x, y: x * mp.log(y),
    "xlog1py": lambda x, y: x * mp.log1p(y),
    "entr": lambda x: -x * mp.log(x),
    "rel_entr": rel_entr,
    "kl_div": lambda x, y: rel_entr(x, y) - x + y,
    "gammaln": lambda x: mp.log(abs(mp.gamma(x))),
    "gammainc": lambda a, x: mp.gammainc(a, 0, x, regularized=True),
    "stirling⁽ⁿ⁾": stirling,
    "gammaincc": lambda a, x: mp.gammainc(a, x, regularized=True),
    "gammainc′": gamma_density,
    "∂gammainc/∂a": gammainc_by_shape,
    "iv": lambda n, x: mp.besseli(int(n), x),
    "jv": lambda n, x: mp.besselj(int(n), x),
    "yn": yn,
    "i0e": lambda x: scaled_i(0, abs(x), 0),
    "i0e⁽ⁿ⁾": lambda n, x: scaled_i(n, x, 0),
    "i1e": lambda x: mp.sign(x) * scaled_i(0, abs(x), 1),
}


def oracle(primitive: Primitive) -> Callable[..., Any]:
    """Return the function on mpmath's numbers that belongs to a primitive."""
    if primitive.name in ORACLE:
        return ORACLE[primitive.name]
    assert hasattr(mpmath, primitive.name), f"no high-precision counterpart of {primitive.name!r}"
    return lambda *operands: getattr(mp, primitive.name)(*operands)
