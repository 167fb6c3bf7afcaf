"""Nothing leaves the graph unseen: it is in the program, or an error says what is not."""

from __future__ import annotations

import copy
import math as python_math
import pickle
import statistics
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from math import nan
from typing import Any

import numpy as np
import pytest

from autograd import (
    CompileError,
    Value,
    compile,
    derivative,
    grad,
    gradients,
    hessian,
    hvp,
    jacobian,
    jvp,
    math,
    nn,
    vjp,
)  # fmt: skip
from autograd.program.tracer import Tracer


def test_threads_that_ask_at_the_same_time_what_a_trace_knows_miss_nothing() -> None:
    tracer = Tracer("f", [])
    asked: list[None] = []

    class Events(list[Any]):
        def __getitem__(self, i: Any) -> Any:
            event = super().__getitem__(i)
            if not asked:
                asked.append(None)
                tracer.knows(None)  # as another thread may, here
            return event

    tracer.events = Events([Value(1.0)])
    tracer.knows(None)
    node = Value(2.0)
    tracer.events.append(node)
    assert asked
    assert tracer.knows(node)


def plain(x: Any) -> Any:
    return x.data if isinstance(x, Value) else x


def shown(x: Any) -> Any:
    print(x)
    return x * x


def rounded_text(x: Any) -> Any:
    return {"1": 10.0, "2": 20.0}[f"{x:.0f}"] * x


def with_backward(x: Any) -> Any:
    y = math.relu(x) * 3.0
    if isinstance(y, Value):
        y.backward()
        return x * x.grad
    return y


def pickled(x: Any) -> Any:
    return pickle.loads(pickle.dumps(x)) * x


def in_a_caught_block(x: Any) -> Any:
    try:
        return x * float(str(x.data))
    except Exception:
        return x


@pytest.mark.parametrize(
    ("f", "words", "line"),
    [
        (shown, "makes text of a number", "print(x)"),
        (rounded_text, "makes text of a number", "return {"),
        (with_backward, r"calls backward\(\)", "y.backward()"),
        (pickled, "pickles a Value", "return pickle.loads"),
        (in_a_caught_block, "takes the number out of a Value with .data", "return x * float"),
    ],
)
@pytest.mark.parametrize("check", [True, False])
def test_what_takes_a_number_out_of_the_graph_is_an_error_that_shows_the_line(
    f: Callable[[Any], Any], words: str, line: str, check: bool
) -> None:
    with pytest.raises(CompileError, match=rf"^{f.__name__} cannot be compiled: it {words}") as caught:
        compile(f, check=check)(2.0)
    assert str(caught.value).splitlines()[-1].strip().startswith(line)


def test_an_error_of_the_function_itself_comes_before_what_it_did_to_make_its_message() -> None:
    def f(x: Any) -> Any:
        if x > 1.0:
            raise ValueError(f"{x} is too large")
        return x

    with pytest.raises(ValueError, match=r"^2\.0 is too large"):
        compile(f)(2.0)


def test_the_number_of_a_value_from_outside_may_be_read_and_is_looked_at_in_each_call() -> None:
    w = Value(2.0)
    fast = compile(lambda x: x * w.data + w)
    for number in (2.0, 5.0, nan, 0.0, 2.0):
        w.data = number
        assert repr(fast.value_and_grad(3.0)) == repr((3.0 * number + number, number))


# Copies, threads and derivatives inside


@pytest.mark.parametrize(
    "make", [copy.copy, lambda x: copy.copy(x * 1.0), copy.deepcopy, lambda x: copy.deepcopy([x * 1.0])[0]]
)
def test_a_copy_is_followed(make: Callable[[Any], Any]) -> None:
    def f(x: Any) -> Any:
        twin = make(x)
        return x * twin if twin > 0 else -x

    fast = compile(f)
    for x in (3.0, -3.0, 2.0):
        assert fast(x) == f(x)
        assert fast.grad(x) == grad(f)(x)


def in_a_thread(work: Callable[[], Any]) -> Any:
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work).result()


def test_what_another_thread_does_for_the_function_is_followed() -> None:
    def f(x: Any) -> Any:
        return in_a_thread(lambda: x * x if x > 0 else math.exp(x)) + x

    fast = compile(f)
    for x in (2.0, -3.0, 4.0):
        assert fast(x) == f(x)
        assert fast.grad(x) == grad(f)(x)


def test_what_another_thread_does_for_itself_is_not_followed() -> None:
    stop = threading.Event()

    def work() -> None:
        x = Value(1.0)
        while not stop.is_set():
            assert (x * x + 1.0) > 0.0
            assert repr(x)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        for n in range(20):
            fast = compile(lambda x, n=n: x * x * n if x > 0 else x)
            assert fast.grad(2.0) == 4.0 * n
            assert len(fast._recordings.signatures[0].paths[0].program.nodes) < 12
    finally:
        stop.set()
        thread.join()


def cubic_or_not(x: Any) -> Any:
    return x**3 if x > 0 else -x * x


NESTED: list[Callable[[Any], Any]] = [
    grad(grad(cubic_or_not)),
    grad(grad(grad(math.sin))),
    derivative(cubic_or_not, 2),
    lambda x: jvp(grad(cubic_or_not), (x,), (1.0,))[1] * x,
    lambda x: vjp(cubic_or_not, x)[1](2.0)[0] + x,
    lambda x: hvp(cubic_or_not)(x, 2.0) * x,
    lambda x: hessian(lambda v: cubic_or_not(v[0]) * v[1])([x, 2.0])[0][0],
    lambda x: jacobian(lambda v: [cubic_or_not(v), v * 2.0])(x)[0] * x,
    lambda x: (
        x * gradients(cubic_or_not(Value(1.0) * x), x) if isinstance(x, Value) else x * grad(cubic_or_not)(x)
    ),
    lambda x: grad(lambda y: compile(cubic_or_not).hessian(y * x))(2.0) * x,
    lambda x: compile(lambda y: cubic_or_not(y) * y).grad(x) + x,
]


@pytest.mark.parametrize("f", NESTED)
def test_derivatives_inside_are_followed(f: Callable[[Any], Any]) -> None:
    fast = compile(f)
    points = [2.0, -3.0, 0.5, -0.25]
    for x in points + points[::-1]:
        assert fast(x) == plain(f(x))
        assert fast.grad(x) == pytest.approx(grad(f)(x), rel=1e-14)
        assert fast.hessian(x) == pytest.approx(hessian(f)(x), rel=1e-12)


def test_a_loss_with_derivatives_of_a_network_sees_its_new_parameters() -> None:
    net = nn.MLP(1, [3, 1], activation="tanh", seed=0)

    def residual(x: Any) -> Any:
        return (derivative(lambda t: net([t]), 2)(x) + net([x])) ** 2

    fast = compile(residual)
    for factor in (1.0, 1.5, -0.5):
        for p in net.parameters():
            p.data *= factor
        for x in (0.3, -1.2):
            assert fast(x) == residual(x).data
            assert fast.grad(x) == pytest.approx(grad(residual)(x), rel=1e-14)


def test_a_number_left_behind_by_an_earlier_call_is_an_error() -> None:
    class Model:
        k: Any = None

        def loss(self, p: Any, x: Any) -> Any:
            if self.k is None:
                self.k = math.exp(p)
            return self.k * x

    left = Model()
    with pytest.raises(RuntimeError, match="earlier call of a transformation or of a compiled function"):
        compile(left.loss).grad(0.0, 2.0)


# Floats that are not differentiated by


def kind_of(x: Any, term: Any) -> Any:
    match term:
        case float():
            return x * term
        case _:
            return x


FLOATS: list[Callable[[Any, Any], Any]] = [
    lambda x, term: {0.5: 3.0, 2.0: 4.0}.get(term, 0.0) * x,
    lambda x, term: x ** int(term),
    lambda x, term: x * float(term) + len(str(term)) + len(f"{term:.3f}"),
    lambda x, term: x * term if isinstance(term, float) else x,
    lambda x, term: x * (1 if term in {0.5, 2.0} else 2),
    lambda x, term: x * (term.is_integer() + term.real),
    lambda x, term: x * term.as_integer_ratio()[0] + term.as_integer_ratio()[1],
    lambda x, term: x * statistics.mean([term, 2.0]),
    lambda x, term: x * len(repr(term)) + len(f"{term}"),
    lambda x, term: x * getattr(term, "item", 7.0),
    lambda x, term: x * len(range(python_math.floor(abs(term)))),
    lambda x, term: x * complex(term).real,
    lambda x, term: sum([x] * round(abs(term)), x),
    lambda x, term: x * python_math.sin(term),
    lambda x, term: x * np.array([term, 1.0], dtype=float).sum(),
    kind_of,
]


@pytest.mark.parametrize("f", FLOATS)
@pytest.mark.parametrize("backend", ["python", "llvm"])
def test_a_float_that_is_not_differentiated_by_is_a_float_to_the_function(
    f: Callable[[Any, Any], Any], backend: str
) -> None:
    fast = compile(f, backend=backend)
    for term in (0.5, 2.0, 0.5, 3.0, -0.0, 0.0, -2.0, 7.25, 2.0):
        for x in (2.0, 3.0):
            assert fast(x, term) == pytest.approx(f(x, term), rel=1e-15)
            assert fast.grad(x, term) == pytest.approx(grad(f)(x, term), rel=1e-15)


def test_it_is_followed_where_that_can_be_done() -> None:
    fast = compile(lambda x, term: x * term if isinstance(term, float) and term > 0.0 else x)
    for term in (1.0, 2.0, 3.0, -1.0):
        fast(2.0, term)
    assert len(fast._recordings.signatures[0].paths) == 2


def test_paths_for_single_numbers_make_room_for_others() -> None:
    fast = compile(lambda x, term: x * len(str(term)), max_paths=3)
    for n in range(20):
        assert fast.grad(2.0, n + 0.5) == float(len(str(n + 0.5)))
    assert len(fast._recordings.signatures[0].paths) == 3


def test_elements_of_lists_and_arrays_are_floats_too() -> None:
    def f(x: Any, table: Any) -> Any:
        return x * int(table[1]) + table[0]

    fast = compile(f)
    for table in ([1.0, 2.0], [3.0, 2.0], [3.0, 4.5]):
        assert fast.grad(2.0, table) == grad(f)(2.0, table)
        assert fast.grad(2.0, np.array(table)) == grad(f)(2.0, np.array(table))
    assert [len(s.paths) for s in fast._recordings.signatures] == [2, 3]  # an array is one thing


def test_an_error_of_the_function_with_such_a_float_is_raised_as_it_is() -> None:
    fast = compile(lambda x, term: x * {0.5: 1.0}[term])
    assert fast.grad(2.0, 0.5) == 1.0
    with pytest.raises(KeyError, match=r"0\.75"):
        fast.grad(2.0, 0.75)
