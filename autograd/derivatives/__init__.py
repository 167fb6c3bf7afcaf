"""Derivatives of functions: `grad` and its like, rules of one's own, checks, and loops as functions."""

from .checking import check_grads, check_primitive
from .checkpoints import checkpoint
from .control_flow import fori_loop, scan, while_loop
from .custom import custom_gradient
from .hips_names import (
    deriv,
    elementwise_grad,
    grad_and_aux,
    grad_named,
    hessian_tensor_product,
    hessian_vector_product,
    make_ggnvp,
    make_hvp,
    make_jvp,
    make_jvp_reversemode,
    make_vjp,
    multigrad_dict,
    tensor_jacobian_product,
    vector_jacobian_product,
)
from .linear_maps import jvp, linearize, vjp
from .taylor_series import taylor
from .transforms import derivative, grad, gradients, hessian, hvp, jacobian, value_and_grad
from .vjp_rules import custom_vjp

__all__ = [
    "check_grads",
    "check_primitive",
    "checkpoint",
    "custom_gradient",
    "custom_vjp",
    "deriv",
    "derivative",
    "elementwise_grad",
    "fori_loop",
    "grad",
    "grad_and_aux",
    "grad_named",
    "gradients",
    "hessian",
    "hessian_tensor_product",
    "hessian_vector_product",
    "hvp",
    "jacobian",
    "jvp",
    "linearize",
    "make_ggnvp",
    "make_hvp",
    "make_jvp",
    "make_jvp_reversemode",
    "make_vjp",
    "multigrad_dict",
    "scan",
    "taylor",
    "tensor_jacobian_product",
    "value_and_grad",
    "vector_jacobian_product",
    "vjp",
    "while_loop",
]
