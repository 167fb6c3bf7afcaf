"""A distribution where HIPS autograd has a module of its name: `import autograd.scipy.stats.norm as norm`."""

from __future__ import annotations

import sys

from .continuous import beta, chi2, expon, gamma, lognorm, norm, t, uniform, weibull_min
from .discrete import binom, nbinom, poisson
from .multivariate import dirichlet, multivariate_normal

DISTRIBUTIONS = {
    "beta": beta, "binom": binom, "chi2": chi2, "dirichlet": dirichlet, "expon": expon, "gamma": gamma,
    "lognorm": lognorm, "multivariate_normal": multivariate_normal, "nbinom": nbinom, "norm": norm,
    "poisson": poisson, "t": t, "uniform": uniform, "weibull_min": weibull_min,
}  # fmt: skip

for _name, _distribution in DISTRIBUTIONS.items():
    sys.modules[f"{__package__}.{_name}"] = _distribution  # type: ignore[assignment]
