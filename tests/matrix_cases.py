"""Functions of linear algebra, and what mpmath knows of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from matrix_oracle import Function, flat, gram_schmidt, hilbert, triangle
from mpmath import mp

from autograd.scipy import linalg


class Case(NamedTuple):
    """A function of matrices, and the same in mpmath."""

    function: Callable[..., Any]
    oracle: Function
    points: Callable[[Any], tuple[Any, ...]]
    """Makes arguments of a square matrix."""


def _random(*shape: int) -> Any:
    return np.random.default_rng(1).normal(size=shape)


def _definite(a: Any) -> Any:
    return a if np.array_equal(a, a.T) else a @ a.T + np.eye(len(a))


def _rising(matrix: Any) -> list[Any]:
    return sorted(mp.eigsy(triangle(matrix), eigvals_only=True))


def _squares_of_vectors(matrix: Any) -> list[Any]:
    values, vectors = mp.eigsy(triangle(matrix))
    order = sorted(range(len(values)), key=lambda i: values[i])
    return [vectors[i, j] ** 2 for i in range(vectors.rows) for j in order]


def _falling(matrix: Any) -> list[Any]:
    return sorted(mp.svd_r(matrix, compute_uv=False), reverse=True)


def _positive(a: Any) -> tuple[Any, Any]:
    """Return Q and R with positive diagonal."""
    q, r = np.linalg.qr(a)
    signs = np.sign(np.diagonal(r))
    return q * signs, r * signs[:, None]


CASES = {
    "solve": Case(np.linalg.solve, lambda a, b: flat(mp.lu_solve(a, b)), lambda a: (a, _random(len(a), 1))),
    "inv": Case(np.linalg.inv, lambda a: flat(a**-1), lambda a: (a,)),
    "det": Case(np.linalg.det, lambda a: [mp.det(a)], lambda a: (a,)),
    "slogdet": Case(lambda a: np.linalg.slogdet(a)[1], lambda a: [mp.log(abs(mp.det(a)))], lambda a: (a,)),
    "cholesky": Case(np.linalg.cholesky, lambda a: flat(mp.cholesky(triangle(a))), lambda a: (_definite(a),)),
    "qr, Q": Case(lambda a: _positive(a)[0], lambda a: flat(gram_schmidt(a)[0]), lambda a: (a,)),
    "qr, R": Case(lambda a: _positive(a)[1], lambda a: flat(gram_schmidt(a)[1]), lambda a: (a,)),
    "lstsq": Case(
        lambda a, b: np.linalg.lstsq(a, b, rcond=None)[0],
        lambda a, b: flat(mp.lu_solve(a.T * a, a.T * b)),
        lambda a: (a[:, :3], _random(len(a), 1)),
    ),
    "pinv": Case(np.linalg.pinv, lambda a: flat((a.T * a) ** -1 * a.T), lambda a: (a[:, :3],)),
    "eigvalsh": Case(np.linalg.eigvalsh, _rising, lambda a: (_definite(a),)),
    "eigh, squares of vectors": Case(
        lambda a: np.linalg.eigh(a)[1] ** 2, _squares_of_vectors, lambda a: (_definite(a),)
    ),
    "svd, S": Case(lambda a: np.linalg.svd(a, compute_uv=False), _falling, lambda a: (a[:, :3],)),
    "norm, nuclear": Case(
        lambda a: np.linalg.norm(a, "nuc"), lambda a: [mp.fsum(_falling(a))], lambda a: (a[:, :3],)
    ),
    "expm (SciPy)": Case(linalg.expm, lambda a: flat(mp.expm(a, method="taylor")), lambda a: (a,)),
    "cho_solve (SciPy)": Case(
        lambda a, b: linalg.cho_solve(linalg.cho_factor(a, lower=True), b),
        lambda a, b: flat(mp.lu_solve(triangle(a), b)),
        lambda a: (_definite(a), _random(len(a), 1)),
    ),
    "matrix_power, -2": Case(lambda a: np.linalg.matrix_power(a, -2), lambda a: flat(a**-2), lambda a: (a,)),
}

MATRICES = {"random": _random(5, 5), "Hilbert": hilbert(5)}
