"""Calls of which little is kept: the same values and derivatives, in less memory."""

from __future__ import annotations

import copy
import gc
import math as std
import os
import pickle
import subprocess
import sys
import threading
import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from logistic_maps import RATE, exact, logistic, plain_logistic
from mpmath import mp, mpf

import autograd
from autograd import (
    Value,
    check_grads,
    checkpoint,
    compile,
    custom_gradient,
    derivative,
    detect_anomaly,
    draw,
    explain,
    grad,
    gradients,
    hessian,
    hvp,
    jacobian,
    jvp,
    math,
    no_grad,
    ops,
    topological_order,
    vjp,
    vmap,
    walk,
)

pytestmark = pytest.mark.usefixtures("table_as_it_was")


def of_op(y: Value, name: str) -> list[Value]:
    return [node for node in topological_order(y) if node.op == name]


# What it is


def test_a_call_is_one_node_for_each_value_but_one_that_it_was_computed_from() -> None:
    x, rate = Value(0.3, label="x"), Value(RATE, label="rate")
    y = logistic(x, rate)
    assert y.data == plain_logistic(0.3)
    assert (y.op, y.operands) == ("logistic", (x, rate))  # in the order of the arguments
    swapped = checkpoint(lambda rate, x: plain_logistic(x, rate))(rate, x)
    assert swapped.operands == (rate, x)
    assert len(topological_order(y)) == 3
    (one,) = of_op(logistic(x), "logistic")
    assert one.operands == (x,)


def test_derivatives_of_all_orders_are_those_of_mpmath() -> None:
    at = (0.3, 3.2)
    for orders in ((1, 0), (0, 1)):
        ours = grad(logistic, orders.index(1))(*at)
        assert ours == pytest.approx(exact(plain_logistic, at, *orders), rel=1e-12)
    (xx, xr), (rx, rr) = hessian(logistic, (0, 1))(*at)
    for ours, orders in ((xx, (2, 0)), (xr, (1, 1)), (rx, (1, 1)), (rr, (0, 2))):
        assert ours == pytest.approx(exact(plain_logistic, at, *orders), rel=1e-11)
    assert derivative(logistic, 3)(0.3) == pytest.approx(exact(plain_logistic, (0.3,), 3), rel=1e-10)
    assert grad(grad(grad(logistic, 1), 0), 1)(*at) == pytest.approx(
        exact(plain_logistic, at, 1, 2), rel=1e-10
    )
    assert jvp(logistic, at, (1.0, 2.0))[1] == pytest.approx(
        exact(plain_logistic, at, 1, 0) + 2.0 * exact(plain_logistic, at, 0, 1), rel=1e-12
    )
    assert hvp(logistic, (0, 1))(*at, (1.0, 2.0)) == pytest.approx((xx + 2.0 * xr, rx + 2.0 * rr), rel=1e-12)
    assert hvp(logistic)(0.3, Value(1.0)).data == pytest.approx(xx, rel=1e-12)
    value, pullback = vjp(logistic, 0.3)
    assert value == plain_logistic(0.3)
    seed = Value(2.0)
    slope = pullback(seed)[0]
    slope.backward()
    assert (slope.data, seed.grad) == pytest.approx(
        (2.0 * grad(logistic)(0.3), grad(logistic)(0.3)), rel=1e-12
    )


def test_gradients_of_values_are_recorded_where_they_are_asked_to_be() -> None:
    x = Value(0.3)
    slope = gradients(logistic(x), x, create_graph=True)
    curvature = gradients(slope, x, create_graph=True)
    assert curvature.data == pytest.approx(exact(plain_logistic, (0.3,), 2), rel=1e-11)
    logistic(x).backward()
    assert x.grad == slope.data


def test_it_bears_the_name_and_is_pickled_as_the_function_that_it_stands_for() -> None:
    assert (logistic.__name__, logistic.__doc__) == ("logistic", "Return what the logistic map makes of x.")
    assert repr(logistic) == "<checkpoint of logistic>"
    assert pickle.loads(pickle.dumps(logistic)) is logistic
    twin = pickle.loads(pickle.dumps(checkpoint(plain_logistic)))
    assert (repr(twin), grad(twin)(0.3)) == ("<checkpoint of plain_logistic>", grad(logistic)(0.3))


def test_numbers_give_what_the_function_gives_and_keywords_are_handed_on() -> None:
    assert logistic(0.3, turns=3) == plain_logistic(0.3, turns=3)
    assert type(logistic(0.3)) is float
    rate = Value(RATE)
    y = logistic(0.3, rate=rate)
    y.backward()
    assert rate.grad == pytest.approx(exact(plain_logistic, (0.3, 3.2), 0, 1), rel=1e-12)


def test_a_method_can_be_under_it() -> None:
    class Map:
        def __init__(self, rate: Any) -> None:
            self.rate = rate

        @checkpoint
        def apply(self, x: Any) -> Any:
            return plain_logistic(x, self.rate)

    def f(x: Any, rate: Any) -> Any:
        return Map(rate).apply(x)

    assert f(0.3, RATE) == plain_logistic(0.3)
    assert hessian(f, (0, 1))(0.3, RATE) == hessian(logistic, (0, 1))(0.3, RATE)


def test_what_is_no_function_is_refused() -> None:
    with pytest.raises(
        TypeError, match=r"^checkpoint takes a function, not 3 \(int\); write checkpoint\(f\)\(x\)"
    ):
        checkpoint(3)  # type: ignore[arg-type]
    with pytest.raises(
        TypeError, match=r"takes no keyword 'policy'; what takes less memory is kept; leave it out"
    ):
        checkpoint(plain_logistic, policy=None)  # type: ignore[call-arg]


# When nothing is replaced


def test_few_operations_are_kept_as_they_are() -> None:
    x = Value(3.0)
    y = checkpoint(lambda x: x * x + x)(x)
    assert (y.op, len(topological_order(y))) == ("+", 3)


def test_many_results_of_many_values_are_kept_as_they_are() -> None:
    numbers = np.random.default_rng(1).normal(size=(12, 12))
    weights = np.array([[Value(x) for x in row] for row in numbers])

    def f(x: Any) -> Any:
        return np.tanh(weights @ x)

    out = checkpoint(f)(np.array([Value(0.1 * i) for i in range(12)]))
    assert {y.op for y in out} == {"tanh"}


def test_results_that_depend_on_few_values_each_are_replaced_however_many_they_are() -> None:
    @checkpoint
    def f(x: Any) -> Any:
        return plain_logistic(x, turns=10)

    x = np.array([Value(0.01 * i) for i in range(1, 50)])
    out = f(x)
    assert {y.op for y in out} == {"f"}
    assert [y.operands for y in out] == [(v,) for v in x]
    at = np.linspace(0.1, 0.4, 40)
    np.testing.assert_allclose(
        np.diagonal(jacobian(f)(at)), [exact(plain_logistic, (v,), 1) for v in at], rtol=1e-12
    )
    wide = np.array([Value(0.3)] * 600)
    assert {y.op for y in f(np.array([Value(0.3) for _ in wide]))} == {"*"}  # it is not looked at so closely


def test_inside_no_grad_nothing_is_looked_at() -> None:
    with no_grad():
        y = logistic(Value(0.3))
    assert (y.data, y.operands) == (plain_logistic(0.3), ())
    with pytest.raises(RuntimeError, match="computed inside no_grad"):
        y.backward()
    x = Value(0.3)
    y = logistic(x)
    with no_grad():  # a derivative is found there all the same
        assert gradients(y, x, create_graph=True).data == grad(logistic)(0.3)
        assert derivative(logistic, 2)(0.3) == pytest.approx(exact(plain_logistic, (0.3,), 2), rel=1e-11)


@pytest.mark.parametrize("transform", [lambda f: f, grad, lambda f: grad(grad(f)), hessian, vmap])
def test_compiled_it_is_the_function_itself(transform: Callable[..., Any]) -> None:
    def f(x: Any) -> Any:
        return logistic(x) * logistic(x, 2.5) if x > 0.25 else logistic(x)

    def plain(x: Any) -> Any:
        return plain_logistic(x) * plain_logistic(x, 2.5) if x > 0.25 else plain_logistic(x)

    at: Any = np.array([0.1, 0.2, 0.3]) if transform is vmap else 0.3
    compiled = compile(transform(f)) if transform is not vmap else vmap(compile(f))
    np.testing.assert_allclose(compiled(at), transform(plain)(at), rtol=1e-12)
    if transform is not vmap:
        assert compiled(0.2) == pytest.approx(transform(plain)(0.2), rel=1e-12)
        assert compiled.grad(0.3) == pytest.approx(grad(transform(plain))(0.3), rel=1e-11)


# Derivatives inside, and around


def test_derivatives_inside_see_what_is_differentiated_outside() -> None:
    def inner(x: Any, y: Any) -> Any:
        return grad(lambda z: plain_logistic(z * y) * x)(x)

    def f(x: Any, y: Any) -> Any:
        return checkpoint(inner)(x, y) * x

    def g(x: Any, y: Any) -> Any:
        return checkpoint(lambda: grad(lambda z: plain_logistic(z * y) * x * z)(0.5))()

    def plain_g(x: Any, y: Any) -> Any:
        return grad(lambda z: plain_logistic(z * y) * x * z)(0.5)

    at = (0.4, 0.7)
    pairs: list[tuple[Callable[..., Any], Callable[..., Any]]]
    pairs = [(f, lambda x, y: inner(x, y) * x), (g, plain_g)]
    for ours, plain in pairs:
        assert ours(*at) == plain(*at)
        for i in (0, 1):
            assert grad(ours, i)(*at) == pytest.approx(grad(plain, i)(*at), rel=1e-12)
            for j in (0, 1):
                assert grad(grad(ours, i), j)(*at) == pytest.approx(grad(grad(plain, i), j)(*at), rel=1e-11)
                third = [grad(grad(grad(h, i), j), 0)(*at) for h in (ours, plain)]
                assert third[0] == pytest.approx(third[1], rel=1e-10)
                by_vjp = [vjp(grad(h, i), *at)[1](Value(1.0))[j].data for h in (ours, plain)]
                assert by_vjp[0] == pytest.approx(by_vjp[1], rel=1e-11)
        by_vjp = [[x.data for x in vjp(h, *at)[1](Value(1.0))] for h in (ours, plain)]
        assert by_vjp[0] == pytest.approx(by_vjp[1], rel=1e-11)  # when what they depend on is done


def test_a_derivative_inside_by_values_that_nobody_differentiates_is_a_number_when_it_is_repeated_too() -> (
    None
):
    w = Value(0.7)

    @checkpoint
    def f(x: Any) -> Any:
        return plain_logistic(x) * grad(lambda z: plain_logistic(z * w))(0.5)

    constant = grad(lambda z: plain_logistic(z * 0.7))(0.5)
    x = Value(0.3)
    slope = gradients(f(x), x, create_graph=True)
    assert gradients(slope, x) == pytest.approx(constant * exact(plain_logistic, (0.3,), 2), rel=1e-11)


def test_calls_may_be_nested() -> None:
    @checkpoint
    def outer(x: Any, rate: Any) -> Any:
        for _ in range(5):
            x = logistic(x, rate, turns=8)
        return x

    y = outer(Value(0.3), Value(RATE))
    assert len(topological_order(y)) == 3
    at = (0.3, 2.9)

    def f(x: Any, rate: Any) -> Any:
        return plain_logistic(x, rate, turns=40)

    assert outer(*at) == f(*at)
    assert grad(outer, 1)(*at) == pytest.approx(exact(f, at, 0, 1), rel=1e-12)
    assert grad(grad(outer), 1)(*at) == pytest.approx(exact(f, at, 1, 1), rel=1e-10)
    assert derivative(lambda r: outer(0.3, r), 3)(2.9) == pytest.approx(exact(f, at, 0, 3), rel=1e-10)


def test_functions_with_a_derivative_of_their_own_may_be_inside() -> None:
    sine = custom_gradient(lambda x: math.cos(x))(std.sin)

    @checkpoint
    def f(x: Any) -> Any:
        for _ in range(12):
            x = sine(x) + 0.1 * x
        return x

    def plain(x: Any) -> Any:
        for _ in range(12):
            x = mp.sin(x) + mpf(0.1) * x
        return x

    for order in (1, 2, 3):
        assert derivative(f, order)(0.3) == pytest.approx(exact(plain, (0.3,), order), rel=1e-11)


# What is done with graphs


def test_graphs_are_copied_and_pickled() -> None:
    x, rate = Value(0.3, label="x"), Value(RATE)
    y = logistic(x * 1.0, rate) * x
    slopes = gradients(gradients(y, x, create_graph=True), [x, rate])
    for twin in (
        copy.deepcopy(y),
        pickle.loads(pickle.dumps(y)),
        copy.deepcopy(pickle.loads(pickle.dumps(y))),
    ):
        leaves = [node for node in topological_order(twin) if not node.op]
        leaf, other = sorted(leaves, key=lambda node: node.label, reverse=True)
        assert not {leaf, other} & {x, rate}
        twice = gradients(gradients(twin, leaf, create_graph=True), [leaf, other])
        assert twice == slopes
        third = gradients(gradients(gradients(twin, leaf, create_graph=True), other, create_graph=True), leaf)
        assert third == pytest.approx(
            exact(lambda x, r: plain_logistic(x, r) * x, (0.3, 3.2), 2, 1), rel=1e-10
        )
    again = pickle.loads(pickle.dumps(pickle.loads(pickle.dumps(y))))
    assert again.data == y.data


@checkpoint
def apart(x: Any, y: Any) -> Any:
    return plain_logistic(x), plain_logistic(y)


def test_a_result_is_pickled_without_what_only_others_depend_on() -> None:
    long = Value(0.3)
    for _ in range(20_000):
        long = long * 1.0
    x = Value(0.4)
    a, b = apart(x, long)
    twin = pickle.loads(pickle.dumps(a))
    assert len(topological_order(twin)) == 2
    (leaf,) = (node for node in topological_order(twin) if not node.op)
    assert gradients(gradients(twin, leaf, create_graph=True), leaf) == pytest.approx(
        exact(plain_logistic, (0.4,), 2), rel=1e-11
    )
    assert gradients(pickle.loads(pickle.dumps(a + b)), leaf) == 0.0


def test_graphs_are_drawn_walked_and_explained() -> None:
    x, rate = Value(0.3, label="x"), Value(RATE, label="rate")
    y = logistic(x, rate)
    assert "logistic" in draw(y).source
    steps = walk(y)
    assert [step.custom for step in steps if step.operation] == [True] * 4
    assert "= logistic(x, rate)" in steps.table()
    assert f"logistic(0.3, 3.2) = {plain_logistic(0.3):.6g}" in steps.table()
    slopes = [exact(plain_logistic, (0.3, 3.2), *orders) for orders in ((1, 0), (0, 1))]
    assert y.partials == pytest.approx(slopes, rel=1e-12)
    assert str(explain(y, x)).endswith(f"∂v2/∂x = {slopes[0]:.6g}".replace("-", "−"))


def test_check_grads_finds_the_operation_at_fault_inside() -> None:
    check_grads(logistic, (0.3, 3.0), order=2)
    wrong = ops.unary("wrong", lambda x: x * x, lambda x, out: 3.0 * x, "Return x * x.")

    @checkpoint
    def f(x: Any) -> Any:
        return wrong(logistic(x) + logistic(plain_logistic(x)))

    assert isinstance(f(Value(0.3)).op, str)
    with pytest.raises(AssertionError, match="the operation at fault is 'wrong': its derivative"):
        check_grads(f, (0.3,))


def test_anomalies_are_found_where_they_are() -> None:
    @checkpoint
    def f(x: Any) -> Any:
        return plain_logistic(x) ** 0.5 * (x - x) ** 0.5

    with (
        detect_anomaly(),
        pytest.raises(FloatingPointError, match=r"the gradient through f is .*local derivative"),
    ):
        f(Value(0.3)).backward()
    with detect_anomaly():
        assert grad(logistic)(0.3) == pytest.approx(exact(plain_logistic, (0.3,), 1), rel=1e-12)
        assert derivative(logistic, 2)(0.3) == pytest.approx(exact(plain_logistic, (0.3,), 2), rel=1e-11)


# What goes wrong


def test_an_error_inside_leaves_everything_as_it_was() -> None:
    @checkpoint
    def f(x: Any) -> Any:
        return math.log(plain_logistic(x) - 2.0)

    @checkpoint
    def caught(x: Any) -> Any:
        try:
            return f(x)
        except ValueError:
            return plain_logistic(x)

    with pytest.raises(ValueError, match=r"math domain error|expected a positive input"):
        f(Value(0.3))
    assert not autograd.engine.recording.blocks
    assert autograd.engine.recording.observers.get() == ()
    assert derivative(caught, 2)(0.3) == pytest.approx(exact(plain_logistic, (0.3,), 2), rel=1e-11)


def test_a_function_that_does_something_else_the_second_time_is_an_error() -> None:
    calls: list[int] = []

    def changing(x: Any) -> Any:
        calls.append(1)
        return plain_logistic(x, turns=10 + len(calls))

    def growing(x: Any) -> Any:
        calls.append(1)
        return plain_logistic(x) + sum([0.0 * Value(1.0) for _ in calls], 0.0)

    def vanishing(x: Any) -> Any:
        calls.append(1)
        return [plain_logistic(x)] if len(calls) == 1 else []

    for f in (changing, growing, vanishing):
        calls.clear()
        x = Value(0.3)
        out = checkpoint(f)(x)
        y = out[0] if isinstance(out, list) else out
        assert gradients(y, x) != 0.0
        with pytest.raises(RuntimeError, match=rf"^{f.__name__} did something else when it was called again"):
            gradients(y, x, create_graph=True)


def test_numbers_that_were_changed_are_found_when_it_is_repeated() -> None:
    x, rate = Value(0.3), Value(RATE)
    y = logistic(x, rate)
    slope = gradients(y, x)
    rate.data = 2.0
    assert gradients(y, x) == slope
    with pytest.raises(RuntimeError, match=r"on \.data that is changed after the call"):
        gradients(y, x, create_graph=True)
    twin = copy.deepcopy(logistic(x, Value(1.5)))
    leaf = next(node for node in topological_order(twin) if node.data == 1.5)
    leaf.data = 2.0
    with pytest.raises(RuntimeError, match="has another number now than when it was recorded"):
        gradients(twin, leaf, create_graph=True)


def test_a_result_that_is_not_a_number_is_the_same_when_it_is_repeated() -> None:
    x = Value(float("nan"))
    y = logistic(x)
    assert std.isnan(gradients(y, x, create_graph=True).data)


def test_a_thread_that_a_followed_function_starts_is_followed_too() -> None:
    def f(x: Any) -> Any:
        found: list[Any] = []
        thread = threading.Thread(target=lambda: found.append(logistic(x)))
        thread.start()
        thread.join()
        return found[0]

    assert compile(f)(0.3) == plain_logistic(0.3)


# Memory


def segment(x: Any, operations: int = 1000) -> Any:
    for _ in range(operations // 2):
        x = 1.001 * math.sin(x)
    return x


def kept_by(f: Callable[[Any], Any], segments: int) -> tuple[int, int]:
    """Return how many bytes a chain of segments takes when it is done, and at most."""
    x: Any = Value(0.5)
    gc.collect()
    tracemalloc.start()
    try:
        for _ in range(segments):
            x = f(x)
        return tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()


def test_a_chain_of_calls_takes_a_fraction_of_the_memory() -> None:
    plain, _ = kept_by(segment, 50)
    kept, most = kept_by(checkpoint(segment), 50)
    assert kept * 40 < plain  # 140 times as little when this was written
    assert most * 12 < plain  # with one segment as it is recorded: 30 times


@pytest.mark.slow
def test_a_chain_of_300_000_operations_takes_a_fraction_of_the_memory() -> None:
    plain, _ = kept_by(segment, 300)
    kept, most = kept_by(checkpoint(segment), 300)
    assert most * 40 < plain  # 80 times as little when this was written
    assert kept <= most


def test_a_nested_call_gives_its_memory_back_before_the_outer_one_is_done() -> None:
    def outer(x: Any) -> Any:
        for _ in range(15):
            x = inner(x)
        return x

    inner: Callable[[Any], Any] = segment
    _, plain = kept_by(checkpoint(outer), 1)
    inner = checkpoint(segment)
    _, most = kept_by(checkpoint(outer), 1)
    assert most * 8 < plain


LEFT = """
import gc
from autograd import Value, derivative
from logistic_maps import logistic
gc.collect()
gc.disable()
for _ in range(10):
    logistic(Value(0.3))
    derivative(logistic, 2)(0.3)
print(gc.collect())
"""


def test_no_call_leaves_work_for_the_collector() -> None:  # in a process where no other thread leaves any
    found = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", LEFT], env=found, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["0"]
