"""The root of an equation between two numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..derivatives.maps import Form
from ..derivatives.trees import is_number
from ..support.messages import name_of, shown
from .newton import optimizers
from .solutions import Problem


def brentq(f: Callable[..., Any], a: Any, b: Any, *args: Any) -> Any:
    """Return the root of a function between two numbers, as a function of the arguments.

    It is the x with `f(x, *args) == 0`, found by SciPy's `optimize.brentq` to nearly all digits. Derivatives
    are those of `root`.

    Args:
        f: a function of a number and the arguments that returns a number, of different sign at `a` and `b`.
        a, b: numbers, between which the root is; they have no derivative.
        args: as for `root`.

    Returns:
        The root.

    Raises:
        ValueError: f has the same sign at `a` and `b`.
        numpy.linalg.LinAlgError: when it is differentiated, if the derivative of f by x is 0 there.
        TypeError: as for `root`.

    >>> from autograd import derivative, implicit
    >>> cube_root = lambda a: implicit.brentq(lambda x, a: x**3 - a, 0.0, 10.0, a)
    >>> [round(derivative(cube_root, order)(8.0), 12) for order in (0, 1, 2)]
    [2.0, 0.083333333333, -0.006944444444]
    """
    for x in (a, b):
        if not is_number(x):
            raise TypeError(
                f"implicit.brentq looks for a number between two others, not {shown(x)}; see root"
            )
    problem = Problem("brentq", f, [a, b], args)
    problem.unknowns = Form(0.0, False)
    problem.is_number = True
    name = name_of(f)

    def equations(x: Sequence[Any], given: Sequence[Any]) -> list[Any]:
        numbers = problem.called(problem.f, x, given)
        if len(numbers) != 1:
            raise TypeError(f"{name} must return a number, and returned {len(numbers)}")
        return numbers

    def solved(ends: Sequence[float], given: Sequence[float]) -> list[float]:
        height = problem.height(given, equations)
        low, high = (height(x) for x in ends)
        if not low * high <= 0.0:
            raise ValueError(
                f"implicit.brentq: {name} is {low!r} at {ends[0]!r} and {high!r} at {ends[1]!r}; "
                "between two numbers of the same sign there need be no root"
            )
        return [float(optimizers().brentq(height, *ends, xtol=1e-300, rtol=1e-15, maxiter=2000))]

    return problem.unknowns(problem.solution(equations, solved, 1))
