"""Chance and chaos: random numbers made by hand, and the logistic map."""

import math


class Generator:
    """Random numbers between 0 and 1, by the minimal standard of Park and Miller."""

    def __init__(self, seed: int) -> None:
        self.state = seed

    def random(self) -> float:
        self.state = 16807 * self.state % (2**31 - 1)
        return self.state / (2**31 - 1)


def box_muller(u1: float, u2: float) -> list[float]:
    radius = math.sqrt(-2.0 * math.log(u1))
    return [radius * math.cos(2.0 * math.pi * u2), radius * math.sin(2.0 * math.pi * u2)]


def asian_option(spot: float, rate: float, volatility: float, strike: float, paths: int = 20) -> float:
    """Return the price of a call on the average of four prices, by simulation."""
    generator = Generator(42)
    total = 0.0
    for _ in range(paths):
        price, average = spot, 0.0
        for _ in range(2):
            for z in box_muller(generator.random(), generator.random()):
                price *= math.exp((rate - volatility**2 / 2.0) * 0.25 + volatility * math.sqrt(0.25) * z)
                average += price / 4.0
        total += max(average - strike, 0.0)
    return math.exp(-rate) * total / paths


def logistic_map(r: float, x: float, steps: int = 12) -> float:
    for _ in range(steps):
        x = r * x * (1.0 - x)
    return x


def lyapunov_exponent(r: float, x: float, steps: int = 12) -> float:
    total = 0.0
    for _ in range(steps):
        total += math.log(abs(r * (1.0 - 2.0 * x)))
        x = r * x * (1.0 - x)
    return total / steps
