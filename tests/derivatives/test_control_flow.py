"""Loops as functions: those of Python, with what JAX checks of them."""

from __future__ import annotations

import copy
import gc
import math as std
import pickle
import tracemalloc
from collections import OrderedDict, defaultdict, namedtuple
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from mpmath import mp, mpf

import autograd
from autograd import (
    Value,
    compile,
    derivative,
    fori_loop,
    grad,
    gradients,
    hessian,
    jacobian,
    math,
    no_grad,
    scan,
    topological_order,
    value_and_grad,
    vmap,
    while_loop,
)
from autograd.engine.recording import Block, Observer, observers


def added(total: Any, x: Any) -> tuple[Any, Any]:
    return total + x, total


def same(x: Any, y: Any, rel: float = 1e-12) -> None:
    """Check that two structures of numbers are the same but for rounding."""
    if isinstance(x, dict):
        assert x.keys() == y.keys()
        for key in x:
            same(x[key], y[key], rel)
    elif isinstance(x, (list, tuple)):
        for part, other in zip(x, y, strict=True):
            same(part, other, rel)
    else:
        np.testing.assert_allclose(x, y, rtol=rel)


# What scan goes through


Pair = namedtuple("Pair", "left right")


@dataclass
class Row:
    time: Any
    force: Any = None


def test_a_list_is_scanned_element_by_element() -> None:
    assert scan(added, 0, [1, 2, 3]) == (6, [0, 1, 3])
    assert scan(added, 0, range(1, 4)) == (6, [0, 1, 3])
    assert scan(lambda c, x: (c + x[0] * x[1], x), 0.0, [[1, 2], [3, 4]]) == (14.0, [[1, 3], [2, 4]])
    assert scan(lambda c, x: (c + x["a"], None), 0.0, [{"a": 1.0}, {"a": 2.0}]) == (3.0, None)
    assert scan(lambda c, x: (c + len(x), x), 0, ["a", "bc"]) == (3, ["a", "bc"])
    assert scan(lambda c, x: (c + 1 if x else c, x), 0, [True, False, np.bool_(True)])[0] == 2


def test_an_array_is_scanned_along_its_first_axis() -> None:
    total, before = scan(added, np.zeros(2), np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]))
    assert total.tolist() == [9.0, 12.0]
    assert before.tolist() == [[0.0, 0.0], [1.0, 2.0], [4.0, 6.0]]
    total, before = scan(added, 0.0, np.array([1.0, 2.0]))
    assert (total, type(before), before.tolist()) == (3.0, np.ndarray, [0.0, 1.0])
    assert scan(added, 0, np.array([1, 2]))[1].dtype.kind == "i"
    assert scan(lambda c, x: (c, x > 1), 0, np.array([1, 2]))[1].tolist() == [False, True]
    assert scan(lambda c, x: (c, "text"), 0, np.array([1, 2]))[1] == ["text", "text"]


def test_arrays_that_are_kept_are_stacked_whatever_is_scanned() -> None:
    _, rows = scan(lambda c, x: (c, (np.array([c, x]), x)), 1.0, [2.0, 3.0])
    assert (rows[0].tolist(), rows[1]) == ([[1.0, 2.0], [1.0, 3.0]], [2.0, 3.0])
    _, sums = scan(lambda c, x: (c + x, np.sum(c)), np.ones(2), [np.ones(2), np.ones(2)])
    assert (type(sums), sums.tolist()) == (np.ndarray, [2.0, 4.0])
    _, mixed = scan(lambda c, x: (c, np.array(x) if x > 2.0 else x), 1.0, [2.0, 3.0])
    assert mixed.tolist() == [2.0, 3.0]


def test_containers_are_scanned_at_once_and_kept_as_they_are() -> None:
    xs = {
        "a": np.arange(3.0),
        "b": ([1, 2, 3], None),
        "row": Row(range(3), [1.0, 2.0, 3.0]),
        "p": Pair([4, 5, 6], None),
    }
    seen: list[Any] = []

    def f(carry: Any, x: Any) -> Any:
        seen.append(x)
        return carry + x["a"], x

    total, ys = scan(f, 0.0, xs)
    assert total == 3.0
    assert seen[1] == {"a": 1.0, "b": (2, None), "row": Row(1, 2.0), "p": Pair(5, None)}
    assert type(ys["row"]) is Row
    assert ys["row"].time.tolist() == [0, 1, 2]
    assert ys["b"][1] is None
    assert ys["p"].left.tolist() == [4, 5, 6]
    assert ys["a"].tolist() == [0.0, 1.0, 2.0]


def test_it_goes_backward_too_and_keeps_the_order() -> None:
    assert scan(added, 0, [1, 2, 3], reverse=True) == (6, [5, 3, 0])
    assert scan(lambda c, _: (c + 1, c), 0, length=3, reverse=True) == (3, [2, 1, 0])


def test_a_length_is_enough_and_what_is_none_stays_none() -> None:
    assert scan(lambda c, x: (2 * c, x), 1, length=10) == (1024, None)
    assert scan(added, 0, [1, 2], length=2) == (3, [0, 1])
    assert scan(lambda c, x: (c + x[0], (x[1], c)), 0, ([1, 2], None)) == (3, (None, [0, 1]))
    assert scan(lambda c, x: (c, x), None, length=np.int64(2)) == (None, None)


def test_without_turns_the_first_carry_comes_back() -> None:
    def never(carry: Any, x: Any) -> Any:
        raise AssertionError

    start = {"a": 1.0}
    empties: list[Any] = [[], range(0), ([], None)]
    for empty in empties:
        out, ys = scan(never, start, empty)
        assert (out is start, ys) == (True, [])
        assert scan(never, start, empty, checkpoint=True, reverse=True) == (start, [])
    assert scan(never, start, length=0) == (start, [])
    _, ys = scan(never, start, np.zeros((0, 3)))
    assert (type(ys), ys.shape) == (np.ndarray, (0,))


def test_a_carry_may_be_any_structure_that_keeps_its_form() -> None:
    def f(carry: Any, x: Any) -> Any:
        return {
            "n": [carry["n"][0] + 1, None],
            "row": Row(carry["row"].time + x, carry["row"].force * 2.0),
            "flag": np.bool_(not carry["flag"]),
            "name": carry["name"] + "x",
            "d": carry["d"],
            "zero": carry["zero"] + np.float64(x),
        }, None

    start = {
        "flag": False,
        "n": [0, None],
        "row": Row(0, np.ones(2)),
        "name": "",
        "d": defaultdict(int, a=1),
        "zero": np.array(0.0),
    }
    end, _ = scan(f, start, [1.0, 2.0, 3.0])
    assert (end["n"], end["row"].time, end["row"].force.tolist(), end["name"], bool(end["flag"])) == (
        [3, None], 6.0, [8.0, 8.0], "xxx", True,
    )  # fmt: skip
    assert end["zero"] == 6.0


# What is refused


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        (0.0, np.ones(2), r"the carry is an array of shape \(2,\) where there was a number"),
        (np.ones(2), 0.0, r"the carry is a number where there was an array of shape \(2,\)"),
        (np.ones(2), np.ones((2, 1)), r"an array of shape \(2, 1\) where there was an array of shape \(2,\)"),
        (0.0, True, "the carry is a flag where there was a number"),
        (False, 0.0, "the carry is a number where there was a flag"),
        (0.0, None, "the carry is None where there was a number"),
        (None, 0.0, "the carry is a number where there was None"),
        ([0.0, 1.0], [0.0], "the carry is a list of 1 where there was a list of 2"),
        ([0.0, 1.0], (0.0, 1.0), "the carry is a tuple of 2 where there was a list of 2"),
        ((0.0, [1.0]), (0.0, [[1.0]]), r"the carry\[1\]\[0\] is a list of 1 where there was a number"),
        ({"a": 0.0}, {"b": 0.0}, "the carry is a dict of 'b' where there was a dict of 'a'"),
        ({"a": 0.0}, {}, "the carry is an empty dict where there was a dict of 'a'"),
        ({"a": {"b": 0.0}}, {"a": {"b": "x"}},
         r"the carry\['a'\]\['b'\] is 'x' \(str\) where there was a number"),
        (Row(0.0, 1.0), Row(0.0, "x"), r"the carry\.force is 'x' \(str\) where there was a number"),
        (Row(0.0, 1.0), {"time": 0.0}, "the carry is a dict of 'time' where there was a Row"),
        ("x", 0.0, r"the carry is a number where there was 'x' \(str\)"),
        ({}, OrderedDict(), "the carry is an empty OrderedDict where there was an empty dict"),
    ],
)  # fmt: skip
def test_a_carry_that_changes_its_form_is_refused_where_it_differs(
    before: Any, after: Any, message: str
) -> None:
    def body(carry: Any, x: Any) -> Any:
        return after, None

    for checkpoint in (False, True):
        with pytest.raises(
            TypeError, match=f"^.*body must return a carry of the form that it was given, but .*{message}$"
        ):
            scan(body, before, [1.0, 2.0], checkpoint=checkpoint)
    with pytest.raises(TypeError, match=message.replace("carry", "value")):
        fori_loop(0, 2, lambda i, x: after, before)
    with pytest.raises(TypeError, match=message.replace("carry", "value")):
        while_loop(lambda x: True, lambda x: after, before)


def test_what_is_kept_has_one_form() -> None:
    with pytest.raises(
        TypeError, match=r"must return a y of the same form in all turns, but in turn 1 y is None where"
    ):
        scan(lambda c, x: (c, x if x < 2 else None), 0, [1, 2])
    with pytest.raises(TypeError, match=r"in turn 2 y\['a'\] is a list of 1 where there was a number"):
        scan(lambda c, x: (c, {"a": x if x < 3 else [x]}), 0, [1, 2, 3])


@pytest.mark.parametrize(
    "wrong", [lambda c, x: c, lambda c, x: [c, x], lambda c, x: (c, x, x), lambda c, x: None]
)
def test_what_is_no_pair_is_refused(wrong: Callable[..., Any]) -> None:
    with pytest.raises(
        TypeError, match=r"must return a tuple of two, the next carry and what is kept .*, not "
    ):
        scan(wrong, 0.0, [1.0])


ANY: Any = autograd  # for what type checkers would not take


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: ANY.scan(3, 0.0, [1.0]), TypeError,
         r"^scan takes a function, not 3 \(int\); write scan\(f, init, xs\)$"),
        (lambda: ANY.scan(added, 0.0), ValueError,
         r"nothing to scan: write scan\(f, init, xs\), or scan\(f, init, length=10"),
        (lambda: ANY.scan(added, 0.0, ()), ValueError, "nothing to scan"),
        (lambda: ANY.scan(added), TypeError,
         r"missing 1 required positional argument: 'init'; it is scan\(f, init, xs=None"),
        (lambda: ANY.scan(added, 0.0, [1.0], unroll=2), TypeError,
         "no keyword 'unroll'; a loop is followed as it runs"),
        (lambda: ANY.scan(added, 0.0, [1.0], lenght=1), TypeError,
         "no keyword 'lenght'; did you mean 'length'"),
        (lambda: ANY.scan(added, 0.0, ([1], [1, 2])), ValueError,
         r"of one length, not 1 of xs\[0\], 2 of xs\[1\]$"),
        (lambda: ANY.scan(added, 0.0, {"a": np.ones((2, 3)), "b": [1]}), ValueError,
         r"2 of xs\['a'\], 1 of xs\['b'\]$"),
        (lambda: ANY.scan(added, 0.0, [1.0, 2.0], length=3), ValueError, "2 of xs, 3 of length$"),
        (lambda: ANY.scan(added, 0.0, length=-1), ValueError, "^length is 0 or more, not -1$"),
        (lambda: ANY.scan(added, 0.0, length=2.0), TypeError,
         r"^length is a whole number, not 2\.0 \(float\)$"),
        (lambda: ANY.scan(added, 0.0, 3), TypeError, r"^xs is 3 \(int\), which is not scanned; write a list"),
        (lambda: ANY.scan(added, 0.0, Value(2.0)), TypeError,
         r"^xs is Value\(data=2\.0, grad=0\.0\) \(Value\), which"),
        (lambda: ANY.scan(added, 0.0, {"a": "text"}), TypeError,
         r"^xs\['a'\] is 'text' \(str\), which is not scanned"),
        (lambda: ANY.scan(added, 0.0, np.array(3.0)), TypeError,
         r"^xs is an array of no dimension, array\(3\.\), which"),
        (lambda: ANY.scan(added, 0.0, iter([1.0])), TypeError, r"^xs is <list_iterator .*write a list"),
        (lambda: ANY.scan(added, 0.0, [[1.0], [1.0, 2.0]]), TypeError,
         r"by element, but xs\[1\] is a list of 2 where there was a list of 1 in xs\[0\]; for several lists"),
        (lambda: ANY.scan(added, 0.0, {"a": [1.0, "x"]}), TypeError,
         r"but xs\['a'\]\[1\] is 'x' \(str\) where"),
        (lambda: ANY.fori_loop(0, 3, 1.0, None), TypeError,
         r"^fori_loop takes a function, not 1\.0 \(float\); write fori_l"),
        (lambda: ANY.fori_loop(0.0, 3, max, 0), TypeError,
         r"^fori_loop goes over whole numbers, but lower is 0\.0 \(float"),
        (lambda: ANY.fori_loop(0, Value(3.0), max, 0), TypeError,
         r"but upper is Value\(data=3\.0, grad=0\.0\) \(Value\)$"),
        (lambda: ANY.fori_loop(0, 3, max), TypeError,
         r"missing 1 required positional argument: 'init_val'; it is fori"),
        (lambda: ANY.while_loop(True, abs, 0.0), TypeError,
         r"^while_loop takes a function, not True \(bool\); write while"),
        (lambda: ANY.while_loop(abs, 1.0, 0.0), TypeError,
         r"^while_loop takes a function, not 1\.0 \(float\); write while"),
        (lambda: ANY.while_loop(lambda x: None, abs, 0.0), TypeError,
         r"must return True or False, as val < 10 is, not None$"),
        (lambda: ANY.while_loop(lambda x: x, abs, 0.0), TypeError,
         r"must return True or False, .*, not 0\.0 \(float\)$"),
        (lambda: ANY.while_loop(lambda x: np.array([True]), abs, 0.0), TypeError,
         r"must return True or False, .*ndarray\)$"),
    ],
)  # fmt: skip
def test_the_usual_slips_are_answered(call: Callable[[], Any], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        call()


# Derivatives


def test_a_linear_recurrence_has_the_gradient_of_its_closed_form() -> None:
    # c(n) = a c(n-1) + x(n): the derivative of the last by x(k) is a to the power of n - k.
    def last(a: Any, xs: Any) -> Any:
        return scan(lambda c, x: (a * c + x, None), 1.0, xs)[0]

    xs = [0.5, -1.0, 2.0, 0.25]
    for given in (xs, np.array(xs)):
        by_a, by_xs = grad(last, (0, 1))(0.5, given)
        assert list(by_xs) == [0.125, 0.25, 0.5, 1.0]
        # a^4 + xs[0] a^3 + xs[1] a^2 + xs[2] a + xs[3]
        assert by_a == 4 * 0.125 + 3 * 0.5 * 0.25 - 2 * 0.5 + 2.0
        assert hessian(last)(0.5, given) == 12 * 0.25 + 6 * 0.5 * 0.5 - 2.0


def test_what_is_kept_of_each_turn_has_derivatives() -> None:
    # Partial products of x, x + 1, ...: jacobian by hand.
    def f(x: Any) -> Any:
        return scan(lambda c, i: (c * (x + i), c), 1.0, range(4))[1]

    assert f(2.0) == [1.0, 2.0, 6.0, 24.0]
    assert jacobian(f)(2.0) == [0.0, 1.0, 2 * 2.0 + 1.0, 3 * 4.0 + 6 * 2.0 + 2.0]
    rows = jacobian(lambda x: scan(lambda c, r: (c + r, c * r), np.zeros(2), x)[1])(
        np.array([[1.0, 2.0], [3.0, 4.0]])
    )
    assert rows.shape == (2, 2, 2, 2)
    wanted = np.zeros((2, 2, 2, 2))  # y[1] = x[0] x[1], element by element
    for i, (a, b) in enumerate([(1.0, 3.0), (2.0, 4.0)]):
        wanted[1, i, 0, i], wanted[1, i, 1, i] = b, a
    assert rows.tolist() == wanted.tolist()
    values = scan(added, Value(0.0), [1.0, 2.0])[1]
    assert [type(x) for x in values] == [Value, Value]
    mixed = scan(lambda c, x: (c, np.array([1.0]) if x < 2 else np.array([c])), Value(5.0), [1.0, 2.0])[1]
    assert (mixed.shape, mixed[1, 0].data) == ((2, 1), 5.0)


def logistic(x: Any, rate: Any, turns: int = 20) -> Any:
    return scan(lambda x, _: (rate * x * (1.0 - x), None), x, length=turns)[0]


def test_the_logistic_map_has_the_derivatives_of_mpmath() -> None:
    def exact(*orders: int) -> float:
        with mp.workdps(60):
            return float(mp.diff(logistic, (mpf(0.3), mpf(3.2)), orders))

    assert grad(logistic, (0, 1))(0.3, 3.2) == pytest.approx((exact(1, 0), exact(0, 1)), rel=1e-12)
    (xx, xr), (_, rr) = hessian(logistic, (0, 1))(0.3, 3.2)
    assert (xx, xr, rr) == pytest.approx((exact(2, 0), exact(1, 1), exact(0, 2)), rel=1e-11)


def newton(x: Any) -> Any:
    return while_loop(lambda y: abs(y * y - x) > 1e-14 * x, lambda y: 0.5 * (y + x / y), x)


def test_newtons_square_root_has_the_derivatives_of_the_square_root() -> None:
    for x in (0.3, 2.0, 50.0):
        assert newton(x) == pytest.approx(std.sqrt(x), rel=1e-14)
        assert derivative(newton)(x) == pytest.approx(0.5 / std.sqrt(x), rel=1e-12)
        # Of the derivatives Newton's iteration is a turn behind.
        assert derivative(newton, 2)(x) == pytest.approx(-0.25 * x**-1.5, rel=1e-6)


def pendulum(angle: Any, length: Any, steps: int = 50, checkpoint: bool = False, sine: Any = math.sin) -> Any:
    """Return angle and speed of a pendulum after a second, by Runge and Kutta's method."""
    h = 1.0 / steps if type(angle) is not mpf else mpf(1) / steps

    def slope(angle: Any, speed: Any) -> Any:
        return speed, -9.81 * sine(angle) / length

    def step(state: Any, _: Any) -> Any:
        a, b = state
        k1 = slope(a, b)
        k2 = slope(a + h / 2 * k1[0], b + h / 2 * k1[1])
        k3 = slope(a + h / 2 * k2[0], b + h / 2 * k2[1])
        k4 = slope(a + h * k3[0], b + h * k3[1])
        a = a + h / 6 * (k1[0] + 2 * k2[0] + 2 * k3[0] + k4[0])
        b = b + h / 6 * (k1[1] + 2 * k2[1] + 2 * k3[1] + k4[1])
        return (a, b), a

    return scan(step, (angle, 0.0 * angle), length=steps, checkpoint=checkpoint)[0][0]


@pytest.mark.parametrize("checkpoint", [False, True])
def test_a_pendulum_has_the_derivatives_of_mpmath(checkpoint: bool) -> None:
    def exact(*orders: int) -> float:
        with mp.workdps(50):
            return float(mp.diff(lambda a, b: pendulum(a, b, sine=mp.sin), (mpf(1.2), mpf(0.8)), orders))

    def f(angle: Any, length: Any) -> Any:
        return pendulum(angle, length, checkpoint=checkpoint)

    assert f(1.2, 0.8) == pytest.approx(exact(0, 0), rel=1e-13)
    assert grad(f, (0, 1))(1.2, 0.8) == pytest.approx((exact(1, 0), exact(0, 1)), rel=1e-12)
    (aa, al), (la, ll) = hessian(f, (0, 1))(1.2, 0.8)
    assert (aa, al, la, ll) == pytest.approx((exact(2, 0), exact(1, 1), exact(1, 1), exact(0, 2)), rel=1e-11)


def test_a_loop_over_whole_numbers_is_a_polynomial() -> None:
    # Horner's scheme for 1 + 2 x + 3 x² + 4 x³.
    f = lambda x: fori_loop(0, 4, lambda i, y: y * x + (4 - i), 0.0)  # noqa: E731
    assert [derivative(f, order)(2.0) for order in range(4)] == [49.0, 62.0, 54.0, 24.0]
    assert fori_loop(3, 3, lambda i, x: None, 1.0) == 1.0
    assert fori_loop(5, 3, lambda i, x: None, 1.0) == 1.0
    assert fori_loop(np.int64(0), np.int64(2), lambda i, x: x + type(i).__name__, "") == "intint"


def test_a_condition_may_be_one_of_numpy() -> None:
    end = while_loop(lambda x: np.all(x < 10.0), lambda x: 2.0 * x, np.array([1.0, 3.0]))
    assert end.tolist() == [4.0, 12.0]
    assert while_loop(lambda x: np.array(False), lambda x: x, 1.0) == 1.0
    slopes = grad(lambda x: np.sum(while_loop(lambda x: np.all(x < 10.0), lambda x: 2.0 * x, x)))(
        np.array([1.0, 3.0])
    )
    assert slopes.tolist() == [4.0, 4.0]


def test_loops_of_loops_and_derivatives_inside() -> None:
    def root(s: Any) -> Any:  # by Newton's method, with the derivative taken inside
        def f(v: Any) -> Any:
            return v**3 + v - s

        return fori_loop(0, 8, lambda _, v: v - f(v) / grad(f)(v), 1.0)

    def total(s: Any) -> Any:
        return scan(lambda c, k: (c + root(s * k), None), 0.0, [1.0, 2.0, 3.0])[0]

    def wanted(order: int) -> float:
        with mp.workdps(40):
            exact = lambda s: mp.findroot(lambda v: v**3 + v - s, 1.0)  # noqa: E731
            return float(mp.fsum(k**order * mp.diff(exact, mpf(2.0) * k, order) for k in (1, 2, 3)))

    for order in range(3):
        assert derivative(total, order)(2.0) == pytest.approx(wanted(order), rel=1e-11)


# Compiled


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


# Little memory


def orbit(state: Any, x: Any) -> Any:
    a, b = state
    a, b = 0.999 * a + 0.01 * math.sin(b), b + 0.01 * a * x
    return (a, b), None


def last_of(x: Any, rate: Any, turns: int, checkpoint: bool, reverse: bool = False) -> Any:
    (a, b), _ = scan(
        lambda state, k: orbit(state, rate), (x, 0.5), length=turns, checkpoint=checkpoint, reverse=reverse
    )
    return a * b


def test_with_checkpoints_values_and_derivatives_are_the_same() -> None:
    for turns in (1, 2, 3, 10, 500):
        plain = value_and_grad(lambda x, r, t=turns: last_of(x, r, t, False), (0, 1))(1.0, 0.7)
        kept = value_and_grad(lambda x, r, t=turns: last_of(x, r, t, True), (0, 1))(1.0, 0.7)
        assert kept[0] == plain[0]
        same(kept[1], plain[1])
        twice = [
            hessian(lambda x, r, t=turns, c=c: last_of(x, r, t, c), (0, 1))(1.0, 0.7) for c in (False, True)
        ]
        same(*twice)


def test_with_checkpoints_thousands_of_turns_are_the_same() -> None:
    x, rate = Value(1.0), Value(0.7)
    plain, kept = (last_of(x, rate, 3_000, checkpoint) for checkpoint in (False, True))
    assert kept.data == plain.data
    assert len(topological_order(kept)) < 600 < 18_000 < len(topological_order(plain))
    slopes = [gradients(y, [x, rate], create_graph=True) for y in (plain, kept)]
    same([s.data for s in slopes[1]], [s.data for s in slopes[0]])
    same(*[gradients(s[0] + 2.0 * s[1], [x, rate]) for s in slopes])


@pytest.mark.parametrize("reverse", [False, True])
def test_with_checkpoints_all_that_is_scanned_and_kept_is_the_same(reverse: bool) -> None:
    def f(x: Any, xs: Any, checkpoint: bool) -> Any:
        def step(state: Any, given: Any) -> Any:
            (a, b), _ = orbit(state, given["k"] * x)
            for _ in range(5):
                a = math.sin(a) + given["row"][0] * given["row"][1]
            return (a, b), {"a": a, "b": (b, None), "row": given["row"]}

        (a, b), ys = scan(step, (x, 0.5), xs, checkpoint=checkpoint, reverse=reverse)
        return a * b + ys["a"][2] * ys["b"][0][-1] + np.sum(ys["row"][3]), ys

    xs = {"k": [0.1 * i for i in range(50)], "row": np.linspace(0.0, 1.0, 100).reshape(50, 2)}
    plain, kept = (f(1.2, xs, checkpoint) for checkpoint in (False, True))
    assert kept[0] == plain[0]
    for key in ("a", "row"):
        assert kept[1][key].tolist() == plain[1][key].tolist()
    slopes = [grad(lambda x, xs, c=c: f(x, xs, c)[0], (0, 1))(1.2, xs) for c in (False, True)]
    same(slopes[1], slopes[0])
    twice = [jacobian(grad(lambda x, xs, c=c: f(x, xs, c)[0]), (0, 1))(1.2, xs) for c in (False, True)]
    same(twice[1], twice[0], 1e-11)
    with no_grad():
        assert f(Value(1.2), xs, True)[0].data == plain[0]


def test_with_checkpoints_graphs_are_copied_and_pickled() -> None:
    x = Value(1.0)
    (a, _), _ = scan(orbit, (x, 0.5), [0.1] * 400, checkpoint=True)
    wanted = gradients(gradients(a, x, create_graph=True), x)
    for twin in (copy.deepcopy(a), pickle.loads(pickle.dumps(a))):
        (leaf,) = (node for node in topological_order(twin) if not node.op)
        assert gradients(gradients(twin, leaf, create_graph=True), leaf) == pytest.approx(wanted, rel=1e-12)


def most_memory(turns: int, checkpoint: bool) -> int:
    """Return the most bytes that a loop of so many turns, and its gradient, take."""
    x, rate = Value(1.0), Value(0.7)
    gc.collect()
    tracemalloc.start()
    try:
        gradients(last_of(x, rate, turns, checkpoint), [x, rate])
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_with_checkpoints_memory_grows_as_the_root_of_the_turns() -> None:
    def grows_as_the_root() -> bool:
        plain, few, many = most_memory(4_000, False), most_memory(400, True), most_memory(4_000, True)
        return many * 10 < plain and many < 5 * few  # the root of ten is 3.2

    assert any(grows_as_the_root() for _ in range(3))  # for other threads may take memory meanwhile


class Following(Observer):
    """Goes through scans itself."""

    def scanned(self, f: Any, init: Any, turns: Any, reverse: bool, body: Any) -> Any:
        carry = init
        for i in range(turns.count)[:: -1 if reverse else 1]:
            carry, _ = f(carry, turns.part(i))
        return ("followed", carry), (body, turns.count)


class Watching(Block):
    """A block in which there are observers."""

    _setting = observers

    def __init__(self, *watchers: Observer) -> None:
        super().__init__()
        self._watchers = watchers

    def _inside(self, outside: Any) -> Any:
        return self._watchers


def test_who_follows_may_go_through_a_scan() -> None:
    def difference(total: Any, x: Any) -> Any:
        return x - total, None

    with Watching(Observer(), Following()):
        assert scan(difference, 1.0, [2.0, 5.0], reverse=True) == (("followed", -2.0), (difference, 2))
        assert fori_loop(2, 4, lambda i, y: y * i, 5.0) == ("followed", 30.0)
    with Watching(Observer()):
        assert scan(difference, 1.0, [2.0, 5.0]) == (4.0, None)
        assert fori_loop(2, 4, lambda i, y: y * i, 5.0) == 30.0
