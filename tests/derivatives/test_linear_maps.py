"""`vjp`, `jvp` and `linearize`: the derivative as a linear map that is applied to vectors."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd import Value, compile, grad, gradients, jacobian, jvp, linearize, math, vjp


def cubic(x: Any) -> Any:
    """Return x cubed, plus x."""
    return x**3 + x


def test_jvp_takes_tuples_of_arguments_and_of_directions() -> None:
    for primals, tangents in ((2.0, 1.0), ((2.0,), 1.0), ((2.0,), None)):
        with pytest.raises(
            TypeError, match="jvp takes the tuple of the arguments and the tuple of their direct"
        ):
            jvp(cubic, primals, tangents)
    with pytest.raises(TypeError, match=r"the direction\[0\] must be a number, not nothing"):
        jvp(cubic, (2.0,), ())


def test_jvp_and_vjp_hand_on_what_is_no_number() -> None:
    def f(x: Any, name: str, options: Any) -> Any:
        return x**2 * options["scale"] if name == "square" else x

    arguments = (3.0, "square", {"scale": 2.0, "on": True})
    assert jvp(f, arguments, (1.0, None, {"scale": 0.0, "on": None})) == (18.0, 12.0)
    value, pull_back = vjp(f, *arguments)
    assert (value, pull_back(1.0)) == (18.0, (12.0, None, {"scale": 9.0, "on": None}))
    value, push_forward = linearize(f, *arguments)
    assert (value, push_forward(1.0, None, {"scale": 1.0, "on": None})) == (18.0, 21.0)


@settings(max_examples=50, deadline=None, database=None)
@given(st.lists(st.floats(-2, 2), min_size=3, max_size=3), st.lists(st.floats(-2, 2), min_size=3, max_size=3))
def test_jvp_and_vjp_are_the_jacobian_from_either_side(at: list[float], direction: list[float]) -> None:
    def f(x: Any) -> Any:
        return np.array([x[0] * np.sin(x[1]), np.exp(x[2]) * x[0], x[1] * x[1], x[2] + 1.0])

    x, v = np.array(at), np.array(direction)
    w = np.array([1.0, -2.0, 0.5, 3.0])
    exact = np.array(  # by hand
        [
            [np.sin(x[1]), x[0] * np.cos(x[1]), 0],
            [np.exp(x[2]), 0, np.exp(x[2]) * x[0]],
            [0, 2 * x[1], 0],
            [0, 0, 1],
        ]
    )
    np.testing.assert_allclose(jacobian(f)(x), exact, rtol=1e-14, atol=1e-300)
    np.testing.assert_allclose(jvp(f, (x,), (v,))[1], exact @ v, rtol=1e-12, atol=1e-13)
    np.testing.assert_allclose(linearize(f, x)[1](v), exact @ v, rtol=1e-12, atol=1e-13)
    np.testing.assert_allclose(vjp(f, x)[1](w)[0], w @ exact, rtol=1e-12, atol=1e-13)


def test_linearize_calls_the_function_once_for_many_directions() -> None:
    calls: list[int] = []

    def f(x: Any, y: Any) -> Any:
        calls.append(1)
        return {"product": x * y, "sine": math.sin(x)}

    value, push_forward = linearize(f, 0.0, 4.0)
    assert value == {"product": 0.0, "sine": 0.0}
    assert push_forward(1.0, 0.5) == {"product": 4.0, "sine": 1.0}
    assert push_forward(0.0, 2.0) == {"product": 0.0, "sine": 0.0}
    assert calls == [1]
    assert linearize(f)(0.0, 4.0)[1](1.0, 0.0) == {"product": 4.0, "sine": 1.0}


def test_linearize_refuses_a_direction_of_another_structure() -> None:
    _, push_forward = linearize(lambda x: x * 2.0, np.ones(2))
    with pytest.raises(TypeError, match=r"the direction\[0\] must be shape \(2,\), not shape \(3,\)"):
        push_forward(np.ones(3))
    with pytest.raises(TypeError, match=r"the direction\[0\] must be shape \(2,\), not nothing"):
        push_forward()


def test_linearize_hands_on_what_a_function_returns_second() -> None:
    value, push_forward, aux = linearize(lambda x: (x * x, {"x": x}), 3.0, has_aux=True)
    assert (value, push_forward(2.0), aux) == (9.0, 12.0, {"x": 3.0})
    assert type(aux["x"]) is float


def test_linearize_nests() -> None:
    assert grad(lambda x: linearize(lambda y: x * y * y, x)[1](1.0))(3.0) == 12.0  # 2 x**2
    assert grad(lambda v: linearize(lambda y: y**3, 2.0)[1](v))(5.0) == 12.0
    x = Value(3.0)
    value, push_forward = linearize(cubic, x)
    assert [gradients(y, x) for y in (value, push_forward(1.0))] == [28.0, 18.0]


def test_of_a_compiled_function_they_are_what_they_are_of_the_function() -> None:
    def f(x: Any, y: Any) -> Any:
        return [x * y, math.sin(x)]

    for g in (f, compile(f)):
        assert vjp(g, 0.0, 4.0)[1]([1.0, 10.0]) == (14.0, 0.0)
        assert jvp(g, (0.0, 4.0), (1.0, 0.5)) == ([0.0, 0.0], [4.0, 1.0])
        assert linearize(g, 0.0, 4.0)[1](1.0, 0.5) == [4.0, 1.0]
