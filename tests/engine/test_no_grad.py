"""`no_grad()`: what is computed in it is recorded nowhere."""

from __future__ import annotations

import asyncio
import copy
import pickle
import threading

import pytest

from autograd import Value, no_grad, topological_order
from autograd.engine import weighted_sum
from autograd.engine.ordering import in_order


def test_nothing_is_recorded_in_a_no_grad_block() -> None:
    x = Value(3.0)
    with no_grad():
        outs = [x * x, x + 1, 1 + x, -x, x.relu(), x**2, x.exp(), weighted_sum([x], [x], x), abs(x)]
        with no_grad():
            pass
        outs.append(x / 2)
    assert all(out.operands == () and out.op == "" and out.partials == () for out in outs)
    assert [out.data for out in outs[:4]] == [9.0, 4.0, 4.0, -3.0]
    assert (x * x).operands


def test_backward_of_what_was_computed_in_no_grad_is_an_error_that_says_so() -> None:
    x = Value(3.0)
    with no_grad():
        made = [x * x, x + 1, -x, x.relu(), x**2, x.exp(), weighted_sum([x], [x], x), *in_order([x, 1.0])[1:]]
    made += [copy.copy(made[0]), copy.deepcopy(made[0]), pickle.loads(pickle.dumps(made[0]))]
    for y in made:
        with pytest.raises(RuntimeError, match=r"^backward\(\) of [^=]*, which was computed inside no_grad"):
            y.backward()
    made[0].label = "y"
    made[0].data = 5.0
    with pytest.raises(RuntimeError, match=r"^backward\(\) of y = 5\.0, which was computed inside no_grad"):
        made[0].backward(2.0)
    assert made[0].grad == x.grad == 0.0


def test_what_is_computed_from_it_takes_it_as_a_leaf() -> None:
    x = Value(3.0)
    with no_grad():
        w = x * x
    (w * x).backward()
    assert (w.grad, x.grad) == (3.0, 9.0)
    for leaf in (w.detach(), x):  # no leaf of one's own is meant
        leaf.backward()
    assert x.grad == 10.0
    with no_grad():  # nor what was recorded before
        y = Value(2.0)
        (made := y.detach()).backward()
        x.backward()
    assert (y.grad, made.grad, x.grad) == (0.0, 1.0, 11.0)


def test_recording_resumes_after_an_error_in_the_block() -> None:
    x = Value(3.0)
    with pytest.raises(ZeroDivisionError), no_grad():
        _ = x / 0
    assert (x * x).operands


def test_no_grad_decorates_a_function() -> None:
    @no_grad()
    def square(x: Value) -> Value:
        """Square it."""
        return x * x

    x = Value(3.0)
    assert square(x).operands == ()
    assert square(square(x)).data == 81.0
    assert (square.__name__, square.__doc__) == ("square", "Square it.")
    assert (x * x).operands


def test_no_grad_concerns_its_own_thread() -> None:
    x = Value(3.0)
    entered, done = threading.Event(), threading.Event()

    def other() -> None:
        with no_grad():
            entered.set()
            done.wait(10)

    thread = threading.Thread(target=other)
    thread.start()
    entered.wait(10)
    out = weighted_sum([x], [x], x)
    product = x * x
    done.set()
    thread.join()
    assert product.operands
    assert len(topological_order(out)) == 3


def test_no_grad_concerns_its_own_asyncio_task() -> None:
    x = Value(3.0)

    async def silent() -> Value:
        with no_grad():
            await asyncio.sleep(0.01)
            return x * x

    async def recording() -> Value:
        await asyncio.sleep(0.005)
        return x * x

    async def both() -> tuple[Value, Value]:
        return await asyncio.gather(silent(), recording())

    without, with_history = asyncio.run(both())
    assert without.operands == ()
    assert len(with_history.operands) == 2
