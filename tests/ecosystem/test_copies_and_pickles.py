"""Copies and pickles of derivatives, and of graphs inside other objects."""

from __future__ import annotations

import copy
import dataclasses
import functools
import pickle
from collections.abc import Callable
from typing import Any

import pytest

from autograd import (
    Value,
    derivative,
    grad,
    gradients,
    hessian,
    hvp,
    jacobian,
    jvp,
    value_and_grad,
)

Function = Callable[..., Any]


def cube(x: Any) -> Any:
    """Return the cube."""
    return x**3


@grad
def decorated(x: Any) -> Any:
    """Return what has the derivative."""
    return x**4


@value_and_grad(argnums=1, has_aux=True)
def decorated_with_options(a: Any, x: Any) -> Any:
    return a * x**2, "aux"


class Model:
    def __init__(self, factor: float) -> None:
        self.factor = factor

    def loss(self, x: Any) -> Any:
        return self.factor * x * x

    @grad(argnums=1)
    def slope(self, x: Any) -> Any:
        return self.factor * x * x


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_derivatives_of_named_functions_can_be_pickled(protocol: int) -> None:
    cases: list[tuple[Function, tuple[Any, ...]]] = [
        (grad(cube), (2.0,)),
        (value_and_grad(cube), (2.0,)),
        (jacobian(cube), (2.0,)),
        (hessian(cube), (2.0,)),
        (hvp(cube), (2.0, 1.0)),
        (derivative(cube, 2), (2.0,)),
        (grad(grad(cube)), (2.0,)),
        (jvp(cube), ((2.0,), (1.0,))),
        (decorated, (2.0,)),
        (decorated_with_options, (2.0, 3.0)),
        (grad(Model(3.0).loss), (2.0,)),
        (Model(3.0).slope, (2.0,)),
        (functools.partial(grad(cube)), (2.0,)),
    ]
    for derived, args in cases:
        for twin in (
            pickle.loads(pickle.dumps(derived, protocol)),
            copy.copy(derived),
            copy.deepcopy(derived),
        ):
            assert twin(*args) == derived(*args)
    assert pickle.loads(pickle.dumps(decorated, protocol)) is decorated
    assert pickle.loads(pickle.dumps(grad(cube), protocol)).__doc__ == "Return the cube."


def test_pickling_the_derivative_of_a_function_without_a_name_names_the_function() -> None:
    with pytest.raises((pickle.PicklingError, AttributeError), match="lambda"):
        pickle.dumps(grad(lambda x: x))

    def inner(x: Any) -> Any:
        return x

    with pytest.raises((pickle.PicklingError, AttributeError), match="inner"):
        pickle.dumps(grad(inner))


@dataclasses.dataclass(frozen=True)
class Frozen:
    x: Any


def test_graphs_survive_copy_and_pickle_inside_other_objects() -> None:
    x, y = Value(2.0, label="x"), Value(3.0, label="y")
    batch: dict[str, Any] = {"inputs": (x, y), "loss": x * y + y, "point": Frozen(x)}
    for twin in (copy.deepcopy(batch), pickle.loads(pickle.dumps(batch))):
        a, b = twin["inputs"]
        assert twin["point"].x is a
        assert gradients(twin["loss"], [a, b]) == [3.0, 3.0]
        twin["loss"].backward()
        assert (a.grad, b.grad, x.grad, a.label) == (3.0, 3.0, 0.0, "x")
