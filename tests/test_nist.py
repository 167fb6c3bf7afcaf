"""The nonlinear regressions of NIST, to the digits that are certified, by derivatives of this library.

Statistical Reference Datasets, https://www.itl.nist.gov/div898/strd/nls/nls_main.shtml: 27 problems, 8 of
them of higher difficulty, each from the two starting points that NIST gives. 11 digits are certified of the
parameters, of their standard deviations and of the residual sum of squares.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.optimize import least_squares

from autograd import grad, hessian, jacobian
from autograd.math import atan, cos, exp, log, pi, sin

PROBLEMS = json.loads((Path(__file__).parent / "data" / "nist.json").read_text(encoding="utf-8"))

# The models as NIST writes them, b[1] first.


def _saturation(x: float, b1: Any, b2: Any) -> Any:
    return b1 * (1 - exp(-b2 * x))


def _chwirut(x: float, b1: Any, b2: Any, b3: Any) -> Any:
    return exp(-b1 * x) / (b2 + b3 * x)


def _two_peaks(x: float, b1: Any, b2: Any, b3: Any, b4: Any, b5: Any, b6: Any, b7: Any, b8: Any) -> Any:
    peaks = b3 * exp(-((x - b4) ** 2) / b5**2) + b6 * exp(-((x - b7) ** 2) / b8**2)
    return b1 * exp(-b2 * x) + peaks


def _lanczos(x: float, b1: Any, b2: Any, b3: Any, b4: Any, b5: Any, b6: Any) -> Any:
    return b1 * exp(-b2 * x) + b3 * exp(-b4 * x) + b5 * exp(-b6 * x)


def _cubic_over_cubic(x: float, b1: Any, b2: Any, b3: Any, b4: Any, b5: Any, b6: Any, b7: Any) -> Any:
    return (b1 + b2 * x + b3 * x**2 + b4 * x**3) / (1 + b5 * x + b6 * x**2 + b7 * x**3)


def _enso(x: float, b1: Any, b2: Any, b3: Any, b4: Any, b5: Any, b6: Any, b7: Any, b8: Any, b9: Any) -> Any:
    year, second, third = (2 * pi * x / period for period in (12, b4, b7))
    waves = b5 * cos(second) + b6 * sin(second) + b8 * cos(third) + b9 * sin(third)
    return b1 + b2 * cos(year) + b3 * sin(year) + waves


MODELS: dict[str, Callable[..., Any]] = {
    "Bennett5": lambda x, b1, b2, b3: b1 * (b2 + x) ** (-1 / b3),
    "BoxBOD": _saturation,
    "Chwirut1": _chwirut,
    "Chwirut2": _chwirut,
    "DanWood": lambda x, b1, b2: b1 * x**b2,
    "ENSO": _enso,
    "Eckerle4": lambda x, b1, b2, b3: b1 / b2 * exp(-0.5 * ((x - b3) / b2) ** 2),
    "Gauss1": _two_peaks,
    "Gauss2": _two_peaks,
    "Gauss3": _two_peaks,
    "Hahn1": _cubic_over_cubic,
    "Kirby2": lambda x, b1, b2, b3, b4, b5: (b1 + b2 * x + b3 * x**2) / (1 + b4 * x + b5 * x**2),
    "Lanczos1": _lanczos,
    "Lanczos2": _lanczos,
    "Lanczos3": _lanczos,
    "MGH09": lambda x, b1, b2, b3, b4: b1 * (x**2 + x * b2) / (x**2 + x * b3 + b4),
    "MGH10": lambda x, b1, b2, b3: b1 * exp(b2 / (x + b3)),
    "MGH17": lambda x, b1, b2, b3, b4, b5: b1 + b2 * exp(-x * b4) + b3 * exp(-x * b5),
    "Misra1a": _saturation,
    "Misra1b": lambda x, b1, b2: b1 * (1 - (1 + b2 * x / 2) ** -2),
    "Misra1c": lambda x, b1, b2: b1 * (1 - (1 + 2 * b2 * x) ** -0.5),
    "Misra1d": lambda x, b1, b2: b1 * b2 * x / (1 + b2 * x),
    "Nelson": lambda x, b1, b2, b3: b1 - b2 * x[0] * exp(-b3 * x[1]),
    "Rat42": lambda x, b1, b2, b3: b1 / (1 + exp(b2 - b3 * x)),
    "Rat43": lambda x, b1, b2, b3, b4: b1 / (1 + exp(b2 - b3 * x)) ** (1 / b4),
    "Roszman1": lambda x, b1, b2, b3, b4: b1 - b2 * x - atan(b3 / (x - b4)) / pi,
    "Thurber": _cubic_over_cubic,
}


class Fit:
    """A problem, its residuals and their derivatives."""

    def __init__(self, name: str) -> None:
        problem = PROBLEMS[name]
        self.x = problem["x"]
        self.y = [log(y) for y in problem["y"]] if name == "Nelson" else problem["y"]
        self.model = MODELS[name]
        self.jacobian = jacobian(self.residuals)
        self.gradient = grad(self.sum_of_squares)
        self.hessian = hessian(self.sum_of_squares)

    def residuals(self, b: Any) -> list[Any]:
        return [self.model(x, *b) - y for x, y in zip(self.x, self.y, strict=True)]

    def sum_of_squares(self, b: Any) -> Any:
        return sum(r**2 for r in self.residuals(b))

    def levenberg_marquardt(self, start: list[float]) -> Any:
        """Return what MINPACK finds with our Jacobian: about half of the digits where residuals are large."""

        def residuals(b: Any) -> Any:
            try:
                return np.array(self.residuals(b.tolist()))
            except OverflowError:  # of a step that went much too far, and is to be taken back
                return np.full(len(self.x), 1e150)

        best: Any = least_squares(
            residuals,
            start,
            jac=lambda b: np.array(self.jacobian(b)),
            method="lm",
            x_scale="jac",
            xtol=1e-12,
            ftol=1e-12,
            gtol=1e-12,
            max_nfev=2000,
        )
        return best.x

    def newton_step(self, b: Any) -> Any:
        """Return parameters with twice as many digits right, by our gradient and Hessian."""
        scale = np.linalg.norm(np.array(self.jacobian(b)), axis=0)  # parameters of one problem range over 1e7
        step = np.linalg.solve(self.hessian(b) / np.outer(scale, scale), self.gradient(b) / scale)
        return b - step / scale

    def standard_deviations(self, b: Any) -> Any:
        """Return the square roots of the diagonal of s**2 (J^T J)**-1, from J = Q R."""
        j = np.array(self.jacobian(b))
        scale = np.linalg.norm(j, axis=0)
        inverse = np.linalg.inv(np.linalg.qr(j / scale).R)
        variance = self.sum_of_squares(b.tolist()) / (len(self.x) - len(b))
        return np.sqrt((inverse**2).sum(axis=1) * variance) / scale


def last_place(certified: str) -> float:
    """Return one unit in the last of the digits.

    >>> last_place("2.3894212918E+02")
    1e-08
    """
    return float(Decimal(1).scaleb(int(Decimal(certified).as_tuple().exponent)))


@pytest.mark.parametrize("start", [1, 2])
@pytest.mark.parametrize("name", MODELS)
def test_regressions_reach_all_certified_digits(name: str, start: int) -> None:
    problem = PROBLEMS[name]
    fit = Fit(name)
    b = fit.levenberg_marquardt(problem["starts"][start - 1])
    for _ in range(2):
        b = fit.newton_step(b)

    for found, certified in zip(b, problem["parameters"], strict=True):
        assert abs(found - float(certified)) <= last_place(certified)

    # In Lanczos1 and Lanczos2 residuals of 1e-13 and 1e-6 are left of values about 1, and no floats can
    # show 11 digits of them: each is off by up to the rounding of the value and of the model's three terms.
    certified = problem["residual sum of squares"]
    residuals = fit.residuals(b.tolist())
    found = sum(r * r for r in residuals)
    rounding = sum(2 * abs(r) * 2**-52 * abs(y) for r, y in zip(residuals, fit.y, strict=True))
    assert abs(found - float(certified)) <= last_place(certified) + rounding

    for found, certified in zip(fit.standard_deviations(b), problem["standard deviations"], strict=True):
        noise = found * rounding / fit.sum_of_squares(b.tolist()) / 2  # a square root halves what is relative
        assert abs(found - float(certified)) <= last_place(certified) + noise


def test_gauss_newton_in_plain_python_fits_misra1a() -> None:
    fit = Fit("Misra1a")
    b1, b2 = PROBLEMS["Misra1a"]["starts"][1]
    for _ in range(8):
        rows, r = fit.jacobian([b1, b2]), fit.residuals([b1, b2])
        aa, ab, bb = (sum(row[i] * row[j] for row in rows) for i, j in ((0, 0), (0, 1), (1, 1)))
        ar, br = (sum(row[i] * rest for row, rest in zip(rows, r, strict=True)) for i in (0, 1))
        determinant = aa * bb - ab * ab
        b1 -= (bb * ar - ab * br) / determinant
        b2 -= (aa * br - ab * ar) / determinant
    assert f"{b1:.10E}, {b2:.10E}" == "2.3894212918E+02, 5.5015643181E-04"
    assert f"{fit.sum_of_squares([b1, b2]):.10E}" == "1.2455138894E-01"
