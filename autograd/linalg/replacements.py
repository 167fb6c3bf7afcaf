"""What is called in the place of a function of np.linalg, on arrays of Values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .cholesky_factor import cholesky
from .conditions import cond, matrix_rank
from .eigenvalues import eigh, eigvalsh
from .least_squares import lstsq, pinv
from .orthogonal import qr
from .powers import matrix_power
from .singular_values import norm, svd, svdvals
from .systems import det, inv, slogdet, solve
from .tensors import tensorinv, tensorsolve

_OWN: tuple[Callable[..., Any], ...] = (
    cholesky, cond, det, eigh, eigvalsh, inv, lstsq, matrix_power, matrix_rank, norm,
    pinv, qr, slogdet, solve, svd,
    svdvals, tensorinv, tensorsolve,
)  # fmt: skip
_NOT_OFFERED = {
    "eig": "eigh is, for symmetric matrices",
    "eigvals": "eigvalsh is, for symmetric matrices",
}


def function_of(numpys: Callable[..., Any]) -> Callable[..., Any] | None:
    """Return what is called in the place of a function of np.linalg; None for one that NumPy makes of others.

    Args:
        numpys: the function.

    Raises:
        TypeError: it has no derivative here.

    >>> import numpy as np
    >>> function_of(np.linalg.solve).__name__
    'solve'
    """
    name = numpys.__name__
    if name in _NOT_OFFERED:
        raise TypeError(
            f"NumPy's {name} does not work on Values, for its results may be complex; {_NOT_OFFERED[name]}"
        )
    return _TABLE.get(numpys)


_TABLE = {getattr(np.linalg, f.__name__): f for f in _OWN if hasattr(np.linalg, f.__name__)}
