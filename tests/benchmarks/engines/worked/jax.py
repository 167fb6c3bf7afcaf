"""The models in JAX, in 64 bits: each loop a `lax.scan`, each derivative compiled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from models import data
from models.telling import told

from ...works import Task
from ..jax import jax, jnp, versions
from ..models.first import task

__all__ = ["WORKS", "versions"]

lax: Any = jax.lax
Start = Callable[[], Callable[[], Any]]


def called(transform: Any, f: Callable[..., Any], *arguments: Any) -> Callable[[], Any]:
    """Return a call of a derivative, compiled."""
    fast = jax.jit(transform(f))
    given = jax.tree.map(jnp.asarray, arguments)
    return lambda: jax.block_until_ready(fast(*given))


def value_and_grad(f: Callable[..., Any], *arguments: Any) -> Callable[[], Any]:
    return called(jax.value_and_grad, f, *arguments)


def runge_kutta(f: Any, y: Any, h: Any) -> Any:
    k1 = f(y)
    k2 = f(y + h / 2 * k1)
    k3 = f(y + h / 2 * k2)
    k4 = f(y + h * k3)
    return y + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)


def kalman() -> Callable[[], Any]:
    def loss(params: Any, y: Any) -> Any:
        noise, level, slope = jnp.exp(params)
        design, turn = jnp.array([[1.0, 0.0]]), jnp.array([[1.0, 1.0], [0.0, 1.0]])
        added = jnp.diag(jnp.array([level, slope]))

        def step(state: Any, seen: Any) -> tuple[Any, Any]:
            a, p = state
            v = seen - design @ a
            f = design @ p @ design.T + noise * jnp.eye(1)
            gain = turn @ p @ design.T @ jnp.linalg.inv(f)
            term = jnp.log(2 * jnp.pi) + jnp.linalg.slogdet(f)[1] + v @ jnp.linalg.solve(f, v)
            return (turn @ a + gain @ v, turn @ p @ (turn - gain @ design).T + added), term

        _, terms = lax.scan(step, (jnp.zeros(2), 1e7 * jnp.eye(2)), y[:, None])
        return 0.5 * jnp.sum(terms[1:])

    return value_and_grad(loss, np.log(np.array([15000.0, 1500.0, 10.0])), data.NILE)


def gaussian_process() -> Callable[[], Any]:
    def loss(params: Any, x: Any, y: Any) -> Any:
        height, length, noise = jnp.exp(params)
        k = height**2 * jnp.exp(-0.5 * ((x[:, None] - x[None, :]) / length) ** 2) + noise**2 * jnp.eye(len(x))
        factor = jnp.linalg.cholesky(k)
        white = jax.scipy.linalg.solve_triangular(factor, y, lower=True)
        logarithms = jnp.sum(jnp.log(jnp.diag(factor)))
        return 0.5 * white @ white + logarithms + 0.5 * len(x) * jnp.log(2 * jnp.pi)

    return value_and_grad(loss, np.log(np.array([1.0, 0.3, 0.2])), *data.noisy_wave())


def glm() -> Callable[[], Any]:
    def loss(beta: Any, design: Any, counts: Any) -> Any:
        eta = design @ beta
        return jnp.sum(jnp.exp(eta) - counts * eta + jax.scipy.special.gammaln(counts + 1.0))

    def both(f: Any) -> Any:
        return lambda *given: (jax.grad(f)(*given), jax.hessian(f)(*given))

    return called(both, loss, np.array([3.0, 0.1, -0.1, 0.2, -0.2]), data.DOBSON_DESIGN, data.DOBSON)


def garch() -> Callable[[], Any]:
    def loss(params: Any, r: Any) -> Any:
        mu, omega, alpha, beta = params
        e = r - mu

        def turn(variance: Any, before: Any) -> tuple[Any, Any]:
            variance = omega + alpha * before**2 + beta * variance
            return variance, variance

        start = jnp.mean(e**2)
        _, later = lax.scan(turn, start, e[:-1])
        sigma2 = jnp.concatenate([start[None], later])
        return 0.5 * jnp.sum(jnp.log(2 * jnp.pi) + jnp.log(sigma2) + e**2 / sigma2)

    return value_and_grad(loss, np.array([0.03, 0.06, 0.12, 0.82]), data.returns())


def hidden_markov() -> Callable[[], Any]:
    def loss(params: Any, counts: Any) -> Any:
        rates = jnp.exp(params[:2])
        leave = jax.nn.sigmoid(params[2:])
        turns = jnp.log(jnp.array([[1.0 - leave[0], leave[0]], [leave[1], 1.0 - leave[1]]]))
        emission = counts[:, None] * jnp.log(rates) - rates
        emission = emission - jax.scipy.special.gammaln(counts + 1.0)[:, None]
        first = jnp.log(jnp.array([leave[1], leave[0]]) / jnp.sum(leave)) + emission[0]

        def turn(alpha: Any, seen: Any) -> tuple[Any, None]:
            return jax.scipy.special.logsumexp(alpha[:, None] + turns, axis=0) + seen, None

        last, _ = lax.scan(turn, first, emission[1:])
        return -jax.scipy.special.logsumexp(last)

    return value_and_grad(loss, np.array([np.log(10.0), np.log(30.0), -2.0, -2.0]), data.EARTHQUAKES)


def sir() -> Callable[[], Any]:
    def residuals(params: Any) -> Any:
        beta, gamma = params

        def change(y: Any) -> Any:
            infections = beta * y[0] * y[1] / data.BOYS
            return jnp.array([-infections, infections - gamma * y[1], gamma * y[1]])

        def day(y: Any, _: Any) -> tuple[Any, Any]:
            y = lax.fori_loop(0, 4, lambda _, y: runge_kutta(change, y, 0.25), y)
            return y, y[1]

        start = jnp.array([data.BOYS - 3.0, 3.0, 0.0])
        _, later = lax.scan(day, start, None, length=len(data.INFLUENZA) - 1)
        return jnp.concatenate([start[1:2], later]) - data.INFLUENZA

    return called(jax.jacfwd, residuals, np.array([2.18e-3 * data.BOYS, 0.44036]))


def heat() -> Callable[[], Any]:
    points, steps, dt = 11, 40, 2e-3
    h = 1.0 / (points - 1)

    def squares(k: Any) -> Any:
        u = jnp.sin(jnp.pi * jnp.linspace(0.0, 1.0, points)).at[0].set(0.0).at[-1].set(0.0)

        def turn(u: Any, _: Any) -> tuple[Any, None]:
            return u.at[1:-1].add(dt * jnp.diff(k * jnp.diff(u) / h) / h), None

        u, _ = lax.scan(turn, u, None, length=steps)
        return jnp.sum(u**2)

    return value_and_grad(squares, np.full(points - 1, 0.9))


def lennard_jones() -> Callable[[], Any]:
    golden = (1 + 5**0.5) / 2
    corners = [
        p for a in (-1.0, 1.0) for b in (-golden, golden) for p in ([0.0, a, b], [a, b, 0.0], [b, 0.0, a])
    ]
    start = 0.6 * np.array([[0.0, 0.0, 0.0], *corners]) + 0.05 * np.cos(np.arange(39.0)).reshape(13, 3)
    i, j = np.triu_indices(13, k=1)

    def energy(r: Any) -> Any:
        inverse6 = 1.0 / jnp.sum((r[i] - r[j]) ** 2, axis=1) ** 3
        return jnp.sum(4.0 * (inverse6**2 - inverse6))

    return value_and_grad(energy, start)


def weibull() -> Callable[[], Any]:
    weeks, ended, treated = data.WEEKS, data.ENDED, data.TREATED

    def loss(params: Any) -> Any:
        sigma = jnp.exp(params["log_scale"])
        z = (jnp.log(weeks) - params["intercept"] - params["treated"] * treated) / sigma
        return -jnp.sum(ended * (z - jnp.log(sigma * weeks)) - jnp.exp(z))

    return value_and_grad(loss, {"intercept": 2.0, "treated": 1.0, "log_scale": 0.0})


def asian_option() -> Callable[[], Any]:
    paths, dates, years, strike = 150, 12, 1.0, 100.0

    def price(params: Any, normals: Any) -> Any:
        spot, sigma, rate = params
        dt = years / dates
        steps = (rate - 0.5 * sigma**2) * dt + sigma * jnp.sqrt(dt) * normals
        means = jnp.mean(spot * jnp.exp(jnp.cumsum(steps, axis=1)), axis=1)
        return jnp.exp(-rate * years) * jnp.mean(jnp.maximum(means - strike, 0.0))

    normals = np.random.default_rng(5).standard_normal((paths, dates))
    return value_and_grad(price, np.array([100.0, 0.2, 0.05]), normals)


def double_pendulum() -> Callable[[], Any]:
    """By JAX's own nested derivatives, as its people write it."""
    steps, dt, gravity = 8, 0.05, 9.81

    def lagrangian(q: Any, v: Any, masses: Any, lengths: Any) -> Any:
        y = -jnp.cumsum(lengths * jnp.cos(q))
        vx, vy = jnp.cumsum(lengths * jnp.cos(q) * v), jnp.cumsum(lengths * jnp.sin(q) * v)
        return jnp.sum(masses * (vx**2 + vy**2)) / 2 - gravity * jnp.sum(masses * y)

    def acceleration(q: Any, v: Any, *rest: Any) -> Any:
        mass = jax.hessian(lagrangian, 1)(q, v, *rest)
        mixed = jax.jacfwd(jax.grad(lagrangian, 1), 0)(q, v, *rest)
        return jnp.linalg.solve(mass, jax.grad(lagrangian)(q, v, *rest) - mixed @ v)

    def end(given: Any) -> Any:
        rest = given[4:6], given[6:]

        def turn(state: Any, _: Any) -> tuple[Any, None]:
            q, v = state
            a = acceleration(q, v, *rest)
            after = acceleration(q + dt * v, v + dt * a, *rest)
            return (q + dt * (v + dt / 2 * a), v + dt / 2 * (a + after)), None

        (q, v), _ = lax.scan(turn, (given[:2], given[2:4]), None, length=steps)
        return jnp.concatenate([q, v])

    return called(jax.jacfwd, end, np.array([1.2, -0.4, 0.3, 0.1, 1.0, 0.8, 0.7, 1.3]))


def neural_ode() -> Callable[[], Any]:
    times, observed = data.spiral()

    def loss(params: Any, times: Any, observed: Any) -> Any:
        def dynamics(y: Any) -> Any:
            return params["w2"] @ jnp.tanh(params["w1"] @ y**3 + params["b1"]) + params["b2"]

        def turn(y: Any, given: Any) -> tuple[Any, Any]:
            h, seen = given
            y = runge_kutta(dynamics, y, h)
            return y, jnp.sum((y - seen) ** 2)

        _, errors = lax.scan(turn, observed[0], (jnp.diff(times), observed[1:]))
        return jnp.sum(errors) / len(times)

    return value_and_grad(loss, data.weights((2, 16, 2), 0.3), times, observed)


def physics_informed() -> Callable[[], Any]:
    def loss(params: Any, points: Any) -> Any:
        def u(x: Any) -> Any:
            return jnp.tanh(params["w1"] * x + params["b1"]) @ params["w2"][0] + params["b2"][0]

        curvature = jax.vmap(jax.grad(jax.grad(u)))(points)
        ends = jax.vmap(u)(jnp.array([0.0, 1.0]))
        return jnp.mean((curvature + jnp.pi**2 * jnp.sin(jnp.pi * points)) ** 2) + 10.0 * jnp.sum(ends**2)

    return value_and_grad(loss, data.weights((1, 10, 1), 1.0), np.linspace(0.0, 1.0, 12)[1:-1])


def extended_kalman() -> Callable[[], Any]:
    dt, gravity = 0.05, 9.8

    def move(x: Any) -> Any:
        return jnp.array([x[0] + dt * x[1], x[1] - dt * gravity * jnp.sin(x[0])])

    def place(x: Any) -> Any:
        return jnp.array([jnp.sin(x[0])])

    def loss(params: Any, seen: Any) -> Any:
        q, r = 10.0 ** params[0], 10.0 ** params[1]
        noise = q * jnp.array([[dt**3 / 3, dt**2 / 2], [dt**2 / 2, dt]])

        def turn(state: Any, z: Any) -> tuple[Any, Any]:
            m, p = state
            a = jax.jacfwd(move)(m)
            m, p = move(m), a @ p @ a.T + noise
            h = jax.jacfwd(place)(m)
            s = h @ p @ h.T + r * jnp.eye(1)
            gain = p @ h.T @ jnp.linalg.inv(s)
            v = z - place(m)
            term = jnp.log(2 * jnp.pi * jnp.linalg.det(s)) + v @ jnp.linalg.solve(s, v)
            return (m + gain @ v, p - gain @ s @ gain.T), term

        _, terms = lax.scan(turn, (jnp.array([1.5, 0.0]), 0.1 * jnp.eye(2)), seen)
        return 0.5 * jnp.sum(terms)

    return value_and_grad(loss, np.array([-1.0, -1.0]), data.pendulum(40))


def heston() -> Callable[[], Any]:
    """With complex numbers, which JAX has."""
    spot, strike, years, decay = 100.0, 100.0, 1.0, 0.04
    nodes, weights = np.polynomial.legendre.leggauss(72)
    u, weights = -np.log((nodes + 1.0) / 2) / decay, weights / (decay * (nodes + 1.0))

    def price(params: Any) -> Any:
        kappa, theta, sigma, rho, v0 = params
        w = u - 0.5j
        b = kappa - rho * sigma * 1j * w
        d = jnp.sqrt(b**2 + sigma**2 * (w**2 + 1j * w))
        g = (b - d) / (b + d)
        e = jnp.exp(-d * years)
        exponent = kappa * theta / sigma**2 * ((b - d) * years - 2 * jnp.log((1 - g * e) / (1 - g)))
        exponent = exponent + v0 / sigma**2 * (b - d) * (1 - e) / (1 - g * e)
        integrand = jnp.real(jnp.exp(exponent + 1j * u * jnp.log(spot / strike))) / (u**2 + 0.25)
        return spot - jnp.sqrt(spot * strike) / jnp.pi * jnp.sum(weights * integrand)

    return value_and_grad(price, np.array([1.5768, 0.0398, 0.5751, -0.5711, 0.0175]))


def logistic_regression() -> Callable[[], Any]:
    def loss(params: Any, x: Any, damaged: Any) -> Any:
        score = params[0] + params[1] * x
        return jnp.sum(jnp.logaddexp(0.0, score) - damaged * score)

    millidegrees = (data.LAUNCH_DEGREES - 32.0) / 1.8 * 1000.0
    return value_and_grad(loss, np.array([0.5, -0.05]), millidegrees, data.SEAL_DAMAGED)


STARTS: dict[str, Start] = {
    "kalman": kalman,
    "gaussian_process": gaussian_process,
    "glm": glm,
    "garch": garch,
    "hidden_markov": hidden_markov,
    "sir": sir,
    "heat": heat,
    "lennard_jones": lennard_jones,
    "weibull": weibull,
    "asian_option": asian_option,
    "double_pendulum": double_pendulum,
    "neural_ode": neural_ode,
    "physics_informed": physics_informed,
    "extended_kalman": extended_kalman,
    "heston": heston,
    "logistic_regression": logistic_regression,
}


def work(start: Start) -> Callable[[int, str], Task]:
    return lambda size, option: task(start, told)


WORKS = {f"model {name.replace('_', ' ')}": work(start) for name, start in STARTS.items()}
