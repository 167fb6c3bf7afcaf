"""SciPy's distributions on Values and arrays of them: `from autograd.scipy.stats import norm`.

`distribution` is what they share; `continuous` and `discrete` have their densities and distribution functions
as formulas of special functions, `multivariate` the normal distribution of vectors and Dirichlet's; `modules`
lets each be imported as a module.
"""

from typing import Any

from ..passing import missing
from . import modules  # noqa: F401 (for `import autograd.scipy.stats.norm`)
from .continuous import beta, chi2, expon, gamma, lognorm, norm, t, uniform, weibull_min
from .discrete import binom, nbinom, poisson
from .multivariate import dirichlet, multivariate_normal

__all__ = [
    "beta", "binom", "chi2", "dirichlet", "expon", "gamma", "lognorm", "multivariate_normal", "nbinom",
    "norm", "poisson", "t", "uniform", "weibull_min",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name.startswith("__"):  # which Python and its tools look for
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}", name=name)
    there = ", ".join(__all__)
    advice = f"for Values there are {there}; for plain numbers take scipy.stats"
    raise missing(__name__, name, (), advice)
