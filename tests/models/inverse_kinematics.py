"""Inverse kinematics: the joints of an arm of six (a UR5) that bring its hand to a place, by damped least
squares.

The lengths are the maker's (Universal Robots, "DH Parameters for calculations of kinematics and
dynamics"); the method is that of Levenberg and Marquardt. The place is made from joints that are known,
and those must be found.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import autograd.numpy as np

A = np.array([0.0, -0.425, -0.39225, 0.0, 0.0, 0.0])
D = np.array([0.089159, 0.0, 0.0, 0.10915, 0.09465, 0.0823])
ALPHA = np.array([np.pi / 2, 0.0, 0.0, np.pi / 2, -np.pi / 2, 0.0])
JOINTS = np.array([0.3, -1.1, 1.4, -0.5, 0.9, 0.2])
START = JOINTS + np.array([0.2, -0.2, 0.15, 0.1, -0.25, 0.3])


def link(angle: Any, a: Any, d: Any, alpha: Any) -> Any:
    """Return the matrix of Denavit and Hartenberg."""
    c, s = np.cos(angle), np.sin(angle)
    ca, sa = np.cos(alpha), np.sin(alpha)
    return np.array(
        [[c, -s * ca, s * sa, a * c], [s, c * ca, -c * sa, a * s], [0.0, sa, ca, d], [0.0, 0.0, 0.0, 1.0]]
    )


def pose(joints: Any) -> Any:
    """Return the twelve numbers of the hand: how it is turned, and where it is."""
    hand = np.eye(4)
    for angle, a, d, alpha in zip(joints, A, D, ALPHA, strict=True):
        hand = hand @ link(angle, a, d, alpha)
    return np.ravel(hand[:3])


def derivative(made: Any) -> Callable[[], Any]:
    f = made(pose)
    return lambda: f.jacobian(START)


def answer(made: Any) -> Sequence[float]:
    f, joints, damping = made(pose), START, 1e-3
    wanted = pose(JOINTS)
    for _ in range(12):
        j, missing = f.jacobian(joints), wanted - pose(joints)
        joints = joints + np.linalg.solve(j.T @ j + damping * np.eye(6), j.T @ missing)
        damping *= 0.1
    return [float(x) for x in joints]


ANSWER = JOINTS.tolist()


# By CasADi.
DERIVATIVE = [
    0.10055713980070483,
    -0.3243898417659631,
    -0.3243898417659631,
    -0.3243898417659631,
    -0.1259106669089621,
    -7.166858093157847,
    12.950946175155389,
    1.7093416930318452,
]
