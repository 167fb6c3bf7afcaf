"""What rooms above hand to those below, which do not know them: `autograd.wiring` fills the places in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    apply_ufunc: Callable[[Any, str, Sequence[Any], dict[str, Any]], Any]
    """Do what NumPy asks of a ufunc one of whose operands is a Value, as `__array_ufunc__` is asked it."""

    compiled: Callable[[Callable[..., Any], tuple[int, ...]], Any]
    """Return a function compiled, with its derivatives by some arguments, as `autograd.compile` does."""

    elementwise: Callable[[Callable[..., Any], Sequence[Any]], Any]
    """Apply a primitive to arrays, element by element."""

    html_card: Callable[[Any], str]
    """Return a Value as a small table in HTML."""

    live_part: Callable[[Any], str]
    """Return what makes the leaves of a player of these steps ones that can be changed, as HTML."""

    sparse_derivatives: Callable[..., Any]
    """Return a Jacobian or a Hessian as a sparse array, as `sparse.sparse_derivatives` does."""

    structure: Callable[[Any, str], Any]
    """Return something, with a name for messages, taken apart: a `Structure` of `derivatives.trees`."""

    numbers_like: Callable[[Any, Any, str], Sequence[Any]]
    """Return the numbers of something that must look like a structure, one to each of its numbers."""

    linear_algebra: Callable[[Callable[..., Any]], Callable[..., Any] | None]
    """Return what is called in the place of a function of np.linalg on arrays of Values, if any."""
