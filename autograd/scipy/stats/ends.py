"""Continuous distributions: a formula inside of the support, and what holds at its ends and beyond them.

Beyond the ends all is constant. At an end derivatives are the limits of those inside, infinite ones too. So
that these are no NaN, as 0 times infinity is, a density there is no exponential of its logarithm.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from ... import math, ops
from ...engine import Value
from .distribution import Distribution, Formula, nan, undefined

inf = np.inf

OUTSIDE = {
    "logpdf": (-inf, -inf), "pdf": (0.0, 0.0), "cdf": (0.0, 1.0), "sf": (1.0, 0.0),
    "logcdf": (-inf, 0.0), "logsf": (0.0, -inf),
}  # fmt: skip
"""What the methods give below the support, and above it."""


class End(NamedTuple):
    """An end of a support, near which the density is w**(power - 1) exp(rest), w the distance from it.

    Attributes:
        power: gives the power, and what else the rest depends on, of the shape parameters.
        rest: gives the rest, of w, the power and that.
    """

    power: Callable[..., tuple[Any, ...]]
    rest: Callable[..., Any]


def density_at_0(w: Any, power: Any, *others: Any, rest: Callable[..., Any]) -> Any:
    """Return w**(power - 1) exp(rest(w, power, *others)) at w = 0, for a power greater than 0."""
    if power < 1.0:  # it is infinite, and so are the slopes of the first factor, whatever the second is
        fixed = power.detach() if isinstance(power, Value) else power
        return ops.gammainc_slope(power, w) * math.exp(ops.gammaln(fixed) + rest(0.0, fixed, *others))
    return ops.gammainc_slope(power, w) * math.exp(ops.gammaln(power) + w + rest(w, power, *others))


class Continuous(Distribution):
    """A continuous distribution, whose formulas are at z = (x - loc) / scale.

    Args:
        name: that of SciPy's distribution.
        shapes: the names of its shape parameters.
        valid: says of shape parameters whether they are allowed.
        formulas: by the name of a method, its value inside of the support.
        support: where that begins, which is at 0 or nowhere, and where it ends.
        ends: what is known of its ends that are finite; None of one where the formulas hold, too.
    """

    def __init__(
        self,
        name: str,
        shapes: str,
        valid: Callable[..., Any],
        formulas: dict[str, Formula],
        support: tuple[float, float] = (-inf, inf),
        ends: tuple[End | None, End | None] = (None, None),
    ) -> None:
        if "pdf" not in formulas:
            formulas["pdf"] = lambda z, *shapes: math.exp(formulas["logpdf"](z, *shapes))
        super().__init__(name, shapes, valid, formulas)
        self.parameters.append("scale")
        self.support = support
        self.ends = ends

    def at(self, method: str, x: Any, *parameters: Any) -> Any:
        """Return what a method gives for numbers, some of which are Values."""
        *shapes, loc, scale = parameters
        if not (scale > 0.0 and self.valid(*shapes)):
            return undefined(x, *parameters)
        shifted = x - loc if isinstance(loc, Value) or loc != 0.0 else x
        one = not isinstance(scale, Value) and scale == 1.0
        z = shifted if one else shifted / scale
        if self.support[0] < z < self.support[1]:
            return _scaled(method, self.formulas[method](z, *shapes), scale)
        if z != z:
            return z
        if z < self.support[0] or z > self.support[1]:
            return OUTSIDE[method][z > 0.0]
        if abs(z) == inf:
            return self._at_infinity(method, z, shapes, scale)
        if z > 0.0:
            return _scaled(method, self._at_the_end(method, 1, z, shapes), scale)
        return self._at_0(method, z, shifted, shapes, scale)

    def _at_infinity(self, method: str, z: Any, shapes: Sequence[Any], scale: Any) -> Any:
        if method == "pdf":  # which SciPy has as the exponential of the logarithm, NaN as that may be
            return 0.0 if self.formulas["logpdf"](z, *shapes) == -inf else nan
        limit = OUTSIDE[method][z > 0.0]
        return limit if limit > -inf else _scaled(method, self.formulas[method](z, *shapes), scale)

    def _at_the_end(self, method: str, side: int, z: Any, shapes: Sequence[Any]) -> Any:
        end = self.ends[side]
        if end is None or method not in ("pdf", ("logcdf", "logsf")[side]):
            return self.formulas[method](z, *shapes)
        power, *others = end.power(*shapes)
        if method == "pdf":
            return density_at_0(1.0 - z if side else z, power, *others, rest=end.rest)
        logarithm = ops.xlog1py(power, -z) if side else ops.xlogy(power, z)
        return logarithm + end.rest(0.0, power, *others) - math.log(power)

    def _at_0(self, method: str, z: Any, shifted: Any, shapes: Sequence[Any], scale: Any) -> Any:
        """Return what a method gives at the end at 0, from which the scale does not move.

        Where the slope is infinite, its product with that 0 is no number. There, the derivative by the scale
        is the limit of that inside, where a logarithm is that of a power of z.
        """
        end = self.ends[0]
        if not isinstance(scale, Value):
            return _scaled(method, self._at_the_end(method, 0, z, shapes), scale)
        fixed = scale.detach()
        if end is None:  # a logarithm falls sooner than that of any power
            if method in ("logpdf", "logcdf"):
                z = shifted / fixed + (fixed / scale - 1.0)
            return _scaled(method, self.formulas[method](z, *shapes), scale)
        power, *_ = end.power(*shapes)
        if not _is_steep(method, power):
            return _scaled(method, self._at_the_end(method, 0, z, shapes), scale)
        result = self._at_the_end(method, 0, shifted / fixed, shapes)
        if method in ("logpdf", "logcdf"):
            result = result - (power - 1.0 if method == "logpdf" else power) * math.log(scale / fixed)
        return _scaled(method, result, scale)


def _is_steep(method: str, power: Any) -> bool:
    """Say whether the slope at an end is infinite, where the density is a power of the distance from it."""
    if method == "pdf":
        return bool(power < 2.0 and power != 1.0)
    return method == "logcdf" or bool(power != 1.0 if method == "logpdf" else power < 1.0)


def _scaled(method: str, result: Any, scale: Any) -> Any:
    """Return what a method gives, of what it gives for a scale of 1."""
    if (not isinstance(scale, Value) and scale == 1.0) or method not in ("logpdf", "pdf"):
        return result
    return result - math.log(scale) if method == "logpdf" else result / scale
