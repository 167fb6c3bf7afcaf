"""Linear algebra on arrays of Values, with the names and the conventions of np.linalg.

`np.linalg.solve` and its like come here when an array of Values is among their arguments; called by
these names, they take nested lists and plain arrays too, of which they return what NumPy does. Systems are
solved by elimination (`elimination`, `systems`, `cholesky_factor`, `orthogonal`, `least_squares`), so their
derivatives are those of the arithmetic, of every order; what LAPACK finds by iteration (`eigenvalues`,
`singular_values`) has a rule. `replacements` tells which function of NumPy each one stands for.
"""

from .cholesky_factor import cholesky
from .conditions import cond, matrix_rank
from .eigenvalues import eigh, eigvalsh
from .least_squares import lstsq, pinv
from .orthogonal import qr
from .powers import matrix_power
from .replacements import function_of
from .singular_values import norm, svd, svdvals
from .systems import det, inv, slogdet, solve
from .tensors import tensorinv, tensorsolve

__all__ = [
    "cholesky", "cond", "det", "eigh", "eigvalsh", "function_of", "inv", "lstsq", "matrix_power",
    "matrix_rank", "norm", "pinv", "qr", "slogdet", "solve", "svd", "svdvals", "tensorinv", "tensorsolve",
]  # fmt: skip
