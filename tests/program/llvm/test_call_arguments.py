"""Arguments of calls as machine code: what it takes, and what it hands on."""

from __future__ import annotations

import math as std
import pickle
from typing import Any

import numpy as np
import pytest
from machine_code import ARGUMENTS, bits, both, chain_of, outcome, sum_of

from autograd import Value, compile

inf, nan = std.inf, std.nan


@pytest.mark.parametrize("kind", ARGUMENTS)
@pytest.mark.parametrize("mode", ["value", "value_and_grad", "grad", "hessian", "jacobian"])
def test_arguments_and_results_of_every_kind_go_through_machine_code(kind: str, mode: str) -> None:
    args = ARGUMENTS[kind]
    python, machine = both(sum_of)
    slow, fast = (x if mode == "value" else getattr(x, mode) for x in (python, machine))
    assert bits(fast(*args)) == bits(slow(*args))
    (path,) = machine._recordings.latest().paths
    assert path.machine[mode] is not None
    assert machine._modes[mode]._slow != machine._modes[mode].__call__
    function = chain_of(machine, mode)
    assert bits(function(*args)) == bits(slow(*args))


def test_the_product_of_hessian_and_vector_goes_through_machine_code() -> None:
    for args, vector in (
        ((3.0, 4.0), 2.0),
        ((np.arange(3.0), 5.0), np.ones(3)),
        (([1.0, 2.0], 3.0), [0.5, -1.0]),
    ):
        python, machine = both(sum_of)
        expected = python.hvp(args[0], vector, args[1])
        assert bits(machine.hvp(args[0], vector, args[1])) == bits(expected)
        assert bits(chain_of(machine, "hvp")(args[0], vector, args[1])) == bits(expected)


class Derived(float):
    pass


class Array(np.ndarray[Any, Any]):
    pass


def odd_arguments() -> dict[str, Any]:
    """What is like an array of three floats, and none or not quite."""
    x = np.array([1.0, 2.0, 3.0])
    read_only = x.copy()
    read_only.flags.writeable = False
    big_endian = x.astype(">f8")
    unaligned = np.frombuffer(b"\0" + x.tobytes(), dtype=np.uint8)[1:].view("f8")
    return {
        "read-only": read_only,
        "big-endian": big_endian,
        "unaligned": unaligned,
        "out of a pickle": pickle.loads(pickle.dumps(x)),
        "backwards": x[::-1],
        "every second": np.repeat(x, 2)[::2],
        "single precision": x.astype("f4"),
        "whole": x.astype(int),
        "objects": x.astype(object),
        "two-dimensional": x.reshape(1, 3),
        "without dimensions": np.array(1.0),
        "shorter": x[:2],
        "empty": x[:0],
        "broadcast": np.broadcast_to(np.array([2.0]), (3,)),
        "a subclass": x.view(Array),
        "masked": np.ma.masked_array(x, [False, True, False]),
        "a list": [1.0, 2.0, 3.0],
        "a float": 1.0,
        "Values": [Value(1.0), Value(2.0)],
        "None": None,
        "text": "text",
        "a type": float,
        "bool": True,
        "complex": 1j,
        "with NaN": np.array([1.0, nan, inf]),
        "itself": x,
    }


@pytest.mark.parametrize("kind", odd_arguments())
def test_what_is_no_array_of_the_form_is_handed_on(kind: str) -> None:
    python, machine = both(sum_of)
    for fast in (python, machine):
        fast.value_and_grad(np.array([3.0, 4.0, 5.0]))
    thing = odd_arguments()[kind]
    assert outcome(machine.value_and_grad, thing) == outcome(python.value_and_grad, thing)
    taken = {"read-only", "unaligned", "out of a pickle", "with NaN", "itself"}
    first = chain_of(machine, "value_and_grad")
    if thing is not None and machine._recordings.latest().paths[0].machine:
        machine.value_and_grad(np.array([3.0, 4.0, 5.0]))
        first = chain_of(machine, "value_and_grad")
        assert (first(thing) is not None) == (kind in taken)


NO_TWO_FLOATS: dict[str, tuple[Any, ...]] = {
    "nothing": (),
    "one": (1.0,),
    "three": (1.0, 2.0, 3.0),
    "another": (1.0, 2),
    "a flag": (True, 1.0),
    "NumPy's single": (np.float32(1.5), 2.0),
    "a subclass": (1.0, Derived(2.0)),
    "text": ("a", 1.0),
    "None": (None, None),
    "a list": ([1.0], 2.0),
    "an array": (1.0, np.array(2.0)),
    "a Value": (Value(1.0), 2.0),
    "a complex number": (1j, 2.0),
    "a huge number": (10**400, 1.0),
    "an object": (Derived, 1.0),
    "a type": (float, 1.0),
}


@pytest.mark.parametrize("kind", NO_TWO_FLOATS)
def test_what_are_no_two_floats_is_handed_on(kind: str) -> None:
    args = NO_TWO_FLOATS[kind]

    def f(x: Any, y: Any) -> Any:
        return x * y + y

    python, machine = both(f)
    for fast in (python, machine):
        fast.value_and_grad(1.5, 2.5)
    first = chain_of(machine, "value_and_grad")
    assert first(*args) is None
    found, expected = (outcome(fast.value_and_grad, *args) for fast in (machine, python))
    assert repr(found) == repr(expected)
    assert first(x=1.0, y=2.0) is None
    assert first(1.0, y=2.0) is None
    assert machine.value_and_grad(2.0, y=3.0) == (9.0, 3.0)
    assert machine.value_and_grad(2.0, 3.0) == (9.0, 3.0)


def test_containers_of_other_lengths_and_kinds_are_handed_on() -> None:
    machine = compile(sum_of, backend="llvm")
    machine.value_and_grad([1.0, (2.0, 3.0)])
    first = chain_of(machine, "value_and_grad")
    assert first([1.0, (2.0, 3.0)]) is not None
    others: list[Any] = [
        (1.0, (2.0, 3.0)), [1.0, [2.0, 3.0]], [1.0, (2.0,)], [1.0, (2.0, 3.0, 4.0)], [1.0], [],
        [1.0, (2.0, True)], [(2.0, 3.0), 1.0], [1.0, None], [None, (2.0, 3.0)], {}, "ab",
    ]  # fmt: skip
    assert [first(other) for other in others] == [None] * len(others)


def test_dicts_with_other_keys_are_handed_on() -> None:
    machine = compile(sum_of, backend="llvm")
    machine.value_and_grad({"a": 1.0, "b": 2.0, 7: 3.0})
    first = chain_of(machine, "value_and_grad")
    assert first({"a": 1.0, "b": 2.0, 7: 3.0}) is not None
    assert first({"".join(["a"]): 1.0, "b": 2.0, int("7"): 3.0}) is not None

    class Key(str):
        def __eq__(self, other: object) -> bool:
            raise AssertionError("nobody asks")

        __hash__ = str.__hash__

    others: list[Any] = [
        {"b": 2.0, "a": 1.0, 7: 3.0}, {"a": 1.0, "b": 2.0, 8: 3.0}, {"a": 1.0, "b": 2.0}, {}, [1.0, 2.0, 3.0],
        {"a": 1.0, "b": 2.0, 7: 3.0, "d": 4.0}, {"a": 1.0, "b": 2.0, 7.0: 3.0}, {"a": 1.0, "c": 2.0, 7: 3.0},
        {Key("a"): 1.0, "b": 2.0, 7: 3.0}, {"a": 1.0, "b": 2.0, None: 3.0}, {"a": 1.0, "c": None},
        {"a": True, "b": 2.0, 7: 3.0},
    ]  # fmt: skip
    assert [first(other) for other in others] == [None] * len(others)


def test_other_constants_are_handed_on() -> None:
    machine = compile(sum_of, backend="llvm")
    machine.value_and_grad(1.0, "text", 1000, None, True)
    first = chain_of(machine, "value_and_grad")
    assert first(2.0, "".join(["te", "xt"]), 10**3, None, True) is not None
    for others in (
        ("tex", 1000, None, True), ("text", 1001, None, True), ("text", 1000.0, None, True),
        ("text", 10**400, None, True), ("text", 1000, 0, True), ("text", 1000, None, False),
        ("text", 1000, None, 1), (b"text", 1000, None, True),
    ):  # fmt: skip
        assert first(2.0, *others) is None


def test_a_float_of_numpy_is_a_float() -> None:
    machine = compile(sum_of, backend="llvm")
    expected = machine.value_and_grad(1.5, [2.5])
    first = chain_of(machine, "value_and_grad")
    assert bits(first(np.float64(1.5), [np.float64(2.5)])) == bits(expected)


def test_a_whole_number_that_is_differentiated_by_is_a_float() -> None:
    def f(x: Any, p: Any) -> Any:
        return x * x * p["a"] + p["b"][0]

    python, machine = both(f, (0, 1))
    for fast in (python, machine):
        fast.value_and_grad(1.5, {"a": 2.5, "b": [1.0]})
    first = chain_of(machine, "value_and_grad")
    for x in (3, -1, 0, 2**53 + 1, 10**300, -(10**300)):
        expected = python.value_and_grad(x, {"a": -1, "b": [x]})
        assert bits(first(x, {"a": -1, "b": [x]})) == bits(expected)
    for x in (10**400, -(10**400)):
        for args in ((x, {"a": 1.0, "b": [1.0]}), (1.0, {"a": 1.0, "b": [x]}), (-1, {"a": x, "b": [-1.0]})):
            assert first(*args) is None
            assert outcome(machine.value_and_grad, *args) == outcome(python.value_and_grad, *args)
    assert first(True, {"a": 1.0, "b": [1.0]}) is None


def test_whole_numbers_that_change_are_inputs_of_machine_code() -> None:
    def f(x: Any, n: Any) -> Any:
        return x * n + n

    machine = compile(f, backend="llvm")
    for n in (2, 3, 4):
        assert machine.value_and_grad(1.5, n) == (1.5 * n + n, float(n))
    first = chain_of(machine, "value_and_grad")
    largest = 2**52
    for n in (0, -1, 7, largest, -largest):
        assert first(1.5, n) == (1.5 * n + n, float(n))
    for odd in (largest + 1, -largest - 1, 2**63, -(2**64), 10**400, True, 2.0, np.int64(3), None):
        assert first(1.5, odd) is None


def test_the_numbers_of_values_from_outside_are_read_at_every_call() -> None:
    w, b = Value(2.0), Value(1.0)

    def f(x: Any) -> Any:
        return x * w + b

    machine = compile(f, backend="llvm")
    machine.value_and_grad(3.0)
    first = chain_of(machine, "value_and_grad")
    for data in (5.0, -1.0, 0.0):
        w.data = data
        assert first(3.0) == machine.value_and_grad(3.0) == (3.0 * data + 1.0, data)


FACTOR = 2.0


def test_what_is_read_from_outside_is_asked_for_first(monkeypatch: pytest.MonkeyPatch) -> None:
    def f(x: Any) -> Any:
        return x * FACTOR

    machine = compile(f, backend="llvm")
    assert machine.value_and_grad(3.0) == (6.0, 2.0)
    first = chain_of(machine, "value_and_grad")
    assert first(3.0) == (6.0, 2.0)
    monkeypatch.setitem(globals(), "FACTOR", 5.0)
    assert first(3.0) is None
    assert machine.value_and_grad(3.0) == (15.0, 5.0)
