"""Equations of motion, step by step."""

import math


def runge_kutta_pendulum(angle: float, speed: float, length: float, seconds: float, steps: int = 40) -> float:
    """Return the angle of a pendulum after some seconds."""
    h = seconds / steps

    def acceleration(angle: float) -> float:
        return -9.81 / length * math.sin(angle)

    for _ in range(steps):
        k1, l1 = speed, acceleration(angle)
        k2, l2 = speed + h / 2 * l1, acceleration(angle + h / 2 * k1)
        k3, l3 = speed + h / 2 * l2, acceleration(angle + h / 2 * k2)
        k4, l4 = speed + h * l3, acceleration(angle + h * k3)
        angle += h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
        speed += h / 6 * (l1 + 2 * l2 + 2 * l3 + l4)
    return angle


def projectile_range(speed: float, degrees: float, drag: float, dt: float = 0.02) -> float:
    """Return how far a ball flies whose air resistance grows with the square of its speed."""
    x, y = 0.0, 0.0
    vx = speed * math.cos(math.radians(degrees))
    vy = speed * math.sin(math.radians(degrees))
    while True:
        v = math.hypot(vx, vy)
        new_x, new_y = x + dt * vx, y + dt * vy
        vx -= dt * drag * v * vx
        vy -= dt * (9.81 + drag * v * vy)
        if new_y < 0.0:
            return x + (new_x - x) * y / (y - new_y)  # where the line between the two meets the ground
        x, y = new_x, new_y


def three_bodies(mass: float, position: list[float], velocity: list[float], steps: int = 25) -> list[float]:
    """Return where a body goes that two fixed masses attract, by the leapfrog method."""
    x, y = position
    vx, vy = velocity
    dt = 0.05

    def pull(x: float, y: float) -> tuple[float, float]:
        ax = ay = 0.0
        for center, m in ((-1.0, 1.0), (1.0, mass)):
            cubed = math.dist((x, y), (center, 0.0)) ** 3
            ax -= m * (x - center) / cubed
            ay -= m * y / cubed
        return ax, ay

    ax, ay = pull(x, y)
    for _ in range(steps):
        vx, vy = vx + dt / 2 * ax, vy + dt / 2 * ay
        x, y = x + dt * vx, y + dt * vy
        ax, ay = pull(x, y)
        vx, vy = vx + dt / 2 * ax, vy + dt / 2 * ay
    return [x, y, vx, vy]
