"""Calls that are wrong: mypy says so, and so does the library when they are made.

mypy is strict about `type: ignore`: each of these comments names the error that there must be, and where mypy
finds none it complains of the comment. So `mypy` fails as soon as one of these calls passes for right.
"""

from __future__ import annotations

from typing import Any

import pytest

import autograd
from autograd import Value, math, nn, optim

x = Value(2.0, label="x")


def square(x: Any) -> Any:
    return x * x


def test_arguments_that_are_missing_or_too_many() -> None:
    with pytest.raises(TypeError):
        Value()  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        Value(1.0, "x", 3)
    with pytest.raises(TypeError):
        x.tanh(1.0)  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        x.atan2()  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        math.isnan()  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        nn.MLP(2)  # type: ignore[call-arg]


def test_names_that_are_not_there() -> None:
    with pytest.raises(AttributeError):
        x.gradient  # type: ignore[attr-defined]  # noqa: B018
    with pytest.raises(AttributeError):
        x.item()  # type: ignore[attr-defined]
    with pytest.raises(AttributeError):
        math.cosine(x)  # type: ignore[attr-defined]
    with pytest.raises(AttributeError):
        optim.RMSprop  # type: ignore[attr-defined]  # noqa: B018
    with pytest.raises(TypeError):
        autograd.draw(x, colour="blue")  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        autograd.compile(square, device="cuda")  # type: ignore[call-overload]


def test_what_is_computed_is_not_set() -> None:
    y = x.exp()
    with pytest.raises(AttributeError):
        y.operands = (x,)  # type: ignore[misc]
    with pytest.raises(AttributeError):
        y.partials = (1.0,)  # type: ignore[misc]


def test_a_number_is_no_graph_and_a_module_no_list_of_parameters() -> None:
    with pytest.raises(TypeError):
        autograd.walk(3.0)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        autograd.explain(x, 3.0)  # type: ignore[call-overload]
    with pytest.raises(TypeError):
        autograd.draw(3.0)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        autograd.gradients(3.0, [x])  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        optim.SGD(nn.Neuron(2), lr=0.1)  # type: ignore[arg-type]


def test_options_are_of_their_types() -> None:
    with pytest.raises(TypeError):
        round(x, 1.5)  # type: ignore[call-overload]
    with pytest.raises(TypeError):
        autograd.derivative(square, order="two")  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        autograd.grad(3.0)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="backend"):
        autograd.compile(square, backend=1)  # type: ignore[call-overload]
    with pytest.raises(TypeError):
        optim.SGD([x], lr="fast")  # type: ignore[arg-type]
