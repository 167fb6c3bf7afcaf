"""Scalar reverse-mode automatic differentiation: values that know their gradient.

>>> from autograd import Value
>>> x, y = Value(2.0, label="x"), Value(5.0, label="y")
>>> z = x.log() + x * y - y.sin()
>>> z.backward()
>>> z.data, x.grad, y.grad
(11.652071455223084, 5.5, 1.7163378145367738)
"""

import builtins as _builtins
from importlib import import_module
from typing import TYPE_CHECKING, Any

from . import wiring as _wiring  # noqa: F401 (before anything else)
from .support.slips import FRONT_DOOR as _FRONT_DOOR
from .support.slips import asking as _asking
from .support.version import __version__

if TYPE_CHECKING:
    from . import math, nn, optim
    from .derivatives import (
        check_grads,
        check_primitive,
        checkpoint,
        custom_gradient,
        custom_vjp,
        deriv,
        derivative,
        elementwise_grad,
        fori_loop,
        grad,
        grad_and_aux,
        grad_named,
        gradients,
        hessian,
        hessian_tensor_product,
        hessian_vector_product,
        hvp,
        jacobian,
        jvp,
        linearize,
        make_ggnvp,
        make_hvp,
        make_jvp,
        make_jvp_reversemode,
        make_vjp,
        multigrad_dict,
        scan,
        taylor,
        tensor_jacobian_product,
        value_and_grad,
        vector_jacobian_product,
        vjp,
        while_loop,
    )
    from .drawing import draw, set_theme
    from .engine import Value, compiled, detect_anomaly, no_grad, topological_order
    from .live import play
    from .plots import worksheet
    from .program import CompileError, compile, vmap
    from .steps import explain, walk

__all__ = [
    "CompileError", "Value", "__version__", "check_grads", "check_primitive", "checkpoint", "compile",
    "compiled", "custom_gradient", "custom_vjp", "deriv", "derivative", "detect_anomaly",
    "draw", "elementwise_grad", "explain", "fori_loop", "grad", "grad_and_aux", "grad_named", "gradients",
    "hessian", "hessian_tensor_product", "hessian_vector_product", "hvp", "jacobian", "jvp", "linearize",
    "make_ggnvp", "make_hvp", "make_jvp", "make_jvp_reversemode", "make_vjp", "math",
    "multigrad_dict", "nn", "no_grad", "optim", "play", "scan", "set_theme",
    "taylor", "tensor_jacobian_product", "topological_order", "value_and_grad", "vector_jacobian_product",
    "vjp", "vmap", "walk", "while_loop", "worksheet",
]  # fmt: skip

# Each name, and each room, is loaded when it is first used, so that what is not used costs nothing.
_NAMES = {
    "derivatives": "check_grads check_primitive checkpoint custom_gradient custom_vjp deriv derivative "
    "elementwise_grad fori_loop grad grad_and_aux grad_named gradients hessian hessian_tensor_product "
    "hessian_vector_product hvp jacobian jvp linearize make_ggnvp make_hvp make_jvp make_jvp_reversemode "
    "make_vjp multigrad_dict scan taylor tensor_jacobian_product value_and_grad vector_jacobian_product "
    "vjp while_loop",
    "drawing": "draw set_theme",
    "engine": "Value compiled detect_anomaly no_grad topological_order",
    "live": "play",
    "plots": "worksheet",
    "program": "CompileError compile vmap",
    "steps": "explain walk",
}
_ROOM_OF = {name: room for room, names in _NAMES.items() for name in names.split()}
_missing = _asking(__name__, _FRONT_DOOR, depth=2)
_ROOMS = {
    *_NAMES,
    "arrays",
    "extend",
    "formulas",
    "implicit",
    "linalg",
    "math",
    "misc",
    "nn",
    "numpy",
    "ops",
    "optim",
    "playground",
    "plots",
    "scipy",
    "sparse",
    "test_util",
    "training",
}

_PYTHONS = {"dict", "isinstance", "list", "tuple", "type"}
"""Names by which HIPS autograd has containers of its own, where Python's will do."""


def __getattr__(name: str) -> Any:
    if name in _ROOMS:
        return import_module(f".{name}", __name__)
    if name in _PYTHONS:
        return getattr(_builtins, name)
    if name not in _ROOM_OF:
        return _missing(name)
    found = globals()[name] = getattr(import_module(f".{_ROOM_OF[name]}", __name__), name)
    return found


def __dir__() -> list[str]:
    return sorted({*__all__, *_ROOMS, *(name for name in globals() if name.startswith("__"))})
