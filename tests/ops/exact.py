"""Derivatives of every primitive to as many digits as are asked for: truncated Taylor series in mpmath.

Nothing here knows the table of rules. A function is written as what defines it; its series follow from those
of exp, log, sine, cosine, powers and the gamma function (A. Griewank and A. Walther, Evaluating Derivatives,
2nd edition, 2008, chapter 13).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mpmath import mp, mpf

ORDER = 4
"""The highest total order of a derivative that a series knows."""

Index = tuple[int, int]


class Series:
    """A polynomial in the distances of two numbers from where they are, without terms beyond ORDER.

    Attributes:
        terms: the coefficients by the powers of the two distances; what is missing is 0.
    """

    def __init__(self, terms: dict[Index, Any]) -> None:
        self.terms = {index: c for index, c in terms.items() if c}

    @property
    def value(self) -> Any:
        """The number that it is where no distance is."""
        return self.terms.get((0, 0), mpf(0))

    def derivative(self, i: int, j: int) -> Any:
        """Return the derivative, i times by the first number and j times by the second."""
        return self.terms.get((i, j), mpf(0)) * mp.factorial(i) * mp.factorial(j)

    def __add__(self, other: Any) -> Series:
        terms = dict(self.terms)
        for index, c in _series(other).terms.items():
            terms[index] = terms.get(index, mpf(0)) + c
        return Series(terms)

    def __mul__(self, other: Any) -> Series:
        terms: dict[Index, Any] = {}
        for (i, j), c in self.terms.items():
            for (k, m), d in _series(other).terms.items():
                if i + j + k + m <= ORDER:
                    terms[i + k, j + m] = terms.get((i + k, j + m), mpf(0)) + c * d
        return Series(terms)

    def __neg__(self) -> Series:
        return self * -1

    def __sub__(self, other: Any) -> Series:
        return self + -_series(other)

    def __rsub__(self, other: Any) -> Series:
        return _series(-self + other)

    def __truediv__(self, other: Any) -> Series:
        return self * power(_series(other), -1)

    def __rtruediv__(self, other: Any) -> Series:
        return _series(power(self, -1) * other)

    def __radd__(self, other: Any) -> Series:
        return _series(self + other)

    def __rmul__(self, other: Any) -> Series:
        return _series(self * other)

    def composed(self, derivatives: list[Any]) -> Series:
        """Return the series of f of this one, given f and its derivatives at its value."""
        distance = self - self.value
        result, powers = Series({}), _series(1)
        for k in range(ORDER + 1):
            result = result + powers * (derivatives[k] / mp.factorial(k))
            powers = powers * distance
        return result


def _series(x: Any) -> Series:
    return x if isinstance(x, Series) else Series({(0, 0): mpf(x)})


def variables(*numbers: float) -> list[Series]:
    """Return one number or two as series of which they are the variables."""
    return [Series({(0, 0): mpf(x), one: mpf(1)}) for x, one in zip(numbers, ((1, 0), (0, 1)), strict=False)]


def power(x: Series, exponent: Any) -> Series:
    derivatives, factor = [], mpf(1)
    for k in range(ORDER + 1):
        derivatives.append(factor * x.value ** (exponent - k) if factor else mpf(0))
        factor *= exponent - k
    return x.composed(derivatives)


def root(x: Series) -> Series:
    return power(x, mpf(1) / 2)


def exp(x: Series) -> Series:
    return x.composed([mp.exp(x.value)] * (ORDER + 1))


def log(x: Series) -> Series:
    c = x.value
    return x.composed([mp.log(c), 1 / c, -1 / c**2, 2 / c**3, -6 / c**4])


def sin(x: Series) -> Series:
    s, c = mp.sin(x.value), mp.cos(x.value)
    return x.composed([s, c, -s, -c, s])


def cos(x: Series) -> Series:
    s, c = mp.sin(x.value), mp.cos(x.value)
    return x.composed([c, -s, -c, s, c])


def sinh(x: Series) -> Series:
    return (exp(x) - exp(-x)) / 2


def cosh(x: Series) -> Series:
    return (exp(x) + exp(-x)) / 2


def of_slope(value: Callable[[Any], Any], slope: Callable[[Series], Series]) -> Callable[[Series], Series]:
    """Return the series of a function that is known by its value and by its derivative."""

    def function(x: Series) -> Series:
        at = slope(variables(x.value)[0])
        return x.composed([value(x.value), *[at.derivative(k, 0) for k in range(ORDER)]])

    return function


def digamma(x: Series, order: int = 0) -> Series:
    return x.composed([_polygamma(order + k, x.value) for k in range(ORDER + 1)])


def _polygamma(n: int, x: Any) -> Any:
    # DLMF 5.15.5: as many steps of the recurrence as reach where mpmath needs none of its own.
    return mp.psi(n, x)


def lgamma(x: Series) -> Series:
    value = mp.log(abs(mp.gamma(x.value)))
    return x.composed([value, *[_polygamma(k, x.value) for k in range(ORDER)]])


def gamma(x: Series) -> Series:
    return _series(exp(lgamma(x)) * mp.sign(mp.gamma(x.value)))


def general_power(x: Series, y: Series) -> Series:
    if len(y.terms) <= 1 and (0, 0) in y.terms:
        return power(x, y.value)
    return exp(y * log(x))


def hypot(x: Series, y: Series) -> Series:
    return root(x * x + y * y)


def _erf_slope(x: Series) -> Series:
    return _series(exp(-x * x) * (2 / mp.sqrt(mp.pi)))


def _erfc(x: Any) -> Any:
    if abs(x) > 10**6:  # which mpmath refuses; it is less than 10**-(10**11) from there
        return mpf(0) if x > 0 else mpf(2)
    return mp.erfc(x)


def _normal_density(x: Series) -> Series:
    return _series(exp(-x * x / 2) / mp.sqrt(2 * mp.pi))


def _sigmoid(x: Series) -> Series:
    return 1 / (1 + exp(-x))


def _sign(x: Series) -> int:
    return int(mp.sign(x.value))


def _fraction(x: Series) -> Series:
    return x - int(x.value)


_atan = of_slope(mp.atan, lambda x: 1 / (1 + x * x))
_normal = of_slope(lambda x: _erfc(-x / mp.sqrt(2)) / 2, _normal_density)


def _atan2(y: Series, x: Series) -> Series:
    angle = _atan(y / x) if abs(y.value) < abs(x.value) else -_atan(x / y)
    return _series(angle - angle.value + mp.atan2(y.value, x.value))


def _logaddexp(x: Series, y: Series) -> Series:
    larger, smaller = (x, y) if x.value >= y.value else (y, x)
    return larger + log(1 + exp(smaller - larger))


EXACT: dict[str, Callable[..., Series]] = {
    "+": lambda x, y: x + y,
    "-": lambda x, y: x - y,
    "*": lambda x, y: x * y,
    "/": lambda x, y: x / y,
    "**": general_power,
    "pow": general_power,
    "%": lambda x, y: x - y * mp.floor(x.value / y.value),
    "fmod": lambda x, y: x - y * int(x.value / y.value),
    "remainder": lambda x, y: x - y * mp.nint(x.value / y.value),
    "neg": lambda x: -x,
    "identity": lambda x: x,
    "abs": lambda x: x * _sign(x),
    "fabs": lambda x: x * _sign(x),
    "sqrt": root,
    "root": root,
    "cbrt": lambda x: power(x * _sign(x), mpf(1) / 3) * _sign(x),
    "exp": exp,
    "exp2": lambda x: exp(x * mp.log(2)),
    "expm1": lambda x: exp(x) - 1,
    "log": log,
    "log2": lambda x: log(x) / mp.log(2),
    "log10": lambda x: log(x) / mp.log(10),
    "log1p": lambda x: log(1 + x),
    "sin": sin,
    "cos": cos,
    "tan": lambda x: sin(x) / cos(x),
    "asin": of_slope(mp.asin, lambda x: 1 / root(1 - x * x)),
    "acos": of_slope(mp.acos, lambda x: -1 / root(1 - x * x)),
    "asin′": lambda x: 1 / root(1 - x * x),
    "atan": _atan,
    "atan′": lambda x: 1 / (1 + x * x),
    "atan2": _atan2,
    "atan2′": lambda x, y: y / (x * x + y * y),
    "degrees": lambda x: x * 180 / mp.pi,
    "radians": lambda x: x * mp.pi / 180,
    "sinh": sinh,
    "cosh": cosh,
    "tanh": lambda x: sinh(x) / cosh(x),
    "sech": lambda x: 1 / cosh(x),
    "asinh": of_slope(mp.asinh, lambda x: 1 / root(1 + x * x)),
    "acosh": of_slope(mp.acosh, lambda x: 1 / root(x * x - 1)),
    "acosh′": lambda x: 1 / root(x * x - 1),
    "atanh": of_slope(mp.atanh, lambda x: 1 / (1 - x * x)),
    "atanh′": lambda x: 1 / (1 - x * x),
    "erf": of_slope(lambda x: 1 - _erfc(x), _erf_slope),
    "erfc": of_slope(_erfc, lambda x: -_erf_slope(x)),
    "erf′": _erf_slope,
    "gamma": gamma,
    "lgamma": lgamma,
    "digamma": digamma,
    "polygamma": lambda n, x: digamma(x, int(n.value)),
    "hypot": hypot,
    "hypot′": lambda x, y: x / hypot(x, y),
    "fsum": lambda x, y: x + y,
    "copysign": lambda x, y: x * (_sign(x) * _sign(y)),
    "ldexp": lambda x, y: x * mpf(2) ** int(y.value),
    "fraction": _fraction,
    "nextafter": lambda x, y: x,
    "relu": lambda x: x if x.value > 0 else x * 0,
    "leaky_relu": lambda x, y: x if x.value > 0 else x * y,
    "elu": lambda x, y: x if x.value > 0 else y * (exp(x) - 1),
    "sigmoid": _sigmoid,
    "sigmoid′": lambda x: _sigmoid(x) * _sigmoid(-x),
    "logsigmoid": lambda x: -log(1 + exp(-x)),
    "softplus": lambda x: log(1 + exp(x)),
    "silu": lambda x: x * _sigmoid(x),
    "silu′": lambda x: _sigmoid(x) + x * _sigmoid(x) * _sigmoid(-x),
    "gelu": lambda x: x * _normal(x),
    "gelu′": lambda x: _normal(x) + x * _normal_density(x),
    "logaddexp": _logaddexp,
    **dict.fromkeys(["max", "fmax", "clip_below"], lambda x, y: x if x.value >= y.value else y),
    **dict.fromkeys(["min", "fmin", "clip_above"], lambda x, y: x if x.value <= y.value else y),
}
"""What the primitives of the table are, by name; those are left out that have no derivative but 0."""
