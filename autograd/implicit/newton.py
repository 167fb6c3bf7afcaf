"""Newton's method on floats: what SciPy has found to some digits is found to nearly all.

The derivative of a solution is one at the solution itself. So its last digits count.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..derivatives.calls import Call
from ..derivatives.maps import plain_number
from ..support.installation import how_to_install

STEPS = 8
"""How many steps are gone at most; from some correct digits on each step doubles them."""

SMALL = 1e-8
"""How long the next step of what has converged is at most, beside 1 or the solution."""


def optimizers() -> Any:
    """Return `scipy.optimize`.

    Raises:
        ImportError: SciPy is not installed.
    """
    try:
        import scipy.optimize as found
    except ImportError as error:
        raise ImportError(
            f"SciPy is needed to solve equations; install it with {how_to_install('scipy')} ({error})"
        ) from error
    return found


class System:
    """Equations with all but the unknowns known, in floats.

    Args:
        name: what is said to be solved.
        equations: takes the unknowns and the numbers they depend on.
        given: these numbers.
    """

    def __init__(self, name: str, equations: Any, given: Sequence[float]) -> None:
        self._name = name
        self._equations: Callable[[Sequence[Any], Sequence[float]], list[Any]] = equations
        self._given = [*given]

    def residuals(self, x: Any) -> Any:
        """Return what shall be 0, as an array."""
        import numpy as np

        numbers = self._equations([float(t) for t in x], self._given)
        return np.array([plain_number(t, self._name) for t in numbers])

    def jacobian(self, x: Any) -> Any:
        """Return its derivatives by the unknowns."""
        import numpy as np

        call = Call(lambda v: self._equations(v, self._given), 0, ([float(t) for t in x],), {})
        rows = [[plain_number(t, self._name) for t in call.gradients_of(out)] for out in call.results]
        return np.array(rows)

    def settled(self, x: Any) -> tuple[Any, float]:
        """Return a solution with nearly all of its digits, and how long the next step would be, beside it.

        The latter is infinite where the Jacobian is singular, and NaN where there is no number.
        """
        import numpy as np

        x = np.array([float(t) for t in x])
        residuals, length = self.residuals(x), np.inf
        for _ in range(STEPS):
            if not residuals.any():
                return x, 0.0
            if not np.isfinite(residuals).all():
                return x, np.nan
            try:
                step = np.linalg.solve(self.jacobian(x), -residuals)
            except np.linalg.LinAlgError:
                return x, length
            if not np.isfinite(step).all():
                return x, np.nan
            length = float(np.max(np.abs(step)) / (1.0 + np.max(np.abs(x))))
            try:
                after = self.residuals(x + step)
            except (ArithmeticError, ValueError):  # it goes beyond where there are equations
                return x, length
            if not np.max(np.abs(after)) < np.max(np.abs(residuals)):
                return x, length
            x, residuals = x + step, after
        return x, length
