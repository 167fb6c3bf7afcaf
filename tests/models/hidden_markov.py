"""A hidden Markov model of earthquakes: a Poisson rate in each of two states, by the forward algorithm.

Zucchini and MacDonald, "Hidden Markov Models for Time Series", 2009. Their table 3.1 has the likelihood at
its maximum, for two states 342.3183.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from scipy.optimize import minimize
from scipy.special import gammaln

import autograd.numpy as np
from autograd.scipy.special import logsumexp

from .data import EARTHQUAKES

START = np.array(
    [np.log(10.0), np.log(30.0), -2.0, -2.0]
)  # of rates the logarithms, of leaving a state the logits


def negative_log_likelihood(params: Any, counts: Any) -> Any:
    rates = np.exp(params[:2])
    leave = 1.0 / (1.0 + np.exp(-params[2:]))
    log_transition = np.log(np.array([[1.0 - leave[0], leave[0]], [leave[1], 1.0 - leave[1]]]))
    log_emission = counts[:, None] * np.log(rates) - rates - gammaln(counts + 1.0)[:, None]
    stationary = np.array([leave[1], leave[0]]) / (leave[0] + leave[1])
    log_alpha = np.log(stationary) + log_emission[0]
    for t in range(1, len(counts)):
        log_alpha = logsumexp(log_alpha[:, None] + log_transition, axis=0) + log_emission[t]
    return -logsumexp(log_alpha)


def derivative(made: Any) -> Callable[[], Any]:
    f = made(negative_log_likelihood)
    return lambda: f.value_and_grad(START, EARTHQUAKES)


def answer(made: Any) -> Sequence[float]:
    f = made(negative_log_likelihood)
    fit = minimize(f.value_and_grad, START, (EARTHQUAKES,), jac=True, method="BFGS", options={"gtol": 1e-8})
    return [fit.fun, *np.exp(fit.x[:2])]


# By JAX.
DERIVATIVE = [
    412.8126753069693,
    -186.42407342834403,
    330.4948709563547,
    -0.9971508263493666,
    -0.8515793723479133,
]
# By JAX and Newton's method; the book has 342.3183, 15.472 and 26.125.
ANSWER = [342.3182667880595, 15.47227699482287, 26.125438510638798]
