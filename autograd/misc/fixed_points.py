"""Fixed points of functions, as HIPS autograd has them; see `autograd.implicit` for more."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..derivatives import make_vjp
from ..derivatives.trees import Structure
from ..extend import defvjp, primitive

Function = Callable[..., Any]


@primitive
def fixed_point(f: Function, a: Any, x0: Any, distance: Function, tol: float) -> Any:
    """Return where a function leads to that is applied again and again, differentiated by what it depends on.

    The derivative is that of the implicit function theorem, of any order in reverse; it is found by the same
    iteration, so that must contract.

    Args:
        f: a function of `a` that returns the function of x which is applied.
        a: what the fixed point depends on: numbers, arrays, or structures of these.
        x0: where to begin. By it the derivative is 0.
        distance: a function of two x that returns how far they are apart.
        tol: how near to each other the last two must be.

    >>> import autograd.numpy as np
    >>> from autograd import grad
    >>> def newton(a):
    ...     return lambda x: 0.5 * (x + a / x)
    >>> def root(a):
    ...     return fixed_point(newton, a, 1.0, lambda x, y: abs(x - y), 1e-12)
    >>> print(root(2.0), round(grad(root)(2.0), 12), round(grad(grad(root))(2.0), 12))
    1.414213562373095 0.353553390593 -0.088388347648
    """
    step = f(a)
    before, x = x0, step(x0)
    while distance(x, before) > tol:
        before, x = x, step(x)
    return x


def _back(ans: Any, f: Function, a: Any, x0: Any, distance: Function, tol: float) -> Function:
    """Return what carries a gradient g back: w with w = g + w J of the step, carried back through f(a)(x)."""

    def adjoint(given: Any) -> Function:
        a, x, g = given
        return lambda w: _sum(g, make_vjp(f(a))(x)[0](w))  # anew each time, for this is differentiated too

    def pull_back(g: Any) -> Any:
        zero = Structure(x0).put_together([0.0] * len(Structure(x0).numbers))
        w = fixed_point(adjoint, (a, ans, g), zero, distance, tol)
        return make_vjp(lambda a: f(a)(ans))(a)[0](w)

    return pull_back


def _sum(x: Any, y: Any) -> Any:
    form, other = Structure(x), Structure(y)
    return form.put_together([a + b for a, b in zip(form.numbers, other.numbers, strict=True)])


defvjp(fixed_point, None, _back, None, None, None)
