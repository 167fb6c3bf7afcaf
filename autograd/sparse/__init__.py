"""Jacobians and Hessians as `scipy.sparse` arrays, with the entries that the graph has and no others."""

from .dependence import hessian_rows, jacobian_rows
from .derivatives import check_result, in_blocks, is_row, sparse_derivatives, widths_of
from .interactions import interactions
from .pattern import Pattern, csr_array
from .sparsity import hessian_sparsity, jacobian_sparsity

__all__ = [
    "Pattern",
    "check_result",
    "csr_array",
    "hessian_rows",
    "hessian_sparsity",
    "in_blocks",
    "interactions",
    "is_row",
    "jacobian_rows",
    "jacobian_sparsity",
    "sparse_derivatives",
    "widths_of",
]
