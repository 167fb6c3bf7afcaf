"""Heston's price of a call by one integral over real numbers, with its derivatives by all parameters.

Heston, Review of Financial Studies 6, 1993, in the form of Albrecher et al., Wilmott Magazine, 2007, which
has no jumps of the logarithm. 5.785155450 is the price in Fang and Oosterlee, SIAM Journal on Scientific
Computing 31, 2008, table 4. Complex numbers are pairs of real ones here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from scipy.special import roots_legendre

import autograd.numpy as np

SPOT, STRIKE, YEARS = 100.0, 100.0, 1.0
START = np.array([1.5768, 0.0398, 0.5751, -0.5711, 0.0175])  # kappa, theta, sigma, rho, v0
NODES, WEIGHTS = roots_legendre(72)
DECAY = 0.04  # the half-line is mapped to (0, 1) by u = -log(t) / DECAY, as Kahl and Jaeckel have it (2005)
U = -np.log((NODES + 1.0) / 2) / DECAY
WEIGHTS = WEIGHTS / (DECAY * (NODES + 1.0))


def log_characteristic(u: Any, params: Any) -> tuple[Any, Any]:
    """Return real and imaginary part of the logarithm of E exp(i (u - i/2) log(S_T / S_0))."""
    kappa, theta, sigma, rho, v0 = params
    # With w = u - i/2:  i w = 1/2 + i u,  w^2 + i w = u^2 + 1/4, a real number
    b_re, b_im = kappa - rho * sigma * 0.5, -rho * sigma * u
    d2_re, d2_im = b_re**2 - b_im**2 + sigma**2 * (u**2 + 0.25), 2 * b_re * b_im
    size = np.sqrt(d2_re**2 + d2_im**2)
    d_re = np.sqrt((size + d2_re) / 2)
    d_im = d2_im / (2 * d_re)
    # g = (b - d) / (b + d)
    n_re, n_im, m_re, m_im = b_re - d_re, b_im - d_im, b_re + d_re, b_im + d_im
    below = m_re**2 + m_im**2
    g_re, g_im = (n_re * m_re + n_im * m_im) / below, (n_im * m_re - n_re * m_im) / below
    # e = exp(-d T), and the logarithm of (1 - g e) / (1 - g)
    fade = np.exp(-d_re * YEARS)
    e_re, e_im = fade * np.cos(d_im * YEARS), -fade * np.sin(d_im * YEARS)
    p_re, p_im = 1 - (g_re * e_re - g_im * e_im), -(g_re * e_im + g_im * e_re)
    log_re = 0.5 * np.log((p_re**2 + p_im**2) / ((1 - g_re) ** 2 + g_im**2))
    log_im = np.arctan2(p_im, p_re) - np.arctan2(-g_im, 1 - g_re)
    # (b - d) (1 - e) / (1 - g e)
    t_re, t_im = n_re * (1 - e_re) + n_im * e_im, n_im * (1 - e_re) - n_re * e_im
    over = p_re**2 + p_im**2
    q_re, q_im = (t_re * p_re + t_im * p_im) / over, (t_im * p_re - t_re * p_im) / over
    mean_re = kappa * theta / sigma**2 * (n_re * YEARS - 2 * log_re)
    mean_im = kappa * theta / sigma**2 * (n_im * YEARS - 2 * log_im)
    return mean_re + v0 / sigma**2 * q_re, mean_im + v0 / sigma**2 * q_im


def price(params: Any) -> Any:
    """Return the price by the integral of Lewis ("Option Valuation under Stochastic Volatility", 2000)."""
    real, imaginary = log_characteristic(U, params)
    integrand = np.exp(real) * np.cos(imaginary + U * np.log(SPOT / STRIKE)) / (U**2 + 0.25)
    return SPOT - np.sqrt(SPOT * STRIKE) / np.pi * np.sum(WEIGHTS * integrand)


def derivative(made: Any) -> Callable[[], Any]:
    f = made(price)
    return lambda: f.value_and_grad(START)


def answer(made: Any) -> Sequence[float]:
    return [derivative(made)()[0]]


ANSWER = [5.785155450]


# By mpmath, to 30 digits, with complex numbers.
DERIVATIVE = [
    5.785155434376189,
    0.8687402705698688,
    62.915182918658364,
    -2.204808563210005,
    0.5805726114167941,
    54.565330893214165,
]
