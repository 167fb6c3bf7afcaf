"""Transformations of compiled functions run programs, and give what those of the function give."""

from __future__ import annotations

import pickle
from math import sin
from operator import mul
from typing import Any

import numpy as np
import pytest

import autograd.math as agm
from autograd import (
    Value,
    compile,
    deriv,
    derivative,
    elementwise_grad,
    grad,
    hessian,
    hessian_vector_product,
    hvp,
    jacobian,
    value_and_grad,
    vector_jacobian_product,
    vmap,
)
from autograd.misc import flatten


def surface(x: Any, y: Any, scale: Any = 1.0) -> Any:
    return scale * agm.sin(x) * y**3 + x / y


def wave(x: Any) -> Any:
    return np.sin(x) * x


POINT = (0.7, 1.3)
TRANSFORMED: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "grad": (lambda f: grad(f), POINT),
    "grad by another": (lambda f: grad(f, 1), POINT),
    "grad by both": (lambda f: grad(f, (0, 1)), POINT),
    "value_and_grad": (lambda f: value_and_grad(f, [0, 1]), POINT),
    "jacobian": (lambda f: jacobian(f, (1, 0)), POINT),
    "hessian": (lambda f: hessian(f, (0, 1)), POINT),
    "hvp": (lambda f: hvp(f, (0, 1)), (*POINT, (1.0, -2.0))),
    "derivative": (lambda f: derivative(f, 4), POINT),
    "deriv": (lambda f: deriv(f, 1), POINT),
    "elementwise_grad": (lambda f: elementwise_grad(f, 1), POINT),
    "hessian_vector_product": (lambda f: hessian_vector_product(f, 1), (*POINT, 3.0)),
    "grad of grad": (lambda f: grad(grad(f), 1), POINT),
    "three times": (lambda f: grad(grad(grad(f, 1), 1)), POINT),
    "derivative of grad": (lambda f: derivative(grad(f, 1), 2), POINT),
    "grad of derivative": (lambda f: grad(derivative(f, 2), 1), POINT),
    "hessian of grad": (lambda f: hessian(grad(f), 1), POINT),
}


@pytest.mark.parametrize("name", TRANSFORMED)
def test_programs_give_what_the_function_gives(name: str) -> None:
    transform, point = TRANSFORMED[name]
    calls: list[Any] = []

    def counted(x: Any, y: Any, scale: Any) -> Any:
        calls.append(x)
        return surface(x, y, scale)

    by_programs, plain = transform(compile(counted, check=False)), transform(surface)
    called = []
    for args in (point, (0.2, 0.9, *point[2:])):
        found, expected = by_programs(*args, scale=2.0), plain(*args, scale=2.0)
        (numbers, together), (expected_numbers, _) = flatten(found), flatten(expected)
        np.testing.assert_allclose(numbers, expected_numbers, rtol=1e-13)
        assert together(expected_numbers) == expected
        called.append(len(calls))
    assert called[0] == called[1]


def test_programs_are_kept_by_the_compiled_function() -> None:
    calls: list[Any] = []

    @compile(check=False)
    def counted(x: Any, y: Any) -> Any:
        calls.append(x)
        return x * y

    assert [grad(counted, 1)(3.0, y) for y in (1.0, 2.0)] == [3.0, 3.0]
    called = len(calls)
    assert grad(counted, argnums=1)(5.0, 2.0) == 5.0
    assert len(calls) == called


def test_arrays() -> None:
    x, v = np.linspace(0.1, 1.0, 7), np.linspace(-1.0, 1.0, 7)
    np.testing.assert_allclose(elementwise_grad(compile(wave))(x), np.sin(x) + x * np.cos(x), rtol=1e-15)
    expected = v * (np.sin(x) + x * np.cos(x))
    np.testing.assert_allclose(vector_jacobian_product(compile(wave))(x, v), expected, rtol=1e-15)


def test_what_is_returned_beside() -> None:
    by_programs = grad(compile(lambda x: (x * x, {"root": x, "name": "square"})), has_aux=True)
    assert by_programs(3.0) == (6.0, {"root": 3.0, "name": "square"})
    assert by_programs(4.0) == (8.0, {"root": 4.0, "name": "square"})


def test_values_are_recorded() -> None:
    x = Value(0.7)
    slope = grad(compile(surface))(x, 1.3)
    slope.backward()
    assert x.grad == pytest.approx(-sin(0.7) * 1.3**3, rel=1e-14)
    assert grad(lambda x: x * grad(compile(surface))(x, 1.3))(0.7) == pytest.approx(
        grad(lambda x: x * grad(surface)(x, 1.3))(0.7), rel=1e-14
    )


def test_batches() -> None:
    xs = np.linspace(0.1, 1.0, 5)
    found = vmap(grad(compile(surface)), in_axes=(0, None))(xs, 1.3)
    np.testing.assert_allclose(found, np.cos(xs) * 1.3**3 + 1 / 1.3, rtol=1e-15)


def test_pickles() -> None:
    slope = pickle.loads(pickle.dumps(grad(compile(mul), (0, 1))))
    assert slope(2.0, 3.0) == (3.0, 2.0)
    assert repr(slope) == "<grad of mul>"


@pytest.mark.parametrize(
    "thing", [True, "a", None, object(), 1j, np.True_, np.array([True]), np.array(["a"]), np.array([1j])]
)
@pytest.mark.parametrize("transformation", [grad, value_and_grad, jacobian, hessian])
def test_what_is_no_number_is_refused_in_the_words_of_the_plain_function(
    transformation: Any, thing: Any
) -> None:
    def product(x: Any, y: Any = 2.0) -> Any:
        return x * y

    compiled = compile(product)
    with pytest.raises(TypeError) as expected:
        transformation(product)(thing)
    for f in (transformation(compiled), getattr(compiled, transformation.__name__)):
        with pytest.raises(TypeError) as found:
            f(thing)
        assert str(found.value) == str(expected.value)


def test_a_vector_in_the_wrong_place_is_refused_before_the_function_is_called() -> None:
    def f(x: Any, y: Any) -> Any:
        return agm.sin(y) * (x * x).sum()  # which raises an error of its own where y is an array

    x = np.ones(3)
    assert hvp(compile(f))(x, x, 1.0) == pytest.approx(hvp(f)(x, x, 1.0))
    with pytest.raises(TypeError) as expected:
        hvp(f)(x, 1.0, x)
    for product in (hvp(compile(f)), compile(f).hvp):
        with pytest.raises(TypeError) as found:
            product(x, 1.0, x)
        assert str(found.value) == str(expected.value)


def test_results_without_gradients_are_named_as_by_the_plain_function() -> None:
    for result in (None, "a", np.zeros(3), np.array([True]), [1.0], [1.0, 2.0]):
        with pytest.raises(TypeError) as expected:
            grad(lambda x, result=result: result)(1.0)
        with pytest.raises(TypeError) as found:
            grad(compile(lambda x, result=result: result))(1.0)
        assert str(found.value) == str(expected.value)


@pytest.mark.parametrize("backend", ["python", "numpy", "llvm"])
@pytest.mark.parametrize("shape", [(1,), (1, 1)])
def test_an_array_of_one_number_has_a_gradient(backend: str | None, shape: tuple[int, ...]) -> None:
    compiled = compile(lambda x: np.sum(np.sin(x), keepdims=True).reshape(shape), backend=backend)
    for turn in range(3):
        x = np.array([[0.3, 0.4 + turn], [1.0, 2.0]])
        value, gradient = value_and_grad(compiled)(x)
        assert (value.shape, gradient.shape) == (shape, x.shape)
        assert value.sum() == pytest.approx(np.sin(x).sum(), rel=1e-15)
        assert gradient == pytest.approx(np.cos(x), rel=1e-15)
        assert grad(compiled)(x) == pytest.approx(np.cos(x), rel=1e-15)
        assert hvp(compiled)(x, x) == pytest.approx(-np.sin(x) * x, rel=1e-15)
        second = hessian(compiled)(x).reshape(4, 4)
        assert second == pytest.approx(-np.diag(np.sin(x).ravel()), rel=1e-15)
    points = np.linspace(0.0, 1.0, 12).reshape(3, 2, 2)
    values, gradients = vmap(compiled).value_and_grad(points)
    assert values.shape == (3, *shape)
    assert values.ravel() == pytest.approx(np.sin(points).sum(axis=(1, 2)), rel=1e-15)
    assert gradients == pytest.approx(np.cos(points), rel=1e-15)


def test_what_cannot_be_compiled_is_refused() -> None:
    with pytest.raises(TypeError, match="must return a real number to have a gradient"):
        grad(compile(lambda x: [x, x]))(1.0)
