"""What is said to who asks SciPy's names for what is not there: the same plainly and compiled."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable
from typing import Any

import numpy
import pytest
import scipy.linalg
import scipy.sparse

import autograd.numpy as np
from autograd import Value, compile, custom_gradient, custom_vjp, grad, implicit, linalg
from autograd.scipy import linalg as scipys_linalg
from autograd.scipy import special, stats

MATRIX = numpy.array([[2.0, 1.0], [1.0, 3.0]])
VECTOR = numpy.array([1.0, 2.0])


def told(call: Callable[[], Any]) -> str:
    with pytest.raises(Exception) as caught:  # noqa: PT011 (it is compared by its text)
        call()
    notes = "; ".join(getattr(caught.value, "__notes__", []))
    return f"{type(caught.value).__name__}: {caught.value} {notes}"


@pytest.mark.parametrize(
    ("f", "argument", "expected"),
    [
        (
            lambda a: scipys_linalg.schur(a)[0].sum(),
            MATRIX,
            "TypeError: SciPy's schur does not work on",
        ),
        (lambda a: scipys_linalg.choleski(a), MATRIX, "linalg has no 'choleski'; did you mean 'cholesky'"),
        (lambda x: special.gamaln(x), 1.0, "autograd.scipy.special has no 'gamaln'; did you mean 'gammaln'"),
        (lambda x: stats.cauchy.pdf(x), 1.0, "no 'cauchy'; for Values there are beta, .* take scipy.stats"),
        (lambda x: special.polygamma(-1, x), 1.0, "whole number of 0 or more, not -1"),
        (lambda x: special.polygamma([0, 1.5], x).sum(), 1.0, r"whole number of 0 or more, not \[0, 1.5\]"),
        (
            lambda b: linalg.solve(scipy.sparse.eye(2), b).sum(),
            VECTOR,
            "the matrix: .* it is a sparse matrix; take the array that its .toarray",
        ),
        (lambda x: scipy.sparse.csr_array(MATRIX) * x, 1.0, "sparse matrix; take the array"),
        (lambda x: (scipy.sparse.csr_array(MATRIX) @ x).sum(), VECTOR, r"Write A.toarray\(\) @ x"),
        (lambda a: np.linalg.solve(a, None).sum(), MATRIX, "the matrix: cannot use 'NoneType'"),
        (
            lambda x: stats.multivariate_normal.logpdf(x, numpy.zeros(2), numpy.ones((2, 2))),
            VECTOR,
            "LinAlgError: multivariate_normal: the covariance is not positive definite",
        ),
        (
            lambda x: numpy.linalg.solve(numpy.array([[x, 1.0], [1.0, 2.0]]), VECTOR).sum(),
            3.0,
            "ufunc .* import autograd.numpy as np makes",
        ),
        (lambda x: numpy.zeros(3).__setitem__(0, x), 1.0, "silently.* import autograd.numpy as np"),
        (
            lambda p: implicit.minimum(lambda x, p: (x - p) ** 2, 1.0, p, constraints=3),
            1.0,
            "constraints is a function to be 0, or a list of such, not 3",
        ),
        (
            lambda p: implicit.minimum(lambda x, p: (x - p) ** 2, 1.0, p, bounds=(2.0, 1.0)),
            1.0,
            r"least number of a bound is above the greatest: \(2.0, 1.0\)",
        ),
    ],
)
def test_a_misuse_is_told_plainly_and_compiled(f: Any, argument: Any, expected: str) -> None:
    plain = told(lambda: grad(f)(argument))
    assert plain == told(lambda: compile(f).grad(argument))
    assert re.search(expected, plain)


@pytest.mark.parametrize("module", ["linalg", "special", "stats"])
def test_a_name_that_is_not_there_cannot_be_imported(module: str) -> None:
    with pytest.raises(ImportError, match=f"autograd.scipy.{module} has no 'nothing_such'"):
        exec(f"from autograd.scipy.{module} import nothing_such")
    assert not hasattr(importlib.import_module(f"autograd.scipy.{module}"), "nothing_such")


def test_scipys_functions_are_as_they_are_for_plain_numbers() -> None:
    assert np.array_equal(scipys_linalg.schur(MATRIX)[0], scipy.linalg.schur(MATRIX)[0])
    assert scipys_linalg.schur.__doc__ == scipy.linalg.schur.__doc__
    assert scipys_linalg.LinAlgError is scipy.linalg.LinAlgError
    with pytest.raises(ValueError, match="expected square matrix"):
        scipys_linalg.schur(VECTOR[None])
    x = Value(1.0)
    assert scipys_linalg.circulant(np.array([x, 2.0]))[0, 0] is x


@pytest.mark.parametrize("name", ["log", "root", "sqrt", "hypot"])
@pytest.mark.parametrize("kind", ["gradient", "vjp"])
def test_an_error_of_a_function_with_the_name_of_a_primitive_comes_out(name: str, kind: str) -> None:
    def f(x: Any, y: Any) -> Any:
        if x > 1.0:
            raise ValueError("beyond 1")
        return x * y

    f.__name__ = f.__qualname__ = name
    if kind == "gradient":
        g: Any = custom_gradient(lambda x, y: (y, x))(f)
    else:
        g = custom_vjp(f)
        g.defvjp(lambda x, y: (f(x, y), (x, y)), lambda r, d: (d * r[1], d * r[0]))
    fast = compile(lambda x: g(x, 2.0 * x))
    for x in (0.5, 2.0, 0.25):
        if x > 1.0:
            with pytest.raises(ValueError, match="beyond 1"):
                fast.grad(x)
        else:
            assert fast.grad(x) == 4.0 * x
