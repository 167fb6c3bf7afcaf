"""Derivatives of functions: `grad` and its like, rules of one's own, checks, and loops as functions."""

from .checking import check_grads, check_primitive
from .checkpoints import checkpoint
from .control_flow import fori_loop, scan, while_loop
from .custom import custom_gradient
from .transforms import derivative, grad, gradients, hessian, hvp, jacobian, jvp, value_and_grad, vjp

__all__ = [
    "check_grads",
    "check_primitive",
    "checkpoint",
    "custom_gradient",
    "derivative",
    "fori_loop",
    "grad",
    "gradients",
    "hessian",
    "hvp",
    "jacobian",
    "jvp",
    "scan",
    "value_and_grad",
    "vjp",
    "while_loop",
]
