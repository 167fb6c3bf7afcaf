"""Distributions of vectors: the normal one, and Dirichlet's."""

from __future__ import annotations

from functools import wraps
from typing import Any

import numpy as np
import scipy.special
import scipy.stats

from ... import math, ops
from ...arrays import has_values, held
from ...numpy.lists import arrays_of
from ...support.refusals import NoDerivativeError
from ..linalg import cholesky, solve_triangular
from .distribution import method_of_scipys

_LOG_TWO_PI = 1.8378770664093453


class MultivariateNormal:
    """The normal distribution of vectors; what is not here is SciPy's own, for plain numbers."""

    def __repr__(self) -> str:
        return "<distribution multivariate_normal>"

    def __getattr__(self, name: str) -> Any:
        return _of_scipy("multivariate_normal", name)

    def logpdf(self, x: Any, mean: Any = None, cov: Any = 1, allow_singular: bool = False) -> Any:
        """Return the logarithm of the density, by a Cholesky factor of the covariance.

        Args:
            x: vectors, along the last axis.
            mean: a vector; 0 if it is None.
            cov: a matrix; a vector is its diagonal, a number that times the identity.
            allow_singular: as in SciPy; where it is true, the covariance is of plain numbers.

        Raises:
            LinAlgError: the covariance is not positive definite.
            ValueError: the covariance is of Values and may be singular, or it has a negative eigenvalue.

        >>> from autograd import grad
        >>> x, mean = [1.0, 2.0], [0.0, 0.0]
        >>> print(grad(lambda v: multivariate_normal.logpdf(x, mean, [[v, 0.0], [0.0, 1.0]]))(2.0))
        -0.125
        """
        if not has_values([x, mean, cov]):
            given = scipy.stats.multivariate_normal
            return given.logpdf(x, mean=mean, cov=cov, allow_singular=allow_singular)
        if allow_singular and has_values(cov):
            raise NoDerivativeError(
                "multivariate_normal: a covariance of Values takes no allow_singular=True"
            )
        points, matrix, size = self._prepared(x, mean, cov)
        if allow_singular:
            out = _where_it_may_be_singular(points.reshape(-1, size), matrix)
        else:
            factor = _factor(matrix)
            rows = solve_triangular(factor, points.reshape(-1, size).T, lower=True)
            squares = (rows * rows).sum(axis=0)
            out = -0.5 * squares - (_log_of_diagonal(factor) + 0.5 * size * _LOG_TWO_PI)
        return out.reshape(points.shape[:-1]) if points.ndim > 1 else out[0]

    def pdf(self, x: Any, mean: Any = None, cov: Any = 1, allow_singular: bool = False) -> Any:
        """Return the density; see `logpdf`."""
        if not has_values([x, mean, cov]):
            given = scipy.stats.multivariate_normal
            return given.pdf(x, mean=mean, cov=cov, allow_singular=allow_singular)
        return np.exp(self.logpdf(x, mean, cov, allow_singular))

    def entropy(self, mean: Any = None, cov: Any = 1) -> Any:
        """Return the differential entropy, in nats; the mean has no part in it.

        >>> from autograd import grad
        >>> print(round(grad(lambda v: multivariate_normal.entropy(None, [[v, 0.0], [0.0, 1.0]]))(2.0), 10))
        0.25
        """
        if not has_values([mean, cov]):
            return scipy.stats.multivariate_normal.entropy(mean=mean, cov=cov)
        _, matrix, size = self._prepared(0.0 if mean is None else mean, mean, cov)
        return _log_of_diagonal(_factor(matrix)) + 0.5 * size * (_LOG_TWO_PI + 1.0)

    def _prepared(self, x: Any, mean: Any, cov: Any) -> tuple[Any, Any, int]:
        """Return the distances from the mean, the covariance as a matrix, and the dimension."""
        points, matrix = _array(x), _array(cov)
        center = np.zeros(()) if mean is None else _array(mean)
        size: int = len(matrix) if matrix.ndim else len(center) if center.ndim else 1
        if matrix.ndim < 2:
            diagonal = np.broadcast_to(matrix, (size,))
            matrix = np.array(
                [[diagonal[i] if i == j else 0.0 for j in range(size)] for i in range(size)], object
            )
            matrix = held(matrix) if has_values(matrix) else matrix.astype(np.float64)
        if matrix.shape != (size, size) or center.shape not in ((), (size,)):
            raise ValueError(f"the mean has shape {center.shape} and the covariance {matrix.shape}")
        if points.ndim == 0:
            points = points.reshape(1)
        elif size == 1 and points.shape[-1] != 1:
            points = points.reshape(*points.shape, 1)
        elif points.ndim == 1 and size > 1 and points.shape != (size,):
            raise ValueError(f"x has shape {points.shape}; vectors of {size} numbers are along its last axis")
        return points - center, matrix, size


def _factor(matrix: Any) -> Any:
    """Return the lower Cholesky factor of a covariance."""
    try:
        return cholesky(matrix, lower=True)
    except np.linalg.LinAlgError as error:
        raise np.linalg.LinAlgError(
            f"multivariate_normal: the covariance is not positive definite ({error})"
        ) from None


def _log_of_diagonal(factor: Any) -> Any:
    """Return half the logarithm of a determinant, of a Cholesky factor."""
    return sum(math.log(x) for x in np.diagonal(factor).tolist())


def _where_it_may_be_singular(points: Any, matrix: Any) -> Any:
    """Return the logarithm of the density at points, from the mean on; what is small is as in SciPy."""
    variances, axes = np.linalg.eigh(matrix)
    small = 1e6 * np.finfo(float).eps * abs(variances).max()
    if variances.min() < -small:
        raise ValueError("multivariate_normal: the covariance has a negative eigenvalue")
    wide = variances > small
    rows = points @ (axes[:, wide] / np.sqrt(variances[wide]))
    out = -0.5 * ((rows * rows).sum(axis=1) + np.log(variances[wide]).sum() + wide.sum() * _LOG_TWO_PI)
    outside = points @ axes[:, ~wide]
    return np.where((outside * outside).sum(axis=1) < (1e3 * small) ** 2, out, -np.inf)


class Dirichlet:
    """Dirichlet's distribution; what is not here is SciPy's own, for plain numbers."""

    def __repr__(self) -> str:
        return "<distribution dirichlet>"

    def __getattr__(self, name: str) -> Any:
        return _of_scipy("dirichlet", name)

    def logpdf(self, x: Any, alpha: Any) -> Any:
        """Return the logarithm of the density.

        Args:
            x: positive numbers, whose sum is 1, along the first axis; the last one may be left out.
            alpha: positive numbers.

        >>> from autograd import grad
        >>> print(round(grad(lambda a: dirichlet.logpdf([0.2, 0.8], [a, 1.0]))(1.0), 10))
        -0.6094379124
        """
        if not has_values([x, alpha]):
            return scipy.stats.dirichlet.logpdf(x, alpha)
        numbers, powers = _array(x), _array(alpha)
        if numbers.shape[0] + 1 == powers.shape[0]:
            numbers = np.concatenate([numbers, (1.0 - numbers.sum(axis=0))[np.newaxis]])
        if powers.ndim != 1 or numbers.shape[0] != powers.shape[0]:
            raise ValueError(f"x has shape {numbers.shape}, and alpha {powers.shape}")
        plain = np.array([getattr(v, "data", v) for v in numbers.ravel().tolist()]).reshape(numbers.shape)
        if (plain < 0.0).any() or (abs(plain.sum(axis=0) - 1.0) > 1e-9).any():
            raise ValueError("the numbers of x must be positive, and their sum 1")
        total: Any = 0.0
        for i, a in enumerate(powers.tolist()):
            total = total + _xlogy(a - 1.0, numbers[i]) - ops.gammaln(a)
        return total + ops.gammaln(sum(powers.tolist()))

    def pdf(self, x: Any, alpha: Any) -> Any:
        """Return the density; see `logpdf`."""
        if not has_values([x, alpha]):
            return scipy.stats.dirichlet.pdf(x, alpha)
        return np.exp(self.logpdf(x, alpha))


def _of_scipy(distribution: str, method: str) -> Any:
    """Return a method of SciPy's, which says what there is for Values where it does not take these."""
    there = ("logpdf", "pdf", "entropy") if distribution == "multivariate_normal" else ("logpdf", "pdf")
    scipys = method_of_scipys(distribution, method, there)

    @wraps(scipys)
    def called(*args: Any, **kwargs: Any) -> Any:
        try:
            return scipys(*args, **kwargs)
        except TypeError:
            if not has_values([*args, *kwargs.values()]):
                raise
            raise TypeError(
                f"{distribution}.{method} is not there for Values; there are {', '.join(there)}"
            ) from None

    return called if callable(scipys) else scipys


def _xlogy(x: Any, y: Any) -> Any:
    """Return x * log(y) of a number and an array."""
    return scipy.special.xlogy(x, y)


def _array(x: Any) -> Any:
    array = np.asanyarray(arrays_of(x))
    if array.ndim == 0 and has_values(x):
        array = np.empty((), dtype=object)
        array[()] = x
        return held(array)
    return array if array.dtype == object else array.astype(np.float64)


multivariate_normal = MultivariateNormal()
"""The normal distribution of vectors."""

dirichlet = Dirichlet()
"""Dirichlet's distribution."""
