"""Solvers that take sparse derivatives: each finds what is known from elsewhere."""

from __future__ import annotations

import math as std
from typing import Any

import numpy as np
import pytest
from scipy.optimize import LinearConstraint, NonlinearConstraint, least_squares, minimize
from scipy.sparse import coo_array, csr_array, tril
from scipy.sparse.linalg import spsolve

from autograd import compile, grad, hessian, jacobian
from autograd.sparse import hessian_sparsity, jacobian_sparsity

LINKS = 24


def height(x: Any) -> Any:
    """The potential energy of a chain, whose knots are at x and y, with all its weight in its links."""
    _, y = np.split(x, 2)
    return np.sum(y[1:] + y[:-1]) / 2.0


def squares_of_lengths(x: Any) -> Any:
    x, y = np.split(x, 2)
    return (x[1:] - x[:-1]) ** 2 + (y[1:] - y[:-1]) ** 2


def weighted_lengths(x: Any, weights: Any) -> Any:
    return np.sum(weights * squares_of_lengths(x))


def hanging() -> tuple[np.ndarray, Any, float]:
    """Return where the chain begins, what holds its ends, and how long a link is."""
    n = LINKS + 1
    ends = csr_array((np.ones(4), (range(4), [0, n - 1, n, 2 * n - 1])), shape=(4, 2 * n))
    start = np.concatenate([np.linspace(0.0, 1.0, n), -0.4 * np.sin(np.linspace(0.0, std.pi, n))])
    return start, LinearConstraint(ends, [0.0, 1.0, 0.0, 0.2], [0.0, 1.0, 0.0, 0.2]), 1.5 / LINKS


@pytest.mark.parametrize("wrap", [lambda f: f, compile], ids=["plain", "compiled"])
def test_trust_constr_finds_a_chain_whose_slopes_grow_evenly(wrap: Any) -> None:
    # A link has the slope of the force in it: everywhere the same across, and down what hangs below.
    start, ends, length = hanging()
    links = NonlinearConstraint(
        squares_of_lengths, length**2, length**2,
        jac=jacobian(wrap(squares_of_lengths), sparse=True),
        hess=hessian(wrap(weighted_lengths), sparse=True),
    )  # fmt: skip
    found = minimize(
        height, start, method="trust-constr", jac=grad(wrap(height)),
        hess=hessian(wrap(height), sparse=True), constraints=[links, ends],
        options={"maxiter": 400, "gtol": 1e-9, "xtol": 1e-11},
    )  # fmt: skip
    assert found.constr_violation < 1e-10
    x, y = np.split(found.x, 2)
    steps = np.diff(np.diff(y) / np.diff(x))
    np.testing.assert_allclose(steps, steps.mean(), rtol=1e-4)


TIMES = np.linspace(0.0, 3.0, 9)
AMPLITUDES = np.array([3.0, 1.0, 2.5, 0.5, 4.0, 1.5])


def misfits(params: Any) -> Any:
    """How far decays, each of its own amplitude and all of one rate, are from such of rate 0.7."""
    rate, amplitudes = params[-1], params[:-1]
    fitted = [amplitude * np.exp(-rate * TIMES) for amplitude in amplitudes]
    return np.concatenate(fitted) - np.outer(AMPLITUDES, np.exp(-0.7 * TIMES)).ravel()


@pytest.mark.parametrize("how", ["sparse", "compiled", "sparsity"])
def test_least_squares_finds_the_amplitudes_and_the_rate_that_data_were_made_with(how: str) -> None:
    start = np.ones(len(AMPLITUDES) + 1)
    options: dict[str, Any]
    if how == "sparsity":
        options = {"jac_sparsity": jacobian_sparsity(misfits)(start)}
        assert options["jac_sparsity"].nnz == 2 * len(AMPLITUDES) * len(TIMES)
    else:
        options = {"jac": jacobian(compile(misfits) if how == "compiled" else misfits, sparse=True)}
    found = least_squares(misfits, start, xtol=1e-14, ftol=1e-14, gtol=1e-14, **options)
    np.testing.assert_allclose(found.x, [*AMPLITUDES, 0.7], rtol=1e-6)


def test_newton_solves_bratus_problem() -> None:
    # u'' + exp(u) = 0, u(0) = u(1) = 0: u(1/2) = 2 log cosh(t/4), t = sqrt(2) cosh(t/4), the smaller one.
    inside = 199
    step = 1.0 / (inside + 1)

    @compile
    def residual(u: Any) -> Any:
        whole = np.concatenate([[0.0], u, [0.0]])
        return whole[2:] - 2.0 * whole[1:-1] + whole[:-2] + step**2 * np.exp(whole[1:-1])

    slopes, u = jacobian(residual, sparse=True), np.zeros(inside)
    for _ in range(6):
        u = u - spsolve(slopes(u).tocsc(), residual(u))
    assert abs(residual(u)).max() < 1e-14
    t = 1.5
    for _ in range(100):
        t = std.sqrt(2.0) * std.cosh(t / 4.0)
    assert u[inside // 2] == pytest.approx(2.0 * std.log(std.cosh(t / 4.0)), abs=step**2)


class ProblemForIpopt:
    """A hanging chain as `cyipopt.Problem` asks for it: patterns beforehand, and numbers in their order."""

    def __init__(self, x: np.ndarray) -> None:
        self._multipliers = np.ones(LINKS)
        self.jacobian_of = jacobian(compile(squares_of_lengths), sparse=True)
        self.hessian_of = hessian(compile(self.lagrangian), sparse=True)
        self._jacobian = coo_array(jacobian_sparsity(squares_of_lengths)(x))
        lower = tril(hessian_sparsity(self.lagrangian)(x, self._multipliers, 1.0))
        self._hessian = coo_array(lower)

    def lagrangian(self, x: Any, multipliers: Any, factor: float) -> Any:
        return factor * height(x) + np.sum(multipliers * squares_of_lengths(x))

    def jacobianstructure(self) -> Any:
        return self._jacobian.row, self._jacobian.col

    def jacobian(self, x: Any) -> Any:
        return self.jacobian_of(x).data

    def hessianstructure(self) -> Any:
        return self._hessian.row, self._hessian.col

    def hessian(self, x: Any, multipliers: Any, factor: float) -> Any:
        return coo_array(tril(self.hessian_of(x, multipliers, factor))).data


def test_structures_and_numbers_for_ipopt_belong_together() -> None:
    start, _, _ = hanging()
    problem = ProblemForIpopt(start)
    rng = np.random.default_rng(1)
    for _ in range(3):
        x, multipliers = start + 0.1 * rng.random(len(start)), rng.random(LINKS)
        dense = np.zeros((LINKS, len(start)))
        dense[problem.jacobianstructure()] = problem.jacobian(x)
        np.testing.assert_allclose(dense, jacobian(squares_of_lengths)(x), atol=1e-14)
        dense = np.zeros((len(start), len(start)))
        dense[problem.hessianstructure()] = problem.hessian(x, multipliers, 0.5)
        wanted = hessian(problem.lagrangian)(x, multipliers, 0.5)
        np.testing.assert_allclose(dense, np.tril(wanted), atol=1e-13)
