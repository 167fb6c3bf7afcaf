"""Arrays that `autograd.numpy` makes: Values can be assigned where these come, and elsewhere it is NumPy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy
import pytest

import autograd.numpy as np
from autograd import (
    Value,
    checkpoint,
    compile,
    custom_gradient,
    grad,
    hessian,
    jacobian,
    jvp,
    scan,
    value_and_grad,
    vmap,
)
from autograd.arrays import ValueArray

PLAIN = numpy.array([[1.0, 2.0], [3.0, 4.0]])
FLOATS: dict[str, Callable[[Any], Any]] = {
    "zeros": lambda np: np.zeros((2, 2)),
    "zeros of float": lambda np: np.zeros((2, 2), float),
    "zeros by keyword": lambda np: np.zeros(shape=2, dtype="float64", order="F"),
    "ones": lambda np: np.ones(3),
    "full": lambda np: np.full((2, 2), 0.5),
    "full of a row": lambda np: np.full((2, 2), [0.5, 1.0]),
    "zeros_like": lambda np: np.zeros_like(PLAIN),
    "zeros_like of whole numbers": lambda np: np.zeros_like([1, 2], dtype=float),
    "ones_like": lambda np: np.ones_like(PLAIN),
    "full_like": lambda np: np.full_like(PLAIN, 2),
    "eye": lambda np: np.eye(3, 2, k=1),
    "identity": lambda np: np.identity(2),
    "tri": lambda np: np.tri(3),
    "array": lambda np: np.array([[1.0, 2.0], [3, 4]]),
    "array of an array": lambda np: np.array(PLAIN),
    "array of a number": lambda np: np.array(2.0),
    "array with more axes": lambda np: np.array([1.0, 2.0], ndmin=2),
    "asarray": lambda np: np.asarray([1.0, 2.0]),
    "asarray of whole numbers": lambda np: np.asarray([1, 2], float),
    "ascontiguousarray": lambda np: np.ascontiguousarray([1.0, 2.0]),
    "copy": lambda np: np.copy(PLAIN),
    "arange": lambda np: np.arange(0.0, 1.0, 0.3),
    "linspace": lambda np: np.linspace(0.0, 1.0, 5),
    "logspace": lambda np: np.logspace(0.0, 1.0, 3),
    "geomspace": lambda np: np.geomspace(1.0, 8.0, 4),
    "fromiter": lambda np: np.fromiter((x * 0.5 for x in range(3)), float),
    "fromfunction": lambda np: np.fromfunction(lambda i, j: i + j, (2, 2)),
    "diag": lambda np: np.diag([1.0, 2.0]),
    "stack": lambda np: np.stack([PLAIN, PLAIN], axis=1),
    "concatenate": lambda np: np.concatenate((PLAIN, [[5.0, 6.0]])),
    "vstack": lambda np: np.vstack([PLAIN, [1, 2]]),
    "hstack": lambda np: np.hstack([PLAIN, PLAIN]),
    "dstack": lambda np: np.dstack([PLAIN, PLAIN]),
    "column_stack": lambda np: np.column_stack([[1.0, 2.0], [3, 4]]),
    "block": lambda np: np.block([[PLAIN, PLAIN], [PLAIN, PLAIN]]),
    "append": lambda np: np.append(PLAIN, [1.0]),
    "r_": lambda np: np.r_[1.0, PLAIN[0]],
    "c_": lambda np: np.c_[PLAIN, PLAIN],
}
NOT_FLOATS: dict[str, Callable[[Any], Any]] = {
    "whole numbers": lambda np: np.array([1, 2]),
    "flags": lambda np: np.array([True, False]),
    "complex numbers": lambda np: np.array([1j]),
    "text": lambda np: np.array(["a"]),
    "zeros of whole numbers": lambda np: np.zeros(2, dtype=int),
    "zeros of flags": lambda np: np.zeros(2, bool),
    "zeros of single precision": lambda np: np.zeros(2, np.float32),
    "full of a whole number": lambda np: np.full(2, 1),
    "arange": lambda np: np.arange(3),
    "zeros_like of whole numbers": lambda np: np.zeros_like([1, 2]),
    "concatenate": lambda np: np.concatenate([[1], [2]]),
    "a view": lambda np: np.asarray(PLAIN),
    "a diagonal": lambda np: np.diag(PLAIN),
}


def inside(make: Callable[[Any], Any], transform: Any = grad) -> Any:
    made = []

    def f(x: Any) -> Any:
        made.append(make(np))
        return x * x

    transform(f)(1.0)
    return made[0]


@pytest.mark.parametrize("name", FLOATS)
def test_outside_of_transformations_it_is_numpys_array(name: str) -> None:
    made, numpys = FLOATS[name](np), FLOATS[name](numpy)
    assert type(made) is numpy.ndarray
    assert made.dtype == numpys.dtype == numpy.float64
    assert made.flags.f_contiguous == numpys.flags.f_contiguous
    numpy.testing.assert_array_equal(made, numpys)


@pytest.mark.parametrize("transform", [grad, compile])
@pytest.mark.parametrize("name", FLOATS)
def test_inside_it_has_the_same_numbers_and_values_can_be_assigned(name: str, transform: Any) -> None:
    made, numpys = inside(FLOATS[name], transform), FLOATS[name](numpy)
    assert isinstance(made, ValueArray)
    assert made.shape == numpys.shape
    assert {*map(type, made.ravel().tolist())} == {float}
    assert made.tolist() == numpys.tolist()
    x = Value(7.0)
    made[(0,) * made.ndim] = x
    assert made[(0,) * made.ndim] is x


@pytest.mark.parametrize("name", NOT_FLOATS)
def test_inside_all_else_stays_what_it_is(name: str) -> None:
    made, numpys = inside(NOT_FLOATS[name]), NOT_FLOATS[name](numpy)
    assert type(made) is numpy.ndarray
    assert made.dtype == numpys.dtype
    numpy.testing.assert_array_equal(made, numpys)


@pytest.mark.parametrize("make", [lambda np: np.empty(2), lambda np: np.empty_like(PLAIN)])
def test_an_empty_array_inside_has_nan_until_it_is_filled(make: Any) -> None:
    assert numpy.isnan(inside(make).ravel().tolist()).all()


def polynomial(x: Any) -> Any:
    powers = np.zeros(4)
    for i in range(4):
        powers[i] = x**i
    return np.sum(powers * np.array([1.0, 2.0, 3.0, 4.0]))  # derivatives 2 + 6 x + 12 x², 6 + 24 x


def test_assignment_is_differentiated_by_every_transformation() -> None:
    assert polynomial(2.0) == 49.0
    assert grad(polynomial)(2.0) == 62.0
    assert value_and_grad(polynomial)(2.0) == (49.0, 62.0)
    assert grad(grad(polynomial))(2.0) == hessian(polynomial)(2.0) == 54.0
    assert jacobian(polynomial)(2.0) == 62.0
    assert jvp(polynomial, (2.0,), (1.0,)) == (49.0, 62.0)
    assert compile(polynomial)(2.0) == 49.0
    assert compile(polynomial).grad(2.0) == compile(grad(polynomial))(2.0) == 62.0
    assert grad(compile(polynomial))(2.0) == 62.0
    assert vmap(polynomial)(numpy.array([1.0, 2.0])).tolist() == [10.0, 49.0]
    assert vmap(polynomial).grad(numpy.array([1.0, 2.0])).tolist() == [20.0, 62.0]
    assert grad(checkpoint(polynomial))(2.0) == 62.0
    assert grad(grad(checkpoint(polynomial)))(2.0) == 54.0


def test_it_works_in_the_body_of_a_scan() -> None:
    def f(x: Any) -> Any:
        def body(state: Any, _: Any) -> Any:
            new = np.zeros(2)
            new[0], new[1] = state[1], state[0] * x
            return new, state[0]

        state, _ = scan(body, np.array([1.0, 2.0]), None, length=4)
        return np.sum(state)  # (1 + 2) x²

    assert (grad(f)(3.0), compile(f)(3.0), compile(f).grad(3.0)) == (18.0, 27.0, 18.0)


def test_after_a_transformation_and_after_an_error_it_is_numpy_again() -> None:
    with pytest.raises(ZeroDivisionError):
        grad(lambda x: x / 0.0)(1.0)
    with pytest.raises(ZeroDivisionError):
        compile(lambda x: [np.zeros(1), 1.0 / 0.0][1])(1.0)
    assert type(np.zeros(2)) is numpy.ndarray


def test_another_thread_is_outside() -> None:
    from threading import Thread

    made: list[Any] = []

    def f(x: Any) -> Any:
        thread = Thread(target=lambda: made.append(np.zeros(1)))
        thread.start()
        thread.join()
        return x

    grad(f)(1.0)
    assert type(made[0]) is numpy.ndarray


OF_VALUES: dict[str, Callable[[Any, Any], Any]] = {
    "array": lambda x, y: np.array([x, y]),
    "array of float": lambda x, y: np.array([x, y], dtype=float),
    "asarray of float": lambda x, y: np.asarray((x, y), float),
    "array with whole numbers": lambda x, y: np.array([[x, 1], [True, y]])[[0, 1], [0, 1]],
    "array of arrays": lambda x, y: np.array([np.array(x), np.array([y])[0]]),
    "full": lambda x, y: np.full(2, np.array([x, y])),
    "full_like": lambda x, y: np.full_like(PLAIN[0], [x, y]),
    "stack": lambda x, y: np.stack([x, y]),
    "concatenate": lambda x, y: np.concatenate([[x], [y]]),
    "concatenate of float": lambda x, y: np.concatenate([[x], [y]], dtype=float),
    "append": lambda x, y: np.append(np.array([x]), y),
    "diag": lambda x, y: np.diag(np.diag([x, y])),
    "fromiter": lambda x, y: np.fromiter(iter([x, y]), float),
    "r_": lambda x, y: np.r_[x, y],
    "linspace": lambda x, y: np.linspace(x, y, 2),
    "astype": lambda x, y: np.array([x, y]).astype(float),
    "assigned": lambda x, y: _assigned(np.zeros(2, dtype=object), x, y),
}


def _assigned(array: Any, x: Any, y: Any) -> Any:
    array[0], array[1] = x, y
    return array


@pytest.mark.parametrize("name", OF_VALUES)
def test_an_array_of_values_is_one_anywhere(name: str) -> None:
    x, y = Value(2.0), Value(5.0)
    array = OF_VALUES[name](x, y)
    assert isinstance(array, ValueArray)
    assert array.shape == (2,)
    np.sum(array * np.array([3.0, 7.0])).backward()
    assert (x.grad, y.grad) == (3.0, 7.0)


def test_such_an_array_follows_the_rules_of_arrays() -> None:
    x, y = Value(2.0), Value(2.0)
    np.max(np.array([x, y])).backward()
    assert (x.grad, y.grad) == (0.5, 0.5)
    with pytest.warns(RuntimeWarning, match="overflow"):
        assert np.exp(np.array([Value(1000.0), 0.5]))[0].data == numpy.inf
    assert np.exp(np.array([Value(0.0), 0.5])).tolist()[1] == numpy.exp(0.5)
    with pytest.warns(RuntimeWarning, match="divide by zero"):
        _ = 1.0 / np.array([Value(0.0), 1.0])


@pytest.mark.parametrize("thing", [None, "text", 1j, [1, 2]])
def test_an_array_of_values_and_other_things_is_numpys(thing: Any) -> None:
    array = numpy.empty(2, dtype=object)
    array[:] = Value(1.0), thing
    assert type(np.array(array)) is numpy.ndarray
    assert np.array(array)[1] == thing


def test_objects_that_are_asked_for_stay_such() -> None:
    assert type(np.array([2**70, 1], dtype=object)) is numpy.ndarray
    assert np.array([2**70, 1], dtype=object)[0] == 2**70
    assert type(np.array(["a", None], dtype=object)) is numpy.ndarray


def test_asarray_of_an_array_of_values_is_the_same_array_and_array_a_copy() -> None:
    array = np.array([Value(1.0), Value(2.0)])
    assert np.asarray(array) is np.asarray(array, float) is np.asanyarray(array) is array
    for copied in (np.array(array), np.copy(array), np.array(array, float), array.astype(float)):
        copied[0] = 5.0
        assert array[0].data == 1.0
    assert array.astype(float, copy=False) is array
    assert np.array(array, ndmin=2).shape == (1, 2)


def test_assignment_to_an_array_of_plain_numbers_says_what_to_write() -> None:
    array = np.zeros(3)
    for assign in (
        lambda: array.__setitem__(0, Value(1.0)),
        lambda: exec("array[0] = x", {"array": array, "x": Value(1.0)}),
        lambda: exec("array[:2] = [x, x]", {"array": array, "x": Value(1.0)}),
        lambda: exec("array[0] += x", {"array": array, "x": Value(1.0)}),
    ):
        with pytest.raises(TypeError, match=r"cannot hold a Value.*autograd\.numpy|plain number silently"):
            assign()
    with pytest.raises(TypeError, match=r"cannot hold a Value; make it by import autograd\.numpy as np in"):
        array[0] = Value(1.0)
    with pytest.raises(TypeError, match="a Value is not turned into a plain number silently"):
        float(Value(1.0))


def test_a_range_of_values_says_what_to_write() -> None:
    with pytest.raises(TypeError, match=r"write start \+ step \* np\.arange\(count\)"):
        np.arange(Value(1.0), 3.0)


def test_whole_numbers_hold_no_value() -> None:
    with pytest.raises(TypeError, match="plain number"):
        np.full_like(np.array([1, 2]), Value(1.5))
    with pytest.raises(TypeError, match="plain number"):
        np.array([Value(1.5)], dtype=int)


def test_arrays_like_one_of_values_hold_values() -> None:
    like = np.array([Value(1.0), Value(2.0)])
    for make, number in ((np.zeros_like, 0.0), (np.ones_like, 1.0)):
        assert isinstance(make(like), ValueArray)
        assert make(like).tolist() == [number, number]
        assert make(like, shape=3).tolist() == [number] * 3
        assert make(Value(3.0)).shape == ()
        assert make(like, dtype=int).dtype == int
    assert numpy.isnan(np.empty_like(like).tolist()).all()
    assert np.full_like(like, 2).tolist() == [2.0, 2.0]


def test_a_function_with_a_derivative_of_its_own_is_given_plain_arrays() -> None:
    kinds = []

    def gradient(x: Any) -> Any:
        powers = np.zeros(2)
        kinds.append(("gradient", type(powers).__name__, type(x).__name__))
        powers[0] = 3.0 * x**2
        return powers[0]

    @custom_gradient(gradient)
    def cube(x: Any) -> Any:
        kinds.append(("function", type(np.zeros(2)).__name__, type(x).__name__))
        return x**3

    assert grad(cube)(2.0) == 12.0
    assert {*kinds} == {("function", "ndarray", "float"), ("gradient", "ndarray", "float")}
    assert grad(grad(cube))(2.0) == 12.0
    assert ("gradient", "ValueArray") in {kind[:2] for kind in kinds}
    assert compile(cube).grad(2.0) == 12.0
