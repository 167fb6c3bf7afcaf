"""Derivatives by structures and arrays, and of results of every form."""

from __future__ import annotations

import math as std
from collections import OrderedDict, defaultdict, namedtuple
from dataclasses import FrozenInstanceError, dataclass, field
from typing import Any, NamedTuple

import numpy as np
import pytest

from autograd import (
    Value,
    derivative,
    grad,
    hessian,
    hvp,
    jacobian,
    jvp,
    value_and_grad,
    vjp,
)


def cubic(x: Any) -> Any:
    """Return x cubed, plus x."""
    return x**3 + x


# Structures


class Point(NamedTuple):
    x: Any
    y: Any


@dataclass
class Model:
    weights: list[Any]
    bias: Any
    name: str | None = "linear"
    on: bool | None = True


@dataclass(frozen=True, slots=True)
class Frozen:
    rate: Any
    inner: Point
    note: str | None = None
    total: Any = field(init=False, default=1.0)


def test_the_gradient_has_the_structure_and_type_of_the_argument() -> None:
    gradient = grad(lambda p: p.x * p.y)(Point(2.0, 3.0))
    assert gradient == Point(3.0, 2.0)
    assert type(gradient) is Point

    assert grad(lambda m: m.weights[0] * m.bias if m.on else 0)(Model([2.0, 5.0], 3.0)) == Model(
        [3.0, 0.0],
        2.0,
        None,
        None,
    )
    frozen = grad(lambda m: m.rate * m.inner.x * m.total)(Frozen(2.0, Point(3.0, 4.0)))
    assert (frozen.rate, frozen.inner, frozen.note, frozen.total) == (3.0, Point(2.0, 0.0), None, 6.0)
    assert type(frozen) is Frozen
    with pytest.raises(FrozenInstanceError):
        frozen.rate = 1.0  # type: ignore[misc]

    ordered = grad(lambda d: d["b"] * d["a"])(OrderedDict(b=2.0, a=3.0))
    assert (type(ordered), list(ordered.items())) == (OrderedDict, [("b", 3.0), ("a", 2.0)])
    counted = grad(lambda d: d[1] ** 2)(defaultdict(int, {1: 3.0}))
    assert (type(counted), counted, counted.default_factory) == (defaultdict, {1: 6.0}, int)
    old_style = namedtuple("old_style", "a b")
    assert grad(lambda t: t.a * t[1])(old_style(2.0, 3.0)) == old_style(3.0, 2.0)


def test_structures_nest_to_any_depth() -> None:
    tree = {"layers": [{"w": np.array([[1.0, 2.0], [3.0, 4.0]]), "b": (0.5, None)}], "name": "net", "f": len}
    gradient = grad(lambda t: np.sum(t["layers"][0]["w"] ** 2) * t["layers"][0]["b"][0])(tree)
    assert gradient["name"] is gradient["f"] is None
    (layer,) = gradient["layers"]
    assert layer["b"] == (30.0, None)
    assert (layer["w"].dtype, layer["w"].tolist()) == (np.float64, [[1.0, 2.0], [3.0, 4.0]])


def test_the_function_gets_what_is_no_number_as_it_is() -> None:
    def f(options: Any) -> Any:
        assert options["name"] == "sum"
        assert options["on"] is True
        assert options["none"] is None
        assert options["apply"] is std.fsum
        assert options["mask"].tolist() == [True, False]
        return options["x"] * 2

    gradient = grad(f)(
        {"name": "sum", "on": True, "none": None, "apply": std.fsum, "x": 1, "mask": np.array([True, False])}
    )
    assert gradient == {"name": None, "on": None, "none": None, "apply": None, "x": 2.0, "mask": None}


def test_the_argument_itself_is_never_changed() -> None:
    def f(x: Any) -> Any:
        x[0] = x[0] * x[1]
        if isinstance(x, list):
            x.append(1.0)
        return x[0]

    numbers, array = [2.0, 3.0], np.array([2.0, 3.0])
    assert grad(f)(numbers) == [3.0, 2.0]
    assert grad(f)(array).tolist() == [3.0, 2.0]
    assert (numbers, array.tolist()) == ([2.0, 3.0], [2.0, 3.0])


class Series:
    """Numbers in a form that only their own library takes apart."""

    def __array__(self) -> Any:
        return np.array([1.0])


def test_structures_without_numbers_have_gradients_without_numbers() -> None:
    assert grad(lambda x: 2.0)([]) == []
    assert grad(lambda x: 2.0)({}) == {}
    assert grad(lambda x: 2.0)({"name": "x"}) == {"name": None}
    assert grad(lambda x: 2.0)(np.zeros((0, 3))).shape == (0, 3)
    assert jacobian(lambda x: [])(3.0) == []
    assert hessian(lambda x: 2.0)([]) == []


@pytest.mark.parametrize(
    ("argument", "message"),
    [
        ("2.0", r"argument 0 of cubic is '2.0' \(str\).*argnums chooses"),
        (True, r"argument 0 of cubic is True \(bool\)"),
        (None, "argument 0 of cubic is None"),
        (len, "argument 0 of cubic is <built-in function len>"),
        (2j, "argument 0 of cubic: cannot use 'complex'.*real numbers"),
        (np.complex64(2), "argument 0 of cubic: cannot use 'complex64'"),
        ([1.0, 2j], r"argument 0 of cubic\[1\]: cannot use 'complex'"),
        ({"a": {1.0, 2.0}}, r"argument 0 of cubic\['a'\] is a set, whose elements have no order"),
        (np.array([1j]), "argument 0 of cubic is an array of complex numbers"),
        (np.ma.masked_array([1.0]), "argument 0 of cubic is a MaskedArray.*plain array"),
        (np.array([1.0, "a"], dtype=object), r"argument 0 of cubic\[1\]: cannot use 'str'"),
        ((x for x in [1.0]), "argument 0 of cubic is a generator.*list, tuple or dict"),
        (10**400, "argument 0 of cubic: int too large"),
        (Series(), "argument 0 of cubic is a Series; use a NumPy array of its numbers"),
        (np.array(["a"]), r"argument 0 of cubic is array\(\['a'\]"),
    ],
)
def test_an_argument_by_which_nothing_can_be_differentiated_is_named(argument: Any, message: str) -> None:
    for transform in (grad, jacobian, hessian):
        with pytest.raises((TypeError, OverflowError), match=message):
            transform(cubic)(argument)


# Arrays


X = np.array([0.1, 0.2, 0.3])
A = np.array([[4.0, 1.0, 0.5], [2.0, 3.0, 0.1], [0.0, 1.0, 2.0]])


def test_a_quadratic_form_on_arrays_has_the_textbook_derivatives() -> None:
    def f(x: Any) -> Any:
        return x @ A @ x + np.sum(np.exp(x))

    value, gradient = value_and_grad(f)(X)
    assert value == pytest.approx(X @ A @ X + np.sum(np.exp(X)), rel=1e-15)
    assert type(gradient) is np.ndarray
    assert gradient.dtype == np.float64
    np.testing.assert_allclose(gradient, (A + A.T) @ X + np.exp(X), rtol=1e-14)
    exact = A + A.T + np.diag(np.exp(X))
    np.testing.assert_allclose(hessian(f)(X), exact, rtol=1e-14)
    np.testing.assert_allclose(hvp(f)(X, np.arange(3.0)), exact @ np.arange(3.0))


def test_jacobians_of_arrays_have_the_shape_of_result_and_argument_together() -> None:
    m = np.arange(6.0).reshape(2, 3)
    by_x = jacobian(lambda m: m @ X)(m)
    assert by_x.shape == (2, 2, 3)
    np.testing.assert_array_equal(by_x, np.einsum("ik,j->ikj", np.eye(2), X))
    np.testing.assert_array_equal(jacobian(lambda x: A @ x)(X), A)
    np.testing.assert_array_equal(jacobian(lambda t: X * t)(2.0), X)
    np.testing.assert_array_equal(jacobian(lambda x: x[0] * x[1])(X), [0.2, 0.1, 0.0])
    assert hessian(lambda m: np.sum(m**3))(m).shape == (2, 3, 2, 3)


def test_jacobians_nest_the_argument_in_the_result() -> None:
    def f(p: Any) -> Any:
        return {"sum": p["a"] + p["b"][0], "scaled": p["b"] * p["a"]}

    result = jacobian(f)({"a": 2.0, "b": np.array([3.0, 4.0])})
    assert result["sum"]["a"] == 1.0
    assert result["sum"]["b"].tolist() == [1.0, 0.0]
    assert result["scaled"]["a"].tolist() == [3.0, 4.0]
    assert result["scaled"]["b"].tolist() == [[2.0, 0.0], [0.0, 2.0]]


def test_an_array_of_no_dimensions_is_an_array_still() -> None:
    gradient = grad(lambda x: x * x)(np.array(3.0))
    assert (type(gradient), gradient.shape, gradient.item()) == (np.ndarray, (), 6.0)
    assert grad(lambda x: np.array(x * x))(3.0) == 6.0


@pytest.mark.parametrize("dtype", [np.int8, np.uint16, np.int64, np.float16, np.float32, object])
def test_an_array_of_any_real_numbers_has_a_gradient_of_doubles(dtype: Any) -> None:
    gradient = grad(lambda x: np.sum(x * x))(np.array([1, 2, 3], dtype=dtype))
    assert (gradient.dtype, gradient.tolist()) == (np.float64, [2.0, 4.0, 6.0])


def test_arrays_that_are_not_contiguous_keep_their_elements_in_place() -> None:
    m = np.arange(12.0).reshape(3, 4)[::2, ::-1].T
    np.testing.assert_array_equal(grad(lambda m: np.sum(m**2))(m), 2 * m)


# Results


def test_a_result_that_does_not_depend_on_the_argument_has_derivative_0() -> None:
    assert grad(lambda x: 3.0)(2.0) == 0.0
    assert grad(lambda x: 3)([2.0, 1.0]) == [0.0, 0.0]
    assert grad(lambda x: Value(3.0))(X).tolist() == [0.0, 0.0, 0.0]
    assert grad(lambda x: np.float64(3.0))(2.0) == 0.0
    assert jacobian(lambda x: [1.0, x])(2.0) == [0.0, 1.0]
    assert hessian(lambda x: 3.0)(2.0) == 0.0
    assert hvp(lambda x: x)(2.0, 1.0) == 0.0
    assert jvp(lambda x: 3.0, (2.0,), (1.0,)) == (3.0, 0.0)
    assert vjp(lambda x: (3.0, 4), 2.0)[1]((1.0, 1.0)) == (0.0,)
    assert derivative(lambda x: 3.0, 2)(2.0) == 0.0
    assert grad(grad(lambda x: 3.0))(2.0) == 0.0


def test_the_argument_itself_may_be_the_result() -> None:
    assert grad(lambda x: x)(2.0) == 1.0
    assert jacobian(lambda x: x)([2.0, 3.0]) == [[1.0, 0.0], [0.0, 1.0]]
    assert jacobian(lambda x: [x, x])(2.0) == [1.0, 1.0]
    assert vjp(lambda x: [x, x, x], 2.0)[1]([1.0, 10.0, 100.0]) == (111.0,)
    assert jvp(lambda x: [x, x], (2.0,), (3.0,)) == ([2.0, 2.0], [3.0, 3.0])


@pytest.mark.parametrize(
    ("result", "shown"),
    [
        (None, "it returned None; does it lack a return"),
        ([1.0], r"it returned \[1\.0\] \(list\); for that there is jacobian"),
        ("text", r"it returned 'text' \(str\)"),
        (True, r"it returned True \(bool\)"),
        (1j, r"it returned 1j \(complex\)"),
        (np.zeros(2), r"an array of shape \(2,\); for that there is jacobian"),
        (np.zeros((1, 0)), r"an array of shape \(1, 0\)"),
        (np.array([True]), r"it returned array\(\[ True\]\) \(ndarray\)"),
        (np.bool_(True), r"it returned np\.True_"),
    ],
)
def test_a_result_that_is_no_real_number_is_a_type_error_that_shows_it(result: Any, shown: str) -> None:
    def f(x: Any) -> Any:
        return result

    for transform in (grad, value_and_grad, hessian):
        with pytest.raises(TypeError, match=f"f must return a real number.*{shown}"):
            transform(f)(2.0)


@pytest.mark.parametrize("shape", [(1,), (1, 1)])
def test_an_array_of_one_number_has_a_gradient_and_stays_an_array(shape: tuple[int, ...]) -> None:
    def f(x: Any) -> Any:
        return (
            np.sum(np.sin(x), keepdims=True).reshape(shape)
            if isinstance(x, np.ndarray)
            else np.full(shape, 2.0)
        )

    assert grad(f)(X) == pytest.approx(np.cos(X), rel=1e-15)
    value, gradient = value_and_grad(f)(X)
    assert (value.shape, value.dtype) == (shape, np.float64)
    assert value[(0,) * len(shape)] == pytest.approx(np.sin(X).sum(), rel=1e-15)
    assert gradient == pytest.approx(np.cos(X), rel=1e-15)
    assert hessian(f)(X) == pytest.approx(-np.diag(np.sin(X)), rel=1e-15)
    assert hvp(f)(X, X) == pytest.approx(-np.sin(X) * X, rel=1e-15)
    (value, aux), gradient = value_and_grad(lambda x: (f(x), x), has_aux=True)(X)
    assert (value.shape, gradient.shape, aux.tolist()) == (shape, X.shape, X.tolist())

    def squares(x: Any) -> Any:
        value, gradient = value_and_grad(f)(x)
        return np.sum(value) ** 2 + np.sum(gradient**2)

    expected = 2 * np.sin(X).sum() * np.cos(X) - 2 * np.cos(X) * np.sin(X)
    assert grad(squares)(X) == pytest.approx(expected, rel=1e-14)
    constant, none = value_and_grad(f)(3.0)
    assert (constant.tolist(), none) == (np.full(shape, 2.0).tolist(), 0.0)


@pytest.mark.parametrize("result", [None, "text", [1.0, "a"], True, {"a": 1j}, np.array([True])])
def test_a_jacobian_needs_numbers_all_through(result: Any) -> None:
    for transform in (jacobian, vjp, derivative):
        with pytest.raises(TypeError, match=r"must return real numbers, or structures|cannot use 'complex'"):
            transform(lambda x: result)(2.0)


def test_aux_is_handed_on_with_plain_numbers() -> None:
    def f(x: Any) -> Any:
        return x * x, {"double": 2 * x, "array": np.array([x, 1]), "text": "a", "count": 3}

    def check(aux: Any) -> None:
        assert (aux["double"], type(aux["double"])) == (6.0, float)
        assert (aux["array"].tolist(), aux["array"].dtype) == ([3.0, 1.0], np.float64)
        assert (aux["text"], aux["count"], type(aux["count"])) == ("a", 3, int)

    gradient, aux = grad(f, has_aux=True)(3.0)
    assert gradient == 6.0
    check(aux)
    (value, aux), gradient = value_and_grad(f, has_aux=True)(3.0)
    assert (value, gradient) == (9.0, 6.0)
    check(aux)
    derivatives, aux = jacobian(f, has_aux=True)(3.0)
    assert derivatives == 6.0
    check(aux)
    second, aux = hessian(f, has_aux=True)(3.0)
    assert second == 2.0
    check(aux)
    value, pull_back, aux = vjp(f, 3.0, has_aux=True)
    assert (value, pull_back(1.0)) == (9.0, (6.0,))
    check(aux)
    value, tangent, aux = jvp(f, (3.0,), (1.0,), has_aux=True)
    assert (value, tangent) == (9.0, 6.0)
    check(aux)


def test_arrays_without_values_in_aux_stay_as_they_are() -> None:
    masked, names = np.ma.masked_array([1.0]), np.array(["a", None], dtype=object)
    _, aux = grad(lambda x: (x, [masked, names]), has_aux=True)(3.0)
    assert aux[0] is masked
    assert aux[1] is names


def test_an_error_that_numpy_makes_of_other_arguments_stays_its_own() -> None:
    with pytest.raises(TypeError, match="integer"):
        grad(lambda x: np.reshape(x, "a"))(X)


def test_has_aux_needs_a_pair() -> None:
    with pytest.raises(TypeError, match=r"with has_aux=True .* must return a pair.*Value"):
        grad(lambda x: x, has_aux=True)(2.0)
