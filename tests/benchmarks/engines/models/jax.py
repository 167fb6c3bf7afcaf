"""JAX: each loop a `lax.scan`, of Newton's method a `lax.while_loop`, in 64 bits and compiled."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

from ...models import bodies, epidemic, garch, hidden_markov, kalman, kepler, shooting, straight
from ...works import Task, flat, summary
from ..jax import jax, jnp, versions
from .first import task

lax: Any = jax.lax


def gradient(f: Callable[..., Any], *arguments: Any) -> Callable[[], Any]:
    """Return a call of the function's value and gradient by its first argument, compiled."""
    fast = jax.jit(jax.value_and_grad(f))
    given = [jnp.asarray(argument) for argument in arguments]
    return lambda: jax.block_until_ready(fast(*given))


def garch_loss(parameters: Any, returns: Any) -> Any:
    omega, alpha, beta = parameters

    def turn(variance: Any, x: Any) -> tuple[Any, Any]:
        return omega + alpha * x * x + beta * variance, jnp.log(variance) + x * x / variance

    _, terms = lax.scan(turn, omega / (1.0 - alpha - beta), returns)
    return 0.5 * jnp.sum(terms)


def garch_gradient(size: int, option: str) -> Task:
    returns = garch.simulated(size)
    return task(lambda: gradient(garch_loss, garch.PARAMETERS, returns), flat)


def garch_fit(size: int, option: str) -> Task:
    returns = jnp.asarray(garch.simulated(size))

    def start() -> Callable[[], Any]:
        fast = jax.jit(jax.value_and_grad(garch_loss))
        return lambda: garch.fitted(lambda p: fast(jnp.asarray(p), returns), size)

    return task(start, flat, name="")


def sir(size: int, option: str) -> Task:
    def recovered(rates: Any) -> Any:
        def turn(state: Any, _: Any) -> tuple[Any, None]:
            return epidemic.step(state, rates, epidemic.DAYS / size), None

        state, _ = lax.scan(turn, epidemic.START, None, length=size)
        return state[2]

    return task(lambda: gradient(recovered, epidemic.RATES), flat)


def hidden_markov_loss(parameters: Any, observed: Any) -> Any:
    n = hidden_markov.STATES
    first, turns, means, logarithms = jnp.split(parameters, [n, n + n * n, n + n * n + n])
    turns = jax.nn.softmax(turns.reshape(n, n), axis=1)
    precisions = jnp.exp(-logarithms)

    def turn(before: Any, y: Any) -> tuple[Any, Any]:
        after = before @ turns * precisions * jnp.exp(-0.5 * ((y - means) * precisions) ** 2)
        scale = jnp.sum(after)
        return after / scale, jnp.log(scale)

    _, terms = lax.scan(turn, jax.nn.softmax(first), observed)
    return -jnp.sum(terms)


def kalman_loss(parameters: Any, observed: Any) -> Any:
    damping = parameters[4]
    moves = jnp.array([[1.0, 1.0], [0.0, damping]])
    shaken, blurred = jnp.diag(jnp.exp(parameters[:2])), jnp.diag(jnp.exp(parameters[2:4]))

    def turn(carry: tuple[Any, Any], y: Any) -> tuple[Any, Any]:
        x, p = carry
        x, p = moves @ x, moves @ p @ moves.T + shaken
        s = p + blurred
        determinant = s[0, 0] * s[1, 1] - s[0, 1] * s[1, 0]
        inverted = jnp.array([[s[1, 1], -s[0, 1]], [-s[1, 0], s[0, 0]]]) / determinant
        e = y - x
        term = jnp.log(determinant) + e @ inverted @ e
        gain = p @ inverted
        return (x + gain @ e, p - gain @ p), term

    _, terms = lax.scan(turn, (jnp.zeros(2), jnp.eye(2)), observed)
    return 0.5 * jnp.sum(terms)


def likelihood(model: Any, loss: Callable[..., Any], size: int, option: str) -> Task:
    observed = model.observations(size)
    return task(lambda: gradient(loss, model.PARAMETERS, observed), flat)


def derivative(transform: Any, f: Callable[..., Any], point: Sequence[float], told: Any) -> Task:
    """Return the work of a derivative at a point, an array, compiled."""

    def start() -> Callable[[], Any]:
        fast, x = jax.jit(transform(f)), jnp.asarray(point)
        return lambda: jax.block_until_ready(fast(x))

    return task(start, told)


def bodies_slope(state: Any) -> Any:
    places = state[:6].reshape(3, 2)
    apart = places[None] - places[:, None]
    squares = jnp.sum(apart**2, axis=2) + jnp.eye(3)
    pull = jnp.sum(apart * (squares**-1.5)[:, :, None], axis=1)
    return jnp.concatenate([state[6:], pull.ravel()])


def three_bodies(size: int, option: str) -> Task:
    dt = bodies.TIME / size

    def turn(state: Any, _: Any) -> tuple[Any, None]:
        k1 = bodies_slope(state)
        k2 = bodies_slope(state + 0.5 * dt * k1)
        k3 = bodies_slope(state + 0.5 * dt * k2)
        k4 = bodies_slope(state + dt * k3)
        return state + dt / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4), None

    return derivative(
        jax.jacfwd, lambda start: lax.scan(turn, start, None, length=size)[0], bodies.START,
        lambda found: np.asarray(found).ravel().tolist(),
    )  # fmt: skip


def shooting_hessian(size: int, option: str) -> Task:
    dt = shooting.DT

    def turn(state: Any, u: Any) -> tuple[Any, Any]:
        x, y = state
        return shooting.step(x, y, u, dt), dt * (x * x + y * y + u * u)

    def cost(controls: Any) -> Any:
        (x, y), terms = lax.scan(turn, shooting.START, controls)
        return jnp.sum(terms) + shooting.FINAL * (x * x + y * y)

    return derivative(jax.hessian, cost, shooting.controls(size), shooting.told)


def newton(size: int, option: str) -> Task:
    orbits = kepler.orbits(size)

    def anomaly(mean: Any, eccentricity: Any) -> Any:
        def turn(carry: tuple[Any, Any]) -> tuple[Any, Any]:
            angle, _ = carry
            step = (angle - eccentricity * jnp.sin(angle) - mean) / (1.0 - eccentricity * jnp.cos(angle))
            return angle - step, step

        start = mean + eccentricity * jnp.sin(mean), jnp.ones_like(mean)
        return lax.while_loop(lambda carry: abs(carry[1]) >= kepler.NEAR, turn, start)[0]

    def both(mean: Any, eccentricity: Any) -> tuple[Any, Any]:
        at = mean, eccentricity
        values, slopes = jax.vmap(lambda along: jax.jvp(anomaly, at, (along[0], along[1])))(jnp.eye(2))
        return values[0], slopes

    def start() -> Callable[[], Any]:
        fast, given = jax.jit(jax.vmap(both)), [jnp.asarray(row) for row in orbits]
        return lambda: jax.block_until_ready(fast(*given))

    return task(start, lambda found: summary(*found))


def straight_gradient(size: int, option: str) -> Task:
    lines = straight.lines(size)
    return task(
        lambda: gradient(lambda x: straight.result(x, lines, jnp), straight.point()),
        flat,
        name="",
        nodes=size,
    )


WORKS: dict[str, Callable[[int, str], Task]] = {
    "garch": garch_gradient,
    "garch fit": garch_fit,
    "long garch": garch_gradient,
    "sir": sir,
    "hidden markov": partial(likelihood, hidden_markov, hidden_markov_loss),
    "kalman": partial(likelihood, kalman, kalman_loss),
    "bodies": three_bodies,
    "shooting": shooting_hessian,
    "newton": newton,
    **{f"straight {size}": straight_gradient for size in (1_000, 10_000, 100_000, 1_000_000)},
}

__all__ = ["WORKS", "versions"]
