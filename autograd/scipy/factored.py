"""SciPy's factors of matrices, and what solves systems with them."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.linalg

from ..arrays.refusals import NoDerivativeOfMatrixError
from ..linalg.cholesky_factor import lower_factor
from ..linalg.elimination import Elimination, eliminated
from ..linalg.matrices import Rows, holds_values, of_matrices, transposed
from ..linalg.triangular import triangular_solver
from ..support.refusals import NoDerivativeError
from .right_sides import Solver, factors, operands, solved


def cholesky(a: Any, lower: bool = False, overwrite_a: bool = False, check_finite: bool = True) -> Any:
    """Return the Cholesky factor of positive definite matrices, as scipy.linalg.cholesky.

    Only one triangle of a matrix is read, so derivatives by the other are 0.

    Args:
        a: an array (..., n, n).
        lower: whether to return L of a = L L^T, in the place of U of a = U^T U.
        overwrite_a: makes no difference.
        check_finite: whether inf and NaN are errors.

    Raises:
        LinAlgError: a matrix is not positive definite.

    >>> import numpy as np
    >>> from autograd import grad
    >>> grad(lambda a: cholesky(a)[1, 1])(np.array([[4.0, 2.0], [2.0, 5.0]]))
    array([[ 0.0625, -0.25  ],
           [ 0.    ,  0.25  ]])
    """
    (a,) = operands(check_finite, a)
    if not holds_values(a):
        return scipy.linalg.cholesky(a, lower)
    return of_matrices(_cholesky_factors(a, lower, scipy.linalg.cholesky, False), a.shape)


def cho_factor(a: Any, lower: bool = False, overwrite_a: bool = False, check_finite: bool = True) -> Any:
    """Return the Cholesky factor of a positive definite matrix for `cho_solve`, as scipy.linalg.cho_factor.

    Args:
        a: an array (..., n, n).
        lower: whether the factor is L of a = L L^T, in the place of U of a = U^T U.
        overwrite_a: makes no difference.
        check_finite: whether inf and NaN are errors.

    Returns:
        a tuple of a matrix that has the factor in one triangle and what was in a in the other, and lower.

    Raises:
        LinAlgError: a matrix is not positive definite.

    >>> import numpy as np
    >>> from autograd import grad
    >>> grad(lambda a: cho_solve(cho_factor(a), np.ones(2))[0])(np.diag([2.0, 4.0]))
    array([[-0.25 , -0.125],
           [ 0.   ,  0.   ]])
    """
    (a,) = operands(check_finite, a)
    if not holds_values(a):
        return scipy.linalg.cho_factor(a, lower)
    return of_matrices(_cholesky_factors(a, lower, scipy.linalg.cho_factor, True), a.shape), lower


def _cholesky_factors(a: Any, lower: bool, scipys: Any, rest: bool) -> list[Rows]:
    """Return the factors as whole matrices; beyond the triangle there is what was there, or 0."""

    def factor(rows: Rows) -> Rows:
        found = lower_factor(rows if lower else transposed(rows))
        others = rows if lower else transposed(rows)
        square = [
            [*row, *(others[i][len(row) :] if rest else [0.0] * (len(rows) - len(row)))]
            for i, row in enumerate(found)
        ]
        return square if lower else transposed(square)

    scipys(np.zeros(a.shape) + np.eye(*a.shape[-2:]), lower)
    return factors(factor, lambda x: scipys(x, lower), a).items


def cho_solve(c_and_lower: Any, b: Any, overwrite_b: bool = False, check_finite: bool = True) -> Any:
    """Return x of a x = b, given what `cho_factor` made of a, as scipy.linalg.cho_solve.

    Args:
        c_and_lower: that.
        b: a vector (n,), or an array (..., n, k).
        overwrite_b: makes no difference.
        check_finite: whether inf and NaN are errors.

    >>> import numpy as np
    >>> from autograd import grad
    >>> grad(lambda b: cho_solve(cho_factor(np.diag([2.0, 4.0])), b)[1])(np.ones(2))
    array([0.  , 0.25])
    """
    c, lower = c_and_lower
    c, b = operands(check_finite, c, b)
    if not holds_values(c, b):
        return scipy.linalg.cho_solve((c, lower), b)

    def solver(rows: Rows) -> Solver:
        first = triangular_solver(rows, lower, not lower)
        second = triangular_solver(rows, lower, lower)
        return lambda b: second(first(b))

    return solved(solver, lambda c, b: scipy.linalg.cho_solve((c, lower), b), c, b)


def lu_factor(a: Any, overwrite_a: bool = False, check_finite: bool = True) -> Any:
    """Return L and U of a square matrix for `lu_solve`, as scipy.linalg.lu_factor.

    Args:
        a: an array (..., n, n).
        overwrite_a: makes no difference.
        check_finite: whether inf and NaN are errors.

    Returns:
        a tuple of a matrix that has U in its upper triangle and L, without the ones on its diagonal, below;
        and for each row the one that it was exchanged with.

    Raises:
        LinAlgError: the matrix is singular.

    >>> import numpy as np
    >>> from autograd import grad
    >>> grad(lambda a: lu_factor(a)[0][1, 1])(np.array([[4.0, 2.0], [2.0, 5.0]]))
    array([[ 0.25, -0.5 ],
           [-0.5 ,  1.  ]])
    """
    (a,) = operands(check_finite, a)
    if not holds_values(a):
        return scipy.linalg.lu_factor(a)
    shape = scipy.linalg.lu_factor(np.zeros(a.shape) + np.eye(*a.shape[-2:]))[1].shape
    if a.shape[-1] != a.shape[-2]:
        raise NoDerivativeError(
            f"lu_factor of Values takes square matrices, not those of shape {a.shape[-2:]}"
        )
    try:
        found = factors(eliminated, scipy.linalg.inv, a).items
    except np.linalg.LinAlgError:
        raise NoDerivativeOfMatrixError(
            "lu_factor has no derivative where a matrix is singular: a pivot is 0"
        ) from None
    both = [
        [[*[-x for x in left], *right] for left, right in zip(x.minus, x.upper, strict=True)] for x in found
    ]
    places = np.array([x.places for x in found], dtype=np.int32).reshape(shape)
    return of_matrices(both, a.shape), places


def lu_solve(
    lu_and_piv: Any, b: Any, trans: int = 0, overwrite_b: bool = False, check_finite: bool = True
) -> Any:
    """Return x of a x = b, given what `lu_factor` made of a, as scipy.linalg.lu_solve.

    Args:
        lu_and_piv: that.
        b: a vector (n,), or a matrix (n, k).
        trans: 0 for a x = b, 1 or 2 for a^T x = b.
        overwrite_b: makes no difference.
        check_finite: whether inf and NaN are errors.

    >>> import numpy as np
    >>> from autograd import grad
    >>> grad(lambda a: lu_solve(lu_factor(a), np.ones(2))[0])(np.diag([2.0, 4.0]))
    array([[-0.25 , -0.125],
           [ 0.   ,  0.   ]])
    """
    lu, places = lu_and_piv
    lu, b = operands(check_finite, lu, b)
    if not holds_values(lu, b):
        return scipy.linalg.lu_solve((lu, places), b, trans)
    if lu.ndim > 2:
        raise NoDerivativeError("lu_solve of Values takes a single matrix; solve takes stacks of them")

    def solver(rows: Rows) -> Solver:
        elimination = Elimination(rows)
        for i, place in enumerate(np.asarray(places).tolist()):
            order = elimination.order
            order[i], order[place] = order[place], order[i]
        elimination.minus = [[-x for x in row[:i]] for i, row in enumerate(rows)]
        elimination.upper = [row[i:] for i, row in enumerate(rows)]
        return elimination.solve_transposed if trans else elimination.solve

    return solved(solver, lambda lu, b: scipy.linalg.lu_solve((lu, places), b, trans), lu, b)
