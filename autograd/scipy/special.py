"""SciPy's special functions on Values and arrays of them: `from autograd.scipy import special`.

Its ufuncs are SciPy's own, which record what they compute of Values; here they take lists of Values too. What
is no ufunc in SciPy (polygamma, softmax, log_softmax, logsumexp, multigammaln) is written here. All other
names are SciPy's own functions, for plain numbers.

>>> from autograd import grad
>>> from autograd.scipy import special
>>> print(round(grad(special.log_ndtr)(-40.0), 10))
40.0249688472
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import scipy.special as scipys

from .. import math, ops
from ..arrays import array_of, elementwise, has_values, held
from ..arrays.special_functions import NAMES
from ..arrays.ufunc_table import in_ieee
from ..engine import Value
from ..numpy.lists import arrays_of, taking_lists
from ..support.messages import shown
from .passing import passed

_log = in_ieee(ops.log)

__all__ = ["log_softmax", "logsumexp", "multigammaln", "polygamma", "softmax", *sorted(NAMES)]


def polygamma(n: Any, x: Any) -> Any:
    """Return the n-th derivative of digamma at x.

    Args:
        n: whole numbers of 0 or more, which are no Values.
        x: numbers; n and x are broadcast.

    >>> from autograd import grad
    >>> print(round(grad(polygamma, 1)(0, 1.0), 10))
    1.6449340668
    """
    if not has_values([n, x]):
        return scipys.polygamma(n, x)
    orders = np.asarray(n)
    if orders.dtype.kind not in "iuf" or np.any((orders < 0) | (orders % 1 != 0)):
        raise ValueError(f"the order of polygamma must be a whole number of 0 or more, not {shown(n)}")
    x = arrays_of(x)
    if isinstance(x, Value) and np.ndim(n) == 0:
        return ops.polygamma(float(n), x)
    return elementwise(ops.polygamma, [np.asarray(n, dtype=np.float64), held(x)])


def logsumexp(
    a: Any, axis: Any = None, b: Any = None, keepdims: bool = False, return_sign: bool = False
) -> Any:
    """Return log(sum(b * exp(a))) without overflow.

    Args:
        a: numbers.
        axis: the axis, or axes, that are summed over; all if it is None.
        b: factors, which are broadcast with the numbers; they may be negative.
        keepdims: whether the axes stay, with length 1.
        return_sign: whether to return the logarithm of the size of the sum and its sign, instead of NaN
            for the logarithm of a negative sum.

    >>> from autograd import grad
    >>> grad(lambda x: logsumexp([x, 1000.0]))(1000.0)
    0.5
    """
    if not has_values([a, b]):
        return scipys.logsumexp(a, axis=axis, b=b, keepdims=keepdims, return_sign=return_sign)
    numbers = _array(a)
    factors = np.ones(()) if b is None else _array(b)
    numbers, factors = np.broadcast_arrays(numbers.view(np.ndarray), factors.view(np.ndarray))
    rows, shape = _rows(numbers, axis, keepdims)
    weights, _ = _rows(factors, axis, keepdims)
    sums = [_log_of_sum(row, weight) for row, weight in zip(rows, weights, strict=True)]
    if return_sign:
        return _shaped([size for size, _ in sums], shape), _shaped([sign for _, sign in sums], shape)
    return _shaped([size if sign >= 0.0 else size * np.nan for size, sign in sums], shape)


def _log_of_sum(numbers: list[Any], factors: list[Any]) -> tuple[Any, float]:
    """Return the logarithm of the size of a sum of factors times exponentials, and its sign."""
    sides: tuple[list[Any], list[Any]] = ([], [])
    zeros = []  # of Values, on whose factors the sum depends all the same
    for number, factor in zip(numbers, factors, strict=True):
        varies = isinstance(factor, Value)
        if factor == 0.0:
            if varies:
                zeros.append((number, factor))
            continue
        size = number if factor == 1.0 and not varies else number + math.log(abs(factor))
        sides[int(factor < 0.0)].append(size)
    size, sign = _of_sides(*[math.logsumexp(side) if side else -np.inf for side in sides])
    if not zeros:
        return size, sign
    if size == -np.inf:
        return _log(sum(factor * math.exp(number) for number, factor in zeros)), 0.0
    for number, factor in zeros:
        size = size + math.log1p(sign * factor * math.exp(number - size))
    return size, sign


def _of_sides(plus: Any, minus: Any) -> tuple[Any, float]:
    """Return the logarithm of the size of exp(plus) - exp(minus), and its sign."""
    if minus == -np.inf:
        return plus, 0.0 if plus == -np.inf else 1.0
    if plus == -np.inf:
        return minus, -1.0
    sign = 0.0 if plus == minus else 1.0 if plus > minus else -1.0
    larger, smaller = (minus, plus) if sign < 0.0 else (plus, minus)
    return larger + _log(abs(math.expm1(smaller - larger))), sign


def softmax(x: Any, axis: Any = None) -> Any:
    """Return exp(x) / sum(exp(x)) along an axis, or over all numbers if it is None.

    >>> from autograd import jacobian
    >>> jacobian(softmax)(np.array([0.0, 0.0]))
    array([[ 0.25, -0.25],
           [-0.25,  0.25]])
    """
    return _along(x, axis, math.softmax, scipys.softmax)


def log_softmax(x: Any, axis: Any = None) -> Any:
    """Return the logarithm of softmax.

    >>> from autograd import grad
    >>> grad(lambda x: log_softmax([x, 1000.0])[0])(1000.0)
    0.5
    """
    return _along(x, axis, math.log_softmax, scipys.log_softmax)


def multigammaln(a: Any, d: int) -> Any:
    """Return the logarithm of the gamma function of d dimensions.

    Args:
        a: numbers greater than (d - 1) / 2.
        d: how many dimensions.

    Raises:
        ValueError: d is no whole number of 1 or more, or a is too small.

    >>> from autograd import grad
    >>> print(round(grad(multigammaln)(3.0, 2), 10))
    1.6259409757
    """
    if not has_values(a):
        return scipys.multigammaln(a, d)
    if d != int(d) or d < 1:
        raise ValueError(f"d must be a whole number of 1 or more, the dimension of the space, not {d!r}")
    a = arrays_of(a)
    if np.any(np.asarray(a > 0.5 * (d - 1)) == False):  # noqa: E712 (an array of objects)
        raise ValueError(f"a must be greater than (d - 1) / 2 = {0.5 * (d - 1)}")
    gammaln = scipys.gammaln
    total = 0.25 * d * (d - 1) * math.log(math.pi)
    for j in range(int(d)):
        total = total + gammaln(a - 0.5 * j)
    return total


def _array(x: Any) -> Any:
    if isinstance(x, Value):
        array = np.empty((), dtype=object)
        array[()] = x
        return array
    array = np.asarray(arrays_of(x))
    return array if array.dtype == object else array.astype(np.float64)


def _rows(array: Any, axis: Any, keepdims: bool) -> tuple[list[list[Any]], tuple[int, ...]]:
    """Return the numbers along some axes, a list for each place of the others, and the shape of a result."""
    dimensions = array.ndim
    places, others = _places(dimensions, axis)
    shape = tuple(array.shape[k] for k in others)
    moved = array.transpose([*others, *places]).reshape(*shape, -1)
    rows = [moved[index].tolist() for index in np.ndindex(*shape)]
    kept = tuple(1 if k in places else array.shape[k] for k in range(dimensions))
    return rows, kept if keepdims else shape


def _places(dimensions: int, axis: Any) -> tuple[list[int], list[int]]:
    """Return the axes that are meant, and the others.

    Raises:
        AxisError: there is no such axis.
    """
    np.empty((1,) * dimensions).sum(axis=axis)  # or NumPy's error
    axes = range(dimensions) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    places = sorted({int(k) % dimensions for k in axes})
    return places, [k for k in range(dimensions) if k not in places]


def _shaped(numbers: list[Any], shape: tuple[int, ...]) -> Any:
    return numbers[0] if shape == () else array_of(numbers, shape)


def _along(x: Any, axis: Any, function: Callable[..., Any], plain: Callable[..., Any]) -> Any:
    if not has_values(x):
        return plain(x, axis=axis)
    array = _array(x).view(np.ndarray)
    result = np.empty(array.shape, dtype=object)
    places, others = _places(array.ndim, axis)
    rows, shape = _rows(array, axis, False)
    moved = result.transpose([*others, *places])
    inner = moved.shape[len(others) :]
    for index, row in zip(np.ndindex(*shape), rows, strict=True):
        part = np.empty(len(row), dtype=object)
        part[:] = function(row)
        moved[index] = part.reshape(inner)
    return array_of(result.ravel().tolist(), result.shape) if array.ndim else result.item()


def __getattr__(name: str) -> Any:
    if name == "test" or name.startswith("__"):  # which pytest and Python ask for
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}", name=name)
    return _passed(name)


@cache
def _passed(name: str) -> Any:
    """Return what SciPy has under a name; not as a name here, for it has a `round` too."""
    thing = passed(scipys, name)
    return taking_lists(thing) if isinstance(thing, np.ufunc) else thing


def __dir__() -> list[str]:
    return sorted({*dir(scipys), *__all__} - {"test"})
