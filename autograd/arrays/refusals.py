"""Matrices of which a function of NumPy's has a value, but no derivative."""

from __future__ import annotations

import numpy as np

from ..support.refusals import NoDerivativeError


class NoDerivativeOfMatrixError(NoDerivativeError, np.linalg.LinAlgError):
    """A function of matrices has no derivative at a matrix at which it has a value."""
