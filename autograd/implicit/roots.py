"""Roots of systems of equations, and fixed points."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import inf
from typing import Any

from ..derivatives.maps import plain_number
from ..derivatives.trees import Structure
from ..support.messages import name_of, shown
from .newton import SMALL, TOLERANCE, System, optimizers
from .solutions import Problem

ROUGH = 1e-4
"""How far from a solution may be what a solver of the user's, or repeated calls, found, beside 1 or it."""

LITTLE = 1e-7
"""By how much the last of repeated calls changes x, beside 1 or it."""

MOST = 10_000
"""How many steps to a fixed point are gone at most."""


def root(f: Callable[..., Any], x0: Any, *args: Any, solver: Callable[..., Any] | None = None) -> Any:
    """Return a root of a system of equations: x with `f(x, *args) == 0`, as a function of the arguments.

    Found by SciPy's `optimize.root` (Powell's hybrid method) with the Jacobian of f, and Newton's last
    steps; one number by the same method on floats, which asks SciPy only where it finds none. Derivatives of
    any order are those of the implicit function theorem, in plain functions and in compiled ones, for which
    the program calls the solver anew. There the equations are compiled too once they were solved some
    times: what f does besides returning numbers, such as printing, it then does not do each time.

    Args:
        f: a function of x and the arguments that returns as many numbers as x has, in any structure. All
            Values that it depends on must be arguments; other variables around it are as they are now. For
            derivatives it is called with Values.
        x0: where to begin, a number, an array or a structure of these. It decides which root is found, and
            has no derivative.
        args: structures of numbers, by which the root can be differentiated, and anything else.
        solver: called as `solver(f, x0, *args)`, with plain numbers, in the place of SciPy; returns the root.

    Returns:
        The root, in the structure of `x0`.

    Raises:
        RuntimeError: no root was found; or, when it is differentiated, what f uses was changed in place.
        numpy.linalg.LinAlgError: when it is differentiated, if the Jacobian of f by x is singular there.
        TypeError: f depends on a Value that is no argument, or returns something else than numbers, or not as
            many as x has.

    >>> from autograd import derivative, implicit, math
    >>> def kepler(mean_anomaly, eccentricity=0.2):
    ...     def equation(E, M, e):
    ...         return E - e * math.sin(E) - M
    ...     return implicit.root(equation, mean_anomaly, mean_anomaly, eccentricity)
    >>> E = kepler(1.0)
    >>> E - 0.2 * math.sin(E), derivative(kepler)(1.0) - 1.0 / (1.0 - 0.2 * math.cos(E))
    (1.0, 0.0)
    """
    problem = Problem("root", f, x0, args, [solver])
    [solver], count = problem.others, len(problem.start)

    def equations(x: Sequence[Any], given: Sequence[Any]) -> list[Any]:
        return _as_many(f, problem.called(problem.f, x, given), count)

    def solved(start: Sequence[float], given: Sequence[float]) -> list[float]:
        system = System(name_of(f), equations, given, problem.slopes)
        if solver is not None:
            return _of_the_user(problem, system, solver, start, given)
        if count == 1:
            number = system.number(start[0], problem.height(given, equations))
            if number is not None:
                return [number]
        found = optimizers().root(system.residuals, start, jac=system.jacobian, tol=TOLERANCE)
        x, step = system.settled(found.x)
        if not (step <= SMALL or (found.success and step > 1e300)):
            ended, residual = problem.unknowns(found.x.tolist()), abs(system.residuals(found.x)).max()
            raise RuntimeError(
                f"implicit.root found no root of {name_of(f)} from x0 = {shown(problem.unknowns(start))}: "
                f"{' '.join(found.message.split())}; it ended at {shown(ended)}, where the "
                f"largest residual is {residual:.3g}. Begin elsewhere, or give solver="
            )
        return [float(t) for t in x]

    return problem.unknowns(problem.solution(equations, solved, count))


def fixed_point(f: Callable[..., Any], x0: Any, *args: Any, solver: Callable[..., Any] | None = None) -> Any:
    """Return a fixed point: x with `f(x, *args) == x`, as a function of the arguments.

    Found by calling f again and again, `x = f(x, *args)`, and Newton's last steps.

    Args:
        f: a function of x and the arguments that returns the next x.
        x0: where to begin, as for `root`.
        args: as for `root`.
        solver: called as `solver(f, x0, *args)`, with plain numbers, in the place of repeated calls.

    Returns:
        The fixed point, in the structure of `x0`.

    Raises:
        RuntimeError: the calls lead to none.
        numpy.linalg.LinAlgError: as for `root`, with the Jacobian of `x - f(x, *args)`.
        TypeError: as for `root`.

    >>> from autograd import grad, implicit
    >>> heron = lambda a: implicit.fixed_point(lambda x, a: 0.5 * (x + a / x), 1.0, a)
    >>> heron(2.0), grad(heron)(2.0)
    (1.414213562373095, 0.3535533905932738)
    """
    problem = Problem("fixed_point", f, x0, args, [solver])
    problem.change = lambda rows: [
        [(i == j) - slope for j, slope in enumerate(row)] for i, row in enumerate(rows)
    ]
    [solver], count = problem.others, len(problem.start)

    def equations(x: Sequence[Any], given: Sequence[Any]) -> list[Any]:
        after = _as_many(f, problem.called(problem.f, x, given), count)
        return [a - b for a, b in zip(x, after, strict=True)]

    def solved(start: Sequence[float], given: Sequence[float]) -> list[float]:
        system = System(name_of(f), equations, given, problem.slopes)
        if solver is not None:
            return _of_the_user(problem, system, solver, start, given)
        x, length = [*start], 1.0
        for _ in range(MOST):
            residuals = [float(t) for t in system.residuals(x)]
            x = [a - b for a, b in zip(x, residuals, strict=True)]
            length = max(map(abs, residuals)) / (1.0 + max(map(abs, x)))
            if not LITTLE < length < inf:
                break
        settled, step = system.settled(x) if length <= LITTLE else (x, inf)
        if not (step <= SMALL and _are_near(x, settled)):
            raise RuntimeError(
                f"implicit.fixed_point: {name_of(f)}, called again and again from x0 = "
                f"{shown(problem.unknowns(start))}, leads to no fixed point; after the last of up to {MOST} "
                f"calls x is {shown(problem.unknowns(x))}. Begin elsewhere, give solver=, or use root"
            )
        return [float(t) for t in settled]

    return problem.unknowns(problem.solution(equations, solved, count))


def _are_near(x: Sequence[float], y: Sequence[float]) -> bool:
    return max(abs(a - b) for a, b in zip(x, y, strict=True)) <= ROUGH * (1.0 + max(map(abs, x)))


def _as_many(f: Any, numbers: list[Any], count: int) -> list[Any]:
    if len(numbers) != count:
        raise TypeError(
            f"{name_of(f)} must return as many numbers as x has, {count}, and returned {len(numbers)}"
        )
    return numbers


def _of_the_user(
    problem: Problem, system: System, solver: Any, start: Sequence[float], given: Sequence[float]
) -> list[float]:
    """Return what a solver of the user's finds.

    Raises:
        RuntimeError: that is no solution.
        TypeError: it has not the structure of x0.
    """
    answer = solver(problem.f, problem.unknowns(start), *problem.arguments(given))
    return checked(problem, system, answer, name_of(solver))


def checked(problem: Problem, system: System, answer: Any, name: str) -> list[float]:
    """Return the numbers of a solution that somebody else found.

    Raises:
        RuntimeError: it is none.
        TypeError: it has not the structure of x0.
    """
    found = Structure(answer, f"what {name} returned")
    wanted = problem.unknowns.structure
    if [leaf.shape or () for leaf in found.leaves] != [leaf.shape or () for leaf in wanted.leaves]:
        raise TypeError(f"{name} must return a solution in the structure of x0, not {shown(answer)}")
    numbers = [plain_number(x, name) for x in found.numbers]
    settled, step = system.settled(numbers)
    residual = abs(system.residuals(numbers)).max()
    if not ((step <= SMALL and _are_near(numbers, settled)) or residual <= 1e-12):
        raise RuntimeError(
            f"{name} returned {shown(answer)}, which does not solve {problem.name}: the largest residual is "
            f"{residual:.3g}"
        )
    return numbers
