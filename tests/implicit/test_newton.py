"""Newton's last steps, and where they end."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pytest

from autograd import implicit, math
from autograd.implicit.newton import System


def settled(equation: Any, x: float) -> tuple[float, float]:
    found, step = System("f", lambda v, _: [equation(v[0])], []).settled([x])
    both, step_of_both = System("f", lambda v, _: [equation(v[0]), v[1] * 1.0], []).settled([x, 0.0])
    assert [*both] == pytest.approx([found[0], 0.0], rel=1e-15)  # beside another one it is the same
    assert step_of_both == pytest.approx(step, rel=1e-3, abs=1e-15, nan_ok=True)
    return float(found[0]), step


def test_some_correct_digits_become_nearly_all() -> None:
    x, step = settled(lambda x: x * x - 2.0, 1.41)
    assert abs(x - 2.0**0.5) < 3e-16
    assert step < 1e-12
    assert settled(lambda x: x - 1.0, 1.0) == (1.0, 0.0)


def test_it_stays_where_no_step_is_known() -> None:
    assert settled(lambda x: x * x + 1.0, 0.0) == (0.0, np.inf)  # the slope is 0
    x, step = settled(lambda x: x * float("inf"), 1.0)
    assert (x, np.isnan(step)) == (1.0, True)
    x, step = settled(lambda x: x * 1e-310 + 1.0, 1.0)  # the step is infinite
    assert (x, np.isnan(step)) == (1.0, True)


def test_a_step_that_leads_nowhere_is_not_gone() -> None:
    assert settled(math.log, 5.0)[0] == 5.0  # to where there is no logarithm
    assert settled(math.atan, 3.0)[0] == 3.0  # to where it is further from 0


def test_without_scipy_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "scipy.optimize", None)
    with pytest.raises(ImportError, match=r"SciPy is needed to solve equations; install it with pip install"):
        implicit.root(lambda x: [x[0] - 1.0, x[1]], [0.0, 0.0])
    assert implicit.root(lambda x: x - 1.0, 0.0) == 1.0  # one number is found without
