"""Derivatives by differences: Ridders' extrapolation, and the slopes on both sides of a kink."""

from __future__ import annotations

from itertools import pairwise
from math import floor, inf, isfinite, log2, nan
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    Vector = list[float]


def extrapolated_differences(
    function: Callable[[float], Vector], x: float
) -> list[tuple[float, float]] | None:
    """Return the derivatives at 0 of the components of a function, each with an estimate of its error.

    Central differences are extrapolated to step 0 with Neville's scheme and the best value of the tableau
    is taken (C. J. F. Ridders, Advances in Engineering Software 4, 1982), from several first steps.

    Args:
        function: gives the components at some distance from a point; it may raise ArithmeticError or
            ValueError.
        x: the number at this point, from which the steps are chosen.

    Returns:
        For each component the derivative and the error; None if no step gives finite numbers, or x is none.
    """
    if not isfinite(x):
        return None
    estimates: list[tuple[float, float]] | None = None
    steps = [max(abs(x), 0.1) * part for part in (0.1, 1e-2, 1e-3, 1e-4)]
    if 0.0 < abs(x) < 1e-4:  # it may be that near to the end of the domain
        steps += [0.1 * abs(x), 0.01 * abs(x)]
    elif abs(x) > 100.0:  # it may be an angle
        steps += [0.1, 1e-3]
    for step in steps:
        first = 2.0 ** floor(log2(step)) if step else 0.0  # added to x without rounding
        if not _can_be_added(x, first / _SHRINK ** (_STEPS - 1)):
            continue
        finer = _ridders(function, first)
        if finer is None:
            continue
        if estimates is None:
            estimates = finer
            continue
        estimates = [_better(*pair) for pair in zip(estimates, finer, strict=True)]
        if all(error <= 1e-9 * abs(slope) for slope, error in estimates):
            break
    return estimates


def _can_be_added(x: float, step: float) -> bool:
    """Say whether a step is none that the floats around x are too far apart for, or too small for a float."""
    return step > 0.0 and abs((x + step) - x - step) <= 1e-6 * step


def _better(coarse: tuple[float, float], fine: tuple[float, float]) -> tuple[float, float]:
    """Return the more certain of two estimates, or if they contradict each other the one with finer steps."""
    if abs(coarse[0] - fine[0]) <= 10.0 * (coarse[1] + fine[1]):
        return min(coarse, fine, key=lambda estimate: estimate[1])
    return fine


_SHRINK = 2.0  # the factor from one step to the next
_STEPS = 7


def _ridders(function: Callable[[float], Vector], step: float) -> list[tuple[float, float]] | None:
    columns: list[
        list[tuple[float, float]]
    ] = []  # for each step the difference of each component, and its noise
    for _ in range(_STEPS):
        try:
            after, before = function(step), function(-step)
        except (ArithmeticError, ValueError):
            return None
        if len(after) != len(before) or not all(map(isfinite, (*after, *before))):
            return None
        columns.append(
            [
                ((x - y) / (2.0 * step), 2.3e-16 * (abs(x) + abs(y)) / step)
                for x, y in zip(after, before, strict=True)
            ]
        )
        step /= _SHRINK
    return [_extrapolated(list(component)) for component in zip(*columns, strict=True)]


def _extrapolated(slopes: list[tuple[float, float]]) -> tuple[float, float]:
    best, least = nan, inf
    row: Vector = []
    for k, (slope, noise) in enumerate(slopes):
        new = [slope]
        factor = _SHRINK**2
        for i in range(k):
            new.append((new[i] * factor - row[i]) / (factor - 1.0))
            error = max(abs(new[i + 1] - new[i]), abs(new[i + 1] - row[i])) + noise
            if error <= least:
                best, least = new[i + 1], error
            factor *= _SHRINK**2
        row = new
    return best, least


def one_sided_slopes(
    function: Callable[[float], Vector], component: int, scale: float
) -> tuple[float, float] | None:
    """Return the slopes on the left and on the right of 0 if they differ, as at a kink or a jump."""
    steps = [scale * h for h in (1e-7, 1e-6, 1e-5)]
    try:
        here = function(0.0)[component]
        left, right = (
            [sign * (function(sign * h)[component] - here) / h for h in steps] for sign in (-1.0, 1.0)
        )
    except (ArithmeticError, ValueError):
        return None
    size = max(map(abs, (*left, *right)))
    if size <= 1e-13 * abs(here) / steps[0]:  # nothing but rounding
        return None
    # From step to step, the slope at a kink stays the same, and that at a jump is divided by ten.
    kink = all(abs(side[0] - slope) <= 0.01 * size for side in (left, right) for slope in side)
    jump = any(all(side) and all(5.0 < x / y < 20.0 for x, y in pairwise(side)) for side in (left, right))
    return (left[0], right[0]) if (kink and abs(left[0] - right[0]) > 0.1 * size) or jump else None
