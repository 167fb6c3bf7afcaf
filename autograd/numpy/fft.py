"""NumPy's Fourier transforms, which are for plain numbers: of Values they would be complex."""

from __future__ import annotations

import numpy as np

from .passing import answering

__all__ = list(np.fft.__all__)
__getattr__ = answering(__name__, np.fft, {})


def __dir__() -> list[str]:
    return dir(np.fft)
