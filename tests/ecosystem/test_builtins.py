"""What the builtins, functools, itertools and heapq do with Values, and functions of all kinds."""

from __future__ import annotations

import bisect
import contextlib
import functools
import heapq
import itertools
import math as python_math
import operator
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from autograd import (
    grad,
    jacobian,
    value_and_grad,
)

DATA = [1.25, 2.5, 4.0, 7.0, 8.5]


def test_reductions_of_the_standard_library() -> None:
    product = python_math.prod(DATA)
    for f in (
        python_math.prod,
        lambda v: functools.reduce(operator.mul, v),
        lambda v: list(itertools.accumulate(v, operator.mul))[-1],
        lambda v: functools.reduce(operator.mul, reversed(v), 1.0),
    ):
        assert grad(f)(DATA) == pytest.approx([product / x for x in DATA], rel=1e-14)
    assert jacobian(lambda v: list(itertools.accumulate(v)))(DATA) == np.tril(np.ones((5, 5))).tolist()
    assert grad(sum)(DATA) == [1.0] * 5
    assert grad(lambda v: sum(v, start=v[0]))(DATA) == [2.0, 1.0, 1.0, 1.0, 1.0]
    assert grad(lambda v: sum(x * y for x, y in itertools.pairwise(v)))(DATA) == [
        2.5, 1.25 + 4.0, 2.5 + 7.0, 4.0 + 8.5, 7.0,
    ]  # fmt: skip


def test_choosing_and_sorting_send_the_gradient_to_the_chosen() -> None:
    v = [3.0, -4.0, 1.0]
    assert grad(max)(v) == [1.0, 0.0, 0.0]
    assert grad(min)(v) == [0.0, 1.0, 0.0]
    assert grad(lambda v: max(v, key=abs))(v) == [0.0, 1.0, 0.0]
    assert grad(lambda v: min(v, key=lambda x: (x - 2.0) ** 2))(v) == [1.0, 0.0, 0.0]
    assert grad(lambda v: max(v, default=0.0))([]) == []
    assert jacobian(sorted)(v) == [[0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]
    assert jacobian(lambda v: sorted(v, key=abs, reverse=True))(v) == [
        [0.0, 1.0, 0.0],
        [1.0, 0.0, 0.0],
        [0.0, 0.0, 1.0],
    ]
    assert jacobian(lambda v: heapq.nsmallest(1, v))(v) == [[0.0, 1.0, 0.0]]
    assert grad(lambda v: v[bisect.bisect([0.0, 2.0], v[2])])(v) == [0.0, 1.0, 0.0]


def test_generators_recursion_and_contexts_inside_a_function() -> None:
    def powers(x: Any) -> Iterator[Any]:
        power = x
        while True:
            yield power
            power *= x

    def power(x: Any, n: int) -> Any:
        return 1.0 if n == 0 else power(x * x, n // 2) * (x if n % 2 else 1.0)

    @contextlib.contextmanager
    def doubled(x: Any) -> Iterator[Any]:
        yield x * 2.0

    def f(x: Any) -> Any:
        with doubled(x) as y, contextlib.suppress(ZeroDivisionError):
            y = y * y
            y = y / 0.0
        return y

    assert grad(lambda x: sum(itertools.islice(powers(x), 4)))(2.0) == 1.0 + 4.0 + 12.0 + 32.0
    assert grad(lambda x: x * grad(lambda y: x * y**2)(3.0))(2.0) == 24.0  # 6 x**2 is what it computes
    assert grad(power)(1.5, 11) == pytest.approx(11 * 1.5**10, rel=1e-14)
    assert value_and_grad(f)(3.0) == (36.0, 24.0)
    assert grad(lambda xs: sum(x for x in xs))(DATA) == [1.0] * 5


def test_a_cache_inside_a_function_does_not_mix_up_calls() -> None:
    @functools.lru_cache
    def squared(x: Any) -> Any:
        return x * x

    slopes = grad(squared)
    assert [slopes(3.0), slopes(3.0), slopes(4.0)] == [6.0, 6.0, 8.0]
    assert grad(lambda x: squared(x) + squared(x))(3.0) == 12.0
    assert squared.cache_info().hits == 1
    cached = functools.lru_cache(grad(lambda x: x**3))
    assert [cached(2.0), cached(2.0), cached(1.0)] == [12.0, 12.0, 3.0]


def test_partials_methods_and_callable_objects() -> None:
    class Spring:
        stiffness = 2.0

        def energy(self, x: Any) -> Any:
            return self.stiffness * x * x / 2.0

        __call__ = energy

        @grad(argnums=1)
        def force(self, x: Any) -> Any:
            """Return the force."""
            return self.stiffness * x * x / 2.0

        @staticmethod
        @grad
        def cube(x: Any) -> Any:
            return x**3

        @classmethod
        @grad(argnums=1)
        def scaled(cls, x: Any) -> Any:
            return cls.stiffness * x

    spring = Spring()
    spring.stiffness = 5.0
    assert grad(spring.energy)(3.0) == 15.0
    assert grad(spring)(3.0) == 15.0
    assert spring.force(3.0) == 15.0
    assert Spring.force(spring, 3.0) == 15.0
    assert Spring.force.__doc__ == "Return the force."
    assert [spring.cube(2.0), Spring.cube(2.0), spring.scaled(2.0)] == [12.0, 12.0, 2.0]

    def f(x: Any, y: Any, *, factor: float = 1.0) -> Any:
        return factor * x**2 * y

    assert grad(functools.partial(f, 3.0))(4.0) == 9.0
    assert grad(functools.partial(f, y=2.0, factor=10.0))(3.0) == 120.0
    assert functools.partial(grad(f, argnums=1), 3.0, factor=2.0)(7.0) == 18.0
