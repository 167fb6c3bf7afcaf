"""Patterns as arrays of flags, and what is said where SciPy is missing."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pytest
from sparse_functions import Drawn, places_of

from autograd import compile, hessian, jacobian
from autograd.sparse import hessian_sparsity, jacobian_sparsity


@pytest.mark.parametrize("seed", range(5))
def test_patterns_are_those_of_the_derivatives_and_all_flags_are_true(seed: int) -> None:
    drawn = Drawn(seed)
    for found, places in (
        (jacobian_sparsity(drawn.terms)(drawn.point), drawn.jacobian_places),
        (hessian_sparsity(drawn.total)(drawn.point), drawn.hessian_places),
        (hessian_sparsity(compile(drawn.total))(drawn.point), drawn.hessian_places),
    ):
        assert places_of(found) == places
        assert found.dtype == np.bool_
        assert found.data.all()


def test_argnums_give_a_pattern_for_each_block() -> None:
    def f(x: Any, y: Any) -> Any:
        return x[0] * y[1]

    (xx, xy), (yx, yy) = hessian_sparsity(f, (0, 1))([0.0], [0.0, 0.0])
    assert [places_of(x) for x in (xx, xy, yx, yy)] == [set(), {(0, 1)}, {(1, 0)}, set()]
    by_y = jacobian_sparsity(f, argnums=1)([0.0], [0.0, 0.0])
    assert places_of(by_y) == {(0, 1)}
    assert jacobian_sparsity(argnums=1)(f)([0.0], [0.0, 0.0]).nnz == 1


def test_without_scipy_the_error_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "scipy.sparse", None)

    def never(x: Any) -> Any:
        raise AssertionError

    for call in (jacobian(never, sparse=True), hessian_sparsity(never), hessian(compile(never), sparse=True)):
        with pytest.raises(ImportError, match=r"SciPy is needed for sparse arrays.*scalar-autograd\[scipy\]"):
            call([1.0])
