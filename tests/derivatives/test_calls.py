"""Calls of functions that are differentiated: what they take and return, and what messages call them."""

from __future__ import annotations

import copy
import functools
import pickle
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from autograd import (
    CompileError,
    Value,
    compile,
    custom_gradient,
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
    value_and_grad,
    vjp,
    vmap,
)


def product(x: Any, y: Any) -> Any:
    return x * x * y


@grad(argnums=1)
def squared_by_y(x: Any, y: Any) -> Any:
    return x * y * y


# What is handed on


def test_the_second_part_of_a_pair_is_differentiated_by_what_is_around() -> None:
    def with_aux(x: Any) -> Any:
        return x**2, x**3

    def outer(x: Any) -> Any:
        slope, aux = grad(with_aux, has_aux=True)(x)
        return slope * aux  # 2 x**4

    assert grad(outer)(3.0) == 8 * 3.0**3
    assert type(grad(with_aux, has_aux=True)(3.0)[1]) is float


@dataclass
class Ball:
    """A state that a simulation copies."""

    height: Any
    speed: Any


def fallen(ball: Ball) -> Any:
    states = [ball]
    for _ in range(3):
        ball = copy.deepcopy(ball)
        ball.height = ball.height + 0.1 * ball.speed
        states.append(ball)
    return states[-1].height * states[1].height


COPYING: list[Callable[[Any], Any]] = [
    lambda x: x * copy.copy(x),
    lambda x: x * copy.deepcopy(x),
    lambda x: x * copy.deepcopy([1.0 * x])[0],
    lambda x: x * copy.deepcopy({"x": x, "twice": x * 2.0})["x"],
    lambda x: copy.deepcopy(x * x),
    lambda x: copy.deepcopy(np.array([x, 1.0 * x])).prod(),
    lambda x: ThreadPoolExecutor(1).submit(copy.deepcopy, x * x).result(),
]


@pytest.mark.parametrize("f", COPYING)
def test_derivatives_lead_through_copies(f: Callable[[Any], Any]) -> None:
    assert grad(f)(3.0) == compile(f).grad(3.0) == 6.0
    assert jvp(f, (3.0,), (1.0,)) == (9.0, 6.0)
    assert grad(grad(f))(3.0) == grad(compile(f).grad)(3.0) == 2.0
    assert grad(lambda a: a * grad(lambda x: a * f(x))(3.0))(5.0) == 2 * 5.0 * 6.0
    assert vmap(grad(f))(np.array([1.0, 3.0])).tolist() == [2.0, 6.0]


def test_derivatives_lead_through_copies_of_structures() -> None:
    ball = Ball(1.0, 2.0)
    for slope in grad(fallen)(ball), compile(fallen).grad(ball):
        assert (slope.height, slope.speed) == pytest.approx((1.6 + 1.2, 0.3 * 1.2 + 0.1 * 1.6))
    x = np.array([1.0, 2.0])
    assert grad(lambda x: np.sum(copy.deepcopy(x) * x))(x).tolist() == [2.0, 4.0]


def test_a_copy_of_a_number_of_a_call_that_is_done_stands_by_itself() -> None:
    kept: list[Any] = []

    def f(x: Any) -> Any:
        kept.append(x)
        return x

    grad(f)(3.0)
    makers: list[Callable[[Any], Any]] = [copy.copy, copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))]
    for make in makers:
        assert make(kept[0]) is not kept[0]
        assert make(kept[0]).data == 3.0


@pytest.mark.parametrize("pickled", [lambda x: x, lambda x: {"a": [x * 2.0]}, lambda x: np.array([x])])
def test_a_pickle_would_lose_the_derivative_and_is_refused(pickled: Callable[[Any], Any]) -> None:
    with pytest.raises(TypeError, match=r"pickled .* has lost its derivative"):
        grad(lambda x: x * len(pickle.dumps(pickled(x))))(3.0)
    with pytest.raises(CompileError, match="pickles a Value"):
        compile(lambda x: x * len(pickle.dumps(pickled(x))))(3.0)


def test_a_constant_result_has_its_value_and_derivative_0_inside_no_grad_too() -> None:
    with no_grad():
        assert value_and_grad(lambda x: 5.0)(1.0) == (5.0, 0.0)
        assert value_and_grad(lambda x: x * x)(3.0) == (9.0, 6.0)
    value, pull_back = vjp(lambda x: [5.0, x], 3.0)
    assert (value, pull_back([7.0, 2.0])) == ([5.0, 3.0], (2.0,))


def test_a_dataclass_without_numbers_has_a_gradient_without_numbers() -> None:
    @dataclass
    class Name:
        text: str | None

    assert grad(lambda name: 1.0)(Name("a")) == Name(None)
    with pytest.raises(TypeError, match="to differentiate by it, it must be a number"):
        grad(lambda name: 1.0)(Name)


# Which arguments


def test_the_first_argument_is_differentiated_by_unless_another_is_chosen() -> None:
    x, y = 3.0, 4.0  # of x**2 y
    assert grad(product)(x, y) == jacobian(product)(x, y) == derivative(product)(x, y) == 2 * x * y
    assert value_and_grad(product)(x, y) == (x * x * y, 2 * x * y)
    assert hessian(product)(x, y) == derivative(product, 2)(x, y) == 2 * y
    assert hvp(product)(x, 0.5, y) == 0.5 * 2 * y


def test_further_arguments_of_a_derivative_are_handed_on_whatever_they_are() -> None:
    assert derivative(lambda t, options: options["c"] * t**2)(3.0, {"c": 5.0}) == 30.0
    with pytest.raises(TypeError, match=r"<lambda>: derivative takes .* not of \[1\.0\] \(list\); for many"):
        derivative(lambda t, c: t)([1.0], 2.0)


def test_gradients_come_in_the_structure_of_what_they_belong_to() -> None:
    x, y = Value(3.0), Value(4.0)
    z = x * x * y
    for create_graph in (False, True):
        both = gradients(z, {"by y": y, "by x": [x]}, create_graph=create_graph)
        assert both == {"by y": 9.0, "by x": [24.0]}
        kind = Value if create_graph else float
        assert type(both["by y"]) is kind
        weights: list[Any] = [2, np.float32(2), Value(2.0)]
        for weight in weights:
            single = gradients(z, x, gradient=weight, create_graph=create_graph)
            assert (type(single), single) == (kind, 48.0)


@pytest.mark.parametrize("create_graph", [False, True])
def test_the_upstream_gradient_is_a_real_number_of_full_precision(create_graph: bool) -> None:
    x = Value(3.0)
    y = x.log()
    two: Any = np.float32(2)
    assert gradients(y, x, gradient=two, create_graph=create_graph) == 2.0 / 3.0
    others: list[Any] = ["3", None, [1.0]]
    for gradient in others:
        with pytest.raises(TypeError, match="cannot use"):
            gradients(y, x, gradient=gradient, create_graph=create_graph)


# Methods and pickles


def test_a_decorated_method_is_bound_to_its_instance() -> None:
    class Spring:
        def __init__(self, stiffness: float) -> None:
            self.stiffness = stiffness

        @grad(argnums=1)
        def force(self, x: Any) -> Any:
            return 0.5 * self.stiffness * x * x

    assert Spring(3.0).force(2.0) == 6.0
    assert Spring.force is vars(Spring)["force"]
    assert Spring.force(Spring(3.0), 2.0) == 6.0


@pytest.mark.parametrize(
    ("transformed", "arguments", "expected"),
    [
        (grad(product, argnums=1), (3.0, 4.0), 9.0),
        (grad(product, argnums=(1, 0)), (3.0, 4.0), (9.0, 24.0)),
        (hessian(product), (3.0, 4.0), 8.0),
        (squared_by_y, (3.0, 4.0), 24.0),
    ],
)
def test_what_a_transformation_made_can_be_pickled(
    transformed: Callable[..., Any], arguments: tuple[float, ...], expected: Any
) -> None:
    twin = pickle.loads(pickle.dumps(transformed))
    assert twin(*arguments) == transformed(*arguments) == expected
    assert pickle.loads(pickle.dumps(squared_by_y)) is squared_by_y


# Messages


def message(work: Callable[[], Any], kind: type[Exception] = TypeError) -> str:
    with pytest.raises(kind) as caught:
        work()
    return str(caught.value)


@pytest.mark.parametrize("out", [(1.0,), (1.0, 2.0, 3.0), [1.0, 2.0]])
def test_with_aux_anything_but_a_pair_is_refused_and_shown(out: Any) -> None:
    def several(x: Any) -> Any:
        return out

    text = message(lambda: grad(several, has_aux=True)(1.0))
    assert text.startswith("with has_aux=True several must return a pair")
    assert text.endswith(f"it returned {out!r} ({type(out).__name__})")


def test_a_wrong_result_is_shown_with_the_name_of_the_function() -> None:
    def nothing(x: Any) -> None:
        return None

    def word(x: Any) -> str:
        return "word"

    for transform in (jacobian, lambda f: jvp(f)):
        given = (1.0,) if transform is jacobian else ((1.0,), (1.0,))
        text = message(lambda t=transform, given=given: t(word)(*given))  # type: ignore[misc]
        assert text.startswith("word must return real numbers")
        assert text.endswith("returned 'word' (str)")
    assert message(lambda: jacobian(nothing)(1.0)).endswith("returned None")
    text = message(lambda: grad(word)(1.0))
    assert text == "word must return a real number to have a gradient, but it returned 'word' (str)"


def test_a_result_that_cannot_be_taken_apart_is_called_by_the_name_of_the_function() -> None:
    def unordered(x: Any) -> Any:
        return {x, 2 * x}

    assert message(lambda: jacobian(unordered)(1.0)).startswith("the result of unordered is a set")


def test_long_results_are_shown_by_their_beginning() -> None:
    for length in (78, 79, 200):  # the text has two quotes more
        text = message(lambda n=length: jacobian(lambda x: "a" * n)(1.0))  # type: ignore[misc]
        shown = text.partition("returned ")[2]
        assert shown == ("'" + "a" * 78 + "' (str)" if length == 78 else "'" + "a" * 76 + "... (str)")


def test_functions_are_called_by_the_names_that_tell_most() -> None:
    class Model:
        def loss(self, x: Any) -> Any:
            return x

    class Callable_:  # noqa: N801
        def __call__(self, x: Any) -> Any:
            return x

        def __repr__(self) -> str:
            return "<a callable>"

    named = Callable_()
    named.__name__ = "named"  # type: ignore[attr-defined]
    assert repr(grad(Model.loss)) == "<grad of Model.loss>"
    assert repr(grad(product)) == "<grad of product>"
    assert repr(grad(Callable_())) == "<grad of <a callable>>"
    assert repr(grad(named)) == "<grad of named>"
    assert "functools.partial" in repr(hessian(functools.partial(product, 2.0)))


def test_a_wrong_choice_of_arguments_is_shown_with_the_names() -> None:
    wrong: Any = "0"
    assert message(lambda: grad(product, argnums=7)(1.0, 2.0)).startswith(
        "argnums=7: product was called with 2 positional arguments"
    )
    assert (
        message(lambda: grad(product, argnums=(0, -2))(1.0, 2.0), ValueError)
        == "argnums=(0, -2) names an argument of product twice"
    )
    assert message(lambda: hessian(product, argnums=()), ValueError).startswith("hessian: argnums is empty")
    assert message(lambda: jacobian(product, argnums=wrong)) == (
        "jacobian: argnums is a whole number or a sequence of them, not '0' (str)"
    )


def test_a_vector_of_another_structure_is_called_by_its_name() -> None:
    text = message(lambda: jvp(product, (1.0, 2.0), ([1.0], 2.0)))
    assert text.startswith("the direction needs the structure of what it belongs to: the direction")
    text = message(lambda: vjp(product, 1.0, 2.0)[1]([1.0]))
    assert text.startswith("the gradient with respect to product needs the structure")


def test_a_missing_vector_is_an_error_that_shows_how_to_give_one() -> None:
    assert message(lambda: hvp(product)(1.0)).startswith("product: hvp needs a vector after the argument")
    for given, shown in [
        (((1.0,),), "(1.0,) (tuple)"),
        (((1.0,), (1.0,), (1.0,)), "(1.0,) (tuple), (1.0,) (tuple), (1.0,) (tuple)"),
        ((1.0, 1.0), "1.0 (float), 1.0 (float)"),
    ]:
        text = message(lambda given=given: jvp(product)(*given))  # type: ignore[misc]
        assert text.startswith("product: jvp takes the tuple of the arguments")
        assert text.endswith(f"not {shown}")
    assert "not None, (1.0,) (tuple)" in message(lambda: jvp(product, tangents=(1.0,)))


def test_a_wrong_order_and_wrong_values_are_shown() -> None:
    wrong: Any = "3"
    assert message(lambda: derivative(product, wrong)).endswith("not '3'")
    assert "not '3' (str)" in message(lambda: gradients(wrong, [Value(1.0)]))
    assert message(lambda: gradients(Value(1.0), [2.0])).endswith("not [2.0] (list)")


def test_an_error_of_numpy_comes_with_a_note_on_arrays_of_values() -> None:
    def notes(f: Callable[[Any], Any]) -> list[str]:
        with pytest.raises(TypeError) as caught:
            grad(f)(np.array([[1.0, 2.0], [3.0, 5.0]]))
        return getattr(caught.value, "__notes__", [])

    def into_floats(a: Any) -> Any:
        out = np.zeros(2)
        out.fill(a[0, 0])
        return out[0]

    def wrong(a: Any) -> Any:
        return a.shape + 1

    def objects(a: Any) -> Any:
        return np.array([a[0, 0], a[0, 1]])

    for f in (lambda a: np.spacing(objects(a)), lambda a: np.interp(0.5, [0.0, 1.0], objects(a))):
        assert [note[:31] for note in notes(f)] == ["Inside a function that is diffe"], f
    assert ["dtype=object" in note for note in notes(into_floats)] == [True]
    assert notes(wrong) == []


def test_a_number_made_of_a_value_without_arrays_is_an_error_about_the_value() -> None:
    with pytest.raises(TypeError, match=r"use the functions of autograd\.math"):
        grad(lambda x: float(x))(1.0)
    assert math.exp(Value(0.0)).data == 1.0


# Functions with a derivative of their own, inside derivatives of derivatives


@pytest.mark.parametrize("order", [1, 2, 3])
def test_a_custom_function_of_several_numbers_has_derivatives_of_all_orders_in_a_direction(
    order: int,
) -> None:
    @custom_gradient(lambda a, b, c: (b * c, a * c, a * b))
    def volume(a: float, b: float, c: float) -> float:
        return a * b * c

    # t t**2 3t = 3 t**4
    got = derivative(lambda t: volume(t, t * t, 3.0 * t), order)(2.0)
    assert got == pytest.approx([12 * 2.0**3, 36 * 2.0**2, 72 * 2.0][order - 1], rel=1e-15)


@custom_gradient(lambda x: 3.0 * x * x)
def cube(x: float) -> float:
    return x**3


def test_a_custom_function_keeps_its_second_derivative_in_a_pickle() -> None:
    for label in ("", "volume"):
        y = cube(Value(2.0))
        y.label = label
        twin = pickle.loads(pickle.dumps(y))
        (x,) = twin.operands
        assert twin.label == label
        assert gradients(gradients(twin, x, create_graph=True), x) == 12.0


def test_a_node_of_which_only_the_line_is_known_forgets_it_in_a_pickle() -> None:
    with detect_anomaly():
        y = Value(2.0) * 3.0
    assert y.label == ""
    line = y.op.line  # type: ignore[union-attr]
    twin = pickle.loads(pickle.dumps(y))
    assert (type(twin.op), twin.op, twin.data) == (str, "*", 6.0)
    y.label = "six"
    assert y.op.line == line is not None  # type: ignore[union-attr]


def test_what_one_derivative_leaves_is_a_number_to_those_after_it_in_the_same_call() -> None:
    def f(x: Any) -> Any:
        quarter = grad(lambda v: v[1] * v[1] * v[0])([1.0 / x, 0.5])[0]  # a Value, of 0.5 alone
        return derivative(lambda t: quarter * t * x)(2.0)

    assert (f(3.0), grad(f)(3.0), hessian(f)(3.0)) == (0.75, 0.25, 0.0)

    def of_constants(x: Any) -> Any:
        quarter = grad(lambda v: v[1] * v[1] * v[0])([1.0 / x, 0.5])[0]
        return x * derivative(lambda t: quarter * t)(2.0)  # which does not depend on x

    assert (grad(of_constants)(3.0), hessian(of_constants)(3.0)) == (0.25, 0.0)
    assert jacobian(lambda x: [f(x), f(2.0 * x)])(3.0) == [0.25, 0.5]


def test_what_it_leaves_is_an_error_in_the_next_call_around() -> None:
    kept: list[Any] = []

    def inner(p: Any, x: Any) -> Any:
        if not kept:
            kept.append(p * p)
        return kept[0] * p * x

    def f(x: Any) -> Any:
        return grad(inner)(2.0, x)

    assert grad(f)(3.0) == 12.0
    with pytest.raises(RuntimeError, match=r"uses a number, 2\.0, that an earlier call .* left behind"):
        grad(f)(3.0)
