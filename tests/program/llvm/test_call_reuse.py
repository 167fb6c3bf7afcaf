"""Results that are used again: nobody who holds one, or a part of it, ever sees it change."""

from __future__ import annotations

import gc
import random
import sys
import threading
from typing import Any

import pytest
from machine_code import bits, both, chain_of, leaks

from autograd import compile, math
from autograd.program.llvm import call_reuse, python_interface


def product(x: Any, y: Any) -> Any:
    return x * x * y


def at(x: float, y: float) -> tuple[float, tuple[float, float]]:
    return x * x * y, (2.0 * x * y, x * x)


def machine() -> Any:
    fast = compile(product, argnums=(0, 1), backend="llvm")
    fast.value_and_grad(1.0, 2.0)
    return chain_of(fast, "value_and_grad")


def test_results_that_are_held_stay_as_they_are() -> None:
    first, held = machine(), []
    for i in range(20):
        held.append(first(float(i), 3.0))
        first(0.5, 0.5)
    assert held == [at(float(i), 3.0) for i in range(20)]
    assert len({*map(id, held)}) == 20


@pytest.mark.parametrize("part", ["value", "gradient", "slope"])
def test_a_part_that_is_held_stays_as_it_is(part: str) -> None:
    held: list[Any] = []
    expected: list[Any] = []
    first = machine()
    for i in range(20):
        for result, kept in ((first(float(i), 3.0), held), (at(float(i), 3.0), expected)):
            value, gradient = result
            kept.append({"value": value, "gradient": gradient, "slope": gradient[1]}[part])
        del result, value, gradient
        for x in (7.0, 8.0, 9.0):
            first(x, x)
    assert held == expected


def test_what_is_held_at_random_stays_as_it_is() -> None:
    first, choose = machine(), random.Random(5)
    held: list[Any] = [None] * 6
    expected: list[Any] = [None] * 6
    for _ in range(5000):
        x, y = choose.random(), choose.random()
        place, part = choose.randrange(6), choose.randrange(4)
        result, wanted = first(x, y), at(x, y)
        held[place] = (result, result[0], result[1], result[1][part % 2])[part]
        expected[place] = (wanted, wanted[0], wanted[1], wanted[1][part % 2])[part]
        result = None
        assert held == expected


def test_results_of_many_forms_are_used_again_and_right() -> None:
    def f(x: Any, y: Any) -> Any:
        shared = math.sin(x) * y
        return (shared, (shared, (x / y, -x))), (y * y,)

    python, fast = both(f, (0, 1))
    held, expected = [], []
    for mode in ("value", "value_and_grad", "jacobian", "hessian"):
        call, reference = (getattr(each, mode) if mode != "value" else each for each in (fast, python))
        if mode == "hessian":
            call, reference = (compile(product, (0, 1), backend=b).hessian for b in ("llvm", "python"))
        for x, y in ((0.5, 2.0), (-0.0, 3.0), (1.5, -2.0), (0.25, 0.125)):
            try:
                wanted = bits(reference(x, y))
            except TypeError:  # a gradient of many numbers
                continue
            assert bits(call(x, y)) == bits(call(x, y)) == wanted
            held.append(call(x, y))
            expected.append(wanted)
    assert [*map(bits, held)] == expected
    assert len(held) >= 12


def test_a_result_that_an_error_would_have_is_kept_from_the_caller() -> None:
    fast = compile(lambda x, y: math.log(x) * y, argnums=(0, 1), backend="llvm")
    for _ in range(4):
        assert fast.value_and_grad(1.0, 2.0) == (0.0, (2.0, 0.0))
        with pytest.raises(ValueError, match="domain"):
            fast.value_and_grad(-1.0, 2.0)


def test_a_result_may_be_a_key_and_is_found_again() -> None:
    first, found = machine(), {}
    for i in range(10):
        found[first(float(i), 1.0)] = i
        hash(first(0.5, 0.5))
    assert found == {at(float(i), 1.0): i for i in range(10)}


def test_two_functions_never_share_a_result() -> None:
    first, second = machine(), machine()
    for x in (1.0, 2.0, 3.0):
        a, b = first(x, 1.0), second(x, 2.0)
        assert (a, b) == (at(x, 1.0), at(x, 2.0))
        del a, b


def test_a_collector_that_runs_meanwhile_harms_nothing() -> None:
    first, before = machine(), gc.get_threshold()
    gc.set_threshold(1)
    try:
        for i in range(300):
            x = float(i)
            pair = first(x, 1.0), [first(x + 1.0, 1.0)]
            assert pair == (at(x, 1.0), [at(x + 1.0, 1.0)])
    finally:
        gc.set_threshold(*before)


def test_threads_may_use_them_at_once() -> None:
    first, wrong = machine(), []
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)

    def work(y: float) -> None:
        for i in range(5000):
            value, gradient = first(float(i), y)
            if (value, gradient) != at(float(i), y):
                wrong.append(i)

    try:
        threads = [threading.Thread(target=work, args=(float(y),)) for y in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(before)
    assert not wrong


def test_nothing_is_left_behind_and_all_is_given_back() -> None:
    first = machine()
    assert leaks(lambda: first(1.0, 2.0)) < 100
    held: list[Any] = []

    def hold() -> None:
        held.append(first(1.0, 2.0))
        del held[:-10]

    assert leaks(hold) < 100
    held.clear()

    def made_and_let_go() -> None:
        again = machine()
        again(1.0, 2.0)

    made_and_let_go()
    assert leaks(made_and_let_go, 20) < 100


def test_what_is_large_or_of_other_things_is_always_new() -> None:
    assert call_reuse.is_worth((1.0, (2.0, 3.0)), float) == call_reuse.is_possible()
    for result in (1.0, (), (1.0, ()), [1.0], (1.0, [1.0]), (1.0, None), (1.0,) * (call_reuse.MOST + 1)):
        assert not call_reuse.is_worth(result, float)


def test_where_references_are_counted_otherwise_every_result_is_new(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(call_reuse, "counts_references", lambda: False)
    assert not call_reuse.is_possible.__wrapped__()
    monkeypatch.setattr(call_reuse, "is_possible", lambda: False)
    first = machine()
    assert first(3.0, 2.0) == first(3.0, 2.0) == at(3.0, 2.0)


def test_where_references_stand_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(python_interface, "is_locked", lambda: False)
    assert not python_interface.counts_references.__wrapped__()
    monkeypatch.setattr(python_interface, "is_locked", lambda: True)
    monkeypatch.setattr(python_interface, "REFERENCES", python_interface.TYPE)
    assert not python_interface.counts_references.__wrapped__()
