"""Functions of arrays that carry gradients back by a rule of the user's."""

from __future__ import annotations

import copy
import gc
import math as std
import pickle
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import pytest
import scipy.linalg

from autograd import (
    Value,
    check_grads,
    checkpoint,
    custom_vjp,
    derivative,
    detect_anomaly,
    grad,
    gradients,
    hessian,
    hvp,
    jacobian,
    jvp,
    math,
    no_grad,
    topological_order,
    value_and_grad,
    vjp,
)
from autograd.engine.whole_calls import alive
from autograd.ops import multiply

calls: list[str] = []


@custom_vjp
def wave(x: Any, y: Any) -> Any:
    """Return sin(x) y and x + y, with a rule that tells of its calls."""
    calls.append("f")
    return std.sin(x) * y, x + y


def wave_forward(x: Any, y: Any) -> Any:
    calls.append("forward" if type(x) is float else "forward on Values")
    return (math.sin(x) * y, x + y), (math.sin(x), math.cos(x), y)


def wave_backward(residuals: Any, gradient: Any) -> Any:
    calls.append("backward" if type(gradient[0]) is float else "backward on Values")
    sine, cosine, y = residuals
    return cosine * y * gradient[0] + gradient[1], sine * gradient[0] + gradient[1]


wave.defvjp(wave_forward, wave_backward)


def by_rule(x: Any, y: Any) -> Any:
    first, second = wave(x, y)
    return first * second


def written_out(x: Any, y: Any) -> Any:
    return math.sin(x) * y * (x + y)


@custom_vjp
def solve(matrix: Any, right: Any) -> Any:
    """Return the solution of a linear system, by LAPACK."""
    return scipy.linalg.solve(matrix, right)


def solve_forward(matrix: Any, right: Any) -> Any:
    x = solve(matrix, right)
    return x, (matrix, x)


def solve_backward(residuals: Any, gradient: Any) -> Any:
    matrix, x = residuals
    back = solve(matrix.T, gradient)
    return -np.outer(back, x), back


solve.defvjp(solve_forward, solve_backward)


def matrix_and_right() -> tuple[Any, Any]:
    return np.array([[4.0, 1.0, 0.5], [0.3, 3.0, -1.0], [0.2, 0.1, 2.0]]), np.array([1.0, -2.0, 0.5])


# What it gives


def test_derivatives_of_three_orders_are_those_of_the_function_written_out() -> None:
    for order in (
        grad,
        lambda f: grad(grad(f)),
        lambda f: grad(grad(grad(f)), 1),
        lambda f: hessian(f, (0, 1)),
    ):
        np.testing.assert_allclose(order(by_rule)(0.5, 2.0), order(written_out)(0.5, 2.0), rtol=1e-14)


def test_the_gradient_is_the_one_worked_out_by_hand() -> None:
    x, y = 0.5, 2.0
    by_x = std.cos(x) * y * (x + y) + std.sin(x) * y
    by_y = std.sin(x) * (x + y) + std.sin(x) * y
    assert grad(by_rule, (0, 1))(x, y) == pytest.approx((by_x, by_y), rel=1e-15)


def test_numbers_alone_are_handed_to_the_function_itself() -> None:
    calls.clear()
    assert wave(0.5, 2.0) == (std.sin(0.5) * 2.0, 2.5)
    assert calls == ["f"]


def test_a_sweep_calls_the_backward_function_once_whatever_the_size() -> None:
    sizes: list[tuple[int, ...]] = []

    @custom_vjp
    def double(x: Any) -> Any:
        return 2.0 * x

    def back(_: Any, gradient: Any) -> Any:
        sizes.append(gradient.shape)
        return (2.0 * gradient,)

    double.defvjp(lambda x: (2.0 * x, None), back)
    x = np.arange(12.0).reshape(3, 4)
    np.testing.assert_array_equal(grad(lambda x: np.sum(double(x) * x))(x), 4.0 * x)
    assert sizes == [(3, 4)]


def test_a_solver_of_lapack_has_the_derivatives_of_the_inverse() -> None:
    matrix, right = matrix_and_right()
    inverse = np.linalg.inv(matrix)
    x = inverse @ right
    np.testing.assert_allclose(jacobian(solve, 1)(matrix, right), inverse, rtol=1e-13)
    by_matrix = jacobian(solve)(matrix, right)  # dx = -inverse dA x
    np.testing.assert_allclose(by_matrix, -np.einsum("ij,k->ijk", inverse, x), rtol=1e-13)


def test_a_rule_that_calls_its_own_function_has_further_derivatives() -> None:
    matrix, right = matrix_and_right()
    inverse = np.linalg.inv(matrix)

    def energy(t: Any) -> Any:
        x = solve(matrix * t, right)
        return x @ x

    squared = float((inverse @ right) @ (inverse @ right))  # of solution(t) = solution(1) / t
    t = 1.3
    for order, factor in ((1, -2.0 / t**3), (2, 6.0 / t**4), (3, -24.0 / t**5)):
        of_order: Callable[..., Any] = energy
        for _ in range(order):
            of_order = grad(of_order)
        assert of_order(t) == pytest.approx(factor * squared, rel=1e-12)


def test_check_grads_goes_through_a_rule() -> None:
    matrix, right = matrix_and_right()
    check_grads(lambda m, r: np.sum(solve(m, r) ** 2), (matrix, right), order=2)


def test_a_wrong_rule_is_named_by_check_grads() -> None:
    @custom_vjp
    def wrong(x: Any) -> Any:
        return x * x

    wrong.defvjp(lambda x: (x * x, x), lambda x, gradient: (3.0 * x * gradient,))
    with pytest.raises(AssertionError, match="'wrong'"):
        check_grads(lambda x: wrong(x) + 1.0, (2.0,))


def test_the_products_of_hvp_and_vjp_go_through_a_rule() -> None:
    assert hvp(by_rule)(0.5, 1.0, 2.0) == pytest.approx(hvp(written_out)(0.5, 1.0, 2.0), rel=1e-14)
    value, pull_back = vjp(wave, 0.5, 2.0)
    assert value == (std.sin(0.5) * 2.0, 2.5)
    assert pull_back((1.0, 0.0)) == pytest.approx((std.cos(0.5) * 2.0, std.sin(0.5)))
    assert pull_back((0.0, 1.0)) == (1.0, 1.0)


def test_backward_adds_to_leaves_and_sets_inner_nodes() -> None:
    x, y = Value(0.5), Value(2.0)
    inner = x * 1.0
    out = by_rule(inner, y) + multiply(x, 3.0)
    for times in (1.0, 2.0):
        out.backward()
        assert x.grad == pytest.approx(times * (grad(written_out)(0.5, 2.0) + 3.0))
        assert y.grad == pytest.approx(times * grad(written_out, 1)(0.5, 2.0))
        assert inner.grad == pytest.approx(grad(written_out)(0.5, 2.0))


def test_a_result_that_nothing_uses_has_a_gradient_of_zero() -> None:
    assert grad(lambda x, y: wave(x, y)[1], (0, 1))(0.5, 2.0) == (1.0, 1.0)
    x, y = Value(0.5), Value(2.0)
    wave(x, y)[1].backward()
    assert (x.grad, y.grad) == (1.0, 1.0)


def test_a_call_on_constants_within_a_function_is_not_asked_for_gradients() -> None:
    held = [Value(0.5), Value(2.0)]
    first = wave(*held)[0]
    calls.clear()
    assert grad(lambda x: x * first)(3.0) == first.data
    assert calls == []


def test_results_can_be_what_is_differentiated_by() -> None:
    x, y = Value(0.5), Value(2.0)
    first, second = wave(x, y)
    z = first * second
    assert gradients(z, [first, second, x]) == pytest.approx(
        [second.data, first.data, grad(written_out)(0.5, 2.0)]
    )
    slopes = gradients(z, [first, x], create_graph=True)
    assert gradients(slopes[1], x) == pytest.approx(hessian(written_out)(0.5, 2.0))


def test_one_argument_may_be_given_twice() -> None:
    assert grad(lambda x: by_rule(x, x))(0.5) == pytest.approx(grad(lambda x: written_out(x, x))(0.5))


def test_a_derivative_within_a_derivative_is_by_the_right_variable() -> None:
    def inner(x: Any) -> Any:
        return x * grad(lambda y: by_rule(x, y))(2.0)

    def by_hand(x: Any) -> Any:
        return x * grad(lambda y: written_out(x, y))(2.0)

    assert grad(inner)(0.5) == pytest.approx(grad(by_hand)(0.5), rel=1e-14)


# Structures


class Point(NamedTuple):
    x: Any
    y: Any


def test_arguments_and_results_are_structures() -> None:
    @custom_vjp
    def turned(point: Any, options: Any) -> Any:
        return {"x": point.y * options["scale"], "y": [point.x]}

    turned.defvjp(
        lambda point, options: (turned(point, options), options["scale"]),
        lambda scale, gradient: (Point(gradient["y"][0], gradient["x"] * scale), None),
    )

    def total(point: Any) -> Any:
        out = turned(point, {"scale": 3.0, "name": "turned"})
        return out["x"] * 2.0 + np.sum(out["y"][0])

    by = grad(total)(Point(np.array([1.0, 2.0]), 5.0))
    np.testing.assert_array_equal(by.x, [1.0, 1.0])
    assert by.y == 6.0


def test_a_gradient_of_none_is_zero_wherever_it_stands() -> None:
    @custom_vjp
    def first(pair: Any, table: Any) -> Any:
        return pair["a"] * 2.0

    first.defvjp(lambda pair, table: (pair["a"] * 2.0, None), lambda _, g: ({"a": 2.0 * g, "b": None}, None))
    by_pair, by_table = grad(first, (0, 1))({"a": 1.0, "b": [2.0, 3.0]}, [np.ones(2), "text"])
    assert by_pair == {"a": 2.0, "b": [0.0, 0.0]}
    np.testing.assert_array_equal(by_table[0], np.zeros(2))
    assert grad(lambda a: first({"a": a, "b": "none"}, None))(1.0) == 2.0


def test_what_is_not_differentiated_by_may_lack_a_gradient() -> None:
    @custom_vjp
    def scaled(x: Any, settings: Any) -> Any:
        return x["a"] * settings["scale"]

    scaled.defvjp(lambda x, s: (scaled(x, s), s["scale"]), lambda s, g: ({"a": g * s}, {}))
    assert grad(lambda a: scaled({"a": a, "b": 4.0}, {"scale": 3.0, "deep": [1.0]}))(2.0) == 3.0


def test_arguments_by_keyword_and_defaults_stand_in_their_places() -> None:
    @custom_vjp
    def scaled(x: Any, scale: Any = 2.0) -> Any:
        return x * scale

    scaled.defvjp(lambda x, scale: (x * scale, (x, scale)), lambda r, g: (g * r[1], g * r[0]))
    assert grad(scaled)(3.0) == 2.0
    assert grad(lambda x, y: scaled(scale=y, x=x), (0, 1))(3.0, 5.0) == (5.0, 3.0)


def test_nondiff_arguments_come_first_in_the_backward_function() -> None:
    @partial(custom_vjp, nondiff_argnums=(0, -1))
    def apply(f: Any, x: Any, name: str) -> Any:
        return f(x)

    def back(f: Any, name: str, residuals: Any, gradient: Any) -> Any:
        assert name == "square"
        return (gradient * grad(f)(residuals),)

    apply.defvjp(lambda f, x, name: (f(x), x), back)
    assert grad(lambda x: apply(lambda t: t * t, x, "square"))(3.0) == 6.0
    decorated = custom_vjp(nondiff_argnums=1)(lambda x, n: x**n)
    decorated.defvjp(lambda x, n: (x**n, x), lambda n, x, g: (g * n * x ** (n - 1),))
    assert grad(decorated)(2.0, 3) == 12.0


def test_a_method_can_have_a_rule() -> None:
    class Spring:
        def __init__(self, stiffness: float) -> None:
            self.stiffness = stiffness

        @custom_vjp
        def energy(self, x: Any) -> Any:
            return 0.5 * self.stiffness * x * x

        energy.defvjp(
            lambda self, x: (0.5 * self.stiffness * x * x, (self, x)),
            lambda r, g: (None, g * r[0].stiffness * r[1]),
        )

    assert grad(Spring(3.0).energy)(2.0) == 6.0


def test_a_function_without_a_signature_can_have_a_rule() -> None:
    smaller = custom_vjp(min)
    smaller.defvjp(
        lambda x, y: (min(x, y), x < y), lambda first, g: (g if first else 0.0, 0.0 if first else g)
    )
    assert grad(smaller, (0, 1))(2.0, 1.0) == (0.0, 1.0)
    with pytest.raises(TypeError, match=r"key can be given by keyword only"):
        smaller(2.0, 1.0, key=abs)


# Graphs


def test_a_graph_with_a_rule_is_copied_and_pickled() -> None:
    x, y = Value(0.5, label="x"), Value(2.0, label="y")
    z = by_rule(x, y)
    for twin in (copy.deepcopy(z), pickle.loads(pickle.dumps(z))):
        leaves = {node.label: node for node in topological_order(twin)}
        assert leaves["x"] is not x
        assert gradients(twin, leaves["x"]) == pytest.approx(grad(written_out)(0.5, 2.0))
        (slope,) = gradients(twin, [leaves["x"]], create_graph=True)
        assert gradients(slope, leaves["y"]) == pytest.approx(grad(grad(written_out), 1)(0.5, 2.0))


def test_a_function_with_a_rule_can_be_pickled() -> None:
    assert pickle.loads(pickle.dumps(wave)) is wave
    unnamed = custom_vjp(std.cos)
    unnamed.defvjp(wave_forward, wave_backward)
    twin = pickle.loads(pickle.dumps(unnamed))
    assert (twin.forward, twin.backward) == (wave_forward, wave_backward)
    assert repr(twin) == "<cos with a custom vjp>"


def test_a_call_goes_with_its_graph() -> None:
    gc.collect()
    before = len(alive)
    z = by_rule(Value(0.5), Value(2.0))
    assert len(alive) == before + 1
    gc.disable()
    try:
        del z
        assert len(alive) == before
    finally:
        gc.enable()


def test_inside_no_grad_nothing_is_recorded() -> None:
    x = Value(0.5)
    with no_grad():
        first = wave(x, 2.0)[0]
    assert first.data == std.sin(0.5) * 2.0
    with pytest.raises(RuntimeError, match="no_grad"):
        first.backward()


def test_anomalies_are_found_beyond_a_rule() -> None:
    with detect_anomaly():
        assert grad(by_rule)(0.5, 2.0) == pytest.approx(grad(written_out)(0.5, 2.0))
        x, y = Value(0.5), Value(2.0)
        by_rule(x, y).backward()
        assert x.grad == pytest.approx(grad(written_out)(0.5, 2.0))
        with pytest.raises(FloatingPointError, match="sqrt"):
            grad(lambda x: wave(math.sqrt(x), 2.0)[0])(0.0)


def test_a_call_under_checkpoint_is_kept_as_it_is() -> None:
    def long(x: Any) -> Any:
        for _ in range(20):
            x = math.sin(x)
        return by_rule(x, 2.0)

    assert grad(checkpoint(long))(1.0) == grad(long)(1.0)


def test_forward_there_is_no_way_through_as_in_jax() -> None:
    with pytest.raises(TypeError, match="wave has a rule that carries gradients back"):
        jvp(by_rule, (0.5, 2.0), (1.0, 0.0))
    for order in (1, 2):
        with pytest.raises(TypeError, match="wave has a rule that carries gradients back"):
            derivative(lambda x: by_rule(x, 2.0), order)(0.5)
    assert jvp(lambda x: x * wave(0.5, 2.0)[1], (3.0,), (1.0,)) == (7.5, 2.5)
    held = wave(Value(0.5), Value(2.0))[1]
    assert derivative(lambda x: x * held)(3.0) == 2.5
    with detect_anomaly():
        assert derivative(lambda x: x * held)(3.0) == 2.5


# Misuse


def test_a_function_without_a_rule_says_how_to_give_one() -> None:
    without = custom_vjp(std.sin)
    with pytest.raises(AttributeError, match=r"sin has no rule yet; give it one with sin\.defvjp"):
        without(1.0)


def test_what_is_no_function_is_refused() -> None:
    with pytest.raises(TypeError, match="custom_vjp decorates a function, not 3"):
        custom_vjp(3)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="bwd is a function, not None"):
        custom_vjp(std.sin).defvjp(std.sin, None)
    with pytest.raises(TypeError, match="argnums is a whole number"):
        custom_vjp(std.sin, nondiff_argnums="x")  # type: ignore[arg-type]


def test_a_nondiff_argument_must_be_there_and_hold_no_value() -> None:
    power = custom_vjp(lambda x, n: x**n, nondiff_argnums=(1,))
    power.defvjp(lambda x, n: (x**n, x), lambda n, x, g: (g * n * x ** (n - 1),))
    with pytest.raises(TypeError, match="argument 1 is one of nondiff_argnums and holds a Value"):
        grad(power, 1)(2.0, 3.0)
    beyond = custom_vjp(lambda *x: x[0], nondiff_argnums=(2,))
    beyond.defvjp(lambda *x: (x[0], None), lambda *x: ())
    with pytest.raises(TypeError, match="was called with 1 arguments"):
        grad(beyond)(2.0)


def with_rule(forward: Any, backward: Any) -> Any:
    function = custom_vjp(lambda x: x)
    function.defvjp(forward, backward)
    return function


def test_values_from_elsewhere_are_refused() -> None:
    other = Value(3.0)
    with pytest.raises(TypeError, match=r"forward function of .* returned a Value, 6\.0"):
        grad(with_rule(lambda x: (x * other, x), lambda x, g: (g,)))(2.0)
    with pytest.raises(TypeError, match=r"backward function of .* returned a Value, 3\.0"):
        grad(with_rule(lambda x: (x, x), lambda x, g: (g * other,)))(2.0)
    nested = with_rule(lambda x: (x, x), lambda x, g: (g * other,))
    with pytest.raises(TypeError, match=r"backward function of .* returned a Value"):
        grad(grad(nested))(2.0)


NEVER = std.sin  # which is not called


@pytest.mark.parametrize(
    ("forward", "backward", "message"),
    [
        (lambda x: 1.0, NEVER, r"must return the pair of its result and of residuals, not 1.0"),
        (lambda x: (None, 1), NEVER, r"must return numbers to be differentiated, not None"),
        (lambda x: (["text"], 1), NEVER, r"must return numbers to be differentiated"),
        (lambda x: (x, 1), lambda r, g: g, r"must return a tuple of 1, a gradient for each argument"),
        (lambda x: (x, 1), lambda r, g: (g, g), r"must return a tuple of 1"),
        (lambda x: (x, 1), lambda r, g: (g[:1],), r"shape \(2,\) at \[0\], not an array of shape \(1,\)"),
        (lambda x: (x, 1), lambda r, g: (1.0,), r"an array of shape \(2,\) at \[0\], not a number"),
        (lambda x: (x, 1), lambda r, g: ("g",), r"an array of shape \(2,\) at \[0\], not 'g'"),
    ],
)  # fmt: skip
def test_a_rule_that_returns_something_else_is_an_error(forward: Any, backward: Any, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        grad(lambda x: np.sum(with_rule(forward, backward)(x)))(np.ones(2))


def test_a_gradient_that_lacks_a_part_is_an_error() -> None:
    lacking = with_rule(lambda x: (x["a"], 1), lambda r, g: ({"b": g},))
    with pytest.raises(TypeError, match=r"must return a gradient at \[0\]\['a'\], but there is nothing"):
        grad(lacking)({"a": 1.0, "b": 2.0})
    with pytest.raises(TypeError, match=r"must return a gradient at \[0\]\['a'\], but there is nothing"):
        grad(with_rule(lambda x: (x["a"], 1), lambda r, g: (g,)))({"a": 1.0, "b": 2.0})
    with pytest.raises(TypeError, match=r"must return a number at \[0\], not an array of shape \(1,\)"):
        grad(with_rule(lambda x: (x, 1), lambda r, g: (np.ones(1),)))(2.0)


def test_another_structure_at_a_second_call_is_an_error() -> None:
    function = custom_vjp(lambda x: [x] * 3)
    function.defvjp(lambda x: ([x] * 2, x), lambda x, g: (sum(g),))
    call = topological_order(function(Value(1.0))[0])[-1].op.call
    again = call.as_function()[0]
    assert again(Value(2.0)).data == 2.0
    with pytest.raises(TypeError, match="something of another structure when it was called before"):
        again(2.0)


def test_changed_data_is_noticed_when_a_derivative_is_recorded() -> None:
    x = Value(0.5)
    z = by_rule(x, 2.0)
    x.data = 1.0
    with pytest.raises(RuntimeError, match=r"an operand of 'wave' is 1\.0 now and was 0\.5"):
        gradients(z, x, create_graph=True)
    assert gradients(z, x) == pytest.approx(grad(written_out)(0.5, 2.0))
    x.data = std.nan
    with pytest.raises(RuntimeError, match=r"an operand of 'wave' is nan now and was 0\.5"):
        gradients(z, x, create_graph=True)


def test_an_error_of_the_rule_comes_out_and_leaves_a_graph_that_works() -> None:
    armed = [True]

    def back(x: Any, g: Any) -> Any:
        if armed:
            raise ZeroDivisionError("in the rule")
        return (g,)

    x = Value(2.0)
    z = with_rule(lambda x: (x, x), back)(x * 1.0) + x
    with pytest.raises(ZeroDivisionError, match="in the rule"):
        z.backward()
    armed.clear()
    z.zero_grad()
    z.backward()
    assert x.grad == 2.0


def test_value_and_grad_calls_the_forward_function_once() -> None:
    calls.clear()
    value_and_grad(lambda x: wave(x, 2.0)[0])(0.5)
    assert calls == ["forward", "backward"]
