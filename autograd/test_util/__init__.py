"""Checks of derivatives in random directions, as HIPS autograd has them in its `test_util`.

`autograd.check_grads` compares every derivative with differences and names the operation at fault. The one
here is called as in that library, and compares products with random vectors, forward and backward.
"""

from .random_directions import (
    EPS,
    RTOL,
    TOL,
    check_equivalent,
    check_grads,
    check_jvp,
    check_vjp,
    combo_check,
    scalar_close,
)

__all__ = [
    "EPS",
    "RTOL",
    "TOL",
    "check_equivalent",
    "check_grads",
    "check_jvp",
    "check_vjp",
    "combo_check",
    "scalar_close",
]
