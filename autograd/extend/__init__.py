"""Functions with derivatives of their own, by HIPS autograd's names: `primitive`, `defvjp`, `defjvp`.

In this library's own words they are `custom_vjp` and `custom_gradient`, and entries in the table of rules
(`autograd.ops`). Boxes, nodes and vector spaces, which HIPS autograd extends for new types, are not offered.
"""

from .primitives import primitive
from .refused import __getattr__  # noqa: F401 (for names that are not offered)
from .rules import (
    def_linear,
    defjvp,
    defjvp_argnum,
    defjvp_argnums,
    defvjp,
    defvjp_argnum,
    defvjp_argnums,
    notrace_primitive,
)

__all__ = [
    "def_linear",
    "defjvp",
    "defjvp_argnum",
    "defjvp_argnums",
    "defvjp",
    "defvjp_argnum",
    "defvjp_argnums",
    "notrace_primitive",
    "primitive",
]
