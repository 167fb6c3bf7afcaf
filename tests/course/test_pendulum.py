"""The pendulum of notebook 18 against closed forms, and the noise of its measurements."""

from __future__ import annotations

from math import cos, exp, pi, sin, sqrt
from statistics import mean, stdev

import pytest

from autograd.course import pendulum
from autograd.course.pendulum import GRAVITY, NOISE, START, TIMES, measure, measurements, swing


def arithmetic_geometric_mean(a: float, b: float) -> float:
    while abs(a - b) > 1e-15:
        a, b = (a + b) / 2, sqrt(a * b)
    return a


def test_without_friction_a_wide_swing_has_the_period_of_the_elliptic_integral() -> None:
    # Period 2 pi sqrt(L/g) / agm(1, cos(start/2)), after Gauss; this length makes it two seconds.
    length = GRAVITY * (arithmetic_geometric_mean(1.0, cos(START / 2)) / pi) ** 2
    angles = dict(zip(TIMES, swing(length, 0.0), strict=True))
    assert [angles[t] for t in (1.0, 2.0, 3.0, 4.0, 5.0, 6.0)] == pytest.approx([-START, START] * 3, abs=1e-7)
    assert [angles[t] for t in (0.5, 1.5, 2.5)] == pytest.approx([0.0] * 3, abs=1e-6)


def test_a_small_swing_decays_as_the_damped_oscillator(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pendulum, "START", 1e-5)
    length, friction = 0.7, 0.4
    omega = sqrt(GRAVITY / length - friction**2 / 4)
    wanted = [
        1e-5 * exp(-friction * t / 2) * (cos(omega * t) + friction / (2 * omega) * sin(omega * t))
        for t in TIMES
    ]
    assert swing(length, friction) == pytest.approx(wanted, abs=1e-11)


def test_measurements_have_errors_of_the_size_that_is_told() -> None:
    times, angles = measurements()
    errors = [measured - true for measured, true in zip(angles, swing(0.6, 0.2), strict=True)]
    assert times == TIMES
    assert abs(mean(errors)) < 3 * NOISE / sqrt(60)
    assert stdev(errors) == pytest.approx(NOISE, rel=0.3)
    assert measure(0.6, 0.2, seed=1) != measure(0.6, 0.2, seed=2)
