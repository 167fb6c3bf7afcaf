"""Derivatives of functions: `grad` and its like, rules of one's own, and what checks them."""

from .checking import check_grads, check_primitive
from .custom import custom_gradient
from .transforms import derivative, grad, gradients, hessian, hvp, jacobian, jvp, value_and_grad, vjp

__all__ = [
    "check_grads",
    "check_primitive",
    "custom_gradient",
    "derivative",
    "grad",
    "gradients",
    "hessian",
    "hvp",
    "jacobian",
    "jvp",
    "value_and_grad",
    "vjp",
]
