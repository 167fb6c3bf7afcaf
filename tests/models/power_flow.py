"""Power flow: the voltages of the IEEE's network of 14 buses, by Newton's method with a sparse Jacobian.

University of Washington, Power Systems Test Case Archive, 1962. The archive has the voltages to three
digits, for example 1.036 at -16.04 degrees at bus 14; PYPOWER, an independent program, those beside which
they are held.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from scipy.sparse.linalg import spsolve

import autograd.numpy as np
from autograd import jacobian

from .data import BRANCHES, BUSES, admittances

G, B = admittances(BUSES, BRANCHES)
KIND, POWER, REACTIVE, SET = BUSES[:, 0], BUSES[:, 1], BUSES[:, 2], BUSES[:, 4]
FREE_ANGLE, FREE_SIZE = np.flatnonzero(KIND < 3), np.flatnonzero(KIND < 2)
FLAT = np.concatenate([np.zeros(len(FREE_ANGLE)), np.ones(len(FREE_SIZE))])


def voltages(x: Any) -> tuple[Any, Any]:
    """Return angles and sizes at all buses: some are held, the others are unknown."""
    angle, size = np.zeros(len(BUSES)), np.array(SET)
    angle[FREE_ANGLE] = x[: len(FREE_ANGLE)]
    size[FREE_SIZE] = x[len(FREE_ANGLE) :]
    return angle, size


def mismatch(x: Any) -> Any:
    angle, size = voltages(x)
    apart = angle[:, None] - angle[None, :]
    p = size * np.sum((G * np.cos(apart) + B * np.sin(apart)) * size, axis=1)
    q = size * np.sum((G * np.sin(apart) - B * np.cos(apart)) * size, axis=1)
    return np.concatenate([(p - POWER)[FREE_ANGLE], (q - REACTIVE)[FREE_SIZE]])


def derivative(made: Any) -> Callable[[], Any]:
    slopes = jacobian(made(mismatch), sparse=True)
    return lambda: slopes(FLAT)


def answer(made: Any) -> Sequence[float]:
    """Return the sizes of the voltages and their angles in degrees, at buses 4, 5, 9 and 14."""
    slopes, x = jacobian(made(mismatch), sparse=True), FLAT
    for _ in range(6):
        x = x - spsolve(slopes(x).tocsc(), mismatch(x))
    angle, size = voltages(x)
    shown = [3, 4, 8, 13]
    return [*size[shown], *np.degrees(angle[shown])]


# By CasADi.
DERIVATIVE = [
    32.72764358666335,
    -5.047017463522684,
    -5.346051050536326,
    -5.4276541308783495,
    0.0,
    60.53333335437728,
    14356.465502077215,
    -0.14649058414204275,
]
# By PYPOWER, which solves to 1e-13.
ANSWER = [
    1.017670853691765, 1.019513859819061, 1.055931720636972, 1.035529945853567,
    -10.31290109233159, -8.773853898295355, -14.938521295229044, -16.033644529205535,
]  # fmt: skip
