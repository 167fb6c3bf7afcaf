"""The names of HIPS autograd: their arguments, their results, any nesting; what is refused."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pytest

from autograd import (
    Value,
    compile,
    deriv,
    elementwise_grad,
    grad,
    grad_and_aux,
    grad_named,
    hessian_tensor_product,
    hessian_vector_product,
    make_ggnvp,
    make_hvp,
    make_jvp,
    make_jvp_reversemode,
    make_vjp,
    math,
    multigrad_dict,
    tensor_jacobian_product,
    vector_jacobian_product,
)

X = np.array([0.5, -0.25, 0.125])
MATRIX = np.array([[1.0, 2.0, 0.5], [0.5, -1.0, 3.0]])
FACTORIES = [deriv, elementwise_grad, grad_and_aux, make_hvp, make_jvp, make_jvp_reversemode, make_vjp]
PRODUCTS = [hessian_tensor_product, tensor_jacobian_product]
every_factory = pytest.mark.parametrize("factory", FACTORIES + PRODUCTS, ids=lambda f: str(f.__name__))


def affine_tanh(x: Any, matrix: Any = MATRIX) -> Any:
    """Return tanh(A x), whose Jacobian is diag(1 - tanh(A x)**2) A."""
    return np.tanh(matrix @ x)


SLOPES = 1.0 / np.cosh(MATRIX @ X) ** 2
JACOBIAN = SLOPES[:, None] * MATRIX


def cube(x: Any) -> Any:
    return x**3


def sum_of_cubes(x: Any, scale: Any = 1.0) -> Any:
    return scale * sum(x**3)


# elementwise_grad and deriv


def test_elementwise_grad_gives_each_elements_derivative() -> None:
    np.testing.assert_allclose(elementwise_grad(np.tanh)(X), 1.0 - np.tanh(X) ** 2, rtol=1e-15)
    np.testing.assert_array_equal(elementwise_grad(elementwise_grad(cube))(X), 6.0 * X)
    assert elementwise_grad(cube)(2.0) == 12.0
    assert elementwise_grad(lambda xs: {"a": xs[0] ** 2, "b": [xs[1] * 3.0]})((2.0, 5.0)) == (4.0, 3.0)


def test_elementwise_grad_sums_where_results_depend_on_other_elements() -> None:
    np.testing.assert_allclose(elementwise_grad(affine_tanh)(X), JACOBIAN.sum(axis=0), rtol=1e-14)


def test_elementwise_grad_of_a_result_that_does_not_depend_on_the_argument_is_0() -> None:
    assert elementwise_grad(lambda x: [1.0, x[1] * 0.0 + 2.0])([3.0, 4.0]) == [0.0, 0.0]


def test_deriv_is_the_derivative_in_the_direction_of_ones() -> None:
    assert deriv(lambda t: [t**2, 5.0])(3.0) == [6.0, 0.0]
    np.testing.assert_allclose(deriv(affine_tanh)(X), JACOBIAN.sum(axis=1), rtol=1e-14)
    assert deriv(deriv(cube))(2.0) == 12.0
    assert deriv(lambda x, y: x * y, (0, 1))(3.0, 4.0) == 7.0


# make_vjp, make_jvp, make_hvp, make_ggnvp


def test_make_vjp_gives_a_function_that_carries_gradients_back_and_the_value() -> None:
    pull_back, value = make_vjp(affine_tanh)(X)
    np.testing.assert_allclose(value, np.tanh(MATRIX @ X), rtol=1e-15)
    for gradient in (np.array([1.0, 0.0]), np.array([-2.0, 3.0])):
        np.testing.assert_allclose(pull_back(gradient), gradient @ JACOBIAN, rtol=1e-14)


def test_argnum_chooses_the_argument_and_several_give_tuples() -> None:
    def f(x: Any, y: Any, power: int = 1) -> Any:
        return x * y**power

    assert make_vjp(f, 1)(3.0, 4.0, power=2)[0](1.0) == 24.0
    assert make_vjp(f, argnum=-1)(3.0, 4.0)[0](1.0) == 3.0
    assert grad(f, argnum=1)(3.0, 4.0) == 3.0  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="argnum"):
        grad(f, argnum=1, argnums=0)  # type: ignore[call-arg]
    assert make_vjp(f, [1, 0])(3.0, 4.0)[0](2.0) == (6.0, 8.0)
    assert make_jvp(f, (0, 1))(3.0, 4.0)((1.0, 10.0)) == (12.0, 34.0)
    assert elementwise_grad(f, (0, 1))(3.0, 4.0) == (4.0, 3.0)


def test_make_jvp_gives_a_function_of_directions() -> None:
    push_forward = make_jvp(affine_tanh)(X)
    for direction in (np.array([1.0, 0.0, 0.0]), np.array([0.1, -2.0, 3.0])):
        value, derivative = push_forward(direction)
        np.testing.assert_allclose(value, np.tanh(MATRIX @ X), rtol=1e-15)
        np.testing.assert_allclose(derivative, JACOBIAN @ direction, rtol=1e-14)
        np.testing.assert_array_equal(make_jvp_reversemode(affine_tanh)(X)(direction), derivative)


def test_make_hvp_multiplies_by_the_hessian_and_gives_the_gradient() -> None:
    product, gradient = make_hvp(sum_of_cubes)(X)
    np.testing.assert_array_equal(gradient, 3.0 * X**2)
    np.testing.assert_array_equal(product(np.array([1.0, 2.0, 0.0])), 6.0 * X * [1.0, 2.0, 0.0])
    np.testing.assert_array_equal(product(np.array([0.0, 0.0, 1.0])), 6.0 * X * [0.0, 0.0, 1.0])


def test_make_ggnvp_multiplies_by_the_gauss_newton_matrix() -> None:
    v = np.array([0.1, -2.0, 3.0])
    np.testing.assert_allclose(make_ggnvp(affine_tanh)(X)(v), JACOBIAN.T @ (JACOBIAN @ v), rtol=1e-13)
    curvature = np.diag(6.0 * np.tanh(MATRIX @ X))  # of the sum of cubes
    found = make_ggnvp(affine_tanh, sum_of_cubes)(X)(v)
    np.testing.assert_allclose(found, JACOBIAN.T @ (curvature @ (JACOBIAN @ v)), rtol=1e-13)
    assert make_ggnvp(lambda scale, x: [scale * x], None, 1)(3.0, 2.0)(1.0) == 9.0


# Products whose last argument is what is multiplied with


@pytest.mark.parametrize("product", [hessian_tensor_product, hessian_vector_product])
def test_the_vector_of_a_hessian_vector_product_stands_last(product: Any) -> None:
    v = np.array([1.0, 0.0, -1.0])
    np.testing.assert_array_equal(product(sum_of_cubes)(X, 2.0, v), 12.0 * X * v)
    tensor = np.array([[1.0, 0.0], [0.0, 2.0]])
    found = product(lambda m: np.sum(m**3))(np.ones((2, 2)), tensor)
    np.testing.assert_array_equal(found, 6.0 * tensor)


@pytest.mark.parametrize("product", [tensor_jacobian_product, vector_jacobian_product])
def test_the_jacobian_is_multiplied_from_the_left_by_the_last_argument(product: Any) -> None:
    v = np.array([2.0, -1.0])
    np.testing.assert_allclose(product(affine_tanh)(X, v), v @ JACOBIAN, rtol=1e-14)

    def outer(x: Any) -> Any:
        return x[:, None] * MATRIX[0]

    tensor = np.arange(9.0).reshape(3, 3)
    np.testing.assert_array_equal(product(outer)(X, tensor), tensor @ MATRIX[0])
    # d(x_i m_j)/dx_k, summed over i with a vector: v_k m_j, at [j, k]
    weights = np.array([1.0, 2.0, 3.0])
    np.testing.assert_array_equal(product(outer)(X, weights), np.outer(MATRIX[0], weights))
    assert product(lambda x, y: x * y, 1)(3.0, 4.0, 2.0) == 6.0


# grad_and_aux, grad_named, multigrad_dict


def test_what_is_returned_second_is_handed_on() -> None:
    assert grad_and_aux(lambda x: (x * x, {"at": x, "name": "square"}))(3.0) == (
        6.0,
        {"at": 3.0, "name": "square"},
    )
    assert grad_and_aux(lambda x, y: (x * y, None), 1)(3.0, 4.0) == (3.0, None)


def test_an_argument_is_chosen_by_its_name() -> None:
    assert grad_named(lambda x, y, *, z=2.0: x * y * z, "y")(3.0, 4.0) == 6.0
    with pytest.raises(ValueError, match=r"no positional argument 'z'; it has x, y"):
        grad_named(lambda x, y, *, z=2.0: x * y * z, "z")


def test_multigrad_dict_names_the_gradient_by_each_argument() -> None:
    def f(a: Any, b: Any, *rest: Any, scale: Any = 2.0, **others: Any) -> Any:
        return scale * (a * b + sum(rest) + others.get("offset", 0.0) ** 2)

    assert multigrad_dict(f)(3.0, 4.0, 5.0, 6.0, offset=7.0) == {
        "a": 8.0,
        "b": 6.0,
        "rest": (2.0, 2.0),
        "scale": 72.0,
        "others": {"offset": 28.0},
    }
    assert [*multigrad_dict(f)(3.0, b=4.0)] == ["a", "b", "rest", "scale", "others"]
    assert multigrad_dict(lambda x, name: x * len(name))(3.0, "four") == {"x": 4.0, "name": None}
    with pytest.raises(TypeError, match=r"<lambda> must return a real number"):
        multigrad_dict(lambda x: None)(3.0)


# Nesting, compiling, pickling


def test_they_nest_in_each_other_and_in_transformations() -> None:
    def slope(x: Any) -> Any:
        pull_back, _ = make_vjp(cube)(x)
        return pull_back(x)  # 3 x**3

    assert grad(slope)(2.0) == 36.0
    assert grad(lambda x: make_jvp(cube)(x)(x)[1])(2.0) == 36.0
    assert grad(lambda x: make_hvp(cube)(x)[0](x))(2.0) == 24.0  # 6 x**2
    assert grad(lambda x: make_ggnvp(lambda y: y**2)(x)(1.0))(2.0) == 16.0  # 4 x**2
    x = Value(2.0)
    elementwise_grad(cube)(x).backward()
    assert x.grad == 12.0


def test_they_can_be_compiled() -> None:
    found = compile(lambda x: elementwise_grad(np.tanh)(x) @ x)
    np.testing.assert_allclose(found(X), np.sum((1.0 - np.tanh(X) ** 2) * X), rtol=1e-14)
    at = compile(lambda x: make_vjp(math.sin)(x)[0](2.0))
    assert [at(0.5), at(1.5)] == [2.0 * math.cos(0.5), 2.0 * math.cos(1.5)]


@every_factory
def test_what_they_return_bears_the_name_of_the_function_and_can_be_pickled(factory: Any) -> None:
    made = factory(cube, 0)
    assert made.__name__ == "cube"
    assert repr(made) == f"<{factory.__name__} of cube>".replace("grad_and_aux", "grad")
    twin = pickle.loads(pickle.dumps(made))
    assert repr(twin) == repr(made)


# What is refused


@every_factory
def test_what_is_no_function_is_refused(factory: Any) -> None:
    with pytest.raises(TypeError, match=r"takes a function, not 3\.0"):
        factory(3.0)


def test_directions_and_gradients_must_look_like_what_they_belong_to() -> None:
    with pytest.raises(TypeError, match=r"the gradient with respect to affine_tanh must be shape \(2,\)"):
        make_vjp(affine_tanh)(X)[0](X)
    with pytest.raises(TypeError, match=r"affine_tanh: the direction needs .* must be shape \(3,\)"):
        make_jvp(affine_tanh)(X)(1.0)
    with pytest.raises(TypeError, match=r"affine_tanh: the vector needs .* must be shape \(3,\)"):
        make_ggnvp(affine_tanh)(X)([1.0, 2.0, 3.0])


@pytest.mark.parametrize("product", PRODUCTS)
def test_a_product_needs_something_to_multiply_with(product: Any) -> None:
    with pytest.raises(TypeError, match=r"cube: \w+ takes the arguments of the function and, last,"):
        product(cube)(2.0)
