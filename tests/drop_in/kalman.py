"""A Kalman filter for a body that moves at a constant speed, of which only the place is measured."""

import math


def negative_log_likelihood(
    measured: list[float], process_noise: float, measurement_noise: float, dt: float = 1.0
) -> float:
    place, speed = measured[0], 0.0
    p11, p12, p22 = 10.0, 0.0, 10.0  # the covariance of the two
    total = 0.0
    for z in measured[1:]:
        # Predict
        place += dt * speed
        p11 += dt * (2.0 * p12 + dt * p22) + process_noise * dt**3 / 3.0
        p12 += dt * p22 + process_noise * dt**2 / 2.0
        p22 += process_noise * dt
        # Update
        innovation, variance = z - place, p11 + measurement_noise
        total += 0.5 * (math.log(2.0 * math.pi * variance) + innovation**2 / variance)
        gain1, gain2 = p11 / variance, p12 / variance
        place += gain1 * innovation
        speed += gain2 * innovation
        p11, p12, p22 = (1.0 - gain1) * p11, (1.0 - gain1) * p12, p22 - gain2 * p12
    return total


def step(state: list[float], z: float, process_noise: float, measurement_noise: float) -> list[float]:
    """Return estimate and variance of a scalar random walk after one more measurement."""
    estimate, variance = state
    variance += process_noise
    gain = variance / (variance + measurement_noise)
    return [estimate + gain * (z - estimate), (1.0 - gain) * variance, math.sqrt(variance)]
