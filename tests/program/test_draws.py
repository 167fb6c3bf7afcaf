"""Functions that draw random numbers: refused by `compile`, also where two calls did the same."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import numpy
import pytest
from numpy.random import rand
from scipy import stats

import autograd.numpy as np
from autograd import CompileError, compile, vmap


class Model:
    """A model with a generator of its own."""

    def __init__(self, seed: int) -> None:
        self.rng = numpy.random.RandomState(seed)

    def jumps(self) -> bool:
        return bool(self.rng.rand() < 1e-9)


generator, older = numpy.random.default_rng(1), random.Random(1)
model = Model(1)
DRAWS: dict[str, Callable[[], Any]] = {
    "numpy.random": lambda: numpy.random.rand() < 1e-9,
    "a function of it": lambda: rand() < 1e-9,
    "autograd.numpy.random": lambda: np.random.normal() > 1e9,
    "random": lambda: random.random() < 1e-9,
    "SciPy": lambda: stats.norm.rvs() > 50.0,
    "a generator": lambda: generator.random() < 1e-9,
    "one of Python's": lambda: older.random() < 1e-9,
    "that of an object": model.jumps,
}


@pytest.mark.parametrize("draw", DRAWS.values(), ids=DRAWS)
def test_a_decision_by_random_numbers_is_refused_though_it_is_the_same_in_two_calls(
    draw: Callable[[], Any],
) -> None:
    def f(x: Any) -> Any:
        return x * 3.0 if draw() else x * 2.0

    for called in (compile(f), compile(f).grad):
        with pytest.raises(CompileError, match=r"f cannot be compiled: it draws random numbers"):
            called(1.0)
    with pytest.raises(CompileError, match="draws random numbers"):
        vmap(compile(f))(np.array([1.0, 2.0]))


def test_numbers_that_are_drawn_are_refused() -> None:
    with pytest.raises(CompileError, match="draws random numbers"):
        compile(lambda x: x * generator.random())(1.0)


def test_numbers_of_a_seed_that_the_function_sets_are_the_same_in_each_call() -> None:
    def seeded(x: Any) -> Any:
        random.seed(3)
        numpy.random.seed(3)
        mine = np.random.default_rng(3)
        return x * (random.random() + numpy.random.rand() + mine.normal())

    fast = compile(seeded)
    assert fast(2.0) == seeded(2.0)
    assert fast.grad(2.0) == pytest.approx(seeded(1.0))


def test_a_generator_that_is_not_used_is_no_reason() -> None:
    state = random.getstate()
    for _ in range(2):
        fast = compile(lambda x: x * model.rng.get_state()[2] if model is None else x * x)
        assert fast.grad(3.0) == 6.0
    assert random.getstate() == state
