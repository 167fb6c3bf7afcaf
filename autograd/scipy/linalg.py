"""SciPy's linear algebra on arrays of Values; on plain numbers it is SciPy's own.

    from autograd.scipy import linalg

Signatures, shapes, stacks and errors are SciPy's. Operands are never written into: `overwrite_a` and the like
make no difference. All other names of `scipy.linalg` are SciPy's own functions, for plain numbers.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.linalg

from .. import linalg as values
from ..linalg.banded import SingularBandError, solve_band
from ..linalg.cholesky_factor import lower_factor
from ..linalg.elimination import eliminated
from ..linalg.exponential import exponential
from ..linalg.matrices import (
    Rows,
    Stack,
    as_array,
    each,
    holds_values,
    of_matrices,
    rows_of,
    stand_in,
    transposed,
)
from ..linalg.triangular import triangular_solver
from ..support.refusals import NoDerivativeError
from .equations import solve_sylvester, sqrtm
from .factored import cho_factor, cho_solve, cholesky, lu_factor, lu_solve
from .passing import passed
from .patterns import block_diag, toeplitz
from .right_sides import Solver, factors, operands, solved, told

__all__ = [
    "block_diag", "cho_factor", "cho_solve", "cholesky", "det", "expm", "inv", "lstsq", "lu_factor",
    "lu_solve", "norm", "solve", "solve_banded", "solve_sylvester", "solve_triangular", "sqrtm",
    "svdvals", "toeplitz",
]  # fmt: skip

_TRIANGLES = {"lower triangular": True, "upper triangular": False}
_DEFINITE = ("pos", "positive definite")
_SYMMETRIC = ("sym", "symmetric", "her", "hermitian")


def solve(
    a: Any,
    b: Any,
    lower: bool = False,
    overwrite_a: bool = False,
    overwrite_b: bool = False,
    check_finite: bool = True,
    assume_a: str | None = None,
    transposed: bool = False,
) -> Any:
    """Return x of a x = b, as scipy.linalg.solve.

    Args:
        a: an array of square matrices (..., n, n).
        b: a vector (n,), or an array (..., n, k) whose columns are solved for.
        lower: which triangle is read where a is said to be symmetric or positive definite.
        overwrite_a: makes no difference.
        overwrite_b: makes no difference.
        check_finite: whether inf and NaN are errors.
        assume_a: what is known of a: `"sym"`, `"her"` and `"pos"` read one triangle, by which alone there are
            derivatives then; `"diagonal"`, `"tridiagonal"`, `"lower triangular"` and `"upper triangular"`
            what they say. All else is general.
        transposed: whether to solve a^T x = b.

    Raises:
        LinAlgError: a matrix is singular, or not positive definite where that is assumed.

    >>> import numpy as np
    >>> from autograd import grad
    >>> grad(lambda a: solve(a, np.ones(2))[0])(np.diag([2.0, 4.0]))
    array([[-0.25 , -0.125],
           [ 0.   ,  0.   ]])
    """
    a, b = operands(check_finite, a, b)
    options: dict[str, Any] = {} if assume_a is None else {"assume_a": assume_a}
    options |= {"lower": lower, "transposed": transposed}
    if not holds_values(a, b):
        return scipy.linalg.solve(a, b, **options)

    def solver(rows: Rows) -> Solver:
        return _solver(rows, lower, assume_a, transposed)

    return solved(solver, lambda a, b: scipy.linalg.solve(a, b, **options), a, b)


def _solver(rows: Rows, lower: bool, assume_a: str | None, transpose: bool) -> Solver:
    n = len(rows)
    if assume_a in _TRIANGLES:
        return triangular_solver(rows, _TRIANGLES[assume_a], transpose)
    if assume_a in _DEFINITE:
        factor = lower_factor(rows if lower else transposed(rows))
        first, second = triangular_solver(factor, True), triangular_solver(_square(factor), True, True)
        return lambda b: second(first(b))
    if assume_a in _SYMMETRIC:
        low = rows if lower else transposed(rows)
        rows = [[low[max(i, j)][min(i, j)] for j in range(n)] for i in range(n)]
    width = {"diagonal": 0, "tridiagonal": 1}.get(assume_a or "", n)
    rows = [[x if abs(i - j) <= width else 0.0 for j, x in enumerate(row)] for i, row in enumerate(rows)]
    elimination = eliminated(rows)
    return elimination.solve_transposed if transpose else elimination.solve


def _square(lower: Rows) -> Rows:
    return [[*row, *[0.0] * (len(lower) - len(row))] for row in lower]


def solve_triangular(
    a: Any,
    b: Any,
    trans: Any = 0,
    lower: bool = False,
    unit_diagonal: bool = False,
    overwrite_b: bool = False,
    check_finite: bool = True,
) -> Any:
    """Return x of a x = b for a triangle a, as scipy.linalg.solve_triangular.

    Args:
        a: an array (..., n, n), of which one triangle is read.
        b: a vector (n,), or an array (..., n, k) whose columns are solved for.
        trans: 0 or `"N"` for a x = b; 1, `"T"`, 2 or `"C"` for a^T x = b.
        lower: whether the lower triangle is read.
        unit_diagonal: whether the diagonal is not read, but is 1.
        overwrite_b: makes no difference.
        check_finite: whether inf and NaN are errors.

    Raises:
        LinAlgError: there is a 0 on the diagonal.

    >>> import numpy as np
    >>> from autograd import grad
    >>> grad(lambda a: solve_triangular(a, np.ones(2))[0])(np.array([[2.0, 1.0], [9.0, 4.0]]))
    array([[-0.1875 , -0.125  ],
           [ 0.     ,  0.03125]])
    """
    a, b = operands(check_finite, a, b)

    def scipys(a: Any, b: Any) -> Any:
        return scipy.linalg.solve_triangular(a, b, trans, lower, unit_diagonal)

    if not holds_values(a, b):
        return scipys(a, b)
    transpose = trans not in (0, "N")
    return solved(lambda rows: triangular_solver(rows, lower, transpose, unit_diagonal), scipys, a, b)


def solve_banded(
    l_and_u: Any,
    ab: Any,
    b: Any,
    overwrite_ab: bool = False,
    overwrite_b: bool = False,
    check_finite: bool = True,
) -> Any:
    """Return x of a x = b for a band matrix a, as scipy.linalg.solve_banded.

    The work is proportional to n (l + u) l.

    Args:
        l_and_u: how many diagonals there are below the main one, and above it.
        ab: these diagonals (l + u + 1, n): a[i, j] is ab[u + i - j, j].
        b: a vector (n,), or a matrix (n, k) whose columns are solved for.
        overwrite_ab: makes no difference.
        overwrite_b: makes no difference.
        check_finite: whether inf and NaN are errors.

    Raises:
        LinAlgError: a is singular.

    >>> import numpy as np
    >>> from autograd import grad
    >>> bands = np.array([[0.0, 1.0], [2.0, 4.0]])
    >>> grad(lambda ab: solve_banded((0, 1), ab, np.ones(2))[0])(bands)
    array([[ 0.     , -0.125  ],
           [-0.1875 ,  0.03125]])
    """
    ab, b = operands(check_finite, ab, b)
    if not holds_values(ab, b):
        return scipy.linalg.solve_banded(l_and_u, ab, b)
    if ab.ndim != 2:
        raise NoDerivativeError(
            f"solve_banded of Values takes the diagonals of one matrix, not shape {ab.shape}"
        )
    below, above = l_and_u
    stand = np.zeros(ab.shape)
    stand[min(above, len(ab) - 1)] = 1.0
    shape = told(lambda ab, b: scipy.linalg.solve_banded(l_and_u, ab, b), [ab, b], [stand, stand_in(b)]).shape
    rows = rows_of(Stack(b.reshape(-1)[None], 2).items[0][0], len(b), max(1, b.size // len(b)))
    try:
        x = solve_band(Stack(ab).items[0], below, above, rows)
    except SingularBandError:
        raise np.linalg.LinAlgError("singular matrix") from None
    return of_matrices([x], shape)


def expm(A: Any) -> Any:  # noqa: N803 (SciPy's name)
    """Return the exponential of square matrices, as scipy.linalg.expm, by scaling and squaring.

    Args:
        A: an array (..., n, n).

    Raises:
        LinAlgError: a matrix is not square.

    >>> import numpy as np
    >>> from autograd import grad
    >>> grad(lambda A: expm(A)[0, 1])(np.zeros((2, 2))).round(12)
    array([[0., 1.],
           [0., 0.]])
    """
    a = as_array(A)
    if not holds_values(a):
        return scipy.linalg.expm(a)
    shape = scipy.linalg.expm(np.zeros(a.shape)).shape
    return of_matrices(each(exponential, Stack(a)), shape)


def inv(a: Any, overwrite_a: bool = False, check_finite: bool = True, **options: Any) -> Any:
    """Return the inverse of square matrices, as scipy.linalg.inv.

    Args:
        a: an array (..., n, n).
        overwrite_a: makes no difference.
        check_finite: whether inf and NaN are errors.
        options: `assume_a=` and `lower=`, as of `solve`.

    Raises:
        LinAlgError: a matrix is singular.

    >>> import numpy as np
    >>> from autograd import grad
    >>> grad(lambda a: inv(a)[0, 0])(np.diag([2.0, 4.0]))
    array([[-0.25,  0.  ],
           [ 0.  ,  0.  ]])
    """
    (a,) = operands(check_finite, a)
    if not holds_values(a):
        return scipy.linalg.inv(a, **options)
    told(lambda x: scipy.linalg.inv(x, **options), [a], [stand_in(a)])
    unit = np.eye(a.shape[-1]).tolist()

    def inverse(rows: Rows) -> Rows:
        solve = _solver(rows, options.get("lower", False), options.get("assume_a"), False)
        return transposed([solve(column) for column in unit])

    found = factors(inverse, lambda x: scipy.linalg.inv(x, **options), a)
    return of_matrices(found.items, a.shape)


def det(a: Any, overwrite_a: bool = False, check_finite: bool = True) -> Any:
    """Return the determinant of square matrices, as scipy.linalg.det; `autograd.linalg.det` says more.

    Args:
        a: an array (..., n, n).
        overwrite_a: makes no difference.
        check_finite: whether inf and NaN are errors.

    >>> import numpy as np
    >>> from autograd import grad
    >>> grad(det)(np.diag([2.0, 4.0]))
    array([[4., 0.],
           [0., 2.]])
    """
    (a,) = operands(check_finite, a)
    if not holds_values(a):
        return scipy.linalg.det(a)
    scipy.linalg.det(stand_in(a))
    return values.det(a)


def lstsq(
    a: Any,
    b: Any,
    cond: float | None = None,
    overwrite_a: bool = False,
    overwrite_b: bool = False,
    check_finite: bool = True,
    lapack_driver: str | None = None,
) -> Any:
    """Return the least-squares solution of a x = b, as scipy.linalg.lstsq, where a has full rank.

    Args:
        a: a matrix (m, n).
        b: a vector (m,), or a matrix (m, k) whose columns are solved for.
        cond: singular values that are not greater than this times the largest one count as 0; if None, the
            larger of m and n times 2**-52.
        overwrite_a: makes no difference.
        overwrite_b: makes no difference.
        check_finite: whether inf and NaN are errors.
        lapack_driver: makes no difference.

    Returns:
        a tuple: the solution; the sums of squares of b - a x; the rank of a; its singular values.

    Raises:
        LinAlgError: a has not full rank, where the solution has no derivative.

    >>> import numpy as np
    >>> from autograd import grad
    >>> grad(lambda b: lstsq(np.array([[1.0], [3.0]]), b)[0][0])(np.ones(2)).round(12)
    array([0.1, 0.3])
    """
    a, b = operands(check_finite, a, b)
    if not holds_values(a, b):
        return scipy.linalg.lstsq(a, b, cond, lapack_driver=lapack_driver)
    template = scipy.linalg.lstsq(stand_in(a), stand_in(b))
    x, residuals, rank, s = values.lstsq(a, b, cond)
    return x, residuals[0] if np.shape(template[1]) == () else residuals, rank, s


def norm(
    a: Any,
    ord: Any = None,  # noqa: A002 (SciPy's name)
    axis: Any = None,
    keepdims: bool = False,
    check_finite: bool = True,
) -> Any:
    """Return a norm of vectors or matrices, as scipy.linalg.norm; `autograd.linalg.norm` says more.

    Args:
        a: an array.
        ord: the order.
        axis: the axis of vectors, or the two of matrices.
        keepdims: whether these stay as axes of length 1.
        check_finite: whether inf and NaN are errors.

    >>> import numpy as np
    >>> from autograd import grad
    >>> grad(norm)(np.array([3.0, 4.0]))
    array([0.6, 0.8])
    """
    (a,) = operands(check_finite, a)
    if not holds_values(a):
        return scipy.linalg.norm(a, ord, axis, keepdims)
    return values.norm(a, ord, axis, keepdims)


def svdvals(a: Any, overwrite_a: bool = False, check_finite: bool = True) -> Any:
    """Return the singular values of matrices in falling order, as scipy.linalg.svdvals.

    Args:
        a: an array (..., m, n).
        overwrite_a: makes no difference.
        check_finite: whether inf and NaN are errors.

    >>> import numpy as np
    >>> from autograd import grad
    >>> grad(lambda a: svdvals(a)[0])(np.array([[3.0, 4.0]])).round(12)
    array([[0.6, 0.8]])
    """
    (a,) = operands(check_finite, a)
    return values.svdvals(a) if holds_values(a) else scipy.linalg.svdvals(a)


def __getattr__(name: str) -> Any:
    if name.startswith("__"):  # which Python and its tools look for
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}", name=name)
    return passed(scipy.linalg, name)


def __dir__() -> list[str]:
    return dir(scipy.linalg)
