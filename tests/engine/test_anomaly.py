"""Stopping at the operation that first gives a NaN or an infinity, and showing the line that recorded it."""

from __future__ import annotations

import asyncio
import copy
import inspect
import math as std
import pickle
import re
import threading
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograd import Value, derivative, detect_anomaly, grad, gradients, hessian, jvp, math, nn, no_grad
from autograd.engine.recording import blocks

HERE = __file__


def anomaly(work: Callable[[], Any]) -> str:
    with pytest.raises(FloatingPointError) as caught, detect_anomaly():
        work()
    assert blocks == []
    return str(caught.value)


def line_of(text: str) -> str:
    """The line of this file that a message shows."""
    found = re.search(rf'File "{re.escape(HERE)}", line (\d+), in (\S+)\n    (.*)', text)
    assert found, text
    with open(HERE, encoding="utf-8") as file:
        assert file.readlines()[int(found[1]) - 1].strip() == found[3]
    return f"{found[2]}: {found[3]}"


# Forward


def test_an_overflow_is_stopped_where_it_happens() -> None:
    x = Value(1e200, label="x")

    def work() -> None:
        y = x + 1.0
        z = y * x  # the first infinity
        z - z

    text = anomaly(work)
    assert text.startswith("the result of * is inf: its operands are 1e+200, x = 1e+200")
    assert line_of(text) == "work: z = y * x  # the first infinity"


def test_a_nan_out_of_infinities_is_stopped() -> None:
    x = Value(std.inf)
    text = anomaly(lambda: x - x)
    assert text.startswith("the result of - is nan: its operands are inf, inf")


def test_infinities_and_nans_that_come_in_flow_on() -> None:
    with detect_anomaly():
        x, y = Value(std.inf), Value(std.nan)
        assert (x + 1.0).data == std.inf
        assert std.isnan((y * 2.0).data)
        assert std.isnan(math.exp(x + y).data)
        assert math.logsumexp(Value(-std.inf), 0.0).data == 0.0


def test_every_way_of_recording_is_watched() -> None:
    big = Value(1e200)
    assert "the result of * is inf" in anomaly(lambda: 1e200 * big)
    assert "the result of + is inf" in anomaly(lambda: Value(1.7e308) + 1.7e308)
    assert "the result of / is inf" in anomaly(lambda: Value(1e308) / 1e-10)
    neuron = nn.Neuron(2)
    for w in neuron.w:
        w.data = 1e308
    assert "is inf" in anomaly(lambda: neuron([Value(10.0), Value(10.0)]))
    assert "is inf" in anomaly(lambda: np.array([big, big]) @ np.array([big, big]))


def test_operations_are_watched_inside_no_grad_too() -> None:
    def work() -> None:
        with no_grad():
            Value(1e200) * 1e200

    assert "the result of * is inf" in anomaly(work)


# Backward


def test_an_infinite_local_derivative_is_stopped_before_any_gradient_is_written() -> None:
    x, y = Value(0.0, label="x"), Value(2.0)
    y.grad = 5.0

    def work() -> None:
        root = math.sqrt(x)  # infinitely steep
        (root * y).backward()

    text = anomaly(work)
    assert "the gradient through sqrt is inf" in text
    assert "the local derivative is inf, the upstream gradient 2.0; the operand is x = 0.0" in text
    assert line_of(text) == "work: root = math.sqrt(x)  # infinitely steep"
    assert (x.grad, y.grad) == (0.0, 5.0)


def test_what_is_stopped_leaves_the_gradients_of_an_earlier_sweep_on_inner_nodes() -> None:
    inner = Value(0.0) * 2.0
    (inner * 3.0).backward()
    anomaly(lambda: math.sqrt(inner).backward())
    assert inner.grad == 3.0


def test_zero_times_infinity_is_stopped_where_it_arises() -> None:
    x = Value(0.0)
    text = anomaly(lambda: (math.sqrt(x) * 0.0).backward())
    assert "the gradient through sqrt is nan" in text
    assert "the upstream gradient 0.0" in text


def test_a_sum_of_gradients_that_overflows_is_stopped() -> None:
    x = Value(0.5)
    text = anomaly(lambda: (x * 1.7e308 + x * 1e308).backward())
    assert "is added to" in text


def test_a_product_of_gradients_that_overflows_is_stopped() -> None:
    x = Value(1e-300)
    text = anomaly(lambda: ((x * 1e200) * 1e200).backward())
    assert (
        "the gradient through * is inf: the local derivative is 1e+200, the upstream gradient 1e+200" in text
    )


def test_a_graph_recorded_outside_is_checked_without_its_lines() -> None:
    root = math.sqrt(Value(0.0))
    text = anomaly(root.backward)
    assert text.endswith("(recorded outside detect_anomaly(), so its line is not known)")


def test_an_infinite_seed_flows_on() -> None:
    x = Value(1.0)
    with detect_anomaly():
        (x * 2.0).backward(std.inf)
    assert x.grad == std.inf


def test_transformations_are_watched_forward_and_backward() -> None:
    def f(x: Any) -> Any:
        return math.sqrt(x)  # here

    for work in (
        lambda: grad(f)(0.0),
        lambda: hessian(f)(0.0),
        lambda: gradients(f(Value(0.0)), []),
        lambda: jvp(f, (0.0,), (1.0,)),
    ):
        text = anomaly(work)
        assert "sqrt" in text
        assert line_of(text) == "f: return math.sqrt(x)  # here"
    assert "the result of * is inf" in anomaly(lambda: grad(lambda x: x * x)(1e200))


def test_right_computations_pass_and_give_the_same_numbers() -> None:
    def f(x: Any) -> Any:
        return math.exp(x) * math.sin(x) / (1 + x * x)

    expected = grad(f)(0.7), hessian(f)(0.7)
    with detect_anomaly():
        assert (grad(f)(0.7), hessian(f)(0.7)) == expected
        assert jvp(f, (0.7,), (2.0,))[1] == pytest.approx(2.0 * expected[0], rel=1e-15)
        x = Value(0.7)
        f(x).backward()
    assert x.grad == expected[0]


# The block


def test_outside_the_block_nothing_is_checked() -> None:
    with detect_anomaly():
        pass
    y = Value(1e200) * 1e200
    y.backward()
    assert y.data == std.inf


def test_it_is_a_decorator_too_and_may_be_nested() -> None:
    @detect_anomaly()
    def work(x: Value) -> Value:
        """Return x squared."""
        with detect_anomaly():
            x * 1.0
        return x * x

    assert inspect.getdoc(work) == "Return x squared."
    assert work(Value(2.0)).data == 4.0
    with pytest.raises(FloatingPointError):
        work(Value(1e200))
    assert blocks == []


def test_other_threads_and_tasks_are_not_concerned() -> None:
    results: list[float] = []
    with detect_anomaly():
        thread = threading.Thread(target=lambda: results.append((Value(1e200) * 1e200).data))
        thread.start()
        thread.join()
    assert results == [std.inf]

    async def watched() -> None:
        with detect_anomaly():
            await asyncio.sleep(0.01)
            with pytest.raises(FloatingPointError):
                Value(1e200) * 1e200

    async def unwatched() -> None:
        await asyncio.sleep(0.005)
        assert (Value(1e200) * 1e200).data == std.inf

    async def both() -> None:
        await asyncio.gather(watched(), unwatched())

    asyncio.run(both())


def test_labels_and_copies_keep_working_inside_the_block() -> None:
    with detect_anomaly():
        x = Value(2.0, label="x")
        y = x * x
        y.label = "y"
    assert (y.op, y.label) == ("*", "y")
    for twin in (copy.copy(y), copy.deepcopy(y), pickle.loads(pickle.dumps(y))):
        assert (twin.op, twin.label, twin.data) == ("*", "y", 4.0)


def test_nodes_without_a_label_are_pickled_as_those_outside() -> None:
    with detect_anomaly():
        y = Value(2.0) * 3.0
    assert type(pickle.loads(pickle.dumps(y)).op) is str


def test_recorded_sweeps_forward_are_watched_before_they_record() -> None:
    text = anomaly(lambda: derivative(math.sqrt, 2)(0.0))
    assert (
        "the tangent through sqrt is inf: the local derivative is inf, the tangent of the operand 1.0" in text
    )


def test_tangents_that_overflow_in_a_sum_are_stopped() -> None:
    text = anomaly(lambda: jvp(lambda x: x * 1.7e308 + x * 1e308, (0.5,), (1.0,)))
    assert "the tangent through + is inf: 1e+308 is added to 1.7e+308" in text
