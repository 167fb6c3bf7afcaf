"""Jacobians and Hessians as `scipy.sparse` arrays, with the entries that the graph has and no others."""

from .colouring import coloured, found_in, star_coloured
from .dependence import hessian_rows, jacobian_rows
from .derivatives import (
    check_result,
    hessian_of_graph,
    in_blocks,
    is_row,
    sparse_derivatives,
    widths_of,
)
from .interactions import interactions
from .pattern import Pattern, csr_array
from .sparsity import hessian_sparsity, jacobian_sparsity

__all__ = [
    "Pattern",
    "check_result",
    "coloured",
    "csr_array",
    "found_in",
    "hessian_of_graph",
    "hessian_rows",
    "hessian_sparsity",
    "in_blocks",
    "interactions",
    "is_row",
    "jacobian_rows",
    "jacobian_sparsity",
    "sparse_derivatives",
    "star_coloured",
    "widths_of",
]
