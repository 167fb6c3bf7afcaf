"""Newton's method on floats: what SciPy has found to some digits is found to nearly all.

The derivative of a solution is one at the solution itself. So its last digits count.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from math import inf, isfinite, nan
from typing import Any

from ..derivatives.calls import Call
from ..derivatives.maps import plain_number
from ..support.installation import how_to_install
from .hybrid import hybrid

STEPS = 8
"""How many steps are gone at most; from some correct digits on each step doubles them."""

SMALL = 1e-8
"""How long the next step of what has converged is at most, beside 1 or the solution."""


TOLERANCE = 1e-12
"""How near roots are found before Newton's last steps, beside them."""


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
        slopes: returns for each equation its derivatives by all of these; or None, or None is given, where
            the equations are to be recorded.
    """

    def __init__(
        self, name: str, equations: Any, given: Sequence[float], slopes: Callable[..., Any] | None = None
    ) -> None:
        self._name = name
        self._equations: Callable[[Sequence[Any], Sequence[float]], list[Any]] = equations
        self._given = [*given]
        self._slopes = slopes
        self._left: tuple[bytes, list[float]] = b"", []
        self._rows: tuple[bytes, list[list[float]]] = b"", []

    def residuals(self, x: Any) -> Any:
        """Return what shall be 0, as an array."""
        import numpy as np

        return np.array(self._residuals([float(t) for t in x]))

    def jacobian(self, x: Any) -> Any:
        """Return its derivatives by the unknowns."""
        import numpy as np

        return np.array(self._jacobian([float(t) for t in x]))

    def _residuals(self, x: list[float]) -> list[float]:
        """Return what shall be 0; where it was asked for last, it is known, for solvers ask twice."""
        where = array("d", x).tobytes()
        if self._left[0] != where:
            numbers = [plain_number(t, self._name) for t in self._equations(x, self._given)]
            self._left = where, numbers
        return self._left[1]

    def _jacobian(self, x: list[float]) -> list[list[float]]:
        """Return its derivatives by the unknowns, row by row; the last that were asked for are known."""
        where = array("d", x).tobytes()
        if self._rows[0] != where:
            if self._slopes is not None and (known := self._slopes(x, self._given)):
                rows = [row[: len(x)] for row in known]
            elif len(x) == 1:
                only = Call(lambda t: self._equations([t], self._given)[0], 0, (x[0],), {}, scalar=True)
                rows = [only.gradients([1.0])]
            else:
                call = Call(lambda v: self._equations(v, self._given), 0, ([*x],), {})
                rows = [call.gradients_of(out) for out in call.results]
            self._rows = where, [[plain_number(t, self._name) for t in row] for row in rows]
        return self._rows[1]

    def _slope(self, x: float) -> float:
        """Return the derivative of one equation with one unknown."""
        known = None if self._slopes is None else self._slopes([x], self._given)
        return known[0][0] if known else self._jacobian([x])[0][0]

    def settled(self, x: Any) -> tuple[Any, float]:
        """Return a solution with nearly all of its digits, and how long the next step would be, beside it.

        The latter is infinite where the Jacobian is singular, and NaN where there is no number.
        """
        import numpy as np

        if len(x) == 1:
            number, length = self._settled_number(float(x[0]), lambda t: self._residuals([t])[0])
            return np.array([number]), length
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

    def number(self, x: float, height: Callable[[float], float]) -> float | None:
        """Return the root of one equation with one unknown; None where SciPy is to look for it.

        Args:
            x: where to begin.
            height: the equation as a function of a float.
        """
        found = hybrid(height, self._slope, x, TOLERANCE)
        if found is None:
            return None
        number, step = self._settled_number(found, height)
        return number if step <= SMALL else None

    def _settled_number(self, x: float, height: Callable[[float], float]) -> tuple[float, float]:
        """Return what `settled` does where there is one unknown, without arrays, which take long."""
        residual, length = height(x), inf
        for _ in range(STEPS):
            if residual == 0.0:
                return x, 0.0
            if not isfinite(residual):
                return x, nan
            slope = self._slope(x)
            if slope == 0.0:
                return x, length
            step = -residual / slope
            if not isfinite(step):
                return x, nan
            length = abs(step) / (1.0 + abs(x))
            try:
                after = height(x + step)
            except (ArithmeticError, ValueError):  # it goes beyond where there are equations
                return x, length
            if not abs(after) < abs(residual):
                return x, length
            x, residual = x + step, after
        return x, length
