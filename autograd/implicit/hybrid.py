"""Powell's hybrid method for one equation with one unknown, on floats.

Newton's step is gone as far as the region reaches in which steps were trusted to do what was expected of
them; after the first one the slope is that of the secant through the last two points, and it is computed
anew where two steps in a row led nowhere. The rules are those of MINPACK's HYBRJ (Moré, Garbow and
Hillstrom, User Guide for MINPACK-1, 1980), which SciPy calls: so the root that is found is the one that SciPy
finds. One number needs no arrays, and those are what takes the time there.
"""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite
from sys import float_info

FIRST = 100.0
"""How far the first step goes at most, as a multiple of x, or of 1 where x is 0."""

GAIN = 1e-4
"""By which part of what was expected a step must do at least, to be gone."""

MOST = 200
"""How many steps are tried at most."""


def hybrid(
    residual: Callable[[float], float], slope: Callable[[float], float], x: float, tol: float
) -> float | None:
    """Return a root; None where none is found, or what is computed on the way is not finite.

    Args:
        residual: the function.
        slope: its derivative.
        x: where to begin.
        tol: how small the trusted region is, beside x, where the root is found.
    """
    f, rate = residual(x), slope(x)
    scale = abs(rate) or 1.0
    trusted = FIRST * abs(scale * x) or FIRST
    failed = succeeded = slow = stuck = 0
    anew, gone = True, False
    for _ in range(MOST):
        if f == 0.0:
            return x
        step = -f / (rate or float_info.epsilon)
        if not (isfinite(f) and isfinite(step) and step != 0.0):
            return None
        if abs(scale * step) > trusted:
            step = trusted / scale if step > 0.0 else -trusted / scale
        length = abs(scale * step)
        if not gone:
            trusted = min(trusted, length)
        after = residual(x + step)
        gain, ratio = _gains(abs(f), abs(after), abs(f + rate * step))
        if ratio < 0.1:
            succeeded, failed, trusted = 0, failed + 1, trusted * 0.5
        else:
            succeeded, failed = succeeded + 1, 0
            if ratio >= 0.5 or succeeded > 1:
                trusted = max(trusted, length / 0.5)
            if abs(ratio - 1.0) <= 0.1:
                trusted = length / 0.5
        secant = (after - f) / step
        if ratio >= GAIN:
            x, f, gone = x + step, after, True
        slow = 0 if gain >= 0.001 else slow + 1
        stuck = 0 if gain >= 0.1 else stuck + anew
        if trusted <= tol * abs(scale * x):
            return x
        if slow == 10 or stuck == 5:
            return None
        anew = failed == 2
        rate = slope(x) if anew else secant
        if anew:
            scale = max(scale, abs(rate))
            if not gone:
                trusted = FIRST * abs(scale * x) or FIRST
    return None


def _gains(before: float, after: float, expected: float) -> tuple[float, float]:
    """Return by which part of its square a residual becomes smaller, and that beside what was expected."""
    gain = 1.0 - (after / before) * (after / before) if after < before else -1.0
    if not expected < before:
        return gain, 0.0
    wanted = 1.0 - (expected / before) * (expected / before)
    return gain, gain / wanted if wanted > 0.0 else 0.0
