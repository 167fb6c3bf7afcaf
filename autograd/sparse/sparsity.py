"""Where the entries of Jacobians and Hessians are, as flags."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..derivatives import hessian, jacobian
from ..derivatives.wrapped import Argnums, Derived, Function


def jacobian_sparsity(f: Function | None = None, argnums: Argnums = 0) -> Function:
    """Return a function that says where the Jacobian of `f` has entries.

    It is the pattern of what `jacobian(f, argnums, sparse=True)` returns: an entry for each result and each
    number of the argument that the result was computed from. A branch that `f` takes for other arguments may
    have others.

    Args:
        f: as for `jacobian`.
        argnums: as for `jacobian`.

    Returns:
        A function of the arguments of `f` that returns a `scipy.sparse.csr_array` of flags, all of them True:
        what `scipy.optimize.least_squares` takes as `jac_sparsity`; a tuple of such if `argnums` is a
        sequence.

    Raises:
        TypeError: as for `jacobian`.
        ImportError: SciPy is not installed.

    >>> jacobian_sparsity(lambda x: [x[0] * x[1], x[2] ** 2])([0.0, 0.0, 0.0]).toarray()
    array([[ True,  True, False],
           [False, False,  True]])
    """

    def sparsity(f: Function, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
        return _flags(jacobian(f, argnums, sparse=True)(*args, **kwargs))

    return Derived.of(sparsity, jacobian_sparsity, f, argnums=argnums)


def hessian_sparsity(f: Function | None = None, argnums: Argnums = 0) -> Function:
    """Return a function that says where the Hessian of `f` has entries.

    It is the pattern of what `hessian(f, argnums, sparse=True)` returns: an entry for each two numbers of the
    argument that an operation brings together which is not linear in them.

    Args:
        f: as for `hessian`.
        argnums: as for `hessian`.

    Returns:
        As for `jacobian_sparsity`; a tuple of tuples if `argnums` is a sequence.

    Raises:
        TypeError: as for `hessian`.
        ImportError: SciPy is not installed.

    >>> hessian_sparsity(lambda x: x[0] * x[1] + x[2])([0.0, 0.0, 0.0]).toarray()
    array([[False,  True, False],
           [ True, False, False],
           [False, False, False]])
    """

    def sparsity(f: Function, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
        return _flags(hessian(f, argnums, sparse=True)(*args, **kwargs))

    return Derived.of(sparsity, hessian_sparsity, f, argnums=argnums)


def _flags(found: Any) -> Any:
    if isinstance(found, tuple):
        return tuple(map(_flags, found))
    flags = found.astype(bool)
    flags.data[:] = True
    return flags
