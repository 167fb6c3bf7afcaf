"""Derivatives checked against differences, and the operation found that is wrong.

A derivative that somebody wrote by hand can be checked without knowing the right one: central differences
of the function, with ever smaller steps, extrapolated to step 0, come with an estimate of their own error.
"""

from __future__ import annotations

from itertools import pairwise
from math import floor, inf, isfinite, log2, nan
from typing import TYPE_CHECKING, Any

from ..engine import Value, data_of
from ..ops import TABLE
from ..ops.table import LAST_STEPS
from ..support.messages import name_of, shown
from .calls import Call
from .transforms import grad, jacobian
from .trees import Structure

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ..ops import Primitive

    Vector = list[float]


def check_grads(f: Callable[..., Any], args: Sequence[Any], order: int = 2, *, rtol: float = 1e-6) -> None:
    """Check the derivatives of a function at a point, up to some order, against central differences.

    The derivatives of each order are compared with differences of those one order below, one by one: for
    n numbers in the arguments that takes about 50 n evaluations for the first order, 50 n gradients for
    the second.

    Args:
        f: a function that returns a number, an array or a structure of these, and does the same each time.
        args: the tuple of its arguments: the point, around which f must be smooth.
        order: up to which order, 1 or more.
        rtol: the relative difference that is allowed, besides ten times the estimated error of the
            differences.

    Raises:
        AssertionError: a derivative differs, or cannot be checked at this point. The message names the
            argument, gives both numbers, and where it can be told, the operation that is wrong.
        TypeError: `args` is no tuple, or as for `jacobian`.
        ValueError: `order` is less than 1.

    >>> from autograd import math
    >>> check_grads(lambda x, y: x * math.exp(y), (2.0, 0.5), order=3)
    """
    if not isinstance(args, (tuple, list)):
        raise TypeError(f"args is the tuple of the arguments, not {shown(args)}; write check_grads(f, (x,))")
    if isinstance(order, bool) or not isinstance(order, int) or order < 1:
        raise ValueError(f"the order of check_grads is a whole number of 1 or more, not {order!r}")
    args = tuple(args)
    structure = Structure(args)
    if not structure.leaves:
        raise TypeError(
            f"there is no number in the arguments {shown(args)}, by which {name_of(f)} has a derivative"
        )
    names = [_name_of_argument(path) for path in structure.paths]
    point = [data_of(x) for x in structure.numbers]
    chosen = tuple(i for i, x in enumerate(args) if Structure(x).leaves)

    lower: Callable[..., Any] = f
    for level in range(1, order + 1):

        def called(at: Vector, function: Callable[..., Any] = lower) -> Call:
            return Call(function, None, structure.put_together(at, others=True), {})

        def numbers(at: Vector, called: Callable[[Vector], Call] = called) -> Vector:
            return [data_of(x) for x in called(at).results]

        if not _same(numbers(point), numbers(point)):
            raise AssertionError(f"{name_of(f)} returns other numbers when it is called again with the same")
        call = called(point)
        rows = [call.gradients_of(out) for out in call.results]
        for j, name in enumerate(names):
            given = [data_of(row[j]) for row in rows]
            _compare(f, level, j, name, given, numbers, point, rtol, structure)
        lower = jacobian(lower, argnums=chosen)


def check_primitive(primitive: Primitive, samples: int = 20, order: int = 2, *, seed: int = 0) -> None:
    """Check the derivatives of a primitive of the table at random points of its domain.

    Args:
        primitive: the entry, such as `ops.unary` returns.
        samples: how many points.
        order: up to which order, 1 or more.
        seed: of the random points.

    Raises:
        AssertionError: a derivative is wrong, as for `check_grads`.

    >>> from autograd import ops
    >>> check_primitive(ops.atan2)
    """
    from random import Random

    random = Random(seed)
    by = [i for i, derivative in enumerate(primitive.derivatives) if derivative is not None]
    for _ in range(samples):
        # Operands without a derivative are whole numbers, such as an order or a count of digits.
        point = [
            random.uniform(low + 0.02 * (high - low), high - 0.02 * (high - low))
            if i in by
            else float(random.randint(int(low), int(high)))
            for i, (low, high) in enumerate(primitive.domain)
        ]

        def function(*operands: Any, point: Sequence[Any] = point) -> Any:
            given = iter(operands)
            return primitive(*[next(given) if i in by else x for i, x in enumerate(point)])

        function.__qualname__ = primitive.name
        check_grads(function, tuple(point[i] for i in by), order)


# Comparing


def _compare(
    f: Callable[..., Any],
    level: int,
    j: int,
    name: str,
    given: Vector,
    numbers: Callable[[Vector], Vector],
    point: Vector,
    rtol: float,
    structure: Structure,
) -> None:
    """Compare the derivatives of all numbers by input j with differences of these numbers."""

    def along(t: float) -> Vector:
        return numbers([x + t * (i == j) for i, x in enumerate(point)])

    which = "derivative" if level == 1 else f"derivative of order {level}"
    what = f"the {which} of {name_of(f)} with respect to {name}"
    estimates = differences(along, point[j])
    if estimates is None:
        raise AssertionError(
            f"{what} cannot be checked at {point[j]!r}, for there is no finite number on both sides of it; "
            "check at a point inside the domain"
        )
    for result, (ours, (difference, error)) in enumerate(zip(given, estimates, strict=True)):
        size = max(abs(ours) if isfinite(ours) else 0.0, abs(difference))
        certain = error <= max(1e-4 * size, 1e-6)
        if certain and abs(ours - difference) <= 10.0 * error + rtol * size:
            continue
        part = f" (number {result} of the result)" if len(given) > 1 else ""
        message = f"{what}{part} at {point[j]!r}: autograd gives {ours!r}"
        slopes = _one_sided(along, result, max(abs(point[j]), 0.1))
        if slopes is not None:
            raise AssertionError(
                f"{message}, but there is a kink or a jump: the slope is {slopes[0]:.6g} on the left and "
                f"{slopes[1]:.6g} on the right; check at another point"
            )
        if not certain:
            raise AssertionError(
                f"{message}; differences give {difference:.6g} ± {error:.2g}, too uncertain to tell; check "
                "at a point where the function is smoother"
            )
        raise AssertionError(
            f"{message}, differences give {difference:.12g} ± {error:.2g}; "
            + (_culprit(f, structure, point, level) or _NO_CULPRIT)
        )


_NO_CULPRIT = (
    "each operation that was recorded has the right derivative; does the function use .data, detach() or "
    "no_grad(), or numbers that depend on the argument without being computed from it?"
)


def _name_of_argument(path: str) -> str:
    number, _, rest = path.removeprefix("[").partition("]")
    return f"argument {number}{rest}"


def _same(x: Vector, y: Vector) -> bool:
    return len(x) == len(y) and all(a == b or (a != a and b != b) for a, b in zip(x, y, strict=True))


# Differences


def differences(function: Callable[[float], Vector], x: float) -> list[tuple[float, float]] | None:
    """Return the derivatives at 0 of the components of a function, each with an estimate of its error.

    Central differences are extrapolated to step 0 with Neville's scheme and the best value of the tableau
    is taken (C. J. F. Ridders, Advances in Engineering Software 4, 1982), from several first steps.

    Args:
        function: gives the components at some distance from a point; it may raise ArithmeticError or
            ValueError.
        x: the number at this point, from which the steps are chosen.

    Returns:
        For each component the derivative and the error; None if no step gives finite numbers.
    """
    estimates: list[tuple[float, float]] | None = None
    steps = [max(abs(x), 0.1) * part for part in (0.1, 1e-2, 1e-3, 1e-4)]
    if 0.0 < abs(x) < 1e-4:  # it may be that near to the end of the domain
        steps += [0.1 * abs(x), 0.01 * abs(x)]
    elif abs(x) > 100.0:  # it may be an angle
        steps += [0.1, 1e-3]
    for step in steps:
        finer = _ridders(function, 2.0 ** floor(log2(step)))  # added to x without rounding
        if finer is None:
            continue
        if estimates is None:
            estimates = finer
            continue
        estimates = [_better(*pair) for pair in zip(estimates, finer, strict=True)]
        if all(error <= 1e-9 * abs(slope) for slope, error in estimates):
            break
    return estimates


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


def _one_sided(
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


# Finding the operation


def _culprit(f: Callable[..., Any], structure: Structure, point: Vector, level: int) -> str | None:
    """Return what is wrong with the first operation whose own derivative is wrong."""
    call = Call(f, None, structure.put_together(point, others=True), {})
    for node in reversed(call.order):
        operation = _operation(node)
        if operation is None:
            continue
        name, function, numbers, by = operation
        for order in range(1, min(level, 2) + 1):
            for i in by:
                fault = _fault(function, numbers, i, by if order == 2 else [])
                if fault is not None:
                    ours, difference = fault
                    at = ", ".join(f"{x:.6g}" for x in numbers)
                    what = "derivative" if order == 1 else "second derivative"
                    return (
                        f"the operation at fault is {name!r}: its {what} with respect to operand {i + 1} at "
                        f"({at}) is given as {ours!r}, where differences give {difference:.12g}"
                    )
    return None


def _operation(node: Value) -> tuple[str, Callable[..., Any], Vector, list[int]] | None:
    """Return the operation of a node: its name, as a function, its operands, and by which it was recorded."""
    call = getattr(node.op, "call", None)
    if call is not None:
        function, numbers = call.as_function()
        return str(node.op), function, numbers, list(range(len(numbers)))
    primitive = TABLE.get(node.op)
    if primitive is None or node.op in LAST_STEPS:
        return None
    operands = node.operands
    return (
        primitive.name,
        primitive,
        [data_of(x) for x in operands],
        [i for i, x in enumerate(operands) if isinstance(x, Value)],
    )


def _fault(
    function: Callable[..., Any], numbers: Vector, i: int, others: list[int]
) -> tuple[float, float] | None:
    """Return the given and the true derivative by operand i, or by it and another, if these differ."""
    first = grad(function, i)
    for j in others or [i]:

        def along(t: float, j: int = j) -> Vector:
            moved = [x + t * (k == j) for k, x in enumerate(numbers)]
            return [(first if others else function)(*moved)]

        ours = (grad(first, j) if others else first)(*numbers)
        estimates = differences(along, numbers[j])
        if estimates is None:
            continue
        ((difference, error),) = estimates
        size = max(abs(ours), abs(difference))
        if (
            abs(ours - difference) > 10.0 * error + 1e-6 * size
            and _one_sided(along, 0, max(abs(numbers[j]), 0.1)) is None
        ):
            return ours, difference
    return None
