"""Sylvester's equation and square roots of matrices: solved by SciPy, differentiated by the equation itself.

With a x + x b = q (Bartels and Stewart, 1972), a change of a, b and q makes one of x that solves

    a dx + dx b = dq - da x - x db

which is of the same kind: so there are derivatives of any order. A square root x solves x x = a.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import scipy.linalg

from ..arrays import array_of, numbers_of
from ..arrays.refusals import NoDerivativeOfMatrixError
from ..derivatives.maps import Map, NumericMap, apply_map
from ..engine import data_of
from ..linalg.matrices import as_array, holds_values, stand_in
from ..support.refusals import NoDerivativeError


def solve_sylvester(a: Any, b: Any, q: Any) -> Any:
    """Return x of a x + x b = q, as scipy.linalg.solve_sylvester.

    Args:
        a: a matrix (m, m).
        b: a matrix (n, n).
        q: a matrix (m, n).

    Raises:
        NoDerivativeOfMatrixError: when it is differentiated, if an eigenvalue of a is one of b with the other
            sign.

    >>> import numpy as np
    >>> from autograd import grad
    >>> one, three = np.array([[1.0]]), np.array([[3.0]])
    >>> grad(lambda a: solve_sylvester(a, three, np.array([[8.0]]))[0, 0])(one)
    array([[-0.5]])
    """
    a, b, q = as_array(a), as_array(b), as_array(q)
    if not holds_values(a, b, q):
        return scipy.linalg.solve_sylvester(a, b, q)
    scipy.linalg.solve_sylvester(stand_in(a), stand_in(b), np.zeros(q.shape))  # which says what does not fit
    return _solution(a, b, q)


def sqrtm(A: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: N803 (SciPy's name)
    """Return the principal square root of a matrix, as scipy.linalg.sqrtm, where it is real.

    Args:
        A: a matrix (n, n).
        args: SciPy's others, for plain numbers.
        kwargs: SciPy's others, for plain numbers.

    Raises:
        NoDerivativeError: the root is complex, or, when it is differentiated, A is singular.

    >>> import numpy as np
    >>> from autograd import grad
    >>> grad(lambda a: sqrtm(a)[0, 0])(np.array([[4.0, 0.0], [0.0, 9.0]]))
    array([[0.25, 0.  ],
           [0.  , 0.  ]])
    """
    a = as_array(A)
    if not holds_values(a):
        return scipy.linalg.sqrtm(a, *args, **kwargs)
    scipy.linalg.sqrtm(np.eye(*a.shape) if a.ndim == 2 else np.zeros(a.shape))  # which says what is wrong
    return array_of(apply_map(_Root(len(a)), numbers_of(a, "A") or []), a.shape)


def _solution(a: Any, b: Any, q: Any) -> Any:
    numbers = [x for part in (a, b, q) for x in numbers_of(part, "a matrix") or []]
    return array_of(apply_map(_Sylvester(len(a), len(b)), numbers), q.shape)


class _Sylvester(Map):
    """The solution as a map of the numbers of a, b and q."""

    name = "solve_sylvester"

    def __init__(self, height: int, width: int) -> None:
        self._shapes = (height, height), (width, width), (height, width)
        self.inputs = height * height + width * width + height * width
        self.results = height * width

    def parts(self, numbers: Sequence[Any]) -> list[Any]:
        """Return numbers as matrices: a, b, q, and others of the shape of q."""
        out = []
        for shape in (*self._shapes, self._shapes[2]):
            size = shape[0] * shape[1]
            out.append(array_of(numbers[:size], shape) if numbers else None)
            numbers = numbers[size:]
        return out

    def __call__(self, numbers: Sequence[float]) -> list[float]:
        a, b, q, _ = self.parts(numbers)
        return scipy.linalg.solve_sylvester(a, b, q).ravel().tolist()  # type: ignore[no-any-return]

    def pulled(self) -> Map:
        return _SylvesterBackward(self)

    def pushed(self) -> Map:
        return _SylvesterForward(self)


class _SylvesterBackward(NumericMap):
    """What carries gradients back through a solution."""

    def __init__(self, of: _Sylvester) -> None:
        super().__init__(f"{of.name}′", of.inputs + of.results, of.inputs)
        self._of = of

    def of_numbers(self, numbers: list[Any]) -> Sequence[Any]:
        a, b, q, gradient = self._of.parts(numbers)
        if _is_singular(a, b):
            raise NoDerivativeOfMatrixError(_SINGULAR)
        x = _solution(a, b, q)
        by_q = _solution(a.T, b.T, gradient)
        parts = (-(by_q @ x.T), -(x.T @ by_q), by_q)
        return [y for part in parts for y in numbers_of(part, "a gradient") or []]


class _SylvesterForward(NumericMap):
    """What carries directions forward through a solution."""

    def __init__(self, of: _Sylvester) -> None:
        super().__init__(f"{of.name}′", 2 * of.inputs, of.results)
        self._of = of

    def of_numbers(self, numbers: list[Any]) -> Sequence[Any]:
        a, b, q, _ = self._of.parts(numbers[: self._of.inputs])
        if _is_singular(a, b):
            raise NoDerivativeOfMatrixError(_SINGULAR)
        da, db, dq, _ = self._of.parts(numbers[self._of.inputs :])
        x = _solution(a, b, q)
        return numbers_of(_solution(a, b, dq - da @ x - x @ db), "a direction") or []


_SINGULAR = (
    "solve_sylvester has no derivative where an eigenvalue of a is the negative of one of b, for which the "
    "equation has no solution, or many"
)


def _is_singular(a: Any, b: Any, exponent: float = 1.0) -> bool:
    """Say whether a x + x b is 0, but for rounding, for another x than 0.

    Args:
        a: a matrix.
        b: a matrix.
        exponent: of the error of their eigenvalues, beside the largest: 1/2 for those of a square root.
    """
    floats = [np.array([data_of(x) for x in matrix.flat], float).reshape(matrix.shape) for matrix in (a, b)]
    if not all(np.isfinite(x).all() for x in floats):
        return False
    first, second = map(np.linalg.eigvals, floats)
    largest = np.abs(first).max(initial=0.0) + np.abs(second).max(initial=0.0)
    error = (max(len(first), len(second)) * 2.0**-52) ** exponent
    return not (np.abs(first[:, None] + second) > error * largest).all()


class _Root(Map):
    """The square root as a map of the numbers of a matrix."""

    name = "sqrtm"

    def __init__(self, n: int) -> None:
        self._n = n
        self.inputs = self.results = n * n

    def __call__(self, numbers: Sequence[float]) -> list[float]:
        root = scipy.linalg.sqrtm(np.reshape(numbers, (self._n, self._n)))
        if np.iscomplexobj(root):
            raise NoDerivativeError(
                "sqrtm of Values: the square root is complex, which has no derivative here"
            )
        return root.ravel().tolist()  # type: ignore[no-any-return]

    def pulled(self) -> Map:
        return _RootMoved(self, True)

    def pushed(self) -> Map:
        return _RootMoved(self, False)

    def root(self, numbers: Sequence[Any]) -> Any:
        """Return the root for numbers or Values."""
        return array_of(apply_map(self, numbers), (self._n, self._n))


class _RootMoved(NumericMap):
    """What carries gradients back through a square root, or directions forward."""

    def __init__(self, of: _Root, back: bool) -> None:
        super().__init__(f"{of.name}′", 2 * of.inputs, of.inputs)
        self._of = of
        self._back = back

    def of_numbers(self, numbers: list[Any]) -> Sequence[Any]:
        x = self._of.root(numbers[: self.results])
        if _is_singular(x, x, 0.5):
            raise NoDerivativeOfMatrixError(
                "sqrtm has no derivative where a matrix is singular: it is infinite"
            )
        right = array_of(numbers[self.results :], x.shape)
        x = x.T if self._back else x
        return numbers_of(_solution(x, x, right), "a derivative") or []
