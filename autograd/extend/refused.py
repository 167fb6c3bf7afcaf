"""Names of HIPS autograd's `extend` that are not offered, and what to write instead."""

from __future__ import annotations

from ..support.slips import asking

_TYPES = "new types are not entered anywhere: numbers, arrays, and structures of these are differentiated by"
__getattr__ = asking(
    str(__package__),
    {
        "Box": "there are no boxes: a number in a function that is differentiated is a Value",
        "JVPNode": "what is recorded are Values; see autograd.topological_order",
        "SparseObject": "a gradient is an array; sparse Jacobians are jacobian(f, sparse=True)",
        "VJPNode": "what is recorded are Values; see autograd.topological_order",
        "VSpace": f"{_TYPES}; a dataclass is one",
        "register_notrace": "write notrace_primitive(f)",
        "vspace": f"{_TYPES}; autograd.misc.flatten makes vectors of them",
    },
)
