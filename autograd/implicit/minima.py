"""Minima, within bounds and under equations, by the conditions that hold there (Karush, Kuhn and Tucker)."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from math import inf
from typing import TYPE_CHECKING, Any

from ..derivatives.calls import Call
from ..derivatives.maps import apart, plain_number
from ..derivatives.trees import Structure, is_number
from ..engine import data_of
from ..support.messages import name_of, shown
from ..support.refusals import NoDerivativeError
from .linear_systems import product
from .newton import SMALL, System, optimizers
from .solutions import Problem

if TYPE_CHECKING:
    from ..derivatives.local_derivatives import Number

NEAR = 1e-5
"""How near to a bound SciPy leaves what lies on it, beside 1 or the bound."""

WEAK = 1e-9
"""How large the slope at a bound is at least, beside 1 or the largest, where the minimum is pressed to it."""

FALLING = 1e-7
"""How far below 0 a curvature is, beside the largest second derivative, where there is no minimum."""

Bounds = Sequence[tuple[float, float]]


def minimum(
    f: Callable[..., Any],
    x0: Any,
    *args: Any,
    bounds: Any = None,
    constraints: Any = (),
    solver: Callable[..., Any] | None = None,
) -> Any:
    """Return where a function is smallest: a local minimum of `f(x, *args)`, as a function of the arguments.

    Found by SciPy's `optimize.minimize` (BFGS; with bounds L-BFGS-B; with constraints SLSQP) and Newton's
    last steps. Derivatives of any order are those of the conditions of optimality: the gradient of the
    Lagrangian is 0, the constraints hold, and what is pressed to a bound stays there.

    Args:
        f: a function of x and the arguments that returns a number. All Values that it depends on must be
            arguments. It is called with Values.
        x0: where to begin, a number, an array or a structure of these.
        args: structures of numbers, by which the minimum can be differentiated, and anything else.
        bounds: for each number of x the pair of the least and the greatest that it may be, None where there
            is none; numbers, no Values.
        constraints: a function of x and the arguments, or a sequence of these, whose results shall be 0.
        solver: called as `solver(f, x0, *args)`, with plain numbers, in the place of SciPy; returns x.

    Returns:
        The minimum, in the structure of `x0`.

    Raises:
        RuntimeError: no minimum was found, or what was found is a maximum or a saddle point.
        numpy.linalg.LinAlgError: when it is differentiated, if the second derivatives or the constraints do
            not determine it.
        ValueError: when it is differentiated, if it lies at a bound that does not press it: there its
            derivatives from the two sides differ. Or the bounds are not as many as x has numbers.
        TypeError: as for `root`.

    >>> from autograd import grad, implicit
    >>> def demand(price, wealth=12.0):  # the best of two goods that the wealth buys
    ...     def spent(x, price, wealth):
    ...         return price * x[0] + x[1] - wealth
    ...     return implicit.minimum(
    ...         lambda x, *_: -x[0] * x[1], [1.0, 1.0], price, wealth, constraints=spent
    ...     )
    >>> demand(2.0), grad(lambda price: demand(price)[0])(2.0)  # wealth / (2 price)
    ([3.0, 6.0], -1.5)
    """
    rules = [constraints] if callable(constraints) else constraints
    if not isinstance(rules, (list, tuple)) or not all(map(callable, rules)):
        raise TypeError(f"constraints is a function to be 0, or a list of such, not {shown(constraints)}")
    problem = Problem("minimum", f, x0, args, [solver, *rules])
    problem.is_equation = False
    solver, *rules = problem.others
    conditions = _Conditions(problem, _bounds_of(bounds, len(problem.start)), rules)

    def equations(z: Sequence[Any], given: Sequence[Any]) -> list[Any]:
        return conditions(z, given, conditions.active(z))

    def solved(start: Sequence[float], given: Sequence[float]) -> list[float]:
        return conditions.solved(start, given, solver)

    solution = problem.solution(equations, solved, conditions.unknowns, conditions.check)
    return problem.unknowns(solution[: conditions.count])


def _bounds_of(bounds: Any, count: int) -> Bounds:
    """Return the bounds of so many numbers.

    Raises:
        TypeError: there are Values among them, or they are no pairs.
        ValueError: they are not as many.
    """
    if bounds is None:
        return [(-inf, inf)] * count
    if Structure(bounds, values_only=True).leaves:
        raise TypeError(
            "the bounds of implicit.minimum are plain numbers, by which it is not differentiated; for a "
            "bound that moves, minimise over x - bound"
        )
    pairs = (
        [bounds] if len(bounds) == 2 and count == 1 and not isinstance(bounds[0], (tuple, list)) else bounds
    )
    found = []
    for pair in pairs:
        if not (
            isinstance(pair, (tuple, list))
            and len(pair) == 2
            and all(x is None or is_number(x) for x in pair)
        ):
            raise TypeError(f"bounds are pairs of the least and the greatest number, not {shown(pair)}")
        low, high = pair
        found.append((-inf if low is None else float(low), inf if high is None else float(high)))
        if found[-1][0] > found[-1][1]:
            raise ValueError(f"the least number of a bound is above the greatest: {shown(pair)}")
    if len(found) != count:
        raise ValueError(f"there are {len(found)} bounds for x, which has {count} numbers")
    return found


class _Conditions:
    """What holds at a minimum.

    Attributes:
        count: how many numbers x has.
        unknowns: how many unknowns there are: these, and a multiplier for each constraint.
    """

    def __init__(self, problem: Problem, bounds: Bounds, rules: Sequence[Callable[..., Any]]) -> None:
        self._problem = problem
        self._bounds = bounds
        self._rules = rules
        self.count = len(problem.start)
        with apart():
            held = self._held([data_of(x) for x in problem.start], [data_of(x) for x in problem.given])
        self.unknowns = self.count + len(held)

    def _held(self, x: Sequence[Number], given: Sequence[Number]) -> list[Number]:
        return [t for rule in self._rules for t in self._problem.called(rule, x, given)]

    def _height(self, x: Sequence[Number], given: Sequence[Number]) -> Number:
        numbers = self._problem.called(self._problem.f, x, given)
        if len(numbers) != 1:
            raise TypeError(
                f"{name_of(self._problem.f)} must return a number to have a minimum, not {len(numbers)}"
            )
        return numbers[0]

    def slopes(self, z: Sequence[Number], given: Sequence[Number]) -> list[Number]:
        """Return the gradient of the Lagrangian by x."""
        weights = z[self.count :]

        def lagrangian(x: list[Number]) -> Number:
            return self._height(x, given) + product(weights, self._held(x, given))

        return Call(lagrangian, 0, ([*z[: self.count]],), {}).gradients([1.0])

    def active(self, z: Sequence[Number]) -> list[float | None]:
        """Return for each number of x the bound at which it lies, or None."""
        numbers = [data_of(x) for x in z[: self.count]]
        return [x if x in pair else None for x, pair in zip(numbers, self._bounds, strict=True)]

    def __call__(
        self, z: Sequence[Number], given: Sequence[Number], active: Sequence[float | None]
    ) -> list[Number]:
        """Return what is 0 at a minimum that lies at some bounds."""
        slopes = self.slopes(z, given)
        rows = [s if bound is None else x - bound for s, x, bound in zip(slopes, z, active, strict=False)]
        return [*rows, *self._held(z[: self.count], given)]

    def check(self, unknowns: Sequence[Number], given: Sequence[Number]) -> None:
        """Check that a minimum is pressed to the bounds at which it lies.

        Raises:
            ValueError: it is not.
        """
        z, numbers = [data_of(x) for x in unknowns], [data_of(x) for x in given]
        active = self.active(z)
        if any(bound is not None for bound in active):
            with apart():
                slopes = [abs(data_of(s)) for s in self.slopes(z, numbers)]
            for i, (slope, bound) in enumerate(zip(slopes, active, strict=True)):
                if bound is not None and slope <= WEAK * (1.0 + max(slopes)):
                    raise NoDerivativeError(
                        f"{self._problem.name} lies at the bound {bound!r} of number {i} of x, which does "
                        "not press it: its derivatives from the two sides differ"
                    )

    # Finding it

    def solved(
        self, start: Sequence[float], given: Sequence[float], solver: Callable[..., Any] | None
    ) -> list[float]:
        """Return x and the multipliers at a minimum.

        Raises:
            RuntimeError: none was found.
        """
        import numpy as np

        problem = self._problem
        if solver is None:
            found = self._by_scipy(start, given)
            x, success, message = found.x, found.success, str(found.message)
        else:
            answer = Structure(solver(problem.f, problem.unknowns(start), *problem.arguments(given)))
            x, success, message = (
                np.array([plain_number(t, "solver") for t in answer.numbers]),
                False,
                "solver",
            )
            if len(x) != self.count:
                raise TypeError(f"{name_of(solver)} must return a minimum in the structure of x0")
        low, high = np.array(self._bounds).T
        x = np.clip(x, low, high)
        z = np.concatenate([x, self._multipliers(x, given)])
        near = NEAR * (1.0 + np.abs(x))
        slopes = np.array(self.slopes(z.tolist(), given))
        at_low, at_high = (x - low <= near) & (slopes > 0.0), (high - x <= near) & (slopes < 0.0)
        for _ in range(2 * self.count + 2):
            active = [
                float(a) if p else float(b) if q else None
                for a, b, p, q in zip(low, high, at_low, at_high, strict=True)
            ]
            z[: self.count] = [t if a is None else a for t, a in zip(z, active, strict=False)]
            settled, step = System(
                problem.name, lambda v, g, active=active: self(v, g, active), given
            ).settled(z)
            x, slopes = settled[: self.count], np.array(self.slopes(settled.tolist(), given))
            beyond_low, beyond_high = x < low, x > high
            pressed_away = (at_low & (slopes < 0.0)) | (at_high & (slopes > 0.0))
            if not (beyond_low | beyond_high | pressed_away).any():
                break
            at_low, at_high = (at_low & ~pressed_away) | beyond_low, (at_high & ~pressed_away) | beyond_high
        converged = step <= SMALL or (success and step > 1e300)
        if converged and self._falls(settled, slopes, given):
            converged, message = False, "a maximum or a saddle point is no minimum"
        if not converged:
            raise RuntimeError(
                f"implicit.minimum found no minimum of {name_of(problem.f)} from x0 = "
                f"{shown(problem.unknowns(start))}: {message}; it ended at "
                f"{shown(problem.unknowns(x.tolist()))}. "
                "Begin elsewhere, or give solver="
            )
        return [float(t) for t in settled]

    def _falls(self, z: Any, slopes: Any, given: Sequence[float]) -> bool:
        """Say whether the function falls beside a point where the conditions hold, for it curves downwards.

        Of what lies at a bound that does not press it, one number at a time is moved: along a straight line
        through the others a quadratic form is the same on both sides, and one side is within the bounds.
        """
        import numpy as np

        count, nowhere = self.count, [None] * self.count
        matrix = System(self._problem.name, lambda v, g: self(v, g, nowhere), given).jacobian(z)
        if not np.isfinite(matrix).all():
            return False
        at_bound = np.array([bound is not None for bound in self.active(z.tolist())])
        idle = at_bound & (np.abs(slopes) <= WEAK * (1.0 + np.abs(slopes).max()))
        for moved in [-1, *np.flatnonzero(idle)]:
            free = ~at_bound | (np.arange(count) == moved)
            curved, held = matrix[:count, :count][np.ix_(free, free)], matrix[count:, :count][:, free]
            if self._rules and held.size:
                _, sizes, directions = np.linalg.svd(held)
                rank = int((sizes > 1e-12 * sizes[0]).sum())
                within = directions[rank:]
                curved = within @ curved @ within.T
            if (
                curved.size
                and np.linalg.eigvalsh(curved)[0] < -FALLING * np.abs(matrix[:count, :count]).max()
            ):
                return True
        return False

    def _by_scipy(self, start: Sequence[float], given: Sequence[float]) -> Any:
        import numpy as np

        name = name_of(self._problem.f)
        bounded = any(pair != (-inf, inf) for pair in self._bounds)
        method = "SLSQP" if self._rules else "L-BFGS-B" if bounded else "BFGS"

        def height(x: Any) -> float:
            return plain_number(self._height(x.tolist(), given), name)

        def slope(x: Any) -> Any:
            free = [*x.tolist(), *[0.0] * (self.unknowns - self.count)]
            return np.array([plain_number(t, name) for t in self.slopes(free, given)])

        held = System(name, self._held, given)
        rules = [{"type": "eq", "fun": held.residuals, "jac": held.jacobian}] if self._rules else ()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of steps beyond bounds, which are clipped
            return optimizers().minimize(
                height, np.array(start), jac=slope, method=method, bounds=self._bounds if bounded else None,
                constraints=rules, tol=1e-10,
            )  # fmt: skip

    def _multipliers(self, x: Any, given: Sequence[float]) -> Any:
        """Return the multipliers with which the gradient of the Lagrangian is smallest."""
        import numpy as np

        if not self._rules:
            return np.array([])
        held = System(self._problem.name, self._held, given)
        free = [*x.tolist(), *[0.0] * (self.unknowns - self.count)]
        slopes = np.array([plain_number(t, self._problem.name) for t in self.slopes(free, given)])
        return np.linalg.lstsq(held.jacobian(x).T, -slopes, rcond=None)[0]
