"""Scalar reverse-mode automatic differentiation: values that know their gradient.

>>> from autograd import Value
>>> x, y = Value(2.0, label="x"), Value(5.0, label="y")
>>> z = x.log() + x * y - y.sin()
>>> z.backward()
>>> z.data, x.grad, y.grad
(11.652071455223084, 5.5, 1.7163378145367738)
"""

from . import math, nn, optim
from .derivatives.checking import check_grads, check_primitive
from .derivatives.custom import custom_gradient
from .derivatives.transforms import (
    derivative,
    grad,
    gradients,
    hessian,
    hvp,
    jacobian,
    jvp,
    value_and_grad,
    vjp,
)
from .drawing.drawings import draw
from .engine import Value, compiled, detect_anomaly, no_grad, topological_order
from .program import CompileError, compile
from .steps.explaining import explain
from .steps.sequence import walk
from .support.version import __version__

__all__ = [
    "CompileError", "Value", "__version__", "check_grads", "check_primitive", "compile", "compiled",
    "custom_gradient", "derivative",
    "detect_anomaly", "draw", "explain", "grad", "gradients", "hessian", "hvp", "jacobian", "jvp", "math",
    "nn", "no_grad", "optim", "topological_order", "value_and_grad", "vjp", "walk",
]  # fmt: skip
