"""How accurate special functions and their derivatives are, beside SciPy's values: the table of the guide.

    PYTHONPATH=.:tests:tests/ops python tests/ops/special_survey.py

For each function it prints where its numbers are from, the largest relative errors of the value and of the
derivatives of orders 1 to 3 by the last argument, and that of SciPy's value at the same numbers. As in
`survey`, a thousandth of the next derivative times the number counts as size too, for near a zero no function
knows more.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import scipy.special
from exact import variables
from exact_special import EXACT_SPECIAL
from mpmath import mp

from autograd import derivative
from autograd.ops import TABLE

Draw = Callable[[random.Random], tuple[float, ...]]


def _uniform(low: float, high: float, *orders: float) -> Draw:
    if not orders:
        return lambda draw: (draw.uniform(low, high),)
    return lambda draw: (draw.choice(orders), draw.uniform(low, high))


def _gamma_pair(draw: random.Random) -> tuple[float, ...]:
    a = 10.0 ** draw.uniform(-1.0, 2.5)
    return a, a * 10.0 ** draw.uniform(-0.5, 0.3)


def _both(draw: random.Random) -> tuple[float, ...]:
    return draw.uniform(0.0, 20.0), draw.uniform(1e-3, 20.0)


ROWS: dict[str, tuple[str, Draw]] = {
    "gammaln": ("0 < x < 200", _uniform(1e-6, 200.0)),
    "gamma": ("0 < x < 170", _uniform(1e-3, 170.0)),
    "erfcx": ("-26 < x < 100", _uniform(-26.0, 100.0)),
    "erfinv": ("-1 < x < 1", _uniform(-1.0, 1.0)),
    "ndtr": ("-37 < x < 8", _uniform(-37.0, 8.0)),
    "log_ndtr": (
        "-1000 < x < 8",
        lambda draw: (draw.choice([-1.0, 0.008]) * 10.0 ** draw.uniform(-2.0, 3.0),),
    ),
    "ndtri": (
        "1e-300 < p < 1",
        lambda draw: (min(10.0 ** draw.uniform(-300.0, 0.5), draw.uniform(0.0, 1.0)),),
    ),
    "logit": ("0 < p < 1", _uniform(0.0, 1.0)),
    "entr": ("0 < x < 20", _uniform(0.0, 20.0)),
    "xlogy": ("0 < x, y < 20", _both),
    "rel_entr": ("0 < x, y < 20", _both),
    "kl_div": ("0 < x, y < 20", _both),
    "gammainc": ("0.1 < a < 300, x from a/3 to 2a", _gamma_pair),
    "gammaincc": ("0.1 < a < 300, x from a/3 to 2a", _gamma_pair),
    "iv": ("order 0 and 1, -50 < x < 50", _uniform(-50.0, 50.0, 0.0, 1.0)),
    "i0e": ("0 < x < 1000", _uniform(0.0, 1000.0)),
    "i1e": ("0 < x < 1000", _uniform(0.0, 1000.0)),
    "jv": ("order 0 and 1, 0 < x < 100", _uniform(0.0, 100.0, 0.0, 1.0)),
    "yn": ("order 0 and 1, 0 < x < 50", _uniform(0.0, 50.0, 0.0, 1.0)),
}


def worst(name: str, count: int = 60) -> tuple[list[float], float]:
    """Return the largest errors of orders 0 to 3, and of SciPy's value."""
    draw = random.Random(name)
    ours, scipys = [0.0] * 4, 0.0
    theirs: Any = getattr(scipy.special, name)
    for _ in range(count):
        *given, x = ROWS[name][1](draw)
        with mp.workdps(150):
            series = EXACT_SPECIAL[name](*variables(*given, x))
        exact = [series.derivative(0, n) if given else series.derivative(n, 0) for n in range(5)]

        def function(t: Any, given: list[float] = given) -> Any:
            return TABLE[name](*given, t)

        for order in range(4):
            size = max(abs(exact[order]), abs(x * exact[order + 1]) / 1000)
            if not 1e-290 < size < 1e290:
                continue
            got = derivative(function, order)(x) if order else function(x)
            ours[order] = max(ours[order], float(abs(got - exact[order]) / size))
            if order == 0:
                scipys = max(scipys, float(abs(float(theirs(*given, x)) - exact[0]) / size))
    return ours, scipys


if __name__ == "__main__":
    print("| function | numbers | value | order 1 | order 2 | order 3 | SciPy's value |")
    print("|---|---|--:|--:|--:|--:|--:|")
    for name, (where, _) in ROWS.items():
        errors, scipys = worst(name)
        cells = " | ".join(f"{x:.0e}" for x in (*errors, scipys))
        print(f"| `{name}` | {where} | {cells} |", flush=True)
