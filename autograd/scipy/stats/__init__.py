"""SciPy's distributions on Values and arrays of them: `from autograd.scipy.stats import norm`.

`distribution` is what they share; `continuous` and `discrete` have their densities and distribution functions
as formulas of special functions, `multivariate` the normal distribution of vectors and Dirichlet's; `modules`
lets each be imported as a module.
"""

from . import modules  # noqa: F401 (for `import autograd.scipy.stats.norm`)
from .continuous import beta, chi2, expon, gamma, lognorm, norm, t, uniform, weibull_min
from .discrete import binom, nbinom, poisson
from .multivariate import dirichlet, multivariate_normal
from .refused import __getattr__  # noqa: F401 (for names that are not there)

__all__ = [
    "beta", "binom", "chi2", "dirichlet", "expon", "gamma", "lognorm", "multivariate_normal", "nbinom",
    "norm", "poisson", "t", "uniform", "weibull_min",
]  # fmt: skip
