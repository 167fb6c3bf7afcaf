"""A pendulum with friction, and measurements of its angle: the data of the first project of notebook 18.

They are simulated, for the true constants of a real pendulum are known to nobody.
"""

from __future__ import annotations

import random
from math import sin

GRAVITY = 9.81  # metres per second squared
START = 1.2  # radians from hanging straight down, where it is let go
TIMES = [k / 10 for k in range(1, 61)]  # seconds
NOISE = 0.003  # radians, the standard deviation of the error of a measurement
STEPS = 50  # of the simulation, between two measurements


def swing(length: float, friction: float) -> list[float]:
    """Return the angles of a pendulum at `TIMES`, in radians.

    It is let go at rest, and moves by angle″ = -GRAVITY / length * sin(angle) - friction * angle′, which is
    followed by the method of Runge and Kutta of order 4.

    Args:
        length: in metres, more than 0.
        friction: per second.

    >>> f"{max(map(abs, swing(0.6, 0.0))):.2f} {max(map(abs, swing(0.6, 0.2)[10:])):.2f}"
    '1.20 1.00'
    """

    def acceleration(angle: float, speed: float) -> float:
        return -GRAVITY / length * sin(angle) - friction * speed

    angle, speed, h = START, 0.0, 0.1 / STEPS
    angles = []
    for _ in TIMES:
        for _ in range(STEPS):
            a1, v1 = acceleration(angle, speed), speed
            a2, v2 = acceleration(angle + h / 2 * v1, speed + h / 2 * a1), speed + h / 2 * a1
            a3, v3 = acceleration(angle + h / 2 * v2, speed + h / 2 * a2), speed + h / 2 * a2
            a4, v4 = acceleration(angle + h * v3, speed + h * a3), speed + h * a3
            angle += h / 6 * (v1 + 2 * v2 + 2 * v3 + v4)
            speed += h / 6 * (a1 + 2 * a2 + 2 * a3 + a4)
        angles.append(angle)
    return angles


def measure(length: float, friction: float, seed: int) -> list[float]:
    """Return the angles of a pendulum with errors of measurement, in whole thousandths of a radian.

    Args:
        length: in metres.
        friction: per second.
        seed: of the errors.
    """
    rng = random.Random(seed)
    return [round(angle + rng.gauss(0.0, NOISE), 3) for angle in swing(length, friction)]


def measurements() -> tuple[list[float], list[float]]:
    """Return the times, in seconds, and the angles measured then, in radians, of the pendulum of notebook 18.

    >>> times, angles = measurements()
    >>> len(times), times[:3]
    (60, [0.1, 0.2, 0.3])
    """
    return list(TIMES), measure(0.6, 0.2, seed=18)
