"""Transformations where somebody follows what is computed, to repeat it for other numbers."""

from __future__ import annotations

from typing import Any

from autograd import Value, grad, gradients
from autograd.engine.recording import Block, Observer, observers


class Follower(Observer):
    follows = True


class Followed(Block):
    _setting = observers

    def _inside(self, outside: tuple[Observer, ...]) -> tuple[Observer, ...]:
        return (*outside, Follower())


def test_a_derivative_that_depends_on_a_value_from_outside_is_recorded() -> None:
    w = Value(2.0)

    def slope() -> Any:
        return grad(lambda a: a * a * w)(3.0)

    assert slope() == 12.0
    assert type(slope()) is float
    with Followed():
        followed = slope()
    assert isinstance(followed, Value)
    followed.backward()
    assert (followed.data, w.grad) == (12.0, 6.0)


def test_one_that_depends_on_nothing_else_is_a_number() -> None:
    with Followed():
        assert type(grad(lambda a: a * a)(3.0)) is float


def test_gradients_are_recorded_and_have_no_derivative() -> None:
    x = Value(3.0)
    with Followed():
        slope = gradients(x**3, x)
    assert isinstance(slope, Value)
    assert (slope.data, slope.operands) == (27.0, ())
    assert gradients(x**3, x) == 27.0
