"""Outside of transformations `autograd.numpy` gives what NumPy gives, however its functions are called."""

from __future__ import annotations

import inspect
import warnings
from typing import Any

import numpy
import pytest
from benchmarks.numpy_calls import CALLS, MODULES, found, name_of, numbers, own_names

import autograd.numpy as np
from autograd import Value, grad, no_grad
from autograd.arrays import ValueArray


def result(module: Any, call: str) -> tuple[Any, dict[str, Any]]:
    """Return what a call gives, and what it was given as that is afterwards."""
    names = numbers()
    numpy.random.seed(0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return eval(f"np.{call}", {**names, "np": module}), names


def assert_same(given: Any, expected: Any) -> None:
    assert type(given) is type(expected)
    if isinstance(expected, (tuple, list)):
        assert len(given) == len(expected)
        for x, y in zip(given, expected, strict=True):
            assert_same(x, y)
    elif isinstance(expected, numpy.ndarray):
        assert (given.dtype, given.strides) == (expected.dtype, expected.strides)
        numpy.testing.assert_array_equal(given, expected)
    elif not isinstance(expected, (numpy.random.Generator, dict)):
        assert given == expected or (given != given and expected != expected)


@pytest.mark.skipif(numpy.__version__ < "2", reason="NumPy 1 has functions that were taken out since")
def test_every_function_is_called() -> None:
    assert {*map(name_of, CALLS)} >= {*own_names()}


@pytest.mark.parametrize("call", CALLS)
def test_it_gives_what_numpy_gives(call: str) -> None:
    if "empty" in call:  # with what happens to be there
        assert result(np, call)[0].shape == result(numpy, call)[0].shape
        return
    (given, after), (expected, its_after) = result(np, call), result(numpy, call)
    assert_same(given, expected)
    assert_same(after["out"], its_after["out"])
    assert_same(after["square"], its_after["square"])


def options(call: str) -> list[str]:
    """Return the parameters that can be given by keyword, of those that can be left out."""
    try:
        parameters = inspect.signature(found(numpy, name_of(call))).parameters.values()
    except ValueError:  # NumPy does not tell them
        return []
    return [x.name for x in parameters if x.default is not x.empty and x.kind is not x.POSITIONAL_ONLY]


PARAMETERS = [
    (call, option)
    for call in CALLS
    if call.endswith(")") and "random" not in call and "empty" not in call
    for option in options(call)
]


@pytest.mark.parametrize(("call", "option"), PARAMETERS)
def test_every_parameter_is_handed_on(call: str, option: str) -> None:
    default = inspect.signature(found(numpy, name_of(call))).parameters[option].default
    try:
        keyword = f"{call[:-1]}, {option}={default!r})"
        expected = result(numpy, keyword)[0]
    except (SyntaxError, TypeError, ValueError, NameError):  # it is given already, or cannot be written
        return
    assert_same(result(np, keyword)[0], expected)
    if option in ("dtype", "axis", "order", "keepdims", "copy"):
        for other in ("numpy.float32", "0", "'F'", "True"):
            text = f"{call[:-1]}, {option}={other})".replace("numpy", "np")
            try:
                expected = result(numpy, text)[0]
            except Exception as error:
                with pytest.raises(type(error)):
                    result(np, text)
            else:
                assert_same(result(np, text)[0], expected)


def test_wrong_calls_are_refused_as_numpy_refuses_them() -> None:
    for call in (
        "sum()",
        "zeros()",
        "concatenate()",
        "clip()",
        "reshape(a)",
        "sum(a, wrong=1)",
        "zeros(2, x=1)",
    ):
        with pytest.raises(TypeError):
            result(numpy, call)
        with pytest.raises(TypeError, match=call.partition("(")[0]):
            result(np, call)


def test_arrays_of_values_outside_hold_values_however_they_are_asked_for() -> None:
    x = Value(2.0)
    for array in (
        np.zeros(2, object),
        np.ones(2, dtype=numpy.object_),
        np.empty(2, "O"),
        np.zeros_like(numpy.ones(2), object),
        np.concat([[x], [1.0]]),
        np.asarray(numpy.array([x, 1.0])),
        np.array([x, 1.0], float),
        np.copy(numpy.array([x, 1.0])),
        np.full_like(numpy.ones(2), x),
        np.append(numpy.ones(1), x),
        np.fromiter((y for y in (x, 1.0, 2.0)), float, 2),
    ):
        assert isinstance(array, ValueArray)
        assert array.shape == (2,)


def test_another_thread_that_differentiates_changes_nothing_here() -> None:
    from threading import Event, Thread

    inside, done = Event(), Event()

    def f(x: Any) -> Any:
        inside.set()
        done.wait()
        return x * x

    thread = Thread(target=lambda: grad(f)(1.0))
    thread.start()
    inside.wait()
    try:
        for call in CALLS:
            if "empty" not in call:
                assert_same(result(np, call)[0], result(numpy, call)[0])
    finally:
        done.set()
        thread.join()


def test_inside_of_a_block_that_records_nothing_it_is_numpy() -> None:
    with no_grad():
        assert type(np.zeros(2)) is numpy.ndarray
        assert type(np.array([1.0, 2.0])) is numpy.ndarray
    assert type(np.zeros(2)) is numpy.ndarray


def test_arrays_of_modules_are_those_of_numpy() -> None:
    assert [found(np, name).__all__ for name in MODULES if name] == [
        found(numpy, name).__all__ for name in MODULES if name
    ]
