"""Derivatives of functions: arguments and results of every form, any order, any nesting; what is refused."""

from __future__ import annotations

import inspect
import math as std
from collections import OrderedDict, defaultdict, namedtuple
from collections.abc import Callable
from dataclasses import FrozenInstanceError, dataclass, field
from fractions import Fraction
from typing import Any, NamedTuple

import mpmath
import numpy as np
import pytest
from mpmath import mp

from autograd import (
    Value,
    custom_gradient,
    derivative,
    grad,
    gradients,
    hessian,
    hvp,
    jacobian,
    jvp,
    linearize,
    math,
    no_grad,
    value_and_grad,
    vjp,
)

TRANSFORMATIONS = [grad, value_and_grad, jacobian, hessian, hvp, vjp, jvp, linearize, derivative]
every_transformation = pytest.mark.parametrize("transform", TRANSFORMATIONS, ids=lambda t: str(t.__name__))


def cubic(x: Any) -> Any:
    """Return x cubed, plus x."""
    return x**3 + x


# A function of one number


def test_the_derivative_of_a_cubic_is_the_textbooks_in_every_transformation() -> None:
    # x**3 + x at 5: 130, 3x**2 + 1 = 76, 6x = 30, 6
    assert grad(cubic)(5.0) == 76.0
    assert value_and_grad(cubic)(5.0) == (130.0, 76.0)
    assert jacobian(cubic)(5.0) == 76.0
    assert hessian(cubic)(5.0) == 30.0
    assert hvp(cubic)(5.0, 2.0) == 60.0
    assert jvp(cubic, (5.0,), (2.0,)) == (130.0, 152.0)
    assert jvp(cubic)((5.0,), (2.0,)) == (130.0, 152.0)
    value, pull_back = vjp(cubic, 5.0)
    assert (value, pull_back(2.0), pull_back(-1.0)) == (130.0, (152.0,), (-76.0,))
    assert vjp(cubic)(5.0)[0] == 130.0
    assert [derivative(cubic, order)(5.0) for order in range(6)] == [130.0, 76.0, 30.0, 6.0, 0.0, 0.0]


def test_plain_numbers_in_give_plain_floats_out() -> None:
    for result in (
        grad(cubic)(5),
        value_and_grad(cubic)(5.0)[0],
        hessian(cubic)(5.0),
        derivative(cubic, 4)(5),
    ):
        assert type(result) is float


@pytest.mark.parametrize("x", [3, np.int64(3), np.float32(3.0), Fraction(3), np.float64(3.0)])
def test_any_real_number_may_be_the_argument(x: Any) -> None:
    gradient = grad(lambda x: x * x)(x)
    assert (gradient, type(gradient)) == (6.0, float)


def test_minus_zero_is_not_a_gradient() -> None:
    assert str(grad(lambda x: -x * 0.0)(2.0)) == "0.0"
    assert str(jvp(lambda x: -x * 0.0, (2.0,), (1.0,))[1]) == "0.0"


@pytest.mark.parametrize("order", range(1, 8))
def test_high_orders_of_the_sine_are_sines_and_cosines(order: int) -> None:
    exact = (std.sin(0.7), std.cos(0.7), -std.sin(0.7), -std.cos(0.7))[order % 4]
    assert derivative(math.sin, order)(0.7) == exact


@pytest.mark.parametrize("order", range(1, 7))
def test_high_orders_of_a_composition_agree_with_mpmath(order: int) -> None:
    def f(x: Any, m: Any = math) -> Any:
        return m.exp(m.sin(x)) * x / (1 + x * x)

    with mp.workdps(60):
        exact = mp.diff(lambda x: f(x, mp), mpmath.mpf("0.7"), order)
    assert derivative(f, order=order)(0.7) == pytest.approx(float(exact), rel=1e-12)


# Names, decorators


@every_transformation
def test_a_transformation_keeps_name_and_documentation(transform: Callable[..., Any]) -> None:
    derived = transform(cubic)
    assert derived.__name__ == "cubic"
    assert derived.__doc__ == "Return x cubed, plus x."
    assert derived.__module__ == __name__
    assert derived.__wrapped__ is cubic
    assert list(inspect.signature(derived).parameters) == ["x"]
    assert f"{transform.__name__} of cubic" in repr(derived)


def test_a_transformation_is_a_decorator_with_and_without_options() -> None:
    @grad
    def plain(x: Any) -> Any:
        return x * x

    @grad(argnums=1)
    def chosen(x: Any, y: Any) -> Any:
        return x * y * y

    @derivative(order=2)
    def second(x: Any) -> Any:
        return x**3

    @value_and_grad(argnums=(0, 1), has_aux=True)
    def pair(x: Any, y: Any) -> Any:
        return x * y, "aux"

    @jacobian(argnums=-1)
    def last(x: Any, y: Any) -> Any:
        return [x * y, y]

    @hessian(argnums=1)
    def curvature(x: Any, y: Any) -> Any:
        return x * y**3

    @hvp(argnums=1)
    def product(x: Any, y: Any) -> Any:
        return x * y**3

    assert plain(3.0) == 6.0
    assert chosen(2.0, 3.0) == 12.0
    assert second(2.0) == 12.0
    assert pair(2.0, 3.0) == ((6.0, "aux"), (3.0, 2.0))
    assert last(2.0, 3.0) == [2.0, 1.0]
    assert curvature(2.0, 3.0) == 36.0
    assert product(2.0, 3.0, 0.5) == 18.0


def test_a_decorated_method_is_a_method() -> None:
    class Spring:
        stiffness = 4.0

        @grad(argnums=1)
        def force(self, x: Any) -> Any:
            return self.stiffness * x * x / 2

    assert Spring().force(3.0) == 12.0


# Which arguments


def test_argnums_chooses_arguments_and_a_sequence_gives_a_tuple() -> None:
    def f(x: Any, y: Any, z: Any) -> Any:
        return x * y**2 * z**3

    assert grad(f, 1)(2.0, 3.0, 4.0) == 2 * 2 * 3 * 64
    assert grad(f, -1)(2.0, 3.0, 4.0) == 2 * 9 * 3 * 16
    assert grad(f, (2, 0))(2.0, 3.0, 4.0) == (2 * 9 * 3 * 16, 9 * 64)
    assert grad(f, [0])(2.0, 3.0, 4.0) == (9 * 64,)
    assert grad(f, np.int64(1))(2.0, 3.0, 4.0) == 2 * 2 * 3 * 64
    assert hessian(f, (0, 1))(2.0, 3.0, 1.0) == ((0.0, 6.0), (6.0, 4.0))
    assert hvp(f, (0, 1))(2.0, 3.0, (1.0, 10.0), 1.0) == (60.0, 46.0)


def test_other_arguments_pass_through_as_they_are() -> None:
    seen: list[Any] = []

    def f(x: Any, *others: Any, **more: Any) -> Any:
        seen.extend((*others, *more.values()))
        return x * x

    things = (True, "text", None, len, [1, 2], {"a": 1}, 7)
    assert grad(f)(3.0, *things, flag=False, scale=2) == 6.0
    assert all(a is b or a == b for a, b in zip(seen, (*things, False, 2), strict=True))
    assert type(seen[0]) is bool
    assert type(seen[-1]) is int


@every_transformation
def test_keyword_arguments_reach_the_function(transform: Callable[..., Any]) -> None:
    def f(x: Any, power: int = 1) -> Any:
        return x**power

    def result(**keywords: Any) -> Any:
        if transform is jvp:
            return jvp(f)((3.0,), (1.0,), **keywords)
        if transform in (vjp, linearize):
            return transform(f)(3.0, **keywords)[0]
        return transform(f)(*([3.0, 1.0] if transform is hvp else [3.0]), **keywords)

    assert result(power=3) != result()


@pytest.mark.parametrize("argnums", [1, 5, -2, (0, 1)])
def test_an_argument_that_is_not_there_is_a_type_error_that_says_so(argnums: Any) -> None:
    for transform in (grad, value_and_grad, jacobian, hessian):
        with pytest.raises(TypeError, match=r"argnums=.*cubic was called with 1 positional"):
            transform(cubic, argnums)(2.0)
    with pytest.raises(TypeError, match="called with 0 positional arguments"):
        grad(cubic)(x=2.0)
    with pytest.raises(TypeError, match="called with 0 positional arguments"):
        derivative(cubic)()


@pytest.mark.parametrize("argnums", [True, 1.0, "x", None, ("x",), [1.5]])
def test_argnums_must_be_whole_numbers(argnums: Any) -> None:
    with pytest.raises(TypeError, match="argnums is a whole number or a sequence of them"):
        grad(cubic, argnums)


def test_argnums_names_each_argument_once_and_at_least_one() -> None:
    with pytest.raises(ValueError, match=r"names an argument of .* twice"):
        grad(lambda x, y: x, (0, -2))(1.0, 2.0)
    with pytest.raises(ValueError, match="argnums is empty"):
        grad(cubic, ())


@every_transformation
def test_what_is_no_function_is_refused(transform: Callable[..., Any]) -> None:
    with pytest.raises(TypeError, match=rf"{transform.__name__} takes a function, not 3\.0 \(float\)"):
        transform(3.0)


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
        (np.zeros(1), r"an array of shape \(1,\)"),
        (np.bool_(True), r"it returned np\.True_"),
    ],
)
def test_a_result_that_is_no_real_number_is_a_type_error_that_shows_it(result: Any, shown: str) -> None:
    def f(x: Any) -> Any:
        return result

    for transform in (grad, value_and_grad, hessian):
        with pytest.raises(TypeError, match=f"f must return a real number.*{shown}"):
            transform(f)(2.0)


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


# Directions


@pytest.mark.parametrize(
    ("vector", "message"),
    [
        (1.0, r"the vector must be nothing, not a number|the vector\[0\] must be a number, not nothing"),
        ([1.0], r"the vector\[1\] must be a number, not nothing"),
        ([1.0, 2.0, 3.0], r"the vector\[2\] must be nothing, not a number"),
        ([1.0, np.ones(2)], r"the vector\[1\] must be a number, not shape \(2,\)"),
        ([1.0, 1j], r"the vector\[1\]: cannot use 'complex'"),
    ],
)
def test_a_vector_of_another_structure_is_refused(vector: Any, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        hvp(lambda v: v[0] * v[1])([1.0, 2.0], vector)


def scaled(x: Any, a: Any, power: int = 3) -> Any:
    return np.sum(a * x**power)


def test_the_vector_of_hvp_follows_what_is_differentiated_by_as_scipy_gives_it() -> None:
    x, v, a = np.array([1.0, 2.0]), np.array([0.5, -1.0]), np.array([3.0, 5.0])  # the Hessian is diag(6 a x)
    assert hvp(scaled)(x, v, a).tolist() == (6.0 * a * x * v).tolist()
    assert hvp(scaled)(x, v, a, 2).tolist() == (2.0 * a * v).tolist()
    assert hvp(scaled)(x, v, a=a, power=2).tolist() == (2.0 * a * v).tolist()
    assert hvp(scaled, -2)(x, v, a).tolist() == (6.0 * a * x * v).tolist()
    assert hvp(scaled, argnums=1)(x, a, v).tolist() == [0.0, 0.0]
    for both in ((0, 1), (1, 0)):
        parts = dict(zip(both, hvp(scaled, both)(x, a, ((v, a) if both[0] == 0 else (a, v)), 3), strict=True))
        assert parts[0].tolist() == (6.0 * a * x * v + 3.0 * x**2 * a).tolist()
        assert parts[1].tolist() == (3.0 * x**2 * v).tolist()


def test_hvp_needs_a_vector() -> None:
    with pytest.raises(TypeError, match="hvp needs a vector after the argument"):
        hvp(cubic)(2.0)


def test_the_vector_of_hvp_may_be_given_by_keyword() -> None:
    x, v, a = np.array([1.0, 2.0]), np.array([0.5, -1.0]), np.array([3.0, 5.0])
    assert hvp(scaled)(x, a, vector=v).tolist() == (6.0 * a * x * v).tolist()
    assert hvp(scaled)(x, a, 2, vector=v).tolist() == (2.0 * a * v).tolist()
    assert hvp(scaled)(x, vector=v, a=a).tolist() == (6.0 * a * x * v).tolist()
    assert hvp(cubic)(5.0, vector=2.0) == 60.0


def test_a_vector_that_is_not_like_the_argument_is_refused_before_anything_is_computed() -> None:
    def f(x: Any, a: Any) -> Any:
        raise AssertionError("called")

    x, v = np.ones(2), np.ones(2)
    for args, kwargs in [((x, 10.0, v), {}), ((x, 10.0), {"vector": 1.0}), ((x, np.ones(3), 10.0), {})]:
        with pytest.raises(TypeError, match=r"f: the vector needs .* it comes after the last argument"):
            hvp(f)(*args, **kwargs)
    with pytest.raises(TypeError, match=r"argnums=1: .*f was called with 1 positional arguments"):
        hvp(f, argnums=1)(x, v)


# Any order, any nesting


def test_an_inner_function_may_close_over_an_outer_variable() -> None:
    # The trap called perturbation confusion: Siskind and Pearlmutter, 2005.
    assert grad(lambda x: x * grad(lambda y: x + y)(x))(5.0) == 1.0
    assert derivative(lambda x: x * derivative(lambda y: x + y)(1.0))(1.0) == 1.0
    assert grad(lambda x: x * grad(lambda y: x * y)(2.0))(5.0) == 10.0
    assert grad(lambda x: jvp(lambda y: x * y * y, (x,), (1.0,))[1])(3.0) == 12.0  # 2 x**2
    assert grad(lambda x: vjp(lambda y: x * y, 2.0)[1](x)[0])(3.0) == 6.0  # x**2
    assert grad(lambda x: hessian(lambda y: x**2 * y**3)(x))(2.0) == 72.0  # 6 x**3
    assert grad(lambda x: hvp(lambda y: y**3, 0)(2.0, x))(3.0) == 12.0
    assert grad(lambda x: jacobian(lambda y: [x * y, y])(1.0)[0] ** 2)(3.0) == 6.0
    assert grad(lambda x: value_and_grad(lambda y: x * y)(x)[0])(3.0) == 6.0


def test_three_levels_of_closures_see_each_other() -> None:
    def f(x: Any) -> Any:
        return grad(lambda y: grad(lambda z: x * y**2 * z**3)(y) * y)(x)

    # inner: 3 x y**2 z**2 at z = y, times y: 3 x y**5; by y at y = x: 15 x**5; by x: 75 x**4
    assert f(2.0) == 15 * 32
    assert grad(f)(2.0) == 75 * 16


def test_mixed_partial_derivatives_agree_in_either_order() -> None:
    def f(x: Any, y: Any) -> Any:
        return math.sin(x * y) * x

    at = (0.5, 0.8)
    # d2/dxdy x sin(xy) = 2x cos(xy) - x**2 y sin(xy)
    exact = 2 * 0.5 * std.cos(0.4) - 0.25 * 0.8 * std.sin(0.4)
    assert grad(grad(f, 0), 1)(*at) == pytest.approx(exact, rel=1e-14)
    assert grad(grad(f, 1), 0)(*at) == pytest.approx(exact, rel=1e-14)
    assert hessian(f, (0, 1))(*at)[0][1] == pytest.approx(exact, rel=1e-14)


def test_an_inner_derivative_of_plain_numbers_is_plain_inside_an_outer_function() -> None:
    def f(x: Any) -> Any:
        slope = grad(lambda y: y * y)(3.0)
        assert type(slope) is float
        return x * slope

    assert grad(f)(2.0) == 6.0


def test_newtons_method_inside_a_function_has_the_implicit_derivative() -> None:
    def root(a: Any) -> Any:
        x = 1.0
        for _ in range(8):
            x = x - (x * x - a) / grad(lambda x: x * x - a)(x)
        return x

    assert root(2.0) == pytest.approx(std.sqrt(2.0), rel=1e-15)
    assert grad(root)(2.0) == pytest.approx(0.5 / std.sqrt(2.0), rel=1e-14)
    assert grad(grad(root))(2.0) == pytest.approx(-0.25 * 2.0**-1.5, rel=1e-13)


def test_a_value_as_argument_gives_values_that_go_on_recording() -> None:
    x = Value(3.0)
    slope = grad(cubic)(x)
    assert type(slope) is Value
    assert slope.data == 28.0
    slope.backward()
    assert x.grad == 18.0
    value, second = value_and_grad(grad(cubic))(x)
    assert (value.data, second.data) == (28.0, 18.0)
    assert hessian(cubic)(Value(2.0)).data == 12.0
    array = grad(lambda x: np.sum(x**3))(np.array([Value(1.0), Value(2.0)]))
    assert [x.data for x in array] == [3.0, 12.0]


def test_a_transformation_leaves_every_grad_as_it_is() -> None:
    weight, x = Value(2.0), Value(3.0)
    weight.grad = 7.0
    for result in (grad(lambda t: weight * t * t)(3.0), jvp(lambda t: weight * t * t, (3.0,), (1.0,))[1]):
        assert result == 12.0
    assert grad(lambda t: weight * t * t)(x).data == 12.0
    gradients(weight * x, [weight, x])
    assert (weight.grad, x.grad) == (7.0, 0.0)


def test_a_variable_that_the_function_kept_is_a_value_afterwards_but_for_later_transformations() -> None:
    kept: list[Any] = []

    def f(x: Any) -> Any:
        kept.append(x)
        return x * x

    assert grad(f)(3.0) == 6.0
    (x,) = kept
    y = x * 2.0
    y.backward()
    assert (y.data, x.grad) == (6.0, 2.0)
    assert grad(f)(4.0) == 8.0  # and it disturbs no later call
    assert grad(lambda t: x.detach() * t)(5.0) == 3.0
    with pytest.raises(RuntimeError, match=r"uses a number, 3\.0, that an earlier call .* left behind"):
        grad(lambda t: x * t)(5.0)


def test_no_grad_around_a_transformation_makes_its_result_a_constant() -> None:
    x = Value(3.0)
    with no_grad():
        assert grad(cubic)(2.0) == 13.0
        slope = grad(cubic)(x)
        value, _ = value_and_grad(cubic)(x)
    assert (slope.data, slope.operands, value.data, value.operands) == (28.0, (), 30.0, ())
    assert (x * x).operands == (x, x)


def test_what_was_computed_in_no_grad_has_no_derivatives() -> None:
    x = Value(3.0)
    twice = custom_gradient(lambda x: 2.0)(lambda x: 2.0 * x)
    with no_grad():
        made = [x * x, grad(cubic)(x), value_and_grad(cubic)(x)[0], twice(x), jvp(cubic, (x,), (1.0,))[0]]
    for y in made:
        with pytest.raises(RuntimeError, match=r"^backward\(\) of .*, which was computed inside no_grad\(\)"):
            y.backward()
        for create_graph in (False, True):
            with pytest.raises(
                RuntimeError, match=r"^gradients\(\) of .*, which was computed inside no_grad"
            ):
                gradients(y, x, create_graph=create_graph)
        assert gradients(y, [y, x]) == [1.0, 0.0]  # by itself, it has
        assert gradients(y * x, [y, x]) == [3.0, y.data]
        with pytest.raises(RuntimeError, match="computed inside no_grad"):
            gradients(y, Value(y.data))  # another one of the same number


def test_a_function_that_computes_all_in_no_grad_returns_a_constant() -> None:
    square = no_grad()(lambda x: x * x)
    assert grad(square)(3.0) == derivative(square)(3.0) == jacobian(square)(3.0) == 0.0


def test_no_grad_inside_a_function_hides_what_is_in_it() -> None:
    def f(x: Any) -> Any:
        with no_grad():
            y = x * x
        return x * y

    assert grad(f)(3.0) == 9.0


def test_an_error_in_the_function_comes_through_and_leaves_recording_as_it_was() -> None:
    with no_grad():
        with pytest.raises(ZeroDivisionError):
            grad(lambda x: 1 / x)(0.0)
        assert (Value(1.0) + 1).operands == ()
    assert (Value(1.0) + 1).operands != ()


# At the awkward points


@pytest.mark.parametrize(
    ("f", "x", "first", "second"),
    [
        (lambda x: math.sqrt(x), 0.0, std.inf, -std.inf),
        (lambda x: x**0.5, 0.0, std.inf, -std.inf),
        (lambda x: abs(x), 0.0, 0.0, 0.0),
        (lambda x: math.relu(x), 0.0, 0.0, 0.0),
        (lambda x: math.relu(x) ** 2, -1.0, 0.0, 0.0),
        (lambda x: math.relu(x) ** 2, 3.0, 6.0, 2.0),
        (lambda x: x**2, 0.0, 0.0, 2.0),
        (lambda x: x**1, 0.0, 1.0, 0.0),
        (lambda x: x**0, 0.0, 0.0, 0.0),
        (lambda x: x**2.0, -3.0, -6.0, 2.0),
        (lambda x: x * x * x, 0.0, 0.0, 0.0),
        (lambda x: 1 / x, 1e-200, -std.inf, std.inf),
        (lambda x: math.maximum(x, x), 3.0, 1.0, 0.0),
        (lambda x: math.floor(x) * x, 2.5, 2.0, 0.0),
        (lambda x: math.sigmoid(x), 1000.0, 0.0, 0.0),
        (lambda x: math.tanh(x), 1000.0, 0.0, 0.0),
        (lambda x: math.softplus(x), -1000.0, 0.0, 0.0),
        (lambda x: math.asin(x), 1.0, std.inf, std.inf),
        (lambda x: math.asin(x), -1.0, std.inf, -std.inf),
        (lambda x: math.acos(x), 1.0, -std.inf, -std.inf),
        (lambda x: math.acosh(x), 1.0, std.inf, -std.inf),
        (lambda x: math.asinh(x), 1e200, 1e-200, 0.0),
        (lambda x: math.erf(x), 1e200, 0.0, 0.0),
        (lambda x: math.gelu(x), -1e200, 0.0, 0.0),
        (lambda x: 0.0**x, 2.0, 0.0, 0.0),
        (lambda x: math.hypot(x, 0.0), 0.0, 0.0, 0.0),
    ],
)
def test_first_and_second_derivatives_at_awkward_points(
    f: Callable[[Any], Any], x: float, first: float, second: float
) -> None:
    assert grad(f)(x) == first
    assert grad(grad(f))(x) == second
    assert hessian(f)(x) == second
    assert derivative(f, 2)(x) == second


def test_a_base_that_is_negative_does_not_spoil_what_does_not_depend_on_the_exponent() -> None:
    def f(x: Any, y: Any) -> Any:
        return x**y

    assert grad(f)(-3.0, 2.0) == -6.0
    assert grad(f)(-3.0, Value(2.0)) == -6.0
    assert grad(grad(f))(-3.0, 2.0) == 2.0
    first = grad(f, (0, 1))(-3.0, 2.0)
    assert first[0] == -6.0
    assert std.isnan(first[1])


# Gradients of Values


def test_gradients_of_a_value_are_those_of_backward_without_touching_grad() -> None:
    a, b = Value(2.0), Value(3.0)
    y = a * b + a**2
    assert gradients(y, [a, b]) == [7.0, 2.0]
    assert gradients(y, a) == 7.0
    assert gradients(y, {"a": a, "b": (b,)}) == {"a": 7.0, "b": (2.0,)}
    assert gradients(y, np.array([a, b])).tolist() == [7.0, 2.0]
    assert gradients(y, [a], gradient=10.0) == [70.0]
    assert gradients(y, []) == []
    assert (a.grad, b.grad) == (0.0, 0.0)


def test_gradients_with_respect_to_inner_values_count_all_that_depends_on_them() -> None:
    x = Value(2.0)
    square = x * x
    y = square * x + square
    assert gradients(y, [square, x]) == [3.0, 16.0]  # x**3 + x**2: by the square x + 1, by x 3x**2 + 2x
    assert [g.data for g in gradients(y, [square, x], create_graph=True)] == [3.0, 16.0]
    assert gradients(y, [y]) == [1.0]
    assert gradients(y, [Value(1.0)]) == [0.0]


def test_gradients_with_a_graph_are_values_of_which_there_are_gradients() -> None:
    a, b = Value(2.0), Value(3.0)
    first = gradients(a**3 * b, [a, b], create_graph=True)
    assert [type(g) for g in first] == [Value, Value]
    assert [g.data for g in first] == [36.0, 8.0]
    assert gradients(first[0], [a, b]) == [36.0, 12.0]
    third = gradients(gradients(first[0], [a], create_graph=True)[0], [a, b])
    assert third == [18.0, 12.0]
    (weighted,) = gradients(a * b, [a], gradient=b, create_graph=True)
    weighted.backward()
    assert (weighted.data, b.grad) == (9.0, 6.0)


@pytest.mark.parametrize(
    ("y", "xs", "message"),
    [
        (3.0, [Value(1.0)], r"gradients\(\) differentiates a Value, not 3\.0"),
        (cubic, [Value(1.0)], r"for functions there is grad\(\)"),
        (Value(1.0), [1.0], r"xs is a Value or a structure of Values.*not \[1\.0\]"),
        (Value(1.0), 1.0, "xs is a Value or a structure of Values"),
        (Value(1.0), "x", "xs is a Value or a structure of Values"),
        (Value(1.0), None, r"xs is a Value or a structure of Values.*not None"),
        (Value(1.0), ["3"], r"xs is a Value or a structure of Values.*not \['3'\]"),
        (Value(1.0), [Value(1.0), True], "xs is a Value or a structure of Values"),
        (Value(1.0), {Value(1.0)}, "xs is a set"),
    ],
)
def test_gradients_of_other_things_are_refused(y: Any, xs: Any, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        gradients(y, xs)


def test_numbers_that_were_changed_cannot_corrupt_a_second_derivative() -> None:
    x = Value(3.0)
    y = x * x
    x.data = 10.0
    assert gradients(y, x) == 6.0
    with pytest.raises(RuntimeError, match=r"an operand of '\*' has another number now"):
        gradients(y, x, create_graph=True)
    even = Value(3.0)
    square = even**2
    even.data = -3.0  # where the result is the same
    with pytest.raises(RuntimeError, match="compute the result again"):
        gradients(square, even, create_graph=True)
    odd = Value(2.0)
    cube = odd**3
    odd.data = -2.0  # where the local derivative is the same
    with pytest.raises(RuntimeError, match="compute the result again"):
        gradients(cube, odd, create_graph=True)


def test_recorded_gradients_have_the_bits_of_backward() -> None:
    x, y = Value(0.3), Value(1.7)
    out = math.hypot(x, y, x * y) + math.fsum([x, y, x * x]) * math.sumprod([x, y], [y, x])
    out = (
        out / math.logsumexp(x, y, 2.0) + math.dist([x, y], [y, 0.5]) ** 1.3 + math.nextafter(x, 2.0, steps=3)
    )
    out.backward()
    numbers = gradients(out, [x, y])
    recorded = [g.data for g in gradients(out, [x, y], create_graph=True)]
    assert numbers == recorded == [x.grad, y.grad]


# Orders of derivative()


@pytest.mark.parametrize("order", [1.0, True, "2", None])
def test_the_order_is_a_whole_number(order: Any) -> None:
    with pytest.raises(TypeError, match="the order of a derivative is a whole number"):
        derivative(cubic, order)


def test_the_order_is_not_negative_and_order_0_is_the_function() -> None:
    with pytest.raises(ValueError, match="the order of a derivative is 0 or more, not -1"):
        derivative(cubic, -1)
    assert derivative(cubic, 0)(2.0) == 10.0


def test_derivative_is_for_functions_of_one_number_and_of_any_result() -> None:
    with pytest.raises(TypeError, match=r"derivative takes a function of one number, not of .*array"):
        derivative(cubic)(X)
    with pytest.raises(TypeError, match=r"not of \[1\.0\] \(list\)"):
        derivative(cubic)([1.0])
    curve = derivative(lambda t: {"x": math.cos(t), "y": np.array([t, t * t])})(2.0)
    assert curve["x"] == -std.sin(2.0)
    assert curve["y"].tolist() == [1.0, 4.0]


# Sparse ones, which the room for them makes


def test_sparse_derivatives_have_the_entries_that_the_graph_has() -> None:
    found = jacobian(lambda x: [x[0] * x[1], x[2]], sparse=True)([2.0, 3.0, 5.0])
    assert found.nnz == 3
    assert found.toarray().tolist() == [[3.0, 2.0, 0.0], [0.0, 0.0, 1.0]]
    found = hessian(lambda x: x[0] * x[1] + x[2], sparse=True)([2.0, 3.0, 5.0])
    assert found.nnz == 2
    assert found.toarray().tolist() == [[0.0, 1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 0.0]]


def test_what_a_transformation_made_tells_of_what() -> None:
    made: Any = jacobian(cubic, argnums=(0,), sparse=True)
    assert made.made == ("jacobian", cubic, {"argnums": (0,), "has_aux": False, "sparse": True})
