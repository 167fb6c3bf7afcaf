"""Derivatives that the user gives: entries of one's own, and functions from elsewhere."""

from __future__ import annotations

import copy
import math as std
import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import scipy.special
from mpmath import mp, mpf

from autograd import (
    Value,
    check_grads,
    check_primitive,
    compile,
    custom_gradient,
    derivative,
    draw,
    grad,
    gradients,
    hessian,
    hvp,
    jacobian,
    jvp,
    math,
    nn,
    no_grad,
    ops,
    topological_order,
)
from autograd.ops import Primitive

pytestmark = pytest.mark.usefixtures("table_as_it_was")


def lorentzian() -> Primitive:
    return ops.unary(
        "lorentzian",
        lambda x: 1.0 / (1.0 + x * x),
        lambda x, out: -2.0 * x * out * out,
        "Return 1 / (1 + x * x).",
        symbol="L",
    )


# Primitives


def test_an_entry_has_derivatives_of_all_orders() -> None:
    entry = lorentzian()
    assert entry(2.0) == 0.2
    assert [derivative(entry, order)(1.0) for order in range(1, 5)] == [-0.5, 0.5, 0.0, -3.0]  # by hand
    x = Value(1.0)
    entry(x).backward()
    assert x.grad == -0.5
    check_primitive(entry, order=3)


def test_an_entry_works_on_arrays() -> None:
    entry = lorentzian()
    np.testing.assert_array_equal(entry(np.array([[0.0, 1.0], [2.0, 3.0]])), [[1.0, 0.5], [0.2, 0.1]])
    points = np.array([0.0, 1.0, 2.0])
    np.testing.assert_array_equal(
        grad(lambda x: np.sum(entry(x)))(points), [-0.0, -0.5, -0.16000000000000003]
    )


def test_an_entry_of_two_numbers_broadcasts() -> None:
    ratio = ops.binary(
        "ratio", lambda x, y: x / y, lambda x, y, out: 1.0 / y, lambda x, y, out: -out / y, "Return x / y."
    )
    np.testing.assert_array_equal(
        ratio(np.array([[1.0], [2.0]]), np.array([1.0, 4.0])), [[1, 0.25], [2, 0.5]]
    )
    by_x, by_y = grad(lambda x, y: np.sum(ratio(x, y)), (0, 1))(
        np.array([[1.0], [2.0]]), np.array([1.0, 4.0])
    )
    assert by_x.tolist() == [[1.25], [1.25]]
    assert by_y.tolist() == [-3.0, -0.1875]


def test_an_entry_can_be_drawn_with_its_symbol() -> None:
    y = lorentzian()(Value(1.0, label="x"))
    y.backward()
    assert ">L<" in draw(y).source


def test_a_cell_that_makes_an_entry_can_be_run_twice() -> None:
    first = lorentzian()
    second = lorentzian()
    assert ops.TABLE["lorentzian"] is second is not first


def test_a_derivative_that_was_taken_away_is_missed_when_it_is_recorded() -> None:
    x = Value(1.0)
    y = lorentzian()(x)
    ops.unary("lorentzian", lorentzian().value, None, "Return 1 / (1 + x * x).")
    with pytest.raises(TypeError, match="lorentzian has no derivative with respect to its argument 1"):
        gradients(y, x, create_graph=True)


def test_nobody_can_replace_an_entry_of_another_module() -> None:
    with pytest.raises(
        ValueError, match=r"named 'sin' already, of the module 'autograd\.ops\.table'; choose another"
    ):
        ops.unary("sin", std.sin, lambda x, out: ops.cos(x), "Return the sine.")
    lorentzian()
    elsewhere: dict[str, Any] = {"__name__": "elsewhere"}
    exec("value = lambda x: x\nslope = lambda x, out: 1.0", elsewhere)
    with pytest.raises(ValueError, match=f"of the module '{__name__}'"):
        ops.unary("lorentzian", elsewhere["value"], elsewhere["slope"], "Return x.")


def test_a_missing_derivative_is_an_error_that_names_the_primitive() -> None:
    half_known = ops.binary("half_known", lambda x, y: x * y, lambda x, y, out: y, None, "Return x * y.")
    assert grad(half_known)(2.0, 3.0) == 3.0
    for arguments in ((2.0, 3.0), (2.0, Value(3.0))):
        with pytest.raises(TypeError, match="half_known has no derivative with respect to its argument 2"):
            grad(half_known, 1)(*arguments)
    unknown = ops.unary("unknown", lambda x: x, None, "Return x.")
    assert unknown(2.0) == 2.0
    with pytest.raises(TypeError, match="unknown has no derivative with respect to its argument 1"):
        unknown(Value(2.0))


def test_a_value_that_is_no_number_is_an_error_that_names_the_primitive() -> None:
    broken = ops.unary("broken", lambda x: None, lambda x, out: 1.0, "Return nothing.")  # type: ignore[arg-type, return-value]
    with pytest.raises(TypeError, match=r"the value of broken is None: cannot use 'NoneType'"):
        broken(Value(2.0))
    whole = ops.unary("whole_number", lambda x: int(x), lambda x, out: 0.0, "Return an int.")
    assert type(whole(Value(2.5)).data) is float


def test_a_graph_whose_primitive_is_gone_says_so_when_it_is_differentiated_twice() -> None:
    x = Value(1.0)
    y = lorentzian()(x)
    del ops.TABLE["lorentzian"]
    assert gradients(y, x) == -0.5
    with pytest.raises(TypeError, match=r"no primitive named 'lorentzian'.*import that module first"):
        gradients(y, x, create_graph=True)


# Functions from elsewhere


@custom_gradient(lambda x: math.exp(-0.5 * x * x) / math.sqrt(2.0 * math.pi))
def normal_cdf(x: Any) -> Any:
    """Return the standard normal distribution function."""
    return scipy.special.ndtr(x)


@custom_gradient(lambda x, y, power=2: (y**power, power * x * y ** (power - 1)))
def x_times_power(x: Any, y: Any, power: int = 2) -> Any:
    assert type(x) is type(y) is float
    return x * y**power


@custom_gradient(lambda a: -np.einsum("ik,lj->ijkl", inverse(a), inverse(a)))
def inverse(a: Any) -> Any:
    return np.linalg.inv(a)


@custom_gradient(lambda a, b: (-np.einsum("ij,k->ijk", inverse(a), solve(a, b)), inverse(a)))
def solve(a: Any, b: Any) -> Any:
    return np.linalg.solve(a, b)


def test_a_function_in_c_has_derivatives_of_all_orders() -> None:
    # The derivatives of the normal distribution function are Hermite polynomials times its density.
    x = 0.3
    density = std.exp(-x * x / 2) / std.sqrt(2 * std.pi)
    assert normal_cdf(x) == scipy.special.ndtr(x)
    assert grad(normal_cdf)(x) == pytest.approx(density, rel=1e-15)
    assert derivative(normal_cdf, 2)(x) == pytest.approx(-x * density, rel=1e-15)
    assert derivative(normal_cdf, 3)(x) == pytest.approx((x * x - 1) * density, rel=1e-15)
    assert jvp(normal_cdf, (x,), (2.0,))[1] == pytest.approx(2 * density, rel=1e-15)
    assert normal_cdf.__name__ == "normal_cdf"
    assert normal_cdf.__doc__ == "Return the standard normal distribution function."
    assert repr(normal_cdf) == "<normal_cdf with a custom gradient>"


def test_without_values_the_function_is_called_as_it_is() -> None:
    out = normal_cdf(np.array([0.0, 1.0]))
    assert type(out) is np.ndarray
    assert type(normal_cdf(0.0)) is np.float64


def test_a_function_of_several_numbers_has_all_mixed_derivatives() -> None:
    assert grad(x_times_power, (0, 1))(2.0, 3.0) == (9.0, 12.0)
    assert grad(x_times_power, 1)(2.0, 3.0, power=3) == 54.0
    assert hessian(x_times_power, (0, 1))(2.0, 3.0) == ((0.0, 6.0), (6.0, 4.0))
    assert grad(grad(grad(x_times_power, 1), 1), 0)(2.0, 3.0) == 2.0
    assert grad(lambda x: x_times_power(x, x))(3.0) == 27.0
    assert grad(grad(lambda x: x_times_power(x, x)))(3.0) == 18.0
    assert grad(lambda x: x_times_power(x_times_power(x, 1.0), x))(3.0) == 27.0
    assert hessian(lambda x: x_times_power(x, 5.0) ** 2)(3.0) == 1250.0
    assert [derivative(lambda x: x_times_power(x, x), order)(3.0) for order in (1, 2, 3)] == [27.0, 18.0, 6.0]


def test_an_argument_may_be_a_structure_and_others_pass_through() -> None:
    def slope(p: Any, name: str, scale: float) -> Any:
        return {"a": scale * p["b"][0], "b": [scale * p["a"], 0.0], "name": None}, None, p["a"] * p["b"][0]

    @custom_gradient(slope)
    def product(p: Any, name: str, scale: float) -> Any:
        assert (name, p["name"]) == ("n", "inner")
        return scale * p["a"] * p["b"][0]

    p = {"a": 2.0, "b": [3.0, 4.0], "name": "inner"}
    assert grad(product)(p, "n", 10.0) == {"a": 30.0, "b": [20.0, 0.0], "name": None}
    assert grad(product, 2)(p, "n", 10.0) == 6.0
    assert grad(grad(product, 2), 0)(p, "n", 10.0) == {"a": 3.0, "b": [2.0, 0.0], "name": None}


def test_a_linear_solver_of_numpy_is_differentiable_twice() -> None:
    a, b = np.array([[4.0, 1.0], [2.0, 3.0]]), np.array([1.0, 2.0])
    by_a, by_b = jacobian(solve, (0, 1))(a, b)
    inv = np.linalg.inv(a)
    np.testing.assert_allclose(by_b, inv, rtol=1e-15)
    np.testing.assert_allclose(by_a, -np.einsum("ij,k->ijk", inv, inv @ b), rtol=1e-14)
    check_grads(lambda a, b: np.sum(solve(a, b) ** 2), (a, b), order=2)
    np.testing.assert_allclose(jacobian(inverse)(a), -np.einsum("ik,lj->ijkl", inv, inv), rtol=1e-15)


def test_a_call_is_a_node_that_can_be_drawn_copied_and_pickled() -> None:
    x = Value(2.0, label="x")
    y = x_times_power(x, x)
    y.label = "y"
    y.backward()
    assert (y.data, y.op, y.label, x.grad) == (8.0, "x_times_power", "y", 12.0)
    assert "x_times_power" in draw(y).source
    for twin in (copy.deepcopy(y), pickle.loads(pickle.dumps(y))):
        (leaf,) = (node for node in topological_order(twin) if not node.op)
        assert leaf is not x
        assert (twin.label, gradients(gradients(twin, leaf, create_graph=True), leaf)) == ("y", 12.0)
    assert pickle.loads(pickle.dumps(normal_cdf)) is normal_cdf
    unnamed = pickle.loads(pickle.dumps(custom_gradient(std.cos)(std.sin)))
    assert (unnamed(0.5), grad(unnamed)(0.5)) == (std.sin(0.5), std.cos(0.5))


def test_a_chain_of_nodes_stands_for_a_call_with_many_operands() -> None:
    @custom_gradient(lambda v: np.ones(len(v)))
    def total(v: Any) -> Any:
        return float(np.sum(v))

    y = total(np.array([Value(float(i)) for i in range(5)]))
    assert (y.data, y.op) == (10.0, "total")
    assert [node.op for node in topological_order(y) if node.op] == ["total…"] * 3 + ["total"]
    assert all(len(node.operands) <= 2 for node in topological_order(y))


def test_inside_no_grad_the_gradient_is_not_even_asked() -> None:
    def never(x: Any) -> Any:
        raise AssertionError

    square = custom_gradient(never)(lambda x: x * x)
    with no_grad():
        out = square(Value(3.0))
    assert (out.data, out.operands) == (9.0, ())


@pytest.mark.parametrize(
    ("f", "gradient", "message"),
    [
        (lambda x: x, lambda x: None, "must return a number, but there is nothing"),
        (lambda x: x, lambda x: [1.0], "must return a number, but there is nothing"),
        (lambda x: x, lambda x: np.ones(2), r"must return a number, but there is shape \(2,\)"),
        (lambda x: x, lambda x: "1", "must return a number, but there is nothing"),
        (lambda x: x, lambda x: 1j, "the gradient of .*: cannot use 'complex'"),
        (lambda x: None, lambda x: 1.0, "must return numbers to be differentiated, not None"),
        (lambda x: "text", lambda x: 1.0, r"must return numbers to be differentiated, not 'text' \(str\)"),
        (lambda x: [x, x], lambda x: [1.0], r"must return a number at \[1\], but there is nothing"),
    ],
)
def test_a_wrong_gradient_function_is_named(
    f: Callable[[Any], Any], gradient: Callable[[Any], Any], message: str
) -> None:
    with pytest.raises(TypeError, match=message):
        custom_gradient(gradient)(f)(Value(2.0))


def test_each_of_several_arguments_needs_its_derivative() -> None:
    with pytest.raises(TypeError, match=r"must return a number at \[1\], but there is nothing"):
        custom_gradient(lambda x, y: (1.0, None))(lambda x, y: x + y)(Value(1.0), Value(2.0))
    only_first = custom_gradient(lambda x, y: (1.0, None))(lambda x, y: x + y)
    assert grad(only_first)(1.0, 2.0) == 1.0


def test_values_by_keyword_and_other_misuse_are_refused() -> None:
    with pytest.raises(TypeError, match=r"argument with a keyword.*give Values by position"):
        x_times_power(1.0, 2.0, power=Value(2.0))
    with pytest.raises(
        TypeError, match="custom_gradient takes the function that gives the derivative, not 3"
    ):
        custom_gradient(3)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="decorates a function, not 3"):
        custom_gradient(lambda x: x)(3)  # type: ignore[arg-type]


def test_a_second_derivative_needs_a_gradient_that_takes_values() -> None:
    opaque = custom_gradient(lambda x: std.cos(x))(lambda x: std.sin(x))
    assert grad(opaque)(0.0) == 1.0
    with pytest.raises(TypeError, match=r"use the functions of autograd\.math"):
        grad(grad(opaque))(0.0)


# Implicit functions


def equation(v: Any, a: Any, b: Any) -> Any:
    return v**3 + a * v - b


def solved(a: Any, b: Any, steps: int = 60) -> Any:
    v = 1.0
    for _ in range(steps):
        v = v - equation(v, a, b) / (3.0 * v * v + a)
    return v


def by_derivative(a: Any, b: Any) -> Any:
    v = cubic_root(a, b)
    by_v = derivative(lambda q: equation(q, a, b))(v)
    return (
        -derivative(lambda q: equation(v, q, b))(a) / by_v,
        -derivative(lambda q: equation(v, a, q))(b) / by_v,
    )


def by_grad(a: Any, b: Any) -> Any:
    by_v, by_a, by_b = grad(equation, (0, 1, 2))(cubic_root(a, b), a, b)
    return -by_a / by_v, -by_b / by_v


def by_jacobian(a: Any, b: Any) -> Any:
    ((by_v, by_a, by_b),) = jacobian(lambda p: [equation(*p)])([cubic_root(a, b), a, b])
    return -by_a / by_v, -by_b / by_v


def by_jvp(a: Any, b: Any) -> Any:
    v = cubic_root(a, b)
    by_v, by_a, by_b = (jvp(equation, (v, a, b), tuple(float(i == j) for j in range(3)))[1] for i in range(3))
    return -by_a / by_v, -by_b / by_v


def cubic_root(a: Any, b: Any) -> Any:
    return RULE(a, b)


RULE: Any = None


@pytest.fixture(params=[by_derivative, by_grad, by_jacobian, by_jvp])
def implicit(request: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The v where v**3 + a v = b, whose derivatives are those of the implicit function theorem."""
    monkeypatch.setitem(globals(), "RULE", custom_gradient(request.param)(solved))
    return cubic_root


def test_an_implicit_function_has_derivatives_of_all_orders(implicit: Any) -> None:
    def exact(*orders: int) -> float:
        with mp.workdps(40):
            f = lambda a, b: mp.findroot(lambda v: v**3 + a * v - b, 1.0)  # noqa: E731
            return float(mp.diff(f, (mpf(1.25), mpf(2.5)), orders))

    at = (1.25, 2.5)
    assert grad(implicit, (0, 1))(*at) == pytest.approx((exact(1, 0), exact(0, 1)), rel=1e-13)
    (aa, ab), (ba, bb) = hessian(implicit, (0, 1))(*at)
    assert [aa, ab, ba, bb] == pytest.approx([exact(2, 0), exact(1, 1), exact(1, 1), exact(0, 2)], rel=1e-12)
    assert derivative(implicit, 3)(*at) == pytest.approx(exact(3, 0), rel=1e-11)
    assert grad(grad(grad(implicit, 1), 0), 1)(*at) == pytest.approx(exact(1, 2), rel=1e-11)
    assert jacobian(hessian(implicit, 1), 1)(*at) == pytest.approx(exact(0, 3), rel=1e-11)
    assert hvp(implicit, (0, 1))(*at, (1.0, 0.5)) == pytest.approx((aa + ab / 2, ab + bb / 2), rel=1e-12)
    a, b = Value(1.25), Value(2.5)
    slope = gradients(implicit(a, b), b, create_graph=True)
    assert gradients(slope, [a, b]) == pytest.approx([exact(1, 1), exact(0, 2)], rel=1e-12)


def test_its_rule_is_evaluated_no_deeper_than_the_order_asks() -> None:
    called: list[int] = []

    def slope(s: Any) -> Any:
        called.append(1)
        v = root(s)
        return -derivative(lambda q: v * v - q)(s) / derivative(lambda q: q * q - s)(v)

    root = custom_gradient(slope)(lambda s: s**0.5)
    for order, most in ((1, 1), (2, 3), (3, 13)):  # one of 13 to find out that there is such a rule
        called.clear()
        derivative(root, order)(4.0)
        assert len(called) <= most, order


def test_a_fixed_point_that_a_loop_finds() -> None:
    # x = cos(a x): x' = -x sin / (1 + a sin).
    def step(x: Any, a: Any) -> Any:
        return math.cos(a * x)

    def slope(a: Any) -> Any:
        x = fixed(a)
        return derivative(lambda q: step(x, q))(a) / (1.0 - derivative(lambda q: step(q, a))(x))

    @custom_gradient(slope)
    def fixed(a: Any) -> Any:
        x = 0.5
        for _ in range(200):
            x = step(x, a)
        return x

    with mp.workdps(40):
        f = lambda a: mp.findroot(lambda x: x - mp.cos(a * x), 0.7)  # noqa: E731
        exact = [float(mp.diff(f, mpf("0.75"), order)) for order in range(4)]
    assert [derivative(fixed, order)(0.75) for order in range(4)] == pytest.approx(exact, rel=1e-12)


def test_a_compiled_function_calls_one_and_its_gradient() -> None:
    root = custom_gradient(lambda s: 0.5 / root(s))(std.sqrt)
    assert hessian(root)(4.0) == -0.03125
    compiled = compile(hessian(root))
    assert [compiled(x) for x in (4.0, 1.0)] == [-0.03125, -0.25]


def test_a_function_that_bears_the_name_of_a_primitive_is_not_taken_for_it() -> None:
    def exp(x: Any) -> Any:
        return 2.0 * x

    def atan2(x: Any) -> Any:
        return 3.0 * x

    double, triple = custom_gradient(lambda x: 2.0)(exp), custom_gradient(lambda x: 3.0)(atan2)
    x = Value(5.0)
    y = triple(double(x))
    assert (y.data, y.op, len(y.operands), y.partials, gradients(y, x)) == (30.0, "atan2", 1, (3.0,), 6.0)
    for f in (double, triple):
        compiled = compile(lambda x: f(x) + 1.0)  # noqa: B023
        assert [compiled(x) for x in (1.0, 2.0)] == [f(1.0) + 1.0, f(2.0) + 1.0]


# Values that are no arguments


def test_a_value_that_is_no_argument_is_refused() -> None:
    w, weights = Value(2.0), np.array([Value(1.0), Value(2.0)], dtype=object)
    network = nn.MLP(1, [2, 1])

    class Scale:
        factor = Value(3.0)

        @custom_gradient(lambda self, x: (None, 3.0))
        def apply(self: Any, x: Any) -> Any:
            return self.factor * x

    scale: Any = Scale
    cases: list[tuple[Callable[..., Any], Callable[..., Any]]] = [
        (lambda x: w * x * x, lambda x: 2.0 * w.data * x),
        (lambda x: [x, w * x], lambda x: [1.0, 2.0]),
        (lambda x: np.sum(weights * x), lambda x: 3.0),
        (lambda x: weights * x, lambda x: np.array([1.0, 2.0])),
        (lambda x: network([x]), lambda x: 1.0),
        (lambda x: w, lambda x: 0.0),
        (lambda x: w.detach() * x, lambda x: 2.0),
    ]
    for f, gradient in cases:
        f.__name__ = f.__qualname__ = "act"
        act = custom_gradient(gradient)(f)
        call: Callable[[], Any]
        for call in (lambda: act(Value(3.0)), lambda: grad(act)(3.0), lambda: jacobian(act)(3.0)):  # noqa: B023
            with pytest.raises(TypeError, match=r"^act returned a Value, .*: make that an argument"):
                call()
    with pytest.raises(TypeError, match=r"apply returned a Value, 9\.0, for plain numbers"):
        scale().apply(Value(3.0))
    act = custom_gradient(lambda x: 2.0 * w * x)(lambda x: w.data * x * x)
    with pytest.raises(TypeError, match=r"^the gradient function of .* returned a Value, 12\.0, for plain"):
        act(Value(3.0))


def test_a_variable_of_a_transformation_around_it_is_refused_too() -> None:
    def f(w: Any) -> Any:
        return custom_gradient(lambda x: 2.0 * w * x)(lambda x: w * x * x)(w)

    for transform in (grad, hessian, derivative):
        with pytest.raises(TypeError, match="it uses a Value that is no argument"):
            transform(f)(2.0)
    given = custom_gradient(lambda x, w: (2.0 * w * x, x * x))(lambda x, w: w * x * x)
    assert grad(lambda w: given(w, w))(2.0) == 12.0
    assert hessian(given, (0, 1))(3.0, 2.0) == ((4.0, 6.0), (6.0, 0.0))


def test_where_nothing_is_lost_a_value_that_is_no_argument_is_none_of_its_business() -> None:
    w = Value(2.0)
    act = custom_gradient(lambda x: 2.0 * w * x)(lambda x: w * x * x)
    act(3.0).backward()  # no Value is given, so the function is called as it is
    assert w.grad == 9.0
    with no_grad():
        assert act(Value(3.0)).data == 18.0
    constant = custom_gradient(lambda x: 2.0 * w.data * x)(lambda x: w.data * x * x)
    assert grad(constant)(3.0) == 12.0


def test_a_method_can_have_a_custom_gradient() -> None:
    class Scale:
        factor = 3.0

        @custom_gradient(lambda self, x: (None, self.factor))
        def apply(self, x: Any) -> Any:
            return self.factor * x

    assert grad(Scale().apply)(2.0) == 3.0


def test_a_gradient_may_round_otherwise_as_a_value() -> None:
    @custom_gradient(lambda x: (0.1 * x + 0.2 * x) / 0.3 if isinstance(x, Value) else x)
    def half_a_square(x: Any) -> Any:
        return 0.5 * x * x

    assert (0.1 + 0.2) / 0.3 != 1.0
    assert grad(half_a_square)(1.0) == 1.0
    assert derivative(half_a_square, order=2)(1.0) == pytest.approx(1.0, rel=1e-15)
    assert hessian(half_a_square)(1.0) == pytest.approx(1.0, rel=1e-15)


def test_a_derivative_of_a_call_whose_operand_was_changed_since_is_refused() -> None:
    @custom_gradient(lambda x, y: (y, x))
    def product(x: Any, y: Any) -> Any:
        return x * y

    def f(x: Any) -> Any:
        doubled = x * 2.0
        out = product(x, doubled)
        doubled.data = 7.0
        return out

    assert grad(f)(3.0) == 12.0
    with pytest.raises(RuntimeError, match="an operand of 'product' has another number now"):
        hessian(f)(3.0)
    with pytest.raises(RuntimeError, match="an operand of 'product' has another number now"):
        hessian(lambda x: f(x * math.nan))(3.0)
    assert math.isnan(grad(lambda x: product(x, math.nan))(3.0))
    assert math.isnan(hessian(lambda x: product(x * math.nan, x))(3.0))
