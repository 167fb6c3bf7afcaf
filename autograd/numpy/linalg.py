"""NumPy's linear algebra: on arrays of Values what `autograd.linalg` does, on others NumPy itself."""

from __future__ import annotations

import numpy as np

from .passing import answering

__all__ = list(np.linalg.__all__)
__getattr__ = answering(__name__, np.linalg, {})


def __dir__() -> list[str]:
    return dir(np.linalg)
