"""A second result that is not differentiated: JAX's structures, of plain functions and of compiled ones."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograd import Value, compile, grad, hessian, jacobian, jvp, linearize, value_and_grad, vjp

X = np.array([1.0, 2.0])
OTHERS = {"steps": 3, "ok": True, "name": "f", "none": None}


def with_report(x: Any, scale: Any = 2.0) -> Any:
    """Return scale * sum(x**3), and numbers, arrays, text and flags beside it."""
    total = scale * np.sum(x**3)
    return total, {
        "total": total,
        "twice": x * 2.0,
        "steps": 3,
        "ok": True,
        "name": "f",
        "first": [x[0], (1.5,)],
    }


def squares(x: Any) -> Any:
    return x * x, {"sum": np.sum(x)}


def is_report(aux: Any, x: Any = X) -> bool:
    """Say whether that is what comes with plain numbers in the place of Values."""
    arrays = type(aux["twice"]) is np.ndarray and aux["twice"].tolist() == (2.0 * x).tolist()
    rest = {key: aux[key] for key in ("total", "steps", "ok", "name", "first")}
    floats = type(aux["total"]) is float and type(aux["first"][0]) is float
    total = float(2.0 * np.sum(x**3))
    return (
        arrays
        and floats
        and rest == {"total": total, "steps": 3, "ok": True, "name": "f", "first": [x[0], (1.5,)]}
    )


every_form = pytest.mark.parametrize("make", [lambda f: f, compile], ids=["plain", "compiled"])


@every_form
def test_the_second_result_comes_second(make: Any) -> None:
    f = make(with_report)
    slopes, aux = grad(f, has_aux=True)(X)
    assert (slopes.tolist(), is_report(aux)) == ([6.0, 24.0], True)
    slopes, aux = jacobian(f, has_aux=True)(X)
    assert (slopes.tolist(), is_report(aux)) == ([6.0, 24.0], True)
    curvatures, aux = hessian(f, has_aux=True)(X)
    assert (curvatures.tolist(), is_report(aux)) == ([[12.0, 0.0], [0.0, 24.0]], True)


@every_form
def test_with_the_value_it_is_one_of_a_pair(make: Any) -> None:
    (value, aux), slopes = value_and_grad(make(with_report), has_aux=True)(X)
    assert (value, slopes.tolist(), is_report(aux)) == (18.0, [6.0, 24.0], True)
    (value, aux), (by_x, by_scale) = value_and_grad(make(with_report), (0, 1), has_aux=True)(X, 2.0)
    assert (value, by_x.tolist(), by_scale, is_report(aux)) == (18.0, [6.0, 24.0], 9.0, True)


@every_form
def test_of_products_it_is_the_third_part(make: Any) -> None:
    f = make(squares)
    value, pull_back, aux = vjp(f, X, has_aux=True)
    assert (value.tolist(), aux) == ([1.0, 4.0], {"sum": 3.0})
    assert pull_back(np.ones(2))[0].tolist() == [2.0, 4.0]
    value, derivative, aux = jvp(f, (X,), (np.ones(2),), has_aux=True)
    assert (value.tolist(), derivative.tolist(), aux) == ([1.0, 4.0], [2.0, 4.0], {"sum": 3.0})
    value, push_forward, aux = linearize(f, X, has_aux=True)
    assert (value.tolist(), push_forward(np.ones(2)).tolist(), aux) == ([1.0, 4.0], [2.0, 4.0], {"sum": 3.0})


@pytest.mark.parametrize("transform", [grad, value_and_grad, jacobian, hessian])
def test_a_transformation_with_one_can_be_compiled(transform: Any) -> None:
    compiled, plain = compile(transform(with_report, has_aux=True)), transform(with_report, has_aux=True)
    for x in (X, X * 1.5, X):
        aux, expected = [
            out[0][1] if transform is value_and_grad else out[1] for out in (compiled(x), plain(x))
        ]
        assert is_report(aux, x)
        assert is_report(expected, x)
        np.testing.assert_array_equal(
            compiled(x)[1 if transform is value_and_grad else 0],
            plain(x)[1 if transform is value_and_grad else 0],
        )


def test_in_a_transformation_around_it_the_second_result_has_derivatives() -> None:
    def outer(x: Any) -> Any:
        slopes, aux = grad(with_report, has_aux=True)(x)
        assert isinstance(aux["total"], Value)
        return aux["total"] * slopes[0]  # 2 (x0**3 + x1**3) 6 x0**2

    # by x0: 6 x0**2 * 6 x0**2 + 2 (x0**3 + x1**3) 12 x0; by x1: 6 x1**2 * 6 x0**2
    assert grad(outer)(X).tolist() == [36.0 + 216.0, 144.0]


@pytest.mark.parametrize("transform", [grad, value_and_grad, jacobian, hessian])
@pytest.mark.parametrize("out", [1.0, (1.0,), (1.0, 2.0, 3.0), [1.0, 2.0]])
def test_what_returns_no_pair_is_an_error(transform: Any, out: Any) -> None:
    with pytest.raises(TypeError, match=r"with has_aux=True .* must return a pair"):
        transform(lambda x: out, has_aux=True)(X)
