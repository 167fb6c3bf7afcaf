"""SciPy's special functions on Values: what is recorded in the place of a ufunc of `scipy.special`, by its
name.

On arrays that the library made, a function that Python's `math` has gives inf or NaN where that raises.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from typing import Any

import numpy as np

from .. import ops
from . import composed_functions as composed
from .ufunc_table import elementwise_ufunc, in_ieee, quick

_BY_PRIMITIVE: dict[str, ops.Primitive] = {
    **{name: getattr(ops, name) for name in "erf erfc erfcx erfinv ndtr log_ndtr ndtri logit entr".split()},
    **{name: getattr(ops, name) for name in "xlogy xlog1py rel_entr kl_div gammaln gamma".split()},
    **{name: getattr(ops, name) for name in "gammainc gammaincc i0e i1e".split()},
    "psi": ops.digamma,
    "digamma": ops.digamma,
    "expit": ops.sigmoid,
    "log_expit": ops.logsigmoid,
}
_BY_FUNCTION: dict[str, tuple[Callable[..., Any], int]] = {
    "beta": (composed.beta, 2),
    "betaln": (composed.betaln, 2),
    "erfcinv": (composed.erfcinv, 1),
    "exp10": (composed.exp10, 1),
    "exprel": (composed.exprel, 1),
    "boxcox": (composed.boxcox, 2),
    "huber": (composed.huber, 2),
    "pseudo_huber": (composed.pseudo_huber, 2),
    "rgamma": (composed.rgamma, 1),
    "i0": (lambda x: ops.iv(0.0, x), 1),
    "i1": (lambda x: ops.iv(1.0, x), 1),
    "j0": (lambda x: ops.jv(0.0, x), 1),
    "j1": (lambda x: ops.jv(1.0, x), 1),
    "y0": (lambda x: ops.yn(0.0, x), 1),
    "y1": (lambda x: ops.yn(1.0, x), 1),
    "iv": (composed.of_whole_order(ops.iv, "iv"), 2),
    "ive": (composed.of_whole_order(composed.ive, "ive"), 2),
    "jv": (composed.of_whole_order(ops.jv, "jv"), 2),
    "jn": (composed.of_whole_order(ops.jv, "jn"), 2),
    "yv": (composed.of_whole_order(ops.yn, "yv"), 2),
    "yn": (composed.of_whole_order(ops.yn, "yn"), 2),
}
NAMES = frozenset({*_BY_PRIMITIVE, *_BY_FUNCTION})
"""The ufuncs of `scipy.special` that there are on Values."""

_ON_VALUES = {
    **{name: elementwise_ufunc(quick(p), 1) for name, p in _BY_PRIMITIVE.items() if len(p.domain) == 1},
    **{name: elementwise_ufunc(p, 2) for name, p in _BY_PRIMITIVE.items() if len(p.domain) == 2},
    **{name: elementwise_ufunc(function, count) for name, (function, count) in _BY_FUNCTION.items()},
}
_ON_ARRAYS = {
    **_ON_VALUES,
    **{
        name: elementwise_ufunc(in_ieee(primitive), len(primitive.domain))
        for name, primitive in _BY_PRIMITIVE.items()
        if not primitive.never_raises
    },
}

_NEAREST = {
    "betainc": "autograd.scipy.stats.beta.cdf(x, a, b)", "betaincc": "autograd.scipy.stats.beta.sf(x, a, b)",
    "stdtr": "autograd.scipy.stats.t.cdf(t, df)",
    "hyp1f1": "gammainc", "hyp2f1": "betaln", "kn": "iv", "kv": "iv", "k0": "i0", "k1": "i1", "kve": "ive",
    "k0e": "i0e", "k1e": "i1e", "loggamma": "gammaln", "poch": "gammaln", "binom": "betaln",
    "spherical_jn": "jv", "jve": "jv", "gammaincinv": "gammainc", "gammainccinv": "gammaincc",
    "btdtr": "betaln", "gdtr": "gammainc", "pdtr": "gammaincc", "chdtr": "gammainc",
    "log_wright_bessel": "gammaln", "owens_t": "ndtr", "dawsn": "erfcx", "wofz": "erfcx", "erfi": "erfcx",
    "expi": "gammaincc", "exp1": "gammaincc", "expn": "gammaincc", "zeta": "autograd.math.polygamma",
    "spence": "log1p", "boxcox1p": "boxcox", "inv_boxcox": "boxcox", "inv_boxcox1p": "boxcox",
    "cosm1": "autograd.numpy.cos", "ndtri_exp": "ndtri", "log1pmx": "log1p", "lgam1p": "gammaln",
}  # fmt: skip


def is_scipys(ufunc: np.ufunc) -> bool:
    """Say whether a ufunc is one of `scipy.special`, which has to be loaded for that."""
    special = sys.modules.get("scipy.special")
    return special is not None and getattr(special, ufunc.__name__, None) is ufunc


def special_function(name: str, arrays: bool) -> Any:
    """Return what is called in the place of a ufunc of `scipy.special`.

    Args:
        name: that of the ufunc, one of NAMES.
        arrays: whether an operand follows NumPy's rules.
    """
    return (_ON_ARRAYS if arrays else _ON_VALUES)[name]


def not_there(name: str) -> str:
    """Return the message that a ufunc of `scipy.special` does not work on Values, with what is near it."""
    near: Sequence[str] = get_close_matches(name, sorted(NAMES), 1, 0.7)
    nearest = _NEAREST.get(name) or (near[0] if near else None)
    write = f"the nearest that is there is {nearest}" if nearest else f"there are {', '.join(sorted(NAMES))}"
    message = f"SciPy's {name} does not work on Values; {write}"
    return f"{message}; or give it a derivative with autograd.custom_gradient"
