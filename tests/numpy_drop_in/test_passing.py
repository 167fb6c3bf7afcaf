"""What `autograd.numpy` passes through: all of NumPy, and lists of Values as arrays of Values."""

from __future__ import annotations

import inspect
import pickle
import subprocess
import sys
from typing import Any

import numpy
import pytest

import autograd
import autograd.numpy as np
from autograd import Value, compile, grad
from autograd.arrays import ValueArray


def test_it_has_all_that_numpy_has() -> None:
    assert {*dir(np)} >= {name for name in dir(numpy) if not name.startswith("_")}
    assert np.__all__ == list(numpy.__all__)
    for name in numpy.__all__:
        assert hasattr(np, name), name
    assert (np.pi, np.inf, np.newaxis, np.float64, np.ndarray) == (
        numpy.pi,
        numpy.inf,
        None,
        numpy.float64,
        numpy.ndarray,
    )
    assert np.exp is numpy.exp
    assert np.__version__ == numpy.__version__


def test_it_can_be_imported_in_every_way() -> None:
    program = """
import autograd.numpy as np, autograd.numpy.random as npr
from autograd import numpy as np2
from autograd.numpy import *
from autograd.numpy.linalg import norm
import autograd
assert np is np2 is autograd.numpy and np.random is npr and zeros is np.zeros and array is np.array
"""
    subprocess.run([sys.executable, "-c", program], check=True)


def test_a_name_that_is_not_there_says_so() -> None:
    with pytest.raises(AttributeError, match=r"^autograd\.numpy has no 'sine'; did you mean 'sin"):
        _ = np.sine
    with pytest.raises(ImportError, match=r"^autograd\.numpy has no 'make_diagonal'; write D"):
        from autograd.numpy import make_diagonal  # noqa: F401
    with pytest.raises(AttributeError, match=r"numpy\.linalg has no 'slove'; did you mean 'solve'"):
        _ = np.linalg.slove
    with pytest.raises(AttributeError, match=r"^autograd has no 'np'; write import autograd\.numpy as np"):
        _ = autograd.np


def test_functions_tell_what_they_are() -> None:
    for name in ("max", "sum", "zeros", "array"):
        function = getattr(np, name)
        assert function.__name__ == name
        assert function.__module__ == "autograd.numpy"
        assert getattr(numpy, name).__doc__.strip().partition("\n")[0] in function.__doc__
        assert pickle.loads(pickle.dumps(function)) is function
    assert inspect.signature(np.max) == inspect.signature(numpy.max)


def test_a_list_of_values_is_an_array_of_values() -> None:
    x, y = Value(3.0), Value(3.0)
    np.max([x, y]).backward()
    assert (x.grad, y.grad) == (0.5, 0.5)
    assert np.median([x, float("nan")]).data != np.median([x, float("nan")]).data
    assert isinstance(np.cumsum((x, y)), ValueArray)
    assert isinstance(np.clip([x, 1.0], a_min=[2.0, y], a_max=None), ValueArray)
    assert np.sum([[x, 1.0], [y, 2]]).data == 9.0
    assert np.dot([x, 2.0], [1.0, 4.0]).data == 11.0
    assert np.mean([x, 1]).data == 2.0


def test_what_numpy_makes_of_a_value_is_an_array_of_values() -> None:
    kinds = set()

    def f(x: Any) -> Any:
        chosen = np.where(np.array([True, False, True]), x, 0.0)
        kinds.add(isinstance(chosen, ValueArray))
        return np.sum(chosen * np.array([1.0, 2.0, 4.0])) + np.where(x > 0.0, x, -x)

    assert grad(f)(3.0) == compile(f).grad(3.0) == 6.0
    assert kinds == {True}
    assert isinstance(np.where(True, Value(1.0), 0.0), Value)


def test_lists_of_arrays_of_different_shapes_stay_lists() -> None:
    x = np.array([Value(1.0), Value(2.0)])
    assert np.concatenate([x, x[:1]]).shape == (3,)
    assert [a.shape for a in np.broadcast_arrays(x, [[Value(1.0)], [2.0]])] == [(2, 2), (2, 2)]
    assert np.linalg.multi_dot([x, np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), np.ones(3)]).data == 36.0


def test_plain_numbers_give_what_numpy_gives() -> None:
    for function, args in (
        (np.sum, ([1, 2],)),
        (np.max, ([[1.0, 2.0]],)),
        (np.reshape, ([1, 2, 3, 4], (2, 2))),
        (np.concatenate, ([[1], [2]],)),
        (np.where, ([True, False], 1, 2)),
        (np.linalg.norm, ([3.0, 4.0],)),
    ):
        numpys = getattr(numpy.linalg if function is np.linalg.norm else numpy, function.__name__)(*args)
        given = function(*args)
        assert type(given) is type(numpys)
        assert given.dtype == numpys.dtype
        numpy.testing.assert_array_equal(given, numpys)


def test_functions_for_floats_alone_take_arrays_that_could_hold_values() -> None:
    def f(x: Any) -> Any:
        time = np.linspace(0.0, 1.0, 8)
        assert isinstance(time, ValueArray)
        power = np.sum(np.abs(np.fft.rfft(time)) ** 2)  # 8 sums of squares, and a half of one with itself
        return x * power + np.sum(np.nextafter(time, 2.0)) * 0.0

    spectrum = numpy.abs(numpy.fft.rfft(numpy.linspace(0.0, 1.0, 8))) ** 2
    assert grad(f)(1.0) == pytest.approx(spectrum.sum(), rel=1e-14)


def test_a_transform_of_values_says_what_to_write() -> None:
    with pytest.raises(TypeError, match=r"NumPy's fft does not work on Values; write the sum"):
        grad(lambda x: np.sum(np.abs(np.fft.fft(np.array([x, 1.0])))))(1.0)


def test_random_numbers_are_numpys() -> None:
    np.random.seed(3)
    first = np.random.randn(4), np.random.normal(1.0, 2.0, size=3), np.random.RandomState(1).rand(2)
    numpy.random.seed(3)
    for given, numpys in zip(
        first,
        (numpy.random.randn(4), numpy.random.normal(1.0, 2.0, size=3), numpy.random.RandomState(1).rand(2)),
        strict=True,
    ):
        assert given.tolist() == numpys.tolist()


def test_random_numbers_inside_a_function_are_plain() -> None:
    def f(x: Any) -> Any:
        np.random.seed(0)
        noise = np.random.multivariate_normal(np.zeros(2), np.eye(2))
        return x * np.sum(noise)

    numpy.random.seed(0)
    noise = numpy.random.multivariate_normal(numpy.zeros(2), numpy.eye(2))
    assert grad(f)(1.0) == noise.sum()
    with pytest.raises(TypeError, match=r"normal draws plain numbers.*; draw from the standard distribution"):
        grad(lambda x: np.random.normal(x, 1.0))(1.0)
