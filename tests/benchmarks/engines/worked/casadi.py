"""The models that CasADi's people would take it for: derivatives of expressions, sparse ones too, in its
own machine."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from models import data
from models.telling import told
from scipy.sparse import csc_array

from ...works import Task
from ..casadi import buffered, ca, versions
from ..models.first import task

__all__ = ["WORKS", "versions"]

Start = Callable[[], Callable[[], Any]]


def called(f: Any, *arguments: Any) -> Callable[[], Any]:
    """Return a call of a function on arrays of its own, the fastest that CasADi has in Python.

    It returns sparse arrays whose numbers are those that the call writes.
    """
    given = [np.ravel(argument, order="F") for argument in arguments]
    results = [np.zeros(f.nnz_out(i)) for i in range(f.n_out())]
    shapes = [f.sparsity_out(i) for i in range(f.n_out())]
    found = [
        csc_array((numbers, shape.row(), shape.colind()), shape=shape.shape)
        for numbers, shape in zip(results, shapes, strict=True)
    ]
    run = buffered(f, given, results)

    def call() -> Any:
        run()
        return found

    return call


def inverse_kinematics() -> Callable[[], Any]:
    a = [0.0, -0.425, -0.39225, 0.0, 0.0, 0.0]
    d = [0.089159, 0.0, 0.0, 0.10915, 0.09465, 0.0823]
    alpha = [np.pi / 2, 0.0, 0.0, np.pi / 2, -np.pi / 2, 0.0]
    q = ca.SX.sym("q", 6)
    hand = ca.SX.eye(4)
    for i in range(6):
        c, s, cos, sin = ca.cos(q[i]), ca.sin(q[i]), np.cos(alpha[i]), np.sin(alpha[i])
        rows = [
            [c, -s * cos, s * sin, a[i] * c],
            [s, c * cos, -c * sin, a[i] * s],
            [0, sin, cos, d[i]],
            [0, 0, 0, 1],
        ]
        hand = hand @ ca.vertcat(*(ca.horzcat(*row) for row in rows))
    pose = ca.vertcat(*(hand[i, j] for i in range(3) for j in range(4)))
    f = ca.Function("jacobian", [q], [ca.densify(ca.jacobian(pose, q))])
    at = np.array([0.3, -1.1, 1.4, -0.5, 0.9, 0.2]) + np.array([0.2, -0.2, 0.15, 0.1, -0.25, 0.3])
    return called(f, at)


STEPS, SECONDS = 40, 1.5


def swing() -> tuple[Any, Any, Any]:
    """Return all states and controls, the effort and the defects."""
    n, h = STEPS + 1, SECONDS / STEPS
    z = ca.SX.sym("z", 3 * n)
    angle, speed, u = z[:n], z[n : 2 * n], z[2 * n :]
    effort = h * (ca.sumsqr(u) - 0.5 * (u[0] ** 2 + u[-1] ** 2))
    change = u - 9.81 * ca.sin(angle) - 0.1 * speed
    defects = ca.vertcat(
        angle[1:] - angle[:-1] - h / 2 * (speed[1:] + speed[:-1]),
        speed[1:] - speed[:-1] - h / 2 * (change[1:] + change[:-1]),
        angle[0], speed[0], angle[-1] - np.pi, speed[-1],
    )  # fmt: skip
    return z, effort, defects


def guess() -> Any:
    n = STEPS + 1
    return np.concatenate([np.linspace(0.0, np.pi, n), np.full(n, np.pi / SECONDS), np.zeros(n)])


def optimal_control() -> Callable[[], Any]:
    z, effort, defects = swing()
    multipliers = ca.SX.sym("multipliers", defects.shape[0])
    hessian, _ = ca.hessian(effort + ca.dot(multipliers, defects), z)
    f = ca.Function("both", [z, multipliers], [hessian, ca.jacobian(defects, z)])
    at, by = guess(), np.sin(np.arange(2.0 * STEPS + 4.0))
    return called(f, at, by)


def power_flow() -> Callable[[], Any]:
    g, b = data.admittances(data.BUSES, data.BRANCHES)
    kind = data.BUSES[:, 0]
    free_angle, free_size = np.flatnonzero(kind < 3), np.flatnonzero(kind < 2)
    x = ca.SX.sym("x", len(free_angle) + len(free_size))
    angle, size = ca.SX.zeros(len(kind)), ca.SX(data.BUSES[:, 4])
    for at, i in enumerate(free_angle.tolist()):
        angle[i] = x[at]
    for at, i in enumerate(free_size.tolist(), len(free_angle)):
        size[i] = x[at]
    g, b = ca.sparsify(ca.DM(g)), ca.sparsify(ca.DM(b))
    apart = ca.repmat(angle, 1, len(kind)) - ca.repmat(angle.T, len(kind), 1)
    p = size * ((g * ca.cos(apart) + b * ca.sin(apart)) @ size) - data.BUSES[:, 1]
    q = size * ((g * ca.sin(apart) - b * ca.cos(apart)) @ size) - data.BUSES[:, 2]
    mismatch = ca.vertcat(*(p[i] for i in free_angle.tolist()), *(q[i] for i in free_size.tolist()))
    f = ca.Function("jacobian", [x], [ca.jacobian(mismatch, x)])
    flat = np.concatenate([np.zeros(len(free_angle)), np.ones(len(free_size))])
    return called(f, flat)


def through_solvers() -> Callable[[], Any]:
    """With CasADi's Newton method, which it differentiates by the implicit function theorem."""
    orbits = np.array([[0.5, 0.1], [1.0, 0.5], [2.5, 0.9], [0.05, 0.99]])
    options = np.array([[10.0, 100.0], [6.0, 110.0], [18.0, 90.0]])
    spot, rate, years = 100.0, 0.03, 0.75
    x, of = ca.SX.sym("x"), ca.SX.sym("of", 2)
    tight = {"abstol": 1e-14}
    kepler = ca.Function("f", [x, of], [x - of[1] * ca.sin(x) - of[0]])
    d1 = (ca.log(spot / of[1]) + (rate + x**2 / 2) * years) / (x * np.sqrt(years))
    normal = [0.5 * ca.erf(d / np.sqrt(2.0)) + 0.5 for d in (d1, d1 - x * np.sqrt(years))]
    price = spot * normal[0] - of[1] * np.exp(-rate * years) * normal[1]
    overpriced = ca.Function("g", [x, of], [price - of[0]])
    anomaly = ca.rootfinder("anomaly", "newton", kepler, tight)
    sigma = ca.rootfinder("sigma", "newton", overpriced, tight)
    all_orbits, all_options = ca.MX.sym("orbits", 4, 2), ca.MX.sym("options", 3, 2)
    total = sum(anomaly(np.pi, all_orbits[i, :].T) for i in range(4))
    total = total + sum(sigma(0.3, all_options[i, :].T) for i in range(3))
    slopes = [ca.gradient(total, by) for by in (all_orbits, all_options)]
    f = ca.Function("all", [all_orbits, all_options], [total, *slopes])
    return called(f, orbits, options)


STARTS: dict[str, Start] = {
    "inverse_kinematics": inverse_kinematics,
    "optimal_control": optimal_control,
    "power_flow": power_flow,
    "through_solvers": through_solvers,
}


def work(start: Start) -> Callable[[int, str], Task]:
    return lambda size, option: task(start, told)


WORKS = {f"model {name.replace('_', ' ')}": work(start) for name, start in STARTS.items()}
