"""The arguments of compiled functions and what surrounds them: structures, flags, arrays, and Values."""

from __future__ import annotations

import re
from collections import namedtuple
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

import autograd
from autograd import Value, compile, grad, math, vmap

Point = namedtuple("Point", "x y")


@pytest.mark.parametrize("backend", [None, "python", "numpy", "llvm"])
def test_the_vector_of_hvp_follows_what_is_differentiated_by(backend: str | None) -> None:
    def f(x: Any, a: Any, flag: bool = True) -> Any:
        return np.sum(a * x**3) if flag else np.sum(x**2)

    x, v, a = np.array([1.0, 2.0]), np.array([0.5, -1.0]), np.array([3.0, 5.0])
    fast = compile(f, backend=backend)
    for _ in range(3):  # at first by the long way, then by the short one
        np.testing.assert_allclose(fast.hvp(x, v, a), 6.0 * a * x * v, rtol=1e-14)
        np.testing.assert_allclose(fast.hvp(x, a, vector=v), 6.0 * a * x * v, rtol=1e-14)
        np.testing.assert_allclose(fast.hvp(x, v, a, False), 2.0 * v, rtol=1e-14)
    rechecked = compile(f, backend=backend, recheck=1)
    np.testing.assert_allclose(rechecked.hvp(x, v, a), 6.0 * a * x * v, rtol=1e-14)
    with pytest.raises(TypeError, match="it comes after the last argument that is differentiated by"):
        fast.hvp(x, 1.0, v)
    whole = compile(lambda x, n: x**n, backend=backend)
    for n in (2, 3, 4):  # a whole number that changes becomes an input
        assert whole.hvp(2.0, 1.0, n) == pytest.approx(n * (n - 1) * 2.0 ** (n - 2), rel=1e-14)


def test_a_product_of_all_numbers_of_arguments_of_any_structure_has_the_gradient_of_eager_execution() -> None:
    def f(number: Any, pair: Any, named: Any, *more: Any, scale: float = 1.0) -> Any:
        product = number * scale
        for x in (*pair, *named["a"], named["b"].x, named["b"].y, named["c"].w, *more):
            product = product * x
        return product + number

    @dataclass
    class Weights:
        w: float
        name: str

    args = (2.0, [3.0, 4], {"a": (0.5, 2.0), "b": Point(1.5, 2.5), "c": Weights(7.0, "w")}, 1.25, 3.0)
    for argnums in (0, 1, (2, 0), (3, 4)):
        fast = compile(f, argnums)
        eager = autograd.value_and_grad(f, argnums)
        for _ in range(2):
            assert fast.value_and_grad(*args) == eager(*args)
            assert fast.value_and_grad(*args, scale=3.0) == eager(*args, scale=3.0)
        assert fast(*args) == f(*args)
        assert fast.hessian(*args) == autograd.hessian(f, argnums)(*args)


def test_other_numbers_in_the_same_structure_need_no_new_recording() -> None:
    calls = 0

    def f(p: Any) -> Any:
        nonlocal calls
        calls += 1
        return p["a"] * p["b"][0]

    fast = compile(f)
    for a in (1.0, 2.0, 3.0):
        assert fast.value_and_grad({"a": a, "b": [a + 1.0]}) == (a * (a + 1.0), {"a": a + 1.0, "b": [a]})
    assert calls == 2  # one to record, one to check
    assert fast.grad({"b": [4.0], "a": 3.0}) == {"b": [3.0], "a": 4.0}  # another order is another structure
    assert calls == 4


def test_flags_text_and_whole_numbers_that_are_not_differentiated_are_part_of_the_program() -> None:
    def f(x: Any, n: int, kind: str, double: bool = False) -> Any:
        y = x
        for _ in range(n):
            y = y * x
        return (2 * y if double else y) if kind == "power" else y + 1.0

    fast = compile(f)
    for n in (0, 1, 2, 3):
        for kind in ("power", "more"):
            for double in (False, True):
                for x in (1.5, 2.5):
                    assert fast.value_and_grad(x, n, kind, double=double) == autograd.value_and_grad(f)(
                        x, n, kind, double=double
                    )
    assert fast(2, 1, "power") == 4.0  # in a differentiated argument a whole number is a number
    assert fast.grad(2, 1, "power") == 4.0


def test_a_tuple_of_argnums_gives_a_tuple_and_negative_ones_count_from_the_end() -> None:
    def f(x: Any, y: Any) -> Any:
        return x * x * y

    assert compile(f, -1).grad(2.0, 3.0) == 4.0
    assert compile(f, (1,)).grad(2.0, 3.0) == (4.0,)
    assert compile(f, [1, 0]).grad(2.0, 3.0) == (4.0, 12.0)


def test_arrays_as_arguments_and_results_are_those_of_eager_execution() -> None:

    def f(a: Any, v: Any) -> Any:
        return np.exp(a @ v) * v[0]

    a, v = np.array([[1.0, 0.5], [0.25, -1.0]]), np.array([0.3, 0.7])
    fast = compile(f, (0, 1))
    for _ in range(2):
        assert np.array_equal(fast(a, v), f(a, v))
        for mine, eager in zip(fast.jacobian(a, v), autograd.jacobian(f, (0, 1))(a, v), strict=True):
            assert np.array_equal(mine, eager)
            assert mine.shape == eager.shape
    total = compile(lambda v: np.sum(v**3) * v[0])
    eager_total = lambda v: np.sum(v**3) * v[0]  # noqa: E731
    for x in (v, v[::-1], np.array([1, 2])):
        value, gradient = total.value_and_grad(x)
        wanted, slopes = autograd.value_and_grad(eager_total)(x)
        assert value == wanted
        assert np.array_equal(gradient, slopes)
        assert np.array_equal(total.hessian(x), autograd.hessian(eager_total)(x))
        assert np.array_equal(total.hvp(x, v), autograd.hvp(eager_total)(x, v))


def test_values_among_the_arguments_are_differentiated_through() -> None:
    fast = compile(lambda x: x**3)
    x = Value(2.0)
    y = fast(x) * 2.0
    y.backward()
    assert x.grad == 24.0
    assert autograd.grad(lambda x: fast(x) + fast.grad(x))(2.0) == 12.0 + 12.0
    outer = compile(lambda x: fast(x) * x)
    assert outer.value_and_grad(2.0) == (16.0, 32.0)


def test_numbers_of_values_from_outside_are_read_at_every_call() -> None:
    weight, bias = Value(2.0, label="w"), Value(1.0)
    fast = compile(lambda x: math.tanh(weight * x + bias) * 3.0)
    for data in (2.0, -1.0, 0.5):
        weight.data = data
        assert fast.value_and_grad(0.7) == autograd.value_and_grad(fast._f)(0.7)
    assert "w" in fast.source


def test_values_made_inside_are_constants() -> None:
    def f(x: Any) -> Any:
        half = Value(0.5)
        return x * half + half**2

    assert compile(f).value_and_grad(3.0) == (1.75, 0.5)
    assert not compile(f).record(3.0)._recordings.signatures[0].paths[0].captured


def test_functions_of_no_numbers_and_of_nothing() -> None:
    assert compile(lambda x: 3.0 * 1.0).value_and_grad(2.0) == (3.0, 0.0)
    assert compile(lambda x, flag: 1.0 if flag else 2.0).grad(1.0, True) == 0.0


def test_an_argument_counted_from_the_end_is_another_one_where_there_are_more() -> None:
    def f(*numbers: Any) -> Any:
        return sum((i + 1) * x * x for i, x in enumerate(numbers))

    fast = compile(f, argnums=-1)
    for numbers in ((3.0,), (3.0, 5.0), (3.0,), (1.0, 2.0, 7.0), (3.0, 5.0)):
        assert fast.grad(*numbers) == grad(f, argnums=-1)(*numbers) == 2.0 * len(numbers) * numbers[-1]
        many = vmap(fast).grad(*[np.array([x]) for x in numbers])
        assert many.tolist() == [2.0 * len(numbers) * numbers[-1]]


def test_recording_with_a_value_is_told_to_take_its_number() -> None:
    fast = compile(lambda x, y: x * y["a"])
    with pytest.raises(TypeError, match=re.escape("record() takes numbers, not Values")):
        fast.record(Value(2.0), {"a": 1.0})
    with pytest.raises(TypeError, match=re.escape("record(x.data)")):
        fast.record(2.0, {"a": Value(1.0)})
    assert fast.record(2.0, {"a": 3.0}).grad(2.0, {"a": 3.0}) == 3.0
