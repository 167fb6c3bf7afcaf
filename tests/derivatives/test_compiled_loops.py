"""Loops as functions in compiled functions and in batches."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from loops_as_functions import logistic, newton, pendulum, same

from autograd import compile, fori_loop, grad, math, scan, vmap


def test_compiled_they_are_the_loops_that_they_are() -> None:
    def recurrence(a: Any, xs: Any) -> Any:
        return scan(lambda c, x: (math.tanh(a * c + x), None), 1.0, xs)[0]

    def kept(a: Any, xs: Any) -> Any:
        return scan(lambda c, x: (a * c + x, c), 1.0, xs, checkpoint=True)[1]

    xs = [0.5, -1.0, 2.0, 0.25]
    for given in (xs, np.array(xs)):
        compiled = compile(recurrence, argnums=(0, 1))
        for a in (0.5, 0.75):
            assert compiled(a, given) == recurrence(a, given)
            value, slopes = compiled.value_and_grad(a, given)
            assert value == recurrence(a, given)
            same(slopes, grad(recurrence, (0, 1))(a, given))
        same(compile(kept)(0.5, given), kept(0.5, given), 1e-15)
    for f, points in (
        (newton, (0.3, 2.0, 50.0)),
        (lambda x: pendulum(x, 0.8), (0.3, 1.2)),
        (logistic_at, (0.3, 0.6)),
    ):
        compiled, second = compile(f), compile(grad(grad(f)))
        for x in points:
            assert compiled(x) == f(x)
            assert compiled.grad(x) == pytest.approx(grad(f)(x), rel=1e-13)
            assert second(x) == pytest.approx(grad(grad(f))(x), rel=1e-10)


def logistic_at(x: Any) -> Any:
    return logistic(x, 3.2)


def test_whole_numbers_and_flags_of_a_compiled_function_may_be_carried_and_counted() -> None:
    def f(x: Any, n: Any) -> Any:
        return fori_loop(0, n, lambda i, v: (v[0] * x, v[1] + n), (1.0, n))[0]

    def g(x: Any, n: Any) -> Any:
        (y, _, _), ys = scan(lambda c, k: ((c[0] * x, c[1] + k, c[0] > 2.0), c[2]), (1.0, n, False), range(n))
        return y + sum(1.0 for flag in ys if flag)

    for h in (f, g):
        compiled = compile(h)
        for x, n in ((2.0, 3), (1.5, 5), (2.0, 3), (1.5, 2)):
            assert compiled(x, n) == h(x, n)
            assert compiled.grad(x, n) == grad(h)(x, n)


def test_whole_numbers_that_are_carried_need_no_program_each() -> None:
    def f(x: Any, n: Any) -> Any:
        return fori_loop(0, 3, lambda i, v: (v[0] * x + v[1], v[1] + n), (1.0, n))[0]

    def plain(x: Any, n: Any) -> Any:
        v, count = 1.0, n
        for _ in range(3):
            v, count = v * x + count, count + n
        return v

    compiled, wanted = compile(f), compile(plain)
    for n in range(1, 6):
        assert compiled(2.0, n) == wanted(2.0, n) == plain(2.0, n)
    assert compiled.report().count("path 1") == wanted.report().count("path 1") == 2


def test_batches_of_loops() -> None:
    xs = np.linspace(0.1, 0.9, 7)
    values, slopes = vmap(compile(logistic_at)).value_and_grad(xs)
    np.testing.assert_allclose(values, [logistic_at(x) for x in xs], rtol=1e-13)
    np.testing.assert_allclose(slopes, [grad(logistic_at)(float(x)) for x in xs], rtol=1e-11)
