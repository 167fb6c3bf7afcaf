"""What the models' files say, found without the package: by hand, and by differences of the files."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import mpmath
import numpy as np
import pytest
from scipy.optimize import minimize

import autograd

from . import (
    NAMES,
    data,
    double_pendulum,
    extended_kalman,
    neural_ode,
    physics_informed,
    power_flow,
    through_solvers,
)
from .by_differences import ByDifferences, as_it_was
from .by_hand import asian_option as asian
from .by_hand import double_pendulum as pendulum
from .by_hand import neural_ode as network
from .by_hand import physics_informed as informed
from .telling import told
from .test_models import close, model

BY_HAND = [file.stem for file in (Path(__file__).parent / "by_hand").glob("[a-z]*.py") if file.stem != "adam"]
BY_DIFFERENCES = (
    "kalman", "gaussian_process", "glm", "hidden_markov", "sir", "heat", "inverse_kinematics",
    "power_flow", "lennard_jones", "weibull", "heston", "logistic_regression",
)  # fmt: skip


def by_hand(name: str) -> Any:
    return importlib.import_module(f"{__package__}.by_hand.{name}")


@pytest.mark.parametrize("name", BY_HAND)
def test_what_is_written_out_by_hand_gives_what_the_file_says(name: str) -> None:
    assert close(by_hand(name).derivative(), model(name).DERIVATIVE)
    if hasattr(by_hand(name), "answer"):
        assert close(by_hand(name).answer(), model(name).ANSWER)


@pytest.mark.parametrize("name", BY_DIFFERENCES)
def test_differences_of_the_file_with_numpy_give_what_the_file_says(name: str) -> None:
    names = as_it_was(name)
    assert close(told(names["derivative"](ByDifferences)()), names["DERIVATIVE"])
    if "answer" in names and name != "logistic_regression":  # whose numbers are too unlike for equal steps
        assert close(names["answer"](ByDifferences), names["ANSWER"])


def test_all_models_but_one_are_held_against_either() -> None:
    assert {*NAMES} - {*BY_HAND} - {*BY_DIFFERENCES} == {"through_solvers"}


def test_mpmath_solves_what_solvers_solve() -> None:
    """Derivatives of that are known by the theorem, in the file itself."""
    with mpmath.workdps(30):
        found = [
            mpmath.findroot(lambda x, m=m, e=e: x - e * mpmath.sin(x) - m, 2.0)
            for m, e in through_solvers.ORBITS.tolist()
        ]
        years, root = mpmath.mpf("0.75"), mpmath.sqrt(mpmath.mpf("0.75"))
        for price, strike in through_solvers.OPTIONS.tolist():

            def overpriced(sigma: Any, price: float = price, strike: float = strike) -> Any:
                d = (mpmath.log(100 / strike) + (mpmath.mpf("0.03") + sigma**2 / 2) * years) / (sigma * root)
                discounted = strike * mpmath.exp(mpmath.mpf("-0.03") * years)
                return 100 * mpmath.ncdf(d) - discounted * mpmath.ncdf(d - sigma * root) - price

            found.append(mpmath.findroot(overpriced, 0.3))
    assert [*map(float, found)] == pytest.approx(through_solvers.ANSWER, rel=1e-14)


@pytest.mark.parametrize(
    ("name", "published", "within"),
    [
        ("kalman", [-632.54, 15099.0, 1469.1], [0.005, 2.0, 1.0]),  # found by steps that ended sooner
        ("hidden_markov", [342.3183, 15.472, 26.125], [5e-5, 5e-4, 5e-4]),
        ("lennard_jones", [-44.326801], [5e-7]),
        ("weibull", [-106.6, 2.248, 1.267, 0.732], [0.05, 5e-4, 5e-4, 5e-4]),
        ("logistic_regression", [20.315, 15.0429, -0.2322], [5e-4, 5e-5, 5e-5]),
        ("heston", [5.785155450], [5e-8]),
    ],
)
def test_what_comes_out_has_the_digits_that_were_published(
    name: str, published: list[float], within: list[float]
) -> None:
    assert (np.abs(np.array(model(name).ANSWER) - published) < within).all()


def test_voltages_are_those_of_the_archive() -> None:
    """Which has three digits, and two of degrees: at buses 4, 5, 9 and 14."""
    sizes, degrees = np.split(np.array(power_flow.ANSWER), 2)
    assert sizes == pytest.approx([1.019, 1.02, 1.056, 1.036], abs=1.5e-3)
    assert degrees == pytest.approx([-10.33, -8.78, -14.94, -16.04], abs=0.02)


def test_an_asian_option_is_worth_what_densities_say() -> None:
    """The 150 paths are off by chance only: by less than four standard errors of theirs."""
    at = np.array([asian.SPOT, asian.SIGMA, asian.RATE])
    exact = [asian.exact(*at), *ByDifferences(lambda x: asian.exact(*x)).jacobian(at)]
    for paths, known in (
        (asian.arithmetic(), 0.0),
        (asian.arithmetic() - asian.geometric(), asian.geometric_in_closed_form()),
    ):
        errors = paths.std(axis=1) / np.sqrt(paths.shape[1])
        assert (np.abs(paths.mean(axis=1) + known - exact) < 4 * errors).all()


def test_accelerations_of_the_pendulum_are_those_of_textbooks() -> None:
    draw = np.random.default_rng(0)
    for _ in range(20):
        given = draw.uniform(-3.0, 3.0, 2), draw.uniform(-3.0, 3.0, 2), *draw.uniform(0.5, 2.0, (2, 2))
        ours, theirs = (f.acceleration(*given) for f in (double_pendulum, pendulum))
        assert np.asarray(ours, dtype=float) == pytest.approx(theirs, rel=1e-11, abs=1e-11)


def test_the_pendulum_keeps_its_energy() -> None:
    start, end = double_pendulum.START[:4], np.array(double_pendulum.ANSWER)
    assert pendulum.energy(end) == pytest.approx(pendulum.energy(start), rel=1e-10)
    assert float(np.max(np.abs(end - start))) > 1.0


def test_steps_come_to_the_adjoint_of_the_neural_equation() -> None:
    """By the fourth order: with half the step, what is wrong is a sixteenth."""
    exact = np.array(told(network.by_the_adjoint()))
    slopes = autograd.value_and_grad(neural_ode.loss)
    wrong = []
    for steps in (2, 4):
        found = told(slopes(neural_ode.WEIGHTS, neural_ode.TIMES, neural_ode.SPIRAL, steps))
        wrong.append(np.abs(np.array(found) - exact)[[0, 2, 3, 5, 6, 7]])
    assert wrong[0] / wrong[1] == pytest.approx(16.0, rel=0.3)
    assert (wrong[1] < 1e-5 * np.abs(exact[[0, 2, 3, 5, 6, 7]])).all()


def test_mpmath_bends_the_informed_network_as_it_is_bent() -> None:
    w, b, c, d = informed.START[:10], informed.START[10:20], informed.START[20:30], informed.START[30]

    def u(x: Any) -> Any:
        return mpmath.fsum(mpmath.tanh(w[i] * x + b[i]) * c[i] for i in range(10)) + d

    with mpmath.workdps(40):
        theirs = [float(mpmath.diff(u, x, 2)) for x in physics_informed.INSIDE.tolist()]

    def of_x(x: Any) -> Any:
        return physics_informed.network(physics_informed.WEIGHTS, x)

    bent = autograd.elementwise_grad(autograd.elementwise_grad(of_x))
    assert bent(physics_informed.INSIDE) == pytest.approx(theirs, rel=1e-11)


def test_the_informed_network_learns_the_solution() -> None:
    """u'' = -pi² sin(pi x) with u(0) = u(1) = 0 is solved by sin(pi x)."""
    f = autograd.compile(lambda p: physics_informed.loss(informed.named(p), physics_informed.INSIDE))
    fit = minimize(f.value_and_grad, informed.START, jac=True, method="BFGS", options={"maxiter": 2000})
    x = np.linspace(0.0, 1.0, 101)
    found = physics_informed.network(informed.named(fit.x), x)
    assert float(np.max(np.abs(found - np.sin(np.pi * x)))) < 1e-3


def test_the_filter_finds_the_noises_that_were_drawn() -> None:
    """0.02² / 0.05 of the process, 0.3² of what is seen, to what a hundred numbers tell of variances."""
    assert len(extended_kalman.LONGER) == len(data.pendulum(100))
    _, process, seen = extended_kalman.ANSWER
    assert abs(process - np.log10(0.02**2 / 0.05)) < 0.5
    assert abs(seen - np.log10(0.3**2)) < 0.2
