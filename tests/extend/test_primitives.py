"""Functions whose derivatives are given under HIPS autograd's names: of all orders, both ways, compiled."""

from __future__ import annotations

import math
import pickle
from typing import Any

import cloudpickle
import numpy
import pytest

import autograd.extend as extend
import autograd.numpy as np
from autograd import Value, compile, deriv, derivative, grad, hessian, jacobian, jvp, vmap
from autograd.extend import (
    def_linear,
    defjvp,
    defjvp_argnums,
    defvjp,
    defvjp_argnum,
    defvjp_argnums,
    notrace_primitive,
    primitive,
)
from autograd.test_util import check_grads

X = numpy.array([0.3, -1.2, 2.0])


@primitive
def logsumexp(x: Any, *, shift: float = 0.0) -> Any:
    largest = numpy.max(x)
    return largest + numpy.log(numpy.sum(numpy.exp(x - largest))) + shift


defvjp(logsumexp, lambda ans, x, shift=0.0: lambda g: g * np.exp(x - ans + shift))


@primitive
def product(x: Any, y: Any, z: Any) -> Any:
    return x * y + 0.0 * z


defvjp(product, lambda ans, x, y, z: lambda g: g * y, lambda ans, x, y, z: lambda g: g * x, None)


def softmax(x: Any) -> Any:
    return numpy.exp(x) / numpy.exp(x).sum()


def test_the_gradient_is_that_of_the_rule() -> None:
    assert grad(logsumexp)(X) == pytest.approx(softmax(X), rel=1e-14)
    assert grad(logsumexp)(X, shift=3.0) == pytest.approx(softmax(X), rel=1e-14)
    assert logsumexp(X, shift=1.0) == pytest.approx(math.log(sum(map(math.exp, X))) + 1.0, rel=1e-15)
    assert grad(product, (0, 1, 2))(3.0, 4.0, 5.0) == (4.0, 3.0, 0.0)
    assert grad(product, 1)(3.0, 4.0, "no number" and 5.0) == 3.0


def test_second_derivatives_go_through_the_result_that_the_rule_is_given() -> None:
    p = softmax(X)
    assert hessian(logsumexp)(X) == pytest.approx(numpy.diag(p) - numpy.outer(p, p), rel=1e-13)
    check_grads(logsumexp, order=3)(X)
    check_grads(product, (0, 1, 2))(X, X[::-1].copy(), 2.0 * X)


def test_without_a_rule_forward_that_in_reverse_is_transposed() -> None:
    value, along = jvp(logsumexp, (X,), (numpy.array([1.0, 2.0, 3.0]),))
    assert along == pytest.approx(softmax(X) @ [1.0, 2.0, 3.0], rel=1e-14)
    assert value == logsumexp(X)
    assert derivative(lambda t: product(t, t, 1.0), 2)(3.0) == 2.0


def test_a_rule_forward_is_used_where_there_is_one() -> None:
    @primitive
    def cube(x: Any) -> Any:
        return x**3

    defjvp(cube, lambda g, ans, x: 3.0 * x**2 * g)
    assert derivative(cube)(2.0) == 12.0
    assert derivative(cube, 2)(2.0) == 12.0
    assert jvp(cube, (X,), (numpy.ones(3),))[1] == pytest.approx(3.0 * X**2, rel=1e-15)
    with pytest.raises(NotImplementedError, match=r"cube has no derivative by argument 0 yet; give it"):
        grad(cube)(2.0)


def test_of_a_list_the_plain_numbers_have_no_direction() -> None:
    @primitive
    def dot(xs: Any) -> Any:
        return xs[0] * xs[1]

    defjvp(dot, lambda g, ans, xs: g[0] * xs[1] + xs[0] * g[1])
    assert derivative(lambda t: dot([t, 5.0]))(2.0) == 5.0
    assert derivative(lambda t: dot([t, t]))(2.0) == 4.0


def test_rules_for_all_arguments_at_once() -> None:
    @primitive
    def area(x: Any, y: Any) -> Any:
        return x * y

    asked = []

    def rule(argnums: Any, ans: Any, args: Any, kwargs: Any) -> Any:
        asked.append(argnums)
        return lambda g: [g * args[1 - i] for i in argnums]

    defvjp_argnums(area, rule)
    assert grad(area, (0, 1))(3.0, 4.0) == (4.0, 3.0)
    assert grad(area, 1)(3.0, 4.0) == 3.0
    assert asked == [[0, 1], [1]]
    defvjp_argnum(area, lambda argnum, ans, args, kwargs: lambda g: 10.0 * g * args[1 - argnum])
    assert grad(area)(3.0, 4.0) == 40.0
    defjvp_argnums(area, lambda argnums, gs, ans, args, kwargs: gs[0] * args[1] + gs[1] * args[0])
    assert jvp(area, (3.0, 4.0), (1.0, 10.0))[1] == 34.0


def test_a_linear_function_is_its_own_derivative() -> None:
    @primitive
    def scaled(x: Any, factor: float) -> Any:
        return [factor * x, 2.0 * factor * x]

    def_linear(scaled)
    assert deriv(lambda x: scaled(x, 3.0))(2.0) == [3.0, 6.0]

    @primitive
    def shifted(x: Any, y: Any) -> Any:
        return 2.0 * x + y**2

    defjvp(shifted, "same" and (lambda g, ans, x, y: 2.0 * g), lambda g, ans, x, y: 2.0 * y * g)
    assert jvp(shifted, (1.0, 3.0), (1.0, 1.0))[1] == 8.0

    @primitive
    def doubled(x: Any, times: Any) -> Any:
        return 2.0 * x * times

    defjvp(doubled, "same", None)
    assert jvp(doubled, (3.0, 1.0), (1.0, 1.0))[1] == 2.0


def test_rules_are_for_the_arguments_that_are_named() -> None:
    @primitive
    def area(x: Any, y: Any) -> Any:
        return x * y

    defvjp(area, lambda ans, x, y: lambda g: g * x, argnums=[1])
    assert grad(area, 1)(3.0, 4.0) == 3.0
    with pytest.raises(NotImplementedError, match="area has no derivative by argument 0 yet; give defvjp"):
        grad(area, 0)(3.0, 4.0)


def test_a_primitive_without_rules_says_so() -> None:
    double = primitive(lambda x: 2.0 * x)
    assert double(3.0) == 6.0
    for transform in (grad, deriv, jacobian):
        with pytest.raises(NotImplementedError, match=r"no derivative by argument 0 yet; give it one with"):
            transform(double)(1.0)


def test_it_is_compiled_as_a_call_of_python() -> None:
    f = compile(lambda x: logsumexp(x) * 2.0)
    p = softmax(X)
    assert f(X) == 2.0 * logsumexp(X)
    assert f.grad(X) == pytest.approx(2.0 * p, rel=1e-14)
    assert f.hessian(X) == pytest.approx(2.0 * (numpy.diag(p) - numpy.outer(p, p)), rel=1e-13)
    assert f(X + 1.0) == 2.0 * logsumexp(X + 1.0)
    batch = numpy.array([X, 2.0 * X])
    assert vmap(lambda x: logsumexp(x))(batch).tolist() == [logsumexp(X), logsumexp(2.0 * X)]


def test_it_is_called_with_plain_arrays_even_where_new_ones_hold_values() -> None:
    kinds = []

    @primitive
    def summed(x: Any) -> Any:
        kinds.append((type(x), x.dtype, type(np.zeros(2)), np.zeros(2).dtype))
        return x.sum()

    defvjp(summed, lambda ans, x: lambda g: g * np.ones(x.shape))
    assert grad(summed)(X).tolist() == [1.0, 1.0, 1.0]
    assert hessian(lambda x: summed(x * x))(X).tolist() == (2.0 * numpy.eye(3)).tolist()
    assert set(kinds) == {(numpy.ndarray, numpy.dtype(float), numpy.ndarray, numpy.dtype(float))}


def test_it_takes_and_gives_structures_and_is_a_method_and_can_be_pickled() -> None:
    class Scale:
        def __init__(self, factor: float) -> None:
            self.factor = factor

        @primitive
        def of(self, point: Any) -> Any:
            return {"x": self.factor * point["x"], "name": point["name"]} if "name" in point else point["x"]

    defvjp(Scale.of, None, lambda ans, self, point: lambda g: {"x": g, "name": None})
    assert grad(lambda p: Scale(2.0).of({"x": p}))(3.0) == 1.0
    again = pickle.loads(pickle.dumps(logsumexp))
    assert again is logsumexp or grad(again)(X).tolist() == grad(logsumexp)(X).tolist()
    assert repr(logsumexp) == "<primitive logsumexp>"


def test_primitives_inside_functions_and_their_graphs_can_be_pickled() -> None:
    @primitive
    def cube(x: Any) -> Any:
        return x**3

    defvjp(cube, lambda ans, x: lambda g: 3.0 * x**2 * g)
    assert grad(cloudpickle.loads(cloudpickle.dumps(cube)))(2.0) == 12.0
    x = Value(2.0)
    again, y = cloudpickle.loads(cloudpickle.dumps((x, cube(x))))
    y.backward()
    assert (y.data, again.grad, x.grad) == (8.0, 12.0, 0.0)


def test_rules_for_all_arguments_are_functions() -> None:
    with pytest.raises(TypeError, match="takes a function, not 2"):
        defvjp_argnums(primitive(lambda x: x), 2.0)  # type: ignore[arg-type]


def test_misuse_says_what_to_write() -> None:
    with pytest.raises(TypeError, match="primitive decorates a function, not 3"):
        primitive(3)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"defvjp tells the derivatives of a primitive, not of .*; write"):
        defvjp(math.sin, lambda ans, x: lambda g: g)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"defvjp\(logsumexp, ...\) takes a function for argument 0, not 3"):
        defvjp(logsumexp, 3)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="by an argument with a keyword it cannot be differentiated"):
        grad(lambda x: logsumexp(X, shift=x))(1.0)
    wrong = primitive(lambda x: x.sum())
    defvjp(wrong, lambda ans, x: lambda g: g)
    defjvp(wrong, lambda g, ans, x: g)
    with pytest.raises(TypeError, match=r"must return an array of shape \(3,\) at \[0\], not a number"):
        grad(wrong)(X)
    with pytest.raises(TypeError, match=r"the derivative forward of .* must have the shapes of its result"):
        jvp(wrong, (X,), (X,))
    with pytest.raises(AttributeError, match=r"autograd\.extend has no 'Box'; there are no boxes"):
        _ = extend.Box
    with pytest.raises(ImportError, match=r"autograd\.extend has no 'vspace'; new types are not entered"):
        from autograd.extend import vspace  # noqa: F401


def test_what_is_not_traced_is_a_constant() -> None:
    seen = []

    @notrace_primitive
    def steps(x: Any) -> Any:
        seen.append(type(x))
        return math.ceil(x)

    assert grad(lambda x: steps(x) * x)(2.5) == 3.0
    assert seen == [float]
