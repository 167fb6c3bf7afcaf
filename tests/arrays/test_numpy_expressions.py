"""NumPy's functions on arrays of Values, beside floats: numbers, warnings, errors, derivatives, compiled."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy_expressions import EXPRESSIONS, differences, function_of, on_values, outcome

from autograd import compile, jacobian
from autograd.support.refusals import NoDerivativeError

every_expression = pytest.mark.parametrize("text", EXPRESSIONS)


@every_expression
def test_numbers_shapes_and_warnings_are_numpys(text: str) -> None:
    f, x = function_of(text), EXPRESSIONS[text]
    expected, warned = outcome(f, x)
    found, told = outcome(on_values(f), x)
    assert (np.shape(found), told) == (np.shape(expected), warned)
    np.testing.assert_allclose(found, np.asarray(expected, dtype=float), rtol=1e-13, atol=1e-14)


@every_expression
def test_derivatives_are_differences(text: str) -> None:
    f, x = function_of(text), EXPRESSIONS[text]
    np.testing.assert_allclose(jacobian(f)(x), differences(f, x), rtol=1e-6, atol=1e-7)


@every_expression
def test_what_is_compiled_gives_the_same(text: str) -> None:
    f, x = function_of(text), EXPRESSIONS[text]
    compiled = compile(f)
    for at in (x, x * (1.0 + 1e-5), x):
        np.testing.assert_array_equal(compiled(at), on_values(f)(at))


def awkward(x: Any) -> list[Any]:
    """Return arrays of that shape with NaN, infinities, ties and zeros."""
    arrays = [x.copy() for _ in range(3)]
    arrays[0].flat[1] = np.nan
    arrays[1].flat[0] = np.inf
    arrays[2].flat[0], arrays[2].flat[-1] = -np.inf, np.inf
    return [*arrays, np.round(x), np.zeros_like(x)]


@every_expression
def test_awkward_numbers_give_what_numpy_gives(text: str) -> None:
    f = function_of(text)
    for x in awkward(EXPRESSIONS[text]):
        expected, warned = outcome(f, x)
        found, told = outcome(on_values(f), x)
        if isinstance(expected, Exception) or isinstance(found, Exception):
            assert (type(found), "meaning" in str(found)) in (
                (type(expected), False),
                (NoDerivativeError, True),
            ), x
            continue
        assert np.shape(found) == np.shape(expected)
        np.testing.assert_allclose(found, np.asarray(expected, dtype=float), rtol=1e-12, atol=1e-13)
        assert told == warned, x
